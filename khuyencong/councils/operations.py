"""Setting up councils, declaring conflicts, giving sheets."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.councils.enums import Conclusion, ConflictOrigin, Kind, MemberRole, Point, Result
from khuyencong.councils.models import Conflict, Council, Member, Session, Sheet, SheetPoint
from khuyencong.councils.rules import Subject, conflict_of
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


class Mark(TypedDict, total=False):
    """What a judge writes for one point."""

    result: str
    score: int
    comment: str


def _place(council: Council) -> Unit:
    return council.commune or council.province


def _not_in_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


@transaction.atomic
def form(
    *,
    name: str,
    province: Unit,
    by: User,
    on: date,
    paper: Paper,
    commune: Unit | None = None,
    kind: str = Kind.APPRAISAL,
    points_each: int = 20,
) -> Council:
    """Set a council up by its decision (TT 36/2013 Đ8.1a).  Raises NotPossible for another kind of paper, Invalid for a day
    that has not come or lies before the decision."""
    authorise(by, Permission.COUNCIL_FORM, place=commune or province, paper=paper)
    if paper.kind != PaperKind.COUNCIL_DECISION:
        raise NotPossible(_("Thành lập hội đồng phải có quyết định thành lập hội đồng."))
    _not_in_future(on)
    if on < paper.signed_on:
        raise Invalid(on=_("Hội đồng không thể có trước ngày ký quyết định thành lập."))
    council = Council(
        kind=kind,
        name=" ".join(name.split()),
        paper=paper,
        province=province,
        commune=commune,
        formed_on=on,
        points_each=points_each,
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
    """One more judge.  With ``user`` the name is that of the account.  Raises NotPossible for a council that has ended or
    that has a chair already, Invalid(name=…) without a name."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(council), paper=council.paper)
    if council.dissolved_on is not None:
        raise NotPossible(_("Hội đồng đã kết thúc ngày %(day)s.") % {"day": f"{council.dissolved_on:%d/%m/%Y}"})
    name = " ".join(name.split()) or (str(user) if user else "")
    if not name:
        raise Invalid(name=_("Hãy ghi họ tên thành viên."))
    if role == MemberRole.CHAIR and council.members.filter(role=MemberRole.CHAIR, left_on=None).exists():
        raise NotPossible(_("Hội đồng đã có Chủ tịch."))
    member = Member(
        council=council,
        user=user,
        name=name,
        organisation=organisation,
        role=role,
        title=title.strip(),
        tax_code=tax_code.strip(),
        address=" ".join(address.split()),
    )
    checked(member).save()
    record("council.add_member", council, by=by, member=name, role=role)
    return member


@transaction.atomic
def remove_member(member: Member, *, by: User, on: date) -> Member:
    """A judge leaves; his sheets stay.  Raises NotPossible when he has left already."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(member.council), paper=member.council.paper)
    _not_in_future(on)
    if member.left_on is not None:
        raise NotPossible(_("%(name)s đã thôi tham gia hội đồng.") % {"name": member.name})
    member.left_on = on
    member.save(update_fields=["left_on"])
    record("council.remove_member", member.council, by=by, on=on, member=member.name)
    return member


@transaction.atomic
def dissolve(council: Council, *, by: User, on: date) -> Council:
    """The council's work is done.  Raises NotPossible when it has ended before."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(council), paper=council.paper)
    _not_in_future(on)
    if council.dissolved_on is not None:
        raise NotPossible(_("Hội đồng đã kết thúc."))
    council.dissolved_on = on
    checked(council).save()
    record("council.dissolve", council, by=by, on=on)
    return council


@transaction.atomic
def declare_conflict(member: Member, *, subject: Subject, reason: str, by: User) -> Conflict:
    """A judge says that he must not judge ``subject``; his sheet on it, if there is one, no longer counts and is taken back.

    He declares for himself; whoever forms the council may enter it for him.  Raises Invalid(reason=…) without a reason.
    """
    if member.user_id != by.pk:
        authorise(by, Permission.COUNCIL_FORM, place=_place(member.council), paper=member.council.paper)
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi quan hệ lợi ích với đề án này."))
    return _conflict(member, subject=subject, reason=reason, origin=ConflictOrigin.DECLARED, by=by)


def _conflict(member: Member, *, subject: Subject, reason: str, origin: str, by: User) -> Conflict:
    taken_back = member.sheets.filter(subject_uid=subject.uid).first()
    conflict, made = Conflict.objects.get_or_create(
        member=member,
        subject_uid=subject.uid,
        defaults={"subject_label": subject.label[:420], "reason": reason[:400], "origin": origin, "by": by},
    )
    if made:
        if taken_back is not None:
            taken_back.delete()
        record(
            "council.conflict",
            member.council,
            by=by,
            member=member.name,
            subject_label=subject.label,
            reason=reason,
            origin=origin,
            sheet_taken_back=taken_back is not None,
        )
    return conflict


@transaction.atomic
def score(
    member: Member,
    *,
    subject: Subject,
    marks: Mapping[int, Mark],
    conclusion: str,
    by: User,
    on: date,
    comment: str = "",
    paper: Paper | None = None,
) -> Sheet:
    """Give or correct a sheet: the five points of TT 36/2013 Đ9, each with result, score and comment; their sum is kept.

    The judge himself, or the council's secretary or whoever forms it from his signed sheet (``paper``).  Raises NotAllowed
    for a judge who has declared a conflict or in whom one is found (it is remembered), NotPossible outside the council's
    time, Invalid(point_N=…) for a missing point or one above the council's maximum.
    """
    member = Member.objects.select_related(
        "council__paper", "council__province", "council__commune", "organisation"
    ).get(pk=member.pk)
    council = member.council
    if member.user_id != by.pk and not _secretary(council, by=by):
        authorise(by, Permission.COUNCIL_FORM, place=_place(council))
    if member.user_id != by.pk and paper is None:
        raise NotPossible(_("Nhập thay phiếu của %(name)s phải kèm phiếu đã ký.") % {"name": member.name})
    _not_in_future(on)
    if on < council.formed_on or (council.dissolved_on and on > council.dissolved_on):
        raise NotPossible(_("Ngày chấm nằm ngoài thời gian làm việc của hội đồng."))
    if member.left_on is not None and on >= member.left_on:
        raise NotPossible(_("%(name)s đã thôi tham gia hội đồng.") % {"name": member.name})
    declared = member.conflicts.filter(subject_uid=subject.uid).first()
    if declared is not None:
        raise NotAllowed(
            _("%(name)s không được chấm đề án này: %(reason)s") % {"name": member.name, "reason": declared.reason}
        )
    if found := conflict_found(member, subject=subject):
        raise NotAllowed(_("%(name)s không được chấm đề án này: %(reason)s") % {"name": member.name, "reason": found})
    if conclusion not in Conclusion.values:
        raise Invalid(conclusion=_("Hãy chọn kết luận."))
    total = _checked_total(marks, limit=council.points_each)
    sheet, made = Sheet.objects.update_or_create(
        member=member,
        subject_uid=subject.uid,
        defaults={
            "subject_label": subject.label[:420],
            "on": on,
            "conclusion": conclusion,
            "comment": comment.strip(),
            "total": total,
            "paper": paper,
            "by": by,
        },
    )
    sheet.points.all().delete()
    SheetPoint.objects.bulk_create(
        SheetPoint(
            sheet=sheet,
            point=point,
            result=marks[point]["result"],
            score=marks[point]["score"],
            comment=marks[point].get("comment", "").strip()[:500],
        )
        for point in Point.values
    )
    record(
        "council.score" if made else "council.rescore",
        council,
        by=by,
        on=on,
        paper=paper,
        member=member.name,
        subject_label=subject.label,
        total=total,
        conclusion=conclusion,
    )
    return sheet


def conflict_found(member: Member, *, subject: Subject) -> str | None:
    """What in the register says that this judge must not judge ``subject``; None when nothing does.  Writes nothing."""
    return conflict_of(
        name=member.name,
        organisation_id=member.organisation_id,
        tax_code=member.tax_code or (member.organisation.tax_code if member.organisation else ""),
        address=member.address,
        parties=subject.parties,
    )


@transaction.atomic
def find_conflicts(council: Council, *, subject: Subject, by: User) -> list[Conflict]:
    """Look every judge up against the parties of ``subject`` and keep what is found."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(council), paper=council.paper)
    found = []
    for member in council.members.filter(left_on=None).select_related("organisation", "council"):
        if reason := conflict_found(member, subject=subject):
            found.append(_conflict(member, subject=subject, reason=reason, origin=ConflictOrigin.FOUND, by=by))
    return found


def _secretary(council: Council, *, by: User) -> bool:
    return council.members.filter(user=by, role=MemberRole.SECRETARY, left_on=None).exists()


def _checked_total(marks: Mapping[int, Mark], *, limit: int) -> int:
    faults: dict[str, str] = {}
    for point in Point:
        mark = marks.get(point.value)
        if mark is None or mark.get("result") not in Result.values or mark.get("score") is None:
            faults[f"point_{point.value}"] = _("Hãy chấm tiêu chí “%(point)s”.") % {"point": point.label}
        elif not 0 <= mark["score"] <= limit:
            faults[f"point_{point.value}"] = _("Điểm từ 0 đến %(limit)s.") % {"limit": limit}
    if faults:
        raise Invalid(**faults)
    return sum(marks[point]["score"] for point in Point.values)


@transaction.atomic
def call_session(council: Council, *, on: date, by: User, place: str = "", agenda: str = "") -> Session:
    """Fix a meeting; its day may lie ahead.  Raises Invalid(on=…) for a day before the council was set up."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(council), paper=council.paper)
    if on < council.formed_on:
        raise Invalid(on=_("Phiên họp không thể trước ngày thành lập hội đồng."))
    session = Session(council=council, on=on, place=place.strip(), agenda=agenda.strip())
    checked(session).save()
    record("council.call_session", council, by=by, on=on, place=place)
    return session


@transaction.atomic
def keep_minutes(session: Session, *, paper: Paper, summary: str, by: User) -> Session:
    """Lay the signed minutes to their meeting.  Raises NotPossible for another kind of paper, Invalid where the minutes are
    older than the meeting."""
    authorise(by, Permission.COUNCIL_FORM, place=_place(session.council), paper=session.council.paper)
    if paper.kind != PaperKind.MINUTES:
        raise NotPossible(_("Phải kèm biên bản họp."))
    if paper.signed_on < session.on:
        raise Invalid(paper=_("Biên bản không thể ký trước ngày họp."))
    session.minutes, session.summary = paper, summary.strip()
    session.save(update_fields=["minutes", "summary"])
    record("council.minutes", session.council, by=by, on=session.on, paper=paper)
    return session
