"""The list of approved projects with their money."""

import django_filters
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.contracts import queries
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance
from khuyencong.norms.enums import Level
from khuyencong.web.common import lists
from khuyencong.web.common.views import reads
from khuyencong.web.desk.contracts import parts
from khuyencong.web.desk.projects.parts import MARKS, PartiesFilter
from khuyencong.web.desk.work.filters import TaskFilter
from khuyencong.work import queries as work
from khuyencong.work.enums import TaskKind


def columns(deadlines: parts.Deadlines) -> tuple[lists.Column, ...]:
    return (
        lists.Column(
            "title",
            _("Đề án, mã, đơn vị thực hiện"),
            sort="sort_key",
            url=lists.page("contracts:page"),
            small=lambda project: f"{project.code}, {project.implementer}",
        ),
        lists.Column("code", _("Mã"), sort="code", shown=False),
        lists.Column("place", _("Địa bàn"), shown=False),
        lists.Column("state", _("Trạng thái"), kind="state", sort="state", mark=lambda project: MARKS[project.state]),
        lists.Column("next", _("Bước tới"), value=lambda project: parts.NEXT[project.state]),
        lists.Column("due", _("Hạn"), kind="due", value=deadlines.of),
    )


def money_columns() -> tuple[lists.Column, ...]:
    """Of whole projects: for who looks at them whole."""
    return (
        lists.Column("granted", _("Được duyệt"), kind="million", value="granted", shown=False),
        lists.Column("contracted", _("Đã giao"), kind="million", sort="contracted", total=Sum("contracted")),
        lists.Column("advanced", _("Đã tạm ứng"), kind="million", sort="advanced", total=Sum("advanced")),
        lists.Column("settled", _("Quyết toán"), kind="million", sort="settled", total=Sum("settled")),
    )


def one_by_one(request) -> tuple[lists.Column, ...]:
    """Behind a line of the home that asks for the same form many times: the form itself, from each row."""
    if request.GET.get("task") != TaskKind.REPORT:
        return ()
    return (
        lists.Column(
            "act",
            _("Việc"),
            value=lambda project: _("Nhập tiến độ %(code)s") % {"code": project.code},
            url=lambda project: f"{reverse('contracts:report', args=[project.pk])}?task={TaskKind.REPORT}",
        ),
    )


UNDER_WAY, EVERY = "chua-ket-thuc", "tat-ca"
REPORT = "bao-cao"


class ContractFilter(lists.Filter):
    """Who asks for no state, year or words sees what is under way: fifteen years of ended contracts are an archive."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[
            (UNDER_WAY, gettext_lazy("Chưa kết thúc")),
            (EVERY, gettext_lazy("Mọi trạng thái")),
            *((state.value, state.label) for state in queries.AFTER_APPROVAL),
        ],
        method="in_state",
        empty_label=gettext_lazy("Không lọc"),
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp quản lý"), choices=Level, empty_label=gettext_lazy("Mọi cấp")
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    waits = django_filters.ChoiceFilter(
        label=gettext_lazy("Đang chờ"),
        choices=[
            (REPORT, gettext_lazy("Báo cáo tháng này của bạn")),
            (AdvanceState.REQUESTED.value, gettext_lazy("Sở xác nhận tạm ứng")),
            (AdvanceState.CONFIRMED.value, gettext_lazy("Chuyển tiền tạm ứng")),
        ],
        method="with_waiting",
        empty_label=gettext_lazy("Không lọc"),
    )
    q = PartiesFilter("words", label=gettext_lazy("Tên đề án, mã, cơ sở"))
    task = TaskFilter(work.projects_of)

    def filter_queryset(self, projects):
        asked = self.form.cleaned_data
        if not any(asked.get(name) for name in ("state", "year", "q", "task")):
            projects = self.in_state(projects, "state", UNDER_WAY)
        return super().filter_queryset(projects)

    def in_state(self, projects, name, value):
        if value == EVERY:
            return projects
        return projects.filter(state__in=queries.UNDER_WAY if value == UNDER_WAY else [value])

    def with_waiting(self, projects, name, value):
        if value == REPORT:
            return projects.filter(pk__in=work.projects_of(self.request.user, TaskKind.REPORT).order_by().values("pk"))
        return projects.filter(pk__in=Advance.objects.filter(state=value).values("project_id"))


class OwnContractFilter(ContractFilter):
    """Of an establishment: money on account waits for other desks."""

    waits = None


@reads
def contract_list(request):
    user, scope = request.user, queries.with_figures(queries.board(request.user))
    whole = user.holds(P.VIEW) or user.holds(
        P.PROGRESS_REPORT
    )  # an establishment sees its own part, on the page of each
    return lists.answer(
        request,
        scope.select_related("implementer", "province", "commune"),
        columns=(*columns(parts.Deadlines(clock.today())), *(money_columns() if whole else ()), *one_by_one(request)),
        filters=ContractFilter if whole else OwnContractFilter,
        order=("year", "code") if "task" in request.GET else ("-year", "-code"),  # what waits longest is late first
        name="hop-dong",
        title=_("Hợp đồng, nghiệm thu, quyết toán"),
        sub=_(
            "Đề án đã được phê duyệt: kinh phí nhà nước đã giao, đã tạm ứng, đã quyết toán (triệu đồng) và bước tới. "
            "Khi chưa chọn trạng thái, năm hay tìm theo tên, danh sách chỉ có đề án chưa kết thúc."
        )
        if whole
        else _("Đề án có cơ sở của bạn và bước tới. Hợp đồng và số tiền của cơ sở nằm trong trang của từng đề án."),
        unit=_("đề án"),
        empty=_(
            "Không có đề án nào đang thực hiện. Đề án vào đây khi quyết định phê duyệt kế hoạch được ghi nhận; đề án đã kết "
            "thúc nằm ở “Mọi trạng thái”."
        ),
    )
