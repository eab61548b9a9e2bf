"""What stands on the left, in the order of the work.  One table: a desk adds its line here.

A line is shown to whoever holds one of its permissions by any mandate of today.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.authority.roles import ROLES

LOOK = (P.VIEW, P.VIEW_OWN)


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    route: str
    permissions: tuple[P, ...] = ()  # one of them is enough; none: everybody who is signed in
    icon: str = ""  # with a short word, for the bar of a phone
    short: str = ""


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        _("Công việc"),
        (
            Entry(_("Việc cần làm"), "home", (), "todo", _("Việc")),
            Entry(_("Lịch"), "work:calendar", LOOK),
            Entry(_("Hồ sơ văn bản"), "documents:list", LOOK),
            Entry(_("Bản in, bản quét"), "documents:prints", LOOK),
            Entry(_("Sổ văn bản đi"), "documents:registers", (P.PAPER_RECORD,)),
        ),
    ),
    (
        _("Đề án và kinh phí"),
        (
            Entry(_("Đăng ký nhu cầu"), "needs:list", (*LOOK, P.NEED_REGISTER), "inbox", _("Nhu cầu")),
            Entry(_("Khảo sát"), "surveys:list", (P.VIEW,)),
            Entry(_("Đề án"), "projects:list", LOOK, "folder", _("Đề án")),
            Entry(_("Hội đồng"), "councils:list", (P.VIEW,)),
            Entry(_("Chương trình"), "programmes:list", (P.VIEW,)),
            Entry(_("Kế hoạch"), "plans:list", (P.VIEW,)),
            Entry(_("Kinh phí"), "budgets:list", (P.VIEW,)),
            Entry(_("Hợp đồng, nghiệm thu, quyết toán"), "contracts:list", LOOK, "file", _("Hợp đồng")),
        ),
    ),
    (
        _("Cơ sở và sản phẩm"),
        (
            Entry(_("Cơ sở công nghiệp nông thôn"), "establishments:list", LOOK, "building", _("Cơ sở")),
            Entry(_("Sản phẩm"), "establishments:products", (P.VIEW,)),
            Entry(_("Cụm công nghiệp, làng nghề"), "establishments:sites", (P.VIEW,)),
        ),
    ),
    (
        _("Báo cáo, kiểm tra"),
        (
            Entry(_("Báo cáo"), "reporting:list", (P.VIEW,), "columns", _("Báo cáo")),
            Entry(_("Số liệu đã công bố"), "reporting:published", (P.VIEW,)),
            Entry(_("Kiểm toán"), "audit:list", (P.AUDIT,)),
            Entry(_("Nhật ký"), "audit:journal", (P.AUDIT, P.PEOPLE_MANAGE)),
            Entry(_("Văn bản, định mức"), "norms:list", (P.VIEW, P.VIEW_OWN, P.CATALOGUE_MANAGE)),
        ),
    ),
    (
        _("Quản trị"),
        (
            Entry(_("Người dùng, phân công"), "people:list", (P.PEOPLE_MANAGE, P.HAND_OVER)),
            Entry(_("Tổ chức"), "organisations:list", (P.VIEW, P.CATALOGUE_MANAGE)),
            Entry(_("Đơn vị hành chính"), "places:list", (P.VIEW, P.CATALOGUE_MANAGE)),
            Entry(_("Nhập dữ liệu từ Excel"), "imports:list", (P.IMPORT,)),
            Entry(_("Biểu mẫu"), "documents:forms", (P.CATALOGUE_MANAGE,)),
        ),
    ),
)
# at the end of the bar of a phone: word, drawing, page
APART = ((_("Tìm"), "search", "search"), (_("Menu"), "menu", "menu"))
BOTTOM = 4  # places in the bar of a phone, the fifth is the menu


@lru_cache(maxsize=256)
def _standing(roles: frozenset[str], prefix: str) -> tuple[tuple[str, tuple[tuple[Entry, str], ...]], ...]:
    """The groups with their entries and addresses for everybody who has these roles (``prefix``: under which the house
    stands)."""
    held = frozenset[P]().union(*(ROLES[role].permissions for role in roles))
    groups = []
    for label, entries in GROUPS:
        shown = tuple(e for e in entries if not e.permissions or not held.isdisjoint(e.permissions))
        if shown:
            groups.append((label, tuple((entry, reverse(entry.route)) for entry in shown)))
    return tuple(groups)


def open_to(user, path: str) -> list[dict]:
    """The groups with their entries for this person; the one whose page ``path`` belongs to is ``current``."""
    return _open_to(user.roles_today, path)


def _open_to(roles: frozenset[str], path: str) -> list[dict]:
    groups = [
        {
            "label": label,
            "entries": [{"label": e.label, "url": url, "entry": e, "current": False} for e, url in entries],
            "open": False,
        }
        for label, entries in _standing(roles, get_script_prefix())
    ]
    inside = [
        e for g in groups for e in g["entries"] if (e["url"] == path if e["url"] == "/" else path.startswith(e["url"]))
    ]
    if inside:
        max(inside, key=lambda entry: len(entry["url"]))["current"] = True
    for index, group in enumerate(groups):
        group["open"] = index < 2 or any(entry["current"] for entry in group["entries"])
    return groups


def drawn(user, path: str) -> tuple[str, str]:
    """The menu on the left and the bar of a phone, as they stand in the page.  Who has the same roles sees the same
    on all pages of a desk: each is drawn once in a process, not for every page that is opened."""
    roles = user.roles_today
    within = [url for _label, entries in _standing(roles, get_script_prefix()) for _entry, url in entries]
    desk = max((url for url in within if url != "/" and path.startswith(url)), key=len, default=None)
    apart = path if path in ("/", *(reverse(route) for *_word, route in APART)) else ""
    return _drawn(roles, desk or apart, get_language(), get_script_prefix())


@lru_cache(maxsize=1024)
def _drawn(roles: frozenset[str], path: str, language: str, prefix: str) -> tuple[str, str]:
    groups = _open_to(roles, path)
    bar = render_to_string("ui/_bar.html", {"bar": bottom_of(groups, path)})
    return render_to_string("ui/_menu.html", {"groups": groups}), bar


def bottom_of(groups: list[dict], path: str) -> list[dict]:
    """Up to four places for the bar of a phone, then search and the menu."""
    places = [entry for group in groups for entry in group["entries"] if entry["entry"].icon][: BOTTOM - 1]
    bar = [
        {"label": e["entry"].short or e["label"], "icon": e["entry"].icon, "url": e["url"], "current": e["current"]}
        for e in places
    ]
    for label, icon, route in APART:
        url = reverse(route)
        bar.append({"label": label, "icon": icon, "url": url, "current": path == url})
    return bar
