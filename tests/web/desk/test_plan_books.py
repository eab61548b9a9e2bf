"""Mẫu 2 and annexes are taken as Excel from the pages of plan and decision, by whoever may see them."""

import io

import openpyxl
import pytest
from django.urls import reverse

from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import DecisionFactory, ItemFactory, PlanFactory

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def issued():
    decision = DecisionFactory(plan=PlanFactory(), issued=True)
    ItemFactory(decision=decision, project__title="Máy sấy & nghiền", project__state="approved")
    return decision


@pytest.fixture
def desk(client, issued):
    client.force_login(person("appraiser", place=issued.plan.province))
    return client


def words(answer):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [cell.value for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_the_pages_lead_to_their_workbooks(desk, issued):
    plan_page = desk.get(reverse("plans:page", args=[issued.plan_id]), {"ngay": "02/03/2026"}).content.decode()
    page = desk.get(reverse("plans:decision", args=[issued.pk])).content.decode()

    assert reverse("plans:plan_book", args=[issued.plan_id]) + "?ngay=02/03/2026" in plan_page
    assert reverse("plans:decision_book", args=[issued.pk]) in page
    assert reverse("plans:annex_book", args=[issued.pk]) in page


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("plan_book", "BIỂU TỔNG HỢP CÁC ĐỀ ÁN KHUYẾN CÔNG"),
        ("decision_book", "(Phê duyệt đợt 1)"),
        ("annex_book", "PHỤ LỤC"),
    ],
)
def test_a_workbook_comes_under_its_name_with_its_projects(desk, issued, name, title):
    pk = issued.plan_id if name == "plan_book" else issued.pk

    answer = desk.get(reverse(f"plans:{name}", args=[pk]))

    told = words(answer)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (XLSX, "private, no-store")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert (title in told, "Máy sấy & nghiền" in told) == (True, True)


def test_the_plan_is_that_of_the_day_asked_for(desk, issued):
    url = reverse("plans:plan_book", args=[issued.plan_id])

    assert "Máy sấy & nghiền" in words(desk.get(url, {"ngay": "02/03/2026"}))
    assert "Máy sấy & nghiền" not in words(desk.get(url, {"ngay": "01/03/2026"}))


def test_a_decision_that_changes_projects_has_only_its_annex(desk, issued):
    change = DecisionFactory(plan=issued.plan, kind="adjust")
    ItemFactory(decision=change, action="money", reason="Giá máy giảm")
    page = desk.get(reverse("plans:decision", args=[change.pk])).content.decode()

    assert (
        reverse("plans:decision_book", args=[change.pk]) in page,
        reverse("plans:annex_book", args=[change.pk]) in page,
    ) == (
        False,
        True,
    )
    assert desk.get(reverse("plans:decision_book", args=[change.pk])).status_code == 404
    assert "Giá máy giảm" in words(desk.get(reverse("plans:annex_book", args=[change.pk])))


def test_an_empty_decision_offers_no_workbook(desk, issued):
    empty = DecisionFactory(plan=issued.plan, submitted=True)

    assert "phu-luc" not in desk.get(reverse("plans:decision", args=[empty.pk])).content.decode()


def test_strangers_take_none(client, issued):
    urls = [reverse("plans:plan_book", args=[issued.plan_id])]
    urls += [reverse(f"plans:{name}", args=[issued.pk]) for name in ("decision_book", "annex_book")]

    assert [client.get(url).status_code for url in urls] == [302] * 3
    client.force_login(person("appraiser", place=ProvinceFactory()))
    assert [client.get(url).status_code for url in urls] == [404] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_a_workbook_asks_the_same_number_of_queries(desk, issued, django_assert_max_num_queries, count):
    for _n in range(count):
        ItemFactory(decision=issued, project__state="approved")

    with django_assert_max_num_queries(20) as asked:
        desk.get(reverse("plans:annex_book", args=[issued.pk]))

    assert len(asked) <= 20
