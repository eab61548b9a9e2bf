"""Loading the register, and what it answers."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command

from khuyencong.base.errors import Invalid
from khuyencong.places import operations, queries
from khuyencong.places.enums import Kind, Level
from khuyencong.places.models import REFORM, Edition, Succession, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_places")]

CITY = dt.date(2026, 4, 30)
DAY = dt.timedelta(days=1)


def test_the_register_holds_all_units_through_time():
    counted = {
        (level, current): Unit.objects.filter(level=level, valid_to__isnull=current).count()
        for level in Level
        for current in (True, False)
    }

    assert counted == {
        (Level.PROVINCE, True): 34,
        (Level.PROVINCE, False): 63 + 1,
        (Level.DISTRICT, True): 0,
        (Level.DISTRICT, False): 696,
        (Level.COMMUNE, True): 3321,
        (Level.COMMUNE, False): 10_061 + 10,
    }
    assert Succession.objects.count() == 10_571 + 63 + 11


def test_loading_again_does_nothing():
    assert operations.load() == operations.Loaded(0, 0, 0)


def test_loading_repairs_what_differs_from_the_register():
    Edition.objects.all().delete()
    Unit.objects.filter(code="24373", valid_to=None).update(full_name="Xã Sai")

    loaded = operations.load()

    assert loaded == operations.Loaded(0, 1, 0)
    assert Unit.objects.get(code="24373", valid_to=None).full_name == "Xã Ea Kar"


def test_a_code_meant_another_commune_before_the_reform():
    then, now = Unit.objects.filter(code="00004").order_by("valid_from")

    assert (then.full_name, now.full_name) == ("Phường Trúc Bạch", "Phường Ba Đình")
    assert queries.today_of(then) == (now,)
    assert queries.as_of(now, REFORM - DAY) is None


def test_dong_nai_is_a_city_from_its_day():
    today = queries.province_by_code("75")

    assert today.full_name == "Thành phố Đồng Nai"
    assert queries.as_of(today, CITY).kind == Kind.CITY
    assert queries.as_of(today, CITY - DAY).kind == Kind.PROVINCE
    assert queries.as_of(Unit.objects.get(code="75", valid_from=REFORM), CITY).kind == Kind.CITY


def test_ten_communes_of_dong_nai_are_wards_from_that_day():
    ward = queries.communes_of(queries.province_by_code("75")).get(code="25270")

    assert ward.full_name == "Phường Lộc Ninh"
    assert (queries.as_of(ward, CITY - DAY).kind, queries.as_of(ward, CITY).kind) == (Kind.COMMUNE, Kind.WARD)


def test_provinces_and_communes_come_in_vietnamese_order():
    names = [unit.name for unit in queries.current_provinces()]

    assert len(names) == 34
    assert names[:4] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng"]
    assert queries.communes_of(queries.province_by_code("75")).count() == 95


def test_a_province_of_before_leads_to_the_one_of_today():
    binh_dinh = Unit.objects.get(level=Level.PROVINCE, name="Bình Định")

    assert [unit.name for unit in queries.today_of(binh_dinh)] == ["Gia Lai"]
    assert queries.province_today(binh_dinh).name == "Gia Lai"
    assert [unit.name for unit in queries.successors(binh_dinh)] == ["Gia Lai"]


def test_an_unknown_province_code_is_refused():
    with pytest.raises(Invalid) as error:
        queries.province_by_code("02")

    assert error.value.fields == {"province": "Không có tỉnh, thành phố nào hiện nay mang mã “02”."}


def test_writers_get_the_four_fields_of_a_place():
    found = queries.locate("xã Ân Hảo Đông,  huyện Hoài Ân, Bình Định")

    assert (found["province"].name, found["commune"].name) == ("Gia Lai", "Ân Hảo")
    assert found["place_text"] == "xã Ân Hảo Đông, huyện Hoài Ân, Bình Định"
    assert found["place_unit"].full_name == "Xã Ân Hảo Đông"


def test_the_province_at_hand_helps_a_short_address():
    gia_lai = queries.province_by_code("52")

    assert queries.locate("xã Ân Hảo", gia_lai)["commune"].name == "Ân Hảo"
    assert queries.locate("nơi nào đó", gia_lai) == {
        "province": gia_lai,
        "commune": None,
        "place_text": "nơi nào đó",
        "place_unit": None,
    }


def test_an_address_in_another_province_is_refused():
    with pytest.raises(Invalid) as error:
        queries.locate("xã Ea Kar, Đắk Lắk", queries.province_by_code("75"))

    assert error.value.fields == {
        "place_text": "“xã Ea Kar, Đắk Lắk” thuộc Tỉnh Đắk Lắk, không thuộc Thành phố Đồng Nai."
    }


def test_an_address_without_any_province_is_refused():
    with pytest.raises(Invalid) as error:
        queries.locate("nơi nào đó")

    assert list(error.value.fields) == ["place_text"]


def test_units_are_found_with_and_without_accents():
    assert [unit.full_name for unit in queries.search("ea kar")] == ["Xã Ea Kar"]
    assert queries.search("Đắk Lắk")[0].full_name == "Tỉnh Đắk Lắk"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("phuong hoa xuan", "Phường Hoà Xuân"),
        ("P.Hoà Xuân", "Phường Hoà Xuân"),
        ("xa ea kao", "Phường Ea Kao"),
        ("tp buon ma thuot", "Phường Buôn Ma Thuột"),
        ("TP. Buôn Ma Thuột", "Phường Buôn Ma Thuột"),
        ("h hoai an", "Xã Hoài Ân"),
        ("tx. an nhon", "Phường An Nhơn"),
        ("dac khu phu quoc", "Đặc khu Phú Quốc"),
        ("tinh gia lai", "Tỉnh Gia Lai"),
        ("xa an hao dong, huyen hoai an, binh dinh", "Xã Ân Hảo"),
        ("quan hoa", "Phường Quan Hoa"),
    ],
)
def test_a_unit_is_found_with_the_word_of_its_kind_before_its_name(typed, first):
    assert queries.search(typed, former=True)[0].full_name == first


def test_of_units_with_one_name_the_kind_that_was_written_stands_first():
    found = [unit.full_name for unit in queries.search("xa ea kao", former=True)]

    assert found == ["Phường Ea Kao", "Xã Ea Kao"]
    assert queries.search("tp buon ma thuot", former=True)[1].full_name == "Thành phố Buôn Ma Thuột"


def test_a_name_is_looked_for_with_and_without_its_kind_by_one_question(django_assert_num_queries):
    queries.gazetteer()  # read once a process

    with django_assert_num_queries(1):
        assert queries.search("tinh gia lai", former=True)
    with django_assert_num_queries(2):  # and whether the register in memory is still right
        assert queries.search("tinh dau tran", former=True) == []


@pytest.mark.parametrize("typed", ["xa khong co that", "phuong khong co, tinh nao do"])
def test_words_that_name_no_unit_find_none(typed):
    assert queries.search(typed, former=True) == []


def test_an_address_costs_one_query(django_assert_num_queries):
    queries.gazetteer()

    with django_assert_num_queries(1):
        found = queries.resolve("xã Ân Hảo Đông, huyện Hoài Ân, Bình Định")
        assert found.current[0].province.name == "Gia Lai"


def test_the_command_prints_one_json_object_a_line(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("xã Ân Hảo Đông, huyện Hoài Ân, Bình Định\n\nkhông đâu cả\n"))
    out = io.StringIO()

    call_command("resolve_place", "--json", stdout=out)

    first, empty, unknown = [json.loads(line) for line in out.getvalue().splitlines()]
    assert first == {
        "text": "xã Ân Hảo Đông, huyện Hoài Ân, Bình Định",
        "old": {
            "code": "21691",
            "name": "Xã Ân Hảo Đông",
            "district": "Huyện Hoài Ân",
            "province": "Tỉnh Bình Định",
        },
        "current": [
            {
                "code": first["current"][0]["code"],
                "name": "Xã Ân Hảo",
                "province_code": "52",
                "province": "Tỉnh Gia Lai",
            }
        ],
        "certainty": "exact",
    }
    assert empty == {"text": "", "old": None, "current": [], "certainty": "unknown"}
    assert unknown["certainty"] == "unknown"


def test_the_load_command_says_what_it_did():
    out = io.StringIO()

    call_command("load_places", stdout=out)

    assert out.getvalue() == "Địa bàn: thêm 0 đơn vị, sửa 0, thêm 0 dòng kế thừa.\n"
