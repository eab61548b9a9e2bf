"""Questions that every act of this package asks."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import queries
from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import Acceptance, Assignment, SupportContract
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.norms.queries import DeadlineAnswer
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.rules import tax_code
from khuyencong.people.models import User
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.operations import lay_paper, locked


def allow(by: Any, permission: Permission, project: Project, *, paper: Paper | None = None, body: Any = None) -> None:
    place, local = project.commune or project.province, project.level != Level.NATIONAL
    authorise(by, permission, place=place, body=body or project.implementer, paper=paper, local=local)


def only_the_named(by: User, permission: Permission, project: Project, *, on: date) -> None:
    """Refuse whom the law of the day does not name to pay out, settle or end this contract (``queries.not_the_named``)."""
    if why := queries.not_the_named(by, project, permission, on=on):
        raise NotAllowed(why)


def only_the_giver(by: User, project: Project, *, on: date) -> None:
    """Refuse whom the law of the day does not name where national money is contracted with the implementer: the agency signs
    (TT 36/2013 Đ12.1), or somebody records what it signed."""
    if queries.not_the_named(by, project, Permission.ASSIGN, on=on):
        told = _("Kinh phí khuyến công quốc gia do Cục ký hợp đồng với đơn vị thực hiện.")
        raise NotAllowed(norms.cited(told, Ground.TASK, on=on, of=project))


def allow_exception(by: User, project: Project) -> None:
    """An exception is for who appraises: the department, of national projects also the agency."""
    ministry = Permission.PROJECT_APPRAISE_MINISTRY
    if not (project.level == Level.NATIONAL and by.may(ministry, place=project.place)):
        allow(by, Permission.PROJECT_APPRAISE, project)


def not_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


def not_before(on: date, *, earlier: date, what: str) -> None:
    if on < earlier:
        raise Invalid(
            on=_("Ngày %(day)s trước %(what)s (%(earlier)s).")
            % {"day": f"{on:%d/%m/%Y}", "what": what, "earlier": f"{earlier:%d/%m/%Y}"}
        )


def not_negative(**amounts: int) -> None:
    """Each amount (đồng) under the name of its field."""
    for name, amount in amounts.items():
        if amount < 0:
            raise Invalid(**{name: _("Số tiền không được âm.")})


def more_than_nothing(amount: int) -> None:
    if amount <= 0:
        raise Invalid(amount=_("Số tiền phải lớn hơn 0."))


def reason_where_late(late_reason: str, *, on: date, due: DeadlineAnswer, told: str) -> str:
    """The reason for an act after its last day, without spaces around; ``told`` refuses one without, naming ``day`` and
    ``article``."""
    if due.last_day is not None and on > due.last_day and not late_reason.strip():
        raise Invalid(late_reason=told % {"day": f"{due.last_day:%d/%m/%Y}", "article": due.citation})
    return late_reason.strip()


def end_fits(project: Project, ends_on: date | None, *, signed_on: date | None = None) -> None:
    """A contract ends inside its project's time, and not before the day on which it is signed."""
    if ends_on is None:
        return
    if signed_on is not None and ends_on < signed_on:
        raise Invalid(
            ends_on=_("Hạn hoàn thành %(day)s trước ngày ký (%(signed)s).")
            % {"day": f"{ends_on:%d/%m/%Y}", "signed": f"{signed_on:%d/%m/%Y}"}
        )
    if project.ends_on is not None and ends_on > project.ends_on:
        raise Invalid(
            ends_on=norms.cited(
                _("Thời hạn của đề án là %(day)s; gia hạn thêm cần quyết định điều chỉnh.")
                % {"day": f"{project.ends_on:%d/%m/%Y}"},
                Ground.CHANGE,
                on=signed_on or clock.today(),
                of=project,
            )
        )


def with_paper(paper: Paper | None, kind: str, *, project: Project | None = None, on: date | None = None) -> None:
    """The paper that the law demands, of this province, signed at the latest on the day of the act."""
    if paper is None or paper.kind != kind:
        raise NotPossible(_("Bước này phải kèm văn bản loại “%(kind)s”.") % {"kind": PaperKind(kind).label})
    if project is not None and paper.province_id is not None and paper.province_id != project.province_id:
        raise NotPossible(_("Văn bản %(paper)s thuộc tỉnh khác.") % {"paper": paper})
    if on is not None and paper.signed_on > on:
        raise Invalid(
            on=_("Ngày thực hiện %(day)s không thể trước ngày ký văn bản %(signed)s.")
            % {"day": f"{on:%d/%m/%Y}", "signed": f"{paper.signed_on:%d/%m/%Y}"}
        )


def tax_code_of(typed: str, *, field: str) -> str:
    """The tax code as it is kept, its check digit right; empty stays empty.  Raises Invalid on ``field``."""
    try:
        return tax_code(typed)
    except Invalid as refusal:
        raise Invalid(**{field: refusal.fields["tax_code"]}) from None


def in_state(project: Project, *states: str, act: str) -> None:
    """Refuse outside these states, and for a historical file: it stands as it was closed."""
    if project.historical:
        raise NotPossible(_("Hồ sơ lịch sử chỉ để xem và tổng hợp; không ghi thêm bước nào."))
    if project.state not in states:
        raise NotPossible(
            _("Không thể “%(act)s”: đề án đang ở trạng thái “%(state)s”.")
            % {"act": act, "state": project.get_state_display()}
        )


def assignment_of(project: Project) -> Assignment:
    found = Assignment.objects.filter(project=project).first()
    if found is None:
        raise NotPossible(_("Đề án chưa được giao nhiệm vụ hoặc ký hợp đồng thực hiện."))
    return found


def held(contract: SupportContract) -> tuple[SupportContract, Project]:
    """A support contract and its project as they are now, the project locked."""
    project = locked(contract.assignment.project)
    there = SupportContract.objects.select_related("assignment", "beneficiary__establishment__organisation")
    contract = there.get(pk=contract.pk)
    contract.assignment.project = contract.beneficiary.project = project
    return contract, project


def still_helped(beneficiary: Beneficiary) -> None:
    if beneficiary.removed_on is not None:
        raise NotPossible(_("%(name)s không còn là đơn vị thụ hưởng của đề án.") % {"name": beneficiary})


def not_accepted(beneficiary: Beneficiary) -> None:
    """What was accepted stands as it was: nothing is bought, taken out or amended behind it."""
    accepted = Acceptance.objects.filter(project=beneficiary.project_id, beneficiary=beneficiary)
    if accepted.exclude(verdict=Verdict.FAILED).exists():
        raise NotPossible(_("%(name)s đã được nghiệm thu.") % {"name": beneficiary})


def either(by: User, project: Project, beneficiary: Beneficiary) -> None:
    """The implementer, or the beneficiary for itself."""
    own, his = beneficiary.establishment, Permission.PROGRESS_REPORT_OWN
    if by.holds(his) and by.may(his, place=own.commune or own.province, body=own.organisation):
        return
    try:
        allow(by, Permission.PROGRESS_REPORT, project)
    except NotAllowed:
        raise NotAllowed(_("Chỉ đơn vị thực hiện hoặc chính cơ sở thụ hưởng được ghi việc này.")) from None


CONTRACT_STAGES = (Stage.CONTRACT, Stage.FIRST_ADVANCE, Stage.REMAINDER, Stage.SETTLEMENT)


def keep(
    project: Project, *codes: str, paper: Paper | None, by: User, on: date, party: Organisation | None = None
) -> None:
    """Lay the paper of an act into the project's dossier, for every line of the checklists of a contract that asks for it by one
    of these codes."""
    lay_paper(project, paper=paper, stages=CONTRACT_STAGES, by=by, on=on, codes=codes, party=party)
