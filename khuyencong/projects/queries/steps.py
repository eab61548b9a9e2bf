"""The life of one project: steps taken, open, shut and ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.authority.roles import RECORDABLE, P, holders
from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.base.workflow import Step
from khuyencong.councils.models import Conflict
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.people.models import User
from khuyencong.projects.enums import (
    ProjectState,
)
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import Project, StepTaken
from khuyencong.projects.queries.files import conflict_of
from khuyencong.projects.rules import Finding

JUDGING = (P.PROJECT_APPRAISE, P.PROJECT_APPRAISE_MINISTRY)
MAIN_PATH = (
    "submit",
    "appraise",
    "register",
    "ministry_appraise",
    "approve",
    "assign",
    "begin",
    "accept",
    "settle",
    "liquidate",
)


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step as this person sees it: open to him, to be recorded from paper by him, or shut with the reason."""

    step: Step
    is_open: bool
    recorded: bool = False  # open only by recording a paper that another has signed
    why: str = ""
    ahead: bool = False  # not yet its turn
    blocked: bool = False  # his, and shut by what the checks found


@norms.reading()
def steps_open_to(user: User, project: Project, *, findings: Sequence[Finding] | None = None) -> list[StepOffer]:
    """The steps of the table that start from here, open ones first, then the shut ones and the next two on the way, each
    with its reason and article.  ``findings`` (of ``checks``) shut the step that they stand in the way of, a conflict of
    interest every step of judging.  Two queries beyond the person's mandates: where the steps stand in the law of today,
    and the conflict of who may judge now."""
    workflow = LIFECYCLES[project.level]
    place = project.place
    open_now, shut = [], []
    for step in workflow.open_to(project.state):
        blocked = (
            [f for f in findings or () if f.refuses] if step.name in ("submit", "appraise", "ministry_appraise") else []
        )
        permission = P(step.permission)
        recorded = False
        if not user.may(permission, place=place, body=project.implementer):
            recorded = bool(step.paper) and permission in RECORDABLE and user.may(P.PAPER_RECORD, place=place)
            if not recorded:
                shut.append(StepOffer(step, False, why=_holders(step, project)))
                continue
        if permission in JUDGING and (conflict := conflict_of(user, project.uid)) is not None:
            shut.append(StepOffer(step, False, why=in_conflict(conflict)))
        elif blocked:
            why = counted("Còn %(count)s điều chưa đạt: %(first)s", len(blocked)) % {
                "count": len(blocked),
                "first": blocked[0].told,
            }
            shut.append(StepOffer(step, False, why=why, blocked=True))
        else:
            open_now.append(StepOffer(step, True, recorded))
    return [*open_now, *shut, *_ahead(project)]


def in_conflict(conflict: Conflict) -> str:
    """Why who has a conflict of interest does not judge."""
    return _("Bạn có xung đột lợi ích với đề án này nên không được thẩm định: %(reason)s") % {"reason": conflict.reason}


def _holders(step: Step, project: Project) -> str:
    named = holders(P(step.permission), national=project.level == Level.NATIONAL)
    return _with_article(_("Thuộc thẩm quyền: %(holders)s.") % {"holders": named}, step, project)


def article_of(step: Step, project: Project) -> str:
    """Where what a step rests on stands today, for the money of this project."""
    return norms.ground(Ground(step.ground), on=clock.today(), of=project).citation if step.ground else ""


def _with_article(why: str, step: Step, project: Project) -> str:
    return norms.cited(why, Ground(step.ground), on=clock.today(), of=project) if step.ground else why


def _ahead(project: Project) -> list[StepOffer]:
    workflow = LIFECYCLES[project.level]
    path = [workflow[name] for name in MAIN_PATH if name in workflow]
    reached = [index for index, step in enumerate(path) if project.state in step.sources]
    if not reached:
        return []
    offers = []
    for step in path[reached[0] + 1 : reached[0] + 3]:
        state = ProjectState(step.sources[0]).label
        why = _("Mở khi đề án ở trạng thái “%(state)s”.") % {"state": state}
        offers.append(StepOffer(step, False, why=_with_article(why, step, project), ahead=True))
    return offers


def next_step(project: Project) -> Step | None:
    """The step that brings the project on from where it is; None at an end."""
    workflow = LIFECYCLES[project.level]
    return next((workflow[n] for n in MAIN_PATH if n in workflow and project.state in workflow[n].sources), None)


def timeline(project: Project) -> list[StepTaken]:
    """The steps taken, oldest first, with papers and people."""
    return list(project.steps.select_related("paper", "by").order_by("on", "pk"))


def journal_of(projects: Iterable[Project]) -> QuerySet[Event]:
    """The journal of these projects in the order in which it was written, with the lines of the lists that brought them in."""
    keys = [project.pk for project in projects]
    lists = StepTaken.objects.filter(project__in=keys).exclude(line=None).values("line")
    own = Q(subject_type=Project._meta.label_lower, subject_id__in=keys)
    return Event.objects.filter(own | Q(pk__in=lists)).order_by("pk")


def label_of_step(taken: StepTaken) -> str:
    """The step's name in words."""
    workflow = LIFECYCLES[taken.project.level]
    if taken.name in workflow:
        return str(workflow[taken.name].label)
    return {
        "extend": _("Gia hạn bổ sung"),
        "adjust": _("Điều chỉnh"),
        "beneficiaries": _("Duyệt danh sách thụ hưởng (Mẫu 11)"),
        "history": _("Nhập hồ sơ lịch sử"),
    }.get(taken.name, taken.name)


def last_step(project: Project, name: str) -> StepTaken | None:
    """When this step was last taken."""
    return project.steps.filter(name=name).select_related("paper").order_by("-on", "-pk").first()


def paper_kind_of(step: Step) -> str:
    """The kind of paper that a step demands, in words; blank where none."""
    return str(PaperKind(step.paper).label) if step.paper else ""
