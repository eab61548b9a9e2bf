"""The project file in its eight parts (TT 36/2013 Đ5) with its estimate (Mẫu 1)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.documents.letterheads import NO_NUMBER, chief, letterhead, lines_in
from khuyencong.documents.papers import Column, Each, Form, Table, Text
from khuyencong.projects.enums import PartNumber
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import (
    ESTIMATE,
    TT36,
    asked,
    beneficiary_rows,
    estimate_rows,
    project_facts,
)
from khuyencong.projects.queries import helped, lines_of, parts_of

FILE = Form(
    key="de-an-khuyen-cong",
    title="Đề án khuyến công",
    article=f"Điều 5 {TT36}",
    of="project",
    subject="{{ project.title }}",
    given=True,
    paper_kind="dossier",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("1. Đơn vị thực hiện, phối hợp, thụ hưởng; địa điểm", bold=True),
        Text("Đơn vị thực hiện: {{ project.implementer }}."),
        Text("Đơn vị phối hợp: {{ project.partners }}."),
        Text("Đơn vị thụ hưởng: {{ project.beneficiaries }}.", when="project.beneficiaries"),
        Text("Địa điểm thực hiện: {{ project.place }}."),
        Table(
            "beneficiaries",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đơn vị thụ hưởng", "{{ row.name }}", weight=2),
                Column("Nội dung", "{{ row.content }}", weight=2),
                Column("Tổng đầu tư (đồng)", "{{ row.total|dong }}", weight=1.2, align="right"),
                Column("Đề nghị hỗ trợ (đồng)", "{{ row.support|dong }}", weight=1.2, align="right"),
            ),
            when="beneficiaries",
        ),
        Text("2. Sự cần thiết và căn cứ của đề án", bold=True),
        Each("need", "{{ row }}"),
        Text("3. Mục tiêu", bold=True),
        Each("aims", "{{ row }}"),
        Text("4. Quy mô đề án", bold=True),
        Each("scale", "{{ row }}"),
        Text("5. Nội dung và tiến độ", bold=True),
        Each("content", "{{ row }}"),
        Text("Thời gian thực hiện: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."),
        Text("6. Dự toán kinh phí", bold=True),
        Text(
            "Tổng kinh phí {{ money.total|dong }} đồng (bằng chữ: {{ money.total|chu }}); đề nghị kinh phí khuyến công hỗ trợ "
            "{{ money.support|dong }} đồng. Đơn vị tính: đồng."
        ),
        Table("lines", ESTIMATE, size=10),
        Text("7. Tổ chức thực hiện", bold=True),
        Each("organisation", "{{ row }}"),
        Text("8. Hiệu quả của đề án", bold=True),
        Each("effects", "{{ row }}"),
    ),
)


@override("vi")
def file(project: Project, *, on: date) -> dict[str, Any]:
    """The eight parts: parties and estimate from the records, the others as written."""
    written = {part.name.lower(): lines_in(text) for part, text in parts_of(project)}
    beneficiaries = helped(project)
    if not any(written[PartNumber.SCALE.name.lower()]):
        written["scale"] = lines_in(project.content)
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        "signer": "",
        "signer_title": chief(project.implementer),
        "project": project_facts(project, on=on, beneficiaries=beneficiaries),
        "money": asked(project),
        "lines": estimate_rows(project, lines_of(project), on=on),
        **{name: written[name] for name in ("need", "aims", "scale", "content", "organisation", "effects")},
        "beneficiaries": beneficiary_rows(beneficiaries, on=on) if len(beneficiaries) > 1 else [],
    }


ESTIMATE_FORM = Form(
    key="mau-1-du-toan",
    title="Dự toán kinh phí đề án khuyến công",
    article=f"khoản 6 Điều 5 {TT36}, Mẫu số 1 Phụ lục 1",
    of="project",
    tag="Mẫu số 1",
    subject="Đề án: {{ project.title }}",
    landscape=True,
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("Đơn vị thực hiện: {{ project.implementer }}. Địa điểm: {{ project.place }}.", indent=False),
        Text("Đơn vị tính: đồng", italic=True, indent=False),
        Table(
            "lines",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung chi", "{{ row.content }}", weight=2.6),
                Column("Đơn vị tính", "{{ row.unit }}", weight=0.6, align="center"),
                Column("Số lượng", "{{ row.quantity }}", weight=0.6, align="right"),
                Column("Đơn giá", "{{ row.unit_price|dong }}", weight=1, align="right"),
                Column("Thành tiền", "{{ row.total|dong }}", weight=1, align="right"),
                Column(
                    "Khuyến công quốc gia", "{{ row.national|dong }}", weight=1, align="right", group="Nguồn kinh phí"
                ),
                Column(
                    "Khuyến công địa phương", "{{ row.local|dong }}", weight=1, align="right", group="Nguồn kinh phí"
                ),
                Column("Đối ứng", "{{ row.counterpart|dong }}", weight=1, align="right", group="Nguồn kinh phí"),
                Column("Nguồn khác", "{{ row.other|dong }}", weight=1, align="right", group="Nguồn kinh phí"),
            ),
        ),
        Text("Tổng kinh phí bằng chữ: {{ money.total|chu }}."),
        Text("Kinh phí khuyến công đề nghị hỗ trợ: {{ money.support|dong }} đồng (bằng chữ: {{ money.support|chu }})."),
    ),
)


@override("vi")
def estimate(project: Project, *, on: date) -> dict[str, Any]:
    """Line by line with its sources; by beneficiary where several have their own lines."""
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        "signer": "",
        "signer_title": chief(project.implementer),
        "project": project_facts(project, on=on),
        "money": asked(project),
        "lines": estimate_rows(project, lines_of(project), on=on),
    }
