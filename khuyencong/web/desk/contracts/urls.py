from django.urls import path

from khuyencong.web.desk.contracts import views

app_name = "contracts"
urlpatterns = [
    path("", views.contract_list, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/nha-thau/", views.tender, name="tender"),
    path("<int:pk>/giao-nhiem-vu/", views.assign, name="assign"),
    path("<int:pk>/bat-dau/", views.begin, name="begin"),
    path("<int:pk>/ho-tro/<int:who>/", views.sign, name="sign"),
    path("<int:pk>/mua-sam/<int:contract>/", views.purchase, name="purchase"),
    path("<int:pk>/ban-giao/<int:purchase>/", views.deliver, name="deliver"),
    path("<int:pk>/so-lieu/<int:who>/", views.tell, name="tell"),
    path("<int:pk>/bao-cao/", views.report, name="report"),
    path("<int:pk>/bao-cao/<int:report>/xac-nhan/", views.confirm_volume, name="confirm_volume"),
    path("<int:pk>/tam-ung/<int:envelope>/", views.request_advance, name="request_advance"),
    path("<int:pk>/tam-ung/<int:advance>/xac-nhan/", views.confirm_advance, name="confirm_advance"),
    path("<int:pk>/tam-ung/<int:advance>/chuyen-tien/", views.pay_advance, name="pay_advance"),
    path("<int:pk>/tam-ung/<int:advance>/tra-lai/", views.refuse_advance, name="refuse_advance"),
    path("<int:pk>/nghiem-thu/", views.accept, name="accept"),
    path("<int:pk>/nghiem-thu/<int:who>/", views.accept, name="accept_one"),
    path("<int:pk>/chung-tu/", views.vouchers, name="vouchers"),
    path("<int:pk>/chung-tu/them/", views.add_voucher, name="add_voucher"),
    path("<int:pk>/chung-tu/nhap/", views.paste_vouchers, name="paste_vouchers"),
    path("<int:pk>/chung-tu/<int:voucher>/bo/", views.remove_voucher, name="remove_voucher"),
    path("<int:pk>/quyet-toan/", views.settle, name="settle"),
    path("<int:pk>/nop-tra/<int:envelope>/", views.return_surplus, name="return_surplus"),
    path("<int:pk>/thanh-ly/", views.liquidate, name="liquidate"),
]
