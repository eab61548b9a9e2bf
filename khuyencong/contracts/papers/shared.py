"""What the papers of a contract have in common: its parties and its money, from the same rows as the estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from khuyencong.budgets.queries import advanced_at, positions_of
from khuyencong.contracts.models import Acceptance, Assignment, Settlement, SupportContract
from khuyencong.contracts.queries import reckoning
from khuyencong.documents.letterheads import inside, party, place_name, told
from khuyencong.documents.papers import Column, Table
from khuyencong.norms.enums import Level
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.queries import department_of, name_on, names_of, of_kind
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary, CostLine, Project
from khuyencong.projects.papers.shared import (
    SOURCES,
    estimate_rows,
    money,
    project_facts,
    step_taken,
    sum_row,
)
from khuyencong.projects.queries import lines_of

LABELS = {
    "national": "Khuyến công quốc gia",
    "local": "Khuyến công địa phương",
    "counterpart": "Đối ứng của đơn vị thụ hưởng",
    "other": "Nguồn khác",
}


def assignment_of(project: Project) -> Assignment | None:
    """The first layer as it was signed; None before."""
    return Assignment.objects.filter(project=project).select_related("giver__parent", "giver__place", "paper").first()


def giver_of(project: Project, assignment: Assignment | None, *, on: date) -> Organisation | None:
    """Who gives the task: as signed, else the agency for national money, the department for local money."""
    if assignment is not None:
        return assignment.giver
    if project.level == Level.NATIONAL:
        return of_kind(Kind.AGENCY, province=None, on=on)
    return department_of(project.province, on=on)


def giver_party(project: Project, assignment: Assignment | None, *, on: date) -> dict[str, Any]:
    """The side of the one who gives the task; its name is known even where no record of it is kept."""
    giver = giver_of(project, assignment, on=on)
    if giver is not None:
        return party(giver, on=on)
    name = "Cơ quan quản lý khuyến công Trung ương" if project.level == Level.NATIONAL else "Sở Công Thương"
    return {"name": name, "address": None, "tax_code": None, "phone": None, "representative": None, "title": None}


def beneficiary_party(beneficiary: Beneficiary, *, on: date) -> dict[str, Any]:
    """The establishment as one side of a contract."""
    e = beneficiary.establishment
    return {
        "name": name_on(e, on),
        "legal_form": e.get_legal_form_display(),
        "address": inside(e.registered_address) or place_name(e, on),
        "workshop": place_name(e, on),
        "tax_code": e.tax_code or None,
        "phone": e.phone or None,
        "representative": e.representative or None,
    }


def base_facts(project: Project, *, on: date) -> dict[str, Any]:
    """Project, granted money, the decision that approved it and the paper that gave the task."""
    assignment = assignment_of(project)
    approved = step_taken(project, "approve")
    task = told(assignment.paper, name=assignment.get_form_display()) if assignment else None
    return {
        "project": project_facts(project, on=on),
        "money": money(project),
        "approval": told(approved.paper) if approved else None,
        "assignment": task,
        "assignment_or_open": task or "Hợp đồng (Quyết định) số …… ngày … tháng … năm …",
        "giver": giver_party(project, assignment, on=on),
    }


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract gives and by when, in đồng."""

    national: int
    local: int
    counterpart: int
    ends_on: date | None

    @property
    def support(self) -> int:
        return self.national + self.local

    @property
    def total(self) -> int:
        return self.support + self.counterpart


def as_signed(contract: Assignment | SupportContract) -> Terms:
    """What the contract said on the day of its signing: before its first appendix."""
    first = contract.appendices.order_by("number").first()
    if first is None:
        return terms_of(contract)
    return Terms(first.before_national, first.before_local, first.before_counterpart, first.before_ends_on)


def terms_of(source: Any) -> Terms:
    """What a contract, an appendix, a beneficiary or a project as granted gives."""
    counterpart = getattr(source, "counterpart", 0)
    return Terms(source.national, source.local, counterpart, getattr(source, "ends_on", None))


def contract_lines(beneficiary: Beneficiary, terms: Terms, *, on: date) -> list[dict[str, Any]]:
    """What is supported at one beneficiary: its lines of the estimate; where they are not these sums, one line with them."""
    project = beneficiary.project
    lines = lines_of(project)
    own: Sequence[CostLine] = [line for line in lines if line.beneficiary_id == beneficiary.pk]
    if not own and project.beneficiaries.filter(removed_on=None).count() == 1:
        own = [line for line in lines if line.beneficiary_id is None]
    sums = {"national": terms.national, "local": terms.local, "counterpart": terms.counterpart, "other": 0}
    if own and all(sum(getattr(line, name) for line in own) == sums[name] for name in SOURCES[:3]):
        return estimate_rows(project, own, on=on)
    row = sum_row("1", beneficiary.content or beneficiary.project.title, [sums]) | {"strong": False}
    return [row, sum_row("", "Tổng cộng", [sums])]


# ---- money by source ----


def money_rows(project: Project, *, when_settled: bool = False) -> list[dict[str, Any]]:
    """By source: granted, spent by the vouchers, settled, advanced, still to pay or to give back; the sum in bold.  As it is
    now, or ``when_settled``: as the settlement found it, whatever was paid or given back since."""
    settlement = Settlement.objects.filter(project=project).select_related("paper").first()
    reckoned = reckoning(project)
    granted = money(project)
    if when_settled and settlement is not None:
        paid = advanced_at(project, paper=settlement.paper)
    else:
        paid = {source: balance.advanced for source, balance in positions_of([project])[project.pk].items()}
    rows = []
    for source in SOURCES:
        if settlement is not None:
            settled = getattr(settlement, source)
        elif source in ("national", "local"):
            settled = getattr(reckoned.due, source)
        elif source == "counterpart":
            settled = reckoned.counterpart
        else:
            settled = reckoned.spent[source]
        state = source in ("national", "local")
        advanced = paid[Source(source)] if state else ""
        owed = settled - advanced if state else 0
        rows.append(
            {
                "name": LABELS[source],
                "granted": granted[source],
                "spent": reckoned.spent[source],
                "settled": settled,
                "advanced": advanced,
                "due": max(owed, 0) if state else "",
                "back": max(-owed, 0) if state else "",
                "strong": False,
            }
        )
    names = ("granted", "spent", "settled", "advanced", "due", "back")
    total = {name: sum(row[name] for row in rows if row[name] != "") for name in names}
    for number, row in enumerate(rows, start=1):
        row["n"] = str(number)
    return [*rows, {"n": "", "name": "Tổng cộng", **total, "strong": True}]


def with_money(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same without the sources that gave nothing, numbered anew; the sum stays."""
    *sources, total = rows
    held = [row for row in sources if row["granted"] or row["spent"] or row["settled"] or row["advanced"]] or sources
    return [*({**row, "n": str(n)} for n, row in enumerate(held, start=1)), total]


def state_sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The same for the two sources of the State together."""
    names = ("granted", "spent", "settled", "advanced", "due", "back")
    return {name: sum(row[name] for row in rows[:2]) for name in names}


MONEY = Table(
    "sources",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Nguồn kinh phí", "{{ row.name }}", weight=2.1),
        Column("Kinh phí được duyệt", "{{ row.granted|dong }}", weight=1.2, align="right"),
        Column("Đề nghị quyết toán", "{{ row.settled|dong }}", weight=1.2, align="right"),
        Column("Đã tạm ứng", "{{ row.advanced|dong }}", weight=1.2, align="right"),
        Column("Còn được cấp", "{{ row.due|dong }}", weight=1.2, align="right"),
        Column("Phải nộp trả", "{{ row.back|dong }}", weight=1.2, align="right"),
    ),
    size=10,
)


def acceptance_of(project: Project, beneficiary: Beneficiary | None) -> Acceptance | None:
    """The acceptance recorded for this place, else the one of the whole project."""
    found = Acceptance.objects.filter(project=project).select_related("paper").prefetch_related("seats__organisation")
    own = found.filter(beneficiary=beneficiary).order_by("-on", "-pk").first() if beneficiary else None
    return own or found.filter(beneficiary=None).order_by("-on", "-pk").first()


# ---- what was accepted ----

ACCEPTED = Table(
    "accepted",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Biên bản nghiệm thu", "{{ row.name }}", weight=2.2),
        Column("Khối lượng từ kinh phí khuyến công", "{{ row.state|dong }}", weight=1.2, align="right"),
        Column("Khối lượng từ vốn đối ứng", "{{ row.own|dong }}", weight=1.2, align="right"),
    ),
)


def accepted_rows(project: Project) -> list[dict[str, Any]]:
    """The acceptances that were passed, with the sum in bold; an open line where there is none yet."""
    rows: list[dict[str, Any]] = []
    found = Acceptance.objects.filter(project=project).exclude(verdict="failed")
    passed = list(found.select_related("beneficiary__establishment").order_by("on", "pk"))
    names = names_of(one.beneficiary.establishment for one in passed if one.beneficiary)
    for n, one in enumerate(passed, start=1):
        where = names.on(one.beneficiary.establishment, one.on) if one.beneficiary else "toàn bộ đề án"
        rows.append(
            {
                "n": str(n),
                "name": f"Ngày {one.on:%d/%m/%Y}, {where}",
                "state": one.state_volume,
                "own": one.counterpart_volume,
                "strong": False,
            }
        )
    if not rows:
        return [{"n": "", "name": None, "state": None, "own": None, "strong": False}]
    total = {key: sum(row[key] for row in rows) for key in ("state", "own")}
    return [*rows, {"n": "", "name": "Cộng", **total, "strong": True}]
