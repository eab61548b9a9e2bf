"""The journal is written with the act, never rewritten, and proves itself."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from khuyencong.audit import operations, queries
from khuyencong.audit.enums import ACTIONS
from khuyencong.audit.models import Event, Seal
from khuyencong.places.models import Scope
from tests.factories.audit import EventFactory, SealFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return OrganisationFactory()


@pytest.fixture
def journal(body):
    """Five sealed lines of one organisation."""
    by = UserFactory()
    for number in range(5):
        operations.record("organisation.change", body, by=by, number=number)
    operations.seal()
    return list(Event.objects.order_by("position"))


def _raw(sql, *params):
    """What somebody does who has the database and has taken the triggers away."""
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else ' ON "audit_event"'
        cursor.execute(f'DROP TRIGGER IF EXISTS "audit_event_no_update"{on}')
        cursor.execute(f'DROP TRIGGER IF EXISTS "audit_event_no_delete"{on}')
        cursor.execute(sql, params)


# --- what is remembered -------------------------------------------------------------------------------------------------


def test_a_line_tells_who_did_what_to_whom_where_and_on_which_legal_day(body):
    by = UserFactory(last_name="Nguyễn Thị", first_name="Hoa")

    event = operations.record(
        "organisation.end", body, by=by, on=dt.date(2026, 3, 2), amount=5_000, day=dt.date(2026, 1, 1)
    )

    event.refresh_from_db()
    assert (event.actor, event.actor_id, event.action) == ("Nguyễn Thị Hoa", by.pk, "organisation.end")
    assert (event.subject_type, event.subject_id, event.subject) == ("organisations.organisation", body.pk, str(body))
    assert event.on == dt.date(2026, 3, 2)
    assert event.province_id == body.province_id
    assert event.data == {"amount": 5_000, "day": "2026-01-01"}
    assert event.signer == ""


def test_signer_and_recorder_are_kept_apart(body):
    class Paper(SimpleNamespace):
        def __str__(self):
            return "12/QĐ-UBND (05/03/2026)"

    paper = Paper(signer="Trần Văn Chủ tịch", signed_on=dt.date(2026, 3, 5))

    event = operations.record("organisation.end", body, by=UserFactory(), paper=paper)

    assert (event.signer, event.on) == ("Trần Văn Chủ tịch", dt.date(2026, 3, 5))
    assert event.data == {"paper": "12/QĐ-UBND (05/03/2026)"}


def test_an_act_that_fails_leaves_no_line(body):
    def act():
        with transaction.atomic():
            operations.record("organisation.end", body, by=UserFactory())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    assert Event.objects.count() == 0


def test_one_act_on_many_records_is_one_statement(django_assert_num_queries):
    bodies, by = [OrganisationFactory() for _n in range(3)], UserFactory()

    with django_assert_num_queries(1):
        count = operations.record_many(bodies, action="organisation.end", by=by, reason="x")

    assert count == 3
    assert [e.subject_id for e in Event.objects.order_by("pk")] == [b.pk for b in bodies]


def test_the_act_is_told_in_words():
    assert EventFactory(action="organisation.end").label == "ghi nhận chấm dứt hoạt động"
    assert EventFactory(subject_type="organisations.organisation").subject_kind == "tổ chức"
    assert EventFactory(subject_type="gone.model").subject_kind == "gone.model"


# --- never rewritten ----------------------------------------------------------------------------------------------------

WAYS = {
    "save": lambda e: e.save(),
    "delete": lambda e: e.delete(),
    "update": lambda e: Event.objects.update(actor="x"),
    "erase": lambda e: Event.objects.filter(pk=e.pk).delete(),
    "bulk_update": lambda e: Event.objects.bulk_update([e], ["actor"]),
    "update_or_create": lambda e: Event.objects.update_or_create(pk=e.pk, defaults={"actor": "x"}),
    "conflict": lambda e: Event.objects.bulk_create([e], update_conflicts=True, update_fields=["actor"]),
    "raw_delete": lambda e: Event.objects.all()._raw_delete("default"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_model_refuses_to_rewrite_and_to_erase(way):
    event = EventFactory()

    with pytest.raises(TypeError):
        WAYS[way](event)

    assert Event.objects.get().actor == "Nguyễn Thị Lan"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET actor = 'x'",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00+00'",
        "DELETE FROM audit_event",
        "UPDATE audit_event SET digest = 'x'",
        "UPDATE audit_event SET position = NULL",
        "DELETE FROM audit_seal",
        "UPDATE audit_seal SET position = 99",
    ],
)
def test_the_database_refuses_too(journal, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert queries.verify().sound


def test_a_seal_is_set_once_and_no_other_column_with_it(body):
    event = EventFactory()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET digest = 'x', actor = 'x' WHERE id = %s", [event.pk])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET digest = 'x' WHERE id = %s", [event.pk])

    assert Event.objects.get().digest == "x"


# --- the chain ----------------------------------------------------------------------------------------------------------


def test_sealing_chains_what_waits_and_counts_it(body):
    by = UserFactory()
    for _n in range(3):
        operations.record("organisation.change", body, by=by)

    assert (queries.verify().sealed, queries.verify().unsealed) == (0, 3)
    assert operations.seal(limit=2) == 2
    assert operations.seal_all() == 1
    assert operations.seal() == 0

    verdict = queries.verify()
    assert (verdict.sealed, verdict.unsealed, verdict.sound) == (3, 0, True)
    assert verdict.head == Event.objects.get(position=3).digest
    assert [seal.position for seal in Seal.objects.order_by("pk")] == [2, 3]


def test_lines_of_the_same_moment_chain_in_order(journal):
    assert [e.position for e in journal] == [1, 2, 3, 4, 5]
    assert [e.previous for e in journal] == ["0" * 64, *[e.digest for e in journal[:4]]]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'Người khác'"),
        ("actor_id", "99"),
        ("action", "'organisation.end'"),
        ("subject", "'x'"),
        ("subject_id", "77"),
        ("subject_type", "'x.y'"),
        ("data", "'{\"number\": 9}'"),
        ("signer", "'x'"),
        ("on", "'2026-01-01'"),
        ("province_id", "7"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
    ],
)
def test_a_changed_line_is_named(journal, column, value):
    _raw(f'UPDATE audit_event SET "{column}" = {value} WHERE id = %s', journal[2].pk)

    verdict = queries.verify()

    assert (verdict.broken, verdict.line, verdict.sealed) == (3, journal[2].pk, 2)
    assert verdict.reason == "nội dung dòng đã bị sửa"


@pytest.mark.parametrize("position", [1, 3, 5])
def test_a_removed_line_is_named_even_the_last(journal, position):
    _raw("DELETE FROM audit_event WHERE position = %s", position)

    verdict = queries.verify()

    assert (verdict.broken, verdict.line) == (position, None)
    assert verdict.reason == "thiếu dòng nhật ký này (đã bị xoá)"


def test_a_line_put_in_at_the_end_is_named(journal):
    forged = EventFactory(position=6, previous=journal[-1].digest)
    forged.digest = queries.digest_of(forged)
    _raw("UPDATE audit_event SET digest = %s WHERE id = %s", forged.digest, forged.pk)

    verdict = queries.verify()

    assert (verdict.broken, verdict.line) == (6, forged.pk)
    assert verdict.reason == "dòng lạ được nối vào cuối chuỗi"


def test_a_removed_line_is_found_when_the_others_were_numbered_anew(journal):
    _raw("DELETE FROM audit_event WHERE position = 2")
    for position in (3, 4, 5):
        _raw("UPDATE audit_event SET position = %s WHERE position = %s", position - 1, position)

    assert queries.verify().broken == 2


def test_a_chain_made_anew_as_a_whole_does_not_match_what_was_written_down_outside(journal):
    anchor = (5, queries.verify().head)
    assert queries.verify(anchor=anchor).sound
    _raw("UPDATE audit_event SET actor = 'Người khác', position = NULL, previous = NULL, digest = NULL")
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else ' ON "audit_seal"'
        cursor.execute(f'DROP TRIGGER "audit_seal_no_delete"{on}')
        cursor.execute("DELETE FROM audit_seal")
    operations.seal()

    assert queries.verify().sound
    assert queries.verify(anchor=anchor).broken == 5


def test_a_seal_without_its_line_is_noticed():
    SealFactory(position=1)

    assert queries.verify().broken == 1


# --- reading ------------------------------------------------------------------------------------------------------------


def test_the_history_of_a_record_is_its_own_oldest_first(body):
    for number in range(3):
        EventFactory(subject_id=body.pk, data={"number": number})
    EventFactory(subject_id=body.pk + 1)

    assert [e.data["number"] for e in queries.history_of(body)] == [0, 1, 2]
    assert [e.data["number"] for e in queries.history_of(body, limit=2)] == [1, 2]


def test_the_auditor_finds_lines_by_text_without_accents_and_only_in_his_territory():
    EventFactory(province_id=7, folded="lan co so ngoc tu")
    EventFactory(province_id=8, folded="lan co so ngoc tu")
    EventFactory(province_id=7, folded="khac")

    assert queries.search(Scope(provinces={7}), text="Ngọc Tứ").count() == 1
    assert queries.search(Scope(whole_country=True), text="ngoc  tu").count() == 2
    assert queries.search(Scope()).count() == 0


def test_the_search_counts_days_by_the_calendar_of_vietnam():
    EventFactory(at=dt.datetime(2026, 3, 1, 17, 30, tzinfo=dt.UTC))  # half past midnight on 2 March in Vietnam
    everywhere = Scope(whole_country=True)

    assert queries.search(everywhere, start=dt.date(2026, 3, 2), end=dt.date(2026, 3, 2)).count() == 1
    assert queries.search(everywhere, end=dt.date(2026, 3, 1)).count() == 0
    assert queries.search(everywhere, start=dt.date(2026, 3, 3)).count() == 0


def test_the_search_knows_act_person_and_kind_of_thing():
    EventFactory(action="organisation.end", actor_id=5, subject_type="people.user")
    EventFactory()
    everywhere = Scope(whole_country=True)

    assert queries.search(everywhere, action="organisation.end").count() == 1
    assert queries.search(everywhere, actor_id=5).count() == 1
    assert queries.search(everywhere, subject_type="people.user").count() == 1


def test_five_working_days_are_in_time_and_the_sixth_is_late():
    written = dt.datetime(2026, 11, 13, 3, 0, tzinfo=dt.UTC)  # a Friday
    in_time = EventFactory(on=dt.date(2026, 11, 6), at=written)
    late = EventFactory(on=dt.date(2026, 11, 5), at=written)
    none = EventFactory(on=None, at=written)

    assert queries.late([in_time, late, none]) == [(late, 6)]


def test_no_two_acts_are_told_with_the_same_words_so_that_a_filter_names_one():
    labels = [str(label) for label in ACTIONS.values()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []
