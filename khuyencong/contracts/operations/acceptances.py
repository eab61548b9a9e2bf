"""Base acceptance: the department chairs, the Centre, the commune and the beneficiary are there, counterpart is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import AcceptanceForm, Verdict
from khuyencong.contracts.models import Acceptance, AcceptanceSeat, Purchase, SupportContract
from khuyencong.contracts.operations.agreements import _assignment
from khuyencong.contracts.operations.shared import allow, in_state, locked, not_before, not_future, with_paper
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class Sitting:
    """One who sits: for which body, in which role."""

    organisation: Organisation
    name: str
    role: str
    title: str = ""

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk


@transaction.atomic
def accept(
    project: Project,
    *,
    place: str,
    state_volume: int,
    seats: Sequence[Sitting],
    verdict: str,
    by: User,
    on: date,
    paper: Paper,
    beneficiary: Beneficiary | None = None,
    counterpart_volume: int = 0,
    form: str = AcceptanceForm.A,
    note: str = "",
) -> Acceptance:
    """Accept on site what was done, for one beneficiary or for a project without (TT 36/2013 Đ14, Đ21.1; Mẫu 5a–5c).

    Volumes in đồng, the counterpart's included.  Raises NotPossible where the wrong body chairs, somebody is missing, the
    machine has not been delivered, or the beneficiary was accepted before.  When the last one is accepted, so is the
    project.
    """
    project = locked(project)
    allow(by, Permission.ACCEPT, project, paper=paper)
    in_state(project, ProjectState.RUNNING, act=_("Nghiệm thu cơ sở"))
    with_paper(paper, PaperKind.ACCEPTANCE)
    not_future(on)
    not_before(on, earlier=_assignment(project).signed_on, what=_("ngày giao nhiệm vụ"))
    for name, amount in (("state_volume", state_volume), ("counterpart_volume", counterpart_volume)):
        if amount < 0:
            raise Invalid(**{name: _("Số tiền không được âm.")})
    helped = list(queries.helped(project))
    if helped and beneficiary is None:
        raise Invalid(beneficiary=_("Đề án có nhiều đơn vị thụ hưởng: hãy chọn cơ sở được nghiệm thu."))
    if beneficiary is not None:
        _beneficiary_ready(project, beneficiary, on)
    departments = list(
        Organisation.objects.filter(kind=BodyKind.DEPARTMENT, province_id=project.province_id).values_list(
            "pk", flat=True
        )
    )
    sentence = rules.seats_wrong(
        seats,
        department_ids=departments,
        implementer_id=project.implementer_id,
        beneficiary_id=beneficiary.establishment.organisation_id if beneficiary else None,
    )
    if sentence:
        raise NotPossible(sentence)
    if verdict != Verdict.FAILED and state_volume + counterpart_volume == 0:
        raise Invalid(state_volume=_("Nghiệm thu đạt thì phải có khối lượng."))
    acceptance = checked(
        Acceptance(
            project=project,
            beneficiary=beneficiary,
            form=form,
            on=on,
            place=" ".join(place.split()),
            state_volume=state_volume,
            counterpart_volume=counterpart_volume,
            verdict=verdict,
            note=note.strip(),
            paper=paper,
            by=by,
        )
    )
    acceptance.save()
    for seat in seats:
        checked(
            AcceptanceSeat(
                acceptance=acceptance, organisation=seat.organisation, name=seat.name, title=seat.title, role=seat.role
            )
        ).save()
    record(
        "contract.accept",
        acceptance,
        by=by,
        on=on,
        paper=paper,
        beneficiary=str(beneficiary or ""),
        verdict=verdict,
        state=state_volume,
        counterpart=counterpart_volume,
    )
    if verdict != Verdict.FAILED and not queries.not_yet_accepted(project):
        projects.accept(project, by=by, on=on, paper=paper)
    return acceptance


def _beneficiary_ready(project: Project, beneficiary: Beneficiary, on: date) -> None:
    if beneficiary.project_id != project.pk or beneficiary.removed_on is not None:
        raise Invalid(beneficiary=_("%(name)s không phải đơn vị thụ hưởng của đề án này.") % {"name": beneficiary})
    contract = SupportContract.objects.filter(beneficiary=beneficiary).first()
    if contract is None:
        raise NotPossible(_("%(name)s chưa có hợp đồng hỗ trợ.") % {"name": beneficiary})
    not_before(on, earlier=contract.signed_on, what=_("ngày ký hợp đồng hỗ trợ"))
    if Acceptance.objects.filter(project=project, beneficiary=beneficiary).exclude(verdict=Verdict.FAILED).exists():
        raise NotPossible(_("%(name)s đã được nghiệm thu.") % {"name": beneficiary})
    for purchase in Purchase.objects.filter(support_contract=contract):
        if purchase.delivered_on is None:
            raise NotPossible(_("“%(item)s” chưa được bàn giao nên chưa nghiệm thu được.") % {"item": purchase.item})
        not_before(on, earlier=purchase.delivered_on, what=_("ngày bàn giao máy"))
