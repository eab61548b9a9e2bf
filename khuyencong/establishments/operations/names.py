"""The names of an establishment through time: those of its legal person, which keeps their days and papers."""

from datetime import date
from typing import Any

from django.db import transaction

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.establishments.models import Establishment
from khuyencong.establishments.operations.shared import refuse_merged
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import FormerName, Organisation
from khuyencong.people.models import User


@transaction.atomic
def rename(establishment: Establishment, *, name: str, by: User, on: date, paper: Any) -> Establishment:
    """From the day ``on`` the establishment bears another name, by its certificate of registration or another paper.

    Contracts and papers signed before keep the name of their day.  Refusals as of ``organisations.rename``; NotPossible for a
    record that was merged into another.
    """
    establishment = _kept(establishment, by)
    before = establishment.name
    organisations.rename(establishment.organisation, name=name, by=by, on=on, paper=paper)
    establishment = _as_named(establishment)
    record("establishment.rename", establishment, by=by, on=on, paper=paper, name=[before, establishment.name])
    return establishment


@transaction.atomic
def record_former_name(establishment: Establishment, *, name: str, by: User, on: date, paper: Any = None) -> FormerName:
    """A name that the establishment bore until the day ``on``, told afterwards.  Refusals as of ``organisations.record_former_name``."""
    establishment = _kept(establishment, by)
    former = organisations.record_former_name(establishment.organisation, name=name, by=by, on=on, paper=paper)
    establishment = _as_named(establishment)
    record("establishment.record_former_name", establishment, by=by, on=on, paper=paper, name=former.name)
    return former


@transaction.atomic
def remove_former_name(establishment: Establishment, *, former: FormerName, by: User) -> Establishment:
    """A former name of this establishment was recorded by mistake; its name of today stays.  Refusals as of
    ``organisations.remove_former_name``."""
    establishment = _kept(establishment, by)
    if former.organisation_id != establishment.organisation_id:
        raise TypeError("a former name of another body")
    name, until = former.name, former.until
    organisations.remove_former_name(former, by=by)
    establishment = _as_named(establishment)
    record("establishment.remove_former_name", establishment, by=by, on=until, name=name)
    return establishment


def _kept(establishment: Establishment, by: User) -> Establishment:
    establishment = Establishment.objects.select_for_update(of=("self",)).get(pk=establishment.pk)
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=establishment.place)
    refuse_merged(establishment)
    return establishment


def _as_named(establishment: Establishment) -> Establishment:
    """As it stands after its legal person got other names."""
    return Establishment.objects.select_related("organisation").get(pk=establishment.pk)


@organisations.follow_names
def name_as_body(body: Organisation) -> None:
    """The establishment whose legal person this is bears its names: of today and before."""
    establishment = Establishment.objects.filter(organisation=body).first()
    if establishment is None or (establishment.name, establishment.former) == (body.name, body.former):
        return
    establishment.name, establishment.former = body.name, body.former
    establishment.save()
