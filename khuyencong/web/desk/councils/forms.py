from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.councils.enums import Conclusion, MemberRole, Point, Result
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.web.common.forms import DayField, NumberField, PaperForm, PlaceForm
from khuyencong.web.desk.documents.forms import issuers_of


class CouncilForm(PlaceForm, PaperForm):
    commune_required = False
    name = forms.CharField(label=_("Tên hội đồng"), max_length=250)
    formed_on = DayField(
        label=_("Ngày thành lập"), past=True, required=False, help_text=_("Bỏ trống thì lấy ngày ký quyết định.")
    )
    points_each = NumberField(
        label=_("Điểm tối đa mỗi tiêu chí"),
        whole=True,
        low=1,
        high=100,
        help_text=_("Năm tiêu chí của Điều 9 TT 36/2013."),
    )
    field_order = ("name", "province", "commune")

    @property
    def legal_day(self):
        return self.cleaned_data.get("formed_on") or self.cleaned_data["signed_on"]


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Tài khoản"), required=False, empty_label=_("Người ngoài hệ thống")
    )
    name = forms.CharField(label=_("Họ tên (người ngoài hệ thống)"), max_length=120, required=False)
    title = forms.CharField(label=_("Chức danh"), max_length=120, required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Đơn vị công tác"), required=False, empty_label=_("Không ghi")
    )
    role = forms.ChoiceField(label=_("Vai trò"), choices=MemberRole)
    tax_code = forms.CharField(label=_("Mã số thuế liên quan"), max_length=14, required=False)
    address = forms.CharField(
        label=_("Địa chỉ cư trú"),
        max_length=300,
        required=False,
        help_text=_("Chỉ dùng để phát hiện xung đột lợi ích; người khác không thấy."),
    )

    def __init__(self, *args, council=None, user=None, **options):
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = issuers_of(user)
        here = User.objects.filter(
            is_active=True,
            mandates__in=_mandates_of(council),
        )
        seated = council.members.filter(left_on=None).exclude(user=None).values("user")
        self.fields["user"].queryset = here.exclude(pk__in=seated).distinct().order_by("first_name", "last_name")


def _mandates_of(council):
    from khuyencong.people.models import Mandate

    here = Mandate.objects.on(clock.today())
    return (
        here.filter(place=council.province)
        | here.filter(place__province=council.province)
        | here.filter(organisation__place=council.province)
    )


class SessionForm(forms.Form):
    on = DayField(label=_("Ngày họp"))
    place = forms.CharField(label=_("Nơi họp"), max_length=200, required=False)
    agenda = forms.CharField(label=_("Nội dung"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class MinutesForm(PaperForm):
    summary = forms.CharField(label=_("Kết luận"), widget=forms.Textarea(attrs={"rows": 4}))


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label=_("Quan hệ lợi ích"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ví dụ: em ruột chủ cơ sở; đang góp vốn. Phiếu đã chấm cho đề án này bị huỷ."),
    )


class SheetForm(PaperForm):
    """The five points of TT 36/2013 Đ9; the signed sheet where somebody else types it."""

    paper_required = False
    conclusion = forms.ChoiceField(label=_("Kết luận"), choices=Conclusion, widget=forms.RadioSelect)
    comment = forms.CharField(label=_("Ý kiến chung"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_("Ngày chấm"), past=True)

    def __init__(self, *args, limit=20, **options):
        super().__init__(*args, **options)
        for point in Point:
            self.fields[f"result_{point.value}"] = forms.ChoiceField(
                label=_("Kết quả"), choices=[("", "–"), *Result.choices]
            )
            self.fields[f"point_{point.value}"] = NumberField(label=_("Điểm"), whole=True, low=0, high=limit)
            self.fields[f"comment_{point.value}"] = forms.CharField(label=_("Nhận xét"), max_length=500, required=False)

    def rows(self):
        for point in Point:
            n = point.value
            yield {
                "label": f"{n}. {point.label}",
                "result": self[f"result_{n}"],
                "score": self[f"point_{n}"],
                "comment": self[f"comment_{n}"],
            }

    def marks(self):
        data = self.cleaned_data
        return {
            n: {"result": data[f"result_{n}"], "score": data[f"point_{n}"], "comment": data[f"comment_{n}"]}
            for n in Point.values
        }
