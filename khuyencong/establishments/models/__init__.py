"""Cơ sở công nghiệp nông thôn: who they are, what they make, what was given to them."""

from khuyencong.establishments.models.establishments import Establishment, Merger, NotDuplicate
from khuyencong.establishments.models.holdings import Machine, Photo, YearlyFacts
from khuyencong.establishments.models.naming import code_key, name_key
from khuyencong.establishments.models.products import Product, Recognition
from khuyencong.establishments.models.sites import Cluster, CraftVillage, CraftVillageRecognition
from khuyencong.establishments.models.supports import SupportedItem

__all__ = [
    "Cluster",
    "CraftVillage",
    "CraftVillageRecognition",
    "Establishment",
    "Machine",
    "Merger",
    "NotDuplicate",
    "Photo",
    "Product",
    "Recognition",
    "SupportedItem",
    "YearlyFacts",
    "code_key",
    "name_key",
]
