"""What an implementer asks to change, and the department's word on it (TT 36/2013 Đ11)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import ChangeKind, Ground, ProjectForm
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans import letters, queries
from khuyencong.plans.enums import RequestState
from khuyencong.plans.models import (
    ChangeRequest,
)
from khuyencong.plans.operations.shared import SOURCES, reason_of, refuse_day
from khuyencong.plans.rules import RANK, Authority, authority_of_change, why_unchangeable
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules import leaving_refused

# Which kind of change each thing is that may be asked for.
_KIND_OF = {
    "content": ChangeKind.CONTENT,
    "new_commune": ChangeKind.PLACE,
    "leaving": ChangeKind.BENEFICIARY,
    "coming": ChangeKind.BENEFICIARY,
    "partner": ChangeKind.PARTNER,
    **dict.fromkeys(SOURCES, ChangeKind.SAME_OR_LESS),
}


@transaction.atomic
def request_change(
    project: Project,
    *,
    kind: str,
    reason: str,
    by: User,
    on: date,
    paper: Paper,
    detail: str = "",
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
    other: int | None = None,
    ends_on: date | None = None,
    new_commune: Unit | None = None,
    content: str = "",
    leaving: Beneficiary | None = None,
    coming: Establishment | None = None,
    partner: Organisation | None = None,
    invented: bool = False,
) -> ChangeRequest:
    """The implementer asks in writing, with the reason, for a change of an approved project (TT 36/2013 Đ11.1).

    Amounts (đồng) are what the project is to have afterwards.  Who will decide is found in the norms of the letter's day and
    kept.  Raises NotPossible outside the running of the project, for another kind of paper, or while the same is asked
    already; Invalid where what the kind needs is not said, or where something is asked besides that somebody higher decides.
    """
    authorise(by, Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer, paper=paper)
    _can_be_asked(project, kind=kind, on=on, paper=paper)
    authority = authority_of_change(kind, project=project, on=on)
    request = ChangeRequest(
        project=project,
        province=project.province,
        commune=project.commune,
        kind=kind,
        reason=reason_of(reason),
        detail=" ".join(detail.split()),
        national=national,
        local=local,
        counterpart=counterpart,
        other=other,
        ends_on=ends_on,
        new_commune=new_commune,
        content=content.strip(),
        leaving=leaving,
        coming=coming,
        partner=partner,
        paper=paper,
        requested_on=on,
        authority_role=authority.role,
        authority_body=authority.body[:200],
        authority_basis=authority.basis[:300],
        invented=invented,
    )
    _says_what_it_needs(request, project)
    _refuse_beyond(authority, request, project, on=on)
    checked(request).save()
    told = {"change": request.get_kind_display(), "reason": request.reason}
    record("plan.request_change", project, by=by, on=on, paper=paper, **told)
    return request


@transaction.atomic
def confirm_request(request: ChangeRequest, *, by: User, on: date, paper: Paper | None = None) -> ChangeRequest:
    """The department confirms the implementer's request (TT 36/2013 Đ11.1).  Raises Invalid(on=…) for a day before the request
    or before the letter that confirms it, NotPossible once the project can no longer be changed."""
    request = _waiting_request(request, by=by, paper=paper)
    if why := why_unchangeable(request.project):
        raise NotPossible(why)
    refuse_day(on, not_before=max(request.requested_on, paper.signed_on if paper else request.requested_on))
    request.state, request.confirmation, request.confirmed_on = RequestState.CONFIRMED, paper, on
    checked(request).save()
    record("plan.confirm_request", request.project, by=by, on=on, paper=paper, change=request.get_kind_display())
    return request


@transaction.atomic
def refuse_request(
    request: ChangeRequest, *, reason: str, by: User, on: date, paper: Paper | None = None
) -> ChangeRequest:
    """The department does not confirm the request, or takes back its confirmation before anybody has decided, with the reason;
    who asked is told.  Raises NotPossible while a draft holds the request."""
    request = _waiting_request(request, by=by, paper=paper, states=(RequestState.REQUESTED, RequestState.CONFIRMED))
    if draft := queries.draft_holding(request):
        raise NotPossible(
            _("Đề nghị đang nằm trong %(decision)s: hãy bỏ dòng đó khỏi dự thảo trước.") % {"decision": draft}
        )
    earlier = request.confirmed_on or request.requested_on
    refuse_day(on, not_before=max(earlier, paper.signed_on if paper else earlier))
    request.state, request.answer = RequestState.REFUSED, reason_of(reason)
    checked(request).save()
    record("plan.refuse_request", request.project, by=by, on=on, paper=paper, reason=request.answer)
    letters.tell_refused_request(request, by=by)
    return request


def _waiting_request(
    request: ChangeRequest, *, by: User, paper: Paper | None, states: tuple[str, ...] = (RequestState.REQUESTED,)
) -> ChangeRequest:
    request = (
        ChangeRequest.objects.select_for_update(of=("self",))
        .select_related("project__province", "project__commune")
        .get(pk=request.pk)
    )
    authorise(by, Permission.CHANGE_CONFIRM, place=request.project.place, paper=paper)
    if request.state not in states:
        raise NotPossible(_("Đề nghị đang ở trạng thái “%(state)s”.") % {"state": request.get_state_display()})
    return request


def _can_be_asked(project: Project, *, kind: str, on: date, paper: Paper) -> None:
    """The project can be changed, the implementer's letter asks for it, and the same does not wait for a decision already."""
    if why := why_unchangeable(project):
        raise NotPossible(why)
    if paper.kind != PaperKind.REQUEST_LETTER:
        raise NotPossible(
            norms.cited(
                _("Đề nghị phải kèm công văn đề nghị của đơn vị thực hiện."), Ground.CHANGE_REQUEST, on=on, of=project
            )
        )
    if kind not in ChangeKind.values or kind in (ChangeKind.ADD, ChangeKind.STOP_FOR_VIOLATION):
        raise Invalid(kind=_("Hãy chọn loại điều chỉnh."))
    refuse_day(on, not_before=paper.signed_on)
    waiting = ChangeRequest.objects.filter(
        project=project, kind=kind, state__in=[RequestState.REQUESTED, RequestState.CONFIRMED]
    )
    if waiting.exists():
        raise NotPossible(_("Đề án đang có đề nghị cùng loại chưa được quyết định."))


def _says_what_it_needs(request: ChangeRequest, project: Project) -> None:
    """Each kind names the thing it changes; support may rise only where a raise is asked for."""
    kind = request.kind
    after = [project.granted_national or 0 if request.national is None else request.national]
    after.append(project.granted_local or 0 if request.local is None else request.local)
    now = project.granted or 0
    if kind == ChangeKind.INCREASE_TOTAL and sum(after) <= now:
        raise Invalid(national=_("Mức đề nghị phải cao hơn %(now)s đồng đã duyệt.") % {"now": dong(now)})
    if kind != ChangeKind.INCREASE_TOTAL and sum(after) > now:
        raise Invalid(
            kind=_("Tổng kinh phí hỗ trợ tăng so với %(now)s đồng đã duyệt: hãy chọn “%(kind)s”.")
            % {"now": dong(now), "kind": ChangeKind.INCREASE_TOTAL.label}
        )
    year = project.ends_on.year if project.ends_on else project.year
    if kind == ChangeKind.EXTEND_NEXT_YEAR:
        last = (
            max(year, request.requested_on.year) + 1
        )  # one of long ago is extended into the year after its letter at most
        if request.ends_on is None or not year < request.ends_on.year <= last:
            raise Invalid(ends_on=_("Hãy ghi thời hạn mới, sang năm sau, không quá năm %(year)s.") % {"year": last})
    if kind == ChangeKind.TIME_IN_YEAR and (request.ends_on is None or request.ends_on.year > year):
        raise Invalid(ends_on=_("Hãy ghi thời hạn mới trong năm tài chính; sang năm sau là gia hạn."))
    if kind not in (ChangeKind.EXTEND_NEXT_YEAR, ChangeKind.TIME_IN_YEAR) and request.ends_on is not None:
        raise Invalid(ends_on=_("Loại điều chỉnh này không đổi thời hạn."))
    if request.ends_on is not None and project.starts_on is not None and request.ends_on < project.starts_on:
        raise Invalid(ends_on=_("Ngày kết thúc không được trước ngày bắt đầu."))
    if kind == ChangeKind.PLACE and request.new_commune is None:
        raise Invalid(new_commune=_("Hãy chọn địa điểm mới."))
    if kind == ChangeKind.PLACE and request.new_commune and request.new_commune.province_id != project.province_id:
        raise Invalid(new_commune=_("Địa điểm mới phải trong tỉnh."))
    if kind == ChangeKind.BENEFICIARY and request.leaving is None and request.coming is None:
        raise Invalid(leaving=_("Hãy chọn đơn vị thôi thụ hưởng hoặc cơ sở thay thế."))
    _names_whom_it_changes(request, project)
    if kind == ChangeKind.PARTNER and request.partner is None:
        raise Invalid(partner=_("Hãy chọn đơn vị phối hợp mới."))
    if kind == ChangeKind.CONTENT and not request.content:
        raise Invalid(content=_("Hãy ghi nội dung hoạt động mới."))
    if kind == ChangeKind.OTHER and not request.detail:
        raise Invalid(detail=_("Hãy ghi nội dung đề nghị."))


def _names_whom_it_changes(request: ChangeRequest, project: Project) -> None:
    """Who leaves is helped now, who comes is not, and a single project helps one."""
    leaving, coming = request.leaving, request.coming
    if leaving is not None and (leaving.project_id != project.pk or leaving.removed_on is not None):
        raise Invalid(leaving=_("Đơn vị này không thụ hưởng đề án."))
    if leaving is not None and (told := leaving_refused(leaving)):
        raise Invalid(leaving=told)
    if coming is None:
        return
    if coming.province_id != project.province_id:
        raise Invalid(coming=_("Cơ sở thay thế phải trong tỉnh."))
    staying = project.beneficiaries.filter(removed_on=None).exclude(pk=leaving.pk if leaving else None)
    if staying.filter(establishment=coming).exists():
        raise Invalid(coming=_("Cơ sở này đã là đơn vị thụ hưởng của đề án."))
    if project.form == ProjectForm.SINGLE and staying.exists():
        raise Invalid(leaving=_("Đề án đơn lẻ chỉ có một đơn vị thụ hưởng: hãy chọn đơn vị thôi thụ hưởng."))


def _refuse_beyond(authority: Authority, request: ChangeRequest, project: Project, *, on: date) -> None:
    """What is asked besides goes with the request only where nobody higher than who decides it decides that (TT 36/2013
    Đ11.2)."""
    for name, kind in _KIND_OF.items():
        now = (getattr(project, f"granted_{name}") or 0) if name in SOURCES else ""
        if kind == request.kind or getattr(request, name) in (None, now):
            continue
        own = authority_of_change(kind, project=project, on=on)
        if RANK.index(own.role) > RANK.index(authority.role):
            basis = norms.ground(Ground.CHANGE, on=on, of=project).citation
            higher = _("người có thẩm quyền cao hơn") + (f" ({basis})" if basis else "")
            who = f"{own.body} ({own.basis})" if own.body else higher
            raise Invalid(
                **{
                    name: _("“%(kind)s” do %(who)s quyết định: hãy lập đề nghị riêng, không ghi kèm “%(asked)s”.")
                    % {"kind": kind.label, "who": who, "asked": request.get_kind_display()}
                }
            )
