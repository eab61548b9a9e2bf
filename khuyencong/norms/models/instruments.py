"""Legal texts, how they stand to each other, and what every row out of them shares."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import fold
from khuyencong.files.models import StoredFile
from khuyencong.norms.enums import (
    InstrumentKind,
    Level,
    LinkKind,
    Verified,
)
from khuyencong.places.models import Unit


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

    def derive(self) -> None:
        """The words by which it is found."""
        self.folded = fold(f"{self.code} {self.number} {self.title} {self.body}")[:800]

    def save(self, *args, **kwargs):
        self.derive()
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
        """“khoản 4 Điều 8 Thông tư 28/2018/TT-BTC”, with “chưa kiểm chứng” where nobody has read the article."""
        text = f"{self.article} {self.instrument}".strip()
        return text if self.is_verified else str(_("%(citation)s, chưa kiểm chứng") % {"citation": text})
