"""A report is closed and sent once, stays as it was said, and each recipient accepts it for itself."""

import dataclasses
import datetime as dt

import pytest
from django.utils.translation import override

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.notices.models import Message
from khuyencong.projects.models import Project
from khuyencong.reporting import operations
from khuyencong.reporting.enums import Period, Recipient
from khuyencong.reporting.models import ReportAnswer, SentReport
from khuyencong.reporting.queries import sent
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries import calendar, tasks
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory
from tests.factories.reporting import ReportAnswerFactory, SentReportFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 9)


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def director(province):
    return person("department_director", place=province)


@pytest.fixture
def committee(province):
    return person("provincial_approver", place=province)


@pytest.fixture
def agency():
    return person("ministry_agency", country=True)


@pytest.fixture
def project(province):
    project = ProjectFactory(province=province, commune=CommuneFactory(province=province), approved=True, local=300)
    StepTakenFactory(project=project, name="approve", target="approved", on=dt.date(2026, 8, 3))
    return project


def send(province, by, *, period=Period.Q3, on=DAY, **more):
    paper = more.pop("paper", None) or PaperFactory(kind="period_report", province=province, signer="Phạm Hữu Phước")
    return operations.send_report(province, year=2026, period=period, by=by, on=on, paper=paper, **more)


def waits(user, kind):
    return [(task.rest, task.due) for task in tasks(user) if task.kind == kind]


# ---- sending ----


def test_sending_keeps_what_was_said_and_remembers_it(province, director, project, committee, agency):
    report = send(province, director)

    assert (report.edition, report.on, report.figures["total"]["local"]) == (1, DAY, 300)
    assert report.digest == sent.digest_of(report.figures)
    event = Event.objects.get(action="report.send")
    assert (event.subject_id, event.on, event.data["digest"]) == (report.pk, DAY, report.digest)
    told = Message.objects.filter(channel="inbox", about_id=report.pk)
    assert {message.recipient for message in told} == {committee, agency}
    assert {message.link for message in told} == {f"/bao-cao/da-gui/{report.pk}/"}


def test_what_was_said_stays_when_the_records_change(province, director, project):
    report = send(province, director)
    Project.objects.filter(pk=project.pk).update(granted_local=301)

    report = SentReport.objects.get(pk=report.pk)
    said, today = sent.said(report), sent.now(report)

    assert (said.total.local, today.total.local) == (300, 301)
    assert sent.differs(report.figures, sent.statement(today))
    assert sent.digest_of(report.figures) == report.digest


def test_a_report_that_is_read_again_is_the_same_report(province, director, project):
    report = SentReport.objects.get(pk=send(province, director).pk)

    assert dataclasses.replace(sent.said(report), frame=None) == dataclasses.replace(sent.now(report), frame=None)
    assert not sent.differs(report.figures, sent.statement(sent.now(report)))


def test_a_sent_report_keeps_what_decisions_gave_apart_from_what_was_given_back(province, director, project):
    envelope = EnvelopeFactory(province=province, given=0)
    for kind, amount in (("allocated", 7_350), ("returned", 102)):
        EntryFactory(envelope=envelope, kind=kind, amount=amount, on=dt.date(2026, 8, 4))

    local = sent.said(SentReport.objects.get(pk=send(province, director).pk)).sources[1]

    assert (local.allocated, local.moved) == (7_350, -102)


def test_a_place_with_another_name_is_no_other_figure(province, director, project):
    report = send(province, director)
    type(project.commune).objects.filter(pk=project.commune_id).update(full_name="Xã Tên Mới")

    fresh = sent.statement(sent.now(report))

    assert fresh["places"] != report.figures["places"]
    assert not sent.differs(report.figures, fresh)


@pytest.mark.parametrize("day", [dt.date(2026, 9, 30), dt.date(2026, 7, 1)])
def test_a_period_that_is_not_over_is_not_closed(province, director, day):
    with pytest.raises(Invalid, match=r"quý III năm 2026 chưa hết vào ngày .*; chốt và gửi từ ngày 01/10/2026"):
        send(province, director, on=day)


def test_a_period_is_closed_on_the_day_after_its_last(province, director):
    assert send(province, director, on=dt.date(2026, 10, 1)).on == dt.date(2026, 10, 1)


def test_a_day_in_the_future_is_refused(province, director, today):
    with pytest.raises(Invalid, match="Ngày 23/11/2026 chưa tới"):
        send(province, director, on=today + dt.timedelta(days=1))


@pytest.mark.parametrize("role", ["appraiser", "centre_director", "provincial_approver", "auditor", "accountant"])
def test_only_the_head_of_the_department_reports(province, role):
    with pytest.raises(NotAllowed, match="Lãnh đạo Sở Công Thương"):
        send(province, person(role, place=province))


def test_another_province_is_refused(province):
    with pytest.raises(NotAllowed, match="ngoài địa bàn"):
        send(province, person("department_director", place=ProvinceFactory()))


def test_the_clerk_records_what_the_head_has_signed(province):
    clerk = person("registry_clerk", place=province)

    report = send(province, clerk)

    assert (report.by, Event.objects.get(action="report.send").signer) == (clerk, "Phạm Hữu Phước")


def test_the_clerk_records_nothing_that_nobody_has_signed(province):
    with pytest.raises(NotAllowed):
        send(province, person("registry_clerk", place=province), paper=PaperFactory(kind="period_report", signer=""))


def test_another_paper_is_refused(province, director):
    with pytest.raises(NotPossible, match="Báo cáo định kỳ của Sở"):
        send(province, director, paper=PaperFactory(kind="other"))


def test_the_same_figures_are_not_sent_twice(province, director, project):
    send(province, director)

    with pytest.raises(NotPossible, match=r"đã gửi ngày 09/10/2026 .* không gửi lần nữa"):
        send(province, director, reason="Gửi cho chắc")


def test_other_figures_are_sent_again_with_a_reason_and_the_first_stays(province, director, project):
    first = send(province, director)
    Project.objects.filter(pk=project.pk).update(granted_local=301)  # one đồng

    with pytest.raises(Invalid, match="hãy ghi lý do gửi lại"):
        send(province, director, on=DAY)
    with pytest.raises(Invalid, match="Lần gửi trước là ngày 09/10/2026"):
        send(province, director, on=dt.date(2026, 10, 8), reason="Sửa")
    second = send(province, director, reason="Sót một đồng")

    assert (second.edition, second.reason, second.figures["total"]["local"]) == (2, "Sót một đồng", 301)
    assert SentReport.objects.get(pk=first.pk).figures["total"]["local"] == 300


def test_names_are_kept_as_the_paper_says_them(province, director, project):
    Project.objects.filter(pk=project.pk).update(commune=None)

    with override("en"):
        report = send(province, director)

    assert report.figures["places"][0]["label"] == "Nhiều xã hoặc chưa rõ xã"


def test_figures_or_digest_that_were_edited_are_found_by_the_check_of_all_data(province, director, project):
    report = send(province, director)
    assert list(sent.invariants()) == []

    other = report.figures | {"changed": 7}
    SentReport.objects.filter(pk=report.pk).update(figures=other)
    assert list(sent.invariants()) == [
        "Báo cáo quý III năm 2026, tỉnh Đắk Lắk: số liệu không còn khớp mã băm đã ghi khi gửi."
    ]
    SentReport.objects.filter(pk=report.pk).update(digest=sent.digest_of(other))
    assert len(list(sent.invariants())) == 1  # the journal remembers


# ---- answers ----


def test_each_recipient_accepts_for_itself(province, director, committee, agency):
    report = send(province, director)

    operations.accept_report(report, recipient=Recipient.COMMITTEE, by=committee, on=DAY)

    assert waits(committee, TaskKind.RECEIVE_REPORT) == []
    assert [rest for rest, _due in waits(agency, TaskKind.RECEIVE_REPORT)] == ["báo cáo quý III năm 2026, tỉnh Đắk Lắk"]
    assert Event.objects.get(action="report.accept").data["recipient"] == "committee"
    operations.accept_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY)
    assert sent.standing(report) == "UBND tỉnh đã tiếp nhận; Cục đã tiếp nhận"
    assert Message.objects.filter(recipient=director, channel="inbox").count() == 2


def test_nobody_accepts_for_another(province, director, committee, agency):
    report = send(province, director)

    for recipient, by in ((Recipient.AGENCY, committee), (Recipient.COMMITTEE, agency), (Recipient.AGENCY, director)):
        with pytest.raises(NotAllowed):
            operations.accept_report(report, recipient=recipient, by=by, on=DAY)
    with pytest.raises(NotAllowed, match="ngoài địa bàn"):
        operations.accept_report(
            report,
            recipient=Recipient.COMMITTEE,
            by=person("provincial_approver", place=ProvinceFactory()),
            on=DAY,
        )
    assert not ReportAnswer.objects.exists()


def test_an_answer_is_given_once(province, director, agency):
    report = send(province, director)
    operations.accept_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY)

    with pytest.raises(NotPossible, match=r"Cục .* đã tiếp nhận báo cáo này ngày 09/10/2026"):
        operations.return_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY, reason="Nghĩ lại")


def test_days_of_an_answer(province, director, agency, today):
    report = send(province, director)

    with pytest.raises(Invalid, match="Báo cáo gửi ngày 09/10/2026"):
        operations.accept_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY - dt.timedelta(days=1))
    with pytest.raises(Invalid, match="Ngày 23/11/2026 chưa tới"):
        operations.accept_report(report, recipient=Recipient.AGENCY, by=agency, on=today + dt.timedelta(days=1))


def test_a_returned_report_comes_back_to_the_department_with_its_reason(province, director, agency, project):
    report = send(province, director)
    assert "quý III năm 2026" not in [rest for rest, _due in waits(director, TaskKind.SEND_REPORT)]

    with pytest.raises(Invalid, match="phải ghi lý do"):
        operations.return_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY, reason="  ")
    operations.return_report(report, recipient=Recipient.AGENCY, by=agency, on=DAY, reason="Thiếu đề án của xã")

    assert "quý III năm 2026" in [rest for rest, _due in waits(director, TaskKind.SEND_REPORT)]
    assert Message.objects.get(recipient=director, channel="inbox").body == "Thiếu đề án của xã"
    again = send(province, director, reason="Đã rà lại, số đúng")
    assert "quý III năm 2026" not in [rest for rest, _due in waits(director, TaskKind.SEND_REPORT)]
    with pytest.raises(NotPossible, match="hãy trả lời bản gửi sau"):
        operations.accept_report(report, recipient=Recipient.COMMITTEE, by=person("provincial_approver", place=province),
            on=DAY)  # fmt: skip
    assert list(sent.waiting_for(agency)) == [again]


# ---- by when ----


def test_the_day_to_send_is_the_provinces_own_row(province, director, project):
    DeadlineRowFactory(instrument__provincial=True, instrument__province=province, level="provincial", province=province,
        code="quarter_report", kind="days_after", days=15, month=None, day=None, year_offset=0)  # fmt: skip

    assert sent.deadline(province, year=2026, period=Period.Q3).last_day == dt.date(2026, 10, 15)
    assert sent.deadline(province, year=2026, period=Period.YEAR).last_day is None
    assert ("quý III năm 2026", dt.date(2026, 10, 15)) in waits(director, TaskKind.SEND_REPORT)
    assert ("6 tháng đầu năm 2026", None) in waits(director, TaskKind.SEND_REPORT)
    assert send(province, director).due_on == dt.date(2026, 10, 15)


def test_who_records_what_the_head_signs_is_told_what_is_owed_too(province, director, project):
    clerk, of_commune = (
        person("registry_clerk", place=place) for place in (province, CommuneFactory(province=province))
    )

    assert waits(clerk, TaskKind.SEND_REPORT) == waits(director, TaskKind.SEND_REPORT) != []
    assert waits(of_commune, TaskKind.SEND_REPORT) == []
    send(province, clerk)
    assert "quý III năm 2026" not in [rest for rest, _due in waits(clerk, TaskKind.SEND_REPORT)]


def test_the_calendar_shows_by_when_reports_must_be_sent_to_who_sends_them(province, director, project):
    DeadlineRowFactory(instrument__provincial=True, instrument__province=province, level="provincial", province=province,
        code="quarter_report", kind="days_after", days=15, month=None, day=None, year_offset=0)  # fmt: skip
    centre = person("centre_director", place=province)

    def days(user, since, until):
        shown = calendar(user, since=since, until=until)
        return [(day.on, day.what) for day in shown if day.kind == "report"]

    october, january = dt.date(2026, 10, 15), dt.date(2027, 1, 15)
    assert days(director, october, january) == [
        (october, "Hạn gửi báo cáo quý III năm 2026"),
        (january, "Hạn gửi báo cáo quý IV năm 2026"),
    ]
    assert days(director, october + dt.timedelta(days=1), january - dt.timedelta(days=1)) == []
    assert days(centre, october, january) == []
    send(province, director)
    assert days(director, october, january) == [(january, "Hạn gửi báo cáo quý IV năm 2026")]


def test_nothing_is_owed_for_a_year_without_a_plan(director):
    assert waits(director, TaskKind.SEND_REPORT) == []


def test_reports_are_seen_in_their_province_and_by_the_country(province, agency):
    report = SentReportFactory(province=province)
    ReportAnswerFactory(report=report)
    commune = CommuneFactory(province=province)

    seen = {
        "auditor": person("auditor", place=province),
        "agency": agency,
        "stranger": person("department_director", place=ProvinceFactory()),
        "commune": person("commune_officer", place=commune),
    }

    assert {name: SentReport.objects.visible_to(user).count() for name, user in seen.items()} == {
        "auditor": 1,
        "agency": 1,
        "stranger": 0,
        "commune": 0,
    }
