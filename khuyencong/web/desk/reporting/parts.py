"""The paper of a report, ready to be drawn: each figure with the address of its records."""

from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base.money import million
from khuyencong.projects.enums import Source
from khuyencong.reporting import exports
from khuyencong.reporting.queries.yearly import Frame, Line, SourceLine, YearlyReport
from khuyencong.web.common.tags.values import number, percent

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Cell:
    shown: str
    url: str = ""
    value: int = 0


@dataclass(frozen=True, slots=True)
class PaperRow:
    label: str
    cells: list[Cell]
    number: str = ""
    total: bool = False
    key: int | str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that was reported otherwise than the records give it today."""

    table: str
    where: str
    what: str
    said: str
    now: Cell


class Paper:
    """Cells and rows of one report, for its template."""

    def __init__(self, report: YearlyReport):
        self.report, self.frame = report, report.frame

    def _url(self, route: str, **query) -> str:
        return f"{reverse(f'reporting:{route}')}?{address(self.frame, **query)}"

    def money(self, amount: int, name: str, *, none: str = "–", **query) -> Cell:
        return Cell(million(amount), self._url("records", so=name, **query), amount) if amount else Cell(none)

    def count(self, projects: int, condition: str = "", **query) -> Cell:
        return Cell(number(projects), self._url("records", la=condition, **query), projects) if projects else Cell("0")

    def given(self, line: SourceLine, source: str, *, none: str = "–") -> Cell:
        query = {"nguon": source} if source else {}
        return (
            Cell(million(line.allocated), self._url("envelopes", **query), line.allocated)
            if line.allocated
            else Cell(none)
        )

    def moved(self, line: SourceLine, source: str) -> Cell:
        query = {"nguon": source} if source else {}
        return (
            Cell(million(line.moved), self._url("envelopes", so="moved", **query), line.moved)
            if line.moved
            else Cell("–")
        )

    def helped(self, times: int, route: str, **query) -> Cell:
        return Cell(number(times), self._url(route, **query) if times else "", times)

    # -- what the sentences name

    @property
    def told(self) -> dict[str, Cell]:
        report, total = self.report, self.report.total
        whole = report.state_total

        return {
            "allocated": self.given(whole, "", none="0"),
            "allocated_national": self.given(report.sources[0], Source.NATIONAL, none="0"),
            "allocated_local": self.given(report.sources[1], Source.LOCAL, none="0"),
            "halted": self.money(whole.halted, "halted"),
            "halted_advanced": self.money(whole.halted_advanced, "halted-advanced"),
            "approved": self.money(total.support, "support", none="0"),
            "counterpart": self.money(total.counterpart, "counterpart", none="0"),
            "unsplit": self.money(total.unsplit, "unsplit", none="0"),
            "counterpart_settled": self.money(report.counterpart_settled, "settled-counterpart"),
            "projects": self.count(total.projects),
            "changed": self.count(report.changed, "changed"),
            "stopped": self.count(total.stopped, "stopped"),
            "accepted": self.count(total.accepted, "accepted"),
            "settled": self.count(total.settled, "settled"),
            "historical": self.count(total.historical, "historical"),
            "times": self.helped(report.times, "helped"),
            "establishments": self.helped(report.establishments, "establishments"),
            "women": self.helped(report.women, "establishments", nu=1),
        }

    @property
    def so_far(self) -> dict[str, Cell]:
        """Since the beginning of the plan; nothing where the period begins with it."""
        told = self.report.so_far
        if told is None:
            return {}
        whole = Paper(replace(self.report, frame=replace(self.frame, cumulative=True)))
        money = {name: getattr(told, name) for name in ("support", "contracted", "advanced", "settled")}
        return {"projects": whole.count(told.projects)} | {
            name: whole.money(amount, name, none="0") for name, amount in money.items()
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
            self.moved(line, name),
            self.money(line.approved, name or "support"),
            cell(line.contracted, "contracted"),
            cell(line.advanced, "advanced"),
            cell(line.settled, "settled"),
            Cell(percent(line.disbursed)),
        ]

    @property
    def sources(self) -> list[PaperRow]:
        rows = [
            PaperRow(str(line.source.label), self._source(line, line.source.value), str(index), key=line.source.value)
            for index, line in enumerate(self.report.sources, start=1)
        ]
        return [*rows, PaperRow(_("Cộng"), self._source(self.report.state_total, ""), total=True, key=TOTAL)]

    @property
    def unsplit(self) -> bool:
        """Whether some money of projects of before is known as a whole only."""
        return bool(self.report.total.unsplit)

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
                    *([("unsplit", s.unsplit)] if self.unsplit else []),
                )
            ),
        ]

    def _total(self) -> PaperRow:
        return PaperRow(_("Cộng"), self._line(Line(0, "", self.report.total)), total=True, key=TOTAL)

    @property
    def activities(self) -> list[PaperRow]:
        lines = self.report.activities
        return [*(PaperRow(x.label, self._line(x, nhom=x.key), str(x.key), key=x.key) for x in lines), self._total()]

    @property
    def places(self) -> list[PaperRow]:
        lines = enumerate(self.report.places, start=1)
        rows = (PaperRow(x.label, self._line(x, noi=x.key), str(index), key=x.key) for index, x in lines)
        return [*rows, self._total()]


def differences(said: Paper, now: Paper) -> list[Difference]:
    """What was reported against what the records give today, figure by figure, each with the address of its records."""
    found = []
    titles = {
        "sources": _("Kinh phí theo nguồn"),
        "activities": _("Theo nội dung hoạt động"),
        "places": _("Theo địa bàn"),
    }
    for name, heads in exports.heads(unsplit=said.unsplit or now.unsplit).items():
        before, after = ({row.key: row for row in getattr(paper, name)} for paper in (said, now))
        for key, row in (before | after).items():
            if key == TOTAL and name == "places":  # the same as that of the activities
                continue
            for column, what in enumerate(heads):
                old, new = (_cell(rows.get(key), column) for rows in (before, after))
                if old.value != new.value:
                    found.append(Difference(titles[name], row.label, what, old.shown, new))
    old, new = said.so_far, now.so_far
    found += [
        Difference(_("Luỹ kế từ đầu kế hoạch"), label, "", old[name].shown, new[name])
        for name, label in exports.so_far().items()
        if old and old[name].value != new[name].value
    ]
    old, new = said.told, now.told
    counts = exports.indicators() | {
        "counterpart_settled": _("Đối ứng đã quyết toán"),
        "halted": _("Đã ký, đề án nay đã ngừng"),
    }
    found += [
        Difference(_("Chỉ tiêu"), label, "", old[name].shown, new[name])
        for name, label in counts.items()
        if old[name].value != new[name].value
    ]
    return found


def _cell(row: PaperRow | None, column: int) -> Cell:
    return row.cells[column] if row is not None and column < len(row.cells) else Cell("–")


def ratio_text(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"


def address(frame: Frame, **query) -> str:
    """The query string by which a page finds this frame again."""
    where = {"tinh": frame.province.pk} if frame.province else {"tinh": "tat-ca"}
    period = {"ky": frame.period.value} if frame.period else {}
    if frame.cumulative:
        period["luy-ke"] = 1
    named = {k: v for k, v in query.items() if v != ""}
    return urlencode({"nam": frame.year, **period, **where, "ban-do": frame.map.value, **named})
