import json
from datetime import UTC

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.audit.enums import label_of
from khuyencong.base import clock
from khuyencong.base.models import AppendOnly


class Plain(json.JSONEncoder):
    """Days, amounts, names: whatever an act tells the journal is kept as text."""

    def default(self, o: object) -> str:
        return str(o)


def _now():
    return clock.now()


class Event(AppendOnly):
    """One line of the journal.  No foreign keys: the journal outlives what it tells of.

    Acts insert lines without a lock; ``operations.seal`` chains them afterwards (position, previous hash, hash).
    """

    at = models.DateTimeField(_("ghi lúc"), default=_now, db_index=True)
    actor_id = models.BigIntegerField(_("mã người thực hiện"), null=True, db_index=True)
    actor = models.CharField(_("người thực hiện"), max_length=200)
    action = models.CharField(_("việc"), max_length=60, db_index=True)
    subject_type = models.CharField(_("loại đối tượng"), max_length=60)
    subject_id = models.BigIntegerField(_("mã đối tượng"), null=True)
    subject = models.CharField(_("đối tượng"), max_length=300)
    folded = models.CharField(_("không dấu"), max_length=500, editable=False)  # to search by, outside the hash
    on = models.DateField(_("ngày pháp lý"), null=True)
    signer = models.CharField(_("người ký văn bản"), max_length=200, blank=True)
    province_id = models.BigIntegerField(_("mã tỉnh"), null=True)
    data = models.JSONField(_("chi tiết"), default=dict, encoder=Plain)
    position = models.BigIntegerField(_("thứ tự niêm phong"), null=True, unique=True)
    previous = models.CharField(_("mã băm trước"), max_length=64, null=True)
    digest = models.CharField(_("mã băm"), max_length=64, null=True)

    class Meta:
        verbose_name = _("dòng nhật ký")
        verbose_name_plural = _("nhật ký")
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject"),
            models.Index(fields=["province_id", "at"], name="audit_event_province"),
            models.Index(fields=["id"], condition=models.Q(position=None), name="audit_event_unsealed"),
        ]

    def __str__(self):
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject}"

    @property
    def label(self) -> str:
        """The act in words for a person."""
        return str(label_of(self.action))

    @property
    def subject_kind(self) -> str:
        """The kind of thing it tells of, in words."""
        try:
            return str(apps.get_model(self.subject_type)._meta.verbose_name)
        except (LookupError, ValueError):
            return self.subject_type


class Seal(AppendOnly):
    """How far the chain had come at a moment.  Without it nobody would notice that its last lines are gone."""

    at = models.DateTimeField(_("niêm phong lúc"), default=_now)
    position = models.BigIntegerField(_("đến dòng"), unique=True)
    digest = models.CharField(_("mã băm"), max_length=64)

    class Meta:
        verbose_name = _("dấu niêm phong")
        verbose_name_plural = _("dấu niêm phong")

    def __str__(self):
        return f"{self.position}:{self.digest[:12]}"
