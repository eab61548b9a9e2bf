"""Official forms: which there are, filled from a record as PDF or Word, and the Word templates that a province keeps."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.contracts.models import ProgressReport
from khuyencong.councils import queries as councils
from khuyencong.councils.models import Sheet
from khuyencong.documents import operations, queries, typeset, word
from khuyencong.documents.models import Print, Template
from khuyencong.documents.papers import names_in
from khuyencong.files.operations import store
from khuyencong.needs.models import Need
from khuyencong.places.models import Unit
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.documents.forms import TemplateForm
from khuyencong.work import papers

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIST = "documents:forms"


def _form(key: str):
    try:
        return papers.find(key)
    except Invalid as unknown:
        raise Http404 from unknown


def _record(request, kind: str, uid):
    try:
        return papers.subject(kind, uid, request.user)
    except (KeyError, NotPossible) as absent:
        raise Http404 from absent


def _province_of(record):
    for path in ("province", "project.province", "plan.province", "need.province", "call.province", "council.province"):
        found = record
        for name in path.split("."):
            found = getattr(found, name, None)
        if found is not None:
            return found
    return None


@reads
def form_list(request):
    may = request.user.holds(Permission.CATALOGUE_MANAGE)
    used = Template.objects.filter(Q(province=None) | Q(province=_mine(request)), ended_at=None)
    replaced = set(used.values_list("form", flat=True))
    rows = [{"form": form, "replaced": form.key in replaced} for form in papers.forms()]
    return render(request, "desk/documents/forms.html", {"rows": rows, "may": may})


@reads
def record_forms(request, kind, uid):
    """The forms of one record, with what was printed of each that this person may open."""
    record = _record(request, kind, uid)
    printed: dict[str, Print] = {}
    for one in Print.objects.visible_to(request.user).filter(subject_uid=uid).order_by("version"):
        printed[one.form] = one
    lacking = papers.lacking(kind, record)
    rows = [
        {"form": form, "printed": printed.get(form.key), "lack": lacking.get(form.key)}
        for form in papers.forms_of(kind)
    ]
    return render(
        request,
        "desk/documents/record_forms.html",
        {
            "record": record,
            "kind": kind,
            "uid": uid,
            "rows": [row for row in rows if row["lack"] is None],
            "others": [row for row in rows if row["lack"] is not None],
            "parts": _parts(record, kind, request.user),
        },
    )


def _parts(record, kind: str, user) -> list[dict]:
    """Records inside this one that have forms of their own: (kind, record)."""
    if kind == "project":
        inside = [
            *(
                ("beneficiary", one)
                for one in record.beneficiaries.filter(removed_on=None).select_related("establishment")
            ),
            *(
                ("progress_report", one)
                for one in ProgressReport.objects.filter(project=record).order_by("-year", "-month")
            ),
        ]
    elif kind == "council" and councils.open_to(user).filter(pk=record.pk).exists():
        inside = [("session", one) for one in record.sessions.order_by("-on")]
        inside += [("sheet", one) for one in Sheet.objects.filter(member__council=record).select_related("member")]
    elif kind == "survey_plan":
        seen = Need.objects.visible_to(user).order_by()  # a collaborator finds his communes, not the whole tour
        inside = [("survey", one) for one in record.visits.filter(need__in=seen).select_related("need")]
    else:
        inside = []
    return [{"kind": name, "record": one} for name, one in inside[:200]]


@writes
def print_form(request, key, uid):
    """The PDF, with a code by which the signed scan finds its way home; the same content keeps its code.  Whoever only looks
    gets it without one: nobody waits for his to come back signed."""
    form = _form(key)
    record = _record(request, form.of, uid)
    papers.demand(form, record)
    filled = papers.fill(key, subject=record, on=clock.today(), reader=request.user)
    if request.user.only_looks:
        return _file(typeset.form_pdf(filled), "application/pdf", f"{form.key}.pdf", shown=True)
    _printed, coded = operations.record_print(
        form,
        context=filled.context,
        subject_kind=form.of,
        subject_uid=record.uid,
        subject=str(record),
        by=request.user,
        province=_province_of(record),
        closed=form.of in papers.CLOSED,
    )
    return _file(typeset.form_pdf(coded), "application/pdf", f"{form.key}.pdf", shown=True)


@reads
def word_form(request, key, uid):
    """The Word file, from the province's own template where it has one."""
    form = _form(key)
    record = _record(request, form.of, uid)
    try:
        papers.demand(form, record)
    except NotPossible as early:
        messages.error(request, str(early))
        return redirect("documents:record_forms", form.of, uid)
    filled = papers.fill(key, subject=record, on=clock.today(), reader=request.user)
    template = queries.template_of(key, province=_province_of(record))
    content = word.word(filled, template=_bytes(template) if template else None)
    return _file(content, DOCX, f"{form.key}.docx")


def _bytes(template: Template) -> bytes:
    with default_storage.open(template.file.path) as opened:
        return opened.read()


def _file(content: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


# ---- templates ----


def _mine(request):
    """The province whose templates this person keeps; None: those of the whole country."""
    scope = request.user.scope(Permission.CATALOGUE_MANAGE)
    if scope.whole_country:
        return request.frame.province
    return Unit.objects.filter(pk__in=scope.provinces).order_by("sort_key").first()


@step
def template(request, key):
    """How a form is filled: its placeholders, the house's own Word file to take, and the way to put another in its place."""
    form = _form(key)
    province = _mine(request)
    if not request.user.may(Permission.CATALOGUE_MANAGE, place=province):
        raise Http404
    asked = bind(TemplateForm, request)
    used = queries.template_of(key, province=province)
    own = used if used is not None and used.province_id == (province.pk if province else None) else None

    def do(data):
        accepts = _("Đây không phải tệp Word (.docx). Hãy mở bằng Word, lưu lại dạng .docx rồi gửi lại.")
        file = store(data["file"], name=data["file"].name, by=request.user, accepts=accepts)
        return operations.replace_template(
            form, file=file, sample={}, by=request.user, province=province, note=data["note"]
        )

    return step_page(
        request,
        asked,
        do,
        trail=[(_("Biểu mẫu"), reverse(LIST))],
        title=form.title,
        sub=_("%(article)s; mẫu của %(place)s.") % {"article": form.article, "place": province or _("cả nước")},
        button=_("Kiểm tra và dùng mẫu này"),
        after=[
            _("Từ nay tệp Word của biểu mẫu này được điền theo mẫu mới."),
            _("Bản PDF vẫn theo bố cục gốc của hệ thống."),
        ],
        to=reverse("documents:template", args=[key]),
        done=_("Đã dùng mẫu mới."),
        template="desk/documents/template.html",
        beside=True,
        paper_form=form,
        names=names_in(form),
        used=used,
        replaced=own,
    )


@reads
def own_template(request, key):
    return _file(word.own_template(_form(key)), DOCX, f"mau-{key}.docx")


@writes
def withdraw(request, pk):
    found = get_object_or_404(Template, pk=pk, ended_at=None)
    operations.withdraw_template(found, by=request.user)
    return reverse("documents:template", args=[found.form])
