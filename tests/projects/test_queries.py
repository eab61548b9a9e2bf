import datetime as dt

import pytest
from django.db.models import Q

from khuyencong.projects import queries
from khuyencong.projects.models import Project
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import NeedFactory
from tests.factories.norms import ConditionFactory, SectorRowFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import (
    BeneficiaryFactory,
    ClearanceFactory,
    CodeCounterFactory,
    OtherSourceFactory,
    ProjectFactory,
    StepTakenFactory,
)

pytestmark = pytest.mark.django_db

MILLION = 1_000_000


@pytest.fixture
def looker(land):
    return person("auditor", place=land.province)


def test_sums_count_what_was_granted_where_a_decision_exists(project, looker):
    project(state="draft")
    project(state="approved", granted_local=200 * MILLION)
    ProjectFactory()

    assert queries.sums(queries.board(looker)) == {
        "count": 2, "national": 0, "local": 500 * MILLION, "counterpart": 640 * MILLION, "other": 0, "total": 1_140 * MILLION,
    }  # fmt: skip


def test_sums_of_nothing_are_nothing(looker):
    assert set(queries.sums(queries.board(looker)).values()) == {0}


def test_rows_bring_their_people_in_two_queries(project, looker, django_assert_num_queries):
    for _time in range(3):
        project()

    with django_assert_num_queries(3):  # the third are the person's mandates
        rows = list(queries.rows(queries.board(looker), user=looker))
        told = [(str(row.now_helped[0].establishment), row.commune.named_inside, str(row.implementer)) for row in rows]
        assert len(told) == 3
        assert all(all(names) for names in told)


def test_a_list_is_narrowed_by_each_condition(project, looker, land):
    file = project(words="may say ngoc tu", year=2025)
    project(state="approved", activity=4, kind="brand")

    for narrowed in (
        queries.Filter(text="Ngọc TỨ"), queries.Filter(years=[2025]), queries.Filter(states=["draft"]),
        queries.Filter(activities=[3]), queries.Filter(kinds=["machinery"]), queries.Filter(years=[2025], sources=["local"]),
        queries.Filter(years=[2025], communes=[land.commune.pk], levels=["provincial"], forms=["single"], historical=False),
    ):  # fmt: skip
        assert list(queries.board(looker, narrowed=narrowed)) == [file]


def test_an_establishment_of_another_commune_brings_its_project_to_that_communes_list(project, looker):
    file = project()
    far = BeneficiaryFactory(project=file, establishment=EstablishmentFactory(province=file.province))

    found = queries.board(looker, narrowed=queries.Filter(communes=[far.establishment.commune_id]))
    assert list(found) == [file]


def test_who_works_for_one_body_sees_the_projects_it_is_party_to(project, land):
    file = project()
    ProjectFactory()
    helped = person("establishment", place=None, organisation=file.beneficiaries.get().establishment.organisation)
    implementer = person("implementer", place=None, organisation=land.centre)

    assert [list(queries.board(who)) for who in (helped, implementer)] == [[file], [file]]


def test_the_life_is_told_in_the_order_of_the_law_not_of_the_clock(project):
    file = project()
    later = StepTakenFactory(project=file, name="appraise", on=dt.date(2026, 6, 1))
    sooner = StepTakenFactory(project=file, on=dt.date(2026, 5, 1))

    assert queries.timeline(file) == [sooner, later]
    assert queries.last_step(file, "appraise") == later
    assert [queries.label_of_step(s) for s in (sooner, later)] == ["Ký, gửi thẩm định", "Thẩm định cấp cơ sở: đạt"]


def test_the_next_two_steps_are_told_with_what_opens_them(project, people):
    offers = queries.steps_open_to(people.director, project())

    assert [(o.step.name, o.is_open, o.ahead) for o in offers] == [
        ("submit", True, False), ("withdraw", True, False), ("appraise", False, True), ("approve", False, True),
    ]  # fmt: skip
    assert "Chờ thẩm định cấp cơ sở" in offers[2].why


def test_the_trade_is_one_of_the_list_of_the_day(project):
    ConditionFactory(kind="sector")
    SectorRowFactory(code="a")
    SectorRowFactory(code="dd")

    told = {
        sector: [
            f.severity for f in queries.checks(project(sector=sector), on=dt.date(2026, 6, 1)) if f.rule == "sector"
        ]
        for sector in ("", "a", "đ", "g")
    }
    assert told == {"": ["warning"], "a": ["passed"], "đ": ["passed"], "g": ["refusal"]}


def test_the_quick_checks_leave_out_what_other_registers_tell(project):
    rules = {f.rule for f in queries.checks(project(), on=dt.date(2026, 6, 1), deep=False)}

    assert {"norm", "place", "supported_before", "dossier"} & rules == set()


def test_the_projects_of_needs_come_in_one_query(project, django_assert_num_queries):
    need, other, file = NeedFactory(), NeedFactory(), project()
    file.needs.add(need)

    with django_assert_num_queries(1):
        assert queries.of_needs([need.pk, other.pk]) == {need.pk: [file]}


def test_an_auditor_reads_the_exceptions_of_his_territory(project, looker):
    mine = ClearanceFactory(project=project())
    ClearanceFactory()

    assert list(queries.clearances(looker)) == [mine]


def test_the_parties_of_a_project_are_told_to_a_council(project, land):
    file = project()
    who = file.beneficiaries.get().establishment

    told = queries.subject_of(file)

    assert (told.uid, [p.organisation_id for p in told.parties]) == (file.uid, [land.centre.pk, who.organisation_id])


# ---- consistency ----


def test_a_sound_house_has_nothing_to_say(project):
    project(), CodeCounterFactory()
    file = project(state="submitted")
    StepTakenFactory(project=file, target="submitted")

    assert queries.invariants() == []


def test_each_contradiction_is_named(project):
    apart = project()
    apart.cost_lines.update(local=1)
    over = project(state="approved")
    Project.objects.filter(pk=over.pk).update(granted_local=over.local + 1)
    back = project(state="submitted")
    StepTakenFactory(project=back, on=dt.date(2026, 5, 10), target="submitted")
    StepTakenFactory(project=back, on=dt.date(2026, 5, 9), target="submitted")
    astray = project(state="draft")
    StepTakenFactory(project=astray, target="submitted")

    told = queries.invariants()

    assert [sentence.partition(" ")[0] for sentence in told] == [apart.code, over.code, back.code, astray.code]


def test_other_sources_and_their_sum_are_compared(project):
    file = project(other=50 * MILLION)
    OtherSourceFactory(project=file, amount=50 * MILLION)

    [told] = [f for f in queries.checks(file, on=dt.date(2026, 6, 1)) if f.rule == "other_sources"]
    assert told.severity == "passed"


def test_search_finds_by_code_title_and_party_within_the_territory(project, looker):
    file = project(words="26-66-001 may say ca phe co so ngoc tu")
    ProjectFactory(words="26-66-001 may say ca phe co so ngoc tu", province=ProvinceFactory())

    for text in ("26-66-001", "cà phê", "NGỌC TỨ"):
        assert queries.search(looker, text=text) == [file]


def test_projects_are_counted_by_conditions_the_same_together_and_apart(land):
    for state, year in (("submitted", 2026), ("submitted", 2025), ("running", 2026)):
        ProjectFactory(province=land.province, state=state, year=year)
    asked = {"whole": Q(), "year": Q(year=2026), "wait": Q(state="submitted"), "none": Q(state="stopped")}

    for together in (False, True):
        told = queries.numbers(Project.objects.all(), together=together, **asked)
        assert told == {"whole": 3, "year": 2, "wait": 2, "none": 0}
