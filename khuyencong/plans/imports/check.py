"""A file of projects judged row by row: places, money, kinds, bodies, and what is known already.  Nothing is written."""

import hashlib
import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.base.workbook import Fault, Unreadable
from khuyencong.establishments import rules as alike
from khuyencong.establishments.enums import RowState
from khuyencong.establishments.imports import legal_form_of
from khuyencong.establishments.models import Establishment
from khuyencong.organisations import queries as organisations
from khuyencong.organisations.enums import ESTABLISHMENTS
from khuyencong.organisations.models import Organisation
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.plans.imports import words
from khuyencong.plans.imports.table import LARGEST, SOURCES, Line, folded_words, lines_of, tables
from khuyencong.projects.enums import ACTIVITY_OF, Form, Kind, Level
from khuyencong.projects.models import Project
from khuyencong.projects.queries import folded_title

STEP = 500
SHOWN = 300
Progress = Callable[[int], None]
_WHOLE_PROVINCE = re.compile(
    r"(?:(?:tren dia ban|dia ban|trong|toan) )*tinh\b.*|(?:tren dia ban )?cac (?:huyen|xa|dia phuong)\b.*"
    r"|trong va ngoai tinh.*|toan quoc|ca nuoc"
)


def silent(done: int) -> None:
    """Nobody waits."""


@dataclass(slots=True)
class Helped:
    """A beneficiary as a row names it; money in đồng where it is known to be his."""

    name: str
    place_text: str = ""
    commune: Unit | None = None
    support: Mapping[str, int] = field(default_factory=dict)
    establishment: int | None = None  # one that is kept already
    alike: str = ""  # the name of one that may be the same


@dataclass(slots=True)
class Row:
    """One project of the file, judged."""

    sheet: str
    number: int  # as people count
    title: str
    verdict: RowState = RowState.NEW
    why: str = ""
    match: int | None = None  # the project it is, or may be
    kind: Kind | None = None
    level: str = ""
    year: int = 0
    amounts: dict[str, int] = field(default_factory=dict)  # đồng, by source
    place: dict[str, Any] = field(default_factory=dict)  # province, commune, place_text, place_unit
    implementer: int | None = None  # a body that is kept
    implementer_name: str = ""
    helped: list[Helped] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # form, content, starts_on, ends_on, other_giver, state …

    @property
    def total(self) -> int:
        return sum(self.amounts.values())

    @property
    def body(self) -> tuple:
        """Which body carries it out, as rows are compared."""
        return (self.implementer,) if self.implementer else (None, folded_words(self.implementer_name))


@dataclass(slots=True)
class Checked:
    """A whole file, judged; nothing is written yet."""

    province: Unit
    level: str
    year: int
    digest: str
    rows: list[Row] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind, and all of them together as ``rows``."""
        found = dict.fromkeys((state.value for state in RowState), 0)
        for row in self.rows:
            found[row.verdict.value] += 1
        return {"rows": len(self.rows), **found, "warnings": len(self.warnings), "errors": len(self.errors)}

    @property
    def totals(self) -> dict[str, int]:
        """The money of the rows without errors, in đồng."""
        sound = [row for row in self.rows if row.verdict is not RowState.FAULTY]
        sums = {source: sum(row.amounts.get(source, 0) for row in sound) for source in SOURCES}
        return {"total": sum(sums.values()), **sums}

    @property
    def without_kind(self) -> list[Row]:
        """The rows of which a person must say what kind of project they are."""
        return [row for row in self.rows if row.kind is None and row.verdict in (RowState.NEW, RowState.DOUBTFUL)]

    def preview(self) -> dict[str, Any]:
        """What a person looks at before he confirms: the first rows of each kind, the sums and the warnings."""
        shown: dict[str, list[dict[str, Any]]] = {state.value: [] for state in RowState if state != RowState.SAME}
        for row in self.rows:
            if row.verdict.value in shown and len(shown[row.verdict.value]) < SHOWN:
                place = str(row.place.get("commune") or row.place.get("province") or "")
                line = {"sheet": row.sheet, "row": row.number, "name": row.title, "place": place, "why": row.why}
                shown[row.verdict.value].append({**line, "match": row.match, "total": row.total})
        doubtful = {(row.sheet, row.number - 1, row.why) for row in self.rows if row.verdict is RowState.DOUBTFUL}
        told = [fault for fault in self.warnings if (fault.sheet, fault.row, fault.reason) not in doubtful]
        return {
            **shown,
            "totals": self.totals,
            "without_kind": len(self.without_kind),
            "warnings": [fault.as_json() for fault in told[:SHOWN]],
        }


# --- reading a row -------------------------------------------------------------------------------------------------


class Reader:
    """What is asked of every row, with everything that is looked up once."""

    strict = True  # sources that do not make the total are a fault

    def __init__(self, checked: Checked):
        self.checked = checked
        self.gazetteer = places.gazetteer()
        self._places: dict[str, Any] = {}
        self._centre = organisations.centre_of(checked.province)
        self._told_centre: set[str] = set()

    def read(self, line: Line) -> Row:
        """One project with everything that is wrong with it."""
        row = Row(line.table.sheet.name, line.number + 1, line.title[:400], level=self.checked.level)
        row.year = self.checked.year
        faults: list[Fault] = []
        warnings: list[Fault] = []
        if len(row.title) < 3:
            faults.append(line.fault("title", _("Thiếu tên đề án.")))
        self.begin(line, row, faults, warnings)
        self._implementer(line, row, faults, warnings)
        self._money(line, row, faults, warnings)
        self._place(line, row, faults, warnings)
        self._kind(line, row, warnings)
        self._helped(line, row, warnings)
        self._facts(line, row)
        self.end(line, row, faults, warnings)
        self.checked.warnings += warnings
        self.settle(row, faults)
        return row

    def begin(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        """What another kind of list asks first."""

    def end(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        """What another kind of list asks last."""

    def settle(self, row: Row, faults: Sequence[Fault]) -> None:
        """A row with a fault is faulty, and says why."""
        if faults:
            row.verdict = RowState.FAULTY
            row.why = " ".join(filter(None, [row.why, *(str(fault.reason) for fault in faults)]))
            self.checked.errors += faults

    def _implementer(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        row.implementer_name = line.text("implementer")[:250]
        if len(row.implementer_name) >= 3:
            return
        if line.table.has("implementer"):
            faults.append(line.fault("implementer", _("Thiếu đơn vị thực hiện.")))
        elif self._centre is None:
            faults.append(line.fault("title", _("Tệp không có cột “Đơn vị thực hiện”.")))
        else:
            row.implementer, row.implementer_name = self._centre.pk, str(self._centre)
            if line.table.sheet.name not in self._told_centre:
                self._told_centre.add(line.table.sheet.name)
                told = _("Tệp không có cột “Đơn vị thực hiện”; hiểu là %(centre)s.") % {"centre": self._centre}
                warnings.append(line.fault("title", told, row=line.table.header.last))

    def _money(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        table, given, blank, fine, bad = line.table, dict[str, int](), list[str](), 0, len(faults)
        for key in table.money:
            amounts = []
            for number in line.rows:
                try:
                    value = table.amount(number, key)
                except Unreadable as error:
                    faults.append(line.fault(key, str(error), row=number))
                    continue
                fine += table.is_fine(number, key)
                if value is None:
                    continue
                if value < 0:
                    faults.append(line.fault(key, _("Số tiền không được âm."), row=number))
                elif value > LARGEST:
                    faults.append(
                        line.fault(
                            key,
                            _("%(amount)s đồng là quá lớn cho một đề án; có thể gõ nhầm đơn vị tiền.")
                            % {"amount": dong(value)},
                            row=number,
                        )
                    )
                else:
                    amounts.append(value)
            if amounts:
                given[key] = sum(amounts)
            else:
                blank.append(key)
        if len(faults) > bad:
            return
        support = given.pop("support", None)
        if support is not None and not {"national", "local"} & given.keys():
            given["national" if row.level == Level.NATIONAL else "local"] = support
        elif support is not None and abs(support - given.get("national", 0) - given.get("local", 0)) > fine:
            told = _("Kinh phí hỗ trợ ghi %(support)s đồng, KCQG và KCĐP cộng lại %(sum)s đồng.")
            facts = {"support": dong(support), "sum": dong(given.get("national", 0) + given.get("local", 0))}
            faults.append(line.fault("support", told % facts))
            return
        total, row.amounts = given.pop("total", None), {source: given.get(source, 0) for source in SOURCES}
        if total is None and not given:
            faults.append(line.fault(table.money[0], _("Không có số tiền nào.")))
        elif not given:
            faults.append(line.fault("total", _("Chỉ có tổng kinh phí, không có số tiền của từng nguồn.")))
        elif total is None:
            if "total" in blank:
                told = _("Ô tổng để trống; các nguồn cộng lại %(sum)s đồng.") % {"sum": dong(row.total)}
                warnings.append(line.fault("total", told))
        elif abs(total - row.total) > fine:
            empty = [key for key in blank if key in SOURCES and key in table.used]
            facts = {"total": dong(total), "sum": dong(row.total), "difference": dong(total - row.total)}
            told = (
                _("Tổng kinh phí ghi %(total)s đồng, các nguồn cộng lại %(sum)s đồng, lệch %(difference)s đồng.")
                % facts
            )
            if not self.strict:
                warnings.append(line.fault("total", told))
            elif len(empty) == 1 and total > row.total:
                told = _("%(told)s Ô này để trống.") % {"told": told}
                faults.append(line.fault(empty[0], told))
            else:
                faults.append(line.fault("total", told))
        elif row.total == 0:
            faults.append(line.fault("total", _("Không có số tiền nào.")))
        if row.amounts.get("other"):
            warnings.append(line.fault("other", _("“Nguồn khác” chưa có tên bên cấp; cần bổ sung vào đề án.")))

    def _place(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        province = self.checked.province
        texts = list(dict.fromkeys(filter(None, (line.table.text(number, "place") for number in line.rows))))
        row.place = {"province": province, "commune": None, "place_text": "; ".join(texts)[:300], "place_unit": None}
        if not texts:
            heading = next((text for text in reversed(line.headings) if self._is_place(text)), "")
            if not heading:
                if line.table.has("place"):
                    told = _("Không ghi địa điểm; chỉ biết thuộc %(province)s.") % {"province": province}
                    warnings.append(line.fault("place", told))
                return
            texts = [heading]
            row.place["place_text"] = heading[:300]
        found = [self.resolve(text) for text in texts]
        for text, one in zip(texts, found, strict=True):
            if one is None:
                continue
            if one.province is not None and one.province.pk != province.pk:
                told = _("“%(text)s” thuộc %(there)s, không thuộc %(here)s.")
                faults.append(line.fault("place", told % {"text": text, "there": one.province, "here": province}))
            elif one.commune is None and len(texts) == 1:
                names = ", ".join(unit.full_name for unit in one.current[:4])
                told = (
                    _("“%(text)s” có thể là: %(names)s. Ghi ở cấp tỉnh, cần chọn xã sau.")
                    if names
                    else _("Không xác định được xã, phường hiện nay của “%(text)s”. Ghi ở cấp tỉnh, cần chọn xã sau.")
                )
                warnings.append(line.fault("place", told % {"text": text, "names": names}))
        communes = {one.commune.pk: one.commune for one in found if one is not None and one.commune is not None}
        if len(communes) == 1 and all(found):
            row.place["commune"] = next(iter(communes.values()))
        if len(found) == 1 and found[0] is not None:
            row.place["place_unit"] = found[0].unit

    @staticmethod
    def _is_place(text: str) -> bool:
        return bool(re.match(r"(huyen|thi xa|thanh pho|tp|quan|xa|phuong|thi tran)\b", fold(text)))

    def resolve(self, text: str) -> Any:
        """What a place of the file means, asked inside its province; None for the whole province."""
        if _WHOLE_PROVINCE.fullmatch(folded_words(text)):
            return None
        if text not in self._places:
            province = self.checked.province
            found = self.gazetteer.resolve(text)
            if found.commune is None and (found.province is None or found.province.pk == province.pk):
                narrowed = self.gazetteer.resolve(f"{text}, {province.full_name}")
                if narrowed.current or found.province is None:
                    found = narrowed
            self._places[text] = found
        return self._places[text]

    def _kind(self, line: Line, row: Row, warnings: list[Fault]) -> None:
        stated = line.text("kind")
        row.kind = words.kind_of(stated) if stated else None
        if row.kind is not None:
            return
        heading = next((kind for text in reversed(line.headings) if (kind := words.kind_of_heading(text))), None)
        row.kind = words.kind_of(row.title) or heading
        by_content = words.kind_of(line.text("content")) if row.kind is None else None
        if by_content is not None:
            row.kind = by_content
            told = _("Dạng đề án lấy theo cột nội dung: %(kind)s.") % {"kind": row.kind.label}
            warnings.append(line.fault("content", told))
        elif row.kind is None:
            warnings.append(
                line.fault("title", _("Chưa rõ dạng đề án. Hãy thêm cột “Dạng đề án” hoặc chọn dạng khi xác nhận."))
            )
        elif heading is not None and ACTIVITY_OF[heading] != ACTIVITY_OF[row.kind]:
            told = _("Tên đề án cho thấy “%(kind)s”, nhóm phía trên là “%(heading)s”; ghi theo tên đề án.")
            warnings.append(line.fault("title", told % {"kind": row.kind.label, "heading": heading.label}))

    def _helped(self, line: Line, row: Row, warnings: list[Fault]) -> None:
        for number in line.rows:
            if number != line.number and line.table.covered(number, "beneficiary"):
                continue
            cell = line.table.cell(number, "beneficiary")
            for name in _names(str(cell)) if isinstance(cell, str) else ():
                place_text = line.table.text(number, "place")
                found = self.resolve(place_text) if place_text else None
                commune = found.commune if found is not None else row.place.get("commune")
                support = self._support_of(line, number) if len(line.rows) > 1 else {}
                row.helped.append(Helped(name[:250], place_text[:300], commune, support))
        if len(row.helped) == 1:
            row.helped[0].support = {key: row.amounts.get(key, 0) for key in ("national", "local", "counterpart")}

    @staticmethod
    def _support_of(line: Line, number: int) -> dict[str, int]:
        found = {}
        for key in ("national", "local", "counterpart"):
            try:
                found[key] = line.table.amount(number, key) or 0
            except Unreadable:
                return {}
        return found if any(found.values()) else {}

    def _facts(self, line: Line, row: Row) -> None:
        content, note, time = line.text("content"), line.text("note"), line.text("time")
        starts_on, ends_on = period_of(time, row.year)
        kept = [content]
        if time and starts_on is None:
            kept.append(_("Thời gian: %(time)s") % {"time": time})
        if note:
            kept.append(_("Ghi chú: %(note)s") % {"note": note})
        said = f"{fold(row.title)} {fold(note)} {fold(' '.join(line.headings))}"
        form = Form.SINGLE
        if "de an diem" in said:
            form = Form.FLAGSHIP
        elif len(row.helped) > 1 or "de an nhom" in said:
            form = Form.GROUP
        row.facts |= {
            "form": form,
            "content": "\n".join(filter(None, kept)),
            "starts_on": starts_on,
            "ends_on": ends_on,
        }


_BULLET = re.compile(r"\s*(?:[-–+•]|\(?\d{1,2}[.)])\s*")
_NOBODY = re.compile(r"(cac|nhung|nhieu|lao dong|hoc vien|nguoi|khoang|\d+)\b.*")


def _names(text: str) -> list[str]:
    """The names in a cell: one a line, or between semicolons; numbers and dashes before them are none of theirs."""
    found = [" ".join(_BULLET.sub("", part, count=1).split()).strip(" ,.") for part in re.split(r"[\n;]", text)]
    return [name for name in dict.fromkeys(found) if len(name) >= 3]


_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def period_of(text: str, year: int) -> tuple[date | None, date | None]:
    """First and last day of "Tháng 3-11/2026", "03/2026 - 10/2026", "Quý II-IV", "Năm 2026"; (None, None) when unclear."""
    plain = fold(text).replace("–", "-")
    if match := re.fullmatch(
        r"(?:tu )?(?:thang )?(\d{1,2})\s*(?:[/.]\s*(\d{4}))?\s*(?:-|den|den thang)\s*(?:thang )?(\d{1,2})\s*[/.]\s*(\d{4})",
        plain,
    ):
        return _months(int(match[2] or match[4]), int(match[1]), int(match[4]), int(match[3]))
    if match := re.fullmatch(
        r"(?:tu )?thang (\d{1,2})\s*(?:-|den|den thang)\s*(?:thang )?(\d{1,2})(?: nam (\d{4}))?", plain
    ):
        own = int(match[3] or year)
        return _months(own, int(match[1]), own, int(match[2]))
    if match := re.fullmatch(
        r"quy (i{1,3}|iv|[1-4])(?:\s*[-,+&]\s*(?:quy )?(i{1,3}|iv|[1-4]))*(?:\s*[-,]?\s*(i{1,3}|iv))?\s*(?:[/.]|nam)?\s*(\d{4})?",
        plain,
    ):
        quarters = [_QUARTER[word] for word in re.findall(r"\b(iv|i{1,3}|[1-4])\b", plain)]
        own = int(match[4] or year)
        return _months(own, min(quarters) * 3 - 2, own, max(quarters) * 3)
    if match := re.fullmatch(r"(?:trong )?(?:nam )?(\d{4})", plain):
        return _months(int(match[1]), 1, int(match[1]), 12)
    if match := re.fullmatch(r"(?:nam )?(\d{4})\s*-\s*(\d{4})", plain):
        return _months(int(match[1]), 1, int(match[2]), 12)
    return None, None


def _months(year: int, month: int, last_year: int, last_month: int) -> tuple[date | None, date | None]:
    if not (1 <= month <= 12 and 1 <= last_month <= 12 and 1990 <= year <= last_year <= 2100):
        return None, None
    first, last = date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])
    return (first, last) if first <= last else (None, None)


# --- bodies --------------------------------------------------------------------------------------------------------


def find_bodies(checked: Checked, *, ended: bool = False) -> None:
    """Find who carries out each project: by the name of a body of the province or the country, with or without accents;
    a Trung tâm Khuyến công without another place's name is the province's own.  ``ended``: also bodies of before."""
    names = {folded_words(row.implementer_name) for row in checked.rows if row.implementer is None}
    names.discard("")
    if not names:
        return
    here = Q(province=checked.province) | Q(province=None)
    bodies = Organisation.objects.filter(here)
    if not ended:
        bodies = bodies.filter(ended_on=None)
    written = {fold(row.implementer_name)[:400] for row in checked.rows if row.implementer_name}
    wanted = Q()
    listed = sorted(written)
    found: dict[str, int] = {}
    candidates = list(bodies.exclude(kind__in=ESTABLISHMENTS).values_list("pk", "name", "short_name", "ended_on"))
    for start in range(0, len(listed), 500):
        wanted = Q(kind__in=ESTABLISHMENTS, folded__in=listed[start : start + 500])
        candidates += bodies.filter(wanted).values_list("pk", "name", "short_name", "ended_on")
    for pk, name, short, _ended in sorted(candidates, key=lambda one: (one[3] is not None, one[0])):
        for text in (name, short):
            if text:
                found.setdefault(folded_words(text), pk)
    centre = organisations.centre_of(checked.province)
    own = folded_words(checked.province.name)
    for row in checked.rows:
        if row.implementer is not None or not row.implementer_name:
            continue
        plain = folded_words(row.implementer_name)
        row.implementer = found.get(plain)
        if row.implementer is None and centre is not None and _is_own_centre(plain, own):
            row.implementer = centre.pk


_CENTRE_WORDS = frozenset(
    "va tu van tv xuc tien phat trien thuong mai cong nghiep thuong ptcn tvptcn xttm kctv tinh thanh pho tp".split()
)


def _is_own_centre(plain: str, province: str) -> bool:
    """Whether a name is the province's Trung tâm Khuyến công under any of its fuller names, and of no other place."""
    match = re.fullmatch(r"(?:trung tam|tt) (?:khuyen cong|kc)\b(.*)", plain)
    if match is None:
        return False
    rest = match[1].removesuffix(province) if match[1].endswith(province) else match[1]
    return set(rest.split()) <= _CENTRE_WORDS


def find_establishments(checked: Checked, warn: Callable[[Row, str], None]) -> None:
    """Find the beneficiaries among the establishments of the province; those that are only alike are proposed, and names
    that are none of an establishment stay in the text of the project."""
    named = [(row, one) for row in checked.rows for one in row.helped if row.verdict is not RowState.FAULTY]
    keys = sorted({alike.key(one.name) for _row, one in named} - {""})
    by_key: dict[str, list[tuple[int, int | None, str]]] = {}
    standing = Establishment.objects.filter(province=checked.province, merged_into=None)
    for start in range(0, len(keys), 500):
        rows = standing.filter(key__in=keys[start : start + 500]).values_list("key", "pk", "commune_id", "name")
        for key, pk, commune, name in rows:
            by_key.setdefault(key, []).append((pk, commune, name))
    near: dict[int, list[tuple[str, str]]] = {}
    communes = {one.commune.pk for _row, one in named if one.commune is not None}
    for start in range(0, len(communes), 500):
        chunk = sorted(communes)[start : start + 500]
        for commune, key, name in standing.filter(commune__in=chunk).values_list("commune_id", "key", "name"):
            near.setdefault(commune, []).append((key, name))
    for row, one in named:
        key, inside_of = alike.key(one.name), one.commune.pk if one.commune is not None else None
        same = by_key.get(key, [])
        inside = [pk for pk, place, _name in same if inside_of is not None and place == inside_of]
        loose = [pk for pk, place, _name in same if inside_of is None or place is None]
        chosen = inside or loose
        if len(chosen) == 1:
            one.establishment = chosen[0]
        elif chosen:
            warn(
                row,
                _("Có %(count)s cơ sở cùng tên “%(name)s”; chưa gắn, cần chọn sau.")
                % {"count": len(chosen), "name": one.name},
            )
            one.name = ""
        elif _NOBODY.fullmatch(folded_words(one.name)) or legal_form_of("", one.name) is None:
            if not _NOBODY.fullmatch(folded_words(one.name)):
                warn(
                    row, _("“%(name)s” không có từ nào cho biết là cơ sở; ghi vào nội dung đề án.") % {"name": one.name}
                )
            row.facts["content"] = "\n".join(
                filter(None, [row.facts.get("content", ""), _("Đối tượng thụ hưởng: %(name)s") % {"name": one.name}])
            )
            one.name = ""
        else:
            one.alike = next(
                (name for other, name in near.get(inside_of or 0, ()) if alike.likeness(key, other) >= alike.ALIKE), ""
            )
            if one.alike:
                told = _("Cơ sở “%(name)s” gần giống “%(other)s” đã có trong xã; sẽ ghi là cơ sở mới, có thể gộp sau.")
                warn(row, told % {"name": one.name, "other": one.alike})
    for row in checked.rows:
        row.helped = [one for one in row.helped if one.name]


# --- what is known already -----------------------------------------------------------------------------------------


def compare(checked: Checked, *, historical: bool = False) -> None:
    """Judge the rows against what is kept and against each other, by province, year, level, folded title, implementer."""
    sound = [row for row in checked.rows if row.verdict is RowState.NEW]
    years = {row.year for row in sound}
    known: dict[tuple, list[Project]] = {}
    stored = Project.objects.filter(province=checked.province, year__in=years).select_related("implementer")
    titles = sorted({folded_title(row.title) for row in sound})
    for start in range(0, len(titles), 500):
        for project in stored.filter(folded__in=titles[start : start + 500]).order_by("pk"):
            known.setdefault((project.year, project.level, project.folded), []).append(project)
    seen: dict[tuple, Row] = {}
    for row in sound:
        key = (row.year, row.level, folded_title(row.title))
        candidates = known.get(key, [])
        mine = [project for project in candidates if _same_body(project, row)]
        if mine:
            _against(row, mine[0], historical=historical)
        elif candidates:
            row.verdict, row.match = RowState.DOUBTFUL, candidates[0].pk
            told = _("Cùng tên với đề án %(code)s do %(body)s thực hiện.")
            row.why = told % {"code": candidates[0].code, "body": candidates[0].implementer}
        earlier = seen.setdefault((*key, row.body), row)
        if earlier is not row and row.verdict is RowState.NEW:
            same = (earlier.amounts, earlier.place["commune"]) == (row.amounts, row.place["commune"])
            facts = {"row": earlier.number, "sheet": earlier.sheet}
            if same and _names_of(earlier) == _names_of(row):
                row.verdict, row.why = RowState.SAME, _("Lặp lại dòng %(row)s (%(sheet)s).") % facts
            else:
                row.verdict = RowState.DOUBTFUL
                row.why = _("Cùng tên, cùng đơn vị thực hiện với dòng %(row)s (%(sheet)s) nhưng khác nội dung.") % facts


def _names_of(row: Row) -> set[str]:
    return {alike.key(one.name) for one in row.helped}


def _same_body(project: Project, row: Row) -> bool:
    if row.implementer is not None:
        return bool(project.implementer_id == row.implementer)
    return folded_words(row.implementer_name) == folded_words(project.implementer.name)


def _against(row: Row, project: Project, *, historical: bool) -> None:
    row.match = project.pk
    held = {source: getattr(project, f"granted_{source}") for source in SOURCES}
    if held["national"] is None:
        held = {source: getattr(project, source) for source in SOURCES}
    changes = [
        _("%(source)s %(before)s → %(now)s đồng")
        % {"source": label, "before": dong(held[source] or 0), "now": dong(row.amounts.get(source, 0))}
        for source, label in (
            ("national", "KCQG"),
            ("local", "KCĐP"),
            ("counterpart", _("đối ứng")),
            ("other", _("nguồn khác")),
        )
        if (held[source] or 0) != row.amounts.get(source, 0)
    ]
    commune = row.place.get("commune")
    if commune is not None and project.commune_id is not None and project.commune_id != commune.pk:
        changes.append(_("địa điểm → %(place)s") % {"place": commune})
    if project.granted is None and not historical:
        changes.append(
            _("đang ở trạng thái “%(state)s”, phê duyệt bằng quyết định trong hệ thống")
            % {"state": project.get_state_display()}
        )
    row.verdict = RowState.CHANGED if changes else RowState.SAME
    row.why = _("Đã có: %(project)s.") % {"project": project}
    if changes:
        row.why = _(
            "Đã có %(code)s, khác: %(changes)s. Không ghi đè; thay đổi đề án đã duyệt bằng quyết định điều chỉnh."
        ) % {
            "code": project.code,
            "changes": "; ".join(changes),
        }


# --- a plan --------------------------------------------------------------------------------------------------------


def check_plan(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int,
    level: str,
    unit: int | None = None,
    progress: Progress = silent,
) -> Checked:
    """Read and judge the table of a yearly plan of one province; writes nothing.

    ``unit`` is how many đồng the money columns count in, where the file does not say.  Raises Invalid(file=…) when the file
    cannot be read or holds no such table.
    """
    found = tables(data, name, unit=unit)
    checked = Checked(province, str(level), year, hashlib.sha256(data).hexdigest())
    reader = Reader(checked)
    at: dict[int, Line] = {}
    for done, line in enumerate(lines_of(found), start=1):
        row = reader.read(line)
        at[id(row)] = line
        checked.rows.append(row)
        if done % STEP == 0:
            progress(done)
    for one in found:
        checked.warnings += one.warnings
    finish(checked, at)
    if level == Level.COMMUNAL:
        _one_commune(checked, at)
    progress(len(checked.rows))
    return checked


def finish(checked: Checked, at: Mapping[int, Line], *, historical: bool = False) -> None:
    """The part of the judgement that looks at all rows together."""

    def warn(row: Row, reason: str) -> None:
        checked.warnings.append(at[id(row)].fault("beneficiary", reason))

    find_bodies(checked, ended=historical)
    compare(checked, historical=historical)
    find_establishments(checked, warn)
    for row in checked.rows:
        if row.verdict in (RowState.CHANGED, RowState.DOUBTFUL):
            checked.warnings.append(at[id(row)].fault("title", row.why))
    order = {id(line.table): number for number, line in enumerate(at.values())}
    sheets = {line.table.sheet.name: order[id(line.table)] for line in at.values()}
    for faults in (checked.errors, checked.warnings):
        faults.sort(key=lambda fault: (sheets.get(fault.sheet, 0), fault.row, fault.column))


def _one_commune(checked: Checked, at: Mapping[int, Line]) -> None:
    for row in checked.rows:
        if row.verdict is RowState.NEW and row.place.get("commune") is None:
            fault = at[id(row)].fault("place", _("Kế hoạch cấp xã phải rõ xã, phường của từng đề án."))
            checked.errors.append(fault)
            row.verdict, row.why = RowState.FAULTY, fault.reason
