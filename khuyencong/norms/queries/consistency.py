"""What contradicts what among the rows."""

from itertools import pairwise

from django.utils.translation import gettext as _

from khuyencong.norms.models import ROWS, Row, SupportNorm
from khuyencong.norms.queries.periods import grouped


def overlaps() -> list[tuple[Row, Row]]:
    """Every pair of rows that hold together and must not; empty when the law is in order."""
    return [
        (earlier, later)
        for model in ROWS
        for group in grouped(_all(model))
        for earlier, later in pairwise(group)
        if earlier.valid_to is None or earlier.valid_to > later.valid_from
    ]


def _all(model: type[Row]) -> list[Row]:
    related = ["instrument", "province", *(["line"] if model is SupportNorm else [])]
    return list(model._default_manager.select_related(*related).order_by("pk"))


def invariants() -> list[str]:
    """Contradictions of the law in sentences: rows that hold together, and rows that reach beyond their text."""
    said = [
        _("Hai dòng cùng hiệu lực: %(one)s (từ %(day)s) và %(other)s (từ %(since)s).")
        % {"one": one, "day": f"{one.valid_from:%d/%m/%Y}", "other": other, "since": f"{other.valid_from:%d/%m/%Y}"}
        for one, other in overlaps()
    ]
    for model in ROWS:
        for row in _all(model):
            text = row.instrument
            late = text.valid_to is not None and (row.valid_to is None or row.valid_to > text.valid_to)
            if row.valid_from < text.valid_from or late:
                said.append(_("%(row)s có hiệu lực ngoài thời gian của văn bản.") % {"row": row})
    return said
