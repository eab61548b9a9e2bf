"""Sheets typed in the fonts of before Unicode, whole or cell by cell."""

import pytest

from khuyencong.base.workbook import read
from tests.base.test_text import as_tcvn3, as_vni
from tests.base.test_workbook import xlsx


def test_old_fonts_are_read_and_words_right_in_both_worlds_follow_the_sheet():
    def fill(book):
        sheet = book.add_worksheet("A")
        for row, text in enumerate(["C¬ së s¶n xuÊt", "Hé kinh doanh NguyÔn V¨n A", "x· §øc LËp", "bé", "ABC 12"]):
            sheet.write(row, 0, text)

    [sheet] = read(xlsx(fill), "tcvn3.xlsx")

    assert [row[0] for row in sheet.rows] == [
        "Cơ sở sản xuất",
        "Hộ kinh doanh Nguyễn Văn A",
        "xã Đức Lập",
        "bộ",
        "ABC 12",
    ]
    assert sheet.encoding == "TCVN3"


OLD_PLAN = (
    ["Tên đề án", "Địa điểm", "KCĐP"],
    ["Hỗ trợ ứng dụng máy sấy cà phê", "Xã Ea Kly", 100],
    ["Hỗ trợ máy xay xát", "bộ", 200],
    ["Xây dựng mô hình trình diễn kỹ thuật", "Xã Đức Lập", 300],
)


def typed_as(font, rows, *, modern=()):
    def fill(book):
        sheet = book.add_worksheet("A")
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                keep = not isinstance(value, str) or (line, column) in modern
                sheet.write(line, column, value if keep else font(value))

    return xlsx(fill)


@pytest.mark.parametrize("font", [as_tcvn3, as_vni])
def test_one_cell_in_unicode_leaves_no_cell_of_an_old_font_unread(font):
    [sheet] = read(typed_as(font, OLD_PLAN, modern={(3, 1)}), "cu.xlsx")

    assert [row[:2] for row in sheet.rows] == [row[:2] for row in OLD_PLAN]
    assert sheet.rows[0][2] == "KCĐP"


def test_a_doubtful_cell_of_a_mixed_sheet_is_told_with_sheet_row_and_column():
    [sheet] = read(typed_as(as_tcvn3, OLD_PLAN, modern={(0, 0)}), "cu.xlsx")

    assert sheet.rows[2][1] == "bộ"
    assert [(doubt.sheet, doubt.row, doubt.column, doubt.reason) for doubt in sheet.doubts] == [
        (
            "A",
            2,
            1,
            "Trang tính lẫn chữ Unicode và phông TCVN3 (ABC): ô này đọc là “bộ”, cũng có thể là “bé”. Hãy kiểm tra, gõ lại bằng "
            "Unicode nếu sai.",
        )
    ]


def test_a_cell_in_unicode_among_old_ones_is_known_by_the_words_of_the_sheet():
    rows = [*OLD_PLAN, ["Xã", "Xã Ea Kly", 1]]

    [sheet] = read(typed_as(as_tcvn3, rows, modern={(3, 1), (4, 0), (4, 1)}), "cu.xlsx")

    assert sheet.rows[4][:2] == ["Xã", "Xã Ea Kly"]


@pytest.mark.parametrize("font", [as_tcvn3, as_vni])
def test_names_of_other_tongues_are_read_in_the_font_of_the_sheet(font):
    rows = [*OLD_PLAN, ["Hỗ trợ máy dệt", "Xã Đak Sơmei", 1]]

    [sheet] = read(typed_as(font, rows, modern={(3, 1)}), "cu.xlsx")

    assert sheet.rows[4][1] == "Xã Đak Sơmei"


def test_a_cell_that_cannot_be_read_is_told_and_a_square_metre_is_not():
    rows = [*OLD_PLAN, ["Xã La Dêê", "Nhà 100 m²", 1]]

    [sheet] = read(typed_as(as_tcvn3, rows, modern={(3, 1), (4, 1)}), "cu.xlsx")

    assert [(doubt.row, doubt.column, doubt.reason) for doubt in sheet.doubts if doubt.row == 4] == [
        (4, 0, "Không đọc được chữ của ô này (phông TCVN3 (ABC)): “X· La Dªª”. Hãy gõ lại bằng Unicode.")
    ]


def test_one_old_cell_in_a_sheet_of_unicode_makes_no_other_doubtful():
    rows = [["Tên"], *[[f"Cơ sở chế biến số {n}"] for n in range(30)], ["bé"], ["Hỗ trợ máy sấy"]]
    modern = {(n, 0) for n in range(32)}

    [sheet] = read(typed_as(as_tcvn3, rows, modern=modern), "moi.xlsx")

    assert (sheet.rows[31], sheet.rows[32], sheet.doubts) == (["bé"], ["Hỗ trợ máy sấy"], [])


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [("KCÑP", "KCĐP"), ("KC§P", "KCĐP"), ("QÑ-UBND", "QĐ-UBND"), ("PEÑA", "PEÑA"), ("§ 12", "§ 12")],
)
def test_initials_of_an_old_font_are_read_alone(typed, read_as):
    [sheet] = read(f"Tên;{typed}\n1;2\n".encode(), "a.csv")

    assert sheet.rows[0][1] == read_as


def test_a_sheet_in_unicode_is_left_alone():
    [sheet] = read("Tên;Số\nCơ sở Bé;1.438,5\nHé;2\n".encode(), "a.csv")

    assert sheet.rows == [["Tên", "Số"], ["Cơ sở Bé", "1.438,5"], ["Hé", "2"]]
    assert sheet.encoding is None
