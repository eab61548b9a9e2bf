"""Who signed a PDF digitally, when, and whether it still stands; with certificates made here."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.documents.models import PaperFile
from khuyencong.documents.signatures import authorities_of, is_damaged, signatures_of, unreadable_in
from khuyencong.tools.checks import authorities_that_can_be_read
from tests.factories.documents import PaperFactory, PrintFactory, ScanFactory
from tests.factories.files import StoredFileFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.signing import UTC, Holder, authority, changed_after, plain_pdf, signed_pdf, stamper

DAY = dt.datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
KNOWN = [authority().asn1]


def only(content, authorities=KNOWN):
    [found] = signatures_of(content, authorities=authorities)
    return found


def test_a_signature_tells_who_for_whom_when_and_under_which_certificate():
    found = only(signed_pdf(stamped_at=DAY))

    assert (found.state, found.signer, found.organisation, found.tax_code) == (
        "trusted",
        "Nguyễn Văn An",
        "Sở Công Thương tỉnh Đắk Lắk",
        "6000123456",
    )
    assert (found.at, found.stamped_by, found.stamp_known) == (DAY, "TSA thử nghiệm", True)
    assert (found.coverage, found.issuer, found.valid_to.year) == ("file", "CA thử nghiệm", 2036)


def test_without_a_time_stamp_the_time_is_that_of_the_signers_machine():
    before = dt.datetime.now(UTC) - dt.timedelta(minutes=1)

    found = only(signed_pdf())

    assert (found.state, found.stamped_by) == ("trusted", "")
    assert before <= found.at <= dt.datetime.now(UTC)


def test_nobody_is_trusted_until_his_authority_lies_in_the_folder(settings, tmp_path):
    settings.CA_DIR = tmp_path / "ca"
    content = signed_pdf(stamped_at=DAY)
    [before] = signatures_of(content)
    settings.CA_DIR.mkdir()
    (settings.CA_DIR / "root.crt").write_bytes(authority().der)
    [after] = signatures_of(content)

    assert (before.state, before.stands, before.stamped_by, before.stamp_known) == (
        "whole",
        True,
        "TSA thử nghiệm",
        False,
    )
    assert (after.state, after.stands, after.stamp_known) == ("trusted", True, True)


def test_another_authority_of_the_same_name_is_another():
    assert only(signed_pdf(), [Holder("CA thử nghiệm").asn1]).state in ("whole", "chain")
    assert only(signed_pdf(), [Holder("CA khác").asn1]).state == "whole"


def test_who_issued_his_own_certificate_is_told_so_and_what_he_signed_stands():
    found = only(signed_pdf(by=Holder("Trần Thị Bé")))

    assert (found.state, found.stands, found.signer, found.issuer) == ("self", True, "Trần Thị Bé", "Trần Thị Bé")
    assert "tự cấp" in found.state.label
    assert only(signed_pdf(by=Holder("Trần Thị Bé")).replace(b"595", b"596", 1)).state == "broken"


def test_one_changed_byte_breaks_the_signature():
    content = signed_pdf().replace(b"595", b"596", 1)

    assert (only(content).state, only(content).stands) == ("broken", False)


def test_what_is_saved_into_the_file_after_signing_is_told():
    found = only(changed_after(signed_pdf()))

    assert (found.state, found.coverage, found.signer) == ("changed", "changed", "Nguyễn Văn An")


def test_a_second_signature_leaves_the_first_standing():
    clerk = Holder("Văn thư Sở", issuer=authority())
    first, second = signatures_of(signed_pdf(signed_pdf(), by=clerk, field="ChuKy2"), authorities=KNOWN)

    assert [(one.signer, one.state, one.coverage) for one in (first, second)] == [
        ("Nguyễn Văn An", "trusted", "signed_later"),
        ("Văn thư Sở", "trusted", "file"),
    ]


@pytest.mark.parametrize(
    ("seconds", "state"), [(-1, "expired"), (0, "trusted"), (86_400, "trusted"), (86_401, "expired")]
)
def test_a_certificate_counts_on_the_day_of_signing_not_of_looking(seconds, state):
    short = Holder("Trần Thị Bé", issuer=authority(), start=DAY, end=DAY + dt.timedelta(days=1))

    found = only(signed_pdf(by=short, stamped_at=DAY + dt.timedelta(seconds=seconds)))

    assert (found.state, found.at) == (state, DAY + dt.timedelta(seconds=seconds))


def test_a_certificate_that_ended_before_the_signers_own_time_has_expired():
    old = Holder("Trần Thị Bé", issuer=authority(), end=dt.datetime.now(UTC) - dt.timedelta(days=1))

    assert only(signed_pdf(by=old)).state == "expired"


def test_an_algorithm_that_can_be_forged_is_told():
    found = only(signed_pdf(algorithm="sha1"))

    assert (found.state, found.algorithm) == ("weak", "sha1")


def test_a_personal_number_in_a_certificate_is_not_shown():
    found = only(signed_pdf(by=Holder("Lê Thị Chín", issuer=authority(), uid="CCCD:066190012345")))

    assert (found.signer, found.tax_code) == ("Lê Thị Chín", "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", plain_pdf()])
def test_what_is_not_signed_has_no_signature(content):
    assert signatures_of(content, authorities=KNOWN) == []


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4 /ByteRange [0 1 2 3]", signed_pdf()[:2000] + b"/ByteRange", b"/ByteRange" * 1000],
)
def test_a_broken_file_gives_one_answer(content):
    assert [one.state for one in signatures_of(content, authorities=KNOWN)] == ["unreadable"]


def test_a_broken_signature_inside_a_sound_file_is_unreadable_or_broken():
    content = signed_pdf()
    at = content.index(b"/Contents <") + len(b"/Contents <")
    content = content[:at] + b"00" * 200 + content[at + 400 :]

    assert [one.stands for one in signatures_of(content, authorities=KNOWN)] == [False]


@pytest.mark.parametrize(
    ("content", "damaged"),
    [
        (plain_pdf(), False),
        (signed_pdf(), False),
        (signed_pdf() + b"\r\n\0\0", False),
        (b"\n" + plain_pdf(), False),  # a line before the head: offsets count from the head
        (signed_pdf()[:-7], True),
        (signed_pdf()[: len(plain_pdf()) + 400], True),  # what was saved with the signature is cut in its midst
        (signed_pdf()[: len(plain_pdf())], False),  # cut where the state before it ended: the same file as that state
        (plain_pdf()[: len(plain_pdf()) // 2], True),
        (plain_pdf().replace(b"%PDF-1.7", b"%PDF-1.7" + b" " * 99, 1), True),  # the table is not where the end says
        (b"%PDF-1.4", True),
        (b"", True),
    ],
)
def test_a_file_that_lost_its_end_is_damaged(content, damaged):
    assert is_damaged(content) == damaged


def test_the_folder_may_hold_pem_and_der_and_what_is_none_is_named(tmp_path, settings):
    (tmp_path / "a.pem").write_bytes(authority().pem + stamper().pem)
    (tmp_path / "b.der").write_bytes(authority().der)
    (tmp_path / "c.crt").write_bytes(b"khong phai chung thu")
    (tmp_path / "README.txt").write_text("x")
    settings.CA_DIR = tmp_path
    [warning] = authorities_that_can_be_read(None)

    assert "c.crt" in warning.msg
    assert (len(authorities_of(tmp_path)), unreadable_in(tmp_path)) == (3, ["c.crt"])
    assert authorities_of(tmp_path / "none") == []
    settings.CA_DIR = tmp_path / "none"
    assert authorities_that_can_be_read(None) == []


# ---- the page ----


@pytest.fixture
def paper(db):
    return PaperFactory(province=ProvinceFactory())


@pytest.fixture
def desk(client, paper):
    client.force_login(person("registry_clerk", place=paper.province))
    return client


def put(paper, content, name="qd.pdf", kind="application/pdf"):
    file = StoredFileFactory(content=content, name=name, content_type=kind)
    return PaperFile.objects.create(paper=paper, file=file, order=paper.attachments.count())


def test_the_page_of_a_paper_asks_for_its_signatures_and_shows_them(desk, paper):
    put(paper, signed_pdf(stamped_at=DAY))
    put(paper, plain_pdf(), name="ban-quet.pdf")
    url = reverse("documents:signatures", args=[paper.pk])

    page = desk.get(reverse("documents:page", args=[paper.pk])).content.decode()
    part = desk.get(url, headers={"HX-Request": "true"}).content.decode()
    whole = desk.get(url).content.decode()

    assert (f'hx-get="{url}"' in page, f'href="{url}"' in page, "<html" in part) == (True, True, False)
    assert part.strip() in whole
    for told in (
        "Chữ ký toàn vẹn, chưa kiểm được tổ chức cấp chứng thư",
        "Nguyễn Văn An, Sở Công Thương tỉnh Đắk Lắk",
        "Ký lúc 02/03/2026 15:15 theo dấu thời gian của TSA thử nghiệm, chưa kiểm được đơn vị này",
        "Phạm vi: toàn bộ tệp",
        "Chứng thư do CA thử nghiệm cấp, có hiệu lực 01/01/2023 đến 01/01/2036",
        "Tệp này không có chữ ký số.",
        "chưa biết chứng thư có bị thu hồi hay không",
    ):
        assert told in part, told


def test_of_a_file_that_was_cut_off_nobody_says_that_it_is_not_signed(desk, paper):
    put(paper, signed_pdf()[: len(plain_pdf()) + 60])

    part = desk.get(reverse("documents:signatures", args=[paper.pk]), headers={"HX-Request": "true"}).content.decode()

    assert "Tệp này không có chữ ký số" not in part
    assert "bị hỏng hoặc bị cắt mất phần cuối nên không biết có chữ ký số hay không" in part


def test_a_paper_without_a_pdf_has_no_such_panel_and_a_stranger_gets_none(desk, client, paper):
    url = reverse("documents:signatures", args=[paper.pk])
    put(paper, b"\x89PNG", name="anh.png", kind="image/png")

    assert "chu-ky-so" not in desk.get(reverse("documents:page", args=[paper.pk])).content.decode()
    client.force_login(person("registry_clerk", place=ProvinceFactory()))
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_signatures_are_asked_with_as_many_queries_for_three_files(
    desk, paper, django_assert_max_num_queries, count
):
    for number in range(count):
        put(paper, signed_pdf(), name=f"{number}.pdf")

    with django_assert_max_num_queries(12) as asked:
        desk.get(reverse("documents:signatures", args=[paper.pk]))

    assert len(asked) <= 12


def test_the_print_shows_who_signed_the_pdf_that_came_back(desk, paper):
    printed = PrintFactory(province=paper.province)
    page = reverse("documents:print", args=[printed.pk])
    ScanFactory(print=printed, file=StoredFileFactory(content=plain_pdf(), content_type="application/pdf"))
    assert "Chữ ký" not in desk.get(page).content.decode()

    ScanFactory(print=printed, file=StoredFileFactory(content=signed_pdf(), content_type="application/pdf"))
    shown = desk.get(page).content.decode()
    assert "Nguyễn Văn An, Sở Công Thương tỉnh Đắk Lắk" in shown

    changed = signed_pdf().replace(b"/Page", b"/Pagf", 1)
    ScanFactory(print=printed, file=StoredFileFactory(content=changed, content_type="application/pdf"))
    assert "Chữ ký không khớp với nội dung tệp" in desk.get(page).content.decode()
