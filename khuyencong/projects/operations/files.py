"""Writing the project file: facts, the eight parts, the estimate, other sources."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents import operations as documents
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.needs.models import Need
from khuyencong.norms.enums import ProjectForm
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.projects import queries
from khuyencong.projects.enums import ACTIVITY_OF, Newness, PartNumber
from khuyencong.projects.models import (
    Beneficiary,
    CodeCounter,
    CostLine,
    OtherSource,
    Part,
    Project,
)
from khuyencong.projects.operations.shared import index, locked, named, placed

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


_MANY = ("partners", "needs")


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
    newness: str
    made_year: int | None
    beneficiary: Beneficiary | None


class Giver(TypedDict, total=False):
    """One “nguồn khác”: who gives, how much (đồng), by which paper."""

    giver: str
    amount: int
    paper: Paper | None


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
    form: str = ProjectForm.SINGLE,
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
    file: StoredFile | None = None,
    invented: bool = False,
) -> Project:
    """Begin a project file; its code is the next number of its province and year, given once even when two begin at once.

    ``activity`` follows from ``kind`` where it is not given; ``file`` is what it was read from, named in the journal.
    Raises Invalid on its fields.
    """
    authorise(by, Permission.PROJECT_DRAFT, place=commune or province, body=implementer)
    project = Project(
        title=" ".join(title.split()),
        level=level,
        kind=kind,
        form=form,
        activity=activity or activity_of(kind),
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
    begin_file(project, by=by, partners=partners, needs=needs)
    read: dict[str, Any] = {"file": file.name, "digest": file.digest} if file is not None else {}
    record("project.draft", project, by=by, level=level, kind=kind, year=year, **read)
    return project


def activity_of(kind: str) -> int:
    if kind not in ACTIVITY_OF:
        raise Invalid(kind=_("Hãy chọn dạng đề án."))
    return ACTIVITY_OF[kind]


def begin_file(
    project: Project, *, by: User, partners: Iterable[Organisation] = (), needs: Iterable[Need] = ()
) -> None:
    placed(project)
    named(project)
    project.code = "-"
    checked(project, exclude=("code", "dossier"))
    project.code = next_code(project.province, year=project.year)
    index(project, beneficiaries=[])
    project.dossier = documents.open_dossier(title=str(project)[:300], by=by)
    project.save()
    project.partners.set(partners)
    project.needs.set(needs)


def next_code(province: Unit, *, year: int) -> str:
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
        values["activity"] = activity_of(values["kind"])
    changed = []
    for name, value in values.items():
        if name in _MANY:
            continue
        if isinstance(value, str):
            value = value.strip()
        if getattr(project, name) != value:
            changed.append(name)
            setattr(project, name, value)
    placed(project)
    named(project)
    index(project)
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
    project = locked(project)
    authorise(by, Permission.PROJECT_DRAFT, place=project.place, body=project.implementer)
    if not project.is_open_to_change:
        raise NotPossible(
            _("Hồ sơ chỉ sửa được khi đang lập; đề án này ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    return project


@transaction.atomic
def write_part(project: Project, *, number: int, text: str, by: User) -> Part:
    """Write one of the eight parts (TT 36/2013 Đ5).  Writing the same again remembers nothing."""
    return _write_part(_open_file(project, by=by), number=number, text=text, by=by)


@transaction.atomic
def write_parts(project: Project, *, texts: Mapping[int, str], by: User) -> Project:
    """Write several of the eight parts, each by its number (TT 36/2013 Đ5): all or none, each as ``write_part`` does."""
    project = _open_file(project, by=by)
    for number, text in texts.items():
        _write_part(project, number=number, text=text, by=by)
    return project


def _write_part(project: Project, *, number: int, text: str, by: User) -> Part:
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

    Empty lines are left out.  Raises Invalid with ``line_N`` (N from 1, empty ones counted, as the table shows them) for a line
    without content, with a negative amount, with a machine made after the plan year, or for somebody who is no beneficiary of the
    project.
    """
    project = _open_file(project, by=by)
    rows = [line for line in lines if _says_something(line)]
    own = set(project.beneficiaries.filter(removed_on=None).values_list("pk", flat=True))
    faults = {}
    for number, line in enumerate(lines, start=1):
        if not _says_something(line):
            continue
        if not line.get("content", "").strip():
            faults[f"line_{number}"] = _("Dòng %(number)s chưa ghi nội dung chi.") % {"number": number}
        elif any(_amount(line, source) < 0 for source in queries.SOURCES) or (line.get("unit_price") or 0) < 0:
            faults[f"line_{number}"] = _("Dòng %(number)s có số tiền âm.") % {"number": number}
        elif (quantity := line.get("quantity")) is not None and quantity < 0:
            faults[f"line_{number}"] = _("Dòng %(number)s có số lượng âm.") % {"number": number}
        elif line.get("newness", "") not in ("", *Newness.values):
            faults[f"line_{number}"] = _("Dòng %(number)s: hãy chọn máy mới hay đã qua sử dụng.") % {"number": number}
        elif (year := line.get("made_year")) is not None and not 0 < year <= project.year:
            faults[f"line_{number}"] = _("Dòng %(number)s: năm sản xuất %(year)s không thể sau năm kế hoạch.") % {
                "number": number,
                "year": year,
            }
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
            newness=line.get("newness", ""),
            made_year=line.get("made_year"),
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
    counted = line.get("quantity") is not None or bool(line.get("unit_price"))
    return counted or bool(line.get("content", "").strip()) or any(_amount(line, source) for source in queries.SOURCES)


@transaction.atomic
def set_other_sources(project: Project, *, sources: Sequence[Giver], by: User) -> Project:
    """Name who gives “nguồn khác”, all at once.  Raises Invalid for one without ``giver`` or ``amount``, the first of each named by
    its place."""
    project = _open_file(project, by=by)
    rows = [source for source in sources if source.get("giver", "").strip() or source.get("amount")]
    faults: dict[str, str] = {}
    for number, source in enumerate(rows, start=1):
        if not source.get("giver", "").strip():
            faults.setdefault("giver", _("Nguồn khác thứ %(number)s: hãy ghi bên cấp.") % {"number": number})
        elif (source.get("amount") or 0) <= 0:
            faults.setdefault("amount", _("Nguồn khác thứ %(number)s: số tiền phải lớn hơn 0.") % {"number": number})
    if faults:
        raise Invalid(**faults)
    project.other_sources.all().delete()
    OtherSource.objects.bulk_create(
        OtherSource(project=project, giver=s["giver"].strip()[:200], amount=s["amount"], paper=s.get("paper"))
        for s in rows
    )
    record("project.set_other_sources", project, by=by, total=sum(s["amount"] for s in rows))
    return project
