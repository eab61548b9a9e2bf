"""Base acceptance: the department chairs, the Centre, the commune and the beneficiary are there, counterpart is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.contracts import queries, rules
from khuyencong.contracts.enums import AcceptanceForm, Verdict
from khuyencong.contracts.models import Acceptance, AcceptanceSeat, Purchase, SupportContract
from khuyencong.contracts.operations.shared import (
    allow,
    assignment_of,
    in_state,
    keep,
    locked,
    not_accepted,
    not_before,
    not_future,
    not_negative,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, ProjectKind
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

    Volumes in đồng, the counterpart's included; where less of it is there than was promised, or the verdict is not passed,
    ``note`` says why, and settlement counts no more of it.  Another try comes after the one that failed.  Raises NotPossible
    where the wrong body chairs, somebody is missing, the machine has not been delivered, or the beneficiary was accepted
    before.  When the last one is accepted, so is the project; where the last one fell away by decision, an acceptance of the
    whole project ends it.
    """
    project = locked(project)
    allow(by, Permission.ACCEPT, project, paper=paper)
    in_state(project, ProjectState.RUNNING, act=_("Nghiệm thu cơ sở"))
    not_future(on)
    with_paper(paper, PaperKind.ACCEPTANCE, project=project, on=on)
    not_before(on, earlier=assignment_of(project).signed_on, what=_("ngày giao nhiệm vụ"))
    not_negative(state_volume=state_volume, counterpart_volume=counterpart_volume)
    if beneficiary is None and queries.not_yet_accepted(project):
        raise Invalid(beneficiary=_("Đề án có đơn vị thụ hưởng chưa nghiệm thu: hãy chọn cơ sở được nghiệm thu."))
    contract = None if beneficiary is None else _contract_ready(project, beneficiary, on)
    _after_failed(project, beneficiary, on)
    promised = _volumes_fit(project, contract, state_volume, counterpart_volume, verdict, on)
    if verdict == Verdict.FAILED:
        state_volume = counterpart_volume = 0  # nothing is accepted
    else:
        _shortfall_explained(project, promised, counterpart_volume, note, on)
    if verdict != Verdict.PASSED and not note.strip():
        raise Invalid(note=_("Không đạt hoặc đạt một phần thì ghi rõ phần chưa đạt, lý do."))
    _seats_fit(project, seats, form=form, on=on, beneficiary=beneficiary)
    acceptance = _write(
        seats,
        project=project,
        beneficiary=beneficiary,
        form=form,
        on=on,
        place=place,
        state_volume=state_volume,
        counterpart_volume=counterpart_volume,
        verdict=verdict,
        note=note,
        paper=paper,
        by=by,
    )
    if verdict != Verdict.FAILED:
        _into_the_file(acceptance, by=by)
    told = {"verdict": verdict, "state": state_volume, "counterpart": counterpart_volume}
    record("contract.accept", acceptance, by=by, on=on, paper=paper, beneficiary=str(beneficiary or ""), **told)
    if verdict != Verdict.FAILED and not queries.not_yet_accepted(project):
        last = queries.last_acceptance(project) or acceptance  # the whole has the day of the last, however recorded
        projects.accept(project, by=by, on=last.on, paper=paper)
    return acceptance


@transaction.atomic
def accept_done(
    project: Project,
    *,
    place: str,
    state_volume: int,
    seats: Sequence[Sitting],
    note: str,
    by: User,
    on: date,
    paper: Paper,
    explanation: Paper,
    counterpart_volume: int = 0,
    form: str = AcceptanceForm.A,
) -> Acceptance:
    """Confirm what was done of a project that force majeure keeps from its end; settlement then follows the volume (TT 36/2013
    Đ18.4).  Volumes in đồng, of what was not accepted before.

    ``explanation`` is the implementer's letter, ``paper`` the record of department and commune.  Raises NotPossible for another
    paper or where somebody is missing, Invalid without volume, without what happened, or beyond the support.
    """
    project = locked(project)
    allow(by, Permission.ACCEPT, project, paper=paper)
    in_state(project, ProjectState.RUNNING, act=_("Nghiệm thu khối lượng đã làm"))
    not_future(on)
    with_paper(explanation, PaperKind.EXPLANATION, project=project, on=on)
    with_paper(paper, PaperKind.ACCEPTANCE, project=project, on=on)
    not_before(on, earlier=assignment_of(project).signed_on, what=_("ngày giao nhiệm vụ"))
    if not note.strip():
        raise Invalid(note=_("Hãy ghi sự việc bất khả kháng và khối lượng đã làm."))
    not_negative(state_volume=state_volume, counterpart_volume=counterpart_volume)
    if state_volume + counterpart_volume == 0:
        raise Invalid(state_volume=_("Chưa làm được gì thì đề án ngừng thực hiện, không nghiệm thu."))
    _after_accepted(project, state_volume, on)
    _seats_fit(project, seats, form=form, on=on, force_majeure=True)
    acceptance = _write(
        seats,
        project=project,
        form=form,
        on=on,
        place=place,
        state_volume=state_volume,
        counterpart_volume=counterpart_volume,
        verdict=Verdict.PARTIAL,
        note=note,
        paper=paper,
        force_majeure=True,
        explanation=explanation,
        by=by,
    )
    keep(project, "acceptance", "acceptance_5a", "acceptance_5b", paper=paper, by=by, on=on)
    keep(project, "explanation", paper=explanation, by=by, on=on)
    told = {"state": state_volume, "counterpart": counterpart_volume, "note": acceptance.note}
    record("contract.accept_done", acceptance, by=by, on=on, paper=paper, **told)
    projects.accept(project, by=by, on=on, paper=paper)
    return acceptance


def _write(seats: Sequence[Sitting], *, place: str, note: str, **facts: Any) -> Acceptance:
    acceptance = checked(Acceptance(place=" ".join(place.split()), note=note.strip(), **facts))
    acceptance.save()
    for seat in seats:
        checked(
            AcceptanceSeat(
                acceptance=acceptance,
                organisation=seat.organisation,
                name=" ".join(seat.name.split()),
                title=" ".join(seat.title.split()),
                role=seat.role,
            )
        ).save()
    return acceptance


def _into_the_file(acceptance: Acceptance, *, by: User) -> None:
    """What was accepted: the beneficiary has its day, the file its record of the form that was used."""
    beneficiary = acceptance.beneficiary
    if beneficiary is not None:
        projects.accept_beneficiary(beneficiary, on=acceptance.on)
    line = "acceptance_5a" if acceptance.form == AcceptanceForm.A else "acceptance_5b"
    party = beneficiary.establishment.organisation if beneficiary else None
    keep(acceptance.project, "acceptance", line, paper=acceptance.paper, by=by, on=acceptance.on, party=party)


def _seats_fit(
    project: Project,
    seats: Sequence[Sitting],
    *,
    form: str,
    on: date,
    beneficiary: Beneficiary | None = None,
    force_majeure: bool = False,
) -> None:
    if form not in rules.record_forms(project):
        raise Invalid(form=_("Mẫu 5c chỉ dùng khi Cục nghiệm thu đề án khuyến công quốc gia; hãy chọn mẫu khác."))
    chair = queries.chair_of(project, form=form, on=on)
    sentence = rules.seats_wrong(
        seats,
        chair=chair,
        chair_ids=list(queries.chairing_bodies(chair, project).values_list("pk", flat=True)),
        implementer_id=project.implementer_id,
        beneficiary_id=beneficiary.establishment.organisation_id if beneficiary else None,
        force_majeure=force_majeure,
    )
    if sentence:
        raise NotPossible(sentence)


def _volumes_fit(
    project: Project, contract: SupportContract | None, state: int, counterpart: int, verdict: str, on: date
) -> int:
    """State volume within the support, counterpart's counted where it was promised (TTLT 26/2014 Đ8.3b); returns what was
    promised of it.  A whole project has what was accepted of its beneficiaries behind it: only the rest is left to accept."""
    earlier = 0
    if contract is not None:
        most, promised = contract.national + contract.local, contract.counterpart
    else:
        earlier, own = queries.accepted_volumes(project) or (0, 0)
        most = max((project.granted or 0) - earlier, 0)
        promised = max((project.granted_counterpart or 0) - own, 0)
    if state > most:
        raise Invalid(
            state_volume=_("Khối lượng từ kinh phí nhà nước vượt mức hỗ trợ %(most)s đồng.") % {"most": dong(most)}
        )
    if verdict == Verdict.FAILED:
        return promised
    if state + counterpart == 0 and not earlier:
        raise Invalid(state_volume=_("Nghiệm thu đạt thì phải có khối lượng."))
    if promised and not counterpart and not (contract is None and queries.helped(project).exists()):
        raise Invalid(
            counterpart_volume=norms.cited(
                _("Nghiệm thu phải gồm cả khối lượng từ vốn đối ứng đã cam kết %(promised)s đồng.")
                % {"promised": dong(promised)},
                Ground.COUNTERPART_VOLUME,
                on=on,
                of=project,
            )
        )
    return promised


def _after_failed(project: Project, beneficiary: Beneficiary | None, on: date) -> None:
    """Another try is not dated before the one that failed."""
    failed = Acceptance.objects.filter(project=project, beneficiary=beneficiary, verdict=Verdict.FAILED)
    for earlier in failed.order_by("-on")[:1]:
        not_before(on, earlier=earlier.on, what=_("ngày nghiệm thu chưa đạt"))


def _after_accepted(project: Project, state: int, on: date) -> None:
    """What force majeure leaves is counted after what was accepted before, and within what that left of the support."""
    before = Acceptance.objects.filter(project=project).exclude(verdict=Verdict.FAILED)
    for earlier in before.order_by("-on")[:1]:
        not_before(on, earlier=earlier.on, what=_("ngày nghiệm thu trước đó"))
    left = (project.granted or 0) - sum(before.values_list("state_volume", flat=True))
    if state > left:
        raise Invalid(
            state_volume=_("Khối lượng từ kinh phí nhà nước vượt mức hỗ trợ chưa nghiệm thu %(left)s đồng.")
            % {"left": dong(left)}
        )


def _shortfall_explained(project: Project, promised: int, counterpart: int, note: str, on: date) -> None:
    """Less counterpart than was promised is accepted only with its reason: a cheaper machine, a part not done."""
    if counterpart >= promised or note.strip() or (not counterpart and queries.helped(project).exists()):
        return
    told = _(
        "Đối ứng nghiệm thu %(counterpart)s đồng, thiếu %(missing)s đồng so với cam kết: hãy ghi lý do. Quyết toán chỉ tính "
        "đối ứng đã nghiệm thu."
    ) % {"counterpart": dong(counterpart), "missing": dong(promised - counterpart)}
    raise Invalid(note=norms.cited(told, Ground.COUNTERPART_VOLUME, on=on, of=project))


def _contract_ready(project: Project, beneficiary: Beneficiary, on: date) -> SupportContract:
    if beneficiary.project_id != project.pk or beneficiary.removed_on is not None:
        raise Invalid(beneficiary=_("%(name)s không phải đơn vị thụ hưởng của đề án này.") % {"name": beneficiary})
    contract = SupportContract.objects.filter(beneficiary=beneficiary).first()
    if contract is None:
        raise NotPossible(_("%(name)s chưa có hợp đồng hỗ trợ.") % {"name": beneficiary})
    not_before(on, earlier=contract.signed_on, what=_("ngày ký hợp đồng hỗ trợ"))
    not_accepted(beneficiary)
    purchases = list(Purchase.objects.filter(support_contract=contract))
    if not purchases and project.kind == ProjectKind.MACHINERY:
        raise NotPossible(_("%(name)s chưa ghi máy đã mua và bàn giao.") % {"name": beneficiary})
    for purchase in purchases:
        if purchase.delivered_on is None:
            raise NotPossible(_("“%(item)s” chưa được bàn giao nên chưa nghiệm thu được.") % {"item": purchase.item})
        not_before(on, earlier=purchase.delivered_on, what=_("ngày bàn giao máy"))
    for order in queries.orders_of_contract(contract):
        raise NotPossible(
            _("%(order)s Phải có người của Sở cho qua, kèm lý do, rồi mới nghiệm thu được.") % {"order": order.sentence}
        )
    return contract
