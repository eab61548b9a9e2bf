"""What a decision lowers or stops."""

from datetime import date

from khuyencong.budgets.enums import EntryKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import ChangeKind
from khuyencong.plans.models import Decision
from khuyencong.tools.demo.lives.files import plan_line
from khuyencong.tools.demo.lives.life import Life, S
from khuyencong.tools.demo.stage import MILLION


def lower(life: Life, decision: Decision, on: date, paper: Paper) -> None:
    project, less = life.project, 10 * MILLION
    before = project.granted_local or 0
    project.granted_local = before - less
    life.granted -= less
    if life.beneficiaries:
        life.beneficiaries[0].local -= less
    plan_line(life, decision, action=ChangeKind.SAME_OR_LESS, before_local=before, reason="Giá mua thấp hơn dự toán")
    life.year.entry(life.envelope, EntryKind.COMMITTED, -less, on, paper=paper, by=life.staff.clerk, project=project)
    life.year.step(
        project, "adjust", S(project.state), on, by=life.staff.clerk, paper=paper, note="Giá mua thấp hơn dự toán"
    )


def stop(life: Life, decision: Decision, on: date, paper: Paper) -> None:
    project = life.project
    before = project.granted_local or 0
    plan_line(
        life,
        decision,
        action=ChangeKind.STOP,
        national=0,
        local=0,
        counterpart=0,
        other=0,
        before_local=before,
        reason="Cơ sở không bảo đảm được vốn đối ứng",
    )
    life.year.entry(life.envelope, EntryKind.COMMITTED, -before, on, paper=paper, by=life.staff.clerk, project=project)
    life.year.step(
        project,
        "stop",
        S.STOPPED,
        on,
        by=life.staff.clerk,
        paper=paper,
        note="Cơ sở không bảo đảm được vốn đối ứng",
    )
