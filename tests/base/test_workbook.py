import datetime as dt
import io
import re
import struct
import unicodedata
import zipfile

import msoffcrypto.format.ooxml as ooxml
import openpyxl
import pytest
import xlsxwriter
import xlwt

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.text import TONES
from khuyencong.base.workbook import (
    Column,
    Fault,
    Sheet,
    Unreadable,
    day,
    find_header,
    marked,
    number,
    read,
    tables,
    text_of,
)

PLAN = [
    Column("title", ["Tên đề án", "Nội dung đề án"], required=True),
    Column("implementer", ["Đơn vị thực hiện"], required=True),
    Column("place", ["Địa điểm", "Địa điểm thực hiện"]),
    Column("total", ["Tổng kinh phí", "Tổng số", "Tổng cộng"], required=True),
    Column("national", ["KCQG", "Khuyến công quốc gia"]),
    Column("local", ["KCĐP", "Khuyến công địa phương"]),
    Column("counterpart", ["Đối ứng", "Vốn đối ứng"]),
]


def xlsx(fill):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book)
    book.close()
    return out.getvalue()


def plan_book():
    def fill(book):
        sheet = book.add_worksheet("Kế hoạch")
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:H1", "KẾ HOẠCH KHUYẾN CÔNG NĂM 2024", bold)
        sheet.write("A2", "(Kèm theo Quyết định số 12/QĐ-UBND)")
        sheet.merge_range("A4:A5", "TT", bold)
        sheet.merge_range("B4:B5", "Tên\nđề án", bold)
        sheet.merge_range("C4:C5", "Đơn vị thực hiện", bold)
        sheet.merge_range("D4:D5", "Địa điểm", bold)
        sheet.merge_range("E4:H4", "Kinh phí (triệu đồng)", bold)
        sheet.write_row("E5", ["Tổng số", "KCQG", "KCĐP", "Đối ứng"], bold)
        sheet.write_row("A6", ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"])
        sheet.write_row("A7", ["I", "Đề án điểm"])
        sheet.write_row("A8", [1, "Hỗ trợ máy móc", "Trung tâm", "xã Ea Kly", "1.438,5", 300, None, 1138.5])
        sheet.write_formula("E9", "=E8", None, 1438.5)

    return xlsx(fill)


def refusal(data, name="plan.xlsx"):
    with pytest.raises(Invalid) as error:
        read(data, name)
    return error.value.fields["file"]


def test_a_workbook_is_read_from_its_first_cell():
    [sheet] = read(plan_book(), "plan.xlsx")

    assert sheet.name == "Kế hoạch"
    assert sheet.rows[7] == [1.0, "Hỗ trợ máy móc", "Trung tâm", "xã Ea Kly", "1.438,5", 300.0, None, 1138.5]
    assert sheet.cell(8, 4) == 1438.5
    assert sheet.cell(99, 0) is None
    assert ((3, 4), (3, 7)) in sheet.merged


def test_the_header_is_found_by_meaning_under_titles_over_two_rows_and_merged_cells():
    [sheet] = read(plan_book(), "plan.xlsx")

    header = find_header(sheet, PLAN)

    assert (header.first, header.last, header.start) == (3, 4, 6)
    assert header.columns == {
        "title": 1,
        "implementer": 2,
        "place": 3,
        "total": 4,
        "national": 5,
        "local": 6,
        "counterpart": 7,
    }
    assert header.titles[5] == "Kinh phí (triệu đồng) / KCQG"
    assert header.value(sheet.rows[7], "national") == 300.0
    assert header.value(sheet.rows[7], "unknown") is None


def test_the_order_of_columns_does_not_matter():
    sheet = Sheet("A", [["Tong kinh phi", "ĐƠN VỊ THỰC HIỆN", "TÊN ĐỀ ÁN/NHIỆM VỤ"], [1.0, "TT", "Máy"]])

    assert find_header(sheet, PLAN).columns == {"title": 2, "implementer": 1, "total": 0}


def test_a_missing_column_is_named():
    sheet = Sheet("Bảng", [["Tên đề án", "Đơn vị thực hiện"], ["Máy", "TT"]])

    with pytest.raises(Invalid) as error:
        find_header(sheet, PLAN)

    assert error.value.fields == {"file": "Trang tính “Bảng” không có dòng tiêu đề với các cột: “Tổng kinh phí”."}


def test_an_old_workbook_is_read():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Cũ")
    sheet.write_merge(0, 0, 0, 2, "DANH SÁCH")
    sheet.write(1, 0, "Tên")
    sheet.write(2, 0, dt.date(2019, 3, 5), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write(2, 1, 1438.5)
    out = io.BytesIO()
    book.save(out)

    [sheet] = read(out.getvalue(), "cũ.xls")

    assert sheet.rows[0][0] == "DANH SÁCH"
    assert sheet.rows[2][:2] == [dt.date(2019, 3, 5), 1438.5]
    assert day(sheet.rows[2][0]) == dt.date(2019, 3, 5)


FAILURES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def old_book(fill):
    book = xlwt.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_failed_in_a_new_workbook_is_named_in_its_cell():
    def fill(book):
        book.add_worksheet("Trống")
        sheet = book.add_worksheet("Lỗi")
        for row, text in enumerate(FAILURES.values()):
            sheet.write_formula(row, 1, "=A1", value=text)
        sheet.write_boolean(0, 0, True)

    [_empty, sheet] = read(xlsx(fill), "a.xlsx")

    assert [row[1] for row in sheet.rows] == list(FAILURES.values())
    assert sheet.rows[0][0] is True


def test_what_failed_in_an_old_workbook_is_named_in_its_cell():
    def fill(book):
        book.add_sheet("Trống")
        sheet = book.add_sheet("Lỗi")
        for row, number_ in enumerate(FAILURES):
            sheet.row(row).set_cell_error(1, number_)
        sheet.row(0).set_cell_boolean(0, True)
        sheet.write(0, 2, 12)

    [_empty, sheet] = read(old_book(fill), "a.xls")

    assert [row[1] for row in sheet.rows] == list(FAILURES.values())
    assert (sheet.rows[0][0], sheet.rows[0][2]) == (True, 12)


@pytest.mark.parametrize(
    ("result", "told"), [(b"\x02\0\x07\0\0\0\xff\xff", "#DIV/0!"), (struct.pack("<d", 12.5), 12.5)]
)
def test_a_formula_of_an_old_workbook_is_what_came_of_it(result, told):
    data = old_book(lambda book: book.add_sheet("A").write(3, 2, xlwt.Formula("1/0")))
    at = data.index(struct.pack("<HH", 3, 2)) + 6  # row, column, style, then the result

    [sheet] = read(data[:at] + result + data[at + 8 :], "a.xls")

    assert sheet.rows[3][2] == told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_read_in_any_unicode(encoding):
    [sheet] = read("Mã,Tên\n01,Đắk Lắk\n".encode(encoding), "a.csv")

    assert sheet.rows == [["Mã", "Tên"], ["01", "Đắk Lắk"]]


def test_an_empty_file_is_refused():
    assert refusal(b"") == "Tệp “plan.xlsx” không có nội dung."


def test_what_is_no_workbook_is_refused():
    sentence = "Tệp “plan.xlsx” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv."
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")

    assert refusal(out.getvalue()) == sentence
    assert refusal(b"a\0b", "a.csv").startswith("Tệp “a.csv” không phải bảng tính.")


@pytest.mark.parametrize("cut", [100, 1000, -30])
def test_a_damaged_workbook_is_refused(cut):
    assert refusal(plan_book()[:cut]).startswith("Tệp “plan.xlsx” bị hỏng")


def test_a_damaged_old_workbook_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls").startswith("Tệp “a.xls” bị hỏng")


def test_a_workbook_with_broken_content_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plan_book())) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            after.writestr(part, b"<broken" if part.endswith("sheet1.xml") else before.read(part))

    assert refusal(out.getvalue()).startswith("Tệp “plan.xlsx” bị hỏng")


def test_a_workbook_with_a_password_is_refused():
    out = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(plan_book())).encrypt("mật khẩu", out)

    assert refusal(out.getvalue()) == "Tệp “plan.xlsx” đặt mật khẩu. Hãy bỏ mật khẩu trong Excel rồi gửi lại."


def test_what_unpacks_to_much_more_than_it_weighs_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (21 * 1024**2))

    assert refusal(out.getvalue()).startswith("Tệp “plan.xlsx” giải nén ra quá lớn")


def test_what_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(workbook.limits, "MAX_UNPACKED", 2000)

    assert refusal(plan_book()).startswith("Tệp “plan.xlsx” giải nén ra quá lớn")


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(workbook.limits, "MAX_BYTES", 1024**2)

    assert refusal(b"PK" + b"0" * 1024**2) == "Tệp “plan.xlsx” lớn hơn 1 MB. Hãy chia thành nhiều tệp."


@pytest.mark.parametrize(("row", "column"), [(0, 16_383), (1_048_575, 0)])
def test_a_cell_far_out_is_refused_before_the_grid_is_made(row, column):
    data = xlsx(lambda book: book.add_worksheet("A").write(row, column, 1))

    assert "quá lớn: nhiều nhất 200000 dòng và 200 cột" in refusal(data)


def test_empty_cells_far_out_that_only_have_a_colour_do_no_harm():
    def fill(book):
        sheet = book.add_worksheet("A")
        sheet.write(0, 0, "Tên")
        sheet.write_blank(0, 16_383, None, book.add_format({"bold": True}))

    [sheet] = read(xlsx(fill), "plan.xlsx")

    assert sheet.rows[0][0] == "Tên"


def test_faults_are_marked_in_the_workbook_that_was_sent():
    faults = [Fault("Kế hoạch", 7, 4, "Không phải là số."), Fault("Kế hoạch", 4, 0, "Ô gộp."), Fault("Lạ", 0, 0, "x")]

    book = openpyxl.load_workbook(io.BytesIO(marked(plan_book(), faults)))

    sheet = book["Kế hoạch"]
    assert sheet["E8"].value == "1.438,5"
    assert sheet["E8"].comment.text == "Không phải là số."
    assert sheet["E8"].fill.start_color.rgb == "FFF4C7C3"
    assert sheet["A4"].comment.text == "Ô gộp."
    assert sheet["E9"].value == "=E8"
    assert sheet["B8"].comment is None


def test_an_old_workbook_comes_back_as_a_new_one_with_its_faults_marked():
    data = "Mã;Tên\n01;=1+1\n".encode()

    book = openpyxl.load_workbook(io.BytesIO(marked(data, [Fault("a.csv", 1, 0, "Sai mã.")], name="a.csv")))

    [sheet] = book.worksheets
    assert sheet["A2"].value == "01"
    assert sheet["A2"].comment.text == "Sai mã."
    assert sheet["B2"].value == "=1+1"
    assert sheet["B2"].data_type == "s"


def test_a_long_workbook_comes_back_with_the_faulty_rows_only():
    data = "Mã;Tên\n1;A\n2;B\n3;C\n".encode()
    faults = [Fault("a.csv", 2, 0, "Sai mã."), Fault("a.csv", 2, 1, "Thiếu tên.")]

    [sheet] = read(marked(data, faults, name="a.csv", limit=3), "faults.xlsx")

    assert sheet.rows == [
        ["Dòng", "Lỗi", "A", "B"],
        [3.0, "A3: Sai mã.; B3: Thiếu tên.", "2", "B"],
    ]
    assert len(read(marked(data, faults, name="a.csv", limit=4), "faults.xlsx")[0].rows) == 4


def typed(*rows):
    """A workbook as programs write it that reckon no formula."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def rewritten(data, pattern, put):
    """The workbook with its first sheet changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content, changed = re.subn(pattern, put, content)
                assert changed
            new.writestr(part, content)
    return out.getvalue()


def test_formulas_that_were_saved_without_a_value_are_named_and_not_taken_for_empty():
    [sheet] = read(typed(["Tên đề án", "KCQG", "KCĐP"], ["Máy sấy", "=50+50", "=A1"]), "a.xlsx")

    with pytest.raises(Unreadable) as refused:
        number(sheet.cell(1, 1))
    assert str(refused.value) == "Ô chứa công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi gửi lại."
    assert text_of(sheet.cell(1, 2)) == ""


def test_a_formula_whose_result_is_empty_text_is_an_empty_cell():
    data = rewritten(
        typed(["Tên", "Số"], ["Máy sấy", "x"]),
        rb'<c r="B2" t="inlineStr">.*?</c>',
        b'<c r="B2" t="str"><f>""</f><v></v></c>',
    )

    [sheet] = read(data, "a.xlsx")

    assert number(sheet.cell(1, 1)) is None


def test_a_csv_file_in_the_vietnamese_code_page_of_windows_is_read():
    text = "Tên đề án;Địa điểm\nĐào tạo nghề dệt thổ cẩm;xã Ân Hảo Đông\nĐỔI MỚI MÁY MÓC;Phường Ỷ La\n"
    spelled = ""
    for letter in text:  # the code page has ă, â, ê, ô, ơ, ư, đ, and each tone as a mark of its own
        apart = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in apart if mark in TONES]
        spelled += unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES)) + "".join(tones)

    [sheet] = read(spelled.encode("cp1258"), "a.csv")

    assert sheet.rows == [line.split(";") for line in text.splitlines()]


def test_a_merged_range_over_the_whole_sheet_does_no_harm():
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
    data = rewritten(typed(["Tên", "Số"], ["Máy", "x"]), b"</sheetData>", merged)

    back = marked(data, [Fault("Sheet", 1, 1, "sai")], name="a.xlsx")

    assert openpyxl.load_workbook(io.BytesIO(back)).active["B2"].comment.text == "sai"


def test_rows_and_columns_that_are_hidden_are_read_and_told():
    def fill(book):
        sheet = book.add_worksheet("A")
        for line, cells in enumerate([["Tên", "Số"], ["Máy sấy", 1], ["Máy ép", 2], ["Máy dệt", 3]]):
            sheet.write_row(line, 0, cells)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    told = []

    [(sheet, _header)] = tables(
        xlsx(fill), "a.xlsx", [Column("name", ["Tên"], required=True), Column("size", ["Số"])], passed=told
    )

    assert sheet.rows[2] == ["Máy ép", 2]
    assert [(fault.row, fault.column, fault.reason) for fault in told] == [
        (2, 0, "1 dòng đang ẩn vẫn được đọc: 3. Xoá khỏi tệp nếu không nhập."),
        (0, 1, "Cột “Số” đang ẩn vẫn được đọc."),
    ]


def test_a_head_may_be_asked_for_whole_under_others_or_without_a_word():
    columns = [
        Column("name", ["Tên"], required=True),
        Column("money", ["=Kinh phí"]),
        Column("spent", ["KCĐP"], under=["Quyết toán"]),
        Column("closed", ["Quyết toán"], never=["ngày"]),
    ]
    rows = [["Tên", "Kinh phí khác", "Kinh phí", "KCĐP", "KCĐP quyết toán", "Ngày quyết toán"], ["Máy", 1, 2, 3, 4, 5]]

    assert find_header(Sheet("A", rows), columns).columns == {"name": 0, "money": 2, "spent": 4}


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a"])
def test_lines_of_cells_are_read_under_any_name(name):
    [sheet] = read("Mã;Tên\n01;Đắk Lắk\n".encode(), name)

    assert sheet.rows == [["Mã", "Tên"], ["01", "Đắk Lắk"]]


@pytest.mark.parametrize(
    "data", [b"hello", b"hello\n", b"<html><table>", b"%PDF-1.7", b'{"a": 1}', b"abc\x00def", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_table_is_refused_under_any_name(data):
    with pytest.raises(Invalid, match="không phải bảng tính|không có ô để đọc|là trang web"):
        read(data, "a.xlsx")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.ods", b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "bảng tính LibreOffice"),
        ("a.xls", b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table></table></html>", "trang web"),
        ("a.xls", b"%PDF-1.7\n%\xe2\xe3", "PDF, không có ô để đọc"),
        ("a.xlsx", b"\xff\xd8\xff\xe0\x00\x10JFIF", "ảnh, không có ô để đọc"),
        (
            "a.xls",
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "bảng tính XML",
        ),
    ],
)
def test_what_was_sent_instead_of_a_workbook_is_named_with_what_to_do(name, data, told):
    if data.startswith(b"PK"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        data = out.getvalue()

    sentence = refusal(data, name)

    assert told in sentence and "Hãy" in sentence


def test_a_table_on_a_hidden_sheet_alone_is_said_to_be_hidden():
    book = openpyxl.Workbook()
    book.active.title = "Bìa"
    page = book.create_sheet("Dữ liệu")
    page.append(["TT", "Tên cơ sở"])
    page.append([1, "Cơ sở A"])
    page.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(Invalid) as told:
        tables(out.getvalue(), "a.xlsx", [Column("name", ("Tên cơ sở",), required=True)])

    assert str(told.value) == "Bảng nằm ở trang tính “Dữ liệu” đang ẩn. Hãy bỏ ẩn trang tính này rồi gửi lại."
