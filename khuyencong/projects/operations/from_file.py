"""A project file begun with what a person has confirmed of a Word file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base.errors import Invalid
from khuyencong.documents import operations as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments.models import Establishment
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User
from khuyencong.projects import queries
from khuyencong.projects.models import Project
from khuyencong.projects.operations.beneficiaries import add_beneficiary
from khuyencong.projects.operations.files import Line, draft, set_cost_lines, write_parts
from khuyencong.projects.operations.shared import dossier_of


@transaction.atomic
def draft_from_file(
    *,
    file: StoredFile,
    by: User,
    parts: Mapping[int, str],
    amounts: Mapping[str, int],
    lines: Sequence[Line] = (),
    establishment: Establishment | None = None,
    received_on: date | None = None,
    **facts: Any,
) -> Project:
    """Begin a project file with ``facts`` (as ``draft``), its parts, money (đồng) and beneficiary, all or nothing.

    Without ``lines`` the money becomes one line of the estimate, to be divided later; with them it must be their sum: raises
    Invalid(lines=…) otherwise.  With ``received_on`` the file stays in the dossier as what it is, a draft without signature.
    """
    project = draft(by=by, file=file, **facts)
    if texts := {number: text for number, text in sorted(parts.items()) if text.strip()}:
        write_parts(project, texts=texts, by=by)
    money = {source: amounts.get(source) or 0 for source in queries.SOURCES}
    helped = None
    if establishment is not None:
        helped = add_beneficiary(
            project,
            establishment=establishment,
            by=by,
            total=sum(money.values()),
            national=money["national"],
            local=money["local"],
            counterpart=money["counterpart"],
        )
    if lines and any(sum(int(line.get(s) or 0) for line in lines) != money[s] for s in queries.SOURCES):  # type: ignore[call-overload]
        raise Invalid(
            lines=_(
                "Các dòng dự toán cộng lại khác số tiền theo nguồn ở trên. Hãy sửa số tiền, hoặc bỏ không lấy dự toán."
            )
        )
    if not lines and any(money.values()):
        with override("vi"):
            content = _("Kinh phí theo tệp Word, chưa tách dòng")
        lines = [Line(content=content, **money)]  # type: ignore[typeddict-item]
    if lines:
        own: list[Line] = [{**line, "beneficiary": helped} for line in lines]
        set_cost_lines(project, lines=own, by=by)
    if received_on is not None:
        _keep(project, file=file, on=received_on, by=by)
    return Project.objects.get(pk=project.pk)


def _keep(project: Project, *, file: StoredFile, on: date, by: User) -> None:
    with override("vi"):
        abstract = _("Tệp Word nhận ngày %(day)s để lập hồ sơ đề án %(code)s (bản soạn thảo, chưa ký)") % {
            "day": f"{on:%d/%m/%Y}",
            "code": project.code,
        }
    paper = documents.record_paper(
        kind=PaperKind.OTHER,
        number="",
        signed_on=on,
        by=by,
        abstract=abstract,
        province=project.province,
        commune=project.commune,
        files=[file],
    )
    documents.put(dossier_of(project, by=by), paper=paper, by=by)
