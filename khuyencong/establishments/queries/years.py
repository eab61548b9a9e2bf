"""What establishments were, year by year."""

from collections.abc import Iterable, Mapping

from khuyencong.establishments.models import YearlyFacts
from khuyencong.establishments.queries.records import owners


def yearly(records: Mapping[int, Iterable[int]]) -> dict[int, list[YearlyFacts]]:
    """The recorded years of each establishment of ``records_of``, newest first, of one year its own record first.  One
    query."""
    whose = owners(records)
    found: dict[int, list[YearlyFacts]] = {key: [] for key in records}
    for row in YearlyFacts.objects.filter(establishment__in=whose):
        for key in whose[row.establishment_id]:
            found[key].append(row)
    for key, rows in found.items():
        rows.sort(key=lambda row, own=key: (-row.year, row.establishment_id != own, row.pk))
    return found
