"""A council judges: who is bound to a beneficiary judges not, and two clerks record one decision."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import position
from khuyencong.councils.enums import Point
from khuyencong.councils.models import Conflict, Council, Sheet
from khuyencong.documents.models import Paper
from khuyencong.plans.models import Decision
from tests.factories.norms import CriterionRowFactory
from tests.factories.people import person
from tests.journeys import steps
from tests.journeys.conftest import MILLION, Hand, at, day, nothing_contradicts, number_in

pytestmark = pytest.mark.slow


def sheet(conclusion="pass", *, score=18, on=(1, 28)) -> dict:
    typed = {"conclusion": conclusion, "on": day(*on), "comment": ""}
    for point in Point.values:
        typed |= {f"result_{point}": "meets", f"comment_{point}": "", f"score_{point}": score}
    return typed


def test_a_judge_of_his_own_relative_judges_the_others_only(land, people):
    own = steps.machine_file(people, land, title="Máy sấy trống quay", where=land.thang)
    other = steps.machine_file(people, land, title="Máy dệt thổ cẩm", where=land.xanh)
    director, appraiser, finance = people.centre_director, people.appraiser, people.finance_officer
    for number, project in enumerate((own, other), start=1):
        director.does(at("projects:submit", project.pk), **director.signed(1, 20, no=f"{number}/TTKC"))

    # the statute: five criteria of twenty points
    for number in range(1, 6):
        CriterionRowFactory(number=number, points=20)

    # the council: formed by a decision, three seats, one of them for Sở Tài chính
    forming = {
        "name": "Hội đồng thẩm định năm 2026", "kind": "appraisal", "province": land.province.pk,
        **appraiser.signed(1, 22, no="61/QĐ-SCT"),
    }  # fmt: skip
    people.centre_officer.may_not(at("councils:form"), **forming)
    council = Council.objects.get(pk=number_in(appraiser.does(at("councils:form"), **forming)))
    leader = people.department_director
    for hand, role in ((leader, "chair"), (appraiser, "secretary"), (finance, "member")):
        appraiser.does(at("councils:add_member", council.pk), user=hand.user.pk, role=role)
    appraiser.is_refused(at("councils:add_member", council.pk), user=finance.user.pk, role="member")  # twice

    # points beyond the limit, a day that has not come, a judge who has no seat
    judging = at("councils:sheet", council.pk, own.pk)
    appraiser.is_refused(judging, "20", **sheet(score=21))
    appraiser.is_refused(judging, "tương lai", **sheet(on=(11, 23)))
    people.stranger.finds_nothing(judging)
    people.centre_director.finds_nothing(judging)  # neither a seat, nor to type another's signed sheet
    seat = council.members.get(user=finance.user)
    people.centre_director.finds_nothing(f"{judging}?thanh-vien={seat.pk}")
    assert people.centre_director.client.post(judging, {"member": seat.pk, **sheet()}).status_code == 404

    # the finance officer has judged, then remembers that the owner is her brother: her sheet is void, and stays so
    finance.does(judging, **sheet())
    finance.is_refused(at("councils:declare_conflict", council.pk, own.pk), reason="")
    finance.does(at("councils:declare_conflict", council.pk, own.pk), reason="Chủ cơ sở là em ruột")
    assert Conflict.objects.get().reason == "Chủ cơ sở là em ruột"
    assert Sheet.objects.count() == 0
    finance.is_refused(judging, "em ruột", status=(403,), **sheet())
    finance.does(at("councils:sheet", council.pk, other.pk), **sheet(score=15))
    appraiser.does(judging, **sheet(score=19))

    # everybody reads who did not judge and why; the file goes on by those who may
    told = people.auditor.reads(at("councils:page", council.pk))
    assert "95,0/100" in told  # the one sheet that counts
    assert "em ruột" in people.auditor.reads(at("councils:subject", council.pk, own.pk))

    # the meeting: two of three vote on the one, she among all on the other; the minutes close it
    appraiser.does(at("councils:call_session", council.pk), on=day(1, 30), place="Sở Công Thương")
    meeting = council.sessions.get().pk
    voting = at("councils:vote", council.pk, meeting, own.pk)
    appraiser.is_refused(voting, "thành phần dự họp", passes=2, completes=0, fails=0, conclusion="pass")
    seats = list(council.members.values_list("pk", flat=True))
    appraiser.does(at("councils:attend", council.pk, meeting), present=seats)
    appraiser.is_refused(voting, "nhiều hơn 2 thành viên", passes=3, completes=0, fails=0, conclusion="pass")
    appraiser.does(voting, passes=2, completes=0, fails=0, conclusion="pass")
    voting = at("councils:vote", council.pk, meeting, other.pk)
    votes = {"passes": 2, "completes": 1, "fails": 0, "conclusion": "complete"}
    appraiser.is_refused(voting, **votes)  # fewer were for it, and nothing says why
    appraiser.does(voting, **votes, opinion="Hội đồng thống nhất yêu cầu bổ sung báo giá")
    minutes = {"summary": "Một đạt, một bổ sung", **leader.signed(1, 30, no="1/BB-HĐ")}
    appraiser.does(at("councils:keep_minutes", council.pk, meeting), **minutes)
    assert "Yêu cầu bổ sung, hoàn thiện" in people.auditor.reads(at("councils:session", council.pk, meeting))
    appraiser.does(at("projects:appraise", own.pk), **appraiser.signed(2, 2, no="11/PTĐ"))
    own.refresh_from_db()
    assert own.state == "appraised"
    nothing_contradicts()


def test_two_clerks_record_one_decision_and_it_counts_once(land, people):
    project = steps.appraised(people, steps.machine_file(people, land))
    appraiser, leader, first = people.appraiser, people.department_director, people.registry_clerk
    second = Hand(person("registry_clerk", place=land.province, employer=land.department))
    steps.given(people.accountant, land, amount="900 triệu")
    plan = steps.plan_of(appraiser, land)
    decision = steps.drafted(appraiser, plan)
    appraiser.does(at("plans:arrange", decision.pk), **steps.rank((project, {"local": "300"})))
    leader.does(at("plans:submit", decision.pk), **leader.signed(2, 16, no="41/TTr-SCT"))
    recording, page = first.signed(3, 2, no="512/QĐ-UBND", total="300 triệu"), at("plans:approve", decision.pk)

    # both have the page open; both see the sum; one is faster, the other is told so and nothing is counted twice
    assert "300" in first.reads(page)
    assert "300" in second.reads(page)
    first.does(page, **recording)
    papers = Paper.objects.count()
    second.is_refused(page, status=(422, 403), **recording)
    second.is_refused(page, status=(422, 403), **recording | {"number": "513/QĐ-UBND"})
    assert Paper.objects.count() == papers

    # a wrong number is seen at once: the sum does not fit, the budget decision of that number is there already
    assert Decision.objects.get(pk=decision.pk).paper.number == "512/QĐ-UBND"
    people.accountant.is_refused(
        at("budgets:record_decision"),
        "đã được ghi nhận",
        level="provincial",
        year=2026,
        province=land.province.pk,
        holder=land.department.pk,
        name="Kinh phí khuyến công địa phương",
        amount="900 triệu",
        **first.signed(1, 5, no="2588/QĐ-UBND"),
    )
    assert position(Envelope.objects.get(), project=project).committed == 300 * MILLION
    nothing_contradicts()
