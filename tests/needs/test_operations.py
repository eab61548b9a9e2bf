import datetime as dt

import pytest
from django.utils.translation import override

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.needs import operations
from khuyencong.needs.models import Link, Need, NeedStep, NoNeed
from khuyencong.needs.operations import answers
from tests.factories.files import StoredFileFactory
from tests.factories.needs import LinkFactory, NeedFactory, NoNeedFactory
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


def test_an_empty_answer_stands_beside_no_link(call):
    NoNeedFactory(call=call)
    LinkFactory(call=call)

    assert call.empty_answers.count() == call.links.count() == 1
