"""What is known already, and what may be."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import numpy
from rapidfuzz import fuzz, process

from khuyencong.base.bulk import pieces
from khuyencong.base.money import dong
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.text import same_key
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments import rules
from khuyencong.establishments.imports.rows import SUMMED, Checked, Row
from khuyencong.establishments.models import Establishment, YearlyFacts
from khuyencong.organisations.models import lines_of

CELLS = 2_000_000  # likenesses held at once: 16 MB


def hold_against_known(checked: Checked) -> None:
    """Judge the rows against the database and against each other.  A handful of questions for each thousand rows."""
    rows = checked.of(RowState.NEW)
    by_code, by_key, keys = existing(checked, rows)
    candidates: dict[int, list[Row]] = defaultdict(list)
    seen_code: dict[str, Row] = {}
    seen_key: dict[tuple[int | None, str], list[Row]] = {}
    for row in rows:
        code, commune = row.tax_code, row.commune_id
        if (known := by_code.get(code)) is not None:
            candidates[known].append(row)
        for known in by_key.get((commune, row.key), ()):
            candidates[known].append(row)
        earlier = seen_code.get(code) or next(
            (other for other in seen_key.get((commune, row.key), ()) if _may_be(row, other)), None
        )
        if earlier is not None:
            _repeat(row, earlier)
        if code:
            seen_code.setdefault(code, row)
        seen_key.setdefault((commune, row.key), []).append(row)
    _match(candidates)
    _alike([row for row in rows if row.verdict is RowState.NEW and row.match is None], keys)


def existing(
    checked: Checked, rows: list[Row]
) -> tuple[dict[str, int], dict[tuple[int | None, str], list[int]], dict[int, list[tuple[int, str]]]]:
    """Records by tax code (the whole country), by commune and key (of names borne before too), and the keys of each commune."""
    by_code: dict[str, int] = {}
    for codes in pieces(sorted({row.tax_code for row in rows} - {""}), 900):
        found = Establishment.objects.active().exclude(tax_code="").filter(tax_code__in=codes)
        by_code.update(found.values_list("tax_code", "pk"))
    by_key: dict[tuple[int | None, str], list[int]] = {}
    keys: dict[int, list[tuple[int, str]]] = {}
    here = Establishment.objects.active().filter(province=checked.province).order_by("pk")
    for pk, commune, key in here.values_list("pk", "commune_id", "key").iterator(chunk_size=5_000):
        by_key.setdefault((commune, key), []).append(pk)
        if commune is not None:
            keys.setdefault(commune, []).append((pk, key))
    for pk, commune, name, former in here.exclude(former="").values_list("pk", "commune_id", "name", "former"):
        for key in {rules.key(text) for text in lines_of(former)} - {rules.key(name)}:
            by_key.setdefault((commune, key), []).append(pk)
    return by_code, by_key, keys


def _may_be(row: Row, other: Row) -> bool:
    return not (row.tax_code and other.tax_code) or row.tax_code == other.tax_code


def _repeat(row: Row, earlier: Row) -> None:
    """A row of the file that an earlier row of it has told already."""
    told = {"row": earlier.number, "sheet": earlier.sheet}
    if same_key(row.name) == same_key(earlier.name) and row.facts == earlier.facts and row.year == earlier.year:
        row.verdict, row.why = RowState.SAME, _("Lặp lại dòng %(row)s (%(sheet)s).") % told
    elif row.tax_code and row.tax_code == earlier.tax_code:
        row.verdict, row.why = RowState.DOUBTFUL, _("Cùng mã số thuế với dòng %(row)s (%(sheet)s).") % told
    else:
        row.verdict, row.why = RowState.DOUBTFUL, _("Có thể trùng dòng %(row)s (%(sheet)s).") % told


_COMPARED = (
    *("pk", "name", "former", "tax_code", "legal_form", "phone", "representative", "sector", "main_product"),
    *("registered_address", "registered_on", "woman_owned", "minority_owned", "place_text", "commune_id"),
)


def _match(candidates: dict[int, list[Row]]) -> None:
    """Hold rows against the records they may be: the same name or tax code is the same establishment."""
    for chunk in pieces(sorted(candidates), 900):
        years = {
            (one, year): facts
            for one, year, *facts in YearlyFacts.objects.filter(establishment__in=chunk).values_list(
                "establishment", "year", "workers", "women", "revenue", "export"
            )
        }
        for record in Establishment.objects.filter(pk__in=chunk).values(*_COMPARED):
            for row in candidates[record["pk"]]:
                if row.match is None or row.verdict is RowState.DOUBTFUL:
                    _judge(row, record, years)


def _judge(row: Row, record: dict[str, Any], years: dict[tuple[int, int], list]) -> None:
    code, theirs = row.tax_code, record["tax_code"]
    borne = (record["name"], *lines_of(record["former"]))
    same_name = same_key(row.name) in map(same_key, borne)
    same_code = bool(code) and code == theirs
    if code and theirs and not same_code:
        return  # two tax codes: two establishments, however alike their names
    if row.commune_id is None and not same_code and record["place_text"] != row.place.text:
        return
    if same_code or same_name:
        if (
            same_code
            and not same_name
            and all(rules.likeness(row.key, rules.key(name)) < rules.ALIKE for name in borne)
        ):
            row.match, row.verdict = record["pk"], RowState.DOUBTFUL
            row.why = _("Cùng mã số thuế nhưng tên khác: “%(name)s”.") % {"name": record["name"]}
            return
        fill = {
            name: value
            for name, value in row.facts.items()
            if name in record and name != "legal_form" and record[name] in ("", None, False)
        }
        stored = years.get((record["pk"], row.year["year"])) if row.year else None
        year = row.year if stored is None else {}
        if row.verdict is RowState.DOUBTFUL and row.match is None and (fill or year):
            return  # an earlier row of the file is this record; whether this one is too, a person says
        if stored is not None:
            row.unlike = _unlike(row, stored)
        row.match, row.fill, row.year = record["pk"], fill, year
        row.verdict = RowState.CHANGED if row.fill or row.year else RowState.SAME
        row.why = _why_known(row, record["name"])
        return
    if row.verdict is not RowState.DOUBTFUL or row.match is None:
        row.match, row.verdict = record["pk"], RowState.DOUBTFUL
        row.why = _("Có thể là “%(name)s” đã có trong xã.") % {"name": record["name"]}


def _unlike(row: Row, stored: Sequence[int | None]) -> str:
    """Where the facts of a year that is there already differ from those of the row: they stay as they are, and it is said."""
    differing = [
        _("%(field)s: hồ sơ %(theirs)s, tệp %(mine)s")
        % {
            "field": YearlyFacts._meta.get_field(name).verbose_name,
            "theirs": dong(theirs),
            "mine": dong(row.said[name]),
        }
        for name, theirs in zip(SUMMED, stored, strict=True)
        if theirs is not None and name in row.said and row.said[name] != theirs
    ]
    if not differing:
        return ""
    told = _("Số liệu năm %(year)s đã có và khác tệp (%(facts)s); không ghi đè.")
    return told % {"year": row.year["year"], "facts": together("; ", differing)}


def _why_known(row: Row, name: str) -> str:
    """Whom the row speaks of, and what it adds."""
    added = [Establishment._meta.get_field(field).verbose_name for field in row.fill]
    if row.year:
        added.append(_("số liệu năm %(year)s") % {"year": row.year["year"]})
    if not added:
        return _("Đã có: “%(name)s”.") % {"name": name}
    return _("Đã có: “%(name)s”; bổ sung %(fields)s.") % {"name": name, "fields": together(", ", added)}


def _alike(rows: list[Row], existing: dict[int, list[tuple[int, str]]]) -> None:
    """Names that are only alike, inside one commune: against what is there and against earlier rows of the file."""
    communes: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.commune_id is not None and row.key:
            communes[row.commune_id].append(row)
    names: dict[int, list[Row]] = defaultdict(list)
    for commune, fresh in communes.items():
        held: dict[str, int | Row] = {key: pk for pk, key in existing.get(commune, ())}
        for row in fresh:
            held.setdefault(row.key, row)
        nearest = most_alike({row.key for row in fresh}, list(held))
        for row in fresh:
            own = row.key
            other = nearest.get(own)
            if other is None and held[own] is not row:
                other = own
            if other is None:
                continue
            match = held[other]
            if isinstance(match, Row):
                if match.number >= row.number or not _may_be(row, match):
                    continue
                row.verdict = RowState.DOUBTFUL
                row.why = _("Tên gần giống dòng %(row)s: “%(name)s”.") % {"row": match.number, "name": match.name}
            else:
                row.verdict, row.match = RowState.DOUBTFUL, match
                names[match].append(row)
    for chunk in pieces(sorted(names), 900):
        for pk, name, code in Establishment.objects.filter(pk__in=chunk).values_list("pk", "name", "tax_code"):
            for row in names[pk]:
                if code and row.tax_code:
                    row.verdict, row.match, row.why = RowState.NEW, None, ""
                else:
                    row.why = _("Tên gần giống “%(name)s” đã có trong xã.") % {"name": name}


def most_alike(wanted: Collection[str], names: Sequence[str]) -> dict[str, str]:
    """For each wanted name of a commune the other one among ``names`` (each once, the wanted too) that is most alike, of several
    the first; nothing for one to which none is alike enough."""
    at = {name: place for place, name in enumerate(names)}
    tokens: dict[str, set[int]] = defaultdict(set)
    for name, place in at.items():
        for token in name.split():
            tokens[token].add(place)
    found: dict[str, str] = {}
    apart = []
    for own in wanted:
        if (other := _same_words(own, names, at[own], tokens)) is not None:
            found[own] = other
        else:
            apart.append(own)
    # letter by letter all with all, many at once: in a loop over the names it takes five times as long
    for some in pieces(apart, max(CELLS // len(names), 1)):
        scores = process.cdist(some, names, scorer=fuzz.ratio, score_cutoff=rules.ALIKE, dtype=numpy.float64)
        scores[range(len(some)), [at[own] for own in some]] = 0
        best = scores.argmax(axis=1)
        found |= {own: names[best[n]] for n, own in enumerate(some) if scores[n, best[n]]}
    return found


def _same_words(own: str, names: Sequence[str], at: int, tokens: dict[str, set[int]]) -> str | None:
    """The first other name with the words of this one, or in which it stands whole; None for a name of one short word."""
    words = own.split()
    if len(words) < 2 or len(own) < 6:
        return None
    same_words = set.intersection(*(tokens[word] for word in words)) - {at}
    inside = [
        place for place in same_words if len(words) == len(names[place].split()) or f" {own} " in f" {names[place]} "
    ]
    return names[min(inside)] if inside else None
