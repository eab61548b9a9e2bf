"""``manage.py rank``: the list, its score and gap; or the sentences that say why there is none."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

FILE = {
    "envelopes": [{"id": "66", "amount": 500}],
    "requests": [
        {"id": "a", "envelope": "66", "amount": 300, "score": 10, "activity": 3, "place": "x", "must": None},
        {"id": "b", "envelope": "66", "amount": 250, "score": 6, "activity": 3, "place": "y", "must": None},
        {"id": "c", "envelope": "66", "amount": 250, "score": 6, "activity": 4, "place": "y", "must": None},
    ],
    "ceilings": [],
    "floors": [],
}


def rank(tmp_path, content):
    path = tmp_path / "de-nghi.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    out = StringIO()
    call_command("rank", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_best_list_in_the_order_of_the_requests(tmp_path):
    told = rank(tmp_path, FILE)

    assert told.pop("seconds") < 30
    assert told == {
        "chosen": ["b", "c"],
        "score": 12,
        "amount_by_envelope": {"66": 500},
        "gap": 0,
        "infeasible": [],
    }


def test_an_id_comes_back_as_it_was_written(tmp_path):
    asked = [{"id": 7, "envelope": "66", "amount": 300, "score": 10}]

    assert rank(tmp_path, FILE | {"requests": asked})["chosen"] == [7]


def test_a_ceiling_over_an_activity_binds(tmp_path):
    assert rank(tmp_path, FILE | {"ceilings": [{"activity": 4, "amount": 0}]})["chosen"] == ["a"]


def test_a_floor_that_cannot_be_met_gives_sentences_and_no_list(tmp_path):
    told = rank(tmp_path, FILE | {"floors": [{"place": "x", "amount": 301}]})

    assert told["chosen"] == []
    assert told["infeasible"] == ["Không đạt sàn của “x”: cần ít nhất 301 đồng, mọi đề nghị còn lại chỉ có 300 đồng."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "không phải JSON: sai ở dòng 1, cột 2"),
        (b"\xff\xfe", "không phải văn bản UTF-8"),
        ([], "Tệp phải là một đối tượng"),
        ({"envelopes": [{"id": "66", "amount": -1}], "requests": []}, "envelopes[1]: “amount” phải là số đồng nguyên"),
        ({"envelopes": [{"id": "66", "amount": 1.5}], "requests": []}, "envelopes[1]: “amount” phải là số đồng nguyên"),
        (FILE | {"requests": [{"id": "a", "envelope": "1", "amount": 1, "score": 1}]}, "không có nguồn “1”"),
        (FILE | {"requests": [*FILE["requests"], FILE["requests"][0]]}, "requests[4]: mã “a” đã có."),
        (FILE | {"floors": [{"amount": 1}]}, "floors[1]: ghi đúng một trong"),
        (FILE | {"ceilings": [{"activity": 3, "place": "x", "amount": 1}]}, "ceilings[1]: ghi đúng một trong"),
        (b"[" * 100_000, "lồng quá nhiều lớp"),
        ({"requests": []}, "Tệp phải là một đối tượng"),
        (FILE | {"envelopes": [{"id": "66", "amount": 10**15 + 1}]}, "không quá một triệu tỷ"),
        (FILE | {"requests": [FILE["requests"][0] | {"score": 10**400}]}, "requests[1]: “score” phải là một số"),
        (FILE | {"requests": [FILE["requests"][0] | {"must": "maybe"}]}, "requests[1]: “must” là"),
        (FILE | {"requests": [FILE["requests"][0] | {"id": "\ud800"}]}, "requests[1]: “id” có ký tự không in được"),
    ],
)
def test_a_faulty_file_is_refused_with_what_is_wrong_and_where(tmp_path, content, sentence):
    with pytest.raises(CommandError) as refusal:
        rank(tmp_path, content)

    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 1


def test_a_file_that_is_not_there_is_wrong_use(tmp_path):
    with pytest.raises(CommandError) as refusal:
        call_command("rank", str(tmp_path / "khong-co.json"))

    assert refusal.value.returncode == 2


@pytest.mark.parametrize("wrong", [("--seconds", "-1"), ("--seconds", "nan"), ("--gap", "-0.1")])
def test_a_time_or_a_gap_below_nothing_is_wrong_use(tmp_path, wrong):
    path = tmp_path / "de-nghi.json"
    path.write_text(json.dumps(FILE))

    with pytest.raises(CommandError) as refusal:
        call_command("rank", str(path), *wrong)

    assert refusal.value.returncode == 2


@pytest.mark.slow
def test_what_is_written_is_the_answer_alone_and_nothing_of_the_solver(tmp_path):
    path = tmp_path / "de-nghi.json"
    path.write_text(json.dumps(FILE))

    run = subprocess.run(
        [sys.executable, "manage.py", "rank", path, "--json"], capture_output=True, cwd=settings.BASE_DIR
    )

    assert json.loads(run.stdout)["chosen"] == ["b", "c"]
    assert run.stderr == b""  # errors alone are told there
