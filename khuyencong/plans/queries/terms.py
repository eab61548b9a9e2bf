"""What a person demands of the lists of a draft: now, and before the last change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from khuyencong.people.models import User
from khuyencong.plans.models import Decision, Term


@dataclass(frozen=True, slots=True)
class Terms:
    """``now`` in force, ``before`` the last change, which ``changed_by`` made at ``changed_at``; all of it is empty where
    nobody has set anything."""

    now: tuple[Term, ...] = ()
    before: tuple[Term, ...] = ()
    changed_at: datetime | None = None
    changed_by: User | None = None

    @property
    def stamp(self) -> str:
        """Which change a page was made after."""
        return self.changed_at.isoformat() if self.changed_at else ""


def terms_of(decision: Decision) -> Terms:
    """The terms of one decision.  One query."""
    rows = list(decision.terms.select_related("project", "unit", "by", "ended_by"))
    moments = [(row.at, row.by) for row in rows]
    moments += [(row.ended_at, row.ended_by) for row in rows if row.ended_at and row.ended_by]
    if not moments:
        return Terms()
    last, who = max(moments, key=lambda moment: moment[0])
    return Terms(
        tuple(row for row in rows if row.ended_at is None),
        tuple(row for row in rows if row.at < last and (row.ended_at is None or row.ended_at >= last)),
        last,
        who,
    )


def changes(before: Iterable[Term], now: Sequence[Term]) -> list[str]:
    """What was set, changed and taken back between two states, in sentences."""
    old = {term.key: term for term in before}
    said = []
    for term in now:
        was = old.pop(term.key, None)
        if was is None:
            said.append(_("Đặt: %(term)s") % {"term": term.told})
        elif was.value != term.value:
            said.append(_("Đổi: %(term)s (trước: %(was)s)") % {"term": term.told, "was": was.told})
    return [*said, *(_("Bỏ: %(term)s") % {"term": term.told} for term in old.values())]
