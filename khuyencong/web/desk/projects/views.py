import django_filters
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.base.money import dong, million
from khuyencong.base.text import fold
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.models import Paper, Requirement
from khuyencong.needs.models import Need
from khuyencong.norms import queries as norms
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.projects import operations, queries
from khuyencong.projects.enums import APPROVED_ON, Activity, Form, Level, PartNumber, ProjectState, Severity, Source
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.views import act, bind, reads, step, writes
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.parts import address, checks_of, events_of, mark_of, money_of, offers_of, tabs_of

# ---- the list ----


def second_line(project):
    """Who is helped and where, under the title."""
    now = getattr(project, "now_helped", ())
    place = project.commune or project.province
    if len(now) == 1:
        return f"{now[0].establishment}, {place}"
    if now:
        return _("%(count)s cơ sở, %(place)s") % {"count": len(now), "place": place}
    return f"{project.implementer}, {place}"


def next_label(project):
    coming = queries.next_step(project)
    return coming.label if coming else ""


COLUMNS = (
    lists.Column("code", gettext_lazy("Mã"), sort="code"),
    lists.Column(
        "title",
        gettext_lazy("Đề án, đơn vị thụ hưởng"),
        sort="sort_key",
        url=lambda project: reverse("projects:page", args=[project.pk]),
        small=second_line,
    ),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=mark_of),
    lists.Column("next", gettext_lazy("Bước tới"), value=next_label),
    lists.Column("ends_on", gettext_lazy("Kết thúc"), kind="day", sort="ends_on", shown=False),
    lists.Column("implementer", gettext_lazy("Đơn vị thực hiện"), shown=False),
    lists.Column("level", gettext_lazy("Cấp quản lý"), value="get_level_display", sort="level", shown=False),
    lists.Column("kind", gettext_lazy("Dạng đề án"), value="get_kind_display", sort="kind", shown=False),
    lists.Column("activity", gettext_lazy("Nội dung hoạt động"), value="get_activity_display", shown=False),
    lists.Column("year", gettext_lazy("Năm"), sort="year", shown=False),
    lists.Column(
        "money_national", gettext_lazy("KCQG"), kind="million", sort="money_national", total=Sum("money_national")
    ),
    lists.Column("money_local", gettext_lazy("KCĐP"), kind="million", sort="money_local", total=Sum("money_local")),
    lists.Column(
        "money_counterpart",
        gettext_lazy("Đối ứng"),
        kind="million",
        sort="money_counterpart",
        total=Sum("money_counterpart"),
    ),
    lists.Column(
        "money_other",
        gettext_lazy("Nguồn khác"),
        kind="million",
        sort="money_other",
        total=Sum("money_other"),
        shown=False,
    ),
    lists.Column(
        "money_total", gettext_lazy("Tổng, triệu đồng"), kind="million", sort="money_total", total=Sum("money_total")
    ),
)


def communes_in_work(request):
    """The communes of the province in work, as far as this person may see."""
    if request is None or request.frame.province_id is None:
        return Unit.objects.none()
    return Unit.objects.current().communes().filter(province_id=request.frame.province_id).order_by("sort_key")


class ProjectFilter(lists.Filter):
    commune = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Địa bàn"),
        queryset=communes_in_work,
        empty_label=gettext_lazy("Cả địa bàn"),
        method="in_commune",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=ProjectState, empty_label=gettext_lazy("Mọi trạng thái")
    )
    activity = django_filters.ChoiceFilter(
        label=gettext_lazy("Nội dung hoạt động"), choices=Activity, empty_label=gettext_lazy("Mọi nội dung")
    )
    source = django_filters.ChoiceFilter(
        label=gettext_lazy("Nguồn kinh phí"),
        choices=Source,
        method="of_source",
        empty_label=gettext_lazy("Mọi nguồn"),
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp quản lý"), choices=Level, empty_label=gettext_lazy("Mọi cấp")
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    q = django_filters.CharFilter(label=gettext_lazy("Tên đề án, cơ sở"), method="with_words")
    form = django_filters.ChoiceFilter(label=gettext_lazy("Hình thức"), choices=Form)
    helped = django_filters.NumberFilter(method="helping", label=gettext_lazy("Cơ sở"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.form.fields["q"].widget.attrs["placeholder"] = _("Có dấu hoặc không")
        for name in ("form", "helped"):  # other pages lead here with them
            self.form.fields[name].widget = self.form.fields[name].hidden_widget()

    def in_commune(self, projects, name, value):
        here = Beneficiary.objects.filter(removed_on=None, establishment__commune=value).values("project")
        return projects.filter(Q(commune=value) | Q(pk__in=here))

    def of_source(self, projects, name, value):
        return projects.filter(**{f"money_{value}__gt": 0})

    def with_words(self, projects, name, value):
        for word in fold(value).split():
            projects = projects.filter(words__contains=word)
        return projects

    def helping(self, projects, name, value):
        return projects.filter(
            pk__in=Beneficiary.objects.filter(establishment=value, removed_on=None).values("project")
        )


@reads
def project_list(request):
    user, frame = request.user, request.frame
    found = queries.board(user)
    if frame.province_id and not user.scope().bodies:
        found = found.filter(province_id=frame.province_id)
    told = found.order_by().aggregate(
        whole=Count("pk"),
        year=Count("pk", filter=Q(year=frame.year)),
        wait=Count("pk", filter=Q(state="submitted")),
        run=Count("pk", filter=Q(state__in=("approved", "assigned", "running"))),
        done=Count("pk", filter=Q(state="accepted")),
    )
    views = (
        (_("Tất cả"), "", told["whole"]),
        (_("Năm %(year)s") % {"year": frame.year}, f"year={frame.year}", told["year"]),
        (_("Chờ thẩm định"), "state=submitted", told["wait"]),
        (_("Đang thực hiện"), "state=running", None),
        (_("Chờ quyết toán"), "state=accepted", told["done"]),
    )
    here = request.GET.urlencode()
    tabs = [
        Tab(label, f"{request.path}?{query}" if query else request.path, n, current=here == query)
        for label, query, n in views
    ]
    acts = []
    if user.holds(Permission.PROJECT_DRAFT):
        acts.append(lists.Act(_("Lập đề án"), reverse("projects:draft")))
    return lists.answer(
        request,
        queries.rows(found),
        columns=COLUMNS,
        filters=ProjectFilter,
        order="-code",
        name="de-an",
        title=_("Đề án"),
        sub=_("Mỗi đề án một dòng. Số tiền được duyệt; đề án chưa duyệt ghi số đề nghị."),
        unit=_("đề án"),
        empty=_("Chưa có đề án nào. Bấm “Lập đề án” để bắt đầu."),
        acts=acts,
        views=tabs,
        template="desk/projects/list.html",
    )


# ---- the record ----


def _found(request, pk) -> Project:
    return get_object_or_404(queries.record(request.user, pk))


def _head(request, project, current, **more):
    """What every tab of a record has: the head with its facts, and the tabs."""
    helped = more.pop("helped", None)
    helped = queries.helped(project) if helped is None else helped
    steps = more.pop("steps", None)
    steps = queries.timeline(project) if steps is None else steps
    return {
        "project": project,
        "mark": mark_of(project),
        "helped": helped,
        "taken": steps,
        "next": queries.next_step(project),
        "tabs": tabs_of(project, current, beneficiaries=len(helped), steps=len(steps)),
        "may_edit": forms.may_edit(request.user, project),
        "contracts": address("contracts:page", project.pk)
        if project.state in APPROVED_ON and not project.historical
        else "",
        **more,
    }


def _findings(project, helped):
    """What the file itself tells, asked while it can still change something; the rest is asked on its own page."""
    if project.state in ("draft", "submitted", "registered") and not project.historical:
        return queries.checks(project, on=clock.today(), beneficiaries=helped, deep=False)
    return []


@reads
def project_page(request, pk):
    project = _found(request, pk)
    helped = queries.helped(project)
    findings = _findings(project, helped)
    standing = [finding for finding in findings if finding.severity != Severity.PASSED]
    context = _head(request, project, "page", helped=helped, findings=standing, kept=len(findings) - len(standing))
    lines = queries.checklist(project, stage=_stage(project), on=clock.today(), beneficiaries=context["helped"])
    return render(
        request,
        "desk/projects/page.html",
        {
            **context,
            "offers": offers_of(request.user, project, findings),
            "events": events_of(project, context["taken"]),
            "money": money_of(project),
            "checks": checks_of(lines),
            "missing": len(documents.missing(lines)),
            "partners": list(project.partners.all()),
            "needs": list(project.needs.all()),
            "norm_name": norms.support_lines().filter(code=project.norm_line).values_list("name", flat=True).first()
            if project.norm_line
            else "",
        },
    )


def _stage(project):
    """The checklist that counts from here on."""
    if project.state in ("draft", "submitted", "failed", "withdrawn"):
        return Stage.APPRAISAL
    if project.state in ("appraised", "registered", "ministry_appraised"):
        return Stage.REGISTRATION if project.level == Level.NATIONAL else Stage.APPRAISAL
    if project.state in ("approved", "assigned"):
        return Stage.CONTRACT
    if project.state == "running":
        return Stage.REMAINDER
    return Stage.SETTLEMENT


@reads
def money(request, pk):
    project = _found(request, pk)
    context = _head(request, project, "money")
    lines = queries.lines_of(project)
    return render(
        request,
        "desk/projects/money.html",
        {
            **context,
            "lines": lines,
            "money": money_of(project),
            "others": list(project.other_sources.all()),
            "see_ledger": request.user.may(Permission.VIEW, place=project.place),
        },
    )


@reads
def papers(request, pk):
    project = _found(request, pk)
    context = _head(request, project, "papers")
    stages = []
    for stage in Stage:
        lines = queries.checklist(project, stage=stage, on=clock.today(), beneficiaries=context["helped"])
        if lines:
            stages.append(
                {
                    "stage": stage,
                    "lines": lines,
                    "missing": len(documents.missing(lines)),
                    "current": stage == _stage(project),
                }
            )
    return render(
        request,
        "desk/projects/papers.html",
        {
            **context,
            "stages": stages,
            "items": documents.papers_of(project.dossier),
            "step_papers": [taken for taken in context["taken"] if taken.paper_id],
            "may_keep": _may_keep(request.user, project),
        },
    )


def _may_keep(user, project) -> bool:
    return any(
        user.may(permission, place=project.place, body=project.implementer)
        for permission in (
            Permission.PROJECT_APPRAISE,
            Permission.PAPER_RECORD,
            Permission.VOUCHER_RECORD,
            Permission.PROJECT_DRAFT,
        )
    )


@reads
def beneficiaries(request, pk):
    project = _found(request, pk)
    context = _head(request, project, "beneficiaries")
    user = request.user
    open_list = project.is_open_to_change or (
        project.form == Form.GROUP and project.state in ("approved", "assigned", "running") and not project.historical
    )
    waiting = [b for b in context["helped"] if b.approved_on is None]
    return render(
        request,
        "desk/projects/beneficiaries.html",
        {
            **context,
            "former": project.beneficiaries.exclude(removed_on=None).select_related("establishment"),
            "may_add": open_list and user.may(Permission.PROJECT_DRAFT, place=project.place, body=project.implementer),
            "may_approve": project.form == Form.GROUP
            and bool(waiting)
            and project.state in ("approved", "assigned", "running")
            and (
                user.may(Permission.BENEFICIARIES_APPROVE, place=project.place)
                or user.may(Permission.PAPER_RECORD, place=project.place)
            ),
            "sums": {
                name: sum(getattr(b, name) for b in context["helped"])
                for name in ("total", "national", "local", "counterpart")
            },
        },
    )


@reads
def history(request, pk):
    project = _found(request, pk)
    context = _head(request, project, "history")
    from khuyencong.audit.queries import history_of

    return render(
        request,
        "desk/projects/history.html",
        {
            **context,
            "events": events_of(project, context["taken"]),
            "journal": history_of(project, limit=100)[::-1],
            "clearances": project.clearances.select_related("by", "paper").order_by("-on", "-pk"),
        },
    )


@reads
def checks(request, pk):
    project = _found(request, pk)
    findings = queries.checks(project, on=clock.today())
    return render(
        request,
        "desk/projects/checks.html",
        {
            "project": project,
            "findings": findings,
            "standing": [f for f in findings if f.refuses],
            "may_clear": _may_clear(request.user, project),
        },
    )


def _may_clear(user, project) -> bool:
    return any(
        user.may(permission, place=project.place, body=project.implementer)
        for permission in (
            Permission.PROJECT_SUBMIT,
            Permission.PROJECT_APPRAISE,
            Permission.PROJECT_APPRAISE_MINISTRY,
        )
    )


# ---- writing the file ----

FIELDS = (
    "title", "level", "form", "kind", "year", "starts_on", "ends_on", "implementer", "sector", "norm_line",
    "machine_type", "place_text", "content", "also", "first_year", "province", "commune", "partners", "needs",
)  # fmt: skip


def _from_need(request) -> dict:
    """What a need that was planned already says: ``?nhu-cau=12``."""
    asked = request.GET.get("nhu-cau", "")
    need = Need.objects.visible_to(request.user).filter(pk=asked).first() if asked.isdigit() else None
    if need is None:
        return {}
    return {
        "title": need.what,
        "province": need.province_id,
        "commune": need.commune_id,
        "needs": [need.pk],
        "place_text": need.hamlet,
    }


@step
def draft(request):
    frame = request.frame
    form = bind(
        forms.ProjectForm,
        request,
        user=request.user,
        initial={"year": frame.year + 1, "province": frame.province_id, "level": Level.PROVINCIAL}
        | _from_need(request),
    )
    return act(
        request,
        form,
        lambda data: operations.draft(by=request.user, **{name: data[name] for name in FIELDS}),
        template="desk/projects/edit.html",
        context={"title": _("Lập đề án"), "back": reverse("projects:list"), "button": _("Lập đề án")},
        to=lambda project: reverse("projects:page", args=[project.pk]),
        done=_("Đã lập hồ sơ đề án. Tiếp theo: ghi đơn vị thụ hưởng, tám phần và dự toán."),
    )


@step
def change(request, pk):
    project = _found(request, pk)
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
    return act(
        request,
        form,
        lambda data: operations.change(project, by=request.user, **{name: data[name] for name in FIELDS}),
        template="desk/projects/edit.html",
        context={
            "project": project,
            "title": _("Sửa thông tin chung"),
            "back": reverse("projects:page", args=[pk]),
            "button": _("Lưu thông tin chung"),
        },
        to=reverse("projects:page", args=[pk]),
        done=_("Đã lưu."),
    )


@step
def parts(request, pk):
    project = _found(request, pk)
    _must_be_open(request.user, project)
    written = queries.parts_of(project)
    form = bind(forms.PartsForm, request, parts=written)

    def do(data):
        for part, _text in written:
            operations.write_part(project, number=part.value, text=data[f"part_{part.value}"], by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/projects/parts.html",
        context={"project": project, "back": reverse("projects:page", args=[pk])},
        to=reverse("projects:page", args=[pk]),
        done=_("Đã lưu tám phần của đề án."),
    )


@writes
def save_part(request, pk):
    """A part saved by itself while it is typed."""
    project = _found(request, pk)
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
    project = _found(request, pk)
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
            "beneficiary": line.beneficiary_id,
        }
        for line in queries.lines_of(project)
    ]
    options = {"form_kwargs": {"beneficiaries": now}, "prefix": "dong"}
    rows = (
        forms.EstimateSet(request.POST, **options)
        if request.method == "POST"
        else forms.EstimateSet(initial=stored, **options)
    )
    context = {
        "project": project,
        "rows": rows,
        "many": now.count() > 0,
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
            HttpResponse(status=422) if quiet else render(request, "desk/projects/estimate.html", context, status=422)
        )
    lines = [
        {name: value for name, value in row.cleaned_data.items() if name != "DELETE"}
        for row in rows
        if row.cleaned_data
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
    project = _found(request, pk)
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
        return render(
            request, "desk/projects/other_sources.html", {**context, "refusals": refusal.fields.values()}, status=422
        )
    return _to(request, reverse("projects:money", args=[pk]), _("Đã lưu nguồn khác."))


# ---- beneficiaries ----


@step
def add_beneficiary(request, pk):
    project = _found(request, pk)
    form = bind(forms.BeneficiaryForm, request, user=request.user, project=project)
    template, context = (
        "desk/projects/beneficiary.html",
        {
            "project": project,
            "title": _("Thêm đơn vị thụ hưởng"),
            "back": reverse("projects:beneficiaries", args=[pk]),
            "button": _("Thêm đơn vị thụ hưởng"),
        },
    )
    if request.method == "POST" and "_find" in request.POST:
        form.full_clean()
        form._errors.clear()
        return render(request, template, {**context, "form": form})
    return act(
        request,
        form,
        lambda data: operations.add_beneficiary(
            project, establishment=data["establishment"], content=data["content"], by=request.user, **form.amounts()
        ),
        template=template,
        context=context,
        to=reverse("projects:beneficiaries", args=[pk]),
        done=lambda b: _("Đã thêm %(name)s.") % {"name": b.establishment},
    )


def _helped(project, who) -> Beneficiary:
    return get_object_or_404(
        Beneficiary.objects.filter(removed_on=None).select_related("establishment", "project"), project=project, pk=who
    )


@step
def change_beneficiary(request, pk, who):
    project = _found(request, pk)
    beneficiary = _helped(project, who)
    names = ("content", "total", "national", "local", "counterpart")
    form = bind(
        forms.BeneficiaryForm, request, fixed=True, initial={name: getattr(beneficiary, name) for name in names}
    )
    return act(
        request,
        form,
        lambda data: operations.change_beneficiary(
            beneficiary, content=data["content"], by=request.user, **form.amounts()
        ),
        template="desk/projects/beneficiary.html",
        context={
            "project": project,
            "title": str(beneficiary.establishment),
            "back": reverse("projects:beneficiaries", args=[pk]),
            "button": _("Lưu"),
        },
        to=reverse("projects:beneficiaries", args=[pk]),
        done=_("Đã lưu."),
    )


@writes
def remove_beneficiary(request, pk, who):
    operations.remove_beneficiary(_helped(_found(request, pk), who), by=request.user)
    return reverse("projects:beneficiaries", args=[pk])


@step
def approve_beneficiaries(request, pk):
    project = _found(request, pk)
    waiting = [b for b in queries.helped(project) if b.approved_on is None]
    papers = documents.choices_for(request.user, kind=PaperKind.GROUP_PLAN).filter(province=project.province)
    form = bind(forms.StepForm, request, papers=papers, initial=_signed_by(request.user))
    chosen = [b for b in waiting if str(b.pk) in request.POST.getlist("who")] if request.method == "POST" else waiting

    def do(data):
        paper = data.get("existing") or signed_paper(
            form, kind=PaperKind.GROUP_PLAN, by=request.user, province=project.province
        )
        return operations.approve_beneficiaries(
            project, beneficiaries=chosen, by=request.user, on=form.legal_day, paper=paper
        )

    return act(
        request,
        form,
        do,
        template="desk/projects/approve_beneficiaries.html",
        context={
            "project": project,
            "waiting": waiting,
            "chosen": {b.pk for b in chosen},
            "findings": queries.with_clearances(
                project,
                [
                    *queries.norm_findings(project, beneficiaries=waiting, lines=(), on=clock.today()),
                    *queries.place_findings(project, beneficiaries=waiting, on=clock.today()),
                    *queries.before_findings(project, beneficiaries=waiting, on=clock.today()),
                ],
            ),
            "support": million(sum(b.support for b in waiting)),
            "back": reverse("projects:beneficiaries", args=[pk]),
        },
        to=reverse("projects:beneficiaries", args=[pk]),
        done=lambda done: _("Đã duyệt %(count)s đơn vị thụ hưởng.") % {"count": len(done)},
    )


def _signed_by(user):
    """A person who decides himself signs himself; a clerk enters who signed."""
    if user.holds(Permission.PAPER_RECORD):
        return {}
    return {"signer": str(user), "signer_title": user.title}


# ---- steps ----

AFTER = {
    "submit": gettext_lazy(
        "Hồ sơ khoá lại và chuyển đến Sở Công Thương để thẩm định; muốn sửa phải được yêu cầu bổ sung."
    ),
    "return": gettext_lazy("Hồ sơ mở lại cho đơn vị thực hiện, kèm lý do."),
    "appraise": gettext_lazy("Đề án được xếp vào danh sách chờ kế hoạch; định mức của ngày này được giữ cho đề án."),
    "fail": gettext_lazy("Đề án dừng ở đây; muốn làm tiếp phải lập đề án mới."),
    "register": gettext_lazy("Đề án chuyển đến Cục để thẩm định cấp Bộ."),
    "ministry_return": gettext_lazy("Hồ sơ mở lại cho đơn vị thực hiện, kèm lý do; sau đó thẩm định lại từ cấp cơ sở."),
    "ministry_appraise": gettext_lazy("Đề án chờ Bộ trưởng phê duyệt trong kế hoạch năm."),
    "ministry_fail": gettext_lazy("Đề án dừng ở đây; muốn làm tiếp phải lập đề án mới."),
    "withdraw": gettext_lazy("Đề án không được xét nữa."),
}
REASONED = frozenset({"return", "fail", "ministry_return", "ministry_fail", "withdraw"})
NOTED = frozenset({"appraise", "ministry_appraise"})


@step
def take(request, pk, name):
    """One step: left what the law asks, right the paper and the day."""
    project = _found(request, pk)
    workflow = LIFECYCLES[project.level]
    here = next((one for one in workflow if one.name == name), None)
    if here is None:
        raise Http404
    offer = next((o for o in queries.steps_open_to(request.user, project) if o.step.name == name and not o.ahead), None)
    if offer is None or not offer.is_open:
        why = (
            offer.why
            if offer
            else _("Bước này không mở ở trạng thái “%(state)s”.") % {"state": project.get_state_display()}
        )
        if request.method != "POST":
            raise NotAllowed(why)
    checked = name in ("submit", "appraise", "ministry_appraise")
    kind = here.paper
    papers = documents.choices_for(request.user, kind=kind).filter(Q(province=project.province) | Q(province=None))
    form = bind(
        forms.StepForm,
        request,
        papers=papers,
        with_reason=name in REASONED,
        with_note=name in NOTED,
        initial=_signed_by(request.user),
    )

    def do(data):
        paper = data.get("existing") or signed_paper(form, kind=kind, by=request.user, province=project.province)
        more = {key: data[key] for key in ("reason", "note") if key in form.fields}
        operation = operations.return_ if name == "return" else getattr(operations, name)
        return operation(project, by=request.user, on=form.legal_day, paper=paper, **more)

    lines = queries.checklist(
        project,
        stage=Stage.REGISTRATION if name.startswith(("ministry", "register")) else Stage.APPRAISAL,
        on=clock.today(),
    )
    return act(
        request,
        form,
        do,
        template="desk/projects/step.html",
        context={
            "project": project,
            "step": here,
            "recorded": bool(offer and offer.recorded),
            "paper_kind": queries.paper_kind_of(here),
            "findings": queries.checks(project, on=clock.today()) if checked else [],
            "checks": checks_of(lines),
            "missing": len(documents.missing(lines)),
            "after": AFTER[name],
            "amount": dong(project.support),
            "million": million(project.support),
            "back": reverse("projects:page", args=[pk]),
            "conflict": queries.conflict_of(request.user, project.uid)
            if name in ("appraise", "fail", "return")
            else None,
        },
        to=reverse("projects:page", args=[pk]),
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


@step
def clear_warning(request, pk):
    project = _found(request, pk)
    initial = {"rule": request.GET.get("rule", ""), "subject": request.GET.get("subject", "")}
    form = bind(forms.ClearForm, request, initial=initial)
    asked = request.POST if request.method == "POST" else request.GET
    finding = next(
        (
            f
            for f in queries.checks(project, on=clock.today())
            if f.rule == asked.get("rule") and f.subject == asked.get("subject", "")
        ),
        None,
    )
    return act(
        request,
        form,
        lambda data: operations.clear_warning(
            project,
            rule=data["rule"],
            subject=data["subject"],
            reason=data["reason"],
            by=request.user,
            on=clock.today(),
        ),
        template="desk/projects/clear.html",
        context={"project": project, "finding": finding, "back": reverse("projects:checks", args=[pk])},
        to=reverse("projects:checks", args=[pk]),
        done=_("Đã ghi ngoại lệ cùng lý do."),
    )


# ---- the dossier ----


def _line_asked(request):
    """The line of the checklist, and the party, that the address names."""
    requirement = party = None
    if request.GET.get("giay", "").isdigit():
        requirement = get_object_or_404(Requirement, pk=request.GET["giay"])
    if request.GET.get("ben", "").isdigit():
        party = get_object_or_404(Organisation, pk=request.GET["ben"])
    return requirement, party


@step
def put_paper(request, pk):
    project = _found(request, pk)
    requirement, party = _line_asked(request)
    kind = requirement.paper_kind if requirement else PaperKind.OTHER
    papers = (
        Paper.objects.visible_to(request.user).filter(kind=kind).filter(Q(province=project.province) | Q(province=None))
    )
    form = bind(forms.PutForm, request, papers=papers.order_by("-signed_on", "-pk"))

    def do(data):
        facts = {"abstract": data["abstract"] or (requirement.title if requirement else "")}
        paper = data.get("existing") or signed_paper(
            form, kind=kind, by=request.user, province=project.province, **facts
        )
        return operations.put_paper(project, paper=paper, requirement=requirement, party=party, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/projects/put_paper.html",
        context={
            "project": project,
            "requirement": requirement,
            "party": party,
            "back": reverse("projects:papers", args=[pk]),
        },
        to=reverse("projects:papers", args=[pk]),
        done=_("Đã thêm vào hồ sơ."),
    )


@step
def waive_paper(request, pk):
    project = _found(request, pk)
    requirement, party = _line_asked(request)
    if requirement is None:
        raise NotAllowed(_("Hãy chọn giấy tờ trong danh mục."))
    form = bind(forms.WaiveForm, request)
    return act(
        request,
        form,
        lambda data: operations.waive_paper(
            project, requirement=requirement, party=party, reason=data["reason"], by=request.user
        ),
        template="desk/projects/waive.html",
        context={
            "project": project,
            "requirement": requirement,
            "party": party,
            "back": reverse("projects:papers", args=[pk]),
        },
        to=reverse("projects:papers", args=[pk]),
        done=_("Đã ghi không áp dụng."),
    )
