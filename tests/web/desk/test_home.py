"""The first page when everything waits at once."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.authority.roles import ROLES
from khuyencong.work import queries
from khuyencong.work.enums import TaskKind
from tests.work.full import Land

MOST = 25


def asked_by(browser):
    with CaptureQueriesContext(connection) as seen:
        assert browser.get("/").status_code == 200
    return [query["sql"] for query in seen]


def test_a_home_on_which_everything_waits_costs_at_most_25_queries_for_every_role_and_as_many_for_more_rows(db):
    land = Land()
    people = {role: land.person(role) for role in ROLES}
    browsers = {role: Client() for role in ROLES}
    for role, browser in browsers.items():
        browser.force_login(people[role])
        browser.get("/")  # the first visit writes when it was

    land.more()
    one = {role: asked_by(browser) for role, browser in browsers.items()}
    waits = {task.kind for user in people.values() for task in queries.tasks(user)}
    land.more(), land.more()
    three = {role: asked_by(browser) for role, browser in browsers.items()}

    assert set(TaskKind) - waits == set(), "nobody is told of these"
    assert {role: len(seen) for role, seen in three.items()} == {role: len(seen) for role, seen in one.items()}
    assert {role: len(seen) for role, seen in one.items() if len(seen) > MOST} == {}
    # who settles and ends the same contracts asks once what was paid otherwise than settled
    assert sum('AS "rest"' in sql for sql in three["ministry_agency"]) == 1
