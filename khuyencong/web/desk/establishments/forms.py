import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.establishments.enums import (
    CraftVillageKind,
    LegalForm,
    ProductGroup,
    RecognitionLevel,
    Sector,
    VsicVersion,
)
from khuyencong.establishments.models import Cluster, CraftVillage, Recognition
from khuyencong.establishments.operations import TAKEN
from khuyencong.establishments.queries import with_flag, with_text
from khuyencong.places.models import Unit
from khuyencong.web.common import lists
from khuyencong.web.common.forms import (
    DayField,
    FilesField,
    MoneyField,
    NumberField,
    PaperForm,
    PhoneField,
    PlaceForm,
    YearField,
    communes_of,
)

PERSONAL = ("representative", "phone")
FLAGS = (
    ("woman_owned", _("Phụ nữ làm chủ")),
    ("minority_owned", _("Người dân tộc thiểu số làm chủ")),
    ("cleaner_production", _("Áp dụng sản xuất sạch hơn")),
    ("in_craft_village", _("Trong làng nghề")),
    ("in_cluster", _("Trong cụm công nghiệp")),
    ("supported", _("Đã được hỗ trợ")),
    ("closed", _("Đã ngừng hoạt động")),
)


def _empty(choices, label):
    return [("", label), *choices]


class EstablishmentForm(PlaceForm):
    """All that an official keeps of an establishment; telephone and owner only for those who may see them."""

    name = forms.CharField(label=_("Tên cơ sở"), max_length=250)
    legal_form = forms.ChoiceField(label=_("Loại hình"), choices=_empty(LegalForm.choices, _("Chọn loại hình")))
    tax_code = forms.CharField(
        label=_("Mã số thuế"), max_length=20, required=False, help_text=_("10 số, 13 số, hoặc 12 số căn cước với hộ.")
    )
    place_text = forms.CharField(
        label=_("Nơi sản xuất: thôn, buôn, số nhà, đường"),
        max_length=300,
        required=False,
        help_text=_("Nơi sản xuất quyết định cơ sở có thuộc địa bàn được hỗ trợ hay không."),
    )
    representative = forms.CharField(label=_("Người đại diện"), max_length=120, required=False)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    sector = forms.ChoiceField(
        label=_("Ngành nghề theo Điều 5 Nghị định 45/2012"),
        choices=_empty(Sector.choices, _("Chưa xác định")),
        required=False,
    )
    main_product = forms.CharField(label=_("Sản phẩm chính"), max_length=200, required=False)
    vsic_version = forms.ChoiceField(
        label=_("Phiên bản VSIC"), choices=_empty(VsicVersion.choices, _("Không ghi")), required=False
    )
    vsic_code = forms.CharField(label=_("Mã ngành VSIC"), max_length=5, required=False)
    registered_on = DayField(label=_("Ngày đăng ký kinh doanh"), past=True, required=False)
    registered_address = forms.CharField(
        label=_("Địa chỉ đăng ký, nếu khác nơi sản xuất"), max_length=300, required=False
    )
    woman_owned = forms.BooleanField(label=_("Phụ nữ làm chủ"), required=False)
    minority_owned = forms.BooleanField(label=_("Người dân tộc thiểu số làm chủ"), required=False)
    cleaner_production = forms.BooleanField(label=_("Áp dụng sản xuất sạch hơn"), required=False)
    craft_village = forms.ModelChoiceField(
        CraftVillage.objects.none(), label=_("Làng nghề"), required=False, empty_label=_("Không thuộc làng nghề")
    )
    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Cụm công nghiệp"), required=False, empty_label=_("Ngoài cụm công nghiệp")
    )
    closed_on = DayField(label=_("Ngừng hoạt động từ ngày"), past=True, required=False)

    field_order = ("name", "legal_form", "tax_code", "province", "commune", "place_text")

    def __init__(self, *args, personal=True, new=False, **options):
        options.setdefault("permission", Permission.ESTABLISHMENT_EDIT)
        super().__init__(*args, **options)
        if not personal:
            for name in PERSONAL:
                del self.fields[name]
        if new:
            del self.fields["closed_on"]
        province = self["province"].value()
        if province and str(getattr(province, "pk", province)).isdecimal():
            for name, model in (("craft_village", CraftVillage), ("cluster", Cluster)):
                self.fields[name].queryset = model.objects.filter(province=province).order_by("folded")


class OwnForm(forms.Form):
    """What people of the establishment correct themselves."""

    representative = forms.CharField(label=_("Người đại diện"), max_length=120, required=False)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    main_product = forms.CharField(label=_("Sản phẩm chính"), max_length=200, required=False)
    registered_address = forms.CharField(label=_("Địa chỉ đăng ký"), max_length=300, required=False)


class YearForm(forms.Form):
    year = YearField(label=_("Năm"))
    workers = NumberField(label=_("Lao động (người)"), whole=True, required=False, high=1_000_000)
    women = NumberField(label=_("trong đó nữ"), whole=True, required=False, high=1_000_000)
    minority = NumberField(label=_("trong đó người dân tộc thiểu số"), whole=True, required=False, high=1_000_000)
    revenue = MoneyField(label=_("Doanh thu (đồng)"), required=False)
    export = MoneyField(label=_("trong đó xuất khẩu (đồng)"), required=False)
    local_material_percent = NumberField(
        label=_("Nguyên liệu trong tỉnh (% giá trị)"),
        required=False,
        high=100,
        help_text=_("Để xét ưu tiên sử dụng nguyên liệu tại chỗ, theo điều kiện của ngày xét."),
    )
    source = forms.CharField(label=_("Nguồn số liệu"), max_length=200, required=False)


class MachineForm(forms.Form):
    name = forms.CharField(label=_("Máy, thiết bị"), max_length=200)
    serial = forms.CharField(
        label=_("Số máy"), max_length=80, required=False, help_text=_("Để nhận ra máy đã được hỗ trợ ở nơi khác.")
    )
    capacity = forms.CharField(label=_("Công suất"), max_length=120, required=False)
    made_in = forms.CharField(label=_("Xuất xứ"), max_length=80, required=False)
    bought_year = YearField(label=_("Năm đưa vào dùng"), required=False)

    def clean_bought_year(self):
        year = self.cleaned_data["bought_year"]
        if year is not None and not 1950 <= year <= clock.today().year:
            raise forms.ValidationError(_("Hãy kiểm tra lại năm."))
        return year


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Sản phẩm"), max_length=200)
    group = forms.TypedChoiceField(
        label=_("Nhóm (Thông tư 26/2014, Điều 5)"),
        choices=_empty(ProductGroup.choices, _("Chưa xếp nhóm")),
        coerce=int,
        empty_value=None,
        required=False,
    )
    is_set = forms.BooleanField(label=_("Là bộ sản phẩm"), required=False)
    description = forms.CharField(label=_("Mô tả"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class RecognitionForm(forms.Form):
    level = forms.ChoiceField(label=_("Cấp"), choices=RecognitionLevel.choices)
    year = YearField(label=_("Năm"), low=2000)
    decision = forms.CharField(label=_("Quyết định (số, cơ quan)"), max_length=200, required=False)
    decided_on = DayField(label=_("Ngày quyết định"), past=True, required=False)
    valid_to = DayField(label=_("Có giá trị đến hết ngày"), required=False)
    source = forms.CharField(label=_("Nguồn"), max_length=300, required=False)


class PhotoForm(forms.Form):
    photos = FilesField(label=_("Ảnh"), accept="image/jpeg,image/png,image/webp")
    caption = forms.CharField(label=_("Chú thích"), max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(ReasonForm):
    """For each field in which the two differ: whether the value of the merged record is the better one."""

    def __init__(self, *args, old=None, kept=None, personal=True, **options):
        super().__init__(*args, **options)
        self.differences = []
        for name in sorted(TAKEN):
            if name == "vsic_version" or (name in (*PERSONAL, "tax_code") and not personal):
                continue
            theirs, ours = getattr(old, name), getattr(kept, name)
            if theirs in (None, "", False) or theirs == ours:
                continue
            self.fields[f"take_{name}"] = forms.BooleanField(
                label=old._meta.get_field(name).verbose_name, required=False, initial=ours in (None, "", False)
            )
            self.differences.append(f"take_{name}")

    @property
    def take(self) -> list[str]:
        return [name.removeprefix("take_") for name in self.differences if self.cleaned_data.get(name)]

    def difference_fields(self):
        """The boxes, bound, for a template that sets them beside the two values."""
        return [self[name] for name in self.differences]


class VillageForm(PlaceForm):
    name = forms.CharField(label=_("Tên làng nghề"), max_length=200)
    craft = forms.CharField(label=_("Nghề"), max_length=200, required=False)
    field_order = ("name", "craft", "province", "commune")


class RecogniseForm(PaperForm):
    """The decision of the provincial committee: its number is asked, its scan is welcome."""

    on = DayField(label=_("Công nhận từ ngày"), past=True)
    kind = forms.ChoiceField(label=_("Loại"), choices=CraftVillageKind.choices)
    field_order = ("kind", "on")


class EndForm(PaperForm):
    on = DayField(label=_("Không còn từ ngày"), past=True)
    field_order = ("on",)


class ClusterForm(PlaceForm):
    name = forms.CharField(label=_("Tên cụm công nghiệp"), max_length=200)
    area_ha = NumberField(label=_("Diện tích (ha)"), required=False, high=100_000)
    on = DayField(label=_("Thành lập ngày"), past=True, required=False)
    decision = forms.CharField(label=_("Quyết định thành lập"), max_length=200, required=False)
    field_order = ("name", "province", "commune")


# ---- filters ----


class TextFilter(lists.FoldedFilter):
    """A name with or without accents; a number is the beginning of a tax code."""

    def search(self, queryset, typed, *, everywhere):
        return with_text(queryset, typed, everywhere=everywhere)


class PlaceFilter(lists.Filter):
    """Communes of the province in work; where it is the whole country, provinces."""

    province_path, commune_path = "province", "commune"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        frame, scope = self.request.frame, self.request.user.scope()
        if frame.province is not None:
            del self.filters["province"]
            self.filters["commune"].queryset = communes_of(scope, frame.province.pk).only("pk", "full_name")
        else:
            del self.filters["commune"]
            inside = Unit.objects.filter(pk__in=[unit.pk for unit in frame.provinces])
            self.filters["province"].queryset = inside.only("full_name").order_by("sort_key")


def _place_filters(path=""):
    return {
        "province": django_filters.ModelChoiceFilter(
            label=_("Tỉnh"), field_name=f"{path}province", queryset=Unit.objects.none(), empty_label=_("Cả nước")
        ),
        "commune": django_filters.ModelChoiceFilter(
            label=_("Xã, phường"),
            field_name=f"{path}commune",
            queryset=Unit.objects.none(),
            empty_label=_("Mọi xã, phường"),
        ),
    }


class EstablishmentFilter(PlaceFilter):
    province, commune = _place_filters().values()
    sector = django_filters.ChoiceFilter(label=_("Ngành nghề"), choices=Sector.choices, empty_label=_("Mọi ngành nghề"))
    legal_form = django_filters.ChoiceFilter(
        label=_("Loại hình"), choices=LegalForm.choices, empty_label=_("Mọi loại hình")
    )
    flag = django_filters.ChoiceFilter(label=_("Đặc điểm"), choices=FLAGS, empty_label=_("Không lọc"), method="by_flag")
    q = TextFilter("folded", label=_("Tên cơ sở, mã số thuế"))

    def by_flag(self, queryset, name, value):
        narrower = self.form.cleaned_data.get("province") or self.form.cleaned_data.get("q")
        return with_flag(queryset, value, everywhere=self.request.frame.whole_country and not narrower)


class ProductFilter(PlaceFilter):
    province, commune = _place_filters("establishment__").values()
    group = django_filters.ChoiceFilter(label=_("Nhóm"), choices=ProductGroup.choices, empty_label=_("Mọi nhóm"))
    level = django_filters.ChoiceFilter(
        label=_("Được công nhận"), choices=RecognitionLevel.choices, empty_label=_("Không lọc"), method="by_level"
    )
    q = lists.FoldedFilter("folded", label=_("Tên sản phẩm"))

    def by_level(self, queryset, name, value):
        return queryset.filter(pk__in=Recognition.objects.filter(level=value).values("product"))


class SiteFilter(PlaceFilter):
    """Over villages and clusters."""

    province, commune = _place_filters().values()
    q = lists.FoldedFilter("folded", label=_("Tên"))
