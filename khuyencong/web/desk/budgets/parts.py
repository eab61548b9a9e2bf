"""From the sums of a year to what the list of envelopes draws."""

from django.utils.translation import gettext as _

from khuyencong.base.money import million
from khuyencong.budgets.queries import YearMoney
from khuyencong.budgets.rules import Balance
from khuyencong.web.common.parts import Figure
from khuyencong.web.common.tags.values import percent as percent_in_words


def figures_of(money: YearMoney) -> list[Figure]:
    """National and local money apart: given, paid out; what the agency keeps for projects of the territory beside it."""
    found = []
    for name, told, percent, held in (
        (_("KCQG"), money.national, money.national_percent, money.held),
        (_("KCĐP"), money.local, money.local.disbursed_percent, Balance()),
    ):
        notes = [_("đã cam kết %(amount)s") % {"amount": million(told.committed + told.management)}]
        if told.moved:
            notes.append(_("chuyển nguồn, nộp trả %(amount)s") % {"amount": million(told.moved)})
        if held.committed:
            notes.append(_("Cục giữ cho đề án của tỉnh: %(held)s") % {"held": million(held.committed)})
        found.append(Figure(_("%(name)s được giao") % {"name": name}, million(told.allocated), _("triệu đồng"), notes))
        paid = told.advanced if told.money else held.advanced
        all_held = held.committed and money.national_is_held
        against = _("so với kinh phí Cục giữ cho đề án của tỉnh") if all_held else _("so với dự toán được giao")
        notes = [against, _("%(amount)s triệu đồng") % {"amount": million(paid)}]
        shown = "–" if percent is None else percent_in_words(percent / 100)
        found.append(Figure(_("%(name)s đã giải ngân") % {"name": name}, shown, "", notes))
    return found
