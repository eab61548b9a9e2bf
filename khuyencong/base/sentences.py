"""Sentences that are told again in the language of whoever reads them.

What is found in a workbook is found by the worker, kept, and read later by somebody.  A ``Sentence`` is a text that
remembers how it was made: ``again`` makes it in the language that is active now, ``kept`` in every language of the house
for a JSON field, and ``read`` takes out of that the one of the reader.  The facts of a sentence may be sentences, lazy
labels and whatever can be printed.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import ceil
from typing import Any

from django.conf import settings
from django.utils import translation


class Sentence(str):
    """A text in the language that was active when it was made, which can be made again in another one."""

    tell: Callable[[], str]

    def __new__(cls, tell: Callable[[], str]) -> "Sentence":
        found = super().__new__(cls, tell())
        found.tell = tell
        return found

    def __mod__(self, facts: Any) -> "Sentence":
        return Sentence(lambda: self.tell() % {name: again(fact) for name, fact in facts.items()})

    def __str__(self) -> str:
        return self  # so that an error that carries it gives it back whole


def sentence(text: str) -> Sentence:
    """As ``gettext``, for a text that is kept."""
    return Sentence(lambda: translation.gettext(text))


def counted(text: str, count: int | Decimal) -> Sentence:
    """A text about ``count`` things.  Vietnamese says it in one form whatever their number; other languages in several."""
    return Sentence(lambda: translation.ngettext(text, text, ceil(count)))


def together(mark: str, parts: Iterable[Any]) -> Sentence:
    """Several with a mark between them."""
    there = list(parts)
    return Sentence(lambda: mark.join(str(again(part)) for part in there))


def again(text: Any) -> Any:
    """A sentence in the language that is active now; anything else as it is."""
    return text.tell() if isinstance(text, Sentence) else text


def kept(text: str) -> str | dict[str, str]:
    """What a JSON field keeps: a sentence in every language of the house, any other text as it is."""
    if not isinstance(text, Sentence):
        return str(text)
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = text.tell()
    return told


def read(told: str | Mapping[str, str]) -> str:
    """What was kept, in the language that is active now."""
    if isinstance(told, str):
        return told
    return told.get(translation.get_language() or "", "") or told[settings.LANGUAGE_CODE]
