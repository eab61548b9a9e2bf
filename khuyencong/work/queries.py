"""What waits for whom, asked from what is: nothing here is stored.  Each source is one query, however many rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import totals
from khuyencong.budgets.rules import Balance
from khuyencong.contracts import queries as contracts
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, BeneficiaryUpdate
from khuyencong.councils.models import Council, Session
from khuyencong.needs.enums import NeedState
from khuyencong.needs.models import Call, Need, NoNeed, Visit
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline
from khuyencong.people.models import Mandate, User
from khuyencong.places.models import Unit
from khuyencong.plans import queries as plans
from khuyencong.plans.enums import DecisionState, RequestState
from khuyencong.plans.models import ChangeRequest, Decision, OpinionRequest
from khuyencong.projects.enums import Form, Level, ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.work.enums import TaskKind

S = ProjectState
# What the ministry's agency does for national money, provinces do for their own (TT 36/2013 Đ12, NĐ 45/2012 Đ14).
APPROVERS = {
    Level.NATIONAL: P.PLAN_APPROVE_NATIONAL,
    Level.PROVINCIAL: P.PLAN_APPROVE_PROVINCIAL,
    Level.COMMUNAL: P.PLAN_APPROVE_COMMUNAL,
}
BY_LEVEL = (P.ASSIGN, P.ADVANCE_PAY, P.SETTLE, P.LIQUIDATE)
SOON = timedelta(days=30)  # how far ahead an end of contract is announced


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits.  ``subject`` is the key of the one record it is about, where it is about one."""

    kind: TaskKind
    rest: str
    number: int = 1
    due: date | None = None
    note: str = ""
    subject: int | None = None
    within: int | None = None  # the record to which the subject belongs, where its page needs both

    @property
    def act(self) -> str:
        return str(self.kind.label)


def tasks(user: User) -> list[Task]:
    """What this person can do now, late ones first, then by deadline; what has no deadline stands last.

    A source is asked only where a mandate of today opens its act, and only in that mandate's territory.
    """
    found = [task for source in SOURCES for task in source(user)]
    return sorted(found, key=lambda task: (task.due is None, task.due or date.max, task.kind))


def overdue(found: list[Task], *, today: date) -> int:
    return sum(task.number for task in found if task.due is not None and task.due < today)


# ---- needs ----


def _silent_communes(user: User) -> Iterator[Task]:
    if not user.holds(P.NEED_REGISTER):
        return
    communes = user.scope(P.NEED_REGISTER).communes
    if not communes:
        return
    today = clock.today()
    units = Unit.objects.filter(pk__in=communes).only("pk", "full_name", "province_id")
    calls = Call.objects.filter(province_id__in=[unit.province_id for unit in units], opens_on__lte=today).order_by(
        "-year"
    )
    newest = {call.province_id: call for call in reversed(calls)}
    answered = set(
        Need.objects.filter(call__in=newest.values(), commune_id__in=communes)
        .exclude(state=NeedState.WITHDRAWN)
        .values_list("commune_id", flat=True)
    ) | set(
        NoNeed.objects.filter(call__in=newest.values(), commune_id__in=communes).values_list("commune_id", flat=True)
    )
    silent: dict[int, list[Unit]] = {}
    for unit in units:
        call = newest.get(unit.province_id or 0)
        if call is not None and unit.pk not in answered and call.commune_deadline >= today - SOON:
            silent.setdefault(call.pk, []).append(unit)
    for call in newest.values():
        waiting = silent.get(call.pk, [])
        if not waiting:
            continue
        rest = (
            _("năm %(year)s của %(commune)s") % {"year": call.year, "commune": waiting[0]}
            if len(waiting) == 1
            else _("năm %(year)s: còn %(number)s xã, phường chưa trả lời") % {"year": call.year, "number": len(waiting)}
        )
        yield Task(TaskKind.ANSWER_CALL, rest, number=len(waiting), due=call.commune_deadline, subject=call.pk)


def _needs(user: User) -> Iterator[Task]:
    steps = (
        (P.NEED_CONFIRM, NeedState.SENT, TaskKind.CONFIRM_NEEDS),
        (P.SURVEY_PLAN, NeedState.CONFIRMED, TaskKind.PLAN_SURVEY),
        (P.NEED_PROPOSE, NeedState.SURVEYED, TaskKind.PROPOSE_NEEDS),
        (P.NEED_DECIDE, NeedState.PROPOSED, TaskKind.ANSWER_NEEDS),
    )
    for permission, state, kind in steps:
        if not user.holds(permission):
            continue
        waiting = (
            Need.objects.within(user.scope(permission))
            .filter(state=state)
            .aggregate(number=Count("pk"), communes=Count("commune", distinct=True), due=Min("call__commune_deadline"))
        )
        if waiting["number"]:
            rest = ngettext("%(number)s nhu cầu", "%(number)s nhu cầu", waiting["number"]) % {
                "number": waiting["number"]
            }
            rest += " " + _("của %(communes)s xã, phường") % {"communes": waiting["communes"]}
            due = waiting["due"] if kind == TaskKind.CONFIRM_NEEDS else None
            yield Task(kind, rest, number=waiting["number"], due=due)


def _visits(user: User) -> Iterator[Task]:
    if not user.holds(P.SURVEY_RECORD):
        return
    ahead = (
        Visit.objects.filter(need__in=Need.objects.within(user.scope(P.SURVEY_RECORD)), surveyed_on=None)
        .filter(planned_on__lte=clock.today() + timedelta(days=14))
        .values("plan", "plan__name")
        .annotate(number=Count("pk"), due=Min("planned_on"))
        .order_by("due", "plan")
    )
    for row in ahead[:20]:
        rest = ngettext("%(number)s điểm", "%(number)s điểm", row["number"]) % {"number": row["number"]}
        yield Task(
            TaskKind.SURVEY,
            rest + ", " + row["plan__name"],
            number=row["number"],
            due=row["due"],
            subject=row["plan"],
        )


# ---- projects ----


def _territory(user: User, permission: P) -> QuerySet[Project]:
    """Where this person may do this: his territory, and his own body's projects where the act asks for it."""
    scope = user.scope(permission)
    territory = (
        Q()
        if scope.whole_country
        else Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes) | Q(pk__in=())
    )
    employers = {
        m.employer_id
        for m in user.mandates_today
        if permission in ROLES[m.role].own_body and permission in ROLES[m.role].permissions
    }
    free = any(
        permission in ROLES[m.role].permissions and permission not in ROLES[m.role].own_body and not m.organisation_id
        for m in user.mandates_today
    )
    if employers and not free:
        # an officer's area is a list of communes; a project of his Centre for the whole province is his too
        inside = Project.objects.filter(implementer_id__in=employers)
        if scope.communes and not scope.provinces and not scope.whole_country:
            inside = inside.filter(Q(commune_id__in=scope.communes) | Q(commune=None))
        return inside | Project.objects.filter(implementer_id__in=scope.bodies)
    if scope.bodies:
        return Project.objects.filter(territory | Q(implementer_id__in=scope.bodies))
    return Project.objects.filter(territory)


def _mine(user: User, permission: P) -> QuerySet[Project]:
    """Projects on which this person may do this: his territory, his own body's where the act asks for it, and the level of
    money that is his."""
    found = _territory(user, permission)
    if permission not in BY_LEVEL:
        return found
    if user.scope(permission).whole_country:
        return found.filter(level=Level.NATIONAL)
    return found.exclude(level=Level.NATIONAL)


def _projects(user: User) -> Iterator[Task]:
    today = clock.today()
    steps: tuple[tuple[P, Q, TaskKind], ...] = (
        (P.PROJECT_SUBMIT, Q(state=S.DRAFT), TaskKind.SUBMIT),
        (P.PROJECT_APPRAISE, Q(state=S.SUBMITTED), TaskKind.APPRAISE),
        (P.PROJECT_REGISTER, Q(state=S.APPRAISED, level=Level.NATIONAL), TaskKind.REGISTER),
        (P.PROJECT_APPRAISE_MINISTRY, Q(state=S.REGISTERED), TaskKind.APPRAISE_MINISTRY),
        (P.ASSIGN, Q(state=S.APPROVED), TaskKind.ASSIGN),
        (P.CONTRACT_SIGN, Q(state=S.ASSIGNED), TaskKind.SIGN_SUPPORT),
        (P.SETTLE, Q(state=S.ACCEPTED), TaskKind.SETTLE),
        (P.LIQUIDATE, Q(state=S.SETTLED), TaskKind.LIQUIDATE),
    )
    for permission, wanted, kind in steps:
        if not user.holds(permission):
            continue
        waiting = (
            _mine(user, permission)
            .filter(wanted, historical=False)
            .aggregate(
                number=Count("pk"),
                asked=Sum(F("national") + F("local")),
                first=Min("pk"),
                year=Min("year"),
            )
        )
        if not waiting["number"]:
            continue
        rest = ngettext("%(number)s đề án", "%(number)s đề án", waiting["number"]) % {"number": waiting["number"]}
        rest += ", " + _("%(amount)s triệu đồng kinh phí khuyến công") % {"amount": million(waiting["asked"] or 0)}
        yield Task(
            kind,
            rest,
            number=waiting["number"],
            due=_due_of(kind, year=waiting["year"], today=today),
            subject=waiting["first"] if waiting["number"] == 1 else None,
        )
    if user.holds(P.PROJECT_DRAFT) and not user.holds(P.PROJECT_SUBMIT):
        number = _mine(user, P.PROJECT_DRAFT).filter(state=S.DRAFT).count()
        if number:
            rest = ngettext("%(number)s đề án đang lập", "%(number)s đề án đang lập", number) % {"number": number}
            yield Task(TaskKind.FINISH_FILE, rest, number=number)


def _due_of(kind: TaskKind, *, year: int, today: date) -> date | None:
    codes = {TaskKind.REGISTER: Deadline.LIST_TO_AGENCY, TaskKind.LIQUIDATE: Deadline.LIQUIDATION}
    if kind not in codes:
        return None
    return norms.deadline(codes[kind], on=today, year=year).last_day


def _beneficiaries(user: User) -> Iterator[Task]:
    if not user.holds(P.BENEFICIARIES_APPROVE):
        return
    waiting = (
        Beneficiary.objects.filter(
            project__in=_mine(user, P.BENEFICIARIES_APPROVE).filter(
                state__in=(S.APPROVED, S.ASSIGNED, S.RUNNING), form=Form.GROUP, historical=False
            ),
            approved_on=None,
            removed_on=None,
        )
        .order_by()
        .aggregate(number=Count("pk"), projects=Count("project", distinct=True), first=Min("project"))
    )
    if waiting["number"]:
        rest = _("%(number)s cơ sở của %(projects)s đề án nhóm (Mẫu 11)") % waiting
        yield Task(
            TaskKind.APPROVE_BENEFICIARIES,
            rest,
            number=waiting["projects"],
            subject=waiting["first"] if waiting["projects"] == 1 else None,
        )


# ---- plans ----


def _plans(user: User) -> Iterator[Task]:
    if user.holds(P.PLAN_DRAFT):
        ready = Q(state=S.APPRAISED) & ~Q(level=Level.NATIONAL) | Q(state=S.MINISTRY_APPRAISED)
        waiting = _mine(user, P.PLAN_DRAFT).filter(ready, historical=False).aggregate(number=Count("pk"))
        if waiting["number"]:
            rest = _("%(number)s đề án đã đạt thẩm định") % waiting
            yield Task(TaskKind.PLAN, rest, number=waiting["number"])
    for decision in _to_decide(user)[:10]:
        yield Task(TaskKind.DECIDE, str(decision), due=None, subject=decision.pk)
    if user.holds(P.OPINION_GIVE):
        for asked in plans.waiting_opinions(user)[:10]:
            yield Task(TaskKind.GIVE_OPINION, str(asked.decision), due=asked.due_on, subject=asked.decision_id)
    if user.holds(P.CHANGE_BY_DEPARTMENT):
        asked = ChangeRequest.objects.within(user.scope(P.CHANGE_BY_DEPARTMENT)).filter(state=RequestState.REQUESTED)
        number = asked.count()
        if number:
            rest = ngettext("%(number)s đề nghị", "%(number)s đề nghị", number) % {"number": number}
            yield Task(TaskKind.CONFIRM_CHANGE, rest, number=number)


def _to_decide(user: User) -> list[Decision]:
    """Submitted decisions that this person may issue himself, or record for who signed them."""
    if not any(user.holds(p) for p in (*APPROVERS.values(), P.PAPER_RECORD)):
        return []
    submitted = plans.waiting_decisions(user).filter(state=DecisionState.SUBMITTED)
    return [
        decision
        for decision in submitted[:100]
        if user.may(APPROVERS[Level(decision.plan.level)], place=decision.plan.commune or decision.plan.province)
        or user.may(P.PAPER_RECORD, place=decision.plan.province)
    ]


# ---- contracts ----


def _progress(user: User) -> Iterator[Task]:
    today = clock.today()
    if user.holds(P.PROGRESS_REPORT):
        due = contracts.report_due(today.year, today.month, on=today)
        missing = contracts.reports_missing(
            _mine(user, P.PROGRESS_REPORT).filter(historical=False), year=today.year, month=today.month
        ).aggregate(number=Count("pk"), first=Min("pk"))
        if missing["number"]:
            rest = _("tháng %(month)s cho %(number)s đề án đang thực hiện") % {
                "month": today.month,
                "number": missing["number"],
            }
            yield Task(
                TaskKind.REPORT,
                rest,
                number=missing["number"],
                due=due,
                subject=missing["first"] if missing["number"] == 1 else None,
            )
    if user.holds(P.PROGRESS_REPORT_OWN):
        bodies = user.scope(P.PROGRESS_REPORT_OWN).bodies
        told = BeneficiaryUpdate.objects.filter(year=today.year, month=today.month).values("beneficiary_id")
        mine = (
            Beneficiary.objects.filter(
                establishment__organisation_id__in=bodies, project__state=S.RUNNING, removed_on=None
            )
            .exclude(pk__in=told)
            .select_related("project")
        )
        for beneficiary in mine[:10]:
            rest = _("tháng %(month)s: %(project)s") % {"month": today.month, "project": beneficiary.project.title}
            due = contracts.report_due(today.year, today.month, on=today)
            yield Task(TaskKind.TELL_PROGRESS, rest, due=due, subject=beneficiary.pk, within=beneficiary.project_id)


def _advances(user: User) -> Iterator[Task]:
    steps = (
        (P.VOLUME_CONFIRM, AdvanceState.REQUESTED, TaskKind.CONFIRM_ADVANCE),
        (P.ADVANCE_PAY, AdvanceState.CONFIRMED, TaskKind.PAY_ADVANCE),
    )
    for permission, state, kind in steps:
        if not user.holds(permission):
            continue
        asked = Advance.objects.filter(state=state)
        if not user.scope(permission).whole_country:  # for all projects of the country the list of them says nothing
            asked = asked.filter(project__in=_mine(user, permission))
        waiting = asked.aggregate(number=Count("pk"), amount=Sum("amount"), first=Min("project"))
        if waiting["number"]:
            rest = _("%(number)s đề nghị, %(amount)s triệu đồng") % {
                "number": waiting["number"],
                "amount": million(waiting["amount"]),
            }
            yield Task(
                kind,
                rest,
                number=waiting["number"],
                subject=waiting["first"] if waiting["number"] == 1 else None,
            )


def _acceptances(user: User) -> Iterator[Task]:
    if not user.holds(P.ACCEPT):
        return
    ending = (
        _mine(user, P.ACCEPT)
        .filter(state=S.RUNNING, historical=False, ends_on__lte=clock.today() + SOON)
        .order_by("ends_on", "pk")
    )
    for project in ending[:10]:
        yield Task(TaskKind.ACCEPT, project.title, due=project.ends_on, note=project.code, subject=project.pk)


# ---- people ----


def _mandates(user: User) -> Iterator[Task]:
    if not user.holds(P.HAND_OVER):
        return
    scope = user.scope(P.HAND_OVER)
    today = clock.today()
    ending = (
        Mandate.objects.filter(valid_to__gt=today, valid_to__lte=today + SOON)
        .filter(
            Q() if scope.whole_country else Q(place_id__in=scope.provinces) | Q(place__province_id__in=scope.provinces)
        )
        .select_related("user", "place")
        .order_by("valid_to", "pk")
    )
    for mandate in ending[:10]:
        yield Task(TaskKind.HAND_OVER, str(mandate), due=mandate.valid_to, subject=mandate.pk)


SOURCES = (
    _silent_communes,
    _needs,
    _visits,
    _projects,
    _beneficiaries,
    _plans,
    _progress,
    _advances,
    _acceptances,
    _mandates,
)


# ---- calendar ----


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the calendar.  ``kind`` names the page that shows more."""

    on: date
    kind: str
    what: str
    subject: int
    ends_on: date | None = None


def calendar(user: User, *, since: date, until: date) -> list[Day]:
    """Surveys, acceptances, council meetings, opinions and call deadlines between two days (both included), by day."""
    scope = user.scope()
    found = [
        Day(
            visit["planned_on"],
            "survey",
            _("Khảo sát %(number)s điểm: %(name)s") % {"number": visit["number"], "name": visit["plan__name"]},
            visit["plan"],
        )
        for visit in Visit.objects.filter(need__in=Need.objects.within(scope), planned_on__range=(since, until))
        .values("planned_on", "plan", "plan__name")
        .annotate(number=Count("pk"))
        .order_by("planned_on", "plan")
    ]
    found += [
        Day(project.ends_on, "accept", _("Hạn hoàn thành, nghiệm thu: %(project)s") % {"project": project}, project.pk)
        for project in Project.objects.visible_to(user)
        .filter(state__in=(S.ASSIGNED, S.RUNNING), ends_on__range=(since, until))
        .order_by("ends_on", "pk")[:200]
        if project.ends_on
    ]
    if scope:
        found += [
            Day(session.on, "council", _("Họp: %(council)s") % {"council": session.council}, session.council_id)
            for session in Session.objects.filter(
                council__in=Council.objects.visible_to(user), on__range=(since, until)
            ).select_related("council")
        ]
    found += [
        Day(
            asked.due_on, "opinion", _("Hạn cho ý kiến: %(decision)s") % {"decision": asked.decision}, asked.decision_id
        )
        for asked in OpinionRequest.objects.filter(
            decision__plan__in=plans.plans(user), answered_on=None, due_on__range=(since, until)
        ).select_related("decision__plan__province", "body")
    ]
    found += [
        Day(call.commune_deadline, "call", _("Hạn của xã: đăng ký nhu cầu năm %(year)s") % {"year": call.year}, call.pk)
        for call in Call.objects.visible_to(user).filter(commune_deadline__range=(since, until))
    ]
    return sorted(found, key=lambda day: (day.on, day.kind, day.subject))


# ---- papers to sign ----


@dataclass(frozen=True, slots=True)
class ToSign:
    """A paper that waits for this person's signature: which record, in a line, with its money (đồng)."""

    about: str  # "decision" or "project"
    subject: int
    title: str
    note: str
    amount: int
    step: str  # the act that follows when he agrees


def to_sign(user: User) -> list[ToSign]:
    """Submission letters of plans, plans submitted, and requests of one's own body, oldest first.  At most three queries."""
    found = []
    if user.holds(P.PLAN_SUBMIT) or user.holds(P.PLAN_APPROVE_PROVINCIAL) or user.holds(P.PLAN_APPROVE_NATIONAL):
        waiting = plans.waiting_decisions(user).annotate(
            number=Count("items"), asked=Sum(F("items__national") + F("items__local"))
        )
        for decision in waiting[:20]:
            submitted = decision.state == DecisionState.SUBMITTED
            approver = APPROVERS[Level(decision.plan.level)]
            permission, step = (approver, "approve") if submitted else (P.PLAN_SUBMIT, "submit")
            if decision.number and user.may(permission, place=decision.plan.province):
                note = _("%(number)s đề án, %(amount)s triệu đồng") % {
                    "number": decision.number,
                    "amount": million(decision.asked or 0),
                }
                found.append(ToSign("decision", decision.pk, str(decision), note, decision.asked or 0, step))
    if user.holds(P.PROJECT_SUBMIT):
        drafts = _mine(user, P.PROJECT_SUBMIT).filter(state=S.DRAFT, historical=False).order_by("changed_at", "pk")
        for project in drafts[:20]:
            note = _("đề nghị %(amount)s triệu đồng") % {"amount": million(project.support)}
            found.append(ToSign("project", project.pk, project.title, note, project.support, "submit"))
    return found


# ---- the year in figures ----


@dataclass(frozen=True, slots=True)
class Year:
    """The money of a year in one territory, in đồng: given, paid out, by national and local, month by month."""

    year: int
    national: Balance
    local: Balance
    paid_by_month: tuple[int, ...]  # cumulative, from January to now
    at_risk: int
    risky: int

    @property
    def all(self) -> Balance:
        return self.national + self.local


def year_of(user: User, *, year: int, province: int | None = None) -> Year:
    """The figures of home, from the ledger.  Three queries."""
    envelopes = Envelope.objects.visible_to(user).filter(year=year)
    if province is not None:
        envelopes = envelopes.filter(province_id=province)
    sums = totals(envelopes)
    months = dict(
        Entry.objects.filter(envelope__in=envelopes.order_by(), kind=EntryKind.ADVANCED, on__year=year)
        .order_by()
        .values_list("on__month")
        .annotate(amount=Sum("amount"))
    )
    last = clock.today().month if year == clock.today().year else 12
    running, line = 0, []
    for month in range(1, last + 1):
        running += months.get(month, 0)
        line.append(running)
    at_risk = Project.objects.visible_to(user).filter(
        year=year, state__in=(S.APPROVED, S.ASSIGNED, S.RUNNING), historical=False
    )
    if province is not None:
        at_risk = at_risk.filter(province_id=province)
    paid = (
        Entry.objects.filter(project=OuterRef("pk"), kind=EntryKind.ADVANCED)
        .order_by()
        .values("project")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    risk = at_risk.annotate(left=F("granted_national") + F("granted_local") - Coalesce(Subquery(paid), 0)).aggregate(
        amount=Sum("left"), number=Count("pk", filter=Q(left__gt=0))
    )
    return Year(year, sums[Source.NATIONAL], sums[Source.LOCAL], tuple(line), risk["amount"] or 0, risk["number"] or 0)
