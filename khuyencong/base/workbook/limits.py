"""How much is read at all, and the sentences that refuse a file."""

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _

MAX_BYTES = 40 * 1024**2
MAX_UNPACKED = 400 * 1024**2
MAX_RATIO = 100  # unpacked to packed, judged from 20 MB upwards: honest sheets stay below 30
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 8_000_000
MAX_PARTS = 3_000
RATIO_FROM = 20 * 1024**2
CHUNK = 1024**2


def no_workbook(name: str) -> Invalid:
    return Invalid(file=_("Tệp “%(name)s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv.") % {"name": name})


def protected(name: str) -> Invalid:
    return Invalid(file=_("Tệp “%(name)s” đặt mật khẩu. Hãy bỏ mật khẩu trong Excel rồi gửi lại.") % {"name": name})


def damaged(name: str) -> Invalid:
    return Invalid(
        file=_("Tệp “%(name)s” bị hỏng, không đọc được. Hãy mở bằng Excel, lưu lại rồi gửi lại.") % {"name": name}
    )


def bomb(name: str) -> Invalid:
    return Invalid(
        file=_("Tệp “%(name)s” giải nén ra quá lớn so với một bảng tính bình thường nên không được mở.")
        % {"name": name}
    )


def too_wide(name: str, sheet: str) -> Invalid:
    return Invalid(
        file=_("Trang tính “%(sheet)s” của tệp “%(name)s” quá lớn: nhiều nhất %(rows)d dòng và %(columns)d cột.")
        % {"sheet": sheet, "name": name, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
    )
