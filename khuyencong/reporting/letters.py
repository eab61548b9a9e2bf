"""What people are told of a department's reports: subject and words of each message."""

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.people.models import User
from khuyencong.people.queries import who_may
from khuyencong.reporting.models import ReportAnswer, SentReport


def tell_sent(report: SentReport, *, by: User) -> None:
    """The recipients, each of whom accepts for itself."""
    receive = (Permission.REPORT_RECEIVE_PROVINCIAL, Permission.REPORT_RECEIVE_AGENCY)
    send(
        _people(report, *receive, by=by),
        subject=lambda: _("Chờ tiếp nhận: %(report)s") % {"report": report},
        body=report.reason or (lambda: _("Sở gửi theo văn bản %(paper)s.") % {"paper": report.paper}),
        kind=Kind.REQUEST,
        about=report,
        link=_page(report),
        by=by,
    )


def tell_answered(answer: ReportAnswer, *, by: User) -> None:
    """Those who report, and who recorded it."""
    report = answer.report

    def subject() -> str:
        head = _("Đã tiếp nhận: %(report)s") if answer.accepted else _("Trả lại: %(report)s")
        return head % {"report": report}

    send(
        dict.fromkeys([*_people(report, Permission.REPORT_CLOSE, by=by), report.by]),
        subject=subject,
        body=answer.reason or (lambda: str(answer.get_recipient_display())),
        kind=Kind.INFO if answer.accepted else Kind.RETURN,
        about=report,
        link=_page(report),
        by=by,
    )


def _people(report: SentReport, *permissions: Permission, by: User) -> list[User]:
    found = [person for permission in permissions for person in who_may(permission, place=report.province)]
    return [person for person in dict.fromkeys(found) if person.pk != by.pk]


def _page(report: SentReport) -> str:
    return f"/bao-cao/da-gui/{report.pk}/"
