"""A choice among many, of one or of several: what was chosen stands first, and a field and a button of its own find the rest.

    self.fields["partners"].queryset = …
    search_in(self, "partners")

Works without a script: the button sends the form to be filled again (``_refill``), with what was typed and ticked.
"""

from django import forms
from django.db.models import Case, Q, Value, When

from khuyencong.base.text import fold

FEW = 12  # so many fit into the box of a choice without looking for anything
SHOWN = 30


def search_in(form: forms.Form, name: str, *, look_in: str = "folded") -> int:
    """Show of the field's queryset, when it is long, what was chosen and then the first that have the words typed beside it;
    with nothing typed the first of all.  A choice that was sent stays one that can be made.  Returns how many there are.  At
    most three queries."""
    field = form.fields[name]
    whole = field.queryset
    number = whole.count()
    if number <= FEW:
        return number
    asked = f"tim_{name}"
    if form.is_bound:
        sent = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    else:
        sent = form.get_initial_for_field(field, name)
    if not isinstance(field, forms.ModelMultipleChoiceField):
        sent = [sent] if sent else []
    keys_sent = (str(getattr(one, "pk", one)) for one in sent or ())
    ticked = [int(key) for key in keys_sent if key.isdecimal()]
    typed = (form.data.get(form.add_prefix(asked)) or "").strip()[:200] if form.is_bound else ""
    found = whole.filter(**{f"{look_in}__contains": fold(typed)}) if typed else whole
    keys = list(found.exclude(pk__in=ticked).values_list("pk", flat=True)[: SHOWN + 1])
    first = Case(When(pk__in=ticked, then=Value(0)), default=Value(1)) if ticked else Value(0)
    field.queryset = whole.filter(Q(pk__in=ticked) | Q(pk__in=keys[:SHOWN])).order_by(first, *whole.query.order_by)
    field.asked = {
        "name": form.add_prefix(asked),
        "id": form.auto_id % form.add_prefix(asked),
        "typed": typed,
        "none": bool(typed) and not keys,
        "more": number - SHOWN - len(ticked) if not typed and len(keys) > SHOWN else 0,
        "many": bool(typed) and len(keys) > SHOWN,
    }
    return number
