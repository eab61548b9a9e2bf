"""Numbers of papers that a body lets us number: each year from the first on, without gaps or doubles."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents import queries
from khuyencong.documents.enums import NumberState
from khuyencong.documents.models import Number, Paper, Register
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User


@transaction.atomic
def open_register(*, issuer: Organisation, year: int, symbol: str, by: User, last: int = 0) -> Register:
    """Let this system draw the numbers of one body, year and symbol (NĐ 30/2020 Đ15: numbers run through the year).

    ``last`` is the last number already given on paper this year.  Raises NotAllowed without PAPER_RECORD at the body's
    place, Invalid for a symbol that is empty or was opened before.
    """
    authorise(by, Permission.PAPER_RECORD, place=issuer.place)
    symbol = symbol.strip().lstrip("/").strip()
    if not symbol:
        raise Invalid(symbol=_("Hãy ghi ký hiệu, ví dụ QĐ-TTKC."))
    if last < 0:
        raise Invalid(last=_("Số cuối không được âm."))
    register = checked(Register(issuer=issuer, year=year, symbol=symbol, last=last))
    register.save()
    record("register.open", register, by=by, last=last)
    return register


@transaction.atomic
def draw(register: Register, *, on: date, about: str, by: User) -> Number:
    """The next number, for a paper dated ``on``.  Call it last in the act that issues the paper: where the act fails, the
    number was never drawn.  Two who ask at once wait for each other.

    Raises NotAllowed without PAPER_RECORD, Invalid(on=…) for a day of another year, to come, or before the last number's.
    """
    authorise(by, Permission.PAPER_RECORD, place=register.issuer.place)
    locked = Register.objects.select_for_update().get(pk=register.pk)
    if on.year != locked.year:
        raise Invalid(on=_("Ngày văn bản không thuộc năm %(year)s của sổ.") % {"year": locked.year})
    if on > clock.today():
        raise Invalid(on=_("Ngày văn bản %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    before = Number.objects.filter(register=locked, state=NumberState.DRAWN).order_by("-value").first()
    if before is not None and before.on > on:
        raise Invalid(
            on=_("Số trước (%(number)s) đã ghi ngày %(day)s; số sau không được ghi ngày sớm hơn.")
            % {"number": before, "day": f"{before.on:%d/%m/%Y}"}
        )
    locked.last += 1
    locked.save(update_fields=["last"])
    number = Number(register=locked, value=locked.last, on=on, about=" ".join(about.split())[:300], actor_id=by.pk)
    checked(number).save()
    record("register.draw", number, by=by, on=on)
    return number


@transaction.atomic
def use(number: Number, *, paper: Paper, by: User) -> Number:
    """Say which paper got the number.  Raises Invalid for a paper that bears another number or year, NotPossible where the
    number was cancelled or serves another paper."""
    authorise(by, Permission.PAPER_RECORD, place=number.register.issuer.place)
    locked = Number.objects.select_for_update().select_related("register__issuer").get(pk=number.pk)
    if locked.state == NumberState.CANCELLED:
        raise NotPossible(_("Số %(number)s đã huỷ.") % {"number": locked})
    if locked.paper_id not in (None, paper.pk):
        raise NotPossible(_("Số %(number)s đã dùng cho văn bản khác.") % {"number": locked})
    if paper not in queries.papers_bearing(locked, user=by):
        raise Invalid(
            paper=_("Văn bản này không mang số %(number)s của năm %(year)s, hoặc ngoài địa bàn của bạn.")
            % {"number": locked, "year": locked.register.year}
        )
    locked.paper = paper
    checked(locked).save()
    record("register.use", locked, by=by, paper=paper)
    return locked


@transaction.atomic
def cancel(number: Number, *, reason: str, by: User) -> Number:
    """The number stays in the register as “huỷ” and is never given again.  Raises Invalid without a reason, NotPossible
    where a paper bears it."""
    authorise(by, Permission.PAPER_RECORD, place=number.register.issuer.place)
    locked = Number.objects.select_for_update().select_related("register__issuer").get(pk=number.pk)
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do huỷ số."))
    still_free(locked)
    locked.state, locked.reason = NumberState.CANCELLED, reason[:300]
    checked(locked).save()
    record("register.cancel", locked, by=by, reason=reason)
    return locked


def still_free(number: Number) -> None:
    """Refuse where a paper bears the number or it was cancelled before."""
    if number.paper_id is not None:
        raise NotPossible(_("Số %(number)s đã dùng cho một văn bản, không huỷ được.") % {"number": number})
    if number.state == NumberState.CANCELLED:
        raise NotPossible(_("Số %(number)s đã huỷ.") % {"number": number})
