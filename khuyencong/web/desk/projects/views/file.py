"""Writing the file: facts, eight parts, estimate, other sources."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.base.text import uncapitalised
from khuyencong.needs.models import Need
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.projects import operations, queries
from khuyencong.projects.enums import PartNumber
from khuyencong.web.common import steps
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.views import act, bind, step, writes
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.views.shared import step_page, whole_of

FIELDS = (
    "title", "level", "form", "kind", "year", "starts_on", "ends_on", "implementer", "sector", "norm_line",
    "machine_type", "place_text", "content", "also", "first_year", "province", "commune", "partners", "needs",
)  # fmt: skip


def _from_need(request) -> dict:
    """What a need that was planned already says: ``?nhu-cau=12``."""
    asked = request.GET.get("nhu-cau", "")
    need = Need.objects.visible_to(request.user).filter(pk=asked).first() if asked.isdecimal() else None
    if need is None:
        return {}
    return {
        "title": _("Hỗ trợ %(what)s cho %(name)s") % {"what": uncapitalised(need.what), "name": need.name},
        "province": need.province_id,
        "commune": need.commune_id,
        "needs": [need.pk],
        "place_text": need.hamlet,
    }


@step
def draft(request):
    for_holders(request.user, Permission.PROJECT_DRAFT)
    frame = request.frame
    form = bind(
        forms.ProjectForm,
        request,
        user=request.user,
        initial={"year": frame.year + 1, "province": frame.province_id, "level": Level.PROVINCIAL}
        | _from_need(request),
    )
    return steps.step_page(
        request,
        form,
        lambda data: operations.draft(by=request.user, **{name: data[name] for name in FIELDS}),
        trail=[(_("Đề án"), reverse("projects:list"))],
        title=_("Lập đề án"),
        sub=_("Những gì còn thiếu có thể ghi sau, trước khi ký gửi."),
        button=_("Lập đề án"),
        template="desk/projects/edit.html",
        from_word=reverse("projects:from_word"),
        to=lambda project: reverse("projects:page", args=[project.pk]),
        done=_("Đã lập hồ sơ đề án. Tiếp theo: ghi đơn vị thụ hưởng, tám phần và dự toán."),
    )


@step
def change(request, pk):
    project = whole_of(request, pk)
    _must_be_open(request.user, project)
    initial = {name: getattr(project, name) for name in FIELDS if name not in ("partners", "needs")}
    initial |= {
        "province": project.province_id,
        "commune": project.commune_id,
        "implementer": project.implementer_id,
        "also": project.also.split(",") if project.also else [],
        "partners": list(project.partners.values_list("pk", flat=True)),
        "needs": list(project.needs.values_list("pk", flat=True)),
    }
    form = bind(forms.ProjectForm, request, user=request.user, project=project, initial=initial)
    return step_page(
        request,
        project,
        form,
        lambda data: operations.change(project, by=request.user, **{name: data[name] for name in FIELDS}),
        title=_("Sửa thông tin chung"),
        sub=_("Những gì còn thiếu có thể ghi sau, trước khi ký gửi."),
        panel="thong-tin",
        button=_("Lưu thông tin chung"),
        template="desk/projects/edit.html",
        done=_("Đã lưu."),
    )


@step
def parts(request, pk):
    project = whole_of(request, pk)
    _must_be_open(request.user, project)
    written = queries.parts_of(project)
    form = bind(forms.PartsForm, request, parts=written)

    def do(data):
        texts = {part.value: data[f"part_{part.value}"] for part, _text in written}
        return operations.write_parts(project, texts=texts, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/projects/parts.html",
        context={
            "project": project,
            "back": reverse("projects:page", args=[pk]),
            "law": norms.cited(
                _("Phần 1 và phần 6 hệ thống lấy từ hồ sơ; có thể viết thêm."),
                Ground.FILE_PARTS,
                on=clock.today(),
                of=project,
            ),
        },
        to=reverse("projects:page", args=[pk]),
        done=_("Đã lưu tám phần của đề án."),
    )


@writes
def save_part(request, pk):
    """A part saved by itself while it is typed."""
    project = whole_of(request, pk)
    for part in PartNumber:
        if f"part_{part.value}" in request.POST:
            operations.write_part(project, number=part.value, text=request.POST[f"part_{part.value}"], by=request.user)
    if request.htmx or request.headers.get("X-Requested-With"):
        return HttpResponse(_("Đã lưu lúc %(time)s") % {"time": f"{clock.now():%H:%M}"})
    return reverse("projects:parts", args=[pk])


def _must_be_open(user, project):
    if not forms.may_edit(user, project):
        raise NotAllowed(
            _("Hồ sơ “%(project)s” không mở để bạn sửa: chỉ đơn vị thực hiện sửa khi đang lập hồ sơ.")
            % {"project": project.code}
        )


@step
def estimate(request, pk):
    project = whole_of(request, pk)
    _must_be_open(request.user, project)
    now = project.beneficiaries.filter(removed_on=None).select_related("establishment")
    stored = [
        {
            "content": line.content,
            "unit": line.unit,
            "quantity": line.quantity.normalize() if line.quantity is not None else None,
            "unit_price": line.unit_price,
            "national": line.national or None,
            "local": line.local or None,
            "counterpart": line.counterpart or None,
            "other": line.other or None,
            "newness": line.newness,
            "made_year": line.made_year,
            "beneficiary": line.beneficiary_id,
        }
        for line in queries.lines_of(project)
    ]
    machines = queries.asks_of_machines(project, on=clock.today())
    options = {"form_kwargs": {"beneficiaries": now, "machines": machines}, "prefix": "dong"}
    rows = (
        forms.EstimateSet(request.POST, **options)
        if request.method == "POST"
        else forms.EstimateSet(initial=stored, **options)
    )
    context = {
        "project": project,
        "rows": rows,
        "many": now.count() > 1,
        "machines": machines,
        "most": forms.MOST_LINES,
        "back": reverse("projects:page", args=[pk]),
        "sums": [getattr(project, source) for source in queries.SOURCES],
    }
    quiet = request.headers.get("X-Requested-With") == "fetch"
    if request.method != "POST":
        return render(request, "desk/projects/estimate.html", context)
    if "_more" in request.POST:
        return render(request, "desk/projects/estimate.html", {**context, "rows": _with_more(request, options)})
    if not rows.is_valid():
        return (
            HttpResponse(_("Chưa lưu: còn ô ghi chưa đúng."), status=422)
            if quiet
            else render(request, "desk/projects/estimate.html", context, status=422)
        )
    norm_of = {line.content: line.norm_line for line in queries.lines_of(project)}  # has no cell in the table
    lines = [
        {name: value for name, value in row.cleaned_data.items() if name != "DELETE"}
        | {"norm_line": norm_of.get(row.cleaned_data.get("content", ""), "")}
        for row in rows
    ]
    try:
        operations.set_cost_lines(project, lines=lines, by=request.user)
    except Invalid as refusal:
        if quiet:
            return HttpResponse(str(refusal), status=422)
        return render(
            request, "desk/projects/estimate.html", {**context, "refusals": refusal.fields.values()}, status=422
        )
    if quiet:
        return HttpResponse(_("Đã lưu lúc %(time)s") % {"time": f"{clock.now():%H:%M}"})
    return _to(request, reverse("projects:money", args=[pk]), _("Đã lưu dự toán."))


def _with_more(request, options):
    data = request.POST.copy()
    data["dong-TOTAL_FORMS"] = str(min(int(data.get("dong-TOTAL_FORMS") or 0) + 5, 500))
    rows = forms.EstimateSet(data, **options)
    for row in rows:
        row.full_clean()
        row._errors.clear()
    return rows


def _to(request, url, sentence):
    from django.contrib import messages
    from django.http import HttpResponseRedirect

    messages.success(request, sentence)
    return HttpResponseRedirect(url)


@step
def other_sources(request, pk):
    project = whole_of(request, pk)
    _must_be_open(request.user, project)
    stored = [{"giver": s.giver, "amount": s.amount} for s in project.other_sources.all()]
    rows = (
        forms.GiverSet(request.POST, prefix="nguon")
        if request.method == "POST"
        else forms.GiverSet(initial=stored, prefix="nguon")
    )
    context = {"project": project, "rows": rows, "back": reverse("projects:money", args=[pk])}
    if request.method != "POST" or not rows.is_valid():
        return render(
            request, "desk/projects/other_sources.html", context, status=200 if request.method != "POST" else 422
        )
    try:
        operations.set_other_sources(
            project, sources=[row.cleaned_data for row in rows if row.cleaned_data], by=request.user
        )
    except Invalid as refusal:
        _tell_rows(rows, refusal)
        return render(request, "desk/projects/other_sources.html", context, status=422)
    return _to(request, reverse("projects:money", args=[pk]), _("Đã lưu nguồn khác."))


def _tell_rows(rows, refusal):
    """Each sentence in the first row that lacks what it asks for."""
    given = [row for row in rows if any(row.cleaned_data.values())]
    for name, sentence in refusal.fields.items():
        row = next((row for row in given if not row.cleaned_data.get(name)), given[0])
        row.add_error(name, sentence)
