from django.urls import path

from khuyencong.web.desk.projects.views import conditions, dossier, file, helped, lists, page, steps

app_name = "projects"
urlpatterns = [
    path("", lists.project_list, name="list"),
    path("lap/", file.draft, name="draft"),
    path("<int:pk>/", page.project_page, name="page"),
    path("<int:pk>/in/", page.printed, name="print"),
    path("<int:pk>/kinh-phi/", page.money, name="money"),
    path("<int:pk>/ho-so/", page.papers, name="papers"),
    path("<int:pk>/ho-so/them/", dossier.put_paper, name="put_paper"),
    path("<int:pk>/ho-so/khong-ap-dung/", dossier.waive_paper, name="waive_paper"),
    path("<int:pk>/thu-huong/", page.beneficiaries, name="beneficiaries"),
    path("<int:pk>/thu-huong/them/", helped.add_beneficiary, name="add_beneficiary"),
    path("<int:pk>/thu-huong/duyet/", helped.approve_beneficiaries, name="approve_beneficiaries"),
    path("<int:pk>/thu-huong/<int:who>/", helped.change_beneficiary, name="change_beneficiary"),
    path("<int:pk>/thu-huong/<int:who>/bo/", helped.remove_beneficiary, name="remove_beneficiary"),
    path("<int:pk>/qua-trinh/", page.history, name="history"),
    path("<int:pk>/sua/", file.change, name="change"),
    path("<int:pk>/noi-dung/", file.parts, name="parts"),
    path("<int:pk>/noi-dung/luu/", file.save_part, name="save_part"),
    path("<int:pk>/du-toan/", file.estimate, name="estimate"),
    path("<int:pk>/nguon-khac/", file.other_sources, name="other_sources"),
    path("<int:pk>/kiem-tra/", page.checks, name="checks"),
    path("<int:pk>/dieu-kien/", conditions.conditions, name="conditions"),
    path("<int:pk>/ngoai-le/", steps.clear_warning, name="clear_warning"),
    path("<int:pk>/gui-tham-dinh/", steps.take, {"name": "submit"}, name="submit"),
    path("<int:pk>/yeu-cau-bo-sung/", steps.take, {"name": "return"}, name="return"),
    path("<int:pk>/tham-dinh/", steps.take, {"name": "appraise"}, name="appraise"),
    path("<int:pk>/khong-dat/", steps.take, {"name": "fail"}, name="fail"),
    path("<int:pk>/dang-ky-cuc/", steps.take, {"name": "register"}, name="register"),
    path("<int:pk>/cuc-yeu-cau-bo-sung/", steps.take, {"name": "ministry_return"}, name="ministry_return"),
    path("<int:pk>/tham-dinh-cap-bo/", steps.take, {"name": "ministry_appraise"}, name="ministry_appraise"),
    path("<int:pk>/khong-dat-cap-bo/", steps.take, {"name": "ministry_fail"}, name="ministry_fail"),
    path("<int:pk>/rut/", steps.take, {"name": "withdraw"}, name="withdraw"),
]
