"""Vouchers, settlement by the money really spent, surplus given back, liquidation."""

from collections.abc import Collection, Sequence
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
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import positions
from khuyencong.budgets.rules import source_of
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import VoucherKind
from khuyencong.contracts.models import Liquidation, Settlement, SupportContract, Voucher
from khuyencong.contracts.operations.shared import allow, in_state, keep, locked, not_before, not_future, with_paper
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.documents.models import Paper
from khuyencong.documents.queries import missing
from khuyencong.establishments.operations import record_supported_item
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One line of a voucher list as it was typed or read, ``amount`` in đồng; ``where`` names its place (a row number)."""

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
    budget years, before the contract, in the future, or of nothing.
    """
    project = locked(project)
    allow(by, Permission.VOUCHER_RECORD, project)
    in_state(project, ProjectState.RUNNING, ProjectState.ACCEPTED, act=_("Nhập bảng kê chứng từ"))
    if not rows:
        raise Invalid(rows=_("Bảng kê chưa có dòng nào."))
    if paper is not None:
        with_paper(paper, PaperKind.VOUCHER_LIST, project=project)
    faults = [
        f"{row.where or _('Dòng %(index)s') % {'index': index}}: {fault}"
        for index, (row, fault) in enumerate(zip(rows, voucher_faults(project, rows=rows), strict=True), start=1)
        if fault
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
                seller_tax_code=row.seller_tax_code.strip(),
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
    record("voucher.add", project, by=by, paper=paper, count=len(made), amount=sum(voucher.amount for voucher in made))
    return made


def voucher_faults(project: Project, *, rows: Sequence[VoucherRow]) -> list[str]:
    """For each row why it cannot stand in this project's lists; empty where it can.  Nothing is written: a preview asks this
    too.  A constant number of queries."""
    years = queries.budget_years(project)
    first_day = queries.first_contract_day(project)
    helped = set(queries.helped(project).values_list("pk", flat=True))
    taken = queries.invoices_taken(key for row in rows if (key := _key(row)))
    seen: dict[tuple[str, str], str] = {}
    faults = []
    for index, row in enumerate(rows, start=1):
        where = row.where or _("Dòng %(index)s") % {"index": index}
        faults.append(
            _fault(row, years=years, first_day=first_day, helped=helped)
            or _duplicate(row, project=project, seen=seen, taken=taken, where=where)
        )
    return faults


def _key(row: VoucherRow) -> str:
    if row.kind != VoucherKind.INVOICE:
        return ""
    return rules.invoice_key(row.seller_tax_code, row.symbol, row.number)


def _fault(row: VoucherRow, *, years: Collection[int], first_day: date | None, helped: Collection[int]) -> str:
    if row.amount <= 0:
        return _("số tiền phải lớn hơn 0.")
    if not row.content.strip():
        return _("thiếu nội dung.")
    if row.source not in Source.values:
        return _("chưa rõ nguồn kinh phí.")
    if row.beneficiary is not None and row.beneficiary.pk not in helped:
        return _("%(name)s không phải đơn vị thụ hưởng của đề án này.") % {"name": row.beneficiary}
    if row.on > clock.today():
        return _("ngày %(day)s chưa tới.") % {"day": f"{row.on:%d/%m/%Y}"}
    if sentence := rules.outside_year(row.on, years=years):
        return sentence
    if first_day is not None and row.on < first_day:
        return _("ngày %(day)s trước ngày ký hợp đồng (%(first)s).") % {
            "day": f"{row.on:%d/%m/%Y}",
            "first": f"{first_day:%d/%m/%Y}",
        }
    if row.kind == VoucherKind.INVOICE and not _key(row):
        return _("hoá đơn phải có số và mã số thuế bên bán.")
    return ""


def _duplicate(
    row: VoucherRow,
    *,
    project: Project,
    seen: dict[tuple[str, str], str],
    taken: dict[str, list[Voucher]],
    where: str,
) -> str:
    if not (key := _key(row)):
        return ""
    named = f"{row.symbol.strip().upper()} {row.number.strip()}".strip()
    if (key, row.source) in seen:
        return _("hoá đơn %(invoice)s đã có ở %(where)s.") % {"invoice": named, "where": seen[key, row.source]}
    seen[key, row.source] = where
    for other in taken.get(key, ()):
        if other.project_id != project.pk or other.source == row.source:
            return _("hoá đơn %(invoice)s đã có trong đề án %(project)s.") % {
                "invoice": named,
                "project": other.project.code,
            }
    return ""


@transaction.atomic
def remove_voucher(voucher: Voucher, *, reason: str, by: User) -> Voucher:
    """Take a line off the list before settlement; it stays readable with its reason in the journal."""
    voucher = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    project = locked(voucher.project)
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


@transaction.atomic
def settle(
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper,
    with_invoice: bool = False,
    late_reason: str = "",
) -> Settlement:
    """Settle by the money really spent (TT 36/2013 Đ18, Đ19); what was promised and not needed goes back at once.

    A support that is a share of the cost is paid as that share of all vouchers, counterpart included (Mẫu 8b).  The file
    is due within the days of Đ18.1 after the last acceptance; later ones need their reason.  What was advanced beyond it
    must be given back (``return_surplus``).
    """
    project = locked(project)
    allow(by, Permission.SETTLE, project, paper=paper)
    in_state(project, ProjectState.ACCEPTED, act=_("Quyết toán"))
    not_future(on)
    with_paper(paper, PaperKind.SETTLEMENT, project=project, on=on)
    last = queries.last_acceptance(project)
    if last is None:
        raise NotPossible(_("Đề án chưa có biên bản nghiệm thu cơ sở."))
    not_before(on, earlier=last.on, what=_("ngày nghiệm thu cuối cùng"))
    due_on = queries.settlement_due(project, last=last.on, on=on)
    if due_on is not None and on > due_on and not late_reason.strip():
        raise Invalid(
            late_reason=_(
                "Hồ sơ quyết toán phải xong trước hết ngày %(day)s (khoản 1 Điều 18 TT 36/2013/TT-BCT). Hãy ghi lý do."
            )
            % {"day": f"{due_on:%d/%m/%Y}"}
        )
    if with_invoice:
        facts = {Fact.INVOICES_AGENCY}
    else:
        facts = set()
        keep(project, "settlement_table", paper=paper, by=by, on=on)
    last_day = queries.liquidation_due(project, on=on)
    if last_day is not None and on > last_day:
        facts.add(Fact.OVERDUE)
    lacking = missing(queries.papers_for(project, stage=Stage.SETTLEMENT, on=on, facts=facts))
    if lacking:
        raise NotPossible(
            _("Chưa đủ hồ sơ quyết toán (Điều 19 TT 36/2013/TT-BCT), thiếu: %(papers)s.")
            % {"papers": "; ".join(str(line.title) for line in lacking)}
        )
    count = queries.reckoning(project)
    if count.spent_total == 0:
        raise NotPossible(_("Bảng kê chứng từ còn trống nên chưa quyết toán được."))
    settled = {Source.NATIONAL: 0, Source.LOCAL: 0}
    left = {Source.NATIONAL: count.due.national, Source.LOCAL: count.due.local}
    surplus = 0
    for envelope, own in positions(project).items():
        source = source_of(envelope.level)
        amount = min(left[source], own.open)
        left[source] -= max(amount, 0)
        if amount > 0:
            budgets.settle(envelope, project=project, amount=amount, by=by, on=on, paper=paper)
            settled[source] += amount
        elif own.committed > max(own.advanced, own.settled):
            free = own.committed - max(own.advanced, own.settled)
            budgets.release(envelope, project=project, amount=free, by=by, on=on, paper=paper)
        surplus += max(own.advanced - own.settled - max(amount, 0), 0)
    settlement = checked(
        Settlement(
            project=project,
            with_invoice=with_invoice,
            on=on,
            due_on=due_on or on,
            national=settled[Source.NATIONAL],
            local=settled[Source.LOCAL],
            counterpart=count.spent[Source.COUNTERPART],
            other=count.spent[Source.OTHER],
            returned=surplus,
            explanation=count.due.sentence,
            late_reason=late_reason.strip(),
            paper=paper,
        )
    )
    settlement.save()
    projects.settle(project, by=by, on=on, paper=paper)
    _remember_supported(project, sum(settled.values()), by=by, on=on)
    record(
        "contract.settle",
        settlement,
        by=by,
        on=on,
        paper=paper,
        national=settled[Source.NATIONAL],
        local=settled[Source.LOCAL],
        surplus=surplus,
        rule=count.due.sentence,
        late=late_reason.strip(),
    )
    return settlement


def _remember_supported(project: Project, amount: int, *, by: User, on: date) -> None:
    """What the State paid for, at each establishment: later registrations, appraisals and advances ask this."""
    contracts = [c for c in queries.support_contracts(project) if c.beneficiary.removed_on is None]
    things: list[tuple[SupportContract, str, str, int]] = []
    for contract in contracts:
        bought = [(contract, p.item, p.serial, p.value) for p in contract.purchases.all()]
        things += bought or [(contract, contract.beneficiary.content or project.title, "", 1)]
    amounts = _parts(contracts, things, amount)
    source = ", ".join(
        name for name, money in (("KCQG", project.granted_national), ("KCĐP", project.granted_local)) if money
    )
    for (contract, item, serial, _weight), value in zip(things, amounts, strict=True):
        record_supported_item(
            contract.beneficiary.establishment,
            item=item[:300],
            serial=serial,
            amount=value,
            source=source,
            on=on,
            by=by,
            project_uid=project.uid,
            project_label=str(project)[:420],
        )


def _parts(
    contracts: list[SupportContract], things: list[tuple[SupportContract, str, str, int]], amount: int
) -> list[int]:
    """The settled sum over contracts by their support, within each over what was bought by its value; nothing is lost."""
    shares = _divided(amount, [c.national + c.local for c in contracts])
    values: list[int] = []
    for contract, whole in zip(contracts, shares, strict=True):
        values += _divided(whole, [weight for c, _item, _serial, weight in things if c.pk == contract.pk])
    return values


def _divided(amount: int, weights: list[int]) -> list[int]:
    """``amount`` đồng by weights; the last takes what rounding left."""
    total = sum(weights)
    parts = [amount * weight // total if total else 0 for weight in weights[:-1]]
    return [*parts, amount - sum(parts)] if weights else []


@transaction.atomic
def return_surplus(project: Project, *, envelope: Envelope, amount: int, by: User, on: date, paper: Paper) -> Project:
    """Money advanced beyond what was settled has gone back to the budget, by its voucher (TT 36/2013 Đ12.6); of a project
    that was stopped, all that had been advanced."""
    project = locked(project)
    allow(by, Permission.SETTLE, project, paper=paper)
    in_state(project, ProjectState.SETTLED, ProjectState.STOPPED, act=_("Nộp trả kinh phí thừa"))
    if amount <= 0:
        raise Invalid(amount=_("Số tiền phải lớn hơn 0."))
    not_future(on)
    with_paper(paper, PaperKind.RETURN_MONEY, project=project, on=on)
    budgets.return_surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper)
    record("contract.return_surplus", project, by=by, on=on, paper=paper, amount=amount)
    return project


@transaction.atomic
def liquidate(
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper,
    reconciliation: Paper | None = None,
    late_reason: str = "",
) -> Liquidation:
    """End the contract (Mẫu 6), at the latest on the law's day of the next year (22/01, TT 36/2013 Đ18.2).

    Raises NotPossible while surplus is not given back or what was settled is not paid.
    """
    project = locked(project)
    allow(by, Permission.LIQUIDATE, project, paper=paper)
    in_state(project, ProjectState.SETTLED, act=_("Thanh lý hợp đồng"))
    for envelope, own in positions(project).items():
        if own.surplus:
            raise NotPossible(
                _("Còn %(amount)s đồng tạm ứng thừa chưa nộp trả (%(envelope)s).")
                % {"amount": dong(own.surplus), "envelope": envelope}
            )
        if own.settled > own.advanced:
            raise NotPossible(
                _("Còn %(amount)s đồng đã quyết toán chưa chuyển cho đơn vị thực hiện (%(envelope)s).")
                % {"amount": dong(own.settled - own.advanced), "envelope": envelope}
            )
    due_on = queries.liquidation_due(project, on=on)
    if due_on is not None and on > due_on and not late_reason.strip():
        raise Invalid(
            late_reason=_(
                "Thanh lý không được chậm quá ngày %(day)s (khoản 2 Điều 18 TT 36/2013/TT-BCT). Hãy ghi lý do."
            )
            % {"day": f"{due_on:%d/%m/%Y}"}
        )
    if reconciliation is not None:
        with_paper(reconciliation, PaperKind.RECONCILIATION, project=project)
    projects.liquidate(project, by=by, on=on, paper=paper)
    liquidation = checked(
        Liquidation(
            project=project,
            on=on,
            due_on=due_on or on,
            paper=paper,
            reconciliation=reconciliation,
            late_reason=late_reason.strip(),
        )
    )
    liquidation.save()
    record("contract.liquidate", liquidation, by=by, on=on, paper=paper, late=late_reason.strip())
    return liquidation
