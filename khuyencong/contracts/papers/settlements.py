"""The end of the money: liquidation (6), settlement (7), voucher lists (8a, 8b), payment request (9), reconciliation (10)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.budgets.queries import positions_of
from khuyencong.contracts.models import Assignment, Liquidation, Settlement, Voucher
from khuyencong.contracts.papers.shared import (
    ACCEPTED,
    MONEY,
    accepted_rows,
    assignment_of,
    base_facts,
    giver_party,
    money_rows,
    state_sums,
    with_money,
)
from khuyencong.contracts.queries import reckoning, vouchers
from khuyencong.documents.letterheads import NO_NUMBER, letterhead, number_of_paper, on_paper, party, place_day, told
from khuyencong.documents.papers import Column, Form, Signatures, Table, Text
from khuyencong.organisations.queries import names_of
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import TT36, project_facts, roman

THREE = Signatures((("Người lập", ""), ("Kế toán", ""), ("Thủ trưởng đơn vị", "")))


def _settlement(project: Project) -> Settlement | None:
    return Settlement.objects.filter(project=project).select_related("paper").first()


# ---- Mẫu 7 ----

SETTLEMENT = Form(
    key="mau-7-quyet-toan",
    title="Biểu chi tiết quyết toán kinh phí khuyến công",
    article=f"điểm c khoản 1 Điều 19 {TT36}, Mẫu số 7 Phụ lục 1",
    of="project",
    tag="Mẫu số 7",
    subject="Đề án: {{ project.title }}",
    landscape=True,
    paper_kind="settlement",
    blocks=(
        Text("Đơn vị thực hiện: {{ project.implementer }}. Theo {{ assignment_or_open }}.", indent=False),
        Text("Đơn vị tính: đồng", italic=True, indent=False),
        Table(
            "sources",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nguồn kinh phí", "{{ row.name }}", weight=2),
                Column("Kinh phí được duyệt", "{{ row.granted|dong }}", weight=1.2, align="right"),
                Column("Chi theo chứng từ", "{{ row.spent|dong }}", weight=1.2, align="right"),
                Column("Đề nghị quyết toán", "{{ row.settled|dong }}", weight=1.2, align="right"),
                Column("Đã tạm ứng", "{{ row.advanced|dong }}", weight=1.2, align="right"),
                Column("Còn được cấp", "{{ row.due|dong }}", weight=1.2, align="right"),
                Column("Phải nộp trả", "{{ row.back|dong }}", weight=1.2, align="right"),
            ),
        ),
        Text(
            "Kinh phí khuyến công đề nghị quyết toán: {{ state.settled|dong }} đồng (bằng chữ: {{ state.settled|chu }})."
        ),
        Text("Cách tính: {{ sentence }}"),
        THREE,
    ),
)


@override("vi")
def settlement(project: Project, *, on: date) -> dict[str, Any]:
    """By source: granted, proved by vouchers, settled, advanced, what is left; as recorded or as it would be now."""
    found = _settlement(project)
    day, rows = (found.on if found else on), money_rows(project, when_settled=True)
    return {
        **letterhead(project.implementer, on=day, known=found is not None),
        **NO_NUMBER,
        **base_facts(project, on=day),
        "sources": rows,
        "state": state_sums(rows),
        "sentence": on_paper((found.explanation if found else "") or reckoning(project).due.sentence),
    }


# ---- Mẫu 8a, 8b ----

_VOUCHER = (
    Column("TT", "{{ row.n }}", align="center"),
    Column("Ký hiệu, số", "{{ row.number }}", weight=1.2, group="Chứng từ"),
    Column("Ngày", "{{ row.day|ngay }}", weight=1, align="center", group="Chứng từ"),
    Column("Bên bán, bên nhận", "{{ row.seller }}", weight=1.8),
    Column("Nội dung", "{{ row.content }}", weight=2.2),
)
LIST_A = Form(
    key="mau-8a-bang-ke-chung-tu",
    title="Bảng kê chứng từ đề nghị quyết toán",
    article=f"điểm d khoản 1 Điều 19 {TT36}, Mẫu số 8a Phụ lục 1",
    of="project",
    tag="Mẫu số 8a",
    subject="Đề án: {{ project.title }}",
    landscape=True,
    paper_kind="voucher_list",
    blocks=(
        Text("Kinh phí khuyến công. Đơn vị tính: đồng", italic=True, indent=False),
        Table(
            "vouchers",
            (
                *_VOUCHER,
                Column("Khuyến công quốc gia", "{{ row.national|dong }}", weight=1.1, align="right", group="Số tiền"),
                Column("Khuyến công địa phương", "{{ row.local|dong }}", weight=1.1, align="right", group="Số tiền"),
            ),
        ),
        Text("Cộng {{ count }} chứng từ, số tiền {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        THREE,
    ),
)
LIST_B = Form(
    key="mau-8b-bang-ke-chung-tu",
    title="Bảng kê chứng từ đề nghị quyết toán gồm cả nguồn khác",
    article=f"điểm d khoản 1 Điều 19 {TT36}, Mẫu số 8b Phụ lục 1",
    of="project",
    tag="Mẫu số 8b",
    heading="Bảng kê chứng từ đề nghị quyết toán",
    subject="Đề án: {{ project.title }}",
    landscape=True,
    paper_kind="voucher_list",
    blocks=(
        Text("Kinh phí khuyến công, vốn đối ứng và nguồn khác. Đơn vị tính: đồng", italic=True, indent=False),
        Table(
            "vouchers",
            (
                *_VOUCHER,
                Column("Tổng số", "{{ row.total|dong }}", weight=1.1, align="right", group="Số tiền"),
                Column("Khuyến công", "{{ row.support|dong }}", weight=1.1, align="right", group="Số tiền"),
                Column("Đối ứng, nguồn khác", "{{ row.own|dong }}", weight=1.1, align="right", group="Số tiền"),
            ),
        ),
        Text("Cộng {{ count }} chứng từ, số tiền {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        THREE,
    ),
)


def _voucher(number: int, voucher: Voucher) -> dict[str, Any]:
    amounts = {source: voucher.amount if voucher.source == source else 0 for source in ("national", "local")}
    support = sum(amounts.values())
    return {
        "n": str(number),
        "number": f"{voucher.symbol} {voucher.number}".strip() or voucher.get_kind_display(),
        "day": voucher.on,
        "seller": voucher.seller,
        "content": voucher.content,
        **{source: amount or "" for source, amount in amounts.items()},
        "total": voucher.amount,
        "support": support or "",
        "own": voucher.amount - support or "",
        "strong": False,
    }


def _voucher_rows(found: Sequence[Voucher], *, on: date) -> list[dict[str, Any]]:
    """By beneficiary where several have their own vouchers, with subtotals; the sum in bold."""
    groups: dict[str, list[Voucher]] = {}
    names = names_of(voucher.beneficiary.establishment for voucher in found if voucher.beneficiary)
    for voucher in found:
        name = names.on(voucher.beneficiary.establishment, on) if voucher.beneficiary else "Chi chung của đề án"
        groups.setdefault(name, []).append(voucher)
    rows, everything = [], []
    for number, (name, own) in enumerate(groups.items(), start=1):
        lines = [_voucher(n, voucher) for n, voucher in enumerate(own, start=1)]
        if len(groups) > 1:
            rows.append(_added(roman(number), name, lines))
        rows += lines
        everything += lines
    return [*rows, _added("", "Tổng cộng", everything)]


def _added(number: str, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("national", "local", "total", "support", "own")
    amounts = {key: sum(row[key] for row in rows if row[key] != "") for key in names}
    return {"n": number, "number": "", "day": "", "seller": "", "content": name, **amounts, "strong": True}


def _list(project: Project, found: list[Voucher], on: date) -> dict[str, Any]:
    settled = _settlement(project)
    day = settled.on if settled else on
    return {
        **letterhead(project.implementer, on=day, known=settled is not None),
        **NO_NUMBER,
        "project": project_facts(project, on=day),
        "vouchers": _voucher_rows(found, on=day),
        "count": len(found),
        "total": sum(voucher.amount for voucher in found),
    }


@override("vi")
def list_a(project: Project, *, on: date) -> dict[str, Any]:
    """Vouchers of state money."""
    return _list(project, [v for v in vouchers(project) if v.source in ("national", "local")], on)


@override("vi")
def list_b(project: Project, *, on: date) -> dict[str, Any]:
    """All vouchers, counterpart and other sources too."""
    return _list(project, list(vouchers(project)), on)


# ---- Mẫu 9 ----

PAYMENT = Form(
    key="mau-9-de-nghi-thanh-toan",
    title="Biểu đề nghị thanh toán kinh phí thực hiện đề án",
    article=f"khoản 3 Điều 18, điểm b khoản 1 Điều 19 {TT36}, Mẫu số 9 Phụ lục 1",
    of="project",
    tag="Mẫu số 9",
    subject="Đề án: {{ project.title }}",
    to="{{ giver.name }}",
    paper_kind="payment_request",
    blocks=(
        Text("1. Đơn vị thực hiện: {{ project.implementer }}. Theo {{ assignment_or_open }}."),
        Text("2. Khối lượng đã nghiệm thu (đồng):"),
        ACCEPTED,
        Text("3. Kinh phí (đồng):"),
        MONEY,
        Text("4. Số tiền đề nghị thanh toán: {{ state.due|dong }} đồng (bằng chữ: {{ state.due|chu }})."),
        Text("Tài khoản nhận: ……………………… tại ………………………"),
        Signatures((("Kế toán", ""), ("Thủ trưởng đơn vị", ""))),
    ),
)


@override("vi")
def payment(project: Project, *, on: date) -> dict[str, Any]:
    """What is accepted, what was advanced, what is asked to be paid."""
    rows = money_rows(project)
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        **base_facts(project, on=on),
        "accepted": accepted_rows(project),
        "sources": rows,
        "state": state_sums(rows),
    }


# ---- Mẫu 6 ----

LIQUIDATION = Form(
    key="mau-6-thanh-ly",
    title="Biên bản thanh lý hợp đồng",
    article=f"Điều 18 {TT36}, Mẫu số 6 Phụ lục 1",
    of="project",
    tag="Mẫu số 6",
    head="party",
    subject="Đề án: {{ project.title }}",
    paper_kind="liquidation",
    blocks=(
        Text("Căn cứ {{ assignment_or_open }};", italic=True),
        Text("Căn cứ {{ settlement }};", italic=True, when="settlement"),
        Text("{{ day_words }}, hai bên cùng thanh lý hợp đồng:"),
        Text("BÊN GIAO (Bên A): {{ giver.name }}", bold=True),
        Text("Đại diện: {{ giver.representative }}. Chức vụ: {{ giver.title }}."),
        Text("BÊN THỰC HIỆN (Bên B): {{ implementer.name }}", bold=True),
        Text("Đại diện: {{ implementer.representative }}. Chức vụ: {{ implementer.title }}."),
        Text("Điều 1. Kết quả thực hiện (đơn vị tính: đồng)", bold=True),
        ACCEPTED,
        Text("Điều 2. Kinh phí (đơn vị tính: đồng)", bold=True),
        MONEY,
        Text(
            "Kinh phí khuyến công được quyết toán: {{ state.settled|dong }} đồng (bằng chữ: {{ state.settled|chu }}). Bên A còn "
            "chuyển Bên B {{ state.due|dong }} đồng; Bên B nộp trả {{ state.back|dong }} đồng."
        ),
        Text("Điều 3. Kết luận", bold=True),
        Text(
            "Hai bên đã hoàn thành nghĩa vụ theo hợp đồng, trừ các khoản còn phải chuyển, nộp trả nêu tại Điều 2. Biên bản lập "
            "thành …… bản có giá trị như nhau."
        ),
        Signatures((("Đại diện Bên A", ""), ("Đại diện Bên B", ""))),
    ),
)


@override("vi")
def liquidation(project: Project, *, on: date) -> dict[str, Any]:
    """What was done, settled, paid, and what is still owed between the two."""
    found = Liquidation.objects.filter(project=project).select_related("paper").first()
    day, settled, rows = (found.on if found else on), _settlement(project), money_rows(project)
    return {
        "number": number_of_paper(found.paper if found else None, pattern="……/BBTL"),
        "place_day": "",
        "day_words": f"Hôm nay, tại {place_day(project.province, on=day, known=found is not None)}",
        **base_facts(project, on=day),
        "implementer": party(project.implementer, on=day),
        "settlement": told(settled.paper, name="Biểu quyết toán") if settled else None,
        "accepted": accepted_rows(project),
        "sources": with_money(rows),
        "state": state_sums(rows),
    }


# ---- Mẫu 10 ----

RECONCILIATION = Form(
    key="mau-10-doi-chieu-kinh-phi",
    title="Bảng đối chiếu kinh phí",
    article=f"khoản 3 Điều 19 {TT36}, Mẫu số 10 Phụ lục 1",
    of="project",
    tag="Mẫu số 10",
    subject="Năm {{ year }}, giữa {{ giver.name }} và {{ implementer.name }}",
    landscape=True,
    paper_kind="reconciliation",
    blocks=(
        Text("Đơn vị tính: đồng", italic=True, indent=False),
        Table(
            "rows",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đề án", "{{ row.name }}", weight=2.6),
                Column("Hợp đồng, quyết định", "{{ row.paper }}", weight=1.3),
                Column("Kinh phí theo hợp đồng", "{{ row.granted|dong }}", weight=1.1, align="right"),
                Column("Đã tạm ứng", "{{ row.advanced|dong }}", weight=1.1, align="right"),
                Column("Được quyết toán", "{{ row.settled|dong }}", weight=1.1, align="right"),
                Column("Còn được cấp", "{{ row.due|dong }}", weight=1.1, align="right"),
                Column("Phải nộp trả", "{{ row.back|dong }}", weight=1.1, align="right"),
            ),
        ),
        Text(
            "Tổng kinh phí được quyết toán: {{ total.settled|dong }} đồng (bằng chữ: {{ total.settled|chu }}); còn được cấp "
            "{{ total.due|dong }} đồng; phải nộp trả {{ total.back|dong }} đồng."
        ),
        Signatures((("ĐẠI DIỆN {{ giver.name|hoa }}", ""), ("ĐẠI DIỆN {{ implementer.name|hoa }}", ""))),
    ),
)


@override("vi")
def reconciliation(project: Project, *, on: date) -> dict[str, Any]:
    """All the projects of this implementer, year and level: contracted, advanced, settled, what is left."""
    given = (
        Assignment.objects.filter(
            project__implementer=project.implementer, project__year=project.year, project__level=project.level
        )
        .select_related("project", "paper")
        .order_by("signed_on", "pk")
    )
    tasks = list(given)
    paid = positions_of([task.project for task in tasks])
    settled = {
        pk: national + local
        for pk, national, local in Settlement.objects.filter(
            project__in=[task.project_id for task in tasks]
        ).values_list("project_id", "national", "local")
    }
    rows = []
    for n, task in enumerate(tasks, start=1):
        advanced = sum(balance.advanced for balance in paid[task.project_id].values())
        ended = task.project_id in settled
        owed = settled.get(task.project_id, 0) - advanced
        rows.append(
            {
                "n": str(n),
                "name": squeeze(task.project.title),
                "paper": str(task.paper),
                "granted": task.national + task.local,
                "advanced": advanced,
                "settled": settled.get(task.project_id, 0),
                "due": max(owed, 0) if ended else 0,
                "back": max(-owed, 0) if ended else 0,
                "strong": False,
            }
        )
    names = ("granted", "advanced", "settled", "due", "back")
    total = {name: sum(row[name] for row in rows) for name in names}
    found = Liquidation.objects.filter(project=project).first()
    day = found.on if found else on
    return {
        **letterhead(project.implementer, on=day, known=found is not None),
        **NO_NUMBER,
        "year": project.year,
        "giver": giver_party(project, assignment_of(project), on=day),
        "implementer": party(project.implementer, on=day),
        "rows": [*rows, {"n": "", "name": "Tổng cộng", "paper": "", **total, "strong": True}],
        "total": total,
    }
