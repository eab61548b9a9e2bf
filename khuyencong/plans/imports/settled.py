"""What was really spent on a closed project: the columns that tell it, and the money with which it stands at its end."""

from collections.abc import Mapping

from khuyencong.base.money import dong
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.workbook import Column, Fault
from khuyencong.norms.enums import Level
from khuyencong.plans.imports.columns import COLUMNS, MONEY, SETTLED, SOURCES
from khuyencong.plans.imports.table import Line

_WORDS: tuple[str, ...] = (
    "Quyết toán",
    "Thanh toán",
    "Giải ngân",
    "Thực chi",
    "Đã chi",
    "KP thực hiện",
    "Kinh phí thực hiện",
    "Giá trị thực hiện",
    "Thực hiện",
    "Đã hỗ trợ",
    "Đã cấp",
)
_PAPERS = (
    "ngày",
    "quyết định",
    "QĐ",
    "văn bản",
    "hồ sơ",
    "biên bản",
    "thời gian",
    "đơn vị",
    "nội dung",
    "địa điểm",
    "năm",
)
_TITLES: tuple[str, ...] = (
    *(
        "Kinh phí quyết toán",
        "KP quyết toán",
        "Giá trị quyết toán",
        "Số quyết toán",
        "Số tiền quyết toán",
        "Quyết toán",
    ),
    *("Kinh phí QT", "KP QT", "Kinh phí thực hiện", "KP thực hiện", "Giá trị thực hiện", "=Thực hiện"),
    *("Kinh phí đã thanh toán", "KP đã thanh toán", "Kinh phí thanh toán", "Đã thanh toán", "=Thanh toán"),
    *("Kinh phí giải ngân", "Giải ngân", "Đã giải ngân", "Thực chi", "Đã chi"),
    *("Kinh phí đã hỗ trợ", "Số tiền đã hỗ trợ", "Kinh phí đã cấp", "Số đã cấp"),
)

SETTLED_COLUMNS = (
    *(
        Column(
            f"settled_{column.key}",
            (f"{column.synonyms[0]} quyết toán", *column.synonyms),
            under=_WORDS,
            never=_PAPERS,
        )
        for column in COLUMNS
        if column.key in MONEY
    ),
    Column("settled", _TITLES, never=_PAPERS),
)


def final_amounts(line: Line, given: dict[str, int], *, level: str, warnings: list[Fault]) -> str:
    """Put what was spent in the place of what was approved, in ``given``; returns what had been approved, in words, where it
    was another sum.  One figure for all sources is that of the State; where it cannot be divided it is told and left."""
    told = {key: given.pop(key) for key in SETTLED if key in given}
    own = "national" if level == Level.NATIONAL else "local"
    approved = {source: given[source] for source in SOURCES if given.get(source)}
    if "support" in given and not {"national", "local"} & approved.keys():
        approved[own] = given["support"]
    spent = _by_source(line, told, approved) if told else None
    if told and spent is None and not approved and given.get("total"):
        return _of_the_whole(given, told.get("settled", told.get("settled_total", 0)))
    if told and spent is None:
        spent = _undivided(line, told.get("settled", told.get("settled_total", 0)), approved, own, warnings)
    if spent is None or spent == approved:
        return ""
    for key in MONEY:
        given.pop(key, None)
    given.pop("support", None)
    given |= spent
    return _("Kinh phí được duyệt: %(amounts)s.") % {"amounts": _words(approved)} if approved else ""


def _of_the_whole(given: dict[str, int], amount: int) -> str:
    """Nothing is divided by source: the whole stands at what was spent of it."""
    approved = given["total"]
    if not amount or amount == approved:
        return ""
    given["total"] = amount
    return _("Tổng kinh phí được duyệt: %(amount)s đồng.") % {"amount": dong(approved)}


def _by_source(line: Line, told: Mapping[str, int], approved: Mapping[str, int]) -> dict[str, int] | None:
    """Where the list tells what was spent of each source: a source without such a column stands as it was approved."""
    if not any(f"settled_{source}" in told for source in SOURCES):
        return None
    spent = {
        source: told.get(f"settled_{source}", 0) if line.table.has(f"settled_{source}") else approved.get(source, 0)
        for source in SOURCES
    }
    return {source: amount for source, amount in spent.items() if amount}


def _undivided(
    line: Line, amount: int, approved: Mapping[str, int], own: str, warnings: list[Fault]
) -> dict[str, int] | None:
    """One figure for the whole: of the one source of the State that pays, unless it is what all were to give together."""
    state = {source: approved[source] for source in ("national", "local") if source in approved}
    key = "settled" if line.table.has("settled") else "settled_total"
    if amount in (sum(state.values()), sum(approved.values())) and approved:
        return None
    if len(state) < 2 and (not state or amount <= sum(state.values())):
        return {**approved, next(iter(state), own): amount}
    facts = {"amount": dong(amount), "approved": _words(approved)}
    reason = (
        _(
            "Số quyết toán %(amount)s đồng không rõ phần của từng nguồn (được duyệt: %(approved)s); ghi theo số được duyệt."
        )
        if amount < sum(state.values())
        else _("Số quyết toán %(amount)s đồng lớn hơn số được duyệt (%(approved)s); ghi theo số được duyệt.")
    )
    warnings.append(line.fault(key, reason % facts))
    return None


def _words(amounts: Mapping[str, int]) -> str:
    labels = {"national": "KCQG", "local": "KCĐP", "counterpart": _("đối ứng"), "other": _("nguồn khác")}
    return together(
        ", ",
        (
            _("%(source)s %(amount)s đồng") % {"source": labels[key], "amount": dong(amount)}
            for key, amount in amounts.items()
        ),
    )
