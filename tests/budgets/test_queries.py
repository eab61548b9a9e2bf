"""Balances are added up from the ledger; one query serves many rows."""

import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.rules import Balance, same_number
from khuyencong.projects.enums import Source
from tests.budgets.conftest import DAY, paper
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.people import UserFactory, person
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_balances_of_many_envelopes_are_one_query(house, django_assert_num_queries, count):
    envelopes = [EnvelopeFactory(province=house.province, given=100) for _ in range(count)]

    with django_assert_num_queries(1):
        found = queries.balances(envelopes)

    assert found == {envelope.pk: Balance(allocated=100) for envelope in envelopes}


@pytest.mark.parametrize("count", [1, 3])
def test_positions_of_many_projects_are_one_query(house, envelope, django_assert_num_queries, count):
    projects = [ProjectFactory(province=house.province) for _ in range(count)]
    for project in projects:
        operations.commit(envelope, project=project, amount=10, **house.signed)

    with django_assert_num_queries(1):
        found = queries.positions_of(projects)

    assert {key: sums[Source.LOCAL] for key, sums in found.items()} == {p.pk: Balance(committed=10) for p in projects}


def test_balances_tell_what_was_on_a_day(house, envelope):
    project = ProjectFactory(province=house.province)
    operations.commit(envelope, project=project, amount=600, **house.signed)

    before, on = queries.balance(envelope, until=dt.date(2026, 3, 1)), queries.balance(envelope, until=DAY)

    assert (before.available, on.available) == (1_000, 400)


def test_national_and_local_money_are_counted_apart(house, envelope):
    EnvelopeFactory(of_nation=True, province=house.province, given=2_000)
    project = ProjectFactory(province=house.province)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    operations.advance(envelope, project=project, amount=333, **house.signed)

    found = queries.totals(Envelope.objects.all())

    assert (found[Source.NATIONAL].money, found[Source.LOCAL].money) == (2_000, 1_000)
    assert {source: sums.disbursed_percent for source, sums in found.items()} == {
        Source.NATIONAL: Decimal("0.0"),
        Source.LOCAL: Decimal("33.3"),
    }
    assert Balance().disbursed_percent is None


@pytest.mark.parametrize(("agency", "allotted", "given"), [(9_000, 2_000, 9_000), (9_000, 0, 9_000), (0, 2_000, 2_000)])
def test_national_money_that_agency_and_province_both_record_counts_once(house, agency, allotted, given):
    whole = EnvelopeFactory(of_agency=True, given=agency)
    part = EnvelopeFactory(of_nation=True, province=house.province, given=allotted)
    for envelope in (whole, part):
        EntryFactory(envelope=envelope, committed=True, project__province=house.province, amount=700)
        EntryFactory(envelope=envelope, committed=True, project__province=house.province, amount=70, kind="advanced")

    sums = queries.totals(Envelope.objects.all())[Source.NATIONAL]

    assert (sums.money, sums.committed, sums.advanced) == (given, 1_400, 140)  # a promise is one or the other
    assert queries.totals(Envelope.objects.filter(province=house.province))[Source.NATIONAL].money == allotted


def test_national_money_counts_once_a_year(house):
    for year in (2025, 2026):
        EnvelopeFactory(of_agency=True, year=year, given=9_000)
    EnvelopeFactory(of_nation=True, province=house.province, year=2025, given=2_000)

    assert queries.totals(Envelope.objects.all())[Source.NATIONAL].money == 18_000


@pytest.mark.parametrize("count", [1, 3])
def test_the_sums_of_a_board_are_those_of_the_ledger_and_one_query(house, django_assert_num_queries, count):
    EnvelopeFactory(of_agency=True, given=2_500)
    for n in range(count):
        envelope = EnvelopeFactory(of_nation=n == 0, province=house.province, given=2_000)
        for kind, amount in (("committed", 900), ("management", 20), ("advanced", 400), ("settled", 300)):
            EntryFactory(envelope=envelope, committed=True, project__province=house.province, kind=kind, amount=amount)
        for kind, amount in (("carried_in", 70), ("carried_out", 5), ("returned", 3)):
            EntryFactory(envelope=envelope, kind=kind, amount=amount)
    EnvelopeFactory(of_agency=True, year=2020, given=7)

    rows = queries.with_sums(Envelope.objects.filter(year=2026))
    with django_assert_num_queries(1):
        sums = queries.sums_of(rows)

    told = queries.both(queries.totals(Envelope.objects.filter(year=2026)))
    assert (sums.given, sums.moved, sums.left) == (told.allocated, told.moved, told.available)
    assert (sums.committed, sums.advanced, sums.settled) == (920 * count, 400 * count, 300 * count)
    assert sums.given == 2_500 + 2_000 * (count - 1)


def test_one_dong_is_followed_from_the_decision_to_its_end(house, envelope):
    project = ProjectFactory(province=house.province)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    operations.commit(envelope, project=ProjectFactory(province=house.province), amount=100, **house.signed)
    operations.advance(envelope, project=project, amount=420, **house.signed)
    operations.settle(envelope, project=project, amount=600, **house.signed)

    told = [(entry.kind, entry.amount) for entry in queries.flow(project)]

    assert told == [("allocated", 1_000), ("committed", 600), ("advanced", 420), ("settled", 600)]


def test_the_ledger_shows_what_was_left_after_each_line(house, envelope):
    project = ProjectFactory(province=house.province)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    operations.advance(envelope, project=project, amount=420, **house.signed)
    operations.settle(envelope, project=project, amount=500, **house.signed)

    assert [(line.entry.kind, line.left) for line in queries.ledger(envelope)] == [
        ("allocated", 1_000),
        ("committed", 400),
        ("advanced", 400),
        ("settled", 400),
        ("committed", 500),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_part_of_the_ledger_reads_its_own_lines_alone(house, envelope, count, django_assert_num_queries):
    project = ProjectFactory(province=house.province)
    for _n in range(count):
        operations.commit(envelope, project=project, amount=100, **house.signed)

    with django_assert_num_queries(2):
        ledger = queries.ledger(envelope)
        last = [(line.entry.project, line.left) for line in ledger[count:]]

    assert (len(ledger), last) == (count + 1, [(project, 1_000 - 100 * count)])
    assert (ledger[-1].left, ledger[0].left) == (1_000 - 100 * count, 1_000)


def test_envelopes_are_seen_in_their_territory_only(envelope):
    there = person("accountant", place=envelope.province)

    assert list(Envelope.objects.visible_to(there)) == [envelope]
    assert list(Envelope.objects.visible_to(person("auditor", country=True, place=None))) == [envelope]
    assert list(Envelope.objects.visible_to(person("accountant"))) == []
    assert list(Envelope.objects.visible_to(UserFactory())) == []


def test_a_sound_ledger_breaks_no_rule(house, envelope):
    project = ProjectFactory(province=house.province, approved=True, local=600)
    operations.commit(envelope, project=project, amount=600, **house.signed)

    assert list(queries.invariants()) == []


def test_what_no_constraint_keeps_is_found(house, envelope):
    project = ProjectFactory(province=house.province, approved=True, local=600, code="26-00001")
    signed = {"project": project, "on": DAY, "paper": paper(), "by": house.accountant}
    Entry.objects.bulk_create(
        [
            Entry(envelope=envelope, kind="committed", amount=1_100, **signed),
            Entry(envelope=envelope, kind="advanced", amount=1_200, **signed),
            Entry(envelope=envelope, kind="carried_out", amount=5, **signed | {"project": None}),
        ]
    )

    assert list(queries.invariants()) == [
        "Nguồn KCĐP 2026: đã hứa vượt 105 đồng.",
        "Đề án 26-00001, nguồn KCĐP 2026: tạm ứng vượt cam kết.",
        "Nguồn KCĐP 2026: khoản chuyển nguồn 5 đồng không khớp bên nhận.",
        "Đề án 26-00001: quyết định duyệt 600 đồng, sổ ghi cam kết 1.100 đồng.",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3187/QĐ-UBND", "3187/QĐ-UBND", True),
        ("3187/QĐ-UBND", " 3187 / qđ-ubnd", True),
        ("3187/QĐ-UBND", "3187/QD-UBND", True),
        ("3187/QĐ-UBND", "3178/QĐ-UBND", False),
    ],
)
def test_numbers_of_papers_are_compared_as_a_reader_does(one, other, same):
    assert same_number(one, other) is same


def test_the_factory_gives_money_by_a_budget_decision():
    entry = EntryFactory()

    assert (entry.paper.kind, queries.available(entry.envelope)) == ("budget_decision", 1_000_000_000)
