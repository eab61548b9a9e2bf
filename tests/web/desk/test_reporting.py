"""The pages of reports: strangers are refused, figures lead to their records, the workbook says what the page says."""

import datetime as dt
import html as escaped
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from khuyencong.reporting import operations
from khuyencong.reporting.queries import yearly
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AssignmentFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ReportedFigureFactory

pytestmark = pytest.mark.django_db
LISTS = ("records", "helped", "establishments", "envelopes")
PAGES = ("list", *LISTS, "published", "reconciliation")


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def desk(client, province):
    client.force_login(person("appraiser", place=province))
    return client


def seen(client, name, **query):
    answer = client.get(reverse(f"reporting:{name}"), query)
    assert answer.status_code == 200, answer.status_code
    return escaped.unescape(answer.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_sent_to_sign_in(client, name):
    assert client.get(reverse(f"reporting:{name}")).status_code == 302


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["nobody", "establishment"])
def test_who_has_no_territory_is_refused_in_a_sentence(client, name, who):
    client.force_login(UserFactory() if who == "nobody" else person("establishment", of_body=True))

    answer = client.get(reverse(f"reporting:{name}"))

    assert answer.status_code == 403
    assert "dành cho cơ quan quản lý" in answer.content.decode()


def make(province):
    EnvelopeFactory(province=province, given=5)
    ProjectFactory(province=province, approved=True, whole=True)
    total = ReportedFigureFactory(province=province, value=3)
    ReportedFigureFactory(province=province, value=2, part_of=total, document=total.document)


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_as_often_for_three_as_for_one(desk, province, name, django_assert_max_num_queries):
    make(province)
    with django_assert_max_num_queries(20) as one:
        seen(desk, name)
    make(province)
    make(province)

    with django_assert_max_num_queries(20) as three:
        seen(desk, name)

    assert len(three) == len(one)


@pytest.mark.parametrize("name", [*LISTS, "published"])
def test_lists_keep_within_twelve_queries(desk, province, name, django_assert_max_num_queries):
    make(province)

    with django_assert_max_num_queries(12):
        seen(desk, name)


def test_the_report_looks_like_its_paper_and_says_its_sums(desk, province):
    ProjectFactory(province=province, approved=True, local=425_060_000, counterpart=60_000_000)

    page = seen(desk, "list")

    assert 'class="kc-sheet"' in page
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert "UBND TỈNH ĐẮK LẮK" in page
    assert page.count(">425,06<") >= 4
    assert "style=" not in page.split("<main", 1)[1]


def test_every_figure_of_the_paper_opens_a_page_whose_sum_it_is(desk, province):
    for activity, local in ((3, 425_060_000), (1, 90_000_000)):
        ProjectFactory(
            province=province, state="accepted", activity=activity, local=local, counterpart=10_000_000, whole=True
        )
    page = seen(desk, "list")

    figures = re.findall(r'<a href="(/bao-cao/de-an/[^"]+)">([^<]+)</a>', page.split('class="kc-sheet"')[1])

    assert len(figures) > 15
    for url, shown in dict(figures).items():
        listing = desk.get(url).context["list"]
        amount = listing.totals.get("total_figure") or 0
        value = listing.count if "so=" not in url else amount / 1_000_000
        assert float(shown.replace(".", "").replace(",", ".")) == value, url


def test_every_figure_of_the_budget_opens_the_rows_of_its_source(desk, province):
    EnvelopeFactory(of_nation=True, province=province, given=2_000_000)
    EnvelopeFactory(province=province, given=5_000_000)
    ProjectFactory(province=province, approved=True, local=11_000_000)
    page = seen(desk, "list")

    figures = re.findall(r'<a href="(/bao-cao/du-toan/[^"]*)">([257])<', page.split('class="kc-sheet"')[1])

    assert {shown for _url, shown in figures} == {"2", "5", "7"}
    for url, shown in figures:
        assert desk.get(url.replace("&amp;", "&")).context["list"].totals["total_figure"] == int(shown) * 1_000_000


def test_money_given_back_stands_beside_what_the_decision_gave(desk, province):
    """On the paper, in the rows behind it and in the workbook: “giao” is what a decision gave."""
    ProjectFactory(province=province, approved=True, local=1_000_000)
    envelope = EnvelopeFactory(province=province, given=7_350_000_000)
    EntryFactory(envelope=envelope, kind="returned", amount=101_731_000, on=dt.date(2026, 5, 4))

    page = seen(desk, "list", nam=2026)
    figures = dict(re.findall(r'<a href="(/bao-cao/du-toan/[^"]*)">([^<]+)<', page.split('class="kc-sheet"')[1]))
    book = desk.get(reverse("reporting:list"), {"nam": 2026, "xuat": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).worksheets[0]

    assert set(figures.values()) == {"7.350", "-101,731"}
    for url, shown in figures.items():
        told = desk.get(url).context["list"].totals["total_figure"]
        assert told == (7_350_000_000 if shown == "7.350" else -101_731_000)
    assert [cell.value for cell in sheet[8]][:3] == ["Cộng", 7350, -101.731]


def test_the_contract_of_a_stopped_project_is_told_apart_with_its_records(desk, province):
    stopped = ProjectFactory(province=province, state="stopped", local=30_000_000)
    AssignmentFactory(project=stopped, national=0, local=30_000_000)

    page = seen(desk, "list", nam=2026)
    [url] = re.findall(r'<a href="(/bao-cao/de-an/[^"]*so=halted[^"]*)">30<', page)

    assert "so=contracted" not in page
    assert desk.get(url).context["list"].totals["total_figure"] == 30_000_000
    assert "Đã giải ngân gồm cả tiền đã chuyển cho đề án nay đã ngừng" not in page


def test_what_a_stopped_project_was_paid_is_told_beside_the_ratio_with_its_records(desk, province):
    stopped = ProjectFactory(province=province, state="stopped", local=30_000_000)
    EntryFactory(envelope=EnvelopeFactory(province=province), kind="advanced", amount=12_000_000, project=stopped)

    page = seen(desk, "list", nam=2026)
    [url] = re.findall(r'<a href="(/bao-cao/de-an/[^"]*so=halted-advanced[^"]*)">12<', page)

    assert "Đã giải ngân gồm cả tiền đã chuyển cho đề án nay đã ngừng; số đó không tính vào tỷ lệ" in page
    assert desk.get(url).context["list"].totals["total_figure"] == 12_000_000


def test_national_money_written_down_twice_is_told_beside_its_rows(client, province):
    EnvelopeFactory(of_agency=True, given=9_000_000)
    EnvelopeFactory(of_nation=True, province=province, given=2_000_000)
    client.force_login(person("ministry_agency", country=True))

    def told(**asked):
        return "báo cáo ghi 9, các dòng cộng lại 11 triệu đồng" in seen(client, "envelopes", nam=2026, **asked)

    assert (told(), told(nguon="national"), told(nguon="local"), told(tinh=province.pk)) == (True, True, False, False)


def test_the_switch_keeps_the_grand_total(desk, province):
    old = [
        CommuneFactory(ended=True, name=name, province=ProvinceFactory(ended=True)) for name in ("Hoà An", "Hoà Bình")
    ]
    merged = CommuneFactory(province=province)
    for unit, local in zip(old, (10_000_000, 15_000_000), strict=True):
        ProjectFactory(province=province, commune=merged, place_unit=unit, approved=True, local=local)
    query = {"tinh": province.pk, "nam": 2026}

    today, then = seen(desk, "list", **query), seen(desk, "list", **query, **{"ban-do": "tai-thoi-diem"})

    assert ("Xã Hoà An" in today, "Xã Hoà An" in then) == (False, True)
    assert (">25<" in today, ">25<" in then) == (True, True)
    totals = [
        desk.get(reverse("reporting:list"), {**query, "ban-do": way}).context["report"].total
        for way in ("hien-nay", "tai-thoi-diem")
    ]
    assert totals[0] == totals[1]


def test_the_workbook_comes_from_the_same_query_as_the_page(desk, province):
    ProjectFactory(province=province, approved=True, local=425_060_000)
    answer = desk.get(reverse("reporting:list"), {"xuat": "xlsx", "nam": 2026})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    assert "bao-cao-khuyen-cong-2026.xlsx" in answer["Content-Disposition"]
    report = desk.get(reverse("reporting:list"), {"nam": 2026}).context["report"]
    last = [cell.value for cell in book["Đề án theo nội dung hoạt động"][7]]
    assert last[:4] == ["Cộng", report.total.projects, 0, report.total.local / 1_000_000]


def test_a_year_or_place_that_is_none_of_his_falls_back_on_his_own(desk, province):
    ProjectFactory(approved=True)

    page = seen(desk, "list", tinh=ProvinceFactory().pk, nam="abc")

    assert "Năm này chưa có đề án được phê duyệt" in page
    assert desk.get(reverse("reporting:list")).context["report"].total == yearly.Sums()


def test_the_ministry_sees_the_country(client, province):
    ProjectFactory(province=province, approved=True)
    client.force_login(person("ministry_agency", country=True))

    page = seen(client, "list")

    assert ("Tỉnh Đắk Lắk" in page, "BỘ CÔNG THƯƠNG" in page, "cả nước" in page) == (True, True, True)


# ---- published figures ----


def test_published_figures_are_found_without_accents_and_keep_their_qualifier(desk, province):
    ReportedFigureFactory(province=province, subject="Tập huấn khuyến công", qualifier="above", value=90, planned=True)
    ReportedFigureFactory(province=province, subject="Hội chợ")

    page = seen(desk, "published", q="tap huan")

    assert ("trên 90" in page, "kế hoạch" in page, "Hội chợ" in page) == (True, True, False)


def test_a_province_reads_the_figures_of_its_own_and_former_provinces(desk, province):
    ReportedFigureFactory(province=province, province_then="Phú Yên", subject="Của mình")
    ReportedFigureFactory(province=ProvinceFactory(), subject="Của nơi khác")

    page = seen(desk, "published")

    assert ("Của mình" in page, "Phú Yên" in page, "Của nơi khác" in page) == (True, True, False)


def test_the_reconciliation_names_the_gap_of_dak_lak(desk, province):
    province.code = "66"
    province.save()
    operations.load_published()

    page = seen(desk, "reconciliation")

    assert "Ghi 99.216 triệu đồng; 3 thành phần cộng 89.216; lệch 10.000 triệu đồng." in page
    assert "còn 83 đề án chưa kể tên" in page


def test_published_figures_are_exported_as_shown(desk, province):
    ReportedFigureFactory(province=province, value=12)

    answer = desk.get(reverse("reporting:published"), {"xuat": "csv"})

    assert "Đề án đã thực hiện" in b"".join(answer.streaming_content).decode()


def test_a_report_says_what_it_knows_as_a_whole_only(desk, province):
    ProjectFactory(province=province, approved=True, local=100_000_000)
    plain = seen(desk, "list", nam=2026)
    ProjectFactory(province=province, undivided=True, unsplit=250_000_000)
    told = seen(desk, "list", nam=2026)
    behind = seen(desk, "records", nam=2026, so="unsplit")

    assert "Chưa tách nguồn" not in plain
    assert told.count("Chưa tách nguồn") == 2
    assert "triệu đồng chỉ biết tổng, chưa tách theo nguồn." in told
    assert "Kinh phí chưa tách nguồn" in behind and "250" in behind


def test_who_is_there_for_one_commune_reads_a_report_of_that_commune_and_not_of_the_province(client, province):
    commune = CommuneFactory(province=province, full_name="Xã Buôn Đôn")
    ProjectFactory(province=province, commune=commune, approved=True)
    client.force_login(person("commune_officer", place=commune))

    page = seen(client, "list", tinh=province.pk)

    assert "Báo cáo khuyến công năm 2026, xã Buôn Đôn, tỉnh Đắk Lắk" in page
    assert "Chỉ gồm đề án và kinh phí ở địa bàn của bạn, không phải cả tỉnh." in page
    assert ("<b>XÃ BUÔN ĐÔN</b>" in page, "SỞ CÔNG THƯƠNG" in page) == (True, False)
    assert "Báo cáo năm 2026, xã Buôn Đôn, tỉnh Đắk Lắk: Mọi đề án được duyệt." in seen(
        client, "records", tinh=province.pk
    )


def test_who_is_there_for_many_communes_reads_how_many(client, province):
    user = UserFactory()
    for n in range(4):
        commune = CommuneFactory(province=province, full_name=f"Xã {n}")
        MandateFactory(user=user, role="collaborator", place=commune)
    ProjectFactory(province=province, commune=commune, approved=True)
    client.force_login(user)

    assert "Báo cáo khuyến công năm 2026, 4 xã, phường, tỉnh Đắk Lắk" in seen(client, "list", tinh=province.pk)
