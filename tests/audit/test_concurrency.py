"""Two who seal at once, and acts that record meanwhile, make one chain."""

from threading import Thread

import pytest
from django.db import connection

from khuyencong.audit import operations, queries
from khuyencong.audit.models import Event
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory knows no waiting; a file does")
def test_many_who_seal_and_record_at_once_make_one_chain():
    body, by = OrganisationFactory(), UserFactory()
    for _n in range(20):
        operations.record("organisation.change", body, by=by)
    failures = []

    def work(act):
        try:
            for _n in range(4):
                act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    acts = [
        lambda: operations.seal(limit=5),
        lambda: operations.seal(limit=5),
        lambda: operations.record("organisation.change", body, by=by),
    ]
    threads = [Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    operations.seal_all()

    verdict = queries.verify()
    assert failures == []
    assert (verdict.sound, verdict.sealed, verdict.unsealed) == (True, 24, 0)


def test_the_triggers_are_there_again_after_the_tables_were_emptied():
    assert Event.objects.count() == 0
    with connection.cursor() as cursor:
        catalogue = (
            "sqlite_master WHERE type = 'trigger' AND name"
            if connection.vendor == "sqlite"
            else "pg_trigger WHERE tgname"
        )
        cursor.execute(f"SELECT count(*) FROM {catalogue} = 'audit_event_no_delete'")
        assert cursor.fetchone() == (1,)
