"""Papers: what was signed, by whom, on which day, where it lies.  Dossiers: which papers the law asks for, and which are there.
Registers: the numbers that a body lets us draw.  Prints: forms that went out on paper, and the scans that came back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.trigram import SearchedField, with_words
from khuyencong.documents.enums import ItemState, NumberState, PaperKind, Stage
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import LocatedQuerySet, Unit


class PaperQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Papers of a person's territory, those his own body issued, and those he entered himself.  A closed paper lies in
        nobody's territory: its readers are told by the desk whose it is."""
        scope = user.scope()
        if scope.whole_country:  # two questions with an OR would read every paper of the country
            return self.filter(closed=False)
        here = Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes) | Q(issuer_id__in=scope.bodies)
        return self.filter((here & Q(closed=False)) | Q(actor_id=user.pk))

    def search(self, text: str, *, everywhere: bool = False):
        """By words of number, abstract or signer, with or without accents (``everywhere``: see ``trigram.with_words``)."""
        return with_words(self, "folded", text, everywhere=everywhere)


class Paper(Identified):
    """An official paper: number, day, signer.  ``signer`` is set when somebody else than the recorder signed it."""

    kind = models.CharField(_("loại văn bản"), max_length=30, choices=PaperKind)
    number = models.CharField(_("số, ký hiệu"), max_length=80, blank=True)
    signed_on = models.DateField(_("ngày ký"))
    signer = models.CharField(_("người ký"), max_length=120, blank=True)
    signer_title = models.CharField(_("chức danh người ký"), max_length=120, blank=True)
    issuer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ quan ban hành")
    )
    abstract = models.CharField(_("trích yếu"), max_length=500, blank=True)
    folded = SearchedField(_("không dấu"), max_length=900, editable=False)  # number, abstract, signer
    kept_at = models.CharField(_("nơi lưu bản gốc"), max_length=200, blank=True)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    closed = models.BooleanField(_("kín"), default=False, editable=False)  # what a judge signed, minutes of judges
    files = models.ManyToManyField(StoredFile, through="PaperFile", related_name="+", verbose_name=_("tệp"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người ghi"), null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("văn bản")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number", "signed_on", "kind"],
                condition=~Q(number="") & Q(issuer__isnull=False),
                name="documents_paper_once",
                violation_error_message=_("Văn bản này của cơ quan ban hành đã được ghi nhận."),
            )
        ]
        indexes = [
            models.Index(fields=["number", "signed_on"], name="documents_paper_number"),
            models.Index(fields=["province", "signed_on"], name="documents_paper_province"),
            models.Index(fields=["actor_id"], name="documents_paper_actor"),
            # newest first; the words ride along so that a search reads no row
            models.Index(fields=["signed_on", "folded"], name="documents_paper_day"),
        ]

    def in_sight_of(self, user) -> bool:
        """The same as ``visible_to`` of one paper that is at hand, without a question."""
        scope = user.scope()
        return bool(
            scope.whole_country
            or self.province_id in scope.provinces
            or self.commune_id in scope.communes
            or self.issuer_id in scope.bodies
            or self.actor_id == user.pk
        )

    def __str__(self):
        day = f"{self.signed_on:%d/%m/%Y}"
        return f"{self.number} ({day})" if self.number else f"{self.get_kind_display()} ({day})"


class PaperFile(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="attachments", verbose_name=_("văn bản"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp"))
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("tệp của văn bản")
        ordering = ["order", "pk"]

    def __str__(self):
        return str(self.file)


class Requirement(Dated):
    """One line of a checklist that the law asks for, by stage and kind of project (TT 36/2013 Đ10, Đ13, Đ14, Đ19)."""

    stage = models.CharField(_("giai đoạn"), max_length=20, choices=Stage)
    project_kind = models.CharField(_("dạng đề án"), max_length=30, blank=True)  # blank: every kind
    level = models.CharField(_("cấp kinh phí"), max_length=12, blank=True)  # blank: every level
    code = models.CharField(_("mã"), max_length=60)
    title = models.CharField(_("giấy tờ"), max_length=300)
    article = models.CharField(_("điều khoản"), max_length=120)
    paper_kind = models.CharField(_("loại văn bản"), max_length=30, choices=PaperKind, default=PaperKind.OTHER)
    per_beneficiary = models.BooleanField(_("mỗi đơn vị thụ hưởng một bản"), default=False)
    only_when = models.CharField(_("chỉ khi"), max_length=60, blank=True)  # group, percent, enterprise …
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    verified = models.CharField(_("kiểm chứng"), max_length=20, default="yes")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("giấy tờ phải có")
        ordering = ["stage", "order", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["stage", "project_kind", "level", "code", "valid_from"],
                name="documents_requirement_once",
                violation_error_message=_("Dòng giấy tờ này đã có từ ngày đó."),
            ),
        ]

    def __str__(self):
        return self.title


class Dossier(models.Model):
    """The papers of one record.  A project or a contract points here; the dossier knows neither."""

    title = models.CharField(_("tên hồ sơ"), max_length=300)

    class Meta:
        verbose_name = _("hồ sơ")

    def __str__(self):
        return self.title


class DossierItem(models.Model):
    """One paper in a dossier, or the statement that a required one does not apply, with its reason."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="items", verbose_name=_("hồ sơ"))
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("giấy tờ phải có")
    )
    state = models.CharField(_("tình trạng"), max_length=20, choices=ItemState, default=ItemState.PRESENT)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    party = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("của đơn vị")
    )
    reason = models.CharField(_("lý do không áp dụng"), max_length=300, blank=True)
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người ghi"), null=True)

    class Meta:
        verbose_name = _("giấy tờ trong hồ sơ")
        constraints = [
            models.CheckConstraint(
                name="documents_item_paper_or_reason",
                condition=models.Q(state="present", paper__isnull=False)
                | (models.Q(state="not_applicable", paper=None) & ~models.Q(reason="")),
                violation_error_message=_("Phải chọn văn bản, hoặc ghi lý do không áp dụng."),
            ),
            models.UniqueConstraint(
                fields=["dossier", "requirement", "paper", "party"],
                condition=Q(paper__isnull=False, requirement__isnull=False, party__isnull=False),
                name="documents_item_once",
                violation_error_message=_("Văn bản này đã có trong hồ sơ."),
            ),
        ]

    def __str__(self):
        return str(self.paper or self.requirement)


class Register(models.Model):
    """The numbers of one body, year and symbol (“QĐ-TTKC”) that this system draws; its row is the lock."""

    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("cơ quan ban hành"))
    year = models.PositiveSmallIntegerField(_("năm"))
    symbol = models.CharField(_("ký hiệu"), max_length=40)
    last = models.PositiveIntegerField(_("số cuối"), default=0)

    class Meta:
        verbose_name = _("sổ đăng ký văn bản đi")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "symbol"],
                name="documents_register_once",
                violation_error_message=_("Sổ của cơ quan, năm và ký hiệu này đã mở."),
            )
        ]

    def __str__(self):
        return f"{self.symbol} {self.year}, {self.issuer}"


class Number(models.Model):
    """One number drawn: for a paper, or cancelled and kept as “huỷ”."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="numbers", verbose_name=_("sổ"))
    value = models.PositiveIntegerField(_("số"))
    state = models.CharField(_("tình trạng"), max_length=10, choices=NumberState, default=NumberState.DRAWN)
    on = models.DateField(_("ngày văn bản"))
    about = models.CharField(_("trích yếu"), max_length=300)
    reason = models.CharField(_("lý do huỷ"), max_length=300, blank=True)
    paper = models.OneToOneField(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản")
    )
    at = models.DateTimeField(_("lấy số lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người lấy số"), null=True)

    class Meta:
        verbose_name = _("số văn bản đi")
        ordering = ["register", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "value"],
                name="documents_number_once",
                violation_error_message=_("Số này đã được lấy."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""),
                name="documents_number_cancelled_has_reason",
                violation_error_message=_("Hãy ghi lý do huỷ số."),
            ),
        ]

    def __str__(self):
        return f"{self.value:02d}/{self.register.symbol}"


class PrintQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Prints or scans of a person's territory, and his own; those of a closed paper are with who made them alone."""
        scope = user.scope()
        here = Q(closed=False)
        if not scope.whole_country:
            here &= Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes)
        return self.filter(here | Q(actor_id=user.pk))


class Print(Identified):
    """A form that was printed: its code stands in the QR, so that the signed scan finds its way home.

    ``subject`` is told by kind and uid: this package does not know projects or contracts.
    """

    code = models.CharField(_("mã bản in"), max_length=14, unique=True)
    form = models.CharField(_("biểu mẫu"), max_length=60)
    title = models.CharField(_("tên văn bản"), max_length=300)
    subject_kind = models.CharField(_("loại hồ sơ"), max_length=30)
    subject_uid = models.UUIDField(_("định danh hồ sơ"), db_index=True)
    subject = models.CharField(_("hồ sơ"), max_length=300)
    version = models.PositiveSmallIntegerField(_("lần in"))
    digest = models.CharField(_("mã băm nội dung"), max_length=64)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản đã ký")
    )
    void_reason = models.CharField(_("lý do không dùng"), max_length=300, blank=True)
    closed = models.BooleanField(_("kín"), default=False, editable=False)
    at = models.DateTimeField(_("in lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người in"), null=True)

    objects = PrintQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản in biểu mẫu")
        indexes = [models.Index(fields=["province", "-at"], name="documents_print_province")]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "subject_uid", "version"],
                name="documents_print_version_once",
                violation_error_message=_("Lần in này đã có."),
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.code})"


class Scan(Identified):
    """A scan or photograph that was dropped in.  Without a code that we know it waits as “chưa nhận diện”.

    One that cannot be opened is kept all the same, with no page."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp"))
    print = models.ForeignKey(
        Print, models.PROTECT, null=True, blank=True, related_name="scans", verbose_name=_("bản in")
    )
    pages = models.PositiveSmallIntegerField(_("số trang"), default=1)
    closed = models.BooleanField(_("kín"), default=False, editable=False)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người gửi"), null=True)

    objects = PrintQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản quét")
        indexes = [models.Index(fields=["print", "province"], name="documents_scan_waits")]

    def __str__(self):
        return str(self.file)


class Template(Identified):
    """A Word template that an administrator put in place of the house's own, for one province or for all."""

    form = models.CharField(_("biểu mẫu"), max_length=60)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("tệp Word"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    at = models.DateTimeField(_("đưa vào lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người đưa vào"), null=True)
    ended_at = models.DateTimeField(_("thôi dùng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("mẫu Word của tỉnh")
        constraints = [
            models.UniqueConstraint(
                fields=["form", "province"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="documents_template_one_in_use",
                violation_error_message=_("Biểu mẫu này đang có một mẫu được dùng."),
            )
        ]

    def __str__(self):
        return self.form
