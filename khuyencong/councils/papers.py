"""The papers of a council: the decision that sets it up, a judge's sheet, the minutes of a session."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.councils.enums import MemberRole, Point
from khuyencong.councils.models import Council, Member, Session, Sheet
from khuyencong.councils.queries import members_of
from khuyencong.documents.letterheads import (
    NO_NUMBER,
    bases,
    department_head,
    lines_in,
    number_of_paper,
    place_day,
    signed,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text

LAW = ("45/2012/NĐ-CP", "235/2025/NĐ-CP", "36/2013/TT-BCT", "17/2018/TT-BCT")


def _member_rows(members: list[Member]) -> list[dict[str, Any]]:
    return [
        {
            "n": str(number),
            "name": member.name,
            "title": member.title,
            "body": member.organisation.name if member.organisation else "",
            "role": member.get_role_display(),
        }
        for number, member in enumerate(members, start=1)
    ]


MEMBERS = Table(
    "members",
    (
        Column("TT", "{{ row.n }}", align="center"),
        Column("Họ và tên", "{{ row.name }}", weight=1.4),
        Column("Chức vụ", "{{ row.title }}", weight=1.4),
        Column("Đơn vị công tác", "{{ row.body }}", weight=1.8),
        Column("Nhiệm vụ", "{{ row.role }}", weight=0.9),
    ),
)

DECISION = Form(
    key="quyet-dinh-thanh-lap-hoi-dong",
    title="Quyết định thành lập hội đồng thẩm định",
    article="Điều 8 TT 36/2013/TT-BCT",
    of="council",
    heading="Quyết định",
    subject="Về việc thành lập {{ council }}",
    paper_kind="council_decision",
    receivers=("Như Điều 3", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("GIÁM ĐỐC {{ body|hoa }}", bold=True, center=True),
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text("Điều 1. Thành lập {{ council }} gồm {{ count }} thành viên sau đây:"),
        MEMBERS,
        Text(
            "Điều 2. Hội đồng thẩm định hồ sơ đề án theo Điều 9 Thông tư số 36/2013/TT-BCT, báo cáo kết quả bằng phiếu và biên "
            "bản. Thành viên không tham gia thẩm định đề án mà mình có quyền lợi liên quan. Hội đồng tự giải thể sau khi hoàn "
            "thành nhiệm vụ."
        ),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Các đơn vị có liên quan và các thành viên có tên tại Điều 1 "
            "chịu trách nhiệm thi hành./."
        ),
    ),
)


@override("vi")
def decision(council: Council, *, on: date) -> dict[str, Any]:
    """Who sits, on the day on which the council was formed."""
    day = council.formed_on
    members = [member for member in members_of(council) if member.left_on is None or member.left_on > day]
    return {
        **department_head(
            council.province, on=day, known=True, number=number_of_paper(council.paper, pattern="……/QĐ-SCT")
        ),
        **signed(council.paper, title="Giám đốc"),
        "council": council.name,
        "bases": bases(LAW, on=day),
        "count": f"{len(members):02d}",
        "members": _member_rows(members),
    }


SHEET = Form(
    key="phieu-cua-thanh-vien",
    title="Phiếu thẩm định của thành viên hội đồng",
    article="Điều 9 TT 36/2013/TT-BCT",
    of="sheet",
    head="party",
    paper_kind="appraisal",
    blocks=(
        Text("Hội đồng: {{ council }}."),
        Text("Thành viên: {{ member.name }}; chức vụ: {{ member.title }}; đơn vị: {{ member.body }}."),
        Text("Đề án: {{ subject }}."),
        Table(
            "points",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung thẩm định", "{{ row.name }}", weight=2.4),
                Column("Kết quả", "{{ row.result }}", weight=0.8, align="center"),
                Column("Điểm (tối đa {{ most }})", "{{ row.score }}", weight=0.8, align="center"),
                Column("Nhận xét", "{{ row.comment }}", weight=2.2),
            ),
        ),
        Text("Ý kiến chung: {{ comment }}."),
        Text("Đề nghị: {{ conclusion }}.", bold=True),
        Text("Tôi cam đoan không có quyền lợi liên quan đến đề án này."),
        Signatures((("Thành viên", "{{ member.name|ten }}"),), hint="(Ký, ghi rõ họ tên)"),
    ),
)


@override("vi")
def sheet(found: Sheet, *, on: date) -> dict[str, Any]:
    """What one judge said, point by point."""
    member, points = found.member, {point.point: point for point in found.points.all()}
    rows = [
        {
            "n": str(point.value),
            "name": str(point.label),
            "result": points[point.value].get_result_display() if point.value in points else "",
            "score": points[point.value].score if point.value in points else "",
            "comment": points[point.value].comment if point.value in points else "",
        }
        for point in Point
    ]
    most = member.council.points_each
    rows.append({"n": "", "name": "Tổng điểm", "result": "", "score": found.total, "comment": "", "strong": True})
    return {
        **NO_NUMBER,
        "place_day": place_day(member.council.province, on=found.on, known=True),
        "council": member.council.name,
        "member": {name: text or None for name, text in _member_rows([member])[0].items()},
        "subject": squeeze(found.subject_label),
        "most": most,
        "points": rows,
        "comment": squeeze(found.comment).rstrip(".") or None,
        "conclusion": found.get_conclusion_display(),
    }


MINUTES = Form(
    key="bien-ban-hop-hoi-dong",
    title="Biên bản họp hội đồng",
    article="Điều 8, Điều 9 TT 36/2013/TT-BCT",
    of="session",
    heading="Biên bản",
    subject="Họp {{ council }}",
    paper_kind="minutes",
    blocks=(
        Text("Thời gian: {{ day|ngay_dai }}. Địa điểm: {{ place }}."),
        Text("Căn cứ: {{ decision }}."),
        Text("1. Thành phần:", bold=True),
        MEMBERS,
        Text("2. Nội dung:", bold=True),
        Each("agenda", "{{ row }}"),
        Text("3. Ý kiến của các thành viên đối với từng đề án:", bold=True),
        Table(
            "judged",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đề án", "{{ row.subject }}", weight=3),
                Column("Đạt", "{{ row.passes }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Bổ sung", "{{ row.completes }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Không đạt", "{{ row.fails }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Điểm trung bình", "{{ row.average }}", weight=0.9, align="center"),
            ),
            when="judged",
        ),
        Text("4. Kết luận:", bold=True),
        Each("summary", "{{ row }}"),
        Text("Biên bản được thông qua và ký ngày {{ day|ngay }}."),
        Signatures(
            (("Thư ký", "{{ secretary|ten }}"), ("Chủ tịch hội đồng", "{{ chair|ten }}")), hint="(Ký, ghi rõ họ tên)"
        ),
    ),
)


@override("vi")
def minutes(session: Session, *, on: date) -> dict[str, Any]:
    """One meeting: who sat, what the sheets of that day said of each project, what was concluded."""
    council, day = session.council, session.on
    members = [member for member in members_of(council) if member.left_on is None or member.left_on > day]
    by_role = {member.role: member.name for member in reversed(members)}
    judged: dict[Any, list[Sheet]] = {}
    for found in Sheet.objects.filter(member__council=council, on=day).order_by("pk"):
        judged.setdefault(found.subject_uid, []).append(found)
    return {
        **department_head(council.province, on=day, known=True, number=number_of_paper(session.minutes, pattern="")),
        "council": council.name,
        "day": day,
        "place": session.place or None,
        "decision": told(council.paper, name="Quyết định"),
        "members": _member_rows(members),
        "agenda": lines_in(session.agenda),
        "judged": [_votes(number, sheets) for number, sheets in enumerate(judged.values(), start=1)],
        "summary": lines_in(session.summary),
        "secretary": by_role.get(MemberRole.SECRETARY, ""),
        "chair": by_role.get(MemberRole.CHAIR, ""),
    }


def _votes(number: int, sheets: list[Sheet]) -> dict[str, Any]:
    said = [sheet.conclusion for sheet in sheets]
    average = f"{sum(sheet.total for sheet in sheets) / len(sheets):.1f}".replace(".", ",")
    return {
        "n": str(number),
        "subject": squeeze(sheets[0].subject_label),
        "passes": said.count("pass"),
        "completes": said.count("complete"),
        "fails": said.count("fail"),
        "average": average,
    }


FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (DECISION, decision),
    (SHEET, sheet),
    (MINUTES, minutes),
)
