"""Bodies: listed, entered, corrected, ended, succeeded."""

import django_filters
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.organisations import operations, queries
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.models import Area, Organisation
from khuyencong.organisations.rules import open_code
from khuyencong.places.enums import Level
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.names import former_told, name_rows
from khuyencong.web.common.parts import Event, Offer
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.organisations import forms
from khuyencong.web.desk.organisations.views.shared import body_of, managed, page_of, provinces, step_of, tabs

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Tổ chức"),
        sort="sort_key",
        url=lists.page("organisations:page"),
        small=lambda body: former_told(body) or body.address,
    ),
    lists.Column("kind", gettext_lazy("Loại"), value="get_kind_display", sort="kind"),
    lists.Column("place", gettext_lazy("Địa bàn"), value=lambda body: body.place or _("Trung ương")),
    lists.Column("tax_code", gettext_lazy("Mã số thuế"), value=lambda body: open_code(body.tax_code), sort="tax_code"),
    lists.Column(
        "active",
        gettext_lazy("Trạng thái"),
        kind="state",
        value=lambda body: _("đã chấm dứt") if body.ended_on else _("đang hoạt động"),
        mark=lambda body: "stop" if body.ended_on else "done",
        sort="ended_on",
    ),
    lists.Column("ended_on", gettext_lazy("Chấm dứt từ"), kind="day", sort="ended_on", shown=False),
)


class OrganisationFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=provinces, empty_label=gettext_lazy("Cả nước")
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Loại"), choices=Kind, empty_label=gettext_lazy("Mọi loại"))
    ended = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[("1", gettext_lazy("Đang hoạt động")), ("0", gettext_lazy("Đã chấm dứt"))],
        empty_label=gettext_lazy("Tất cả"),
        method="by_life",
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên"))

    def by_life(self, queryset, name, value):
        return queryset.filter(ended_on__isnull=value == "1")


@reads
def organisation_list(request):
    acts = []
    if request.user.holds(Permission.CATALOGUE_MANAGE):
        acts.append(lists.Act(_("Thêm tổ chức"), reverse("organisations:register")))
    return lists.answer(
        request,
        Organisation.objects.filter(is_establishment=False).select_related(
            "place"
        ),  # establishments have their own desk
        columns=COLUMNS,
        filters=OrganisationFilter,
        order="sort_key",
        name="to-chuc",
        title=_("Tổ chức"),
        sub=_("Cơ quan nhà nước, trung tâm, trường, viện và đơn vị cung cấp dịch vụ tham gia khuyến công."),
        unit=_("tổ chức"),
        empty=_("Chưa có tổ chức nào. Bấm “Thêm tổ chức” để bắt đầu."),
        acts=acts,
        views=tabs(request, "list"),
    )


def _offers(body, user):
    may = user.may(Permission.CATALOGUE_MANAGE, place=body.place)
    if not may:
        return []
    offers = [Offer(_("Sửa thông tin"), reverse("organisations:change", args=[body.pk]))]
    if body.ended_on is None:
        offers.append(Offer(_("Ghi nhận đổi tên"), reverse("organisations:rename", args=[body.pk])))
        if body.kind == Kind.CENTRE:
            offers.append(Offer(_("Giao cụm địa bàn"), reverse("organisations:set_area", args=[body.pk])))
        offers.append(Offer(_("Ghi nhận kế thừa"), reverse("organisations:succeed", args=[body.pk])))
        offers.append(Offer(_("Ghi nhận chấm dứt"), reverse("organisations:end", args=[body.pk])))
    offers.append(Offer(_("Ghi tên cũ"), reverse("organisations:record_former_name", args=[body.pk])))
    return offers


@reads
def organisation_page(request, pk):
    body = body_of(pk)
    areas = Area.objects.filter(organisation=body).prefetch_related("communes").order_by("name", "pk")
    may, history = request.user.may(Permission.CATALOGUE_MANAGE, place=body.place), history_of(body)
    life = [Event(event.label.capitalize(), event.on or event.at, who=event.actor) for event in reversed(history)]
    names = name_rows(
        body,
        queries.former_names(body),
        since=body.founded_on,
        events=history,
        removal=(lambda row: reverse("organisations:remove_former_name", args=[row.pk])) if may else None,
    )
    return render(
        request,
        "desk/organisations/page.html",
        {
            "body": body,
            "tax_code": open_code(body.tax_code),
            "offers": _offers(body, request.user),
            "areas": areas,
            "names": names,
            "removes_names": may,
            "may_draw": may,
            "successors": queries.successors(body),
            "predecessors": queries.predecessors(body),
            "members": body.members.order_by("sort_key"),
            "life": life,
        },
    )


@step
def register(request):
    for_holders(request.user, Permission.CATALOGUE_MANAGE)
    form = bind(forms.OrganisationForm, request, user=request.user)
    return step_of(
        request,
        form,
        lambda data: operations.register(**form.facts(), by=request.user),
        title=_("Thêm tổ chức"),
        sub=_("Cơ sở công nghiệp nông thôn được ghi danh ở mục Cơ sở."),
        button=_("Thêm tổ chức"),
        to=page_of,
        done=_("Đã thêm tổ chức."),
    )


@step
def change(request, pk):
    body = managed(request, pk)
    place = body.place
    initial = {
        name: getattr(body, name)
        for name in ("name", "short_name", "kind", "tax_code", "parent", "address", "phone", "email", "founded_on")
    }
    initial["fields_of_work"] = body.fields
    initial["province"] = body.province_id
    initial["commune"] = place.pk if place and place.level == Level.COMMUNE else None
    form = bind(forms.OrganisationForm, request, user=request.user, initial=initial)
    form.fields["name"].help_text = _("Chỉ sửa khi ghi sai. Đơn vị đổi tên theo văn bản thì dùng “Ghi nhận đổi tên”.")
    return step_of(
        request,
        form,
        lambda data: operations.change(body, **form.facts(), by=request.user),
        title=_("Sửa thông tin"),
        sub=body.name,
        button=_("Lưu thay đổi"),
        body=body,
        to=page_of,
        done=_("Đã lưu."),
    )


@step
def end(request, pk):
    body = managed(request, pk)
    return step_of(
        request,
        bind(forms.EndForm, request),
        lambda data: operations.end(body, by=request.user, on=data["on"], reason=data["reason"]),
        title=_("Ghi nhận chấm dứt"),
        sub=body.name,
        button=_("Ghi nhận chấm dứt"),
        body=body,
        to=page_of,
        done=_("Đã ghi nhận."),
    )


@step
def succeed(request, pk):
    body = managed(request, pk)
    return step_of(
        request,
        bind(forms.SuccessionForm, request),
        lambda data: operations.succeed(body, new=data["new"], by=request.user, on=data["on"], basis=data["basis"]),
        title=_("Ghi nhận kế thừa"),
        sub=_("%(name)s chấm dứt vào ngày kế thừa; hồ sơ cũ giữ nguyên.") % {"name": body.name},
        button=_("Ghi nhận kế thừa"),
        body=body,
        to=page_of(body),
        done=_("Đã ghi nhận."),
    )
