"""Pages in the process, with the middleware that really stands before them: lists, search, records, home, report."""

import random
from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, reverse

from benchmarks.data import SEED, model_of
from benchmarks.measure import WORDS, Row, addresses_of, ask, client_of, percentile

PROVINCE = "66"
COUNTRY = "auditor"
OF_THE_PROVINCE = f"{PROVINCE}.appraiser.1"
EVERYWHERE = (("country", COUNTRY), ("province", OF_THE_PROVINCE))
NARROWER = (
    ("commune", f"{PROVINCE}.commune_officer.1"),
    ("own body", f"{PROVINCE}.implementer.1"),
    ("establishment", f"{PROVINCE}.establishment.1"),
)
MANAGERS = (("country", "administrator"), ("province", f"{PROVINCE}.administrator.1"))
AUDITORS = (("country", COUNTRY), ("province", f"{PROVINCE}.auditor.1"))
EXCEPTIONS = (
    *("thieu-giay-to", "vuot-dinh-muc", "ngoai-le", "ghi-muon", "sai-thu-tu", "trung-hoa-don", "tam-ung-qua-han"),
    "thu-hoi-chua-du",
    "chua-co-goc",
)
LISTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("projects", "projects:list", (*EVERYWHERE, *NARROWER)),
    ("establishments", "establishments:list", (*EVERYWHERE, *NARROWER)),
    ("products", "establishments:products", EVERYWHERE),
    ("craft villages", "establishments:sites", EVERYWHERE),
    ("clusters", "establishments:clusters", EVERYWHERE),
    ("pairs that may be one", "establishments:duplicates", (("province", f"{PROVINCE}.centre_officer.1"),)),
    ("needs", "needs:list", (*EVERYWHERE, *NARROWER)),
    ("calls", "needs:calls", EVERYWHERE),
    ("surveys", "surveys:list", EVERYWHERE),
    ("contracts", "contracts:list", (*EVERYWHERE, *NARROWER)),
    ("plans", "plans:list", EVERYWHERE),
    ("requests of change", "plans:requests", EVERYWHERE),
    ("programmes", "programmes:list", EVERYWHERE),
    ("budgets", "budgets:list", EVERYWHERE),
    ("papers", "documents:list", (*EVERYWHERE, *NARROWER)),
    ("councils", "councils:list", EVERYWHERE),
    ("organisations", "organisations:list", EVERYWHERE),
    ("experts", "organisations:experts", EVERYWHERE),
    ("contacts", "organisations:contacts", EVERYWHERE),
    ("norms", "norms:list", EVERYWHERE),
    ("rows of norms", "norms:rows", EVERYWHERE),
    ("people", "people:list", MANAGERS),
    ("mandates", "people:mandates", MANAGERS),
    ("places", "places:list", EVERYWHERE),
    ("board of the auditor", "audit:list", AUDITORS),
    ("journal", "audit:journal", AUDITORS),
    ("envelopes followed", "audit:envelopes", AUDITORS),
    *((f"exceptions, {key}", f"audit:exceptions/{key}", AUDITORS) for key in EXCEPTIONS),
    ("projects behind the report", "reporting:records", EVERYWHERE),
    ("support behind the report", "reporting:helped", EVERYWHERE),
    ("establishments behind the report", "reporting:establishments", EVERYWHERE),
    ("envelopes behind the report", "reporting:envelopes", EVERYWHERE),
    ("published figures", "reporting:published", EVERYWHERE),
    ("notices", "notices:list", EVERYWHERE),
    ("imports", "imports:list", (("province", OF_THE_PROVINCE),)),
)
RECORDS = (
    ("project", "projects.Project", "projects:page", {"province__code": PROVINCE}),
    ("project: money", "projects.Project", "projects:money", {"province__code": PROVINCE}),
    ("project: papers", "projects.Project", "projects:papers", {"province__code": PROVINCE}),
    ("project: beneficiaries", "projects.Project", "projects:beneficiaries", {"province__code": PROVINCE}),
    ("project: history", "projects.Project", "projects:history", {"province__code": PROVINCE}),
    ("establishment", "establishments.Establishment", "establishments:page", {"province__code": PROVINCE}),
    ("need", "needs.Need", "needs:page", {"province__code": PROVINCE}),
    ("call: board of communes", "needs.Call", "needs:board", {"province__code": PROVINCE}),
    ("plan", "plans.Plan", "plans:page", {"province__code": PROVINCE}),
    ("plan decision", "plans.Decision", "plans:decision", {"plan__province__code": PROVINCE}),
    (
        "contract",
        "projects.Project",
        "contracts:page",
        {"province__code": PROVINCE, "state__in": ["assigned", "running", "accepted", "settled", "liquidated"]},
    ),
    ("envelope", "budgets.Envelope", "budgets:page", {"province__code": PROVINCE}),
    ("paper", "documents.Paper", "documents:page", {"province__code": PROVINCE}),
    (
        "organisation",
        "organisations.Organisation",
        "organisations:page",
        {"province__code": PROVINCE, "kind__in": ["department", "finance_department", "centre", "commune_committee"]},
    ),
)


def route(name: str, *args: Any) -> str:
    """Its address; empty where this installation has no such page.  What follows a slash is part of the address."""
    name, *of = name.split("/")
    args = (*of, *args)
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def lists(only: str = "") -> Iterator[Row]:
    """Every list, by everybody whose territory makes another query of it."""
    for what, name, people in LISTS:
        if only and only not in what:
            continue
        if not (base := route(name)):
            continue
        for who, username in people:
            client = client_of(username)
            row = ask(f"list of {what}, {who}", [(client, a) for a in addresses_of(client, base)], limit=100, most=12)
            if row.refused and row.requests <= 1 and row.refused[0].startswith(("403", "404")):
                continue  # this role has no such page
            yield row


def numbers(only: str = "") -> Iterator[Row]:
    """Each number of the auditor's board that is asked for after it is shown, of every year that the page offers."""
    what = "number of the board"
    if only and only not in what:
        return
    client = client_of(COUNTRY)
    years = [address.partition("?")[2] for address in addresses_of(client, route("audit:list"))]
    for key in EXCEPTIONS:
        base = route(f"audit:number/{key}")
        yield ask(f"{what}, {key}, country", [(client, f"{base}?{year}") for year in years], limit=100, most=12)


def search() -> Iterator[Row]:
    """The search over everything, with and without accents."""
    for who, username in (*EVERYWHERE, *NARROWER):
        client = client_of(username)
        client.get(f"{reverse('search')}?q=tinh khong co")  # the register of places is read once a process
        pairs = [(client, f"{reverse('search')}?q={word}") for word in (*WORDS, *(f"{word} an" for word in WORDS))]
        yield ask(f"search over everything, {who}", pairs, limit=100, most=12)


def records() -> Iterator[Row]:
    """Thirty records of each kind, taken at random in one province."""
    pick = random.Random(SEED)
    client = client_of(OF_THE_PROVINCE)
    for what, label, name, where in RECORDS:
        if not route(name, 1):
            continue
        keys = list(model_of(label)._base_manager.filter(**where).order_by("pk").values_list("pk", flat=True))
        chosen = pick.sample(keys, min(30, len(keys)))
        yield ask(f"page of {what}", [(client, route(name, key)) for key in chosen], limit=100, most=20)


def home() -> Iterator[Row]:
    """The first page of every role, in several provinces; then all roles together."""
    from khuyencong.authority.roles import ROLES
    from khuyencong.people.models import User

    for role in ROLES:
        people = list(
            User.objects.filter(mandates__role=role).order_by("pk").values_list("username", flat=True).distinct()
        )
        chosen = people[:: max(1, len(people) // 10)][:10]
        pairs = [(client_of(username), reverse("home")) for username in chosen]
        for client, address in pairs:
            client.get(address)  # the first visit writes when it was
        yield ask(f"home of {role}", pairs, limit=150, most=25)


def report() -> Iterator[Row]:
    """The yearly report of the country, for each year that has one."""
    from benchmarks.data import YEARS

    if not (base := route("reporting:list")):
        return
    client = client_of(COUNTRY)
    for what, address in report_addresses(base):
        pairs = [(client, address.format(year=year)) for year in list(YEARS)[-4:]]
        yield ask(what, pairs, limit=300, most=25)


def report_addresses(base: str) -> list[tuple[str, str]]:
    """The report as the page offers it."""
    return [("yearly report of the country", base + "?year={year}")]


def all_together(rows: list[Row], what: str) -> Row:
    """One line over several, for the summary: the worst of each."""
    return Row(
        what,
        rows[0].limit,
        percentile([row.p50 for row in rows], 0.5),
        max(row.p95 for row in rows),
        queries=max(row.queries or 0 for row in rows),
        most=rows[0].most,
        requests=sum(row.requests for row in rows),
    )
