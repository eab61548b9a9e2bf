"""The list of projects."""

import django_filters
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.norms.enums import Level, ProjectForm
from khuyencong.places.models import Unit
from khuyencong.projects import queries
from khuyencong.projects.enums import Activity, ProjectState, Source
from khuyencong.projects.models import Beneficiary, OpinionRequest, Project
from khuyencong.web.common import lists
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.views import reads
from khuyencong.web.desk.projects.parts import PartiesFilter, mark_of
from khuyencong.web.desk.work.filters import TaskFilter
from khuyencong.work.queries import projects_of


def second_line(project):
    """Who is helped and where, under the title."""
    now = getattr(project, "now_helped", ())
    place = (project.commune or project.province).named_inside
    if len(now) == 1:
        return f"{now[0].establishment}, {place}"
    if now:
        return counted("%(count)s cơ sở, %(place)s", len(now)) % {"count": len(now), "place": place}
    return f"{project.implementer}, {place}"


def next_label(project):
    coming = queries.next_step(project)
    return coming.label if coming else ""


COLUMNS = (
    lists.Column("code", gettext_lazy("Mã"), sort="code"),
    lists.Column(
        "title",
        gettext_lazy("Đề án, đơn vị thụ hưởng"),
        sort="sort_key",
        url=lists.page("projects:page"),
        small=second_line,
    ),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=mark_of),
    lists.Column("next", gettext_lazy("Bước tới"), value=next_label),
    lists.Column("ends_on", gettext_lazy("Kết thúc"), kind="day", sort="ends_on", shown=False),
    lists.Column("implementer", gettext_lazy("Đơn vị thực hiện"), shown=False),
    lists.Column("level", gettext_lazy("Cấp quản lý"), value="get_level_display", sort="level", shown=False),
    lists.Column("kind", gettext_lazy("Dạng đề án"), value="get_kind_display", sort="kind", shown=False),
    lists.Column("activity", gettext_lazy("Nội dung hoạt động"), value="get_activity_display", shown=False),
    lists.Column("year", gettext_lazy("Năm"), sort="year", shown=False),
    lists.Column(
        "money_national", gettext_lazy("KCQG"), kind="million", sort="money_national", total=Sum("money_national")
    ),
    lists.Column("money_local", gettext_lazy("KCĐP"), kind="million", sort="money_local", total=Sum("money_local")),
    lists.Column(
        "money_counterpart",
        gettext_lazy("Đối ứng"),
        kind="million",
        sort="money_counterpart",
        total=Sum("money_counterpart"),
    ),
    lists.Column(
        "money_other",
        gettext_lazy("Nguồn khác"),
        kind="million",
        sort="money_other",
        total=Sum("money_other"),
        shown=False,
    ),
    lists.Column(
        "money_unsplit",
        gettext_lazy("Chưa tách nguồn"),
        kind="million",
        sort="money_unsplit",
        total=Sum("money_unsplit"),
        shown=False,
    ),
    lists.Column(
        "money_total", gettext_lazy("Tổng, triệu đồng"), kind="million", sort="money_total", total=Sum("money_total")
    ),
)


def communes_in_work(request):
    """The communes of the province in work, as far as this person may see."""
    if request is None or request.frame.province_id is None:
        return Unit.objects.none()
    here = Unit.objects.current().communes().filter(province_id=request.frame.province_id)
    return here.only("full_name").order_by("sort_key")


class ProjectFilter(lists.Filter):
    commune = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Địa bàn"),
        queryset=communes_in_work,
        empty_label=gettext_lazy("Cả địa bàn"),
        method="in_commune",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=ProjectState, empty_label=gettext_lazy("Mọi trạng thái")
    )
    activity = django_filters.ChoiceFilter(
        label=gettext_lazy("Nội dung hoạt động"), choices=Activity, empty_label=gettext_lazy("Mọi nội dung")
    )
    source = django_filters.ChoiceFilter(
        label=gettext_lazy("Nguồn kinh phí"),
        choices=Source,
        method="of_source",
        empty_label=gettext_lazy("Mọi nguồn"),
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp quản lý"), choices=Level, empty_label=gettext_lazy("Mọi cấp")
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    q = PartiesFilter("words", label=gettext_lazy("Tên đề án, cơ sở"))
    waits = django_filters.ChoiceFilter(
        label=gettext_lazy("Việc đang chờ"),
        choices=[
            ("completion", gettext_lazy("Đang chờ bổ sung")),
            ("late", gettext_lazy("Quá hạn bổ sung")),
            ("opinion", gettext_lazy("Đang lấy ý kiến")),
            ("late_opinion", gettext_lazy("Quá hạn cho ý kiến")),
            ("shares", gettext_lazy("Phần hỗ trợ vượt kinh phí được duyệt")),
        ],
        method="awaiting",
        empty_label=gettext_lazy("Không lọc"),
    )
    task = TaskFilter(projects_of)
    form = django_filters.ChoiceFilter(label=gettext_lazy("Hình thức"), choices=ProjectForm)
    helped = django_filters.NumberFilter(method="helping", label=gettext_lazy("Cơ sở"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("form", "helped"):  # other pages lead here with them
            self.form.fields[name].widget = self.form.fields[name].hidden_widget()

    def in_commune(self, projects, name, value):
        seen = Beneficiary.objects.visible_to(self.request.user)
        here = seen.filter(removed_on=None, establishment__commune=value).values("project")
        return projects.filter(Q(commune=value) | Q(pk__in=here))

    def awaiting(self, projects, name, value):
        if value in ("opinion", "late_opinion"):
            out = OpinionRequest.objects.filter(answered_on=None)
            out = out.filter(due_on__lt=clock.today()) if value == "late_opinion" else out
            return projects.filter(pk__in=out.values("project"))
        if value == "shares":
            return queries.over_granted(projects)
        asked = queries.open_completions(Project.objects.all()).order_by()
        if value == "late":
            asked = asked.filter(until__lt=clock.today())
        return projects.filter(pk__in=asked.values("project"))

    def of_source(self, projects, name, value):
        return projects.filter(**{f"money_{value}__gt": 0})

    def helping(self, projects, name, value):
        return projects.filter(
            pk__in=Beneficiary.objects.visible_to(self.request.user)
            .filter(establishment=value, removed_on=None)
            .values("project")
        )


@reads
def project_list(request):
    user, frame = request.user, request.frame
    found, of_body, task = queries.board(user), bool(user.scope().bodies), "task" in request.GET
    if frame.province_id and not of_body and not task:  # the home counts beyond the province in work
        found = found.filter(province_id=frame.province_id)
    told = queries.numbers(
        found,
        together=of_body,
        whole=Q(),
        year=Q(year=frame.year),
        wait=Q(state=ProjectState.SUBMITTED),
        done=Q(state=ProjectState.ACCEPTED),
    )
    views = (
        (_("Tất cả"), "", told["whole"]),
        (_("Năm %(year)s") % {"year": frame.year}, f"year={frame.year}", told["year"]),
        (_("Chờ thẩm định"), "state=submitted", told["wait"]),
        (_("Đang thực hiện"), "state=running", None),
        (_("Chờ quyết toán"), "state=accepted", told["done"]),
    )
    here = lists.kept_query(request.GET)
    tabs = [
        Tab(label, f"{request.path}?{query}" if query else request.path, n, current=here == query)
        for label, query, n in views
    ]
    acts = []
    if user.holds(Permission.PROJECT_DRAFT):
        acts.append(lists.Act(_("Lập từ tệp Word"), reverse("projects:from_word"), quiet=True))
        acts.append(lists.Act(_("Lập đề án"), reverse("projects:draft")))
    return lists.answer(
        request,
        queries.rows(found, user=user),
        columns=COLUMNS,
        filters=ProjectFilter,
        order=("year", "code") if task else "-code",  # what waits longest is late first
        name="de-an",
        title=_("Đề án"),
        sub=_("Mỗi đề án một dòng. Số tiền được duyệt; đề án chưa duyệt ghi số đề nghị."),
        unit=_("đề án"),
        empty=_("Chưa có đề án nào. Bấm “Lập đề án” để bắt đầu."),
        acts=acts,
        views=tabs,
        template="desk/projects/list.html",
    )
