"""What comes round by the clock, and jobs whose worker was killed.  Run inside the one worker process.

Each duty can be run twice, by two workers at once, or be cut off anywhere: it takes a lock of its own or marks what it has
done, so a killed worker needs no cleaning up.  When it ran last is kept in memory only: a new worker runs everything once.
"""

import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from khuyencong.audit.operations import seal_all
from khuyencong.files.models import ImportRun
from khuyencong.files.operations import fail_import, forget_imports
from khuyencong.notices.operations import deliver
from khuyencong.plans.imports.word import KIND
from khuyencong.work.operations import remind

logger = logging.getLogger("khuyencong.worker")

STALE = timedelta(minutes=30)  # a job that runs longer, on another machine, is taken for dead
MOST_RUNS = 3  # jobs can be run again, but not for ever


@dataclass
class Duty:
    name: str
    every: int  # seconds
    run: Callable[[], object]
    last: float = field(default=float("-inf"))

    def is_due(self, now: float) -> bool:
        return now - self.last >= self.every


def worker_id() -> str:
    """Machine and process, so that another worker there can tell whether this one still lives."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{get_random_string(8)}"


def _is_alive(worker: str) -> bool | None:
    """Whether a worker still lives; None when it works on another machine and nobody here can tell."""
    host, _sep, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:30] or not pid.isdigit():
        return None
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def reap(*, own: str = "") -> int:
    """Jobs left RUNNING by a worker that is gone: ready again, or failed after ``MOST_RUNS``; returns how many.

    ``own`` is the id of the asking worker: a job that an earlier process with the same number left is not its own.
    """
    count = 0
    for job in DBTaskResult.objects.running():
        worker = job.worker_ids[-1] if job.worker_ids else ""
        alive = _is_alive(worker)
        if worker and worker != own and own and _same_process(worker, own):
            alive = False  # the number was given to us after its death
        overdue = job.started_at is None or job.started_at < timezone.now() - STALE
        if alive is True or (alive is None and not overdue):
            continue
        with transaction.atomic():
            mine = DBTaskResult.objects.running().filter(pk=job.pk, started_at=job.started_at)
            if len(job.worker_ids) < MOST_RUNS:
                count += mine.update(status="READY", started_at=None)
            else:
                _give_up(job)
                count += mine.update(
                    status="FAILED",
                    finished_at=timezone.now(),
                    exception_class_path="builtins.RuntimeError",
                    traceback=f"The worker died {len(job.worker_ids)} times while running this job.",
                )
    return count


def _give_up(job: DBTaskResult) -> None:
    """A workbook at which each worker died is not waited for any longer: its page says so."""
    if job.task_path.startswith("khuyencong.web.common.imports."):
        run = ImportRun.objects.filter(pk__in=job.args_kwargs["args"]).first()
        if run is not None and run.waits:
            fail_import(
                run,
                reason=gettext(
                    "Hệ thống đã thử %(count)d lần mà không xử lý xong tệp này; không có gì được ghi. Hãy chia tệp nhỏ hơn rồi gửi lại."
                )
                % {"count": len(job.worker_ids)},
            )


def _same_process(one: str, other: str) -> bool:
    return one.rpartition(":")[0] == other.rpartition(":")[0]


def prune() -> int:
    """Forget jobs that ended more than 30 days ago."""
    old = timezone.now() - timedelta(days=30)
    return DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()[0]


def clear_uploads() -> int:
    """Forget the Word files from which nobody has begun a project for 14 days."""
    return forget_imports(kind=KIND, before=timezone.now() - timedelta(days=14))


def optimise() -> None:
    """Let SQLite look at its tables again, so that it chooses its indexes by what they hold now."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")


def duties(own: str = "") -> list[Duty]:
    """The table: what, how often."""
    return [
        Duty("reap", 60, lambda: reap(own=own)),
        Duty("deliver", 10, deliver),
        Duty("seal", 60, seal_all),
        Duty("remind", 6 * 3600, remind),  # each task and day once only, however often it is asked
        Duty("prune", 24 * 3600, prune),
        Duty("clear_uploads", 24 * 3600, clear_uploads),
        Duty("optimise", 24 * 3600, optimise),
    ]


def run_due(table: list[Duty]) -> list[str]:
    """Run what is due; a duty that fails is logged and tried again at its next turn.  Returns the names that ran."""
    ran = []
    for duty in table:
        if duty.is_due(time.monotonic()):
            duty.last = time.monotonic()
            try:
                result = duty.run()
            except Exception:
                logger.exception("duty %s failed", duty.name)
            else:
                ran.append(duty.name)
                if result:
                    logger.info("duty %s: %s", duty.name, result)
    return ran
