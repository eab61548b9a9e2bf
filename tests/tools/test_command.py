"""What all commands promise: plain Vietnamese, one document of JSON, and an exit that tells what became of it."""

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pkgutil import iter_modules

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, load_command_class

from khuyencong.reporting.operations import load_published
from khuyencong.tools.command import Command
from khuyencong.tools.management import commands
from tests.factories.establishments import CraftVillageFactory
from tests.factories.places import EditionFactory, UnitSuccessionFactory

DJANGOS = {"makemigrations"}  # for those who write programs
NAMES = sorted({module.name for module in iter_modules(commands.__path__)} - DJANGOS)
# words that only English has; names of files, formats and accounts may stand
ENGLISH = re.compile(r"\b(the|of|and|or|is|are|to|with|for|required|argument|invalid|usage|options|show|file)\b")


def loaded(name):
    return load_command_class("khuyencong.tools", name)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_one_of_the_house_and_explains_itself_in_vietnamese(name):
    command = loaded(name)

    assert isinstance(command, Command)
    told = command.create_parser("manage.py", name).format_help().replace(f"manage.py {name}", "")
    assert re.findall(r"[ạảấầẩậắằẳặẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựđư]", command.help) != []
    assert ENGLISH.findall(re.sub(r"--[a-z-]+|[A-Z_:-]{2,}|\{[^}]*\}|\.[a-z]+", "", told)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_command_does_not_know_is_wrong_use(name):
    with pytest.raises(CommandError) as stop:
        call_command(name, "--khong-co-tham-so-nay")

    assert stop.value.returncode == 2
    assert str(stop.value).startswith("Dùng sai lệnh: ")
    assert ENGLISH.findall(str(stop.value)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["load_norms", "load_places", "load_published", "recompute_places"])
def test_a_command_that_writes_acts_as_somebody(name):
    with pytest.raises(CommandError, match="Không có tài khoản nào tên “khong-co”") as stop:
        call_command(name, "--as", "khong-co")

    assert stop.value.returncode == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["check_data", "reconcile", "verify_journal"])
def test_json_is_one_document_and_nothing_else(name):
    if name == "reconcile":
        load_published()
    out = StringIO()

    call_command(name, "--json", stdout=out)

    json.loads(out.getvalue())


@pytest.mark.django_db
def test_recomputing_says_what_changed_in_words_of_the_house():
    EditionFactory()
    merged = UnitSuccessionFactory()
    CraftVillageFactory(province=merged.old.province, commune=merged.old, place_unit=merged.old)
    said = []
    for args in (["--dry-run"], [], []):
        out = StringIO()
        call_command("recompute_places", *args, stdout=out)
        said.append(out.getvalue().splitlines())

    assert said == [["làng nghề: 1", "1 bản ghi sẽ đổi."], ["làng nghề: 1", "Đã đổi 1 bản ghi."], ["Đã đổi 0 bản ghi."]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["verify_journal", "--anchor", "x"], 2, "Mốc đối chiếu phải có dạng SỐ:MÃ-BĂM."),
        (["norm", "--line", "MMTB"], 2, "Dùng sai lệnh: thiếu tham số: --cost, --on. Xem cách dùng bằng --help."),
        (["seed_demo"], 1, "Dữ liệu minh hoạ chỉ nạp khi đặt KC_DEMO=1, vào một cơ sở dữ liệu riêng."),
    ],
)
def test_from_the_command_line_the_reason_is_one_line_on_the_error_stream(tmp_path, args, code, said):
    environment = {**os.environ, "KC_DATA_DIR": str(tmp_path), "DATABASE_URL": "", "KC_DEMO": ""}

    done = subprocess.run(
        [sys.executable, "manage.py", *args], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (code, "", said + "\n")
