"""What lists this desk takes in: collaborators and contacts of communes."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.base.sentences import counted
from khuyencong.organisations import imports
from khuyencong.organisations.enums import ContactKind
from khuyencong.web.common.imports import Kind


class ContactForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Vai trò, nếu tệp không ghi"), choices=ContactKind.choices, initial=ContactKind.COLLABORATOR
    )


KINDS = (
    Kind(
        "contacts",
        _("Cộng tác viên, đầu mối cấp xã"),
        _(
            "Mỗi dòng một người, với xã, phường và số điện thoại công việc. Người đã có được nhận ra theo tên trong cùng xã."
        ),
        check=lambda job: imports.check_contacts(
            job.data,
            name=job.name,
            province=job.province,
            kind=job.options.get("role") or ContactKind.COLLABORATOR,
            progress=job.progress,
        ),
        write=lambda job, checked: imports.write_contacts(checked, by=job.by, run=job.run, accept=job.accept),
        to=lambda run: reverse("organisations:contacts"),
        form=ContactForm,
        columns=tuple(column.synonyms[0] for column in imports.COLUMNS),
        button=lambda rows: counted("Ghi %(n)s người", rows),
    ),
)
