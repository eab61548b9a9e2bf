"""Settlement by the money really spent, surplus given back, liquidation."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import position, positions, recoverable
from khuyencong.budgets.rules import source_of
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import RecoveryGround, Verdict
from khuyencong.contracts.models import Acceptance, Liquidation, Purchase, Settlement, SupportContract, Voucher
from khuyencong.contracts.operations.recoveries import demanded_of
from khuyencong.contracts.operations.shared import (
    allow,
    in_state,
    keep,
    locked,
    more_than_nothing,
    not_before,
    not_future,
    only_the_named,
    reason_where_late,
    with_paper,
)
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.models import Paper
from khuyencong.documents.queries import missing
from khuyencong.establishments.operations import record_supported_item
from khuyencong.establishments.rules import same_item
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Project
from khuyencong.projects.queries import last_step


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

    A support that is a share of the cost is paid as that share of all vouchers, counterpart included (Mẫu 8b); after force
    majeure never more than the volume that was accepted (Đ18.4).  The file
    is due within the days of Đ18.1 after the last acceptance; later ones need their reason.  What was advanced beyond it
    must be given back (``return_surplus``).  Raises NotAllowed for whom the law of the day does not name: national money is
    settled with the ministry's agency (TT 36/2013 Đ12.5, Đ18.2).
    """
    project = locked(project)
    allow(by, Permission.SETTLE, project, paper=paper)
    only_the_named(by, Permission.SETTLE, project, on=on)
    in_state(project, ProjectState.ACCEPTED, act=_("Quyết toán"))
    not_future(on)
    with_paper(paper, PaperKind.SETTLEMENT, project=project, on=on)
    last = queries.last_acceptance(project)
    if last is None:
        raise NotPossible(_("Đề án chưa có biên bản nghiệm thu cơ sở."))
    not_before(on, earlier=last.on, what=_("ngày nghiệm thu cuối cùng"))
    due = queries.settlement_due(project, last=last.on, on=on)
    told = _("Hồ sơ quyết toán phải xong trước hết ngày %(day)s (%(article)s). Hãy ghi lý do.")
    late_reason = reason_where_late(late_reason, on=on, due=due, told=told)
    if not with_invoice:
        keep(project, "settlement_table", paper=paper, by=by, on=on)
    _refuse_incomplete(project, with_invoice=with_invoice, on=on)
    count = queries.reckoning(project)
    if count.spent_total == 0:
        raise NotPossible(_("Bảng kê chứng từ còn trống nên chưa quyết toán được."))
    settled, surplus = _into_the_ledger(project, count.due, by=by, on=on, paper=paper)
    settlement = checked(
        Settlement(
            project=project,
            with_invoice=with_invoice,
            on=on,
            due_on=due.last_day or on,
            national=settled[Source.NATIONAL],
            local=settled[Source.LOCAL],
            counterpart=count.counterpart,
            other=count.spent[Source.OTHER],
            returned=surplus,
            explanation=count.due.sentence,
            late_reason=late_reason,
            paper=paper,
        )
    )
    settlement.save()
    projects.settle(project, by=by, on=on, paper=paper)
    _remember_supported(project, sum(settled.values()), by=by, on=on)
    sums = {"national": settlement.national, "local": settlement.local, "surplus": surplus}
    record("contract.settle", settlement, by=by, on=on, paper=paper, rule=count.due.sentence, late=late_reason, **sums)
    return settlement


def _refuse_incomplete(project: Project, *, with_invoice: bool, on: date) -> None:
    """No settlement without every paper of its own checklist, by what is true of this project on the day."""
    facts = queries.settlement_facts(project, with_invoice=with_invoice, on=on)
    if lacking := missing(queries.papers_for(project, stage=Stage.SETTLEMENT, on=on, facts=facts)):
        told = _("Chưa đủ hồ sơ quyết toán, thiếu: %(papers)s.")
        papers = "; ".join(str(line.title) for line in lacking)
        raise NotPossible(norms.cited(told % {"papers": papers}, Ground.SETTLEMENT_DOSSIER, on=on, of=project))


def _into_the_ledger(
    project: Project, due: rules.Due, *, by: User, on: date, paper: Paper
) -> tuple[dict[Source, int], int]:
    """Settle each envelope up to what it promised and give back what it promised too much: what was settled by source, and
    what was advanced beyond it; đồng."""
    settled = {Source.NATIONAL: 0, Source.LOCAL: 0}
    held, back = positions(project), 0
    for envelope, amount, surplus in rules.settled_by(held, due):
        own = held[envelope]
        settled[source_of(envelope.level)] += amount
        back += surplus
        if amount:
            budgets.settle(envelope, project=project, amount=amount, by=by, on=on, paper=paper)
        elif (free := own.committed - max(own.advanced, own.settled)) > 0:
            budgets.release(envelope, project=project, amount=free, by=by, on=on, paper=paper)
    return settled, back


def _remember_supported(project: Project, amount: int, *, by: User, on: date) -> None:
    """What the State paid for, at each establishment: later registrations, appraisals and advances ask this."""
    contracts = [c for c in queries.support_contracts(project) if c.beneficiary.removed_on is None]
    things: list[tuple[SupportContract, str, str, int]] = []
    invoices: list[str] = []
    vouchers = list(queries.vouchers(project).exclude(key=""))
    for contract in contracts:
        purchases = list(contract.purchases.all())
        bought = [(contract, p.item, p.serial, p.value) for p in purchases]
        things += bought or [(contract, contract.beneficiary.content or project.title, "", 1)]
        invoices += [_invoice(contract, p, vouchers) for p in purchases] or [_invoice(contract, None, vouchers)]
    amounts = _parts(_weights(project, contracts), things, amount)
    source = ", ".join(
        name for name, money in (("KCQG", project.granted_national), ("KCĐP", project.granted_local)) if money
    )
    for (contract, item, serial, _weight), invoice, value in zip(things, invoices, amounts, strict=True):
        if not value:
            continue  # nothing was paid for it
        record_supported_item(
            contract.beneficiary.establishment,
            item=item[:300],
            serial=serial,
            invoice=invoice,
            amount=value,
            source=source,
            on=on,
            by=by,
            project_uid=project.uid,
            project_label=str(project)[:420],
        )


def _invoice(contract: SupportContract, purchase: Purchase | None, vouchers: list[Voucher]) -> str:
    """The invoice of one purchase: that of its seller, among several the one that names the item; empty where it cannot be
    told which one it is."""
    mine = [v for v in vouchers if v.beneficiary_id in (None, contract.beneficiary_id)]
    if purchase is not None and purchase.seller_tax_code:
        mine = [v for v in mine if v.seller_tax_code == purchase.seller_tax_code]
    if purchase is not None and len({v.key for v in mine}) > 1:
        mine = [v for v in mine if same_item(v.content, purchase.item)]
    return queries.invoice_text(mine[0]) if len({v.key for v in mine}) == 1 else ""


def _weights(project: Project, contracts: list[SupportContract]) -> dict[int, int]:
    """How the settled sum falls on the contracts: by their support; after force majeure by what was accepted of each, what was
    confirmed for the whole in equal parts on those without an acceptance of their own."""
    if queries.volume_done(project) is None:
        return {contract.pk: contract.national + contract.local for contract in contracts}
    done: dict[int | None, int] = {}
    for row in Acceptance.objects.filter(project=project).exclude(verdict=Verdict.FAILED):
        done[row.beneficiary_id] = done.get(row.beneficiary_id, 0) + row.state_volume
    others = [contract for contract in contracts if contract.beneficiary_id not in done]
    rest = dict(zip([c.pk for c in others], _divided(done.get(None, 0), [1] * len(others)), strict=True))
    return {contract.pk: done.get(contract.beneficiary_id, rest.get(contract.pk, 0)) for contract in contracts}


def _parts(weights: dict[int, int], things: list[tuple[SupportContract, str, str, int]], amount: int) -> list[int]:
    """The settled sum over contracts by their weight, within each over what was bought by its value; nothing is lost."""
    values: list[int] = []
    for key, whole in zip(weights, _divided(amount, list(weights.values())), strict=True):
        values += _divided(whole, [weight for c, _item, _serial, weight in things if c.pk == key])
    return values


def _divided(amount: int, weights: list[int]) -> list[int]:
    """``amount`` đồng by weights; the last takes what rounding left."""
    total = sum(weights)
    parts = [amount * weight // total if total else 0 for weight in weights[:-1]]
    return [*parts, amount - sum(parts)] if weights else []


@transaction.atomic
def return_surplus(project: Project, *, envelope: Envelope, amount: int, by: User, on: date, paper: Paper) -> Project:
    """Money advanced beyond what was settled has gone back to the budget, by its voucher (TT 36/2013 Đ12.6); of a project
    that was stopped, all that had been advanced.  Raises Invalid for a day before it was settled or stopped, NotPossible for
    money that a decision to recover demands: that is received under the decision."""
    project = locked(project)
    allow(by, Permission.SETTLE, project, paper=paper)
    in_state(project, ProjectState.SETTLED, ProjectState.STOPPED, act=_("Nộp trả kinh phí thừa"))
    more_than_nothing(amount)
    not_future(on)
    with_paper(paper, PaperKind.RETURN_MONEY, project=project, on=on)
    ended = last_step(project, "settle" if project.state == ProjectState.SETTLED else "stop")
    if ended is not None:
        not_before(on, earlier=ended.on, what=_("ngày quyết toán hoặc ngừng đề án"))
    _refuse_demanded(project, envelope, amount, on=on)
    budgets.return_surplus(envelope, project=project, amount=amount, by=by, on=on, paper=paper)
    record("contract.return_surplus", project, by=by, on=on, paper=paper, amount=amount)
    return project


def _refuse_demanded(project: Project, envelope: Envelope, amount: int, *, on: date) -> None:
    """What a decision to recover demands of this source is received under it, not returned beside it."""
    demanded = demanded_of(project, envelope)
    on_account = demanded.get(RecoveryGround.SURPLUS, 0) + demanded.get(RecoveryGround.STOPPED, 0)
    free = min(
        position(envelope, project=project).surplus - on_account,
        recoverable(envelope, project=project) - sum(demanded.values()),
    )
    if any(demanded.values()) and amount > free:
        raise NotPossible(
            norms.cited(
                _(
                    "Quyết định thu hồi đang đòi %(demanded)s đồng ở nguồn %(envelope)s; hãy ghi tiền đã nộp theo quyết định đó."
                )
                % {"demanded": dong(sum(demanded.values())), "envelope": envelope},
                Ground.PAY_BACK,
                on=on,
                of=project,
            )
        )


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
    """End the contract (Mẫu 6), at the latest on the law's day of the next year (TT 36/2013 Đ18.2).

    Raises NotPossible while surplus is not given back or what was settled is not paid, Invalid for a day before the last of it;
    NotAllowed where the law of the day names another: national money is liquidated with the agency (Đ18.2).
    """
    project = locked(project)
    allow(by, Permission.LIQUIDATE, project, paper=paper)
    only_the_named(by, Permission.LIQUIDATE, project, on=on)
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
    last = Entry.objects.filter(project=project).order_by("on").last()
    if last is not None:
        not_before(on, earlier=last.on, what=_("bút toán cuối của đề án trong sổ kinh phí"))
    due = queries.liquidation_due(project, on=on)
    told = _("Thanh lý không được chậm quá ngày %(day)s (%(article)s). Hãy ghi lý do.")
    late_reason = reason_where_late(late_reason, on=on, due=due, told=told)
    if reconciliation is not None:
        with_paper(reconciliation, PaperKind.RECONCILIATION, project=project, on=on)
    projects.liquidate(project, by=by, on=on, paper=paper)
    liquidation = checked(
        Liquidation(
            project=project,
            on=on,
            due_on=due.last_day or on,
            paper=paper,
            reconciliation=reconciliation,
            late_reason=late_reason,
        )
    )
    liquidation.save()
    record("contract.liquidate", liquidation, by=by, on=on, paper=paper, late=late_reason)
    return liquidation
