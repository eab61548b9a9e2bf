"""Papers as PDF, or as the picture of a page, by typst with Tinos.  The context is data; nothing typed becomes source."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import typst
from django.contrib.staticfiles import finders

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
