from django.urls import path

from khuyencong.web.desk.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.board, name="list"),
    path("so-dong/<slug:key>/", views.number, name="number"),
    path("mau/", views.sample, name="sample"),
    path("ho-so/", views.export, name="export"),
    path("dong-tien/", views.envelopes, name="envelopes"),
    path("dong-tien/<int:pk>/", views.envelope, name="envelope"),
    path("de-an/<int:pk>/", views.trail, name="trail"),
    path("chung-tu/<int:pk>/", views.voucher, name="voucher"),
    path("chung-tu/<int:pk>/ban-chup/", views.voucher_file, name="voucher_file"),
    path("nhat-ky/", views.journal, name="journal"),
    path("nhat-ky/kiem-tra/", views.verify, name="verify"),
    path("ngoai-le/<slug:key>/", views.exceptions, name="exceptions"),
]
