"""Labels of choices: those of the reader's language, and found without going over all the others."""

from unittest import mock

import pytest
from django.apps import apps
from django.db.models import base
from django.utils.translation import override

from khuyencong.norms.enums import InstrumentKind
from khuyencong.norms.models import Instrument
from khuyencong.projects.models import Project

MODELS = [model for model in apps.get_models() if model.__module__.startswith("khuyencong.")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_choice_has_its_own_label(model):
    for field in model._meta.concrete_fields:
        for value, label in field.flatchoices or ():
            row = model()
            setattr(row, field.attname, value)
            assert getattr(row, f"get_{field.name}_display")() == str(label)


def test_a_label_is_told_in_the_language_of_the_reader():
    text = Instrument(kind=InstrumentKind.DECREE)

    with override("vi"):
        vietnamese = text.get_kind_display()
    with override("en"):
        assert text.get_kind_display() == str(InstrumentKind.DECREE.label) != vietnamese


def test_what_is_no_choice_is_shown_as_it_stands():
    assert Instrument(kind="khac").get_kind_display() == "khac"
    assert Instrument(kind=None).get_kind_display() is None


def test_a_label_is_found_without_going_over_the_others():
    with mock.patch.object(base, "make_hashable", side_effect=AssertionError):
        assert Project(kind="machinery").get_kind_display()
