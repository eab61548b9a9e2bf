"""The views of lists that a person has saved: kept, renamed, dropped."""

from django import forms
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.people import operations
from khuyencong.people.models import SavedView
from khuyencong.web.common.lists import kept_query
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên cách xem"), max_length=60)


def _list_of(request, route: str) -> tuple[str, str]:
    """Label and address of the list that ``route`` names; the label is that of the menu."""
    try:
        url = reverse(route)
    except NoReverseMatch:
        raise Http404 from None
    entries = [entry for group in request.frame.menu for entry in group["entries"]]
    return next((entry["label"] for entry in entries if entry["url"] == url), _("Danh sách")), url


def _own(request, pk) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=request.user)


@step
def save_view(request):
    """What is in use on a list (``?danh-sach=projects:list&xem=state=running``), under a name."""
    route, query = request.GET.get("danh-sach", ""), kept_query(QueryDict(request.GET.get("xem", "")))
    label, url = _list_of(request, route)
    if not query:
        raise Http404
    return step_page(
        request,
        bind(NameForm, request),
        lambda data: operations.save_view(route, name=data["name"], query=query, by=request.user),
        trail=[(label, f"{url}?{query}")],
        title=_("Lưu cách xem này"),
        sub=_("Giữ điều kiện lọc, thứ tự và các cột đang dùng; chỉ mình bạn thấy. Trùng tên thì thay cách xem cũ."),
        button=_("Lưu cách xem này"),
        to=f"{url}?{query}",
        done=lambda view: _("Đã lưu cách xem “%(name)s”.") % {"name": view.name},
    )


@reads
def saved_views(request):
    """The views of one list, to be renamed or dropped."""
    route = request.GET.get("danh-sach", "")
    label, url = _list_of(request, route)
    views = SavedView.objects.filter(user=request.user, page=route)
    return render(request, "desk/home/saved.html", {"label": label, "url": url, "views": views})


@step
def rename_view(request, pk):
    view = _own(request, pk)
    label, url = _list_of(request, view.page)
    back = _page_of(view)
    return step_page(
        request,
        bind(NameForm, request, initial={"name": view.name}),
        lambda data: operations.rename_view(view, name=data["name"], by=request.user),
        trail=[(label, url), (_("Cách xem đã lưu"), back)],
        title=_("Đổi tên cách xem"),
        sub=view.name,
        button=_("Đổi tên"),
        to=back,
        done=_("Đã đổi tên."),
    )


@writes
def delete_view(request, pk):
    view = _own(request, pk)
    operations.delete_view(view, by=request.user)
    return _page_of(view)


def _page_of(view) -> str:
    return f"{reverse('saved_views')}?danh-sach={view.page}"
