"""What a person with a phone of 360 px has in sight without moving anything sideways."""

import pytest

from khuyencong.projects.models import Project
from tests.browser.conftest import DESK, PHONE
from tests.journeys import steps
from tests.journeys.conftest import at, land, people  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Boxes of the page that hold more than they show, and cells of a table that end beyond the edge of the window.
HIDDEN_SIDEWAYS = """() => [...document.querySelectorAll("main *")].filter(e =>
    (["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
    || (e.tagName === "TD" && e.getBoundingClientRect().right > innerWidth)).map(e => e.className || e.innerText)"""


@pytest.fixture
def file(people, land):  # noqa: F811
    """A whole file that the director has not signed yet."""
    return steps.machine_file(people, land)


def test_the_director_has_both_buttons_before_the_whole_paper(visitor, people, file):  # noqa: F811
    page = visitor(people.centre_director.user, size=PHONE).open("/")

    agree, refuse = (
        page.locator(".kc-sign").get_by_role("link", name=name) for name in ("Đồng ý", "Trả lại, ghi ý kiến")
    )
    bar = page.locator(".kc-bottom").bounding_box()
    for button in (agree, refuse):
        box = button.bounding_box()
        assert box["height"] >= 40
        assert box["y"] + box["height"] <= bar["y"], "the bar of the frame covers the button"
    agree.click()
    page.wait_for_url("**/gui-tham-dinh/**")


def test_cost_lines_say_every_amount_with_the_word_of_its_column(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user, size=PHONE)
    page = window.open(at("projects:money", file.pk))

    row = page.locator(".kc-lines tbody tr").first
    told = (
        "cells => cells.map(cell => (getComputedStyle(cell, '::before').content + cell.innerText).replaceAll('\"', ''))"
    )
    shown = row.locator("td:visible").evaluate_all(told)

    assert "Đơn giá: 620.000.000" in shown and "KCĐP: 300.000.000" in shown and "Cộng: 620.000.000" in shown
    assert not any(told.startswith("KCQG") for told in shown)  # nothing from there: nothing said
    assert page.locator(".kc-lines tr.sum").get_by_text("620.000.000").is_visible()
    assert page.evaluate(HIDDEN_SIDEWAYS) == []


def test_the_estimate_is_filled_in_without_moving_sideways(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user, size=PHONE)
    page = window.open(at("projects:estimate", file.pk))

    assert page.evaluate(HIDDEN_SIDEWAYS) == []
    price = page.locator("[data-kc-row]").nth(1).locator('td[data-kc-col="unit_price"]')
    assert price.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Đơn giá: "'
    assert price.locator("input").bounding_box()["width"] >= 140


def test_the_candidates_of_a_decision_are_ranked_without_moving_sideways(visitor, people, land, file):  # noqa: F811
    steps.appraised(people, file)
    steps.given(people.accountant, land, amount="500 triệu")
    plan = steps.plan_of(people.appraiser, land)
    decision = steps.drafted(people.appraiser, plan)
    window = visitor(people.appraiser.user, size=PHONE)
    page = window.open(at("plans:decision", decision.pk))

    line = page.locator("[data-kc-line]").first
    assert page.evaluate(HIDDEN_SIDEWAYS) == []
    assert line.bounding_box()["height"] < 260
    assert line.locator("[data-kc-amount] input").bounding_box()["height"] >= 36
    bar, foot = page.locator(".kc-bottom").bounding_box(), page.locator("[data-kc-foot]").bounding_box()
    assert foot["y"] + foot["height"] <= bar["y"] + 1, "what the chosen come to stays in sight while one ranks"


def test_a_report_keeps_the_names_of_its_rows_in_sight(visitor, people, file):  # noqa: F811
    steps.appraised(people, file)
    window = visitor(people.department_director.user, size=PHONE)
    page = window.open("/bao-cao/?ky=6")

    table = page.locator(".kc-sheet-table").first
    table.evaluate("box => { box.scrollLeft = box.scrollWidth }")
    name, last = (
        table.locator("tbody tr").first.locator("td:nth-child(2)"),
        table.locator("tbody tr").first.locator("td").last,
    )

    assert table.evaluate("box => box.scrollLeft") > 0
    assert name.bounding_box()["x"] >= 0
    assert name.bounding_box()["x"] + name.bounding_box()["width"] < last.bounding_box()["x"]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_title_of_one_very_long_word_stays_inside_the_window(visitor, people, file, size):  # noqa: F811
    Project.objects.filter(pk=file.pk).update(title="Máy " + "dài" * 70)
    window = visitor(people.centre_officer.user, size=size)

    for name in ("page", "checks", "history"):
        window.open(at(f"projects:{name}", file.pk))
    window.open(at("projects:list"))
