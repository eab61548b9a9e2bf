"""Cơ sở công nghiệp nông thôn: who they are, what they make, what was given to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.base.periods import Dated
from khuyencong.documents.models import Paper
from khuyencong.establishments.enums import CraftVillageKind, LegalForm, Sector
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Located, LocatedQuerySet, Unit


class CraftVillage(Located):
    name = models.CharField(_("tên làng nghề"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    craft = models.CharField(_("nghề"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("làng nghề")

    def __str__(self):
        return self.name


class CraftVillageRecognition(Dated):
    """Recognised by the provincial committee from a day, until withdrawn (NĐ 52/2018 Đ5)."""

    village = models.ForeignKey(CraftVillage, models.PROTECT, related_name="recognitions", verbose_name=_("làng nghề"))
    kind = models.CharField(_("loại công nhận"), max_length=12, choices=CraftVillageKind)
    decision = models.CharField(_("quyết định"), max_length=200)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))

    class Meta(Dated.Meta):
        verbose_name = _("công nhận làng nghề")

    def __str__(self):
        return f"{self.village}: {self.decision}"


class Cluster(Located):
    """Cụm công nghiệp, with its dated founding and end."""

    name = models.CharField(_("tên cụm công nghiệp"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    area_ha = models.DecimalField(_("diện tích (ha)"), max_digits=8, decimal_places=2, null=True, blank=True)
    founded_on = models.DateField(_("ngày thành lập"), null=True, blank=True)
    ended_on = models.DateField(_("ngày rút, bãi bỏ"), null=True, blank=True)
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cụm công nghiệp")

    def __str__(self):
        return self.name


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

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name=_("pháp nhân"))
    name = models.CharField(_("tên cơ sở"), max_length=250)
    folded = models.CharField(_("tên không dấu"), max_length=300, db_index=True, editable=False)
    key = models.CharField(_("khoá so trùng"), max_length=300, db_index=True, editable=False)
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1000, editable=False)
    legal_form = models.CharField(_("loại hình"), max_length=20, choices=LegalForm)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True, db_index=True)
    registered_on = models.DateField(_("ngày đăng ký kinh doanh"), null=True, blank=True)
    registered_address = models.CharField(_("địa chỉ đăng ký"), max_length=300, blank=True)
    registered_commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường đăng ký")
    )
    representative = models.CharField(_("người đại diện"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    sector = models.CharField(_("ngành nghề (Điều 5)"), max_length=2, choices=Sector, blank=True)
    vsic_version = models.CharField(_("phiên bản VSIC"), max_length=4, blank=True)
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
        indexes = [
            models.Index(fields=["province", "commune"], name="establishments_place"),
            models.Index(fields=["commune", "key"], name="establishments_key"),
        ]

    def __str__(self):
        return self.name


class YearlyFacts(models.Model):
    """What an establishment was in one year, in whole đồng and heads."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="years", verbose_name=_("cơ sở"))
    year = models.PositiveSmallIntegerField(_("năm"))
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
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "year"],
                name="establishments_facts_once_a_year",
                violation_error_message=_("Đã có số liệu của năm này."),
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(workers=None) | Q(women__lte=models.F("workers")),
                name="establishments_women_within_workers",
                violation_error_message=_("Số lao động nữ không thể nhiều hơn tổng số lao động."),
            ),
        ]

    def __str__(self):
        return f"{self.establishment} {self.year}"


class Machine(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="machines", verbose_name=_("cơ sở"))
    name = models.CharField(_("máy, thiết bị"), max_length=200)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    capacity = models.CharField(_("công suất"), max_length=120, blank=True)
    made_in = models.CharField(_("xuất xứ"), max_length=80, blank=True)
    bought_year = models.PositiveSmallIntegerField(_("năm đưa vào dùng"), null=True, blank=True)

    class Meta:
        verbose_name = _("máy, thiết bị")

    def __str__(self):
        return self.name


class Product(Identified):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="products", verbose_name=_("cơ sở"))
    name = models.CharField(_("sản phẩm"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    group = models.PositiveSmallIntegerField(_("nhóm (TT 26/2014 Đ5)"), null=True, blank=True)
    is_set = models.BooleanField(_("bộ sản phẩm"), default=False)
    description = models.TextField(_("mô tả"), blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    class Meta:
        verbose_name = _("sản phẩm")

    def __str__(self):
        return self.name


class Photo(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="photos", verbose_name=_("cơ sở"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("ảnh"))
    caption = models.CharField(_("chú thích"), max_length=200, blank=True)
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("ảnh của cơ sở")

    def __str__(self):
        return self.caption or str(self.file)


class SupportedItem(Identified):
    """Something the State paid for, once: the ground of the question whether the same was supported before."""

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="supported_items", verbose_name=_("cơ sở")
    )
    item = models.CharField(_("hạng mục"), max_length=300)
    folded = models.CharField(_("hạng mục không dấu"), max_length=320, db_index=True, editable=False)
    serial = models.CharField(_("số máy"), max_length=80, blank=True, db_index=True)
    invoice = models.CharField(_("hoá đơn"), max_length=80, blank=True, db_index=True)
    amount = DongField(_("số tiền hỗ trợ (đồng)"))
    source = models.CharField(_("nguồn"), max_length=200)
    on = models.DateField(_("ngày"))
    project_uid = models.UUIDField(_("đề án"), null=True, blank=True, db_index=True)
    project_label = models.CharField(_("tên đề án"), max_length=420, blank=True)

    class Meta:
        verbose_name = _("hạng mục đã được hỗ trợ")

    def __str__(self):
        return self.item


class Recognition(models.Model):
    """A product recognised as typical at a level, valid to a day (TT 26/2014 Đ17)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="recognitions", verbose_name=_("sản phẩm"))
    level = models.CharField(_("cấp"), max_length=12)  # commune, province, region, national
    year = models.PositiveSmallIntegerField(_("năm"))
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    valid_to = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("công nhận sản phẩm tiêu biểu")

    def __str__(self):
        return f"{self.product} {self.year}"
