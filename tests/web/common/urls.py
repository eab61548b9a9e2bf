"""A few pages that use the frame in every way, for the tests of the frame alone."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.places.models import Unit
from khuyencong.web.common import lists
from khuyencong.web.common.forms import DayField, MoneyField, PaperForm, PlaceForm
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, reads, step, writes

handler403 = "khuyencong.web.common.pages.not_allowed"
handler404 = "khuyencong.web.common.pages.not_found"


class AmountForm(forms.Form):
    amount = MoneyField(label=_("Số tiền"))
    on = DayField(label=_("Ngày"), required=False, past=True)


class PlacedForm(PlaceForm):
    name = forms.CharField(label=_("Tên"))


class RecordForm(PaperForm):
    paper_required = False


def rename(amount: int) -> None:
    """An act: writes, then may refuse."""
    Unit.objects.create(
        code="00001",
        level="commune",
        kind="commune",
        name=str(amount),
        full_name=str(amount),
        folded="",
        sort_key=b"",
        valid_from="2026-01-01",
    )
    if amount == 1:
        raise NotPossible("Không còn dự toán.")
    if amount == 2:
        raise Invalid(amount="Vượt mức hỗ trợ.")
    if amount == 4:
        raise ValidationError({"amount": "Đã có khoản này.", "other": "Trái với sổ."})
    if amount == 3:
        raise NotAllowed("Việc này thuộc Sở Công Thương.")


@step
def amount_page(request):
    form = bind(AmountForm, request)
    return act(
        request, form, lambda data: rename(data["amount"]), template="frame/step.html", to="/ket-qua/", done="Đã ghi."
    )


@step
def inside_page(request):
    form = bind(AmountForm, request)
    return step_page(
        request,
        form,
        lambda data: rename(data["amount"]),
        trail=[("Hồ sơ", "/ket-qua/")],
        title="Sửa số tiền",
        button="Ghi",
        panel="so-tien",
        to="/ket-qua/",
        done="Đã ghi.",
    )


@step
def place_page(request):
    form = bind(PlacedForm, request, user=request.user)
    return act(request, form, lambda data: None, template="frame/step.html", to="/ket-qua/")


@writes
def button(request):
    rename(int(request.POST["amount"]))
    return "/ket-qua/"


@reads
def writing_page(request):
    rename(5)
    return HttpResponse()


@reads
def result(request):
    return HttpResponse(engines["django"].from_string("{% extends 'base.html' %}").render({}, request))


class UnitFilter(lists.Filter):
    q = lists.FoldedFilter("folded", label=_("Tên"))


COLUMNS = (
    lists.Column("code", _("Mã"), sort="code"),
    lists.Column("full_name", _("Tên"), sort="sort_key", url=lambda unit: f"/{unit.code}/", small="code"),
    lists.Column("paid", _("Đã chi"), kind="million", value=lambda unit: int(unit.code[1:]) * 10_000),
    lists.Column("valid_from", _("Từ ngày"), kind="day", shown=False),
)


@reads
def unit_list(request):
    units = Unit.objects.filter(level="commune")
    return lists.answer(
        request,
        units,
        columns=COLUMNS,
        filters=UnitFilter,
        order="code",
        name="don-vi",
        title="Đơn vị",
        unit="đơn vị",
        empty="Hãy nạp danh mục.",
    )


urlpatterns = [
    path("so-tien/", amount_page, name="amount"),
    path("trong-trang/", inside_page),
    path("dia-diem/", place_page),
    path("nut/", button),
    path("sai/", writing_page),
    path("ket-qua/", result),
    path("danh-sach/", unit_list, name="units"),
    path("", include("khuyencong.web.urls")),
]
