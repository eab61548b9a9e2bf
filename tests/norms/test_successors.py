"""A row put in the place of another in one act; what an act would do, told without doing it."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms import operations, queries
from khuyencong.norms.models import SupportNorm
from tests.factories.norms import AdvanceNormFactory, InstrumentFactory, LineFactory, SupportNormFactory
from tests.norms.test_operations import Person

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
FROM = dt.date(2027, 1, 1)
MILLION = 1_000_000


@pytest.fixture
def manager():
    return Person(Permission.CATALOGUE_MANAGE)


def test_a_row_gives_way_to_another_in_one_act(manager):
    old = SupportNormFactory()
    text = InstrumentFactory(number="9/2026/TT-BTC")

    new = operations.succeed_row(
        old, instrument=text, valid_from=FROM, percent=50, cap=250 * MILLION, article="Điều 5", by=manager, on=TODAY
    )

    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.valid_to) == (FROM, FROM, None)
    assert (new.line, new.instrument, new.cap, new.verified) == (old.line, text, 250 * MILLION, "no")
    assert [event.action for event in Event.objects.order_by("pk")] == ["norms.end_row", "norms.succeed_row"]
    assert Event.objects.get(action="norms.succeed_row").data["instead_of"] == str(old)


@pytest.mark.parametrize(("day", "most"), [(dt.date(2026, 12, 31), 200), (FROM, 100)])
def test_the_last_day_of_the_old_row_and_the_first_of_the_new(manager, day, most):
    old = SupportNormFactory(line=LineFactory(anywhere=True))
    operations.succeed_row(old, article="Điều 5", valid_from=FROM, cap=100 * MILLION, by=manager, on=TODAY)

    assert queries.maximum(old.line, cost=900 * MILLION, on=day).maximum == most * MILLION


@pytest.mark.parametrize("start", [dt.date(2019, 12, 31), dt.date(2020, 1, 1)])
def test_what_follows_begins_after_what_it_follows(manager, start):
    text = InstrumentFactory(valid_from=dt.date(2018, 1, 1))

    with pytest.raises(Invalid, match="sau ngày 01/01/2020") as refusal:
        operations.succeed_row(
            SupportNormFactory(instrument=text), article="Điều 5", valid_from=start, cap=1, by=manager, on=TODAY
        )

    assert list(refusal.value.fields) == ["valid_from"]


def test_a_row_that_has_ended_may_be_followed_on_its_last_day_or_sooner_but_not_later(manager):
    old = SupportNormFactory(valid_to=FROM)

    with pytest.raises(Invalid, match="đã hết hiệu lực từ 01/01/2027"):
        operations.succeed_row(
            old, article="Điều 5", valid_from=FROM + dt.timedelta(days=1), cap=1, by=manager, on=TODAY
        )
    new = operations.succeed_row(
        old, article="Điều 5", valid_from=FROM - dt.timedelta(days=1), cap=1, by=manager, on=TODAY
    )

    old.refresh_from_db()
    assert (old.valid_to, new.valid_from) == (dt.date(2026, 12, 31), dt.date(2026, 12, 31))


def test_a_third_row_in_the_way_refuses_and_nothing_is_written(manager):
    old = SupportNormFactory(valid_to=FROM)
    SupportNormFactory(line=old.line, instrument=old.instrument, valid_from=FROM)

    with pytest.raises(NotPossible, match="Trùng thời gian hiệu lực"):
        operations.succeed_row(old, article="Điều 5", valid_from=dt.date(2026, 12, 1), cap=1, by=manager, on=TODAY)

    old.refresh_from_db()
    assert (old.valid_to, SupportNorm.objects.count(), Event.objects.count()) == (FROM, 2, 0)


def test_another_kind_of_row_gives_way_as_well(manager):
    old = AdvanceNormFactory()

    new = operations.succeed_row(
        old, article="Điều 5", valid_from=FROM, ratio="0.5", proof="contract", by=manager, on=TODAY
    )

    assert (new.kind, queries.advance_ratio("machinery", on=FROM).ratio) == (old.kind, new.ratio)


def test_nobody_without_authority_puts_a_row_in_its_place_nor_asks_what_would_be():
    row, stranger = SupportNormFactory(verified="no"), Person()

    for refused in (
        lambda: operations.succeed_row(row, valid_from=FROM, cap=1, by=stranger, on=TODAY),
        lambda: operations.propose_successor(row, valid_from=FROM, cap=1, by=stranger),
        lambda: operations.propose_row(row.instrument, model=SupportNorm, line=row.line, valid_from=FROM, by=stranger),
        lambda: operations.propose_end(row, valid_to=FROM, by=stranger),
        lambda: operations.propose_correction(row, reason="x", cap=1, by=stranger),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_proposal_is_the_row_as_it_would_be_and_writes_nothing(manager):
    row, text = SupportNormFactory(verified="no"), InstrumentFactory()

    ended = operations.propose_end(row, valid_to=FROM, by=manager)
    corrected = operations.propose_correction(row, reason="đọc nhầm", cap=5, by=manager)
    before, after = operations.propose_successor(
        row, article="Điều 5", instrument=text, valid_from=FROM, cap=7, by=manager
    )
    added = operations.propose_row(
        text, article="Điều 5", model=SupportNorm, line=LineFactory(), cap=9, valid_from=FROM, by=manager
    )

    assert (ended.pk, ended.valid_to, row.valid_to) == (row.pk, FROM, None)
    assert (corrected.pk, corrected.cap, row.cap) == (row.pk, 5, 200 * MILLION)
    assert (before.pk, before.valid_to, after.pk, after.cap, after.line) == (row.pk, FROM, None, 7, row.line)
    assert (added.pk, added.cap) == (None, 9)
    row.refresh_from_db()
    assert (row.valid_to, row.cap) == (None, 200 * MILLION)
    assert (SupportNorm.objects.count(), Event.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"percent": "100.01"}, "percent", "Tỷ lệ hỗ trợ phải lớn hơn 0 và không quá 100%."),
        ({"percent": 0}, "percent", "Tỷ lệ hỗ trợ phải lớn hơn 0 và không quá 100%."),
        ({"cap": 0}, "cap", "Mức tối đa phải lớn hơn 0 đồng."),
        ({"multiplier": "0.99"}, "multiplier", "Hệ số không được nhỏ hơn 1."),
        ({"valid_to": FROM}, "valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ({"valid_to": dt.date(2026, 12, 31)}, "valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
    ],
)
def test_what_cannot_be_law_is_refused_in_one_sentence_under_its_own_field(manager, fields, name, sentence):
    new = {"line": LineFactory(), "valid_from": FROM, "cap": 1, "percent": 100} | fields

    with pytest.raises(Invalid) as refusal:
        operations.add_row(InstrumentFactory(), article="Điều 5", model=SupportNorm, by=manager, on=TODAY, **new)

    assert refusal.value.fields == {name: sentence}


def test_a_whole_hundred_percent_is_law(manager):
    row = operations.add_row(
        InstrumentFactory(),
        article="Điều 5",
        model=SupportNorm,
        line=LineFactory(),
        percent=100,
        valid_from=FROM,
        by=manager,
        on=TODAY,
    )

    assert row.percent == 100


def test_a_second_rate_for_the_same_line_and_day_is_refused_in_one_sentence(manager):
    held = SupportNormFactory()

    with pytest.raises(NotPossible) as refusal:
        operations.add_row(
            held.instrument,
            article="Điều 5",
            model=SupportNorm,
            line=held.line,
            cap=1,
            valid_from=FROM,
            by=manager,
            on=TODAY,
        )

    assert str(refusal.value) == (
        f"Trùng thời gian hiệu lực với dòng đã có ({held}, từ 01/01/2020): "
        "hãy kết thúc dòng đó hoặc thay bằng dòng mới."
    )


def test_a_correction_does_not_reach_beyond_its_text(manager):
    row = SupportNormFactory(verified="no")

    with pytest.raises(NotPossible, match="phải nằm trong"):
        operations.correct_row(row, reason="nhầm ngày", valid_from=dt.date(2019, 12, 31), by=manager, on=TODAY)
