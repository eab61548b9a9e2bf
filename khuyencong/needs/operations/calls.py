"""The call of a year, its deadlines, and the personal links to it."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.needs.models import Call, Link
from khuyencong.needs.operations.shared import refuse_paper
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@transaction.atomic
def open_call(
    *,
    province: Unit,
    year: int,
    opens_on: date,
    commune_deadline: date,
    paper: Paper,
    by: User,
    dossier_deadline: date | None = None,
    note: str = "",
    invented: bool = False,
) -> Call:
    """Open the registration of needs for ``year`` by its letter, whose dates win over the norms' defaults.

    Raises Invalid where the dates run backwards or the province has opened this year already, NotPossible where the paper
    is no call letter.
    """
    authorise(by, Permission.CALL_OPEN, place=province, paper=paper)
    refuse_paper(paper, PaperKind.CALL_LETTER)
    if dossier_deadline is not None and dossier_deadline < commune_deadline:
        raise Invalid(dossier_deadline=_("Hạn nộp hồ sơ đề án không được trước hạn của xã."))
    call = checked(
        Call(
            province=province,
            year=year,
            paper=paper,
            opens_on=opens_on,
            commune_deadline=commune_deadline,
            dossier_deadline=dossier_deadline,
            note=note.strip(),
            invented=invented,
        )
    )
    call.save()
    record("call.open", call, by=by, on=paper.signed_on, paper=paper, deadline=commune_deadline)
    return call


@transaction.atomic
def move_deadline(call: Call, *, commune_deadline: date, paper: Paper, by: User) -> Call:
    """Another day for the communes, by another letter."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    authorise(by, Permission.CALL_OPEN, place=call.province, paper=paper)
    refuse_paper(paper, PaperKind.CALL_LETTER)
    before, call.commune_deadline = call.commune_deadline, commune_deadline
    checked(call).save(update_fields=["commune_deadline"])
    record("call.move_deadline", call, by=by, paper=paper, before=before, after=commune_deadline)
    return call


@transaction.atomic
def make_link(call: Call, *, commune: Unit, holder: str, by: User, holder_title: str = "") -> Link:
    """A personal link for one person of one commune, open until the end of the commune's last day.

    Raises Invalid for a commune of another province and for a call whose last day has passed.
    """
    authorise(by, Permission.SURVEY_PLAN, place=commune)
    if commune.province_id != call.province_id or not commune.is_current:
        raise Invalid(commune=_("%(commune)s không thuộc tỉnh của đợt đăng ký này.") % {"commune": commune})
    if call.commune_deadline < clock.today():
        raise Invalid(commune=_("Đợt đăng ký đã hết hạn ngày %(day)s.") % {"day": f"{call.commune_deadline:%d/%m/%Y}"})
    holder = " ".join(holder.split())
    if not holder:
        raise Invalid(holder=_("Hãy ghi tên người nhận liên kết."))
    ends = datetime.combine(call.commune_deadline + timedelta(days=1), time.min, timezone.get_default_timezone())
    link = checked(
        Link(call=call, commune=commune, holder=holder, holder_title=holder_title.strip(), expires_at=ends, by=by)
    )
    link.save()
    record("link.make", link, by=by, commune=str(commune))
    return link


@transaction.atomic
def revoke_link(link: Link, *, by: User) -> Link:
    """Close a link at once (lost phone, changed person).  What came through it stays."""
    link = Link.objects.select_for_update().get(pk=link.pk)
    authorise(by, Permission.SURVEY_PLAN, place=link.commune)
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
        record("link.revoke", link, by=by)
    return link
