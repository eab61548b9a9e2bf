"""“Đã in, chưa có bản ký”, and the scans that came in."""

import django_filters
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from khuyencong.base.errors import Invalid
from khuyencong.documents import operations, queries
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Print, Scan
from khuyencong.documents.signatures import is_damaged, signatures_of
from khuyencong.files.queries import open_file
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper, store_all
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.documents.forms import IdentifyForm, ScansForm, SignForm, UnidentifyForm, UnsignForm, VoidForm
from khuyencong.work import papers

COLUMNS = (
    lists.Column(
        "title",
        gettext_lazy("Văn bản, hồ sơ"),
        sort="title",
        url=lists.page("documents:print"),
        small="subject",
    ),
    lists.Column("code", gettext_lazy("Mã bản in"), sort="code"),
    lists.Column("version", gettext_lazy("Lần in"), kind="number"),
    lists.Column("at", gettext_lazy("In lúc"), kind="moment", sort="at"),
    lists.Column("scan_count", gettext_lazy("Bản quét đã về"), kind="number", sort="scan_count"),
)
LIST = "documents:prints"


class PrintFilter(lists.Filter):
    q = django_filters.CharFilter(label=gettext_lazy("Tên văn bản, hồ sơ, mã"), method="with_words")

    def with_words(self, prints, name, value):
        return (
            prints.filter(title__icontains=value)
            | prints.filter(subject__icontains=value)
            | prints.filter(code__icontains=value)
        )


def _tabs(user, current: str) -> list[Tab]:
    return [
        Tab(_("Đã in, chưa có bản ký"), reverse(LIST), queries.prints_waiting(user).count(), current == "prints"),
        Tab(
            _("Chưa nhận diện"),
            reverse("documents:scans"),
            queries.scans_unidentified(user).count(),
            current == "scans",
        ),
    ]


@reads
def print_list(request):
    return lists.answer(
        request,
        queries.prints_waiting(request.user),
        columns=COLUMNS,
        filters=PrintFilter,
        order="-at",
        name="ban-in",
        title=_("Bản in, bản quét"),
        sub=_(
            "Biểu mẫu đã in từ hệ thống mà bản ký chưa về. Gửi bản quét hoặc ảnh chụp, mã QR tự đưa nó về đúng hồ sơ."
        ),
        unit=_("bản in"),
        empty=_("Không có bản in nào đang chờ bản ký."),
        acts=[] if request.user.only_looks else [lists.Act(_("Gửi bản quét"), reverse("documents:drop"))],
        views=_tabs(request.user, "prints"),
    )


@reads
def scan_list(request):
    scans = list(queries.scans_unidentified(request.user)[:100])
    shown = {"scans": scans, "tabs": _tabs(request.user, "scans"), "may": not request.user.only_looks}
    return render(request, "desk/documents/scans.html", shown)


@reads
def print_page(request, pk):
    printed = get_object_or_404(Print.objects.visible_to(request.user).select_related("paper"), pk=pk)
    scans = list(printed.scans.select_related("file").order_by("-at", "-pk"))
    return render(
        request,
        "desk/documents/print.html",
        {
            "printed": printed,
            "scans": scans,
            "files": _signed(scans[0]) if scans else [],
            "open": printed.paper_id is None and not printed.void_reason and not request.user.only_looks,
            "unsign": printed.paper_id is not None and not request.user.only_looks,
            "unidentify": printed.paper_id is None and not request.user.only_looks,
        },
    )


def _signed(scan):
    """The scan that is shown, with who signed it digitally; nothing where nobody did, as on most scans."""
    if not scan.file.is_pdf:
        return []
    with open_file(scan.file) as content:
        data = content.read()
    found = {"file": scan.file, "signatures": signatures_of(data), "damaged": is_damaged(data)}
    return [found] if found["signatures"] or found["damaged"] else []


@step
def drop(request):
    operations.refuse_who_only_looks(request.user)
    form = bind(ScansForm, request)

    def do(data):
        place = {"province": request.frame.province} if request.frame.province_id else {}
        scans = store_all(data["scans"], by=request.user, accepts=_("Hãy gửi ảnh chụp hoặc tệp PDF."))
        return [operations.receive_scan(file, by=request.user, **place) for file in scans]

    def done(scans):
        for scan in scans:
            if not scan.pages:
                told = _(
                    "Không mở được tệp “%(name)s”: tệp hỏng hoặc có mật khẩu. Tệp vẫn được giữ ở mục “Chưa nhận diện”; hãy quét lại "
                    "hoặc lưu lại không mật khẩu rồi gửi lại."
                )
                messages.warning(request, told % {"name": scan.file.name})
        unread = sum(1 for scan in scans if scan.print_id is None and scan.pages)
        if unread:
            messages.warning(
                request,
                ngettext(
                    "%(count)s bản quét chưa nhận diện được; hãy chỉ cho hệ thống bản in của nó.",
                    "%(count)s bản quét chưa nhận diện được; hãy chỉ cho hệ thống bản in của chúng.",
                    unread,
                )
                % {"count": unread},
            )
        read = sum(1 for scan in scans if scan.print_id)
        return _("Đã nhận diện %(count)s bản quét và đưa về hồ sơ.") % {"count": read} if read else ""

    def to(scans):
        known = [scan.print_id for scan in scans if scan.print_id]
        if len(known) == len(scans) == 1:
            return reverse("documents:print", args=known)
        return reverse("documents:scans" if len(known) < len(scans) else LIST)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Bản in, bản quét"), reverse(LIST))],
        title=_("Gửi bản quét"),
        sub=_("Ảnh chụp bằng điện thoại hoặc tệp PDF của biểu mẫu đã ký; nhiều tệp một lần cũng được."),
        button=_("Gửi bản quét"),
        to=to,
        back=reverse(LIST),
        done=done,
    )


@step
def identify(request, pk):
    operations.refuse_who_only_looks(request.user)
    scan = get_object_or_404(Scan.objects.visible_to(request.user).filter(print=None).select_related("file"), pk=pk)
    form = bind(IdentifyForm, request, user=request.user)
    return step_page(
        request,
        form,
        lambda data: operations.identify(scan, printed=data["printed"], by=request.user),
        trail=[(_("Bản in, bản quét"), reverse(LIST)), (_("Chưa nhận diện"), reverse("documents:scans"))],
        title=_("Nhận diện bản quét"),
        sub=scan.file,
        button=_("Đưa về hồ sơ"),
        to=reverse("documents:scans"),
        done=_("Đã đưa bản quét về hồ sơ."),
        template="desk/documents/identify.html",
        beside=True,
        scan=scan,
    )


@step
def unidentify(request, pk):
    operations.refuse_who_only_looks(request.user)
    scan = get_object_or_404(
        Scan.objects.filter(print__in=Print.objects.visible_to(request.user)).select_related("file", "print"), pk=pk
    )
    page = reverse("documents:print", args=[scan.print_id])
    return step_page(
        request,
        bind(UnidentifyForm, request),
        lambda data: operations.unidentify(scan, reason=data["reason"], by=request.user),
        trail=[(_("Bản in, bản quét"), reverse(LIST)), (scan.print.code, page)],
        title=_("Đưa bản quét về “Chưa nhận diện”"),
        sub=scan.file,
        after=[_("Bản quét rời bản in này và chờ được chỉ đúng bản in của nó.")],
        button=_("Đưa về chưa nhận diện"),
        to=reverse("documents:scans"),
        back=page,
        done=_("Bản quét đã về mục “Chưa nhận diện”."),
    )


def _kind_of(printed: Print) -> str:
    """The kind of paper that this form makes; empty where the form (of another version, or of ours) makes none of its own."""
    try:
        kind = papers.find(printed.form).paper_kind
    except Invalid:
        return ""
    return "" if kind == PaperKind.OTHER else kind


@step
def sign(request, pk):
    operations.refuse_who_only_looks(request.user)
    printed = get_object_or_404(Print.objects.visible_to(request.user).filter(paper=None, void_reason=""), pk=pk)
    form = bind(SignForm, request, initial={"kind": _kind_of(printed)})

    def do(data):
        paper = signed_paper(
            form,
            kind=data["kind"],
            by=request.user,
            province=printed.province,
            commune=printed.commune,
            abstract=printed.title,
        )
        return operations.sign(printed, paper=paper, by=request.user)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Bản in, bản quét"), reverse(LIST)), (printed.code, reverse("documents:print", args=[pk]))],
        title=_("Ghi nhận bản đã ký"),
        sub=printed,
        button=_("Ghi nhận bản đã ký"),
        to=lambda signed: reverse("documents:page", args=[signed.paper_id]),
        back=reverse("documents:print", args=[pk]),
        done=_("Đã ghi nhận bản đã ký; các bản quét đã về được đính kèm văn bản."),
    )


@step
def void(request, pk):
    operations.refuse_who_only_looks(request.user)
    printed = get_object_or_404(Print.objects.visible_to(request.user).filter(paper=None, void_reason=""), pk=pk)
    form = bind(VoidForm, request)
    return step_page(
        request,
        form,
        lambda data: operations.void_print(printed, reason=data["reason"], by=request.user),
        trail=[(_("Bản in, bản quét"), reverse(LIST)), (printed.code, reverse("documents:print", args=[pk]))],
        title=_("Không dùng bản in này"),
        sub=printed,
        button=_("Không dùng"),
        to=reverse(LIST),
        back=reverse("documents:print", args=[pk]),
        done=_("Đã bỏ bản in khỏi danh sách chờ."),
    )


@step
def unsign(request, pk):
    operations.refuse_who_only_looks(request.user)
    printed = get_object_or_404(
        Print.objects.visible_to(request.user).exclude(paper=None).select_related("paper"), pk=pk
    )
    page = reverse("documents:print", args=[pk])
    return step_page(
        request,
        bind(UnsignForm, request),
        lambda data: operations.unsign(printed, reason=data["reason"], by=request.user),
        trail=[(_("Bản in, bản quét"), reverse(LIST)), (printed.code, page)],
        title=_("Gỡ bản ký khỏi bản in"),
        sub=printed,
        after=[
            _("Bản in trở lại danh sách “Đã in, chưa có bản ký”."),
            _("%(paper)s vẫn giữ số, ngày và tệp của nó; chỉ bản quét của bản in này rời văn bản.")
            % {"paper": printed.paper},
        ],
        button=_("Gỡ bản ký"),
        to=page,
        back=page,
        done=_("Đã gỡ; bản in chờ bản ký của mình."),
    )


@reads
def scan_file(request, pk):
    """The bytes of a scan, shown in the page."""
    scan = get_object_or_404(Scan.objects.visible_to(request.user).select_related("file"), pk=pk)
    answer = FileResponse(open_file(scan.file), content_type=scan.file.content_type, filename=scan.file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
