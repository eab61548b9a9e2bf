"""One project before a council: sheets, conflicts of interest, what all said together."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.councils import operations, queries
from khuyencong.councils.enums import Basis, MemberRole
from khuyencong.councils.models import Sheet
from khuyencong.councils.operations.sheets import shut_out
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import queries as projects
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.councils import forms
from khuyencong.web.desk.councils.views.shared import (
    council_of,
    may_form,
    may_lead,
    may_type,
    page_of,
    project_of,
    subject_url,
    trail_to,
    waiting,
)
from khuyencong.web.desk.projects.opinions import opinions_of


def _judged(request, pk, project):
    """The council, the project before it, and the seat from which this sheet is written: one's own, or of who gave a signed
    sheet, for those alone who may type it."""
    council, subject = council_of(request, pk), project_of(request, project)
    asked = request.POST.get("member") or request.GET.get("thanh-vien") or ""
    if asked.isdecimal():
        seat = get_object_or_404(council.members.select_related("council", "organisation"), pk=asked)
    else:
        seat = queries.seat_of(request.user, council)
    if (seat is None or seat.user_id != request.user.pk) and not may_type(request.user, council):
        raise Http404
    return council, subject, seat


@reads
def subject_page(request, pk, project):
    """Who said what of one project, who must not, and what all said together."""
    council, subject = council_of(request, pk), project_of(request, project)
    members = [member for member in queries.members_of(council) if member.left_on is None]
    read = queries.open_to(request.user).filter(pk=council.pk).exists()
    sheets = {sheet.member_id: sheet for sheet in queries.sheets_on(subject.uid, council=council)} if read else {}
    said = queries.questions(council, subjects=[projects.subject_of(subject)]).get(subject.uid, [])
    running = council.dissolved_on is None and projects.waits_before(council, subject)
    heads = [m for m in members if m.user_id and m.role in (MemberRole.CHAIR, MemberRole.SECRETARY)]
    form = may_form(request.user, council)
    mine = [member for member in heads if member.user_id == request.user.pk]
    in_way = any(one.member.user_id == request.user.pk and (one.excuses or one.is_open) for one in said)
    rows = []
    for member in members:
        own = [question for question in said if question.member.pk == member.pk]
        rows.append(
            {
                "member": member,
                "sheet": sheets.pop(member.pk, None),
                "out": any(question.excuses for question in own),
                "waits": any(question.is_open for question in own),
            }
        )
    rows += [{"member": sheet.member, "sheet": sheet, "out": False, "waits": False} for sheet in sheets.values()]
    return render(
        request,
        "desk/councils/subject.html",
        {
            "council": council,
            "project": subject,
            "trail": trail_to(council),
            "rows": rows,
            "read": read,
            "verdict": queries.verdicts([subject.uid], council=council).get(subject.uid),
            "means": queries.criterion_means(subject.uid, council=council),
            "questions": [{"it": one, "may": running and _may_settle(request.user, one, heads, form)} for one in said],
            "open": len(queries.open_in(said)),
            "see_evidence": form or bool(mine),
            "votes": [vote for vote in queries.votes_on(subject.uid) if vote.session.council_id == council.pk],
            "seat": next((member for member in members if member.user_id == request.user.pk), None),
            "seat_out": any(question.excuses and question.member.user_id == request.user.pk for question in said),
            "may_type": (form or any(member.role == MemberRole.SECRETARY for member in mine)) and not in_way,
            "running": running,
            **opinions_of(request.user, subject),
        },
    )


def _may_settle(user, question, heads, form) -> bool:
    """As the act asks it: the chair or the secretary, never one's own; without them who forms the council."""
    if not question.is_open or question.member.user_id == user.pk:
        return False
    others = [head for head in heads if head.user_id != question.member.user_id]
    return any(head.user_id == user.pk for head in others) if others else form


@step
def sheet(request, pk, project):
    council, subject, seat = _judged(request, pk, project)
    if seat is None:
        return render(
            request,
            "desk/councils/choose.html",
            {
                "council": council,
                "project": subject,
                "members": [m for m in queries.members_of(council) if not m.left_on],
            },
        )
    kept = _kept(request.user, seat, subject)
    on = parse_day(request.POST.get("on", "")) or (kept.on if kept else clock.today())
    form = bind(
        forms.SheetForm, request, criteria=queries.criteria_of(council, on=on), initial={"on": on, **_as_given(kept)}
    )
    told, own = projects.subject_of(subject), seat.user_id == request.user.pk
    refusal = shut_out(seat, subject=told)
    if not (refusal or own):
        refusal = queries.bound(request.user, council=council, subject=told)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.APPRAISAL, by=request.user)  # of no territory: as the sheet itself
        return operations.score(
            seat,
            subject=waiting(council, subject, told),
            marks=form.marks(),
            scores=form.scores(),
            conclusion=data["conclusion"],
            comment=data["comment"],
            by=request.user,
            on=data["on"],
            paper=paper,
        )

    return act(
        request,
        form,
        do,
        template="desk/councils/sheet.html",
        context={
            "council": council,
            "project": subject,
            "seat": seat,
            "own": own,
            "refusal": refusal,
            "parts": projects.parts_of(subject),
            **opinions_of(request.user, subject),
            "back": page_of(council),
        },
        to=page_of(council),
        done=_("Đã ghi phiếu thẩm định."),
    )


def _kept(user, seat, subject):
    """The sheet that was given from this seat, for its judge and for those who may read it."""
    if seat.user_id != user.pk and not queries.open_to(user).filter(pk=seat.council_id).exists():
        return None
    return Sheet.objects.filter(member=seat, subject_uid=subject.uid).prefetch_related("points", "scores").first()


def _as_given(kept) -> dict:
    if kept is None:
        return {}
    initial = {"conclusion": kept.conclusion, "comment": kept.comment}
    for point in kept.points.all():
        initial |= {f"result_{point.point}": point.result, f"comment_{point.point}": point.comment}
    return initial | {f"score_{one.number}": one.score for one in kept.scores.all()}


@step
def declare_conflict(request, pk, project):
    council, subject, seat = _judged(request, pk, project)
    if seat is None:
        seat = get_object_or_404(council.members, user=request.user, left_on=None)
    form = bind(forms.ConflictForm, request)
    return step_page(
        request,
        form,
        lambda data: operations.declare_conflict(
            seat,
            subject=waiting(council, subject, projects.subject_of(subject)),
            reason=data["reason"],
            by=request.user,
        ),
        trail=trail_to(council),
        title=_("Khai xung đột lợi ích"),
        sub=str(subject),
        button=_("Tôi không chấm đề án này"),
        to=page_of(council),
        done=_("Đã ghi xung đột lợi ích; bạn không chấm đề án này."),
    )


@step
def settle_conflict(request, pk, project, member, basis):
    council, subject = council_of(request, pk), project_of(request, project)
    seat = get_object_or_404(council.members.select_related("council", "organisation"), pk=member)
    if basis not in Basis.values:
        raise Http404
    operations.settles(seat, by=request.user)
    told = projects.subject_of(subject)
    question = next((q for q in queries.questions_of(seat, subject=told) if q.basis == basis), None)
    form = bind(forms.SettleForm, request)
    return step_page(
        request,
        form,
        lambda data: operations.settle_conflict(
            seat, subject=waiting(council, subject, told), basis=basis, by=request.user, **data
        ),
        trail=[*trail_to(council), (str(subject.code), subject_url(council, subject))],
        title=_("Xử lý dấu hiệu xung đột lợi ích"),
        sub=_("%(member)s và %(project)s") % {"member": seat.name, "project": subject},
        law=[
            _("Hệ thống chỉ so dữ liệu; trùng dữ liệu chưa phải là xung đột lợi ích. Hãy hỏi lại thành viên."),
            _("Chưa xử lý thì thành viên chưa chấm được và hội đồng chưa biểu quyết được đề án này."),
        ],
        beside=True,
        question=question,
        see=may_lead(request.user, council),
        template="desk/councils/settle.html",
        refusal=""
        if question and question.is_open
        else _("Không còn dấu hiệu nào loại này của %(name)s cần xử lý với đề án này.") % {"name": seat.name},
        after=[_("Cách xử lý, lý do và tên bạn hiện ở hồ sơ hội đồng và trong nhật ký.")],
        button=_("Ghi cách xử lý"),
        to=subject_url(council, subject),
        done=_("Đã ghi cách xử lý."),
    )
