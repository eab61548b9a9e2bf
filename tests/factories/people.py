import datetime as dt

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

    def at(role, **scope):
        return person(role, **({"place": land.province} | scope))

    return WhenAsked(
        officer=lambda: at("centre_officer", employer=land.centre),
        importer=lambda: at("centre_officer", employer=land.centre),
        director=lambda: at("centre_director", employer=land.centre),
        appraiser=lambda: at("appraiser"),
        department=lambda: at("department_director"),
        approver=lambda: at("provincial_approver"),
        accountant=lambda: at("accountant"),
        clerk=lambda: at("registry_clerk"),
        commune=lambda: person("commune_officer", place=land.commune),
        agency=lambda: MandateFactory(role="ministry_agency", country=True).user,
        minister=lambda: MandateFactory(role="ministry_approver", country=True).user,
        stranger=lambda: person("centre_director", place=ProvinceFactory()),
    )
