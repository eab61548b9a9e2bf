"""Submitting and deciding."""

from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.base.money import million
from khuyencong.base.sentences import counted
from khuyencong.base.text import uncapitalised
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import DecisionState
from khuyencong.web.common.papers import GivenPaper, signed_paper
from khuyencong.web.common.steps import rests_on, step_page
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import checks_of, choices_for, decimals_of, decision_of, page_of, trail_to

FORMS = {
    "submit": GivenPaper,
    "hand_back": forms.ReasonForm,
    "approve": forms.ApproveForm,
    "refuse": forms.ReasonForm,
}


@step
def take(request, pk, name):
    """One step: left what the law asks and the arithmetic, right the paper, the sum and the day."""
    decision = decision_of(request, pk)
    items = queries.items_of(decision)
    authority = queries.authority_of(decision, on=clock.today(), items=items)
    here = queries.life_of(decision, authority=authority)[name]
    offers = queries.steps_open_to(request.user, decision, on=clock.today(), items=items)
    offer = next((one for one in offers if one.step.name == name), None)
    if request.method != "POST" and (offer is None or not offer.is_open):
        raise NotAllowed(offer.why if offer else _shut(decision))
    recorded = bool(offer and offer.recorded)
    papers = choices_for(request.user, kind=here.paper)
    form = bind(
        FORMS[name],
        request,
        papers=(queries.unused_for if name == "approve" else queries.papers_near)(decision.plan, papers),
        initial={} if recorded else {"signer": str(request.user), "signer_title": request.user.title},
    )

    def do(data):
        if offer is None:  # somebody else was first: said before anything of the paper that he may have recorded too
            raise NotPossible(_shut(decision))
        plan = decision.plan
        paper = signed_paper(form, kind=here.paper, by=request.user, province=plan.province, commune=plan.commune)
        more = {key: data[key] for key in ("total", "reason") if key in form.fields}
        return getattr(operations, name)(decision, by=request.user, on=form.legal_day, paper=paper, **more)

    def shows():
        now = decision_of(request, pk) if request.method == "POST" else decision
        if now.state not in here.sources:  # refused because somebody else was first: what is, not what would have been
            return {"sums_title": _("Hiện nay"), "sums": _standing(now, items)}
        return {"law": _law(decision, here, authority), **_what_follows(decision, name, items)}

    total = sum(item.support for item in items)
    return step_page(
        request,
        form,
        do,
        trail=trail_to(decision.plan, decision),
        title=_("Ghi nhận: %(step)s") % {"step": str(here.label).lower()} if recorded else here.label,
        sub=counted("%(what)s: %(count)s đề án.", len(items)) % {"what": decision, "count": len(items)},
        recorded=recorded,
        checks_title=_("Điều kiện"),
        lacking=_("Chưa đạt:"),
        items=items,
        decimals=decimals_of(items),
        total=total,
        beside=True,
        paper=here.paper,
        shows=shows,
        button=_button(decision, name, len(items), total, recorded=recorded),
        template="desk/plans/step.html",
        to=page_of(decision),
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


def _what_follows(decision, name, items) -> dict:
    """What the page of a step says of the list: its conditions, the subtraction of each envelope, what comes after."""
    needed = queries.money_needed(decision, items=items)
    return {
        "checks": checks_of(decision, items) if name in ("submit", "approve") else [],
        "sums": [_arithmetic(need) for need in needed],
        "short": any(need.after < 0 for need in needed),
        "after": _after(decision, name, len(items), sum(item.support for item in items)),
    }


def _shut(decision) -> str:
    return _("Bước này không mở ở trạng thái “%(state)s”.") % {"state": decision.get_state_display()}


def _standing(decision, items) -> list[str]:
    """What has become of this decision, and what its envelopes hold now."""
    state = decision.get_state_display()
    facts = {"what": decision, "state": uncapitalised(state), "paper": decision.paper}
    told = [(_("%(what)s: %(state)s theo %(paper)s.") if decision.paper else _("%(what)s: %(state)s.")) % facts]
    said = _("%(envelope)s: còn %(left)s triệu đồng chưa phân bổ.")
    if decision.state == DecisionState.APPROVED:
        said = _("%(envelope)s: còn %(left)s triệu đồng chưa phân bổ, đã trừ quyết định này.")
    needed = queries.money_needed(decision, items=items)
    return told + [said % {"envelope": need.envelope, "left": million(need.left)} for need in needed]


def _law(decision, here, authority) -> list[str]:
    """What the step rests on and who decides; what is one text is named once."""
    where = norms.ground(Ground(here.ground), on=clock.today(), of=decision.plan).citation
    return ["" if where == authority.basis else rests_on(where), _authority(authority)]


def _authority(authority) -> str:
    if not authority.body:
        return ""
    facts = {"body": authority.body, "basis": authority.basis}
    return (_("Thẩm quyền: %(body)s (%(basis)s).") if authority.basis else _("Thẩm quyền: %(body)s.")) % facts


def _after(decision, name, count, total) -> list[str]:
    if name == "approve" and decision.includes:
        return [
            counted("%(count)s đề án chuyển thành “Đã phê duyệt”; %(total)s triệu đồng được cam kết trong sổ.", count)
            % {"count": count, "total": million(total)},
            _("Sai thì lập quyết định điều chỉnh."),
        ]
    if name == "approve" and decision.kind == "stop":
        return [_("Đề án ngừng thực hiện; phần chưa tạm ứng trả về nguồn ngay.")]
    if name == "approve":
        return [_("Đề án và sổ kinh phí đổi theo quyết định này."), _("Sai thì lập quyết định điều chỉnh.")]
    if name == "submit":
        return [_("Danh sách khoá lại và chờ người có thẩm quyền quyết định.")]
    if name == "refuse":
        return [_("Các đề án trở lại danh sách chờ xếp.")]
    return [_("Danh sách mở lại để sửa, rồi trình lại.")]


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
        return counted("Trình %(count)s đề án, %(total)s triệu đồng", count) % facts
    if name == "hand_back":
        return _("Trả lại để hoàn chỉnh")
    if name == "refuse":
        return counted("Không phê duyệt %(count)s đề án", count) % facts
    if decision.includes:
        if recorded:
            return counted("Ghi nhận phê duyệt %(count)s đề án, %(total)s triệu đồng", count) % facts
        return counted("Phê duyệt %(count)s đề án, %(total)s triệu đồng", count) % facts
    if recorded:
        return counted("Ghi nhận: %(what)s %(count)s đề án", count) % facts
    return counted("%(what)s %(count)s đề án", count) % facts
