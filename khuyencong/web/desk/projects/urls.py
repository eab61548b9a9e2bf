from django.urls import path

from khuyencong.web.desk.projects import views

app_name = "projects"
urlpatterns = [
    path("", views.project_list, name="list"),
    path("lap/", views.draft, name="draft"),
    path("<int:pk>/", views.project_page, name="page"),
    path("<int:pk>/kinh-phi/", views.money, name="money"),
    path("<int:pk>/ho-so/", views.papers, name="papers"),
    path("<int:pk>/ho-so/them/", views.put_paper, name="put_paper"),
    path("<int:pk>/ho-so/khong-ap-dung/", views.waive_paper, name="waive_paper"),
    path("<int:pk>/thu-huong/", views.beneficiaries, name="beneficiaries"),
    path("<int:pk>/thu-huong/them/", views.add_beneficiary, name="add_beneficiary"),
    path("<int:pk>/thu-huong/duyet/", views.approve_beneficiaries, name="approve_beneficiaries"),
    path("<int:pk>/thu-huong/<int:who>/", views.change_beneficiary, name="change_beneficiary"),
    path("<int:pk>/thu-huong/<int:who>/bo/", views.remove_beneficiary, name="remove_beneficiary"),
    path("<int:pk>/qua-trinh/", views.history, name="history"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/noi-dung/", views.parts, name="parts"),
    path("<int:pk>/noi-dung/luu/", views.save_part, name="save_part"),
    path("<int:pk>/du-toan/", views.estimate, name="estimate"),
    path("<int:pk>/nguon-khac/", views.other_sources, name="other_sources"),
    path("<int:pk>/kiem-tra/", views.checks, name="checks"),
    path("<int:pk>/ngoai-le/", views.clear_warning, name="clear_warning"),
    path("<int:pk>/gui-tham-dinh/", views.take, {"name": "submit"}, name="submit"),
    path("<int:pk>/yeu-cau-bo-sung/", views.take, {"name": "return"}, name="return"),
    path("<int:pk>/tham-dinh/", views.take, {"name": "appraise"}, name="appraise"),
    path("<int:pk>/khong-dat/", views.take, {"name": "fail"}, name="fail"),
    path("<int:pk>/dang-ky-cuc/", views.take, {"name": "register"}, name="register"),
    path("<int:pk>/cuc-yeu-cau-bo-sung/", views.take, {"name": "ministry_return"}, name="ministry_return"),
    path("<int:pk>/tham-dinh-cap-bo/", views.take, {"name": "ministry_appraise"}, name="ministry_appraise"),
    path("<int:pk>/khong-dat-cap-bo/", views.take, {"name": "ministry_fail"}, name="ministry_fail"),
    path("<int:pk>/rut/", views.take, {"name": "withdraw"}, name="withdraw"),
]
