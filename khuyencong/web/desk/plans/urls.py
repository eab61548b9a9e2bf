from django.urls import path

from khuyencong.web.desk.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("mo/", views.open_plan, name="open"),
    path("de-nghi/", views.request_list, name="requests"),
    path("de-nghi/<int:pk>/", views.request_page, name="request"),
    path("de-nghi/<int:pk>/xac-nhan/", views.confirm_request, name="confirm_request"),
    path("de-nghi/<int:pk>/khong-chap-thuan/", views.refuse_request, name="refuse_request"),
    path("de-an/<int:pk>/de-nghi/", views.ask_change, name="ask_change"),
    path("quyet-dinh/<int:pk>/", views.decision_page, name="decision"),
    path("quyet-dinh/<int:pk>/xep/", views.arrange, name="arrange"),
    path("quyet-dinh/<int:pk>/dua-vao/<int:request_pk>/", views.put_change, name="put_change"),
    path("quyet-dinh/<int:pk>/sai-pham/", views.put_violation, name="put_violation"),
    path("quyet-dinh/<int:pk>/bo/<int:item>/", views.take_out, name="take_out"),
    path("quyet-dinh/<int:pk>/lay-y-kien/", views.ask_opinion, name="ask_opinion"),
    path("quyet-dinh/<int:pk>/y-kien/<int:opinion>/", views.give_opinion, name="give_opinion"),
    path("quyet-dinh/<int:pk>/sua-lai/", views.revise, name="revise"),
    path("quyet-dinh/<int:pk>/trinh/", views.take, {"name": "submit"}, name="submit"),
    path("quyet-dinh/<int:pk>/tra-lai/", views.take, {"name": "hand_back"}, name="hand_back"),
    path("quyet-dinh/<int:pk>/ban-hanh/", views.take, {"name": "approve"}, name="approve"),
    path("quyet-dinh/<int:pk>/khong-phe-duyet/", views.take, {"name": "refuse"}, name="refuse"),
    path("<int:pk>/", views.plan_page, name="page"),
    path("<int:pk>/lap/", views.draft_decision, name="draft"),
]
