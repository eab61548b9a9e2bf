"""What comes round by the clock runs in the one worker, and a killed worker leaves nothing behind."""

import datetime as dt
import os
import socket
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from khuyencong.audit.models import Event
from khuyencong.tools import due
from tests.factories.audit import EventFactory
from tests.factories.files import ImportRunFactory
from tests.factories.notices import MessageFactory

pytestmark = pytest.mark.django_db
HOST = socket.gethostname()[:30]


@task()
def add(one, two):
    return one + two


def job(status="RUNNING", workers=("elsewhere:1:x",), minutes=1):
    add.enqueue(1, 2)
    row = DBTaskResult.objects.latest("enqueued_at")
    row.status, row.worker_ids = status, list(workers)
    row.started_at = timezone.now() - dt.timedelta(minutes=minutes)
    row.save()
    return row


def dead_process():
    """A number that was a process a moment ago."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_job_of_a_worker_that_died_here_is_ready_again_at_once():
    row = job(workers=[f"{HOST}:{dead_process()}:abc"])

    assert due.reap() == 1

    row.refresh_from_db()
    assert (row.status, row.started_at) == ("READY", None)


def test_a_job_of_a_living_worker_is_left_alone_however_long_it_takes():
    row = job(workers=[f"{HOST}:{os.getpid()}:abc"], minutes=600)

    assert due.reap() == 0

    row.refresh_from_db()
    assert row.status == "RUNNING"


def test_a_job_left_by_an_earlier_process_with_our_number_is_not_ours():
    job(workers=[f"{HOST}:{os.getpid()}:before"])

    assert due.reap(own=f"{HOST}:{os.getpid()}:now") == 1


@pytest.mark.parametrize(("minutes", "count"), [(29, 0), (31, 1)])
def test_a_job_on_another_machine_is_taken_for_dead_after_half_an_hour(minutes, count):
    job(minutes=minutes)

    assert due.reap() == count


def test_a_job_that_kills_its_worker_again_and_again_is_given_up():
    row = job(workers=["elsewhere:1:a", "elsewhere:2:b", "elsewhere:3:c"], minutes=60)

    assert due.reap() == 1

    row.refresh_from_db()
    assert row.status == "FAILED"
    assert "died 3 times" in row.traceback


@pytest.mark.parametrize(("state", "ended"), [("uploaded", "failed"), ("confirmed", "failed"), ("written", "written")])
def test_a_workbook_at_which_every_worker_died_is_not_waited_for_any_longer(state, ended):
    run = ImportRunFactory(state=state)
    row = job(workers=["elsewhere:1:a", "elsewhere:2:b", "elsewhere:3:c"], minutes=60)
    DBTaskResult.objects.filter(pk=row.pk).update(
        task_path="khuyencong.web.common.imports.write_run", args_kwargs={"args": [run.pk], "kwargs": {}}
    )

    due.reap()

    run.refresh_from_db()
    assert run.state == ended
    assert run.refusal == (
        "Hệ thống đã thử 3 lần mà không xử lý xong tệp này; không có gì được ghi. Hãy chia tệp nhỏ hơn rồi gửi lại."
        if ended == "failed"
        else ""
    )


def test_old_jobs_are_forgotten_and_fresh_ones_kept():
    for days in (29, 31):
        row = job(status="SUCCESSFUL")
        row.finished_at = timezone.now() - dt.timedelta(days=days)
        row.save()

    due.prune()

    assert DBTaskResult.objects.count() == 1


def test_a_duty_runs_when_it_is_due_and_one_that_fails_does_not_stop_the_others(caplog):
    ran = []
    table = [
        due.Duty("broken", 60, lambda: 1 / 0),
        due.Duty("well", 60, lambda: ran.append("well")),
    ]

    assert due.run_due(table) == ["well"]
    assert due.run_due(table) == []
    table[1].last -= 60
    assert due.run_due(table) == ["well"]
    assert ran == ["well", "well"]
    assert "duty broken failed" in caplog.text


@pytest.mark.django_db(transaction=True)  # it opens and closes connections of its own
def test_the_worker_seals_sends_and_runs_jobs(mailoutbox):
    EventFactory()
    MessageFactory(mail=True)
    add.enqueue(1, 2)

    call_command("worker", once=True)

    assert Event.objects.get().position == 1
    assert len(mailoutbox) == 1
    assert (DBTaskResult.objects.get().status, DBTaskResult.objects.get().return_value) == ("SUCCESSFUL", 3)
