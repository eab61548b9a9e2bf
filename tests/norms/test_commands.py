"""``manage.py norm`` and ``load_norms`` as other programs use them."""

import json

import pytest
from django.core.management import CommandError, call_command

from khuyencong.norms.models import SupportNorm
from khuyencong.places import queries as places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


@pytest.fixture(autouse=True)
def register():
    places.forget()
    yield
    places.forget()


def ask(capsys, *args):
    call_command("norm", *args)
    return capsys.readouterr()


def test_one_json_document_answers(capsys):
    out = ask(
        capsys,
        "--line",
        "MMTB",
        "--cost",
        "500000000",
        "--place",
        "xã Định Quán, Đồng Nai",
        "--on",
        "2025-11-01",
        "--json",
    ).out

    assert json.loads(out) == {
        "eligible": True,
        "maximum": 250_000_000,
        "lines": [
            {
                "instrument": "Thông tư 28/2018/TT-BTC",
                "article": "khoản 4 Điều 8",
                "percent": 50,
                "cap": 300_000_000,
                "verified": True,
            }
        ],
        "missing": [],
        "explanation": (
            "50% × 500 = 250; không quá 300 (Thông tư 28/2018/TT-BTC, khoản 4 Điều 8); mức hỗ trợ tối đa: 250 triệu đồng"
        ),
    }


@pytest.mark.parametrize(("extra", "eligible", "most"), [((), False, 0), (("--craft-village",), True, 250_000_000)])
def test_a_ward_of_the_new_city_with_and_without_a_craft_village(capsys, extra, eligible, most):
    out = ask(
        capsys,
        "--line",
        "MMTB",
        "--cost",
        "500000000",
        "--place",
        "phường Xuân An, Đồng Nai",
        "--on",
        "2026-06-01",
        "--json",
        *extra,
    ).out

    assert (json.loads(out)["eligible"], json.loads(out)["maximum"]) == (eligible, most)


def test_local_money_without_a_text(capsys):
    out = ask(
        capsys,
        "--line",
        "MMTB",
        "--cost",
        "500000000",
        "--place",
        "xã Định Quán, Đồng Nai",
        "--on",
        "2025-11-01",
        "--level",
        "provincial",
        "--json",
    ).out

    assert json.loads(out)["maximum"] is None
    assert "chưa có quy định của tỉnh trong hệ thống" in json.loads(out)["explanation"]


def test_a_place_that_cannot_be_told_is_not_guessed(capsys):
    answer = json.loads(
        ask(
            capsys, "--line", "MMTB", "--cost", "500000000", "--place", "chỗ nào đó", "--on", "2025-11-01", "--json"
        ).out
    )

    assert (answer["eligible"], answer["missing"]) == (None, ["địa điểm sản xuất (xã, phường, đặc khu)"])
    assert answer["explanation"].endswith("mức hỗ trợ tối đa nếu đủ điều kiện: 250 triệu đồng")


def test_without_json_the_sentence_is_printed(capsys):
    out = ask(capsys, "--line", "MMTB", "--cost", "500000000", "--on", "2025-11-01").out

    assert out.splitlines()[1] == "còn thiếu: địa điểm sản xuất (xã, phường, đặc khu)"


def test_a_refusal_goes_to_the_error_stream_with_one(capsys):
    with pytest.raises(CommandError) as left:
        call_command("norm", "--line", "KHONG", "--cost", "5", "--on", "2025-11-01", "--json")

    assert (left.value.returncode, str(left.value)) == (1, "Không có dòng hỗ trợ “KHONG”.")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "args", [("--cost", "nhiều", "--on", "2025-11-01"), ("--cost", "5", "--on", "2025-13-01"), ("--on", "2025-11-01")]
)
def test_wrong_use_is_an_error_of_use(args):
    with pytest.raises(CommandError) as left:
        call_command("norm", "--line", "MMTB", *args)

    assert left.value.returncode == 2


def test_loading_again_adds_nothing(capsys):
    before = SupportNorm.objects.count()

    call_command("load_norms")

    assert SupportNorm.objects.count() == before
    assert capsys.readouterr().out.startswith("Định mức: thêm 0 dòng")
