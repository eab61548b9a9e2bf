"""Controls that are drawn without a template say what Django's own templates say."""

import datetime as dt
import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from khuyencong.web.common.forms import Renderer

HOSTILE = "\"><script>alert('x')</script> & co"


class Everything(forms.Form):
    text = forms.CharField()
    typed = forms.CharField(widget=forms.TextInput(attrs={"placeholder": HOSTILE, "data-kc": True, "readonly": False}))
    count = forms.IntegerField()
    day = forms.DateField()
    mail = forms.EmailField()
    address = forms.URLField(assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField()
    yes = forms.BooleanField()
    one = forms.ChoiceField(
        choices=[
            ("", "-"),
            ("a", gettext_lazy("Trạng thái")),
            (HOSTILE, HOSTILE),
            ("b", mark_safe("<b>&amp;</b>")),
            (2026, 2026),
        ]
    )
    grouped = forms.ChoiceField(choices=[(HOSTILE, [("x", "X"), ("y", "Y")]), ("z", "Z")])
    several = forms.MultipleChoiceField(choices=[(1, "một"), (2, "hai"), (3, "ba")])
    perhaps = forms.NullBooleanField()


def drawn_by(renderer, data=None, initial=None) -> dict[str, str]:
    form = Everything(data, initial=initial, renderer=renderer)
    return {name: re.sub(r"\s+(?=<)", "", form[name].as_widget()) for name in form.fields}


class Ours(Renderer):
    """Without the classes that our fields carry beside what Django says."""

    bound_field_class = None


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("data", "initial"),
    [
        (None, None),
        (None, {"text": HOSTILE, "count": 1234567, "day": dt.date(2026, 11, 28), "one": 2026, "yes": True}),
        (
            {
                "text": HOSTILE,
                "one": HOSTILE,
                "grouped": "y",
                "several": ["1", "3"],
                "hidden": HOSTILE,
                "perhaps": "true",
            },
            None,
        ),
        ({"count": "mười", "one": "khong-co", "yes": "on", "mail": HOSTILE, "day": "31/2/2026"}, None),
    ],
)
def test_a_control_is_drawn_as_django_draws_it(language, data, initial):
    with override(language):
        assert drawn_by(Ours(), data, initial) == drawn_by(DjangoTemplates(), data, initial)


def test_what_is_typed_cannot_leave_its_control():
    drawn = "".join(drawn_by(Renderer(), {"text": HOSTILE, "one": HOSTILE, "hidden": HOSTILE}).values())

    assert "<script>" not in drawn


def test_a_field_without_errors_says_nothing_and_one_with_says_them():
    form = Everything({"text": "đủ", "count": "mười"}, renderer=Renderer())

    assert str(form["text"].errors) == ""
    assert "kc-error" in str(form["count"].errors)
