"""What lists this desk takes in: the tables of yearly plans."""

import datetime as dt

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.budgets.models import Envelope
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans import imports
from khuyencong.plans import queries as plans
from khuyencong.plans.models import Plan
from khuyencong.projects.enums import Source
from khuyencong.web.common.forms import DayField, YearField
from khuyencong.web.common.imports import Kind, NoForm


class UnitForm(forms.Form):
    """The unit of money, where the file leaves it open."""

    unit = forms.ChoiceField(
        label=_("Đơn vị tiền"),
        choices=[("", _("Tệp có ghi")), *((name, imports.UNIT_LABELS[unit]) for name, unit in imports.UNITS.items())],
        required=False,
        help_text=_("Chỉ chọn khi trong tệp không có dòng như “ĐVT: triệu đồng”."),
    )


class PlanForm(UnitForm):
    year = YearField(label=_("Năm kế hoạch"), low=2000, high=2100)
    level = forms.ChoiceField(label=_("Cấp kế hoạch"), choices=Level.choices, initial=Level.PROVINCIAL)

    field_order = ("year", "level", "unit")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["year"].initial = clock.today().year


class KindForm(NoForm):
    """The kind of the rows whose words name none; asked only where there are such rows."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.run is not None and (count := self.run.details.get("without_kind", 0)):
            self.fields["kind"] = forms.ChoiceField(
                label=counted("Dạng của %(count)s đề án chưa rõ dạng", count) % {"count": count},
                choices=[("", _("Hãy chọn")), *ProjectKind.choices],
            )


class DecisionForm(KindForm):
    """The decision to which the file belongs, and who pays where several envelopes could."""

    number = forms.CharField(label=_("Số, ký hiệu quyết định phê duyệt"), max_length=80)
    signed_on = DayField(label=_("Ngày ký"), past=True)
    signer = forms.CharField(label=_("Người ký"), max_length=120)
    signer_title = forms.CharField(label=_("Chức danh người ký"), max_length=120, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for source, choices in _choices(self.run).items():
            label = _("Dự toán chi trả %(source)s") % {"source": source.label}
            self.fields[f"envelope_{source}"] = forms.ChoiceField(label=label, choices=[("", _("Hãy chọn")), *choices])


def _choices(run):
    """The envelopes among which somebody must choose: by source, where more than one serves the plan."""
    if run is None:
        return {}
    plan = Plan(province_id=run.province_id, level=run.options["level"], year=run.options["year"])
    found = {}
    totals = run.details.get("totals", {})
    for source in (Source.NATIONAL, Source.LOCAL):
        serving = [one for one in plans.envelopes_of(plan) if one.is_national == (source == Source.NATIONAL)]
        if len(serving) > 1 and totals.get(source):
            found[source] = [(str(one.pk), one.name) for one in serving]
    return found


def unit_of(job):
    """How many đồng the unit is that was chosen; None where the file says it."""
    return imports.UNITS.get(job.options.get("unit") or "")


def _check(job):
    return imports.check_plan(
        job.data,
        name=job.name,
        province=job.province,
        year=job.options["year"],
        level=job.options["level"],
        unit=unit_of(job),
        progress=job.progress,
    )


def _write(job, checked):
    chosen = {source: job.options.get(f"envelope_{source}") for source in (Source.NATIONAL, Source.LOCAL)}
    kept = Envelope.objects.in_bulk([pk for pk in chosen.values() if pk])
    return imports.write_plan(
        checked,
        by=job.by,
        number=job.options["number"],
        signed_on=dt.date.fromisoformat(job.options["signed_on"]),
        signer=job.options.get("signer", ""),
        signer_title=job.options.get("signer_title", ""),
        kind=job.options.get("kind", ""),
        envelopes={str(source): kept[int(pk)] for source, pk in chosen.items() if pk},
        run=job.run,
        accept=job.accept,
    )


KINDS = (
    Kind(
        "plan",
        _("Bảng kế hoạch khuyến công năm"),
        _("Mỗi dòng một đề án đã được phê duyệt. Các đề án được ghi dưới quyết định của bảng, kèm cam kết kinh phí."),
        check=_check,
        write=_write,
        to=lambda run: reverse("plans:list"),
        form=PlanForm,
        confirm=DecisionForm,
        columns=tuple(column.synonyms[0] for column in imports.COLUMNS),
        button=lambda rows: counted("Ghi %(n)s đề án", rows),
        completes=False,
    ),
)
