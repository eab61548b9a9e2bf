"""Every change to establishments, their products, villages and clusters, and to what was given to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import bulk, clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.phone import clean_phone
from khuyencong.documents.models import Paper
from khuyencong.establishments import queries, rules
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Machine,
    Merger,
    NotDuplicate,
    Photo,
    Product,
    Recognition,
    SupportedItem,
    YearlyFacts,
)
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun, StoredFile
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.organisations.rules import tax_code as clean_tax_code
from khuyencong.people.models import User
from khuyencong.places.enums import Level
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
# What the record that stays may take over from the one that is merged into it.
TAKEN = CHANGEABLE - {"commune", "place_text"}
_PERSONAL = frozenset({"phone", "representative", "tax_code"})
_LEGAL = {"name": "name", "legal_form": "kind", "tax_code": "tax_code", "commune": "place"}


def _place(establishment: Establishment) -> Unit:
    return establishment.commune or establishment.province


def _editor(by: User, establishment: Establishment, *, own: bool = True) -> bool:
    """Authorise; True when ``by`` acts only for his own establishment."""
    place = _place(establishment)
    if by.may(Permission.ESTABLISHMENT_EDIT, place=place):
        return False
    if own and by.may(Permission.ESTABLISHMENT_EDIT_OWN, place=place, body=establishment.organisation):
        return True
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=place)
    return False


def _of_today(unit: Unit, field: str) -> Unit:
    if not unit.is_current or unit.level != Level.COMMUNE:
        raise Invalid(
            **{field: _("“%(unit)s” không phải xã, phường hiện nay. Hãy chọn lại.") % {"unit": unit.full_name}}
        )
    return unit


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
        _of_today(establishment.registered_commune, "registered_commune")


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
    duplicates by name are told by ``queries.duplicates_of`` and decided by a person.
    """
    if commune is not None:
        province = _of_today(commune, "commune").province
    if province is None:
        raise Invalid(commune=_("Hãy chọn xã, phường nơi sản xuất."))
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=commune or province)
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an establishment: {', '.join(sorted(unknown))}")
    facts = _squeezed(facts)
    name = " ".join(name.split())
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
        place=_place(establishment),
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
    if _editor(by, establishment) and not set(facts) <= OWN:
        raise Invalid(
            **dict.fromkeys(
                sorted(set(facts) - OWN), _("Cơ sở không tự sửa được mục này. Hãy báo xã hoặc Trung tâm Khuyến công.")
            )
        )
    unknown = set(facts) - CHANGEABLE
    if unknown:
        raise TypeError(f"not a fact of an establishment: {', '.join(sorted(unknown))}")
    _refuse_merged(establishment)
    facts = _squeezed(facts)
    if "commune" in facts and facts["commune"] is not None and facts["commune"].pk != establishment.commune_id:
        commune = _of_today(facts["commune"], "commune")
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


def _refuse_merged(establishment: Establishment) -> None:
    if establishment.merged_into_id is not None:
        raise NotPossible(
            _("Bản ghi này đã gộp vào “%(name)s”. Hãy làm việc trên bản ghi đó.")
            % {"name": queries.standing(establishment).name}
        )


# --- what it is, year by year --------------------------------------------------------------------------------------


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
    _editor(by, establishment)
    _refuse_merged(establishment)
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
    _editor(by, establishment)
    _refuse_merged(establishment)
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
    _editor(by, machine.establishment)
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
def add_product(
    establishment: Establishment,
    *,
    name: str,
    by: User,
    group: int | None = None,
    is_set: bool = False,
    description: str = "",
    uid: UUID | None = None,
    invented: bool = False,
) -> Product:
    """A product that it makes.  Raises Invalid for one that is there already under this name."""
    _editor(by, establishment)
    _refuse_merged(establishment)
    product = Product(
        establishment=establishment,
        name=" ".join(name.split()),
        group=group,
        is_set=is_set,
        description=description.strip(),
        invented=invented,
    )
    if uid is not None:
        product.uid = uid
    product.derive()
    checked(product, exclude=("folded",))
    if establishment.products.filter(folded=product.folded).exists():
        raise Invalid(name=_("Cơ sở này đã có sản phẩm cùng tên."))
    product.save()
    record("establishment.add_product", establishment, by=by, product=product.name)
    return product


@transaction.atomic
def change_product(product: Product, *, by: User, **facts: Any) -> Product:
    """Correct name, group, is_set or description of a product."""
    _editor(by, product.establishment)
    unknown = set(facts) - {"name", "group", "is_set", "description"}
    if unknown:
        raise TypeError(f"not a fact of a product: {', '.join(sorted(unknown))}")
    for name, value in facts.items():
        setattr(product, name, " ".join(value.split()) if name == "name" else value)
    product.derive()
    others = Product.objects.filter(establishment=product.establishment_id, folded=product.folded).exclude(
        pk=product.pk
    )
    if others.exists():
        raise Invalid(name=_("Cơ sở này đã có sản phẩm cùng tên."))
    checked(product).save()
    record("establishment.change_product", product.establishment, by=by, product=product.name, changed=sorted(facts))
    return product


@transaction.atomic
def add_photo(establishment: Establishment, *, file: StoredFile, by: User, caption: str = "") -> Photo:
    """A picture of the place or of what is made there.  The same picture twice changes nothing."""
    _editor(by, establishment)
    _refuse_merged(establishment)
    if not file.is_picture:
        raise Invalid(file=_("Hãy chọn một tệp ảnh."))
    known = establishment.photos.filter(file__digest=file.digest).first()
    if known is not None:
        return known
    photo = Photo(establishment=establishment, file=file, caption=caption.strip()[:200], actor_id=by.pk)
    checked(photo).save()
    record("establishment.add_photo", establishment, by=by, file=file.name)
    return photo


# --- recognitions and supports: written from above and by imports --------------------------------------------------


def _authorise_any(by: User, permissions: Iterable[Permission], place: Unit) -> None:
    wanted = tuple(permissions)
    if not any(by.may(permission, place=place) for permission in wanted):
        authorise(by, wanted[0], place=place)


@transaction.atomic
def record_recognition(
    product: Product,
    *,
    level: str,
    year: int,
    by: User,
    decision: str = "",
    decided_on: date | None = None,
    valid_to: date | None = None,
    source: str = "",
) -> Recognition:
    """A product was recognised as typical at a level in a year (TT 26/2014 Đ17).  Told again, it completes what is there."""
    place = _place(product.establishment)
    _authorise_any(by, (Permission.ESTABLISHMENT_EDIT, Permission.IMPORT), place)
    recognition = product.recognitions.filter(level=level, year=year).first() or Recognition(
        product=product, level=level, year=year
    )
    if decided_on is not None and decided_on > clock.today():
        raise Invalid(decided_on=_("Ngày quyết định ở tương lai. Hãy kiểm tra lại."))
    recognition.decision = decision.strip() or recognition.decision
    recognition.decided_on = decided_on or recognition.decided_on
    recognition.valid_to = valid_to or recognition.valid_to
    recognition.source = source.strip() or recognition.source
    checked(recognition).save()
    record(
        "establishment.record_recognition",
        product.establishment,
        by=by,
        on=decided_on,
        product=product.name,
        level=level,
        year=year,
        decision=decision,
    )
    return recognition


@transaction.atomic
def record_supported_item(
    establishment: Establishment,
    *,
    item: str,
    amount: int,
    source: str,
    on: date,
    by: User,
    serial: str = "",
    invoice: str = "",
    project_uid: UUID | None = None,
    project_label: str = "",
    uid: UUID | None = None,
) -> SupportedItem:
    """The State has paid for this, ``amount`` đồng on the legal day ``on``.  Called by settlement and by imports.

    May be called by whoever settles, accepts or imports at the place.  The same item of the same project for the same
    establishment with the same machine, invoice, day and amount is recorded once.  Raises Invalid for a negative amount.
    """
    _authorise_any(
        by, (Permission.SETTLE, Permission.ACCEPT, Permission.LIQUIDATE, Permission.IMPORT), _place(establishment)
    )
    row = SupportedItem(
        establishment=establishment,
        item=" ".join(item.split())[:300],
        amount=amount,
        source=source.strip()[:200],
        on=on,
        serial=serial.strip(),
        invoice=invoice.strip(),
        project_uid=project_uid,
        project_label=project_label[:420],
    )
    if uid is not None:
        row.uid = uid
    row.derive()
    same = SupportedItem.objects.filter(
        establishment=establishment,
        folded=row.folded,
        serial_key=row.serial_key,
        invoice_key=row.invoice_key,
        amount=amount,
        on=on,
        project_uid=project_uid,
        withdrawn_on=None,
    ).first()
    if same is not None:
        return same
    checked(row, exclude=("folded",)).save()
    record(
        "establishment.record_supported_item",
        establishment,
        by=by,
        on=on,
        item=row.item,
        amount=amount,
        serial=row.serial,
        project=project_label,
    )
    return row


@transaction.atomic
def withdraw_supported_item(row: SupportedItem, *, by: User, on: date, reason: str) -> SupportedItem:
    """What was recorded as given was not, or was paid back whole.  The row stays and no longer counts."""
    _authorise_any(by, (Permission.SETTLE, Permission.LIQUIDATE, Permission.IMPORT), _place(row.establishment))
    if row.withdrawn_on is not None:
        raise NotPossible(_("Hạng mục này đã được bỏ ghi nhận."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    row.withdrawn_on, row.withdrawn_why = on, reason.strip()[:300]
    row.save()
    record("establishment.withdraw_supported_item", row.establishment, by=by, on=on, item=row.item, reason=reason)
    return row


# --- one establishment, two records --------------------------------------------------------------------------------


@transaction.atomic
def merge(
    establishment: Establishment,
    *,
    into: Establishment,
    by: User,
    reason: str,
    on: date | None = None,
    take: Iterable[str] = (),
) -> Establishment:
    """Two records are one establishment: ``establishment`` goes into ``into``, which is returned.

    Nothing that hangs on either record is moved: needs, projects, facts and supports keep the record they were made for,
    and ``queries.all_of`` gives them together.  ``take`` names fields of which the value of the merged record is better
    (``TAKEN``).  The legal person of the merged record is succeeded by that of the other.  Needs the right to merge at
    both places.  Raises NotPossible for the same record, or one of which either is merged already.
    """
    if establishment.pk == into.pk:
        raise NotPossible(_("Không thể gộp một cơ sở vào chính nó."))
    # always in the same order, so that two people who merge the same pair both ways do not wait for each other
    locked = {
        row.pk: row
        for row in Establishment.objects.select_for_update(of=("self",))
        .filter(pk__in=(establishment.pk, into.pk))
        .order_by("pk")
    }
    old, kept = locked[establishment.pk], locked[into.pk]
    for row in (old, kept):
        authorise(by, Permission.ESTABLISHMENT_MERGE, place=_place(row))
        _refuse_merged(row)
    reason, day, taken = " ".join(reason.split()), on or clock.today(), sorted(set(take))
    if not reason:
        raise Invalid(reason=_("Hãy ghi vì sao hai bản ghi là một cơ sở."))
    if day > clock.today():
        raise Invalid(on=_("Ngày này ở tương lai. Hãy kiểm tra lại."))
    if unknown := set(taken) - TAKEN:
        raise TypeError(f"cannot be taken over: {', '.join(sorted(unknown))}")
    NotDuplicate.objects.filter(first_id=min(locked), second_id=max(locked)).delete()
    old.merged_into = kept
    old.save(update_fields=["merged_into"])
    checked(Merger(old=old, into=kept, reason=reason[:300], on=day, taken=taken, by=by)).save()
    _succeed(old.organisation, kept.organisation, by, day)
    if "vsic_code" in taken or "vsic_version" in taken:
        taken = sorted({*taken, "vsic_code", "vsic_version"})
    if taken:
        kept = change(kept, by=by, **{name: getattr(old, name) for name in taken})
    record("establishment.merge", old, by=by, on=day, into=kept.name, into_id=kept.pk, reason=reason, taken=taken)
    record("establishment.receive_merger", kept, by=by, on=day, merged=old.name, merged_id=old.pk, reason=reason)
    return kept


def _succeed(old: Organisation, new: Organisation, by: User, day: date) -> None:
    if old.ended_on is None and new.ended_on is None:
        organisations.succeed(old, new=new, by=by, on=day, basis=_("Gộp hai bản ghi của một cơ sở"))


@transaction.atomic
def dismiss_duplicate(establishment: Establishment, *, other: Establishment, by: User, reason: str) -> NotDuplicate:
    """A person has looked and says: these are two establishments.  The pair is no longer proposed."""
    for row in (establishment, other):
        authorise(by, Permission.ESTABLISHMENT_MERGE, place=_place(row))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi vì sao đây là hai cơ sở khác nhau."))
    if establishment.pk == other.pk:
        raise NotPossible(_("Phải chọn hai cơ sở khác nhau."))
    first, second = sorted((establishment, other), key=lambda row: row.pk)
    known = NotDuplicate.objects.filter(first=first, second=second).first()
    if known is not None:
        return known
    pair = checked(NotDuplicate(first=first, second=second, reason=reason.strip()[:300], by=by))
    pair.save()
    record(
        "establishment.dismiss_duplicate", first, by=by, other=second.name, other_id=second.pk, reason=reason.strip()
    )
    return pair


# --- craft villages and clusters: by those who work for the province -----------------------------------------------


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
    province = _of_today(commune, "commune").province
    if province is None:  # every commune of today has one
        raise Invalid(commune=_("Không rõ xã, phường này thuộc tỉnh nào."))
    # these are decisions of the province: whoever keeps only a commune does not enter them
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=province)
    return province


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
    decision = " ".join(decision.split()) or (str(paper) if paper else "")
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
    decision = " ".join(decision.split()) or (str(paper) if paper else "")
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
        decision=" ".join(decision.split()) or (str(paper) if paper else ""),
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
    decision = " ".join(decision.split()) or (str(paper) if paper else "")
    if not decision:
        raise Invalid(decision=_("Hãy ghi số và ngày quyết định rút, bãi bỏ."))
    cluster.ended_on, cluster.ending = on, decision
    checked(cluster).save()
    record("cluster.end", cluster, by=by, on=on, paper=paper, decision=decision)
    return cluster


# --- imports: many at once, prepared and checked outside any transaction -------------------------------------------


# What an import knows of a new establishment, in this order; everything else takes its default.
FRESH = (
    "province_id",
    "commune_id",
    "place_text",
    "place_unit_id",
    "name",
    "folded",
    "key",
    "sort_key",
    "legal_form",
    "tax_code",
    "registered_on",
    "registered_address",
    "representative",
    "phone",
    "sector",
    "main_product",
    "woman_owned",
    "minority_owned",
)
FACTS = ("year", "workers", "women", "revenue", "export", "source")


@dataclass(slots=True)
class Fresh:
    """A new establishment: its legal person (known, or as ``organisations.rules.build`` made it) and its ``FRESH`` values.

    Values, not objects: a hundred thousand objects with forty fields each do not fit into a worker.
    """

    organisation: Organisation
    values: tuple[Any, ...]
    year: tuple[Any, ...] | None = None  # ``FACTS``
    pk: int | None = None  # given when it is written


@dataclass(slots=True)
class Batch:
    """What an import writes: new records with what hangs on them, and blanks that are filled in records known already."""

    fresh: list[Fresh] = field(default_factory=list)
    years: list[tuple[Any, ...]] = field(default_factory=list)  # key of a known establishment, then ``FACTS``
    products: list[tuple[Fresh | int, Product]] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)
    fills: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


FILLED = frozenset(
    {"tax_code", "phone", "representative", "main_product", "sector", "vsic_version", "vsic_code", "registered_on"}
    | {"registered_address", "woman_owned", "minority_owned"}
)


@transaction.atomic
def write_batch(
    batch: Batch,
    *,
    by: User,
    province: Unit,
    action: str,
    digest: str,
    counts: dict[str, int],
    run: ImportRun | None = None,
) -> None:
    """Write an import in one short transaction, or nothing of it; one line in the journal with counts and digest.

    Blanks are filled where they are blank still.  Raises NotAllowed, and NotPossible when somebody has registered one of
    the same tax codes meanwhile: then the file is checked again.
    """
    authorise(by, Permission.IMPORT, place=province)
    try:
        with transaction.atomic():
            new = (row.organisation for row in batch.fresh if row.organisation.pk is None)
            organisations.register_many(new, by=by, place=province)
            for row, key in zip(batch.fresh, bulk.reserve(Establishment, len(batch.fresh)), strict=True):
                row.pk = key
            owned = ((row.pk, row.organisation.pk, *row.values) for row in batch.fresh)
            bulk.insert(Establishment, ("id", "organisation_id", *FRESH), owned)
            years = ((row.pk, *row.year) for row in batch.fresh if row.year)
            bulk.insert(YearlyFacts, ("establishment_id", *FACTS), chain(batch.years, years))
            for owner, product in batch.products:
                product.establishment_id = (owner if isinstance(owner, int) else owner.pk) or 0
            bulk.insert_objects(product for _owner, product in batch.products)
            for recognition in batch.recognitions:
                recognition.product_id = recognition.product.pk
            bulk.insert_objects(batch.recognitions)
            _fill(batch.fills)
    except IntegrityError:
        raise NotPossible(
            _(
                "Trong lúc chờ, có người đã ghi một cơ sở cùng mã số thuế hoặc cùng tên. Hãy kiểm tra lại tệp rồi xác nhận."
            )
        ) from None
    record(action, run or province, by=by, digest=digest, counts=counts, province=str(province))
    if run is not None:
        files.finish_import(run, counts=counts, digest=digest)


def _fill(fills: list[tuple[int, dict[str, Any]]]) -> None:
    for start in range(0, len(fills), 500):
        wanted = dict(fills[start : start + 500])
        changed, names = [], set()
        for row in Establishment.objects.filter(pk__in=wanted):
            fresh = {name: value for name, value in wanted[row.pk].items() if getattr(row, name) in ("", None, False)}
            for name, value in fresh.items():
                setattr(row, name, value)
            if fresh:
                changed.append(row)
                names |= fresh.keys()
        if changed:
            Establishment.objects.bulk_update(changed, sorted(names & FILLED), batch_size=200)
