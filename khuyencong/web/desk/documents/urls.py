from django.urls import path

from khuyencong.web.desk.documents.views import forms, papers, prints, registers

app_name = "documents"
urlpatterns = [
    path("", papers.paper_list, name="list"),
    path("ghi-nhan/", papers.record, name="record"),
    path("<int:pk>/", papers.paper_page, name="page"),
    path("<int:pk>/dinh-kem/", papers.attach, name="attach"),
    path("<int:pk>/chu-ky-so/", papers.signatures, name="signatures"),
    path("<int:pk>/tep/<int:number>/", papers.file, name="file"),
    path("bieu-mau/", forms.form_list, name="forms"),
    path("bieu-mau/mau/<int:pk>/bo/", forms.withdraw, name="withdraw_template"),
    path("bieu-mau/mau/<str:key>/", forms.template, name="template"),
    path("bieu-mau/mau/<str:key>/goc/", forms.own_template, name="own_template"),
    path("bieu-mau/<str:key>/<uuid:uid>/in/", forms.print_form, name="print_form"),
    path("bieu-mau/<str:key>/<uuid:uid>/word/", forms.word_form, name="word_form"),
    path("bieu-mau/cua/<str:kind>/<uuid:uid>/", forms.record_forms, name="record_forms"),
    path("ban-in/", prints.print_list, name="prints"),
    path("ban-in/<int:pk>/", prints.print_page, name="print"),
    path("ban-in/<int:pk>/da-ky/", prints.sign, name="sign"),
    path("ban-in/<int:pk>/go-ban-ky/", prints.unsign, name="unsign"),
    path("ban-in/<int:pk>/khong-dung/", prints.void, name="void"),
    path("ban-quet/", prints.scan_list, name="scans"),
    path("ban-quet/gui/", prints.drop, name="drop"),
    path("ban-quet/<int:pk>/", prints.identify, name="identify"),
    path("ban-quet/<int:pk>/dua-ve/", prints.unidentify, name="unidentify"),
    path("ban-quet/<int:pk>/tep/", prints.scan_file, name="scan_file"),
    path("so/", registers.register_list, name="registers"),
    path("so/mo/", registers.open_register, name="open_register"),
    path("so/<int:pk>/", registers.register_page, name="register"),
    path("so/<int:pk>/lay-so/", registers.draw, name="draw"),
    path("so/<int:pk>/van-ban/<int:number>/", registers.use, name="use_number"),
    path("so/<int:pk>/huy/<int:number>/", registers.cancel, name="cancel_number"),
]
