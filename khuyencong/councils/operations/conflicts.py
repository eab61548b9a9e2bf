"""Conflicts of interest: declared by the judge, or found and settled by the secretary or the chair."""

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.councils import queries
from khuyencong.councils.enums import Basis, ConflictOrigin, Outcome
from khuyencong.councils.models import Conflict, Member
from khuyencong.councils.operations.shared import forms, running
from khuyencong.councils.rules import Subject
from khuyencong.people.models import User


@transaction.atomic
def declare_conflict(member: Member, *, subject: Subject, reason: str, by: User) -> Conflict:
    """A judge says that he must not judge ``subject``; his sheet on it, if there is one, no longer counts and is taken back.

    He declares for himself; whoever forms the council may enter it for him.  Raises NotPossible after the council's
    time, Invalid(reason=…) without a reason.
    """
    if member.user_id != by.pk:
        forms(member.council, by=by)
    running(member.council)
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi quan hệ lợi ích với đề án này."))
    conflict, made = Conflict.objects.get_or_create(
        member=member,
        subject_uid=subject.uid,
        basis=Basis.DECLARED,
        defaults={"subject_label": subject.label[:420], "reason": reason[:400], "by": by},
    )
    if made:
        record(
            "council.conflict",
            member.council,
            by=by,
            member=member.name,
            subject_label=subject.label,
            reason=reason,
            origin=ConflictOrigin.DECLARED,
            sheet_taken_back=_take_back(member, subject),
        )
    return conflict


@transaction.atomic
def settle_conflict(
    member: Member, *, subject: Subject, basis: str, outcome: str, by: User, reason: str = ""
) -> Conflict:
    """Settle what was found of a judge: he takes no part (his sheet is taken back), or it is no conflict, with the reason.

    The chair or the secretary settles, nobody his own; where neither has an account, or both are concerned, whoever may form
    the council.  Raises NotAllowed for everybody else, NotPossible where nothing of the kind is found or it is settled,
    Invalid without an outcome, or without a reason for what shall be no conflict.
    """
    council = member.council
    settles(member, by=by)
    running(council)
    question = next((q for q in queries.questions_of(member, subject=subject) if q.basis == basis and q.is_open), None)
    if question is None:
        raise NotPossible(
            _("Không còn dấu hiệu nào loại này của %(name)s cần xử lý với đề án này.") % {"name": member.name}
        )
    if outcome not in Outcome.values:
        raise Invalid(outcome=_("Hãy chọn cách xử lý."))
    reason = " ".join(reason.split())
    if outcome == Outcome.DISMISSED and len(reason) < 10:
        raise Invalid(reason=_("Hãy ghi vì sao không phải xung đột lợi ích (ít nhất 10 chữ cái)."))
    conflict = Conflict(
        member=member,
        subject_uid=subject.uid,
        subject_label=subject.label[:420],
        basis=basis,
        evidence=question.evidence[:600],
        outcome=outcome,
        reason=(reason or str(Basis(basis).label))[:400],
        by=by,
    )
    checked(conflict).save()
    record(
        "council.settle_conflict",
        council,
        by=by,
        member=member.name,
        subject_label=subject.label,
        basis=basis,
        evidence=question.evidence,
        outcome=outcome,
        reason=reason,
        sheet_taken_back=outcome == Outcome.EXCUSED and _take_back(member, subject),
    )
    return conflict


def settles(member: Member, *, by: User) -> None:
    """Refuse unless ``by`` may settle what is found of this judge: the chair or the secretary, never of himself."""
    if member.user_id == by.pk:
        raise NotAllowed(_("Dấu hiệu của chính bạn do người khác trong hội đồng xử lý."))
    settlers = queries.settlers(member.council, of=member)
    if any(settler.user_id == by.pk for settler in settlers):
        return
    if settlers:
        names = ", ".join(f"{settler.name} ({settler.get_role_display()})" for settler in settlers)
        raise NotAllowed(_("Dấu hiệu xung đột lợi ích do người này xử lý: %(names)s.") % {"names": names})
    forms(member.council, by=by)


def _take_back(member: Member, subject: Subject) -> bool:
    sheet = member.sheets.filter(subject_uid=subject.uid).first()
    if sheet is not None:
        sheet.delete()
    return sheet is not None
