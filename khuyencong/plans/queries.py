"""Reading plans: the chain and what it said on a day, what is left to assign, who comes next in the order of the law."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, ROLES
from khuyencong.base.money import dong
from khuyencong.base.workflow import Step, Workflow
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import balances
from khuyencong.budgets.rules import Balance
from khuyencong.establishments.models import Recognition, YearlyFacts
from khuyencong.norms.enums import PriorityKind
from khuyencong.norms.models import PriorityRow
from khuyencong.norms.queries import priorities
from khuyencong.people.models import User
from khuyencong.places.models import Unit, UnitFact
from khuyencong.plans.enums import OPEN, DecisionKind, DecisionState, Measure, RequestState
from khuyencong.plans.lifecycle import CHANGING_LIFE, INCLUDING_LIFE
from khuyencong.plans.models import ChangeRequest, Decision, Item, OpinionRequest, Plan, Programme, Share, Target
from khuyencong.plans.rules import (
    CHANGEABLE,
    STOPS,
    Authority,
    Ranked,
    Standing,
    authority_of_change,
    authority_of_plan,
    cut,
    highest,
    in_order,
    ready_state,
)
from khuyencong.projects.enums import APPROVED_ON, Kind, Level, ProjectState
from khuyencong.projects.models import Beneficiary, Project

# ---- lists ----


def plans(user: User, *, year: int | None = None, level: str = "", province: int | None = None) -> QuerySet[Plan]:
    """The plans this person may see, with counts of their decisions and open decisions, newest year first."""
    found = Plan.objects.visible_to(user).select_related("province", "commune")
    if year:
        found = found.filter(year=year)
    if level:
        found = found.filter(level=level)
    if province:
        found = found.filter(province_id=province)
    return found.annotate(
        issued=Count("decisions", filter=Q(decisions__state=DecisionState.APPROVED)),
        pending=Count("decisions", filter=Q(decisions__state__in=OPEN)),
        last_on=Max("decisions__on"),
    ).order_by("-year", "level", "province__sort_key", "pk")


def standing_sums(plan_list: Sequence[Plan], *, day: date | None = None) -> dict[int, "Sums"]:
    """What each of these plans says now (or said on ``day``): projects and money.  One query."""
    found: dict[int, dict[int, list[int]]] = {plan.pk: {} for plan in plan_list}
    columns = ("decision__plan_id", "project_id", "action", "national", "local", "counterpart", "other")
    for plan_id, project_id, action, *money in _issued(day).filter(decision__plan__in=plan_list).values_list(*columns):
        if action in STOPS:
            found[plan_id].pop(project_id, None)
        else:
            found[plan_id][project_id] = money
    return {
        key: Sums(len(items), *map(sum, zip(*items.values(), strict=True))) if items else Sums()
        for key, items in found.items()
    }


@dataclass(frozen=True, slots=True)
class Sums:
    """Projects and money by source, in đồng."""

    count: int = 0
    national: int = 0
    local: int = 0
    counterpart: int = 0
    other: int = 0

    @property
    def support(self) -> int:
        return self.national + self.local

    @property
    def total(self) -> int:
        return self.support + self.counterpart + self.other

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Sums":
        items = list(items)
        names = ("national", "local", "counterpart", "other")
        return cls(len(items), *(sum(getattr(item, name) for item in items) for name in names))


# ---- the chain ----


def _issued(day: date | None = None) -> QuerySet[Item]:
    items = Item.objects.filter(decision__state=DecisionState.APPROVED)
    if day is not None:
        items = items.filter(decision__on__lte=day)
    return items.order_by("decision__on", "decision__ordinal", "order", "pk")


@dataclass(frozen=True, slots=True)
class Version:
    """What a plan said on a day: each project with the line of the last decision that spoke of it."""

    plan: Plan
    day: date
    items: list[Item]  # what stands, in the order in which it came
    stopped: list[Item]
    decisions: int

    @property
    def sums(self) -> Sums:
        return Sums.of(self.items)


def as_of(plan: Plan, day: date) -> Version:
    """“Kế hoạch nói gì ngày D”: rebuilt from the decisions issued up to and including ``day``.  One query."""
    items = _issued(day).filter(decision__plan=plan)
    latest: dict[int, Item] = {}
    decisions = set()
    for item in items.select_related("decision", "decision__paper", "project__implementer", "project__commune"):
        latest[item.project_id] = item  # a dict keeps the place of its first coming
        decisions.add(item.decision_id)
    said = list(latest.values())
    return Version(
        plan,
        day,
        [item for item in said if item.action not in STOPS],
        [item for item in said if item.action in STOPS],
        len(decisions),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """One decision of the chain and the plan after it: the change it made, what stood then, what was left to assign."""

    decision: Decision
    count: int  # projects that the decision speaks of
    national: int  # change it made, in đồng
    local: int
    after: Sums | None = None  # only for issued ones
    given: int = 0  # what the plan's own envelopes held by that day
    left: int = 0


def chain(plan: Plan) -> list[Link]:
    """The decisions of a plan, issued ones in the order of their days, then the open ones; with the balance after each.

    Three queries.  Money in envelopes that several plans share (the agency's) is not counted as given to this one.
    """
    decisions = list(plan.decisions.select_related("paper", "submission").order_by("ordinal"))
    by_decision: dict[int, list[Item]] = {decision.pk: [] for decision in decisions}
    for item in Item.objects.filter(decision__plan=plan).select_related("decision"):
        by_decision[item.decision_id].append(item)
    own = [envelope for envelope in envelopes_of(plan) if envelope.province_id is not None]
    entries = _given(own)
    said: dict[int, Item] = {}
    links = []
    issued = [decision for decision in decisions if decision.state == DecisionState.APPROVED and decision.on]
    for decision in sorted(issued, key=lambda decision: (decision.on, decision.ordinal)):
        items = by_decision[decision.pk]
        said.update({item.project_id: item for item in items})
        after = Sums.of(item for item in said.values() if item.action not in STOPS)
        kept = sum(item.support for item in said.values() if item.action in STOPS)
        given = sum(amount for day, amount in entries if decision.on and day <= decision.on)
        links.append(Link(decision, len(items), *_change(items), after, given, given - after.support - kept))
    for decision in decisions:
        if decision.state != DecisionState.APPROVED:
            items = by_decision[decision.pk]
            links.append(Link(decision, len(items), *_change(items)))
    return links


def _change(items: Iterable[Item]) -> tuple[int, int]:
    items = list(items)
    return (
        sum(item.national - item.before_national for item in items),
        sum(item.local - item.before_local for item in items),
    )


def _given(envelopes: Sequence[Envelope]) -> list[tuple[date, int]]:
    sign = {
        EntryKind.ALLOCATED: 1,
        EntryKind.CARRIED_IN: 1,
        EntryKind.CARRIED_OUT: -1,
        EntryKind.RETURNED: -1,
        EntryKind.MANAGEMENT: -1,
    }
    lines = Entry.objects.filter(envelope__in=envelopes, kind__in=sign).values_list("on", "kind", "amount")
    return [(day, amount * sign[EntryKind(kind)]) for day, kind, amount in lines]


def envelopes_of(plan: Plan) -> list[Envelope]:
    """The envelopes from which this plan may be paid: of its year and place; national plans may also take the agency's and
    the province's own money, local plans local money only.  One query."""
    found = Envelope.objects.filter(year=plan.year).select_related("holder")
    here = Q(province=plan.province) & (Q(commune=None) | Q(commune=plan.commune_id))
    if plan.level == Level.NATIONAL:
        found = found.filter(Q(level=Level.NATIONAL, province=None) | here)
    elif plan.level == Level.PROVINCIAL:
        found = found.filter(here, level=Level.PROVINCIAL)
    else:
        found = found.filter(here, level__in=[Level.COMMUNAL, Level.PROVINCIAL])
    own_first = {plan.level: 0}
    return sorted(
        found, key=lambda envelope: (own_first.get(envelope.level, 1), envelope.province_id is None, envelope.pk)
    )


def reserve(plan: Plan) -> dict[Envelope, int]:
    """Kinh phí chưa phân bổ: what each envelope of the plan can still promise, in đồng.  Two queries."""
    envelopes = envelopes_of(plan)
    left = balances(envelopes)
    return {envelope: left[envelope.pk].available for envelope in envelopes}


def balances_of(plan: Plan) -> dict[Envelope, Balance]:
    """The envelopes of the plan with all their sums.  Two queries."""
    envelopes = envelopes_of(plan)
    sums = balances(envelopes)
    return {envelope: sums[envelope.pk] for envelope in envelopes}


# ---- one decision ----


def decision_of(user: User, pk: int) -> QuerySet[Decision]:
    """One decision that this person may see, with what its page needs at hand."""
    return (
        Decision.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("plan__province", "plan__commune", "paper", "submission")
    )


def items_of(decision: Decision) -> list[Item]:
    """The lines of a decision in their order, with project, parties and envelopes at hand (two queries)."""
    shares = Prefetch("shares", Share.objects.select_related("envelope").order_by("envelope_id"))
    related = ("project__implementer", "project__commune", "project__province", "request")
    return list(decision.items.select_related(*related).prefetch_related(shares))


def authority_of(decision: Decision, *, on: date, items: Iterable[Item] | None = None) -> Authority:
    """Who issues this decision on ``on``: by level for projects brought in, by the gravest line for changes."""
    if decision.includes:
        return authority_of_plan(decision.plan, on=on)
    if items is None:
        items = decision.items.select_related("project__province")
    lines = {(item.action, item.project.form): item for item in items}  # one question for each kind and form
    found = highest(authority_of_change(item.action, project=item.project, on=on) for item in lines.values())
    if found is not None:
        return found
    lowest = "ministry_agency" if decision.plan.level == Level.NATIONAL else "department_director"
    return Authority(lowest, "", "")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step of a decision as this person sees it: open, or shut with the reason; ``recorded`` where only a paper that
    somebody else signed opens it."""

    step: Step
    is_open: bool
    why: str = ""
    recorded: bool = False


def steps_open_to(user: User, decision: Decision, *, on: date, items: Sequence[Item] | None = None) -> list[Offer]:
    """The steps of the table that start from here, open ones first.  At most two queries beyond the person's mandates."""
    authority = authority_of(decision, on=on, items=items)
    empty = not (items if items is not None else decision.items.exists())
    open_now, shut = [], []
    for step in life_of(decision, authority=authority).open_to(decision.state):
        if step.name in ("hand_back", "refuse", "approve") and not may_issue(decision, step=step):
            if step.name == "approve":
                shut.append(Offer(step, False, _("Chưa có tờ trình.")))
            continue
        place = place_of(decision, step.name)
        permission = Permission(step.permission)
        if not user.may(permission, place=place):
            recorded = bool(step.paper) and permission in RECORDABLE
            if not (recorded and user.may(Permission.PAPER_RECORD, place=decision.plan.place)):
                shut.append(Offer(step, False, _holders(step, authority)))
                continue
            offer = Offer(step, True, recorded=True)
        else:
            offer = Offer(step, True)
        if empty and step.name in ("submit", "approve", "ask_opinion"):
            shut.append(Offer(step, False, _("Quyết định chưa có đề án nào.")))
        else:
            open_now.append(offer)
    return [*open_now, *shut]


def life_of(decision: Decision, *, authority: Authority) -> Workflow:
    """The table of steps of this decision: by level for projects brought in, by who decides for changes."""
    return INCLUDING_LIFE[decision.plan.level] if decision.includes else CHANGING_LIFE[authority.role]


def labels_of_steps() -> dict[str, str]:
    """The names of all steps in words, whatever table they stand in; also that of a decision brought in from a file."""
    lives = (*INCLUDING_LIFE.values(), *CHANGING_LIFE.values())
    labels = {step.name: str(step.label) for life in lives for step in life}
    return labels | {"record_issued": _("Ghi nhận từ tệp nhập")}


def may_issue(decision: Decision, *, step: Step) -> bool:
    """Whether the decision lies on the desk of who decides: submitted to him, or drafted by himself."""
    return decision.submission_id is not None or (step.name == "approve" and DecisionState.DRAFT in step.sources)


def place_of(decision: Decision, step: str) -> Unit | None:
    """Where a step's authority is asked: national plans are submitted by the agency, which stands for the whole country."""
    if step == "submit" and decision.plan.level == Level.NATIONAL:
        return None
    return decision.plan.place


def _holders(step: Step, authority: Authority) -> str:
    if step.name in ("approve", "refuse", "hand_back") and authority.body:
        text = _("Thẩm quyền: %(body)s (%(basis)s).") if authority.basis else _("Thẩm quyền: %(body)s.")
        return text % {"body": authority.body, "basis": authority.basis}
    holders = ", ".join(str(role.label) for role in ROLES.values() if step.permission in role.permissions)
    return _("Thuộc thẩm quyền: %(holders)s.") % {"holders": holders}


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a decision, as the step page shows it."""

    fulfilled: bool
    told: str
    article: str = ""
    refuses: bool = True


def checks(decision: Decision, *, items: Sequence[Item], on: date) -> list[Check]:
    """What must hold before this decision is issued, and what is only good to know; each with its article."""
    found = [_states(decision, items), *_money(decision, items), *_opinions(decision, on=on)]
    if decision.submission_id:
        told = _("Tờ trình %(paper)s") % {"paper": decision.submission}
        found.append(Check(True, told, _("khoản 3 Điều 8 TT 36/2013/TT-BCT")))
    return found


def _states(decision: Decision, items: Sequence[Item]) -> Check:
    if decision.includes:
        wanted = ready_state(decision.plan.level)
        late = [item.project.code for item in items if item.project.state != wanted]
        article = _("Điều 8, Điều 9 TT 36/2013/TT-BCT")
        told = _("%(state)s: cả %(count)s đề án") % {"state": wanted.label, "count": len(items)}
    else:
        late = [item.project.code for item in items if item.project.state not in CHANGEABLE]
        article = _("khoản 1 Điều 11 TT 36/2013/TT-BCT")
        told = _("Các đề án đang thực hiện, có đề nghị và xác nhận")
    if late:
        told = _("Chưa đủ điều kiện: %(codes)s") % {"codes": ", ".join(late)}
    return Check(not late, told, article)


@dataclass(frozen=True, slots=True)
class Need:
    """What a decision takes from one envelope beyond what its projects already have there, in đồng."""

    envelope: Envelope
    amount: int
    left: int  # before the decision

    @property
    def after(self) -> int:
        return self.left - self.amount


def money_needed(decision: Decision, *, items: Sequence[Item]) -> list[Need]:
    """Per envelope: what this decision asks for and what there is.  Three queries."""
    envelopes: dict[int, Envelope] = {}
    asked: dict[int, int] = {}
    for item in items:
        for share in item.shares.all():
            envelopes[share.envelope_id] = share.envelope
            asked[share.envelope_id] = asked.get(share.envelope_id, 0) + share.amount
    if not decision.includes:
        projects = [item.project_id for item in items]
        lines = Entry.objects.filter(project__in=projects, kind=EntryKind.COMMITTED).order_by()
        for key, amount in lines.values_list("envelope_id").annotate(amount=Sum("amount")):
            asked[key] = asked.get(key, 0) - amount
        for envelope in Envelope.objects.filter(pk__in=set(asked) - set(envelopes)):
            envelopes[envelope.pk] = envelope
    left = balances(envelopes.values())
    return [Need(envelopes[key], asked[key], left[key].available) for key in sorted(asked)]


def _money(decision: Decision, items: Sequence[Item]) -> Iterator[Check]:
    article = _("điểm b khoản 1 Điều 8 TTLT 26/2014/TTLT-BTC-BCT")
    for need in money_needed(decision, items=items):
        facts = {
            "envelope": need.envelope,
            "left": dong(need.left),
            "amount": dong(need.amount),
            "after": dong(abs(need.after)),
        }
        if need.after < 0:
            told = _("%(envelope)s: cần %(amount)s đồng, chỉ còn %(left)s đồng, thiếu %(after)s đồng") % facts
        else:
            told = _("%(envelope)s: %(left)s − %(amount)s = còn %(after)s đồng chưa phân bổ") % facts
        yield Check(need.after >= 0, told, article)
    without = [item.project.code for item in items if sum(share.amount for share in item.shares.all()) != item.support]
    if without and decision.kind != DecisionKind.STOP:
        yield Check(False, _("Chưa ghi đủ nguồn dự toán: %(codes)s") % {"codes": ", ".join(without)}, article)


def _opinions(decision: Decision, *, on: date) -> Iterator[Check]:
    for opinion in decision.opinions.select_related("body", "answer_paper"):
        facts = {"body": opinion.body, "due": f"{opinion.due_on:%d/%m/%Y}"}
        if opinion.answered_on:
            facts |= {"day": f"{opinion.answered_on:%d/%m/%Y}", "answer": opinion.get_agreement_display()}
            yield Check(True, _("Ý kiến %(body)s ngày %(day)s: %(answer)s") % facts, refuses=False)
        elif on <= opinion.due_on:
            yield Check(False, _("%(body)s chưa trả lời, hạn %(due)s") % facts)
        else:
            yield Check(False, _("%(body)s không trả lời trong hạn %(due)s") % facts, refuses=False)


def decisions_of(project: Project) -> list[Item]:
    """What decisions, issued and open, say of one project, oldest first (for the project's page).  One query."""
    items = Item.objects.filter(project=project).exclude(decision__state=DecisionState.REFUSED)
    return list(
        items.select_related("decision__plan__province", "decision__plan__commune", "decision__paper").order_by(
            F("decision__on").asc(nulls_last=True), "decision__ordinal"
        )
    )


def open_item(project: Project) -> Item | None:
    """The line of the one open decision in which this project stands, if any."""
    return Item.objects.filter(project=project, decision__state__in=OPEN).select_related("decision__plan").first()


def requests_of(project: Project) -> list[ChangeRequest]:
    """What was asked to be changed of one project, newest first."""
    return list(
        ChangeRequest.objects.filter(project=project).select_related("paper", "confirmation").order_by("-requested_on")
    )


# ---- who comes next ----


def candidates(plan: Plan) -> QuerySet[Project]:
    """Projects of this plan's level, year and place that have passed appraisal and stand in no open decision."""
    found = Project.objects.filter(
        level=plan.level, year=plan.year, province=plan.province, state=ready_state(plan.level), historical=False
    )
    if plan.commune_id:
        found = found.filter(commune=plan.commune)
    taken = Item.objects.filter(decision__state__in=OPEN).values("project_id")
    return found.exclude(pk__in=taken).select_related("implementer", "commune", "province")


def ranking(projects: Iterable[Project], *, on: date) -> list[Standing]:
    """These projects in the order in which the law chooses (TT 36/2013 Đ7; TT 46/2012 Đ6): flagships, then priority areas
    in their order, then priority trades, then the implementer's record.

    Facts that are not in the records count as unknown and come last.  Six queries, however many projects.
    """
    listed = list(projects)
    rows = priorities(on=on)
    area_rank = {row.code: row.rank for row in rows if row.kind == PriorityKind.AREA}
    communes = {project.commune_id for project in listed if project.commune_id}
    areas: dict[int, int] = {}
    for unit, value in (
        UnitFact.objects.on(on).filter(unit__in=communes, name="priority_area").values_list("unit_id", "value")
    ):
        areas[unit] = min(areas.get(unit, 9), area_rank.get(value, 9))
    sectors = _sector_ranks(listed, [row for row in rows if row.kind == PriorityKind.SECTOR], on=on)
    done: dict[int, tuple[int, int]] = {}
    finished = Count("pk", filter=Q(state__in=[ProjectState.SETTLED, ProjectState.LIQUIDATED]))
    stopped = Count("pk", filter=Q(state=ProjectState.STOPPED))
    earlier = Project.objects.filter(implementer__in={project.implementer_id for project in listed})
    for key, good, bad in earlier.order_by().values_list("implementer_id").annotate(good=finished, bad=stopped):
        done[key] = (good, bad)
    return in_order(
        Standing(
            project,
            areas.get(project.commune_id or 0, 9),
            sectors.get(project.pk, 9),
            *done.get(project.implementer_id, (0, 0)),
        )
        for project in listed
    )


def _sector_ranks(projects: Sequence[Project], rows: Sequence[PriorityRow], *, on: date) -> dict[int, int]:
    """The best priority trade that the records of a project's beneficiaries show (TT 46/2012 Đ6.2)."""
    by_code = {row.code: row for row in rows}
    helped: dict[int, list[int]] = {}
    facts: dict[int, set[str]] = {}
    beneficiaries = Beneficiary.objects.filter(project__in=projects, removed_on=None).select_related("establishment")
    for beneficiary in beneficiaries:
        establishment = beneficiary.establishment
        helped.setdefault(beneficiary.project_id, []).append(establishment.pk)
        known = facts.setdefault(establishment.pk, set())
        known.update(
            code
            for code, true in (
                ("women_owned", establishment.woman_owned),
                ("ethnic_minority_owned", establishment.minority_owned),
                ("cleaner_production", establishment.cleaner_production),
            )
            if true
        )
    for year in YearlyFacts.objects.filter(establishment__in=facts).order_by("year"):
        known = facts[year.establishment_id]
        known -= {"export", "local_material", "labour_intensive"}  # the last year speaks
        if year.export:
            known.add("export")
        for code, value, at_least in (
            ("local_material", year.local_material_percent, False),
            ("labour_intensive", year.workers, True),
        ):
            least = by_code[code].minimum if code in by_code else None
            if value is not None and least is not None and (value >= least if at_least else value > least):
                known.add(code)
    valid = Recognition.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), product__establishment__in=facts)
    for key in valid.values_list("product__establishment_id", flat=True):
        facts[key].add("typical_product")
    ranks = {
        pk: min((by_code[code].rank for code in known if code in by_code), default=9) for pk, known in facts.items()
    }
    return {key: min(ranks[pk] for pk in each) for key, each in helped.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the working table: a project, its line in the decision if it has one, and where the money ends."""

    project: Project
    item: Item | None
    ranked: Ranked
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The working table of a decision: lines in it, then candidates in the order of the law, with the line of the money."""

    rows: list[Row] = field(default_factory=list)
    money: int = 0

    @property
    def inside(self) -> list[Row]:
        return [row for row in self.rows if row.ranked.inside]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.item is not None]


def working_table(decision: Decision, *, items: Sequence[Item], money: int, on: date) -> Table:
    """The lines of a decision that brings projects in, then the candidates; running sums against ``money`` đồng."""
    ranked = ranking(candidates(decision.plan), on=on)
    pairs: list[tuple[Project, Item | None, Standing | None]] = [(item.project, item, None) for item in items]
    pairs += [(standing.project, None, standing) for standing in ranked]
    lines = cut([item.support if item else project.support for project, item, _s in pairs], money=money)
    return Table(
        [Row(project, item, line, standing) for (project, item, standing), line in zip(pairs, lines, strict=True)],
        money,
    )


# ---- what waits ----


def waiting_decisions(user: User) -> QuerySet[Decision]:
    """Open decisions in this person's sight, oldest first; who may take which step is asked by ``steps_open_to``."""
    return Decision.objects.visible_to(user).open().select_related("plan__province", "plan__commune").order_by("pk")


def waiting_opinions(user: User) -> QuerySet[OpinionRequest]:
    """Questions that wait for an answer of the bodies where this person works, nearest deadline first."""
    employers = {mandate.employer_id for mandate in user.mandates_today if mandate.employer_id}
    return (
        OpinionRequest.objects.filter(answered_on=None, body__in=employers, decision__state__in=OPEN)
        .select_related("decision__plan__province", "decision__plan__commune", "body")
        .order_by("due_on", "pk")
    )


def requests(user: User, *, state: str = "") -> QuerySet[ChangeRequest]:
    """Change requests this person may see, newest first."""
    found = ChangeRequest.objects.visible_to(user)
    if state:
        found = found.filter(state=state)
    return found.select_related("project__implementer", "paper", "confirmation").order_by("-requested_on", "-pk")


def requests_to_decide(plan: Plan, kind: str) -> QuerySet[ChangeRequest]:
    """Confirmed requests for projects of this plan that a decision of this kind could take up and no open one has."""
    found = ChangeRequest.objects.filter(
        state=RequestState.CONFIRMED,
        project__level=plan.level,
        project__year=plan.year,
        project__province=plan.province,
    )
    found = (
        found.filter(kind__in=STOPS) if kind == DecisionKind.STOP else found.exclude(kind__in=STOPS).exclude(kind="add")
    )
    if plan.commune_id:
        found = found.filter(project__commune=plan.commune)
    return (
        found.exclude(items__decision__state__in=OPEN)
        .select_related("project__implementer")
        .order_by("requested_on", "pk")
    )


# ---- programme ----


@dataclass(frozen=True, slots=True)
class Result:
    """A target with what the records give; ``value`` None where it is not counted here."""

    target: Target
    value: Decimal | None

    @property
    def plain(self) -> int | Decimal | None:
        """The result without decimals that say nothing."""
        if self.value is None:
            return None
        return int(self.value) if self.value == int(self.value) else self.value.normalize()

    @property
    def percent(self) -> Decimal | None:
        if self.value is None or not self.target.value:
            return None
        return (self.value * 100 / self.target.value).quantize(Decimal("0.1"))


def results(programme: Programme) -> list[Result]:
    """Each target of a programme against what was approved in its years and place.  Three queries."""
    projects = Project.objects.filter(
        year__gte=programme.first_year, year__lte=programme.last_year, state__in=APPROVED_ON
    ).exclude(state=ProjectState.STOPPED)
    if programme.province_id:
        projects = projects.filter(province=programme.province)
    sums = projects.order_by().aggregate(
        projects=Count("pk"),
        national=Sum("granted_national"),
        local=Sum("granted_local"),
        counterpart=Sum("granted_counterpart"),
        machinery=Count("pk", filter=Q(kind=Kind.MACHINERY)),
        demonstration=Count("pk", filter=Q(kind=Kind.DEMONSTRATION)),
        vocational=Count("pk", filter=Q(kind=Kind.VOCATIONAL)),
    )
    helped = Beneficiary.objects.filter(project__in=projects.order_by(), removed_on=None)
    sums["beneficiaries"] = helped.order_by().aggregate(n=Count("establishment_id", distinct=True))["n"]
    money = {Measure.NATIONAL, Measure.LOCAL, Measure.COUNTERPART}
    found = []
    for target in programme.targets.all():
        value = None
        if target.measure:
            value = Decimal(sums[target.measure] or 0)
            if target.measure in money and "triệu" in target.unit.lower():
                value = value / 1_000_000
            elif target.measure in money and "tỷ" in target.unit.lower():
                value = value / 1_000_000_000
        found.append(Result(target, value))
    return found


# ---- invariants ----


def invariants() -> Iterator[str]:
    """What no constraint keeps, as sentences of what is broken; for ``check_data``."""
    twice = Item.objects.filter(decision__state__in=OPEN).order_by().values("project__code").annotate(n=Count("pk"))
    for row in twice.filter(n__gt=1):
        yield _("Đề án %(project)s nằm trong %(count)s quyết định chưa ban hành.") % {
            "project": row["project__code"],
            "count": row["n"],
        }
    issued = Item.objects.filter(decision__state=DecisionState.APPROVED).exclude(action__in=STOPS)
    shared = issued.annotate(shared=Sum("shares__amount", default=0)).exclude(shared=F("national") + F("local"))
    for item in shared.select_related("project", "decision__plan__province", "decision__plan__commune"):
        yield _("%(decision)s, đề án %(project)s: các nguồn dự toán cộng lại khác số được duyệt.") % {
            "decision": item.decision,
            "project": item.project.code,
        }
