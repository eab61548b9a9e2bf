"""Who is helped: named in the file, or later by the department's approval (Mẫu 11)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Act, Ground, ProjectForm
from khuyencong.people.models import User
from khuyencong.projects import queries, rules
from khuyencong.projects.enums import OtherSupport, ProjectState, Source
from khuyencong.projects.models import (
    Beneficiary,
    Project,
    StepTaken,
)
from khuyencong.projects.operations.shared import (
    day_fits,
    index,
    locked,
    not_closed,
    only_the_named,
    paper_fits,
    refuse_other_total,
    refuse_standing,
    standing,
    within_grant,
)


@transaction.atomic
def add_beneficiary(
    project: Project,
    *,
    establishment: Establishment,
    by: User,
    content: str = "",
    total: int = 0,
    national: int = 0,
    local: int = 0,
    counterpart: int = 0,
    other_support: str = "",
    other_support_told: str = "",
) -> Beneficiary:
    """One more establishment that the project helps; amounts in đồng, ``total`` is its whole investment (the sum of the
    others where it is not given).  ``other_support``: what it declares of other State money for the same item.

    While the file is written; in a group project also after approval, until the department approves the list (Mẫu 11, TT
    36/2013 Đ23.3).  Raises NotPossible otherwise and where granted money would not suffice, Invalid for a whole that is not the
    sum of its sources.
    """
    project = _open_to_beneficiaries(project, by=by)
    beneficiary = Beneficiary(
        project=project,
        establishment=establishment,
        content=content.strip(),
        total=total or national + local + counterpart,
        national=national,
        local=local,
        counterpart=counterpart,
        other_support=other_support,
        other_support_told=other_support_told.strip(),
    )
    _declared(beneficiary)
    refuse_other_total(beneficiary, project)
    standing(establishment, on=clock.today())
    checked(beneficiary)
    within_grant(project, beneficiary)
    beneficiary.save()
    index(project)
    project.save(update_fields=["words", "changed_at"])
    record("project.add_beneficiary", project, by=by, establishment=establishment, support=beneficiary.support)
    return beneficiary


@transaction.atomic
def change_beneficiary(
    beneficiary: Beneficiary,
    *,
    by: User,
    content: str | None = None,
    total: int | None = None,
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
    other_support: str | None = None,
    other_support_told: str | None = None,
) -> Beneficiary:
    """Correct what is said of a beneficiary that is not yet approved, as ``add_beneficiary`` says it; a whole that is not named
    follows its sources.  Raises NotPossible for one that is approved, Invalid for a whole that is not their sum."""
    project = _open_to_beneficiaries(beneficiary.project, by=by)
    _not_yet_approved(beneficiary)
    before = (beneficiary.national, beneficiary.local)
    sources = beneficiary.support + beneficiary.counterpart
    values = {"total": total, "national": national, "local": local, "counterpart": counterpart}
    for name, value in values.items():
        if value is not None:
            setattr(beneficiary, name, value)
    if total is None:
        beneficiary.total += beneficiary.support + beneficiary.counterpart - sources
    beneficiary.total = beneficiary.total or beneficiary.support + beneficiary.counterpart
    for name, text in (
        ("content", content),
        ("other_support", other_support),
        ("other_support_told", other_support_told),
    ):
        if text is not None:
            setattr(beneficiary, name, text.strip())
    _declared(beneficiary)
    if any(value is not None for value in values.values()):
        refuse_other_total(beneficiary, project)
    checked(beneficiary)
    if (
        beneficiary.national > before[0] or beneficiary.local > before[1]
    ):  # less than before is always a step the right way
        within_grant(project, beneficiary)
    beneficiary.save()
    record("project.change_beneficiary", project, by=by, establishment=beneficiary.establishment)
    return beneficiary


def _declared(beneficiary: Beneficiary) -> None:
    """Who declares other State money says what it was."""
    if beneficiary.other_support == OtherSupport.RECEIVED and not beneficiary.other_support_told:
        raise Invalid(other_support_told=_("Hãy ghi đã nhận gì, từ nguồn nào."))


@transaction.atomic
def remove_beneficiary(beneficiary: Beneficiary, *, by: User) -> None:
    """Take out a beneficiary that is not yet approved; lines of the estimate that named it stay without it.  Raises
    NotPossible for an approved one: that is a change by decision."""
    project = _open_to_beneficiaries(beneficiary.project, by=by)
    _not_yet_approved(beneficiary)
    beneficiary.cost_lines.update(beneficiary=None)
    record("project.remove_beneficiary", project, by=by, establishment=beneficiary.establishment)
    beneficiary.delete()
    index(project)
    project.save(update_fields=["words", "changed_at"])


def _open_to_beneficiaries(project: Project, *, by: User) -> Project:
    project = locked(project)
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)
    if why := queries.list_shut(project, on=clock.today()):
        raise NotPossible(why)
    return project


def _not_yet_approved(beneficiary: Beneficiary) -> None:
    if beneficiary.approved_on is not None:
        raise NotPossible(
            norms.cited(
                _("%(name)s đã được duyệt ngày %(day)s; thay đổi phải có quyết định điều chỉnh.")
                % {"name": beneficiary.establishment, "day": f"{beneficiary.approved_on:%d/%m/%Y}"},
                Ground.CHANGE,
                on=clock.today(),
                of=beneficiary.project,
            )
        )


@transaction.atomic
def approve_beneficiaries(
    project: Project, *, beneficiaries: Sequence[Beneficiary], by: User, on: date, paper: Paper
) -> list[Beneficiary]:
    """The department approves who is helped in a group project (Mẫu 11; TT 36/2013 Đ21.2a, Đ23.3), before any support
    contract.

    Norms and conditions of each are asked of the rules that the project keeps, with the facts of ``on``.  Raises NotPossible
    with the first sentence that stands in the way, for another kind of paper, outside the running of the project, or for
    one already approved.
    """
    project = locked(project)
    authorise(by, Permission.BENEFICIARIES_APPROVE, place=project.place, paper=paper)
    only_the_named(project, permission=Permission.BENEFICIARIES_APPROVE, act=Act.APPROVE_BENEFICIARIES, by=by, on=on)
    if project.form != ProjectForm.GROUP:
        raise NotPossible(
            norms.cited(
                _("Chỉ đề án nhóm mới được duyệt danh sách thụ hưởng sau."), Ground.GROUP_LIST, on=on, of=project
            )
        )
    if project.state not in (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING):
        raise NotPossible(_("Danh sách thụ hưởng chỉ duyệt khi đề án đã được phê duyệt và chưa nghiệm thu."))
    paper_fits(project, paper=paper, kinds=(PaperKind.GROUP_PLAN,), label=_("Duyệt danh sách thụ hưởng"))
    day_fits(project, on=on, paper=paper)
    chosen = list(
        Beneficiary.objects.filter(
            pk__in=[b.pk for b in beneficiaries], project=project, removed_on=None
        ).select_related("establishment__organisation", "establishment__commune", "establishment__province")
    )
    if not chosen or len(chosen) != len({b.pk for b in beneficiaries}):
        raise NotPossible(_("Hãy chọn đơn vị thụ hưởng của đề án này."))
    for b in chosen:
        if b.approved_on is not None:
            raise NotPossible(_("%(name)s đã được duyệt.") % {"name": b.establishment})
        within_grant(project, b)
        not_closed(b.establishment, on=on)
    told = queries.with_clearances(project, queries.list_findings(project, beneficiaries=chosen, on=on))
    refuse_standing(told)
    for b in chosen:
        b.approved_on, b.paper = on, paper
        b.save(update_fields=["approved_on", "paper"])
    _remember_list(project, by=by, on=on, paper=paper, note="; ".join(str(b.establishment) for b in chosen))
    record(
        "project.approve_beneficiaries",
        project,
        by=by,
        on=on,
        paper=paper,
        beneficiaries=[str(b.establishment) for b in chosen],
        support=sum(b.support for b in chosen),
    )
    return chosen


@transaction.atomic
def share_out(
    project: Project, *, shares: Mapping[Beneficiary, Mapping[str, int]], by: User, on: date, paper: Paper
) -> list[Beneficiary]:
    """The department sets again who gets how much (``national`` and ``local``, đồng), where less was granted than those who are
    helped were to have together (TT 36/2013 Đ21.2a).

    Whoever is not named keeps his share.  Raises NotPossible where the grant suffices, for another kind of paper, outside the
    running of the project, where it would still not suffice, or where more were taken than the grant asks, so that a part of it
    would be nobody's (a flagship spends the rest on its other work); Invalid for a share that is raised (that is a change by
    decision, Đ11) or below nothing.
    """
    project = locked(project)
    authorise(by, Permission.BENEFICIARIES_APPROVE, place=project.place, paper=paper)
    only_the_named(project, permission=Permission.BENEFICIARIES_APPROVE, act=Act.APPROVE_BENEFICIARIES, by=by, on=on)
    if not project.is_under_way or project.historical:
        raise NotPossible(
            _("Phần của từng đơn vị thụ hưởng chỉ xác định lại khi đề án đã được phê duyệt và chưa nghiệm thu.")
        )
    paper_fits(project, paper=paper, kinds=(PaperKind.GROUP_PLAN,), label=_("Xác định lại phần hỗ trợ"))
    day_fits(project, on=on, paper=paper)
    named = {b.pk: b for b in queries.helped(project)}
    if not rules.shares_over(project, named.values()):
        raise NotPossible(
            norms.cited(
                _(
                    "Phần của các đơn vị thụ hưởng nằm trong kinh phí được duyệt; thay đổi phải có quyết định điều chỉnh."
                ),
                Ground.CHANGE,
                on=on,
                of=project,
            )
        )
    if not {b.pk for b in shares} <= set(named):
        raise NotPossible(_("Hãy chọn đơn vị thụ hưởng của đề án này."))
    sums = {source: sum(getattr(b, source) for b in named.values()) for source in ("national", "local")}
    before = {str(b): {"national": b.national, "local": b.local} for b in named.values()}
    for one, amounts in shares.items():
        _lower(named[one.pk], amounts, on=on)
    if why := queries.shares_over(project, named.values(), on=on):
        raise NotPossible(why)
    if why := rules.shares_under(project, named.values(), before=sums):
        raise NotPossible(norms.cited(why, Ground.CHANGE, on=on, of=project))
    Beneficiary.objects.bulk_update(named.values(), ["national", "local"])
    after = {str(b): {"national": b.national, "local": b.local} for b in named.values()}
    with override("vi"):
        note = _("Xác định lại phần hỗ trợ")
    _remember_list(project, by=by, on=on, paper=paper, note=note)
    record("project.share_out", project, by=by, on=on, paper=paper, before=before, after=after)
    return list(named.values())


def _lower(beneficiary: Beneficiary, amounts: Mapping[str, int], *, on: date) -> None:
    for source, amount in amounts.items():
        facts = {"name": beneficiary, "source": Source(source).label, "most": dong(getattr(beneficiary, source))}
        if amount < 0:
            raise Invalid(shares=_("%(name)s, %(source)s: số tiền không được âm.") % facts)
        if amount > getattr(beneficiary, source):
            told = (
                _("%(name)s, %(source)s: đã được ghi %(most)s đồng; tăng thêm phải có quyết định điều chỉnh.") % facts
            )
            raise Invalid(shares=norms.cited(told, Ground.CHANGE, on=on, of=beneficiary.project))
        setattr(beneficiary, source, amount)


def accept_beneficiary(beneficiary: Beneficiary, *, on: date) -> None:
    """What it was helped with has been accepted (TT 36/2013 Đ14): from now on no decision ends its support.  A part of
    ``contracts.accept``, which authorises and remembers."""
    beneficiary.accepted_on = on
    beneficiary.save(update_fields=["accepted_on"])


def _remember_list(project: Project, *, by: User, on: date, paper: Paper, note: str) -> None:
    StepTaken.objects.create(
        project=project,
        name="beneficiaries",
        source=project.state,
        target=project.state,
        on=on,
        paper=paper,
        by=by,
        note=note[:500],
    )
