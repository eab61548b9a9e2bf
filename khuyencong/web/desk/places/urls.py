from django.urls import path

from khuyencong.web.desk.places import views

app_name = "places"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("tra-dia-chi/", views.resolve, name="resolve"),
    path("<int:pk>/", views.unit_page, name="page"),
    path("<int:pk>/thuoc-tinh/", views.record_fact, name="record_fact"),
]
