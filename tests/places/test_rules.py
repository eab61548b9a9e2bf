"""Addresses as people write them."""

import csv
import datetime as dt
import unicodedata
from collections import defaultdict

import pytest

from khuyencong.base.text import fold
from khuyencong.places import operations
from khuyencong.places.enums import Certainty
from khuyencong.places.queries import gazetteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_places")]


def rows(name):
    return list(csv.DictReader((operations.DATA / name).read_text(encoding="utf-8").splitlines()))


def told(text, on=None):
    found = gazetteer().resolve(text, on)
    return (
        str(found.certainty),
        found.old and found.old.full_name,
        [f"{unit.full_name}, {unit.province.name}" for unit in found.current],
    )


AN_HAO = ("exact", "Xã Ân Hảo Đông", ["Xã Ân Hảo, Gia Lai"])


@pytest.mark.parametrize(
    "text",
    [
        "xã Ân Hảo Đông, huyện Hoài Ân, Bình Định",
        "Xã Ân Hảo Đông, Huyện Hoài Ân, Tỉnh Bình Định",
        "XÃ ÂN HẢO ĐÔNG, HUYỆN HOÀI ÂN, TỈNH BÌNH ĐỊNH",
        "xa an hao dong, huyen hoai an, binh dinh",
        "xã Ân Hảo Đông huyện Hoài Ân tỉnh Bình Định",
        "an hao dong hoai an binh dinh",
        "X. Ân Hảo Đông, H. Hoài Ân, T. Bình Định",
        "X.Ân Hảo Đông,H.Hoài Ân,Bình Định",
        "xã Ân Hảo Đông - huyện Hoài Ân - tỉnh Bình Định",
        "Thôn Hội Long, xã Ân Hảo Đông, huyện Hoài Ân, Bình Định, Việt Nam",
        "số 12 đường Trần Phú xã Ân Hảo Đông huyện Hoài Ân Bình Định",
        "xã Ân Hảo Đông, huyện Hoài Ân, tỉnh Gia Lai",
        "Xã Ân Hảo Đông, huyện Hoài Ân, Bình Định (nay là xã Ân Hảo, Gia Lai)",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_one_place_is_known_however_it_is_written(text, form):
    assert told(unicodedata.normalize(form, text)) == AN_HAO


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("xã Ân Hảo Đông, Bình Định", ("likely", *AN_HAO[1:])),
        ("Ân Hảo Đông, Hoài Ân", ("likely", *AN_HAO[1:])),
        ("xã Ân Hảo, tỉnh Gia Lai", ("exact", None, ["Xã Ân Hảo, Gia Lai"])),
        ("xã Ân Hảo, huyện Hoài Ân, Gia Lai", ("likely", None, ["Xã Ân Hảo, Gia Lai"])),
        ("Xã Hoà Thắng, TP. Buôn Ma Thuột, Đắc Lắc", ("exact", "Xã Hòa Thắng", ["Phường Tân Lập, Đắk Lắk"])),
        ("xã hòa thắng, tp buôn ma thuột, daklak", ("exact", "Xã Hòa Thắng", ["Phường Tân Lập, Đắk Lắk"])),
        ("xã Cư M’gar, huyện Cư M'gar, Đắk Lắk", ("exact", "Xã Cư M'gar", ["Xã Cư M'gar, Đắk Lắk"])),
        ("P1, Q3, TPHCM", ("exact", "Phường 1", ["Phường Bàn Cờ, Hồ Chí Minh"])),
        ("phường 01, quận 3, Sài Gòn", ("exact", "Phường 1", ["Phường Bàn Cờ, Hồ Chí Minh"])),
        ("TT Lộc Ninh, H. Lộc Ninh, Bình Phước", ("exact", "Thị trấn Lộc Ninh", ["Phường Lộc Ninh, Đồng Nai"])),
        ("Xã Lộc Ninh, tỉnh Đồng Nai", ("exact", "Xã Lộc Ninh", ["Phường Lộc Ninh, Đồng Nai"])),
        ("Phường Lộc Ninh, thành phố Đồng Nai", ("exact", None, ["Phường Lộc Ninh, Đồng Nai"])),
        ("thị trấn Buôn Trấp, huyện Krông Ana, Đắk Lắk", ("exact", "Thị trấn Buôn Trấp", ["Xã Krông Ana, Đắk Lắk"])),
        ("TT. Văn Quan H. Văn Quan Lạng Sơn", ("exact", "Thị trấn Văn Quan", ["Xã Văn Quan, Lạng Sơn"])),
        ("xã EaTu, TP. Buôn Ma Thuột, ĐắkLắk", ("exact", "Xã Ea Tu", ["Phường Tân An, Đắk Lắk"])),
        ("huyện Lý Sơn, Quảng Ngãi", ("exact", "Huyện Lý Sơn", ["Đặc khu Lý Sơn, Quảng Ngãi"])),
        ("Ea Kao, Đắk Lắk", ("exact", None, ["Phường Ea Kao, Đắk Lắk"])),
        ("Ea Tu, Đắc Lắc", ("likely", "Xã Ea Tu", ["Phường Tân An, Đắk Lắk"])),
        ("Thôn 3 X. Hoà Phú TP BMT Đắk Lắk", ("exact", "Xã Hòa Phú", ["Xã Hoà Phú, Đắk Lắk"])),
        ("xã Ea Tu, TP.BMT", ("likely", "Xã Ea Tu", ["Phường Tân An, Đắk Lắk"])),
        ("xã Hoài Sơn, huyện Hoài Nhơn, Bình Định", ("likely", "Xã Hoài Sơn", ["Phường Hoài Nhơn Bắc, Gia Lai"])),
    ],
)
def test_old_and_new_names_lead_to_the_unit_of_today(text, meaning):
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("xã Ea Tu; xã Hòa Thắng, TP. Buôn Ma Thuột, Đắk Lắk", ["Phường Tân Lập", "Phường Tân An"]),
        ("xã Ea Tu và xã Hòa Thắng, TP. Buôn Ma Thuột, Đắk Lắk", ["Phường Tân Lập", "Phường Tân An"]),
        ("xã Ea Tu - xã Hòa Thắng - TP. Buôn Ma Thuột - Đắk Lắk", ["Phường Tân Lập", "Phường Tân An"]),
        ("XA EA TU, XA HOA THANG, BUON MA THUOT, DAK LAK", ["Phường Tân Lập", "Phường Tân An"]),
        ("huyện Krông Ana và huyện Buôn Đôn, Đắk Lắk", "both"),
        ("Thạnh An, Vĩnh Thạnh, Cần Thơ", ["Xã Thạnh An", "Xã Thạnh Quới"]),
    ],
)
def test_an_address_that_names_two_places_is_neither_of_them(text, today):
    certainty, old, current = told(text)

    names = [unit.partition(",")[0] for unit in current]
    assert (certainty, old) == ("ambiguous", None)
    if today == "both":
        assert {"Xã Buôn Đôn", "Xã Krông Ana"} <= set(names)
    else:
        assert sorted(names) == sorted(today)


@pytest.mark.parametrize(
    "text",
    [
        "xã Ea Tu, nay là phường Tân An, Đắk Lắk",
        "xã Ea Tu, phường Tân An, tỉnh Đắk Lắk",
        "gần chợ xã Hòa Thắng, xã Ea Tu, TP. Buôn Ma Thuột, Đắk Lắk",
    ],
)
def test_two_names_of_one_place_and_a_landmark_are_no_second_place(text):
    assert told(text)[2] == ["Phường Tân An, Đắk Lắk"]


def test_the_name_of_a_province_is_no_commune_of_it():
    dak_lak = next(
        unit for unit in gazetteer().units.values() if unit.full_name == "Tỉnh Đắk Lắk" and not unit.valid_to
    )

    found = gazetteer().resolve_in(dak_lak, "Phú Yên")
    inside = gazetteer().resolve_in(dak_lak, "phường Phú Yên")

    assert (found.commune, found.province) == (None, dak_lak)
    assert inside.commune.full_name == "Phường Phú Yên"


def test_a_split_commune_names_all_its_successors():
    assert told("P.14, Q.10, TP.HCM") == (
        "ambiguous",
        "Phường 14",
        ["Phường Hoà Hưng, Hồ Chí Minh", "Phường Diên Hồng, Hồ Chí Minh"],
    )


def test_a_district_alone_names_what_it_became():
    certainty, old, current = told("huyện Hoài Ân, Bình Định")

    assert (certainty, old, len(current)) == ("ambiguous", "Huyện Hoài Ân", 5)


def test_typed_accents_decide_where_folded_names_collide():
    assert told("xã Minh Quân, huyện Trấn Yên, Yên Bái")[1:] != told("xã Minh Quán, huyện Trấn Yên, Yên Bái")[1:]
    assert told("xa Minh Quan, huyen Tran Yen, Yen Bai")[0] == "ambiguous"


def test_the_day_decides_between_units_of_one_name():
    text = "Phường Mường Thanh, Điện Biên"

    assert told(text)[0] == "ambiguous"
    assert told(text, dt.date(2025, 7, 1)) == ("exact", None, ["Phường Mường Thanh, Điện Biên"])
    assert told(text, dt.date(2025, 6, 30)) == ("likely", "Phường Mường Thanh", ["Phường Điện Biên Phủ, Điện Biên"])


@pytest.mark.parametrize(
    "text",
    ["", "   ", ",;", "123", "Bình Định", "toàn tỉnh Đồng Nai", "xã Không Có, huyện Hoài Ân, Bình Định"]
    + ["Phường An Phú, Quận 2, TP.HCM", "Công ty TNHH Minh Quân", "Việt Nam"],
)
def test_what_cannot_be_told_is_unknown_and_never_guessed(text):
    found = gazetteer().resolve(text)

    assert (found.certainty, found.old, found.current) == (Certainty.UNKNOWN, None, ())


def test_a_commune_merged_before_the_reform_is_known_without_a_successor():
    assert told("Thị trấn Phù Yên, huyện Phù Yên, Sơn La") == ("unknown", "Thị trấn Phù Yên", [])


def test_the_province_is_told_where_the_commune_cannot_be():
    assert gazetteer().resolve("các xã, huyện Không Có, Bình Định").province.name == "Gia Lai"


def of_the_table(step):
    """Old communes as the conversion table writes them, and their successors."""
    wanted = defaultdict(set)
    for row in rows("conversion.csv"):
        wanted[row["old_code"]].add(row["new_code"])
    provinces = {row["code"]: row["full_name"] for row in rows("former_provinces.csv")}
    districts = {row["code"]: row["full_name"] for row in rows("former_districts.csv")}
    for row in [row for row in rows("former_communes.csv") if row["in_conversion_table"] == "1"][::step]:
        name = row["other_names"].split("; ")[0] or row["full_name"]
        text = f"{name}, {districts[row['district_code']]}, {provinces[row['province_code']]}"
        yield row["code"], text, wanted[row["code"]]


def share_right(step, write):
    index, right, total = gazetteer(), 0, 0
    for code, text, wanted in of_the_table(step):
        found = index.resolve(write(text))
        expected = Certainty.AMBIGUOUS if len(wanted) > 1 else found.certainty
        right += (
            found.old is not None
            and found.old.code == code
            and {unit.code for unit in found.current} == wanted
            and found.certainty == expected
        )
        total += 1
    return right / total


@pytest.mark.parametrize(
    "write",
    [str, str.upper, fold, lambda t: t.replace(",", ""), lambda t: "Thôn 3, " + unicodedata.normalize("NFD", t)],
    ids=["plain", "upper", "folded", "no commas", "hamlet, NFD"],
)
def test_old_communes_of_the_conversion_table_lead_to_their_successors(write):
    assert share_right(17, write) >= 0.99


@pytest.mark.slow
def test_the_whole_conversion_table_leads_to_its_successors():
    assert share_right(1, str) >= 0.999
    assert share_right(1, fold) >= 0.99
