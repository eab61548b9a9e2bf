"""A beginning made once for the tests of a file, instead of once for each of them.

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker):
        yield from once(build, django_db_blocker)  # ``build()`` makes the rows and returns what the tests name

    @pytest.fixture
    def world(made, db):
        return own(made)

Each test still works in a savepoint of its own: what it writes is gone after it.  Objects live longer than rows, so every test
gets a copy of them (``own``): what one changes in an object, or an object remembers, the next does not meet.
Not for files whose tests really commit (``transaction=True``).
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from django.db import transaction

from khuyencong.places import queries as places

TODAY = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 8, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))
Made = TypeVar("Made")


def set_calendar(patch: pytest.MonkeyPatch) -> None:
    """The tests' house has its own calendar: Sunday, 22 November 2026."""
    patch.setattr("khuyencong.base.clock.today", lambda: TODAY)
    patch.setattr("khuyencong.base.clock.now", lambda: NOW)


def once(build: Callable[[], Made], blocker) -> Iterator[Made]:
    """What ``build`` made on the house's day, in a transaction around all tests that follow; gone after them."""
    block = transaction.atomic()
    with blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        set_calendar(patched)
        block.__enter__()
        block._from_testcase = True  # acts that must be outermost still may run inside
        places.forget()
        try:
            found = build()
        except BaseException:
            _away(block)
            raise
    yield found
    with blocker.unblock():
        _away(block)


def own(made: Made) -> Made:
    """The same objects for one test alone."""
    return copy.deepcopy(made)


def _away(block: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    block.__exit__(None, None, None)
    places.forget()
