"""What a file is, told from its bytes, before anything of it is parsed; each refusal one sentence."""

import io
import zipfile

from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid

MAX_BYTES = 25 * 1024**2
MAX_UNPACKED = 200 * 1024**2
MAX_RATIO = 100  # unpacked to packed, judged from 20 MB upwards: honest papers stay below 30
RATIO_FROM = 20 * 1024**2
MAX_PARTS = 5_000
MAX_TEXT = 20 * 1024**2  # of the words themselves, unpacked
BODY = "word/document.xml"

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_word(data: bytes, name: str) -> None:
    """Whether ``data`` is a .docx that may be opened.  Raises Invalid(file=…): empty, too large, an old .doc, with a password,
    with macros, a PDF, a picture, a workbook, a bomb, broken."""
    named = {"name": name}
    if not data:
        raise Invalid(file=_("Tệp “%(name)s” không có nội dung.") % named)
    if len(data) > MAX_BYTES:
        raise Invalid(
            file=_("Tệp “%(name)s” lớn hơn %(limit)d MB. Hãy nén ảnh trong tệp rồi gửi lại.")
            % {**named, "limit": MAX_BYTES // 1024**2}
        )
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Invalid(file=_("Tệp “%(name)s” đặt mật khẩu. Hãy bỏ mật khẩu trong Word rồi gửi lại.") % named)
        if "WordDocument".encode("utf-16-le") in data:
            raise Invalid(
                file=_("Tệp “%(name)s” là Word đời cũ (.doc). Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại.")
                % named
            )
        raise Invalid(file=_not_word(name))
    if b"%PDF-" in data[:1024]:
        raise Invalid(file=_("Tệp “%(name)s” là PDF, không đọc được như tệp Word. Hãy gửi tệp Word (.docx).") % named)
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        raise Invalid(file=_("Tệp “%(name)s” là ảnh, không có chữ để đọc. Hãy gửi tệp Word (.docx).") % named)
    if not data.startswith(b"PK"):
        raise Invalid(file=_not_word(name))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            _check_parcel(parcel, len(data), name)
    except Invalid:
        raise
    except Exception as error:  # whatever a broken archive raises
        raise Invalid(file=broken(name)) from error


def _check_parcel(parcel: zipfile.ZipFile, size: int, name: str) -> None:
    parts = parcel.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(file=_("Tệp “%(name)s” đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.") % {"name": name})
    if BODY not in names:
        raise Invalid(file=_not_word(name))
    stated = sum(part.file_size for part in parts)
    words = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if (
        len(parts) > MAX_PARTS
        or stated > MAX_UNPACKED
        or words > MAX_TEXT
        or (stated > RATIO_FROM and stated > MAX_RATIO * size)
    ):
        raise Invalid(
            file=_("Tệp “%(name)s” giải nén ra quá lớn so với một văn bản bình thường nên không được mở.")
            % {"name": name}
        )
    if any(part.endswith(("vbaProject.bin", "vbaData.xml")) for part in names) or "macroEnabled" in _types(parcel):
        raise Invalid(
            file=_("Tệp “%(name)s” có chứa mã lệnh (macro). Hãy lưu lại thành .docx không có macro rồi gửi lại.")
            % {"name": name}
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares(parcel, part):
            raise Invalid(file=broken(name))


def _declares(parcel: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part declares entities of its own, as no word processor does."""
    with parcel.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4000)


def _types(parcel: zipfile.ZipFile) -> str:
    try:
        return parcel.read("[Content_Types].xml").decode(errors="replace")
    except KeyError:
        return ""


def _not_word(name: str) -> str:
    return _("Tệp “%(name)s” không phải tệp Word. Hãy gửi tệp .docx.") % {"name": name}


def broken(name: str) -> str:
    """The sentence of a file that cannot be read."""
    return _("Tệp “%(name)s” bị hỏng, không đọc được. Hãy mở bằng Word, lưu lại rồi gửi lại.") % {"name": name}
