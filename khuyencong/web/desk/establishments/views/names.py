"""The names of an establishment through time: renamed, a former name told afterwards, one taken away again."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.documents.enums import PaperKind
from khuyencong.documents.queries import choices_for
from khuyencong.establishments import operations
from khuyencong.organisations.models import FormerName
from khuyencong.web.common.names import FormerNameForm, RenameForm, keep_names
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
        title=_("Ghi nhận đổi tên"),
        after=[
            _("Từ ngày này, giấy tờ lập ra in tên mới; giấy tờ ký trước đó vẫn in tên cũ."),
            _("Ghi sai chính tả thì dùng “Sửa thông tin”; hai bản ghi của một cơ sở thì gộp."),
        ],
        paper=PaperKind.LICENCE,
        button=_("Ghi nhận đổi tên"),
        done=_("Đã ghi nhận tên mới."),
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
        title=_("Ghi tên cũ"),
        after=[_("Tên hiện nay giữ nguyên; giấy tờ ký khi còn mang tên cũ in tên cũ.")],
        paper=PaperKind.LICENCE,
        button=_("Ghi tên cũ"),
        done=_("Đã ghi tên cũ."),
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
        title=_("Bỏ tên cũ ghi nhầm"),
        sub=former.name,
        after=[_("Tên hiện nay giữ nguyên. Giấy tờ ký khi mang tên này sẽ in tên kế tiếp.")],
        button=_("Bỏ tên cũ này"),
        done=_("Đã bỏ tên cũ."),
    )
