"""Mẫu 2 and annexes as Excel files."""

from django.http import FileResponse, Http404

from khuyencong.base import clock
from khuyencong.plans import exports
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.views import reads
from khuyencong.web.desk.plans.views.plans import plan_of
from khuyencong.web.desk.plans.views.shared import decision_of


def _answer(book, name: str) -> FileResponse:
    answer = FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@reads
def plan_book(request, pk):
    """What the plan says on the day that its page shows."""
    plan = plan_of(request, pk)
    day = parse_day(request.GET.get("ngay", "")) or clock.today()
    return _answer(exports.plan_table(plan, day=day), f"mau-2-ke-hoach-{plan.year}-{day:%Y%m%d}")


@reads
def decision_book(request, pk):
    """The selection of a decision that brings projects in; one that changes projects has only its annex."""
    decision = decision_of(request, pk)
    if not decision.includes:
        raise Http404
    name = f"mau-2-{decision.plan.year}-{decision.kind}-{decision.tranche or decision.ordinal}"
    return _answer(exports.decision_table(decision, on=clock.today()), name)


@reads
def annex_book(request, pk):
    decision = decision_of(request, pk)
    name = f"phu-luc-{decision.plan.year}-{decision.kind}-{decision.tranche or decision.ordinal}"
    return _answer(exports.annex(decision, on=clock.today()), name)
