import django_filters
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.base.money import million
from khuyencong.budgets.queries import positions_of
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import OPEN, DecisionKind, DecisionState, RequestState
from khuyencong.plans.models import ChangeRequest, Decision, Item, OpinionRequest, Plan
from khuyencong.plans.operations import Line
from khuyencong.plans.rules import CHANGEABLE
from khuyencong.projects.enums import Level
from khuyencong.projects.models import Project
from khuyencong.web.common import lists
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.parts import Check, Event, Offer, Tab, places
from khuyencong.web.common.views import act, bind, reads, step, writes
from khuyencong.web.desk.plans import forms

# ---- the plans ----


def _tabs(current):
    return [
        Tab(_("Kế hoạch"), reverse("plans:list"), current=current == "plans"),
        Tab(_("Đề nghị điều chỉnh"), reverse("plans:requests"), current=current == "requests"),
    ]


@reads
def plan_list(request):
    frame = request.frame
    wanted = request.GET.get("nam", "")
    year = int(wanted) if wanted.isdigit() else None
    plans = queries.plans(request.user, year=year, province=frame.province_id)
    page = Paginator(plans, lists.ROWS).get_page(request.GET.get(lists.PAGE))
    found = list(page)
    sums = queries.standing_sums(found)
    return render(
        request,
        "desk/plans/list.html",
        {
            "rows": [{"plan": plan, "sums": sums[plan.pk]} for plan in found],
            "decimals": places(n for told in sums.values() for n in (told.national, told.local, told.counterpart)),
            "page": page,
            "year": year,
            "years": frame.years,
            "tabs": _tabs("plans"),
            "may_open": request.user.holds(Permission.PLAN_DRAFT),
        },
    )


@step
def open_plan(request):
    initial = {"year": str(request.frame.year), "province": request.frame.province_id, "level": Level.PROVINCIAL}
    form = bind(forms.OpenForm, request, user=request.user, initial=initial)
    return act(
        request,
        form,
        lambda data: operations.open_plan(
            level=data["level"],
            year=data["year"],
            province=data["province"],
            commune=data["commune"],
            by=request.user,
        ),
        template="desk/plans/open.html",
        to=lambda plan: reverse("plans:page", args=[plan.pk]),
        done=_("Đã mở kế hoạch."),
    )


def _plan(request, pk) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.user).select_related("province", "commune"), pk=pk)


@reads
def plan_page(request, pk):
    plan = _plan(request, pk)
    typed = request.GET.get("ngay", "")
    day = parse_day(typed) if typed else clock.today()
    balances = queries.balances_of(plan)
    drafts = []
    if request.user.may(Permission.PLAN_DRAFT, place=plan.place):
        drafts = [(kind.value, _draft_label(kind)) for kind in reversed(DecisionKind)]
    links, version = queries.chain(plan), queries.as_of(plan, day or clock.today())
    amounts = [*(link.local for link in links), *(link.national for link in links), *(link.left for link in links)]
    amounts += [amount for told in balances.values() for amount in (told.money, told.committed)]
    return render(
        request,
        "desk/plans/page.html",
        {
            "plan": plan,
            "links": links,
            "version": version,
            "decimals": max(places(amounts), _decimals(version.items)),
            "day_typed": typed,
            "day_wrong": bool(typed) and day is None,
            "balances": balances.items(),
            "reserve": sum(told.available for envelope, told in balances.items() if envelope.level == plan.level),
            "drafts": drafts,
            "candidates": queries.candidates(plan).count(),
        },
    )


def _decimals(items) -> int:
    """How many decimals the columns of these lines need, in triệu đồng."""
    return places(n for item in items for n in (item.national, item.local, item.counterpart, item.before))


def _draft_label(kind) -> str:
    return {
        DecisionKind.APPROVE: _("Lập đợt mới"),
        DecisionKind.ADJUST: _("Lập điều chỉnh"),
        DecisionKind.ADD: _("Lập bổ sung"),
        DecisionKind.STOP: _("Lập quyết định ngừng"),
    }[kind]


@writes
def draft_decision(request, pk):
    plan = _plan(request, pk)
    kind = request.POST.get("kind", "")
    if kind not in DecisionKind.values:
        raise Invalid(kind=_("Hãy chọn loại quyết định."))
    decision = operations.draft_decision(plan, kind=kind, by=request.user)
    return reverse("plans:decision", args=[decision.pk])


# ---- one decision ----

ROUTES = {
    "ask_opinion": "plans:ask_opinion",
    "submit": "plans:submit",
    "hand_back": "plans:hand_back",
    "approve": "plans:approve",
    "refuse": "plans:refuse",
}


def _decision(request, pk) -> Decision:
    return get_object_or_404(queries.decision_of(request.user, pk))


def _may_draft(request, decision) -> bool:
    return decision.state == DecisionState.DRAFT and request.user.may(Permission.PLAN_DRAFT, place=decision.plan.place)


def _reserve(decision) -> int:
    balances = queries.balances_of(decision.plan)
    return sum(told.available for envelope, told in balances.items() if envelope.level == decision.plan.level)


@reads
def decision_page(request, pk):
    decision = _decision(request, pk)
    items = queries.items_of(decision)
    if _may_draft(request, decision) and decision.includes:
        form = _rank_form(request, decision, items)
        return render(request, "desk/plans/arrange.html", _decision_context(request, decision, items, form=form))
    return render(request, "desk/plans/decision.html", _decision_context(request, decision, items))


def _decision_context(request, decision, items, *, form=None):
    today, total = clock.today(), sum(item.support for item in items)
    waiting = []
    if _may_draft(request, decision) and not decision.includes:
        waiting = list(queries.requests_to_decide(decision.plan, decision.kind)[:100])
    opinions = list(decision.opinions.select_related("body", "answer_paper"))
    return {
        "decision": decision,
        "plan": decision.plan,
        "items": items,
        "total": total,
        "decimals": _decimals(items),
        "total_million": million(total),
        "offers": _offers(request, decision, items),
        "checks": _checks(decision, items) if items and decision.state in OPEN else [],
        "opinions": [{"opinion": one, "url": _answer_url(request, decision, one)} for one in opinions],
        "events": _events(decision),
        "authority": queries.authority_of(decision, on=decision.on or today, items=items),
        "requests": waiting,
        "may_draft": _may_draft(request, decision),
        "form": form,
        "reserve": _reserve(decision) if form else 0,
        "left": (_reserve(decision) - total) if form else 0,
    }


def _answer_url(request, decision, opinion):
    if opinion.answered_on or decision.state not in OPEN:
        return ""
    place = decision.plan.place
    may = request.user.may(Permission.OPINION_GIVE, place=place) or request.user.may(
        Permission.PAPER_RECORD, place=place
    )
    return reverse("plans:give_opinion", args=[decision.pk, opinion.pk]) if may else ""


def _offers(request, decision, items):
    found = []
    for offer in queries.steps_open_to(request.user, decision, on=clock.today(), items=items):
        label = str(offer.step.label)
        if offer.step.name == "revise":
            url = reverse("plans:revise", args=[decision.pk]) if offer.is_open else ""
            found.append(Offer(label, url, offer.why, post=offer.is_open))
            continue
        if offer.recorded:
            label = _("Ghi nhận: %(step)s") % {"step": label.lower()}
        url = reverse(ROUTES[offer.step.name], args=[decision.pk]) if offer.is_open else ""
        found.append(Offer(label, url, offer.why))
    return found


def _checks(decision, items):
    return [
        Check(check.told, "ok" if check.fulfilled else "missing" if check.refuses else "none", check.article)
        for check in queries.checks(decision, items=items, on=clock.today())
    ]


def _events(decision):
    """The life so far, newest first."""
    labels = queries.labels_of_steps()
    return [
        Event(
            labels.get(taken.name, taken.get_target_display()),
            taken.on,
            taken.note,
            _("%(by)s ghi") % {"by": taken.by},
            "now" if index == 0 else "",
            link=str(taken.paper) if taken.paper else "",
            url=_paper_url(taken.paper),
        )
        for index, taken in enumerate(decision.steps.select_related("paper", "by").order_by("-on", "-pk"))
    ]


def _paper_url(paper) -> str:
    return reverse("documents:page", args=[paper.pk]) if paper else ""


def _rank_form(request, decision, items):
    table = queries.working_table(decision, items=items, money=_reserve(decision), on=clock.today())
    return bind(
        forms.RankForm,
        request,
        rows=table.rows,
        envelopes=queries.envelopes_of(decision.plan),
        national=decision.plan.level == Level.NATIONAL,
    )


@step
def arrange(request, pk):
    """The working table is saved as a whole: all lines or none."""
    decision = _decision(request, pk)
    if request.method != "POST":
        return redirect("plans:decision", pk)
    items = queries.items_of(decision)
    form = _rank_form(request, decision, items)

    def do(_data):
        lines = [_line(form, row, amounts) for row, amounts in form.wanted()]
        return operations.arrange(decision, lines=lines, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/plans/arrange.html",
        context=_decision_context(request, decision, items, form=form),
        to=reverse("plans:decision", args=[pk]),
        done=lambda saved: _("Đã lưu danh sách %(count)s đề án.") % {"count": saved.items.count()},
    )


def _line(form, row, amounts):
    """Which envelope: the chosen one; else as written before while the amount stays; else the only one there is."""
    shares = {}
    for source, amount in amounts.items():
        if not amount:
            continue
        chosen = form.cleaned_data.get(f"from_{source}")
        kept = [s for s in row.item.shares.all() if s.source == source] if row.item else []
        if chosen is not None:
            shares[chosen] = amount
        elif kept and sum(share.amount for share in kept) == amount:
            shares |= {share.envelope: share.amount for share in kept}
        elif len(kept) == 1:
            shares[kept[0].envelope] = amount
        else:
            return Line(row.project, **amounts)
    return Line(row.project, **amounts, shares=shares)


@writes
def put_change(request, pk, request_pk):
    decision = _decision(request, pk)
    wanted = get_object_or_404(ChangeRequest.objects.visible_to(request.user), pk=request_pk)
    operations.put_change(decision, request=wanted, by=request.user)
    return reverse("plans:decision", args=[pk])


@step
def put_violation(request, pk):
    decision = _decision(request, pk)
    plan = decision.plan
    projects = Project.objects.filter(
        level=plan.level, year=plan.year, province=plan.province, state__in=CHANGEABLE, historical=False
    ).order_by("code")
    form = bind(forms.ViolationForm, request, projects=projects)
    return act(
        request,
        form,
        lambda data: operations.put_violation(
            decision, project=data["project"], reason=data["reason"], by=request.user
        ),
        template="desk/plans/violation.html",
        context={"decision": decision, "back": reverse("plans:decision", args=[pk])},
        to=reverse("plans:decision", args=[pk]),
        done=_("Đã đưa vào dự thảo."),
    )


@writes
def take_out(request, pk, item):
    decision = _decision(request, pk)
    line = get_object_or_404(Item.objects.select_related("decision", "project"), pk=item, decision=decision)
    operations.take_out(line, by=request.user)
    return reverse("plans:decision", args=[pk])


@writes
def revise(request, pk):
    operations.revise(_decision(request, pk), by=request.user, on=clock.today())
    return reverse("plans:decision", args=[pk])


# ---- opinion ----


@step
def ask_opinion(request, pk):
    decision = _decision(request, pk)
    form = bind(forms.OpinionForm, request, province=decision.plan.province, initial={"on": clock.today()})
    return act(
        request,
        form,
        lambda data: operations.ask_opinion(
            decision,
            body=data["body"],
            due_on=data["due_on"],
            question=data["question"],
            by=request.user,
            on=data["on"],
        ),
        template="desk/plans/ask.html",
        context={"decision": decision, "back": reverse("plans:decision", args=[pk])},
        to=reverse("plans:decision", args=[pk]),
        done=lambda asked: _("Đã hỏi ý kiến %(body)s.") % {"body": asked.body},
    )


@step
def give_opinion(request, pk, opinion):
    decision = _decision(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body"), pk=opinion, decision=decision)
    kind = PaperKind.OPINION
    form = bind(forms.AnswerForm, request, papers=documents.choices_for(request.user, kind=kind))

    def do(data):
        paper = data.get("existing") or signed_paper(form, kind=kind, by=request.user, province=decision.plan.province)
        return operations.give_opinion(
            asked,
            agreement=data["agreement"],
            answer=data["answer"],
            by=request.user,
            on=form.legal_day,
            paper=paper,
        )

    items = queries.items_of(decision)
    return act(
        request,
        form,
        do,
        template="desk/plans/answer.html",
        context={
            "decision": decision,
            "asked": asked,
            "items": items,
            "decimals": _decimals(items),
            "total": sum(item.support for item in items),
            "checks": _checks(decision, items),
            "back": reverse("plans:decision", args=[pk]),
        },
        to=reverse("plans:decision", args=[pk]),
        done=_("Đã ghi ý kiến."),
    )


# ---- submission and decision ----

FORMS = {
    "submit": forms.StepForm,
    "hand_back": forms.ReasonForm,
    "approve": forms.ApproveForm,
    "refuse": forms.ReasonForm,
}


@step
def take(request, pk, name):
    """One step: left what the law asks and the arithmetic, right the paper, the sum and the day."""
    decision = _decision(request, pk)
    items = queries.items_of(decision)
    authority = queries.authority_of(decision, on=clock.today(), items=items)
    here = queries.life_of(decision, authority=authority)[name]
    offers = queries.steps_open_to(request.user, decision, on=clock.today(), items=items)
    offer = next((one for one in offers if one.step.name == name), None)
    if request.method != "POST" and (offer is None or not offer.is_open):
        state = {"state": decision.get_state_display()}
        raise NotAllowed(offer.why if offer else _("Bước này không mở ở trạng thái “%(state)s”.") % state)
    recorded = bool(offer and offer.recorded)
    form = bind(
        FORMS[name],
        request,
        papers=documents.choices_for(request.user, kind=here.paper),
        initial={} if recorded else {"signer": str(request.user), "signer_title": request.user.title},
    )

    def do(data):
        plan = decision.plan
        paper = data.get("existing") or signed_paper(
            form, kind=here.paper, by=request.user, province=plan.province, commune=plan.commune
        )
        more = {key: data[key] for key in ("total", "reason") if key in form.fields}
        return getattr(operations, name)(decision, by=request.user, on=form.legal_day, paper=paper, **more)

    total = sum(item.support for item in items)
    return act(
        request,
        form,
        do,
        template="desk/plans/step.html",
        context={
            "decision": decision,
            "step": here,
            "name": name,
            "recorded": recorded,
            "authority": authority,
            "paper_kind": PaperKind(here.paper).label,
            "checks": _checks(decision, items) if name in ("submit", "approve") else [],
            "needs": [_arithmetic(need) for need in queries.money_needed(decision, items=items)],
            "short": any(need.after < 0 for need in queries.money_needed(decision, items=items)),
            "items": items,
            "decimals": _decimals(items),
            "total": total,
            "button": _button(decision, name, len(items), total, recorded=recorded),
            "back": reverse("plans:decision", args=[pk]),
        },
        to=reverse("plans:decision", args=[pk]),
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


def _arithmetic(need):
    facts = {"envelope": need.envelope, "left": million(need.left), "amount": million(abs(need.amount))}
    facts["after"] = million(abs(need.after))
    if need.amount < 0:
        return _("%(envelope)s: còn %(left)s + trả lại %(amount)s = %(after)s triệu đồng chưa phân bổ.") % facts
    if need.after < 0:
        return _("%(envelope)s: còn %(left)s − quyết định này %(amount)s: thiếu %(after)s triệu đồng.") % facts
    return _("%(envelope)s: còn %(left)s − quyết định này %(amount)s = %(after)s triệu đồng chưa phân bổ.") % facts


def _button(decision, name, count, total, *, recorded):
    facts = {"count": count, "total": million(total), "what": decision.get_kind_display()}
    if name == "submit":
        return _("Trình %(count)s đề án, %(total)s triệu đồng") % facts
    if name == "hand_back":
        return _("Trả lại để hoàn chỉnh")
    if name == "refuse":
        return _("Không phê duyệt %(count)s đề án") % facts
    if decision.includes:
        if recorded:
            return _("Ghi nhận phê duyệt %(count)s đề án, %(total)s triệu đồng") % facts
        return _("Phê duyệt %(count)s đề án, %(total)s triệu đồng") % facts
    if recorded:
        return _("Ghi nhận: %(what)s %(count)s đề án") % facts
    return _("%(what)s %(count)s đề án") % facts


# ---- change requests ----

REQUEST_COLUMNS = (
    lists.Column(
        "project",
        gettext_lazy("Đề án"),
        value=lambda one: f"{one.project.code} {one.project.title}",
        url=lambda one: reverse("plans:request", args=[one.pk]),
        small=lambda one: one.project.implementer,
    ),
    lists.Column("kind", gettext_lazy("Đề nghị"), value="get_kind_display", sort="kind"),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=lambda one: one.state_mark),
    lists.Column("authority_body", gettext_lazy("Thẩm quyền"), small="authority_basis"),
    lists.Column("requested_on", gettext_lazy("Ngày đề nghị"), kind="day", sort="requested_on"),
)


class RequestFilter(lists.Filter):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=RequestState, empty_label=gettext_lazy("Mọi trạng thái")
    )


@reads
def request_list(request):
    return lists.answer(
        request,
        queries.requests(request.user),
        columns=REQUEST_COLUMNS,
        filters=RequestFilter,
        order=("-requested_on", "-pk"),
        name="de-nghi-dieu-chinh",
        title=_("Đề nghị điều chỉnh, bổ sung, ngừng"),
        sub=_("Đơn vị thực hiện đề nghị, Sở xác nhận, người có thẩm quyền quyết định (Điều 11 TT 36/2013/TT-BCT)."),
        unit=_("đề nghị"),
        empty=_("Chưa có đề nghị nào. Đề nghị được lập từ trang của đề án."),
        views=_tabs("requests"),
    )


def _request(request, pk) -> ChangeRequest:
    found = ChangeRequest.objects.visible_to(request.user).select_related(
        "project__implementer",
        "project__province",
        "project__commune",
        "paper",
        "confirmation",
        "new_commune",
        "leaving__establishment",
        "coming",
        "partner",
    )
    return get_object_or_404(found, pk=pk)


@reads
def request_page(request, pk):
    wanted = _request(request, pk)
    offers = []
    if wanted.state == RequestState.REQUESTED:
        place = wanted.project.place
        if request.user.may(Permission.CHANGE_BY_DEPARTMENT, place=place) or request.user.may(
            Permission.PAPER_RECORD, place=place
        ):
            offers = [
                Offer(_("Xác nhận đề nghị"), reverse("plans:confirm_request", args=[pk])),
                Offer(_("Không chấp thuận"), reverse("plans:refuse_request", args=[pk])),
            ]
        else:
            offers = [Offer(_("Xác nhận đề nghị"), why=_("Thuộc thẩm quyền: Sở (khoản 1 Điều 11 TT 36/2013/TT-BCT)."))]
    money = positions_of([wanted.project])[wanted.project_id]
    return render(
        request,
        "desk/plans/request.html",
        {
            "wanted": wanted,
            "project": wanted.project,
            "offers": offers,
            "paid": sum(told.advanced for told in money.values()),
            "items": list(wanted.items.select_related("decision__plan__province", "decision__plan__commune")),
        },
    )


@step
def ask_change(request, pk):
    """The implementer's request, from the page of its project."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).select_related("implementer", "province", "commune"), pk=pk
    )
    kind = PaperKind.REQUEST_LETTER
    form = bind(
        forms.ChangeForm,
        request,
        project=project,
        papers=documents.choices_for(request.user, kind=kind),
        initial={"signer": str(request.user), "signer_title": request.user.title},
    )

    def do(data):
        paper = data.get("existing") or signed_paper(
            form, kind=kind, by=request.user, province=project.province, issuer=project.implementer
        )
        return operations.request_change(project, by=request.user, on=form.legal_day, paper=paper, **form.values())

    return act(
        request,
        form,
        do,
        template="desk/plans/ask_change.html",
        context={
            "project": project,
            "granted": [(_("KCQG"), project.granted_national), (_("KCĐP"), project.granted_local)],
            "back": reverse("projects:page", args=[pk]),
        },
        to=lambda asked: reverse("plans:request", args=[asked.pk]),
        done=_("Đã ghi đề nghị; chờ Sở xác nhận."),
    )


def _request_step(request, pk, form_class, operation, *, title, button, done):
    wanted = _request(request, pk)
    kind = PaperKind.ANSWER_LETTER
    form = bind(form_class, request, papers=documents.choices_for(request.user, kind=kind))

    def do(data):
        paper = data.get("existing") or signed_paper(form, kind=kind, by=request.user, province=wanted.province)
        more = {"reason": data["reason"]} if "reason" in form.fields else {}
        return operation(wanted, by=request.user, on=form.legal_day, paper=paper, **more)

    return act(
        request,
        form,
        do,
        template="desk/plans/request_step.html",
        context={"wanted": wanted, "title": title, "button": button, "back": reverse("plans:request", args=[pk])},
        to=reverse("plans:request", args=[pk]),
        done=done,
    )


@step
def confirm_request(request, pk):
    return _request_step(
        request,
        pk,
        forms.ConfirmForm,
        operations.confirm_request,
        title=_("Xác nhận đề nghị"),
        button=_("Xác nhận đề nghị"),
        done=_("Đã xác nhận; đề nghị có thể đưa vào quyết định."),
    )


@step
def refuse_request(request, pk):
    return _request_step(
        request,
        pk,
        forms.RefuseForm,
        operations.refuse_request,
        title=_("Không chấp thuận đề nghị"),
        button=_("Không chấp thuận"),
        done=_("Đã ghi: không chấp thuận."),
    )
