"""The look of all forms, and the fields that this work asks for again and again.

* ``MoneyField``: an amount in đồng, typed as 1234567, 1.234.567, "350 triệu", "1,2 tỷ"; said in words under the field.
  ``MoneyField(unit="million")`` reads a bare number as triệu đồng (425,06).  Cleans to an int of đồng.
* ``DayField``: dd/mm/yyyy (also d-m-yy, ddmmyyyy, and what a native picker sends); ``DayField(past=True)`` refuses the future.
* ``NumberField``: 1.438,5 → Decimal; ``NumberField(whole=True)`` → int.  ``YearField``: a year, shown as 2026;
  ``PhoneField``: one telephone number, typed with the keys of a telephone.
* ``PlaceForm``: a mixin with ``province`` and ``commune`` among the places of a person; pass ``user=request.user``.
* ``PaperForm``: a mixin with number, day, signer, his title, scans; ``papers.signed_paper(form, kind=…, by=…)``
  records it, ``form.paper_values()`` gives the bare values.  ``DecisionForm``: the same where nothing else is asked.
* ``FilesField``: several files at once.

A field may say how it is shown: ``half`` (two beside each other), ``silent`` (no "(không bắt buộc)" behind its label).
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock, money, text
from khuyencong.files.rules import is_pdf, is_written
from khuyencong.places.models import Scope, Unit
from khuyencong.web.common import drawn

LARGEST = 10**15  # a million billion đồng: above it somebody has leant on the zero
UNITS = {"d": 1, "dong": 1, "nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9}
PAPER_FILES = ".pdf,.jpg,.jpeg,.png,.heic,.webp"


class BoundField(forms.BoundField):
    """A field that knows its classes and says its amount in words."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if getattr(field, "empty_label", None) == "---------":
            field.empty_label = _("Chọn trong danh sách")

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        kind = getattr(widget, "input_type", "")
        if kind in ("checkbox", "radio"):
            css = "form-check-input"
        elif kind == "select":
            css = "form-select"
        elif kind == "hidden":
            return attrs
        else:
            css = "form-control"
        if kind == "file":
            attrs |= {"data-kc-choose": _("Chọn tệp"), "data-kc-none": _("Chưa chọn tệp nào")}
        attrs["class"] = f"{widget.attrs.get('class', '')} {attrs.get('class', '')} {css}".strip()
        return attrs

    @property
    def may_be_left_out(self) -> bool:
        """Whether the label says so."""
        return not self.field.required and not getattr(self.field, "silent", False)

    @property
    def sent_files(self) -> str:
        """The names of files that came with a refused form: a browser does not keep them."""
        sent = self.data if self.form.is_bound and getattr(self.field.widget, "input_type", "") == "file" else None
        return ", ".join(file.name for file in (sent if isinstance(sent, list) else [sent]) if file)

    @property
    def words(self) -> str:
        try:
            amount = self.field.clean(self.data) if self.form.is_bound else self.initial
            return text.vnd_words(int(amount)) if amount else ""
        except (ValidationError, TypeError, ValueError):
            return ""


class Renderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    formset_template_name = "django/forms/formsets/div.html"
    bound_field_class = BoundField

    def render(self, template_name, context, request=None):
        """The plain controls are drawn at once, a field without errors says nothing; the rest by its template."""
        if draw := drawn.DRAWN.get(template_name):
            return draw(context)
        if template_name == drawn.ERRORS and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


# ---- numbers ----


def read_number(typed: str) -> Decimal:
    """A number as people here write it: 1.234.567, 1.438,5, 1 234 567, 12,5.  Raises ValueError.

    A point between groups of three is no decimal point; a comma is one, unless more than one stands there.
    """
    cleaned = re.sub(r"[\s\u00a0\u202f']", "", typed)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", cleaned) or re.fullmatch(r"[+-]?\d+,\d+", cleaned):
        cleaned = cleaned.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?", cleaned):
        cleaned = cleaned.replace(",", "")
    elif not re.fullmatch(r"[+-]?\d+(\.\d+)?", cleaned):
        raise ValueError(typed)
    try:
        return Decimal(cleaned)
    except InvalidOperation as error:
        raise ValueError(typed) from error


ABOUT = re.compile(r"^(?:(?:khoang|tam|uoc|chung|gan|do)\b[\s:]*)+|^~\s*")


class MoneyField(forms.Field):
    """An amount; cleans to whole đồng (int) or None."""

    widget = forms.TextInput
    in_words = half = True
    default_error_messages = {
        "invalid": gettext_lazy("Nhập số tiền, ví dụ 1.234.567 hoặc 350 triệu."),
        "fraction": gettext_lazy("Số tiền tính đến đồng, không có phần lẻ."),
        "low": gettext_lazy("Số tiền không được nhỏ hơn %(low)s đồng."),
        "high": gettext_lazy("Số tiền quá lớn. Hãy kiểm tra lại các số 0."),
    }

    def __init__(self, *, unit="dong", low: int = 0, high: int = LARGEST, **options):
        self.unit, self.low, self.high = unit, low, high
        super().__init__(**options)

    def widget_attrs(self, widget):
        return {
            "inputmode": "numeric" if self.unit == "dong" else "decimal",
            "autocomplete": "off",
            "class": "kc-num",
            "data-kc-money": self.unit,
        }

    def to_python(self, value):
        if value is None or isinstance(value, int):
            return value
        folded = text.fold(str(value)).strip()
        if not folded:
            return None
        found = re.fullmatch(r"([\d\s.,+'\u00a0\u202f-]+)\s*([a-z]*)(?:\s*dong|\s*d)?\.?", folded)
        unit = UNITS.get(found[2] or ("d" if self.unit == "dong" else "trieu")) if found else None
        if unit is None:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        typed = found[1].strip()
        if unit == 1 and re.fullmatch(r"\d{1,3}(,\d{3})+", typed):
            typed = typed.replace(",", "")
        try:
            amount = read_number(typed) * unit
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error
        if amount != amount.to_integral_value():
            raise ValidationError(self.error_messages["fraction"], "fraction")
        return int(amount)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if value < self.low:
            raise ValidationError(self.error_messages["low"] % {"low": money.dong(self.low)}, "low")
        if value > self.high:
            raise ValidationError(self.error_messages["high"], "high")

    def prepare_value(self, value):
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        return money.dong(value) if self.unit == "dong" else money.million_exactly(value)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class RoughMoneyField(MoneyField):
    """About how much, as people say it: "khoảng 350 triệu", "tầm 350tr"; typed with all keys, since the unit is a word."""

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"inputmode": "text"}

    def to_python(self, value):
        said = ABOUT.sub("", text.fold(value).strip()) if isinstance(value, str) else value
        return super().to_python(said)


class NumberField(forms.Field):
    """A count or a measure; cleans to int (``whole``) or Decimal."""

    widget = forms.TextInput
    half = True
    default_error_messages = {
        "invalid": gettext_lazy("Nhập một số, ví dụ 1.438,5."),
        "whole": gettext_lazy("Nhập một số nguyên."),
        "low": gettext_lazy("Không được nhỏ hơn %(limit)s."),
        "high": gettext_lazy("Không được lớn hơn %(limit)s."),
    }

    def __init__(self, *, whole=False, low=0, high=None, **options):
        self.whole, self.low, self.high = whole, low, high
        super().__init__(**options)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric" if self.whole else "decimal", "autocomplete": "off", "class": "kc-num"}

    def to_python(self, value):
        if value is None or str(value).strip() == "":
            return None
        try:
            found = value if isinstance(value, (int, Decimal)) else read_number(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error
        if self.whole and found != int(found):
            raise ValidationError(self.error_messages["whole"], "whole")
        return int(found) if self.whole else Decimal(found)

    def validate(self, value):
        super().validate(value)
        if value is not None and self.low is not None and value < self.low:
            raise ValidationError(self.error_messages["low"] % {"limit": self.low}, "low")
        if value is not None and self.high is not None and value > self.high:
            raise ValidationError(self.error_messages["high"] % {"limit": self.high}, "high")

    def prepare_value(self, value):
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return f"{value:,}".translate(str.maketrans(",.", ".,"))
        return value


class YearField(NumberField):
    """A year; a number that is never written with a dot."""

    def __init__(self, *, low=2000, high=2100, **options):
        super().__init__(whole=True, low=low, high=high, **options)

    def prepare_value(self, value):
        return str(value) if isinstance(value, int) else value


WRITTEN_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|\d{8}")


class DayField(forms.DateField):
    """A day, typed as dd/mm/yyyy."""

    half = True
    default_error_messages = {
        "invalid": gettext_lazy("Nhập ngày theo dạng ngày/tháng/năm, ví dụ 22/11/2026."),
        "none": gettext_lazy("Ngày này không có trong lịch. Hãy kiểm tra lại ngày và tháng."),
        "future": gettext_lazy("Ngày này ở tương lai. Hãy kiểm tra lại."),
        "far": gettext_lazy("Hãy kiểm tra lại năm."),
    }

    def __init__(self, *, past=False, **options):
        self.past = past
        options.setdefault(
            "input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d%m%Y", "%d/%m/%y", "%d-%m-%y"]
        )
        options.setdefault("widget", forms.DateInput(format="%d/%m/%Y"))
        super().__init__(**options)

    def widget_attrs(self, widget):
        return {
            "inputmode": "numeric",
            "placeholder": gettext_lazy("ngày/tháng/năm"),
            "autocomplete": "off",
            "data-kc-day": True,
        }

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as wrong:
            if WRITTEN_DAY.fullmatch(
                str(value).strip()
            ):  # 29/2/2026: written as it should be, but there is no such day
                raise ValidationError(self.error_messages["none"], "none") from wrong
            raise

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.past and value > clock.today():
            raise ValidationError(self.error_messages["future"], "future")
        if not 1945 <= value.year <= clock.today().year + 50:
            raise ValidationError(self.error_messages["far"], "far")


class PhoneField(forms.CharField):
    """A telephone number as people write it, with spaces and points; the act that keeps it says what is wrong with it."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **options):
        super().__init__(max_length=40, **options)


# ---- files ----


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files, ``most`` of them where it is said; cleans to a list, empty where none came."""

    widget = FilesInput

    def __init__(self, *, accept=PAPER_FILES, most: int | None = None, **options):
        self.accept, self.most = accept, most
        super().__init__(**options)

    def widget_attrs(self, widget):
        attrs = {"class": "kc-files"} | ({"accept": self.accept} if self.accept else {})
        return attrs | {"data-kc-shrink": True} if self.accept.startswith("image/") else attrs

    def clean(self, data, initial=None):
        sent = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if not sent:
            super().clean(None, initial)
            return []
        if self.most is not None and len(sent) > self.most:
            raise ValidationError(_("Gửi nhiều nhất %(most)s tệp.") % {"most": self.most})
        return [self._as_asked(super(FilesField, self).clean(file, initial)) for file in sent]

    def _as_asked(self, file):
        """By the bytes: a browser that is told what to offer still lets everything be chosen."""
        head = file.read(1024)
        file.seek(0)
        if self.accept.startswith("image/"):
            if is_written(head) or is_pdf(head):
                raise ValidationError(
                    _("“%(file)s” không phải ảnh. Hãy gửi ảnh JPG, PNG hoặc WebP.") % {"file": file.name}
                )
        elif self.accept == PAPER_FILES and is_written(head):
            raise ValidationError(
                _("“%(file)s” không phải PDF hay ảnh. Hãy gửi bản quét hoặc ảnh chụp văn bản.") % {"file": file.name}
            )
        return file


# ---- places ----


class PlaceForm(forms.Form):
    """``province`` and ``commune`` among the places of ``user``.

    The communes are those of the chosen province: htmx fetches them when it changes; without a script the button
    "Lấy danh sách xã, phường" does.  ``commune_required = False`` leaves the commune open.
    """

    commune_required = True
    province = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Tỉnh, thành phố"))
    commune = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Xã, phường, đặc khu"))

    def __init__(self, *args, user=None, permission=Permission.VIEW, **options):
        super().__init__(*args, **options)
        scope = user.scope(permission) if user else Scope(whole_country=True)
        self.fields["province"].queryset = provinces_of(scope)
        self.fields["commune"].required = self.commune_required
        chosen = self._chosen_province()
        self.fields["commune"].queryset = communes_of(scope, chosen)
        self.fields["commune"].empty_label = _("Chọn xã, phường") if chosen else _("Chọn tỉnh trước")
        self.fields["province"].refill = True  # the button of those without a script
        self.fields["province"].widget.attrs |= {
            "hx-get": reverse("communes"),
            "hx-target": f"#{self.auto_id % self.add_prefix('commune')}",
            "hx-trigger": "change",
            "hx-include": "this",
            "hx-swap": "innerHTML",  # not what the form around it says of its own answer
            "hx-select": "unset",
        }

    def _chosen_province(self) -> int | None:
        chosen = (
            self.data.get(self.add_prefix("province"))
            if self.is_bound
            else self.get_initial_for_field(self.fields["province"], "province")
        )
        chosen = getattr(chosen, "pk", chosen)
        if chosen and str(chosen).isdecimal():
            return int(chosen)
        only = list(self.fields["province"].queryset[:2])
        if len(only) == 1:
            self.initial.setdefault("province", only[0].pk)
            return only[0].pk
        return None


def provinces_of(scope: Scope):
    """Today's provinces that touch ``scope``, in Vietnamese order."""
    units = Unit.objects.current().provinces().order_by("sort_key")
    if scope.whole_country:
        return units
    mine = Q(pk__in=scope.provinces)
    if scope.communes:
        mine |= Q(pk__in=Unit.objects.filter(pk__in=scope.communes).values("province_id"))
    return units.filter(mine)


def communes_of(scope: Scope, province: int | None):
    """Today's communes of a province inside ``scope``, in Vietnamese order."""
    if province is None:
        return Unit.objects.none()
    units = Unit.objects.current().communes().filter(province_id=province).order_by("sort_key")
    if scope.whole_country or province in scope.provinces:
        return units
    return units.filter(pk__in=scope.communes)


# ---- papers ----


class PaperForm(forms.Form):
    """What is on a signed paper.  ``paper_required = False`` lets the whole paper be left out; ``paper_first`` puts it above
    what else the act asks."""

    paper_required = True
    paper_first = False
    scans_first = False  # where a photo of the paper is enough
    legal_day_apart = False
    number = forms.CharField(
        label=gettext_lazy("Số, ký hiệu"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("ví dụ 3187/QĐ-UBND")}),
    )
    signed_on = DayField(label=gettext_lazy("Ngày ký"), past=True)
    signer = forms.CharField(label=gettext_lazy("Người ký"), max_length=120)
    signer_title = forms.CharField(label=gettext_lazy("Chức danh người ký"), max_length=120)
    scans = FilesField(
        label=gettext_lazy("Bản chụp văn bản đã ký"),
        required=False,
        help_text=gettext_lazy("Tệp PDF hoặc ảnh chụp các trang, theo thứ tự."),
    )
    kept_at = forms.CharField(label=gettext_lazy("Nơi lưu bản gốc"), max_length=200, required=False)

    PAPER = ("number", "signed_on", "signer", "signer_title", "scans", "kept_at")
    WRITTEN = ("number", "signed_on", "signer", "signer_title")  # what the paper itself says

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.paper_required:
            for name in self.PAPER:
                self.fields[name].required = False
        for name in self.WRITTEN:
            self.fields[name].silent = self.fields[name].half = True
        for name in self.PAPER:
            self.fields[name].widget.attrs["data-kc-new-paper"] = True

    @cached_property
    def has_paper(self) -> bool:
        """Whether a paper was entered at all."""
        return any(self.cleaned_data.get(name) for name in self.PAPER)

    def clean(self):
        cleaned = super().clean()
        if not self.paper_required and any(cleaned.get(name) for name in self.PAPER):
            for name in ("number", "signed_on", "signer"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Đã ghi văn bản thì phải ghi đủ số, ngày ký và người ký."))
        return cleaned

    def paper_values(self) -> dict:
        """``number, signed_on, signer, signer_title, kept_at`` as ``documents`` names them; the scans are ``scans``."""
        names = ("number", "signed_on", "signer", "signer_title", "kept_at")
        return {name: self.cleaned_data.get(name) or ("" if name != "signed_on" else None) for name in names}

    @property
    def paper_asked(self) -> bool:
        """Whether the act cannot do without a paper."""
        return self.paper_required

    def own_fields(self) -> list:
        """What the act asks apart from its paper, bound."""
        return [bound for bound in self.visible_fields() if bound.name not in self.PAPER]


def parse_day(typed: str) -> dt.date | None:
    """A day from a query string; None where it is none."""
    try:
        return DayField(required=False).clean(typed)
    except ValidationError:
        return None
