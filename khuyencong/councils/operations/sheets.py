"""A judge gives his sheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import queries
from khuyencong.councils.enums import Conclusion, MemberRole, Point, Result
from khuyencong.councils.models import Council, Member, Sheet, SheetPoint, SheetScore
from khuyencong.councils.operations.shared import forms, not_bound, told_ahead
from khuyencong.councils.rules import Subject
from khuyencong.documents.models import Paper
from khuyencong.documents.operations import close
from khuyencong.norms.models import CriterionRow
from khuyencong.people.models import User


class Mark(TypedDict, total=False):
    """What a judge says of one of the five points."""

    result: str
    comment: str


@transaction.atomic
def score(
    member: Member,
    *,
    subject: Subject,
    marks: Mapping[int, Mark],
    conclusion: str,
    by: User,
    on: date,
    scores: Mapping[int, Decimal] | None = None,
    comment: str = "",
    paper: Paper | None = None,
) -> Sheet:
    """Give or correct one's sheet on ``subject``: all five points by yes or no, all criteria of ``on`` by points, a proposal.

    The judge gives it himself, or the secretary or who forms the council types it from his signed sheet (``paper``).  Raises
    NotAllowed for a judge with a conflict of interest, declared or not settled yet, and for who types while he has one himself;
    NotPossible outside the council's time; Invalid with every point (``result_N``, ``comment_N``) and criterion (``score_N``)
    at fault, and a day that has not come, all at once.
    """
    member = Member.objects.select_related(
        "council__paper", "council__province", "council__commune", "organisation"
    ).get(pk=member.pk)
    council = member.council
    if member.user_id != by.pk and not _secretary(council, by=by):
        forms(council, by=by)
    if member.user_id != by.pk and paper is None:
        raise NotPossible(_("Nhập thay phiếu của %(name)s phải kèm phiếu đã ký.") % {"name": member.name})
    if member.user_id != by.pk:
        not_bound(council, subject=subject, by=by)
    _serves(member, on=on)
    if refusal := shut_out(member, subject=subject):
        raise NotAllowed(refusal)
    criteria = queries.criteria_of(council, on=on)
    given = dict(scores or {})
    _check(marks, given, criteria, conclusion, on=on)
    sheet, made = Sheet.objects.update_or_create(
        member=member,
        subject_uid=subject.uid,
        defaults={
            "subject_label": subject.label[:420],
            "on": on,
            "conclusion": conclusion,
            "comment": comment.strip(),
            "criteria_basis": "; ".join(dict.fromkeys(row.citation for row in criteria))[:300],
            "paper": paper,
            "by": by,
        },
    )
    _write(sheet, marks, given, criteria)
    close(paper)
    record(
        "council.score" if made else "council.rescore",
        council,
        by=by,
        on=on,
        paper=paper,
        member=member.name,
        subject_label=subject.label,
        total=str(sum(given.values())) if criteria else "",
        conclusion=conclusion,
    )
    return sheet


def _serves(member: Member, *, on: date) -> None:
    council = member.council
    if on < council.formed_on or (council.dissolved_on and on > council.dissolved_on):
        raise NotPossible(_("Ngày chấm nằm ngoài thời gian làm việc của hội đồng."))
    if member.left_on is not None and on >= member.left_on:
        raise NotPossible(_("%(name)s đã thôi tham gia hội đồng.") % {"name": member.name})


def shut_out(member: Member, *, subject: Subject) -> str:
    """Why this judge may not give a sheet on ``subject`` now, in a sentence; empty where nothing speaks against it."""
    said = queries.questions_of(member, subject=subject)
    names = {"name": member.name}
    reasons = [question.kept.reason for question in said if question.excuses and question.kept is not None]
    if reasons:
        reason = "; ".join(dict.fromkeys(reasons))
        return _("%(name)s không được chấm đề án này: %(reason)s") % {**names, "reason": reason}
    if queries.open_in(said):
        return (
            _(
                "Hệ thống phát hiện dấu hiệu có thể là xung đột lợi ích của %(name)s với đề án này. Chủ tịch hoặc Thư ký hội đồng "
                "xử lý xong thì mới chấm được."
            )
            % names
        )
    return ""


def _secretary(council: Council, *, by: User) -> bool:
    return council.members.filter(user=by, role=MemberRole.SECRETARY, left_on=None).exists()


def _check(
    marks: Mapping[int, Mark],
    scores: Mapping[int, Decimal],
    criteria: Sequence[CriterionRow],
    conclusion: str,
    *,
    on: date,
) -> None:
    """Everything that is wrong with a sheet, told at once."""
    faults: dict[str, str] = {}
    if ahead := told_ahead(on):
        faults["on"] = ahead
    if conclusion not in Conclusion.values:
        faults["conclusion"] = _("Hãy chọn kết luận.")
    for point in Point:
        mark = marks.get(point.value) or {}
        if mark.get("result") not in Result.values:
            faults[f"result_{point.value}"] = _("Hãy chọn đạt hay không đạt: “%(point)s”.") % {"point": point.label}
        elif mark["result"] == Result.FAILS and not mark.get("comment", "").strip():
            faults[f"comment_{point.value}"] = _("Không đạt thì phải ghi vì sao.")
    for row in criteria:
        given = scores.get(row.number)
        if given is None:
            faults[f"score_{row.number}"] = _("Hãy chấm tiêu chí “%(text)s”.") % {"text": row.text}
        elif not 0 <= given <= row.points:
            faults[f"score_{row.number}"] = _("Điểm từ 0 đến %(limit)s.") % {"limit": row.points}
        elif given != round(given, 1):
            faults[f"score_{row.number}"] = _("Điểm chỉ có một chữ số sau dấu phẩy.")
    if faults:
        raise Invalid(**faults)
    if unknown := set(scores) - {row.number for row in criteria}:
        raise NotPossible(
            _("Ngày chấm này không có tiêu chí số %(numbers)s trong quy định.")
            % {"numbers": ", ".join(str(number) for number in sorted(unknown))}
        )


def _write(
    sheet: Sheet, marks: Mapping[int, Mark], scores: Mapping[int, Decimal], criteria: Sequence[CriterionRow]
) -> None:
    sheet.points.all().delete()
    sheet.scores.all().delete()
    SheetPoint.objects.bulk_create(
        SheetPoint(
            sheet=sheet,
            point=point,
            result=marks[point]["result"],
            comment=marks[point].get("comment", "").strip()[:500],
        )
        for point in Point.values
    )
    SheetScore.objects.bulk_create(
        SheetScore(sheet=sheet, number=row.number, text=row.text, most=row.points, score=scores[row.number])
        for row in criteria
    )
