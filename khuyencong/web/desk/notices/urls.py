from django.urls import path

from khuyencong.web.desk.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("da-doc/", views.mark_all, name="mark_all"),
    path("<int:pk>/", views.message_page, name="page"),
    path("<int:pk>/mo/", views.open_message, name="open"),
]
