import datetime as dt

import pytest
from django.db import transaction

from khuyencong.places.models import Succession, Unit, UnitFact
from tests.factories.norms import law as load_law

OLD, NEW, CITY = dt.date(2019, 1, 1), dt.date(2025, 7, 1), dt.date(2026, 4, 30)


@pytest.fixture(scope="module")
def law(django_db_setup, django_db_blocker):
    """The shipped law and a corner of Đồng Nai through time, loaded once a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        corner()
        load_law()
        yield
        transaction.set_rollback(True)


def unit(code, level, kind, name, *, since, until=None, parent=None, province=None):
    return Unit.objects.create(
        code=code,
        level=level,
        kind=kind,
        name=name,
        full_name=name,
        folded=name.lower(),
        sort_key=name.encode(),
        valid_from=since,
        valid_to=until,
        parent=parent,
        province=province,
    )


def corner():
    """Biên Hòa (class 1) and Long Khánh (class 3) before the reform, their wards today, a province that became a city."""
    old = unit("75", "province", "province", "Tỉnh Đồng Nai", since=OLD, until=NEW)
    bien_hoa = unit(
        "731", "district", "provincial_city", "Thành phố Biên Hòa", since=OLD, until=NEW, parent=old, province=old
    )
    long_khanh = unit(
        "732", "district", "provincial_city", "Thành phố Long Khánh", since=OLD, until=NEW, parent=old, province=old
    )
    trang_bom = unit("737", "district", "district", "Huyện Trảng Bom", since=OLD, until=NEW, parent=old, province=old)
    for city, value in ((bien_hoa, "1"), (long_khanh, "III")):
        UnitFact.objects.create(unit=city, name="city_class", value=value, source="thử", valid_from=OLD)
    new = unit("75", "province", "province", "Tỉnh Đồng Nai", since=NEW, until=CITY)
    city = unit("75", "province", "city", "Thành phố Đồng Nai", since=CITY)
    for code, name, district in (("26041", "Tam Hiệp", bien_hoa), ("26080", "Xuân An", long_khanh)):
        was = unit(code, "commune", "ward", f"Phường {name} cũ", since=OLD, until=NEW, parent=district, province=old)
        now = unit(code, "commune", "ward", f"Phường {name}", since=NEW, parent=city, province=city)
        Succession.objects.create(old=was, new=now, kind="whole", on=NEW)
    was = unit("26248", "commune", "commune", "Xã Trảng Bom cũ", since=OLD, until=NEW, parent=trang_bom, province=old)
    first = unit("26248", "commune", "commune", "Xã Trảng Bom", since=NEW, until=CITY, parent=new, province=new)
    unit("26248", "commune", "ward", "Phường Trảng Bom", since=CITY, parent=city, province=city)
    Succession.objects.create(old=was, new=first, kind="whole", on=NEW)
    unit("26500", "commune", "commune", "Xã Định Quán", since=NEW, parent=city, province=city)
    dak_lak = unit("66", "province", "province", "Tỉnh Đắk Lắk", since=NEW)
    unit("24100", "commune", "commune", "Xã Ea Kao", since=NEW, parent=dak_lak, province=dak_lak)


def on(code, day):
    return Unit.objects.on(day).get(code=code)
