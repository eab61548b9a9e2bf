"""What waits between the settlement and the end of a contract."""

import datetime as dt

import pytest

from khuyencong.work import queries
from khuyencong.work.enums import TaskKind as K
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AdvanceFactory, RecoveryFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


def told(user):
    return [(task.kind, task.number) for task in queries.tasks(user)]


def _paid_and_settled(province, paid, settled, **facts):
    project = ProjectFactory(**{"province": province, "state": "settled", "year": 2026} | facts)
    envelope = EnvelopeFactory(province=province)
    for kind, amount in (("advanced", paid), ("settled", settled)):
        if amount:
            EntryFactory(envelope=envelope, kind=kind, amount=amount, project=project)
    return project


def test_what_was_paid_too_much_waits_for_the_accountant_until_it_is_returned(province):
    over = _paid_and_settled(province, 77_000_000, 50_000_000)
    _paid_and_settled(province, 50_000_000, 50_000_000)  # nothing is left to do
    _paid_and_settled(ProjectFactory().province, 2, 1)  # of another province
    accountant = person("accountant", place=province)

    def waiting(kind):
        return [(t.subject, t.number, t.rest) for t in queries.tasks(accountant) if t.kind == kind]

    assert waiting(K.RETURN_SURPLUS) == [(over.pk, 1, "1 đề án, 27 triệu đồng")]
    stopped = _paid_and_settled(province, 3_000_000, 0, state="stopped")
    assert waiting(K.RETURN_SURPLUS) == [(None, 2, "2 đề án, 30 triệu đồng")]
    RecoveryFactory(project=stopped, amount=3_000_000)  # a decision demands it: that waits under its own name
    assert waiting(K.RETURN_SURPLUS) == [(over.pk, 1, "1 đề án, 27 triệu đồng")]
    assert waiting(K.ASK_REMAINDER) == []


def test_what_was_settled_and_not_paid_waits_until_it_is_asked_for(province):
    short = _paid_and_settled(province, 81_000_000, 135_000_000)
    accountant = person("accountant", place=province)

    [task] = [task for task in queries.tasks(accountant) if task.kind == K.ASK_REMAINDER]
    assert (task.subject, task.rest) == (short.pk, "1 đề án, 54 triệu đồng")

    AdvanceFactory(project=short, state="requested")
    assert K.ASK_REMAINDER not in [task.kind for task in queries.tasks(accountant)]


def test_what_is_left_to_settle_is_due_with_the_contract_also_where_its_money_was_carried_over(province):
    DeadlineRowFactory(code="liquidation", month=1, day=22)
    short = _paid_and_settled(province, 1_000_000, 3_000_000, year=2025)
    accountant = person("accountant", place=province)

    def due():
        return [task.due for task in queries.tasks(accountant) if task.kind == K.ASK_REMAINDER]

    assert due() == [dt.date(2026, 1, 22)]
    before = EnvelopeFactory(province=province, year=2025)  # nothing was paid from it: it only gave its money on
    EntryFactory(envelope=before, kind="carried_out", amount=3_000_000, project=short)
    assert due() == [dt.date(2027, 1, 22)]
    stopped = _paid_and_settled(province, 5_000_000, 0, year=2024, state="stopped")
    [surplus] = [task for task in queries.tasks(accountant) if task.kind == K.RETURN_SURPLUS]
    assert (surplus.subject, surplus.due) == (stopped.pk, None)  # nothing of a stopped project is liquidated
