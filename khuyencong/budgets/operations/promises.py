"""What plans promise to projects and take back; under the authority of their own acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import NotPossible
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations.shared import (
    lock,
    lock_all,
    positive,
    post,
    refuse_before,
    refuse_day,
    refuse_future,
    refuse_misfit,
)
from khuyencong.budgets.queries import balances, opened_on, position
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.projects.models import Project


@dataclass(frozen=True, slots=True)
class Promise:
    """One amount that a decision gives to one project from one envelope, in đồng."""

    envelope: Envelope
    project: Project
    amount: int


def commit(envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper) -> Entry:
    """Promise ``amount`` đồng of this envelope to a project; internal to the approving acts of ``plans`` and imports.

    Raises NotPossible with what is left and what is missing, or where the envelope may not serve this project.
    """
    return commit_all([Promise(envelope, project, amount)], by=by, on=on, paper=paper)[0]


@transaction.atomic
def commit_all(promises: Sequence[Promise], *, by: User, on: date, paper: Paper) -> list[Entry]:
    """Promise all of these or none; internal, as ``commit``.

    The envelopes are locked in the order of their keys before anything is counted, so two approvers who press at the same
    moment cannot promise the same đồng: the later one is refused, with the first project that finds no money named.
    """
    envelopes = lock_all([promise.envelope for promise in promises])
    left = {key: sums.available for key, sums in balances(envelopes.values()).items()}
    opened = {key: opened_on(envelope) for key, envelope in envelopes.items()}
    refuse_future(on)
    entries = []
    for promise in promises:
        envelope, project = envelopes[promise.envelope.pk], promise.project
        positive(promise.amount)
        refuse_misfit(envelope, project)
        refuse_before(envelope, opened[envelope.pk], on)
        if promise.amount > left[envelope.pk]:
            raise NotPossible(
                _(
                    "Nguồn %(envelope)s chỉ còn %(left)s đồng; đề án %(project)s cần %(amount)s đồng, thiếu %(missing)s đồng."
                )
                % {
                    "envelope": envelope,
                    "left": dong(left[envelope.pk]),
                    "project": project.code,
                    "amount": dong(promise.amount),
                    "missing": dong(promise.amount - left[envelope.pk]),
                }
            )
        left[envelope.pk] -= promise.amount
        entries.append(
            Entry(
                envelope=envelope,
                kind=EntryKind.COMMITTED,
                amount=promise.amount,
                project=project,
                on=on,
                paper=paper,
                by=by,
            )
        )
    entries = Entry.objects.bulk_create(entries)
    for entry in entries:
        record("budget.commit", entry.project, by=by, on=on, paper=paper, amount=entry.amount, envelope=entry.envelope)
    return entries


@transaction.atomic
def release(envelope: Envelope, *, project: Project, amount: int, by: User, on: date, paper: Paper) -> Entry:
    """Give promised money back to the envelope (a project reduced or stopped); internal to ``plans``.

    Raises NotPossible where more was already paid out or settled than would stay promised.
    """
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    own = position(envelope, project=project)
    free = own.committed - max(own.advanced, own.settled)
    if amount > free:
        raise NotPossible(
            _("Đề án %(project)s chỉ còn %(left)s đồng chưa tạm ứng, chưa quyết toán ở nguồn %(envelope)s.")
            % {"project": project.code, "left": dong(max(free, 0)), "envelope": envelope}
        )
    entry = post(envelope, EntryKind.COMMITTED, -amount, project=project, by=by, on=on, paper=paper)
    record("budget.release", project, by=by, on=on, paper=paper, amount=amount, envelope=envelope)
    return entry
