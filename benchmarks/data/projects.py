"""Projects of every year with what hangs on them."""

import datetime as dt
import math
from typing import Any

from benchmarks import establishments as invented
from benchmarks.data.contracts import write_contracts
from benchmarks.data.country import Country
from benchmarks.data.papers import paper_of, recorded
from benchmarks.data.rows import MILLION, NOW, VIETNAM, WORKS, YEARS
from khuyencong.base.text import fold, sort_key

LIFE = (
    ("submit", "draft", "submitted"),
    ("appraise", "submitted", "appraised"),
    ("register", "appraised", "registered"),
    ("ministry_appraise", "registered", "ministry_appraised"),
    ("approve", "", "approved"),
    ("assign", "approved", "assigned"),
    ("begin", "assigned", "running"),
    ("accept", "running", "accepted"),
    ("settle", "accepted", "settled"),
    ("liquidate", "settled", "liquidated"),
)
MINISTRY_ONLY = ("register", "ministry_appraise")
NEXT_YEAR = ("draft", "draft", "submitted", "submitted", "appraised", "appraised", "registered", "ministry_appraised")
THIS_YEAR = (
    "approved",
    "assigned",
    "running",
    "running",
    "running",
    "accepted",
    "settled",
    "stopped",
    "draft",
    "failed",
)
LAST_YEAR = ("liquidated",) * 12 + ("settled", "accepted", "running", "failed")
LONG_AGO = ("liquidated",) * 30 + ("stopped", "failed", "withdrawn")


def write_projects(country: Country) -> None:
    each = math.ceil(country.sizes.of("projects") / (len(country.provinces) * len(YEARS)))
    for province in country.provinces:
        for year in YEARS:
            write_year(country, province, year, each)


def write_year(country: Country, province: Any, year: int, number: int) -> None:
    """One province's year: envelopes, plans with their decisions, projects to their state of today."""
    at = province.pk
    envelope = country.writer("budgets.Envelope", "level", "year", "holder_id", "province_id", "name", "chapter")
    money = {
        level: envelope.add(
            level, year, country.department[at], at, f"Kinh phí {name} năm {year}, {province.name}", "416"
        )
        for level, name in (("national", "KCQG"), ("provincial", "KCĐP"))
    }
    entry = country.writer(
        "budgets.Entry", "envelope_id", "kind", "amount", "project_id", "on", "paper_id", "by_id", "at"
    )
    plan = country.writer("plans.Plan", "level", "year", "province_id")
    decision = country.writer(
        "plans.Decision", "plan_id", "ordinal", "kind", "tranche", "state", "paper_id", "on", "submitted_on"
    )
    taken = country.writer(
        "plans.StepTaken", "decision_id", "name", "source", "target", "on", "paper_id", "by_id", "at"
    )
    decisions: dict[str, list[int]] = {}
    for level, held in money.items():
        given = dt.date(year - 1, 12, 20)
        entry.add(*(held, "allocated", 60_000 * MILLION, None, given), *recorded(country, at, given))
        chain = plan.add(level, year, at)
        ready = year <= NOW
        for ordinal, kind in enumerate(("approve", "approve", "adjust"), start=1):
            state, on = (
                ("approved", dt.date(year - 1 if ordinal == 1 else year, 12 if ordinal == 1 else 3, 25))
                if ready
                else ("draft", None)
            )
            if not ready and ordinal > 1:
                break
            paper = paper_of(country, at, on) if ready else None
            made = decision.add(chain, ordinal, kind, min(ordinal, 2) if kind == "approve" else 1, state, paper, on, on)
            decisions.setdefault(level, []).append(made)
            if ready:
                taken.add(made, "submit", "draft", "submitted", on, *recorded(country, at, on))
                taken.add(made, "approve", "submitted", "approved", on, *recorded(country, at, on))
    for n in range(number):
        write_project(country, province, year, n + 1, money, decisions)


def write_project(
    country: Country, province: Any, year: int, number: int, money: dict[str, int], decisions: dict[str, list[int]]
) -> None:
    pick, at = country.pick, province.pk
    kind, what, activity = pick.choice(WORKS).split("|")
    level = "national" if pick.random() < 0.3 else "provincial"
    among = LONG_AGO if year < NOW - 1 else LAST_YEAR if year == NOW - 1 else THIS_YEAR if year == NOW else NEXT_YEAR
    state = pick.choice(among)
    if level != "national" and state in ("registered", "ministry_appraised"):
        state = "appraised"
    helped = [pick.choice(country.establishments_of[at]) for _n in range(pick.choice((1, 1, 1, 2, 3)))]
    helped = list({one[0]: one for one in helped}.values())
    trade = pick.choice(invented.TRADE).lower()
    code, title = f"{year % 100:02d}-{province.code}-{number:03d}", f"{what} {trade} tại {helped[0][2]}"
    asked = pick.randint(5, 60) * 5 * MILLION
    national, local = (asked, 0) if level == "national" else (0, asked)
    counterpart = asked * pick.randint(1, 4)
    granted = state in ("approved", "assigned", "running", "accepted", "settled", "liquidated", "stopped")
    project = country.writer(
        "projects.Project",
        *("code", "title", "words", "folded", "sort_key", "level", "form", "activity", "kind", "sector", "year"),
        *(
            "starts_on",
            "ends_on",
            "implementer_id",
            "province_id",
            "commune_id",
            "national",
            "local",
            "counterpart",
        ),
        *("granted_national", "granted_local", "granted_counterpart", "granted_other", "state", "dossier_id"),
        *("changed_at", "rules_on"),
    )
    centre = country.centre[at]
    names = " ".join(one[2] for one in helped)
    dossier = country.writer("documents.Dossier", "title").add(title[:300])
    paper, _by, moment = recorded(country, at, dt.date(year - 1, 12, 25))
    key = project.add(
        *(
            code,
            title,
            fold(f"{code} {title} {country.names[centre]} {names}"),
            fold(title)[:420],
            sort_key(title)[:1400],
        ),
        *(level, "single" if len(helped) == 1 else "group", int(activity), kind, pick.choice("abcd"), year),
        *(dt.date(year, 3, 1), dt.date(year, pick.randint(9, 12), 20), centre, at, helped[0][1], national, local),
        *(counterpart, *((national, local, counterpart, 0) if granted else (None,) * 4), state, dossier, moment),
        *(dt.date(year - 1, 9, 1) if granted else None,),
    )
    write_file(country, key, dossier, at, year, asked, national, local, counterpart)
    taking_part = write_helped(country, key, helped, national, local, counterpart, granted, year, paper)
    steps = write_steps(country, key, level, state, at, year)
    if granted:
        write_plan_line(
            country, key, at, year, number, level, money[level], decisions[level], (national, local, counterpart)
        )
        write_contracts(country, key, at, year, level, money[level], asked, counterpart, steps, taking_part)


def write_file(
    country: Country,
    key: int,
    dossier: int,
    at: int,
    year: int,
    asked: int,
    national: int,
    local: int,
    counterpart: int,
) -> None:
    """The eight parts, the estimate, the papers of the dossier."""
    part = country.writer("projects.Part", "project_id", "number", "text")
    for number in range(1, 9):
        part.add(key, number, "Nội dung của phần này theo Điều 5, do đơn vị thực hiện lập.")
    line = country.writer(
        "projects.CostLine", "project_id", "order", "content", "unit", "national", "local", "counterpart"
    )
    line.add(key, 1, "Mua máy, thiết bị", "bộ", national * 3 // 4, local * 3 // 4, counterpart)
    line.add(key, 2, "Chi phí quản lý, nghiệm thu", "lần", national - national * 3 // 4, local - local * 3 // 4, 0)
    item = country.writer("documents.DossierItem", "dossier_id", "paper_id", "at")
    for _n in range(2):
        item.add(
            dossier, paper_of(country, at, dt.date(year - 1, 8, 1)), dt.datetime(year - 1, 8, 1, 9, tzinfo=VIETNAM)
        )


def write_helped(
    country: Country,
    key: int,
    helped: list,
    national: int,
    local: int,
    counterpart: int,
    granted: bool,
    year: int,
    paper: int,
) -> list[int]:
    beneficiary = country.writer(
        "projects.Beneficiary",
        *(
            "project_id",
            "establishment_id",
            "content",
            "total",
            "national",
            "local",
            "counterpart",
            "approved_on",
            "paper_id",
        ),
    )
    share = len(helped)
    return [
        beneficiary.add(
            *(key, one[0], "Hỗ trợ máy móc", (national + local + counterpart) // share, national // share),
            *(
                local // share,
                counterpart // share,
                dt.date(year - 1, 12, 25) if granted else None,
                paper if granted else None,
            ),
        )
        for one in helped
    ]


def write_steps(country: Country, key: int, level: str, state: str, at: int, year: int) -> dict[str, dt.date]:
    """The steps of its life up to its state, with their days."""
    taken = country.writer(
        "projects.StepTaken", "project_id", "name", "source", "target", "on", "paper_id", "by_id", "at"
    )
    done: dict[str, dt.date] = {}
    if state == "draft":
        return done
    until = {"failed": "submitted", "withdrawn": "submitted", "stopped": "running"}.get(state, state)
    before, on = "draft", dt.date(year - 1, 7, 20)
    for name, source, target in LIFE:
        if name in MINISTRY_ONLY and level != "national":
            continue
        taken.add(key, name, source or before, target, on, *recorded(country, at, on))
        done[name], before, on = on, target, on + dt.timedelta(days=50)
        if target == until:
            break
    if state in ("failed", "withdrawn", "stopped"):
        name = {"failed": "fail", "withdrawn": "withdraw", "stopped": "stop"}[state]
        taken.add(key, name, before, state, on, *recorded(country, at, on))
    return done


def write_plan_line(
    country: Country,
    key: int,
    at: int,
    year: int,
    number: int,
    level: str,
    envelope: int,
    decisions: list[int],
    sums: tuple[int, int, int],
) -> None:
    national, local, counterpart = sums
    item = country.writer(
        "plans.Item", "decision_id", "project_id", "order", "action", "national", "local", "counterpart"
    )
    share = country.writer("plans.Share", "item_id", "envelope_id", "source", "amount")
    made = item.add(decisions[number % 2 if len(decisions) > 1 else 0], key, number, "", national, local, counterpart)
    share.add(made, envelope, "national" if national else "local", national + local)
    if number % 20 == 0 and len(decisions) > 2:
        item.add(decisions[2], key, number, "time", national, local, counterpart)
    on = dt.date(year - 1, 12, 25)
    country.writers["budgets.Entry"].add(envelope, "committed", national + local, key, on, *recorded(country, at, on))
