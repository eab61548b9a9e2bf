from django.urls import path

from khuyencong.web.field import views

app_name = "field"
urlpatterns = [
    path("<str:code>/", views.answer, name="answer"),
    path("<str:code>/da-gui/", views.sent, name="sent"),
]
