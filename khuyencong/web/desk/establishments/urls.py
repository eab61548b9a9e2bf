from django.urls import path

from khuyencong.web.desk.establishments.views import belongings, duplicates, facts, lists, names, page, sites

app_name = "establishments"
urlpatterns = [
    path("", lists.establishment_list, name="list"),
    path("moi/", facts.register, name="register"),
    path("moi/co-the-trung/", facts.similar, name="similar"),
    path("trung/", duplicates.duplicates, name="duplicates"),
    path("trung/<int:pk>/<int:other>/", duplicates.compare, name="compare"),
    path("trung/<int:pk>/<int:other>/gop/", duplicates.merge, name="merge"),
    path("trung/<int:pk>/<int:other>/khac-nhau/", duplicates.dismiss, name="dismiss"),
    path("san-pham/", lists.products, name="products"),
    path("san-pham/<int:pk>/sua/", belongings.change_product, name="change_product"),
    path("san-pham/<int:pk>/cong-nhan/", belongings.recognise_product, name="recognise_product"),
    path("dia-diem/", sites.sites, name="sites"),
    path("lang-nghe/moi/", sites.register_village, name="register_village"),
    path("lang-nghe/<int:pk>/", sites.village_page, name="village"),
    path("lang-nghe/<int:pk>/cong-nhan/", sites.recognise_village, name="recognise_village"),
    path("lang-nghe/cong-nhan/<int:pk>/thu-hoi/", sites.withdraw_village, name="withdraw_village"),
    path("cum-cong-nghiep/", sites.clusters, name="clusters"),
    path("cum-cong-nghiep/moi/", sites.found_cluster, name="found_cluster"),
    path("cum-cong-nghiep/<int:pk>/", sites.cluster_page, name="cluster"),
    path("cum-cong-nghiep/<int:pk>/rut/", sites.end_cluster, name="end_cluster"),
    path("<int:pk>/", page.establishment_page, name="page"),
    path("<int:pk>/sua/", facts.change, name="change"),
    path("<int:pk>/doi-ten/", names.rename, name="rename"),
    path("<int:pk>/ten-cu/", names.record_former_name, name="record_former_name"),
    path("<int:pk>/ten-cu/<int:name>/bo/", names.remove_former_name, name="remove_former_name"),
    path("<int:pk>/so-lieu/", facts.record_year, name="record_year"),
    path("<int:pk>/may/", belongings.add_machine, name="add_machine"),
    path("may/<int:pk>/bo/", belongings.remove_machine, name="remove_machine"),
    path("<int:pk>/san-pham/", belongings.add_product, name="add_product"),
    path("<int:pk>/anh/", belongings.add_photo, name="add_photo"),
]
