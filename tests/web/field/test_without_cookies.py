"""A commune's phone has lost its cookies, or blocks them: the form of the personal link is taken all the same, and nothing
else is taken more easily than before."""

import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from khuyencong.needs.models import Need, NoNeed
from tests.factories.people import MandateFactory

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver", "Referer": "http://testserver/"}
ELSEWHERE = {"Origin": "https://example.org", "Referer": "https://example.org/"}
TYPED = {"name": "HTX Ea Drông", "what": "Máy sấy", "about": "380 triệu", "uid": "6b1f2f1e-3f0a-4b37-9a3e-8d0f5e4a9b11"}


@pytest.fixture
def phone():
    """As strict as a real one; it has no cookie of ours."""
    return Client(enforce_csrf_checks=True)


def photo() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(made, "JPEG")
    return SimpleUploadedFile("may.jpg", made.getvalue(), content_type="image/jpeg")


def test_what_was_typed_becomes_a_need_with_its_photo_and_once(phone, link, page):
    answer = phone.post(page, {**TYPED, "photos": photo()}, headers=OURS)
    phone.cookies.clear()
    phone.post(page, {**TYPED, "photos": photo()}, headers=OURS)

    assert (answer.status_code, answer["Location"]) == (302, reverse("field:sent", args=[link.code]))
    need = Need.objects.get()
    assert (need.name, need.about, need.photos.count()) == ("HTX Ea Drông", 380_000_000, 1)


def test_what_is_wrong_comes_back_filled(phone, page):
    answer = phone.post(page, {**TYPED, "what": ""}, headers=OURS)

    assert answer.status_code == 422
    assert 'value="HTX Ea Drông"' in html.unescape(answer.content.decode())


def test_no_need_is_taken(phone, link, page):
    phone.post(page, {"none": "1"}, headers=OURS)

    assert NoNeed.objects.get().commune == link.commune


def test_a_closed_link_says_so(phone, link, page):
    link.revoked_at = link.at
    link.save()

    answer = phone.post(page, TYPED, headers=OURS)

    assert answer.status_code == 404
    assert "thu hồi" in answer.content.decode()


def test_who_is_signed_in_meanwhile_answers_as_the_holder_of_the_link(phone, link, page):
    phone.force_login(MandateFactory(role="centre_officer", place=link.commune.province).user)

    phone.post(page, TYPED, headers=OURS)

    assert Need.objects.get().steps.get().who == f"{link.holder} (liên kết riêng, {link.commune.named_inside})"


@pytest.mark.parametrize("headers", [ELSEWHERE, {}, {"Origin": "null"}])
def test_a_form_of_another_site_is_refused(phone, page, headers):
    answer = phone.post(page, TYPED, headers=headers)

    assert answer.status_code == 403
    assert "Hãy tải lại trang rồi gửi lại." in answer.content.decode()
    assert not Need.objects.exists()


def test_a_stranger_chooses_his_language_and_one_who_is_signed_in_is_told_to_press_again(phone, link):
    user = MandateFactory(role="centre_officer", place=link.commune.province).user

    stranger = phone.post(reverse("language"), {"language": "en", "next": "/cong-khai/ho-tro/"}, headers=OURS)
    phone.cookies.clear()
    phone.force_login(user)
    known = phone.post(reverse("language"), {"language": "en", "next": reverse("menu")}, headers=OURS)

    assert (stranger["Location"], stranger.cookies["django_language"].value) == ("/cong-khai/ho-tro/", "en")
    assert known["Location"] == reverse("menu")
    assert "django_language" not in known.cookies
    user.refresh_from_db()
    assert user.language == "vi"
    assert "Hãy bấm lại." in phone.get(known["Location"]).content.decode()


def test_a_step_of_somebody_signed_in_is_never_taken_without_its_token(phone, link):
    user = MandateFactory(role="centre_officer", place=link.commune.province).user
    phone.force_login(user)

    answer = phone.post(reverse("account_logout"), {}, headers=OURS | {"Referer": "http://testserver/menu/"})

    assert answer["Location"] == "http://testserver/menu/"
    assert phone.get("/menu/").status_code == 200  # still signed in


def test_a_forgotten_password_is_asked_for_without_cookies(phone):
    answer = phone.post(reverse("account_reset_password"), {"email": "xa@example.vn"}, headers=OURS)

    assert answer["Location"] == reverse("account_reset_password_done")
