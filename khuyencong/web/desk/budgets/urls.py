from django.urls import path

from khuyencong.web.desk.budgets import views

app_name = "budgets"
urlpatterns = [
    path("", views.envelope_list, name="list"),
    path("giao-du-toan/", views.record_decision, name="record_decision"),
    path("de-an/<int:pk>/", views.flow, name="flow"),
    path("<int:pk>/", views.envelope_page, name="page"),
    path("<int:pk>/giao-du-toan/", views.record_decision, name="add_decision"),
    path("<int:pk>/chi-phi-quan-ly/", views.manage, name="manage"),
    path("<int:pk>/nop-tra/", views.return_money, name="return_money"),
    path("<int:pk>/chuyen-nguon/", views.carry_over, name="carry_over"),
    path("<int:pk>/but-toan/<int:entry>/dao/", views.reverse_entry, name="reverse"),
]
