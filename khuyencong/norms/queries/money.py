"""How much at most, by which lines, and why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.base.money import at_most
from khuyencong.norms import rules
from khuyencong.norms.enums import (
    Level,
    PlaceScope,
    Purpose,
    Verified,
)
from khuyencong.norms.models import (
    AdvanceNorm,
    Line,
    PriorityRow,
    Row,
    SupportNorm,
)
from khuyencong.norms.queries.answers import (
    AdvanceAnswer,
    Answer,
    Basis,
    Eligibility,
    LineUsed,
    ManagementAnswer,
    Place,
)
from khuyencong.norms.queries.places import candidates, facts_of, place_eligibility, province_on
from khuyencong.norms.queries.procedure import approver
from khuyencong.norms.queries.reading import book_of_many
from khuyencong.norms.queries.rows import basis_of, row_of, rows_on
from khuyencong.places.models import Unit

T = TypeVar("T")


def line_of(code: str, *, on: date) -> Line:
    """The line of this code, asked for a day.  Raises Invalid (field ``line``) with a sentence when there is none."""
    read = book_of_many()
    if read is None:
        line = next(iter(Line.objects.filter(code=code).order_by()), None)  # there is one: nothing to sort
    else:
        line = read.line(code, on=on)
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
    line = _supports(line, cost=cost, level=level, on=on)
    if level != Level.NATIONAL and province is None:
        province = province_on(place, on)
    known = _priorities(priority, on=on, province=None if level == Level.NATIONAL else province)
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
    eligible, missing = (where.result, list(where.missing)) if where else (True, [])
    row = row_of(SupportNorm, on=on, level=level, province=province, line=line)
    if row is None:
        return Answer(
            eligible,
            None,
            (),
            (*missing, *_no_row(level, province)),
            _join(where, _absent(line, level, province, on)),
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
        return Answer(eligible, None, (_used(row),), (*missing, _("mức chi bằng tiền")), _join(where, text))
    if priority:
        bonus = row_of(SupportNorm, on=on, level=level, province=province, line__purpose=Purpose.MULTIPLIER)
        why = "; ".join(_priority_words(known[code]) for code in dict.fromkeys(priority))
        done = _raised(done, row, bonus, why=why, cost=cost, words=words, lines=lines)
    if eligible is False:
        return Answer(False, 0, tuple(lines), (), _join(where, _("mức hỗ trợ tối đa: 0 đồng")))
    last = _("mức hỗ trợ tối đa: %(amount)s")
    if eligible is None:
        last = _("mức hỗ trợ tối đa nếu đủ điều kiện: %(amount)s")
    text = f"{done.words}; {last % {'amount': words.long(done.amount)}}"
    return Answer(eligible, done.amount, tuple(lines), tuple(missing), _join(where, text))


def _supports(line: str | Line, *, cost: int, level: str, on: date) -> Line:
    """The line that is asked for, where it is a support and what is asked of it can be."""
    if isinstance(line, str):
        line = line_of(line, on=on)
    if line.purpose not in (Purpose.SUPPORT, Purpose.MANAGEMENT):
        raise Invalid(line=_("“%(line)s” không phải dòng hỗ trợ.") % {"line": line.name})
    if level not in Level.values:
        raise Invalid(level=_("Không có cấp kinh phí “%(level)s”.") % {"level": level})
    if cost <= 0:
        raise Invalid(cost=_("Chi phí phải lớn hơn 0 đồng."))
    return line


def _priorities(codes: Sequence[str], *, on: date, province: Unit | None) -> dict[str, PriorityRow]:
    """The priorities of the day by their codes, where some are asked for; each that is asked for is there."""
    if not codes:
        return {}
    known = {row.code: row for row in rows_on(PriorityRow, on=on, province=province)}
    for code in codes:
        if code not in known:
            raise Invalid(
                priority=_("Không có diện ưu tiên “%(code)s” vào ngày %(day)s.")
                % {"code": code, "day": f"{on:%d/%m/%Y}"}
            )
    return known


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
    meant = candidates(place, on) if place is not None else []
    difficult = ("difficult_area" in rules.listed(facts_of(unit, on).get(rules.PRIORITY_AREA, "")) for unit in meant)
    if "difficult_area" in priority or (meant and all(difficult)):
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
            amount = min(cost, at_most(base.amount, row.multiplier))
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


def _raised(
    done: rules.Sum,
    row: SupportNorm,
    bonus: SupportNorm | None,
    *,
    why: str,
    cost: int,
    words: rules.Wording,
    lines: list[LineUsed],
) -> rules.Sum:
    """What a row gives, times the factor for proved priorities (``why``), where there is one for it."""
    if bonus is None or bonus.multiplier is None or not _multiplies(bonus, row):
        return rules.Sum(done.amount, f"{done.words}; {_('không có hệ số ưu tiên cho mức hỗ trợ này trong hệ thống')}")
    amount = min(cost, at_most(done.amount, bonus.multiplier))
    lines.append(_used(bonus))
    text = _("ưu tiên (%(why)s): %(factor)s × %(base)s, không quá chi phí, = %(amount)s %(cite)s") % {
        "why": why,
        "factor": rules.number(bonus.multiplier),
        "base": words.short(done.amount),
        "amount": words.short(amount),
        "cite": _cite(bonus),
    }
    return rules.Sum(amount, f"{done.words}; {text}")


def share(code: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> Decimal | None:
    """The share of its cost, in percent, that a line of support gives on a day: the least of its own row and of those that it
    leans on.  None where no row is loaded or none states a share."""
    row = row_of(SupportNorm, on=on, level=level, province=province, line__code=code)
    percents = []
    while row is not None:
        if row.percent is not None:
            percents.append(row.percent)
        leans = row.derived_from_id is not None and row.multiplier is not None
        row = row_of(SupportNorm, on=on, level=level, province=province, line_id=row.derived_from_id) if leans else None
    return min(percents, default=None)


def _multiplies(bonus: SupportNorm, row: SupportNorm) -> bool:
    """The factor of a text raises what that text itself gives (“1,5 lần mức hỗ trợ quy định trên đây”); a province may set
    it in another text than the rates."""
    if row.line.purpose != Purpose.SUPPORT:
        return False
    return bonus.instrument_id == row.instrument_id or row.level != Level.NATIONAL


def _priority_words(row: PriorityRow) -> str:
    return row.text if row.is_verified else f"{row.text}, {_('chưa kiểm chứng')}"


def _used(row: SupportNorm) -> LineUsed:
    return _once(
        "used",
        row,
        lambda: LineUsed(str(row.instrument), row.article, row.percent, row.cap, row.verified, row.multiplier),
    )


def _cite(row: Row) -> str:
    def cited() -> str:
        parts = [part for part in (str(row.instrument), rules.article_words(row.article)) if part]
        if not row.is_verified:
            parts.append(_("chưa kiểm chứng"))
        return f"({', '.join(parts)})"

    return _once("cited", row, cited)


def _once(what: str, row: Row, find: Callable[[], T]) -> T:
    """The words of a row, put together once where many questions are answered by it."""
    read = book_of_many()
    return find() if read is None else read.once((what, id(row)), find)


def _no_row(level: str, province: Unit | None) -> tuple[str, ...]:
    if level != Level.NATIONAL and province is None:
        return (_("tỉnh, thành phố cấp kinh phí"),)
    return (_("định mức của dòng này"),)


def _absent(line: Line, level: str, province: Unit | None, on: date) -> str:
    day = f"{on:%d/%m/%Y}"
    if level == Level.NATIONAL:
        return _("Chưa có định mức quốc gia cho dòng này vào ngày %(day)s trong hệ thống.") % {"day": day}
    if province is None:
        return _("Chưa rõ tỉnh, thành phố cấp kinh phí: chưa có quy định của tỉnh trong hệ thống.")
    told = _("%(province)s, ngày %(day)s: chưa có quy định của tỉnh trong hệ thống.") % {
        "province": province.full_name,
        "day": day,
    }
    setter = approver(line.local_act, on=on, level=level, province=province)
    if setter is None:
        return told
    return (
        told
        + " "
        + _("Mức này do %(body)s quy định (%(article)s).")
        % {
            "body": setter.body,
            "article": setter.citation,
        }
    )


def _join(where: Eligibility | None, text: str) -> str:
    if where is None or where.result:
        return text
    cite = f" ({where.article})" if where.article else ""
    return f"{where.reason.rstrip('.')}{cite}. {text[:1].upper()}{text[1:]}"


def management_cost(
    kind: str, *, on: date, base: int | None = None, level: str = Level.NATIONAL, province: Unit | None = None
) -> ManagementAnswer:
    """What may be spent on managing: ``kind`` ``agency`` (share of the year's allocation) or ``implementer`` (of the
    project's estimate).  ``base`` in đồng gives the maximum.  TTLT 26/2014 Đ6.2s and what came after bind national money;
    local money is bound by its province's row alone: without one there is no percent and no maximum."""
    code = {"agency": "QL_CO_QUAN", "implementer": "QL_DON_VI"}[kind]
    row = row_of(SupportNorm, on=on, level=level, province=province, line__code=code)
    if row is None or row.percent is None:
        return ManagementAnswer()
    return ManagementAnswer(
        **basis_of(row), percent=row.percent, maximum=None if base is None else at_most(base, row.percent / 100)
    )


def advance_ratio(
    kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None, ceiling: bool = True
) -> AdvanceAnswer:
    """The first advance for a kind of project (``ProjectKind``): rate, proof, and the ceiling before acceptance.

    TT 36/2013 Đ13, Đ15; ceiling TTLT 26/2014 Đ8.2b and what came after.  No row: ``ratio`` None (Đ16: the agency decides).
    Without ``ceiling`` that of before acceptance is not asked for.
    """
    row = row_of(AdvanceNorm, on=on, level=level, province=province, kind=kind)
    top = None
    if ceiling:
        top = row_of(SupportNorm, on=on, level=level, province=province, line__purpose=Purpose.ADVANCE_CEILING)
    if ceiling and top is None and level != Level.NATIONAL:
        top = row_of(SupportNorm, on=on, line__purpose=Purpose.ADVANCE_CEILING)
    bound: dict[str, Any] = {}
    if top is not None and top.percent is not None:
        bound = {"ceiling": top.percent / 100, "ceiling_basis": Basis(**basis_of(top))}
    if row is None:
        return AdvanceAnswer(**bound)
    return AdvanceAnswer(
        **basis_of(row),
        **bound,
        ratio=row.ratio,
        proof=row.proof,
        proof_text=row.get_proof_display(),
        volume=row.volume,
        after_acceptance=row.after_acceptance,
        remainder_article=row.remainder_article,
    )
