"""What bytes are, told from the bytes alone; and what a picture may keep of itself."""

import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from khuyencong.base.errors import Invalid
from khuyencong.files import enums
from khuyencong.files.enums import Content

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = {"JPEG": enums.JPEG, "PNG": enums.PNG, "WEBP": enums.WEBP}


class UnknownKind(Invalid):
    """Bytes of a kind that the house does not keep."""


def content_of(data: bytes) -> Content:
    """The kind of content, by its bytes; raises Invalid(file=…) for what the house does not keep."""
    head = data[:64]
    if not data:
        raise Invalid(file=_("Tệp rỗng. Hãy chọn lại tệp."))
    if is_pdf(data):
        return enums.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return enums.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return enums.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return enums.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"):
        raise Invalid(
            file=_("Ảnh HEIC của iPhone chưa đọc được. Hãy gửi ảnh dạng JPG (Cài đặt, Camera, Tương thích nhất).")
        )
    if head.startswith(_OLE):
        return _ole(data)
    if head.startswith(b"PK\x03\x04"):
        return _package(data)
    return _text(data)


def is_pdf(data: bytes) -> bool:
    """Whether these bytes, or only the first of them, begin as a PDF does."""
    return b"%PDF-" in data[:1024]


def is_written(data: bytes) -> bool:
    """Whether these bytes, or only the first of them, begin as a text, a table or a Word file: kept, but no scan of a page."""
    if data.startswith((_OLE, b"PK\x03\x04")):
        return True
    try:
        return content_of(data) in (enums.CSV, enums.TXT)
    except Invalid:  # the store says what is wrong with it
        return False


def _ole(data: bytes) -> Content:
    # stream names stand in the directory as UTF-16; an encrypted package has no workbook of its own
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Invalid(file=_("Tệp được bảo vệ bằng mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."))
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return enums.XLS
    if "WordDocument".encode("utf-16-le") in data:
        return enums.DOC
    raise UnknownKind(file=_unknown())


def _package(data: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid(file=_("Tệp bị hỏng, không mở được. Hãy lưu lại và gửi lại.")) from None
    if len(entries) > 20_000 or sum(entry.file_size for entry in entries) > max(200 * len(data), 50 * enums.MB):
        raise Invalid(file=_("Tệp nén bất thường (có thể gây treo máy) nên không được nhận."))
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        raise UnknownKind(file=_unknown())
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Invalid(file=_("Tệp có chứa mã lệnh (macro) nên không được nhận. Hãy lưu lại dạng .xlsx hoặc .docx."))
    if "xl/workbook.xml" in names:
        return enums.XLSX
    if "word/document.xml" in names:
        return enums.DOCX
    raise UnknownKind(file=_unknown())


def _text(data: bytes) -> Content:
    """Only text that is text in every byte: UTF-8 or UTF-16 with its mark, or an old single-byte encoding."""
    if data.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"<?php")):
        raise Invalid(file=_("Tệp chương trình không được nhận."))
    sample = data[:65_536]
    if not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        if b"\x00" in data or sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in sample) > len(sample) // 100:
            raise UnknownKind(file=_unknown())
        if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|svg|script|\?xml)", sample[:512].lower()):
            raise UnknownKind(file=_unknown())
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    for mark in (b",", b";", b"\t"):
        if len(lines) > 1 and min(line.count(mark) for line in lines) >= 1:
            return enums.CSV
    return enums.TXT


def _unknown() -> str:
    return _("Loại tệp này không được nhận. Hãy gửi PDF, ảnh JPG, PNG, WebP, hoặc tệp Word, Excel, CSV, văn bản.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: its bytes and its size in pixels."""

    data: bytes
    width: int
    height: int


def picture_of(data: bytes, *, kind: Content) -> Picture:
    """The picture turned upright, at most ``WIDEST`` pixels, without place, device or any other metadata.

    Raises Invalid(file=…) when the bytes are damaged or would unfold to more than ``MOST_PIXELS``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # we count the pixels ourselves, before anything is unfolded
            with Image.open(io.BytesIO(data), formats=list(_PICTURES)) as image:
                if _PICTURES[image.format or ""] is not kind:
                    raise Invalid(file=_damaged())
                if image.width * image.height > enums.MOST_PIXELS:
                    raise Invalid(file=_("Ảnh có quá nhiều điểm ảnh. Hãy gửi ảnh tối đa 60 triệu điểm ảnh."))
                form = image.format
                if form == "JPEG":
                    image.draft("RGB", (enums.WIDEST, enums.WIDEST))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((enums.WIDEST, enums.WIDEST))
                plain = upright.convert(_mode(upright))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid(file=_damaged()) from None
    plain.info.clear()
    out = io.BytesIO()
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 85, "optimize": True},
        "PNG": {"optimize": True},
        "WEBP": {"quality": 85},
    }
    plain.save(out, format=form, **options[form or "PNG"])
    return Picture(out.getvalue(), plain.width, plain.height)


def _mode(image: Image.Image) -> str:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return "RGBA"
    return "L" if image.mode in ("1", "L") else "RGB"


def _damaged() -> str:
    return _("Ảnh bị hỏng, không mở được. Hãy chụp hoặc lưu lại rồi gửi lại.")


def clean_name(name: str, *, kind: Content) -> str:
    """A name that is safe in a header and on every disk, with the ending of its content; at most 200 letters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*%;')
    stem, _dot, ending = name.rpartition(".")
    if not stem or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem = name
    stem = " ".join(stem.split()).strip(". ") or "tep"
    return f"{stem[:195]}.{kind.ending}"
