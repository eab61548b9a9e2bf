"""The life of a need, in the order in which a commune would tell it."""

from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.workflow import Step, Workflow
from khuyencong.needs.enums import NeedState as S

LIFECYCLE = Workflow(
    Step("confirm",     _("Xã xác nhận"),            (S.SENT,),            S.CONFIRMED,      P.NEED_CONFIRM,  "need_letter"),
    Step("plan_survey", _("Xếp lịch khảo sát"),      (S.CONFIRMED,),       S.SURVEY_PLANNED, P.SURVEY_PLAN),
    Step("unplan_survey", _("Bỏ khỏi lịch khảo sát"), (S.SURVEY_PLANNED,), S.CONFIRMED,      P.SURVEY_PLAN),
    Step("survey",      _("Ghi kết quả khảo sát"),   (S.SURVEY_PLANNED,),  S.SURVEYED,       P.SURVEY_RECORD, "survey_record"),
    Step("propose",     _("Đề xuất"),                (S.SURVEYED,),        S.PROPOSED,       P.NEED_PROPOSE),
    Step("return",      _("Yêu cầu đề xuất lại"),    (S.PROPOSED,),        S.SURVEYED,       P.NEED_DECIDE),
    Step("plan",        _("Đồng ý đưa vào kế hoạch"), (S.PROPOSED,),       S.PLANNED,        P.NEED_DECIDE,   "answer_letter"),
    Step("postpone",    _("Chuyển năm sau"),         (S.PROPOSED,),        S.NEXT_YEAR,      P.NEED_DECIDE,   "answer_letter"),
    Step("refuse",      _("Không đưa vào kế hoạch"), (S.PROPOSED,),        S.REFUSED,        P.NEED_DECIDE,   "answer_letter"),
    Step("withdraw",    _("Rút nhu cầu"), (S.SENT, S.CONFIRMED, S.SURVEY_PLANNED, S.SURVEYED), S.WITHDRAWN, P.NEED_REGISTER),
)  # fmt: skip

# What the Centre proposes is what the department then confirms.
STEP_OF = {"plan": "plan", "refuse": "refuse", "next_year": "postpone"}
