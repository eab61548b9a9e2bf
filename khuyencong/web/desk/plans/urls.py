from django.urls import path

from khuyencong.web.desk.plans.views import alternatives, books, decisions, opinions, plans, requests, steps

app_name = "plans"
urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("mo/", plans.open_plan, name="open"),
    path("de-nghi/", requests.request_list, name="requests"),
    path("de-nghi/<int:pk>/", requests.request_page, name="request"),
    path("de-nghi/<int:pk>/xac-nhan/", requests.confirm_request, name="confirm_request"),
    path("de-nghi/<int:pk>/khong-chap-thuan/", requests.refuse_request, name="refuse_request"),
    path("de-an/<int:pk>/de-nghi/", requests.ask_change, name="ask_change"),
    path("quyet-dinh/<int:pk>/", decisions.decision_page, name="decision"),
    path("quyet-dinh/<int:pk>/bo/", decisions.discard, name="discard"),
    path("quyet-dinh/<int:pk>/mau-2/", books.decision_book, name="decision_book"),
    path("quyet-dinh/<int:pk>/phu-luc/", books.annex_book, name="annex_book"),
    path("quyet-dinh/<int:pk>/dieu-kien/", decisions.support_conditions, name="conditions"),
    path("quyet-dinh/<int:pk>/xep/", decisions.arrange, name="arrange"),
    path("quyet-dinh/<int:pk>/phuong-an/", alternatives.compare, name="alternatives"),
    path("quyet-dinh/<int:pk>/phuong-an/lay/", alternatives.take, name="take_alternative"),
    path("quyet-dinh/<int:pk>/dua-vao/<int:request_pk>/", decisions.put_change, name="put_change"),
    path("quyet-dinh/<int:pk>/sai-pham/", decisions.put_violation, name="put_violation"),
    path("quyet-dinh/<int:pk>/bo/<int:item>/", decisions.take_out, name="take_out"),
    path("quyet-dinh/<int:pk>/lay-y-kien/", opinions.ask_opinion, name="ask_opinion"),
    path("quyet-dinh/<int:pk>/y-kien/<int:opinion>/", opinions.give_opinion, name="give_opinion"),
    path("quyet-dinh/<int:pk>/y-kien/<int:opinion>/gia-han/", opinions.extend_opinion, name="extend_opinion"),
    path("quyet-dinh/<int:pk>/sua-lai/", decisions.revise, name="revise"),
    path("quyet-dinh/<int:pk>/trinh/", steps.take, {"name": "submit"}, name="submit"),
    path("quyet-dinh/<int:pk>/tra-lai/", steps.take, {"name": "hand_back"}, name="hand_back"),
    path("quyet-dinh/<int:pk>/ban-hanh/", steps.take, {"name": "approve"}, name="approve"),
    path("quyet-dinh/<int:pk>/khong-phe-duyet/", steps.take, {"name": "refuse"}, name="refuse"),
    path("<int:pk>/", plans.plan_page, name="page"),
    path("<int:pk>/mau-2/", books.plan_book, name="plan_book"),
    path("<int:pk>/lap/", plans.draft_decision, name="draft"),
]
