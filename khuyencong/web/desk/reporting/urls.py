from django.urls import path

from khuyencong.web.desk.reporting import sent, views

app_name = "reporting"
urlpatterns = [
    path("", views.report, name="list"),
    path("de-an/", views.records, name="records"),
    path("co-so/", views.establishments, name="establishments"),
    path("luot-co-so/", views.helped, name="helped"),
    path("du-toan/", views.envelopes, name="envelopes"),
    path("da-cong-bo/", views.published, name="published"),
    path("da-cong-bo/doi-chieu/", views.reconciliation, name="reconciliation"),
    path("gui/<int:year>/<int:period>/", sent.send, name="send"),
    path("da-gui/", sent.sent_list, name="sent"),
    path("da-gui/<int:pk>/", sent.page, name="sent_page"),
    path("da-gui/<int:pk>/tiep-nhan/", sent.accept, name="accept"),
    path("da-gui/<int:pk>/tra-lai/", sent.give_back, name="give_back"),
]
