"""Bodies of every kind: those that decide, those that carry out, those that are helped."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import fold, sort_key
from khuyencong.organisations.enums import ESTABLISHMENTS, ContactKind, Kind
from khuyencong.places.enums import Level
from khuyencong.places.models import Located, Unit


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def on(self, day: date) -> "OrganisationQuerySet":
        """Those that exist on ``day``; the day on which a body ends is its first day no longer."""
        return self.filter(Q(founded_on=None) | Q(founded_on__lte=day), Q(ended_on=None) | Q(ended_on__gt=day))


def lines_of(former: str) -> list[str]:
    """The names in a column ``former``."""
    return former.split("\n") if former else []


class Renamed(models.Model):
    """What may have borne other names before: ``FormerName`` has them with their days."""

    # newest first, a line each: by them it is found, and whoever has none is not asked for any
    former = models.CharField(_("tên cũ"), max_length=1000, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def former_names(self) -> list[str]:
        """Every other name that it bore, the newest first."""
        return lines_of(self.former)


class Organisation(Identified, Renamed):
    name = models.CharField(_("tên"), max_length=250)
    short_name = models.CharField(_("tên gọn"), max_length=120, blank=True)
    folded = models.CharField(_("tên không dấu"), max_length=400, editable=False)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1000, editable=False)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    place = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn (hiện nay)")
    )
    province = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"), editable=False
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("trực thuộc"),
        db_index=False,  # see organisations_parent
    )
    founded_on = models.DateField(_("ngày thành lập"), null=True, blank=True)
    ended_on = models.DateField(_("ngày chấm dứt"), null=True, blank=True)
    fields = models.CharField(_("lĩnh vực"), max_length=300, blank=True)  # for the directory of experts and institutes
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    # the database reckons it: the few thousand bodies among hundreds of thousands of households have an index of their own
    is_establishment = models.GeneratedField(
        verbose_name=_("pháp nhân của cơ sở"),
        expression=ExpressionWrapper(Q(kind__in=sorted(ESTABLISHMENTS)), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")
        indexes = [
            models.Index(fields=["kind", "province"], name="organisations_kind_province"),
            # not ``db_index``, which makes two of each on PostgreSQL: an import writes them for every establishment
            models.Index(fields=["folded"], name="organisations_folded"),
            models.Index(fields=["tax_code"], name="organisations_tax_code"),
            models.Index(
                fields=["sort_key", "kind", "province", "ended_on", "tax_code", "folded"],
                condition=Q(is_establishment=False),
                name="organisations_bodies",
            ),
            # by kind, the few that are no establishments: else the list walks over all establishments to its last page
            models.Index(fields=["kind", "id"], condition=Q(is_establishment=False), name="organisations_by_kind"),
            # few were ever renamed: an import finds them by the names of before
            models.Index(fields=["province"], condition=~Q(former=""), name="organisations_renamed"),
            # few have a parent: an index of all rows would tell the database that a parent is no way to find any
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="organisations_parent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=~Q(tax_code="") & Q(ended_on=None),
                name="organisations_tax_code_once",
                violation_error_message=_("Đã có tổ chức đang hoạt động mang mã số thuế này."),
            ),
            models.CheckConstraint(
                condition=Q(founded_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("founded_on")),
                name="organisations_end_after_founding",
                violation_error_message=_("Ngày chấm dứt không được trước ngày thành lập."),
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def derive(self) -> None:
        """Set what follows from the names and the place; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(" ".join(filter(None, (self.name, self.short_name, *self.former_names))))[:400]
        self.sort_key = sort_key(self.name)[:1000]
        place = self.place
        if place is None:
            self.province_id = None
        else:
            self.province_id = place.pk if place.level == Level.PROVINCE else place.province_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if (written := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*written, "folded", "sort_key", "province"}
        super().save(*args, **kwargs)

    @property
    def body_id(self) -> int:
        """Whose names ``FormerName`` keeps."""
        return self.pk

    @property
    def spoken(self) -> str:
        """The names of today without accents, as two bodies are told apart."""
        return fold(f"{self.name} {self.short_name}".strip())

    def exists_on(self, day: date) -> bool:
        return (self.founded_on is None or self.founded_on <= day) and (self.ended_on is None or day < self.ended_on)


class FormerName(models.Model):
    """A name that a body bore until a day, on which it took the next one: the next row's, or today's.

    The paper is the one by which it gave the name up.  Who recorded it stands in the journal, with the act.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="named_before", verbose_name=_("tổ chức")
    )
    name = models.CharField(_("tên cũ"), max_length=250)
    short_name = models.CharField(_("tên gọn cũ"), max_length=120, blank=True)
    until = models.DateField(_("đổi tên từ ngày"))  # the first day no longer
    number = models.CharField(_("số, ký hiệu văn bản"), max_length=80, blank=True)
    signed_on = models.DateField(_("ngày ký văn bản"), null=True, blank=True)
    signer = models.CharField(_("người ký"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("tên cũ của tổ chức")
        verbose_name_plural = _("tên cũ của tổ chức")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "until"],
                name="organisations_one_name_a_day",
                violation_error_message=_("Đã ghi một lần đổi tên từ ngày này."),
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(signed_on__isnull=False),
                name="organisations_renaming_paper_has_its_day",
                violation_error_message=_("Văn bản đổi tên phải có ngày ký."),
            ),
        ]

    def __str__(self):
        return self.name


class Succession(models.Model):
    """A body that took over from another (departments merged in 2025)."""

    old = models.ForeignKey(Organisation, models.PROTECT, related_name="successions", verbose_name=_("tổ chức trước"))
    new = models.ForeignKey(
        Organisation, models.PROTECT, related_name="predecessions", verbose_name=_("tổ chức kế thừa")
    )
    on = models.DateField(_("từ ngày"))
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kế thừa tổ chức")
        verbose_name_plural = _("kế thừa tổ chức")
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new"],
                name="organisations_succession_once",
                violation_error_message=_("Việc kế thừa này đã được ghi nhận."),
            ),
            models.CheckConstraint(
                condition=~Q(old=F("new")),
                name="organisations_succession_of_another",
                violation_error_message=_("Một tổ chức không thể kế thừa chính mình."),
            ),
        ]

    def __str__(self):
        return f"{self.old} → {self.new}"


class Area(Dated):
    """The communes that one officer of a Centre looks after."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="areas", verbose_name=_("đơn vị"))
    name = models.CharField(_("tên cụm địa bàn"), max_length=120)
    communes = models.ManyToManyField(Unit, related_name="+", verbose_name=_("xã, phường"))

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("cụm địa bàn")
        verbose_name_plural = _("cụm địa bàn")

    def __str__(self):
        return self.name


class Expert(models.Model):
    """One line of the directory of experts and institutes, by field."""

    name = models.CharField(_("họ tên hoặc tên tổ chức"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="experts", verbose_name=_("tổ chức")
    )
    field = models.CharField(_("lĩnh vực"), max_length=120)
    folded = models.CharField(_("không dấu"), max_length=400, db_index=True, editable=False)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    contact = models.CharField(_("liên hệ công việc"), max_length=200, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    class Meta:
        verbose_name = _("chuyên gia, tổ chức tư vấn")
        verbose_name_plural = _("chuyên gia, tổ chức tư vấn")

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(f"{self.name} {self.field}")[:400]
        super().save(*args, **kwargs)


class ContactQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> "ContactQuerySet":
        """Those of a person's territory."""
        scope = user.scope()
        if scope.whole_country:
            return self
        return self.filter(Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes))


class Contact(Identified, Located, Dated):
    """Whom to call: a collaborator, or who looks after industrial promotion at a commune.  No account, no authority."""

    kind = models.CharField(_("vai trò"), max_length=15, choices=ContactKind)
    name = models.CharField(_("họ tên"), max_length=120)
    folded = models.CharField(_("không dấu"), max_length=400, db_index=True, editable=False)  # name, title, body
    title = models.CharField(_("chức vụ"), max_length=150, blank=True)
    body = models.CharField(_("đơn vị"), max_length=200, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = ContactQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("đầu mối, cộng tác viên")
        verbose_name_plural = _("đầu mối, cộng tác viên")
        indexes = [models.Index(fields=["province", "kind"], name="organisations_contact_scope")]

    def __str__(self):
        return self.name

    def derive(self) -> None:
        """Set what it is found by; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(f"{self.name} {self.title} {self.body}")[:400]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)
