from django.urls import path

from khuyencong.web.desk.programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.programme_list, name="list"),
    path("ghi-nhan/", views.record, name="record"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/chi-tieu/", views.targets, name="targets"),
]
