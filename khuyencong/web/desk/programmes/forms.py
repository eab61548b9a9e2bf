from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.norms.enums import Level
from khuyencong.plans.enums import Measure
from khuyencong.web.common.forms import MoneyField, NumberField, PaperForm, PlaceForm, YearField


class ProgrammeForm(PaperForm, PlaceForm):
    """A five-year programme as its decision says."""

    commune_required = False
    level = forms.ChoiceField(
        label=gettext_lazy("Cấp"),
        choices=[(Level.PROVINCIAL, gettext_lazy("Tỉnh")), (Level.NATIONAL, gettext_lazy("Quốc gia"))],
    )
    title = forms.CharField(label=gettext_lazy("Tên chương trình"), max_length=300)
    first_year = YearField(label=gettext_lazy("Từ năm"), low=2000, high=2100)
    last_year = YearField(label=gettext_lazy("Đến năm"), low=2000, high=2100)
    national = MoneyField(label=gettext_lazy("KCQG dự kiến, đồng"), required=False)
    local = MoneyField(label=gettext_lazy("KCĐP dự kiến, đồng"), required=False)

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, permission=Permission.PLAN_DRAFT, **options)
        del self.fields["commune"]
        whole_country = user.scope(Permission.PLAN_DRAFT).whole_country
        self.fields["province"].required = not whole_country
        if whole_country:
            self.fields["province"].empty_label = _("Cả nước")


class TargetForm(forms.Form):
    """One aim; an empty line is left out."""

    indicator = forms.CharField(label=gettext_lazy("Chỉ tiêu"), max_length=300, required=False)
    unit = forms.CharField(label=gettext_lazy("Đơn vị tính"), max_length=40, required=False)
    value = NumberField(label=gettext_lazy("Giá trị"), required=False)
    measure = forms.ChoiceField(
        label=gettext_lazy("Tính từ hồ sơ"),
        choices=[("", gettext_lazy("Không tính được")), *Measure.choices],
        required=False,
    )
    source = forms.CharField(label=gettext_lazy("Nguồn"), max_length=200, required=False)
    verified = forms.BooleanField(label=gettext_lazy("Đã kiểm chứng"), required=False, initial=True)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("indicator") and (not cleaned.get("unit") or cleaned.get("value") is None) and not self.errors:
            self.add_error("value", _("Ghi đơn vị tính và giá trị."))
        return cleaned


TargetFormSet = forms.formset_factory(TargetForm, extra=3)
