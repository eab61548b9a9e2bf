"""How a figure is taken, and how it is told beside what is allowed."""

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

WORDS = (
    *("mộc", "moc lan", "Cà phê", "ca phe", "Nguyễn Văn", "nguyen thi hoa", "khong co ten nao", "may", "tap huan"),
    *("đắk lắk", "ca phe nguyen", "Tinh dầu Trần", "2025", "26-66-001", "o", "Gốm"),
)
ROUNDS = 3  # after the first time each address is asked three times; its middle time counts
PATIENCE = 1_500  # milliseconds: what is that slow is asked once
OPTIONS = 5  # of one select


@dataclass
class Settings:
    rounds: int = ROUNDS


settings = Settings()


@dataclass
class Row:
    """One line of the table; times in milliseconds where ``unit`` says nothing else."""

    what: str
    limit: float
    p50: float
    p95: float
    unit: str = "ms"
    cpu: float | None = (
        None  # p95 of the time this process was at work itself: what the machine's other work does not disturb
    )
    queries: int | None = None
    most: int | None = None  # queries allowed
    requests: int = 0
    slowest: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return self.p95 > self.limit or (self.queries or 0) > (self.most or 10**9) or bool(self.refused)

    def told(self) -> str:
        mark = "over" if self.over else "ok"
        asked = f"{self.queries:>3} ≤ {self.most}" if self.queries is not None else ""
        own = f"{self.cpu:.1f}" if self.cpu is not None else ""
        times = f"{self.p50:>8.1f} {self.p95:>8.1f} {own:>8}"
        line = f"{self.what:<52} {self.limit:>6g} {self.unit:<3} {times} {asked:>9}  {mark}"
        return (
            line
            + (f"  {self.slowest}" if self.p95 > self.limit and self.slowest else "")
            + "".join(f"\n    {address}" for address in self.refused)
        )


HEAD = f"{'what':<52} {'limit':>10} {'p50':>8} {'p95':>8} {'cpu p95':>8} {'queries':>9}"


def pace() -> float:
    """Milliseconds of a fixed piece of work without database, the best of five: how quick this machine is just now.

    One machine is at times half as quick as at others; figures of two days can be held against each other with this one.
    """

    def work() -> int:
        total, seen = 0, {}
        for number in range(60_000):
            seen[number % 97] = [total, number]
            total += len(f"{number}-{total % 1000}") + sum(seen[number % 97]) % 3
        return total

    taken = []
    for _turn in range(5):
        begin = time.process_time()
        work()
        taken.append((time.process_time() - begin) * 1000)
    return min(taken)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def client_of(username: str) -> Any:
    """A browser in which this person is signed in."""
    from django.test import Client

    from khuyencong.people.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def ask(what: str, pairs: Iterable[tuple[Any, str]], *, limit: float, most: int) -> Row:
    """Ask each address by its client: once to warm up and to count queries, then ``ROUNDS`` times."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    middles, worked, queries, refused, slowest = [], [], 0, [], (0.0, "")
    for client, address in pairs:
        with CaptureQueriesContext(connection) as seen:
            begin = time.perf_counter()
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
            first = (time.perf_counter() - begin) * 1000
        if response.status_code != 200:
            refused.append(f"{response.status_code} {address}")
            continue
        queries = max(queries, len(seen))
        taken = [first] if first > PATIENCE else []
        before = time.process_time()
        while len(taken) < settings.rounds and first <= PATIENCE:
            begin = time.perf_counter()
            client.get(address)
            taken.append((time.perf_counter() - begin) * 1000)
        if first <= PATIENCE:
            worked.append((time.process_time() - before) * 1000 / settings.rounds)
        middle = statistics.median(taken)
        middles.append(middle)
        slowest = max(slowest, (middle, address))
    middles = middles or [0.0]
    return Row(
        what,
        limit,
        percentile(middles, 0.5),
        percentile(middles, 0.95),
        cpu=percentile(worked or [0.0], 0.95),
        queries=queries,
        most=most,
        requests=len(middles),
        slowest=f"{slowest[1]} {slowest[0]:.0f}",
        refused=refused[:5],
    )


class _Controls(HTMLParser):
    """What a list page lets one choose: selects with their values, words to search for, columns to sort by, pages."""

    def __init__(self) -> None:
        super().__init__()
        self.selects: dict[str, list[str]] = {}
        self.texts: list[str] = []
        self.sorts: list[str] = []
        self.pages = 1
        self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._inside = (told.get("method") or "get").lower() == "get" and "/tim/" not in (told.get("action") or "")
        elif tag == "select" and self._inside and told.get("name"):
            self._select = told["name"] or ""
            self.selects.setdefault(self._select, [])
        elif tag == "option" and self._select and told.get("value"):
            self.selects[self._select].append(told["value"] or "")
        elif tag == "input" and self._inside and told.get("name") == "q":
            self.texts.append("q")
        elif tag == "a" and told.get("href"):
            asked = parse_qs(urlsplit(told["href"] or "").query)
            self.sorts += [name.lstrip("-") for name in asked.get("sap", [])]
            self.pages = max([self.pages, *(int(page) for page in asked.get("trang", []) if page.isdigit())])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def addresses_of(client: Any, base: str) -> list[str]:
    """At least thirty ways to ask a list, where it has as many: each filter, each order both ways, deep pages, words with
    and without accents, and several of them at once.  Read off the page itself, so that a new filter is measured too."""
    response = client.get(base)
    if response.status_code != 200:
        return [base]
    controls = _Controls()
    controls.feed(response.content.decode())
    ways: list[dict[str, str]] = [{}]
    singles = []
    for name, values in controls.selects.items():
        if name.startswith(("sap", "cot", "xuat")):
            continue
        step = max(1, len(values) // OPTIONS)
        singles += [{name: value} for value in values[::step][:OPTIONS]]
    searches = [{"q": word} for word in WORDS] if controls.texts else []
    sorts = [{"sap": f"{way}{name}"} for name in dict.fromkeys(controls.sorts) for way in ("", "-")]
    deep = sorted({2, controls.pages // 2, controls.pages} - {0, 1})
    ways += singles + searches + sorts + [{"trang": str(page)} for page in deep]
    for n, single in enumerate(singles):
        if searches:
            ways.append({**single, **searches[n % len(searches)]})
        if sorts:
            ways.append({**single, **sorts[n % len(sorts)], "trang": "2"})
    ways += [{**sorts[n % len(sorts)], "trang": str(page)} for n, page in enumerate(deep) if sorts]
    ways += [{**search, **sorts[n % len(sorts)]} for n, search in enumerate(searches) if sorts]
    while len(ways) < 30:  # a list with few choices: the same again counts
        ways += ways[: 30 - len(ways)]
    return [f"{base}?{urlencode(way)}" if way else base for way in ways]
