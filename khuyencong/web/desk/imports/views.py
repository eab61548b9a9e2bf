from django import forms
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.money import million
from khuyencong.base.sentences import read
from khuyencong.files import operations as files
from khuyencong.files.enums import ImportState
from khuyencong.files.models import ImportRun
from khuyencong.files.queries import open_file
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans.imports.word import KIND as WORD
from khuyencong.projects.enums import Source
from khuyencong.web.common import imports, parts
from khuyencong.web.common.forms import provinces_of
from khuyencong.web.common.views import act, bind, reads, step

LISTED = 50  # faults and warnings that the page shows; all of them stand in the marked workbook
MARKS = {
    ImportState.UPLOADED: "wait",
    ImportState.CHECKED: "wait",
    ImportState.CONFIRMED: "run",
    ImportState.WRITTEN: "done",
    ImportState.FAILED: "stop",
}


def _importer(request):
    if not request.user.holds(Permission.IMPORT):
        raise Http404
    return request.user.scope(Permission.IMPORT)


def _provinces(scope):
    """The provinces for the whole of which this person may import."""
    rows = provinces_of(scope)
    return rows if scope.whole_country else rows.filter(pk__in=scope.provinces | _whole(scope, rows))


def _whole(scope, rows):
    # a Centre officer's area is a list of communes; its province is his Centre's (people.Mandate.covers)
    return {unit.pk for unit in rows if unit.pk not in scope.provinces}


def _runs(request):
    scope = _importer(request)
    # a Word file is read by its own page and belongs to whoever sent it
    rows = ImportRun.objects.exclude(kind=WORD).select_related("file", "marked")
    if scope.whole_country:
        return rows
    return rows.filter(province_id__in=[unit.pk for unit in _provinces(scope)])


def _run(request, uid) -> ImportRun:
    run = get_object_or_404(_runs(request), uid=uid)
    if run.kind not in imports.kinds():
        raise Http404
    return run


@reads
def run_list(request):
    runs = list(_runs(request).defer("details", "faults").order_by("-at", "-pk")[:50])
    people = User.objects.in_bulk({run.actor_id for run in runs if run.actor_id})
    lines = [
        {
            "run": run,
            "label": imports.kinds()[run.kind].label if run.kind in imports.kinds() else run.kind,
            "who": people.get(run.actor_id, ""),
            "mark": MARKS[run.state],
            "state": capfirst(run.get_state_display()),
            "known": run.kind in imports.kinds(),
        }
        for run in runs
    ]
    return render(request, "desk/imports/list.html", {"kinds": imports.kinds().values(), "lines": lines})


class UploadForm(forms.Form):
    """The file, its province, and what the kind asks."""

    file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx, .xls) hoặc .csv"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    province = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Tỉnh, thành phố"))


def _upload_form(kind, scope, chosen):
    """The form of a kind: file and province first, then its own questions."""

    class Form(UploadForm, kind.form):
        field_order = ("file", "province", *(kind.form.field_order or ()))

        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            self.fields["province"].queryset = rows = _provinces(scope)
            if chosen is not None:
                self.initial.setdefault("province", chosen)
            elif len(rows) == 1:
                self.initial.setdefault("province", rows[0].pk)

    return Form


@step
def upload(request, kind):
    scope = _importer(request)
    chosen = imports.kinds().get(kind)
    if chosen is None:
        raise Http404
    form = bind(_upload_form(chosen, scope, request.frame.province_id), request)

    def do(data):
        authorise(request.user, Permission.IMPORT, place=data["province"])
        sent, province = data.pop("file"), data.pop("province")
        stored = files.store(sent, name=sent.name, by=request.user)
        run = files.begin_import(
            stored,
            kind=chosen.name,
            by=request.user,
            province_id=province.pk,
            language=get_language(),
            **imports.plain(data),
        )
        imports.read_run.enqueue(run.pk)
        return run

    return act(
        request,
        form,
        do,
        template="desk/imports/upload.html",
        context={"kind": chosen},
        to=lambda run: reverse("imports:page", args=[run.uid]),
    )


def _shown(run):
    """Everything a preview shows, ready for the template."""
    kind = imports.kinds()[run.kind]
    counts = run.counts
    written = counts.get("written", 0) + counts.get("completed", 0)
    writable = counts.get("new", 0) + (counts.get("changed", 0) if kind.completes else 0)
    return {
        "run": run,
        "kind": kind,
        "mark": MARKS[run.state],
        "state": capfirst(run.get_state_display()),
        "province": Unit.objects.filter(pk=run.province_id).first(),
        "figures": _figures(counts, completes=kind.completes),
        "sums": _sums(run.details.get("totals")),
        "writable": writable,
        "button": kind.button(writable) % {"n": _number(writable)},
        "written": written,
        "refusal": read(run.details.get("refusal", run.refusal)),
        "doubtful": _read("why", run.details.get("doubtful", [])),
        "changed": _read("why", run.details.get("changed", [])),
        "new": [_new(row) for row in run.details.get("new", [])[:20]],
        "faults": _read("reason", run.faults[:LISTED]),
        "more_faults": max(counts.get("errors", 0) - LISTED, 0),
        "warnings": _read("reason", run.details.get("warnings", [])[:LISTED]),
        "more_warnings": max(run.details.get("warned", 0) - LISTED, 0),
        "to": kind.to(run),
    }


def _read(name, rows):
    """Rows that were kept, with what is said of them in the language of the reader."""
    return [{**row, name: read(row[name])} for row in rows]


def _new(row):
    """A row that would be written, with its money in triệu đồng where it has any."""
    return {**row, "total": million(row["total"]) if row.get("total") else ""}


def _sums(totals):
    """The money of the rows without faults, in triệu đồng, where the list has any."""
    if not totals:
        return []
    labels = {"total": _("Tổng kinh phí"), **{str(source): source.label for source in Source}}
    labels["unsplit"] = _("Chưa tách nguồn")
    return [
        parts.Figure(label=str(labels[name]), value=million(amount), unit=_("triệu đồng"))
        for name, amount in totals.items()
        if amount or name == "total"
    ]


def _figures(counts, *, completes):
    """What the rows are; what is completed stands under what is known."""
    figures = {
        name: parts.Figure(label=str(label), value=_number(counts.get(name, 0)))
        for name, label in imports.STATES
        if name != "changed"
    }
    known = counts.get("same", 0) + counts.get("changed", 0)
    figures["same"].value = _number(known)
    if changed := counts.get("changed", 0):
        told = _("trong đó %(n)s được bổ sung") if completes else _("trong đó %(n)s khác với tệp, không ghi đè")
        figures["same"].notes = [told % {"n": _number(changed)}]
    return list(figures.values())


def _number(count):
    return f"{count:,}".replace(",", ".")


@reads
def run_page(request, uid):
    run = _run(request, uid)
    if run.waits and request.htmx:
        return render(request, "desk/imports/_progress.html", {"run": run})
    context = _shown(run)
    if run.state == ImportState.CHECKED:
        context["form"] = imports.confirming(context["kind"], run)()
    response = render(request, "desk/imports/page.html", context)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


@step
def confirm(request, uid):
    run = _run(request, uid)
    kind = imports.kinds()[run.kind]
    form = bind(imports.confirming(kind, run), request)

    def do(data):
        authorise(request.user, Permission.IMPORT, place=Unit.objects.get(pk=run.province_id))
        accept = [
            value.rsplit("|", 1) for value in request.POST.getlist("accept") if value.rpartition("|")[2].isdecimal()
        ]
        confirmed = files.confirm_import(run, accept=accept, confirmed_by=request.user.pk, **imports.plain(data))
        imports.write_run.enqueue(confirmed.pk)
        return confirmed

    return act(
        request,
        form,
        do,
        template="desk/imports/page.html",
        context=_shown(run),
        to=reverse("imports:page", args=[uid]),
    )


@reads
def marked(request, uid):
    """The same workbook with its faults in the cells."""
    run = _run(request, uid)
    if run.marked is None:
        raise Http404
    return FileResponse(
        open_file(run.marked), as_attachment=True, filename=run.marked.name, content_type=run.marked.content_type
    )
