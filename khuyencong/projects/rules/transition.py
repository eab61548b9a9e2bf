"""Which day's rules hold for a project: those under which it was appraised (NĐ 235/2025, TT 28/2018: what was decided before
goes on under the old rule)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.norms.enums import Level
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project

# Before its last appraisal: whatever comes into force meanwhile holds for it.
UNJUDGED: dict[str, tuple[ProjectState, ...]] = {
    Level.NATIONAL: (
        ProjectState.DRAFT,
        ProjectState.SUBMITTED,
        ProjectState.APPRAISED,
        ProjectState.REGISTERED,
    ),
    Level.PROVINCIAL: (ProjectState.DRAFT, ProjectState.SUBMITTED),
    Level.COMMUNAL: (ProjectState.DRAFT, ProjectState.SUBMITTED),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The day whose rules a project is judged by; ``kept``: rules of later days touch it no more; why, in one sentence."""

    day: date
    kept: bool
    why: str


def is_unjudged(project: Project) -> bool:
    """Whether rules that come into force today still hold for this project: its last appraisal is yet to come."""
    return not project.historical and project.state in UNJUDGED[project.level]


def law_day(project: Project, *, on: date) -> date:
    """The day whose rules this project is judged by on ``on``: that of its last appraisal, before that the day itself."""
    return project.rules_on if project.rules_on is not None and not is_unjudged(project) else on


def judged(project: Project, *, on: date) -> Judged:
    """By which day's rules this project is judged on ``on``, and why."""
    if is_unjudged(project):
        if project.state in (ProjectState.APPRAISED, ProjectState.REGISTERED) and project.rules_on:
            why = _(
                "Đã thẩm định cấp cơ sở ngày %(day)s; thẩm định cấp Bộ còn xét theo quy định có hiệu lực vào ngày thẩm định cấp Bộ."
            )
            return Judged(on, False, why % {"day": f"{project.rules_on:%d/%m/%Y}"})
        why = _(
            "Chưa đạt thẩm định nên xét theo quy định đang có hiệu lực; đạt thẩm định ngày nào thì giữ quy định của ngày đó."
        )
        return Judged(on, False, why)
    if project.rules_on is None:
        return Judged(on, False, "")
    told = {"day": f"{project.rules_on:%d/%m/%Y}"}
    if project.historical:
        return Judged(project.rules_on, True, _("Hồ sơ lịch sử, xét theo quy định của ngày %(day)s.") % told)
    why = _("Thẩm định ngày %(day)s nên giữ mức và quy định của ngày đó; quy định thay đổi về sau không áp dụng.")
    return Judged(project.rules_on, True, why % told)
