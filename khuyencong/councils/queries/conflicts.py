"""Who may be bound to what is judged: declared, found by looking, settled or still to be settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.councils.enums import Basis, ConflictOrigin, Outcome
from khuyencong.councils.models import Conflict, Council, Member, Sheet
from khuyencong.councils.queries.boards import offices, seat_of
from khuyencong.councils.rules import Earlier, Judge, Subject, signs
from khuyencong.people.models import User


@dataclass(frozen=True, slots=True)
class Question:
    """One sign of a conflict of one judge; ``kept`` is how it was settled or declared."""

    member: Member
    subject_uid: UUID
    basis: Basis
    evidence: str
    kept: Conflict | None = None
    moot: bool = False  # he takes no part for another reason

    @property
    def is_open(self) -> bool:
        return self.kept is None and not self.moot

    @property
    def excuses(self) -> bool:
        return self.kept is not None and self.kept.outcome == Outcome.EXCUSED

    @property
    def origin(self) -> ConflictOrigin:
        return ConflictOrigin.DECLARED if self.basis == Basis.DECLARED else ConflictOrigin.FOUND


def questions(council: Council, *, subjects: Sequence[Subject]) -> dict[UUID, list[Question]]:
    """For each subject what is declared, found or settled of the judges of today, those still open first.

    Who took no part in a subject before, in another council or in an earlier seat of this one, takes none now either.
    Subjects of which nothing speaks are not in it.  Three queries, however many subjects.
    """
    members = list(council.members.filter(left_on=None).select_related("organisation", "council").order_by("pk"))
    kept: dict[tuple[int, UUID], list[Conflict]] = {}
    rows = Conflict.objects.filter(subject_uid__in=[subject.uid for subject in subjects])
    for row in rows.select_related("by", "member").order_by("pk"):
        for member in members:
            if row.member_id == member.pk or _excused_before(member, row):
                kept.setdefault((member.pk, row.subject_uid), []).append(row)
    given = _given(subjects)
    found: dict[UUID, list[Question]] = {}
    for subject in subjects:
        said = [
            question
            for member in members
            for question in _of(member, subject, kept.get((member.pk, subject.uid), []), given)
        ]
        if said:
            found[subject.uid] = sorted(said, key=lambda question: (not question.is_open, question.member.pk))
    return found


def questions_of(member: Member, *, subject: Subject) -> list[Question]:
    """The same of one judge and one subject."""
    said = questions(member.council, subjects=[subject]).get(subject.uid, [])
    return [question for question in said if question.member.pk == member.pk]


def bound(user: User, *, council: Council, subject: Subject) -> str:
    """Why this person writes nothing down of ``subject`` for others, in a sentence: he takes no part in it, or a sign that he
    should not waits to be settled; empty where nothing speaks against it."""
    mine = Conflict.objects.filter(subject_uid=subject.uid, member__user=user, outcome=Outcome.EXCUSED)
    reasons = list(dict.fromkeys(mine.order_by("pk").values_list("reason", flat=True)))
    if reasons:
        return _(
            "Bạn không tham gia xem xét đề án này (%(reason)s) nên không ghi phiếu và biểu quyết của người khác về đề án này."
        ) % {"reason": "; ".join(reasons)}
    seat = seat_of(user, council)
    if seat is not None and open_in(questions_of(seat, subject=subject)):
        return _(
            "Có dấu hiệu có thể là xung đột lợi ích của bạn với đề án này; xử lý xong thì bạn mới ghi được phiếu và biểu quyết của "
            "người khác về đề án này."
        )
    return ""


def open_in(said: Iterable[Question]) -> list[Question]:
    """Those that somebody must settle before the council may vote."""
    return [question for question in said if question.is_open]


def settlers(council: Council, *, of: Member) -> list[Member]:
    """Who of the chair and the secretary may settle what concerns ``of``: never he himself."""
    return [member for member in offices(council) if member.user_id != of.user_id]


def _given(subjects: Sequence[Subject]) -> list[Sheet]:
    """Sheets on what the parties of these subjects stood behind before."""
    before = {uid for subject in subjects for party in subject.parties for uid in party.earlier}
    if not before:
        return []
    return list(Sheet.objects.filter(subject_uid__in=before).select_related("member").order_by("-on", "-pk"))


def _same_person(member: Member, other: Member) -> bool:
    if member.user_id is not None and other.user_id is not None:
        return member.user_id == other.user_id
    return fold(member.name) == fold(other.name) and member.organisation_id == other.organisation_id


def _excused_before(member: Member, row: Conflict) -> bool:
    """Whether this judge was kept from the subject in another seat.  An outsider is known again in his own council alone: the
    same name elsewhere may be somebody else's."""
    if row.outcome != Outcome.EXCUSED:
        return False
    if member.user_id is not None:
        return member.user_id == row.member.user_id
    return member.council_id == row.member.council_id and _same_person(member, row.member)


def _of(member: Member, subject: Subject, kept: list[Conflict], given: list[Sheet]) -> list[Question]:
    judge = Judge(
        name=member.name,
        organisation_id=member.organisation_id,
        tax_code=member.tax_code or (member.organisation.tax_code if member.organisation else ""),
        address=member.address,
        commune=member.commune_id,
    )
    before = {uid for party in subject.parties for uid in party.earlier}
    earlier = [
        Earlier(sheet.subject_uid, sheet.subject_label, sheet.on)
        for sheet in given
        if sheet.subject_uid in before and _same_person(member, sheet.member)
    ]
    # of one sign settled in several seats the one that keeps him away stands, before others that of this seat
    kept = sorted(kept, key=lambda row: (row.outcome == Outcome.EXCUSED, row.member_id == member.pk))
    settled = {Basis(row.basis): row for row in kept}
    excused = any(row.outcome == Outcome.EXCUSED for row in kept)
    seen = {sign.basis: sign.evidence for sign in signs(judge, parties=subject.parties, earlier=earlier)}
    return [Question(member, subject.uid, basis, row.evidence or row.reason, row) for basis, row in settled.items()] + [
        Question(member, subject.uid, basis, evidence, moot=excused)
        for basis, evidence in seen.items()
        if basis not in settled
    ]
