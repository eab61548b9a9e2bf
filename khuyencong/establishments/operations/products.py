"""What it makes, and what was recognised of it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.models import checked, sent_before
from khuyencong.establishments.models import Establishment, Product, Recognition
from khuyencong.establishments.operations.shared import authorise_any, editor, refuse_merged
from khuyencong.people.models import User


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
    """A product that it makes.  Raises Invalid for one that is there already under this name; the same ``uid`` sent twice is one."""
    editor(by, establishment)
    refuse_merged(establishment)
    if (same := sent_before(Product, uid, establishment=establishment, name=" ".join(name.split()))) is not None:
        return same
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
    editor(by, product.establishment)
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
    place = product.establishment.place
    authorise_any(by, (Permission.ESTABLISHMENT_EDIT, Permission.IMPORT), place)
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
