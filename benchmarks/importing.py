"""The import of 100,000 establishments in a process of its own: prints its figures as JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks import database
from benchmarks.measure import Row

TRANSLATED = (
    "import of 100,000 establishments",
    "  reading and checking",
    "  write transaction",
    "  the same file again",
    "  memory of the worker",
)


def rows(count: int) -> Iterator[Row]:
    """On a copy of the data set, which already holds 300,000: time, write transaction, memory."""
    with database.copied() as environment:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.importing", str(count)],
            env=environment,
            stdout=subprocess.PIPE,
            cwd=database.ROOT,
            check=True,
        )
    for what, (_told, value, unit, limit, own) in zip(
        TRANSLATED, json.loads(done.stdout.splitlines()[-1]), strict=True
    ):
        yield Row(what, limit, value, value, unit=unit, cpu=own)


def main(count: int) -> None:
    from benchmarks.establishments import importing

    sys.stdout.write(json.dumps(importing(count)) + "\n")


if __name__ == "__main__":
    database.choose()
    import django

    django.setup()
    main(int(sys.argv[1]))
