import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khuyencong.documents.models import Paper
from khuyencong.needs.models import Call, Link, Need, NoNeed
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory, SupportedItemFactory
from tests.factories.needs import (
    CallFactory,
    LinkFactory,
    NeedFactory,
    NeedStepFactory,
    SurveyPlanFactory,
    VisitFactory,
)
from tests.factories.norms import DeadlineRowFactory
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

LETTER = {"number": "12/UBND-KT", "signed_on": "20/11/2026", "signer": "Y Bhiu Niê", "signer_title": "Chủ tịch"}


@pytest.fixture
def province(db):
    return ProvinceFactory()


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


@pytest.fixture
def call(province):
    return CallFactory(province=province)


@pytest.fixture
def signed_in(client):
    def enter(role, **scope):
        user = person(role, **scope)
        client.force_login(user)
        return user

    return enter


@pytest.fixture
def picture():
    def draw(name):
        target = io.BytesIO()
        Image.new("RGB", (60, 40), (120, 160, 90)).save(target, "PNG")
        return SimpleUploadedFile(name, target.getvalue(), "image/png")

    return draw


def text(answer):
    return answer.content.decode()


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


def test_the_board_shows_who_has_not_answered(client, signed_in, call, commune):
    signed_in("centre_officer", place=call.province)

    body = text(client.get(reverse("needs:board", args=[call.pk])))

    assert commune.full_name in body
    assert "Chưa trả lời" in body
    assert reverse("needs:make_link", args=[call.pk]) in body


def test_a_collaborator_sees_his_commune_on_the_board_and_no_links(client, signed_in, call, commune):
    other = CommuneFactory(province=call.province)
    signed_in("collaborator", place=commune)

    body = text(client.get(reverse("needs:board", args=[call.pk])))

    assert commune.full_name in body
    assert other.full_name not in body
    assert "lien-ket" not in body


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


# ---- what people stumbled over ----


def test_links_are_offered_for_the_communes_of_ones_own_area_alone(client, call, commune):
    other = CommuneFactory(province=call.province)
    centre = OrganisationFactory(centre=True, place=call.province)
    area = AreaFactory(organisation=centre, communes=[commune])
    officer = person("centre_officer", place=None, area=area, employer=centre)
    client.force_login(officer)
    make = reverse("needs:make_link", args=[call.pk])

    board = text(client.get(reverse("needs:board", args=[call.pk])))
    form = client.get(make).context["form"]

    assert f"{make}?xa={commune.pk}" in board
    assert f"{make}?xa={other.pk}" not in board
    assert list(form.fields["commune"].queryset) == [commune]
    assert client.post(make, {"commune": other.pk, "holder": "H’Lan Êban"}).status_code == 422
    assert Link.objects.count() == 0


def test_the_text_to_share_carries_the_link_once(client, signed_in, call, commune):
    link = LinkFactory(call=call, commune=commune)
    signed_in("centre_officer", place=call.province)

    answer = client.get(reverse("needs:link", args=[link.pk]))

    assert answer.context["text"].count("http") == 0
    assert text(answer).count(f"{link.code}/</textarea>") == 1


def test_a_photo_of_the_signed_letter_is_enough_for_the_commune(client, signed_in, call, commune, picture):
    need = NeedFactory(call=call, commune=commune)
    signed_in("commune_officer", place=commune)

    client.post(reverse("needs:confirm"), {"needs": [need.pk], "signed_on": "20/11/2026", "scans": picture("thu.png")})

    need.refresh_from_db()
    assert (need.state, need.confirmation.number, need.confirmation.files.count()) == ("confirmed", "", 1)


def test_a_commune_that_shows_neither_photo_nor_number_is_asked_for_one(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune)
    signed_in("commune_officer", place=commune)

    answer = client.post(reverse("needs:confirm"), {"needs": [need.pk], "signed_on": "20/11/2026", "signer": "Y Bhiu"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"scans": ["Chụp văn bản đã ký, hoặc ghi số, ký hiệu và người ký."]}
    need.refresh_from_db()
    assert need.state == "sent"


def test_who_answers_reads_what_the_centre_proposes_for_each_need(client, signed_in, call):
    NeedFactory(call=call, state="proposed", proposal="refuse", proposal_reason="Máy đã qua sử dụng (Điều 4)")
    signed_in("department_director", place=call.province)

    assert "Không đưa vào kế hoạch (Máy đã qua sử dụng (Điều 4)):" in text(client.get(reverse("needs:decide")))


def test_a_planned_need_leads_to_its_project_file_and_then_to_the_project(client, signed_in, call, commune):
    need = NeedFactory(
        call=call, commune=commune, state="planned", what="Máy sấy", name="HTX Ea Tul", answer=PaperFactory()
    )
    centre = OrganisationFactory(centre=True, place=call.province)
    signed_in("centre_officer", place=call.province, employer=centre)
    draft = f"{reverse('projects:draft')}?nhu-cau={need.pk}"

    assert draft in text(client.get(reverse("needs:page", args=[need.pk])))
    assert client.get(draft).context["form"].initial["title"] == "Hỗ trợ máy sấy cho HTX Ea Tul"

    project = ProjectFactory(province=call.province, commune=commune, implementer=centre)
    project.needs.add(need)
    body = text(client.get(reverse("needs:page", args=[need.pk])))
    assert draft not in body
    assert reverse("projects:page", args=[project.pk]) in body


def test_to_withdraw_is_never_the_blue_button(client, signed_in, call, commune):
    need = NeedFactory(call=call, commune=commune, state="confirmed")
    signed_in("commune_officer", place=commune)

    body = text(client.get(reverse("needs:page", args=[need.pk])))

    assert f'class="btn btn-quiet w-100 mb-2" href="{reverse("needs:withdraw", args=[need.pk])}"' in body


def test_each_deadline_of_the_year_is_named(client, signed_in, province):
    DeadlineRowFactory(code="registration_to_department")
    signed_in("appraiser", place=province)

    assert "Gửi hồ sơ đăng ký kế hoạch đến Sở" in text(client.get(reverse("needs:open_call")))


def test_a_commune_reads_each_of_its_needs_in_one_row_of_words(
    client, signed_in, call, commune, django_assert_max_num_queries
):
    planned = NeedFactory(call=call, commune=commune, state="planned", answer=PaperFactory(), name="HTX Ea Tul")
    for name in ("confirm", "survey", "plan"):
        NeedStepFactory(need=planned, name=name)
    ProjectFactory(province=call.province, commune=commune, state="running").needs.add(planned)
    signed_in("commune_officer", place=commune)

    counts = []
    for _more in (1, 2):
        NeedFactory(call=call, commune=commune, state="survey_planned")
        with django_assert_max_num_queries(12) as asked:
            body = text(client.get(reverse("needs:list")))
        counts.append(len(asked))

    assert "đã gửi → xã đã xác nhận → đã khảo sát → đưa vào kế hoạch → đang thực hiện" in body
    assert counts[0] == counts[1]


def test_the_centre_reads_states_instead_of_rows_of_words(client, signed_in, call):
    NeedFactory(call=call)
    signed_in("centre_officer", place=call.province)

    assert "Đến đâu" not in text(client.get(reverse("needs:list")))


# what was supported before is told where a need is registered


def test_what_the_establishment_had_before_stands_on_the_page_of_its_need(client, signed_in, call, commune):
    one = EstablishmentFactory(commune=commune, name="HTX Ea Tul")
    SupportedItemFactory(establishment=one, item="Máy rang cà phê", on=dt.date(2025, 6, 1))
    SupportedItemFactory(establishment=one, item="Máy sấy nông sản", on=dt.date(2023, 6, 1))
    need = NeedFactory(call=call, commune=commune, establishment=one, what="Máy sấy nông sản")
    signed_in("centre_officer", place=call.province)

    body = text(client.get(reverse("needs:page", args=[need.pk])))

    assert "Đã được Nhà nước hỗ trợ" in body
    first = body.index("Có thể cùng nội dung")
    assert first < body.index("01/06/2023") < body.index("01/06/2025")
    assert body.count("Có thể cùng nội dung") == 1


def test_a_need_of_nobody_named_tells_of_those_who_may_be_it(client, signed_in, call, commune):
    SupportedItemFactory(establishment__commune=commune, establishment__name="Hợp tác xã Ea Tul")
    SupportedItemFactory(establishment__commune=commune, establishment__name="Cơ sở mộc Ba Đình")
    need = NeedFactory(call=call, commune=commune, name="HTX Ea Tul")
    signed_in("centre_officer", place=call.province)

    body = text(client.get(reverse("needs:page", args=[need.pk])))

    assert "Cơ sở có thể là một đã được hỗ trợ" in body
    assert "Hợp tác xã Ea Tul" in body and "Ba Đình" not in body


def test_what_was_given_in_another_province_is_told_without_its_name(client, signed_in, call, commune):
    one = EstablishmentFactory(commune=commune, name="HTX Ea Tul")
    far = EstablishmentFactory(name="Xưởng ở xa", merged_into=one)
    SupportedItemFactory(establishment=far, item="Máy ép gạch")
    need = NeedFactory(call=call, commune=commune, establishment=one)
    signed_in("centre_officer", place=call.province)

    body = text(client.get(reverse("needs:page", args=[need.pk])))

    assert "Đã được Nhà nước hỗ trợ" in body and far.province.full_name in body
    assert "Xưởng ở xa" not in body and "Máy ép gạch" not in body


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("named", [True, False])
def test_earlier_support_costs_the_same_for_three_as_for_one(
    client, signed_in, call, commune, named, number, django_assert_max_num_queries
):
    one = EstablishmentFactory(commune=commune, name="HTX Ea Tul")
    for _ in range(number):
        SupportedItemFactory(establishment=one)
    need = NeedFactory(call=call, commune=commune, name="HTX Ea Tul", establishment=one if named else None)
    signed_in("centre_officer", place=call.province)

    with django_assert_max_num_queries(20):
        client.get(reverse("needs:page", args=[need.pk]))
