"""Days, rates and authorities of the law, each with its text and its day."""

import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.base.errors import Invalid
from khuyencong.norms import queries
from khuyencong.norms.enums import Act, ProjectKind
from khuyencong.norms.models import Industry, Line
from khuyencong.places.models import Succession
from tests.factories.norms import (
    AdvanceNormFactory,
    ApproverRowFactory,
    DeadlineRowFactory,
    InstrumentFactory,
    LinkFactory,
    PriorityRowFactory,
    SectorRowFactory,
    SupportNormFactory,
)
from tests.factories.places import ProvinceFactory
from tests.norms.conftest import NEW, OLD, on, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NOW = dt.date(2026, 11, 22)
EVE, CHANGE = dt.date(2018, 7, 9), dt.date(2018, 7, 10)  # TT 17/2018


@pytest.mark.parametrize(
    ("kind", "ratio", "proof", "volume", "after"),
    [
        ("cluster_infrastructure", "0.3", "investor_and_volume", "0.5", False),
        ("vocational_training", "0.7", "contract_and_plan", None, False),
        ("fair", "0.7", "contract", None, False),
        ("machinery", "0.7", "volume", "0.7", False),
        ("enterprise_setup", "1", "acceptance", None, True),
    ],
)
def test_the_first_advance_by_kind_of_project(kind, ratio, proof, volume, after):
    answer = queries.advance_ratio(kind, on=EVE)

    assert (answer.ratio, answer.proof, answer.after_acceptance) == (Decimal(ratio), proof, after)
    assert answer.volume == (None if volume is None else Decimal(volume))
    assert answer.is_verified


def test_the_ceiling_before_acceptance_comes_with_its_own_text():
    answer = queries.advance_ratio("machinery", on=dt.date(2018, 5, 10))

    assert answer.ceiling == Decimal("0.7")
    assert answer.ceiling_basis.citation == "điểm b khoản 2 Điều 8, Thông tư liên tịch 26/2014/TTLT-BTC-BCT"


def test_what_was_amended_and_could_not_be_read_is_no_longer_verified():
    assert queries.advance_ratio("machinery", on=EVE).is_verified is True
    assert queries.advance_ratio("machinery", on=CHANGE).is_verified is False


def test_the_ceiling_bounds_what_is_paid_before_acceptance_only():
    AdvanceNormFactory(kind="showroom", ratio="0.9", proof="contract", volume=None)

    assert queries.advance_ratio("showroom", on=NOW).first == Decimal("0.7")
    assert queries.advance_ratio("enterprise_setup", on=NOW).first == 1


def test_a_kind_that_the_law_does_not_name_has_no_rate():
    answer = queries.advance_ratio("voting", on=NOW)

    assert (answer.ratio, answer.first) == (None, None)


def test_local_money_has_an_unverified_default_until_the_province_speaks():
    dak_lak = on("66", NOW)
    text = InstrumentFactory(provincial=True, province=dak_lak)
    default = queries.advance_ratio("machinery", on=NOW, level="provincial", province=dak_lak)
    AdvanceNormFactory(instrument=text, level="provincial", province=dak_lak, ratio="0.5")

    own = queries.advance_ratio("machinery", on=NOW, level="provincial", province=dak_lak)
    other = queries.advance_ratio("machinery", on=NOW, level="provincial", province=on("75", NOW))

    assert (default.ratio, default.is_verified) == (Decimal("0.7"), False)
    assert (own.ratio, own.is_verified) == (Decimal("0.5"), True)
    assert other.ratio == Decimal("0.7")


# deadlines


def test_registration_changed_with_the_amending_circular():
    before = queries.deadline("registration_to_department", on=EVE, year=2019)

    assert (before.day, before.last_day, before.copies) == (dt.date(2018, 5, 20), dt.date(2018, 5, 19), 3)
    assert queries.deadline("registration_to_department", on=CHANGE, year=2019).day is None
    assert queries.deadline("list_to_agency", on=EVE, year=2019).day is None
    assert queries.deadline("list_to_agency", on=CHANGE, year=2020).day == dt.date(2019, 6, 20)


def test_the_call_letter_wins_and_both_are_kept():
    answer = queries.deadline("list_to_agency", on=NOW, year=2028, letter=dt.date(2027, 6, 5))

    assert (answer.default, answer.letter, answer.day) == (
        dt.date(2027, 6, 20),
        dt.date(2027, 6, 5),
        dt.date(2027, 6, 5),
    )
    assert (answer.last_day, answer.differs) == (dt.date(2027, 6, 5), True)


def test_all_days_of_a_year_with_the_letter_beside():
    days = queries.deadlines(2026, on=NOW, letter_dates={"registration_to_department": dt.date(2025, 5, 15)})

    assert {answer.code: (answer.default, answer.day) for answer in days} == {
        "registration_to_department": (None, dt.date(2025, 5, 15)),
        "list_to_agency": (dt.date(2025, 6, 20), dt.date(2025, 6, 20)),
        "liquidation": (dt.date(2027, 1, 22), dt.date(2027, 1, 22)),
    }


def test_settlement_counts_fifteen_days_from_acceptance():
    answer = queries.deadline("settlement_dossier", on=NOW, after=dt.date(2026, 11, 20))

    assert answer.day == dt.date(2026, 12, 5)


def test_liquidation_falls_in_the_next_january():
    answer = queries.deadline("liquidation", on=NOW, year=2026)

    assert (answer.day, answer.last_day) == (dt.date(2027, 1, 22), dt.date(2027, 1, 22))


def test_the_monthly_report_is_due_before_the_25th():
    answer = queries.deadline("monthly_report", on=NOW, year=2026, month=11)

    assert (answer.day, answer.last_day) == (dt.date(2026, 11, 25), dt.date(2026, 11, 24))


@pytest.mark.parametrize(("day", "last"), [(27, 27), (28, 28), (29, 28), (31, 28)])
def test_a_monthly_day_that_a_month_has_not_is_its_last(day, last):
    own = {"level": "provincial", "province": ProvinceFactory()}
    DeadlineRowFactory(code="monthly_report", kind="monthly", month=None, day=day, year_offset=0, **own)

    answer = queries.deadline("monthly_report", on=NOW, year=2027, month=2, **own)

    assert answer.day == dt.date(2027, 2, last)


# authorities


@pytest.mark.parametrize(
    ("day", "role"),
    [
        (dt.date(2025, 6, 30), ""),
        (dt.date(2025, 7, 1), "ministry_approver"),
        (dt.date(2025, 10, 15), "ministry_approver"),
    ],
)
def test_the_national_programme_passed_from_the_prime_minister_to_the_ministry(day, role):
    assert queries.approver("approve_programme", on=day).role == role


@pytest.mark.parametrize(
    ("level", "role"),
    [("national", "ministry_approver"), ("provincial", "provincial_approver"), ("communal", "provincial_approver")],
)
def test_who_approves_a_plan_by_level(level, role):
    assert queries.approver("approve_plan", on=NOW, level=level).role == role


def test_a_province_may_leave_its_plans_to_the_department():
    dak_lak = on("66", NOW)
    ApproverRowFactory(
        instrument=InstrumentFactory(provincial=True, province=dak_lak),
        level="provincial",
        province=dak_lak,
        role="department_director",
        body="Giám đốc Sở Công Thương",
    )

    assert queries.approver("approve_plan", on=NOW, level="provincial", province=dak_lak).role == "department_director"
    assert (
        queries.approver("approve_plan", on=NOW, level="provincial", province=on("75", NOW)).role
        == "provincial_approver"
    )


@pytest.mark.parametrize("level", ["national", "provincial", "communal"])
def test_the_department_chairs_acceptance(level):
    assert queries.approver(Act.CHAIR_ACCEPTANCE, on=NOW, level=level).role == "department_director"


@pytest.mark.parametrize(
    ("change", "form", "level", "role"),
    [
        ("increase_total", "single", "national", "ministry_approver"),
        ("extend_next_year", "group", "national", "ministry_approver"),
        ("stop", "single", "national", "ministry_approver"),
        ("beneficiary", "single", "national", "ministry_agency"),
        ("beneficiary", "group", "national", "department_director"),
        ("time_in_year", "group", "national", "ministry_agency"),
        ("stop", "single", "provincial", "provincial_approver"),
        ("beneficiary", "single", "provincial", "department_director"),
        ("stop", "single", "communal", "provincial_approver"),
    ],
)
def test_who_decides_a_change(change, form, level, role):
    """TT 36/2013 Đ11."""
    assert queries.change_authority(change, form=form, on=NOW, level=level).role == role


def test_group_projects_became_a_closed_list():
    assert queries.group_rule("cluster_infrastructure", on=EVE).beneficiaries_later is True
    assert queries.group_rule("cluster_infrastructure", on=CHANGE).allowed is False
    assert sum(queries.group_rule(kind, on=CHANGE).allowed for kind in ProjectKind) == 6


def test_a_national_machinery_group_names_place_beneficiary_and_machine():
    answer = queries.group_rule("machinery", on=NOW)

    assert (answer.allowed, answer.beneficiaries_later) == (True, False)
    assert answer.must_name == "địa điểm, đơn vị thụ hưởng, loại máy móc thiết bị"


def test_fairs_go_to_tender_and_machines_do_not():
    assert queries.selection("fair", on=NOW).by_tender is True
    assert queries.selection("machinery", on=NOW).by_tender is False
    assert queries.selection("fair", on=NOW, level="provincial").by_tender is False


def test_management_cost_is_a_share_of_its_base():
    agency = queries.management_cost("agency", on=dt.date(2018, 5, 10), base=1_000_000_000)
    implementer = queries.management_cost("implementer", on=NOW, base=100_000_001)

    assert (agency.percent, agency.maximum, agency.is_verified) == (Decimal("1.5"), 15_000_000, True)
    assert (implementer.percent, implementer.maximum, implementer.is_verified) == (Decimal("2.5"), 2_500_000, False)


def test_trades_stand_in_their_order_and_burnt_bricks_are_out():
    rows = queries.eligible_sectors(on=NOW)

    assert [row.code for row in rows] == ["a", "b", "c", "d", "dd", "e", "g", "burnt_clay_bricks"]
    assert [row.code for row in rows if row.excluded] == ["burnt_clay_bricks"]


def test_areas_are_asked_before_trades_in_the_order_of_the_circular():
    rows = queries.priorities(on=dt.date(2024, 1, 1))

    assert [row.code for row in rows][:4] == [
        "highland_island_border_ethnic",
        "poor_district",
        "new_rural_commune",
        "difficult_area",
    ]


def test_the_trade_classification_is_there():
    assert Industry.objects.filter(version="VSIC 2025").count() == 528


def test_texts_resting_on_an_ended_one_are_listed():
    base = InstrumentFactory(valid_to=dt.date(2024, 1, 1))
    local = InstrumentFactory(provincial=True)
    LinkFactory(instrument=local, target=base)

    before = queries.instruments_resting_on_ended(on=dt.date(2023, 12, 31))
    after = {text: text.ended_bases for text in queries.instruments_resting_on_ended(on=dt.date(2024, 1, 1))}

    assert local not in before
    assert after[local] == [base]


def test_the_shipped_law_never_contradicts_itself():
    assert queries.invariants() == []


def test_contradictions_are_told_in_sentences():
    """What reached the database past the acts is found again."""
    text = InstrumentFactory(valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2021, 1, 1))
    AdvanceNormFactory(instrument=text, kind="contest")

    (said,) = queries.invariants()

    assert said.endswith("có hiệu lực ngoài thời gian của văn bản.")


# whose rows bind whom


def thanh_hoa(kind):
    """A province on both sides of the reform, left as it was (``unchanged``) or merged into one of the same code."""
    before = unit("38", "province", "province", "Tỉnh Thanh Hóa", since=OLD, until=NEW)
    after = unit("38", "province", "province", "Tỉnh Thanh Hóa", since=NEW)
    Succession.objects.create(old=before, new=after, kind=kind, on=NEW)
    return before, after


@pytest.mark.parametrize(("kind", "binds"), [("unchanged", True), ("whole", False)])
@pytest.mark.parametrize("named", [0, 1])
def test_the_text_of_a_province_that_was_not_merged_holds_over_the_reform(kind, binds, named):
    """The row may name the province as it was or as it is; a merged province has to speak anew."""
    versions = thanh_hoa(kind)
    text = InstrumentFactory(provincial=True, province=versions[named])
    line = Line.objects.get(code="MMTB")
    SupportNormFactory(instrument=text, level="provincial", province=versions[named], line=line, valid_from=OLD)

    found = [
        queries.maximum("MMTB", cost=500_000_000, on=day, level="provincial", province=version).maximum
        for day, version in ((dt.date(2024, 6, 1), versions[0]), (dt.date(2026, 6, 1), versions[1]))
    ]

    assert found == [200_000_000 if binds or named == at else None for at in (0, 1)]


def test_a_province_left_alone_cannot_have_two_rows_of_one_day_under_its_two_names():
    before, after = thanh_hoa("unchanged")
    line = Line.objects.get(code="MMTB")
    old = SupportNormFactory(
        instrument=InstrumentFactory(provincial=True, province=before), level="provincial", province=before, line=line
    )
    new = SupportNormFactory.build(instrument=old.instrument, level="provincial", province=after, line=line)

    assert queries.overlapping(new) == old
    SupportNormFactory(
        instrument=InstrumentFactory(provincial=True, province=after), level="provincial", province=after, line=line
    )
    assert len(queries.overlaps()) == 1


def test_a_priority_of_one_province_binds_its_own_money_alone():
    dak_lak, dong_nai = on("66", NOW), on("75", NOW)
    text = InstrumentFactory(provincial=True, province=dak_lak)
    PriorityRowFactory(instrument=text, level="provincial", province=dak_lak, code="coffee", rank=1, text="Cà phê")
    PriorityRowFactory(instrument=text, level="provincial", province=dak_lak, code="export", kind="sector", rank=9)

    national = {row.code: row.rank for row in queries.priorities(on=NOW)}
    own = {row.code: row.rank for row in queries.priorities(on=NOW, province=dak_lak)}
    other = {row.code for row in queries.priorities(on=NOW, province=dong_nai)}

    assert ("coffee" in national, national["export"]) == (False, 1)
    assert ("coffee" in own, own["export"]) == (True, 9)
    assert "coffee" not in other
    with pytest.raises(Invalid):
        queries.maximum("MMTB", cost=1_000_000, on=NOW, place=on("24100", NOW), priority=["coffee"])


def test_a_trade_that_one_province_adds_is_not_everybodys():
    dak_lak = on("66", NOW)
    text = InstrumentFactory(provincial=True, province=dak_lak)
    SectorRowFactory(instrument=text, level="provincial", province=dak_lak, code="x")

    assert "x" not in [row.code for row in queries.eligible_sectors(on=NOW)]
    assert "x" in [row.code for row in queries.eligible_sectors(on=NOW, province=dak_lak)]


def test_management_of_local_money_is_bound_by_the_province_alone():
    """The 1,5 % and 2,5 % stand under national spending (TTLT 26/2014 Đ6.2); a province says its own (Đ6.3)."""
    dak_lak = on("66", NOW)
    asked = {"on": NOW, "base": 1_000_000_000, "level": "provincial", "province": dak_lak}

    assert queries.management_cost("agency", **asked).maximum is None
    SupportNormFactory(
        instrument=InstrumentFactory(provincial=True, province=dak_lak),
        line=Line.objects.get(code="QL_CO_QUAN"),
        level="provincial",
        province=dak_lak,
        percent="1.2",
        cap=None,
    )
    assert queries.management_cost("agency", **asked).maximum == 12_000_000
