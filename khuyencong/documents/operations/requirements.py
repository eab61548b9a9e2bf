"""Loading the checklists of the law."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.db import transaction

from khuyencong.base.bulk import insert_objects
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Requirement

REQUIREMENTS = Path(__file__).parent.parent / "data" / "requirements.csv"


@transaction.atomic
def load_requirements() -> int:
    """Bring the checklists of the law up to the data file; returns how many lines are new or changed.

    A line that the file no longer has is kept: dossiers point at it.  Safe to run again.
    """
    known = {
        (line.stage, line.project_kind, line.level, line.code, line.valid_from): line
        for line in Requirement.objects.all()
    }
    new: list[Requirement] = []
    touched = 0
    for values in read_requirements():
        key = (values["stage"], values["project_kind"], values["level"], values["code"], values["valid_from"])
        line = known.get(key)
        if line is None:
            new.append(Requirement(**values))
        elif any(getattr(line, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(line, name, value)
            line.save()
            touched += 1
    return touched + len(insert_objects(new))


def read_requirements(path: Path = REQUIREMENTS) -> Iterator[dict]:
    """The lines of the data file as values of ``Requirement``; one line may name several kinds of project (``a|b``)."""
    with path.open(encoding="utf-8", newline="") as file:
        for order, row in enumerate(csv.DictReader(file), start=1):
            for kind in row["project_kinds"].split("|"):
                valid_to = None
                with suppress(ValueError):
                    valid_to = date.fromisoformat(row["valid_to"])
                yield {
                    "stage": row["stage"],
                    "project_kind": kind,
                    "level": row["level"],
                    "code": row["code"],
                    "title": row["title"],
                    "article": row["article"],
                    "paper_kind": PaperKind(row["paper_kind"]).value,
                    "per_beneficiary": row["per_beneficiary"] == "1",
                    "only_when": row["only_when"],
                    "order": order,
                    "verified": row["verified"],
                    "valid_from": date.fromisoformat(row["valid_from"]),
                    "valid_to": valid_to,
                }
