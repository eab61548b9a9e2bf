"""Invented establishments, craft villages and clusters of one province, with what they were in each year."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from stdnum.vn import mst

from khuyencong.audit.operations import record, record_many
from khuyencong.base.text import fold
from khuyencong.establishments.enums import CraftVillageKind, LegalForm, RecognitionLevel, VsicVersion
from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Machine,
    Product,
    Recognition,
    YearlyFacts,
)
from khuyencong.establishments.rules import serial_key
from khuyencong.organisations import operations as organisations
from khuyencong.organisations import rules
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.tools.demo import names

MILLION = 1_000_000
WORD = {
    LegalForm.ENTERPRISE: "Công ty TNHH",
    LegalForm.COOPERATIVE: "Hợp tác xã",
    LegalForm.COOPERATIVE_GROUP: "Tổ hợp tác",
    LegalForm.HOUSEHOLD: "Cơ sở",
}
_FORMS = (
    [LegalForm.HOUSEHOLD] * 5 + [LegalForm.ENTERPRISE] * 3 + [LegalForm.COOPERATIVE] * 3 + [LegalForm.COOPERATIVE_GROUP]
)
_VILLAGES = (
    ("Làng nghề dệt thổ cẩm", "dệt thổ cẩm"),
    ("Làng nghề bún, bánh khô", "bún, bánh"),
    ("Làng nghề mây tre đan", "mây tre đan"),
)


@dataclass(slots=True)
class Register:
    """What a province has: establishments with their trades, its craft villages, its cluster."""

    establishments: list[Establishment] = field(default_factory=list)
    trades: dict[int, names.Trade] = field(default_factory=dict)
    villages: list[CraftVillage] = field(default_factory=list)
    cluster: Cluster | None = None

    def trade(self, establishment: Establishment) -> names.Trade:
        return self.trades[establishment.pk]


def stems(rng: Random) -> Iterator[str]:
    """Stems without end: each used once with a trade before it comes again with another."""
    while True:
        order = list(names.STEMS)
        rng.shuffle(order)
        yield from order


def tax_code(serial: int) -> str:
    """A code with a right check digit in a range that no tax office gives out: it can be nobody's."""
    for step in range(9):
        body = f"98{(serial * 9 + step) % 10_000_000:07d}"
        if len(check := mst.calc_check_digit(body)) == 1:
            return body + check
    raise ValueError("no code with one check digit in nine")


def register(
    province: Unit, *, communes: list[Unit], number: int, years: list[int], by: User, rng: Random, first: int
) -> Register:
    """``number`` establishments spread over ``communes``, with facts of each year; ``first`` is their first serial number."""
    found = Register()
    _villages(found, province, communes=communes, year=years[0], by=by)
    fresh = stems(rng)
    trades: list[names.Trade] = []
    rows: list[Establishment] = []
    for index in range(number):
        trade = names.TRADES[index % len(names.TRADES)]
        rows.append(_one(trade, next(fresh), communes[index % len(communes)], found, serial=first + index, rng=rng))
        trades.append(trade)
    rows += _written_twice(rows[4])
    trades.append(trades[4])
    organisations.register_many([row.organisation for row in rows], by=by, place=None)
    for row in rows:
        row.organisation = row.organisation  # takes the key that it has by now
    found.establishments = Establishment.objects.bulk_create(rows)
    found.trades = {row.pk: trade for row, trade in zip(rows, trades, strict=True)}
    _facts(found, years=years, rng=rng)
    record_many(rows, action="establishment.register", by=by)
    return found


def _villages(found: Register, province: Unit, *, communes: list[Unit], year: int, by: User) -> None:
    for (words, craft), commune in zip(_VILLAGES, communes[2:], strict=False):
        village = CraftVillage(
            name=f"{words} {commune.name}",
            craft=craft,
            province=province,
            commune=commune,
            place_unit=commune,
            place_text=commune.full_name,
            invented=True,
        )
        village.save()
        found.villages.append(village)
    for place, village in enumerate(found.villages):
        # the last one lost its recognition: what was decided before stays right, what comes after is asked anew
        CraftVillageRecognition.objects.create(
            village=village,
            kind=CraftVillageKind.TRADITIONAL if place == 0 else CraftVillageKind.CRAFT,
            decision=f"{120 + place}/QĐ-UBND",
            valid_from=date(year - 4 + place, 5, 12),
            valid_to=date(year, 9, 1) if place == 2 else None,
            withdrawal=f"{880 + place}/QĐ-UBND" if place == 2 else "",
        )
    commune = communes[5 % len(communes)]
    found.cluster = Cluster(
        name=f"Cụm công nghiệp {commune.name}",
        area_ha="38.50",
        founded_on=date(year - 6, 3, 20),
        decision=f"{year - 6}/QĐ-UBND",
        province=province,
        commune=commune,
        place_unit=commune,
        invented=True,
    )
    found.cluster.save()
    record_many([*found.villages], action="village.register", by=by)
    record("cluster.found", found.cluster, by=by, on=found.cluster.founded_on)


def _one(trade: names.Trade, stem: str, commune: Unit, found: Register, *, serial: int, rng: Random) -> Establishment:
    form = rng.choice(_FORMS)
    owner = names.person(rng, province=commune.province.code)
    hamlet = rng.choice(names.HAMLETS)
    name = f"{WORD[form]} {trade.name} {stem}"
    # a household's tax code would be its owner's personal number: none is invented
    code = tax_code(serial) if form in (LegalForm.ENTERPRISE, LegalForm.COOPERATIVE) else ""
    row = Establishment(
        name=name,
        legal_form=form,
        organisation=rules.build(name=name, kind=form, place=commune, tax_code=code, invented=True),
        tax_code=code,
        registered_on=date(2008 + rng.randrange(14), rng.randrange(1, 13), rng.randrange(1, 28)),
        registered_address=commune.address(hamlet),
        registered_commune=commune,
        representative=names.full(owner),
        phone=f"0900{serial % 1_000_000:06d}",
        sector=trade.sector,
        vsic_version=VsicVersion.V2025,
        vsic_code=trade.vsic,
        main_product=trade.product,
        woman_owned="Thị" in owner[1] or owner[0].startswith("H'"),
        minority_owned=owner[0] not in names.PEOPLES["Kinh"][0],
        cleaner_production=rng.random() < 0.05,
        craft_village=next(
            (v for v in found.villages if v.commune_id == commune.pk and trade.name.split()[0] in v.craft), None
        ),
        cluster=found.cluster if found.cluster and found.cluster.commune_id == commune.pk else None,
        province=commune.province,
        commune=commune,
        place_unit=commune,
        place_text=f"{hamlet}, {commune.named_inside}",
        invented=True,
    )
    row.derive()
    return row


def _written_twice(one: Establishment) -> list[Establishment]:
    """The same establishment as somebody else typed it: the finder of duplicates proposes the two for merging."""
    stem = " ".join(one.name.split()[-3:])
    name = f"CS {fold(one.name.removeprefix(WORD[one.legal_form]).removesuffix(stem).strip())} {stem}"
    row = Establishment(
        name=name,
        legal_form=LegalForm.HOUSEHOLD,
        organisation=rules.build(name=name, kind=LegalForm.HOUSEHOLD, place=one.commune, invented=True),
        representative=one.representative,
        phone=one.phone,
        sector=one.sector,
        main_product=one.main_product,
        province=one.province,
        commune=one.commune,
        place_unit=one.commune,
        place_text=one.commune.full_name if one.commune else "",
        invented=True,
    )
    row.derive()
    return [row]


def _facts(found: Register, *, years: list[int], rng: Random) -> None:
    facts, machines, products = [], [], []
    for row in found.establishments:
        workers, revenue = rng.randrange(4, 60), rng.randrange(9, 240) * 100 * MILLION
        for year in years[:-1] if rng.random() < 0.4 else years:
            women = rng.randrange(0, workers + 1)
            facts.append(
                YearlyFacts(
                    establishment=row,
                    year=year,
                    workers=workers,
                    women=women,
                    minority=rng.randrange(0, workers // 2 + 1),
                    revenue=revenue,
                    export=revenue // 5 if rng.random() < 0.15 else 0,
                    local_material_percent=rng.randrange(40, 101),
                    source="Báo cáo của cơ sở",
                )
            )
            workers, revenue = workers + rng.randrange(0, 4), revenue + revenue // 20
        trade = found.trade(row)
        machine = Machine(
            establishment=row,
            name=trade.machine.split(" và ")[0],
            serial=f"MH-{row.pk:05d}",
            capacity="theo lý lịch máy",
            made_in="Việt Nam",
            bought_year=years[0] - rng.randrange(0, 6),
        )
        machine.serial_key = serial_key(machine.serial)
        machines.append(machine)
        product = Product(
            establishment=row, name=f"{trade.product} {row.name[-12:].strip()}", group=trade.group, invented=True
        )
        product.derive()
        products.append(product)
    YearlyFacts.objects.bulk_create(facts)
    Machine.objects.bulk_create(machines)
    products = Product.objects.bulk_create(products)
    recognitions = []
    for index, product in enumerate(products[: len(products) // 3]):
        year = years[0] - 1 + index % 2
        level = (RecognitionLevel.PROVINCE, RecognitionLevel.DISTRICT, RecognitionLevel.REGION)[index % 3]
        recognitions.append(
            Recognition(
                product=product,
                level=level,
                year=year,
                decision=f"{700 + index}/QĐ-UBND",
                decided_on=date(year, 8, 15),
                valid_to=date(year + 3, 12, 31),
                source="Dữ liệu minh hoạ",
            )
        )
    Recognition.objects.bulk_create(recognitions)
