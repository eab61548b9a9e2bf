from datetime import date
from operator import attrgetter

import django_filters
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, holders
from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.budgets import operations, queries
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.rules import reversible
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.norms.queries import management_cost
from khuyencong.projects.models import Project
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.parts import Offer
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.tags.values import percent as percent_in_words
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.budgets import forms, steps
from khuyencong.web.desk.budgets.parts import figures_of


def _sum(name):
    return lists.Shared(queries.sums_of, attrgetter(name))


COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Nguồn, đơn vị được giao"),
        sort="name",
        url=lists.page("budgets:page"),
        small=lambda envelope: f"{envelope.holder}{', ' + envelope.code if envelope.code else ''}",
    ),
    lists.Column("level", gettext_lazy("Cấp kinh phí"), value="get_level_display", sort=("level", "name")),
    lists.Column("year", gettext_lazy("Năm"), sort=("year", "name")),
    lists.Column("given", gettext_lazy("Được giao"), kind="million", sort="given", total=_sum("given")),
    lists.Column("moved", gettext_lazy("Chuyển nguồn, nộp trả"), kind="million", sort="moved", total=_sum("moved")),
    lists.Column("committed", gettext_lazy("Cam kết"), kind="million", sort="committed", total=_sum("committed")),
    lists.Column("advanced", gettext_lazy("Tạm ứng"), kind="million", sort="advanced", total=_sum("advanced")),
    lists.Column("settled", gettext_lazy("Quyết toán"), kind="million", sort="settled", total=_sum("settled")),
    lists.Column("left", gettext_lazy("Còn, triệu đồng"), kind="million", sort="left", total=_sum("left")),
)


class EnvelopeFilter(lists.Filter):
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp kinh phí"), choices=Level, empty_label=gettext_lazy("Mọi cấp")
    )


@reads
def envelope_list(request):
    found, year, country = queries.board(request.user), request.frame.year, request.frame.whole_country
    province = None if country else request.frame.province_id
    if province:
        found = found.filter(province_id=province)
    return lists.answer(
        request,
        found,
        columns=COLUMNS,
        filters=EnvelopeFilter,
        order=("-year", "level", "name"),
        name="kinh-phi",
        title=_("Kinh phí"),
        sub=_("Mỗi nguồn một dòng, cộng từ sổ theo dõi kinh phí đến %(day)s.") % {"day": f"{clock.today():%d/%m/%Y}"}
        + (
            _(" Dòng cộng chỉ tính một lần khuyến công quốc gia mà Cục được giao và tỉnh được phân bổ lại.")
            if country
            else ""
        ),
        unit=_("nguồn"),
        empty=_("Chưa có nguồn nào được giao. Ghi quyết định giao dự toán để mở nguồn."),
        acts=[lists.Act(_("Ghi quyết định giao dự toán"), reverse("budgets:record_decision"))]
        if _may(request.user, Permission.BUDGET_RECORD)
        else [],
        template="desk/budgets/list.html",
        context={
            "figures": figures_of(queries.money_of_year(request.user, year=year, province=province)),
            "year": year,
        },
    )


def _may(user, permission) -> bool:
    return user.holds(permission) or user.holds(Permission.PAPER_RECORD)


def _found(request, pk) -> Envelope:
    return get_object_or_404(
        Envelope.objects.visible_to(request.user).select_related("holder", "province", "commune"), pk=pk
    )


@reads
def envelope_page(request, pk):
    envelope = _found(request, pk)
    lines = queries.ledger(envelope)
    page = Paginator(lines, lists.ROWS).get_page(request.GET.get(lists.PAGE))
    left, sums = queries.leftovers([envelope]), queries.balance(envelope)
    return render(
        request,
        "desk/budgets/page.html",
        {
            "envelope": envelope,
            "sums": sums,
            "page": page,
            "lines": [{"line": line, "url": _reverse_url(request.user, envelope, line.entry, lines)} for line in page],
            "leftovers": left,
            "ends": clock.today() >= date(envelope.year, 12, 1),
            "offers": _offers(request.user, envelope, left, sums),
        },
    )


def _reverse_url(user, envelope, entry, lines) -> str:
    if (
        reversible(entry)
        and entry.pk not in lines.reversed
        and user.may(Permission.BUDGET_RECORD, place=envelope.place, local=not envelope.is_national)
    ):
        return reverse("budgets:reverse", args=[envelope.pk, entry.pk])
    return ""


def _offers(user, envelope, left, sums):
    """What this person may write into this ledger; what nobody can write now, with the reason."""
    spent, kept = steps.nothing_left(envelope, sums), steps.carries_nothing(envelope, left, sums)
    found = []
    for permission, label, route, why in (
        (Permission.BUDGET_RECORD, _("Ghi thêm quyết định giao dự toán"), "budgets:add_decision", ""),
        (Permission.BUDGET_RECORD, _("Ghi chi phí quản lý"), "budgets:manage", spent),
        (
            Permission.BUDGET_CARRY,
            _("Chuyển nguồn sang năm sau"),
            "budgets:carry_over",
            kept,
        ),
        (Permission.BUDGET_CARRY, _("Nộp trả ngân sách"), "budgets:return_money", spent),
    ):
        if _may_here(user, permission, envelope):
            found.append(Offer(label, "" if why else reverse(route, args=[envelope.pk]), why))
    named = holders(Permission.BUDGET_RECORD, national=envelope.is_national)
    return found or [Offer(_("Ghi sổ kinh phí"), why=_("Thuộc thẩm quyền: %(holders)s.") % {"holders": named})]


def _may_here(user, permission, envelope) -> bool:
    """Whether this person may write into this ledger, himself or by recording a signed paper."""
    if user.may(permission, place=envelope.place, local=not envelope.is_national):
        return True
    return permission in RECORDABLE and user.may(Permission.PAPER_RECORD, place=envelope.place)


def _guard(request, permission, envelope) -> None:
    """Who may not write here is told before he fills in a form."""
    if not _may_here(request.user, permission, envelope):
        authorise(request.user, permission, place=envelope.place, local=not envelope.is_national)


@reads
def flow(request, pk):
    """One project's money, from the decision that gave it to the voucher that ended it."""
    seen = Project.objects.visible_to(request.user).select_related("province", "commune", "implementer")
    project = get_object_or_404(seen, pk=pk)
    if not request.user.may(Permission.VIEW, place=project.place):  # the ledger is not for who sees his own part
        raise Http404
    return render(
        request,
        "desk/budgets/flow.html",
        {"project": project, "entries": queries.flow(project), "positions": queries.positions(project)},
    )


# ---- steps ----


@step
def record_decision(request, pk=None):
    envelope = _found(request, pk) if pk else None
    if envelope:
        _guard(request, Permission.BUDGET_RECORD, envelope)
    elif not _may(request.user, Permission.BUDGET_RECORD):
        authorise(request.user, Permission.BUDGET_RECORD)
    initial = {"year": str(request.frame.year), "province": request.frame.province_id, "level": Level.PROVINCIAL}
    if envelope:
        initial = {name: getattr(envelope, name) for name in ("level", "year", "holder", "name", "province", "commune")}
        initial |= {name: getattr(envelope, name) for name in ("chapter", "category", "clause")}
        initial["year"] = str(envelope.year)  # a year has no point in it
    if envelope:  # a decision gives the same line once
        papers = steps.papers_for(request.user, envelope, PaperKind.BUDGET_DECISION)
        papers = papers.exclude(pk__in=queries.given_by(envelope))
    else:
        papers = documents.choices_for(request.user, kind=PaperKind.BUDGET_DECISION)
    form = bind(
        forms.DecisionForm,
        request,
        user=request.user,
        papers=papers,
        initial=initial,
    )

    def do(data):
        names = ("level", "year", "holder", "name", "amount", "chapter", "category", "clause", "province", "commune")
        place = {"province": data["province"], "commune": data["commune"]}
        paper = signed_paper(form, kind=PaperKind.BUDGET_DECISION, by=request.user, **place)
        values = {name: data[name] for name in names}
        return operations.record_budget_decision(**values, by=request.user, on=form.legal_day, paper=paper)

    return step_page(
        request,
        form,
        do,
        trail=_trail(envelope),
        title=_("Ghi quyết định giao dự toán"),
        sub=_("Nguồn kinh phí chỉ được mở bằng quyết định giao dự toán; mọi cam kết về sau lấy từ đây."),
        shows=lambda: {
            "law": [
                norms.cited(
                    _("Dự toán lập, phân bổ và giao theo Luật Ngân sách nhà nước và quy định về kinh phí khuyến công."),
                    Ground.BUDGET,
                    on=clock.today(),
                    of=envelope,
                ),
                _("Một quyết định chỉ ghi một lần cho mỗi dòng; ghi trùng sẽ được báo tên."),
                _("Kinh phí quốc gia do Cục giữ thì không chọn tỉnh; giao cho tỉnh thì chọn tỉnh."),
                _("Ghi đúng chương, loại, khoản của mục lục ngân sách năm đó."),
            ],
        },
        after=[
            _("Số tiền vào sổ theo dõi kinh phí và có thể cam kết cho đề án ngay."),
            _("Ghi nhầm thì đảo bút toán, có văn bản và lý do."),
        ],
        paper=PaperKind.BUDGET_DECISION,
        template="desk/budgets/decision.html",
        button=_("Ghi quyết định giao dự toán"),
        to=lambda opened: reverse("budgets:page", args=[opened.pk]),
        done=_("Đã ghi quyết định giao dự toán."),
    )


def _back(envelope):
    return reverse("budgets:page", args=[envelope.pk]) if envelope else reverse("budgets:list")


def _trail(envelope):
    trail = [(_("Kinh phí"), reverse("budgets:list"))]
    return [*trail, (envelope.name, _back(envelope))] if envelope else trail


def _of_year(envelope, sentence) -> str:
    """The sentence with where the rule of the budget year stands today."""
    return norms.cited(sentence, Ground.BUDGET_YEAR, on=clock.today(), of=envelope)


def _amount_step(request, envelope, form, do, *, kind, **shown):
    """A step that writes into the ledger of this envelope with its paper."""

    def acted(data):
        paper = signed_paper(form, kind=kind, by=request.user, province=envelope.province, commune=envelope.commune)
        return do(data, paper)

    return step_page(
        request,
        form,
        acted,
        trail=_trail(envelope),
        sub=envelope.name,
        paper=kind,
        after=[_("Ghi vào sổ theo dõi kinh phí.")],
        to=_back(envelope),
        **shown,
    )


@step
def manage(request, pk):
    envelope = _found(request, pk)
    _guard(request, Permission.BUDGET_RECORD, envelope)
    projects = Project.objects.filter(pk__in=envelope.entries.filter(kind=EntryKind.COMMITTED).values("project"))
    form = bind(
        forms.ManageForm,
        request,
        projects=projects.order_by("code"),
        papers=steps.papers_for(request.user, envelope, PaperKind.BUDGET_DECISION),
    )
    sums = queries.balance(envelope)
    norm = management_cost(
        "agency", on=clock.today(), base=sums.allocated, level=envelope.level, province=envelope.province
    )
    facts = [steps.left(envelope)]
    if norm.maximum is not None:
        facts.append(
            _("Đơn vị được giao: %(percent)s × %(base)s = %(maximum)s đồng; đã ghi %(spent)s đồng (%(article)s).")
            % {
                "percent": percent_in_words((norm.percent or 0) / 100),
                "base": dong(sums.allocated),
                "maximum": dong(norm.maximum),
                "spent": dong(queries.managed(envelope)),
                "article": norm.citation,
            }
        )
    return _amount_step(
        request,
        envelope,
        form,
        lambda data, paper: operations.manage(
            envelope,
            amount=data["amount"],
            project=data["project"],
            note=data["note"],
            by=request.user,
            on=form.legal_day,
            paper=paper,
        ),
        title=_("Ghi chi phí quản lý"),
        refusal=steps.nothing_left(envelope),
        law=[norm.citation or _("Chi phí quản lý từ kinh phí địa phương: chưa có quy định của tỉnh trong hệ thống.")],
        sums=facts,
        button=_("Ghi chi phí quản lý"),
        done=_("Đã ghi chi phí quản lý."),
        kind=PaperKind.BUDGET_DECISION,
    )


@step
def return_money(request, pk):
    envelope = _found(request, pk)
    _guard(request, Permission.BUDGET_CARRY, envelope)
    form = bind(forms.AmountForm, request, papers=steps.papers_for(request.user, envelope, PaperKind.RETURN_MONEY))
    return _amount_step(
        request,
        envelope,
        form,
        lambda data, paper: operations.return_money(
            envelope, amount=data["amount"], note=data["note"], by=request.user, on=form.legal_day, paper=paper
        ),
        title=_("Nộp trả ngân sách"),
        refusal=steps.nothing_left(envelope),
        law=[_of_year(envelope, _("Phần không được chuyển nguồn phải nộp trả."))],
        sums=[steps.left(envelope)],
        button=_("Ghi nộp trả"),
        done=_("Đã ghi nộp trả ngân sách."),
        kind=PaperKind.RETURN_MONEY,
    )


@step
def carry_over(request, pk):
    envelope = _found(request, pk)
    _guard(request, Permission.BUDGET_CARRY, envelope)
    left = queries.leftovers([envelope])
    open_projects = Project.objects.filter(pk__in=[item.project.pk for item in left if item.project]).order_by("code")
    open_sums = {item.project.pk: item for item in left if item.project}
    form = bind(
        forms.CarryForm,
        request,
        targets=steps.next_of(envelope),
        projects=open_projects,
        left=open_sums,
        papers=steps.papers_for(request.user, envelope, PaperKind.CARRY_OVER),
    )
    return _amount_step(
        request,
        envelope,
        form,
        lambda data, paper: operations.carry_over(
            envelope,
            to=data["to"],
            project=data["project"],
            amount=data["amount"],
            by=request.user,
            on=form.legal_day,
            paper=paper,
        ),
        title=_("Chuyển nguồn sang năm sau"),
        refusal=steps.carries_nothing(envelope, left),
        law=[
            _of_year(
                envelope,
                _(
                    "Kinh phí chưa dùng hết trong năm chỉ chuyển khi có văn bản cho phép; không có thì nộp trả ngân sách."
                ),
            ),
            _("Ngày ghi sổ từ ngày giao dự toán năm sau trở đi."),
            _(
                "Phần cam kết của đề án không chuyển vẫn thuộc dự toán cũ: có quyết định điều chỉnh giảm rồi mới nộp trả."
            )
            if open_sums
            else "",
        ],
        sums=[steps.left(envelope)],
        button=_("Ghi chuyển nguồn"),
        done=_("Đã ghi chuyển nguồn."),
        kind=PaperKind.CARRY_OVER,
    )


@step
def reverse_entry(request, pk, entry):
    envelope = _found(request, pk)
    _guard(request, Permission.BUDGET_RECORD, envelope)
    line = get_object_or_404(Entry.objects.select_related("paper", "envelope"), pk=entry, envelope=envelope)
    form = bind(forms.ReverseForm, request, papers=steps.papers_for(request.user, envelope, PaperKind.OTHER))
    return _amount_step(
        request,
        envelope,
        form,
        lambda data, paper: operations.reverse(
            line, reason=data["reason"], by=request.user, on=form.legal_day, paper=paper
        ),
        title=_("Đảo bút toán ghi nhầm"),
        refusal=steps.shut_line(line),
        law=[_("Sổ chỉ ghi thêm: bút toán nhầm được sửa bằng bút toán ngược dấu, có văn bản và lý do.")],
        sums=[
            _("%(kind)s %(amount)s đồng, %(paper)s, ghi ngày %(day)s.")
            % {
                "kind": line.get_kind_display(),
                "amount": dong(line.amount),
                "paper": line.paper,
                "day": f"{line.on:%d/%m/%Y}",
            },
            steps.left(envelope),
        ],
        button=_("Đảo bút toán %(amount)s đồng") % {"amount": dong(line.amount)},
        done=_("Đã đảo bút toán. Hãy ghi lại số đúng."),
        kind=PaperKind.OTHER,
    )
