"""Budget decisions open envelopes; a line typed wrongly is put right by its opposite."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations.shared import (
    allow,
    lock,
    post,
    refuse_before,
    refuse_day,
    refuse_future,
    refuse_over,
    refuse_unsigned,
)
from khuyencong.budgets.queries import balance, opened_on
from khuyencong.budgets.rules import reversible, same_decision
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@transaction.atomic
def record_budget_decision(
    *,
    level: str,
    year: int,
    holder: Organisation,
    amount: int,
    name: str,
    by: User,
    on: date,
    paper: Paper,
    province: Unit | None = None,
    commune: Unit | None = None,
    chapter: str = "",
    category: str = "",
    clause: str = "",
    note: str = "",
    invented: bool = False,
) -> Envelope:
    """Quyết định giao dự toán: opens the envelope of this level, year, holder and name, or changes what it holds.

    ``amount`` in đồng; below zero where the decision takes money away.  ``province`` stays empty for national money that
    the agency itself holds.  Raises NotPossible for another kind of paper, for a decision that was typed before (it is
    named), and for a cut that reaches promised money; Invalid on the field that is wrong.
    """
    authorise(by, Permission.BUDGET_RECORD, place=commune or province, paper=paper, local=level != Level.NATIONAL)
    _decides(paper, amount=amount, year=year)
    if not (name := " ".join(name.split())):
        raise Invalid(name=_("Hãy ghi tên nguồn."))
    if commune is not None and province is None:
        province = commune.province
    if commune is not None and commune.province_id != getattr(province, "pk", None):
        raise Invalid(commune=_("Xã, phường này không thuộc tỉnh đã chọn."))
    refuse_future(on)
    refuse_unsigned(paper, on)
    Organisation.objects.select_for_update(no_key=True).get(pk=holder.pk)  # two clerks with one decision wait here
    _refuse_typed_twice(paper, level=level, year=year, holder=holder, name=name, codes=(chapter, category, clause))
    envelope = Envelope.objects.select_for_update().filter(level=level, year=year, holder=holder, name=name).first()
    if envelope is None:
        if amount < 0:
            raise Invalid(amount=_("Nguồn này chưa được giao dự toán nên không thể giảm."))
        envelope = Envelope(
            level=level,
            year=year,
            holder=holder,
            province=province,
            commune=commune,
            name=name,
            chapter=chapter,
            category=category,
            clause=clause,
            invented=invented,
        )
        checked(envelope).save()
    else:
        _refuse_other_place_or_code(envelope, province=province, commune=commune, codes=(chapter, category, clause))
        if amount < 0:
            _can_be_cut(envelope, -amount, on=on)
    post(envelope, EntryKind.ALLOCATED, amount, by=by, on=on, paper=paper, note=note)
    record("budget.record_decision", envelope, by=by, on=on, paper=paper, amount=amount, level=level, year=year)
    return envelope


def _decides(paper: Paper, *, amount: int, year: int) -> None:
    """A numbered decision on the budget, of an amount and a year that can be."""
    if paper.kind != PaperKind.BUDGET_DECISION:
        raise NotPossible(_("Dự toán chỉ được mở bằng quyết định giao dự toán."))
    if not paper.number.strip():
        raise Invalid(paper=_("Quyết định giao dự toán phải có số, ký hiệu."))
    if not amount:
        raise Invalid(amount=_("Số tiền phải khác 0."))
    if not 2000 <= year <= 2100:
        raise Invalid(year=_("Năm ngân sách không hợp lệ."))


def _can_be_cut(envelope: Envelope, amount: int, *, on: date) -> None:
    """Money is taken away after it was given, and only what nobody was promised."""
    refuse_before(envelope, opened_on(envelope), on)
    left = balance(envelope).available
    if amount > left:
        raise NotPossible(
            _("Nguồn %(envelope)s chỉ còn %(left)s đồng chưa phân bổ, không giảm được %(amount)s đồng.")
            % {"envelope": envelope, "left": dong(left), "amount": dong(amount)}
        )


@transaction.atomic
def reverse(entry: Entry, *, reason: str, by: User, on: date, paper: Paper) -> Entry:
    """Put right a line that was typed wrongly, by its opposite, with paper and reason; the right line is then recorded anew.

    Only for what the accountant records by itself (given, management cost, given back).  Raises NotPossible where it was put
    right before, before the day of the line, or where the money has been promised meanwhile.
    """
    allow(by, Permission.BUDGET_RECORD, entry.envelope)
    if not (reason := " ".join(reason.split())):
        raise Invalid(reason=_("Hãy ghi lý do."))
    if not reversible(entry):
        raise NotPossible(_("Bút toán này không đảo trực tiếp được; hãy lập lại ở bước đã sinh ra nó."))
    envelope = lock(entry.envelope)
    refuse_day(envelope, on)
    refuse_unsigned(paper, on)
    if on < entry.on:
        raise Invalid(
            on=_("Ngày %(day)s trước ngày ghi bút toán %(wrong)s.")
            % {"day": f"{on:%d/%m/%Y}", "wrong": f"{entry.on:%d/%m/%Y}"}
        )
    if Entry.objects.filter(origin=entry, kind=entry.kind).exists():
        raise NotPossible(_("Bút toán này đã được đảo trước đó."))
    if entry.kind == EntryKind.ALLOCATED:
        refuse_over(envelope, entry.amount)
    facts: dict[str, Any] = {
        "project": entry.project,
        "by": by,
        "on": on,
        "paper": paper,
        "note": reason[:300],
        "origin": entry,
    }
    opposite = post(envelope, EntryKind(entry.kind), -entry.amount, **facts)
    record("budget.reverse", envelope, by=by, on=on, paper=paper, amount=-entry.amount, reason=reason)
    return opposite


def _refuse_typed_twice(
    paper: Paper, *, level: str, year: int, holder: Organisation, name: str, codes: tuple[str, str, str]
) -> None:
    """One decision may give several lines to one holder, but the same line only once; a line put right does not count."""
    given = Entry.objects.filter(
        kind=EntryKind.ALLOCATED,
        origin=None,
        paper__signed_on=paper.signed_on,
        envelope__level=level,
        envelope__year=year,
        envelope__holder=holder,
    ).exclude(followers__kind=EntryKind.ALLOCATED)
    for entry in given.select_related("paper", "envelope"):
        envelope = entry.envelope
        same_line = envelope.name == name or (envelope.chapter, envelope.category, envelope.clause) == codes
        if same_line and same_decision(entry.paper, paper):
            raise NotPossible(
                _(
                    "Quyết định %(paper)s đã được ghi nhận cho nguồn %(envelope)s: %(amount)s đồng. Không nhập lần "
                    "nữa; nếu là dòng khác của quyết định, hãy ghi tên nguồn và mục lục riêng."
                )
                % {"paper": entry.paper, "envelope": envelope, "amount": dong(entry.amount)}
            )


def _refuse_other_place_or_code(
    envelope: Envelope, *, province: Unit | None, commune: Unit | None, codes: tuple[str, str, str]
) -> None:
    if (envelope.province_id, envelope.commune_id) != (getattr(province, "pk", None), getattr(commune, "pk", None)):
        raise Invalid(name=_("Nguồn mang tên này đã mở cho địa bàn khác; hãy đặt tên khác."))
    if any(codes) and (envelope.chapter, envelope.category, envelope.clause) != codes:
        raise Invalid(
            name=_("Nguồn mang tên này đã mở với mục lục %(code)s; hãy đặt tên khác cho mục lục mới.")
            % {"code": envelope.code or "–"}
        )
