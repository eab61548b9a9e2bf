"""The names of an establishment through time: renamed, a former name told afterwards, one taken away again."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.documents.enums import PaperKind
from khuyencong.documents.queries import choices_for
from khuyencong.establishments import operations
from khuyencong.organisations.models import FormerName
from khuyencong.web.common.names import (
    FormerNameForm,
    RenameForm,
    keep_names,
    words_of_former_name,
    words_of_removal,
    words_of_renaming,
)
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.establishments.views.shared import edits, establishment_of, on_record
from khuyencong.web.desk.organisations.forms import Nothing


def _kept(request, pk):
    """An establishment that this person keeps: its own people tell a new name to the commune or the Centre."""
    establishment = establishment_of(request, pk, "merged_into")
    if not establishment.merged_into_id and edits(request.user, establishment) != "all":
        raise Http404
    return establishment


def _keep(act, establishment, form, *, by):
    return keep_names(act, establishment, form, by=by, kind=PaperKind.LICENCE, commune=establishment.commune)


@step
def rename(request, pk):
    establishment = _kept(request, pk)
    papers = choices_for(request.user, kind=PaperKind.LICENCE)
    form = bind(RenameForm, request, papers=papers, short=False)
    return on_record(
        request,
        establishment,
        form,
        lambda data: _keep(operations.rename, establishment, form, by=request.user),
        **words_of_renaming(_("Ghi sai chính tả thì dùng “Sửa thông tin”; hai bản ghi của một cơ sở thì gộp.")),
        paper=PaperKind.LICENCE,
    )


@step
def record_former_name(request, pk):
    establishment = _kept(request, pk)
    papers = choices_for(request.user, kind=PaperKind.LICENCE)
    form = bind(FormerNameForm, request, papers=papers, short=False)
    return on_record(
        request,
        establishment,
        form,
        lambda data: _keep(operations.record_former_name, establishment, form, by=request.user),
        **words_of_former_name(),
        paper=PaperKind.LICENCE,
    )


@step
def remove_former_name(request, pk, name):
    establishment = _kept(request, pk)
    former = get_object_or_404(FormerName, pk=name, organisation=establishment.organisation_id)

    return on_record(
        request,
        establishment,
        bind(Nothing, request),
        lambda data: operations.remove_former_name(establishment, former=former, by=request.user),
        **words_of_removal(former),
    )
