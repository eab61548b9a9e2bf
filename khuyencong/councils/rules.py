"""Who must not judge whom.  Pure functions from facts to sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from khuyencong.base.text import fold


@dataclass(frozen=True, slots=True)
class Party:
    """A body that stands behind what is judged: the implementer, a beneficiary."""

    name: str
    organisation_id: int | None = None
    tax_code: str = ""
    representative: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, as far as a council may know it."""

    uid: UUID
    label: str
    parties: tuple[Party, ...] = field(default_factory=tuple)


def family_name(name: str) -> str:
    """“Nguyễn Văn An” → “nguyen”; folded, blank for a name of one word (nobody can tell)."""
    words = fold(" ".join(name.split())).split()
    return words[0] if len(words) > 1 else ""


def _address(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def conflict_of(
    *, name: str, organisation_id: int | None, tax_code: str, address: str, parties: Iterable[Party]
) -> str | None:
    """Why this judge must not judge a subject with these parties, or None.

    Asked in this order: he works for a party; he shares its tax code; he is its head; he has the same family name and the
    same address as its head or seat.
    """
    own = _address(address)
    for party in parties:
        if organisation_id is not None and organisation_id == party.organisation_id:
            return _("Làm việc tại %(party)s.") % {"party": party.name}
        if tax_code and tax_code == party.tax_code:
            return _("Cùng mã số thuế với %(party)s.") % {"party": party.name}
        if party.representative and fold(name.strip()) == fold(party.representative.strip()):
            return _("Trùng họ tên với người đại diện của %(party)s.") % {"party": party.name}
        if (
            own
            and family_name(name)
            and family_name(name) == family_name(party.representative)
            and own in {_address(address) for address in party.addresses if address}
        ):
            return _("Cùng họ và cùng địa chỉ với người đại diện của %(party)s.") % {"party": party.name}
    return None
