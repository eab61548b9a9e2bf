"""A project file brought in Word: nothing is written before a person confirms, then what he took and no more."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.audit.models import Event
from khuyencong.files.models import ImportRun, StoredFile
from khuyencong.projects.models import Project
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import AreaFactory
from tests.factories.people import person
from tests.plans.test_word_file import EIGHT, ESTIMATE, file_of

pytestmark = pytest.mark.django_db

M = 1_000_000


@pytest.fixture
def data(land):
    """A whole file of the land's Centre."""
    return file_of(
        "ĐỀ ÁN KHUYẾN CÔNG NĂM 2027",
        "Tên đề án: Hỗ trợ ứng dụng máy móc trong chế biến cà phê",
        f"Đơn vị thực hiện: {land.centre.name}",
        "Đơn vị thụ hưởng: Công ty TNHH Ea Kly",
        "Mã số thuế: 6001234567",
        f"Địa điểm thực hiện: {land.commune.full_name}, {land.province.full_name}",
        "Thời gian thực hiện: tháng 3/2027 - 11/2027",
        *(text for pair in EIGHT for text in pair),
        "Đơn vị tính: triệu đồng",
        ESTIMATE,
    )


@pytest.fixture
def send(client, people):
    def post(data, name="de-an.docx", who="officer"):
        client.force_login(getattr(people, who))
        return client.post(reverse("projects:from_word"), {"file": SimpleUploadedFile(name, data)})

    return post


@pytest.fixture
def review(client, send, data):
    """The page of the review with what its form would send as it stands."""

    def get(content=None):
        url = send(content or data).url
        page = client.get(url)
        form = page.context["form"]
        sent = {}
        for bound in form:
            value = bound.value()
            if hasattr(bound.field, "prepare_value"):
                value = bound.field.prepare_value(value)
            if isinstance(value, dt.date):
                value = f"{value:%d/%m/%Y}"
            if value not in (None, "", False):
                sent[bound.name] = "on" if value is True else value
        return url, page, sent

    return get


def test_the_review_shows_each_fact_with_its_place_and_nothing_is_written(review):
    _url, page, _sent = review()
    html = page.content.decode()

    assert (Project.objects.count(), ImportRun.objects.count(), StoredFile.objects.count()) == (0, 1, 1)
    assert "Lấy từ tệp: Đoạn 2" in html
    assert "Lấy từ tệp: Bảng 1, dòng 7, cột 6" in html
    assert "“III. Mục tiêu”" in html
    assert "6001234567" in html


def test_confirming_makes_the_draft_with_all_that_was_taken(client, land, review):
    helped = EstablishmentFactory(commune=land.commune, name="Công ty TNHH Ea Kly", tax_code="6001234567")
    url, _page, sent = review()

    answer = client.post(url, sent)

    project = Project.objects.get()
    assert answer.url == reverse("projects:page", args=[project.pk])
    assert (project.state, project.title) == ("draft", "Hỗ trợ ứng dụng máy móc trong chế biến cà phê")
    assert (project.year, project.level, project.kind) == (2027, "national", "machinery")
    assert (project.implementer, project.province, project.commune) == (land.centre, land.province, land.commune)
    assert (project.starts_on, project.ends_on) == (dt.date(2027, 3, 1), dt.date(2027, 11, 30))
    assert (project.national, project.local, project.counterpart) == (300 * M, 0, 1_138_500_000)
    assert [line.content for line in project.cost_lines.all()] == ["Máy rang", "Máy xay", "Lắp đặt"]
    assert project.parts.get(number=3).text == "1. Tăng công suất."
    assert project.parts.count() == 8
    assert [(b.establishment, b.total) for b in project.beneficiaries.all()] == [(helped, 1_438_500_000)]
    assert Event.objects.get(action="project.draft").data["file"] == "de-an.docx"


def test_the_file_stays_in_the_dossier_as_a_draft_without_signature(client, review):
    url, _page, sent = review()

    client.post(url, sent)

    (item,) = Project.objects.get().dossier.items.all()
    assert (item.requirement, item.paper.kind) == (None, "other")
    assert "bản soạn thảo, chưa ký" in item.paper.abstract
    assert [file.name for file in item.paper.files.all()] == ["de-an.docx"]
    page = client.get(reverse("projects:papers", args=[Project.objects.get().pk])).content.decode()
    assert item.paper.abstract in page


def test_what_is_not_ticked_is_not_taken_and_what_is_corrected_counts(client, review):
    url, _page, sent = review()
    for name in ("take_part_3", "take_starts_on", "take_ends_on", "keep", "lines"):
        del sent[name]
    sent |= {"title": "Tên đã sửa", "counterpart": "700.000.000"}

    client.post(url, sent)

    project = Project.objects.get()
    assert (project.title, project.starts_on, project.ends_on) == ("Tên đã sửa", None, None)
    assert not project.parts.filter(number=3).exists()
    assert project.dossier.items.count() == 0
    assert [(line.content, line.national, line.counterpart) for line in project.cost_lines.all()] == [
        ("Kinh phí theo tệp Word, chưa tách dòng", 300 * M, 700 * M)
    ]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"take_title": None}, "title", "Mục này phải có. Hãy sửa cho đúng rồi đánh dấu lấy."),
        (
            {"counterpart": "1"},
            "lines",
            "Các dòng dự toán cộng lại khác số tiền theo nguồn ở trên. Hãy sửa số tiền, hoặc bỏ không lấy dự toán.",
        ),
    ],
)
def test_a_refused_review_comes_back_filled_and_nothing_is_written(client, review, changed, field, sentence):
    url, _page, sent = review()
    sent = {name: value for name, value in (sent | changed).items() if value is not None}

    answer = client.post(url, sent)

    assert (answer.status_code, answer.context["form"].errors[field]) == (422, [sentence])
    assert Project.objects.count() == 0


def test_a_place_outside_ones_own_area_is_told_at_the_place(client, land, people, review):
    area = AreaFactory(organisation=land.centre)  # the one commune in it is another
    people.officer = person("centre_officer", place=None, area=area, employer=land.centre)
    url, _page, sent = review()
    sent |= {"commune": land.commune.pk, "take_commune": "on"}

    answer = client.post(url, sent)

    assert (answer.status_code, answer.context["form"].errors["commune"]) == (
        422,
        ["Địa bàn này không thuộc phân công của bạn. Hãy chọn lại, hoặc chuyển tệp cho người phụ trách."],
    )
    assert Project.objects.count() == 0


def test_confirming_twice_makes_one_project(client, review):
    url, _page, sent = review()
    first, second = client.post(url, sent), client.post(url, sent)

    assert (first.url, Project.objects.count()) == (second.url, 1)
    assert client.get(url).url == first.url


def test_a_file_without_most_facts_names_what_is_missing(review):
    _url, page, _sent = review(file_of("Tên đề án: Máy rang cà phê"))

    assert "Đơn vị thụ hưởng; Mã số thuế của đơn vị thụ hưởng; Địa điểm" in page.content.decode()


def test_a_file_of_another_implementer_is_not_taken_for_ones_own(client, land, review):
    content = file_of("Tên đề án: Máy rang cà phê", "Năm kế hoạch: 2027", "Đơn vị thực hiện: Viện Cơ khí")
    url, page, sent = review(content)

    answer = client.post(url, sent)

    assert page.context["form"].fields["implementer"].help_text == (
        "Tệp ghi đơn vị khác với đơn vị bạn được lập hồ sơ. Hãy xem lại."
    )
    assert answer.context["form"].errors["implementer"] == ["Mục này phải có. Hãy sửa cho đúng rồi đánh dấu lấy."]


def test_the_way_to_it_stands_on_the_list_and_on_the_page_of_drafting(client, people):
    here = reverse("projects:from_word")

    def shows(user, page):
        client.force_login(user)
        return here in client.get(reverse(page)).content.decode()

    assert (shows(people.officer, "projects:list"), shows(people.officer, "projects:draft")) == (True, True)
    assert shows(people.appraiser, "projects:list") is False


def test_words_of_a_file_never_become_part_of_the_page(review):
    _url, page, _sent = review(file_of("Tên đề án: Máy <script>alert(1)</script>"))

    assert "<script>alert" not in page.content.decode()


def test_a_file_that_cannot_be_read_comes_back_with_one_sentence(send):
    answer = send(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "de-an.doc")

    assert (answer.status_code, answer.context["form"].errors["file"]) == (
        422,
        ["Tệp “de-an.doc” là Word đời cũ (.doc). Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại."],
    )
    assert StoredFile.objects.count() == 0


def test_only_who_may_draft_reads_a_file_and_only_his_own(client, people, send, data):
    url = send(data).url

    assert send(data, who="appraiser").status_code == 403
    client.force_login(people.director)
    assert client.get(url).status_code == 404


def test_the_review_asks_little_of_the_database(client, land, send, data):
    EstablishmentFactory.create_batch(3, commune=land.commune)
    url = send(data).url
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)

    assert len(asked) <= 26  # signing in and the frame take their own
