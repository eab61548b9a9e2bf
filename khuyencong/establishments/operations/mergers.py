"""One establishment, two records."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.establishments.models import Establishment, Merger, NotDuplicate
from khuyencong.establishments.operations.registration import CHANGEABLE, change
from khuyencong.establishments.operations.shared import refuse_merged
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User

# What the record that stays may take over from the one that is merged into it.
TAKEN = CHANGEABLE - {"commune", "place_text"}


@transaction.atomic
def merge(
    establishment: Establishment,
    *,
    into: Establishment,
    by: User,
    reason: str,
    on: date | None = None,
    take: Iterable[str] = (),
) -> Establishment:
    """Two records are one establishment: ``establishment`` goes into ``into``, which is returned.

    Nothing that hangs on either record is moved: needs, projects, facts and supports keep the record they were made for,
    and ``queries.all_of`` gives them together; projects of the record that goes are found by the name of the one that stays
    too.  ``take`` names fields of which the value of the merged record is better (``TAKEN``).  The legal person of the merged
    record is succeeded by that of the other.  Needs the right to merge at both places.  Raises NotPossible for the same
    record, or one of which either is merged already.
    """
    if establishment.pk == into.pk:
        raise NotPossible(_("Không thể gộp một cơ sở vào chính nó."))
    # always in the same order, so that two people who merge the same pair both ways do not wait for each other
    locked = {
        row.pk: row
        for row in Establishment.objects.select_for_update(of=("self",))
        .filter(pk__in=(establishment.pk, into.pk))
        .order_by("pk")
    }
    old, kept = locked[establishment.pk], locked[into.pk]
    for row in (old, kept):
        authorise(by, Permission.ESTABLISHMENT_MERGE, place=row.place)
        refuse_merged(row)
    reason, day, taken = " ".join(reason.split()), on or clock.today(), sorted(set(take))
    if not reason:
        raise Invalid(reason=_("Hãy ghi vì sao hai bản ghi là một cơ sở."))
    if day > clock.today():
        raise Invalid(on=_("Ngày này ở tương lai. Hãy kiểm tra lại."))
    if unknown := set(taken) - TAKEN:
        raise TypeError(f"cannot be taken over: {', '.join(sorted(unknown))}")
    NotDuplicate.objects.filter(first_id=min(locked), second_id=max(locked)).delete()
    old.merged_into = kept
    old.save(update_fields=["merged_into"])
    Establishment.objects.filter(merged_into=old).update(
        merged_into=kept
    )  # what was merged before names who stands now
    checked(Merger(old=old, into=kept, reason=reason[:300], on=day, taken=taken, by=by)).save()
    _succeed(old.organisation, kept.organisation, by, day)
    organisations.tell_followers(old.organisation)
    if "vsic_code" in taken or "vsic_version" in taken:
        taken = sorted({*taken, "vsic_code", "vsic_version"})
    if taken:
        kept = change(kept, by=by, **{name: getattr(old, name) for name in taken})
    record("establishment.merge", old, by=by, on=day, into=kept.name, into_id=kept.pk, reason=reason, taken=taken)
    record("establishment.receive_merger", kept, by=by, on=day, merged=old.name, merged_id=old.pk, reason=reason)
    return kept


def _succeed(old: Organisation, new: Organisation, by: User, day: date) -> None:
    if old.ended_on is None and new.ended_on is None:
        with override("vi"):
            basis = _("Gộp hai bản ghi của một cơ sở")
        organisations.succeed(old, new=new, by=by, on=day, basis=basis)


@transaction.atomic
def dismiss_duplicate(establishment: Establishment, *, other: Establishment, by: User, reason: str) -> NotDuplicate:
    """A person has looked and says: these are two establishments.  The pair is no longer proposed."""
    for row in (establishment, other):
        authorise(by, Permission.ESTABLISHMENT_MERGE, place=row.place)
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi vì sao đây là hai cơ sở khác nhau."))
    if establishment.pk == other.pk:
        raise NotPossible(_("Phải chọn hai cơ sở khác nhau."))
    first, second = sorted((establishment, other), key=lambda row: row.pk)
    known = NotDuplicate.objects.filter(first=first, second=second).first()
    if known is not None:
        return known
    pair = checked(NotDuplicate(first=first, second=second, reason=reason.strip()[:300], by=by))
    pair.save()
    record(
        "establishment.dismiss_duplicate", first, by=by, other=second.name, other_id=second.pk, reason=reason.strip()
    )
    return pair
