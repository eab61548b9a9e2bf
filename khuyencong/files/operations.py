"""Taking bytes in.  The one way into the store."""

import hashlib
from datetime import datetime
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.sentences import kept, sentence
from khuyencong.files.enums import LARGEST, MB, SHOWN_FAULTS, ImportState
from khuyencong.files.models import ImportRun, StoredFile
from khuyencong.files.rules import UnknownKind, clean_name, content_of, picture_of


class Readable(Protocol):
    """An uploaded or opened file."""

    def read(self, size: int = -1, /) -> bytes: ...


@transaction.atomic
def store(file: bytes | Readable, *, name: str, by: Any, accepts: str = "") -> StoredFile:
    """Keep bytes and say what they are, by content and never by name.

    Pictures are turned upright, made at most 2,400 pixels wide and lose place, device and all other metadata.  The same
    content lies in the store once, however often it comes.  Raises Invalid(file=…) in one sentence for what is empty, too
    large, damaged, a program or of an unknown kind; ``accepts``: what is said of an unknown kind by an act that takes fewer
    kinds than the house.  Authority is that of the act which takes the file.
    """
    data = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(file=_too_large(LARGEST))
    try:
        kind = content_of(data)
    except UnknownKind:
        if not accepts:
            raise
        raise Invalid(file=accepts) from None
    if len(data) > kind.limit:
        raise Invalid(file=_too_large(kind.limit))
    received = hashlib.sha256(data).hexdigest()
    width = height = None
    if kind.is_picture:
        picture = picture_of(data, kind=kind)
        data, width, height = picture.data, picture.width, picture.height
    stored = StoredFile(
        digest=hashlib.sha256(data).hexdigest(),
        received_digest=received,
        name=clean_name(name, kind=kind),
        content_type=kind.type,
        size=len(data),
        width=width,
        height=height,
        actor_id=getattr(by, "pk", None),
    )
    # bytes before the row: a row without bytes would be a lost paper, bytes without a row take only room
    if default_storage.exists(stored.path) and default_storage.size(stored.path) != len(data):
        default_storage.delete(stored.path)  # somebody was cut off while writing
    if not default_storage.exists(stored.path):
        default_storage.save(stored.path, ContentFile(data))
    stored.save()
    return stored


def _too_large(limit: int) -> str:
    return _("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": limit // MB}


@transaction.atomic
def begin_import(file: StoredFile, *, kind: str, by: Any, province_id: int | None, **options: Any) -> ImportRun:
    """A workbook is on its way in.  Authority is that of the act which reads it."""
    return ImportRun.objects.create(
        file=file, kind=kind, province_id=province_id, options=options, actor_id=getattr(by, "pk", None)
    )


def advance_import(run: ImportRun, *, done: int) -> None:
    """How many rows the worker has read; outside any transaction, so that the waiting page sees it."""
    run.done = done
    ImportRun.objects.filter(pk=run.pk).update(done=done, changed_at=clock.now())


@transaction.atomic
def check_import(
    run: ImportRun,
    *,
    counts: dict[str, int],
    faults: list[dict[str, Any]],
    details: dict[str, Any] | None = None,
    marked: StoredFile | None = None,
) -> ImportRun:
    """The workbook has been read: what it holds, and what is wrong with it (the first thousand faults; ``marked`` is the
    workbook with all of them in its cells)."""
    run.counts, run.faults, run.details, run.marked = counts, faults[:SHOWN_FAULTS], details or {}, marked
    return _set_import(run, ImportState.CHECKED, since=(ImportState.UPLOADED, ImportState.CHECKED))


@transaction.atomic
def confirm_import(run: ImportRun, **options: Any) -> ImportRun:
    """A person wants it written.  Raises NotPossible unless it was checked and nobody has confirmed it yet."""
    run.options = {**run.options, **options}
    return _set_import(run, ImportState.CONFIRMED, since=(ImportState.CHECKED,))


def written_before(kind: str, *, province_id: int | None) -> list[int]:
    """The lists of this kind that stand written for the province now: asked before one is judged, and kept with its run as
    ``known``, so that ``finish_import`` sees what was written meanwhile."""
    written = ImportRun.objects.filter(kind=kind, province_id=province_id, state=ImportState.WRITTEN)
    return list(written.values_list("pk", flat=True))


def judge_again(run: ImportRun) -> ImportRun:
    """The workbook is read once more to be written: what was written before is known to who reads it now."""
    run.options = {**run.options, "known": written_before(run.kind, province_id=run.province_id)}
    return run


@transaction.atomic
def finish_import(run: ImportRun, *, counts: dict[str, int], digest: str) -> ImportRun:
    """It is written; called last, inside the transaction that wrote it.  Raises NotPossible where another list of the kind was
    written for the province since this one was judged (``written_before``): rows of both would stand twice."""
    _refuse_overtaken(run)
    run.counts, run.digest = counts, digest
    return _set_import(run, ImportState.WRITTEN, since=(ImportState.CONFIRMED, ImportState.CHECKED))


@transaction.atomic
def fail_import(run: ImportRun, *, reason: str) -> ImportRun:
    """It could not be read or written, for a reason in one sentence; one that can be told in every language is kept so."""
    run.refusal = reason[:500]
    run.details = {**run.details, "refusal": kept(reason)}
    return _set_import(
        run, ImportState.FAILED, since=(ImportState.UPLOADED, ImportState.CHECKED, ImportState.CONFIRMED)
    )


def forget_imports(*, kind: str, before: datetime) -> int:
    """Drops the runs of this kind that were read and never confirmed since ``before``, each with its file where nothing else
    holds it; returns how many.  What was written stays."""
    waiting = ImportRun.objects.filter(kind=kind, state__in=(ImportState.CHECKED, ImportState.FAILED))
    left = list(waiting.filter(changed_at__lt=before).select_related("file"))
    for run in left:
        with transaction.atomic():
            run.delete()
            _drop(run.file)
    return len(left)


def _drop(file: StoredFile) -> None:
    """The file that nothing holds any more; its bytes once no other file has the same."""
    path = file.path
    try:
        with transaction.atomic():
            file.delete()
    except ProtectedError:
        return

    def clear() -> None:
        if not StoredFile.objects.filter(digest=file.digest).exists():
            default_storage.delete(path)

    transaction.on_commit(clear)


def _refuse_overtaken(run: ImportRun) -> None:
    if "known" not in run.options:
        return
    beside = ImportRun.objects.filter(kind=run.kind, province_id=run.province_id, state=ImportState.CONFIRMED)
    list(beside.order_by("pk").select_for_update().values_list("pk", flat=True))  # who comes second waits here
    if not set(written_before(run.kind, province_id=run.province_id)) <= set(run.options["known"]):
        raise NotPossible(
            sentence(
                "Trong lúc chờ, một lần nhập khác của danh sách này đã được ghi, nên lần này không ghi gì. Hãy gửi lại tệp để xem "
                "những dòng nào còn chưa có."
            )
        )


def _set_import(run: ImportRun, state: ImportState, *, since: tuple[ImportState, ...]) -> ImportRun:
    current = ImportRun.objects.select_for_update().only("state").get(pk=run.pk).state
    if current not in since:
        raise NotPossible(
            _("Lần nhập này đang ở trạng thái “%(state)s” nên không làm được việc này.")
            % {"state": ImportState(current).label}
        )
    run.state, run.changed_at = state, clock.now()
    run.save()
    return run
