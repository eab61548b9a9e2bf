"""One establishment, and the records that turned out to be one or two of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.text import fold, sort_key
from khuyencong.base.trigram import SearchedField
from khuyencong.establishments.enums import LegalForm, Sector, VsicVersion
from khuyencong.establishments.models.naming import name_key
from khuyencong.establishments.models.sites import Cluster, CraftVillage
from khuyencong.organisations.models import Organisation, Renamed
from khuyencong.places.models import Located, LocatedQuerySet, Unit

STANDING = Q(merged_into=None)  # not merged into another
FLAGGED = {
    "woman_owned": Q(woman_owned=True),
    "minority_owned": Q(minority_owned=True),
    "cleaner_production": Q(cleaner_production=True),
    "in_craft_village": Q(craft_village__isnull=False),
    "in_cluster": Q(cluster__isnull=False),
    "closed": Q(closed_on__isnull=False),
}
_FLAG_INDEXES = (
    *("establishments_women", "establishments_minority", "establishments_cleaner"),
    *("establishments_in_village", "establishments_in_cluster", "establishments_closed"),
)


class EstablishmentQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        scope = user.scope()
        if not scope.bodies:
            return self.within(scope)
        return self.filter(
            Q(organisation_id__in=scope.bodies) | Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes)
        )

    def active(self):
        """Not merged into another."""
        return self.filter(STANDING)


class Establishment(Identified, Located, Renamed):
    """One establishment.  ``Located`` is where it produces; the registered address stands apart (TT 46/2012 Đ3.1d)."""

    # the indexes below begin with what is asked for; nobody asks by the others
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("xã, phường")
    )
    place_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("đơn vị khi ghi")
    )
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name=_("pháp nhân"))
    name = models.CharField(_("tên cơ sở"), max_length=250)
    folded = SearchedField(_("tên không dấu"), max_length=300, editable=False)
    key = models.CharField(_("khoá so trùng"), max_length=150, editable=False)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1000, editable=False)
    legal_form = models.CharField(_("loại hình"), max_length=20, choices=LegalForm)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    registered_on = models.DateField(_("ngày đăng ký kinh doanh"), null=True, blank=True)
    registered_address = models.CharField(_("địa chỉ đăng ký"), max_length=300, blank=True)
    registered_commune = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("xã, phường đăng ký"),
    )
    representative = models.CharField(_("người đại diện"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    sector = models.CharField(_("ngành nghề"), max_length=2, choices=Sector, blank=True)
    vsic_version = models.CharField(_("phiên bản VSIC"), max_length=4, choices=VsicVersion, blank=True)
    vsic_code = models.CharField(_("mã ngành VSIC"), max_length=5, blank=True)
    main_product = models.CharField(_("sản phẩm chính"), max_length=200, blank=True)
    woman_owned = models.BooleanField(_("phụ nữ làm chủ"), default=False)
    minority_owned = models.BooleanField(_("người dân tộc thiểu số làm chủ"), default=False)
    cleaner_production = models.BooleanField(_("áp dụng sản xuất sạch hơn"), default=False)
    craft_village = models.ForeignKey(
        CraftVillage, models.PROTECT, null=True, blank=True, related_name="establishments", verbose_name=_("làng nghề")
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="establishments", verbose_name=_("cụm công nghiệp")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
        verbose_name=_("đã gộp vào"),
    )
    closed_on = models.DateField(_("ngừng hoạt động"), null=True, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    changed_at = models.DateTimeField(_("sửa lúc"), auto_now=True)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ sở công nghiệp nông thôn")
        verbose_name_plural = _("cơ sở công nghiệp nông thôn")
        indexes = [
            # whatever hangs on the establishments of a province: their keys without reading a row
            models.Index(fields=["province", "id"], name="establishments_of_province"),
            # lists of the standing records in the order of the alphabet, by territory; what is searched and filtered rides
            # along, so that counting and skipping read no row; "merged_into" too, or SQLite looks it up
            models.Index(
                fields=[
                    "province",
                    "sort_key",
                    "folded",
                    "sector",
                    "legal_form",
                    "commune",
                    "woman_owned",
                    "merged_into",
                ],
                condition=STANDING,
                name="establishments_list_province",
            ),
            models.Index(
                fields=["sort_key", "folded", "sector", "legal_form", "province", "merged_into"],
                condition=STANDING,
                name="establishments_list_country",
            ),
            # each condition of the list by itself: few of many are found without walking past the others
            models.Index(
                fields=["legal_form", "sort_key", "province"], condition=STANDING, name="establishments_legal_form"
            ),
            models.Index(fields=["sector", "sort_key", "province"], condition=STANDING, name="establishments_sector"),
            *(
                models.Index(fields=["sort_key", "province"], condition=STANDING & flag, name=name)
                for name, flag in zip(_FLAG_INDEXES, FLAGGED.values(), strict=True)
            ),
            models.Index(fields=["commune", "key"], name="establishments_key"),
            models.Index(
                fields=["province", "commune", "key", "merged_into"], condition=STANDING, name="establishments_pairs"
            ),
            # few were ever renamed: an import finds them by the names of before
            models.Index(fields=["province"], condition=STANDING & ~Q(former=""), name="establishments_renamed"),
            # equal tax codes of a province; and, being narrow, what all the standing records are counted by
            models.Index(
                fields=["province", "tax_code", "merged_into"], condition=STANDING, name="establishments_tax_codes"
            ),
            models.Index(fields=["merged_into"], condition=~STANDING, name="establishments_merged"),
            models.Index(fields=["tax_code"], condition=~Q(tax_code=""), name="establishments_tax_code"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="establishments_merged_into_another",
                violation_error_message=_("Không thể gộp một cơ sở vào chính nó."),
            ),
            models.CheckConstraint(
                condition=Q(vsic_code="") | ~Q(vsic_version=""),
                name="establishments_vsic_with_version",
                violation_error_message=_("Mã ngành VSIC phải kèm phiên bản (2018 hay 2025)."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(registered_on=None) | Q(closed_on__gte=F("registered_on")),
                name="establishments_closed_after_registration",
                violation_error_message=_("Ngày ngừng hoạt động không được trước ngày đăng ký kinh doanh."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def body_id(self) -> int:
        """Whose names through time are its own: those of its legal person."""
        return self.organisation_id

    def derive(self) -> None:
        """Set what follows from the names; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(" ".join((self.name, *self.former_names)))[:300]
        self.key = name_key(self.name)
        self.sort_key = sort_key(self.name)[:300]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if (written := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*written, "folded", "key", "sort_key", "changed_at"}
        super().save(*args, **kwargs)


class Merger(models.Model):
    """That two records were one establishment: who said so, when and why.  Nothing that hung on either is moved."""

    old = models.OneToOneField(Establishment, models.PROTECT, related_name="merger", verbose_name=_("bản ghi đã gộp"))
    into = models.ForeignKey(Establishment, models.PROTECT, related_name="mergers", verbose_name=_("gộp vào"))
    reason = models.CharField(_("lý do"), max_length=300)
    on = models.DateField(_("ngày"))
    taken = models.JSONField(_("thông tin lấy từ bản ghi đã gộp"), default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người gộp"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("gộp cơ sở")
        verbose_name_plural = _("gộp cơ sở")
        constraints = [
            models.CheckConstraint(
                condition=~Q(old=F("into")),
                name="establishments_merger_of_two",
                violation_error_message=_("Không thể gộp một cơ sở vào chính nó."),
            )
        ]

    def __str__(self):
        return f"{self.old} → {self.into}"


class NotDuplicate(models.Model):
    """Two records that a person has looked at and found to be two establishments."""

    first = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("cơ sở thứ nhất"))
    second = models.ForeignKey(Establishment, models.PROTECT, related_name="+", verbose_name=_("cơ sở thứ hai"))
    reason = models.CharField(_("lý do"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người xác nhận"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("cặp không trùng")
        verbose_name_plural = _("cặp không trùng")
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="establishments_not_duplicate_once",
                violation_error_message=_("Cặp này đã được xác nhận là hai cơ sở khác nhau."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="establishments_not_duplicate_ordered",
                violation_error_message=_("Phải chọn hai cơ sở khác nhau."),
            ),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"
