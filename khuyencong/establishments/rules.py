"""When two names are alike, and when two items are the same.  Pure functions; a person always decides."""

from rapidfuzz import fuzz

from khuyencong.base.text import fold
from khuyencong.establishments.models import code_key, name_key

ALIKE = 90  # of 100: above it two keys of one commune are shown to a person
SAME_ITEM = 85  # of 100: above it two items of one establishment are shown to a person

key = name_key
serial_key = code_key
invoice_key = code_key


def likeness(one: str, other: str) -> int:
    """How alike two keys are, 0 to 100; the order of words does not count.

    A name of two words or more that stands whole inside the other counts as alike: "ngoc tu", "moc ngoc tu".
    """
    if one == other:
        return 100
    if sorted(one.split()) == sorted(other.split()):
        return 100
    score = round(fuzz.ratio(one, other))
    short, long = sorted((one, other), key=len)
    if " " in short and len(short) >= 6 and f" {short} " in f" {long} ":
        return max(score, ALIKE + 1)
    return score


def same_item(one: str, other: str) -> bool:
    """Whether two texts may name the same thing: "Máy sấy nông sản 500kg" and "may say nong san 500 kg"."""
    first, second = " ".join(fold(one).split()), " ".join(fold(other).split())
    if not first or not second:
        return False
    short, long = sorted((first.replace(" ", ""), second.replace(" ", "")), key=len)
    if len(short) >= 6 and short in long:
        return True
    return fuzz.token_sort_ratio(first, second) >= SAME_ITEM


def year_fits(year: int, *, this_year: int) -> bool:
    """Whether facts of ``year`` can be known in ``this_year``."""
    return 1990 <= year <= this_year
