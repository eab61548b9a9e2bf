"""Meetings: called, attended, voted, put into minutes."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.councils import queries
from khuyencong.councils.enums import Conclusion
from khuyencong.councils.models import Attendance, Council, Member, Session, Vote
from khuyencong.councils.operations.shared import forms, leads, not_bound, not_in_future
from khuyencong.councils.rules import Subject
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.documents.operations import close
from khuyencong.people.models import User


@transaction.atomic
def call_session(council: Council, *, on: date, by: User, place: str = "", agenda: str = "") -> Session:
    """Fix a meeting; its day may lie ahead.  Raises Invalid(on=…) for a day outside the council's time, NotPossible for staff
    that does not meet."""
    forms(council, by=by)
    if not council.meets:
        raise NotPossible(_("Cán bộ thẩm định theo phân công lập phiếu, không họp biểu quyết."))
    if on < council.formed_on:
        raise Invalid(on=_("Phiên họp không thể trước ngày thành lập hội đồng."))
    if council.dissolved_on is not None and on > council.dissolved_on:
        raise Invalid(on=_("Phiên họp không thể sau ngày hội đồng kết thúc."))
    session = Session(council=council, on=on, place=place.strip(), agenda=agenda.strip())
    checked(session).save()
    record("council.call_session", council, by=by, on=on, place=place)
    return session


@transaction.atomic
def attend(session: Session, *, present: Collection[Member], by: User) -> list[Attendance]:
    """Write down who came; the other members of that day were absent.  It may be corrected until the minutes are laid in.

    The chair, the secretary or who forms the council.  Raises Invalid for nobody, for who was no member that day, or for
    fewer than have voted already; NotPossible before the day of the meeting or after its minutes.
    """
    council = session.council
    leads(council, by=by)
    not_in_future(session.on)
    _not_closed(session)
    seats = [m for m in queries.members_of(council) if m.left_on is None or m.left_on > session.on]
    keys = {member.pk for member in present}
    if not keys:
        raise Invalid(present=_("Hãy chọn ít nhất một thành viên có mặt."))
    if keys - {member.pk for member in seats}:
        raise Invalid(present=_("Có người không là thành viên hội đồng vào ngày họp."))
    if any(vote.total > len(keys) for vote in session.votes.all()):
        raise Invalid(present=_("Số người có mặt ít hơn số phiếu đã biểu quyết ở phiên này."))
    session.attendances.all().delete()
    rows = Attendance.objects.bulk_create(
        Attendance(session=session, member=member, present=member.pk in keys) for member in seats
    )
    record("council.attend", council, by=by, on=session.on, present=len(keys), members=len(seats))
    return rows


@transaction.atomic
def vote(
    session: Session,
    *,
    subject: Subject,
    passes: int,
    completes: int,
    fails: int,
    conclusion: str,
    by: User,
    opinion: str = "",
) -> Vote:
    """Write down what the council concluded of one subject; it may be corrected until the minutes are laid in.

    The chair, the secretary or who forms the council.  Raises NotPossible before it is known who came, while a sign of a
    conflict of interest waits to be settled, or after the minutes; NotAllowed for who has a conflict of interest himself; Invalid
    for no vote, for more votes than there were who may vote on it, without a conclusion, and for one that fewer voted for than
    for another where no opinion says why: all are told at once.
    """
    council = session.council
    leads(council, by=by)
    not_bound(council, subject=subject, by=by)
    not_in_future(session.on)
    _not_closed(session)
    told = queries.attended(session)
    if not told.recorded:
        raise NotPossible(_("Hãy ghi thành phần dự họp trước khi ghi biểu quyết."))
    excused = _excused(council, subject)
    voters = [member for member in told.present if member.pk not in excused]
    _check_vote((passes, completes, fails), conclusion, opinion, voters=len(voters))
    made, _new = Vote.objects.update_or_create(
        session=session,
        subject_uid=subject.uid,
        defaults={
            "subject_label": subject.label[:420],
            "passes": passes,
            "completes": completes,
            "fails": fails,
            "conclusion": conclusion,
            "opinion": opinion.strip(),
            "by": by,
        },
    )
    record(
        "council.vote",
        council,
        by=by,
        on=session.on,
        subject_label=subject.label,
        passes=passes,
        completes=completes,
        fails=fails,
        conclusion=conclusion,
    )
    return made


def _excused(council: Council, subject: Subject) -> set[int]:
    """Who does not vote on the subject for a conflict of interest.  Raises NotPossible while a sign of one waits."""
    said = queries.questions(council, subjects=[subject]).get(subject.uid, [])
    if waiting := queries.open_in(said):
        raise NotPossible(
            _(
                "Chưa biểu quyết được %(subject)s: dấu hiệu xung đột lợi ích của %(names)s chưa được Chủ tịch hoặc Thư ký hội đồng "
                "xử lý."
            )
            % {
                "subject": subject.label,
                "names": ", ".join(dict.fromkeys(question.member.name for question in waiting)),
            }
        )
    return {question.member.pk for question in said if question.excuses}


def _check_vote(counts: Sequence[int], conclusion: str, opinion: str, *, voters: int) -> None:
    """Everything that is wrong with a vote, told at once."""
    faults: dict[str, str] = {}
    total = sum(counts)
    if min(counts) < 0 or total == 0:
        faults["passes"] = _("Hãy ghi số phiếu.")
    elif total > voters:
        faults["passes"] = _(
            "Cộng %(total)s phiếu, nhiều hơn %(voters)s thành viên có mặt được biểu quyết đề án này."
        ) % {"total": total, "voters": voters}
    if conclusion not in Conclusion.values:
        faults["conclusion"] = _("Hãy chọn kết luận.")
    elif counts[Conclusion.values.index(conclusion)] < max(counts) and not opinion.strip():
        # no text that was read says which share of the votes decides: the council may, and then it says why
        faults["opinion"] = _("Kết luận “%(conclusion)s” ít phiếu hơn kết luận khác: hãy ghi vì sao.") % {
            "conclusion": Conclusion(conclusion).label
        }
    if faults:
        raise Invalid(**faults)


@transaction.atomic
def keep_minutes(session: Session, *, paper: Paper, summary: str, by: User) -> Session:
    """Lay the signed minutes to their meeting: from then on its attendance and votes stand.  Raises NotPossible for another
    kind of paper, before it is written down who came or where there are minutes already, Invalid where the minutes are older
    than the meeting."""
    leads(session.council, by=by)
    _not_closed(session)
    if paper.kind != PaperKind.MINUTES:
        raise NotPossible(_("Phải kèm biên bản họp."))
    if paper.signed_on < session.on:
        raise Invalid(signed_on=_("Biên bản không thể ký trước ngày họp."))
    if not queries.attended(session).recorded:
        raise NotPossible(_("Hãy ghi thành phần dự họp trước khi ghi biên bản."))
    session.minutes, session.summary = paper, summary.strip()
    session.save(update_fields=["minutes", "summary"])
    close(paper)
    record("council.minutes", session.council, by=by, on=session.on, paper=paper)
    return session


def _not_closed(session: Session) -> None:
    """Refuse after the minutes; who writes to the same meeting meanwhile waits."""
    session = Session.objects.select_for_update(of=("self",)).select_related("minutes").get(pk=session.pk)
    if session.minutes is not None:
        raise NotPossible(
            _("Phiên họp đã có biên bản %(minutes)s; thành phần và biểu quyết không sửa được nữa.")
            % {"minutes": session.minutes}
        )
