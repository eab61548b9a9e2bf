"""Names of one commune that are only alike: all of a file at once, the same as one after the other."""

from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from khuyencong.establishments import rules
from khuyencong.establishments.imports import known

words = st.sampled_from(["moc", "ngoc", "tu", "minh", "minhh", "hoa", "phat", "an", "co", "khi", "1", "12"])
some_names = st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=12, unique=True)


def one_by_one(own: str, names: list[str]) -> str | None:
    """What is promised, in the order of the list: a name of the same words or in which it stands whole, else the one with the
    highest likeness letter by letter."""
    others = [name for name in names if name != own]
    said = own.split()
    if len(said) >= 2 and len(own) >= 6:
        for name in others:
            told = name.split()
            whole = f" {own} " in f" {name} "
            if set(said) <= set(told) and (len(said) == len(told) or whole):
                return name
    near = [(fuzz.ratio(own, name), name) for name in others]
    best = max((score for score, _name in near), default=0)
    return next((name for score, name in near if score == best), None) if best >= rules.ALIKE else None


@given(some_names)
@example(["moc ngoc tu", "moc ngoc tuu", "moc ngocc tu"])  # two as alike: the first
@example(["ngoc tu", "moc ngoc tu"])
@example(["tu"])
def test_names_are_alike_at_once_as_they_are_one_by_one(names):
    alone = {own: other for own in names if (other := one_by_one(own, names)) is not None}

    assert known.most_alike(names, names) == alone
    assert known.most_alike(names[:1], names) == {own: other for own, other in alone.items() if own == names[0]}


def test_names_are_alike_whatever_is_held_at_once(monkeypatch):
    names = [f"xuong moc minh hoa {n}" for n in range(40)]
    at_once = known.most_alike(names, names)

    monkeypatch.setattr(known, "CELLS", 100)  # two or three at a time

    assert known.most_alike(names, names) == at_once
    assert len(at_once) == 40
