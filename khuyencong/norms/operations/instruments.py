"""Texts and how they stand to each other."""

from datetime import date
from typing import Any

from django.db import transaction

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.norms.models import (
    Instrument,
    Link,
)
from khuyencong.norms.operations.proposals import propose_end_instrument
from khuyencong.norms.operations.shared import check, mark_read


@transaction.atomic
def add_instrument(*, by: Any, on: date, **fields: Any) -> Instrument:
    """Record a legal text.  A provincial text needs authority over its province, a national one over the whole country.

    Raises NotAllowed; Invalid with the fields at fault (a code that exists, an end before the beginning).
    """
    instrument = Instrument(**fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    check(instrument)
    instrument.save()
    audit.record("norms.add_instrument", instrument, by=by, on=on, code=instrument.code)
    return instrument


@transaction.atomic
def end_instrument(instrument: Instrument, *, valid_to: date, by: Any, on: date) -> Instrument:
    """From ``valid_to`` the text holds no longer; its open rows end with it.

    Raises NotAllowed; NotPossible when it has ended already; Invalid when the end is not after its first day.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    ended, _there = propose_end_instrument(instrument, valid_to=valid_to, by=by)
    for row in ended:
        row.save(update_fields=["valid_to"])
    instrument.valid_to = valid_to
    instrument.save(update_fields=["valid_to"])
    audit.record("norms.end_instrument", instrument, by=by, on=on, valid_to=valid_to, rows=len(ended))
    return instrument


@transaction.atomic
def link(instrument: Instrument, *, target: Instrument, kind: str, by: Any, on: date, note: str = "") -> Link:
    """Say how this text stands to another.  Raises NotAllowed; Invalid when it names itself or the link exists."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    made = Link(instrument=instrument, target=target, kind=kind, note=note)
    check(made)
    made.save()
    audit.record("norms.link", instrument, by=by, on=on, kind=kind, target=target.code)
    return made


@transaction.atomic
def verify_instrument(instrument: Instrument, *, mark: str, source: str, by: Any, on: date) -> Instrument:
    """Mark how far a person has read the text, and where.  Raises NotAllowed; Invalid without a source for “yes”."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    mark_read(instrument, mark=mark, source=source)
    audit.record("norms.verify_instrument", instrument, by=by, on=on, mark=mark, source=source)
    return instrument
