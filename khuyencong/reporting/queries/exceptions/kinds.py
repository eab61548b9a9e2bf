"""The kinds of exceptions, in the order of the board."""

from django.utils.translation import gettext_lazy

from khuyencong.contracts import queries as contracts
from khuyencong.reporting.queries.exceptions.ceilings import over_norm, told_over
from khuyencong.reporting.queries.exceptions.frame import Frame, Kind, counts, one_year
from khuyencong.reporting.queries.exceptions.orders import (
    impossible_orders,
    open_advances,
    open_recoveries,
    told_advance,
    told_invoices,
    told_order,
    told_recovery,
)
from khuyencong.reporting.queries.exceptions.papers import (
    missing_papers,
    told_historical,
    told_lacking,
    without_originals,
)
from khuyencong.reporting.queries.exceptions.recordings import clearances, late_recordings, told_clearance, told_late

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "thieu-giay-to",
            gettext_lazy("Thiếu giấy tờ"),
            gettext_lazy(
                "Đề án đã qua một bước mà thiếu giấy tờ bước đó luôn yêu cầu. Giấy tờ chỉ cần khi có điều kiện riêng "
                "xem ở trang đề án."
            ),
            missing_papers,
            told_lacking,
        ),
        Kind(
            "vuot-dinh-muc",
            gettext_lazy("Vượt định mức"),
            gettext_lazy("Mức hỗ trợ lớn hơn mức cao nhất của dòng định mức ngày đó, đã kể cả hệ số ưu tiên."),
            over_norm,
            told_over,
        ),
        Kind(
            "ngoai-le",
            gettext_lazy("Ngoại lệ do người chấp nhận"),
            gettext_lazy("Điều chưa đạt mà một người đã cho qua, kèm lý do."),
            clearances,
            told_clearance,
        ),
        Kind(
            "ghi-muon",
            gettext_lazy("Ghi muộn"),
            gettext_lazy(
                "Bước ghi vào hệ thống sau ngày pháp lý quá số ngày làm việc cho phép; hồ sơ lịch sử không tính."
            ),
            late_recordings,
            told_late,
        ),
        Kind(
            "sai-thu-tu",
            gettext_lazy("Thứ tự không thể có"),
            gettext_lazy(
                "Hoá đơn, tạm ứng, hợp đồng mua trước hợp đồng; nghiệm thu trước bàn giao; bước trước văn bản. Điều đã cho "
                "qua nằm ở “Ngoại lệ”."
            ),
            impossible_orders,
            told_order,
            lambda frame: contracts.out_of_order(one_year(frame).projects()),
        ),
        Kind(
            "trung-hoa-don",
            gettext_lazy("Trùng hoá đơn"),
            gettext_lazy("Cùng mã số thuế, ký hiệu, số, đứng trong bảng kê của hai đề án."),
            lambda frame: contracts.duplicate_invoices(frame.projects()),
            told_invoices,
            lambda frame: [contracts.duplicates_counted(frame.projects())],
        ),
        Kind(
            "tam-ung-qua-han",
            gettext_lazy("Tạm ứng còn treo sau hạn thanh lý"),
            gettext_lazy("Đề án của năm đã hết hạn thanh lý còn tiền tạm ứng, chưa thanh lý; kể cả các năm trước."),
            open_advances,
            told_advance,
        ),
        Kind(
            "thu-hoi-chua-du",
            gettext_lazy("Thu hồi chưa nộp đủ"),
            gettext_lazy("Quyết định thu hồi mà tiền chưa về đủ; kể cả các năm trước."),
            open_recoveries,
            told_recovery,
        ),
        Kind(
            "chua-co-goc",
            gettext_lazy("Hồ sơ lịch sử chưa có bản gốc"),
            gettext_lazy("Đề án nhập từ trước khi dùng hệ thống, chưa có hồ sơ gốc kèm theo; kể cả các năm trước."),
            without_originals,
            told_historical,
        ),
    )
}


def board(frame: Frame, *keys: str) -> dict[str, int]:
    """How many lines each of these kinds has (all where none is named), by its key.  Seven queries for all of them."""
    return counts(frame, [KINDS[key] for key in keys or KINDS])
