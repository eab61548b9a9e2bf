"""What the base appraisal says of a project: for one listed (Mẫu 4a), for one with named beneficiaries (Mẫu 4b)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.councils.enums import Conclusion, Point, Result, Tier
from khuyencong.councils.models import Sheet, Vote
from khuyencong.councils.queries import sheets_on, verdict_on, votes_on
from khuyencong.documents.letterheads import department_head, number_of_paper, signed
from khuyencong.documents.papers import Column, Each, Form, Table, Text
from khuyencong.organisations.queries import names_of
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import OpinionRequest, Project
from khuyencong.projects.papers.shared import (
    TT36,
    asked,
    beneficiary_rows,
    plain,
    project_facts,
    step_taken,
)
from khuyencong.projects.queries import helped, opinions_on

FACTS = (
    Text("1. Tên đề án: {{ project.title }}."),
    Text("2. Đơn vị thực hiện: {{ project.implementer }}; đơn vị phối hợp: {{ project.partners }}."),
    Text(
        "3. Địa điểm: {{ project.place }}; thời gian: từ {{ project.starts_on|ngay }} đến {{ project.ends_on|ngay }}."
    ),
    Text(
        "4. Tổng kinh phí {{ money.total|dong }} đồng; đề nghị khuyến công quốc gia {{ money.national|dong }} đồng, khuyến công "
        "địa phương {{ money.local|dong }} đồng; đối ứng và nguồn khác {{ money.own|dong }} đồng."
    ),
)
JUDGED = (
    Text("Nội dung thẩm định (Điều 9 TT 36/2013/TT-BCT):", bold=True),
    Table(
        "points",
        (
            Column("TT", "{{ row.n }}", align="center"),
            Column("Nội dung", "{{ row.name }}", weight=2.4),
            Column("Đạt", "{{ row.meets }}", weight=0.8, align="center", group="Số ý kiến"),
            Column("Không đạt", "{{ row.fails }}", weight=0.8, align="center", group="Số ý kiến"),
            Column("Nhận xét", "{{ row.comment }}", weight=2.6),
        ),
    ),
    Text(
        "Kết quả: {{ verdict.sheets }} phiếu; đạt {{ verdict.passes }}, yêu cầu bổ sung {{ verdict.completes }}, không đạt "
        "{{ verdict.fails }}{{ verdict.points }}.",
        when="verdict.sheets",
    ),
    Each("votes", "{{ row }}"),
    Text("Ý kiến chung: {{ verdict.comments }}", when="verdict.comments"),
    Each("opinions", "{{ row }}"),
    Text("Kết luận: {{ conclusion }}.", bold=True),
)

SHEET_A = Form(
    key="mau-4a-phieu-tham-dinh",
    title="Phiếu thẩm định đề án khuyến công cấp cơ sở",
    article=f"Điều 9, điểm a khoản 2 Điều 10 {TT36}, Mẫu số 4a Phụ lục 1",
    of="project",
    tag="Mẫu số 4a",
    paper_kind="appraisal",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        *FACTS,
        Text("5. Dạng đề án: {{ project.kind }}; hình thức: {{ project.form }}."),
        *JUDGED,
    ),
)

SHEET_B = Form(
    key="mau-4b-phieu-tham-dinh",
    title="Phiếu thẩm định đề án khuyến công cấp cơ sở theo đối tượng cụ thể",
    article=f"Điều 9, điểm a khoản 2 Điều 10 {TT36}, Mẫu số 4b Phụ lục 1",
    of="project",
    tag="Mẫu số 4b",
    heading="Phiếu thẩm định đề án khuyến công cấp cơ sở",
    subject="(theo đối tượng cụ thể)",
    paper_kind="appraisal",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        *FACTS,
        Text("5. Đơn vị thụ hưởng (đơn vị tính: đồng):", when="beneficiaries"),
        Table(
            "beneficiaries",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column(
                    "Tên, loại hình",
                    "{{ row.name }}{% if row.legal_form %} ({{ row.legal_form }}){% endif %}",
                    weight=1.8,
                ),
                Column("Địa điểm sản xuất", "{{ row.address }}", weight=1.5),
                Column("Nội dung", "{{ row.content }}", weight=1.5),
                Column("Tổng đầu tư", "{{ row.total|dong }}", weight=1.1, align="right"),
                Column("Đề nghị hỗ trợ", "{{ row.support|dong }}", weight=1.1, align="right"),
            ),
            size=10,
            when="beneficiaries",
        ),
        *JUDGED,
    ),
)


def _points(sheets: list[Sheet]) -> list[dict[str, Any]]:
    rows = []
    for point in Point:
        said = [found for sheet in sheets for found in sheet.points.all() if found.point == point.value]
        rows.append(
            {
                "n": str(point.value),
                "name": str(point.label),
                "meets": sum(found.result == Result.MEETS for found in said) if said else "",
                "fails": sum(found.result == Result.FAILS for found in said) if said else "",
                "comment": "; ".join(_once(found.comment for found in said)),
            }
        )
    return rows


@override("vi")
def appraisal(project: Project, *, on: date) -> dict[str, Any]:
    """The five points as the sheets of the judges say, and the result once it is recorded."""
    step = step_taken(project, "appraise", "fail")
    paper = step.paper if step else None
    day = step.on if step else on
    sheets, verdict = sheets_on(project.uid, tier=Tier.BASE), verdict_on(project.uid, tier=Tier.BASE)
    conclusion = None
    if step is not None:
        conclusion = str((Conclusion.FAIL if step.target == ProjectState.FAILED else Conclusion.PASS).label)
    return {
        **department_head(
            project.province, on=day, known=paper is not None, number=number_of_paper(paper, pattern="……/PTĐ-SCT")
        ),
        **signed(paper, title="Giám đốc"),
        "project": project_facts(project, on=day),
        "money": asked(project),
        "beneficiaries": beneficiary_rows(helped(project), on=day),
        "points": _points(sheets),
        "verdict": {
            "sheets": verdict.sheets,
            "passes": verdict.passes,
            "completes": verdict.completes,
            "fails": verdict.fails,
            "points": f"; điểm trung bình {plain(verdict.average)}/{plain(verdict.most)}" if verdict.scored else "",
            "comments": _sentences(sheet.comment for sheet in sheets),
        },
        "votes": [_voted(vote) for vote in votes_on(project.uid, tier=Tier.BASE)[:1]],
        "opinions": _opinions(project, on=day),
        "conclusion": conclusion,
    }


def _opinions(project: Project, *, on: date) -> list[str]:
    asked = list(opinions_on(project))
    names = names_of(one.body for one in asked)
    return [_opinion(one, names.short_on(one.body, one.answered_on or one.asked_on), on=on) for one in asked]


def _opinion(asked: OpinionRequest, body: str, *, on: date) -> str:
    """“Sở Tài chính tỉnh Đắk Lắk: đồng ý, có ý kiến (văn bản 12/STC, ngày 20/11/2026): …”, or by when it was to answer."""
    if asked.answered_on is None:
        silent = f"coi như đồng ý ({asked.due_basis})" if asked.consents(on) else "chưa trả lời"
        return f"{body} được hỏi ý kiến ngày {asked.asked_on:%d/%m/%Y}, hạn {asked.due_on:%d/%m/%Y}: {silent}."
    paper = f"văn bản {asked.answer_paper.number}, " if asked.answer_paper and asked.answer_paper.number else ""
    said = f"{body}: {str(asked.get_agreement_display()).lower()} ({paper}ngày {asked.answered_on:%d/%m/%Y})"
    return f"{said}: {squeeze(asked.answer)}" if asked.answer.strip() else f"{said}."


def _voted(vote: Vote) -> str:
    """“Hội đồng … biểu quyết ngày 18/11/2026: đạt 4, yêu cầu bổ sung 1, không đạt 0; kết luận: Đạt.”"""
    said = (
        f"{vote.session.council.name} biểu quyết ngày {vote.session.on:%d/%m/%Y}: đạt {vote.passes}, yêu cầu bổ sung "
        f"{vote.completes}, không đạt {vote.fails}; kết luận: {str(vote.get_conclusion_display()).lower()}."
    )
    return f"{said} {_sentences([vote.opinion])}" if vote.opinion.strip() else said


def _once(comments: Iterable[str]) -> list[str]:
    """What the judges wrote, each remark once and without the stop at its end."""
    told = (squeeze(comment).rstrip(".; ") for comment in comments)
    return list(dict.fromkeys(comment for comment in told if comment))


def _sentences(comments: Iterable[str]) -> str:
    return " ".join(comment if comment[-1] in "!?…" else f"{comment}." for comment in _once(comments))
