"""What the extraction of translations must find in templates."""

import re

import pytest
from babel.messages.catalog import Message

from scripts.messages import ENGLISH, both_ways, in_template, read, same_placeholders


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{% translate "Đề án" %}', [("Đề án", None)]),
        ('{% translate "Mở" context "động từ" %}', [("Mở", "động từ")]),
        ("{% panel title=_(\"Nhu cầu của 'xã'\") %}{% endpanel %}", [("Nhu cầu của 'xã'", None)]),
        ('{{ value|default:_("chưa rõ") }}', [("chưa rõ", None)]),
        ("{% blocktranslate %}Xã {{ name }}{% endblocktranslate %}", [("Xã %(name)s", None)]),
        (
            "{% blocktranslate count n=n %}{{ n }} tệp{% plural %}{{ n }} các tệp{% endblocktranslate %}",
            [(("%(n)s tệp", "%(n)s các tệp"), None)],
        ),
        ('{# translate "không" #}<p title="_(không)">không</p>', []),
    ],
)
def test_every_string_of_a_template_is_found(template, found):
    assert list(in_template(template, "page.html")) == found


@pytest.mark.parametrize(
    ("source", "target", "same"),
    [
        ("Còn %(n)s ngày", "%(n)s days left", True),
        ("Còn %(n)s ngày", "%(m)s days left", False),
        ("Còn %(n)s ngày", "Days left", False),
        ("Còn {n} ngày", "{n} days left", True),
    ],
)
def test_a_translation_fills_in_what_its_source_fills_in(source, target, same):
    assert same_placeholders(Message(source, target)) is same


# ---- one project, two projects ----

COUNTED = re.compile(
    r"(?:%\((\w+)\)[sd]|\{(\w+)\})(?:</\w+>)? (?:(?:[a-z-]+ ){0,2}?([a-z-]+s)|(people|women|children|have|are|were))\b"
)
NAMES = re.compile(  # what is filled in is the name of something, never how many
    r"(name|person|body|bodies|source|what|instrument|newer|other|paper|plan|project|commune|province|here|there|envelope|day|opened|on"
    r"|year|holder|first|item|user|code|reason|title|label|kind|state|unit|place|who|by|words|font|text|row|article)$"
)
VERBS = frozenset(
    "is has was does needs lies belongs serves gives chairs ends takes answers says asks waits keeps comes less this its as".split()
)
LINKS = frozenset(
    "a an the of to in on at by for from with under and or not that than only more dong đồng million less".split()
)
SEVERAL = (  # of which there are always several, or a bound of the house
    "Trang tính “%(sheet)s” của tệp “%(name)s” quá lớn",
    "Bảng kê dài hơn %(most)s dòng",
    "Mỗi nhu cầu kèm nhiều nhất %(most)s ảnh",
    "Mỗi danh sách giữ tối đa %(count)s cách xem",
    "Đề án %(project)s nằm trong %(count)s quyết định",
    "%(name)s: cùng năm %(year)s, cùng nội dung có %(count)s đề án",
    "%(name)s: cùng nội dung có %(count)s đề án qua các năm",
    "Mỗi lần xuất nhiều nhất %(count)s đề án",
    "Hệ thống đã thử %(count)d lần",
    "Gửi nhiều nhất %(most)s tệp",
    "“%(text)s” có ở %(number)s tỉnh, thành phố",
)


def _speaks_of_several(english: str) -> bool:
    for found in COUNTED.finditer(english):
        name, between = found[1] or found[2], found[0].split()[1:-1]
        if not NAMES.search(name) and found[3] not in VERBS and not LINKS & set(between):
            return True
    return False


def test_a_count_before_a_plural_has_a_form_for_one():
    """“1 projects” reads wrong: such a text is counted (``sentences.counted``, ``blocktrans count``), or said otherwise."""
    wrong = [
        message.id
        for message in read(ENGLISH)
        if isinstance(message.id, str)
        and not message.id.startswith(SEVERAL)
        and isinstance(message.string, str)
        and _speaks_of_several(message.string)
    ]

    assert wrong == []


def test_english_has_two_forms_where_a_text_is_counted():
    """Where both are written alike, the noun is not counted by the number that chooses the form."""
    alike = [
        message.id[0]
        for message in read(ENGLISH)
        if isinstance(message.id, tuple)
        and message.string[0] == message.string[1]
        and _speaks_of_several(message.string[0])
    ]

    assert alike == []


@pytest.mark.parametrize(
    ("english", "wrong"),
    [
        ("%(count)s projects left", True),
        ("{days} working days", True),
        ("%(name)s has answered", False),
        ("%(count)s days", True),
    ],
)
def test_what_speaks_of_several_is_told_from_names(english, wrong):
    assert _speaks_of_several(english) is wrong


# ---- as an English reader sees it ----


def _forms():
    """Each Vietnamese text with each of its English forms."""
    for message in read(ENGLISH):
        if message.id:
            vietnamese = message.id[0] if isinstance(message.id, tuple) else message.id
            for english in message.string if isinstance(message.string, tuple) else [message.string]:
                yield vietnamese, english


def test_no_text_has_doubled_blanks_and_edges_are_the_same_in_both_languages():
    def edges(text):
        return text[:1].isspace(), text[-1:].isspace()

    assert [both for both in _forms() if any("  " in text for text in both) or edges(both[0]) != edges(both[1])] == []


def test_a_sentence_is_a_sentence_in_both_languages():
    """It begins with a capital and ends in the same mark."""

    def ends(text):
        return text.rstrip()[-1:] if text.rstrip()[-1:] in ".?!" else ""

    assert [both for both in _forms() if ends(both[0]) != ends(both[1]) and both[1] != "No."] == []
    assert [
        both for both in _forms() if both[0][:1].isupper() and both[1][:1].islower() and not both[0].startswith("KC")
    ] == []


def test_money_and_bodies_have_one_name_in_english():
    """đồng, not VND; the Department and the Agency are proper names where the text means ours."""
    wrong = re.compile(
        r"\bVND\b|\bdong\b(?!,)|\bprovincial committee\b|\b[Tt]he (department|agency) (confirms|has|approves|reports|is)\b"
    )

    assert [both for both in _forms() if wrong.search(both[1])] == []


def test_a_text_asked_for_in_one_form_and_in_forms_for_numbers_is_named():
    asked = [
        ("signing.py", "%(n)s đề án", None),
        ("contracts.py", ("%(n)s đề án", "%(n)s đề án"), None),
        ("other.py", "%(n)s đề án", "khác"),
    ]

    assert both_ways(asked) == [("signing.py", "%(n)s đề án")]
