"""The opinion of another body on a file: asked and given."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import operations, queries
from khuyencong.projects.models import OpinionRequest
from khuyencong.web.common.opinions import AnswerForm, OpinionForm, answered
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects.views.shared import page_of, project_of, step_page


@step
def ask_opinion(request, pk):
    project = project_of(request, pk)
    if request.method != "POST" and not queries.may_ask_opinion(request.user, project):
        raise NotAllowed(_("Chỉ người đang thẩm định hồ sơ này mới lấy ý kiến cơ quan khác."))
    until = queries.opinion_until(project, on=clock.today())
    form = bind(
        OpinionForm,
        request,
        province=project.province,
        commune=project.commune,
        until=until,
        initial={"on": clock.today()},
    )
    return step_page(
        request,
        project,
        form,
        lambda data: operations.ask_opinion(project, by=request.user, **data),
        title=_("Lấy ý kiến cơ quan khác"),
        law=[
            *_told(until),
            _("Việc thẩm định không dừng lại để chờ ý kiến: các văn bản đã đọc không quy định phải chờ."),
        ],
        button=_("Lấy ý kiến"),
        to=f"{page_of(project)}#y-kien",
        done=lambda asked: _("Đã hỏi ý kiến %(body)s.") % {"body": asked.body},
    )


def _told(until):
    if until.default is None:
        yield _("Các quy định đã ghi không nói phải trả lời trong bao nhiêu ngày: người hỏi ghi hạn.")
        return
    told = {"day": f"{until.default:%d/%m/%Y}", "basis": until.citation}
    yield _("Hạn trả lời theo quy định, nếu hỏi hôm nay: %(day)s. %(basis)s.") % told
    if until.silence_consents:
        yield _("Quá hạn không trả lời thì coi như đồng ý, theo quy định này.")


@step
def give_opinion(request, pk, opinion):
    project = project_of(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body", "project"), pk=opinion, project=project)
    kind = PaperKind.OPINION
    form = bind(AnswerForm, request, papers=documents.choices_for(request.user, kind=kind))

    def do(data):
        return answered(operations.give_opinion, asked, form, by=request.user, province=project.province)

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi ý kiến"),
        sub=_("%(body)s cho ý kiến về %(project)s") % {"body": asked.body, "project": project.title},
        asked=asked,
        parts=queries.parts_of(project),
        beside=True,
        paper=kind,
        button=_("Ghi ý kiến"),
        template="desk/projects/answer.html",
        to=f"{page_of(project)}#y-kien",
        done=_("Đã ghi ý kiến."),
    )
