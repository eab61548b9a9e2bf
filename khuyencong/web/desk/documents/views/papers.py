import django_filters
from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base.errors import NotAllowed
from khuyencong.councils import queries as councils
from khuyencong.councils.models import Session, Sheet
from khuyencong.documents import operations, queries
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import DossierItem, Paper, PaperFile
from khuyencong.documents.signatures import is_damaged, signatures_of
from khuyencong.files.operations import store
from khuyencong.files.queries import open_file
from khuyencong.needs.models import Need, NeedStep
from khuyencong.projects.models import Beneficiary, Project, StepTaken
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.documents.forms import AttachForm, RecordForm

COLUMNS = (
    lists.Column(
        "number",
        gettext_lazy("Số, ký hiệu"),
        value=lambda paper: paper.number or paper.get_kind_display(),
        sort="number",
        url=lists.page("documents:page"),
        small="abstract",
    ),
    lists.Column("kind", gettext_lazy("Loại văn bản"), value="get_kind_display", sort="kind"),
    lists.Column("signed_on", gettext_lazy("Ngày ký"), kind="day", sort="signed_on"),
    lists.Column("signer", gettext_lazy("Người ký"), sort="signer", small="signer_title"),
    lists.Column("issuer", gettext_lazy("Cơ quan ban hành"), shown=False),
    lists.Column("file_count", gettext_lazy("Tệp"), kind="number"),
    lists.Column("kept_at", gettext_lazy("Nơi lưu bản gốc"), shown=False),
)
INLINE = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class PaperFilter(lists.Filter):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại văn bản"), choices=PaperKind, empty_label=gettext_lazy("Mọi loại")
    )
    year = django_filters.NumberFilter(field_name="signed_on__year", label=gettext_lazy("Năm ký"))
    q = lists.FoldedFilter("folded", label=gettext_lazy("Số, trích yếu, người ký"))


def open_to(user):
    """Papers of a person's territory.  Who works for one body also opens those of the projects it is party to (of several who
    are helped each: the decision, his approval and what lies with him, also when he is helped no more); who looks
    after a commune also those by which its projects and needs were decided (not what parties laid into the dossiers); a need's
    answer is for both.  What judges signed is of no territory: it opens to those who may read it."""
    scope = user.scope()
    mine = Paper.objects.visible_to(user)
    read = councils.open_to(user)
    more = Q(actor_id=user.pk) | Q(pk__in=Sheet.objects.filter(member__council__in=read).values("paper"))
    more |= Q(pk__in=Session.objects.filter(council__in=read).values("minutes"))
    if scope.bodies or scope.communes:
        more |= _of_own(user, scope)
    return Paper.objects.filter(Q(pk__in=mine.values("pk")) | more)


def _of_own(user, scope):
    own = Project.objects.visible_to(user)
    whole = own.whole_to(user)
    more = Q(pk__in=StepTaken.objects.filter(project__in=whole.order_by().values("pk")).values("paper"))
    if scope.bodies:
        laid = Q(dossier__in=own.filter(implementer_id__in=scope.bodies).order_by().values("dossier"))
        laid |= Q(party=None, dossier__in=whole.order_by().values("dossier")) | Q(party_id__in=scope.bodies)
        more |= Q(pk__in=DossierItem.objects.filter(laid).values("paper"))
        more |= Q(pk__in=StepTaken.objects.filter(project__in=own, name="approve").values("paper"))
        helped = Beneficiary.objects.filter(establishment__organisation_id__in=scope.bodies)
        more |= Q(pk__in=helped.exclude(paper=None).values("paper"))
    asked = Need.objects.visible_to(user)
    more |= Q(
        pk__in=asked.filter(answer__isnull=False).values("answer")
    )  # written to the commune and the establishment
    if scope.communes:
        more |= Q(pk__in=NeedStep.objects.filter(need__in=asked).values("paper"))
    return more


def _records(user) -> bool:
    """Whether this person enters papers by themselves: whose territory is none lays them into the file of his project, where
    their place is known."""
    return not user.only_looks and user.scope().has_territory


@reads
def paper_list(request):
    acts = [lists.Act(_("Ghi nhận văn bản"), reverse("documents:record"))] if _records(request.user) else []
    return lists.answer(
        request,
        queries.board(request.user),
        columns=COLUMNS,
        filters=PaperFilter,
        order="-signed_on",
        name="van-ban",
        title=_("Hồ sơ văn bản"),
        sub=_("Mọi văn bản đã ghi nhận trong địa bàn của bạn, mới nhất trước.")
        if request.user.scope().has_territory
        else _("Mọi văn bản của đề án mà đơn vị bạn là một bên, mới nhất trước."),
        unit=_("văn bản"),
        empty=_("Chưa có văn bản nào. Bấm “Ghi nhận văn bản” để nhập văn bản đầu tiên.")
        if acts
        else _("Chưa có văn bản nào."),
        acts=acts,
    )


@reads
def paper_page(request, pk):
    paper = get_object_or_404(open_to(request.user).select_related("issuer", "province", "commune"), pk=pk)
    attachments = list(paper.attachments.select_related("file"))
    steps = StepTaken.objects.filter(paper=paper, project__in=Project.objects.visible_to(request.user))
    dossiers = Project.objects.visible_to(request.user).filter(
        dossier__in=DossierItem.objects.filter(paper=paper).values("dossier")
    )
    return render(
        request,
        "desk/documents/page.html",
        {
            "paper": paper,
            "attachments": attachments,
            "may_attach": not request.user.only_looks
            and Paper.objects.visible_to(request.user).filter(pk=paper.pk).exists(),
            "signed": any(a.file.is_pdf for a in attachments),
            "shown": next((a for a in attachments if a.file.content_type in INLINE), None),
            "steps": steps.select_related("project").order_by("-on", "-pk")[:50],
            "projects": dossiers.order_by("-year", "code")[:50],
        },
    )


@reads
def signatures(request, pk):
    """Who signed the PDFs of a paper digitally, asked anew each time; the page of the paper fetches it after it is shown."""
    paper = get_object_or_404(open_to(request.user), pk=pk)
    files = []
    for attachment in paper.attachments.select_related("file"):
        if not attachment.file.is_pdf:
            continue
        with open_file(attachment.file) as content:
            data = content.read()
        files.append({"file": attachment.file, "signatures": signatures_of(data), "damaged": is_damaged(data)})
    template = "desk/documents/_signatures.html" if request.htmx else "desk/documents/signatures.html"
    return render(request, template, {"paper": paper, "files": files})


@step
def record(request):
    operations.refuse_who_only_looks(request.user)
    if not _records(request.user):
        raise NotAllowed(_("Giấy tờ của đơn vị, cơ sở nộp ở trang hồ sơ của đề án, không ghi rời ở đây."))
    form = bind(RecordForm, request, user=request.user, initial={"province": request.frame.province_id})

    def do(data):
        facts = {"issuer": data["issuer"], "abstract": data["abstract"]}
        return signed_paper(
            form, kind=data["kind"], by=request.user, province=data["province"], commune=data["commune"], **facts
        )

    return step_page(
        request,
        form,
        do,
        trail=[(_("Hồ sơ văn bản"), reverse("documents:list"))],
        title=_("Ghi nhận văn bản"),
        sub=_("Ghi lại đúng như văn bản đã ký. Văn bản chỉ có hiệu lực trong hệ thống khi một bước dùng đến nó."),
        button=_("Ghi nhận văn bản"),
        to=lambda paper: reverse("documents:page", args=[paper.pk]),
        done=_("Đã ghi nhận văn bản."),
    )


@step
def attach(request, pk):
    paper = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    operations.refuse_who_only_looks(request.user)
    form, page = bind(AttachForm, request), reverse("documents:page", args=[pk])

    def do(data):
        files = [store(scan, name=scan.name, by=request.user) for scan in data["scans"]]
        for file in files:
            operations.attach(paper, file=file, by=request.user)
        operations.recognise(paper, files=files, by=request.user)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Hồ sơ văn bản"), reverse("documents:list")), (str(paper), page)],
        title=_("Đính kèm tệp"),
        sub=paper,
        button=_("Đính kèm"),
        to=page,
        done=_("Đã đính kèm tệp."),
    )


@reads
def file(request, pk, number):
    """The bytes of a scan: shown in the page for PDF and pictures, else (or with ``?tai``) to be saved."""
    paper = get_object_or_404(open_to(request.user), pk=pk)
    attachment = get_object_or_404(PaperFile.objects.select_related("file"), paper=paper, pk=number)
    scan = attachment.file
    answer = FileResponse(
        open_file(scan),
        content_type=scan.content_type,
        as_attachment="tai" in request.GET or scan.content_type not in INLINE,
        filename=scan.name,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
