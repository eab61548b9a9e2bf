"""What every official paper begins with, as it was on the legal day: names of bodies and places, day, parties."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from khuyencong.base.text import fold, squeeze, uncapitalised
from khuyencong.documents.models import Paper
from khuyencong.documents.papers import long_day
from khuyencong.norms.enums import InstrumentKind
from khuyencong.norms.models import Instrument
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.queries import department_of, name_on, of_kind
from khuyencong.people.models import Mandate, User
from khuyencong.places.models import Unit
from khuyencong.places.queries import as_of

NO_NUMBER = {"number": ""}  # a statement or record that bears no number
# names of units inside a sentence: “xã Ea Kly”, but “Quận 1” (NĐ 30/2020 Phụ lục II)
COMMON = re.compile(
    r"(?:(?<=, )|^)(Xã|Phường|Thị trấn|Huyện|Quận|Thị xã|Thành phố|Tỉnh|Thôn|Buôn|Ấp|Khu phố|Tổ dân phố)(?= [^\d\s])"
)
CHIEFS: dict[str, str] = {
    Kind.MINISTRY: "Bộ trưởng",
    Kind.AGENCY: "Cục trưởng",
    Kind.DEPARTMENT: "Giám đốc",
    Kind.CENTRE: "Giám đốc",
    Kind.SCHOOL: "Hiệu trưởng",
    Kind.INSTITUTE: "Viện trưởng",
}
CENTRAL = (Kind.MINISTRY, Kind.AGENCY)
CAPITAL = "Hà Nội"
SYMBOLS: dict[str, str] = {Kind.DEPARTMENT: "SCT", Kind.CENTRE: "TTKC"}
DOUBTS = re.compile(r", chưa kiểm chứng| \(chưa kiểm chứng\)| Chưa có định mức tỷ lệ trong hệ thống\.")


def unit_on(unit: Unit, on: date) -> Unit:
    """The unit under the name of that day; where the register does not tell, today's."""
    return as_of(unit, on) or unit


def place_day(unit: Unit | None, *, on: date, known: bool) -> str:
    """“Đắk Lắk, ngày 05 tháng 3 năm 2026”; a paper that is not signed yet leaves the day open."""
    day = long_day(on) if known else f"ngày …… tháng …… năm {on.year}"
    return f"{seat(unit_on(unit, on))}, {day}" if unit is not None else day[:1].upper() + day[1:]


def seat(unit: Unit) -> str:
    """A unit that bears a number or a person's name is told whole: “Phường 1”, “Thành phố Hồ Chí Minh” (NĐ 30/2020)."""
    return unit.full_name if unit.name.isdecimal() or unit.name == "Hồ Chí Minh" else unit.name


def place_name(record: Any, on: date) -> str:
    """Where a ``Located`` record lies: as written, with today's province where the words name none, else “xã Ea Kly, tỉnh
    Đắk Lắk” by the names of the day."""
    province = unit_on(record.province, on)
    if record.place_text:
        text = inside(record.place_text)
        whole = fold(record.province.name) in fold(text) or text.rpartition(", ")[2].startswith("tỉnh ")
        return text if whole else f"{text}, {province.named_inside}"
    if record.commune is None:
        return province.named_inside
    return f"{unit_on(record.commune, on).named_inside}, {province.named_inside}"


def inside(text: str) -> str:
    """A place as somebody wrote it, with the common nouns of units small."""
    return COMMON.sub(lambda found: uncapitalised(found[0]), squeeze(text))


def letterhead(body: Organisation, *, on: date, known: bool = False, number: str | None = None) -> dict[str, Any]:
    """Body and the body above it by their names of the day, number, place and day.  ``known``: the paper is signed, its day
    stands on it."""
    day = place_day(body.place, on=on, known=known)
    if body.place is None and body.kind in CENTRAL:
        day = f"{CAPITAL}, {uncapitalised(day)}"
    return {"over": _over(body, on), "body": name_on(body, on), "number": number, "place_day": day}


def _over(body: Organisation, on: date) -> str:
    if body.parent is not None:
        return name_on(body.parent, on)
    if body.kind == Kind.AGENCY:
        return "Bộ Công Thương"
    if body.kind == Kind.DEPARTMENT and body.place is not None:
        return f"UBND {unit_on(body.place, on).named_inside}"
    if body.kind == Kind.CENTRE and body.place is not None and (above := department_of(body.place, on=on)):
        return name_on(above, on)
    return ""


def number_of_paper(paper: Paper | None, *, pattern: str) -> str:
    """The number the paper got, else the pattern of where it will stand: “……/QĐ-SCT”."""
    return paper.number if paper is not None and paper.number else pattern


def symbol(body: Organisation | None, kind: str = "") -> str:
    """Where a number of this body will stand: “……/BC-TTKC”; of a body whose own letters we do not know, “……/BC”."""
    letters = "-".join(filter(None, (kind, SYMBOLS.get(body.kind, "") if body else "SCT")))
    return f"……/{letters}" if letters else "……"


def chief(body: Organisation | None) -> str:
    """The office under which the head of a body signs; without a record of it, the department's."""
    return CHIEFS.get(body.kind, "Thủ trưởng đơn vị") if body else "Giám đốc"


def on_paper(text: str) -> str:
    """A reason or an article as a paper says it: what is not yet verified is our matter, not the reader's."""
    return DOUBTS.sub("", text)


def told(paper: Paper | None, *, name: str = "") -> str | None:
    """“Quyết định số 12/QĐ-UBND ngày 02 tháng 3 năm 2026” as other papers refer to it, under ``name`` or its kind; None
    where there is none."""
    if paper is None:
        return None
    number = f" số {paper.number}" if paper.number else ""
    return f"{name or paper.get_kind_display()}{number} {long_day(paper.signed_on)}"


HEADS: dict[str, str] = {Kind.CENTRE: "centre_director", Kind.DEPARTMENT: "department_director"}


def head_of(body: Organisation, *, on: date) -> User | None:
    """Who led a Centre or a department on the day; None where nobody is known, or several are."""
    if body.kind not in HEADS:
        return None
    held = Mandate.objects.on(on).filter(role=HEADS[body.kind], employer=body).select_related("user")
    people = {mandate.user for mandate in held[:2]}
    return people.pop() if len(people) == 1 else None


def party(body: Organisation, *, on: date) -> dict[str, Any]:
    """One side of a contract under its name of the day; what the records do not tell is left open."""
    head = head_of(body, on=on)
    return {
        "name": name_on(body, on),
        "address": body.address or None,
        "tax_code": body.tax_code or None,
        "phone": body.phone or None,
        "representative": str(head) if head else None,
        "title": (head.title if head else "") or CHIEFS.get(body.kind),
    }


def signed(paper: Paper | None, *, title: str) -> dict[str, str]:
    """Who signs: as the recorded paper says; before that the office that must, its name left open."""
    if paper is None:
        return {"signer": "", "signer_title": title}
    return {"signer": paper.signer, "signer_title": paper.signer_title or title}


def department_head(province: Unit, *, on: date, known: bool = False, number: str | None = None) -> dict[str, Any]:
    """The letterhead of the province's Department of Industry and Trade on the day."""
    if (body := department_of(province, on=on)) is not None:
        return letterhead(body, on=on, known=known, number=number)
    return {
        "over": f"UBND {unit_on(province, on).named_inside}",
        "body": "Sở Công Thương",
        "number": number,
        "place_day": place_day(province, on=on, known=known),
    }


def agency_head(*, on: date, known: bool = False, number: str | None = None) -> dict[str, Any]:
    """The letterhead of the ministry's agency on the day."""
    if (agency := of_kind(Kind.AGENCY, province=None, on=on)) is not None:
        return letterhead(agency, on=on, known=known, number=number)
    return {
        "over": "Bộ Công Thương",
        "body": "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công",
        "number": number,
        "place_day": place_day(None, on=on, known=known),
    }


def lines_in(text: str) -> list[str | None]:
    """The paragraphs of what somebody wrote; one open line where nobody has written."""
    return [line.strip() for line in text.splitlines() if line.strip()] or [None]


def bases(numbers: Iterable[str], *, on: date, province: Unit | None = None) -> list[str]:
    """The texts of these numbers, and those of the province, that are in force on the day, as papers cite them, in the
    order of their signing."""
    wanted = Q(number__in=set(numbers))
    if province is not None:
        wanted |= Q(province=province, kind__in=(InstrumentKind.RESOLUTION, InstrumentKind.DECISION)) & ~Q(number="")
    found = Instrument.objects.on(on).filter(wanted).order_by("signed_on", "pk")
    return [cited(instrument) for instrument in found]


BY_THEMSELVES = ("về ", "quy định", "sửa đổi", "hướng dẫn", "ban hành", "phê duyệt", "bãi bỏ")


def cited(instrument: Instrument) -> str:
    """“Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công”."""
    words = [instrument.get_kind_display(), *(("số", instrument.number) if instrument.number else ())]
    if instrument.signed_on:
        words.append(long_day(instrument.signed_on))
    if instrument.body:
        words.append(f"của {instrument.body}")
    if title := uncapitalised(instrument.title):
        words.append(title if title.startswith(BY_THEMSELVES) else f"về {title}")
    return " ".join(words)
