"""What the extraction of translations must find in templates."""

import pytest
from babel.messages.catalog import Message

from scripts.messages import in_template, same_placeholders


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
