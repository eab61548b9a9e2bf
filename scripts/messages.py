"""The translations, without gettext's programs: `python scripts/messages.py update|compile|check`.

The source language is Vietnamese: what stands in `_()` is what people read.  `locale/en` is complete; `locale/vi` holds
only the strings of packages that bring no Vietnamese, so nothing is extracted into it.  The compiled catalogues are
committed, for a running system has no Babel; `check` names every string that has no English, every catalogue older than
its source, and exits with 1.
"""

import ast
import datetime as dt
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ("config", "khuyencong")
HEADER = (
    "# Translations of PROJECT.\n# Written by `make messages`; the strings are ours, the order is that of the code.\n"
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "_now": None,
    "sentence": None,
    "counted": (1, 1),  # one form in Vietnamese, several elsewhere
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(({LITERAL}(?:, ?{LITERAL})*)(?:, ?count)?\)")
# Moments and unknown persons in the head would make every run a change.
NOISE = re.compile(rb'"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team):')
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def strings() -> Iterator[tuple[str, str | tuple[str, str], str | None]]:
    """(file, text or its two forms, context) of everything that people read."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            where = path.relative_to(ROOT).as_posix()
            if "/vendor/" in where or "/migrations/" in where:
                continue
            if path.suffix == ".py":
                for _line, text, _comments, context in extract("python", path.open("rb"), KEYWORDS):
                    yield where, text, context
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                for text, context in in_template(path.read_text(encoding="utf-8"), where):
                    yield where, text, context


def in_template(source: str, where: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Django turns its tags into calls of gettext; these are read here."""
    for call in CALL.finditer(templatize(source, origin=where)):
        texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2])]
        context = texts.pop(0) if call[1] in ("pgettext", "npgettext") else None
        yield (tuple(texts[:2]) if len(texts) > 1 else texts[0]), context


def template() -> Catalog:
    catalog = Catalog(project="khuyencong", charset="utf-8", fuzzy=False)
    for where, text, context in strings():
        if text:
            catalog.add(text, locations=[(where, 1)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def update() -> None:
    """Bring locale/en up to the code: new strings come empty, those nobody shows any more go."""
    catalog = read(ENGLISH) if ENGLISH.exists() else Catalog(locale="en", project="khuyencong", fuzzy=False)
    catalog.update(template(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADER
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, sort_by_file=True)
    ENGLISH.write_bytes(b"".join(line for line in buffer.getvalue().splitlines(True) if not NOISE.match(line)))
    print(f"{ENGLISH.relative_to(ROOT)}: {sum(1 for m in catalog if m.id and empty(m))} chuỗi chưa dịch")


def compiled(path: Path) -> bytes:
    """What the compiled catalogue must be, byte by byte, whenever it is made."""
    catalog, buffer = read(path), io.BytesIO()
    catalog.creation_date = catalog.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    write_mo(buffer, catalog)
    return buffer.getvalue()


def compile_all() -> None:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        path.with_suffix(".mo").write_bytes(compiled(path))


def empty(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return not all(texts)


def faults() -> Iterator[str]:
    """What is missing, fuzzy, misspelt in its placeholders, or not compiled."""
    english = read(ENGLISH) if ENGLISH.exists() else Catalog(locale="en")
    for wanted in template():
        if not wanted.id:
            continue
        found, where = english.get(wanted.id, wanted.context), ", ".join(sorted({name for name, _ in wanted.locations}))
        if found is None or empty(found):
            yield f"{where}: chưa có bản tiếng Anh: {wanted.id!r}"
        elif (wanted.id if isinstance(wanted.id, str) else tuple(wanted.id)) != (
            found.id if isinstance(found.id, str) else tuple(found.id)
        ):
            yield f"{where}: hai dạng số ít, số nhiều khác với bản dịch: {wanted.id!r}"
    for where, text in both_ways(strings()):
        yield f"{where}: có bản một dạng và bản số ít, số nhiều của cùng một chuỗi, chỉ một bản được dịch: {text!r}"
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        name, target = path.relative_to(ROOT), path.with_suffix(".mo")
        for message in read(path):
            if message.id and message.fuzzy:
                yield f"{name}: bản dịch còn ngờ (fuzzy): {message.id!r}"
            if message.id and not empty(message) and not same_placeholders(message):
                yield f"{name}: chỗ điền không khớp: {message.id!r}"
        if not target.exists() or target.read_bytes() != compiled(path):
            yield f"{name}: bản biên dịch đã cũ, hãy chạy: make compilemessages"


def both_ways(found: Iterable[tuple[str, str | tuple[str, str], str | None]]) -> list[tuple[str, str]]:
    """Where a text is asked for in one form while another place asks for the same text in its forms for numbers: a catalogue
    holds it only the second way, so the first is read in Vietnamese."""
    told = list(found)
    in_numbers = {(text[0], context) for _, text, context in told if isinstance(text, tuple)}
    return [(where, text) for where, text, context in told if isinstance(text, str) and (text, context) in in_numbers]


def same_placeholders(message: Message) -> bool:
    source = message.id if isinstance(message.id, (tuple, list)) else [message.id]
    target = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    allowed = {name for text in source for name in PLACEHOLDER.findall(text)}
    if len(source) == 1:
        return all(set(PLACEHOLDER.findall(text)) == allowed for text in target)
    return all(set(PLACEHOLDER.findall(text)) <= allowed for text in target)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            if found := list(faults()):
                sys.exit("\n".join([*found, f"{len(found)} lỗi bản dịch"]))
        case _:
            sys.exit(__doc__)
