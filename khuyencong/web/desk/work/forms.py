from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from khuyencong.people.models import User
from khuyencong.web.common.forms import DayField, PaperForm

MOST_PLACES = 3  # of one person, named in a list


class _NearFirst(ModelChoiceIterator):
    """Those of the same body under a heading of their own, where there are any."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        found = list(self.queryset)
        near = [self.choice(one) for one in found if one.near]
        far = [self.choice(one) for one in found if not one.near]
        yield from [(_("Cùng đơn vị"), near), (_("Người khác"), far)] if near and far else near or far


class HeirField(forms.ModelChoiceField):
    """Accounts; each is told apart by what it is and by the bodies and communes for which it works."""

    iterator = _NearFirst

    def label_from_instance(self, obj):
        return ", ".join(str(part) for part in (obj, obj.title, *_where(obj)) if part)


def _where(user) -> list[str]:
    """Where this person works today; of whom nobody has said it, the province that keeps the account."""
    named = [_works_at(mandate) for mandate in user.running if not mandate.whole_country or mandate.employer]
    named = list(dict.fromkeys(named)) or [user.province.named_inside if user.province else ""]
    return [*named[:MOST_PLACES], *("…" for _more in named[MOST_PLACES:][:1])]


def _works_at(mandate) -> str:
    body = mandate.employer or mandate.organisation
    return str(body) if body else mandate.place.named_inside if mandate.place else str(mandate.area)


class HandOverForm(PaperForm):
    to = HeirField(User.objects.none(), label=_("Người nhận"))
    on = DayField(label=_("Người nhận bắt đầu từ ngày"))
    field_order = ["to", "on", *PaperForm.PAPER]

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = people


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 4}))
