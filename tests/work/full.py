"""A province in which everything waits at once: every kind of task, for every desk, of both sources of money."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from khuyencong.authority.roles import ROLES
from khuyencong.needs.models import Call
from khuyencong.people.models import User
from khuyencong.reporting.enums import Period
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AdvanceFactory, RecoveryFactory
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import CallFactory, NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.norms import DeadlineRowFactory, law
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.plans import ChangeRequestFactory, DecisionFactory, ItemFactory
from tests.factories.plans import OpinionRequestFactory as PlanOpinionFactory
from tests.factories.projects import BeneficiaryFactory, OpinionRequestFactory, ProjectFactory, StepTakenFactory
from tests.factories.reporting import SentReportFactory

SOURCES = (
    {"level": "provincial"},
    {"level": "national", "national": 300_000_000, "local": 0},
)
EMPLOYERS = {
    "centre_officer": "centre",
    "centre_director": "centre",
    "department_director": "department",
    "appraiser": "department",
    "finance_officer": "finance",
    "commune_officer": "committee",
}


@dataclass
class Land:
    """One province with its bodies, its people and one person of every role."""

    province: Any = field(default_factory=ProvinceFactory)

    def __post_init__(self) -> None:
        self.commune, self.silent = (CommuneFactory(province=self.province) for _n in range(2))
        self.centre = OrganisationFactory(centre=True, place=self.province)
        self.department = OrganisationFactory(department=True, place=self.province)
        self.finance = OrganisationFactory(kind="finance_department", place=self.province, name="Sở Tài chính")
        self.committee = OrganisationFactory(kind="commune_committee", place=self.commune, name="UBND xã")
        self.body = OrganisationFactory(place=self.commune)
        self.establishment = EstablishmentFactory(commune=self.commune, organisation=self.body)
        law()
        for code in ("liquidation", "monthly_report", "appraisal_base", "quarter_report", "half_report", "year_report"):
            days = {"kind": "days_after", "month": None, "day": None, "days": 20, "year_offset": 0}
            yearly = {"month": 2, "day": 15} if code == "liquidation" else days
            DeadlineRowFactory(code=code, level="provincial", province=self.province, **yearly)
        self.envelopes = [
            EnvelopeFactory(province=self.province, given=9_000_000_000),
            EnvelopeFactory(of_nation=True, province=self.province, given=9_000_000_000),
        ]
        CallFactory(
            province=self.province, year=2026, opens_on=dt.date(2025, 9, 7), commune_deadline=dt.date(2025, 11, 30)
        )
        self.agency = EnvelopeFactory(of_agency=True, given=9_000_000_000)

    def person(self, role: str) -> User:
        """Somebody with this one role, where it is held; who works in communes has a silent one too."""
        seen = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
        user = UserFactory(last_seen_at=seen)
        where: dict[str, Any] = {"place": self.province}
        if role in ("collaborator", "commune_officer"):
            where = {"place": self.commune}
            MandateFactory(user=user, role=role, place=self.silent)
        elif "country" in ROLES[role].bound and role not in ("auditor", "administrator"):
            where = {"country": True}
        elif ROLES[role].bound == ("body",):
            where = {"place": None, "organisation": self.body}
        employer = getattr(self, EMPLOYERS.get(role, ""), None)
        MandateFactory(user=user, role=role, employer=employer, **where)
        return user

    def project(self, **facts: Any) -> Any:
        return ProjectFactory(
            **{"province": self.province, "commune": self.commune, "implementer": self.centre} | facts
        )

    def more(self) -> None:
        """One more of everything that waits."""
        self._needs()
        for source, envelope in zip(SOURCES, self.envelopes, strict=True):
            self._files(source)
            self._contracts(source, envelope)
            self._own(source)
        self._plans()
        for number, period in enumerate((Period.Q3, Period.HALF)):
            year = 2020 - SentReportFactory._meta.model.objects.count() - number
            SentReportFactory(province=self.province, year=year, period=period)
        MandateFactory(role="centre_officer", place=self.province, employer=self.centre, valid_to=dt.date(2026, 12, 1))

    def _needs(self) -> None:
        call = CallFactory(province=self.province, year=2028 + Call.objects.count())
        for state in ("sent", "confirmed", "surveyed", "proposed"):
            NeedFactory(call=call, commune=self.commune, state=state)
        NeedFactory(call=call, commune=self.commune, state="planned", answer=PaperFactory())
        VisitFactory(
            need=NeedFactory(call=call, commune=self.commune, state="survey_planned"),
            plan=SurveyPlanFactory(call=call),
        )

    def _files(self, source: dict[str, Any]) -> None:
        states = ("draft", "submitted", "appraised", "registered", "ministry_appraised", "approved", "assigned")
        for state in states:
            file = self.project(state=state, form="group", **source)
            BeneficiaryFactory(project=file)
            begun = {"submitted": "submit", "registered": "register"}.get(state)
            if begun:
                StepTakenFactory(project=file, name=begun, target=state, on=dt.date(2026, 11, 2))
                OpinionRequestFactory(project=file, body=self.finance, due_on=dt.date(2026, 11, 20))
                OpinionRequestFactory(project=file, body=self.committee, due_on=dt.date(2026, 11, 20))
        for back in ("return", "ministry_return"):
            StepTakenFactory(
                project=self.project(**source), name=back, source="submitted", target="draft",
                on=dt.date(2026, 11, 2), due_on=dt.date(2026, 11, 20),
            )  # fmt: skip

    def _contracts(self, source: dict[str, Any], envelope: Any) -> None:
        group = self.project(state="running", form="group", **source)
        BeneficiaryFactory(project=group)
        BeneficiaryFactory(project=self.project(state="running", **source), establishment=self.establishment)
        BeneficiaryFactory(project=group, national=400_000_000, local=400_000_000, approved=True)
        for state in ("requested", "confirmed"):
            AdvanceFactory(project=self.project(state="running", **source), envelope=envelope, state=state)
        self.project(state="accepted", **source)
        for paid, settled in ((300, 200), (200, 300), (300, 300)):
            self._ended(source, envelope, paid=paid, settled=settled, implementer=self.centre)
        RecoveryFactory(project=self.project(state="stopped", **source), envelope=envelope)
        ChangeRequestFactory(project=self.project(state="running", **source))

    def _ended(self, source: dict[str, Any], envelope: Any, *, paid: int, settled: int, **facts: Any) -> None:
        """A settled project whose contract is past its last day."""
        project = self.project(state="settled", year=2024, **source, **facts)
        for kind, amount in (("committed", 300), ("advanced", paid), ("settled", settled)):
            EntryFactory(envelope=envelope, kind=kind, amount=amount, project=project)

    def _own(self, source: dict[str, Any]) -> None:
        """What waits for a body that carries out projects itself."""
        for state in ("draft", "assigned", "running"):
            self.project(state=state, implementer=self.body, **source)
        self._ended(source, self.envelopes[0], paid=200, settled=300, implementer=self.body)
        StepTakenFactory(
            project=self.project(implementer=self.body, **source), name="return", target="draft",
            on=dt.date(2026, 11, 2), due_on=dt.date(2026, 11, 20),
        )  # fmt: skip

    def _plans(self) -> None:
        for level in ("provincial", "national"):
            plan = {"plan__province": self.province, "plan__level": level, "plan__year": 2030 + Call.objects.count()}
            submitted = DecisionFactory(submitted=True, **plan)
            ItemFactory(decision=submitted)
            ItemFactory(decision=DecisionFactory(plan=submitted.plan, ordinal=submitted.ordinal + 1))
            asked = DecisionFactory(plan=submitted.plan, state="opinion", ordinal=submitted.ordinal + 2)
            PlanOpinionFactory(decision=asked, body=self.finance)
            PlanOpinionFactory(decision=asked, body=self.committee)
