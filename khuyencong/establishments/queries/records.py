"""One establishment under several records, and the lists of those that stand."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.people.models import User

FLAGS = ("woman_owned", "minority_owned", "cleaner_production", "in_craft_village", "in_cluster", "closed", "supported")


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
