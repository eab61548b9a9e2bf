"""What a small producer is asked before he is told what he may get."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.establishments.enums import LegalForm
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import PlaceScope
from khuyencong.norms.models import Line
from khuyencong.projects.enums import Activity
from khuyencong.web.common.forms import DayField, MoneyField


class LineField(forms.ModelChoiceField):
    """Lines of support, under the group of activities to which they belong."""

    def __init__(self, **options):
        super().__init__(Line.objects.none(), to_field_name="code", **options)

    def grouped(self) -> list:
        words = dict(Activity.choices)
        groups: dict[str, list[tuple[str, str]]] = {}
        for line in norms.support_lines().exclude(place_scope=PlaceScope.NONE).order_by("activity", "code"):
            groups.setdefault(str(words.get(line.activity, "")), []).append((line.code, line.name))
        return [("", _("Chọn một việc")), *groups.items()]


class SupportForm(forms.Form):
    """A question, not an act: sent by GET, so that an answer has an address that can be shared and printed."""

    line = LineField(label=_("Bạn định làm gì"))
    cost = MoneyField(
        label=_("Chi phí, triệu đồng"),
        unit="million",
        low=1,
        help_text=_("Toàn bộ số tiền bạn định chi. Ví dụ: 500, hoặc 1,2 tỷ."),
    )
    place = forms.CharField(
        label=_("Nơi sản xuất"),
        max_length=300,
        help_text=_("Ghi xã, phường và tỉnh, tên cũ hay mới đều được. Ví dụ: xã Buôn Đôn, Đắk Lắk."),
    )
    form = forms.ChoiceField(label=_("Cơ sở của bạn là"), choices=[("", _("Chọn loại hình")), *LegalForm.choices])
    sector = forms.ChoiceField(label=_("Ngành nghề sản xuất"), choices=())
    on = DayField(label=_("Xét theo quy định ngày"), help_text=_("Hỏi cho bây giờ thì để nguyên."))
    craft_village = forms.BooleanField(label=_("Trong làng nghề được UBND cấp tỉnh công nhận"), required=False)
    cleaner = forms.BooleanField(
        label=_("Đầu tư để sản xuất sạch hơn: ít hao nguyên liệu, ít ô nhiễm hơn"), required=False
    )

    def __init__(self, *args, day, **options):
        super().__init__(*args, **options)
        self.fields["line"].queryset = norms.support_lines()
        self.fields["line"].widget.choices = self.fields["line"].grouped()
        trades = norms.eligible_sectors(on=day)
        self.has_trades = bool(trades)
        trades = trades or norms.eligible_sectors(
            on=clock.today()
        )  # a day of no rule is told as such, not as a wrong trade
        self.fields["sector"].choices = [
            ("", _("Chọn ngành nghề")),
            *((row.code, row.text) for row in trades),
            ("other", _("Ngành khác")),
        ]

    def clean_on(self):
        day = self.cleaned_data["on"]
        if not self.has_trades:
            raise forms.ValidationError(
                _("Hệ thống chưa có quy định về khuyến công của ngày %(day)s. Hãy chọn ngày khác."),
                params={"day": f"{day:%d/%m/%Y}"},
            )
        return day
