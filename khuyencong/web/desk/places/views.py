"""The register of units through time: what a place is called today, what it was, what rules know of it."""

from datetime import timedelta

import django_filters
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import PriorityKind
from khuyencong.norms.rules import listed
from khuyencong.places import operations, queries
from khuyencong.places.enums import FactName, Level
from khuyencong.places.models import UNRECORDED, Unit
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_those_here
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.places import forms

LONGEST = 2_000  # addresses read at once on the page; more by the command


class UnitFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh, thành phố"),
        empty_label=gettext_lazy("Cả nước"),
        queryset=lambda request: Unit.objects.current().provinces().only("full_name").order_by("sort_key"),
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp"),
        choices=[(Level.PROVINCE, Level.PROVINCE.label), (Level.COMMUNE, Level.COMMUNE.label)],
        empty_label=gettext_lazy("Mọi cấp"),
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên"))


COLUMNS = (
    lists.Column("code", gettext_lazy("Mã"), sort="code"),
    lists.Column(
        "full_name",
        gettext_lazy("Tên"),
        sort="sort_key",
        url=lists.page("places:page"),
    ),
    lists.Column("province", gettext_lazy("Tỉnh, thành phố"), value=lambda unit: unit.province or ""),
    lists.Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
    lists.Column("area_km2", gettext_lazy("Diện tích (km²)"), kind="number", shown=False),
)


@reads
def unit_list(request):
    return lists.answer(
        request,
        Unit.objects.current().exclude(level=Level.DISTRICT).select_related("province"),
        columns=COLUMNS,
        filters=UnitFilter,
        order="sort_key",
        name="don-vi-hanh-chinh",
        title=_("Đơn vị hành chính"),
        sub=_("Danh mục hiện nay; mỗi đơn vị mở ra các đơn vị trước khi sắp xếp."),
        unit=_("đơn vị"),
        empty=_("Không có đơn vị nào khớp. Tên cũ thì dùng “Tra địa chỉ cũ”."),
        acts=[lists.Act(_("Tra địa chỉ cũ"), reverse("places:resolve"))],
    )


@reads
def unit_page(request, pk):
    unit = get_object_or_404(Unit.objects.select_related("province", "parent"), pk=pk)
    facts = list(unit.facts.order_by("name", "-valid_from"))
    if any(fact.name == FactName.PRIORITY_AREA for fact in facts):
        words = {area.code: area.text for area in _areas(unit, clock.today())}
        for fact in facts:
            if fact.name == FactName.PRIORITY_AREA:
                fact.value = "; ".join(words.get(code, code) for code in listed(fact.value))
    return render(
        request,
        "desk/places/page.html",
        {
            "unit": unit,
            "existed": _existed(unit),
            "today": () if unit.is_current else queries.today_of(unit),
            "before": unit.predecessions.select_related("old__parent", "old__province").order_by("old__sort_key"),
            "after": unit.successions.select_related("new__province").order_by("new__sort_key"),
            "facts": facts,
            "may_record": _may_record(request.user, unit),
        },
    )


def _existed(unit) -> str:
    """From when to when; the register does not tell the first day of what stood before it began."""
    if unit.is_current:
        return ""
    facts = {"first": f"{unit.valid_from:%d/%m/%Y}", "last": f"{unit.valid_to - timedelta(days=1):%d/%m/%Y}"}
    if unit.valid_from == UNRECORDED:
        return _("Đơn vị cũ, có đến hết ngày %(last)s.") % facts
    return _("Đơn vị cũ, có từ ngày %(first)s đến hết ngày %(last)s.") % facts


def _areas(unit, day) -> list:
    """The priority areas of the law on a day, for whose money is given here."""
    rows = norms.priorities(on=day, province=queries.province_today(unit))
    return [row for row in rows if row.kind == PriorityKind.AREA]


def _may_record(user, unit) -> bool:
    return user.may(Permission.CATALOGUE_MANAGE, place=queries.province_today(unit))


@reads
def resolve(request):
    """Addresses as people wrote them, one a line: the old unit, its successors today, and how sure that is."""
    typed = request.GET.get("dia-chi", "")
    lines = [line for line in typed.splitlines() if line.strip()][:LONGEST]
    read = queries.gazetteer().resolve if lines else None
    return render(
        request,
        "desk/places/resolve.html",
        {"typed": typed, "rows": [read(line) for line in lines] if read else []},
    )


@step
def record_fact(request, pk):
    unit = get_object_or_404(Unit.objects.select_related("province"), pk=pk)
    for_those_here(request.user, Permission.CATALOGUE_MANAGE, place=queries.province_today(unit))
    back = reverse("places:page", args=[pk])
    day = parse_day(request.POST.get("valid_from", "")) or clock.today()
    return step_page(
        request,
        bind(forms.FactForm, request, areas=_areas(unit, day), initial={"valid_from": day}),
        lambda data: operations.record_fact(unit, by=request.user, **data),
        trail=[(_("Đơn vị hành chính"), reverse("places:list")), (unit.full_name, back)],
        title=_("Ghi thuộc tính"),
        sub=unit.full_name,
        button=_("Ghi thuộc tính"),
        to=back,
        done=_("Đã ghi thuộc tính."),
    )
