"""Papers as PDF, or as the picture of a page, by typst with Tinos.  The context is data; nothing typed becomes source."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import segno
import typst
from django.contrib.staticfiles import finders

from khuyencong.documents.papers import Filled, laid_out

LAYOUTS = Path(__file__).parent / "layouts"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: list[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on an official letter.  ``number`` and ``place_day`` keep their dots where the office fills them in."""

    kind: str
    title: str
    body: str
    over: str = ""
    number: str = "……"
    place_day: str = ""
    to: str = ""
    text: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    signer_title: str = ""
    signer: str = ""


@cache
def _fonts() -> list[str]:
    folder = finders.find("vendor/tinos")
    return [str(folder)] if isinstance(folder, str) else []


def pdf(letter: Letter) -> bytes:
    """The letter as PDF/A-2b."""
    return _compile(letter, format="pdf", pdf_standards=["a-2b"])


def picture(letter: Letter, *, ppi: float = 96) -> bytes:
    """The first page as PNG, for looking at beside the two buttons."""
    return _compile(letter, format="png", ppi=ppi)


def _compile(letter: Letter, **options) -> bytes:
    compiled = typst.compile(
        str(LAYOUTS / "van-ban.typ"),
        font_paths=_fonts(),
        ignore_system_fonts=bool(_fonts()),
        sys_inputs={"data": json.dumps(asdict(letter), ensure_ascii=False)},
        **options,
    )
    return compiled[0] if isinstance(compiled, Sequence) and not isinstance(compiled, bytes) else compiled


# ---- forms ----


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
