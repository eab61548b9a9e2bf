"""What the ledger's lines add up to, and what may never be."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from khuyencong.base.text import fold
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.projects.enums import Source


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums of an envelope's lines, of a project's within it, or of many together, in đồng.  Never stored."""

    allocated: int = 0
    committed: int = 0
    advanced: int = 0
    settled: int = 0
    returned: int = 0
    carried_out: int = 0
    carried_in: int = 0
    recovered: int = 0
    management: int = 0

    @property
    def money(self) -> int:
        """What the envelope has to spend: given by decision and carried in, less carried out and given back."""
        return self.allocated + self.moved

    @property
    def moved(self) -> int:
        """What stands beside the decisions that gave the money: carried in, less carried out and given back."""
        return self.carried_in - self.carried_out - self.returned

    @property
    def available(self) -> int:
        """What may still be promised."""
        return self.money - self.committed - self.management

    @property
    def open(self) -> int:
        """Promised and not yet settled."""
        return self.committed - self.settled

    @property
    def surplus(self) -> int:
        """Paid out beyond what was settled: to be given back once the project is settled."""
        return max(self.advanced - self.settled, 0)

    @property
    def unpaid(self) -> int:
        """Promised and not yet paid out."""
        return self.committed - self.advanced

    def percent(self, amount: int) -> Decimal | None:
        """``amount`` as a percentage of the money, one decimal, half up; None where there is no money."""
        if not self.money:
            return None
        return (Decimal(amount) * 100 / Decimal(self.money)).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def disbursed_percent(self) -> Decimal | None:
        """Paid out (tạm ứng, thanh toán) as a percentage of the money: what reports call giải ngân.  What a project got that was
        stopped later has left all the same; when it comes back it is given back beside."""
        return self.percent(self.advanced)

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def balance_of(sums: Iterable[tuple[str, int]]) -> Balance:
    """From pairs of kind and sum."""
    return Balance(**{EntryKind(kind).value: amount for kind, amount in sums})


def source_of(level: str) -> Source:
    """Which of a project's four sources an envelope of this level feeds (NĐ 45/2012 Đ12, Đ13)."""
    return Source.NATIONAL if level == Level.NATIONAL else Source.LOCAL


def given_once(agency: int, provinces: int) -> int:
    """National money of a year where both have written it down, in đồng: what a province was allotted is part of what the
    ministry's agency was given (NĐ 45/2012 Đ12), so the greater of the two was given, never their sum."""
    return max(agency, provinces)


def reversible(entry: Entry) -> bool:
    """Whether a line is put right by its opposite: what the accountant recorded by itself.  Lines that follow others, and those
    that a step of a project has made, are put right where they came from."""
    if entry.origin_id is not None:
        return False
    return entry.kind == EntryKind.MANAGEMENT or (
        entry.kind in (EntryKind.ALLOCATED, EntryKind.RETURNED) and entry.project_id is None
    )


def same_number(one: str, other: str) -> bool:
    """Whether two numbers of papers are the same to a reader: spaces, case and accents (Đ, D) do not tell them apart."""
    return _plain(one) == _plain(other)


def same_decision(one: Paper, other: Paper) -> bool:
    """The same row, or the same number on the same day: one decision, however often it was typed."""
    if one.pk is not None and one.pk == other.pk:
        return True
    return bool(one.number) and one.signed_on == other.signed_on and same_number(one.number, other.number)


def _plain(number: str) -> str:
    return "".join(fold(number).split())
