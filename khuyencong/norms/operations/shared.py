"""What every act on the law does: check in sentences, mark how far somebody has read."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.norms import queries
from khuyencong.norms.enums import Verified
from khuyencong.norms.models import (
    Instrument,
    Row,
    SupportNorm,
)


def mark_read(subject: Instrument | Row, *, mark: str, source: str) -> None:
    if mark not in Verified.values:
        raise Invalid(mark=_("Không có mức kiểm chứng “%(mark)s”.") % {"mark": mark})
    if mark == Verified.YES and not source.strip():
        raise Invalid(source=_("Hãy ghi nguồn văn bản đã đối chiếu."))
    subject.verified = mark
    if source.strip():
        subject.source = source.strip()
    check(subject, overlap=False)
    subject.save(update_fields=["verified", "source"])


def check(subject: models.Model, *, overlap: bool = True, besides: Row | None = None, cited: bool = False) -> None:
    """Fields and constraints in sentences, then the overlap that only a look at other rows can tell; ``besides`` gives way.
    ``cited``: the row must name its article."""
    found: dict[str, str] = {}
    try:
        subject.full_clean(validate_constraints=False)
    except ValidationError as error:
        found = {name: " ".join(texts) for name, texts in error.message_dict.items()}
    if not found:
        for constraint in subject._meta.constraints:
            try:
                constraint.validate(type(subject), subject)
            except ValidationError as error:
                found.setdefault(_field_of(constraint), " ".join(error.messages))
    if cited and isinstance(subject, Row) and not subject.article.strip():
        found.setdefault("article", _("Hãy ghi điều, khoản của văn bản quy định dòng này."))
    if found:
        raise Invalid(**found)
    if overlap and isinstance(subject, SupportNorm):
        _refuse_circle(subject)
    if overlap and isinstance(subject, Row):
        other = queries.overlapping(subject, besides=besides)
        if other is not None:
            raise NotPossible(
                _(
                    "Trùng thời gian hiệu lực với dòng đã có (%(other)s, từ %(start)s%(end)s): "
                    "hãy kết thúc dòng đó hoặc thay bằng dòng mới."
                )
                % {
                    "other": other,
                    "start": f"{other.valid_from:%d/%m/%Y}",
                    "end": _(" đến trước %(day)s") % {"day": f"{other.valid_to:%d/%m/%Y}"} if other.valid_to else "",
                }
            )


def _refuse_circle(row: SupportNorm) -> None:
    """A line that leans on itself, be it by way of others and of other days, has no maximum."""
    leans: dict[int, set[int]] = {}
    there = SupportNorm.objects.filter(province__code=row.province.code if row.province else None)
    for line, base in there.exclude(derived_from=None).values_list("line_id", "derived_from_id"):
        leans.setdefault(line, set()).add(base)
    reached: set[int] = set()
    ahead = [row.derived_from_id] if row.derived_from_id else []
    while ahead:
        at = ahead.pop()
        if at == row.line_id:
            raise Invalid(
                derived_from=_("“%(line)s” không thể tính theo chính nó, trực tiếp hay qua dòng khác.")
                % {"line": row.line}
            )
        if at not in reached:
            reached.add(at)
            ahead += leans.get(at, ())


def _field_of(constraint: models.BaseConstraint) -> str:
    """The field under which the sentence of a constraint stands: the first it speaks of."""
    named = list(getattr(constraint, "fields", ())) or _names(getattr(constraint, "condition", models.Q()))
    return named[0].split("__")[0] if named else "__all__"


def _names(condition: models.Q) -> list[str]:
    found: list[str] = []
    for part in condition.children:
        if isinstance(part, models.Q):
            found += _names(part)
        elif isinstance(part, tuple):
            found.append(part[0])
    return found
