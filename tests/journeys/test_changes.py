"""What was approved is changed and stopped, each by the authority that the norms name for it."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import available
from khuyencong.plans.models import ChangeRequest
from tests.journeys import steps
from tests.journeys.conftest import MILLION, at, day, nothing_contradicts

pytestmark = pytest.mark.slow


def test_money_is_lessened_by_the_department_and_a_project_stopped_by_the_chairman(land, people):
    plan, less, stopped = two_approved(land, people)
    envelope = Envelope.objects.get()
    assert available(envelope) == 0

    lessened(people, plan, less)
    less.refresh_from_db()
    assert less.granted_local == 280 * MILLION
    assert available(envelope) == 20 * MILLION

    ended(people, plan, stopped)
    stopped.refresh_from_db()
    assert stopped.state == "stopped"
    assert available(envelope) == 320 * MILLION

    told = people.auditor.reads(at("plans:page", plan.pk), ngay=day(3, 2))  # what the plan said on that day
    assert less.title in told
    assert stopped.title in told
    nothing_contradicts()


def two_approved(land, people):
    projects = [
        steps.appraised(people, steps.machine_file(people, land, title=title, where=where))
        for title, where in (("Máy sấy trống quay", land.thang), ("Máy dệt thổ cẩm", land.xanh))
    ]
    appraiser, leader, clerk = people.appraiser, people.department_director, people.registry_clerk
    steps.given(people.accountant, land, amount="600 triệu")
    plan = steps.plan_of(appraiser, land)
    decision = steps.drafted(appraiser, plan)
    appraiser.does(at("plans:arrange", decision.pk), **steps.rank(*((one, {"local": "300"}) for one in projects)))
    leader.does(at("plans:submit", decision.pk), **leader.signed(2, 16, no="41/TTr-SCT"))
    clerk.does(at("plans:approve", decision.pk), **clerk.signed(3, 2, no="512/QĐ-UBND", total="600 triệu"))
    return plan, *projects


def lessened(people, plan, project):
    director, appraiser, leader = people.centre_director, people.appraiser, people.department_director
    asking = {"kind": "same_or_less", "reason": "Giá máy giảm", "local": "280 triệu", "counterpart": "320 triệu",
              **director.signed(5, 4, no="33/TTKC")}  # fmt: skip
    address = at("plans:ask_change", project.pk)
    people.commune_officer.may_not(address, **asking)
    people.stranger.finds_nothing(address)
    director.is_refused(address, "tương lai", **asking | {"signed_on": day(11, 24)})
    director.is_refused(address, **asking | {"local": "301 triệu"})  # that would be an increase
    director.is_refused(address, **asking | {"reason": ""})
    director.does(address, **asking)
    director.is_refused(address, "đã được ghi nhận", **asking)  # the same letter twice
    director.is_refused(address, "cùng loại", **asking | {"number": "34/TTKC"})
    wanted = ChangeRequest.objects.get()

    # not into a decision before the department has confirmed it; the department decides this one itself
    draft = steps.drafted(appraiser, plan, kind="adjust")
    appraiser.is_refused(at("plans:put_change", draft.pk, wanted.pk))
    director.may_not(at("plans:confirm_request", wanted.pk), on=day(5, 6))
    leader.is_refused(at("plans:confirm_request", wanted.pk), on=day(5, 1))
    leader.does(at("plans:confirm_request", wanted.pk), on=day(5, 6))
    appraiser.does(at("plans:put_change", draft.pk, wanted.pk))
    deciding = leader.signed(5, 12, no="95/QĐ-SCT")
    appraiser.may_not(at("plans:approve", draft.pk), **deciding)
    leader.is_refused(at("plans:approve", draft.pk), "06/05/2026", **deciding | {"signed_on": day(5, 5)})
    leader.does(at("plans:approve", draft.pk), **deciding)


def ended(people, plan, project):
    director, appraiser, leader = people.centre_director, people.appraiser, people.department_director
    approver = people.provincial_approver
    asking = {"kind": "stop", "reason": "Cơ sở rút", **director.signed(6, 4, no="40/TTKC")}
    director.does(at("plans:ask_change", project.pk), **asking)
    wanted = ChangeRequest.objects.latest("pk")
    leader.does(at("plans:confirm_request", wanted.pk), on=day(6, 8))
    draft = steps.drafted(appraiser, plan, kind="stop")
    appraiser.does(at("plans:put_change", draft.pk, wanted.pk))

    # the chairman alone stops it: not the department, and not before it was laid before him
    deciding = approver.signed(6, 20, no="780/QĐ-UBND")
    approver.is_refused(at("plans:approve", draft.pk), **deciding)
    leader.does(at("plans:submit", draft.pk), **leader.signed(6, 12, no="70/TTr-SCT"))
    leader.may_not(at("plans:approve", draft.pk), **deciding)
    people.ministry_approver.may_not(at("plans:approve", draft.pk), **deciding)
    approver.does(at("plans:approve", draft.pk), **deciding)
    assert "Ngừng thực hiện" in leader.reads(at("contracts:page", project.pk))
    giving = {"form": "decision", "giver": wanted.project.implementer_id, **leader.signed(6, 25, no="99/QĐ-SCT")}
    leader.is_refused(at("contracts:assign", project.pk), **giving)
