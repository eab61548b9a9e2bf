"""Lists that people sign, and lists of what a dossier must hold (TT 36/2013 Đ14, Đ19)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.contracts.papers.shared import base_facts
from khuyencong.contracts.queries import papers_for, papers_for_remainder
from khuyencong.documents.enums import Fact, LineState, Stage
from khuyencong.documents.letterheads import NO_NUMBER, letterhead, on_paper, place_name
from khuyencong.documents.papers import Column, Form, Signatures, Table, Text
from khuyencong.documents.queries import Line
from khuyencong.organisations.queries import names_of
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import TT36, project_facts

OPEN_LINES = 15  # a page of the list to be filled in by hand
HEAD = (
    Text("Đề án: {{ project.title }}.", indent=False),
    Text("Đơn vị thực hiện: {{ project.implementer }}. Địa điểm: {{ project.place }}.", indent=False),
)

MEETING = (
    Text("Hội nghị: ………………………………………………………………………", indent=False),
    Text("Ngày …… tháng …… năm {{ project.year }}, tại …………………………………………", indent=False),
)


def _open(names: Sequence[str], given: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The people given, numbered; without any, empty lines to write on."""
    rows = list(given) or [{} for _line in range(OPEN_LINES)]
    return [{**dict.fromkeys(names, ""), **row, "n": str(n)} for n, row in enumerate(rows, start=1)]


LEARNERS = Form(
    key="danh-sach-hoc-vien",
    title="Danh sách học viên được cấp chứng chỉ, chứng nhận",
    article=f"khoản 1, điểm b khoản 2 Điều 14 {TT36}",
    of="project",
    landscape=True,
    blocks=(
        *HEAD,
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.8),
                Column("Năm sinh", "{{ row.born }}", weight=0.7, align="center"),
                Column("Nữ", "{{ row.woman }}", weight=0.5, align="center"),
                Column("Dân tộc", "{{ row.ethnic }}", weight=0.7, align="center"),
                Column("Nơi cư trú", "{{ row.address }}", weight=2),
                Column("Kết quả", "{{ row.result }}", weight=0.8, align="center"),
                Column("Số chứng chỉ, chứng nhận", "{{ row.certificate }}", weight=1),
                Column("Chữ ký của học viên", "{{ row.sign }}", weight=1.2),
            ),
            height=0.8,
        ),
        Text("Danh sách gồm …… học viên, trong đó …… nữ."),
        Signatures((("Người lập", ""), ("Đơn vị đào tạo", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)

RECEIPTS = Form(
    key="danh-sach-ky-nhan-hoc-vien",
    title="Danh sách học viên ký nhận tiền ăn, tiền đi lại",
    article=f"khoản 1 Điều 14 {TT36}",
    of="project",
    blocks=(
        *HEAD,
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.8),
                Column("Số ngày", "{{ row.days }}", weight=0.6, align="center"),
                Column("Tiền ăn", "{{ row.meals|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Tiền đi lại", "{{ row.travel|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Cộng", "{{ row.total|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Ký nhận", "{{ row.sign }}", weight=1),
            ),
            height=0.8,
        ),
        Text("Tổng số tiền: {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        Signatures((("Người lập", ""), ("Kế toán", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)

DELEGATE_RECEIPTS = Form(
    key="danh-sach-ky-nhan-dai-bieu",
    title="Danh sách đại biểu ký nhận tiền ăn, tiền thuê chỗ nghỉ, tiền đi lại",
    article=f"điểm c khoản 2, khoản 3 Điều 14 {TT36}",
    of="project",
    landscape=True,
    blocks=(
        *HEAD,
        *MEETING,
        Text("Đại biểu không hưởng lương từ ngân sách nhà nước.", indent=False),
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.8),
                Column("Đơn vị, địa chỉ", "{{ row.body }}", weight=2),
                Column("Tiền ăn", "{{ row.meals|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Thuê chỗ nghỉ", "{{ row.lodging|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Đi lại", "{{ row.travel|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Cộng", "{{ row.total|dong }}", weight=1, align="right", group="Số tiền (đồng)"),
                Column("Ký nhận", "{{ row.sign }}", weight=1),
            ),
            height=0.8,
        ),
        Text("Tổng số tiền: {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        Signatures((("Người lập", ""), ("Kế toán", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)

WORKERS = Form(
    key="danh-sach-lao-dong-sau-dao-tao",
    title="Danh sách lao động được sử dụng sau đào tạo",
    article=f"khoản 1 Điều 14 {TT36}",
    of="project",
    blocks=(
        *HEAD,
        Text("Cơ sở sử dụng lao động: {{ project.beneficiaries }}.", indent=False),
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.8),
                Column("Năm sinh", "{{ row.born }}", weight=0.7, align="center"),
                Column("Công việc được giao", "{{ row.work }}", weight=1.8),
                Column("Nhận việc từ ngày", "{{ row.since }}", weight=1, align="center"),
                Column("Thu nhập (đồng/tháng)", "{{ row.income|dong }}", weight=1.1, align="right"),
            ),
            height=0.8,
        ),
        Text("Danh sách gồm …… lao động. Cơ sở xác nhận đang sử dụng các lao động có tên trên."),
        Signatures((("Cơ sở sử dụng lao động", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)

DELEGATES = Form(
    key="danh-sach-dai-bieu",
    title="Danh sách đại biểu tham dự hội nghị",
    article=f"điểm c khoản 2, khoản 3 Điều 14 {TT36}",
    of="project",
    blocks=(
        *HEAD,
        *MEETING,
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.7),
                Column("Chức vụ, đơn vị", "{{ row.body }}", weight=2),
                Column("Địa chỉ", "{{ row.address }}", weight=1.5),
                Column("Chữ ký", "{{ row.sign }}", weight=1),
            ),
            height=0.8,
        ),
        Text("Danh sách gồm …… đại biểu."),
        Signatures((("Đơn vị thụ hưởng", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)


FAIR = Form(
    key="danh-sach-tham-gia-hoi-cho",
    title="Danh sách cơ sở tham gia hội chợ, triển lãm",
    article=f"khoản 10, khoản 11 Điều 14 {TT36}",
    of="project",
    landscape=True,
    blocks=(
        *HEAD,
        Table(
            "people",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Cơ sở, đơn vị", "{{ row.name }}", weight=2),
                Column("Địa chỉ", "{{ row.address }}", weight=1.8),
                Column("Sản phẩm trưng bày", "{{ row.product }}", weight=1.6),
                Column("Số gian hàng", "{{ row.stalls }}", weight=0.7, align="center"),
                Column("Vị trí", "{{ row.where }}", weight=0.8, align="center"),
                Column("Giá thuê (đồng)", "{{ row.price|dong }}", weight=1, align="right"),
                Column("Mức hỗ trợ (đồng)", "{{ row.support|dong }}", weight=1, align="right"),
                Column("Ký tên", "{{ row.sign }}", weight=1),
            ),
            height=0.8,
        ),
        Signatures((("Đơn vị tổ chức", ""), ("Đơn vị thực hiện đề án", ""), ("Xác nhận của Sở Công Thương", ""))),
    ),
)


def _people(project: Project, on: date, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        "project": project_facts(project, on=on),
        "people": rows,
    }


@override("vi")
def learners(project: Project, *, on: date, people: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Who finished the course; each signs."""
    names = ("name", "born", "woman", "ethnic", "address", "result", "certificate", "sign")
    return _people(project, on, _open(names, people))


@override("vi")
def receipts(project: Project, *, on: date, people: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """What each learner received."""
    return _received(project, on, _open(("name", "days", "meals", "travel", "total", "sign"), people))


@override("vi")
def delegate_receipts(project: Project, *, on: date, people: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """What each delegate received who has no salary of the State."""
    return _received(project, on, _open(("name", "body", "meals", "lodging", "travel", "total", "sign"), people))


def _received(project: Project, on: date, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of the rows given, open where they are written by hand."""
    amounts = [row["total"] for row in rows if isinstance(row["total"], int)]
    return {**_people(project, on, rows), "total": sum(amounts) if amounts else None}


@override("vi")
def workers(project: Project, *, on: date, people: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Who works after the course, confirmed by the establishment."""
    return _people(project, on, _open(("name", "born", "work", "since", "income"), people))


@override("vi")
def delegates(project: Project, *, on: date, people: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Who came to the meeting at a demonstration model; each signs."""
    return _people(project, on, _open(("name", "body", "address", "sign"), people))


@override("vi")
def fair(project: Project, *, on: date) -> dict[str, Any]:
    """The beneficiaries of the project as they take part; stalls and prices are written by hand from their contracts."""
    names = ("name", "address", "product", "stalls", "where", "price", "support", "sign")
    helped = projects.helped(project)
    borne = names_of(b.establishment for b in helped)
    people = [
        {
            "name": borne.on(b.establishment, on),
            "address": place_name(b.establishment, on),
            "product": b.establishment.main_product,
            "support": b.support or "",
        }
        for b in helped
    ]
    return _people(project, on, _open(names, people))


# ---- what a dossier must hold ----

_DOSSIER = Table(
    "papers",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Giấy tờ, tài liệu", "{{ row.title }}", weight=2.6),
        Column("Căn cứ", "{{ row.article }}", weight=1.6),
        Column("Số, ngày", "{{ row.paper }}", weight=1.3),
        Column("Tình trạng", "{{ row.state }}", weight=0.8, align="center"),
    ),
    size=10.5,
)


def _dossier(key: str, title: str, article: str, *, heading: str = "", case: str = "") -> Form:
    return Form(
        key=key,
        title=title,
        article=article,
        of="project",
        heading=heading,
        subject="Đề án: {{ project.title }}",
        given=True,
        blocks=(
            *([Text(case, indent=False)] if case else []),
            Text("Dạng đề án: {{ project.kind }}. Đơn vị thực hiện: {{ project.implementer }}.", indent=False),
            Text("Theo {{ assignment_or_open }}.", indent=False),
            _DOSSIER,
            Text(
                "Quy định về kinh phí khuyến công quốc gia được áp dụng tương tự khi tỉnh chưa có quy định riêng.",
                italic=True,
                when="analogy",
            ),
            Text("Hồ sơ gồm {{ count }} loại giấy tờ, đã có {{ present }}."),
            Signatures((("Người giao", ""), ("Người nhận", "")), hint="(Ký, ghi rõ họ tên)"),
        ),
    )


REMAINDER = _dossier("ho-so-tam-ung-con-lai", "Danh mục hồ sơ tạm ứng kinh phí còn lại", f"Điều 14 {TT36}")
WITHOUT_INVOICE = _dossier(
    "ho-so-quyet-toan-khong-hoa-don",
    "Danh mục hồ sơ quyết toán (không lập hóa đơn tài chính)",
    f"khoản 1, khoản 3 Điều 19 {TT36}",
    heading="Danh mục hồ sơ quyết toán",
    case="Trường hợp đơn vị thực hiện không lập hóa đơn tài chính.",
)
WITH_INVOICE = _dossier(
    "ho-so-quyet-toan-co-hoa-don",
    "Danh mục hồ sơ quyết toán (có lập hóa đơn tài chính)",
    f"khoản 2, khoản 3 Điều 19 {TT36}",
    heading="Danh mục hồ sơ quyết toán",
    case="Trường hợp đơn vị thực hiện lập hóa đơn tài chính.",
)


TEXT_FIRST = re.compile(r"(TT \S+) (.+)")


def _cited(article: str) -> str:
    """As papers cite: the point before the text it stands in."""
    return TEXT_FIRST.sub(r"\2 \1", article)


def _papers(project: Project, lines: Sequence[Line], on: date) -> dict[str, Any]:
    asked = (line for line in lines if line.state != LineState.NOT_APPLICABLE)
    order = sorted(asked, key=lambda line: (line.requirement.order, line.requirement.pk))
    names = names_of(line.party for line in order)
    rows = [
        {
            "n": str(n),
            "title": line.title + (f" ({names.on(line.party, on)})" if line.party else ""),
            "article": _cited(on_paper(replace(line, by_analogy=False).article)),
            "paper": "; ".join(str(paper) for paper in line.papers) or (str(line.paper) if line.paper else line.reason),
            "state": str(line.state.label),
        }
        for n, line in enumerate(order, start=1)
    ]
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        **base_facts(project, on=on),
        "papers": rows,
        "count": len(rows),
        "present": sum(line.state == LineState.PRESENT for line in order),
        "analogy": any(line.by_analogy for line in order),
    }


@override("vi")
def remainder(project: Project, *, on: date) -> dict[str, Any]:
    """The papers of Đ14 for this kind of project, what of them lies in the dossier."""
    return _papers(project, papers_for_remainder(project, on=on), on)


@override("vi")
def without_invoice(project: Project, *, on: date) -> dict[str, Any]:
    """The papers of Đ19.1."""
    return _papers(project, papers_for(project, stage=Stage.SETTLEMENT, on=on), on)


@override("vi")
def with_invoice(project: Project, *, on: date) -> dict[str, Any]:
    """The papers of Đ19.2."""
    return _papers(project, papers_for(project, stage=Stage.SETTLEMENT, on=on, facts={Fact.INVOICES_AGENCY}), on)
