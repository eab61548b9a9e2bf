import gc
import shutil

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from django.http import HttpRequest
from django.test import Client
from hypothesis import settings as hypothesis_settings

from khuyencong.tools.migrating import new_models_rendered_alone
from tests import schema
from tests.at_once import ON_POSTGRESQL
from tests.worlds import TODAY, set_calendar

# the same examples on every run and machine: a suite that finds something new each night fails somebody else's change
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.load_profile("same")
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {
    **settings.STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

gc.disable()  # while everything is loaded, nothing of it is rubbish
LONG = ("tests/tools/", "tests/journeys/", "tests/work/", "tests/web/")


def pytest_collection_modifyitems(items):
    """Files that take many seconds begin first, so that no process waits for another at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish(session):
    """What was loaded stays: walking over all of it again and again would take a sixth of the time of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The tests' house has its own calendar: Sunday, 22 November 2026."""
    set_calendar(monkeypatch)
    return TODAY


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Before Django makes its database in memory, the tables are there: migrating takes seconds in every process."""
    if connection.vendor != "sqlite":
        with new_models_rendered_alone():
            yield
        return
    memory = schema.fill(connection.creation._get_test_db_name())
    yield
    memory.close()


@pytest.fixture(scope="session", autouse=True)
def flushing_passes_the_triggers():
    """Tests with real transactions empty all tables afterwards, the append-only ones too; SQLite's triggers refuse that
    (PostgreSQL truncates past them), so there they are set aside meanwhile and put back."""
    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def set_aside(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operations, "execute_sql_flush", set_aside)
        yield


@pytest.fixture(scope="session", autouse=True)
def force_login_writes_one_session():
    """A new browser that a test signs in past the page gets its session at once.  Django makes one of nobody first, changes
    its key, throws the first away and writes the second again: fifteen statements, now five, and what the pages find is the
    same.  The page of signing in has tests of its own, and they do not come this way."""
    usual = Client._login

    def at_once(self, user, backend=None):
        if settings.SESSION_COOKIE_NAME in self.cookies:  # somebody sat here before
            return usual(self, user, backend)
        request = HttpRequest()
        request.user, request.session = user, SessionStore()
        request.session[SESSION_KEY] = user._meta.pk.value_to_string(user)
        request.session[BACKEND_SESSION_KEY] = backend
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        user_logged_in.send(sender=type(user), request=request, user=user)
        request.session.save()
        return self._set_login_cookies(request)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Client, "_login", at_once)
        yield


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A database that several connections really share; other threads are led to it."""
    if not ON_POSTGRESQL:
        file = shutil.copy(schema.migrated(), tmp_path / "shared.sqlite3")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(file))
        options = {**settings.DATABASES["default"]["OPTIONS"], "transaction_mode": "IMMEDIATE", "timeout": 20}
        monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
