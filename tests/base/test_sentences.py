"""A sentence that is kept is read in the language of whoever reads it."""

import json
from pathlib import Path

from django.utils.translation import gettext_lazy, override

from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.sentences import kept, read, sentence, together
from khuyencong.base.workbook import Fault, Unreadable, day

NUMBER = "“%(cell)s” không phải là số."


def _read_by(language: str, told) -> str:
    with override(language):
        return read(json.loads(json.dumps(kept(told))))


def test_what_was_found_in_vietnamese_is_read_in_english():
    with override("vi"):
        found = sentence(NUMBER) % {"cell": "ba"}

    assert found == "“ba” không phải là số."
    assert (_read_by("vi", found), _read_by("en", found)) == ("“ba” không phải là số.", "“ba” is not a number.")


def test_the_facts_of_a_sentence_are_told_again_too():
    """A label, and a sentence within a sentence."""
    with override("vi"):
        inner = sentence("%(source)s %(amount)s đồng") % {"source": gettext_lazy("nguồn khác"), "amount": "5.000"}
        found = together(" ", [sentence(NUMBER) % {"cell": inner}, "A1"])

    assert _read_by("en", found) == "“other source 5.000 đồng” is not a number. A1"


def test_a_refusal_and_an_unreadable_cell_carry_their_sentence():
    with override("vi"):
        try:
            day("31/02/2024")
        except Unreadable as error:
            found = Fault("DS", 3, 2, str(error))
        told = sentence(NUMBER) % {"cell": "ba"}

    assert _read_by("en", found.reason) == "“31/02/2024” is not a real date."
    assert _read_by("en", str(Invalid(file=told))) == "“ba” is not a number."
    assert _read_by("en", str(NotPossible(told))) == "“ba” is not a number."
    assert found.as_json()["reason"] == "“31/02/2024” không phải là ngày có thật."


def test_a_plain_text_is_kept_as_it_is():
    assert read(kept("Sở Công Thương")) == "Sở Công Thương"


ROOT = Path(__file__).resolve().parents[2] / "khuyencong"
FINDERS = ("base/workbook", "plans/imports", "establishments/imports")
WRITERS = {"marking.py", "write.py", "writing.py"}  # made in the language that is active, or kept in Vietnamese


def test_what_the_worker_finds_in_a_list_is_always_a_sentence():
    """A plain ``gettext`` there would be told in Vietnamese to everybody."""
    modules = [path for folder in FINDERS for path in (ROOT / folder).glob("*.py") if path.name not in WRITERS]
    modules += [
        ROOT / "organisations/imports.py",
        ROOT / "organisations/rules.py",
        ROOT / "base/phone.py",
        ROOT / "places/queries.py",
    ]

    plain = [path.name for path in modules if "import gettext as _" in path.read_text(encoding="utf-8")]

    assert len(modules) > 20 and plain == []
