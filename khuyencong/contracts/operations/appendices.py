"""Contract appendices: both layers follow a decision that changed the project."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.budgets.queries import positions
from khuyencong.budgets.rules import source_of
from khuyencong.contracts.models import Assignment, ContractAppendix, SupportContract
from khuyencong.contracts.operations.agreements import amounts_fit, amounts_of
from khuyencong.contracts.operations.shared import (
    allow,
    end_fits,
    held,
    in_state,
    keep,
    locked,
    not_accepted,
    not_before,
    not_future,
    only_the_giver,
    still_helped,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Project
from khuyencong.projects.queries import last_step


@transaction.atomic
def amend_assignment(
    assignment: Assignment, *, by: User, on: date, paper: Paper, ends_on: date | None = None, note: str = ""
) -> ContractAppendix:
    """The contract with the implementer takes over what is granted now, in đồng, and the end that is given; without one its own
    stays (TT 36/2013 Đ11.2b, Đ12.2).

    Raises NotPossible where nothing differs or more was paid than the new amount; Invalid for an appendix before the decision
    it follows, a new end before it is signed or one beyond the project's.
    """
    project = locked(assignment.project)
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    allow(by, Permission.ASSIGN, project, paper=paper)
    only_the_giver(by, project, on=on)
    in_state(
        project,
        ProjectState.ASSIGNED,
        ProjectState.RUNNING,
        ProjectState.ACCEPTED,
        ProjectState.SETTLED,
        act=_("Ghi phụ lục hợp đồng"),
    )
    not_future(on)
    with_paper(paper, PaperKind.CONTRACT_APPENDIX, project=project, on=on)
    last = assignment.appendices.order_by("-number").first()
    not_before(on, earlier=last.signed_on if last else assignment.signed_on, what=_("ngày ký hợp đồng, phụ lục trước"))
    amounts = {"national": project.granted_national or 0, "local": project.granted_local or 0}
    changed = {name for name, amount in amounts.items() if getattr(assignment, name) != amount}
    ends_on = ends_on or assignment.ends_on or project.ends_on
    end_fits(project, ends_on, signed_on=None if ends_on == assignment.ends_on else on)
    if not changed and ends_on == assignment.ends_on:
        raise NotPossible(_("Hợp đồng đã khớp với quyết định; không có gì để ghi phụ lục."))
    if changed:
        _after_decision(project, on=on)
    for name in changed:
        paid = sum(own.advanced for one, own in positions(project).items() if source_of(one.level) == Source(name))
        if paid > amounts[name]:
            raise NotPossible(
                _(
                    "Đã tạm ứng %(paid)s đồng, nhiều hơn %(amount)s đồng theo quyết định mới; hãy thu lại phần thừa trước."
                )
                % {"paid": dong(paid), "amount": dong(amounts[name])}
            )
    appendix = ContractAppendix(assignment=assignment, number=last.number + 1 if last else 1)
    return _write(appendix, assignment, amounts, project=project, ends_on=ends_on, by=by, on=on, paper=paper, note=note)


@transaction.atomic
def amend_support(
    contract: SupportContract,
    *,
    by: User,
    on: date,
    paper: Paper,
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
    ends_on: date | None = None,
    note: str = "",
) -> ContractAppendix:
    """A support contract takes over what is approved for its beneficiary now, or the amounts given (đồng), and a new end.

    What was approved and not promised yet needs no decision of its own.  Raises NotPossible where nothing differs, the work was
    accepted or the beneficiary left; Invalid beyond what is approved for it or granted to the project, before the decision it
    follows, or for a new end before it is signed or one beyond the project's.
    """
    contract, project = held(contract)
    beneficiary = contract.beneficiary
    allow(by, Permission.CONTRACT_SIGN, project)
    in_state(project, ProjectState.RUNNING, act=_("Ghi phụ lục hợp đồng hỗ trợ"))
    not_future(on)
    with_paper(paper, PaperKind.CONTRACT_APPENDIX, project=project, on=on)
    last = contract.appendices.order_by("-number").first()
    not_before(on, earlier=last.signed_on if last else contract.signed_on, what=_("ngày ký hợp đồng, phụ lục trước"))
    still_helped(beneficiary)
    not_accepted(beneficiary)
    amounts = amounts_of(beneficiary, national=national, local=local, counterpart=counterpart)
    amounts_fit(contract.assignment, project, beneficiary, amounts, instead_of=contract)
    ends_on = ends_on or contract.ends_on
    end_fits(project, ends_on, signed_on=None if ends_on == contract.ends_on else on)
    if all(getattr(contract, name) == amount for name, amount in amounts.items()) and ends_on == contract.ends_on:
        raise NotPossible(_("Hợp đồng đã khớp với quyết định; không có gì để ghi phụ lục."))
    raised = any(getattr(contract, name) < amounts[name] for name in ("national", "local"))
    if raised and last_step(project, "adjust") is not None:
        _after_decision(project, on=on)
    appendix = ContractAppendix(support_contract=contract, number=last.number + 1 if last else 1)
    return _write(appendix, contract, amounts, project=project, ends_on=ends_on, by=by, on=on, paper=paper, note=note)


def _after_decision(project: Project, *, on: date) -> None:
    decided = last_step(project, "adjust")
    if decided is None:
        told = _("Chưa có quyết định điều chỉnh đề án để ký phụ lục.")
        raise NotPossible(norms.cited(told, Ground.CHANGE, on=on, of=project))
    not_before(on, earlier=decided.on, what=_("ngày quyết định điều chỉnh"))


def _write(
    appendix: ContractAppendix,
    contract: Assignment | SupportContract,
    amounts: dict[str, int],
    *,
    project: Project,
    ends_on: date | None,
    by: User,
    on: date,
    paper: Paper,
    note: str,
) -> ContractAppendix:
    before = {name: getattr(contract, name) for name in amounts}
    ended_on = contract.ends_on
    appendix.signed_on, appendix.paper, appendix.by = on, paper, by
    appendix.note = " ".join(note.split())[:500]
    appendix.before_ends_on, appendix.ends_on = contract.ends_on, ends_on
    for name, amount in amounts.items():
        setattr(appendix, f"before_{name}", before[name])
        setattr(appendix, name, amount)
        setattr(contract, name, amount)
    contract.ends_on = ends_on
    checked(appendix).save()
    checked(contract).save()
    keep(project, "contract_appendix", paper=paper, by=by, on=on)
    record(
        "contract.amend", project, by=by, on=on, paper=paper, contract=str(contract), before=before, after=amounts,
        before_ends_on=ended_on, ends_on=ends_on,
    )  # fmt: skip
    return appendix
