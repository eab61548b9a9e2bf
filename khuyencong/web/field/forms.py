from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.needs import operations
from khuyencong.web.common.forms import FilesField, PhoneField, RoughMoneyField


class AnswerForm(forms.Form):
    """Six fields, for a thumb: name, phone, hamlet, what, about how much, photo."""

    name = forms.CharField(label=_("Tên cơ sở hoặc chủ cơ sở"), max_length=200)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    hamlet = forms.CharField(label=_("Thôn, buôn, khu phố"), max_length=120, required=False)
    what = forms.CharField(label=_("Cần hỗ trợ gì"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    about = RoughMoneyField(
        label=_("Khoảng bao nhiêu tiền"), required=False, low=1, help_text=_("Ước chừng, ví dụ 350 triệu")
    )
    photos = FilesField(label=_("Ảnh"), required=False, accept="image/*", most=operations.PHOTOS)
