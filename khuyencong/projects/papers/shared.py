"""What the papers of a project have in common: its facts, its money, its estimate.  The contracts' papers read the same rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from khuyencong.base.text import squeeze, uncapitalised
from khuyencong.documents.letterheads import place_name
from khuyencong.documents.papers import Column
from khuyencong.organisations.queries import names_of
from khuyencong.projects.models import Beneficiary, CostLine, Project, StepTaken
from khuyencong.projects.queries import helped, sums_by_source

TT36 = "TT 36/2013/TT-BCT"
LAW = ("45/2012/NĐ-CP", "235/2025/NĐ-CP", "46/2012/TT-BCT", "36/2013/TT-BCT", "17/2018/TT-BCT", "28/2018/TT-BTC")
SOURCES = ("national", "local", "counterpart", "other")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def roman(number: int) -> str:
    """I, II … as groups of a table are numbered; past X in figures."""
    return ROMAN[number - 1] if number <= len(ROMAN) else str(number)


def plain(value: Decimal | None) -> str:
    """1.50 → 1,5; empty where nothing was given."""
    if value is None:
        return ""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def project_facts(project: Project, *, on: date, beneficiaries: Sequence[Beneficiary] | None = None) -> dict[str, Any]:
    """Who, where, what, when, in words of the day."""
    now = helped(project) if beneficiaries is None else beneficiaries
    partners = list(project.partners.order_by("pk"))
    names = names_of([project.implementer, *partners, *(b.establishment for b in now)])
    level = project.get_level_display()
    return {
        "code": project.code,
        "title": squeeze(project.title),
        "year": project.year,
        "level": uncapitalised(level),
        "kind": project.get_kind_display(),
        "activity": project.get_activity_display(),
        "form": project.get_form_display(),
        "place": place_name(project, on),
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "content": squeeze(project.content) or None,
        "implementer": names.on(project.implementer, on),
        "partners": "; ".join(names.on(body, on) for body in partners) or "không có",
        "beneficiaries": "; ".join(names.on(b.establishment, on) for b in now) or None,
    }


def asked(project: Project) -> dict[str, int]:
    """What the file asks, by source, in đồng."""
    return _sums({source: getattr(project, source) for source in SOURCES})


def money(project: Project) -> dict[str, int]:
    """What was granted where a decision exists, else what is asked, by source, in đồng."""
    return _sums({found.source.value: found.now for found in sums_by_source(project) if found.source})


def _sums(amounts: dict[str, int]) -> dict[str, int]:
    support = amounts["national"] + amounts["local"]
    own = amounts["counterpart"] + amounts["other"]
    return {**amounts, "support": support, "own": own, "total": support + own}


# ---- the estimate ----


def _line(number: str, line: CostLine) -> dict[str, Any]:
    return {
        "n": number,
        "content": line.content,
        "unit": line.unit,
        "quantity": plain(line.quantity),
        "unit_price": "" if line.unit_price is None else line.unit_price,
        "strong": False,
        **_sums({source: getattr(line, source) for source in SOURCES}),
    }


def sum_row(number: str, content: str, lines: Iterable[Any]) -> dict[str, Any]:
    """A bold row that adds up rows or records which name their sources."""
    rows = [line if isinstance(line, dict) else {source: getattr(line, source) for source in SOURCES} for line in lines]
    added = _sums({source: sum(row[source] for row in rows) for source in SOURCES})
    return {"n": number, "content": content, "unit": "", "quantity": "", "unit_price": "", "strong": True, **added}


def estimate_rows(project: Project, lines: Sequence[CostLine], *, on: date) -> list[dict[str, Any]]:
    """The lines of an estimate, by beneficiary where several have their own, with subtotals and the sum in bold.  An
    estimate without lines is the project's sums."""
    groups: dict[Beneficiary | None, list[CostLine]] = {}
    for line in lines:
        groups.setdefault(line.beneficiary, []).append(line)
    names = names_of(beneficiary.establishment for beneficiary in groups if beneficiary)
    rows = []
    for number, (beneficiary, own) in enumerate(groups.items(), start=1):
        if len(groups) > 1:
            name = names.on(beneficiary.establishment, on) if beneficiary else "Chi chung của đề án"
            rows.append(sum_row(roman(number), name, own))
        rows += [_line(str(n), line) for n, line in enumerate(own, start=1)]
    rows.append(sum_row("", "Tổng cộng", lines or [asked(project)]))
    return rows


ESTIMATE = (
    Column("TT", "{{ row.n }}", align="center"),
    Column("Nội dung chi", "{{ row.content }}", weight=2.6),
    Column("Tổng số", "{{ row.total|dong }}", weight=1, align="right"),
    Column("Khuyến công quốc gia", "{{ row.national|dong }}", weight=1, align="right", group="Trong đó"),
    Column("Khuyến công địa phương", "{{ row.local|dong }}", weight=1, align="right", group="Trong đó"),
    Column("Đối ứng, nguồn khác", "{{ row.own|dong }}", weight=1, align="right", group="Trong đó"),
)


# ---- those who are helped ----


def beneficiary_rows(beneficiaries: Sequence[Beneficiary], *, on: date) -> list[dict[str, Any]]:
    """Each establishment with what it gets, the sum in bold."""
    rows: list[dict[str, Any]] = []
    names = names_of(b.establishment for b in beneficiaries)
    for number, b in enumerate(beneficiaries, start=1):
        e = b.establishment
        rows.append(
            {
                "n": str(number),
                "name": names.on(e, on),
                "address": place_name(e, on),
                "representative": e.representative,
                "legal_form": e.get_legal_form_display(),
                "tax_code": e.tax_code,
                "content": b.content,
                "total": b.total,
                "support": b.support,
                "national": b.national,
                "local": b.local,
                "counterpart": b.counterpart,
                "strong": False,
            }
        )
    if rows:
        amounts = {
            name: sum(row[name] for row in rows) for name in ("total", "support", "national", "local", "counterpart")
        }
        words = dict.fromkeys(("n", "address", "representative", "legal_form", "tax_code", "content"), "")
        rows.append({**words, "name": "Cộng", **amounts, "strong": True})
    return rows


def step_taken(project: Project, *names: str) -> StepTaken | None:
    """The last time one of these steps was taken."""
    return project.steps.filter(name__in=names).select_related("paper").order_by("-on", "-pk").first()
