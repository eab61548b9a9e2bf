import pytest
from django.urls import reverse

from tests.factories.notices import MessageFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_the_inbox_costs_the_same_for_one_and_three(client, user, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            MessageFactory(recipient=user)
        client.get(reverse("notices:list"))
        with django_assert_max_num_queries(12) as seen:
            assert client.get(reverse("notices:list")).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_an_inbox_shows_one_s_own_messages_only(client, user):
    mine, theirs = MessageFactory(recipient=user), MessageFactory()

    page = client.get(reverse("notices:list")).content.decode()

    assert (mine.subject in page, theirs.subject in page) == (True, False)
    assert client.get(reverse("notices:page", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("notices:open", args=[theirs.pk])).status_code == 404


def test_looking_does_not_mark_and_opening_does_and_leads_on(client, user):
    message = MessageFactory(recipient=user, link="/to-chuc/")

    client.get(reverse("notices:page", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at is None

    response = client.post(reverse("notices:open", args=[message.pk]))
    message.refresh_from_db()
    assert (response.headers["Location"], message.read_at is not None) == ("/to-chuc/", True)


@pytest.mark.parametrize("link", ["//evil.example", "https://evil.example", ""])
def test_a_message_never_leads_out_of_the_house(client, user, link):
    message = MessageFactory(recipient=user, link=link)

    response = client.post(reverse("notices:open", args=[message.pk]))

    assert response.headers["Location"] == reverse("notices:list")


def test_all_are_marked_read_at_once(client, user):
    MessageFactory(recipient=user)
    assert "Đánh dấu tất cả đã đọc" in client.get(reverse("notices:list")).content.decode()

    client.post(reverse("notices:mark_all"))

    page = client.get(reverse("notices:list")).content.decode()
    assert ("Đánh dấu tất cả đã đọc" in page, "đã đọc" in page) == (False, True)


def test_only_unread_ones_can_be_asked_for(client, user):
    MessageFactory(recipient=user, subject="Cũ rồi", read_at="2026-11-01T00:00:00+07:00")
    MessageFactory(recipient=user, subject="Mới đây")

    page = client.get(reverse("notices:list"), {"unread": "1"}).content.decode()

    assert ("Mới đây" in page, "Cũ rồi" in page) == (True, False)
