"""What stands around every page of the desk: year and province in work, menu, person.  Asked for only when drawn."""

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.notices.models import Message
from khuyencong.places.models import Unit
from khuyencong.web.common import menu
from khuyencong.web.common.forms import provinces_of

YEAR, PROVINCE, THEME = "kc_year", "kc_province", "kc_theme"  # in the session; the theme in a cookie
BACK, AHEAD = 6, 2  # years that can be chosen around this one


class Frame:
    """``request.frame``.  ``year`` and ``province`` (None: all that this person may see) are what lists begin with."""

    def __init__(self, request):
        self.request, self.user = request, request.user

    @property
    def now(self):
        return clock.now()

    @cached_property
    def year(self) -> int:
        kept = self.request.session.get(YEAR)
        return kept if kept in self.years else clock.today().year

    @property
    def years(self) -> list[int]:
        today = clock.today().year
        return list(range(today + AHEAD, today - BACK, -1))

    @cached_property
    def _scope(self):
        return self.user.scope()

    @property
    def whole_country(self) -> bool:
        return self._scope.whole_country

    @cached_property
    def provinces(self) -> list[Unit]:
        """Those that this person may see; one query, none for who is charged with whole provinces."""
        scope = self._scope
        if not scope:
            return []
        mine = {m.place.pk: m.place for m in self.mandates if m.place is not None and m.place.is_current}
        if not scope.whole_country and not scope.communes and scope.provinces and scope.provinces <= mine.keys():
            return sorted((mine[key] for key in scope.provinces), key=lambda unit: bytes(unit.sort_key))
        return list(provinces_of(scope).only("pk", "name", "full_name", "sort_key"))

    @cached_property
    def province(self) -> Unit | None:
        kept = self.request.session.get(PROVINCE)
        for unit in self.provinces:
            if unit.pk == kept:
                return unit
        return self.provinces[0] if self.provinces and not self.whole_country else None

    @property
    def province_id(self) -> int | None:
        return self.province.pk if self.province else None

    @property
    def label(self) -> str:
        place = self.province.name if self.province else _("cả nước") if self.whole_country else ""
        return (
            _("Năm %(year)s, %(place)s") % {"year": self.year, "place": place}
            if place
            else _("Năm %(year)s") % {"year": self.year}
        )

    @cached_property
    def mandates(self) -> list:
        return self.user.mandates_today if self.user.is_authenticated else []

    @property
    def role(self) -> str:
        """In what capacity this person is here."""
        if not self.mandates:
            return _("Chưa được phân công")
        first = self.mandates[0]
        return self.user.title or first.get_role_display()

    @property
    def owner(self) -> str:
        """Under the name of the system: the body in which this person works."""
        bodies = [mandate.employer or mandate.organisation for mandate in self.mandates]
        return str(next((body for body in bodies if body), self.province.full_name if self.province else ""))

    @cached_property
    def menu(self) -> list[dict]:
        return menu.open_to(self.user, self.request.path) if self.user.is_authenticated else []

    @cached_property
    def drawn(self) -> dict[str, str]:
        """The menu (``side``) and the bar of a phone (``bar``), ready for the page."""
        side, bar = menu.drawn(self.user, self.request.path) if self.user.is_authenticated else ("", "")
        return {"side": side, "bar": bar}

    @property
    def demo(self) -> bool:
        return settings.DEMO or getattr(self.user, "invented", False)

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME, "")
        return chosen if chosen in ("light", "dark") else ""

    @cached_property
    def notices(self) -> int:
        """Messages not yet read when the request came; nobody without a mandate comes with their count."""
        known = getattr(self.user, "unread", None)
        return Message.objects.inbox_of(self.user).unread().count() if known is None else known

    @property
    def permits_account(self) -> bool:
        return self.user.has_usable_password()
