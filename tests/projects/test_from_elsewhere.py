import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from khuyencong.projects.operations import Entry, Helped
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.projects import ProjectFactory
from tests.projects.given import MILLION

pytestmark = pytest.mark.django_db


def entry(land, **facts):
    return Entry(
        **(
            {
                "title": "Máy rang cà phê",
                "level": "provincial",
                "kind": "machinery",
                "year": 2019,
                "province": land.province,
                "implementer": land.centre,
                "local": 200 * MILLION,
                "counterpart": 210 * MILLION,
            }
            | facts
        )
    )


def test_history_lands_at_its_end_marked_and_outside_the_checks(land, people, day):
    who = EstablishmentFactory(commune=land.commune, province=land.province)

    [one, two] = operations.record_historical(
        [entry(land, helped=[Helped(establishment=who, local=200 * MILLION)], on=dt.date(2019, 12, 1)), entry(land, state="stopped")],
        about=land.province,
        by=people.officer,
        source="Sổ theo dõi 2019",
    )  # fmt: skip

    assert (one.state, one.historical, one.originals_missing, one.granted) == ("liquidated", True, True, 200 * MILLION)
    assert (two.state, one.steps.get().on, two.steps.get().on) == (
        "stopped",
        dt.date(2019, 12, 1),
        dt.date(2019, 12, 31),
    )
    with pytest.raises(NotPossible):
        operations.change(one, by=people.officer, title="Khác")


def test_history_of_this_year_keeps_the_day_that_is_told_and_else_ends_today(land, people):
    today = clock.today()
    told = dt.date(today.year, 1, 15)

    projects = operations.record_historical(
        [entry(land, year=today.year, on=told), entry(land, title="Máy sấy", year=today.year)],
        about=land.province,
        by=people.officer,
    )

    assert [project.steps.get().on for project in projects] == [told, today]


def test_history_whose_whole_is_not_the_sum_of_its_sources_is_refused_with_its_row(land, people):
    told = Helped(establishment=EstablishmentFactory(), local=200 * MILLION, total=201 * MILLION)

    with pytest.raises(Invalid, match="201.000.000 đồng khác tổng các nguồn 200.000.000 đồng") as refusal:
        operations.record_historical([entry(land), entry(land, helped=[told])], about=land.province, by=people.officer)

    assert set(refusal.value.fields) == {"row_2"}
    assert not Project.objects.exists()


def test_history_refuses_a_state_that_is_no_end_and_names_the_row(land, people):
    with pytest.raises(Invalid) as refusal:
        operations.record_historical([entry(land), entry(land, state="draft")], about=land.province, by=people.officer)
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(Invalid, match="chưa tới"):
        operations.record_historical([entry(land, on=tomorrow)], about=land.province, by=people.officer)

    assert list(refusal.value.fields) == ["row_2"]


def test_an_imported_plan_lands_approved_under_its_decision(land, people, day):
    decision = PaperFactory(kind="plan_decision", signed_on=day)

    [one] = operations.record_approved(
        [entry(land, year=2026)], about=land.province, by=people.officer, on=day, paper=decision, source="ke-hoach.xlsx"
    )

    assert (one.state, one.historical, one.granted, one.steps.get().paper) == (
        "approved",
        False,
        200 * MILLION,
        decision,
    )
    assert [e.action for e in queries.journal_of([one])] == ["project.bring_in"]


def test_a_list_is_one_line_of_the_journal_and_each_of_its_projects_leads_to_it(land, people, day):
    decision = PaperFactory(kind="plan_decision", signed_on=day)
    entries = [entry(land, year=2026), entry(land, year=2026, title="Máy sấy")]

    made = operations.record_approved(
        entries, about=land.province, by=people.officer, on=day, paper=decision, source="ke-hoach.xlsx", digest="ab12"
    )
    closed = operations.record_historical(
        [entry(land), entry(land, title="Máy xát")], about=land.province, by=people.officer
    )

    approved, past = Event.objects.order_by("pk")
    assert (approved.subject_id, approved.data["count"], approved.data["digest"]) == (land.province.pk, 2, "ab12")
    assert [list(queries.journal_of([one])) for one in made] == [[approved], [approved]]
    assert [list(queries.journal_of([one])) for one in closed] == [[past], [past]]
    assert list(queries.journal_of([*made, *closed])) == [approved, past]


def test_bringing_in_needs_the_right_to_import_there_and_a_plan_decision(land, people, day):
    with pytest.raises(NotAllowed):
        operations.record_approved(
            [entry(land)], about=land.province, by=people.stranger, on=day, paper=PaperFactory(signed_on=day)
        )
    with pytest.raises(NotPossible):
        operations.record_approved(
            [entry(land)],
            about=land.province,
            by=people.officer,
            on=day,
            paper=PaperFactory(kind="minutes", signed_on=day),
        )


def test_a_row_that_cannot_be_takes_all_others_with_it(land, people, day):
    with pytest.raises(Invalid) as refusal:
        operations.record_historical([entry(land), entry(land, local=-1)], about=land.province, by=people.officer)

    assert list(refusal.value.fields) == ["row_2"]


def test_an_entry_is_known_again_by_its_folded_title(land):
    ProjectFactory(
        province=land.province, title="Máy  Rang Cà Phê", folded=queries.folded_title("Máy  Rang Cà Phê"), year=2019
    )

    found = queries.known_again(province=land.province, year=2019, level="provincial", title="MÁY RANG CÀ PHÊ")
    assert found.count() == 1
