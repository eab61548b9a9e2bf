from django import forms
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.documents import queries
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper, Print
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import DayField, FilesField, NumberField, PaperForm, PlaceForm, YearField
from khuyencong.web.common.searched import search_in

ISSUERS = (
    "ministry",
    "agency",
    "province_committee",
    "province_council",
    "commune_committee",
    "department",
    "centre",
    "treasury",
)


def issuers_of(user):
    """Bodies that issue papers where this person works: the country's, those of his provinces or communes; the many committees of
    communes after all others."""
    scope = user.scope()
    bodies = Organisation.objects.filter(kind__in=ISSUERS, ended_on=None).select_related("place")
    last = Case(When(kind="commune_committee", then=Value(1)), default=Value(0))
    bodies = bodies.order_by(last, "sort_key")
    if scope.whole_country:
        return bodies
    here = bodies.filter(place_id__in=scope.provinces) | bodies.filter(place__province_id__in=scope.provinces)
    if scope.communes:  # the committee of the commune itself, and who stands above it
        above = Unit.objects.filter(pk__in=scope.communes).values("province_id")
        here |= bodies.filter(Q(place_id__in=scope.communes) | Q(place_id__in=above))
    return (here | bodies.filter(kind__in=("ministry", "agency"))).distinct()


def numbered_by(user):
    """Bodies whose numbers this person may draw: where he records papers."""
    scope = user.scope(Permission.PAPER_RECORD)
    bodies = issuers_of(user)
    if scope.whole_country:
        return bodies
    return bodies.filter(
        Q(place_id__in=scope.provinces) | Q(place__province_id__in=scope.provinces) | Q(place_id__in=scope.communes)
    )


class RecordForm(PlaceForm, PaperForm):
    commune_required = False
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=[("", _("Chọn loại văn bản")), *PaperKind.choices])
    issuer = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Cơ quan ban hành"), required=False, empty_label=_("Không ghi")
    )
    abstract = forms.CharField(label=_("Trích yếu"), max_length=500, required=False)

    field_order = ("kind", "number", "signed_on", "signer", "signer_title", "issuer", "abstract", "scans", "kept_at")

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, **options)
        self.fields["issuer"].queryset = issuers_of(user)
        search_in(self, "issuer")
        self.fields["signer_title"].required = False


class AttachForm(forms.Form):
    scans = FilesField(label=_("Tệp"), help_text=_("Tệp PDF hoặc ảnh chụp các trang, theo thứ tự."))


class ScansForm(forms.Form):
    scans = FilesField(label=_("Ảnh hoặc tệp PDF"), help_text=_("Chụp cả trang đầu, thấy rõ mã QR ở góc dưới."))


class PrintField(forms.ModelChoiceField):
    def label_from_instance(self, printed) -> str:
        return f"{printed.code}: {printed.title}, {printed.subject}"


class IdentifyForm(forms.Form):
    printed = PrintField(Print.objects.none(), label=_("Bản in"), empty_label=_("Chọn bản in"))

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        waiting = self.fields["printed"].queryset = queries.prints_waiting(user)
        if not waiting.exists():
            self.fields["printed"].help_text = _(
                "Không có bản in nào đang chờ bản ký. Hãy in biểu mẫu từ hồ sơ trước, hoặc gỡ bản ký ghi nhầm."
            )


class SignForm(PaperForm):
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=[("", _("Chọn loại văn bản")), *PaperKind.choices])
    field_order = ("kind", "number", "signed_on", "signer", "signer_title", "scans", "kept_at")


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: in thử, nội dung đã thay đổi."))


class UnsignForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do"), max_length=300, help_text=_("Ví dụ: ghi nhầm văn bản, tệp quét kèm trang của bản in khác.")
    )


class UnidentifyForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: chỉ nhầm bản in."))


class UseForm(forms.Form):
    paper = forms.ModelChoiceField(
        Paper.objects.none(),
        label=_("Văn bản mang số này"),
        empty_label=None,
        help_text=_("Chỉ có văn bản đã ghi nhận đúng số và năm này; chưa có thì ghi nhận văn bản trước."),
    )

    def __init__(self, *args, papers, **options):
        super().__init__(*args, **options)
        self.fields["paper"].queryset = papers


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Lý do huỷ"), max_length=300)


class RegisterForm(forms.Form):
    issuer = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Cơ quan ban hành"),
        error_messages={
            "invalid_choice": _(
                "Bạn không lấy số cho cơ quan này. Hãy chọn cơ quan trong danh sách, thuộc địa bàn của bạn."
            )
        },
    )
    year = YearField(label=_("Năm"))
    symbol = forms.CharField(label=_("Ký hiệu"), max_length=40, help_text=_("Phần sau dấu gạch chéo, ví dụ QĐ-TTKC."))
    last = NumberField(
        label=_("Số cuối đã lấy trên giấy"), whole=True, help_text=_("0 nếu sổ bắt đầu từ số 01 trong hệ thống.")
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["issuer"].queryset = numbered_by(user)
        search_in(self, "issuer")


class DrawForm(forms.Form):
    on = DayField(label=_("Ngày văn bản"), past=True)
    about = forms.CharField(label=_("Trích yếu"), max_length=300)


class TemplateForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp Word (.docx)"),
        help_text=_("Lấy mẫu gốc, sửa chữ và bố cục, giữ các chỗ điền trong hai dấu ngoặc nhọn."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)
