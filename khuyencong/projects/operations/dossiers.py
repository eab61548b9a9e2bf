"""The papers of a project's dossier."""

from typing import Any

from django.db import transaction

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.documents import operations as documents
from khuyencong.documents.models import Dossier, Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects.models import (
    Project,
)
from khuyencong.projects.operations.shared import dossier_of, locked


@transaction.atomic
def put_paper(
    project: Project, *, paper: Paper, by: User, requirement: Any = None, party: Organisation | None = None
) -> Dossier:
    """Lay a paper into the project's dossier: the implementer while it runs, appraisers and clerks at any time."""
    project = locked(project)
    _may_keep(project, by=by)
    dossier = dossier_of(project, by=by)
    documents.put(dossier, paper=paper, requirement=requirement, party=party, by=by)
    return dossier


@transaction.atomic
def waive_paper(
    project: Project, *, requirement: Any, reason: str, by: User, party: Organisation | None = None
) -> Dossier:
    """Say that a paper of the checklist does not apply to this project, with the reason."""
    project = locked(project)
    _may_keep(project, by=by)
    dossier = dossier_of(project, by=by)
    documents.waive(dossier, requirement=requirement, reason=reason, party=party, by=by)
    return dossier


def _may_keep(project: Project, *, by: User) -> None:
    if any(
        by.may(permission, place=project.place, body=project.implementer)
        for permission in (Permission.PROJECT_APPRAISE, Permission.PAPER_RECORD, Permission.VOUCHER_RECORD)
    ):
        return
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)
