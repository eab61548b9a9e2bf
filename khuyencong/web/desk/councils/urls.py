from django.urls import path

from khuyencong.web.desk.councils import views

app_name = "councils"
urlpatterns = [
    path("", views.council_list, name="list"),
    path("lap/", views.form_council, name="form"),
    path("<int:pk>/", views.council_page, name="page"),
    path("<int:pk>/thanh-vien/", views.add_member, name="add_member"),
    path("<int:pk>/thanh-vien/<int:member>/thoi/", views.remove_member, name="remove_member"),
    path("<int:pk>/phien-hop/", views.call_session, name="call_session"),
    path("<int:pk>/phien-hop/<int:session>/bien-ban/", views.keep_minutes, name="keep_minutes"),
    path("<int:pk>/ket-thuc/", views.dissolve, name="dissolve"),
    path("<int:pk>/de-an/<int:project>/", views.sheet, name="sheet"),
    path("<int:pk>/de-an/<int:project>/xung-dot/", views.declare_conflict, name="declare_conflict"),
]
