"""The steps of a project's life, each by its table, its paper and its holder."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.money import dong
from khuyencong.councils.operations import refuse_extension
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level, ProjectForm
from khuyencong.people.models import User
from khuyencong.projects import letters, queries, rules
from khuyencong.projects.enums import EXTENSION, HELPS_ESTABLISHMENTS, Rule
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import Project, StepTaken
from khuyencong.projects.operations.shared import (
    DECIDED_BY,
    day_fits,
    locked,
    only_the_named,
    paper_fits,
    reason_of,
    refuse_in_conflict,
    refuse_standing,
    take,
)


@transaction.atomic
def submit(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The implementer's head signs and sends the file (TT 36/2013 Đ6, Đ10).  Raises NotPossible with the first check that
    stands in the way on ``on``."""
    return take("submit", project, by=by, on=on, paper=paper, checks=True)


@transaction.atomic
def return_(project: Project, *, reason: str, by: User, on: date, paper: Paper, due_on: date | None = None) -> Project:
    """Base appraisal asks for completion: the file is open again (TT 36/2013 Đ8), to be back by ``due_on``, or where the letter
    sets no day by that of the row of ``on``.  Raises Invalid where neither gives a day."""
    return take("return", project, by=by, on=on, paper=paper, note=reason_of(reason), due_on=due_on)


@transaction.atomic
def extend_completion(
    project: Project, *, due_on: date, reason: str, by: User, on: date, paper: Paper | None = None
) -> StepTaken:
    """Who asked for completion gives more time, with a reason, by letter or without; the file stays open to its writer.

    Raises NotAllowed for somebody with a conflict of interest, NotPossible where no file was sent back, Invalid for a day that
    is no later than the one that stands.
    """
    project = locked(project)
    asked = queries.open_completions(Project.objects.filter(pk=project.pk)).filter(project=project).first()
    if asked is None:
        raise NotPossible(_("Đề án không có yêu cầu bổ sung nào đang chờ, nên không có hạn để gia hạn."))
    permission = Permission(LIFECYCLES[project.level][asked.name].permission)
    authorise(by, permission, place=project.place, paper=paper)
    refuse_in_conflict(project, by=by)
    only_the_named(project, permission=permission, act=DECIDED_BY[permission], by=by, on=on)
    if paper is not None:
        paper_fits(project, paper=paper, kinds=(PaperKind.RETURN_LETTER,), label=_("Gia hạn bổ sung"))
    day_fits(project, on=on, paper=paper)
    before = asked.until or asked.on
    refuse_extension(before, due_on=due_on, on=on)
    note = reason_of(reason)
    taken = StepTaken.objects.create(
        project=project,
        name=EXTENSION,
        source=project.state,
        target=project.state,
        on=on,
        paper=paper,
        note=note,
        due_on=due_on,
        by=by,
    )
    record("project.extend", project, by=by, on=on, paper=paper, before=before, due_on=due_on, reason=note)
    letters.tell_more_time(project, taken, by=by)
    return taken


@transaction.atomic
def appraise(project: Project, *, by: User, on: date, paper: Paper, note: str = "") -> Project:
    """Base appraisal is passed (TT 36/2013 Đ8, Đ9); the rules of ``on`` are those the project keeps.

    Raises NotAllowed for somebody with a conflict of interest, NotPossible with the first check that stands in the way,
    Invalid(note=…) where the council concluded otherwise and no note says why.
    """
    return take("appraise", project, by=by, on=on, paper=paper, note=note, checks=True, rules_on=on)


@transaction.atomic
def fail(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """Base appraisal is not passed (TT 36/2013 Đ9)."""
    return take("fail", project, by=by, on=on, paper=paper, note=reason_of(reason))


@transaction.atomic
def register(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The department registers a national project with the agency (TT 36/2013 Đ6.1, Đ10.2)."""
    return take("register", project, by=by, on=on, paper=paper)


@transaction.atomic
def ministry_return(
    project: Project, *, reason: str, by: User, on: date, paper: Paper, due_on: date | None = None
) -> Project:
    """The agency asks for completion (TT 36/2013 Đ8) by a day as ``return_`` does: the file is open again, and its next appraisal
    judges it by the rules of that day."""
    return take(
        "ministry_return", project, by=by, on=on, paper=paper, note=reason_of(reason), due_on=due_on, rules_on=None
    )


@transaction.atomic
def ministry_appraise(project: Project, *, by: User, on: date, paper: Paper, note: str = "") -> Project:
    """Ministry appraisal is passed (TT 36/2013 Đ8, Đ9); the rules of ``on`` are those the project keeps."""
    return take("ministry_appraise", project, by=by, on=on, paper=paper, note=note, checks=True, rules_on=on)


@transaction.atomic
def ministry_fail(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """Ministry appraisal is not passed (TT 36/2013 Đ9)."""
    return take("ministry_fail", project, by=by, on=on, paper=paper, note=reason_of(reason))


@transaction.atomic
def approve(
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper,
    granted_national: int | None = None,
    granted_local: int | None = None,
    granted_counterpart: int | None = None,
    granted_other: int | None = None,
) -> Project:
    """Approved in a plan, with what each source gives (đồng; what is not said is as asked).  The numbers are kept as decided:
    later norms do not touch them.

    Named beneficiaries of a single or flagship project are approved with it; those of a group come by Mẫu 11.  Where it grants
    less than several of them were to have, their shares are to be set again (``share_out``) before any contract.  Raises
    NotPossible for more than was asked, nothing at all, missing counterpart, more than the norm of its appraisal allows, or a
    condition of support that is not kept and that nobody let pass.
    """
    project = locked(project)
    grants: dict[str, Any] = {
        "granted_national": project.national if granted_national is None else granted_national,
        "granted_local": project.local if granted_local is None else granted_local,
        "granted_counterpart": project.counterpart if granted_counterpart is None else granted_counterpart,
        "granted_other": project.other if granted_other is None else granted_other,
    }
    grants_fit(project, grants, asked=True, on=on)
    judgements = queries.conditions_of(project, on=on)
    refuse_standing(queries.with_clearances(project, queries.condition_findings(judgements, only_failed=True)))
    project = take("approve", project, by=by, on=on, paper=paper, **grants)
    if project.form != ProjectForm.GROUP:
        follow_grant(project, before=(project.national, project.local))
        project.beneficiaries.filter(removed_on=None, approved_on=None).update(approved_on=on, paper=paper)
    return project


def follow_grant(project: Project, *, before: tuple[int, int]) -> None:
    """The one beneficiary of a project that is no group has what the project is granted; in a flagship only who had all of it,
    national and local money, ``before``: the rest of its work may help nobody by name."""
    named = list(project.beneficiaries.filter(removed_on=None))
    if project.form == ProjectForm.GROUP or len(named) != 1:
        return
    [one] = named
    if project.form == ProjectForm.FLAGSHIP and (one.national, one.local) != before:
        return
    one.national, one.local = project.granted_national or 0, project.granted_local or 0
    one.counterpart = project.granted_counterpart or 0
    one.total = max(one.support + one.counterpart, min(one.total, project.granted_total or 0))
    one.save(update_fields=["national", "local", "counterpart", "total"])


def grants_fit(project: Project, grants: Mapping[str, int], *, asked: bool, on: date) -> None:
    if any(amount < 0 for amount in grants.values()):
        raise Invalid(**{name: _("Số tiền không được âm.") for name, amount in grants.items() if amount < 0})
    national, local = grants["granted_national"], grants["granted_local"]
    if asked:
        for source, granted in (("national", national), ("local", local)):
            if granted > getattr(project, source):
                raise NotPossible(
                    _("%(project)s: kinh phí được duyệt %(granted)s đồng vượt %(asked)s đồng đề nghị.")
                    % {"project": project.code, "granted": dong(granted), "asked": dong(getattr(project, source))}
                )
    if national + local <= 0:
        raise NotPossible(_("%(project)s: chưa có kinh phí khuyến công được duyệt.") % {"project": project.code})
    _counterpart_there(project, grants, on=on)
    _norm_allows(project, grants)


def _counterpart_there(project: Project, grants: Mapping[str, int], *, on: date) -> None:
    """The counterpart that is decided is what the law asks, unless somebody let just this pass."""
    asks = queries.counterpart_asked(project, on=on)
    if asks is None:
        return
    short = rules.counterpart_short(asks, project, amount=grants["granted_counterpart"], total=sum(grants.values()))
    if short is None:
        return
    rule, lacking = queries.finding_key(asks, short)
    accepted = project.clearances.filter(rule=rule).values_list("subject", flat=True)
    if not any(rules.counterpart_covered(subject, lacking) for subject in accepted):
        raise NotPossible(
            _("%(project)s: %(sentence)s (%(article)s)")
            % {"project": project.code, "sentence": short.sentence, "article": rules.citation(asks)}
        )


def _norm_allows(project: Project, grants: Mapping[str, int]) -> None:
    """What is granted for one beneficiary stays within the norm of the appraisal day, counted on the money decided."""
    if not project.norm_line or project.rules_on is None:
        return
    named = queries.helped(project)
    if len(named) > 1 or (project.form == ProjectForm.GROUP and not named):
        return  # asked for each of them, when the file was sent or the list is approved
    cost = sum(grants.values())
    for source, level in (("national", Level.NATIONAL), ("local", queries.local_level(project))):
        amount = grants[f"granted_{source}"]
        if amount <= 0:
            continue
        answer = queries.norm_answer(
            project,
            code=project.norm_line,
            cost=cost,
            level=level,
            on=project.rules_on,
            beneficiary=named[0] if named else None,
        )
        if answer is None or not answer.lines or answer.maximum is None or answer.eligible is False:
            continue
        if amount <= answer.maximum:
            continue
        asked = f"{named[0].uid if named else ''}:{level}:{amount}"
        accepted = project.clearances.filter(rule=Rule.NORM).values_list("subject", flat=True)
        if not any(rules.covers(subject, asked) for subject in accepted):
            raise NotPossible(
                _("%(project)s: kinh phí được duyệt %(amount)s đồng vượt mức tối đa %(maximum)s đồng. %(explanation)s")
                % {
                    "project": project.code,
                    "amount": dong(amount),
                    "maximum": dong(answer.maximum),
                    "explanation": answer.explanation,
                }
            )


@transaction.atomic
def assign(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The work is given to the implementer by decision or contract (TT 36/2013 Đ12)."""
    return take("assign", project, by=by, on=on, paper=paper)


@transaction.atomic
def begin(project: Project, *, by: User, on: date, paper: Paper | None = None) -> Project:
    """The work begins: the first support contract is signed, or the implementer starts (TT 36/2013 Đ23.2).  In a project that
    helps establishments, also one that may name them later (Đ10.1a; TT 17/2018 Điều 3a), raises NotPossible before their list
    is approved (Đ21.2a, Đ23.3)."""
    if project.kind in HELPS_ESTABLISHMENTS and not queries.beneficiaries_ready(project):
        raise NotPossible(
            norms.cited(
                _("Chưa duyệt danh sách đơn vị thụ hưởng, Mẫu 11, nên chưa thể bắt đầu."),
                Ground.GROUP_LIST,
                on=on,
                of=project,
            )
        )
    return take("begin", project, by=by, on=on, paper=paper)


@transaction.atomic
def accept(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Accepted on site; the department chairs (TT 36/2013 Đ14, Đ21.1)."""
    return take("accept", project, by=by, on=on, paper=paper)


@transaction.atomic
def settle(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Its money is settled (TT 36/2013 Đ18, Đ19)."""
    return take("settle", project, by=by, on=on, paper=paper)


@transaction.atomic
def liquidate(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Its contract is liquidated (TT 36/2013 Đ18.2)."""
    return take("liquidate", project, by=by, on=on, paper=paper)


@transaction.atomic
def withdraw(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """The implementer takes its file back before approval (TT 36/2013 Đ11.1)."""
    return take("withdraw", project, by=by, on=on, paper=paper, note=reason_of(reason))


@transaction.atomic
def stop(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """An approved project is stopped by decision (TT 36/2013 Đ11); what was granted is kept to be read, its money is given
    back by ``budgets``."""
    return take("stop", project, by=by, on=on, paper=paper, note=reason_of(reason))
