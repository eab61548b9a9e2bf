import datetime as dt
import io

import openpyxl
import pytest

from khuyencong.base.errors import Invalid
from khuyencong.contracts import imports
from khuyencong.contracts.models import Voucher
from tests.factories.contracts import VoucherFactory
from tests.factories.projects import BeneficiaryFactory

from .conftest import MILLION, day

pytestmark = pytest.mark.django_db

HEAD = "TT\tKý hiệu\tSố hoá đơn\tNgày chứng từ\tNội dung chi\tBên bán\tMã số thuế\tSố tiền"
LINE = "1\t1C26TTN\t118\t25/06/2026\tMáy sấy\tCơ khí Tây Nguyên\t0100233488\t300.000.000"


@pytest.fixture
def running(case):
    c = case()
    c.running()
    return c.project


def told(found):
    return [(f"{imports.cell_name(f.row, f.column)}", f.reason) for f in found.faults]


def test_a_pasted_list_becomes_rows(running):
    found = imports.read_list(running, source="local", text=f"{HEAD}\n{LINE}\n")

    [row] = found.rows
    assert (row.on, row.content, row.amount, row.source, row.kind) == (
        day(6, 25),
        "Máy sấy",
        300 * MILLION,
        "local",
        "invoice",
    )
    assert (row.symbol, row.number, row.seller_tax_code, row.where) == ("1C26TTN", "118", "0100233488", "H2")
    assert (found.faults, found.total) == ([], 300 * MILLION)
    assert Voucher.objects.count() == 0


def test_a_line_that_two_sources_pay_becomes_two_rows(running):
    head = "Số\tNgày\tNội dung\tMST\tTổng số\tKCĐP\tĐối ứng"
    found = imports.read_list(
        running, source="local", text=f"{head}\n118\t25/06/2026\tMáy\t0100233488\t620000000\t300000000\t320000000"
    )

    assert [(row.source, row.amount, row.where) for row in found.rows] == [
        ("local", 300 * MILLION, "F2"),
        ("counterpart", 320 * MILLION, "G2"),
    ]
    assert found.by_source == [("Khuyến công địa phương", 300 * MILLION), ("Đối ứng", 320 * MILLION)]


def test_every_fault_of_a_line_is_told_at_once(running):
    head = "Số\tNgày\tNội dung\tMST\tSố tiền\tNguồn"
    lines = ("118\t30/12/2026\t\t0100233487\t-5\tKCĐP", "119\t29/02/2026\tMáy\t0100233488\t7000000\tabc")

    found = imports.read_list(running, source="local", text="\n".join((head, *lines)))

    assert [cell for cell, _why in told(found)] == ["B2", "C2", "D2", "E2", "B3", "F3"]
    assert told(found)[0][1] == "ngày 30/12/2026 chưa tới."


@pytest.mark.parametrize(
    ("typed", "source"),
    [("Đối ứng", "counterpart"), ("vốn tự có", "counterpart"), ("", "local"), ("NSNN", "local"), ("abc", None)],
)
def test_a_source_that_nobody_knows_is_not_taken_for_the_chosen_one(running, typed, source):
    head = "Số\tNgày\tNội dung\tMST\tSố tiền\tNguồn"
    line = f"118\t25/06/2026\tMáy\t0100233488\t7000000\t{typed}"

    found = imports.read_list(running, source="local", text=f"{head}\n{line}")

    if source:
        assert ([row.source for row in found.rows], found.faults) == ([source], [])
    else:
        assert told(found) == [("F2", "“abc” không phải tên nguồn: ghi KCQG, KCĐP, Đối ứng hoặc Nguồn khác.")]


def test_whose_voucher_it_is_stands_in_a_column_beside_the_money_of_both_sources(running):
    [helped] = running.beneficiaries.all()
    head = "Số\tNgày\tNội dung\tMST\tĐơn vị thụ hưởng\tKCĐP\tĐối ứng"
    line = "118\t25/06/2026\tMáy\t0100233488\t{name}\t300000000\t320000000"

    found = imports.read_list(running, source="local", text=f"{head}\n{line.format(name=str(helped).upper())}")

    assert found.faults == []
    assert [(row.source, row.amount, row.beneficiary) for row in found.rows] == [
        ("local", 300 * MILLION, helped),
        ("counterpart", 320 * MILLION, helped),
    ]
    wrong = imports.read_list(running, source="local", text=f"{head}\n{line.format(name='HTX Nào Đó')}")
    assert told(wrong) == [("E2", "“HTX Nào Đó” không phải đơn vị thụ hưởng của đề án này.")]


@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("An", "“An” không phải đơn vị thụ hưởng của đề án này."),  # part of a word is no name
        ("Minh Phát", "Đề án có nhiều đơn vị thụ hưởng mang tên “Minh Phát”; hãy ghi đủ tên."),
        ("Công ty Cổ phần Minh Phát", "Công ty Cổ phần Minh Phát"),
        ("HTX Tân Phong", "HTX Tân Phong Xanh"),
        ("Cơ sở Rạng Đông", "HTX Tân Phong Xanh"),  # as it was called before
    ],
)
def test_whose_voucher_it_is_is_told_by_whole_words_and_never_guessed(running, typed, whose):
    for name in ("Công ty Cổ phần Minh Phát", "HTX Minh Phát", "HTX Tân Phong Xanh"):
        one = BeneficiaryFactory(project=running, approved=True, establishment__name=name)
        one.establishment.former = "Cơ sở Rạng Đông" if "Xanh" in name else ""
        one.establishment.save()
    head = "Số\tNgày\tNội dung\tMST\tĐơn vị thụ hưởng\tKCĐP\tĐối ứng"

    found = imports.read_list(
        running, source="local", text=f"{head}\n118\t25/06/2026\tMáy\t0100233488\t{typed}\t300000000\t0"
    )

    assert [*(str(row.beneficiary) for row in found.rows), *(reason for _cell, reason in told(found))] == [whose]


def test_money_under_the_head_of_the_form_is_the_counterpart_s(running):
    head = "Số\tNgày\tNội dung\tMST\tKCĐP\tĐơn vị thụ hưởng"

    found = imports.read_list(
        running, source="local", text=f"{head}\n118\t25/06/2026\tMáy\t0100233488\t300000000\t320000000"
    )

    assert [(row.source, row.amount) for row in found.rows] == [
        ("local", 300 * MILLION),
        ("counterpart", 320 * MILLION),
    ]


def test_a_column_that_is_not_read_is_told(running):
    found = imports.read_list(running, source="local", text=f"{HEAD}\tTiền tự có\n{LINE}\t320.000.000\n")

    assert found.faults == []
    assert [fault.reason for fault in found.warnings] == ["Không hiểu cột “Tiền tự có” nên không đọc."]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("22,5 triệu", 22_500_000), ("300 trđ", 300_000_000), ("1.500.000 đồng", 1_500_000), ("1.500.000", 1_500_000)],
)
def test_an_amount_that_names_its_unit_is_in_that_unit(running, written, amount):
    [row] = imports.read_list(running, source="local", text=f"{HEAD}\n{LINE.replace('300.000.000', written)}").rows

    assert row.amount == amount


def test_each_fault_is_named_by_its_cell(running):
    VoucherFactory(number="7")
    lines = [
        LINE.replace("300.000.000", "ba trăm"),
        LINE.replace("25/06/2026", "31/06/2026"),
        LINE.replace("25/06/2026", "31/12/2025"),
        LINE.replace("\t118\t", "\t7\t"),
        LINE.replace("300.000.000", "0").replace("118", "119"),
    ]

    found = imports.read_list(running, source="local", text="\n".join([HEAD, *lines]))

    other = Voucher.objects.get()
    assert told(found) == [
        ("H2", "“ba trăm” không phải là số."),
        ("D3", "“31/06/2026” không phải là ngày có thật."),
        ("D4", "chứng từ ngày 31/12/2025 ngoài năm ngân sách 2026 nên không quyết toán được."),
        ("C5", f"hoá đơn 1C26TTN 7 đã có trong đề án {other.project.code}."),
        ("H6", "số tiền phải lớn hơn 0."),
    ]


def test_an_amount_in_the_wrong_unit_is_asked_about_in_its_cell_until_somebody_is_sure(running):
    much, few = LINE.replace("300.000.000", "620.000.001"), LINE.replace("300.000.000", "300").replace("118", "119")
    text = f"{HEAD}\n{LINE.replace('118', '117').replace('300.000.000', '620.000.000')}\n{much}\n{few}"

    faults = told(imports.read_list(running, source="local", text=text))

    assert [cell for cell, _reason in faults] == ["H3", "H4"]
    assert faults[0][1].startswith(
        "số tiền 620.000.001 đồng lớn hơn tổng kinh phí của cả đề án (620.000.000 đồng). Có nhầm"
    )
    assert faults[1][1].startswith("số tiền chỉ 300 đồng. Có nhầm đơn vị tính")
    assert imports.read_list(running, source="local", text=text, sure=True).faults == []


def test_a_formula_that_came_to_nothing_is_named_by_its_cell(running):
    found = imports.read_list(running, source="local", text=f"{HEAD}\n{LINE.replace('Máy sấy', '#REF!')}")

    [(_cell, reason)] = told(found)
    assert (reason, found.rows) == ("Ô chứa lỗi của Excel: #REF!.", [])


def test_a_wrong_tax_code_is_named_by_its_own_cell_once(running):
    head = "Số\tNgày\tNội dung\tMST\tKCĐP\tĐối ứng"
    text = f"{head}\n118\t25/06/2026\tMáy\t0100233489\t3000\t3100"

    found = imports.read_list(running, source="local", text=text)

    assert told(found) == [("D2", "Mã số thuế 0100233489 không đúng số kiểm tra. Hãy xem lại từng chữ số.")]


def book(*rows):
    made = openpyxl.Workbook()
    made.active.title = "Mẫu 8a"
    made.active.append(["Ngày", "Nội dung", "Số", "MST", "Số tiền"])
    for row in rows:
        made.active.append(row)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def test_the_nought_that_excel_takes_from_a_tax_code_is_put_back(running):
    data = book([dt.datetime(2026, 6, 25), "Máy sấy", 118, 100233488, 3_000])

    found = imports.read_list(running, source="local", data=data, name="bang-ke.xlsx")

    assert ([row.seller_tax_code for row in found.rows], found.faults) == (["0100233488"], [])


def test_the_workbook_comes_back_with_the_faults_in_its_cells(running):
    data = book([dt.datetime(2026, 6, 25), "Máy sấy", 118, "0100233489", 3_000])
    found = imports.read_list(running, source="local", data=data, name="bang-ke.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(imports.marked(found, data=data, name="bang-ke.xlsx")))["Mẫu 8a"]

    marks = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert marks == {"D2": "Mã số thuế 0100233489 không đúng số kiểm tra. Hãy xem lại từng chữ số."}
    assert sheet["B2"].value == "Máy sấy"


def test_a_pasted_list_comes_back_as_a_workbook_too(running):
    found = imports.read_list(running, source="local", text=f"{HEAD}\n{LINE.replace('300.000.000', 'ba')}")

    sheet = openpyxl.load_workbook(io.BytesIO(imports.marked(found))).active

    assert {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment} == {
        "H2": "“ba” không phải là số."
    }
    assert [cell.value for cell in sheet[1]][:3] == ["TT", "Ký hiệu", "Số hoá đơn"]


def test_titles_groups_and_totals_are_no_vouchers_and_a_wrong_total_is_named(running):
    text = "\n".join(
        [
            "BẢNG KÊ CHỨNG TỪ ĐỀ NGHỊ QUYẾT TOÁN (Mẫu 8a)",
            "",
            HEAD,
            "(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)\t(8)",
            "I\t\t\t\tMáy móc",
            LINE,
            "\t\t\t\tTổng cộng\t\t\t310.000.000",
        ]
    )

    found = imports.read_list(running, source="local", text=text)

    assert [row.where for row in found.rows] == ["H6"]
    assert [(w.row, w.reason) for w in found.warnings] == [
        (6, "Dòng tổng ghi 310.000.000 đồng, các dòng cộng lại 300.000.000 đồng.")
    ]


def test_sources_that_do_not_make_the_sum_are_named(running):
    head = "Số\tNgày\tNội dung\tMST\tSố tiền\tKCĐP\tĐối ứng"
    found = imports.read_list(running, source="local", text=f"{head}\n118\t25/06/2026\tMáy\t0100233488\t620\t300\t310")

    assert told(found) == [("E2", "Các nguồn cộng lại 610 đồng, cột tổng ghi 620 đồng.")]


def test_a_workbook_is_read_and_what_was_previewed_is_what_is_confirmed(running):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ngày", "Nội dung", "Số", "MST", "Số tiền (triệu đồng)", "Nguồn"])
    sheet.append([dt.datetime(2026, 6, 25), "Máy sấy", 118, "0100233488", 300.5, "Đối ứng"])
    data = io.BytesIO()
    book.save(data)

    found = imports.read_list(running, source="local", data=data.getvalue(), name="bang-ke.xlsx")
    again = imports.read_list(running, source="local", text=found.text)

    assert [(r.amount, r.source, r.number) for r in found.rows] == [(300_500_000, "counterpart", "118")]
    assert again.rows == found.rows


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("Phiếu chi", "cash"), ("Ủy nhiệm chi", "transfer"), ("Danh sách ký nhận", "receipt_list"), ("", "other")],
)
def test_other_vouchers_are_known_by_their_words(running, typed, kind):
    text = f"Loại chứng từ\tNgày\tNội dung\tSố tiền\n{typed}\t25/06/2026\tTiền ăn\t1000"

    assert imports.read_list(running, source="local", text=text).rows[0].kind == kind


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("", "pasted", "Hãy dán bảng kê hoặc chọn tệp."),
        (f"{HEAD}\n", "pasted", "Bảng kê chưa có dòng nào."),
        ("Ngày\tNội dung\n25/06/2026\tMáy", "pasted", "Bảng kê không có cột số tiền."),
        (
            f'{HEAD}\n25/06/2026\t"{"Máy sấy" * 20_000}',
            "pasted",
            "Bảng dán có dấu ngoặc kép không đóng. Hãy gửi bảng kê bằng tệp Excel.",
        ),
    ],
)
def test_what_is_no_list_says_so(running, text, field, sentence):
    with pytest.raises(Invalid) as refusal:
        imports.read_list(running, source="local", text=text)
    assert refusal.value.fields == {field: sentence}


def test_a_head_that_cannot_be_found_is_named(running):
    with pytest.raises(Invalid, match="không có dòng tiêu đề với các cột: “Ngày chứng từ”, “Nội dung chi”"):
        imports.read_list(running, source="local", text="a\tb\n1\t2")
