"""What a province asks for more rarely: a fair in which establishments take part, the infrastructure of a cluster, changes of
what was approved."""

from datetime import date
from decimal import Decimal
from typing import Any

from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import ChangeKind, Level, ProjectForm, ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.plans import operations as plans
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import ChangeRequest
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Newness
from khuyencong.projects.models import Project
from khuyencong.tools.demo.acts import MILLION, Help, Year

WORKS = (("Đường nội bộ tuyến chính", 5_600, 1_900), ("Hệ thống thoát nước mưa", 3_400, 1_100))


class Rarer(Year):
    """One of each, so that their forms have something to tell (list of a fair, Mẫu 13)."""

    def known(self, place: int, total: int, support: int) -> Help:
        """An establishment that had a machine in an earlier year: what is asked here is another thing."""
        return Help(self.place.given_to[place], total, support)

    def fair(self) -> None:
        """Three establishments at an autumn fair, added to the plan of the year, contracts signed."""
        day = self.day
        project = self.file(
            ProjectKind.FAIR_PARTICIPATION,
            "Hỗ trợ cơ sở công nghiệp nông thôn tham gia Hội chợ hàng công nghiệp nông thôn tiêu biểu miền Trung – Tây Nguyên",
            form=ProjectForm.GROUP,
            helped=[self.known(1, 50, 40), self.known(2, 45, 36), self.known(3, 45, 36)],
            on=day(5, 4),
            commune=None,
        )
        project = self.appraised(self.sent(project, day(5, 11)), day(5, 20))
        drafted = self.draft(self.plan, [project], kind=DecisionKind.ADD, on=day(5, 26))
        self.issued(self.submitted(drafted, day(5, 28)), day(6, 15))
        project = self.assigned(Project.objects.get(pk=project.pk), day(6, 22))
        self.list_approved(project, day(6, 25))
        self.begun(project, day(7, 2))

    def wished(self, project: Project, *, kind: str, reason: str, on: date, **facts: Any) -> ChangeRequest:
        """The Centre asks in writing for a change of an approved project."""
        by, words = self.cast["centre_director"], f"{ChangeKind(kind).label}: {project.title}"
        paper = self.paper(PaperKind.REQUEST_LETTER, on, by=by, issuer=self.centre, abstract=words)
        return plans.request_change(
            project, kind=kind, reason=reason, by=by, on=on, paper=paper, invented=True, **facts
        )

    def changes(self) -> None:
        """In autumn the department gives one project more time, and the chairman stops one whose establishment gave up."""
        day, head = self.day, self.cast["department_director"]
        later = {"ends_on": date(self.year, 12, 20)}
        for kind, reason, on, facts in (
            (ChangeKind.TIME_IN_YEAR, "Cơ sở chờ mặt bằng xưởng mới", day(9, 7), later),
            (ChangeKind.STOP, "Cơ sở không bố trí được vốn đối ứng", day(9, 14), {}),
        ):
            project = Project.objects.get(pk=self.changing[kind].pk)
            request = self.wished(project, kind=kind, reason=reason, on=on, **facts)
            self.on(on)
            plans.confirm_request(request, by=head, on=on)
            stops = kind == ChangeKind.STOP
            self.on(on, later=0)
            decision = plans.draft_decision(
                self.plan, kind=DecisionKind.STOP if stops else DecisionKind.ADJUST, by=self.cast["appraiser"]
            )
            plans.put_change(decision, request=request, by=self.cast["appraiser"])
            if stops:
                decision = self.submitted(decision, day(9, 18))
            on, by = day(9, 25), self.cast["registry_clerk"] if stops else head
            paper = self.paper(
                PaperKind.CHANGE_DECISION,
                on,
                by=by,
                issuer=self.place.body(BodyKind.PROVINCE_COMMITTEE) if stops else self.department,
                signer=str(self.cast["provincial_approver"] if stops else head),
                title="Phó Chủ tịch" if stops else "Giám đốc Sở",
                abstract=f"{decision}",
                suffix="QĐ-UBND" if stops else "QĐ-SCT",
            )
            plans.approve(decision, by=by, on=on, paper=paper)

    def cluster(self) -> None:
        """Next year's file for the inner roads of the cluster, sent for appraisal."""
        cluster = self.place.register.cluster
        if cluster is None:
            return
        project = self.file(
            ProjectKind.CLUSTER_INFRASTRUCTURE,
            f"Hỗ trợ đầu tư đường nội bộ, thoát nước {cluster.name}",
            level=Level.NATIONAL,
            year=self.year + 1,
            helped=[self.known(4, 9_000, 3_000)],
            on=self.ago(21),
            commune=cluster.commune,
        )
        projects.set_cost_lines(project, lines=[_work(*work) for work in WORKS], by=self.cast["centre_officer"])
        project.refresh_from_db()
        self.sent(project, self.ago(7))


def _work(content: str, total: int, support: int) -> dict[str, Any]:
    return {
        "content": content,
        "unit": "hạng mục",
        "quantity": Decimal(1),
        "unit_price": total * MILLION,
        "newness": Newness.OTHER,
        "national": support * MILLION,
        "counterpart": (total - support) * MILLION,
    }
