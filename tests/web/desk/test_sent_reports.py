"""The pages of reports that are closed and sent: who sends, who answers, what a reader sees when figures have changed."""

import datetime as dt
import html as escaped
import io

import openpyxl
import pytest
from django.urls import reverse

from khuyencong.projects.models import Project
from khuyencong.reporting.models import ReportAnswer, SentReport
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory
from tests.factories.reporting import ReportAnswerFactory, SentReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def project(province):
    project = ProjectFactory(
        province=province, commune=CommuneFactory(province=province), approved=True, local=300_000_000
    )
    StepTakenFactory(project=project, name="approve", target="approved", on=dt.date(2026, 8, 3))
    return project


@pytest.fixture
def signed_in(client, province):
    def sign_in(role, **scope):
        user = person(role, **(scope or {"place": province}))
        client.force_login(user)
        return user

    return sign_in


def words(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return escaped.unescape(answer.content.decode())


def sending(province, period=3, year=2026):
    return f"{reverse('reporting:send', args=[year, period])}?tinh={province.pk}"


def period_page(client, province, period=3):
    return words(client.get(reverse("reporting:list"), {"nam": 2026, "ky": period, "tinh": province.pk}))


SIGNED = {"number": "152/BC-SCT", "signed_on": "09/10/2026", "signer": "Phạm Hữu Phước", "signer_title": "Giám đốc Sở"}


def test_the_head_closes_and_sends_from_the_report(client, signed_in, province, project):
    signed_in("department_director")
    assert sending(province) in period_page(client, province)
    assert "1 đề án được phê duyệt, 300 triệu đồng" in words(client.get(sending(province)))

    answer = client.post(sending(province), SIGNED)

    report = SentReport.objects.get()
    assert answer.url == reverse("reporting:sent_page", args=[report.pk])
    page = words(client.get(answer.url))
    assert "Số: 152/BC-SCT" in page
    assert "Số liệu hôm nay đúng như đã báo cáo." in page
    assert page.count("Chờ tiếp nhận") == 2
    assert sending(province) not in period_page(client, province)


def test_somebody_of_the_whole_country_is_refused_in_a_sentence(client, signed_in, province):
    signed_in("ministry_agency", country=True)

    assert "Lãnh đạo Sở Công Thương" in words(client.get(reverse("reporting:send", args=[2026, 3])), 403)


@pytest.mark.parametrize("role", ["appraiser", "auditor", "provincial_approver", "accountant", "centre_officer"])
def test_nobody_else_is_offered_it(client, signed_in, province, project, role):
    signed_in(role)

    assert sending(province) not in period_page(client, province)
    assert "Lãnh đạo Sở Công Thương" in words(client.get(sending(province)), 403)
    assert "Lãnh đạo Sở Công Thương" in words(client.post(sending(province), SIGNED), 403)


def test_the_clerk_records_it(client, signed_in, province, project):
    signed_in("registry_clerk")

    assert sending(province) in period_page(client, province)
    assert client.post(sending(province), SIGNED).status_code == 302


@pytest.mark.parametrize("period", [4, 12])
def test_a_running_period_is_not_offered_and_refused(client, signed_in, province, project, period):
    signed_in("department_director")

    page = period_page(client, province, period)
    assert "Kỳ này đến hết ngày 31/12/2026" in page
    assert sending(province, period) not in page
    assert "chốt và gửi từ ngày 01/01/2027" in words(client.post(sending(province, period), SIGNED), 422)
    assert not SentReport.objects.exists()


@pytest.mark.parametrize("role", ["department_director", "auditor"])
def test_the_pages_of_a_period_keep_within_twenty_questions(
    client, signed_in, province, project, role, django_assert_max_num_queries
):
    report = SentReportFactory(province=province)
    Project.objects.filter(pk=project.pk).update(granted_local=1)
    signed_in(role)
    client.get("/")

    with django_assert_max_num_queries(20):
        assert "Số liệu hôm nay khác số đã báo cáo" in period_page(client, province)
    with django_assert_max_num_queries(20):
        client.get(reverse("reporting:sent_page", args=[report.pk]))


def test_a_period_that_is_none_is_not_found(client, signed_in, province):
    signed_in("department_director")

    assert client.get(sending(province, 5)).status_code == 404


def test_figures_that_changed_stand_beside_what_was_said_with_their_records(client, signed_in, province, project):
    signed_in("department_director")
    client.post(sending(province), SIGNED)
    Project.objects.filter(pk=project.pk).update(granted_local=301_500_000)
    report = SentReport.objects.get()

    answer = client.get(reverse("reporting:sent_page", args=[report.pk]))
    page = words(answer)

    changed = {(one.where, one.what): (one.said, one.now.shown) for one in answer.context["differences"]}
    assert changed[("Khuyến công địa phương", "Đã phê duyệt")] == ("300", "301,5")
    assert set(changed.values()) == {("300", "301,5")}
    link = next(one.now.url for one in answer.context["differences"] if one.what == "Đã phê duyệt")
    assert project.title in words(client.get(link))
    assert "Gửi lại" in page
    assert "Số liệu hôm nay khác số đã báo cáo" in period_page(client, province)
    assert "hãy ghi lý do gửi lại" in words(client.post(sending(province), SIGNED | {"number": "153/BC-SCT"}), 422)
    again = client.post(sending(province), SIGNED | {"number": "153/BC-SCT", "reason": "Sót 1,5 triệu"})
    assert "Lý do gửi lại: Sót 1,5 triệu" in words(client.get(again.url))
    assert "Gửi lại" not in words(
        client.get(reverse("reporting:sent_page", args=[report.pk]))
    )  # the first stays, done with


def test_what_stands_since_the_plan_began_is_told_with_its_records(client, signed_in, province, project):
    signed_in("auditor")
    earlier = ProjectFactory(province=province, approved=True, local=50_000_000)
    StepTakenFactory(project=earlier, name="approve", target="approved", on=dt.date(2026, 2, 3))

    answer = client.get(reverse("reporting:list"), {"nam": 2026, "ky": 3, "tinh": province.pk})

    cells = answer.context["paper"].so_far
    assert (cells["projects"].shown, cells["support"].shown) == ("2", "350")
    behind = words(client.get(cells["support"].url))
    assert "luỹ kế đến hết quý III năm 2026" in behind
    assert earlier.title in behind


def test_a_place_that_came_later_is_a_difference(client, signed_in, province, project):
    signed_in("department_director")
    client.post(sending(province), SIGNED)
    later = ProjectFactory(province=province, commune=CommuneFactory(province=province), approved=True, local=1_000_000)
    StepTakenFactory(project=later, name="approve", target="approved", on=dt.date(2026, 9, 30))

    answer = client.get(reverse("reporting:sent_page", args=[SentReport.objects.get().pk]))

    told = {(one.where, one.what): (one.said, one.now.shown) for one in answer.context["differences"]}
    assert told[(later.commune.full_name, "Số đề án")] == ("–", "1")
    assert told[("Đề án được phê duyệt", "")] == ("1", "2")


@pytest.mark.parametrize(
    ("role", "scope", "recipient"),
    [("provincial_approver", None, "committee"), ("ministry_agency", {"country": True}, "agency")],
)
def test_a_recipient_accepts_for_itself(client, signed_in, province, role, scope, recipient):
    report = SentReportFactory(province=province)
    user = signed_in(role, **(scope or {}))
    page, accept = (reverse(f"reporting:{name}", args=[report.pk]) for name in ("sent_page", "accept"))
    assert page in words(client.get("/"))
    assert accept in words(client.get(page))

    assert client.post(accept, {"on": "12/10/2026"}).url == page

    answer = ReportAnswer.objects.get()
    assert (answer.recipient, answer.accepted, answer.by) == (recipient, True, user)
    client.get(page)  # with the message of what was done
    seen = words(client.get(page))
    assert accept not in seen
    assert (seen.count("Đã tiếp nhận"), seen.count("Chờ tiếp nhận")) == (1, 1)
    assert page not in words(client.get("/"))
    assert "đã tiếp nhận báo cáo này ngày 12/10/2026" in words(client.post(accept, {"on": "12/10/2026"}), 422)


def test_a_report_goes_back_with_a_reason(client, signed_in, province):
    report = SentReportFactory(province=province)
    signed_in("provincial_approver")
    give_back = reverse("reporting:give_back", args=[report.pk])

    assert client.post(give_back, {"on": "12/10/2026", "reason": ""}).status_code == 422
    assert client.post(give_back, {"on": "12/10/2026", "reason": "Thiếu xã Ea Kly"}).status_code == 302

    assert "Thiếu xã Ea Kly" in words(client.get(reverse("reporting:sent_page", args=[report.pk])))
    signed_in("department_director")
    assert "Gửi lại" in words(client.get(reverse("reporting:sent_page", args=[report.pk])))


@pytest.mark.parametrize("role", ["department_director", "auditor", "appraiser", "centre_officer"])
@pytest.mark.parametrize("name", ["accept", "give_back"])
def test_who_is_no_recipient_answers_nothing(client, signed_in, province, role, name):
    report = SentReportFactory(province=province)
    signed_in(role)
    address = reverse(f"reporting:{name}", args=[report.pk])

    assert address not in words(client.get(reverse("reporting:sent_page", args=[report.pk])))
    assert "Chỉ nơi nhận báo cáo" in words(client.post(address, {"on": "12/10/2026", "reason": "x"}), 403)
    assert not ReportAnswer.objects.exists()


def test_strangers_find_no_report(client, province):
    report = SentReportFactory(province=province)
    addresses = [reverse(f"reporting:{name}", args=[report.pk]) for name in ("sent_page", "accept", "give_back")]
    assert {client.get(address).status_code for address in addresses} == {302}
    for user in (
        person("department_director", place=ProvinceFactory()),
        person("commune_officer", place=CommuneFactory(province=province)),
        person("establishment", of_body=True),
        UserFactory(),
    ):
        client.force_login(user)
        assert {client.get(address).status_code for address in addresses} == {404}


def test_an_edited_figure_is_noticed(client, signed_in, province):
    report = SentReportFactory(province=province)
    SentReport.objects.filter(pk=report.pk).update(figures=report.figures | {"changed": 7})
    signed_in("auditor")

    assert "KHÔNG khớp" in words(client.get(reverse("reporting:sent_page", args=[report.pk])))


@pytest.mark.parametrize(("language", "mark"), [("en", "not verified"), ("vi", "chưa kiểm chứng")])
@pytest.mark.parametrize("kept", ["chưa kiểm chứng", "not verified"])
def test_what_nobody_has_verified_is_said_in_the_language_of_the_reader(
    client, signed_in, province, settings, language, mark, kept
):
    report = SentReportFactory(province=province, due_on=dt.date(2026, 10, 5), due_basis=f"khoản 5 Điều 21, {kept}")
    signed_in("department_director")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = words(client.get(reverse("reporting:sent_page", args=[report.pk])))

    assert f"<small>khoản 5 Điều 21, {mark}</small>" in page


def test_the_workbook_says_what_was_said(client, signed_in, province, project):
    report = SentReportFactory(province=province)
    Project.objects.filter(pk=project.pk).update(granted_local=1)
    signed_in("auditor")

    answer = client.get(reverse("reporting:sent_page", args=[report.pk]), {"xuat": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert sheet.cell(1, 1).value == "Báo cáo quý III năm 2026, tỉnh Đắk Lắk"
    assert report.digest in sheet.cell(3, 1).value
    assert [sheet.cell(7, column).value for column in (1, 4)] == ["Khuyến công địa phương", 300]


def test_the_list_tells_who_has_accepted_and_what_was_late(client, signed_in, province):
    ReportAnswerFactory(
        report=SentReportFactory(province=province, on=dt.date(2026, 10, 16), due_on=dt.date(2026, 10, 15)),
        accepted=False,
        reason="Thiếu",
    )
    SentReportFactory(province=province, period=2, on=dt.date(2026, 7, 15), due_on=dt.date(2026, 7, 15))
    signed_in("auditor")

    page = words(client.get(reverse("reporting:sent")))

    assert page.count("gửi quá hạn") == 1
    assert "UBND tỉnh chờ tiếp nhận; Cục đã trả lại" in page
    assert "Báo cáo quý II năm 2026" not in words(client.get(reverse("reporting:sent"), {"period": "3"}))
