"""The names of a body through time.  A misspelt name is no other name: that is corrected (``change``)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.organisations.models import FormerName, Organisation
from khuyencong.organisations.operations.following import tell_followers
from khuyencong.organisations.operations.shared import authorise_for, build, check


@transaction.atomic
def rename(
    organisation: Organisation, *, name: str, by: Any, on: date, paper: Any, short_name: str = ""
) -> Organisation:
    """From the day ``on`` the body bears another name, by a paper (number, day, signer); it stays the same body.

    What was signed before keeps the name of its day.  Raises Invalid for a day that has not come or that is not after the
    founding and the last renaming, a paper without number or day, the name that it bears already, and a name that another
    body there has (as ``register``); NotPossible for a body that has ended; NotAllowed.
    """
    body = _locked(organisation)
    authorise_for(by, body.kind, body.place)
    if body.ended_on is not None:
        raise NotPossible(
            _("“%(name)s” đã chấm dứt từ ngày %(day)s.") % {"name": body.name, "day": f"{body.ended_on:%d/%m/%Y}"}
        )
    _refuse_day(body, on)
    last = body.named_before.order_by("-until").first()
    if last is not None and last.until >= on:
        raise Invalid(
            on=_("Đơn vị đã đổi tên từ ngày %(day)s; ngày mới phải sau ngày đó.") % {"day": f"{last.until:%d/%m/%Y}"}
        )
    if paper is None or not paper.number:
        raise Invalid(number=_("Hãy ghi số, ký hiệu của văn bản đổi tên."))
    if paper.signed_on is None:
        raise Invalid(signed_on=_("Hãy ghi ngày ký văn bản đổi tên."))
    fresh = build(name=name, kind=body.kind, short_name=short_name)
    if _same(fresh.name, body.name):
        raise Invalid(name=_("Đơn vị đang mang tên này. Hãy ghi tên mới."))
    before = body.name
    _keep(body, name=before, short_name=body.short_name, until=on, paper=paper)
    body.name, body.short_name = fresh.name, fresh.short_name
    body.derive()
    check(body)
    body.save()
    tell_followers(body)
    record("organisation.rename", body, by=by, on=on, paper=paper, name=[before, body.name])
    return body


@transaction.atomic
def record_former_name(
    organisation: Organisation, *, name: str, by: Any, on: date, short_name: str = "", paper: Any = None
) -> FormerName:
    """A name that the body bore before, told afterwards: it gave it up on the day ``on``, by ``paper`` where that is known.

    Its name of today stays.  Raises Invalid for a day that has not come, is not after the founding, is after the end, or
    stands already, and for the name that comes before or after it; NotAllowed.
    """
    body = _locked(organisation)
    authorise_for(by, body.kind, body.place)
    _refuse_day(body, on)
    if body.ended_on is not None and on > body.ended_on:
        raise Invalid(on=_("Ngày đổi tên không được sau ngày chấm dứt."))
    fresh = build(name=name, kind=body.kind, short_name=short_name)
    borne = list(body.named_before.order_by("until"))
    if any(row.until == on for row in borne):
        raise Invalid(on=_("Đã ghi một lần đổi tên từ ngày này."))
    beside = [next((row.name for row in borne if row.until > on), body.name)]
    beside += [row.name for row in borne if row.until < on][-1:]
    if any(_same(fresh.name, other) for other in beside):
        raise Invalid(name=_("Đây cũng là tên ngay trước hoặc ngay sau đó. Hãy xem lại tên và ngày."))
    kept = _keep(body, name=fresh.name, short_name=fresh.short_name, until=on, paper=paper)
    body.save()
    tell_followers(body)
    record("organisation.record_former_name", body, by=by, on=on, paper=paper, name=kept.name)
    return kept


@transaction.atomic
def remove_former_name(former: FormerName, *, by: Any) -> Organisation:
    """A former name was recorded by mistake; the name that followed then holds from the one before.  The name of today stays.

    Raises NotAllowed; NotPossible where somebody has taken it away meanwhile.
    """
    body = _locked(former.organisation)
    authorise_for(by, body.kind, body.place)
    name, until = former.name, former.until
    if not body.named_before.filter(pk=former.pk).exists():
        raise NotPossible(_("Tên cũ này đã được bỏ."))
    former.delete()
    _retell(body)
    body.save()
    tell_followers(body)
    record("organisation.remove_former_name", body, by=by, on=until, name=name)
    return body


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)


def _refuse_day(body: Organisation, day: date) -> None:
    if day > clock.today():
        raise Invalid(on=_("Ngày đổi tên không được ở tương lai."))
    if body.founded_on and day <= body.founded_on:
        raise Invalid(on=_("Ngày đổi tên phải sau ngày thành lập."))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _keep(body: Organisation, *, name: str, short_name: str, until: date, paper: Any) -> FormerName:
    former = FormerName(
        organisation=body,
        name=name,
        short_name=short_name,
        until=until,
        number=getattr(paper, "number", ""),
        signed_on=getattr(paper, "signed_on", None),
        signer=getattr(paper, "signer", ""),
    )
    checked(former).save()
    _retell(body)
    return former


def _retell(body: Organisation) -> None:
    """The names by which it is found, as the rows have them."""
    names = body.named_before.order_by("-until").values_list("name", flat=True)
    told = ""
    for name in dict.fromkeys(names):
        if len(told) + len(name) >= 1_000:
            break
        told = f"{told}\n{name}" if told else name
    body.former = told
