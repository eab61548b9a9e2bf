"""What lists this desk takes in: projects that were closed before this system."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.norms.enums import Level
from khuyencong.plans import imports
from khuyencong.web.common.forms import YearField
from khuyencong.web.common.imports import Kind
from khuyencong.web.desk.plans.imports import KindForm, UnitForm, unit_of


class HistoryForm(UnitForm):
    year = YearField(label=_("Năm, nếu tệp không ghi"), low=1990, high=2100, required=False)
    level = forms.ChoiceField(
        label=_("Cấp kinh phí, nếu tệp không ghi"), choices=Level.choices, initial=Level.PROVINCIAL
    )

    field_order = ("year", "level", "unit")

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and year > clock.today().year:
            raise forms.ValidationError(_("Năm này chưa tới."))
        return year


def _check(job):
    return imports.check_history(
        job.data,
        name=job.name,
        province=job.province,
        year=job.options.get("year"),
        level=job.options.get("level") or Level.PROVINCIAL,
        unit=unit_of(job),
        progress=job.progress,
    )


KINDS = (
    Kind(
        "history",
        _("Hồ sơ lịch sử"),
        _(
            "Mỗi dòng một đề án đã kết thúc trước khi dùng hệ thống. Ghi ở trạng thái cuối, đánh dấu “chưa có hồ sơ gốc”."
        ),
        check=_check,
        write=lambda job, checked: imports.write_history(
            checked, by=job.by, kind=job.options.get("kind", ""), run=job.run, accept=job.accept
        ),
        to=lambda run: reverse("projects:list"),
        form=HistoryForm,
        confirm=KindForm,
        columns=tuple(column.synonyms[0] for column in imports.HISTORY_COLUMNS),
        button=lambda rows: counted("Ghi %(n)s đề án", rows),
        completes=False,
    ),
)
