"""The main facts of a project file in Word: found by meaning, each with its place; what is missing is named."""

import datetime as dt
import io
import unicodedata

import docx
import pytest

from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans.imports import word
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitSuccessionFactory

pytestmark = pytest.mark.django_db

M = 1_000_000


def file_of(*blocks) -> bytes:
    """A .docx of paragraphs (texts) and tables (lists of rows)."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block), cols=len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):  # ``table.cell`` counts all cells anew for each
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(*blocks):
    return word.read(file_of(*blocks), "de-an.docx")


def taken(found):
    return {key: (fact.value, fact.where) for key, fact in found.facts.items()}


ESTIMATE = [
    ["TT", "Nội dung chi", "ĐVT", "Số lượng", "Tổng kinh phí", "KCQG", "Đối ứng"],
    ["I", "Máy móc", "", "", "1.400", "300", "1.100"],
    ["1", "Máy rang", "máy", "2", "1.000", "300", "700"],
    ["2", "Máy xay", "máy", "1", "400", "", "400"],
    ["II", "Chi khác", "", "", "38,5", "", "38,5"],
    ["1", "Lắp đặt", "lần", "1", "38,5", "-", "38,5"],
    ["", "Tổng cộng", "", "", "1.438,5", "300", "1.138,5"],
]


def test_sentences_with_labels_are_read_wherever_they_stand():
    found = read(
        "ĐỀ ÁN KHUYẾN CÔNG NĂM 2027",
        "Thời gian thực hiện: từ tháng 3 năm 2027 đến hết tháng 11 năm 2027.",
        "1. Đơn vị thực hiện: Trung tâm Khuyến công Đắk Lắk, địa chỉ: 12 Nguyễn Tất Thành. MST: 6000111222",
        "2. Đơn vị thụ hưởng: Công ty TNHH Cà phê Ea Kly",
        "- Mã số thuế: 6001234567",
        "Tên đề án: “Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến cà phê”.",
        "Nội dung hỗ trợ: đầu tư máy rang 120 kg/mẻ.",
    )

    assert taken(found) == {
        "title": ("Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến cà phê", "Đoạn 6"),
        "year": (2027, "Đoạn 1"),
        "starts_on": (dt.date(2027, 3, 1), "Đoạn 2"),
        "ends_on": (dt.date(2027, 11, 30), "Đoạn 2"),
        "implementer": ("Trung tâm Khuyến công Đắk Lắk", "Đoạn 3"),
        "beneficiary": ("Công ty TNHH Cà phê Ea Kly", "Đoạn 4"),
        "tax_code": ("6001234567", "Đoạn 5"),
        "kind": (ProjectKind.MACHINERY, "Đoạn 6"),
        "content": ("đầu tư máy rang 120 kg/mẻ", "Đoạn 7"),
    }
    assert found.facts["tax_code"].note == "Tệp còn ghi mã số thuế khác: 6000111222."


def test_the_same_facts_in_a_table_of_two_columns_have_their_row():
    found = read([["Tên đề án", "Máy rang cà phê"], ["Chủ đầu tư", "HTX Thành Công"], ["Năm kế hoạch", "2027"]])

    assert {key: taken(found)[key] for key in ("title", "beneficiary", "year")} == {
        "title": ("Máy rang cà phê", "Bảng 1, dòng 1"),
        "beneficiary": ("HTX Thành Công", "Bảng 1, dòng 2"),
        "year": (2027, "Bảng 1, dòng 3"),
    }


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        (
            "Tổng kinh phí 1.438,5 triệu đồng, trong đó KCQG 300 triệu đồng, đối ứng 1.138,5 triệu đồng.",
            {"total": 1_438_500_000, "national": 300 * M, "counterpart": 1_138_500_000},
        ),
        (
            "Tổng kinh phí: 1.438.500.000 đồng; khuyến công địa phương: 300.000.000 đồng",
            {"total": 1_438_500_000, "local": 300 * M},
        ),
        ("Tổng mức đầu tư: 1 tỷ 438 triệu đồng", {"total": 1_438 * M}),
        ("Kinh phí KCQG (triệu đồng): 300", {}),  # a bare number of a line is no amount
        ("Kinh phí khuyến công quốc gia hỗ trợ tối đa 500 triệu đồng", {}),
        ("Trong đó: 300 triệu đồng từ KCQG, 100 triệu đồng đối ứng", {}),  # the words follow: not ours to guess
    ],
)
def test_money_in_a_sentence_is_read_with_its_unit_or_not_at_all(sentence, amounts):
    found = read(sentence)

    assert {
        key: found.value(key) for key in ("total", "national", "local", "counterpart") if found.value(key)
    } == amounts


@pytest.mark.parametrize(
    ("sentence", "support", "named"),
    [
        ("Tổng kinh phí: 500 triệu đồng, trong đó kinh phí khuyến công hỗ trợ 200 triệu đồng", 200 * M, True),
        ("Tổng kinh phí 500.000.000 đồng; đề nghị kinh phí khuyến công hỗ trợ 200.000.000 đồng.", 200 * M, True),
        ("Tổng kinh phí thực hiện đề án khuyến công: 500 triệu đồng", None, False),
        ("Tổng kinh phí 500 triệu đồng, trong đó KCĐP 200 triệu đồng", None, False),
    ],
)
def test_support_without_its_source_is_shown_and_its_source_asked(sentence, support, named):
    found = read(sentence)

    assert (found.value("total"), found.value("support")) == (500 * M, support)
    assert ("Kinh phí khuyến công là quốc gia hay địa phương" in found.missing) is named


@pytest.mark.parametrize(
    ("head", "amount", "dong"),
    [("Số tiền (triệu đồng)", "1.438,5", 1_438_500_000), ("Số tiền (đồng)", "1.438.500.000", 1_438_500_000)],
)
def test_money_in_a_table_of_sources_takes_the_unit_of_its_head(head, amount, dong):
    found = read([["Nguồn", head], ["Khuyến công quốc gia", amount], ["Đối ứng", amount]])

    assert taken(found)["national"] == (dong, "Bảng 1, dòng 2, cột 2")
    assert found.value("level") == Level.NATIONAL


def test_money_without_a_unit_is_not_taken_and_the_place_is_told():
    found = read([["Nguồn", "Số tiền"], ["Khuyến công quốc gia", "300"]])

    assert found.value("national") is None
    assert found.notes == ["Bảng 1, dòng 2, cột 2: “Khuyến công quốc gia | 300” không ghi đơn vị tiền nên không lấy."]


def test_the_estimate_gives_its_lines_without_the_sums_of_groups():
    found = read("Đơn vị tính: triệu đồng", ESTIMATE)

    assert [(line["content"], line["quantity"], line["national"], line["counterpart"]) for line in found.lines] == [
        ("Máy rang", 2, 300 * M, 700 * M),
        ("Máy xay", 1, 0, 400 * M),
        ("Lắp đặt", 1, 0, 38_500_000),
    ]
    assert taken(found)["national"] == (300 * M, "Bảng 1, dòng 7, cột 6")
    assert (found.value("total"), found.lines_where, found.notes) == (1_438_500_000, "Bảng 1", [])


def test_the_unit_of_a_sentence_above_a_table_is_not_that_of_the_table():
    found = read(
        "Khuyến công địa phương: 200.000.000 đồng (Hai trăm triệu đồng)",
        "ĐVT: đồng",
        [["Nội dung chi", "KCĐP", "Đối ứng"], ["Máy ép gạch", "200.000.000", "2.150.000.000"]],
    )

    assert [(line["local"], line["counterpart"]) for line in found.lines] == [(200 * M, 2_150 * M)]
    assert (found.value("local"), found.facts["local"].note) == (200 * M, "")


def test_an_estimate_that_does_not_add_up_says_so():
    wrong = [*ESTIMATE[:-1], ["", "Tổng cộng", "", "", "1.438,5", "310", "1.128,5"]]

    found = read("Đơn vị tính: triệu đồng", wrong)

    assert found.notes == ["Bảng 1: các dòng cộng lại khác dòng tổng cộng. Hãy kiểm tra dự toán."]


def test_two_amounts_for_one_source_are_both_told():
    found = read("Kinh phí KCQG: 300 triệu đồng", "Kinh phí KCQG là 310 triệu đồng")

    assert (found.value("national"), found.facts["national"].note) == (
        300 * M,
        "Chỗ khác trong tệp ghi: 310.000.000 đồng.",
    )


EIGHT = (
    ("I. Đơn vị thực hiện, đơn vị thụ hưởng, địa điểm", "Trung tâm và cơ sở."),
    ("II. Sự cần thiết và căn cứ của đề án", "Máy cũ."),
    ("III. Mục tiêu", "1. Tăng công suất."),
    ("IV. Quy mô đề án", "Một dây chuyền."),
    ("V. Nội dung và tiến độ thực hiện", "1. Mua máy.\n2. Hiệu quả từng bước."),
    ("VI. Dự toán kinh phí", "Theo bảng."),
    ("VII. Tổ chức thực hiện", "Ký hợp đồng."),
    ("VIII. Hiệu quả của đề án", "Thêm việc làm."),
)


def test_the_eight_parts_are_told_by_their_headings():
    found = read(*(text for pair in EIGHT for text in pair))

    assert {number: fact.value for number, fact in found.parts.items()} == {
        number: text for number, (_heading, text) in enumerate(EIGHT, start=1)
    }
    assert (found.parts[3].where, found.parts[3].told) == ("Đoạn 5", "III. Mục tiêu")


def test_what_the_file_does_not_say_stays_empty_and_is_named():
    found = read("Tên đề án: Máy rang cà phê", "I. Mục tiêu", "Tăng.", "II. Hiệu quả", "Tốt.")

    assert set(found.facts) == {"title", "kind"}
    assert found.missing == [
        "Năm kế hoạch",
        "Đơn vị thực hiện",
        "Đơn vị thụ hưởng",
        "Mã số thuế của đơn vị thụ hưởng",
        "Địa điểm",
        "Bắt đầu",
        "Kết thúc",
        "Nội dung, quy mô",
        "Tổng kinh phí",
        "Đối ứng",
        "Kinh phí khuyến công đề nghị hỗ trợ",
        "Dự toán theo dòng và nguồn",
        "Phần 1. Đơn vị thực hiện, thụ hưởng, phối hợp; địa điểm",
        "Phần 2. Sự cần thiết và căn cứ",
        "Phần 4. Quy mô, những điểm nổi bật",
        "Phần 5. Nội dung và tiến độ",
        "Phần 6. Dự toán kinh phí",
        "Phần 7. Tổ chức thực hiện",
    ]


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Hỗ trợ máy sấy nông sản tại xã Ea Kly, tỉnh Đắk Lắk", "xã Ea Kly, tỉnh Đắk Lắk"),
        ("Sản xuất tại chỗ: máy sấy tại thị trấn Phước An, H. Krông Pắc.", "thị trấn Phước An, H. Krông Pắc"),
        ("Hỗ trợ máy móc tại X. Ea Kly", "X. Ea Kly"),
        ("Hỗ trợ máy móc cho Công ty Ea Kly", None),
        ("Hỗ trợ máy rang tại cơ sở sản xuất", None),
    ],
)
def test_a_place_that_only_the_title_names_is_proposed_to_be_looked_at(title, place):
    found = read(f"Tên đề án: {title}", "Đơn vị thụ hưởng: HTX Thành Công")

    fact = found.facts.get("place")
    assert (fact and (fact.value, fact.where, fact.note)) == (
        place and (place, "Đoạn 1", "Hiểu theo tên đề án; hãy xem lại.")
    )


def test_a_place_that_is_written_counts_more_than_that_of_the_title():
    found = read("Tên đề án: Máy sấy tại xã Ea Kly", "Địa điểm: xã Krông Pắc, tỉnh Đắk Lắk")

    assert taken(found)["place"] == ("xã Krông Pắc, tỉnh Đắk Lắk", "Đoạn 2")


def test_a_unit_of_before_is_shown_as_what_it_is_today():
    province = ProvinceFactory(name="Lâm Viên", full_name="Tỉnh Lâm Viên")
    today = CommuneFactory(name="Ea Phê", full_name="Xã Ea Phê", province=province)
    old_province = ProvinceFactory(name="Lâm Viên", full_name="Tỉnh Lâm Viên", ended=True)
    old = CommuneFactory(name="Hòa An", full_name="Xã Hòa An", province=old_province, ended=True)
    UnitSuccessionFactory(old=old, new=today)
    UnitSuccessionFactory(old=old_province, new=province)

    found = read(unicodedata.normalize("NFD", "Địa điểm thực hiện: xã Hòa An, tỉnh Lâm Viên"))

    assert (found.value("commune"), found.value("province")) == (today, province)
    assert found.facts["commune"].note == f"Nay là {today}."
    assert found.value("place") == "xã Hòa An, tỉnh Lâm Viên"


def test_a_file_in_an_old_font_is_read_like_any_other():
    found = read(
        "§¬n vÞ thùc hiÖn: Trung t©m KhuyÕn c«ng",
        "§¬n vÞ thô h­ëng: Hîp t¸c x· Thµnh C«ng",
        "Tªn ®Ò ¸n: Hç trî øng dông m¸y mãc chÕ biÕn cµ phª",
        "Tæng kinh phÝ: 500 triÖu ®ång",
    )

    assert (found.encoding, found.value("title"), found.value("total")) == (
        "TCVN3",
        "Hỗ trợ ứng dụng máy móc chế biến cà phê",
        500 * M,
    )
    assert found.value("beneficiary") == "Hợp tác xã Thành Công"
