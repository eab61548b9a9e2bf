import datetime as dt

import pytest
from django.conf import settings

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {
    **settings.STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The tests' house has its own calendar: Sunday, 22 November 2026."""
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: TODAY)
    monkeypatch.setattr(
        "khuyencong.base.clock.now", lambda: dt.datetime(2026, 11, 22, 8, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    )
    return TODAY
