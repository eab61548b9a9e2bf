"""Bodies: registered, corrected, ended, succeeded."""

from collections.abc import Iterable
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
from khuyencong.organisations import queries, rules
from khuyencong.organisations.models import Organisation, Succession
from khuyencong.organisations.operations.following import tell_followers
from khuyencong.organisations.operations.shared import authorise_for, build, check
from khuyencong.places.models import Unit

_CHANGEABLE = frozenset(
    {"name", "short_name", "kind", "tax_code", "place", "address", "phone", "email", "parent", "founded_on", "fields"}
)

_PRIVATE = frozenset({"phone", "email", "tax_code"})


@transaction.atomic
def register(*, name: str, kind: str, by: Any, on: date | None = None, paper: Any = None, **facts: Any) -> Organisation:
    """Add a body to the directory.

    ``facts``: short_name, tax_code, place (a unit of today), address, phone, email, parent, founded_on, fields, invented,
    uid.  Raises Invalid for a wrong or taken tax code, a place that has ended, and a second body of the State of the same
    kind in one place; NotAllowed.
    """
    organisation = build(name=name, kind=kind, **facts)
    authorise_for(by, kind, organisation.place)
    check(organisation)
    organisation.save()
    record("organisation.register", organisation, by=by, on=on, paper=paper, kind=kind)
    return organisation


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

    A name is corrected here where it was misspelt; a body that took another name is renamed (``rename``).  Ending and
    succession are acts of their own too.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    authorise_for(by, organisation.kind, organisation.place, organisation)
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an organisation: {', '.join(sorted(unknown))}")
    before = {field: getattr(organisation, field) for field in facts}
    fresh = build(
        **{field: getattr(organisation, field) for field in _CHANGEABLE}
        | {f: v for f, v in facts.items() if v is not None}
    )
    for field in facts:
        setattr(organisation, field, getattr(fresh, field) if facts[field] is not None else None)
    authorise_for(by, organisation.kind, organisation.place, organisation)
    organisation.derive()
    check(organisation)
    changed = {field: [str(before[field] or ""), str(getattr(organisation, field) or "")] for field in facts}
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        organisation.save()
        if not changed.keys().isdisjoint({"name", "short_name"}):
            tell_followers(organisation)
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
    authorise_for(by, organisation.kind, organisation.place)
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
    if organisation.former and organisation.named_before.filter(until__gt=on).exists():
        raise Invalid(on=_("Ngày chấm dứt không được trước ngày đổi tên đã ghi."))
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
    authorise_for(by, old.kind, old.place)
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
