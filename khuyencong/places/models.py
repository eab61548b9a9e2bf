"""Administrative units through time.  A code alone is not an identity: 2,220 of today's commune codes meant another
commune before 1 July 2025."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import uncapitalised
from khuyencong.places.enums import FactName, Kind, Level, SuccessionKind

REFORM = date(2025, 7, 1)  # Luật 72/2025/QH15: no districts, 34 provinces
UNRECORDED = date(1900, 1, 1)  # first day of units whose beginning the register does not tell


class UnitQuerySet(DatedQuerySet):
    def current(self):
        return self.filter(valid_to=None)

    def provinces(self):
        return self.filter(level=Level.PROVINCE)

    def communes(self):
        return self.filter(level=Level.COMMUNE)


class Unit(Dated):
    """One administrative unit in one period.  A unit that changes its type or name begins a new row."""

    code = models.CharField(_("mã"), max_length=5)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    name = models.CharField(_("tên"), max_length=80)
    full_name = models.CharField(_("tên đầy đủ"), max_length=120)
    folded = models.CharField(_("tên không dấu"), max_length=120, db_index=True)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=400, db_index=True, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("thuộc")
    )
    province = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh")
    )
    latitude = models.FloatField(_("vĩ độ"), null=True, blank=True)
    longitude = models.FloatField(_("kinh độ"), null=True, blank=True)
    area_km2 = models.FloatField(_("diện tích (km²)"), null=True, blank=True)
    in_conversion_table = models.BooleanField(_("có trong bảng chuyển đổi"), default=True)
    other_names = models.CharField(_("tên khác trong nguồn"), max_length=250, blank=True)  # full names, "; " between
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"],
                name="places_unit_code_once_a_day",
                violation_error_message=_("Đã có đơn vị mang mã này từ ngày đó."),
            ),
        ]
        indexes = [
            models.Index(fields=["level", "valid_to", "province"], name="places_unit_current"),
            models.Index(fields=["level", "sort_key"], condition=Q(valid_to=None), name="places_unit_today"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def named_inside(self) -> str:
        """The name inside a sentence: "tại xã Ea Kiết", not "tại Xã Ea Kiết"."""
        return uncapitalised(self.full_name)

    def address(self, *before: str) -> str:
        """Where something here lies, as one writes it: "Thôn 3, xã Phú Mỡ, tỉnh Đắk Lắk", "Xã Phú Mỡ, tỉnh Đắk Lắk"."""
        units = [self.named_inside, *([self.province.named_inside] if self.province_id and self.province else [])]
        written = ", ".join([*filter(None, before), *units])
        return written[:1].upper() + written[1:]

    @property
    def above(self) -> "tuple[Unit, ...]":
        """The units to which it belongs in its own time, the nearest first: its district, if it has one, and its province."""
        units = (self.parent if self.parent_id else None, self.province if self.province_id else None)
        return tuple({unit.pk: unit for unit in units if unit is not None}.values())

    @property
    def above_it(self) -> str:
        """The same in words, as they stand inside a sentence."""
        return ", ".join(unit.named_inside for unit in self.above)

    @property
    def is_current(self) -> bool:
        return self.valid_to is None


class Succession(models.Model):
    """What became of a unit: the official conversion table, and changes since."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name=_("đơn vị cũ"))
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name=_("đơn vị mới"))
    kind = models.CharField(_("cách sắp xếp"), max_length=10, choices=SuccessionKind)
    on = models.DateField(_("ngày hiệu lực"))
    extent = models.CharField(_("phần"), max_length=200, blank=True)
    note = models.CharField(_("ghi chú của bảng gốc"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("chuyển đổi đơn vị")
        verbose_name_plural = _("chuyển đổi đơn vị")
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new", "extent"],
                name="places_succession_once",
                violation_error_message=_("Dòng chuyển đổi này đã có."),
            )
        ]

    def __str__(self):
        return f"{self.old} → {self.new}"


class UnitFact(Dated):
    """A dated, sourced fact that the place rules ask for: class of a city, converted from a commune on a day, a list."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="facts", verbose_name=_("đơn vị"))
    name = models.CharField(_("thuộc tính"), max_length=40, choices=FactName)
    value = models.CharField(_("giá trị"), max_length=80)
    source = models.CharField(_("nguồn"), max_length=300)
    verified = models.BooleanField(_("đã kiểm chứng"), default=False)

    class Meta(Dated.Meta):
        verbose_name = _("thuộc tính của đơn vị")
        verbose_name_plural = _("thuộc tính của đơn vị")

    def __str__(self):
        return f"{self.unit}: {self.name} = {self.value}"


class Edition(models.Model):
    """One edition of the register that was loaded: known by the digest of its files, so that it is loaded once."""

    digest = models.CharField(_("mã băm dữ liệu"), max_length=64, unique=True)
    loaded_on = models.DateField(_("ngày nạp"))
    units = models.PositiveIntegerField(_("số đơn vị"))
    successions = models.PositiveIntegerField(_("số dòng chuyển đổi"))

    class Meta:
        verbose_name = _("bản danh mục đơn vị hành chính")
        verbose_name_plural = _("bản danh mục đơn vị hành chính")

    def __str__(self):
        return str(_("Danh mục đơn vị hành chính %(digest)s") % {"digest": self.digest[:12]})


class LocatedQuerySet(models.QuerySet):
    def within(self, scope: "Scope"):
        """The rows inside a person's territory; nothing for an empty one."""
        if scope.whole_country:
            return self
        return self.filter(
            Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes)
            if scope.communes
            else Q(province_id__in=scope.provinces)
        )


class Scope:
    """Where somebody may look: the whole country, provinces, communes (units of today), and bodies he belongs to."""

    __slots__ = ("bodies", "communes", "provinces", "whole_country")

    def __init__(self, *, whole_country=False, provinces=(), communes=(), bodies=()):
        self.whole_country = whole_country
        self.provinces, self.communes, self.bodies = frozenset(provinces), frozenset(communes), frozenset(bodies)

    @property
    def has_territory(self) -> bool:
        """Whether it reaches beyond the records to which one's own bodies are party."""
        return bool(self.whole_country or self.provinces or self.communes)

    def __bool__(self):
        return bool(self.whole_country or self.provinces or self.communes or self.bodies)


class Located(models.Model):
    """Where a record belongs.  ``province`` and ``commune`` are units of today (recomputed after a merger);
    ``place_text`` is what was written, ``place_unit`` the unit of its day."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    place_text = models.CharField(_("địa điểm như đã ghi"), max_length=300, blank=True)
    place_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị khi ghi")
    )

    class Meta:
        abstract = True

    def lies_within(self, scope: Scope) -> bool:
        """The same as ``within`` of one record that is at hand, without a question."""
        return bool(scope.whole_country or self.province_id in scope.provinces or self.commune_id in scope.communes)

    @property
    def place(self) -> Unit:
        """The smallest unit of today that is known: the commune, else the province."""
        return self.commune or self.province
