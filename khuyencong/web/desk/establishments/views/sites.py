"""Craft villages and industrial clusters."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments import operations, queries
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
)
from khuyencong.web.common import lists, parts
from khuyencong.web.common.doors import for_holders, for_those_here
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.establishments import forms
from khuyencong.web.desk.establishments.views.shared import events_of, step_page


def _tabs(current):
    return [
        parts.Tab(_("Làng nghề"), reverse("establishments:sites"), current=current == "villages"),
        parts.Tab(_("Cụm công nghiệp"), reverse("establishments:clusters"), current=current == "clusters"),
    ]


def _provincial(request) -> bool:
    """Whether this person enters what a province decides: recognitions, clusters."""
    province = request.frame.province
    return province is not None and request.user.may(Permission.ESTABLISHMENT_EDIT, place=province)


def _recognised(village):
    held = [r for r in village.recognitions.all() if r.holds_on(clock.today())]
    return ", ".join(r.get_kind_display() for r in held) if held else _("Chưa hoặc không còn được công nhận")


VILLAGE_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Làng nghề"),
        sort="folded",
        url=lists.page("establishments:village"),
        small=lambda v: str(v.commune or v.province),
    ),
    lists.Column("craft", gettext_lazy("Nghề")),
    lists.Column(
        "recognised",
        gettext_lazy("Công nhận"),
        kind="state",
        value=_recognised,
        mark=lambda v: "done" if any(r.holds_on(clock.today()) for r in v.recognitions.all()) else "stop",
    ),
    lists.Column("members", gettext_lazy("Cơ sở"), kind="number"),
)


@reads
def sites(request):
    act_ = [lists.Act(_("Thêm làng nghề"), reverse("establishments:register_village"))] if _provincial(request) else []
    return lists.answer(
        request,
        queries.villages(request.user, province=request.frame.province_id),
        columns=VILLAGE_COLUMNS,
        filters=forms.SiteFilter,
        order="folded",
        name="lang-nghe",
        title=_("Làng nghề"),
        sub=_("Nơi sản xuất trong làng nghề được công nhận thuộc địa bàn được hỗ trợ."),
        unit=_("làng nghề"),
        empty=_("Chưa có làng nghề nào."),
        acts=act_,
        views=_tabs("villages"),
    )


CLUSTER_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cụm công nghiệp"),
        sort="folded",
        url=lists.page("establishments:cluster"),
        small=lambda c: str(c.commune or c.province),
    ),
    lists.Column("founded_on", gettext_lazy("Thành lập"), kind="day", sort="founded_on"),
    lists.Column("area_ha", gettext_lazy("Diện tích (ha)"), kind="number", sort="area_ha"),
    lists.Column("ended_on", gettext_lazy("Rút, bãi bỏ"), kind="day"),
    lists.Column("members", gettext_lazy("Cơ sở"), kind="number"),
)


@reads
def clusters(request):
    act_ = (
        [lists.Act(_("Thêm cụm công nghiệp"), reverse("establishments:found_cluster"))] if _provincial(request) else []
    )
    return lists.answer(
        request,
        queries.clusters(request.user, province=request.frame.province_id),
        columns=CLUSTER_COLUMNS,
        filters=forms.SiteFilter,
        order="folded",
        name="cum-cong-nghiep",
        title=_("Cụm công nghiệp"),
        sub=_("Cụm công nghiệp với ngày thành lập và ngày rút, bãi bỏ."),
        unit=_("cụm"),
        empty=_("Chưa có cụm công nghiệp nào."),
        acts=act_,
        views=_tabs("clusters"),
    )


def _site(request, model, pk):
    return get_object_or_404(
        model.objects.within(request.user.scope()).select_related("province", "commune__province"), pk=pk
    )


def _members(request, **where):
    rows = Establishment.objects.visible_to(request.user).active().filter(**where).select_related("commune", "province")
    return rows.order_by("sort_key")[:100]


@reads
def village_page(request, pk):
    village = _site(request, CraftVillage, pk)
    recognitions = list(village.recognitions.order_by("-valid_from", "-pk").select_related("paper"))
    return render(
        request,
        "desk/establishments/village.html",
        {
            "village": village,
            "recognitions": recognitions,
            "holds": [r for r in recognitions if r.holds_on(clock.today())],
            "members": _members(request, craft_village=village),
            "may_enter": request.user.may(Permission.ESTABLISHMENT_EDIT, place=village.province),
            "events": events_of(village),
        },
    )


@reads
def cluster_page(request, pk):
    cluster = _site(request, Cluster, pk)
    return render(
        request,
        "desk/establishments/cluster.html",
        {
            "cluster": cluster,
            "exists": cluster.exists_on(clock.today()),
            "members": _members(request, cluster=cluster),
            "may_enter": request.user.may(Permission.ESTABLISHMENT_EDIT, place=cluster.province),
            "events": events_of(cluster),
        },
    )


@step
def register_village(request):
    for_holders(request.user, Permission.ESTABLISHMENT_EDIT)
    form = bind(
        forms.VillageForm,
        request,
        user=request.user,
        permission=Permission.ESTABLISHMENT_EDIT,
        initial={"province": request.frame.province_id},
    )
    return step_page(
        request,
        form,
        lambda data: operations.register_village(
            by=request.user, name=data["name"], craft=data["craft"], commune=data["commune"]
        ),
        title=_("Thêm làng nghề"),
        button=_("Thêm làng nghề này"),
        to=lambda made: reverse("establishments:village", args=[made.pk]),
        done=_("Đã thêm làng nghề. Hãy ghi nhận quyết định công nhận nếu đã có."),
    )


@step
def recognise_village(request, pk):
    village = _site(request, CraftVillage, pk)
    for_those_here(request.user, Permission.ESTABLISHMENT_EDIT, place=village.province)
    form = bind(forms.RecogniseForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=village.province)
        return operations.recognise_village(
            village, kind=data["kind"], decision="", by=request.user, on=data["on"], paper=paper
        )

    return step_page(
        request,
        form,
        do,
        title=_("Ghi nhận công nhận làng nghề"),
        on=village,
        button=_("Ghi nhận công nhận"),
        done=_("Đã ghi nhận quyết định công nhận."),
    )


@step
def withdraw_village(request, pk):
    recognition = get_object_or_404(
        CraftVillageRecognition.objects.filter(
            village__in=CraftVillage.objects.within(request.user.scope())
        ).select_related("village__province"),
        pk=pk,
    )
    for_those_here(request.user, Permission.ESTABLISHMENT_EDIT, place=recognition.village.province)
    form = bind(forms.EndForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=recognition.village.province)
        return operations.withdraw_village(recognition, decision="", by=request.user, on=data["on"], paper=paper)

    return step_page(
        request,
        form,
        do,
        title=_("Ghi nhận thu hồi công nhận"),
        on=recognition.village,
        button=_("Ghi nhận thu hồi"),
        done=_("Đã ghi nhận quyết định thu hồi."),
    )


@step
def found_cluster(request):
    for_holders(request.user, Permission.ESTABLISHMENT_EDIT)
    form = bind(
        forms.ClusterForm,
        request,
        user=request.user,
        permission=Permission.ESTABLISHMENT_EDIT,
        initial={"province": request.frame.province_id},
    )

    def do(data):
        data.pop("province")
        return operations.found_cluster(by=request.user, **data)

    return step_page(
        request,
        form,
        do,
        title=_("Thêm cụm công nghiệp"),
        button=_("Thêm cụm công nghiệp này"),
        to=lambda made: reverse("establishments:cluster", args=[made.pk]),
        done=_("Đã thêm cụm công nghiệp."),
    )


@step
def end_cluster(request, pk):
    cluster = _site(request, Cluster, pk)
    for_those_here(request.user, Permission.ESTABLISHMENT_EDIT, place=cluster.province)
    form = bind(forms.EndForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=cluster.province)
        return operations.end_cluster(cluster, decision="", by=request.user, on=data["on"], paper=paper)

    return step_page(
        request,
        form,
        do,
        title=_("Ghi nhận rút, bãi bỏ cụm công nghiệp"),
        on=cluster,
        button=_("Ghi nhận rút, bãi bỏ"),
        done=_("Đã ghi nhận."),
    )
