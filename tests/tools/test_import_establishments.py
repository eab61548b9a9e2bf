import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from khuyencong.establishments.models import Establishment, Recognition
from khuyencong.files.models import ImportRun
from khuyencong.places import queries as places
from khuyencong.tools.management.commands.import_establishments import Command
from tests.establishments.test_imports import HEAD, NGOC_TU, PRODUCT_HEAD, book
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    places.forget()
    province = ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")
    MandateFactory(user=UserFactory(username="system"), role="system", country=True)
    return province


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(NGOC_TU, [2, "Cơ sở Mộc Lan", "0100233489", "Xã Ea Kly"], head=HEAD))
    return path


def run(name, *args):
    out = StringIO()
    call_command(name, *map(str, args), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_preview_tells_rows_and_faults_and_writes_nothing(province, path):
    answer = run("import_establishments", path, "--province", "66")

    assert (answer["rows"], answer["written"]) == (2, 0)
    assert [(e["sheet"], e["row"], e["column"]) for e in answer["errors"]] == [("DS", 3, "C")]
    assert (Establishment.objects.count(), ImportRun.objects.count()) == (0, 0)


def test_the_document_has_what_that_of_a_plan_has(province, tmp_path):
    path = tmp_path / "ds.xlsx"
    rows = [
        NGOC_TU,
        [2, "CS Ngoc Tu", "", "Xã Ea Kly", "", 5, 2, "100"],
        [3, "Cơ sở Mộc Lan", "", "Xã Ea Kly", "", 4, 1, "x"],
        [4, "Cơ sở Hương Quế", "", "Xã Ea Kly", "", 4, 1, "abc"],
        [5, "Cơ sở Bảo Long", "", "Xã Ea Kly", "", 4, 1, "-5"],
        [6, "Cơ sở Tâm Đức", "", "Xã Ea Kly", "", 4, 1, "1438,5 trđ"],
    ]
    path.write_bytes(book(*rows, head=HEAD))

    answer = run("import_establishments", path, "--province", "66")

    assert list(answer) == ["rows", "written", "totals", "errors", "warnings"]
    assert (answer["rows"], answer["totals"]) == (
        6,
        {"workers": 21, "women": 10, "revenue": 2_977_000_000, "export": 0},
    )
    assert [(e["sheet"], e["row"], e["column"], e["reason"]) for e in answer["errors"]] == [
        ("DS", 4, "H", "“x” không phải là số."),
        ("DS", 5, "H", "“abc” không phải là số."),
        ("DS", 6, "H", "Số -5 không hợp lệ: không được âm."),
    ]
    [doubtful] = answer["warnings"]
    assert (doubtful["row"], doubtful["column"]) == (3, "B")


def test_committed_rows_are_written_once(province, path):
    first = run("import_establishments", path, "--province", "66", "--commit")
    again = run("import_establishments", path, "--province", "66", "--commit")

    assert (first["written"], again["written"]) == (1, 0)
    assert Establishment.objects.get().name == "Cơ sở Ngọc Tứ"
    assert [r.state for r in ImportRun.objects.order_by("pk")] == ["written", "written"]


def test_a_list_that_was_written_while_the_command_judged_the_same_is_not_written_twice(
    province, tmp_path, monkeypatch
):
    path, judge = tmp_path / "ds.xlsx", Command.judge
    path.write_bytes(book([1, "Cơ sở Mây Tre Đan", "", "Xã Ea Kly"], head=HEAD))
    wanted = ("import_establishments", path, "--province", "66", "--commit")

    def slow(command, *args, **options):
        checked = judge(command, *args, **options)
        monkeypatch.setattr(Command, "judge", judge)
        run(*wanted)  # another one is through before this one writes
        return checked

    monkeypatch.setattr(Command, "judge", slow)
    with pytest.raises(CommandError, match="một lần nhập khác của danh sách này đã được ghi"):
        run(*wanted)

    assert Establishment.objects.count() == 1
    assert sorted(ImportRun.objects.values_list("state", flat=True)) == ["failed", "written"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((), 2),
        (("--province", "99"), 2),
        (("--province", "66", "--year", "năm ngoái"), 2),
        (("--province", "66", "--as", "khongco"), 1),
        (("--province", "66", "--commit", "--as", "nobody"), 1),
    ],
)
@pytest.mark.parametrize("name", ["import_establishments", "import_products"])
def test_wrong_use_and_refusals_are_told_apart_in_one_sentence(province, tmp_path, path, name, args, code):
    UserFactory(username="nobody")
    if name == "import_products":
        path.write_bytes(book([1, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly", "tỉnh", 2024], head=PRODUCT_HEAD))

    with pytest.raises(CommandError) as stop:
        call_command(name, str(path), *args, stdout=StringIO())

    assert (stop.value.returncode, len(str(stop.value).splitlines())) == (code, 1)
    assert Establishment.objects.count() == 0


def test_a_file_that_is_not_there_is_wrong_use(province, tmp_path):
    with pytest.raises(CommandError, match=r"khong-co\.xlsx") as stop:
        call_command("import_establishments", str(tmp_path / "khong-co.xlsx"), "--province", "66")

    assert stop.value.returncode == 2


def test_the_account_of_the_house_is_there_when_nobody_is_named(path):
    places.forget()
    CommuneFactory(province=ProvinceFactory(code="66", full_name="Tỉnh Đắk Lắk"), name="Ea Kly", full_name="Xã Ea Kly")

    assert run("import_establishments", path, "--province", "66", "--commit")["written"] == 1


def test_recognised_products_come_the_same_way(province, tmp_path):
    path = tmp_path / "sp.xlsx"
    path.write_bytes(book([1, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly", "", 2024], head=PRODUCT_HEAD))

    answer = run("import_products", path, "--province", "66", "--level", "province", "--commit")

    assert answer["written"] == 1
    assert Recognition.objects.get().level == "province"


@pytest.mark.parametrize("fault", [RuntimeError("hỏng"), KeyboardInterrupt()])
def test_a_command_that_breaks_off_leaves_a_run_that_says_so_and_no_row(province, path, monkeypatch, fault):
    def broken(*_args, **_options):
        raise fault

    monkeypatch.setattr(Command, "write", broken)
    with pytest.raises(type(fault)):
        run("import_establishments", path, "--province", "66", "--commit")

    [left] = ImportRun.objects.all()
    assert (left.state, Establishment.objects.count()) == ("failed", 0)
    assert left.refusal == "Việc ghi bị ngắt giữa chừng; không dòng nào được ghi. Hãy chạy lại lệnh."
    assert left.get_state_display() == "không nhập được"  # it was read well
