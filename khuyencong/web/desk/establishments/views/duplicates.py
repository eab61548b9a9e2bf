"""Two records of one establishment: found, compared, merged or told apart."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.establishments import operations, queries
from khuyencong.establishments.models import (
    Establishment,
)
from khuyencong.places import queries as places
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.establishments import forms
from khuyencong.web.desk.establishments.views.shared import (
    establishment_of,
    gone,
    place_of,
    sees_personal,
    shown,
    step_page,
)


@reads
def duplicates(request):
    """Pairs of the province in work that may be one establishment; or the candidates for one record."""
    if not request.user.holds(Permission.ESTABLISHMENT_MERGE):
        raise Http404
    asked = request.GET.get("co-so", "")
    context = {"province": request.frame.province}
    if asked.isdecimal():
        one = establishment_of(request, int(asked))
        found = queries.duplicates_of(
            name=one.name,
            tax_code=one.tax_code,
            commune=one.commune,
            province=one.province,
            phone=one.phone,
            representative=one.representative,
            exclude=one,
        )
        context |= {"one": one, "similar": shown(request.user, found)}
    elif request.frame.province is not None:
        communes = list(places.communes_of(request.frame.province).only("pk", "full_name"))
        commune = next((unit for unit in communes if str(unit.pk) == request.GET.get("xa")), None)
        context |= {
            "communes": communes,
            "commune": commune,
            "pairs": queries.duplicate_pairs(request.user, province=request.frame.province, commune=commune),
        }
    return render(request, "desk/establishments/duplicates.html", context)


def _pair(request, pk, other) -> tuple[Establishment, Establishment]:
    """The two records, where this person may merge at both places."""
    rows = Establishment.objects.visible_to(request.user)
    rows = rows.select_related(
        "merged_into", "province", "commune__province", "organisation", "craft_village", "cluster"
    )
    found = rows.in_bulk([pk, other])
    if len(found) != 2 or not all(
        request.user.may(Permission.ESTABLISHMENT_MERGE, place=place_of(row)) for row in found.values()
    ):
        raise Http404
    return found[pk], found[other]


def _gone(request, *pair):
    """Where to go when one of the two was merged meanwhile."""
    old = next((one for one in pair if one.merged_into_id), None)
    return gone(request, old) if old else None


LINES = (
    "name",
    "tax_code",
    "legal_form",
    "commune",
    "place_text",
    "representative",
    "phone",
    "sector",
    "main_product",
    "registered_on",
    "registered_address",
    "woman_owned",
    "minority_owned",
    "cleaner_production",
    "craft_village",
    "cluster",
    "closed_on",
)


def _side_by_side(request, first, second):
    personal = sees_personal(request.user, first) and sees_personal(request.user, second)
    lines = []
    for name in LINES:
        if name in (*forms.PERSONAL, "tax_code") and not personal:
            continue
        values = [_said(row, name) for row in (first, second)]
        if any(values):
            label = Establishment._meta.get_field(name).verbose_name
            lines.append({"label": label, "first": values[0], "second": values[1], "differ": values[0] != values[1]})
    weights = [queries.carried(first), queries.carried(second)]
    for name, label in (
        ("years", _("Số liệu năm")),
        ("products", _("Sản phẩm")),
        ("machines", _("Máy, thiết bị")),
        ("supported", _("Hạng mục đã được hỗ trợ")),
    ):
        one, two = weights[0][name], weights[1][name]
        lines.append({"label": label, "first": one or "", "second": two or "", "differ": False})
    return lines


def _said(row, name):
    value = getattr(row, name)
    if value is True:
        return _("có")
    if value in (None, "", False):
        return ""
    if hasattr(row, f"get_{name}_display"):
        return getattr(row, f"get_{name}_display")()
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


@reads
def compare(request, pk, other):
    first, second = _pair(request, pk, other)
    if answer := _gone(request, first, second):
        return answer
    return render(
        request,
        "desk/establishments/compare.html",
        {"first": first, "second": second, "lines": _side_by_side(request, first, second)},
    )


@step
def merge(request, pk, other):
    """``pk`` goes into ``other``."""
    old, kept = _pair(request, pk, other)
    if answer := _gone(request, old, kept):
        return answer
    personal = sees_personal(request.user, old) and sees_personal(request.user, kept)
    form = bind(forms.MergeForm, request, old=old, kept=kept, personal=personal)
    differences = [
        {"box": box, "theirs": _said(old, box.name[5:]), "ours": _said(kept, box.name[5:])}
        for box in form.difference_fields()
    ]
    return act(
        request,
        form,
        lambda data: operations.merge(old, into=kept, by=request.user, reason=data["reason"], take=form.take),
        template="desk/establishments/merge.html",
        context={
            "old": old,
            "kept": kept,
            "differences": differences,
            "back": reverse("establishments:compare", args=[pk, other]),
        },
        to=reverse("establishments:page", args=[other]),
        done=_("Đã gộp hai bản ghi. Lịch sử của cả hai được giữ nguyên."),
    )


@step
def dismiss(request, pk, other):
    first, second = _pair(request, pk, other)
    if answer := _gone(request, first, second):
        return answer
    return step_page(
        request,
        bind(forms.ReasonForm, request),
        lambda data: operations.dismiss_duplicate(first, other=second, by=request.user, reason=data["reason"]),
        title=_("Xác nhận là hai cơ sở khác nhau"),
        sub=f"{first.name} / {second.name}",
        button=_("Hai cơ sở khác nhau"),
        to=reverse("establishments:duplicates"),
        done=_("Đã ghi nhận; cặp này không được nhắc lại nữa."),
    )
