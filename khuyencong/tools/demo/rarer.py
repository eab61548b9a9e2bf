"""What a province asks for more rarely: a fair in which establishments take part, the infrastructure of a cluster."""

from decimal import Decimal
from typing import Any

from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.plans.enums import DecisionKind
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
