"""Who may change a body, and whether it may stand beside the others: asked by every act on one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked
from khuyencong.base.phone import clean_phone
from khuyencong.base.text import fold
from khuyencong.organisations import rules
from khuyencong.organisations.enums import ESTABLISHMENTS, ONE_PER_PLACE
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit


def authorise_for(by: Any, kind: str, place: Unit | None, body: Organisation | None = None) -> None:
    """Bodies of the State belong to the catalogue; establishments to whoever keeps establishments there, or imports."""
    if kind in ESTABLISHMENTS and (
        by.may(Permission.ESTABLISHMENT_EDIT, place=place)
        or by.may(Permission.IMPORT, place=place)
        or (body is not None and by.may(Permission.ESTABLISHMENT_EDIT_OWN, place=place, body=body))
    ):
        return
    if by.may(Permission.IMPORT):
        return  # asked without a place: only the account that loads the catalogue of the whole country
    wanted = Permission.ESTABLISHMENT_EDIT if kind in ESTABLISHMENTS else Permission.CATALOGUE_MANAGE
    authorise(by, wanted, place=place)


def build(*, name: str, kind: str, **facts: Any) -> Organisation:
    """As ``rules.build``, with the telephone cleaned and what is None left out."""
    if "phone" in facts:
        facts["phone"] = clean_phone(facts["phone"])
    return rules.build(name=name, kind=kind, **{field: value for field, value in facts.items() if value is not None})


def check(organisation: Organisation) -> None:
    """Whether it may stand beside those that are kept; raises Invalid on the field that is wrong."""
    if organisation.place is not None and not organisation.place.is_current:
        raise Invalid(
            place=_("“%(place)s” đã được sắp xếp lại. Hãy chọn đơn vị hành chính hiện nay.")
            % {"place": organisation.place}
        )
    others = Organisation.objects.filter(ended_on=None).exclude(pk=organisation.pk)
    if organisation.tax_code and (other := others.filter(tax_code=organisation.tax_code).first()):
        raise Invalid(
            tax_code=_("Mã số thuế %(code)s đã có ở “%(other)s”. Hãy mở tổ chức đó thay vì nhập lại.")
            % {"code": organisation.tax_code, "other": other.name}
        )
    same = others.filter(kind=organisation.kind, place=organisation.place)
    if organisation.kind in ONE_PER_PLACE and organisation.place and (other := same.first()):
        raise Invalid(
            kind=_("%(place)s đã có %(kind)s: “%(other)s”. Nếu là đơn vị kế thừa, hãy ghi nhận việc kế thừa.")
            % {"place": organisation.place, "kind": organisation.get_kind_display(), "other": other.name}
        )
    if organisation.kind not in ESTABLISHMENTS:
        _refuse_namesake(organisation, same)
    founded = organisation.founded_on
    if founded and organisation.former and organisation.named_before.filter(until__lte=founded).exists():
        raise Invalid(founded_on=_("Ngày thành lập phải trước ngày đổi tên đã ghi."))
    checked(organisation)


def _refuse_namesake(organisation: Organisation, same: QuerySet[Organisation]) -> None:
    """No second body of one kind in one place under a name that another bears, or bore before."""
    name = fold(organisation.name)
    for other in same.filter(folded__contains=name[:400]):
        if other.spoken == organisation.spoken:
            raise Invalid(
                name=_("Đã có tổ chức cùng tên, cùng loại ở địa bàn này: “%(name)s”.") % {"name": organisation.name}
            )
        if name in map(fold, other.former_names):
            raise Invalid(
                name=_("“%(name)s” là tên cũ của “%(other)s”. Hãy mở tổ chức đó thay vì nhập lại.")
                % {"name": organisation.name, "other": other.name}
            )
