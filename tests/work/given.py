"""What several files of tests here begin with."""

import re
import unicodedata


def plain(text: str) -> str:
    """Letters without spaces and hyphens: a PDF breaks lines where Word does not."""
    return re.sub("[\\s\u0002\ufffe\u00ad-]", "", unicodedata.normalize("NFC", text))
