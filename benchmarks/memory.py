"""What one web worker holds after a mixed load: the server as it really runs, asked one request after another."""

import contextlib
import http.client
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import database
from benchmarks.data import SEED, model_of
from benchmarks.measure import Row, addresses_of, client_of
from benchmarks.pages import COUNTRY, LISTS, OF_THE_PROVINCE, RECORDS, WORDS, route

REQUESTS = 600
LIMIT = 300


def rows() -> list[Row]:
    """Megabytes resident after the first page, and the most during the load."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    load = mixed()
    web = subprocess.Popen([*command, "--log-level", "warning"], cwd=database.ROOT, start_new_session=True)
    try:
        wait(port)
        first, most = resident(web.pid), 0.0
        for cookie, address in load:
            get(port, address, cookie)
            most = max(most, resident(web.pid))
        return [Row(f"memory of one worker, {len(load)} requests (first, most)", LIMIT, first, most, unit="MB")]
    finally:
        web.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            web.wait(10)
        if web.poll() is None:
            web.kill()


def mixed() -> list[tuple[str, str]]:
    """(cookie, address): lists with their filters, searches, records, home and exports, in a mixed order."""
    from django.conf import settings

    pick, asked = random.Random(SEED), []
    for username in (COUNTRY, OF_THE_PROVINCE):
        client = client_of(username)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        addresses = ["/"] * 10 + [f"/tim/?q={word.replace(' ', '+')}" for word in WORDS if word.isascii()]
        for _what, name, people in LISTS:
            if username in dict(map(reversed, people)) and (base := route(name)):
                ways = addresses_of(client, base)
                addresses += pick.sample(ways, min(12, len(ways)))
        for _what, label, name, where in RECORDS:
            if route(name, 1):
                keys = list(model_of(label)._base_manager.filter(**where).values_list("pk", flat=True)[:500])
                addresses += [route(name, key) for key in pick.sample(keys, min(10, len(keys)))]
        addresses += [f"{route(name)}?xuat=xlsx" for name in ("projects:list",) if username == OF_THE_PROVINCE]
        asked += [(cookie, address) for address in addresses]
    pick.shuffle(asked)
    return asked[:REQUESTS]


def wait(port: int) -> None:
    for _turn in range(100):
        with contextlib.suppress(OSError):
            return get(port, "/tai-khoan/dang-nhap/", "")
        time.sleep(0.2)
    sys.exit("The server did not answer.")


def get(port: int, address: str, cookie: str) -> None:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        there.request("GET", address.replace(" ", "+"), headers={"Cookie": cookie} if cookie else {})
        there.getresponse().read()
    finally:
        there.close()


def resident(pid: int) -> float:
    """Megabytes of the largest process below this one: the worker; the one that started it only waits."""
    return max(_megabytes(child) for child in [pid, *_below(pid)])


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_below(child)]
    return found


def _megabytes(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


if os.name != "posix":
    raise SystemExit("Memory is read from /proc.")
