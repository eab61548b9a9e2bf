"""Collaborators and contacts of communes."""

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.organisations import operations, queries
from khuyencong.organisations.enums import ContactKind
from khuyencong.web.common import lists
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.organisations import forms
from khuyencong.web.desk.organisations.views.shared import provinces, step_of, tabs

COLUMNS = (
    lists.Column("name", gettext_lazy("Họ tên"), sort="folded", small="title"),
    lists.Column("kind", gettext_lazy("Vai trò"), value="get_kind_display", sort="kind"),
    lists.Column("body", gettext_lazy("Đơn vị")),
    lists.Column("place", gettext_lazy("Địa bàn"), value=lambda contact: contact.commune or contact.province),
    lists.Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
)
# Numbers of telephones are shown to whoever may see personal data, and to nobody else.
PHONES = (
    lists.Column("phone", gettext_lazy("Điện thoại")),
    lists.Column("email", gettext_lazy("Thư điện tử"), shown=False),
)
REMOVAL = lists.Column(
    "remove",
    gettext_lazy("Việc"),
    value=lambda contact: _("Bỏ khỏi danh bạ"),
    url=lists.page("organisations:remove_contact"),
)


class ContactFilter(lists.Filter):
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"), queryset=provinces, empty_label=gettext_lazy("Cả nước")
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Vai trò"), choices=ContactKind, empty_label=gettext_lazy("Mọi vai trò")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, đơn vị"))


@reads
def contact_list(request):
    columns = (*COLUMNS, *(PHONES if request.user.holds(Permission.VIEW_PERSONAL) else ()))
    if request.user.holds(Permission.ESTABLISHMENT_EDIT) and lists.EXPORT not in request.GET:
        columns = (*columns, REMOVAL)
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
        empty=_("Danh bạ chưa có ai. Hãy nhập danh sách từ Excel.")
        if acts
        else _("Danh bạ chưa có ai. Trung tâm hoặc Sở nhập danh sách này."),
        acts=acts,
        views=tabs(request, "contacts"),
    )


@step
def remove_contact(request, pk):
    contact = get_object_or_404(queries.contacts(request.user), pk=pk)
    if not request.user.may(Permission.ESTABLISHMENT_EDIT, place=contact.place):
        raise Http404
    return step_of(
        request,
        bind(forms.Nothing, request),
        lambda data: operations.remove_contact(contact, by=request.user),
        title=_("Bỏ khỏi danh bạ"),
        sub=f"{contact.name}, {(contact.commune or contact.province).named_inside}",
        button=_("Bỏ khỏi danh bạ"),
        back=reverse("organisations:contacts"),
        to=reverse("organisations:contacts"),
        done=_("Đã bỏ khỏi danh bạ."),
    )
