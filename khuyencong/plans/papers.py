"""The papers of a plan's decision: summary table (Mẫu 2), submission letter, the decision with its annex by activity."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base.text import squeeze, uncapitalised
from khuyencong.documents.letterheads import (
    NO_NUMBER,
    cited,
    department_head,
    number_of_paper,
    place_day,
    place_name,
    signed,
    told,
    unit_on,
)
from khuyencong.documents.papers import Break, Column, Each, Form, Lack, Table, Text
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.queries import Names, committee_of, department_of, name_on, names_of, of_kind
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import Decision, Item, Plan
from khuyencong.plans.queries import authority_of, items_of
from khuyencong.projects.papers.shared import TT36, roman, sum_row

# ---- rows by activity ----


def _line(number: int, item: Item, names: Names, on: date) -> dict[str, Any]:
    project = item.project
    return {
        "n": str(number),
        "title": squeeze(project.title),
        "implementer": names.on(project.implementer, on),
        "place": place_name(project, on),
        "period": period(project.starts_on, project.ends_on),
        "content": squeeze(project.content) or project.get_kind_display(),
        "action": item.change,
        "reason": item.reason,
        "before": item.before,
        "strong": False,
        **_money([item]),
    }


def period(start: date | None, end: date | None) -> str:
    return f"{start:%m/%Y} – {end:%m/%Y}" if start and end else ""


def _money(items: Iterable[Item]) -> dict[str, int]:
    row = sum_row("", "", items)
    return {name: row[name] for name in ("national", "local", "counterpart", "other", "support", "own", "total")}


def _group(number: str, title: str, items: Sequence[Item]) -> dict[str, Any]:
    words = dict.fromkeys(("implementer", "place", "period", "content", "action", "reason"), "")
    before = sum(item.before for item in items)
    return {
        **words,
        "n": number,
        "title": title,
        "before": before,
        "count": len(items),
        "strong": True,
        **_money(items),
    }


def rows_by_activity(items: Sequence[Item], *, on: date) -> list[dict[str, Any]]:
    """The lines of a decision under the groups of activities of the decree, each with its subtotal, then the sum."""
    rows: list[dict[str, Any]] = []
    names = names_of(item.project.implementer for item in items)
    for number, (name, own) in enumerate(groups(items), start=1):
        rows.append(_group(roman(number), name, own))
        rows += [_line(n, item, names, on) for n, item in enumerate(own, start=1)]
    rows.append(_group("", "Tổng cộng", items))
    return rows


def groups(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """The lines under the activities of the decree to which their projects belong, in its order."""
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(item.project.activity, []).append(item)
    return [(own[0].project.get_activity_display(), own) for _activity, own in sorted(found.items())]


# ---- who decides ----


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body whose head signs, as the law names him."""

    body: str
    over: str
    office: str  # “Chủ tịch Ủy ban nhân dân tỉnh Đắk Lắk”
    title: str  # under which he signs
    pattern: str  # of the number
    place: str


def issuer_of(decision: Decision, *, on: date, items: Sequence[Item]) -> Issuer:
    """Who issues this decision: as it kept when it was issued, else as the law of the day says."""
    role = decision.authority_role or authority_of(decision, on=on, items=items).role
    plan = decision.plan
    if role == "ministry_approver":
        return Issuer("Bộ Công Thương", "", "Bộ trưởng Bộ Công Thương", "Bộ trưởng", "……/QĐ-BCT", "Hà Nội")
    if role == "ministry_agency":
        agency = of_kind(Kind.AGENCY, province=None, on=on)
        name = name_on(agency, on) if agency else "Cơ quan quản lý khuyến công Trung ương"
        return Issuer(name, "Bộ Công Thương", f"Cục trưởng {name}", "Cục trưởng", "……/QĐ", "Hà Nội")
    if role == "department_director":
        head = department_head(plan.province, on=on)
        body = head["body"]
        return Issuer(body, head["over"], f"Giám đốc {body}", "Giám đốc", "……/QĐ-SCT", "")
    committee = committee_of(plan.place, on=on)
    name = name_on(committee, on) if committee else f"Ủy ban nhân dân {unit_on(plan.place, on).named_inside}"
    return Issuer(name, "", f"Chủ tịch {name}", "Chủ tịch", "……/QĐ-UBND", "")


def _level(plan: Plan) -> str:
    level = plan.get_level_display()
    return uncapitalised(level)


def about(decision: Decision) -> str:
    plan, kind = decision.plan, decision.get_kind_display()
    kind = "Ngừng thực hiện đề án thuộc" if decision.kind == DecisionKind.STOP else kind
    words = f"{kind} kế hoạch {_level(plan)} năm {plan.year}"
    if decision.tranche:
        words += f", {'đợt' if decision.kind == DecisionKind.APPROVE else 'lần'} {decision.tranche}"
    return uncapitalised(words)


def _facts(decision: Decision, items: Sequence[Item]) -> dict[str, Any]:
    money = _money(items)
    before = sum(item.before for item in items)
    stops = decision.kind == DecisionKind.STOP
    return {
        "about": about(decision),
        "count": len(items),
        "money": money,
        "before": before,
        "asked": before if stops else money["support"],
        "includes": decision.includes,
        "changes": not decision.includes,
        "place": decision.plan.place.named_inside,
    }


# ---- summary table ----

SUMMARY = Form(
    key="mau-2-bieu-tong-hop",
    title="Biểu tổng hợp các đề án khuyến công",
    article=f"khoản 1 Điều 6, khoản 1 Điều 8 {TT36}, Mẫu số 2 Phụ lục 1",
    of="plan_decision",
    tag="Mẫu số 2",
    subject="{{ level }} năm {{ year }}",
    landscape=True,
    paper_kind="registration",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("Đơn vị tính: triệu đồng", italic=True, indent=False),
        Table(
            "rows",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Tên đề án", "{{ row.title }}", weight=2.4),
                Column("Đơn vị thực hiện", "{{ row.implementer }}", weight=1.4),
                Column("Địa điểm", "{{ row.place }}", weight=1.4),
                Column("Thời gian", "{{ row.period }}", weight=0.9, align="center"),
                Column("Mục tiêu, nội dung chính", "{{ row.content }}", weight=2.2),
                Column("Tổng số", "{{ row.total|trieu }}", weight=0.8, align="right", group="Kinh phí"),
                Column("KCQG", "{{ row.national|trieu }}", weight=0.8, align="right", group="Kinh phí"),
                Column("KCĐP", "{{ row.local|trieu }}", weight=0.8, align="right", group="Kinh phí"),
                Column("Đối ứng, khác", "{{ row.own|trieu }}", weight=0.8, align="right", group="Kinh phí"),
            ),
            size=10,
        ),
        Text(
            "Tổng hợp: {{ count }} đề án; kinh phí khuyến công {{ money.support|dong }} đồng (bằng chữ: "
            "{{ money.support|chu }})."
        ),
    ),
)


@override("vi")
def summary(decision: Decision, *, on: date) -> dict[str, Any]:
    """All the projects of a decision under their activities."""
    items, day = items_of(decision), decision.submitted_on or on
    level = decision.plan.get_level_display()
    return {
        **department_head(decision.plan.province, on=day),
        **NO_NUMBER,
        "signer": "",
        "signer_title": "Giám đốc",
        "level": level,
        "year": decision.plan.year,
        "rows": rows_by_activity(items, on=day),
        **_facts(decision, items),
    }


# ---- submission letter ----

SUBMISSION = Form(
    key="to-trinh",
    title="Tờ trình",
    article=f"khoản 3 Điều 8, Điều 11 {TT36}",
    of="plan_decision",
    subject="Về việc {{ about }}",
    to="{{ decider }}",
    paper_kind="submission",
    receivers=("Như trên", "Sở Tài chính", "Lưu: VT, QLCN"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Each("bases", "Căn cứ {{ row }};", last="Căn cứ {{ row }}.", italic=True),
        Text(
            "{{ proposer }} trình {{ decider }} xem xét, quyết định {{ about }} trên địa bàn {{ place }}, gồm {{ count }} đề án; "
            "kinh phí khuyến công {{ asked|dong }} đồng (bằng chữ: {{ asked|chu }})."
        ),
        Text("Tổng hợp theo nội dung hoạt động (đơn vị tính: triệu đồng):"),
        Table(
            "activities",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung hoạt động", "{{ row.title }}", weight=3),
                Column("Số đề án", "{{ row.count }}", weight=0.7, align="right"),
                Column("KCQG", "{{ row.national|trieu }}", weight=0.9, align="right", group="Kinh phí"),
                Column("KCĐP", "{{ row.local|trieu }}", weight=0.9, align="right", group="Kinh phí"),
                Column("Đối ứng, khác", "{{ row.own|trieu }}", weight=0.9, align="right", group="Kinh phí"),
            ),
            when="includes",
        ),
        Table(
            "activities",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung hoạt động", "{{ row.title }}", weight=3),
                Column("Số đề án", "{{ row.count }}", weight=0.7, align="right"),
                Column("Trước", "{{ row.before|trieu }}", weight=0.9, align="right", group="Kinh phí khuyến công"),
                Column("Sau", "{{ row.support|trieu }}", weight=0.9, align="right", group="Kinh phí khuyến công"),
            ),
            when="changes",
        ),
        Text("Danh mục chi tiết và dự thảo quyết định gửi kèm. Kính trình xem xét, quyết định./."),
    ),
)


def _bases(plan: Plan, *, on: date) -> list[str]:
    """The texts in force that this plan rests on, as the norms know them and papers cite them."""
    province = None if plan.level == Level.NATIONAL else plan.province
    return [cited(text) for text in norms.bases_of_plan(on=on, level=plan.level, province=province)]


@override("vi")
def submission(decision: Decision, *, on: date) -> dict[str, Any]:
    """What the department asks the decider to sign, by activity, from the decision's own lines."""
    items, paper = items_of(decision), decision.submission
    day = decision.submitted_on or on
    head = department_head(
        decision.plan.province, on=day, known=paper is not None, number=number_of_paper(paper, pattern="……/TTr-SCT")
    )
    issuer = issuer_of(decision, on=day, items=items)
    inside = issuer.body == head["body"]  # its own head decides: a unit of the house submits
    activities = [_group(str(n), name, own) for n, (name, own) in enumerate(groups(items), start=1)]
    for row in activities:
        row["strong"] = False
    return {
        **head,
        **signed(paper, title="Trưởng phòng" if inside else "Giám đốc"),
        "proposer": "Phòng chuyên môn" if inside else head["body"],
        "decider": issuer.office,
        "bases": _bases(decision.plan, on=day),
        "activities": [*activities, _group("", "Cộng", items)],
        **_facts(decision, items),
    }


# ---- the decision ----

_MONEY = (
    Column("Tổng số", "{{ row.total|trieu }}", weight=0.8, align="right", group="Kinh phí"),
    Column("KCQG", "{{ row.national|trieu }}", weight=0.8, align="right", group="Kinh phí"),
    Column("KCĐP", "{{ row.local|trieu }}", weight=0.8, align="right", group="Kinh phí"),
    Column("Đối ứng, khác", "{{ row.own|trieu }}", weight=0.8, align="right", group="Kinh phí"),
)

DECISION = Form(
    key="quyet-dinh-phe-duyet",
    title="Quyết định phê duyệt, điều chỉnh kế hoạch khuyến công",
    article=f"khoản 3 Điều 8, Điều 11 {TT36}; Điều 14 NĐ 45/2012/NĐ-CP",
    of="plan_decision",
    heading="Quyết định",
    subject="Về việc {{ about }}",
    paper_kind="plan_decision",
    receivers=("Như Điều 3", "Sở Tài chính", "Kho bạc Nhà nước khu vực", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("{{ office|hoa }}", bold=True, center=True),
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Theo đề nghị của {{ proposer }} tại {{ submission }}.", italic=True),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text(
            "Điều 1. Quyết định {{ about }} trên địa bàn {{ place }}, gồm {{ count }} đề án; kinh phí khuyến công {{ asked|dong }} "
            "đồng (bằng chữ: {{ asked|chu }}), trong đó khuyến công quốc gia {{ money.national|dong }} đồng, khuyến công địa "
            "phương {{ money.local|dong }} đồng. Chi tiết tại Phụ lục kèm theo.",
            when="includes",
        ),
        Text(
            "Điều 1. Quyết định {{ about }} trên địa bàn {{ place }} đối với {{ count }} đề án; kinh phí khuyến công "
            "trước khi thay đổi {{ before|dong }} đồng, sau khi thay đổi {{ money.support|dong }} đồng (bằng chữ: "
            "{{ money.support|chu }}). Chi tiết tại Phụ lục kèm theo.",
            when="changes",
        ),
        Text(
            "Điều 2. {{ proposer }} tổ chức, kiểm tra, giám sát việc thực hiện; các đơn vị thực hiện đề án sử dụng kinh phí "
            "đúng mục đích, đúng chế độ và quyết toán theo quy định."
        ),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Thủ trưởng các cơ quan, đơn vị có liên quan chịu trách nhiệm "
            "thi hành Quyết định này./."
        ),
        Break(landscape=True),
        Text("PHỤ LỤC", bold=True, center=True),
        Text("Danh mục đề án {{ plan }}", bold=True, center=True),
        Text("(Kèm theo Quyết định số {{ number }} {{ day|ngay_dai }} của {{ office }})", italic=True, center=True),
        Text("Đơn vị tính: triệu đồng", italic=True, indent=False),
        Table(
            "rows",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Tên đề án", "{{ row.title }}", weight=2.6),
                Column("Đơn vị thực hiện", "{{ row.implementer }}", weight=1.6),
                Column("Địa điểm", "{{ row.place }}", weight=1.6),
                Column("Thời gian", "{{ row.period }}", weight=0.9, align="center"),
                *_MONEY,
            ),
            size=10.5,
            when="includes",
        ),
        Table(
            "rows",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Tên đề án", "{{ row.title }}", weight=2.4),
                Column("Đơn vị thực hiện", "{{ row.implementer }}", weight=1.5),
                Column("Nội dung thay đổi", "{{ row.action }}", weight=1.2),
                Column("Lý do", "{{ row.reason }}", weight=1.8),
                Column("Trước", "{{ row.before|trieu }}", weight=0.8, align="right", group="Kinh phí khuyến công"),
                Column("Sau", "{{ row.support|trieu }}", weight=0.8, align="right", group="Kinh phí khuyến công"),
            ),
            size=10.5,
            when="changes",
        ),
    ),
)


@override("vi")
def decision_paper(decision: Decision, *, on: date) -> dict[str, Any]:
    """The decision itself; once issued under its number and day, before that as a draft."""
    items, day = items_of(decision), decision.on or on
    issuer = issuer_of(decision, on=day, items=items)
    plan = decision.plan
    place = place_day(plan.place, on=day, known=decision.on is not None)
    if issuer.place:
        place = f"{issuer.place},{place.split(',', 1)[1]}"
    department = department_of(plan.province, on=day)
    proposer = f"Giám đốc {name_on(department, day) if department else 'Sở Công Thương'}"
    return {
        "over": issuer.over,
        "body": issuer.body,
        "number": number_of_paper(decision.paper, pattern=issuer.pattern),
        "place_day": place,
        **signed(decision.paper, title=issuer.title),
        "office": issuer.office,
        "bases": _bases(decision.plan, on=day),
        "proposer": proposer,
        "submission": told(decision.submission) or "Tờ trình số ……/TTr-SCT ngày … tháng … năm …",
        "rows": rows_by_activity(items, on=day),
        **_facts(decision, items),
        "plan": f"{_level(plan)} năm {plan.year}",
        "day": decision.on,
    }


# ---- what is offered ----


def lacks(decision: Decision) -> dict[str, Lack]:
    """A decision without projects has nothing to tell; one that changes projects has no summary table of its own."""
    if not decision.items.exists():
        empty = Lack(_("Quyết định chưa có đề án nào."), refused=True)
        return {form.key: empty for form, _write in FORMS}
    if not decision.includes:
        return {SUMMARY.key: Lack(_("Dùng khi phê duyệt, bổ sung đề án vào kế hoạch."))}
    return {}


FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (SUMMARY, summary),
    (SUBMISSION, submission),
    (DECISION, decision_paper),
)
