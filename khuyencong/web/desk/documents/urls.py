from django.urls import path

from khuyencong.web.desk.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.paper_list, name="list"),
    path("ghi-nhan/", views.record, name="record"),
    path("<int:pk>/", views.paper_page, name="page"),
    path("<int:pk>/dinh-kem/", views.attach, name="attach"),
    path("<int:pk>/tep/<int:number>/", views.file, name="file"),
]
