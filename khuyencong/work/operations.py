"""Work belongs to a mandate: handing over ends it, gives it to another, and moves what was named after the person."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.sentences import counted
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.needs.operations import reassign as reassign_needs
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.people import operations as people
from khuyencong.people.models import Mandate, User
from khuyencong.people.queries import who_may
from khuyencong.plans import queries as plans
from khuyencong.plans.enums import DecisionState
from khuyencong.plans.models import Decision
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project
from khuyencong.work.queries import tasks, tasks_under


@transaction.atomic
def hand_over(mandate: Mandate, *, to: User, by: User, on: date, paper: Paper) -> Mandate:
    """End a mandate on ``on`` (its last day is the one before), give the same to ``to`` from that day, and move the work.

    What waits is asked from the records, so it waits for the new person at once; what names the person himself (the team
    of a tour ahead) is moved by the package it belongs to.  Raises NotPossible without the paper of hand-over (quyết định
    phân công, biên bản bàn giao), and as ``people.operations.pass_on``.
    """
    mandate = Mandate.objects.select_related("user").get(pk=mandate.pk)
    if paper.kind != PaperKind.MANDATE:
        raise NotPossible(_("Bàn giao phải kèm quyết định phân công hoặc biên bản bàn giao công việc."))
    leaving = mandate.user
    open_work = len(tasks_under(mandate))
    given = people.pass_on(mandate, to=to, by=by, on=on, paper=paper)
    moved = reassign_needs(leaving, to=to, by=by, on=on)
    send(
        to,
        subject=lambda: _("Bạn nhận bàn giao: %(role)s") % {"role": given.get_role_display()},
        body=lambda: (
            _("Từ ngày %(day)s, theo %(paper)s, từ %(person)s. Việc đang chờ: %(number)s.")
            % {"day": f"{on:%d/%m/%Y}", "paper": paper, "person": leaving, "number": open_work}
        ),
        kind=Kind.HAND_OVER,
        link="/",
        by=by,
    )
    record("work.hand_over", given, by=by, on=on, paper=paper, leaving=str(leaving), moved=moved, waiting=open_work)
    return given


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: User, on: date, leave: bool = False) -> Mandate:
    """End a mandate that nobody takes over; its last day is the one before ``on``.

    Raises Invalid(leave=…) while work waits for the person, unless ``leave`` says that it stays for whoever holds the same;
    else as ``people.operations.end_mandate``.
    """
    waiting = len(tasks_under(mandate))
    ended = people.end_mandate(mandate, by=by, on=on)
    if waiting and not leave:
        raise Invalid(
            leave=counted(
                "%(person)s còn %(count)s việc đang chờ. Hãy bàn giao cho người khác kèm quyết định phân công; nếu để lại "
                "cho người cùng nhiệm vụ thì đánh dấu ở đây.",
                waiting,
            )
            % {"person": mandate.user, "count": waiting}
        )
    return ended


def remind(*, days: tuple[int, ...] = (7, 3, 1, 0)) -> int:
    """Tell everybody what falls due in these many days; the same task and day once only, and nothing of which the act itself
    told him today.  Run by the worker each morning.

    No transaction around all of them: the reading of everybody's tasks must not hold up who writes meanwhile, and what was
    told before a fault is not told again.
    """
    today, told = clock.today(), 0
    for user in User.objects.filter(is_active=True).iterator():
        if not user.mandates_today:
            continue
        with override(user.language):
            waiting = tasks(user)
        for task in waiting:
            if task.due is None or (task.due - today).days not in days or task.since == today:
                continue
            told += len(
                send(
                    user,
                    subject=lambda task=task: _("Sắp đến hạn: %(act)s %(rest)s") % {"act": task.act, "rest": task.rest},
                    body=lambda task=task: _("Hạn %(day)s.") % {"day": f"{task.due:%d/%m/%Y}"},
                    kind=Kind.REMINDER,
                    link="/",
                    key=f"due:{task.kind}:{task.subject or ''}:{task.due:%Y%m%d}:{(task.due - today).days}",
                )
            )
    return told


def refuse_to_send_back(about: Decision | Project, *, by: User) -> None:
    """Refuse unless ``by`` could sign this paper, and it waits for that."""
    if isinstance(about, Decision):
        authorise(by, Permission.PLAN_SUBMIT, place=about.plan.place)
        if not plans.may_for(by, Permission.PLAN_SUBMIT, about.plan):
            raise NotAllowed(_("Cục không ký tờ trình kế hoạch địa phương."))
        waits = about.state in (DecisionState.DRAFT, DecisionState.OPINION)
    else:
        authorise(by, Permission.PROJECT_SUBMIT, place=about.place, body=about.implementer)
        waits = about.state == ProjectState.DRAFT
    if not waits:
        raise NotPossible(
            _("%(paper)s không còn chờ ký: đang ở trạng thái “%(state)s”.")
            % {"paper": about, "state": about.get_state_display()}
        )


@transaction.atomic
def send_back(about: Decision | Project, *, comment: str, by: User) -> int:
    """“Trả lại, ghi ý kiến”: a paper is not signed; whoever prepares it is told why.  Returns how many were told.

    Nothing changes state: the draft stays a draft.  Only who could sign it may send it back, while it waits for that.
    """
    comment = comment.strip()
    if not comment:
        raise Invalid(comment=_("Hãy ghi ý kiến để người soạn sửa."))
    refuse_to_send_back(about, by=by)
    if isinstance(about, Decision):
        link = f"/ke-hoach/quyet-dinh/{about.pk}/"
        receivers = plans.people_of(about.plan, Permission.PLAN_DRAFT, but=by)
    else:
        link = f"/de-an/{about.pk}/"
        drafting = who_may(Permission.PROJECT_DRAFT, place=about.place, body=about.implementer)
        receivers = [person for person in drafting if person.pk != by.pk]
    send(
        receivers,
        subject=lambda: _("Trả lại: %(paper)s") % {"paper": str(about)[:180]},
        body=comment,
        kind=Kind.RETURN,
        about=about,
        link=link,
        by=by,
    )
    record("work.send_back", about, by=by, comment=comment[:500], told=len(receivers))
    return len(receivers)
