"""What every act on a decision does: find it locked, check day and paper, take the step, remember it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.workflow import Step
from khuyencong.budgets.rules import same_decision
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.plans import queries
from khuyencong.plans.models import (
    Decision,
    Item,
    Plan,
    StepTaken,
)
from khuyencong.plans.rules import ready_state
from khuyencong.projects.models import Project

SOURCES = ("national", "local", "counterpart", "other")


def authorise_for(plan: Plan, permission: Permission, *, by: User) -> None:
    """The first line of an act on a plan.  Raises NotAllowed also where the ministry's agency reaches for a local plan."""
    authorise(by, permission, place=plan.place)
    if not queries.may_for(by, permission, plan):
        raise NotAllowed(
            _("Cục làm việc này với kế hoạch khuyến công quốc gia; kế hoạch địa phương do địa phương lập, trình.")
        )


def refuse_not_ready(decision: Decision, project: Project) -> None:
    wanted = ready_state(decision.plan.level)
    if project.state != wanted:
        raise NotPossible(
            _("Đề án %(project)s ở trạng thái “%(state)s”; chỉ đưa vào kế hoạch khi “%(wanted)s”.")
            % {"project": project.code, "state": project.get_state_display(), "wanted": wanted.label}
        )


class named:  # noqa: N801
    """Whatever is refused inside names the project, so that a list of forty can be put right."""

    def __init__(self, item: Item):
        self.code = item.project.code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, refusal: BaseException | None, trace: object) -> None:
        if isinstance(refusal, (NotPossible, Invalid)) and self.code not in str(refusal):
            sentence = _("Đề án %(project)s: %(reason)s") % {"project": self.code, "reason": refusal}
            raise NotPossible(sentence) from refusal


def locked(decision: Decision) -> Decision:
    """The decision as it is now, locked until the act ends.  Raises NotPossible for a draft that was thrown away meanwhile."""
    found = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("plan__province", "plan__commune", "submission")
        .filter(pk=decision.pk)
        .first()
    )
    if found is None:
        raise NotPossible(_("Dự thảo này đã được bỏ."))
    return found


def plan_of(decision: Decision) -> Plan:
    return Plan.objects.select_related("province", "commune").get(pk=decision.plan_id)


def begin(decision: Decision, *, name: str, on: date) -> tuple[Decision, Step]:
    """Lock the decision and find the step in its table, or say in a sentence that it does not start from here."""
    decision = locked(decision)
    workflow = queries.life_of(decision, authority=queries.authority_of(decision, on=on))
    step = workflow[name]
    if decision.state not in step.sources:
        raise NotPossible(
            _("Không thể “%(step)s”: %(decision)s đang ở trạng thái “%(state)s”.")
            % {"step": step.label, "decision": decision.title, "state": decision.get_state_display()}
        )
    refuse_day(on)
    last = decision.steps.order_by("-on").first()
    if last is not None and on < last.on:
        raise NotPossible(
            _("Ngày %(day)s sớm hơn bước liền trước (%(last)s). Hãy ghi từ ngày %(last)s trở đi.")
            % {"day": day_text(on), "last": day_text(last.on)}
        )
    return decision, step


def take(
    decision: Decision, step: Step, *, by: User, on: date, paper: Paper | None = None, note: str = "", **facts: Any
) -> Decision:
    """The one path to ``decision.state``."""
    source, decision.state = decision.state, step.target
    checked(decision).save()
    StepTaken.objects.create(
        decision=decision, name=step.name, source=source, target=step.target, on=on, paper=paper, note=note[:500], by=by
    )
    told = {"note": note} if note else {}
    record(f"plan.{step.name}", decision.plan, by=by, on=on, paper=paper, decision=decision.title, **told, **facts)
    return decision


def refuse_paper(step: Step, paper: Paper) -> None:
    if step.paper and paper.kind != step.paper:
        raise NotPossible(
            _("Bước “%(step)s” phải kèm đúng loại văn bản: %(kind)s; văn bản đã chọn là %(given)s.")
            % {"step": step.label, "kind": PaperKind(step.paper).label, "given": paper.get_kind_display()}
        )


def refuse_empty(decision: Decision) -> list[Item]:
    items = queries.items_of(decision)
    if not items:
        raise NotPossible(_("%(decision)s chưa có đề án nào.") % {"decision": decision.title})
    return sorted(items, key=lambda item: item.project_id)  # rows are locked in one order by everybody


def refuse_waiting_opinion(decision: Decision, *, on: date) -> None:
    waiting = decision.opinions.filter(answered_on=None, due_on__gte=on).select_related("body").first()
    if waiting is not None:
        raise NotPossible(
            _("%(body)s chưa trả lời; hạn cho ý kiến đến %(due)s.")
            % {"body": waiting.body, "due": day_text(waiting.due_on)}
        )


def refuse_recorded_twice(decision: Decision, *, plan: Plan, paper: Paper) -> None:
    """One decision is recorded once: not in this plan, and for local money not in any other plan of who decided (the province,
    each commune by its own numbers).  A national decision speaks to many provinces and stands once in each."""
    if not paper.number.strip():
        raise Invalid(paper=_("Quyết định phải có số, ký hiệu."))
    others = (
        queries.issued_beside(plan, papers=[paper]).filter(paper__signed_on=paper.signed_on).exclude(pk=decision.pk)
    )
    for other in others.select_related("paper", "plan__province", "plan__commune"):
        if other.paper is not None and same_decision(other.paper, paper):
            raise NotPossible(
                _("Quyết định %(paper)s đã được ghi nhận: %(decision)s.") % {"paper": other.paper, "decision": other}
            )


def refuse_of_another(plan: Plan, *, paper: Paper) -> None:
    """The paper that issued a decision of somebody else (another level, province or commune) issues none of this plan."""
    other = queries.issued_elsewhere(plan, papers=[paper]).select_related("plan__province", "plan__commune").first()
    if other is not None:
        raise NotPossible(
            _("Văn bản %(paper)s là của kế hoạch khác: %(decision)s. Hãy nhập quyết định của kế hoạch này.")
            % {"paper": paper, "decision": other}
        )


def refuse_day(on: date, *, not_before: date | None = None) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": day_text(on)})
    if not_before is not None and on < not_before:
        raise Invalid(
            on=_("Ngày %(day)s không thể trước ngày %(before)s.")
            % {"day": day_text(on), "before": day_text(not_before)}
        )


def refuse_unseen(standing: queries.Terms, *, seen: str) -> None:
    """What a person does rests on the terms that he has seen."""
    if standing.stamp != seen and standing.changed_at is not None:
        at = clock.local(standing.changed_at)
        raise NotPossible(
            _("%(by)s đã đổi điều kiện lúc %(at)s. Hãy xem lại điều kiện đang lưu rồi bấm lại.")
            % {"by": standing.changed_by, "at": f"{at:%H:%M %d/%m/%Y}"}
        )


def reason_of(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do."))
    return reason[:500]


def day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"
