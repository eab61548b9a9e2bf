"""The yearly report as a workbook, with the values of the page in triệu đồng; dossiers as an archive, with their hashes."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.audit.queries import Verdict
from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.base.money import MILLION
from khuyencong.base.text import no_formula
from khuyencong.files.models import StoredFile
from khuyencong.files.queries import open_file
from khuyencong.projects.models import Project
from khuyencong.reporting.queries.sampling import papers_of
from khuyencong.reporting.queries.yearly import Line, SoFar, YearlyReport


def tables(report: YearlyReport) -> list[tuple[str, list[str], list[list[Any]]]]:
    """The tables of the report: title, heads, rows; amounts in đồng as ``int``, counts as ``Count``, ratios as Decimal."""
    whole = report.state_total
    sources: list[list[Any]] = [
        [label, line.allocated, line.moved, line.approved, line.contracted, line.advanced, line.settled]
        + [line.disbursed, line.halted, line.halted_advanced]
        for label, line in [*((line.source.label, line) for line in report.sources), (_("Cộng"), whole)]
    ]
    named = heads(unsplit=bool(report.total.unsplit))
    since = [(_("Luỹ kế từ đầu kế hoạch"), ["", *so_far().values()], [_since(report.so_far)])] if report.so_far else []
    return [
        (
            _("Kinh phí theo nguồn"),
            [_("Nguồn"), *named["sources"], _("Tỷ lệ giải ngân")]
            + [_("Đã ký, đề án nay đã ngừng"), _("Đã giải ngân, đề án nay đã ngừng")],
            sources,
        ),
        (
            _("Đề án theo nội dung hoạt động"),
            [_("Nội dung"), *named["activities"]],
            _lines(report, report.activities),
        ),
        (_("Đề án theo địa bàn"), [_("Địa bàn"), *named["places"]], _lines(report, report.places)),
        (
            _("Chỉ tiêu"),
            [_("Chỉ tiêu"), _("Số lượng")],
            [[label, Count(_indicator(report, name))] for name, label in indicators().items()],
        ),
        *since,
    ]


def heads(*, unsplit: bool = False) -> dict[str, list[str]]:
    """The amounts of each table, in their order; with what is ``unsplit`` where a report has any."""
    projects = [_("Số đề án"), _("KCQG"), _("KCĐP"), _("Cộng"), _("Đối ứng"), _("Nguồn khác")]
    projects += [_("Chưa tách nguồn")] if unsplit else []
    money = [_("Dự toán giao"), _("Chuyển nguồn, nộp trả")]
    money += [_("Đã phê duyệt"), _("Đã ký hợp đồng"), _("Đã giải ngân"), _("Đã quyết toán")]
    return {"sources": money, "activities": projects, "places": projects}


def indicators() -> dict[str, str]:
    """The counts that stand in the sentences of the report."""
    return {
        "projects": _("Đề án được phê duyệt"),
        "changed": _("Đề án điều chỉnh"),
        "stopped": _("Đề án ngừng thực hiện"),
        "accepted": _("Đề án đã nghiệm thu"),
        "settled": _("Đề án đã quyết toán"),
        "historical": _("Trong đó hồ sơ lịch sử"),
        "times": _("Lượt cơ sở được hỗ trợ"),
        "establishments": _("Cơ sở khác nhau được hỗ trợ"),
        "women": _("Trong đó do phụ nữ làm chủ"),
    }


def so_far() -> dict[str, str]:
    """What is told since the beginning of the plan."""
    money = heads()["sources"][2:]
    return dict(zip(("projects", "support", "contracted", "advanced", "settled"), [_("Số đề án"), *money], strict=True))


def _since(told: SoFar) -> list[Any]:
    return ["", Count(told.projects), told.support, told.contracted, told.advanced, told.settled]


def _indicator(report: YearlyReport, name: str) -> int:
    return getattr(report.total, name) if hasattr(report.total, name) else getattr(report, name)


class Count(int):
    """A number of things, not of đồng."""


def _lines(report: YearlyReport, lines: Sequence[Line]) -> list[list[Any]]:
    told = [*lines, Line(0, _("Cộng"), report.total)]
    return [[line.label, *_values(line, unsplit=bool(report.total.unsplit))] for line in told]


def _values(line: Line, *, unsplit: bool) -> list[Any]:
    s = line.sums
    return [
        Count(s.projects),
        s.national,
        s.local,
        s.support,
        s.counterpart,
        s.other,
        *([s.unsplit] if unsplit else []),
    ]


def workbook(report: YearlyReport, *, title: str, note: str) -> io.BytesIO:
    """An .xlsx with a sheet a table; ready to be printed on A4."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
    strong, cell = book.add_format({"bold": True, "font_size": 13}), book.add_format({"border": 1, "text_wrap": True})
    amount = book.add_format({"border": 1, "num_format": "#,##0.###"})
    count = book.add_format({"border": 1, "num_format": "#,##0"})
    percent = book.add_format({"border": 1, "num_format": "0.0%"})
    for name, heads, rows in tables(report):
        sheet = book.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, len(heads), 15)
        sheet.write_string(0, 0, title, strong)
        sheet.write_string(1, 0, f"{name} ({_('triệu đồng')})" if len(heads) > 2 else name)
        sheet.write_string(2, 0, note)
        for column, text in enumerate(heads):
            sheet.write_string(4, column, text, head)
        for line, row in enumerate(rows, start=5):
            for column, value in enumerate(row):
                if value is None:
                    sheet.write_string(line, column, "–", cell)
                elif isinstance(value, Count):
                    sheet.write_number(line, column, value, count)
                elif isinstance(value, Decimal):
                    sheet.write_number(line, column, float(value), percent)
                elif isinstance(value, int):
                    sheet.write_number(line, column, float(Decimal(value) / MILLION), amount)
                else:
                    sheet.write_string(line, column, str(value), cell)
    book.close()
    target.seek(0)
    return target


# ---- dossiers for an audit ----

BLOCK = 1 << 18


class _Pipe(io.RawIOBase):
    """What a zip is written into while it is read from the other side; it never holds more than one block."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


def dossiers(
    projects: Sequence[Project], *, journal: Iterable[Event], verdict: Verdict, with_scans: bool, drawn: str = ""
) -> Iterator[bytes]:
    """A zip, block by block: ``index.csv`` (every paper, its scans with SHA-256), the scans, ``journal.csv``,
    ``verify.txt`` (whether the whole journal holds, and its anchor), ``SHA256SUMS`` over all of these.

    Without ``with_scans`` (no right to personal data) the index names the scans and their hashes, and leaves them out.  A
    scan whose bytes are gone or changed is named in the index.
    """
    pipe, sums = _Pipe(), []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        index = [_INDEX]
        for project in projects:
            for paper in papers_of(project):
                head = [project.code, project.title, str(paper.number), f"{paper.signed_on:%d/%m/%Y}"]
                head += [str(paper.get_kind_display()), paper.abstract, paper.signer, paper.kept_at]
                scans = list(paper.attachments.all())
                for number, attachment in enumerate(scans, start=1):
                    file, name = attachment.file, ""
                    told = _("không kèm bản chụp: không có quyền xem dữ liệu cá nhân")
                    if with_scans:
                        name = f"files/{project.code}/{paper.pk}-{number}-{_safe(file.name)}"
                        told = yield from _scan(archive, pipe, file, name, sums)
                    index.append([*head, name, file.digest, str(file.size), told])
                if not scans:
                    index.append([*head, "", "", "", _("chưa có bản chụp")])
        parts: list[tuple[str, Iterable[str]]] = [
            ("index.csv", _csv(index)),
            ("journal.csv", _csv(_journal_lines(journal))),
            ("verify.txt", _verdict_lines(verdict, drawn)),
        ]
        for name, lines in parts:
            digest = hashlib.sha256()
            with archive.open(name, "w") as entry:
                for line in lines:
                    data = line.encode()
                    digest.update(data)
                    entry.write(data)
            sums.append((digest.hexdigest(), name))
            yield pipe.taken()
        archive.writestr("SHA256SUMS", "".join(f"{digest}  {name}\n" for digest, name in sums))
    yield pipe.taken()


_INDEX = ["de_an", "ten_de_an", "so_van_ban", "ngay_ky", "loai", "trich_yeu", "nguoi_ky", "noi_luu_ban_goc"] + [
    "tep",
    "sha256",
    "kich_thuoc",
    "ghi_chu",
]


def _scan(archive: zipfile.ZipFile, pipe: _Pipe, file: StoredFile, name: str, sums: list[tuple[str, str]]) -> Any:
    try:
        content = open_file(file)
    except NotPossible as refusal:
        return str(refusal)
    digest = hashlib.sha256()
    with content, archive.open(name, "w", force_zip64=True) as entry:
        while block := content.read(BLOCK):
            digest.update(block)
            entry.write(block)
            yield pipe.taken()
    sums.append((digest.hexdigest(), name))
    return "" if digest.hexdigest() == file.digest else _("nội dung trong kho khác mã băm đã ghi")


def _safe(name: str) -> str:
    """A file name that no archive takes for a path."""
    return re.sub(r"[^\w. -]", "_", name).strip(". ")[-100:] or "tep"


def _csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "\ufeff"
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow(map(no_formula, row))
        yield buffer.getvalue()


def _journal_lines(events: Iterable[Event]) -> Iterator[list[str]]:
    """What a person reads (the hour of here, the act in words), and after it what was sealed."""
    yield ["vi_tri", "luc", "nguoi", "viec", "doi_tuong", "ngay_phap_ly", "nguoi_ky", "chi_tiet"] + [
        "luc_utc",
        "ma_viec",
        "ma_bam_truoc",
        "ma_bam",
    ]
    for event in events:
        yield [
            "" if event.position is None else str(event.position),
            f"{clock.local(event.at):%d/%m/%Y %H:%M:%S}",
            event.actor,
            event.label,
            event.subject,
            f"{event.on:%d/%m/%Y}" if event.on else "",
            event.signer,
            json.dumps(event.data, ensure_ascii=False),
            event.at.isoformat(),
            event.action,
            event.previous or "",
            event.digest or "",
        ]


def _verdict_lines(verdict: Verdict, drawn: str) -> Iterator[str]:
    yield verdict_sentence(verdict) + "\n"
    yield _("Mốc đối chiếu: %(anchor)s") % {"anchor": verdict.anchor} + "\n"
    if drawn:
        yield drawn + "\n"


def verdict_sentence(verdict: Verdict) -> str:
    """Whether the journal holds, for a person."""
    if verdict.sound:
        return _("Nhật ký nguyên vẹn: %(sealed)s dòng đã niêm phong, %(unsealed)s dòng chờ niêm phong.") % {
            "sealed": verdict.sealed,
            "unsealed": verdict.unsealed,
        }
    return _("Nhật ký bị sai từ dòng thứ %(position)s: %(reason)s.") % {
        "position": verdict.broken,
        "reason": verdict.reason,
    }
