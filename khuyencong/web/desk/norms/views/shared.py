"""What the pages of the law share: which instrument, how sure a row is, the tabs."""

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.norms.enums import Verified
from khuyencong.norms.models import ROWS, Instrument, Row
from khuyencong.norms.rules import number
from khuyencong.plans import queries as plans
from khuyencong.projects.models import Project
from khuyencong.web.common import parts, steps

KINDS: dict[str, type[Row]] = {model._meta.model_name: model for model in ROWS}


MARKS = {Verified.YES: "done", Verified.EARLIER_PASS: "wait", Verified.PRESS: "wait", Verified.NO: "wait"}


def mark_of(row) -> str:
    return MARKS[row.verified]


def sure(row) -> str:
    return _("Đã đối chiếu") if row.is_verified else _("Chưa kiểm chứng")


def tabs(current: str) -> list[parts.Tab]:
    return [
        parts.Tab(_("Văn bản"), reverse("norms:list"), current=current == "list"),
        parts.Tab(_("Định mức hỗ trợ"), reverse("norms:rows"), current=current == "rows"),
        parts.Tab(_("Tính mức tối đa"), reverse("norms:maximum"), current=current == "maximum"),
        parts.Tab(_("Ngày làm việc"), reverse("norms:days"), current=current == "days"),
        parts.Tab(_("Khoảng trống"), reverse("norms:gaps"), current=current == "gaps"),
    ]


def figures(percent, cap, multiplier, condition="") -> str:
    """Rate, cap and factor of a money row in words."""
    said = []
    if percent is not None:
        said.append(_("tối đa %(percent)s%%") % {"percent": number(percent)})
    if cap is not None:
        said.append(_("không quá %(cap)s triệu đồng") % {"cap": million(cap)})
    if multiplier is not None:
        said.append(_("hệ số %(factor)s") % {"factor": number(multiplier)})
    if condition:
        said.append(condition)
    return ", ".join(said) or _("không nêu số tiền")


def instrument_of(pk) -> Instrument:
    return get_object_or_404(Instrument.objects.select_related("province"), pk=pk)


def step_page(request, form, do, *, of: Instrument | Row, **shown):
    """A step on one legal text or on a row of it, for who keeps the law there."""
    authorise(request.user, Permission.CATALOGUE_MANAGE, place=of.province)
    text = of if isinstance(of, Instrument) else of.instrument
    page = reverse("norms:page", args=[text.pk])
    trail = [(_("Văn bản, định mức"), reverse("norms:list")), (str(text), page)]
    return steps.step_page(request, form, do, trail=trail, sub=str(of), to=page, **shown)


SHOWN = 50  # projects of an effect that are listed


def change_page(request, form, do, *, suppose, of: Instrument | Row, **shown):
    """A step that changes rows, with a second button: what the change would do to the open projects of the territory whose law
    this person keeps.  Numbers and sums are of all; only those are named whose files this person may see.

    ``suppose`` gives, of the data of the form, the rows as they would be and the same rows as they are; it refuses as ``do``.
    """

    def preview(data):
        rows, instead_of = suppose(data)
        seen = Exists(Project.objects.visible_to(request.user).order_by().filter(pk=OuterRef("pk")))
        kept = Project.objects.within(request.user.scope(Permission.CATALOGUE_MANAGE)).annotate(is_seen=seen)
        found = plans.effects(rows, instead_of=instead_of, among=kept, today=clock.today()) if rows else []
        return {"previewed": True, "effects": [_told(effect) for effect in found]}

    more = {"preview": preview, "seeing": _("Xem ảnh hưởng"), "template": "desk/norms/change.html"}
    return step_page(request, form, do, of=of, **more, **shown)


def _told(effect) -> dict:
    """What a page says of one effect: all its numbers, the names that may be seen."""
    named = sorted((one for one in effect.changed if one.project.is_seen), key=lambda one: -abs(one.difference))
    return {
        "effect": effect,
        "listed": named[:SHOWN],
        "rest": len(named[SHOWN:]),
        "unseen": len(effect.changed) - len(named),
        "provinces": _by_province(effect.changed) if len(named) < len(effect.changed) else [],
    }


def _by_province(changed) -> list[dict]:
    """What the change does in each province: numbers and sums, for who keeps the law and sees no file."""
    found: dict = {}
    for one in changed:
        province = one.project.province
        first = {"name": province.full_name, "number": 0, "difference": 0, "over": 0, "without": 0}
        sums = found.setdefault(province.pk, first)
        sums["number"] += 1
        sums["difference"] += one.difference
        sums["over"] += one.over > 0
        sums["without"] += one.after is None
    return sorted(found.values(), key=lambda sums: (-abs(sums["difference"]), -sums["number"], sums["name"]))
