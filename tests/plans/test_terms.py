"""The terms under which alternatives are compared: kept, shown, changed by one person at a time; a list is taken over."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.plans import operations, queries
from khuyencong.plans.models import Item, Term
from tests.factories.budgets import EntryFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.plans import DecisionFactory, TermFactory
from tests.plans.comparing import by_hand, ceiling, floor, fund, refuse
from tests.plans.conftest import MILLION

pytestmark = pytest.mark.django_db


def keep(tranche, house, *terms, by=None, seen=None):
    seen = queries.terms_of(tranche).stamp if seen is None else seen
    return operations.set_terms(tranche, terms=terms, seen=seen, by=by or house.appraiser)


def test_terms_are_kept_with_who_set_them_and_remembered(tranche, request_of, house):
    project = request_of("Máy", amount=100)

    said = keep(tranche, house, fund(project), ceiling(500 * MILLION))

    kept = queries.terms_of(tranche)
    assert [(term.kind, term.by) for term in kept.now] == [("fund", house.appraiser), ("ceiling", house.appraiser)]
    assert kept.changed_by == house.appraiser and kept.before == ()
    line = Event.objects.get(action="plan.set_terms")
    assert (line.actor_id, line.subject_id, line.data["changes"]) == (house.appraiser.pk, house.plan.pk, said)
    assert said == [
        f"Đặt: {project.code} phải chọn (Nghị quyết của tỉnh)",
        "Đặt: “Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến” nhiều nhất 500 triệu đồng",
    ]


def test_what_stays_keeps_its_author_and_what_changes_gets_a_new_one(tranche, request_of, house):
    project = request_of("Máy", amount=100)
    keep(tranche, house, fund(project), ceiling(500 * MILLION))

    said = keep(tranche, house, fund(project), ceiling(400 * MILLION), by=house.department)

    kept = queries.terms_of(tranche)
    assert [(term.kind, term.amount, term.by) for term in kept.now] == [
        ("fund", None, house.appraiser),
        ("ceiling", 400 * MILLION, house.department),
    ]
    assert [(term.kind, term.amount) for term in kept.before] == [("fund", None), ("ceiling", 500 * MILLION)]
    assert len(said) == 1 and said[0].startswith("Đổi: ") and said[0].endswith("500 triệu đồng)")
    assert Term.objects.count() == 3


def test_the_same_terms_again_write_nothing(tranche, house):
    keep(tranche, house, ceiling(500 * MILLION))
    stamp = queries.terms_of(tranche).stamp

    assert keep(tranche, house, ceiling(500 * MILLION), by=house.department) == []

    assert queries.terms_of(tranche).stamp == stamp
    assert Event.objects.filter(action="plan.set_terms").count() == 1


def test_two_officials_at_once_the_second_is_told_who_was_first(tranche, house):
    seen = queries.terms_of(tranche).stamp
    keep(tranche, house, ceiling(500 * MILLION), by=house.department, seen=seen)

    with pytest.raises(NotPossible, match=f"{house.department} đã đổi điều kiện lúc"):
        keep(tranche, house, ceiling(400 * MILLION), seen=seen)

    assert [term.amount for term in queries.terms_of(tranche).now] == [500 * MILLION]


def test_contradictions_are_refused(tranche, request_of, house):
    project = request_of("Máy", amount=100)
    place = {"unit": CommuneFactory(province=house.province)}
    name = "“Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến”"
    for terms, sentence in (
        ([ceiling(1), ceiling(2)], f"{name} được đặt hai lần. Hãy giữ một dòng."),
        (
            [fund(project), refuse(project)],
            f"Đề án {project.code} vừa “không chọn” vừa “phải chọn”. Hãy giữ một điều kiện.",
        ),
        (
            [by_hand(project), refuse(project)],
            f"Đề án {project.code} vừa “không chọn” vừa “tự chọn”. Hãy giữ một điều kiện.",
        ),
        (
            [ceiling(100, **place), floor(101, **place)],
            f"“{place['unit']}”: ít nhất 101 đồng lớn hơn nhiều nhất 100 đồng.",
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            keep(tranche, house, *terms)
        assert sentence in str(refusal.value)
    assert keep(tranche, house, ceiling(100, **place), floor(100, **place)) != []


def test_terms_without_a_reason_or_of_nothing_are_refused(tranche, request_of, house):
    with pytest.raises(Invalid, match="phải ghi lý do"):
        keep(tranche, house, fund(request_of("Máy", amount=100), reason=""))
    with pytest.raises(Invalid, match="Mỗi điều kiện nói về một đề án"):
        keep(tranche, house, Term(kind="ceiling", amount=5))
    with pytest.raises(Invalid, match="Mỗi điều kiện nói về một đề án"):
        keep(tranche, house, ceiling(-1))

    assert not Term.objects.exists()


def test_the_database_keeps_one_term_of_a_thing(tranche):
    TermFactory(decision=tranche)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermFactory(decision=tranche)


def test_only_a_draft_and_only_its_drafters_set_terms(house, tranche):
    with pytest.raises(NotAllowed):
        keep(tranche, house, ceiling(1), by=person("accountant", place=house.province))
    with pytest.raises(NotPossible, match="chỉ sửa được dự thảo"):
        keep(DecisionFactory(plan=house.plan, ordinal=7, submitted=True), house, ceiling(1))
    with pytest.raises(NotPossible, match="không thuộc quyết định"):
        keep(operations.draft_decision(house.plan, kind="stop", by=house.appraiser), house, ceiling(1))


# ---- the page ----


def address(tranche, name="alternatives"):
    return reverse(f"plans:{name}", args=[tranche.pk])


def test_the_page_shows_them_and_a_person_takes_one_over(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    chosen = request_of("Máy", amount=250, score=70)
    request_of("Khác", amount=1_200, score=60)

    shown = client.get(address(tranche)).content.decode()
    answer = client.post(address(tranche, "take_alternative"), {"de-an": [chosen.code]})

    assert "Theo thứ tự của luật" in shown and "Tổng điểm cao nhất" in shown
    assert "giới hạn 3 giây" in shown and "Vạch kinh phí: 1.000 triệu đồng" in shown
    assert answer.status_code == 302
    assert [item.project for item in Item.objects.filter(decision=tranche)] == [chosen]


def test_a_list_that_has_changed_meanwhile_is_not_taken(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    request_of("Máy", amount=250)

    client.post(address(tranche, "take_alternative"), {"de-an": ["KHONG-CO"]})

    assert not Item.objects.exists()


def test_a_list_of_terms_that_somebody_has_changed_is_not_taken(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250)
    keep(tranche, house, ceiling(500 * MILLION), by=house.department)

    stale = client.post(address(tranche, "take_alternative"), {"de-an": [project.code], "da-xem": ""}, follow=True)
    assert "đã đổi điều kiện lúc" in stale.content.decode() and not Item.objects.exists()

    client.post(
        address(tranche, "take_alternative"), {"de-an": [project.code], "da-xem": queries.terms_of(tranche).stamp}
    )
    assert Item.objects.get().project == project


def filled(*projects, limits=(), seen=""):
    """The form as a browser sends it."""
    data = {"da-xem": seen}
    for number, (group, side, amount) in enumerate([*limits, ("", "ceiling", "")]):
        data |= {f"nhom-{number}": group, f"muc-{number}": side, f"tien-{number}": amount}
    for project, must, reason in projects:
        data |= {f"bat-{project.pk}": must, f"vi-{project.pk}": reason}
    return data


def test_terms_are_saved_on_the_page_and_are_there_for_another_official(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    one, other = request_of("Máy", amount=250, score=10, activity=3), request_of("Hội chợ", amount=100, activity=4)
    data = filled((one, "fund", "Đã hứa"), limits=[("activity:4", "ceiling", "50"), ("activity:3", "floor", "100,5")])

    answer = client.post(address(tranche), {**data, f"tay-{other.pk}": "on"})
    client.force_login(house.department)
    shown = client.get(address(tranche)).content.decode()

    assert answer.status_code == 302
    assert [(t.kind, t.amount, t.project, t.reason) for t in queries.terms_of(tranche).now] == [
        ("fund", None, one, "Đã hứa"),
        ("hand", None, other, ""),
        ("ceiling", 50 * MILLION, None, ""),
        ("floor", 100_500_000, None, ""),
    ]
    assert f'{one.code} phải chọn (Đã hứa) <span class="kc-small">{house.appraiser},' in shown
    assert "Danh sách tự chọn" in shown and 'value="100,5"' in shown


def test_a_try_reckons_and_keeps_nothing(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, score=10, activity=3)
    data = filled(limits=[("activity:3", "ceiling", "249,999999")])

    shown = client.post(address(tranche), {**data, "_preview": "score"}).content.decode()

    assert "Tính thử" in shown and "Lấy vào dự thảo" not in shown
    assert f"Tổng điểm cao nhất</b>; không còn lập được; ra: {project.code} (250)." in shown
    assert not Term.objects.exists()


def test_a_change_of_a_setting_says_what_comes_and_what_goes(client, house, tranche, request_of, running_clock):
    client.force_login(house.appraiser)
    small = request_of("Nhỏ", amount=250, score=10, activity=4)
    large = request_of("Lớn", amount=900, score=90, activity=3)
    keep(tranche, house, ceiling(800 * MILLION))

    shown = client.get(address(tranche)).content.decode()

    assert "Đặt: “Mô hình trình diễn" in shown
    assert f"Tổng điểm cao nhất</b>; vào: {small.code} (250); ra: {large.code} (900)." in shown


@pytest.fixture
def running_clock(monkeypatch):
    """Terms are set at the time at which the ledger is written."""
    monkeypatch.setattr("khuyencong.base.clock.now", timezone.localtime)


def test_a_change_of_the_envelope_says_what_comes_and_what_goes(client, house, tranche, request_of, running_clock):
    client.force_login(house.appraiser)
    request_of("Nhỏ", amount=250, score=10)
    large = request_of("Lớn", amount=1_200, score=90)
    keep(tranche, house, ceiling(5_000 * MILLION))
    EntryFactory(envelope=house.envelope, kind="allocated", amount=500 * MILLION)

    shown = client.get(address(tranche)).content.decode()

    assert "Dự toán còn lại: 1.000 → 1.500 triệu đồng" in shown and "Đặt:" not in shown
    assert f"vào: {large.code} (1.200)" in shown


def test_a_second_budget_decision_moves_the_lists_without_any_terms(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    large = request_of("Lớn", amount=1_200, score=90)
    assert "Thay đổi làm chuyển" not in client.get(address(tranche)).content.decode()
    EntryFactory(envelope=house.envelope, kind="allocated", amount=500 * MILLION)

    shown = client.get(address(tranche)).content.decode()

    assert "1.000 → 1.500 triệu đồng" in shown and f"vào: {large.code} (1.200)" in shown


def test_what_cannot_be_met_is_said_and_nothing_is_lost(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, score=10, activity=3)
    data = filled((project, "fund", "Đã hứa"), limits=[("activity:3", "ceiling", "200")])

    client.post(address(tranche), data)
    shown = client.get(address(tranche)).content.decode()

    sentence = f"Các đề án bắt buộc chọn ({project.code}) cần 250.000.000 đồng, vượt trần của"
    assert sentence in shown and 'value="200"' in shown and 'value="Đã hứa"' in shown


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tien-0": "-5"}, "Số tiền không được nhỏ hơn 0 đồng."),
        ({"tien-0": ""}, "Ghi số tiền, hoặc bỏ chọn nhóm của dòng này."),
        ({"nhom-0": ""}, "Chọn nhóm mà số tiền này giới hạn."),
        ({"nhom-0": "unit:999999"}, "Nhóm này không còn trong danh sách đề án. Hãy chọn lại."),
        ({"vi": " "}, "Ghi lý do của điều kiện bắt buộc."),
    ],
)
def test_what_is_filled_in_wrongly_comes_back_with_its_sentence(client, house, tranche, request_of, change, sentence):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, activity=3)
    change = {f"vi-{project.pk}" if name == "vi" else name: value for name, value in change.items()}

    answer = client.post(
        address(tranche), filled((project, "fund", "Đã hứa"), limits=[("activity:3", "ceiling", "300")]) | change
    )

    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Term.objects.exists()


def test_who_comes_second_sees_what_the_first_has_saved_and_may_save_then(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    request_of("Máy", amount=250, activity=3)
    keep(tranche, house, ceiling(500 * MILLION), by=house.department)
    data = filled(limits=[("activity:3", "ceiling", "300")])

    refused = client.post(address(tranche), data)

    stamp = queries.terms_of(tranche).stamp
    shown = refused.content.decode()
    assert refused.status_code == 422 and "đã đổi điều kiện lúc" in shown and 'value="300"' in shown
    assert "nhiều nhất 500 triệu đồng" in shown and f'name="da-xem" value="{stamp}"' in shown
    assert client.post(address(tranche), {**data, "da-xem": stamp}).status_code == 302
    assert [term.amount for term in queries.terms_of(tranche).now] == [300 * MILLION]


def test_terms_of_a_project_that_left_the_list_stay_until_somebody_ends_them(client, house, tranche, request_of):
    client.force_login(house.appraiser)
    gone = request_of("Đã rút", amount=300)
    request_of("Còn", amount=300)
    keep(tranche, house, fund(gone))
    gone.state = "withdrawn"
    gone.save()
    seen = queries.terms_of(tranche).stamp

    shown = client.get(address(tranche)).content.decode()
    client.post(address(tranche), filled(seen=seen))
    [term] = queries.terms_of(tranche).now
    client.post(address(tranche), {**filled(seen=seen), f"bo-{term.pk}": "on"})

    assert "Đề án không còn trong danh sách" in shown and f"Bỏ điều kiện: {gone.code}" in shown
    assert term.project == gone and queries.terms_of(tranche).now == ()


def test_a_demand_on_a_project_that_left_while_it_was_filled_in_is_not_lost_in_silence(
    client, house, tranche, request_of
):
    client.force_login(house.appraiser)
    gone, there = request_of("Đã rút", amount=300), request_of("Còn", amount=300)
    gone.state = "withdrawn"
    gone.save()

    answer = client.post(address(tranche), filled((gone, "fund", "Đã hứa"), (there, "refuse", "Chưa có mặt bằng")))

    assert answer.status_code == 422 and "Danh sách đề án đã thay đổi từ khi mở trang." in answer.content.decode()
    assert not Term.objects.exists()


def test_the_terms_are_read_on_the_page_of_a_submitted_decision(client, house):
    decision = DecisionFactory(plan=house.plan, submitted=True)
    TermFactory(decision=decision, by=house.appraiser, at=timezone.now() - dt.timedelta(days=1))
    client.force_login(house.approver)

    shown = client.get(reverse("plans:decision", args=[decision.pk])).content.decode()

    assert (
        "Điều kiện chọn đề án" in shown
        and f'nhiều nhất 500 triệu đồng <span class="kc-small">{house.appraiser}' in shown
    )


def test_who_drafts_no_plan_finds_no_alternatives(client, house, tranche):
    client.force_login(house.clerk)

    assert client.get(address(tranche)).status_code == 404
    assert client.post(address(tranche)).status_code == 404
    assert client.post(address(tranche, "take_alternative"), {"de-an": ["x"]}).status_code == 404


def test_the_page_asks_as_often_for_three_requests_and_terms_as_for_one(client, house, tranche, request_of):
    client.force_login(house.appraiser)

    def asked():
        client.get(address(tranche))
        with CaptureQueriesContext(connection) as queries_of:
            client.get(address(tranche))
        return len(queries_of)

    project = request_of("a", amount=100, score=10, workers=5)
    keep(tranche, house, fund(project), ceiling(500 * MILLION))
    one = asked()
    more = [request_of(name, amount=100, score=10, workers=5) for name in "bc"]
    places = [CommuneFactory(province=house.province) for _ in "12"]
    keep(
        tranche, house, *(fund(p) for p in (project, *more)), *(ceiling(MILLION, unit=unit) for unit in places),
        ceiling(400 * MILLION), by=house.department,
    )  # fmt: skip

    assert asked() == one
