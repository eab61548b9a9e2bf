"""Setting up a council or the staff that appraises; who sits in it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.text import fold
from khuyencong.councils.enums import Kind, MemberRole, Tier
from khuyencong.councils.models import Council, Member
from khuyencong.councils.operations.shared import forms, not_in_future, running
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.organisations import rules as bodies
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places import queries as places
from khuyencong.places.models import Unit

# By which paper: a council by its own decision, staff by the assignment of its head.
PAPERS = {Kind.APPRAISAL: PaperKind.COUNCIL_DECISION, Kind.OFFICER: PaperKind.MANDATE}


@transaction.atomic
def form(
    *,
    name: str,
    province: Unit | None,
    by: User,
    on: date,
    paper: Paper,
    commune: Unit | None = None,
    kind: str = Kind.APPRAISAL,
    tier: str = Tier.BASE,
) -> Council:
    """Set a council up by its decision, or staff by its assignment (TT 36/2013 Đ8.1a, Đ8.2).

    Raises NotPossible for another kind of paper, Invalid for a day that has not come or lies before the paper or for a council
    of the ministry with a province; NotAllowed for the ministry's agency where a department forms its own.
    """
    authorise(by, Permission.COUNCIL_FORM, place=commune or province, paper=paper)
    if tier == Tier.BASE and by.scope(Permission.COUNCIL_FORM).whole_country:
        raise NotAllowed(norms.cited(_("Thẩm định cấp cơ sở do Sở Công Thương tổ chức."), Ground.BASE_APPRAISAL, on=on))
    if paper.kind != PAPERS[Kind(kind)]:
        raise NotPossible(
            _("Thành lập hội đồng phải có quyết định thành lập hội đồng.")
            if kind == Kind.APPRAISAL
            else _("Phân công cán bộ thẩm định phải có quyết định phân công.")
        )
    not_in_future(on)
    if on < paper.signed_on:
        raise Invalid(on=_("Hội đồng không thể có trước ngày ký quyết định thành lập."))
    council = Council(
        kind=kind,
        tier=tier,
        name=" ".join(name.split()),
        paper=paper,
        province=province,
        commune=commune,
        formed_on=on,
    )
    checked(council).save()
    record("council.form", council, by=by, on=on, paper=paper)
    return council


@transaction.atomic
def add_member(
    council: Council,
    *,
    by: User,
    name: str = "",
    user: User | None = None,
    organisation: Organisation | None = None,
    role: str = MemberRole.MEMBER,
    title: str = "",
    tax_code: str = "",
    address: str = "",
) -> Member:
    """One more judge.  With ``user`` the name is that of the account, and so are title and body where none are said.

    Raises NotPossible for a council that has ended or that has a chair already, or a chair among staff; Invalid without a name,
    for somebody without an account who sits there already, and for a tax code that cannot be one.
    """
    forms(council, by=by)
    running(council)
    name = " ".join(name.split()) or (str(user) if user else "")
    if not name:
        raise Invalid(name=_("Hãy ghi họ tên thành viên."))
    if role != MemberRole.MEMBER and not council.meets:
        raise Invalid(role=_("Cán bộ thẩm định theo phân công không có Chủ tịch, Thư ký."))
    if role == MemberRole.CHAIR and council.members.filter(role=MemberRole.CHAIR, left_on=None).exists():
        raise NotPossible(_("Hội đồng đã có Chủ tịch."))
    address, title = " ".join(address.split()), " ".join(title.split())
    if user is not None:
        title = title or user.title
    if user is not None and organisation is None:
        told = (body for mandate in user.mandates_today for body in (mandate.employer, mandate.organisation))
        organisation = next(filter(None, told), None)
    if user is None:
        _refuse_twice(council, name=name, organisation=organisation, title=title, address=address)
    member = Member(
        council=council,
        user=user,
        name=name,
        organisation=organisation,
        role=role,
        title=title,
        tax_code=bodies.tax_code(tax_code),
        address=address,
        commune=places.resolve(address).commune if address else None,
    )
    checked(member).save()
    record("council.add_member", council, by=by, member=name, role=role)
    return member


def _refuse_twice(council: Council, *, name: str, organisation: Organisation | None, title: str, address: str) -> None:
    """An outsider told by the same words sits already: sent twice, he would have two votes."""
    for seat in council.members.filter(user=None, left_on=None, organisation=organisation):
        same = ((seat.name, name), (seat.title, title), (seat.address, address))
        if all(fold(one) == fold(other) for one, other in same):
            raise Invalid(
                name=_(
                    "%(name)s đã là thành viên của hội đồng. Người khác cùng tên thì ghi thêm chức danh hoặc đơn vị để phân biệt."
                )
                % {"name": name}
            )


@transaction.atomic
def remove_member(member: Member, *, by: User, on: date) -> Member:
    """A judge leaves; his sheets stay.  Raises NotPossible when he has left already."""
    forms(member.council, by=by)
    not_in_future(on)
    if member.left_on is not None:
        raise NotPossible(_("%(name)s đã thôi tham gia hội đồng.") % {"name": member.name})
    member.left_on = on
    member.save(update_fields=["left_on"])
    record("council.remove_member", member.council, by=by, on=on, member=member.name)
    return member


@transaction.atomic
def dissolve(council: Council, *, by: User, on: date) -> Council:
    """The council's work is done.  Raises NotPossible when it has ended before."""
    forms(council, by=by)
    not_in_future(on)
    running(council)
    council.dissolved_on = on
    checked(council).save()
    record("council.dissolve", council, by=by, on=on)
    return council
