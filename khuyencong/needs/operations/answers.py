"""What communes and establishments answer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked, sent_before
from khuyencong.base.phone import clean_phone
from khuyencong.base.text import fold, uncapitalised
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.files.models import StoredFile
from khuyencong.needs.enums import EntryChannel, NeedKind, NeedState
from khuyencong.needs.models import Call, Need, NeedPhoto, NeedStep, NoNeed
from khuyencong.needs.operations.shared import Actor, body_of, each, take
from khuyencong.people.models import User
from khuyencong.places.models import Unit

MOST_BY_LINK = 40  # needs that one link may bring in a day: more is not a commune, it is a machine
PHOTOS = 6  # of one need


@transaction.atomic
def register(
    call: Call,
    *,
    commune: Unit,
    name: str,
    what: str,
    channel: str,
    by: Actor,
    on: date,
    phone: str = "",
    hamlet: str = "",
    about: int | None = None,
    kind: str = NeedKind.SUPPORT,
    photos: Iterable[StoredFile] = (),
    establishment: Establishment | None = None,
    uid: Any = None,
    invented: bool = False,
) -> Need:
    """One need of one establishment.  ``about`` is in đồng.  A client may supply ``uid``: the same sent twice is one need.

    A need after the deadline is taken and marked late in its first step; before the opening it is refused.  Raises
    Invalid on its fields, NotAllowed outside one's commune.
    """
    authorise(by, Permission.NEED_REGISTER, place=commune, body=establishment.organisation if establishment else None)
    if (same := sent_before(Need, uid, call=call)) is not None:
        return same
    _inside(call, commune, on)
    _not_too_many(call, by, on)
    name, what, hamlet = " ".join(name.split()), " ".join(what.split()), " ".join(hamlet.split())
    pictures = list(photos)
    _says_enough(name, what, pictures)
    need = Need(
        call=call,
        kind=kind,
        establishment=establishment,
        name=name,
        folded=fold(f"{name} {what}")[:220],
        phone=clean_phone(phone),
        hamlet=hamlet,
        what=what,
        about=about,
        channel=channel,
        sent_on=on,
        province=commune.province,
        commune=commune,
        place_unit=commune,
        place_text=commune.address(hamlet),
        invented=invented,
    )
    if uid is not None:
        need.uid = uid
    checked(need).save()
    for photo in pictures:
        NeedPhoto.objects.create(need=need, file=photo)
    NoNeed.objects.filter(call=call, commune=commune).delete()  # the commune has a need after all
    late = on > call.commune_deadline
    with override("vi"):
        note = _("Gửi sau hạn") if late else ""
    taken = {"name": "register", "target": NeedState.SENT, "on": on, "who": str(by), "by_id": by.pk}
    NeedStep.objects.create(need=need, note=note, **taken)
    record("need.register", need, by=by, on=on, channel=channel, late=late)
    return need


def _says_enough(name: str, what: str, pictures: Sequence[StoredFile]) -> None:
    if not name:
        raise Invalid(name=_("Hãy ghi tên cơ sở hoặc người đề nghị."))
    if not what:
        raise Invalid(what=_("Hãy ghi cơ sở cần gì."))
    if len(pictures) > PHOTOS:
        raise Invalid(photos=_("Mỗi nhu cầu kèm nhiều nhất %(most)s ảnh.") % {"most": PHOTOS})


@transaction.atomic
def answer_none(call: Call, *, commune: Unit, channel: str, by: Actor, on: date) -> NoNeed:
    """“Không có nhu cầu” counts as answered.  Raises NotPossible where the commune has needs in this call."""
    authorise(by, Permission.NEED_REGISTER, place=commune)
    _inside(call, commune, on)
    if Need.objects.filter(call=call, commune=commune).exclude(state=NeedState.WITHDRAWN).exists():
        raise NotPossible(_("%(commune)s đã gửi nhu cầu trong đợt này.") % {"commune": commune})
    answer, new = NoNeed.objects.get_or_create(
        call=call,
        commune=commune,
        defaults={"channel": channel, "answered_on": on, "answered_by": str(by)[:120]},
    )
    if new:
        record("need.none", answer, by=by, on=on, channel=channel, commune=str(commune))
    return answer


@transaction.atomic
def correct(need: Need, *, by: Actor, **facts: Any) -> Need:
    """Change what was written while nobody has confirmed it: name, phone, hamlet, what, about, kind.  Raises Invalid on its
    fields, NotPossible afterwards."""
    need = Need.objects.select_for_update(of=("self",)).select_related("commune", "province").get(pk=need.pk)
    authorise(by, Permission.NEED_REGISTER, place=need.commune or need.province, body=body_of(need))
    if need.state != NeedState.SENT:
        raise NotPossible(_("Nhu cầu đã được xác nhận nên không sửa được nữa."))
    facts = {name: " ".join(fact.split()) if isinstance(fact, str) else fact for name, fact in facts.items()}
    for name, sentence in (
        ("name", _("Hãy ghi tên cơ sở hoặc người đề nghị.")),
        ("what", _("Hãy ghi cơ sở cần gì.")),
    ):
        if facts.get(name) == "":
            raise Invalid(**{name: sentence})
    if facts.get("phone", need.phone) != need.phone:  # what was taken before there was a rule does not stop the rest
        facts["phone"] = clean_phone(facts["phone"])
    before = {}
    for field in ("name", "phone", "hamlet", "what", "about", "kind"):
        if field in facts and getattr(need, field) != facts[field]:
            before[field] = getattr(need, field)
            setattr(need, field, facts[field])
    if "hamlet" in before:  # the place as it was written, with the unit of its day
        rest = need.place_text.removeprefix(f"{before['hamlet']}, ")
        inside = f"{need.hamlet}, {uncapitalised(rest)}"
        need.place_text = inside if need.hamlet else rest[:1].upper() + rest[1:]
    if before:
        need.folded = fold(f"{need.name} {need.what}")[:220]
        checked(need).save()
        # a phone number is personal: that it changed is told, not what it was
        record("need.correct", need, by=by, fields=sorted(before))
    return need


@transaction.atomic
def name_establishment(need: Need, *, establishment: Establishment, by: User) -> Need:
    """Say which establishment of the database this need comes from."""
    need = Need.objects.select_for_update(of=("self",)).select_related("commune", "province").get(pk=need.pk)
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=need.commune or need.province)
    need.establishment = establishment
    need.save(update_fields=["establishment"])
    record("need.name_establishment", need, by=by, establishment=str(establishment))
    return need


@transaction.atomic
def confirm(needs: Iterable[Need], *, by: User, on: date, paper: Paper) -> list[Need]:
    """The commune confirms its needs by one letter (a photo of the signed letter is enough), all or none."""
    return [take("confirm", need, by=by, on=on, paper=paper, confirmation=paper) for need in each(needs)]


@transaction.atomic
def withdraw(need: Need, *, by: Actor, on: date, reason: str) -> Need:
    """Whoever asked does not ask any more."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do rút nhu cầu."))
    return take("withdraw", need, by=by, on=on, note=reason.strip())


def _inside(call: Call, commune: Unit, on: date) -> None:
    if commune.province_id != call.province_id:
        raise Invalid(commune=_("%(commune)s không thuộc tỉnh của đợt đăng ký này.") % {"commune": commune})
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if on < call.opens_on:
        raise Invalid(on=_("Đợt đăng ký nhận từ ngày %(day)s.") % {"day": f"{call.opens_on:%d/%m/%Y}"})


def _not_too_many(call: Call, by: Actor, on: date) -> None:
    if by.pk is None and (
        Need.objects.filter(call=call, channel=EntryChannel.LINK, commune_id=by.link.commune_id, sent_on=on).count()
        >= MOST_BY_LINK
    ):
        raise NotPossible(_("Hôm nay liên kết này đã gửi quá nhiều nhu cầu. Hãy gọi cho Trung tâm."))
