from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.places.enums import FactName
from khuyencong.web.common.forms import DayField


class FactForm(forms.Form):
    name = forms.ChoiceField(label=_("Thuộc tính"), choices=FactName)
    value = forms.CharField(label=_("Giá trị"), max_length=80)
    valid_from = DayField(label=_("Có hiệu lực từ ngày"))
    source = forms.CharField(label=_("Nguồn"), max_length=300, help_text=_("Số, ngày của quyết định hoặc nghị quyết."))
    verified = forms.BooleanField(label=_("Đã đọc văn bản gốc"), required=False)
