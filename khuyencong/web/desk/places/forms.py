from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.places.enums import FactName
from khuyencong.web.common.forms import DayField


class FactForm(forms.Form):
    name = forms.ChoiceField(label=_("Thuộc tính"), choices=FactName)
    value = forms.CharField(
        label=_("Giá trị"), max_length=80, required=False, help_text=_("Địa bàn ưu tiên thì bỏ trống và chọn bên dưới.")
    )
    areas = forms.MultipleChoiceField(label=_("Địa bàn ưu tiên"), required=False, widget=forms.CheckboxSelectMultiple)
    valid_from = DayField(label=_("Có hiệu lực từ ngày"))
    source = forms.CharField(label=_("Nguồn"), max_length=300, help_text=_("Số, ngày của quyết định hoặc nghị quyết."))
    verified = forms.BooleanField(label=_("Đã đọc văn bản gốc"), required=False)

    def __init__(self, *args, areas, **options):
        """``areas``: the priority areas of the law on the day from which the fact holds."""
        super().__init__(*args, **options)
        self.fields["areas"].choices = [(row.code, row.text) for row in areas]

    def clean(self):
        """A priority area is named as the law lists it; other facts are written."""
        data = super().clean()
        areas = data.pop("areas", [])
        if data.get("name") == FactName.PRIORITY_AREA:
            if data.get("value"):
                self.add_error("value", _("Địa bàn ưu tiên không ghi bằng chữ: hãy chọn trong danh mục bên dưới."))
            if not areas and "areas" not in self.errors:
                self.add_error("areas", _("Hãy chọn ít nhất một địa bàn ưu tiên trong danh mục."))
            data["value"] = ",".join(areas)
        elif areas:
            self.add_error("areas", _("Chỉ chọn khi ghi thuộc tính địa bàn ưu tiên."))
        elif not data.get("value"):
            self.add_error("value", _("Hãy ghi giá trị của thuộc tính."))
        return data
