"""Craft villages and clusters: by those who work for the province."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Cluster, CraftVillage, CraftVillageRecognition
from khuyencong.establishments.operations.shared import of_today
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@transaction.atomic
def register_village(
    *, name: str, commune: Unit, by: User, craft: str = "", place_text: str = "", invented: bool = False
) -> CraftVillage:
    """A craft village, not yet recognised.  Raises Invalid for a second one of that name in the commune."""
    province = _provincial(by, commune)
    village = CraftVillage(
        name=" ".join(name.split()),
        craft=" ".join(craft.split()),
        province=province,
        commune=commune,
        place_unit=commune,
        place_text=place_text.strip()[:300],
        invented=invented,
    )
    village.derive()
    if CraftVillage.objects.filter(commune=commune, folded=village.folded).exists():
        raise Invalid(name=_("Xã, phường này đã có làng nghề cùng tên."))
    checked(village, exclude=("folded",)).save()
    record("village.register", village, by=by, craft=village.craft)
    return village


def _provincial(by: User, commune: Unit) -> Unit:
    province = of_today(commune, "commune").province
    if province is None:  # every commune of today has one
        raise Invalid(commune=_("Không rõ xã, phường này thuộc tỉnh nào."))
    # these are decisions of the province: whoever keeps only a commune does not enter them
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=province)
    return province


def _named(decision: str, paper: Paper | None) -> str:
    """Number and day of the decision, as told or as they stand on the paper."""
    return " ".join(decision.split()) or (str(paper) if paper else "")


@transaction.atomic
def recognise_village(
    village: CraftVillage, *, kind: str, decision: str, by: User, on: date, paper: Paper | None = None
) -> CraftVillageRecognition:
    """The provincial committee recognised it from the day ``on`` (NĐ 52/2018 Đ5); ``decision`` is number and day.

    Raises Invalid for a day in the future, NotPossible while a recognition of this kind holds.
    """
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=village.province)
    if on > clock.today():
        raise Invalid(on=_("Ngày công nhận ở tương lai. Hãy kiểm tra lại."))
    decision = _named(decision, paper)
    if not decision:
        raise Invalid(decision=_("Hãy ghi số và ngày quyết định công nhận."))
    for other in village.recognitions.filter(kind=kind):
        if other.valid_to is None or other.valid_to > on:
            raise NotPossible(
                _("%(name)s đã được công nhận từ ngày %(day)s (%(decision)s).")
                % {"name": village.name, "day": f"{other.valid_from:%d/%m/%Y}", "decision": other.decision}
            )
    recognition = CraftVillageRecognition(village=village, kind=kind, decision=decision, valid_from=on, paper=paper)
    checked(recognition).save()
    record("village.recognise", village, by=by, on=on, paper=paper, kind=kind, decision=decision)
    return recognition


@transaction.atomic
def withdraw_village(
    recognition: CraftVillageRecognition, *, decision: str, by: User, on: date, paper: Paper | None = None
) -> CraftVillageRecognition:
    """The recognition was withdrawn; ``on`` is the first day on which it no longer holds."""
    village = recognition.village
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=village.province)
    if recognition.valid_to is not None:
        raise NotPossible(
            _("Công nhận này đã bị thu hồi từ ngày %(day)s.") % {"day": f"{recognition.valid_to:%d/%m/%Y}"}
        )
    if on > clock.today():
        raise Invalid(on=_("Ngày thu hồi ở tương lai. Hãy kiểm tra lại."))
    if on <= recognition.valid_from:
        raise Invalid(on=_("Ngày thu hồi phải sau ngày công nhận."))
    decision = _named(decision, paper)
    if not decision:
        raise Invalid(decision=_("Hãy ghi số và ngày quyết định thu hồi."))
    recognition.valid_to, recognition.withdrawal = on, decision
    checked(recognition).save()
    record("village.withdraw", village, by=by, on=on, paper=paper, decision=decision)
    return recognition


@transaction.atomic
def found_cluster(
    *,
    name: str,
    commune: Unit,
    by: User,
    on: date | None = None,
    decision: str = "",
    area_ha: Decimal | None = None,
    invented: bool = False,
    paper: Paper | None = None,
) -> Cluster:
    """An industrial cluster, founded on ``on`` by ``decision``."""
    province = _provincial(by, commune)
    if on is not None and on > clock.today():
        raise Invalid(on=_("Ngày thành lập ở tương lai. Hãy kiểm tra lại."))
    cluster = Cluster(
        name=" ".join(name.split()),
        province=province,
        commune=commune,
        place_unit=commune,
        founded_on=on,
        decision=_named(decision, paper),
        area_ha=area_ha,
        invented=invented,
    )
    cluster.derive()
    if Cluster.objects.filter(commune=commune, folded=cluster.folded).exists():
        raise Invalid(name=_("Xã, phường này đã có cụm công nghiệp cùng tên."))
    checked(cluster, exclude=("folded",)).save()
    record("cluster.found", cluster, by=by, on=on, paper=paper, decision=cluster.decision)
    return cluster


@transaction.atomic
def end_cluster(cluster: Cluster, *, decision: str, by: User, on: date, paper: Paper | None = None) -> Cluster:
    """The cluster was withdrawn or abolished; ``on`` is the first day on which it is none."""
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=cluster.province)
    if cluster.ended_on is not None:
        raise NotPossible(_("Cụm công nghiệp này đã rút từ ngày %(day)s.") % {"day": f"{cluster.ended_on:%d/%m/%Y}"})
    if on > clock.today():
        raise Invalid(on=_("Ngày rút, bãi bỏ ở tương lai. Hãy kiểm tra lại."))
    if cluster.founded_on is not None and on <= cluster.founded_on:
        raise Invalid(on=_("Ngày rút, bãi bỏ phải sau ngày thành lập."))
    decision = _named(decision, paper)
    if not decision:
        raise Invalid(decision=_("Hãy ghi số và ngày quyết định rút, bãi bỏ."))
    cluster.ended_on, cluster.ending = on, decision
    checked(cluster).save()
    record("cluster.end", cluster, by=by, on=on, paper=paper, decision=decision)
    return cluster
