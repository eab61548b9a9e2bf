"""The law as dated rows: legal instruments and what their articles say, from which day to which.

A row is never more certain than the reading behind it: ``verified`` tells whether a person has seen the text.  Two rows
of one ``KEY`` never hold on the same day; operations refuse it in a sentence and triggers refuse it in the database.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.roles import ROLES
from khuyencong.base.money import DongField
from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import fold
from khuyencong.files.models import StoredFile
from khuyencong.norms.enums import (
    Act,
    ChangeKind,
    Deadline,
    DeadlineKind,
    InstrumentKind,
    Level,
    LinkKind,
    PlaceBasis,
    PlaceScope,
    PriorityKind,
    ProjectForm,
    ProjectKind,
    Proof,
    Purpose,
    SelectionMethod,
    Verified,
)
from khuyencong.places.models import Unit

ROLE_CHOICES = [(name, role.label) for name, role in ROLES.items()]


class Instrument(Dated):
    """One legal text: who issued it, when, from which day to which it holds, on what it rests."""

    code = models.CharField(_("mã trích dẫn"), max_length=80, unique=True)  # as our own data name it: TT 28/2018/TT-BTC
    kind = models.CharField(_("loại văn bản"), max_length=20, choices=InstrumentKind)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)  # blank: nobody has seen the number yet
    title = models.CharField(_("trích yếu"), max_length=500)
    body = models.CharField(_("cơ quan ban hành"), max_length=200)
    level = models.CharField(_("cấp"), max_length=12, choices=Level, default=Level.NATIONAL)
    province = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh, thành phố")
    )
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    links = models.ManyToManyField(
        "self", through="Link", symmetrical=False, related_name="linked_from", verbose_name=_("văn bản liên quan")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp văn bản")
    )
    verified = models.CharField(_("kiểm chứng"), max_length=12, choices=Verified, default=Verified.NO)
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    folded = models.CharField(_("không dấu"), max_length=800, db_index=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("văn bản")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(level=Level.NATIONAL) | Q(province=None),
                name="norms_instrument_national_has_no_province",
                violation_error_message=_("Văn bản của Trung ương không gắn với một tỉnh."),
            ),
        ]

    def __str__(self):
        if self.number:
            return f"{self.get_kind_display()} {self.number}"
        day = f" {self.signed_on:%d/%m/%Y}" if self.signed_on else ""
        return f"{self.get_kind_display()}{day} ({self.body})"

    def save(self, *args, **kwargs):
        self.folded = fold(f"{self.code} {self.number} {self.title} {self.body}")[:800]
        super().save(*args, **kwargs)

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES


class Link(models.Model):
    """How one text stands to another: it rests on it, amends, replaces or guides it."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="outgoing", verbose_name=_("văn bản"))
    target = models.ForeignKey(Instrument, models.PROTECT, related_name="incoming", verbose_name=_("văn bản được dẫn"))
    kind = models.CharField(_("quan hệ"), max_length=10, choices=LinkKind)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("quan hệ giữa hai văn bản")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "target", "kind"],
                name="norms_link_once",
                violation_error_message=_("Quan hệ này đã được ghi."),
            ),
            models.CheckConstraint(
                condition=~Q(instrument=models.F("target")),
                name="norms_link_between_two",
                violation_error_message=_("Một văn bản không thể dẫn chính nó."),
            ),
        ]

    def __str__(self):
        return f"{self.instrument} {self.get_kind_display()} {self.target}"


class Line(models.Model):
    """One line of support as a person names it (máy móc thiết bị, mô hình trình diễn …).  Amounts stand in SupportNorm."""

    code = models.CharField(_("mã dòng hỗ trợ"), max_length=30, unique=True)
    name = models.CharField(_("tên"), max_length=250)
    activity = models.PositiveSmallIntegerField(
        _("nhóm hoạt động (Điều 4)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind)
    purpose = models.CharField(_("mục đích"), max_length=20, choices=Purpose, default=Purpose.SUPPORT)
    place_scope = models.CharField(
        _("điều kiện địa bàn"), max_length=20, choices=PlaceScope, default=PlaceScope.ESTABLISHMENT
    )
    unit = models.CharField(_("đơn vị tính"), max_length=60)

    class Meta:
        verbose_name = _("dòng hỗ trợ")
        ordering = ("activity", "code")

    def __str__(self):
        return self.name


class Row(Dated):
    """What every dated row shares: which text says it, where, how sure we are, whose money it binds."""

    KEY: ClassVar[tuple[str, ...]] = ()  # with level and province: two such rows never hold on one day

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="%(class)s_rows", verbose_name=_("văn bản"))
    article = models.CharField(_("điều, khoản"), max_length=120, blank=True)
    level = models.CharField(_("cấp kinh phí"), max_length=12, choices=Level, default=Level.NATIONAL)
    province = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh, thành phố")
    )
    verified = models.CharField(_("kiểm chứng"), max_length=12, choices=Verified, default=Verified.NO)
    note = models.TextField(_("ghi chú"), blank=True)
    source = models.CharField(_("nguồn"), max_length=700, blank=True)

    class Meta(Dated.Meta):
        abstract = True
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(level=Level.NATIONAL) | Q(province=None),
                name="%(app_label)s_%(class)s_national_binds_all",
                violation_error_message=_("Quy định về kinh phí quốc gia không gắn với một tỉnh."),
            ),
        ]

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES

    @property
    def citation(self) -> str:
        """“khoản 4 Điều 8 Thông tư 28/2018/TT-BTC”."""
        return f"{self.article} {self.instrument}".strip()


class SupportNorm(Row):
    """How much of the cost, up to how much, for one unit of a line."""

    KEY = ("line",)

    line = models.ForeignKey(Line, models.PROTECT, related_name="norms", verbose_name=_("dòng hỗ trợ"))
    activity = models.CharField(_("nội dung như văn bản"), max_length=300, blank=True)
    percent = models.DecimalField(_("tỷ lệ tối đa (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    cap = DongField(_("mức tối đa (đồng)"), null=True, blank=True)
    multiplier = models.DecimalField(_("hệ số tối đa"), max_digits=4, decimal_places=2, null=True, blank=True)
    # “không quá 1,5 lần mức hỗ trợ máy móc”: the answer of that line, times the multiplier
    derived_from = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tính theo dòng")
    )
    condition = models.CharField(_("điều kiện, cách tính"), max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("định mức hỗ trợ")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100),
                name="norms_support_percent_is_a_share",
                violation_error_message=_("Tỷ lệ hỗ trợ phải lớn hơn 0 và không quá 100%%."),
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gt=0),
                name="norms_support_cap_is_positive",
                violation_error_message=_("Mức tối đa phải lớn hơn 0 đồng."),
            ),
            models.CheckConstraint(
                condition=Q(multiplier=None) | Q(multiplier__gte=1),
                name="norms_support_multiplier_raises",
                violation_error_message=_("Hệ số không được nhỏ hơn 1."),
            ),
            models.CheckConstraint(
                condition=Q(derived_from=None) | Q(multiplier__isnull=False),
                name="norms_support_derived_has_multiplier",
                violation_error_message=_("Dòng tính theo dòng khác phải có hệ số."),
            ),
            models.CheckConstraint(
                condition=Q(level=Level.NATIONAL) | Q(province__isnull=False),
                name="norms_support_local_names_province",
                violation_error_message=_("Định mức của kinh phí địa phương phải ghi tỉnh ban hành."),
            ),
        ]

    def __str__(self):
        return f"{self.line.code}: {self.citation}"


class AdvanceNorm(Row):
    """The first advance of one kind of project: rate and proof (TT 36/2013 Đ13, Đ15)."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind)
    ratio = models.DecimalField(_("tỷ lệ tạm ứng lần một"), max_digits=5, decimal_places=4)
    proof = models.CharField(_("hồ sơ"), max_length=30, choices=Proof)
    volume = models.DecimalField(_("khối lượng phải vượt"), max_digits=5, decimal_places=4, null=True, blank=True)
    after_acceptance = models.BooleanField(_("chỉ sau nghiệm thu"), default=False)
    remainder_article = models.CharField(_("hồ sơ tạm ứng phần còn lại theo"), max_length=120, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("định mức tạm ứng")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ratio__gt=0, ratio__lte=1),
                name="norms_advance_ratio_is_a_share",
                violation_error_message=_("Tỷ lệ tạm ứng phải lớn hơn 0 và không quá 100%%."),
            ),
            models.CheckConstraint(
                condition=Q(volume=None) | Q(volume__gt=0, volume__lte=1),
                name="norms_advance_volume_is_a_share",
                violation_error_message=_("Khối lượng phải lớn hơn 0 và không quá 100%%."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.ratio} ({self.citation})"


class PlaceRule(Row):
    """One way for a place of production to be eligible.  Empty conditions are not asked; any row that fits is enough.

    Lists are written with commas: ``ward,commune``; ``2,3``.
    """

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    basis = models.CharField(_("căn cứ xét"), max_length=20, choices=PlaceBasis)
    province_kinds = models.CharField(_("loại đơn vị cấp tỉnh"), max_length=60, blank=True)
    district_kinds = models.CharField(_("loại đơn vị cấp huyện"), max_length=120, blank=True)
    unit_kinds = models.CharField(_("loại đơn vị cấp xã"), max_length=120, blank=True)
    city_classes = models.CharField(_("loại đô thị của thành phố"), max_length=40, blank=True)
    converted_within_years = models.PositiveSmallIntegerField(_("chuyển từ xã chưa quá (năm)"), null=True, blank=True)
    text = models.CharField(_("nội dung"), max_length=300)

    class Meta(Row.Meta):
        verbose_name = _("điều kiện địa bàn")

    def __str__(self):
        return f"{self.text} ({self.citation})"


class SectorRow(Row):
    """A trade that may be supported (NĐ 45/2012 Đ5), or one that the law leaves out."""

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    text = models.CharField(_("ngành, nghề"), max_length=400)
    excluded = models.BooleanField(_("không được hỗ trợ"), default=False)
    difficult_area_only = models.BooleanField(_("chỉ ở địa bàn khó khăn"), default=False)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(Row.Meta):
        verbose_name = _("ngành, nghề")

    def __str__(self):
        return self.text


class PriorityRow(Row):
    """A place or trade that goes first, in the order of the law (NĐ 45/2012 Đ6, TT 46/2012 Đ6)."""

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    kind = models.CharField(_("loại ưu tiên"), max_length=10, choices=PriorityKind)
    rank = models.PositiveSmallIntegerField(_("thứ tự xét"))
    text = models.CharField(_("nội dung"), max_length=400)
    minimum = models.DecimalField(_("ngưỡng"), max_digits=8, decimal_places=2, null=True, blank=True)
    minimum_unit = models.CharField(_("đơn vị của ngưỡng"), max_length=60, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("ưu tiên")

    def __str__(self):
        return self.text


class DeadlineRow(Row):
    """A default day of the law; a yearly call letter may set another, and then both are shown."""

    KEY = ("code",)

    code = models.CharField(_("thời hạn"), max_length=40, choices=Deadline)
    kind = models.CharField(_("cách tính"), max_length=12, choices=DeadlineKind)
    month = models.PositiveSmallIntegerField(
        _("tháng"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("ngày"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    days = models.PositiveSmallIntegerField(_("số ngày"), null=True, blank=True)
    year_offset = models.SmallIntegerField(_("thuộc năm (so với năm kế hoạch, thực hiện)"), default=0)
    strictly_before = models.BooleanField(_("phải trước ngày đó"), default=False)
    copies = models.PositiveSmallIntegerField(_("số bộ hồ sơ"), null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("thời hạn")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="yearly", month__isnull=False, day__isnull=False, days=None)
                | Q(kind="monthly", month=None, day__isnull=False, days=None)
                | Q(kind="days_after", month=None, day=None, days__isnull=False),
                name="norms_deadline_is_complete",
                violation_error_message=_("Thời hạn phải ghi đủ: ngày và tháng, ngày hằng tháng, hoặc số ngày."),
            ),
        ]

    def __str__(self):
        return f"{self.get_code_display()} ({self.citation})"


class ApproverRow(Row):
    """Who decides, appraises or chairs: the role in this house and the body in the words of the law."""

    KEY = ("act",)

    act = models.CharField(_("việc"), max_length=30, choices=Act)
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES, blank=True)  # blank: outside this house
    body = models.CharField(_("cơ quan, người quyết định"), max_length=200)

    class Meta(Row.Meta):
        verbose_name = _("thẩm quyền")

    def __str__(self):
        return f"{self.get_act_display()}: {self.body}"


class ChangeAuthority(Row):
    """Who decides a change of an approved project (TT 36/2013 Đ11, or the province's own row)."""

    KEY = ("change", "form")

    change = models.CharField(_("loại điều chỉnh"), max_length=20, choices=ChangeKind)
    form = models.CharField(_("hình thức đề án"), max_length=10, choices=ProjectForm, blank=True)  # blank: every form
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES)
    body = models.CharField(_("cơ quan, người quyết định"), max_length=200)

    class Meta(Row.Meta):
        verbose_name = _("thẩm quyền điều chỉnh")

    def __str__(self):
        return f"{self.get_change_display()}: {self.body}"


class GroupRule(Row):
    """Whether a project of this kind may be a group project, and what must be named already at appraisal."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind, blank=True)  # blank: every kind
    beneficiaries_later = models.BooleanField(_("được duyệt khi chưa có đơn vị thụ hưởng"))
    must_name = models.CharField(_("phải nêu khi thẩm định"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("điều kiện lập đề án nhóm")

    def __str__(self):
        return f"{self.get_kind_display() or _('Mọi dạng đề án')} ({self.citation})"


class SelectionRule(Row):
    """How those who carry out a kind of project are found: tender or choice (TT 36/2013 Đ3)."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind, blank=True)  # blank: all others
    method = models.CharField(_("phương thức"), max_length=10, choices=SelectionMethod)

    class Meta(Row.Meta):
        verbose_name = _("phương thức lựa chọn")

    def __str__(self):
        return f"{self.get_kind_display() or _('Các dạng khác')}: {self.get_method_display()}"


class Industry(models.Model):
    """A class of the industrial classification, with the version it belongs to."""

    version = models.CharField(_("phiên bản"), max_length=20)
    code = models.CharField(_("mã ngành"), max_length=8)
    level = models.PositiveSmallIntegerField(_("bậc"))
    parent = models.CharField(_("mã ngành cấp trên"), max_length=8, blank=True)
    name = models.CharField(_("tên ngành"), max_length=300)
    folded = models.CharField(_("tên không dấu"), max_length=300, editable=False)

    class Meta:
        verbose_name = _("ngành kinh tế")
        ordering = ("version", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="norms_industry_code_once",
                violation_error_message=_("Mã ngành này đã có trong phiên bản."),
            )
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


ROWS: tuple[type[Row], ...] = (
    SupportNorm,
    AdvanceNorm,
    PlaceRule,
    SectorRow,
    PriorityRow,
    DeadlineRow,
    ApproverRow,
    ChangeAuthority,
    GroupRule,
    SelectionRule,
)
