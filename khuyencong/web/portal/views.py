"""Pages for everybody, without an account: what an establishment may get."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.money import million
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Stage
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.norms.models import Line
from khuyencong.places import queries as places
from khuyencong.places.rules import Resolution
from khuyencong.web.common.parts import Check
from khuyencong.web.common.views import reads
from khuyencong.web.portal.forms import SupportForm

SOURCES = ((Level.NATIONAL, "national"), (Level.PROVINCIAL, "local"))


@dataclass(slots=True)
class Offer:
    """What one source may give: how much at most (đồng), why, and whether somebody has read the texts."""

    level: str
    answer: norms.Answer


@login_not_required
@reads
def front(request):
    """The address of the public pages alone leads to the first of them."""
    return redirect("portal:support")


@login_not_required
@reads
def support(request):
    """“Cơ sở của tôi được hỗ trợ gì?”: a question by GET, answered with arithmetic, articles, papers and days."""
    asked = bool(request.GET.get("line") or request.GET.get("place"))
    today = clock.today()
    form = (
        SupportForm(request.GET, day=_day(request, today)) if asked else SupportForm(initial={"on": today}, day=today)
    )
    context = {"form": form, "told": None}
    if asked and form.is_valid():
        try:
            context["told"] = _told(form.cleaned_data) | {"asked": _asked(form)}
        except Invalid as refusal:
            for name, sentence in refusal.fields.items():
                form.add_error(name if name in form.fields else None, sentence)
    status = 422 if asked and context["told"] is None else 200
    return render(request, "portal/support.html", context, status=status)


def _day(request, today: date) -> date:
    try:
        return SupportForm.base_fields["on"].clean(request.GET.get("on")) or today
    except Exception:  # what is wrong with it is said by the form itself
        return today


def _asked(form: SupportForm) -> list[tuple[str, str]]:
    """The question in words, for the page on paper, on which the form is not printed."""
    data = form.cleaned_data
    names = {name: str(dict(form.fields[name].choices).get(data[name], "")) for name in ("form", "sector")}
    shown = {**data, **names, "cost": million(data["cost"]), "on": f"{data['on']:%d/%m/%Y}"}
    told = [
        (str(form.fields[name].label), str(shown[name])) for name in form.fields if not isinstance(shown[name], bool)
    ]
    return told + [(str(form.fields[name].label), _("có")) for name, value in data.items() if value is True]


def _told(data: dict) -> dict:
    line, on = data["line"], data["on"]
    found, unclear = _place(data["place"].strip(), on)
    facts = {"craft_village": data["craft_village"], "cleaner_production": data["cleaner"]}
    offers = [
        Offer(str(level.label), norms.maximum(line, cost=data["cost"], on=on, place=found, level=level, **facts))
        for level, _source in SOURCES
    ]
    checks = [*_holder(data["form"], on=on), *_trade(data["sector"], on=on), _where(found, unclear, on=on, **facts)]
    shut = any(check.state == "missing" for check in checks)
    answered = [offer.answer for offer in offers if offer.answer.maximum is not None] or [o.answer for o in offers]
    missing = list(dict.fromkeys(fact for answer in answered for fact in answer.missing))
    best = max((offer.answer.maximum or 0 for offer in offers), default=0)
    sure = all(check.state == "ok" for check in checks)
    return {
        "line": line,
        "place": found,
        "offers": offers,
        "checks": checks,
        "shut": shut,
        "sure": sure and best > 0,
        "best": 0 if shut else best,
        "missing": missing,
        "unclear": unclear,
        "own": max(data["cost"] - best, 0),
        "papers": _papers(line, on=on),
        "days": _days(on=on),
        "verified": all(offer.answer.is_verified for offer in offers if offer.answer.lines),
    }


def _place(text: str, on: date) -> tuple[Resolution | None, str]:
    """What was written as a place, and what to write better where no commune can be told from it."""
    found = places.resolve(text, on)
    provinces = {unit.province_id for unit in found.current}
    if len(provinces) > 1:
        told = _("“%(text)s” có ở %(number)s tỉnh, thành phố: hãy ghi thêm tên tỉnh") % {
            "text": text,
            "number": len(provinces),
        }
        return None, told
    if found.current or found.old is not None:
        return found, ""
    if found.province is not None:
        return found, _("Chưa rõ xã, phường, đặc khu nào của %(province)s: hãy ghi thêm") % {
            "province": found.province.named_inside
        }
    return found, _("Không nhận ra “%(text)s”: hãy ghi tên xã, phường và tên tỉnh") % {"text": text}


def _holder(form: str, *, on: date) -> list[Check]:
    rows = {row.code: row for row in norms.eligible_holders(on=on)}
    if form in rows:
        return [Check(rows[form].text, "ok", rows[form].citation)]
    return [
        Check(
            _("Loại hình này chưa thuộc đối tượng được hỗ trợ vào ngày %(day)s") % {"day": f"{on:%d/%m/%Y}"},
            "missing",
            "; ".join(dict.fromkeys(row.citation for row in rows.values())),
        )
    ]


def _trade(sector: str, *, on: date) -> list[Check]:
    rows = {row.code: row for row in norms.eligible_sectors(on=on)}
    row = rows.get(sector)
    if row is not None and not row.excluded:
        return [Check(row.text, "ok", row.citation)]
    article = next((row.citation for row in rows.values() if not row.excluded), "")
    said = row.text if row is not None else _("Ngành nghề ngoài danh mục")
    return [Check(_("%(trade)s: không thuộc ngành nghề được hỗ trợ") % {"trade": said}, "missing", article)]


def _where(found, unclear: str, *, on: date, craft_village: bool, cleaner_production: bool) -> Check:
    told = norms.place_eligibility(found, on=on, craft_village=craft_village, cleaner_production=cleaner_production)
    state = {True: "ok", False: "missing", None: "none"}[told.result]
    what = unclear if unclear and told.result is None else told.reason.rstrip(".")
    later = norms.craft_villages_count_from(on) if craft_village and not told.result else None
    if later is not None:  # the box was ticked, and the page says why that changed nothing
        said = _("Làng nghề là căn cứ về địa bàn chỉ từ ngày %(day)s (%(article)s)") % {
            "day": f"{later.valid_from:%d/%m/%Y}",
            "article": later.citation,
        }
        what = f"{what}. {said}"
    return Check(what, state, told.article)


def _papers(line: Line, *, on: date) -> list[tuple[str, list]]:
    """Of the papers those that an establishment itself brings, then those that are written for it."""
    lines, _by_analogy = documents.requirements(stage=Stage.APPRAISAL, kind=line.kind, level=Level.NATIONAL, on=on)
    told = (
        (_("Cơ sở chuẩn bị"), [paper for paper in lines if paper.per_beneficiary]),
        (_("Trung tâm Khuyến công hoặc đơn vị thực hiện lập"), [paper for paper in lines if not paper.per_beneficiary]),
    )
    return [(who, papers) for who, papers in told if papers]


def _days(*, on: date) -> list:
    """The next day on which the department wants to hear of it: this year's while it is not past, for the plan of the next
    year; else the one after."""
    told = []
    for code in (Deadline.REGISTRATION_TO_DEPARTMENT, Deadline.LIST_TO_AGENCY):
        for year in (on.year + 1, on.year + 2):
            day = norms.deadline(code, on=on, year=year)
            if day.last_day is not None and day.last_day >= on:
                told.append({"label": Deadline(code).label, "day": day.day, "citation": day.citation, "year": year})
                break
    return told
