"""What people stumbled over at the desk of needs; what the page of a need tells of earlier support."""

# ruff: noqa: F811
import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.needs.models import Link
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory, SupportedItemFactory
from tests.factories.needs import (
    LinkFactory,
    NeedFactory,
    NeedStepFactory,
)
from tests.factories.norms import DeadlineRowFactory
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.projects import ProjectFactory
from tests.web.desk.given_needs import call, commune, picture, province, signed_in, text  # noqa: F401


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

    assert "Cơ sở có thể trùng, đã được hỗ trợ" in body
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
