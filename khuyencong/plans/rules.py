"""What the law says of plans: whose a change is, what may go into a decision, in which order projects are chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Act, ChangeKind, Level, PriorityKind, ProjectForm, ProjectKind
from khuyencong.norms.models import PriorityRow
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import Plan
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project

# Who stands above whom where one decision holds changes of several authorities.
RANK = ("department_director", "ministry_agency", "provincial_approver", "ministry_approver")
STOPS = (ChangeKind.STOP, ChangeKind.STOP_FOR_VIOLATION)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides: a role of this house, the body in the words of the law, and the text."""

    role: str
    body: str
    basis: str


def authority_of_change(kind: str, *, project: Project, on: date) -> Authority:
    """Whose a change of this kind is on ``on``: TT 36/2013 Đ11 for national money, the province's row for local money.

    Where no row names anybody the highest of the level decides, and the basis says so.
    """
    found = norms.change_authority(kind, on=on, form=project.form, level=project.level, province=project.province)
    if found is not None and found.role in RANK:
        return Authority(found.role, found.body, found.citation)
    highest = "ministry_approver" if project.level == Level.NATIONAL else "provincial_approver"
    return Authority(highest, "", "")


def authority_of_plan(plan: Plan, *, on: date) -> Authority:
    """Who approves the yearly plan of this level (TT 36/2013 Đ8.3; NĐ 45/2012 Đ2, Đ14)."""
    found = norms.approver(Act.APPROVE_PLAN, on=on, level=plan.level, province=plan.province)
    if found is not None:
        return Authority(found.role, found.body, found.citation)
    return Authority("ministry_approver" if plan.level == Level.NATIONAL else "provincial_approver", "", "")


def highest(authorities: Iterable[Authority]) -> Authority | None:
    """Of several, the one that stands above the others: a decision needs the authority of its gravest line."""
    return max(authorities, key=lambda authority: RANK.index(authority.role), default=None)


def ready_state(level: str) -> ProjectState:
    """The state in which a project may be brought into a plan: appraised by the ministry for national money, at the base
    for local money (TT 36/2013 Đ8)."""
    return ProjectState.MINISTRY_APPRAISED if level == Level.NATIONAL else ProjectState.APPRAISED


CHANGEABLE = (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING)

KINDS_OF: dict[str, tuple[str, ...]] = {
    DecisionKind.APPROVE: (),
    DecisionKind.ADD: (ChangeKind.ADD,),
    DecisionKind.STOP: STOPS,
    DecisionKind.ADJUST: tuple(kind for kind in ChangeKind.values if kind not in (*STOPS, ChangeKind.ADD)),
}


_LAST = 9  # behind every rank of the law
CLEANER = "cleaner_production"
CLEANER_KINDS = (ProjectKind.CLEANER_ASSESSMENT, ProjectKind.CLEANER_PILOT)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the order of choice asks of a project (TT 36/2013 Đ7; TT 46/2012 Đ6.3): the priorities that its records show, and
    how many earlier projects its implementer ``finished`` and ``stopped``."""

    project: Project
    priorities: tuple[PriorityRow, ...] = ()
    finished: int = 0
    stopped: int = 0

    @property
    def area(self) -> int:
        """The rank of its place among the priority areas; lower comes first, what is not known last."""
        return 0 if self.apart else best_rank(self.priorities, PriorityKind.AREA)

    @property
    def sector(self) -> int:
        """The same among the priority trades; a certificate of a typical product is one of them (NĐ 45/2012 Đ6.2b), cleaner
        production is none in their order (TT 46/2012 Đ6.3a)."""
        if self.apart:
            return 0
        return best_rank((row for row in self.priorities if row.code != CLEANER), PriorityKind.SECTOR)

    @property
    def apart(self) -> bool:
        """Work on cleaner production is put off by no order of areas or trades: how much it brings and how it presses is for
        people to weigh (TT 46/2012 Đ6.3b)."""
        return self.project.kind in CLEANER_KINDS and any(row.code == CLEANER for row in self.priorities)

    @property
    def flagship(self) -> bool:
        return self.project.form == ProjectForm.FLAGSHIP

    @property
    def key(self) -> tuple:
        return (not self.flagship, self.area, self.sector, -self.finished, self.stopped, self.project.code)


def best_rank(rows: Iterable[PriorityRow], kind: str) -> int:
    """The first rank of these priorities of one kind."""
    return min((row.rank for row in rows if row.kind == kind), default=_LAST)


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """Flagships first; then area, then sector, which put off no work on cleaner production; equal ones by who has finished
    more projects and stopped fewer; then by code, so that the order is the same each time (TT 36/2013 Đ7)."""
    return sorted(standings, key=lambda standing: standing.key)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the rank list: its amount, the running sum, and whether it still lies above the line of the money."""

    place: int
    amount: int
    sum: int
    inside: bool


def cut(amounts: Sequence[int], *, money: int) -> list[Ranked]:
    """Running sums down the list; the line of the money falls before the first amount that no longer fits, and nothing
    after it is inside, however small: the list is served in its order.  All in đồng."""
    lines, total, inside = [], 0, True
    for place, amount in enumerate(amounts, start=1):
        total += amount
        inside = inside and total <= money
        lines.append(Ranked(place, amount, total, inside))
    return lines


def why_unchangeable(project: Project) -> str:
    """Why no change of this project is asked for now; empty where it may be."""
    if project.state in CHANGEABLE and not project.historical:
        return ""
    why = _("Chỉ đề nghị điều chỉnh được đề án đã phê duyệt và chưa nghiệm thu; đề án này ở trạng thái “%(state)s”.")
    return why % {"state": project.get_state_display()}
