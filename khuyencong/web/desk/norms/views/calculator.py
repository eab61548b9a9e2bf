"""How much at most, by which lines, why."""

from django.shortcuts import render

from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.norms import queries
from khuyencong.norms.enums import Level
from khuyencong.places import queries as places
from khuyencong.web.common.forms import parse_day
from khuyencong.web.common.views import reads
from khuyencong.web.desk.norms import forms
from khuyencong.web.desk.norms.views.shared import figures, tabs


@reads
def calculator(request):
    asked = bool(request.GET.get("line") or request.GET.get("cost"))
    day = parse_day(request.GET.get("on", "")) or clock.today()
    written = request.GET.get("place", "").strip()
    resolved = places.resolve(written, day) if asked and written else None
    local = request.GET.get("level", Level.NATIONAL) != Level.NATIONAL
    offered = {"day": day, "province": queries.province_on(resolved, day) if local else None}
    form = (
        forms.MaximumForm(request.GET, **offered)
        if asked
        else forms.MaximumForm(initial={"on": day, "level": Level.NATIONAL}, **offered)
    )
    answer = None
    if asked and form.is_valid():
        data = dict(form.cleaned_data)
        del data["place"]
        try:
            answer = queries.maximum(data.pop("line"), place=resolved, **data)
        except Invalid as refusal:
            for name, sentence in refusal.fields.items():
                form.add_error(name if name in form.fields else None, sentence)
    status = 422 if asked and answer is None else 200
    lines = [
        {
            "instrument": line.instrument,
            "article": line.article,
            "said": figures(line.percent, line.cap, line.multiplier),
            "is_verified": line.is_verified,
        }
        for line in (answer.lines if answer else ())
    ]
    named = [line.instrument for line in answer.lines] if answer else []
    context = {
        "form": form,
        "answer": answer,
        "lines": lines,
        "unread": queries.unread_amendments(named, on=form.cleaned_data["on"]) if named else [],
        "resolved": resolved,
        "views": tabs("maximum"),
    }
    return render(request, "desk/norms/maximum.html", context, status=status)
