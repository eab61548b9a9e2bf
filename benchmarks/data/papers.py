"""Papers of every year; those that records need are drawn from them."""

import datetime as dt
from bisect import bisect

from benchmarks import establishments as invented
from benchmarks.data.country import Country
from benchmarks.data.rows import NOW, VIETNAM, WORKS, YEARS, day_of
from khuyencong.base.text import fold

TOO_LATE = 0.001  # of the papers that steps rest on


def write_papers(country: Country) -> None:
    """Papers of every year; those that records need are drawn from them."""
    from khuyencong.documents.enums import PaperKind

    paper = country.writer(
        "documents.Paper",
        *(
            "kind",
            "number",
            "signed_on",
            "signer",
            "signer_title",
            "issuer_id",
            "abstract",
            "folded",
            "province_id",
        ),
        *("actor_id", "kept_at"),
    )
    kinds = [str(kind.value) for kind in PaperKind]
    signer = [
        f"{country.pick.choice(invented.FAMILY)} {country.pick.choice(invented.MIDDLE)} {country.pick.choice(invented.GIVEN)}"
        for _n in range(300)
    ]
    country.papers_of: dict[int, list[tuple[dt.date, int]]] = {}
    each = country.sizes.of("papers") // (len(country.provinces) * len(YEARS)) + 1
    for province in country.provinces:
        made = country.papers_of.setdefault(province.pk, [])
        for year in YEARS:
            for n in range(each):
                number, who = f"{n + 1}/{year}/QĐ-SCT-{province.code}", country.pick.choice(signer)
                abstract = f"Về việc {country.pick.choice(WORKS).split('|')[1].lower()}, {province.full_name}"
                on = day_of(country.pick, min(year, NOW), last=10)
                key = paper.add(
                    *(country.pick.choice(kinds), number, on, who),
                    *("Giám đốc Sở", country.department[province.pk], abstract),
                    *(fold(f"{number} {abstract} {who}")[:900], province.pk, country.users[province.pk], "Văn thư"),
                )
                made.append((on, key))
        made.sort()
    country.flush()


def paper_of(country: Country, province: int, on: dt.date) -> int:
    """One signed on that day or shortly before; a few were signed too late, for the auditor to find."""
    papers = country.papers_of[province]
    before = bisect(papers, (on, 0))
    if country.pick.random() < TOO_LATE or not before:
        return country.pick.choice(papers)[1]
    return papers[country.pick.randrange(max(0, before - 40), before)][1]


def recorded(country: Country, province: int, on: dt.date) -> tuple[int, int, dt.datetime]:
    """Paper, who wrote it down, when."""
    moment = dt.datetime(on.year, on.month, on.day, 9, tzinfo=VIETNAM) + dt.timedelta(days=country.pick.randint(0, 3))
    return paper_of(country, province, on), country.users[province], moment
