"""The desk of prints, scans and registers, as people press it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.documents import queries, typeset
from khuyencong.documents.models import Number, Print, Register, Scan
from tests.documents.test_prints import photograph, printed
from tests.factories.documents import NumberFactory, PaperFactory, PrintFactory, RegisterFactory, ScanFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def clerk(province):
    return person("registry_clerk", place=province)


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def asked(desk, address):
    desk.get(address)
    with CaptureQueriesContext(connection) as queries_of:
        assert desk.get(address).status_code == 200
    return len(queries_of)


@pytest.mark.parametrize(
    ("route", "make"),
    [
        ("documents:prints", lambda province: PrintFactory(province=province)),
        ("documents:scans", lambda province: ScanFactory(province=province)),
        (
            "documents:registers",
            lambda province: RegisterFactory(issuer=OrganisationFactory(place=province, kind="department")),
        ),
    ],
)
def test_the_lists_ask_as_often_for_three_rows_as_for_one(desk, province, route, make):
    make(province)
    one = asked(desk, reverse(route))
    make(province), make(province)

    assert asked(desk, reverse(route)) == one <= 14


def test_a_register_asks_as_often_for_three_numbers_as_for_one(desk, province):
    register = RegisterFactory(issuer=OrganisationFactory(place=province, kind="department"))
    NumberFactory(register=register, value=1)
    one = asked(desk, reverse("documents:register", args=[register.pk]))
    NumberFactory(register=register, value=2), NumberFactory(register=register, value=3)

    assert asked(desk, reverse("documents:register", args=[register.pk])) == one <= 20


def test_a_photograph_goes_home_by_its_code(desk, clerk, province):
    one, filled = printed(clerk, province)
    photo = SimpleUploadedFile("anh.jpg", photograph(typeset.form_pdf(filled)), content_type="image/jpeg")

    answer = desk.post(reverse("documents:drop"), {"scans": [photo]}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("documents:print", args=[one.pk])
    assert "Đã nhận diện 1 bản quét và đưa về hồ sơ." in answer.content.decode()


def test_a_file_that_cannot_be_opened_is_kept_and_said_so(desk, clerk):
    broken = SimpleUploadedFile("hỏng.pdf", b"%PDF-1.7\nbroken", content_type="application/pdf")

    answer = desk.post(reverse("documents:drop"), {"scans": [broken]}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Không mở được tệp “hỏng.pdf”: tệp hỏng hoặc có mật khẩu. Tệp vẫn được giữ ở mục “Chưa nhận diện”; hãy quét lại hoặc "
        "lưu lại không mật khẩu rồi gửi lại."
    ]
    assert [(scan.file.name, scan.pages) for scan in Scan.objects.all()] == [("hỏng.pdf", 0)]
    assert "không mở được" in answer.content.decode()


def test_of_several_files_the_wrong_one_is_named_and_none_is_kept(desk, clerk, province):
    good = SimpleUploadedFile("anh.jpg", photograph(typeset.form_pdf(printed(clerk, province)[1])))
    program = SimpleUploadedFile("cai-dat.exe", b"MZ and more")

    answer = desk.post(reverse("documents:drop"), {"scans": [good, program]})

    assert answer.status_code == 422 and not Scan.objects.exists()
    assert "“cai-dat.exe”: Tệp chương trình không được nhận." in answer.content.decode()


def test_what_cannot_be_read_is_identified_by_a_person(desk, clerk, province):
    one, scan = PrintFactory(province=province), ScanFactory(province=province)

    assert "Chưa nhận diện" in desk.get(reverse("documents:scans")).content.decode()
    desk.post(reverse("documents:identify", args=[scan.pk]), {"printed": one.pk})

    assert Scan.objects.get(pk=scan.pk).print == one


def test_a_print_of_another_province_cannot_be_named(desk, province):
    scan, foreign = ScanFactory(province=province), PrintFactory(province=ProvinceFactory())

    answer = desk.post(reverse("documents:identify", args=[scan.pk]), {"printed": foreign.pk})

    assert answer.status_code == 422
    assert Scan.objects.get(pk=scan.pk).print is None


def test_a_signed_print_is_recorded_as_a_paper_and_leaves_the_list(desk, clerk, province):
    one = PrintFactory(province=province)
    facts = {"kind": "support_contract", "number": "12/HĐ-TTKC", "signed_on": "02/03/2026"}

    answer = desk.post(
        reverse("documents:sign", args=[one.pk]), {**facts, "signer": "Nguyễn Văn An", "signer_title": "Giám đốc"}
    )

    signed = Print.objects.get(pk=one.pk)
    assert answer.status_code == 302
    assert (signed.paper.number, signed.paper.abstract) == ("12/HĐ-TTKC", one.title)
    assert not queries.prints_waiting(clerk).exists()


@pytest.mark.parametrize("how", ["recorded", "attached later"])
def test_a_signed_form_uploaded_with_a_paper_leaves_the_list_of_prints_that_wait(desk, clerk, province, how):
    one, filled = printed(clerk, province)
    scan = SimpleUploadedFile("da-ky.jpg", photograph(typeset.form_pdf(filled)), "image/jpeg")
    facts = {"kind": "support_contract", "number": "12/HĐ-TTKC", "signed_on": "02/03/2026", "province": province.pk}
    facts |= {"signer": "Nguyễn Văn An", "signer_title": "Giám đốc"}

    if how == "recorded":
        assert desk.post(reverse("documents:record"), {**facts, "scans": [scan]}).status_code == 302
    else:
        paper = PaperFactory(province=province)
        desk.post(reverse("documents:attach", args=[paper.pk]), {"scans": [scan]})

    assert Print.objects.get(pk=one.pk).paper is not None
    assert not queries.prints_waiting(clerk).exists()


def test_the_kind_of_a_signed_form_is_told_by_the_form(desk, province):
    known, own = PrintFactory(province=province, form="mau-4a-phieu-tham-dinh"), PrintFactory(province=province)

    form = desk.get(reverse("documents:sign", args=[known.pk])).content.decode()
    assert '<option value="appraisal" selected>' in form
    assert '<option value="" selected>' in desk.get(reverse("documents:sign", args=[own.pk])).content.decode()


def test_a_print_is_given_up_with_a_reason(desk, province):
    one = PrintFactory(province=province)

    assert desk.post(reverse("documents:void", args=[one.pk]), {"reason": ""}).status_code == 422
    desk.post(reverse("documents:void", args=[one.pk]), {"reason": "In thử"})

    assert Print.objects.get(pk=one.pk).void_reason == "In thử"


def test_numbers_are_drawn_and_cancelled_in_the_page(desk, province):
    body = OrganisationFactory(place=province, kind="department")
    desk.post(reverse("documents:open_register"), {"issuer": body.pk, "year": 2026, "symbol": "QĐ-SCT", "last": 41})
    register = Register.objects.get()

    desk.post(reverse("documents:draw", args=[register.pk]), {"on": "02/03/2026", "about": "Giao nhiệm vụ"})
    number = Number.objects.get()
    desk.post(reverse("documents:cancel_number", args=[register.pk, number.pk]), {"reason": "Ghi nhầm"})
    shown = desk.get(reverse("documents:register", args=[register.pk])).content.decode()

    assert str(number) == "42/QĐ-SCT" and number.on == dt.date(2026, 3, 2)
    assert "Huỷ: Ghi nhầm" in shown
    again = desk.get(reverse("documents:cancel_number", args=[register.pk, number.pk]))
    assert again.status_code == 409 and "Số 42/QĐ-SCT đã huỷ." in again.content.decode()
    assert f"{body.name}, năm 2026" in shown  # a symbol is the same in every year


def test_a_register_is_opened_only_for_bodies_whose_numbers_the_clerk_draws(desk, province):
    own = OrganisationFactory(place=province, kind="department")
    commune = OrganisationFactory(place=CommuneFactory(province=province), kind="commune_committee")
    ministry = OrganisationFactory(place=None, kind="ministry")
    elsewhere = OrganisationFactory(place=ProvinceFactory(), kind="department")
    address = reverse("documents:open_register")

    offered = desk.get(address).context["form"].fields["issuer"].queryset
    assert set(offered) == {own, commune}

    for body in (ministry, elsewhere):
        answer = desk.post(address, {"issuer": body.pk, "year": 2026, "symbol": "QĐ-BCT", "last": 41})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Bạn không lấy số cho cơ quan này." in page
        assert 'value="QĐ-BCT"' in page and 'value="41"' in page
    assert not Register.objects.exists()


def test_who_identifies_a_scan_is_told_where_no_print_waits(desk, province):
    address = reverse("documents:identify", args=[ScanFactory(province=province).pk])
    said = "Không có bản in nào đang chờ bản ký. Hãy in biểu mẫu từ hồ sơ trước"

    assert said in desk.get(address).content.decode()
    PrintFactory(province=province)
    assert said not in desk.get(address).content.decode()


def test_a_number_gets_the_recorded_paper_that_bears_it(desk, province):
    register = RegisterFactory(
        issuer=OrganisationFactory(place=province, kind="department"), symbol="QĐ-SCT", year=2026
    )
    number = NumberFactory(register=register, value=7, actor_id=1)
    paper = PaperFactory(number="07/QĐ-SCT", signed_on=dt.date(2026, 3, 2), province=province)
    other = PaperFactory(number="8/QĐ-SCT", signed_on=dt.date(2026, 3, 2), province=province)
    address = reverse("documents:use_number", args=[register.pk, number.pk])

    assert desk.get(address).status_code == 200
    assert desk.post(address, {"paper": other.pk}).status_code == 422
    answer = desk.post(address, {"paper": paper.pk})
    assert answer.status_code == 302, answer.context["form"].errors
    number.refresh_from_db()
    assert number.paper == paper


def test_who_only_looks_sees_no_button_and_leaves_no_print(client, province):
    client.force_login(person("auditor", place=province))
    one, scan = PrintFactory(province=province), ScanFactory(province=province)
    paper, project = PaperFactory(province=province), ProjectFactory(province=province)

    pages = "".join(
        client.get(address).content.decode()
        for address in (
            *(reverse(f"documents:{name}") for name in ("list", "prints", "scans")),
            reverse("documents:print", args=[one.pk]),
            reverse("documents:page", args=[paper.pk]),
        )
    )
    answer = client.post(reverse("documents:print_form", args=["mau-1-du-toan", project.uid]))

    for route, keys in (("record", []), ("drop", []), ("identify", [scan.pk]), ("sign", [one.pk]), ("void", [one.pk])):
        assert f'href="{reverse(f"documents:{route}", args=keys)}"' not in pages, route
    assert reverse("documents:attach", args=[paper.pk]) not in pages
    assert (answer.content[:5], Print.objects.count()) == (b"%PDF-", 1)


def test_a_stranger_finds_none_of_it(client, province):
    client.force_login(person("registry_clerk", place=ProvinceFactory()))
    one, scan = PrintFactory(province=province), ScanFactory(province=province)
    register = RegisterFactory(issuer=OrganisationFactory(place=province, kind="department"))

    for route, key in (
        ("print", one.pk),
        ("sign", one.pk),
        ("void", one.pk),
        ("identify", scan.pk),
        ("scan_file", scan.pk),
        ("register", register.pk),
        ("draw", register.pk),
    ):
        assert client.get(reverse(f"documents:{route}", args=[key])).status_code == 404
    number = NumberFactory(register=register)
    assert client.get(reverse("documents:use_number", args=[register.pk, number.pk])).status_code == 404
