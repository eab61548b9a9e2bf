"""What was judged is written, in one short transaction."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base.bulk import pieces
from khuyencong.base.text import fold, sort_key
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments.imports.rows import ESTABLISHMENTS, PRODUCTS, Checked, Row
from khuyencong.establishments.models import Establishment, Product, Recognition
from khuyencong.establishments.operations import FACTS, FRESH, Batch, Fresh, write_batch
from khuyencong.files.models import ImportRun
from khuyencong.organisations import rules as bodies
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User

ACTIONS = {
    ESTABLISHMENTS: "establishment.import",
    PRODUCTS: "establishment.import_products",
}


def write(
    checked: Checked,
    *,
    by: User,
    run: ImportRun | None = None,
    accept: Iterable[tuple[str, int]] = (),
    accept_all: bool = False,
) -> dict[str, int]:
    """Write what was judged new, fill the blanks of what was known, leave out the rest; returns what was written.

    ``accept`` names doubtful rows (sheet and number) that a person has found to be new; ``accept_all`` all of them.  The
    records are prepared here; the database is held only while they are written.
    """
    if accept_all:
        accept = [(row.sheet, row.number) for row in checked.of(RowState.DOUBTFUL)]
    # one tax code stands for one establishment: such a row cannot be accepted as a new one
    rows = [row for row in checked.chosen(accept) if row.verdict is RowState.NEW or not (row.tax_code and row.match)]
    prepare = {ESTABLISHMENTS: prepared, PRODUCTS: prepared_products}[checked.kind]
    batch = prepare(checked, rows)
    changed = checked.of(RowState.CHANGED)
    if checked.kind == ESTABLISHMENTS:
        for row in changed:
            if row.fill:
                batch.fills.append((row.match or 0, row.fill))
            if row.year:
                batch.years.append((row.match, *facts_of(row)))
    counts = {**checked.counts, "written": len(rows), "completed": len(changed)}
    action = ACTIONS[checked.kind]
    write_batch(batch, by=by, province=checked.province, action=action, digest=checked.digest, counts=counts, run=run)
    return counts


@cache
@override("vi")
def source_name() -> str:
    """Where the rows came from, as each record keeps it: in Vietnamese, whoever brings them in, and so put into words once."""
    return _("Nhập từ Excel")


def prepared(checked: Checked, rows: list[Row]) -> Batch:
    known = free_bodies({row.tax_code for row in rows} - {""})
    return Batch(fresh=[fresh_of(row, known) for row in rows])


def facts_of(row: Row) -> tuple[Any, ...]:
    return (*(row.year.get(name) for name in FACTS[:-1]), source_name())


_BLANK = {"registered_on": None, "woman_owned": False, "minority_owned": False}


def fresh_of(row: Row, known: dict[str, Organisation]) -> Fresh:
    province, commune, text, unit = row.place
    body = known.get(row.tax_code)
    if body is None:
        body = bodies.build(
            name=row.name, kind=row.facts["legal_form"], tax_code=row.tax_code, place=commune or province
        )
        folded, order = body.folded, body.sort_key  # of the same name: reckoned once
    else:
        folded, order = fold(" ".join((row.name, *body.former_names))), sort_key(row.name)
    values = (
        province.pk,
        commune and commune.pk,
        text,
        unit and unit.pk,
        row.name,
        folded[:300],
        row.key,
        order[:300],
        body.former,
        *(row.facts.get(name, _BLANK.get(name, "")) for name in FRESH[9:]),
    )
    return Fresh(body, values, facts_of(row) if row.year and "product" not in row.year else None)


def free_bodies(codes: set[str]) -> dict[str, Organisation]:
    """Organisations that stand in the directory under these codes and are no establishment yet."""
    found: dict[str, Organisation] = {}
    for wanted in pieces(sorted(codes), 900):
        rows = Organisation.objects.filter(tax_code__in=wanted, ended_on=None)
        taken = set(Establishment.objects.filter(organisation__in=rows).values_list("organisation_id", flat=True))
        found.update({row.tax_code: row for row in rows if row.pk not in taken})
    return found


def prepared_products(checked: Checked, rows: list[Row]) -> Batch:
    batch = Batch()
    known = free_bodies({row.tax_code for row in rows} - {""})
    owners: dict[tuple, Fresh] = {}
    products = _existing_products(sorted({row.match for row in rows if row.match is not None}))
    made: dict[tuple, Product] = {}
    for row in rows:
        told = dict(row.year)
        name, group = told.pop("product"), told.pop("group")
        owner_key = (row.match,) if row.match is not None else (row.commune_id, row.key, row.tax_code)
        product = products.get((row.match, fold(name)[:220])) or made.get((owner_key, fold(name)[:220]))
        if product is None:
            product = Product(name=name, group=group)
            product.derive()
            if row.match is None and owner_key not in owners:
                owners[owner_key] = fresh_of(row, known)
                batch.fresh.append(owners[owner_key])
            made[(owner_key, product.folded)] = product
            batch.products.append((row.match if row.match is not None else owners[owner_key], product))
        batch.recognitions.append(Recognition(product=product, source=source_name(), **told))
    return batch


def _existing_products(owners: list[int]) -> dict[tuple[int | None, str], Product]:
    found: dict[tuple[int | None, str], Product] = {}
    for wanted in pieces(owners, 900):
        for product in Product.objects.filter(establishment__in=wanted):
            found[(product.establishment_id, product.folded)] = product
    return found
