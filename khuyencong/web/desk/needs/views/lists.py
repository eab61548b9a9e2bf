"""The list of needs."""

import django_filters
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.needs import queries
from khuyencong.needs.enums import NeedKind, NeedState
from khuyencong.needs.models import Call, Need
from khuyencong.places.models import Unit
from khuyencong.projects.models import Project
from khuyencong.web.common import lists
from khuyencong.web.common.forms import communes_of
from khuyencong.web.common.views import reads
from khuyencong.web.desk.needs.parts import MARKS, money_of
from khuyencong.web.desk.work.filters import TaskFilter
from khuyencong.work.queries import needs_of

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cơ sở, nhu cầu"),
        sort="folded",
        url=lists.page("needs:page"),
        small="what",
    ),
    lists.Column("commune", gettext_lazy("Xã, phường"), sort="commune__sort_key", small="hamlet"),
    lists.Column("kind", gettext_lazy("Loại"), value="get_kind_display", shown=False),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=lambda need: MARKS[need.state]),
    lists.Column("sent_on", gettext_lazy("Ngày gửi"), kind="day", sort="sent_on"),
    lists.Column("channel", gettext_lazy("Cách nhận"), value="get_channel_display"),
    lists.Column("about", gettext_lazy("Khoảng (triệu đồng)"), kind="million", sort="about", total=Sum("about")),
)


def _communes(request):
    """The communes in which this person may look, of the province in work."""
    if request is None or request.frame.province_id is None:
        return Unit.objects.none()
    return communes_of(request.user.scope(), request.frame.province_id).only("full_name")


class NeedFilter(lists.Filter):
    call = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Đợt đăng ký"),
        empty_label=gettext_lazy("Mọi đợt"),
        queryset=lambda request: Call.objects.visible_to(request.user).select_related("province").order_by("-year"),
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=NeedState, empty_label=gettext_lazy("Mọi trạng thái")
    )
    commune = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Xã, phường"), empty_label=gettext_lazy("Mọi xã, phường"), queryset=_communes
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"), choices=NeedKind, empty_label=gettext_lazy("Mọi loại")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, nội dung"))
    task = TaskFilter(needs_of)


def _row_of_words(needs) -> lists.Column:
    made: dict = {}

    def said(need) -> str:
        if not made:
            links = Project.needs.through.objects.filter(need__in=needs.order_by().values("pk"))
            made.update(
                {link.need_id: link.project for link in links.select_related("project").order_by("pk")} or {0: None}
            )
        return " → ".join(word.text for word in queries.words(need, money=money_of(made.get(need.pk)), with_days=False))

    return lists.Column("words", _("Đến đâu"), value=said)


@reads
def need_list(request):
    user, acts = request.user, []
    acts.append(lists.Act(_("Các đợt đăng ký"), reverse("needs:calls"), quiet=True))
    if user.holds(Permission.NEED_CONFIRM):
        acts.append(lists.Act(_("Xã xác nhận"), reverse("needs:confirm"), quiet=True))
    if user.holds(Permission.NEED_DECIDE) or user.holds(Permission.PAPER_RECORD):
        acts.append(lists.Act(_("Trả lời nhu cầu"), reverse("needs:decide"), quiet=True))
    if user.holds(Permission.NEED_REGISTER):
        if user.scope(Permission.NEED_REGISTER).has_territory:
            acts.append(lists.Act(_("Không có nhu cầu"), reverse("needs:none"), quiet=True))
        acts.append(lists.Act(_("Đăng ký nhu cầu"), reverse("needs:register")))
    found, columns = Need.objects.visible_to(user).select_related("commune", "province"), COLUMNS
    scope = user.scope()
    if not (scope.whole_country or scope.provinces):
        # to a commune or an establishment a need is one row of words: đã gửi → khảo sát → kế hoạch → tiền
        found, columns = found.prefetch_related("steps"), (COLUMNS[0], _row_of_words(found), *COLUMNS[1:])
    return lists.answer(
        request,
        found,
        columns=columns,
        filters=NeedFilter,
        order="sent_on" if "task" in request.GET else "-sent_on",  # what waits longest first
        name="nhu-cau",
        title=_("Đăng ký nhu cầu"),
        sub=_("Mỗi nhu cầu một dòng, từ khi xã gửi đến khi có trả lời."),
        unit=_("nhu cầu"),
        empty=_("Chưa có nhu cầu nào. Xã không có nhu cầu cũng cần trả lời."),
        acts=acts,
    )
