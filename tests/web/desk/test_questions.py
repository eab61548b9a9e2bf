"""Every list and every record page asks the database as often for three rows as for one.

A list that is not in the table fails the last test: whoever adds a list says here how a row of it is made.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from khuyencong.people.models import User
from khuyencong.places.queries import gazetteer
from khuyencong.reporting.queries.exceptions import KINDS
from khuyencong.web.common.lists import COUNT, Listing
from tests.factories import (
    audit,
    budgets,
    contracts,
    councils,
    documents,
    establishments,
    needs,
    norms,
    notices,
    organisations,
    people,
    places,
    plans,
    projects,
    reporting,
)
from tests.worlds import once, own

pytestmark = pytest.mark.django_db
A_LIST, A_RECORD = 12, 20  # questions at most
YEAR = 2026


def commune(at):
    return places.CommuneFactory(province=at)


def helped(at, project):
    return projects.BeneficiaryFactory(
        project=project, establishment__province=at, establishment__commune=commune(at), approved=True
    )


def paid(at, **more):
    """A project under contract with two beneficiaries, and everything that its pages show once more."""
    project = projects.ProjectFactory(province=at, commune=commune(at), state="running", **more)
    envelope = budgets.EnvelopeFactory(province=at, given=3_000_000_000)
    assignment = contracts.AssignmentFactory(project=project)
    budgets.EntryFactory(envelope=envelope, kind="committed", amount=300_000_000, project=project)
    budgets.EntryFactory(envelope=envelope, kind="advanced", amount=100_000_000, project=project)
    contract = contracts.SupportContractFactory(assignment=assignment, beneficiary=helped(at, project))
    contracts.PurchaseFactory(support_contract=contract)
    return project


def changed_since(at, report):
    """One more figure that was reported otherwise, and one more edition."""
    project = projects.ProjectFactory(province=at, commune=commune(at), approved=True, local=1_000_000)
    projects.StepTakenFactory(project=project, name="approve", target="approved", on=dt.date(2026, 8, 3))
    edition = type(report).objects.filter(province=at).count() + 1
    reporting.SentReportFactory(province=at, edition=edition, reason="Bổ sung", figures=report.figures)


LISTS = {
    "projects:list": lambda at: helped(at, projects.ProjectFactory(province=at, commune=commune(at), year=YEAR)),
    "establishments:list": lambda at: establishments.YearlyFactsFactory(
        establishment__province=at, establishment__commune=commune(at)
    ),
    "establishments:products": lambda at: establishments.RecognitionFactory(
        product__establishment__province=at, product__establishment__commune=commune(at)
    ),
    "establishments:sites": lambda at: establishments.CraftVillageRecognitionFactory(
        village__province=at, village__commune=commune(at)
    ),
    "establishments:clusters": lambda at: establishments.ClusterFactory(province=at, commune=commune(at)),
    "needs:list": lambda at: needs.NeedFactory(call__province=at, call__year=next(years)),
    "needs:calls": lambda at: needs.NeedFactory(call__province=at, call__year=next(years)),
    "surveys:list": lambda at: needs.SurveyPlanFactory(call__province=at, call__year=next(years)),
    "contracts:list": paid,
    "plans:list": lambda at: plans.ItemFactory(decision__plan__province=at, decision__plan__year=next(years)),
    "plans:requests": lambda at: plans.ChangeRequestFactory(project__province=at),
    "programmes:list": lambda at: plans.ProgrammeFactory(province=at, first_year=next(years), last_year=2200),
    "budgets:list": lambda at: budgets.EnvelopeFactory(province=at, given=1_000_000_000),
    "documents:list": lambda at: documents.PaperFileFactory(paper__province=at),
    "documents:prints": lambda at: documents.PrintFactory(province=at),
    "documents:registers": lambda at: documents.RegisterFactory(
        issuer=organisations.OrganisationFactory(place=at, kind="department")
    ),
    "councils:list": lambda at: councils.MemberFactory(council__province=at),
    "organisations:list": lambda at: organisations.OrganisationFactory(place=at, kind="school"),
    "organisations:experts": lambda at: organisations.ExpertFactory(province=at),
    "organisations:contacts": lambda at: organisations.ContactFactory(province=at, commune=commune(at)),
    "norms:list": lambda at: norms.InstrumentFactory(),
    "norms:days": lambda at: norms.ExceptionalDayFactory(),
    "norms:rows": lambda at: norms.SupportNormFactory(),
    "people:list": lambda at: people.MandateFactory(place=at, user__province=at),
    "people:mandates": lambda at: people.MandateFactory(place=at, user__province=at),
    "places:list": commune,
    "audit:journal": lambda at: audit.EventFactory(province_id=at.pk),
    "audit:envelopes": lambda at: budgets.EnvelopeFactory(province=at, given=1_000_000_000),
    "reporting:records": paid,
    "reporting:helped": paid,
    "reporting:establishments": paid,
    "reporting:envelopes": lambda at: budgets.EnvelopeFactory(province=at, given=1_000_000_000),
    "reporting:sent": lambda at: reporting.ReportAnswerFactory(report__province=at, report__year=next(years)),
    "reporting:published": lambda at: reporting.ReportedFigureFactory(province=at),
    "notices:list": lambda at: [notices.MessageFactory(recipient=user) for user in _READING],
}
RECORDS = {
    # name of the page: the record, and what hangs on it once more
    "projects:page": (paid, helped),
    "projects:money": (paid, helped),
    "projects:papers": (
        paid,
        lambda at, project: (
            documents.DossierItemFactory(dossier=project.dossier, paper__province=at),
            projects.StepTakenFactory(project=project, paper=documents.PaperFactory(province=at)),
            helped(at, project),
        ),
    ),
    "projects:beneficiaries": (paid, helped),
    "projects:history": (paid, lambda at, project: projects.StepTakenFactory(project=project)),
    "contracts:vouchers": (paid, lambda at, project: contracts.VoucherFactory(project=project)),
    "establishments:page": (
        lambda at: establishments.EstablishmentFactory(province=at, commune=commune(at)),
        lambda at, one: (
            establishments.YearlyFactsFactory(establishment=one, year=next(years)),
            establishments.MachineFactory(establishment=one),
            establishments.RecognitionFactory(product__establishment=one),
            establishments.SupportedItemFactory(establishment=one),
        ),
    ),
    "needs:page": (
        lambda at: needs.NeedFactory(call__province=at),
        lambda at, need: needs.NeedStepFactory(need=need),
    ),
    "needs:board": (
        lambda at: needs.CallFactory(province=at),
        lambda at, call: needs.NeedFactory(call=call),
    ),
    "surveys:page": (
        lambda at: needs.SurveyPlanFactory(call__province=at),
        lambda at, plan: needs.VisitFactory(plan=plan, need__call=plan.call),
    ),
    "plans:page": (
        lambda at: plans.PlanFactory(province=at),
        lambda at, plan: plans.ItemFactory(decision__plan=plan),
    ),
    "plans:decision": (
        lambda at: plans.DecisionFactory(plan__province=at),
        lambda at, decision: plans.ItemFactory(decision=decision),
    ),
    "programmes:page": (
        lambda at: plans.ProgrammeFactory(province=at),
        lambda at, programme: plans.TargetFactory(programme=programme),
    ),
    "budgets:page": (
        lambda at: budgets.EnvelopeFactory(province=at, given=3_000_000_000),
        lambda at, envelope: budgets.EntryFactory(
            envelope=envelope, kind="committed", project=projects.ProjectFactory(province=at)
        ),
    ),
    "budgets:flow": (
        paid,
        lambda at, project: budgets.EntryFactory(
            envelope=budgets.EnvelopeFactory(province=at, given=1_000_000_000), kind="committed", project=project
        ),
    ),
    "councils:page": (
        lambda at: councils.CouncilFactory(province=at),
        lambda at, council: councils.MemberFactory(council=council),
    ),
    "documents:page": (
        lambda at: documents.PaperFactory(province=at),
        lambda at, paper: documents.PaperFileFactory(paper=paper, order=next(years)),
    ),
    "organisations:page": (
        lambda at: organisations.OrganisationFactory(place=at, centre=True),
        lambda at, body: organisations.AreaFactory(organisation=body),
    ),
    "places:page": (lambda at: at, lambda at, unit: commune(at)),
    "people:page": (
        lambda at: people.UserFactory(province=at),
        lambda at, user: people.MandateFactory(user=user, place=at),
    ),
    "norms:page": (
        lambda at: norms.InstrumentFactory(),
        lambda at, instrument: norms.SupportNormFactory(instrument=instrument),
    ),
    "audit:envelope": (
        lambda at: budgets.EnvelopeFactory(province=at, given=3_000_000_000),
        lambda at, envelope: budgets.EntryFactory(envelope=envelope, amount=1_000_000),
    ),
    "reporting:sent_page": (
        lambda at: reporting.SentReportFactory(province=at),
        lambda at, report: changed_since(at, report),
    ),
    "audit:trail": (paid, lambda at, project: contracts.VoucherFactory(project=project)),
}
years, months = iter(range(2000, 2190)), iter(range(1, 12))
READERS: dict[str, tuple[str, ...]] = {
    "everywhere": ("auditor", "administrator", "ministry_agency"),
    "province": ("appraiser", "auditor", "administrator", "centre_officer"),
}


@pytest.fixture(autouse=True)
def counters():
    global years, months
    years, months = iter(range(2000, 2190)), iter(range(1, 12))
    _READING.clear()


_READING: list[User] = []


def readers():
    """A province, and who may open all of it, in the whole country and in the province: by where, and his cookies."""
    at = places.ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    people_there, cookies = {}, {}
    for where, roles in READERS.items():
        people_there[where] = people.UserFactory(province=at)
        for role in roles:
            scope = {"place": None, "whole_country": True} if where == "everywhere" else {"place": at}
            people.MandateFactory(user=people_there[where], role=role, valid_from=dt.date(2020, 1, 1), **scope)
        browser = Client()
        browser.force_login(people_there[where])
        cookies[where] = browser.cookies
    return SimpleNamespace(province=at, people=people_there, cookies=cookies)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(readers, django_db_blocker)


@pytest.fixture
def world(made, db):
    return own(made)


@pytest.fixture
def province(world):
    return world.province


@pytest.fixture
def desks(world):
    """A browser of each of them."""
    browsers = {where: Client() for where in READERS}
    for where, browser in browsers.items():
        browser.cookies = world.cookies[where]
    _READING.extend(world.people.values())
    return browsers


def asked(desk, address) -> tuple[int, object]:
    """How often a page asks when it is opened; the register of places is in memory already, as in a process that works."""
    gazetteer()
    with CaptureQueriesContext(connection) as seen:
        page = desk.get(address)
    assert page.status_code == 200
    return len(seen), page


def each_asked(desks, address) -> tuple[dict[str, int], dict[str, object]]:
    """The same of every reader: how often his page asks, and his page."""
    found = {where: asked(desk, address) for where, desk in desks.items()}
    return {where: often for where, (often, _) in found.items()}, {where: page for where, (_, page) in found.items()}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(desks, province, name):
    LISTS[name](province)
    one, first = each_asked(desks, reverse(name))
    LISTS[name](province)
    LISTS[name](province)
    three, last = each_asked(desks, reverse(name))

    assert three == one
    assert {where: _rows(last[where]) - _rows(first[where]) >= 2 for where in desks} == dict.fromkeys(READERS, True)
    assert max(three.values()) <= A_LIST


def _rows(page) -> int:
    return page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0].count("<tr")


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_asks_as_often_with_three_things_on_it_as_with_one(desks, province, name):
    make, hang = RECORDS[name]
    record = make(province)
    hang(province, record)
    address = reverse(name, args=[record.pk])
    one, _pages = each_asked(desks, address)
    hang(province, record)
    hang(province, record)
    three, _pages = each_asked(desks, address)

    assert three == one
    assert max(three.values()) <= A_RECORD


def found_out(at):
    """One more line in each kind of exceptions that an auditor's board counts."""
    documents.RequirementFactory(title=f"Giấy tờ {next(years)}")
    given = contracts.AssignmentFactory(project__province=at, project__year=YEAR)
    contracts.VoucherFactory(project=given.project, on=dt.date(2026, 3, 19))
    projects.ClearanceFactory(project__province=at, project__year=YEAR)
    projects.ProjectFactory(province=at, year=YEAR, state="liquidated", historical=True, originals_missing=True)
    projects.ProjectFactory(province=at, year=YEAR, state="appraised", level="national")
    audit.EventFactory(province_id=at.pk, on=dt.date(2026, 10, 1))
    first = contracts.VoucherFactory(project__province=at, project__year=YEAR)
    contracts.VoucherFactory(project__province=at, project__year=YEAR, key=first.key, source="counterpart")


def test_the_board_of_the_auditor_asks_as_often_for_three_lines_of_a_kind_as_for_one(desks, province):
    counted = f"{reverse('audit:list')}?{COUNT}=1"  # what is shown at once over the whole country counts nothing
    found_out(province)
    one, first = each_asked(desks, counted)
    found_out(province)
    found_out(province)
    three, last = each_asked(desks, counted)

    assert three == one
    assert max(three.values()) <= A_LIST
    for where in desks:
        assert _counted(last[where]) > _counted(first[where])


def _counted(page) -> int:
    return sum(row["count"] for row in page.context["rows"])


def test_every_kind_of_exceptions_asks_as_often_for_three_lines_as_for_one(desks, province):
    addresses = {key: reverse("audit:exceptions", args=[key]) for key in KINDS}
    found_out(province)
    one = {key: each_asked(desks, address)[0] for key, address in addresses.items()}
    found_out(province)
    found_out(province)
    three = {key: each_asked(desks, address)[0] for key, address in addresses.items()}

    assert three == one
    assert max(often for by_reader in three.values() for often in by_reader.values()) <= A_LIST


@pytest.mark.parametrize("role", ["commune_officer", "appraiser", "auditor"])
def test_the_search_over_everything_asks_as_often_for_three_of_each_as_for_one(client, province, role):
    here = commune(province)
    client.force_login(people.person(role, place=here if role == "commune_officer" else province))

    def one_of_each():
        project = projects.ProjectFactory(province=province, commune=here, title="Máy sấy cà phê")
        contracts.AssignmentFactory(project=project)
        establishments.EstablishmentFactory(province=province, commune=here, name="Cơ sở sấy cà phê")
        needs.NeedFactory(call__province=province, call__year=next(years), commune=here, name="Nhu cầu sấy")
        documents.PaperFactory(province=province, abstract="Về máy sấy")

    one_of_each()
    one, _page = asked(client, f"{reverse('search')}?q=say")
    one_of_each()
    one_of_each()
    three, _page = asked(client, f"{reverse('search')}?q=say")

    assert three == one
    assert three <= A_LIST


def test_every_list_of_the_desk_stands_in_the_table(desks):
    missing = set()
    for name in _routes(get_resolver()):
        if name in LISTS:
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue  # under a record
        pages = (desk.get(address) for desk in desks.values())  # the second only where the first does not open it
        page = next((page for page in pages if page.context and page.status_code == 200), None)
        if page is not None and isinstance(page.context.get("list"), Listing):
            missing.add(name)

    assert missing == set()


def _routes(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name and not pattern.callback.__module__.startswith("allauth"):
            yield space + pattern.name
