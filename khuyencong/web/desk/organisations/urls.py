from django.urls import path

from khuyencong.web.desk.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.organisation_list, name="list"),
    path("them/", views.register, name="register"),
    path("chuyen-gia/", views.expert_list, name="experts"),
    path("chuyen-gia/them/", views.add_expert, name="add_expert"),
    path("chuyen-gia/<int:pk>/", views.change_expert, name="change_expert"),
    path("chuyen-gia/<int:pk>/bo/", views.remove_expert, name="remove_expert"),
    path("dau-moi/", views.contact_list, name="contacts"),
    path("dau-moi/<int:pk>/bo/", views.remove_contact, name="remove_contact"),
    path("cum-dia-ban/<int:pk>/", views.change_area, name="change_area"),
    path("cum-dia-ban/<int:pk>/thoi/", views.end_area, name="end_area"),
    path("<int:pk>/", views.organisation_page, name="page"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/cham-dut/", views.end, name="end"),
    path("<int:pk>/ke-thua/", views.succeed, name="succeed"),
    path("<int:pk>/cum-dia-ban/", views.set_area, name="set_area"),
]
