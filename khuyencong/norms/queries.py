"""What the law of a day answers.  Every answer carries its text, its article and how sure we are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.base.money import share
from khuyencong.norms import rules
from khuyencong.norms.enums import (
    Act,
    Deadline,
    DeadlineKind,
    Level,
    LinkKind,
    PlaceBasis,
    PlaceScope,
    ProjectForm,
    ProjectKind,
    Purpose,
    SelectionMethod,
    Verified,
)
from khuyencong.norms.models import (
    ROWS,
    AdvanceNorm,
    ApproverRow,
    ChangeAuthority,
    DeadlineRow,
    GroupRule,
    Industry,
    Instrument,
    Line,
    Link,
    PlaceRule,
    PriorityRow,
    Row,
    SectorRow,
    SelectionRule,
    SupportNorm,
)
from khuyencong.places.enums import Kind
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.models import REFORM, Succession, Unit

R = TypeVar("R", bound=Row)


class Resolution(Protocol):
    """What ``places`` gives for a written address: the unit of its day, its successors, and how sure it is."""

    old: Unit | None
    current: Sequence[Unit]


Place = Unit | Resolution


@dataclass(frozen=True, slots=True)
class LineUsed:
    """One row of the law that took part in an answer.  ``percent`` of 50 is half; ``cap`` in đồng."""

    instrument: str
    article: str
    percent: Decimal | None
    cap: int | None
    verified: str
    multiplier: Decimal | None = None

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES

    def as_json(self) -> dict[str, Any]:
        """The five keys of the command line; ``verified`` is true only when a person has read the text."""
        percent = (
            None if self.percent is None else (int(self.percent) if self.percent % 1 == 0 else float(self.percent))
        )
        return {
            "instrument": self.instrument,
            "article": self.article,
            "percent": percent,
            "cap": self.cap,
            "verified": self.is_verified,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """How much at most (đồng, for one unit of the line), by which rows, and why in one sentence.

    ``eligible`` None: a fact is missing and named in ``missing``; the maximum then holds only if the place is eligible.
    ``maximum`` None: no figure is in force or loaded; 0: not eligible.
    """

    eligible: bool | None
    maximum: int | None
    lines: tuple[LineUsed, ...]
    missing: tuple[str, ...]
    explanation: str

    @property
    def is_verified(self) -> bool:
        return bool(self.lines) and all(line.is_verified for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "eligible": self.eligible,
            "maximum": self.maximum,
            "lines": [line.as_json() for line in self.lines],
            "missing": list(self.missing),
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether production at a place may be supported on a day; ``article`` cites the text that decides."""

    result: bool | None
    reason: str
    article: str
    missing: tuple[str, ...] = ()
    verified: str = Verified.NO


@dataclass(frozen=True, slots=True)
class Basis:
    """The text behind an answer."""

    instrument: str = ""
    article: str = ""
    verified: str = Verified.NO
    note: str = ""

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES

    @property
    def citation(self) -> str:
        """“khoản 2 Điều 13, Thông tư 36/2013/TT-BCT”, with “chưa kiểm chứng” where nobody has read the text."""
        parts = [part for part in (self.article, self.instrument) if part]
        return ", ".join(parts if not parts or self.is_verified else [*parts, _("chưa kiểm chứng")])


@dataclass(frozen=True, slots=True)
class AdvanceAnswer(Basis):
    """The first advance: ``ratio`` of the support with its proof; ``ceiling`` of everything paid before acceptance.

    Both are shares (0.7).  ``ratio`` None: no row of the day, the agency's head decides (TT 36/2013 Đ16).
    ``volume``: share of the total investment that the work done must exceed.
    """

    ratio: Decimal | None = None
    proof: str = ""
    proof_text: str = ""
    volume: Decimal | None = None
    after_acceptance: bool = False
    remainder_article: str = ""
    ceiling: Decimal | None = None
    ceiling_basis: Basis = Basis()

    @property
    def first(self) -> Decimal | None:
        """The rate that may really be paid first: the ceiling bounds what is paid before acceptance."""
        if self.ratio is None or self.after_acceptance or self.ceiling is None:
            return self.ratio
        return min(self.ratio, self.ceiling)


@dataclass(frozen=True, slots=True)
class DeadlineAnswer(Basis):
    """A day to keep.  ``default`` is the law's, ``letter`` the call letter's; the letter wins and both can be shown.

    ``day`` is as printed (“trước ngày 20/6”); ``last_day`` the last day that is still in time.
    """

    code: str = ""
    default: date | None = None
    letter: date | None = None
    strictly_before: bool = False
    copies: int | None = None

    @property
    def day(self) -> date | None:
        return self.letter or self.default

    @property
    def last_day(self) -> date | None:
        if self.letter or self.default is None or not self.strictly_before:
            return self.day
        return self.default - timedelta(days=1)

    @property
    def differs(self) -> bool:
        return self.letter is not None and self.default is not None and self.letter != self.default


@dataclass(frozen=True, slots=True)
class Authority(Basis):
    """Who decides: ``role`` of this house (empty: nobody in it) and ``body`` in the words of the law."""

    role: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class GroupAnswer(Basis):
    """Whether a group project of this kind is open, and what must be named although its beneficiaries come later."""

    allowed: bool = False
    beneficiaries_later: bool = False
    must_name: str = ""


@dataclass(frozen=True, slots=True)
class SelectionAnswer(Basis):
    method: str = ""

    @property
    def by_tender(self) -> bool:
        return self.method == SelectionMethod.TENDER


@dataclass(frozen=True, slots=True)
class ManagementAnswer(Basis):
    """What may be spent on managing: ``percent`` of the base, ``maximum`` in đồng when the base was given."""

    percent: Decimal | None = None
    maximum: int | None = None


# ── rows of a day ────────────────────────────────────────────────────────────────────────────────────────────────────


def _same_province(a: Unit | None, b: Unit | None) -> bool:
    """One province through its changes of type and name; the same code before the reform is another province."""
    if a is None or b is None:
        return False
    return a.code == b.code and (a.valid_from >= REFORM) == (b.valid_from >= REFORM)


def row_of(
    model: type[R],
    *,
    on: date,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
    defaults: bool = True,
    **key: Any,
) -> R | None:
    """The row that holds on ``on``: the province's own before the general one; communal money falls back on provincial.

    Without ``defaults`` only a row of the province itself binds local money.  ``province`` may be any version of it.
    """
    if level == Level.COMMUNAL:
        order = [Level.COMMUNAL, Level.PROVINCIAL]
    else:
        order = [Level(level)]
    rows = list(
        model._default_manager.filter(
            Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on, level__in=order, **key
        ).select_related("instrument", "province")
    )
    for wanted in order:
        own = [
            row for row in rows if row.level == wanted and row.province_id and _same_province(row.province, province)
        ]
        general = [row for row in rows if row.level == wanted and row.province_id is None]
        for row in (*own, *(general if defaults or wanted == Level.NATIONAL else ())):
            return row
    return None


def _basis(row: Row) -> dict[str, Any]:
    return {"instrument": str(row.instrument), "article": row.article, "verified": row.verified, "note": row.note}


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def units_on(unit: Unit, on: date) -> list[Unit]:
    """The unit or units that this one was, is or became on ``on``, through changes of type, mergers and divisions."""
    if unit.holds_on(on):
        return [unit]
    units = Unit.objects.on(on).select_related("parent", "province")
    if (unit.valid_from >= REFORM) == (on >= REFORM):
        return list(units.filter(level=unit.level, code=unit.code))
    through = Succession.objects.filter(old__valid_from__lt=REFORM, new__valid_from__gte=REFORM)
    if on >= REFORM:
        codes = list(through.filter(old__level=unit.level, old__code=unit.code).values_list("new__code", flat=True))
    else:
        codes = list(through.filter(new__level=unit.level, new__code=unit.code).values_list("old__code", flat=True))
    return list(units.filter(level=unit.level, code__in=codes).order_by("code"))


def candidates(place: Place, on: date) -> list[Unit]:
    """The units of ``on`` that a unit or a resolved address may mean; several where nobody can tell."""
    if isinstance(place, Unit):
        return units_on(place, on)
    written = [place.old] if place.old is not None and on < REFORM else list(place.current)
    if not written and place.old is not None:
        written = [place.old]
    found = {unit.pk: unit for written_unit in written for unit in units_on(written_unit, on)}
    return list(found.values())


def province_on(place: Place | None, on: date) -> Unit | None:
    """The one province of ``on`` where this place lies; None when there is none or more than one."""
    if place is None:
        return None
    found = {}
    for unit in candidates(place, on):
        top = unit if unit.level == UnitLevel.PROVINCE else unit.province
        for province in units_on(top, on) if top is not None else ():
            found[province.pk] = province
    return next(iter(found.values())) if len(found) == 1 else None


def _facts(unit: Unit | None, on: date) -> dict[str, str]:
    """The dated facts of a unit on ``on``, or on its last day when it has ended before."""
    if unit is None:
        return {}
    day = on if unit.valid_to is None or on < unit.valid_to else unit.valid_to - timedelta(days=1)
    return {
        fact.name: fact.value
        for fact in unit.facts.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day).order_by(
            "valid_from"
        )
    }


def _locality(unit: Unit, on: date, given: Mapping[str, str]) -> rules.Locality:
    top = unit.province
    if top is not None:
        top = next(iter(units_on(top, on)), top)
    district = unit.parent if unit.parent is not None and unit.parent.level == UnitLevel.DISTRICT else None
    city = None
    if district is not None and district.kind == Kind.PROVINCIAL_CITY:
        city = district
    elif district is not None and district.kind == Kind.URBAN_DISTRICT:
        city = top
    facts = {**_facts(unit, on), **given}
    known_class = given.get(rules.CITY_CLASS) or _facts(city, on).get(rules.CITY_CLASS) if city is not None else None
    day, known = rules.converted(facts)
    return rules.Locality(
        name=unit.full_name,
        unit_kind=unit.kind if unit.level == UnitLevel.COMMUNE else "",
        district_kind=(
            unit.kind if unit.level == UnitLevel.DISTRICT else district.kind if district is not None else ""
        ),
        province_kind=top.kind if top is not None else "",
        city=city.full_name if city is not None else "",
        city_class=rules.city_class(known_class) if known_class else None,
        converted_on=day,
        conversion_known=known,
    )


def _of_unit(
    unit: Unit, on: date, rows: list[PlaceRule], given: Mapping[str, str], planning_year: int
) -> tuple[rules.Finding, PlaceRule | None]:
    """One unit of the day against all rules of the day."""
    if unit.level == UnitLevel.PROVINCE:
        return rules.Finding(None, (_("xã, phường, đặc khu nơi sản xuất"),)), None
    at = _locality(unit, on, given)
    found = [(row, rules.fits(row, at, planning_year=planning_year)) for row in rows]
    for row, finding in found:
        if finding.result:
            return finding, row
    asks_old_map = any(row.district_kinds or row.city_classes for row in rows)
    if asks_old_map and unit.valid_from >= REFORM:
        # the rule speaks of districts and city classes, which this unit no longer has: ask the units it was made of
        before = units_on(unit, REFORM - timedelta(days=1))
        if not before:
            return rules.Finding(
                None, (_("đơn vị hành chính cũ hình thành %(unit)s") % {"unit": unit.full_name},)
            ), None
        parts = [_of_unit(old, on, rows, given, planning_year) for old in before]
        whole = rules.together((finding for finding, _row in parts), any_is_enough=False)
        if whole.result is None and not whole.missing:
            whole = rules.Finding(
                None, (_("nơi sản xuất thuộc đơn vị cũ nào của %(unit)s") % {"unit": unit.full_name},)
            )
        return whole, next((row for _finding, row in parts if row is not None), None)
    return rules.together((finding for _row, finding in found), any_is_enough=True), None


def place_eligibility(
    place: Place | None,
    *,
    on: date,
    craft_village: bool = False,
    cleaner_production: bool = False,
    facts: Mapping[str, str] | None = None,
    planning_year: int | None = None,
) -> Eligibility:
    """Whether production at ``place`` may be supported on the legal day ``on``.

    Before 15/10/2025 by kind of unit, class of city and conversion from a commune (NĐ 45/2012 Đ1.2, TT 46/2012 Đ3.1);
    from then by kind of unit and of province (NĐ 235/2025 Đ1.1).  ``craft_village``: the place lies in a craft village
    recognised on that day.  ``cleaner_production``: no limit of place (TT 46/2012 Đ3.2).  ``facts`` add to the dated facts
    of ``places`` (``city_class``, ``converted_from_commune``).  A missing fact gives None and its name.
    """
    rows = list(PlaceRule.objects.on(on).select_related("instrument").order_by("valid_from", "pk"))
    for asked, basis in (
        (cleaner_production, PlaceBasis.CLEANER_PRODUCTION),
        (craft_village, PlaceBasis.CRAFT_VILLAGE),
    ):
        row = next((row for row in rows if row.basis == basis), None) if asked else None
        if row is not None:
            return Eligibility(True, _sentence(row.text), Basis(**_basis(row)).citation, (), row.verified)
    if not rows:
        reason = _("Chưa có quy định về địa bàn cho ngày này trong hệ thống.")
        return Eligibility(None, reason, "", (_("quy định về địa bàn vào ngày %(day)s") % {"day": _day(on)},))
    unit_rows = [row for row in rows if row.basis == PlaceBasis.UNIT]
    units = candidates(place, on) if place is not None else []
    if not units:
        return Eligibility(
            None, _("Chưa xác định được địa bàn sản xuất."), "", (_("địa điểm sản xuất (xã, phường, đặc khu)"),)
        )
    year = planning_year or on.year
    parts = [_of_unit(unit, on, unit_rows, facts or {}, year) for unit in units]
    finding = rules.together((part for part, _row in parts), any_is_enough=False)
    if finding.result is None and not finding.missing:
        finding = rules.Finding(
            None, (_("xã, phường cụ thể: %(units)s") % {"units": ", ".join(u.full_name for u in units)},)
        )
    named = ", ".join(unit.full_name for unit in units)
    if finding.result:
        row = next(row for _part, row in parts if row is not None)
        reason = _("%(place)s: %(rule)s.") % {"place": named, "rule": row.text}
        return Eligibility(True, reason, Basis(**_basis(row)).citation, (), row.verified)
    law = unit_rows[0] if unit_rows else rows[0]
    citation = (
        "; ".join(dict.fromkeys(Basis(**_basis(row)).citation for row in unit_rows if row.is_verified))
        or Basis(**_basis(law)).citation
    )
    if finding.result is False:
        reason = _("%(place)s không thuộc địa bàn được hỗ trợ vào ngày %(day)s.") % {"place": named, "day": _day(on)}
        return Eligibility(False, reason, citation, (), law.verified)
    reason = _("Chưa kết luận được %(place)s có thuộc địa bàn được hỗ trợ vào ngày %(day)s; còn thiếu: %(facts)s.") % {
        "place": named,
        "day": _day(on),
        "facts": "; ".join(finding.missing),
    }
    return Eligibility(None, reason, citation, finding.missing, law.verified)


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


# ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def line_of(code: str) -> Line:
    """The line of this code.  Raises Invalid (field ``line``) with a sentence when there is none."""
    line = Line.objects.filter(code=code).first()
    if line is None:
        raise Invalid(line=_("Không có dòng hỗ trợ “%(code)s”.") % {"code": code})
    return line


def maximum(
    line: str | Line,
    *,
    cost: int,
    on: date,
    place: Place | None = None,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
    craft_village: bool = False,
    cleaner_production: bool = False,
    priority: Sequence[str] = (),
    facts: Mapping[str, str] | None = None,
    planning_year: int | None = None,
) -> Answer:
    """How much at most, for one unit of the line costing ``cost`` đồng, on the legal day ``on``; by which rows, and why.

    National money is bound by national rows, local money by the rows of the province of that day (``province``, or that of
    ``place``).  ``priority`` names proved priorities (codes of ``priorities``): only then the multiplier of the day counts.
    Raises Invalid for an unknown line, level or priority, a cost below one đồng, or a line that is no support.
    """
    if isinstance(line, str):
        line = line_of(line)
    if line.purpose not in (Purpose.SUPPORT, Purpose.MANAGEMENT):
        raise Invalid(line=_("“%(line)s” không phải dòng hỗ trợ.") % {"line": line.name})
    if level not in Level.values:
        raise Invalid(level=_("Không có cấp kinh phí “%(level)s”.") % {"level": level})
    if cost <= 0:
        raise Invalid(cost=_("Chi phí phải lớn hơn 0 đồng."))
    known = {row.code for row in PriorityRow.objects.on(on)} if priority else set()
    for code in priority:
        if code not in known:
            raise Invalid(
                priority=_("Không có diện ưu tiên “%(code)s” vào ngày %(day)s.") % {"code": code, "day": _day(on)}
            )

    where = _where(
        line,
        place,
        on=on,
        craft_village=craft_village,
        cleaner_production=cleaner_production,
        priority=priority,
        facts=facts,
        planning_year=planning_year,
    )
    if level != Level.NATIONAL and province is None:
        province = province_on(place, on)
    missing = list(where.missing if where else ())
    row = row_of(SupportNorm, on=on, level=level, province=province, line=line)
    if row is None:
        return Answer(
            where.result if where else True,
            None,
            (),
            (*missing, *_no_row(level, province)),
            _join(where, _absent(level, province, on)),
        )

    lines: list[LineUsed] = []
    words = rules.Wording(cost, row.cap)
    done = _amount(row, cost, on, level, province, words, lines)
    if done is None:
        what = row.condition or _("văn bản không nêu số tiền")
        text = _("Chưa có mức bằng tiền cho “%(line)s”: %(what)s %(cite)s") % {
            "line": line.name,
            "what": what,
            "cite": _cite(row),
        }
        return Answer(
            where.result if where else True, None, (_used(row),), (*missing, _("mức chi bằng tiền")), _join(where, text)
        )
    text = done.words
    amount = done.amount
    if priority:
        bonus = row_of(SupportNorm, on=on, level=level, province=province, line__purpose=Purpose.MULTIPLIER)
        if bonus is None or bonus.multiplier is None or line.purpose != Purpose.SUPPORT:
            text += "; " + _("không có hệ số ưu tiên cho kinh phí này trong hệ thống")
        else:
            amount = min(cost, share(amount, bonus.multiplier))
            lines.append(_used(bonus))
            text += "; " + _("ưu tiên: %(factor)s × %(base)s, không quá chi phí, = %(amount)s %(cite)s") % {
                "factor": rules.number(bonus.multiplier),
                "base": words.short(done.amount),
                "amount": words.short(amount),
                "cite": _cite(bonus),
            }
    if where is not None and where.result is False:
        return Answer(False, 0, tuple(lines), (), _join(where, _("mức hỗ trợ tối đa: 0 đồng")))
    last = _("mức hỗ trợ tối đa: %(amount)s")
    if where is not None and where.result is None:
        last = _("mức hỗ trợ tối đa nếu đủ điều kiện: %(amount)s")
    text += "; " + last % {"amount": words.long(amount)}
    return Answer(where.result if where else True, amount, tuple(lines), tuple(missing), _join(where, text))


def _where(
    line: Line,
    place: Place | None,
    *,
    on: date,
    craft_village: bool,
    cleaner_production: bool,
    priority: Sequence[str],
    facts: Mapping[str, str] | None,
    planning_year: int | None,
) -> Eligibility | None:
    """The question of place for this line; None where the line does not ask it."""
    if line.place_scope == PlaceScope.NONE:
        return None
    answer = place_eligibility(
        place,
        on=on,
        craft_village=craft_village,
        cleaner_production=cleaner_production or line.place_scope == PlaceScope.CLEANER_PRODUCTION,
        facts=facts,
        planning_year=planning_year,
    )
    if line.place_scope != PlaceScope.DIFFICULT_AREA or answer.result is False:
        return answer
    area = Verified.YES
    proved = "difficult_area" in priority or (
        place is not None
        and any(
            "difficult_area" in rules.listed(_facts(unit, on).get(rules.PRIORITY_AREA, ""))
            for unit in candidates(place, on)
        )
    )
    if proved:
        return answer
    fact = _("địa bàn có điều kiện kinh tế - xã hội khó khăn hoặc đặc biệt khó khăn")
    reason = _("Nội dung này chỉ hỗ trợ ở địa bàn khó khăn; còn thiếu: %(fact)s.") % {"fact": fact}
    return Eligibility(
        None, reason, answer.article, (*answer.missing, fact), area if answer.verified == area else answer.verified
    )


def _amount(
    row: SupportNorm,
    cost: int,
    on: date,
    level: str,
    province: Unit | None,
    words: rules.Wording,
    lines: list[LineUsed],
) -> rules.Sum | None:
    """The arithmetic of one row; a derived row first asks the line it leans on.  None: the row states no figure."""
    lines.append(_used(row))
    if row.derived_from_id and row.multiplier is not None:
        base_row = row_of(SupportNorm, on=on, level=level, province=province, line_id=row.derived_from_id)
        base = _amount(base_row, cost, on, level, province, words, lines) if base_row is not None else None
        if base is not None:
            amount = min(cost, share(base.amount, row.multiplier))
            text = _("%(base)s; %(factor)s × %(amount)s = %(product)s") % {
                "base": base.words,
                "factor": rules.number(row.multiplier),
                "amount": words.short(base.amount),
                "product": words.short(amount),
            }
            if row.cap is not None:
                amount = min(amount, row.cap)
                text += "; " + _("không quá %(cap)s") % {"cap": words.short(row.cap)}
            return rules.Sum(amount, f"{text} {_cite(row)}")
    if row.percent is None and row.cap is None:
        return None
    done = rules.ceiling(cost, percent=row.percent, cap=row.cap, words=words)
    return rules.Sum(done.amount, f"{done.words} {_cite(row)}")


def _used(row: SupportNorm) -> LineUsed:
    return LineUsed(str(row.instrument), row.article, row.percent, row.cap, row.verified, row.multiplier)


def _cite(row: Row) -> str:
    parts = [part for part in (str(row.instrument), row.article) if part]
    if not row.is_verified:
        parts.append(_("chưa kiểm chứng"))
    return f"({', '.join(parts)})"


def _no_row(level: str, province: Unit | None) -> tuple[str, ...]:
    if level != Level.NATIONAL and province is None:
        return (_("tỉnh, thành phố cấp kinh phí"),)
    return (_("định mức của dòng này"),)


def _absent(level: str, province: Unit | None, on: date) -> str:
    if level == Level.NATIONAL:
        return _("Chưa có định mức quốc gia cho dòng này vào ngày %(day)s trong hệ thống.") % {"day": _day(on)}
    if province is None:
        return _("Chưa có quy định của tỉnh trong hệ thống: chưa rõ tỉnh, thành phố cấp kinh phí.")
    return _("Chưa có quy định của tỉnh trong hệ thống (%(province)s, ngày %(day)s).") % {
        "province": province.full_name,
        "day": _day(on),
    }


def _join(where: Eligibility | None, text: str) -> str:
    if where is None or where.result:
        return text
    cite = f" ({where.article})" if where.article else ""
    return f"{where.reason.rstrip('.')}{cite}. {text[:1].upper()}{text[1:]}"


def management_cost(
    kind: str, *, on: date, base: int | None = None, level: str = Level.NATIONAL, province: Unit | None = None
) -> ManagementAnswer:
    """What may be spent on managing: ``kind`` ``agency`` (share of the year's allocation) or ``implementer`` (of the
    project's estimate).  ``base`` in đồng gives the maximum.  Local money takes its province's row, else the national one.
    (TTLT 26/2014 Đ6.2s and what came after.)"""
    code = {"agency": "QL_CO_QUAN", "implementer": "QL_DON_VI"}[kind]
    row = row_of(SupportNorm, on=on, level=level, province=province, line__code=code)
    if row is None and level != Level.NATIONAL:
        row = row_of(SupportNorm, on=on, line__code=code)
    if row is None or row.percent is None:
        return ManagementAnswer()
    return ManagementAnswer(
        **_basis(row), percent=row.percent, maximum=None if base is None else share(base, row.percent / 100)
    )


def advance_ratio(kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> AdvanceAnswer:
    """The first advance for a kind of project (``ProjectKind``): rate, proof, and the ceiling before acceptance.

    TT 36/2013 Đ13, Đ15; ceiling TTLT 26/2014 Đ8.2b and what came after.  No row: ``ratio`` None (Đ16: the agency decides).
    """
    row = row_of(AdvanceNorm, on=on, level=level, province=province, kind=kind)
    top = row_of(SupportNorm, on=on, level=level, province=province, line__purpose=Purpose.ADVANCE_CEILING)
    if top is None and level != Level.NATIONAL:
        top = row_of(SupportNorm, on=on, line__purpose=Purpose.ADVANCE_CEILING)
    bound: dict[str, Any] = {}
    if top is not None and top.percent is not None:
        bound = {"ceiling": top.percent / 100, "ceiling_basis": Basis(**_basis(top))}
    if row is None:
        return AdvanceAnswer(**bound)
    return AdvanceAnswer(
        **_basis(row),
        **bound,
        ratio=row.ratio,
        proof=row.proof,
        proof_text=row.get_proof_display(),
        volume=row.volume,
        after_acceptance=row.after_acceptance,
        remainder_article=row.remainder_article,
    )


# ── days, authorities, catalogues ────────────────────────────────────────────────────────────────────────────────────


def deadline(
    code: str,
    *,
    on: date,
    year: int | None = None,
    month: int | None = None,
    after: date | None = None,
    letter: date | None = None,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
) -> DeadlineAnswer:
    """The day to keep: ``year`` for yearly days (the year of plan or contract), ``month`` with it for monthly ones,
    ``after`` for days counted from an event.  ``letter``: the call letter's own day, which wins; both are in the answer."""
    row = row_of(DeadlineRow, on=on, level=level, province=province, code=code)
    if row is None:
        return DeadlineAnswer(code=code, letter=letter)
    default: date | None = None
    if row.kind == DeadlineKind.YEARLY and year is not None and row.month and row.day:
        default = date(year + row.year_offset, row.month, row.day)
    elif row.kind == DeadlineKind.MONTHLY and year is not None and month is not None and row.day:
        default = date(year, month, row.day)
    elif row.kind == DeadlineKind.DAYS_AFTER and after is not None and row.days is not None:
        default = after + timedelta(days=row.days)
    return DeadlineAnswer(
        **_basis(row), code=code, default=default, letter=letter, strictly_before=row.strictly_before, copies=row.copies
    )


def deadlines(
    year: int,
    *,
    on: date,
    letter_dates: Mapping[str, date] | None = None,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
) -> list[DeadlineAnswer]:
    """The yearly days of a plan year, the law's and the call letter's side by side; days without a row or letter are left out."""
    letters = letter_dates or {}
    codes = [
        Deadline.REGISTRATION_TO_DEPARTMENT,
        Deadline.LIST_TO_AGENCY,
        Deadline.DOSSIER_TO_AGENCY,
        Deadline.LIQUIDATION,
    ]
    answers = [
        deadline(code, on=on, year=year, letter=letters.get(code), level=level, province=province)
        for code in dict.fromkeys([*map(str, codes), *letters])
    ]
    return [answer for answer in answers if answer.day is not None]


def approver(act: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> Authority | None:
    """Who decides this act (``Act``) over money of this level; the province's own row comes before the general one."""
    row = row_of(ApproverRow, on=on, level=level, province=province, act=act)
    return None if row is None else Authority(**_basis(row), role=row.role, body=row.body)


def acceptance_chair(*, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> Authority | None:
    """Who chairs the acceptance on site (TT 36/2013 Đ21.1: the department, never the implementer)."""
    return approver(Act.CHAIR_ACCEPTANCE, on=on, level=level, province=province)


def change_authority(
    change: str,
    *,
    on: date,
    form: str = ProjectForm.SINGLE,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
) -> Authority | None:
    """Who decides a change of an approved project (``ChangeKind``; TT 36/2013 Đ11 or the province's row).

    A row for the project's form comes before the row for every form.
    """
    row = row_of(ChangeAuthority, on=on, level=level, province=province, change=change, form=form) or row_of(
        ChangeAuthority, on=on, level=level, province=province, change=change, form=""
    )
    return None if row is None else Authority(**_basis(row), role=row.role, body=row.body)


def group_rule(kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> GroupAnswer:
    """Whether a group project of this kind is open on ``on`` (TT 36/2013 Đ10.1a; from TT 17/2018 a closed list of six)."""
    row = row_of(GroupRule, on=on, level=level, province=province, kind=kind) or row_of(
        GroupRule, on=on, level=level, province=province, kind=""
    )
    if row is None:
        return GroupAnswer()
    return GroupAnswer(
        **_basis(row), allowed=True, beneficiaries_later=row.beneficiaries_later, must_name=row.must_name
    )


def group_kinds(*, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> list[str]:
    """The kinds of project that may be group projects on ``on``."""
    return [kind for kind in ProjectKind.values if group_rule(kind, on=on, level=level, province=province).allowed]


def selection(kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> SelectionAnswer:
    """Tender or choice for a kind of project (TT 36/2013 Đ3)."""
    row = row_of(SelectionRule, on=on, level=level, province=province, kind=kind) or row_of(
        SelectionRule, on=on, level=level, province=province, kind=""
    )
    return SelectionAnswer() if row is None else SelectionAnswer(**_basis(row), method=row.method)


def eligible_sectors(*, on: date) -> list[SectorRow]:
    """The trades of NĐ 45/2012 Đ5 on ``on``, in their order; the excluded ones last."""
    return list(SectorRow.objects.on(on).select_related("instrument").order_by("excluded", "position"))


def priorities(*, on: date) -> list[PriorityRow]:
    """Priority areas, then trades, each in the order in which the law asks them (TT 46/2012 Đ6.3)."""
    return list(PriorityRow.objects.on(on).select_related("instrument").order_by("kind", "rank", "pk"))


def support_lines(*, purpose: str = Purpose.SUPPORT) -> QuerySet[Line]:
    """The lines that a cost line or a need may name."""
    return Line.objects.filter(purpose=purpose)


def industries(*, version: str = "VSIC 2025") -> QuerySet[Industry]:
    return Industry.objects.filter(version=version)


# ── instruments ──────────────────────────────────────────────────────────────────────────────────────────────────────


def instruments_resting_on_ended(*, on: date) -> list[Instrument]:
    """Texts in force on ``on`` that name as their base a text that has ended; ``ended_bases`` lists those."""
    links = (
        Link.objects.filter(kind=LinkKind.BASED_ON, target__valid_to__lte=on, instrument__valid_from__lte=on)
        .filter(Q(instrument__valid_to=None) | Q(instrument__valid_to__gt=on))
        .select_related("instrument", "instrument__province", "target")
        .order_by("instrument__valid_from", "instrument_id", "target_id")
    )
    found: dict[int, Instrument] = {}
    for link in links:
        instrument = found.setdefault(link.instrument_id, link.instrument)
        instrument.__dict__.setdefault("ended_bases", []).append(link.target)
    return list(found.values())


def rows_of(instrument: Instrument) -> list[tuple[type[Row], list[Any]]]:
    """Every dated row that this text gives, by kind; kinds without a row are left out."""
    found = []
    for model in ROWS:
        related = ["province", "line"] if model is SupportNorm else ["province"]
        rows = list(
            model._default_manager.filter(instrument=instrument).select_related(*related).order_by("valid_from", "pk")
        )
        for row in rows:
            row.instrument = instrument
        if rows:
            found.append((model, rows))
    return found


def support_norms(
    *, on: date | None = None, level: str = "", province: Unit | None = None, line: str = ""
) -> QuerySet[SupportNorm]:
    """Money rows for a list: of a day, a level, a province (any version of it), a line."""
    rows = SupportNorm.objects.select_related("instrument", "line", "province").order_by(
        "line__activity", "line__code", "valid_from"
    )
    if on is not None:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    if level:
        rows = rows.filter(level=level)
    if province is not None:
        same = (
            {"province__valid_from__gte": REFORM}
            if province.valid_from >= REFORM
            else {"province__valid_from__lt": REFORM}
        )
        rows = rows.filter(province__code=province.code, **same)
    if line:
        rows = rows.filter(line__code=line)
    return rows


def overlapping(row: Row) -> Row | None:
    """Another row of the same key, level and province that holds on a day on which this one holds."""
    model = type(row)
    key = {name: getattr(row, name) for name in model.KEY}
    others = (
        model._default_manager.filter(level=row.level, **key)
        .exclude(pk=row.pk)
        .select_related("instrument", "province")
    )
    if row.province is None:
        others = others.filter(province=None)
    else:
        same = (
            {"province__valid_from__gte": REFORM}
            if row.province.valid_from >= REFORM
            else {"province__valid_from__lt": REFORM}
        )
        others = others.filter(province__code=row.province.code, **same)
    others = others.filter(Q(valid_to=None) | Q(valid_to__gt=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lt=row.valid_to)
    return others.first()


def overlaps() -> list[tuple[Row, Row]]:
    """Every pair of rows that hold together and must not; empty when the law is in order."""
    found: list[tuple[Row, Row]] = []
    for model in ROWS:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in _all(model):
            era = row.province is not None and row.province.valid_from >= REFORM
            key = [getattr(row, f"{name}_id", None) or getattr(row, name) for name in model.KEY]
            groups.setdefault((*key, row.level, row.province and row.province.code, era), []).append(row)
        for rows in groups.values():
            rows.sort(key=lambda row: row.valid_from)
            found += [
                (earlier, later)
                for earlier, later in pairwise(rows)
                if earlier.valid_to is None or earlier.valid_to > later.valid_from
            ]
    return found


def _all(model: type[Row]) -> list[Row]:
    related = ["instrument", "province", *(["line"] if model is SupportNorm else [])]
    return list(model._default_manager.select_related(*related).order_by("pk"))


def invariants() -> list[str]:
    """Contradictions of the law in sentences: rows that hold together, and rows that reach beyond their text."""
    said = [
        _("Hai dòng cùng hiệu lực: %(one)s (từ %(day)s) và %(other)s (từ %(since)s).")
        % {"one": one, "day": _day(one.valid_from), "other": other, "since": _day(other.valid_from)}
        for one, other in overlaps()
    ]
    for model in ROWS:
        for row in _all(model):
            text = row.instrument
            late = text.valid_to is not None and (row.valid_to is None or row.valid_to > text.valid_to)
            if row.valid_from < text.valid_from or late:
                said.append(_("%(row)s có hiệu lực ngoài thời gian của văn bản.") % {"row": row})
    return said
