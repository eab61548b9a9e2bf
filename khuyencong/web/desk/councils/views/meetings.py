"""Meetings: called, attended, voted, put into minutes."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.councils import operations, queries
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import queries as projects
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.councils import forms
from khuyencong.web.desk.councils.views.shared import (
    council_of,
    ended,
    for_who_forms,
    for_who_leads,
    may_lead,
    page_of,
    project_of,
    session_of,
    session_url,
    trail_to,
    waiting,
)
from khuyencong.web.desk.projects.opinions import opinions_of


@step
def call_session(request, pk):
    council = council_of(request, pk)
    for_who_forms(request.user, council)
    form = bind(forms.SessionForm, request)
    return step_page(
        request,
        form,
        lambda data: operations.call_session(council, by=request.user, **data),
        trail=trail_to(council),
        title=_("Định phiên họp"),
        refusal=ended(council),
        sub=council.name,
        button=_("Ghi phiên họp"),
        to=page_of(council),
        done=_("Đã ghi phiên họp."),
    )


@reads
def session_page(request, pk, session):
    meeting = session_of(request, pk, session)
    council = meeting.council
    waiting = projects.before_council(council, user=request.user)
    uids = [project.uid for project in waiting]
    votes = {vote.subject_uid: vote for vote in meeting.votes.all()}
    verdicts = queries.verdicts(uids, council=council)
    said = queries.questions(council, subjects=list(projects.subjects_of(waiting).values()))
    may = may_lead(request.user, council) and meeting.minutes is None
    reads_all = queries.open_to(request.user).filter(pk=council.pk).exists()
    rows = [
        {
            "project": project,
            "vote": votes.get(project.uid),
            "verdict": verdicts.get(project.uid),
            "open": len(queries.open_in(said.get(project.uid, []))),
            "still": projects.waits_before(council, project),
        }
        for project in waiting
        if project.uid in votes or (may and projects.waits_before(council, project))
    ]
    return render(
        request,
        "desk/councils/session.html",
        {
            "council": council,
            "session": meeting,
            "attended": queries.attended(meeting),
            "opens": [meeting.minutes_id] if reads_all else [],
            "prints": reads_all,
            "rows": rows,
            "may": may,
            "trail": trail_to(council),
        },
    )


def _kept_already(meeting) -> str:
    if meeting.minutes is None:
        return ""
    told = _("Phiên họp đã có biên bản %(minutes)s; thành phần và biểu quyết không sửa được nữa.")
    return told % {"minutes": meeting.minutes}


@step
def attend(request, pk, session):
    meeting = session_of(request, pk, session)
    for_who_leads(request.user, meeting.council)
    council = meeting.council
    seats = [m for m in queries.members_of(council) if m.left_on is None or m.left_on > meeting.on]
    told = queries.attended(meeting)
    there = told.present if told.recorded else seats
    form = bind(forms.AttendForm, request, seats=seats, initial={"present": [member.pk for member in there]})
    return step_page(
        request,
        form,
        lambda data: operations.attend(meeting, present=data["present"], by=request.user),
        trail=trail_to(council, meeting),
        title=_("Thành phần dự họp"),
        refusal=_kept_already(meeting),
        sub=council.name,
        button=_("Ghi thành phần dự họp"),
        to=session_url(meeting),
        done=_("Đã ghi thành phần dự họp."),
    )


@step
def vote(request, pk, session, project):
    meeting = session_of(request, pk, session)
    for_who_leads(request.user, meeting.council)
    council, subject = meeting.council, project_of(request, project)
    read = queries.open_to(request.user).filter(pk=council.pk).exists()
    sheets = queries.sheets_on(subject.uid, council=council) if read else []
    told = projects.subject_of(subject)
    said = queries.questions(council, subjects=[told]).get(subject.uid, [])
    kept = meeting.votes.filter(subject_uid=subject.uid).first()
    form = bind(forms.VoteForm, request, initial=_as_voted(kept, sheets, queries.attended(meeting), said))
    return step_page(
        request,
        form,
        lambda data: operations.vote(meeting, subject=waiting(council, subject, told), by=request.user, **data),
        trail=trail_to(council, meeting),
        title=_("Ghi biểu quyết"),
        refusal=_kept_already(meeting) or queries.bound(request.user, council=council, subject=told),
        sub=str(subject),
        beside=True,
        sheets=sheets,
        shows=lambda: {
            "means": queries.criterion_means(subject.uid, council=council),
            **opinions_of(request.user, subject),
        },
        questions=said,
        waiting=queries.open_in(said),
        council=council,
        project=subject,
        button=_("Ghi biểu quyết"),
        template="desk/councils/vote.html",
        to=session_url(meeting),
        done=lambda done: _("Đã ghi biểu quyết: %(result)s.") % {"result": done.get_conclusion_display()},
    )


def _as_voted(kept, sheets, told, said) -> dict:
    """What was written down before, else what the sheets of those who are there propose."""
    if kept is not None:
        return {name: getattr(kept, name) for name in ("passes", "completes", "fails", "conclusion", "opinion")}
    excused = {question.member.pk for question in said if question.excuses}
    there = {member.pk for member in told.present} - excused
    proposed = [sheet.conclusion for sheet in sheets if sheet.member_id in there]
    return {
        "passes": proposed.count("pass"),
        "completes": proposed.count("complete"),
        "fails": proposed.count("fail"),
    }


@step
def keep_minutes(request, pk, session):
    meeting = session_of(request, pk, session)
    for_who_leads(request.user, meeting.council)
    council = meeting.council
    form = bind(forms.MinutesForm, request)

    def do(data):
        paper = signed_paper(
            form, kind=PaperKind.MINUTES, by=request.user
        )  # of no territory: its readers are the council's
        return operations.keep_minutes(meeting, paper=paper, summary=data["summary"], by=request.user)

    return step_page(
        request,
        form,
        do,
        trail=trail_to(council, meeting),
        title=_("Ghi biên bản họp"),
        refusal=_kept_already(meeting),
        paper=PaperKind.MINUTES,
        sub=council.name,
        after=[_("Thành phần và biểu quyết của phiên họp không sửa được nữa.")],
        button=_("Ghi biên bản"),
        to=reverse("councils:session", args=[council.pk, meeting.pk]),
        done=_("Đã ghi biên bản."),
    )
