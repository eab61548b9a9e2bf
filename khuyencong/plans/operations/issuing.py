"""From a draft to an issued decision: submitted, handed back, refused, approved all or none."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.money import dong
from khuyencong.base.workflow import Step
from khuyencong.budgets import operations as budgets
from khuyencong.budgets import queries as money
from khuyencong.budgets.operations import Promise
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.plans import letters, queries
from khuyencong.plans.enums import DecisionKind, RequestState
from khuyencong.plans.models import (
    ChangeRequest,
    Decision,
    Item,
    Plan,
)
from khuyencong.plans.operations.lines import set_stopped
from khuyencong.plans.operations.shared import (
    SOURCES,
    authorise_for,
    begin,
    named,
    reason_of,
    refuse_day,
    refuse_empty,
    refuse_not_ready,
    refuse_of_another,
    refuse_paper,
    refuse_recorded_twice,
    refuse_waiting_opinion,
    take,
)
from khuyencong.plans.rules import CHANGEABLE, Authority
from khuyencong.projects import operations as projects
from khuyencong.projects.models import Beneficiary


@transaction.atomic
def revise(decision: Decision, *, by: User, on: date) -> Decision:
    """Take a draft up again after opinions, to change its list."""
    decision, step = begin(decision, name="revise", on=on)
    authorise_for(decision.plan, Permission(step.permission), by=by)
    decision.submission = decision.submitted_on = None
    return take(decision, step, by=by, on=on)


@transaction.atomic
def submit(decision: Decision, *, by: User, on: date, paper: Paper) -> Decision:
    """Trình phê duyệt, with its tờ trình: by the department for local money, by the ministry's agency for national money.

    Every line is asked again; the envelopes must hold what is asked.  Raises NotPossible naming project or envelope, or the
    body whose opinion is still awaited.
    """
    decision, step = begin(decision, name="submit", on=on)
    _authorise_submission(decision, step, by=by, paper=paper)
    refuse_paper(step, paper)
    items = refuse_empty(decision)
    refuse_waiting_opinion(decision, on=on)
    _check_items(decision, items)
    _refuse_short(decision, items)
    decision.submission, decision.submitted_on = paper, on
    return take(decision, step, by=by, on=on, paper=paper)


@transaction.atomic
def hand_back(decision: Decision, *, reason: str, by: User, on: date, paper: Paper) -> Decision:
    """Who decides gives the draft back to be completed, with the reason; it becomes a draft again."""
    decision, step = begin(decision, name="hand_back", on=on)
    _issue_authority(decision, step, by=by, paper=paper, on=on)
    refuse_paper(step, paper)
    decision.submission = decision.submitted_on = None
    decision = take(decision, step, by=by, on=on, paper=paper, note=reason_of(reason))
    letters.tell_handed_back(decision, reason=reason, by=by)
    return decision


@transaction.atomic
def refuse(decision: Decision, *, reason: str, by: User, on: date, paper: Paper) -> Decision:
    """Not approved: the chain goes on without this link; its projects are free, its requests are answered with the reason."""
    decision, step = begin(decision, name="refuse", on=on)
    _issue_authority(decision, step, by=by, paper=paper, on=on)
    refuse_paper(step, paper)
    reason = reason_of(reason)
    for request in ChangeRequest.objects.filter(items__decision=decision).select_related("project"):
        request.state, request.answer = RequestState.REFUSED, reason
        request.save(update_fields=["state", "answer"])
        letters.tell_refused_request(request, by=by)
    return take(decision, step, by=by, on=on, paper=paper, note=reason)


@transaction.atomic
def approve(decision: Decision, *, by: User, on: date, paper: Paper, total: int | None = None) -> Decision:
    """Issue the decision: every project and every đồng of it, or nothing.

    Who may stands by level (TT 36/2013 Đ8.3) or, for changes, by whom the norms name (Đ11); the registry clerk may record
    the decision that was signed on paper.  ``total``, where given, is the State money written in the paper, in đồng: it
    must be that of the list.  Raises NotPossible for a number that was recorded before, without tờ trình, while an opinion
    is awaited, and with the project or envelope named that stands in the way; two who press at the same moment: one.
    """
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=decision.plan_id)  # decisions of one plan, one by one
    decision, step = begin(decision, name="approve", on=on)
    authority = _issue_authority(decision, step, by=by, paper=paper, on=on)
    refuse_paper(step, paper)
    if not queries.may_issue(decision, step=step):
        raise NotPossible(_("Chưa có tờ trình nên chưa ban hành được quyết định."))
    refuse_day(on, not_before=max(filter(None, [paper.signed_on, decision.submitted_on])))
    refuse_recorded_twice(decision, plan=plan, paper=paper)
    refuse_of_another(plan, paper=paper)
    refuse_waiting_opinion(decision, on=on)
    items = refuse_empty(decision)
    for item in items:  # nothing is decided before the department has confirmed that it was asked for (Đ11.1)
        if item.request is not None:
            refuse_day(on, not_before=item.request.confirmed_on)
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
            letters.tell_decided_request(item.request, paper=paper, by=by)
    decision.paper, decision.on = paper, on
    decision.authority_role, decision.authority_body = authority.role, authority.body[:200]
    decision.authority_basis = authority.basis[:300]
    return take(decision, step, by=by, on=on, paper=paper, projects=len(items), support=support)


def _include(items: Sequence[Item], *, by: User, on: date, paper: Paper) -> None:
    promises = []
    for item in items:
        with named(item):
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
                with named(item):
                    budgets.release(envelope, project=item.project, amount=-difference, by=by, on=on, paper=paper)
            elif difference > 0:
                promises.append(Promise(envelope, item.project, difference))
        item.before_national, item.before_local = item.project.granted_national or 0, item.project.granted_local or 0
        item.save(update_fields=["before_national", "before_local"])
    if promises:
        budgets.commit_all(promises, by=by, on=on, paper=paper)
    for item in items:
        with named(item):
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
        values["add"] = [_in_place_of(request.leaving, request.coming, item, detail=request.detail)]
    return values


def _in_place_of(left: Beneficiary | None, coming: Establishment, item: Item, *, detail: str) -> projects.Helped:
    """Who comes has what the one who leaves had, never more than the decision gives; the whole is less by as much."""
    if left is None:
        return projects.Helped(establishment=coming, content=detail)
    national, local = min(left.national, item.national), min(left.local, item.local)
    return projects.Helped(
        establishment=coming,
        content=left.content,
        total=left.total - left.support + national + local,
        national=national,
        local=local,
        counterpart=left.counterpart,
    )


def _stop(items: Sequence[Item], *, by: User, on: date, paper: Paper) -> None:
    """The project ends; what was not yet paid out returns to its envelopes, what was paid stays to be settled or given back."""
    for item in items:
        with named(item):
            projects.stop(item.project, reason=item.reason, by=by, on=on, paper=paper)
        item.before_national, item.before_local = item.project.granted_national or 0, item.project.granted_local or 0
        set_stopped(item)
        item.save()
        for envelope, own in money.positions(item.project).items():
            if free := own.committed - max(own.advanced, own.settled):
                budgets.release(envelope, project=item.project, amount=free, by=by, on=on, paper=paper)


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
    plan = decision.plan
    if paper.signer and by.may(Permission.PAPER_RECORD, place=plan.place):
        authorise(by, Permission(step.permission), place=plan.place, paper=paper)
    elif plan.level == Level.NATIONAL:
        authorise(by, Permission(step.permission), place=None, paper=paper)
    else:
        authorise_for(plan, Permission(step.permission), by=by)


def _check_items(decision: Decision, items: Sequence[Item]) -> None:
    for item in items:
        if decision.includes:
            refuse_not_ready(decision, item.project)
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
