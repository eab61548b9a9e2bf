"""What every paper begins with, as it was on the legal day."""

import datetime as dt

import pytest

from khuyencong.documents.letterheads import (
    bases,
    chief,
    cited,
    head_of,
    letterhead,
    on_paper,
    party,
    place_day,
    place_name,
    symbol,
    told,
)
from tests.factories.documents import PaperFactory
from tests.factories.norms import InstrumentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

DAY = dt.date(2026, 3, 5)


@pytest.fixture
def province(db):
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


def test_a_signed_paper_bears_its_day_and_a_draft_leaves_it_open(province):
    body = OrganisationFactory(department=True, place=province, name="Sở Công Thương")

    assert letterhead(body, on=DAY, known=True, number="1/QĐ-SCT") == {
        "over": "UBND tỉnh Đắk Lắk",
        "body": "Sở Công Thương",
        "number": "1/QĐ-SCT",
        "place_day": "Đắk Lắk, ngày 05 tháng 3 năm 2026",
    }
    assert letterhead(body, on=DAY)["place_day"] == "Đắk Lắk, ngày …… tháng …… năm 2026"


def test_above_a_centre_stands_the_department_of_its_day(province):
    OrganisationFactory(department=True, place=province, name="Sở cũ", ended_on=dt.date(2026, 3, 1))
    OrganisationFactory(department=True, place=province, name="Sở mới", founded_on=dt.date(2026, 3, 1))
    centre = OrganisationFactory(centre=True, place=province)

    assert letterhead(centre, on=dt.date(2026, 2, 28))["over"] == "Sở cũ"
    assert letterhead(centre, on=dt.date(2026, 3, 1))["over"] == "Sở mới"


def test_the_head_is_named_where_there_is_one_on_the_day(province):
    centre = OrganisationFactory(centre=True, place=province, address="")
    head = UserFactory(title="Giám đốc Trung tâm")
    MandateFactory(user=head, role="centre_director", place=province, employer=centre, valid_to=dt.date(2026, 6, 1))

    assert head_of(centre, on=DAY) == head
    assert (party(centre, on=DAY)["representative"], party(centre, on=DAY)["address"]) == (str(head), None)
    assert head_of(centre, on=dt.date(2026, 6, 1)) is None
    MandateFactory(role="centre_director", place=province, employer=centre)
    assert head_of(centre, on=DAY) is None


def test_the_texts_of_the_day_are_cited_in_the_order_of_their_signing(province):
    for number, kind, title, body, signed in (
        ("45/2012/NĐ-CP", "decree", "Về khuyến công", "Chính phủ", dt.date(2012, 5, 21)),
        ("28/2018/TT-BTC", "circular", "Lập, quản lý kinh phí", "Bộ Tài chính", dt.date(2018, 3, 28)),
        ("36/2013/TT-BCT", "circular", "Quy định kế hoạch", "Bộ Công Thương", dt.date(2013, 12, 27)),
    ):
        InstrumentFactory(
            code=number, number=number, kind=kind, title=title, body=body, signed_on=signed, valid_from=signed
        )
    own = {"number": "23/2025/NQ-HĐND", "signed_on": dt.date(2025, 7, 1), "valid_from": dt.date(2025, 8, 1)}
    InstrumentFactory(provincial=True, province=province, title="Mức chi khuyến công", **own)
    wanted = ("28/2018/TT-BTC", "45/2012/NĐ-CP", "36/2013/TT-BCT")

    assert bases(wanted, on=DAY, province=province) == [
        "Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công",
        "Thông tư số 36/2013/TT-BCT ngày 27 tháng 12 năm 2013 của Bộ Công Thương quy định kế hoạch",
        "Thông tư số 28/2018/TT-BTC ngày 28 tháng 3 năm 2018 của Bộ Tài chính về lập, quản lý kinh phí",
        "Nghị quyết số 23/2025/NQ-HĐND ngày 01 tháng 7 năm 2025 của HĐND tỉnh về mức chi khuyến công",
    ]
    assert len(bases(wanted, on=DAY)) == 3
    assert len(bases(wanted, on=dt.date(2018, 3, 27), province=province)) == 2


@pytest.mark.parametrize(
    ("written", "told_as"),
    [
        ("", "xã Ea Kly, tỉnh Đắk Lắk"),
        ("Thôn 5, Xã Ea Kly", "Thôn 5, xã Ea Kly, tỉnh Đắk Lắk"),
        ("Thôn Hoà Tây, Phường 9,  Quận 3", "thôn Hoà Tây, Phường 9, Quận 3, tỉnh Đắk Lắk"),
        ("Xã Ea Phê, Huyện Krông Pắc, Tỉnh Đắk Lắk", "xã Ea Phê, huyện Krông Pắc, tỉnh Đắk Lắk"),
        ("Xã Hòa Mỹ Đông, Huyện Tây Hoà, Tỉnh Phú Yên", "xã Hòa Mỹ Đông, huyện Tây Hoà, tỉnh Phú Yên"),
    ],
)
def test_a_place_is_told_as_written_with_one_province_and_common_names_small(province, written, told_as):
    commune = CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")

    assert place_name(ProjectFactory(province=province, commune=commune, place_text=written), DAY) == told_as


def test_a_paper_is_referred_to_by_number_and_day(db):
    paper = PaperFactory(number="12/QĐ-UBND", signed_on=DAY)

    assert told(paper, name="Quyết định") == "Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2026"
    assert told(PaperFactory(kind="minutes", number="", signed_on=DAY)) == "Biên bản họp ngày 05 tháng 3 năm 2026"
    assert told(None) is None


@pytest.mark.parametrize(
    ("name", "full", "seat"),
    [
        ("Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("1", "Phường 1", "Phường 1"),
        ("Đắk Lắk", "Tỉnh Đắk Lắk", "Đắk Lắk"),
    ],
)
def test_a_unit_of_a_number_or_a_persons_name_is_told_whole_before_the_day(db, name, full, seat):
    unit = ProvinceFactory(name=name, full_name=full)

    assert place_day(unit, on=DAY, known=True) == f"{seat}, ngày 05 tháng 3 năm 2026"


def test_a_text_without_a_number_is_cited_without_one(province):
    text = InstrumentFactory(
        provincial=True,
        province=province,
        number="",
        kind="resolution",
        body="HĐND tỉnh",
        title="Mức chi",
        signed_on=DAY,
    )

    assert cited(text) == "Nghị quyết ngày 05 tháng 3 năm 2026 của HĐND tỉnh về mức chi"


@pytest.mark.parametrize(
    ("kind", "number", "title"),
    [
        ("centre", "……/BC-TTKC", "Giám đốc"),
        ("school", "……/BC", "Hiệu trưởng"),
        ("agency", "……/BC", "Cục trưởng"),
        ("union", "……/BC", "Thủ trưởng đơn vị"),
    ],
)
def test_who_signs_and_under_which_letters_follows_the_body(db, kind, number, title):
    body = OrganisationFactory(kind=kind)

    assert (symbol(body, "BC"), chief(body)) == (number, title)


def test_a_paper_does_not_carry_our_doubts():
    assert on_paper("Điều 6 Quyết định 47/QĐ-SCT, chưa kiểm chứng") == "Điều 6 Quyết định 47/QĐ-SCT"
    assert on_paper("điểm a (chưa kiểm chứng); điểm b") == "điểm a; điểm b"


def test_a_body_of_the_ministry_stands_under_it_and_signs_in_the_capital(db):
    agency = OrganisationFactory(kind="agency", place=None, name="Cục Khuyến công")

    head = letterhead(agency, on=DAY, known=True)
    assert (head["over"], head["place_day"]) == ("Bộ Công Thương", "Hà Nội, ngày 05 tháng 3 năm 2026")
