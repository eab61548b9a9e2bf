"""The yearly report counts each project once, in both maps alike, and each figure leads to the rows that make it."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from django.db.models import Sum

from khuyencong.base.errors import NotAllowed
from khuyencong.contracts.models import Assignment, Settlement
from khuyencong.projects.models import Project
from khuyencong.reporting import exports
from khuyencong.reporting.enums import Map
from khuyencong.reporting.queries import yearly
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AssignmentFactory
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory, StepTakenFactory

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


def of(user, province=None, *, year=2026, map=Map.TODAY):
    return yearly.yearly(yearly.frame_for(user, year=year, province=province, map=map))


@pytest.fixture
def reader(province):
    return person("appraiser", place=province)


def test_only_what_a_decision_has_approved_in_this_year_counts(reader, province):
    ProjectFactory(province=province, approved=True, local=100, counterpart=50)
    ProjectFactory(province=province, state="submitted")
    ProjectFactory(province=province, approved=True, year=2025)

    report = of(reader)

    assert (report.total.projects, report.total.local, report.total.counterpart) == (1, 100, 50)


def test_projects_are_told_by_what_became_of_them(reader, province):
    for state in ("approved", "running", "accepted", "settled", "liquidated", "stopped"):
        ProjectFactory(province=province, state=state)
    changed = ProjectFactory(province=province, approved=True)
    for _time in range(2):
        StepTakenFactory(project=changed, name="adjust", source="approved", target="approved")

    report = of(reader)

    total = report.total
    assert (total.projects, total.accepted, total.settled, total.stopped, report.changed) == (7, 3, 2, 1, 1)


def test_money_of_which_only_the_whole_is_known_stands_beside_the_sources_and_in_none(reader, province):
    ProjectFactory(province=province, approved=True, local=100, counterpart=50)
    ProjectFactory(province=province, undivided=True, unsplit=250)
    ProjectFactory(province=province, undivided=True, state="stopped", unsplit=9)

    report = of(reader)
    tables = {title: (heads, rows) for title, heads, rows in exports.tables(report)}
    heads, rows = tables["Đề án theo nội dung hoạt động"]
    behind = yearly.behind(report.frame, amount="unsplit")

    assert (report.total.support, report.total.counterpart, report.total.unsplit) == (100, 50, 250)
    assert (heads[-1], rows[-1][-1], len(rows[-1])) == ("Chưa tách nguồn", 250, len(heads))
    assert behind.aggregate(told=Sum("figure"))["told"] == 250
    assert all(len(row) == len(heads) for row in rows)


def test_a_report_without_such_money_has_no_column_for_it(reader, province):
    ProjectFactory(province=province, approved=True, local=100)

    tables = {title: heads for title, heads, _rows in exports.tables(of(reader))}

    assert tables["Đề án theo nội dung hoạt động"][-1] == "Nguồn khác"


def test_money_stands_by_activity_and_by_source(reader, province):
    ProjectFactory(province=province, approved=True, local=100)
    ProjectFactory(province=province, approved=True, training=True, local=7, national=3)

    report = of(reader)

    assert [(line.key, line.sums.national, line.sums.local) for line in report.activities] == [(1, 3, 7), (3, 0, 100)]
    assert [(line.source.value, line.approved) for line in report.sources] == [("national", 3), ("local", 107)]


def test_two_communes_that_merged_give_the_same_total_by_both_maps(reader, province):
    old = [CommuneFactory(ended=True, province=ProvinceFactory(ended=True)) for _n in range(2)]
    merged = CommuneFactory(province=province)
    for unit, amount in zip(old, (10, 15), strict=True):
        ProjectFactory(province=province, commune=merged, place_unit=unit, approved=True, local=amount)

    today = of(reader, province, map=Map.TODAY)
    then = of(reader, province, map=Map.THEN)

    assert [(line.key, line.sums.local) for line in today.places] == [(merged.pk, 25)]
    assert sorted((line.key, line.sums.local) for line in then.places) == sorted([(old[0].pk, 10), (old[1].pk, 15)])
    assert today.total == then.total


def test_a_commune_that_was_split_keeps_the_total_by_both_maps(reader, province):
    whole = CommuneFactory(ended=True, province=ProvinceFactory(ended=True))
    parts = [CommuneFactory(province=province) for _n in range(2)]
    ProjectFactory(province=province, commune=parts[0], place_unit=whole, approved=True, local=10)
    ProjectFactory(province=province, commune=None, place_unit=whole, approved=True, local=5)

    today, then = of(reader, province), of(reader, province, map=Map.THEN)

    assert [(line.key, line.sums.local) for line in then.places] == [(whole.pk, 15)]
    assert [(line.key, line.sums.local) for line in today.places] == [(parts[0].pk, 10), (yearly.UNKNOWN, 5)]
    assert today.total == then.total
    assert sum((line.sums for line in then.places), yearly.Sums()) == then.total


def test_the_country_is_counted_by_the_provinces_of_then(province):
    phu_yen = ProvinceFactory(ended=True, full_name="Tỉnh Phú Yên")
    ProjectFactory(province=province, place_unit=CommuneFactory(ended=True, province=phu_yen), approved=True)
    ProjectFactory(province=province, place_unit=phu_yen, approved=True)
    ProjectFactory(province=province, approved=True)
    reader = person("ministry_agency", country=True)

    today, then = of(reader), of(reader, map=Map.THEN)

    assert [(line.label, line.sums.projects) for line in today.places] == [("Tỉnh Đắk Lắk", 3)]
    assert sorted((line.label, line.sums.projects) for line in then.places) == [
        ("Tỉnh Phú Yên (đến 01/07/2025)", 2),
        ("Tỉnh Đắk Lắk", 1),
    ]
    assert (then.unplaced, today.unplaced, today.total == then.total) == (1, 0, True)


def test_paid_money_is_compared_with_what_was_approved_national_and_local_apart(reader, province):
    local = EnvelopeFactory(province=province, given=1000)
    national = EnvelopeFactory(province=province, of_nation=True, given=500)
    project = ProjectFactory(province=province, state="accepted", local=400, national=200, counterpart=900)
    for envelope, kind, amount in (
        (local, "committed", 400),
        (local, "advanced", 300),
        (local, "advanced", -20),
        (national, "advanced", 50),
        (national, "settled", 40),
    ):
        EntryFactory(envelope=envelope, kind=kind, amount=amount, project=project)

    report = of(reader)

    told = [(s.allocated, s.approved, s.advanced, s.settled, s.disbursed) for s in report.sources]
    assert told == [(500, 200, 50, 40, Decimal("0.250")), (1000, 400, 280, 0, Decimal("0.700"))]
    assert report.state_total.disbursed == Decimal("0.550")
    assert report.counterpart_per_support == Decimal("1.500")


def test_national_money_recorded_by_agency_and_province_is_given_once(province):
    EnvelopeFactory(of_agency=True, given=9_000)
    EnvelopeFactory(of_nation=True, province=province, given=2_000)
    agency = person("ministry_agency", country=True)

    country, own = of(agency), of(agency, province)

    assert [line.allocated for line in country.sources] == [9_000, 0]
    assert [line.allocated for line in own.sources] == [2_000, 0]


def test_historical_dossiers_count_are_marked_and_stay_out_of_the_ratio(reader, province):
    envelope = EnvelopeFactory(province=province, given=1000)
    now = ProjectFactory(province=province, state="running", local=400)
    EntryFactory(envelope=envelope, kind="advanced", amount=100, project=now)
    ProjectFactory(province=province, state="liquidated", historical=True, originals_missing=True, local=600)

    report = of(reader)

    local = report.sources[1]
    assert (report.total.projects, report.total.historical, local.approved, local.historical) == (2, 1, 1000, 600)
    assert local.disbursed == Decimal("0.250")


def test_contracts_and_counterpart_settled_are_added_up(reader, province):
    project = ProjectFactory(province=province, state="settled", local=400)
    paper = PaperFactory()
    Assignment.objects.create(
        project=project, form="contract", giver=project.implementer, implementer=project.implementer, paper=paper,
        signed_on=dt.date(2026, 4, 1), national=0, local=400,
    )  # fmt: skip
    Settlement.objects.create(
        project=project, on=dt.date(2026, 10, 1), due_on=dt.date(2026, 10, 15), national=0, local=390, counterpart=77,
        paper=paper,
    )  # fmt: skip

    report = of(reader)

    assert (report.sources[1].contracted, report.counterpart_settled) == (400, 77)


def test_an_establishment_helped_twice_is_two_times_and_one_establishment(reader, province):
    twice = EstablishmentFactory(province=province, woman_owned=True)
    merged = EstablishmentFactory(province=province, merged_into=twice, woman_owned=True)
    for establishment in (twice, twice, merged, EstablishmentFactory(province=province)):
        project = ProjectFactory(province=province, approved=True)
        BeneficiaryFactory(project=project, establishment=establishment, approved=True)
    BeneficiaryFactory(project=ProjectFactory(province=province, state="stopped"), approved=True)
    left, proposed = ProjectFactory.create_batch(2, province=province, approved=True)
    BeneficiaryFactory(project=left, approved=True, removed_on=dt.date(2026, 5, 1))
    BeneficiaryFactory(project=proposed)  # of a group: the department has not approved its list

    report = of(reader)

    assert (report.times, report.establishments, report.women) == (4, 2, 1)


def test_every_figure_is_the_sum_of_the_records_behind_it(reader, province):
    envelope = EnvelopeFactory(province=province)
    for state, local, activity in (("running", 100, 3), ("settled", 30, 3), ("stopped", 5, 1), ("accepted", 0, 4)):
        project = ProjectFactory(
            province=province, state=state, local=local, national=9, counterpart=11, activity=activity
        )
        EntryFactory(envelope=envelope, kind="advanced", amount=local + 1, project=project)
    frame = yearly.frame_for(reader, year=2026, province=province)
    report = yearly.yearly(frame)

    def behind(**asked):
        return yearly.behind(frame, **asked).aggregate(told=Sum("figure", default=0))["told"]

    for name in ("national", "local", "support", "counterpart", "other"):
        assert behind(amount=name) == getattr(report.total, name), name
        for line in report.activities:
            assert behind(amount=name, activity=line.key) == getattr(line.sums, name)
        for line in report.places:
            assert behind(amount=name, place=line.key) == getattr(line.sums, name)
    for condition in ("accepted", "settled", "stopped", "historical"):
        assert yearly.behind(frame, condition=condition).count() == getattr(report.total, condition)
    assert behind(amount="advanced-local") == report.sources[1].advanced == 139
    assert yearly.helped(frame).count() == report.times


def test_places_without_a_commune_have_their_records_too(reader, province):
    ProjectFactory(province=province, commune=None, approved=True, local=5)
    frame = yearly.frame_for(reader, year=2026, province=province)

    assert yearly.behind(frame, place=yearly.UNKNOWN).count() == 1


def test_nobody_reports_beyond_his_territory(reader, province):
    ProjectFactory(approved=True)
    mine = ProjectFactory(province=province, approved=True)

    report = of(reader)

    assert report.total.projects == 1
    assert list(yearly.behind(yearly.frame_for(reader, year=2026))) == [mine]
    assert of(reader, ProvinceFactory()).total.projects == 0


def test_a_commune_officer_reports_his_commune(province):
    commune = CommuneFactory(province=province)
    ProjectFactory(province=province, commune=commune, approved=True)
    ProjectFactory(province=province, approved=True)

    assert of(person("commune_officer", place=commune)).total.projects == 1


@pytest.mark.parametrize("who", ["nobody", "establishment"])
def test_who_has_no_territory_has_no_report(who):
    user = UserFactory() if who == "nobody" else person("establishment", of_body=True)

    with pytest.raises(NotAllowed):
        yearly.frame_for(user, year=2026)


def test_the_number_of_queries_does_not_grow(reader, province, django_assert_num_queries):
    frame = yearly.frame_for(reader, year=2026, map=Map.THEN)
    ProjectFactory(province=province, approved=True, whole=True)
    with django_assert_num_queries(8):
        yearly.yearly(frame)
    for _n in range(2):
        ProjectFactory(province=province, approved=True, whole=True)

    with django_assert_num_queries(8):
        yearly.yearly(frame)


def test_the_workbook_says_what_the_page_says(reader, province):
    ProjectFactory(province=province, approved=True, local=425_060_000, counterpart=MILLION)
    report = of(reader)

    book = openpyxl.load_workbook(exports.workbook(report, title="Báo cáo", note="Tính lúc"))

    sheet = book["Đề án theo nội dung hoạt động"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=6)]
    label = "Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến"
    assert rows == [(label, 1, 0, 425.06, 425.06, 1, 0), ("Cộng", 1, 0, 425.06, 425.06, 1, 0)]
    assert book.sheetnames[0] == "Kinh phí theo nguồn"
    assert Project.objects.count() == 1


def test_the_money_of_a_project_that_was_stopped_is_no_longer_granted(province):
    """As in its plan; what had been paid out stays told until it is given back."""
    ProjectFactory(province=province, state="running", granted_national=0, granted_local=100, granted_counterpart=40)
    stopped = ProjectFactory(province=province, state="stopped", granted_national=0, granted_local=30)
    AssignmentFactory(project=stopped, national=0, local=30)
    EntryFactory(envelope=EnvelopeFactory(province=province), kind="advanced", amount=10, project=stopped)
    frame = yearly.frame_for(person("department_director", place=province), year=2026)

    report = yearly.yearly(frame)

    local = report.sources[1]
    assert (report.total.projects, report.total.stopped, report.total.local, report.total.counterpart) == (
        2,
        1,
        100,
        40,
    )
    assert (local.approved, local.contracted, local.halted, local.advanced) == (100, 0, 30, 10)
    assert (local.halted_advanced, local.disbursed, report.state_total.halted_advanced) == (10, 0, 10)
    for amount, told in (
        ("local", 100),
        ("contracted-local", 0),
        ("halted", 30),
        ("advanced-local", 10),
        ("halted-advanced", 10),
    ):
        assert sum(yearly.behind(frame, amount=amount).values_list("figure", flat=True)) == told


def test_a_historical_dossier_that_was_stopped_takes_nothing_from_the_ratio(reader, province):
    """Its grant is in no sum, so it is not taken off what others were granted either."""
    running = ProjectFactory(province=province, state="running", local=400)
    EntryFactory(envelope=EnvelopeFactory(province=province), kind="advanced", amount=100, project=running)
    ProjectFactory(province=province, state="stopped", historical=True, local=300, granted_local=300)

    local = of(reader).sources[1]

    assert (local.approved, local.historical, local.disbursed) == (400, 0, Decimal("0.250"))
