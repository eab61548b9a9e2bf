"""A form never offers by itself what nobody has narrowed to the person: its choices are set when it is shown."""

import importlib
import pkgutil

import pytest
from django import forms

from khuyencong.norms.models import Line
from khuyencong.web import desk

OPEN_TO_ALL = {Line}  # catalogues of the law: everybody may name one


def _form_classes():
    for module in pkgutil.walk_packages(desk.__path__, f"{desk.__name__}."):
        if module.name.rsplit(".", 1)[-1] == "forms":
            for thing in vars(importlib.import_module(module.name)).values():
                if isinstance(thing, type) and issubclass(thing, forms.BaseForm) and thing.__module__ == module.name:
                    yield thing


@pytest.mark.parametrize(
    "form", list(_form_classes()), ids=lambda form: f"{form.__module__.split('.')[-2]}.{form.__name__}"
)
def test_no_form_offers_records_before_somebody_has_asked_for_whom(form):
    """A foreign id in a form whose choices were never narrowed would be taken; one that starts empty refuses it."""
    for name, field in form.base_fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            assert field.queryset.query.is_empty() or field.queryset.model in OPEN_TO_ALL, name
