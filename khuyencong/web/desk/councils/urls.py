from django.urls import path

from khuyencong.web.desk.councils.views import councils, meetings, subjects

app_name = "councils"
urlpatterns = [
    path("", councils.council_list, name="list"),
    path("lap/", councils.form_council, name="form"),
    path("<int:pk>/", councils.council_page, name="page"),
    path("<int:pk>/thanh-vien/", councils.add_member, name="add_member"),
    path("<int:pk>/thanh-vien/<int:member>/thoi/", councils.remove_member, name="remove_member"),
    path("<int:pk>/ket-thuc/", councils.dissolve, name="dissolve"),
    path("<int:pk>/phien-hop/", meetings.call_session, name="call_session"),
    path("<int:pk>/phien-hop/<int:session>/", meetings.session_page, name="session"),
    path("<int:pk>/phien-hop/<int:session>/thanh-phan/", meetings.attend, name="attend"),
    path("<int:pk>/phien-hop/<int:session>/bieu-quyet/<int:project>/", meetings.vote, name="vote"),
    path("<int:pk>/phien-hop/<int:session>/bien-ban/", meetings.keep_minutes, name="keep_minutes"),
    path("<int:pk>/de-an/<int:project>/", subjects.sheet, name="sheet"),
    path("<int:pk>/de-an/<int:project>/ket-qua/", subjects.subject_page, name="subject"),
    path("<int:pk>/de-an/<int:project>/xung-dot/", subjects.declare_conflict, name="declare_conflict"),
    path(
        "<int:pk>/de-an/<int:project>/xung-dot/<int:member>/<str:basis>/",
        subjects.settle_conflict,
        name="settle_conflict",
    ),
]
