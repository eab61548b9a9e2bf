"""Two layers of contract, and what is bought under the second."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.contracts.enums import (
    AssignmentForm,
)
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
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
    is_new = models.BooleanField(_("máy mới"), default=True)

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


class ContractAppendix(Identified):
    """Phụ lục hợp đồng: one contract of either layer follows a decision that changed the project.  Amounts and end before it
    stand here; the contract itself bears those after it."""

    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appendices",
        verbose_name=_("hợp đồng thực hiện"),
    )
    support_contract = models.ForeignKey(
        SupportContract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appendices",
        verbose_name=_("hợp đồng hỗ trợ"),
    )
    number = models.PositiveSmallIntegerField(_("phụ lục số"))
    signed_on = models.DateField(_("ngày ký"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("phụ lục"))
    before_national = DongField(_("KCQG trước (đồng)"))
    before_local = DongField(_("KCĐP trước (đồng)"))
    before_counterpart = DongField(_("đối ứng trước (đồng)"), default=0)
    before_ends_on = models.DateField(_("hạn trước"), null=True, blank=True)
    national = DongField(_("KCQG (đồng)"))
    local = DongField(_("KCĐP (đồng)"))
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    ends_on = models.DateField(_("hạn hoàn thành"), null=True, blank=True)
    note = models.CharField(_("nội dung"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("phụ lục hợp đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(assignment__isnull=False, support_contract=None)
                | Q(assignment=None, support_contract__isnull=False),
                name="contracts_appendix_of_one_contract",
                violation_error_message=_("Phụ lục thuộc đúng một hợp đồng."),
            ),
            models.UniqueConstraint(
                fields=["assignment", "number"],
                name="contracts_assignment_appendix_numbered",
                violation_error_message=_("Phụ lục số này đã có."),
            ),
            models.UniqueConstraint(
                fields=["support_contract", "number"],
                name="contracts_support_appendix_numbered",
                violation_error_message=_("Phụ lục số này đã có."),
            ),
        ]

    def __str__(self):
        return f"{_('Phụ lục')} {self.number}: {self.paper}"

    @property
    def before_support(self) -> int:
        """State money before it, in đồng."""
        return self.before_national + self.before_local

    @property
    def support(self) -> int:
        return self.national + self.local
