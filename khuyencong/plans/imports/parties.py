"""The bodies and establishments that a file names, found among those that are kept."""

import re
from collections.abc import Callable

from django.db.models import Q

from khuyencong.base.bulk import pieces
from khuyencong.base.sentences import counted
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments import rules as alike
from khuyencong.establishments.imports import legal_form_of
from khuyencong.establishments.models import Establishment
from khuyencong.organisations import queries as organisations
from khuyencong.organisations.enums import ESTABLISHMENTS
from khuyencong.organisations.models import Organisation, lines_of
from khuyencong.plans.imports.columns import folded_words
from khuyencong.plans.imports.rows import Checked, Row

_NOBODY = re.compile(r"(cac|nhung|nhieu|lao dong|hoc vien|nguoi|khoang|\d+)\b.*")


def find_bodies(checked: Checked, *, ended: bool = False) -> None:
    """Find who carries out each project: by the name of a body of the province or the country, of today or before, with or
    without accents; a Trung tâm Khuyến công without another place's name is the province's own.  ``ended``: also bodies of
    before."""
    names = {folded_words(row.implementer_name) for row in checked.rows if row.implementer is None}
    names.discard("")
    if not names:
        return
    here = Q(province=checked.province) | Q(province=None)
    bodies = Organisation.objects.filter(here)
    if not ended:
        bodies = bodies.filter(ended_on=None)
    written = {fold(row.implementer_name)[:400] for row in checked.rows if row.implementer_name}
    found: dict[str, int] = {}
    told = ("pk", "name", "short_name", "ended_on", "former")
    candidates = list(bodies.exclude(kind__in=ESTABLISHMENTS).values_list(*told))
    for listed in pieces(sorted(written), 500):
        candidates += bodies.filter(kind__in=ESTABLISHMENTS, folded__in=listed).values_list(*told)
    candidates += bodies.filter(kind__in=ESTABLISHMENTS).exclude(former="").values_list(*told)
    candidates.sort(key=lambda one: (one[3] is not None, one[0]))
    for pk, name, short, _ended, _former in candidates:
        for text in filter(None, (name, short)):
            found.setdefault(folded_words(text), pk)
    for pk, _name, _short, _ended, former in candidates:  # who bears a name today stands before who bore it
        for text in lines_of(former):
            found.setdefault(folded_words(text), pk)
    centre = organisations.centre_of(checked.province)
    own = folded_words(checked.province.name)
    for row in checked.rows:
        if row.implementer is not None or not row.implementer_name:
            continue
        plain = folded_words(row.implementer_name)
        row.implementer = found.get(plain)
        if row.implementer is None and centre is not None and _is_own_centre(plain, own):
            row.implementer = centre.pk


_CENTRE_WORDS = frozenset(
    "va tu van tv xuc tien phat trien thuong mai cong nghiep thuong ptcn tvptcn xttm kctv tinh thanh pho tp".split()
)


def _is_own_centre(plain: str, province: str) -> bool:
    """Whether a name is the province's Trung tâm Khuyến công under any of its fuller names, and of no other place."""
    match = re.fullmatch(r"(?:trung tam|tt) (?:khuyen cong|kc)\b(.*)", plain)
    if match is None:
        return False
    rest = match[1].removesuffix(province) if match[1].endswith(province) else match[1]
    return set(rest.split()) <= _CENTRE_WORDS


def find_establishments(checked: Checked, warn: Callable[[Row, str], None]) -> None:
    """Find the beneficiaries among the establishments of the province; those that are only alike are proposed, and names
    that are none of an establishment stay in the text of the project."""
    named = [(row, one) for row in checked.rows for one in row.helped if row.verdict is not RowState.FAULTY]
    keys = sorted({alike.key(one.name) for _row, one in named} - {""})
    by_key: dict[str, list[tuple[int, int | None, str]]] = {}
    standing = Establishment.objects.filter(province=checked.province, merged_into=None)
    for piece in pieces(keys, 500):
        rows = standing.filter(key__in=piece).values_list("key", "pk", "commune_id", "name")
        for key, pk, commune, name in rows:
            by_key.setdefault(key, []).append((pk, commune, name))
    renamed = list(standing.exclude(former="").values_list("pk", "commune_id", "name", "former"))
    for pk, commune, name, former in renamed:
        for key in {alike.key(text) for text in lines_of(former)} - {alike.key(name)}:
            by_key.setdefault(key, []).append((pk, commune, name))
    near: dict[int, list[tuple[str, str]]] = {}
    communes = {one.commune.pk for _row, one in named if one.commune is not None}
    for chunk in pieces(sorted(communes), 500):
        for commune, key, name in standing.filter(commune__in=chunk).values_list("commune_id", "key", "name"):
            near.setdefault(commune, []).append((key, name))
    for row, one in named:
        key, inside_of = alike.key(one.name), one.commune.pk if one.commune is not None else None
        same = by_key.get(key, [])
        inside = [pk for pk, place, _name in same if inside_of is not None and place == inside_of]
        loose = [pk for pk, place, _name in same if inside_of is None or place is None]
        chosen = inside or loose
        if len(chosen) == 1:
            one.establishment = chosen[0]
        elif chosen:
            warn(
                row,
                counted("Có %(count)s cơ sở cùng tên “%(name)s”; chưa gắn, cần chọn sau.", len(chosen))
                % {"count": len(chosen), "name": one.name},
            )
            one.name = ""
        elif _NOBODY.fullmatch(folded_words(one.name)) or legal_form_of("", one.name) is None:
            if not _NOBODY.fullmatch(folded_words(one.name)):
                warn(
                    row, _("“%(name)s” không có từ nào cho biết là cơ sở; ghi vào nội dung đề án.") % {"name": one.name}
                )
            row.facts["content"] = "\n".join(
                filter(None, [row.facts.get("content", ""), _("Đối tượng thụ hưởng: %(name)s") % {"name": one.name}])
            )
            one.name = ""
        else:
            one.alike = next(
                (name for other, name in near.get(inside_of or 0, ()) if alike.likeness(key, other) >= alike.ALIKE), ""
            )
            if one.alike:
                told = _("Cơ sở “%(name)s” gần giống “%(other)s” đã có trong xã; sẽ ghi là cơ sở mới, có thể gộp sau.")
                warn(row, told % {"name": one.name, "other": one.alike})
    for row in checked.rows:
        row.helped = [one for one in row.helped if one.name]
