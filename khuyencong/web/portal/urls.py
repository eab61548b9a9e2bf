from django.urls import path

from khuyencong.web.portal import views

app_name = "portal"
urlpatterns = [path("", views.front, name="front"), path("ho-tro/", views.support, name="support")]
