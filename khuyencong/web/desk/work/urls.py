from django.urls import path

from khuyencong.web.desk.work import views

app_name = "work"
urlpatterns = [
    path("lich/", views.calendar, name="calendar"),
    path("trinh-ky/<str:about>/<int:pk>/<str:form>/", views.paper, name="paper"),
    path("trinh-ky/<str:about>/<int:pk>/", views.send_back, name="send_back"),
    path("ban-giao/<int:pk>/", views.hand_over, name="hand_over"),
]
