"""What a change of the law would do, seen before it is recorded; a row that takes the place of another; the time line."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.norms.models import SupportNorm
from tests.factories.norms import (
    AdvanceNormFactory,
    ConditionFactory,
    InstrumentFactory,
    LineFactory,
    SupportNormFactory,
)
from tests.factories.people import MandateFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import CostLineFactory, ProjectFactory

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def manager(client):
    client.force_login(person("administrator", country=True))
    return client


@pytest.fixture
def both(client):
    """Who keeps the law and may also see projects."""
    user = person("administrator", country=True)
    MandateFactory(user=user, role="auditor", country=True)
    client.force_login(user)
    return client


@pytest.fixture
def row():
    return SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True), percent=None, cap=300 * MILLION)


def asking(**facts):
    return ProjectFactory(**{"of_nation": True, "norm_line": "MMTB", "state": "submitted", "whole": True} | facts)


def succeeding(row, **facts):
    given = {"instrument": row.instrument_id, "cap": "200 triệu", "article": "Điều 5", "valid_from": "01/12/2026"}
    return reverse("norms:succeed_row", args=["supportnorm", row.pk]), given | facts


def test_the_effect_of_a_new_row_is_one_sentence_with_its_projects_and_nothing_is_written(both, row):
    file = asking()
    address, data = succeeding(row)

    answer = both.post(address, data | {"_preview": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nếu áp dụng từ ngày 01/12/2026: 1 đề án đổi, tổng mức hỗ trợ tối đa −100 triệu đồng." in page
    assert "1 đề án đang đề nghị vượt mức mới." in page
    assert file.code in page
    assert 'value="200 triệu"' in page
    row.refresh_from_db()
    assert (row.valid_to, SupportNorm.objects.count()) == (None, 1)


def test_who_may_not_see_projects_is_told_numbers_and_no_names(manager, row):
    file = asking()
    address, data = succeeding(row)

    page = manager.post(address, data | {"_preview": "1"}).content.decode()

    assert "1 đề án đổi, tổng mức hỗ trợ tối đa −100 triệu đồng." in page
    assert "1 đề án đã tính mà không nêu tên" in page
    assert file.code not in page


def test_who_may_not_see_projects_is_told_of_each_province(manager, row):
    first, second = asking(), asking()
    asking(province=first.province)
    address, data = succeeding(row)

    answer = manager.post(address, data | {"_preview": "1"})

    [told] = answer.context["effects"]
    assert [(one["name"], one["number"], one["difference"], one["over"]) for one in told["provinces"]] == [
        (first.province.full_name, 2, -200 * MILLION, 2),
        (second.province.full_name, 1, -100 * MILLION, 1),
    ]
    assert "Ảnh hưởng theo tỉnh" in answer.content.decode()


def test_who_sees_every_project_needs_no_table_of_provinces(both, row):
    asking()
    address, data = succeeding(row)

    assert "Ảnh hưởng theo tỉnh" not in both.post(address, data | {"_preview": "1"}).content.decode()


def test_without_the_button_the_new_row_takes_the_place_of_the_old(manager, row):
    address, data = succeeding(row)

    answer = manager.post(address, data)

    assert answer.headers["Location"] == reverse("norms:page", args=[row.instrument_id])
    old, new = SupportNorm.objects.order_by("valid_from")
    assert (old.valid_to, new.valid_from, new.cap) == (dt.date(2026, 12, 1), dt.date(2026, 12, 1), 200 * MILLION)


def test_the_form_of_a_new_row_begins_with_what_the_old_says(manager, row):
    form = manager.get(succeeding(row)[0]).context["form"]

    assert (form["cap"].value(), form["instrument"].value()) == ("300.000.000", row.instrument_id)
    assert "line" not in form.fields


@pytest.mark.parametrize("button", [{}, {"_preview": "1"}])
def test_a_new_row_that_begins_with_the_old_is_refused_at_its_day(manager, row, button):
    address, data = succeeding(row, valid_from=f"{row.valid_from:%d/%m/%Y}")

    answer = manager.post(address, data | button)

    assert answer.status_code == 422
    assert "Dòng mới phải có hiệu lực sau ngày" in answer.content.decode()
    assert SupportNorm.objects.count() == 1


def test_the_end_of_a_row_tells_who_would_have_no_maximum(manager, row):
    asking()

    page = manager.post(
        reverse("norms:end_row", args=["supportnorm", row.pk]), {"valid_to": "01/01/2027", "_preview": "1"}
    ).content.decode()

    assert "Nếu áp dụng từ ngày 01/01/2027: 1 đề án đổi" in page
    assert "1 đề án không còn mức nào áp dụng" in page


def test_an_added_row_tells_who_has_a_first_maximum(manager):
    line, text = LineFactory(code="MMTB", anywhere=True), InstrumentFactory()
    asking()

    page = manager.post(
        reverse("norms:add_row", args=[text.pk, "supportnorm"]),
        {"line": line.pk, "cap": "90 triệu", "article": "Điều 3", "valid_from": "01/12/2026", "_preview": "1"},
    ).content.decode()

    assert "1 đề án trước chưa có mức, nay có" in page
    assert not SupportNorm.objects.exists()


def test_a_change_that_reaches_nobody_says_so(manager, row):
    asking(state="approved")
    address, data = succeeding(row)

    page = manager.post(address, data | {"_preview": "1"}).content.decode()

    assert "không đề án nào đổi (đã xét 0 đề án)" in page


def test_an_advance_that_changes_for_nobody_is_told_as_an_advance(manager, row):
    ProjectFactory(running=True, of_nation=True)
    AdvanceNormFactory(instrument=row.instrument)

    page = manager.post(
        reverse("norms:end", args=[row.instrument_id]), {"valid_to": "01/01/2027", "_preview": "1"}
    ).content.decode()

    assert "Nếu áp dụng từ ngày 01/01/2027: không đề án nào đổi (đã xét 0 đề án)." in page
    assert "mức tạm ứng lần đầu" in page


def test_a_reader_neither_changes_nor_sees_the_effect(client, row):
    client.force_login(person("appraiser", place=ProvinceFactory()))
    address, data = succeeding(row)

    assert client.post(address, data | {"_preview": "1"}).status_code == 403
    assert client.post(address, data).status_code == 403
    assert SupportNorm.objects.count() == 1


def test_fifty_projects_are_listed_and_the_rest_counted(both, row, monkeypatch):
    monkeypatch.setattr("khuyencong.web.desk.norms.views.shared.SHOWN", 1)
    asking(), asking()
    address, data = succeeding(row)

    answer = both.post(address, data | {"_preview": "1"})

    assert len(answer.context["listed"]) == 1
    assert "Còn 1 đề án khác không hiện ở đây." in answer.content.decode()


def test_the_effect_asks_as_often_for_three_projects_as_for_one(manager, row, django_assert_max_num_queries):
    address, data = succeeding(row)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            asking()
        with django_assert_max_num_queries(60) as counted:
            manager.post(address, data | {"_preview": "1"})
        asked.append(len(counted))

    assert asked[0] == asked[1]


def test_the_time_line_names_the_days_on_which_nothing_holds(manager, row):
    row.valid_to = dt.date(2024, 1, 1)
    row.save()
    SupportNormFactory(line=row.line, valid_from=dt.date(2025, 1, 1), cap=400 * MILLION)

    page = manager.get(reverse("norms:periods", args=["supportnorm", row.pk])).content.decode()

    assert "1 khoảng không có dòng nào có hiệu lực." in page
    assert "từ 01/01/2024" in page
    assert "đến trước 01/01/2025" in page
    assert "Khoảng trống: không dòng nào có hiệu lực" in page


def test_a_time_line_without_a_gap_says_so_and_offers_nothing_to_a_reader(client, row):
    client.force_login(person("appraiser", place=ProvinceFactory()))

    page = client.get(reverse("norms:periods", args=["supportnorm", row.pk])).content.decode()

    assert "Liền mạch từ dòng đầu" in page
    assert reverse("norms:succeed_row", args=["supportnorm", row.pk]) not in page


def test_a_time_line_asks_as_often_for_three_rows_as_for_one(manager, row, django_assert_max_num_queries):
    address, asked = reverse("norms:periods", args=["supportnorm", row.pk]), []
    with django_assert_max_num_queries(20) as counted:
        manager.get(address)
    asked.append(len(counted))
    row.valid_to = dt.date(2024, 1, 1)
    row.save()
    SupportNormFactory(line=row.line, valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2025, 1, 1))
    SupportNormFactory(line=row.line, valid_from=dt.date(2025, 1, 1))
    with django_assert_max_num_queries(20) as counted:
        manager.get(address)

    assert [*asked, len(counted)] == [asked[0]] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_are_listed_with_their_time_lines(manager, count, django_assert_max_num_queries):
    rows = [SupportNormFactory(valid_to=dt.date(2024, 1, 1)) for _ in range(count)]

    with django_assert_max_num_queries(8):
        page = manager.get(reverse("norms:gaps")).content.decode()

    assert page.count("chưa có dòng tiếp theo") == count
    assert all(reverse("norms:periods", args=["supportnorm", row.pk]) in page for row in rows)


def test_a_law_without_a_gap_says_so(manager, row):
    assert "Không có khoảng trống" in manager.get(reverse("norms:gaps")).content.decode()


def test_strangers_do_not_see_gaps(client):
    assert client.get(reverse("norms:gaps")).status_code == 302


# ---- a whole text ends ----


def test_the_end_of_a_text_tells_what_its_rows_would_change_and_writes_nothing(both, row):
    file = asking()
    AdvanceNormFactory(instrument=row.instrument)

    page = both.post(
        reverse("norms:end", args=[row.instrument_id]), {"valid_to": "01/01/2027", "_preview": "1"}
    ).content.decode()

    assert "Nếu áp dụng từ ngày 01/01/2027: 1 đề án đổi" in page
    assert "1 đề án không còn mức nào áp dụng" in page and file.code in page
    assert "mức tạm ứng lần đầu không đổi ở đề án nào (đã xét 0 đề án)" in page
    row.refresh_from_db()
    assert (row.valid_to, row.instrument.valid_to) == (None, None)


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("01/01/2012", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ("30/11/2026", "sau ngày văn bản hết hiệu lực"),
    ],
)
def test_an_end_that_the_act_refuses_is_refused_by_the_preview(manager, row, end, sentence):
    SupportNormFactory(
        instrument=row.instrument, line=LineFactory(code="KHAC", anywhere=True), valid_from=dt.date(2026, 12, 1)
    )
    for button in ({}, {"_preview": "1"}):
        answer = manager.post(reverse("norms:end", args=[row.instrument_id]), {"valid_to": end} | button)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()


def test_the_end_of_a_text_with_many_rows_asks_as_often_as_with_one(both, row):
    asking()

    def asked():
        both.post(reverse("norms:end", args=[row.instrument_id]), {"valid_to": "01/01/2027", "_preview": "1"})
        with CaptureQueriesContext(connection) as found:
            both.post(reverse("norms:end", args=[row.instrument_id]), {"valid_to": "01/01/2027", "_preview": "1"})
        return len(found)

    one = asked()
    for code in ("A", "B"):
        SupportNormFactory(instrument=row.instrument, line=LineFactory(code=code, anywhere=True))
        asking()

    assert asked() == one <= 20


def test_the_end_of_a_text_with_money_conditions_and_projects_under_way_keeps_within_a_page(both, row):
    ConditionFactory(instrument=row.instrument, kind="sector")
    SupportNormFactory(instrument=row.instrument, line=LineFactory(code="QTAM", purpose="advance_ceiling"))
    CostLineFactory(project=asking(), norm_line="MMTB", local=5 * MILLION)
    asking(state="running", granted_national=40 * MILLION)
    address, data = reverse("norms:end", args=[row.instrument_id]), {"valid_to": "01/01/2027", "_preview": "1"}
    both.post(address, data)

    with CaptureQueriesContext(connection) as found:
        assert both.post(address, data).status_code == 200

    assert len(found) <= 20


@pytest.mark.parametrize(("typed", "told"), [("01/11/2026", True), ("22/11/2026", False)])
def test_a_day_that_is_past_is_said_to_be_past(manager, row, typed, told):
    page = manager.post(
        reverse("norms:end_row", args=["supportnorm", row.pk]), {"valid_to": typed, "_preview": "1"}
    ).content.decode()

    assert (f"Ngày đã nhập {typed} đã qua: tính cho đề án còn mở từ hôm nay" in page) is told
