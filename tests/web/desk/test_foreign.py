"""No step offers, and so none takes, a record of another province: every form of the desk, as its pages really make it."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.factories import (
    budgets,
    contracts,
    councils,
    documents,
    establishments,
    needs,
    organisations,
    people,
    places,
    plans,
    projects,
    reporting,
)

pytestmark = pytest.mark.django_db
ROLES = (
    *("centre_officer", "centre_director", "appraiser", "department_director", "accountant", "registry_clerk"),
    *("provincial_approver", "administrator"),
)
STATES = ("running", "draft", "approved", "accepted", "settled", "submitted", "stopped", "assigned")
# what belongs to no province, or to all: chosen freely by law
FREE = {"Line", "Instrument", "File"}


def world(province):
    """One of everything that a form may offer, in this province."""
    here = places.CommuneFactory(province=province)
    centre = organisations.OrganisationFactory(centre=True, place=province)
    organisations.OrganisationFactory(department=True, place=province)
    establishment = establishments.EstablishmentFactory(province=province, commune=here)
    establishments.ProductFactory(establishment=establishment)
    envelope = budgets.EnvelopeFactory(province=province, given=1_000_000_000)
    call = needs.CallFactory(province=province)
    made = {
        "needs": [call.pk],
        "establishments": [establishment.pk],
        "budgets": [envelope.pk],
        "councils": [councils.CouncilFactory(province=province).pk],
        "organisations": [centre.pk],
        "documents": [documents.PaperFactory(province=province).pk],
        "surveys": [needs.SurveyPlanFactory(call=call).pk],
        "projects": [],
        "reporting": [reporting.SentReportFactory(province=province).pk],
    }
    for state in ("sent", "confirmed", "surveyed", "proposed"):
        made["needs"].append(needs.NeedFactory(call=call, commune=here, state=state).pk)
    for state in STATES:
        project = projects.ProjectFactory(province=province, commune=here, implementer=centre, state=state)
        helped = projects.BeneficiaryFactory(project=project, establishment=establishment, approved=True)
        if state in ("assigned", "running", "accepted", "settled", "stopped"):
            given = contracts.AssignmentFactory(project=project)
            budgets.EntryFactory(envelope=envelope, kind="committed", amount=1_000_000, project=project)
            if state != "assigned":
                contracts.SupportContractFactory(assignment=given, beneficiary=helped)
        made["projects"].append(project.pk)
    made["contracts"] = made["projects"]
    decision = plans.DecisionFactory(plan__province=province)
    plans.ItemFactory(decision=decision)
    made["plans"] = [decision.plan_id, decision.pk]
    made["people"] = [people.UserFactory(province=province).pk]
    return made, centre


@pytest.fixture
def desk(client):
    """Somebody who may do almost everything in his province and nothing outside it; and the other province."""
    mine, other = places.ProvinceFactory(), places.ProvinceFactory()
    world(other)
    made, centre = world(mine)
    user = people.UserFactory(province=mine)
    for role in ROLES:
        own = {"employer": centre} if role.startswith("centre") else {}
        people.MandateFactory(user=user, role=role, place=mine, valid_from=dt.date(2020, 1, 1), **own)
    client.force_login(user)
    return client, made, other


def routes(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name and pattern.callback.__module__.startswith("khuyencong.web.desk"):
            yield space + pattern.name, list(pattern.pattern.converters)


def addresses(name, wanted, made):
    keys = made.get(name.partition(":")[0], ())
    tries = [[]] if not wanted else [[key] for key in keys] if len(wanted) == 1 else []
    if name == "projects:step" or wanted == ["pk", "name"]:
        tries = [[key, step] for key in keys for step in ("submit", "appraise", "register", "withdraw", "stop")]
    for args in tries:
        try:
            yield reverse(name, args=args)
        except NoReverseMatch:
            continue


def choices(form):
    for one in [form, *getattr(form, "forms", ())]:
        for name, field in getattr(one, "fields", {}).items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset.model.__name__ not in FREE:
                yield name, field.queryset


def outside(queryset, province):
    """Records of the other province among what a field takes."""
    model = queryset.model
    if model.__name__ == "Unit":
        return [unit for unit in queryset if province.pk in (unit.pk, unit.province_id)]
    try:
        model._meta.get_field("province")
    except FieldDoesNotExist:
        return [] if not hasattr(model, "project") else list(queryset.filter(project__province=province))
    return list(queryset.filter(province=province))


# a body or an expert of another province may be named: partners, givers, members and parties are not bound to one
ANYWHERE = {"Organisation", "Expert"}


def test_no_form_of_the_desk_takes_a_record_of_another_province(desk):
    client, made, other = desk
    seen, foreign = set(), []
    for name, wanted in routes(get_resolver()):
        for address in addresses(name, wanted, made):
            page = client.get(address)
            if page.status_code != 200 or not page.context or page.context.get("form") is None:
                continue
            for field, queryset in choices(page.context["form"]):
                seen.add((name, field))
                if queryset.model.__name__ not in ANYWHERE and outside(queryset, other):
                    foreign.append((name, field, queryset.model.__name__))
            break  # one record that opens this form is enough

    assert sorted(set(foreign)) == []
    assert len(seen) > 40, "too few forms were met to prove anything"
