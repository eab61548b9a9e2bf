# ruff: noqa: F811
"""What was really spent on closed projects, as old lists tell it."""

import pytest

from khuyencong.establishments.models import SupportedItem
from khuyencong.plans import imports
from khuyencong.projects.models import Project
from tests.factories.people import person
from tests.plans.given import CENTRE, M, book, centre, commune, province, reasons, verdicts  # noqa: F401

pytestmark = pytest.mark.django_db

FACTS = ["TT", "Tên đề án", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Năm"]


def told(*money, number=1):
    return [number, "Hỗ trợ máy sấy cà phê", CENTRE, "Cơ sở Ngọc Tứ", "xã Ea Kly", 2019, *money]


def check(province, heads, *rows, above=(["ĐVT: triệu đồng"],), merges=()):
    data = book(*above, *heads, *rows, merges=merges)
    return imports.check_history(data, name="cu.xlsx", province=province)


def amounts(row):
    return {source: amount for source, amount in row.amounts.items() if amount}


@pytest.mark.parametrize(
    "head",
    [
        "Kinh phí quyết toán",
        "Quyết toán",
        "KP thực hiện",
        "Đã thanh toán",
        "Số tiền đã hỗ trợ",
        "Kinh phí đã giải ngân",
    ],
)
@pytest.mark.parametrize(
    ("heads", "money"),
    [
        (["Tổng kinh phí", "KCĐP", "Đối ứng"], [300, 100, 200]),
        (["Kinh phí phê duyệt"], [100]),
        (["Kinh phí (triệu đồng)"], [100]),
        (["Kinh phí hỗ trợ"], [100]),
    ],
)
def test_a_closed_project_stands_with_what_was_spent(province, commune, centre, head, heads, money):
    checked = check(province, [[*FACTS, *heads, head]], told(*money, 80))

    [row] = checked.rows
    own = {"local": 80 * M, **({"counterpart": 200 * M} if "Đối ứng" in heads else {})}
    assert (verdicts(checked), amounts(row)) == (["new"], own)
    assert row.facts["content"].endswith(
        "Kinh phí được duyệt: KCĐP 100.000.000 đồng" + (", đối ứng 200.000.000 đồng." if "Đối ứng" in heads else ".")
    )


def test_a_list_that_tells_nothing_but_what_was_spent_is_read(province, commune, centre):
    checked = check(province, [[*FACTS, "Kinh phí quyết toán (đồng)"]], told("80.000.000"), above=())

    assert (verdicts(checked), amounts(checked.rows[0])) == (["new"], {"local": 80 * M})


def test_what_was_approved_and_what_was_spent_stand_in_two_groups_of_one_head(province, commune, centre):
    heads = [
        [*FACTS, "Kinh phí phê duyệt", "", "", "", "Kinh phí quyết toán", "", ""],
        [*[""] * 6, "Tổng số", "KCQG", "KCĐP", "Đối ứng", "Tổng số", "KCQG", "KCĐP"],
    ]
    merges = [((1, 6), (1, 9)), ((1, 10), (1, 12)), *(((1, n), (2, n)) for n in range(6))]

    checked = check(
        province,
        heads,
        told(600, 200, 100, 300, 250, 180, 70),
        told(600, 200, 100, 300, 300, 200, 100, number=2),
        merges=merges,
    )

    assert [amounts(row) for row in checked.rows] == [
        {"national": 180 * M, "local": 70 * M, "counterpart": 300 * M},
        {"national": 200 * M, "local": 100 * M, "counterpart": 300 * M},
    ]
    assert [fault for fault in reasons(checked.warnings) if "Không hiểu" in fault[2]] == []


@pytest.mark.parametrize(
    ("approved", "spent", "kept", "reason"),
    [
        ([600, 200, 100, 300], 250, {"national": 200 * M, "local": 100 * M, "counterpart": 300 * M}, "không rõ phần của từng nguồn"),
        ([300, None, 100, 200], 120, {"local": 100 * M, "counterpart": 200 * M}, "lớn hơn số được duyệt"),
        ([300, None, 100, 200], 300, {"local": 100 * M, "counterpart": 200 * M}, None),
        ([300, None, 100, 200], 100, {"local": 100 * M, "counterpart": 200 * M}, None),
        ([300, None, 100, 200], None, {"local": 100 * M, "counterpart": 200 * M}, None),
        ([300, None, 100, 200], "-", {"local": 100 * M, "counterpart": 200 * M}, None),
    ],
)  # fmt: skip
def test_one_figure_that_cannot_be_divided_is_told_and_leaves_what_was_approved(
    province, commune, centre, approved, spent, kept, reason
):
    head = [*FACTS, "Tổng kinh phí", "KCQG", "KCĐP", "Đối ứng", "Kinh phí quyết toán"]

    checked = check(province, [head], told(*approved, spent))

    assert amounts(checked.rows[0]) == kept
    about = [(row, column) for row, column, told_ in reasons(checked.warnings) if reason and reason in told_]
    assert about == ([(3, "K")] if reason else [])
    assert "Kinh phí được duyệt" not in checked.rows[0].facts["content"]


def test_the_paper_of_a_settlement_is_no_money(province, commune, centre):
    head = [*FACTS, "KCĐP", "Quyết định quyết toán", "Ngày quyết toán"]

    checked = check(province, [head], told(100, "12/QĐ-SCT ngày 05/01/2020", "05/01/2020"))

    assert (verdicts(checked), amounts(checked.rows[0])) == (["new"], {"local": 100 * M})


def test_a_wrong_figure_of_what_was_spent_is_named(province, commune, centre):
    checked = check(province, [[*FACTS, "KCĐP", "Quyết toán"]], told(100, "chưa"), told(100, -5, number=2))

    assert reasons(checked.errors) == [
        (3, "H", "“chưa” không phải là số."),
        (4, "H", "Số tiền không được âm."),
    ]


def test_what_was_spent_is_what_the_beneficiary_was_given_and_the_same_file_twice_is_the_same(
    province, commune, centre
):
    clerk = person("centre_officer", place=province)
    rows = ([[*FACTS, "Tổng kinh phí", "KCĐP", "Đối ứng", "Quyết toán"]], told(300, 100, 200, 80))

    imports.write_history(check(province, *rows), by=clerk)

    project = Project.objects.get()
    assert (project.local, project.granted_local, project.counterpart) == (80 * M, 80 * M, 200 * M)
    assert SupportedItem.objects.get().amount == 80 * M
    assert verdicts(check(province, *rows)) == ["same"]
