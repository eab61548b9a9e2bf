"""Days that are worked or free although the reckoned calendar says otherwise."""

import django_filters
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.norms import operations
from khuyencong.norms.models import ExceptionalDay
from khuyencong.web.common import lists, steps
from khuyencong.web.common.lists import Act, Column
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.norms import forms
from khuyencong.web.desk.norms.views.shared import tabs

DAYS = (
    Column("day", gettext_lazy("Ngày"), kind="day", sort="day"),
    Column(
        "works",
        gettext_lazy("Được tính là"),
        kind="state",
        value=lambda one: _("ngày làm việc") if one.works else _("ngày nghỉ"),
        mark=lambda one: "run" if one.works else "done",
        sort="works",
    ),
    Column("reason", gettext_lazy("Dịp, lý do")),
    Column("source", gettext_lazy("Văn bản, nguồn")),
)


class DayFilter(lists.Filter):
    works = django_filters.ChoiceFilter(
        label=gettext_lazy("Được tính là"),
        choices=[("0", gettext_lazy("ngày nghỉ")), ("1", gettext_lazy("ngày làm việc"))],
        empty_label=gettext_lazy("Cả hai"),
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Dịp, văn bản"))


@reads
def day_list(request):
    may = request.user.may(Permission.CATALOGUE_MANAGE)
    return lists.answer(
        request,
        ExceptionalDay.objects.all(),
        columns=DAYS,
        filters=DayFilter,
        order="-day",
        name="ngay-lam-viec",
        title=_("Ngày nghỉ, ngày làm bù"),
        sub=_(
            "Hệ thống tự tính cuối tuần và ngày lễ. Chỉ ghi ở đây ngày khác với lịch đó: Tết theo thông báo của Chính phủ, "
            "ngày nghỉ bù, ngày làm bù."
        ),
        unit=_("ngày"),
        empty=_("Chưa ghi ngày nào; mọi thời hạn tính theo lịch chung."),
        acts=[Act(_("Ghi một ngày"), reverse("norms:except_day"))] if may else [],
        views=tabs("days"),
    )


@step
def except_day(request):
    authorise(request.user, Permission.CATALOGUE_MANAGE)
    form = bind(forms.DayForm, request)
    return steps.step_page(
        request,
        form,
        lambda data: operations.except_day(data.pop("day"), by=request.user, on=clock.today(), **data),
        trail=[(_("Văn bản, định mức"), reverse("norms:list")), (_("Ngày nghỉ, ngày làm bù"), reverse("norms:days"))],
        title=_("Ghi ngày nghỉ, ngày làm bù"),
        after=[
            _("Thời hạn tính theo ngày làm việc và việc ghi muộn được tính lại theo lịch mới."),
            _("Ghi nhầm thì ghi lại đúng ngày đó với cách tính khác."),
        ],
        button=_("Ghi ngày"),
        to=reverse("norms:days"),
        done=_("Đã ghi vào lịch."),
    )
