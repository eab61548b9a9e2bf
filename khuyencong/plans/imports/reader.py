"""A file of projects read row by row: places, money, kinds, parties."""

import re
from collections.abc import Sequence
from typing import Any

from khuyencong.base.money import dong
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.text import fold
from khuyencong.base.workbook import Cell, Fault, Unreadable, failure, text_of
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments.imports import legal_form_of
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations import queries as organisations
from khuyencong.places import queries as places
from khuyencong.plans.imports import words
from khuyencong.plans.imports.columns import LARGEST, SMALLEST, SOURCES, folded_words
from khuyencong.plans.imports.periods import has_false_day, period_of
from khuyencong.plans.imports.rows import Checked, Helped, Row
from khuyencong.plans.imports.table import Line
from khuyencong.projects.enums import ACTIVITY_OF, Source

STEP = 500
# what is held where others invite to, also in another province
_ELSEWHERE = frozenset(
    {
        ProjectKind.FAIR_PARTICIPATION,
        ProjectKind.FAIR_ABROAD,
        ProjectKind.FAIR,
        ProjectKind.STUDY_VISIT,
        ProjectKind.TRAINING_EVENT,
    }
)

_WHOLE_PROVINCE = re.compile(
    r"(?:(?:tren dia ban|dia ban|trong|toan) )*(?:tinh|thanh pho)|(?:tren dia ban )?cac (?:huyen|xa|phuong|dia phuong)\b.*"
    r"|(?:(?:tren )?dia ban )?(?:\d+|nhieu|mot so) (?:huyen|xa|phuong|dia phuong)\b.*|trong va ngoai tinh.*|toan quoc|ca nuoc"
)
_ON_THE_GROUND = re.compile(r"(?:(?:tren dia ban|dia ban|trong|toan|tinh|thanh pho|tp) )*")


class Reader:
    """What is asked of every row, with everything that is looked up once."""

    strict = True  # sources that do not make the total are a fault

    def __init__(self, checked: Checked):
        self.checked = checked
        self.gazetteer = places.gazetteer()
        self._places: dict[str, Any] = {}
        self.written_on = places.written_in(checked.year)
        self._centre = organisations.centre_of(checked.province)
        self._told_centre: set[str] = set()
        self._told_support: set[str] = set()

    def read(self, line: Line) -> Row:
        """One project with everything that is wrong with it."""
        row = Row(line.table.sheet.name, line.number + 1, line.title[:400], level=self.checked.level)
        row.year = self.checked.year
        faults: list[Fault] = []
        warnings: list[Fault] = []
        if len(row.name) < 3:
            faults.append(line.fault("title", _("Thiếu tên đề án.")))
        self.begin(line, row, faults, warnings)
        self._implementer(line, row, faults, warnings)
        self._money(line, row, faults, warnings)
        self._kind(line, row, warnings)
        self._place(line, row, faults, warnings)
        self._helped(line, row)
        self._facts(line, row, warnings)
        self.end(line, row, faults, warnings)
        self._failures(line, faults)
        self.checked.warnings += warnings
        self.settle(row, faults)
        return row

    @staticmethod
    def _failures(line: Line, faults: list[Fault]) -> None:
        """A formula that came to nothing is a fault in every column, once."""
        told = {(fault.row, fault.column) for fault in faults}
        for number in line.rows:
            for key, column in line.table.header.columns.items():
                if (number, column) not in told and (reason := failure(line.table.sheet.cell(number, column))):
                    faults.append(line.fault(key, reason, row=number))

    def begin(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        """What another kind of list asks first."""

    def end(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        """What another kind of list asks last."""

    def final(self, line: Line, row: Row, given: dict[str, int], warnings: list[Fault]) -> None:
        """What another kind of list makes of the amounts of a row, before they are judged."""

    def settle(self, row: Row, faults: Sequence[Fault]) -> None:
        """A row with a fault is faulty, and says why."""
        if faults:
            row.verdict = RowState.FAULTY
            row.why = together(" ", filter(None, [row.why, *(fault.reason for fault in faults)]))
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
        bad = len(faults)
        given, blank, fine = self._given(line, faults)
        largest = max(given, key=lambda key: given[key], default="")
        if largest and 0 < given[largest] < SMALLEST:  # one source may give little, a whole project costs more
            told = _("%(amount)s đồng là quá nhỏ cho một đề án; có thể gõ nhầm đơn vị tiền.")
            faults.append(line.fault(largest, told % {"amount": dong(given[largest])}))
        if len(faults) > bad:
            return
        self.final(line, row, given, warnings)
        if not self._support(line, row, given, fine, faults, warnings):
            return
        total, row.amounts = given.pop("total", None), {source: given.get(source, 0) for source in SOURCES}
        if total is None and not given:
            faults.append(line.fault(line.table.money[0], _("Không có số tiền nào.")))
        elif not given and self.strict:
            faults.append(line.fault("total", _("Chỉ có tổng kinh phí, không có số tiền của từng nguồn.")))
        elif not given:
            self._whole(line, row, total or 0, faults, warnings)
        elif row.total == 0:
            faults.append(line.fault("total", _("Không có số tiền nào.")))
        elif total is None:
            if "total" in blank:
                told = _("Ô tổng để trống; các nguồn cộng lại %(sum)s đồng.") % {"sum": dong(row.total)}
                warnings.append(line.fault("total", told))
        elif abs(total - row.total) > fine:
            empty = [key for key in blank if key in SOURCES and key in line.table.used]
            self._unequal(line, row, total, empty, faults, warnings)
        if row.amounts.get("other"):
            row.facts["other_giver"] = line.text("giver")[:200]
            if not row.facts["other_giver"]:
                warnings.append(line.fault("other", _("“Nguồn khác” chưa có tên bên cấp; cần bổ sung vào đề án.")))

    def _given(self, line: Line, faults: list[Fault]) -> tuple[dict[str, int], list[str], int]:
        """The sums of a project by their columns, the columns that say nothing, and by how much rounding may be off."""
        table, given, blank, fine = line.table, dict[str, int](), list[str](), 0
        for key in table.money:
            amounts = []
            for number in line.counted:
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
                    told = _("%(amount)s đồng là quá lớn cho một đề án; có thể gõ nhầm đơn vị tiền.")
                    faults.append(line.fault(key, told % {"amount": dong(value)}, row=number))
                else:
                    amounts.append(value)
            if amounts:
                given[key] = sum(amounts)
            else:
                blank.append(key)
        return given, blank, fine

    def _support(
        self, line: Line, row: Row, given: dict[str, int], fine: int, faults: list[Fault], warnings: list[Fault]
    ) -> bool:
        """The State money where one column tells both sources: it becomes the source of the level, or is compared with both.
        Whether the line can be read on."""
        table, support = line.table, given.pop("support", None)
        if support is not None and not {"national", "local"} & given.keys():
            source = Source.NATIONAL if row.level == Level.NATIONAL else Source.LOCAL
            given[source] = support
            if table.sheet.name not in self._told_support:
                self._told_support.add(table.sheet.name)
                told = _("Bảng không tách nguồn hỗ trợ; theo cấp kế hoạch, cột này hiểu là %(source)s.")
                warnings.append(line.fault("support", told % {"source": source.label}, row=table.header.last))
        elif support is not None and abs(support - given.get("national", 0) - given.get("local", 0)) > fine:
            told = _("Kinh phí hỗ trợ ghi %(support)s đồng, KCQG và KCĐP cộng lại %(sum)s đồng.")
            facts = {"support": dong(support), "sum": dong(given.get("national", 0) + given.get("local", 0))}
            (faults if self.strict else warnings).append(line.fault("support", told % facts))
            return not self.strict
        return True

    def _unequal(
        self, line: Line, row: Row, total: int, empty: list[str], faults: list[Fault], warnings: list[Fault]
    ) -> None:
        """The sources do not come to the total that is written; of one source alone, which may be lacking, its cell is named."""
        facts = {"total": dong(total), "sum": dong(row.total), "difference": dong(total - row.total)}
        told = _("Tổng kinh phí ghi %(total)s đồng, các nguồn cộng lại %(sum)s đồng, lệch %(difference)s đồng.") % facts
        if not self.strict:
            warnings.append(line.fault("total", told))
        elif len(empty) == 1 and total > row.total:
            told = _("%(told)s Ô này để trống.") % {"told": told}
            faults.append(line.fault(empty[0], told))
        else:
            faults.append(line.fault("total", told))

    def _whole(self, line: Line, row: Row, total: int, faults: list[Fault], warnings: list[Fault]) -> None:
        """Only the whole is told: its sources are not known, and none is guessed."""
        row.unsplit = total
        if not total:
            faults.append(line.fault("total", _("Không có số tiền nào.")))
        elif line.table.has("total"):
            told = _("Chỉ có tổng kinh phí %(total)s đồng, không rõ từng nguồn; ghi là chưa tách nguồn.")
            warnings.append(line.fault("total", told % {"total": dong(total)}))

    def _place(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        province = self.checked.province
        texts = list(dict.fromkeys(text for number in line.rows for text in self._places_of(line, number)))
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
                away = row.kind in _ELSEWHERE
                if away:
                    told = _("“%(text)s” thuộc %(there)s; nơi tổ chức giữ như trong tệp, đề án tính cho %(here)s.")
                facts = {"text": text, "there": one.province, "here": province}
                (warnings if away else faults).append(line.fault("place", told % facts))
            elif one.commune is None and len(texts) == 1:
                names = ", ".join(unit.full_name for unit in one.current[:4])
                told = (
                    _("“%(text)s” có thể là: %(names)s. Ghi ở cấp tỉnh, cần chọn xã sau.")
                    if names
                    else _("Không xác định được xã, phường hiện nay của “%(text)s”. Ghi ở cấp tỉnh, cần chọn xã sau.")
                )
                warnings.append(line.fault("place", told % {"text": text, "names": names}))
        found = [one for one in found if one is None or one.province is None or one.province.pk == province.pk]
        communes = {one.commune.pk: one.commune for one in found if one is not None and one.commune is not None}
        if len(communes) == 1 and all(found):
            row.place["commune"] = next(iter(communes.values()))
        if len(found) == 1 and found[0] is not None:
            row.place["place_unit"] = found[0].unit

    def _places_of(self, line: Line, number: int) -> list[str]:
        """The places in a cell: one, or one a line where there are as many beneficiaries or each line is another commune."""
        district = line.table.text(number, "district")
        cell = line.table.cell(number, "place")
        if district and folded_words(district) not in folded_words(line.table.text(number, "place")):
            cell = f"{line.table.text(number, 'place')}, {district}".strip(", ")
        whole = " ".join(text_of(cell).split())
        apart = [" ".join(part.split()) for part in re.split(r"[\n;]", cell)] if isinstance(cell, str) else []
        apart = [part for part in apart if part]
        if len(apart) < 2:
            return [whole] if whole else []
        communes = {
            one.commune.pk if one is not None and one.commune is not None else None for one in map(self.resolve, apart)
        }
        if len(_names(line.table.cell(number, "beneficiary"))) == len(apart) or (
            len(communes) > 1 and None not in communes
        ):
            return apart
        return [whole]

    @staticmethod
    def _is_place(text: str) -> bool:
        return bool(re.match(r"(huyen|thi xa|thanh pho|tp|quan|xa|phuong|thi tran)\b", fold(text)))

    def resolve(self, text: str) -> Any:
        """What a place of the file means, asked inside its province; None for the whole province."""
        plain = folded_words(text)
        if _WHOLE_PROVINCE.fullmatch(plain) or _ON_THE_GROUND.sub("", plain, count=1) == folded_words(
            self.checked.province.name
        ):
            return None
        if text not in self._places:
            self._places[text] = self.gazetteer.resolve_in(self.checked.province, text, self.written_on)
        return self._places[text]

    def _kind(self, line: Line, row: Row, warnings: list[Fault]) -> None:
        stated = line.text("kind")
        row.kind = words.kind_of(stated) if stated else None
        if row.kind is not None:
            return
        heading = next((kind for text in reversed(line.headings) if (kind := words.kind_of_heading(text))), None)
        row.kind = words.kind_of(row.name) or heading
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

    def _helped(self, line: Line, row: Row) -> None:
        for number in line.rows:
            if number != line.number and line.table.covered(number, "beneficiary"):
                continue
            names = _names(line.table.cell(number, "beneficiary")) or self._named_by_title(line, number)
            places_ = self._places_of(line, number)
            for at, name in enumerate(names):
                place_text = places_[at] if len(places_) == len(names) else "; ".join(places_)
                found = self.resolve(place_text) if place_text else None
                commune = found.commune if found is not None else row.place.get("commune")
                support = self.support_of(line, number) if len(line.rows) > 1 else {}
                row.helped.append(Helped(name[:250], place_text[:300], commune, support))
        if len(row.helped) == 1:
            row.helped[0].support = {key: row.amounts.get(key, 0) for key in ("national", "local", "counterpart")}

    @staticmethod
    def _named_by_title(line: Line, number: int) -> list[str]:
        """The beneficiary that stands in the title of a row below the project: "- HTX A"."""
        if number == line.number or line.table.covered(number, "title"):
            return []
        return [name for name in _names(line.table.cell(number, "title")) if legal_form_of("", name) is not None]

    def support_of(self, line: Line, number: int) -> dict[str, int]:
        """What the row of one beneficiary of several gives him, by source."""
        found = {}
        for key in ("national", "local", "counterpart"):
            try:
                found[key] = line.table.amount(number, key) or 0
            except Unreadable:
                return {}
        return found if any(found.values()) else {}

    def _facts(self, line: Line, row: Row, warnings: list[Fault]) -> None:
        note, time = line.text("note"), line.time
        starts_on, ends_on = period_of(time, row.year)
        written = line.cell("content")  # in as many lines as it was written
        content = line.text("content")
        kept = [written.strip() if content and isinstance(written, str) else content]
        if time and starts_on is None and ends_on is None:
            kept.append(_("Thời gian: %(time)s") % {"time": time})
            told = _(
                "Không hiểu thời gian “%(time)s”; giữ nguyên chữ trong nội dung đề án. Muốn theo dõi hạn, ghi như “3/2026 - 11/2026”."
            )
            if has_false_day(time):
                told = _(
                    "Thời gian “%(time)s” có ngày không có thật; giữ nguyên chữ trong nội dung đề án. Hãy sửa ngày."
                )
            warnings.append(line.fault("time", told % {"time": time[:80]}))
        if note and fold(note) not in _FORMS:
            kept.append(_("Ghi chú: %(note)s") % {"note": note})
        said = f"{fold(row.name)} {fold(note)} {fold(' '.join(line.headings))}"
        form = ProjectForm.SINGLE
        if fold(note) in _FORMS:
            form = _FORMS[fold(note)]
        elif "de an diem" in said:
            form = ProjectForm.FLAGSHIP
        elif len(row.helped) > 1 or "de an nhom" in said:
            form = ProjectForm.GROUP
        row.facts |= {
            "form": form,
            "content": "\n".join(filter(None, kept)),
            "starts_on": starts_on,
            "ends_on": ends_on,
        }


_FORMS = {fold(str(label)): ProjectForm(value) for value, label in ProjectForm.choices}
_BULLET = re.compile(r"^\s*(?:[-–+•*]|\(?\d{1,2}[.)]|[a-zđ]\))\s*")
# “HTX A, HTX B và Cơ sở C”: a comma parts two names only where the next one begins with its legal form
_NEXT_NAME = re.compile(
    r"\s*,\s*(?:và\s+)?(?={forms})|\s+và\s+(?={forms})".format(
        forms=r"(?:công ty|cty|ctcp|dntn|doanh nghiệp|hợp tác xã|htx|tổ hợp tác|tht|cơ sở|cs|hộ|hkd)\b"
    ),
    re.IGNORECASE,
)


def _names(cell: Cell) -> list[str]:
    """The names in a cell: one a line, between semicolons or between commas before a legal form; numbers and dashes before
    them are none of theirs."""
    if not isinstance(cell, str):
        return []
    found = [
        " ".join(_BULLET.sub("", name, count=1).split()).strip(" ,.")
        for part in re.split(r"[\n;]", cell)
        for name in _NEXT_NAME.split(part)
    ]
    return [name for name in dict.fromkeys(found) if len(name) >= 3]
