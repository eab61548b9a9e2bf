import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.organisations import operations, queries
from khuyencong.organisations.enums import ESTABLISHMENTS, ContactKind, Kind
from khuyencong.organisations.models import Area, Expert, Organisation
from khuyencong.organisations.rules import open_code
from khuyencong.places.enums import Level
from khuyencong.places.models import Unit
from khuyencong.web.common import lists
from khuyencong.web.common.parts import Event, Offer, Tab
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.organisations import forms

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Tổ chức"),
        sort="sort_key",
        url=lambda body: reverse("organisations:page", args=[body.pk]),
        small="address",
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

CONTACT_COLUMNS = (
    lists.Column("name", gettext_lazy("Họ tên"), sort="folded", small="title"),
    lists.Column("kind", gettext_lazy("Vai trò"), value="get_kind_display", sort="kind"),
    lists.Column("body", gettext_lazy("Đơn vị")),
    lists.Column("place", gettext_lazy("Địa bàn"), value=lambda contact: contact.commune or contact.province),
    lists.Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
)
# Numbers of telephones are shown to whoever may see personal data, and to nobody else.
CONTACT_PHONES = (
    lists.Column("phone", gettext_lazy("Điện thoại")),
    lists.Column("email", gettext_lazy("Thư điện tử"), shown=False),
)
CONTACT_REMOVAL = lists.Column(
    "remove",
    gettext_lazy("Việc"),
    value=lambda contact: _("Bỏ khỏi danh bạ"),
    url=lambda contact: reverse("organisations:remove_contact", args=[contact.pk]),
)

EXPERT_COLUMNS = (
    lists.Column("name", gettext_lazy("Chuyên gia, tổ chức"), sort="folded", small="note"),
    lists.Column("field", gettext_lazy("Lĩnh vực"), sort="field"),
    lists.Column("organisation", gettext_lazy("Thuộc tổ chức")),
    lists.Column("province", gettext_lazy("Tỉnh"), value=lambda expert: expert.province or _("cả nước")),
    lists.Column("contact", gettext_lazy("Liên hệ công việc")),
)


def _provinces(request):
    return Unit.objects.current().provinces().order_by("sort_key")


class OrganisationFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=_provinces, empty_label=gettext_lazy("Cả nước")
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


class ExpertFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=_provinces, empty_label=gettext_lazy("Cả nước")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, lĩnh vực"))


class ContactFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=_provinces, empty_label=gettext_lazy("Cả nước")
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Vai trò"), choices=ContactKind, empty_label=gettext_lazy("Mọi vai trò")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, đơn vị"))


def _tabs(request, current):
    return [
        Tab(_("Cơ quan, tổ chức"), reverse("organisations:list"), current=current == "list"),
        Tab(_("Chuyên gia, tổ chức tư vấn"), reverse("organisations:experts"), current=current == "experts"),
        Tab(_("Cộng tác viên, đầu mối"), reverse("organisations:contacts"), current=current == "contacts"),
    ]


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
        views=_tabs(request, "list"),
    )


@reads
def expert_list(request):
    may = request.user.holds(Permission.CATALOGUE_MANAGE)
    columns = EXPERT_COLUMNS
    if may:
        first = lists.Column(
            "name",
            gettext_lazy("Chuyên gia, tổ chức"),
            sort="folded",
            small="note",
            url=lambda expert: reverse("organisations:change_expert", args=[expert.pk]),
        )
        columns = (first, *EXPERT_COLUMNS[1:])
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
        views=_tabs(request, "experts"),
    )


@reads
def contact_list(request):
    columns = (*CONTACT_COLUMNS, *(CONTACT_PHONES if request.user.holds(Permission.VIEW_PERSONAL) else ()))
    if request.user.holds(Permission.ESTABLISHMENT_EDIT) and lists.EXPORT not in request.GET:
        columns = (*columns, CONTACT_REMOVAL)
    acts = []
    if request.user.holds(Permission.IMPORT):
        acts.append(lists.Act(_("Nhập từ Excel"), reverse("imports:upload", args=["contacts"])))
    return lists.answer(
        request,
        queries.contacts(request.user),
        columns=columns,
        filters=ContactFilter,
        order="folded",
        name="dau-moi",
        title=_("Cộng tác viên, đầu mối"),
        sub=_("Người để liên hệ ở từng xã, phường. Danh bạ này không phải tài khoản và không trao thẩm quyền."),
        unit=_("người"),
        empty=_("Danh bạ chưa có ai. Hãy nhập danh sách từ Excel."),
        acts=acts,
        views=_tabs(request, "contacts"),
    )


@step
def remove_contact(request, pk):
    contact = get_object_or_404(queries.contacts(request.user), pk=pk)
    if not request.user.may(Permission.ESTABLISHMENT_EDIT, place=contact.place):
        raise Http404
    return _step(
        request,
        bind(forms.Nothing, request),
        lambda data: operations.remove_contact(contact, by=request.user),
        title=_("Bỏ khỏi danh bạ"),
        sub=f"{contact.name}, {contact.commune or contact.province}",
        button=_("Bỏ khỏi danh bạ"),
        back=reverse("organisations:contacts"),
        to=reverse("organisations:contacts"),
        done=_("Đã bỏ khỏi danh bạ."),
    )


def _page(body):
    return reverse("organisations:page", args=[body.pk])


def _offers(body, user):
    may = user.may(Permission.CATALOGUE_MANAGE, place=body.place)
    if not may:
        return []
    offers = [Offer(_("Sửa thông tin"), reverse("organisations:change", args=[body.pk]))]
    if body.ended_on is None:
        if body.kind == Kind.CENTRE:
            offers.append(Offer(_("Giao cụm địa bàn"), reverse("organisations:set_area", args=[body.pk])))
        offers.append(Offer(_("Ghi nhận kế thừa"), reverse("organisations:succeed", args=[body.pk])))
        offers.append(Offer(_("Ghi nhận chấm dứt"), reverse("organisations:end", args=[body.pk])))
    return offers


@reads
def organisation_page(request, pk):
    body = _body(pk)
    areas = Area.objects.filter(organisation=body).prefetch_related("communes").order_by("name", "pk")
    life = [
        Event(event.label.capitalize(), event.on or event.at, who=event.actor) for event in reversed(history_of(body))
    ]
    return render(
        request,
        "desk/organisations/page.html",
        {
            "body": body,
            "tax_code": open_code(body.tax_code),
            "offers": _offers(body, request.user),
            "areas": areas,
            "may_draw": request.user.may(Permission.CATALOGUE_MANAGE, place=body.place),
            "successors": queries.successors(body),
            "predecessors": queries.predecessors(body),
            "members": body.members.order_by("sort_key"),
            "life": life,
        },
    )


def _body(pk):
    return get_object_or_404(
        Organisation.objects.exclude(kind__in=ESTABLISHMENTS).select_related("place", "parent"), pk=pk
    )


def _managed(request, pk):
    """A body of the catalogue that this person keeps; for others its steps are not there."""
    body = _body(pk)
    if not request.user.may(Permission.CATALOGUE_MANAGE, place=body.place):
        raise Http404
    return body


def _step(request, form, do, *, body=None, **shown):
    """A step of this desk, on one body or before there is one."""
    trail = [(_("Tổ chức"), reverse("organisations:list"))]
    if body is not None:
        trail.append((str(body), _page(body)))
    return step_page(request, form, do, trail=trail, **shown)


@step
def register(request):
    form = bind(forms.OrganisationForm, request, user=request.user)
    return _step(
        request,
        form,
        lambda data: operations.register(**form.facts(), by=request.user),
        title=_("Thêm tổ chức"),
        sub=_("Cơ sở công nghiệp nông thôn được ghi danh ở mục Cơ sở."),
        button=_("Thêm tổ chức"),
        to=_page,
        done=_("Đã thêm tổ chức."),
    )


@step
def change(request, pk):
    body = _managed(request, pk)
    place = body.place
    initial = {
        name: getattr(body, name)
        for name in ("name", "short_name", "kind", "tax_code", "parent", "address", "phone", "email", "founded_on")
    }
    initial["fields_of_work"] = body.fields
    initial["province"] = body.province_id
    initial["commune"] = place.pk if place and place.level == Level.COMMUNE else None
    form = bind(forms.OrganisationForm, request, user=request.user, initial=initial)
    return _step(
        request,
        form,
        lambda data: operations.change(body, **form.facts(), by=request.user),
        title=_("Sửa thông tin"),
        sub=body.name,
        button=_("Lưu thay đổi"),
        body=body,
        to=_page,
        done=_("Đã lưu."),
    )


@step
def end(request, pk):
    body = _managed(request, pk)
    return _step(
        request,
        bind(forms.EndForm, request),
        lambda data: operations.end(body, by=request.user, on=data["on"], reason=data["reason"]),
        title=_("Ghi nhận chấm dứt"),
        sub=body.name,
        button=_("Ghi nhận chấm dứt"),
        body=body,
        to=_page,
        done=_("Đã ghi nhận."),
    )


@step
def succeed(request, pk):
    body = _managed(request, pk)
    return _step(
        request,
        bind(forms.SuccessionForm, request),
        lambda data: operations.succeed(body, new=data["new"], by=request.user, on=data["on"], basis=data["basis"]),
        title=_("Ghi nhận kế thừa"),
        sub=_("%(name)s chấm dứt vào ngày kế thừa; hồ sơ cũ giữ nguyên.") % {"name": body.name},
        button=_("Ghi nhận kế thừa"),
        body=body,
        to=_page(body),
        done=_("Đã ghi nhận."),
    )


@step
def set_area(request, pk):
    return _area(request, _managed(request, pk), None)


def _area_of(request, pk):
    area = get_object_or_404(Area, pk=pk)
    return area, _managed(request, area.organisation_id)


@step
def change_area(request, pk):
    area, body = _area_of(request, pk)
    return _area(request, body, area)


@step
def end_area(request, pk):
    area, body = _area_of(request, pk)
    return _step(
        request,
        bind(forms.EndAreaForm, request),
        lambda data: operations.end_area(area, by=request.user, on=data["on"]),
        title=_("Thôi dùng cụm địa bàn"),
        sub=area.name,
        button=_("Thôi dùng cụm địa bàn"),
        after=[
            _(
                "Phân công theo cụm này phải được bàn giao hoặc kết thúc; phân công còn sót hiện ra khi kiểm tra dữ liệu."
            )
        ],
        body=body,
        to=_page(body),
        done=_("Đã thôi dùng cụm địa bàn."),
    )


def _area(request, body, area):
    initial = {"on": clock.today()}
    if area:
        initial = {"name": area.name, "on": area.valid_from, "communes": [unit.pk for unit in area.communes.all()]}
    form = bind(forms.AreaForm, request, organisation=body, user=request.user, initial=initial)
    return _step(
        request,
        form,
        lambda data: operations.set_area(
            body, name=data["name"], communes=data["communes"], by=request.user, on=data["on"], area=area
        ),
        title=_("Cụm địa bàn"),
        sub=_("Danh sách xã, phường giao cho một chuyên viên của %(name)s.") % {"name": body.name},
        button=_("Lưu cụm địa bàn"),
        body=body,
        to=_page(body),
        done=_("Đã lưu cụm địa bàn."),
    )


@step
def add_expert(request):
    return _step(
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
    return _step(
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
