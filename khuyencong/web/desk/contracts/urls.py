from django.urls import path

from khuyencong.web.desk.contracts.views import (
    acceptances,
    advances,
    agreements,
    lists,
    page,
    progress,
    settlements,
    vouchers,
)

app_name = "contracts"
urlpatterns = [
    path("", lists.contract_list, name="list"),
    path("<int:pk>/", page.contract_page, name="page"),
    path("<int:pk>/nha-thau/", agreements.tender, name="tender"),
    path("<int:pk>/giao-nhiem-vu/", agreements.assign, name="assign"),
    path("<int:pk>/bat-dau/", agreements.begin, name="begin"),
    path("<int:pk>/ho-tro/<int:who>/", agreements.sign, name="sign"),
    path("<int:pk>/mua-sam/<int:contract>/", agreements.purchase, name="purchase"),
    path("<int:pk>/ban-giao/<int:purchase>/", agreements.deliver, name="deliver"),
    path("<int:pk>/thu-tu/<str:key>/", agreements.clear_order, name="clear_order"),
    path("<int:pk>/so-lieu/<int:who>/", progress.tell, name="tell"),
    path("<int:pk>/bao-cao/", progress.report, name="report"),
    path("<int:pk>/bao-cao/<int:report>/xac-nhan/", progress.confirm_volume, name="confirm_volume"),
    path("<int:pk>/tam-ung/<int:envelope>/", advances.request_advance, name="request_advance"),
    path("<int:pk>/tam-ung/<int:advance>/xac-nhan/", advances.confirm_advance, name="confirm_advance"),
    path("<int:pk>/tam-ung/<int:advance>/chuyen-tien/", advances.pay_advance, name="pay_advance"),
    path("<int:pk>/tam-ung/<int:advance>/tra-lai/", advances.refuse_advance, name="refuse_advance"),
    path("<int:pk>/nghiem-thu/", acceptances.accept, name="accept"),
    path("<int:pk>/nghiem-thu/<int:who>/", acceptances.accept, name="accept_one"),
    path("<int:pk>/chung-tu/", vouchers.vouchers, name="vouchers"),
    path("<int:pk>/chung-tu/them/", vouchers.add_voucher, name="add_voucher"),
    path("<int:pk>/chung-tu/nhap/", vouchers.paste_vouchers, name="paste_vouchers"),
    path("<int:pk>/chung-tu/nhap/<uuid:uid>/danh-dau/", vouchers.marked_vouchers, name="marked_vouchers"),
    path("<int:pk>/chung-tu/<int:voucher>/bo/", vouchers.remove_voucher, name="remove_voucher"),
    path("<int:pk>/quyet-toan/", settlements.settle, name="settle"),
    path("<int:pk>/nop-tra/<int:envelope>/", settlements.return_surplus, name="return_surplus"),
    path("<int:pk>/thanh-ly/", settlements.liquidate, name="liquidate"),
]
