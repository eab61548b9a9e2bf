"""Everything that changes the directory of organisations, experts and contacts.  One function, one act."""

from khuyencong.organisations.operations.areas import end_area, set_area
from khuyencong.organisations.operations.bodies import change, end, register, register_many, succeed
from khuyencong.organisations.operations.directory import (
    add_expert,
    bring_in_contacts,
    change_expert,
    remove_contact,
    remove_expert,
)
from khuyencong.organisations.operations.following import follow_names, tell_followers
from khuyencong.organisations.operations.names import record_former_name, remove_former_name, rename

__all__ = [
    "add_expert",
    "bring_in_contacts",
    "change",
    "change_expert",
    "end",
    "end_area",
    "follow_names",
    "record_former_name",
    "register",
    "register_many",
    "remove_contact",
    "remove_expert",
    "remove_former_name",
    "rename",
    "set_area",
    "succeed",
    "tell_followers",
]
