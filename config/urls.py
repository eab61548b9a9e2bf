from django.urls import include, path

urlpatterns = [path("", include("khuyencong.web.urls"))]
