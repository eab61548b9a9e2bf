"""Where a contract does not yet say what the decisions say of its project."""

from khuyencong.contracts.models import Assignment, SupportContract
from khuyencong.projects.models import Project

SOURCES = ("national", "local")


def assignment_differs(assignment: Assignment, project: Project) -> bool:
    """The task was given for other amounts than are granted now, or for a shorter time than the project has."""
    amounts = any(getattr(assignment, name) != (getattr(project, f"granted_{name}") or 0) for name in SOURCES)
    longer = bool(project.ends_on and assignment.ends_on and project.ends_on > assignment.ends_on)
    return amounts or longer


def support_differs(contract: SupportContract) -> bool:
    """The contract promises its beneficiary other amounts than are approved for it now."""
    own = contract.beneficiary
    return any(getattr(contract, name) != getattr(own, name) for name in (*SOURCES, "counterpart"))
