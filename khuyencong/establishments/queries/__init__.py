"""Establishments found, compared and followed through what the State has given them."""

from khuyencong.establishments.queries.catalogues import (
    clusters,
    in_craft_village,
    in_craft_villages,
    products,
    villages,
)
from khuyencong.establishments.queries.duplicates import Candidate, Pair, dismissed, duplicate_pairs, duplicates_of
from khuyencong.establishments.queries.records import (
    FLAGS,
    all_of,
    carried,
    invariants,
    owners,
    records_of,
    search,
    standing,
    together,
    with_flag,
    with_text,
)
from khuyencong.establishments.queries.supports import Evidence, given_by, given_to, supported_before
from khuyencong.establishments.queries.years import yearly

__all__ = [
    "FLAGS",
    "Candidate",
    "Evidence",
    "Pair",
    "all_of",
    "carried",
    "clusters",
    "dismissed",
    "duplicate_pairs",
    "duplicates_of",
    "given_by",
    "given_to",
    "in_craft_village",
    "in_craft_villages",
    "invariants",
    "owners",
    "products",
    "records_of",
    "search",
    "standing",
    "supported_before",
    "together",
    "villages",
    "with_flag",
    "with_text",
    "yearly",
]
