"""How long an official paper takes: filled from its record, as PDF, as Word, and a thousand certificates in one file."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from benchmarks.measure import Row, percentile

TIMES = 30


def _certificates(count: int, begin: int) -> list:
    from khuyencong.documents.papers import Filled, Form, Text

    form = Form(
        key="chung-nhan",
        title="Chứng nhận",
        article="",
        of="learner",
        landscape=True,
        blocks=(
            Text("Chứng nhận {{ name }} đã hoàn thành khóa {{ course }}", center=True, bold=True),
            Text("Số: {{ n }}", center=True),
        ),
        signer=("Giám đốc", "{{ signer }}"),
    )
    facts = {"body": "Trung tâm Khuyến công", "number": "", "course": "dệt thổ cẩm", "signer": "H’Lan Êban"}
    return [Filled(form, {**facts, "name": f"Nguyễn Văn {n}", "n": n}) for n in range(begin, begin + count)]


def taken(what: str, limit: float, act: Callable[[int], object], times: int = TIMES) -> Row:
    act(0)  # warm-up
    walls, works = [], []
    for n in range(1, times + 1):
        begin, worked = time.perf_counter(), time.process_time()
        act(n)
        walls.append((time.perf_counter() - begin) * 1000)
        works.append((time.process_time() - worked) * 1000)
    return Row(what, limit, percentile(walls, 0.5), percentile(walls, 0.95), cpu=percentile(works, 0.95))


def rows() -> Iterable[Row]:
    """One contract of the data set, changed a little each time so that nothing is kept from before."""
    from khuyencong.base import clock
    from khuyencong.contracts.models import SupportContract
    from khuyencong.documents import typeset, word
    from khuyencong.work import papers

    contract = SupportContract.objects.select_related("beneficiary__project__implementer").order_by("-pk").first()
    if contract is None:
        return
    beneficiary, today = contract.beneficiary, clock.today()
    filled = papers.fill("hop-dong-ho-tro", subject=beneficiary, on=today)

    def another(n: int):
        return replace(filled, context={**filled.context, "number": f"{n}/HĐHT"})

    yield taken("contract as PDF", 15, lambda n: typeset.form_pdf(another(n)))
    yield taken("contract as Word", 30, lambda n: word.word(another(n)))
    yield taken(
        "1,000 certificates in one PDF", 1_000, lambda n: typeset.forms_pdf(_certificates(1_000, n * 1_000)), times=3
    )
