"""Tables of plans in old fonts and old files, with holes, and many: what was typed is what is counted."""

# ruff: noqa: F811
import datetime as dt
import io
import random

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khuyencong.base.errors import Invalid
from khuyencong.base.workbook import marked
from khuyencong.norms.enums import ProjectKind
from khuyencong.plans import imports
from khuyencong.plans.imports import words
from khuyencong.plans.imports.periods import period_of
from tests.base.test_text import as_vni
from tests.factories.places import ProvinceFactory
from tests.plans.given import ISSUE, UNIT, M, book, centre, check, commune, project, province, verdicts  # noqa: F401

pytestmark = pytest.mark.django_db


def xls(rows, encode=str):
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("KH")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, encode(value) if isinstance(value, str) else value)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_an_old_file_in_a_vni_font_is_read_as_any_other(province, commune, centre):
    rows = [
        *UNIT,
        ISSUE,
        ["I", "Hỗ trợ máy móc thiết bị", *[None] * 4, 1240, None, 600, 640],
        project(1),
        project(2, "Máy rang"),
    ]

    checked = imports.check_plan(xls(rows, as_vni), name="kh.xls", province=province, year=2026, level="provincial")

    assert (checked.errors, checked.warnings) == ([], [])
    assert [(row.name, row.place["commune"].name, row.implementer) for row in checked.rows] == [
        ("Hỗ trợ ứng dụng máy sấy cà phê", "Ea Kly", centre.pk),
        ("Máy rang", "Ea Kly", centre.pk),
    ]


def test_columns_in_another_order_with_other_words_and_several_sheets_are_read(province, commune, centre):
    head = [
        "STT",
        "Địa bàn thực hiện",
        "Danh mục đề án",
        "Chủ đề án",
        "Kinh phí KCĐP (triệu đồng)",
        "Vốn đối ứng (triệu đồng)",
    ]
    checked = check(province, head, [1, "Xã Ea Kly", "Máy rang cà phê", centre.name, "300,5", "1.319,5"])

    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.totals == {"total": 1620 * M, "national": 0, "local": 300_500_000, "counterpart": 1_319_500_000, "other": 0}  # fmt: skip


def test_one_column_of_support_is_the_money_of_the_level(province, commune, centre):
    head = ["TT", "Tên đề án", "Đơn vị thực hiện", "Kinh phí hỗ trợ (triệu đồng)", "Đối ứng (triệu đồng)"]
    rows = [head, [1, "Máy rang", centre.name, 300, 320]]

    assert check(province, *rows).totals["local"] == 300 * M
    assert check(province, *rows, level="national").totals["national"] == 300 * M


def test_names_one_a_line_ditto_marks_and_an_unnamed_giver_are_understood(province, commune, centre):
    several = project(1, beneficiary="1. Công ty TNHH Một\n2. HTX Hai; - Cơ sở Ba", total=630, other=10)
    ditto = project(2, "Máy rang", implementer="-nt-", place='"')

    checked = check(province, *UNIT, ISSUE, several, ditto)

    assert checked.errors == []
    assert [one.name for one in checked.rows[0].helped] == ["Công ty TNHH Một", "HTX Hai", "Cơ sở Ba"]
    assert [(row.implementer, row.place["commune"]) for row in checked.rows] == [(centre.pk, commune)] * 2
    assert [fault.as_json()["column"] for fault in checked.warnings] == ["K"]


def test_a_dash_or_a_plus_inside_a_name_is_part_of_it(province, commune, centre):
    beneficiary = "- Công ty TNHH Sản xuất - Thương mại Ban Mê\n2) HTX A+ (cơ sở 1) Ea Kly"
    checked = check(province, *UNIT, ISSUE, project(1, beneficiary=beneficiary))

    assert [one.name for one in checked.rows[0].helped] == [
        "Công ty TNHH Sản xuất - Thương mại Ban Mê",
        "HTX A+ (cơ sở 1) Ea Kly",
    ]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("15/03/2026 - 30/10/2026", (dt.date(2026, 3, 15), dt.date(2026, 10, 30))),
        ("Từ ngày 15/3/2026 đến ngày 30/10/2026", (dt.date(2026, 3, 15), dt.date(2026, 10, 30))),
        ("Từ 15/03/2026", (dt.date(2026, 3, 15), None)),
        ("Đến 30/10/2026", (None, dt.date(2026, 10, 30))),
        ("31/02/2026 - 30/10/2026", (None, None)),
        ("30/10/2026 - 29/10/2026", (None, None)),
    ],
)
def test_a_time_may_name_its_days(written, days):
    assert period_of(written, 2026) == days


@pytest.mark.parametrize("amount", [1e30, "9" * 40])
def test_a_number_that_no_plan_can_hold_is_a_faulty_cell(province, commune, centre, amount):
    row = project(1)
    row[6] = amount
    rows = [*UNIT, ISSUE, ["I", "Hỗ trợ máy móc thiết bị", *[None] * 4, 1240, None, 600, 640], row]

    checked = imports.check_plan(book(*rows), name="kh.xlsx", province=province, year=2026, level="provincial")

    assert [fault.reason for fault in checked.errors] == [f"“{amount}” là số quá lớn."]


@pytest.mark.parametrize(("broken", "letter"), [(6, "G"), (4, "E"), (5, "F")])
def test_a_broken_formula_is_a_faulty_cell_and_no_empty_one(province, commune, centre, broken, letter):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    page = made.add_worksheet("KH")
    for number, cells in enumerate(
        [*UNIT, ISSUE, ["I", "Hỗ trợ máy móc thiết bị"], project(1), project(2, "Máy rang")]
    ):
        for column, value in enumerate(cells):
            if value is not None:
                page.write(number, column, value)
    last = number
    page.write_formula(last, broken, "=A1/0", None, "#DIV/0!")
    made.close()

    checked = imports.check_plan(out.getvalue(), name="kh.xlsx", province=province, year=2026, level="provincial")

    assert [fault.as_json() for fault in checked.errors] == [
        {"sheet": "KH", "row": last + 1, "column": letter, "reason": "Ô chứa lỗi của Excel: #DIV/0!."}
    ]


def test_the_faults_come_back_in_the_cells_of_the_same_workbook(province, commune, centre):
    data = book(*UNIT, ISSUE, project(1, total=1))
    checked = imports.check_plan(data, name="kh.xlsx", province=province, year=2026, level="provincial")

    assert marked(data, checked.errors, name="kh.xlsx").startswith(b"PK")


@pytest.mark.parametrize("rows", [[["a", "b"], [1, 2]], [["Tên đề án", "Đơn vị thực hiện"], ["Máy", "X"]], [ISSUE]])
def test_what_holds_no_table_of_projects_is_refused_in_a_sentence(province, rows):
    with pytest.raises(Invalid):
        check(province, *rows)


AMOUNT = st.integers(0, 900_000)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, st.booleans(), st.integers(0, 19)), min_size=1, max_size=12),
    vietnamese=st.booleans(),
)
def test_the_sums_of_accepted_rows_are_those_of_what_was_typed(province, commune, centre, typed, vietnamese):
    """Thousandths of a million typed as numbers or as "1.438,5"; some rows with a wrong total, some cells empty."""

    def cell(thousandths):
        if not vietnamese:
            return thousandths / 1000
        whole, rest = divmod(thousandths, 1000)
        return f"{whole:,}".replace(",", ".") + (f",{rest:03}" if rest else ",0")

    rows, accepted = [], [0, 0, 0]
    for number, (national, local, own, wrong, hole) in enumerate(typed, start=1):
        total = national + local + own + wrong
        row = project(
            number, f"Máy số {number}", total=cell(total), national=cell(national), local=cell(local), own=cell(own)
        )
        if hole == 0:
            row[2] = None
        rows.append(row)
        if total and not wrong and hole:
            accepted = [a + b * 1000 for a, b in zip(accepted, (national, local, own), strict=True)]

    checked = check(province, *UNIT, ISSUE, *rows)

    sums = checked.totals
    assert [sums["national"], sums["local"], sums["counterpart"]] == accepted
    assert sums["total"] == sum(accepted)
    assert checked.counts["rows"] == len(typed)


def test_empty_cells_never_hide_a_row_or_its_neighbours(province, commune, centre):
    """One cell in twenty is empty: every row is still counted, and none is read otherwise than its cells say."""
    choose = random.Random(20260302)
    rows = [project(n, f"Máy chế biến số {n}", beneficiary=f"Cơ sở Số {n}") for n in range(1, 201)]
    for row in rows:
        for column in range(len(row)):
            if choose.random() < 0.05:
                row[column] = None

    checked = check(province, *UNIT, ISSUE, *rows)

    sound = [
        row for row in rows if row[1] and row[2] and (row[6] is None or (row[8] and row[9])) and (row[8] or row[9])
    ]
    assert checked.counts["rows"] == 200
    assert [row.number for row in checked.rows] == list(range(6, 206))
    assert checked.totals["local"] == sum((row[8] or 0) * M for row in sound)
    assert checked.counts["faulty"] == 200 - len(sound)


@pytest.mark.slow
def test_five_thousand_rows_are_read_each_as_its_own_project(province, commune, centre):
    rows = [project(n, f"Máy chế biến số {n}", beneficiary=f"Cơ sở Số {n}") for n in range(1, 5_001)]
    data = book(*UNIT, ISSUE, *rows)

    checked = imports.check_plan(data, name="kh.xlsx", province=province, year=2026, level="provincial")

    assert (checked.counts["new"], checked.errors) == (5_000, [])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Đào tạo nghề may công nghiệp", ProjectKind.VOCATIONAL_TRAINING),
        ("Tập huấn quản lý cho cơ sở", ProjectKind.TRAINING_EVENT),
        ("Tham quan, khảo sát học tập kinh nghiệm", ProjectKind.STUDY_VISIT),
        ("Xây dựng mô hình trình diễn kỹ thuật sản xuất gạch bằng dây chuyền mới", ProjectKind.DEMONSTRATION),
        ("Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến cà phê", ProjectKind.MACHINERY),
        ("Ho tro ung dung may moc thiet bi", ProjectKind.MACHINERY),
        ("Hỗ trợ đánh giá sản xuất sạch hơn", ProjectKind.CLEANER_ASSESSMENT),
        ("Tổ chức bình chọn sản phẩm công nghiệp nông thôn tiêu biểu", ProjectKind.VOTING),
        ("Tổ chức gian hàng tham gia hội chợ triển lãm", ProjectKind.FAIR_PARTICIPATION),
        ("Tham gia hội chợ, triển lãm ở nước ngoài", ProjectKind.FAIR_ABROAD),
        ("Xây dựng, đăng ký nhãn hiệu", ProjectKind.BRAND),
        ("Tư vấn thiết kế bao bì", ProjectKind.CONSULTING),
        ("Xây dựng chương trình truyền hình khuyến công", ProjectKind.MEDIA),
        ("Xử lý ô nhiễm môi trường tại cụm công nghiệp", ProjectKind.CLUSTER_POLLUTION),
        ("Nâng cao năng lực quản lý và tổ chức thực hiện hoạt động khuyến công", ProjectKind.CAPACITY),
        ("may say ca phe", None),
        ("Hội chợ năm 2026", None),
        ("Đề án số 5", None),
    ],
)
def test_the_words_of_a_title_tell_its_kind(title, kind):
    assert words.kind_of(title) == kind


def test_a_heading_of_several_kinds_tells_none():
    both = "Hỗ trợ xây dựng mô hình trình diễn kỹ thuật, chuyển giao công nghệ và ứng dụng máy móc tiên tiến"

    assert words.kind_of_heading(both) is None
    assert words.kind_of_heading("Hỗ trợ ứng dụng máy móc thiết bị") == ProjectKind.MACHINERY


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Năm 2026", "2026-01-01 2026-12-31"),
        ("Tháng 3-11/2026", "2026-03-01 2026-11-30"),
        ("03/2026 - 02/2027", "2026-03-01 2027-02-28"),
        ("Quý II-IV/2026", "2026-04-01 2026-12-31"),
        ("tháng 4 đến tháng 9", "2026-04-01 2026-09-30"),
        ("2026-2027", "2026-01-01 2027-12-31"),
        ("sau khi có vốn", "None None"),
        ("Tháng 13-14/2026", "None None"),
    ],
)
def test_the_time_of_a_project_is_read_where_it_is_clear(text, period):
    assert " ".join(map(str, period_of(text, 2026))) == period


# ---- one project over several rows ----

SHARED = {"total": 1240, "local": 600, "own": 640, "beneficiary": None, "place": None}
PARTED = {
    "no titles": [(None, None, "HTX Một"), (None, None, "HTX Hai")],
    "dashes": [(None, "- Máy sấy", "HTX Một"), (None, "- Máy rang", "HTX Hai")],
    "dashes that name them": [(None, "- HTX Một", None), (None, "- HTX Hai", None)],
    "letters": [("a", "HTX Một", None), ("b)", "HTX Hai", None)],
    "dotted numbers": [("1.1", "Máy sấy", "HTX Một"), ("1.2", "Máy rang", "HTX Hai")],
}


@pytest.mark.parametrize("rows", PARTED.values(), ids=PARTED)
@pytest.mark.parametrize("carried", [None, "Trung tâm Khuyến công Đắk Lắk"])
def test_rows_that_divide_a_group_project_are_not_counted_twice(province, commune, centre, rows, carried):
    own = [project(number, title, implementer=carried, beneficiary=name, place=None) for number, title, name in rows]

    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, "Đề án nhóm: máy sấy, máy rang", **SHARED),
        *own,
        project(2, "Máy bóc vỏ tiêu"),
        ["Tổng cộng", *[None] * 5, 1860, None, 900, 960],
    )

    assert checked.errors == []
    assert [(row.name, row.total) for row in checked.rows] == [
        ("Đề án nhóm: máy sấy, máy rang", 1240 * M),
        ("Máy bóc vỏ tiêu", 620 * M),
    ]
    assert [(one.name, one.support["local"]) for one in checked.rows[0].helped] == [
        ("HTX Một", 300 * M),
        ("HTX Hai", 300 * M),
    ]


def test_parts_that_do_not_make_their_project_are_named_with_both_numbers(province, commune, centre):
    rows = [
        project(1, "Đề án nhóm: máy sấy", **SHARED | {"place": "Xã Ea Kly"}),
        project(None, "- HTX Một", implementer=None, beneficiary=None, total=620, local=300, own=320),
        project(None, "- HTX Hai", implementer=None, beneficiary=None, total=621, local=301, own=320),
    ]

    checked = check(province, *UNIT, ISSUE, *rows)

    assert checked.totals["local"] == 600 * M
    assert [fault.reason for fault in checked.warnings] == [
        f"“Đề án nhóm: máy sấy” ghi {printed} đồng, các dòng cộng lại {given} đồng, lệch -1.000.000 đồng."
        for printed, given in (("1.240.000.000", "1.241.000.000"), ("600.000.000", "601.000.000"))
    ]


def test_several_beneficiaries_and_places_in_one_cell_are_told_apart(province, commune, centre):
    rows = [
        project(1, "Máy sấy", beneficiary="1. HTX Một\n2. Cơ sở Hai", place="Xã Ea Kly\nXã Ea Kar"),
        project(2, "Máy rang", beneficiary="HTX Ba, HTX Bốn và Cơ sở Năm Sáu, Bảy", place="Thôn 3,\nXã Ea Kly"),
    ]

    first, second = check(province, *UNIT, ISSUE, *rows).rows

    assert [(one.name, one.commune.name) for one in first.helped] == [("HTX Một", "Ea Kly"), ("Cơ sở Hai", "Ea Kar")]
    assert (first.place["commune"], second.place["commune"].name) == (None, "Ea Kly")
    assert [one.name for one in second.helped] == ["HTX Ba", "HTX Bốn", "Cơ sở Năm Sáu, Bảy"]


# ---- what was not read is said ----


def test_another_province_named_as_a_whole_is_a_fault_and_ones_own_is_none(province, commune, centre):
    ProvinceFactory(code="56", name="Khánh Hòa", full_name="Tỉnh Khánh Hòa")
    rows = [
        project(1, "Máy sấy", place="tỉnh Khánh Hòa"),
        project(2, "Máy rang", place="trên địa bàn tỉnh Đắk Lắk"),
        project(3, "Máy xay", place="Toàn tỉnh"),
    ]

    checked = check(province, *UNIT, ISSUE, *rows)

    assert [fault.reason for fault in checked.errors] == [
        "“tỉnh Khánh Hòa” thuộc Tỉnh Khánh Hòa, không thuộc Tỉnh Đắk Lắk."
    ]
    assert checked.warnings == []


def test_columns_and_sheets_that_were_not_read_are_named(province, commune, centre):
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    table, other, hidden = (workbook.add_worksheet(name) for name in ("KH", "Phụ lục", "Nháp"))
    for page in (table, hidden):
        for number, row in enumerate([*UNIT, [*ISSUE, "Mã số"], [*project(1), "A1"]]):
            page.write_row(number, 0, row)
    for number in range(3):
        other.write_row(number, 0, ["Họ tên", "Chức vụ", "Điện thoại"])
    hidden.hide()
    workbook.close()

    checked = imports.check_plan(out.getvalue(), name="kh.xlsx", province=province, year=2026, level="provincial")

    assert len(checked.rows) == 1
    assert [(fault.sheet, fault.reason) for fault in checked.warnings] == [
        ("KH", "Không hiểu cột “Mã số” nên không đọc."),
        (
            "Phụ lục",
            "Trang tính này không được đọc. Trang tính “Phụ lục” không có dòng tiêu đề với các cột: “Tên đề án”.",
        ),
        ("Nháp", "Trang tính đang ẩn nên không được đọc."),
    ]


def test_a_table_whose_projects_are_called_content_is_read(province, commune, centre):
    head = ["TT", "Nội dung", "Đơn vị thực hiện", "Địa điểm", "KCĐP (triệu đồng)", "Đối ứng (triệu đồng)"]

    checked = check(province, head, [1, "Máy rang cà phê", centre.name, "Xã Ea Kly", 300, 320])

    assert [row.name for row in checked.rows] == ["Máy rang cà phê"]


def test_money_with_commas_that_may_be_thousands_is_said(province, commune, centre):
    rows = [project(1, total="620,000", local="300,000", own="320,000")]

    checked = check(province, *UNIT, ISSUE, *rows)

    assert checked.totals["total"] == 620 * M
    assert [fault.reason for fault in checked.warnings] == [
        "“620,000” đọc là 620,000 triệu đồng vì dấu phẩy ngăn phần thập phân. Nếu dấu phẩy ngăn hàng nghìn, "
        "hãy định dạng ô là số hoặc gõ dấu chấm."
    ]


def test_a_column_of_support_says_which_source_it_was_taken_for(province, commune, centre):
    head = ["TT", "Tên đề án", "Đơn vị thực hiện", "Kinh phí hỗ trợ (triệu đồng)", "Đối ứng (triệu đồng)"]

    checked = check(province, head, [1, "Máy rang", centre.name, 300, 320], [2, "Máy xay", centre.name, 300, 320])

    assert [fault.reason for fault in checked.warnings] == [
        "Bảng không tách nguồn hỗ trợ; theo cấp kế hoạch, cột này hiểu là Khuyến công địa phương."
    ]


# ---- what an officer does not expect ----


@pytest.mark.parametrize("amounts", [{"total": None, "local": 0, "own": None}, {"total": 0, "local": 0, "own": 0}])
def test_a_project_of_no_money_is_a_faulty_row_with_or_without_its_total(province, commune, centre, amounts):
    found = check(province, *UNIT, ISSUE, project(**amounts))

    assert [fault.reason for fault in found.errors] == ["Không có số tiền nào."]


@pytest.mark.parametrize(
    ("time", "days"),
    [
        ("Quý I đến quý III", (dt.date(2026, 1, 1), dt.date(2026, 9, 30))),
        ("T3-T11/2026", (dt.date(2026, 3, 1), dt.date(2026, 11, 30))),
        ("từ tháng 3 đến hết tháng 11", (dt.date(2026, 3, 1), dt.date(2026, 11, 30))),
        ("Cả năm", (dt.date(2026, 1, 1), dt.date(2026, 12, 31))),
        ("01/3-30/11/2026", (dt.date(2026, 3, 1), dt.date(2026, 11, 30))),
    ],
)
def test_times_as_offices_write_them_are_understood(province, commune, centre, time, days):
    row = check(province, *UNIT, ISSUE, project(time=time)).rows[0]

    assert (row.facts["starts_on"], row.facts["ends_on"]) == days


def test_a_day_that_excel_keeps_as_a_number_is_told_as_a_day_and_a_day_that_is_none_is_said_to_be_none(
    province, commune, centre
):
    found = check(province, *UNIT, ISSUE, project(time=46082), project(2, "Máy B", time="31/11/2026"))

    assert [warning.reason for warning in found.warnings] == [
        "Không hiểu thời gian “01/03/2026”; giữ nguyên chữ trong nội dung đề án. Muốn theo dõi hạn, ghi như “3/2026 - 11/2026”.",
        "Thời gian “31/11/2026” có ngày không có thật; giữ nguyên chữ trong nội dung đề án. Hãy sửa ngày.",
    ]
