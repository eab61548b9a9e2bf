"""By what a council scores."""

from datetime import date

from khuyencong.norms.enums import Judged, Level
from khuyencong.norms.models import CriterionRow
from khuyencong.norms.queries.rows import rows_on
from khuyencong.places.models import Unit


def criteria(*, on: date, province: Unit | None, judged: str = Judged.APPRAISAL) -> list[CriterionRow]:
    """The criteria of a council on a day, in their order: of the ministry's without ``province``, else the province's own set,
    and where it has none the general one.  Empty: nothing is scored.  The sets are never mixed: their points belong together."""
    rows = [row for row in rows_on(CriterionRow, on=on, province=province) if row.judged == judged]
    if province is None:
        own = [row for row in rows if row.level == Level.NATIONAL]
    else:
        rows = [row for row in rows if row.level != Level.NATIONAL]
        own = [row for row in rows if row.province_id is not None] or rows
    return sorted(own, key=lambda row: row.number)
