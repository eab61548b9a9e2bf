"""The first page when everything waits at once."""

import datetime as dt
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.authority.roles import ROLES
from khuyencong.web.desk.work.links import url_of
from khuyencong.work import queries
from khuyencong.work.enums import TaskKind
from tests.factories.needs import CallFactory, NeedFactory
from tests.factories.plans import ChangeRequestFactory
from tests.factories.projects import ProjectFactory
from tests.work.full import Land

MOST = 25
BY_OTHER_THINGS = {TaskKind.CONFIRM_ADVANCE, TaskKind.PAY_ADVANCE}  # of one project several may wait


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


def test_the_list_behind_a_line_of_the_home_shows_what_the_line_counts_for_every_role(db):
    land = Land()
    people = {role: land.person(role) for role in ROLES}
    land.more(), land.more()
    for state in ("draft", "submitted", "approved", "assigned", "accepted", "settled"):  # of another province
        ProjectFactory(state=state)
    told, shown = {}, {}

    for role, user in people.items():
        browser = Client()
        browser.force_login(user)
        for task in queries.tasks(user):
            if "?task=" in url_of(task) and task.kind not in BY_OTHER_THINGS:
                page = browser.get(url_of(task)).content.decode()
                told[role, task.kind.value] = task.number + told.get((role, task.kind.value), 0)
                shown[role, task.kind.value] = int(re.search(r"Xuất Excel (\d+) (?:đề án|nhu cầu)", page)[1])

    assert shown == told
    assert len({kind for _role, kind in told}) == 19


def test_the_needs_behind_a_line_begin_with_what_was_sent_first(db):
    land = Land()
    officer, call = land.person("centre_officer"), CallFactory(province=land.province, year=2031)
    for day in (3, 1, 2):
        NeedFactory(call=call, state="surveyed", sent_on=dt.date(2026, 11, day), name=f"Ngày {day}")
    browser = Client()
    browser.force_login(officer)

    page = browser.get("/nhu-cau/?task=propose_needs").content.decode()

    assert re.findall(r">Ngày (\d+)</a>", page) == ["1", "2", "3"]


def test_the_list_behind_a_line_begins_with_what_waits_longest(db):
    land = Land()
    officer = land.person("centre_director")
    for year in (2026, 2024, 2025):
        ProjectFactory(
            state="assigned",
            year=year,
            code=f"{year}-1",
            implementer=land.centre,
            province=land.province,
            title=f"Năm {year}",
        )
    browser = Client()
    browser.force_login(officer)

    page = browser.get("/hop-dong/?task=sign_support").content.decode()

    assert re.findall(r">Năm (\d+)</a>", page) == ["2024", "2025", "2026"]


def test_one_request_opens_at_once_and_several_the_list_of_those_that_wait_the_oldest_first(db):
    land = Land()
    officer = land.person("department_director")
    running = {"project__province": land.province, "project__state": "running"}
    ChangeRequestFactory(**running, state="refused")
    first = ChangeRequestFactory(**running, requested_on=dt.date(2026, 11, 2))
    browser = Client()
    browser.force_login(officer)

    def led_to():
        return [url_of(task) for task in queries.tasks(officer) if task.kind == TaskKind.CONFIRM_CHANGE]

    assert led_to() == [f"/ke-hoach/de-nghi/{first.pk}/"]
    second = ChangeRequestFactory(**running, requested_on=dt.date(2026, 11, 1))
    [address] = led_to()
    page = browser.get(address).content.decode()
    assert re.findall(r'<a href="/ke-hoach/de-nghi/(\d+)/"', page) == [str(second.pk), str(first.pk)]
