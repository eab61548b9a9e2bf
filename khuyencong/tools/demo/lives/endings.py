"""Settlement and liquidation."""

from datetime import date, timedelta

from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.contracts.enums import AdvanceKind
from khuyencong.contracts.models import (
    Liquidation,
    Settlement,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments.models import SupportedItem
from khuyencong.tools.demo.lives.life import Life, S
from khuyencong.tools.demo.lives.work import advance


def settle(life: Life, on: date) -> None:
    year, project = life.year, life.project
    paper = life.paper(PaperKind.SETTLEMENT, on, issuer=project.implementer)
    life.settled = life.proved
    surplus = max(life.advanced - life.settled, 0)
    source = "national" if life.is_national else "local"
    year.rows.add(
        Settlement(
            project=project,
            on=on,
            due_on=on + timedelta(days=9),
            counterpart=project.granted_counterpart or 0,
            paper=paper,
            returned=surplus,
            **({"national": 0, "local": 0} | {source: life.settled}),
            explanation=f"Theo chứng từ: {dong(life.settled)} đồng, không quá mức được duyệt {dong(life.granted)} đồng.",
        )
    )
    year.step(project, "settle", S.SETTLED, on, by=life.staff.accountant, paper=paper)
    done = year.entry(
        life.envelope, EntryKind.SETTLED, life.settled, on, paper=paper, by=life.staff.accountant, project=project
    )
    unused = life.granted - max(life.settled, life.advanced)
    if unused > 0:
        year.entry(
            life.envelope,
            EntryKind.COMMITTED,
            -unused,
            on,
            paper=paper,
            by=life.staff.accountant,
            project=project,
            note="không dùng hết, trả lại nguồn",
            origin=done,
        )
    for contract in life.contracts:
        item = SupportedItem(
            establishment=contract.beneficiary.establishment,
            item=(project.machine_type or project.get_kind_display())[:300],
            serial=f"SN-{project.code}",
            amount=life.settled // len(life.contracts),
            source=project.get_level_display(),
            on=on,
            project_uid=project.uid,
            project_label=str(project)[:420],
        )
        item.derive()
        year.rows.add(item)


def liquidate(life: Life, on: date) -> None:
    advance(life, AdvanceKind.REMAINDER, life.settled - life.advanced, on - timedelta(days=4))
    paper = life.paper(PaperKind.LIQUIDATION, on, issuer=life.project.implementer)
    life.year.step(life.project, "liquidate", S.LIQUIDATED, on, by=life.staff.department, paper=paper)
    due = date(life.year.year + 1, 1, 22)
    life.year.rows.add(Liquidation(project=life.project, on=on, due_on=due, paper=paper))
