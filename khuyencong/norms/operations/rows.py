"""The dated rows that a text gives."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.norms import queries, rules
from khuyencong.norms.enums import Level
from khuyencong.norms.models import (
    Instrument,
    Row,
    SupportNorm,
)
from khuyencong.norms.operations.shared import check, mark_read


@transaction.atomic
def add_row(instrument: Instrument, *, model: type[Row], by: Any, on: date, **fields: Any) -> Row:
    """Record one dated row that this text gives; level and province come from the text unless given.

    Raises NotAllowed; Invalid with the fields at fault; NotPossible when a row of the same key, level and province holds
    on a day of the new one, when the row reaches beyond its text, binds another province than its text does, or sets local
    money by a body that the law of its first day does not name for it (People's Council or committee).
    """
    fields.setdefault("level", instrument.level)
    fields.setdefault("province", instrument.province)
    row = model(instrument=instrument, **fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    check(row)
    _check_place(row)
    _check_issuer(row)
    row.save()
    audit.record("norms.add_row", row, by=by, on=on, article=row.article, valid_from=row.valid_from, **_told(row))
    return row


@transaction.atomic
def end_row(row: Row, *, valid_to: date, by: Any, on: date) -> Row:
    """From ``valid_to`` the row holds no longer.

    Raises NotAllowed; NotPossible when it has ended already; Invalid when the end is not after its first day.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.valid_to is not None:
        raise NotPossible(_("Dòng này đã hết hiệu lực từ %(day)s.") % {"day": f"{row.valid_to:%d/%m/%Y}"})
    if valid_to <= row.valid_from:
        raise Invalid(valid_to=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    audit.record("norms.end_row", row, by=by, on=on, valid_to=valid_to)
    return row


@transaction.atomic
def correct_row(row: Row, *, by: Any, on: date, reason: str, **fields: Any) -> Row:
    """Put right what was copied wrongly into a row that nobody has verified; old and new values go to the journal.

    A verified row is not rewritten: it is ended and a new one added.  Decisions keep the numbers they were made with.
    Raises NotAllowed; NotPossible for a verified row or an overlap; Invalid without a reason.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.is_verified:
        raise NotPossible(_("Dòng đã đối chiếu văn bản thì không sửa: hãy kết thúc dòng này và thêm dòng mới."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do sửa."))
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    check(row)
    row.save()
    audit.record("norms.correct_row", row, by=by, on=on, reason=reason, before=before, after=fields)
    return row


@transaction.atomic
def verify_row(row: Row, *, mark: str, source: str, by: Any, on: date) -> Row:
    """Mark how far a person has read the article behind a row, and where.  Raises NotAllowed; Invalid without a source."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    mark_read(row, mark=mark, source=source)
    audit.record("norms.verify_row", row, by=by, on=on, mark=mark, source=source)
    return row


def _check_place(row: Row) -> None:
    text = row.instrument
    if row.valid_from < text.valid_from or (text.valid_to and (row.valid_to is None or row.valid_to > text.valid_to)):
        raise NotPossible(
            _("Thời gian hiệu lực của dòng phải nằm trong thời gian hiệu lực của %(instrument)s.")
            % {"instrument": text}
        )
    if text.province_id and row.province_id != text.province_id:
        raise NotPossible(
            _("%(instrument)s chỉ áp dụng cho %(province)s.") % {"instrument": text, "province": text.province}
        )


def _check_issuer(row: Row) -> None:
    if not isinstance(row, SupportNorm) or row.level == Level.NATIONAL:
        return
    setter = queries.approver(row.line.local_act, on=row.valid_from, level=row.level, province=row.province)
    if setter is None or not setter.is_verified or rules.same_body(row.instrument.body, setter.body):
        return
    raise NotPossible(
        _("Mức này do %(body)s quy định (%(article)s), không phải %(other)s.")
        % {"body": setter.body, "article": setter.citation, "other": row.instrument.body}
    )


def _told(row: Row) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in type(row).KEY}
    for name in ("percent", "cap", "multiplier", "ratio"):
        if getattr(row, name, None) is not None:
            told[name] = getattr(row, name)
    return told
