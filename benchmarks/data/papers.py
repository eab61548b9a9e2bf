"""Papers of every year; those that records need are drawn from them."""

import datetime as dt

from benchmarks import establishments as invented
from benchmarks.data.country import Country
from benchmarks.data.rows import NOW, VIETNAM, WORKS, YEARS, day_of
from khuyencong.base.text import fold


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
    country.papers_of: dict[tuple[int, int], list[int]] = {}
    each = country.sizes.of("papers") // (len(country.provinces) * len(YEARS)) + 1
    for province in country.provinces:
        for year in YEARS:
            made = country.papers_of.setdefault((province.pk, year), [])
            for n in range(each):
                number, who = f"{n + 1}/{year}/QĐ-SCT-{province.code}", country.pick.choice(signer)
                abstract = f"Về việc {country.pick.choice(WORKS).split('|')[1].lower()}, {province.full_name}"
                made.append(
                    paper.add(
                        *(country.pick.choice(kinds), number, day_of(country.pick, min(year, NOW), last=10), who),
                        *("Giám đốc Sở", country.department[province.pk], abstract),
                        *(
                            fold(f"{number} {abstract} {who}")[:900],
                            province.pk,
                            country.users[province.pk],
                            "Văn thư",
                        ),
                    )
                )
    country.flush()


def paper_of(country: Country, province: int, year: int) -> int:
    return country.pick.choice(country.papers_of[province, min(max(year, YEARS[0]), YEARS[-1])])


def recorded(country: Country, province: int, year: int) -> tuple[int, int, dt.datetime]:
    """Paper, who wrote it down, when."""
    moment = dt.datetime(min(year, NOW), country.pick.randint(1, 11), country.pick.randint(1, 20), 9, tzinfo=VIETNAM)
    return paper_of(country, province, year), country.users[province], moment
