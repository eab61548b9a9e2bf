"""The paper of a report, ready to be drawn: each figure with the address of its records."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base.money import million
from khuyencong.projects.enums import Source
from khuyencong.reporting.queries.yearly import Frame, Line, SourceLine, YearlyReport
from khuyencong.web.common.tags.values import number, percent


@dataclass(frozen=True, slots=True)
class Cell:
    shown: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PaperRow:
    label: str
    cells: list[Cell]
    number: str = ""
    total: bool = False


class Paper:
    """Cells and rows of one report, for its template."""

    def __init__(self, report: YearlyReport):
        self.report, self.frame = report, report.frame

    def _url(self, route: str, **query) -> str:
        return f"{reverse(f'reporting:{route}')}?{address(self.frame, **query)}"

    def money(self, amount: int, name: str, **query) -> Cell:
        return Cell(million(amount), self._url("records", so=name, **query)) if amount else Cell("–")

    def count(self, projects: int, condition: str = "", **query) -> Cell:
        return Cell(number(projects), self._url("records", la=condition, **query)) if projects else Cell("0")

    def given(self, line: SourceLine, source: str, *, none: str = "–") -> Cell:
        query = {"nguon": source} if source else {}
        return Cell(million(line.allocated), self._url("envelopes", **query)) if line.allocated else Cell(none)

    # -- what the sentences name

    @property
    def told(self) -> dict[str, Cell]:
        report, total = self.report, self.report.total
        whole = report.state_total

        return {
            "allocated": self.given(whole, "", none="0"),
            "allocated_national": self.given(report.sources[0], Source.NATIONAL, none="0"),
            "allocated_local": self.given(report.sources[1], Source.LOCAL, none="0"),
            "approved": self.money(total.support, "support"),
            "counterpart": self.money(total.counterpart, "counterpart"),
            "counterpart_settled": self.money(report.counterpart_settled, "settled-counterpart"),
            "projects": self.count(total.projects),
            "changed": self.count(report.changed, "changed"),
            "stopped": self.count(total.stopped, "stopped"),
            "accepted": self.count(total.accepted, "accepted"),
            "settled": self.count(total.settled, "settled"),
            "historical": self.count(total.historical, "historical"),
            "times": Cell(number(report.times), self._url("helped") if report.times else ""),
            "establishments": Cell(
                number(report.establishments), self._url("establishments") if report.establishments else ""
            ),
            "women": Cell(number(report.women), self._url("establishments", nu=1) if report.women else ""),
        }

    @property
    def per_support(self) -> str:
        value = self.report.counterpart_per_support
        return "" if value is None else ratio_text(value)

    # -- tables

    def _source(self, line: SourceLine, name: str) -> list[Cell]:
        def cell(amount, of):
            return self.money(amount, f"{of}-{name}" if name else of)

        return [
            self.given(line, name),
            self.money(line.approved, name or "support"),
            cell(line.contracted, "contracted"),
            cell(line.advanced, "advanced"),
            cell(line.settled, "settled"),
            Cell(percent(line.disbursed)),
        ]

    @property
    def sources(self) -> list[PaperRow]:
        rows = [
            PaperRow(str(line.source.label), self._source(line, line.source.value), str(index))
            for index, line in enumerate(self.report.sources, start=1)
        ]
        return [*rows, PaperRow(_("Cộng"), self._source(self.report.state_total, ""), total=True)]

    def _line(self, line: Line, **query) -> list[Cell]:
        s = line.sums
        return [
            self.count(s.projects, **query),
            *(
                self.money(amount, name, **query)
                for name, amount in (
                    ("national", s.national),
                    ("local", s.local),
                    ("support", s.support),
                    ("counterpart", s.counterpart),
                    ("other", s.other),
                )
            ),
        ]

    def _total(self) -> PaperRow:
        return PaperRow(_("Cộng"), self._line(Line(0, "", self.report.total)), total=True)

    @property
    def activities(self) -> list[PaperRow]:
        lines = self.report.activities
        return [*(PaperRow(x.label, self._line(x, nhom=x.key), str(x.key)) for x in lines), self._total()]

    @property
    def places(self) -> list[PaperRow]:
        lines = enumerate(self.report.places, start=1)
        return [*(PaperRow(x.label, self._line(x, noi=x.key), str(index)) for index, x in lines), self._total()]


def ratio_text(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"


def address(frame: Frame, **query) -> str:
    """The query string by which a page finds this frame again."""
    where = {"tinh": frame.province.pk} if frame.province else {"tinh": "tat-ca"}
    return urlencode(
        {"nam": frame.year, **where, "ban-do": frame.map.value, **{k: v for k, v in query.items() if v != ""}}
    )
