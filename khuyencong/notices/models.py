"""The outbox: what somebody is to be told, written in the act's own transaction and sent after it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.models import Identified
from khuyencong.notices.enums import Channel, Kind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User


def _now():
    return clock.now()


class MessageQuerySet(models.QuerySet["Message"]):
    def inbox_of(self, user: User) -> "MessageQuerySet":
        """What stands in this person's inbox; nobody else's."""
        return self.filter(recipient=user, channel=Channel.INBOX)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(Identified):
    """One message in one channel to one recipient: a person, an e-mail address, or a body (answered in writing)."""

    channel = models.CharField(_("kênh"), max_length=8, choices=Channel)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind, default=Kind.INFO)
    recipient = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người nhận")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tổ chức nhận")
    )
    email = models.EmailField(_("địa chỉ thư điện tử"), blank=True)
    subject = models.CharField(_("tiêu đề"), max_length=250)
    body = models.TextField(_("nội dung"), blank=True)
    link = models.CharField(_("đường dẫn"), max_length=300, blank=True)
    about_type = models.CharField(_("loại đối tượng"), max_length=60, blank=True)
    about_id = models.BigIntegerField(_("mã đối tượng"), null=True, blank=True)
    key = models.CharField(_("khoá chống gửi trùng"), max_length=160, blank=True)
    at = models.DateTimeField(_("viết lúc"), default=_now)
    actor_id = models.BigIntegerField(_("mã người viết"), null=True, blank=True)
    read_at = models.DateTimeField(_("đọc lúc"), null=True, blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("gửi lại lúc"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần gửi"), default=0)
    failed_at = models.DateTimeField(_("thôi gửi lúc"), null=True, blank=True)
    failure = models.CharField(_("lý do không gửi được"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        indexes = [
            models.Index(fields=["recipient", "channel", "-at"], name="notices_inbox"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(channel="email", sent_at=None, failed_at=None),
                name="notices_outbox",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel"],
                condition=~Q(key=""),
                name="notices_key_once",
                violation_error_message=_("Thông báo này đã được gửi."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="inbox") | Q(recipient__isnull=False),
                name="notices_inbox_has_a_person",
                violation_error_message=_("Thông báo trong hệ thống phải có người nhận."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="email") | ~Q(email=""),
                name="notices_email_has_an_address",
                violation_error_message=_("Thư điện tử phải có địa chỉ nhận."),
            ),
        ]

    def __str__(self):
        return self.subject
