"""The page of one project: contracts, money and what comes next."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.contracts import queries
from khuyencong.contracts.enums import Verdict
from khuyencong.documents.enums import Stage
from khuyencong.norms import queries as norms
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.views import reads
from khuyencong.web.desk.contracts import parties, parts
from khuyencong.web.desk.contracts.own import own_offers
from khuyencong.web.desk.contracts.views.shared import project_of, spent_rows
from khuyencong.web.desk.projects.parts import MARKS
from khuyencong.web.desk.projects.views.shared import may_keep, opens_of


@reads
@norms.reading()
def contract_page(request, pk):
    task, today = queries.task_in(queries.board(request.user).filter(pk=pk)), clock.today()
    project = task.project if task else project_of(request, pk)
    own = parts.own_beneficiaries(request.user, project)
    file = queries.file_of(project, assignment=task)
    if own is not None:
        file = queries.only_of(file, own)
    whole = own is None
    count = None
    if whole and project.state in (ProjectState.RUNNING, ProjectState.ACCEPTED):
        count = queries.reckoning(project, acceptances=file.acceptances, spent=queries.spent_of(task) if task else None)
    steps = parts.Steps(request.user, project, file, on=today)
    contracts = parts.contract_rows(steps)
    money = list(steps.positions.values()) if whole else []
    stage = {ProjectState.ACCEPTED: Stage.SETTLEMENT, ProjectState.SETTLED: Stage.REMAINDER}.get(
        project.state, Stage.FIRST_ADVANCE
    )
    shown = whole and project.state not in (ProjectState.APPROVED, ProjectState.LIQUIDATED, ProjectState.STOPPED)
    opens = opens_of(request.user, project)
    papers = parts.papers_of(steps.papers[stage], opens) if shown else None
    return render(
        request,
        "desk/contracts/page.html",
        {
            "project": project,
            "mark": MARKS[project.state],
            "next": parts.NEXT[project.state],
            "due": parts.due_of(project, file, steps.positions, on=today),
            "file": file,
            "offers": steps.all() if whole else own_offers(contracts, project, on=today),
            "whole": whole,
            "may_keep": may_keep(request.user, project),
            "contracts": contracts,
            "task": parties.task_parties(file.assignment),
            "acceptances": _acceptances(file),
            "orders": parts.order_rows(steps) if whole else [],
            "reports": parts.report_rows(steps),
            "advances": parts.advance_rows(steps),
            "positions": parts.money_rows(steps.positions) if whole else [],
            "promised": sum(own.committed for own in money),
            "advanced": sum(own.advanced for own in money),
            "count": count,
            "sources": spent_rows(count) if count else [],
            "papers": papers,
            "recoveries": parts.recovery_rows(steps) if whole else [],
            "recover": parts.recover_links(steps) if whole else [],
            "appendices": file.appendices,
            "amending": bool(file.assignment) and queries.assignment_differs(file.assignment, project),
            "stage": Stage(stage).label,
            "opens": opens,
            "may_vouch": whole and project.state != ProjectState.APPROVED,
        },
    )


def _acceptances(file) -> list[tuple]:
    """Each acceptance with who sat at it and how much counterpart it lacks of what its contract promises."""
    promised = {contract.beneficiary_id: contract.counterpart for contract in file.contracts}
    told = _("thiếu %(amount)s so với cam kết")
    rows = []
    for row in file.acceptances:
        short = promised.get(row.beneficiary_id, 0) - row.counterpart_volume
        lacks = short > 0 and row.verdict != Verdict.FAILED
        rows.append((row, parties.seated(row), told % {"amount": million(short)} if lacks else ""))
    return rows
