"""The auditor's pages: only his, within his mandate; a sample that is drawn again; one đồng followed to its voucher."""

import html as escaped
import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from khuyencong.audit.models import Event
from khuyencong.audit.operations import record, seal
from khuyencong.audit.queries import verify
from khuyencong.reporting.queries.exceptions import KINDS
from khuyencong.web.common.frame import PROVINCE
from tests.factories.audit import EventFactory
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AdvanceFactory, VoucherFactory
from tests.factories.documents import DossierItemFactory, PaperFactory, PaperFileFactory
from tests.factories.files import StoredFileFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ClearanceFactory, ProjectFactory

pytestmark = pytest.mark.django_db
PLAIN = ("list", "sample", "envelopes", "journal", "verify")


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def auditor(province):
    return person("auditor", place=province)


@pytest.fixture
def desk(client, auditor):
    client.force_login(auditor)
    return client


@pytest.fixture
def money(province):
    """One đồng's way: an envelope with its decision, a project that draws on it, an advance, a voucher with its scan."""
    envelope = EnvelopeFactory(province=province, given=1_000_000_000, name="KCĐP 2026")
    project = ProjectFactory(province=province, running=True, title="Máy sấy cà phê", whole=True)
    for kind in ("committed", "advanced"):
        EntryFactory(envelope=envelope, kind=kind, amount=300_000_000, project=project)
    AdvanceFactory(project=project, envelope=envelope, state="paid", treasury_number="KB-118")
    voucher = VoucherFactory(project=project, file=StoredFileFactory(), number="118")
    return envelope, project, voucher


def at(name, *args):
    return reverse(f"audit:{name}", args=args)


def seen(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200, (url, answer.status_code)
    return escaped.unescape(answer.content.decode())


def addresses(money):
    envelope, project, voucher = money
    return [
        *(at(name) for name in PLAIN),
        *(at("exceptions", key) for key in KINDS),
        at("envelope", envelope.pk),
        at("trail", project.pk),
        at("voucher", voucher.pk),
        at("voucher_file", voucher.pk),
    ]


# ---- who ----


def test_strangers_are_sent_to_sign_in(client, money):
    assert {client.get(url).status_code for url in addresses(money)} == {302}
    assert client.post(at("export"), {"de-an": money[1].pk}).status_code == 302


@pytest.mark.parametrize("role", ["appraiser", "accountant", "department_director", "registry_clerk"])
def test_nobody_else_opens_the_auditors_pages(client, money, province, role):
    client.force_login(person(role, place=province))

    assert {client.get(url).status_code for url in addresses(money)} == {403}
    assert client.post(at("export"), {"de-an": money[1].pk}).status_code == 403


def test_an_auditor_of_another_province_finds_nothing(client, money):
    client.force_login(person("auditor", place=ProvinceFactory()))

    assert [client.get(url).status_code for url in addresses(money)[-4:]] == [404] * 4
    assert "Máy sấy cà phê" not in seen(client, at("sample"), **{"hat-giong": "a1", "nam": "tat-ca"})
    answer = client.post(at("export"), {"de-an": money[1].pk})
    assert (answer.status_code, Event.objects.filter(action="audit.export").exists()) == (302, False)


def test_a_mandate_that_has_ended_opens_nothing(client, province):
    client.force_login(person("auditor", place=province, ended=True))

    assert client.get(at("list")).status_code == 403


def test_an_administrator_reads_the_journal_and_nothing_else(client, province):
    client.force_login(person("administrator", place=province))

    assert [client.get(at(name)).status_code for name in ("journal", "verify", "list")] == [200, 200, 403]


# ---- queries ----


def fill(province):
    for _n in range(2):
        project = ProjectFactory(province=province, running=True, whole=True)
        ClearanceFactory(project=project)
        EventFactory(province_id=province.pk, on="2026-01-05")
        VoucherFactory(project=project)
        ProjectFactory(province=province, state="liquidated", historical=True, originals_missing=True)
        EntryFactory(envelope=EnvelopeFactory(province=province, given=5), kind="advanced", amount=1, project=project)


def test_pages_ask_as_often_for_three_as_for_one(desk, money, province, django_assert_max_num_queries):
    ClearanceFactory(project=money[1])
    EventFactory(province_id=province.pk, on="2026-01-05")
    ProjectFactory(province=province, state="liquidated", historical=True, originals_missing=True)
    pages = [(url, {}) for url in addresses(money)[:-4]] + [(at("sample"), {"hat-giong": "a1"})]
    counts = {}
    for url, query in pages:
        with django_assert_max_num_queries(30) as asked:
            seen(desk, url, **query)
        counts[url, *query] = len(asked)
    fill(province)

    for url, query in pages:
        with django_assert_max_num_queries(30) as asked:
            seen(desk, url, **query)
        assert len(asked) <= counts[url, *query], url


def test_following_money_asks_as_often_for_many_lines(desk, money, django_assert_max_num_queries):
    envelope, project, _voucher = money
    urls = [at("envelope", envelope.pk), at("trail", project.pk)]
    counts = []
    for url in urls:
        with django_assert_max_num_queries(20) as asked:
            seen(desk, url)
        counts.append(len(asked))
    for number in range(2, 5):
        EntryFactory(envelope=envelope, kind="advanced", amount=1, project=project)
        AdvanceFactory(project=project, envelope=envelope, number=100 + number)
        VoucherFactory(project=project)

    for url, count in zip(urls, counts, strict=True):
        with django_assert_max_num_queries(20) as asked:
            seen(desk, url)
        assert len(asked) == count


# ---- exceptions ----


def test_the_board_counts_what_its_lists_show(desk, province):
    ClearanceFactory(project__province=province)

    counts = {row["label"]: row["count"] for row in desk.get(at("list")).context["rows"]}

    assert counts[KINDS["ngoai-le"].label] == 1
    assert sum(counts.values()) == 1
    assert "Có văn bản cam kết riêng" in seen(desk, at("exceptions", "ngoai-le"))


@pytest.fixture
def country(client):
    """An auditor of the whole country."""
    client.force_login(person("auditor", country=True))
    return client


def test_over_the_whole_country_the_board_is_shown_first_and_each_kind_counted_after_it(
    country, province, django_assert_max_num_queries
):
    ClearanceFactory(project__province=province)

    with django_assert_max_num_queries(6):  # who asks, his years: nothing of the projects
        page = country.get(at("list"), {"nam": 2026})

    assert {row["count"] for row in page.context["rows"]} == {None}
    told = page.content.decode()
    for key in KINDS:
        assert f'hx-get="{at("number", key)}?nam=2026"' in told
        row = country.get(at("number", key), {"nam": 2026}).content.decode()
        assert f'<td class="n">{int(key == "ngoai-le")}</td></tr>' in row
        assert (f'href="{at("exceptions", key)}?nam=2026"' in row) is (key == "ngoai-le")  # nothing to open, no link


def test_without_javascript_a_link_counts_the_whole_country(country, province):
    ClearanceFactory(project__province=province)
    told = country.get(at("list"), {"nam": 2026}).content.decode()

    assert '<noscript><p><a href="?nam=2026&amp;dem=1">Đếm số dòng</a>' in told
    rows = country.get(at("list"), {"nam": 2026, "dem": 1}).context["rows"]
    assert {row["label"]: row["count"] for row in rows if row["count"]} == {KINDS["ngoai-le"].label: 1}


def test_a_chosen_province_is_counted_at_once_for_who_sees_the_country(country, province):
    ClearanceFactory(project__province=province)
    session = country.session
    session[PROVINCE] = province.pk
    session.save()

    assert sum(row["count"] for row in country.get(at("list")).context["rows"]) == 1


def test_a_row_of_the_board_is_counted_within_the_mandate(desk, client):
    ClearanceFactory(project__province=ProvinceFactory())

    assert '<td class="n">0</td>' in desk.get(at("number", "ngoai-le")).content.decode()
    client.force_login(person("appraiser", place=ProvinceFactory()))
    assert client.get(at("number", "ngoai-le")).status_code == 403


def test_an_unknown_kind_is_not_there(desk):
    assert desk.get(at("exceptions", "khac")).status_code == 404
    assert desk.get(at("number", "khac")).status_code == 404


def test_the_export_of_exceptions_holds_the_lines_of_the_page(desk, province):
    row = ClearanceFactory(project__province=province)
    answer = desk.get(at("exceptions", "ngoai-le"), {"xuat": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active

    assert (sheet.max_row, sheet["A2"].value) == (2, row.project.code)
    assert sheet["D2"].value in seen(desk, at("exceptions", "ngoai-le"))


# ---- the sample and its dossiers ----


def test_the_seed_is_printed_and_draws_the_same_again(desk, province):
    ProjectFactory.create_batch(12, province=province, approved=True)
    query = {"hat-giong": "kiem-toan-7", "co-mau": 10, "nam": 2026}

    first, again = desk.get(at("sample"), query), desk.get(at("sample"), query)

    assert first.context["sample"].records == again.context["sample"].records
    assert (len(first.context["sample"].records), "kiem-toan-7" in first.content.decode()) == (10, True)


def test_without_a_seed_one_is_proposed_and_nothing_is_drawn(desk):
    page = desk.get(at("sample"))

    assert (page.context["sample"], len(page.context["seed"])) == (None, 8)


def test_chosen_dossiers_leave_as_a_stream_and_the_journal_knows(desk, auditor, province):
    project = ProjectFactory(province=province, approved=True)
    scan = PaperFileFactory(paper=PaperFactory(number="12/TTr"))
    DossierItemFactory(dossier=project.dossier, paper=scan.paper)

    answer = desk.post(at("export"), {"de-an": [project.pk], "hat-giong": "a1"})

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert (answer.streaming, answer["Content-Type"], archive.testzip()) == (True, "application/zip", None)
    assert any(name.startswith(f"files/{project.code}/") for name in archive.namelist())
    assert "Hạt giống của mẫu: a1" in archive.read("verify.txt").decode()
    assert Event.objects.values_list("action", "actor_id").get() == ("audit.export", auditor.pk)


def test_a_foreign_project_among_the_chosen_is_left_out(desk, province):
    mine, theirs = ProjectFactory(province=province, approved=True), ProjectFactory(approved=True)

    answer = desk.post(at("export"), {"de-an": [mine.pk, theirs.pk]})

    b"".join(answer.streaming_content)
    assert list(Event.objects.values_list("subject_id", flat=True)) == [mine.pk]


def test_choosing_nothing_is_refused_in_a_sentence(desk):
    answer = desk.post(at("export"), {}, follow=True)

    assert "Hãy chọn ít nhất một đề án." in answer.content.decode()


# ---- one đồng ----


def test_one_dong_is_followed_from_the_decision_to_the_voucher(desk, money):
    envelope, project, voucher = money

    assert at("envelope", envelope.pk) in seen(desk, at("envelopes"))
    assert at("trail", project.pk) in seen(desk, at("envelope", envelope.pk))
    page = seen(desk, at("trail", project.pk))
    assert ("KB-118" in page, at("voucher", voucher.pk) in page, "Được giao" in page) == (True, True, True)
    page = seen(desk, at("voucher", voucher.pk))
    assert ("300.000.000" in page, voucher.file.digest in page) == (True, True)
    assert b"".join(desk.get(at("voucher_file", voucher.pk)).streaming_content).startswith(b"%PDF")


def test_the_same_invoice_elsewhere_stands_on_the_voucher(desk, money, province):
    other = VoucherFactory(project=ProjectFactory(province=province, running=True), number="118", source="counterpart")

    assert at("voucher", other.pk) in seen(desk, at("voucher", money[2].pk))


# ---- the journal ----


def test_the_journal_is_filtered_and_kept_within_the_mandate(desk, auditor, province):
    project = ProjectFactory(province=province, title="Máy rang")
    record("project.submit", project, by=auditor, on="2026-11-20")
    record("project.submit", ProjectFactory(title="Nơi khác"), by=auditor)
    EventFactory(province_id=province.pk, action="organisation.change")

    page = seen(desk, at("journal"), action="project.submit", q="may rang")

    assert ("Máy rang" in page, "Nơi khác" in page, "Cơ sở Ngọc Tứ" in page) == (True, False, False)


@pytest.mark.parametrize(
    ("query", "rows"), [({"tu": "22/11/2026"}, 1), ({"tu": "23/11/2026"}, 0), ({"den": "21/11/2026"}, 0)]
)
def test_days_of_the_journal_are_both_included(desk, province, query, rows):
    EventFactory(province_id=province.pk)

    assert desk.get(at("journal"), query).context["list"].count == rows


def test_the_seal_is_verified_on_a_page(desk, auditor):
    record("project.submit", ProjectFactory(), by=auditor)
    seal()

    page = seen(desk, at("verify"))

    assert "Nhật ký nguyên vẹn: 1 dòng đã niêm phong, 0 dòng chờ niêm phong." in page
    assert "manage.py" not in page


def test_an_anchor_that_was_written_down_is_held_against_the_chain_on_the_page(desk, auditor):
    record("project.submit", ProjectFactory(), by=auditor)
    seal()
    anchor = verify().anchor

    def held(typed):
        return desk.get(at("verify"), {"moc": typed}).content.decode()

    assert "Mốc đã chép khớp với dòng thứ 1" in held(f" {anchor[:20]} {anchor[20:]} ")
    assert "không khớp mã băm đã lưu ngoài hệ thống" in held(f"1:{'a' * 64}")
    assert "Mốc gồm số dòng, dấu hai chấm và 64 ký tự" in held("mot hai ba")
    assert "Mốc đã chép khớp" not in held("")
