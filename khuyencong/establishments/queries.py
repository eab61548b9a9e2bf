"""Establishments found, compared and followed through what the State has given them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.establishments import rules
from khuyencong.establishments.enums import Match, Why
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Machine,
    NotDuplicate,
    Product,
    Recognition,
    SupportedItem,
    YearlyFacts,
)
from khuyencong.people.models import User
from khuyencong.places.models import Unit

COUNTED = 10_000  # beyond it a list says "more than"; nobody pages through ten thousand rows
FLAGS = ("woman_owned", "minority_owned", "cleaner_production", "in_craft_village", "in_cluster", "closed", "supported")


# --- one establishment under several records -----------------------------------------------------------------------


def all_of(establishment: Establishment) -> list[int]:
    """The keys of every record that is this establishment: itself, those merged into it, and theirs; itself first."""
    return together([establishment.pk])


def together(keys: Iterable[int]) -> list[int]:
    """``all_of`` for several at once.  One query for each generation of mergers, almost always two."""
    found = list(dict.fromkeys(keys))
    edge = found
    while edge:
        edge = list(
            Establishment.objects.filter(merged_into__in=edge).exclude(pk__in=found).values_list("pk", flat=True)
        )
        found += edge
    return found


def standing(establishment: Establishment) -> Establishment:
    """The record that stands for this one today: the end of its chain of mergers."""
    while establishment.merged_into_id is not None:
        establishment = Establishment.objects.get(pk=establishment.merged_into_id)
    return establishment


# --- lists ---------------------------------------------------------------------------------------------------------


def search(
    user: User,
    *,
    text: str = "",
    province: int | None = None,
    commune: int | None = None,
    sector: str = "",
    legal_form: str = "",
    flags: Iterable[str] = (),
) -> QuerySet[Establishment]:
    """The standing records that this person may see and that fit, unordered.

    ``text`` is searched with and without accents in the name, as the beginning of a tax code when it is a number.
    Raises nothing: an unknown flag is passed over.
    """
    rows = Establishment.objects.visible_to(user).active()
    if province:
        rows = rows.filter(province_id=province)
    if commune:
        rows = rows.filter(commune_id=commune)
    if sector:
        rows = rows.filter(sector=sector)
    if legal_form:
        rows = rows.filter(legal_form=legal_form)
    for word in (words := fold(text).split()):
        if len(words) == 1 and word.isdigit() and len(word) >= 4:
            # a range over the index of those that have a code; ":" is what follows "9"
            rows = rows.exclude(tax_code="").filter(tax_code__gte=word, tax_code__lt=f"{word}:")
        else:
            rows = rows.filter(folded__contains=word)
    for flag in flags:
        rows = with_flag(rows, flag)
    return rows


def with_flag(rows: QuerySet[Establishment], flag: str) -> QuerySet[Establishment]:
    """Those of ``rows`` of which one of ``FLAGS`` is true; all of them for a flag that is none."""
    conditions = {
        "woman_owned": Q(woman_owned=True),
        "minority_owned": Q(minority_owned=True),
        "cleaner_production": Q(cleaner_production=True),
        "in_craft_village": Q(craft_village__isnull=False),
        "in_cluster": Q(cluster__isnull=False),
        "closed": Q(closed_on__isnull=False),
        "supported": Q(Exists(SupportedItem.objects.filter(establishment=OuterRef("pk"), withdrawn_on=None))),
    }
    return rows.filter(conditions[flag]) if flag in conditions else rows


def count(rows: QuerySet[Any], *, limit: int = COUNTED) -> int:
    """How many there are, but never more than ``limit + 1`` (which means: more than ``limit``)."""
    return rows.order_by()[: limit + 1].count()


def workers(rows: QuerySet[Establishment], *, year: int) -> int:
    """The workers of these establishments in ``year``."""
    facts = YearlyFacts.objects.filter(year=year, establishment__in=rows.order_by().values("pk"))
    return facts.aggregate(n=Sum("workers"))["n"] or 0


def latest_facts(keys: Sequence[int]) -> dict[int, YearlyFacts]:
    """The newest yearly facts of each."""
    newest = YearlyFacts.objects.filter(establishment=OuterRef("establishment")).values("establishment")
    rows = YearlyFacts.objects.filter(establishment__in=keys, year=newest.annotate(last=Max("year")).values("last"))
    return {row.establishment_id: row for row in rows}


# --- duplicates ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same establishment.  Telephone and owner are told as reasons, never shown here."""

    establishment: Establishment
    why: Why
    score: int

    @property
    def label(self) -> str:
        return str(self.why.label)


def duplicates_of(
    *,
    name: str,
    tax_code: str = "",
    commune: Unit | None = None,
    province: Unit | None = None,
    phone: str = "",
    representative: str = "",
    exclude: Establishment | None = None,
    limit: int = 10,
) -> list[Candidate]:
    """Records that may be the same establishment, the surest first.

    Tax code anywhere in the country; then name, telephone and owner inside one commune of today (so across mergers of
    units too), fuzzy only there; where the commune is not known, only an equal key inside the province.  Pairs that a
    person has dismissed are left out.  At most three queries.
    """
    found: dict[int, Candidate] = {}
    standing_ones = Establishment.objects.active().select_related("commune", "province")
    left_out: set[int] = set()
    if exclude is not None:
        left_out = {exclude.pk, *dismissed(exclude)}
    if tax_code:
        for other in standing_ones.filter(tax_code=tax_code).exclude(pk__in=left_out)[:limit]:
            found[other.pk] = Candidate(other, Why.TAX_CODE, 100)
    key, owner = rules.key(name) if name.strip() else "", fold(representative).strip()
    if commune is not None:
        near: Iterable[Establishment] = standing_ones.filter(commune=commune).exclude(pk__in=left_out)
    elif province is not None and key:
        near = standing_ones.filter(province=province, key=key).exclude(pk__in=left_out)[:limit]
    else:
        near = ()
    for other in near:
        candidate = compare(other, key=key, phone=phone, owner=owner)
        if candidate is not None:
            found.setdefault(other.pk, candidate)
    return sorted(found.values(), key=lambda c: (-c.score, c.establishment.pk))[:limit]


def compare(other: Establishment, *, key: str, phone: str = "", owner: str = "") -> Candidate | None:
    """Why a record of the same commune may be the same establishment; None when nothing speaks for it."""
    if key and other.key == key:
        return Candidate(other, Why.NAME, 98)
    score = rules.likeness(key, other.key) if key else 0
    if score >= rules.ALIKE:
        return Candidate(other, Why.SIMILAR, score)
    if phone and other.phone == phone:
        return Candidate(other, Why.PHONE, 80)
    if owner and " " in owner and fold(other.representative).strip() == owner:
        return Candidate(other, Why.OWNER, 75)
    return None


def dismissed(establishment: Establishment) -> set[int]:
    """The records that a person has told apart from this one."""
    pairs = NotDuplicate.objects.filter(Q(first=establishment) | Q(second=establishment)).values_list("first", "second")
    return {key for pair in pairs for key in pair if key != establishment.pk}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records to be looked at side by side, the older first."""

    first: Establishment
    second: Establishment
    why: Why
    score: int

    @property
    def label(self) -> str:
        return str(self.why.label)


def duplicate_pairs(user: User, *, province: Unit, commune: Unit | None = None, limit: int = 200) -> list[Pair]:
    """The pairs of a province that a person should look at: equal tax codes, equal keys inside a commune.

    With ``commune`` also names that are only alike: comparing everything with everything is for one commune at a time.
    Pairs that were dismissed are left out; at most ``limit``, the surest first.
    """
    rows = Establishment.objects.visible_to(user).active().filter(province=province)
    if commune is not None:
        rows = rows.filter(commune=commune)
    groups: list[tuple[Why, Q]] = []
    for row in rows.exclude(tax_code="").values("tax_code").annotate(n=Count("pk")).filter(n__gt=1).order_by()[:limit]:
        groups.append((Why.TAX_CODE, Q(tax_code=row["tax_code"])))
    for row in (
        rows.filter(commune__isnull=False)
        .values("commune", "key")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .order_by()[:limit]
    ):
        groups.append((Why.NAME, Q(commune=row["commune"], key=row["key"])))
    told: dict[tuple[int, int], tuple[Why, int]] = {}
    if groups:
        wanted = Q()
        for _reason, condition in groups:
            wanted |= condition
        members = list(rows.filter(wanted).order_by("pk").values_list("pk", "tax_code", "commune_id", "key"))
        by_code: dict[str, list[int]] = {}
        by_key: dict[tuple[int, str], list[int]] = {}
        for pk, tax_code, commune_id, key in members:
            if tax_code:
                by_code.setdefault(tax_code, []).append(pk)
            by_key.setdefault((commune_id, key), []).append(pk)
        for same, why, score in (
            *((keys, Why.TAX_CODE, 100) for keys in by_code.values()),
            *((keys, Why.NAME, 98) for (place, _name), keys in by_key.items() if place),
        ):
            for at, one in enumerate(same):
                for other in same[at + 1 :]:
                    told.setdefault((one, other), (why, score))
    if commune is not None:
        everyone = list(rows.order_by("pk").values_list("pk", "key"))
        for at, (one, key) in enumerate(everyone):
            for other, other_key in everyone[at + 1 :]:
                score = rules.likeness(key, other_key)
                if rules.ALIKE <= score < 100:
                    told.setdefault((one, other), (Why.SIMILAR, score))
    for pair in NotDuplicate.objects.filter(
        first__in={pair[0] for pair in told}, second__in={pair[1] for pair in told}
    ).values_list("first", "second"):
        told.pop(pair, None)
    chosen = sorted(told.items(), key=lambda item: (-item[1][1], item[0]))[:limit]
    records = Establishment.objects.select_related("commune", "province").in_bulk(
        {key for pair, _reason in chosen for key in pair}
    )
    return [Pair(records[one], records[other], why, score) for (one, other), (why, score) in chosen]


def carried(establishment: Establishment) -> dict[str, int]:
    """How much hangs on one record: years, machines, products, photos, supported items."""
    own = Establishment.objects.filter(pk=establishment.pk)
    return own.aggregate(
        years=Count("years", distinct=True),
        machines=Count("machines", distinct=True),
        products=Count("products", distinct=True),
        photos=Count("photos", distinct=True),
        supported=Count("supported_items", distinct=True),
    )


# --- what was supported before -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that speaks for an earlier support: what, to whom, when, out of which source, and why it is shown."""

    item: SupportedItem
    why: Match
    certain: bool  # the same machine or invoice; otherwise a person has to look

    @property
    def label(self) -> str:
        return str(self.why.label)


def supported_before(
    *,
    establishments: Iterable[Establishment] = (),
    tax_code: str = "",
    serials: Iterable[str] = (),
    invoices: Iterable[str] = (),
    items: Iterable[str] = (),
    since: date | None = None,
    before: date | None = None,
    except_project: UUID | None = None,
) -> list[Evidence]:
    """What the State has paid for before that may be the same: asked at registration, appraisal and advance.

    The same machine or invoice is looked for in the whole country; ``items`` among everything given to these
    establishments (under all their merged records and the same tax code).  Without ``items`` every support to them is
    told.  ``since`` is included, ``before`` excluded; the project itself is left out.  Surest and newest first.
    """
    rows = SupportedItem.objects.filter(withdrawn_on=None).select_related(
        "establishment__commune", "establishment__province"
    )
    if since is not None:
        rows = rows.filter(on__gte=since)
    if before is not None:
        rows = rows.filter(on__lt=before)
    if except_project is not None:
        rows = rows.exclude(project_uid=except_project)
    found: dict[int, Evidence] = {}
    serial_keys = {key for serial in serials if (key := rules.serial_key(serial))}
    invoice_keys = {key for invoice in invoices if (key := rules.invoice_key(invoice))}
    if serial_keys:
        for row in rows.filter(serial_key__in=serial_keys):
            found[row.pk] = Evidence(row, Match.SERIAL, True)
    if invoice_keys:
        for row in rows.filter(invoice_key__in=invoice_keys):
            found.setdefault(row.pk, Evidence(row, Match.INVOICE, True))
    keys = [establishment.pk for establishment in establishments]
    codes = {establishment.tax_code for establishment in establishments if establishment.tax_code} | ({tax_code} - {""})
    if codes:
        keys += Establishment.objects.filter(tax_code__in=codes).values_list("pk", flat=True)
    if keys:
        wanted = [item for item in items if item.strip()]
        for row in rows.filter(establishment__in=together(keys)):
            if not wanted:
                found.setdefault(row.pk, Evidence(row, Match.ESTABLISHMENT, False))
            elif any(rules.same_item(row.item, item) for item in wanted):
                found.setdefault(row.pk, Evidence(row, Match.ITEM, False))
    return sorted(found.values(), key=lambda e: (not e.certain, -e.item.on.toordinal(), -e.item.pk))


def supported(establishment: Establishment) -> QuerySet[SupportedItem]:
    """Everything given to this establishment under all its records, newest first; withdrawn rows too."""
    rows = SupportedItem.objects.filter(establishment__in=all_of(establishment))
    return rows.select_related("establishment").order_by("-on", "-pk")


def supported_total(establishment: Establishment) -> int:
    """How much it was given in all, in đồng."""
    rows = SupportedItem.objects.filter(establishment__in=all_of(establishment), withdrawn_on=None)
    return rows.aggregate(n=Sum("amount"))["n"] or 0


# --- machines, products, villages, clusters ------------------------------------------------------------------------


def machines_with(serial: str) -> QuerySet[Machine]:
    """The machines that carry this serial number, at whatever establishment."""
    return (
        Machine.objects.filter(serial_key=rules.serial_key(serial))
        .exclude(serial_key="")
        .select_related("establishment")
    )


def products(
    user: User,
    *,
    text: str = "",
    province: int | None = None,
    commune: int | None = None,
    group: int | None = None,
    level: str = "",
    valid_on: date | None = None,
) -> QuerySet[Product]:
    """Products of the establishments that this person may see, unordered; ``level`` and ``valid_on`` ask for a
    recognition at that level that is still of value on that day."""
    rows, scope = Product.objects.all(), user.scope()
    if not (scope.whole_country or province in scope.provinces):
        rows = rows.filter(establishment__in=Establishment.objects.visible_to(user).values("pk"))
    if province:
        rows = rows.filter(establishment__province_id=province)
    if commune:
        rows = rows.filter(establishment__commune_id=commune)
    if group:
        rows = rows.filter(group=group)
    for word in fold(text).split():
        rows = rows.filter(Q(folded__contains=word) | Q(establishment__folded__contains=word))
    if level or valid_on:
        recognitions = Recognition.objects.filter(product=OuterRef("pk"))
        if level:
            recognitions = recognitions.filter(level=level)
        if valid_on:
            recognitions = recognitions.filter(valid_to__gte=valid_on)
        rows = rows.filter(Exists(recognitions))
    return rows


def is_craft_village_on(village: CraftVillage, *, on: date) -> bool:
    """Whether the village was recognised on that day (NĐ 235/2025 asks it of the place of production)."""
    return village.recognitions.on(on).exists()


def in_craft_village(establishment: Establishment, *, on: date) -> bool:
    """Whether the establishment produces in a craft village that was recognised on that day."""
    return (
        establishment.craft_village_id is not None
        and CraftVillageRecognition.objects.on(on).filter(village=establishment.craft_village_id).exists()
    )


def villages(
    user: User, *, text: str = "", province: int | None = None, commune: int | None = None
) -> QuerySet[CraftVillage]:
    """Craft villages that this person may see, with how many establishments work there."""
    rows = CraftVillage.objects.within(user.scope())
    rows = (
        _narrowed(rows, text, province, commune).select_related("commune", "province").prefetch_related("recognitions")
    )
    return rows.annotate(members=Count("establishments", filter=Q(establishments__merged_into=None)))


def clusters(
    user: User, *, text: str = "", province: int | None = None, commune: int | None = None
) -> QuerySet[Cluster]:
    """Industrial clusters that this person may see, with how many establishments work there."""
    rows = _narrowed(Cluster.objects.within(user.scope()), text, province, commune).select_related(
        "commune", "province"
    )
    return rows.annotate(members=Count("establishments", filter=Q(establishments__merged_into=None)))


def _narrowed(rows: Any, text: str, province: int | None, commune: int | None) -> Any:
    if province:
        rows = rows.filter(province_id=province)
    if commune:
        rows = rows.filter(commune_id=commune)
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    return rows


def invariants() -> list[str]:
    """A sentence for each thing that no constraint can keep: circles of mergers, mergers without their row."""
    found = [
        _("Cơ sở “%(name)s” (số %(pk)s) đã gộp nhưng thiếu bản ghi lý do gộp.") % {"name": row.name, "pk": row.pk}
        for row in Establishment.objects.filter(merged_into__isnull=False, merger=None)[:100]
    ]
    found += [
        _("Cơ sở “%(name)s” (số %(pk)s) gộp vòng tròn.") % {"name": row.name, "pk": row.pk}
        for row in Establishment.objects.filter(merged_into__merged_into=F("pk"))[:100]
    ]
    return found
