"""Thu hồi: money goes back by decision, in one payment or several."""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import position, recoverable
from khuyencong.contracts.enums import RecoveryGround
from khuyencong.contracts.models import Recovery, RecoveryReceipt
from khuyencong.contracts.operations.shared import (
    allow,
    in_state,
    locked,
    more_than_nothing,
    not_before,
    not_future,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.operations import withdraw_supported_item
from khuyencong.establishments.queries import given_by
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project


@transaction.atomic
def order_recovery(
    project: Project,
    *,
    envelope: Envelope,
    ground: str,
    amount: int,
    reason: str,
    due_on: date,
    by: User,
    on: date,
    paper: Paper,
) -> Recovery:
    """A decision demands ``amount`` đồng of one source back by ``due_on`` (TT 36/2013 Đ12.6): of a stopped project what was paid
    on account, of a settled one the surplus that was not returned, after a violation or of recoverable support what was settled.

    Nothing moves before the money comes (``receive_recovery``).  Raises NotPossible outside these states or for a ground that
    does not fit; Invalid beyond what can be recovered and is not demanded already.
    """
    project = locked(project)
    allow(by, Permission.RECOVER, project, paper=paper)
    in_state(
        project,
        ProjectState.STOPPED,
        ProjectState.SETTLED,
        ProjectState.LIQUIDATED,
        act=_("Quyết định thu hồi kinh phí"),
    )
    not_future(on)
    with_paper(paper, PaperKind.RECOVERY_DECISION, project=project, on=on)
    _ground_fits(project, ground)
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do thu hồi."))
    more_than_nothing(amount)
    if due_on < on:
        raise Invalid(due_on=_("Hạn nộp không được trước ngày quyết định."))
    if (last := project.steps.order_by("-on", "-pk").first()) is not None:
        not_before(on, earlier=last.on, what=_("ngày đề án ngừng, quyết toán hoặc thanh lý"))
    _can_be_recovered(project, envelope, ground=ground, amount=amount)
    recovery = checked(
        Recovery(
            project=project,
            envelope=envelope,
            ground=ground,
            amount=amount,
            reason=" ".join(reason.split())[:500],
            decided_on=on,
            due_on=due_on,
            paper=paper,
            by=by,
        )
    )
    recovery.save()
    record(
        "contract.order_recovery", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope, ground=ground,
        reason=recovery.reason, due_on=due_on,
    )  # fmt: skip
    return recovery


def _ground_fits(project: Project, ground: str) -> None:
    if ground not in RecoveryGround.values:
        raise Invalid(ground=_("Hãy chọn căn cứ thu hồi."))
    if (ground == RecoveryGround.STOPPED) != (project.state == ProjectState.STOPPED):
        raise NotPossible(
            _("Căn cứ “%(ground)s” không khớp với trạng thái “%(state)s” của đề án.")
            % {"ground": RecoveryGround(ground).label, "state": project.get_state_display()}
        )


def _can_be_recovered(project: Project, envelope: Envelope, *, ground: str, amount: int) -> None:
    """No more than can be recovered of the envelope and is not demanded already; as surplus no more than is left over."""
    demanded = demanded_of(project, envelope)
    left = recoverable(envelope, project=project) - sum(demanded.values())
    if ground == RecoveryGround.SURPLUS:
        left = min(left, position(envelope, project=project).surplus - demanded.get(ground, 0))
    if amount > left:
        raise Invalid(
            amount=_("Chỉ còn %(left)s đồng có thể thu hồi theo căn cứ này ở nguồn %(envelope)s.")
            % {"left": dong(max(left, 0)), "envelope": envelope}
        )


@transaction.atomic
def receive_recovery(
    recovery: Recovery, *, amount: int, by: User, on: date, paper: Paper, treasury_number: str
) -> RecoveryReceipt:
    """Money of a recovery has come to the treasury; the ledger gets its line.  Several payments may make the whole.

    Where a violation has cost a project all that was settled, what it gave counts as support no more.  Raises Invalid beyond
    what is still owed or without the treasury's number.
    """
    project = locked(recovery.project)
    recovery = Recovery.objects.select_for_update(of=("self",)).select_related("envelope").get(pk=recovery.pk)
    allow(by, Permission.SETTLE, project)
    not_future(on)
    with_paper(paper, PaperKind.RETURN_MONEY, project=project, on=on)
    not_before(on, earlier=recovery.decided_on, what=_("ngày quyết định thu hồi"))
    if not treasury_number.strip():
        raise Invalid(treasury_number=_("Hãy ghi số chứng từ kho bạc."))
    more_than_nothing(amount)
    owed = recovery.amount - (recovery.receipts.aggregate(sum=Sum("amount"))["sum"] or 0)
    if amount > owed:
        raise Invalid(amount=_("Quyết định này chỉ còn phải thu %(owed)s đồng.") % {"owed": dong(owed)})
    budgets.recover(
        recovery.envelope, project=project, amount=amount, by=by, on=on, paper=paper, note=str(recovery.paper)[:200]
    )
    receipt = checked(
        RecoveryReceipt(
            recovery=recovery,
            amount=amount,
            on=on,
            treasury_number=treasury_number.strip(),
            paper=paper,
            by=by,
        )
    )
    receipt.save()
    record("contract.receive_recovery", project, by=by, on=on, paper=paper, amount=amount, owed=owed - amount)
    if recovery.ground == RecoveryGround.VIOLATION:
        _withdraw_supported(project, recovery, by=by, on=on)
    return receipt


def _withdraw_supported(project: Project, recovery: Recovery, *, by: User, on: date) -> None:
    """What the project gave is no earlier support of anybody once all of it came back; recoverable support that is repaid as
    agreed stays one."""
    lines = Entry.objects.filter(project=project)
    if lines.filter(origin=None).total(EntryKind.RECOVERED) < lines.total(EntryKind.SETTLED):
        return
    reason = _("Thu hồi toàn bộ do sai phạm theo %(paper)s") % {"paper": recovery.paper}
    for row in given_by(project.uid):
        withdraw_supported_item(row, by=by, on=on, reason=reason)


def demanded_of(project: Project, envelope: Envelope) -> dict[str, int]:
    """What decisions already demand of this source and has not come yet, by ground."""
    found: dict[str, int] = {}
    rows = Recovery.objects.filter(project=project, envelope=envelope)
    for row in rows.annotate(received=Sum("receipts__amount", default=0)):
        found[row.ground] = found.get(row.ground, 0) + row.amount - row.received
    return found
