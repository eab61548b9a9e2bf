"""Establishments with their facts, products and recognitions."""

import datetime as dt

from benchmarks import establishments as invented
from benchmarks.data.country import Country
from benchmarks.data.rows import MILLION, NOW, SEED, VIETNAM, Writer, day_of
from khuyencong.base.text import fold, sort_key


def write_establishments(country: Country) -> None:
    from khuyencong.establishments.models import name_key

    pick = country.pick
    establishment = country.writer(
        "establishments.Establishment",
        *(
            "organisation_id",
            "name",
            "folded",
            "key",
            "sort_key",
            "legal_form",
            "tax_code",
            "province_id",
            "commune_id",
        ),
        *("representative", "phone", "sector", "main_product", "woman_owned", "minority_owned", "craft_village_id"),
        *("cluster_id", "place_text", "changed_at"),
    )
    facts = country.writer("establishments.YearlyFacts", "establishment_id", "year", "workers", "women", "revenue")
    product = country.writer("establishments.Product", "establishment_id", "name", "folded", "group")
    supported = country.writer(
        "establishments.SupportedItem",
        *("establishment_id", "item", "folded", "amount", "source", "on", "serial", "serial_key"),
    )
    village = country.writer("establishments.CraftVillage", "name", "folded", "craft", "province_id", "commune_id")
    cluster = country.writer("establishments.Cluster", "name", "folded", "province_id", "commune_id", "founded_on")
    recognised = country.writer("establishments.Recognition", "product_id", "level", "year", "decision")
    villages, clusters = {}, {}
    for commune in country.communes[::6]:
        name = f"Làng nghề {pick.choice(invented.TRADE)} {commune.name}"
        villages[commune.pk] = village.add(name, fold(name), "", commune.province_id, commune.pk)
        name = f"Cụm công nghiệp {commune.name}"
        clusters[commune.pk] = cluster.add(name, fold(name), commune.province_id, commune.pk, dt.date(2010, 5, 1))
    changed = dt.datetime(NOW - 1, 6, 1, 8, tzinfo=VIETNAM)
    country.establishments_of: dict[int, list[tuple[int, int, str, int]]] = {p.pk: [] for p in country.provinces}
    wanted = country.sizes.of("establishments")
    lines = invented.rows(wanted, [("", "", "")], seed=SEED)
    for n, row in enumerate(lines):
        if establishment_count(establishment) >= wanted:
            break
        name, commune = row[1], pick.choice(country.communes)
        folded, order, at = fold(name), sort_key(name)[:300], commune.province_id
        form = pick.choice(("household", "household", "enterprise", "cooperative"))
        tax_code = row[2] if n % 2 else ""
        body = country.writer("organisations.Organisation").add(name, folded, order, form, commune.pk, at, tax_code)
        one = establishment.add(
            *(body, name, folded, name_key(name), order, form, tax_code, at, commune.pk, row[7], row[8]),
            *(pick.choice("abcd"), row[9], pick.random() < 0.2, pick.random() < 0.1),
            *(villages.get(commune.pk) if pick.random() < 0.1 else None,),
            *(clusters.get(commune.pk) if pick.random() < 0.1 else None, f"{row[3]}, {commune.full_name}", changed),
        )
        workers = pick.randint(1, 90)
        facts.add(one, NOW - 1, workers, workers // 3, pick.randint(100, 90_000) * MILLION)
        if pick.random() < 0.2:
            made = product.add(one, row[9], fold(row[9]), pick.randint(1, 4))
            if pick.random() < 0.3:
                recognised.add(made, "provincial", NOW - 4, "Quyết định số 1")
        if pick.random() < 0.15:
            item, serial = f"Máy {row[9].lower()}", f"SN{n:07d}"
            supported.add(one, item, fold(item), 200 * MILLION, "KCĐP", day_of(pick, NOW - 4), serial, serial)
        if len(country.establishments_of[at]) < 4_000:
            country.establishments_of[at].append((one, commune.pk, name, body))
    country.flush()
    write_owners(country)


def write_owners(country: Country) -> None:
    """One establishment of each province has a person who signs in for it."""
    user, mandate = country.writers["people.User"], country.writers["people.Mandate"]
    joined = dt.datetime(2015, 1, 1, 8, tzinfo=VIETNAM)
    for province in country.provinces:
        name = f"{province.code}.establishment.1"
        who = user.add(name, "!", "Chủ", "Cơ sở", fold(name), b"co so", province.pk, joined)
        body = country.establishments_of[province.pk][0][3]
        mandate.add(who, "establishment", None, None, body, False, None, dt.date(2015, 1, 1))
    country.flush()


def establishment_count(writer: Writer) -> int:
    return writer.written + len(writer.rows)
