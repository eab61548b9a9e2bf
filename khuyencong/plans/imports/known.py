"""What a file tells again: its rows against what is kept and against each other."""

from khuyencong.base.bulk import pieces
from khuyencong.base.money import dong
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments import rules as alike
from khuyencong.plans.imports.columns import SOURCES, folded_words
from khuyencong.plans.imports.rows import Checked, Row
from khuyencong.projects.models import Project
from khuyencong.projects.queries import folded_title


def compare(checked: Checked, *, historical: bool = False) -> None:
    """Judge the rows against what is kept and against each other, by province, year, level, folded title, implementer."""
    sound = checked.of(RowState.NEW)
    years = {row.year for row in sound}
    known: dict[tuple, list[Project]] = {}
    stored = Project.objects.filter(province=checked.province, year__in=years).select_related("implementer")
    for titles in pieces(sorted({folded_title(row.name) for row in sound}), 500):
        for project in stored.filter(folded__in=titles).order_by("pk"):
            known.setdefault((project.year, project.level, project.folded), []).append(project)
    seen: dict[tuple, Row] = {}
    met: set[int] = set()  # projects that a row of the file has told already: of two with one name each is asked once
    for row in sound:
        key = (row.year, row.level, folded_title(row.name))
        candidates = known.get(key, [])
        mine = [project for project in candidates if _same_body(project, row)]
        if mine:
            offered = [(project, _changes(row, project, historical=historical)) for project in mine]
            project, changes = min(offered, key=lambda one: (bool(one[1]), one[0].pk in met, len(one[1])))
            met.add(project.pk)
            _against(row, project, changes)
        elif candidates:
            row.verdict, row.match = RowState.DOUBTFUL, candidates[0].pk
            told = _("Cùng tên với đề án %(code)s do %(body)s thực hiện.")
            row.why = told % {"code": candidates[0].code, "body": candidates[0].implementer}
        earlier = seen.setdefault((*key, row.body), row)
        if earlier is not row and row.verdict is RowState.NEW:
            same = _told(earlier) == _told(row)
            facts = {"row": earlier.number, "sheet": earlier.sheet}
            if same and _names_of(earlier) == _names_of(row):
                row.verdict, row.why = RowState.SAME, _("Lặp lại dòng %(row)s (%(sheet)s).") % facts
            else:
                row.verdict = RowState.DOUBTFUL
                row.why = _("Cùng tên, cùng đơn vị thực hiện với dòng %(row)s (%(sheet)s) nhưng khác nội dung.") % facts


def _told(row: Row) -> tuple:
    return (row.amounts, row.unsplit, row.place["commune"])


def _names_of(row: Row) -> set[str]:
    return {alike.key(one.name) for one in row.helped}


def _same_body(project: Project, row: Row) -> bool:
    if row.implementer is not None:
        return bool(project.implementer_id == row.implementer)
    return folded_words(row.implementer_name) == folded_words(project.implementer.name)


def _changes(row: Row, project: Project, *, historical: bool) -> list[str]:
    """What a row tells otherwise than the project that is kept."""
    held = {source: getattr(project, f"granted_{source}") for source in SOURCES}
    if held["national"] is None:
        held = {source: getattr(project, source) for source in SOURCES}
    changes: list[str] = [
        _("%(source)s %(before)s → %(now)s đồng")
        % {"source": label, "before": dong(held[source] or 0), "now": dong(row.amounts.get(source, 0))}
        for source, label in (
            ("national", "KCQG"),
            ("local", "KCĐP"),
            ("counterpart", _("đối ứng")),
            ("other", _("nguồn khác")),
        )
        if (held[source] or 0) != row.amounts.get(source, 0)
    ]
    if project.unsplit != row.unsplit:
        told = _("chưa tách nguồn %(before)s → %(now)s đồng")
        changes.append(told % {"before": dong(project.unsplit), "now": dong(row.unsplit)})
    commune = row.place.get("commune")
    if commune is not None and project.commune_id is not None and project.commune_id != commune.pk:
        changes.append(_("địa điểm → %(place)s") % {"place": commune})
    if project.granted is None and not historical:
        changes.append(
            _("đang ở trạng thái “%(state)s”, phê duyệt bằng quyết định trong hệ thống")
            % {"state": project.get_state_display()}
        )
    return changes


def _against(row: Row, project: Project, changes: list[str]) -> None:
    row.match = project.pk
    row.verdict = RowState.CHANGED if changes else RowState.SAME
    row.why = _("Đã có: %(project)s.") % {"project": project}
    if changes:
        row.why = _(
            "Đã có %(code)s, khác: %(changes)s. Không ghi đè; thay đổi đề án đã duyệt bằng quyết định điều chỉnh."
        ) % {
            "code": project.code,
            "changes": together("; ", changes),
        }
