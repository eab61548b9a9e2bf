"""What a web process loads before its first page."""

import gc
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.urls import reverse

SELDOM = 10_000  # new objects after which rubbish is looked for: by 700 a page was interrupted five times


def warm() -> None:
    """Load addresses, views and templates, and take them out of the sight of the garbage collector.

    They live as long as the process; the collector would walk over all of them from time to time, in the middle of
    somebody's page, for a tenth of a second.
    """
    reverse("home")  # the first address that is asked for loads every desk
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(Path(folder).rglob("*.html")):
            engines["django"].get_template(path.relative_to(folder).as_posix())
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, 10, 10)
