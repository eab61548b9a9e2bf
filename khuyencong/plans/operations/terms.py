"""What is demanded of every list of a draft under the money."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.people.models import User
from khuyencong.plans import queries
from khuyencong.plans.enums import TermKind
from khuyencong.plans.models import Decision, Term
from khuyencong.plans.operations.lines import open_draft, refuse_kind
from khuyencong.plans.operations.shared import refuse_unseen


@transaction.atomic
def set_terms(decision: Decision, *, terms: Sequence[Term], seen: str, by: User) -> list[str]:
    """Set all the terms of a draft that brings projects in: new ones begin, those not named end, the same ones stay as they
    were set and by whom.  Returns what has changed, in sentences; nothing is written where nothing has.

    ``terms`` are not saved yet.  ``seen``: the stamp of the terms that the person had before him.  Raises NotPossible where
    somebody else has changed them since or the decision is no draft; Invalid for two demands that contradict each other.
    """
    decision = open_draft(decision, by=by)
    refuse_kind(decision, includes=True)
    standing = queries.terms_of(decision)
    refuse_unseen(standing, seen=seen)
    _refuse_contradiction(terms)
    changed = queries.changes(standing.now, terms)
    if not changed:
        return []
    now, wanted = _moment_after(standing), {term.key: term for term in terms}
    for row in standing.now:
        term = wanted.get(row.key)
        if term is not None and term.value == row.value:
            del wanted[row.key]
            continue
        row.ended_at, row.ended_by = now, by
        row.save(update_fields=["ended_at", "ended_by"])
    for term in wanted.values():
        term.decision, term.at, term.by = decision, now, by
        checked(term).save()
    record("plan.set_terms", decision.plan, by=by, decision=decision.title, changes=changed)
    return changed


def _moment_after(standing: queries.Terms) -> datetime:
    """Now, and in any case later than the last change: the moment of a change is what tells it from another."""
    last = standing.changed_at
    return max(clock.now(), last + timedelta(microseconds=1)) if last else clock.now()


def _refuse_contradiction(terms: Sequence[Term]) -> None:
    """Each thing once; a project is not both demanded and excluded; no floor above its own ceiling."""
    if len({term.key for term in terms}) != len(terms):
        keys = [term.key for term in terms]
        twice = next(term for term in terms if keys.count(term.key) > 1)
        raise Invalid(terms=_("“%(about)s” được đặt hai lần. Hãy giữ một dòng.") % {"about": twice.about})
    refused = {term.project_id for term in terms if term.kind == TermKind.REFUSE}
    for term in terms:
        if term.kind in (TermKind.FUND, TermKind.HAND) and term.project_id in refused:
            raise Invalid(
                terms=_("Đề án %(project)s vừa “không chọn” vừa “%(kind)s”. Hãy giữ một điều kiện.")
                % {"project": term.about, "kind": term.get_kind_display().lower()}
            )
    most = {term.group: term.amount or 0 for term in terms if term.kind == TermKind.CEILING}
    for term in terms:
        if term.kind == TermKind.FLOOR and term.group in most and (term.amount or 0) > most[term.group]:
            raise Invalid(
                terms=_("“%(about)s”: ít nhất %(floor)s đồng lớn hơn nhiều nhất %(ceiling)s đồng.")
                % {"about": term.about, "floor": dong(term.amount or 0), "ceiling": dong(most[term.group])}
            )
