"""Papers as PDF, or as the picture of a page, by typst with Tinos.  The context is data; nothing typed becomes source."""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock

import typst
from django.contrib.staticfiles import finders

from khuyencong.documents.papers import Filled, laid_out, qr

LAYOUTS = Path(__file__).parent / "layouts"


@cache
def _fonts() -> list[str]:
    folder = finders.find("vendor/tinos")
    return [str(folder)] if isinstance(folder, str) else []


# The layout is read from its folder and the data from beside it: what does not change from paper to paper (the layout and
# the house's own words) stays set.  As an input of typst itself the data would make all of it new.
MAIN = b'#import "mau.typ": written\n#written(json("data.json"))\n'
_TURN = Lock()  # the compiler sets one paper at a time, and refuses a second thread


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        {"main.typ": MAIN}, root=str(LAYOUTS), font_paths=_fonts(), ignore_system_fonts=bool(_fonts())
    )


def form_pdf(filled: Filled) -> bytes:
    """The filled form as PDF/A-2b."""
    return forms_pdf([filled])


def forms_pdf(filled: Sequence[Filled]) -> bytes:
    """Several filled forms in one PDF/A-2b, in their order, each numbered from its own first page."""
    return _compile(filled, format="pdf", pdf_standards=["a-2b"])


def form_picture(filled: Filled, *, ppi: float = 96) -> bytes:
    """The first page of the filled form as PNG."""
    return _compile([filled], format="png", ppi=ppi)


def _compile(filled: Sequence[Filled], **options) -> bytes:
    data = [{**laid_out(one), "code": one.code, "qr": _qr(one.code) if one.code else ""} for one in filled]
    files = {"main.typ": MAIN, "data.json": json.dumps(data, ensure_ascii=False).encode()}
    with _TURN:
        compiled = _compiler().compile(input=files, **options)
    return compiled[0] if isinstance(compiled, list) else compiled or b""


def _qr(code: str) -> str:
    drawn = io.BytesIO()
    qr(code).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
