"""Reading an address: from the words that people write to units of the register, old and new.

An address is read from its end: province, district, commune.  Nothing is guessed: what several units could be meant by
is ambiguous and all are named; what is not in the register is unknown.
"""

from khuyencong.places.rules.facts import fact_wrong
from khuyencong.places.rules.kinds import kind_first, split_name
from khuyencong.places.rules.reading import Gazetteer, Resolution

__all__ = [
    "Gazetteer",
    "Resolution",
    "fact_wrong",
    "kind_first",
    "split_name",
]
