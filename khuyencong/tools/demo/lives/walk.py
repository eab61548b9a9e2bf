"""A project walks its life day by day and stops where today stops it."""

from datetime import date, timedelta

from khuyencong.contracts.enums import AdvanceKind
from khuyencong.plans.models import Decision
from khuyencong.tools.demo.lives import endings, files, work
from khuyencong.tools.demo.lives.dossiers import fill_dossier
from khuyencong.tools.demo.lives.life import Life, S
from khuyencong.tools.demo.stage import MILLION


def live(life: Life, approved_on: date, decision: Decision | None, *, halt: str) -> None:
    """From its sending to its liquidation, as far as today and ``halt`` (the step after which it goes no further) let it."""
    year, rng = life.year, life.year.rng
    life.disordered = halt == "accept"  # its days are in an order that cannot be: the auditor should see it
    sent = approved_on - timedelta(days=60 + rng.randrange(20))
    start = approved_on + timedelta(days=12 + rng.randrange(25))
    begin = start + timedelta(days=10 + rng.randrange(30))
    accept = min(max(begin + timedelta(days=60 + rng.randrange(120)), begin), date(year.year, 12, 10))
    settle = accept + timedelta(days=6 + rng.randrange(8))
    liquidate = min(settle + timedelta(days=15 + rng.randrange(40)), date(year.year + 1, 1, 20))
    steps = [("submit", sent, files.submit), ("appraise", sent + timedelta(days=15), files.appraise)]
    if life.is_national:
        steps.append(("register", sent + timedelta(days=25), files.register))
        steps.append(("ministry_appraise", sent + timedelta(days=45), files.ministry_appraise))
    if decision is not None:
        life.decision = decision
        steps += [
            ("approve", approved_on, files.approve),
            ("assign", start, work.assign),
            ("begin", begin, work.begin),
            ("accept", accept, work.accept),
            ("settle", settle, endings.settle),
            ("liquidate", liquidate, endings.liquidate),
        ]
    for name, day, act in steps:
        if day > year.today:
            break
        life.last_on = day
        year.moments.to(day, later=1)
        act(life, day)
        if name == halt:
            break
    if life.project.state == S.RUNNING:
        work.reports(life, begin, min(year.today, date(year.year, 12, 20)))
        asked = begin + timedelta(days=45)
        if asked + timedelta(days=3) <= year.today and not halt and rng.random() < 0.5:
            work.advance(life, AdvanceKind.FIRST, life.granted * 6 // 10 // MILLION * MILLION, asked)
    fill_dossier(life)
