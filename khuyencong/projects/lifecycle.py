"""The life of a project at each level, in the order in which a person would tell it."""

from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.workflow import Step, Workflow
from khuyencong.norms.enums import Ground as G
from khuyencong.norms.enums import Level
from khuyencong.projects.enums import ProjectState as S

_BEGIN = (
    Step("submit",   _("Ký, gửi thẩm định"),      (S.DRAFT,),     S.SUBMITTED, P.PROJECT_SUBMIT,   "request_letter", G.DOSSIER),
    Step("return",   _("Yêu cầu bổ sung, hoàn thiện"), (S.SUBMITTED,), S.DRAFT, P.PROJECT_APPRAISE, "return_letter", G.BASE_APPRAISAL),
    Step("appraise", _("Thẩm định cấp cơ sở: đạt"), (S.SUBMITTED,), S.APPRAISED, P.PROJECT_APPRAISE, "appraisal",     G.APPRAISED),
    Step("fail",     _("Thẩm định cấp cơ sở: không đạt"), (S.SUBMITTED,), S.FAILED, P.PROJECT_APPRAISE, "appraisal",  G.APPRAISED),
)  # fmt: skip
_END = (
    Step("assign",    _("Giao nhiệm vụ, ký hợp đồng thực hiện"), (S.APPROVED,), S.ASSIGNED, P.ASSIGN, "assignment",  G.TASK),
    Step("begin",     _("Bắt đầu thực hiện"),   (S.ASSIGNED,),  S.RUNNING,    P.CONTRACT_SIGN,    "",               G.OWN_START),
    Step("accept",    _("Nghiệm thu cơ sở"),    (S.RUNNING,),   S.ACCEPTED,   P.ACCEPT,           "acceptance",     G.ACCEPTANCE),
    Step("settle",    _("Quyết toán"),          (S.ACCEPTED,),  S.SETTLED,    P.SETTLE,           "settlement",     G.SETTLEMENT),
    Step("liquidate", _("Thanh lý hợp đồng"),   (S.SETTLED,),   S.LIQUIDATED, P.LIQUIDATE,        "liquidation",    G.LIQUIDATION),
)  # fmt: skip


def _withdraw(*states: str) -> Step:
    return Step(
        "withdraw",
        _("Rút hồ sơ"),
        states,
        S.WITHDRAWN,
        P.PROJECT_WITHDRAW,
        "request_letter",
        G.CHANGE_REQUEST,
    )


def _stop(permission: str) -> Step:
    return Step("stop", _("Ngừng thực hiện"), (S.APPROVED, S.ASSIGNED, S.RUNNING), S.STOPPED, permission, "change_decision", G.CHANGE)  # fmt: skip


LIFECYCLES: dict[str, Workflow] = {
    Level.NATIONAL: Workflow(
        *_BEGIN,
        Step("register", _("Đăng ký với Cục"), (S.APPRAISED,), S.REGISTERED, P.PROJECT_REGISTER, "registration", G.DOSSIER),
        Step("ministry_return", _("Cục yêu cầu hoàn thiện"), (S.REGISTERED,), S.DRAFT, P.PROJECT_APPRAISE_MINISTRY, "return_letter", G.APPRAISED),
        Step("ministry_appraise", _("Thẩm định cấp Bộ: đạt"), (S.REGISTERED,), S.MINISTRY_APPRAISED, P.PROJECT_APPRAISE_MINISTRY, "ministry_appraisal", G.APPRAISED),
        Step("ministry_fail", _("Thẩm định cấp Bộ: không đạt"), (S.REGISTERED,), S.FAILED, P.PROJECT_APPRAISE_MINISTRY, "ministry_appraisal", G.APPRAISED),
        Step("approve", _("Phê duyệt trong kế hoạch năm"), (S.MINISTRY_APPRAISED,), S.APPROVED, P.PLAN_APPROVE_NATIONAL, "plan_decision", G.PLAN_APPROVAL),
        *_END,
        _withdraw(S.DRAFT, S.SUBMITTED, S.APPRAISED, S.REGISTERED, S.MINISTRY_APPRAISED),
        _stop(P.CHANGE_BY_MINISTER),
    ),
    Level.PROVINCIAL: Workflow(
        *_BEGIN,
        Step("approve", _("Phê duyệt trong kế hoạch năm"), (S.APPRAISED,), S.APPROVED, P.PLAN_APPROVE_PROVINCIAL, "plan_decision", G.PLAN_APPROVAL),
        *_END,
        _withdraw(S.DRAFT, S.SUBMITTED, S.APPRAISED),
        _stop(P.CHANGE_BY_DEPARTMENT),
    ),
    Level.COMMUNAL: Workflow(
        *_BEGIN,
        Step("approve", _("Phê duyệt trong kế hoạch năm"), (S.APPRAISED,), S.APPROVED, P.PLAN_APPROVE_COMMUNAL, "plan_decision", G.PLAN_APPROVAL),
        *_END,
        _withdraw(S.DRAFT, S.SUBMITTED, S.APPRAISED),
        _stop(P.CHANGE_BY_DEPARTMENT),
    ),
}  # fmt: skip
