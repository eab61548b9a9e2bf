from django.urls import path

from khuyencong.web.desk.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("moi/", views.plan, name="plan"),
    path("<int:pk>/", views.plan_page, name="page"),
    path("diem/<int:pk>/", views.survey, name="survey"),
    path("diem/<int:pk>/bo/", views.unplan, name="unplan"),
]
