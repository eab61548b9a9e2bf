# ruff: noqa: F811
"""An establishment with an account of its own asks for itself, without naming where it lies or how its answer came."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.base import clock
from khuyencong.needs.models import Need
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import CallFactory, NeedFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import CommuneFactory
from tests.web.desk.given_needs import call, commune, province, signed_in, text  # noqa: F401

ASKED = {"kind": "support", "what": "Máy sấy", "about": "350 triệu", "hamlet": "Thôn 5", "phone": "0905 123 456"}


@pytest.fixture
def own(province, commune):
    return EstablishmentFactory(commune=commune, province=province, name="HTX Cỏ May Sớm", phone="0905999999")


@pytest.fixture
def owner(client, own):
    user = person("establishment", place=None, organisation=own.organisation)
    client.force_login(user)
    return user


def test_its_need_is_sent_with_what_is_known_of_it(client, call, own, owner):
    page = text(client.get(reverse("needs:register")))
    sent = client.post(reverse("needs:register"), {**ASKED, "call": call.pk, "establishment": own.pk})

    need = Need.objects.get()
    assert sent["Location"] == reverse("needs:page", args=[need.pk])
    assert (need.establishment, need.name, need.commune) == (own, "HTX Cỏ May Sớm", own.commune)
    assert (need.channel, need.sent_on, need.about) == ("account", clock.today(), 350_000_000)
    assert f"HTX Cỏ May Sớm, {own.commune.named_inside}" in page
    assert 'value="0905999999"' in page
    assert ("Cách nhận" in page, "Tỉnh, thành phố" in page, "Ngày nhận" in page) == (False, False, False)


def test_of_several_own_establishments_one_is_chosen(client, call, own, owner, commune):
    second = EstablishmentFactory(commune=commune, province=commune.province, name="Cơ sở thứ hai")
    MandateFactory(user=owner, role="establishment", place=None, organisation=second.organisation)
    stranger = EstablishmentFactory(commune=commune, province=commune.province)

    client.post(reverse("needs:register"), {**ASKED, "call": call.pk, "establishment": second.pk})
    refused = client.post(reverse("needs:register"), {**ASKED, "call": call.pk, "establishment": stranger.pk})

    assert (Need.objects.get().establishment, refused.status_code) == (second, 422)


def test_a_wrong_telephone_loses_nothing_typed(client, call, own, owner):
    answer = client.post(
        reverse("needs:register"), {**ASKED, "phone": "gọi Ba", "call": call.pk, "establishment": own.pk}
    )

    assert answer.status_code == 422
    assert "Số điện thoại “gọi Ba” không đúng." in text(answer)
    assert "Máy sấy" in text(answer)


def test_without_an_open_call_it_is_told_so_before_it_writes(client, province, own, owner):
    CallFactory(province=province, opens_on=clock.today() + dt.timedelta(days=1))

    answer = client.get(reverse("needs:register"))

    assert answer.status_code == 409
    assert "Chưa có đợt đăng ký nào đang nhận nhu cầu." in text(answer)


def test_one_whose_commune_is_not_known_is_told_whom_to_ask(client, call, own, owner):
    own.commune = None
    own.save()

    assert "Hãy nhờ cán bộ xã hoặc Trung tâm ghi nơi sản xuất trước." in text(client.get(reverse("needs:register")))


def test_it_answers_for_no_commune(client, call, own, owner):
    listed = text(client.get(reverse("needs:list")))
    none = client.get(reverse("needs:none"))

    assert (reverse("needs:none") in listed, reverse("needs:register") in listed) == (False, True)
    assert none.status_code == 403
    assert "cơ sở không cần trả lời" in text(none)


def test_the_board_of_a_call_tells_it_the_days_and_nothing_of_communes(client, call, own, owner):
    page = text(client.get(reverse("needs:board", args=[call.pk])))

    assert f'href="{reverse("needs:register")}?dot={call.pk}"' in page
    assert "Hạn của xã" in page
    assert ("Mọi xã, phường đã trả lời" in page, "Chưa trả lời" in page) == (False, False)


def test_an_officer_of_a_commune_reads_of_his_own_communes(client, signed_in, call, commune):
    signed_in("commune_officer", place=commune)

    page = text(client.get(reverse("needs:board", args=[call.pk])))

    assert f"{call.province}, địa bàn của bạn. Đã trả lời 0 xã, phường; còn 1 chưa trả lời." in page


@pytest.mark.parametrize(
    ("page", "others", "his"),
    [
        ("councils:list", "Bấm “Lập hội đồng”", "Chưa có hội đồng nào trong địa bàn của bạn."),
        ("programmes:list", "Ghi nhận quyết định phê duyệt chương trình", "Chưa có chương trình nào trong địa bàn"),
        ("organisations:contacts", "Hãy nhập danh sách từ Excel.", "Trung tâm hoặc Sở nhập danh sách này."),
        ("reporting:sent", "chốt và gửi", "Chưa có báo cáo nào được gửi."),
    ],
)
def test_an_empty_list_asks_nobody_to_press_what_he_does_not_have(client, signed_in, commune, page, others, his):
    signed_in("commune_officer", place=commune)
    told = text(client.get(reverse(page)))
    assert (his in told, others in told) == (True, False)

    signed_in("department_director", place=commune.province)
    told = text(client.get(reverse(page)))
    if page != "organisations:contacts":  # lists are brought in by the Centre and the division
        assert (others in told, his in told) == (True, False)


def test_a_need_says_whether_its_place_is_supported(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune)
    signed_in("commune_officer", place=commune)

    page = text(client.get(reverse("needs:page", args=[need.pk])))

    assert "địa bàn được hỗ trợ" in page
    assert "Địa bàn hôm nay" not in page


def test_an_officer_of_a_commune_answers_as_before(client, signed_in, call, commune):
    signed_in("commune_officer", place=commune)

    listed, page = text(client.get(reverse("needs:list"))), text(client.get(reverse("needs:register")))

    assert reverse("needs:none") in listed
    assert "Cách nhận" in page


def test_on_a_phone_the_communes_that_have_answered_are_folded_below_those_that_have_not(
    client, signed_in, call, commune
):
    silent = CommuneFactory(province=call.province, full_name="Xã Im Lặng")
    NeedFactory(call=call, commune=commune)
    signed_in("centre_director", place=call.province)

    page = text(client.get(reverse("needs:board", args=[call.pk])))
    above, folded = page.split('<details class="kc-tuck">')

    assert (silent.full_name in above, commune.full_name in above) == (True, False)
    assert (silent.full_name in folded, commune.full_name in folded) == (False, True)
    NeedFactory(call=call, commune=silent)
    assert '<details class="kc-tuck" open>' in text(client.get(reverse("needs:board", args=[call.pk])))
