"""The texts and rows that come with the house."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.bulk import insert_objects
from khuyencong.base.money import DongField
from khuyencong.base.text import fold
from khuyencong.norms import queries
from khuyencong.norms.enums import LinkKind
from khuyencong.norms.models import (
    AdvanceNorm,
    ApproverRow,
    ChangeAuthority,
    Condition,
    DeadlineRow,
    GroundRow,
    GroupRule,
    HolderRow,
    Industry,
    Instrument,
    Line,
    Link,
    PlaceRule,
    PriorityRow,
    Row,
    SectorRow,
    SelectionRule,
    SupportNorm,
)
from khuyencong.places.models import REFORM, Unit

DATA = Path(__file__).parent.parent / "data"
FILES: tuple[tuple[str, type[Row]], ...] = (
    ("support_norms", SupportNorm),
    ("advance_norms", AdvanceNorm),
    ("place_rules", PlaceRule),
    ("holders", HolderRow),
    ("sectors", SectorRow),
    ("priorities", PriorityRow),
    ("deadlines", DeadlineRow),
    ("approvers", ApproverRow),
    ("change_authorities", ChangeAuthority),
    ("group_rules", GroupRule),
    ("selection_rules", SelectionRule),
    ("conditions", Condition),
    ("grounds", GroundRow),
)


@dataclass
class Loaded:
    """What loading did.  ``skipped`` names rows whose province is not loaded yet, or that people have set otherwise."""

    created: int = 0
    same: int = 0
    skipped: list[str] = field(default_factory=list)


@transaction.atomic
def load(*, by: Any = None, on: date | None = None) -> Loaded:
    """Load the texts and rows that come with the house; what is there already is never changed, so it can be run again.

    ``by`` None: the installation itself.  Otherwise the right to import or to manage catalogues for the whole country.
    Rows of a province that ``places`` does not know yet are left out and named: load places first, or run again.
    """
    if by is not None and not by.may(Permission.IMPORT):
        authorise(by, Permission.CATALOGUE_MANAGE)
    done = Loaded()
    provinces = _Provinces()
    instruments = _load_instruments(done, provinces)
    lines = _load_lines(done)
    for name, model in FILES:
        _load_rows(name, model, done, instruments, lines, provinces)
    _load_industries(done)
    if by is not None and instruments:
        subject = next(iter(instruments.values()))
        audit.record(
            "norms.load", subject, by=by, on=on, created=done.created, same=done.same, skipped=len(done.skipped)
        )
    return done


def _read(name: str) -> Iterator[dict[str, str]]:
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


class _Provinces:
    """Provinces by (code, era), each as the first row of its era, so that a change of type makes no second province."""

    def __init__(self) -> None:
        self._units: dict[tuple[str, str], Unit] = {}
        for unit in Unit.objects.provinces().order_by("-valid_from"):
            self._units[(unit.code, "current" if unit.valid_from >= REFORM else "legacy")] = unit

    def get(self, row: dict[str, str]) -> Unit | None:
        return self._units.get((row["province_code"], row["province_era"]))


def _load_instruments(done: Loaded, provinces: _Provinces) -> dict[str, Instrument]:
    known = {instrument.code: instrument for instrument in Instrument.objects.all()}
    new: list[Instrument] = []
    for row in _read("instruments"):
        province = provinces.get(row)
        if row["code"] in known:
            done.same += 1
            continue
        if row["province_code"] and province is None:
            done.skipped.append(row["code"])
            continue
        fields = {name: value for name, value in row.items() if name not in ("province_code", "province_era")}
        known[row["code"]] = made = Instrument(**_typed(Instrument, fields), province=province)
        made.derive()
        new.append(made)
    done.created += len(insert_objects(new))
    _load_links(done, known)
    return known


def _load_links(done: Loaded, known: dict[str, Instrument]) -> None:
    new: list[Link] = []
    links = set(Link.objects.values_list("instrument__code", "kind", "target__code"))
    for row in _read("links"):
        if (row["instrument"], row["kind"], row["target"]) in links:
            done.same += 1
        elif row["instrument"] in known and row["target"] in known:
            ends = {"instrument": known[row["instrument"]], "target": known[row["target"]]}
            new.append(Link(**ends, kind=LinkKind(row["kind"]), note=row["note"]))
        else:
            done.skipped.append(f"{row['instrument']} {row['kind']} {row['target']}")
    done.created += len(insert_objects(new))


def _load_lines(done: Loaded) -> dict[str, Line]:
    known = {line.code: line for line in Line.objects.all()}
    new: list[Line] = []
    for row in _read("lines"):
        if row["code"] in known:
            done.same += 1
        else:
            known[row["code"]] = made = Line(**_typed(Line, row))
            new.append(made)
    done.created += len(insert_objects(new))
    return known


def _load_rows(
    name: str,
    model: type[Row],
    done: Loaded,
    instruments: dict[str, Instrument],
    lines: dict[str, Line],
    provinces: _Provinces,
) -> None:
    held = [
        f"{field_name}_id" if model._meta.get_field(field_name).is_relation else field_name for field_name in model.KEY
    ]
    # the days of what is there, by key: only where some meet is the database asked whether they do
    days: dict[tuple[Any, ...], list[tuple[date, date | None]]] = {}
    there = model._default_manager.values_list(*held, "level", "province__code", "valid_from", "valid_to")
    for *key, since, until in there:
        days.setdefault(tuple(key), []).append((since, until))
    new: list[Row] = []
    for row in _read(name):
        fields: dict[str, Any] = {
            k: v for k, v in row.items() if k not in ("province_code", "province_era", "instrument")
        }
        province = provinces.get(row)
        if row["instrument"] not in instruments or (row["province_code"] and province is None):
            done.skipped.append(f"{row['instrument']}: {name}")
            continue
        fields = _typed(model, fields)
        for key in ("line", "derived_from"):
            if key in fields:
                fields[key] = lines[fields[key]] if fields[key] else None
        made = model(**fields, instrument=instruments[row["instrument"]], province=province)
        same = days.setdefault((*(getattr(made, key) for key in held), made.level, row["province_code"] or None), [])
        if any(since == made.valid_from for since, _until in same):
            done.same += 1
        elif any(_meet(made, since, until) for since, until in same) and _overlaps(made, new):
            done.skipped.append(f"{made}")
        else:
            made.full_clean(
                validate_unique=False, validate_constraints=False, exclude=["instrument", "province", "line"]
            )
            new.append(made)
            same.append((made.valid_from, made.valid_to))
            done.created += 1
    insert_objects(new)


def _overlaps(row: Row, new: list[Row]) -> bool:
    """Whether the database knows a row that holds on a day of this one; those that wait to be written are written first."""
    insert_objects(new)
    new.clear()
    return queries.overlapping(row) is not None


def _meet(row: Row, since: date, until: date | None) -> bool:
    """Whether some day lies both in the time of this row and in this time."""
    return (until is None or until > row.valid_from) and (row.valid_to is None or row.valid_to > since)


def _load_industries(done: Loaded) -> None:
    known = set(Industry.objects.values_list("version", "code"))
    new = [
        Industry(**_typed(Industry, row), folded=fold(row["name"]))
        for row in _read("vsic_2025")
        if (row["version"], row["code"]) not in known
    ]
    done.created += len(insert_objects(new))
    done.same += len(known)


def _typed(model: type[models.Model], row: dict[str, str]) -> dict[str, Any]:
    """Cells as the fields want them; an empty cell is the field's own emptiness or default."""
    typed: dict[str, Any] = {}
    for name, value in row.items():
        kind = model._meta.get_field(name)
        if kind.is_relation:
            typed[name] = value
        elif isinstance(kind, models.BooleanField):
            typed[name] = value == "1"
        elif value == "":
            if kind.null:
                typed[name] = None
            elif isinstance(kind, models.CharField | models.TextField):
                typed[name] = ""
        elif isinstance(kind, models.DateField):
            typed[name] = date.fromisoformat(value)
        elif isinstance(kind, models.DecimalField):
            typed[name] = Decimal(value)
        elif isinstance(kind, DongField | models.IntegerField):
            typed[name] = int(value)
        else:
            typed[name] = value
    return typed
