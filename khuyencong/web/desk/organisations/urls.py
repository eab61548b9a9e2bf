from django.urls import path

from khuyencong.web.desk.organisations.views import areas, bodies, contacts, experts, names

app_name = "organisations"
urlpatterns = [
    path("", bodies.organisation_list, name="list"),
    path("them/", bodies.register, name="register"),
    path("chuyen-gia/", experts.expert_list, name="experts"),
    path("chuyen-gia/them/", experts.add_expert, name="add_expert"),
    path("chuyen-gia/<int:pk>/", experts.change_expert, name="change_expert"),
    path("chuyen-gia/<int:pk>/bo/", experts.remove_expert, name="remove_expert"),
    path("dau-moi/", contacts.contact_list, name="contacts"),
    path("dau-moi/<int:pk>/bo/", contacts.remove_contact, name="remove_contact"),
    path("cum-dia-ban/<int:pk>/", areas.change_area, name="change_area"),
    path("cum-dia-ban/<int:pk>/thoi/", areas.end_area, name="end_area"),
    path("<int:pk>/", bodies.organisation_page, name="page"),
    path("<int:pk>/sua/", bodies.change, name="change"),
    path("<int:pk>/cham-dut/", bodies.end, name="end"),
    path("<int:pk>/ke-thua/", bodies.succeed, name="succeed"),
    path("<int:pk>/doi-ten/", names.rename, name="rename"),
    path("<int:pk>/ten-cu/", names.record_former_name, name="record_former_name"),
    path("ten-cu/<int:pk>/bo/", names.remove_former_name, name="remove_former_name"),
    path("<int:pk>/cum-dia-ban/", areas.set_area, name="set_area"),
]
