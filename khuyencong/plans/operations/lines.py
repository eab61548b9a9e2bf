"""A plan, its drafts, and which projects stand in them with which money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets import queries as money
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import Balance, source_of
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import ChangeKind, Ground
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans import queries
from khuyencong.plans.enums import OPEN, DecisionState, RequestState
from khuyencong.plans.models import (
    ChangeRequest,
    Decision,
    Item,
    Plan,
    Programme,
    Share,
)
from khuyencong.plans.operations.shared import SOURCES, authorise_for, locked, refuse_not_ready, refuse_unseen
from khuyencong.plans.rules import CHANGEABLE, KINDS_OF, STOPS
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project


@transaction.atomic
def open_plan(
    *,
    level: str,
    year: int,
    province: Unit,
    by: User,
    commune: Unit | None = None,
    programme: Programme | None = None,
    invented: bool = False,
) -> Plan:
    """Open the plan of a province (or commune), level and year: the chain to which its decisions are linked.

    Whoever imports may open it too, for the decisions that a file brings.  Raises Invalid where it is open already or the
    commune lies elsewhere.
    """
    plan = Plan(level=level, year=year, province=province, commune=commune, programme=programme, invented=invented)
    if not by.may(Permission.IMPORT, place=plan.place):
        authorise_for(plan, Permission.PLAN_DRAFT, by=by)
    if not 2000 <= year <= 2100:
        raise Invalid(year=_("Năm kế hoạch không hợp lệ."))
    if commune is not None and commune.province_id != province.pk:
        raise Invalid(commune=_("Xã, phường này không thuộc tỉnh đã chọn."))
    checked(plan)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:  # the other person was faster
        raise Invalid(year=_("Kế hoạch cấp này của năm đã được mở.")) from None
    record("plan.open", plan, by=by)
    return plan


@transaction.atomic
def draft_decision(plan: Plan, *, kind: str, by: User) -> Decision:
    """Begin the next link of the chain: a tranche, an adjustment, an addition or a stop; empty, to be filled.  One that was
    begun and is still empty is not begun again."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=plan.pk)
    authorise_for(plan, Permission.PLAN_DRAFT, by=by)
    if begun := plan.decisions.filter(kind=kind, state=DecisionState.DRAFT, items=None).order_by("ordinal").first():
        return begun
    last = plan.decisions.aggregate(ordinal=Max("ordinal"))["ordinal"] or 0
    tranche = (plan.decisions.filter(kind=kind).aggregate(number=Max("tranche"))["number"] or 0) + 1
    decision = Decision(plan=plan, ordinal=last + 1, kind=kind, tranche=tranche)
    checked(decision).save()
    record("plan.draft_decision", plan, by=by, decision=decision.title)
    return decision


@transaction.atomic
def discard_draft(decision: Decision, *, by: User) -> Plan:
    """A draft begun by mistake goes, with the terms set for it; the journal keeps that it was there.  Returns its plan.

    Raises NotPossible where it is no draft, holds a project, or others were asked about it.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=decision.plan_id)
    decision = open_draft(decision, by=by)
    if why := queries.why_kept(decision, items=list(decision.items.all())):
        raise NotPossible(why)
    title = decision.title
    decision.terms.all().delete()
    decision.delete()
    record("plan.discard_draft", plan, by=by, decision=title)
    return plan


@dataclass(frozen=True, slots=True)
class Line:
    """A project as a tranche grants it: money by source in đồng (what is not said is as asked), State money by envelope."""

    project: Project
    national: int | None = None
    local: int | None = None
    counterpart: int | None = None
    other: int | None = None
    shares: Mapping[Envelope, int] | None = None  # None: found where only one envelope of the plan fits a source


@transaction.atomic
def put_item(decision: Decision, *, line: Line, by: User, reason: str = "") -> Item:
    """Take a project into a draft that brings projects in, or change its line there.

    Raises NotPossible where the decision is no draft, the project is of another plan, not appraised, or stands in another
    open decision; Invalid where money is not covered by envelopes of the plan.
    """
    decision = open_draft(decision, by=by)
    refuse_kind(decision, includes=True)
    item = decision.items.filter(project=line.project).first()
    order = item.order if item else decision.items.count() + 1
    item = _put(decision, line, order=order, reason=reason)
    record("plan.put_item", item.project, by=by, decision=str(decision), national=item.national, local=item.local)
    return item


@transaction.atomic
def arrange(decision: Decision, *, lines: Sequence[Line], by: User, seen: str | None = None) -> Decision:
    """Set the whole list of a draft that brings projects in, in this order: lines not named are taken out.

    The one act of the working table; all lines or none, the refused one named by its project.  ``seen``: the stamp of the
    terms on which the list rests; refused where they have changed since.
    """
    decision = open_draft(decision, by=by)
    refuse_kind(decision, includes=True)
    if seen is not None:
        refuse_unseen(queries.terms_of(decision), seen=seen)
    wanted = [line.project.pk for line in lines]
    if len(set(wanted)) != len(wanted):
        raise NotPossible(_("Một đề án không thể ghi hai dòng trong quyết định."))
    decision.items.exclude(project__in=wanted).delete()
    for order, line in enumerate(lines, start=1):
        _put(decision, line, order=order)
    totals = decision.items.count()
    record("plan.arrange", decision.plan, by=by, decision=decision.title, projects=totals)
    return decision


@transaction.atomic
def put_change(
    decision: Decision,
    *,
    request: ChangeRequest,
    by: User,
    shares: Mapping[Envelope, int] | None = None,
) -> Item:
    """Take a confirmed request into a draft that adjusts or stops; its amounts are what the project has after the decision.

    Raises NotPossible for a request that the department has not confirmed (TT 36/2013 Đ11.1), of another plan, or of a
    kind that this decision does not decide.
    """
    decision = open_draft(decision, by=by)
    refuse_kind(decision, includes=False)
    request = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.state != RequestState.CONFIRMED:
        raise NotPossible(
            norms.cited(
                _("Đề nghị đang ở trạng thái “%(state)s”; chỉ đưa vào quyết định khi Sở đã xác nhận.")
                % {"state": request.get_state_display()},
                Ground.CHANGE_REQUEST,
                on=request.requested_on,
                of=request.project,
            )
        )
    item = _put_change(
        decision, request.project, action=request.kind, request=request, reason=request.reason, shares=shares
    )
    record("plan.put_change", item.project, by=by, decision=str(decision), change=request.get_kind_display())
    return item


@transaction.atomic
def put_violation(decision: Decision, *, project: Project, reason: str, by: User) -> Item:
    """Take a project into a draft that stops it for violation or failure: proposed without the implementer's letter
    (TT 36/2013 Đ11.3).  Raises Invalid without a reason."""
    decision = open_draft(decision, by=by)
    refuse_kind(decision, includes=False)
    if not (reason := " ".join(reason.split())):
        raise Invalid(reason=_("Hãy ghi sai phạm hoặc yêu cầu không đáp ứng."))
    item = _put_change(
        decision, project, action=ChangeKind.STOP_FOR_VIOLATION, request=None, reason=reason, shares=None
    )
    record("plan.put_change", item.project, by=by, decision=str(decision), change=item.get_action_display())
    return item


@transaction.atomic
def take_out(item: Item, *, by: User) -> None:
    """Take a line out of a draft; the project is free for another decision."""
    decision = open_draft(item.decision, by=by)
    record("plan.take_out", item.project, by=by, decision=str(decision))
    item.delete()


def open_draft(decision: Decision, *, by: User) -> Decision:
    decision = locked(decision)
    authorise_for(decision.plan, Permission.PLAN_DRAFT, by=by)
    refuse_no_draft(decision)
    return decision


def refuse_no_draft(decision: Decision) -> None:
    """Raises NotPossible for a decision that is written no more."""
    if decision.state != DecisionState.DRAFT:
        raise NotPossible(
            _("%(decision)s đang ở trạng thái “%(state)s”; chỉ sửa được dự thảo.")
            % {"decision": decision.title, "state": decision.get_state_display()}
        )


def refuse_kind(decision: Decision, *, includes: bool) -> None:
    if decision.includes != includes:
        raise NotPossible(_("Dòng này không thuộc quyết định “%(kind)s”.") % {"kind": decision.get_kind_display()})


def _put(decision: Decision, line: Line, *, order: int, reason: str = "") -> Item:
    project = _free_project(decision, line.project)
    refuse_not_ready(decision, project)
    amounts = {name: getattr(project, name) if getattr(line, name) is None else getattr(line, name) for name in SOURCES}
    for name in ("national", "local"):
        if amounts[name] > getattr(project, name):
            raise Invalid(
                **{
                    name: _("Đề án %(project)s: mức xếp %(amount)s đồng vượt %(asked)s đồng đề nghị.")
                    % {"project": project.code, "amount": dong(amounts[name]), "asked": dong(getattr(project, name))}
                }
            )
    if amounts["national"] + amounts["local"] <= 0:
        raise Invalid(national=_("Đề án %(project)s: hãy ghi kinh phí khuyến công.") % {"project": project.code})
    item = decision.items.filter(project=project).first() or Item(decision=decision, project=project)
    item.order, item.reason = order, reason or item.reason
    for name, amount in amounts.items():
        setattr(item, name, amount)
    checked(item).save()
    _set_shares(item, line.shares, plan=decision.plan)
    return item


def _put_change(
    decision: Decision,
    project: Project,
    *,
    action: str,
    request: ChangeRequest | None,
    reason: str,
    shares: Mapping[Envelope, int] | None,
) -> Item:
    project = _free_project(decision, project)
    if action not in KINDS_OF[decision.kind]:
        raise NotPossible(
            _("“%(change)s” không thuộc quyết định “%(kind)s”.")
            % {"change": ChangeKind(action).label, "kind": decision.get_kind_display()}
        )
    if project.state not in CHANGEABLE:
        raise NotPossible(
            _("Đề án %(project)s đang ở trạng thái “%(state)s” nên không điều chỉnh được.")
            % {"project": project.code, "state": project.get_state_display()}
        )
    item = decision.items.filter(project=project).first() or Item(decision=decision, project=project)
    if item.pk and item.request_id != (request.pk if request else None):
        told = _(
            "%(project)s đã nằm trong quyết định này: “%(change)s”. Hãy bỏ dòng đó trước khi đưa đề nghị khác vào."
        )
        raise NotPossible(told % {"project": project.code, "change": item.change})
    item.order = item.order or decision.items.count() + 1
    item.action, item.request, item.reason = action, request, reason[:500]
    item.before_national, item.before_local = project.granted_national or 0, project.granted_local or 0
    for name in SOURCES:
        asked = getattr(request, name) if request is not None else None
        setattr(item, name, asked if asked is not None else getattr(project, f"granted_{name}") or 0)
    if action in STOPS:
        set_stopped(item)
    checked(item).save()
    if action in STOPS:
        item.shares.all().delete()
        for envelope, kept in _kept_of(project).items():
            Share.objects.create(item=item, envelope=envelope, source=source_of(envelope.level), amount=kept)
    else:
        _set_shares(item, shares, plan=decision.plan, held=money.positions(project))
    return item


def _kept(own: Balance) -> int:
    """What of a promise was paid out or settled already."""
    return min(max(own.advanced, own.settled), own.committed)


def _kept_of(project: Project) -> dict[Envelope, int]:
    """What stays with a stopped project, to be settled or given back."""
    return {envelope: kept for envelope, own in money.positions(project).items() if (kept := _kept(own))}


def set_stopped(item: Item) -> None:
    kept = _kept_of(item.project)
    item.national = sum(amount for envelope, amount in kept.items() if source_of(envelope.level) == Source.NATIONAL)
    item.local = sum(amount for envelope, amount in kept.items() if source_of(envelope.level) == Source.LOCAL)
    item.counterpart = item.other = 0


def _free_project(decision: Decision, project: Project) -> Project:
    """The project as it is now, locked: of this plan, and in no other open decision."""
    project = projects.locked(project)
    plan = decision.plan
    elsewhere = (
        project.level != plan.level
        or project.province_id != plan.province_id
        or (plan.commune_id is not None and project.commune_id != plan.commune_id)
    )
    if elsewhere or project.year != plan.year:
        raise NotPossible(_("Đề án %(project)s không thuộc %(plan)s.") % {"project": project.code, "plan": plan})
    other = (
        Item.objects.filter(project=project, decision__state__in=OPEN)
        .exclude(decision=decision)
        .select_related("decision__plan__province", "decision__plan__commune")
        .first()
    )
    if other is not None:
        raise NotPossible(
            _("Đề án %(project)s đang nằm trong %(decision)s chưa ban hành.")
            % {"project": project.code, "decision": other.decision.title}
        )
    return project


def _set_shares(
    item: Item,
    shares: Mapping[Envelope, int] | None,
    *,
    plan: Plan,
    held: Mapping[Envelope, Balance] | None = None,
) -> None:
    """Write which envelope carries what; every đồng of a State source is covered, by envelopes that serve the plan."""
    allowed = {envelope.pk: envelope for envelope in queries.envelopes_of(plan)}
    allowed |= {envelope.pk: envelope for envelope in held or {}}
    if shares is None:
        shares = _found_shares(item, list(allowed.values()), held=held or {})
    for source in (Source.NATIONAL, Source.LOCAL):
        wanted = getattr(item, source)
        given = sum(amount for envelope, amount in shares.items() if source_of(envelope.level) == source)
        if wanted != given:
            raise Invalid(
                shares=_("Đề án %(project)s: %(source)s %(wanted)s đồng, các dự toán đã ghi %(given)s đồng.")
                % {"project": item.project.code, "source": source.label, "wanted": dong(wanted), "given": dong(given)}
            )
    stranger = next((envelope for envelope, amount in shares.items() if amount and envelope.pk not in allowed), None)
    if stranger is not None:
        raise NotPossible(_("Dự toán %(envelope)s không thuộc kế hoạch này.") % {"envelope": stranger})
    item.shares.all().delete()
    for envelope, amount in shares.items():
        if amount:
            checked(Share(item=item, envelope=envelope, source=source_of(envelope.level), amount=amount)).save()


def _found_shares(
    item: Item, envelopes: Sequence[Envelope], *, held: Mapping[Envelope, Balance]
) -> dict[Envelope, int]:
    """Where nobody has said: what was paid out or settled stays where it is, then what is promised, the rest comes from the one
    envelope that fits; with several to choose from a person must say."""
    found: dict[Envelope, int] = {}
    for source in (Source.NATIONAL, Source.LOCAL):
        wanted = int(getattr(item, source))
        fitting = [envelope for envelope, own in held.items() if own.committed and source_of(envelope.level) == source]
        for envelope in fitting:
            found[envelope] = min(_kept(held[envelope]), wanted)
            wanted -= found[envelope]
        for envelope in fitting:
            more = min(held[envelope].committed - found[envelope], wanted)
            found[envelope] += more
            wanted -= more
        if not wanted:
            continue
        if not fitting:
            fitting = [envelope for envelope in envelopes if source_of(envelope.level) == source]
        if len(fitting) != 1:
            sentence = (
                _("Đề án %(project)s: có nhiều dự toán %(source)s, hãy chọn dự toán.")
                if fitting
                else _("Đề án %(project)s: chưa có dự toán %(source)s nào được giao cho kế hoạch này.")
            )
            raise Invalid(shares=sentence % {"project": item.project.code, "source": source.label})
        found[fitting[0]] = found.get(fitting[0], 0) + wanted
    return found
