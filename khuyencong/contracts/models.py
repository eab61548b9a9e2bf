"""Two layers of contract, and what follows from them: money advanced, work accepted, money settled, contracts ended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.models import Envelope
from khuyencong.contracts.enums import (
    AcceptanceForm,
    AdvanceKind,
    AdvanceState,
    AssignmentForm,
    SeatRole,
    Verdict,
    VoucherKind,
)
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary, Project


class Assignment(Identified):
    """The first layer: the task is given to the implementer by decision, or agreed with it by contract (TT 36/2013 Đ12)."""

    project = models.OneToOneField(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    form = models.CharField(_("hình thức"), max_length=10, choices=AssignmentForm)
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("bên giao"))
    implementer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("đơn vị thực hiện"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("văn bản"))
    signed_on = models.DateField(_("ngày ký"))
    national = DongField(_("KCQG (đồng)"))
    local = DongField(_("KCĐP (đồng)"))
    ends_on = models.DateField(_("hạn hoàn thành"), null=True, blank=True)

    class Meta:
        verbose_name = _("giao nhiệm vụ, hợp đồng thực hiện")

    def __str__(self):
        return f"{self.get_form_display()} {self.paper}"


class Tender(models.Model):
    """The result of choosing a contractor, where TT 36/2013 Đ3 asks for tender."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    package = models.CharField(_("gói thầu"), max_length=300)
    winner = models.CharField(_("đơn vị trúng thầu"), max_length=250)
    winner_tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    value = DongField(_("giá trúng thầu (đồng)"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định phê duyệt kết quả"))

    class Meta:
        verbose_name = _("kết quả lựa chọn nhà thầu")

    def __str__(self):
        return self.package


class SupportContract(Identified):
    """The second layer: the implementer and one beneficiary."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="support_contracts", verbose_name=_("giao nhiệm vụ")
    )
    beneficiary = models.OneToOneField(
        Beneficiary, models.PROTECT, related_name="+", verbose_name=_("đơn vị thụ hưởng")
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("hợp đồng"))
    signed_on = models.DateField(_("ngày ký"))
    national = DongField(_("KCQG (đồng)"))
    local = DongField(_("KCĐP (đồng)"))
    counterpart = DongField(_("đối ứng (đồng)"))
    ends_on = models.DateField(_("hạn hoàn thành"), null=True, blank=True)

    class Meta:
        verbose_name = _("hợp đồng hỗ trợ")

    def __str__(self):
        return f"{_('Hợp đồng hỗ trợ')} {self.paper}"


class Purchase(models.Model):
    """What the beneficiary buys under its support contract: contract, delivery, machine."""

    support_contract = models.ForeignKey(
        SupportContract, models.PROTECT, related_name="purchases", verbose_name=_("hợp đồng hỗ trợ")
    )
    item = models.CharField(_("máy, hạng mục"), max_length=300)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    seller = models.CharField(_("bên bán"), max_length=250)
    seller_tax_code = models.CharField(_("mã số thuế bên bán"), max_length=14, blank=True)
    value = DongField(_("giá trị (đồng)"))
    signed_on = models.DateField(_("ngày ký hợp đồng mua"))
    delivered_on = models.DateField(_("ngày bàn giao"), null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hợp đồng mua")
    )
    is_new = models.BooleanField(_("máy mới (TT 46/2012 Đ4.4b)"), default=True)

    class Meta:
        verbose_name = _("mua sắm của đơn vị thụ hưởng")
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("signed_on")),
                name="contracts_delivery_after_contract",
                violation_error_message=_("Ngày bàn giao không được trước ngày ký hợp đồng mua."),
            )
        ]

    def __str__(self):
        return self.item


class BeneficiaryUpdate(Identified):
    """What a beneficiary itself says of one month: value done so far, photos, invoices."""

    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="+", verbose_name=_("đơn vị thụ hưởng"))
    year = models.PositiveSmallIntegerField(_("năm"))
    month = models.PositiveSmallIntegerField(_("tháng"))
    done = DongField(_("giá trị đã làm, luỹ kế (đồng)"))
    note = models.CharField(_("tình hình"), max_length=500, blank=True)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name=_("ảnh, hoá đơn"))
    at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người gửi"))

    class Meta:
        verbose_name = _("số liệu tháng của đơn vị thụ hưởng")

    def __str__(self):
        return f"{self.beneficiary} {self.month}/{self.year}"


class ProgressReport(Identified):
    """The implementer's monthly report (Mẫu 3a, 3b; TT 36/2013 Đ23), before the 25th."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    year = models.PositiveSmallIntegerField(_("năm"))
    month = models.PositiveSmallIntegerField(_("tháng"))
    sent_on = models.DateField(_("ngày gửi"))
    done = DongField(_("giá trị khối lượng đã thực hiện, luỹ kế (đồng)"))
    state_spent = DongField(_("kinh phí nhà nước đã chi, luỹ kế (đồng)"), default=0)
    counterpart_spent = DongField(_("đối ứng đã chi, luỹ kế (đồng)"), default=0)
    note = models.TextField(_("tình hình, khó khăn"), blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("báo cáo"))
    confirmed_on = models.DateField(_("Sở xác nhận ngày"), null=True, blank=True)
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản xác nhận khối lượng")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("báo cáo tiến độ tháng")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "month"],
                name="contracts_report_once_a_month",
                violation_error_message=_("Đề án đã có báo cáo tháng này."),
            )
        ]

    def __str__(self):
        return f"{self.project} {self.month}/{self.year}"


class Advance(Identified):
    """One numbered advance of one project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    number = models.PositiveSmallIntegerField(_("lần"))
    kind = models.CharField(_("loại"), max_length=10, choices=AdvanceKind)
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+", verbose_name=_("dự toán"))
    amount = DongField(_("số tiền (đồng)"))
    state = models.CharField(_("trạng thái"), max_length=10, choices=AdvanceState, default=AdvanceState.REQUESTED)
    requested_on = models.DateField(_("ngày đề nghị"))
    request = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("đề nghị tạm ứng"))
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("báo cáo khối lượng")
    )
    paid_on = models.DateField(_("ngày chuyển tiền"), null=True, blank=True)
    treasury_number = models.CharField(_("số chứng từ kho bạc"), max_length=60, blank=True)
    payment = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ủy nhiệm chi")
    )
    refusal = models.CharField(_("lý do trả lại"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("tạm ứng")
        indexes = [models.Index(fields=["state"], name="contracts_advance_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_advance_positive",
                violation_error_message=_("Số tiền tạm ứng phải lớn hơn 0."),
            ),
            models.UniqueConstraint(
                fields=["project", "envelope", "number"],
                name="contracts_advance_numbered",
                violation_error_message=_("Lần tạm ứng này đã có."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.number})"


class Acceptance(Identified):
    """Base acceptance (Mẫu 5a, 5b, 5c), of one beneficiary or of the whole project; counterpart volume included."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị thụ hưởng")
    )
    form = models.CharField(_("mẫu biên bản"), max_length=2, choices=AcceptanceForm, default=AcceptanceForm.A)
    on = models.DateField(_("ngày nghiệm thu"))
    place = models.CharField(_("nơi nghiệm thu"), max_length=300)
    state_volume = DongField(_("khối lượng từ kinh phí nhà nước (đồng)"))
    counterpart_volume = DongField(_("khối lượng từ vốn đối ứng (đồng)"), default=0)
    verdict = models.CharField(_("kết luận"), max_length=10, choices=Verdict)
    note = models.TextField(_("nhận xét, tồn tại"), blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biên bản"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("nghiệm thu cơ sở")

    def __str__(self):
        return f"{self.project} {self.on:%d/%m/%Y}"


class AcceptanceSeat(models.Model):
    """Who sat at the acceptance, for which body, in which role."""

    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="seats", verbose_name=_("nghiệm thu"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("cơ quan, đơn vị"))
    name = models.CharField(_("họ tên"), max_length=120)
    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    role = models.CharField(_("vai trò"), max_length=12, choices=SeatRole)

    class Meta:
        verbose_name = _("thành phần nghiệm thu")

    def __str__(self):
        return self.name


class Voucher(Identified):
    """One line of a voucher list (Mẫu 8a: state money; 8b: counterpart too), in đồng."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị thụ hưởng")
    )
    kind = models.CharField(_("loại chứng từ"), max_length=14, choices=VoucherKind)
    source = models.CharField(_("nguồn"), max_length=12, choices=Source)
    symbol = models.CharField(_("ký hiệu"), max_length=20, blank=True)
    number = models.CharField(_("số"), max_length=30, blank=True)
    on = models.DateField(_("ngày chứng từ"))
    seller = models.CharField(_("bên bán, bên nhận"), max_length=250, blank=True)
    seller_tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    content = models.CharField(_("nội dung"), max_length=400)
    amount = DongField(_("số tiền (đồng)"))
    key = models.CharField(_("khoá hoá đơn"), max_length=80, blank=True, editable=False)  # rules.invoice_key
    treasury_number = models.CharField(_("số chứng từ kho bạc"), max_length=60, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bản chụp")
    )
    removed_at = models.DateTimeField(_("bỏ khỏi bảng kê lúc"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhập"))
    at = models.DateTimeField(_("nhập lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("chứng từ")
        indexes = [
            models.Index(fields=["key"], name="contracts_voucher_invoice"),
            models.Index(fields=["project", "on"], name="contracts_voucher_project"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_voucher_positive",
                violation_error_message=_("Số tiền của chứng từ phải lớn hơn 0."),
            ),
            models.UniqueConstraint(
                fields=["key", "source"],
                condition=~Q(key="") & Q(removed_at=None),
                name="contracts_invoice_once",
                violation_error_message=_("Hoá đơn này đã có trong một bảng kê."),
            ),
        ]

    def __str__(self):
        return f"{self.symbol} {self.number}".strip() or self.content


class Settlement(Identified):
    """What the project really cost, by source; the state's part, what is given back (TT 36/2013 Đ18, Đ19)."""

    project = models.OneToOneField(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    with_invoice = models.BooleanField(_("đơn vị xuất hoá đơn tài chính (Đ19.2)"), default=False)
    on = models.DateField(_("ngày quyết toán"))
    due_on = models.DateField(_("hạn lập hồ sơ"))
    national = DongField(_("KCQG quyết toán (đồng)"))
    local = DongField(_("KCĐP quyết toán (đồng)"))
    counterpart = DongField(_("đối ứng quyết toán (đồng)"))
    other = DongField(_("nguồn khác quyết toán (đồng)"), default=0)
    returned = DongField(_("phải nộp trả (đồng)"), default=0)
    explanation = models.TextField(_("cách tính"), blank=True)
    late_reason = models.CharField(_("lý do quá hạn"), max_length=400, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biểu quyết toán (Mẫu 7)"))

    class Meta:
        verbose_name = _("quyết toán")

    def __str__(self):
        return f"{_('Quyết toán')} {self.project}"


class Liquidation(Identified):
    project = models.OneToOneField(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    on = models.DateField(_("ngày thanh lý"))
    due_on = models.DateField(_("hạn thanh lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biên bản thanh lý (Mẫu 6)"))
    reconciliation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bảng đối chiếu (Mẫu 10)")
    )
    late_reason = models.CharField(_("lý do quá hạn"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("thanh lý")

    def __str__(self):
        return f"{_('Thanh lý')} {self.project}"
