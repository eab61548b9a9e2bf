"""Every write to the register of administrative units."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.bulk import insert, insert_objects
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import AppendOnly, checked
from khuyencong.base.text import fold, sort_key
from khuyencong.places import queries
from khuyencong.places.enums import Level, SuccessionKind
from khuyencong.places.models import REFORM, UNRECORDED, Edition, Located, Succession, Unit, UnitFact
from khuyencong.places.rules import Gazetteer, fact_wrong, split_name

DATA = Path(__file__).parent / "data"
FILES = (
    "provinces.csv",
    "communes.csv",
    "changes.csv",
    "former_provinces.csv",
    "former_districts.csv",
    "former_communes.csv",
    "conversion.csv",
)
_KEPT = (
    "kind",
    "name",
    "full_name",
    "folded",
    "sort_key",
    "valid_to",
    "latitude",
    "longitude",
    "area_km2",
    "in_conversion_table",
    "other_names",
    "source",
)
_NSO_2025 = "NSO 2025-01-04"
_NSO_TABLE = "NSO, bảng chuyển đổi"
_TODAY = "NSO 2026-02; vietnamese-provinces-database 2026-08-02"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows made and rows corrected; both nought when all was there."""

    units: int
    corrected: int
    successions: int


def load(*, by: Any = None) -> Loaded:
    """Bring the register up to the edition that comes with the project, in one transaction.  Loading again does nothing.

    ``by`` needs the right to import (the account ``system``) or to keep catalogues; without ``by`` it is the
    installation that loads its own data before anybody can sign in.  Raises NotPossible when a file is missing.
    """
    if by is not None and not by.may(Permission.CATALOGUE_MANAGE):
        authorise(by, Permission.IMPORT)
    digest = _digest()
    if Edition.objects.filter(digest=digest).exists():
        return Loaded(0, 0, 0)
    with transaction.atomic():
        made, corrected, successions = _load()
        edition = Edition.objects.create(
            digest=digest,
            loaded_on=clock.today(),
            units=Unit.objects.count(),
            successions=Succession.objects.count(),
        )
        if by is not None:
            audit.record("place.load", edition, by=by, units=made, corrected=corrected, successions=successions)
    queries.forget()
    return Loaded(made, corrected, successions)


def _digest() -> str:
    whole = hashlib.sha256()
    for name in FILES:
        try:
            whole.update((DATA / name).read_bytes())
        except OSError as error:
            raise NotPossible(_("Thiếu tệp danh mục địa bàn “%(name)s”.") % {"name": name}) from error
    return whole.hexdigest()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> float | None:
    return float(text) if text else None


Key = tuple[str, str, date]


class _Register:
    """Rows as they should be, put against rows as they are; parents are saved before their children."""

    def __init__(self) -> None:
        self.there: dict[Key, Unit] = {(u.level, u.code, u.valid_from): u for u in Unit.objects.all()}
        self.new: list[Unit] = []
        self.changed: list[Unit] = []
        self.made = self.corrected = 0

    def put(self, level: Level, code: str, full_name: str, valid_from: date, **fields: Any) -> Unit:
        kind, name = split_name(full_name, level)
        wanted = {
            "kind": str(kind),
            "name": name,
            "full_name": full_name,
            "folded": fold(name),
            "sort_key": sort_key(name),
            "valid_to": None,
            "latitude": None,
            "longitude": None,
            "area_km2": None,
            "in_conversion_table": True,
            "other_names": "",
            "source": "",
            "parent_id": None,
            "province_id": None,
        } | fields
        key = (str(level), code, valid_from)
        unit = self.there.get(key)
        if unit is None:
            unit = Unit(level=str(level), code=code, valid_from=valid_from, **wanted)
            self.there[key] = unit
            self.new.append(unit)
            return unit
        if any(self._value(unit, field) != value for field, value in wanted.items()):
            for field, value in wanted.items():
                setattr(unit, field, value)
            self.changed.append(unit)
        return unit

    @staticmethod
    def _value(unit: Unit, field: str) -> Any:
        value = getattr(unit, field)
        return bytes(value) if isinstance(value, memoryview) else value

    def save(self) -> None:
        self.made += len(self.new)
        self.corrected += len(self.changed)
        insert_objects(self.new)
        if self.changed:
            Unit.objects.bulk_update(self.changed, [*_KEPT, "parent", "province"], batch_size=200)
        self.new, self.changed = [], []


Step = tuple[Unit, Unit, str, date, str, str]  # old, new, kind, on, extent, note


class _Loading:
    """The register as the files have it: what is today, what was before the reform, and what became of what."""

    def __init__(self) -> None:
        self.register = _Register()
        self.steps: list[Step] = []
        self._later = {(row["level"], row["code"]): row for row in _rows("changes.csv")}

    def provinces(self) -> tuple[dict[str, tuple[Unit, Unit]], dict[str, Unit]]:
        """Those of today, each as of the reform and as of now, and those before; by their codes."""
        today = {
            row["code"]: self._dated(Level.PROVINCE, row["code"], row["full_name"], _TODAY)
            for row in _rows("provinces.csv")
        }
        former: dict[str, Unit] = {}
        parts: dict[str, list[str]] = {}
        for row in _rows("former_provinces.csv"):
            former[row["code"]] = self.register.put(
                Level.PROVINCE, row["code"], row["full_name"], UNRECORDED, valid_to=REFORM, source=_NSO_2025
            )
            parts.setdefault(row["new_code"], []).append(row["code"])
        self.register.save()
        for new_code, codes in parts.items():
            kind = SuccessionKind.UNCHANGED if len(codes) == 1 else SuccessionKind.WHOLE
            self.steps += [(former[code], today[new_code][0], kind, REFORM, "", "") for code in codes]
        return today, former

    def districts(self, former: dict[str, Unit]) -> dict[str, Unit]:
        found = {
            row["code"]: self.register.put(
                Level.DISTRICT,
                row["code"],
                row["full_name"],
                UNRECORDED,
                valid_to=REFORM,
                parent_id=former[row["province_code"]].pk,
                province_id=former[row["province_code"]].pk,
                other_names=row["other_names"],
                source=_NSO_2025,
            )
            for row in _rows("former_districts.csv")
        }
        self.register.save()
        return found

    def communes(self, provinces: dict[str, tuple[Unit, Unit]]) -> dict[str, Unit]:
        """Those as of the reform; not saved before the former ones."""
        found: dict[str, Unit] = {}
        for row in _rows("communes.csv"):
            of_day, of_today = provinces[row["province_code"]]
            above = (of_day if (Level.COMMUNE, row["code"]) in self._later else of_today).pk
            found[row["code"]] = self._dated(
                Level.COMMUNE,
                row["code"],
                row["full_name"],
                _TODAY,
                of_today=of_today,
                parent_id=above,
                province_id=above,
                latitude=_number(row["latitude"]),
                longitude=_number(row["longitude"]),
                area_km2=_number(row["area_km2"]),
                other_names=row["other_names"],
            )[0]
        return found

    def former_communes(self, districts: dict[str, Unit], former: dict[str, Unit]) -> dict[str, Unit]:
        found = {
            row["code"]: self.register.put(
                Level.COMMUNE,
                row["code"],
                row["full_name"],
                UNRECORDED,
                valid_to=REFORM,
                parent_id=districts[row["district_code"]].pk,
                province_id=former[row["province_code"]].pk,
                in_conversion_table=row["in_conversion_table"] == "1",
                other_names=row["other_names"],
                source=_NSO_TABLE if row["since_2025"] == "1" else _NSO_2025,
            )
            for row in _rows("former_communes.csv")
        }
        self.register.save()
        return found

    def write_successions(self) -> int:
        """Those that are not there yet; how many they were."""
        there = set(Succession.objects.values_list("old_id", "new_id", "extent"))
        rows = (
            (was.pk, new.pk, str(kind), on, extent, note)
            for was, new, kind, on, extent, note in self.steps
            if (was.pk, new.pk, extent) not in there
        )
        return insert(Succession, ("old_id", "new_id", "kind", "on", "extent", "note"), rows)

    def _dated(
        self, level: Level, code: str, full_name: str, source: str, of_today: Unit | None = None, **fields: Any
    ) -> tuple[Unit, Unit]:
        """The unit as of 1 July 2025 and as of today (the same row unless it changed since)."""
        change = self._later.get((level, code))
        if change is None:
            unit = self.register.put(level, code, full_name, REFORM, source=source, **fields)
            return unit, unit
        day = date.fromisoformat(change["valid_from"])
        basis = change["basis"]
        first = self.register.put(level, code, full_name, REFORM, valid_to=day, source=source, **fields)
        today: dict[str, Any] = {"other_names": ""}
        if of_today is not None:
            today["province_id"] = today["parent_id"] = of_today.pk
        second = self.register.put(level, code, change["full_name"], day, source=basis or source, **(fields | today))
        self.steps.append((first, second, SuccessionKind.RENAMED, day, "", basis))
        return first, second


def _load() -> tuple[int, int, int]:
    """Put the files into the register, parents before their children; how many units were made, corrected, and successions."""
    loading = _Loading()
    provinces, former = loading.provinces()
    districts = loading.districts(former)
    communes = loading.communes(provinces)
    old = loading.former_communes(districts, former)
    for row in _rows("conversion.csv"):
        was = old[row["old_code"]] if row["old_code"] else districts[row["old_district_code"]]
        loading.steps.append((was, communes[row["new_code"]], row["kind"], REFORM, row["extent"], row["note"]))
    written = loading.write_successions()
    return loading.register.made, loading.register.corrected, written


def recompute(*, by: Any = None, dry_run: bool = False) -> dict[str, int]:
    """Set province and commune of every located record again, after units were merged, split or renamed.

    The unit that was written decides; where none is known, what the present commune or province became.  A commune that
    split is emptied, never guessed.  Returns how many records of each model changed (would change with ``dry_run``).
    """
    if by is not None and not by.may(Permission.CATALOGUE_MANAGE):
        authorise(by, Permission.IMPORT)
    changed: dict[str, int] = {}
    queries.forget()
    index = queries.gazetteer()
    with transaction.atomic():
        for model in apps.get_models():
            if not issubclass(model, Located) or issubclass(model, AppendOnly) or model._meta.proxy:
                continue
            rows = models.QuerySet(model)
            total = 0
            for combination in rows.order_by().values_list("place_unit_id", "commune_id", "province_id").distinct():
                wanted = _today(index, *combination)
                if wanted is None or wanted == combination[1:]:
                    continue
                place_unit, commune, province = combination
                these = rows.filter(place_unit_id=place_unit, commune_id=commune, province_id=province)
                if dry_run:
                    total += these.count()
                else:
                    total += these.update(commune_id=wanted[0], province_id=wanted[1])
            if total:
                changed[model._meta.label] = total
        if changed and by is not None and not dry_run:
            edition = Edition.objects.order_by("-pk").first()
            if edition is not None:
                audit.record("place.recompute", edition, by=by, changed=changed)
    return changed


def _today(
    index: Gazetteer, place_unit: int | None, commune: int | None, province: int
) -> tuple[int | None, int] | None:
    """Commune and province of today for what a record says; None when the register knows no better."""
    written = index.units.get(place_unit or 0)
    if commune is not None and (written is None or written.level != Level.COMMUNE or len(index.today[written.pk]) != 1):
        held = index.today.get(commune, ())
        if len(held) == 1:
            above = index.province_today(index.units[held[0]])
            return (held[0], above.pk) if above else None
    if written is not None:
        above = index.province_today(written)
        parts = index.today.get(written.pk, ()) if written.level != Level.PROVINCE else ()
        if above is not None and (parts or commune is None):
            only = parts[0] if len(parts) == 1 else None
            return (only if only is not None else None), above.pk
    held = index.today.get(province, ())
    return (None, held[0]) if len(held) == 1 else None


@transaction.atomic
def record_fact(
    unit: Unit, *, name: str, value: str, source: str, valid_from: date, by: Any, verified: bool = False
) -> UnitFact:
    """Enter a dated fact about a unit with its source; what held before ends on the same day.

    Raises Invalid without a source, for a value that cannot be, and for a day before the fact that holds began.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=queries.province_today(unit))
    value, source = " ".join(value.split()), " ".join(source.split())
    if not source:
        raise Invalid(source=_("Hãy ghi nguồn của thuộc tính này (quyết định, nghị quyết)."))
    if sentence := fact_wrong(name, value):
        raise Invalid(value=sentence)
    before = unit.facts.select_for_update().filter(name=name, valid_to=None).order_by("-valid_from").first()
    if before is not None:
        if before.valid_from >= valid_from:
            raise Invalid(
                valid_from=_("Đã có giá trị từ ngày %(day)s; ngày mới phải sau ngày đó.")
                % {"day": f"{before.valid_from:%d/%m/%Y}"}
            )
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    fact = checked(UnitFact(unit=unit, name=name, value=value, source=source, valid_from=valid_from, verified=verified))
    fact.save()
    audit.record("place.record_fact", fact, by=by, on=valid_from, value=value, source=source, verified=verified)
    return fact
