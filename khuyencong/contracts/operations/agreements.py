"""Two layers of contract: the implementer's task, then one support contract for each beneficiary."""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.contracts import queries, rules
from khuyencong.contracts.models import Assignment, SupportContract, Tender
from khuyencong.contracts.operations.shared import (
    allow,
    assignment_of,
    end_fits,
    in_state,
    keep,
    locked,
    not_before,
    not_future,
    not_negative,
    only_the_giver,
    still_helped,
    tax_code_of,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.queries import shares_over

_LOCAL_GIVERS = (BodyKind.DEPARTMENT, BodyKind.PROVINCE_COMMITTEE, BodyKind.COMMUNE_COMMITTEE)


@transaction.atomic
def record_tender(
    project: Project,
    *,
    package: str,
    winner: str,
    value: int,
    by: User,
    paper: Paper,
    winner_tax_code: str = "",
) -> Tender:
    """The approved result of a tender, ``value`` in đồng (TT 36/2013 Đ3, Đ21.2c)."""
    project = locked(project)
    allow(by, Permission.TENDER_RECORD, project, paper=paper)
    in_state(
        project,
        ProjectState.APPROVED,
        ProjectState.ASSIGNED,
        ProjectState.RUNNING,
        act=_("Ghi kết quả lựa chọn nhà thầu"),
    )
    with_paper(paper, PaperKind.TENDER_RESULT, project=project)
    if value <= 0:
        raise Invalid(value=_("Giá trúng thầu phải lớn hơn 0."))
    tender = checked(
        Tender(
            project=project,
            package=" ".join(package.split()),
            winner=" ".join(winner.split()),
            winner_tax_code=tax_code_of(winner_tax_code, field="winner_tax_code"),
            value=value,
            paper=paper,
        )
    )
    tender.save()
    keep(project, "tender_result", paper=paper, by=by, on=paper.signed_on)
    record("contract.tender", project, by=by, paper=paper, package=tender.package, winner=tender.winner, value=value)
    return tender


@transaction.atomic
def assign(
    project: Project,
    *,
    form: str,
    giver: Organisation,
    by: User,
    on: date,
    paper: Paper,
    ends_on: date | None = None,
) -> Assignment:
    """Give the task to the implementer, by decision or by contract, with all that was granted (TT 36/2013 Đ12).

    National money is contracted by the ministry's agency and by nobody in its name, local money given by the department or a
    committee.  Where the
    law asks for a tender (Đ3; for local money the province's own rule of the day) its approved result must be recorded before.
    """
    project = locked(project)
    allow(by, Permission.ASSIGN, project, paper=paper)
    only_the_giver(by, project, on=on)
    in_state(project, ProjectState.APPROVED, act=_("Giao nhiệm vụ, ký hợp đồng thực hiện"))
    if giver.pk == project.implementer_id:
        raise NotPossible(_("Đơn vị thực hiện không thể tự giao nhiệm vụ cho mình."))
    if project.level == Level.NATIONAL and giver.kind not in (BodyKind.AGENCY, BodyKind.MINISTRY):
        raise NotPossible(
            norms.cited(
                _("Kinh phí khuyến công quốc gia do Cục ký hợp đồng với đơn vị thực hiện."),
                Ground.TASK,
                on=on,
                of=project,
            )
        )
    if project.level != Level.NATIONAL and giver.kind not in _LOCAL_GIVERS:
        raise NotPossible(_("Kinh phí khuyến công địa phương do Sở Công Thương hoặc Ủy ban nhân dân giao."))
    selection = queries.selection_of(project, on=on)
    tenders = Tender.objects.filter(project=project)
    if selection.by_tender and not tenders.exists():
        raise NotPossible(
            _("Dạng đề án này phải lựa chọn nhà thầu: hãy ghi kết quả trước khi ký hợp đồng (%(citation)s).")
            % {"citation": selection.citation}
        )
    for tender in tenders.filter(paper__signed_on__gt=on).select_related("paper"):
        not_before(on, earlier=tender.paper.signed_on, what=_("ngày phê duyệt kết quả lựa chọn nhà thầu"))
    end_fits(project, ends_on, signed_on=on)
    project = projects.assign(project, by=by, on=on, paper=paper)
    assignment = checked(
        Assignment(
            project=project,
            form=form,
            giver=giver,
            implementer=project.implementer,
            paper=paper,
            signed_on=on,
            national=project.granted_national or 0,
            local=project.granted_local or 0,
            ends_on=ends_on or project.ends_on,
        )
    )
    assignment.save()
    keep(project, "assignment", "contract", paper=paper, by=by, on=on)
    record("contract.assign", assignment, by=by, on=on, paper=paper, value=assignment.national + assignment.local)
    return assignment


@transaction.atomic
def begin_work(project: Project, *, by: User, on: date, paper: Paper | None = None) -> Project:
    """The implementer starts a project that helps no single establishment (a class, a programme, a fair)."""
    project = locked(project)
    allow(by, Permission.CONTRACT_SIGN, project)
    in_state(project, ProjectState.ASSIGNED, act=_("Bắt đầu thực hiện"))
    if project.beneficiaries.filter(removed_on=None).exists():
        raise NotPossible(_("Đề án có đơn vị thụ hưởng bắt đầu khi ký hợp đồng hỗ trợ đầu tiên."))
    not_before(on, earlier=assignment_of(project).signed_on, what=_("ngày giao nhiệm vụ"))
    return projects.begin(project, by=by, on=on, paper=paper)


@transaction.atomic
def sign_support(
    beneficiary: Beneficiary,
    *,
    by: User,
    on: date,
    paper: Paper,
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
    ends_on: date | None = None,
) -> SupportContract:
    """The support contract of the implementer with one beneficiary; amounts in đồng, by default what was approved for it.

    Raises NotPossible before the beneficiary was approved (group projects: Mẫu 11, TT 36/2013 Đ21.2a, Đ23.3), where it
    has closed or has its contract already, while the shares of all are more than was granted (``projects.share_out``), and where
    the contracts would promise more than was given; Invalid for an end before it is signed or beyond the project's.  The first one begins
    the work.
    """
    project = locked(beneficiary.project)
    beneficiary = Beneficiary.objects.select_related("establishment__organisation", "project").get(pk=beneficiary.pk)
    allow(by, Permission.CONTRACT_SIGN, project)
    in_state(project, ProjectState.ASSIGNED, ProjectState.RUNNING, act=_("Ký hợp đồng hỗ trợ"))
    not_future(on)
    with_paper(paper, PaperKind.SUPPORT_CONTRACT, project=project, on=on)
    assignment = assignment_of(project)
    not_before(on, earlier=assignment.signed_on, what=_("ngày giao nhiệm vụ, ký hợp đồng thực hiện"))
    end_fits(project, ends_on, signed_on=on)
    _can_sign(project, beneficiary, on=on)
    approved = project.beneficiaries.filter(removed_on=None, approved_on__isnull=False)
    if why := shares_over(project, approved, on=on):
        raise NotPossible(why)
    amounts = amounts_of(beneficiary, national=national, local=local, counterpart=counterpart)
    amounts_fit(assignment, project, beneficiary, amounts)
    contract = checked(
        SupportContract(
            assignment=assignment,
            beneficiary=beneficiary,
            paper=paper,
            signed_on=on,
            ends_on=ends_on or assignment.ends_on,
            **amounts,
        )
    )
    contract.save()
    keep(project, "support_contract", paper=paper, by=by, on=on, party=beneficiary.establishment.organisation)
    record("contract.sign_support", contract, by=by, on=on, paper=paper, beneficiary=str(beneficiary), **amounts)
    if project.state == ProjectState.ASSIGNED:
        projects.begin(project, by=by, on=on, paper=paper)
    return contract


def _can_sign(project: Project, beneficiary: Beneficiary, *, on: date) -> None:
    """The beneficiary is helped, was approved before the day, still works, and has no contract yet."""
    still_helped(beneficiary)
    if beneficiary.approved_on is None or beneficiary.approved_on > on:
        raise NotPossible(
            norms.cited(
                _("Danh sách thụ hưởng có %(name)s chưa được Sở duyệt trước ngày ký, Mẫu 11.") % {"name": beneficiary},
                Ground.GROUP_LIST,
                on=on,
                of=project,
            )
        )
    closed_on = beneficiary.establishment.closed_on
    if closed_on is not None and closed_on <= on:
        raise NotPossible(
            norms.cited(
                _(
                    "%(name)s đã ngừng hoạt động từ ngày %(day)s nên không ký hợp đồng hỗ trợ; thay đơn vị thụ hưởng bằng quyết "
                    "định điều chỉnh."
                )
                % {"name": beneficiary, "day": f"{closed_on:%d/%m/%Y}"},
                Ground.CHANGE,
                on=on,
                of=project,
            )
        )
    if SupportContract.objects.filter(beneficiary=beneficiary).exists():
        raise NotPossible(_("%(name)s đã có hợp đồng hỗ trợ.") % {"name": beneficiary})


def amounts_of(beneficiary: Beneficiary, **given: int | None) -> dict[str, int]:
    """The amount given for each source, else what was approved for the beneficiary; đồng."""
    return {name: getattr(beneficiary, name) if amount is None else amount for name, amount in given.items()}


def amounts_fit(
    assignment: Assignment,
    project: Project,
    beneficiary: Beneficiary,
    amounts: dict[str, int],
    *,
    instead_of: SupportContract | None = None,
) -> None:
    """Within what is approved for the beneficiary, and all contracts together within what is granted; an appendix that takes
    away needs no room.  Some support where some is approved, and beside it no smaller part of one's own than was approved."""
    not_negative(**amounts)
    for name in ("national", "local"):
        if amounts[name] > getattr(beneficiary, name):
            raise Invalid(
                **{
                    name: _("Vượt mức đã duyệt cho đơn vị thụ hưởng: %(most)s đồng.")
                    % {"most": dong(getattr(beneficiary, name))}
                }
            )
        standing = assignment.support_contracts.filter(beneficiary__removed_on=None)
        if instead_of is not None:
            if amounts[name] <= getattr(instead_of, name):
                continue
            standing = standing.exclude(pk=instead_of.pk)
        promised = standing.aggregate(total=Sum(name))["total"] or 0
        left = (
            getattr(project, f"granted_{name}") or 0
        ) - promised  # a decision may have changed it since the task was given
        if amounts[name] > left:
            raise Invalid(
                **{name: _("Kinh phí đã giao chỉ còn %(left)s đồng chưa ký hợp đồng hỗ trợ.") % {"left": dong(left)}}
            )
    _share_fits(beneficiary, amounts)


def _share_fits(beneficiary: Beneficiary, amounts: dict[str, int]) -> None:
    support = amounts["national"] + amounts["local"]
    if beneficiary.support and not support:
        name = "national" if beneficiary.national else "local"
        told = _("Hợp đồng hỗ trợ phải ghi số tiền hỗ trợ; mức đã duyệt là %(amount)s đồng.")
        raise Invalid(**{name: told % {"amount": dong(beneficiary.support)}})
    least = rules.least_counterpart(
        support, approved_support=beneficiary.support, approved_counterpart=beneficiary.counterpart
    )
    if amounts["counterpart"] < least:
        told = _(
            "Hỗ trợ %(support)s đồng thì đối ứng ít nhất %(least)s đồng, theo tỷ lệ đã duyệt cho đơn vị thụ hưởng."
        )
        raise Invalid(counterpart=told % {"support": dong(support), "least": dong(least)})
