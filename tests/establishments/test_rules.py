import pytest

from khuyencong.establishments import rules


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Cơ sở Ngọc Tứ", "ngoc tu"),
        ("CS Ngoc Tu", "ngoc tu"),
        ("Công ty TNHH MTV SX-TM Ngọc Tứ", "ngoc tu"),
        ("CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN NGỌC TỨ", "ngoc tu"),
        ("C.TY T.N.H.H Ngọc Tứ", "ngoc tu"),
        ("DNTN Ngọc Tứ", "ngoc tu"),
        ("HTX Nông nghiệp Ea Tul", "nong nghiep ea tul"),
        ("Hợp tác xã nông nghiệp Ea Tul", "nong nghiep ea tul"),
        ("Hộ kinh doanh Nguyễn Văn Hồ", "nguyen van ho"),
        ("HKD Hồ Thị Ba", "ho thi ba"),
        ("Hồ Văn Bảy", "ho van bay"),
        ("Công ty cổ phần Sản xuất và Thương mại", "cong ty co phan san xuat va thuong mai"),
    ],
)
def test_a_key_drops_accents_and_words_of_legal_form_only(name, key):
    assert rules.key(name) == key


def test_names_of_different_people_are_not_alike():
    assert rules.likeness("minh tam", "minh tan") < rules.ALIKE


def test_a_name_inside_a_longer_one_is_alike():
    assert rules.likeness("moc ngoc tu", "ngoc tu") >= rules.ALIKE


def test_the_order_of_words_does_not_count():
    assert rules.likeness("ngoc tu nuoc mam", "nuoc mam ngoc tu") == 100


def test_a_serial_is_compared_without_signs_and_leading_zeros():
    assert rules.serial_key(" sn-00123/ab ") == rules.serial_key("SN 123 AB")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Máy sấy nông sản 500kg", "may say nong san 500 kg/mẻ", True),
        ("Máy sấy nông sản", "Máy ép dầu", False),
        ("", "Máy ép dầu", False),
    ],
)
def test_items_are_the_same_by_their_words(one, other, same):
    assert rules.same_item(one, other) is same


@pytest.mark.parametrize(("year", "fits"), [(1989, False), (1990, True), (2026, True), (2027, False)])
def test_facts_are_of_a_year_that_has_come(year, fits):
    assert rules.year_fits(year, this_year=2026) is fits
