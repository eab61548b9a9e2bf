"""What the accountant does with an envelope: management cost, return, carry-over."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations.shared import (
    allow,
    lock,
    lock_all,
    positive,
    post,
    refuse_day,
    refuse_misfit,
    refuse_over,
    refuse_unsigned,
)
from khuyencong.budgets.queries import balance, managed, position
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.queries import management_cost
from khuyencong.norms.rules import number
from khuyencong.people.models import User
from khuyencong.projects.models import Project


@transaction.atomic
def manage(
    envelope: Envelope,
    *,
    amount: int,
    by: User,
    on: date,
    paper: Paper,
    project: Project | None = None,
    note: str = "",
) -> Entry:
    """Set management cost aside, as a line of its own, in đồng: of the fund's holder, or with ``project`` of its implementer.

    Bound by the norm of the day: a share of what the envelope was given, or of what the project was granted (TTLT 26/2014
    Đ6.2s and what came after for national money, the province's own row for local money; where the province has none in the
    system its decision alone binds, and the journal says so).  Raises NotPossible beyond the norm, where no national norm is
    loaded, and beyond what is left.
    """
    allow(by, Permission.BUDGET_RECORD, envelope, paper=paper)
    positive(amount)
    envelope = lock(envelope)
    refuse_day(envelope, on)
    refuse_unsigned(paper, on)
    bound = _refuse_over_norm(envelope, project=project, amount=amount, on=on)
    refuse_over(envelope, amount)
    if project is not None:
        refuse_misfit(envelope, project)
    entry = post(envelope, EntryKind.MANAGEMENT, amount, project=project, by=by, on=on, paper=paper, note=note)
    told = {"amount": amount, "envelope": envelope, "norm": bound}
    record("budget.manage", project or envelope, by=by, on=on, paper=paper, **told)
    return entry


@transaction.atomic
def return_money(envelope: Envelope, *, amount: int, by: User, on: date, paper: Paper, note: str = "") -> Entry:
    """Nộp trả ngân sách: money promised to nobody goes back to the State, in đồng; raises NotPossible beyond what is left.

    What a project did not use is given back by ``return_surplus``.
    """
    allow(by, Permission.BUDGET_CARRY, envelope)
    positive(amount)
    if paper.kind != PaperKind.RETURN_MONEY:
        raise NotPossible(_("Nộp trả ngân sách phải có chứng từ nộp trả."))
    envelope = lock(envelope)
    refuse_day(envelope, on)
    refuse_unsigned(paper, on)
    refuse_over(envelope, amount)
    entry = post(envelope, EntryKind.RETURNED, amount, by=by, on=on, paper=paper, note=note)
    record("budget.return_money", envelope, by=by, on=on, paper=paper, amount=amount)
    return entry


@transaction.atomic
def carry_over(
    envelope: Envelope,
    *,
    to: Envelope,
    by: User,
    on: date,
    paper: Paper,
    amount: int | None = None,
    project: Project | None = None,
) -> Entry:
    """Chuyển nguồn: money goes on into next year's envelope of the same holder; only with its paper.  Returns the line that
    arrives.

    With ``project`` what it was promised and has not settled (by default all of it) goes with its promise and with what
    was paid out on account; without, ``amount`` of what nobody was promised (by default all of it).  Raises NotPossible
    for another kind of paper, another year, level or holder, more than there is, or a day before either envelope was opened
    or before what the project has last had in this one.
    """
    allow(by, Permission.BUDGET_CARRY, envelope)
    _goes_on(envelope, to=to, paper=paper)
    locked = lock_all([envelope, to])
    envelope, to = locked[envelope.pk], locked[to.pk]
    refuse_day(envelope, on)
    refuse_day(to, on)
    refuse_unsigned(paper, on)
    if project is not None:
        _refuse_before_lines(envelope, project, on)
    own = position(envelope, project=project) if project else None
    amount = _amount_carried(envelope, project, amount, there=own.open if own else balance(envelope).available)
    paid = own.surplus if own else 0
    if amount < paid:
        raise NotPossible(
            _("Đề án đã tạm ứng %(paid)s đồng chưa quyết toán; số chuyển nguồn không thể ít hơn.")
            % {"paid": dong(paid)}
        )
    note = _("chuyển nguồn sang %(envelope)s") % {"envelope": to}
    if project is not None:
        post(envelope, EntryKind.COMMITTED, -amount, project=project, by=by, on=on, paper=paper, note=note)
        if paid:
            post(envelope, EntryKind.ADVANCED, -paid, project=project, by=by, on=on, paper=paper, note=note)
    out = post(envelope, EntryKind.CARRIED_OUT, amount, project=project, by=by, on=on, paper=paper, note=note)
    note = _("nhận từ %(envelope)s") % {"envelope": envelope}
    arrived = post(to, EntryKind.CARRIED_IN, amount, project=project, by=by, on=on, paper=paper, note=note, origin=out)
    if project is not None:
        post(to, EntryKind.COMMITTED, amount, project=project, by=by, on=on, paper=paper, note=note)
        if paid:
            post(to, EntryKind.ADVANCED, paid, project=project, by=by, on=on, paper=paper, note=note)
    record(
        "budget.carry_over", project or envelope, by=by, on=on, paper=paper, amount=amount, source=envelope, target=to
    )
    return arrived


def _goes_on(envelope: Envelope, *, to: Envelope, paper: Paper) -> None:
    """Into next year's envelope of the same holder and level, by the paper that allows it."""
    if paper.kind != PaperKind.CARRY_OVER:
        raise NotPossible(_("Chuyển nguồn phải có văn bản cho phép chuyển nguồn; không có thì nộp trả ngân sách."))
    if (to.level, to.holder_id, to.province_id, to.commune_id) != (
        envelope.level,
        envelope.holder_id,
        envelope.province_id,
        envelope.commune_id,
    ) or to.year != envelope.year + 1:
        raise NotPossible(
            _("Chỉ chuyển được sang dự toán năm %(year)s của cùng đơn vị, cùng cấp kinh phí.")
            % {"year": envelope.year + 1}
        )


def _amount_carried(envelope: Envelope, project: Project | None, amount: int | None, *, there: int) -> int:
    """What is carried over of ``there`` đồng: all of it where no amount is said, never more, never nothing."""
    amount = max(there, 0) if amount is None else amount
    if there > 0:
        positive(amount)
    if amount > there or there <= 0:
        facts = {"envelope": envelope, "left": dong(max(there, 0)), "project": project.code if project else ""}
        told = _("Nguồn %(envelope)s chỉ còn %(left)s đồng chưa phân bổ chuyển được sang năm sau.")
        if project is not None:
            told = _("Đề án %(project)s ở nguồn %(envelope)s chỉ còn %(left)s đồng chuyển được sang năm sau.")
        raise NotPossible(told % facts)
    return amount


def _refuse_before_lines(envelope: Envelope, project: Project, on: date) -> None:
    """What is carried over is there: no line of the project in this envelope is dated later."""
    last = Entry.objects.filter(envelope=envelope, project=project).order_by("on", "pk").last()
    if last is not None and on < last.on:
        raise NotPossible(
            _("Ngày %(day)s trước bút toán ngày %(last)s của đề án %(project)s ở nguồn %(envelope)s.")
            % {"day": f"{on:%d/%m/%Y}", "last": f"{last.on:%d/%m/%Y}", "project": project.code, "envelope": envelope}
        )


def _refuse_over_norm(envelope: Envelope, *, project: Project | None, amount: int, on: date) -> str:
    """Refuse what the norm does not allow; otherwise by which text it is bound."""
    kind, base = ("agency", balance(envelope).allocated) if project is None else ("implementer", project.granted or 0)
    spent = managed(envelope, project=project)
    norm = management_cost(kind, on=on, base=base, level=envelope.level, province=envelope.province)
    if norm.maximum is None and not envelope.is_national:
        return _("chưa có quy định của tỉnh trong hệ thống")
    if norm.maximum is None:
        raise NotPossible(_("Chưa có mức chi phí quản lý trong hệ thống cho ngày %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    if spent + amount > norm.maximum:
        raise NotPossible(
            _("Chi phí quản lý tối đa %(percent)s%% × %(base)s = %(maximum)s đồng (%(article)s); đã ghi %(spent)s đồng, "
              "không ghi thêm được %(amount)s đồng.")
            % {
                "percent": number(norm.percent) if norm.percent is not None else "",
                "base": dong(base),
                "maximum": dong(norm.maximum),
                "article": norm.citation,
                "spent": dong(spent),
                "amount": dong(amount),
            }
        )  # fmt: skip
    return norm.citation
