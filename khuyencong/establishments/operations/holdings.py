"""What it is year by year, and what stands there."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.establishments import rules
from khuyencong.establishments.models import Establishment, Machine, Photo, YearlyFacts
from khuyencong.establishments.operations.shared import editor, refuse_merged
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User


@transaction.atomic
def record_year(
    establishment: Establishment,
    *,
    year: int,
    by: User,
    workers: int | None = None,
    women: int | None = None,
    minority: int | None = None,
    revenue: int | None = None,
    export: int | None = None,
    local_material_percent: Decimal | None = None,
    source: str = "",
) -> YearlyFacts:
    """The facts of one year, whole; money in đồng.  Told again, they replace what was told of that year.

    Raises Invalid for a year that has not come and for parts greater than their whole.
    """
    editor(by, establishment)
    refuse_merged(establishment)
    if not rules.year_fits(year, this_year=clock.today().year):
        raise Invalid(year=_("Năm phải từ 1990 đến %(year)s.") % {"year": clock.today().year})
    if revenue is not None and export is not None and export > revenue:
        raise Invalid(export=_("Xuất khẩu không thể lớn hơn doanh thu."))
    facts = establishment.years.select_for_update().filter(year=year).first() or YearlyFacts(
        establishment=establishment, year=year
    )
    facts.workers, facts.women, facts.minority = workers, women, minority
    facts.revenue, facts.export, facts.local_material_percent = revenue, export, local_material_percent
    facts.source = " ".join(source.split())[:200]
    checked(facts).save()
    record("establishment.record_year", establishment, by=by, year=year)
    return facts


@transaction.atomic
def add_machine(
    establishment: Establishment,
    *,
    name: str,
    by: User,
    serial: str = "",
    capacity: str = "",
    made_in: str = "",
    bought_year: int | None = None,
) -> Machine:
    """A machine that stands there.  The same serial number may be told once for an establishment."""
    editor(by, establishment)
    refuse_merged(establishment)
    key = rules.serial_key(serial)
    if key and establishment.machines.filter(serial_key=key).exists():
        raise Invalid(serial=_("Cơ sở này đã có máy mang số %(serial)s.") % {"serial": serial.strip()})
    machine = Machine(
        establishment=establishment,
        name=" ".join(name.split()),
        serial=serial.strip(),
        capacity=capacity.strip(),
        made_in=made_in.strip(),
        bought_year=bought_year,
    )
    checked(machine).save()
    record("establishment.add_machine", establishment, by=by, machine=machine.name, serial=machine.serial)
    return machine


@transaction.atomic
def remove_machine(machine: Machine, *, by: User, reason: str) -> None:
    """A machine was sold, scrapped or told by mistake; the journal keeps that it was there, and why it went."""
    editor(by, machine.establishment)
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    record(
        "establishment.remove_machine",
        machine.establishment,
        by=by,
        machine=machine.name,
        serial=machine.serial,
        reason=reason.strip(),
    )
    machine.delete()


@transaction.atomic
def add_photo(establishment: Establishment, *, file: StoredFile, by: User, caption: str = "") -> Photo:
    """A picture of the place or of what is made there.  The same picture twice changes nothing."""
    editor(by, establishment)
    refuse_merged(establishment)
    if not file.is_picture:
        raise Invalid(file=_("Hãy chọn một tệp ảnh."))
    known = establishment.photos.filter(file__digest=file.digest).first()
    if known is not None:
        return known
    photo = Photo(establishment=establishment, file=file, caption=caption.strip()[:200], actor_id=by.pk)
    checked(photo).save()
    record("establishment.add_photo", establishment, by=by, file=file.name)
    return photo
