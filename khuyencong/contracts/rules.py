"""What the law says about contracts, advances, acceptance and settlement.  Pure functions of facts and the legal day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from khuyencong.base.money import at_most, dong, million, share
from khuyencong.base.text import fold
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import Balance, source_of
from khuyencong.contracts.enums import AcceptanceForm, AdvanceKind, SeatRole
from khuyencong.norms.enums import Level, ProjectForm
from khuyencong.norms.queries import AdvanceAnswer, Authority
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project


class Seat(Protocol):
    """One who sits at an acceptance."""

    @property
    def role(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def organisation_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """How much more may be advanced now, in đồng, and the sentence that says why.  ``amount`` None: no rule of the day."""

    amount: int | None
    sentence: str
    verified: bool = True


def first_limit(granted: int, *, answer: AdvanceAnswer, source_label: str) -> Limit:
    """The first advance of one source (TT 36/2013 Đ13; ceiling TTLT 26/2014 Đ8.2b)."""
    ratio = answer.ceiling if answer.first is None else answer.first
    if ratio is None:
        return Limit(
            None, _("Chưa có quy định về tỷ lệ tạm ứng của tỉnh trong hệ thống; theo hợp đồng."), verified=False
        )
    amount = at_most(granted, ratio)
    told = _("%(percent)s%% × %(granted)s = %(amount)s triệu đồng (%(source)s; %(citation)s).") % {
        "percent": _percent(ratio),
        "granted": million(granted),
        "amount": million(amount),
        "source": source_label,
        "citation": answer.citation if answer.ratio is not None else answer.ceiling_basis.citation,
    }
    if answer.ratio is None:
        told += " " + _("Chưa có quy định về tỷ lệ tạm ứng trong hệ thống nên lấy mức trần chung.")
    elif answer.ceiling is not None and ratio < answer.ratio:
        told += " " + _("Không quá %(percent)s%% trước nghiệm thu (%(citation)s).") % {
            "percent": _percent(answer.ceiling),
            "citation": answer.ceiling_basis.citation,
        }
    return Limit(amount, told, verified=answer.is_verified)


def ceiling_before_acceptance(granted: int, *, answer: AdvanceAnswer) -> Limit:
    """All that may be paid before acceptance (TTLT 26/2014 Đ8.2b and what came after)."""
    if answer.ceiling is None:
        return Limit(None, _("Chưa có quy định về mức trần tạm ứng trong hệ thống; theo hợp đồng."), verified=False)
    return Limit(
        at_most(granted, answer.ceiling),
        _("Trước nghiệm thu không quá %(percent)s%% × %(granted)s = %(amount)s triệu đồng (%(citation)s).")
        % {
            "percent": _percent(answer.ceiling),
            "granted": million(granted),
            "amount": million(at_most(granted, answer.ceiling)),
            "citation": answer.ceiling_basis.citation,
        },
        verified=answer.ceiling_basis.is_verified,
    )


def volume_missing(done: int | None, *, total: int, answer: AdvanceAnswer) -> str:
    """Why the volume does not yet open the first advance; empty where it does (over 50 % or 70 % of the investment)."""
    if answer.volume is None:
        return ""
    needed = share(total, answer.volume)
    if done is not None and done > needed:
        return ""
    told = (
        _(
            "Khối lượng đã thực hiện phải trên %(percent)s%% tổng vốn đầu tư, tức trên %(needed)s đồng; Sở chưa xác nhận báo cáo "
            "tháng nào (%(citation)s)."
        )
        if done is None
        else _(
            "Khối lượng đã thực hiện phải trên %(percent)s%% tổng vốn đầu tư, tức trên %(needed)s đồng; báo cáo Sở xác nhận ghi "
            "%(done)s đồng (%(citation)s)."
        )
    )
    return told % {
        "percent": _percent(answer.volume),
        "needed": dong(needed),
        "done": dong(done or 0),
        "citation": answer.citation,
    }


def kind_of_next(*, paid_before: bool, accepted: bool, only_after: bool = False) -> AdvanceKind:
    """First, further, or the remainder after acceptance (TT 36/2013 Đ13, Đ15, Đ14).

    ``only_after``: a kind of which the whole is advanced once, after acceptance (Đ13.3, Đ15.1).
    """
    if only_after and not paid_before:
        return AdvanceKind.FIRST
    if accepted:
        return AdvanceKind.REMAINDER
    return AdvanceKind.FURTHER if paid_before else AdvanceKind.FIRST


def seats_wrong(
    seats: Sequence[Seat],
    *,
    chair: Authority,
    chair_ids: Sequence[int],
    implementer_id: int,
    beneficiary_id: int | None,
    force_majeure: bool = False,
) -> str:
    """Why these people cannot accept this work; empty where they can (TT 36/2013 Đ21.1, Đ23.5).

    ``chair``: whom the law of the day names to chair, ``chair_ids`` the bodies that this is.  What was done before force
    majeure is confirmed by the chair and the commune (Đ18.4); others may be there.
    """
    if any(not seat.name.strip() for seat in seats):
        return _("Mỗi thành phần nghiệm thu phải có họ tên.")
    chairs = [seat for seat in seats if seat.role == SeatRole.CHAIR]
    if len(chairs) != 1:
        return _("Biên bản nghiệm thu phải có đúng một người chủ trì.")
    if chairs[0].organisation_id == implementer_id:
        return _("Đơn vị thực hiện không được chủ trì nghiệm thu đề án của mình (%(article)s).") % {
            "article": chair.citation
        }
    if chairs[0].organisation_id not in chair_ids:
        return _("%(body)s chủ trì nghiệm thu cơ sở (%(article)s).") % {"body": chair.body, "article": chair.citation}
    present = {seat.role for seat in seats}
    wanted = [SeatRole.COMMUNE] if force_majeure else [SeatRole.CENTRE, SeatRole.COMMUNE]
    if beneficiary_id is not None:
        wanted.append(SeatRole.BENEFICIARY)
    missing = [str(role.label) for role in wanted if role not in present]
    if missing:
        return _("Thiếu thành phần nghiệm thu: %(missing)s.") % {"missing": ", ".join(missing)}
    if beneficiary_id is not None and beneficiary_id not in {
        seat.organisation_id for seat in seats if seat.role == SeatRole.BENEFICIARY
    }:
        return _("Thành phần của đơn vị thụ hưởng phải là cơ sở được nghiệm thu.")
    return ""


def least_counterpart(support: int, *, approved_support: int, approved_counterpart: int) -> int:
    """How much of its own a beneficiary promises at least beside this support, by the share approved for it; đồng.  Less
    support asks for less in proportion, the same support for all of it."""
    if support <= 0 or approved_support <= 0:
        return 0
    return -(-support * approved_counterpart // approved_support)  # up: never below the approved share


@dataclass(frozen=True, slots=True)
class Due:
    """What the State finally pays, by source, and the arithmetic of it."""

    national: int
    local: int
    sentence: str

    @property
    def state(self) -> int:
        return self.national + self.local


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted of the State's part and of the counterpart's, đồng; ``forced``: force majeure ended the work.  ``basis``:
    where it stands that nothing is paid beyond the volume (TT 36/2013 Đ12.6, Đ18.4)."""

    state: int
    counterpart: int
    forced: bool = False
    basis: str = ""


def counterpart_settled(spent: Mapping[str, int], accepted: Accepted | None) -> int:
    """What is settled of the counterpart, đồng: what the vouchers say, as far as it was ``accepted`` (TTLT 26/2014 Đ8.3b)."""
    paid = spent[Source.COUNTERPART]
    return paid if accepted is None else min(paid, accepted.counterpart)


def state_due(
    *,
    granted_national: int,
    granted_local: int,
    granted_total: int,
    spent: Mapping[str, int],
    percent: Decimal | None = None,
    accepted: Accepted | None = None,
) -> Due:
    """What is settled from state money, in đồng (TT 36/2013 Đ19; ADR 0011).  ``spent``: what the vouchers say, by source.

    Where others pay too (``granted_total`` beyond the grant) support is a share of the cost: the State pays of what was really
    spent, counterpart included as far as it was ``accepted``, the decision's own share or the norm's ``percent``, whichever is
    lower, never more than was granted; what is not due is taken from the sources in the proportion of the grant.  Where nobody
    else pays, each source pays what its vouchers prove, never more than was granted.  Beyond the State's part of what was
    accepted nothing is paid (Đ12.6, after force majeure Đ18.4).
    """
    told = ""
    if accepted is not None and spent[Source.COUNTERPART] > accepted.counterpart:
        told = _("Đối ứng kê %(spent)s đồng, chỉ tính %(accepted)s đồng đã nghiệm thu.") % {
            "spent": dong(spent[Source.COUNTERPART]),
            "accepted": dong(accepted.counterpart),
        }
        spent = {**spent, Source.COUNTERPART: counterpart_settled(spent, accepted)}
    due = _due(granted_national, granted_local, granted_total, spent, percent)
    told = f"{told} {due.sentence}".strip()
    if accepted is None or due.state <= accepted.state:
        return replace(due, sentence=told)
    national = share(accepted.state, Decimal(due.national) / due.state)
    why = _(
        "Không quá khối lượng nhà nước đã nghiệm thu %(volume)s đồng%(forced)s%(basis)s; quyết toán %(volume)s đồng."
    )
    why %= {
        "volume": dong(accepted.state),
        "forced": " " + _("vì bất khả kháng") if accepted.forced else "",
        "basis": f" ({accepted.basis})" if accepted.basis else "",
    }
    return Due(national, accepted.state - national, f"{told} {why}")


def _due(
    granted_national: int, granted_local: int, granted_total: int, spent: Mapping[str, int], percent: Decimal | None
) -> Due:
    granted, spent_total = granted_national + granted_local, sum(spent.values())
    if granted_total <= granted or not granted:
        proved = {name: spent[name] for name in (Source.NATIONAL, Source.LOCAL)}
        national, local = min(granted_national, proved[Source.NATIONAL]), min(granted_local, proved[Source.LOCAL])
        return Due(
            national,
            local,
            _("Theo chứng từ: %(spent)s đồng, không quá mức được duyệt %(granted)s đồng; quyết toán %(due)s đồng.")
            % {"spent": dong(sum(proved.values())), "granted": dong(granted), "due": dong(national + local)},
        )
    decided = Decimal(granted) / granted_total
    by_norm = percent is not None and percent / 100 < decided
    ratio = percent / 100 if percent is not None and by_norm else decided
    entitled = at_most(spent_total, ratio)
    due = min(entitled, granted)
    national = share(due, Decimal(granted_national) / granted)
    facts = {
        "percent": _percent(ratio),
        "spent": dong(spent_total),
        "granted": dong(granted),
        "whole": dong(granted_total),
        "entitled": dong(entitled),
        "due": dong(due),
    }
    if by_norm:
        told = _("Theo định mức: %(percent)s%% × %(spent)s = %(entitled)s đồng") % facts
    else:
        told = _("Theo tỷ lệ của quyết định: %(spent)s × %(granted)s / %(whole)s = %(entitled)s đồng") % facts
    told += _("; không quá mức được duyệt %(granted)s đồng; quyết toán %(due)s đồng.") % facts
    if percent is None:
        told += " " + _("Chưa có định mức tỷ lệ trong hệ thống.")
    elif not by_norm and percent / 100 > decided:
        told += " " + _("Định mức %(norm)s%% cao hơn nên không dùng.") % {"norm": _percent(percent / 100)}
    return Due(national, due - national, told)


def settled_by(held: Mapping[Envelope, Balance], due: Due) -> list[tuple[Envelope, int, int]]:
    """Of what is due from each source how much each envelope of the project settles, the oldest first, and how much of what it
    has paid out is then too much; đồng."""
    left = {Source.NATIONAL: due.national, Source.LOCAL: due.local}
    found = []
    for envelope, own in held.items():
        source = source_of(envelope.level)
        amount = max(min(left[source], own.open), 0)
        left[source] -= amount
        found.append((envelope, amount, max(own.advanced - own.settled - amount, 0)))
    return found


def outside_year(on: date, *, years: Collection[int]) -> str:
    """Why a voucher of this day cannot be settled with the money of these budget years; empty where it can."""
    if on.year in years:
        return ""
    return _("chứng từ ngày %(day)s ngoài năm ngân sách %(years)s nên không quyết toán được.") % {
        "day": f"{on:%d/%m/%Y}",
        "years": ", ".join(str(year) for year in sorted(years)),
    }


SMALLEST_NOTE = 1_000  # đồng: who types millions or thousands into a column of đồng lands below it


def hardly(amount: int, *, whole: int) -> str:
    """The question to whoever enters a voucher of this amount, in đồng: is it typed in the unit that is asked for?  Empty for an
    amount that can be.  ``whole``: what all of the project costs."""
    facts = {"amount": dong(amount), "whole": dong(whole)}
    if amount > whole:
        told = _("số tiền %(amount)s đồng lớn hơn tổng kinh phí của cả đề án (%(whole)s đồng).") % facts
    elif amount < SMALLEST_NOTE:
        told = _("số tiền chỉ %(amount)s đồng.") % facts
    else:
        return ""
    return f"{told} " + _(
        "Có nhầm đơn vị tính (đồng, nghìn đồng, triệu đồng) không? Hãy sửa; nếu đúng, đánh dấu “Đã đối chiếu chứng từ gốc”."
    )


def beyond_grant(spent: Mapping[str, int], *, national: int, local: int) -> list[str]:
    """A sentence for each source of the State whose vouchers sum to more than it was granted, in đồng: it can be entered, for the
    spending was real, and is never settled."""
    told = _("%(source)s kê %(spent)s đồng, nhiều hơn số được duyệt %(granted)s đồng là %(more)s đồng; phần nhiều hơn không được "
             "quyết toán từ nguồn này.")  # fmt: skip
    return [
        told
        % {
            "source": source.label,
            "spent": dong(spent.get(source, 0)),
            "granted": dong(granted),
            "more": dong(spent.get(source, 0) - granted),
        }
        for source, granted in ((Source.NATIONAL, national), (Source.LOCAL, local))
        if spent.get(source, 0) > granted
    ]


def invoice_key(seller_tax_code: str, symbol: str, number: str) -> str:
    """The same invoice however it is typed: digits of the tax code, symbol without spaces, number without its noughts.

    Empty where the three do not name an invoice.
    """
    tax = "".join(mark for mark in seller_tax_code if mark.isdigit())
    count = "".join(number.split()).upper().lstrip("0")
    if not tax or not count:
        return ""
    return f"{tax}|{''.join(symbol.split()).upper()}|{count}"


def without_symbol(key: str) -> str:
    """The key of an invoice as it is where nobody wrote its symbol down; empty where there is no invoice."""
    return f"{key.partition('|')[0]}||{key.rpartition('|')[2]}" if key else ""


OtherVoucher = tuple[str, str, str, date, int, str]


def other_voucher(*, kind: str, number: str, content: str, on: date, amount: int, source: str) -> OtherVoucher:
    """What a voucher that is no invoice is compared by: its number where it has one, else what it was for."""
    count = "".join(number.split()).upper()
    return kind, count, "" if count else fold(" ".join(content.split())), on, amount, source


def runs_several_years(project: Project) -> bool:
    """Whether further advances by progress are open before acceptance (TT 36/2013 Đ15.2)."""
    if project.form == ProjectForm.FLAGSHIP:
        return True
    return bool(project.starts_on and project.ends_on and project.ends_on.year > project.starts_on.year)


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).normalize():f}".replace(".", ",")


def record_forms(project: Project) -> list[AcceptanceForm]:
    """The forms in which the acceptance of this project may be written: that of the ministry's agency for the nation's money alone,
    which it gives and accepts (TT 36/2013 Đ14, Đ19.2)."""
    return [form for form in AcceptanceForm if form != AcceptanceForm.C or project.level == Level.NATIONAL]
