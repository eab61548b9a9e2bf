"""A workflow is a table of steps.  It knows states and names; it writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from khuyencong.base.errors import NotPossible

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Step:
    """One row: from which states, to which, who may, with what paper, on what it rests."""

    name: str
    label: "str | StrPromise"
    sources: tuple[str, ...]
    target: str
    permission: str
    paper: str = ""  # the kind of paper without which the law knows no such step
    ground: str = ""  # what it rests on: where that stands on a day is a row of the norms


class Workflow:
    def __init__(self, *steps: Step):
        self._steps = {step.name: step for step in steps}

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps.values())

    def __getitem__(self, name: str) -> Step:
        return self._steps[name]

    def __contains__(self, name: str) -> bool:
        return name in self._steps

    def open_to(self, state: str) -> list[Step]:
        """The steps that can be taken from ``state``, in the order of the table."""
        return [step for step in self if state in step.sources]

    def check(self, name: str, state: str) -> Step:
        """The step, or NotPossible in a sentence when ``state`` is not one it starts from."""
        if name not in self._steps:
            raise NotPossible(_("Quy trình này không có bước “%(name)s”.") % {"name": name})
        step = self._steps[name]
        if state not in step.sources:
            raise NotPossible(_("Không thể “%(step)s” ở trạng thái hiện tại.") % {"step": step.label})
        return step
