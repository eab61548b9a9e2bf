"""What the database itself refuses, whoever writes."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from khuyencong.norms.models import SupportNorm
from tests.factories.norms import SupportNormFactory

pytestmark = pytest.mark.django_db

START, END = dt.date(2020, 1, 1), dt.date(2024, 1, 1)


@pytest.mark.parametrize("changed", [{"percent": 101}, {"percent": 0}, {"cap": 0}, {"valid_to": START}])
def test_the_database_refuses_what_cannot_be_law(changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportNormFactory(**changed)


def _has_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'norms_supportnorm_no_overlap_insert'"
            )
        else:
            cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'norms_supportnorm_no_overlap'")
        return cursor.fetchone() is not None


def test_the_database_refuses_two_rows_of_one_day():
    assert _has_triggers()
    held = SupportNormFactory(valid_to=END)
    later = SupportNormFactory(line=held.line, valid_from=END)

    with pytest.raises(IntegrityError), transaction.atomic():
        SupportNormFactory(line=held.line, valid_from=dt.date(2023, 12, 31), valid_to=END)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportNorm.objects.filter(pk=later.pk).update(valid_from=dt.date(2023, 12, 31))
