"""The papers of a need: what was registered, who goes to look, what was found there."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.base.text import fold, squeeze
from khuyencong.documents.letterheads import (
    NO_NUMBER,
    department_head,
    letterhead,
    lines_in,
    number_of_paper,
    place_day,
    place_name,
    signed,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.needs.models import Need, SurveyPlan, Visit
from khuyencong.organisations.queries import centre_of

LOCAL = "Điều 8 TT 46/2012/TT-BCT (trình tự do địa phương quy định)"

REGISTRATION = Form(
    key="phieu-dang-ky-nhu-cau",
    title="Phiếu đăng ký nhu cầu hỗ trợ khuyến công",
    article=LOCAL,
    of="need",
    head="party",
    subject="Năm {{ year }}",
    to="{{ commune }}",
    paper_kind="need_letter",
    blocks=(
        Text("1. Tên cơ sở, người đề nghị: {{ name }}."),
        Text("2. Loại hình: {{ legal_form }}; mã số thuế: {{ tax_code }}."),
        Text("3. Người đại diện: {{ representative }}; điện thoại: {{ phone }}."),
        Text("4. Địa điểm sản xuất: {{ address }}."),
        Text("5. Ngành nghề, sản phẩm chính: {{ product }}."),
        Text("6. Loại nhu cầu: {{ kind }}."),
        Text("7. Nội dung đề nghị: {{ what }}."),
        Text("8. Kinh phí dự kiến: {{ about|dong }} đồng (bằng chữ: {{ about|chu }})."),
        Text("9. Ngày gửi: {{ sent_on|ngay }}."),
        Signatures(
            (("XÁC NHẬN CỦA {{ commune|hoa }}", ""), ("NGƯỜI ĐĂNG KÝ", "{{ representative|ten }}")),
            hint="(Ký, ghi rõ họ tên)",
        ),
    ),
)


def _who(need: Need, on: date) -> dict[str, Any]:
    e = need.establishment
    address = place_name(need, on)
    if need.hamlet and fold(need.hamlet) not in fold(address):
        address = f"{need.hamlet}, {address}"
    return {
        "name": squeeze(need.name),
        "legal_form": e.get_legal_form_display() if e else None,
        "tax_code": (e.tax_code if e else "") or None,
        "representative": (e.representative if e else "") or None,
        "phone": need.phone or (e.phone if e else "") or None,
        "address": address,
        "product": (e.main_product if e else "") or None,
        "kind": need.get_kind_display(),
        "what": squeeze(need.what),
        "about": need.about,
    }


@override("vi")
def registration(need: Need, *, on: date) -> dict[str, Any]:
    """One need as it was told."""
    place = need.commune or need.province
    return {
        **NO_NUMBER,
        "place_day": place_day(place, on=need.sent_on, known=True),
        "year": need.call.year,
        "commune": f"Ủy ban nhân dân {place.named_inside}",
        **_who(need, need.sent_on),
        "sent_on": need.sent_on,
    }


TEAM = Form(
    key="quyet-dinh-thanh-lap-doan",
    title="Quyết định thành lập đoàn khảo sát",
    article=LOCAL,
    of="survey_plan",
    heading="Quyết định",
    subject="Về việc thành lập đoàn khảo sát nhu cầu khuyến công năm {{ year }}",
    paper_kind="council_decision",
    receivers=("Như Điều 3", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("GIÁM ĐỐC {{ body|hoa }}", bold=True, center=True),
        Text("Căn cứ chức năng, nhiệm vụ được giao;", italic=True),
        Text("Căn cứ {{ call }}.", italic=True),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text("Điều 1. Thành lập đoàn khảo sát “{{ plan }}” gồm các thành viên sau đây:"),
        Table(
            "members",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Họ và tên", "{{ row.name }}", weight=1.4),
                Column("Chức vụ", "{{ row.title }}", weight=1.6),
            ),
        ),
        Text("Thành phần phối hợp: {{ partners }}.", when="partners"),
        Text(
            "Điều 2. Đoàn khảo sát từ ngày {{ starts_on|ngay }} đến ngày {{ ends_on|ngay }}; lộ trình: {{ route }}. Các điểm "
            "khảo sát:"
        ),
        Table(
            "stops",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Ngày", "{{ row.day|ngay }}", weight=1.1, align="center"),
                Column("Cơ sở", "{{ row.name }}", weight=1.6),
                Column("Địa điểm", "{{ row.address }}", weight=1.6),
                Column("Nhu cầu", "{{ row.what }}", weight=2),
            ),
        ),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Các phòng, đơn vị có liên quan và các thành viên có tên tại "
            "Điều 1 chịu trách nhiệm thi hành./."
        ),
    ),
)


@override("vi")
def team(plan: SurveyPlan, *, on: date) -> dict[str, Any]:
    """Who goes where, when."""
    province = plan.call.province
    centre = centre_of(province, on=on)
    pattern = "……/QĐ-TTKC" if centre else "……/QĐ-SCT"
    head = letterhead(centre, on=on, number=pattern) if centre else department_head(province, on=on, number=pattern)
    people = list(plan.team.order_by("sort_key", "pk"))
    visits = plan.visits.select_related("need__commune", "need__province", "need__call").order_by(
        "planned_on", "order", "pk"
    )
    return {
        **head,
        "signer": "",
        "signer_title": "Giám đốc",
        "year": plan.call.year,
        "call": told(plan.call.paper, name="Công văn"),
        "plan": squeeze(plan.name),
        "members": [{"n": str(n), "name": str(user), "title": user.title} for n, user in enumerate(people, start=1)],
        "partners": squeeze(plan.partners),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "route": squeeze(plan.route) or None,
        "stops": [
            {
                "n": str(n),
                "day": visit.planned_on,
                "name": squeeze(visit.need.name),
                "address": place_name(visit.need, plan.starts_on),
                "what": squeeze(visit.need.what),
            }
            for n, visit in enumerate(visits, start=1)
        ],
    }


SURVEY = Form(
    key="bien-ban-khao-sat",
    title="Biên bản khảo sát nhu cầu hỗ trợ khuyến công",
    article=LOCAL,
    of="survey",
    head="party",
    heading="Biên bản khảo sát",
    subject="Nhu cầu hỗ trợ khuyến công năm {{ year }}",
    paper_kind="survey_record",
    blocks=(
        Text("Ngày khảo sát: {{ day|ngay }}, tại {{ address }}."),
        Text("I. Thành phần", bold=True),
        Text("1. Đoàn khảo sát “{{ plan }}”:"),
        Each("team", "- {{ row.name }}{% if row.title %}, {{ row.title }}{% endif %};"),
        Text("- {{ partners }}.", when="partners"),
        Text("2. Đại diện cơ sở: {{ representative }}."),
        Text("II. Thông tin về cơ sở", bold=True),
        Text("Tên cơ sở: {{ name }}; loại hình: {{ legal_form }}; mã số thuế: {{ tax_code }}."),
        Text("Ngành nghề, sản phẩm chính: {{ product }}."),
        Text("III. Nhu cầu đã đăng ký", bold=True),
        Text("Nội dung: {{ what }}; kinh phí dự kiến: {{ about|dong }} đồng."),
        Text("IV. Kết quả khảo sát", bold=True),
        Each("findings", "{{ row }}"),
        Text("Tổng vốn đầu tư dự kiến: {{ investment|dong }} đồng (bằng chữ: {{ investment|chu }})."),
        Text("Biên bản được lập, các bên cùng đọc và ký tên."),
        Signatures(
            (("Đại diện cơ sở", "{{ representative|ten }}"), ("Đại diện đoàn khảo sát", "")), hint="(Ký, ghi rõ họ tên)"
        ),
    ),
)


@override("vi")
def survey(visit: Visit, *, on: date) -> dict[str, Any]:
    """What was found at one stop; before the visit the sheet that is taken along."""
    need, plan = visit.need, visit.plan
    day = visit.surveyed_on or visit.planned_on
    return {
        **signed(visit.paper, title=""),
        "number": number_of_paper(visit.paper, pattern=""),
        "place_day": place_day(need.commune or need.province, on=day, known=True),
        "year": plan.call.year,
        "day": day,
        "plan": squeeze(plan.name),
        "team": [{"name": str(user), "title": user.title} for user in plan.team.order_by("sort_key", "pk")],
        "partners": squeeze(plan.partners),
        **_who(need, day),
        "findings": lines_in(visit.findings),
        "investment": visit.investment,
    }


FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (REGISTRATION, registration),
    (TEAM, team),
    (SURVEY, survey),
)
