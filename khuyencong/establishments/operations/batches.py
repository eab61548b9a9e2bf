"""Many at once, prepared and checked outside any transaction."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import bulk
from khuyencong.base.errors import NotPossible
from khuyencong.establishments.models import Establishment, Product, Recognition, YearlyFacts
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit

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
    "former",
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
    for piece in bulk.pieces(fills, 500):
        wanted = dict(piece)
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
