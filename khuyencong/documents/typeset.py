"""Papers as PDF, or as the picture of a page, by typst with Tinos.  The context is data; nothing typed becomes source."""

import io
import json
from functools import cache
from pathlib import Path

import segno
import typst
from django.contrib.staticfiles import finders

from khuyencong.documents.papers import Filled, laid_out

LAYOUTS = Path(__file__).parent / "layouts"


@cache
def _fonts() -> list[str]:
    folder = finders.find("vendor/tinos")
    return [str(folder)] if isinstance(folder, str) else []


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(LAYOUTS / "mau.typ"), font_paths=_fonts(), ignore_system_fonts=bool(_fonts()), sys_inputs={"data": "{}"}
    )


def form_pdf(filled: Filled) -> bytes:
    """The filled form as PDF/A-2b."""
    return _form(filled, format="pdf", pdf_standards=["a-2b"])


def form_picture(filled: Filled, *, ppi: float = 96) -> bytes:
    """The first page of the filled form as PNG."""
    return _form(filled, format="png", ppi=ppi)


def _form(filled: Filled, **options) -> bytes:
    data = {**laid_out(filled), "code": filled.code, "qr": _qr(filled.code) if filled.code else ""}
    compiled = _compiler().compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **options)
    return compiled[0] if isinstance(compiled, list) else compiled or b""


def _qr(code: str) -> str:
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
