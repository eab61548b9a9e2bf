"""A commune answers on a phone: one page, no password, nothing lost."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khuyencong.files.models import StoredFile
from khuyencong.needs.models import Need, NoNeed
from tests.factories.needs import NeedFactory


def picture_bytes() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(made, "JPEG")
    return made.getvalue()


SIX = {
    "name": "HTX Ea Drông",
    "phone": "0905 000 000",
    "hamlet": "Buôn Ea Tung",
    "what": "Máy sấy",
    "about": "380 triệu",
}


def test_six_fields_become_a_need(client, link, page):
    answer = client.post(page, SIX)

    assert (answer.status_code, answer["Location"]) == (302, reverse("field:sent", args=[link.code]))
    need = Need.objects.get()
    assert (need.commune, need.about, need.channel) == (link.commune, 380_000_000, "link")


def test_two_words_are_enough(client, page):
    client.post(page, {"name": "Cơ sở Ngọc Tứ", "what": "Máy rang"})

    assert Need.objects.get().about is None


def test_the_same_page_sent_twice_is_one_need(client, page):
    form = {**SIX, "uid": "6b1f2f1e-3f0a-4b37-9a3e-8d0f5e4a9b11"}

    client.post(page, form)
    client.post(page, form)

    assert Need.objects.count() == 1


def test_no_need_is_one_press(client, link, page):
    answer = client.post(page, {"none": "1"})

    assert answer.status_code == 302
    assert NoNeed.objects.get().commune == link.commune
    assert "không có nhu cầu" in client.get(reverse("field:sent", args=[link.code])).content.decode()


def test_what_is_wrong_comes_back_filled(client, page):
    answer = client.post(page, {**SIX, "what": "", "about": "nhiều lắm"})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "HTX Ea Drông" in body
    assert "Nhập số tiền" in body
    assert not Need.objects.exists()


@pytest.mark.parametrize("phone", ["0905 abc 000", "hỏi anh Ba", "0905"])
def test_a_telephone_that_is_no_number_is_refused_in_one_sentence_and_nothing_is_lost(client, page, phone):
    answer = client.post(page, {**SIX, "phone": phone})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert f"Số điện thoại “{phone}” không đúng. Hãy ghi một số, ví dụ 0912345678 hoặc 0263 3822 123." in body
    assert (f'value="{phone}"' in body, "Máy sấy" in body, "380 triệu" in body) == (True, True, True)
    assert not Need.objects.exists()


def test_a_landline_with_spaces_and_points_is_taken(client, page):
    client.post(page, {**SIX, "phone": "+84 (262) 3.850.123"})

    assert Need.objects.get().phone == "02623850123"


def test_a_photo_comes_along(client, page):
    photo = SimpleUploadedFile("may.jpg", picture_bytes(), content_type="image/jpeg")

    client.post(page, {**SIX, "photos": photo})

    assert Need.objects.get().photos.get().file.content_type == "image/jpeg"


def test_more_pictures_than_a_need_takes_are_refused_before_they_are_kept(client, page):
    photos = [SimpleUploadedFile(f"may{n}.jpg", b"\xff\xd8\xff" + bytes([n])) for n in range(7)]

    answer = client.post(page, {**SIX, "photos": photos})

    assert answer.status_code == 422
    assert "Gửi nhiều nhất 6 tệp." in answer.content.decode()
    assert (Need.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(client, page):
    answer = client.post(page, {**SIX, "photos": SimpleUploadedFile("may.jpg", b"MZ\x90\x00program" * 50)})

    assert answer.status_code == 422
    assert not Need.objects.exists()


@pytest.mark.parametrize("name", ["field:answer", "field:sent"])
def test_a_wrong_or_closed_link_says_what_to_do(client, link, name):
    assert client.get(reverse(name, args=["khong-co"])).status_code == 404
    link.revoked_at = link.at
    link.save()

    answer = client.get(reverse(name, args=[link.code]))

    assert answer.status_code == 404
    assert "thu hồi" in answer.content.decode()


def test_a_link_shows_nothing_of_other_communes(client, link):
    NeedFactory(call=link.call, name="Cơ sở xã khác")

    assert "Cơ sở xã khác" not in client.get(reverse("field:sent", args=[link.code])).content.decode()


def test_the_page_loads_without_the_desks_styles(client, page):
    body = client.get(page).content.decode()

    assert "portal.css" in body
    assert "tabler" not in body
