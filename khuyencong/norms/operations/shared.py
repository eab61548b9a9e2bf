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


def check(subject: models.Model, *, overlap: bool = True) -> None:
    """Fields and constraints in sentences, then the overlap that only a look at other rows can tell."""
    try:
        subject.full_clean()
    except ValidationError as error:
        # a constraint that names no single field stands under its first
        named = {
            name if name != "__all__" else "valid_to": " ".join(texts) for name, texts in error.message_dict.items()
        }
        raise Invalid(**named) from error
    if overlap and isinstance(subject, Row):
        other = queries.overlapping(subject)
        if other is not None:
            raise NotPossible(
                _(
                    "Trùng thời gian hiệu lực với dòng đã có: %(other)s, từ %(start)s đến %(end)s. Hãy kết thúc dòng đó trước."
                )
                % {
                    "other": other,
                    "start": f"{other.valid_from:%d/%m/%Y}",
                    "end": f"{other.valid_to:%d/%m/%Y}" if other.valid_to else _("nay"),
                }
            )
