"""A new establishment, and what is known of it corrected."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked, sent_before
from khuyencong.base.phone import clean_phone
from khuyencong.establishments.models import Establishment
from khuyencong.establishments.operations.shared import editor, of_today, refuse_merged
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.rules import tax_code as clean_tax_code
from khuyencong.people.models import User
from khuyencong.places.models import Unit

# What whoever belongs to the establishment may change himself: what only he knows, nothing that opens a right.
OWN = frozenset({"phone", "representative", "main_product", "registered_address", "registered_commune"})
CHANGEABLE = OWN | {
    "name",
    "legal_form",
    "tax_code",
    "commune",
    "place_text",
    "registered_on",
    "sector",
    "vsic_version",
    "vsic_code",
    "woman_owned",
    "minority_owned",
    "cleaner_production",
    "craft_village",
    "cluster",
    "closed_on",
}
_PERSONAL = frozenset({"phone", "representative", "tax_code"})
_LEGAL = {"name": "name", "legal_form": "kind", "tax_code": "tax_code", "commune": "place"}


def _squeezed(facts: dict[str, Any]) -> dict[str, Any]:
    facts = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in facts.items()}
    if "phone" in facts:
        facts["phone"] = clean_phone(facts["phone"])
    if "tax_code" in facts:
        facts["tax_code"] = clean_tax_code(facts["tax_code"])
    return facts


def _check_days(establishment: Establishment) -> None:
    for name in ("registered_on", "closed_on"):
        day = getattr(establishment, name)
        if day is not None and day > clock.today():
            raise Invalid(**{name: _("Ngày này ở tương lai. Hãy kiểm tra lại.")})
    for name in ("craft_village", "cluster"):
        where = getattr(establishment, name)
        if where is not None and where.province_id != establishment.province_id:
            raise Invalid(**{name: _("“%(name)s” thuộc tỉnh khác với nơi sản xuất.") % {"name": where.name}})
    if establishment.registered_commune is not None:
        of_today(establishment.registered_commune, "registered_commune")


@transaction.atomic
def register(
    *,
    name: str,
    legal_form: str,
    by: User,
    commune: Unit | None = None,
    province: Unit | None = None,
    place_text: str = "",
    place_unit: Unit | None = None,
    uid: UUID | None = None,
    invented: bool = False,
    **facts: Any,
) -> Establishment:
    """A new establishment, with its legal person in the directory of organisations.

    ``commune`` (a unit of today) is where it produces; only where it cannot be told, ``province`` alone.  ``facts``: whatever
    ``change`` changes.  A body that is in the directory already under this tax code (a supplier, a school) becomes the
    establishment's legal person.  Raises Invalid for a wrong tax code or one that another establishment has; possible
    duplicates by name are told by ``queries.duplicates_of`` and decided by a person.  The same ``uid`` sent twice is one.
    """
    if commune is not None:
        province = of_today(commune, "commune").province
    if province is None:
        raise Invalid(commune=_("Hãy chọn xã, phường nơi sản xuất."))
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=commune or province)
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an establishment: {', '.join(sorted(unknown))}")
    facts = _squeezed(facts)
    name = " ".join(name.split())
    if (same := sent_before(Establishment, uid, province=province, name=name)) is not None:
        return same
    establishment = Establishment(
        name=name,
        legal_form=legal_form,
        province=province,
        commune=commune,
        place_text=place_text.strip()[:300],
        place_unit=place_unit or commune,
        invented=invented,
        **facts,
    )
    if uid is not None:
        establishment.uid = uid
    _refuse_taken(establishment)
    _check_days(establishment)
    checked(establishment, exclude=("organisation",))
    establishment.organisation = _legal_person(establishment, by)
    establishment.former = establishment.organisation.former
    checked(establishment)
    establishment.save()
    record("establishment.register", establishment, by=by, legal_form=legal_form)
    return establishment


def _refuse_taken(establishment: Establishment) -> None:
    if not establishment.tax_code:
        return
    others = Establishment.objects.active().filter(tax_code=establishment.tax_code).exclude(pk=establishment.pk)
    if (other := others.first()) is not None:
        raise Invalid(
            tax_code=_("Mã số thuế này đã thuộc cơ sở “%(name)s”. Hãy mở cơ sở đó, hoặc gộp hai bản ghi.")
            % {"name": other.name}
        )


def _legal_person(establishment: Establishment, by: User) -> Organisation:
    if establishment.tax_code:
        known = Organisation.objects.filter(tax_code=establishment.tax_code, ended_on=None).first()
        if known is not None and not Establishment.objects.filter(organisation=known).exists():
            return known
    return organisations.register(
        name=establishment.name,
        kind=establishment.legal_form,
        tax_code=establishment.tax_code,
        place=establishment.place,
        invented=establishment.invented,
        by=by,
    )


@transaction.atomic
def change(establishment: Establishment, *, by: User, on: date | None = None, **facts: Any) -> Establishment:
    """Correct what is known of an establishment.  The journal keeps which fields changed, never telephone, owner or code.

    People of the establishment itself change only ``OWN``.  A move to another commune needs authority there too.  Raises
    NotPossible for a record that was merged into another.
    """
    establishment = Establishment.objects.select_for_update(of=("self",)).get(pk=establishment.pk)
    if editor(by, establishment) and not set(facts) <= OWN:
        raise Invalid(
            **dict.fromkeys(
                sorted(set(facts) - OWN), _("Cơ sở không tự sửa được mục này. Hãy báo xã hoặc Trung tâm Khuyến công.")
            )
        )
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an establishment: {', '.join(sorted(unknown))}")
    refuse_merged(establishment)
    facts = _squeezed(facts)
    if "commune" in facts and facts["commune"] is not None and facts["commune"].pk != establishment.commune_id:
        commune = of_today(facts["commune"], "commune")
        authorise(by, Permission.ESTABLISHMENT_EDIT, place=commune)
        establishment.province_id = commune.province_id or establishment.province_id
        establishment.place_unit = commune
    elif "commune" in facts and facts["commune"] is None:
        facts.pop("commune")  # a place is corrected, never forgotten
    before = {name: getattr(establishment, name) for name in facts}
    for name, value in facts.items():
        setattr(establishment, name, value)
    changed = {name for name, value in facts.items() if value != before[name]}
    if not changed:
        return establishment
    _refuse_taken(establishment)
    _check_days(establishment)
    checked(establishment)
    establishment.save()
    if legal := changed & _LEGAL.keys():
        establishment.organisation = organisations.change(
            establishment.organisation, by=by, on=on, **{_LEGAL[name]: getattr(establishment, name) for name in legal}
        )
    told = {
        name: True if name in _PERSONAL else [str(before[name] or ""), str(getattr(establishment, name) or "")]
        for name in sorted(changed)
    }
    record("establishment.change", establishment, by=by, on=on, changed=told)
    return establishment
