"""The national way: the agency appraises, the Minister approves, the group's beneficiaries come later by Mẫu 11."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import position
from khuyencong.contracts.models import SupportContract
from tests.factories.establishments import EstablishmentFactory
from tests.journeys import steps
from tests.journeys.conftest import MILLION, at, day, nothing_contradicts

pytestmark = pytest.mark.slow


def test_a_group_is_approved_by_the_minister_and_its_members_by_the_department(land, people):
    project = the_file(land, people)
    the_approval(land, people, project)
    the_members(land, people, project)

    for hand in (people.auditor, people.ministry_agency, people.ministry_approver, people.centre_officer):
        hand.reads(at("projects:page", project.pk))
    people.stranger.finds_nothing(at("projects:page", project.pk), at("contracts:page", project.pk))
    nothing_contradicts()


def the_file(land, people):
    officer, director, leader = people.centre_officer, people.centre_director, people.department_director
    group = {"level": "national", "form": "group", "place_text": "Các xã của tỉnh Đắk Lắk", "commune": ""}

    # a national machinery group names place, beneficiary and machine at once; one for trademarks need not
    machines = steps.begin(officer, land, title="Nhóm máy sấy", **group)
    told = officer.reads(at("projects:checks", machines.pk))
    assert "phải nêu ngay khi thẩm định: đơn vị thụ hưởng, loại máy móc, thiết bị." in told
    project = steps.begin(
        officer, land, title="Xây dựng nhãn hiệu cho các HTX", kind="brand", norm_line="NHAN_HIEU", **group
    )
    money = {"national": "70 triệu", "counterpart": "70 triệu"}
    steps.write(officer, project, lines=[{"content": "Thiết kế, đăng ký nhãn hiệu", **money}])
    sending = director.signed(1, 20, no="14/TTKC")
    assert "Còn thiếu" in officer.reads(at("projects:checks", project.pk))
    steps.lay_papers(officer, project, stage="appraisal", on=(1, 12))
    director.does(at("projects:submit", project.pk), **sending)

    # base appraisal, registration with the agency, ministry appraisal: in this order, each by its own
    agency, appraiser = people.ministry_agency, people.appraiser
    registering, judging = leader.signed(2, 10, no="66/BC-SCT"), agency.signed(2, 25, no="19/CĐK")
    leader.is_refused(at("projects:register", project.pk), "trạng thái", **registering)
    appraiser.does(at("projects:appraise", project.pk), **appraiser.signed(2, 2, no="08/PTĐ"))
    agency.is_refused(at("projects:ministry_appraise", project.pk), "trạng thái", **judging)
    appraiser.may_not(at("projects:register", project.pk), **registering)
    leader.does(at("projects:register", project.pk), **registering)
    leader.may_not(at("projects:ministry_appraise", project.pk), **judging)
    agency.is_refused(at("projects:ministry_appraise", project.pk), "10/02/2026", **judging | {"signed_on": day(2, 1)})
    agency.does(at("projects:ministry_appraise", project.pk), **judging)
    project.refresh_from_db()
    assert (project.state, project.national) == ("ministry_appraised", 70 * MILLION)
    return project


def the_approval(land, people, project):
    agency, minister, leader = people.ministry_agency, people.ministry_approver, people.department_director
    steps.given(agency, land, amount="60 triệu", holder=land.agency, level="national", province=False,
                name="Kinh phí khuyến công quốc gia", no="100/QĐ-BCT")  # fmt: skip
    plan = steps.plan_of(agency, land, level="national")
    decision = steps.drafted(agency, plan)
    agency.does(at("plans:arrange", decision.pk), **steps.rank((project, {"national": "70"})))

    submitting = agency.signed(3, 5, no="21/TTr-CĐK")
    deciding = minister.signed(3, 12, no="611/QĐ-BCT", total="70 triệu")
    agency.is_refused(at("plans:submit", decision.pk), "thiếu", **submitting)  # 60 are given, 70 asked
    steps.given(agency, land, amount="40 triệu", holder=land.agency, level="national", province=False,
                name="Kinh phí khuyến công quốc gia", no="101/QĐ-BCT", on=(3, 1))  # fmt: skip
    leader.may_not(at("plans:submit", decision.pk), **submitting)
    minister.is_refused(at("plans:approve", decision.pk), **deciding)  # nobody has submitted it
    agency.does(at("plans:submit", decision.pk), **submitting)
    for hand in (agency, leader, people.provincial_approver):
        hand.may_not(at("plans:approve", decision.pk), **deciding)
    minister.is_refused(at("plans:approve", decision.pk), "tương lai", **deciding | {"signed_on": day(12, 1)})
    minister.is_refused(at("plans:approve", decision.pk), **deciding | {"total": "71 triệu"})
    minister.does(at("plans:approve", decision.pk), **deciding)
    project.refresh_from_db()
    assert (project.state, project.granted_national) == ("approved", 70 * MILLION)
    assert position(Envelope.objects.get(), project=project).committed == 70 * MILLION


def the_members(land, people, project):
    officer, director, leader, agency = (
        people.centre_officer, people.centre_director, people.department_director, people.ministry_agency,
    )  # fmt: skip
    contract = {
        "form": "contract",
        "giver": land.agency.pk,
        "ends_on": day(11, 30),
        **agency.signed(3, 25, no="03/HĐ-CĐK"),
    }
    agency.is_refused(at("contracts:assign", project.pk), **contract | {"giver": land.department.pk})
    agency.does(at("contracts:assign", project.pk), **contract)

    # the list: within the grant, within the cap of the law, approved by the department before any support contract
    adding = at("projects:add_beneficiary", project.pk)
    half = {"content": "Nhãn hiệu", "national": "35 triệu", "counterpart": "35 triệu", "total": "70 triệu"}
    people.accountant.may_not(adding, establishment=land.thang.pk, **half)
    officer.is_refused(
        adding, "70.000.000", establishment=land.thang.pk, **half | {"national": "71 triệu", "total": "106 triệu"}
    )
    officer.does(adding, establishment=land.thang.pk, **half)
    member = project.beneficiaries.get()
    officer.is_refused(adding, establishment=land.thang.pk, **half)  # twice the same
    elsewhere = EstablishmentFactory()
    officer.is_refused(adding, establishment=elsewhere.pk, find=elsewhere.name, **half)
    officer.does(adding, establishment=land.xanh.pk, find="ea kar xanh", **half)

    signing = {"national": "35 triệu", "counterpart": "35 triệu", **director.signed(4, 10, no="01/HĐHT")}
    director.is_refused(at("contracts:sign", project.pk, member.pk), "Mẫu 11", **signing)
    approving = {"who": [b.pk for b in project.beneficiaries.all()], **leader.signed(4, 1, no="120/SCT")}
    director.may_not(at("projects:approve_beneficiaries", project.pk), **approving)
    leader.is_refused(at("projects:approve_beneficiaries", project.pk), **approving | {"who": []})
    leader.is_refused(
        at("projects:approve_beneficiaries", project.pk), "tương lai", **approving | {"signed_on": day(11, 29)}
    )
    leader.does(at("projects:approve_beneficiaries", project.pk), **approving)
    officer.is_refused(at("projects:remove_beneficiary", project.pk, member.pk), "đã được duyệt")
    director.is_refused(
        at("contracts:sign", project.pk, member.pk), "01/04/2026", **signing | {"signed_on": day(3, 31)}
    )
    director.does(at("contracts:sign", project.pk, member.pk), **signing)
    director.is_refused(at("contracts:sign", project.pk, member.pk), **signing)
    project.refresh_from_db()
    assert project.state == "running"
    assert SupportContract.objects.get().national == 35 * MILLION
