"""Lines of the voucher lists: entered all or none, taken out with a reason."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import VoucherKind
from khuyencong.contracts.models import Voucher
from khuyencong.contracts.operations.shared import allow, in_state, keep, locked, with_paper
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.organisations.rules import tax_code
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One line of a voucher list as it was typed or read, ``amount`` in đồng; ``where`` names its place (a row number), ``sure``
    that an amount which can hardly be was compared with the original."""

    on: date
    content: str
    amount: int
    source: str
    kind: str = VoucherKind.INVOICE
    symbol: str = ""
    number: str = ""
    seller: str = ""
    seller_tax_code: str = ""
    treasury_number: str = ""
    beneficiary: Beneficiary | None = None
    file: StoredFile | None = None
    where: str = ""
    sure: bool = False

    @property
    def source_label(self) -> str:
        return str(Source(self.source).label) if self.source in Source.values else self.source


@transaction.atomic
def add_vouchers(
    project: Project, *, rows: Sequence[VoucherRow], by: User, paper: Paper | None = None
) -> list[Voucher]:
    """Enter lines of the voucher lists (Mẫu 8a, 8b), all or none; ``paper``: the signed list, where there is one.

    A duplicate invoice (tax code, symbol, number), here or anywhere in the system, is named at once with the project that
    has it; one invoice that two sources pay together is two lines of the same project.  Refused: a voucher outside the
    budget years, before the contract, in the future, of nothing, or with a tax code whose check digit is wrong; asked again
    until somebody is ``sure``: one beyond the cost of the whole project, too small for a voucher, or, where it is no
    invoice, the same as a line that stands already.
    """
    project = locked(project)
    allow(by, Permission.VOUCHER_RECORD, project)
    in_state(project, ProjectState.RUNNING, ProjectState.ACCEPTED, act=_("Nhập bảng kê chứng từ"))
    if not rows:
        raise Invalid(rows=_("Bảng kê chưa có dòng nào."))
    if paper is not None:
        with_paper(paper, PaperKind.VOUCHER_LIST, project=project)
    faults = [
        f"{row.where or _('Dòng %(index)s') % {'index': index}}: {fault.sentence}"
        for index, (row, found) in enumerate(zip(rows, voucher_faults(project, rows=rows), strict=True), start=1)
        for fault in found
    ]
    if faults:
        raise Invalid(rows=" ".join(faults[:20]))
    made = []
    for row in rows:
        voucher = checked(
            Voucher(
                project=project,
                beneficiary=row.beneficiary,
                kind=row.kind,
                source=row.source,
                symbol=row.symbol.strip().upper(),
                number=row.number.strip(),
                on=row.on,
                seller=" ".join(row.seller.split()),
                seller_tax_code=tax_code(row.seller_tax_code),
                content=" ".join(row.content.split())[:400],
                amount=row.amount,
                key=_key(row),
                treasury_number=row.treasury_number.strip(),
                file=row.file,
                by=by,
            )
        )
        voucher.save()
        made.append(voucher)
    if paper is not None:
        keep(project, "vouchers", "vouchers_8a", "vouchers_8b", paper=paper, by=by, on=paper.signed_on)
    whole = queries.whole_cost(project)
    sure = [row.where for row in rows if row.sure and rules.hardly(row.amount, whole=whole)]
    amount = sum(voucher.amount for voucher in made)
    record("voucher.add", project, by=by, paper=paper, count=len(made), amount=amount, sure=sure)
    return made


@dataclass(frozen=True, slots=True)
class VoucherFault:
    """Why a row cannot stand in a list, and which of its facts is wrong."""

    fact: str
    sentence: str


def voucher_faults(project: Project, *, rows: Sequence[VoucherRow]) -> list[list[VoucherFault]]:
    """For each row all that keeps it from standing in this project's lists; nothing where it can.  Nothing is written: a preview
    asks this too.  A constant number of queries."""
    years = queries.budget_years(project)
    first_day = queries.first_contract_day(project)
    helped, whole = set(queries.helped(project).values_list("pk", flat=True)), queries.whole_cost(project)
    keys = [key for row in rows if (key := _key(row))]
    taken, near = queries.invoices_near(keys)
    like = _Like(keys, near)
    seen: dict[tuple[str, str], str] = {}
    standing = set() if all(map(_key, rows)) else queries.other_vouchers(project)
    faults: list[list[VoucherFault]] = []
    for index, row in enumerate(rows, start=1):
        where = row.where or _("Dòng %(index)s") % {"index": index}
        own = list(_faults(row, years=years, first_day=first_day, helped=helped, whole=whole))
        known = _duplicate(row, project=project, seen=seen, taken=taken, where=where) or like.fault(row)
        known = known or _twice(row, standing=standing)
        faults.append([*own, known] if known else own)
    return faults


def _key(row: VoucherRow) -> str:
    if row.kind != VoucherKind.INVOICE:
        return ""
    return rules.invoice_key(row.seller_tax_code, row.symbol, row.number)


def _faults(
    row: VoucherRow, *, years: Collection[int], first_day: date | None, helped: Collection[int], whole: int
) -> Iterator[VoucherFault]:
    """What is wrong with the facts of a row, one fault of each."""
    if row.amount <= 0:
        yield VoucherFault("amount", _("số tiền phải lớn hơn 0."))
    elif not row.sure and (asked := rules.hardly(row.amount, whole=whole)):
        yield VoucherFault("amount", asked)
    if not row.content.strip():
        yield VoucherFault("content", _("thiếu nội dung."))
    if row.source not in Source.values:
        yield VoucherFault("source", _("chưa rõ nguồn kinh phí."))
    if row.beneficiary is not None and row.beneficiary.pk not in helped:
        told = _("%(name)s không phải đơn vị thụ hưởng của đề án này.") % {"name": row.beneficiary}
        yield VoucherFault("beneficiary", told)
    if sentence := _wrong_day(row.on, years=years, first_day=first_day):
        yield VoucherFault("on", sentence)
    try:
        tax_code(row.seller_tax_code)
    except Invalid as refusal:
        yield VoucherFault("seller_tax_code", refusal.fields["tax_code"])
        return
    if row.kind == VoucherKind.INVOICE and not _key(row):
        fact = "number" if row.seller_tax_code.strip() else "seller_tax_code"
        yield VoucherFault(fact, _("hoá đơn phải có số và mã số thuế bên bán."))


def _wrong_day(on: date, *, years: Collection[int], first_day: date | None) -> str:
    if on > clock.today():
        return _("ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"}
    if sentence := rules.outside_year(on, years=years):
        return sentence
    if first_day is not None and on < first_day:
        told = _("ngày %(day)s trước ngày ký hợp đồng (%(first)s).")
        return told % {"day": f"{on:%d/%m/%Y}", "first": f"{first_day:%d/%m/%Y}"}
    return ""


def _duplicate(
    row: VoucherRow,
    *,
    project: Project,
    seen: dict[tuple[str, str], str],
    taken: dict[str, list[Voucher]],
    where: str,
) -> VoucherFault | None:
    if not (key := _key(row)):
        return None
    named = f"{row.symbol.strip().upper()} {row.number.strip()}".strip()
    if (key, row.source) in seen:
        told = _("hoá đơn %(invoice)s đã có ở %(where)s.")
        return VoucherFault("number", told % {"invoice": named, "where": seen[key, row.source]})
    seen[key, row.source] = where
    for other in taken.get(key, ()):
        if other.project_id != project.pk or other.source == row.source:
            told = _("hoá đơn %(invoice)s đã có trong đề án %(project)s.")
            return VoucherFault("number", told % {"invoice": named, "project": other.project.code})
    return None


class _Like:
    """Invoices of the same seller and number that nobody can tell apart, because one of them was written without its symbol: in
    the lists that stand (``near``), and in the one that is entered."""

    def __init__(self, keys: Sequence[str], near: Mapping[str, Sequence[Voucher]]) -> None:
        self._standing = near
        self._signed = {bare for key in keys if (bare := rules.without_symbol(key)) != key}

    def fault(self, row: VoucherRow) -> VoucherFault | None:
        if row.sure or not (key := _key(row)):
            return None
        bare = rules.without_symbol(key)
        others = [v for v in self._standing.get(bare, ()) if v.key != key and bare in (key, v.key)]
        beside = key == bare and bare in self._signed
        if not others and not beside:
            return None
        where = _("đề án %(project)s") % {"project": others[0].project.code} if others else _("chính bảng kê này")
        told = _(
            "%(where)s có hoá đơn cùng bên bán, cùng số %(number)s, một bên không ghi ký hiệu nên chưa biết có phải một hoá đơn. "
            "Hãy ghi ký hiệu; nếu là hoá đơn khác, đánh dấu “Đã đối chiếu chứng từ gốc”."
        )
        return VoucherFault("number", told % {"where": where, "number": row.number.strip()})


def _twice(row: VoucherRow, *, standing: set[rules.OtherVoucher]) -> VoucherFault | None:
    """A voucher that is no invoice has nothing that makes it one of its kind: what looks the same is asked about."""
    if _key(row):
        return None
    told = rules.other_voucher(
        kind=row.kind, number=row.number, content=row.content, on=row.on, amount=row.amount, source=row.source
    )
    known = told in standing
    standing.add(told)
    if not known or row.sure:
        return None
    sentence = _(
        "chứng từ này (%(name)s, ngày %(day)s, %(amount)s đồng) đã có trong bảng kê. Nếu là chứng từ khác, đánh dấu “Đã đối "
        "chiếu chứng từ gốc”."
    )
    named = row.number.strip() or " ".join(row.content.split())[:60]
    facts = {"name": named, "day": f"{row.on:%d/%m/%Y}", "amount": dong(row.amount)}
    return VoucherFault("number" if row.number.strip() else "content", sentence % facts)


@transaction.atomic
def remove_voucher(voucher: Voucher, *, reason: str, by: User) -> Voucher:
    """Take a line off the list before settlement; it stays readable with its reason in the journal."""
    project = locked(voucher.project)
    voucher = Voucher.objects.get(pk=voucher.pk)
    allow(by, Permission.VOUCHER_RECORD, project)
    in_state(project, ProjectState.RUNNING, ProjectState.ACCEPTED, act=_("Bỏ chứng từ"))
    if voucher.removed_at is not None:
        raise NotPossible(_("Chứng từ này đã bỏ khỏi bảng kê."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    voucher.removed_at = clock.now()
    voucher.save(update_fields=["removed_at"])
    record("voucher.remove", project, by=by, voucher=str(voucher), amount=voucher.amount, reason=reason.strip())
    return voucher
