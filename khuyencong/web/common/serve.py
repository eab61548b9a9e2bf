"""Stored bytes to a browser, for whoever a page has let this far."""

from django.http import FileResponse, HttpRequest

from khuyencong.files.models import StoredFile
from khuyencong.files.queries import open_file

INLINE = ("application/pdf", "image/jpeg", "image/png", "image/webp")


def stored(request: HttpRequest, file: StoredFile) -> FileResponse:
    """The bytes: shown in the page for PDF and pictures, else (or with ``?tai``) to be saved; never kept by proxies."""
    answer = FileResponse(
        open_file(file),
        content_type=file.content_type,
        as_attachment="tai" in request.GET or file.content_type not in INLINE,
        filename=file.name,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
