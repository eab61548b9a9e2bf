from django.urls import path

from khuyencong.web.desk.people import views

app_name = "people"
urlpatterns = [
    path("", views.user_list, name="list"),
    path("them/", views.register, name="register"),
    path("phan-cong/", views.mandate_list, name="mandates"),
    path("phan-cong/<int:pk>/ket-thuc/", views.end_mandate, name="end_mandate"),
    path("<int:pk>/", views.user_page, name="page"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/giao-nhiem-vu/", views.give_mandate, name="give_mandate"),
    path("<int:pk>/mat-khau/", views.reset_password, name="reset_password"),
    path("<int:pk>/khoa/", views.deactivate, name="deactivate"),
    path("<int:pk>/mo-khoa/", views.reactivate, name="reactivate"),
]
