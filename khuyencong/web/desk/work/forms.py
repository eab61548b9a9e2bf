from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.people.models import User
from khuyencong.web.common.forms import DayField, PaperForm


class HeirField(forms.ModelChoiceField):
    """Accounts; people of one name are told apart by what they are and where."""

    def label_from_instance(self, obj):
        where = obj.province.named_inside if obj.province else ""
        return ", ".join(str(part) for part in (obj, obj.title, where) if part)


class HandOverForm(PaperForm):
    to = HeirField(User.objects.none(), label=_("Người nhận"))
    on = DayField(label=_("Người nhận bắt đầu từ ngày"))
    field_order = ["to", "on", *PaperForm.PAPER]

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = people


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 4}))
