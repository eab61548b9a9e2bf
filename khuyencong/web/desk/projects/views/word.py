"""A project file brought as a Word file: read, looked at fact by fact, then begun as a draft."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base.word import MAX_BYTES
from khuyencong.files import operations as files
from khuyencong.files.enums import ImportState
from khuyencong.files.models import ImportRun
from khuyencong.files.queries import open_file
from khuyencong.plans.imports import word
from khuyencong.projects import operations
from khuyencong.projects.enums import PartNumber
from khuyencong.projects.models import Project
from khuyencong.projects.queries import SOURCES
from khuyencong.web.common import steps
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects.word import ASKED, WordForm, WordUpload


@step
def from_word(request):
    for_holders(request.user, Permission.PROJECT_DRAFT)

    def do(data):
        sent = data["file"]
        content = sent.read(MAX_BYTES + 1)
        word.read(content, sent.name)
        stored = files.store(content, name=sent.name, by=request.user)
        run = files.begin_import(stored, kind=word.KIND, by=request.user, province_id=None)
        return files.check_import(run, counts={}, faults=[])

    return steps.step_page(
        request,
        bind(WordUpload, request),
        do,
        trail=[(_("Đề án"), reverse("projects:list"))],
        title=_("Lập đề án từ tệp Word"),
        sub=_(
            "Hệ thống đọc tên, đơn vị, địa điểm, thời gian, kinh phí, dự toán và tám phần của đề án, rồi chỉ cho bạn từng điều "
            "đứng ở đâu trong tệp. Chưa lập đề án nào cho đến khi bạn xác nhận."
        ),
        button=_("Gửi tệp và xem trước"),
        to=lambda run: reverse("projects:word_review", args=[run.uid]),
    )


@step
def word_review(request, uid):
    for_holders(request.user, Permission.PROJECT_DRAFT)
    run = get_object_or_404(ImportRun.objects.select_related("file"), uid=uid, kind=word.KIND, actor_id=request.user.pk)
    if run.state != ImportState.CHECKED:
        made = get_object_or_404(Project, uid=run.options.get("project"))
        return HttpResponseRedirect(reverse("projects:page", args=[made.pk]))
    with open_file(run.file) as content:
        found = word.read(content.read(), run.file.name)
    initial = {} if found.value("province") else {"province": request.frame.province_id}
    initial |= {} if found.value("year") else {"year": request.frame.year + 1}
    form = bind(WordForm, request, user=request.user, found=found, initial=initial)

    def do(data):
        project = operations.draft_from_file(file=run.file, by=request.user, **form.values())
        files.finish_import(
            files.confirm_import(run, project=str(project.uid)), counts={"written": 1}, digest=run.file.digest
        )
        return project

    return steps.step_page(
        request,
        form,
        do,
        trail=[(_("Đề án"), reverse("projects:list")), (_("Lập đề án từ tệp Word"), reverse("projects:from_word"))],
        title=_("Xem lại những điều đọc được"),
        sub=run.file.name,
        found=found,
        general=form.rows(*ASKED),
        helped=form.rows("establishment"),
        told=[fact for key in TOLD if (fact := _told(found, key))],
        money=form.rows(*SOURCES),
        parts=form.rows(*(f"part_{part.value}" for part in PartNumber)),
        kept=form.rows("keep", "received_on"),
        button=_("Lập đề án với những điều đã chọn"),
        template="desk/projects/word.html",
        to=lambda project: reverse("projects:page", args=[project.pk]),
        done=_("Đã lập hồ sơ đề án từ tệp Word. Hãy xem lại và ghi tiếp những gì còn thiếu."),
    )


TOLD = ("beneficiary", "tax_code", "implementer", "total", "support")  # to be compared with, not taken as they are


def _told(found, key):
    fact = found.facts.get(key)
    return {"label": word.LABELS[key], "fact": fact, "is_money": key in ("total", "support")} if fact else None
