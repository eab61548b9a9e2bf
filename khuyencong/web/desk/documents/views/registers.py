"""Registers of outgoing papers: numbers drawn in their order, cancelled ones kept."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents import operations, queries
from khuyencong.documents.enums import NumberState
from khuyencong.documents.models import Number, Register
from khuyencong.documents.operations.registers import still_free
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders, for_those_here, said_no
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.documents.forms import CancelForm, DrawForm, RegisterForm, UseForm, issuers_of

COLUMNS = (
    lists.Column(
        "symbol",
        gettext_lazy("Ký hiệu, cơ quan ban hành"),
        sort="symbol",
        url=lists.page("documents:register"),
        small="issuer",
    ),
    lists.Column("year", gettext_lazy("Năm"), sort="year"),
    lists.Column("last", gettext_lazy("Số cuối"), kind="number", sort="last"),
)
LIST = "documents:registers"
MARKS = {NumberState.DRAWN: "done", NumberState.CANCELLED: "stop"}


def _mine(user):
    """The registers of bodies where this person works."""
    return Register.objects.filter(issuer__in=issuers_of(user).values("pk")).select_related("issuer__place")


def _kept(request, pk) -> Register:
    """A register, for who draws its numbers."""
    register = get_object_or_404(_mine(request.user), pk=pk)
    for_those_here(request.user, Permission.PAPER_RECORD, place=register.issuer.place)
    return register


@reads
def register_list(request):
    may = request.user.holds(Permission.PAPER_RECORD)
    return lists.answer(
        request,
        _mine(request.user),
        columns=COLUMNS,
        order=("-year", "symbol"),
        name="so-van-ban",
        title=_("Sổ đăng ký văn bản đi"),
        sub=_(
            "Số của những cơ quan giao cho hệ thống lấy số: mỗi năm từ số 01, không nhảy số, số huỷ vẫn giữ trong sổ."
        ),
        unit=_("sổ"),
        empty=_("Chưa mở sổ nào. Văn bản đánh số nơi khác được ghi nhận với số nó đã có."),
        acts=[lists.Act(_("Mở sổ"), reverse("documents:open_register"))] if may else [],
    )


@reads
def register_page(request, pk):
    register = get_object_or_404(_mine(request.user), pk=pk)
    numbers = Paginator(queries.register_lines(register).order_by("-value"), lists.ROWS)
    page = numbers.get_page(request.GET.get("trang"))
    rows = [{"number": number, "mark": MARKS[NumberState(number.state)]} for number in page]
    may = request.user.may(Permission.PAPER_RECORD, place=register.issuer.place)
    return render(
        request, "desk/documents/register.html", {"register": register, "rows": rows, "page": page, "may": may}
    )


@step
def open_register(request):
    for_holders(request.user, Permission.PAPER_RECORD)
    form = bind(RegisterForm, request, user=request.user, initial={"year": clock.today().year, "last": 0})
    return step_page(
        request,
        form,
        lambda data: operations.open_register(by=request.user, **data),
        trail=[(_("Sổ đăng ký văn bản đi"), reverse(LIST))],
        title=_("Mở sổ đăng ký văn bản đi"),
        law=[_("Số văn bản của năm đánh liên tiếp từ 01 ngày 01/01 đến hết ngày 31/12 (Điều 15 NĐ 30/2020/NĐ-CP).")],
        button=_("Mở sổ"),
        to=lambda register: reverse("documents:register", args=[register.pk]),
        back=reverse(LIST),
        done=_("Đã mở sổ."),
    )


@step
def draw(request, pk):
    register = _kept(request, pk)
    page = reverse("documents:register", args=[pk])
    form = bind(DrawForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        form,
        lambda data: operations.draw(register, on=data["on"], about=data["about"], by=request.user),
        trail=[(_("Sổ đăng ký văn bản đi"), reverse(LIST)), (str(register), page)],
        title=_("Lấy số"),
        sub=register,
        button=_("Lấy số tiếp theo"),
        to=page,
        done=lambda number: _("Đã lấy số %(number)s.") % {"number": number},
    )


def _number(register, pk):
    return get_object_or_404(Number.objects.select_related("register__issuer__place"), register=register, pk=pk)


@step
def use(request, pk, number):
    register = _kept(request, pk)
    found = _number(register, number)
    page = reverse("documents:register", args=[pk])
    return step_page(
        request,
        bind(UseForm, request, papers=queries.papers_bearing(found, user=request.user)),
        lambda data: operations.use(found, paper=data["paper"], by=request.user),
        trail=[(_("Sổ đăng ký văn bản đi"), reverse(LIST)), (str(register), page)],
        title=_("Gắn văn bản vào số %(number)s") % {"number": found},
        sub=found.about,
        button=_("Gắn văn bản"),
        to=page,
        done=_("Đã gắn văn bản vào số."),
    )


@step
def cancel(request, pk, number):
    register = _kept(request, pk)
    found = _number(register, number)
    page = reverse("documents:register", args=[pk])
    return step_page(
        request,
        bind(CancelForm, request),
        lambda data: operations.cancel(found, reason=data["reason"], by=request.user),
        trail=[(_("Sổ đăng ký văn bản đi"), reverse(LIST)), (str(register), page)],
        title=_("Huỷ số %(number)s") % {"number": found},
        refusal=said_no(still_free, found),
        button=_("Huỷ số"),
        after=[_("Số vẫn nằm trong sổ, ghi “huỷ”, và không được lấy lại.")],
        to=page,
        done=_("Đã huỷ số."),
    )
