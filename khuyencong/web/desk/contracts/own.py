"""What an establishment can do with its own contract."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.contracts import queries
from khuyencong.contracts.enums import Verdict
from khuyencong.projects.models import Project
from khuyencong.web.common.parts import Offer


def own_offers(rows: list[dict], project: Project, *, on: date) -> list[Offer]:
    """What waits now, first the figures of this month, which a phone needs first; once they are sent, what was sent and when
    those of the next month are due."""
    offers = []
    for row in rows:
        if not row["tell"] or (row["acceptance"] and row["acceptance"].verdict != Verdict.FAILED):
            continue
        told = row["told"]
        sent = told is not None and (told["year"], told["month"]) == (on.year, on.month)
        if sent:
            offers.append(_next_month(project, told["done"], on=on))
        else:
            offers.append(Offer(_("Gửi số liệu tháng %(month)s") % {"month": on.month}, url=row["tell"]))
        offers += [
            Offer(_("Ghi bàn giao: %(item)s") % {"item": bought["it"].item}, url=bought["deliver"])
            for bought in row["purchases"]
            if bought["deliver"]
        ]
        offers.append(Offer(_("Ghi hợp đồng mua"), url=row["buy"]))
        if sent:
            label = _("Gửi lại số liệu tháng %(month)s nếu có nhầm") % {"month": on.month}
            offers.append(Offer(label, url=row["tell"], quiet=True))
    return offers


def _next_month(project: Project, done: int, *, on: date) -> Offer:
    """Shut until that month begins."""
    told = queries.told_until(project, on=on)
    facts = {"month": on.month, "done": dong(done), "begins": f"{told.begins:%d/%m/%Y}"}
    why = _("Số liệu tháng %(month)s đã gửi: %(done)s đồng. Mở từ ngày %(begins)s") % facts
    if told.due:
        why += _(", hạn hết ngày %(due)s") % {"due": f"{told.due:%d/%m/%Y}"}
    label = _("Gửi số liệu tháng %(month)s/%(year)s") % {"month": told.begins.month, "year": told.begins.year}
    return Offer(label, why=f"{why}.")
