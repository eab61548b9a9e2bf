"""Projects that come from lists: approved under a decision, or closed before this system began."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import ProjectForm
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects import queries
from khuyencong.projects.enums import APPROVED_ON, ProjectState
from khuyencong.projects.models import (
    Beneficiary,
    OtherSource,
    Project,
    StepTaken,
)
from khuyencong.projects.operations.changes import Helped
from khuyencong.projects.operations.files import activity_of, begin_file
from khuyencong.projects.operations.shared import index, refuse_other_total


@dataclass(kw_only=True)
class Entry:
    """A project that was decided outside this system: an imported plan row, or one closed before go-live; money in đồng.

    ``state`` counts for historical entries only.  ``granted_…`` default to what was asked.
    """

    title: str
    level: str
    kind: str
    year: int
    province: Unit
    implementer: Organisation
    national: int = 0
    local: int = 0
    counterpart: int = 0
    other: int = 0
    unsplit: int = 0  # all of it, where only the whole is told
    granted_national: int | None = None
    granted_local: int | None = None
    granted_counterpart: int | None = None
    granted_other: int | None = None
    commune: Unit | None = None
    place_text: str = ""
    place_unit: Unit | None = None
    form: str = ProjectForm.SINGLE
    activity: int | None = None
    sector: str = ""
    content: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    other_giver: str = ""
    partners: Sequence[Organisation] = ()
    helped: Sequence[Helped] = ()
    state: str = ProjectState.LIQUIDATED
    on: date | None = None  # the day of its last step, where told
    originals_missing: bool = True
    invented: bool = False
    extra: dict[str, Any] = field(default_factory=dict)  # what the file said besides, for the journal


@transaction.atomic
def record_approved(
    entries: Sequence[Entry], *, about: models.Model, by: User, on: date, paper: Paper, source: str = "", **told: Any
) -> list[Project]:
    """Projects that a signed decision has approved, brought in as a list (an imported plan): each lands approved with the
    decision as its step; the file's own checks are not asked again.

    Commitments are made by ``plans``.  One journal line for all ``about`` the plan, with their count and what else is
    ``told`` (the file's digest); each project's step knows it.  Raises NotPossible without a plan decision, Invalid with
    ``row_N`` (N from 1) for an entry that cannot be.
    """
    _may_bring_in(entries, by=by)
    if paper.kind != PaperKind.PLAN_DECISION:
        raise NotPossible(_("Đề án nhập từ kế hoạch phải kèm quyết định phê duyệt kế hoạch."))
    if on > clock.today() or on < paper.signed_on:
        raise NotPossible(_("Ngày phê duyệt không thể ở tương lai hoặc trước ngày ký quyết định."))
    projects = [
        _bring_in(entry, number=number, state=ProjectState.APPROVED, by=by, on=on, paper=paper, historical=False)
        for number, entry in enumerate(entries, start=1)
    ]
    line = record("project.bring_in", about, by=by, on=on, paper=paper, source=source, count=len(projects), **told)
    StepTaken.objects.bulk_create(
        StepTaken(
            project=project,
            line=line.pk,
            name="approve",
            source=ProjectState.APPRAISED,
            target=ProjectState.APPROVED,
            on=on,
            paper=paper,
            by=by,
            note=source[:500],
        )
        for project in projects
    )
    return projects


@transaction.atomic
def record_historical(
    entries: Sequence[Entry],
    *,
    about: models.Model,
    by: User,
    source: str = "",
    paper: Paper | None = None,
    **told: Any,
) -> list[Project]:
    """Projects closed before go-live, at their final state, outside the checks, marked as history (and “chưa có hồ sơ gốc”
    where so); reports and the question of earlier support count them.

    One journal line for all ``about`` the import or the province, as for ``record_approved``.  Raises Invalid with ``row_N``
    for an entry that cannot be, NotPossible for a state that is no end.
    """
    _may_bring_in(entries, by=by)
    ends = (*APPROVED_ON, ProjectState.FAILED, ProjectState.WITHDRAWN)
    projects = []
    for number, entry in enumerate(entries, start=1):
        if entry.state not in ends:
            raise Invalid(**{f"row_{number}": _("Hồ sơ lịch sử phải ở trạng thái cuối.")})
        if entry.on is not None and entry.on > clock.today():
            raise Invalid(**{f"row_{number}": _("Ngày %(day)s chưa tới.") % {"day": f"{entry.on:%d/%m/%Y}"}})
        projects.append(
            _bring_in(entry, number=number, state=entry.state, by=by, on=entry.on, paper=paper, historical=True)
        )
    line = record("project.record_historical", about, by=by, paper=paper, source=source, count=len(projects), **told)
    StepTaken.objects.bulk_create(
        StepTaken(
            project=project,
            line=line.pk,
            name="history",
            source=project.state,
            target=project.state,
            on=entry.on or _end_of(entry),
            paper=paper,
            by=by,
            note=source[:500],
        )
        for project, entry in zip(projects, entries, strict=True)
    )
    return projects


def _end_of(entry: Entry) -> date:
    """When it was over, where only its year is told."""
    return min(date(entry.year, 12, 31), clock.today())


def _may_bring_in(entries: Sequence[Entry], *, by: User) -> None:
    if not entries:
        raise NotPossible(_("Không có đề án nào để ghi."))
    for place in {entry.province for entry in entries}:
        authorise(by, Permission.IMPORT, place=place)


def _bring_in(
    entry: Entry, *, number: int, state: str, by: User, on: date | None, paper: Paper | None, historical: bool
) -> Project:
    granted = state in APPROVED_ON
    project = _project_of(entry, state=state, on=on, historical=historical)
    try:
        with transaction.atomic():
            begin_file(project, by=by, partners=entry.partners)
            if entry.other > 0 and entry.other_giver.strip():
                OtherSource.objects.create(
                    project=project, giver=entry.other_giver.strip()[:200], amount=entry.other, paper=paper
                )
            told_on = on or _end_of(entry) if historical else on
            approved_on = told_on if granted and (project.form != ProjectForm.GROUP or historical) else None
            beneficiaries = _helped_of(entry, project, approved_on=approved_on, paper=paper if approved_on else None)
            Beneficiary.objects.bulk_create(beneficiaries)
            if beneficiaries:
                index(project, beneficiaries=beneficiaries)
                project.save(update_fields=["words"])
    except Invalid as refusal:
        raise Invalid(**{f"row_{number}": str(refusal)}) from None
    except IntegrityError:
        raise Invalid(**{f"row_{number}": _("Dòng này mâu thuẫn với dữ liệu đã có.")}) from None
    return project


def _project_of(entry: Entry, *, state: str, on: date | None, historical: bool) -> Project:
    """The project of an entry, not saved; what was granted is what was asked where the entry says nothing else."""
    project = Project(
        title=" ".join(entry.title.split())[:400],
        level=entry.level,
        kind=entry.kind,
        form=entry.form,
        activity=entry.activity or activity_of(entry.kind),
        sector=entry.sector,
        year=entry.year,
        province=entry.province,
        commune=entry.commune,
        place_text=entry.place_text.strip()[:300],
        place_unit=entry.place_unit,
        implementer=entry.implementer,
        content=entry.content.strip(),
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        national=entry.national,
        local=entry.local,
        counterpart=entry.counterpart,
        other=entry.other,
        unsplit=entry.unsplit,
        state=state,
        rules_on=on,
        historical=historical,
        originals_missing=historical and entry.originals_missing,
        invented=entry.invented,
    )
    if state in APPROVED_ON:
        for source in queries.SOURCES:
            told = getattr(entry, f"granted_{source}")
            setattr(project, f"granted_{source}", getattr(entry, source) if told is None else told)
    return project


def _helped_of(entry: Entry, project: Project, *, approved_on: date | None, paper: Paper | None) -> list[Beneficiary]:
    """The beneficiaries of an entry, checked and not saved."""
    beneficiaries = [
        checked(
            Beneficiary(
                project=project,
                establishment=one.establishment,
                content=one.content.strip()[:400],
                total=one.total or one.national + one.local + one.counterpart,
                national=one.national,
                local=one.local,
                counterpart=one.counterpart,
                approved_on=approved_on,
                paper=paper,
            )
        )
        for one in entry.helped
    ]
    for one in beneficiaries:
        refuse_other_total(one, project)
    return beneficiaries
