"""Decisions that were issued before, entered with their projects from a list."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.operations import Promise
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.plans import queries
from khuyencong.plans.enums import DecisionKind, DecisionState
from khuyencong.plans.models import (
    Decision,
    Item,
    Plan,
    Share,
    StepTaken,
)
from khuyencong.plans.operations.shared import SOURCES, locked, refuse_day, refuse_recorded_twice
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project


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
    refuse_day(on, not_before=paper.signed_on)
    last = plan.decisions.aggregate(ordinal=Max("ordinal"))["ordinal"] or 0
    tranches = plan.decisions.filter(kind=DecisionKind.APPROVE).aggregate(number=Max("tranche"))["number"] or 0
    decision = Decision(plan=plan, ordinal=last + 1, kind=DecisionKind.APPROVE, tranche=tranches + 1)
    refuse_recorded_twice(decision, plan=plan, paper=paper)
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
    decision = locked(decision)
    if decision.paper is None or decision.on is None or not decision.steps.filter(name="record_issued").exists():
        raise NotPossible(
            _("%(decision)s được lập trong hệ thống nên không nhập thêm từ tệp.") % {"decision": decision}
        )
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
