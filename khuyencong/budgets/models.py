"""Money assigned by decision, and the ledger of what was promised, paid, settled and given back."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import AppendOnly, AppendOnlyQuerySet, Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.enums import EntryKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.projects.models import Project

_three_digits = RegexValidator(r"^\d{3}$", _("Mã mục lục ngân sách gồm đúng 3 chữ số."))


class EnvelopeQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """The envelopes of a person's territory; those of the whole country only to whom looks at the whole country."""
        scope = user.scope()
        return self.within(scope) if scope else self.none()


class Envelope(Identified):
    """The money of one source in one year for one holder, opened only by a recorded budget decision.

    National money lies with the ministry's agency (``province`` empty) or is allotted to a province; local money always
    has its province, and at communal level its commune.
    """

    level = models.CharField(_("cấp kinh phí"), max_length=12, choices=Level)
    year = models.PositiveSmallIntegerField(_("năm"))
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("đơn vị được giao"))
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    name = models.CharField(_("tên nguồn"), max_length=200)
    chapter = models.CharField(_("chương"), max_length=3, blank=True, validators=[_three_digits])
    category = models.CharField(_("loại"), max_length=3, blank=True, validators=[_three_digits])
    clause = models.CharField(_("khoản"), max_length=3, blank=True, validators=[_three_digits])
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dự toán được giao")
        indexes = [models.Index(fields=["province", "year", "level"], name="budgets_envelope_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "year", "holder", "name"],
                name="budgets_envelope_once_a_year",
                violation_error_message=_("Nguồn này của đơn vị trong năm đã được mở."),
            ),
            models.CheckConstraint(
                name="budgets_envelope_place_of_its_level",
                condition=Q(level="national", commune=None)
                | Q(level="provincial", province__isnull=False, commune=None)
                | Q(level="communal", province__isnull=False, commune__isnull=False),
                violation_error_message=_(
                    "Kinh phí cấp tỉnh phải có tỉnh; kinh phí cấp xã phải có tỉnh và xã, phường."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def code(self) -> str:
        """Chapter, category and clause as written on vouchers: ``416-280-309``; empty where not stated."""
        return "-".join(part for part in (self.chapter, self.category, self.clause) if part)

    @property
    def place(self) -> Unit | None:
        """Where its acts are authorised; None for the agency's money, which stands for the whole country."""
        return self.commune or self.province

    @property
    def is_national(self) -> bool:
        return self.level == Level.NATIONAL


class EntryQuerySet(AppendOnlyQuerySet):
    def total(self, *kinds: str) -> int:
        """The sum of the lines of these kinds, in đồng."""
        return self.filter(kind__in=kinds).aggregate(total=models.Sum("amount"))["total"] or 0


class Entry(AppendOnly):
    """One line of the ledger.  Never changed; a mistake is put right by an opposite line with its paper."""

    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="entries", verbose_name=_("dự toán"))
    kind = models.CharField(_("loại bút toán"), max_length=12, choices=EntryKind)
    amount = DongField(_("số tiền (đồng)"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đề án")
    )
    on = models.DateField(_("ngày ghi sổ"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("chứng từ"))
    note = models.CharField(_("diễn giải"), max_length=300, blank=True)
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("bút toán gốc")
    )
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
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("committed", "advanced", "settled", "recovered")) | Q(project__isnull=False),
                name="budgets_entry_names_its_project",
                violation_error_message=_("Bút toán này phải gắn với một đề án."),
            ),
        ]
        indexes = [
            models.Index(fields=["envelope", "kind", "amount"], name="budgets_entry_envelope"),  # sums read no row
            models.Index(fields=["project", "kind", "amount"], name="budgets_entry_project"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
