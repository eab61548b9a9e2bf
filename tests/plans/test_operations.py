"""A decision is issued whole or not at all, by who has the authority, and only once."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets.queries import available, commitments
from khuyencong.notices.models import Message
from khuyencong.plans import operations, queries
from khuyencong.plans.models import Decision
from khuyencong.plans.operations import Line
from khuyencong.projects.enums import Source
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.plans import ItemFactory, OpinionRequestFactory, PlanFactory
from tests.factories.projects import ProjectFactory
from tests.plans.conftest import DAY, MILLION, SUBMITTED, paper

pytestmark = pytest.mark.django_db


# ---- plan and drafts ----


def test_a_plan_is_opened_once_for_a_level_and_year(house):
    plan = operations.open_plan(level="national", year=2026, province=house.province, by=house.appraiser)

    assert str(plan) == f"Kế hoạch khuyến công quốc gia năm 2026, {house.province.named_inside}"
    with pytest.raises(Invalid, match="đã được mở"):
        operations.open_plan(level="national", year=2026, province=house.province, by=house.appraiser)


def test_a_communal_plan_has_its_commune(house):
    commune = CommuneFactory(province=house.province)

    plan = operations.open_plan(
        level="communal", year=2026, province=house.province, commune=commune, by=house.appraiser
    )

    assert plan.place == commune
    with pytest.raises(Invalid, match="có tên xã"):
        operations.open_plan(level="communal", year=2026, province=house.province, by=house.appraiser)


@pytest.mark.parametrize(
    "role", ["centre_director", "registry_clerk", "finance_officer", "provincial_approver", "auditor"]
)
def test_nobody_else_opens_a_plan_or_a_draft(house, role):
    other = person(role, place=house.province)

    with pytest.raises(NotAllowed):
        operations.open_plan(level="national", year=2026, province=house.province, by=other)
    with pytest.raises(NotAllowed):
        operations.draft_decision(house.plan, kind="approve", by=other)


def test_tranches_are_numbered_by_kind(house, appraised, draft):
    begun = [
        draft(appraised(), kind="approve"),
        draft(kind="approve"),
        draft(kind="adjust"),
        draft(kind="add"),
    ]

    assert [decision.title for decision in begun] == [
        "Phê duyệt đợt 1",
        "Phê duyệt đợt 2",
        "Điều chỉnh lần 1",
        "Bổ sung lần 1",
    ]


def test_a_line_is_as_asked_and_finds_the_only_envelope(house, appraised, draft):
    decision = draft(appraised())

    [item] = queries.items_of(decision)

    assert (item.national, item.local, item.counterpart) == (0, 300 * MILLION, 320 * MILLION)
    assert [(share.envelope, share.source, share.amount) for share in item.shares.all()] == [
        (house.envelope, "local", 300 * MILLION)
    ]


def test_with_two_envelopes_a_person_says_which(house, appraised, draft):
    other = EnvelopeFactory(province=house.province, given=500 * MILLION)
    decision, project = draft(), appraised()

    with pytest.raises(Invalid, match="nhiều dự toán"):
        operations.put_item(decision, line=Line(project), by=house.appraiser)
    operations.put_item(
        decision, line=Line(project, shares={house.envelope: 200 * MILLION, other: 100 * MILLION}), by=house.appraiser
    )
    with pytest.raises(Invalid, match=r"300\.000\.000 đồng, các dự toán đã ghi 299\.999\.999 đồng"):
        operations.put_item(decision, line=Line(project, shares={other: 300 * MILLION - 1}), by=house.appraiser)


def test_money_of_another_province_or_year_does_not_serve_a_plan(house, appraised, draft):
    decision, project = draft(), appraised()

    for envelope in (EnvelopeFactory(given=MILLION), EnvelopeFactory(province=house.province, year=2025)):
        with pytest.raises(NotPossible, match="không thuộc kế hoạch này"):
            operations.put_item(decision, line=Line(project, shares={envelope: 300 * MILLION}), by=house.appraiser)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "submitted"}, "chỉ đưa vào kế hoạch khi “Đạt thẩm định cấp cơ sở”"),
        ({"state": "approved"}, "Đã phê duyệt"),
        ({"year": 2027}, "không thuộc Kế hoạch"),
        ({"of_nation": True, "state": "ministry_appraised"}, "không thuộc Kế hoạch"),
    ],
)
def test_only_appraised_projects_of_the_plan_come_in(house, appraised, draft, values, sentence):
    with pytest.raises(NotPossible, match=sentence):
        draft(appraised(**values))


def test_a_project_stands_in_one_open_decision_at_most(house, appraised, draft):
    project = appraised()
    draft(project)

    with pytest.raises(NotPossible, match="đang nằm trong Phê duyệt đợt 1"):
        draft(project)


@pytest.mark.parametrize(("amount", "goes_through"), [(300 * MILLION, True), (300 * MILLION + 1, False)])
def test_no_more_is_granted_than_was_asked(house, appraised, draft, amount, goes_through):
    decision, project = draft(), appraised()

    if goes_through:
        operations.put_item(decision, line=Line(project, local=amount), by=house.appraiser)
    else:
        with pytest.raises(Invalid, match="vượt"):
            operations.put_item(decision, line=Line(project, local=amount), by=house.appraiser)

    assert decision.items.count() == (1 if goes_through else 0)


def test_the_working_table_sets_the_whole_list_in_its_order(house, appraised, draft):
    first, second, third = appraised(), appraised(), appraised()
    decision = draft(first, second)

    operations.arrange(decision, lines=[Line(third, local=100 * MILLION), Line(first)], by=house.appraiser)

    assert [(item.project, item.local) for item in queries.items_of(decision)] == [
        (third, 100 * MILLION),
        (first, 300 * MILLION),
    ]


# ---- opinion and submission ----


def test_an_opinion_is_asked_and_given_with_its_deadline(house, appraised, draft):
    finance = OrganisationFactory(kind="department", name="Sở Tài chính", place=house.province)
    officer = person("finance_officer", place=house.province, employer=finance)
    decision = draft(appraised())

    opinion = operations.ask_opinion(
        decision, body=finance, due_on=dt.date(2026, 2, 15), by=house.appraiser, on=dt.date(2026, 2, 10)
    )
    assert list(queries.waiting_opinions(officer)) == [opinion]
    operations.give_opinion(opinion, agreement="agrees", answer="", by=officer, on=dt.date(2026, 2, 12))

    decision.refresh_from_db()
    assert (decision.state, list(queries.waiting_opinions(officer))) == ("opinion", [])
    with pytest.raises(NotPossible, match="đã trả lời ngày 12/02/2026"):
        operations.give_opinion(opinion, agreement="agrees", answer="", by=officer, on=DAY)


def test_only_the_asked_body_answers(house):
    opinion = OpinionRequestFactory(decision__plan=house.plan)
    other = OrganisationFactory(kind="department", place=house.province)

    with pytest.raises(NotAllowed, match="Sở Tài chính"):
        operations.give_opinion(
            opinion,
            agreement="agrees",
            answer="",
            by=person("finance_officer", place=house.province, employer=other),
            on=DAY,
        )
    with pytest.raises(NotAllowed):
        operations.give_opinion(opinion, agreement="agrees", answer="", by=house.appraiser, on=DAY)
    answered = operations.give_opinion(
        opinion,
        agreement="comments",
        answer="Bố trí trong dự toán",
        by=house.clerk,
        on=DAY,
        paper=paper("opinion", signer="Trần Thị Bình"),
    )
    assert answered.answer_paper is not None


def test_comments_need_words(house):
    opinion = OpinionRequestFactory(decision__plan=house.plan)

    with pytest.raises(Invalid, match="Hãy ghi ý kiến"):
        operations.give_opinion(
            opinion,
            agreement="disagrees",
            answer=" ",
            by=person("finance_officer", place=house.province, employer=opinion.body),
            on=DAY,
        )


@pytest.mark.parametrize(("on", "goes_through"), [(dt.date(2026, 2, 15), False), (dt.date(2026, 2, 16), True)])
def test_a_draft_waits_for_an_opinion_until_its_deadline_has_passed(house, appraised, draft, on, goes_through):
    decision = draft(appraised())
    finance = OrganisationFactory(kind="department", name="Sở Tài chính", place=house.province)
    operations.ask_opinion(
        decision, body=finance, due_on=dt.date(2026, 2, 15), by=house.appraiser, on=dt.date(2026, 2, 10)
    )

    if goes_through:
        operations.submit(decision, by=house.department, on=on, paper=paper("submission", signed_on=on))
    else:
        with pytest.raises(NotPossible, match="Sở Tài chính chưa trả lời; hạn cho ý kiến đến 15/02/2026"):
            operations.submit(decision, by=house.department, on=on, paper=paper("submission", signed_on=on))


def test_a_draft_over_the_envelope_does_not_leave(house, appraised, draft):
    decision = draft(*(appraised() for _ in range(4)))

    with pytest.raises(NotPossible) as refusal:
        operations.submit(decision, by=house.department, on=SUBMITTED, paper=paper("submission"))

    assert str(refusal.value) == (
        "Nguồn KCĐP 2026 chỉ còn 1.000.000.000 đồng; Phê duyệt đợt 1 cần 1.200.000.000 đồng, thiếu 200.000.000 đồng."
    )


def test_a_submitted_list_is_not_touched(house, appraised, submitted):
    decision = submitted(appraised())

    with pytest.raises(NotPossible, match="chỉ sửa được dự thảo"):
        operations.put_item(decision, line=Line(appraised()), by=house.appraiser)
    with pytest.raises(NotPossible, match="chỉ sửa được dự thảo"):
        operations.take_out(decision.items.get(), by=house.appraiser)


def test_a_draft_is_submitted_by_the_department_with_its_paper(house, appraised, draft):
    decision = draft(appraised())

    with pytest.raises(NotAllowed):
        operations.submit(decision, by=house.appraiser, on=SUBMITTED, paper=paper("submission"))
    with pytest.raises(NotPossible, match="Tờ trình"):
        operations.submit(
            decision, by=house.department, on=SUBMITTED, paper=paper("plan_decision", signed_on=SUBMITTED)
        )
    with pytest.raises(NotPossible, match="chưa có đề án nào"):
        operations.submit(draft(), by=house.department, on=SUBMITTED, paper=paper("submission"))


def test_the_approver_hands_back_and_the_list_opens_again(house, appraised, submitted):
    decision = submitted(appraised())

    operations.hand_back(decision, reason="Bổ sung đối ứng", by=house.approver, on=DAY, paper=paper("return_letter"))

    decision.refresh_from_db()
    assert (decision.state, decision.submission) == ("draft", None)
    operations.put_item(decision, line=Line(appraised()), by=house.appraiser)


def test_a_refused_decision_frees_its_projects(house, appraised, submitted, draft):
    project = appraised()
    decision = submitted(project)

    operations.refuse(decision, reason="Không có nguồn", by=house.approver, on=DAY, paper=paper("answer_letter"))

    decision.refresh_from_db()
    assert decision.state == "refused"
    assert draft(project).items.count() == 1


# ---- issuing ----


def test_issuing_approves_every_project_promises_its_money_and_remembers(house, appraised, submitted):
    first, second = appraised(), appraised()
    decision = submitted(first, second)
    order = paper(number="3187/QĐ-UBND")

    operations.approve(decision, by=house.approver, on=DAY, paper=order, total=600 * MILLION)

    decision.refresh_from_db()
    assert (decision.state, decision.paper, decision.on) == ("approved", order, DAY)
    for project in (first, second):
        project.refresh_from_db()
        assert (project.state, project.granted_local) == ("approved", 300 * MILLION)
        assert commitments(project) == {house.envelope: 300 * MILLION}
    assert available(house.envelope) == 400 * MILLION
    assert [step.name for step in decision.steps.order_by("pk")] == ["submit", "approve"]
    line = Event.objects.get(action="plan.approve")
    assert (line.data["projects"], line.data["support"], line.on) == (2, 600 * MILLION, DAY)


@pytest.mark.parametrize(("given", "goes_through"), [(600 * MILLION, True), (600 * MILLION - 1, False)])
def test_issuing_is_all_or_nothing(house, appraised, submitted, given, goes_through):
    first, second = appraised(), appraised()
    decision = submitted(first, second)
    EntryFactory(envelope=house.envelope, kind="returned", amount=1_000 * MILLION - given)  # money has gone meanwhile

    if goes_through:
        operations.approve(decision, by=house.approver, on=DAY, paper=paper())
    else:
        with pytest.raises(NotPossible, match=rf"đề án {second.code} cần .* thiếu 1 đồng"):
            operations.approve(decision, by=house.approver, on=DAY, paper=paper())

    for project in (first, second):
        project.refresh_from_db()
    decision.refresh_from_db()
    assert {first.state, second.state} == {"approved" if goes_through else "appraised"}
    assert decision.state == ("approved" if goes_through else "submitted")
    assert available(house.envelope) == (0 if goes_through else given)


def test_one_project_that_cannot_be_approved_holds_up_all_and_is_named(house, appraised, submitted):
    first, second = appraised(), appraised()
    decision = submitted(first, second)
    second.state = "withdrawn"
    second.save()

    with pytest.raises(NotPossible, match=second.code):
        operations.approve(decision, by=house.approver, on=DAY, paper=paper())

    first.refresh_from_db()
    assert first.state == "appraised"


def test_the_sum_on_the_paper_is_that_of_the_list(house, appraised, submitted):
    decision = submitted(appraised())

    with pytest.raises(Invalid, match=r"Văn bản ghi 299\.000\.000 đồng, danh sách cộng lại 300\.000\.000 đồng"):
        operations.approve(decision, by=house.approver, on=DAY, paper=paper(), total=299 * MILLION)


def test_one_decision_number_is_recorded_once(house, appraised, submitted):
    operations.approve(submitted(appraised()), by=house.approver, on=DAY, paper=paper(number="3187/QĐ-UBND"))

    with pytest.raises(NotPossible, match="3187/QĐ-UBND .* đã được ghi nhận: Phê duyệt đợt 1"):
        operations.approve(submitted(appraised()), by=house.approver, on=DAY, paper=paper(number="3187/qđ-ubnd "))


def test_an_issued_decision_is_not_issued_again(house, appraised, issued):
    decision = issued(appraised())

    with pytest.raises(NotPossible, match="đang ở trạng thái “Đã ban hành”"):
        operations.approve(decision, by=house.approver, on=DAY, paper=paper())


def test_a_draft_is_not_issued_before_it_was_submitted(house, appraised, draft):
    with pytest.raises(NotPossible, match="Dự thảo"):
        operations.approve(draft(appraised()), by=house.approver, on=DAY, paper=paper())


@pytest.mark.parametrize(
    ("on", "kind", "error"),
    [
        (dt.date(2026, 11, 23), "plan_decision", Invalid),
        (dt.date(2026, 2, 19), "plan_decision", NotPossible),
        (DAY, "budget_decision", NotPossible),
    ],
)
def test_wrong_day_and_wrong_paper_are_refused(house, appraised, submitted, on, kind, error):
    decision = submitted(appraised())

    with pytest.raises(error):
        operations.approve(decision, by=house.approver, on=on, paper=paper(kind, signed_on=min(on, DAY)))

    decision.refresh_from_db()
    assert decision.state == "submitted"


@pytest.mark.parametrize("who", ["appraiser", "department", "agency", "minister"])
def test_nobody_else_issues_a_provincial_plan(house, appraised, submitted, who):
    with pytest.raises(NotAllowed):
        operations.approve(submitted(appraised()), by=getattr(house, who), on=DAY, paper=paper())


def test_the_clerk_records_the_decision_the_chairman_signed(house, appraised, submitted):
    decision = submitted(appraised())

    with pytest.raises(NotAllowed):
        operations.approve(decision, by=house.clerk, on=DAY, paper=paper())
    operations.approve(decision, by=house.clerk, on=DAY, paper=paper(signer="Nguyễn Văn An"))

    line = Event.objects.get(action="plan.approve")
    assert (line.actor, line.signer) == (str(house.clerk), "Nguyễn Văn An")


def test_a_communal_plan_is_approved_at_its_level(house, submitted):
    commune = CommuneFactory(province=house.province)
    plan = PlanFactory(level="communal", province=house.province, commune=commune)
    money = EnvelopeFactory(level="communal", province=house.province, commune=commune, given=50 * MILLION)
    project = ProjectFactory(
        level="communal", state="appraised", province=house.province, commune=commune, local=50 * MILLION
    )
    decision = operations.draft_decision(plan, kind="approve", by=house.appraiser)
    operations.put_item(decision, line=Line(project, shares={money: 50 * MILLION}), by=house.appraiser)
    operations.submit(decision, by=house.department, on=SUBMITTED, paper=paper("submission"))

    operations.approve(decision, by=house.approver, on=DAY, paper=paper())

    assert (available(money), available(house.envelope)) == (0, 1_000 * MILLION)


def test_the_national_way_goes_by_the_agency_to_the_minister(house):
    plan = PlanFactory(level="national", province=house.province)
    money = EnvelopeFactory(of_agency=True, given=300 * MILLION)
    project = ProjectFactory(of_nation=True, state="ministry_appraised", province=house.province)
    decision = operations.draft_decision(plan, kind="approve", by=house.agency)
    operations.put_item(decision, line=Line(project), by=house.agency)

    with pytest.raises(NotAllowed):
        operations.submit(decision, by=house.department, on=SUBMITTED, paper=paper("submission"))
    operations.submit(decision, by=house.agency, on=SUBMITTED, paper=paper("submission"))
    for other in (house.agency, house.approver):
        with pytest.raises(NotAllowed):
            operations.approve(decision, by=other, on=DAY, paper=paper())
    operations.approve(decision, by=house.minister, on=DAY, paper=paper())

    assert commitments(project) == {money: 300 * MILLION}


def test_a_plan_brought_in_from_a_file_stands_under_its_decision(house):
    importer = person("centre_officer", place=house.province)
    members = [ProjectFactory(approved=True, province=house.province) for _ in range(2)]

    decision = operations.record_issued(
        house.plan, members=members, by=importer, on=DAY, paper=paper(), envelopes={Source.LOCAL: house.envelope}
    )

    assert (decision.state, decision.items.count(), available(house.envelope)) == ("approved", 2, 400 * MILLION)
    with pytest.raises(NotPossible, match="đã được ghi nhận"):
        operations.record_issued(
            house.plan, members=[], by=importer, on=DAY, paper=decision.paper, envelopes={Source.LOCAL: house.envelope}
        )
    assert Decision.objects.count() == 1


def test_a_line_in_two_open_decisions_is_found(house, appraised, draft):
    project = appraised(code="26-00009")
    draft(project)
    ItemFactory(decision=operations.draft_decision(house.plan, kind="approve", by=house.appraiser), project=project)

    assert list(queries.invariants()) == ["Đề án 26-00009 nằm trong 2 quyết định chưa ban hành."]


def test_the_day_a_draft_is_handed_back_its_drafters_and_its_department_are_told(house, appraised, submitted):
    decision = submitted(appraised())
    Message.objects.all().delete()

    operations.hand_back(decision, reason="Bổ sung đối ứng", by=house.approver, on=DAY, paper=paper("return_letter"))

    told = {(m.recipient, m.body, m.link) for m in Message.objects.all()}
    link = f"/ke-hoach/quyet-dinh/{decision.pk}/"
    assert told >= {(house.appraiser, "Bổ sung đối ứng", link), (house.department, "Bổ sung đối ứng", link)}
    assert house.approver not in {recipient for recipient, _body, _link in told}


def test_a_body_asked_about_a_draft_is_told_that_day_and_the_department_of_its_answer(house, appraised, draft):
    decision = draft(appraised())
    place = decision.plan.province
    finance = OrganisationFactory(kind="finance_department", name="Sở Tài chính", place=place)
    own = person("finance_officer", place=place, employer=finance)

    asked = operations.ask_opinion(decision, body=finance, due_on=DAY, by=house.appraiser, on=DAY)
    assert {m.recipient for m in Message.objects.all()} == {own}
    assert Message.objects.get().link == f"/ke-hoach/quyet-dinh/{decision.pk}/y-kien/{asked.pk}/"
    operations.give_opinion(asked, agreement="agrees", answer="", by=own, on=DAY)

    answered = {m.recipient for m in Message.objects.filter(kind="answer")}
    assert house.appraiser in answered
    assert own not in answered


def test_an_empty_draft_is_found_again_not_begun_twice(house, appraised, draft):
    first, again, other = (draft(kind=kind) for kind in ("approve", "approve", "stop"))
    operations.put_item(first, line=operations.Line(appraised()), by=house.appraiser)
    following = draft(kind="approve")

    assert again == first
    assert [other.tranche, following.tranche] == [1, 2]
