"""Nothing is promised twice, also when two approvers press at the same moment: a real file of SQLite, or PostgreSQL."""

import sqlite3
import threading

import pytest
from django.conf import settings
from django.db import connection, connections

from khuyencong.base.errors import NotPossible
from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Envelope
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from tests.budgets.conftest import DAY, paper
from tests.factories.budgets import EnvelopeFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.projects import ProjectFactory

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]


def in_a_thread(work, *args):
    """Run with a connection of its own, as another worker would; what it returns or raises comes back."""
    told = []

    def run():
        try:
            told.append(work(*args))
        except Exception as error:
            told.append(error)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def together(*works):
    """All at the same moment; their answers in order."""
    barrier = threading.Barrier(len(works))
    started = [in_a_thread(lambda work=work: (barrier.wait(), work())[1]) for work in works]
    for thread, _told in started:
        thread.join(30)
    return [told[0] for _thread, told in started]


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A database that several connections really share; other threads are led to it."""
    if not ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
            schema = [statement for (statement,) in cursor.fetchall()]
        file = tmp_path / "shared.sqlite3"
        target = sqlite3.connect(file)
        target.executescript("PRAGMA synchronous=OFF; BEGIN;\n" + ";\n".join(schema) + ";\nCOMMIT;")
        target.close()
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
        options = {**settings.DATABASES["default"]["OPTIONS"], "transaction_mode": "IMMEDIATE", "timeout": 20}
        monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)


def there(work, *args):
    thread, told = in_a_thread(work, *args)
    thread.join(30)
    if isinstance(told[0], Exception):
        raise told[0]
    return told[0]


def test_two_approvers_cannot_promise_the_same_dong(shared):
    def set_up():
        envelope = EnvelopeFactory(given=1_000)
        projects = [ProjectFactory(province=envelope.province) for _ in range(2)]
        return envelope.pk, [p.pk for p in projects], UserFactory().pk, paper().pk

    envelope, projects, user, decision = there(set_up)

    def press(project):
        operations.commit(
            Envelope.objects.get(pk=envelope),
            project=Project.objects.get(pk=project),
            amount=600,
            by=User.objects.get(pk=user),
            on=DAY,
            paper=Paper.objects.get(pk=decision),
        )
        return "promised"

    answers = together(*(lambda project=project: press(project) for project in projects))

    [refusal] = [answer for answer in answers if answer != "promised"]
    assert isinstance(refusal, NotPossible)
    assert str(refusal).endswith("cần 600 đồng, thiếu 200 đồng.")
    assert there(lambda: queries.available(Envelope.objects.get(pk=envelope))) == 400


def test_one_decision_typed_by_two_clerks_gives_its_money_once(shared):
    def set_up():
        holder = OrganisationFactory(department=True)
        accountant = person("accountant", place=holder.place)
        return holder.pk, accountant.pk, [paper("budget_decision", number="12/QĐ-UBND").pk for _ in range(2)]

    holder, accountant, papers = there(set_up)

    def record(decision):
        body = Organisation.objects.select_related("place").get(pk=holder)
        operations.record_budget_decision(
            level="provincial",
            year=2026,
            holder=body,
            province=body.place,
            amount=1_000,
            name="KCĐP",
            by=User.objects.get(pk=accountant),
            on=DAY,
            paper=Paper.objects.get(pk=decision),
        )
        return "given"

    answers = together(*(lambda decision=decision: record(decision) for decision in papers))

    [refusal] = [answer for answer in answers if answer != "given"]
    assert isinstance(refusal, NotPossible)
    assert "12/QĐ-UBND" in str(refusal)
    assert there(lambda: [queries.available(e) for e in Envelope.objects.all()]) == [1_000]
