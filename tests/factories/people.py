import datetime as dt
from functools import partial

import factory

from khuyencong.people.models import Mandate, SavedView, User
from tests.factories import WhenAsked
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import ProvinceFactory


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi{n}")
    last_name = "Nguyễn Thị"
    first_name = factory.Sequence(lambda n: f"Lan {n}")
    title = "Chuyên viên"
    password = "!"  # cannot sign in; ``client.force_login`` can


class MandateFactory(factory.django.DjangoModelFactory):
    """A role at a province from 1/1/2026; ``place=None`` with another scope for the rest."""

    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    role = "appraiser"
    place = factory.SubFactory(ProvinceFactory)
    valid_from = dt.date(2026, 1, 1)

    class Params:
        country = factory.Trait(place=None, whole_country=True)
        of_body = factory.Trait(place=None, role="establishment", organisation=factory.SubFactory(OrganisationFactory))
        ended = factory.Trait(valid_to=dt.date(2026, 11, 22))  # the tests' today: no longer
        future = factory.Trait(valid_from=dt.date(2026, 11, 23))


class SavedViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedView

    user = factory.SubFactory(UserFactory)
    page = "projects:list"
    name = factory.Sequence(lambda n: f"Cách xem {n}")
    query = "state=running"


def person(role: str, **scope) -> User:
    """Somebody who holds this role today: ``person("appraiser", place=province)``, ``person("auditor", country=True)``."""
    return MandateFactory(role=role, **scope).user


def people_of(land):
    """One person a role, each where his role belongs, made when asked for; ``land`` names a province, its Centre and a commune."""
    here, centre = {"place": land.province}, {"place": land.province, "employer": land.centre}
    # partials, not closures: a copy of these people (``worlds.own``) works in its own copy of the land
    return WhenAsked(
        officer=partial(person, "centre_officer", **centre),
        importer=partial(person, "centre_officer", **centre),
        director=partial(person, "centre_director", **centre),
        appraiser=partial(person, "appraiser", **here),
        department=partial(person, "department_director", **here),
        approver=partial(person, "provincial_approver", **here),
        accountant=partial(person, "accountant", **here),
        clerk=partial(person, "registry_clerk", **here),
        commune=partial(person, "commune_officer", place=land.commune),
        agency=partial(person, "ministry_agency", country=True),
        minister=partial(person, "ministry_approver", country=True),
        stranger=lambda: person("centre_director", place=ProvinceFactory()),
    )
