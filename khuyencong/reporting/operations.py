"""Loading the published figures that come with the house; taking dossiers away for an audit; closing and sending the reports of a
department, accepting and returning them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.projects.models import Project
from khuyencong.reporting import letters
from khuyencong.reporting.enums import Period, Recipient, period_title
from khuyencong.reporting.models import PublishedDocument, ReportAnswer, ReportedFigure, SentReport
from khuyencong.reporting.queries import sent
from khuyencong.reporting.queries.sampling import LARGEST
from khuyencong.reporting.queries.yearly import yearly
from khuyencong.reporting.rules import span

DATA = Path(__file__).parent / "data"


@dataclass(slots=True)
class Loaded:
    """What a load has done."""

    created: int = 0
    same: int = 0
    changed: int = 0


@transaction.atomic
def load_published(*, by: Any = None) -> Loaded:
    """Load the documents and figures of ``data/``; a row is known again by its key, so a second run changes nothing.

    A row whose data file was corrected is brought up to it (``changed``); what the file does not hold is left alone.
    ``by`` None: the installation itself; otherwise the right to import.  Today's province is put in where ``places`` knows
    it: load places first, or run again.
    """
    if by is not None:
        authorise(by, Permission.IMPORT)
    done = Loaded()
    provinces = {unit.code: unit for unit in places.current_provinces()}
    documents: dict[str, PublishedDocument] = {}
    for row in _read("documents"):
        told: dict[str, Any] = {name: row[name] for name in ("title", "publisher", "url", "note")}
        told["published_on"] = date.fromisoformat(row["published_on"]) if row["published_on"] else None
        documents[row["code"]] = _put(PublishedDocument, "code", row["code"], told, done)
    beside = ("document", "province", "part_of", "same_as")
    known = {figure.key: figure for figure in ReportedFigure.objects.select_related(*beside)}
    rows = list(_read("figures"))  # whom a row names stands before it
    named = {row[name] for row in rows for name in ("part_of", "same_as")}
    fresh: list[ReportedFigure] = []
    for row in rows:
        facts: dict[str, Any] = {
            name: row[name]
            for name in (
                "position",
                "province_then",
                "place",
                "period",
                "subject",
                "indicator",
                "unit",
                "qualifier",
                "note",
            )
        }
        facts |= {name: Decimal(row[name]) if row[name] else None for name in ("value", "value_to", "rounded_to")}
        facts |= {name: int(row[name]) if row[name] else None for name in ("year_from", "year_to")}
        facts |= {name: row[name] == "1" for name in ("planned", "list_is_open")}
        facts["province"] = provinces.get(row["province_code"])
        facts["document"] = documents[row["document"]]
        facts |= {name: known[row[name]] if row[name] else None for name in ("part_of", "same_as")}
        if row["key"] not in known:
            figure = ReportedFigure(key=row["key"], **facts)
            if row["key"] in named:
                figure.save()
            else:
                figure.derive()
                fresh.append(figure)
            known[row["key"]] = figure
            done.created += 1
        else:
            _put(ReportedFigure, "key", row["key"], facts, done, known[row["key"]])
    ReportedFigure.objects.bulk_create(fresh, batch_size=200)
    if by is not None and documents and (done.created or done.changed):
        audit.record(
            "reporting.load", next(iter(documents.values())), by=by, created=done.created, changed=done.changed
        )
    return done


@transaction.atomic
def take_dossiers(projects: list[Project], *, by: Any) -> int:
    """Remember that an auditor takes copies of these projects' dossiers with him; returns how many.

    Raises Invalid(projects=…) for none or more than ``LARGEST`` at once, NotAllowed where one of them lies outside his
    mandate.  The copies themselves are made by ``exports.dossiers``.
    """
    if not projects:
        raise Invalid(projects=_("Hãy chọn ít nhất một đề án."))
    if len(projects) > LARGEST:
        raise Invalid(projects=_("Mỗi lần xuất nhiều nhất %(count)s đề án.") % {"count": LARGEST})
    for project in projects:
        authorise(by, Permission.AUDIT, place=project.place)
    return audit.record_many(projects, action="audit.export", by=by)


@transaction.atomic
def send_report(
    province: Unit, *, year: int, period: Period, by: User, on: date, paper: Paper, reason: str = ""
) -> SentReport:
    """Close the figures of a period and send them to the provincial committee and to the agency (TT 36/2013 Đ21.5).

    What is kept is what was said, with its digest; records that change later leave it alone.  A report that was returned, or
    whose figures are others today, may be sent again with a reason: the next edition, the first stays.  Raises Invalid (``on``,
    ``reason``) and NotPossible for another kind of paper or a report that is sent already and still right.
    """
    authorise(by, Permission.REPORT_CLOSE, place=province, paper=paper)
    if paper.kind != PaperKind.PERIOD_REPORT:
        raise NotPossible(_("Gửi báo cáo phải kèm văn bản “%(kind)s”.") % {"kind": PaperKind.PERIOD_REPORT.label})
    _refuse_day(on, not_before=span(year, period)[1] + timedelta(days=1), period=period_title(year, period))
    Unit.objects.select_for_update().get(pk=province.pk)  # whoever sends at the same moment waits, and finds this one
    with override(settings.LANGUAGE_CODE):  # names are kept as the paper says them, whatever language its sender reads
        figures = sent.statement(yearly(sent.frame_of(province, year=year, period=period)))
        due = sent.deadline(province, year=year, period=period)
        basis = due.citation[:400]
    before = sent.last_of(province, year=year, period=period)
    if before is not None:
        _refuse_again(before, figures, on=on, reason=reason)
    report = SentReport(
        province=province,
        year=year,
        period=period,
        edition=before.edition + 1 if before else 1,
        on=on,
        due_on=due.last_day,
        due_basis=basis,
        paper=paper,
        figures=figures,
        digest=sent.digest_of(figures),
        reason=" ".join(reason.split())[:500] if before else "",
        by=by,
    )
    checked(report).save()
    audit.record(
        "report.send",
        report,
        by=by,
        on=on,
        paper=paper,
        digest=report.digest,
        edition=report.edition,
        reason=report.reason,
    )
    letters.tell_sent(report, by=by)
    return report


def _refuse_again(before: SentReport, figures: dict[str, Any], *, on: date, reason: str) -> None:
    told = {"report": before, "paper": before.paper, "on": f"{before.on:%d/%m/%Y}"}
    returned = before.answers.filter(accepted=False).exists()
    if not returned and not sent.differs(before.figures, figures):
        raise NotPossible(
            _(
                "%(report)s đã gửi ngày %(on)s (văn bản %(paper)s) và số liệu hôm nay vẫn đúng như vậy; không gửi lần nữa."
            )
            % told
        )
    if on < before.on:
        raise Invalid(on=_("Lần gửi trước là ngày %(on)s; hãy ghi từ ngày đó trở đi.") % told)
    if not reason.strip():
        raise Invalid(reason=_("Kỳ này đã báo cáo ngày %(on)s; hãy ghi lý do gửi lại.") % told)


def _refuse_day(day: date, *, not_before: date, period: str) -> None:
    if day > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{day:%d/%m/%Y}"})
    if day < not_before:
        raise Invalid(
            on=_("Kỳ %(period)s chưa hết vào ngày %(day)s; chốt và gửi từ ngày %(from)s.")
            % {"period": period, "day": f"{day:%d/%m/%Y}", "from": f"{not_before:%d/%m/%Y}"}
        )


def accept_report(report: SentReport, *, recipient: Recipient, by: User, on: date) -> ReportAnswer:
    """One recipient accepts a report for itself; that of the other stays its own."""
    return _answer(report, recipient=recipient, accepted=True, reason="", by=by, on=on)


def return_report(report: SentReport, *, recipient: Recipient, reason: str, by: User, on: date) -> ReportAnswer:
    """One recipient sends a report back, with its reason; the department sends the next edition."""
    return _answer(report, recipient=recipient, accepted=False, reason=" ".join(reason.split())[:500], by=by, on=on)


@transaction.atomic
def _answer(
    report: SentReport, *, recipient: Recipient, accepted: bool, reason: str, by: User, on: date
) -> ReportAnswer:
    authorise(by, sent.PERMISSIONS[recipient], place=report.province)
    report = (
        SentReport.objects.select_for_update(of=("self",)).select_related("province", "paper", "by").get(pk=report.pk)
    )
    last = sent.last_of(report.province, year=report.year, period=Period(report.period))
    if last is not None and last.pk != report.pk:
        raise NotPossible(_("Sở đã gửi lại báo cáo này (%(last)s); hãy trả lời bản gửi sau.") % {"last": last})
    given = report.answers.filter(recipient=recipient).first()
    if given is not None:
        done = _("tiếp nhận") if given.accepted else _("trả lại")
        raise NotPossible(
            _("%(recipient)s đã %(done)s báo cáo này ngày %(on)s.")
            % {"recipient": recipient.label, "done": done, "on": f"{given.on:%d/%m/%Y}"}
        )
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if on < report.on:
        raise Invalid(
            on=_("Báo cáo gửi ngày %(on)s; không thể trả lời trước ngày đó.") % {"on": f"{report.on:%d/%m/%Y}"}
        )
    if not accepted and not reason:
        raise Invalid(reason=_("Trả lại báo cáo thì phải ghi lý do để Sở biết chỗ cần sửa."))
    answer = ReportAnswer(report=report, recipient=recipient, accepted=accepted, reason=reason, on=on, by=by)
    checked(answer).save()
    audit.record(
        "report.accept" if accepted else "report.return", report, by=by, on=on, recipient=str(recipient), reason=reason
    )
    letters.tell_answered(answer, by=by)
    return answer


def _read(name: str) -> Iterator[dict[str, str]]:
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _put(model: Any, name: str, key: str, facts: dict[str, Any], done: Loaded, found: Any = None) -> Any:
    found = found or model.objects.filter(**{name: key}).first()
    if found is None:
        done.created += 1
        return model.objects.create(**{name: key}, **facts)
    if all(getattr(found, field) == value for field, value in facts.items()):
        done.same += 1
        return found
    for field, value in facts.items():
        setattr(found, field, value)
    found.save()
    done.changed += 1
    return found
