"""The page of an act is for who may do it; everybody else gets the refusal, and no form to fill in for nothing."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from khuyencong.authority.permissions import Permission as P
from khuyencong.authority.roles import RECORDABLE, ROLES
from tests.factories import (
    budgets,
    contracts,
    councils,
    documents,
    establishments,
    files,
    needs,
    norms,
    organisations,
    people,
    places,
    plans,
    projects,
)
from tests.web.desk.test_foreign import world
from tests.worlds import once, own

pytestmark = pytest.mark.django_db
# act before there is a record → who may begin it
BEGINNINGS = {
    "budgets:record_decision": (P.BUDGET_RECORD,),
    "councils:form": (P.COUNCIL_FORM,),
    "documents:open_register": (P.PAPER_RECORD,),
    "establishments:found_cluster": (P.ESTABLISHMENT_EDIT,),
    "establishments:register": (P.ESTABLISHMENT_EDIT,),
    "establishments:register_village": (P.ESTABLISHMENT_EDIT,),
    "needs:confirm": (P.NEED_CONFIRM,),
    "needs:decide": (P.NEED_DECIDE,),
    "needs:none": (P.NEED_REGISTER,),
    "needs:open_call": (P.CALL_OPEN,),
    "needs:register": (P.NEED_REGISTER,),
    "norms:add": (P.CATALOGUE_MANAGE,),
    "organisations:add_expert": (P.CATALOGUE_MANAGE,),
    "organisations:register": (P.CATALOGUE_MANAGE,),
    "people:register": (P.PEOPLE_MANAGE,),
    "plans:open": (P.PLAN_DRAFT, P.IMPORT),
    "programmes:record": (P.PLAN_DRAFT,),
    "projects:draft": (P.PROJECT_DRAFT,),
    "projects:from_word": (P.PROJECT_DRAFT,),
    "surveys:plan": (P.SURVEY_PLAN,),
}
# asked of who works with papers at all: every desk records the papers that its acts need
OF_PAPERS = {"documents:drop", "documents:record"}
# of the whole country: the administrator of a province keeps none of it
OF_COUNTRY = {"norms:except_day"}
# not asked here, each for a reason of its own
APART = {
    "documents:template",  # of a form of the house, asked in its own tests
    "documents:own_template",
    "documents:print_form",
    "projects:word_review",  # of the person who sent the file alone
    "imports:confirm",
    "establishments:compare",
    "work:paper",
}


def acts(resolver=None, space=""):
    """Every page of the desk with a form for one act: its name and the names of its arguments."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from acts(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif getattr(pattern.callback, "acts", False) and pattern.callback.__module__.startswith("khuyencong.web.desk"):
            yield space + pattern.name, list(pattern.pattern.converters)


def fuller_world(province):
    """As ``world``, with what stands under its records: by desk and argument."""
    made, centre = world(province)
    here = {desk: {"pk": keys} for desk, keys in made.items()}
    running = projects.ProjectFactory(province=province, implementer=centre, running=True)
    signed = contracts.SupportContractFactory(assignment__project=running)
    envelope = budgets.EnvelopeFactory(province=province, given=2_000_000_000)
    committed = budgets.EntryFactory(envelope=envelope, kind="committed", amount=1_000_000, project=running)
    here["contracts"] = {
        "pk": [running.pk],
        "who": signed.beneficiary_id,
        "contract": signed.pk,
        "purchase": contracts.PurchaseFactory(support_contract=signed).pk,
        "report": contracts.ProgressReportFactory(project=running).pk,
        "advance": contracts.AdvanceFactory(project=running, envelope=envelope).pk,
        "voucher": contracts.VoucherFactory(project=running).pk,
        "envelope": envelope.pk,
        "recovery": contracts.RecoveryFactory(project=running, envelope=envelope).pk,
        "key": "purchase:1",
    }
    asked = projects.ProjectFactory(province=province, implementer=centre, state="submitted")
    here["projects"] |= {
        "who": projects.BeneficiaryFactory(project=asked).pk,
        "opinion": projects.OpinionRequestFactory(project=asked).pk,
    }
    here["projects"]["pk"] = [asked.pk, *made["projects"][:2]]
    asking = plans.OpinionRequestFactory(decision=plans.DecisionFactory(plan_id=made["plans"][0]))
    here["plans"] = {"opinion": asking.pk}
    here["plans"]["pk"] = [asking.decision_id, *made["plans"], plans.ChangeRequestFactory(project=running).pk]
    meeting = councils.SessionFactory(council__province=province)
    sitting = councils.MemberFactory(council=meeting.council)
    here["councils"] = {"pk": [meeting.council_id], "session": meeting.pk, "project": asked.pk, "member": sitting.pk}
    here["councils"]["basis"] = "declared"
    here["budgets"] |= {"entry": committed.pk}
    here["budgets"]["pk"] = [envelope.pk]
    establishment = establishments.EstablishmentFactory(province=province)
    village = establishments.CraftVillageFactory(province=province)
    here["establishments"]["pk"] += [
        establishment.pk,
        village.pk,
        establishments.CraftVillageRecognitionFactory(village=village).pk,
        establishments.ClusterFactory(province=province).pk,
        establishments.MachineFactory(establishment=establishment).pk,
    ]
    here["establishments"]["other"] = made["establishments"][0]
    here["establishments"]["name"] = organisations.FormerNameFactory(organisation=establishment.organisation).pk
    register = documents.RegisterFactory(issuer=centre)
    here["documents"]["number"] = documents.NumberFactory(register=register).pk
    here["documents"]["pk"] += [
        register.pk,
        documents.PrintFactory(province=province).pk,
        documents.ScanFactory(province=province).pk,
        documents.TemplateFactory(province=province).pk,
    ]
    visit = needs.VisitFactory(need_id=made["needs"][1], plan_id=made["surveys"][0])
    here["surveys"]["pk"] += [visit.pk]
    here["programmes"] = {"pk": [plans.ProgrammeFactory(province=province).pk]}
    row = norms.SupportNormFactory()
    here["norms"] = {"pk": [row.instrument_id, row.pk], "kind": "supportnorm"}
    here["places"] = {"pk": [province.pk]}
    account = people.UserFactory(province=province)
    mandate = people.MandateFactory(user=account, role="collaborator", place=province)
    here["people"]["pk"] += [account.pk, mandate.pk]
    here["work"] = {"pk": [mandate.pk, asked.pk], "about": "project"}
    here["organisations"]["pk"] += [
        organisations.AreaFactory(organisation=centre).pk,
        organisations.FormerNameFactory(organisation=centre).pk,
        organisations.ExpertFactory(province=province).pk,
        organisations.ContactFactory(province=province).pk,
    ]
    here["reporting"] |= {"year": 2026, "period": 3}
    here["imports"] = {"kind": "establishments", "uid": files.ImportRunFactory().uid}
    return here


def addresses(name, wanted, here):
    """The page for each record that it may be about."""
    known = here.get(name.partition(":")[0], {})
    for key in known.get("pk", ()) if "pk" in wanted else [None]:
        try:
            yield reverse(name, kwargs={arg: key if arg == "pk" else known[arg] for arg in wanted})
        except (KeyError, NoReverseMatch):
            continue


@pytest.mark.slow
def test_no_page_of_an_act_opens_for_who_only_looks(client):
    province = places.ProvinceFactory()
    here = fuller_world(province)
    auditor = people.UserFactory()
    people.MandateFactory(user=auditor, role="auditor", place=province, valid_from=dt.date(2020, 1, 1))
    client.force_login(auditor)

    opened, never = set(), set()
    for name, wanted in acts():
        if name in APART:
            continue
        answers = {client.get(address).status_code for address in addresses(name, wanted, here)}
        if 200 in answers:
            opened.add(name)
        if not answers:
            never.add(name)

    assert opened == set()
    assert never == set(), "give the world a record for these, or say in APART why not"


def beginners():
    """Who may begin something on a desk, by role, signed in."""
    province = places.ProvinceFactory()
    centre = organisations.OrganisationFactory(centre=True, place=province)
    signed_in = {}
    for role in ("collaborator", "centre_officer", "appraiser", "accountant", "registry_clerk", "administrator"):
        user = people.UserFactory(province=province)
        of_centre = {"employer": centre} if role == "centre_officer" else {}
        people.MandateFactory(user=user, role=role, place=province, valid_from=dt.date(2020, 1, 1), **of_centre)
        desk = Client()
        desk.force_login(user)
        signed_in[role] = desk.cookies
    return signed_in


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(beginners, django_db_blocker)


@pytest.fixture
def desks(made, db):
    """A browser of each of them."""
    browsers = {role: Client() for role in made}
    for role, cookies in own(made).items():
        browsers[role].cookies = cookies
    return browsers


@pytest.mark.parametrize("name", sorted(BEGINNINGS))
def test_an_act_begins_on_the_desk_of_who_may_begin_it(desks, name):
    wanted = {*BEGINNINGS[name], *({P.PAPER_RECORD} if RECORDABLE & set(BEGINNINGS[name]) else ())}
    opens = {role: desk.get(reverse(name)).status_code for role, desk in desks.items()}

    assert opens == {role: 200 if wanted & ROLES[role].permissions else 403 for role in opens}


def test_every_act_without_a_record_is_among_the_beginnings():
    there = {name for name, wanted in acts() if not wanted}

    assert there == {*BEGINNINGS, *OF_PAPERS, *OF_COUNTRY}
