"""Rows that a person confirmed land under their decision, once, with their money."""

# ruff: noqa: F811
import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets.queries import available
from khuyencong.people.operations import system_account
from khuyencong.places.models import Unit
from khuyencong.plans import imports, operations
from khuyencong.plans.models import Decision, Plan
from khuyencong.projects.models import Project, StepTaken
from tests.factories.budgets import EnvelopeFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.plans.given import CENTRE, ISSUE, UNIT, M, book, centre, check, commune, project, province, reasons, verdicts  # noqa: F401

pytestmark = pytest.mark.django_db

SIGNED = dt.date(2026, 3, 2)


@pytest.fixture
def clerk(province):
    return person("appraiser", place=province)


@pytest.fixture
def envelope(province):
    return EnvelopeFactory(province=province, name="KCĐP 2026", given=5_000 * M)


def write(checked, by, **options):
    return imports.write_plan(checked, by=by, number="12/QĐ-UBND", signed_on=SIGNED, **options)


def test_confirmed_rows_land_approved_under_their_decision_with_their_commitments(
    province, commune, centre, clerk, envelope
):
    known = EstablishmentFactory(name="Công ty TNHH Cà phê Ban Mê", province=province, commune=commune)
    checked = check(
        province, *UNIT, ISSUE, project(1), project(2, "Máy rang", implementer="Hội Nông dân", beneficiary="HTX Mới")
    )

    counts = write(checked, clerk, signer="Nguyễn Văn An", signer_title="Phó Chủ tịch")

    first, second = Project.objects.order_by("pk")
    decision = Decision.objects.get()
    assert counts["written"] == 2
    assert (first.state, first.granted_local, first.granted_counterpart, first.commune, first.implementer) == (
        "approved",
        300 * M,
        320 * M,
        commune,
        centre,
    )
    assert (second.implementer.name, second.implementer.kind) == ("Hội Nông dân", "union")
    assert [b.establishment.name for b in first.beneficiaries.all()] == [known.name]
    assert [b.establishment.name for b in second.beneficiaries.all()] == ["HTX Mới"]
    assert (decision.state, decision.paper.number, decision.paper.signer, decision.on) == (
        "approved",
        "12/QĐ-UBND",
        "Nguyễn Văn An",
        SIGNED,
    )
    assert [(item.project, item.local) for item in decision.items.all()] == [(first, 300 * M), (second, 300 * M)]
    assert available(envelope) == 4_400 * M
    event = Event.objects.get(action="project.bring_in")
    assert (event.data["digest"], event.data["count"], event.data["counts"]["written"]) == (checked.digest, 2, 2)
    assert set(StepTaken.objects.values_list("project", "line")) == {(first.pk, event.pk), (second.pk, event.pk)}


def test_the_same_file_twice_adds_nothing(province, commune, centre, clerk, envelope):
    rows = [*UNIT, ISSUE, project(1), project(2, "Máy rang", implementer="Hội Nông dân")]
    write(check(province, *rows), clerk)
    again = check(province, *rows)

    counts = write(again, clerk)

    assert (verdicts(again), counts["written"], Project.objects.count()) == (["same", "same"], 0, 2)
    assert available(envelope) == 4_400 * M


def test_a_row_that_differs_from_what_is_kept_is_said_and_never_overwritten(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1)), clerk)

    again = check(province, *UNIT, ISSUE, project(1, total=640, local=320))
    write(again, clerk)

    assert verdicts(again) == ["changed"]
    assert "KCĐP 300.000.000 → 320.000.000 đồng" in again.warnings[0].reason
    assert Project.objects.get().granted_local == 300 * M


def test_what_was_faulty_joins_its_decision_by_a_corrected_file(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1), project(2, "Máy rang", total=9)), clerk)

    counts = write(check(province, *UNIT, ISSUE, project(1), project(2, "Máy rang")), clerk)

    decision = Decision.objects.get()
    assert (counts["same"], counts["written"]) == (1, 1)
    assert [item.order for item in decision.items.all()] == [1, 2]
    assert (Plan.objects.count(), available(envelope)) == (1, 4_400 * M)


def test_a_title_of_another_implementer_and_a_row_twice_are_doubtful(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1)), clerk)
    checked = check(
        province, *UNIT, ISSUE, project(1, implementer="Hội Nông dân"), project(2, "Máy A"), project(3, "Máy A"),
        project(4, "máy a", total=640, own=340),
    )  # fmt: skip

    assert verdicts(checked) == ["doubtful", "new", "same", "doubtful"]
    assert write(checked, clerk, accept=[("Biểu 1", 6)])["written"] == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "Chưa có dự toán Khuyến công địa phương năm 2026 nào được giao cho Tỉnh Đắk Lắk"),
        (300 * M - 1, "chỉ còn 299.999.999 đồng; tệp cần 300.000.000 đồng, thiếu 1 đồng"),
        (300 * M, ""),
    ],
)
def test_without_an_envelope_that_has_the_money_nothing_is_written(province, commune, centre, clerk, given, sentence):
    if given:
        EnvelopeFactory(province=province, given=given)
    checked = check(province, *UNIT, ISSUE, project(1))

    if not sentence:
        assert write(checked, clerk)["written"] == 1
        return
    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    assert sentence in str(refusal.value)
    assert (Project.objects.count(), Plan.objects.count(), Event.objects.filter(action="project.bring_in").count()) == (
        0,
        0,
        0,
    )


def test_of_several_envelopes_a_person_chooses(province, commune, centre, clerk, envelope):
    other = EnvelopeFactory(province=province, name="KCĐP đợt 2", given=1_000 * M)
    checked = check(province, *UNIT, ISSUE, project(1))

    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    write(checked, clerk, envelopes={"local": other})

    assert "Có nhiều dự toán" in str(refusal.value)
    assert (available(envelope), available(other)) == (5_000 * M, 700 * M)


def test_rows_without_a_kind_are_refused_until_somebody_chooses(province, commune, centre, clerk, envelope):
    checked = check(province, *UNIT, ISSUE, project(1), project(2, "Đề án số 2", content=None))

    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    written = write(checked, clerk, kind="consulting")["written"]

    assert "Chưa rõ dạng của 1 đề án (dòng 7)" in str(refusal.value)
    assert (written, Project.objects.get(title="Đề án số 2").activity) == (2, 5)


@pytest.mark.parametrize(
    ("signed", "number"), [(dt.date(2026, 11, 23), "12/QĐ-UBND"), (dt.date(2026, 1, 4), "12/QĐ-UBND"), (SIGNED, " ")]
)
def test_a_decision_of_the_future_before_its_money_or_without_a_number_is_refused(
    province, commune, centre, clerk, envelope, signed, number
):
    checked = check(province, *UNIT, ISSUE, project(1))

    with pytest.raises((NotPossible, Invalid)):
        imports.write_plan(checked, by=clerk, number=number, signed_on=signed)

    assert Project.objects.count() == 0


def test_only_who_may_import_here_writes(province, commune, centre, envelope):
    checked = check(province, *UNIT, ISSUE, project(1))

    for stranger in (person("appraiser"), person("auditor", place=province)):
        with pytest.raises(NotAllowed):
            write(checked, stranger)

    assert Project.objects.count() == 0


def test_national_rows_are_paid_by_the_national_envelope_of_the_province(province, commune, centre, clerk):
    national = EnvelopeFactory(province=province, of_nation=True, given=1_000 * M)
    checked = check(province, *UNIT, ISSUE, project(1, national=300, local=None), level="national")

    write(checked, clerk)

    assert (Plan.objects.get().level, available(national)) == ("national", 700 * M)


def test_a_communal_plan_belongs_to_one_commune(province, commune, centre, clerk):
    EnvelopeFactory(province=province, of_commune=True, commune=commune, given=1_000 * M)
    one = check(province, *UNIT, ISSUE, project(1), level="communal")
    two = check(
        province, *UNIT, ISSUE, project(2, "Máy rang"), project(3, "Máy A", place="Xã Ea Kar"), level="communal"
    )
    none = check(province, *UNIT, ISSUE, project(4, "Máy B", place=None), level="communal")

    write(one, clerk)
    with pytest.raises(NotPossible) as refusal:
        write(two, clerk)

    assert (Plan.objects.get().commune, verdicts(none)) == (commune, ["faulty"])
    assert "Xã Ea Kly, Xã Ea Kar" in str(refusal.value)


def test_two_communes_may_give_their_decisions_one_number_on_one_day(province, commune, centre, clerk):
    other = Unit.objects.get(name="Ea Kar")
    for place in (commune, other):
        EnvelopeFactory(province=province, of_commune=True, commune=place, given=1_000 * M)

    write(check(province, *UNIT, ISSUE, project(1), level="communal"), clerk)
    write(check(province, *UNIT, ISSUE, project(2, "Máy A", place="Xã Ea Kar"), level="communal"), clerk)

    assert sorted(Decision.objects.values_list("paper__number", "paper__commune__name")) == [
        ("12/QĐ-UBND", "Ea Kar"),
        ("12/QĐ-UBND", "Ea Kly"),
    ]


def test_a_decision_made_in_this_system_takes_no_rows_from_a_file(house, appraised, issued):
    decision = issued(appraised())

    with pytest.raises(NotPossible):
        operations.extend_issued(decision, members=[], by=house.appraiser, envelopes={})
    CommuneFactory(province=house.province, name="Ea Kly", full_name="Xã Ea Kly")
    checked = check(house.province, *UNIT, ISSUE, project(1, implementer=house.centre.name))
    with pytest.raises(NotPossible) as refusal:
        imports.write_plan(checked, by=house.appraiser, number=decision.paper.number, signed_on=decision.on)

    assert "đã được ghi nhận" in str(refusal.value)
    assert decision.items.count() == 1


def test_whoever_imports_opens_the_plan_and_others_do_not(province, clerk):
    plan = operations.open_plan(level="provincial", year=2026, province=province, by=system_account())

    with pytest.raises(NotAllowed):
        operations.open_plan(level="national", year=2026, province=province, by=person("accountant", place=province))

    assert Plan.objects.exclude(level="provincial").count() == 0 and Plan.objects.get(province=province) == plan
