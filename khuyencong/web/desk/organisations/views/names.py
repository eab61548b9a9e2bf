"""The names of a body through time: renamed, a former name told afterwards, one taken away again."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.documents.enums import PaperKind
from khuyencong.documents.queries import choices_for
from khuyencong.organisations import operations
from khuyencong.organisations.models import FormerName
from khuyencong.web.common.names import FormerNameForm, RenameForm, keep_names
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
        title=_("Ghi nhận đổi tên"),
        sub=body.name,
        after=[
            _("Từ ngày này, giấy tờ lập ra in tên mới; giấy tờ ký trước đó vẫn in tên cũ."),
            _("Ghi sai chính tả thì dùng “Sửa thông tin”; sáp nhập, chia tách thì dùng “Ghi nhận kế thừa”."),
        ],
        button=_("Ghi nhận đổi tên"),
        body=body,
        to=page_of,
        done=_("Đã ghi nhận tên mới."),
    )


@step
def record_former_name(request, pk):
    body = managed(request, pk)
    form = bind(FormerNameForm, request, papers=choices_for(request.user, kind=PaperKind.OTHER))
    return step_of(
        request,
        form,
        lambda data: keep_names(operations.record_former_name, body, form, by=request.user, kind=PaperKind.OTHER),
        title=_("Ghi tên cũ"),
        sub=body.name,
        after=[_("Tên hiện nay giữ nguyên; giấy tờ ký khi còn mang tên cũ in tên cũ.")],
        button=_("Ghi tên cũ"),
        body=body,
        to=page_of(body),
        done=_("Đã ghi tên cũ."),
    )


@step
def remove_former_name(request, pk):
    former = get_object_or_404(FormerName.objects.select_related("organisation"), pk=pk)
    body = managed(request, former.organisation_id)

    return step_of(
        request,
        bind(Nothing, request),
        lambda data: operations.remove_former_name(former, by=request.user),
        title=_("Bỏ tên cũ ghi nhầm"),
        sub=former.name,
        after=[_("Tên hiện nay giữ nguyên. Giấy tờ ký khi mang tên này sẽ in tên kế tiếp.")],
        button=_("Bỏ tên cũ này"),
        body=body,
        to=page_of(body),
        done=_("Đã bỏ tên cũ."),
    )
