"""What is listed beside establishments: what they make, craft villages, clusters."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from khuyencong.base.text import fold
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Product,
    Recognition,
)
from khuyencong.people.models import User


def in_craft_village(establishment: Establishment, *, on: date) -> bool:
    """Whether the establishment produces in a craft village that was recognised on that day."""
    return (
        establishment.craft_village_id is not None
        and CraftVillageRecognition.objects.on(on).filter(village=establishment.craft_village_id).exists()
    )


def in_craft_villages(establishments: Iterable[Establishment]) -> dict[int, list[CraftVillageRecognition]]:
    """The recognitions of the craft village in which each of these (by key) produces; ask them whether they hold on a day.  One
    query, none where nobody works in a village."""
    there = {e.pk: e.craft_village_id for e in establishments if e.craft_village_id is not None}
    if not there:
        return {}
    of: dict[int, list[CraftVillageRecognition]] = {}
    for recognition in CraftVillageRecognition.objects.filter(village__in=set(there.values())):
        of.setdefault(recognition.village_id, []).append(recognition)
    return {key: of.get(village, []) for key, village in there.items()}


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
