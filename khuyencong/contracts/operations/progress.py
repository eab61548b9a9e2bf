"""What is done, month by month: the beneficiary's figures, the implementer's report, the department's confirmation."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.contracts.models import BeneficiaryUpdate, ProgressReport
from khuyencong.contracts.operations.shared import (
    allow,
    assignment_of,
    either,
    in_state,
    keep,
    locked,
    not_before,
    not_future,
    not_negative,
    still_helped,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project


@transaction.atomic
def tell_progress(
    beneficiary: Beneficiary,
    *,
    year: int,
    month: int,
    done: int,
    by: User,
    note: str = "",
    files: Iterable[StoredFile] = (),
) -> BeneficiaryUpdate:
    """A beneficiary's own figures of a month: value done so far (đồng, cumulative), photos, invoices."""
    beneficiary = Beneficiary.objects.select_related(
        "project", "establishment__organisation", "establishment__commune__province", "establishment__province"
    ).get(pk=beneficiary.pk)
    project = locked(beneficiary.project)
    either(by, project, beneficiary)
    in_state(project, ProjectState.RUNNING, act=_("Gửi số liệu tháng"))
    still_helped(beneficiary)
    _month(year, month)
    _not_before_task(project, year, month)
    not_negative(done=done)
    update = checked(
        BeneficiaryUpdate(beneficiary=beneficiary, year=year, month=month, done=done, note=note.strip(), by=by)
    )
    update.save()
    update.files.set(files)
    record("progress.tell", update, by=by, month=f"{month}/{year}", done=done)
    return update


@transaction.atomic
def report(
    project: Project,
    *,
    year: int,
    month: int,
    done: int,
    by: User,
    on: date,
    state_spent: int = 0,
    counterpart_spent: int = 0,
    note: str = "",
    paper: Paper | None = None,
) -> ProgressReport:
    """The implementer's report of a month (Mẫu 3a, 3b; TT 36/2013 Đ23), amounts in đồng and cumulative.

    Refused where the value done falls below an earlier month's or rises above a later one's, and where more State money is spent
    than the project has; lateness (after the 24th) is not refused, it is shown.
    """
    project = locked(project)
    allow(by, Permission.PROGRESS_REPORT, project)
    in_state(project, ProjectState.ASSIGNED, ProjectState.RUNNING, act=_("Báo cáo tiến độ"))
    if paper is not None:
        with_paper(paper, PaperKind.PROGRESS_REPORT, project=project)
    not_future(on)
    _month(year, month)
    _not_before_task(project, year, month)
    not_before(on, earlier=date(year, month, 1), what=_("tháng báo cáo"))
    not_negative(done=done, state_spent=state_spent, counterpart_spent=counterpart_spent)
    if project.granted is not None and state_spent > project.granted:
        raise Invalid(
            state_spent=_("Lớn hơn kinh phí nhà nước của đề án: %(granted)s đồng.") % {"granted": dong(project.granted)}
        )
    _between_months(project, year, month, done)
    if ProgressReport.objects.filter(project=project, year=year, month=month).exists():
        raise Invalid(month=_("Đề án đã có báo cáo tháng %(month)s/%(year)s.") % {"month": month, "year": year})
    made = checked(
        ProgressReport(
            project=project,
            year=year,
            month=month,
            sent_on=on,
            done=done,
            state_spent=state_spent,
            counterpart_spent=counterpart_spent,
            note=note.strip(),
            paper=paper,
            by=by,
        )
    )
    made.save()
    record("progress.report", project, by=by, on=on, paper=paper, month=f"{month}/{year}", done=done)
    return made


def _between_months(project: Project, year: int, month: int, done: int) -> None:
    """What is cumulative never falls: no less than the month before says, no more than a later one."""
    before = (
        ProgressReport.objects.filter(project=project)
        .exclude(year__gt=year)
        .exclude(year=year, month__gte=month)
        .order_by("-year", "-month")
        .first()
    )
    if before is not None and done < before.done:
        raise Invalid(
            done=_("Luỹ kế không thể nhỏ hơn tháng %(month)s/%(year)s: %(done)s đồng.")
            % {"month": before.month, "year": before.year, "done": dong(before.done)}
        )
    later = (
        ProgressReport.objects.filter(project=project, done__lt=done)
        .filter(Q(year__gt=year) | Q(year=year, month__gt=month))
        .order_by("year", "month")
        .first()
    )
    if later is not None:
        raise Invalid(
            done=_("Luỹ kế không thể lớn hơn tháng %(month)s/%(year)s: %(done)s đồng.")
            % {"month": later.month, "year": later.year, "done": dong(later.done)}
        )


@transaction.atomic
def confirm_volume(report: ProgressReport, *, by: User, on: date, paper: Paper) -> ProgressReport:
    """The department confirms the volume of a report on which an advance is asked (TT 36/2013 Đ21.4, Đ23.3a)."""
    project = locked(report.project)
    allow(by, Permission.VOLUME_CONFIRM, project, paper=paper)
    in_state(project, ProjectState.ASSIGNED, ProjectState.RUNNING, act=_("Xác nhận khối lượng"))
    report = _standing(report)
    if report.confirmed_on is not None:
        raise NotPossible(_("Báo cáo này đã được Sở xác nhận khối lượng."))
    not_future(on)
    with_paper(paper, PaperKind.VOLUME_CONFIRMATION, project=project, on=on)
    not_before(on, earlier=report.sent_on, what=_("ngày gửi báo cáo"))
    report.confirmed_on, report.confirmation = on, paper
    report.save(update_fields=["confirmed_on", "confirmation"])
    keep(project, "progress", paper=report.paper or paper, by=by, on=on)
    record(
        "progress.confirm", project, by=by, on=on, paper=paper, month=f"{report.month}/{report.year}", done=report.done
    )
    return report


@transaction.atomic
def remove_report(report: ProgressReport, *, reason: str, by: User) -> None:
    """Take back a monthly report that the department has not confirmed, to send it again as it is right; the journal keeps what
    it said and why it went."""
    project = locked(report.project)
    allow(by, Permission.PROGRESS_REPORT, project)
    in_state(project, ProjectState.ASSIGNED, ProjectState.RUNNING, act=_("Rút báo cáo tiến độ"))
    report = _standing(report)
    if report.confirmed_on is not None:
        raise NotPossible(_("Báo cáo này đã được Sở xác nhận khối lượng."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    record(
        "progress.remove_report",
        project,
        by=by,
        month=f"{report.month}/{report.year}",
        done=report.done,
        state_spent=report.state_spent,
        counterpart_spent=report.counterpart_spent,
        reason=" ".join(reason.split()),
    )
    report.delete()


def _standing(report: ProgressReport) -> ProgressReport:
    """The report as it is now, locked: the implementer may have taken it back while the department looked at it."""
    found = ProgressReport.objects.select_for_update(of=("self",)).select_related("paper").filter(pk=report.pk).first()
    if found is None:
        raise NotPossible(_("Báo cáo này đã được rút."))
    return found


def _month(year: int, month: int) -> None:
    if not 1 <= month <= 12:
        raise Invalid(month=_("Tháng từ 1 đến 12."))
    if (year, month) > (clock.today().year, clock.today().month):
        raise Invalid(month=_("Tháng %(month)s/%(year)s chưa tới.") % {"month": month, "year": year})


def _not_before_task(project: Project, year: int, month: int) -> None:
    begun = assignment_of(project).signed_on
    if (year, month) < (begun.year, begun.month):
        raise Invalid(
            month=_("Đề án được giao từ tháng %(month)s/%(year)s.") % {"month": begun.month, "year": begun.year}
        )
