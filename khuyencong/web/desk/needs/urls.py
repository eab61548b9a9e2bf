from django.urls import path

from khuyencong.web.desk.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.need_list, name="list"),
    path("moi/", views.register, name="register"),
    path("khong-co/", views.answer_none, name="none"),
    path("xac-nhan/", views.confirm, name="confirm"),
    path("tra-loi/", views.decide, name="decide"),
    path("dot/", views.call_list, name="calls"),
    path("dot/mo/", views.open_call, name="open_call"),
    path("dot/<int:pk>/", views.board, name="board"),
    path("dot/<int:pk>/han/", views.move_deadline, name="move_deadline"),
    path("dot/<int:pk>/lien-ket/", views.make_link, name="make_link"),
    path("lien-ket/<int:pk>/", views.link_page, name="link"),
    path("lien-ket/<int:pk>/thu-hoi/", views.revoke_link, name="revoke_link"),
    path("<int:pk>/", views.need_page, name="page"),
    path("<int:pk>/anh/<int:number>/", views.photo, name="photo"),
    path("<int:pk>/sua/", views.correct, name="correct"),
    path("<int:pk>/co-so/", views.name_establishment, name="establishment"),
    path("<int:pk>/de-xuat/", views.propose, name="propose"),
    path("<int:pk>/de-xuat-lai/", views.return_need, name="return"),
    path("<int:pk>/rut/", views.withdraw, name="withdraw"),
]
