"""One project in bulk."""

from datetime import date
from typing import Any

from khuyencong.budgets.models import Envelope
from khuyencong.contracts.models import (
    SupportContract,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.tools.demo.books import Books
from khuyencong.tools.demo.people import Staff

S = ProjectState
PARTS = {
    2: "Cơ sở sản xuất thủ công, năng suất thấp; nhu cầu thị trường tăng; phù hợp chương trình khuyến công của tỉnh.",
    3: "Nâng công suất, ổn định chất lượng, tăng thu nhập cho lao động địa phương.",
    4: "Đầu tư đồng bộ thiết bị mới 100%, chuyển giao quy trình vận hành.",
    5: "Khảo sát, lắp đặt, chạy thử, nghiệm thu trong năm kế hoạch.",
    7: "Đơn vị thực hiện chủ trì, phối hợp Ủy ban nhân dân cấp xã và đơn vị thụ hưởng.",
    8: "Tăng sản lượng, thêm việc làm, giảm tiêu hao nguyên liệu; có khả năng nhân rộng.",
}


class Life:
    """One project from its sending to its end: what it has come to so far."""

    def __init__(
        self, year: Books, project: Project, *, helped: list[Establishment], envelope: Envelope, support: int
    ) -> None:
        self.year, self.project, self.helped, self.envelope, self.support = year, project, helped, envelope, support
        self.papers: dict[str, Paper] = {}
        self.beneficiaries: list[Beneficiary] = []
        self.contracts: list[SupportContract] = []
        self.advanced = self.settled = 0
        self.last_on = date.min
        self.granted = support
        self.disordered = False

    @property
    def staff(self) -> Staff:
        return self.year.place.staff

    @property
    def is_national(self) -> bool:
        return self.project.level == Level.NATIONAL

    def paper(self, kind: PaperKind, on: date, **facts: Any) -> Paper:
        self.papers[kind] = paper = self.year.paper(kind, on, abstract=self.project.title, **facts)
        return paper
