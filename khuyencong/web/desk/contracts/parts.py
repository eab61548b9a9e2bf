"""What can be done now with one project's contracts, and the rows of its page."""

from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission as P
from khuyencong.authority.roles import RECORDABLE, holders
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.base.sentences import counted
from khuyencong.budgets import queries as budgets
from khuyencong.contracts import queries
from khuyencong.contracts.enums import AdvanceKind, AdvanceState, Verdict
from khuyencong.documents.enums import Fact, Stage
from khuyencong.documents.queries import missing
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, ProjectState
from khuyencong.projects.queries import shares_over
from khuyencong.web.common.parts import Offer
from khuyencong.web.desk.contracts import machines
from khuyencong.web.desk.contracts.parties import party
from khuyencong.web.desk.projects.parts import checks_of, whole_file

S = ProjectState
NEXT = {
    S.APPROVED: gettext_lazy("Giao nhiệm vụ"),
    S.ASSIGNED: gettext_lazy("Ký hợp đồng hỗ trợ, bắt đầu"),
    S.RUNNING: gettext_lazy("Nghiệm thu cơ sở"),
    S.ACCEPTED: gettext_lazy("Quyết toán"),
    S.SETTLED: gettext_lazy("Thanh lý hợp đồng"),
    S.LIQUIDATED: "",
    S.STOPPED: "",
}
ADVANCE_MARKS = {"requested": "wait", "confirmed": "run", "paid": "done", "refused": "stop"}
VERDICT_MARKS = {Verdict.PASSED: "done", Verdict.PARTIAL: "run", Verdict.FAILED: "stop"}


def may(user, project, permission: P) -> bool:
    """Whether this person may act here, himself or by recording a signed paper."""
    local = project.level != Level.NATIONAL
    if user.may(permission, place=project.place, body=project.implementer, local=local):
        return True
    return permission in RECORDABLE and user.may(P.PAPER_RECORD, place=project.place)


def not_his(user, project, permission: P) -> str:
    """Why making a contract, paying out, settling or ending is another's by the law of today."""
    return queries.not_the_named(user, project, permission, on=clock.today())


def own_beneficiaries(user, project) -> set[int] | None:
    """Whom this person may see here: None is everybody; an establishment sees itself."""
    if whole_file(user, project):
        return None
    own = project.beneficiaries.filter(establishment__organisation_id__in=user.scope().bodies)
    return set(own.values_list("pk", flat=True))


def _holders(permission: P, project) -> str:
    named = holders(permission, national=project.level == Level.NATIONAL)
    return _("Thuộc thẩm quyền: %(holders)s.") % {"holders": named}


class Deadlines:
    """The days of a list, each by the rows that bind its project; the rows of the law are read once, however many projects."""

    def __init__(self, today: date):
        self._today = today
        with norms.reading() as self._book:
            pass

    def of(self, project) -> date | None:
        """``due_on`` of a project of ``queries.with_figures``."""
        with norms.reading(beside=self._book):
            return due_on(project, accepted_on=project.accepted_on, carried=project.carried, on=self._today)


def due_on(project, *, accepted_on: date | None, carried: bool, on: date) -> date | None:
    """The day by which the next step of this project is due: of its list and of its page."""
    if project.state in (S.APPROVED, S.ASSIGNED, S.RUNNING):
        return project.ends_on
    if project.state == S.ACCEPTED and accepted_on is not None:
        return queries.settlement_due(project, last=accepted_on, on=on).last_day
    if project.state == S.SETTLED:
        return queries.liquidation_due(project, on=on, carried=carried).last_day
    return None


def due_of(project, file, positions, *, on: date) -> date | None:
    """The same from what the page of one project knows."""
    accepted = [acceptance.on for acceptance in file.acceptances if acceptance.verdict != Verdict.FAILED]
    carried = any(own.carried_out for own in positions.values())
    return due_on(project, accepted_on=max(accepted, default=None), carried=carried, on=on)


# ---- what can be done now ----


class Steps:
    """The steps of one project for one person, open ones first; the rows of the page take theirs from here too."""

    def __init__(self, user, project, file, *, on: date):
        self.user, self.project, self.file, self.on = user, project, file, on
        self.open: list[Offer] = []
        self.shut: list[Offer] = []
        self.positions = budgets.positions(project)
        self.orders = queries.orders_of(project, file)
        self.rights = {p: may(user, project, p) for p in P if p.value.split(".")[0] in RIGHTS}

    @cached_property
    def papers(self) -> dict[str, list]:
        """The checklists of the stages, asked once for steps and page."""
        facts = {Fact.FORCE_MAJEURE} if self.file.ended_by_force_majeure else set()
        facts |= {Fact.INVOICES_AGENCY} if queries.accepted_for_invoice(self.file.acceptances) else set()
        if self.project.state == S.ACCEPTED and self.on.year > self.project.year:
            carried = any(own.carried_out for own in self.positions.values())
            last_day = queries.liquidation_due(self.project, on=self.on, carried=carried).last_day
            facts |= {Fact.OVERDUE} if last_day is not None and self.on > last_day else set()
        return queries.papers_by_stage(self.project, on=self.on, facts=facts, beneficiaries=self.file.listed)

    def url(self, name: str, *args) -> str:
        return reverse(f"contracts:{name}", args=[self.project.pk, *args])

    def offer(self, permission: P, label: str, name: str, *args, why: str = "") -> None:
        """Open to who may, shut with the reason; to others the main steps say whose they are."""
        if not self.rights[permission]:
            self.shut.append(Offer(label, why=f"{why} {_holders(permission, self.project)}".strip()))
        elif why:
            self.shut.append(Offer(label, why=why))
        else:
            self.open.append(Offer(label, url=self.url(name, *args)))

    def mine(self, permission: P, label: str, name: str, *args, why: str = "") -> None:
        """As ``offer``, but nothing at all for who may not."""
        if self.rights[permission]:
            self.offer(permission, label, name, *args, why=why)

    def all(self) -> list[Offer]:
        """Every offer, in the order of the work."""
        state = self.project.state
        self._asked()
        if state == S.APPROVED:
            self._give()
        if state in (S.ASSIGNED, S.RUNNING):
            self._sign()
        if state == S.RUNNING:
            self._accept()
        if state in (S.ASSIGNED, S.RUNNING):
            self.mine(P.PROGRESS_REPORT, _("Báo cáo tiến độ tháng"), "report")
        if state == S.RUNNING and self.rights[P.PROGRESS_REPORT]:
            self.open += machines.to_write_down(self.project, self._not_accepted)
        if state in (S.ACCEPTED,):
            self._settle()
        if state == S.SETTLED:
            self._end()
        if state == S.STOPPED:
            self._give_back()
        if state in (S.STOPPED, S.SETTLED):
            self._recover()
        if state in (S.ASSIGNED, S.RUNNING, S.ACCEPTED, S.SETTLED):
            self._amend()
        if state in (S.ASSIGNED, S.RUNNING, S.ACCEPTED, S.SETTLED):
            self._advances()
        if state in (S.RUNNING, S.ACCEPTED):
            self.mine(P.VOUCHER_RECORD, _("Nhập bảng kê chứng từ"), "paste_vouchers")
        if state == S.RUNNING and self.rights[P.ACCEPT]:  # an exception: never what is offered first
            label = _("Nghiệm thu khối lượng đã làm (bất khả kháng)")
            self.open.append(Offer(label, url=self.url("accept_done"), quiet=True))
        return [*self.open, *self.shut]

    @cached_property
    def pays_for_the_agency(self) -> bool:
        """Whether this person pays out money that lies with the agency."""
        return not not_his(self.user, self.project, P.ADVANCE_PAY)

    def pays(self, advance) -> bool:
        """Whether this person writes down that the money of this advance left."""
        return self.rights[P.ADVANCE_PAY] and (advance.envelope.place is not None or self.pays_for_the_agency)

    def law(self, sentence, rule: Ground) -> str:
        """The reason with where its rule stands."""
        return norms.cited(sentence, rule, on=self.on, of=self.project)

    def _asked(self) -> None:
        """Advances that wait for this person, first: whoever is sent here finds it; a project that was stopped is paid no more."""
        for advance in self.file.advances if self.project.state in queries.UNDER_WAY else ():
            what = {"kind": advance.get_kind_display().lower(), "amount": million(advance.amount)}
            if advance.state == AdvanceState.REQUESTED:
                label = _("Xác nhận khối lượng: %(kind)s, %(amount)s triệu đồng") % what
                self.mine(P.VOLUME_CONFIRM, label, "confirm_advance", advance.pk)
            elif advance.state == AdvanceState.CONFIRMED:
                label = _("Ghi chuyển tiền: %(kind)s, %(amount)s triệu đồng") % what
                if self.pays(advance):
                    self.mine(P.ADVANCE_PAY, label, "pay_advance", advance.pk)

    def _give(self) -> None:
        selection = queries.selection_of(self.project, on=self.on)
        why = ""
        if selection.by_tender and not self.file.tenders:
            why = _("Phải có kết quả lựa chọn nhà thầu trước (%(citation)s).") % {"citation": selection.citation}
        if selection.by_tender or not selection.method:
            self.mine(P.TENDER_RECORD, _("Ghi kết quả lựa chọn nhà thầu"), "tender")
        named = not_his(self.user, self.project, P.ASSIGN)
        self.offer(P.ASSIGN, _("Giao nhiệm vụ, ký hợp đồng thực hiện"), "assign", why=f"{named} {why}".strip())
        self.shut.append(
            Offer(
                _("Ký hợp đồng hỗ trợ"),
                why=self.law(_("Mở khi đã giao nhiệm vụ cho đơn vị thực hiện."), Ground.TASK),
            )
        )

    def _sign(self) -> None:
        signed = {contract.beneficiary_id for contract in self.file.contracts}
        over = shares_over(self.project, [b for b in self.file.listed if b.approved_on], on=self.on)
        for beneficiary in self.file.listed:
            if beneficiary.pk in signed:
                continue
            label = _("Ký hợp đồng hỗ trợ: %(name)s") % {"name": beneficiary}
            why = over
            if beneficiary.approved_on is None:
                why = self.law(_("Sở chưa duyệt vào danh sách thụ hưởng, Mẫu 11."), Ground.GROUP_LIST)
            self.offer(P.CONTRACT_SIGN, label, "sign", beneficiary.pk, why=why)
        if not self.file.listed and self.project.state == S.ASSIGNED:
            why = ""
            if self.project.kind in HELPS_ESTABLISHMENTS:
                why = self.law(_("Chưa duyệt danh sách đơn vị thụ hưởng, Mẫu 11."), Ground.GROUP_LIST)
            self.offer(P.CONTRACT_SIGN, _("Bắt đầu thực hiện"), "begin", why=why)

    @cached_property
    def _not_accepted(self) -> list:
        """The support contracts that stand and have not passed."""
        passed = {a.beneficiary_id for a in self.file.acceptances if a.verdict != Verdict.FAILED}
        contracts = self.file.contracts
        return [c for c in contracts if c.beneficiary.removed_on is None and c.beneficiary_id not in passed]

    def _accept(self) -> None:
        accepted = {a.beneficiary_id for a in self.file.acceptances if a.verdict != Verdict.FAILED}
        standing = [c for c in self.file.contracts if c.beneficiary.removed_on is None]
        for contract in self._not_accepted:
            why = machines.not_yet(self.project, contract)
            early = {f"purchase:{purchase.pk}" for purchase in contract.purchases.all()}
            standing_orders = [order.sentence for order in self.orders if order.key in early and not order.cleared]
            if not why and standing_orders:
                why = _("%(order)s Cần người của Sở cho qua trước.") % {"order": standing_orders[0]}
            label = _("Lập biên bản nghiệm thu: %(name)s") % {"name": contract.beneficiary}
            self.offer(P.ACCEPT, label, "accept_one", contract.beneficiary_id, why=why)
        signed = {contract.beneficiary_id for contract in standing}
        unsigned = [str(b) for b in self.file.listed if b.approved_on and b.pk not in signed and b.pk not in accepted]
        if not self._not_accepted:
            why = _("Chưa ký hợp đồng hỗ trợ: %(names)s.") % {"names": ", ".join(unsigned)} if unsigned else ""
            self.offer(P.ACCEPT, _("Lập biên bản nghiệm thu cả đề án"), "accept", why=why)
        self.shut.append(Offer(_("Quyết toán"), why=self.law(_("Mở khi đã nghiệm thu cơ sở xong."), Ground.SETTLEMENT)))

    def _settle(self) -> None:
        lines = self.papers[Stage.SETTLEMENT]
        lacking = [line for line in missing(lines) if line.requirement.code != "settlement_table"]
        why = ""
        if lacking and not queries.ready_with_invoice(lines):
            papers = "; ".join(line.title for line in lacking)
            why = self.law(_("Thiếu giấy tờ: %(papers)s.") % {"papers": papers}, Ground.SETTLEMENT_DOSSIER)
        named = not_his(self.user, self.project, P.SETTLE)
        self.offer(P.SETTLE, _("Quyết toán"), "settle", why=f"{named} {why}".strip())

    def _give_back(self) -> None:
        for envelope, own in self.positions.items():
            if (left := own.surplus - self._demanded(envelope)) > 0:
                label = _("Nộp trả %(amount)s đồng") % {"amount": dong(left)}
                self.offer(P.SETTLE, label, "return_surplus", envelope.pk)

    def _demanded(self, envelope) -> int:
        """What decisions to recover still demand of this envelope's money, in đồng."""
        return sum(r.amount - r.received for r in self.file.recoveries if r.envelope_id == envelope.pk)

    def _recover(self) -> None:
        for envelope, own in self.positions.items():
            if (left := own.surplus - self._demanded(envelope)) > 0:
                label = _("Quyết định thu hồi %(amount)s đồng") % {"amount": dong(left)}
                self.mine(P.RECOVER, label, "order_recovery", envelope.pk)

    def _amend(self) -> None:
        """Contracts that do not say yet what the decisions say."""
        if self.file.assignment and queries.assignment_differs(self.file.assignment, self.project):
            why = not_his(self.user, self.project, P.ASSIGN)
            self.mine(P.ASSIGN, _("Ghi phụ lục hợp đồng thực hiện"), "amend_assignment", why=why)
        if self.project.state != S.RUNNING:
            return
        accepted = {a.beneficiary_id for a in self.file.acceptances if a.verdict != Verdict.FAILED}
        for contract in self.file.contracts:
            open_ = contract.beneficiary.removed_on is None and contract.beneficiary_id not in accepted
            differs = queries.support_differs(
                contract, assignment=self.file.assignment, appendices=self.file.appendices
            )
            if open_ and differs:
                label = _("Ghi phụ lục hợp đồng hỗ trợ: %(name)s") % {"name": contract.beneficiary}
                self.mine(P.CONTRACT_SIGN, label, "amend_support", contract.pk)

    def _end(self) -> None:
        whys = [named] if (named := not_his(self.user, self.project, P.LIQUIDATE)) else []
        self._give_back()
        for own in self.positions.values():
            if own.surplus:
                whys.append(_("Còn %(amount)s đồng tạm ứng thừa chưa nộp trả.") % {"amount": dong(own.surplus)})
            if own.settled > own.advanced:
                left = dong(own.settled - own.advanced)
                whys.append(_("Còn %(amount)s đồng đã quyết toán chưa chuyển.") % {"amount": left})
        self.offer(P.LIQUIDATE, _("Thanh lý hợp đồng"), "liquidate", why=" ".join(whys))

    def _advances(self) -> None:
        waiting = {
            a.envelope_id for a in self.file.advances if a.state in (AdvanceState.REQUESTED, AdvanceState.CONFIRMED)
        }
        reports = [report for report in self.file.reports if report.confirmed_on]
        if not self.rights[P.ADVANCE_REQUEST]:
            return
        for envelope, own in self.positions.items():
            if own.unpaid <= 0 or envelope.pk in waiting:
                continue
            room = queries.room(
                self.project,
                envelope=envelope,
                on=self.on,
                report=reports[-1] if reports else None,
                held=self.positions,
                assignment=self.file.assignment,
                acceptances=self.file.acceptances,
            )
            why = room.refusal
            if not why:
                stage = queries.STAGE_OF_ADVANCE.get(room.kind)
                lacking = missing(self.papers[stage]) if stage else []
                if lacking:
                    why = counted("Còn thiếu %(count)s giấy tờ: %(papers)s.", len(lacking)) % {
                        "count": len(lacking),
                        "papers": "; ".join(f"{line.title} ({line.cited})" for line in lacking),
                    }
                    if any(line.by_analogy for line in lacking):  # told once, not behind each of them
                        why += " " + _(
                            "Tỉnh chưa có quy định riêng trong hệ thống: danh mục của kinh phí quốc gia được áp dụng tương tự."
                        )
            label = _("Đề nghị %(kind)s, %(envelope)s") % {
                "kind": AdvanceKind(room.kind).label.lower(),
                "envelope": envelope,
            }
            if room.amount:
                label = _("Đề nghị %(kind)s, tới %(amount)s triệu đồng (%(envelope)s)") % {
                    "kind": AdvanceKind(room.kind).label.lower(),
                    "amount": million(room.amount),
                    "envelope": envelope,
                }
            self.mine(P.ADVANCE_REQUEST, label, "request_advance", envelope.pk, why=why)


RIGHTS = {"contract", "tender", "progress", "volume", "advance", "voucher"}


# ---- rows ----


def advance_rows(steps: Steps) -> list[dict]:
    """Each advance with what this person may do with it."""
    rows = []
    for advance in steps.file.advances:
        acts = []
        if advance.state == AdvanceState.REQUESTED and steps.rights[P.VOLUME_CONFIRM]:
            acts = [(_("Xác nhận"), "confirm_advance"), (_("Trả lại"), "refuse_advance")]
        if advance.state == AdvanceState.CONFIRMED and steps.pays(advance):
            acts = [(_("Ghi chuyển tiền"), "pay_advance"), (_("Trả lại"), "refuse_advance")]
        acts = acts if steps.project.state in queries.UNDER_WAY else acts[1:]
        acts = [(label, steps.url(name, advance.pk)) for label, name in acts]
        rows.append({"it": advance, "mark": ADVANCE_MARKS[advance.state], "acts": acts})
    return rows


def report_rows(steps: Steps) -> list[dict]:
    """Each monthly report: whether it came late, and where its volume is confirmed."""
    rows = []
    under_way = steps.project.state in (S.ASSIGNED, S.RUNNING)
    for report in steps.file.reports:
        waits = under_way and not report.confirmed_on
        confirm = steps.url("confirm_volume", report.pk) if waits and steps.rights[P.VOLUME_CONFIRM] else ""
        remove = steps.url("remove_report", report.pk) if waits and steps.rights[P.PROGRESS_REPORT] else ""
        rows.append({"it": report, "late": report.late, "confirm": confirm, "remove": remove})
    return rows


def _told(contract) -> dict | None:
    """What its beneficiary told last."""
    if contract.told_month is None:
        return None
    return {name: getattr(contract, f"told_{name}") for name in ("month", "year", "done", "files")}


def contract_rows(steps: Steps) -> list[dict]:
    """Each support contract with its party by the name of the day, its purchases, what its beneficiary last told, and its
    acceptance."""
    tries = sorted(
        steps.file.acceptances, key=lambda a: a.verdict != Verdict.FAILED
    )  # what passed stands, however dated
    accepted = {a.beneficiary_id: a for a in tries}
    running, scope = steps.project.state == S.RUNNING, steps.user.scope()
    rows = []
    for contract in steps.file.contracts:
        own = contract.beneficiary.establishment
        mine = running and (
            steps.rights[P.PROGRESS_REPORT]
            or steps.user.may(P.PROGRESS_REPORT_OWN, place=own.commune or own.province, body=own.organisation)
        )
        acceptance = accepted.get(contract.beneficiary_id)
        changes = mine and (acceptance is None or acceptance.verdict == Verdict.FAILED)
        rows.append(
            {
                "it": contract,
                "party": party(own, contract.party_then),
                "opens": own.lies_within(scope) or own.organisation_id in scope.bodies,
                "told": _told(contract),
                "acceptance": acceptance,
                "mark": VERDICT_MARKS[acceptance.verdict] if acceptance else "",
                "purchases": [
                    {
                        "it": p,
                        "deliver": steps.url("deliver", p.pk) if mine and p.delivered_on is None else "",
                        "remove": steps.url("remove_purchase", p.pk) if changes else "",
                    }
                    for p in contract.purchases.all()
                ],
                "buy": steps.url("purchase", contract.pk) if changes else "",
                "tell": steps.url("tell", contract.beneficiary_id) if mine else "",
            }
        )
    return rows


def may_clear(user, project) -> bool:
    """Whether this person may let an exception of a contract pass."""
    return user.may(P.PROJECT_APPRAISE, place=project.place) or (
        project.level == Level.NATIONAL and user.may(P.PROJECT_APPRAISE_MINISTRY, place=project.place)
    )


def twin_rows(user, project) -> list[dict]:
    """Machines and invoices supported before, projects cut in several: what this person may know of it, who let it pass and
    why, or where this person may; and what he should look at where no norm is loaded."""
    today = clock.today()
    found = [
        *projects.with_details(user, queries.twins_of(project)),
        *projects.splits_granted(project, on=today),
    ]
    may = bool(found) and may_clear(user, project)
    address = "contracts:clear_twin"
    rows = [
        {"it": one, "clear": reverse(address, args=[project.pk, one.key]) if may and not one.cleared else ""}
        for one in found
    ]
    return [*rows, *({"it": split, "clear": ""} for split in projects.splits_without_norm(project, on=today))]


def order_rows(steps: Steps) -> list[dict]:
    """Days in an order that cannot be: what is wrong, who let it pass and why, or where this person may."""
    may = may_clear(steps.user, steps.project)
    return [
        {"it": order, "clear": steps.url("clear_order", order.key) if may and not order.cleared else ""}
        for order in steps.orders
    ]


def recovery_rows(steps: Steps) -> list[dict]:
    """Each decision to recover with what has come, and where the rest is written down."""
    rows = []
    for recovery in steps.file.recoveries:
        owed = recovery.amount - recovery.received
        url = steps.url("receive_recovery", recovery.pk) if owed and steps.rights[P.SETTLE] else ""
        rows.append({"it": recovery, "owed": owed, "url": url, "late": bool(owed) and steps.on > recovery.due_on})
    return rows


def recover_links(steps: Steps) -> list[tuple[str, str]]:
    """Where a decision to recover settled money is written down: each source of an ended project, for who may."""
    if steps.project.state != S.LIQUIDATED or not steps.rights[P.RECOVER]:
        return []
    return [
        (str(envelope), steps.url("order_recovery", envelope.pk))
        for envelope, own in steps.positions.items()
        if own.settled > own.recovered
    ]


def money_rows(positions) -> list[dict]:
    """Each envelope of the project: promised, paid, settled, in đồng."""
    return [{"envelope": envelope, "own": own} for envelope, own in positions.items()]


def papers_of(lines, opens=None) -> dict:
    """A checklist with its count of what is missing; ``opens``: the papers that may be opened, None for all."""
    return {"checks": checks_of(lines, opens), "missing": len(missing(lines))}
