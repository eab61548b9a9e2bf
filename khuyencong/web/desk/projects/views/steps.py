"""The steps of a project's life, and exceptions a person clears."""

from collections import Counter
from functools import cache

from django.http import Http404
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import dong, million
from khuyencong.councils import queries as councils
from khuyencong.councils.enums import Tier
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import LineState, Stage
from khuyencong.projects import operations, queries, rules
from khuyencong.projects.enums import RETURNS, Rule
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import rests_on
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.conditions import told_of
from khuyencong.web.desk.projects.opinions import opinions_of
from khuyencong.web.desk.projects.parts import CHECKED, CLEARING, checks_of, may_clear, ways_to_mend
from khuyencong.web.desk.projects.views.shared import opened_to, page_of, papers_for, signed_by, step_page, whole_of

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


JUDGING = RETURNS | {"appraise", "fail", "ministry_appraise", "ministry_fail"}


NOTED = frozenset({"appraise", "ministry_appraise"})


@step
def take(request, pk, name):
    """One step: left what the law asks, right the paper and the day."""
    project = whole_of(request, pk)
    workflow = LIFECYCLES[project.level]
    here = next((one for one in workflow if one.name == name), None)
    if here is None:
        raise Http404

    @cache
    def offer():
        open_or_shut = queries.steps_open_to(request.user, project)
        return next((one for one in open_or_shut if one.step.name == name and not one.ahead), None)

    if request.method != "POST" and (offer() is None or not offer().is_open):  # what is sent is refused by the act
        state = {"state": project.get_state_display()}
        raise NotAllowed(offer().why if offer() else _("Bước này không mở ở trạng thái “%(state)s”.") % state)
    papers = papers_for(request.user, project, here)
    until = queries.completion_until(project, name, on=clock.today()) if name in RETURNS else None

    @cache
    def lines():
        stage = Stage.REGISTRATION if name.startswith(("ministry", "register")) else Stage.APPRAISAL
        return queries.checklist(project, stage=stage, on=clock.today())

    form = bind(
        forms.StepForm,
        request,
        papers=papers,
        with_reason=name in REASONED,
        with_note=name in NOTED,
        until=until,
        initial=signed_by(request.user) | ({"reason": _wanting(project, name, lines())} if until else {}),
    )

    def do(data):
        paper = signed_paper(form, kind=here.paper, by=request.user, province=project.province)
        more = {key: data[key] for key in ("reason", "note", "due_on") if key in form.fields}
        operation = operations.return_ if name == "return" else getattr(operations, name)
        return operation(project, by=request.user, on=form.legal_day, paper=paper, **more)

    def shows():
        told = _beside(request.user, project, here, lines=lines(), until=until)
        return told | {"recorded": bool(offer() and offer().recorded)}

    return step_page(
        request,
        project,
        form,
        do,
        title=here.label,
        sends_back=name in RETURNS,
        shows=shows,
        beside=True,
        paper=here.paper,
        after=[
            AFTER[name],
            _("Nhà nước hỗ trợ %(million)s triệu đồng (%(amount)s đồng).")
            % {"million": million(project.support), "amount": dong(project.support)},
        ],
        button=_("%(step)s, đề án %(code)s") % {"step": here.label, "code": project.code},
        template="desk/projects/step.html",
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


def _beside(user, project, here, *, lines, until):
    """What stands beside the form: what the step rests on and what was found of the file; of its papers (``lines``) not the one
    that the step itself brings."""
    judges = here.name in JUDGING
    findings, standing, conditions = _judged(user, project) if here.name in CHECKED else ([], [], {})
    laid = [line for line in lines if line.requirement.paper_kind != here.paper or line.state != LineState.MISSING]
    return {
        "law": [
            rests_on(queries.article_of(here, project)),
            *(_judges_told(project, here.name) if judges else []),
            *(_days_told(project, until) if judges else []),
        ],
        "findings": findings,
        "standing": standing,
        "clears": bool(standing) and may_clear(user, project),
        "ways": ways_to_mend(user, project, standing) if standing else [],
        **conditions,
        **(opinions_of(user, project) if judges else {}),
        "checks": checks_of(laid),
        "missing": len(documents.missing(laid)),
    }


def _wanting(project, name, lines):
    """What a request for completion begins with: what the council said, and the papers that are not there."""
    tier = Tier.MINISTRY if name == "ministry_return" else Tier.BASE
    voted = [
        vote.opinion.strip() for vote in councils.votes_on(project.uid, tier=tier) if vote.conclusion == "complete"
    ]
    papers = "; ".join(line.title for line in documents.missing(lines))
    said = [voted[0] if voted else "", _("Còn thiếu: %(papers)s.") % {"papers": papers} if papers else ""]
    return Truncator(" ".join(filter(None, said))).chars(500)


def _judges_told(project, name):
    """What the council concluded of the file, and what the sheets say together."""
    tier = Tier.MINISTRY if name.startswith("ministry") else Tier.BASE
    if (vote := queries.council_said(project, tier=tier)) is not None:
        yield _(
            "%(council)s, phiên %(day)s: %(conclusion)s (%(passes)s phiếu đạt, %(completes)s yêu cầu bổ sung, %(fails)s không đạt)."
        ) % {
            "council": vote.session.council,
            "day": f"{vote.session.on:%d/%m/%Y}",
            "conclusion": vote.get_conclusion_display(),
            "passes": vote.passes,
            "completes": vote.completes,
            "fails": vote.fails,
        }
        return
    sheets = councils.sheets_on(project.uid, tier=tier)
    if any(sheet.member.council.meets for sheet in sheets):
        yield _("Chưa có biểu quyết của hội đồng.")
    if sheets:
        given = Counter(sheet.conclusion for sheet in sheets)
        yield _("Phiếu đã có: %(passes)s đạt, %(completes)s yêu cầu bổ sung, %(fails)s không đạt.") % {
            "passes": given["pass"],
            "completes": given["complete"],
            "fails": given["fail"],
        }


def _days_told(project, until):
    """What the law says of the day asked for, and of the days of the appraisal that runs."""
    if until is not None:
        if until.default is None:
            yield _("Các quy định đã ghi không nói phải bổ sung trong bao nhiêu ngày: hạn ghi theo công văn yêu cầu.")
        else:
            yield _("Hạn bổ sung theo quy định, nếu gửi hôm nay: %(day)s. %(basis)s.") % {
                "day": f"{until.default:%d/%m/%Y}",
                "basis": until.citation,
            }
        yield _(
            "Khi hồ sơ được nộp lại, thời hạn thẩm định tính lại từ ngày nhận hồ sơ đã bổ sung (cách tính chưa kiểm chứng)."
        )
        return
    running = queries.clock_of(project, queries.timeline(project))
    if running is None or running.completes:
        return
    facts = {"day": f"{running.since:%d/%m/%Y}", "due": f"{running.due:%d/%m/%Y}" if running.due else ""}
    yield (
        _("Nhận hồ sơ ngày %(day)s.") % facts if not running.again else _("Nhận hồ sơ đã bổ sung ngày %(day)s.") % facts
    )
    if running.due:
        yield _("Hạn thẩm định %(due)s: %(basis)s.") % (facts | {"basis": running.basis})
    else:
        yield _("Các quy định đã ghi không nói phải thẩm định trong bao nhiêu ngày.")


def _judged(user, project):
    """What the checks say of the file, what of it stands in the way, and apart from it the conditions of support with what is
    missing; the papers that are not there have a list of their own."""
    now, today = queries.helped(project), clock.today()
    judgements = queries.conditions_of(project, on=today, beneficiaries=now)
    found = queries.checks(project, on=today, beneficiaries=now, judgements=judgements)
    file = [
        finding
        for finding in found
        if finding.rule not in queries.CONDITION_RULES and (finding.rule != Rule.DOSSIER or finding.refuses)
    ]
    standing = [finding for finding in found if finding.refuses]
    return file, standing, told_of(user, project, judgements, helped=now, may_clear=may_clear(user, project))


@step
def clear_warning(request, pk):
    project = opened_to(request, pk, *CLEARING, by_paper=False)
    initial = {"rule": request.GET.get("rule", ""), "subject": request.GET.get("subject", "")}
    form = bind(forms.ClearForm, request, initial=initial)
    asked = request.POST if request.method == "POST" else request.GET
    finding = next(
        (
            f
            for f in queries.checks(project, on=rules.judged(project, on=clock.today()).day)
            if f.rule == asked.get("rule") and f.subject == asked.get("subject", "")
        ),
        None,
    )
    return step_page(
        request,
        project,
        form,
        lambda data: operations.clear_warning(
            project,
            rule=data["rule"],
            subject=data["subject"],
            reason=data["reason"],
            by=request.user,
            on=clock.today(),
        ),
        title=_("Chấp nhận ngoại lệ"),
        sums=[finding.told if finding else ""],
        refusal="" if finding and finding.refuses else _("Không còn điều nào thuộc loại này cần chấp nhận."),
        sums_title=_("Điều cần chấp nhận"),
        short=finding is not None,
        after=[
            _("Điều này không còn chặn các bước, nhưng vẫn hiện ở hồ sơ và trang kiểm toán cùng tên, lý do của bạn.")
        ],
        button=_("Chấp nhận ngoại lệ"),
        to=page_of(project, "checks"),
        done=_("Đã ghi ngoại lệ cùng lý do."),
    )
