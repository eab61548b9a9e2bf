"""What a decision says of each project, and which envelope carries it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.money import DongField
from khuyencong.budgets.models import Envelope
from khuyencong.norms.enums import ChangeKind
from khuyencong.plans.models.changes import ChangeRequest
from khuyencong.plans.models.decisions import Decision
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project


class Item(models.Model):
    """What one decision says of one project: its money after the decision, in đồng, and before."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="items", verbose_name=_("quyết định"))
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    action = models.CharField(
        _("thay đổi"), max_length=20, choices=ChangeKind, blank=True
    )  # blank: brought into the plan
    national = DongField(_("KCQG (đồng)"), default=0)
    local = DongField(_("KCĐP (đồng)"), default=0)
    counterpart = DongField(_("đối ứng (đồng)"), default=0)
    other = DongField(_("nguồn khác (đồng)"), default=0)
    before_national = DongField(_("KCQG trước quyết định (đồng)"), default=0)
    before_local = DongField(_("KCĐP trước quyết định (đồng)"), default=0)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    request = models.ForeignKey(
        ChangeRequest, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("đề nghị")
    )

    class Meta:
        verbose_name = _("đề án trong quyết định")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "project"],
                name="plans_item_once",
                violation_error_message=_("Đề án này đã có trong quyết định."),
            ),
            models.CheckConstraint(
                condition=Q(national__gte=0, local__gte=0, counterpart__gte=0, other__gte=0),
                name="plans_item_not_negative",
                violation_error_message=_("Số tiền không được âm."),
            ),
        ]

    def __str__(self):
        return str(self.project)

    @property
    def asked(self) -> str:
        """What the decision changes of the project beside its State money, as the request says it; empty without one."""
        return self.request.asked if self.request else ""

    @property
    def change(self) -> str:
        """The kind of change and what it is; empty for a project that is brought in."""
        return ": ".join(filter(None, (str(self.get_action_display()) if self.action else "", self.asked)))

    @property
    def support(self) -> int:
        """State money after the decision."""
        return self.national + self.local

    @property
    def before(self) -> int:
        """State money before the decision."""
        return self.before_national + self.before_local

    @property
    def total(self) -> int:
        return self.national + self.local + self.counterpart + self.other


class Share(models.Model):
    """Which envelope carries how much of a source: every đồng of State money in a plan names its envelope."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="shares", verbose_name=_("đề án trong quyết định"))
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+", verbose_name=_("dự toán"))
    source = models.CharField(_("nguồn"), max_length=12, choices=Source)
    amount = DongField(_("số tiền (đồng)"))

    class Meta:
        verbose_name = _("phần kinh phí theo dự toán")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "envelope"],
                name="plans_share_once",
                violation_error_message=_("Dự toán này đã được ghi cho đề án."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="plans_share_positive",
                violation_error_message=_("Số tiền phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=["national", "local"]),
                name="plans_share_of_state_money",
                violation_error_message=_("Chỉ kinh phí khuyến công mới ghi theo dự toán."),
            ),
        ]

    def __str__(self):
        return f"{self.envelope}: {self.amount}"
