"""From the paper fields of a form to a recorded paper, inside the act's transaction."""

from typing import Any

from khuyencong.documents.models import Paper
from khuyencong.documents.operations import record_paper
from khuyencong.files.operations import store
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import PaperForm


def signed_paper(
    form: PaperForm,
    *,
    kind: str,
    by: Any,
    province: Unit | None = None,
    commune: Unit | None = None,
    **facts: Any,
) -> Paper | None:
    """Store the scans and record the paper that ``form`` describes; None where the form lets it be left out and it was.

    Call it in the ``do`` of ``views.act``, so that a refused act leaves no paper behind.
    """
    if not form.has_paper:
        return None
    scans = [store(file, name=file.name, by=by) for file in form.cleaned_data.get("scans") or ()]
    return record_paper(
        kind=kind, by=by, province=province, commune=commune, files=scans, **form.paper_values(), **facts
    )
