import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khuyencong.base import text as module
from khuyencong.base.text import fold, number_words, repair, same_key, sort_key, squeeze, vnd_words

DATA = Path(module.__file__).parent.parent / "places" / "data"
NAMES = sorted(
    {
        row["full_name"]
        for file in ("communes.csv", "former_communes.csv", "former_districts.csv")
        for row in csv.DictReader((DATA / file).read_text(encoding="utf-8").splitlines())
    }
)
FORMS = ("NFC", "NFD", "NFKC", "NFKD")

_OLD_CODES = {letter: code for code, letter in module._TCVN3.items()}
_PAIRS = {letter: pair for pair, letter in reversed(module._VNI_PAIRS.items())}
_ALONE = {letter: code for code, letter in module._VNI_ALONE.items()}


def as_tcvn3(text):
    """As typed in an ABC font; toned capitals have the code of the small letter."""
    return "".join(_OLD_CODES.get(c) or _OLD_CODES.get(c.lower()) or c for c in unicodedata.normalize("NFC", text))


def as_vni(text):
    return "".join(_ALONE.get(c) or _PAIRS.get(c) or c for c in unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("form", FORMS)
def test_folding_gives_one_key_for_every_unicode_form(form):
    assert fold(unicodedata.normalize(form, "Đường Nguyễn Huệ, M’Drắk")) == "duong nguyen hue, m'drak"


def test_apostrophes_are_one():
    assert fold("Cư M’gar") == fold("Cư M'gar") == fold("CƯ M`GAR")
    assert same_key("Cư M’gar") == same_key("Cư M'gar")


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("Thuỷ", "THỦY"), ("khoẻ  mạnh", "khỏe mạnh"), ("ĐẮK", "đắk")]
)
def test_spellings_of_one_word_have_one_key(one, other):
    assert same_key(one) == same_key(other)


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hóa"), ("Tân", "Tấn"), ("Đa", "Da"), ("Mỹ", "Mỷ")])
def test_different_accents_stay_different(one, other):
    assert same_key(one) != same_key(other)


def test_white_space_is_squeezed():
    assert squeeze("  Cơ \u00a0sở\n Ngọc\tTứ ") == "Cơ sở Ngọc Tứ"


def test_names_are_sorted_as_in_a_vietnamese_dictionary():
    ordered = ["An", "Ánh", "Ăn", "Ấn", "Bình", "Da", "Đa", "Đà", "Đả", "Đã", "Đá", "Đạ", "Em", "Ê", "Ơn", "Ước"]

    assert sorted(set(ordered), key=sort_key) == ordered


def test_words_are_sorted_by_letters_before_tones():
    assert sorted(["Hòa Bình", "Hoa Lư", "Hóa An", "Hoa"], key=sort_key) == ["Hoa", "Hóa An", "Hòa Bình", "Hoa Lư"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (105, "một trăm linh năm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_000_000_000, "một tỷ"),
        (2_000_000_015, "hai tỷ không trăm mười lăm"),
        (1_000_000_000_000, "một nghìn tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_numbers_are_said_as_accountants_say_them(number, words):
    assert number_words(number) == words


def test_an_amount_in_words_begins_with_a_capital():
    assert vnd_words(1_438_500_000) == "Một tỷ bốn trăm ba mươi tám triệu năm trăm nghìn đồng"


@pytest.mark.parametrize(
    ("typed", "meant", "encoding"),
    [
        ("Hµ Néi", "Hà Nội", "TCVN3"),
        ("C¬ së s¶n xuÊt ®å gç", "Cơ sở sản xuất đồ gỗ", "TCVN3"),
        ("CéNG HßA X· HéI", "CỘNG HÒA XÃ HỘI", "TCVN3"),
        ("Bé C«ng Th\u00ad¬ng", "Bộ Công Thương", "TCVN3"),
        ("§¾k L¾k", "Đắk Lắk", "TCVN3"),
        ("Céng ty TNHH MTV 27/7, x· Ea Kar", "Cộng ty TNHH MTV 27/7, xã Ea Kar", "TCVN3"),
        ("Ñaéc Laéc", "Đắc Lắc", "VNI"),
        ("CÔ SÔÛ SAÛN XUAÁT", "CƠ SỞ SẢN XUẤT", "VNI"),
        ("Xaõ Sôn Cao", "Xã Sơn Cao", "VNI"),
        ("Thaønh phoá Hoà Chí Minh", "Thành phố Hồ Chí Minh", "VNI"),
    ],
)
def test_old_fonts_are_recognised_and_read(typed, meant, encoding):
    assert repair(typed) == (meant, encoding)


@pytest.mark.parametrize(
    "text",
    ["", "Nestlé", "Café", "José", "São Paulo", "Müller", "10 µm", "Cà phê", "Công ty 5×6 m²", "bé", "Hé", "là", "Bär"]
    + ["ABC®", "Sao Vàng®", "½", "Noël", "Citroën", "été", "Zürich", "Høyer", "Köln", "für", "Curaçao", "£100", "«Ba»"]
    + ["10°C ±2", "Thép Ø8 mm", "phí 5 ÷ 10 %", "Bột µm", "Éo le", "tôi", "Hội chợ Hôtel", "CAFÉ"],
)
def test_what_is_right_or_foreign_is_left_alone(text):
    assert repair(text) == (text, None)


def test_a_word_that_is_right_in_both_worlds_is_read_as_the_rest_of_the_sheet():
    assert repair("Bé") == ("Bé", None)
    assert repair("Bé", believed="TCVN3") == ("Bộ", "TCVN3")


@given(st.sampled_from(NAMES), st.sampled_from(FORMS))
def test_real_names_are_never_damaged(name, form):
    text = unicodedata.normalize(form, name)

    assert repair(text) == (text, None)


def test_what_reads_the_same_in_an_old_font_is_no_repair():
    assert repair("bÍ") == ("bÍ", None)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_ascii_and_any_other_text_survives_or_is_named(text):
    repaired, encoding = repair(text)

    assert (encoding is None) == (repaired == text)
    if text.isascii():
        assert repaired == text


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_real_names_come_back_from_old_fonts_or_are_left_as_they_are(names):
    name = ", ".join(names)
    for encode, encoding in ((as_tcvn3, "TCVN3"), (as_vni, "VNI")):
        typed = encode(name)
        repaired, found = repair(typed)
        assert found in (encoding, None)
        if found:
            assert fold(repaired) == fold(name)
        else:
            assert repaired == typed


def test_nearly_every_real_name_is_recognised():
    for encode in (as_tcvn3, as_vni):
        typed = [encode(name) for name in NAMES[::4]]
        old = [text for text in typed if not text.isascii()]
        recognised = [text for text in old if repair(text)[1]]
        assert len(recognised) / len(old) > 0.98


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
def test_keys_do_not_depend_on_the_unicode_form(text):
    composed, taken_apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert fold(composed) == fold(taken_apart)
    assert sort_key(composed) == sort_key(taken_apart)


@pytest.mark.parametrize("encode", [as_tcvn3, as_vni])
def test_abbreviations_with_a_capital_d_are_read_with_the_text_around_them(encode):
    encoding = "TCVN3" if encode is as_tcvn3 else "VNI"

    assert repair(encode("KCĐP (triệu đồng)")) == ("KCĐP (triệu đồng)", encoding)
    assert repair(encode("KCĐP"), believed=encoding) == ("KCĐP", encoding)
    assert repair(encode("KCĐP")) == ("KCĐP", encoding)


@pytest.mark.parametrize("typed", ["PEÑA", "SEÑOR", "§ 12", "Điều 3 §2"])
def test_what_is_no_abbreviation_of_ours_is_left(typed):
    assert repair(typed) == (typed, None)


def test_a_name_of_another_tongue_is_read_where_the_sheet_and_the_words_around_it_prove_the_font():
    place = as_tcvn3("xã Cư Êbur, TP Buôn Ma Thuột")

    assert repair(place, believed="TCVN3") == ("xã Cư Êbur, TP Buôn Ma Thuột", "TCVN3")
    assert repair(place) == (place, None)
    assert repair("£bur", believed="TCVN3") == ("£bur", None)


def test_a_text_whose_first_letter_has_no_capital_in_the_font_begins_with_one():
    assert repair("øng dông m¸y sÊy") == ("Ứng dụng máy sấy", "TCVN3")
