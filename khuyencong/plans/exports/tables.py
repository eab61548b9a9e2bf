"""Which tables there are: Mẫu 2 of a plan and of a selection, the annex of a decision."""

import io
from collections.abc import Sequence
from datetime import date

from django.utils.translation import override

from khuyencong.base.money import dong
from khuyencong.base.text import vnd_words
from khuyencong.documents.letterheads import department_head, number_of_paper, signed
from khuyencong.documents.papers import long_day
from khuyencong.plans.exports.rows import grouped
from khuyencong.plans.exports.sheet import Column, Frame, draw
from khuyencong.plans.models import Decision, Item, Plan
from khuyencong.plans.papers import about, issuer_of
from khuyencong.plans.queries import as_of, items_of

TITLE = "BIỂU TỔNG HỢP CÁC ĐỀ ÁN KHUYẾN CÔNG"
_MONEY = (
    Column("total", "Tổng số", 10.5, "Kinh phí"),
    Column("national", "KCQG", 9.5, "Kinh phí"),
    Column("local", "KCĐP", 9.5, "Kinh phí"),
    Column("counterpart", "Đối ứng", 9.5, "Kinh phí"),
    Column("other", "Nguồn khác", 8.5, "Kinh phí"),
)
_FIRST = (
    Column("order", "TT", 4.5, align="center"),
    Column("title", "Tên đề án", 26),
    Column("implementer", "Đơn vị thực hiện", 15),
)
PROJECTS = (
    *_FIRST,
    Column("helped", "Đơn vị thụ hưởng", 16),
    Column("place", "Địa điểm", 13),
    Column("content", "Mục tiêu, nội dung chính", 24),
    Column("kind", "Dạng đề án", 14),
    *_MONEY,
    Column("giver", "Bên cấp nguồn khác", 11),
    Column("time", "Thời gian", 10.5, align="center"),
    Column("note", "Ghi chú", 9),
)
CHANGES = (
    *_FIRST,
    Column("place", "Địa điểm", 14),
    Column("action", "Thay đổi", 16),
    Column("reason", "Lý do", 24),
    Column("before", "Hỗ trợ trước thay đổi", 11),
    *(Column(one.key, one.head, one.width, "Kinh phí sau thay đổi") for one in _MONEY),
)


@override("vi")
def plan_table(plan: Plan, *, day: date) -> io.BytesIO:
    """Mẫu 2 of what a plan says on ``day``: every project that stands, by the last decision that spoke of it."""
    version = as_of(plan, day)
    head = department_head(plan.province, on=day)
    frame = Frame(
        name="Mẫu 2",
        tag="Mẫu số 2",
        left=(head["over"], head["body"]),
        place_day=head["place_day"],
        titles=(
            (TITLE, "title"),
            (f"{plan.get_level_display()} năm {plan.year}, {plan.place.named_inside}", "strong"),
            (f"(Theo các quyết định ban hành đến {long_day(day)})", "slanted"),
        ),
        closing=_closing(version.items),
        signer=("GIÁM ĐỐC", ""),
    )
    return draw(frame, _without_giver(version.items), grouped(version.items, on=day))


@override("vi")
def decision_table(decision: Decision, *, on: date) -> io.BytesIO:
    """Mẫu 2 of the projects that a decision brings in: what is submitted with the tờ trình."""
    items, day = items_of(decision), decision.submitted_on or on
    head = department_head(decision.plan.province, on=day, known=decision.submitted_on is not None)
    plan = decision.plan
    frame = Frame(
        name="Mẫu 2",
        tag="Mẫu số 2",
        left=(head["over"], head["body"]),
        place_day=head["place_day"],
        titles=(
            (TITLE, "title"),
            (f"{plan.get_level_display()} năm {plan.year}, {plan.place.named_inside}", "strong"),
            (f"({decision.title})", "slanted"),
        ),
        closing=_closing(items),
        signer=("GIÁM ĐỐC", ""),
    )
    return draw(frame, _without_giver(items), grouped(items, on=day))


@override("vi")
def annex(decision: Decision, *, on: date) -> io.BytesIO:
    """The annex of a decision: the projects that it brings in, or before and after of those that it changes."""
    items, day = items_of(decision), decision.on or on
    issuer = issuer_of(decision, on=day, items=items)
    number = number_of_paper(decision.paper, pattern=issuer.pattern)
    told = long_day(decision.on) if decision.on else f"ngày …… tháng …… năm {day.year}"
    signer = signed(decision.paper, title=issuer.title)
    frame = Frame(
        name="Phụ lục",
        left=(),
        place_day="",
        titles=(
            ("PHỤ LỤC", "title"),
            (f"Danh mục đề án: {about(decision)}", "strong"),
            (f"(Kèm theo Quyết định số {number} {told} của {issuer.office})", "slanted"),
        ),
        closing=_closing(items, changes=not decision.includes),
        signer=(signer["signer_title"].upper(), signer["signer"]),
        signed=False,
    )
    changes = not decision.includes
    return draw(frame, CHANGES if changes else _without_giver(items), grouped(items, on=day, changes=changes))


def _closing(items: Sequence[Item], *, changes: bool = False) -> str:
    support = sum(item.support for item in items)
    told = f"{dong(support)} đồng (bằng chữ: {vnd_words(support)})"
    if changes:
        told = f"trước thay đổi {dong(sum(item.before for item in items))} đồng, sau thay đổi {told}"
    return f"Tổng hợp: {len(items)} đề án; kinh phí khuyến công {told}."


def _without_giver(items: Sequence[Item]) -> Sequence[Column]:
    """“Bên cấp nguồn khác” is a column only where somebody gives."""
    if any(item.other for item in items):
        return PROJECTS
    return [column for column in PROJECTS if column.key != "giver"]
