"""The department reports a quarter and the half year; a figure changes after closing; each recipient accepts for itself."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.projects.models import Project
from khuyencong.reporting.models import SentReport
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory
from tests.journeys.conftest import MILLION, at, day, nothing_contradicts, number_in

pytestmark = pytest.mark.slow


def approved(land, *, on, title, local, committed):
    project = ProjectFactory(
        province=land.province, commune=land.kly, title=title, approved=True, local=local, implementer=land.centre
    )
    StepTakenFactory(project=project, name="approve", target="approved", on=on)
    envelope = EnvelopeFactory(province=land.province, holder=land.department, given=committed)
    EntryFactory(envelope=envelope, kind="committed", amount=committed, project=project)
    return project


def test_a_report_is_sent_accepted_found_to_be_wrong_and_sent_again(land, people, today):
    director, committee, agency = people.department_director, people.provincial_approver, people.ministry_agency
    DeadlineRowFactory(instrument__provincial=True, instrument__province=land.province, level="provincial",
        province=land.province, code="quarter_report", kind="days_after", days=15, month=None, day=None, year_offset=0)  # fmt: skip
    dryer = approved(land, on=today.replace(month=8, day=3), title="Máy sấy trống quay", local=300 * MILLION,
        committed=280 * MILLION)  # fmt: skip
    approved(land, on=today.replace(month=3, day=2), title="Máy dệt thổ cẩm", local=100 * MILLION,
        committed=100 * MILLION)  # fmt: skip

    # it waits for the head of the department, with its day; what runs still is not closed
    home = director.reads("/")
    assert "Chốt và gửi báo cáo quý III năm 2026" in home
    assert "hạn 15/10/2026" in home
    send = at("reporting:send", 2026, 3)
    director.is_refused(at("reporting:send", 2026, 4), "chưa hết vào ngày", **director.signed(10, 9, no="150/BC-SCT"))
    director.is_refused(send, "chưa hết vào ngày 30/09/2026", **director.signed(9, 30, no="151/BC-SCT"))
    for hand in (people.appraiser, people.centre_director, committee, agency, people.stranger):
        hand.may_not(send, **hand.signed(10, 9))

    # sent by the head, the half year by the clerk from the signed paper
    page = director.does(send, **director.signed(10, 9, no="152/BC-SCT"))
    first = SentReport.objects.get(pk=number_in(page))
    people.registry_clerk.does(at("reporting:send", 2026, 6), **director.signed(10, 9, no="153/BC-SCT"))
    assert "Chốt và gửi báo cáo quý III" not in director.reads("/")
    director.is_refused(send, "không gửi lần nữa", reason="Cho chắc", **director.signed(10, 12, no="154/BC-SCT"))

    # the committee accepts for itself; the agency sends it back; nobody does it for another
    accept, give_back = (at(f"reporting:{name}", first.pk) for name in ("accept", "give_back"))
    assert "báo cáo quý III năm 2026" in committee.reads("/")
    committee.is_refused(accept, "không thể trả lời trước ngày đó", on=day(10, 8))
    committee.does(accept, on=day(10, 12))
    committee.is_refused(accept, "đã tiếp nhận báo cáo này", on=day(10, 12))
    director.may_not(accept, on=day(10, 12))
    people.stranger.finds_nothing(page)
    assert "báo cáo quý III năm 2026" in agency.reads("/")
    agency.is_refused(give_back, on=day(10, 13), reason=" ")

    # the wrong turn: a figure that was typed otherwise than decided is put right after closing; the page shows both
    Project.objects.filter(pk=dryer.pk).update(granted_local=280 * MILLION)
    seen = people.auditor.reads(page)
    assert "Đã báo cáo và số liệu hôm nay" in seen
    assert "Khuyến công địa phương Kinh phí theo nguồn Đã phê duyệt 300 280" in seen
    agency.does(give_back, on=day(10, 13), reason="Số duyệt khác quyết định")
    assert "Chốt và gửi báo cáo quý III" in director.reads("/")
    director.is_refused(send, "hãy ghi lý do gửi lại", **director.signed(10, 14, no="155/BC-SCT"))
    second = director.does(send, reason="Sửa theo quyết định", **director.signed(10, 14, no="155/BC-SCT"))

    # the first stays as it was; both answer the second
    agency.is_refused(accept, "hãy trả lời bản gửi sau", on=day(10, 14))
    for hand in (committee, agency):
        hand.does(at("reporting:accept", number_in(second)), on=day(10, 15))
    first.refresh_from_db()
    assert first.figures["total"]["local"] == 300 * MILLION
    assert "Số liệu hôm nay đúng như đã báo cáo" in people.auditor.reads(second)
    listed = people.auditor.reads(at("reporting:sent"))
    assert "gửi lần 2" in listed
    assert "UBND tỉnh đã tiếp nhận; Cục đã trả lại" in listed
    assert Event.objects.filter(action__startswith="report.").count() == 7
    nothing_contradicts()
