from django.urls import path

from khuyencong.web.desk.establishments import views

app_name = "establishments"
urlpatterns = [
    path("", views.establishment_list, name="list"),
    path("moi/", views.register, name="register"),
    path("moi/co-the-trung/", views.similar, name="similar"),
    path("trung/", views.duplicates, name="duplicates"),
    path("trung/<int:pk>/<int:other>/", views.compare, name="compare"),
    path("trung/<int:pk>/<int:other>/gop/", views.merge, name="merge"),
    path("trung/<int:pk>/<int:other>/khac-nhau/", views.dismiss, name="dismiss"),
    path("san-pham/", views.products, name="products"),
    path("san-pham/<int:pk>/sua/", views.change_product, name="change_product"),
    path("san-pham/<int:pk>/cong-nhan/", views.recognise_product, name="recognise_product"),
    path("dau-moi/", views.contacts, name="contacts"),
    path("dau-moi/<int:pk>/bo/", views.remove_contact, name="remove_contact"),
    path("dia-diem/", views.sites, name="sites"),
    path("lang-nghe/moi/", views.register_village, name="register_village"),
    path("lang-nghe/<int:pk>/", views.village_page, name="village"),
    path("lang-nghe/<int:pk>/cong-nhan/", views.recognise_village, name="recognise_village"),
    path("lang-nghe/cong-nhan/<int:pk>/thu-hoi/", views.withdraw_village, name="withdraw_village"),
    path("cum-cong-nghiep/", views.clusters, name="clusters"),
    path("cum-cong-nghiep/moi/", views.found_cluster, name="found_cluster"),
    path("cum-cong-nghiep/<int:pk>/", views.cluster_page, name="cluster"),
    path("cum-cong-nghiep/<int:pk>/rut/", views.end_cluster, name="end_cluster"),
    path("<int:pk>/", views.establishment_page, name="page"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/so-lieu/", views.record_year, name="record_year"),
    path("<int:pk>/may/", views.add_machine, name="add_machine"),
    path("may/<int:pk>/bo/", views.remove_machine, name="remove_machine"),
    path("<int:pk>/san-pham/", views.add_product, name="add_product"),
    path("<int:pk>/anh/", views.add_photo, name="add_photo"),
]
