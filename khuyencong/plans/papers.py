"""The papers that a plan's decision is filled into: the submission letter (tờ trình) with its table."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.base.text import vnd_words
from khuyencong.documents.typeset import Column, Letter, Row
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.organisations.queries import department_of
from khuyencong.plans.enums import INCLUDING
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.queries import items_of


@override("vi")  # an official paper is Vietnamese whatever language the page is read in
def submission(decision: Decision, *, signer: str = "", signer_title: str = "") -> Letter:
    """Tờ trình: what the department asks the decider to sign, by activity, from the decision's own lines.

    The body of this letter is not given by a published form; it follows NĐ 30/2020 and the habit of provinces.
    """
    plan = decision.plan
    items = items_of(decision)
    groups: dict[str, list] = {}
    for item in items:
        groups.setdefault(item.project.get_activity_display(), []).append(item)
    rows, total = [], 0
    for number, (activity, lines) in enumerate(sorted(groups.items()), start=1):
        amount = sum(_state_money(line) for line in lines)
        total += amount
        rows.append(Row([str(number), activity, str(len(lines)), million(amount)]))
    rows.append(Row(["", _("Cộng"), str(len(items)), million(total)], strong=True))
    department = department_of(plan.province)
    about = _("%(kind)s kế hoạch %(level)s năm %(year)s") % {
        "kind": decision.get_kind_display(),
        "level": plan.get_level_display().lower(),
        "year": plan.year,
    }
    today = clock.today()
    return Letter(
        kind=_("Tờ trình"),
        title=_("Về việc %(about)s") % {"about": about[0].lower() + about[1:]},
        over=_("UBND %(province)s") % {"province": plan.province.full_name},
        body=str(department or _("Sở Công Thương")),
        number="……/TTr-SCT",
        place_day=_("%(place)s, ngày …… tháng %(month)02d năm %(year)s")
        % {"place": plan.province.name, "month": today.month, "year": today.year},
        to=str(decision.authority_body or _("Ủy ban nhân dân %(province)s") % {"province": plan.province.named_inside}),
        text=[
            *_bases(plan),
            _(
                "%(body)s trình xem xét, quyết định %(about)s: %(number)s đề án, kinh phí khuyến công %(amount)s đồng (%(words)s)."
            )
            % {
                "body": department or _("Sở Công Thương"),
                "about": about[0].lower() + about[1:],
                "number": len(items),
                "amount": dong(total),
                "words": vnd_words(total),
            },
        ],
        columns=[
            Column(_("TT")),
            Column(_("Nội dung hoạt động"), wide=True),
            Column(_("Số đề án"), number=True),
            Column(_("Kinh phí khuyến công (triệu đồng)"), number=True),
        ],
        rows=rows,
        after=[_("Kính trình xem xét, quyết định./.")],
        receivers=[_("Như trên"), _("Sở Tài chính"), _("Lưu: VT, QLCN")],
        signer_title=signer_title or _("Giám đốc"),
        signer=signer,
    )


def _state_money(item) -> int:
    if item.decision.kind in INCLUDING:
        return (item.national or 0) + (item.local or 0)
    return (item.project.granted_national or 0) + (item.project.granted_local or 0)


def _bases(plan: Plan) -> list[str]:
    """The texts in force that this plan rests on, as the norms know them."""
    province = None if plan.level == Level.NATIONAL else plan.province
    found = norms.bases_of_plan(on=clock.today(), level=plan.level, province=province)
    return [_("Căn cứ %(text)s;") % {"text": text} for text in found]
