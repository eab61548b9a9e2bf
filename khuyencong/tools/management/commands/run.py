"""Start the system on this machine: prepare what is missing, then web and one worker until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from khuyencong.base.errors import NotPossible
from khuyencong.tools import startup
from khuyencong.tools.command import Command as HouseCommand

HOST = "127.0.0.1"  # this machine only; a public address belongs to a proxy in front
THREADS = 4  # requests that wait for the database at the same time, in each of the web processes
PATIENCE = 10  # seconds that a request or a job gets to end by itself


class Command(HouseCommand):
    help = "Chuẩn bị cơ sở dữ liệu rồi chạy trang web và một tiến trình xử lý việc nền."

    def add_arguments(self, parser):
        parser.add_argument("--gather", action="store_true", help="Chỉ gom giao diện rồi kết thúc.")

    def handle(self, *args, **options):
        try:
            if options["gather"]:
                os.nice(10)  # compressing takes every core it gets, and the database beside it is what people wait for
                startup.collect_static()
                return
            self.port = self.read_port()
            self.prepare()
            sys.exit(self.serve())
        except KeyboardInterrupt:
            sys.exit(130)

    def read_port(self) -> int:
        port = os.environ.get("KC_PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise NotPossible(_("KC_PORT phải là một số cổng, ví dụ 8001."))
        os.environ.setdefault("KC_SITE_URL", f"http://{HOST}:{port}")  # what links in messages begin with
        return int(port)

    def stop(self, *_signal) -> None:
        """Once: a second Ctrl-C must not interrupt the stopping itself."""
        if not self.stopping:
            self.stopping = True
            raise KeyboardInterrupt

    def prepare(self) -> None:
        startup.require_folder(settings.DATA_DIR)
        startup.require_database()
        startup.require_port(HOST, self.port)
        begun = time.monotonic()
        # styles and scripts are gathered beside the database: on two cores the first start takes the longer of the two
        gathering = (
            None if startup.static_is_current() else self.start([sys.executable, "manage.py", "run", "--gather"])
        )
        if startup.prepare_database():
            self.say(_("Đã chuẩn bị cơ sở dữ liệu"), begun)
        startup.require_installation()
        begun = time.monotonic()
        if settings.DEMO and startup.load_demonstration():
            self.say(_("Đã nạp dữ liệu minh hoạ"), begun)
        elif startup.load_registers():
            self.say(_("Đã nạp danh mục địa bàn, quy định và số liệu đã công bố"), begun)
        if gathering is not None and gathering.wait() != 0:
            raise NotPossible(_("Không gom được giao diện; lý do có ở các dòng trên."))
        self.accounts = startup.demonstration_accounts() if settings.DEMO else []
        connections.close_all()

    def say(self, done: str, begun: float) -> None:
        self.stdout.write(f"{done} ({time.monotonic() - begun:.1f} s).")

    def serve(self) -> int:
        """Watch both until asked to stop; a dead worker is replaced, a dead web ends all."""
        web, worker, code = None, None, 0
        self.stopping = False
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, self.stop)
        try:
            web, worker, announced = self.start_web(), self.start_worker(), False
            while web.poll() is None:
                if not announced and self.answers():
                    self.announce()
                    announced = True
                if worker.poll() is not None:
                    self.stderr.write(_("Tiến trình xử lý việc nền đã dừng, đang khởi động lại."))
                    time.sleep(1)
                    worker = self.start_worker()
                time.sleep(0.5 if announced else 0.1)
            self.stderr.write(_("Trang web đã dừng ngoài ý muốn; lý do có ở các dòng trên."))
            code = 1
        except KeyboardInterrupt:
            self.stdout.write("\n" + _("Đang dừng hệ thống …"))
        finally:
            self.end(web, worker)
        return code

    def start_web(self) -> subprocess.Popen:
        workers = min(2, os.cpu_count() or 1)
        command = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"]
        command += ["--host", HOST, "--port", str(self.port)]
        command += ["--workers", str(workers), "--blocking-threads", str(THREADS), "--respawn-failed-workers"]
        command += ["--workers-kill-timeout", str(PATIENCE - 2), "--log-level", "warning"]
        return self.start(command)

    def start_worker(self) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "worker"]
        return self.start(command)

    def start(self, command: list[str]) -> subprocess.Popen:
        """In a session of its own: Ctrl-C reaches us alone, and each child is asked to stop exactly once."""
        return subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)

    def answers(self) -> bool:
        """Whether the first page comes; one that fails is not an answer, and its reason is on the screen."""
        try:
            urllib.request.urlopen(f"http://{HOST}:{self.port}/", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False
        return True

    def announce(self) -> None:
        self.stdout.write(
            self.style.SUCCESS(_("Hệ thống đã sẵn sàng: http://%(address)s") % {"address": f"{HOST}:{self.port}"})
        )
        if self.accounts:
            self.stdout.write(
                _("Tài khoản minh hoạ, mật khẩu chung: %(password)s") % {"password": startup.DEMO_PASSWORD}
            )
            width = max(len(account[0]) for account in self.accounts)
            for username, role, name in self.accounts:
                self.stdout.write(f"  {username:{width}}  {role} ({name})")
        self.stdout.write(_("Nhấn Ctrl-C để dừng."))
        self.stdout.flush()

    def end(self, *processes: subprocess.Popen | None) -> None:
        self.stopping = True
        running = [process for process in processes if process and process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
