"""Councils: listed, formed, peopled, ended; the projects that wait before one."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.councils import operations, queries
from khuyencong.councils.enums import Kind, MemberRole, Tier
from khuyencong.councils.models import Member, Sheet
from khuyencong.councils.operations.formation import PAPERS
from khuyencong.projects import queries as projects
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.councils import forms
from khuyencong.web.desk.councils.views.shared import (
    council_of,
    ended,
    for_who_forms,
    may_form,
    may_lead,
    page_of,
    trail_to,
)

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Hội đồng, cán bộ"),
        sort="name",
        url=lists.page("councils:page"),
        small=lambda council: council.place or council.get_tier_display(),
    ),
    lists.Column("kind", gettext_lazy("Hình thức"), value=lambda council: council.get_kind_display(), sort="kind"),
    lists.Column("tier", gettext_lazy("Cấp thẩm định"), value=lambda council: council.get_tier_display(), sort="tier"),
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
        sub=_("Hội đồng, cán bộ thẩm định đề án: thành viên, xung đột lợi ích, phiếu, biểu quyết và biên bản."),
        unit=_("hội đồng"),
        empty=_("Chưa có hội đồng nào. Bấm “Lập hội đồng” để ghi quyết định thành lập.")
        if acts
        else _("Chưa có hội đồng nào trong địa bàn của bạn."),
        acts=acts,
    )


@step
def form_council(request):
    for_holders(request.user, Permission.COUNCIL_FORM)
    ministry = request.user.scope(Permission.COUNCIL_FORM).whole_country
    options = {} if ministry else {"user": request.user}
    initial = {"kind": Kind.APPRAISAL, "province": None if ministry else request.frame.province_id}
    kind = forms.MinistryCouncilForm if ministry else forms.CouncilForm
    form = bind(kind, request, initial=initial, **options)

    def do(data):
        paper = signed_paper(form, kind=PAPERS[Kind(data["kind"])], by=request.user, province=data.get("province"))
        return operations.form(
            kind=data["kind"],
            tier=Tier.MINISTRY if ministry else Tier.BASE,
            name=data["name"],
            province=data.get("province"),
            commune=data.get("commune"),
            by=request.user,
            on=form.legal_day,
            paper=paper,
        )

    return step_page(
        request,
        form,
        do,
        trail=trail_to(),
        title=_("Lập hội đồng cấp Bộ") if ministry else _("Lập hội đồng"),
        sub=_("Theo quyết định thành lập hội đồng, hoặc quyết định phân công cán bộ thẩm định, đã ký."),
        button=_("Lập hội đồng"),
        to=page_of,
        done=_("Đã lập hội đồng. Tiếp theo: ghi thành viên."),
    )


@reads
def council_page(request, pk):
    council = council_of(request, pk)
    members = queries.members_of(council)
    seat = next((m for m in members if m.user_id == request.user.pk and m.left_on is None), None)
    may = may_form(request.user, council)
    sessions = list(council.sessions.select_related("minutes").order_by("-on"))
    read = queries.open_to(request.user).filter(pk=council.pk).exists()
    return render(
        request,
        "desk/councils/page.html",
        {
            "council": council,
            "members": members,
            "sitting": sum(member.left_on is None for member in members),
            "sessions": sessions,
            "opens": [session.minutes_id for session in sessions] if read else [],
            "rows": _rows(request, council, seat),
            "criteria": queries.criteria_of(council, on=clock.today()),
            "seat": seat,
            "may_form": may,
            "may_lead": may or may_lead(request.user, council),
            "may_type": seat is not None or may,
            "running": council.dissolved_on is None,
        },
    )


def _rows(request, council, seat):
    """The projects before a council: what its sheets say, what still stands in the way, one's own sheet."""
    waiting = projects.before_council(council, user=request.user)
    uids = [project.uid for project in waiting]
    verdicts = queries.verdicts(uids, council=council)
    running = council.dissolved_on is None
    said = queries.questions(council, subjects=list(projects.subjects_of(waiting).values())) if running else {}
    totals = {}
    if seat is not None:
        own = queries.with_totals(Sheet.objects.filter(member=seat, subject_uid__in=uids))
        totals = {sheet.subject_uid: sheet for sheet in own}
    votes = projects.last_votes(council, uids)
    rows = []
    for project in waiting:
        asked = said.get(project.uid, [])
        mine = [question for question in asked if seat is not None and question.member.pk == seat.pk]
        rows.append(
            {
                "project": project,
                "verdict": verdicts.get(project.uid),
                "vote": votes.get(project.uid),
                "open": len(queries.open_in(asked)),
                "mine": totals.get(project.uid),
                "shut": any(question.excuses for question in mine),
                "waits": any(question.is_open for question in mine),
                "still": projects.waits_before(council, project),
            }
        )
    return rows


@step
def add_member(request, pk):
    council = council_of(request, pk)
    for_who_forms(request.user, council)
    form = bind(forms.MemberForm, request, council=council, user=request.user, initial={"role": MemberRole.MEMBER})
    return step_page(
        request,
        form,
        lambda data: operations.add_member(council, by=request.user, **data),
        trail=trail_to(council),
        title=_("Thêm thành viên"),
        refusal=ended(council),
        sub=council.name,
        button=_("Thêm thành viên"),
        to=page_of(council),
        done=lambda member: _("Đã thêm %(name)s.") % {"name": member.name},
    )


@writes
def remove_member(request, pk, member):
    council = council_of(request, pk)
    seat = get_object_or_404(Member.objects.select_related("council"), council=council, pk=member)
    operations.remove_member(seat, by=request.user, on=clock.today())
    return page_of(council)


@writes
def dissolve(request, pk):
    council = council_of(request, pk)
    operations.dissolve(council, by=request.user, on=clock.today())
    return page_of(council)
