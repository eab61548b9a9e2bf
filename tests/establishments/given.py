"""What several files of tests here begin with."""

import datetime as dt

from khuyencong.audit.models import Event
from tests.factories.people import person

DAY = dt.date(2026, 11, 20)
TOMORROW = dt.date(2026, 11, 23)


def own(establishment):
    return person("establishment", place=None, organisation=establishment.organisation)


def remembered(action, subject):
    return Event.objects.filter(action=action, subject_id=subject.pk).count()
