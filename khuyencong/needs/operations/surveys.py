"""Tours of the Centre and what was found on them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.needs.models import Call, Need, SurveyPlan, Visit
from khuyencong.needs.operations.shared import each, take
from khuyencong.people.models import User


@transaction.atomic
def plan_survey(
    call: Call,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    needs: Iterable[Need],
    by: User,
    on: date,
    team: Iterable[User] = (),
    route: str = "",
    partners: str = "",
    invented: bool = False,
) -> SurveyPlan:
    """A tour: days, team, route, and the confirmed needs to be visited, spread over its working days in the given order."""
    authorise(by, Permission.SURVEY_PLAN, place=call.province)
    chosen = list(needs)
    if not chosen:
        raise Invalid(needs=_("Hãy chọn ít nhất một nhu cầu để khảo sát."))
    plan = checked(
        SurveyPlan(
            call=call,
            name=" ".join(name.split()),
            starts_on=starts_on,
            ends_on=ends_on,
            route=route.strip(),
            partners=partners.strip(),
            invented=invented,
        )
    )
    plan.save()
    plan.team.set(team)
    days = (ends_on - starts_on).days + 1
    for order, need in enumerate(each(chosen)):
        if need.call_id != call.pk:
            raise Invalid(needs=_("Nhu cầu “%(need)s” thuộc đợt đăng ký khác.") % {"need": need})
        Visit.objects.create(
            plan=plan, need=need, order=order, planned_on=starts_on + timedelta(days=order * days // len(chosen))
        )
        take("plan_survey", need, by=by, on=on, note=plan.name)
    record("survey.plan", plan, by=by, on=on, visits=len(chosen))
    return plan


@transaction.atomic
def survey(
    visit: Visit,
    *,
    by: User,
    on: date,
    paper: Paper,
    findings: str,
    investment: int | None = None,
    photos: Iterable[StoredFile] = (),
) -> Visit:
    """What was found on the spot, with the signed record.  ``investment`` in đồng."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.surveyed_on is not None:
        raise NotPossible(_("Điểm khảo sát này đã có kết quả."))
    if not findings.strip():
        raise Invalid(findings=_("Hãy ghi kết quả khảo sát."))
    if investment is not None and investment <= 0:
        raise Invalid(investment=_("Số tiền phải lớn hơn 0."))
    take("survey", visit.need, by=by, on=on, paper=paper, note=findings.strip()[:300])
    visit.surveyed_on, visit.paper, visit.findings, visit.investment = on, paper, findings.strip(), investment
    visit.save()
    visit.photos.set(photos)
    return visit


@transaction.atomic
def unplan_survey(visit: Visit, *, by: User, on: date, reason: str) -> None:
    """Take a stop off the tour; the need waits for another one."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do bỏ khỏi lịch khảo sát."))
    need = visit.need
    take("unplan_survey", need, by=by, on=on, note=reason.strip())
    visit.delete()


@transaction.atomic
def reassign(user: User, *, to: User, by: User, on: date) -> int:
    """Put ``to`` in the place of ``user`` in the teams of tours that are not over on ``on``; returns how many.

    Called by ``work.hand_over`` under its authority.
    """
    plans = list(SurveyPlan.objects.filter(team=user, ends_on__gte=on).order_by("pk"))
    for plan in plans:
        plan.team.remove(user)
        plan.team.add(to)
        record("survey.reassign", plan, by=by, on=on, leaving=str(user), coming=str(to))
    return len(plans)
