from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.councils import operations, queries
from khuyencong.councils.enums import MemberRole
from khuyencong.councils.models import Council, Member, Session, Sheet
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, reads, step, writes
from khuyencong.web.desk.councils import forms

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Hội đồng"),
        sort="name",
        url=lambda council: reverse("councils:page", args=[council.pk]),
        small=lambda council: council.commune or council.province,
    ),
    lists.Column("formed_on", gettext_lazy("Thành lập"), kind="day", sort="formed_on", small="paper.number"),
    lists.Column("dissolved_on", gettext_lazy("Kết thúc"), kind="day", sort="dissolved_on"),
    lists.Column("member_count", gettext_lazy("Thành viên"), kind="number"),
    lists.Column("sheet_count", gettext_lazy("Phiếu"), kind="number"),
)


@reads
def council_list(request):
    acts = []
    if request.user.holds(Permission.COUNCIL_FORM) or request.user.holds(Permission.PAPER_RECORD):
        acts.append(lists.Act(_("Lập hội đồng"), reverse("councils:form")))
    return lists.answer(
        request,
        queries.board(request.user),
        columns=COLUMNS,
        order="-formed_on",
        name="hoi-dong",
        title=_("Hội đồng"),
        sub=_("Hội đồng thẩm định đề án: thành viên, xung đột lợi ích, phiếu và biên bản."),
        unit=_("hội đồng"),
        empty=_("Chưa có hội đồng nào. Bấm “Lập hội đồng” để ghi quyết định thành lập."),
        acts=acts,
    )


def _found(request, pk) -> Council:
    here = Council.objects.visible_to(request.user).select_related("paper", "province", "commune")
    return get_object_or_404(here, pk=pk)


def _may_form(user, council) -> bool:
    place = council.commune or council.province
    return user.may(Permission.COUNCIL_FORM, place=place)


@step
def form_council(request):
    initial = {"province": request.frame.province_id, "points_each": 20}
    form = bind(forms.CouncilForm, request, user=request.user, initial=initial)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.COUNCIL_DECISION, by=request.user, province=data["province"])
        return operations.form(
            name=data["name"],
            province=data["province"],
            commune=data["commune"],
            points_each=data["points_each"],
            by=request.user,
            on=form.legal_day,
            paper=paper,
        )

    return step_page(
        request,
        form,
        do,
        trail=_trail(),
        title=_("Lập hội đồng"),
        sub=_("Theo quyết định thành lập đã ký."),
        button=_("Lập hội đồng"),
        to=lambda council: reverse("councils:page", args=[council.pk]),
        done=_("Đã lập hội đồng. Tiếp theo: ghi thành viên."),
    )


@reads
def council_page(request, pk):
    council = _found(request, pk)
    seat = queries.seat_of(request.user, council)
    waiting = list(
        Project.objects.visible_to(request.user)
        .filter(province=council.province, state="submitted")
        .select_related("implementer", "commune")
        .order_by("code")[:200]
    )
    verdicts = queries.verdicts([project.uid for project in waiting])
    mine = dict(Sheet.objects.filter(member=seat).values_list("subject_uid", "total")) if seat else {}
    shut = dict(seat.conflicts.values_list("subject_uid", "reason")) if seat else {}
    rows = [
        {
            "project": project,
            "verdict": verdicts.get(project.uid),
            "mine": mine.get(project.uid),
            "conflict": shut.get(project.uid),
        }
        for project in waiting
    ]
    return render(
        request,
        "desk/councils/page.html",
        {
            "council": council,
            "members": queries.members_of(council),
            "sessions": council.sessions.select_related("minutes").order_by("-on"),
            "rows": rows,
            "seat": seat,
            "may_form": _may_form(request.user, council),
            "may_type": seat is not None or _may_form(request.user, council),
            "running": council.dissolved_on is None,
        },
    )


@step
def add_member(request, pk):
    council = _found(request, pk)
    form = bind(forms.MemberForm, request, council=council, user=request.user, initial={"role": MemberRole.MEMBER})
    return step_page(
        request,
        form,
        lambda data: operations.add_member(council, by=request.user, **data),
        trail=_trail(council),
        title=_("Thêm thành viên"),
        sub=council.name,
        button=_("Thêm thành viên"),
        to=_page(pk),
        done=lambda member: _("Đã thêm %(name)s.") % {"name": member.name},
    )


def _trail(council=None):
    trail = [(_("Hội đồng"), reverse("councils:list"))]
    return [*trail, (council.name, _page(council.pk))] if council else trail


def _page(pk) -> str:
    return reverse("councils:page", args=[pk])


@writes
def remove_member(request, pk, member):
    seat = get_object_or_404(Member.objects.select_related("council"), council=_found(request, pk), pk=member)
    operations.remove_member(seat, by=request.user, on=clock.today())
    return _page(pk)


@writes
def dissolve(request, pk):
    operations.dissolve(_found(request, pk), by=request.user, on=clock.today())
    return _page(pk)


@step
def call_session(request, pk):
    council = _found(request, pk)
    form = bind(forms.SessionForm, request)
    return step_page(
        request,
        form,
        lambda data: operations.call_session(council, by=request.user, **data),
        trail=_trail(council),
        title=_("Định phiên họp"),
        sub=council.name,
        button=_("Ghi phiên họp"),
        to=_page(pk),
        done=_("Đã ghi phiên họp."),
    )


@step
def keep_minutes(request, pk, session):
    council = _found(request, pk)
    meeting = get_object_or_404(Session.objects.select_related("council"), council=council, pk=session)
    form = bind(forms.MinutesForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.MINUTES, by=request.user, province=council.province)
        return operations.keep_minutes(meeting, paper=paper, summary=data["summary"], by=request.user)

    return step_page(
        request,
        form,
        do,
        trail=_trail(council),
        title=_("Ghi biên bản họp"),
        paper=PaperKind.MINUTES,
        sub=council.name,
        button=_("Ghi biên bản"),
        to=_page(pk),
        done=_("Đã ghi biên bản."),
    )


def _judged(request, pk, project):
    """The council, the project before it, and the seat from which this sheet is written."""
    council = _found(request, pk)
    subject = get_object_or_404(
        Project.objects.visible_to(request.user).select_related("implementer", "province", "commune"), pk=project
    )
    asked = request.POST.get("member") or request.GET.get("thanh-vien") or ""
    if asked.isdigit():
        seat = get_object_or_404(council.members.select_related("council", "organisation"), pk=asked)
    else:
        seat = queries.seat_of(request.user, council)
    return council, subject, seat


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
    kept = Sheet.objects.filter(member=seat, subject_uid=subject.uid).prefetch_related("points").first()
    initial = {"on": clock.today()}
    if kept:
        initial |= {"conclusion": kept.conclusion, "comment": kept.comment, "on": kept.on}
        for point in kept.points.all():
            n = point.point
            initial |= {f"result_{n}": point.result, f"point_{n}": point.score, f"comment_{n}": point.comment}
    form = bind(forms.SheetForm, request, limit=council.points_each, initial=initial)
    told = projects.subject_of(subject)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.APPRAISAL, by=request.user, province=council.province)
        return operations.score(
            seat,
            subject=told,
            marks=form.marks(),
            conclusion=data["conclusion"],
            comment=data["comment"],
            by=request.user,
            on=data["on"],
            paper=paper,
        )

    declared = seat.conflicts.filter(subject_uid=subject.uid).first()
    return act(
        request,
        form,
        do,
        template="desk/councils/sheet.html",
        context={
            "council": council,
            "project": subject,
            "seat": seat,
            "own": seat.user_id == request.user.pk,
            "refusal": declared.reason if declared else operations.conflict_found(seat, subject=told),
            "parts": projects.parts_of(subject),
            "back": _page(pk),
        },
        to=_page(pk),
        done=lambda done: _("Đã ghi phiếu: %(total)s điểm.") % {"total": done.total},
    )


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
            seat, subject=projects.subject_of(subject), reason=data["reason"], by=request.user
        ),
        trail=_trail(council),
        title=_("Khai xung đột lợi ích"),
        sub=str(subject),
        button=_("Tôi không chấm đề án này"),
        to=_page(pk),
        done=_("Đã ghi xung đột lợi ích; bạn không chấm đề án này."),
    )
