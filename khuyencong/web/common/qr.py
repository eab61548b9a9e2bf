"""A QR code as inline SVG without styles, dark on white so that it can be read in the dark theme too."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, scale: int = 5) -> SafeString:
    """The code of ``text``; the picture says nothing that stands not beside it in words."""
    svg = segno.make(text, error="m").svg_inline(scale=scale, dark="#17212e", light="#fff", border=3, omitsize=False)
    return mark_safe(svg)
