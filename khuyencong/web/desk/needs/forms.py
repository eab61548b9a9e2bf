from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.establishments.models import Establishment
from khuyencong.needs import operations
from khuyencong.needs.enums import EntryChannel, NeedKind, Proposal
from khuyencong.needs.models import Call, Need
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import (
    DayField,
    FilesField,
    PaperForm,
    PhoneField,
    PlaceForm,
    RoughMoneyField,
    YearField,
    communes_of,
    provinces_of,
)

PHOTOS = "image/*"


class CallForm(PaperForm):
    province = forms.ModelChoiceField(Unit.objects.none(), label=_("Tỉnh, thành phố"))
    year = YearField(label=_("Đăng ký cho năm"), low=2013, high=2100)
    opens_on = DayField(label=_("Nhận từ ngày"))
    commune_deadline = DayField(label=_("Hạn của xã, phường"))
    dossier_deadline = DayField(label=_("Hạn nộp hồ sơ về Sở"), required=False)
    note = forms.CharField(label=_("Nội dung hướng dẫn"), widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["province"].queryset = mine = provinces_of(user.scope(Permission.CALL_OPEN))
        self.initial.setdefault("province", mine[0].pk if len(mine) == 1 else None)
        self.order_fields(["province", "year", "opens_on", "commune_deadline", "dossier_deadline", "note", *self.PAPER])

    def asked_for(self) -> tuple[int, Unit | None]:
        """The year and the province of which the lawful days are shown beside the form: those typed, else those it begins with."""
        try:
            year = self.fields["year"].clean(self["year"].value())
        except forms.ValidationError:
            year = clock.today().year + 1
        chosen = str(self["province"].value() or "")
        return year, next((unit for unit in self.fields["province"].queryset if str(unit.pk) == chosen), None)


class DeadlineForm(PaperForm):
    commune_deadline = DayField(label=_("Hạn mới của xã, phường"))
    field_order = ["commune_deadline", *PaperForm.PAPER]


class LinkForm(forms.Form):
    commune = forms.ModelChoiceField(Unit.objects.none(), label=_("Xã, phường, đặc khu"))
    holder = forms.CharField(label=_("Người nhận"), max_length=120)
    holder_title = forms.CharField(label=_("Chức danh"), max_length=120, required=False)

    def __init__(self, *args, call: Call, user, **options):
        super().__init__(*args, **options)
        self.fields["commune"].queryset = communes_of(user.scope(Permission.SURVEY_PLAN), call.province_id)


class AnsweredForm(PlaceForm):
    """Which call, which commune, how the answer came, on which day."""

    call = forms.ModelChoiceField(Call.objects.none(), label=_("Đợt đăng ký"), empty_label=None)
    channel = forms.ChoiceField(label=_("Cách nhận"), choices=[c for c in EntryChannel.choices if c[0] != "link"])
    on = DayField(label=_("Ngày nhận"), past=True)

    def __init__(self, *args, user, **options):
        super().__init__(*args, user=user, permission=Permission.NEED_REGISTER, **options)
        self.fields["call"].queryset = Call.objects.visible_to(user).order_by("-year", "-pk")
        self.initial.setdefault("on", clock.today())
        self.initial.setdefault("channel", EntryChannel.ACCOUNT)


class NeedForm(AnsweredForm):
    kind = forms.ChoiceField(label=_("Loại nhu cầu"), choices=NeedKind)
    name = forms.CharField(label=_("Tên cơ sở hoặc người đề nghị"), max_length=200)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    hamlet = forms.CharField(label=_("Thôn, buôn, khu phố"), max_length=120, required=False)
    what = forms.CharField(label=_("Cần gì"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    about = RoughMoneyField(
        label=_("Khoảng bao nhiêu"), required=False, low=1, help_text=_("Ước chừng cũng được, ví dụ 350 triệu.")
    )
    photos = FilesField(label=_("Ảnh"), required=False, accept=PHOTOS, most=operations.PHOTOS)

    def need_values(self) -> dict:
        names = ("call", "commune", "channel", "on", "kind", "name", "phone", "hamlet", "what", "about")
        return {name: self.cleaned_data[name] for name in names}


class OwnNeedForm(forms.Form):
    """What an establishment asks for itself."""

    call = forms.ModelChoiceField(Call.objects.none(), label=_("Đợt đăng ký"), empty_label=None)
    establishment = forms.ModelChoiceField(Establishment.objects.none(), label=_("Cơ sở"), empty_label=None)
    kind = forms.ChoiceField(label=_("Loại nhu cầu"), choices=NeedKind)
    what = forms.CharField(label=_("Cần gì"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    about = RoughMoneyField(
        label=_("Khoảng bao nhiêu"), required=False, low=1, help_text=_("Ước chừng cũng được, ví dụ 350 triệu.")
    )
    phone = PhoneField(label=_("Điện thoại"), required=False)
    hamlet = forms.CharField(label=_("Thôn, buôn, khu phố"), max_length=120, required=False)
    photos = FilesField(label=_("Ảnh"), required=False, accept=PHOTOS, most=operations.PHOTOS)

    def __init__(self, *args, user, establishments, **options):
        super().__init__(*args, **options)
        open_ones = Call.objects.visible_to(user).filter(opens_on__lte=clock.today())
        self.fields["call"].queryset = open_ones.order_by("-year", "-pk")
        self.fields["establishment"].queryset = establishments
        if len(establishments) == 1:
            self.fields["establishment"].widget = forms.HiddenInput()
            self.initial |= {"establishment": establishments[0].pk, "phone": establishments[0].phone}


class CorrectForm(forms.Form):
    kind = forms.ChoiceField(label=_("Loại nhu cầu"), choices=NeedKind)
    name = forms.CharField(label=_("Tên cơ sở hoặc người đề nghị"), max_length=200)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    hamlet = forms.CharField(label=_("Thôn, buôn, khu phố"), max_length=120, required=False)
    what = forms.CharField(label=_("Cần gì"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    about = RoughMoneyField(label=_("Khoảng bao nhiêu"), required=False, low=1)

    def __init__(self, *args, personal, **options):
        super().__init__(*args, **options)
        if not personal:  # as on the page of the need
            del self.fields["phone"]


class _Candidate(forms.ModelChoiceField):
    """Two of one name are told apart by where they are and their tax code."""

    def label_from_instance(self, found: Establishment) -> str:
        facts = [str(found), str(found.commune or found.province or ""), found.tax_code]
        return ", ".join(filter(None, facts))


class EstablishmentForm(forms.Form):
    establishment = _Candidate(
        Establishment.objects.none(), label=_("Cơ sở trong cơ sở dữ liệu"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, candidates, **options):
        super().__init__(*args, **options)
        self.fields["establishment"].queryset = candidates


class _Chosen(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, need: Need) -> str:
        return f"{need.name}: {need.what} ({need.place_text})"


class _Proposed(_Chosen):
    """What the Centre proposes stands beside each need, so that nobody agrees unseen."""

    def label_from_instance(self, need: Need) -> str:
        reason = f" ({need.proposal_reason})" if need.proposal_reason else ""
        return f"{need.get_proposal_display()}{reason}: {super().label_from_instance(need)}"


class SeveralForm(PaperForm):
    """One letter for several needs."""

    needs = _Chosen(Need.objects.none(), label=_("Nhu cầu"))
    field_order = ["needs", *PaperForm.PAPER]

    def __init__(self, *args, needs, **options):
        super().__init__(*args, **options)
        self.fields["needs"].queryset = needs
        self.initial.setdefault("needs", list(needs.values_list("pk", flat=True)[:200]))


class ConfirmForm(SeveralForm):
    """The letter of the commune: a photo of it says its number and who signed it."""

    paper_required, scans_first = False, True

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["signed_on"].required = True
        self.fields["scans"].silent = True  # this or what is written on it
        self.initial.setdefault("signed_on", clock.today())
        self.order_fields(["needs", "scans", *self.WRITTEN, "kept_at"])

    def clean(self):
        cleaned = forms.Form.clean(self)
        if not cleaned.get("scans") and not (cleaned.get("number") and cleaned.get("signer")):
            self.add_error("scans", gettext("Chụp văn bản đã ký, hoặc ghi số, ký hiệu và người ký."))
        return cleaned

    @property
    def paper_asked(self) -> bool:
        return True


class DecideForm(SeveralForm):
    """The department's answer: it agrees to what is proposed."""

    needs = _Proposed(Need.objects.none(), label=_("Nhu cầu và đề xuất của Trung tâm"))


class ProposeForm(forms.Form):
    proposal = forms.ChoiceField(label=_("Đề xuất"), choices=Proposal, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do, điều khoản"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bắt buộc khi không đưa vào kế hoạch hoặc chuyển năm sau."),
    )
    reason.silent = True
    on = DayField(label=_("Ngày đề xuất"), past=True)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=_("Ngày"), past=True)
