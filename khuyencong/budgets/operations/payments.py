"""What contracts pay out, settle and get back; under the authority of their own acts."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import NotPossible
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations.shared import lock, positive, post, refuse_before_promise, refuse_day
from khuyencong.budgets.queries import position, recoverable
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.projects.models import Project


@transaction.atomic
def advance(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """Money leaves the envelope for a project: a first or further advance, or the remainder; internal to ``contracts``,
    which knows the ceilings of the law.  Raises NotPossible beyond what this envelope has promised to the project, and before the
    day of that promise."""
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    refuse_before_promise(envelope, project, on)
    own = position(envelope, project=project)
    if amount > own.unpaid:
        raise NotPossible(
            _("Nguồn %(envelope)s cam kết cho đề án %(project)s %(committed)s đồng, đã tạm ứng %(advanced)s đồng; chỉ còn "
              "%(left)s đồng.")
            % {
                "envelope": envelope,
                "project": project.code,
                "committed": dong(own.committed),
                "advanced": dong(own.advanced),
                "left": dong(max(own.unpaid, 0)),
            }
        )  # fmt: skip
    entry = post(envelope, EntryKind.ADVANCED, amount, project=project, by=by, on=on, paper=paper, note=note)
    record("budget.advance", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry


@transaction.atomic
def settle(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, final: bool = True
) -> Entry:
    """Recognise ``amount`` đồng as spent; internal to ``contracts``.

    With ``final`` the envelope gets back at once what was promised and not needed; an advance beyond the settled amount
    stays promised until it is given back (``return_surplus`` or ``take_back``).  Without, a part is settled (one
    beneficiary of several) and the promise stays.  Raises NotPossible beyond the promise.
    """
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    refuse_before_promise(envelope, project, on)
    own = position(envelope, project=project)
    if own.settled + amount > own.committed:
        raise NotPossible(
            _("Số quyết toán %(amount)s đồng vượt kinh phí còn được cam kết cho đề án %(project)s ở nguồn %(envelope)s "
              "(%(left)s đồng).")
            % {
                "amount": dong(amount),
                "project": project.code,
                "envelope": envelope,
                "left": dong(own.open),
            }
        )  # fmt: skip
    entry = post(envelope, EntryKind.SETTLED, amount, project=project, by=by, on=on, paper=paper)
    unused = own.committed - max(own.settled + amount, own.advanced)
    if final and unused > 0:
        note = _("không dùng hết, trả lại nguồn")
        post(
            envelope, EntryKind.COMMITTED, -unused, project=project, by=by, on=on, paper=paper, note=note, origin=entry
        )
    record(
        "budget.settle",
        project,
        by=by,
        on=on,
        paper=paper,
        amount=amount,
        envelope=envelope,
        unused=unused if final else 0,
    )
    return entry


def take_back(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """An advance not used comes back within the year and can be promised again (khôi phục dự toán); internal to
    ``contracts``.  Raises NotPossible beyond what is paid out and not settled."""
    return _surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper, note=note, to_state=False)


def return_surplus(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """An advance not used goes back to the State budget (nộp trả): it leaves the envelope; internal to ``contracts``.
    Raises NotPossible beyond what is paid out and not settled."""
    return _surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper, note=note, to_state=True)


@transaction.atomic
def _surplus(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str, to_state: bool
) -> Entry:
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    own = position(envelope, project=project)
    if amount > own.surplus:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng tạm ứng chưa quyết toán ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(own.surplus), "envelope": envelope}
        )
    facts: dict[str, Any] = {"project": project, "by": by, "on": on, "paper": paper, "note": note}
    back = _out(envelope, amount, **facts) if to_state else _back(envelope, amount, **facts)
    act = "budget.return_surplus" if to_state else "budget.take_back"
    record(act, project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return back


def _back(envelope: Envelope, amount: int, **facts: Any) -> Entry:
    """Money on account comes back; the promise for it ends."""
    back = post(envelope, EntryKind.ADVANCED, -amount, **facts)
    post(envelope, EntryKind.COMMITTED, -amount, **facts, origin=back)
    return back


def _out(envelope: Envelope, amount: int, **facts: Any) -> Entry:
    """The same, and on to the State: nobody can be promised it again."""
    back = _back(envelope, amount, **facts)
    return post(envelope, EntryKind.RETURNED, amount, **facts, origin=back)


@transaction.atomic
def recover(
    envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper, note: str = ""
) -> Entry:
    """Thu hồi: money comes back by decision; internal to ``contracts``.  First what was paid out and not settled, then settled
    support (after a violation, or recoverable support).

    It is not added to what can be promised: money is given only by a budget decision.  Raises NotPossible beyond what was
    paid out or settled and not yet recovered.
    """
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    left = recoverable(envelope, project=project)
    if amount > left:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng có thể thu hồi ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(max(left, 0)), "envelope": envelope}
        )
    facts: dict[str, Any] = {"project": project, "by": by, "on": on, "paper": paper, "note": note}
    on_account = min(amount, position(envelope, project=project).surplus)
    if on_account:
        out = _out(envelope, on_account, **facts)
        entry = post(envelope, EntryKind.RECOVERED, on_account, **facts, origin=out)
    if amount > on_account:
        entry = post(envelope, EntryKind.RECOVERED, amount - on_account, **facts)
    record("budget.recover", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry
