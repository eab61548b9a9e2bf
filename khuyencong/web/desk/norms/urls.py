from django.urls import path

from khuyencong.web.desk.norms import views

app_name = "norms"
urlpatterns = [
    path("", views.instrument_list, name="list"),
    path("dinh-muc/", views.row_list, name="rows"),
    path("muc-toi-da/", views.calculator, name="maximum"),
    path("them-van-ban/", views.add_instrument, name="add"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/het-hieu-luc/", views.end_instrument, name="end"),
    path("<int:pk>/doi-chieu/", views.verify_instrument, name="verify"),
    path("<int:pk>/lien-quan/", views.link, name="link"),
    path("<int:pk>/them/<slug:kind>/", views.add_row, name="add_row"),
    path("dong/<slug:kind>/<int:pk>/het-hieu-luc/", views.end_row, name="end_row"),
    path("dong/<slug:kind>/<int:pk>/doi-chieu/", views.verify_row, name="verify_row"),
    path("dong/<slug:kind>/<int:pk>/sua/", views.correct_row, name="correct_row"),
]
