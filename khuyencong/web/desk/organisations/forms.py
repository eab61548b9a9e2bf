from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base.text import fold
from khuyencong.organisations import queries
from khuyencong.organisations.enums import ESTABLISHMENTS, Kind
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import DayField, PhoneField, PlaceForm, communes_of, provinces_of


class OrganisationField(forms.CharField):
    """An organisation by its tax code or name, with or without accents; cleans to the Organisation or None."""

    def __init__(self, **options):
        options.setdefault("help_text", gettext_lazy("Gõ mã số thuế hoặc tên (có dấu hoặc không)."))
        options.setdefault("max_length", 250)
        super().__init__(**options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = list(queries.search(text)[:6])
        exact = [body for body in found if fold(text) in (fold(body.name), fold(body.short_name), body.tax_code)]
        exact = exact or [body for body in found if fold(text) in map(fold, body.former_names)]
        found = exact if len(exact) == 1 else found
        if not found:
            raise ValidationError(
                _("Không tìm thấy tổ chức “%(text)s”. Hãy ghi danh tổ chức trước."), params={"text": text}
            )
        if len(found) > 1:
            names = "; ".join(body.name for body in found[:5])
            raise ValidationError(_("Có nhiều tổ chức khớp, hãy gõ rõ hơn: %(names)s."), params={"names": names})
        return found[0]

    def prepare_value(self, value):
        if isinstance(value, Organisation):
            return value.tax_code or value.name
        return value


class OrganisationForm(PlaceForm):
    """What is known of a body of the State, a school, an institute, a provider."""

    commune_required = False
    name = forms.CharField(label=gettext_lazy("Tên đầy đủ"), max_length=250)
    short_name = forms.CharField(label=gettext_lazy("Tên gọn"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    tax_code = forms.CharField(
        label=gettext_lazy("Mã số thuế"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("10 số, 13 số (đơn vị phụ thuộc) hoặc 12 số (số căn cước của cá nhân)."),
    )
    parent = OrganisationField(label=gettext_lazy("Trực thuộc"), required=False)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    phone = PhoneField(label=gettext_lazy("Điện thoại"), required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False)
    founded_on = DayField(label=gettext_lazy("Ngày thành lập"), required=False, past=True)
    fields_of_work = forms.CharField(label=gettext_lazy("Lĩnh vực"), max_length=300, required=False)

    field_order = ("name", "short_name", "kind", "tax_code", "province", "commune")

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, permission=Permission.CATALOGUE_MANAGE, **options)
        self.fields["kind"].choices = [choice for choice in Kind.choices if choice[0] not in ESTABLISHMENTS]
        self.fields["province"].required = not user.scope(Permission.CATALOGUE_MANAGE).whole_country

    def facts(self) -> dict:
        """As ``organisations.operations`` names them."""
        data = dict(self.cleaned_data)
        data["place"] = data.pop("commune") or data.pop("province")
        data.pop("province", None)
        data["fields"] = data.pop("fields_of_work")
        return data


class EndForm(forms.Form):
    on = DayField(label=gettext_lazy("Chấm dứt từ ngày"), past=True)
    reason = forms.CharField(label=gettext_lazy("Lý do, căn cứ"), max_length=200)


class SuccessionForm(forms.Form):
    new = OrganisationField(label=gettext_lazy("Tổ chức kế thừa"))
    on = DayField(label=gettext_lazy("Kế thừa từ ngày"), past=True)
    basis = forms.CharField(label=gettext_lazy("Căn cứ (số, ngày văn bản)"), max_length=200)


class AreaForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên cụm địa bàn"), max_length=120)
    on = DayField(label=gettext_lazy("Áp dụng từ ngày"))
    communes = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Xã, phường, đặc khu"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, organisation, user, **options):
        super().__init__(*args, **options)
        scope = user.scope(Permission.CATALOGUE_MANAGE)
        self.fields["communes"].queryset = communes_of(scope, organisation.province_id)


class EndAreaForm(forms.Form):
    on = DayField(label=gettext_lazy("Thôi dùng từ ngày"))


class ExpertForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Họ tên hoặc tên tổ chức"), max_length=200)
    field = forms.CharField(label=gettext_lazy("Lĩnh vực"), max_length=120)
    organisation = OrganisationField(label=gettext_lazy("Thuộc tổ chức"), required=False)
    province = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Tỉnh, thành phố"), required=False, empty_label=gettext_lazy("Cả nước")
    )
    contact = forms.CharField(
        label=gettext_lazy("Liên hệ công việc"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Địa chỉ, điện thoại cơ quan. Không ghi số riêng khi người đó chưa đồng ý."),
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=500, required=False)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        scope = user.scope(Permission.CATALOGUE_MANAGE)
        self.fields["province"].queryset = provinces_of(scope)
        if not scope.whole_country:
            self.fields["province"].required = True


class Nothing(forms.Form):
    """An act that asks nothing."""
