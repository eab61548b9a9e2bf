"""Which forms make sense for a project as it stands: by its kind, its form and how far it has come."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from khuyencong.documents.papers import Lack
from khuyencong.norms.enums import ProjectForm, ProjectKind
from khuyencong.projects.enums import APPROVED_ON, ProjectState
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers import appraisals, clusters, groups, requests, returns

Found = Iterable[tuple[str, Lack | None]]

TRAINING = (ProjectKind.VOCATIONAL_TRAINING,)
CLUSTERS = (ProjectKind.CLUSTER_INFRASTRUCTURE, ProjectKind.CLUSTER_POLLUTION)


def only_for(project: Project, kinds: tuple[ProjectKind, ...]) -> Lack | None:
    """A form of other kinds of project may still be printed: what a project is called is not all that it does."""
    if project.kind in kinds:
        return None
    named = "; ".join(str(kind.label).lower() for kind in kinds)
    return Lack(_("Dùng cho đề án: %(kinds)s.") % {"kinds": named})


def approved(project: Project) -> Lack | None:
    if project.state in APPROVED_ON:
        return None
    return Lack(_("Đề án chưa được phê duyệt: lập sau khi có quyết định phê duyệt."), refused=True)


def _past(project: Project) -> Lack | None:
    return Lack(_("Đề án đã được phê duyệt; chỉ in lại khi cần.")) if project.state in APPROVED_ON else None


def lacks(project: Project) -> dict[str, Lack]:
    """The forms that are not offered for this project now, each with its reason."""
    named = project.beneficiaries.filter(removed_on=None).exists()
    return {key: lack for key, lack in _found(project, named=named) if lack is not None}


def _found(project: Project, *, named: bool) -> Found:
    yield requests.REQUEST.key, _past(project)
    yield returns.RETURN.key, returns.lacking(project)
    unsent = Lack(_("Hồ sơ chưa gửi thẩm định: lập sau khi Sở Công Thương nhận hồ sơ."), refused=True)
    early = unsent if project.state == ProjectState.DRAFT else None
    yield (
        appraisals.SHEET_A.key,
        early or (Lack(_("Đề án có đơn vị thụ hưởng cụ thể: dùng Mẫu 4b.")) if named else None),
    )
    yield (
        appraisals.SHEET_B.key,
        early or (None if named else Lack(_("Đề án chưa có đơn vị thụ hưởng cụ thể: dùng Mẫu 4a."))),
    )
    group = project.form == ProjectForm.GROUP
    plan = None if group or project.kind in TRAINING else Lack(_("Dùng cho đề án lập theo nhóm và đề án đào tạo nghề."))
    yield groups.GROUP_PLAN.key, plan or approved(project)
    yield groups.GROUP_DECISION.key, _list_approval(project, named=named) if group else _no_group()
    yield groups.TRAINING.key, only_for(project, TRAINING)
    yield clusters.INFRASTRUCTURE.key, only_for(project, CLUSTERS)


def _no_group() -> Lack:
    return Lack(_("Chỉ dùng cho đề án lập theo nhóm."), refused=True)


def _list_approval(project: Project, *, named: bool) -> Lack | None:
    if (early := approved(project)) is not None or named:
        return early
    return Lack(_("Đề án chưa có đơn vị thụ hưởng nào để phê duyệt."), refused=True)


def beneficiary_lacks(beneficiary: Beneficiary) -> dict[str, Lack]:
    """What an establishment writes when it asks is behind it once the project is approved."""
    late = _past(beneficiary.project)
    return {form.key: late for form in (requests.BENEFICIARY_LETTER, requests.COMMITMENT) if late is not None}
