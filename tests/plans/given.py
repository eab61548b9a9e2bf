"""A province, its people and the tables of plans that its office keeps."""

import io

import pytest
import xlsxwriter

from khuyencong.places import queries as places
from khuyencong.plans import imports
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import CommuneFactory, ProvinceFactory

M = 1_000_000
ISSUE = (
    ["TT", "Tên đề án", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Nội dung", "Tổng kinh phí", "KCQG", "KCĐP"]
    + ["Đối ứng", "Nguồn khác", "Thời gian", "Ghi chú"]
)  # fmt: skip
CENTRE = "Trung tâm Khuyến công Đắk Lắk"


@pytest.fixture
def province():
    places.forget()
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def commune(province):
    CommuneFactory(province=province, name="Ea Kar", full_name="Xã Ea Kar")
    return CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")


@pytest.fixture
def centre(province):
    return OrganisationFactory(centre=True, name=CENTRE, place=province)


def book(*rows, sheet="Biểu 1", merges=()):
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet(sheet)
    merged = {(first[0], first[1]) for first, _last in merges}
    for first, last in merges:
        value = rows[first[0]][first[1]] if len(rows[first[0]]) > first[1] else ""
        page.merge_range(*first, *last, value if value is not None else "")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in (None, "") and (number, column) not in merged:
                page.write(number, column, value)
    workbook.close()
    return out.getvalue()


def project(number=1, title="Hỗ trợ ứng dụng máy sấy cà phê", *, total=620, national=None, local=300, own=320, other=None,
            implementer=CENTRE, beneficiary="Công ty TNHH Cà phê Ban Mê", place="Xã Ea Kly", content="01 máy sấy",
            time="Năm 2026", note=None):  # fmt: skip
    return [number, title, implementer, beneficiary, place, content, total, national, local, own, other, time, note]


UNIT = [
    ["KẾ HOẠCH KHUYẾN CÔNG ĐỊA PHƯƠNG NĂM 2026"],
    ["(Kèm theo Quyết định số 12/QĐ-UBND của Ủy ban nhân dân tỉnh)"],
    [],
    [*[None] * 6, "ĐVT: triệu đồng"],
]


def check(province, *rows, name="kh.xlsx", level="provincial", year=2026, **options):
    merges = options.pop("merges", ())
    return imports.check_plan(
        book(*rows, merges=merges), name=name, province=province, year=year, level=level, **options
    )


def verdicts(checked):
    return [row.verdict.value for row in checked.rows]


def reasons(faults):
    return [(fault.as_json()["row"], fault.as_json()["column"], fault.reason) for fault in faults]
