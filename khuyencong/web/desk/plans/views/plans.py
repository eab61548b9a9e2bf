"""Plans in rows, opened, and one plan with its decisions."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.norms.enums import Level
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import Plan
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.parts import places
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import decimals_of, tabs


@reads
def plan_list(request):
    frame = request.frame
    wanted = request.GET.get("nam", "")
    year = int(wanted) if wanted.isdecimal() else None
    plans = queries.plans(request.user, year=year, province=frame.province_id)
    page = Paginator(plans, lists.ROWS).get_page(request.GET.get(lists.PAGE))
    found = list(page)
    sums = queries.standing_sums(found)
    return render(
        request,
        "desk/plans/list.html",
        {
            "rows": [{"plan": plan, "sums": sums[plan.pk]} for plan in found],
            "decimals": places(n for told in sums.values() for n in (told.national, told.local, told.counterpart)),
            "page": page,
            "year": year,
            "years": frame.years,
            "tabs": tabs("plans"),
            "may_open": request.user.holds(Permission.PLAN_DRAFT),
        },
    )


@step
def open_plan(request):
    for_holders(request.user, Permission.PLAN_DRAFT, Permission.IMPORT)
    initial = {"year": str(request.frame.year), "province": request.frame.province_id, "level": Level.PROVINCIAL}
    form = bind(forms.OpenForm, request, user=request.user, initial=initial)
    return step_page(
        request,
        form,
        lambda data: operations.open_plan(
            level=data["level"],
            year=data["year"],
            province=data["province"],
            commune=data["commune"],
            by=request.user,
        ),
        trail=[(_("Kế hoạch"), reverse("plans:list"))],
        title=_("Mở kế hoạch"),
        sub=_(
            "Mỗi tỉnh một kế hoạch cho mỗi cấp kinh phí, mỗi năm; xã, phường có kế hoạch riêng nếu có kinh phí cấp xã."
        ),
        button=_("Mở kế hoạch"),
        to=lambda plan: reverse("plans:page", args=[plan.pk]),
        done=_("Đã mở kế hoạch."),
    )


def plan_of(request, pk) -> Plan:
    """The plan, where this person may see it."""
    return get_object_or_404(Plan.objects.visible_to(request.user).select_related("province", "commune"), pk=pk)


@reads
def plan_page(request, pk):
    plan = plan_of(request, pk)
    typed = request.GET.get("ngay", "")
    day = parse_day(typed) if typed else clock.today()
    balances = queries.balances_of(plan, until=day if typed else None)
    drafts = []
    if queries.may_for(request.user, Permission.PLAN_DRAFT, plan):
        drafts = [(kind.value, _draft_label(kind)) for kind in reversed(DecisionKind)]
    links, version = queries.chain(plan), queries.as_of(plan, day or clock.today())
    amounts = [*(link.local for link in links), *(link.national for link in links), *(link.left for link in links)]
    amounts += [amount for told in balances.values() for amount in (told.allocated, told.committed)]
    return render(
        request,
        "desk/plans/page.html",
        {
            "plan": plan,
            "links": links,
            "version": version,
            "decimals": max(places(amounts), decimals_of(version.items)),
            "day_typed": typed,
            "day_wrong": bool(typed) and day is None,
            "balances": balances.items(),
            "reserve": sum(told.available for envelope, told in balances.items() if envelope.level == plan.level),
            "drafts": drafts,
            "candidates": queries.candidates(plan).count(),
        },
    )


def _draft_label(kind) -> str:
    return {
        DecisionKind.APPROVE: _("Lập đợt mới"),
        DecisionKind.ADJUST: _("Lập điều chỉnh"),
        DecisionKind.ADD: _("Lập bổ sung"),
        DecisionKind.STOP: _("Lập quyết định ngừng"),
    }[kind]


@writes
def draft_decision(request, pk):
    plan = plan_of(request, pk)
    kind = request.POST.get("kind", "")
    if kind not in DecisionKind.values:
        raise Invalid(kind=_("Hãy chọn loại quyết định."))
    decision = operations.draft_decision(plan, kind=kind, by=request.user)
    return reverse("plans:decision", args=[decision.pk])
