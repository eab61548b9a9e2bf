"""Run a command with a PostgreSQL to use: `python scripts/postgres.py COMMAND …`.

Where DATABASE_URL is set, that server is used.  Otherwise a cluster is made in a temporary folder, listens on a socket
inside it only, forgets nothing sooner than the command ends, and is thrown away afterwards.  The server refuses to run
as root, so root hands it to the user `postgres` (or `nobody`).
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "listen_addresses=")


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command).returncode
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


@contextmanager
def cluster():
    """The address of a fresh cluster that lives as long as the block."""
    owner = {}
    folder = Path(tempfile.mkdtemp(prefix="kc-pg-", dir="/tmp"))  # a socket's path must stay below 100 characters
    data, log = folder / "data", folder / "log"
    try:
        if os.geteuid() == 0:
            user = unprivileged()
            owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **owner}
        initdb = [program("initdb"), "-D", str(data), "-U", "khuyencong", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, **quiet)
        options = " ".join(f"-c {option}" for option in (*FAST, f"unix_socket_directories={folder}"))
        control = [program("pg_ctl"), "-D", str(data), "-w"]
        try:
            subprocess.run([*control, "-l", str(log), "-o", options, "start"], check=True, **quiet)
            createdb = [program("createdb"), "-h", str(folder), "-U", "khuyencong", "khuyencong"]
            subprocess.run(createdb, check=True, **quiet)
            yield f"postgresql://khuyencong@/khuyencong?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], stderr=subprocess.DEVNULL, **quiet)
    except subprocess.CalledProcessError as error:
        story = log.read_text() if log.exists() else ""
        sys.exit(f"{story}\nKhông khởi động được PostgreSQL tạm: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> pwd.struct_passwd:
    """Whom root may hand the server to."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("Cần một tài khoản thường (postgres) để chạy PostgreSQL tạm.")


def program(name: str) -> str:
    """Where a program of the newest PostgreSQL stands; Debian keeps them out of the path."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for folder in (*map(str, homes), os.environ.get("PATH", "")):
        if found := shutil.which(name, path=folder):
            return found
    sys.exit("Không thấy PostgreSQL. Hãy đặt DATABASE_URL, hoặc cài đặt: apt-get install postgresql")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
