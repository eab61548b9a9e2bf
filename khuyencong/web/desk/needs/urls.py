from django.urls import path

from khuyencong.web.desk.needs.views import answers, calls, decisions, lists, page

app_name = "needs"
urlpatterns = [
    path("", lists.need_list, name="list"),
    path("moi/", answers.register, name="register"),
    path("khong-co/", answers.answer_none, name="none"),
    path("xac-nhan/", decisions.confirm, name="confirm"),
    path("tra-loi/", decisions.decide, name="decide"),
    path("dot/", calls.call_list, name="calls"),
    path("dot/mo/", calls.open_call, name="open_call"),
    path("dot/<int:pk>/", calls.board, name="board"),
    path("dot/<int:pk>/han/", calls.move_deadline, name="move_deadline"),
    path("dot/<int:pk>/lien-ket/", calls.make_link, name="make_link"),
    path("lien-ket/<int:pk>/", calls.link_page, name="link"),
    path("lien-ket/<int:pk>/thu-hoi/", calls.revoke_link, name="revoke_link"),
    path("<int:pk>/", page.need_page, name="page"),
    path("<int:pk>/anh/<int:number>/", page.photo, name="photo"),
    path("<int:pk>/anh-khao-sat/<int:number>/", page.survey_photo, name="survey_photo"),
    path("<int:pk>/sua/", page.correct, name="correct"),
    path("<int:pk>/co-so/", page.name_establishment, name="establishment"),
    path("<int:pk>/de-xuat/", decisions.propose, name="propose"),
    path("<int:pk>/de-xuat-lai/", decisions.return_need, name="return"),
    path("<int:pk>/rut/", decisions.withdraw, name="withdraw"),
]
