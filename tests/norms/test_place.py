"""Where production may be supported, through the change of 15/10/2025 and of Đồng Nai on 30/4/2026."""

import datetime as dt

import pytest

from khuyencong.norms import queries
from khuyencong.places.models import Unit, UnitFact
from tests.factories.norms import InstrumentFactory, PlaceRuleFactory
from tests.factories.places import ProvinceFactory, UnitFactory
from tests.norms.conftest import on, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

BIEN_HOA, LONG_KHANH, TRANG_BOM = "26041", "26080", "26248"
BEFORE, AFTER, AS_CITY = dt.date(2025, 10, 1), dt.date(2025, 11, 1), dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("code", "day", "craft_village", "result", "most"),
    [
        (BIEN_HOA, BEFORE, False, None, 250_000_000),  # a ward of a class-1 city: when did it cease to be a commune?
        (BIEN_HOA, BEFORE, True, None, 250_000_000),  # craft villages did not count yet
        (BIEN_HOA, AFTER, False, True, 250_000_000),
        (BIEN_HOA, AS_CITY, False, False, 0),
        (BIEN_HOA, AS_CITY, True, True, 250_000_000),
        (LONG_KHANH, BEFORE, False, True, 250_000_000),  # class 3
        (LONG_KHANH, AFTER, False, True, 250_000_000),
        (LONG_KHANH, AFTER, True, True, 250_000_000),
        (LONG_KHANH, AS_CITY, False, False, 0),
        (LONG_KHANH, AS_CITY, True, True, 250_000_000),
    ],
)
def test_a_machine_of_500_million_in_two_wards_of_dong_nai(code, day, craft_village, result, most):
    answer = queries.maximum("MMTB", cost=500_000_000, place=on(code, day), on=day, craft_village=craft_village)

    assert (answer.eligible, answer.maximum) == (result, most)


@pytest.mark.parametrize(("day", "result"), [(dt.date(2025, 10, 14), None), (dt.date(2025, 10, 15), True)])
def test_the_new_decree_counts_from_its_day(day, result):
    assert queries.place_eligibility(on(BIEN_HOA, day), on=day).result is result


@pytest.mark.parametrize(("day", "result"), [(dt.date(2026, 4, 29), True), (dt.date(2026, 4, 30), False)])
def test_wards_lose_support_the_day_their_province_becomes_a_city(day, result):
    ward = Unit.objects.get(code=LONG_KHANH, valid_to=None)

    assert queries.place_eligibility(ward, on=day).result is result


@pytest.mark.parametrize(("day", "result"), [(dt.date(2026, 4, 29), True), (dt.date(2026, 4, 30), False)])
def test_a_commune_that_became_a_ward_is_judged_by_what_it_was_on_the_day(day, result):
    for version in Unit.objects.filter(code=TRANG_BOM, valid_from__gte=dt.date(2025, 7, 1)):
        assert queries.place_eligibility(version, on=day).result is result


@pytest.mark.parametrize(
    ("kind", "kinds", "result"),
    [
        ("district", ("commune", "township"), True),
        ("provincial_city", ("commune", "ward"), None),
        ("district", (), None),
    ],
)
def test_a_district_alone_is_clear_only_where_all_of_it_is_eligible(kind, kinds, result):
    day = dt.date(2024, 6, 1)
    top = ProvinceFactory(code="94", ended=True)
    district = UnitFactory(level="district", kind=kind, ended=True, parent=top, province=top)
    for each in kinds:
        UnitFactory(kind=each, parent=district, province=top, ended=True)

    answer = queries.place_eligibility(district, on=day)

    assert answer.result is result
    assert answer.missing == (() if result else (f"xã, phường, thị trấn nơi sản xuất trong {district.full_name}",))


def test_communes_of_a_city_stay_eligible():
    assert queries.place_eligibility(on("26500", AS_CITY), on=AS_CITY).result is True


def test_the_missing_fact_is_named():
    answer = queries.place_eligibility(on(BIEN_HOA, BEFORE), on=BEFORE)

    assert answer.missing == ("ngày chuyển từ xã thành phường của Phường Tam Hiệp cũ (nếu có)",)
    assert answer.result is None


@pytest.mark.parametrize(
    ("converted", "result"),
    [("2019-12-31", True), ("2019-12-30", False), ("no", False), ("2021-03-01", True), ("không", False)],
)
def test_conversion_counts_five_years_to_the_end_of_the_year_before(converted, result):
    """The plan is made in 2025: counted to 31/12/2024 (TT 46/2012 Đ3.1đ)."""
    old = on(BIEN_HOA, dt.date(2025, 6, 1))
    UnitFact.objects.create(
        unit=old, name="converted_from_commune", value=converted, source="thử", valid_from=dt.date(2019, 1, 1)
    )

    assert queries.place_eligibility(on(BIEN_HOA, BEFORE), on=BEFORE).result is result


def test_a_class_of_city_that_nobody_recorded_is_named():
    UnitFact.objects.filter(name="city_class").delete()

    answer = queries.place_eligibility(on(LONG_KHANH, dt.date(2025, 6, 1)), on=dt.date(2025, 6, 1))

    assert (answer.result, answer.missing) == (None, ("loại đô thị của Thành phố Long Khánh",))


def test_a_fact_given_with_the_question_serves_as_well():
    UnitFact.objects.filter(name="city_class").delete()

    answer = queries.place_eligibility(on(LONG_KHANH, BEFORE), on=BEFORE, facts={"city_class": "loại 2"})

    assert answer.result is True


def test_a_special_class_city_is_not_eligible_by_the_old_rule():
    answer = queries.place_eligibility(on(LONG_KHANH, BEFORE), on=BEFORE, facts={"city_class": "đặc biệt"})

    assert answer.result is False


def test_communes_and_districts_were_eligible_without_further_facts():
    day = dt.date(2020, 5, 5)

    assert queries.place_eligibility(on(TRANG_BOM, day), on=day).result is True
    assert queries.place_eligibility(on("737", day), on=day).result is True


def test_a_ward_of_a_district_town_was_eligible():
    province = on("75", dt.date(2020, 1, 1))
    town = unit(
        "799",
        "district",
        "town",
        "Thị xã Thử",
        since=dt.date(2019, 1, 1),
        until=dt.date(2025, 7, 1),
        parent=province,
        province=province,
    )
    ward = unit(
        "26999",
        "commune",
        "ward",
        "Phường Thử",
        since=dt.date(2019, 1, 1),
        until=dt.date(2025, 7, 1),
        parent=town,
        province=province,
    )

    assert queries.place_eligibility(ward, on=dt.date(2020, 5, 5)).result is True


def test_a_ward_of_an_urban_district_takes_the_class_of_its_city():
    old, end = dt.date(2019, 1, 1), dt.date(2025, 7, 1)
    city = unit("48", "province", "city", "Thành phố Đà Nẵng", since=old, until=end)
    quan = unit(
        "490", "district", "urban_district", "Quận Liên Chiểu", since=old, until=end, parent=city, province=city
    )
    ward = unit("20194", "commune", "ward", "Phường Hòa Hiệp", since=old, until=end, parent=quan, province=city)

    answer = queries.place_eligibility(ward, on=dt.date(2020, 5, 5))

    assert answer.missing == ("loại đô thị của Thành phố Đà Nẵng",)


def test_cleaner_production_has_no_limit_of_place():
    for day in (BEFORE, AS_CITY):
        assert queries.place_eligibility(on(BIEN_HOA, day), on=day, cleaner_production=True).result is True


def test_a_whole_province_is_no_place_of_production():
    answer = queries.place_eligibility(on("75", AFTER), on=AFTER)

    assert (answer.result, answer.missing) == (None, ("xã, phường, đặc khu nơi sản xuất",))


def test_no_place_asks_for_one():
    answer = queries.place_eligibility(None, on=AFTER)

    assert (answer.result, answer.missing) == (None, ("địa điểm sản xuất (xã, phường, đặc khu)",))


def test_before_the_first_decree_nothing_can_be_said():
    assert queries.place_eligibility(on(TRANG_BOM, AFTER), on=dt.date(2012, 7, 4)).result is None


def test_an_address_that_may_mean_two_units_is_answered_when_both_agree():
    class Written:
        old = None
        current = (on("26500", AS_CITY), on("24100", AS_CITY))

    assert queries.place_eligibility(Written(), on=AS_CITY).result is True


def test_an_address_that_may_mean_two_units_is_not_guessed_when_they_differ():
    class Written:
        old = None
        current = (on("26500", AS_CITY), on(BIEN_HOA, AS_CITY))

    answer = queries.place_eligibility(Written(), on=AS_CITY)

    assert (answer.result, answer.missing) == (None, ("xã, phường cụ thể: Phường Tam Hiệp, Xã Định Quán",)) or (
        answer.missing == ("xã, phường cụ thể: Xã Định Quán, Phường Tam Hiệp",)
    )


def test_a_ward_made_of_parts_that_differ_asks_which_part():
    """One part was a ward of a class-3 city, the other a ward of a class-1 city never a commune."""
    from khuyencong.places.models import Succession

    old = on(BIEN_HOA, dt.date(2025, 6, 1))
    UnitFact.objects.create(
        unit=old, name="converted_from_commune", value="no", source="thử", valid_from=dt.date(2019, 1, 1)
    )
    Succession.objects.create(old=old, new=on(LONG_KHANH, BEFORE), kind="part", on=dt.date(2025, 7, 1))

    answer = queries.place_eligibility(on(LONG_KHANH, BEFORE), on=BEFORE)

    assert (answer.result, answer.missing) == (None, ("nơi sản xuất thuộc đơn vị cũ nào của Phường Xuân An",))


def test_the_reason_cites_the_article():
    answer = queries.place_eligibility(on(LONG_KHANH, AFTER), on=AFTER)

    assert answer.article == "điểm a khoản 1 Điều 1, Nghị định 235/2025/NĐ-CP"
    assert answer.reason == "Phường Xuân An: sản xuất tại xã, phường, đặc khu của tỉnh."


def test_what_is_inferred_from_the_old_map_says_so_and_is_not_verified():
    """Between 01/7/2025 and 15/10/2025 the text spoke of districts and cities that were no longer there."""
    answer = queries.place_eligibility(on(LONG_KHANH, BEFORE), on=BEFORE)

    assert (answer.result, answer.verified) == (True, "no")
    assert answer.reason == (
        "Phường Xuân An (suy từ đơn vị cũ: Phường Xuân An cũ): phường thuộc thành phố loại 2, loại 3."
    )
    assert answer.article == "điểm a khoản 2 Điều 1, Nghị định 45/2012/NĐ-CP, chưa kiểm chứng"


def test_a_refusal_by_the_text_itself_is_verified():
    answer = queries.place_eligibility(on(LONG_KHANH, AS_CITY), on=AS_CITY)

    assert (answer.result, answer.verified) == (False, "yes")


def test_no_province_widens_the_places_of_the_decree():
    dong_nai = on("75", AS_CITY)
    PlaceRuleFactory(
        instrument=InstrumentFactory(provincial=True, province=dong_nai),
        level="provincial",
        province=dong_nai,
        unit_kinds="ward",
    )

    assert queries.place_eligibility(on(LONG_KHANH, AS_CITY), on=AS_CITY).result is False


@pytest.mark.parametrize(
    "day", [dt.date(2012, 7, 5), dt.date(2017, 9, 29), dt.date(2025, 10, 14), dt.date(2025, 10, 15)]
)
def test_cleaner_production_has_no_limit_of_place_by_either_decree(day):
    answer = queries.place_eligibility(None, on=day, cleaner_production=True)

    assert (answer.result, answer.verified) == (True, "yes")
    assert answer.article == (
        "điểm b khoản 1 Điều 1, Nghị định 235/2025/NĐ-CP"
        if day >= dt.date(2025, 10, 15)
        else "điểm b khoản 2 Điều 1, Nghị định 45/2012/NĐ-CP"
    )
