from django.urls import path

from khuyencong.web.desk.norms.views import calculator, days, instruments, rows

app_name = "norms"
urlpatterns = [
    path("", instruments.instrument_list, name="list"),
    path("dinh-muc/", rows.row_list, name="rows"),
    path("muc-toi-da/", calculator.calculator, name="maximum"),
    path("khoang-trong/", rows.gaps, name="gaps"),
    path("ngay-lam-viec/", days.day_list, name="days"),
    path("ngay-lam-viec/ghi/", days.except_day, name="except_day"),
    path("them-van-ban/", instruments.add_instrument, name="add"),
    path("<int:pk>/", instruments.page, name="page"),
    path("<int:pk>/het-hieu-luc/", instruments.end_instrument, name="end"),
    path("<int:pk>/doi-chieu/", instruments.verify_instrument, name="verify"),
    path("<int:pk>/lien-quan/", instruments.link, name="link"),
    path("<int:pk>/them/<slug:kind>/", rows.add_row, name="add_row"),
    path("dong/<slug:kind>/<int:pk>/het-hieu-luc/", rows.end_row, name="end_row"),
    path("dong/<slug:kind>/<int:pk>/thay/", rows.succeed_row, name="succeed_row"),
    path("dong/<slug:kind>/<int:pk>/thoi-gian/", rows.periods, name="periods"),
    path("dong/<slug:kind>/<int:pk>/doi-chieu/", rows.verify_row, name="verify_row"),
    path("dong/<slug:kind>/<int:pk>/sua/", rows.correct_row, name="correct_row"),
]
