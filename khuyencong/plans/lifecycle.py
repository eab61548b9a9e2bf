"""The life of a decision: drafted, opinions asked, submitted, issued or refused.

Who issues a decision that brings projects into the plan stands by level; who issues one that changes them stands by whom
the norms name for the change (TT 36/2013 Đ11 or the province's row).
"""

from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.workflow import Step, Workflow
from khuyencong.norms.enums import Ground as G
from khuyencong.norms.enums import Level
from khuyencong.plans.enums import DecisionState as S


def _life(issue: str, *, paper: str, rests_on: str, unsubmitted: bool) -> Workflow:
    """``unsubmitted``: who decides drafts for himself and needs no tờ trình (the agency, the department)."""
    ready = (S.DRAFT, S.OPINION, S.SUBMITTED) if unsubmitted else (S.OPINION, S.SUBMITTED)
    return Workflow(
        Step("ask_opinion", _("Lấy ý kiến"),              (S.DRAFT, S.OPINION, S.SUBMITTED), S.OPINION, P.OPINION_ASK, "",           G.SUBMISSION),
        Step("revise",      _("Sửa lại dự thảo"),         (S.OPINION,),            S.DRAFT,     P.PLAN_DRAFT,  "",                 ""),
        Step("submit",      _("Trình phê duyệt"),         (S.DRAFT, S.OPINION),    S.SUBMITTED, P.PLAN_SUBMIT, "submission",       G.SUBMISSION),
        Step("hand_back",   _("Trả lại để hoàn chỉnh"),   (S.OPINION, S.SUBMITTED), S.DRAFT,    issue,         "return_letter",    G.SUBMISSION),
        Step("approve",     _("Ban hành quyết định"),     ready,                   S.APPROVED,  issue,         paper,              rests_on),
        Step("refuse",      _("Không phê duyệt"),         (S.OPINION, S.SUBMITTED), S.REFUSED,  issue,         "answer_letter",    G.SUBMISSION),
    )  # fmt: skip


INCLUDING_LIFE: dict[str, Workflow] = {
    Level.NATIONAL: _life(P.PLAN_APPROVE_NATIONAL, paper="plan_decision", rests_on=G.PLAN_APPROVAL, unsubmitted=False),
    Level.PROVINCIAL: _life(
        P.PLAN_APPROVE_PROVINCIAL, paper="plan_decision", rests_on=G.PLAN_APPROVAL, unsubmitted=False
    ),
    Level.COMMUNAL: _life(P.PLAN_APPROVE_COMMUNAL, paper="plan_decision", rests_on=G.PLAN_APPROVAL, unsubmitted=False),
}
CHANGING_LIFE: dict[str, Workflow] = {
    "ministry_approver": _life(P.CHANGE_BY_MINISTER, paper="change_decision", rests_on=G.CHANGE, unsubmitted=False),
    "ministry_agency": _life(P.CHANGE_BY_AGENCY, paper="change_decision", rests_on=G.CHANGE, unsubmitted=True),
    "provincial_approver": _life(
        P.PLAN_APPROVE_PROVINCIAL, paper="change_decision", rests_on=G.CHANGE, unsubmitted=False
    ),
    "department_director": _life(P.CHANGE_BY_DEPARTMENT, paper="change_decision", rests_on=G.CHANGE, unsubmitted=True),
}
