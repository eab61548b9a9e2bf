"""The papers of a council: the decision that sets it up, a judge's sheet, the minutes of a session."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.councils.enums import MemberRole, Outcome, Point
from khuyencong.councils.models import Conflict, Council, Member, Session, Sheet, Vote
from khuyencong.councils.queries import attended, members_of, verdicts, with_totals
from khuyencong.documents.letterheads import (
    NO_NUMBER,
    agency_head,
    bases,
    department_head,
    lines_in,
    number_of_paper,
    on_paper,
    place_day,
    signed,
    told,
)
from khuyencong.documents.papers import Column, Each, Form, Signatures, Table, Text
from khuyencong.organisations.queries import names_of

LAW = ("45/2012/NĐ-CP", "235/2025/NĐ-CP", "36/2013/TT-BCT", "17/2018/TT-BCT")


def _head(council: Council, *, on: date, number: str) -> dict[str, Any]:
    """The letterhead of the department, or of the ministry's agency for its own council."""
    if council.province is not None:
        return department_head(council.province, on=on, known=True, number=number)
    return agency_head(on=on, known=True, number=number)


def _symbol(council: Council, kind: str) -> str:
    """Where the number of a paper of the department, or of the ministry's agency, will stand."""
    return f"……/{kind}-{'SCT' if council.province is not None else 'ĐCK'}"


def _points(value: Decimal | None) -> str:
    """82.50 → 82,5; empty where nothing was scored."""
    if value is None:
        return ""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _member_rows(members: Sequence[Member], *, on: date) -> list[dict[str, Any]]:
    names = names_of(member.organisation for member in members)
    return [
        {
            "n": str(number),
            "name": member.name,
            "title": member.title,
            "body": names.on(member.organisation, on) if member.organisation else "",
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
    subject="Về việc {{ about }}",
    paper_kind="council_decision",
    receivers=("Như Điều 3", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text("{{ signer_title|hoa }} {{ body|hoa }}", bold=True, center=True),
        Each("bases", "Căn cứ {{ row }};", last="Căn cứ {{ row }}.", italic=True),
        Text("QUYẾT ĐỊNH:", bold=True, center=True),
        Text("Điều 1. {{ act }}:"),
        MEMBERS,
        Text("Điều 2. {{ duty }}"),
        Text(
            "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Các đơn vị có liên quan và các thành viên có tên tại Điều 1 "
            "chịu trách nhiệm thi hành./."
        ),
    ),
)


@override("vi")
def decision(council: Council, *, on: date) -> dict[str, Any]:
    """Who sits, on the day on which the council was formed; or which officers are given the appraisal."""
    day = council.formed_on
    members = [member for member in members_of(council) if member.left_on is None or member.left_on > day]
    agency = council.province is None
    number = number_of_paper(council.paper, pattern=_symbol(council, "QĐ"))
    duty = "thẩm định hồ sơ đề án theo Điều 9 Thông tư số 36/2013/TT-BCT, báo cáo kết quả bằng phiếu"
    apart = "không tham gia thẩm định đề án mà mình có quyền lợi liên quan"
    if council.meets:
        act = f"Thành lập {council.name} gồm {len(members):02d} thành viên sau đây"
        duty = f"Hội đồng {duty} và biên bản. Thành viên {apart}. Hội đồng tự giải thể sau khi hoàn thành nhiệm vụ."
    else:
        act = f"Phân công {len(members):02d} cán bộ sau đây thẩm định hồ sơ đề án khuyến công"
        duty = f"Cán bộ được phân công {duty}; {apart}."
    return {
        **_head(council, on=day, number=number),
        **signed(council.paper, title="Cục trưởng" if agency else "Giám đốc"),
        "about": f"thành lập {council.name}" if council.meets else "phân công cán bộ thẩm định đề án khuyến công",
        "act": act,
        "duty": duty,
        "council": council.name,
        "bases": bases(LAW, on=day),
        "members": _member_rows(members, on=day),
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
        Text("1. Nội dung thẩm định (Điều 9 Thông tư số 36/2013/TT-BCT):", bold=True),
        Table(
            "points",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung thẩm định", "{{ row.name }}", weight=2.4),
                Column("Kết quả", "{{ row.result }}", weight=0.8, align="center"),
                Column("Nhận xét", "{{ row.comment }}", weight=2.6),
            ),
        ),
        Text("2. Chấm điểm{% if criteria_basis %} ({{ criteria_basis }}){% endif %}:", bold=True, when="scores"),
        Table(
            "scores",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Tiêu chí", "{{ row.name }}", weight=3),
                Column("Điểm tối đa", "{{ row.most }}", weight=0.8, align="center"),
                Column("Điểm", "{{ row.score }}", weight=0.8, align="center"),
            ),
            when="scores",
        ),
        Text("Ý kiến chung: {{ comment }}."),
        Text("Đề nghị: {{ conclusion }}.", bold=True),
        Text("Tôi cam đoan không có quyền lợi liên quan đến đề án này."),
        Signatures((("Thành viên", "{{ member.name|ten }}"),), hint="(Ký, ghi rõ họ tên)"),
    ),
)


@override("vi")
def sheet(found: Sheet, *, on: date) -> dict[str, Any]:
    """What one judge said, point by point, and his scores."""
    member, points = found.member, {point.point: point for point in found.points.all()}
    given = list(found.scores.all())
    scores: list[dict[str, Any]] = [
        {"n": str(one.number), "name": one.text, "most": str(one.most), "score": _points(one.score)} for one in given
    ]
    if scores:
        total, most = sum((one.score for one in given), Decimal(0)), sum(one.most for one in given)
        scores.append({"n": "", "name": "Tổng điểm", "most": str(most), "score": _points(total), "strong": True})
    return {
        **NO_NUMBER,
        "place_day": place_day(member.council.province, on=found.on, known=True),
        "council": member.council.name,
        "member": {name: text or None for name, text in _member_rows([member], on=found.on)[0].items()},
        "subject": squeeze(found.subject_label),
        "points": [
            {
                "n": str(point.value),
                "name": str(point.label),
                "result": points[point.value].get_result_display() if point.value in points else "",
                "comment": points[point.value].comment if point.value in points else "",
            }
            for point in Point
        ],
        "scores": scores,
        "criteria_basis": on_paper(found.criteria_basis),
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
        Text("Thời gian bắt đầu: …… giờ ……, {{ day|ngay_dai }}. Địa điểm: {{ place }}."),
        Text("Căn cứ: {{ decision }}."),
        Text("1. Thành phần dự họp ({{ present }}/{{ seats }} thành viên):", bold=True),
        MEMBERS,
        Text("Vắng mặt: {{ absent }}.", when="absent"),
        Text("2. Nội dung:", bold=True),
        Each("agenda", "{{ row }}"),
        Text("3. Ý kiến, điểm của các thành viên đối với từng đề án:", bold=True),
        Table(
            "sheets",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đề án", "{{ row.subject }}", weight=2.4),
                Column("Thành viên", "{{ row.member }}", weight=1.4),
                Column("Điểm", "{{ row.score }}", weight=0.8, align="center"),
                Column("Đề nghị", "{{ row.conclusion }}", weight=1),
                Column("Nhận xét", "{{ row.comment }}", weight=2.2),
            ),
            size=10,
            when="sheets",
        ),
        Text("……", when="unsaid"),
        Each("excused", "{{ row }}"),
        Each("opinions", "{{ row }}"),
        Text("4. Biểu quyết, kết quả thẩm định:", bold=True),
        Table(
            "judged",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Đề án", "{{ row.subject }}", weight=3),
                Column("Đạt", "{{ row.passes }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Bổ sung", "{{ row.completes }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Không đạt", "{{ row.fails }}", weight=0.8, align="center", group="Số phiếu"),
                Column("Điểm trung bình", "{{ row.average }}", weight=0.9, align="center"),
                Column("Kết quả", "{{ row.conclusion }}", weight=1.1),
            ),
            when="judged",
        ),
        Text("……", when="unjudged"),
        Text("Kết quả từng đề án được lập thành phiếu thẩm định theo {{ result_form }}.", when="judged"),
        Text("5. Kết luận:", bold=True),
        Each("summary", "{{ row }}"),
        Text("Cuộc họp kết thúc vào …… giờ …… cùng ngày; biên bản đã được đọc lại và thông qua."),
        Signatures(
            (("Thư ký", "{{ secretary|ten }}"), ("Chủ tịch hội đồng", "{{ chair|ten }}")), hint="(Ký, ghi rõ họ tên)"
        ),
    ),
)


@override("vi")
def minutes(session: Session, *, on: date) -> dict[str, Any]:
    """One meeting: who was there, what the sheets up to that day said of each project, how it was voted, what was concluded."""
    council, day = session.council, session.on
    seats = [member for member in members_of(council) if member.left_on is None or member.left_on > day]
    by_role = {member.role: member.name for member in reversed(seats)}
    there = attended(session)
    votes = {vote.subject_uid: vote for vote in session.votes.order_by("subject_label", "pk")}
    given = with_totals(Sheet.objects.filter(member__council=council, on__lte=day)).select_related("member")
    place = {member.pk: at for at, member in enumerate(seats)}  # the chair first, whoever gave his sheet first
    sheets = sorted(
        given.filter(subject_uid__in=votes) if votes else given.filter(on=day),
        key=lambda sheet: (sheet.subject_label, place.get(sheet.member_id, len(place)), sheet.pk),
    )
    labels = {vote.subject_uid: vote.subject_label for vote in votes.values()}
    labels |= {sheet.subject_uid: sheet.subject_label for sheet in sheets}
    return {
        **_head(council, on=day, number=number_of_paper(session.minutes, pattern=_symbol(council, "BB"))),
        "council": council.name,
        "day": day,
        "place": session.place or None,
        "decision": told(council.paper, name="Quyết định"),
        "members": _member_rows(there.present if there.recorded else seats, on=day),
        "present": len(there.present) if there.recorded else None,
        "seats": len(seats),
        "absent": "; ".join(member.name for member in there.absent),
        "agenda": lines_in(session.agenda),
        "sheets": [_said(number, sheet) for number, sheet in enumerate(sheets, start=1)],
        "excused": _excused(council, labels, place),
        "opinions": [
            f"Ý kiến về {squeeze(vote.subject_label)}: {squeeze(vote.opinion)}"
            for vote in votes.values()
            if vote.opinion
        ],
        "judged": _judged(council, labels, votes),
        "unsaid": not sheets and not any(vote.opinion for vote in votes.values()),
        "unjudged": not labels,
        "result_form": "Mẫu số 4a, 4b Phụ lục 1 Thông tư số 36/2013/TT-BCT"
        if council.province is not None
        else "quy định của cấp Bộ",
        "summary": lines_in(session.summary),
        "secretary": by_role.get(MemberRole.SECRETARY, ""),
        "chair": by_role.get(MemberRole.CHAIR, ""),
    }


def _said(number: int, sheet: Any) -> dict[str, Any]:
    return {
        "n": str(number),
        "subject": squeeze(sheet.subject_label),
        "member": sheet.member.name,
        "score": f"{_points(sheet.total)}/{sheet.most}" if sheet.most else "",
        "conclusion": sheet.get_conclusion_display(),
        "comment": squeeze(sheet.comment),
    }


def _excused(council: Council, labels: dict[UUID, str], place: dict[int, int]) -> list[str]:
    rows = Conflict.objects.filter(member__council=council, subject_uid__in=labels, outcome=Outcome.EXCUSED)
    told = sorted(
        set(rows.values_list("member", "member__name", "subject_uid")),
        key=lambda one: (labels[one[2]], place.get(one[0], len(place)), one[0]),
    )
    return [
        f"{name} không tham gia xem xét {squeeze(labels[uid])} do có quyền lợi liên quan." for _pk, name, uid in told
    ]


def _judged(council: Council, labels: dict[UUID, str], votes: dict[UUID, Vote]) -> list[dict[str, Any]]:
    """Each project with its votes; where none were written down, with what the sheets propose."""
    verdict = verdicts(labels, council=council)
    rows = []
    for number, (uid, label) in enumerate(labels.items(), start=1):
        sheets, vote = verdict.get(uid), votes.get(uid)
        counted = vote or sheets
        average = f"{_points(sheets.average)}/{_points(sheets.most)}" if sheets and sheets.average is not None else ""
        rows.append(
            {
                "n": str(number),
                "subject": squeeze(label),
                "passes": counted.passes if counted else "",
                "completes": counted.completes if counted else "",
                "fails": counted.fails if counted else "",
                "average": average,
                "conclusion": vote.get_conclusion_display() if vote else "",
            }
        )
    return rows


FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (DECISION, decision),
    (SHEET, sheet),
    (MINUTES, minutes),
)
