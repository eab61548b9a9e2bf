"""What a person demands of every list under the money."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.base.money import DongField, million
from khuyencong.establishments.enums import Sector
from khuyencong.places.models import Unit
from khuyencong.plans.enums import OF_GROUP, OF_PROJECT, TermKind
from khuyencong.plans.models.decisions import Decision
from khuyencong.projects.enums import Activity
from khuyencong.projects.models import Project

OF_ONE_GROUP = (
    Q(activity__isnull=False, unit=None, sector="")
    | Q(activity=None, unit__isnull=False, sector="")
    | (Q(activity=None, unit=None) & ~Q(sector=""))
)
OF_NO_GROUP = Q(activity=None, unit=None, sector="")


class Term(models.Model):
    """One demand on the lists of a draft, from the moment somebody set it until somebody ended it; never rewritten, so that
    what was demanded before can be held against what is demanded now.

    A ceiling or floor speaks of one activity, one place (a commune of today or a former district) or one trade; the others
    of one project.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="terms", verbose_name=_("quyết định"))
    kind = models.CharField(_("điều kiện"), max_length=8, choices=TermKind)
    activity = models.PositiveSmallIntegerField(_("nhóm hoạt động"), choices=Activity, null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường, huyện cũ")
    )
    sector = models.CharField(_("ngành nghề"), max_length=2, choices=Sector, blank=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đề án")
    )
    amount = DongField(_("số tiền (đồng)"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đặt"))
    at = models.DateTimeField(_("đặt lúc"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người bỏ")
    )
    ended_at = models.DateTimeField(_("bỏ lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("điều kiện chọn đề án")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "decision",
                "kind",
                Coalesce("project", 0),
                Coalesce("activity", 0),
                Coalesce("unit", 0),
                "sector",
                condition=Q(ended_at=None),
                name="plans_term_once",
                violation_error_message=_("Điều kiện này đã được đặt."),
            ),
            models.CheckConstraint(
                condition=(OF_NO_GROUP & Q(kind__in=OF_PROJECT, project__isnull=False, amount=None))
                | (OF_ONE_GROUP & Q(kind__in=OF_GROUP, project=None, amount__gte=0)),
                name="plans_term_of_one_thing",
                violation_error_message=_("Mỗi điều kiện nói về một đề án, hoặc về một nhóm kèm số tiền."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[TermKind.FUND, TermKind.REFUSE]) | ~Q(reason=""),
                name="plans_term_says_why",
                violation_error_message=_("Đề án phải chọn hoặc không chọn thì phải ghi lý do."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("at"), ended_by__isnull=False),
                name="plans_term_ended_by_somebody",
                violation_error_message=_("Điều kiện đã bỏ phải có người bỏ, và không bỏ trước khi đặt."),
            ),
        ]

    def __str__(self):
        return self.told

    @property
    def group(self) -> tuple[str, str]:
        """The group of projects it speaks of: ``("activity", "3")``; of one project: ``("project", its key)``."""
        for name, value in (("activity", self.activity), ("unit", self.unit_id), ("sector", self.sector)):
            if value:
                return name, str(value)
        return "project", str(self.project_id)

    @property
    def about(self) -> str:
        """What it speaks of, in words."""
        if self.project is not None:
            return self.project.code
        return str(self.unit or (self.get_sector_display() if self.sector else self.get_activity_display()))

    @property
    def key(self) -> tuple:
        """Two with the same key say something of the same thing; what they say is ``value``."""
        return (self.kind, *self.group)

    @property
    def value(self) -> tuple:
        return (self.amount, self.reason)

    @property
    def told(self) -> str:
        names = {"about": self.about, "kind": self.get_kind_display().lower(), "reason": self.reason}
        if self.amount is not None:
            return _now("“%(about)s” %(kind)s %(amount)s triệu đồng") % {**names, "amount": million(self.amount)}
        return (_now("%(about)s %(kind)s (%(reason)s)") if self.reason else _now("%(about)s %(kind)s")) % names
