"""Money on account: asked, confirmed by the department, paid by the treasury.  Numbered, first to remainder."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.contracts import queries
from khuyencong.contracts.enums import AdvanceKind, AdvanceState
from khuyencong.contracts.models import Advance, ProgressReport
from khuyencong.contracts.operations.shared import (
    allow,
    assignment_of,
    in_state,
    locked,
    more_than_nothing,
    not_before,
    not_future,
    only_the_named,
    with_paper,
)
from khuyencong.contracts.operations.twins import refuse_paid_twice
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.documents.queries import missing
from khuyencong.norms.enums import Act
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project
from khuyencong.projects.queries import authority_over, last_step


@transaction.atomic
def request_advance(
    project: Project,
    *,
    envelope: Envelope,
    amount: int,
    by: User,
    on: date,
    paper: Paper,
    report: ProgressReport | None = None,
) -> Advance:
    """Ask for money on account from one envelope, ``amount`` in đồng; which kind it is follows from where the project stands.

    First (TT 36/2013 Đ13: rate and proof by kind of project; ceiling before acceptance TTLT 26/2014 Đ8.2b), further
    (Đ15), or the remainder after acceptance with every paper of Đ14.  ``report``: the one whose volume the department has
    confirmed; another is refused, also where none is asked for.  Raises with the sum that is possible and why, and while a
    machine or an invoice of the project was supported before, or it is one of several that together pass the norm, and nobody
    has let it pass (``clear_twin``).
    """
    project = locked(project)
    allow(by, Permission.ADVANCE_REQUEST, project)
    in_state(
        project,
        ProjectState.ASSIGNED,
        ProjectState.RUNNING,
        ProjectState.ACCEPTED,
        ProjectState.SETTLED,
        act=_("Đề nghị tạm ứng"),
    )
    not_future(on)
    with_paper(paper, PaperKind.ADVANCE_REQUEST, project=project, on=on)
    not_before(on, earlier=assignment_of(project).signed_on, what=_("ngày ký hợp đồng thực hiện"))
    more_than_nothing(amount)
    _none_waits(project, envelope)
    report = _as_it_is(project, report, on=on)
    room = queries.room(project, envelope=envelope, on=on, report=report)
    if room.refusal:
        raise NotPossible(room.refusal)
    if report is not None and report.confirmed_on is None:  # where no volume is asked for it proves nothing either
        raise Invalid(report=_unproved())
    _not_before_accepted(project, on=on)
    if amount > room.amount:
        raise Invalid(
            amount=_("Chỉ được tạm ứng tối đa %(most)s đồng. %(why)s")
            % {"most": dong(room.amount), "why": room.sentence}
        )
    refuse_paid_twice(project, on=on)
    _papers_are_there(project, kind=room.kind, on=on)
    number = (Advance.objects.filter(project=project, envelope=envelope).aggregate(last=Max("number"))["last"] or 0) + 1
    advance = checked(
        Advance(
            project=project,
            number=number,
            kind=room.kind,
            envelope=envelope,
            amount=amount,
            requested_on=on,
            request=paper,
            report=report,
        )
    )
    advance.save()
    record("advance.request", advance, by=by, on=on, paper=paper, amount=amount, kind=room.kind, rule=room.sentence)
    return advance


@transaction.atomic
def confirm_advance(advance: Advance, *, by: User, on: date, paper: Paper) -> Advance:
    """The department confirms volume and money before the request leaves the province (TT 36/2013 Đ21.4)."""
    advance = _locked_advance(advance)
    allow(by, Permission.VOLUME_CONFIRM, advance.project, paper=paper)
    _in(advance, AdvanceState.REQUESTED)
    _still_open(advance)
    not_future(on)
    with_paper(paper, PaperKind.VOLUME_CONFIRMATION, project=advance.project, on=on)
    not_before(on, earlier=advance.requested_on, what=_("ngày đề nghị"))
    advance.confirmed_on, advance.confirmation = on, paper
    return _move(
        advance, AdvanceState.CONFIRMED, "advance.confirm", "confirmed_on", "confirmation", by=by, on=on, paper=paper
    )


@transaction.atomic
def pay_advance(advance: Advance, *, by: User, on: date, paper: Paper, treasury_number: str) -> Advance:
    """The money has left, by a payment order with the treasury's number; the ledger gets its line.  Raises Invalid for a day
    before that on which the department confirmed (TT 36/2013 Đ21.4), NotAllowed where money of the agency is paid by another
    (Đ12.5)."""
    advance = _locked_advance(advance)
    allow(by, Permission.ADVANCE_PAY, advance.project)
    if advance.envelope.place is None:  # it lies with the agency, not with a province
        only_the_named(by, Permission.ADVANCE_PAY, advance.project, on=on)
    _still_open(advance)
    if advance.state == AdvanceState.REQUESTED:
        raise NotPossible(
            _("Sở chưa xác nhận khối lượng cho đề nghị này (%(article)s) nên chưa chuyển tiền được.")
            % {"article": authority_over(advance.project, Act.CONFIRM_VOLUME, on=on).citation}
        )
    _in(advance, AdvanceState.CONFIRMED)
    if not treasury_number.strip():
        raise Invalid(treasury_number=_("Hãy ghi số chứng từ kho bạc."))
    not_future(on)
    _not_before_confirmed(advance, on=on)
    with_paper(paper, PaperKind.PAYMENT_ORDER, project=advance.project, on=on)
    room = queries.room(advance.project, envelope=advance.envelope, on=on, report=advance.report)
    if room.refusal or advance.amount > room.amount:  # the decision may have changed since it was asked
        raise NotPossible(
            room.refusal
            or _("Nay chỉ còn được tạm ứng tối đa %(most)s đồng. %(why)s")
            % {"most": dong(room.amount), "why": room.sentence}
        )
    refuse_paid_twice(advance.project, on=on)
    budgets.advance(advance.envelope, project=advance.project, amount=advance.amount, by=by, on=on, paper=paper)
    advance.paid_on, advance.treasury_number, advance.payment = on, treasury_number.strip(), paper
    return _move(
        advance,
        AdvanceState.PAID,
        "advance.pay",
        "paid_on",
        "treasury_number",
        "payment",
        by=by,
        on=on,
        paper=paper,
    )


@transaction.atomic
def refuse_advance(advance: Advance, *, reason: str, by: User, on: date) -> Advance:
    """Send a request back with its reason; nothing was paid."""
    advance = _locked_advance(advance)
    permission = Permission.VOLUME_CONFIRM if advance.state == AdvanceState.REQUESTED else Permission.ADVANCE_PAY
    allow(by, permission, advance.project)
    _in(advance, AdvanceState.REQUESTED, AdvanceState.CONFIRMED)
    not_future(on)
    _not_before_confirmed(advance, on=on)
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do trả lại."))
    advance.refusal = " ".join(reason.split())[:400]
    return _move(advance, AdvanceState.REFUSED, "advance.refuse", "refusal", by=by, on=on, paper=None)


def _none_waits(project: Project, envelope: Envelope) -> None:
    """One request at a time of one envelope: the room of the next follows from what was paid."""
    waiting = Advance.objects.filter(
        project=project, envelope=envelope, state__in=(AdvanceState.REQUESTED, AdvanceState.CONFIRMED)
    ).first()
    if waiting is not None:
        raise NotPossible(
            _("Đề nghị tạm ứng lần %(number)s (%(amount)s đồng) chưa xong; hãy chờ chuyển tiền hoặc trả lại trước.")
            % {"number": waiting.number, "amount": dong(waiting.amount)}
        )


def _papers_are_there(project: Project, *, kind: str, on: date) -> None:
    lacking = missing(queries.papers_for_advance(project, kind=kind, on=on))
    if lacking:
        raise NotPossible(
            _("Chưa đủ giấy tờ để %(what)s, thiếu: %(papers)s.")
            % {
                "what": AdvanceKind(kind).label.lower(),
                "papers": "; ".join(f"{line.title} ({line.article})" for line in lacking),
            }
        )


def _as_it_is(project: Project, report: ProgressReport | None, *, on: date) -> ProgressReport | None:
    """The report as it stands now: it may have been taken back, or be confirmed later than it is asked by."""
    if report is None:
        return None
    now = ProgressReport.objects.filter(pk=report.pk, project=project).first()
    if now is None or (now.confirmed_on and now.confirmed_on > on):
        raise Invalid(report=_unproved())
    return now


def _unproved() -> str:
    return _("Hãy chọn báo cáo của đề án này đã được Sở xác nhận trước ngày đề nghị.")


def _not_before_accepted(project: Project, *, on: date) -> None:
    """What is asked for after acceptance (TT 36/2013 Đ14), or after the settlement that force majeure asks for (Đ18.4), is not
    dated before it."""
    after_settlement = project.state == ProjectState.SETTLED and queries.volume_done(project) is not None
    what = _("ngày quyết toán") if after_settlement else _("ngày nghiệm thu")
    taken = last_step(project, "settle" if after_settlement else "accept")
    if taken is not None:
        not_before(on, earlier=taken.on, what=what)


def _not_before_confirmed(advance: Advance, *, on: date) -> None:
    """What is done with a request comes after the confirmation of its volume, or before that after the request."""
    if advance.confirmed_on is None:
        return not_before(on, earlier=advance.requested_on, what=_("ngày đề nghị"))
    return not_before(on, earlier=advance.confirmed_on, what=_("ngày Sở xác nhận khối lượng"))


def _locked_advance(advance: Advance) -> Advance:
    """The row as it is now; its project is locked first, as everywhere."""
    project = locked(advance.project)
    advance = Advance.objects.select_for_update(of=("self",)).select_related("envelope", "report").get(pk=advance.pk)
    advance.project = project
    return advance


def _still_open(advance: Advance) -> None:
    in_state(
        advance.project,
        ProjectState.ASSIGNED,
        ProjectState.RUNNING,
        ProjectState.ACCEPTED,
        ProjectState.SETTLED,
        act=_("Tạm ứng"),
    )


def _in(advance: Advance, *states: str) -> None:
    if advance.state not in states:
        raise NotPossible(
            _("Đề nghị tạm ứng này đang ở trạng thái “%(state)s”.") % {"state": advance.get_state_display()}
        )


def _move(advance: Advance, state: str, act: str, *fields: str, by: User, on: date, paper: Paper | None) -> Advance:
    advance.state = state
    advance.save(update_fields=["state", *fields])
    record(act, advance, by=by, on=on, paper=paper, amount=advance.amount)
    return advance
