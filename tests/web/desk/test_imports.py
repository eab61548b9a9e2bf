"""Workbooks on their way in, as a person sees them."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khuyencong.establishments.models import Establishment, YearlyFacts
from khuyencong.files.models import ImportRun
from khuyencong.places import queries as places
from khuyencong.web.common import imports
from tests.establishments.test_imports import HEAD, NGOC_TU, book
from tests.factories.files import ImportRunFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    places.forget()
    province = ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")
    return province


@pytest.fixture
def clerk(client, province):
    client.force_login(person("centre_officer", place=province))
    return client


def _send(client, province, *rows, data=None, kind="establishments"):
    file = SimpleUploadedFile("ds.xlsx", data if data is not None else book(*rows, head=HEAD))
    return client.post(reverse("imports:upload", args=[kind]), {"file": file, "province": province.pk})


def _text(response):
    return response.content.decode()


ROWS = (NGOC_TU, [2, "CS Ngoc Tu", "", "Xã Ea Kly"], [3, "Cơ sở Sai", "0100233489", "Xã Ea Kly"])


def test_a_file_is_sent_looked_at_and_confirmed(clerk, province):
    sent = _send(clerk, province, *ROWS)
    run = ImportRun.objects.get()
    waiting = _text(clerk.get(sent.url))
    imports.read(run)
    preview = _text(clerk.get(sent.url))
    assert Establishment.objects.count() == 0
    clerk.post(reverse("imports:confirm", args=[run.uid]))
    run.refresh_from_db()
    imports.write(run)
    done = _text(clerk.get(sent.url))

    assert "Đang chờ đọc tệp" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert [word in preview for word in ("C4", "không đúng số kiểm tra", "Có thể trùng dòng 2", "Ghi 1 cơ sở")] == [
        True
    ] * 4
    assert Establishment.objects.get().name == "Cơ sở Ngọc Tứ"
    assert "Đã ghi 1 dòng" in done


def test_a_doubtful_row_is_ticked(clerk, province):
    _send(clerk, province, *ROWS)
    run = imports.read(ImportRun.objects.get())

    clerk.post(reverse("imports:confirm", args=[run.uid]), {"accept": ["DS|3"]})
    run.refresh_from_db()
    imports.write(run)

    assert Establishment.objects.count() == 2


def test_the_workbook_comes_back_with_its_faults_marked(clerk, province):
    _send(clerk, province, *ROWS)
    run = imports.read(ImportRun.objects.get())

    response = clerk.get(reverse("imports:marked", args=[run.uid]))

    assert response["Content-Disposition"] == 'attachment; filename="ds-danh-dau.xlsx"'
    assert b"".join(response.streaming_content).startswith(b"PK")


@pytest.mark.parametrize(("count", "more"), [(50, None), (51, "Còn 1 ô khác"), (1_300, "Còn 1.250 ô khác")])
def test_a_page_shows_the_first_fifty_faults_and_warnings_and_says_how_many_more(clerk, province, count, more):
    cell = {"sheet": "DS", "row": 3, "column": "C", "reason": "Sai."}
    run = ImportRunFactory(
        state="checked",
        province_id=province.pk,
        counts={"errors": count},
        faults=[cell] * min(count, 1_000),
        details={"warnings": [cell] * min(count, 300), "warned": count},
    )

    page = _text(clerk.get(reverse("imports:page", args=[run.uid])))

    assert page.count("<td>Sai.</td>") + page.count('data-label="Vì sao">Sai.') == 100
    assert page.count("ô khác, xem trong tệp có đánh dấu chỗ sai.") == (2 if more else 0)
    assert more is None or page.count(more) == 2


def test_a_workbook_without_faults_needs_no_marks(clerk, province):
    _send(clerk, province, NGOC_TU)
    run = imports.read(ImportRun.objects.get())

    assert clerk.get(reverse("imports:marked", args=[run.uid])).status_code == 404


def test_a_workbook_of_something_else_fails_in_a_sentence(clerk, province):
    sent = _send(clerk, province, data=book([1, 2], head=["a", "b"]))
    run = imports.read(ImportRun.objects.get())

    assert run.state == "failed"
    assert "không có dòng tiêu đề" in _text(clerk.get(sent.url))


def test_what_is_no_workbook_is_refused_at_once(clerk, province):
    response = _send(clerk, province, data=b"\x7fELF....")

    assert response.status_code == 422
    assert ImportRun.objects.count() == 0


def _in_english(clerk):
    clerk.post("/ngon-ngu/", {"language": "en"})


def test_what_the_worker_found_is_read_in_the_language_of_the_reader(clerk, province):
    """The worker reads in Vietnamese whoever has sent the file; each reader has his own language."""
    sent = _send(clerk, province, *ROWS)
    imports.read(ImportRun.objects.get())
    vietnamese = _text(clerk.get(sent.url))
    _in_english(clerk)
    english = _text(clerk.get(sent.url))

    assert "không đúng số kiểm tra" in vietnamese and "Có thể trùng dòng 2" in vietnamese
    assert "has a wrong check digit" in english and "May duplicate row 2" in english
    assert "số kiểm tra" not in english and "Có thể trùng dòng" not in english


def test_a_file_that_cannot_be_read_is_refused_in_the_language_of_the_reader(clerk, province):
    sent = _send(clerk, province, data=book([1, 2], head=["a", "b"]))
    imports.read(ImportRun.objects.get())
    _in_english(clerk)

    assert "has no header row with the columns" in _text(clerk.get(sent.url))


def test_the_marked_workbook_speaks_the_language_of_who_sent_it(clerk, province):
    _in_english(clerk)
    _send(clerk, province, *ROWS)
    run = imports.read(ImportRun.objects.get())

    book_ = openpyxl.load_workbook(io.BytesIO(b"".join(clerk.get(reverse("imports:marked", args=[run.uid])))))
    comments = [cell.comment.text for row in book_.active.iter_rows() for cell in row if cell.comment]

    assert any("has a wrong check digit" in comment for comment in comments)


def test_what_an_english_reader_brings_in_is_kept_in_vietnamese(clerk, province):
    _in_english(clerk)
    _send(clerk, province, NGOC_TU)
    run = imports.read(ImportRun.objects.get())
    clerk.post(reverse("imports:confirm", args=[run.uid]))
    run.refresh_from_db()
    imports.write(run)

    assert YearlyFacts.objects.get().source == "Nhập từ Excel"


def test_nothing_is_confirmed_twice(clerk, province):
    _send(clerk, province, NGOC_TU)
    run = imports.read(ImportRun.objects.get())
    url = reverse("imports:confirm", args=[run.uid])

    first, second = clerk.post(url), clerk.post(url)

    assert (first.status_code, second.status_code) == (302, 422)


def test_written_twice_is_written_once(clerk, province):
    _send(clerk, province, NGOC_TU)
    run = imports.read(ImportRun.objects.get())
    clerk.post(reverse("imports:confirm", args=[run.uid]))
    run.refresh_from_db()

    imports.write(run)
    imports.write(run)

    assert Establishment.objects.count() == 1


def test_whoever_may_not_import_finds_nothing(client, province):
    run = ImportRunFactory(province_id=province.pk)
    client.force_login(person("commune_officer", place=CommuneFactory(province=province)))

    urls = [
        reverse("imports:list"),
        reverse("imports:upload", args=["establishments"]),
        reverse("imports:page", args=[run.uid]),
    ]
    assert [client.get(url).status_code for url in urls] == [404] * 3


def test_runs_of_another_province_are_not_there(clerk):
    run = ImportRunFactory(province_id=ProvinceFactory().pk)

    assert clerk.get(reverse("imports:page", args=[run.uid])).status_code == 404


def test_nobody_imports_for_another_province(clerk):
    response = _send(clerk, ProvinceFactory(), NGOC_TU)

    assert response.status_code == 422
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("name", ["list", "upload"])
def test_strangers_are_sent_to_sign_in(client, name):
    args = ["establishments"] if name == "upload" else []

    assert client.get(reverse(f"imports:{name}", args=args)).status_code == 302


def test_an_unknown_kind_is_not_there(clerk):
    assert clerk.get(reverse("imports:upload", args=["gi-do"])).status_code == 404


def test_the_list_of_runs_asks_as_often_for_three_as_for_one(clerk, province, django_assert_max_num_queries):
    ImportRunFactory(province_id=province.pk)
    with django_assert_max_num_queries(12) as one:
        clerk.get(reverse("imports:list"))
    ImportRunFactory.create_batch(2, province_id=province.pk)

    with django_assert_max_num_queries(12) as three:
        clerk.get(reverse("imports:list"))

    assert len(three) == len(one)


def test_a_waiting_page_asks_only_for_its_progress(clerk, province):
    run = ImportRunFactory(province_id=province.pk, done=2_000)

    part = _text(clerk.get(reverse("imports:page", args=[run.uid]), headers={"HX-Request": "true"}))

    assert "2.000 dòng" in part
    assert "<html" not in part
