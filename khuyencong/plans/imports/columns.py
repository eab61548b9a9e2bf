"""The columns of a table of projects, as offices name them."""

from collections.abc import Sequence
from dataclasses import replace

from khuyencong.base import workbook
from khuyencong.base.text import fold
from khuyencong.base.workbook import Column

SOURCES = ("national", "local", "counterpart", "other")
MONEY = ("total", *SOURCES)
SETTLED = ("settled", *(f"settled_{key}" for key in MONEY))  # what was really spent, in lists of closed projects
MONEY_OR_SUPPORT = (*MONEY, "support", *SETTLED)
LARGEST = 10**12  # đồng; a project beyond a thousand billion is an amount typed in another unit
SMALLEST = 10**4  # đồng; so is one below ten thousand

COLUMNS = (
    Column("order", ("TT", "STT", "Số TT", "Số thứ tự")),
    Column(
        "title",
        ("Tên đề án", "Tên đề án, nhiệm vụ", "Tên đề án khuyến công", "Đề án", "Danh mục đề án", "Tên nhiệm vụ")
        + ("Tên chương trình, đề án", "Nội dung đề án", "Tên dự án", "Danh mục", "Nhiệm vụ"),
        required=True,
    ),
    Column(
        "implementer",
        ("Đơn vị thực hiện", "Đơn vị chủ trì", "Chủ đề án", "Cơ quan thực hiện", "Đơn vị tổ chức thực hiện")
        + ("Đơn vị chủ trì thực hiện", "Chủ trì thực hiện", "Cơ quan chủ trì", "Chủ trì"),
    ),
    Column(
        "beneficiary",
        ("Đơn vị thụ hưởng", "Cơ sở thụ hưởng", "Đối tượng thụ hưởng", "Cơ sở CNNT thụ hưởng", "Thụ hưởng")
        + (
            "Đơn vị được hỗ trợ",
            "Cơ sở được hỗ trợ",
            "Tên cơ sở",
            "Tên đơn vị thụ hưởng",
            "Đơn vị phối hợp, thụ hưởng",
            "Cơ sở CNNT",
            "Cơ sở công nghiệp nông thôn",
            "Cơ sở",
        ),
    ),
    Column(
        "place",
        ("Địa điểm", "Địa điểm thực hiện", "Địa bàn", "Địa bàn thực hiện", "Nơi thực hiện", "Địa chỉ")
        + ("Xã, phường", "Xã, phường, thị trấn", "Xã, phường, đặc khu", "Phường, xã"),
    ),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố", "Huyện, TX, TP", "Cấp huyện")),
    Column(
        "content",
        ("Nội dung", "Nội dung thực hiện", "Nội dung chính", "Nội dung hỗ trợ", "Nội dung, quy mô", "Quy mô")
        + ("Mục tiêu, nội dung", "Nội dung công việc"),
    ),
    Column(
        "total",
        ("Tổng kinh phí", "Tổng cộng", "Tổng số", "Tổng", "Tổng vốn", "Tổng mức đầu tư", "Tổng KP", "Tổng dự toán")
        + ("Tổng mức kinh phí", "Kinh phí thực hiện", "Tổng kinh phí thực hiện", "Cộng"),
    ),
    Column(
        "national",
        ("KCQG", "Khuyến công quốc gia", "Kinh phí KCQG", "KPKCQG", "KC quốc gia", "Kinh phí khuyến công quốc gia")
        + ("Ngân sách trung ương", "NSTW", "Quốc gia", "Trung ương", "Nguồn KCQG", "KP KCQG"),
    ),
    Column(
        "local",
        (
            "KCĐP",
            "Khuyến công địa phương",
            "Kinh phí KCĐP",
            "KPKCĐP",
            "KC địa phương",
            "Kinh phí khuyến công địa phương",
        )
        + ("Ngân sách địa phương", "NSĐP", "Địa phương", "Ngân sách tỉnh", "Khuyến công tỉnh", "KC tỉnh", "Nguồn KCĐP")
        + ("KP KCĐP", "Ngân sách xã", "Khuyến công xã"),
    ),
    Column(
        "counterpart",
        ("Đối ứng", "Vốn đối ứng", "Kinh phí đối ứng", "Đối ứng của cơ sở", "Vốn tự có", "Cơ sở đối ứng")
        + ("Vốn của cơ sở", "Đơn vị thụ hưởng đóng góp", "Đơn vị thụ hưởng đối ứng", "Vốn doanh nghiệp"),
    ),
    Column("other", ("Nguồn khác", "Khác", "Vốn khác", "Kinh phí khác", "Nguồn vốn khác", "Huy động khác")),
    Column(
        "giver", ("Bên cấp nguồn khác", "Tên nguồn khác", "Bên cấp", "Đơn vị cấp nguồn khác", "Nguồn khác do ai cấp")
    ),
    Column("support", ("Kinh phí hỗ trợ", "Ngân sách hỗ trợ", "Kinh phí khuyến công", "KPKC", "Kinh phí KC")),
    Column("time", ("Thời gian", "Thời gian thực hiện", "Tiến độ", "Thời hạn", "Tiến độ thực hiện")),
    Column("note", ("Ghi chú",)),
    Column("kind", ("Dạng đề án", "Loại đề án", "Dạng hoạt động", "Loại hình đề án")),
)


def folded_words(text: str) -> str:
    """Without accents and signs, for comparing names."""
    return workbook.key_of(fold(text))


def named_by_content(columns: Sequence[Column]) -> list[Column]:
    """The same columns for a table that has no column of titles: what it calls "Nội dung" names the projects."""
    content = next(column for column in columns if column.key == "content")
    return [
        replace(column, synonyms=(*column.synonyms, *content.synonyms)) if column.key == "title" else column
        for column in columns
        if column.key != "content"
    ]
