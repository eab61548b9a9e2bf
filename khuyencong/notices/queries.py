"""Reading the inbox and the outbox."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.notices.enums import Channel
from khuyencong.notices.models import Message
from khuyencong.people.models import User


def inbox(user: User) -> QuerySet[Message]:
    """This person's messages, newest first."""
    return Message.objects.inbox_of(user).order_by("-at", "-pk")


def unread_count(user: User) -> int:
    """How many messages wait to be read: the number in the frame."""
    return Message.objects.inbox_of(user).unread().count()


def outbox_counts() -> dict[str, int]:
    """How the e-mail goes: ``waiting``, ``sent`` and ``failed`` messages."""
    mail = Message.objects.filter(channel=Channel.EMAIL)
    return {
        "waiting": mail.filter(sent_at=None, failed_at=None).count(),
        "sent": mail.exclude(sent_at=None).count(),
        "failed": mail.exclude(failed_at=None).count(),
    }


def invariants() -> list[str]:
    """A sentence for each message that nobody will ever get."""
    failed = Message.objects.exclude(failed_at=None).filter(channel=Channel.EMAIL).order_by("pk")[:200]
    return [
        _("Thư số %(pk)s “%(subject)s” không gửi được: %(why)s.")
        % {"pk": message.pk, "subject": message.subject, "why": message.failure}
        for message in failed
    ]
