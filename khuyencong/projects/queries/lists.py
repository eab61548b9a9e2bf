"""Lists of projects with their sums, and how one is found again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value

from khuyencong.base.text import fold
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects.enums import TO_BE_DONE
from khuyencong.projects.models import Beneficiary, Clearance, Project
from khuyencong.projects.queries.files import SOURCES


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of projects is narrowed to; empty means all."""

    text: str = ""
    years: Sequence[int] = ()
    province: int | None = None
    communes: Sequence[int] = ()
    states: Sequence[str] = ()
    activities: Sequence[int] = ()
    kinds: Sequence[str] = ()
    levels: Sequence[str] = ()
    forms: Sequence[str] = ()
    sources: Sequence[str] = ()
    implementers: Sequence[int] = ()
    historical: bool | None = None


ORDERS: dict[str, tuple[Any, ...]] = {
    "code": ("year", "code"),
    "title": ("sort_key", "pk"),
    "state": ("state", "year", "code"),
    "national": ("money_national", "pk"),
    "local": ("money_local", "pk"),
    "counterpart": ("money_counterpart", "pk"),
    "total": ("money_total", "pk"),
    "ends_on": (F("ends_on").asc(nulls_last=True), "pk"),
}


def board(user: User, *, narrowed: Filter = Filter()) -> QuerySet[Project]:
    """The projects that this person may see, with ``money_…`` (granted where decided, else asked; his own share where he
    does not see the whole), narrowed.

    Nothing is ordered, joined or fetched yet: ``sums`` counts over it, ``rows`` makes it ready to be shown.
    """
    found = Project.objects.with_money(seen_by=user)
    everywhere = user.scope().whole_country and not narrowed.province
    found = found.naming(narrowed.text, user=user, everywhere=everywhere)
    for name, values in (
        ("year__in", narrowed.years),
        ("state__in", narrowed.states),
        ("kind__in", narrowed.kinds),
        ("level__in", narrowed.levels),
        ("form__in", narrowed.forms),
        ("implementer_id__in", narrowed.implementers),
        ("activity__in", narrowed.activities),
    ):
        if values:
            found = found.filter(**{name: list(values)})
    if narrowed.province:
        found = found.filter(province_id=narrowed.province)
    if narrowed.communes:
        here = Beneficiary.objects.filter(
            project=OuterRef("pk"), removed_on=None, establishment__commune_id__in=list(narrowed.communes)
        )
        found = found.filter(Q(commune_id__in=list(narrowed.communes)) | Exists(here))
    if narrowed.sources:
        any_of = Q()
        for source in narrowed.sources:
            if source in SOURCES:
                any_of |= Q(**{f"money_{source}__gt": 0})
        found = found.filter(any_of)
    if narrowed.historical is not None:
        found = found.filter(historical=narrowed.historical)
    return found


def sums(projects: QuerySet[Project]) -> dict[str, int]:
    """``count``, ``national``, ``local``, ``counterpart``, ``other``, ``total`` of exactly these projects, in đồng; one query."""
    told = projects.order_by().aggregate(
        count=Count("pk"), **{name: Sum(f"money_{name}") for name in (*SOURCES, "total")}
    )
    return {name: value or 0 for name, value in told.items()}


def numbers(projects: QuerySet[Project], *, together: bool = False, **conditions: Q) -> dict[str, int]:
    """How many of these projects fulfil each condition, by its name.  One query, which counts each by an index of its own:
    counted together they would read every project.  The few of one body are (``together``)."""
    if together:
        return projects.order_by().aggregate(
            **{
                name: Count("pk", filter=condition) if condition else Count("pk")
                for name, condition in conditions.items()
            }
        )
    told = [
        projects.filter(condition).order_by().annotate(named=Value(name)).values("named").annotate(number=Count("*"))
        for name, condition in conditions.items()
    ]
    first, *rest = (found.values_list("named", "number") for found in told)
    return dict.fromkeys(conditions, 0) | dict(first.union(*rest, all=True))


def rows(projects: QuerySet[Project], *, user: User, order: str = "code", descending: bool = True) -> QuerySet[Project]:
    """Ordered, with places, implementer and the names of the beneficiaries that this person sees at hand (two queries,
    however many rows)."""
    columns = ORDERS.get(order, ORDERS["code"])
    if descending:  # not ``reverse()``, which would turn every later order round as well
        columns = tuple(_downwards(column) for column in columns)
    return (
        projects.order_by(*columns)
        .select_related("implementer", "province", "commune")
        .prefetch_related(
            Prefetch(
                "beneficiaries",
                Beneficiary.objects.of_visible(user)
                .filter(removed_on=None)
                .select_related("establishment")
                .only("project", "establishment__name")  # of fifty columns a list tells one
                .order_by("pk"),
                to_attr="now_helped",
            )
        )
    )


def _downwards(column: Any) -> Any:
    if isinstance(column, str):
        return f"-{column}"
    turned = column.copy()
    turned.reverse_ordering()
    return turned


def record(user: User, pk: int) -> QuerySet[Project]:
    """One project that this person may see, with what its page needs at hand."""
    return (
        Project.objects.with_money(seen_by=user)
        .filter(pk=pk)
        .select_related("implementer", "province", "commune", "place_unit", "dossier")
    )


def clearances(user: User) -> QuerySet[Clearance]:
    """Exceptions that a person let pass, in the projects that this person may see, newest first: the auditor's list."""
    mine = Project.objects.visible_to(user).order_by().values("pk")
    return Clearance.objects.filter(project__in=mine).select_related("project", "by", "paper").order_by("-on", "-pk")


def of_needs(needs: Iterable[int]) -> dict[int, list[Project]]:
    """The projects that came of each of these needs (by key), in one query; needs without one are not in it."""
    found: dict[int, list[Project]] = {}
    links = Project.needs.through.objects.filter(need_id__in=list(needs)).select_related("project").order_by("pk")
    for link in links:
        found.setdefault(link.need_id, []).append(link.project)
    return found


def search(user: User, *, text: str, limit: int = 10) -> list[Project]:
    """Projects whose code, title or parties hold each word of ``text``, accents or not; what was recorded last stands first."""
    found = board(user, narrowed=Filter(text=text)).select_related("implementer")
    return list(found.order_by("-pk")[:limit])


def known_again(
    *, province: Unit, year: int, level: str, title: str, implementer_id: int | None = None
) -> QuerySet[Project]:
    """Projects that an imported row may be: same province, year, level, folded title (and implementer, where told)."""
    found = Project.objects.filter(province=province, year=year, level=level, folded=folded_title(title))
    return found.filter(implementer_id=implementer_id) if implementer_id else found


def folded_title(title: str) -> str:
    """The title as rows are compared: one space between words, no accents, lower case."""
    return fold(" ".join(title.split()))[:420]


def over_granted(scope: QuerySet[Project]) -> QuerySet[Project]:
    """Projects under way whose beneficiaries are to have together more than was granted (``rules.shares_over``)."""
    named = Beneficiary.objects.filter(project=OuterRef("pk"), removed_on=None).order_by().values("project")
    sums = {
        f"named_{source}": Subquery(named.annotate(sum=Sum(source)).values("sum")) for source in ("national", "local")
    }
    beyond = Q(named_national__gt=F("granted_national")) | Q(named_local__gt=F("granted_local"))
    return scope.filter(state__in=TO_BE_DONE, historical=False).alias(**sums).filter(beyond)
