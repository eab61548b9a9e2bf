"""The years of one province in bulk: the rows that the acts would have left, for projects from their sending to their end.

Each project walks its life day by day and stops where today stops it, so that the running year is unfinished by itself.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from khuyencong.audit.operations import record
from khuyencong.base.text import fold, sort_key
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Envelope
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Dossier
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.places.models import REFORM
from khuyencong.plans.enums import DecisionKind, DecisionState
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.models import StepTaken as DecisionStep
from khuyencong.projects.enums import ACTIVITY_OF, HELPS_ESTABLISHMENTS, Newness, ProjectState, Source
from khuyencong.projects.models import CodeCounter, CostLine, Part, Project, StepTaken
from khuyencong.projects.queries import folded_title
from khuyencong.tools.demo import names
from khuyencong.tools.demo.books import Books
from khuyencong.tools.demo.lives import PARTS, Life, live, lower, stop
from khuyencong.tools.demo.stage import MILLION, place_text, title

S = ProjectState
# kind, how often of twenty, line of the norms, state money at least and at most (million), share of the cost
MIX: tuple[tuple[ProjectKind, int, str, int, int, float], ...] = (
    (ProjectKind.MACHINERY, 9, "MMTB", 90, 250, 0.4),
    (ProjectKind.DEMONSTRATION, 2, "MHTD_MOI", 150, 300, 0.28),
    (ProjectKind.BRAND, 2, "NHAN_HIEU", 20, 35, 0.6),
    (ProjectKind.VOCATIONAL_TRAINING, 2, "", 60, 140, 1),
    (ProjectKind.TRAINING_EVENT, 2, "", 35, 80, 1),
    (ProjectKind.CONSULTING, 1, "TU_VAN", 20, 30, 0.5),
    (ProjectKind.MEDIA, 1, "", 30, 60, 1),
    (ProjectKind.VOTING, 1, "BC_CAP_TINH", 80, 120, 1),
)


class Year(Books):
    """One year of one province, told project by project."""

    def tell(
        self, number: int, *, extra: int = 0, halts: dict[int, str] | None = None, days: Sequence[date] = ()
    ) -> None:
        """``number`` projects with their plans, contracts and money; ``extra`` đồng stay in the local envelope for others.

        ``halts`` names the step after which a project (by its place in the list) goes no further; ``days``, where given, are
        those of the two tranches of local money, and the plan is changed by those who live the year.
        """
        place = self.place
        self.lives: list[Life] = []
        self.moments.to(date(self.year - 1, 12, 12))
        self.envelope = Envelope(
            level=Level.PROVINCIAL,
            year=self.year,
            holder=self.centre,
            province=place.province,
            name=f"Khuyến công địa phương năm {self.year}",
            chapter="416",
            category="280",
            clause="309",
            invented=True,
        )
        self.envelope.save()
        given = self.paper(
            PaperKind.BUDGET_DECISION,
            date(self.year - 1, 12, 12),
            issuer=self.committee,
            signer=self.chairman,
            abstract=f"Giao dự toán kinh phí khuyến công năm {self.year}",
        )
        plans = {
            level: Plan(level=level, year=self.year, province=place.province, invented=True)
            for level in (Level.PROVINCIAL, Level.NATIONAL)
        }
        Plan.objects.bulk_create(plans.values())
        decisions = self._decisions(plans, days or (date(self.year, 2, 20), date(self.year, 6, 10)))
        kinds = [mix for mix in MIX for _time in range(mix[1])]
        for index in range(number):
            self._project(kinds[index % len(kinds)], index, decisions, halt=(halts or {}).get(index, ""))
        if not days:
            self._changes(plans[Level.PROVINCIAL])
        wanted = max(self.committed[Source.LOCAL] * 110 // 100, 500 * MILLION) + extra
        amount = -(-wanted // (50 * MILLION)) * 50 * MILLION
        self.entry(self.envelope, EntryKind.ALLOCATED, amount, given.signed_on, paper=given, by=place.staff.accountant)
        self.nation.committed += self.committed[Source.NATIONAL]
        self.rows.flush()
        self._after()

    def _decisions(self, plans: dict[Level, Plan], days: Sequence[date]) -> list[tuple[Level, date, Decision | None]]:
        """Two tranches of local money and the minister's decision, as far as their days have come."""
        found: list[tuple[Level, date, Decision | None]] = []
        asked = (
            (Level.PROVINCIAL, days[0], 1, 1),
            (Level.PROVINCIAL, days[1], 2, 2),
            (Level.NATIONAL, self.nation.decision.signed_on, 1, 1),
        )
        for level, day, ordinal, tranche in asked:
            if day > self.today:
                found.append((level, day, None))
                continue
            national = level == Level.NATIONAL
            submission = self.paper(
                PaperKind.SUBMISSION,
                day - timedelta(days=10),
                issuer=self.place.bodies.agency if national else self.department,
                suffix="TTr-ĐCK" if national else "",
                abstract=f"Đề nghị phê duyệt kế hoạch khuyến công năm {self.year} đợt {tranche}",
            )
            paper = (
                self.nation.decision
                if national
                else self.paper(
                    PaperKind.PLAN_DECISION,
                    day,
                    issuer=self.committee,
                    signer=self.chairman,
                    abstract=f"Phê duyệt kế hoạch khuyến công năm {self.year} đợt {tranche}",
                )
            )
            decision = Decision(
                plan=plans[level],
                ordinal=ordinal,
                kind=DecisionKind.APPROVE,
                tranche=tranche,
                state=DecisionState.APPROVED,
                submission=submission,
                submitted_on=submission.signed_on,
                paper=paper,
                on=day,
                authority_role="ministry_approver" if national else "provincial_approver",
                authority_body="Bộ trưởng Bộ Công Thương" if national else "Chủ tịch Ủy ban nhân dân cấp tỉnh",
                authority_basis="khoản 3 Điều 8 TT 36/2013/TT-BCT" if national else "khoản 2 Điều 2 NĐ 45/2012/NĐ-CP",
            )
            self.rows.add(decision)
            sender = self.place.agency if national else self.place.staff.department
            self.moments.to(submission.signed_on)
            self.rows.add(
                DecisionStep(
                    decision=decision,
                    name="submit",
                    source="draft",
                    target="submitted",
                    on=submission.signed_on,
                    paper=submission,
                    by=sender,
                )
            )
            self.moments.to(day, later=1)
            self.rows.add(
                DecisionStep(
                    decision=decision,
                    name="approve",
                    source="submitted",
                    target="approved",
                    on=day,
                    paper=paper,
                    by=self.place.staff.clerk,
                )
            )
            found.append((level, day, decision))
        return found

    def _project(self, mix: tuple, index: int, decisions: list, *, halt: str) -> None:
        kind, _weight, line, least, most, share = mix
        rng = self.rng
        # national money for machines and models; local money in two tranches
        national = kind in (ProjectKind.MACHINERY, ProjectKind.DEMONSTRATION) and index % 5 == 3
        level, day, decision = decisions[2] if national else decisions[index % 2]
        helped = self._helped(kind, index)
        support = rng.randrange(least, most + 1, 5) * MILLION
        counterpart = 0 if share == 1 else -(-int(support / share) // MILLION) * MILLION - support
        amounts = {
            "national": support if national else 0,
            "local": 0 if national else support,
            "counterpart": counterpart,
            "other": 0,
        }
        project = self._file(kind, index, level=level, helped=helped, line=line, amounts=amounts, on=day)
        if helped and self.place.repeated:
            self.place.again.append(project)
        life = Life(
            self, project, helped=helped, envelope=self.national if national else self.envelope, support=support
        )
        self.lives.append(life)
        live(life, day, decision, halt=halt)

    def _helped(self, kind: ProjectKind, index: int) -> list[Establishment]:
        if kind not in HELPS_ESTABLISHMENTS:
            return []
        rows = self.place.given_to
        start = (index * 3 + self.year * 11) % len(rows)
        several = 3 if kind == ProjectKind.BRAND and index % 2 else 1
        return self.place.choose([*rows[start:], *rows[:start]], kind, number=several)

    def _file(
        self,
        kind: ProjectKind,
        index: int,
        *,
        level: Level,
        helped: list[Establishment],
        line: str,
        amounts: dict[str, int],
        on: date,
    ) -> Project:
        place = self.place
        self.number += 1
        commune = helped[0].commune if helped else place.communes[index % len(place.communes)]
        trade = place.register.trade(helped[0]) if helped else names.TRADES[index % len(names.TRADES)]
        school = kind == ProjectKind.VOCATIONAL_TRAINING and place.schools
        old = place.former.get(commune.pk) if commune and on < REFORM else None
        unit = old or commune
        implementer = place.schools[0] if school else self.centre
        project = Project(
            code=f"{self.year % 100:02d}-{place.province.code}-{self.number:03d}",
            title=title(kind, trade, helped, commune),
            level=level,
            form=ProjectForm.GROUP if len(helped) > 1 else ProjectForm.SINGLE,
            activity=ACTIVITY_OF[kind],
            kind=kind,
            sector=trade.sector,
            year=self.year,
            starts_on=date(self.year, 3, 1),
            ends_on=date(self.year, 9 + index % 4, 28),
            implementer=implementer,
            province=place.province,
            commune=commune,
            place_unit=unit,
            place_text=place_text(unit) if unit else "",
            content=f"Quy mô: {max(len(helped), 1)} {'cơ sở' if helped else 'lớp, đợt'}; thực hiện trong năm {self.year}.",
            machine_type=trade.machine if kind in (ProjectKind.MACHINERY, ProjectKind.DEMONSTRATION) else "",
            norm_line=line,
            invented=True,
            dossier=self.rows.add(Dossier(title="")),
            **amounts,
        )
        project.folded, project.sort_key = folded_title(project.title), sort_key(project.title)
        project.words = fold(f"{project.code} {project.title} {implementer} {' '.join(e.name for e in helped)}")
        project.dossier.title = str(project)[:300]
        self.projects.append(self.rows.add(project))
        support, counterpart = amounts["national"] + amounts["local"], amounts["counterpart"]
        source = "national" if amounts["national"] else "local"
        small = min(20 * MILLION, (counterpart or support) // 4)
        what = trade.machine if project.machine_type else project.get_kind_display()
        first = {source: support, "counterpart": counterpart - small} if counterpart else {source: support - small}
        second = {"counterpart": small} if counterpart else {source: small}
        bought = Newness.NEW if project.machine_type else Newness.OTHER
        for order, (content, line_amounts, newness) in enumerate(
            ((what, first, bought), ("Lắp đặt, tổ chức, tài liệu", second, Newness.OTHER)), start=1
        ):
            self.rows.add(
                CostLine(
                    project=project,
                    order=order,
                    content=content,
                    unit="gói",
                    quantity=1,
                    unit_price=sum(line_amounts.values()),
                    newness=newness,
                    made_year=self.year if newness == Newness.NEW else None,
                    **line_amounts,
                )
            )
        for part, text in PARTS.items():
            self.rows.add(Part(project=project, number=part, text=text))
        return project

    def _changes(self, plan: Plan) -> None:
        """One decision that lowers a project, one that stops another, in autumn."""
        day = min(date(self.year, 9, 25), self.today)
        running = [life for life in self.lives if life.project.state == S.RUNNING and life.envelope is self.envelope]
        chosen = [life for life in running if not life.advanced and life.last_on <= day][:2]
        for place, life in enumerate(chosen):
            stops = place == 0
            kind = DecisionKind.STOP if stops else DecisionKind.ADJUST
            paper = self.paper(
                PaperKind.CHANGE_DECISION,
                day,
                issuer=self.department if not stops else self.committee,
                signer=self.chairman,
                abstract=f"{kind.label} đề án {life.project.code}",
            )
            decision = self.rows.add(
                Decision(
                    plan=plan,
                    ordinal=3 + place,
                    kind=kind,
                    tranche=1,
                    state=DecisionState.APPROVED,
                    paper=paper,
                    on=day,
                    authority_role="department_director" if not stops else "provincial_approver",
                    authority_body="Sở Công Thương" if not stops else "Chủ tịch Ủy ban nhân dân cấp tỉnh",
                    authority_basis="Điều 11 TT 36/2013/TT-BCT",
                )
            )
            self.rows.add(
                DecisionStep(
                    decision=decision,
                    name="approve",
                    source="draft" if not stops else "submitted",
                    target="approved",
                    on=day,
                    paper=paper,
                    by=self.place.staff.clerk,
                )
            )
            (stop if stops else lower)(life, decision, day, paper)

    def _after(self) -> None:
        CodeCounter.objects.update_or_create(
            province=self.place.province, year=self.year, defaults={"last": self.number}
        )
        self.moments.to(date(self.year, 12, 30))
        told = {"source": "Dữ liệu minh hoạ", "count": len(self.projects), "year": self.year}
        line = record("project.bring_in", self.place.province, by=self.place.staff.officer, **told)
        StepTaken.objects.filter(project__in=self.projects, source=ProjectState.DRAFT).update(line=line.pk)
        record("budget.record_decision", self.envelope, by=self.place.staff.accountant, source="Dữ liệu minh hoạ")
