"""Commands say what they did, and say no with the right number."""

import json
from io import StringIO
from pkgutil import iter_modules

import pytest
from django.core.management import BaseCommand, CommandError, call_command, load_command_class
from django.db import connection

from khuyencong.audit.models import Event
from khuyencong.audit.operations import seal
from khuyencong.documents.models import Requirement
from khuyencong.people.models import User
from khuyencong.tools.checks import a_secret_that_is_one, no_demo_accounts, served_by_name_and_encrypted
from khuyencong.tools.management import commands
from tests.factories.audit import EventFactory
from tests.factories.notices import MessageFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory

pytestmark = pytest.mark.django_db


def run(name, *args, **options):
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def break_journal():
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else ' ON "audit_event"'
        cursor.execute(f'DROP TRIGGER "audit_event_no_update"{on}')
        cursor.execute("UPDATE audit_event SET actor = 'Người khác' WHERE position = 2")


@pytest.fixture
def journal():
    for _n in range(3):
        EventFactory()
    seal()


def test_a_sound_journal_is_told_with_what_waits_and_an_anchor(journal):
    EventFactory()

    assert "3 dòng đã niêm phong, 1 dòng chờ niêm phong" in run("verify_journal")
    told = json.loads(run("verify_journal", as_json=True))
    assert (told["sound"], told["sealed"], told["unsealed"], told["broken"]) == (True, 3, 1, None)
    assert "nguyên vẹn" in run("verify_journal", anchor=told["anchor"])


def test_a_broken_journal_names_the_line_and_fails(journal):
    break_journal()

    with pytest.raises(CommandError, match="dòng thứ 2") as refusal:
        run("verify_journal")
    assert refusal.value.returncode == 1


def test_an_anchor_in_the_wrong_form_is_wrong_use():
    with pytest.raises(CommandError) as refusal:
        run("verify_journal", anchor="x")
    assert refusal.value.returncode == 2


def test_sealing_and_sending_say_how_many(mailoutbox):
    EventFactory()
    MessageFactory(mail=True)

    assert run("seal_journal") == "Đã niêm phong 1 dòng nhật ký.\n"
    assert run("send_notices") == "Đã gửi 1 thư; còn chờ 0, thôi gửi 0.\n"
    assert Event.objects.get().position == 1


def test_consistent_data_is_said_to_be():
    assert "Dữ liệu nhất quán" in run("check_data")
    assert json.loads(run("check_data", as_json=True))["sound"] is True


def test_contradictions_are_listed_by_package_and_fail(journal):
    MandateFactory(place=None, role="establishment", organisation=OrganisationFactory(ended=True))
    break_journal()
    out = StringIO()

    with pytest.raises(CommandError, match="2 điểm mâu thuẫn") as refusal:
        call_command("check_data", stdout=out)

    assert refusal.value.returncode == 1
    assert [line.split(":")[0] for line in out.getvalue().splitlines()] == ["people", "audit"]


def test_the_first_administrator_is_made_once(monkeypatch):
    facts = {"family_name": "Lê Văn", "given_name": "An"}
    monkeypatch.setenv("KC_PASSWORD", "ngan")
    with pytest.raises(CommandError):
        run("create_administrator", "quantri", **facts)
    monkeypatch.setenv("KC_PASSWORD", "mot-mat-khau-rat-dai")

    assert run("create_administrator", "quantri", **facts) == "Đã tạo quản trị viên Lê Văn An.\n"
    assert User.objects.get(username="quantri").check_password("mot-mat-khau-rat-dai")
    with pytest.raises(CommandError, match="đã có quản trị viên"):
        run("create_administrator", "quantri2", **facts)


# --- mistakes of an installation ---------------------------------------------------------------------------------------


def test_demo_accounts_outside_a_demonstration_are_an_error(settings):
    settings.DEMO = False
    user = UserFactory(invented=True, username="giamdoc")

    (error,) = no_demo_accounts(None)
    assert error.id == "kc.E001"
    assert "giamdoc" in error.msg

    settings.DEMO = True
    assert no_demo_accounts(None) == []
    settings.DEMO = False
    user.is_active = False
    user.save()
    assert no_demo_accounts(None) == []


@pytest.mark.parametrize(
    ("key", "count"), [("x" * 60, 1), ("abc", 1), ("Zk3-9dQwErTyUiOpAsDfGhJkLzXcVbNm1234567890", 0)]
)
def test_a_guessable_secret_is_an_error(settings, key, count):
    settings.DEMO, settings.SECRET_KEY = False, key

    assert len(a_secret_that_is_one(None)) == count


def test_an_unencrypted_or_nameless_site_is_an_error_when_deployed(settings):
    settings.DEMO, settings.ALLOWED_HOSTS, settings.SITE_URL = False, ["*"], "http://khuyencong.example.vn"

    assert [error.id for error in served_by_name_and_encrypted(None)] == ["kc.E003", "kc.E004"]
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["khuyencong.example.vn"], "https://khuyencong.example.vn"
    assert served_by_name_and_encrypted(None) == []


def test_no_command_hides_the_checks_that_django_runs_before_it():
    hidden = [
        name
        for _finder, name, _package in iter_modules(commands.__path__)
        if load_command_class("khuyencong.tools", name).check.__func__ is not BaseCommand.check
    ]

    assert hidden == []


def test_loading_the_law_brings_the_papers_that_it_asks_for():
    assert "Giấy tờ phải có: thêm, sửa" in run("load_norms")
    assert Requirement.objects.filter(stage="appraisal").exists()
