import pytest

from khuyencong.base.errors import Invalid
from khuyencong.organisations.enums import Family
from khuyencong.organisations.rules import build, family_of, tax_code


@pytest.mark.parametrize(
    ("typed", "kept", "family"),
    [
        ("0100233488", "0100233488", Family.ENTERPRISE),
        (" 0100 233 488 ", "0100233488", Family.ENTERPRISE),
        ("0314409058-002", "0314409058-002", Family.BRANCH),
        ("0314409058002", "0314409058-002", Family.BRANCH),
        ("066090001234", "066090001234", Family.PERSON),
        ("", "", None),
    ],
)
def test_a_right_tax_code_is_kept_in_one_form(typed, kept, family):
    assert tax_code(typed) == kept
    assert family_of(kept) == family


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0100233489", "số kiểm tra"),  # one digit wrong
        ("0314409059-002", "số kiểm tra"),
        ("123", "có 3 chữ số"),
        ("01002334881", "có 11 chữ số"),
        ("01002334AB", "chỉ gồm chữ số"),
        ("003090001234", "căn cước"),  # no province has 003
        ("097090001234", "căn cước"),
        ("066490001234", "căn cước"),  # born after 2100
    ],
)
def test_a_wrong_tax_code_is_refused_on_its_field(typed, words):
    with pytest.raises(Invalid) as refusal:
        tax_code(typed)

    assert words in refusal.value.fields["tax_code"]


def test_building_cleans_the_name_and_derives_what_is_searched_by():
    body = build(name="  Cơ sở   Ngọc Tứ ", kind="household", tax_code="")

    assert (body.name, body.folded, body.pk) == ("Cơ sở Ngọc Tứ", "co so ngoc tu", None)
    assert body.sort_key


@pytest.mark.parametrize(("facts", "field"), [({"name": " A "}, "name"), ({"kind": "shop"}, "kind")])
def test_a_name_and_a_kind_are_needed(facts, field):
    with pytest.raises(Invalid) as refusal:
        build(**{"name": "Cơ sở A", "kind": "household", **facts})

    assert list(refusal.value.fields) == [field]
