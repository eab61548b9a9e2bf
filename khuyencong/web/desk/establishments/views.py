from django.db.models import OuterRef, Prefetch, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments import operations, queries
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Machine,
    Merger,
    Product,
    Recognition,
    SupportedItem,
    YearlyFacts,
)
from khuyencong.files.operations import store
from khuyencong.needs.models import Need
from khuyencong.organisations.enums import Family
from khuyencong.organisations.rules import family_of, tax_code
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.web.common import lists, parts
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.establishments import forms

STEP = "desk/establishments/step.html"


def _visible(request, pk, *more) -> Establishment:
    rows = Establishment.objects.visible_to(request.user).select_related(
        "province", "commune__province", "organisation", *more
    )
    return get_object_or_404(rows, pk=pk)


def _place(establishment) -> Unit:
    return establishment.commune or establishment.province


def _personal(user, establishment) -> bool:
    """Telephone, owner and a citizen's number are for those who may see them, and for the establishment's own people."""
    own = establishment.organisation_id in user.scope().bodies
    return own or user.may(Permission.VIEW_PERSONAL, place=_place(establishment))


def _edits(user, establishment) -> str:
    """ "all", "own" or "" : what this person may change here."""
    if establishment.merged_into_id:
        return ""
    if user.may(Permission.ESTABLISHMENT_EDIT, place=_place(establishment)):
        return "all"
    own = user.may(Permission.ESTABLISHMENT_EDIT_OWN, place=_place(establishment), body=establishment.organisation)
    return "own" if own else ""


def _step(request, form, do, *, title, button, to, done, sub="", context=None):
    """A page with one form for one act on a record."""
    values = {
        "title": title,
        "sub": sub,
        "button": button,
        "back": to if isinstance(to, str) else "",
        **(context or {}),
    }
    return act(request, form, do, template=STEP, context=values, to=to, done=done)


# ---- lists ----


def _tax_code(row):
    return "" if family_of(row.tax_code) is Family.PERSON else row.tax_code


COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cơ sở, nơi sản xuất"),
        sort="sort_key",
        url=lambda e: reverse("establishments:page", args=[e.pk]),
        small=lambda e: str(e.commune or e.province),
    ),
    lists.Column("legal_form", gettext_lazy("Loại hình"), value="get_legal_form_display"),
    lists.Column("sector", gettext_lazy("Ngành nghề"), value="get_sector_display"),
    lists.Column("main_product", gettext_lazy("Sản phẩm chính")),
    lists.Column("workers", gettext_lazy("Lao động"), kind="number"),
    lists.Column("tax_code", gettext_lazy("Mã số thuế"), value=_tax_code, shown=False),
    lists.Column("province", gettext_lazy("Tỉnh"), shown=False),
    lists.Column("place_text", gettext_lazy("Địa điểm như đã ghi"), shown=False),
    lists.Column("vsic_code", gettext_lazy("Mã ngành VSIC"), shown=False),
    lists.Column("changed_at", gettext_lazy("Sửa lúc"), kind="moment", shown=False),
)


@reads
def establishment_list(request):
    newest = YearlyFacts.objects.filter(establishment=OuterRef("pk")).order_by("-year").values("workers")[:1]
    rows = queries.search(request.user, province=request.frame.province_id)
    acts = []
    if request.user.holds(Permission.ESTABLISHMENT_MERGE):
        acts.append(lists.Act(_("Kiểm tra trùng"), reverse("establishments:duplicates"), quiet=True))
    if request.user.holds(Permission.VIEW_PERSONAL):
        acts.append(lists.Act(_("Đầu mối ở xã"), reverse("establishments:contacts"), quiet=True))
    if request.user.holds(Permission.ESTABLISHMENT_EDIT):
        acts.append(lists.Act(_("Thêm cơ sở"), reverse("establishments:register")))
    return lists.answer(
        request,
        rows.select_related("commune", "province").annotate(workers=Subquery(newest)),
        columns=COLUMNS,
        filters=forms.EstablishmentFilter,
        order="sort_key",
        name="co-so",
        title=_("Cơ sở công nghiệp nông thôn"),
        sub=_("Mỗi cơ sở một dòng, theo nơi sản xuất hiện nay. Lao động là số của năm mới nhất đã ghi."),
        unit=_("cơ sở"),
        empty=_("Chưa có cơ sở nào. Hãy thêm cơ sở, hoặc nhập danh sách từ Excel."),
        acts=acts,
    )


PRODUCT_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Sản phẩm, cơ sở"),
        sort="folded",
        url=lambda p: reverse("establishments:page", args=[p.establishment_id]),
        small=lambda p: f"{p.establishment}, {p.establishment.commune or p.establishment.province}",
    ),
    lists.Column("group", gettext_lazy("Nhóm"), value="get_group_display"),
    lists.Column(
        "recognised",
        gettext_lazy("Đã được công nhận"),
        value=lambda p: "; ".join(f"{r.get_level_display()} {r.year}" for r in p.newest),
    ),
    lists.Column(
        "valid_to",
        gettext_lazy("Giá trị đến hết ngày"),
        kind="day",
        value=lambda p: max((r.valid_to for r in p.newest if r.valid_to), default=None),
    ),
)


@reads
def products(request):
    newest = Prefetch("recognitions", Recognition.objects.order_by("-year", "pk"), to_attr="newest")
    rows = queries.products(request.user, province=request.frame.province_id)
    return lists.answer(
        request,
        rows.select_related("establishment__commune", "establishment__province").prefetch_related(newest),
        columns=PRODUCT_COLUMNS,
        filters=forms.ProductFilter,
        order="folded",
        name="san-pham",
        title=_("Sản phẩm công nghiệp nông thôn"),
        sub=_("Sản phẩm của các cơ sở và những lần được công nhận tiêu biểu."),
        unit=_("sản phẩm"),
        empty=_("Chưa có sản phẩm nào. Sản phẩm được thêm ở trang của cơ sở."),
    )


CONTACT_COLUMNS = (
    lists.Column("name", gettext_lazy("Họ tên, xã"), sort="folded", small=lambda c: str(c.commune or c.province)),
    lists.Column("role", gettext_lazy("Vai trò"), value="get_role_display"),
    lists.Column("title", gettext_lazy("Chức danh, nơi công tác")),
    lists.Column("phone", gettext_lazy("Điện thoại")),
    lists.Column("email", gettext_lazy("Thư điện tử"), shown=False),
    lists.Column(
        "remove",
        gettext_lazy("Việc"),
        value=lambda c: _("Bỏ khỏi danh bạ"),
        url=lambda c: reverse("establishments:remove_contact", args=[c.pk]),
    ),
)


@reads
def contacts(request):
    if not request.user.holds(Permission.VIEW_PERSONAL):
        raise Http404
    rows = queries.contacts(request.user)
    if request.frame.province_id:
        rows = rows.filter(province=request.frame.province_id)
    acts = []
    if request.user.holds(Permission.IMPORT):
        acts.append(lists.Act(_("Nhập từ Excel"), reverse("imports:upload", args=["contacts"])))
    return lists.answer(
        request,
        rows,
        columns=CONTACT_COLUMNS,
        filters=forms.SiteFilter,
        order="folded",
        name="dau-moi",
        title=_("Cộng tác viên, đầu mối của xã"),
        sub=_("Người để liên hệ ở từng xã. Chỉ người được xem thông tin cá nhân mới thấy danh bạ này."),
        unit=_("người"),
        empty=_("Chưa có ai. Hãy nhập danh sách từ Excel."),
        acts=acts,
    )


@step
def remove_contact(request, pk):
    contact = get_object_or_404(queries.contacts(request.user), pk=pk)
    return _step(
        request,
        bind(forms.Nothing, request),
        lambda data: operations.remove_contact(contact, by=request.user),
        title=_("Bỏ khỏi danh bạ"),
        sub=f"{contact.name}, {contact.commune or contact.province}",
        button=_("Bỏ khỏi danh bạ"),
        to=reverse("establishments:contacts"),
        done=_("Đã bỏ khỏi danh bạ."),
    )


# ---- one establishment ----


@reads
def establishment_page(request, pk):
    user = request.user
    establishment = _visible(request, pk, "craft_village", "cluster", "registered_commune", "merged_into")
    keys = queries.all_of(establishment)
    editing, personal = _edits(user, establishment), _personal(user, establishment)
    supports = list(
        SupportedItem.objects.filter(establishment__in=keys).select_related("establishment").order_by("-on", "-pk")
    )
    product_rows = (
        Product.objects.filter(establishment__in=keys)
        .prefetch_related(Prefetch("recognitions", Recognition.objects.order_by("-year", "pk"), to_attr="newest"))
        .order_by("folded", "pk")
    )
    projects = Project.objects.visible_to(user).filter(
        pk__in=Beneficiary.objects.filter(establishment__in=keys, removed_on=None).values("project_id")
    )
    years = list(
        YearlyFacts.objects.filter(establishment__in=keys).order_by("-year", "pk").select_related("establishment")
    )
    return render(
        request,
        "desk/establishments/page.html",
        {
            "e": establishment,
            "editing": editing,
            "personal": personal,
            "tax_code": establishment.tax_code if personal else _tax_code(establishment),
            "latest": years[0] if years else None,
            "given": sum(row.amount for row in supports if row.withdrawn_on is None),
            "years": years,
            "machines": Machine.objects.filter(establishment__in=keys).order_by("pk"),
            "products": product_rows,
            "supports": supports,
            "projects": projects.order_by("-year", "-pk")[:20],
            "needs": Need.objects.visible_to(user).filter(establishment__in=keys).order_by("-pk")[:20],
            "photos": establishment.photos.select_related("file").order_by("-pk")[:12],
            "mergers": list(Merger.objects.filter(into__in=keys).select_related("old", "by").order_by("-pk"))
            if len(keys) > 1
            else [],
            "offers": _offers(user, establishment, editing),
            "events": _events(establishment),
        },
    )


def _offers(user, establishment, editing):
    def to(name):
        return reverse(f"establishments:{name}", args=[establishment.pk])

    if not editing:
        return []
    offers = [
        parts.Offer(_("Ghi số liệu năm"), to("record_year")),
        parts.Offer(_("Thêm sản phẩm"), to("add_product")),
        parts.Offer(_("Thêm máy, thiết bị"), to("add_machine")),
        parts.Offer(_("Thêm ảnh"), to("add_photo")),
    ]
    if user.may(Permission.ESTABLISHMENT_MERGE, place=_place(establishment)):
        found = f"{reverse('establishments:duplicates')}?co-so={establishment.pk}"
        offers.append(parts.Offer(_("Tìm bản ghi trùng với cơ sở này"), found))
    return offers


def _events(establishment):
    return [
        parts.Event(what=capfirst(line.label), on=line.on or line.at, who=line.actor)
        for line in reversed(history_of(establishment, limit=12))
    ]


def _facts(establishment, *, personal):
    names = [*operations.CHANGEABLE, "province"]
    return {name: getattr(establishment, name) for name in names if personal or name not in forms.PERSONAL}


@step
def register(request):
    form = bind(
        forms.EstablishmentForm,
        request,
        user=request.user,
        new=True,
        initial={"province": request.frame.province_id, "name": request.GET.get("name", "")},
    )
    similar_rows, asked = [], False
    if request.method == "POST" and form.is_valid():
        similar_rows = _candidates(request, form.cleaned_data)
        asked = bool(similar_rows) and "anyway" not in request.POST

    def do(data):
        return operations.register(by=request.user, **_cleaned(data))

    context = {"similar": similar_rows}
    if asked:  # a person decides before a second record is made
        return render(request, "desk/establishments/register.html", {"form": form, **context}, status=422)
    return act(
        request,
        form,
        do,
        template="desk/establishments/register.html",
        context=context,
        to=lambda made: reverse("establishments:page", args=[made.pk]),
        done=lambda made: _("Đã thêm cơ sở “%(name)s”.") % {"name": made.name},
    )


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
        tax_code=_code(data.get("tax_code") or ""),
        commune=data.get("commune"),
        phone=data.get("phone") or "",
        representative=data.get("representative") or "",
    )
    return _shown(request.user, found)


def _code(typed) -> str:
    """A tax code as it is kept; nothing while it is not whole or wrong."""
    try:
        return tax_code(typed)
    except Invalid:
        return ""


def _shown(user, candidates):
    """Each with its address where this person may open it; one outside his territory is told without."""
    mine = set(
        Establishment.objects.visible_to(user)
        .filter(pk__in=[c.establishment.pk for c in candidates])
        .values_list("pk", flat=True)
    )
    return [{"candidate": c, "visible": c.establishment.pk in mine} for c in candidates]


@reads
def similar(request):
    """While a new establishment is typed: the records that may be the same."""
    commune = request.GET.get("commune", "")
    scope = request.user.scope(Permission.ESTABLISHMENT_EDIT)
    unit = None
    if commune.isdigit():
        unit = Unit.objects.current().filter(pk=commune).first()
    if unit is not None and not (
        scope.whole_country or unit.pk in scope.communes or unit.province_id in scope.provinces
    ):
        unit = None
    code, name = _code(request.GET.get("tax_code", "")), request.GET.get("name", "").strip()
    found = []
    if len(name) >= 4 or code:
        found = queries.duplicates_of(name=name, tax_code=code, commune=unit, limit=5)
    return render(request, "desk/establishments/_similar.html", {"similar": _shown(request.user, found)})


@step
def change(request, pk):
    establishment = _visible(request, pk, "craft_village", "cluster")
    editing, personal = _edits(request.user, establishment), _personal(request.user, establishment)
    if not editing:
        raise Http404
    initial = _facts(establishment, personal=personal)
    if editing == "own":
        form = bind(forms.OwnForm, request, initial=initial)
    else:
        form = bind(forms.EstablishmentForm, request, user=request.user, personal=personal, initial=initial)
        form.fields["commune"].required = establishment.commune_id is not None
    back = reverse("establishments:page", args=[pk])
    return _step(
        request,
        form,
        lambda data: operations.change(establishment, by=request.user, **_cleaned(data)),
        title=_("Sửa thông tin cơ sở"),
        sub=establishment.name,
        button=_("Lưu thông tin"),
        to=back,
        done=_("Đã lưu thông tin cơ sở."),
        context={"e": establishment},
    )


@step
def record_year(request, pk):
    establishment = _visible(request, pk)
    asked = request.GET.get("nam", "")
    known = establishment.years.filter(year=asked).values().first() if asked.isdigit() else None
    return _on_record(
        request,
        establishment,
        bind(forms.YearForm, request, initial=known or {"year": request.frame.year}),
        lambda data: operations.record_year(establishment, by=request.user, **data),
        title=_("Số liệu năm của cơ sở"),
        button=_("Ghi số liệu"),
        done=_("Đã ghi số liệu năm."),
    )


def _on_record(request, establishment, form, do, *, title, button, done):
    """A step on one establishment that ends on its page."""
    if not _edits(request.user, establishment):
        raise Http404
    return _step(
        request,
        form,
        do,
        title=title,
        sub=establishment.name,
        button=button,
        to=reverse("establishments:page", args=[establishment.pk]),
        done=done,
        context={"e": establishment},
    )


@step
def add_machine(request, pk):
    establishment = _visible(request, pk)
    return _on_record(
        request,
        establishment,
        bind(forms.MachineForm, request),
        lambda data: operations.add_machine(establishment, by=request.user, **data),
        title=_("Thêm máy, thiết bị"),
        button=_("Thêm máy"),
        done=_("Đã thêm máy, thiết bị."),
    )


@step
def remove_machine(request, pk):
    machine = get_object_or_404(
        Machine.objects.filter(establishment__in=Establishment.objects.visible_to(request.user)).select_related(
            "establishment__commune__province", "establishment__province", "establishment__organisation"
        ),
        pk=pk,
    )
    return _on_record(
        request,
        machine.establishment,
        bind(forms.ReasonForm, request),
        lambda data: operations.remove_machine(machine, by=request.user, **data),
        title=_("Bỏ máy “%(name)s” khỏi cơ sở") % {"name": machine.name},
        button=_("Bỏ máy này"),
        done=_("Đã bỏ máy, thiết bị."),
    )


@step
def add_product(request, pk):
    establishment = _visible(request, pk)
    return _on_record(
        request,
        establishment,
        bind(forms.ProductForm, request),
        lambda data: operations.add_product(establishment, by=request.user, **data),
        title=_("Thêm sản phẩm"),
        button=_("Thêm sản phẩm này"),
        done=_("Đã thêm sản phẩm."),
    )


def _product(request, pk) -> Product:
    return get_object_or_404(
        Product.objects.filter(establishment__in=Establishment.objects.visible_to(request.user)).select_related(
            "establishment__commune__province", "establishment__province", "establishment__organisation"
        ),
        pk=pk,
    )


@step
def change_product(request, pk):
    product = _product(request, pk)
    initial = {name: getattr(product, name) for name in ("name", "group", "is_set", "description")}
    return _on_record(
        request,
        product.establishment,
        bind(forms.ProductForm, request, initial=initial),
        lambda data: operations.change_product(product, by=request.user, **data),
        title=_("Sửa sản phẩm"),
        button=_("Lưu sản phẩm"),
        done=_("Đã lưu sản phẩm."),
    )


@step
def recognise_product(request, pk):
    product = _product(request, pk)
    if _edits(request.user, product.establishment) != "all":
        raise Http404
    return _on_record(
        request,
        product.establishment,
        bind(forms.RecognitionForm, request, initial={"level": "province", "year": request.frame.year}),
        lambda data: operations.record_recognition(product, by=request.user, **data),
        title=_("Ghi nhận công nhận: %(name)s") % {"name": product.name},
        button=_("Ghi nhận công nhận"),
        done=_("Đã ghi nhận sản phẩm tiêu biểu."),
    )


@step
def add_photo(request, pk):
    establishment = _visible(request, pk)

    def do(data):
        for sent in data["photos"]:
            file = store(sent, name=sent.name, by=request.user)
            operations.add_photo(establishment, file=file, by=request.user, caption=data["caption"])

    return _on_record(
        request,
        establishment,
        bind(forms.PhotoForm, request),
        do,
        title=_("Thêm ảnh của cơ sở"),
        button=_("Gửi ảnh"),
        done=_("Đã thêm ảnh."),
    )


# ---- duplicates ----


@reads
def duplicates(request):
    """Pairs of the province in work that may be one establishment; or the candidates for one record."""
    if not request.user.holds(Permission.ESTABLISHMENT_MERGE):
        raise Http404
    asked = request.GET.get("co-so", "")
    context = {"province": request.frame.province}
    if asked.isdigit():
        one = _visible(request, int(asked))
        found = queries.duplicates_of(
            name=one.name,
            tax_code=one.tax_code,
            commune=one.commune,
            province=one.province,
            phone=one.phone,
            representative=one.representative,
            exclude=one,
        )
        context |= {"one": one, "similar": _shown(request.user, found)}
    elif request.frame.province is not None:
        communes = places.communes_of(request.frame.province).only("pk", "full_name")
        chosen = request.GET.get("xa", "")
        commune = communes.filter(pk=chosen).first() if chosen.isdigit() else None
        context |= {
            "communes": communes,
            "commune": commune,
            "pairs": queries.duplicate_pairs(request.user, province=request.frame.province, commune=commune),
        }
    return render(request, "desk/establishments/duplicates.html", context)


def _pair(request, pk, other) -> tuple[Establishment, Establishment]:
    """The two records, where this person may merge at both places."""
    rows = Establishment.objects.visible_to(request.user).active()
    rows = rows.select_related("province", "commune__province", "organisation", "craft_village", "cluster")
    found = rows.in_bulk([pk, other])
    if len(found) != 2 or not all(
        request.user.may(Permission.ESTABLISHMENT_MERGE, place=_place(row)) for row in found.values()
    ):
        raise Http404
    return found[pk], found[other]


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
    personal = _personal(request.user, first) and _personal(request.user, second)
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
    return render(
        request,
        "desk/establishments/compare.html",
        {"first": first, "second": second, "lines": _side_by_side(request, first, second)},
    )


@step
def merge(request, pk, other):
    """``pk`` goes into ``other``."""
    old, kept = _pair(request, pk, other)
    personal = _personal(request.user, old) and _personal(request.user, kept)
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
    return _step(
        request,
        bind(forms.ReasonForm, request),
        lambda data: operations.dismiss_duplicate(first, other=second, by=request.user, reason=data["reason"]),
        title=_("Xác nhận là hai cơ sở khác nhau"),
        sub=f"{first.name} / {second.name}",
        button=_("Hai cơ sở khác nhau"),
        to=reverse("establishments:duplicates"),
        done=_("Đã ghi nhận; cặp này không được nhắc lại nữa."),
    )


# ---- craft villages and clusters ----


def _tabs(current):
    return [
        parts.Tab(_("Làng nghề"), reverse("establishments:sites"), current=current == "villages"),
        parts.Tab(_("Cụm công nghiệp"), reverse("establishments:clusters"), current=current == "clusters"),
    ]


def _provincial(request) -> bool:
    """Whether this person enters what a province decides: recognitions, clusters."""
    province = request.frame.province
    return province is not None and request.user.may(Permission.ESTABLISHMENT_EDIT, place=province)


def _recognised(village):
    held = [r for r in village.recognitions.all() if r.holds_on(clock.today())]
    return ", ".join(r.get_kind_display() for r in held) if held else _("Chưa hoặc không còn được công nhận")


VILLAGE_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Làng nghề"),
        sort="folded",
        url=lambda v: reverse("establishments:village", args=[v.pk]),
        small=lambda v: str(v.commune or v.province),
    ),
    lists.Column("craft", gettext_lazy("Nghề")),
    lists.Column(
        "recognised",
        gettext_lazy("Công nhận"),
        kind="state",
        value=_recognised,
        mark=lambda v: "done" if any(r.holds_on(clock.today()) for r in v.recognitions.all()) else "stop",
    ),
    lists.Column("members", gettext_lazy("Cơ sở"), kind="number"),
)


@reads
def sites(request):
    act_ = [lists.Act(_("Thêm làng nghề"), reverse("establishments:register_village"))] if _provincial(request) else []
    return lists.answer(
        request,
        queries.villages(request.user, province=request.frame.province_id),
        columns=VILLAGE_COLUMNS,
        filters=forms.SiteFilter,
        order="folded",
        name="lang-nghe",
        title=_("Làng nghề"),
        sub=_("Nơi sản xuất trong làng nghề được công nhận thuộc địa bàn được hỗ trợ (Nghị định 235/2025)."),
        unit=_("làng nghề"),
        empty=_("Chưa có làng nghề nào."),
        acts=act_,
        views=_tabs("villages"),
    )


CLUSTER_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cụm công nghiệp"),
        sort="folded",
        url=lambda c: reverse("establishments:cluster", args=[c.pk]),
        small=lambda c: str(c.commune or c.province),
    ),
    lists.Column("founded_on", gettext_lazy("Thành lập"), kind="day", sort="founded_on"),
    lists.Column("area_ha", gettext_lazy("Diện tích (ha)"), kind="number", sort="area_ha"),
    lists.Column("ended_on", gettext_lazy("Rút, bãi bỏ"), kind="day"),
    lists.Column("members", gettext_lazy("Cơ sở"), kind="number"),
)


@reads
def clusters(request):
    act_ = (
        [lists.Act(_("Thêm cụm công nghiệp"), reverse("establishments:found_cluster"))] if _provincial(request) else []
    )
    return lists.answer(
        request,
        queries.clusters(request.user, province=request.frame.province_id),
        columns=CLUSTER_COLUMNS,
        filters=forms.SiteFilter,
        order="folded",
        name="cum-cong-nghiep",
        title=_("Cụm công nghiệp"),
        sub=_("Cụm công nghiệp với ngày thành lập và ngày rút, bãi bỏ."),
        unit=_("cụm"),
        empty=_("Chưa có cụm công nghiệp nào."),
        acts=act_,
        views=_tabs("clusters"),
    )


def _site(request, model, pk):
    return get_object_or_404(
        model.objects.within(request.user.scope()).select_related("province", "commune__province"), pk=pk
    )


def _members(request, **where):
    rows = Establishment.objects.visible_to(request.user).active().filter(**where).select_related("commune", "province")
    return rows.order_by("sort_key")[:100]


@reads
def village_page(request, pk):
    village = _site(request, CraftVillage, pk)
    recognitions = list(village.recognitions.order_by("-valid_from", "-pk").select_related("paper"))
    return render(
        request,
        "desk/establishments/village.html",
        {
            "village": village,
            "recognitions": recognitions,
            "holds": [r for r in recognitions if r.holds_on(clock.today())],
            "members": _members(request, craft_village=village),
            "may_enter": request.user.may(Permission.ESTABLISHMENT_EDIT, place=village.province),
            "events": _events(village),
        },
    )


@reads
def cluster_page(request, pk):
    cluster = _site(request, Cluster, pk)
    return render(
        request,
        "desk/establishments/cluster.html",
        {
            "cluster": cluster,
            "exists": cluster.exists_on(clock.today()),
            "members": _members(request, cluster=cluster),
            "may_enter": request.user.may(Permission.ESTABLISHMENT_EDIT, place=cluster.province),
            "events": _events(cluster),
        },
    )


@step
def register_village(request):
    form = bind(
        forms.VillageForm,
        request,
        user=request.user,
        permission=Permission.ESTABLISHMENT_EDIT,
        initial={"province": request.frame.province_id},
    )
    return _step(
        request,
        form,
        lambda data: operations.register_village(
            by=request.user, name=data["name"], craft=data["craft"], commune=data["commune"]
        ),
        title=_("Thêm làng nghề"),
        button=_("Thêm làng nghề này"),
        to=lambda made: reverse("establishments:village", args=[made.pk]),
        done=_("Đã thêm làng nghề. Hãy ghi nhận quyết định công nhận nếu đã có."),
    )


@step
def recognise_village(request, pk):
    village = _site(request, CraftVillage, pk)
    form = bind(forms.RecogniseForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=village.province)
        return operations.recognise_village(
            village, kind=data["kind"], decision="", by=request.user, on=data["on"], paper=paper
        )

    return _step(
        request,
        form,
        do,
        title=_("Ghi nhận công nhận làng nghề"),
        sub=village.name,
        button=_("Ghi nhận công nhận"),
        to=reverse("establishments:village", args=[pk]),
        done=_("Đã ghi nhận quyết định công nhận."),
    )


@step
def withdraw_village(request, pk):
    recognition = get_object_or_404(
        CraftVillageRecognition.objects.filter(
            village__in=CraftVillage.objects.within(request.user.scope())
        ).select_related("village__province"),
        pk=pk,
    )
    form = bind(forms.EndForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=recognition.village.province)
        return operations.withdraw_village(recognition, decision="", by=request.user, on=data["on"], paper=paper)

    return _step(
        request,
        form,
        do,
        title=_("Ghi nhận thu hồi công nhận"),
        sub=recognition.village.name,
        button=_("Ghi nhận thu hồi"),
        to=reverse("establishments:village", args=[recognition.village_id]),
        done=_("Đã ghi nhận quyết định thu hồi."),
    )


@step
def found_cluster(request):
    form = bind(
        forms.ClusterForm,
        request,
        user=request.user,
        permission=Permission.ESTABLISHMENT_EDIT,
        initial={"province": request.frame.province_id},
    )

    def do(data):
        data.pop("province")
        return operations.found_cluster(by=request.user, **data)

    return _step(
        request,
        form,
        do,
        title=_("Thêm cụm công nghiệp"),
        button=_("Thêm cụm công nghiệp này"),
        to=lambda made: reverse("establishments:cluster", args=[made.pk]),
        done=_("Đã thêm cụm công nghiệp."),
    )


@step
def end_cluster(request, pk):
    cluster = _site(request, Cluster, pk)
    form = bind(forms.EndForm, request)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.OTHER, by=request.user, province=cluster.province)
        return operations.end_cluster(cluster, decision="", by=request.user, on=data["on"], paper=paper)

    return _step(
        request,
        form,
        do,
        title=_("Ghi nhận rút, bãi bỏ cụm công nghiệp"),
        sub=cluster.name,
        button=_("Ghi nhận rút, bãi bỏ"),
        to=reverse("establishments:cluster", args=[pk]),
        done=_("Đã ghi nhận."),
    )
