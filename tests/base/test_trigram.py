"""The index of pieces: asked of papers, one of the lists that have it."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from khuyencong.base import bulk, clock
from khuyencong.base.trigram import SearchedField, name, with_words
from khuyencong.documents.models import Paper
from khuyencong.projects.models import Project
from tests.factories.documents import PaperFactory

pytestmark = pytest.mark.django_db
SEARCHED = [
    (field.model._meta.db_table, field.column)
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, SearchedField)
]


def found(typed, *, everywhere=True, few=False):
    return {paper.number for paper in with_words(Paper.objects.all(), "folded", typed, everywhere=everywhere, few=few)}


@pytest.fixture
def papers():
    for number, folded in (("1", "12/qd-sct ve viec may say lua"), ("2", "13/qd-sct may xay"), ("3", "o cua")):
        PaperFactory(number=number, folded=folded)


@pytest.mark.parametrize(("everywhere", "few"), [(True, False), (False, False), (False, True)])
@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("máy", {"1", "2"}),
        ("SẤY máy", {"1"}),
        ("ay", {"1", "2"}),  # two letters are read, three are looked up
        ("o", {"3"}),
        ("12/qd-sct", {"1"}),
        ("qd-sct lua", {"1"}),
        ("lua máy sấy", {"1"}),
        ("xay lua", set()),  # each stands somewhere, nowhere both
        ("lua ay", {"1"}),  # one is looked up, one read
        ("may o", set()),
        ("khong", set()),
        ("", {"1", "2", "3"}),
        ('"say', set()),
        ("may* OR lua", set()),
        ("%may", set()),
        ("ma\0y", {"1", "2"}),  # what no keyboard gives parts words
    ],
)
def test_each_word_is_found_wherever_it_stands(papers, typed, numbers, everywhere, few):
    assert found(typed, everywhere=everywhere, few=few) == numbers


def test_the_index_follows_what_is_changed_and_taken_away(papers):
    Paper.objects.filter(number="2").update(folded="13/qd-sct lo say")
    Paper.objects.filter(number="1").delete()

    assert (found("xay"), found("say"), found("lua")) == (set(), {"2"}, set())


def test_a_row_that_is_saved_unchanged_stays_found_once(papers):
    paper = Paper.objects.get(number="2")

    paper.save()

    assert found("xay") == {"2"}


def test_words_of_another_table_are_found_through_its_row(papers):
    step = Paper.objects.filter(attachments__paper__folded__holds="may")

    assert list(step) == []


@pytest.mark.parametrize(("table", "column"), SEARCHED)
def test_every_searched_column_has_its_index(table, column):
    pieces = name(table, column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = %s", [pieces])
            expected = [pieces]
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE name = %s OR tbl_name = %s ORDER BY name", [pieces, table]
            )
            expected = [pieces, f"{pieces}_delete", f"{pieces}_insert", f"{pieces}_update"]
        there = [row[0] for row in cursor.fetchall() if row[0].startswith(pieces)]

    assert there == expected


def test_projects_are_searched_by_all_their_words():
    assert ("projects_project", "words") in SEARCHED
    assert Project._meta.get_field("words").get_internal_type() == "TextField"


@pytest.fixture
def three_are_many(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 3)


def written(*texts):
    blank = PaperFactory.build(number="9")
    names = [f.attname for f in Paper._meta.concrete_fields if not f.primary_key and not f.generated]
    rows = []
    for number, text in enumerate(texts, 10):
        values = {n: getattr(blank, n) for n in names} | {
            "number": str(number),
            "folded": text,
            "uid": uuid4(),
            "at": clock.now(),
        }
        rows.append([values[n] for n in names])
    bulk.insert(Paper, names, rows)


def test_many_rows_at_once_are_found_and_so_is_what_comes_after(papers, three_are_many):
    written("lo nung gom", "lo say mit", "lo ren")
    PaperFactory(number="20", folded="lo rang ca phe")

    assert found("nung") == {"10"} and found("mit") == {"11"} and found("ren") == {"12"}
    assert found("rang") == {"20"} and found("lua") == {"1"}


def test_many_rows_that_are_refused_leave_the_index_as_it_was(papers, three_are_many):
    with pytest.raises(IntegrityError), transaction.atomic():
        written("lo nung gom", "lo say mit", None)
    PaperFactory(number="20", folded="lo rang ca phe")

    assert (found("nung"), found("rang")) == (set(), {"20"})
