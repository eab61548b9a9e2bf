import django_filters
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.notices import operations, queries
from khuyencong.notices.enums import Kind
from khuyencong.notices.models import Message
from khuyencong.web.common import lists
from khuyencong.web.common.views import reads, writes

COLUMNS = (
    lists.Column(
        "subject",
        gettext_lazy("Thông báo"),
        url=lists.page("notices:page"),
        small=lambda message: message.body[:160],
    ),
    lists.Column("kind", gettext_lazy("Loại"), value="get_kind_display", sort="kind"),
    lists.Column(
        "read",
        gettext_lazy("Trạng thái"),
        kind="state",
        value=lambda message: _("đã đọc") if message.read_at else _("chưa đọc"),
        mark=lambda message: "done" if message.read_at else "wait",
        sort="read_at",
    ),
    lists.Column("at", gettext_lazy("Lúc"), kind="moment", sort="at"),
)


class InboxFilter(lists.Filter):
    unread = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[("1", gettext_lazy("Chưa đọc"))],
        empty_label=gettext_lazy("Tất cả"),
        method="only_unread",
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Loại"), choices=Kind, empty_label=gettext_lazy("Mọi loại"))

    def only_unread(self, queryset, name, value):
        return queryset.unread() if value else queryset


@reads
def inbox(request):
    return lists.answer(
        request,
        queries.inbox(request.user),
        columns=COLUMNS,
        filters=InboxFilter,
        order="-at",
        name="thong-bao",
        title=_("Thông báo"),
        sub=_("Những việc hệ thống báo cho riêng bạn, mới nhất đứng trước."),
        unit=_("thông báo"),
        empty=_("Chưa có thông báo nào. Khi có việc liên quan đến bạn, thông báo hiện ở đây."),
        template="desk/notices/list.html",
        context={"unread": queries.unread_count(request.user)},
    )


def _mine(request, pk):
    return get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)


@reads
def message_page(request, pk):
    return render(request, "desk/notices/page.html", {"message": _mine(request, pk)})


@writes
def open_message(request, pk):
    """Note it as read and go where it leads."""
    message = _mine(request, pk)
    operations.mark_read([message], by=request.user)
    return (
        message.link if message.link.startswith("/") and not message.link.startswith("//") else reverse("notices:list")
    )


@writes
def mark_all(request):
    operations.mark_read(by=request.user)
    return reverse("notices:list")
