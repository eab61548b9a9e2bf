"""A need goes its way from the commune's word to a written answer."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.needs import operations
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Need, Visit
from khuyencong.notices.models import Message
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import NeedFactory, VisitFactory

TODAY = dt.date(2026, 11, 22)


def bring(call, commune, by, **facts):
    facts = {"name": "Cơ sở Ngọc Tứ", "what": "Máy sấy", "channel": "account", "on": dt.date(2026, 10, 5)} | facts
    return operations.register(call, commune=commune, by=by, **facts)


def test_a_need_goes_its_way_to_a_written_answer(
    call, commune, collaborator, commune_officer, officer, director, paper
):
    establishment = EstablishmentFactory(commune=commune, province=call.province)
    need = bring(call, commune, collaborator, establishment=establishment)
    operations.confirm([need], by=commune_officer, on=dt.date(2026, 10, 6), paper=paper("need_letter"))
    plan = operations.plan_survey(
        call,
        name="Chuyến 1",
        starts_on=dt.date(2026, 10, 12),
        ends_on=dt.date(2026, 10, 13),
        needs=[need],
        team=[officer],
        by=officer,
        on=dt.date(2026, 10, 7),
    )
    visit = plan.visits.get()
    operations.survey(
        visit,
        by=officer,
        on=dt.date(2026, 10, 12),
        paper=paper("survey_record"),
        findings="Nhà xưởng đủ điều kiện",
        investment=620_000_000,
    )
    operations.propose(need, proposal="plan", by=officer, on=dt.date(2026, 10, 20))

    answer = paper("answer_letter", signed_on=dt.date(2026, 11, 2))
    [decided] = operations.decide([need], by=director, on=dt.date(2026, 11, 2), paper=answer)

    assert (decided.state, decided.answer) == ("planned", answer)
    assert [step.name for step in need.steps.order_by("pk")] == [
        "register",
        "confirm",
        "plan_survey",
        "survey",
        "propose",
        "plan",
    ]
    told = Message.objects.order_by("pk")
    assert [message.recipient or message.organisation for message in told] == [
        commune_officer,
        establishment.organisation,
    ]
    assert "Đưa vào kế hoạch" in told[0].body


@pytest.mark.parametrize(
    ("proposal", "state"), [("plan", "planned"), ("next_year", "next_year"), ("refuse", "refused")]
)
def test_the_department_confirms_what_the_centre_proposed(call, director, paper, proposal, state):
    need = NeedFactory(call=call, state="proposed", proposal=proposal, proposal_reason="Điều 4")

    operations.decide([need], by=director, on=TODAY, paper=paper("answer_letter"))

    assert Need.objects.get().state == state


@pytest.mark.parametrize(
    ("reason", "told"), [("", ""), ("Máy cũ (khoản 1 Điều 4)", " Máy cũ (khoản 1 Điều 4)."), ("Máy cũ.", " Máy cũ.")]
)
def test_the_answer_is_told_in_whole_sentences(call, commune, director, commune_officer, paper, reason, told):
    need = NeedFactory(call=call, state="proposed", proposal="refuse", proposal_reason=reason, commune=commune)

    operations.decide([need], by=director, on=TODAY, paper=paper("answer_letter"))

    body = Message.objects.get(recipient=commune_officer).body
    assert f"Không đưa vào kế hoạch.{told} Văn bản trả lời: " in body


def test_a_clerk_records_the_directors_signed_answer(call, clerk, paper):
    need = NeedFactory(call=call, state="proposed", proposal="plan")
    signed = paper("answer_letter", signer="Trần Văn Lâm")

    operations.decide([need], by=clerk, on=TODAY, paper=signed)

    event = Event.objects.get()
    assert (event.actor, event.signer) == (str(clerk), "Trần Văn Lâm")


def test_a_clerk_does_not_decide_without_a_signer(call, clerk, paper):
    need = NeedFactory(call=call, state="proposed", proposal="plan")

    with pytest.raises(NotAllowed):
        operations.decide([need], by=clerk, on=TODAY, paper=paper("answer_letter", signer=""))


def test_the_centre_proposes_and_does_not_decide(call, officer, paper):
    need = NeedFactory(call=call, state="proposed", proposal="plan")

    with pytest.raises(NotAllowed, match="Lãnh đạo Sở Công Thương"):
        operations.decide([need], by=officer, on=TODAY, paper=paper("answer_letter"))


def test_needs_are_decided_all_or_none(call, director, paper):
    good = NeedFactory(call=call, state="proposed", proposal="plan")
    bad = NeedFactory(call=call, state="surveyed")

    with pytest.raises(NotPossible):
        operations.decide([good, bad], by=director, on=TODAY, paper=paper("answer_letter"))

    assert sorted(Need.objects.values_list("state", flat=True)) == ["proposed", "surveyed"]


@pytest.mark.parametrize("proposal", ["refuse", "next_year"])
def test_not_to_plan_needs_a_reason(call, officer, proposal):
    with pytest.raises(Invalid, match="lý do"):
        operations.propose(NeedFactory(call=call, state="surveyed"), proposal=proposal, by=officer, on=TODAY)


def test_the_department_may_ask_for_another_proposal(call, director):
    need = NeedFactory(call=call, state="proposed", proposal="refuse", proposal_reason="Điều 5")

    operations.return_(need, by=director, on=TODAY, reason="Xem lại ngành nghề")

    need.refresh_from_db()
    assert (need.state, need.proposal, need.proposal_reason) == ("surveyed", "", "")


def test_a_step_dated_before_the_last_is_refused(call, commune, collaborator, commune_officer, paper):
    need = bring(call, commune, collaborator, on=dt.date(2026, 10, 5))

    with pytest.raises(Invalid, match="sớm hơn bước liền trước"):
        operations.confirm([need], by=commune_officer, on=dt.date(2026, 10, 4), paper=paper("need_letter"))
    operations.confirm([need], by=commune_officer, on=dt.date(2026, 10, 5), paper=paper("need_letter"))


def test_a_step_in_the_future_is_refused(call, commune, commune_officer, paper):
    need = NeedFactory(call=call, commune=commune)

    with pytest.raises(Invalid, match="chưa tới"):
        operations.confirm([need], by=commune_officer, on=TODAY + dt.timedelta(days=1), paper=paper("need_letter"))


def test_a_confirmation_needs_the_communes_letter(call, commune, commune_officer, paper):
    with pytest.raises(NotPossible, match="Văn bản xác nhận nhu cầu"):
        operations.confirm(
            [NeedFactory(call=call, commune=commune)], by=commune_officer, on=TODAY, paper=paper("opinion")
        )


def test_a_tour_spreads_its_stops_over_its_days(call, officer):
    needs = [NeedFactory(call=call, state="confirmed") for _ in range(6)]

    plan = operations.plan_survey(
        call,
        name="Ba ngày",
        starts_on=dt.date(2026, 12, 3),
        ends_on=dt.date(2026, 12, 5),
        needs=needs,
        by=officer,
        on=TODAY,
    )

    assert [visit.planned_on.day for visit in plan.visits.all()] == [3, 3, 4, 4, 5, 5]


def test_a_tour_without_stops_is_refused(call, officer):
    with pytest.raises(Invalid, match="ít nhất một nhu cầu"):
        operations.plan_survey(call, name="Trống", starts_on=TODAY, ends_on=TODAY, needs=[], by=officer, on=TODAY)


def test_a_stop_is_reported_once(call, officer, paper):
    visit = VisitFactory(need=NeedFactory(call=call, state="survey_planned"))
    operations.survey(visit, by=officer, on=TODAY, paper=paper("survey_record"), findings="Đủ")

    with pytest.raises(NotPossible, match="đã có kết quả"):
        operations.survey(visit, by=officer, on=TODAY, paper=paper("survey_record"), findings="Đủ")


def test_a_stop_taken_off_the_tour_waits_again(call, officer):
    need = NeedFactory(call=call, state="survey_planned")
    visit = VisitFactory(need=need)

    operations.unplan_survey(visit, by=officer, on=TODAY, reason="Cơ sở đi vắng")

    assert Need.objects.get().state == "confirmed"
    assert not Visit.objects.exists()


def test_a_withdrawal_needs_a_reason(call, commune, collaborator):
    need = NeedFactory(call=call, commune=commune)

    with pytest.raises(Invalid, match="lý do"):
        operations.withdraw(need, by=collaborator, on=TODAY, reason=" ")
    assert operations.withdraw(need, by=collaborator, on=TODAY, reason="Đã tự mua").state == "withdrawn"


# ---- the whole table ----

STATES = ["sent", "confirmed", "survey_planned", "surveyed", "proposed", "planned", "next_year", "refused", "withdrawn"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", list(LIFECYCLE), ids=lambda step: step.name)
def test_each_step_starts_only_from_its_states(step, state):
    if state in step.sources:
        assert LIFECYCLE.check(step.name, state).target == step.target
    else:
        with pytest.raises(NotPossible, match="trạng thái hiện tại"):
            LIFECYCLE.check(step.name, state)


def test_every_state_can_be_reached():
    assert {"sent", *(step.target for step in LIFECYCLE)} == set(STATES)
