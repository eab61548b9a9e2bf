"""All addresses.  A desk stands at its Vietnamese name; its own ``urls.py`` says what stands below."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import include, path, re_path

from khuyencong.web.common import pages, saved
from khuyencong.web.common.accounts import Login
from khuyencong.web.desk.work import views as work

# Address → desk.  Names of the routes are `<noun>:…`, by the desk's app_name.
DESKS = {
    "cong-viec": "work",
    "van-ban": "documents",
    "thong-bao": "notices",
    "nhu-cau": "needs",
    "khao-sat": "surveys",
    "de-an": "projects",
    "hoi-dong": "councils",
    "chuong-trinh": "programmes",
    "ke-hoach": "plans",
    "kinh-phi": "budgets",
    "hop-dong": "contracts",
    "co-so": "establishments",
    "bao-cao": "reporting",
    "kiem-toan": "audit",
    "dinh-muc": "norms",
    "nguoi-dung": "people",
    "to-chuc": "organisations",
    "don-vi-hanh-chinh": "places",
    "nhap-du-lieu": "imports",
}
# Outside the desk: pages for phones reached by a personal link, and the open pages.
OUTSIDE = {"p": "khuyencong.web.field.urls", "cong-khai": "khuyencong.web.portal.urls"}


account_pages = [
    path("dang-nhap/", Login.as_view(), name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", account.signup, name="account_signup"),
    path("ngung-hoat-dong/", account.account_inactive, name="account_inactive"),
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    path("thu-dien-tu/", account.email, name="account_email"),
    path("thu-dien-tu/xac-nhan/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^thu-dien-tu/xac-nhan/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("mat-khau/doi/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path("mat-khau/quen/", account.password_reset, name="account_reset_password"),
    path("mat-khau/quen/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mat-khau/moi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mat-khau/moi/xong/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("hai-buoc/", mfa.index, name="mfa_index"),
    path("hai-buoc/nhap-ma/", mfa.authenticate, name="mfa_authenticate"),
    path("hai-buoc/xac-nhan-lai/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("hai-buoc/ung-dung/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("hai-buoc/ung-dung/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("hai-buoc/ma-du-phong/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("hai-buoc/ma-du-phong/tao/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("hai-buoc/ma-du-phong/tai/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("hai-buoc/khoa/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("hai-buoc/khoa/them/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("hai-buoc/khoa/xac-nhan-lai/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("hai-buoc/khoa/<int:pk>/bo/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("hai-buoc/khoa/<int:pk>/sua/", keys.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("", work.home, name="home"),
    path("tim/", pages.search, name="search"),
    path("menu/", pages.menu, name="menu"),
    path("chuyen/", pages.switch, name="switch"),
    path("ngon-ngu/", pages.language, name="language"),
    path("giao-dien/", pages.theme, name="theme"),
    path("cach-xem/", saved.saved_views, name="saved_views"),
    path("cach-xem/luu/", saved.save_view, name="save_view"),
    path("cach-xem/<int:pk>/doi-ten/", saved.rename_view, name="rename_view"),
    path("cach-xem/<int:pk>/bo/", saved.delete_view, name="delete_view"),
    path("dia-ban/xa/", pages.communes, name="communes"),
    path("tai-khoan/", include(account_pages)),
    *(path(f"{address}/", include(f"khuyencong.web.desk.{noun}.urls")) for address, noun in DESKS.items()),
    *(path(f"{address}/", include(module)) for address, module in OUTSIDE.items()),
]
