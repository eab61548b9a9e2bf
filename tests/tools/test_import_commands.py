# ruff: noqa: F811
"""The commands over workbooks: what they print, where, and with which exit."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from khuyencong.people.operations import system_account
from khuyencong.projects.models import Project
from tests.factories.budgets import EnvelopeFactory
from tests.plans.given import ISSUE, UNIT, M, book, centre, commune, project, province  # noqa: F401
from tests.plans.test_import_history import HEAD, old

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def run(*args):
        code, err = 0, ""
        try:
            call_command(*args)
        except CommandError as stop:
            code, err = stop.returncode, str(stop)
        told = capsys.readouterr()
        return code, told.out, told.err + err

    return run


@pytest.fixture
def plan_file(tmp_path, commune, centre):
    path = tmp_path / "kh.xlsx"
    path.write_bytes(
        book(
            *UNIT,
            ISSUE,
            ["I", "Máy móc", *[None] * 4, 1241],
            project(1),
            project(2, "Máy rang"),
            project(3, "Máy A", total=1),
        )
    )
    return path


def plan(path, *args):
    return ["import_plan", str(path), "--province", "66", "--year", "2026", "--level", "provincial", *args]


def test_a_plan_is_told_as_one_json_document(run, plan_file):
    code, out, err = run(*plan(plan_file, "--json"))

    told = json.loads(out)
    assert (code, err) == (0, "")
    assert list(told) == ["rows", "written", "totals", "errors", "warnings"]
    assert (told["rows"], told["written"]) == (3, 0)
    assert told["totals"] == {"total": 1240 * M, "national": 0, "local": 600 * M, "counterpart": 640 * M, "other": 0}
    assert [(fault["sheet"], fault["row"], fault["column"]) for fault in told["errors"]] == [("Biểu 1", 9, "G")]
    assert [(fault["sheet"], fault["row"], fault["column"]) for fault in told["warnings"]] == []
    assert Project.objects.count() == 0


def test_a_committed_plan_is_written_by_the_system_account_once(run, plan_file, province):
    EnvelopeFactory(province=province, given=1_000 * M)
    commit = plan(plan_file, "--json", "--commit", "--decision", "12/QĐ-UBND", "--signed", "2026-03-02")

    first, second = run(*commit), run(*commit)

    assert [json.loads(told[1])["written"] for told in (first, second)] == [2, 0]
    assert [(told[0], told[2]) for told in (first, second)] == [(0, ""), (0, "")]
    assert Project.objects.count() == 2


def test_without_an_envelope_the_command_refuses_in_one_sentence(run, plan_file):
    code, out, err = run(*plan(plan_file, "--json", "--commit", "--decision", "12/QĐ-UBND", "--signed", "2026-03-02"))

    assert (code, json.loads(out)["written"]) == (1, 0)
    assert err.startswith("Chưa có dự toán Khuyến công địa phương năm 2026 nào được giao cho Tỉnh Đắk Lắk")
    assert (len(err.splitlines()), Project.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--commit"], 2),
        (["--commit", "--decision", "1/QĐ"], 2),
        (["--province", "99"], 2),
        (["--year", "1026"], 2),
        (["--as", "khong-co", "--commit", "--decision", "1/QĐ", "--signed", "2026-03-02"], 1),
    ],
)
def test_wrong_use_and_refusals_have_their_exits(run, plan_file, args, code):
    told = run(*plan(plan_file, *args))

    assert (told[0], told[2] != "") == (code, True)


PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def bomb():
    """A few kilobytes that unpack to thirty megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<c/>" * 8_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "không có nội dung"),
        (b"PK\x03\x04broken", "bị hỏng"),
        (b"hello", "không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "bị hỏng"),
        (PROTECTED, "mật khẩu"),
        (bomb, "quá lớn"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(run, tmp_path, commune, data, word):
    path = tmp_path / "kh.xlsx"
    path.write_bytes(data() if callable(data) else data)

    code, out, err = run(*plan(path, "--json"))

    assert (code, out, len(err.splitlines()), word in err) == (1, "", 1, True)


def test_a_file_that_is_not_there_is_wrong_use(run, tmp_path, commune):
    assert run(*plan(tmp_path / "khong-co.xlsx"))[0] == 2


def test_closed_projects_and_contacts_have_their_commands(run, tmp_path, province, commune, centre):
    history, contacts = tmp_path / "cu.xlsx", tmp_path / "ctv.xlsx"
    history.write_bytes(
        book(["ĐVT: triệu đồng"], HEAD, old(place="Xã Ea Kly"), old(2, "Máy rang", outcome="Đang thực hiện"))
    )
    contacts.write_bytes(book(["Họ và tên", "Xã, phường", "Điện thoại"], ["Trần Thị Mai", "Xã Ea Kly", "0912345678"]))

    closed = [run("import_history", str(history), "--province", "66", "--commit", "--json") for _n in range(2)]
    people = [run("import_contacts", str(contacts), "--province", "66", "--commit", "--json") for _n in range(2)]

    assert [(code, json.loads(out)["written"], len(json.loads(out)["errors"])) for code, out, _err in closed] == [
        (0, 1, 1),
        (0, 0, 1),
    ]
    assert [(code, json.loads(out)["written"]) for code, out, _err in people] == [(0, 1), (0, 0)]


def test_the_account_of_commands_may_import_and_nothing_else_of_a_plan(db):
    account = system_account()
    asked = ("import", "plan.draft", "plan.approve_provincial", "budget.record")

    assert [permission for permission in asked if account.holds(permission)] == ["import"]
