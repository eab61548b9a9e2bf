from django.urls import include, path

urlpatterns = [path("", include("khuyencong.web.urls"))]

handler400 = "khuyencong.web.common.pages.not_understood"
handler403 = "khuyencong.web.common.pages.not_allowed"
handler404 = "khuyencong.web.common.pages.not_found"
handler500 = "khuyencong.web.common.pages.our_fault"
