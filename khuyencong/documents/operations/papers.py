"""Recording papers as they were signed."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.text import fold
from khuyencong.documents.enums import NUMBERED_BY_YEAR, OWN_NUMBERS
from khuyencong.documents.models import Paper, PaperFile
from khuyencong.files.models import StoredFile
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@transaction.atomic
def record_paper(
    *,
    kind: str,
    number: str,
    signed_on: date,
    by: User,
    signer: str = "",
    signer_title: str = "",
    issuer: Organisation | None = None,
    abstract: str = "",
    kept_at: str = "",
    province: Unit | None = None,
    commune: Unit | None = None,
    files: Iterable[StoredFile] = (),
) -> Paper:
    """Enter a paper as it was signed; nothing is decided by it until an act names it.

    Give ``signer`` when somebody else than ``by`` signed.  Where only the commune is given its province follows.  Raises
    Invalid(signed_on=…) for a day that has not come; Invalid(number=…) for a paper that was already entered (same kind,
    number, day and issuer; papers that private parties number themselves may repeat) and for a decision whose number the
    year already has on another day; NotAllowed for somebody without any mandate or who
    only looks.  What the paper may be used for is asked by the act that uses it.
    """
    refuse_who_only_looks(by)
    number = " ".join(number.split())
    if signed_on > clock.today():
        raise Invalid(signed_on=_("Ngày ký %(day)s chưa tới.") % {"day": f"{signed_on:%d/%m/%Y}"})
    if commune is not None and province is None:
        province = commune.province
    paper = Paper(
        kind=kind,
        number=number,
        signed_on=signed_on,
        signer=" ".join(signer.split()),
        signer_title=" ".join(signer_title.split()),
        issuer=issuer,
        abstract=" ".join(abstract.split()),
        kept_at=" ".join(kept_at.split()),
        province=province,
        commune=commune,
        actor_id=by.pk,
    )
    paper.folded = fold(f"{paper.number} {paper.abstract} {paper.signer}")[:900]
    if (earlier := _the_same(paper)) is not None:
        raise Invalid(number=_already(earlier))
    _refuse_second_day(paper)
    checked(paper)
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:  # the other clerk was faster
        raise Invalid(number=_already(paper)) from None
    for order, file in enumerate(files):
        PaperFile.objects.create(paper=paper, file=file, order=order)
    record("paper.record", paper, by=by, on=signed_on, paper=paper, kind=kind)
    return paper


def close(paper: Paper | None) -> None:
    """What a judge signed: from now on it is in nobody's list, whatever territory it was recorded for.  Part of the act that
    lays it to a sheet or a meeting, which authorises and remembers."""
    if paper is not None:
        paper.closed = True
        paper.save(update_fields=["closed"])


def refuse_who_only_looks(by: User) -> None:
    """Whose mandates are for reading alone, or who has none, records no paper and sends no scan."""
    if not by.is_active or not by.mandates_today:
        raise NotAllowed(_("Bạn chưa được giao nhiệm vụ nào trong hệ thống nên không ghi được văn bản."))
    if by.only_looks:
        raise NotAllowed(_("Phân công của bạn chỉ để xem; bạn không ghi nhận văn bản, bản quét nào."))


def _the_same(paper: Paper) -> Paper | None:
    if not paper.number or (paper.issuer_id is None and paper.kind in OWN_NUMBERS):
        return None
    return _so_numbered(paper, Paper.objects.filter(kind=paper.kind, signed_on=paper.signed_on))


def _refuse_second_day(paper: Paper) -> None:
    """A decision read wrongly from the paper: its number stands in this year already, on another day."""
    if paper.kind not in NUMBERED_BY_YEAR or not paper.number:
        return
    decisions = Paper.objects.filter(kind__in=NUMBERED_BY_YEAR, signed_on__year=paper.signed_on.year)
    earlier = _so_numbered(paper, decisions.exclude(signed_on=paper.signed_on))
    if earlier is not None:
        raise Invalid(
            number=_(
                "Số %(number)s năm %(year)s đã dùng cho quyết định ngày %(day)s; trong một năm mỗi số chỉ cấp một lần (Điều 15 "
                "NĐ 30/2020/NĐ-CP). Hãy xem lại số và ngày ký trên văn bản."
            )
            % {"number": paper.number, "year": paper.signed_on.year, "day": f"{earlier.signed_on:%d/%m/%Y}"}
        )


def _so_numbered(paper: Paper, among: QuerySet[Paper]) -> Paper | None:
    """The first of ``among`` of the same issuer with this number; without an issuer, of the same territory."""
    same = among.filter(issuer=paper.issuer)
    if paper.issuer_id is None:
        same = same.filter(province=paper.province, commune=paper.commune)
    wanted = fold(paper.number)  # qđ and QĐ are one; no database folds đ
    return next((earlier for earlier in same.order_by("pk") if fold(earlier.number) == wanted), None)


def _already(paper: Paper) -> str:
    told = {"number": paper.number, "day": f"{paper.signed_on:%d/%m/%Y}", "about": paper.abstract}
    if not paper.abstract:
        return _("Văn bản số %(number)s ngày %(day)s đã được ghi nhận, không nhập lần nữa.") % told
    return _("Văn bản số %(number)s ngày %(day)s đã được ghi nhận, không nhập lần nữa: %(about)s.") % told


@transaction.atomic
def attach(paper: Paper, *, file: StoredFile, by: User) -> PaperFile:
    """Add a scan to a paper.  Raises NotAllowed where ``by`` only looks or cannot see the paper, NotPossible when it is there
    already."""
    refuse_who_only_looks(by)
    if not Paper.objects.visible_to(by).filter(pk=paper.pk).exists():
        raise NotAllowed(_("Văn bản này không thuộc địa bàn của bạn."))
    if paper.attachments.filter(file__digest=file.digest).exists():
        raise NotPossible(_("Tệp này đã đính kèm văn bản %(paper)s.") % {"paper": paper})
    attachment = PaperFile.objects.create(paper=paper, file=file, order=paper.attachments.count())
    record("paper.attach", paper, by=by, file=file.name, digest=file.digest)
    return attachment
