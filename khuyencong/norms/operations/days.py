"""The calendar corrected by what the government announces."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit import operations as audit
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.calendar import is_working_day
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.norms import queries
from khuyencong.norms.models import ExceptionalDay


@transaction.atomic
def except_day(day: date, *, works: bool, reason: str, source: str, by: Any, on: date) -> ExceptionalDay:
    """From now on ``day`` is worked or free, as the paper named in ``source`` says; one entered wrongly is entered again.

    Raises NotAllowed for whoever does not keep the catalogues of the country; Invalid without reason or source, and where the
    calendar says so already.
    """
    authorise(by, Permission.CATALOGUE_MANAGE)
    known = queries.exceptional_days()
    if is_working_day(day, exceptions=known) == works:
        told = (
            _("Lịch đã tính ngày %(day)s là ngày làm việc.") if works else _("Lịch đã tính ngày %(day)s là ngày nghỉ.")
        )
        raise Invalid(day=told % {"day": f"{day:%d/%m/%Y}"})
    made = ExceptionalDay.objects.filter(day=day).first() or ExceptionalDay(day=day)
    made.works, made.reason, made.source = works, " ".join(reason.split()), " ".join(source.split())
    checked(made, exclude=("folded",)).save()
    audit.record("norms.except_day", made, by=by, on=on, works=works, source=made.source)
    return made
