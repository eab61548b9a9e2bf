"""What the plan said on a day, what is left to assign, and who comes next in the order of the law."""

import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.budgets import operations as budgets
from khuyencong.budgets.queries import available
from khuyencong.plans import operations, queries
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.operations import Aim
from khuyencong.plans.rules import authority_of_change, cut
from tests.factories.budgets import EnvelopeFactory
from tests.factories.councils import SheetFactory
from tests.factories.establishments import RecognitionFactory, YearlyFactsFactory
from tests.factories.norms import ConditionFactory, PriorityRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, UnitFactFactory
from tests.factories.plans import ChangeRequestFactory, DecisionFactory, ItemFactory, PlanFactory, TargetFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.plans.conftest import DAY, MILLION, paper

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.fixture
def told(house, appraised, issued):
    """Two projects on 2 March, one of them stopped on 1 July."""
    first, second = appraised(), appraised()
    issued(first, second)
    second.refresh_from_db()
    request = ChangeRequestFactory(project=second, confirmed=True)
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)
    operations.put_change(decision, request=request, by=house.appraiser)
    operations.submit(decision, by=house.department, on=JUNE, paper=paper("submission", signed_on=JUNE))
    operations.approve(decision, by=house.approver, on=JULY, paper=paper("change_decision", signed_on=JULY))
    return first, second


def test_the_plan_is_told_as_of_a_day(house, told):
    for day, count, money in [
        (dt.date(2026, 3, 1), 0, 0),
        (DAY, 2, 600),
        (dt.date(2026, 6, 30), 2, 600),
        (JULY, 1, 300),
        (dt.date(2026, 11, 22), 1, 300),
    ]:
        version = queries.as_of(house.plan, day)

        assert (version.sums.count, version.sums.support) == (count, money * MILLION), day
        assert [item.project for item in version.stopped] == ([told[1]] if day >= JULY else []), day


def test_the_chain_shows_the_balance_after_each_decision(house, told, draft, appraised):
    draft(appraised())

    links = queries.chain(house.plan)

    shown = [
        (link.decision.title, link.count, link.local, link.after and link.after.support, link.left) for link in links
    ]
    assert shown == [
        ("Phê duyệt đợt 1", 2, 600 * MILLION, 600 * MILLION, 400 * MILLION),
        ("Ngừng lần 1", 1, -300 * MILLION, 300 * MILLION, 700 * MILLION),
        ("Phê duyệt đợt 2", 1, 300 * MILLION, None, 0),
    ]


def test_what_is_left_after_a_decision_is_what_the_ledger_of_its_own_money_says(house, appraised, issued):
    national = EnvelopeFactory(of_nation=True, province=house.province, given=2_000 * MILLION)
    elsewhere = ProjectFactory(of_nation=True, province=house.province, state="ministry_appraised")
    budgets.commit(house.envelope, project=elsewhere, amount=100 * MILLION, by=house.department, on=DAY, paper=paper())
    issued(appraised())
    issued(appraised())
    above = DecisionFactory(
        plan=PlanFactory(level="national", province=house.province), state="approved", on=DAY, paper=paper()
    )

    assert [link.left for link in queries.chain(house.plan)] == [600 * MILLION, 300 * MILLION]
    assert available(house.envelope) == 300 * MILLION
    assert [link.left for link in queries.chain(above.plan)] == [available(national)]


def test_the_reserve_is_what_the_envelopes_can_still_promise(house, told):
    assert queries.reserve(house.plan) == {house.envelope: 700 * MILLION}


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_of_the_plan_is_one_query_however_long(house, appraised, issued, django_assert_num_queries, count):
    issued(*(appraised() for _ in range(count)))

    with django_assert_num_queries(1):
        version = queries.as_of(house.plan, DAY)
        assert [(item.project.implementer, item.decision.paper.number) for item in version.items]

    assert version.sums.count == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_chain_asks_the_same_number_of_queries(house, appraised, issued, django_assert_num_queries, count):
    for _ in range(count):
        issued(appraised())

    with django_assert_num_queries(4):
        assert len(queries.chain(house.plan)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_sums_of_many_plans_are_one_query(house, django_assert_num_queries, count):
    plans = [PlanFactory() for _ in range(count)]
    for plan in plans:
        ItemFactory(decision=DecisionFactory(plan=plan, issued=True))

    with django_assert_num_queries(1):
        found = queries.standing_sums(plans)

    assert [found[plan.pk].support for plan in plans] == [300 * MILLION] * count


# ---- the order of the law ----


def test_candidates_are_appraised_and_in_no_open_decision(house, appraised, draft, issued):
    free, taken = appraised(), appraised()
    draft(taken)
    issued(appraised())
    appraised(state="submitted")
    appraised(year=2027)
    ProjectFactory(state="appraised")

    assert list(queries.candidates(house.plan)) == [free]


def test_the_law_chooses_flagships_then_areas_then_trades_then_the_abler(house, appraised):
    PriorityRowFactory(code="difficult_area", kind="area", rank=4)
    PriorityRowFactory(code="poor_district", kind="area", rank=2)
    PriorityRowFactory(code="women_owned", kind="sector", rank=1)
    difficult, poor = CommuneFactory(province=house.province), CommuneFactory(province=house.province)
    UnitFactFactory(unit=difficult, name="priority_area", value="difficult_area")
    UnitFactFactory(unit=poor, name="priority_area", value="poor_district")
    abler = OrganisationFactory(centre=True, place=house.province)
    ProjectFactory(state="liquidated", implementer=abler, province=house.province, year=2024)
    plain = appraised(code="1")
    able = appraised(code="2", implementer=abler)
    woman = appraised(code="3")
    BeneficiaryFactory(project=woman, establishment__woman_owned=True)
    in_difficult, in_poor = appraised(code="4", commune=difficult), appraised(code="5", commune=poor)
    flagship = appraised(code="6", form="flagship")

    ranked = queries.ranking(queries.candidates(house.plan), on=DAY)

    assert [standing.project for standing in ranked] == [flagship, in_poor, in_difficult, woman, able, plain]


@pytest.mark.parametrize("kind", ["cleaner_assessment", "cleaner_pilot"])
def test_work_on_cleaner_production_waits_for_no_area_and_no_trade(house, appraised, kind):
    """TT 46/2012 Đ6.3b; cleaner production is no trade in the order of the trades either (Đ6.3a)."""
    PriorityRowFactory(code="difficult_area", kind="area", rank=1)
    PriorityRowFactory(code="cleaner_production", kind="sector", rank=3)
    commune = CommuneFactory(province=house.province)
    UnitFactFactory(unit=commune, name="priority_area", value="difficult_area")
    plain, in_area = appraised(code="1"), appraised(code="2", commune=commune)
    cleaner, at_a_cleaner = appraised(code="3", kind=kind), appraised(code="4")
    BeneficiaryFactory(project=at_a_cleaner, establishment__cleaner_production=True)
    flagship = appraised(code="5", form="flagship")

    ranked = queries.ranking(queries.candidates(house.plan), on=DAY)

    assert [standing.project for standing in ranked] == [flagship, cleaner, in_area, plain, at_a_cleaner]


def test_without_a_row_of_the_day_work_on_cleaner_production_stands_in_the_order(house, appraised):
    plain, cleaner = appraised(code="1"), appraised(code="2", kind="cleaner_pilot")

    assert [s.project for s in queries.ranking(queries.candidates(house.plan), on=DAY)] == [plain, cleaner]


@pytest.mark.parametrize(
    ("figures", "first"),
    [
        ({"workers": 49}, False),
        ({"workers": 50}, True),
        ({"local_material_percent": 50}, False),
        ({"local_material_percent": "50.01"}, True),
    ],
)
def test_a_figure_gives_priority_from_the_number_of_its_condition_on(house, appraised, figures, first):
    """TT 46/2012 Đ6.2: 50 workers or more; more than half of the material from the province."""
    for kind in ("local_material", "labour_intensive"):
        PriorityRowFactory(code=kind, kind="sector", rank=1)
        ConditionFactory(kind=kind, effect="priority", number=50)
    plain, counted = appraised(), appraised()
    BeneficiaryFactory(project=plain)
    who = BeneficiaryFactory(project=counted)
    YearlyFactsFactory(establishment=who.establishment, **({"workers": None, "women": None} | figures))

    ranked = [standing.project for standing in queries.ranking(queries.candidates(house.plan), on=DAY)]

    assert ranked == ([counted, plain] if first else [plain, counted])


@pytest.mark.parametrize(
    ("facts", "raised"),
    [
        ({"decided_on": DAY, "valid_to": DAY}, True),
        ({"decided_on": DAY + dt.timedelta(days=1)}, False),  # not given yet
        ({"decided_on": dt.date(2024, 1, 1), "valid_to": DAY - dt.timedelta(days=1)}, False),  # run out the day before
        ({"decided_on": None, "year": DAY.year}, True),
        ({"decided_on": None, "year": DAY.year + 1}, False),
    ],
)
def test_a_certificate_of_a_typical_product_raises_the_rank_while_it_is_valid(house, appraised, facts, raised):
    row = PriorityRowFactory(code="typical_product", kind="sector", rank=1, text="Sản phẩm CNNT tiêu biểu")
    plain, certified = appraised(code="1"), appraised(code="2")
    helped = BeneficiaryFactory(project=certified).establishment
    RecognitionFactory(product__establishment=helped, **({"year": 2024, "valid_to": None} | facts))

    first = queries.ranking(queries.candidates(house.plan), on=DAY)[0]

    assert (first.project, first.priorities) == ((certified, (row,)) if raised else (plain, ()))


def test_a_place_may_stand_in_several_lists_and_the_first_counts(house, appraised):
    PriorityRowFactory(code="poor_district", kind="area", rank=2)
    PriorityRowFactory(code="difficult_area", kind="area", rank=4)
    commune = CommuneFactory(province=house.province)
    UnitFactFactory(unit=commune, name="priority_area", value="difficult_area, poor_district")
    appraised(commune=commune)

    [standing] = queries.ranking(queries.candidates(house.plan), on=DAY)

    assert (standing.area, standing.sector) == (2, 9)


@pytest.mark.parametrize("count", [1, 3])
def test_ranking_asks_the_same_number_of_queries(house, appraised, django_assert_num_queries, count):
    for _ in range(count):
        BeneficiaryFactory(project=appraised())

    with django_assert_num_queries(7):  # the candidates, then six
        assert len(queries.ranking(queries.candidates(house.plan), on=DAY)) == count


def test_the_line_of_the_money_falls_before_what_no_longer_fits():
    assert [(line.sum, line.inside) for line in cut([300, 250, 100], money=550)] == [
        (300, True),
        (550, True),
        (650, False),
    ]
    assert [(line.sum, line.inside) for line in cut([300, 250, 1], money=549)] == [
        (300, True),
        (550, False),
        (551, False),
    ]


def test_the_working_table_holds_lines_then_candidates(house, appraised, draft):
    chosen, waiting = appraised(), appraised(local=800 * MILLION)
    decision = draft(chosen)

    table = queries.working_table(decision, items=queries.items_of(decision), money=available(house.envelope), on=DAY)

    assert [(row.project, row.ranked.sum, row.ranked.inside) for row in table.rows] == [
        (chosen, 300 * MILLION, True),
        (waiting, 1_100 * MILLION, False),
    ]
    assert [row.project for row in table.chosen] == [chosen]


def test_the_working_table_tells_what_the_sheets_of_its_level_say(house, appraised, draft):
    judged, not_judged = appraised(), appraised()
    decision = draft(judged)
    SheetFactory(subject_uid=judged.uid, total=70)
    SheetFactory(subject_uid=judged.uid, total=81)
    SheetFactory(subject_uid=not_judged.uid, total=False)  # a sheet without scores
    SheetFactory(subject_uid=not_judged.uid, member__council__ministry=True, total=99)

    table = queries.working_table(decision, items=queries.items_of(decision), money=0, on=DAY)

    said = {row.project: row.verdict for row in table.rows}
    assert (said[judged].scored, said[judged].average, said[judged].most) == (2, Decimal("75.5"), 100)
    assert (said[not_judged].sheets, said[not_judged].scored) == (1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_working_table_asks_the_same_number_of_queries(house, appraised, draft, django_assert_num_queries, count):
    decision = draft(appraised())
    items = queries.items_of(decision)
    for _ in range(count):
        one = appraised()
        BeneficiaryFactory(project=one)
        SheetFactory(subject_uid=one.uid)

    with django_assert_num_queries(9):  # the candidates, six of the ranking, two of the sheets
        assert len(queries.working_table(decision, items=items, money=0, on=DAY).rows) == count + 1


# ---- who sees what, who may what ----


def test_plans_are_seen_in_their_territory_only(house, draft, appraised):
    decision = draft(appraised())

    for user, sees in (
        (house.appraiser, True),
        (house.minister, True),
        (person("appraiser"), False),
        (person("collaborator", place=CommuneFactory(province=house.province)), False),
        (UserFactory(), False),
    ):
        assert list(Plan.objects.visible_to(user)) == ([house.plan] if sees else [])
        assert list(Decision.objects.visible_to(user)) == ([decision] if sees else [])


def test_steps_are_offered_to_who_may_and_shut_with_a_reason_to_others(house, appraised, draft, submitted):
    waiting, empty = submitted(appraised()), draft()

    def open_to(user, decision):
        return [offer.step.name for offer in queries.steps_open_to(user, decision, on=DAY) if offer.is_open]

    assert open_to(house.department, empty) == []
    assert open_to(house.approver, waiting) == ["hand_back", "approve", "refuse"]
    assert open_to(house.appraiser, waiting) == ["ask_opinion"]
    shut = {o.step.name: o.why for o in queries.steps_open_to(house.appraiser, waiting, on=DAY) if not o.is_open}
    assert shut["approve"] == "Thuộc thẩm quyền: Người phê duyệt cấp tỉnh."
    assert not any(
        "Cục" in o.why for o in queries.steps_open_to(house.approver, empty, on=DAY)
    )  # it decides nothing here
    [clerk] = [o for o in queries.steps_open_to(house.clerk, waiting, on=DAY) if o.step.name == "approve"]
    assert (clerk.is_open, clerk.recorded) == (True, True)


def test_conditions_are_told_with_their_arithmetic(house, appraised, draft):
    decision = draft(appraised())

    told = [check.told for check in queries.checks(decision, items=queries.items_of(decision), on=DAY)]

    assert told == [
        "Đạt thẩm định cấp cơ sở: cả 1 đề án",
        "KCĐP 2026: 1.000.000.000 − 300.000.000 = còn 700.000.000 đồng chưa phân bổ",
    ]


def test_national_plans_may_take_the_agencys_money_local_ones_not(house):
    agency = EnvelopeFactory(of_agency=True, given=MILLION)
    allotted = EnvelopeFactory(of_nation=True, province=house.province, given=MILLION)
    EnvelopeFactory(of_nation=True, given=MILLION)

    national = PlanFactory(level="national", province=house.province)

    assert queries.envelopes_of(national) == [allotted, agency, house.envelope]
    assert queries.envelopes_of(house.plan) == [house.envelope]


# ---- programme ----


def test_targets_stand_against_what_the_records_give(house):
    programme = operations.record_programme(
        level="provincial",
        title="Chương trình 2026–2030",
        first_year=2026,
        last_year=2030,
        province=house.province,
        by=house.appraiser,
        paper=paper("programme_decision"),
        aims=[
            Aim("Số đề án", "đề án", Decimal(150), measure="projects"),
            Aim("Kinh phí địa phương", "triệu đồng", Decimal(17_000), measure="local"),
            Aim("Kinh phí địa phương", "tỉ đồng", Decimal(6), measure="local"),
            Aim("Lao động được đào tạo", "người", Decimal(1_000)),
        ],
    )
    ProjectFactory.create_batch(2, approved=True, province=house.province)
    ProjectFactory(approved=True, province=house.province, year=2025)
    ProjectFactory(approved=True)
    ProjectFactory(state="stopped", province=house.province)

    found = [(result.value, result.percent) for result in queries.results(programme)]

    assert found == [
        (Decimal(2), Decimal("1.3")),
        (Decimal(600), Decimal("3.5")),
        (Decimal("0.6"), Decimal("10.0")),
        (None, None),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_results_ask_the_same_number_of_queries(django_assert_num_queries, count):
    target = TargetFactory()
    for _ in range(count - 1):
        TargetFactory(programme=target.programme)

    with django_assert_num_queries(3):
        assert len(queries.results(target.programme)) == count


def test_where_nobody_is_named_the_highest_decides():
    assert authority_of_change("place", project=ProjectFactory(of_nation=True), on=JUNE).role == "ministry_approver"
    assert authority_of_change("place", project=ProjectFactory(), on=JUNE).role == "provincial_approver"
