"""The label of a choice (``get_kind_display``), looked up instead of put together anew.

Django lists and hashes all choices of a field each time one label is shown: a tenth of a millisecond, and a page of a list
shows hundreds.
"""

from collections.abc import Callable
from functools import partialmethod
from typing import Any

from django.apps import apps
from django.utils.encoding import force_str


def at_hand() -> None:
    """From now on labels are looked up.  Called once, when every model is there; a method that a model gives itself stays."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            name = f"get_{field.name}_display"
            if isinstance(vars(model).get(name), partialmethod):
                setattr(model, name, _label(field.attname, dict(field.flatchoices)))


def _label(attribute: str, labels: dict[Any, Any]) -> Callable[[Any], str]:
    def label(row: Any) -> str:
        value = getattr(row, attribute)
        return force_str(labels.get(value, value), strings_only=True)  # in the language of whoever reads

    return label
