"""The demonstration: complete, consistent, invented, and the same each time."""

import datetime as dt
import json
import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Exists, OuterRef

from khuyencong.audit.models import Event
from khuyencong.audit.queries import late
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, Assignment, SupportContract
from khuyencong.contracts.queries import (
    duplicate_invoices,
    impossible_orders,
    open_after_liquidation_day,
    support_contracts,
)
from khuyencong.documents.models import DossierItem, Paper
from khuyencong.establishments.models import Establishment
from khuyencong.needs.enums import NeedKind, NeedState
from khuyencong.needs.models import Call, Link, Need, NoNeed, SurveyPlan
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations.enums import ESTABLISHMENTS
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Expert, FormerName, Organisation
from khuyencong.people.models import User
from khuyencong.places import queries as places
from khuyencong.plans.enums import DecisionKind, DecisionState
from khuyencong.plans.models import ChangeRequest, Decision, OpinionRequest
from khuyencong.plans.queries import requests_of, reserve
from khuyencong.projects.enums import ProjectState, Rule
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.queries import checks, condition_findings, conditions_of, with_clearances
from khuyencong.tools.demo import load
from khuyencong.tools.demo.moments import told
from khuyencong.tools.demo.names import STEMS
from khuyencong.tools.demo.people import ACCOUNTS
from khuyencong.tools.management.commands.check_data import invariants
from khuyencong.tools.startup import demonstration_accounts
from khuyencong.work import papers
from khuyencong.work.queries import tasks

TODAY = dt.date(2026, 11, 22)
ROLE_OF = {username: role for username, role, *_name in ACCOUNTS}


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The whole demonstration as of 22 November 2026, in one transaction around the tests of this module."""
    frozen = pytest.MonkeyPatch()
    frozen.setattr(clock, "today", lambda: TODAY)
    frozen.setattr(clock, "now", lambda: dt.datetime(2026, 11, 22, 8, 15, tzinfo=dt.timezone(dt.timedelta(hours=7))))
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        block._from_testcase = True  # acts that must be outermost still may run inside
        places.forget()
        begun = time.process_time()
        load.load_all()
        print(f"seed_demo: {time.process_time() - begun:.1f} s of processor time")  # noqa: T201 - the figure is wanted
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        block.__exit__(None, None, None)
        places.forget()
    frozen.undo()


@pytest.fixture
def demo(seeded, db):
    """One test's look at it."""


@pytest.fixture
def dak_lak(demo):
    return places.province_by_code("66")


def account(username):
    return User.objects.get(username=username)


# ---- people ----


def test_each_role_has_exactly_one_account_that_can_sign_in(demo):
    told_accounts = demonstration_accounts()

    assert [(username, name) for username, _label, name in told_accounts] == [
        (username, f"{family} {rest}")
        for role in ROLES
        if role != "system"
        for username, of, family, rest, _title in ACCOUNTS
        if of == role
    ]
    assert User.objects.filter(invented=True).exclude(password__startswith="!").count() == len(ROLES) - 1


def test_the_accounts_open_with_the_printed_password_and_are_marked(demo):
    user = account("gdso")

    assert user.check_password(settings.DEMO_PASSWORD)
    assert set(User.objects.exclude(username="system").values_list("invented", flat=True)) == {True}


WORK = {
    "congtacvien": "answer_call",
    "cbxa": "confirm_needs",
    "coso": "tell_progress",
    "chuyenvien": "survey",
    "gdtrungtam": "submit",
    "donvikhac": "submit",
    "quanlycn": "appraise",
    "gdso": "approve_beneficiaries",
    "taichinh": "give_opinion",
    "ketoan": "pay_advance",
    "vanthu": "decide",
    "pheduyettinh": "decide",
    "cuc": "appraise_ministry",
    "bo": "decide",
    "quantri": "hand_over",
}


@pytest.mark.parametrize("username", WORK)
def test_the_work_of_the_role_waits_for(demo, username):
    assert WORK[username] in {task.kind for task in tasks(account(username))}


def test_work_waits_for_everybody_but_the_auditor():
    assert set(WORK) == {name for name in ROLE_OF if ROLE_OF[name] != "auditor"}


def test_the_auditor_has_something_to_open(dak_lak):
    province = Project.objects.filter(province=dak_lak)

    assert duplicate_invoices(province)
    assert impossible_orders(province)
    assert open_after_liquidation_day(province, today=TODAY).count() == 2
    assert late(Event.objects.filter(province_id=dak_lak.pk))
    assert province.filter(historical=True, originals_missing=True).count() == 14
    let_pass = province.filter(clearances__isnull=False).distinct()
    assert (
        let_pass.filter(machine_type="").count() == 0
    )  # a machine each: the addition of this year, ten given the same again
    assert let_pass.count() == 1 + 10


# ---- what is told ----


def test_no_package_finds_a_contradiction(demo):
    found = {name: list(check()) for name, check in invariants()}

    assert {name: sentences for name, sentences in found.items() if sentences} == {}


def test_nothing_real_stands_among_the_establishments(demo):
    named = Establishment.objects.values_list("name", "invented", "tax_code", "phone")

    assert len(named) == 255
    for name, invented, tax_code, phone in named:
        assert invented
        assert name.endswith(STEMS), name
        assert tax_code[:2] in ("", "98"), tax_code  # no tax office gives these out
        assert phone.startswith("0900")
    assert not Organisation.objects.filter(kind__in=ESTABLISHMENTS, invented=False).exists()


def test_bodies_of_the_state_are_there_for_all_provinces(demo):
    count = Organisation.objects.filter(ended_on=None).values_list("kind").order_by().distinct
    assert BodyKind.AGENCY in {kind for (kind,) in count()}
    for kind in (BodyKind.PROVINCE_COMMITTEE, BodyKind.DEPARTMENT, BodyKind.FINANCE_DEPARTMENT, BodyKind.CENTRE):
        assert Organisation.objects.filter(kind=kind, ended_on=None).count() == 34


def test_three_years_of_five_provinces(demo):
    projects = Project.objects.filter(historical=False, invented=True)
    provinces = set(projects.values_list("province__code", flat=True))

    assert provinces == {"66", "75", "68", "52", "79"}
    for code in provinces:
        for year in (2024, 2025, 2026):
            assert projects.filter(province__code=code, year=year).count() >= 20


def test_every_state_has_a_project(demo):
    states = set(Project.objects.filter(historical=False).values_list("state", flat=True))

    assert states >= set(ProjectState.values) - {ProjectState.FAILED, ProjectState.WITHDRAWN}
    assert set(Project.objects.values_list("level", flat=True)) == set(Level.values)
    assert set(Project.objects.values_list("form", flat=True)) == set(ProjectForm.values)


def test_years_that_are_over_are_written_in_the_places_of_their_day(dak_lak):
    older = Project.objects.filter(province=dak_lak, year=2024, historical=False).select_related("place_unit").first()

    assert older.place_unit.valid_to == dt.date(2025, 7, 1)
    assert older.place_unit.province.name in ("Đắk Lắk", "Phú Yên")


def test_plans_wait_change_and_stop(dak_lak):
    decisions = Decision.objects.filter(plan__province=dak_lak)

    assert set(decisions.values_list("kind", flat=True)) == set(DecisionKind.values)
    assert decisions.filter(state=DecisionState.SUBMITTED).count() == 2  # the chairman's and the minister's
    assert OpinionRequest.objects.get(answered_on=None).body.kind == BodyKind.FINANCE_DEPARTMENT
    assert ChangeRequest.objects.filter(state="requested").count() == 1
    assert Beneficiary.objects.filter(approved_on=None, project__state="assigned").count() == 3


def test_the_decisions_of_a_plan_are_numbered_in_the_order_of_their_days(demo):
    chains = {}
    for plan, on in Decision.objects.exclude(on=None).order_by("plan", "ordinal").values_list("plan", "on"):
        chains.setdefault(plan, []).append(on)

    assert max(len(days) for days in chains.values()) >= 5
    assert all(days == sorted(days) for days in chains.values())


def test_a_draft_tranche_asks_for_more_than_the_envelope_pays(seeded, db):
    draft = Decision.objects.get(plan__year=TODAY.year + 1, state=DecisionState.DRAFT)
    asked = requests_of(draft, items=[], on=TODAY)
    money = sum(reserve(draft.plan).values())

    assert 20 <= len(asked) <= 30
    assert sum(one.amount for one in asked) > money > 0
    assert all(one.score is not None for one in asked)
    assert sorted(draft.terms.values_list("kind", flat=True)) == ["ceiling", "fund", "refuse"]


def test_advances_stand_in_each_state(dak_lak):
    states = set(Advance.objects.filter(project__province=dak_lak).values_list("state", flat=True))

    assert states == {AdvanceState.REQUESTED, AdvanceState.CONFIRMED, AdvanceState.PAID}


def test_a_file_for_next_year_asks_for_what_was_paid_two_years_ago(dak_lak):
    drafts = Project.objects.filter(province=dak_lak, year=2027, state=ProjectState.DRAFT)
    refused = {finding.rule for project in drafts for finding in checks(project, on=TODAY) if finding.refuses}

    assert "supported_before" in refused


def test_the_fair_lists_its_establishments_and_the_cluster_names_itself(dak_lak):
    fair = Project.objects.get(kind=ProjectKind.FAIR_PARTICIPATION)
    cluster = Project.objects.get(kind=ProjectKind.CLUSTER_INFRASTRUCTURE)

    assert "danh-sach-tham-gia-hoi-cho" not in papers.lacking("project", fair)
    assert "mau-13-ha-tang-cum" not in papers.lacking("project", cluster)
    listed = papers.fill("danh-sach-tham-gia-hoi-cho", subject=fair, on=TODAY).context
    report = papers.fill("mau-13-ha-tang-cum", subject=cluster, on=TODAY).context

    assert [row["name"] for row in listed["people"]] == [
        str(one.establishment) for one in fair.beneficiaries.order_by("pk").select_related("establishment")
    ]
    assert len(listed["people"]) == 3
    assert report["cluster"]["name"].startswith("Cụm công nghiệp ")
    assert report["money"]["support"] == 3_000_000_000
    assert [work["support"] for work in report["works"]] == [1_900_000_000, 1_100_000_000]


def test_communes_have_answered_or_are_silent(dak_lak):
    call = Call.objects.get(province=dak_lak, year=2027)
    needs = Need.objects.filter(call=call)

    assert set(needs.values_list("state", flat=True)) == set(NeedState.values)
    assert set(needs.values_list("kind", flat=True)) == set(NeedKind.values)
    answered = {
        *needs.values_list("commune_id", flat=True),
        *NoNeed.objects.filter(call=call).values_list("commune_id", flat=True),
    }
    assert 0 < len(answered) < places.communes_of(dak_lak).count()
    assert Link.objects.filter(call=call, revoked_at=None).exists()
    assert SurveyPlan.objects.filter(call=call, starts_on__gt=TODAY).exists()


def test_invented_years_are_written_down_in_their_time(demo):
    assert Paper.objects.filter(signed_on__year=2024, at__year=2026).count() == 0
    assert Entry.objects.filter(on__year=2025, at__year__gt=2026).count() == 0
    assert not Event.objects.filter(at__gt=clock.now()).exists()


def test_a_contract_of_before_the_invented_renaming_tells_the_former_names_and_says_that_they_are_invented(dak_lak):
    day = dt.date(TODAY.year - 1, 7, 1)
    former = FormerName.objects.order_by("pk").select_related("organisation")

    told = [(row.organisation.kind, row.until, row.name.endswith("(tên minh hoạ)")) for row in former]
    assert told == [(BodyKind.CENTRE, day, True), (former[1].organisation.kind, day, True)]
    assert former[0].organisation.province == dak_lak
    contract = support_contracts_then(former[1].organisation)
    assert (contract.signed_on < day, contract.party_then) == (True, former[1].name)


def support_contracts_then(body):
    """The first contract of this beneficiary, as the page of contracts reads it."""
    signed = SupportContract.objects.filter(beneficiary__establishment__organisation=body).order_by("pk").first()
    return support_contracts(signed.assignment.project).get(pk=signed.pk)


def test_the_directory_of_experts_names_some_for_the_province_and_says_that_they_are_invented(dak_lak):
    listed = Expert.objects.filter(province=dak_lak)

    assert listed.count() == 3
    assert all(expert.invented for expert in listed)


def test_papers_that_wait_for_a_signature_can_be_read(dak_lak):
    waiting = Decision.objects.filter(plan__province=dak_lak, state=DecisionState.SUBMITTED)

    for decision in waiting:
        assert [file.content_type for file in decision.submission.files.all()] == ["application/pdf"]
    assert Need.objects.filter(photos__isnull=False).count() == 1


# ---- once ----


def test_seeding_twice_changes_nothing(demo):
    def counted():
        return [model.objects.count() for model in (User, Event, Project, Paper, Entry, Establishment)]

    before = counted()

    assert load.load_all() is False
    assert counted() == before


def test_the_command_is_refused_outside_a_demonstration(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="KC_DEMO=1"):
        call_command("seed_demo")


def test_the_command_is_refused_where_real_records_are_kept(demo, settings):
    settings.DEMO = True
    User.objects.filter(invented=True).update(invented=False)
    before = Project.objects.count()

    with pytest.raises(CommandError) as refusal:
        call_command("seed_demo")

    assert str(refusal.value) == (
        "Cơ sở dữ liệu này đã có dữ liệu thật. Dữ liệu minh hoạ chỉ nạp vào một cơ sở dữ liệu còn trống."
    )
    assert Project.objects.count() == before


def test_the_command_says_that_it_was_done_before(demo, settings):
    settings.DEMO = True
    out = StringIO()

    call_command("seed_demo", stdout=out)

    assert out.getvalue().strip() == "Cơ sở dữ liệu đã có dữ liệu minh hoạ; không thay đổi gì."


def test_the_command_tells_another_program_in_one_document(demo, settings):
    settings.DEMO = True
    out = StringIO()

    call_command("seed_demo", "--json", stdout=out)

    assert json.loads(out.getvalue())["loaded"] is False


def test_moments_end_with_their_story(db):
    field = Paper._meta.get_field("at")
    with told():
        assert not field.auto_now_add

    assert field.auto_now_add
    assert not field.has_default()


def test_decisions_on_national_money_bear_the_number_of_the_ministry(demo):
    national = Decision.objects.filter(plan__level=Level.NATIONAL, paper__isnull=False).values_list(
        "paper__number", flat=True
    )
    given = Entry.objects.filter(envelope__level=Level.NATIONAL, kind="allocated").values_list(
        "paper__number", flat=True
    )

    assert {number.split("/", 1)[1] for number in [*national, *given]} == {"QĐ-BCT"}
    asked = Decision.objects.filter(submission__isnull=False).values_list("plan__level", "submission__number")
    signs = {(level == Level.NATIONAL, number.split("/", 1)[1]) for level, number in asked}
    assert signs == {(True, "TTr-ĐCK"), (False, "TTr-SCT")}


def test_what_comes_of_the_work_is_no_older_than_the_contract_and_an_acceptance_lies_in_its_dossier(demo):
    after = DossierItem.objects.filter(requirement__stage__in=["first_advance", "further", "remainder", "settlement"])
    signed = Assignment.objects.filter(project__dossier=OuterRef("dossier"), signed_on__gt=OuterRef("paper__signed_on"))
    with_record = after.filter(requirement__code="acceptance_5a", paper__kind="acceptance")
    waiting = Project.objects.filter(state=ProjectState.ACCEPTED).exclude(dossier__items=None)

    assert after.count() > 1_000
    assert [str(item.paper) for item in after.filter(Exists(signed)).select_related("paper")] == []
    assert {project.pk for project in waiting} <= set(
        Project.objects.filter(dossier__in=with_record.values("dossier")).values_list("pk", flat=True)
    )


def test_nobody_is_given_the_same_again_before_a_person_let_it_pass(demo):
    judged = Project.objects.filter(historical=False, steps__name="appraise", machine_type__gt="").distinct()
    standing = [
        (project.code, found.sentence)
        for project, findings in _conditions_not_kept(judged.exclude(state=ProjectState.DRAFT))
        for found in findings
        if found.rule == Rule.SUPPORTED_BEFORE and found.refuses
    ]

    assert standing == []


def _conditions_not_kept(projects):
    """What the conditions of support say of each, as ``checks`` tells it, without the estimate, norms, twins and papers."""
    with norms.reading():
        for project in projects:
            judgements = conditions_of(project, on=project.rules_on or TODAY)
            yield project, with_clearances(project, condition_findings(judgements, only_failed=True))
