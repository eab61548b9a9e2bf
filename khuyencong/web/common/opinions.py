"""Another body is asked, answers, or is given more time: one shape, whatever it is asked about."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotAllowed
from khuyencong.councils.enums import Agreement
from khuyencong.councils.queries import may_answer
from khuyencong.documents.enums import PaperKind
from khuyencong.organisations.models import Organisation
from khuyencong.web.common.forms import DayField
from khuyencong.web.common.papers import GivenPaper, signed_paper

ASKED = (
    "finance_department", "department", "other_department", "province_committee", "commune_committee",
    "treasury", "agency", "centre", "union",
)  # fmt: skip
OF_COUNTRY = ("ministry", "agency", "union", "institute", "other")


class OpinionForm(forms.Form):
    """A question to a body of the province.  ``commune``: whose committee alone is offered; None: those of all communes.
    ``asking``: the person of a national file, who may ask ministries and other bodies of the country too, but not his own.
    ``writer``: the body whose file it is; it is not asked.
    ``until``: what the law says of the day of the answer, then the day may be left out."""

    body = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Cơ quan được hỏi"),
        empty_label=gettext_lazy("Chọn cơ quan"),
    )
    on = DayField(label=gettext_lazy("Ngày hỏi"), past=True)
    due_on = DayField(label=gettext_lazy("Hạn trả lời"))
    question = forms.CharField(
        label=gettext_lazy("Nội dung hỏi"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, province=None, commune=None, until=None, asking=None, writer=None, **options):
        super().__init__(*args, **options)
        committees = Q(place=commune) if commune is not None else Q(place__province=province)
        here = Q(place=province) | Q(committees, kind="commune_committee")
        wanted = here & Q(kind__in=ASKED)
        if asking is not None:
            own = [mandate.employer_id for mandate in asking.mandates_today if mandate.employer_id]
            wanted |= Q(place=None, kind__in=OF_COUNTRY) & ~Q(pk__in=own)
        bodies = Organisation.objects.filter(wanted, ended_on=None)
        if writer is not None:
            bodies = bodies.exclude(pk=writer.pk)
        self.fields["body"].queryset = bodies.order_by("sort_key")
        if until is not None:
            self.fields["due_on"].required = False
            self.fields["due_on"].silent = until.default is None  # the act asks for it, in a sentence
            if until.default is not None:
                self.fields["due_on"].help_text = _("Bỏ trống thì lấy hạn theo quy định.")


class AnswerForm(GivenPaper):
    demands, paper_first = False, False
    agreement = forms.ChoiceField(label=gettext_lazy("Kết luận"), choices=Agreement)
    answer = forms.CharField(label=gettext_lazy("Ý kiến"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class ExtensionForm(GivenPaper):
    """More time, with a reason; the letter may be left out."""

    demands, paper_first = False, False
    due_on = DayField(label=gettext_lazy("Hạn mới"))
    reason = forms.CharField(
        label=gettext_lazy("Lý do gia hạn"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def refuse_who_may_not_answer(user, asked, *, place, asks) -> None:
    """The page of an answer is for the asked body, and for who may record its letter."""
    if not may_answer(user, asked, place=place, asks=asks):
        authorise(user, Permission.OPINION_GIVE, place=place)
        raise NotAllowed(_("Ý kiến này hỏi %(body)s; bạn công tác ở cơ quan khác.") % {"body": asked.body})


def already_answered(asked) -> str:
    if asked.answered_on is None:
        return ""
    return _("%(body)s đã trả lời ngày %(day)s.") % {"body": asked.body, "day": f"{asked.answered_on:%d/%m/%Y}"}


def extended(act, subject, form, *, kind, by, province):
    """More time by ``act``, with its letter where one was signed; dated by the form."""
    data = form.cleaned_data
    paper = signed_paper(form, kind=kind, by=by, province=province)
    return act(subject, due_on=data["due_on"], reason=data["reason"], by=by, on=form.legal_day, paper=paper)


def answered(act, asked, form, *, by, province):
    """The answer of a body by ``act``, with its paper where one was signed; dated by the form."""
    data = form.cleaned_data
    paper = signed_paper(form, kind=PaperKind.OPINION, by=by, province=province)
    return act(asked, agreement=data["agreement"], answer=data["answer"], by=by, on=form.legal_day, paper=paper)
