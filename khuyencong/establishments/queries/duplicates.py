"""Records that may be one establishment."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from khuyencong.base.text import fold
from khuyencong.establishments import rules
from khuyencong.establishments.enums import Why
from khuyencong.establishments.models import Establishment, NotDuplicate
from khuyencong.organisations.models import lines_of
from khuyencong.people.models import User
from khuyencong.places.models import Unit


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
    units too), fuzzy only there; where the commune is not known, only an equal key inside the province.  A name borne before
    counts as a name.  Pairs that a person has dismissed are left out.  At most three queries.
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
        named = standing_ones.filter(Q(key=key) | ~Q(former=""), province=province).exclude(pk__in=left_out)
        near = [other for other in named if key in keys_of(other)]
    else:
        near = ()
    for other in near:
        candidate = compare(other, key=key, phone=phone, owner=owner)
        if candidate is not None:
            found.setdefault(other.pk, candidate)
    return sorted(found.values(), key=lambda c: (-c.score, c.establishment.pk))[:limit]


def keys_of(establishment: Establishment) -> list[str]:
    """Its name as names are compared, then those it bore before."""
    return [establishment.key, *map(rules.key, establishment.former_names)]


def compare(other: Establishment, *, key: str, phone: str = "", owner: str = "") -> Candidate | None:
    """Why a record of the same commune may be the same establishment; None when nothing speaks for it."""
    keys = keys_of(other)
    if key and key in keys:
        return Candidate(other, Why.NAME, 98)
    score = max(rules.likeness(key, one) for one in keys) if key else 0
    if score >= rules.ALIKE:
        return Candidate(other, Why.SIMILAR, score)
    if phone and other.phone == phone:
        return Candidate(other, Why.PHONE, 80)
    if owner and " " in owner and fold(other.representative).strip() == owner:
        return Candidate(other, Why.OWNER, 75)
    return None


def _renamed(rows: QuerySet[Establishment]) -> list[tuple[int, int, str]]:
    """Key of the record, commune, and a name borne before as names are compared."""
    found = rows.exclude(former="").order_by("pk").values_list("pk", "commune", "key", "former")
    return [
        (pk, place, key)
        for pk, place, own, former in found
        for key in dict.fromkeys(rules.key(name) for name in lines_of(former))
        if key != own
    ]


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
    renamed = _renamed(rows.filter(commune__isnull=False))[:limit]
    groups += [(Why.NAME, Q(commune=place, key=key) | Q(pk=pk)) for pk, place, key in renamed]
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
        for pk, place, key in renamed:
            by_key.setdefault((place, key), []).append(pk)
        for same, why, score in (
            *((keys, Why.TAX_CODE, 100) for keys in by_code.values()),
            *((sorted(set(keys)), Why.NAME, 98) for (place, _name), keys in by_key.items() if place),
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
