import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from khuyencong.notices import operations, queries
from khuyencong.notices.models import Message
from tests.factories.notices import MessageFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 8, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture
def later(monkeypatch):
    def go(**delta):
        monkeypatch.setattr("khuyencong.base.clock.now", lambda: NOW + dt.timedelta(**delta))

    return go


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


def channels():
    return list(Message.objects.order_by("pk").values_list("channel", flat=True))


def test_a_person_gets_it_in_the_inbox_and_by_mail_where_he_has_an_address():
    operations.send(UserFactory(email="lan@example.vn"), subject="Đề án bị trả lại", body="Thiếu bản vẽ.")
    operations.send(UserFactory(), subject="Đề án bị trả lại")

    assert channels() == ["inbox", "email", "inbox"]


def test_several_persons_get_one_each_and_a_locked_account_none():
    one, locked = UserFactory(), UserFactory(is_active=False)

    written = operations.send([one, one, locked], subject="Mời họp")

    assert [m.recipient for m in written] == [one]


def test_a_body_is_written_to_or_gets_a_text_to_share():
    operations.send(OrganisationFactory(email="xa@example.vn"), subject="Trả lời nhu cầu")
    operations.send(OrganisationFactory(), subject="Trả lời nhu cầu")
    operations.send("a@example.vn", subject="Trả lời nhu cầu")

    assert channels() == ["email", "share", "email"]


def test_an_act_that_fails_tells_nobody():
    def act():
        with transaction.atomic():
            operations.send(UserFactory(email="a@example.vn"), subject="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    assert Message.objects.count() == 0


def test_a_reminder_is_written_once_to_each():
    one, two = UserFactory(email="a@example.vn"), UserFactory()

    operations.send(one, subject="Còn 3 ngày", key="need:7:deadline")
    operations.send([one, two], subject="Còn 3 ngày", key="need:7:deadline")

    assert channels() == ["inbox", "email", "inbox"]
    assert Message.objects.filter(recipient=two).count() == 1


# --- delivery ----------------------------------------------------------------------------------------------------------


def test_mail_is_sent_once_with_a_link_home(settings):
    settings.SITE_URL = "https://khuyencong.example.vn"
    operations.send(UserFactory(email="a@example.vn"), subject="Mời\nhọp", body="Sáng thứ hai.", link="/de-an/12/")

    assert operations.deliver() == 1
    assert operations.deliver() == 0

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["a@example.vn"], "Mời họp")
    assert sent.body == "Sáng thứ hai.\n\nhttps://khuyencong.example.vn/de-an/12/\n"
    assert queries.outbox_counts() == {"waiting": 0, "sent": 1, "failed": 0}


def test_the_inbox_is_never_mailed():
    MessageFactory()

    assert operations.deliver() == 0
    assert mail.outbox == []


def test_a_broken_server_is_asked_again_later_and_later_and_at_last_no_more(settings, later):
    settings.EMAIL_BACKEND = "tests.notices.test_operations.Broken"
    message = MessageFactory(mail=True)
    waits = []

    for attempt in range(1, 7):
        assert operations.deliver() == 0
        message.refresh_from_db()
        assert message.attempts == attempt
        waits.append(message.next_try_at)
        assert operations.deliver() == 0  # not before its time
        later(seconds=(message.next_try_at - NOW).total_seconds())

    assert waits == sorted(waits)
    assert message.failed_at is not None
    assert message.failure == "ConnectionRefusedError: no server"
    assert queries.outbox_counts() == {"waiting": 0, "sent": 0, "failed": 1}
    assert len(queries.invariants()) == 1


def test_one_bad_address_does_not_hold_up_the_others(monkeypatch):
    real = operations._mail

    def fussy(message, server):
        if message.email == "bad@example.vn":
            raise ValueError("bad address")
        real(message, server)

    monkeypatch.setattr(operations, "_mail", fussy)
    for address in ("a@example.vn", "bad@example.vn", "b@example.vn"):
        MessageFactory(mail=True, email=address)

    assert operations.deliver() == 2
    assert [m.to for m in mail.outbox] == [["a@example.vn"], ["b@example.vn"]]


def test_a_worker_that_dies_while_sending_leaves_it_to_be_tried_again_under_the_same_id(monkeypatch, later):
    def die(message, server):
        raise SystemExit

    message = MessageFactory(mail=True)
    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(operations, "_mail", die)
        operations.deliver()

    assert operations.deliver() == 0  # its time has not come
    later(minutes=1)
    assert operations.deliver() == 1

    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.uid}@")


# --- inbox -------------------------------------------------------------------------------------------------------------


def test_an_inbox_is_one_s_own():
    mine, other = UserFactory(), UserFactory()
    first, second = MessageFactory(recipient=mine), MessageFactory(recipient=mine, kind="reminder")
    theirs = MessageFactory(recipient=other)
    MessageFactory(mail=True, recipient=mine)

    assert list(queries.inbox(mine)) == [second, first]
    assert queries.unread_count(mine) == 2
    assert operations.mark_read([first, theirs], by=mine) == 1
    assert list(queries.inbox(mine).unread()) == [second]
    assert operations.mark_read(by=mine) == 1
    assert (queries.unread_count(mine), queries.unread_count(other)) == (0, 1)


def test_what_waits_for_an_account_that_was_locked_meanwhile_is_not_sent():
    user = UserFactory(email="lan@example.vn")
    operations.send(user, subject="Đề án bị trả lại")
    operations.send("ngoai@example.vn", subject="Kết quả")
    user.is_active = False
    user.save()

    assert operations.deliver() == 1
    assert [letter.to for letter in mail.outbox] == [["ngoai@example.vn"]]
    kept = Message.objects.get(email="lan@example.vn")
    assert (kept.sent_at, kept.failed_at is None, kept.failure) == (None, False, "Tài khoản đã khoá.")
