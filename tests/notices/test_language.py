"""A message is in the language of who reads it, whoever caused it and whatever he was reading."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.needs import letters
from khuyencong.notices import operations
from khuyencong.notices.models import Message
from khuyencong.people.models import User
from khuyencong.work import operations as work
from tests.factories.needs import LinkFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


def said(reader):
    return Message.objects.get(recipient=reader, channel="inbox").subject


def words():
    return _("Hạn %(day)s.") % {"day": "01/06/2026"}


def test_each_reads_it_in_his_own_language():
    vietnamese, english = UserFactory(), UserFactory(language="en")

    for spoken in ("en", "vi"):
        Message.objects.all().delete()
        with override(spoken):
            operations.send([english, vietnamese], subject=words)

        assert said(vietnamese) == "Hạn 01/06/2026."
        assert said(english) == "Deadline 01/06/2026."


def test_bodies_and_addresses_are_written_to_in_vietnamese():
    with override("en"):
        operations.send(OrganisationFactory(email="xa@example.vn"), subject=words)
        operations.send("dan@example.vn", subject=words)

    assert set(Message.objects.values_list("subject", flat=True)) == {"Hạn 01/06/2026."}


def test_a_director_who_reads_english_returns_a_file_in_vietnamese():
    province = ProvinceFactory()
    project = ProjectFactory(province=province, whole=True)
    writer = person("centre_officer", place=province, employer=project.implementer)
    director = person("centre_director", place=province, employer=project.implementer)

    with override("en"):
        work.send_back(project, comment="Thiếu báo giá", by=director)

    assert said(writer).startswith("Trả lại: ")


def test_an_invitation_is_vietnamese_whoever_copies_it():
    link = LinkFactory()
    with override("vi"):
        told = letters.invitation(link)

    with override("en"):
        assert letters.invitation(link) == told


def test_who_chooses_a_language_is_written_to_in_it(client):
    user = UserFactory()
    client.force_login(user)

    client.post(reverse("language"), {"language": "en"})

    assert User.objects.get(pk=user.pk).language == "en"


def test_a_language_that_there_is_not_changes_nothing(client):
    user = UserFactory()
    client.force_login(user)

    client.post(reverse("language"), {"language": "fr"})

    assert User.objects.get(pk=user.pk).language == "vi"


def test_who_chose_before_signing_in_is_known_by_his_home(client):
    user = person("centre_officer", place=ProvinceFactory())
    client.post(reverse("language"), {"language": "en"})
    client.force_login(user)

    client.get(reverse("home"))

    assert User.objects.get(pk=user.pk).language == "en"


def test_a_reminder_is_in_the_language_of_who_is_reminded(monkeypatch):
    reader = person("centre_officer", place=ProvinceFactory())
    User.objects.filter(pk=reader.pk).update(language="en")
    task = work.tasks(reader)[:0]
    seen = []

    def tasks(user):
        seen.append(_("Hạn %(day)s.") % {"day": "x"})
        return task

    monkeypatch.setattr(work, "tasks", tasks)
    work.remind()

    assert seen == ["Deadline x."]
