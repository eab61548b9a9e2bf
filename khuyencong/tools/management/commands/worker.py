"""The one worker: jobs from the table of jobs, and what comes round by the clock."""

import logging
import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from khuyencong.tools import due
from khuyencong.tools.checks import INSTALLATION
from khuyencong.tools.command import Command as HouseCommand

logger = logging.getLogger("khuyencong.worker")


class Command(HouseCommand):
    requires_system_checks = [INSTALLATION]
    help = "Làm các việc nền khi có, và những việc định kỳ: niêm phong nhật ký, gửi thư, nhận lại việc bị bỏ dở."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="số giây giữa hai lần xem việc")
        parser.add_argument("--once", action="store_true", help="làm hết việc đang chờ rồi kết thúc")

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
