from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.needs.models import Call, Need
from khuyencong.people.models import User
from khuyencong.web.common.forms import DayField, FilesField, MoneyField, PaperForm
from khuyencong.web.desk.needs.forms import PHOTOS, ReasonForm, _Chosen

__all__ = ["PlanForm", "ReasonForm", "SurveyForm"]


class PlanForm(forms.Form):
    call = forms.ModelChoiceField(Call.objects.none(), label=_("Đợt đăng ký"), empty_label=None)
    name = forms.CharField(label=_("Tên chuyến"), max_length=200, help_text=_("Ví dụ: Sông Hinh, Sơn Hoà, Đồng Xuân."))
    starts_on = DayField(label=_("Từ ngày"))
    ends_on = DayField(label=_("Đến ngày"))
    team = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Thành phần đoàn"), widget=forms.CheckboxSelectMultiple, required=False
    )
    partners = forms.CharField(label=_("Thành phần khác"), max_length=300, required=False)
    route = forms.CharField(
        label=_("Lộ trình"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    needs = _Chosen(Need.objects.none(), label=_("Nhu cầu sẽ khảo sát"))

    def __init__(self, *args, calls, people, needs, **options):
        super().__init__(*args, **options)
        self.fields["call"].queryset = calls
        self.fields["team"].queryset = people
        self.fields["needs"].queryset = needs


class SurveyForm(PaperForm):
    findings = forms.CharField(label=_("Kết quả khảo sát"), widget=forms.Textarea(attrs={"rows": 6}))
    investment = MoneyField(label=_("Tổng đầu tư dự kiến"), required=False, low=1)
    on = DayField(label=_("Ngày khảo sát"), past=True)
    photos = FilesField(label=_("Ảnh hiện trường"), required=False, accept=PHOTOS)
    field_order = ["on", "findings", "investment", "photos", *PaperForm.PAPER]
