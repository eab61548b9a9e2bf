"""An answer that is asked for several times while one page is shown, kept until it is shown.

Only where nothing can be written meanwhile (``web.common.views.reads``): outside, every question is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def keeping() -> Iterator[None]:
    """Inside, each answer of ``kept`` is asked for once."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def kept(question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to ``question``, which says all that it depends on."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return answers[question]
