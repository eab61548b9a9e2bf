"""Home, calendar, papers to sign, hand-over."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from khuyencong.audit.queries import search as journal
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.base.sentences import counted
from khuyencong.documents import typeset
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.people.models import Mandate
from khuyencong.people.operations import seen
from khuyencong.people.queries import heirs, may_end
from khuyencong.plans import queries as plans
from khuyencong.plans.models import Decision
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import Severity
from khuyencong.projects.models import Project
from khuyencong.web.common import parts
from khuyencong.web.common.doors import said_no
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.plans.views.shared import checks_of as plan_conditions
from khuyencong.web.desk.work import forms
from khuyencong.web.desk.work.links import button_of, url_of
from khuyencong.work import operations, papers, queries
from khuyencong.work.enums import TaskKind

SHOWN = 8  # tasks on the first page; the rest behind a link
AGAIN = timedelta(minutes=30)


@require_safe
def home(request):
    """The first page: what waits, papers to sign, the year in figures, what happened since the last visit."""
    user = request.user
    response = _home(request)
    if user.last_seen_at is None or clock.now() - user.last_seen_at > AGAIN:
        seen(user, at=clock.now(), language=request.LANGUAGE_CODE)
    return response


@reads
@norms.reading()  # the rows of the law that tasks and the open paper ask for are read once
def _home(request):
    user, today = request.user, clock.today()
    waiting = queries.to_sign(user)
    found = queries.tasks(user)
    if any(paper.about == "project" for paper in waiting):  # they stand above, each with its paper
        found = [task for task in found if task.kind != TaskKind.SUBMIT]
    decisions = {paper.subject for paper in waiting if paper.about == "decision"}
    found = [task for task in found if task.kind != TaskKind.DECIDE or task.subject not in decisions]
    everything = "tat-ca" in request.GET
    shown = found if everything else found[:SHOWN]
    late = queries.overdue(found, today=today)
    chosen = _chosen(request, waiting)
    return render(
        request,
        "desk/work/home.html",
        {
            "tasks": [
                parts.Todo(task.act, url_of(task), button_of(task), rest=task.rest, due=task.due, note=task.note)
                for task in shown
            ],
            "number": len(found) + len(waiting),
            "late": late,
            "soon": queries.within_a_week(found, today=today),
            "hidden": len(found) - len(shown),
            "now": clock.now(),
            "papers": waiting,
            "chosen": chosen,
            "agree": _agree(chosen) if chosen else "",
            "send_back": _send_back(chosen) if chosen else "",
            "figures": _figures(request, found, today=today) if user.holds(Permission.VIEW) else [],
            "told": queries.told_this_month(user),
            "news": _news(user),
            "seen": user.last_seen_at,
            "audits": user.holds(Permission.AUDIT),
            "see_calendar": user.holds(Permission.VIEW) or user.holds(Permission.VIEW_OWN),
            **(_checked(user, chosen) if chosen else {}),
        },
    )


def _chosen(request, waiting):
    wanted = request.GET.get("ky", "")
    for paper in waiting:
        if wanted == f"{paper.about}-{paper.subject}":
            return paper
    return waiting[0] if waiting else None


def _agree(paper) -> str:
    if paper.about == "project":
        return reverse("projects:submit", args=[paper.subject])
    return reverse(f"plans:{paper.step}", args=[paper.subject])


def _send_back(paper) -> str:
    """Who would sign gives a draft back with a word; who decides gives back what was submitted, with a paper."""
    if paper.step == "approve":
        return reverse("plans:hand_back", args=[paper.subject])
    return reverse("work:send_back", args=[paper.about, paper.subject])


def _checked(user, paper) -> dict:
    """What was checked about the paper that lies open, so that one signs knowing it: of a file what it tells itself and its
    papers; norms and what other registers tell, and where each rule stands, are asked for when the page is shown."""
    record = paper.project or _record(user, paper.about, paper.subject)
    if paper.about == "decision":
        return {"conditions": plan_conditions(record, plans.items_of(record))}
    helped = projects.helped(record)
    found = projects.checks(record, on=clock.today(), beneficiaries=helped, deep=False, papers=True, cited=False)
    standing = [finding for finding in found if finding.severity != Severity.PASSED]
    refused = sum(finding.refuses for finding in standing)
    return {"findings": standing, "kept": len(found) - len(standing), "refused": refused, "project": record}


def _figures(request, tasks, *, today) -> list[parts.Figure]:
    frame = request.frame
    found = queries.year_of(request.user, year=frame.year, province=frame.province_id)
    own = found.money
    money, paid, held = own.all, own.all.disbursed_percent, own.held.committed
    given, trend, before = (
        [float(a) for a in line] for line in (found.given_by_month, found.paid_by_month, found.paid_the_year_before)
    )
    late = [task for task in tasks if task.due is not None and task.due < today]
    oldest = max((today - task.due).days for task in late) if late else 0
    return [
        parts.Figure(
            _("Dự toán được giao"),
            million(money.allocated),
            _("triệu đồng"),
            notes=[
                _("KCQG %(national)s, KCĐP %(local)s")
                % {"national": million(own.national.allocated), "local": million(own.local.allocated)},
                *([_("Cục giữ cho đề án của tỉnh: KCQG %(held)s") % {"held": million(held)}] if held else []),
            ],
            points=given if given and given[-1] else [],
            spoken=_("Luỹ kế dự toán giao theo tháng, nay %(amount)s triệu đồng")
            % {"amount": million(money.allocated)},
            url=f"{reverse('budgets:list')}?year={frame.year}",
        ),
        parts.Figure(
            _("Đã giải ngân"),
            _percent(paid),
            notes=[
                _("KCQG %(national)s, KCĐP %(local)s")
                % {
                    "national": _percent(own.national_percent),
                    "local": _percent(own.local.disbursed_percent),
                },
                _("KCQG so với kinh phí Cục giữ cho đề án của tỉnh, KCĐP so với dự toán được giao")
                if own.national_is_held
                else _("so với dự toán được giao"),
                *([_("nét đứt: cùng kỳ %(year)s") % {"year": frame.year - 1}] if any(before) else []),
            ],
            before=before if any(before) else [],
            points=trend if len(trend) > 1 and trend[-1] else [],
            spoken=_("Luỹ kế giải ngân theo tháng, nay %(amount)s triệu đồng") % {"amount": million(int(trend[-1]))}
            if trend
            else "",
            url=f"{reverse('budgets:list')}?year={frame.year}",
        ),
        parts.Figure(
            _("Việc quá hạn của bạn"),
            str(len(late)),
            notes=[counted("lâu nhất %(days)s ngày", oldest) % {"days": oldest}] if late else [],
        ),
        parts.Figure(
            _("Nguy cơ không giải ngân hết"),
            million(found.at_risk),
            _("triệu đồng"),
            notes=[counted("%(number)s đề án chưa tạm ứng đủ", found.risky) % {"number": found.risky}]
            if found.risky
            else [],
            url=reverse("projects:list") + f"?year={frame.year}&state=running",
        ),
    ]


def _percent(value) -> str:
    return "–" if value is None else f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


NEWS = 6
PAGE_OF = {
    "projects.project": "projects:page",
    "documents.paper": "documents:page",
    "needs.need": "needs:page",
    "needs.call": "needs:board",
    "needs.surveyplan": "surveys:page",
    "plans.plan": "plans:page",
    "plans.decision": "plans:decision",
    "budgets.envelope": "budgets:page",
    "councils.council": "councils:page",
    "establishments.establishment": "establishments:page",
    "reporting.sentreport": "reporting:sent_page",
}


def _news(user) -> list[dict]:
    """What others did in this person's territory since his last visit; the same act on the same record is told once.  What
    auditors take and what is done with accounts is nobody else's news."""
    scope = user.scope()
    if not scope or user.last_seen_at is None:
        return []
    others = Q(actor_id=user.pk) | Q(action__startswith="audit.") | Q(action__startswith="people.")
    events = journal(scope).exclude(others).filter(at__gt=user.last_seen_at).order_by("-at", "-pk")
    told, shown = set(), []
    for event in events[: NEWS * 10]:
        same = (event.actor_id, event.action, event.subject_type, event.subject_id)
        if same in told or len(shown) == NEWS:
            continue
        told.add(same)
        route = PAGE_OF.get(event.subject_type)
        shown.append(
            {"it": event, "url": reverse(route, args=[event.subject_id]) if route and event.subject_id else ""}
        )
    return shown


# ---- papers to sign ----


def _record(user, about, pk):
    if about == "decision":
        return get_object_or_404(
            Decision.objects.visible_to(user).select_related("plan__province", "plan__commune__province"), pk=pk
        )
    if about == "project":
        return get_object_or_404(
            Project.objects.visible_to(user).select_related("province", "commune__province", "implementer__parent"),
            pk=pk,
        )
    raise Http404


@reads
def paper(request, about, pk, form):
    """The paper that waits for this person's signature: ``van-ban.pdf`` whole, ``trang-1.png`` to look at beside the buttons."""
    if not any((one.about, one.subject) == (about, pk) for one in queries.to_sign(request.user)):
        raise Http404
    record = _record(request.user, about, pk)
    filled = papers.waiting_for(request.user, record, on=clock.today())
    if form == "van-ban.pdf":
        return HttpResponse(
            typeset.form_pdf(filled),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="trinh-ky-{about}-{pk}.pdf"'},
        )
    if form == "trang-1.png":
        return HttpResponse(typeset.form_picture(filled), content_type="image/png")
    raise Http404


@step
def send_back(request, about, pk):
    record = _record(request.user, about, pk)
    return step_page(
        request,
        bind(forms.CommentForm, request),
        lambda data: operations.send_back(record, comment=data["comment"], by=request.user),
        trail=[(_("Việc cần làm"), reverse("home"))],
        title=_("Trả lại, ghi ý kiến"),
        refusal=said_no(operations.refuse_to_send_back, record, by=request.user),
        sub=record,
        button=_("Gửi ý kiến cho người soạn"),
        to="/",
        done=lambda told: (
            ngettext("Đã gửi ý kiến cho %(told)s người.", "Đã gửi ý kiến cho %(told)s người.", told) % {"told": told}
        ),
    )


# ---- calendar and hand-over ----


@reads
def calendar(request):
    """Surveys, acceptances, meetings and deadlines of eight weeks, by week."""
    today = clock.today()
    since = today - timedelta(days=today.weekday())
    days = queries.calendar(request.user, since=since, until=since + timedelta(weeks=8))
    weeks: dict = {}
    for day in days:
        weeks.setdefault(day.on - timedelta(days=day.on.weekday()), []).append((day, _page_of(day)))
    return render(
        request,
        "desk/work/calendar.html",
        {"weeks": sorted(weeks.items()), "today": today, "until": since + timedelta(weeks=8)},
    )


def _page_of(day) -> str:
    if day.kind == "report":
        return f"{reverse('reporting:list')}?nam={day.year}&ky={day.period}&tinh={day.subject}"
    pages = {
        "survey": "surveys:page",
        "accept": "projects:page",
        "council": "councils:page",
        "opinion": "plans:decision",
        "completion": "projects:page",
        "file_opinion": "projects:page",
        "call": "needs:board",
    }
    return reverse(pages[day.kind], args=[day.subject])


@step
def hand_over(request, pk):
    mandate = get_object_or_404(
        Mandate.objects.select_related("user", "place__province", "area__organisation", "organisation", "employer"),
        pk=pk,
    )
    if not may_end(request.user, mandate):
        raise Http404
    if mandate.valid_to and mandate.valid_to <= clock.today():
        messages.error(
            request, _("Phân công này đã kết thúc từ ngày %(day)s.") % {"day": f"{mandate.valid_to:%d/%m/%Y}"}
        )
        return HttpResponseRedirect(reverse("people:page", args=[mandate.user_id]))
    home = mandate.home
    province = home if home is None or home.level == "province" else home.province
    form = bind(forms.HandOverForm, request, people=heirs(request.user, mandate, province=province))

    def do(data):
        signed = signed_paper(form, kind=PaperKind.MANDATE, by=request.user, province=province)
        return operations.hand_over(mandate, to=data["to"], by=request.user, on=data["on"], paper=signed)

    waiting = queries.tasks_under(mandate) if request.method == "GET" else []
    return step_page(
        request,
        form,
        do,
        trail=[(_("Phân công"), reverse("people:mandates"))],
        title=_("Bàn giao phân công"),
        sub=mandate,
        paper=PaperKind.MANDATE,
        after=_after_hand_over(mandate, waiting),
        button=_("Bàn giao"),
        to=lambda given: reverse("people:page", args=[given.user_id]),
        done=_("Đã bàn giao; người nhận thấy việc ngay ở trang đầu."),
    )


def _after_hand_over(mandate, waiting) -> list[str]:
    after = [_("Phân công của người giao hết từ ngày này; người nhận có đúng phân công ấy.")]
    if mandate.valid_to:
        said = _("Phân công ấy vốn chỉ đến trước ngày %(day)s; người nhận cũng giữ đến đó.")
        after.append(said % {"day": f"{mandate.valid_to:%d/%m/%Y}"})
    if count := len(waiting):
        said = ngettext("%(count)s việc đang chờ chuyển theo.", "%(count)s việc đang chờ chuyển theo.", count)
        after.append(said % {"count": count})
    return after
