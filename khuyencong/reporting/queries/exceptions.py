"""What an auditor looks at first: papers missing, money over the norm, exceptions let pass, steps written down late, days in
an order that cannot be, invoices paid twice, advances left open, historical dossiers without originals.

Each kind counts and cuts itself; a page shows sentences, each leading to its record.  What must be computed by the law of the
day is asked of one plan year at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit import queries as journal
from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import dong, share
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts import queries as contracts
from khuyencong.contracts.enums import AdvanceKind, AdvanceState, Verdict
from khuyencong.contracts.models import Acceptance, Advance, Assignment, Purchase, Voucher
from khuyencong.documents.enums import Stage
from khuyencong.documents.models import DossierItem, Requirement
from khuyencong.norms.enums import Purpose
from khuyencong.norms.models import SupportNorm
from khuyencong.people.models import User
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.enums import APPROVED_ON, Level, Rule
from khuyencong.projects.models import Beneficiary, Clearance, Project
from khuyencong.reporting.queries.yearly import territory

# Entered as past on purpose: counted by “hồ sơ lịch sử”, never as written down late.
ENTERED_AS_PAST = ("project.record_historical", "project.import_history")
SURELY_LATE = timedelta(days=22)  # five working days end within three weeks, the longest Tết included
NEVER_LATE = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an auditor looks: the territory of his mandate, a plan year or all of them, a province or all of his."""

    scope: Scope
    year: int | None = None
    province: Unit | None = None

    def projects(self) -> QuerySet[Project]:
        found = Project.objects.filter(territory(self.scope))
        if self.year is not None:
            found = found.filter(year=self.year)
        return found if self.province is None else found.filter(province=self.province)

    def events(self) -> QuerySet[Event]:
        start = date(self.year, 1, 1) if self.year else None
        end = date(self.year, 12, 31) if self.year else None
        found = journal.search(cast(journal.Territory, self.scope), start=start, end=end)
        return found if self.province is None else found.filter(province_id=self.province.pk)


def frame_for(user: User, *, year: int | None = None, province: Unit | None = None) -> Frame:
    """What this auditor may see.  Raises NotAllowed for everybody else."""
    scope = user.scope(Permission.AUDIT)
    if not scope:
        raise NotAllowed(
            _("Trang này dành cho kiểm toán, thanh tra theo quyết định, trong địa bàn và thời hạn được giao.")
        )
    return Frame(scope, year, province)


def _up_to(frame: Frame) -> QuerySet[Project]:
    """Projects of the chosen plan year and of all years before it: what is open or missing stays so."""
    found = replace(frame, year=None).projects()
    return found if frame.year is None else found.filter(year__lte=frame.year)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the board: what it is about, the sentence, the day it concerns."""

    sentence: str
    project: Project | None = None
    subject: str = ""  # where it is about something else than a project
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of exception: ``rows`` gives something that can be counted and cut, ``told`` a line of it."""

    key: str
    label: Any
    explanation: Any
    rows: Callable[[Frame], Any]
    told: Callable[[Any], Finding]

    def found(self, frame: Frame) -> "Found":
        return Found(self.rows(frame), self.told)


class Found:
    """The lines of one kind, made when asked for: a paginator counts and cuts it."""

    def __init__(self, rows: Any, told: Callable[[Any], Finding]):
        self._rows, self._told = rows, told

    def count(self) -> int:
        return self._rows.count() if isinstance(self._rows, QuerySet) else len(self._rows)

    def __getitem__(self, part: slice) -> list[Finding]:
        return [self._told(row) for row in self._rows[part]]

    def __iter__(self):
        rows: Iterable[Any] = self._rows.iterator(chunk_size=2000) if isinstance(self._rows, QuerySet) else self._rows
        return (self._told(row) for row in rows)


# ---- missing papers ----

_PAST: dict[str, tuple[str, ...]] = {
    Stage.APPRAISAL: ("appraised", "registered", "ministry_appraised", *APPROVED_ON),
    Stage.REGISTRATION: ("registered", "ministry_appraised", *APPROVED_ON),
    Stage.CONTRACT: ("assigned", "running", "accepted", "settled", "liquidated"),
    Stage.SETTLEMENT: ("settled", "liquidated"),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    project: Project
    papers: list[str]


def missing_papers(frame: Frame) -> list[Lacking]:
    """Projects past a stage without a paper that the stage asks of every project of their kind, on the day whose rules they
    follow.  Papers asked for only under a condition are judged on the project's own page; historical dossiers are a kind of
    their own.  Five queries, one plan year.
    """
    frame = _one_year(frame)
    rows = list(Requirement.objects.filter(only_when=""))
    if not rows:
        return []
    own = {(row.stage, row.level) for row in rows}
    paid: dict[str, set[int]] = {Stage.FIRST_ADVANCE: set(), Stage.REMAINDER: set()}
    scope = frame.projects().filter(historical=False, state__in=_PAST[Stage.APPRAISAL])
    advances = Advance.objects.filter(project__in=scope, state=AdvanceState.PAID)
    for paid_to, kind in advances.values_list("project_id", "kind"):
        paid[Stage.REMAINDER if kind == AdvanceKind.REMAINDER else Stage.FIRST_ADVANCE].add(paid_to)
    there = set(
        DossierItem.objects.filter(dossier__in=scope.values("dossier"), requirement__isnull=False).values_list(
            "dossier_id", "requirement_id"
        )
    )
    asked: dict[tuple[str, str, date, tuple[str, ...]], list[Requirement]] = {}
    found = []
    for project in scope.only("pk", "code", "title", "kind", "level", "state", "dossier", "rules_on", "year").order_by(
        "-year", "-code"
    ):
        stages = [stage for stage, states in _PAST.items() if project.state in states]
        if project.level != Level.NATIONAL and Stage.REGISTRATION in stages:
            stages.remove(Stage.REGISTRATION)  # only national projects are registered with the agency
        stages += [stage for stage, keys in paid.items() if project.pk in keys]
        on = project.rules_on or date(project.year, 1, 1)
        key = (project.kind, project.level, on, tuple(stages))
        if key not in asked:
            asked[key] = [row for row in rows if row.stage in stages and _binds(row, project, on=on, own=own)]
        lacking = [row.title for row in asked[key] if (project.dossier_id, row.pk) not in there]
        if lacking:
            found.append(Lacking(project, lacking))
    return found


def _binds(row: Requirement, project: Project, *, on: date, own: set[tuple[str, str]]) -> bool:
    """National lines are followed by analogy where the level has none of its own."""
    if not row.holds_on(on) or row.project_kind not in ("", project.kind):
        return False
    has_own = bool({(row.stage, ""), (row.stage, project.level)} & own)
    return row.level in ("", project.level) if has_own else row.level == Level.NATIONAL


def _one_year(frame: Frame) -> Frame:
    return frame if frame.year is not None else replace(frame, year=clock.today().year)


def _told_lacking(row: Lacking) -> Finding:
    first = "; ".join(row.papers[:3])
    more = _(" và %(count)s giấy tờ khác") % {"count": len(row.papers) - 3} if len(row.papers) > 3 else ""
    return Finding(
        _("%(state)s, thiếu: %(papers)s%(more)s.")
        % {"state": row.project.get_state_display(), "papers": first, "more": more},
        row.project,
    )


# ---- over the norm ----


@dataclass(frozen=True, slots=True)
class Over:
    beneficiary: Beneficiary
    source: str
    amount: int
    ceiling: int
    norm: SupportNorm


def over_norm(frame: Frame) -> list[Over]:
    """Support of one beneficiary beyond the most that the row of its line could give on the day whose rules the project
    follows, priority multiplier included whether it was proved or not: what stands here is over in any case.  Lines without
    a row of that day are not judged.  Two queries, one plan year."""
    frame = _one_year(frame)
    norms: dict[str, list[SupportNorm]] = {}
    bonus: list[SupportNorm] = []
    for norm in SupportNorm.objects.select_related("line", "province", "instrument", "derived_from"):
        norms.setdefault(norm.line.code, []).append(norm)
        if norm.line.purpose == Purpose.MULTIPLIER:
            bonus.append(norm)
    helped = Beneficiary.objects.filter(
        project__in=frame.projects().filter(state__in=APPROVED_ON).exclude(norm_line=""), removed_on=None
    ).select_related("project__province", "establishment")
    found = []
    for row in helped.order_by("-project__year", "-project__code", "pk"):
        project = row.project
        on = project.rules_on or row.approved_on or date(project.year, 1, 1)
        for source, level, amount in (
            ("national", Level.NATIONAL, row.national),
            ("local", Level.PROVINCIAL, row.local),
        ):
            if amount <= 0 or row.total <= 0:
                continue
            line = _row(norms.get(project.norm_line, ()), level=level, project=project, on=on)
            ceiling = _ceiling(line, cost=row.total, norms=norms, project=project, on=on)
            if line is None or ceiling is None:
                continue
            factor = _row(bonus, level=level, project=project, on=on)
            if factor is not None and factor.multiplier is not None:
                ceiling = min(row.total, share(ceiling, factor.multiplier))
            if amount > ceiling:
                found.append(Over(row, source, amount, ceiling, line))
    return found


def _row(rows: Iterable[SupportNorm], *, level: str, project: Project, on: date) -> SupportNorm | None:
    for norm in rows:
        here = level == Level.NATIONAL or (norm.province is not None and norm.province.code == project.province.code)
        if norm.level == level and here and norm.holds_on(on):
            return norm
    return None


def _ceiling(
    norm: SupportNorm | None, *, cost: int, norms: dict[str, list[SupportNorm]], project: Project, on: date
) -> int | None:
    if norm is None:
        return None
    if norm.derived_from is not None and norm.multiplier is not None:
        base = _row(norms.get(norm.derived_from.code, ()), level=norm.level, project=project, on=on)
        least = _ceiling(base, cost=cost, norms=norms, project=project, on=on)
        return None if least is None else min(cost, share(least, norm.multiplier))
    limits = [] if norm.cap is None else [norm.cap]
    if norm.percent is not None:
        limits.append(share(cost, norm.percent / Decimal(100)))
    return min(limits) if limits else None


def _told_over(row: Over) -> Finding:
    return Finding(
        _("%(name)s: %(source)s %(amount)s đồng, vượt mức cao nhất %(ceiling)s đồng (%(article)s).")
        % {
            "name": row.beneficiary.establishment,
            "source": _("KCQG") if row.source == "national" else _("KCĐP"),
            "amount": dong(row.amount),
            "ceiling": dong(row.ceiling),
            "article": row.norm.citation,
        },
        row.beneficiary.project,
        on=row.beneficiary.project.rules_on,
    )


# ---- exceptions let pass, late recordings ----


def clearances(frame: Frame) -> QuerySet[Clearance]:
    """Findings of the checks that a person let pass, newest first."""
    found = Clearance.objects.filter(project__in=frame.projects())
    return found.select_related("project", "by", "paper").order_by("-at", "-pk")


def _told_clearance(row: Clearance) -> Finding:
    label = Rule(row.rule).label if row.rule in Rule.values else row.rule
    return Finding(
        _("%(rule)s: %(sentence)s Lý do: %(reason)s. Người chấp nhận: %(by)s.")
        % {"rule": label, "sentence": row.sentence, "reason": row.reason.rstrip("."), "by": row.by},
        row.project,
        on=row.on,
    )


def late_recordings(frame: Frame) -> QuerySet[Event]:
    """Steps written down more than five working days after their legal day (``audit.queries.late``), newest first.

    The database takes those that are late on any calendar; only what lies between four days and three weeks is reckoned in
    working days.  One query, and the list's own.
    """
    found = frame.events().filter(on__isnull=False).exclude(action__in=ENTERED_AS_PAST)
    between = found.filter(at__gt=_days_after(NEVER_LATE), at__lte=_days_after(SURELY_LATE))
    doubtful = [event.pk for event, _days in journal.late(between.only("pk", "on", "at"))]
    return found.filter(Q(at__gt=_days_after(SURELY_LATE)) | Q(pk__in=doubtful))


def _days_after(gap: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(F("on") + Value(gap), output_field=DateTimeField())


def _told_late(event: Event) -> Finding:
    written = timezone.localtime(event.at)  # noqa: TID251 - the moment is the line's own, not the clock's
    return Finding(
        _("%(act)s: %(who)s ghi ngày %(written)s, sau ngày pháp lý %(on)s.")
        % {"act": event.label, "who": event.actor, "written": f"{written:%d/%m/%Y}", "on": f"{event.on:%d/%m/%Y}"},
        subject=event.subject,
        on=event.on,
    )


# ---- orders, invoices, advances, originals ----


def impossible_orders(frame: Frame) -> list[contracts.Disorder]:
    """Days in an order that cannot be, of one plan year.  The database finds the projects, ``contracts`` tells the days."""
    scope = _one_year(frame).projects().order_by().values("pk")
    begun = Subquery(Assignment.objects.filter(project=OuterRef("project")).values("signed_on")[:1])
    passed = Acceptance.objects.filter(
        project=OuterRef("support_contract__assignment__project"), beneficiary=OuterRef("support_contract__beneficiary")
    ).exclude(verdict=Verdict.FAILED)
    bought = Purchase.objects.filter(support_contract__assignment__project__in=scope)
    early = bought.filter(delivered_on=None).filter(Exists(passed)) | bought.filter(
        Exists(passed.filter(on__lt=OuterRef("delivered_on")))
    )
    keys = {
        *Voucher.objects.filter(project__in=scope, removed_at=None, on__lt=begun).values_list("project_id", flat=True),
        *Advance.objects.filter(project__in=scope, requested_on__lt=begun).values_list("project_id", flat=True),
        *early.values_list("support_contract__assignment__project_id", flat=True),
    }
    return contracts.impossible_orders(Project.objects.filter(pk__in=keys)) if keys else []


def _told_order(row: contracts.Disorder) -> Finding:
    return Finding(row.sentence, row.project)


def _told_invoices(rows: Sequence[Any]) -> Finding:
    first = rows[0]
    return Finding(
        _("Hoá đơn %(invoice)s, mã số thuế %(tax)s đứng trong bảng kê của: %(projects)s.")
        % {
            "invoice": str(first),
            "tax": first.seller_tax_code,
            "projects": ", ".join(dict.fromkeys(row.project.code for row in rows)),
        },
        first.project,
        on=first.on,
    )


def open_advances(frame: Frame) -> QuerySet[Project]:
    """Projects not liquidated by the last day of their year with money on account, with ``paid`` and ``spent`` (đồng)."""
    found = contracts.open_after_liquidation_day(_up_to(frame), today=clock.today())
    return found.annotate(paid=_sum(EntryKind.ADVANCED), spent=_sum(EntryKind.SETTLED))


def _sum(kind: str) -> Any:
    lines = Entry.objects.filter(project=OuterRef("pk"), kind=kind).order_by().values("project")
    return Coalesce(Subquery(lines.annotate(told=Sum("amount")).values("told")), Value(0))


def _told_advance(project: Any) -> Finding:
    return Finding(
        _("Năm %(year)s: đã tạm ứng %(paid)s đồng, đã quyết toán %(spent)s đồng, %(state)s.")
        % {
            "year": project.year,
            "paid": dong(project.paid),
            "spent": dong(project.spent),
            "state": project.get_state_display().lower(),
        },
        project,
    )


def without_originals(frame: Frame) -> QuerySet[Project]:
    """Historical dossiers whose papers nobody has brought yet."""
    return _up_to(frame).filter(historical=True, originals_missing=True).order_by("-year", "-code")


def _told_historical(project: Project) -> Finding:
    return Finding(
        _("Hồ sơ lịch sử năm %(year)s, %(state)s, chưa có hồ sơ gốc.")
        % {"year": project.year, "state": project.get_state_display().lower()},
        project,
    )


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "thieu-giay-to",
            gettext_lazy("Thiếu giấy tờ"),
            gettext_lazy(
                "Đề án đã qua một bước mà thiếu giấy tờ bước đó luôn yêu cầu. Giấy tờ chỉ cần khi có điều kiện riêng "
                "xem ở trang đề án."
            ),
            missing_papers,
            _told_lacking,
        ),
        Kind(
            "vuot-dinh-muc",
            gettext_lazy("Vượt định mức"),
            gettext_lazy("Mức hỗ trợ lớn hơn mức cao nhất của dòng định mức ngày đó, đã kể cả hệ số ưu tiên."),
            over_norm,
            _told_over,
        ),
        Kind(
            "ngoai-le",
            gettext_lazy("Ngoại lệ do người chấp nhận"),
            gettext_lazy("Điều chưa đạt mà một người đã cho qua, kèm lý do."),
            clearances,
            _told_clearance,
        ),
        Kind(
            "ghi-muon",
            gettext_lazy("Ghi muộn"),
            gettext_lazy("Bước ghi vào hệ thống sau ngày pháp lý hơn 5 ngày làm việc; hồ sơ lịch sử không tính."),
            late_recordings,
            _told_late,
        ),
        Kind(
            "sai-thu-tu",
            gettext_lazy("Thứ tự không thể có"),
            gettext_lazy("Hoá đơn, tạm ứng trước hợp đồng; nghiệm thu trước bàn giao."),
            impossible_orders,
            _told_order,
        ),
        Kind(
            "trung-hoa-don",
            gettext_lazy("Trùng hoá đơn"),
            gettext_lazy("Cùng mã số thuế, ký hiệu, số, đứng trong bảng kê của hai đề án."),
            lambda frame: contracts.duplicate_invoices(frame.projects()),
            _told_invoices,
        ),
        Kind(
            "tam-ung-qua-han",
            gettext_lazy("Tạm ứng còn treo sau hạn thanh lý"),
            gettext_lazy("Đề án của năm đã hết hạn thanh lý còn tiền tạm ứng, chưa thanh lý; kể cả các năm trước."),
            open_advances,
            _told_advance,
        ),
        Kind(
            "chua-co-goc",
            gettext_lazy("Hồ sơ lịch sử chưa có bản gốc"),
            gettext_lazy("Đề án nhập từ trước khi dùng hệ thống, chưa có hồ sơ gốc kèm theo; kể cả các năm trước."),
            without_originals,
            _told_historical,
        ),
    )
}
