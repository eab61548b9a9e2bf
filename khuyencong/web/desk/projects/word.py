"""What the review of a Word file asks: each fact as it was found, with its place, to be corrected, taken or left."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.text import fold
from khuyencong.base.workbook import key_of
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level
from khuyencong.norms.enums import ProjectForm as FormOfProject
from khuyencong.plans.imports.word import LABELS, Fact, Found
from khuyencong.projects.enums import PartNumber
from khuyencong.projects.queries import SOURCES
from khuyencong.web.common.forms import DayField, MoneyField
from khuyencong.web.desk.projects.forms import ProjectForm

# What of a draft is asked here; the rest is written on its own pages.
GENERAL = ("title", "level", "form", "kind", "year", "starts_on", "ends_on", "implementer", "province", "commune")
ASKED = (*GENERAL, "place_text", "machine_type", "content")
# Where a field has another name than the fact.
_FACT_OF = {"place_text": "place", "establishment": "beneficiary"}


class WordUpload(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Word (.docx)"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=gettext_lazy("Tệp .doc: mở bằng Word, chọn “Lưu thành” .docx. Bản chụp, PDF không đọc được ở đây."),
    )


@dataclass(slots=True)
class Row:
    """A field, its tick where the file says it, and what is written there."""

    field: Any
    take: Any = None


class WordForm(ProjectForm):
    """Every fact with its tick.  What is not ticked is not taken; what must be there cannot be left."""

    establishment = forms.ModelChoiceField(
        Establishment.objects.none(),
        label=gettext_lazy("Đơn vị thụ hưởng trong danh mục cơ sở"),
        required=False,
        empty_label=gettext_lazy("Ghi sau"),
    )
    national = MoneyField(label=LABELS["national"], required=False)
    local = MoneyField(label=LABELS["local"], required=False)
    counterpart = MoneyField(label=LABELS["counterpart"], required=False)
    other = MoneyField(label=LABELS["other"], required=False)
    lines = forms.BooleanField(label=gettext_lazy("Lấy các dòng dự toán"), required=False)
    keep = forms.BooleanField(
        label=gettext_lazy("Giữ tệp Word này trong hồ sơ đề án"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Giữ làm tài liệu tham khảo; không thay cho đề án đã ký."),
    )
    received_on = DayField(label=gettext_lazy("Ngày nhận tệp"), past=True, required=False)

    def __init__(self, *args, found: Found, user=None, initial=None, **options):
        super().__init__(*args, user=user, initial={**_initial(found), **(initial or {})}, **options)
        self.found, self.user = found, user
        self.unsure: set[str] = set()  # what the file says, but is not what the field offers: a person ticks it himself
        self.fields["title"].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 400})
        for name in set(self.fields) & {"partners", "needs", "also", "first_year", "norm_line", "sector"}:
            del self.fields[name]
        for part in PartNumber:
            fact = found.parts.get(part.value)
            self.fields[f"part_{part.value}"] = forms.CharField(
                label=f"{part.value}. {part.label}",
                required=False,
                initial=fact.value if fact else "",
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self._offer_implementer()
        self._offer_establishments(user)
        if not found.lines:
            del self.fields["lines"]
        for name, field in list(self.fields.items()):
            field.silent = True
            if (fact := self._fact(name)) is not None:
                self.fields[f"take_{name}"] = _tick(fact, sure=name not in self.unsure)

    def _fact(self, name: str) -> Fact | None:
        if name.startswith("part_"):
            return self.found.parts.get(int(name.removeprefix("part_")))
        return self.found.facts.get(_FACT_OF.get(name, name))

    def _offer_implementer(self):
        name = key_of(self.found.value("implementer") or "")
        if not name:
            return
        for body in self.fields["implementer"].queryset[:50]:
            own = {key_of(text) for text in (body.name, body.short_name, *body.former_names) if text}
            # "Trung tâm Khuyến công" of a file is the Centre with its province behind its name
            if any(one == name or one.startswith(f"{name} ") or name.startswith(f"{one} ") for one in own):
                self.initial["implementer"] = body.pk
                return
        self.unsure.add("implementer")
        self.fields["implementer"].help_text = _("Tệp ghi đơn vị khác với đơn vị bạn được lập hồ sơ. Hãy xem lại.")

    def _offer_establishments(self, user):
        here = Establishment.objects.visible_to(user).active()
        code, name, commune = (self.found.value(key) for key in ("tax_code", "beneficiary", "commune"))
        if (province := self.found.value("province")) is not None:
            here = here.filter(province=province)
        alike = Q(pk__in=[])
        if code:
            alike |= Q(tax_code=code)
        if name:
            alike |= Q(folded__contains=fold(name))
        named = list(here.filter(alike).order_by("sort_key")[:20]) if code or name else []
        keys = [one.pk for one in named]
        if commune is not None:
            keys += here.filter(commune=commune).order_by("sort_key").values_list("pk", flat=True)[:50]
        self.fields["establishment"].queryset = here.filter(pk__in=keys).select_related("commune").order_by("sort_key")
        sure = [one for one in named if code and one.tax_code == code] or [
            one for one in named if name and key_of(name) in map(key_of, (one.name, *one.former_names))
        ]
        if len(sure) == 1:
            self.initial["establishment"] = sure[0].pk
        elif name:
            self.fields["establishment"].help_text = _(
                "Chưa thấy cơ sở này trong danh mục; ghi cơ sở, rồi thêm ở trang Đơn vị thụ hưởng của đề án."
            )

    def rows(self, *names: str) -> list[Row]:
        """The fields as the page draws them."""
        return [
            Row(self[name], self[f"take_{name}"] if f"take_{name}" in self.fields else None)
            for name in names
            if name in self.fields
        ]

    def clean(self):
        cleaned = super().clean()
        for name in [name for name in self.fields if f"take_{name}" in self.fields]:
            if cleaned.get(f"take_{name}"):
                continue
            if self.fields[name].required:
                if name not in self.errors:
                    self.add_error(name, _("Mục này phải có. Hãy sửa cho đúng rồi đánh dấu lấy."))
            else:
                self.errors.pop(name, None)
                cleaned[name] = "" if isinstance(self.fields[name], forms.CharField) else None
        place, body = cleaned.get("commune") or cleaned.get("province"), cleaned.get("implementer")
        if place and body and not self.user.may(Permission.PROJECT_DRAFT, place=place, body=body):
            self.add_error(
                "commune",
                _("Địa bàn này không thuộc phân công của bạn. Hãy chọn lại, hoặc chuyển tệp cho người phụ trách."),
            )
        if cleaned.get("keep") and not cleaned.get("received_on") and "received_on" not in self.errors:
            cleaned["received_on"] = clock.today()
        return cleaned

    def values(self) -> dict[str, Any]:
        """What ``projects.operations.draft_from_file`` takes, beside the file and who acts."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ASKED},
            "parts": {part.value: data[f"part_{part.value}"] for part in PartNumber},
            "amounts": {source: data[source] or 0 for source in SOURCES},
            "lines": self.found.lines if data.get("lines") else [],
            "establishment": data["establishment"],
            "received_on": data["received_on"] if data["keep"] else None,
        }


def _tick(fact: Fact, *, sure: bool) -> forms.BooleanField:
    # a hint is drawn as it is: what a file says is made harmless here
    told = f"“{fact.told}”" + (f" {fact.note}" if fact.note else "")
    return forms.BooleanField(
        label=_("Lấy từ tệp: %(where)s") % {"where": fact.where}, help_text=escape(told), required=False, initial=sure
    )


def _initial(found: Found) -> dict[str, Any]:
    names = ("title", "year", "kind", "starts_on", "ends_on", "content", "machine_type", *SOURCES)
    initial = {name: value for name in names if (value := found.value(name)) is not None}
    initial["level"] = found.value("level") or Level.PROVINCIAL
    initial["form"] = FormOfProject.SINGLE
    initial["place_text"] = found.value("place") or ""
    for name in ("province", "commune"):
        if (unit := found.value(name)) is not None:
            initial[name] = unit.pk
    initial["received_on"] = clock.today()
    initial["lines"] = bool(found.lines)
    return initial
