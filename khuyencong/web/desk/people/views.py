import django_filters
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from khuyencong.audit.queries import history_of
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.people import operations, queries
from khuyencong.people.models import Mandate, User
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.parts import Event, Offer, Tab
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.people import forms
from khuyencong.work import operations as work

ROLE_CHOICES = [(name, role.label) for name, role in ROLES.items() if name != "system"]

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Người dùng"),
        value=str,
        sort="sort_key",
        url=lists.page("people:page"),
        small="title",
    ),
    lists.Column("username", gettext_lazy("Tên đăng nhập"), sort="username"),
    lists.Column(
        "roles",
        gettext_lazy("Nhiệm vụ hiện nay"),
        value=lambda user: "; ".join(m.get_role_display() for m in user.running) or _("chưa giao"),
    ),
    lists.Column("province", gettext_lazy("Tỉnh"), value=lambda user: user.province or _("Trung ương")),
    lists.Column(
        "active",
        gettext_lazy("Trạng thái"),
        kind="state",
        value=lambda user: _("đang hoạt động") if user.is_active else _("đã khoá"),
        mark=lambda user: "done" if user.is_active else "stop",
        sort="is_active",
    ),
    lists.Column("last_login", gettext_lazy("Đăng nhập lần cuối"), kind="moment", sort="last_login"),
)

MANDATE_COLUMNS = (
    lists.Column(
        "user",
        gettext_lazy("Người giữ"),
        sort="user__sort_key",
        url=lists.page("people:page", "user_id"),
        small=lambda mandate: mandate.user.title,
    ),
    lists.Column("role", gettext_lazy("Vai trò"), value="get_role_display", sort="role"),
    lists.Column("scope", gettext_lazy("Phạm vi"), value="scope_text"),
    lists.Column("employer", gettext_lazy("Nơi công tác"), shown=False),
    lists.Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
    lists.Column("valid_to", gettext_lazy("Đến trước ngày"), kind="day", sort="valid_to"),
)


class UserFilter(lists.Filter):
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("Nhiệm vụ"),
        choices=ROLE_CHOICES,
        empty_label=gettext_lazy("Mọi nhiệm vụ"),
        method="by_role",
    )
    active = django_filters.ChoiceFilter(
        "is_active",
        label=gettext_lazy("Trạng thái"),
        choices=[("1", gettext_lazy("Đang hoạt động")), ("0", gettext_lazy("Đã khoá"))],
        empty_label=gettext_lazy("Tất cả"),
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, chức danh"))

    def by_role(self, queryset, name, value):
        return queryset.filter(pk__in=Mandate.objects.on(clock.today()).filter(role=value).values("user"))


class MandateFilter(lists.Filter):
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("Vai trò"), choices=ROLE_CHOICES, empty_label=gettext_lazy("Mọi vai trò")
    )
    running = django_filters.ChoiceFilter(
        label=gettext_lazy("Thời gian"),
        choices=[("1", gettext_lazy("Đang giữ hôm nay"))],
        empty_label=gettext_lazy("Tất cả"),
        method="of_today",
    )
    q = lists.FoldedFilter("user__folded", label=gettext_lazy("Tên người giữ"))

    def of_today(self, queryset, name, value):
        return queryset.on(clock.today()) if value else queryset


def _tabs(current):
    return [
        Tab(_("Người dùng"), reverse("people:list"), current=current == "list"),
        Tab(_("Phân công"), reverse("people:mandates"), current=current == "mandates"),
    ]


def _users(request):
    return User.objects.visible_to(request.user).select_related("province")


@reads
def user_list(request):
    may = request.user.holds(Permission.PEOPLE_MANAGE)
    return lists.answer(
        request,
        queries.with_running_mandates(_users(request)),
        columns=COLUMNS,
        filters=UserFilter,
        order="sort_key",
        name="nguoi-dung",
        title=_("Người dùng, phân công"),
        sub=_("Ai có tài khoản, đang giữ nhiệm vụ gì, ở đâu. Quyền hạn chỉ có từ phân công."),
        unit=_("người"),
        empty=_("Chưa có tài khoản nào thuộc địa bàn bạn quản lý."),
        acts=[lists.Act(_("Mở tài khoản"), reverse("people:register"))] if may else [],
        views=_tabs("list"),
    )


@reads
def mandate_list(request):
    return lists.answer(
        request,
        queries.mandates(request.user),
        columns=MANDATE_COLUMNS,
        filters=MandateFilter,
        order="-valid_from",
        name="phan-cong",
        title=_("Phân công nhiệm vụ"),
        sub=_("Mỗi lần giao một nhiệm vụ một dòng, kể cả đã kết thúc."),
        unit=_("phân công"),
        empty=_("Chưa có phân công nào. Mở một người dùng để giao nhiệm vụ."),
        views=_tabs("mandates"),
    )


def _page(user):
    return reverse("people:page", args=[user.pk])


def _offers(user, viewer):
    if not viewer.may(Permission.PEOPLE_MANAGE, place=user.province):
        return []
    if not queries.keeps(viewer, user):
        return [
            Offer(_("Giao nhiệm vụ"), reverse("people:give_mandate", args=[user.pk])),
            Offer(_("Đặt lại mật khẩu"), why=_("Người này còn giữ phân công ngoài địa bàn bạn quản lý.")),
        ]
    if not user.is_active:
        return [Offer(_("Mở lại tài khoản"), reverse("people:reactivate", args=[user.pk]), post=True)]
    if user.pk == viewer.pk:
        return [
            Offer(_("Sửa thông tin"), reverse("people:change", args=[user.pk])),
            Offer(_("Giao nhiệm vụ"), why=_("Không ai tự giao nhiệm vụ cho mình.")),
        ]
    new = user.last_login is None
    steps = [
        Offer(_("Giao nhiệm vụ"), reverse("people:give_mandate", args=[user.pk])),
        Offer(
            _("Đặt mật khẩu lần đầu") if new else _("Đặt lại mật khẩu"),
            reverse("people:reset_password", args=[user.pk]),
            post=True,
            question=_("Mật khẩu cũ hết dùng ngay. Mật khẩu mới hiện một lần duy nhất."),
        ),
    ]
    if new and user.mandates_today:
        steps.reverse()
    return [
        *steps,
        Offer(_("Sửa thông tin"), reverse("people:change", args=[user.pk])),
        Offer(_("Khoá tài khoản"), reverse("people:deactivate", args=[user.pk])),
    ]


@reads
def user_page(request, pk):
    user = get_object_or_404(_users(request), pk=pk)
    today, viewer = clock.today(), request.user
    rows = []
    for mandate in queries.mandates_of(user):
        running = mandate.valid_to is None or mandate.valid_to > today
        may_end = running and queries.may_end(viewer, mandate)
        rows.append(
            {
                "mandate": mandate,
                "holds": mandate.holds_on(today),
                "coming": mandate.valid_from > today,
                "may_end": may_end,
                "hand_over": reverse("work:hand_over", args=[mandate.pk]) if may_end else "",
            }
        )
    life = [Event(e.label.capitalize(), e.on or e.at, note=_told(e), who=e.actor) for e in reversed(history_of(user))]
    context = {
        "person": user,
        "rows": rows,
        "offers": _offers(user, viewer),
        "life": life,
        # a telephone is shown to whoever keeps the account, to nobody else
        "keeps": viewer.may(Permission.PEOPLE_MANAGE, place=user.province),
    }
    return render(request, "desk/people/page.html", context)


def _told(event):
    role = ROLES.get(event.data.get("role", ""))
    return f"{role.label}, {event.data.get('scope', '')}" if role else event.data.get("reason", "")


def _step(request, form, do, *, user=None, **shown):
    """A step of this desk, on one account or before there is one."""
    trail = [(_("Người dùng, phân công"), reverse("people:list"))]
    if user is not None:
        trail.append((str(user), _page(user)))
    return step_page(request, form, do, trail=trail, **shown)


@step
def register(request):
    for_holders(request.user, Permission.PEOPLE_MANAGE)
    return _step(
        request,
        bind(forms.RegisterForm, request, user=request.user),
        lambda data: operations.register_user(**data, by=request.user),
        title=_("Mở tài khoản"),
        sub=_("Tài khoản mới chưa có quyền gì cho đến khi được giao nhiệm vụ."),
        button=_("Mở tài khoản"),
        to=_page,
        done=_("Đã mở tài khoản. Hãy giao nhiệm vụ và đặt mật khẩu lần đầu."),
    )


def _kept(request, pk) -> User:
    """An account, for who keeps it."""
    user = get_object_or_404(_users(request), pk=pk)
    operations.authorise_over(user, by=request.user)
    return user


@step
def change(request, pk):
    user = _kept(request, pk)
    names = ("last_name", "first_name", "title", "email", "phone")
    return _step(
        request,
        bind(forms.AccountForm, request, initial={name: getattr(user, name) for name in names}),
        lambda data: operations.change_user(user, **data, by=request.user),
        title=_("Sửa thông tin"),
        sub=str(user),
        button=_("Lưu thay đổi"),
        user=user,
        to=_page,
        done=_("Đã lưu."),
    )


@step
def give_mandate(request, pk):
    user = get_object_or_404(_users(request), pk=pk)
    for_holders(request.user, Permission.PEOPLE_MANAGE)
    form = bind(forms.MandateForm, request, user=request.user, initial={"on": clock.today()})
    return _step(
        request,
        form,
        lambda data: operations.give_mandate(user, **form.facts(), by=request.user),
        title=_("Giao nhiệm vụ"),
        sub=_("%(user)s. Chọn đúng một phạm vi: địa bàn, cụm địa bàn, đơn vị hoặc cả nước.") % {"user": user},
        button=_("Giao nhiệm vụ"),
        user=user,
        to=_page(user),
        done=_("Đã giao nhiệm vụ."),
    )


@step
def end_mandate(request, pk):
    mandate = get_object_or_404(queries.mandates(request.user), pk=pk)
    if not queries.may_end(request.user, mandate):
        authorise(request.user, Permission.PEOPLE_MANAGE, place=mandate.home)
    return _step(
        request,
        bind(forms.EndForm, request, initial={"on": clock.today()}),
        lambda data: work.end_mandate(mandate, by=request.user, **data),
        title=_("Kết thúc nhiệm vụ"),
        sub=f"{mandate}, {mandate.scope_text}",
        button=_("Kết thúc nhiệm vụ"),
        user=mandate.user,
        to=_page(mandate.user),
        done=_("Đã kết thúc nhiệm vụ."),
        template="desk/people/end.html",
        hand_over=reverse("work:hand_over", args=[mandate.pk]),
    )


@never_cache
@writes
def reset_password(request, pk):
    user = get_object_or_404(_users(request), pk=pk)
    password = operations.reset_password(user, by=request.user)
    return render(request, "desk/people/password.html", {"person": user, "password": password})


@step
def deactivate(request, pk):
    user = _kept(request, pk)
    return _step(
        request,
        bind(forms.LockForm, request, initial={"on": clock.today()}),
        lambda data: operations.deactivate(user, by=request.user, on=data["on"], reason=data["reason"]),
        title=_("Khoá tài khoản"),
        sub=_("%(user)s không đăng nhập được nữa và mọi nhiệm vụ kết thúc. Việc dở dang cần bàn giao trước.")
        % {"user": user},
        button=_("Khoá tài khoản"),
        user=user,
        to=_page,
        done=_("Đã khoá tài khoản."),
    )


@writes
def reactivate(request, pk):
    user = get_object_or_404(_users(request), pk=pk)
    operations.reactivate(user, by=request.user, on=clock.today())
    return _page(user)
