from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.councils.enums import Conclusion, Kind, MemberRole, Outcome, Point, Result
from khuyencong.councils.models import Member
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import SYSTEM, User
from khuyencong.web.common.forms import DayField, NumberField, PaperForm, PlaceForm
from khuyencong.web.common.searched import search_in
from khuyencong.web.desk.documents.forms import issuers_of


class _Council(PaperForm):
    kind = forms.ChoiceField(
        label=_("Hình thức"),
        choices=Kind,
        widget=forms.RadioSelect,
        help_text=_("Giám đốc Sở, Cục trưởng chọn hội đồng hoặc cán bộ giúp việc."),
    )
    name = forms.CharField(label=_("Tên hội đồng, bộ phận thẩm định"), max_length=250)
    formed_on = DayField(
        label=_("Ngày thành lập"), past=True, required=False, help_text=_("Bỏ trống thì lấy ngày ký quyết định.")
    )

    @property
    def legal_day(self):
        return self.cleaned_data.get("formed_on") or self.cleaned_data["signed_on"]


class CouncilForm(PlaceForm, _Council):
    """The department's."""

    commune_required = False
    field_order = ("kind", "name", "province", "commune")


class MinistryCouncilForm(_Council):
    """The agency's: it has no province."""

    field_order = ("kind", "name")


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
        search_in(self, "organisation")
        here = User.objects.filter(
            is_active=True,
            mandates__in=_mandates_of(council),
        ).exclude(username=SYSTEM)
        seated = council.members.filter(left_on=None).exclude(user=None).values("user")
        self.fields["user"].queryset = here.exclude(pk__in=seated).distinct().order_by("first_name", "last_name")
        if not council.meets:
            del self.fields["role"]


def _mandates_of(council):
    from khuyencong.people.models import Mandate

    here = Mandate.objects.on(clock.today())
    if council.province_id is None:
        return here.filter(whole_country=True)
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


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Cách xử lý"), choices=Outcome, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Bắt buộc khi không phải xung đột: đã hỏi ai, căn cứ nào. Ví dụ: thành viên xác nhận không quen biết."
        ),
    )


class AttendForm(forms.Form):
    present = forms.ModelMultipleChoiceField(
        Member.objects.none(), label=_("Thành viên có mặt"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, seats=(), **options):
        super().__init__(*args, **options)
        keys = [member.pk for member in seats]
        self.fields["present"].queryset = Member.objects.filter(pk__in=keys).order_by("pk")
        self.fields["present"].label_from_instance = lambda m: f"{m.name}, {m.get_role_display()}"


class VoteForm(forms.Form):
    passes = NumberField(label=_("Số phiếu đạt"), whole=True)
    completes = NumberField(label=_("Số phiếu yêu cầu bổ sung"), whole=True)
    fails = NumberField(label=_("Số phiếu không đạt"), whole=True)
    conclusion = forms.ChoiceField(label=_("Kết luận của hội đồng"), choices=Conclusion, widget=forms.RadioSelect)
    opinion = forms.CharField(label=_("Ý kiến tại phiên họp"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class SheetForm(PaperForm):
    """The five points of TT 36/2013 Đ9 by yes or no, the criteria of the day by points; the signed sheet where somebody else
    types it."""

    paper_required = False
    conclusion = forms.ChoiceField(label=_("Đề nghị"), choices=Conclusion, widget=forms.RadioSelect)
    comment = forms.CharField(label=_("Ý kiến chung"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_("Ngày chấm"), past=True)

    def __init__(self, *args, criteria=(), **options):
        super().__init__(*args, **options)
        self.criteria = list(criteria)
        for point in Point:
            self.fields[f"result_{point.value}"] = forms.ChoiceField(
                label=f"{point.value}. {point.label}", choices=Result, widget=forms.RadioSelect
            )
            self.fields[f"comment_{point.value}"] = forms.CharField(
                label=_("Nhận xét"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.fields[f"comment_{point.value}"].silent = True
        for row in self.criteria:
            self.fields[f"score_{row.number}"] = NumberField(
                label=_("%(number)s. %(text)s (tối đa %(points)s)")
                % {"number": row.number, "text": row.text, "points": row.points},
                high=row.points,
                help_text=row.guide,
            )

    def points(self):
        return [(self[f"result_{n}"], self[f"comment_{n}"]) for n in Point.values]

    def scored(self):
        return [self[f"score_{row.number}"] for row in self.criteria]

    @property
    def most(self):
        return sum(row.points for row in self.criteria)

    @property
    def basis(self):
        """The text that sets the criteria."""
        return "; ".join(dict.fromkeys(row.citation for row in self.criteria))

    def marks(self):
        data = self.cleaned_data
        return {n: {"result": data[f"result_{n}"], "comment": data[f"comment_{n}"]} for n in Point.values}

    def scores(self):
        return {row.number: self.cleaned_data[f"score_{row.number}"] for row in self.criteria}
