"""The opinion of another body on a file: asked, put off and given; and more time for the file itself."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import operations, queries
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import OpinionRequest
from khuyencong.web.common.opinions import (
    AnswerForm,
    ExtensionForm,
    OpinionForm,
    already_answered,
    answered,
    extended,
    refuse_who_may_not_answer,
)
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects.views.shared import page_of, step_page, whole_of


@step
def ask_opinion(request, pk):
    project = whole_of(request, pk)
    if request.method != "POST" and not queries.may_ask_opinion(request.user, project):
        raise NotAllowed(_("Chỉ người đang thẩm định hồ sơ này mới được lấy ý kiến cơ quan khác."))
    until = queries.opinion_until(project, on=clock.today())
    form = bind(
        OpinionForm,
        request,
        province=project.province,
        commune=project.commune,
        until=until,
        writer=project.implementer,
        asking=request.user if project.state == ProjectState.REGISTERED else None,
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
    project = whole_of(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body", "project"), pk=opinion, project=project)
    refuse_who_may_not_answer(
        request.user, asked, place=project.place, asks=queries.may_ask_opinion(request.user, project)
    )
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
        refusal=already_answered(asked),
        sub=_("%(body)s cho ý kiến về %(project)s") % {"body": asked.body, "project": project.title},
        asked=asked,
        shows=lambda: {
            "parts": queries.parts_of(project),
        },
        beside=True,
        paper=kind,
        button=_("Ghi ý kiến"),
        template="desk/projects/answer.html",
        to=f"{page_of(project)}#y-kien",
        done=_("Đã ghi ý kiến."),
    )


@step
def extend_opinion(request, pk, opinion):
    project = whole_of(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body", "project"), pk=opinion, project=project)
    if request.method != "POST" and not queries.may_ask_opinion(request.user, project):
        raise NotAllowed(_("Chỉ người đang thẩm định hồ sơ này mới được gia hạn trả lời."))
    kind = PaperKind.OTHER
    form = bind(ExtensionForm, request, papers=documents.choices_for(request.user, kind=kind))
    return step_page(
        request,
        project,
        form,
        lambda data: extended(
            operations.extend_opinion, asked, form, kind=kind, by=request.user, province=project.province
        ),
        title=_("Gia hạn cho ý kiến"),
        refusal=already_answered(asked),
        sub=_("%(body)s cho ý kiến về %(project)s") % {"body": asked.body, "project": project.title},
        law=[_("Hạn trả lời đang có: %(day)s.") % {"day": f"{asked.due_on:%d/%m/%Y}"}],
        after=[_("Người được hỏi nhận thông báo ngay; hạn lúc đầu và lý do được giữ trong hồ sơ và nhật ký.")],
        paper=kind,
        button=_("Gia hạn"),
        to=f"{page_of(project)}#y-kien",
        done=_("Đã gia hạn cho ý kiến."),
    )


@step
def extend_completion(request, pk):
    project = whole_of(request, pk)
    running = queries.clock_of(project, queries.timeline(project))
    if request.method != "POST" and not queries.may_extend(request.user, project, running):
        raise NotAllowed(_("Chỉ cơ quan đã yêu cầu bổ sung mới được gia hạn, khi hồ sơ chưa nộp lại."))
    kind = PaperKind.RETURN_LETTER
    form = bind(ExtensionForm, request, papers=documents.choices_for(request.user, kind=kind))
    due = running.due if running and running.completes else None
    return step_page(
        request,
        project,
        form,
        lambda data: extended(
            operations.extend_completion, project, form, kind=kind, by=request.user, province=project.province
        ),
        title=_("Gia hạn bổ sung"),
        law=[_("Hạn bổ sung đang có: %(day)s.") % {"day": f"{due:%d/%m/%Y}"} if due else ""],
        after=[
            _("Người lập hồ sơ nhận thông báo ngay; thời hạn tính theo ngày mới."),
            _("Hạn cũ, lý do và văn bản được giữ trong quá trình xử lý."),
        ],
        paper=kind,
        button=_("Gia hạn"),
        done=_("Đã gia hạn bổ sung."),
    )
