"""Whatever happens to a project, its page, its plan, the list of envelopes and the report tell the same of its money."""

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.db import transaction

from khuyencong.base.errors import DomainError
from khuyencong.budgets import operations as budgets
from khuyencong.budgets import queries as ledger
from khuyencong.contracts import operations as contracts
from khuyencong.contracts.models import Assignment
from khuyencong.contracts.queries import room
from khuyencong.plans import operations as plans
from khuyencong.plans import queries as books
from khuyencong.projects.enums import Source
from khuyencong.reporting.queries import yearly
from khuyencong.web.desk.projects.parts import money_of
from tests.contracts.conftest import MILLION, Case, make_land, paper
from tests.factories.budgets import EnvelopeFactory
from tests.factories.norms import law
from tests.factories.people import people_of
from tests.factories.plans import PlanFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db
ACTS, NAMES = 8, ("committed", "advanced", "settled")
NEXT_YEAR = dt.date(2027, 1, 15)


class Life(Case):
    """A training project of 2026, approved by its plan; each act is dated after the last one."""

    def __init__(self, rng):
        self.rng, self.land, self.on = rng, make_land(), dt.date(2026, 3, 2)
        self.people = people_of(self.land)
        self.plan = PlanFactory(province=self.land.province)
        holder = {"province": self.land.province, "holder": self.land.department}
        self.now, self.then = self.envelopes = [
            EnvelopeFactory(**holder, year=year, name=f"KCĐP {year}", given=1_000 * MILLION) for year in (2026, 2027)
        ]
        facts = {"province": self.land.province, "commune": self.land.commune, "implementer": self.land.centre}
        self.project = ProjectFactory(**facts, kind="vocational_training", activity=1, state="appraised")
        decision = plans.draft_decision(self.plan, kind="approve", by=self.people.appraiser)
        plans.put_item(decision, line=plans.Line(self.project), by=self.people.appraiser)
        self._issue(decision, "plan_decision")
        self.assign(self.on)
        contracts.begin_work(self.project, by=self.people.director, on=self.on)

    @property
    def own(self):
        return ledger.positions(self.fresh())

    def part(self, most):
        """Some or, one time in three, all of it."""
        return most if self.rng.random() < 1 / 3 else self.rng.randint(1, max(most, 1))

    def _issue(self, decision, kind):
        letter = paper("submission", self.on)
        plans.submit(decision, by=self.people.department, on=self.on, paper=letter)
        plans.approve(decision, by=self.people.approver, on=self.on, paper=paper(kind, self.on))
        self.project.refresh_from_db()

    def _asked(self, kind, decided, **facts):
        letter = paper("request_letter", self.on)
        facts = {"reason": "Thực tế thay đổi", "by": self.people.director, "on": self.on, "paper": letter} | facts
        asked = plans.request_change(self.fresh(), kind=kind, **facts)
        asked = plans.confirm_request(asked, by=self.people.department, on=self.on)
        decision = plans.draft_decision(self.plan, kind=decided, by=self.people.appraiser)
        plans.put_change(decision, request=asked, by=self.people.appraiser)
        self._issue(decision, "change_decision")

    # acts

    def less(self):
        unpaid = sum(own.unpaid for own in self.own.values())
        self._asked("same_or_less", "adjust", local=self.fresh().granted_local - self.part(unpaid // 2))

    def more(self):
        self._asked("increase_total", "adjust", local=self.fresh().granted_local + self.part(50 * MILLION))

    def stop(self):
        self._asked("stop", "stop")

    def amend(self):
        task = Assignment.objects.get(project=self.project)
        contracts.amend_assignment(
            task, by=self.people.department, on=self.on, paper=paper("contract_appendix", self.on)
        )

    def pay(self):
        envelope = self.rng.choice(list(self.own))
        most = room(self.project, envelope=envelope, on=self.on).amount
        self.advance_of(envelope, self.part(most))

    def advance_of(self, envelope, amount):
        super().pay(self.confirm(self.request(amount, self.on, envelope=envelope)))

    def finish(self):
        state = self.part(self.fresh().granted_local)
        self.accept(
            None, self.on, state_volume=state, counterpart_volume=self.part(320 * MILLION), note="Thiếu học viên"
        )

    def close(self):
        rows = (
            self.row(self.part(300 * MILLION), on=self.on),
            self.row(self.part(320 * MILLION), "counterpart", on=self.on),
        )
        self.vouch(*rows)
        self.settle(self.on, late_reason="Chờ hoá đơn")

    def back(self):
        envelope, own = next((pair for pair in self.own.items() if pair[1].surplus), (self.now, None))
        self.give_back(self.part(own.surplus if own else 0), self.on, envelope=envelope)

    def carry(self):
        self.on = max(self.on, NEXT_YEAR)
        own = ledger.position(self.now, project=self.project)
        amount = self.rng.randint(own.surplus, own.open) if own.open > 0 else None
        facts = {"by": self.people.accountant, "on": self.on, "paper": paper("carry_over", self.on)}
        budgets.carry_over(self.now, to=self.then, project=self.project, amount=amount, **facts)

    def end(self):
        self.liquidate(self.on, late_reason="Chờ nộp trả")


CHANGES = ("less", "more", "amend", "pay", "pay", "carry")
OPEN_TO = {
    "running": CHANGES,
    "accepted": ("close", "pay", "carry"),
    "settled": ("back", "pay", "end"),
    "stopped": ("back",),
}


def places(life):
    """What each place tells of this project's local money, which is all that there is."""
    project, whole = life.fresh(), Counter()
    for own in life.own.values():
        whole.update(committed=own.committed, advanced=own.advanced, settled=own.settled)
    project.seen_whole = True
    money = money_of(project, None)
    [page] = [row for row in money["rows"] if row["committed"] is not None]  # the counterpart is settled in no ledger
    assert money["total"]["settled"] == sum(row["settled"] or 0 for row in money["rows"])
    listed = list(ledger.board(life.people.accountant))
    frame = yearly.frame_for(life.people.department, year=2026, province=life.land.province)
    report = yearly.yearly(frame)
    [local] = [line for line in report.sources if line.source == Source.LOCAL]
    paid = {
        "ledger": [whole[name] for name in NAMES],
        "page": [page[name] for name in NAMES],
        "list": [sum(getattr(row, name) for row in listed) for name in NAMES],
        "report": [page["committed"], local.advanced, local.settled],
        "left": [page["left"] + whole["advanced"], *(whole[name] for name in NAMES[1:])],
    }
    granted = {
        "page": 0 if project.state == "stopped" else project.granted_local,  # it keeps what was granted before
        "plan": books.standing_sums([life.plan])[life.plan.pk].local,
        "version": books.as_of(life.plan, life.on).sums.local,
        "report": local.approved,
        "behind": sum(yearly.behind(frame, amount="local").values_list("figure", flat=True)),
    }
    given = sum(row.money for row in listed)
    assert sum(row.given for row in listed) == 2_000 * MILLION
    assert [given, sum(row.left for row in listed)] == [given_to(life), given - whole["committed"]]
    return paid, granted


def given_to(life):
    """What both years were given, less what has gone back to the State."""
    returned = sum(own.returned for own in life.own.values())
    return 2_000 * MILLION - returned


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_after_every_act_all_places_tell_the_same_to_the_dong(seed, monkeypatch):
    """Acts drawn by lot, refused ones left out: four of them while it runs, then it is stopped or finished."""
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: dt.date(2028, 1, 1))
    law()
    life, done = Life(Random(seed)), []

    for _try in range(40):
        acts = OPEN_TO.get(life.fresh().state, ())
        if life.project.state == "running" and len(done) >= ACTS // 2:
            acts = ("stop",) if seed % 5 == 0 else ("finish",)
        if not acts or len(done) == ACTS:
            break
        act = life.rng.choice(acts)
        life.on += dt.timedelta(days=life.rng.randint(1, 6))
        try:
            with transaction.atomic():
                getattr(life, act)()
        except DomainError:
            continue
        done.append(act)
        paid, granted = places(life)
        assert len(set(map(tuple, paid.values()))) == 1, (done, paid)
        assert len(set(granted.values())) == 1, (done, granted)

    assert len(done) > ACTS // 2
    assert list(ledger.invariants()) == []
