"""One project file: its sources, parts, estimate, parties and papers."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from khuyencong.councils.enums import Outcome
from khuyencong.councils.models import Conflict
from khuyencong.councils.rules import Party, Subject
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact
from khuyencong.norms.enums import ProjectForm, ProjectKind
from khuyencong.people.models import User
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, PartNumber, Source
from khuyencong.projects.models import Beneficiary, CostLine, Project

SOURCES = ("national", "local", "counterpart", "other")


@dataclass(frozen=True, slots=True)
class SourceSum:
    """One source of a project's money: asked, granted, and what its beneficiaries have of it, in đồng."""

    source: Source | None  # None: not divided by source
    asked: int
    granted: int | None

    @property
    def now(self) -> int:
        return self.asked if self.granted is None else self.granted


def sums_by_source(project: Project) -> list[SourceSum]:
    """Asked and granted by source, in the order national, local, counterpart, other, then what a list of before does not
    divide; no query."""
    sums = [SourceSum(Source(name), getattr(project, name), getattr(project, f"granted_{name}")) for name in SOURCES]
    if project.unsplit:
        sums.append(SourceSum(None, project.unsplit, None if project.granted is None else project.unsplit))
    return sums


def sums_of_shares(shares: Iterable[Beneficiary]) -> list[SourceSum]:
    """The same of these beneficiaries alone: what they have of each source, granted once all of them are approved."""
    rows = list(shares)
    found, decided = [], all(one.approved_on for one in rows)
    for source in (Source.NATIONAL, Source.LOCAL, Source.COUNTERPART):
        amount = sum(getattr(one, source) for one in rows)
        found.append(SourceSum(source, amount, amount if decided else None))
    return found


def helped(project: Project) -> list[Beneficiary]:
    """Those who are helped now, in the order in which they came."""
    listed = project.beneficiaries.filter(removed_on=None).order_by()
    related = ("establishment__organisation", "establishment__commune", "establishment__province", "paper")
    return sorted(listed.select_related(*related), key=lambda beneficiary: beneficiary.pk)


def beneficiaries_ready(project: Project) -> bool:
    """Whether a first support contract may be signed: somebody on the list is approved (TT 36/2013 Đ21.2a, Đ23.3).  A group's
    list may be approved in several papers; who still waits for his stands in nobody's way."""
    return project.beneficiaries.filter(removed_on=None, approved_on__isnull=False).exists()


def parts_of(project: Project) -> list[tuple[PartNumber, str]]:
    """The eight parts with what is written in each."""
    written = dict(project.parts.values_list("number", "text"))
    return [(part, written.get(part.value, "")) for part in PartNumber]


def lines_of(project: Project) -> list[CostLine]:
    """The estimate in its order."""
    return list(project.cost_lines.select_related("beneficiary__establishment"))


def subject_of(project: Project) -> Subject:
    """The project as a council may know it: its name and the parties behind it."""
    return subjects_of([project])[project.uid]


def subjects_of(projects: Sequence[Project]) -> dict[uuid.UUID, Subject]:
    """The same for many projects in two queries.

    Of a beneficiary is told what else it stood behind; of an implementer not: it writes most files of its province.
    """
    rows = Beneficiary.objects.filter(project__in=projects, removed_on=None).select_related("establishment")
    helped: dict[int, list[Any]] = {}
    for row in rows.order_by("pk"):
        helped.setdefault(row.project_id, []).append(row.establishment)
    earlier: dict[int, set[uuid.UUID]] = {}
    shared = Beneficiary.objects.filter(establishment__in={e.pk for several in helped.values() for e in several})
    for establishment, uid in shared.values_list("establishment_id", "project__uid"):
        earlier.setdefault(establishment, set()).add(uid)
    found = {}
    for project in projects:
        parties = [_party(project.implementer)]
        for e in helped.get(project.pk, ()):
            parties.append(
                Party(
                    name=e.name,
                    organisation_id=e.organisation_id,
                    tax_code=e.tax_code,
                    representative=e.representative,
                    addresses=(e.registered_address, e.place_text),
                    communes=frozenset({e.commune_id} - {None}),
                    earlier=frozenset(earlier.get(e.pk, set()) - {project.uid}),
                )
            )
        found[project.uid] = Subject(uid=project.uid, label=str(project), parties=tuple(parties))
    return found


def _party(organisation: Any) -> Party:
    return Party(organisation.name, organisation.pk, organisation.tax_code, "", (organisation.address,))


def conflict_of(user: User, uid: uuid.UUID) -> Conflict | None:
    """The conflict of interest for which this person takes no part in one subject: declared, or found and settled so."""
    mine = Conflict.objects.filter(subject_uid=uid, member__user=user, outcome=Outcome.EXCUSED)
    return mine.select_related("member").order_by("pk").first()


def in_conflict_with(user: User) -> QuerySet[Conflict, Any]:
    """The uids of the subjects in which this person takes no part."""
    return Conflict.objects.filter(member__user=user, outcome=Outcome.EXCUSED).values("subject_uid")


def facts_of(project: Project, beneficiaries: Sequence[Beneficiary]) -> set[str]:
    """The facts on which lines of the checklist depend (``documents.enums.Fact``)."""
    facts: set[str] = set()
    if any(b.establishment.organisation_id != project.implementer_id for b in beneficiaries) or (
        project.kind in HELPS_ESTABLISHMENTS
    ):
        facts.add(Fact.SEPARATE_BENEFICIARY)
    if project.form == ProjectForm.GROUP:
        facts.add(Fact.GROUP)
    if any(b.establishment.legal_form == "enterprise" for b in beneficiaries):
        facts.add(Fact.ENTERPRISE)
    if project.kind in (ProjectKind.CLUSTER_POLLUTION, ProjectKind.ESTABLISHMENT_POLLUTION):
        facts.add(Fact.POLLUTION)
    if project.counterpart > 0:
        facts.add(Fact.PERCENT)
    return facts


def checklist(
    project: Project,
    *,
    stage: str,
    on: date,
    beneficiaries: Sequence[Beneficiary] | None = None,
    facts: Iterable[str] = (),
) -> list[documents.Line]:
    """The papers that the law asks for at a stage, missing ones first; ``facts`` add to those the record tells."""
    return checklists(project, stages=[stage], on=on, beneficiaries=beneficiaries, facts=facts)[stage]


def checklists(
    project: Project,
    *,
    stages: Collection[str],
    on: date,
    beneficiaries: Sequence[Beneficiary] | None = None,
    facts: Iterable[str] = (),
) -> dict[str, list[documents.Line]]:
    """The same of several stages, asked together."""
    now = helped(project) if beneficiaries is None else beneficiaries
    return documents.checklists(
        project.dossier,
        stages=stages,
        kind=project.kind,
        level=project.level,
        on=on,
        parties=[b.establishment.organisation for b in now],
        facts={*facts_of(project, now), *facts},
    )
