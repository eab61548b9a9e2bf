"""What every act on a project does: find it locked, check day and paper, take the step, remember it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import known
from khuyencong.base.sentences import counted
from khuyencong.base.text import fold, sort_key
from khuyencong.councils.enums import Conclusion, Tier
from khuyencong.documents import operations as documents
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.models import Dossier, Paper
from khuyencong.documents.queries import requirements_by_stage
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Act
from khuyencong.norms.queries import DeadlineAnswer
from khuyencong.organisations.models import Organisation, Renamed
from khuyencong.people.models import User
from khuyencong.projects import letters, queries, rules
from khuyencong.projects.enums import RETURNS
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import (
    Beneficiary,
    Project,
    StepTaken,
)

_AT_HAND = ("province", "commune", "implementer", "dossier")
GRANTS = ("granted_national", "granted_local", "granted_counterpart", "granted_other")


_YEARS_BEFORE = 3  # between a step of the file and its year

# The steps whose papers the checklists of a file ask for.
_LAYING = frozenset({"submit", "appraise", "register", "ministry_appraise"})
_PASSED = {"appraise": Tier.BASE, "ministry_appraise": Tier.MINISTRY}
DECIDED_BY = {
    Permission.PROJECT_APPRAISE: Act.APPRAISE_BASE,
    Permission.PROJECT_APPRAISE_MINISTRY: Act.APPRAISE_MINISTRY,
}


def placed(project: Project) -> None:
    if project.commune is not None and project.commune.province_id != project.province_id:
        raise Invalid(
            commune=_("%(commune)s không thuộc %(province)s.")
            % {"commune": project.commune, "province": project.province}
        )


def named(project: Project) -> None:
    project.folded = queries.folded_title(project.title)
    project.sort_key = sort_key(project.title)


def index(project: Project, *, beneficiaries: Iterable[Beneficiary] | None = None) -> None:
    """The words by which a list finds it: code, title, implementer, beneficiaries, under the names they bore before too, and
    those of the record into which one was merged."""
    if beneficiaries is None:
        beneficiaries = project.beneficiaries.filter(removed_on=None).select_related("establishment")
    helped = [b.establishment for b in beneficiaries]
    parties: list[Renamed] = [project.implementer, *helped, *(e.merged_into for e in helped if e.merged_into)]
    names = " ".join(name for party in parties for name in (str(party), *party.former_names))
    project.words = fold(f"{project.code} {project.title} {names}")


def refuse_in_conflict(project: Project, *, by: User) -> None:
    """Refuse whoever has a conflict of interest with this project: he neither judges it nor smooths its way as a judge."""
    if (conflict := queries.conflict_of(by, project.uid)) is not None:
        raise NotAllowed(queries.in_conflict(conflict))


def locked(project: Project) -> Project:
    """The project's row as it is now, locked until the act ends: acts on one project wait for each other.

    Where ``project`` has read its place, its implementer or its dossier and the row still names the same, they come along:
    one act takes another, and none of them asks again for what stands still.
    """
    return known(Project.objects.select_for_update().get(pk=project.pk), by=project, names=_AT_HAND)


def within_grant(project: Project, beneficiary: Beneficiary) -> None:
    """After approval the beneficiaries together have no more than what was granted."""
    others = project.beneficiaries.filter(removed_on=None).exclude(pk=beneficiary.pk)
    if why := queries.shares_over(project, [*others, beneficiary], on=clock.today()):
        raise NotPossible(why)


def standing(establishment: Establishment, *, on: date) -> None:
    """Refuse a record that went up in another, and an establishment that has closed by ``on``."""
    if establishment.merged_into_id:
        raise Invalid(establishment=_("Cơ sở này đã gộp vào %(other)s.") % {"other": establishment.merged_into})
    not_closed(establishment, on=on)


def not_closed(establishment: Establishment, *, on: date) -> None:
    if establishment.closed_on is not None and establishment.closed_on <= on:
        raise Invalid(
            establishment=_("%(name)s đã ngừng hoạt động từ ngày %(day)s nên không thể là đơn vị thụ hưởng.")
            % {"name": establishment, "day": f"{establishment.closed_on:%d/%m/%Y}"}
        )


def reason_of(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do."))
    return reason[:500]


def dossier_of(project: Project, *, by: User) -> Dossier:
    """The project's dossier, opened where it has none yet."""
    if project.dossier is None:
        project.dossier = documents.open_dossier(title=str(project), by=by)
        project.save(update_fields=["dossier", "changed_at"])
    return project.dossier


def lay_paper(
    project: Project,
    *,
    paper: Paper | None,
    stages: Iterable[str],
    by: User,
    on: date,
    codes: Collection[str] = (),
    party: Organisation | None = None,
) -> None:
    """Lay the paper of an act into the dossier, for every line of these checklists that asks for it by its code, or without
    codes by its kind: nobody is asked again for what an act has brought.  Internal to the acts."""
    if paper is None:
        return
    asked = requirements_by_stage(tuple(stages), kind=project.kind, level=project.level, on=on)
    for lines, _by_analogy in asked.values():
        for line in lines:
            if line.code in codes if codes else line.paper_kind == paper.kind:
                documents.put(
                    dossier_of(project, by=by),
                    paper=paper,
                    by=by,
                    requirement=line,
                    party=party if line.per_beneficiary else None,
                )


def take(
    name: str,
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper | None,
    note: str = "",
    checks: bool = False,
    due_on: date | None = None,
    **facts: Any,
) -> Project:
    """Lock, authorise, check, change, remember: the one path to ``project.state``.

    With ``checks`` the file is judged before the step.  ``due_on``: the letter's own day for a completion.  The papers of the
    steps of the file are laid into its dossier.
    """
    project = locked(project)
    workflow = LIFECYCLES[project.level]
    if name not in workflow:
        raise NotPossible(_("Đề án %(level)s không có bước này.") % {"level": project.get_level_display().lower()})
    step = workflow[name]
    authorise(by, Permission(step.permission), place=project.place, body=project.implementer, paper=paper)
    if act := DECIDED_BY.get(Permission(step.permission)):
        only_the_named(project, permission=Permission(step.permission), act=act, by=by, on=on)
    if project.state not in step.sources:
        raise NotPossible(
            _("Không thể “%(step)s”: đề án đang ở trạng thái “%(state)s”.")
            % {"step": step.label, "state": project.get_state_display()}
        )
    if step.paper:
        paper_fits(project, paper=paper, kinds=(step.paper,), label=str(step.label))
        _not_used_before(project, paper=paper, label=str(step.label))
    _near_its_year(project, on=on)
    day_fits(project, on=on, paper=paper)
    if step.permission in queries.JUDGING:
        refuse_in_conflict(project, by=by)
    if checks:
        refuse_standing(queries.checks(project, on=on))
    if name in _PASSED and not note.strip():
        _as_concluded(project, tier=_PASSED[name])
    due = _until(project, name, on=on, letter=due_on) if name in RETURNS else {}

    source, project.state = project.state, step.target
    for field_name, value in facts.items():
        setattr(project, field_name, value)
    project.save(update_fields=["state", "changed_at", *facts])
    taken = StepTaken.objects.create(
        project=project, name=name, source=source, target=step.target, on=on, paper=paper, note=note, by=by, **due
    )
    if name in _LAYING:
        lay_paper(project, paper=paper, stages=(Stage.APPRAISAL, Stage.REGISTRATION), by=by, on=on)
    told = {"note": note} if note else {}
    record(f"project.{name}", project, by=by, on=on, paper=paper, **told, **facts, **due)
    if name in RETURNS:
        letters.tell_returned(project, taken, by=by)
    return project


def _as_concluded(project: Project, *, tier: Tier) -> None:
    """Who passes what a council did not pass says why: the law leaves the result to him, not the silence."""
    vote = queries.council_said(project, tier=tier)
    if vote is not None and vote.conclusion != Conclusion.PASS:
        raise Invalid(
            note=_("%(council)s kết luận “%(conclusion)s” ngày %(day)s; ghi đạt thì phải nêu lý do.")
            % {
                "council": vote.session.council,
                "conclusion": vote.get_conclusion_display(),
                "day": f"{vote.session.on:%d/%m/%Y}",
            }
        )


def _until(project: Project, name: str, *, on: date, letter: date | None) -> dict[str, Any]:
    answer = queries.completion_until(project, name, on=on, letter=letter)
    if answer.day is None:
        raise Invalid(
            due_on=_("Các quy định đã ghi không nói phải bổ sung trong bao nhiêu ngày; hãy ghi hạn theo công văn.")
        )
    if answer.day < on:
        raise Invalid(
            due_on=_("Hạn bổ sung %(due)s không được trước ngày yêu cầu %(day)s.")
            % {"due": f"{answer.day:%d/%m/%Y}", "day": f"{on:%d/%m/%Y}"}
        )
    return day_decided(answer)


def day_decided(answer: DeadlineAnswer) -> dict[str, Any]:
    """A day as it is decided now; that of the law is kept beside that of the letter."""
    with override("vi"):
        basis = answer.citation if answer.default else ""
    return {"due_on": answer.day, "lawful_on": answer.default, "due_basis": basis}


def paper_fits(project: Project, *, paper: Paper | None, kinds: Sequence[str], label: str) -> None:
    wanted = ", ".join(str(PaperKind(kind).label) for kind in kinds)
    if paper is None:
        raise NotPossible(_("Bước “%(step)s” phải kèm văn bản: %(kind)s.") % {"step": label, "kind": wanted})
    if paper.kind not in kinds:
        raise NotPossible(
            _("Bước “%(step)s” phải kèm đúng loại văn bản: %(kind)s; văn bản đã chọn là %(given)s.")
            % {"step": label, "kind": wanted, "given": paper.get_kind_display()}
        )
    if paper.province_id is not None and paper.province_id != project.province_id:
        raise NotPossible(_("Văn bản %(paper)s thuộc tỉnh khác.") % {"paper": paper})


def _not_used_before(project: Project, *, paper: Paper | None, label: str) -> None:
    """Sent again, judged again: each time by a paper of its own."""
    before = project.steps.filter(paper=paper).order_by("-on", "-pk").first()
    if before is not None:
        raise NotPossible(
            _(
                "Văn bản %(paper)s đã dùng cho bước ngày %(day)s của đề án này; bước “%(step)s” phải có văn bản của mình."
            )
            % {"paper": paper, "day": f"{before.on:%d/%m/%Y}", "step": label}
        )


def _near_its_year(project: Project, *, on: date) -> None:
    """A file is made a year or two before its year: an older day is a slip of the pen, from which days would be counted."""
    if on.year < project.year - _YEARS_BEFORE:
        raise NotPossible(
            _("Ngày %(day)s quá xa năm kế hoạch %(year)s của đề án. Hãy xem lại ngày, tháng, năm.")
            % {"day": f"{on:%d/%m/%Y}", "year": project.year}
        )


def day_fits(project: Project, *, on: date, paper: Paper | None) -> None:
    if on > clock.today():
        raise NotPossible(_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if paper is not None and on < paper.signed_on:
        raise NotPossible(
            _("Ngày thực hiện %(day)s không thể trước ngày ký văn bản %(signed)s.")
            % {"day": f"{on:%d/%m/%Y}", "signed": f"{paper.signed_on:%d/%m/%Y}"}
        )
    last = project.steps.order_by("-on").first()
    if last is not None and on < last.on:
        raise NotPossible(
            _("Ngày %(day)s sớm hơn bước liền trước (%(last)s). Hãy ghi từ ngày %(last)s trở đi.")
            % {"day": f"{on:%d/%m/%Y}", "last": f"{last.on:%d/%m/%Y}"}
        )


def only_the_named(project: Project, *, permission: Permission, act: str, by: User, on: date) -> None:
    """Refuse whom the rows of law of ``on`` do not name for this act, though his role knows it."""
    if why := queries.not_named(by, project, permission, act, on=on):
        raise NotAllowed(why)


def refuse_standing(findings: Sequence[rules.Finding]) -> None:
    standing = [finding for finding in findings if finding.refuses]
    if not standing:
        return
    first = standing[0].told
    if len(standing) == 1:
        raise NotPossible(first)
    more = len(standing) - 1
    raise NotPossible(counted("%(first)s Còn %(count)s điều khác chưa đạt.", more) % {"first": first, "count": more})


def refuse_other_total(beneficiary: Beneficiary, project: Project) -> None:
    """Raises Invalid where the whole investment of who is helped is not the sum of its sources."""
    if told := rules.total_differs(beneficiary, other=project.other):
        raise Invalid(total=told)
