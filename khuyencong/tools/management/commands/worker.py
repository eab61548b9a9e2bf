"""The one worker: jobs from the table of jobs, and what comes round by the clock."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from khuyencong.tools import due

logger = logging.getLogger("khuyencong.worker")


class Command(BaseCommand):
    help = "Runs jobs as they come and periodic duties (sealing the journal, sending messages, reviving lost jobs)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks at the jobs")
        parser.add_argument("--once", action="store_true", help="do everything that is due and all jobs, then stop")

    def handle(self, *, interval: float, once: bool, **options: Any) -> None:
        own = due.worker_id()
        worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=own,
            excluded_queue_names=[],
        )
        table = due.duties(own)
        if not once:
            worker.configure_signals()
        while worker.running:
            close_old_connections()
            try:
                due.run_due(table)
                worker.run()
            except DatabaseError:
                if once:
                    raise
                logger.exception("the database does not answer; trying again")
                time.sleep(5)
            if once:
                break
            if worker.running:
                time.sleep(interval)
