from django.urls import path

from khuyencong.web.desk.documents.views import papers, prints, registers

app_name = "documents"
urlpatterns = [
    path("", papers.paper_list, name="list"),
    path("ghi-nhan/", papers.record, name="record"),
    path("<int:pk>/", papers.paper_page, name="page"),
    path("<int:pk>/dinh-kem/", papers.attach, name="attach"),
    path("<int:pk>/tep/<int:number>/", papers.file, name="file"),
    path("ban-in/", prints.print_list, name="prints"),
    path("ban-in/<int:pk>/", prints.print_page, name="print"),
    path("ban-in/<int:pk>/da-ky/", prints.sign, name="sign"),
    path("ban-in/<int:pk>/khong-dung/", prints.void, name="void"),
    path("ban-quet/", prints.scan_list, name="scans"),
    path("ban-quet/gui/", prints.drop, name="drop"),
    path("ban-quet/<int:pk>/", prints.identify, name="identify"),
    path("ban-quet/<int:pk>/tep/", prints.scan_file, name="scan_file"),
    path("so/", registers.register_list, name="registers"),
    path("so/mo/", registers.open_register, name="open_register"),
    path("so/<int:pk>/", registers.register_page, name="register"),
    path("so/<int:pk>/lay-so/", registers.draw, name="draw"),
    path("so/<int:pk>/huy/<int:number>/", registers.cancel, name="cancel_number"),
]
