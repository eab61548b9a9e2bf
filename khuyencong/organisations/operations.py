"""Everything that changes the directory of organisations and experts.  One function, one act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.bulk import insert_objects
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.phone import clean_phone
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.organisations import queries, rules
from khuyencong.organisations.enums import ESTABLISHMENTS, ONE_PER_PLACE
from khuyencong.organisations.models import Area, Contact, Expert, Organisation, Succession
from khuyencong.places.enums import Level
from khuyencong.places.models import Unit

_CHANGEABLE = frozenset(
    {"name", "short_name", "kind", "tax_code", "place", "address", "phone", "email", "parent", "founded_on", "fields"}
)

_PRIVATE = frozenset({"phone", "email", "tax_code"})


def _authorise(by: Any, kind: str, place: Unit | None, body: Organisation | None = None) -> None:
    """Bodies of the State belong to the catalogue; establishments to whoever keeps establishments there, or imports."""
    if kind in ESTABLISHMENTS and (
        by.may(Permission.ESTABLISHMENT_EDIT, place=place)
        or by.may(Permission.IMPORT, place=place)
        or (body is not None and by.may(Permission.ESTABLISHMENT_EDIT_OWN, place=place, body=body))
    ):
        return
    if by.may(Permission.IMPORT):
        return  # asked without a place: only the account that loads the catalogue of the whole country
    wanted = Permission.ESTABLISHMENT_EDIT if kind in ESTABLISHMENTS else Permission.CATALOGUE_MANAGE
    authorise(by, wanted, place=place)


@transaction.atomic
def register(*, name: str, kind: str, by: Any, on: date | None = None, paper: Any = None, **facts: Any) -> Organisation:
    """Add a body to the directory.

    ``facts``: short_name, tax_code, place (a unit of today), address, phone, email, parent, founded_on, fields, invented,
    uid.  Raises Invalid for a wrong or taken tax code, a place that has ended, and a second body of the State of the same
    kind in one place; NotAllowed.
    """
    organisation = _build(name=name, kind=kind, **facts)
    _authorise(by, kind, organisation.place)
    _check(organisation)
    organisation.save()
    record("organisation.register", organisation, by=by, on=on, paper=paper, kind=kind)
    return organisation


def _build(*, name: str, kind: str, **facts: Any) -> Organisation:
    if "phone" in facts:
        facts["phone"] = clean_phone(facts["phone"])
    return rules.build(name=name, kind=kind, **{field: value for field, value in facts.items() if value is not None})


def _check(organisation: Organisation) -> None:
    if organisation.place is not None and not organisation.place.is_current:
        raise Invalid(
            place=_("“%(place)s” đã được sắp xếp lại. Hãy chọn đơn vị hành chính hiện nay.")
            % {"place": organisation.place}
        )
    others = Organisation.objects.filter(ended_on=None).exclude(pk=organisation.pk)
    if organisation.tax_code and (other := others.filter(tax_code=organisation.tax_code).first()):
        raise Invalid(
            tax_code=_("Mã số thuế %(code)s đã có ở “%(other)s”. Hãy mở tổ chức đó thay vì nhập lại.")
            % {"code": organisation.tax_code, "other": other.name}
        )
    same = others.filter(kind=organisation.kind, place=organisation.place)
    if organisation.kind in ONE_PER_PLACE and organisation.place and (other := same.first()):
        raise Invalid(
            kind=_("%(place)s đã có %(kind)s: “%(other)s”. Nếu là đơn vị kế thừa, hãy ghi nhận việc kế thừa.")
            % {"place": organisation.place, "kind": organisation.get_kind_display(), "other": other.name}
        )
    if organisation.kind not in ESTABLISHMENTS and same.filter(folded=organisation.folded).exists():
        raise Invalid(
            name=_("Đã có tổ chức cùng tên, cùng loại ở địa bàn này: “%(name)s”.") % {"name": organisation.name}
        )
    checked(organisation)


@transaction.atomic
def register_many(organisations: Iterable[Organisation], *, by: Any, place: Unit | None = None) -> list[Organisation]:
    """Add many bodies that ``rules.build`` has made, by few statements: the write of an import.

    ``place`` is the province of the import (none: the whole country).  The importing act writes the one journal line.
    Raises NotAllowed; a tax code that is taken meanwhile fails the whole (IntegrityError), as an import is one act.
    """
    rows = list(organisations)
    authorise(by, Permission.IMPORT, place=place)
    return insert_objects(rows)


@transaction.atomic
def change(
    organisation: Organisation, *, by: Any, on: date | None = None, paper: Any = None, **facts: Any
) -> Organisation:
    """Correct what is known of a body; the journal keeps what it was.  Same facts and refusals as ``register``.

    Ending and succession are acts of their own.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _authorise(by, organisation.kind, organisation.place, organisation)
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an organisation: {', '.join(sorted(unknown))}")
    before = {field: getattr(organisation, field) for field in facts}
    fresh = _build(
        **{field: getattr(organisation, field) for field in _CHANGEABLE}
        | {f: v for f, v in facts.items() if v is not None}
    )
    for field in facts:
        setattr(organisation, field, getattr(fresh, field) if facts[field] is not None else None)
    _authorise(by, organisation.kind, organisation.place, organisation)
    organisation.derive()
    _check(organisation)
    changed = {field: [str(before[field] or ""), str(getattr(organisation, field) or "")] for field in facts}
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        organisation.save()
        # a telephone or a citizen's number is nobody's business in the journal
        told = {field: pair if field not in _PRIVATE else True for field, pair in changed.items()}
        if "tax_code" in changed and changed["tax_code"] == [rules.open_code(code) for code in changed["tax_code"]]:
            told["tax_code"] = changed["tax_code"]
        record("organisation.change", organisation, by=by, on=on, paper=paper, changed=told)
    return organisation


@transaction.atomic
def end(organisation: Organisation, *, by: Any, on: date, paper: Any = None, reason: str = "") -> Organisation:
    """A body ceased to exist; ``on`` is its first day no longer.  Its records stay as they are."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _authorise(by, organisation.kind, organisation.place)
    _end(organisation, on)
    record("organisation.end", organisation, by=by, on=on, paper=paper, reason=reason)
    return organisation


def _end(organisation: Organisation, on: date) -> None:
    if organisation.ended_on is not None:
        raise NotPossible(
            _("“%(name)s” đã chấm dứt từ ngày %(day)s.")
            % {"name": organisation.name, "day": f"{organisation.ended_on:%d/%m/%Y}"}
        )
    if on > clock.today():
        raise Invalid(on=_("Ngày chấm dứt không được ở tương lai."))
    if organisation.founded_on and on < organisation.founded_on:
        raise Invalid(on=_("Ngày chấm dứt không được trước ngày thành lập."))
    organisation.ended_on = on
    organisation.save(update_fields=["ended_on"])


@transaction.atomic
def succeed(
    old: Organisation, *, new: Organisation, by: Any, on: date, basis: str = "", paper: Any = None
) -> Succession:
    """``new`` takes over from ``old`` from the day ``on``; ``old`` ends that day unless it has ended already.

    Several bodies may be succeeded by one (merger) and one by several (division).  Raises NotPossible for a circle.
    """
    old = Organisation.objects.select_for_update(of=("self",)).get(pk=old.pk)
    _authorise(by, old.kind, old.place)
    if old.pk == new.pk or old in queries.successors(new):
        raise NotPossible(
            _("“%(new)s” không thể kế thừa “%(old)s”: hai bên sẽ kế thừa lẫn nhau.") % {"new": new, "old": old}
        )
    if not new.exists_on(on):
        raise NotPossible(
            _("“%(new)s” chưa hoạt động hoặc đã chấm dứt vào ngày %(day)s.") % {"new": new, "day": f"{on:%d/%m/%Y}"}
        )
    if old.ended_on is None:
        _end(old, on)
    succession = checked(Succession(old=old, new=new, on=on, basis=basis or (str(paper) if paper else "")))
    succession.save()
    record("organisation.succeed", old, by=by, on=on, paper=paper, successor=new.name, basis=basis)
    return succession


@transaction.atomic
def set_area(
    organisation: Organisation, *, name: str, communes: Iterable[Unit], by: Any, on: date, area: Area | None = None
) -> Area:
    """Draw the communes that one officer of a Centre looks after, from the day ``on``.

    With ``area`` an area is drawn anew.  Raises Invalid for communes outside the Centre's province or of the past.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=organisation.place)
    units = list(communes)
    if not units:
        raise Invalid(communes=_("Hãy chọn ít nhất một xã, phường."))
    for unit in units:
        if unit.level != Level.COMMUNE or not unit.is_current or unit.province_id != organisation.province_id:
            raise Invalid(
                communes=_("“%(unit)s” không phải xã, phường hiện nay thuộc địa bàn của %(body)s.")
                % {"unit": unit, "body": organisation}
            )
    if area is None:
        area = Area(organisation=organisation, valid_from=on)
    elif area.organisation_id != organisation.pk:
        raise NotPossible(_("Cụm địa bàn này thuộc đơn vị khác."))
    area.name = " ".join(name.split()) or units[0].full_name
    checked(area).save()
    area.communes.set(units)
    record("organisation.set_area", organisation, by=by, on=on, area=area.name, communes=[u.code for u in units])
    return area


@transaction.atomic
def end_area(area: Area, *, by: Any, on: date) -> Area:
    """An area is no longer used from ``on``; mandates for it must have ended (``people.queries.invariants`` names them)."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=area.organisation.place)
    area.valid_to = on
    checked(area).save(update_fields=["valid_to"])
    record("organisation.end_area", area.organisation, by=by, on=on, area=area.name)
    return area


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
