"""The names of a body or an establishment through time: the two forms, what they do, and the rows of its page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.audit.models import Event
from khuyencong.documents.enums import PaperKind
from khuyencong.organisations.models import FormerName
from khuyencong.web.common.forms import DayField
from khuyencong.web.common.papers import GivenPaper, signed_paper


def _day(label: Any) -> DayField:
    return DayField(label=label, past=True, required=False, help_text=_("Bỏ trống thì lấy ngày ký văn bản."))


class _NameForm(GivenPaper):
    paper_first = False

    def __init__(self, *args, short=True, **options):
        """``short``: whether such a body has a short name beside."""
        super().__init__(*args, **options)
        if not short:
            del self.fields["short_name"]

    def names(self) -> dict[str, Any]:
        """As the acts call them: ``name``, ``short_name``."""
        return {name: self.cleaned_data[name] for name in ("name", "short_name") if name in self.fields}


class RenameForm(_NameForm):
    """A body takes another name, by a paper."""

    name = forms.CharField(label=_("Tên mới"), max_length=250)
    short_name = forms.CharField(label=_("Tên gọn mới"), max_length=120, required=False)
    on = _day(_("Mang tên mới từ ngày"))


class FormerNameForm(_NameForm):
    """A name borne before, told afterwards; the paper may have been lost."""

    demands, past_day = False, True
    name = forms.CharField(label=_("Tên cũ"), max_length=250)
    short_name = forms.CharField(label=_("Tên gọn cũ"), max_length=120, required=False)
    on = _day(_("Đổi sang tên tiếp theo từ ngày"))


def keep_names(act: Callable[..., Any], record: Any, form: _NameForm, *, by: Any, kind: PaperKind, **place: Any) -> Any:
    """Do what the form tells: the act on this record, with its names, its day and its paper, which is recorded in the record's
    province (``place``: nearer)."""
    paper = signed_paper(form, kind=kind, by=by, province=record.province, **place)
    return act(record, **form.names(), by=by, on=form.legal_day, paper=paper)


def words_of_renaming(instead: str) -> dict[str, Any]:
    """The words of the page on which a body takes another name, as its step is given them; ``instead``: what other changes go by."""
    title = gettext("Ghi nhận đổi tên")
    effect = gettext("Từ ngày này, giấy tờ lập ra in tên mới; giấy tờ ký trước đó vẫn in tên cũ.")
    return {"title": title, "button": title, "done": gettext("Đã ghi nhận tên mới."), "after": [effect, instead]}


def words_of_former_name() -> dict[str, Any]:
    """The words of the page that tells a name borne before."""
    title = gettext("Ghi tên cũ")
    effect = gettext("Tên hiện nay giữ nguyên; giấy tờ ký khi còn mang tên cũ in tên cũ.")
    return {"title": title, "button": title, "done": gettext("Đã ghi tên cũ."), "after": [effect]}


def words_of_removal(former: FormerName) -> dict[str, Any]:
    """The words of the page that takes a former name away."""
    effect = gettext("Tên hiện nay giữ nguyên. Giấy tờ ký khi mang tên này sẽ in tên kế tiếp.")
    return {
        "title": gettext("Bỏ tên cũ ghi nhầm"),
        "sub": former.name,
        "button": gettext("Bỏ tên cũ này"),
        "done": gettext("Đã bỏ tên cũ."),
        "after": [effect],
    }


def former_told(body: Any) -> str:
    """The names it bore before, behind its name in a list; blank where there are none."""
    return gettext("tên cũ: %(names)s") % {"names": "; ".join(body.former_names)} if body.former else ""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name: from when (None: not known), until when (None: today), by which paper it was taken, who wrote that down."""

    name: str
    short_name: str
    since: date | None
    until: date | None
    by: FormerName | None  # the renaming by which it was taken
    actor: str
    removal: str  # where it is taken away again, for whoever may


def name_rows(
    body: Any,
    former: list[FormerName],
    *,
    since: date | None,
    events: Iterable[Event],
    removal: Callable[[FormerName], str] | None = None,
) -> list[NameRow]:
    """All names, today's first; none where there was only one.  ``events``: the journal of the body."""
    if not former:
        return []
    wrote = {event.on: event.actor for event in events if event.action.endswith((".rename", ".record_former_name"))}
    rows = []
    for at, row in enumerate([*former, None]):
        taken = former[at - 1] if at else None
        rows.append(
            NameRow(
                row.name if row else body.name,
                (row.short_name if row else getattr(body, "short_name", "")) or "",
                taken.until if taken else since,
                row.until if row else None,
                taken,
                wrote.get(taken.until, "") if taken else "",
                removal(row) if row and removal else "",
            )
        )
    return rows[::-1]
