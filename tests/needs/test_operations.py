import datetime as dt

import pytest
from django.utils.translation import override

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.needs import operations
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Link, Need, NeedStep, NoNeed, Visit
from khuyencong.needs.operations import answers
from khuyencong.notices.models import Message
from tests.factories.establishments import EstablishmentFactory
from tests.factories.files import StoredFileFactory
from tests.factories.needs import LinkFactory, NeedFactory, NoNeedFactory, VisitFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory

TODAY = dt.date(2026, 11, 22)


def bring(call, commune, by, **facts):
    facts = {"name": "Cơ sở Ngọc Tứ", "what": "Máy sấy", "channel": "account", "on": dt.date(2026, 10, 5)} | facts
    return operations.register(call, commune=commune, by=by, **facts)


# ---- the call ----


def test_a_call_is_opened_by_its_letter_and_remembered(call, paper):
    appraiser = person("appraiser", place=call.province)

    opened = operations.open_call(
        province=call.province,
        year=2028,
        opens_on=dt.date(2026, 11, 1),
        commune_deadline=dt.date(2026, 12, 31),
        paper=paper("call_letter"),
        by=appraiser,
    )

    assert (opened.year, opened.commune_deadline) == (2028, dt.date(2026, 12, 31))
    assert Event.objects.get().action == "call.open"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"commune_deadline": dt.date(2026, 10, 31)}, "__all__"),
        ({"dossier_deadline": dt.date(2026, 12, 30)}, "dossier_deadline"),
        ({"year": 2027}, "__all__"),
    ],
)
def test_a_call_with_wrong_dates_or_a_second_one_is_refused(call, paper, facts, field):
    appraiser = person("appraiser", place=call.province)
    facts = {"year": 2028, "opens_on": dt.date(2026, 11, 1), "commune_deadline": dt.date(2026, 12, 31)} | facts

    with pytest.raises(Invalid) as refusal:
        operations.open_call(province=call.province, paper=paper("call_letter"), by=appraiser, **facts)

    assert list(refusal.value.fields) == [field]


def test_a_call_needs_a_call_letter(call, paper):
    with pytest.raises(NotPossible, match="Công văn hướng dẫn đăng ký"):
        operations.open_call(
            province=call.province,
            year=2028,
            opens_on=TODAY,
            commune_deadline=TODAY,
            paper=paper("opinion"),
            by=person("appraiser", place=call.province),
        )


def test_the_commune_does_not_open_a_call(call, commune_officer, paper):
    with pytest.raises(NotAllowed, match="Sở Công Thương"):
        operations.open_call(
            province=call.province,
            year=2028,
            opens_on=TODAY,
            commune_deadline=TODAY,
            paper=paper("call_letter"),
            by=commune_officer,
        )


# ---- personal links ----


def test_a_link_holds_until_the_end_of_the_last_day(call, commune, officer):
    link = operations.make_link(call, commune=commune, holder="  H’Lan   Êban ", by=officer)

    vietnam = dt.timezone(dt.timedelta(hours=7))
    assert link.holder == "H’Lan Êban"
    assert link.open_at(dt.datetime(2026, 11, 30, 23, 59, 59, tzinfo=vietnam))
    assert not link.open_at(dt.datetime(2026, 12, 1, 0, 0, tzinfo=vietnam))


def test_two_links_never_share_a_code(call, commune, officer):
    first, second = (operations.make_link(call, commune=commune, holder="A", by=officer) for _ in range(2))

    assert first.code != second.code
    assert len(first.code) == 16


def test_a_link_for_another_province_is_refused(call, officer):
    elsewhere = CommuneFactory()

    with pytest.raises((Invalid, NotAllowed)):
        operations.make_link(call, commune=elsewhere, holder="A", by=officer)


def test_a_link_after_the_last_day_is_refused(call, commune, officer, monkeypatch):
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: dt.date(2026, 12, 1))

    with pytest.raises(Invalid, match="hết hạn ngày 30/11/2026"):
        operations.make_link(call, commune=commune, holder="A", by=officer)


def test_the_bearer_of_a_link_answers_for_his_commune_and_nothing_else(call, commune, link, paper):
    bearer = operations.Bearer(link)

    need = bring(call, commune, bearer, channel="link")

    assert need.steps.get().who == f"H’Lan Êban (liên kết riêng, {commune.named_inside})"
    assert need.steps.get().by is None
    with pytest.raises(NotAllowed):
        bring(call, CommuneFactory(province=call.province), bearer, channel="link")
    with pytest.raises(NotAllowed):
        operations.confirm([need], by=bearer, on=TODAY, paper=paper("need_letter"))


def test_a_link_is_no_machine(call, commune, link, monkeypatch):
    monkeypatch.setattr(answers, "MOST_BY_LINK", 2)
    bearer = operations.Bearer(link)
    for _ in range(2):
        bring(call, commune, bearer, channel="link")

    with pytest.raises(NotPossible, match="quá nhiều nhu cầu"):
        bring(call, commune, bearer, channel="link")


def test_a_revoked_link_is_shut(link, officer):
    operations.revoke_link(link, by=officer)

    assert not Link.objects.get().open_at(dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


# ---- answers ----


def test_a_need_lands_where_it_was_asked(call, commune, collaborator):
    need = bring(call, commune, collaborator, hamlet="Buôn Ea Kmát", about=350_000_000, phone="0905 123 456")

    assert (need.province, need.commune, need.state) == (call.province, commune, "sent")
    assert need.place_text == f"Buôn Ea Kmát, {commune.named_inside}, {call.province.named_inside}"
    assert need.about == 350_000_000
    step = NeedStep.objects.get()
    assert (step.name, step.source, step.target, step.by, step.note) == ("register", "", "sent", collaborator, "")
    assert Event.objects.get().data == {"channel": "account", "late": False}


def test_the_same_need_sent_twice_is_one_need(call, commune, collaborator):
    uid = "6b1f2f1e-3f0a-4b37-9a3e-8d0f5e4a9b11"

    first = bring(call, commune, collaborator, uid=uid)
    second = bring(call, commune, collaborator, uid=uid)

    assert first == second
    assert Need.objects.count() == 1


@pytest.mark.parametrize(("on", "note"), [(dt.date(2026, 11, 30), ""), (dt.date(2026, 12, 1), "Gửi sau hạn")])
def test_a_need_after_the_last_day_is_taken_and_says_so(call, commune, collaborator, monkeypatch, on, note):
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: on)

    with override("en"):  # the page may be read in English, the record is Vietnamese
        need = bring(call, commune, collaborator, on=on)

    assert need.steps.get().note == note


def test_a_need_before_the_first_day_is_refused(call, commune, collaborator):
    bring(call, commune, collaborator, on=dt.date(2026, 9, 7))

    with pytest.raises(Invalid, match="nhận từ ngày 07/09/2026"):
        bring(call, commune, collaborator, on=dt.date(2026, 9, 6))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "   "}, "name"),
        ({"what": ""}, "what"),
        ({"about": 0}, "__all__"),
        ({"about": -1}, "__all__"),
        ({"on": dt.date(2026, 11, 23)}, "on"),
        ({"kind": "loan"}, "kind"),
        ({"channel": "telegram"}, "channel"),
    ],
)
def test_what_is_missing_or_wrong_is_named(call, commune, collaborator, facts, field):
    with pytest.raises(Invalid) as refusal:
        bring(call, commune, collaborator, **facts)

    assert list(refusal.value.fields) == [field]
    assert not Need.objects.exists()


def test_a_collaborator_of_another_commune_is_refused(call, commune):
    with pytest.raises(NotAllowed):
        bring(call, commune, person("collaborator", place=CommuneFactory(province=call.province)))


def test_the_centre_enters_on_behalf_and_the_source_is_kept(call, commune, officer):
    assert bring(call, commune, officer, channel="zalo").get_channel_display() == "Zalo"


def test_no_need_counts_as_answered_until_there_is_one(call, commune, collaborator):
    operations.answer_none(call, commune=commune, channel="telephone", by=collaborator, on=dt.date(2026, 10, 5))
    operations.answer_none(call, commune=commune, channel="telephone", by=collaborator, on=dt.date(2026, 10, 6))
    assert NoNeed.objects.get().answered_on == dt.date(2026, 10, 5)

    bring(call, commune, collaborator)

    assert not NoNeed.objects.exists()


def test_a_commune_with_needs_cannot_say_that_it_has_none(call, commune, collaborator):
    bring(call, commune, collaborator)

    with pytest.raises(NotPossible, match="đã gửi nhu cầu"):
        operations.answer_none(call, commune=commune, channel="paper", by=collaborator, on=dt.date(2026, 10, 5))


@pytest.mark.parametrize(("count", "refused"), [(6, False), (7, True)])
def test_a_need_takes_six_pictures_and_says_so(call, commune, collaborator, count, refused):
    photos = StoredFileFactory.create_batch(count)

    if not refused:
        assert bring(call, commune, collaborator, photos=photos).photos.count() == 6
        return
    with pytest.raises(Invalid, match="nhiều nhất 6 ảnh") as refusal:
        bring(call, commune, collaborator, photos=photos)
    assert list(refusal.value.fields) == ["photos"]


def test_a_telephone_is_read_when_it_is_typed_and_what_was_kept_before_stops_no_other_correction(
    call, commune, collaborator
):
    need = bring(call, commune, collaborator, phone="0905.123.456")
    assert need.phone == "0905123456"

    Need.objects.filter(pk=need.pk).update(phone="hỏi anh Ba")
    operations.correct(need, by=collaborator, phone="hỏi anh Ba", what="Máy rang")
    with pytest.raises(Invalid) as refusal:
        operations.correct(need, by=collaborator, phone="hỏi chị Tư")

    assert list(refusal.value.fields) == ["phone"]
    need.refresh_from_db()
    assert (need.phone, need.what) == ("hỏi anh Ba", "Máy rang")


def test_a_correction_is_told_without_the_phone_number(call, commune, collaborator):
    need = bring(call, commune, collaborator, phone="0905123456")

    operations.correct(need, by=collaborator, phone="0905999999", what="Máy rang")

    event = Event.objects.latest("pk")
    assert event.data == {"fields": ["phone", "what"]}
    assert Need.objects.get().folded == "co so ngoc tu may rang"


def test_a_corrected_hamlet_stands_in_the_place_too(call, commune, collaborator):
    need = bring(call, commune, collaborator, hamlet="Buôn Ea Kmát")
    rest = f"{commune.named_inside}, {call.province.named_inside}"

    operations.correct(need, by=collaborator, hamlet=" Buôn  Ea Bông ")
    assert Need.objects.get().place_text == f"Buôn Ea Bông, {rest}"
    operations.correct(need, by=collaborator, hamlet="")
    assert Need.objects.get().place_text == commune.address() == rest[:1].upper() + rest[1:]
    operations.correct(need, by=collaborator, hamlet="Thôn 3")
    assert Need.objects.get().place_text == f"Thôn 3, {rest}"


@pytest.mark.parametrize("field", ["name", "what"])
def test_a_correction_leaves_a_name_and_a_wish(call, commune, collaborator, field):
    need = bring(call, commune, collaborator)

    with pytest.raises(Invalid, match="Hãy ghi") as refusal:
        operations.correct(need, by=collaborator, **{field: "  "})
    assert list(refusal.value.fields) == [field]


def test_what_the_commune_confirmed_is_not_corrected(call, commune, collaborator):
    need = NeedFactory(call=call, commune=commune, state="confirmed")

    with pytest.raises(NotPossible, match="đã được xác nhận"):
        operations.correct(need, by=collaborator, what="Máy rang")


# ---- the way to an answer ----


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


def test_an_empty_answer_stands_beside_no_link(call):
    NoNeedFactory(call=call)
    LinkFactory(call=call)

    assert call.empty_answers.count() == call.links.count() == 1
