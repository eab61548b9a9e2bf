"""Who appraises sends a file back to be completed: what is missing, and by when (TT 36/2013 Đ8)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base.text import squeeze
from khuyencong.councils.enums import Tier
from khuyencong.councils.queries import votes_on
from khuyencong.documents.enums import Stage
from khuyencong.documents.letterheads import agency_head, department_head, number_of_paper, signed, symbol
from khuyencong.documents.papers import Each, Form, Lack, Text
from khuyencong.documents.queries import missing
from khuyencong.projects.enums import RETURNS, ProjectState
from khuyencong.projects.models import Project
from khuyencong.projects.papers.shared import TT36, project_facts, step_taken
from khuyencong.projects.queries import checklist, timeline, until_at_last

RETURN = Form(
    key="cong-van-yeu-cau-bo-sung",
    title="Công văn yêu cầu bổ sung, hoàn thiện hồ sơ đề án",
    article=f"Điều 8 {TT36}",
    of="project",
    head="letter",
    subject="yêu cầu bổ sung, hoàn thiện hồ sơ đề án khuyến công năm {{ project.year }}",
    to="{{ project.implementer }}",
    paper_kind="return_letter",
    receivers=("Như trên", "Lưu: VT"),
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(
        Text(
            "{{ body }} đã xem xét hồ sơ đề án “{{ project.title }}” (mã {{ project.code }}) do {{ project.implementer }} lập, "
            "đề nghị bổ sung, hoàn thiện các nội dung sau:"
        ),
        Each("wanted", "{{ row.n }}. {{ row.text }}"),
        Text("Hồ sơ đã bổ sung gửi về {{ body }} chậm nhất ngày {{ due|ngay }}."),
        Text("Đề nghị {{ project.implementer }} thực hiện./."),
    ),
)


@override("vi")
def completion(project: Project, *, on: date) -> dict[str, Any]:
    """The letter as it was sent, else a draft of it from what the council said and the papers that are not there."""
    sent = step_taken(project, *RETURNS) if project.state == ProjectState.DRAFT else None
    paper, day = (sent.paper if sent else None), (sent.on if sent else on)
    ministry = sent.name == "ministry_return" if sent else project.state == ProjectState.REGISTERED
    known, pattern = paper is not None, "……" if ministry else symbol(None)
    number = number_of_paper(paper, pattern=pattern)
    head = (
        agency_head(on=day, known=known, number=number)
        if ministry
        else department_head(project.province, on=day, known=known, number=number)
    )
    texts = [sent.note] if sent else _wanting(project, ministry=ministry, on=on)
    return {
        **head,
        **signed(paper, title="Cục trưởng" if ministry else "Giám đốc"),
        "project": project_facts(project, on=day),
        "wanted": [{"n": n, "text": text} for n, text in enumerate(texts or [None], start=1)],
        "due": until_at_last(sent, timeline(project)) if sent else None,
    }


def _wanting(project: Project, *, ministry: bool, on: date) -> list[str]:
    tier, stage = (Tier.MINISTRY, Stage.REGISTRATION) if ministry else (Tier.BASE, Stage.APPRAISAL)
    said = [squeeze(vote.opinion) for vote in votes_on(project.uid, tier=tier) if vote.conclusion == "complete"]
    papers = [f"Bổ sung: {line.title}" for line in missing(checklist(project, stage=stage, on=on))]
    return [*filter(None, said[:1]), *(f"{text[:1].upper()}{text[1:]}." for text in papers)]


def lacking(project: Project) -> Lack | None:
    """It is written while a file is appraised, and printed again while it is open to be completed."""
    if project.state in (ProjectState.SUBMITTED, ProjectState.REGISTERED):
        return None
    if project.state == ProjectState.DRAFT and step_taken(project, *RETURNS) is not None:
        return None
    return Lack(_("Chỉ lập khi hồ sơ đang chờ thẩm định hoặc đã được yêu cầu bổ sung."), refused=True)
