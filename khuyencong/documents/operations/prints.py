"""Forms that go out on paper and come back signed."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents import scans
from khuyencong.documents.models import Paper, PaperFile, Print, Scan
from khuyencong.documents.operations.papers import close, refuse_who_only_looks
from khuyencong.documents.papers import Filled, Form, laid_out
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User
from khuyencong.places.models import Unit

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another


def _new_code() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _letter in range(8))
    return f"KC-{drawn[:4]}-{drawn[4:]}"


@transaction.atomic
def record_print(
    form: Form,
    *,
    context: Mapping[str, Any],
    subject_kind: str,
    subject_uid: uuid.UUID,
    subject: str,
    by: User,
    province: Unit | None = None,
    commune: Unit | None = None,
    closed: bool = False,
) -> tuple[Print, Filled]:
    """The form is about to be printed: it gets a code, and remembers what stood on it.

    Printing the same content again gives the same code; changed content a new one, with the next version.  Two who print
    at once: one is first, the other gets his paper (or the next version).  ``closed``: of a judge, it stays with who prints
    it.  Whether ``by`` may see the record was asked by the page that found it.
    """
    told = json.dumps(laid_out(Filled(form, context)), ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    printed = Print(
        form=form.key,
        title=form.title[:300],
        subject_kind=subject_kind,
        subject_uid=subject_uid,
        subject=subject[:300],
        digest=digest,
        province=None if closed else province,
        commune=None if closed else commune,
        closed=closed,
        actor_id=by.pk,
    )
    while (known := _numbered(printed)) is None:
        pass
    if known is printed:
        record("print.record", printed, by=by, form=form.key, version=printed.version)
    return known, Filled(form, context, known.code)


def _numbered(printed: Print) -> Print | None:
    """The print that says the same already, or this one with the next version and a code; None where another took that
    version meanwhile: no row is there to be locked before the first is."""
    mine = Print.objects.filter(form=printed.form, subject_uid=printed.subject_uid)
    list(mine.select_for_update().values_list("pk"))
    # who waited there sees what the other wrote only when he asks again; asked once, so that what he finds and the number
    # that he gives are of one moment
    before = list(mine.order_by("-version"))
    for known in before:
        if known.digest == printed.digest and not known.void_reason:
            return known
    printed.version = before[0].version + 1 if before else 1
    printed.code = _new_code()
    try:
        with transaction.atomic():
            checked(printed, exclude=("version", "code")).save()  # those two the database asks
    except IntegrityError:
        return None
    return printed


@transaction.atomic
def receive_scan(file: StoredFile, *, by: User, province: Unit | None = None, commune: Unit | None = None) -> Scan:
    """A scan or photograph dropped anywhere: its QR is read, and it is laid to the print that bears the code.

    What has no code that ``by`` may see waits as “chưa nhận diện”, a file that cannot be opened too.  Where the
    print's paper is recorded already, the scan is attached to it.  Raises Invalid(file=…) for what is neither a picture nor a
    PDF, NotAllowed for who only looks.
    """
    refuse_who_only_looks(by)
    if not (file.is_picture or file.is_pdf):
        raise Invalid(file=_("Hãy gửi ảnh chụp hoặc tệp PDF."))
    with default_storage.open(file.path) as opened:
        found = scans.read(opened.read(), is_pdf=file.is_pdf)
    known = Print.objects.filter(code__in=found.codes) if found.codes else Print.objects.none()
    printed = known.visible_to(by).first()
    # a judge's sheet that somebody else printed waits with its sender alone
    closed = printed.closed if printed else known.filter(closed=True).exists()
    scan = Scan(
        file=file,
        print=printed,
        pages=found.pages,
        province=printed.province if printed else None if closed else province,
        commune=printed.commune if printed else None if closed else commune,
        closed=closed,
        actor_id=by.pk,
    )
    checked(scan).save()
    if printed is not None:
        _to_paper(printed, file)
    record("scan.receive", scan, by=by, code=printed.code if printed else "", digest=file.digest)
    return scan


@transaction.atomic
def identify(scan: Scan, *, printed: Print, by: User) -> Scan:
    """A person says which print an unread scan is of.  Raises NotAllowed for who only looks, or for a print or scan that he
    may not see, NotPossible where the scan has found its print already."""
    refuse_who_only_looks(by)
    if not (
        Print.objects.visible_to(by).filter(pk=printed.pk).exists()
        and Scan.objects.visible_to(by).filter(pk=scan.pk).exists()
    ):
        raise NotAllowed(_("Bản in hoặc bản quét này không thuộc địa bàn của bạn."))
    locked = Scan.objects.select_for_update().get(pk=scan.pk)
    if locked.print_id is not None:
        raise NotPossible(_("Bản quét này đã được nhận diện."))
    locked.print, locked.province, locked.commune = printed, printed.province, printed.commune
    locked.closed = printed.closed
    locked.save()
    _to_paper(printed, locked.file)
    record("scan.identify", locked, by=by, code=printed.code)
    return locked


@transaction.atomic
def unidentify(scan: Scan, *, reason: str, by: User) -> Scan:
    """The scan was laid to the wrong print: it waits as “chưa nhận diện” again, for whom that print was visible; of a closed
    print with its sender alone, since its pages may be a judge's.

    Raises NotAllowed for who only looks or may not see the print, Invalid without a reason, NotPossible where the scan waits
    already, or where its print is signed: the scan went to that paper, which is undone first.
    """
    refuse_who_only_looks(by)
    if not Print.objects.visible_to(by).filter(scans=scan.pk).exists():
        if scan.print_id is None and Scan.objects.visible_to(by).filter(pk=scan.pk).exists():
            raise NotPossible(_("Bản quét này đang chờ nhận diện."))
        raise NotAllowed(_("Bản in hoặc bản quét này không thuộc địa bàn của bạn."))
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do đưa bản quét về “Chưa nhận diện”."))
    locked = Scan.objects.select_for_update(of=("self",)).get(pk=scan.pk)
    # the print before the paper: who signs it meanwhile waits, or is seen here
    printed = Print.objects.select_for_update().filter(pk=locked.print_id).first()
    if printed is None:
        raise NotPossible(_("Bản quét này đang chờ nhận diện."))
    if printed.paper_id is not None:
        raise NotPossible(_("Bản in này đã có bản ký, bản quét đã đính kèm văn bản; hãy gỡ bản ký trước."))
    locked.print = None
    locked.save()
    record("scan.unidentify", locked, by=by, code=printed.code, reason=reason[:300])
    return locked


@transaction.atomic
def sign(printed: Print, *, paper: Paper, by: User) -> Print:
    """The print came back signed and was recorded as ``paper``: its scans become the paper's."""
    refuse_who_only_looks(by)
    if not Print.objects.visible_to(by).filter(pk=printed.pk).exists():
        raise NotAllowed(_("Bản in này không thuộc địa bàn của bạn."))
    locked = Print.objects.select_for_update().get(pk=printed.pk)
    if locked.paper_id == paper.pk:
        return locked
    if locked.paper_id is not None:
        raise NotPossible(_("Bản in này đã gắn với văn bản khác."))
    locked.paper = paper
    locked.save()
    if locked.closed:
        close(paper)
    for scan in locked.scans.select_related("file"):
        _to_paper(locked, scan.file)
    record("print.sign", locked, by=by, paper=paper)
    return locked


@transaction.atomic
def recognise(paper: Paper, *, files: Iterable[StoredFile], by: User) -> list[Print]:
    """The prints whose codes stand on these scans of a paper are back signed, whichever page brought them.

    What ``by`` may not see, what is signed or not used stays as it is; a judge's print goes only to a paper that is of no
    territory, as his own are.
    """
    codes: set[str] = set()
    for file in files:
        if file.is_picture or file.is_pdf:
            with default_storage.open(file.path) as opened:
                codes.update(scans.read(opened.read(), is_pdf=file.is_pdf).codes)
    if not codes:
        return []
    waiting = Print.objects.visible_to(by).filter(code__in=codes, paper=None, void_reason="")
    if not (paper.closed or (paper.province_id is None and paper.commune_id is None)):
        waiting = waiting.filter(closed=False)
    return [sign(printed, paper=paper, by=by) for printed in waiting.order_by("pk")]


@transaction.atomic
def void_print(printed: Print, *, reason: str, by: User) -> Print:
    """The print will not be used; it leaves the list “đã in, chưa có bản ký”.  Raises Invalid without a reason."""
    refuse_who_only_looks(by)
    if not Print.objects.visible_to(by).filter(pk=printed.pk).exists():
        raise NotAllowed(_("Bản in này không thuộc địa bàn của bạn."))
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do không dùng bản in này."))
    locked = Print.objects.select_for_update().get(pk=printed.pk)
    if locked.paper_id is not None:
        raise NotPossible(_("Bản in này đã có bản ký."))
    locked.void_reason = reason[:300]
    locked.save()
    record("print.void", locked, by=by, reason=reason)
    return locked


@transaction.atomic
def unsign(printed: Print, *, reason: str, by: User) -> Print:
    """A signed copy was taken for this print's by mistake: the print waits for its own again.  The paper stays as it was recorded;
    what came to it with the scans of this print leaves it.

    Raises NotAllowed for who only looks or may not see the print, Invalid without a reason, NotPossible where nothing is
    signed.
    """
    refuse_who_only_looks(by)
    if not Print.objects.visible_to(by).filter(pk=printed.pk).exists():
        raise NotAllowed(_("Bản in này không thuộc địa bàn của bạn."))
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do gỡ bản ký."))
    locked = Print.objects.select_for_update(of=("self",)).select_related("paper").get(pk=printed.pk)
    if locked.paper is None:
        raise NotPossible(_("Bản in này chưa gắn bản ký nào."))
    paper, locked.paper = locked.paper, None
    locked.save()
    # the scans themselves: the paper's own file may be the same bytes, recorded with it
    PaperFile.objects.filter(paper=paper, file__in=locked.scans.values("file")).delete()
    record("print.unsign", locked, by=by, paper=paper, reason=reason[:300])
    return locked


def _to_paper(printed: Print, file: StoredFile) -> None:
    if printed.paper_id is None:
        return
    attached = PaperFile.objects.filter(paper_id=printed.paper_id)
    if not attached.filter(file__digest=file.digest).exists():
        PaperFile.objects.create(paper_id=printed.paper_id, file=file, order=attached.count())
