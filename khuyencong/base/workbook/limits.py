"""How much is read at all, and the sentences that refuse a file."""

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import Sentence
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


def no_workbook(name: str, data: bytes = b"") -> Invalid:
    """What was sent instead is named where it can be told, with what to do."""
    return Invalid(file=_instead(name, data) % {"name": name})


def _instead(name: str, data: bytes) -> Sentence:
    start = data[:2_000].lstrip().lower()
    if b"opendocument.spreadsheet" in data[:2_000] or name.lower().endswith((".ods", ".fods")):
        return _("Tệp “%(name)s” là bảng tính LibreOffice (.ods). Hãy mở tệp, lưu lại thành .xlsx rồi gửi lại.")
    if start.startswith((b"<!doctype html", b"<html", b"<table")) or b"<html" in start:
        return _(
            "Tệp “%(name)s” là trang web được đặt tên như tệp Excel. Hãy mở bằng Excel, lưu lại thành .xlsx rồi gửi lại."
        )
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        return _("Tệp “%(name)s” là bảng tính XML. Hãy mở bằng Excel, lưu lại thành .xlsx rồi gửi lại.")
    if start.startswith(b"%pdf"):
        return _("Tệp “%(name)s” là PDF, không có ô để đọc. Hãy gửi tệp Excel gốc (.xlsx, .xls).")
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")):
        return _("Tệp “%(name)s” là ảnh, không có ô để đọc. Hãy gửi tệp Excel gốc (.xlsx, .xls).")
    if name.lower().endswith((".doc", ".docx")):
        return _("Tệp “%(name)s” là tệp Word. Hãy chép bảng sang Excel rồi gửi tệp .xlsx.")
    return _("Tệp “%(name)s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv.")


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
