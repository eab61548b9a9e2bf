"""Tables of plans in the shapes in which offices keep them."""

# ruff: noqa: F811
import pytest

from khuyencong.base.errors import Invalid
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.plans.given import CENTRE, ISSUE, UNIT, M, book, centre, check, commune, project, province, reasons, verdicts  # noqa: F401

pytestmark = pytest.mark.django_db


TWO_ROWS = (
    [
        "TT",
        "Tên đề án",
        "Đơn vị thực hiện",
        "Đơn vị thụ hưởng",
        "Địa điểm",
        "Nội dung",
        "Kinh phí (triệu đồng)",
        None,
        None,
    ]
    + [None, None, "Thời gian", "Ghi chú"],
    [None] * 6 + ["Tổng số", "KCQG", "KCĐP", "Đối ứng", "Khác", None, None],
)


def test_the_columns_of_the_issue_are_read_with_groups_sums_titles_and_signatures(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        [f"({n})" for n in range(1, 14)],
        ["I", "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến", *[None] * 4, "1.438,5", None, 700, "738,5"],
        project(1, total="818,5", local=400, own="418,5"),
        project(2, "Ứng dụng lò sấy tiêu", beneficiary="HTX Ea Kar", place="xã Ea Kar"),
        ["II", "Đào tạo nghề, truyền nghề", *[None] * 4, 100, None, 100],
        project(1, "Dệt thổ cẩm", total=100, local=100, own=None, beneficiary="30 lao động", content="Lớp dệt"),
        [None, "TỔNG CỘNG (I+II)", *[None] * 4, "1.538,5", None, 800, "738,5"],
        [],
        [None, None, "Đắk Lắk, ngày 02 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, None, "KT. GIÁM ĐỐC"],
        [None, "Nguyễn Văn A", None, None, None, None, "Trần Thị B"],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.totals == {
        "total": 1_538_500_000,
        "national": 0,
        "local": 800 * M,
        "counterpart": 738_500_000,
        "other": 0,
    }
    assert [(row.name, row.kind, row.place["commune"] and row.place["commune"].name) for row in checked.rows] == [
        ("Hỗ trợ ứng dụng máy sấy cà phê", "machinery", "Ea Kly"),
        ("Ứng dụng lò sấy tiêu", "machinery", "Ea Kar"),
        ("Dệt thổ cẩm", "vocational_training", "Ea Kly"),
    ]
    assert [row.implementer for row in checked.rows] == [centre.pk] * 3
    assert [[one.name for one in row.helped] for row in checked.rows] == [
        ["Công ty TNHH Cà phê Ban Mê"],
        ["HTX Ea Kar"],
        [],
    ]


def test_a_head_of_two_rows_with_the_money_merged_over_its_sources_is_read(province, commune, centre):
    checked = check(
        province,
        ["BIỂU TỔNG HỢP"],
        *TWO_ROWS,
        project(total=700, national=300, local=80),
        merges=[((1, 6), (1, 10)), *(((1, n), (2, n)) for n in (0, 1, 2, 3, 4, 5, 11, 12))],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.totals == {
        "total": 700 * M,
        "national": 300 * M,
        "local": 80 * M,
        "counterpart": 320 * M,
        "other": 0,
    }


def test_heads_of_groups_in_one_merged_cell_and_places_as_heads_are_told_from_projects(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["A. Đề án chuyển tiếp"],
        ["I. Hỗ trợ xây dựng mô hình trình diễn kỹ thuật"],
        ["Xã Ea Kar"],
        project(1, "Sản xuất gạch không nung", place=None),
        ["Xã Ea Kly"],
        project(2, "Sản xuất viên nén", place=None),
        merges=[((5, 0), (5, 12)), ((6, 0), (6, 12))],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert [(row.name, row.kind, row.place["commune"].name) for row in checked.rows] == [
        ("Sản xuất gạch không nung", "demonstration", "Ea Kar"),
        ("Sản xuất viên nén", "demonstration", "Ea Kly"),
    ]


def test_a_group_numbered_by_figures_with_dotted_projects_is_a_group(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["1", "Máy móc thiết bị", *[None] * 4, 1240, None, 600, 640],
        project("1.1", "Máy rang cà phê"),
        project("1.2", "Máy bóc vỏ tiêu"),
        ["Cộng", None, *[None] * 4, 1240],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert [row.name for row in checked.rows] == ["Máy rang cà phê", "Máy bóc vỏ tiêu"]


def test_beneficiaries_below_a_merged_title_belong_to_one_group_project(province, commune, centre):
    rows = [
        project(1, "Đề án nhóm: máy sấy nông sản", beneficiary="HTX Một", total=500, local=200, own=300),
        project(None, None, implementer=None, beneficiary="HTX Hai", place="Xã Ea Kar", total=400, local=100, own=300),
        project(2, "Máy rang", beneficiary="Cơ sở Ba"),
    ]
    checked = check(province, *UNIT, ISSUE, *rows, merges=[((5, 0), (6, 0)), ((5, 1), (6, 1)), ((5, 2), (6, 2))])

    assert (checked.errors, checked.warnings) == ([], [])
    group, single = checked.rows
    assert (group.total, group.facts["form"], group.place["commune"]) == (900 * M, "group", None)
    assert [(one.name, one.commune.name, one.support["local"]) for one in group.helped] == [
        ("HTX Một", "Ea Kly", 200 * M),
        ("HTX Hai", "Ea Kar", 100 * M),
    ]
    assert (single.total, single.facts["form"]) == (620 * M, "single")


def test_money_in_dong_is_told_by_the_line_above_or_by_the_head(province, commune, centre):
    dong = project(total="620.000.000", local=300_000_000, own="320.000.000 đ")
    heads = [f"{head} (đồng)" if head in ("Tổng kinh phí", "KCĐP", "Đối ứng") else head for head in ISSUE]

    thousand = project(total="620.000", local=300_000, own="320.000")
    for rows in (
        [["ĐVT: đồng"], ISSUE, dong],
        [heads, dong],
        [["Đơn vị tính: 1.000 đồng"], ISSUE, thousand],
        [["ĐVT: 1.000đ"], ISSUE, thousand],
    ):
        checked = check(province, *rows)
        assert (checked.errors, checked.warnings, checked.totals["total"]) == ([], [], 620 * M)


@pytest.mark.parametrize(("times", "unit"), [(1, "triệu đồng"), (M, "đồng")])
def test_a_unit_that_is_not_written_is_taken_from_the_size_and_said(province, commune, centre, times, unit):
    checked = check(province, ISSUE, project(total=620 * times, local=300 * times, own=320 * times))

    told = f"Tệp không ghi đơn vị tiền; theo độ lớn của các con số, hiểu là {unit}."
    assert (checked.totals["total"], reasons(checked.warnings)) == (620 * M, [(1, "G", told)])


def test_a_unit_that_cannot_be_told_is_refused_and_may_be_chosen(province, commune, centre):
    rows = [ISSUE, project(total=620_000, local=300_000, own=320_000)]

    with pytest.raises(Invalid) as refusal:
        check(province, *rows)
    assert "không ghi đơn vị tiền" in str(refusal.value)
    assert check(province, *rows, unit=1_000).totals["total"] == 620 * M


def test_two_units_in_one_table_are_refused(province, commune, centre):
    heads = [
        "Tổng kinh phí (triệu đồng)" if h == "Tổng kinh phí" else "KCĐP (đồng)" if h == "KCĐP" else h for h in ISSUE
    ]

    with pytest.raises(Invalid) as refusal:
        check(province, heads, project())

    assert "nhiều đơn vị tiền khác nhau" in str(refusal.value)


def test_a_subtotal_that_is_wrong_by_one_is_named_with_both_numbers(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["I", "Máy móc", *[None] * 4, 1240, None, 601],
        project(1),
        project(2, "Máy rang"),
    )

    assert (checked.errors, checked.totals["total"]) == ([], 1240 * M)
    assert reasons(checked.warnings) == [
        (6, "I", "“Máy móc” ghi 601.000.000 đồng, các dòng cộng lại 600.000.000 đồng, lệch 1.000.000 đồng."),
    ]


def test_a_total_that_is_wrong_by_one_dong_is_named(province, commune, centre):
    checked = check(
        province,
        ["ĐVT: đồng"],
        ISSUE,
        project(1, total=620 * M, local=300 * M, own=320 * M),
        [None, "Tổng cộng", *[None] * 4, 620 * M, None, 300 * M, "319.999.999"],
    )

    assert reasons(checked.warnings) == [
        (4, "J", "“Tổng cộng” ghi 319.999.999 đồng, các dòng cộng lại 320.000.000 đồng, lệch -1 đồng."),
    ]


def test_sources_that_do_not_make_the_total_are_a_fault_naming_the_difference(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, total=621),
        project(2, "Máy rang", own=None),
        project(3, "Máy nghiền", total=None),
    )

    assert verdicts(checked) == ["faulty", "faulty", "new"]
    assert reasons(checked.errors) == [
        (6, "G", "Tổng kinh phí ghi 621.000.000 đồng, các nguồn cộng lại 620.000.000 đồng, lệch 1.000.000 đồng."),
        (7, "J", "Tổng kinh phí ghi 620.000.000 đồng, các nguồn cộng lại 300.000.000 đồng, lệch 320.000.000 đồng. Ô này để trống."),
    ]  # fmt: skip
    assert reasons(checked.warnings) == [(8, "G", "Ô tổng để trống; các nguồn cộng lại 620.000.000 đồng.")]
    assert checked.totals["total"] == 620 * M


def test_each_faulty_cell_is_named(province, commune, centre):
    elsewhere = ProvinceFactory(code="68", name="Lâm Đồng", full_name="Tỉnh Lâm Đồng")
    CommuneFactory(province=elsewhere, name="Hòa Thắng", full_name="Xã Hòa Thắng")
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, None),
        project(2, "Máy A", implementer=None),
        project(3, "Máy B", total="ba trăm"),
        project(4, "Máy C", place="Xã Hòa Thắng, tỉnh Lâm Đồng"),
        project(5, "Máy D", total=None, local=None, own=None),
        project(6, "Máy E", local=-300, total=20),
        project(7, "Máy F", total=620_000_000, local=300_000_000, own=320_000_000),
    )

    assert verdicts(checked) == ["faulty"] * 7
    assert [(row, column) for row, column, _reason in reasons(checked.errors)] == [
        (6, "B"), (7, "C"), (8, "G"), (9, "E"), (10, "G"), (11, "I"), (12, "G"), (12, "I"), (12, "J")
    ]  # fmt: skip
    assert checked.totals == dict.fromkeys(("total", "national", "local", "counterpart", "other"), 0)


def test_what_kind_a_project_is_is_never_guessed(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, "Đề án số 1", content=None),
        project(2, "May công nghiệp", content="lớp 30 người"),
        project(3, "Tham gia hội chợ tại Hà Nội", content=None),
    )

    assert [row.kind for row in checked.rows] == [None, None, "fair_participation"]
    assert [(row, column) for row, column, _reason in reasons(checked.warnings)] == [(6, "B"), (7, "B")]


@pytest.mark.parametrize("time", ["29/02/2026", "Năm 2569", "01/02/2026 - 31/02/2026", "Quý V/2026"])
def test_a_time_that_cannot_be_is_told_and_kept_as_it_was_written(province, commune, centre, time):
    checked = check(province, *UNIT, ISSUE, project(time=time))

    [row] = checked.rows
    assert (row.facts["starts_on"], row.facts["ends_on"]) == (None, None)
    assert row.facts["content"].endswith(f"Thời gian: {time}")
    [told] = [reason for row, column, reason in reasons(checked.warnings) if (row, column) == (6, "L")]
    assert f"hời gian “{time}”" in told and "giữ nguyên chữ trong nội dung đề án." in told
