from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import AppendOnly


class Event(AppendOnly):
    """One line of the journal.  No foreign keys: the journal outlives what it tells of.

    Acts insert lines without a lock; ``operations.seal`` chains them afterwards (position, previous hash, hash).
    """

    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(_("mã người thực hiện"), null=True)
    actor = models.CharField(_("người thực hiện"), max_length=200)
    action = models.CharField(_("việc"), max_length=60, db_index=True)
    subject_type = models.CharField(_("loại đối tượng"), max_length=60)
    subject_id = models.BigIntegerField(_("mã đối tượng"))
    subject = models.CharField(_("đối tượng"), max_length=300)
    on = models.DateField(_("ngày pháp lý"), null=True)
    signer = models.CharField(_("người ký văn bản"), max_length=200, blank=True)
    province_id = models.BigIntegerField(_("mã tỉnh"), null=True, db_index=True)
    data = models.JSONField(_("chi tiết"), default=dict)
    position = models.BigIntegerField(_("thứ tự niêm phong"), null=True, unique=True)
    previous = models.CharField(_("mã băm trước"), max_length=64, null=True)
    digest = models.CharField(_("mã băm"), max_length=64, null=True)

    class Meta:
        verbose_name = _("dòng nhật ký")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject")]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor}: {self.action} {self.subject}"
