"""Who may be bound to whom.  Pure functions from facts to sentences; what is found may be a coincidence and is told as such."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.councils.enums import Basis


@dataclass(frozen=True, slots=True)
class Party:
    """A body that stands behind what is judged: the implementer, a beneficiary.  ``communes``: keys of the communes of its seat
    and site; ``earlier``: other subjects that it stood behind."""

    name: str
    organisation_id: int | None = None
    tax_code: str = ""
    representative: str = ""
    addresses: tuple[str, ...] = ()
    communes: frozenset[int] = frozenset()
    earlier: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, as far as a council may know it."""

    uid: UUID
    label: str
    parties: tuple[Party, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Judge:
    """A member as far as conflicts are looked for: he, his body, what he gave for this purpose alone."""

    name: str
    organisation_id: int | None = None
    tax_code: str = ""
    address: str = ""
    commune: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sheet that this judge has given before."""

    subject_uid: UUID
    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Found:
    """A sign of a conflict: on what it rests, and what was seen, in one sentence."""

    basis: Basis
    evidence: str


def family_name(name: str) -> str:
    """“Nguyễn Văn An” → “nguyen”; folded, blank for a name of one word (nobody can tell)."""
    words = fold(" ".join(name.split())).split()
    return words[0] if len(words) > 1 else ""


# Where the house and the street end and the names of units begin; what stands before a house number and means nothing.
_UNIT = re.compile(r"\b(xa|phuong|thi tran|dac khu|quan|huyen|thi xa|thanh pho|tp|tinh|p|x|tt)\b")
_NUMBER = re.compile(r"^(so nha|so|nha so|nha)\s+(?=\d)")


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def _door(text: str) -> str:
    """House, street, hamlet: what of an address names a door, not a unit; blank where it names none."""
    first = text.split(",", 1)[0]
    return _NUMBER.sub("", _UNIT.split(_plain(first), maxsplit=1)[0].strip())


def same_address(judge: Judge, party: Party) -> str:
    """The address of ``party`` that is this judge's too, else nothing: as written, or the same door in the same commune."""
    if not judge.address.strip():
        return ""
    own, door = _plain(judge.address), _door(judge.address)
    for address in party.addresses:
        if not address.strip():
            continue
        if own == _plain(address):
            return address
        if door and judge.commune in party.communes and door == _door(address):
            return address
    return ""


def signs(judge: Judge, *, parties: Iterable[Party], earlier: Iterable[Earlier] = ()) -> list[Found]:
    """What speaks for a conflict between this judge and a subject with these parties: the first sign of each kind.

    He works for a party; shares its tax code; bears the name of its head; has the same family name and the same address; has
    judged the same body before.
    """
    given = list(earlier)
    found: dict[Basis, Found] = {}
    for party in parties:
        for sign in (*_of_party(judge, party), *_judged_before(party, given)):
            found.setdefault(sign.basis, sign)
    return list(found.values())


def _of_party(judge: Judge, party: Party) -> Iterator[Found]:
    if judge.organisation_id is not None and judge.organisation_id == party.organisation_id:
        yield Found(Basis.EMPLOYER, _("Công tác tại %(party)s.") % {"party": party.name})
    elif judge.tax_code and judge.tax_code == party.tax_code:
        yield Found(
            Basis.TAX_CODE,
            _("Có thể trùng: mã số thuế %(code)s ghi cho thành viên cũng là của %(party)s.")
            % {"code": judge.tax_code, "party": party.name},
        )
    if party.representative and fold(judge.name.strip()) == fold(party.representative.strip()):
        yield Found(
            Basis.NAME,
            _("Có thể trùng: cùng họ tên với %(head)s, người đại diện của %(party)s.")
            % {"head": party.representative, "party": party.name},
        )
    elif (
        (family := family_name(judge.name))
        and family == family_name(party.representative)
        and (address := same_address(judge, party))
    ):
        yield Found(
            Basis.FAMILY,
            _("Có thể trùng: cùng họ với %(head)s, người đại diện của %(party)s, cùng địa chỉ “%(address)s”.")
            % {"head": party.representative, "party": party.name, "address": address},
        )


def _judged_before(party: Party, earlier: Iterable[Earlier]) -> Iterator[Found]:
    for sheet in earlier:
        if sheet.subject_uid in party.earlier:
            yield Found(
                Basis.JUDGED,
                _("Đã chấm %(subject)s của %(party)s ngày %(day)s.")
                % {"subject": sheet.label, "party": party.name, "day": f"{sheet.on:%d/%m/%Y}"},
            )
            return
