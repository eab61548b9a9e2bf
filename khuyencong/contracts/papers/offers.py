"""Which forms of a project under contract make sense now: not before the step that gives them their facts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from khuyencong.budgets.queries import positions
from khuyencong.contracts.enums import AssignmentForm
from khuyencong.contracts.models import Assignment, SupportContract, Voucher
from khuyencong.contracts.papers import FORMS, acceptances, agreements, lists, progress, settlements
from khuyencong.documents.papers import Lack
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.projects.enums import ProjectState as S
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers.offers import approved, only_for

ASSIGNED_ON = (S.ASSIGNED, S.RUNNING, S.ACCEPTED, S.SETTLED, S.LIQUIDATED, S.STOPPED)
ACCEPTED_ON = (S.ACCEPTED, S.SETTLED, S.LIQUIDATED, S.STOPPED)
SETTLED_ON = (S.SETTLED, S.LIQUIDATED, S.STOPPED)
COURSES = (ProjectKind.VOCATIONAL_TRAINING, ProjectKind.TRAINING_EVENT)
MEETINGS = (ProjectKind.TRAINING_EVENT, ProjectKind.DEMONSTRATION)
FAIRS = (ProjectKind.FAIR, ProjectKind.FAIR_PARTICIPATION, ProjectKind.FAIR_ABROAD)
FOR_KINDS = {
    lists.LEARNERS.key: COURSES,
    lists.RECEIPTS.key: COURSES,
    lists.WORKERS.key: (ProjectKind.VOCATIONAL_TRAINING,),
    lists.DELEGATES.key: MEETINGS,
    lists.DELEGATE_RECEIPTS.key: MEETINGS,
    lists.FAIR.key: FAIRS,
}

Found = Iterable[tuple[str, Lack | None]]


def lacks(project: Project) -> dict[str, Lack]:
    """The forms that are not offered for this project now, each with its reason."""
    if project.historical:
        return _of_before("project")
    assignment = Assignment.objects.filter(project=project).only("form").first()
    found = [*_tasks(project, assignment), *_works(project), *_ends(project)]
    return {key: lack for key, lack in found if lack is not None}


def _of_before(kind: str) -> dict[str, Lack]:
    """A project of before this system has no books here: its forms would say that nothing was accepted, advanced, settled."""
    why = _("Hồ sơ lịch sử: đề án kết thúc trước khi dùng hệ thống, sổ sách của nó không có ở đây.")
    return {form.key: Lack(why, refused=True) for form, _context in FORMS if form.of == kind}


def _unassigned(project: Project) -> Lack | None:
    if project.state in ASSIGNED_ON:
        return None
    return Lack(_("Chưa giao nhiệm vụ, ký hợp đồng thực hiện đề án."), refused=True)


def _unaccepted(project: Project) -> Lack | None:
    if project.state in ACCEPTED_ON:
        return None
    return Lack(_("Chưa nghiệm thu cơ sở: lập sau khi có biên bản nghiệm thu."), refused=True)


def _unsettled(project: Project) -> Lack | None:
    early = _unaccepted(project)
    return early if early or project.state in SETTLED_ON else Lack(_("Chưa quyết toán: số liệu có thể còn thay đổi."))


def _tasks(project: Project, assignment: Assignment | None) -> Found:
    way = assignment.form if assignment else None
    by_contract = Lack(_("Nhiệm vụ đã giao bằng hợp đồng.")) if way == AssignmentForm.CONTRACT else None
    by_decision = Lack(_("Nhiệm vụ đã giao bằng quyết định.")) if way == AssignmentForm.DECISION else None
    nothing = None if assignment else Lack(_("Chưa có hợp đồng thực hiện đề án để sửa đổi."), refused=True)
    yield agreements.ASSIGNMENT.key, approved(project) or by_contract
    yield agreements.IMPLEMENTATION.key, approved(project) or by_decision
    yield agreements.TASK_APPENDIX.key, nothing or by_decision


def _works(project: Project) -> Found:
    begun = _unassigned(project)
    ended = Lack(_("Đề án đã quyết toán: không còn khoản tạm ứng."), refused=True) if _is_paid(project) else None
    yield progress.ADVANCE.key, begun or ended
    yield lists.REMAINDER.key, _unaccepted(project) or ended
    yield acceptances.FORM_B.key, begun
    central = Lack(_("Dùng khi cơ quan khuyến công Trung ương nghiệm thu đề án khuyến công quốc gia."))
    yield acceptances.FORM_C.key, begun or (None if project.level == Level.NATIONAL else central)
    yield progress.RESULT.key, begun
    for key, kinds in FOR_KINDS.items():
        yield key, only_for(project, kinds) or begun


def _is_paid(project: Project) -> bool:
    """Whether nothing can be asked for any more: what was settled and not yet paid still is."""
    if project.state == S.SETTLED:
        return all(own.unpaid <= 0 for own in positions(project).values())
    return project.state in SETTLED_ON


def _ends(project: Project) -> Found:
    unproved = Lack(_("Chưa ghi chứng từ nào cho đề án này."), refused=True)
    bare = None if Voucher.objects.filter(project=project, removed_at=None).exists() else unproved
    yield settlements.LIST_A.key, bare
    yield settlements.LIST_B.key, bare
    for form in (settlements.SETTLEMENT, settlements.PAYMENT, lists.WITHOUT_INVOICE, lists.WITH_INVOICE):
        yield form.key, _unaccepted(project)
    yield settlements.LIQUIDATION.key, _unsettled(project)
    yield settlements.RECONCILIATION.key, _unsettled(project)


def beneficiary_lacks(beneficiary: Beneficiary) -> dict[str, Lack]:
    """A contract with an establishment follows the approval, its appendix the contract, its acceptance the task."""
    if beneficiary.project.historical:
        return _of_before("beneficiary")
    signed = SupportContract.objects.filter(beneficiary=beneficiary).exists()
    nothing = None if signed else Lack(_("Chưa có hợp đồng hỗ trợ với đơn vị này để sửa đổi."), refused=True)
    found = {
        agreements.SUPPORT.key: approved(beneficiary.project),
        agreements.SUPPORT_APPENDIX.key: nothing,
        acceptances.FORM_A.key: _unassigned(beneficiary.project),
    }
    return {key: lack for key, lack in found.items() if lack is not None}
