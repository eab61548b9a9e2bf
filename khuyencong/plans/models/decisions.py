"""The chain of decisions of a plan, with its steps and the opinions asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.text import uncapitalised
from khuyencong.councils.models import AskedOpinion
from khuyencong.documents.models import Paper
from khuyencong.people.enums import ROLE_CHOICES
from khuyencong.plans.enums import (
    INCLUDING,
    OPEN,
    DecisionKind,
    DecisionState,
)
from khuyencong.plans.models.plans import Plan


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user).order_by())

    def open(self):
        return self.filter(state__in=OPEN)


class Decision(Identified):
    """One link of the chain.  ``state`` is written by ``operations.py`` alone; ``on`` is its legal day once it is issued;
    who had the authority and by which text is kept as it was on that day."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="decisions", verbose_name=_("kế hoạch"))
    ordinal = models.PositiveSmallIntegerField(_("thứ tự trong kế hoạch"))
    kind = models.CharField(_("loại quyết định"), max_length=10, choices=DecisionKind)
    tranche = models.PositiveSmallIntegerField(_("đợt"), null=True, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=DecisionState, default=DecisionState.DRAFT, db_index=True
    )
    submission = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tờ trình")
    )
    submitted_on = models.DateField(_("ngày trình"), null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("quyết định")
    )
    on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    authority_role = models.CharField(_("vai trò có thẩm quyền"), max_length=30, choices=ROLE_CHOICES, blank=True)
    authority_body = models.CharField(_("người, cơ quan có thẩm quyền"), max_length=200, blank=True)
    authority_basis = models.CharField(_("căn cứ thẩm quyền"), max_length=300, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("quyết định của kế hoạch")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "ordinal"],
                name="plans_decision_ordinal_once",
                violation_error_message=_("Thứ tự này trong kế hoạch đã có quyết định."),
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(paper__isnull=False, on__isnull=False),
                name="plans_decision_approved_has_paper",
                violation_error_message=_("Quyết định đã ban hành phải có văn bản và ngày."),
            ),
        ]

    def __str__(self):
        plan = str(self.plan)
        return f"{self.title}, {uncapitalised(plan)}"

    @property
    def title(self) -> str:
        """“Phê duyệt đợt 1”, “Điều chỉnh lần 2”: as people speak of it."""
        names = {"kind": self.get_kind_display(), "number": self.tranche}
        if self.kind == DecisionKind.APPROVE:
            return _now("%(kind)s đợt %(number)s") % names
        return _now("%(kind)s lần %(number)s") % names

    @property
    def state_mark(self) -> str:
        return {"draft": "draft", "opinion": "wait", "submitted": "wait", "approved": "done", "refused": "stop"}[
            self.state
        ]

    @property
    def includes(self) -> bool:
        """Brings projects into the plan, as against changing those that stand in it."""
        return self.kind in INCLUDING


class OpinionRequest(AskedOpinion):
    """Another body is asked for its opinion on a draft, with a deadline."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="opinions", verbose_name=_("quyết định"))

    class Meta(AskedOpinion.Meta):
        verbose_name = _("yêu cầu cho ý kiến")


class StepTaken(models.Model):
    """One step of a decision's life: who, when (by law and by the clock), on the strength of which paper."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="steps", verbose_name=_("quyết định"))
    name = models.CharField(_("bước"), max_length=30)
    source = models.CharField(_("từ"), max_length=12, choices=DecisionState)
    target = models.CharField(_("đến"), max_length=12, choices=DecisionState)
    on = models.DateField(_("ngày pháp lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("bước của quyết định")

    def __str__(self):
        return f"{self.decision}: {self.name}"
