"""Cơ sở công nghiệp nông thôn: who they are, what they make, what was given to them."""

import re
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import fold, sort_key
from khuyencong.documents.models import Paper
from khuyencong.establishments.enums import (
    LEGAL_WORDS,
    CraftVillageKind,
    LegalForm,
    ProductGroup,
    RecognitionLevel,
    Sector,
    VsicVersion,
)
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Located, LocatedQuerySet, Unit

_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _words in LEGAL_WORDS:
    _BY_FIRST.setdefault(_words[0], []).append(_words)
_APART = re.compile(r"[^0-9a-z]+")
_DOTTED = re.compile(r"(?<![a-z])([a-z])\.(?=[a-z])")  # T.N.H.H, C.TY


def name_key(name: str) -> str:
    """What tells one establishment of a commune from another: ``Cơ sở Ngọc Tứ`` and ``CS Ngoc Tu`` → ``ngoc tu``.

    Accents, punctuation and words of legal form are dropped; where nothing else is left, the whole folded name stays.
    """
    tokens = _APART.sub(" ", _DOTTED.sub(r"\1", fold(name))).split()
    kept, at = [], 0
    while at < len(tokens):
        for words in _BY_FIRST.get(tokens[at], ()):
            if tuple(tokens[at : at + len(words)]) == words:
                at += len(words)
                break
        else:
            kept.append(tokens[at])
            at += 1
    return " ".join(kept or tokens)[:150]


def code_key(text: str) -> str:
    """A serial number or an invoice as it is compared: letters and digits alone, without leading zeros of each part."""
    parts = re.findall(r"[0-9A-Z]+", fold(text).upper())
    return "".join(part.lstrip("0") or "0" for part in parts)[:80]


class Named(models.Model):
    """Whatever is found by its name: ``save`` keeps the folded name, a bulk insert must ask ``derive``."""

    name: models.CharField
    folded: models.CharField

    class Meta:
        abstract = True

    def derive(self) -> None:
        self.folded = fold(self.name)[:220]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if (written := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*written, "folded"}
        super().save(*args, **kwargs)


class CraftVillage(Named, Located):
    name = models.CharField(_("tên làng nghề"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    craft = models.CharField(_("nghề"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("làng nghề")
        verbose_name_plural = _("làng nghề")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "commune", "folded"],
                name="establishments_village_once",
                violation_error_message=_("Xã, phường này đã có làng nghề cùng tên."),
            )
        ]

    def __str__(self):
        return self.name


class CraftVillageRecognition(Dated):
    """Recognised by the provincial committee from a day, until withdrawn (NĐ 52/2018 Đ5)."""

    village = models.ForeignKey(CraftVillage, models.PROTECT, related_name="recognitions", verbose_name=_("làng nghề"))
    kind = models.CharField(_("loại công nhận"), max_length=12, choices=CraftVillageKind)
    decision = models.CharField(_("quyết định"), max_length=200)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    withdrawal = models.CharField(_("quyết định thu hồi"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("công nhận làng nghề")
        verbose_name_plural = _("công nhận làng nghề")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["village", "kind"],
                condition=Q(valid_to=None),
                name="establishments_village_recognised_once",
                violation_error_message=_("Làng nghề này đang được công nhận; hãy thu hồi trước khi công nhận lại."),
            ),
        ]

    def __str__(self):
        return f"{self.village}: {self.decision}"


class Cluster(Named, Located):
    """Cụm công nghiệp, with its dated founding and end."""

    name = models.CharField(_("tên cụm công nghiệp"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    area_ha = models.DecimalField(
        _("diện tích (ha)"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    founded_on = models.DateField(_("ngày thành lập"), null=True, blank=True)
    ended_on = models.DateField(_("ngày rút, bãi bỏ"), null=True, blank=True)
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    ending = models.CharField(_("quyết định rút, bãi bỏ"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cụm công nghiệp")
        verbose_name_plural = _("cụm công nghiệp")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "commune", "folded"],
                name="establishments_cluster_once",
                violation_error_message=_("Xã, phường này đã có cụm công nghiệp cùng tên."),
            ),
            models.CheckConstraint(
                condition=Q(founded_on=None) | Q(ended_on=None) | Q(ended_on__gt=F("founded_on")),
                name="establishments_cluster_ends_after_founding",
                violation_error_message=_("Ngày rút, bãi bỏ phải sau ngày thành lập."),
            ),
        ]

    def __str__(self):
        return self.name

    def exists_on(self, day) -> bool:
        return (self.founded_on is None or self.founded_on <= day) and (self.ended_on is None or day < self.ended_on)


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
        return self.filter(merged_into=None)


class Establishment(Identified, Located):
    """One establishment.  ``Located`` is where it produces; the registered address stands apart (TT 46/2012 Đ3.1d)."""

    # the indexes below begin with them
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("xã, phường")
    )
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name=_("pháp nhân"))
    name = models.CharField(_("tên cơ sở"), max_length=250)
    folded = models.CharField(_("tên không dấu"), max_length=300, editable=False)
    key = models.CharField(_("khoá so trùng"), max_length=150, editable=False)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1000, editable=False)
    legal_form = models.CharField(_("loại hình"), max_length=20, choices=LegalForm)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    registered_on = models.DateField(_("ngày đăng ký kinh doanh"), null=True, blank=True)
    registered_address = models.CharField(_("địa chỉ đăng ký"), max_length=300, blank=True)
    registered_commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường đăng ký")
    )
    representative = models.CharField(_("người đại diện"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    sector = models.CharField(_("ngành nghề (Điều 5)"), max_length=2, choices=Sector, blank=True)
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
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("đã gộp vào")
    )
    closed_on = models.DateField(_("ngừng hoạt động"), null=True, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    changed_at = models.DateTimeField(_("sửa lúc"), auto_now=True)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ sở công nghiệp nông thôn")
        verbose_name_plural = _("cơ sở công nghiệp nông thôn")
        indexes = [
            # lists in the order of the alphabet, by territory; what is searched and filtered rides along, so that counting
            # and skipping read no row
            models.Index(
                fields=[
                    "province",
                    "sort_key",
                    "merged_into",
                    "folded",
                    "sector",
                    "legal_form",
                    "commune",
                    "woman_owned",
                ],
                name="establishments_list_province",
            ),
            models.Index(
                fields=["sort_key", "merged_into", "folded", "sector", "legal_form", "province"],
                name="establishments_list_country",
            ),
            models.Index(fields=["commune", "key"], name="establishments_key"),
            models.Index(fields=["province", "commune", "key", "merged_into"], name="establishments_pairs"),
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

    def derive(self) -> None:
        """Set what follows from the name; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(self.name)[:300]
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


class YearlyFacts(models.Model):
    """What an establishment was in one year, in whole đồng and heads."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="years", verbose_name=_("cơ sở"))
    year = models.PositiveSmallIntegerField(_("năm"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    workers = models.PositiveIntegerField(_("lao động"), null=True, blank=True)
    women = models.PositiveIntegerField(_("lao động nữ"), null=True, blank=True)
    minority = models.PositiveIntegerField(_("lao động dân tộc thiểu số"), null=True, blank=True)
    revenue = DongField(_("doanh thu (đồng)"), null=True, blank=True)
    export = DongField(_("xuất khẩu (đồng)"), null=True, blank=True)
    local_material_percent = models.DecimalField(
        _("nguyên liệu tại chỗ (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("nguồn số liệu"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("số liệu năm của cơ sở")
        verbose_name_plural = _("số liệu năm của cơ sở")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "year"],
                name="establishments_facts_once_a_year",
                violation_error_message=_("Đã có số liệu của năm này."),
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(workers=None) | Q(women__lte=F("workers")),
                name="establishments_women_within_workers",
                violation_error_message=_("Số lao động nữ không thể nhiều hơn tổng số lao động."),
            ),
            models.CheckConstraint(
                condition=Q(minority=None) | Q(workers=None) | Q(minority__lte=F("workers")),
                name="establishments_minority_within_workers",
                violation_error_message=_("Số lao động dân tộc thiểu số không thể nhiều hơn tổng số lao động."),
            ),
            models.CheckConstraint(
                condition=(Q(revenue=None) | Q(revenue__gte=0)) & (Q(export=None) | Q(export__gte=0)),
                name="establishments_money_not_negative",
                violation_error_message=_("Doanh thu và xuất khẩu không được âm."),
            ),
            models.CheckConstraint(
                condition=Q(local_material_percent=None)
                | Q(local_material_percent__gte=0, local_material_percent__lte=100),
                name="establishments_material_within_hundred",
                violation_error_message=_("Tỷ lệ nguyên liệu tại chỗ phải từ 0 đến 100%%."),
            ),
        ]

    def __str__(self):
        return f"{self.establishment} {self.year}"


class Machine(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="machines", verbose_name=_("cơ sở"))
    name = models.CharField(_("máy, thiết bị"), max_length=200)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    serial_key = models.CharField(_("số máy để so"), max_length=80, blank=True, db_index=True, editable=False)
    capacity = models.CharField(_("công suất"), max_length=120, blank=True)
    made_in = models.CharField(_("xuất xứ"), max_length=80, blank=True)
    bought_year = models.PositiveSmallIntegerField(
        _("năm đưa vào dùng"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = _("máy, thiết bị")
        verbose_name_plural = _("máy, thiết bị")

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.serial_key = code_key(self.serial)
        super().save(*args, **kwargs)


class Product(Named, Identified):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="products", verbose_name=_("cơ sở"))
    name = models.CharField(_("sản phẩm"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    group = models.PositiveSmallIntegerField(_("nhóm (TT 26/2014 Đ5)"), choices=ProductGroup, null=True, blank=True)
    is_set = models.BooleanField(_("bộ sản phẩm"), default=False)
    description = models.TextField(_("mô tả"), blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    class Meta:
        verbose_name = _("sản phẩm")
        verbose_name_plural = _("sản phẩm")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "folded"],
                name="establishments_product_once",
                violation_error_message=_("Cơ sở này đã có sản phẩm cùng tên."),
            )
        ]

    def __str__(self):
        return self.name


class Photo(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="photos", verbose_name=_("cơ sở"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("ảnh"))
    caption = models.CharField(_("chú thích"), max_length=200, blank=True)
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người gửi"), null=True)

    class Meta:
        verbose_name = _("ảnh của cơ sở")
        verbose_name_plural = _("ảnh của cơ sở")

    def __str__(self):
        return self.caption or str(self.file)


class SupportedItem(Identified):
    """Something the State paid for, once: the ground of the question whether the same was supported before."""

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="supported_items", verbose_name=_("cơ sở")
    )
    item = models.CharField(_("hạng mục"), max_length=300)
    folded = models.CharField(_("hạng mục không dấu"), max_length=320, db_index=True, editable=False)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    serial_key = models.CharField(_("số máy để so"), max_length=80, blank=True, db_index=True, editable=False)
    invoice = models.CharField(_("hoá đơn"), max_length=80, blank=True)
    invoice_key = models.CharField(_("hoá đơn để so"), max_length=80, blank=True, db_index=True, editable=False)
    amount = DongField(_("số tiền hỗ trợ (đồng)"))
    source = models.CharField(_("nguồn"), max_length=200)
    on = models.DateField(_("ngày"))
    project_uid = models.UUIDField(_("đề án"), null=True, blank=True, db_index=True)
    project_label = models.CharField(_("tên đề án"), max_length=420, blank=True)
    withdrawn_on = models.DateField(_("ngày bỏ ghi nhận"), null=True, blank=True)
    withdrawn_why = models.CharField(_("lý do bỏ ghi nhận"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hạng mục đã được hỗ trợ")
        verbose_name_plural = _("hạng mục đã được hỗ trợ")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="establishments_supported_amount_not_negative",
                violation_error_message=_("Số tiền hỗ trợ không được âm."),
            )
        ]

    def __str__(self):
        return self.item

    def derive(self) -> None:
        """Set what it is compared by; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(self.item)[:320]
        self.serial_key, self.invoice_key = code_key(self.serial), code_key(self.invoice)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)


class Recognition(models.Model):
    """A product recognised as typical at a level, valid to a day (TT 26/2014 Đ17)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="recognitions", verbose_name=_("sản phẩm"))
    level = models.CharField(_("cấp"), max_length=12, choices=RecognitionLevel)
    year = models.PositiveSmallIntegerField(_("năm"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    valid_to = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("công nhận sản phẩm tiêu biểu")
        verbose_name_plural = _("công nhận sản phẩm tiêu biểu")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "level", "year"],
                name="establishments_recognition_once",
                violation_error_message=_("Sản phẩm này đã được công nhận ở cấp và năm đó."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(decided_on=None) | Q(valid_to__gte=F("decided_on")),
                name="establishments_recognition_runs_forward",
                violation_error_message=_("Ngày hết giá trị không được trước ngày quyết định."),
            ),
        ]

    def __str__(self):
        return f"{self.product} {self.year}"
