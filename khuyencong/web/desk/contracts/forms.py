from django import forms
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import AcceptanceForm, AssignmentForm, RecoveryGround, SeatRole, Verdict, VoucherKind
from khuyencong.contracts.models import ProgressReport, SupportContract
from khuyencong.contracts.operations import VoucherRow
from khuyencong.contracts.operations.acceptances import Sitting
from khuyencong.documents.enums import OWN_NUMBERS
from khuyencong.norms.enums import Level
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.web.common.forms import DayField, FilesField, MoneyField, PaperForm
from khuyencong.web.desk.contracts.seats import bodies

PHOTOS = ".jpg,.jpeg,.png,.webp,.heic,.pdf"
SHEETS = ".xlsx,.xls,.csv"


class WithPaper(PaperForm):
    """An act with the paper it rests on; its day is the day of the paper.  ``kind`` says which paper that is."""

    kind = ""
    day_label = ""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.kind in OWN_NUMBERS:  # numbered by private parties, or not at all
            self.fields["number"].required = False
        if self.day_label:
            self.fields["signed_on"].label = self.day_label


class TenderForm(WithPaper):
    kind = "tender_result"
    package = forms.CharField(label=gettext_lazy("Gói thầu"), max_length=300)
    winner = forms.CharField(label=gettext_lazy("Đơn vị trúng thầu"), max_length=250)
    winner_tax_code = forms.CharField(label=gettext_lazy("Mã số thuế"), max_length=14, required=False)
    value = MoneyField(label=gettext_lazy("Giá trúng thầu, đồng"), low=1)


class AssignForm(WithPaper):
    kind = "assignment"
    form = forms.ChoiceField(label=gettext_lazy("Hình thức"), choices=AssignmentForm, widget=forms.RadioSelect)
    giver = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Bên giao"), empty_label=None)
    ends_on = DayField(label=gettext_lazy("Hạn hoàn thành"), required=False)

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        if project.level == Level.NATIONAL:
            # of the ministries the one that manages industrial promotion: the others are only asked for opinions
            own = Q(kind=BodyKind.MINISTRY, folded__contains=fold("Công Thương"))
            bodies = Organisation.objects.filter(own | Q(kind=BodyKind.AGENCY))
        else:
            bodies = Organisation.objects.filter(
                kind__in=(BodyKind.DEPARTMENT, BodyKind.PROVINCE_COMMITTEE), province_id=project.province_id
            )
            if project.level == Level.COMMUNAL:  # a commune gives tasks of its own money alone
                bodies |= Organisation.objects.filter(kind=BodyKind.COMMUNE_COMMITTEE, place=project.commune)
        first = Case(When(kind=USUAL_GIVER[project.level], then=0), default=1)
        self.fields["giver"].queryset = bodies.filter(ended_on=None).order_by(first, "kind", "name")


USUAL_GIVER = {
    Level.NATIONAL: BodyKind.AGENCY,
    Level.PROVINCIAL: BodyKind.DEPARTMENT,
    Level.COMMUNAL: BodyKind.COMMUNE_COMMITTEE,
}


def usual_giver(project: Project) -> int | None:
    """The body that usually gives the task: the agency, the department, or at communal level the committee."""
    found = Organisation.objects.filter(kind=USUAL_GIVER[project.level], ended_on=None)
    if project.level == Level.COMMUNAL:
        found = found.filter(place=project.commune)
    elif project.level == Level.PROVINCIAL:
        found = found.filter(province_id=project.province_id)
    return found.order_by("pk").values_list("pk", flat=True).first()


class BeginForm(forms.Form):
    on = DayField(label=gettext_lazy("Ngày bắt đầu"), past=True)


class SignForm(WithPaper):
    kind = "support_contract"
    national = MoneyField(label=gettext_lazy("KCQG, đồng"))
    local = MoneyField(label=gettext_lazy("KCĐP, đồng"))
    counterpart = MoneyField(label=gettext_lazy("Đối ứng, đồng"))
    ends_on = DayField(label=gettext_lazy("Hạn hoàn thành"), required=False)

    def __init__(self, *args, beneficiary: Beneficiary, **options):
        super().__init__(*args, **options)
        for source in ("national", "local"):
            if not getattr(beneficiary, source):
                del self.fields[source]


class PurchaseForm(PaperForm):
    paper_required = False
    item = forms.CharField(label=gettext_lazy("Máy, hạng mục"), max_length=300)
    value = MoneyField(label=gettext_lazy("Giá trị, đồng"), low=1)
    seller = forms.CharField(label=gettext_lazy("Bên bán"), max_length=250)
    seller_tax_code = forms.CharField(label=gettext_lazy("Mã số thuế bên bán"), max_length=14, required=False)
    bought_on = DayField(label=gettext_lazy("Ngày ký hợp đồng mua"), past=True)
    serial = forms.CharField(label=gettext_lazy("Số máy"), max_length=80, required=False)
    is_new = forms.BooleanField(label=gettext_lazy("Máy mới, chưa qua sử dụng"), required=False, initial=True)


class DeliverForm(PaperForm):
    paper_required = False
    on = DayField(label=gettext_lazy("Ngày bàn giao"), past=True)
    serial = forms.CharField(label=gettext_lazy("Số máy ghi trên nhãn"), max_length=80, required=False)


class AmendForm(WithPaper):
    kind = "contract_appendix"
    day_label = gettext_lazy("Ngày ký phụ lục")
    ends_on = DayField(label=gettext_lazy("Hạn hoàn thành"), required=False)
    note = forms.CharField(label=gettext_lazy("Nội dung phụ lục"), max_length=500, required=False)


class AmendSupportForm(AmendForm):
    national = MoneyField(label=gettext_lazy("KCQG, đồng"))
    local = MoneyField(label=gettext_lazy("KCĐP, đồng"))
    counterpart = MoneyField(label=gettext_lazy("Đối ứng, đồng"))
    field_order = ["national", "local", "counterpart", "ends_on", "note"]

    def __init__(self, *args, contract: SupportContract, **options):
        super().__init__(*args, **options)
        for source in ("national", "local"):
            if not getattr(contract.beneficiary, source) and not getattr(contract, source):
                del self.fields[source]


class MonthForm(forms.Form):
    month = forms.TypedChoiceField(label=gettext_lazy("Tháng"), coerce=str)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        today = clock.today()
        months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(12)]
        self.fields["month"].choices = [
            (f"{year}-{month + 1}", _("Tháng %(month)s/%(year)s") % {"month": month + 1, "year": year})
            for year, month in months
        ]
        self.initial.setdefault("month", f"{today.year}-{today.month}")

    @staticmethod
    def split(chosen: str) -> dict:
        year, month = chosen.split("-")
        return {"year": int(year), "month": int(month)}


class DoneForm(MonthForm):
    """How much is done so far; beyond the whole investment or below what was told before (``before``), where a nought too many
    or too few is likely, it asks again."""

    sure = forms.BooleanField(label=gettext_lazy("Đúng là đã làm nhiều hơn tổng đầu tư"), required=False)

    def __init__(self, *args, total: int, before: int = 0, **options):
        super().__init__(*args, **options)
        self.doubt = self._doubt(total, before)
        if not self.doubt:
            del self.fields["sure"]

    def _doubt(self, total: int, before: int) -> str:
        try:
            done = self.fields["done"].to_python(self.data.get("done", ""))
        except forms.ValidationError:
            return ""
        if total and done and done > total:
            return _(
                "Lớn hơn tổng đầu tư %(total)s đồng. Hãy kiểm tra lại các số 0; nếu đúng thì đánh dấu ở đây rồi gửi lại."
            ) % {"total": dong(total)}
        if done is not None and done < before:
            self.fields["sure"].label = _("Đúng, số đã gửi lần trước là nhầm")
            return _(
                "Nhỏ hơn số đã gửi lần trước, %(before)s đồng; số này tính từ đầu, không phải riêng tháng này. Nếu lần trước gửi nhầm "
                "thì đánh dấu ở đây rồi gửi lại."
            ) % {"before": dong(before)}
        return ""

    def clean(self):
        cleaned = super().clean()
        if self.doubt and not cleaned.get("sure"):
            self.add_error("sure", self.doubt)
        return cleaned


class TellForm(DoneForm):
    done = MoneyField(label=gettext_lazy("Đã làm được bao nhiêu, tính từ đầu, đồng"))
    note = forms.CharField(
        label=gettext_lazy("Tình hình"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = FilesField(label=gettext_lazy("Ảnh máy, ảnh hoá đơn"), required=False, accept=PHOTOS)
    field_order = ["month", "done", "note", "photos", "sure"]


class ReportForm(DoneForm, PaperForm):
    paper_required = False
    done = MoneyField(label=gettext_lazy("Giá trị khối lượng đã thực hiện, luỹ kế, đồng"))
    state_spent = MoneyField(label=gettext_lazy("Kinh phí nhà nước đã chi, luỹ kế, đồng"), initial=0)
    counterpart_spent = MoneyField(label=gettext_lazy("Đối ứng đã chi, luỹ kế, đồng"), initial=0)
    sent_on = DayField(label=gettext_lazy("Ngày gửi"), past=True)
    note = forms.CharField(
        label=gettext_lazy("Tình hình, khó khăn"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ["month", "done", "sure", "state_spent", "counterpart_spent", "sent_on", "note", *PaperForm.PAPER]


class ConfirmVolumeForm(WithPaper):
    kind = "volume_confirmation"
    day_label = gettext_lazy("Ngày xác nhận")


class _Report(forms.ModelChoiceField):
    def label_from_instance(self, report: ProgressReport) -> str:
        return _("Tháng %(month)s/%(year)s: %(done)s đồng, Sở xác nhận %(day)s") % {
            "month": report.month,
            "year": report.year,
            "done": dong(report.done),
            "day": f"{report.confirmed_on:%d/%m/%Y}",
        }


class RequestAdvanceForm(WithPaper):
    kind = "advance_request"
    amount = MoneyField(label=gettext_lazy("Số tiền đề nghị, đồng"), low=1)
    report = _Report(
        ProgressReport.objects.none(),
        label=gettext_lazy("Báo cáo khối lượng đã được Sở xác nhận"),
        required=False,
        empty_label=gettext_lazy("Không kèm báo cáo"),
    )

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        confirmed = ProgressReport.objects.filter(project=project, confirmed_on__isnull=False)
        self.fields["report"].queryset = confirmed.order_by("-year", "-month")


class ConfirmAdvanceForm(ConfirmVolumeForm):
    pass


class PayForm(WithPaper):
    kind = "payment_order"
    day_label = gettext_lazy("Ngày chuyển tiền")
    treasury_number = forms.CharField(label=gettext_lazy("Số chứng từ kho bạc"), max_length=60)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    on = DayField(label=gettext_lazy("Ngày"), past=True)


class WhyForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(WithPaper):
    """Acceptance, its seats a row each: who chairs, the Centre, the commune, the beneficiary, two others."""

    kind = "acceptance"
    day_label = gettext_lazy("Ngày nghiệm thu, ngày ký biên bản")
    form = forms.ChoiceField(label=gettext_lazy("Mẫu biên bản"), choices=AcceptanceForm)
    place = forms.CharField(label=gettext_lazy("Nơi nghiệm thu"), max_length=300)
    state_volume = MoneyField(label=gettext_lazy("Khối lượng từ kinh phí nhà nước, đồng"))
    counterpart_volume = MoneyField(label=gettext_lazy("Khối lượng từ vốn đối ứng, đồng"), initial=0)
    verdict = forms.ChoiceField(label=gettext_lazy("Kết luận"), choices=Verdict, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Nhận xét, tồn tại"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, project: Project, beneficiary: Beneficiary | None, **options):
        super().__init__(*args, **options)
        self.fields["form"].choices = [(form.value, form.label) for form in rules.record_forms(project)]
        self.roles = [SeatRole.CHAIR, SeatRole.CENTRE, SeatRole.COMMUNE]
        if beneficiary is not None:
            self.roles.append(SeatRole.BENEFICIARY)
        self.rows = [
            *((role.value, role) for role in self.roles),
            ("other1", SeatRole.OTHER),
            ("other2", SeatRole.OTHER),
        ]
        found = bodies(project, beneficiary)
        for key, role in self.rows:
            needed = role != SeatRole.OTHER
            body = forms.ModelChoiceField(
                found["any"] if role == SeatRole.OTHER else found[role],
                label=_("%(role)s: cơ quan, đơn vị") % {"role": role.label},
                required=needed,
                empty_label=None if needed and found[role].count() == 1 else "",
            )
            self.fields[f"body_{key}"] = body
            self.fields[f"name_{key}"] = forms.CharField(
                label=_("%(role)s: họ tên") % {"role": role.label}, max_length=120, required=needed
            )
            self.fields[f"title_{key}"] = forms.CharField(
                label=_("%(role)s: chức danh") % {"role": role.label}, max_length=120, required=False
            )

    def own_fields(self):
        return [bound for bound in super().own_fields() if not bound.name.startswith(("body_", "name_", "title_"))]

    def seat_rows(self):
        """Each row of the table of seats: role, body, name, title."""
        return [(role.label, self[f"body_{key}"], self[f"name_{key}"], self[f"title_{key}"]) for key, role in self.rows]

    def clean(self):
        cleaned = super().clean()
        for key, role in self.rows:
            if role == SeatRole.OTHER and bool(cleaned.get(f"body_{key}")) != bool(cleaned.get(f"name_{key}")):
                self.add_error(f"name_{key}", _("Ghi đủ cơ quan và họ tên, hoặc để trống cả hai."))
        return cleaned

    def seats(self) -> list[Sitting]:
        data = self.cleaned_data
        return [
            Sitting(data[f"body_{key}"], data[f"name_{key}"], role.value, data.get(f"title_{key}", ""))
            for key, role in self.rows
            if data.get(f"body_{key}") and data.get(f"name_{key}")
        ]


class AcceptDoneForm(AcceptForm):
    """What was done before force majeure, with the implementer's letter; department and commune must sit."""

    counterpart_volume = MoneyField(label=gettext_lazy("Khối lượng từ vốn đối ứng, đồng"), initial=0)
    note = forms.CharField(
        label=gettext_lazy("Sự việc bất khả kháng, khối lượng đã làm"), widget=forms.Textarea(attrs={"rows": 4})
    )
    explanation_number = forms.CharField(label=gettext_lazy("Số văn bản giải trình"), max_length=80)
    explained_on = DayField(label=gettext_lazy("Ngày văn bản giải trình"), past=True)
    explanation_signer = forms.CharField(label=gettext_lazy("Người ký giải trình"), max_length=120)

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, project=project, beneficiary=None, **options)
        del self.fields["verdict"]
        for name in ("body_centre", "name_centre"):
            self.fields[name].required = False
        self.fields["body_centre"].empty_label = ""


def _sure() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu chứng từ gốc"),
        required=False,
        help_text=gettext_lazy("Chỉ đánh dấu khi được hỏi lại và chứng từ đã ghi là đúng."),
    )


class VoucherForm(forms.Form):
    """One line of the list."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại chứng từ"), choices=VoucherKind)
    source = forms.ChoiceField(label=gettext_lazy("Nguồn chi trả"), choices=Source)
    symbol = forms.CharField(label=gettext_lazy("Ký hiệu"), max_length=20, required=False)
    number = forms.CharField(label=gettext_lazy("Số"), max_length=30, required=False)
    on = DayField(label=gettext_lazy("Ngày chứng từ"), past=True)
    seller = forms.CharField(label=gettext_lazy("Bên bán, bên nhận"), max_length=250, required=False)
    seller_tax_code = forms.CharField(label=gettext_lazy("Mã số thuế"), max_length=14, required=False)
    content = forms.CharField(label=gettext_lazy("Nội dung chi"), max_length=400)
    amount = MoneyField(label=gettext_lazy("Số tiền, đồng"), low=1)
    treasury_number = forms.CharField(label=gettext_lazy("Số chứng từ kho bạc"), max_length=60, required=False)
    beneficiary = forms.ModelChoiceField(
        Beneficiary.objects.none(),
        label=gettext_lazy("Đơn vị thụ hưởng"),
        required=False,
        empty_label=gettext_lazy("Chi chung của đề án"),
    )
    sure = _sure()

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        self.fields["beneficiary"].queryset = queries.helped(project)
        self.fields["source"].choices = sources_of(project)

    def row(self) -> VoucherRow:
        return VoucherRow(**self.cleaned_data, where=str(_("Chứng từ này")))


def sources_of(project: Project) -> list[tuple[str, str]]:
    """The sources that this project has money of."""
    return [
        (source.value, str(source.label)) for source in Source if getattr(project, f"granted_{source.value}", 0)
    ] or list(Source.choices)


class PasteForm(PaperForm):
    paper_required = False
    source = forms.ChoiceField(
        label=gettext_lazy("Nguồn chi trả"),
        help_text=gettext_lazy("Dùng cho dòng mà bảng kê không ghi nguồn."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Dán bảng kê từ Excel, cả dòng tiêu đề"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "wrap": "off"}),
        required=False,
        strip=False,
    )
    file = forms.FileField(
        label=gettext_lazy("hoặc chọn tệp Excel"), required=False, widget=forms.FileInput(attrs={"accept": SHEETS})
    )
    sure = _sure()

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        self.fields["source"].choices = sources_of(project)


class SettleForm(WithPaper):
    kind = "settlement"
    day_label = gettext_lazy("Ngày lập biểu quyết toán")
    with_invoice = forms.BooleanField(
        label=gettext_lazy("Đơn vị thực hiện xuất hoá đơn tài chính cho Cục"), required=False
    )
    late_reason = forms.CharField(
        label=gettext_lazy("Lý do quá hạn"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Chỉ khi lập hồ sơ sau hạn."),
    )

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        if project.level != Level.NATIONAL:
            self.fields["with_invoice"].label = _("Đơn vị thực hiện xuất hoá đơn tài chính cho bên giao")


class ReturnForm(WithPaper):
    kind = "return_money"
    day_label = gettext_lazy("Ngày nộp trả")
    amount = MoneyField(label=gettext_lazy("Số tiền nộp trả, đồng"), low=1)


class RecoveryForm(WithPaper):
    kind = "recovery_decision"
    day_label = gettext_lazy("Ngày quyết định")
    ground = forms.ChoiceField(label=gettext_lazy("Căn cứ thu hồi"), choices=RecoveryGround)
    amount = MoneyField(label=gettext_lazy("Số phải thu hồi, đồng"), low=1)
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = DayField(label=gettext_lazy("Hạn nộp"))

    def __init__(self, *args, project: Project, **options):
        super().__init__(*args, **options)
        stopped = project.state == ProjectState.STOPPED
        self.fields["ground"].choices = [
            (ground.value, ground.label) for ground in RecoveryGround if (ground == RecoveryGround.STOPPED) == stopped
        ]


class ReceiptForm(WithPaper):
    kind = "return_money"
    day_label = gettext_lazy("Ngày nộp")
    amount = MoneyField(label=gettext_lazy("Số đã nộp, đồng"), low=1)
    treasury_number = forms.CharField(label=gettext_lazy("Số chứng từ kho bạc"), max_length=60)


class LiquidateForm(WithPaper):
    kind = "liquidation"
    day_label = gettext_lazy("Ngày thanh lý")
    late_reason = forms.CharField(
        label=gettext_lazy("Lý do quá hạn"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Chỉ khi thanh lý sau ngày cuối cùng mà quy định cho phép."),
    )
    reconciled_on = DayField(
        label=gettext_lazy("Ngày bảng đối chiếu kinh phí (Mẫu 10)"),
        required=False,
        past=True,
        help_text=gettext_lazy("Khi đây là hợp đồng cuối cùng trong năm."),
    )
