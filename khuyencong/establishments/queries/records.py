"""One establishment under several records, and the lists of those that stand."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.base.trigram import Among, with_words
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.establishments.models.establishments import FLAGGED
from khuyencong.people.models import User

FLAGS = (*FLAGGED, "supported")
CODE_BEGINS = 4  # digits: fewer are a word of a name


def all_of(establishment: Establishment) -> list[int]:
    """The keys of every record that is this establishment: itself, those merged into it, and theirs; itself first."""
    return together([establishment.pk])


def together(keys: Iterable[int]) -> list[int]:
    """``all_of`` for several at once.  One query for each generation of mergers, almost always two."""
    found = list(dict.fromkeys(keys))
    edge = found
    while edge:
        edge = list(
            Establishment.objects.filter(merged_into__in=edge)
            .exclude(merged_into=None)  # said as the index says it; without it SQLite reads the whole country
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        found += edge
    return found


def records_of(establishments: Iterable[Establishment]) -> dict[int, set[int]]:
    """Each of these (by key) with the keys of every record that is it: itself, the one it was merged into, those of the same
    tax code, and those merged into any of them.  One query for the codes and one for each generation of mergers, however many
    are asked; one more where one of them was merged."""
    asked = list(establishments)
    above = {one.pk: one.merged_into_id for one in asked if one.merged_into_id is not None}
    standing = Establishment.objects.filter(pk__in=above.values()).values_list("pk", "tax_code") if above else ()
    of_standing = dict(standing)
    codes = {one.pk: {one.tax_code, of_standing.get(above.get(one.pk, 0), "")} - {""} for one in asked}
    twins: dict[str, set[int]] = {}
    if wanted := set().union(*codes.values()):
        # the empty ones are left out in words of the index: without them it reads all establishments of the country
        rows = (
            Establishment.objects.exclude(tax_code="")
            .filter(tax_code__in=wanted)
            .values_list("pk", "tax_code", "merged_into")
        )
        for key, code, other in rows:
            twins.setdefault(code, set()).update({key} if other is None else {key, other})
    found = {
        key: {key, *filter(None, [above.get(key)])}.union(*(twins.get(code, ()) for code in own))
        for key, own in codes.items()
    }
    olds: dict[int, list[int]] = {}
    seen = edge = set().union(*found.values())
    while edge:
        merged = Establishment.objects.filter(merged_into__in=edge).exclude(merged_into=None)
        edge = set()
        for old, into in merged.values_list("pk", "merged_into"):
            if into is not None:
                olds.setdefault(into, []).append(old)
                edge.add(old)
        edge -= seen
        seen = seen | edge
    for keys in found.values():
        below = list(keys)
        while below:
            new = {old for key in below for old in olds.get(key, ())} - keys
            keys |= new
            below = list(new)
    return found


def owners(records: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    """``records_of`` the other way: each record with the establishments that it is; no query."""
    found: dict[int, list[int]] = {}
    for key, several in records.items():
        for record in several:
            found.setdefault(record, []).append(key)
    return found


def standing(establishment: Establishment) -> Establishment:
    """The record that stands for this one today: the end of its chain of mergers."""
    while establishment.merged_into_id is not None:
        establishment = Establishment.objects.get(pk=establishment.merged_into_id)
    return establishment


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
    everywhere = user.scope().whole_country and not (province or commune)
    rows = with_text(rows, text, everywhere=everywhere)
    for flag in flags:
        rows = with_flag(rows, flag, everywhere=everywhere)
    return rows


def with_text(rows: QuerySet[Establishment], text: str, *, everywhere: bool) -> QuerySet[Establishment]:
    """Those of ``rows`` whose name has these words, accents or not; a number is the beginning of a tax code."""
    words = fold(text).split()
    if len(words) == 1 and words[0].isdigit() and len(words[0]) >= CODE_BEGINS:
        # a range over the index of those that have a code; ":" is what follows "9"
        return rows.exclude(tax_code="").filter(tax_code__gte=words[0], tax_code__lt=f"{words[0]}:")
    return with_words(rows, "folded", text, everywhere=everywhere)


def with_flag(rows: QuerySet[Establishment], flag: str, *, everywhere: bool = False) -> QuerySet[Establishment]:
    """Those of ``rows`` of which one of ``FLAGS`` is true; all of them for a flag that is none.  ``everywhere``: the rows are
    those of the whole country."""
    if flag == "supported":
        items = SupportedItem.objects.filter(withdrawn_on=None).order_by()
        one = Exists(items.filter(establishment=OuterRef("pk")))
        return rows.filter(Among(Q(pk__in=items.values("establishment")), one) if everywhere else one)
    return rows.filter(FLAGGED[flag]) if flag in FLAGGED else rows


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


def invariants() -> list[str]:
    """A sentence for each thing that no constraint can keep: circles of mergers, mergers without their row, former
    names that are not those of the legal person."""
    found = [
        _("Cơ sở “%(name)s” (số %(pk)s) đã gộp nhưng thiếu bản ghi lý do gộp.") % {"name": row.name, "pk": row.pk}
        for row in Establishment.objects.filter(merged_into__isnull=False, merger=None)[:100]
    ]
    found += [
        _("Cơ sở “%(name)s” (số %(pk)s) gộp vòng tròn.") % {"name": row.name, "pk": row.pk}
        for row in Establishment.objects.filter(merged_into__merged_into=F("pk"))[:100]
    ]
    found += [
        _("Cơ sở “%(name)s” (số %(pk)s) có tên cũ khác với pháp nhân của mình.") % {"name": row.name, "pk": row.pk}
        for row in Establishment.objects.exclude(former=F("organisation__former"))[:100]
    ]
    return found
