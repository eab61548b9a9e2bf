"""The desk of projects through the test client: what is there for whom, and what is refused."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.projects.given import EDITORS, MILLION, TABS, html

pytestmark = pytest.mark.django_db


def test_the_list_asks_as_often_for_three_rows_as_for_one(seen, project, people, client):
    project()
    seen("officer", "list")  # what is cached once a process
    with CaptureQueriesContext(connection) as one:
        assert seen("officer", "list").status_code == 200
    project(), project()
    with CaptureQueriesContext(connection) as three:
        assert seen("officer", "list").status_code == 200

    assert len(three) == len(one)
    assert len(three) - 6 <= 12  # signing in itself takes its own


def test_the_list_counts_and_sums_exactly_what_is_filtered(seen, project):
    project(title="Máy sấy cà phê", words="may say ca phe")
    project(title="Máy dệt", words="may det", local=100_500_000)

    whole, one = html(seen("officer", "list")), html(seen("officer", "list", q="Dệt"))

    assert ("2 đề án" in whole, "400,5" in whole) == (True, True)
    assert ("1 đề án" in one, "Máy sấy cà phê" in one) == (True, False)


def test_the_tabs_count_each_what_their_list_shows(seen, project):
    for facts in ({"state": "submitted"}, {"state": "submitted", "year": 2025}, {"state": "accepted"}):
        project(**facts)

    tabs = seen("officer", "list").context["views"]

    assert [tab.count for tab in tabs] == [3, 2, 2, None, 1]
    shown = {tab.url: seen("officer", "list", **QueryDict(tab.url.partition("?")[2]).dict()) for tab in tabs}
    assert {url: page.context["list"].count for url, page in shown.items()} == {
        tab.url: 0 if tab.count is None else tab.count for tab in tabs
    }


@pytest.mark.parametrize(
    "query", [{"state": "draft"}, {"activity": "3"}, {"source": "local"}, {"level": "provincial"}, {"year": "2026"}]
)
def test_every_filter_lets_its_own_through(query, seen, project):
    file = project()

    assert file.title in html(seen("officer", "list", **query))


@pytest.mark.parametrize(
    "query",
    [{"state": "submitted"}, {"activity": "1"}, {"source": "national"}, {"level": "national"}, {"year": "2025"}],
)
def test_every_filter_keeps_the_others_out(query, seen, project):
    file = project()

    assert file.title not in html(seen("officer", "list", **query))


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({"sap": "-money_total"}, [3, 2, 1]),
        ({"sap": "money_total"}, [1, 2, 3]),
        ({"sap": "code"}, [1, 3, 2]),
        ({}, [2, 3, 1]),
    ],
)
def test_the_list_sorts_as_its_arrow_says_and_newest_first_by_itself(seen, project, query, order):
    for code, millions in (("26-66-001", 1), ("26-66-003", 2), ("26-66-002", 3)):
        project(title=f"Đề án {millions}", code=code, local=millions * MILLION, national=0, counterpart=0, other=0)

    page = html(seen("officer", "list", **query))

    assert sorted(order, key=lambda millions: page.index(f">Đề án {millions}<")) == order


def test_the_list_is_exported_as_it_is_filtered(seen, project):
    project(title="Máy sấy")
    project(title="Máy dệt", words="may det")

    answer = seen("officer", "list", q="det", xuat="csv")

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "Máy dệt" in lines[1]
    assert seen("officer", "list", xuat="xlsx").status_code == 200


def test_a_stranger_sees_no_row_and_no_page(seen, project):
    file = project()

    assert file.title not in html(seen("stranger", "list"))
    assert [seen("stranger", name, file.pk).status_code for name in (*TABS, *EDITORS)] == [404] * 10


def test_nobody_sees_anything_before_signing_in(client, project):
    file = project()

    for name in ("list", "draft"):
        assert client.get(reverse(f"projects:{name}")).status_code == 302
    assert client.get(reverse("projects:page", args=[file.pk])).status_code == 302
