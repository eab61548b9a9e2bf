"""Lists of collaborators and contacts of communes."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.organisations import imports, queries
from khuyencong.organisations.models import Contact
from tests.factories.organisations import ContactFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.plans.given import book, commune, province, reasons  # noqa: F401

# ruff: noqa: F811
pytestmark = pytest.mark.django_db

HEAD = ["TT", "Họ và tên", "Chức vụ", "Đơn vị", "Xã, phường", "Điện thoại", "Email"]
MAI = [1, "Trần Thị Mai", "Công chức", "UBND xã Ea Kly", "Xã Ea Kly", "0912.345.678", "mai@example.vn"]
HUNG = [2, "Lê Văn Hùng", None, None, "Xã Ea Kar", 905123456, None]


@pytest.fixture
def clerk(province):
    return person("centre_officer", place=province)


def check(province, *rows, head=HEAD, **options):
    data = book(["DANH SÁCH CỘNG TÁC VIÊN KHUYẾN CÔNG"], [], head, *rows)
    return imports.check_contacts(data, name="ctv.xlsx", province=province, **options)


def verdicts(checked):
    return [row.verdict for row in checked.rows]


def test_a_list_is_written_with_places_and_telephones_and_one_line_of_the_journal(province, commune, clerk):
    checked = check(province, MAI, HUNG)

    counts = imports.write_contacts(checked, by=clerk)

    mai, hung = Contact.objects.order_by("pk")
    event = Event.objects.get(action="contact.import")
    assert (checked.errors, checked.warnings, counts["written"]) == ([], [], 2)
    assert (mai.kind, mai.commune, mai.phone, mai.title, mai.valid_from) == (
        "collaborator",
        commune,
        "0912345678",
        "Công chức",
        dt.date(2026, 11, 22),
    )
    assert (hung.phone, hung.commune.name) == ("0905123456", "Ea Kar")
    assert (event.data["digest"], "0912345678" in str(event.data)) == (checked.digest, False)
    assert "0912" not in str(checked.preview())


def test_the_same_list_twice_adds_nothing_and_a_new_number_is_put_right(province, commune, clerk):
    imports.write_contacts(check(province, MAI), by=clerk)

    again = check(province, MAI)
    moved = check(province, [*MAI[:5], "0987654321", None])
    imports.write_contacts(again, by=clerk)
    counts = imports.write_contacts(moved, by=clerk)

    assert (verdicts(again), verdicts(moved), moved.rows[0].why) == (["same"], ["changed"], "Đã có; đổi: điện thoại.")
    assert (Contact.objects.get().phone, Contact.objects.get().email, counts["completed"]) == (
        "0987654321",
        "mai@example.vn",
        1,
    )


def test_each_faulty_cell_is_named_and_left_out(province, commune, clerk):
    elsewhere = ProvinceFactory(code="68", name="Lâm Đồng", full_name="Tỉnh Lâm Đồng")
    checked = check(
        province,
        [1, None, "Công chức", "UBND", "Xã Ea Kly", "0912345678"],
        [2, "Lê Văn A", None, None, "Xã Ea Kly", "123"],
        [3, "Lê Văn B", None, None, f"Xã Ea Kly, {elsewhere.full_name}", None],
        [4, "Lê Văn C", None, None, "Xã Ea Kly", None, "khong phai"],
        [5, "Lê Văn D", None, None, None, None],
    )

    assert verdicts(checked) == ["faulty", "faulty", "faulty", "faulty", "new"]
    assert [(row, column) for row, column, _reason in reasons(checked.errors)] == [
        (4, "B"),
        (5, "F"),
        (6, "E"),
        (7, "G"),
    ]
    assert [(row, column) for row, column, _reason in reasons(checked.warnings)] == [(8, "E")]
    assert imports.write_contacts(checked, by=clerk)["written"] == 1


def test_two_of_one_name_in_one_commune_are_doubtful_until_accepted(province, commune, clerk):
    checked = check(province, MAI, [2, "TRẦN THỊ MAI", None, None, "Xã Ea Kly", "0987654321"])

    counts = imports.write_contacts(checked, by=clerk, accept=[("Biểu 1", 5)])

    assert (verdicts(checked), counts["written"]) == (["new", "doubtful"], 2)


def test_who_has_ended_is_no_longer_told(province, commune, clerk):
    ContactFactory(commune=commune, province=province, valid_to=dt.date(2026, 11, 22))
    ContactFactory(commune=commune, province=province, valid_to=dt.date(2026, 11, 23), name="Còn")

    assert [contact.name for contact in queries.contacts(clerk)] == ["Còn"]


def test_a_list_of_something_else_is_refused_and_strangers_write_nothing(province, commune):
    with pytest.raises(Invalid):
        imports.check_contacts(book(["A", "B"], [1, 2]), name="x.xlsx", province=province)
    with pytest.raises(NotAllowed):
        imports.write_contacts(check(province, MAI), by=person("centre_officer"))

    assert Contact.objects.count() == 0
