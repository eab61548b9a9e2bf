"""Papers that are missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.contracts.enums import AdvanceKind, AdvanceState
from khuyencong.contracts.models import Advance
from khuyencong.documents.enums import Stage
from khuyencong.documents.models import DossierItem, Requirement
from khuyencong.norms.enums import Level
from khuyencong.projects.enums import APPROVED_ON
from khuyencong.projects.models import Project
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame, one_year, up_to

_PAST: dict[str, tuple[str, ...]] = {
    Stage.APPRAISAL: ("appraised", "registered", "ministry_appraised", *APPROVED_ON),
    Stage.REGISTRATION: ("registered", "ministry_appraised", *APPROVED_ON),
    Stage.CONTRACT: ("assigned", "running", "accepted", "settled", "liquidated"),
    Stage.SETTLEMENT: ("settled", "liquidated"),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    project: Project
    papers: list[str]


def missing_papers(frame: Frame) -> list[Lacking]:
    """Projects past a stage without a paper that the stage asks of every project of their kind, on the day whose rules they
    follow.  Papers asked for only under a condition are judged on the project's own page; historical dossiers are a kind of
    their own.  Five queries, one plan year.
    """
    frame = one_year(frame)
    rows = list(Requirement.objects.filter(only_when=""))
    if not rows:
        return []
    own = {(row.stage, row.level) for row in rows}
    paid: dict[str, set[int]] = {Stage.FIRST_ADVANCE: set(), Stage.REMAINDER: set()}
    scope = frame.projects().filter(historical=False, state__in=_PAST[Stage.APPRAISAL])
    advances = Advance.objects.filter(project__in=scope, state=AdvanceState.PAID)
    for paid_to, kind in advances.values_list("project_id", "kind"):
        paid[Stage.REMAINDER if kind == AdvanceKind.REMAINDER else Stage.FIRST_ADVANCE].add(paid_to)
    there = set(
        DossierItem.objects.filter(dossier__in=scope.values("dossier"), requirement__isnull=False).values_list(
            "dossier_id", "requirement_id"
        )
    )
    asked: dict[tuple[str, str, date, tuple[str, ...]], list[Requirement]] = {}
    found = []
    for project in scope.only("pk", "code", "title", "kind", "level", "state", "dossier", "rules_on", "year").order_by(
        "-year", "-code"
    ):
        stages = [stage for stage, states in _PAST.items() if project.state in states]
        if project.level != Level.NATIONAL and Stage.REGISTRATION in stages:
            stages.remove(Stage.REGISTRATION)  # only national projects are registered with the agency
        stages += [stage for stage, keys in paid.items() if project.pk in keys]
        on = project.rules_on or date(project.year, 1, 1)
        key = (project.kind, project.level, on, tuple(stages))
        if key not in asked:
            asked[key] = [row for row in rows if row.stage in stages and _binds(row, project, on=on, own=own)]
        lacking = [row.title for row in asked[key] if (project.dossier_id, row.pk) not in there]
        if lacking:
            found.append(Lacking(project, lacking))
    return found


def _binds(row: Requirement, project: Project, *, on: date, own: set[tuple[str, str]]) -> bool:
    """National lines are followed by analogy where the level has none of its own."""
    if not row.holds_on(on) or row.project_kind not in ("", project.kind):
        return False
    has_own = bool({(row.stage, ""), (row.stage, project.level)} & own)
    return row.level in ("", project.level) if has_own else row.level == Level.NATIONAL


def told_lacking(row: Lacking) -> Finding:
    first = "; ".join(row.papers[:3])
    more = _(" và %(count)s giấy tờ khác") % {"count": len(row.papers) - 3} if len(row.papers) > 3 else ""
    return Finding(
        _("%(state)s, thiếu: %(papers)s%(more)s.")
        % {"state": row.project.get_state_display(), "papers": first, "more": more},
        row.project,
    )


def without_originals(frame: Frame) -> QuerySet[Project]:
    """Historical dossiers whose papers nobody has brought yet."""
    return up_to(frame).filter(historical=True, originals_missing=True).order_by("-year", "-code")


def told_historical(project: Project) -> Finding:
    return Finding(
        _("Hồ sơ lịch sử năm %(year)s, %(state)s, chưa có hồ sơ gốc.")
        % {"year": project.year, "state": project.get_state_display().lower()},
        project,
    )
