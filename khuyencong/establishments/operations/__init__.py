"""Every change to establishments, their products, villages and clusters, and to what was given to them."""

from khuyencong.establishments.operations.batches import FACTS, FRESH, Batch, Fresh, write_batch
from khuyencong.establishments.operations.holdings import add_machine, add_photo, record_year, remove_machine
from khuyencong.establishments.operations.mergers import TAKEN, dismiss_duplicate, merge
from khuyencong.establishments.operations.names import record_former_name, remove_former_name, rename
from khuyencong.establishments.operations.products import add_product, change_product, record_recognition
from khuyencong.establishments.operations.registration import CHANGEABLE, change, register
from khuyencong.establishments.operations.sites import (
    end_cluster,
    found_cluster,
    recognise_village,
    register_village,
    withdraw_village,
)
from khuyencong.establishments.operations.supports import record_supported_item, withdraw_supported_item

__all__ = [
    "CHANGEABLE",
    "FACTS",
    "FRESH",
    "TAKEN",
    "Batch",
    "Fresh",
    "add_machine",
    "add_photo",
    "add_product",
    "change",
    "change_product",
    "dismiss_duplicate",
    "end_cluster",
    "found_cluster",
    "merge",
    "recognise_village",
    "record_former_name",
    "record_recognition",
    "record_supported_item",
    "record_year",
    "register",
    "register_village",
    "remove_former_name",
    "remove_machine",
    "rename",
    "withdraw_supported_item",
    "withdraw_village",
    "write_batch",
]
