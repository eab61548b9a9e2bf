"""The directory of experts and institutes."""

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.organisations import operations
from khuyencong.organisations.models import Expert
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.organisations import forms
from khuyencong.web.desk.organisations.views.shared import provinces, step_of, tabs

COLUMNS = (
    lists.Column("name", gettext_lazy("Chuyên gia, tổ chức"), sort="folded", small="note"),
    lists.Column("field", gettext_lazy("Lĩnh vực"), sort="field"),
    lists.Column("organisation", gettext_lazy("Thuộc tổ chức")),
    lists.Column("province", gettext_lazy("Tỉnh"), value=lambda expert: expert.province or _("cả nước")),
    lists.Column("contact", gettext_lazy("Liên hệ công việc")),
)


class ExpertFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=provinces, empty_label=gettext_lazy("Cả nước")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, lĩnh vực"))


@reads
def expert_list(request):
    may = request.user.holds(Permission.CATALOGUE_MANAGE)
    columns = COLUMNS
    if may:
        first = lists.Column(
            "name",
            gettext_lazy("Chuyên gia, tổ chức"),
            sort="folded",
            small="note",
            url=lists.page("organisations:change_expert"),
        )
        columns = (first, *COLUMNS[1:])
    return lists.answer(
        request,
        Expert.objects.select_related("organisation", "province"),
        columns=columns,
        filters=ExpertFilter,
        order=("field", "name"),
        name="chuyen-gia",
        title=_("Chuyên gia, tổ chức tư vấn"),
        sub=_("Danh bạ theo lĩnh vực, để mời thẩm định, tư vấn, đào tạo."),
        unit=_("dòng"),
        empty=_("Danh bạ chưa có ai. Người quản trị danh mục thêm chuyên gia tại đây."),
        acts=[lists.Act(_("Thêm chuyên gia"), reverse("organisations:add_expert"))] if may else [],
        views=tabs(request, "experts"),
    )


@step
def add_expert(request):
    for_holders(request.user, Permission.CATALOGUE_MANAGE)
    return step_of(
        request,
        bind(forms.ExpertForm, request, user=request.user),
        lambda data: operations.add_expert(**data, by=request.user),
        title=_("Thêm chuyên gia"),
        button=_("Thêm vào danh bạ"),
        to=reverse("organisations:experts"),
        done=_("Đã thêm vào danh bạ."),
    )


@step
def change_expert(request, pk):
    expert = get_object_or_404(Expert.objects.select_related("organisation", "province"), pk=pk)
    if not request.user.may(Permission.CATALOGUE_MANAGE, place=expert.province):
        raise Http404
    names = ("name", "field", "organisation", "contact", "note")
    initial = {name: getattr(expert, name) for name in names} | {"province": expert.province_id}
    return step_of(
        request,
        bind(forms.ExpertForm, request, user=request.user, initial=initial),
        lambda data: operations.change_expert(expert, **data, by=request.user),
        title=_("Sửa dòng danh bạ"),
        sub=expert.name,
        button=_("Lưu thay đổi"),
        to=reverse("organisations:experts"),
        done=_("Đã lưu."),
        template="desk/organisations/expert.html",
        removal=reverse("organisations:remove_expert", args=[expert.pk]),
    )


@writes
def remove_expert(request, pk):
    operations.remove_expert(get_object_or_404(Expert, pk=pk), by=request.user)
    return reverse("organisations:experts")
