"""From the paper fields of a form to a recorded paper, inside the act's transaction."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.documents.models import Paper
from khuyencong.documents.operations import recognise, record_paper
from khuyencong.files.models import StoredFile
from khuyencong.files.operations import store
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import DayField, PaperForm
from khuyencong.web.common.searched import search_in


def store_all(files: Sequence[Any], *, by: Any, accepts: str = "") -> list[StoredFile]:
    """The files of a form in the store, in their order.  Raises Invalid(file=…), which of several named in the sentence;
    ``accepts`` as of ``store``."""
    kept = []
    for file in files:
        try:
            kept.append(store(file, name=file.name, by=by, accepts=accepts))
        except Invalid as refusal:
            if len(files) == 1:
                raise
            raise Invalid(file=f"“{file.name}”: {refusal}") from None
    return kept


class RecordedPaperField(forms.ModelChoiceField):
    """A paper already recorded; its number alone tells nobody which one it is."""

    silent = True

    def __init__(self):
        super().__init__(
            Paper.objects.none(),
            label=gettext_lazy("Văn bản đã ghi nhận"),
            required=False,
            empty_label=gettext_lazy("Nhập văn bản mới dưới đây"),
        )

    def widget_attrs(self, widget):
        return {"data-kc-recorded": True}

    def label_from_instance(self, paper) -> str:
        return f"{paper}: {Truncator(paper.abstract).chars(80)}" if paper.abstract else str(paper)


class GivenPaper(PaperForm):
    """The paper of an act, one already recorded (of ``papers``) or entered here, and the legal day.

    ``demands = False``: the act may do without a paper; then a day left out is today, or is asked for where the
    act tells of an older day (``past_day``).
    """

    existing = RecordedPaperField()
    on = DayField(
        label=gettext_lazy("Ngày thực hiện"),
        past=True,
        required=False,
        help_text=gettext_lazy("Bỏ trống thì lấy ngày ký văn bản."),
    )
    paper_required, paper_first, legal_day_apart = False, True, True
    demands, past_day = True, False
    ASKED = ("number", "signed_on", "signer", "signer_title")

    def __init__(self, *args, papers=None, **options):
        super().__init__(*args, **options)
        if "on" in self.fields:
            self.fields["on"].silent = True
            if not self.demands and not self.past_day:
                self.fields["on"].help_text = _("Bỏ trống thì lấy ngày ký văn bản; không kèm văn bản thì lấy hôm nay.")
        self.fields["existing"].queryset = papers if papers is not None else Paper.objects.none()
        if not search_in(self, "existing"):
            del self.fields["existing"]
            for name in self.ASKED:
                self.fields[name].required = self.demands

    @property
    def paper_asked(self) -> bool:
        return self.demands

    def own_fields(self) -> list:
        return [bound for bound in super().own_fields() if bound.name not in ("existing", "on")]

    def clean(self):
        cleaned = self.cleaned_data
        entered = any(cleaned.get(name) for name in ("number", "signed_on", "scans"))
        if not cleaned.get("existing") and (entered or not self.demands):  # a signer alone is no paper
            cleaned = super().clean()
        if self.demands and not cleaned.get("existing") and not entered and not self.errors:
            self.add_error("number", _("Bước này phải có văn bản: chọn văn bản đã ghi nhận hoặc nhập văn bản mới."))
        if cleaned.get("existing") and entered:
            self.add_error("existing", _("Chọn văn bản đã ghi nhận, hoặc nhập văn bản mới, không làm cả hai."))
        if self.past_day and not cleaned.get("existing") and not entered and not cleaned.get("on"):
            self.add_error("on", _("Hãy ghi ngày; chỉ khi có văn bản mới bỏ trống được."))
        return cleaned

    @property
    def legal_day(self):
        paper = self.cleaned_data.get("existing")
        signed_on = paper.signed_on if paper else self.cleaned_data.get("signed_on")
        return self.cleaned_data.get("on") or signed_on or clock.today()


def signed_paper(
    form: PaperForm,
    *,
    kind: str,
    by: Any,
    province: Unit | None = None,
    commune: Unit | None = None,
    **facts: Any,
) -> Paper | None:
    """The paper already recorded that was chosen; else store the scans and record the paper that ``form`` describes; None
    where the form lets it be left out and it was.  A scan that bears the code of one of our prints brings that print home.

    Call it in the ``do`` of ``views.act``, so that a refused act leaves no paper behind.
    """
    if chosen := form.cleaned_data.get("existing"):
        return chosen
    if not form.has_paper:
        return None
    scans = store_all(form.cleaned_data.get("scans") or (), by=by)
    try:
        paper = record_paper(
            kind=kind, by=by, province=province, commune=commune, files=scans, **form.paper_values(), **facts
        )
    except Invalid as refusal:
        if "number" not in refusal.fields or "existing" not in form.fields:
            raise
        advice = _("Nếu là chính văn bản ấy, hãy chọn ở ô “Văn bản đã ghi nhận”; nếu không, xem lại số và ngày ký.")
        raise Invalid(**{**refusal.fields, "number": f"{refusal.fields['number']} {advice}"}) from refusal
    recognise(paper, files=scans, by=by)
    return paper
