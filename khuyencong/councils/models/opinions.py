"""Another body is asked for its opinion.  What it is asked about stands on a higher floor and gives the table."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.councils.enums import Agreement
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation


class AskedOpinion(models.Model):
    """A question to another body with its deadline, and the answer once it is given."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("cơ quan được hỏi"))
    question = models.CharField(_("nội dung hỏi"), max_length=500, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản hỏi")
    )
    asked_on = models.DateField(_("ngày hỏi"))
    due_on = models.DateField(_("hạn trả lời"))
    agreement = models.CharField(_("kết luận"), max_length=10, choices=Agreement, blank=True)
    answer = models.TextField(_("ý kiến"), blank=True)
    answer_paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản trả lời")
    )
    answered_on = models.DateField(_("ngày trả lời"), null=True, blank=True)
    # put off by who asked: by when it was to be answered at first, and why the day was changed the last time
    first_due_on = models.DateField(_("hạn lúc hỏi"), null=True, blank=True)
    extension_reason = models.CharField(_("lý do gia hạn"), max_length=500, blank=True)
    extension_paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản gia hạn")
    )

    class Meta:
        abstract = True
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="%(app_label)s_opinion_due_after_asked",
                violation_error_message=_("Hạn trả lời không được trước ngày hỏi."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, agreement="") | (Q(answered_on__isnull=False) & ~Q(agreement="")),
                name="%(app_label)s_opinion_answer_whole",
                violation_error_message=_("Trả lời phải có kết luận và ngày."),
            ),
            models.CheckConstraint(
                condition=Q(first_due_on=None) | (Q(first_due_on__lt=F("due_on")) & ~Q(extension_reason="")),
                name="%(app_label)s_opinion_extended_with_a_reason",
                violation_error_message=_("Gia hạn phải đến một ngày sau và có lý do."),
            ),
        ]

    def __str__(self):
        return str(self.body)
