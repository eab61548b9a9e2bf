"""Whom to ask and whom to call: experts and institutes, collaborators and contacts of communes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.organisations.models import Contact, Expert, Organisation
from khuyencong.places.models import Unit


@transaction.atomic
def add_expert(
    *,
    name: str,
    field: str,
    by: Any,
    organisation: Organisation | None = None,
    province: Unit | None = None,
    contact: str = "",
    note: str = "",
    invented: bool = False,
) -> Expert:
    """Put a person or institute into the directory of experts.  ``contact`` is the address at work, nothing private."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=province)
    expert = Expert(
        name=" ".join(name.split()),
        field=" ".join(field.split()),
        organisation=organisation,
        province=province,
        contact=contact.strip(),
        note=note.strip(),
        invented=invented,
    )
    if Expert.objects.filter(name=expert.name, field=expert.field, organisation=organisation).exists():
        raise Invalid(name=_("“%(name)s” đã có trong danh bạ với lĩnh vực này.") % {"name": expert.name})
    checked(expert).save()
    record("expert.add", expert, by=by, field=expert.field)
    return expert


@transaction.atomic
def change_expert(expert: Expert, *, by: Any, **facts: Any) -> Expert:
    """Correct a line of the directory: name, field, organisation, province, contact, note."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=expert.province)
    for name, value in facts.items():
        if name not in ("name", "field", "organisation", "province", "contact", "note"):
            raise TypeError(f"not a fact of an expert: {name}")
        setattr(expert, name, " ".join(value.split()) if isinstance(value, str) else value)
    authorise(by, Permission.CATALOGUE_MANAGE, place=expert.province)
    checked(expert).save()
    record("expert.change", expert, by=by, changed=sorted(facts))
    return expert


@transaction.atomic
def remove_expert(expert: Expert, *, by: Any) -> None:
    """Take a line out of the directory: a person may ask for it at any time."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=expert.province)
    record("expert.remove", expert, by=by)
    expert.delete()


_TOLD = frozenset({"title", "body", "phone", "email", "note", "valid_to"})


@transaction.atomic
def bring_in_contacts(
    fresh: Sequence[Contact],
    *,
    changes: Mapping[int, Mapping[str, Any]],
    province: Unit,
    digest: str,
    counts: Mapping[str, int],
    by: Any,
    run: ImportRun | None = None,
) -> None:
    """Collaborators and contacts of communes as a list tells them: new ones, and what changed of those that are kept.

    One journal line with counts and digest; numbers of telephones are not in it.  Raises NotAllowed.
    """
    if not by.may(Permission.CATALOGUE_MANAGE, place=province):
        authorise(by, Permission.IMPORT, place=province)
    for contact in fresh:
        contact.derive()
    Contact.objects.bulk_create(fresh, batch_size=1_000)
    for contact in Contact.objects.select_for_update(of=("self",)).filter(pk__in=changes, province=province):
        for name, value in changes[contact.pk].items():
            if name in _TOLD:
                setattr(contact, name, value)
        checked(contact, exclude=("folded",)).save()
    if fresh or changes:
        record("contact.import", run or province, by=by, digest=digest, counts=dict(counts), province=str(province))
    if run is not None:
        files.finish_import(run, counts=dict(counts), digest=digest)


@transaction.atomic
def remove_contact(contact: Contact, *, by: Any) -> None:
    """Somebody is no longer to be called, or asks to be forgotten.  The journal keeps the act, not the person."""
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=contact.place)
    record("contact.remove", contact.place, by=by, kind=contact.kind)
    contact.delete()
