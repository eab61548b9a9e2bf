"""Reading the ledger.  Balances are added up each time; every function says how many queries it asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, overload

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.rules import Balance, balance_of, given_once, source_of
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Project


def balance(envelope: Envelope, *, until: date | None = None) -> Balance:
    """All sums of one envelope, in đồng; with ``until`` only the lines dated up to and including that day.  One query."""
    return balances([envelope], until=until)[envelope.pk]


def available(envelope: Envelope) -> int:
    """What may still be promised from this envelope, in đồng.  One query."""
    return balance(envelope).available


def balances(
    envelopes: Iterable[Envelope] | QuerySet[Envelope], *, until: date | None = None, before: datetime | None = None
) -> dict[int, Balance]:
    """The sums of many envelopes by their key, empty ones included; with ``before`` only the lines written down before that
    moment.  One query (two for a queryset)."""
    keys = [envelope.pk for envelope in envelopes]
    lines = Entry.objects.filter(envelope_id__in=keys)
    if until is not None:
        lines = lines.filter(on__lte=until)
    if before is not None:
        lines = lines.filter(at__lt=before)
    sums: dict[int, list[tuple[str, int]]] = {key: [] for key in keys}
    for key, kind, amount in lines.order_by().values_list("envelope_id", "kind").annotate(amount=Sum("amount")):
        sums[key].append((kind, amount))
    return {key: balance_of(pairs) for key, pairs in sums.items()}


def totals(
    envelopes: QuerySet[Envelope], *, since: date | None = None, until: date | None = None
) -> dict[Source, Balance]:
    """National and local money apart, over all envelopes of a queryset; what the agency was given and a province was allotted
    of it counts once (``given_once``).  One query."""
    lines = Entry.objects.filter(envelope__in=envelopes.order_by())
    if until is not None:
        lines = lines.filter(on__lte=until)
    if since is not None:
        lines = lines.filter(on__gte=since)
    # by envelope, as the index lies; grouped by what is asked of the envelopes, the whole ledger would be sorted
    of = {name: Min(f"envelope__{name}") for name in ("level", "year", "province")}
    rows = lines.order_by().values_list("envelope", "kind").annotate(amount=Sum("amount"), **of)
    return added_up((level, year, province, kind, amount) for _key, kind, amount, level, year, province in rows)


def added_up(lines: Iterable[tuple[str, int, int | None, str, int]]) -> dict[Source, Balance]:
    """The same of sums of lines, each with level, year and province of its envelope, kind and đồng."""
    found: dict[Source, dict[str, int]] = {Source.NATIONAL: {}, Source.LOCAL: {}}
    given: dict[int, dict[bool, int]] = {}  # national: by year, with the agency or not
    for level, year, province, kind, amount in lines:
        if level == Level.NATIONAL and kind == EntryKind.ALLOCATED:
            own = given.setdefault(year, {True: 0, False: 0})
            own[province is None] += amount
        else:
            of = found[source_of(level)]
            of[kind] = of.get(kind, 0) + amount
    found[Source.NATIONAL][EntryKind.ALLOCATED] = sum(given_once(own[True], own[False]) for own in given.values())
    return {source: balance_of(sums.items()) for source, sums in found.items()}


def both(sums: dict[Source, Balance]) -> Balance:
    """National and local money together."""
    return sums[Source.NATIONAL] + sums[Source.LOCAL]


@dataclass(frozen=True, slots=True)
class YearMoney:
    """The money of a year in one territory, in đồng.  ``held``: national money that the ministry's agency keeps and that projects
    of the territory have been promised, whatever its envelopes are to whom looks."""

    national: Balance
    local: Balance
    held: Balance

    @property
    def all(self) -> Balance:
        return self.national + self.local

    @property
    def national_is_held(self) -> bool:
        """Whether all national money of the territory is what the agency keeps for its projects."""
        return not self.national.money and bool(self.held.committed)

    @property
    def national_percent(self) -> Decimal | None:
        """Paid out of the national money given to the territory, or promised to its projects where the agency keeps it."""
        if self.national.money:
            return self.national.disbursed_percent
        promised = Balance(allocated=self.held.committed, advanced=self.held.advanced)
        return promised.disbursed_percent


def money_of_year(
    user: User, *, year: int, province: int | None = None, sums: dict[Source, Balance] | None = None
) -> YearMoney:
    """What home and the list of envelopes say of a year.  Two queries, one where the sums of its envelopes are at hand."""
    projects = Project.objects.visible_to(user).filter(year=year, level=Level.NATIONAL)
    if province is not None:
        projects = projects.filter(province_id=province)
    if sums is None:
        envelopes = Envelope.objects.visible_to(user).filter(year=year)
        sums = totals(envelopes if province is None else envelopes.filter(province_id=province))
    agency = Q(envelope__level=Level.NATIONAL, envelope__province=None)
    lines = Entry.objects.filter(agency, project__in=projects.order_by()).order_by()
    held = balance_of(lines.values_list("kind").annotate(amount=Sum("amount")))
    return YearMoney(sums[Source.NATIONAL], sums[Source.LOCAL], held)


TOLD = ("given", "moved", "committed", "advanced", "settled")


def board(user: User) -> QuerySet[Envelope]:
    """The envelopes that this person may see, as ``with_sums`` tells them."""
    return with_sums(Envelope.objects.visible_to(user))


def with_sums(envelopes: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """These envelopes, each with ``given`` by decision, ``moved`` (carried in, less carried out and given back), ``money`` of
    both, ``committed`` (management cost included), ``advanced``, ``settled`` and ``left`` added up from its ledger, in đồng;
    for lists: one query."""

    def total(*kinds: str) -> Coalesce:
        # a sum of its own for each row that is shown: joined and grouped, a list of one page would add up the whole ledger
        lines = Entry.objects.filter(envelope=OuterRef("pk"), kind__in=kinds).order_by().values("envelope")
        return Coalesce(Subquery(lines.annotate(sum=Sum("amount")).values("sum")), 0)

    return (
        envelopes.select_related("holder", "province", "commune")
        .annotate(
            given=total(EntryKind.ALLOCATED),
            moved=total(EntryKind.CARRIED_IN) - total(EntryKind.CARRIED_OUT, EntryKind.RETURNED),
            committed=total(EntryKind.COMMITTED, EntryKind.MANAGEMENT),
            advanced=total(EntryKind.ADVANCED),
            settled=total(EntryKind.SETTLED),
        )
        .annotate(money=F("given") + F("moved"))
        .annotate(left=F("money") - F("committed"))
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """What the columns ``with_sums`` add up to, in đồng; ``given`` (and so ``left``) counts once what the agency was given and
    a province was allotted of it."""

    given: int
    moved: int
    committed: int
    advanced: int
    settled: int

    @property
    def left(self) -> int:
        return self.given + self.moved - self.committed


def sums_of(rows: QuerySet[Envelope]) -> Sums:
    """The sums of these rows ``with_sums``.  One query: each envelope's sums come from the end of its index, which takes half
    as long as grouping the whole ledger."""
    told = list(rows.order_by().values_list("level", "year", "province", *TOLD))
    given = added_up((level, year, province, EntryKind.ALLOCATED, own) for level, year, province, own, *_rest in told)
    return Sums(both(given).allocated, *(sum(row[4 + n] for row in told) for n in range(len(TOLD) - 1)))


# ---- one project's money ----


def positions(project: Project) -> dict[Envelope, Balance]:
    """What one project has in each envelope (committed, advanced, settled …), oldest envelope first.  One query."""
    sums: dict[Envelope, dict[str, int]] = {}
    lines = Entry.objects.filter(project=project).select_related("envelope__holder")
    for line in lines.order_by("envelope__year", "envelope__level", "envelope_id"):  # few: those of one project
        own = sums.setdefault(line.envelope, {})
        own[line.kind] = own.get(line.kind, 0) + line.amount
    return {envelope: balance_of(own.items()) for envelope, own in sums.items()}


def position(envelope: Envelope, *, project: Project) -> Balance:
    """What one project has in one envelope.  One query."""
    lines = Entry.objects.filter(project=project, envelope=envelope).order_by()
    return balance_of(lines.values_list("kind").annotate(amount=Sum("amount")))


def recoverable(envelope: Envelope, *, project: Project) -> int:
    """What may still be recovered from a project: paid out and not settled, or settled and not yet recovered.  Two queries."""
    own = position(envelope, project=project)
    of_settled = Entry.objects.filter(project=project, envelope=envelope, origin=None).total(EntryKind.RECOVERED)
    return own.surplus + own.settled - of_settled


def managed(envelope: Envelope, *, project: Project | None = None) -> int:
    """Management cost set aside so far, in đồng: by the holder of this envelope, or of a project from all of them.  One query."""
    own = envelope.entries.filter(project=None) if project is None else Entry.objects.filter(project=project)
    return own.total(EntryKind.MANAGEMENT)


def commitments(project: Project) -> dict[Envelope, int]:
    """Which envelope has promised how much to this project, in đồng; envelopes with nothing left are not named."""
    return {envelope: sums.committed for envelope, sums in positions(project).items() if sums.committed}


def advanced(project: Project) -> int:
    """Paid out to this project from all envelopes, less what was given back, in đồng.  One query."""
    return Entry.objects.filter(project=project).total(EntryKind.ADVANCED)


def settled(project: Project) -> int:
    """Settled for this project from all envelopes, in đồng.  One query."""
    return Entry.objects.filter(project=project).total(EntryKind.SETTLED)


def advanced_at(project: Project, *, paper: Paper) -> dict[Source, int]:
    """What had been paid out by source when this paper was entered in the ledger, in đồng: what was paid or given back after it
    is not counted.  Two queries."""
    found = {Source.NATIONAL: 0, Source.LOCAL: 0}
    first = Entry.objects.filter(project=project, paper=paper).order_by("pk").first()
    lines = Entry.objects.filter(project=project, kind=EntryKind.ADVANCED).select_related("envelope")
    if first is not None:
        lines = lines.filter(Q(on__lt=first.on) | Q(on=first.on, pk__lt=first.pk))
    for line in lines:
        found[source_of(line.envelope.level)] += line.amount
    return found


def positions_of(projects: Iterable[Project]) -> dict[int, dict[Source, Balance]]:
    """National and local money of many projects by their key, for lists.  One query."""
    keys = [project.pk for project in projects]
    found = {key: {Source.NATIONAL: Balance(), Source.LOCAL: Balance()} for key in keys}
    lines = Entry.objects.filter(project_id__in=keys).order_by()
    for key, level, kind, amount in lines.values_list("project_id", "envelope__level", "kind").annotate(
        amount=Sum("amount")
    ):
        found[key][source_of(level)] += balance_of([(kind, amount)])
    return found


@dataclass(frozen=True, slots=True)
class Unequal:
    """A project that was paid otherwise than it was settled, in đồng: ``over`` beyond what was settled, ``short`` settled and not
    yet paid.  ``contract``: level and province of its money, its plan year and whether money of it was carried over."""

    key: int
    state: str
    over: int
    short: int
    contract: tuple[str, norms.ProvinceTold, int, bool]


def unequal(projects: QuerySet[Project]) -> list[Unequal]:
    """Of these projects those with either, envelope by envelope.  One query."""
    kinds = [EntryKind.ADVANCED, EntryKind.SETTLED, EntryKind.CARRIED_OUT]
    lines = Entry.objects.filter(project__in=projects.order_by().values("pk"), kind__in=kinds).order_by()
    sums = {
        "rest": Sum(Case(When(kind=kinds[0], then=F("amount")), When(kind=kinds[1], then=-F("amount")), default=0)),
        "carried": Count("pk", filter=Q(kind=EntryKind.CARRIED_OUT)),
    }
    of = [f"project__{name}" for name in ("state", "level", "year", *norms.TELLS_PROVINCE)]
    rows = lines.values_list("project_id", "envelope_id", *of).annotate(**sums).exclude(rest=0, carried=0)
    by_project: dict[int, list[tuple[Any, ...]]] = {}
    for key, _envelope, *told in rows:
        by_project.setdefault(key, []).append(tuple(told))
    found = []
    for key, envelopes in by_project.items():
        state, level, year, *province = envelopes[0][:-2]
        rests = [int(rest) for *_of, rest, _carried in envelopes]
        over, short = sum(rest for rest in rests if rest > 0), -sum(rest for rest in rests if rest < 0)
        contract = (level, tuple(province), year, any(carried for *_of, carried in envelopes))
        found.append(Unequal(key, state, over, short, contract))
    return [one for one in found if one.over or one.short]


# ---- following the money ----


def last_paper(envelopes: Iterable[Envelope]) -> datetime | None:
    """When the newest paper in these ledgers was written down, with its first line; None where they are empty.  One query."""
    lines = Entry.objects.filter(envelope_id__in=[envelope.pk for envelope in envelopes], kind__in=_EFFECT)
    newest = lines.order_by("-at", "-pk").values("paper")[:1]
    return lines.filter(paper=Subquery(newest)).aggregate(first=Min("at"))["first"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger, with what could still be promised after it."""

    entry: Entry
    left: int


_EFFECT = {
    EntryKind.ALLOCATED: 1,
    EntryKind.CARRIED_IN: 1,
    EntryKind.CARRIED_OUT: -1,
    EntryKind.RETURNED: -1,
    EntryKind.COMMITTED: -1,
    EntryKind.MANAGEMENT: -1,
}


class Ledger(Sequence[Line]):
    """The whole ledger of an envelope in the order of its legal days, each line with the running balance.

    One query reads what the balance needs, one more the lines that are taken out of it: a page reads its own lines alone.
    """

    def __init__(self, envelope: Envelope):
        self._left: list[tuple[int, int]] = []
        self.reversed: set[int] = set()  # keys of the lines that a later one takes back or carries on
        left = 0
        entries = envelope.entries.order_by("on", "pk").values_list("pk", "kind", "amount", "origin_id")
        for key, kind, amount, origin in entries:
            left += amount * _EFFECT.get(EntryKind(kind), 0)
            self._left.append((key, left))
            if origin is not None:
                self.reversed.add(origin)

    def __len__(self) -> int:
        return len(self._left)

    @overload
    def __getitem__(self, part: int) -> Line: ...

    @overload
    def __getitem__(self, part: slice) -> list[Line]: ...

    def __getitem__(self, part: int | slice) -> Line | list[Line]:
        wanted = self._left[part] if isinstance(part, slice) else [self._left[part]]
        entries = Entry.objects.select_related("project", "paper", "by", "origin__envelope")
        found = entries.in_bulk([key for key, _left in wanted])
        lines = [Line(found[key], left) for key, left in wanted]
        return lines if isinstance(part, slice) else lines[0]

    def __iter__(self) -> Iterator[Line]:
        return iter(self[:])


def ledger(envelope: Envelope) -> Ledger:
    """The ledger of an envelope, to be cut by a page.  One query, and one for the lines of a cut."""
    return Ledger(envelope)


def flow(project: Project) -> list[Entry]:
    """One đồng from the decision that gave it to the voucher that ended it: the budget decisions behind the envelopes
    which this project draws on, money carried in with where it came from, then the project's own lines.  Two queries.
    """
    keys = set(Entry.objects.filter(project=project).order_by().values_list("envelope_id", flat=True))
    given = Q(envelope_id__in=keys, kind__in=[EntryKind.ALLOCATED, EntryKind.CARRIED_IN], project=None)
    lines = Entry.objects.filter(given | Q(project=project))
    return list(lines.select_related("envelope__holder", "paper", "by", "origin__envelope").order_by("on", "pk"))


@dataclass(frozen=True, slots=True)
class Leftover:
    """Money of a year that ends: of a project (promised, not settled) or promised to nobody."""

    envelope: Envelope
    project: Project | None
    amount: int  # must be given back or carried over, with its paper
    paid: int = 0  # of it already paid out and not yet settled


def leftovers(envelopes: Iterable[Envelope]) -> list[Leftover]:
    """What the end of the year asks to give back or to carry over, per envelope: first what nobody was promised, then
    each project that is promised more than it has settled.  Three queries."""
    by_key = {envelope.pk: envelope for envelope in envelopes}
    sums: dict[tuple[int, int], list[tuple[str, int]]] = {}
    lines = Entry.objects.filter(envelope_id__in=by_key, project__isnull=False).order_by()
    for key, project_id, kind, amount in lines.values_list("envelope_id", "project_id", "kind").annotate(
        amount=Sum("amount")
    ):
        sums.setdefault((key, project_id), []).append((kind, amount))
    projects = Project.objects.in_bulk({project_id for _key, project_id in sums})
    found = [
        Leftover(by_key[key], None, left.available)
        for key, left in balances(by_key.values()).items()
        if left.available > 0
    ]
    for (key, project_id), pairs in sorted(sums.items()):
        own = balance_of(pairs)
        if own.open > 0:
            found.append(Leftover(by_key[key], projects[project_id], own.open, own.surplus))
    order = {key: place for place, key in enumerate(by_key)}
    return sorted(found, key=lambda item: (order[item.envelope.pk], item.project.pk if item.project else 0))


def given_by(envelope: Envelope) -> set[int]:
    """The papers by which this envelope was given money, but those that were put right; their keys."""
    given = envelope.entries.filter(kind=EntryKind.ALLOCATED, origin=None).exclude(followers__kind=EntryKind.ALLOCATED)
    return set(given.values_list("paper", flat=True))


def papers_near(envelope: Envelope, papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Of these papers those that may move money of this envelope: of its own territory (national money's are the ministry's too,
    of no province), not signed before the year before its own, and none by which a project has given money back."""
    here = Q(province=envelope.province)
    if envelope.level == Level.NATIONAL:
        here |= Q(province=None)
    here &= Q(commune=None) | Q(commune=envelope.commune) if envelope.commune_id else Q(commune=None)
    of_projects = Entry.objects.filter(kind=EntryKind.RETURNED).exclude(project=None)
    return papers.filter(here, signed_on__year__gte=envelope.year - 1).exclude(pk__in=of_projects.values("paper"))


def opened_on(envelope: Envelope) -> date | None:
    """The day of the first decision that gave this envelope money.  One query."""
    first = envelope.entries.filter(kind__in=[EntryKind.ALLOCATED, EntryKind.CARRIED_IN]).order_by("on").first()
    return first.on if first else None


# ---- invariants ----


def invariants() -> Iterator[str]:
    """What no constraint can keep, as sentences of what is broken: nothing promised twice, nothing paid beyond a promise,
    and the ledger equal to what the decisions granted.  For ``check_data``; five queries."""
    names = dict(Envelope.objects.values_list("pk", "name"))
    per_envelope: dict[int, list[tuple[str, int]]] = {}
    for key, kind, amount in Entry.objects.order_by().values_list("envelope_id", "kind").annotate(amount=Sum("amount")):
        per_envelope.setdefault(key, []).append((kind, amount))
    for key, pairs in per_envelope.items():
        sums = balance_of(pairs)
        if sums.available < 0:
            yield _("Nguồn %(envelope)s: đã hứa vượt %(amount)s đồng.") % {
                "envelope": names[key],
                "amount": dong(-sums.available),
            }
    lines = Entry.objects.filter(project__isnull=False).order_by()
    per_project: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for key, project_id, kind, amount in lines.values_list("envelope_id", "project_id", "kind").annotate(
        amount=Sum("amount")
    ):
        per_project.setdefault((key, project_id), []).append((kind, amount))
    codes = dict(Project.objects.filter(pk__in={key for _e, key in per_project}).values_list("pk", "code"))
    for (key, project_id), pairs in per_project.items():
        own = balance_of(pairs)
        where = {"project": codes[project_id], "envelope": names[key]}
        if own.committed < 0 or own.advanced < 0 or own.settled < 0:
            yield _("Đề án %(project)s, nguồn %(envelope)s: có số dư âm.") % where
        if own.advanced > own.committed:
            yield _("Đề án %(project)s, nguồn %(envelope)s: tạm ứng vượt cam kết.") % where
        if own.settled > own.committed:
            yield _("Đề án %(project)s, nguồn %(envelope)s: quyết toán vượt cam kết.") % where
        if own.recovered > own.settled + own.returned:
            yield _("Đề án %(project)s, nguồn %(envelope)s: thu hồi vượt số đã quyết toán và đã nộp trả.") % where
    yield from _carried_without_other_side()
    yield from _granted_without_ledger()


def _carried_without_other_side() -> Iterator[str]:
    out = Entry.objects.filter(kind=EntryKind.CARRIED_OUT)
    whole = out.annotate(arrived=Sum("followers__amount", filter=Q(followers__kind=EntryKind.CARRIED_IN), default=0))
    for entry in whole.exclude(arrived=F("amount")).select_related("envelope"):
        yield _("Nguồn %(envelope)s: khoản chuyển nguồn %(amount)s đồng không khớp bên nhận.") % {
            "envelope": entry.envelope.name,
            "amount": dong(entry.amount),
        }


_PROMISED = [ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING, ProjectState.ACCEPTED]


def _granted_without_ledger() -> Iterator[str]:
    """Between approval and settlement the ledger promises exactly what the decision granted, source by source."""
    national = Sum("amount", filter=Q(envelope__level=Level.NATIONAL), default=0)
    local = Sum("amount", filter=~Q(envelope__level=Level.NATIONAL), default=0)
    lines = Entry.objects.filter(kind=EntryKind.COMMITTED).order_by().values_list("project_id")
    promised = {key: (n, loc) for key, n, loc in lines.annotate(n=national, loc=local)}
    projects = Project.objects.filter(state__in=_PROMISED, historical=False)
    for key, code, n, loc in projects.values_list("pk", "code", "granted_national", "granted_local"):
        has = promised.get(key, (0, 0))
        if has != (n, loc):
            yield _("Đề án %(project)s: quyết định duyệt %(granted)s đồng, sổ ghi cam kết %(promised)s đồng.") % {
                "project": code,
                "granted": dong((n or 0) + (loc or 0)),
                "promised": dong(sum(has)),
            }
