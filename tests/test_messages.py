"""What the extraction of translations must find in templates."""

import re

import pytest
from babel.messages.catalog import Message

from scripts.messages import ENGLISH, in_template, read, same_placeholders


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
