"""What happens to a đề án: its steps, opinions asked, findings let pass, and the number it is given."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.councils.enums import Tier
from khuyencong.councils.models import AskedOpinion
from khuyencong.documents.models import Paper
from khuyencong.places.models import Unit
from khuyencong.projects.enums import (
    ProjectState,
)
from khuyencong.projects.models.projects import Project


class StepTaken(models.Model):
    """One step of a project's life: who, when (by law and by the clock), on the strength of which paper."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="steps", verbose_name=_("đề án"))
    name = models.CharField(_("bước"), max_length=30)
    source = models.CharField(_("từ"), max_length=20, choices=ProjectState)
    target = models.CharField(_("đến"), max_length=20, choices=ProjectState)
    on = models.DateField(_("ngày pháp lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    # a request for completion: by when the file must be back; and what the law said, which the letter may set aside
    due_on = models.DateField(_("hạn bổ sung"), null=True, blank=True)
    lawful_on = models.DateField(_("hạn theo quy định"), null=True, blank=True)
    due_basis = models.CharField(_("căn cứ của hạn"), max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    # the one line of the journal that tells of a whole list (an import), by its key: the journal outlives its subjects
    line = models.BigIntegerField(_("dòng nhật ký của danh sách"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("bước của đề án")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("on")),
                name="projects_step_due_not_before_it",
                violation_error_message=_("Hạn bổ sung không được trước ngày yêu cầu."),
            )
        ]
        indexes = [models.Index(fields=["name", "on"], name="projects_step_name_on")]

    def __str__(self):
        return f"{self.project}: {self.name}"


class OpinionRequest(AskedOpinion):
    """Another body is asked for its opinion on a file that is being appraised."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="opinions", verbose_name=_("đề án"))
    tier = models.CharField(_("cấp hỏi"), max_length=10, choices=Tier, default=Tier.BASE)
    # as it was decided when asking: what the law said of the day, and whether it takes silence for consent
    lawful_on = models.DateField(_("hạn theo quy định"), null=True, blank=True)
    due_basis = models.CharField(_("căn cứ của hạn"), max_length=400, blank=True)
    silence_consents = models.BooleanField(_("quá hạn không trả lời thì coi như đồng ý"), default=False)

    class Meta(AskedOpinion.Meta):
        verbose_name = _("yêu cầu cho ý kiến về hồ sơ")
        indexes = [models.Index(fields=["body", "answered_on"], name="projects_opinion_waits")]

    def consents(self, on: date) -> bool:
        """Whether silence counts as consent by ``on``: only where the text says so, and its own day has passed."""
        passed = self.answered_on is None and self.lawful_on is not None and on > max(self.due_on, self.lawful_on)
        return self.silence_consents and passed


class Clearance(models.Model):
    """An exception: a person let a finding of the checks pass, with a reason.  The auditor reads these."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="clearances", verbose_name=_("đề án"))
    rule = models.CharField(_("quy tắc"), max_length=40)
    subject = models.CharField(_("đối tượng"), max_length=80, blank=True)  # a beneficiary's or a line's own finding
    sentence = models.CharField(_("điều được bỏ qua"), max_length=600)
    reason = models.CharField(_("lý do"), max_length=500)
    on = models.DateField(_("ngày"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người chấp nhận")
    )
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("ngoại lệ được chấp nhận")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "rule", "subject"],
                name="projects_clearance_once",
                violation_error_message=_("Ngoại lệ này đã được chấp nhận."),
            )
        ]

    def __str__(self):
        return f"{self.project}: {self.sentence}"


class CodeCounter(models.Model):
    """The last number given to a project of one province and year; its row is the lock."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    year = models.PositiveSmallIntegerField(_("năm"))
    last = models.PositiveIntegerField(_("số cuối"), default=0)

    class Meta:
        verbose_name = _("bộ đếm mã đề án")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "year"],
                name="projects_counter_once",
                violation_error_message=_("Bộ đếm của tỉnh và năm này đã có."),
            )
        ]

    def __str__(self):
        return f"{self.province} {self.year}: {self.last}"
