"""What is known of an establishment: entered, changed, told year by year."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.establishments import operations, queries
from khuyencong.needs.models import Need
from khuyencong.needs.operations import name_establishment
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.web.common.doors import for_holders, for_those_here
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.establishments import forms
from khuyencong.web.desk.establishments.views.shared import (
    edits,
    establishment_of,
    on_record,
    sees_personal,
    shown,
    whole_tax_code,
)


def _facts(establishment, *, personal):
    names = [*operations.CHANGEABLE, "province"]
    return {name: getattr(establishment, name) for name in names if personal or name not in forms.PERSONAL}


@step
def register(request):
    """``?nhu-cau=``: the establishment of a need, which knows much of it already and is told whose it is in the same act."""
    for_holders(request.user, Permission.ESTABLISHMENT_EDIT)
    need = _need_of(request)
    form = bind(
        forms.EstablishmentForm,
        request,
        user=request.user,
        new=True,
        initial={"province": request.frame.province_id, "name": request.GET.get("name", "")}
        | _told_by(need, request.user),
    )
    similar_rows, asked = [], False
    if request.method == "POST" and form.is_valid():
        similar_rows = _candidates(request, form.cleaned_data)
        asked = bool(similar_rows) and "anyway" not in request.POST

    def do(data):
        made = operations.register(by=request.user, **_cleaned(data))
        if need is not None:
            name_establishment(need, establishment=made, by=request.user)
        return made

    def done(made):
        if need is not None:
            return _("Đã thêm cơ sở “%(name)s” và gắn với nhu cầu này.") % {"name": made.name}
        return _("Đã thêm cơ sở “%(name)s”.") % {"name": made.name}

    context = {"similar": similar_rows, "need": need}
    if asked:  # a person decides before a second record is made
        return render(request, "desk/establishments/register.html", {"form": form, **context}, status=422)
    return act(
        request,
        form,
        do,
        template="desk/establishments/register.html",
        context=context,
        to=lambda made: (
            reverse("establishments:page", args=[made.pk]) if need is None else reverse("needs:page", args=[need.pk])
        ),
        done=done,
    )


def _need_of(request):
    asked = request.GET.get("nhu-cau", "")
    if not asked.isdecimal():
        return None
    need = get_object_or_404(Need.objects.visible_to(request.user).select_related("commune", "province"), pk=asked)
    for_those_here(request.user, Permission.ESTABLISHMENT_EDIT, place=need.commune or need.province)
    return need


def _told_by(need, user):
    """What a need says of its establishment; the telephone to who may see it."""
    if need is None:
        return {}
    told = {"name": need.name, "place_text": need.hamlet, "province": need.province_id, "commune": need.commune_id}
    may_call = user.may(Permission.VIEW_PERSONAL, place=need.commune or need.province)
    return told | {"phone": need.phone if may_call else ""}


def _cleaned(data):
    data = dict(data)
    data.pop("province", None)
    if address := data.get("registered_address"):
        data["registered_commune"] = places.resolve(address).commune
    elif "registered_address" in data:
        data["registered_commune"] = None
    return data


def _candidates(request, data):
    found = queries.duplicates_of(
        name=data.get("name") or "",
        tax_code=whole_tax_code(data.get("tax_code") or ""),
        commune=data.get("commune"),
        phone=data.get("phone") or "",
        representative=data.get("representative") or "",
    )
    return shown(request.user, found)


@reads
def similar(request):
    """While a new establishment is typed: the records that may be the same."""
    commune = request.GET.get("commune", "")
    scope = request.user.scope(Permission.ESTABLISHMENT_EDIT)
    unit = None
    if commune.isdecimal():
        unit = Unit.objects.current().filter(pk=commune).first()
    if unit is not None and not (
        scope.whole_country or unit.pk in scope.communes or unit.province_id in scope.provinces
    ):
        unit = None
    code, name = whole_tax_code(request.GET.get("tax_code", "")), request.GET.get("name", "").strip()
    found = []
    if len(name) >= 4 or code:
        found = queries.duplicates_of(name=name, tax_code=code, commune=unit, limit=5)
    return render(request, "desk/establishments/_similar.html", {"similar": shown(request.user, found)})


@step
def change(request, pk):
    establishment = establishment_of(request, pk, "craft_village", "cluster")
    editing, personal = edits(request.user, establishment), sees_personal(request.user, establishment)
    initial = _facts(establishment, personal=personal)
    if editing == "own":
        form = bind(forms.OwnForm, request, initial=initial)
    else:
        form = bind(forms.EstablishmentForm, request, user=request.user, personal=personal, initial=initial)
        form.fields["commune"].required = establishment.commune_id is not None
        form.fields["name"].help_text = _(
            "Chỉ sửa khi ghi sai. Cơ sở đổi tên theo giấy tờ thì dùng “Ghi nhận đổi tên”."
        )
    return on_record(
        request,
        establishment,
        form,
        lambda data: operations.change(establishment, by=request.user, **_cleaned(data)),
        title=_("Sửa thông tin cơ sở"),
        panel="thong-tin",
        button=_("Lưu thông tin"),
        done=_("Đã lưu thông tin cơ sở."),
    )


@step
def record_year(request, pk):
    establishment = establishment_of(request, pk)
    asked = request.GET.get("nam", "")
    known = establishment.years.filter(year=asked).values().first() if asked.isdecimal() else None
    return on_record(
        request,
        establishment,
        bind(forms.YearForm, request, initial=known or {"year": request.frame.year}),
        lambda data: operations.record_year(establishment, by=request.user, **data),
        title=_("Số liệu năm của cơ sở"),
        button=_("Ghi số liệu"),
        done=_("Đã ghi số liệu năm."),
    )
