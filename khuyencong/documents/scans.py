"""Reading the code of a printed form back from a scan or a photograph."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

CODE = re.compile(r"\bKC-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b")
PAGES = 12  # of a scanned file that are looked at
WIDE = 2400
SMALL = 6_000_000  # points of a picture that is tried at double size


@dataclass(frozen=True, slots=True)
class Found:
    codes: tuple[str, ...]
    pages: int = 1  # 0: the file cannot be opened


def read(content: bytes, *, is_pdf: bool) -> Found:
    """Every code of ours on a picture, or on the first twelve pages of a PDF; none where it cannot be read, and no page where it cannot
    be opened at all (broken, or behind a password)."""
    codes: dict[str, None] = {}
    pages = 0
    try:
        for picture in _pages(content) if is_pdf else [Image.open(io.BytesIO(content))]:
            pages += 1
            codes.update(dict.fromkeys(_codes(picture)))
    except (UnidentifiedImageError, OSError, pypdfium2.PdfiumError, Image.DecompressionBombError, ValueError):
        pass
    return Found(tuple(codes), pages)


def _pages(content: bytes) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), PAGES)):
            page = document[number]
            scale = min(3.0, WIDE / max(page.get_width(), 1))
            yield page.render(scale=scale, grayscale=True).to_pil()


def _codes(picture: Image.Image) -> Iterator[str]:
    """Upright or turned; what is not read at once is tried smaller, evened out, sharpened and larger."""
    for image in _tries(ImageOps.exif_transpose(picture).convert("L")):
        found = [
            code
            for result in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
            for code in CODE.findall(result.text)
        ]
        if found:
            yield from found
            return


def _tries(grey: Image.Image) -> Iterator[Image.Image]:
    """A photograph as it is and as its faults ask: large, dim, blurred, taken from afar."""
    yield grey
    if max(grey.size) > 1600:
        yield grey.resize((grey.width // 2, grey.height // 2), Image.Resampling.LANCZOS)
    yield ImageOps.autocontrast(grey, cutoff=2)
    yield grey.filter(ImageFilter.UnsharpMask(3, 250, 0))
    if grey.width * grey.height <= SMALL:
        large = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
        yield large
        yield large.filter(ImageFilter.UnsharpMask(4, 250, 0))
