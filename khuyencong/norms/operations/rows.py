"""The dated rows that a text gives."""

from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.norms.models import Instrument, Row, SupportNorm
from khuyencong.norms.operations.proposals import propose_correction, propose_end, propose_row, propose_successor
from khuyencong.norms.operations.shared import mark_read

R = TypeVar("R", bound=Row)


@transaction.atomic
def add_row(instrument: Instrument, *, model: type[R], by: Any, on: date, **fields: Any) -> R:
    """Record one dated row that this text gives; level and province come from the text unless given.

    Raises NotAllowed; Invalid with the fields at fault, the article among them where it is not named; NotPossible when a row of
    the same key, level and province holds on a day of the new one, when the row reaches beyond its text, binds another province
    than its text does, or sets local money by a body that the law of its first day does not name for it (People's Council or
    committee).
    """
    row = propose_row(instrument, model=model, by=by, **fields)
    row.save()
    audit.record("norms.add_row", row, by=by, on=on, article=row.article, valid_from=row.valid_from, **_told(row))
    return row


@transaction.atomic
def end_row(row: R, *, valid_to: date, by: Any, on: date) -> R:
    """From ``valid_to`` the row holds no longer.

    Raises NotAllowed; NotPossible when it has ended already; Invalid when the end is not after its first day.
    """
    row = propose_end(_locked(row), valid_to=valid_to, by=by)
    row.save(update_fields=["valid_to"])
    audit.record("norms.end_row", row, by=by, on=on, valid_to=valid_to)
    return row


@transaction.atomic
def succeed_row(row: R, *, by: Any, on: date, instrument: Instrument | None = None, **fields: Any) -> R:
    """Put a new row of the same key, level and province in the place of this one, which ends the day the new one begins.

    ``instrument``: the text that gives the new row, else the same.  Raises NotAllowed; Invalid when the new row does not
    begin after the old one, or begins after its end; NotPossible as ``add_row``.
    """
    ended, following = propose_successor(_locked(row), by=by, instrument=instrument, **fields)
    ended.save(update_fields=["valid_to"])
    following.save()
    audit.record("norms.end_row", ended, by=by, on=on, valid_to=ended.valid_to, successor=str(following))
    told = {"article": following.article, "valid_from": following.valid_from, "instead_of": str(ended)}
    audit.record("norms.succeed_row", following, by=by, on=on, **told, **_told(following))
    return following


@transaction.atomic
def correct_row(row: R, *, by: Any, on: date, reason: str, **fields: Any) -> R:
    """Put right what was copied wrongly into a row that nobody has verified; old and new values go to the journal.

    A verified row is not rewritten: another is put in its place.  Decisions keep the numbers they were made with.
    Raises NotAllowed; NotPossible for a verified row or as ``add_row``; Invalid without a reason.
    """
    row = _locked(row)
    corrected = propose_correction(row, by=by, reason=reason, **fields)
    changed = [name for name in fields if getattr(row, name) != getattr(corrected, name)]
    corrected.save()
    before, after = ({name: getattr(one, name) for name in changed} for one in (row, corrected))
    audit.record("norms.correct_row", corrected, by=by, on=on, reason=reason, before=before, after=after)
    return corrected


@transaction.atomic
def verify_row(row: R, *, mark: str, source: str, by: Any, on: date) -> R:
    """Mark how far a person has read the article behind a row, and where.  Raises NotAllowed; Invalid without a source."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    mark_read(row, mark=mark, source=source)
    audit.record("norms.verify_row", row, by=by, on=on, mark=mark, source=row.source)
    return row


def _locked(row: R) -> R:
    """The row as it stands now; whoever changes it waits for others to finish."""
    there = type(row)._default_manager.select_for_update(of=("self",))
    related = ["instrument", "province", *(["line"] if isinstance(row, SupportNorm) else [])]
    return there.select_related(*related).get(pk=row.pk)  # type: ignore[return-value]


def _told(row: Row) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in type(row).KEY}
    for name in ("percent", "cap", "multiplier", "ratio"):
        if getattr(row, name, None) is not None:
            told[name] = getattr(row, name)
    return told
