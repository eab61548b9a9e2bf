from django.urls import path

from khuyencong.web.desk.reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.report, name="list"),
    path("de-an/", views.records, name="records"),
    path("co-so/", views.establishments, name="establishments"),
    path("luot-co-so/", views.helped, name="helped"),
    path("du-toan/", views.envelopes, name="envelopes"),
    path("da-cong-bo/", views.published, name="published"),
    path("da-cong-bo/doi-chieu/", views.reconciliation, name="reconciliation"),
]
