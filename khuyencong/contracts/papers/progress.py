"""What the implementer reports and asks: progress (Mẫu 3a), volume and money (Mẫu 3b), an advance, the final report."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.budgets.queries import positions
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Acceptance, Advance, BeneficiaryUpdate, ProgressReport
from khuyencong.contracts.papers.shared import ACCEPTED, MONEY, accepted_rows, base_facts, money_rows
from khuyencong.contracts.queries import latest_updates, room
from khuyencong.documents.letterheads import (
    chief,
    letterhead,
    lines_in,
    number_of_paper,
    on_paper,
    signed,
    symbol,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.organisations.queries import names_of
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import TT36, plain
from khuyencong.projects.queries import parts_of

PROGRESS = Form(
    key="mau-3a-bao-cao-tien-do",
    title="Báo cáo tiến độ thực hiện hợp đồng khuyến công",
    article=f"khoản 3 Điều 23 {TT36}, Mẫu số 3a Phụ lục 1",
    of="progress_report",
    tag="Mẫu số 3a",
    subject="Tháng {{ month }} năm {{ year }}",
    to="{{ giver.name }}",
    paper_kind="progress_report",
    receivers=("Như trên", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("1. Đề án: {{ project.title }}; theo {{ assignment_or_open }}."),
        Text(
            "2. {% if project.beneficiaries %}Đơn vị thụ hưởng: {{ project.beneficiaries }}; địa điểm{% else %}Địa điểm"
            "{% endif %}: {{ project.place }}."
        ),
        Text("3. Thời gian thực hiện: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."),
        Text("4. Tiến độ (lũy kế đến ngày lập báo cáo, đơn vị tính: đồng):"),
        Table(
            "figures",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Chỉ tiêu", "{{ row.name }}", weight=2.2),
                Column("Kế hoạch", "{{ row.planned|dong }}", weight=1.2, align="right"),
                Column("Thực hiện", "{{ row.done|dong }}", weight=1.2, align="right"),
                Column("Tỷ lệ (%)", "{{ row.percent }}", weight=0.7, align="right"),
            ),
        ),
        Text("5. Tiến độ tại từng đơn vị thụ hưởng (đồng):", when="updates"),
        Table(
            "updates",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đơn vị thụ hưởng", "{{ row.name }}", weight=2),
                Column("Giá trị đã thực hiện", "{{ row.done|dong }}", weight=1.1, align="right"),
                Column("Tình hình", "{{ row.note }}", weight=2),
            ),
            when="updates",
        ),
        Text("Tình hình thực hiện, khó khăn, kiến nghị:"),
        Each("note", "{{ row }}"),
    ),
)

VOLUME = Form(
    key="mau-3b-khoi-luong-kinh-phi",
    title="Báo cáo khối lượng hoàn thành và kinh phí thực hiện hợp đồng",
    article=f"Điều 13, Điều 14, khoản 3 Điều 23 {TT36}, Mẫu số 3b Phụ lục 1",
    of="progress_report",
    tag="Mẫu số 3b",
    subject="Đến tháng {{ month }} năm {{ year }}",
    to="{{ giver.name }}",
    paper_kind="progress_report",
    blocks=(
        Text("1. Đề án: {{ project.title }}; theo {{ assignment_or_open }}."),
        Text(
            "2. Đơn vị thực hiện: {{ project.implementer }}{% if project.beneficiaries %}; đơn vị thụ hưởng: "
            "{{ project.beneficiaries }}{% endif %}."
        ),
        Text(
            "3. Giá trị khối lượng đã thực hiện: {{ done|dong }} đồng (bằng chữ: {{ done|chu }}), bằng {{ percent }} % tổng kinh "
            "phí đề án {{ money.total|dong }} đồng."
        ),
        Text("4. Kinh phí thực hiện (đồng):"),
        Table(
            "figures",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung", "{{ row.name }}", weight=2.2),
                Column("Theo hợp đồng", "{{ row.planned|dong }}", weight=1.2, align="right"),
                Column("Lũy kế thực hiện", "{{ row.done|dong }}", weight=1.2, align="right"),
                Column("Tỷ lệ (%)", "{{ row.percent }}", weight=0.7, align="right"),
            ),
        ),
        Text("5. Các lần tạm ứng (đồng):", when="advances"),
        Table(
            "advances",
            (
                Column("Lần", "{{ row.n }}", align="center"),
                Column("Loại", "{{ row.kind }}", weight=1.6),
                Column("Số tiền", "{{ row.amount|dong }}", weight=1.2, align="right"),
                Column("Ngày đề nghị", "{{ row.requested_on|ngay }}", weight=1, align="center"),
                Column("Ngày xác nhận", "{{ row.confirmed_on|ngay }}", weight=1, align="center"),
                Column("Ngày chuyển", "{{ row.paid_on|ngay }}", weight=1, align="center"),
            ),
            when="advances",
        ),
        Text("Xác nhận khối lượng: {{ confirmation }}.", when="confirmation"),
        Signatures((("Xác nhận của Sở Công Thương", ""), ("{{ signer_title|hoa }}", "{{ signer|ten }}"))),
    ),
)


def share_of(done: int, whole: int) -> str:
    """A percentage with one decimal; empty where there is nothing to measure by."""
    if not whole:
        return ""
    return plain((Decimal(done) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _figure(number: int, name: str, planned: int, done: int) -> dict[str, Any]:
    return {"n": str(number), "name": name, "planned": planned, "done": done, "percent": share_of(done, planned)}


def _update(number: int, update: BeneficiaryUpdate, name: str) -> dict[str, Any]:
    return {"n": str(number), "name": name, "done": update.done, "note": squeeze(update.note)}


@override("vi")
def report(found: ProgressReport, *, on: date) -> dict[str, Any]:
    """One month's report; amounts are sums to its day."""
    project, paper, day = found.project, found.paper, found.sent_on
    facts = base_facts(project, on=day)
    money = facts["money"]
    number = number_of_paper(paper, pattern=symbol(project.implementer, "BC"))
    updates = latest_updates(project, year=found.year, month=found.month)
    names = names_of(update.beneficiary.establishment for update in updates)
    advances = (
        Advance.objects.filter(project=project, requested_on__lte=day)
        .exclude(state=AdvanceState.REFUSED)
        .order_by("number", "pk")
    )
    return {
        **letterhead(project.implementer, on=day, known=True, number=number),
        **signed(paper, title=chief(project.implementer)),
        **facts,
        "month": found.month,
        "year": found.year,
        "done": found.done,
        "percent": share_of(found.done, money["total"]),
        "figures": [
            _figure(1, "Giá trị khối lượng thực hiện", money["total"], found.done),
            _figure(2, "Kinh phí khuyến công đã chi", money["support"], found.state_spent),
            _figure(3, "Vốn đối ứng, nguồn khác đã chi", money["own"], found.counterpart_spent),
        ],
        "updates": [
            _update(n, update, names.on(update.beneficiary.establishment, day))
            for n, update in enumerate(updates, start=1)
        ],
        "note": lines_in(found.note),
        "advances": [
            {
                "n": str(advance.number),
                "kind": advance.get_kind_display(),
                "amount": advance.amount,
                "requested_on": advance.requested_on,
                "confirmed_on": advance.confirmed_on or "",
                "paid_on": advance.paid_on or "",
            }
            for advance in advances
        ],
        "confirmation": told(found.confirmation, name="Văn bản"),
    }


# ---- asking for an advance ----

ADVANCE = Form(
    key="de-nghi-tam-ung",
    title="Công văn đề nghị tạm ứng kinh phí",
    article=f"Điều 13, Điều 14, Điều 15 {TT36}",
    of="project",
    head="letter",
    subject="đề nghị tạm ứng kinh phí khuyến công năm {{ project.year }}",
    to="{{ giver.name }}",
    paper_kind="advance_request",
    receivers=("Như trên", "Sở Công Thương", "Lưu: VT, KT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text(
            "{{ project.implementer }} được giao thực hiện đề án “{{ project.title }}” theo {{ assignment_or_open }}."
        ),
        Text(
            "Khối lượng đã thực hiện: {{ done|dong }} đồng, bằng {{ percent }} % tổng kinh phí đề án "
            "{{ money.total|dong }} đồng."
        ),
        Text("{{ project.implementer }} đề nghị {{ giver.name }} tạm ứng như sau (đơn vị tính: đồng):"),
        Table(
            "envelopes",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nguồn dự toán", "{{ row.name }}", weight=1.6),
                Column("Kinh phí được giao", "{{ row.committed|dong }}", weight=1.1, align="right"),
                Column("Đã tạm ứng", "{{ row.advanced|dong }}", weight=1.1, align="right"),
                Column("Đề nghị lần này", "{{ row.amount|dong }}", weight=1.1, align="right"),
                Column("Cách tính", "{{ row.why }}", weight=2),
            ),
            size=10,
        ),
        Text("Số tiền đề nghị tạm ứng: {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        Text("Tài khoản nhận: ……………………… tại ………………………"),
        Text("Hồ sơ kèm theo được lập theo quy định. Đề nghị xem xét, chuyển kinh phí./."),
    ),
)


@override("vi")
def advance(project: Project, *, on: date) -> dict[str, Any]:
    """What may be asked now from each envelope, with the arithmetic; an open request says its own amount."""
    open_now = (AdvanceState.REQUESTED, AdvanceState.CONFIRMED)
    asked = {a.envelope_id: a for a in Advance.objects.filter(project=project, state__in=open_now).order_by("pk")}
    reports = ProgressReport.objects.filter(project=project, sent_on__lte=on).order_by("-year", "-month")
    report = next((found for found in reports if found.confirmed_on), None) or reports.first()
    rows: list[dict[str, Any]] = []
    held = positions(project)
    for number, (envelope, own) in enumerate(held.items(), start=1):
        found = room(project, envelope=envelope, on=on, report=report, held=held)
        waiting = asked.get(envelope.pk)
        rows.append(
            {
                "n": str(number),
                "name": str(envelope),
                "committed": own.committed,
                "advanced": own.advanced,
                "amount": waiting.amount if waiting else found.amount,
                "why": on_paper(found.sentence or found.refusal),
                "strong": False,
            }
        )
    total = {name: sum(row[name] for row in rows) for name in ("committed", "advanced", "amount")}
    facts = base_facts(project, on=on)
    done = report.done if report else None
    return {
        **letterhead(project.implementer, on=on, number=symbol(project.implementer)),
        "signer": "",
        "signer_title": chief(project.implementer),
        **facts,
        "done": done,
        "percent": share_of(done, facts["money"]["total"]) if done is not None else None,
        "envelopes": [*rows, {"n": "", "name": "Tổng cộng", **total, "why": "", "strong": True}],
        "total": total["amount"] or None,
    }


# ---- the final report ----

RESULT = Form(
    key="bao-cao-tong-hop-ket-qua",
    title="Báo cáo tổng hợp kết quả thực hiện đề án",
    article=f"Điều 14, điểm b khoản 3 Điều 23 {TT36}",
    of="project",
    subject="Đề án: {{ project.title }}",
    to="{{ giver.name }}",
    paper_kind="progress_report",
    receivers=("Như trên", "Sở Công Thương", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("I. Thông tin chung", bold=True),
        Text(
            "Theo {{ assignment_or_open }}. Đơn vị thực hiện: {{ project.implementer }}; đơn vị phối hợp: {{ project.partners }}."
        ),
        Text(
            "{% if project.beneficiaries %}Đơn vị thụ hưởng: {{ project.beneficiaries }}. {% endif %}Địa điểm: "
            "{{ project.place }}."
        ),
        Text("Thời gian: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."),
        Text("II. Kết quả thực hiện", bold=True),
        Text("1. Mục tiêu đã đề ra:"),
        Each("aims", "{{ row }}"),
        Text("2. Khối lượng đã nghiệm thu (đồng):"),
        ACCEPTED,
        Text("3. Kinh phí (đồng):"),
        MONEY,
        Text("III. Hiệu quả", bold=True),
        Text("1. Theo đề án:"),
        Each("effects", "{{ row }}"),
        Text("2. Đạt được khi kết thúc: ……………………………………………………………"),
        Text("IV. Tồn tại, kiến nghị", bold=True),
        Each("notes", "{{ row }}"),
    ),
)


@override("vi")
def result(project: Project, *, on: date) -> dict[str, Any]:
    """What was aimed at, what was accepted, what it cost."""
    written = {part.name.lower(): text for part, text in parts_of(project)}
    said = Acceptance.objects.filter(project=project).order_by("on", "pk").values_list("note", flat=True)
    return {
        **letterhead(project.implementer, on=on, number=symbol(project.implementer, "BC")),
        "signer": "",
        "signer_title": chief(project.implementer),
        **base_facts(project, on=on),
        "aims": lines_in(written["aims"]),
        "effects": lines_in(written["effects"]),
        "accepted": accepted_rows(project),
        "sources": money_rows(project),
        "notes": lines_in("\n".join(dict.fromkeys(note.strip() for note in said))),
    }
