"""Telling people.  Messages are written in the transaction of the act that causes them and sent after it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base import clock
from khuyencong.notices.enums import BACKOFF_MINUTES, MOST_ATTEMPTS, Channel, Kind
from khuyencong.notices.models import Message
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User

Words = str | Callable[[], str]


def send(
    to: User | Organisation | str | Iterable[User],
    *,
    subject: Words,
    body: Words = "",
    kind: str = Kind.INFO,
    about: models.Model | None = None,
    link: str = "",
    key: str = "",
    by: Any = None,
) -> list[Message]:
    """Write a message to a person (inbox, and e-mail where he has one), several persons, a body, or an e-mail address.

    Call it inside the act: what is rolled back tells nobody.  ``key`` makes it once only: a second message with the same
    key to the same recipient is left out (reminders).  ``link`` is a path of this site.  A body without an address gets a
    text to share.  Words given as a function are said in the language that each recipient reads, bodies and addresses in the
    house's own; whoever writes may be reading another.  Returns the messages written.
    """
    if isinstance(to, User | Organisation | str):
        recipients: list[User | Organisation | str] = [to]
    else:
        recipients = list(dict.fromkeys(to))
    common: dict[str, Any] = {
        "kind": kind,
        "link": link,
        "about_type": about._meta.label_lower if about is not None else "",
        "about_id": about.pk if about is not None else None,
        "actor_id": getattr(by, "pk", None),
        "at": clock.now(),
    }
    rows = []
    for recipient in recipients:
        spoken = recipient.language if isinstance(recipient, User) else settings.LANGUAGE_CODE
        with override(spoken):
            common |= {"subject": _said(subject)[:250], "body": _said(body).strip()}
        if isinstance(recipient, User):
            mine = f"{key}:u{recipient.pk}" if key else ""
            if not recipient.is_active:
                continue
            rows.append(Message(channel=Channel.INBOX, recipient=recipient, key=mine, **common))
            if recipient.email:
                rows.append(
                    Message(channel=Channel.EMAIL, recipient=recipient, email=recipient.email, key=mine, **common)
                )
        elif isinstance(recipient, Organisation):
            mine = f"{key}:o{recipient.pk}" if key else ""
            channel = Channel.EMAIL if recipient.email else Channel.SHARE
            rows.append(Message(channel=channel, organisation=recipient, email=recipient.email, key=mine, **common))
        else:
            mine = f"{key}:{recipient}"[:160] if key else ""
            rows.append(Message(channel=Channel.EMAIL, email=parseaddr(recipient)[1], key=mine, **common))
    if key:
        there = set(Message.objects.filter(key__in={row.key for row in rows}).values_list("key", "channel"))
        rows = [row for row in rows if (row.key, str(row.channel)) not in there]
    # two workers writing the same reminder at once: the database keeps the first
    return Message.objects.bulk_create(rows, ignore_conflicts=bool(key))


def _said(words: Words) -> str:
    return str(words() if callable(words) else words)


def deliver(*, limit: int = 50) -> int:
    """Send what waits in the outbox; returns how many were sent.  Run by the worker; safe in several at once.

    Each message is taken (attempt counted, next attempt set) before it is sent: a worker that dies leaves it to be tried
    again later, with the same Message-ID so that a mailbox shows it once.  After the last attempt it is given up.
    """
    messages = _take(limit)
    if not messages:
        return 0
    sent = 0
    mail = get_connection()
    try:
        for message in messages:
            try:
                _mail(message, mail)
            except Exception as error:  # the mail server's faults are as many as servers
                _failed(message, error)
            else:
                Message.objects.filter(pk=message.pk).update(sent_at=clock.now(), next_try_at=None, failure="")
                sent += 1
    finally:
        mail.close()
    return sent


@transaction.atomic
def _take(limit: int) -> list[Message]:
    now = clock.now()
    outbox = Message.objects.filter(channel=Channel.EMAIL, sent_at=None, failed_at=None)
    # an account that was locked after the message was written is told nothing any more
    locked = outbox.filter(recipient__is_active=False).values("pk")
    Message.objects.filter(pk__in=locked).update(failed_at=now, failure=_("Tài khoản đã khoá."))
    waiting = outbox.filter(models.Q(next_try_at=None) | models.Q(next_try_at__lte=now))
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    messages = list(waiting.order_by("pk")[:limit])
    for message in messages:
        message.attempts += 1
        wait = BACKOFF_MINUTES[min(message.attempts, len(BACKOFF_MINUTES)) - 1]
        message.next_try_at = now + timedelta(minutes=wait)
    Message.objects.bulk_update(messages, ["attempts", "next_try_at"])
    return messages


def _mail(message: Message, mail: Any) -> None:
    text = message.body
    if message.link:
        text = (
            f"{text}\n\n{settings.SITE_URL}{message.link}"
            if message.link.startswith("/")
            else f"{text}\n\n{message.link}"
        )
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    EmailMessage(
        subject=" ".join(message.subject.split()),
        body=text.strip() + "\n",
        to=[message.email],
        headers={"Message-ID": f"<{message.uid}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=mail,
    ).send()


def _failed(message: Message, error: Exception) -> None:
    facts: dict[str, Any] = {"failure": f"{type(error).__name__}: {error}"[:300]}
    if message.attempts >= MOST_ATTEMPTS:
        facts["failed_at"] = clock.now()
    Message.objects.filter(pk=message.pk).update(**facts)


def mark_read(messages: Iterable[Message] | None = None, *, by: User) -> int:
    """Note that this person has read messages of his own inbox (all of them without ``messages``); returns how many."""
    mine = Message.objects.inbox_of(by).unread()
    if messages is not None:
        mine = mine.filter(pk__in=[message.pk for message in messages])
    return mine.update(read_at=clock.now())
