"""What a row must keep is asked of the database at once, and told as if it had been asked one by one."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Value

from khuyencong.base.errors import Invalid
from khuyencong.base.models import _all_checks, checked, known
from khuyencong.establishments.models import YearlyFacts
from tests.factories.establishments import EstablishmentFactory

pytestmark = pytest.mark.django_db
CONDITIONED = [
    model for model in apps.get_models() if any(isinstance(one, CheckConstraint) for one in model._meta.constraints)
]


def test_no_condition_asks_for_a_field_that_is_left_out():
    assert len(CONDITIONED) > 50
    for model in CONDITIONED:
        whole, unasked = _all_checks(model, frozenset())
        told = {field.name: Value(None, field) for field in model._meta.concrete_fields if field.name not in unasked}
        whole.condition.check(told)  # raises FieldError for a field that it is not told


@pytest.fixture
def a_year():
    """Facts of one year as they would be entered, not yet written."""
    return YearlyFacts(establishment=EstablishmentFactory(), year=2025, workers=10)


def test_a_row_that_keeps_all_conditions_passes_with_one_question_for_them(a_year, django_assert_num_queries):
    # whether the year is there, and inside a savepoint the four conditions at once
    with django_assert_num_queries(4):
        assert checked(a_year) is a_year


def test_a_field_that_is_left_out_leaves_the_others_to_one_question(a_year, django_assert_num_queries):
    a_year.women, a_year.revenue = 11, 1
    with django_assert_num_queries(4):
        assert checked(a_year, exclude=("women",)) is a_year
    a_year.minority = 11
    with pytest.raises(Invalid) as refused:
        checked(a_year, exclude=("women",))
    assert "dân tộc thiểu số" in refused.value.fields["__all__"]


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"women": 11}, ["lao động nữ"]),
        ({"minority": 11}, ["dân tộc thiểu số"]),
        ({"revenue": -1}, ["không được âm"]),
        ({"women": 11, "minority": 12, "revenue": -1}, ["lao động nữ", "dân tộc thiểu số", "không được âm"]),
    ],
)
def test_each_condition_that_is_not_kept_is_told_in_its_own_words(a_year, wrong, sentences):
    for name, value in wrong.items():
        setattr(a_year, name, value)
    with pytest.raises(Invalid) as refused:
        checked(a_year)
    with pytest.raises(ValidationError) as one_by_one:
        a_year.validate_constraints()
    told = refused.value.fields["__all__"]
    assert told == " ".join(one_by_one.value.messages)
    assert all(sentence in told for sentence in sentences)


def test_a_row_that_is_there_already_is_told_beside_its_conditions(a_year):
    a_year.save()
    again = YearlyFacts(establishment=a_year.establishment, year=2025, workers=10, women=11)
    with pytest.raises(Invalid) as refused:
        checked(again)
    assert "Đã có số liệu của năm này." in str(refused.value.fields)
    assert "lao động nữ" in str(refused.value.fields)


def test_what_was_read_already_comes_along_where_the_row_still_names_it(a_year, django_assert_num_queries):
    a_year.save()
    fresh = known(YearlyFacts.objects.get(pk=a_year.pk), by=a_year, names=["establishment"])
    with django_assert_num_queries(0):
        assert fresh.establishment is a_year.establishment


def test_what_the_row_names_no_longer_does_not_come_along(a_year):
    a_year.save()
    other = EstablishmentFactory()
    YearlyFacts.objects.filter(pk=a_year.pk).update(establishment=other)
    assert known(YearlyFacts.objects.get(pk=a_year.pk), by=a_year, names=["establishment"]).establishment == other
