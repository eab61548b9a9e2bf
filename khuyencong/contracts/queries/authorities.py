"""Who decides over a project under contract, by the rows of law that bind its money."""

from datetime import date

from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.norms.queries import Authority
from khuyencong.projects.models import Project


def authority_over(project: Project, act: str, *, on: date) -> Authority:
    """The body that the law of the day names for this act (``norms.enums.Act``): national rows for national projects, else
    the province's own row or the general default; an empty answer where there is none."""
    province = None if project.level == Level.NATIONAL else project.province
    return norms.approver(act, on=on, level=project.level, province=province) or Authority()
