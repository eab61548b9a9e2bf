from django import forms
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import DongField
from khuyencong.norms import queries
from khuyencong.norms.enums import InstrumentKind, Level, LinkKind, PriorityKind, Verified
from khuyencong.norms.models import Instrument, Line, Row
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import DayField, MoneyField, NumberField, provinces_of

NO_PROVINCE = _("Cả nước")


def _provinces(form: forms.Form, user) -> None:
    """Who manages the whole country may leave the province open; who manages a province names it."""
    scope = user.scope(Permission.CATALOGUE_MANAGE)
    form.fields["province"].queryset = provinces_of(scope)
    form.fields["province"].required = not scope.whole_country
    if not scope.whole_country:
        form.fields["level"].choices = [(v, label) for v, label in Level.choices if v != Level.NATIONAL]


class InstrumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=InstrumentKind)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, help_text=_("Ví dụ: 23/2025/NQ-HĐND"))
    title = forms.CharField(label=_("Trích yếu"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    body = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    level = forms.ChoiceField(label=_("Kinh phí được quy định"), choices=Level)
    province = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Tỉnh, thành phố"), required=False, empty_label=NO_PROVINCE
    )
    signed_on = DayField(label=_("Ngày ký"), past=True)
    valid_from = DayField(label=_("Có hiệu lực từ ngày"))
    valid_to = DayField(label=_("Hết hiệu lực từ ngày"), required=False)
    source = forms.CharField(
        label=_("Nguồn"), max_length=500, required=False, help_text=_("Công báo, trang thông tin, bản gốc")
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        _provinces(self, user)


class EndForm(forms.Form):
    valid_to = DayField(label=_("Hết hiệu lực từ ngày"), help_text=_("Ngày đầu tiên không còn hiệu lực"))


class VerifyForm(forms.Form):
    mark = forms.ChoiceField(label=_("Mức kiểm chứng"), choices=Verified)
    source = forms.CharField(label=_("Nguồn đã đọc"), max_length=500, required=False)


class LinkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Quan hệ"), choices=LinkKind)
    target = forms.ModelChoiceField(
        Instrument.objects.none(), label=_("Văn bản được dẫn"), empty_label=_("Chọn văn bản")
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, *args, instrument: Instrument, **options):
        super().__init__(*args, **options)
        self.fields["target"].queryset = Instrument.objects.exclude(pk=instrument.pk).order_by("level", "valid_from")


SHARED = ("instrument", "id", "verified", "level", "province")


def row_form(model: type[Row], *, leave_out: tuple[str, ...] = (), cited: bool = True) -> type[forms.Form]:
    """A form with the fields of one kind of row, in our own widgets; level and province come from the text.  ``cited``: the
    article is asked for, as of every row but one that was loaded without."""
    fields = forms.fields_for_model(
        model,
        exclude=[*SHARED, *leave_out],
        formfield_callback=_field,
    )
    fields["article"].required = cited
    last = [name for name in ("valid_from", "valid_to", "note", "source") if name in fields]
    order = ["article", *(name for name in fields if name not in ("article", *last)), *last]
    return type("RowForm", (forms.Form,), {name: fields[name] for name in order if name in fields})


def _field(field: models.Field, **options):
    label, required = capfirst(field.verbose_name), not field.blank
    if isinstance(field, DongField):
        return MoneyField(label=label, required=required)
    if isinstance(field, models.DateField):
        return DayField(label=label, required=required)
    if isinstance(field, models.DecimalField):
        return NumberField(label=label, required=required)
    if isinstance(field, models.IntegerField) and not field.choices:
        low = None if type(field) is models.SmallIntegerField else 0
        return NumberField(label=label, required=required and field.default is models.NOT_PROVIDED, whole=True, low=low)
    if isinstance(field, models.TextField):
        return field.formfield(label=label, widget=forms.Textarea(attrs={"rows": 2}), **options)
    if isinstance(field, models.ForeignKey) and field.related_model is Line:
        return forms.ModelChoiceField(
            Line.objects.all(), label=label, required=required, empty_label=_("Chọn dòng hỗ trợ")
        )
    return field.formfield(label=label, **options)


def successor_form(fields: type[forms.Form]) -> type[forms.Form]:
    """The form of a row that takes the place of another: which text gives it, then what it says."""

    class SuccessorForm(fields):
        instrument = forms.ModelChoiceField(
            Instrument.objects.none(), label=_("Văn bản quy định dòng mới"), empty_label=None
        )
        field_order = ("instrument", "valid_from", "article")

        def __init__(self, *args, row: Row, **options):
            options["initial"] = {"instrument": row.instrument_id} | (options.get("initial") or {})
            super().__init__(*args, **options)
            texts = Instrument.objects.filter(Q(province=None) | Q(province=row.province_id))
            if row.level == Level.NATIONAL:
                texts = texts.filter(level=Level.NATIONAL)
            texts = texts.filter(Q(valid_to=None) | Q(valid_to__gt=clock.today()) | Q(pk=row.instrument_id))
            self.fields["instrument"].queryset = texts.order_by("-valid_from", "pk")
            self.fields["valid_from"].label = _("Dòng mới có hiệu lực từ ngày")

    return SuccessorForm


class DayForm(forms.Form):
    day = DayField(label=_("Ngày"))
    works = forms.TypedChoiceField(
        label=_("Ngày này"),
        choices=[("", _("Chọn")), ("0", _("được nghỉ")), ("1", _("phải làm việc, làm bù"))],
        coerce=lambda value: value == "1",
        empty_value=None,
    )
    reason = forms.CharField(label=_("Dịp, lý do"), max_length=200, help_text=_("Ví dụ: nghỉ Tết Nguyên đán, làm bù"))
    source = forms.CharField(
        label=_("Văn bản, nguồn"), max_length=300, help_text=_("Số, ngày của thông báo hoặc văn bản.")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do sửa"), max_length=300)


class MaximumForm(forms.Form):
    """A question, not an act: sent by GET, so that an answer has an address."""

    line = forms.ModelChoiceField(
        Line.objects.none(), label=_("Dòng hỗ trợ"), to_field_name="code", empty_label=_("Chọn dòng hỗ trợ")
    )
    cost = MoneyField(label=_("Chi phí của một đơn vị tính, đồng"), low=1)
    place = forms.CharField(
        label=_("Nơi sản xuất"),
        required=False,
        max_length=300,
        help_text=_("Xã, phường và tỉnh; tên cũ hoặc mới, có dấu hoặc không"),
    )
    on = DayField(label=_("Ngày"))
    level = forms.ChoiceField(label=_("Kinh phí"), choices=Level)
    craft_village = forms.BooleanField(label=_("Trong làng nghề được UBND cấp tỉnh công nhận"), required=False)
    cleaner_production = forms.BooleanField(label=_("Áp dụng sản xuất sạch hơn"), required=False)
    priority = forms.MultipleChoiceField(
        label=_("Diện ưu tiên đã có hồ sơ chứng minh"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Diện ưu tiên đã chọn không có vào ngày và nơi này. Hãy chọn lại trong danh mục.")
        },
    )

    def __init__(self, *args, day, province=None, **options):
        """``day`` and, for local money, ``province``: whose priorities are offered."""
        super().__init__(*args, **options)
        self.fields["line"].queryset = queries.support_lines().order_by("activity", "code")
        words = dict(PriorityKind.choices)
        self.fields["priority"].choices = [
            (row.code, f"{words[row.kind]}: {row.text}") for row in queries.priorities(on=day, province=province)
        ]
