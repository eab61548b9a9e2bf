"""Numbers and days of the law are rows, never constants: each number that decides something in the domain has been judged."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "khuyencong"
ROOMS = ("rules", "lifecycle", "operations", "queries")
TECHNICAL = {"base", "files", "places", "exchange", "web", "tools"}  # reading, bytes and addresses know no law
PLAIN = {0, 1, 2, 100, 1_000, 1_000_000, 1_000_000_000}  # nothing, one, both; per cent; units of money

# (file, number): why it is no value of the law
JUDGED = {
    ("norms/rules.py", "date(…, 12, 31)"): "how TT 46/2012 Đ3.1đ counts; the rule ended on 15/10/2025",
    ("projects/rules/groups.py", "date(…, 3, 1)"): "a year after 29 February",
    ("plans/operations/lines.py", "2000"): "a year, not a slip of the pen",
    ("plans/operations/lines.py", "2100"): "a year, not a slip of the pen",
    ("budgets/operations/decisions.py", "2000"): "a year, not a slip of the pen",
    ("budgets/operations/decisions.py", "2100"): "a year, not a slip of the pen",
    ("contracts/operations/progress.py", "12"): "months of a year",
    ("projects/operations/exceptions.py", "10"): "letters of a reason",
    ("councils/operations/conflicts.py", "10"): "letters of a reason",
    ("establishments/rules.py", "1990"): "a year, not a slip of the pen",
    ("establishments/rules.py", "6"): "letters of a name by which duplicates are looked for",
    ("organisations/rules.py", "10"): "digits of a tax code",
    ("organisations/rules.py", "12"): "digits of a personal number",
    ("organisations/rules.py", "3"): "digits of a branch",
    ("people/operations.py", "date(…, 1, 1)"): "before everything: the account of the system",
    ("reporting/queries/exceptions/ceilings.py", "date(…, 1, 1)"): "the beginning of the year asked for",
    ("reporting/queries/exceptions/frame.py", "date(…, 1, 1)"): "the beginning of the year asked for",
    ("reporting/queries/exceptions/papers.py", "3"): "papers named in one sentence",
    ("reporting/queries/exceptions/papers.py", "date(…, 1, 1)"): "the beginning of the year asked for",
    ("work/queries/waiting.py", "timedelta(7)"): "how far ahead a page looks",
    ("projects/operations/history.py", "date(…, 12, 31)"): "the end of a year of which only the year is known",
    ("reporting/queries/exceptions/frame.py", "date(…, 12, 31)"): "the end of the year asked for",
    ("work/queries/shared.py", "timedelta(30)"): "how far ahead a page looks",
    ("work/queries/needs.py", "timedelta(14)"): "how far ahead a page looks",
    ("work/queries/needs.py", "timedelta(60)"): "how far ahead a page looks",
}


def _decides(tree):
    """Numbers that are compared, shares written as decimals, months and days of a date, counts of days."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in (node.left, *node.comparators):
                if isinstance(part, ast.Constant) and type(part.value) in (int, float) and part.value not in PLAIN:
                    yield str(part.value)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        numbers = [a.value for a in node.args if isinstance(a, ast.Constant) and type(a.value) in (int, float, str)]
        if node.func.id == "Decimal" and numbers and "quantize" not in ast.dump(node):
            text = str(numbers[0])
            if text.replace(".", "").isdigit() and text.strip("0.") not in ("", "1"):
                yield f"Decimal({text})"
        if node.func.id == "date" and len(node.args) == 3 and len(numbers) >= 2:
            yield f"date(…, {numbers[-2]}, {numbers[-1]})"
        if node.func.id == "timedelta":
            days = [
                *numbers,
                *(k.value.value for k in node.keywords if k.arg == "days" and isinstance(k.value, ast.Constant)),
            ]
            if days and days[0] not in PLAIN:
                yield f"timedelta({days[0]})"


@cache
def _found():
    return frozenset(_told())


def _told():
    for path in ROOT.rglob("*.py"):
        inside = path.relative_to(ROOT)
        if inside.parts[0] in TECHNICAL or not any(room in (inside.stem, *inside.parts) for room in ROOMS):
            continue
        for told in _decides(ast.parse(path.read_text(encoding="utf-8"))):
            yield inside.as_posix(), told


def test_every_number_that_decides_is_a_row_or_was_judged():
    """A new one is put into ``norms`` as a dated row with its article; only what is no law at all is listed here."""
    assert sorted(_found() - set(JUDGED)) == []


def test_what_was_judged_is_still_there():
    assert sorted(set(JUDGED) - _found()) == []


# An article typed into a sentence would be cited when it holds no more: refusals and pages ask ``norms.cited``.
CITED = re.compile(
    r"(Điều|Đ)\s?\d.{0,40}?(TTLT|TT|NĐ|Thông tư|Nghị định)|(TTLT|TT|NĐ|Thông tư|Nghị định)[^.;]{0,30}?(Điều|Đ)\s?\d"
)
ARTICLE = re.compile(
    r"(Điều|khoản|điểm [a-zđ]|Đ)\s?\d"
)  # without its instrument too: a page and a label have no room for both
SAID = re.compile(
    r"\{% (?:trans|translate) (\"[^\"]*\"|'[^']*')|\{% blocktrans(?:late)?.*?%\}(.*?)\{% endblocktrans", re.S
)
OFFICIAL = {"papers", "migrations", "demo"}  # titles of forms
NAMED = {
    "web/desk/documents/views/registers.py",  # NĐ 30/2020 on registers: no row of the industrial promotion law
    "web/desk/establishments/forms.py",  # the names of two catalogues
}


def _typed_citations():
    for path in ROOT.rglob("*.py"):
        inside = path.relative_to(ROOT)
        if OFFICIAL & {*inside.parts, inside.stem}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("_", "gettext", "gettext_lazy"):
                continue
            if any(isinstance(a, ast.Constant) and CITED.search(str(a.value)) for a in node.args):
                yield inside.as_posix()


def test_no_sentence_names_an_article_by_hand():
    assert set(_typed_citations()) == NAMED


def test_no_page_names_an_article_by_hand():
    """A page shows what its view was told by ``norms``."""
    typed = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "web" / "templates").rglob("*.html")
        for said in SAID.findall(path.read_text(encoding="utf-8"))
        if ARTICLE.search("".join(said))
    }

    assert typed == set()


def test_no_name_of_a_field_names_an_article():
    typed = set()
    for path in [*ROOT.rglob("models.py"), *ROOT.rglob("models/*.py"), *ROOT.rglob("enums.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "_"
                and isinstance(node.args[0], ast.Constant)
            ) and ARTICLE.search(str(node.args[0].value)):
                typed.add(path.relative_to(ROOT).as_posix())

    assert typed == set()
