"""The lines of decisions as rows of a sheet: projects under their activities, establishments under group projects."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from khuyencong.base.text import squeeze
from khuyencong.norms.enums import ProjectForm
from khuyencong.organisations.queries import names_of
from khuyencong.places import queries as places
from khuyencong.plans.models import Item
from khuyencong.plans.papers import groups, period
from khuyencong.projects.models import Beneficiary, OtherSource, Project
from khuyencong.projects.papers.shared import SOURCES, roman

Called = Callable[[Any], str]  # a body or an establishment under its name of the day
SHARED_COST = "Chi chung, phần chưa chia"


@dataclass(slots=True)
class Row:
    """One row: words by column, money by source in đồng; ``parts`` are the rows below that divide it."""

    words: dict[str, str]
    amounts: dict[str, int] = field(default_factory=dict)
    before: int = 0
    parts: list["Row"] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The projects of one activity of the decree."""

    numeral: str
    name: str
    rows: list[Row]


def grouped(items: Sequence[Item], *, on: date, changes: bool = False) -> list[Group]:
    """The lines under their activities, with all that a row says, under the names of ``on``; with ``changes`` what each changes
    too, where the items came with their requests.  At most four queries beside those for the items."""
    helped, givers = _helped(items), _givers(items)
    establishments = [one.establishment for rows in helped.values() for one in rows]
    names = names_of([*(item.project.implementer for item in items), *establishments])
    called: Called = partial(names.on, day=on)
    where = Where()
    found = []
    for number, (name, own) in enumerate(groups(items), start=1):
        rows = [
            _row(item, helped.get(item.project_id, []), givers.get(item.project_id, ""), where, called) for item in own
        ]
        for row, item in zip(rows, own, strict=True) if changes else ():
            row.words["action"] = squeeze(item.change)
        found.append(Group(roman(number), name, rows))
    return found


class Where:
    """Places in words that lead back to the same commune."""

    def __init__(self) -> None:
        self._gazetteer = places.gazetteer()

    def told(self, project: Project) -> str:
        """As the file writes it where that is understood, else with today's name; without a commune the province."""
        text, commune = squeeze(project.place_text), project.commune
        if commune is None:
            return text or str(project.province)
        on = places.written_in(project.year)
        for offered in filter(None, (text, f"{text}, {commune}" if text else "")):
            meant = self._gazetteer.resolve_in(project.province, offered, on)
            if meant.commune is not None and meant.commune.pk == commune.pk:
                return offered
        return str(commune)


def _helped(items: Iterable[Item]) -> dict[int, list[Beneficiary]]:
    found: dict[int, list[Beneficiary]] = {}
    related = ("establishment__commune", "establishment__province")
    rows = Beneficiary.objects.filter(project__in={item.project_id for item in items}, removed_on=None)
    for one in rows.select_related(*related).order_by("pk"):
        found.setdefault(one.project_id, []).append(one)
    return found


def _givers(items: Iterable[Item]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = OtherSource.objects.filter(project__in={item.project_id for item in items})
    for project, giver in rows.order_by("pk").values_list("project_id", "giver"):
        found.setdefault(project, []).append(squeeze(giver))
    return {project: ", ".join(dict.fromkeys(names)) for project, names in found.items()}


def _row(item: Item, helped: Sequence[Beneficiary], giver: str, where: Where, called: Called) -> Row:
    project = item.project
    inside = len(helped) == 1 and helped[0].establishment.commune_id in (None, project.commune_id)
    words = {
        "title": squeeze(project.title),
        "implementer": squeeze(called(project.implementer)),
        "helped": squeeze(called(helped[0].establishment)) if inside else "",
        "place": where.told(project),
        "content": "\n".join(filter(None, map(squeeze, project.content.splitlines()))),
        "kind": str(project.get_kind_display()),
        "giver": giver if item.other else "",
        "time": time_of(project.starts_on, project.ends_on),
        "note": _note(project, helped),
        "reason": squeeze(item.reason),
    }
    row = Row(words, {source: getattr(item, source) for source in SOURCES}, item.before)
    row.parts = [] if inside else _parts(row, helped, called)
    return row


def _note(project: Project, helped: Sequence[Beneficiary]) -> str:
    """The form of the project where nothing else in the row tells it."""
    told = project.form != ProjectForm.SINGLE or len(helped) > 1
    return str(project.get_form_display()) if told else ""


def _parts(row: Row, helped: Sequence[Beneficiary], called: Called) -> list[Row]:
    """The establishments of a project, each with its money, and what is spent for all of them; without money where theirs
    is more than the decision gives."""
    given = [{source: getattr(one, source, 0) for source in SOURCES} for one in helped]
    rest = {source: row.amounts[source] - sum(own[source] for own in given) for source in SOURCES}
    divided = all(amount >= 0 for amount in rest.values()) and any(any(own.values()) for own in given)
    parts = [
        Row(
            {
                "helped": squeeze(called(one.establishment)),
                "place": str(one.establishment.commune or one.establishment.province),
                "content": squeeze(one.content),
            },
            own if divided else {},
        )
        for one, own in zip(helped, given, strict=True)
    ]
    if divided and any(amount >= len(parts) for amount in rest.values()):  # less is what no equal division can give out
        parts.append(Row({"title": f"- {SHARED_COST}"}, rest))
    return parts


def time_of(start: date | None, end: date | None) -> str:
    """“03/2026–10/2026” where whole months are meant, else with the days; one end alone says which."""
    if start and end:
        if start.day == 1 and (end + timedelta(days=1)).day == 1:
            return period(start, end)
        return f"{start:%d/%m/%Y}–{end:%d/%m/%Y}"
    return f"Từ {start:%d/%m/%Y}" if start else f"Đến {end:%d/%m/%Y}" if end else ""


def sums_of(rows: Iterable[Row]) -> dict[str, int]:
    """The money of these rows by source, in đồng, and ``before``."""
    rows = list(rows)
    added: dict[str, Any] = {source: sum(row.amounts.get(source, 0) for row in rows) for source in SOURCES}
    return added | {"before": sum(row.before for row in rows)}
