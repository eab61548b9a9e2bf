"""Everything that changes a project.  One function, one act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record, record_many
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.money import dong
from khuyencong.base.text import fold, sort_key
from khuyencong.documents import operations as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Dossier, Paper
from khuyencong.establishments.models import Establishment
from khuyencong.needs.models import Need
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects import queries, rules
from khuyencong.projects.enums import (
    APPROVED_ON,
    NEEDS_COUNTERPART,
    Form,
    Kind,
    Level,
    PartNumber,
    ProjectState,
    Rule,
)
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import (
    Beneficiary,
    Clearance,
    CodeCounter,
    CostLine,
    OtherSource,
    Part,
    Project,
    StepTaken,
)

# What of a file may be rewritten before it is sent; money comes from the estimate alone.
_OPEN_FIELDS = frozenset(
    {
        "title",
        "level",
        "form",
        "activity",
        "kind",
        "sector",
        "year",
        "starts_on",
        "ends_on",
        "implementer",
        "partners",
        "needs",
    }
    | {"content", "machine_type", "also", "first_year", "norm_line", "province", "commune", "place_text", "place_unit"}
)
# What a decision may change of an approved project (TT 36/2013 Đ11).
_ADJUSTABLE = frozenset(
    {
        "title",
        "content",
        "machine_type",
        "starts_on",
        "ends_on",
        "commune",
        "place_text",
        "place_unit",
        "partners",
        "implementer",
    }
    | {"granted_national", "granted_local", "granted_counterpart", "granted_other"}
)
_GRANTS = ("granted_national", "granted_local", "granted_counterpart", "granted_other")
_MANY = ("partners", "needs")
_JUDGING = (Permission.PROJECT_APPRAISE, Permission.PROJECT_APPRAISE_MINISTRY)


class Line(TypedDict, total=False):
    """One line of the estimate as it is typed; money in đồng."""

    content: str
    unit: str
    quantity: Decimal | None
    unit_price: int | None
    national: int
    local: int
    counterpart: int
    other: int
    norm_line: str
    beneficiary: Beneficiary | None


class Giver(TypedDict, total=False):
    """One “nguồn khác”: who gives, how much (đồng), by which paper."""

    giver: str
    amount: int
    paper: Paper | None


@dataclass(kw_only=True)
class Helped:
    """A beneficiary of a project that is entered as a whole; money in đồng."""

    establishment: Establishment
    content: str = ""
    total: int = 0
    national: int = 0
    local: int = 0
    counterpart: int = 0


@dataclass(kw_only=True)
class Entry:
    """A project that was decided outside this system: an imported plan row, or one closed before go-live; money in đồng.

    ``state`` counts for historical entries only.  ``granted_…`` default to what was asked.
    """

    title: str
    level: str
    kind: str
    year: int
    province: Unit
    implementer: Organisation
    national: int = 0
    local: int = 0
    counterpart: int = 0
    other: int = 0
    granted_national: int | None = None
    granted_local: int | None = None
    granted_counterpart: int | None = None
    granted_other: int | None = None
    commune: Unit | None = None
    place_text: str = ""
    place_unit: Unit | None = None
    form: str = Form.SINGLE
    activity: int | None = None
    sector: str = ""
    content: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    other_giver: str = ""
    partners: Sequence[Organisation] = ()
    helped: Sequence[Helped] = ()
    state: str = ProjectState.LIQUIDATED
    on: date | None = None  # the day of its last step, where told
    originals_missing: bool = True
    invented: bool = False
    extra: dict[str, Any] = field(default_factory=dict)  # what the file said besides, for the journal


# ---- writing the file ----


@transaction.atomic
def draft(
    *,
    title: str,
    level: str,
    kind: str,
    year: int,
    province: Unit,
    implementer: Organisation,
    by: User,
    commune: Unit | None = None,
    place_text: str = "",
    place_unit: Unit | None = None,
    form: str = Form.SINGLE,
    activity: int | None = None,
    sector: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    content: str = "",
    machine_type: str = "",
    norm_line: str = "",
    also: str = "",
    first_year: str = "",
    partners: Iterable[Organisation] = (),
    needs: Iterable[Need] = (),
    invented: bool = False,
) -> Project:
    """Begin a project file; its code is the next number of its province and year, given once even when two begin at once.

    ``activity`` follows from ``kind`` where it is not given.  Raises Invalid on its fields.
    """
    authorise(by, Permission.PROJECT_DRAFT, place=commune or province, body=implementer)
    project = Project(
        title=" ".join(title.split()),
        level=level,
        kind=kind,
        form=form,
        activity=activity or _activity(kind),
        sector=sector,
        year=year,
        province=province,
        commune=commune,
        place_text=place_text.strip(),
        place_unit=place_unit,
        implementer=implementer,
        starts_on=starts_on,
        ends_on=ends_on,
        content=content.strip(),
        machine_type=machine_type.strip(),
        norm_line=norm_line,
        also=also,
        first_year=first_year.strip(),
        invented=invented,
    )
    _begin_file(project, by=by, partners=partners, needs=needs)
    record("project.draft", project, by=by, level=level, kind=kind, year=year)
    return project


def _activity(kind: str) -> int:
    if kind not in Kind.values:
        raise Invalid(kind=_("Hãy chọn dạng đề án."))
    return rules.activity_of(kind)


def _begin_file(
    project: Project, *, by: User, partners: Iterable[Organisation] = (), needs: Iterable[Need] = ()
) -> None:
    _placed(project)
    _named(project)
    project.code = "-"
    checked(project, exclude=("code", "dossier"))
    project.code = _next_code(project.province, year=project.year)
    _index(project, beneficiaries=[])
    project.dossier = documents.open_dossier(title=str(project)[:300], by=by)
    project.save()
    project.partners.set(partners)
    project.needs.set(needs)


def _placed(project: Project) -> None:
    if project.commune is not None and project.commune.province_id != project.province_id:
        raise Invalid(
            commune=_("%(commune)s không thuộc %(province)s.")
            % {"commune": project.commune, "province": project.province}
        )


def _named(project: Project) -> None:
    project.folded = queries.folded_title(project.title)
    project.sort_key = sort_key(project.title)


def _index(project: Project, *, beneficiaries: Iterable[Beneficiary] | None = None) -> None:
    """The words by which a list finds it: code, title, implementer, beneficiaries."""
    if beneficiaries is None:
        beneficiaries = project.beneficiaries.filter(removed_on=None).select_related("establishment")
    names = " ".join(str(b.establishment) for b in beneficiaries)
    project.words = fold(f"{project.code} {project.title} {project.implementer} {names}")


def _next_code(province: Unit, *, year: int) -> str:
    """``26-66-001``: year, province of today, number.  The counter's row is locked until the act is done."""
    counter, _made = CodeCounter.objects.get_or_create(province=province, year=year)
    counter = CodeCounter.objects.select_for_update().get(pk=counter.pk)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{year % 100:02d}-{province.code}-{counter.last:03d}"


@transaction.atomic
def change(project: Project, *, by: User, **values: Any) -> Project:
    """Rewrite what the file says of itself while it is being written: any of title, level, form, kind, activity, sector, year,
    starts_on, ends_on, implementer, partners, needs, content, machine_type, also, first_year, norm_line, province, commune,
    place_text, place_unit.

    Raises NotPossible once it has been sent, Invalid on its fields.  A change of year or province keeps the code.
    """
    project = _open_file(project, by=by)
    unknown = set(values) - _OPEN_FIELDS
    if unknown:
        raise TypeError(f"not a field of the file: {sorted(unknown)}")
    if {"province", "commune", "implementer"} & set(values):
        authorise(
            by,
            Permission.PROJECT_DRAFT,
            place=values.get("commune", project.commune) or values.get("province", project.province),
            body=values.get("implementer", project.implementer),
        )
    if "kind" in values and "activity" not in values and values["kind"] != project.kind:
        values["activity"] = _activity(values["kind"])
    changed = []
    for name, value in values.items():
        if name in _MANY:
            continue
        if isinstance(value, str):
            value = value.strip()
        if getattr(project, name) != value:
            changed.append(name)
            setattr(project, name, value)
    _placed(project)
    _named(project)
    _index(project)
    checked(project)
    project.save()
    for name in _MANY:
        if name in values:
            getattr(project, name).set(values[name])
            changed.append(name)
    if changed:
        record("project.change", project, by=by, fields=sorted(changed))
    return project


def _open_file(project: Project, *, by: User) -> Project:
    """The locked row of a file that may be written by this person now."""
    project = _locked(project)
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)
    if not project.is_open_to_change:
        raise NotPossible(
            _("Hồ sơ chỉ sửa được khi đang lập; đề án này ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    return project


def _locked(project: Project) -> Project:
    return (
        Project.objects.select_for_update(of=("self",))
        .select_related("province", "commune", "implementer", "dossier")
        .get(pk=project.pk)
    )


@transaction.atomic
def write_part(project: Project, *, number: int, text: str, by: User) -> Part:
    """Write one of the eight parts (TT 36/2013 Đ5).  Writing the same again remembers nothing."""
    project = _open_file(project, by=by)
    if number not in PartNumber.values:
        raise Invalid(number=_("Đề án có tám phần, từ 1 đến 8."))
    part, made = Part.objects.get_or_create(project=project, number=number)
    if made or part.text != text.strip():
        part.text = text.strip()
        part.save(update_fields=["text"])
        record("project.write_part", project, by=by, part=part.get_number_display())
    return part


@transaction.atomic
def set_cost_lines(project: Project, *, lines: Sequence[Line], by: User) -> Project:
    """Put the whole estimate in place of the old one; the project's four amounts become its sums.

    Empty lines are left out.  Raises Invalid with ``line_N`` (N from 1) for a line without content, with a negative amount
    or for somebody who is no beneficiary of the project.
    """
    project = _open_file(project, by=by)
    rows = [line for line in lines if _says_something(line)]
    own = set(project.beneficiaries.filter(removed_on=None).values_list("pk", flat=True))
    faults = {}
    for number, line in enumerate(rows, start=1):
        if not line.get("content", "").strip():
            faults[f"line_{number}"] = _("Dòng %(number)s chưa ghi nội dung chi.") % {"number": number}
        elif any(_amount(line, source) < 0 for source in queries.SOURCES) or (line.get("unit_price") or 0) < 0:
            faults[f"line_{number}"] = _("Dòng %(number)s có số tiền âm.") % {"number": number}
        elif (quantity := line.get("quantity")) is not None and quantity < 0:
            faults[f"line_{number}"] = _("Dòng %(number)s có số lượng âm.") % {"number": number}
        elif (who := line.get("beneficiary")) is not None and who.pk not in own:
            faults[f"line_{number}"] = _("Dòng %(number)s: cơ sở này không phải đơn vị thụ hưởng.") % {"number": number}
    if faults:
        raise Invalid(**faults)
    project.cost_lines.all().delete()
    CostLine.objects.bulk_create(
        CostLine(
            project=project,
            order=number,
            content=" ".join(line["content"].split())[:400],
            unit=line.get("unit", "").strip()[:40],
            quantity=line.get("quantity"),
            unit_price=line.get("unit_price"),
            norm_line=line.get("norm_line", ""),
            beneficiary=line.get("beneficiary"),
            **{source: _amount(line, source) for source in queries.SOURCES},
        )
        for number, line in enumerate(rows, start=1)
    )
    for source in queries.SOURCES:
        setattr(project, source, sum(_amount(line, source) for line in rows))
    project.save(update_fields=[*queries.SOURCES, "changed_at"])
    record("project.set_cost_lines", project, by=by, count=len(rows), total=project.total)
    return project


def _amount(line: Line, source: str) -> int:
    return int(line.get(source) or 0)  # type: ignore[call-overload]


def _says_something(line: Line) -> bool:
    return bool(line.get("content", "").strip()) or any(_amount(line, source) for source in queries.SOURCES)


@transaction.atomic
def set_other_sources(project: Project, *, sources: Sequence[Giver], by: User) -> Project:
    """Name who gives “nguồn khác”, all at once.  Raises Invalid with ``source_N`` for one without giver or amount."""
    project = _open_file(project, by=by)
    rows = [source for source in sources if source.get("giver", "").strip() or source.get("amount")]
    faults = {}
    for number, source in enumerate(rows, start=1):
        if not source.get("giver", "").strip():
            faults[f"source_{number}"] = _("Hãy ghi bên cấp nguồn khác.")
        elif (source.get("amount") or 0) <= 0:
            faults[f"source_{number}"] = _("Số tiền phải lớn hơn 0.")
    if faults:
        raise Invalid(**faults)
    project.other_sources.all().delete()
    OtherSource.objects.bulk_create(
        OtherSource(project=project, giver=s["giver"].strip()[:200], amount=s["amount"], paper=s.get("paper"))
        for s in rows
    )
    record("project.set_other_sources", project, by=by, total=sum(s["amount"] for s in rows))
    return project


# ---- beneficiaries ----


@transaction.atomic
def add_beneficiary(
    project: Project,
    *,
    establishment: Establishment,
    by: User,
    content: str = "",
    total: int = 0,
    national: int = 0,
    local: int = 0,
    counterpart: int = 0,
) -> Beneficiary:
    """One more establishment that the project helps; amounts in đồng, ``total`` is its whole investment (the sum of the
    others where it is not given).

    While the file is written; in a group project also after approval, until the department approves the list (Mẫu 11, TT
    36/2013 Đ23.3).  Raises NotPossible otherwise and where granted money would not suffice.
    """
    project = _open_to_beneficiaries(project, by=by)
    beneficiary = Beneficiary(
        project=project,
        establishment=establishment,
        content=content.strip(),
        total=total or national + local + counterpart,
        national=national,
        local=local,
        counterpart=counterpart,
    )
    if establishment.merged_into_id:
        raise Invalid(establishment=_("Cơ sở này đã gộp vào %(other)s.") % {"other": establishment.merged_into})
    checked(beneficiary)
    _within_grant(project, beneficiary)
    beneficiary.save()
    _index(project)
    project.save(update_fields=["words", "changed_at"])
    record("project.add_beneficiary", project, by=by, establishment=establishment, support=beneficiary.support)
    return beneficiary


@transaction.atomic
def change_beneficiary(
    beneficiary: Beneficiary,
    *,
    by: User,
    content: str | None = None,
    total: int | None = None,
    national: int | None = None,
    local: int | None = None,
    counterpart: int | None = None,
) -> Beneficiary:
    """Correct what is said of a beneficiary that is not yet approved; raises NotPossible for one that is."""
    project = _open_to_beneficiaries(beneficiary.project, by=by)
    _not_yet_approved(beneficiary)
    values = {"total": total, "national": national, "local": local, "counterpart": counterpart}
    for name, value in values.items():
        if value is not None:
            setattr(beneficiary, name, value)
    if content is not None:
        beneficiary.content = content.strip()
    checked(beneficiary)
    _within_grant(project, beneficiary)
    beneficiary.save()
    record("project.change_beneficiary", project, by=by, establishment=beneficiary.establishment)
    return beneficiary


@transaction.atomic
def remove_beneficiary(beneficiary: Beneficiary, *, by: User) -> None:
    """Take out a beneficiary that is not yet approved; lines of the estimate that named it stay without it.  Raises
    NotPossible for an approved one: that is a change by decision."""
    project = _open_to_beneficiaries(beneficiary.project, by=by)
    _not_yet_approved(beneficiary)
    beneficiary.cost_lines.update(beneficiary=None)
    record("project.remove_beneficiary", project, by=by, establishment=beneficiary.establishment)
    beneficiary.delete()
    _index(project)
    project.save(update_fields=["words", "changed_at"])


def _open_to_beneficiaries(project: Project, *, by: User) -> Project:
    project = _locked(project)
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)
    if project.is_open_to_change:
        return project
    later = project.form == Form.GROUP and project.state in (
        ProjectState.APPROVED,
        ProjectState.ASSIGNED,
        ProjectState.RUNNING,
    )
    if not later or project.historical:
        raise NotPossible(
            _(
                "Đơn vị thụ hưởng của đề án “%(state)s” chỉ thay đổi bằng quyết định điều chỉnh"
                " (khoản 2, khoản 4 Điều 11 TT 36/2013/TT-BCT)."
            )
            % {"state": project.get_state_display()}
        )
    return project


def _not_yet_approved(beneficiary: Beneficiary) -> None:
    if beneficiary.approved_on is not None:
        raise NotPossible(
            _(
                "%(name)s đã được duyệt ngày %(day)s; thay đổi phải có quyết định điều chỉnh (Điều 11 TT 36/2013/TT-BCT)."
            )
            % {"name": beneficiary.establishment, "day": f"{beneficiary.approved_on:%d/%m/%Y}"}
        )


def _within_grant(project: Project, beneficiary: Beneficiary) -> None:
    """After approval the beneficiaries together have no more than what was granted."""
    if project.granted is None:
        return
    others = project.beneficiaries.filter(removed_on=None).exclude(pk=beneficiary.pk)
    for source in ("national", "local"):
        granted = getattr(project, f"granted_{source}") or 0
        named = sum(getattr(b, source) for b in others) + getattr(beneficiary, source)
        if named > granted:
            raise NotPossible(
                _("Hỗ trợ cho các đơn vị thụ hưởng cộng lại %(named)s đồng, vượt %(granted)s đồng được duyệt.")
                % {"named": dong(named), "granted": dong(granted)}
            )


@transaction.atomic
def approve_beneficiaries(
    project: Project, *, beneficiaries: Sequence[Beneficiary], by: User, on: date, paper: Paper
) -> list[Beneficiary]:
    """The department approves who is helped in a group project (Mẫu 11; TT 36/2013 Đ21.2a, Đ23.3), before any support
    contract.

    Norm, place and earlier support of each are asked of the day ``on``.  Raises NotPossible with the first sentence that
    stands in the way, for another kind of paper, outside the running of the project, or for one already approved.
    """
    project = _locked(project)
    authorise(by, Permission.BENEFICIARIES_APPROVE, place=project.place, paper=paper)
    if project.form != Form.GROUP:
        raise NotPossible(_("Chỉ đề án nhóm mới duyệt danh sách thụ hưởng sau (Điều 23 TT 36/2013/TT-BCT)."))
    if project.state not in (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING):
        raise NotPossible(_("Danh sách thụ hưởng chỉ duyệt khi đề án đã được phê duyệt và chưa nghiệm thu."))
    _paper_fits(project, paper=paper, kinds=(PaperKind.GROUP_PLAN,), label=_("Duyệt danh sách thụ hưởng"))
    _day_fits(project, on=on, paper=paper)
    chosen = list(
        Beneficiary.objects.filter(
            pk__in=[b.pk for b in beneficiaries], project=project, removed_on=None
        ).select_related("establishment__organisation", "establishment__commune", "establishment__province")
    )
    if not chosen or len(chosen) != len({b.pk for b in beneficiaries}):
        raise NotPossible(_("Hãy chọn đơn vị thụ hưởng của đề án này."))
    for b in chosen:
        if b.approved_on is not None:
            raise NotPossible(_("%(name)s đã được duyệt.") % {"name": b.establishment})
        if project.kind in NEEDS_COUNTERPART and b.counterpart <= 0:
            raise NotPossible(_("%(name)s chưa cam kết đối ứng.") % {"name": b.establishment})
        _within_grant(project, b)
    told = queries.with_clearances(
        project,
        [
            *queries.norm_findings(project, beneficiaries=chosen, lines=(), on=on),
            *queries.place_findings(project, beneficiaries=chosen, on=on),
            *queries.before_findings(project, beneficiaries=chosen, on=on),
        ],
    )
    _refuse(told)
    for b in chosen:
        b.approved_on, b.paper = on, paper
        b.save(update_fields=["approved_on", "paper"])
    StepTaken.objects.create(
        project=project,
        name="beneficiaries",
        source=project.state,
        target=project.state,
        on=on,
        paper=paper,
        by=by,
        note="; ".join(str(b.establishment) for b in chosen)[:500],
    )
    record(
        "project.approve_beneficiaries",
        project,
        by=by,
        on=on,
        paper=paper,
        beneficiaries=[str(b.establishment) for b in chosen],
        support=sum(b.support for b in chosen),
    )
    return chosen


# ---- exceptions ----


@transaction.atomic
def clear_warning(
    project: Project, *, rule: str, reason: str, by: User, on: date, subject: str = "", paper: Paper | None = None
) -> Clearance:
    """Let one finding of the checks pass, with a reason; whoever may sign for the implementer or appraise may do so, and the
    auditor reads it.

    Raises NotPossible where the checks of ``on`` find nothing of the kind or where the law leaves no choice (a verified norm,
    an incomplete file), Invalid(reason=…) without a reason.
    """
    project = _locked(project)
    if not (
        by.may(Permission.PROJECT_APPRAISE, place=project.place)
        or by.may(Permission.PROJECT_APPRAISE_MINISTRY, place=project.place)
    ):
        authorise(by, Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer)
    reason = " ".join(reason.split())
    if len(reason) < 10:
        raise Invalid(reason=_("Hãy ghi rõ lý do chấp nhận ngoại lệ (ít nhất 10 chữ cái)."))
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    found = next(
        (f for f in queries.checks(project, on=on) if f.rule == rule and f.subject == subject and f.refuses), None
    )
    if found is None:
        raise NotPossible(_("Không còn điều nào thuộc loại này cần chấp nhận."))
    if not found.clearable:
        raise NotPossible(
            _("Điều này phải sửa trong hồ sơ, không chấp nhận ngoại lệ được: %(sentence)s") % {"sentence": found.told}
        )
    clearance = Clearance(
        project=project,
        rule=rule,
        subject=subject,
        sentence=found.told[:600],
        reason=reason[:500],
        on=on,
        paper=paper,
        by=by,
    )
    checked(clearance).save()
    record(
        "project.clear_warning",
        project,
        by=by,
        on=on,
        paper=paper,
        rule=str(Rule(rule).label),
        sentence=found.told,
        reason=reason,
    )
    return clearance


# ---- the life of a project ----


@transaction.atomic
def submit(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The implementer's head signs and sends the file (TT 36/2013 Đ6, Đ10).  Raises NotPossible with the first check that
    stands in the way on ``on``."""
    return _take("submit", project, by=by, on=on, paper=paper, checks=True)


@transaction.atomic
def return_(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """Base appraisal asks for completion: the file is open again (TT 36/2013 Đ8)."""
    return _take("return", project, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def appraise(project: Project, *, by: User, on: date, paper: Paper, note: str = "") -> Project:
    """Base appraisal is passed (TT 36/2013 Đ8, Đ9); the rules of ``on`` are those the project keeps.  Raises NotAllowed for
    somebody with a conflict of interest, NotPossible with the first check that stands in the way."""
    return _take("appraise", project, by=by, on=on, paper=paper, note=note, checks=True, rules_on=on)


@transaction.atomic
def fail(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """Base appraisal is not passed (TT 36/2013 Đ9)."""
    return _take("fail", project, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def register(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The department registers a national project with the agency (TT 36/2013 Đ6.1, Đ10.2)."""
    return _take("register", project, by=by, on=on, paper=paper)


@transaction.atomic
def ministry_return(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """The agency asks for completion (TT 36/2013 Đ8)."""
    return _take("ministry_return", project, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def ministry_appraise(project: Project, *, by: User, on: date, paper: Paper, note: str = "") -> Project:
    """Ministry appraisal is passed (TT 36/2013 Đ8, Đ9); the rules of ``on`` are those the project keeps."""
    return _take("ministry_appraise", project, by=by, on=on, paper=paper, note=note, checks=True, rules_on=on)


@transaction.atomic
def ministry_fail(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """Ministry appraisal is not passed (TT 36/2013 Đ9)."""
    return _take("ministry_fail", project, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def approve(
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper,
    granted_national: int | None = None,
    granted_local: int | None = None,
    granted_counterpart: int | None = None,
    granted_other: int | None = None,
) -> Project:
    """Approved in a plan, with what each source gives (đồng; what is not said is as asked).  The numbers are kept as decided:
    later norms do not touch them.

    Named beneficiaries of a single or flagship project are approved with it; those of a group come by Mẫu 11.  Raises
    NotPossible for more than was asked, nothing at all, missing counterpart, or more than the norm of its appraisal allows.
    """
    project = _locked(project)
    grants: dict[str, Any] = {
        "granted_national": project.national if granted_national is None else granted_national,
        "granted_local": project.local if granted_local is None else granted_local,
        "granted_counterpart": project.counterpart if granted_counterpart is None else granted_counterpart,
        "granted_other": project.other if granted_other is None else granted_other,
    }
    _grants_fit(project, grants, asked=True)
    project = _take("approve", project, by=by, on=on, paper=paper, **grants)
    if project.form != Form.GROUP:
        named = list(project.beneficiaries.filter(removed_on=None))
        if len(named) == 1:
            [one] = named
            one.national, one.local = grants["granted_national"], grants["granted_local"]
            one.counterpart = grants["granted_counterpart"]
            one.total = max(one.support + one.counterpart, min(one.total, project.granted_total or 0))
            one.save(update_fields=["national", "local", "counterpart", "total"])
        project.beneficiaries.filter(removed_on=None, approved_on=None).update(approved_on=on, paper=paper)
    return project


def _grants_fit(project: Project, grants: Mapping[str, int], *, asked: bool) -> None:
    if any(amount < 0 for amount in grants.values()):
        raise Invalid(**{name: _("Số tiền không được âm.") for name, amount in grants.items() if amount < 0})
    national, local = grants["granted_national"], grants["granted_local"]
    if asked:
        for source, granted in (("national", national), ("local", local)):
            if granted > getattr(project, source):
                raise NotPossible(
                    _("%(project)s: kinh phí được duyệt %(granted)s đồng vượt %(asked)s đồng đề nghị.")
                    % {"project": project.code, "granted": dong(granted), "asked": dong(getattr(project, source))}
                )
    if national + local <= 0:
        raise NotPossible(_("%(project)s: chưa có kinh phí khuyến công được duyệt.") % {"project": project.code})
    if (
        project.kind in NEEDS_COUNTERPART
        and grants["granted_counterpart"] <= 0
        and not _cleared(project, Rule.COUNTERPART)
    ):
        raise NotPossible(
            _("%(project)s: thiếu đối ứng của đơn vị thụ hưởng (điều kiện hỗ trợ, Điều 7 TTLT 26/2014/TTLT-BTC-BCT).")
            % {"project": project.code}
        )
    _norm_allows(project, grants)


def _cleared(project: Project, rule: str) -> bool:
    return project.clearances.filter(rule=rule).exists()


def _norm_allows(project: Project, grants: Mapping[str, int]) -> None:
    """What is granted for one beneficiary stays within the norm of the appraisal day, counted on the money decided."""
    if not project.norm_line or project.rules_on is None:
        return
    named = queries.helped(project)
    if len(named) > 1 or (project.form == Form.GROUP and not named):
        return  # asked for each of them, when the file was sent or the list is approved
    cost = sum(grants.values())
    for source, level in (("national", Level.NATIONAL), ("local", Level.PROVINCIAL)):
        amount = grants[f"granted_{source}"]
        if amount <= 0:
            continue
        answer = queries.norm_answer(
            project,
            code=project.norm_line,
            cost=cost,
            level=level,
            on=project.rules_on,
            beneficiary=named[0] if named else None,
        )
        if answer is None or not answer.lines or answer.maximum is None or answer.eligible is False:
            continue
        key = f"{named[0].uid if named else ''}:{level}"
        if amount > answer.maximum and not project.clearances.filter(rule=Rule.NORM, subject=key).exists():
            raise NotPossible(
                _("%(project)s: kinh phí được duyệt %(amount)s đồng vượt mức tối đa %(maximum)s đồng. %(explanation)s")
                % {
                    "project": project.code,
                    "amount": dong(amount),
                    "maximum": dong(answer.maximum),
                    "explanation": answer.explanation,
                }
            )


@transaction.atomic
def assign(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """The work is given to the implementer by decision or contract (TT 36/2013 Đ12)."""
    return _take("assign", project, by=by, on=on, paper=paper)


@transaction.atomic
def begin(project: Project, *, by: User, on: date, paper: Paper | None = None) -> Project:
    """The work begins: the first support contract is signed, or the implementer starts (TT 36/2013 Đ23.2).  In a project that
    helps establishments, raises NotPossible before their list is approved."""
    if project.kind in NEEDS_COUNTERPART and not queries.beneficiaries_ready(project):
        raise NotPossible(
            _("Chưa duyệt danh sách đơn vị thụ hưởng (Mẫu 11, khoản 3 Điều 23 TT 36/2013/TT-BCT) nên chưa thể bắt đầu.")
        )
    return _take("begin", project, by=by, on=on, paper=paper)


@transaction.atomic
def accept(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Accepted on site; the department chairs (TT 36/2013 Đ14, Đ21.1)."""
    return _take("accept", project, by=by, on=on, paper=paper)


@transaction.atomic
def settle(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Its money is settled (TT 36/2013 Đ18, Đ19)."""
    return _take("settle", project, by=by, on=on, paper=paper)


@transaction.atomic
def liquidate(project: Project, *, by: User, on: date, paper: Paper) -> Project:
    """Its contract is liquidated (TT 36/2013 Đ18.2)."""
    return _take("liquidate", project, by=by, on=on, paper=paper)


@transaction.atomic
def withdraw(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """The implementer takes its file back before approval (TT 36/2013 Đ11.1)."""
    return _take("withdraw", project, by=by, on=on, paper=paper, note=_reason(reason))


@transaction.atomic
def stop(project: Project, *, reason: str, by: User, on: date, paper: Paper) -> Project:
    """An approved project is stopped by decision (TT 36/2013 Đ11); what was granted is kept to be read, its money is given
    back by ``budgets``."""
    return _take("stop", project, by=by, on=on, paper=paper, note=_reason(reason))


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(reason=_("Hãy ghi lý do."))
    return reason[:500]


def _take(
    name: str,
    project: Project,
    *,
    by: User,
    on: date,
    paper: Paper | None,
    note: str = "",
    checks: bool = False,
    **facts: Any,
) -> Project:
    """Lock, authorise, check, change, remember: the one path to ``project.state``."""
    project = _locked(project)
    workflow = LIFECYCLES[project.level]
    if name not in workflow:
        raise NotPossible(_("Đề án %(level)s không có bước này.") % {"level": project.get_level_display().lower()})
    step = workflow[name]
    authorise(by, Permission(step.permission), place=project.place, body=project.implementer, paper=paper)
    if project.state not in step.sources:
        raise NotPossible(
            _("Không thể “%(step)s”: đề án đang ở trạng thái “%(state)s”.")
            % {"step": step.label, "state": project.get_state_display()}
        )
    if step.paper:
        _paper_fits(project, paper=paper, kinds=(step.paper,), label=str(step.label))
    _day_fits(project, on=on, paper=paper)
    if step.permission in _JUDGING and (conflict := queries.conflict_of(by, project.uid)) is not None:
        raise NotAllowed(
            _("Bạn có xung đột lợi ích với đề án này nên không được thẩm định: %(reason)s")
            % {"reason": conflict.reason}
        )
    if checks:
        _refuse(queries.checks(project, on=on))

    source, project.state = project.state, step.target
    for field_name, value in facts.items():
        setattr(project, field_name, value)
    project.save(update_fields=["state", "changed_at", *facts])
    StepTaken.objects.create(
        project=project, name=name, source=source, target=step.target, on=on, paper=paper, note=note, by=by
    )
    record(f"project.{name}", project, by=by, on=on, paper=paper, **({"note": note} if note else {}), **facts)
    return project


def _paper_fits(project: Project, *, paper: Paper | None, kinds: Sequence[str], label: str) -> None:
    wanted = ", ".join(str(PaperKind(kind).label) for kind in kinds)
    if paper is None:
        raise NotPossible(_("Bước “%(step)s” phải kèm văn bản: %(kind)s.") % {"step": label, "kind": wanted})
    if paper.kind not in kinds:
        raise NotPossible(
            _("Bước “%(step)s” phải kèm đúng loại văn bản: %(kind)s; văn bản đã chọn là %(given)s.")
            % {"step": label, "kind": wanted, "given": paper.get_kind_display()}
        )
    if paper.province_id is not None and paper.province_id != project.province_id:
        raise NotPossible(_("Văn bản %(paper)s thuộc tỉnh khác.") % {"paper": paper})


def _day_fits(project: Project, *, on: date, paper: Paper | None) -> None:
    if on > clock.today():
        raise NotPossible(_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if paper is not None and on < paper.signed_on:
        raise NotPossible(
            _("Ngày thực hiện %(day)s không thể trước ngày ký văn bản %(signed)s.")
            % {"day": f"{on:%d/%m/%Y}", "signed": f"{paper.signed_on:%d/%m/%Y}"}
        )
    last = project.steps.order_by("-on").first()
    if last is not None and on < last.on:
        raise NotPossible(
            _("Ngày %(day)s không thể trước bước liền trước (%(last)s).")
            % {"day": f"{on:%d/%m/%Y}", "last": f"{last.on:%d/%m/%Y}"}
        )


def _refuse(findings: Sequence[rules.Finding]) -> None:
    standing = [finding for finding in findings if finding.refuses]
    if not standing:
        return
    first = standing[0].told
    if len(standing) == 1:
        raise NotPossible(first)
    raise NotPossible(_("%(first)s Còn %(count)s điều khác chưa đạt.") % {"first": first, "count": len(standing) - 1})


# ---- changes by decision; what plans call ----


@transaction.atomic
def adjust(
    project: Project,
    *,
    permission: Permission,
    by: User,
    on: date,
    paper: Paper,
    reason: str = "",
    add: Sequence[Helped] = (),
    remove: Sequence[Beneficiary] = (),
    **values: Any,
) -> Project:
    """Change an approved project by decision: any of granted_national, granted_local, granted_counterpart, granted_other,
    title, content, machine_type, starts_on, ends_on, commune, place_text, place_unit, partners, implementer; and its
    beneficiaries.

    ``plans`` knows which kind of change it is and gives the ``permission`` that decides it (TT 36/2013 Đ11).  ``add`` and
    ``remove`` beneficiaries are approved and ended by the decision itself.  Money of a ledger is moved by ``plans`` and
    ``budgets``, not here.  Raises NotPossible outside the running of the project, for another kind of paper, or where
    beneficiaries would have more than is granted.
    """
    project = _locked(project)
    authorise(by, permission, place=project.place, body=project.implementer, paper=paper)
    if project.state not in (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING) or project.historical:
        raise NotPossible(
            _("Chỉ điều chỉnh được đề án đã phê duyệt và chưa nghiệm thu; đề án này ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    unknown = set(values) - _ADJUSTABLE
    if unknown:
        raise TypeError(f"not to be adjusted: {sorted(unknown)}")
    _paper_fits(
        project,
        paper=paper,
        kinds=(PaperKind.CHANGE_DECISION, PaperKind.PLAN_DECISION, PaperKind.ASSIGNMENT, PaperKind.GROUP_PLAN),
        label=_("Điều chỉnh"),
    )
    _day_fits(project, on=on, paper=paper)
    before: dict[str, Any] = {}
    for name, value in values.items():
        if name == "partners":
            continue
        if name in _GRANTS and value is None:
            continue
        if getattr(project, name) != value:
            before[name] = getattr(project, name)
            setattr(project, name, value)
    if {*_GRANTS} & set(before):
        _grants_fit(project, {name: getattr(project, name) or 0 for name in _GRANTS}, asked=False)
    for b in remove:
        if b.project_id != project.pk or b.removed_on is not None:
            raise NotPossible(_("%(name)s không phải đơn vị thụ hưởng hiện nay của đề án.") % {"name": b.establishment})
        b.removed_on = on
        b.save(update_fields=["removed_on"])
    for one in add:
        b = Beneficiary(
            project=project,
            establishment=one.establishment,
            content=one.content.strip(),
            total=one.total or one.national + one.local + one.counterpart,
            national=one.national,
            local=one.local,
            counterpart=one.counterpart,
            approved_on=on,
            paper=paper,
        )
        checked(b)
        _within_grant(project, b)
        b.save()
    _placed(project)
    _named(project)
    _index(project)
    checked(project)
    project.save()
    if "partners" in values:
        project.partners.set(values["partners"])
    StepTaken.objects.create(
        project=project,
        name="adjust",
        source=project.state,
        target=project.state,
        on=on,
        paper=paper,
        by=by,
        note=" ".join(reason.split())[:500],
    )
    record(
        "project.adjust",
        project,
        by=by,
        on=on,
        paper=paper,
        reason=reason,
        before=before,
        after={name: getattr(project, name) for name in before},
        added=[str(one.establishment) for one in add],
        removed=[str(b.establishment) for b in remove],
    )
    return project


# ---- what was decided elsewhere ----


@transaction.atomic
def record_approved(entries: Sequence[Entry], *, by: User, on: date, paper: Paper, source: str = "") -> list[Project]:
    """Projects that a signed decision has approved, brought in as a list (an imported plan): each lands approved with the
    decision as its step; the file's own checks are not asked again.

    Commitments are made by ``plans``.  One journal line for all, with their count.  Raises NotPossible without a plan
    decision, Invalid with ``row_N`` (N from 1) for an entry that cannot be.
    """
    _may_bring_in(entries, by=by)
    if paper.kind != PaperKind.PLAN_DECISION:
        raise NotPossible(_("Đề án nhập từ kế hoạch phải kèm quyết định phê duyệt kế hoạch."))
    if on > clock.today() or on < paper.signed_on:
        raise NotPossible(_("Ngày phê duyệt không thể ở tương lai hoặc trước ngày ký quyết định."))
    projects = [
        _bring_in(entry, number=number, state=ProjectState.APPROVED, by=by, on=on, paper=paper, historical=False)
        for number, entry in enumerate(entries, start=1)
    ]
    StepTaken.objects.bulk_create(
        StepTaken(
            project=project,
            name="approve",
            source=ProjectState.APPRAISED,
            target=ProjectState.APPROVED,
            on=on,
            paper=paper,
            by=by,
            note=source[:500],
        )
        for project in projects
    )
    record_many(projects, action="project.bring_in", by=by, on=on, paper=paper, source=source)
    return projects


@transaction.atomic
def record_historical(
    entries: Sequence[Entry], *, by: User, source: str = "", paper: Paper | None = None
) -> list[Project]:
    """Projects closed before go-live, at their final state, outside the checks, marked as history (and “chưa có hồ sơ gốc”
    where so); reports and the question of earlier support count them.

    Raises Invalid with ``row_N`` for an entry that cannot be, NotPossible for a state that is no end.
    """
    _may_bring_in(entries, by=by)
    ends = (*APPROVED_ON, ProjectState.FAILED, ProjectState.WITHDRAWN)
    projects = []
    for number, entry in enumerate(entries, start=1):
        if entry.state not in ends:
            raise Invalid(**{f"row_{number}": _("Hồ sơ lịch sử phải ở trạng thái cuối.")})
        projects.append(
            _bring_in(entry, number=number, state=entry.state, by=by, on=entry.on, paper=paper, historical=True)
        )
    StepTaken.objects.bulk_create(
        StepTaken(
            project=project,
            name="history",
            source=project.state,
            target=project.state,
            on=entry.on or date(entry.year, 12, 31) if entry.year < clock.today().year else clock.today(),
            paper=paper,
            by=by,
            note=source[:500],
        )
        for project, entry in zip(projects, entries, strict=True)
    )
    record_many(projects, action="project.record_historical", by=by, paper=paper, source=source)
    return projects


def _may_bring_in(entries: Sequence[Entry], *, by: User) -> None:
    if not entries:
        raise NotPossible(_("Không có đề án nào để ghi."))
    for place in {entry.province for entry in entries}:
        authorise(by, Permission.IMPORT, place=place)


def _bring_in(
    entry: Entry, *, number: int, state: str, by: User, on: date | None, paper: Paper | None, historical: bool
) -> Project:
    granted = state in APPROVED_ON
    project = Project(
        title=" ".join(entry.title.split())[:400],
        level=entry.level,
        kind=entry.kind,
        form=entry.form,
        activity=entry.activity or _activity(entry.kind),
        sector=entry.sector,
        year=entry.year,
        province=entry.province,
        commune=entry.commune,
        place_text=entry.place_text.strip()[:300],
        place_unit=entry.place_unit,
        implementer=entry.implementer,
        content=entry.content.strip(),
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        national=entry.national,
        local=entry.local,
        counterpart=entry.counterpart,
        other=entry.other,
        state=state,
        rules_on=on,
        historical=historical,
        originals_missing=historical and entry.originals_missing,
        invented=entry.invented,
    )
    if granted:
        for source in queries.SOURCES:
            told = getattr(entry, f"granted_{source}")
            setattr(project, f"granted_{source}", getattr(entry, source) if told is None else told)
    try:
        with transaction.atomic():
            _begin_file(project, by=by, partners=entry.partners)
            if entry.other > 0 and entry.other_giver.strip():
                OtherSource.objects.create(
                    project=project, giver=entry.other_giver.strip()[:200], amount=entry.other, paper=paper
                )
            approved_on = on if granted and (project.form != Form.GROUP or historical) else None
            beneficiaries = [
                checked(
                    Beneficiary(
                        project=project,
                        establishment=one.establishment,
                        content=one.content.strip()[:400],
                        total=one.total or one.national + one.local + one.counterpart,
                        national=one.national,
                        local=one.local,
                        counterpart=one.counterpart,
                        approved_on=approved_on,
                        paper=paper if approved_on else None,
                    )
                )
                for one in entry.helped
            ]
            Beneficiary.objects.bulk_create(beneficiaries)
            if beneficiaries:
                _index(project, beneficiaries=beneficiaries)
                project.save(update_fields=["words"])
    except Invalid as refusal:
        raise Invalid(**{f"row_{number}": str(refusal)}) from None
    except IntegrityError:
        raise Invalid(**{f"row_{number}": _("Dòng này mâu thuẫn với dữ liệu đã có.")}) from None
    return project


# ---- the dossier ----


@transaction.atomic
def put_paper(
    project: Project, *, paper: Paper, by: User, requirement: Any = None, party: Organisation | None = None
) -> Dossier:
    """Lay a paper into the project's dossier: the implementer while it runs, appraisers and clerks at any time."""
    project = _locked(project)
    _may_keep(project, by=by)
    dossier = _dossier_of(project, by=by)
    documents.put(dossier, paper=paper, requirement=requirement, party=party, by=by)
    return dossier


@transaction.atomic
def waive_paper(
    project: Project, *, requirement: Any, reason: str, by: User, party: Organisation | None = None
) -> Dossier:
    """Say that a paper of the checklist does not apply to this project, with the reason."""
    project = _locked(project)
    _may_keep(project, by=by)
    dossier = _dossier_of(project, by=by)
    documents.waive(dossier, requirement=requirement, reason=reason, party=party, by=by)
    return dossier


def _may_keep(project: Project, *, by: User) -> None:
    if any(
        by.may(permission, place=project.place, body=project.implementer)
        for permission in (Permission.PROJECT_APPRAISE, Permission.PAPER_RECORD, Permission.VOUCHER_RECORD)
    ):
        return
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)


def _dossier_of(project: Project, *, by: User) -> Dossier:
    if project.dossier is None:
        project.dossier = documents.open_dossier(title=str(project), by=by)
        project.save(update_fields=["dossier", "changed_at"])
    return project.dossier
