"""Who asks: the implementer's letter, the beneficiary's own letter and what it commits itself to (TT 36/2013 Đ10.1a)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.documents.letterheads import (
    chief,
    department_head,
    letterhead,
    number_of_paper,
    place_day,
    place_name,
    signed,
    symbol,
)
from khuyencong.documents.papers import Form, Signatures, Table, Text
from khuyencong.organisations.queries import name_on
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers.shared import (
    ESTIMATE,
    TT36,
    asked,
    estimate_rows,
    project_facts,
    step_taken,
)
from khuyencong.projects.queries import lines_of

REQUEST = Form(
    key="cong-van-de-nghi",
    title="Công văn đề nghị thẩm định đề án",
    article=f"điểm a khoản 1 Điều 10 {TT36}",
    of="project",
    head="letter",
    subject="đề nghị thẩm định đề án khuyến công năm {{ project.year }}",
    to="{{ department }}",
    paper_kind="request_letter",
    receivers=("Như trên", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("{{ project.implementer }} đề nghị {{ department }} thẩm định đề án {{ project.level }} sau đây:"),
        Text("1. Tên đề án: {{ project.title }}."),
        Text("2. Dạng đề án: {{ project.kind }}; hình thức: {{ project.form }}."),
        Text("3. Đơn vị thực hiện: {{ project.implementer }}; đơn vị phối hợp: {{ project.partners }}."),
        Text("4. Đơn vị thụ hưởng: {{ project.beneficiaries }}.", when="project.beneficiaries"),
        Text(
            "{% if project.beneficiaries %}5{% else %}4{% endif %}. Địa điểm: {{ project.place }}; thời gian thực hiện: từ "
            "{{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."
        ),
        Text(
            "{% if project.beneficiaries %}6{% else %}5{% endif %}. Tổng kinh phí: {{ money.total|dong }} đồng, trong đó đề "
            "nghị kinh phí khuyến công hỗ trợ {{ money.support|dong }} đồng (bằng chữ: {{ money.support|chu }}); vốn đối ứng "
            "và nguồn khác {{ money.own|dong }} đồng. Dự toán (đơn vị tính: đồng):"
        ),
        Table("lines", ESTIMATE, size=10),
        Text("Hồ sơ kèm theo: đề án khuyến công và các tài liệu theo quy định./."),
    ),
)


@override("vi")
def request(project: Project, *, on: date) -> dict[str, Any]:
    """The letter of the implementer's head, from the file's own facts and estimate."""
    sent = None if project.is_open_to_change else step_taken(project, "submit")
    paper = sent.paper if sent else None
    day = paper.signed_on if paper else on
    head = letterhead(
        project.implementer,
        on=day,
        known=paper is not None,
        number=number_of_paper(paper, pattern=symbol(project.implementer)),
    )
    return {
        **head,
        **signed(paper, title=chief(project.implementer)),
        "department": department_head(project.province, on=day)["body"],
        "project": project_facts(project, on=day),
        "money": asked(project),
        "lines": estimate_rows(project, lines_of(project), on=day),
    }


OWN_FACTS = (
    Text("Tên cơ sở: {{ name }}; loại hình: {{ legal_form }}."),
    Text("Mã số thuế, số đăng ký kinh doanh: {{ tax_code }}."),
    Text("Địa chỉ sản xuất: {{ address }}. Điện thoại: {{ phone }}."),
    Text("Người đại diện: {{ representative }}."),
)

BENEFICIARY_LETTER = Form(
    key="van-ban-de-nghi-ho-tro",
    title="Văn bản đề nghị hỗ trợ của đơn vị thụ hưởng",
    article=f"điểm a khoản 1 Điều 10 {TT36}",
    of="beneficiary",
    head="party",
    heading="Giấy đề nghị hỗ trợ kinh phí khuyến công",
    to="{{ implementer }}",
    paper_kind="beneficiary_letter",
    blocks=(
        *OWN_FACTS,
        Text("Ngành nghề, sản phẩm chính: {{ product }}."),
        Text("Đề nghị được hỗ trợ từ kinh phí khuyến công như sau:"),
        Text("1. Đề án: {{ project.title }}."),
        Text("2. Nội dung đề nghị hỗ trợ: {{ content }}."),
        Text("3. Tổng vốn đầu tư: {{ total|dong }} đồng (bằng chữ: {{ total|chu }})."),
        Text("4. Kinh phí đề nghị hỗ trợ: {{ support|dong }} đồng (bằng chữ: {{ support|chu }})."),
        Text("5. Vốn của cơ sở: {{ counterpart|dong }} đồng."),
        Text("Cơ sở chịu trách nhiệm về tính chính xác của các thông tin nêu trên."),
        Signatures((("Đại diện cơ sở", "{{ representative|ten }}"),)),
    ),
)

COMMITMENT = Form(
    key="cam-ket-cua-don-vi-thu-huong",
    title="Cam kết của đơn vị thụ hưởng",
    article=f"điểm a khoản 1 Điều 10 {TT36}; Điều 7 TTLT 26/2014/TTLT-BTC-BCT (đến 10/5/2018)",
    of="beneficiary",
    head="party",
    heading="Bản cam kết",
    subject="Về vốn đối ứng và việc chưa nhận hỗ trợ khác",
    to="{{ implementer }}",
    paper_kind="commitment",
    blocks=(
        *OWN_FACTS,
        Text("Tham gia đề án “{{ project.title }}” với nội dung: {{ content }}, cơ sở cam kết:"),
        Text("1. Bố trí đủ vốn đối ứng {{ counterpart|dong }} đồng (bằng chữ: {{ counterpart|chu }})."),
        Text("2. Nội dung nêu trên chưa được hỗ trợ từ nguồn ngân sách nhà nước nào khác."),
        Text("3. Máy móc, thiết bị (nếu có) mới 100 %, dùng đúng mục đích, không bán, cho, cho thuê trái quy định."),
        Text("4. Chịu sự kiểm tra, giám sát; hoàn trả kinh phí đã nhận nếu sai cam kết."),
        Signatures((("Đại diện cơ sở", "{{ representative|ten }}"),)),
    ),
)


@override("vi")
def beneficiary_letter(beneficiary: Beneficiary, *, on: date) -> dict[str, Any]:
    """What one establishment asks, and commits itself to, in one project."""
    e, project = beneficiary.establishment, beneficiary.project
    return {
        "place_day": place_day(e.commune or e.province, on=on, known=False),
        "number": "",
        "name": name_on(e, on),
        "legal_form": e.get_legal_form_display(),
        "tax_code": e.tax_code or None,
        "address": place_name(e, on),
        "phone": e.phone or None,
        "representative": e.representative or None,
        "product": e.main_product or (e.get_sector_display() if e.sector else None),
        "implementer": name_on(project.implementer, on),
        "project": project_facts(project, on=on, beneficiaries=[beneficiary]),
        "content": beneficiary.content or None,
        "total": beneficiary.total,
        "support": beneficiary.support,
        "counterpart": beneficiary.counterpart,
    }
