"""Make .venv from the lock files: `python3 scripts/environment.py run|dev`.  Does nothing when it is already right.

Only the standard library, for it runs before anything is installed.  Every package is checked against its hash, the
installer (uv) included; where uv cannot be had or cannot reach its index, pip installs the same lock, more slowly.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}


def main(kind: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this is where an older one is told)
        sys.exit("Cần Python 3.11 trở lên. Hãy cài đặt rồi chạy lại: make PYTHON=python3.11 run")
    lock = ROOT / LOCKS[kind]
    stamp, wanted = VENV / f".{kind}-stamp", hashlib.sha256(lock.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not os.access(VENV if VENV.exists() else ROOT, os.W_OK):
        sys.exit(f"Không ghi được vào thư mục {ROOT}. Hãy cấp quyền ghi, hoặc chép mã nguồn sang thư mục khác.")
    print(f"Đang chuẩn bị môi trường Python theo {lock.name} …", flush=True)
    try:
        make()
        if installer := bootstrap():
            uv = [installer, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
            done = subprocess.run([*uv, "-r", str(lock)]).returncode == 0
        else:
            done = False
        if not done:
            pip("--require-hashes", "-r", str(lock))
        stamp.write_text(wanted)
    except OSError as error:
        sys.exit(
            f"Không tạo được môi trường trong {VENV} ({error.strerror}). Hãy kiểm tra quyền ghi và dung lượng đĩa."
        )
    except subprocess.CalledProcessError:
        sys.exit(f"Không cài được các gói trong {lock.name}. Hãy kiểm tra kết nối mạng rồi chạy lại.")


def make() -> None:
    """A virtual environment with pip in it; what a broken attempt left behind is made again."""
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python trên máy này thiếu venv. Trên Debian hoặc Ubuntu: apt-get install python3-venv")


def bootstrap() -> str | None:
    """Where uv stands, of exactly the version we pin; None when it cannot be installed here."""
    try:
        pip("--require-hashes", "-r", str(ROOT / "requirements-bootstrap.lock"))
    except subprocess.CalledProcessError:
        return None
    return shutil.which("uv", path=str(PYTHON.parent))


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
