"""Establishments found, compared and followed through what the State has given them."""

from khuyencong.establishments.queries.catalogues import clusters, in_craft_village, products, villages
from khuyencong.establishments.queries.duplicates import Candidate, Pair, dismissed, duplicate_pairs, duplicates_of
from khuyencong.establishments.queries.records import (
    FLAGS,
    all_of,
    carried,
    invariants,
    search,
    standing,
    together,
    with_flag,
    with_text,
)
from khuyencong.establishments.queries.supports import Evidence, supported_before

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
    "in_craft_village",
    "invariants",
    "products",
    "search",
    "standing",
    "supported_before",
    "together",
    "villages",
    "with_flag",
    "with_text",
]
