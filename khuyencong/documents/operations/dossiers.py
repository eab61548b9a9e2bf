"""Laying papers into dossiers."""

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.enums import ItemState
from khuyencong.documents.models import Dossier, DossierItem, Paper, Requirement
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User


@transaction.atomic
def open_dossier(*, title: str, by: User) -> Dossier:
    """A new, empty dossier.  Authority is that of the act that owns it."""
    dossier = checked(Dossier(title=title[:300]))
    dossier.save()
    return dossier


@transaction.atomic
def put(
    dossier: Dossier,
    *,
    paper: Paper,
    by: User,
    requirement: Requirement | None = None,
    party: Organisation | None = None,
) -> DossierItem:
    """Lay a paper into a dossier, for one line of the checklist or beside it, for one party where each brings its own.

    Authority is that of the act or page which opened the dossier.  Laying the same paper twice for the same line changes
    nothing.  A line that was said not to apply is open again.
    """
    found = dossier.items.filter(requirement=requirement, paper=paper, party=party).first()
    if found is not None:
        return found
    if requirement is not None:
        dossier.items.filter(requirement=requirement, party=party, state=ItemState.NOT_APPLICABLE).delete()
    item = DossierItem(dossier=dossier, requirement=requirement, paper=paper, party=party, actor_id=by.pk)
    checked(item).save()
    record("dossier.put", dossier, by=by, paper=paper, requirement=str(requirement or ""), party=str(party or ""))
    return item


@transaction.atomic
def waive(
    dossier: Dossier, *, requirement: Requirement, reason: str, by: User, party: Organisation | None = None
) -> DossierItem:
    """State that a required paper does not apply here, with the reason; raises Invalid(reason=…) without one and
    NotPossible where the paper lies in the dossier."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do không áp dụng."))
    lines = dossier.items.filter(requirement=requirement, party=party)
    if lines.filter(state=ItemState.PRESENT).exists():
        raise NotPossible(_("Giấy tờ “%(title)s” đã có trong hồ sơ.") % {"title": requirement.title})
    lines.delete()
    item = DossierItem(
        dossier=dossier,
        requirement=requirement,
        party=party,
        state=ItemState.NOT_APPLICABLE,
        reason=reason[:300],
        actor_id=by.pk,
    )
    checked(item).save()
    record("dossier.waive", dossier, by=by, requirement=requirement.title, reason=reason)
    return item


@transaction.atomic
def take_out(item: DossierItem, *, by: User, reason: str) -> None:
    """Take a paper that was laid wrongly out of a dossier; the paper itself stays.  Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do bỏ giấy tờ này khỏi hồ sơ."))
    record("dossier.take_out", item.dossier, by=by, item=item, reason=reason.strip())
    item.delete()
