"""Plans of implementation: of a group project with its beneficiaries (Mẫu 11), of a training course (Mẫu 12)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.documents.letterheads import (
    NO_NUMBER,
    bases,
    chief,
    department_head,
    letterhead,
    lines_in,
    number_of_paper,
    signed,
    symbol,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import LAW, TT36, beneficiary_rows, money, project_facts, step_taken
from khuyencong.projects.queries import helped, parts_of

GROUP_PLAN = Form(
    key="mau-11-ke-hoach-nhom",
    title="Kế hoạch thực hiện đề án lập theo nhóm",
    article=f"khoản 3 Điều 23, điểm a khoản 2 Điều 13 {TT36}, Mẫu số 11 Phụ lục 1",
    of="project",
    tag="Mẫu số 11",
    heading="Kế hoạch thực hiện đề án khuyến công",
    subject="{{ project.title }}",
    to="{{ department }}",
    landscape=True,
    paper_kind="group_plan",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    receivers=("Như trên", "Lưu: VT"),
    blocks=(
        Text("Căn cứ: {{ decision }}.", when="decision"),
        Text(
            "1. Mục tiêu, quy mô: {{ project.kind }}; kinh phí khuyến công {{ money.support|dong }} đồng (bằng chữ: "
            "{{ money.support|chu }})."
        ),
        Text("2. Nội dung, tiến độ: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."),
        Each("content", "{{ row }}"),
        Text("3. Địa điểm, đơn vị phối hợp: {{ project.place }}; đơn vị phối hợp: {{ project.partners }}."),
        Text("4. Danh sách đơn vị thụ hưởng (đơn vị tính: đồng):", when="beneficiaries"),
        Table(
            "beneficiaries",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đơn vị thụ hưởng", "{{ row.name }}", weight=1.6),
                Column("Địa điểm thực hiện", "{{ row.address }}", weight=1.4),
                Column("Người đại diện", "{{ row.representative }}", weight=1),
                Column("Nội dung hỗ trợ", "{{ row.content }}", weight=1.6),
                Column("Tổng đầu tư", "{{ row.total|dong }}", weight=1, align="right"),
                Column("Khuyến công", "{{ row.support|dong }}", weight=1, align="right"),
                Column("Đối ứng", "{{ row.counterpart|dong }}", weight=1, align="right"),
            ),
            when="beneficiaries",
        ),
        Text("{% if beneficiaries %}5{% else %}4{% endif %}. Tổ chức thực hiện:"),
        Each("organisation", "{{ row }}"),
    ),
)


@override("vi")
def group_plan(project: Project, *, on: date) -> dict[str, Any]:
    """Whom a group project helps: what the department examines and approves."""
    approved = step_taken(project, "approve")
    written = {part.name.lower(): text for part, text in parts_of(project)}
    return {
        **letterhead(project.implementer, on=on, number=symbol(project.implementer, "KH")),
        "signer": "",
        "signer_title": chief(project.implementer),
        "department": department_head(project.province, on=on)["body"],
        "decision": told(approved.paper) if approved else None,
        "project": project_facts(project, on=on),
        "money": money(project),
        "content": lines_in(written["content"]),
        "beneficiaries": beneficiary_rows(helped(project), on=on),
        "organisation": lines_in(written["organisation"]),
    }


GROUP_DECISION = Form(
    key="quyet-dinh-duyet-ke-hoach-nhom",
    title="Quyết định phê duyệt kế hoạch đề án lập theo nhóm",
    article=f"điểm a khoản 2 Điều 21, khoản 4 Điều 11 {TT36}",
    of="project",
    heading="Quyết định",
    subject="Về việc phê duyệt kế hoạch thực hiện đề án lập theo nhóm năm {{ project.year }}",
    paper_kind="group_plan",
    receivers=("Như Điều 3", "Cơ quan quản lý khuyến công Trung ương", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("GIÁM ĐỐC {{ body|hoa }}", bold=True, center=True),
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Căn cứ {{ decision }};", italic=True, when="decision"),
        Text("Xét kế hoạch thực hiện đề án của {{ project.implementer }}.", italic=True),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text(
            "Điều 1. Phê duyệt danh sách đơn vị thụ hưởng của đề án “{{ project.title }}” gồm {{ count }} cơ sở; kinh phí "
            "khuyến công {{ support|dong }} đồng (bằng chữ: {{ support|chu }}); đơn vị tính: đồng:"
        ),
        Table(
            "beneficiaries",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đơn vị thụ hưởng", "{{ row.name }}", weight=1.6),
                Column("Địa điểm", "{{ row.address }}", weight=1.4),
                Column("Nội dung hỗ trợ", "{{ row.content }}", weight=1.5),
                Column("Khuyến công", "{{ row.support|dong }}", weight=1.1, align="right"),
                Column("Đối ứng", "{{ row.counterpart|dong }}", weight=1.1, align="right"),
            ),
            size=10,
        ),
        Text(
            "Điều 2. {{ project.implementer }} ký hợp đồng hỗ trợ với các cơ sở tại Điều 1, tổ chức thực hiện, lưu giữ hồ sơ của "
            "từng cơ sở theo quy định."
        ),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. {{ project.implementer }} và các cơ sở có tên tại Điều 1 chịu "
            "trách nhiệm thi hành./."
        ),
    ),
)


@override("vi")
def group_decision(project: Project, *, on: date) -> dict[str, Any]:
    """The department approves those of the list that wait for it; where none waits, those it has approved."""
    now = helped(project)
    chosen = [b for b in now if b.approved_on is None] or now
    paper = chosen[0].paper if chosen and chosen[0].approved_on else None
    day = paper.signed_on if paper else on
    approved = step_taken(project, "approve")
    rows = beneficiary_rows(chosen, on=day)
    return {
        **department_head(
            project.province, on=day, known=paper is not None, number=number_of_paper(paper, pattern="……/QĐ-SCT")
        ),
        **signed(paper, title="Giám đốc"),
        "bases": bases(LAW, on=day),
        "decision": told(approved.paper) if approved else None,
        "project": project_facts(project, on=day, beneficiaries=chosen),
        "count": f"{len(chosen):02d}",
        "support": sum(b.support for b in chosen),
        "beneficiaries": rows,
    }


TRAINING = Form(
    key="mau-12-chuong-trinh-dao-tao",
    title="Chương trình đào tạo nghề, truyền nghề",
    article=f"Điều 10 {TT36}, Mẫu số 12 Phụ lục 1",
    of="project",
    tag="Mẫu số 12",
    subject="{{ project.title }}",
    blocks=(
        Text("1. Nghề đào tạo: {{ trade }}."),
        Text("2. Đối tượng, số học viên: {{ learners }}; hình thức: {{ form }}."),
        Text(
            "3. Địa điểm: {{ project.place }}; thời gian: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."
        ),
        Text("4. Mục tiêu đào tạo:"),
        Each("aims", "{{ row }}"),
        Text("5. Nội dung, phân bổ thời gian:"),
        Table(
            "modules",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Mô đun, bài học", "{{ row.content }}", weight=3),
                Column("Tổng số", "{{ row.hours }}", weight=0.8, align="center", group="Thời gian (giờ)"),
                Column("Lý thuyết", "{{ row.theory }}", weight=0.8, align="center", group="Thời gian (giờ)"),
                Column("Thực hành", "{{ row.practice }}", weight=0.8, align="center", group="Thời gian (giờ)"),
            ),
        ),
        Text("6. Giáo viên, cơ sở vật chất, tài liệu:"),
        Each("organisation", "{{ row }}"),
        Text("7. Kiểm tra, cấp chứng chỉ hoặc chứng nhận: theo kết quả kiểm tra cuối khóa."),
        Text("8. Sử dụng lao động sau đào tạo: {{ employer }}."),
        Signatures((("Cơ sở sử dụng lao động", ""), ("Đơn vị đào tạo", ""))),
    ),
)


@override("vi")
def training(
    project: Project,
    *,
    on: date,
    trade: str | None = None,
    learners: str | None = None,
    form: str | None = None,
    modules: Sequence[tuple[str, int, int]] = (),
) -> dict[str, Any]:
    """The programme of a course: ``modules`` are (content, hours of theory, hours of practice); without them lines to fill
    in by hand."""
    written = {part.name.lower(): text for part, text in parts_of(project)}
    rows: list[dict[str, Any]] = [
        {"n": str(n), "content": content, "hours": theory + practice, "theory": theory, "practice": practice}
        for n, (content, theory, practice) in enumerate(modules, start=1)
    ] or [{"n": str(n), "content": "", "hours": "", "theory": "", "practice": ""} for n in range(1, 7)]
    theory, practice = sum(m[1] for m in modules), sum(m[2] for m in modules)
    rows.append(
        {
            "n": "",
            "content": "Cộng",
            "hours": theory + practice if modules else "",
            "theory": theory if modules else "",
            "practice": practice if modules else "",
            "strong": True,
        }
    )
    facts = project_facts(project, on=on)
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        "project": facts,
        "trade": trade or facts["title"],
        "learners": learners,
        "form": form or facts["kind"],
        "aims": lines_in(written["aims"]),
        "modules": rows,
        "organisation": lines_in(written["organisation"]),
        "employer": facts["beneficiaries"],
    }
