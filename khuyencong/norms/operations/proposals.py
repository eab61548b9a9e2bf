"""Rows as an act would leave them: everything is asked that the act asks, nothing is written."""

from collections.abc import Collection
from copy import copy
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.norms import queries, rules
from khuyencong.norms.enums import Level
from khuyencong.norms.models import ROWS, Instrument, Row, SupportNorm
from khuyencong.norms.operations.shared import check

R = TypeVar("R", bound=Row)


def propose_row(instrument: Instrument, *, model: type[R], by: Any, **fields: Any) -> R:
    """The row that ``add_row`` would record.  Raises what it raises."""
    row = _new(instrument, model=model, **fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    check(row, cited=True)
    _check_place(row)
    _check_issuer(row)
    return row


def propose_end(row: R, *, valid_to: date, by: Any) -> R:
    """The row as ``end_row`` would leave it.  Raises what it raises."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.valid_to is not None:
        raise NotPossible(_("Dòng này đã hết hiệu lực từ %(day)s.") % {"day": f"{row.valid_to:%d/%m/%Y}"})
    if valid_to <= row.valid_from:
        raise Invalid(valid_to=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    return _as(row, valid_to=valid_to)


def propose_end_instrument(
    instrument: Instrument, *, valid_to: date, by: Any, kinds: Collection[type[Row]] = ROWS
) -> tuple[list[Row], list[Row]]:
    """The rows as ``end_instrument`` would leave them, and the same rows as they are.  Raises what it raises.

    Who asks for some ``kinds`` gets only theirs; rows of others are read where they refuse the day.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    if instrument.valid_to is not None:
        raise NotPossible(
            _("%(instrument)s đã hết hiệu lực từ %(day)s.")
            % {"instrument": instrument, "day": f"{instrument.valid_to:%d/%m/%Y}"}
        )
    if valid_to <= instrument.valid_from:
        raise Invalid(valid_to=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    rows = [row for _model, some in queries.rows_of(instrument, kinds=kinds, others_from=valid_to) for row in some]
    there = [row for row in rows if row.valid_to is None or row.valid_to > valid_to]
    for row in there:
        if row.valid_from >= valid_to:
            raise NotPossible(
                _("%(row)s có hiệu lực từ %(day)s, sau ngày văn bản hết hiệu lực.")
                % {"row": row, "day": f"{row.valid_from:%d/%m/%Y}"}
            )
    return [_as(row, valid_to=valid_to) for row in there], there


def propose_correction(row: R, *, by: Any, reason: str, **fields: Any) -> R:
    """The row as ``correct_row`` would leave it.  Raises what it raises."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.is_verified:
        raise NotPossible(_("Dòng đã đối chiếu văn bản thì không sửa: hãy thay bằng dòng mới từ một ngày."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do sửa."))
    changed = _as(row, **fields)
    check(changed, cited=bool(row.article.strip()))  # what was loaded without its article may be put right without
    _check_place(changed)
    _check_issuer(changed)
    return changed


def propose_successor(row: R, *, by: Any, instrument: Instrument | None = None, **fields: Any) -> tuple[R, R]:
    """The row as ``succeed_row`` would end it, and the one that it would put in its place.  Raises what it raises."""
    for name in type(row).KEY:
        fields[name] = getattr(row, name)
    following = _new(instrument or row.instrument, model=type(row), level=row.level, province=row.province, **fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    start = following.valid_from
    if start is not None and start <= row.valid_from:
        raise Invalid(
            valid_from=_("Dòng mới phải có hiệu lực sau ngày %(day)s, ngày bắt đầu của dòng được thay.")
            % {"day": f"{row.valid_from:%d/%m/%Y}"}
        )
    if start is not None and row.valid_to is not None and row.valid_to < start:
        raise Invalid(
            valid_from=_(
                "Dòng được thay đã hết hiệu lực từ %(day)s: dòng mới phải có hiệu lực từ ngày đó hoặc sớm hơn."
            )
            % {"day": f"{row.valid_to:%d/%m/%Y}"}
        )
    check(following, besides=row, cited=True)
    _check_place(following)
    _check_issuer(following)
    return _as(row, valid_to=start), following


def _new(instrument: Instrument, *, model: type[R], **fields: Any) -> R:
    """Level and province come from the text unless given."""
    return model(instrument=instrument, **{"level": instrument.level, "province": instrument.province} | fields)


def _as(row: R, **fields: Any) -> R:
    changed = copy(row)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


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
