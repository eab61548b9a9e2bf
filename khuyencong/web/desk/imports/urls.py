from django.urls import path

from khuyencong.web.desk.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("<slug:kind>/moi/", views.upload, name="upload"),
    path("<uuid:uid>/", views.run_page, name="page"),
    path("<uuid:uid>/xac-nhan/", views.confirm, name="confirm"),
    path("<uuid:uid>/danh-dau/", views.marked, name="marked"),
]
