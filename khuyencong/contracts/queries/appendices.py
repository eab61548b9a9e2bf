"""Where a contract does not yet say what the decisions say of its project."""

from collections.abc import Iterable

from khuyencong.contracts.models import Assignment, ContractAppendix, SupportContract
from khuyencong.projects.models import Project

SOURCES = ("national", "local")


def assignment_differs(assignment: Assignment, project: Project) -> bool:
    """The task was given for other amounts than are granted now, or for a shorter time than the project has."""
    amounts = any(getattr(assignment, name) != (getattr(project, f"granted_{name}") or 0) for name in SOURCES)
    longer = bool(project.ends_on and assignment.ends_on and project.ends_on > assignment.ends_on)
    return amounts or longer


def support_differs(
    contract: SupportContract, *, assignment: Assignment | None, appendices: Iterable[ContractAppendix]
) -> bool:
    """The contract promises its beneficiary other amounts than are approved for it now, or ends when the task was to end before
    an appendix gave it more time.  One that was signed for a shorter time of its own stands."""
    own = contract.beneficiary
    if any(getattr(contract, name) != getattr(own, name) for name in (*SOURCES, "counterpart")):
        return True
    if assignment is None or not (assignment.ends_on and contract.ends_on and assignment.ends_on > contract.ends_on):
        return False
    return contract.ends_on in {one.before_ends_on for one in appendices if one.assignment_id == assignment.pk}
