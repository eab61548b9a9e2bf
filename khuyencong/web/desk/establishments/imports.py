"""What lists this desk takes in."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.establishments import imports
from khuyencong.establishments.enums import RecognitionLevel
from khuyencong.web.common.forms import NumberField
from khuyencong.web.common.imports import Kind


class YearForm(forms.Form):
    year = NumberField(
        label=_("Năm của số liệu lao động, doanh thu"),
        whole=True,
        low=1990,
        required=False,
        help_text=_("Để trống nếu năm có ghi ở tiêu đề; không ghi ở đâu thì là năm trước."),
    )

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and year > clock.today().year:
            raise forms.ValidationError(_("Năm này chưa tới."))
        return year


class RecognisedForm(YearForm):
    year = NumberField(label=_("Năm công nhận, nếu tệp không ghi"), whole=True, low=2000, required=False)
    level = forms.ChoiceField(
        label=_("Cấp công nhận, nếu tệp không ghi"),
        choices=[("", _("Tệp có ghi")), *RecognitionLevel.choices],
        required=False,
    )
    decision = forms.CharField(label=_("Quyết định, nếu tệp không ghi"), max_length=200, required=False)


def _heads(columns):
    return tuple(column.synonyms[0] for column in columns)


KINDS = (
    Kind(
        imports.ESTABLISHMENTS,
        imports.LABELS[imports.ESTABLISHMENTS],
        _("Mỗi dòng một cơ sở. Cơ sở đã có được nhận ra theo mã số thuế, hoặc tên trong cùng một xã."),
        check=lambda job: imports.check_establishments(
            job.data, name=job.name, province=job.province, year=job.options.get("year"), progress=job.progress
        ),
        write=lambda job, checked: imports.write(checked, by=job.by, run=job.run, accept=job.accept),
        to=lambda run: reverse("establishments:list"),
        form=YearForm,
        columns=_heads(imports.COLUMNS),
        button=lambda rows: counted("Ghi %(n)s cơ sở", rows),
    ),
    Kind(
        imports.PRODUCTS,
        imports.LABELS[imports.PRODUCTS],
        _(
            "Mỗi dòng một sản phẩm được công nhận tiêu biểu ở một cấp trong một năm. Cơ sở chưa có được thêm cùng sản phẩm."
        ),
        check=lambda job: imports.check_products(
            job.data,
            name=job.name,
            province=job.province,
            year=job.options.get("year"),
            level=job.options.get("level", ""),
            decision=job.options.get("decision", ""),
            progress=job.progress,
        ),
        write=lambda job, checked: imports.write(checked, by=job.by, run=job.run, accept=job.accept),
        to=lambda run: reverse("establishments:products"),
        form=RecognisedForm,
        columns=_heads(imports.PRODUCT_COLUMNS),
        button=lambda rows: counted("Ghi %(n)s sản phẩm", rows),
    ),
)
