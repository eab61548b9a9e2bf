"""Loading the published figures that come with the house; taking dossiers away for an audit."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid
from khuyencong.places import queries as places
from khuyencong.projects.models import Project
from khuyencong.reporting.models import PublishedDocument, ReportedFigure
from khuyencong.reporting.queries.sampling import LARGEST

DATA = Path(__file__).parent / "data"


@dataclass(slots=True)
class Loaded:
    """What a load has done."""

    created: int = 0
    same: int = 0
    changed: int = 0


@transaction.atomic
def load_published(*, by: Any = None) -> Loaded:
    """Load the documents and figures of ``data/``; a row is known again by its key, so a second run changes nothing.

    A row whose data file was corrected is brought up to it (``changed``); what the file does not hold is left alone.
    ``by`` None: the installation itself; otherwise the right to import.  Today's province is put in where ``places`` knows
    it: load places first, or run again.
    """
    if by is not None:
        authorise(by, Permission.IMPORT)
    done = Loaded()
    provinces = {unit.code: unit for unit in places.current_provinces()}
    documents: dict[str, PublishedDocument] = {}
    for row in _read("documents"):
        told: dict[str, Any] = {name: row[name] for name in ("title", "publisher", "url", "note")}
        told["published_on"] = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        documents[row["code"]] = _put(PublishedDocument, "code", row["code"], told, done)
    known = {figure.key: figure for figure in ReportedFigure.objects.all()}
    rows = list(_read("figures"))  # whom a row names stands before it
    named = {row[name] for row in rows for name in ("part_of", "same_as")}
    fresh: list[ReportedFigure] = []
    for row in rows:
        facts: dict[str, Any] = {
            name: row[name]
            for name in (
                "position",
                "province_then",
                "place",
                "period",
                "subject",
                "indicator",
                "unit",
                "qualifier",
                "note",
            )
        }
        facts |= {name: Decimal(row[name]) if row[name] else None for name in ("value", "value_to", "rounded_to")}
        facts |= {name: int(row[name]) if row[name] else None for name in ("year_from", "year_to")}
        facts |= {name: row[name] == "1" for name in ("planned", "list_is_open")}
        facts["province"] = provinces.get(row["province_code"])
        facts["document"] = documents[row["document"]]
        facts |= {name: known[row[name]] if row[name] else None for name in ("part_of", "same_as")}
        if row["key"] not in known:
            figure = ReportedFigure(key=row["key"], **facts)
            if row["key"] in named:
                figure.save()
            else:
                figure.derive()
                fresh.append(figure)
            known[row["key"]] = figure
            done.created += 1
        else:
            _put(ReportedFigure, "key", row["key"], facts, done, known[row["key"]])
    ReportedFigure.objects.bulk_create(fresh, batch_size=200)
    if by is not None and documents and (done.created or done.changed):
        audit.record(
            "reporting.load", next(iter(documents.values())), by=by, created=done.created, changed=done.changed
        )
    return done


@transaction.atomic
def take_dossiers(projects: list[Project], *, by: Any) -> int:
    """Remember that an auditor takes copies of these projects' dossiers with him; returns how many.

    Raises Invalid(projects=…) for none or more than ``LARGEST`` at once, NotAllowed where one of them lies outside his
    mandate.  The copies themselves are made by ``exports.dossiers``.
    """
    if not projects:
        raise Invalid(projects=_("Hãy chọn ít nhất một đề án."))
    if len(projects) > LARGEST:
        raise Invalid(projects=_("Mỗi lần xuất nhiều nhất %(count)s đề án.") % {"count": LARGEST})
    for project in projects:
        authorise(by, Permission.AUDIT, place=project.place)
    return audit.record_many(projects, action="audit.export", by=by)


def _read(name: str) -> Iterator[dict[str, str]]:
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _put(model: Any, name: str, key: str, facts: dict[str, Any], done: Loaded, found: Any = None) -> Any:
    found = found or model.objects.filter(**{name: key}).first()
    if found is None:
        done.created += 1
        return model.objects.create(**{name: key}, **facts)
    if all(getattr(found, field) == value for field, value in facts.items()):
        done.same += 1
        return found
    for field, value in facts.items():
        setattr(found, field, value)
    found.save()
    done.changed += 1
    return found
