# ruff: noqa: F811
import datetime as dt
import re

import pytest
from django.urls import reverse

from khuyencong.documents.models import Paper
from khuyencong.needs.models import Call, Link, Need, NoNeed
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.files import StoredFileFactory
from tests.factories.needs import (
    CallFactory,
    LinkFactory,
    NeedFactory,
    NeedStepFactory,
    SurveyPlanFactory,
    VisitFactory,
)
from tests.factories.norms import DeadlineRowFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.web.desk.given_needs import call, commune, picture, province, signed_in, text  # noqa: F401

LETTER = {"number": "12/UBND-KT", "signed_on": "20/11/2026", "signer": "Y Bhiu Niê", "signer_title": "Chủ tịch"}


PAGES = [
    "needs:list",
    "needs:calls",
    "needs:open_call",
    "needs:register",
    "needs:none",
    "needs:confirm",
    "needs:decide",
]


@pytest.mark.parametrize("name", [*PAGES, "surveys:list", "surveys:plan"])
def test_strangers_are_sent_to_the_door(client, db, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ["needs:page", "needs:propose", "needs:withdraw", "needs:correct", "needs:return"])
def test_a_need_of_another_province_is_not_there(client, call, name):
    need = NeedFactory(call=call)
    client.force_login(person("centre_officer", place=ProvinceFactory()))

    assert client.get(reverse(name, args=[need.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_row_and_three(client, signed_in, call, django_assert_max_num_queries):
    signed_in("centre_officer", place=call.province)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            NeedFactory(call=call)
        with django_assert_max_num_queries(12) as seen:
            assert client.get(reverse("needs:list")).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_calls_of_many_years_have_pages(client, signed_in, call):
    signed_in("centre_officer", place=call.province)
    for year in range(1970, 2020):
        CallFactory(province=call.province, year=year)
    url = reverse("needs:calls")

    first, second = (client.get(url, {"trang": page}).context["page"] for page in (1, 2))

    assert [len(page.object_list) for page in (first, second)] == [50, 1]
    assert (first.object_list[0], second.object_list[0].year) == (call, 1970)


def test_the_board_shows_who_has_not_answered(client, signed_in, call, commune):
    signed_in("centre_officer", place=call.province)

    body = text(client.get(reverse("needs:board", args=[call.pk])))

    assert commune.full_name in body
    assert "Chưa trả lời" in body
    assert reverse("needs:make_link", args=[call.pk]) in body


def test_a_board_on_which_all_have_answered_says_so_and_not_that_none_is_left(client, signed_in, call, commune):
    signed_in("collaborator", place=commune)
    board = reverse("needs:board", args=[call.pk])
    before = text(client.get(board))

    NeedFactory(call=call, commune=commune)

    assert "Đã trả lời 0 xã, phường; còn 1 chưa trả lời." in before
    assert "Mọi xã, phường đã trả lời (1)." in text(client.get(board))


def test_a_collaborator_sees_his_commune_on_the_board_and_no_links(client, signed_in, call, commune):
    other = CommuneFactory(province=call.province)
    signed_in("collaborator", place=commune)

    body = text(client.get(reverse("needs:board", args=[call.pk])))

    assert commune.full_name in body
    assert other.full_name not in body
    assert "lien-ket" not in body


def test_who_is_sent_to_the_board_answers_from_it(client, signed_in, call, commune):
    signed_in("collaborator", place=commune)

    page = client.get(reverse("needs:board", args=[call.pk]))
    asked = f"?dot={call.pk}&amp;xa={commune.pk}"
    form = client.get(reverse("needs:register"), {"dot": call.pk, "xa": commune.pk}).context["form"]

    assert page.context["answers"] == {commune.pk}
    for route in ("needs:register", "needs:none"):
        assert reverse(route) + asked in text(page)
    assert (form["commune"].value(), form["call"].value()) == (str(commune.pk), str(call.pk))


def test_a_need_is_registered_on_behalf_of_a_caller(client, signed_in, call, commune):
    signed_in("centre_officer", place=call.province)

    answer = client.post(
        reverse("needs:register"),
        {
            "call": call.pk,
            "province": call.province_id,
            "commune": commune.pk,
            "channel": "telephone",
            "on": "20/11/2026",
            "kind": "support",
            "name": "Cơ sở Ngọc Tứ",
            "what": "Máy sấy",
            "about": "350 triệu",
        },
    )

    need = Need.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("needs:page", args=[need.pk]))
    assert (need.about, need.channel) == (350_000_000, "telephone")


def test_a_commune_without_needs_is_recorded(client, signed_in, call, commune):
    signed_in("collaborator", place=commune)

    client.post(
        reverse("needs:none"),
        {
            "call": call.pk,
            "province": call.province_id,
            "commune": commune.pk,
            "channel": "account",
            "on": "20/11/2026",
        },
    )

    assert NoNeed.objects.get().commune == commune


def test_a_call_is_opened_from_its_letter(client, signed_in, province):
    signed_in("appraiser", place=province)

    client.post(
        reverse("needs:open_call"),
        {
            "province": province.pk,
            "year": "2028",
            "opens_on": "23/11/2026",
            "commune_deadline": "31/12/2026",
            **LETTER,
        },
    )

    call = Call.objects.get()
    assert (call.year, call.paper.number, call.paper.kind) == (2028, "12/UBND-KT", "call_letter")


def test_a_refused_call_leaves_no_paper_and_loses_nothing(client, signed_in, call):
    signed_in("appraiser", place=call.province)
    before = Paper.objects.count()

    answer = client.post(
        reverse("needs:open_call"),
        {
            "province": call.province_id,
            "year": "2027",
            "opens_on": "23/11/2026",
            "commune_deadline": "31/12/2026",
            **LETTER,
        },
    )

    assert answer.status_code == 422
    assert "Tỉnh đã mở đăng ký cho năm này." in text(answer)
    assert "12/UBND-KT" in text(answer)
    assert Paper.objects.count() == before


def test_a_link_is_made_and_shown_with_its_code(client, signed_in, call, commune):
    signed_in("centre_officer", place=call.province)

    client.post(reverse("needs:make_link", args=[call.pk]), {"commune": commune.pk, "holder": "H’Lan Êban"})

    link = Link.objects.get()
    body = text(client.get(reverse("needs:link", args=[link.pk])))
    assert link.code in body
    assert "<svg" in body


def test_a_collaborator_does_not_see_anothers_link(client, signed_in, call, commune):
    link = LinkFactory(call=call, commune=commune)
    signed_in("collaborator", place=commune)

    assert client.get(reverse("needs:link", args=[link.pk])).status_code == 403


def test_the_commune_confirms_with_one_letter(client, signed_in, call, commune):
    needs = [NeedFactory(call=call, commune=commune) for _ in range(2)]
    signed_in("commune_officer", place=commune)

    client.post(reverse("needs:confirm"), {"needs": [need.pk for need in needs], **LETTER})

    assert set(Need.objects.values_list("state", "confirmation__number")) == {("confirmed", "12/UBND-KT")}


@pytest.mark.parametrize(("number", "told"), [(1, "1 need confirmed."), (2, "2 needs confirmed.")])
def test_an_english_reader_is_told_how_many_needs_were_confirmed(
    client, signed_in, call, commune, settings, number, told
):
    needs = [NeedFactory(call=call, commune=commune) for _ in range(number)]
    signed_in("commune_officer", place=commune)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.post(reverse("needs:confirm"), {"needs": [need.pk for need in needs], **LETTER}, follow=True)

    assert told in page.content.decode()


def test_a_tour_is_planned_and_its_stop_reported(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune, state="confirmed")
    signed_in("centre_officer", place=call.province)

    client.post(
        reverse("surveys:plan"),
        {
            "call": call.pk,
            "name": "Sông Hinh",
            "starts_on": "21/11/2026",
            "ends_on": "22/11/2026",
            "needs": [need.pk],
        },
    )
    visit = need.visits.get()
    client.post(
        reverse("surveys:survey", args=[visit.pk]),
        {"on": "22/11/2026", "findings": "Đủ điều kiện", "investment": "620 triệu", **LETTER},
    )

    visit.refresh_from_db()
    need.refresh_from_db()
    assert (need.state, visit.investment, visit.surveyed_on) == ("surveyed", 620_000_000, dt.date(2026, 11, 22))


def test_the_centre_proposes_and_the_department_answers(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune, state="surveyed")
    signed_in("centre_officer", place=call.province)
    client.post(reverse("needs:propose", args=[need.pk]), {"proposal": "plan", "on": "21/11/2026"})

    signed_in("department_director", place=call.province)
    client.post(reverse("needs:decide"), {"needs": [need.pk], **LETTER, "signed_on": "22/11/2026"})

    need.refresh_from_db()
    assert (need.state, need.answer.kind) == ("planned", "answer_letter")


def test_a_refusal_without_a_reason_comes_back_with_what_was_chosen(client, signed_in, call):
    need = NeedFactory(call=call, state="surveyed")
    signed_in("centre_officer", place=call.province)

    answer = client.post(reverse("needs:propose", args=[need.pk]), {"proposal": "refuse", "on": "21/11/2026"})

    assert answer.status_code == 422
    assert "Hãy ghi lý do" in text(answer)


def test_the_phone_number_is_shown_only_to_those_who_need_it(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune, phone="0905 123 456")
    page = reverse("needs:page", args=[need.pk])

    signed_in("centre_officer", place=call.province)
    assert "0905 123 456" in text(client.get(page))
    signed_in("accountant", place=call.province)
    assert "0905 123 456" not in text(client.get(page))


def test_a_page_offers_only_the_steps_of_this_person(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune, state="surveyed")
    page = reverse("needs:page", args=[need.pk])

    signed_in("centre_officer", place=call.province)
    assert reverse("needs:propose", args=[need.pk]) in text(client.get(page))
    signed_in("accountant", place=call.province)
    assert reverse("needs:propose", args=[need.pk]) not in text(client.get(page))


@pytest.mark.parametrize("number", [1, 3])
def test_a_needs_page_costs_the_same_whatever_its_life(client, signed_in, call, number, django_assert_max_num_queries):
    need = NeedFactory(call=call)
    for _ in range(number):
        NeedStepFactory(need=need)
    signed_in("centre_officer", place=call.province)

    with django_assert_max_num_queries(20):
        client.get(reverse("needs:page", args=[need.pk]))


def test_the_tour_page_shows_its_stops(client, signed_in, call):
    visit = VisitFactory(need=NeedFactory(call=call, state="survey_planned"))
    signed_in("centre_officer", place=call.province)

    assert visit.need.name in text(client.get(reverse("surveys:page", args=[visit.plan_id])))


def test_somebody_without_a_mandate_finds_an_empty_list(client, call):
    NeedFactory(call=call)
    client.force_login(UserFactory())

    assert "Cơ sở Ngọc Tứ" not in text(client.get(reverse("needs:list")))


def test_tours_stand_fifty_on_a_page(client, signed_in, call):
    for _n in range(51):
        SurveyPlanFactory(call=call)
    signed_in("centre_officer", place=call.province)

    first = text(client.get(reverse("surveys:list")))
    second = text(client.get(reverse("surveys:list") + "?trang=2"))

    assert first.count("<tr>") == 51
    assert second.count("<tr>") == 2


def test_the_lawful_days_beside_a_new_call_are_those_of_its_year_and_province(client, signed_in, province):
    DeadlineRowFactory(code="registration_to_department", month=5, day=20, year_offset=-1)
    signed_in("appraiser", place=province)

    fresh = text(client.get(reverse("needs:open_call")))
    refused = text(client.post(reverse("needs:open_call"), {"province": province.pk, "year": "2028"}))

    assert ("Hạn của năm 2027" in fresh, "20/05/2026" in fresh) == (True, True)
    assert ("Hạn của năm 2028" in refused, "20/05/2027" in refused) == (True, True)


def test_a_call_shows_the_days_of_local_money_where_the_province_has_its_own(client, signed_in, province, call):
    signed_in("department_director", place=province)
    DeadlineRowFactory(code="list_to_agency", month=6, day=20, year_offset=-1)
    addresses = [reverse("needs:open_call"), reverse("needs:board", args=[call.pk])]
    national = [text(client.get(address)) for address in addresses]

    DeadlineRowFactory(
        code="registration_to_department", level="provincial", province=province, month=8, day=15, year_offset=-1
    )
    both = [text(client.get(address)) for address in addresses]

    assert ["20/06/2026" in page for page in national + both] == [True] * 4
    assert ["Kinh phí khuyến công địa phương" in page for page in national + both] == [False, False, True, True]
    assert ["15/08/2026" in page for page in national + both] == [False, False, True, True]


def test_the_numbers_of_the_board_open(client, signed_in, call, commune):
    call.paper = PaperFactory(kind="call_letter", province=call.province)
    call.save()
    NeedFactory(call=call, commune=commune), NeedFactory(call=call, commune=commune)
    NeedFactory(call=call, commune=CommuneFactory(province=call.province))
    signed_in("appraiser", place=call.province)

    board = text(client.get(reverse("needs:board", args=[call.pk])))
    all_of_call, of_commune = f"?call={call.pk}", f"?call={call.pk}&amp;commune={commune.pk}"

    assert (f'{all_of_call}">3</a>' in board, f'{of_commune}">2<' in board) == (True, True)
    assert reverse("documents:page", args=[call.paper_id]) in board
    whole = text(client.get(reverse("needs:list"), {"call": call.pk}))
    part = text(client.get(reverse("needs:list"), {"call": call.pk, "commune": commune.pk}))
    assert ("Xuất Excel 3 nhu cầu" in whole, "Xuất Excel 2 nhu cầu" in part) == (True, True)


def test_the_photos_of_a_survey_are_seen_by_who_sees_the_need(client, signed_in, call):
    need = NeedFactory(call=call, state="surveyed")
    visit = VisitFactory(
        need=need, plan__call=call, surveyed_on=dt.date(2026, 11, 20), findings="Xưởng 300 m2", investment=620_000_000
    )
    photo = StoredFileFactory(name="xuong.jpg", content_type="image/jpeg", content=b"\xff\xd8xuong")
    visit.photos.add(photo)
    address = reverse("needs:survey_photo", args=[need.pk, photo.pk])
    signed_in("appraiser", place=call.province)

    page = text(client.get(reverse("needs:page", args=[need.pk])))

    assert address in page
    assert b"".join(client.get(address).streaming_content) == b"\xff\xd8xuong"
    assert client.get(reverse("needs:survey_photo", args=[NeedFactory(call=call).pk, photo.pk])).status_code == 404
    signed_in("centre_officer", place=ProvinceFactory())
    assert client.get(address).status_code == 404


def test_a_proposal_is_made_beside_what_the_survey_found(client, signed_in, call):
    need = NeedFactory(call=call, state="surveyed")
    VisitFactory(
        need=need, plan__call=call, surveyed_on=dt.date(2026, 11, 20), findings="Xưởng 300 m2", investment=620_000_000
    )
    signed_in("centre_officer", place=call.province)

    page = text(client.get(reverse("needs:propose", args=[need.pk])))

    assert "Khảo sát ngày 20/11/2026: Xưởng 300 m2" in page
    assert "Tổng đầu tư dự kiến: 620.000.000 đồng." in page


def test_establishments_of_one_name_are_told_apart(client, signed_in, call):
    need = NeedFactory(call=call, name="HTX Cà phê Thắng Lợi")
    for code in ("6000111222", "6000333444"):
        EstablishmentFactory(name="HTX Cà phê Thắng Lợi", tax_code=code, commune=need.commune)
    signed_in("centre_officer", place=call.province)

    page = text(client.get(reverse("needs:establishment", args=[need.pk])))

    assert ("6000111222" in page, "6000333444" in page, str(need.commune) in page) == (True, True, True)


def test_where_no_establishment_is_like_it_one_enters_it_with_what_the_need_says_and_it_is_named(
    client, signed_in, call
):
    need = NeedFactory(call=call, name="Lò rèn Hai Bụng", hamlet="Thôn 5")
    signed_in("centre_officer", place=call.province)

    answer = client.get(reverse("needs:establishment", args=[need.pk]), follow=True)
    form = {"name": "Lò rèn Hai Bụng", "legal_form": "household", "province": call.province_id}
    sent = client.post(
        answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"], form | {"commune": need.commune_id}
    )

    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse("establishments:register")
    assert "Hãy thêm cơ sở: thêm xong là gắn với nhu cầu này." in text(answer)
    assert ('value="Lò rèn Hai Bụng"' in text(answer), 'value="Thôn 5"' in text(answer)) == (True, True)
    assert re.search(rf'<option value="{need.commune_id}"[^>]* selected', text(answer))
    assert sent["Location"] == reverse("needs:page", args=[need.pk])
    need.refresh_from_db()
    assert (need.establishment.name, need.establishment.commune_id) == ("Lò rèn Hai Bụng", need.commune_id)


def test_who_finds_none_of_the_offered_establishments_right_enters_a_new_one(client, signed_in, call):
    need = NeedFactory(call=call, name="Hợp tác xã Cà phê Thắng Lợi")
    EstablishmentFactory(name="HTX Cà phê Thắng Lợi", commune=need.commune)
    signed_in("centre_officer", place=call.province)

    page = text(client.get(reverse("needs:establishment", args=[need.pk])))

    assert f'href="{reverse("establishments:register")}?nhu-cau={need.pk}"' in page


def test_the_need_of_another_place_lends_its_words_to_nobody(client, signed_in, call):
    need = NeedFactory(call=call, name="Lò rèn Hai Bụng")
    signed_in("centre_officer", place=ProvinceFactory())

    assert client.get(reverse("establishments:register"), {"nhu-cau": need.pk}).status_code == 404


def test_a_commune_takes_its_photo_first(client, signed_in, call):
    need = NeedFactory(call=call)
    signed_in("commune_officer", place=need.commune)

    page = text(client.get(reverse("needs:confirm")))

    assert page.index('name="scans"') < page.index('name="number"')
