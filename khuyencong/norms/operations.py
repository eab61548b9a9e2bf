"""Every change of the law as this house knows it: texts, their links, their rows."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.money import DongField
from khuyencong.base.text import fold
from khuyencong.norms import queries
from khuyencong.norms.enums import LinkKind, Verified
from khuyencong.norms.models import (
    AdvanceNorm,
    ApproverRow,
    ChangeAuthority,
    DeadlineRow,
    GroupRule,
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

DATA = Path(__file__).parent / "data"
FILES: tuple[tuple[str, type[Row]], ...] = (
    ("support_norms", SupportNorm),
    ("advance_norms", AdvanceNorm),
    ("place_rules", PlaceRule),
    ("sectors", SectorRow),
    ("priorities", PriorityRow),
    ("deadlines", DeadlineRow),
    ("approvers", ApproverRow),
    ("change_authorities", ChangeAuthority),
    ("group_rules", GroupRule),
    ("selection_rules", SelectionRule),
)


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_instrument(*, by: Any, on: date, **fields: Any) -> Instrument:
    """Record a legal text.  A provincial text needs authority over its province, a national one over the whole country.

    Raises NotAllowed; Invalid with the fields at fault (a code that exists, an end before the beginning).
    """
    instrument = Instrument(**fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    _check(instrument)
    instrument.save()
    audit.record("norms.add_instrument", instrument, by=by, on=on, code=instrument.code)
    return instrument


@transaction.atomic
def end_instrument(instrument: Instrument, *, valid_to: date, by: Any, on: date) -> Instrument:
    """From ``valid_to`` the text holds no longer; its open rows end with it.

    Raises NotAllowed; NotPossible when it has ended already; Invalid when the end is not after its first day.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if instrument.valid_to is not None:
        raise NotPossible(
            _("%(instrument)s đã hết hiệu lực từ %(day)s.")
            % {"instrument": instrument, "day": _day(instrument.valid_to)}
        )
    if valid_to <= instrument.valid_from:
        raise Invalid(valid_to=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    ended = 0
    for _model, rows in queries.rows_of(instrument):
        for row in rows:
            if row.valid_to is None or row.valid_to > valid_to:
                if row.valid_from >= valid_to:
                    raise NotPossible(
                        _("%(row)s có hiệu lực từ %(day)s, sau ngày văn bản hết hiệu lực.")
                        % {"row": row, "day": _day(row.valid_from)}
                    )
                row.valid_to = valid_to
                row.save(update_fields=["valid_to"])
                ended += 1
    instrument.valid_to = valid_to
    instrument.save(update_fields=["valid_to"])
    audit.record("norms.end_instrument", instrument, by=by, on=on, valid_to=valid_to, rows=ended)
    return instrument


@transaction.atomic
def link(instrument: Instrument, *, target: Instrument, kind: str, by: Any, on: date, note: str = "") -> Link:
    """Say how this text stands to another.  Raises NotAllowed; Invalid when it names itself or the link exists."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    made = Link(instrument=instrument, target=target, kind=kind, note=note)
    _check(made)
    made.save()
    audit.record("norms.link", instrument, by=by, on=on, kind=kind, target=target.code)
    return made


@transaction.atomic
def verify_instrument(instrument: Instrument, *, mark: str, source: str, by: Any, on: date) -> Instrument:
    """Mark how far a person has read the text, and where.  Raises NotAllowed; Invalid without a source for “yes”."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=instrument.province)
    _mark(instrument, mark=mark, source=source)
    audit.record("norms.verify_instrument", instrument, by=by, on=on, mark=mark, source=source)
    return instrument


@transaction.atomic
def add_row(instrument: Instrument, *, model: type[Row], by: Any, on: date, **fields: Any) -> Row:
    """Record one dated row that this text gives; level and province come from the text unless given.

    Raises NotAllowed; Invalid with the fields at fault; NotPossible when a row of the same key, level and province holds
    on a day of the new one, when the row reaches beyond its text, or binds another province than its text does.
    """
    fields.setdefault("level", instrument.level)
    fields.setdefault("province", instrument.province)
    row = model(instrument=instrument, **fields)
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    _check(row)
    _check_place(row)
    row.save()
    audit.record("norms.add_row", row, by=by, on=on, article=row.article, valid_from=row.valid_from, **_told(row))
    return row


@transaction.atomic
def end_row(row: Row, *, valid_to: date, by: Any, on: date) -> Row:
    """From ``valid_to`` the row holds no longer.

    Raises NotAllowed; NotPossible when it has ended already; Invalid when the end is not after its first day.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.valid_to is not None:
        raise NotPossible(_("Dòng này đã hết hiệu lực từ %(day)s.") % {"day": _day(row.valid_to)})
    if valid_to <= row.valid_from:
        raise Invalid(valid_to=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    audit.record("norms.end_row", row, by=by, on=on, valid_to=valid_to)
    return row


@transaction.atomic
def correct_row(row: Row, *, by: Any, on: date, reason: str, **fields: Any) -> Row:
    """Put right what was copied wrongly into a row that nobody has verified; old and new values go to the journal.

    A verified row is not rewritten: it is ended and a new one added.  Decisions keep the numbers they were made with.
    Raises NotAllowed; NotPossible for a verified row or an overlap; Invalid without a reason.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    if row.is_verified:
        raise NotPossible(_("Dòng đã đối chiếu văn bản thì không sửa: hãy kết thúc dòng này và thêm dòng mới."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do sửa."))
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    audit.record("norms.correct_row", row, by=by, on=on, reason=reason, before=before, after=fields)
    return row


@transaction.atomic
def verify_row(row: Row, *, mark: str, source: str, by: Any, on: date) -> Row:
    """Mark how far a person has read the article behind a row, and where.  Raises NotAllowed; Invalid without a source."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=row.province)
    _mark(row, mark=mark, source=source)
    audit.record("norms.verify_row", row, by=by, on=on, mark=mark, source=source)
    return row


def _mark(subject: Instrument | Row, *, mark: str, source: str) -> None:
    if mark not in Verified.values:
        raise Invalid(mark=_("Không có mức kiểm chứng “%(mark)s”.") % {"mark": mark})
    if mark == Verified.YES and not source.strip():
        raise Invalid(source=_("Hãy ghi nguồn văn bản đã đối chiếu."))
    subject.verified = mark
    if source.strip():
        subject.source = source.strip()
    _check(subject, overlap=False)
    subject.save(update_fields=["verified", "source"])


def _check(subject: models.Model, *, overlap: bool = True) -> None:
    """Fields and constraints in sentences, then the overlap that only a look at other rows can tell."""
    try:
        subject.full_clean()
    except ValidationError as error:
        # a constraint that names no single field stands under its first
        named = {
            name if name != "__all__" else "valid_to": " ".join(texts) for name, texts in error.message_dict.items()
        }
        raise Invalid(**named) from error
    if overlap and isinstance(subject, Row):
        other = queries.overlapping(subject)
        if other is not None:
            raise NotPossible(
                _(
                    "Trùng thời gian hiệu lực với dòng đã có: %(other)s, từ %(start)s đến %(end)s. Hãy kết thúc dòng đó trước."
                )
                % {
                    "other": other,
                    "start": _day(other.valid_from),
                    "end": _day(other.valid_to) if other.valid_to else _("nay"),
                }
            )


def _check_place(row: Row) -> None:
    text = row.instrument
    if row.valid_from < text.valid_from or (text.valid_to and (row.valid_to is None or row.valid_to > text.valid_to)):
        raise NotPossible(
            _("Thời gian hiệu lực của dòng phải nằm trong thời gian hiệu lực của %(instrument)s.")
            % {"instrument": text}
        )
    if text.province_id and row.province_id != text.province_id:
        raise NotPossible(
            _("%(instrument)s chỉ áp dụng cho %(province)s.") % {"instrument": text, "province": text.province}
        )


def _told(row: Row) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in type(row).KEY}
    for name in ("percent", "cap", "multiplier", "ratio"):
        if getattr(row, name, None) is not None:
            told[name] = getattr(row, name)
    return told


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# ── from the files of the house ──────────────────────────────────────────────────────────────────────────────────────


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
    for row in _read("instruments"):
        province = provinces.get(row)
        if row["code"] in known:
            done.same += 1
            continue
        if row["province_code"] and province is None:
            done.skipped.append(row["code"])
            continue
        fields = {name: value for name, value in row.items() if name not in ("province_code", "province_era")}
        known[row["code"]] = Instrument.objects.create(**_typed(Instrument, fields), province=province)
        done.created += 1
    links = set(Link.objects.values_list("instrument__code", "kind", "target__code"))
    for row in _read("links"):
        if (row["instrument"], row["kind"], row["target"]) in links:
            done.same += 1
        elif row["instrument"] in known and row["target"] in known:
            Link.objects.create(
                instrument=known[row["instrument"]],
                target=known[row["target"]],
                kind=LinkKind(row["kind"]),
                note=row["note"],
            )
            done.created += 1
        else:
            done.skipped.append(f"{row['instrument']} {row['kind']} {row['target']}")
    return known


def _load_lines(done: Loaded) -> dict[str, Line]:
    known = {line.code: line for line in Line.objects.all()}
    for row in _read("lines"):
        if row["code"] in known:
            done.same += 1
        else:
            known[row["code"]] = Line.objects.create(**_typed(Line, row))
            done.created += 1
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
    known = set(model._default_manager.values_list(*held, "level", "province__code", "valid_from"))
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
        identity = (*(getattr(made, key) for key in held), made.level, row["province_code"] or None, made.valid_from)
        if identity in known:
            done.same += 1
        elif queries.overlapping(made) is not None:
            done.skipped.append(f"{made}")
        else:
            made.full_clean(
                validate_unique=False, validate_constraints=False, exclude=["instrument", "province", "line"]
            )
            made.save()
            done.created += 1


def _load_industries(done: Loaded) -> None:
    known = set(Industry.objects.values_list("version", "code"))
    new = [
        Industry(**_typed(Industry, row), folded=fold(row["name"]))
        for row in _read("vsic_2025")
        if (row["version"], row["code"]) not in known
    ]
    Industry.objects.bulk_create(new, batch_size=500)
    done.created += len(new)
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
