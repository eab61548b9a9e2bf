"""Everything that changes a plan.  One function, one act.

A decision is issued whole or not at all: every project's step, every đồng's envelope and the decision's own step stand in
one transaction, and a refusal names the project or the envelope and what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.base.workflow import Step
from khuyencong.budgets import operations as budgets
from khuyencong.budgets import queries as money
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.operations import Promise
from khuyencong.budgets.rules import same_decision, source_of
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import ChangeKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans import queries
from khuyencong.plans.enums import OPEN, Agreement, DecisionKind, DecisionState, Measure, RequestState
from khuyencong.plans.models import (
    ChangeRequest,
    Decision,
    Item,
    OpinionRequest,
    Plan,
    Programme,
    Share,
    StepTaken,
    Target,
)
from khuyencong.plans.rules import CHANGEABLE, KINDS_OF, STOPS, Authority, authority_of_change, ready_state
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Level, Source
from khuyencong.projects.models import Beneficiary, Project

SOURCES = ("national", "local", "counterpart", "other")


# ---- programme ----


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it is typed."""

    indicator: str
    unit: str
    value: Decimal
    measure: str = ""
    source: str = ""
    verified: bool = True


@transaction.atomic
def record_programme(
    *,
    level: str,
    title: str,
    first_year: int,
    last_year: int,
    by: User,
    paper: Paper,
    province: Unit | None = None,
    national: int | None = None,
    local: int | None = None,
    aims: Sequence[Aim] = (),
    invented: bool = False,
) -> Programme:
    """A five-year programme with its targets, as its decision says (NĐ 45/2012 Đ2, as amended).

    Raises NotPossible for another kind of paper, Invalid where a field is wrong or the programme is there already.
    """
    authorise(by, Permission.PLAN_DRAFT, place=province)
    if paper.kind != PaperKind.PROGRAMME_DECISION:
        raise NotPossible(_("Chương trình phải kèm quyết định phê duyệt chương trình."))
    programme = Programme(
        level=level,
        province=province,
        title=" ".join(title.split()),
        first_year=first_year,
        last_year=last_year,
        paper=paper,
        national=national,
        local=local,
        invented=invented,
    )
    checked(programme).save()
    for order, aim in enumerate(aims, start=1):
        _aim(programme, aim, order=order)
    record("programme.record", programme, by=by, paper=paper, targets=len(aims))
    return programme


@transaction.atomic
def set_targets(programme: Programme, *, aims: Sequence[Aim], by: User) -> Programme:
    """Put the targets of a programme as its decision says; what was there before is told to the journal."""
    authorise(by, Permission.PLAN_DRAFT, place=programme.province)
    before = [f"{target.indicator}: {target.value} {target.unit}" for target in programme.targets.all()]
    programme.targets.all().delete()
    for order, aim in enumerate(aims, start=1):
        _aim(programme, aim, order=order)
    record("programme.set_targets", programme, by=by, before=before, targets=len(aims))
    return programme


def _aim(programme: Programme, aim: Aim, *, order: int) -> None:
    if aim.measure and aim.measure not in Measure.values:
        raise Invalid(measure=_("Không tính được chỉ tiêu này từ hồ sơ."))
    target = Target(
        programme=programme,
        indicator=" ".join(aim.indicator.split()),
        unit=" ".join(aim.unit.split()),
        value=aim.value,
        measure=aim.measure,
        source=" ".join(aim.source.split()),
        verified=aim.verified,
        order=order,
    )
    checked(target).save()


# ---- plan and drafts ----


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
    if not by.may(Permission.IMPORT, place=commune or province):
        authorise(by, Permission.PLAN_DRAFT, place=commune or province)
    if not 2000 <= year <= 2100:
        raise Invalid(year=_("Năm kế hoạch không hợp lệ."))
    if commune is not None and commune.province_id != province.pk:
        raise Invalid(commune=_("Xã, phường này không thuộc tỉnh đã chọn."))
    plan = Plan(level=level, year=year, province=province, commune=commune, programme=programme, invented=invented)
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
    """Begin the next link of the chain: a tranche, an adjustment, an addition or a stop; empty, to be filled."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=plan.pk)
    authorise(by, Permission.PLAN_DRAFT, place=plan.place)
    last = plan.decisions.aggregate(ordinal=Max("ordinal"))["ordinal"] or 0
    tranche = (plan.decisions.filter(kind=kind).aggregate(number=Max("tranche"))["number"] or 0) + 1
    decision = Decision(plan=plan, ordinal=last + 1, kind=kind, tranche=tranche)
    checked(decision).save()
    record("plan.draft_decision", plan, by=by, decision=decision.title)
    return decision


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
    decision = _open_draft(decision, by=by)
    _refuse_kind(decision, includes=True)
    item = decision.items.filter(project=line.project).first()
    order = item.order if item else decision.items.count() + 1
    item = _put(decision, line, order=order, reason=reason)
    record("plan.put_item", item.project, by=by, decision=str(decision), national=item.national, local=item.local)
    return item


@transaction.atomic
def arrange(decision: Decision, *, lines: Sequence[Line], by: User) -> Decision:
    """Set the whole list of a draft that brings projects in, in this order: lines not named are taken out.

    The one act of the working table; all lines or none, the refused one named by its project.
    """
    decision = _open_draft(decision, by=by)
    _refuse_kind(decision, includes=True)
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
    decision = _open_draft(decision, by=by)
    _refuse_kind(decision, includes=False)
    request = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.state != RequestState.CONFIRMED:
        raise NotPossible(
            _("Đề nghị đang ở trạng thái “%(state)s”; chỉ đưa vào quyết định khi Sở đã xác nhận (khoản 1 Điều 11 "
              "TT 36/2013/TT-BCT).")
            % {"state": request.get_state_display()}
        )  # fmt: skip
    item = _put_change(
        decision, request.project, action=request.kind, request=request, reason=request.reason, shares=shares
    )
    record("plan.put_change", item.project, by=by, decision=str(decision), change=request.get_kind_display())
    return item


@transaction.atomic
def put_violation(decision: Decision, *, project: Project, reason: str, by: User) -> Item:
    """Take a project into a draft that stops it for violation or failure: proposed without the implementer's letter
    (TT 36/2013 Đ11.3).  Raises Invalid without a reason."""
    decision = _open_draft(decision, by=by)
    _refuse_kind(decision, includes=False)
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
    decision = _open_draft(item.decision, by=by)
    record("plan.take_out", item.project, by=by, decision=str(decision))
    item.delete()


# ---- opinion, submission, decision ----


@transaction.atomic
def ask_opinion(
    decision: Decision,
    *,
    body: Organisation,
    due_on: date,
    by: User,
    on: date,
    question: str = "",
    paper: Paper | None = None,
) -> OpinionRequest:
    """Ask another body for its opinion, with a deadline; the draft stands still until it is taken up again (``revise``).

    Raises NotPossible for an empty decision or one that is issued, Invalid where the deadline lies before the question or
    the body was asked already and has not answered.
    """
    decision, step = _begin(decision, name="ask_opinion", on=on)
    authorise(by, Permission(step.permission), place=decision.plan.place)
    _refuse_empty(decision)
    if decision.opinions.filter(body=body, answered_on=None).exists():
        raise Invalid(body=_("%(body)s đã được hỏi và chưa trả lời.") % {"body": body})
    opinion = OpinionRequest(
        decision=decision, body=body, question=" ".join(question.split()), paper=paper, asked_on=on, due_on=due_on
    )
    checked(opinion).save()
    _take(decision, step, by=by, on=on, paper=paper, note=str(body))
    return opinion


@transaction.atomic
def give_opinion(
    opinion: OpinionRequest, *, agreement: str, answer: str, by: User, on: date, paper: Paper | None = None
) -> OpinionRequest:
    """The asked body answers, once; the registry clerk may record its letter.

    Raises NotAllowed for a person of another body, NotPossible where it was answered or the decision is issued, Invalid
    for comments without words.
    """
    opinion = (
        OpinionRequest.objects.select_for_update(of=("self",))
        .select_related("body__place", "decision")
        .get(pk=opinion.pk)
    )
    plan = _plan_of(opinion.decision)
    authorise(by, Permission.OPINION_GIVE, place=plan.place, paper=paper)
    working_for = [m for m in by.mandates_today if m.opens(Permission.OPINION_GIVE, place=plan.place, body=None)]
    if working_for and all(m.employer_id and m.employer_id != opinion.body_id for m in working_for):
        raise NotAllowed(_("Ý kiến này hỏi %(body)s; bạn công tác ở cơ quan khác.") % {"body": opinion.body})
    if opinion.answered_on is not None:
        raise NotPossible(
            _("%(body)s đã trả lời ngày %(day)s.") % {"body": opinion.body, "day": _day(opinion.answered_on)}
        )
    if opinion.decision.state not in OPEN:
        raise NotPossible(_("Quyết định đã ban hành hoặc không được phê duyệt; không còn lấy ý kiến."))
    if not working_for and (paper is None or paper.kind != PaperKind.OPINION):
        raise NotPossible(_("Ghi nhận ý kiến của cơ quan khác phải kèm văn bản cho ý kiến."))
    _refuse_day(on, not_before=opinion.asked_on)
    answer = answer.strip()
    if agreement not in Agreement.values:
        raise Invalid(agreement=_("Hãy chọn kết luận."))
    if agreement != Agreement.AGREES and not answer:
        raise Invalid(answer=_("Hãy ghi ý kiến."))
    opinion.agreement, opinion.answer, opinion.answered_on, opinion.answer_paper = agreement, answer, on, paper
    checked(opinion).save()
    record("plan.give_opinion", plan, by=by, on=on, paper=paper, body=opinion.body, agreement=agreement)
    return opinion


@transaction.atomic
def revise(decision: Decision, *, by: User, on: date) -> Decision:
    """Take a draft up again after opinions, to change its list."""
    decision, step = _begin(decision, name="revise", on=on)
    authorise(by, Permission(step.permission), place=decision.plan.place)
    decision.submission = decision.submitted_on = None
    return _take(decision, step, by=by, on=on)


@transaction.atomic
def submit(decision: Decision, *, by: User, on: date, paper: Paper) -> Decision:
    """Trình phê duyệt, with its tờ trình: by the department for local money, by the ministry's agency for national money.

    Every line is asked again; the envelopes must hold what is asked.  Raises NotPossible naming project or envelope, or the
    body whose opinion is still awaited.
    """
    decision, step = _begin(decision, name="submit", on=on)
    _authorise_submission(decision, step, by=by, paper=paper)
    _refuse_paper(step, paper)
    items = _refuse_empty(decision)
    _refuse_waiting_opinion(decision, on=on)
    _check_items(decision, items)
    _refuse_short(decision, items)
    decision.submission, decision.submitted_on = paper, on
    return _take(decision, step, by=by, on=on, paper=paper)


@transaction.atomic
def hand_back(decision: Decision, *, reason: str, by: User, on: date, paper: Paper) -> Decision:
    """Who decides gives the draft back to be completed, with the reason; it becomes a draft again."""
    decision, step = _begin(decision, name="hand_back", on=on)
    _issue_authority(decision, step, by=by, paper=paper, on=on)
    _refuse_paper(step, paper)
    decision.submission = decision.submitted_on = None
    return _take(decision, step, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def refuse(decision: Decision, *, reason: str, by: User, on: date, paper: Paper) -> Decision:
    """Not approved: the chain goes on without this link; its projects are free, its requests are answered with the reason."""
    decision, step = _begin(decision, name="refuse", on=on)
    _issue_authority(decision, step, by=by, paper=paper, on=on)
    _refuse_paper(step, paper)
    reason = _reason(reason)
    for item in decision.items.exclude(request=None).select_related("request"):
        item.request.state, item.request.answer = RequestState.REFUSED, reason
        item.request.save(update_fields=["state", "answer"])
    return _take(decision, step, by=by, on=on, paper=paper, note=reason)


@transaction.atomic
def approve(decision: Decision, *, by: User, on: date, paper: Paper, total: int | None = None) -> Decision:
    """Issue the decision: every project and every đồng of it, or nothing.

    Who may stands by level (TT 36/2013 Đ8.3) or, for changes, by whom the norms name (Đ11); the registry clerk may record
    the decision that was signed on paper.  ``total``, where given, is the State money written in the paper, in đồng: it
    must be that of the list.  Raises NotPossible for a number that was recorded before, without tờ trình, while an opinion
    is awaited, and with the project or envelope named that stands in the way; two who press at the same moment: one.
    """
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=decision.plan_id)  # decisions of one plan, one by one
    decision, step = _begin(decision, name="approve", on=on)
    authority = _issue_authority(decision, step, by=by, paper=paper, on=on)
    _refuse_paper(step, paper)
    if not queries.may_issue(decision, step=step):
        raise NotPossible(_("Chưa có tờ trình nên chưa ban hành được quyết định."))
    _refuse_day(on, not_before=max(filter(None, [paper.signed_on, decision.submitted_on])))
    _refuse_recorded_twice(decision, plan=plan, paper=paper)
    _refuse_waiting_opinion(decision, on=on)
    items = _refuse_empty(decision)
    support = sum(item.support for item in items)
    if total is not None and total != support:
        raise Invalid(
            total=_("Văn bản ghi %(paper)s đồng, danh sách cộng lại %(list)s đồng.")
            % {"paper": dong(total), "list": dong(support)}
        )
    _check_items(decision, items)
    if decision.includes:
        _include(items, by=by, on=on, paper=paper)
    elif decision.kind == DecisionKind.STOP:
        _stop(items, by=by, on=on, paper=paper)
    else:
        _adjust(items, permission=Permission(step.permission), by=by, on=on, paper=paper)
    for item in items:
        if item.request is not None:
            item.request.state = RequestState.DECIDED
            item.request.save(update_fields=["state"])
    decision.paper, decision.on = paper, on
    decision.authority_role, decision.authority_body = authority.role, authority.body[:200]
    decision.authority_basis = authority.basis[:300]
    return _take(decision, step, by=by, on=on, paper=paper, projects=len(items), support=support)


@transaction.atomic
def record_issued(
    plan: Plan,
    *,
    members: Sequence[Project],
    by: User,
    on: date,
    paper: Paper,
    envelopes: Mapping[Source, Envelope],
) -> Decision:
    """The decision behind a plan that is brought in from a file: projects that ``projects.record_approved`` has just entered
    become its lines, with their commitments.

    ``envelopes`` names the envelope of each State source that occurs.  Raises NotPossible as ``approve`` does: a number
    recorded twice, no envelope, no money.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=plan.pk)
    authorise(by, Permission.IMPORT, place=plan.place)
    if paper.kind != PaperKind.PLAN_DECISION:
        raise NotPossible(_("Đề án nhập từ kế hoạch phải kèm quyết định phê duyệt kế hoạch."))
    _refuse_day(on, not_before=paper.signed_on)
    last = plan.decisions.aggregate(ordinal=Max("ordinal"))["ordinal"] or 0
    tranches = plan.decisions.filter(kind=DecisionKind.APPROVE).aggregate(number=Max("tranche"))["number"] or 0
    decision = Decision(plan=plan, ordinal=last + 1, kind=DecisionKind.APPROVE, tranche=tranches + 1)
    _refuse_recorded_twice(decision, plan=plan, paper=paper)
    authority = queries.authority_of(decision, on=on, items=())
    decision.authority_role, decision.authority_body = authority.role, authority.body[:200]
    decision.authority_basis = authority.basis[:300]
    decision.state, decision.paper, decision.on = DecisionState.APPROVED, paper, on
    checked(decision).save()
    _put_issued(decision, members, envelopes=envelopes, by=by, on=on, paper=paper)
    StepTaken.objects.create(
        decision=decision,
        name="record_issued",
        source=DecisionState.DRAFT,
        target=DecisionState.APPROVED,
        on=on,
        paper=paper,
        by=by,
    )
    record("plan.record_issued", plan, by=by, on=on, paper=paper, decision=decision.title, projects=len(members))
    return decision


@transaction.atomic
def extend_issued(
    decision: Decision, *, members: Sequence[Project], by: User, envelopes: Mapping[Source, Envelope]
) -> Decision:
    """More lines of a decision that ``record_issued`` has brought in: rows of its file that were faulty at first.

    Raises NotPossible for a decision that was made in this system, and as ``record_issued`` for the money.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=decision.plan_id)
    authorise(by, Permission.IMPORT, place=plan.place)
    decision = _locked(decision)
    if decision.paper is None or decision.on is None or not decision.steps.filter(name="record_issued").exists():
        raise NotPossible(_("%(decision)s được lập trong hệ thống nên không nhập thêm từ tệp.") % {"decision": decision})
    _put_issued(decision, members, envelopes=envelopes, by=by, on=decision.on, paper=decision.paper)
    record(
        "plan.record_issued", plan, by=by, on=decision.on, paper=decision.paper, decision=decision.title,
        projects=len(members), added=True,
    )  # fmt: skip
    return decision


def _put_issued(
    decision: Decision,
    members: Sequence[Project],
    *,
    envelopes: Mapping[Source, Envelope],
    by: User,
    on: date,
    paper: Paper,
) -> None:
    """Make approved projects lines of an issued decision, with what each envelope promises them."""
    before = decision.items.aggregate(order=Max("order"))["order"] or 0
    promises, items, shares = [], [], []
    for order, project in enumerate(members, start=before + 1):
        granted = {name: getattr(project, f"granted_{name}") or 0 for name in SOURCES}
        items.append(Item(decision=decision, project=project, order=order, **granted))
        for source in (Source.NATIONAL, Source.LOCAL):
            if not granted[source]:
                continue
            if (envelope := envelopes.get(source)) is None:
                raise NotPossible(_("Chưa chọn dự toán cho nguồn %(source)s.") % {"source": source.label})
            shares.append(Share(item=items[-1], envelope=envelope, source=source, amount=granted[source]))
            promises.append(Promise(envelope, project, granted[source]))
    Item.objects.bulk_create(items)
    Share.objects.bulk_create(shares)
    if promises:
        budgets.commit_all(promises, by=by, on=on, paper=paper)


# ---- change requests ----


@transaction.atomic
def request_change(
    project: Project,
    *,
    kind: str,
    reason: str,
    by: User,
    on: date,
    paper: Paper,
    detail: str = "",
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
    other: int | None = None,
    ends_on: date | None = None,
    new_commune: Unit | None = None,
    content: str = "",
    leaving: Beneficiary | None = None,
    coming: Establishment | None = None,
    partner: Organisation | None = None,
    invented: bool = False,
) -> ChangeRequest:
    """The implementer asks in writing, with the reason, for a change of an approved project (TT 36/2013 Đ11.1).

    Amounts (đồng) are what the project is to have afterwards.  Who will decide is found in the norms of the letter's day and
    kept.  Raises NotPossible outside the running of the project, for another kind of paper, or while the same is asked
    already; Invalid where what the kind needs is not said.
    """
    authorise(by, Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer, paper=paper)
    if project.state not in CHANGEABLE or project.historical:
        raise NotPossible(
            _("Chỉ đề nghị điều chỉnh được đề án đã phê duyệt và chưa nghiệm thu; đề án này ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    if paper.kind != PaperKind.REQUEST_LETTER:
        raise NotPossible(
            _("Đề nghị phải kèm công văn đề nghị của đơn vị thực hiện (khoản 1 Điều 11 TT 36/2013/TT-BCT).")
        )
    if kind not in ChangeKind.values or kind in (ChangeKind.ADD, ChangeKind.STOP_FOR_VIOLATION):
        raise Invalid(kind=_("Hãy chọn loại điều chỉnh."))
    _refuse_day(on, not_before=paper.signed_on)
    waiting = ChangeRequest.objects.filter(
        project=project, kind=kind, state__in=[RequestState.REQUESTED, RequestState.CONFIRMED]
    )
    if waiting.exists():
        raise NotPossible(_("Đề án đang có đề nghị cùng loại chưa được quyết định."))
    authority = authority_of_change(kind, project=project, on=on)
    request = ChangeRequest(
        project=project,
        province=project.province,
        commune=project.commune,
        kind=kind,
        reason=_reason(reason),
        detail=" ".join(detail.split()),
        national=national,
        local=local,
        counterpart=counterpart,
        other=other,
        ends_on=ends_on,
        new_commune=new_commune,
        content=content.strip(),
        leaving=leaving,
        coming=coming,
        partner=partner,
        paper=paper,
        requested_on=on,
        authority_role=authority.role,
        authority_body=authority.body[:200],
        authority_basis=authority.basis[:300],
        invented=invented,
    )
    _says_what_it_needs(request, project)
    checked(request).save()
    record(
        "plan.request_change",
        project,
        by=by,
        on=on,
        paper=paper,
        change=request.get_kind_display(),
        reason=request.reason,
    )
    return request


@transaction.atomic
def confirm_request(request: ChangeRequest, *, by: User, on: date, paper: Paper | None = None) -> ChangeRequest:
    """The department confirms the implementer's request (TT 36/2013 Đ11.1)."""
    request = _waiting_request(request, by=by, paper=paper)
    _refuse_day(on, not_before=request.requested_on)
    request.state, request.confirmation, request.confirmed_on = RequestState.CONFIRMED, paper, on
    checked(request).save()
    record("plan.confirm_request", request.project, by=by, on=on, paper=paper, change=request.get_kind_display())
    return request


@transaction.atomic
def refuse_request(
    request: ChangeRequest, *, reason: str, by: User, on: date, paper: Paper | None = None
) -> ChangeRequest:
    """The department does not confirm the request, with the reason."""
    request = _waiting_request(request, by=by, paper=paper)
    _refuse_day(on, not_before=request.requested_on)
    request.state, request.answer = RequestState.REFUSED, _reason(reason)
    checked(request).save()
    record("plan.refuse_request", request.project, by=by, on=on, paper=paper, reason=request.answer)
    return request


def _waiting_request(request: ChangeRequest, *, by: User, paper: Paper | None) -> ChangeRequest:
    request = (
        ChangeRequest.objects.select_for_update(of=("self",))
        .select_related("project__province", "project__commune")
        .get(pk=request.pk)
    )
    authorise(by, Permission.CHANGE_BY_DEPARTMENT, place=request.project.place, paper=paper)
    if request.state != RequestState.REQUESTED:
        raise NotPossible(_("Đề nghị đang ở trạng thái “%(state)s”.") % {"state": request.get_state_display()})
    return request


def _says_what_it_needs(request: ChangeRequest, project: Project) -> None:
    """Each kind names the thing it changes; support may rise only where a raise is asked for."""
    kind = request.kind
    after = [project.granted_national or 0 if request.national is None else request.national]
    after.append(project.granted_local or 0 if request.local is None else request.local)
    now = project.granted or 0
    if kind == ChangeKind.INCREASE_TOTAL and sum(after) <= now:
        raise Invalid(national=_("Mức đề nghị phải cao hơn %(now)s đồng đã duyệt.") % {"now": dong(now)})
    if kind != ChangeKind.INCREASE_TOTAL and sum(after) > now:
        raise Invalid(
            kind=_("Tổng kinh phí hỗ trợ tăng so với %(now)s đồng đã duyệt: hãy chọn “%(kind)s”.")
            % {"now": dong(now), "kind": ChangeKind.INCREASE_TOTAL.label}
        )
    year = project.ends_on.year if project.ends_on else project.year
    if kind == ChangeKind.EXTEND_NEXT_YEAR and (request.ends_on is None or request.ends_on.year <= year):
        raise Invalid(ends_on=_("Hãy ghi thời hạn mới, sang năm sau."))
    if kind == ChangeKind.TIME_IN_YEAR and (request.ends_on is None or request.ends_on.year > year):
        raise Invalid(ends_on=_("Hãy ghi thời hạn mới trong năm tài chính; sang năm sau là gia hạn."))
    if kind not in (ChangeKind.EXTEND_NEXT_YEAR, ChangeKind.TIME_IN_YEAR) and request.ends_on is not None:
        raise Invalid(ends_on=_("Loại điều chỉnh này không đổi thời hạn."))
    if kind == ChangeKind.PLACE and request.new_commune is None:
        raise Invalid(new_commune=_("Hãy chọn địa điểm mới."))
    if kind == ChangeKind.PLACE and request.new_commune and request.new_commune.province_id != project.province_id:
        raise Invalid(new_commune=_("Địa điểm mới phải trong tỉnh."))
    if kind == ChangeKind.BENEFICIARY and request.leaving is None and request.coming is None:
        raise Invalid(leaving=_("Hãy chọn đơn vị thôi thụ hưởng hoặc cơ sở thay thế."))
    if request.leaving is not None and request.leaving.project_id != project.pk:
        raise Invalid(leaving=_("Đơn vị này không thụ hưởng đề án."))
    if kind == ChangeKind.PARTNER and request.partner is None:
        raise Invalid(partner=_("Hãy chọn đơn vị phối hợp mới."))
    if kind == ChangeKind.CONTENT and not request.content:
        raise Invalid(content=_("Hãy ghi nội dung hoạt động mới."))
    if kind == ChangeKind.OTHER and not request.detail:
        raise Invalid(detail=_("Hãy ghi nội dung đề nghị."))


# ---- inside: lines ----


def _open_draft(decision: Decision, *, by: User) -> Decision:
    decision = _locked(decision)
    authorise(by, Permission.PLAN_DRAFT, place=decision.plan.place)
    if decision.state != DecisionState.DRAFT:
        raise NotPossible(
            _("%(decision)s đang ở trạng thái “%(state)s”; chỉ sửa được dự thảo.")
            % {"decision": decision.title, "state": decision.get_state_display()}
        )
    return decision


def _refuse_kind(decision: Decision, *, includes: bool) -> None:
    if decision.includes != includes:
        raise NotPossible(_("Dòng này không thuộc quyết định “%(kind)s”.") % {"kind": decision.get_kind_display()})


def _put(decision: Decision, line: Line, *, order: int, reason: str = "") -> Item:
    project = _free_project(decision, line.project)
    _refuse_not_ready(decision, project)
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
    item.order = item.order or decision.items.count() + 1
    item.action, item.request, item.reason = action, request, reason[:500]
    item.before_national, item.before_local = project.granted_national or 0, project.granted_local or 0
    for name in SOURCES:
        asked = getattr(request, name) if request is not None else None
        setattr(item, name, asked if asked is not None else getattr(project, f"granted_{name}") or 0)
    if action in STOPS:
        _set_stopped(item)
    checked(item).save()
    if action in STOPS:
        item.shares.all().delete()
        for envelope, kept in _kept(project).items():
            Share.objects.create(item=item, envelope=envelope, source=source_of(envelope.level), amount=kept)
    else:
        _set_shares(item, shares, plan=decision.plan, held=money.commitments(project))
    return item


def _kept(project: Project) -> dict[Envelope, int]:
    """What stays with a stopped project: already paid out or settled, to be settled or given back."""
    found = {}
    for envelope, own in money.positions(project).items():
        if kept := min(max(own.advanced, own.settled), own.committed):
            found[envelope] = kept
    return found


def _set_stopped(item: Item) -> None:
    kept = _kept(item.project)
    item.national = sum(amount for envelope, amount in kept.items() if source_of(envelope.level) == Source.NATIONAL)
    item.local = sum(amount for envelope, amount in kept.items() if source_of(envelope.level) == Source.LOCAL)
    item.counterpart = item.other = 0


def _free_project(decision: Decision, project: Project) -> Project:
    """The project as it is now, locked: of this plan, and in no other open decision."""
    project = Project.objects.select_for_update(of=("self",)).select_related("province", "commune").get(pk=project.pk)
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


def _refuse_not_ready(decision: Decision, project: Project) -> None:
    wanted = ready_state(decision.plan.level)
    if project.state != wanted:
        raise NotPossible(
            _("Đề án %(project)s ở trạng thái “%(state)s”; chỉ đưa vào kế hoạch khi “%(wanted)s”.")
            % {"project": project.code, "state": project.get_state_display(), "wanted": wanted.label}
        )


def _set_shares(
    item: Item,
    shares: Mapping[Envelope, int] | None,
    *,
    plan: Plan,
    held: Mapping[Envelope, int] | None = None,
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


def _found_shares(item: Item, envelopes: Sequence[Envelope], *, held: Mapping[Envelope, int]) -> dict[Envelope, int]:
    """Where nobody has said: what the project already has stays where it is, the rest comes from the one envelope that
    fits; with several to choose from a person must say."""
    found: dict[Envelope, int] = {}
    for source in (Source.NATIONAL, Source.LOCAL):
        wanted = int(getattr(item, source))
        fitting = [envelope for envelope in held if source_of(envelope.level) == source]
        for envelope in fitting:
            found[envelope] = min(held[envelope], wanted)
            wanted -= found[envelope]
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


# ---- inside: issuing ----


def _include(items: Sequence[Item], *, by: User, on: date, paper: Paper) -> None:
    promises = []
    for item in items:
        with _named(item):
            projects.approve(
                item.project,
                granted_national=item.national,
                granted_local=item.local,
                granted_counterpart=item.counterpart,
                granted_other=item.other,
                by=by,
                on=on,
                paper=paper,
            )
        promises += [Promise(share.envelope, item.project, share.amount) for share in item.shares.all()]
    budgets.commit_all(promises, by=by, on=on, paper=paper)


def _adjust(items: Sequence[Item], *, permission: Permission, by: User, on: date, paper: Paper) -> None:
    """What is freed is freed first, so that the same decision may give it to another project."""
    promises = []
    for item in items:
        held = money.commitments(item.project)
        wanted = {share.envelope: share.amount for share in item.shares.all()}
        for envelope in {**held, **wanted}:
            difference = wanted.get(envelope, 0) - held.get(envelope, 0)
            if difference < 0:
                with _named(item):
                    budgets.release(envelope, project=item.project, amount=-difference, by=by, on=on, paper=paper)
            elif difference > 0:
                promises.append(Promise(envelope, item.project, difference))
        item.before_national, item.before_local = item.project.granted_national or 0, item.project.granted_local or 0
        item.save(update_fields=["before_national", "before_local"])
    if promises:
        budgets.commit_all(promises, by=by, on=on, paper=paper)
    for item in items:
        with _named(item):
            projects.adjust(
                item.project, permission=permission, by=by, on=on, paper=paper, reason=item.reason, **_changes(item)
            )


def _changes(item: Item) -> dict[str, Any]:
    """What this line changes of the project, in the words of ``projects.adjust``."""
    values: dict[str, Any] = {f"granted_{name}": getattr(item, name) for name in SOURCES}
    request = item.request
    if request is None:
        return values
    if request.ends_on is not None:
        values["ends_on"] = request.ends_on
    if request.new_commune is not None:
        values |= {
            "commune": request.new_commune,
            "place_unit": request.new_commune,
            "place_text": str(request.new_commune),
        }
    if request.content:
        values["content"] = request.content
    if request.partner is not None:
        values["partners"] = [request.partner]
    if request.leaving is not None:
        values["remove"] = [request.leaving]
    if request.coming is not None:
        left = request.leaving
        values["add"] = [
            projects.Helped(
                establishment=request.coming,
                content=left.content if left else request.detail,
                total=left.total if left else 0,
                national=left.national if left else 0,
                local=left.local if left else 0,
                counterpart=left.counterpart if left else 0,
            )
        ]
    return values


def _stop(items: Sequence[Item], *, by: User, on: date, paper: Paper) -> None:
    """The project ends; what was not yet paid out returns to its envelopes, what was paid stays to be settled or given back."""
    for item in items:
        with _named(item):
            projects.stop(item.project, reason=item.reason, by=by, on=on, paper=paper)
        item.before_national, item.before_local = item.project.granted_national or 0, item.project.granted_local or 0
        _set_stopped(item)
        item.save()
        for envelope, own in money.positions(item.project).items():
            if free := own.committed - max(own.advanced, own.settled):
                budgets.release(envelope, project=item.project, amount=free, by=by, on=on, paper=paper)


class _named:  # noqa: N801
    """Whatever is refused inside names the project, so that a list of forty can be put right."""

    def __init__(self, item: Item):
        self.code = item.project.code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, refusal: BaseException | None, trace: object) -> None:
        if isinstance(refusal, (NotPossible, Invalid)) and self.code not in str(refusal):
            sentence = _("Đề án %(project)s: %(reason)s") % {"project": self.code, "reason": refusal}
            raise NotPossible(sentence) from refusal


# ---- inside: steps ----


def _locked(decision: Decision) -> Decision:
    return (
        Decision.objects.select_for_update(of=("self",))
        .select_related("plan__province", "plan__commune", "submission")
        .get(pk=decision.pk)
    )


def _plan_of(decision: Decision) -> Plan:
    return Plan.objects.select_related("province", "commune").get(pk=decision.plan_id)


def _begin(decision: Decision, *, name: str, on: date) -> tuple[Decision, Step]:
    """Lock the decision and find the step in its table, or say in a sentence that it does not start from here."""
    decision = _locked(decision)
    workflow = queries.life_of(decision, authority=queries.authority_of(decision, on=on))
    step = workflow[name]
    if decision.state not in step.sources:
        raise NotPossible(
            _("Không thể “%(step)s”: %(decision)s đang ở trạng thái “%(state)s”.")
            % {"step": step.label, "decision": decision.title, "state": decision.get_state_display()}
        )
    _refuse_day(on)
    last = decision.steps.order_by("-on").first()
    if last is not None and on < last.on:
        raise NotPossible(
            _("Ngày %(day)s không thể trước bước liền trước (%(last)s).") % {"day": _day(on), "last": _day(last.on)}
        )
    return decision, step


def _take(
    decision: Decision, step: Step, *, by: User, on: date, paper: Paper | None = None, note: str = "", **facts: Any
) -> Decision:
    """The one path to ``decision.state``."""
    source, decision.state = decision.state, step.target
    checked(decision).save()
    StepTaken.objects.create(
        decision=decision, name=step.name, source=source, target=step.target, on=on, paper=paper, note=note[:500], by=by
    )
    told = {"note": note} if note else {}
    record(f"plan.{step.name}", decision.plan, by=by, on=on, paper=paper, decision=decision.title, **told, **facts)
    return decision


def _issue_authority(decision: Decision, step: Step, *, by: User, paper: Paper | None, on: date) -> Authority:
    """Refuse unless ``by`` decides here, or records what the one who does has signed; returns whose decision it is."""
    authority = queries.authority_of(decision, on=on)
    try:
        authorise(by, Permission(step.permission), place=decision.plan.place, paper=paper)
    except NotAllowed:
        if not authority.body:
            raise
        raise NotAllowed(
            _("%(decision)s thuộc thẩm quyền của %(body)s (%(basis)s).")
            % {"decision": decision.title, "body": authority.body, "basis": authority.basis}
        ) from None
    return authority


def _authorise_submission(decision: Decision, step: Step, *, by: User, paper: Paper) -> None:
    """National plans are submitted by the agency alone, or recorded from its tờ trình by the clerk of the place."""
    place: Unit | None = decision.plan.place
    if decision.plan.level == Level.NATIONAL and not (paper.signer and by.may(Permission.PAPER_RECORD, place=place)):
        place = None
    authorise(by, Permission(step.permission), place=place, paper=paper)


def _refuse_paper(step: Step, paper: Paper) -> None:
    if step.paper and paper.kind != step.paper:
        raise NotPossible(
            _("Bước “%(step)s” phải kèm đúng loại văn bản: %(kind)s; văn bản đã chọn là %(given)s.")
            % {"step": step.label, "kind": PaperKind(step.paper).label, "given": paper.get_kind_display()}
        )


def _refuse_empty(decision: Decision) -> list[Item]:
    items = queries.items_of(decision)
    if not items:
        raise NotPossible(_("%(decision)s chưa có đề án nào.") % {"decision": decision.title})
    return sorted(items, key=lambda item: item.project_id)  # rows are locked in one order by everybody


def _check_items(decision: Decision, items: Sequence[Item]) -> None:
    for item in items:
        if decision.includes:
            _refuse_not_ready(decision, item.project)
        elif item.project.state not in CHANGEABLE:
            raise NotPossible(
                _("Đề án %(project)s đang ở trạng thái “%(state)s” nên không điều chỉnh được.")
                % {"project": item.project.code, "state": item.project.get_state_display()}
            )
        covered = sum(share.amount for share in item.shares.all())
        if decision.kind != DecisionKind.STOP and covered != item.support:
            raise NotPossible(_("Đề án %(project)s: chưa ghi đủ nguồn dự toán.") % {"project": item.project.code})


def _refuse_short(decision: Decision, items: Sequence[Item]) -> None:
    """Said already when the draft leaves, not only when it is decided."""
    for need in queries.money_needed(decision, items=items):
        if need.after < 0:
            raise NotPossible(
                _("Nguồn %(envelope)s chỉ còn %(left)s đồng; %(decision)s cần %(amount)s đồng, thiếu %(missing)s đồng.")
                % {
                    "envelope": need.envelope,
                    "left": dong(need.left),
                    "decision": decision.title,
                    "amount": dong(need.amount),
                    "missing": dong(-need.after),
                }
            )


def _refuse_waiting_opinion(decision: Decision, *, on: date) -> None:
    waiting = decision.opinions.filter(answered_on=None, due_on__gte=on).select_related("body").first()
    if waiting is not None:
        raise NotPossible(
            _("%(body)s chưa trả lời; hạn cho ý kiến đến %(due)s.")
            % {"body": waiting.body, "due": _day(waiting.due_on)}
        )


def _refuse_recorded_twice(decision: Decision, *, plan: Plan, paper: Paper) -> None:
    """One decision is recorded once: not in this plan, and for local money not in any plan of the province.  A national
    decision speaks to many provinces and stands once in each."""
    if not paper.number.strip():
        raise Invalid(paper=_("Quyết định phải có số, ký hiệu."))
    others = Decision.objects.filter(
        state=DecisionState.APPROVED, paper__signed_on=paper.signed_on, plan__level=plan.level
    )
    others = others.filter(plan__province=plan.province).exclude(pk=decision.pk)
    for other in others.select_related("paper", "plan__province", "plan__commune"):
        if other.paper is not None and same_decision(other.paper, paper):
            raise NotPossible(
                _("Quyết định %(paper)s đã được ghi nhận: %(decision)s.") % {"paper": other.paper, "decision": other}
            )


def _refuse_day(on: date, *, not_before: date | None = None) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": _day(on)})
    if not_before is not None and on < not_before:
        raise Invalid(
            on=_("Ngày %(day)s không thể trước ngày %(before)s.") % {"day": _day(on), "before": _day(not_before)}
        )


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do."))
    return reason[:500]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
