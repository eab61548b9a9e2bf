"""A provincial machinery project from its draft to its liquidation, every đồng by the pages."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import position
from khuyencong.contracts.models import Advance, ProgressReport, Purchase, Settlement, SupportContract
from khuyencong.plans.models import OpinionRequest
from tests.journeys import steps
from tests.journeys.conftest import MILLION, at, day, nothing_contradicts

pytestmark = pytest.mark.slow


def test_a_machine_is_helped_from_the_draft_to_the_last_dong(land, people):
    project = the_file(land, people)
    the_tranche(land, people, project)
    the_contracts(land, people, project)
    the_first_advance(land, people, project)
    the_acceptance(land, people, project)
    the_end(land, people, project)

    for hand in (people.auditor, people.centre_officer, people.commune_officer, people.department_director):
        hand.reads(at("projects:page", project.pk))
        hand.reads(at("contracts:page", project.pk))
    assert "285" in people.auditor.reads(at("audit:trail", project.pk))
    nothing_contradicts()


def the_file(land, people):
    officer, director, appraiser = people.centre_officer, people.centre_director, people.appraiser

    # only the Centre writes its file; a stranger does not find it
    project = steps.begin(officer, land, title="Ứng dụng máy sấy trống quay trong chế biến cà phê")
    sending = director.signed(1, 20, no="12/TTKC")
    for hand in (people.commune_officer, people.accountant, people.auditor):
        hand.may_not(at("projects:parts", project.pk), **steps.PARTS)
    people.stranger.finds_nothing(at("projects:page", project.pk), at("projects:estimate", project.pk))
    director.is_refused(at("projects:submit", project.pk), "Chưa viết phần", **sending)

    # over the cap of the province's own line: 50 % of 640 is 320, but at most 300
    money = {"local": "310 triệu", "counterpart": "330 triệu"}
    helped = {"establishment": land.thang.pk, "content": "Máy sấy", "total": "640 triệu", **money}
    line = {"content": "Máy sấy trống quay", "unit": "máy", "quantity": "1", "unit_price": "640 triệu", **money}
    officer.is_refused(at("projects:add_beneficiary", project.pk), establishment="", content="Máy sấy")
    steps.write(officer, project, helped=helped, lines=[line])
    director.is_refused(at("projects:submit", project.pk), "300.000.000", **sending)

    # the counterpart forgotten, then as it should be
    who = project.beneficiaries.get().pk
    right = {"local": "300 triệu", "counterpart": "320 triệu"}
    whole = right | {"total": "620 triệu", "content": "Máy sấy"}
    officer.does(
        at("projects:change_beneficiary", project.pk, who), **whole | {"counterpart": "0", "total": "300 triệu"}
    )
    officer.does(at("projects:estimate", project.pk), **steps.table({"content": "Máy sấy", "local": "300 triệu"}))
    director.is_refused(at("projects:submit", project.pk), "đối ứng", **sending)
    officer.is_refused(at("projects:estimate", project.pk), **steps.table({"content": "", "local": "5"}))
    officer.does(at("projects:change_beneficiary", project.pk, who), **whole)
    officer.does(at("projects:estimate", project.pk), **steps.table(line | right | {"unit_price": "620 triệu"}))

    # signed and sent: by the director, on a day that has come, with its letter
    officer.may_not(at("projects:submit", project.pk), **sending)
    director.is_refused(at("projects:submit", project.pk), "tương lai", **sending | {"signed_on": day(11, 23)})
    director.is_refused(at("projects:submit", project.pk), number="", signed_on="", signer="", signer_title="")
    director.does(at("projects:submit", project.pk), **sending)
    officer.is_refused(at("projects:estimate", project.pk), status=(403,), **steps.table(line))

    # base appraisal: returned once, sent again, passed; not before the day on which it came
    judging = appraiser.signed(2, 2, no="07/PTĐ")
    director.may_not(at("projects:appraise", project.pk), **judging)
    people.finance_officer.may_not(at("projects:appraise", project.pk), **judging)
    appraiser.is_refused(at("projects:appraise", project.pk), "20/01/2026", **judging | {"signed_on": day(1, 10)})
    back = {"reason": "Bổ sung báo giá"} | appraiser.signed(1, 22, no="31/SCT")
    appraiser.is_refused(at("projects:return", project.pk), "hãy ghi hạn theo công văn", **back)
    appraiser.does(at("projects:return", project.pk), due_on=day(1, 29), **back)
    director.does(at("projects:submit", project.pk), **director.signed(1, 26, no="15/TTKC"))
    appraiser.does(at("projects:appraise", project.pk), **judging)
    appraiser.is_refused(at("projects:appraise", project.pk), "Thẩm định", status=(422, 403), **judging)
    project.refresh_from_db()
    assert (project.state, project.local, project.counterpart) == ("appraised", 300 * MILLION, 320 * MILLION)
    return project


def the_tranche(land, people, project):
    accountant, appraiser, director = people.accountant, people.appraiser, people.department_director
    finance, clerk, approver = people.finance_officer, people.registry_clerk, people.provincial_approver

    # money comes by a recorded budget decision alone, once
    people.centre_director.may_not(at("budgets:record_decision"), amount="900 triệu", **accountant.signed(1, 5))
    steps.given(accountant, land, amount="250 triệu", no="2588/QĐ-UBND")
    plan = steps.plan_of(appraiser, land)
    people.centre_director.may_not(at("plans:draft", plan.pk), kind="approve")
    people.stranger.finds_nothing(at("plans:page", plan.pk))
    decision = steps.drafted(appraiser, plan)
    appraiser.is_refused(at("plans:arrange", decision.pk), **steps.rank((project, {"local": "301"})))
    appraiser.does(at("plans:arrange", decision.pk), **steps.rank((project, {"local": "300"})))

    # opinion of Sở Tài chính with a deadline; nobody else answers for it
    asking = {"body": land.finance.pk, "on": day(2, 10), "due_on": day(2, 20), "question": "Cân đối nguồn"}
    appraiser.is_refused(at("plans:ask_opinion", decision.pk), **asking | {"due_on": day(2, 1)})
    appraiser.does(at("plans:ask_opinion", decision.pk), **asking)
    opinion = OpinionRequest.objects.get()
    answer = {"agreement": "agrees", "answer": "Thống nhất", **finance.signed(2, 15, no="88/STC")}
    appraiser.may_not(at("plans:give_opinion", decision.pk, opinion.pk), **answer)
    finance.is_refused(
        at("plans:give_opinion", decision.pk, opinion.pk), "tương lai", **answer | {"signed_on": day(12, 1)}
    )
    finance.does(at("plans:give_opinion", decision.pk, opinion.pk), **answer)

    # the chairman's decision, recorded by the clerk: neither before it was submitted nor beyond the envelope
    deciding = clerk.signed(
        3, 2, no="512/QĐ-UBND", signer="Trần Văn Lâm", signer_title="Phó Chủ tịch UBND tỉnh", total="300 triệu"
    )
    submitting = director.signed(2, 16, no="41/TTr-SCT")
    appraiser.may_not(at("plans:submit", decision.pk), **submitting)
    approver.is_refused(at("plans:submit", decision.pk), status=(403, 422), **submitting)
    director.is_refused(at("plans:submit", decision.pk), "thiếu", **submitting)  # 250 are given, 300 asked
    steps.given(accountant, land, amount="150 triệu", no="77/QĐ-UBND", on=(2, 12))
    director.does(at("plans:submit", decision.pk), **submitting)
    director.may_not(at("plans:approve", decision.pk), **deciding)
    clerk.is_refused(at("plans:approve", decision.pk), "tương lai", **deciding | {"signed_on": day(11, 25)})
    clerk.is_refused(at("plans:approve", decision.pk), **deciding | {"total": "310 triệu"})
    clerk.does(at("plans:approve", decision.pk), **deciding)
    approver.is_refused(at("plans:approve", decision.pk), status=(403, 422), **deciding | {"number": "513/QĐ-UBND"})

    project.refresh_from_db()
    envelope = Envelope.objects.get()
    assert (project.state, project.granted_local) == ("approved", 300 * MILLION)
    assert position(envelope, project=project).committed == 300 * MILLION


def the_contracts(land, people, project):
    director, officer, leader = people.centre_director, people.centre_officer, people.department_director
    helped = project.beneficiaries.get()

    # task before support contract, each by its own holder
    signing = {"local": "300 triệu", "counterpart": "320 triệu", **director.signed(3, 20, no="05/HĐHT")}
    director.is_refused(at("contracts:sign", project.pk, helped.pk), status=(422, 403), **signing)
    giving = {
        "form": "decision",
        "giver": land.department.pk,
        "ends_on": day(11, 30),
        **leader.signed(3, 10, no="64/QĐ-SCT"),
    }
    director.may_not(at("contracts:assign", project.pk), **giving)
    leader.is_refused(at("contracts:assign", project.pk), "02/03/2026", **giving | {"signed_on": day(3, 1)})
    leader.is_refused(at("contracts:assign", project.pk), "tương lai", **giving | {"signed_on": day(11, 30)})
    leader.does(at("contracts:assign", project.pk), **giving)
    leader.is_refused(at("contracts:assign", project.pk), **giving)
    officer.may_not(at("contracts:sign", project.pk, helped.pk), **signing)
    director.is_refused(at("contracts:sign", project.pk, helped.pk), **signing | {"local": "301 triệu"})
    director.does(at("contracts:sign", project.pk, helped.pk), **signing)
    contract = SupportContract.objects.get()

    # the establishment buys; only a new machine, and not before the contract
    buying = {"item": "Máy sấy trống quay 4 m³", "value": "620 triệu", "seller": "Cơ khí Tây Nguyên", "is_new": "on",
              "seller_tax_code": "0100233488", "bought_on": day(4, 1), "serial": "TQ-118"}  # fmt: skip
    people.commune_officer.may_not(at("contracts:purchase", project.pk, contract.pk), **buying)
    people.establishment.is_refused(
        at("contracts:purchase", project.pk, contract.pk), "mới", **{k: v for k, v in buying.items() if k != "is_new"}
    )
    people.establishment.is_refused(
        at("contracts:purchase", project.pk, contract.pk), "tương lai", **buying | {"bought_on": day(11, 23)}
    )
    people.establishment.does(at("contracts:purchase", project.pk, contract.pk), **buying)
    bought = Purchase.objects.get()
    officer.is_refused(at("contracts:deliver", project.pk, bought.pk), on=day(3, 30), serial="TQ-118")
    officer.does(at("contracts:deliver", project.pk, bought.pk), on=day(6, 20), serial="TQ-118")
    project.refresh_from_db()
    assert project.state == "running"


def the_first_advance(land, people, project):
    officer, accountant, appraiser = people.centre_officer, people.accountant, people.appraiser
    envelope = Envelope.objects.get()
    asking = {"amount": "210 triệu", **accountant.signed(6, 28, no="20/ĐN")}
    accountant.is_refused(at("contracts:request_advance", project.pk, envelope.pk), **asking)  # no volume yet

    # the beneficiary tells, the implementer reports, the department confirms
    people.establishment.does(at("contracts:tell", project.pk, project.beneficiaries.get().pk), month="2026-6",
                              done="435 triệu", note="Đã lắp đặt")  # fmt: skip
    reporting = {
        "month": "2026-6",
        "done": "435 triệu",
        "state_spent": "0",
        "counterpart_spent": "320 triệu",
        "sent_on": day(6, 24),
    }
    people.commune_officer.may_not(at("contracts:report", project.pk), **reporting)
    officer.is_refused(at("contracts:report", project.pk), "tương lai", **reporting | {"sent_on": day(11, 24)})
    officer.does(at("contracts:report", project.pk), **reporting)
    report = ProgressReport.objects.get()
    officer.may_not(at("contracts:confirm_volume", project.pk, report.pk), **appraiser.signed(6, 25))
    accountant.is_refused(at("contracts:request_advance", project.pk, envelope.pk), **asking | {"report": report.pk})
    appraiser.does(at("contracts:confirm_volume", project.pk, report.pk), **appraiser.signed(6, 25, no="210/SCT"))

    # 70 % of 300 is the most before acceptance: not one đồng more
    asking["report"] = report.pk
    accountant.is_refused(
        at("contracts:request_advance", project.pk, envelope.pk), "210", **asking | {"amount": "210.000.001"}
    )
    people.centre_director.reads(at("contracts:request_advance", project.pk, envelope.pk))
    appraiser.may_not(at("contracts:request_advance", project.pk, envelope.pk), **asking)
    accountant.does(at("contracts:request_advance", project.pk, envelope.pk), **asking)
    pay(people, project, Advance.objects.get(), month=6, number=30)
    assert position(envelope, project=project).advanced == 210 * MILLION


def pay(people, project, advance, *, month, number):
    """The department confirms, the accountant pays with the treasury's number: in this order."""
    accountant, appraiser = people.accountant, people.appraiser
    paying = {"treasury_number": f"KB-{advance.pk}", **accountant.signed(month, number, no=f"UNC-{advance.pk}")}
    accountant.is_refused(at("contracts:pay_advance", project.pk, advance.pk), **paying)
    accountant.may_not(at("contracts:confirm_advance", project.pk, advance.pk), **appraiser.signed(month, number))
    appraiser.does(
        at("contracts:confirm_advance", project.pk, advance.pk),
        **appraiser.signed(month, number, no=f"XN-{advance.pk}"),
    )
    appraiser.may_not(at("contracts:pay_advance", project.pk, advance.pk), **paying)
    accountant.is_refused(at("contracts:pay_advance", project.pk, advance.pk), **paying | {"treasury_number": ""})
    accountant.does(at("contracts:pay_advance", project.pk, advance.pk), **paying)
    accountant.is_refused(at("contracts:pay_advance", project.pk, advance.pk), **paying)


def the_acceptance(land, people, project):
    leader, helped = people.department_director, project.beneficiaries.get()
    place = at("contracts:accept_one", project.pk, helped.pk)
    sitting = {
        "form": "5a",
        "place": "Xưởng của HTX",
        "state_volume": "300 triệu",
        "counterpart_volume": "320 triệu",
        "verdict": "passed",
        "body_chair": land.department.pk,
        "name_chair": "Trần Thị Hoa",
        "body_centre": land.centre.pk,
        "name_centre": "Lê Minh",
        "body_commune": land.kly_committee.pk,
        "name_commune": "Y Bê Niê",
        "body_beneficiary": land.thang.organisation.pk,
        "name_beneficiary": "H'Linh Byă",
        **leader.signed(7, 10, no="03/BBNT"),
    }
    people.centre_director.may_not(place, **sitting)
    people.accountant.is_refused(at("contracts:settle", project.pk), **people.accountant.signed(7, 20, no="09/QT"))
    leader.is_refused(place, **sitting | {"body_chair": land.centre.pk})  # the implementer never chairs
    leader.is_refused(place, "tương lai", **sitting | {"signed_on": day(11, 23)})
    leader.is_refused(place, **sitting | {"signed_on": day(6, 19)})  # the machine came on the 20th
    leader.is_refused(place, **sitting | {"name_commune": ""})
    leader.does(place, **sitting)
    project.refresh_from_db()
    assert project.state == "accepted"

    # the remainder, no more than was committed
    envelope, accountant = Envelope.objects.get(), people.accountant
    asking = {"amount": "90 triệu", **accountant.signed(7, 12, no="25/ĐN")}
    accountant.is_refused(at("contracts:request_advance", project.pk, envelope.pk), **asking | {"amount": "90.000.001"})
    accountant.is_refused(at("contracts:request_advance", project.pk, envelope.pk), "Chưa đủ giấy tờ", **asking)
    steps.lay_papers(people.centre_officer, project, stage="remainder", on=(7, 11))
    accountant.does(at("contracts:request_advance", project.pk, envelope.pk), **asking)
    pay(people, project, Advance.objects.get(number=2), month=7, number=14)
    assert position(envelope, project=project).advanced == 300 * MILLION


def the_end(land, people, project):
    officer, accountant, leader = people.centre_officer, people.accountant, people.department_director
    envelope = Envelope.objects.get()

    # vouchers: 280 of the State's money and 309 of the counterpart were really spent
    invoice = {"kind": "invoice", "source": "local", "symbol": "1C26TTN", "number": "118", "on": day(6, 22), "amount": "280 triệu",
               "seller": "Cơ khí Tây Nguyên", "seller_tax_code": "0100233488", "content": "Máy sấy trống quay"}  # fmt: skip
    people.commune_officer.may_not(at("contracts:add_voucher", project.pk), **invoice)
    officer.is_refused(at("contracts:add_voucher", project.pk), **invoice | {"on": day(3, 1)})  # before the contract
    officer.does(at("contracts:add_voucher", project.pk), **invoice)
    officer.is_refused(at("contracts:add_voucher", project.pk), "118", **invoice)  # the same invoice twice
    officer.does(at("contracts:add_voucher", project.pk), **invoice | {"source": "counterpart", "amount": "309 triệu"})

    # settlement by the money really spent: 300 of 620 parts of 589, not the 300 that were paid, within fifteen days
    settling = accountant.signed(7, 24, no="09/QT")
    officer.may_not(at("contracts:settle", project.pk), **settling)
    accountant.is_refused(at("contracts:settle", project.pk), **settling | {"signed_on": day(8, 20)})  # late, no reason
    accountant.is_refused(
        at("contracts:settle", project.pk), **settling | {"signed_on": day(7, 1)}
    )  # before acceptance
    leader.is_refused(at("contracts:liquidate", project.pk), **leader.signed(8, 10, no="11/TL"))
    accountant.is_refused(at("contracts:settle", project.pk), "Chưa đủ hồ sơ quyết toán", **settling)
    steps.lay_papers(officer, project, stage="settlement", on=(7, 22))
    accountant.does(at("contracts:settle", project.pk), **settling)
    settlement = Settlement.objects.get()
    own = position(envelope, project=project)
    assert (own.settled, own.surplus) == (285 * MILLION, 15 * MILLION)

    # the surplus goes back, to the đồng, before liquidation
    returning = accountant.signed(7, 28, no="NT-01")
    leader.is_refused(at("contracts:liquidate", project.pk), **leader.signed(8, 10, no="11/TL"))
    accountant.is_refused(at("contracts:return_surplus", project.pk, envelope.pk), amount=own.surplus + 1, **returning)
    people.centre_officer.may_not(at("contracts:return_surplus", project.pk, envelope.pk), amount=1, **returning)
    accountant.does(at("contracts:return_surplus", project.pk, envelope.pk), amount=own.surplus, **returning)
    accountant.may_not(at("contracts:liquidate", project.pk), **leader.signed(8, 10))
    leader.does(at("contracts:liquidate", project.pk), **leader.signed(8, 10, no="11/TL"))
    leader.is_refused(at("contracts:liquidate", project.pk), **leader.signed(8, 11, no="12/TL"))
    officer.is_refused(at("contracts:add_voucher", project.pk), **invoice | {"number": "119"})
    project.refresh_from_db()
    assert project.state == "liquidated"
    assert position(envelope, project=project).surplus == 0
    assert settlement.project == project
