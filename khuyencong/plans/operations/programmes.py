"""Five-year programmes with their targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans.enums import Measure
from khuyencong.plans.models import (
    Programme,
    Target,
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it is typed."""

    indicator: str
    unit: str
    value: Decimal
    measure: str = ""
    source: str = ""
    verified: bool = True


@transaction.atomic
def record_programme(
    *,
    level: str,
    title: str,
    first_year: int,
    last_year: int,
    by: User,
    paper: Paper,
    province: Unit | None = None,
    national: int | None = None,
    local: int | None = None,
    aims: Sequence[Aim] = (),
    invented: bool = False,
) -> Programme:
    """A five-year programme with its targets, as its decision says (NĐ 45/2012 Đ2, as amended).

    Raises NotPossible for another kind of paper, Invalid where a field is wrong or the programme is there already.
    """
    authorise(by, Permission.PLAN_DRAFT, place=province)
    if paper.kind != PaperKind.PROGRAMME_DECISION:
        raise NotPossible(_("Chương trình phải kèm quyết định phê duyệt chương trình."))
    programme = Programme(
        level=level,
        province=province,
        title=" ".join(title.split()),
        first_year=first_year,
        last_year=last_year,
        paper=paper,
        national=national,
        local=local,
        invented=invented,
    )
    checked(programme).save()
    for order, aim in enumerate(aims, start=1):
        _aim(programme, aim, order=order)
    record("programme.record", programme, by=by, paper=paper, targets=len(aims))
    return programme


@transaction.atomic
def set_targets(programme: Programme, *, aims: Sequence[Aim], by: User) -> Programme:
    """Put the targets of a programme as its decision says; what was there before is told to the journal."""
    authorise(by, Permission.PLAN_DRAFT, place=programme.province)
    before = [f"{target.indicator}: {target.value} {target.unit}" for target in programme.targets.all()]
    programme.targets.all().delete()
    for order, aim in enumerate(aims, start=1):
        _aim(programme, aim, order=order)
    record("programme.set_targets", programme, by=by, before=before, targets=len(aims))
    return programme


def _aim(programme: Programme, aim: Aim, *, order: int) -> None:
    if aim.measure and aim.measure not in Measure.values:
        raise Invalid(measure=_("Không tính được chỉ tiêu này từ hồ sơ."))
    target = Target(
        programme=programme,
        indicator=" ".join(aim.indicator.split()),
        unit=" ".join(aim.unit.split()),
        value=aim.value,
        measure=aim.measure,
        source=" ".join(aim.source.split()),
        verified=aim.verified,
        order=order,
    )
    checked(target).save()
