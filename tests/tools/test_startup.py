import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from khuyencong.base.errors import NotPossible
from khuyencong.tools import startup
from tests.factories.people import UserFactory
from tests.factories.places import UnitFactory


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """A command as somebody types it, in a process of its own, on the embedded database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
    )


def test_a_port_in_use_is_refused_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(NotPossible) as refusal:
            startup.require_port("127.0.0.1", port)

    assert str(refusal.value) == (
        f"Cổng {port} đang có chương trình khác sử dụng. "
        "Hãy tắt chương trình đó, hoặc chọn cổng khác: KC_PORT=8001 make run"
    )


def test_a_free_port_is_left_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    startup.require_port("127.0.0.1", port)

    socket.create_server(("127.0.0.1", port)).close()


def test_a_missing_data_folder_is_made(tmp_path):
    startup.require_folder(tmp_path / "var" / "deep")

    assert list((tmp_path / "var" / "deep").iterdir()) == []


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(NotPossible) as refusal:
        startup.require_folder(tmp_path / "file" / "var")

    assert str(refusal.value) == (
        f"Không ghi được vào thư mục dữ liệu {tmp_path / 'file' / 'var'}. "
        "Hãy cấp quyền ghi, hoặc đặt KC_DATA_DIR sang thư mục khác."
    )


def test_a_database_of_somebody_else_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "khuyencong.sqlite3"
    path.write_bytes(b"")
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", path)
    monkeypatch.setattr(startup.os, "access", lambda found, mode: found != path)

    with pytest.raises(NotPossible) as refusal:
        startup.require_database()

    assert str(refusal.value) == (
        f"Không ghi được vào cơ sở dữ liệu {path}. "
        "Hãy chạy bằng người dùng đã tạo tệp này, hoặc đặt KC_DATA_DIR sang thư mục khác."
    )


def test_a_database_that_is_not_yet_there_is_no_obstacle(tmp_path, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "khuyencong.sqlite3")

    startup.require_database()


@pytest.mark.slow
def test_a_data_folder_that_is_a_file_ends_with_one_sentence(tmp_path):
    (tmp_path / "var").write_text("")

    done = manage("run", KC_DATA_DIR=str(tmp_path / "var"), KC_DEMO="1", KC_PORT="1")

    assert (done.returncode, done.stderr) == (
        1,
        f"Không ghi được vào thư mục dữ liệu {tmp_path / 'var'}. "
        "Hãy cấp quyền ghi, hoặc đặt KC_DATA_DIR sang thư mục khác.\n",
    )


@pytest.mark.slow
def test_a_secret_key_that_others_can_read_ends_with_one_sentence(tmp_path):
    (tmp_path / "secret-key").write_text("x" * 50)
    (tmp_path / "secret-key").chmod(0o644)

    done = manage("check", KC_DATA_DIR=str(tmp_path), KC_SECRET_KEY="")

    assert (done.returncode, done.stderr) == (1, f"{tmp_path / 'secret-key'}: tệp khoá bí mật phải có quyền 600.\n")


@pytest.mark.django_db
def test_a_database_of_this_version_needs_nothing():
    assert startup.prepare_database() is False


@pytest.mark.django_db
def test_what_a_demonstration_left_is_not_served_outside_one_but_may_be_asked(settings):
    settings.DEMO = False
    startup.require_installation()
    UserFactory(invented=True, username="giamdoc")

    with pytest.raises(NotPossible, match="giamdoc.*KC_DEMO không bật.*Dùng cơ sở dữ liệu mới"):
        startup.require_installation()
    call_command("verify_journal")  # a command does not judge the installation
    settings.DEMO = True
    startup.require_installation()


@pytest.mark.django_db
def test_the_registers_of_the_house_are_loaded_at_the_first_start_only(monkeypatch):
    named = []
    monkeypatch.setattr(startup, "call_command", lambda name, **options: named.append(name))
    assert (startup.load_registers(), named) == (True, ["load_places", "load_norms", "load_published"])
    UnitFactory()
    assert (startup.load_registers(), len(named)) == (False, 3)


def test_an_empty_database_is_told_in_one_sentence(tmp_path):
    done = manage("reconcile", "--json", KC_DATA_DIR=str(tmp_path))
    told = f"Cơ sở dữ liệu {tmp_path / 'khuyencong.sqlite3'} chưa có bảng nào. "
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        told + "Hãy chạy manage.py run hoặc manage.py migrate trước.\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments", "what"),
    [
        ("resolve_place", ["--json"], "Danh mục địa bàn chưa được nạp. Hãy chạy manage.py load_places trước."),
        ("reconcile", ["--json"], "Số liệu đã công bố chưa được nạp. Hãy chạy manage.py load_published trước."),
    ],
)
def test_nothing_is_answered_from_a_register_that_was_not_loaded(command, arguments, what):
    with pytest.raises(CommandError, match=what):
        call_command(command, *arguments)


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_refused():
    MigrationRecorder(connection).record_applied("projects", "0999_from_tomorrow")

    with pytest.raises(NotPossible) as refusal:
        startup.prepare_database()

    assert str(refusal.value) == (
        "Cơ sở dữ liệu này thuộc một phiên bản mới hơn của hệ thống (projects.0999_from_tomorrow). "
        "Hãy cập nhật mã nguồn rồi chạy lại."
    )


def test_static_files_are_gathered_again_only_when_one_has_changed(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    source = tmp_path / "source"
    source.mkdir()
    (source / "app.css").write_text("a {}")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [source]

    first, second = startup.collect_static(), startup.collect_static()
    (source / "app.css").write_text("a { color: red }")
    third = startup.collect_static()

    assert (first, second, third) == (True, False, True)
    assert (tmp_path / "static" / "app.css").read_text() == "a { color: red }"


@pytest.mark.parametrize("port", ["tám nghìn", "", "0", "65536", "-1"])
def test_a_wrong_port_number_ends_with_one_sentence(port, monkeypatch):
    monkeypatch.setenv("KC_PORT", port)

    with pytest.raises(CommandError) as refusal:
        call_command("run")

    assert (refusal.value.returncode, str(refusal.value)) == (1, "KC_PORT phải là một số cổng, ví dụ 8001.")
