from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents.enums import PaperKind
from khuyencong.needs import operations
from khuyencong.needs.enums import NeedState
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Call, Need, SurveyPlan, Visit
from khuyencong.people.models import User
from khuyencong.people.queries import holders
from khuyencong.web.common.doors import for_holders, for_those_here, said_no
from khuyencong.web.common.papers import signed_paper, store_all
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.surveys import forms


def _plans(user):
    """Tours of the calls that this person may see, with how many stops were made."""
    return (
        SurveyPlan.objects.filter(call__in=Call.objects.visible_to(user))
        .select_related("call__province")
        .annotate(stops=Count("visits"), made=Count("visits", filter=Q(visits__surveyed_on__isnull=False)))
    )


@reads
def plan_list(request):
    return render(
        request,
        "desk/surveys/list.html",
        {
            "page": Paginator(_plans(request.user).order_by("-starts_on", "-pk"), 50).get_page(
                request.GET.get("trang")
            ),
            "may_plan": request.user.holds(Permission.SURVEY_PLAN),
            "today": clock.today(),
        },
    )


@reads
def plan_page(request, pk):
    plan = get_object_or_404(_plans(request.user), pk=pk)
    visits = (
        Visit.objects.filter(plan=plan, need__in=Need.objects.visible_to(request.user))
        .select_related("need__commune", "paper")
        .order_by("order", "pk")
    )
    return render(
        request,
        "desk/surveys/page.html",
        {
            "plan": plan,
            "visits": visits,
            "team": plan.team.order_by("pk"),
            "may_record": request.user.may(Permission.SURVEY_RECORD, place=plan.call.province),
        },
    )


@step
def plan(request):
    for_holders(request.user, Permission.SURVEY_PLAN)
    scope = request.user.scope(Permission.SURVEY_PLAN)
    needs = (
        Need.objects.within(scope)
        .filter(state=NeedState.CONFIRMED)
        .select_related("commune", "province")
        .order_by("commune__sort_key", "pk")
    )
    calls = Call.objects.visible_to(request.user).select_related("province").order_by("-year")
    place = request.frame.province
    people = User.objects.filter(pk__in=[person.pk for person in holders("centre_officer", place=place)])
    form = bind(forms.PlanForm, request, calls=calls, people=people, needs=needs)

    def do(data):
        return operations.plan_survey(data.pop("call"), by=request.user, on=clock.today(), **data)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Khảo sát"), reverse("surveys:list"))],
        title=_("Xếp lịch khảo sát"),
        sub=_("Chọn ngày, đoàn và các nhu cầu xã đã xác nhận."),
        button=_("Xếp lịch khảo sát"),
        number=needs.count(),
        template="desk/surveys/plan.html",
        to=lambda made: reverse("surveys:page", args=[made.pk]),
        done=_("Đã xếp lịch khảo sát."),
    )


def _visit(request, pk) -> Visit:
    return get_object_or_404(
        Visit.objects.filter(need__in=Need.objects.visible_to(request.user)).select_related(
            "need__commune__province", "need__province", "plan"
        ),
        pk=pk,
    )


@step
def survey(request, pk):
    visit = _visit(request, pk)
    for_those_here(request.user, Permission.SURVEY_RECORD, place=visit.need.commune or visit.need.province)
    form = bind(forms.SurveyForm, request, initial={"on": clock.today()})

    def do(data):
        paper = signed_paper(
            form,
            kind=PaperKind.SURVEY_RECORD,
            by=request.user,
            province=visit.need.province,
            commune=visit.need.commune,
        )
        photos = store_all(data["photos"], by=request.user)
        names = ("on", "findings", "investment")
        return operations.survey(
            visit, by=request.user, paper=paper, photos=photos, **{name: data[name] for name in names}
        )

    back = reverse("surveys:page", args=[visit.plan_id])
    return step_page(
        request,
        form,
        do,
        trail=[(_("Khảo sát"), reverse("surveys:list")), (visit.plan.name, back)],
        title=_("Kết quả khảo sát"),
        refusal=said_no(LIFECYCLE.check, "survey", visit.need.state),
        paper=PaperKind.SURVEY_RECORD,
        sub=str(visit.need),
        button=_("Ghi kết quả khảo sát"),
        to=back,
        done=_("Đã ghi kết quả khảo sát."),
    )


@step
def unplan(request, pk):
    visit = _visit(request, pk)
    for_those_here(request.user, Permission.SURVEY_PLAN, place=visit.need.commune or visit.need.province)
    back = reverse("surveys:page", args=[visit.plan_id])
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        form,
        lambda data: operations.unplan_survey(visit, by=request.user, **data),
        trail=[(_("Khảo sát"), reverse("surveys:list")), (visit.plan.name, back)],
        title=_("Bỏ khỏi lịch khảo sát"),
        refusal=said_no(LIFECYCLE.check, "unplan_survey", visit.need.state),
        sub=str(visit.need),
        button=_("Bỏ khỏi lịch"),
        to=back,
        done=_("Nhu cầu chờ chuyến khác."),
    )
