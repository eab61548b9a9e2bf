"""What establishments send month by month stands before who writes the report: figures, words, photos, invoices."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.contracts.models import BeneficiaryUpdate, ProgressReport
from tests.contracts.conftest import MILLION, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.contracts import BeneficiaryUpdateFactory, ProgressReportFactory
from tests.factories.files import StoredFileFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(case, law):  # noqa: F811
    """A running project whose beneficiary sent October's figures with the photo of an invoice."""
    c = case()
    c.helped = c.running()
    c.update = BeneficiaryUpdateFactory(beneficiary=c.helped, note="Máy đã lắp")
    c.file = StoredFileFactory(name="hoa-don-12.jpg", content_type="image/jpeg", content=b"\xff\xd8hoa don 12")
    c.update.files.add(c.file)
    return c


def photo(c):
    return url("told_file", c.project, c.update.pk, c.file.pk)


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "department"])
def test_who_works_on_the_project_opens_the_photos(client, told, who):
    client.force_login(getattr(told.people, who))

    page = text_of(client.get(url("told", told.project)))

    assert "Máy đã lắp" in page
    assert "310.000.000" in page
    assert photo(told) in page
    answer = client.get(photo(told))
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/jpeg", b"\xff\xd8hoa don 12")


def test_the_report_is_written_beside_the_photos(client, told):
    client.force_login(told.people.officer)

    page = text_of(client.get(url("report", told.project)))

    assert photo(told) in page
    assert "Máy đã lắp" in page
    assert url("told", told.project) in text_of(client.get(url("page", told.project)))


def test_the_establishment_sees_what_it_sent_last_before_it_sends_again(client, told):
    body = told.helped.establishment.organisation
    client.force_login(person("establishment", place=None, organisation=body, employer=body))

    page = text_of(client.get(url("tell", told.project, told.helped.pk)))

    assert "Lần trước, tháng 10/2026: đã làm 310.000.000 đồng." in page
    assert "Hạn tháng này: hết ngày 24/11/2026." in page
    assert photo(told) in page
    assert client.get(photo(told)).status_code == 200


def test_an_establishment_of_a_group_sees_its_own_photos_alone(client, case, law):  # noqa: F811
    c = case(form="group")
    mine, other = c.running(), c.beneficiary()
    ours, theirs = (
        BeneficiaryUpdateFactory(beneficiary=one, note=word) for one, word in ((mine, "của tôi"), (other, "của họ"))
    )
    for update in (ours, theirs):
        update.files.add(StoredFileFactory())
    body = mine.establishment.organisation
    client.force_login(person("establishment", place=None, organisation=body, employer=body))

    page = text_of(client.get(url("told", c.project)))

    assert ("của tôi" in page, "của họ" in page) == (True, False)
    assert client.get(url("told_file", c.project, ours.pk, ours.files.get().pk)).status_code == 200
    assert client.get(url("told_file", c.project, theirs.pk, theirs.files.get().pk)).status_code == 404


def test_of_another_province_nothing_is_there(client, told):
    client.force_login(person("centre_officer", place=ProvinceFactory()))

    assert client.get(url("told", told.project)).status_code == 404
    assert client.get(photo(told)).status_code == 404


def test_an_invoice_sent_before_is_said_so(client, told, case):  # noqa: F811
    again = BeneficiaryUpdateFactory(beneficiary=told.helped, month=11)
    again.files.add(StoredFileFactory(name="khac.jpg", content_type="image/jpeg", content=b"\xff\xd8hoa don 12"))
    elsewhere = BeneficiaryUpdateFactory(beneficiary__project__province=told.project.province, month=11)
    elsewhere.files.add(StoredFileFactory(name="nua.jpg", content_type="image/jpeg", content=b"\xff\xd8hoa don 12"))
    client.force_login(told.people.officer)

    own = text_of(client.get(url("told", told.project)))
    there = text_of(client.get(url("told", elsewhere.beneficiary.project)))

    assert own.count("đã gửi ở tháng 10/2026") == 1  # at November's, not at the first
    assert there.count(f"đã gửi ở đề án {told.project.code}") == 2


def test_an_establishment_is_told_nothing_of_what_others_sent(client, told):
    elsewhere = BeneficiaryUpdateFactory(beneficiary__project__province=told.project.province, month=9)
    elsewhere.files.add(StoredFileFactory(name="nua.jpg", content_type="image/jpeg", content=b"\xff\xd8hoa don 13"))
    mine = [BeneficiaryUpdateFactory(beneficiary=told.helped, month=month) for month in (11, 12)]
    for update in mine:
        update.files.add(StoredFileFactory(name="x.jpg", content_type="image/jpeg", content=b"\xff\xd8hoa don 13"))
    address = url("told", told.project)

    client.force_login(told.people.officer)
    assert f"đã gửi ở đề án {elsewhere.beneficiary.project.code}" in text_of(client.get(address))
    body = told.helped.establishment.organisation
    client.force_login(person("establishment", place=None, organisation=body, employer=body))
    page = text_of(client.get(address))

    assert elsewhere.beneficiary.project.code not in page
    assert page.count("đã gửi ở tháng 11/2026") == 1


def test_the_page_asks_as_often_for_three_months_as_for_one(client, told):
    client.force_login(told.people.officer)
    address = url("told", told.project)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for month in (8, 9):
        BeneficiaryUpdateFactory(beneficiary=told.helped, month=month).files.add(
            StoredFileFactory(), StoredFileFactory()
        )
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one)


def test_less_than_before_is_asked_about_once(client, told):
    client.force_login(told.people.officer)
    address = url("tell", told.project, told.helped.pk)

    refused = client.post(address, {"month": "2026-11", "done": "31 triệu"})
    assert refused.status_code == 422
    assert "Nhỏ hơn số đã gửi lần trước, 310.000.000 đồng; số này tính từ đầu" in text_of(refused)
    client.post(address, {"month": "2026-11", "done": "31 triệu", "sure": "on"})

    assert [*BeneficiaryUpdate.objects.order_by("pk").values_list("done", flat=True)] == [310 * MILLION, 31 * MILLION]


def test_a_report_is_questioned_where_the_establishment_told_less_than_the_last(client, told):
    told.report(done=434 * MILLION, month=10, on=day(10, 20))
    client.force_login(told.people.officer)

    page = text_of(client.get(url("report", told.project)))

    assert "Cơ sở báo 310.000.000 đồng, thấp hơn báo cáo tháng 10/2026: 434.000.000 đồng. Hãy hỏi lại cơ sở." in page


def test_no_more_state_money_is_spent_than_there_is(client, told):
    client.force_login(told.people.officer)
    granted = told.fresh().granted
    sent = {"month": "2026-11", "done": "310 triệu", "counterpart_spent": "0", "sent_on": "20/11/2026"}

    beyond = client.post(url("report", told.project), sent | {"state_spent": str(granted + 1)})
    assert (beyond.status_code, ProgressReport.objects.count()) == (422, 0)
    assert "Lớn hơn kinh phí nhà nước của đề án" in text_of(beyond)

    client.post(url("report", told.project), sent | {"state_spent": str(granted)})
    assert ProgressReport.objects.get().state_spent == granted


def test_the_reports_that_wait_for_a_person_are_one_list(client, told, case):  # noqa: F811
    other = case()
    other.running()
    ProgressReportFactory(project=other.project, year=2026, month=11, sent_on=day(11, 20))
    client.force_login(told.people.officer)

    home = text_of(client.get("/"))
    page = text_of(client.get(reverse("contracts:list"), {"waits": "bao-cao"}))

    assert url("page", told.project) in home  # one alone is opened itself
    assert (url("page", told.project) in page, url("page", other.project) in page) == (True, False)
