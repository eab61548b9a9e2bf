"""The two layers: the task given to the implementer by decision or by contract, its contract with one beneficiary; and their
appendices."""

from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.contracts.enums import AssignmentForm
from khuyencong.contracts.models import Assignment, ContractAppendix, SupportContract
from khuyencong.contracts.papers.shared import (
    Terms,
    as_signed,
    assignment_of,
    base_facts,
    beneficiary_party,
    contract_lines,
    giver_of,
    giver_party,
    terms_of,
)
from khuyencong.contracts.queries import appendices, assignment_differs, support_differs
from khuyencong.documents.letterheads import (
    bases,
    chief,
    department_head,
    letterhead,
    number_of_paper,
    party,
    place_day,
    signed,
    symbol,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.norms.enums import Level
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers.shared import (
    ESTIMATE,
    LAW,
    TT36,
    estimate_rows,
    money,
    project_facts,
    step_taken,
    sum_row,
)
from khuyencong.projects.queries import lines_of

ASSIGNMENT = Form(
    key="quyet-dinh-giao-nhiem-vu",
    title="Quyết định giao nhiệm vụ thực hiện đề án",
    article=f"khoản 4 Điều 6, khoản 1 Điều 12 {TT36}",
    of="project",
    heading="Quyết định",
    subject="Về việc giao nhiệm vụ thực hiện đề án khuyến công năm {{ project.year }}",
    paper_kind="assignment",
    receivers=("Như Điều 3", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("{{ office|hoa }}", bold=True, center=True),
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Căn cứ {{ approval }}.", italic=True, when="approval"),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text("Điều 1. Giao {{ implementer.name }} thực hiện đề án “{{ project.title }}”:"),
        Text(
            "1. {% if project.beneficiaries %}Đơn vị thụ hưởng: {{ project.beneficiaries }}; địa điểm{% else %}Địa điểm"
            "{% endif %}: {{ project.place }}."
        ),
        Text("2. Thời gian: từ {{ project.starts_on|ngay }} đến {{ ends_on|ngay }}."),
        Text(
            "3. Kinh phí khuyến công {{ support|dong }} đồng (bằng chữ: {{ support|chu }}), trong đó khuyến công quốc gia "
            "{{ national|dong }} đồng, khuyến công địa phương {{ local|dong }} đồng. Dự toán (đơn vị tính: đồng):"
        ),
        Table("lines", ESTIMATE, size=10),
        Text(
            "Điều 2. {{ implementer.name }} thực hiện đúng nội dung, tiến độ, dự toán; báo cáo tiến độ hằng tháng; tạm ứng, "
            "nghiệm thu, quyết toán theo quy định."
        ),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. {{ implementer.name }} và các đơn vị có liên quan chịu trách "
            "nhiệm thi hành./."
        ),
    ),
)

IMPLEMENTATION = Form(
    key="hop-dong-thuc-hien-de-an",
    title="Hợp đồng thực hiện đề án khuyến công",
    article=f"khoản 1, 2 Điều 12 {TT36}",
    of="project",
    head="party",
    subject="Đề án: {{ project.title }}",
    paper_kind="assignment",
    blocks=(
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Căn cứ {{ approval }};", italic=True, when="approval"),
        Text("{{ day_words }}, chúng tôi gồm:"),
        Text("BÊN GIAO (Bên A): {{ giver.name }}", bold=True),
        Text("Địa chỉ: {{ giver.address }}. Mã số thuế: {{ giver.tax_code }}. Điện thoại: {{ giver.phone }}."),
        Text("Đại diện: {{ giver.representative }}. Chức vụ: {{ giver.title }}."),
        Text("BÊN THỰC HIỆN (Bên B): {{ implementer.name }}", bold=True),
        Text(
            "Địa chỉ: {{ implementer.address }}. Mã số thuế: {{ implementer.tax_code }}. Điện thoại: {{ implementer.phone }}."
        ),
        Text("Đại diện: {{ implementer.representative }}. Chức vụ: {{ implementer.title }}."),
        Text("Tài khoản: ……………………… tại ………………………"),
        Text("Hai bên thống nhất ký hợp đồng với các điều khoản sau:"),
        Text("Điều 1. Nội dung", bold=True),
        Text(
            "Bên A giao Bên B thực hiện đề án “{{ project.title }}”{% if project.beneficiaries %}; đơn vị thụ hưởng: "
            "{{ project.beneficiaries }}{% endif %}; địa điểm: {{ project.place }}; thời gian: từ {{ project.starts_on|ngay }} "
            "đến {{ ends_on|ngay }}."
        ),
        Text("Điều 2. Kinh phí", bold=True),
        Text(
            "Kinh phí khuyến công {{ support|dong }} đồng (bằng chữ: {{ support|chu }}), trong đó khuyến công quốc gia "
            "{{ national|dong }} đồng, khuyến công địa phương {{ local|dong }} đồng; vốn đối ứng và nguồn khác "
            "{{ money.own|dong }} đồng. Dự toán (đơn vị tính: đồng):"
        ),
        Table("lines", ESTIMATE, size=10),
        Text("Điều 3. Tạm ứng, quyết toán", bold=True),
        Text(
            "Tạm ứng theo tỷ lệ và hồ sơ quy định tại Điều 13, 14, 15 và 16 Thông tư số 36/2013/TT-BCT; quyết toán theo Điều 18, "
            "19 Thông tư này và theo chứng từ thực chi."
        ),
        Text("Điều 4. Trách nhiệm của Bên A", bold=True),
        Text("Cấp kinh phí theo tiến độ; hướng dẫn, kiểm tra, giám sát; nghiệm thu, thanh lý hợp đồng với Bên B."),
        Text("Điều 5. Trách nhiệm của Bên B", bold=True),
        Text(
            "Thực hiện đúng nội dung, tiến độ, dự toán; báo cáo tiến độ trước ngày 25 hằng tháng; lưu giữ chứng từ; lập hồ sơ "
            "quyết toán trong thời hạn quy định; hoàn trả phần kinh phí đã tạm ứng mà không có khối lượng hoặc không được quyết "
            "toán."
        ),
        Text("Điều 6. Nghiệm thu, thanh lý", bold=True),
        Text("Nghiệm thu cơ sở do Sở Công Thương chủ trì; hai bên thanh lý hợp đồng khi quyết toán xong."),
        Text("Điều 7. Điều khoản chung", bold=True),
        Text(
            "Thay đổi nội dung hợp đồng phải bằng văn bản. Hợp đồng có hiệu lực kể từ ngày ký, lập thành …… bản có giá trị như "
            "nhau."
        ),
        Signatures(
            (
                ("Đại diện Bên A", "{{ giver.representative|ten }}"),
                ("Đại diện Bên B", "{{ implementer.representative|ten }}"),
            )
        ),
    ),
)


def _task(project: Project, on: date) -> tuple[date, dict[str, Any]]:
    assignment = assignment_of(project)
    day = assignment.signed_on if assignment else on
    facts = base_facts(project, on=day)
    terms = as_signed(assignment) if assignment else None
    national = terms.national if terms else facts["money"]["national"]
    local = terms.local if terms else facts["money"]["local"]
    province = None if project.level == Level.NATIONAL else project.province
    return day, {
        **facts,
        "bases": bases(LAW, on=day, province=province),
        "implementer": party(project.implementer, on=day),
        "national": national,
        "local": local,
        "support": national + local,
        "ends_on": (terms.ends_on if terms else None) or project.ends_on,
        "lines": _granted_lines(project, national=national, local=local, on=day),
    }


def _granted_lines(project: Project, *, national: int, local: int, on: date) -> list[dict[str, Any]]:
    """The estimate where its sums are what was granted; where less was granted only the granted sums are said."""
    lines = lines_of(project)
    if lines and (sum(line.national for line in lines), sum(line.local for line in lines)) == (national, local):
        return estimate_rows(project, lines, on=on)
    sums = {
        "national": national,
        "local": local,
        "counterpart": project.counterpart if project.granted_counterpart is None else project.granted_counterpart,
        "other": project.other if project.granted_other is None else project.granted_other,
    }
    return [sum_row("1", project.title, [sums]) | {"strong": False}, sum_row("", "Tổng cộng", [sums])]


@override("vi")
def assignment_decision(project: Project, *, on: date) -> dict[str, Any]:
    """The task by decision: as signed, or the draft that will be."""
    day, facts = _task(project, on)
    assignment = assignment_of(project)
    paper = assignment.paper if assignment and assignment.form == AssignmentForm.DECISION else None
    giver = giver_of(project, assignment, on=day)
    number = number_of_paper(paper, pattern=symbol(giver, "QĐ"))
    head = (
        letterhead(giver, on=day, known=paper is not None, number=number)
        if giver
        else department_head(project.province, on=day, known=paper is not None, number=number)
    )
    return {**head, **signed(paper, title=chief(giver)), "office": f"{chief(giver)} {head['body']}", **facts}


@override("vi")
def implementation_contract(project: Project, *, on: date) -> dict[str, Any]:
    """The task by contract between who gives it and the implementer."""
    day, facts = _task(project, on)
    assignment = assignment_of(project)
    paper = assignment.paper if assignment and assignment.form == AssignmentForm.CONTRACT else None
    words = place_day(project.province, on=day, known=paper is not None)
    return {
        "number": number_of_paper(paper, pattern="……/HĐ-KC"),
        "place_day": "",
        "day_words": f"Hôm nay, tại {words}",
        **facts,
    }


SUPPORT = Form(
    key="hop-dong-ho-tro",
    title="Hợp đồng hỗ trợ kinh phí khuyến công",
    article=f"Điều 12, Điều 13 {TT36}",
    of="beneficiary",
    head="party",
    subject="Đề án: {{ project.title }}",
    paper_kind="support_contract",
    blocks=(
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Căn cứ {{ approval }};", italic=True, when="approval"),
        Text("Căn cứ {{ assignment }};", italic=True, when="assignment"),
        Text("{{ day_words }}, chúng tôi gồm:"),
        Text("ĐƠN VỊ THỰC HIỆN (Bên A): {{ a.name }}", bold=True),
        Text("Địa chỉ: {{ a.address }}. Mã số thuế: {{ a.tax_code }}. Điện thoại: {{ a.phone }}."),
        Text("Đại diện: {{ a.representative }}. Chức vụ: {{ a.title }}."),
        Text("ĐƠN VỊ THỤ HƯỞNG (Bên B): {{ b.name }}", bold=True),
        Text("Loại hình: {{ b.legal_form }}. Địa chỉ: {{ b.address }}. Mã số thuế: {{ b.tax_code }}."),
        Text("Đại diện: {{ b.representative }}. Điện thoại: {{ b.phone }}."),
        Text("Tài khoản: ……………………… tại ………………………"),
        Text("Hai bên thống nhất ký hợp đồng với các điều khoản sau:"),
        Text("Điều 1. Nội dung hỗ trợ", bold=True),
        Text(
            "Bên A hỗ trợ Bên B kinh phí khuyến công để thực hiện: {{ content }}, thuộc đề án “{{ project.title }}”. Địa điểm: "
            "{{ b.workshop }}. Hạn hoàn thành: {{ ends_on|ngay }}."
        ),
        Text("Điều 2. Kinh phí", bold=True),
        Text(
            "1. Tổng kinh phí {{ total|dong }} đồng; kinh phí khuyến công hỗ trợ {{ support|dong }} đồng (bằng chữ: "
            "{{ support|chu }}); vốn đối ứng của Bên B {{ counterpart|dong }} đồng (bằng chữ: {{ counterpart|chu }})."
        ),
        Text("2. Chi tiết (đơn vị tính: đồng):"),
        Table("lines", ESTIMATE, size=10),
        Text("Điều 3. Phương thức hỗ trợ", bold=True),
        Text(
            "Kinh phí hỗ trợ được chuyển cho Bên B theo tiến độ, sau khi có khối lượng thực hiện và hồ sơ theo quy định; số quyết "
            "toán theo chi phí hợp lệ thực tế, không vượt mức tại Điều 2."
        ),
        Text("Điều 4. Trách nhiệm của Bên A", bold=True),
        Text("Hướng dẫn hồ sơ; chuyển kinh phí đúng hạn; kiểm tra, tổ chức nghiệm thu; thanh lý hợp đồng."),
        Text("Điều 5. Trách nhiệm của Bên B", bold=True),
        Text(
            "Bố trí đủ vốn đối ứng; mua sắm đúng nội dung, máy mới 100 %; cung cấp hợp đồng, hóa đơn, chứng từ; báo cáo khối lượng "
            "hằng tháng; sử dụng đúng mục đích; cam kết nội dung này chưa được ngân sách nhà nước hỗ trợ; hoàn trả kinh phí nếu vi "
            "phạm."
        ),
        Text("Điều 6. Điều khoản chung", bold=True),
        Text(
            "Thay đổi nội dung hợp đồng phải bằng văn bản. Hợp đồng có hiệu lực kể từ ngày ký, lập thành …… bản có giá trị như "
            "nhau, mỗi bên giữ …… bản."
        ),
        Signatures(
            (("Đại diện Bên A", "{{ a.representative|ten }}"), ("Đại diện Bên B", "{{ b.representative|ten }}"))
        ),
    ),
)


@override("vi")
def support_contract(beneficiary: Beneficiary, *, on: date) -> dict[str, Any]:
    """The contract with one beneficiary: as signed, or the draft from what was approved for it."""
    project = beneficiary.project
    contract = SupportContract.objects.filter(beneficiary=beneficiary).select_related("paper").first()
    day = contract.signed_on if contract else on
    terms = as_signed(contract) if contract else terms_of(beneficiary)
    words = place_day(project.province, on=day, known=contract is not None)
    province = None if project.level == Level.NATIONAL else project.province
    return {
        "number": number_of_paper(contract.paper if contract else None, pattern="……/HĐHT-KC"),
        "place_day": "",
        "day_words": f"Hôm nay, tại {words}",
        **base_facts(project, on=day),
        "bases": bases(LAW[:3], on=day, province=province),
        "a": party(project.implementer, on=day),
        "b": beneficiary_party(beneficiary, on=day),
        "content": beneficiary.content or None,
        "ends_on": terms.ends_on or project.ends_on,
        "total": terms.total,
        "support": terms.support,
        "counterpart": terms.counterpart,
        "lines": contract_lines(beneficiary, terms, on=day),
    }


# ---- appendices ----


def _appendix(key: str, title: str, of: str) -> Form:
    return Form(
        key=key,
        title=title,
        article=f"điểm b khoản 2 Điều 11, khoản 2 Điều 12 {TT36}",
        of=of,
        head="party",
        heading="Phụ lục hợp đồng",
        subject="Đề án: {{ project.title }}",
        paper_kind="contract_appendix",
        blocks=(
            Text("Căn cứ {{ contract }};", italic=True),
            Text("Căn cứ {{ change }};", italic=True, when="change"),
            Text("{{ day_words }}, chúng tôi gồm:"),
            Text("Bên A: {{ a.name }}", bold=True),
            Text("Đại diện: {{ a.representative }}. Chức vụ: {{ a.title }}."),
            Text("Bên B: {{ b.name }}", bold=True),
            Text("Đại diện: {{ b.representative }}."),
            Text("Hai bên thống nhất sửa đổi, bổ sung hợp đồng như sau:"),
            Text("Điều 1. Kinh phí (đơn vị tính: đồng)", bold=True),
            Table(
                "terms",
                (
                    Column("TT", "{{ row.n }}", align="center"),
                    Column("Nguồn kinh phí", "{{ row.name }}", weight=2),
                    Column("Theo hợp đồng", "{{ row.before|dong }}", weight=1.2, align="right"),
                    Column("Nay sửa thành", "{{ row.after|dong }}", weight=1.2, align="right"),
                    Column("Tăng, giảm", "{{ row.difference|dong }}", weight=1.2, align="right"),
                ),
            ),
            Text("Kinh phí khuyến công sau sửa đổi: {{ support|dong }} đồng (bằng chữ: {{ support|chu }})."),
            Text("Điều 2. Thời hạn", bold=True),
            Text("Hạn hoàn thành theo hợp đồng: {{ ended_on|ngay }}; nay là: {{ ends_on|ngay }}."),
            Text("Điều 3. Nội dung khác", bold=True),
            Text("{{ note }}"),
            Text(
                "Các điều khoản khác của hợp đồng giữ nguyên. Phụ lục là một phần của hợp đồng, có hiệu lực kể từ ngày ký, lập thành "
                "…… bản có giá trị như nhau."
            ),
            Signatures(
                (("Đại diện Bên A", "{{ a.representative|ten }}"), ("Đại diện Bên B", "{{ b.representative|ten }}"))
            ),
        ),
    )


TASK_APPENDIX = _appendix("phu-luc-hop-dong-thuc-hien", "Phụ lục hợp đồng thực hiện đề án", "project")
SUPPORT_APPENDIX = _appendix("phu-luc-hop-dong-ho-tro", "Phụ lục hợp đồng hỗ trợ", "beneficiary")


def _changed(
    contract: Assignment | SupportContract | None, now: Terms, project: Project, on: date, *, differs: bool
) -> dict[str, Any]:
    """From what the contract says to what was decided; where they do not differ, what the last appendix changed."""
    last: ContractAppendix | None = None
    before = terms_of(contract) if contract else now
    if contract is not None and not differs:
        last = contract.appendices.select_related("paper").order_by("-number").first()
    if last is not None:
        before = Terms(last.before_national, last.before_local, last.before_counterpart, last.before_ends_on)
        now = terms_of(last)
    day = last.signed_on if last else on
    rows: list[dict[str, Any]] = []
    for number, (name, old, new) in enumerate(
        (
            ("Khuyến công quốc gia", before.national, now.national),
            ("Khuyến công địa phương", before.local, now.local),
            ("Đối ứng của đơn vị thụ hưởng", before.counterpart, now.counterpart),
        ),
        start=1,
    ):
        rows.append({"n": str(number), "name": name, "before": old, "after": new, "difference": new - old})
    whole = {"before": before.total, "after": now.total, "difference": now.total - before.total}
    change = step_taken(project, "adjust")
    return {
        "number": number_of_paper(last.paper if last else None, pattern="……/PLHĐ"),
        "place_day": "",
        "day_words": f"Hôm nay, tại {place_day(project.province, on=day, known=last is not None)}",
        "contract": told(contract.paper, name=_called(contract)) if contract else "Hợp đồng số …… ngày … tháng … năm …",
        "change": told(change.paper, name="Quyết định") if change else None,
        "project": project_facts(project, on=day),
        "terms": [*rows, {"n": "", "name": "Tổng cộng", **whole, "strong": True}],
        "support": now.support,
        "ended_on": before.ends_on or project.ends_on,
        "ends_on": now.ends_on or project.ends_on,
        "note": (last.note if last else "") or "Không.",
        "day": day,
    }


def _called(contract: Assignment | SupportContract) -> str:
    return contract.get_form_display() if isinstance(contract, Assignment) else "Hợp đồng hỗ trợ"


@override("vi")
def task_appendix(project: Project, *, on: date) -> dict[str, Any]:
    """The contract with the implementer follows what was decided of the project."""
    assignment = assignment_of(project)
    granted = money(project)
    own = assignment.ends_on if assignment else None
    ends_on = max((day for day in (own, project.ends_on) if day), default=None)
    now = Terms(granted["national"], granted["local"], 0, ends_on)
    differs = assignment is not None and assignment_differs(assignment, project)
    facts = _changed(assignment, now, project, on, differs=differs)
    day = facts["day"]
    return {
        **facts,
        "a": giver_party(project, assignment, on=day),
        "b": party(project.implementer, on=day),
    }


@override("vi")
def support_appendix(beneficiary: Beneficiary, *, on: date) -> dict[str, Any]:
    """The contract with one beneficiary follows what is approved for it."""
    project = beneficiary.project
    contract = SupportContract.objects.filter(beneficiary=beneficiary).select_related("paper", "beneficiary").first()
    now = Terms(beneficiary.national, beneficiary.local, beneficiary.counterpart, project.ends_on)
    differs = contract is not None and support_differs(
        contract, assignment=assignment_of(project), appendices=appendices(project)
    )
    facts = _changed(contract, now, project, on, differs=differs)
    day = facts["day"]
    return {**facts, "a": party(project.implementer, on=day), "b": beneficiary_party(beneficiary, on=day)}
