"""How much at most, by which rows, and the sentence that says why."""

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khuyencong.base.errors import Invalid
from khuyencong.base.money import at_most
from khuyencong.norms import queries
from khuyencong.norms.models import Line, SupportNorm
from tests.factories.norms import InstrumentFactory, LineFactory, SupportNormFactory
from tests.factories.places import CommuneFactory, UnitFactFactory
from tests.norms.conftest import on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NOW = dt.date(2025, 11, 1)
MILLION = 1_000_000


def commune(day=NOW):
    return on("26500", day)


@pytest.mark.parametrize(
    ("day", "most", "text"),
    [
        (dt.date(2018, 5, 10), 200 * MILLION, "Thông tư liên tịch 26/2014/TTLT-BTC-BCT"),
        (dt.date(2018, 5, 11), 250 * MILLION, "Thông tư 28/2018/TT-BTC"),
    ],
)
def test_the_row_of_the_legal_day_decides(day, most, text):
    answer = queries.maximum("MMTB", cost=500 * MILLION, on=day)

    assert (answer.maximum, answer.lines[0].instrument) == (most, text)


def test_before_any_row_there_is_no_maximum():
    answer = queries.maximum("MMTB", cost=500 * MILLION, on=dt.date(2014, 4, 7))

    assert (answer.maximum, answer.lines) == (None, ())


def test_the_sentence_can_be_checked_by_a_person():
    answer = queries.maximum("MMTB", cost=500 * MILLION, place=commune(), on=NOW)

    assert answer.explanation == (
        "50% × 500 = 250; không quá 300 (Thông tư 28/2018/TT-BTC, khoản 4 Điều 8); mức hỗ trợ tối đa: 250 triệu đồng"
    )


def test_the_answer_for_the_command_line_has_its_five_keys():
    answer = queries.maximum("MMTB", cost=500 * MILLION, place=commune(), on=NOW)

    assert answer.as_json() == {
        "eligible": True,
        "maximum": 250 * MILLION,
        "lines": [
            {
                "instrument": "Thông tư 28/2018/TT-BTC",
                "article": "khoản 4 Điều 8",
                "percent": 50,
                "cap": 300 * MILLION,
                "verified": True,
            }
        ],
        "missing": [],
        "explanation": answer.explanation,
    }


@pytest.mark.parametrize(
    ("cost", "most"),
    [
        (600 * MILLION, 300 * MILLION),
        (600 * MILLION - 2, 300 * MILLION - 1),
        (600 * MILLION + 2, 300 * MILLION),
        (600 * MILLION - 1, 300 * MILLION - 1),  # never more than half
        (3, 1),
    ],
)
def test_the_cap_holds_to_the_dong(cost, most):
    assert queries.maximum("MMTB", cost=cost, on=NOW).maximum == most


def test_a_line_without_a_rate_never_exceeds_its_cost():
    assert queries.maximum("HA_TANG_CCN", cost=5_999 * MILLION, on=NOW).maximum == 5_999 * MILLION
    assert queries.maximum("HA_TANG_CCN", cost=6_000 * MILLION + 1, on=NOW).maximum == 6_000 * MILLION


def test_amounts_that_are_no_thousands_are_told_in_dong():
    answer = queries.maximum("HC_TO_CHUC", cost=333_333_333, on=NOW)

    assert answer.explanation == (
        "100% × 333.333.333 = 333.333.333 (Thông tư 28/2018/TT-BTC, chưa kiểm chứng); mức hỗ trợ tối đa: 333.333.333 đồng"
    )


def test_a_share_that_is_no_thousands_is_told_to_the_dong():
    answer = queries.maximum("MMTB", cost=10_001_000, place=commune(), on=NOW)

    assert answer.explanation.startswith("50% × 10,001 = 5,0005; không quá 300 (")
    assert answer.explanation.endswith("mức hỗ trợ tối đa: 5.000.500 đồng")


def test_an_unread_row_is_shown_unverified_wherever_it_is_used():
    answer = queries.maximum("NHAN_HIEU", cost=60 * MILLION, place=commune(), on=NOW)

    assert answer.is_verified is False
    assert answer.as_json()["lines"][0]["verified"] is False
    assert "(Thông tư 28/2018/TT-BTC, chưa kiểm chứng)" in answer.explanation


@pytest.mark.parametrize("code", ["MHTD_HIEU_QUA", "SXSH_THI_DIEM"])
def test_the_two_rows_of_2018_that_nobody_could_reread_are_not_verified(code):
    marks = dict(
        SupportNorm.objects.filter(line__code=code, level="national").values_list("instrument__code", "verified")
    )

    assert marks["TT 28/2018/TT-BTC"] == "earlier_pass"


def test_a_technology_line_is_one_and_a_half_times_the_machinery():
    answer = queries.maximum("DAY_CHUYEN", cost=500 * MILLION, place=commune(), on=NOW)

    assert answer.maximum == 375 * MILLION
    assert [line.cap for line in answer.lines] == [450 * MILLION, 300 * MILLION]
    assert queries.maximum("DAY_CHUYEN", cost=2_000 * MILLION, on=NOW).maximum == 450 * MILLION


def test_a_line_without_a_figure_gives_no_maximum_and_says_so():
    answer = queries.maximum("TRUYEN_THONG", cost=50 * MILLION, on=NOW)

    assert (answer.eligible, answer.maximum, answer.missing) == (True, None, ("mức chi bằng tiền",))


def test_a_lump_for_difficult_areas_asks_for_the_area():
    answer = queries.maximum("DN_THANH_LAP", cost=20 * MILLION, place=commune(), on=NOW)

    assert (answer.eligible, answer.maximum) == (None, 10 * MILLION)
    assert answer.missing == ("địa bàn có điều kiện kinh tế - xã hội khó khăn hoặc đặc biệt khó khăn",)


def test_a_proved_difficult_area_opens_it():
    proved = queries.maximum("DN_THANH_LAP", cost=5 * MILLION, place=commune(), on=NOW, priority=["difficult_area"])

    assert proved.eligible is True


def test_an_address_that_may_mean_two_communes_is_difficult_where_both_are():
    one, other = CommuneFactory(), CommuneFactory()
    meant = SimpleNamespace(old=None, current=(one, other), province=None)

    def eligible():
        return queries.maximum("DN_THANH_LAP", cost=5 * MILLION, place=meant, on=NOW).eligible

    UnitFactFactory(unit=one, name="priority_area", value="difficult_area")
    assert eligible() is None
    UnitFactFactory(unit=other, name="priority_area", value="difficult_area")
    assert eligible() is True


def test_without_priority_facts_no_multiplier_counts():
    assert queries.maximum("MMTB", cost=800 * MILLION, place=commune(), on=NOW).maximum == 300 * MILLION


def test_a_proved_priority_multiplies_and_shows_its_row_unverified():
    answer = queries.maximum("MMTB", cost=800 * MILLION, place=commune(), on=NOW, priority=["difficult_area"])

    assert answer.maximum == 450 * MILLION
    assert answer.explanation == (
        "50% × 800 = 400; không quá 300 (Thông tư 28/2018/TT-BTC, khoản 4 Điều 8); "
        "ưu tiên (Địa bàn có điều kiện kinh tế - xã hội khó khăn, đặc biệt khó khăn, chưa kiểm chứng): "
        "1,5 × 300, không quá chi phí, = 450 (Thông tư 28/2018/TT-BTC, chưa kiểm chứng); "
        "mức hỗ trợ tối đa: 450 triệu đồng"
    )


@pytest.mark.parametrize("day", [dt.date(2018, 5, 10), dt.date(2026, 6, 1)])
def test_the_factor_of_a_circular_does_not_raise_what_another_one_gives(day):
    """“Không quá 1,5 lần mức hỗ trợ quy định trên đây”: advice on cleaner production stands in TTLT 221/2012."""
    plain = queries.maximum("DANH_GIA_SXSH", cost=900 * MILLION, on=day)
    asked = queries.maximum("DANH_GIA_SXSH", cost=900 * MILLION, on=day, priority=["export"])

    assert (plain.maximum, asked.maximum) == (50 * MILLION, 50 * MILLION)
    assert "không có hệ số ưu tiên cho mức hỗ trợ này trong hệ thống" in asked.explanation


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "MMTB",
            "50% × 500 = 250; at most 300 (Circular 28/2018/TT-BTC, clause 4 Article 8); maximum support: 250 million đồng",
        ),
        (
            "NHAN_HIEU",
            "50% × 500 = 250; at most 35 (Circular 28/2018/TT-BTC, not verified); maximum support: 35 million đồng",
        ),
        ("HA_TANG_CCN", "cost 500; at most 6.000 (Circular 28/2018/TT-BTC); maximum support: 500 million đồng"),
    ],
)
def test_the_sentence_is_whole_in_english_too(code, sentence):
    with translation.override("en"):
        assert queries.maximum(code, cost=500 * MILLION, place=commune(), on=NOW).explanation == sentence


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_line_has_a_sentence_whose_arithmetic_holds(language):
    """Each “a × b = c” of each line on both sides of each change, in both languages, is true."""
    days = [
        dt.date(2018, 5, 10),
        dt.date(2018, 5, 11),
        dt.date(2025, 10, 14),
        dt.date(2025, 10, 15),
        dt.date(2026, 6, 1),
    ]
    found = 0
    with translation.override(language), queries.reading(many=True):  # the same answers (test_reading), read once
        for line in Line.objects.filter(purpose__in=["support", "management"]):
            for day in days:
                for level in ("national", "provincial"):
                    answer = queries.maximum(
                        line, cost=900 * MILLION, place=on("24100", NOW), on=day, level=level, priority=["export"]
                    )
                    for left, right, product in _PRODUCT.findall(answer.explanation):
                        share_of = Decimal(left.rstrip("%").replace(",", ".")) / (100 if "%" in left else 1)
                        assert min(share_of * _number(right), 900) == _number(product), answer.explanation
                        found += 1
                    if answer.maximum is not None:
                        assert answer.explanation.endswith(f"{_said(answer.maximum)} {_UNIT[language]}")
    assert found > 200


_UNIT = {"vi": "triệu đồng", "en": "million đồng"}
_PRODUCT = re.compile(r"([\d,]+%?) × ([\d.,]+)(?:, [^=;]*,)? = ([\d.]+(?:,\d+)?)")


def _number(text):
    return Decimal(text.rstrip(",").replace(".", "").replace(",", "."))


def _said(amount):
    return (
        f"{Decimal(amount) / MILLION:,.3f}".rstrip("0")
        .rstrip(".")
        .replace(",", " ")
        .replace(".", ",")
        .replace(" ", ".")
    )


def test_a_text_that_nobody_read_and_that_amends_the_one_used_is_named():
    """TT 64/2024 amends TT 28/2018: its day is known no better than by the end of its year."""
    answer = queries.maximum("MMTB", cost=500 * MILLION, place=commune(), on=NOW)
    named = [line.instrument for line in answer.lines]

    assert [str(link.instrument) for link in queries.unread_amendments(named, on=NOW)] == ["Thông tư 64/2024/TT-BTC"]
    assert queries.unread_amendments(named, on=dt.date(2024, 12, 30)) == []


def test_a_priority_never_lifts_support_above_the_cost():
    answer = queries.maximum("HC_THAM_GIA", cost=10 * MILLION, place=commune(), on=NOW, priority=["export"])

    assert answer.maximum == 10 * MILLION


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"line": "KHONG_CO"}, "line"),
        ({"line": "UU_TIEN"}, "line"),
        ({"cost": 0}, "cost"),
        ({"cost": -1}, "cost"),
        ({"level": "district"}, "level"),
        ({"priority": ["khong_co"]}, "priority"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(fields, name):
    asked = {"line": "MMTB", "cost": 5, **fields}
    line = asked.pop("line")

    with pytest.raises(Invalid) as refusal:
        queries.maximum(line, on=NOW, **asked)

    assert list(refusal.value.fields) == [name]


# local money


def test_local_money_without_a_loaded_text_has_no_maximum():
    answer = queries.maximum("MMTB", cost=500 * MILLION, place=commune(), on=NOW, level="provincial")

    assert (answer.eligible, answer.maximum, answer.lines) == (True, None, ())
    assert answer.explanation == (
        "Tỉnh Đồng Nai, ngày 01/11/2025: chưa có quy định của tỉnh trong hệ thống. Mức này do Hội đồng nhân dân, "
        "Ủy ban nhân dân cấp tỉnh quy định (Thông tư 28/2018/TT-BTC, chưa kiểm chứng)."
    )


@pytest.mark.parametrize(
    ("code", "day", "body", "text"),
    [
        ("BC_CAP_TINH", dt.date(2025, 6, 30), "Ủy ban nhân dân cấp tỉnh", "khoản 1 Điều 19, Thông tư 26/2014/TT-BCT"),
        ("BC_CAP_TINH", dt.date(2025, 7, 1), "Hội đồng nhân dân cấp tỉnh", "khoản 12 Điều 28, Thông tư 38/2025/TT-BCT"),
        ("BC_CAP_XA", dt.date(2025, 7, 1), "Hội đồng nhân dân cấp tỉnh", "khoản 12 Điều 28, Thông tư 38/2025/TT-BCT"),
        ("THUONG_TINH", dt.date(2025, 7, 1), "Ủy ban nhân dân cấp tỉnh", "khoản 13 Điều 28, Thông tư 38/2025/TT-BCT"),
        ("THUONG_XA", dt.date(2025, 7, 1), "Ủy ban nhân dân cấp tỉnh", "khoản 13 Điều 28, Thông tư 38/2025/TT-BCT"),
    ],
)
def test_two_authorities_set_the_local_money_of_a_vote(code, day, body, text):
    """Organising: the People's Council since 01/7/2025; prizes: the committee (TT 38/2025 Đ28.12, 28.13)."""
    answer = queries.maximum(
        code, cost=100 * MILLION, place=on("24100", NOW), on=day, level="provincial", province=on("66", NOW)
    )

    assert answer.maximum is None
    assert answer.explanation.endswith(
        f"chưa có quy định của tỉnh trong hệ thống. Mức này do {body} quy định ({text})."
    )


def test_local_money_is_bound_by_its_province_and_never_by_the_nation():
    answer = queries.maximum("MHTD_MOI", cost=4_000 * MILLION, place=on("24100", NOW), on=NOW, level="provincial")

    assert answer.maximum == 800 * MILLION
    assert [line.as_json()["verified"] for line in answer.lines] == [False]
    assert answer.explanation == (
        "30% × 4.000 = 1.200; không quá 800 (Nghị quyết 26/07/2025 (HĐND tỉnh Đắk Lắk), chưa kiểm chứng); "
        "mức hỗ trợ tối đa: 800 triệu đồng"
    )


@pytest.mark.parametrize(("day", "most"), [(dt.date(2025, 7, 25), None), (dt.date(2025, 7, 26), 800 * MILLION)])
def test_a_provincial_resolution_counts_from_its_day(day, most):
    assert (
        queries.maximum("MHTD_MOI", cost=4_000 * MILLION, place=on("24100", NOW), on=day, level="provincial").maximum
        == most
    )


def test_national_money_ignores_provincial_rows():
    assert queries.maximum("MHTD_MOI", cost=4_000 * MILLION, place=on("24100", NOW), on=NOW).maximum == 1_000 * MILLION


def test_communal_money_takes_the_rows_of_its_province():
    answer = queries.maximum("MHTD_MOI", cost=4_000 * MILLION, place=on("24100", NOW), on=NOW, level="communal")

    assert answer.maximum == 800 * MILLION


def test_local_money_of_nobody_asks_whose_it_is():
    answer = queries.maximum("MMTB", cost=500 * MILLION, on=NOW, level="provincial")

    assert "tỉnh, thành phố cấp kinh phí" in answer.missing


def test_a_row_of_the_province_binds_it_after_it_became_a_city():
    """The row names the province of 2025; on 1/6/2026 Đồng Nai is a city, the same one."""
    text = InstrumentFactory(provincial=True, province=on("75", NOW), valid_from=dt.date(2025, 9, 1))
    SupportNormFactory(
        instrument=text,
        line=Line.objects.get(code="MMTB"),
        level="provincial",
        province=on("75", NOW),
        valid_from=text.valid_from,
    )
    day = dt.date(2026, 6, 1)

    assert (
        queries.maximum("MMTB", cost=500 * MILLION, place=on("26500", day), on=day, level="provincial").maximum
        == 200 * MILLION
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cost=st.integers(1, 10**12),
    percent=st.decimals(Decimal("0.01"), 100, places=2),
    cap=st.integers(1, 10**11),
)
def test_no_maximum_exceeds_its_share_or_its_cap(cost, percent, cap):
    line = LineFactory(code="THU", anywhere=True)
    SupportNorm.objects.filter(line=line).delete()
    SupportNormFactory(line=line, percent=percent, cap=cap)

    most = queries.maximum(line, cost=cost, on=NOW).maximum

    assert most == min(at_most(cost, percent / 100), cap)
    assert 0 <= most <= cost * percent / 100
