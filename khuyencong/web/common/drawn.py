"""What pages show by the hundred, drawn without templates: the controls of forms as Django draws them.

A list with a hundred communes and a dozen conditions would ask the template engine some thousand questions for them.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.utils.formats import localize

PLAIN = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "file",
    "hidden",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "time",
)


def shown(value: Any) -> str:
    """A value as it may stand in HTML: escaped, unless it is HTML already."""
    text = value if isinstance(value, str) else str(value)
    return str(text) if hasattr(text, "__html__") else escape(text)


def _attributes(given: Mapping[str, Any]) -> str:
    return "".join(
        f" {shown(name)}" if value is True else f' {shown(name)}="{shown(value)}"'
        for name, value in given.items()
        if value is not False
    )


def _input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{shown(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{shown(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _select(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    drawn = [f'<select name="{shown(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            drawn.append(f'\n<optgroup label="{shown(localize(group))}">')
        for option in options:
            attributes = _attributes(option["attrs"])
            drawn.append(
                f'\n<option value="{shown(option["value"])}"{attributes}>{shown(localize(option["label"]))}</option>'
            )
        if group:
            drawn.append("\n</optgroup>")
    drawn.append("\n</select>")
    return "".join(drawn)


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in (*PLAIN, "input", "url")},
    "django/forms/widgets/select.html": _select,
}
ERRORS = "django/forms/errors/list/default.html"  # of most fields there are none
