"""Money assigned by decision, and the ledger of what was promised, paid, settled and given back."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import AppendOnly, AppendOnlyQuerySet, Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.enums import EntryKind
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.projects.enums import Level
from khuyencong.projects.models import Project


class EnvelopeQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        scope = user.scope()
        return self.within(scope) if scope else self.none()


class Envelope(Identified):
    """The money of one source in one year for one holder, opened only by a recorded budget decision."""

    level = models.CharField(_("cấp kinh phí"), max_length=12, choices=Level)
    year = models.PositiveSmallIntegerField(_("năm"))
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("đơn vị được giao"))
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường"))
    name = models.CharField(_("tên nguồn"), max_length=200)
    chapter = models.CharField(_("chương"), max_length=3, blank=True)
    category = models.CharField(_("loại"), max_length=3, blank=True)
    clause = models.CharField(_("khoản"), max_length=3, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dự toán được giao")
        indexes = [models.Index(fields=["province", "year", "level"], name="budgets_envelope_scope")]

    def __str__(self):
        return self.name


class EntryQuerySet(AppendOnlyQuerySet):
    def total(self, *kinds: str) -> int:
        return self.filter(kind__in=kinds).aggregate(total=Sum("amount"))["total"] or 0


class Entry(AppendOnly):
    """One line of the ledger.  Never changed; a mistake is put right by an opposite line with its paper."""

    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="entries", verbose_name=_("dự toán"))
    kind = models.CharField(_("loại bút toán"), max_length=12, choices=EntryKind)
    amount = DongField(_("số tiền (đồng)"))
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đề án"))
    on = models.DateField(_("ngày ghi sổ"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("chứng từ"))
    note = models.CharField(_("diễn giải"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("bút toán")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="budgets_entry_not_zero",
                violation_error_message=_("Số tiền phải khác 0."),
            )
        ]
        indexes = [
            models.Index(fields=["envelope", "kind"], name="budgets_entry_envelope"),
            models.Index(fields=["project", "kind"], name="budgets_entry_project"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
