"""Days to keep, who decides, and what a kind of project needs."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Case, CharField, ExpressionWrapper, F, OuterRef, Q, Subquery, When

from khuyencong.base.calendar import add_working_days
from khuyencong.norms.enums import (
    Deadline,
    DeadlineKind,
    Ground,
    Level,
    ProjectForm,
)
from khuyencong.norms.models import (
    ApproverRow,
    ChangeAuthority,
    DeadlineRow,
    GroundRow,
    GroupRule,
    SelectionRule,
)
from khuyencong.norms.queries.answers import Authority, Basis, DeadlineAnswer, GroupAnswer, SelectionAnswer
from khuyencong.norms.queries.days import exceptional_days
from khuyencong.norms.queries.rows import basis_of, row_of
from khuyencong.places.models import Unit


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
        default = _day_of(year + row.year_offset, row.month, row.day)
    elif row.kind == DeadlineKind.MONTHLY and year is not None and month is not None and row.day:
        default = _day_of(year, month, row.day)
    elif row.kind == DeadlineKind.DAYS_AFTER and after is not None and row.days is not None:
        default = after + timedelta(days=row.days)
    elif row.kind == DeadlineKind.WORKING_DAYS and after is not None and row.days is not None:
        default = add_working_days(after, row.days, exceptions=exceptional_days())
    return DeadlineAnswer(
        **basis_of(row),
        code=code,
        default=default,
        letter=letter,
        strictly_before=row.strictly_before,
        copies=row.copies,
        days=row.days,
        in_working_days=row.kind == DeadlineKind.WORKING_DAYS,
        silence_consents=row.silence_consents,
    )


def _day_of(year: int, month: int, day: int) -> date:
    """That day, or the last one of a month that is shorter (“ngày 30 hằng tháng” in February)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def last_of_month(code: str, *, on: OuterRef, level: OuterRef, province: OuterRef) -> Subquery:
    """The last day of the month on which something monthly is still in time, as a column beside others: by the row that holds
    ``on``, for local money the province's own (by its code), then the general one, then the national; null where there is none."""
    rows = DeadlineRow.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    rows = rows.filter(code=code, kind=DeadlineKind.MONTHLY).filter(Q(province=None) | Q(province__code=province))
    rows = rows.alias(asked=ExpressionWrapper(level, CharField())).exclude(
        ~Q(level=Level.NATIONAL), asked=Level.NATIONAL
    )
    nearest = Case(When(province__isnull=False, then=0), When(level=Level.NATIONAL, then=2), default=1)
    last = F("day") - Case(When(strictly_before=True, then=1), default=0)
    return Subquery(rows.order_by(nearest, "valid_from").values_list(last)[:1])


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


class Funded(Protocol):
    """A record that lives on money of one level: a project, a plan."""

    level: str

    @property
    def province(self) -> Unit | None: ...


def ground(code: Ground, *, on: date, of: Funded | None = None) -> Basis:
    """Where the text of a rule stands on ``on`` for the money of ``of`` (without it: national money); empty without a row."""
    level, province = (Level.NATIONAL, None) if of is None else (of.level, of.province)
    row = row_of(GroundRow, on=on, level=level, province=None if level == Level.NATIONAL else province, code=code)
    return Basis() if row is None else Basis(**basis_of(row))


def cited(sentence: str, code: Ground, *, on: date, of: Funded | None = None) -> str:
    """The sentence with where its rule stands on that day: “Chưa có quyết định điều chỉnh (Điều 11, Thông tư …).”"""
    where = ground(code, on=on, of=of).citation
    return f"{sentence.removesuffix('.')} ({where})." if where else sentence


def approver(act: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> Authority | None:
    """Who decides this act (``Act``) over money of this level; the province's own row comes before the general one."""
    row = row_of(ApproverRow, on=on, level=level, province=province, act=act)
    return None if row is None else Authority(**basis_of(row), role=row.role, body=row.body)


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
    return None if row is None else Authority(**basis_of(row), role=row.role, body=row.body)


def group_rule(kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> GroupAnswer:
    """Whether a group project of this kind is open on ``on`` (TT 36/2013 Đ10.1a; from TT 17/2018 a closed list of six)."""
    row = row_of(GroupRule, on=on, level=level, province=province, kind=kind) or row_of(
        GroupRule, on=on, level=level, province=province, kind=""
    )
    if row is None:
        return GroupAnswer()
    return GroupAnswer(
        **basis_of(row), allowed=True, beneficiaries_later=row.beneficiaries_later, must_name=row.must_name
    )


def selection(kind: str, *, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> SelectionAnswer:
    """Tender or choice for a kind of project (TT 36/2013 Đ3)."""
    row = row_of(SelectionRule, on=on, level=level, province=province, kind=kind) or row_of(
        SelectionRule, on=on, level=level, province=province, kind=""
    )
    return SelectionAnswer() if row is None else SelectionAnswer(**basis_of(row), method=row.method)
