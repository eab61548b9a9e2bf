"""One decision: its lines, who issues it, which steps are open."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, holders
from khuyencong.base.workflow import Step, Workflow
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.people.queries import who_may
from khuyencong.places.models import Unit
from khuyencong.plans.enums import DecisionState
from khuyencong.plans.lifecycle import CHANGING_LIFE, INCLUDING_LIFE
from khuyencong.plans.models import ASKED_OF, Decision, Item, Plan, Share
from khuyencong.plans.rules import (
    Authority,
    authority_of_change,
    authority_of_plan,
    highest,
)


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
    parties = (f"request__{name}" for name in ASKED_OF)
    related = ("project__implementer", "project__commune", "project__province", "request", *parties)
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
        if not (user.may(permission, place=None) if place is None else may_for(user, permission, decision.plan)):
            recorded = bool(step.paper) and permission in RECORDABLE
            if not (recorded and user.may(Permission.PAPER_RECORD, place=decision.plan.place)):
                shut.append(
                    Offer(step, False, _holders(step, authority, national=decision.plan.level == Level.NATIONAL))
                )
                continue
            offer = Offer(step, True, recorded=True)
        else:
            offer = Offer(step, True)
        if empty and step.name in ("submit", "approve", "ask_opinion"):
            shut.append(Offer(step, False, _("Quyết định chưa có đề án nào.")))
        else:
            open_now.append(offer)
    return [*open_now, *shut]


def may_for(user: User, permission: Permission, plan: Plan) -> bool:
    """Whether this person may do this for this plan: the ministry's agency for national plans alone, local ones are the
    province's to draft, to ask about and to submit."""
    return user.may(permission, place=plan.place, local=plan.level != Level.NATIONAL)


def issued_beside(plan: Plan, *, papers: Iterable[Paper] | QuerySet[Paper]) -> QuerySet[Decision]:
    """The decisions beside which one of these papers is not recorded again: of this plan and, for local money, of any other plan
    of who decided.  A national decision stands once in each province."""
    issued = Decision.objects.filter(state=DecisionState.APPROVED, plan__level=plan.level, plan__province=plan.province)
    return issued.filter(Q(plan__commune=plan.commune) | Q(paper__in=papers))


def issued_elsewhere(plan: Plan, *, papers: Iterable[Paper] | QuerySet[Paper]) -> QuerySet[Decision]:
    """The decisions of anybody else than who decides this plan that one of these papers issued: the Minister decides the
    national plans of all provinces, a province its own, a commune its own.  Such a paper is not his."""
    same: dict[str, Any] = {"plan__level": plan.level}
    if plan.level != Level.NATIONAL:
        same |= {"plan__province": plan.province, "plan__commune": plan.commune}
    return Decision.objects.filter(state=DecisionState.APPROVED, paper__in=papers).exclude(**same)


def papers_near(plan: Plan, papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Of these papers those of the plan's own territory, signed in its year or the two beside it.  What the ministry signed is of
    no province and issues no decision of a province or a commune."""
    here = Q(province=plan.province)
    if plan.level == Level.NATIONAL:
        here |= Q(province=None)
    return papers.filter(here, signed_on__year__in=range(plan.year - 1, plan.year + 2))


def unused_for(plan: Plan, papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Of these papers those by which a decision of this plan may still be issued: near it, not recorded before, and of who
    decides it."""
    papers = papers_near(plan, papers)
    mine = papers.exclude(pk__in=issued_elsewhere(plan, papers=papers.order_by()).values("paper"))
    return mine.exclude(pk__in=issued_beside(plan, papers=papers.order_by()).values("paper"))


def why_kept(decision: Decision, *, items: Sized) -> str:
    """Why this decision is not thrown away; empty for a draft in which nothing stands and about which nobody was asked."""
    if decision.state != DecisionState.DRAFT:
        told = _("%(decision)s đang ở trạng thái “%(state)s”; chỉ bỏ được dự thảo.")
        return told % {"decision": decision.title, "state": decision.get_state_display()}
    if items:
        return _("%(decision)s đang có đề án; hãy đưa các đề án ra trước.") % {"decision": decision.title}
    if decision.steps.exists() or decision.opinions.exists():
        return _("%(decision)s đã được lấy ý kiến hoặc trình, nên được giữ lại.") % {"decision": decision.title}
    return ""


def people_of(plan: Plan, *permissions: Permission, but: User) -> list[User]:
    """Everybody who may do one of these for this plan, each once, without whoever acts himself (``but``)."""
    found = [
        person
        for permission in permissions
        for person in who_may(permission, place=plan.place)
        if may_for(person, permission, plan)
    ]
    return [person for person in dict.fromkeys(found) if person.pk != but.pk]


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


def _holders(step: Step, authority: Authority, *, national: bool) -> str:
    if step.name in ("approve", "refuse", "hand_back") and authority.body:
        text = _("Thẩm quyền: %(body)s (%(basis)s).") if authority.basis else _("Thẩm quyền: %(body)s.")
        return text % {"body": authority.body, "basis": authority.basis}
    named = holders(Permission(step.permission), national=national)
    return _("Thuộc thẩm quyền: %(holders)s.") % {"holders": named}
