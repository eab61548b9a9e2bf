"""Workbooks on their way in: upload, preview, confirm.  One shell for every kind of list.

A desk that takes lists has a module ``imports.py`` with ``KINDS``, a tuple of ``Kind``::

    KINDS = (
        Kind(
            "establishments", _("Danh sách cơ sở"), _("Một sheet, mỗi dòng một cơ sở …"),
            check=lambda job: imports.check_establishments(job.data, name=job.name, province=job.province, progress=job.progress),
            write=lambda job, checked: imports.write(checked, by=job.by, run=job.run, accept=job.accept),
            to=lambda run: reverse("establishments:list"),
        ),
    )

``check`` reads and judges and writes nothing; it returns something with ``counts`` (rows, new, same, changed, doubtful,
faulty), ``errors`` and ``warnings`` (``workbook.Fault``) and ``preview()``.  ``write`` writes it in one short transaction
and ends with ``files.operations.finish_import``.  Both run in the worker, outside any transaction of ours; the file is read
again before it is written, so that nothing is written by what was true an hour ago.  ``form`` asks what the file cannot
say (its answers are ``job.options``), ``confirm`` what is asked at the end (a decision's number, day, signer); a confirming
form finds the run that was read in ``self.run``.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, override
from django_tasks import task

from khuyencong.base import workbook
from khuyencong.base.errors import DomainError
from khuyencong.base.sentences import counted, sentence
from khuyencong.files import operations as files
from khuyencong.files.enums import ImportState
from khuyencong.files.models import ImportRun
from khuyencong.files.queries import open_file
from khuyencong.people.models import User
from khuyencong.places.models import Unit

logger = logging.getLogger("khuyencong.imports")

# What a row of a workbook is, in the order in which a preview tells it.
STATES = (
    ("new", gettext_lazy("Mới")),
    ("changed", gettext_lazy("Đã có, bổ sung thông tin")),
    ("same", gettext_lazy("Đã có")),
    ("doubtful", gettext_lazy("Nghi trùng")),
    ("faulty", gettext_lazy("Có lỗi")),
)


@dataclass(slots=True)
class Job:
    """One reading of one workbook: what ``check`` and ``write`` are given."""

    run: ImportRun
    data: bytes
    province: Unit | None
    by: User | None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.run.file.name

    @property
    def language(self) -> str:
        """What whoever sent the file reads: the marked workbook and a refusal to write are made in it."""
        return self.options.get("language") or settings.LANGUAGE_CODE

    @property
    def accept(self) -> list[tuple[str, int]]:
        """The doubtful rows that a person has found to be new."""
        return [(sheet, int(row)) for sheet, row in self.options.get("accept", ())]

    def progress(self, done: int) -> None:
        files.advance_import(self.run, done=done)


class NoForm(forms.Form):
    """Nothing is asked."""

    run: ImportRun | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list that can be taken in."""

    name: str
    label: str
    sub: str
    check: Callable[[Job], Any]
    write: Callable[[Job, Any], Any]
    to: Callable[[ImportRun], str]  # where what was written can be looked at
    form: type[forms.Form] = NoForm
    confirm: type[forms.Form] = NoForm
    columns: tuple[str, ...] = ()  # what heads are understood, told before the upload
    completes: bool = True  # a row that is known but differs is written; else it is only told
    button: Callable[[int], str] = lambda rows: counted("Ghi %(n)s dòng", rows)  # what confirms so many rows


def confirming(kind: Kind, run: ImportRun) -> type[forms.Form]:
    """The form that confirms this run: what it asks may depend on what was read."""
    return type(kind.confirm.__name__, (kind.confirm,), {"run": run})


@cache
def kinds() -> dict[str, Kind]:
    """Everything that can be taken in, by name."""
    desks = ("establishments", "plans", "projects", "organisations")
    return {kind.name: kind for desk in desks for kind in import_module(f"khuyencong.web.desk.{desk}.imports").KINDS}


def plain(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers of a form as they are kept with the run: days as text, records as their keys."""
    return {
        name: value.isoformat() if isinstance(value, date) else getattr(value, "pk", value)
        for name, value in answers.items()
    }


@task()
def read_run(pk: int) -> None:
    """Read and judge what was uploaded; the worker's part."""
    read(ImportRun.objects.select_related("file").get(pk=pk))


@task()
def write_run(pk: int) -> None:
    """Read once more and write what a person has confirmed; the worker's part."""
    write(ImportRun.objects.select_related("file").get(pk=pk))


def read(run: ImportRun) -> ImportRun:
    """Judge the workbook of ``run``; a file that cannot be read makes it a failed run, in one sentence.  Can be repeated."""
    if run.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        return run  # another worker was faster
    job = _job(run)
    try:
        checked = kinds()[run.kind].check(job)
    except DomainError as refusal:
        return files.fail_import(run, reason=str(refusal))
    except Exception:
        files.fail_import(run, reason=sentence("Hệ thống gặp lỗi khi đọc tệp này. Việc này đã được ghi lại để sửa."))
        raise
    return files.check_import(
        run,
        counts=checked.counts,
        faults=[fault.as_kept() for fault in checked.errors],
        details=checked.preview(),
        marked=_marked(job, [*checked.errors, *checked.warnings]),
    )


def write(run: ImportRun) -> ImportRun:
    """Write what ``run`` confirmed, or say in one sentence why not."""
    if run.state != ImportState.CONFIRMED:
        return run
    job, kind = _job(files.judge_again(run)), kinds()[run.kind]
    try:
        checked = kind.check(job)  # in Vietnamese, as its texts are kept
        with override(job.language):
            kind.write(job, checked)
    except DomainError as refusal:
        return files.fail_import(run, reason=str(refusal))
    except Exception:
        files.fail_import(
            run, reason=sentence("Hệ thống gặp lỗi khi ghi; không có gì được ghi. Việc này đã được ghi lại để sửa.")
        )
        raise
    run.refresh_from_db()
    return run


def _job(run: ImportRun) -> Job:
    with open_file(run.file) as content:
        data = content.read()
    return Job(
        run=run,
        data=data,
        province=Unit.objects.filter(pk=run.province_id).first(),
        by=User.objects.filter(pk=run.options.get("confirmed_by", run.actor_id)).first(),
        options=run.options,
    )


def _marked(job: Job, faults: list[workbook.Fault]):
    if not faults:
        return None
    stem = job.name.rpartition(".")[0] or job.name
    try:
        with override(job.language):
            data = workbook.marked(job.data, faults, name=job.name)
        return files.store(data, name=f"{stem}-danh-dau.xlsx", by=job.by)
    except DomainError:  # the preview tells the faults; the marked copy is a help
        logger.warning("no marked copy", extra={"run": job.run.pk})
        return None
