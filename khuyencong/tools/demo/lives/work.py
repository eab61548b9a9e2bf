"""The work: the task is given, contracts are signed, advances paid, reports sent, what was done accepted."""

from datetime import date, timedelta

from khuyencong.budgets.enums import EntryKind
from khuyencong.contracts import rules as contract_rules
from khuyencong.contracts.enums import AdvanceKind, AdvanceState, AssignmentForm, SeatRole, Verdict, VoucherKind
from khuyencong.contracts.models import (
    Acceptance,
    AcceptanceSeat,
    Advance,
    Assignment,
    ProgressReport,
    Purchase,
    SupportContract,
    Voucher,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import ProjectForm
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary
from khuyencong.tools.demo import names
from khuyencong.tools.demo.establishments import tax_code
from khuyencong.tools.demo.lives.files import name_helped, shares
from khuyencong.tools.demo.lives.life import Life, S
from khuyencong.tools.demo.stage import MILLION


def assign(life: Life, on: date) -> None:
    giver = life.year.place.bodies.agency if life.is_national else life.year.department
    by = life.year.place.agency if life.is_national else life.staff.department
    paper = life.paper(PaperKind.ASSIGNMENT, on, issuer=giver, suffix="HĐ-ĐCK" if life.is_national else "")
    life.year.step(life.project, "assign", S.ASSIGNED, on, by=by, paper=paper)
    life.assignment = life.year.rows.add(
        Assignment(
            project=life.project,
            form=AssignmentForm.CONTRACT if life.is_national else AssignmentForm.DECISION,
            giver=giver,
            implementer=life.project.implementer,
            paper=paper,
            signed_on=on,
            national=life.project.granted_national,
            local=life.project.granted_local,
            ends_on=life.project.ends_on,
        )
    )
    if life.project.form == ProjectForm.GROUP:
        listed = life.paper(PaperKind.GROUP_PLAN, on, issuer=life.year.department)
        name_helped(life, on, listed)
        note = "; ".join(e.name for e in life.helped)[:500]
        life.year.step(life.project, "beneficiaries", S.ASSIGNED, on, by=life.staff.department, paper=listed, note=note)


def begin(life: Life, on: date) -> None:
    paper = None
    for beneficiary in life.beneficiaries:
        paper = life.paper(PaperKind.SUPPORT_CONTRACT, on, issuer=life.project.implementer)
        contract = SupportContract(
            assignment=life.assignment,
            beneficiary=beneficiary,
            paper=paper,
            signed_on=on,
            national=beneficiary.national,
            local=beneficiary.local,
            counterpart=beneficiary.counterpart,
            ends_on=life.project.ends_on,
        )
        life.contracts.append(life.year.rows.add(contract))
    life.year.step(life.project, "begin", S.RUNNING, on, by=life.staff.director, paper=paper)
    life.begun_on = on


def advance(life: Life, kind: AdvanceKind, amount: int, on: date) -> None:
    if amount <= 0:
        return
    year = life.year
    request = life.paper(PaperKind.ADVANCE_REQUEST, on, issuer=life.project.implementer)
    payment = life.paper(PaperKind.PAYMENT_ORDER, on + timedelta(days=2), issuer=life.project.implementer)
    confirmation = life.paper(PaperKind.VOLUME_CONFIRMATION, on + timedelta(days=1), issuer=year.department)
    year.rows.add(
        Advance(
            project=life.project,
            number=1 if kind == AdvanceKind.FIRST else 2,
            kind=kind,
            envelope=life.envelope,
            amount=amount,
            state=AdvanceState.PAID,
            requested_on=on,
            request=request,
            confirmed_on=confirmation.signed_on,
            confirmation=confirmation,
            paid_on=payment.signed_on,
            payment=payment,
            treasury_number=f"KB{year.year % 100}-{year.papers:05d}",
        )
    )
    year.entry(
        life.envelope,
        EntryKind.ADVANCED,
        amount,
        payment.signed_on,
        paper=payment,
        by=life.staff.accountant,
        project=life.project,
    )
    life.advanced += amount


def reports(life: Life, since: date, until: date) -> None:
    """A report each month before the 25th, now and then a late one; the running month is still open."""
    total = life.project.total
    months = [(since.year, month) for month in range(since.month, until.month + 1)] if since.year == until.year else []
    for place, (year, month) in enumerate(months[:8], start=1):
        sent = date(year, month, 27 if life.year.rng.random() < 0.05 else 12 + place)
        if not since <= sent <= until or (year, month) == (life.year.today.year, life.year.today.month):
            continue
        life.year.moments.to(sent)
        life.year.rows.add(
            ProgressReport(
                project=life.project,
                year=year,
                month=month,
                sent_on=sent,
                done=total * place // (len(months) + 1),
                counterpart_spent=0,
                by=life.staff.officer,
            )
        )


def accept(life: Life, on: date) -> None:
    year, project = life.year, life.project
    reports(life, life.begun_on, on)
    advance(
        life, AdvanceKind.FIRST, life.granted * 6 // 10 // MILLION * MILLION, life.begun_on + (on - life.begun_on) / 2
    )
    paper = life.paper(PaperKind.ACCEPTANCE, on, issuer=year.department)
    done = life.contracts or [None]
    supports, own = shares(life.granted, len(done)), shares(project.granted_counterpart or 0, len(done))
    for contract, support, counterpart in zip(done, supports, own, strict=True):
        beneficiary = contract.beneficiary if contract else None
        if beneficiary:
            beneficiary.accepted_on = on
        if contract and project.machine_type:
            year.rows.add(
                Purchase(
                    support_contract=contract,
                    item=project.machine_type,
                    serial=f"SN-{project.code}-{len(life.papers)}",
                    seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                    seller_tax_code=tax_code(900_001),
                    value=contract.beneficiary.total,
                    signed_on=life.begun_on + timedelta(days=5),
                    delivered_on=on + timedelta(days=9 if life.disordered else -7),
                )
            )
        acceptance = year.rows.add(
            Acceptance(
                project=project,
                beneficiary=beneficiary,
                on=on,
                place=project.place_text,
                state_volume=support,
                counterpart_volume=counterpart,
                verdict=Verdict.PASSED,
                paper=paper,
                by=life.staff.department,
            )
        )
        _seats(life, acceptance, beneficiary)
    year.step(project, "accept", S.ACCEPTED, on, by=life.staff.department, paper=paper)
    _vouchers(life, on)


def _seats(life: Life, acceptance: Acceptance, beneficiary: Beneficiary | None) -> None:
    place, rng = life.year.place, life.year.rng
    seats = [(life.year.department, SeatRole.CHAIR), (life.project.implementer, SeatRole.CENTRE)]
    commune = life.project.commune
    if commune is not None:
        seats.append((place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune), SeatRole.COMMUNE))
    if beneficiary is not None:
        seats.append((beneficiary.establishment.organisation, SeatRole.BENEFICIARY))
    for body, role in seats:
        name = names.full(names.person(rng, province=place.province.code))
        life.year.rows.add(AcceptanceSeat(acceptance=acceptance, organisation=body, name=name, role=role))


def _vouchers(life: Life, accepted_on: date) -> None:
    """Two invoices a beneficiary or class: what the State pays for and what it does not."""
    project, year = life.project, life.year
    saved = 3 * MILLION if year.rng.random() < 0.15 else 0
    parts = [(Source.NATIONAL if life.is_national else Source.LOCAL, life.granted - saved)]
    if project.granted_counterpart:
        parts.append((Source.COUNTERPART, project.granted_counterpart))
    for source, amount in parts:
        year.serial += 1
        voucher = Voucher(
            project=project,
            beneficiary=life.beneficiaries[0] if len(life.beneficiaries) == 1 else None,
            kind=VoucherKind.INVOICE,
            source=source,
            symbol=f"1C{year.year % 100}TKC",
            number=f"{year.serial:08d}",
            on=accepted_on - timedelta(days=200 if life.disordered else year.rng.randrange(3, 10)),
            seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
            seller_tax_code=tax_code(900_001),
            content=project.machine_type or project.get_kind_display(),
            amount=amount,
            by=life.staff.accountant,
        )
        voucher.key = contract_rules.invoice_key(voucher.seller_tax_code, voucher.symbol, voucher.number)
        year.rows.add(voucher)
    life.proved = parts[0][1]
