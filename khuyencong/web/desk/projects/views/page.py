"""The record of one project: its tabs."""

from dataclasses import replace

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Stage
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level, ProjectForm
from khuyencong.projects import queries, rules
from khuyencong.projects.enums import Severity
from khuyencong.web.common.qr import qr_svg
from khuyencong.web.common.views import reads
from khuyencong.web.desk.projects.opinions import opinions_of
from khuyencong.web.desk.projects.parts import (
    checks_of,
    events_of,
    may_clear,
    money_of,
    offers_of,
    ways_to_mend,
    whole_file,
)
from khuyencong.web.desk.projects.views.shared import (
    head_of,
    helped_for,
    may_keep,
    page_of,
    project_of,
    stage_of,
    whole_of,
)


def _findings(project, helped, lines):
    """What the file itself tells, asked while it can still change something; the rest is asked on its own page."""
    if project.state in ("draft", "submitted", "registered") and not project.historical:
        found = queries.checks(project, on=clock.today(), beneficiaries=helped, deep=False)
        papers = queries.dossier_findings(project, lines, beneficiaries=helped, on=clock.today())
        return sorted([*found, *papers], key=lambda finding: not finding.refuses)
    return []


@reads
@norms.reading()
def project_page(request, pk):
    project = project_of(request, pk)
    helped = helped_for(request.user, project)
    # what was closed before go-live stands outside the checks; whether its originals are kept is told at its head; of what was
    # stopped nothing is settled any more, so no paper is awaited
    lines = (
        []
        if project.historical or project.state == "stopped"
        else queries.checklist(project, stage=stage_of(project), on=clock.today(), beneficiaries=helped)
    )
    if not project.seen_whole:
        lines = [line for line in lines if line.party]
    findings = _findings(project, helped, lines) if whole_file(request.user, project) else []
    standing = [finding for finding in findings if finding.severity != Severity.PASSED]
    context = head_of(request, project, "page", helped=helped, findings=standing, kept=len(findings) - len(standing))
    return render(
        request,
        "desk/projects/page.html",
        {
            **context,
            **_general(project, request.user),
            "offers": offers_of(request.user, project, findings, clock=context["clock"]),
            "events": events_of(project, context["taken"], context["opens"], clock=context["clock"]),
            "money": money_of(project, helped),
            "checks": checks_of(lines, context["opens"]),
            "missing": len(documents.missing(lines)),
            "named_later": _named_later(project) if not helped else "",
            # what offices say to each other before the decision is not for those who look at their own file alone
            **(opinions_of(request.user, project, context["opens"]) if _looks(request.user, project) else {}),
        },
    )


def _named_later(project):
    """Why nobody is named in a group yet."""
    told = _("Đề án nhóm: đơn vị thụ hưởng do Sở duyệt sau (Mẫu 11) trước khi ký hợp đồng hỗ trợ.")
    return norms.cited(told, Ground.GROUP_LIST, on=clock.today(), of=project)


def _looks(user, project) -> bool:
    return user.may(Permission.VIEW, place=project.place)


def _general(project, user):
    """What the file says of itself."""
    needs = [(need, _sees(user, need)) for need in project.needs.select_related("establishment")]
    named = norms.support_lines().filter(code=project.norm_line).values_list("name", flat=True)
    return {
        "partners": list(project.partners.all()),
        "needs": [(need, sees) for need, sees in needs if sees or project.seen_whole],
        "norm_name": named.first() if project.norm_line else "",
        "judged": rules.judged(project, on=clock.today()),
    }


def _sees(user, need):
    """Whether this person may open the need: his territory's, or his own establishment's."""
    scope, own = user.scope(), need.establishment
    return need.lies_within(scope) or (own is not None and own.organisation_id in scope.bodies)


def _spending(project, helped):
    """The money by source, line by line, and who else gives; who does not see the whole finds his own lines."""
    lines, others = queries.lines_of(project), list(project.other_sources.all())
    asked = {name: getattr(project, name) for name in (*queries.SOURCES, "total")}
    if not project.seen_whole:
        own = {one.pk for one in helped}
        lines, others = [line for line in lines if line.beneficiary_id in own], []
        asked = {name: sum(getattr(line, name) for line in lines) for name in asked}
    law = _("Đơn vị thực hiện lập dự toán theo dòng và theo nguồn.")
    law = "" if lines else norms.cited(law, Ground.ESTIMATE, on=clock.today(), of=project)
    return {"money": money_of(project, helped), "lines": lines, "asked": asked, "others": others, "law": law}


def _dossier(project, context):
    """The checklist of each stage that asks for something, and the papers that are held."""
    stages, now = [], stage_of(project)
    # the ministry's agency sees no file of the province's own money
    own = [stage for stage in Stage if stage != Stage.REGISTRATION or project.level == Level.NATIONAL]
    found = queries.checklists(project, stages=own, on=clock.today(), beneficiaries=context["helped"])
    for stage in own:
        # of one who does not see the whole is asked what lies with him
        if lines := [line for line in found[stage] if line.party or project.seen_whole]:
            missing = len(documents.missing(lines))
            late = bool(missing) and own.index(stage) < own.index(now)  # of a step on the way to here
            stages.append(
                {
                    "stage": stage,
                    "lines": lines,
                    "missing": missing,
                    "by_analogy": any(line.by_analogy for line in lines),
                    "open": stage == now or late,
                }
            )
    items = documents.papers_of(project.dossier)
    if not context["whole"]:
        own = {one.establishment.organisation_id for one in context["helped"]}
        items = [one for one in items if one.party_id in own or (one.party_id is None and project.seen_whole)]
    held, opens = _held(context["taken"], items), context["opens"]
    some_shut = opens is not None and any(paper.pk not in opens for paper, _parties in held)
    return {"stages": stages, "held": held, "some_shut": some_shut}


def _clearances(project):
    return project.clearances.select_related("by", "paper").order_by("-on", "-pk")


@reads
def printed(request, pk):
    """The whole record on one page, for A4; the code at its head leads back to it."""
    project = whole_of(request, pk)
    context = head_of(request, project, "page")
    dossier = _dossier(project, context)
    begun = [
        part for part in dossier["stages"] if part["open"] or any(line.state == "present" for line in part["lines"])
    ]
    return render(
        request,
        "desk/projects/print.html",
        {
            **context,
            **_general(project, request.user),
            **_spending(project, context["helped"]),
            **dossier,
            "stages": begun,  # the present one, those that lack something on the way, those that hold papers already
            "may_keep": False,
            "may_add": False,
            "parts": [(part, written) for part, written in queries.parts_of(project) if written.strip()],
            "clearances": _clearances(project),
            "events": events_of(project, context["taken"], context["opens"], clock=context["clock"]),
            "qr": qr_svg(settings.SITE_URL + page_of(project), scale=2),
        },
    )


@reads
def money(request, pk):
    project = project_of(request, pk)
    context = head_of(request, project, "money")
    see_ledger = request.user.may(Permission.VIEW, place=project.place)
    return render(
        request,
        "desk/projects/money.html",
        {**context, **_spending(project, context["helped"]), "see_ledger": see_ledger},
    )


@reads
def papers(request, pk):
    project = project_of(request, pk)
    context = head_of(request, project, "papers")
    keeps = may_keep(request.user, project)
    return render(request, "desk/projects/papers.html", {**context, **_dossier(project, context), "may_keep": keeps})


def _held(taken, items) -> list[tuple]:
    """Each paper of the file once, by its day, with the parties that it is about."""
    parties: dict = {}
    for paper, party in [(one.paper, None) for one in taken] + [(item.paper, item.party) for item in items]:
        if paper is not None:
            parties.setdefault(paper, set()).update({str(party)} if party else ())
    return [(paper, ", ".join(sorted(of))) for paper, of in sorted(parties.items(), key=lambda pair: pair[0].signed_on)]


@reads
def beneficiaries(request, pk):
    project = project_of(request, pk)
    context = head_of(request, project, "beneficiaries")
    user = request.user
    open_list = not queries.list_shut(project, on=clock.today())
    waiting = [b for b in context["helped"] if b.approved_on is None]
    running = project.is_under_way and not project.historical
    approves = running and any(
        user.may(permission, place=project.place)
        for permission in (Permission.BENEFICIARIES_APPROVE, Permission.PAPER_RECORD)
    )
    over = queries.shares_over(project, context["helped"], on=clock.today()) if running else ""
    return render(
        request,
        "desk/projects/beneficiaries.html",
        {
            **context,
            "former": project.beneficiaries.exclude(removed_on=None).select_related("establishment")
            if context["whole"]
            else [],
            "may_add": open_list and user.may(Permission.PROJECT_DRAFT, place=project.place, body=project.implementer),
            "over": over,
            "may_share": bool(over) and approves,
            "may_approve": project.form == ProjectForm.GROUP and bool(waiting) and approves and not over,
            "sums": {
                name: sum(getattr(b, name) for b in context["helped"])
                for name in ("total", "national", "local", "counterpart")
            },
        },
    )


@reads
def history(request, pk):
    project = project_of(request, pk)
    context = head_of(request, project, "history")
    return render(
        request,
        "desk/projects/history.html",
        {
            **context,
            "events": events_of(project, context["taken"], context["opens"], clock=context["clock"]),
            "journal": queries.journal_of([project]).reverse()[:100] if context["whole"] else [],
            "clearances": _clearances(project) if context["whole"] else [],
        },
    )


@reads
def checks(request, pk):
    project = whole_of(request, pk)
    if project.historical:  # outside the checks: who comes by an old address is told so
        return render(request, "desk/projects/checks.html", {"project": project})
    today = clock.today()
    judged = rules.judged(project, on=today)
    findings = queries.checks(project, on=judged.day)
    seen = queries.visible_items(request.user, [finding.item for finding in findings if finding.item])
    findings = [replace(f, note=seen[f.item]) if f.item in seen else f for f in findings]
    standing = [f for f in findings if f.refuses]
    if request.htmx:  # beside the paper that waits for a signature: in short
        short = [f for f in findings if f.severity != Severity.PASSED]
        told = {"project": project, "findings": short, "kept": len(findings) - len(short), "refused": len(standing)}
        return render(request, "desk/projects/_checked.html", told | {"beside": True})
    return render(
        request,
        "desk/projects/checks.html",
        {
            "project": project,
            "judged": judged,
            "changed": queries.norms_changed(project, since=judged.day, on=today) if judged.kept else [],
            "findings": findings,
            "standing": standing,
            "ways": ways_to_mend(request.user, project, standing) if standing else [],
            "may_clear": may_clear(request.user, project),
        },
    )
