"""Every row of the shipped law against what its source says: rate, cap, factor, days and how sure we are."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from khuyencong import norms
from khuyencong.norms import queries
from khuyencong.norms.enums import Verified
from khuyencong.norms.models import ROWS, ChangeAuthority, Instrument, Line, Link, SupportNorm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

MILLION = 1_000_000
EVE, DAY = dt.date(2018, 5, 10), dt.date(2018, 5, 11)

# line: (point of Điều 6 khoản 2 TTLT 26/2014, percent, cap in millions, factor)
OF_2014 = {
    "DN_THANH_LAP": ("a", None, 10, None),
    "MHTD_MOI": ("b", 30, 500, None),
    "MHTD_HIEU_QUA": ("b", None, 100, None),
    "MMTB": ("c", 50, 200, None),
    "HC_TO_CHUC": ("d", 100, None, None),
    "HC_THAM_GIA": ("d", 80, None, None),
    "HC_NUOC_NGOAI": ("đ", 100, None, None),
    "VE_MAY_BAY": ("e", 100, None, None),
    "BC_KHU_VUC": ("g", None, 100, None),
    "BC_QUOC_GIA": ("g", None, 200, None),
    "THUONG_KV": ("g", None, 5, None),
    "THUONG_QG": ("g", None, 10, None),
    "NHAN_HIEU": ("h", 50, 35, None),
    "TU_VAN": ("i", 50, 35, None),
    "TRUYEN_THONG": ("k", None, None, None),
    "HIEP_HOI_VUNG": ("l", 30, 70, None),
    "HIEP_HOI_QG": ("l", 30, 100, None),
    "CUM_LIEN_KET": ("m", 50, 150, None),
    "LAI_SUAT": ("n", 50, 500, None),
    "XLON_CO_SO": ("o", 30, 300, None),
    "XLON_CCN": ("p", 30, 1_500, None),
    "QHCT_CCN": ("q", 50, 500, None),
    "HA_TANG_CCN": ("r", None, 3_000, None),
    "QL_CO_QUAN": ("s", 1.5, None, None),
    "QL_DON_VI": ("s", 2.5, None, None),
    "UU_TIEN": ("t", None, None, 1.5),
}
# line: (article of TT 28/2018, percent, cap in millions, factor, mark)
OF_2018 = {
    "DN_THANH_LAP": ("", None, 10, None, "yes"),
    "MHTD_MOI": ("khoản 2 Điều 8", 30, 1_000, None, "yes"),
    "MHTD_HIEU_QUA": ("khoản 2 Điều 8", None, 100, None, "earlier_pass"),
    "SXSH_THI_DIEM": ("", 30, 500, None, "earlier_pass"),
    "MMTB": ("khoản 4 Điều 8", 50, 300, None, "yes"),
    "DAY_CHUYEN": ("khoản 4 Điều 8", None, 450, 1.5, "yes"),
    "HC_NUOC_NGOAI": ("khoản 6 Điều 8", 100, None, None, "yes"),
    "VE_MAY_BAY": ("", 100, None, None, "yes"),
    "BC_KHU_VUC": ("", None, 200, None, "yes"),
    "BC_QUOC_GIA": ("", None, 400, None, "yes"),
    "HA_TANG_CCN": ("", None, 6_000, None, "yes"),
    "HC_TO_CHUC": ("", 100, None, None, "no"),
    "HC_THAM_GIA": ("", 80, None, None, "no"),
    "THUONG_KV": ("", None, 5, None, "no"),
    "THUONG_QG": ("", None, 10, None, "no"),
    "NHAN_HIEU": ("", 50, 35, None, "no"),
    "TU_VAN": ("", 50, 35, None, "no"),
    "PHONG_TB": ("", None, None, None, "no"),
    "HIEP_HOI_VUNG": ("", 30, 70, None, "no"),
    "HIEP_HOI_QG": ("", 30, 100, None, "no"),
    "CUM_LIEN_KET": ("", 50, 150, None, "no"),
    "LAI_SUAT": ("", 50, 500, None, "no"),
    "XLON_CO_SO": ("", 30, 300, None, "no"),
    "XLON_CCN": ("", 30, 1_500, None, "no"),
    "QHCT_CCN": ("", 50, 500, None, "no"),
    "QL_CO_QUAN": ("", 1.5, None, None, "no"),
    "QL_DON_VI": ("", 2.5, None, None, "no"),
    "UU_TIEN": ("", None, None, 1.5, "no"),
    "TAM_UNG": ("", 70, None, None, "no"),
    "DAO_TAO_NGHE": ("", None, None, None, "no"),
    "TRUYEN_THONG": ("", None, None, None, "no"),
}


def shipped(name):
    with (Path(norms.__file__).parent / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _told(row):
    plain = [None if value is None else float(value) for value in (row.percent, row.multiplier)]
    return row.article, plain[0], row.cap and row.cap // MILLION, plain[1]


def _of(code):
    return {row.line.code: row for row in SupportNorm.objects.filter(instrument__code=code).select_related("line")}


def test_the_rows_of_2014_are_those_of_the_joint_circular():
    """Read whole; beside Điều 6.2 two lines that Điều 6.1 leaves to other circulars, and the ceiling of Điều 8.2b."""
    rows = _of("TTLT 26/2014/TTLT-BTC-BCT")

    expected = {code: (f"điểm {point} khoản 2 Điều 6", *rest) for code, (point, *rest) in OF_2014.items()}
    expected |= {
        "DAO_TAO_NGHE": ("điểm b khoản 1 Điều 6", None, None, None),
        "SXSH_THI_DIEM": ("điểm h khoản 1 Điều 6", None, None, None),
        "TAM_UNG": ("điểm b khoản 2 Điều 8", 70, None, None),
    }
    assert {code: _told(row) for code, row in rows.items()} == expected
    assert {(row.verified, row.valid_from, row.valid_to) for row in rows.values()} == {
        ("yes", dt.date(2014, 4, 8), DAY)
    }


def test_the_rows_of_2018_keep_each_its_own_mark():
    rows = _of("TT 28/2018/TT-BTC")

    assert {code: (*_told(row), row.verified) for code, row in rows.items()} == OF_2018
    assert {(row.valid_from, row.valid_to) for row in rows.values()} == {(DAY, None)}


def test_cleaner_production_advice_is_sure_only_while_its_strategy_ran():
    rows = SupportNorm.objects.filter(line__code="DANH_GIA_SXSH").order_by("valid_from")

    assert [(_told(row), row.verified, row.valid_from, row.valid_to) for row in rows] == [
        (("", 50, 50, None), "yes", dt.date(2012, 12, 24), dt.date(2021, 1, 1)),
        (("", 50, 50, None), "no", dt.date(2021, 1, 1), None),
    ]


def test_provincial_rows_come_from_the_press_and_from_bodies_of_their_province():
    bodies = {row["code"]: row["body"] for row in shipped("instruments")}
    rows = [row for row in shipped("support_norms") if row["level"] != "national"]

    assert {(bodies[row["instrument"]], row["line"], row["percent"], row["cap"][:-6]) for row in rows} == {
        ("HĐND tỉnh Đắk Lắk", "DN_THANH_LAP", "", "10"),
        ("HĐND tỉnh Đắk Lắk", "MHTD_MOI", "30", "800"),
        ("HĐND tỉnh Đắk Lắk", "SXSH_THI_DIEM", "30", "400"),
        ("UBND tỉnh Hòa Bình", "DN_THANH_LAP", "", "10"),
        ("UBND tỉnh Hòa Bình", "MHTD_MOI", "30", "1000"),
        ("UBND tỉnh Hòa Bình", "MHTD_HIEU_QUA", "", "100"),
        ("UBND tỉnh Hòa Bình", "SXSH_THI_DIEM", "30", "500"),
        ("HĐND tỉnh Bình Dương", "BC_CAP_TINH", "", "100"),
        ("HĐND tỉnh Bình Dương", "BC_CAP_HUYEN", "", "50"),
    }
    assert {row["verified"] for row in rows} == {"press"}


@pytest.mark.parametrize("code", sorted(set(OF_2014) | set(OF_2018)))
def test_each_line_answers_by_the_row_of_its_day(code):
    """The day before TT 28/2018 and its first day, recomputed here by hand: share, then cap."""
    line = Line.objects.get(code=code)
    if line.purpose not in ("support", "management"):
        return
    cost = 7_000 * MILLION

    for day, table in ((EVE, OF_2014), (DAY, OF_2018)):
        answer = queries.maximum(line, cost=cost, on=day)  # the figure is the same wherever the place is eligible
        _article, percent, cap, factor = table.get(code, (None,) * 4)[:4]
        most = cost if percent is None else int(cost * percent / 100)
        if factor:  # a technology line: one and a half times the machinery
            most = int(min(cost * 0.5, 300 * MILLION) * factor)
        most = most if cap is None else min(most, cap * MILLION)
        assert answer.maximum == (most if percent or cap else None)


def test_every_row_names_who_issued_it_and_every_text_says_how_sure_it_is():
    for model in ROWS:
        for row in model._default_manager.select_related("instrument"):
            assert row.instrument.body
            assert row.verified in Verified.values
            assert row.article or not row.is_verified or "Chưa thấy số điều" in row.note, row


def test_what_a_text_unread_here_amended_is_sure_only_until_that_day():
    """TT 20/2017 amends TT 46/2012, TT 17/2018 amends TT 36/2013: neither could be read whole."""
    amended = {"TT 46/2012/TT-BCT": dt.date(2017, 9, 29), "TT 36/2013/TT-BCT": dt.date(2018, 7, 10)}
    for model in ROWS:
        for row in model._default_manager.filter(instrument__code__in=amended, verified="yes"):
            assert row.valid_to is not None
            assert row.valid_to <= amended[row.instrument.code], row


def test_what_the_decree_of_2025_may_have_changed_is_sure_only_until_it():
    for model in ROWS:
        for row in model._default_manager.filter(instrument__code="NĐ 45/2012/NĐ-CP", verified="yes"):
            assert row.valid_to is not None
            assert row.valid_to <= dt.date(2025, 10, 15), row


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2018, 7, 9), "Cục Công nghiệp địa phương"),
        (dt.date(2018, 7, 10), "Cục Công Thương địa phương"),
        (dt.date(2025, 6, 30), "Cục Công Thương địa phương"),
        (dt.date(2025, 7, 1), "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
    ],
)
def test_the_agency_bears_the_name_of_the_day(day, name):
    assert queries.approver("settle", on=day).body == name
    assert queries.approver("appraise_ministry", on=day).body == f"Cục trưởng {name}"
    assert {row.body for row in ChangeAuthority.objects.on(day).filter(role="ministry_agency")} == {name}


def test_what_provinces_only_paid_in_practice_is_no_norm():
    assert not SupportNorm.objects.filter(line__code__startswith="THUONG", level="provincial").exists()
    assert not SupportNorm.objects.filter(instrument__body__contains="Sơn La").exists()


def test_texts_resting_on_the_ended_joint_circular_are_found_without_being_told():
    listed = queries.instruments_resting_on_ended(on=dt.date(2026, 6, 1))

    assert "TT 26/2014/TT-BCT" in [text.code for text in listed]
    assert all(base.valid_to <= dt.date(2026, 6, 1) for text in listed for base in text.ended_bases)


def test_the_text_of_2026_that_repeals_parts_leaves_the_voting_rule_alone():
    text = Instrument.objects.get(code="TT 26/2026/TT-BCT")

    assert (text.signed_on, text.valid_from) == (dt.date(2026, 5, 20), dt.date(2026, 5, 29))
    assert set(Link.objects.filter(instrument=text).values_list("kind", "target__code")) == {
        ("amends", "TT 38/2025/TT-BCT"),
        ("amends", "TT 15/2026/TT-BCT"),
    }
    assert Instrument.objects.get(code="TT 38/2025/TT-BCT").holds_on(dt.date(2026, 6, 1))
