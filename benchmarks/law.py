"""What the law answers: how much at most, and the conditions of support of ten thousand projects (for “what if”)."""

import time
from collections.abc import Iterator
from datetime import date

from benchmarks.forms import taken
from benchmarks.measure import Row

PROJECTS = 10_000
DAY = date(2026, 11, 26)


def rows() -> Iterator[Row]:
    """One answer at a time, and one checklist for all."""
    from khuyencong.norms import queries as norms
    from khuyencong.places.queries import province_by_code
    from khuyencong.projects import queries
    from khuyencong.projects.models import Project

    province = province_by_code("66")
    yield taken(
        "norm: how much at most, why",
        5,
        lambda n: norms.maximum("MMTB", cost=500_000_000 + n, on=DAY, level="national", place=province),
    )
    some = list(Project.objects.select_related("province", "commune").order_by("-pk")[:PROJECTS])
    begin, worked = time.perf_counter(), time.process_time()
    found = queries.conditions_of_many(some, on=DAY)
    spent = time.perf_counter() - begin
    yield Row(f"conditions of {len(found):,} projects", 5, spent, spent, unit="s", cpu=time.process_time() - worked)
