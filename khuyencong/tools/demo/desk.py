"""What every story of the running year needs: papers, days that have come, dossiers that are complete."""

from collections.abc import Iterable
from datetime import date, timedelta

from khuyencong.audit.operations import record_many
from khuyencong.base.text import fold
from khuyencong.documents.models import DossierItem, Paper
from khuyencong.documents.queries import missing
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project
from khuyencong.tools.demo.moments import Moments, day_of
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import Place


class Desk:
    """The demo accounts at work in their province."""

    def __init__(self, place: Place, *, cast: People, today: date, moments: Moments, first: int) -> None:
        self.place, self.cast, self.today, self.moments = place, cast, today, moments
        self.province = place.province
        self.papers: list[Paper] = []
        self.number = first
        self.lateness = 1  # days after which things are written down

    def day(self, month: int, day: int) -> date:
        """A day of the running year, as it is told today."""
        return day_of(self.today, month, day)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def lately(self, days: int, *, after: tuple[int, int]) -> date:
        """So many days ago, but never before a day of this story (month and day): it matters in January."""
        return max(self.ago(days), self.day(*after))

    def on(self, day: date, *, later: int | None = None) -> date:
        """Whatever is done next is written down on the day after ``day`` (``later``: so many days after it)."""
        self.moments.to(day, later=self.lateness if later is None else later)
        return day

    def paper(
        self,
        kind: str,
        on: date,
        *,
        by: User,
        abstract: str,
        issuer: Organisation | None = None,
        signer: str = "",
        title: str = "",
        commune: Unit | None = None,
        suffix: str = "",
    ) -> Paper:
        """A signed paper, entered the day after."""
        self.on(on)
        self.number += 1
        number = f"{self.number}/{suffix or _SUFFIX.get(kind, 'CV')}"
        paper = Paper.objects.create(
            kind=kind,
            number=number,
            signed_on=on,
            signer=signer,
            signer_title=title,
            issuer=issuer,
            abstract=abstract[:500],
            folded=fold(f"{number} {abstract} {signer}")[:900],
            kept_at=str(issuer or "")[:200],
            province=None if issuer == self.place.bodies.ministry and kind == "budget_decision" else self.province,
            commune=commune,
            actor_id=by.pk,
        )
        self.papers.append(paper)
        return paper

    def complete(self, project: Project, *, stage: str, on: date, facts: Iterable[str] = ()) -> None:
        """Every paper that the law still asks for at this stage lies in the dossier."""
        by = self.cast["centre_officer"]
        lacking = missing(projects.checklist(project, stage=stage, on=on, facts=facts))
        one: dict[str, Paper] = {}
        for line in lacking:
            kind = line.requirement.paper_kind
            if kind not in one:
                one[kind] = self.paper(kind, on, by=by, abstract=f"{line.requirement.title}: {project.title}")
        DossierItem.objects.bulk_create(
            DossierItem(
                dossier=project.dossier,
                requirement=line.requirement,
                paper=one[line.requirement.paper_kind],
                party=line.party,
                actor_id=by.pk,
            )
            for line in lacking
        )
        if lacking and project.dossier:
            record_many([project.dossier], action="dossier.put", by=by, on=on, papers=len(lacking))

    def tell_papers(self) -> None:
        """One line of the journal for each paper entered here."""
        self.on(self.today, later=0)
        record_many(self.papers, action="paper.record", by=self.cast["registry_clerk"])


_SUFFIX = {
    "call_letter": "SCT-QLCN",
    "need_letter": "UBND-KT",
    "survey_record": "BB-KS",
    "answer_letter": "SCT-QLCN",
    "plan_decision": "QĐ-UBND",
    "budget_decision": "QĐ-UBND",
    "submission": "TTr-SCT",
    "assignment": "QĐ-SCT",
    "support_contract": "HĐ-KC",
    "acceptance": "BB-NT",
    "liquidation": "BB-TL",
    "appraisal": "PTĐ",
    "council_decision": "QĐ-SCT",
}
