"""What speaks for a conflict of interest, and what does not."""

import uuid
from datetime import date

import pytest

from khuyencong.councils.rules import Earlier, Judge, Party, family_name, same_address, signs

HERE = 7
PARTY = Party("Cơ sở", None, "0100233488", "Trần Thị Tứ", ("Thôn 3, xã Ea Kar", ""), frozenset({HERE}))


def found(parties=(PARTY,), earlier=(), **judge):
    judge = Judge(**{"name": "Lê Thị Hồng"} | judge)
    return [sign.basis.value for sign in signs(judge, parties=parties, earlier=earlier)]


@pytest.mark.parametrize(
    ("judge", "basis"),
    [
        ({}, []),
        ({"tax_code": "0100233488"}, ["tax_code"]),
        ({"tax_code": "0100233489"}, []),
        ({"name": "Trần Thị Tứ"}, ["name"]),
        ({"name": "TRẦN THỊ TỨ"}, ["name"]),
        ({"name": "Trần Văn Hai", "address": "Thôn 3,  xã Ea Kar"}, ["family"]),
        ({"name": "Lê Văn Hai", "address": "thôn 3 xã ea kar"}, []),
        ({"name": "Trần Văn Hai", "address": "Thôn 4, xã Ea Kar"}, []),
        ({"name": "Trần Văn Hai"}, []),
    ],
)
def test_same_tax_code_head_or_family_and_address_is_a_sign(judge, basis):
    assert found(**judge) == basis


def test_nothing_is_claimed_for_certain():
    judge = Judge(name="Trần Văn Hai", address="Thôn 3, xã Ea Kar", tax_code="0100233488")

    assert [sign.evidence[:13] for sign in signs(judge, parties=[PARTY])] == ["Có thể trùng:"] * 2


def test_who_works_for_a_party_is_not_told_its_tax_code_again():
    party = Party("Trung tâm", 5, "0100233488")

    assert found([party], organisation_id=5, tax_code="0100233488") == ["employer"]


def test_the_first_sign_of_each_kind_is_enough():
    twin = Party("Cơ sở hai", None, "0100233488")

    [sign] = signs(Judge(name="Lê Hồng", tax_code="0100233488"), parties=[PARTY, twin])
    assert "Cơ sở." in sign.evidence


@pytest.mark.parametrize(
    ("own", "commune", "same"),
    [
        ("thôn 3 xã Ea Kar", None, True),  # word for word
        ("Thôn 3, xã Ea Kar, huyện Ea Kar, Đắk Lắk", HERE, True),  # the same door, the same commune
        ("Thôn 3, xã Ea Kar, huyện Ea Kar, Đắk Lắk", HERE + 1, False),
        ("Thôn 3, xã Ea Kar, huyện Ea Kar, Đắk Lắk", None, False),  # nobody can tell the commune
        ("Xã Ea Kar, Đắk Lắk", HERE, False),  # the commune alone is no address
    ],
)
def test_an_address_is_the_same_by_its_door_and_its_commune(own, commune, same):
    assert bool(same_address(Judge(name="Trần Hai", address=own, commune=commune), PARTY)) == same


def test_the_number_of_a_house_is_the_same_with_and_without_its_word():
    party = Party("Cơ sở", addresses=("Số 12 Lê Duẩn, phường Tân Lập",), communes=frozenset({HERE}))

    assert same_address(Judge(name="A", address="12 Lê Duẩn, P. Tân Lập, TP Buôn Ma Thuột", commune=HERE), party)
    assert not same_address(Judge(name="A", address="121 Lê Duẩn, P. Tân Lập", commune=HERE), party)


def test_only_sheets_on_the_same_body_are_a_sign():
    before, other = uuid.uuid4(), uuid.uuid4()
    party = Party("Cơ sở", earlier=frozenset({before}))

    assert found([party], [Earlier(before, "25-66-001", date(2025, 5, 5))]) == ["judged"]
    assert found([party], [Earlier(other, "25-66-002", date(2025, 5, 5))]) == []


def test_the_family_name_comes_first_and_one_word_tells_nothing():
    assert (family_name("Trần Thị Tứ"), family_name("Tứ")) == ("tran", "")
