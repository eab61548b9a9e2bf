"""What must hold for support on a day."""

from datetime import date

from khuyencong.norms.enums import Level
from khuyencong.norms.models import Condition
from khuyencong.norms.queries.rows import rows_on
from khuyencong.places.models import Unit


def conditions(*, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> list[Condition]:
    """The conditions of this money on a day, in their order.

    Those of the decree and its circulars bind all money (TTLT 26/2014 Đ7 lets provinces add to them, not go below); local
    money also has those of its level, where a row of the province comes in the place of a general one of the same code.
    """
    local = level != Level.NATIONAL
    wanted = {Level.NATIONAL.value, *((Level.PROVINCIAL.value, level) if local else ())}
    rows = rows_on(Condition, on=on, province=province if local else None)
    return sorted((row for row in rows if row.level in wanted), key=lambda row: (row.position, row.pk))
