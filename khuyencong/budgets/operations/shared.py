"""What every act on the ledger does: lock, check the day and the money, add a line."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import balance, opened_on
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.projects.models import Project


def allow(by: User, permission: Permission, envelope: Envelope, *, paper: Paper | None = None) -> None:
    """Local money is kept by its province; the ministry's agency writes in its own ledgers alone."""
    authorise(by, permission, place=envelope.place, paper=paper, local=not envelope.is_national)


def lock(envelope: Envelope) -> Envelope:
    return lock_all([envelope])[envelope.pk]


def lock_all(envelopes: Iterable[Envelope]) -> dict[int, Envelope]:
    """The rows as they are now, held until the transaction ends; always in the order of their keys."""
    keys = sorted({envelope.pk for envelope in envelopes})
    return {
        envelope.pk: envelope for envelope in Envelope.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }


def post(
    envelope: Envelope,
    kind: EntryKind,
    amount: int,
    *,
    by: User,
    on: date,
    paper: Paper,
    project: Project | None = None,
    note: str = "",
    origin: Entry | None = None,
) -> Entry:
    return Entry.objects.create(
        envelope=envelope,
        kind=kind,
        amount=amount,
        project=project,
        on=on,
        paper=paper,
        note=note,
        origin=origin,
        by=by,
    )


def positive(amount: int) -> None:
    if amount <= 0:
        raise Invalid(amount=_("Số tiền phải lớn hơn 0."))


def refuse_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


def refuse_unsigned(paper: Paper, on: date) -> None:
    """Nothing is written into the ledger before the day on which its paper was signed."""
    if on < paper.signed_on:
        raise Invalid(
            on=_("Ngày ghi sổ %(day)s không thể trước ngày ký văn bản %(signed)s.")
            % {"day": f"{on:%d/%m/%Y}", "signed": f"{paper.signed_on:%d/%m/%Y}"}
        )


def refuse_day(envelope: Envelope, on: date) -> None:
    refuse_future(on)
    refuse_before(envelope, opened_on(envelope), on)


def refuse_before(envelope: Envelope, opened: date | None, on: date) -> None:
    if opened is None:
        raise NotPossible(_("Nguồn %(envelope)s chưa được giao dự toán.") % {"envelope": envelope})
    if on < opened:
        raise NotPossible(
            _("Ngày %(day)s trước ngày giao dự toán %(opened)s của nguồn %(envelope)s.")
            % {"day": f"{on:%d/%m/%Y}", "opened": f"{opened:%d/%m/%Y}", "envelope": envelope}
        )


def refuse_before_promise(envelope: Envelope, project: Project, on: date) -> None:
    """No money of this envelope moves for a project before the day on which it was promised (or carried over) to it."""
    first = Entry.objects.filter(envelope=envelope, project=project, kind=EntryKind.COMMITTED).order_by("on").first()
    if first is not None and on < first.on:
        raise NotPossible(
            _("Ngày %(day)s trước ngày nguồn %(envelope)s cam kết cho đề án %(project)s (%(promised)s).")
            % {
                "day": f"{on:%d/%m/%Y}",
                "envelope": envelope,
                "project": project.code,
                "promised": f"{first.on:%d/%m/%Y}",
            }
        )


def refuse_over(envelope: Envelope, amount: int) -> None:
    left = balance(envelope).available
    if amount > left:
        raise NotPossible(
            _("Nguồn %(envelope)s chỉ còn %(left)s đồng, thiếu %(missing)s đồng.")
            % {"envelope": envelope, "left": dong(left), "missing": dong(amount - left)}
        )


def refuse_misfit(envelope: Envelope, project: Project) -> None:
    """Local money stays in its province, a commune's in its commune; national money allotted to a province likewise."""
    if envelope.province_id not in (None, project.province_id) or envelope.commune_id not in (None, project.commune_id):
        raise NotPossible(
            _("Nguồn %(envelope)s không dùng được cho đề án %(project)s: khác địa bàn.")
            % {"envelope": envelope, "project": project.code}
        )
