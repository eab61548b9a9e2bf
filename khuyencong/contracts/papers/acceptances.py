"""Base acceptance: of one place (Mẫu 5a), of an implementer that invoices (Mẫu 5b), by the central agency (Mẫu 5c)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.contracts.enums import SeatRole
from khuyencong.contracts.models import Acceptance, Purchase, SupportContract
from khuyencong.contracts.papers.shared import acceptance_of, base_facts
from khuyencong.documents.letterheads import department_head, inside, letterhead, lines_in, number_of_paper, told
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.norms.enums import Level
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.queries import name_on, names_of, of_kind
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers.shared import TT36, money

SEATS = Table(
    "seats",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Vai trò", "{{ row.role }}", weight=1.4),
        Column("Cơ quan, đơn vị", "{{ row.body }}", weight=1.8),
        Column("Họ và tên", "{{ row.name }}", weight=1.4),
        Column("Chức vụ", "{{ row.title }}", weight=1.1),
    ),
)
VOLUMES = Table(
    "volumes",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Nguồn kinh phí", "{{ row.name }}", weight=2),
        Column("Theo hợp đồng", "{{ row.planned|dong }}", weight=1.2, align="right"),
        Column("Khối lượng nghiệm thu", "{{ row.done|dong }}", weight=1.2, align="right"),
        Column("Chênh lệch", "{{ row.difference|dong }}", weight=1.1, align="right"),
    ),
)
PURCHASES = Table(
    "purchases",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Máy móc, hạng mục", "{{ row.item }}", weight=2),
        Column("Số máy", "{{ row.serial }}", weight=0.9),
        Column("Bên bán", "{{ row.seller }}", weight=1.6),
        Column("Giá trị (đồng)", "{{ row.value|dong }}", weight=1.2, align="right"),
        Column("Ngày bàn giao", "{{ row.delivered_on|ngay }}", weight=1.15, align="center"),
    ),
    size=10.5,
    when="purchases",
)
END = (
    Text("IV. Nhận xét, kiến nghị", bold=True),
    Each("note", "{{ row }}"),
    Text("V. Kết luận: {{ verdict }}.", bold=True),
    Text("Biên bản được các thành phần tham gia thông qua và ký tên."),
)


def _form(key: str, number: str, title: str, article: str, of: str, extra: tuple[Any, ...], last: Signatures) -> Form:
    return Form(
        key=key,
        title=title,
        article=article,
        of=of,
        tag=f"Mẫu số {number}",
        heading="Biên bản nghiệm thu cơ sở",
        subject="Đề án: {{ project.title }}",
        paper_kind="acceptance",
        blocks=(
            Text("Căn cứ {{ assignment_or_open }};", italic=True),
            Text("Hôm nay, {{ day|ngay_dai }}, tại {{ place }}."),
            Text("I. Thành phần nghiệm thu", bold=True),
            SEATS,
            Text("II. Thông tin đề án", bold=True),
            Text("Đơn vị thực hiện: {{ project.implementer }}. Đơn vị thụ hưởng: {{ beneficiaries }}."),
            Text(
                "Địa điểm: {{ project.place }}. Thời gian: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."
            ),
            *extra,
            Text("III. Kết quả thực hiện", bold=True),
            Text("Máy móc, hạng mục đã đầu tư:", when="purchases"),
            PURCHASES,
            Text("Khối lượng, kinh phí (đơn vị tính: đồng):"),
            VOLUMES,
            Text("Tổng khối lượng nghiệm thu bằng chữ: {{ volume|chu }}."),
            *END,
            last,
        ),
    )


FORM_A = _form(
    "mau-5a-nghiem-thu",
    "5a",
    "Biên bản nghiệm thu cơ sở cho từng địa điểm",
    f"Điều 14, khoản 1 Điều 19 {TT36}, Mẫu số 5a Phụ lục 1",
    "beneficiary",
    (
        Text("Nội dung hỗ trợ tại địa điểm: {{ content }}; theo {{ contract }}."),
        Text("Người đại diện đơn vị thụ hưởng: {{ representative }}."),
    ),
    Signatures(
        (
            ("Đại diện Sở Công Thương", "{{ signs.chair|ten }}"),
            ("Đơn vị thực hiện", "{{ signs.centre|ten }}"),
            ("Ủy ban nhân dân cấp xã", "{{ signs.commune|ten }}"),
            ("Đơn vị thụ hưởng", "{{ signs.representative|ten }}"),
        ),
        hint="(Ký, ghi rõ họ tên)",
    ),
)
FORM_B = _form(
    "mau-5b-nghiem-thu",
    "5b",
    "Biên bản nghiệm thu cơ sở (đơn vị có hóa đơn tài chính)",
    f"khoản 3 Điều 13, Điều 14, khoản 2 Điều 19 {TT36}, Mẫu số 5b Phụ lục 1",
    "project",
    (Text("Hóa đơn tài chính của đơn vị thực hiện: số …… ngày ……; số tiền {{ state_volume|dong }} đồng."),),
    Signatures(
        (
            ("Đại diện Sở Công Thương", "{{ signs.chair|ten }}"),
            ("Đơn vị thực hiện", "{{ signs.centre|ten }}"),
            ("Ủy ban nhân dân cấp xã", "{{ signs.commune|ten }}"),
        ),
        hint="(Ký, ghi rõ họ tên)",
    ),
)
FORM_C = _form(
    "mau-5c-nghiem-thu",
    "5c",
    "Biên bản nghiệm thu đề án do cơ quan khuyến công Trung ương nghiệm thu",
    f"Điều 14, khoản 2 Điều 19, khoản 2 Điều 20 {TT36}, Mẫu số 5c Phụ lục 1",
    "project",
    (),
    Signatures(
        (("Đại diện bên giao", "{{ signs.chair|ten }}"), ("Đơn vị thực hiện", "{{ signs.centre|ten }}")),
        hint="(Ký, ghi rõ họ tên)",
    ),
)


def _seats(acceptance: Acceptance | None, *, roles: tuple[SeatRole, ...]) -> list[dict[str, Any]]:
    if acceptance is not None and (seats := list(acceptance.seats.all())):
        names = names_of(seat.organisation for seat in seats)
        return [
            {
                "n": str(n),
                "role": seat.get_role_display(),
                "body": names.on(seat.organisation, acceptance.on),
                "name": seat.name,
                "title": seat.title,
            }
            for n, seat in enumerate(seats, start=1)
        ]
    return [
        {"n": str(n), "role": str(role.label), "body": "", "name": "", "title": ""}
        for n, role in enumerate(roles, start=1)
    ]


def _signs(acceptance: Acceptance | None, *, representative: str = "") -> dict[str, str]:
    """Who signs for each role: who sat; before the day only the beneficiary's own head is known.  That one stands under a name
    of its own: he is a private person, and not everybody reads who he is."""
    seats = {seat.role: seat.name for seat in reversed(list(acceptance.seats.all()))} if acceptance else {}
    named = {str(role): seats.get(role, "") for role in SeatRole if role != SeatRole.BENEFICIARY}
    return named | {"representative": seats.get(SeatRole.BENEFICIARY, "") if acceptance else representative}


def _volumes(support: int, counterpart: int, acceptance: Acceptance | None) -> list[dict[str, Any]]:
    """Contract against accepted work; columns stay open where nothing is recorded yet."""
    done = (acceptance.state_volume, acceptance.counterpart_volume) if acceptance else (None, None)
    rows: list[dict[str, Any]] = []
    for n, (name, planned, value) in enumerate(
        (("Kinh phí khuyến công", support, done[0]), ("Vốn đối ứng, nguồn khác", counterpart, done[1])), start=1
    ):
        rows.append(_volume(str(n), name, planned, value))
    total = None if acceptance is None else acceptance.state_volume + acceptance.counterpart_volume
    return [*rows, _volume("", "Tổng cộng", support + counterpart, total) | {"strong": True}]


def _volume(number: str, name: str, planned: int, done: int | None) -> dict[str, Any]:
    difference = None if done is None else done - planned
    return {"n": number, "name": name, "planned": planned, "done": done, "difference": difference, "strong": False}


def _purchases(found: list[Purchase]) -> list[dict[str, Any]]:
    return [
        {
            "n": str(n),
            "item": purchase.item,
            "serial": purchase.serial,
            "seller": purchase.seller,
            "value": purchase.value,
            "delivered_on": purchase.delivered_on or "",
        }
        for n, purchase in enumerate(found, start=1)
    ]


def _facts(project: Project, acceptance: Acceptance | None, *, on: date) -> dict[str, Any]:
    return {
        **base_facts(project, on=on),
        "day": acceptance.on if acceptance else None,
        "place": inside(acceptance.place) if acceptance else None,
        "note": lines_in(acceptance.note if acceptance else ""),
        "verdict": acceptance.get_verdict_display() if acceptance else None,
        "state_volume": acceptance.state_volume if acceptance else None,
        "volume": acceptance.state_volume + acceptance.counterpart_volume if acceptance else None,
    }


@override("vi")
def at_place(beneficiary: Beneficiary, *, on: date) -> dict[str, Any]:
    """One place: who sat, what was bought and done against its contract; before the day the sheet to fill in."""
    project = beneficiary.project
    acceptance = acceptance_of(project, beneficiary)
    contract = SupportContract.objects.filter(beneficiary=beneficiary).select_related("paper").first()
    day = acceptance.on if acceptance else on
    amounts = contract or beneficiary
    support, counterpart = amounts.national + amounts.local, amounts.counterpart
    if acceptance is not None and acceptance.beneficiary_id is None:  # accepted as a whole
        whole = money(project)
        support, counterpart = whole["support"], whole["own"]
    roles = (SeatRole.CHAIR, SeatRole.CENTRE, SeatRole.COMMUNE, SeatRole.BENEFICIARY)
    return {
        **department_head(
            project.province,
            on=day,
            known=acceptance is not None,
            number=number_of_paper(acceptance.paper if acceptance else None, pattern="……/BB-SCT"),
        ),
        **_facts(project, acceptance, on=day),
        "seats": _seats(acceptance, roles=roles),
        "signs": _signs(acceptance, representative=beneficiary.establishment.representative),
        "beneficiaries": name_on(beneficiary.establishment, day),
        "representative": beneficiary.establishment.representative or None,
        "content": beneficiary.content or None,
        "contract": told(contract.paper, name="hợp đồng hỗ trợ") if contract else "hợp đồng hỗ trợ số …… ngày ……",
        "purchases": _purchases(list(contract.purchases.order_by("pk")) if contract else []),
        "volumes": _volumes(support, counterpart, acceptance),
    }


def _whole(project: Project, *, on: date, by_agency: bool) -> dict[str, Any]:
    acceptance = acceptance_of(project, None)
    day = acceptance.on if acceptance else on
    granted, known = money(project), acceptance is not None
    number = number_of_paper(acceptance.paper if acceptance else None, pattern="……/BB")
    agency = of_kind(Kind.AGENCY, province=None, on=day) if by_agency and project.level == Level.NATIONAL else None
    head = (
        letterhead(agency, on=day, known=known, number=number)
        if agency
        else department_head(project.province, on=day, known=known, number=number)
    )
    purchases = Purchase.objects.filter(support_contract__assignment__project=project).order_by("pk")
    facts = _facts(project, acceptance, on=day)
    return {
        **head,
        **facts,
        "seats": _seats(acceptance, roles=(SeatRole.CHAIR, SeatRole.CENTRE, SeatRole.COMMUNE)),
        "signs": _signs(acceptance),
        "beneficiaries": facts["project"]["beneficiaries"] or "không có",
        "purchases": _purchases(list(purchases)),
        "volumes": _volumes(granted["support"], granted["own"], acceptance),
    }


@override("vi")
def with_invoice(project: Project, *, on: date) -> dict[str, Any]:
    """The whole project, of an implementer that gives a financial invoice."""
    return _whole(project, on=on, by_agency=False)


@override("vi")
def by_agency(project: Project, *, on: date) -> dict[str, Any]:
    """The whole project, accepted by who gave the task."""
    return _whole(project, on=on, by_agency=True)
