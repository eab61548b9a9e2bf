"""The names of a body through time: renamed, a former name told afterwards, one taken away again."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.documents.enums import PaperKind
from khuyencong.documents.queries import choices_for
from khuyencong.organisations import operations
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
from khuyencong.web.desk.organisations.forms import Nothing
from khuyencong.web.desk.organisations.views.shared import managed, page_of, step_of


@step
def rename(request, pk):
    body = managed(request, pk)
    form = bind(RenameForm, request, papers=choices_for(request.user, kind=PaperKind.OTHER))
    return step_of(
        request,
        form,
        lambda data: keep_names(operations.rename, body, form, by=request.user, kind=PaperKind.OTHER),
        **words_of_renaming(
            _("Ghi sai chính tả thì dùng “Sửa thông tin”; sáp nhập, chia tách thì dùng “Ghi nhận kế thừa”.")
        ),
        sub=body.name,
        body=body,
        to=page_of,
    )


@step
def record_former_name(request, pk):
    body = managed(request, pk)
    form = bind(FormerNameForm, request, papers=choices_for(request.user, kind=PaperKind.OTHER))
    return step_of(
        request,
        form,
        lambda data: keep_names(operations.record_former_name, body, form, by=request.user, kind=PaperKind.OTHER),
        **words_of_former_name(),
        sub=body.name,
        body=body,
        to=page_of(body),
    )


@step
def remove_former_name(request, pk):
    former = get_object_or_404(FormerName.objects.select_related("organisation"), pk=pk)
    body = managed(request, former.organisation_id)

    return step_of(
        request,
        bind(Nothing, request),
        lambda data: operations.remove_former_name(former, by=request.user),
        **words_of_removal(former),
        body=body,
        to=page_of(body),
    )
