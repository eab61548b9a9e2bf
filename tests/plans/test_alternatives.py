"""Alternatives under the money, side by side, each explained, under terms that are kept; a person takes one over."""

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
from tests.factories.councils import SheetFactory
from tests.factories.establishments import YearlyFactsFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, UnitFactory, UnitSuccessionFactory
from tests.factories.plans import DecisionFactory, TermFactory
from tests.factories.projects import BeneficiaryFactory
from tests.plans.conftest import DAY, MILLION

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(house):
    return operations.draft_decision(house.plan, kind="approve", by=house.appraiser)


@pytest.fixture
def request_of(appraised):
    """An appraised project of so many million, judged, with so many workers."""

    def make(title, amount, *, score=None, workers=0, **values):
        project = appraised(title=title, local=amount * MILLION, **values)
        if score is not None:
            SheetFactory(subject_uid=project.uid, subject_label=title, total=score)
        if workers:
            one = BeneficiaryFactory(project=project, local=amount * MILLION)
            YearlyFactsFactory(establishment=one.establishment, workers=workers, women=0)
        return project

    return make


def requests(draft):
    return queries.requests_of(draft, items=queries.items_of(draft), on=DAY)


def compared(draft, *terms, money=500):
    found = queries.alternatives(requests(draft), money=money * MILLION, terms=terms)
    return {one.key: one for one in found}


def titles(alternative):
    return [candidate.project.title for candidate in alternative.chosen]


def fund(project, reason="Nghị quyết của tỉnh"):
    return Term(kind="fund", project=project, reason=reason)


def refuse(project, reason="Chưa có mặt bằng"):
    return Term(kind="refuse", project=project, reason=reason)


def by_hand(project):
    return Term(kind="hand", project=project)


def ceiling(amount, **group):
    return Term(kind="ceiling", amount=amount, **(group or {"activity": 3}))


def floor(amount, **group):
    return Term(kind="floor", amount=amount, **group)


# ---- the lists ----


def test_three_lists_of_one_money(draft, request_of):
    request_of("Điểm", form="flagship", amount=400, score=50, workers=5)
    request_of("Máy", amount=250, score=70, workers=10)
    request_of("Xưởng", amount=250, score=60, workers=90)

    found = compared(draft)

    assert titles(found["rank"]) == ["Điểm"]  # flagships go first; then nothing else fits
    assert sorted(titles(found["score"])) == ["Máy", "Xưởng"] and found["score"].score == 130
    assert sorted(titles(found["workers"])) == ["Máy", "Xưởng"] and found["workers"].workers == 100
    assert found["workers"].workers_a_billion == 200
    assert [c.project.title for c in found["score"].loses] == ["Điểm"]
    assert sorted(c.project.title for c in found["score"].gains) == ["Máy", "Xưởng"]


def test_gains_and_losses_are_against_the_list_that_is_saved(house, draft, request_of):
    kept = request_of("Đang lưu", amount=300, score=10)
    request_of("Máy", amount=500, score=70)
    operations.put_item(draft, line=operations.Line(kept), by=house.appraiser)

    found = queries.alternatives(requests(draft), money=500 * MILLION, standing=[kept.code])

    best = next(one for one in found if one.key == "score")
    assert [c.project.title for c in best.gains] == ["Máy"]
    assert [c.project.title for c in best.loses] == ["Đang lưu"]


def test_without_all_scores_no_best_score_is_claimed(draft, request_of):
    project = request_of("Máy", amount=100)

    found = compared(draft)

    assert found["score"].chosen == ()
    assert found["score"].why_not == (
        f"1 đề án chưa có phiếu chấm điểm ({project.code}); phương án này cần điểm của mọi đề án.",
    )


def test_terms_bind_every_alternative(draft, request_of):
    poor = request_of("Ít điểm", amount=300, score=10)
    rich = request_of("Nhiều điểm", amount=300, score=90)

    found = compared(draft, fund(poor), refuse(rich))

    assert titles(found["rank"]) == titles(found["score"]) == ["Ít điểm"]


@pytest.mark.parametrize(("limit", "chosen"), [(300 * MILLION, ["Máy"]), (300 * MILLION - 1, [])])
def test_a_ceiling_is_kept_to_the_dong(draft, request_of, limit, chosen):
    request_of("Máy", amount=300, score=10, activity=3)

    found = compared(draft, ceiling(limit))

    assert titles(found["score"]) == titles(found["rank"]) == chosen


def test_a_trade_is_the_one_of_the_file_else_that_of_those_helped(draft, request_of):
    named = request_of("Gỗ", amount=100, score=10, sector="d")
    silent = request_of("Mây tre", amount=100, score=10)
    BeneficiaryFactory(project=silent, establishment__sector="đ")

    found = compared(draft, ceiling(0, sector="đ"))

    assert titles(found["score"]) == [named.title]


def test_a_former_district_is_limited_as_a_place(draft, request_of, house):
    district = UnitFactory(level="district", kind="district", full_name="Huyện Krông Pắc", ended=True)
    there = CommuneFactory(province=house.province)
    UnitSuccessionFactory(old=CommuneFactory(parent=district, ended=True), new=there)
    request_of("Trong huyện", amount=100, score=90, commune=there)
    request_of("Nơi khác", amount=100, score=10)

    found = compared(draft, ceiling(99 * MILLION, unit=district))

    assert titles(found["score"]) == ["Nơi khác"]


def test_a_commune_of_two_districts_is_of_the_one_that_was_written(draft, request_of, house):
    there = CommuneFactory(province=house.province)
    first, second = (UnitFactory(level="district", kind="district", full_name=f"Huyện {n}", ended=True) for n in "AB")
    olds = [CommuneFactory(parent=district, ended=True) for district in (first, second)]
    for old in olds:
        UnitSuccessionFactory(old=old, new=there)
    request_of("Ghi nơi cũ", amount=100, commune=there, place_unit=olds[1])
    request_of("Ghi nơi mới", amount=100, commune=there)

    groups = {c.project.title: set(c.groups.values()) for c in requests(draft)}

    assert "Huyện B" in groups["Ghi nơi cũ"] and "Huyện A" not in groups["Ghi nơi cũ"]
    assert not groups["Ghi nơi mới"] & {"Huyện A", "Huyện B"}


def test_a_floor_for_a_commune_that_cannot_be_met_says_so(draft, request_of, house):
    commune = CommuneFactory(province=house.province)
    request_of("Máy", amount=100, score=10, commune=commune)

    found = compared(draft, floor(100 * MILLION + 1, unit=commune))

    assert found["score"].why_not == (
        f"Không đạt sàn của “{commune}”: cần ít nhất 100.000.001 đồng, mọi đề nghị còn lại chỉ có 100.000.000 đồng.",
    )
    assert titles(found["rank"]) == [
        "Máy"
    ]  # the order of the law knows no floors: it is shown, with what it does not keep
    assert found["rank"].broken == (f"Không đạt sàn của “{commune}”: 100 triệu đồng, ít nhất 100.",)


def test_what_must_be_funded_beyond_the_money_is_named(draft, request_of):
    projects = [request_of("a", amount=300, score=1), request_of("b", amount=201, score=1)]

    found = compared(draft, *(fund(project) for project in projects))

    names = ", ".join(sorted(project.code for project in projects))
    sentence = (
        f"Các đề án bắt buộc chọn ({names}) cần 501.000.000 đồng, vượt nguồn “dự toán còn lại”: 500.000.000 đồng."
    )
    assert found["score"].why_not == found["rank"].why_not == (sentence,)


def test_a_list_by_hand_beyond_the_money_is_refused(draft, request_of):
    chosen = [request_of("a", amount=300), request_of("b", amount=201)]

    found = compared(draft, *(by_hand(project) for project in chosen))

    assert found["hand"].why_not == ("Danh sách tự chọn cần 501.000.000 đồng, vượt dự toán còn lại: 500.000.000 đồng.",)


def test_a_list_by_hand_says_which_terms_it_does_not_keep(draft, request_of):
    mine = request_of("a", amount=300, activity=3)
    other = request_of("b", amount=100, activity=4)

    found = compared(draft, by_hand(mine), fund(other), ceiling(200 * MILLION))

    assert titles(found["hand"]) == ["a"]
    assert found["hand"].broken == (
        f"Thiếu đề án phải chọn: {other.code}.",
        "Vượt trần của “Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến”: 300 triệu đồng, nhiều nhất 200.",
    )


def test_a_term_of_a_project_that_left_the_list_binds_nothing(draft, request_of):
    gone = request_of("Đã rút", amount=300, score=10)
    request_of("Còn", amount=300, score=9)
    gone.state = "withdrawn"
    gone.save()

    assert titles(compared(draft, fund(gone))["score"]) == ["Còn"]


# ---- why ----


def explained(draft, key, *terms, money=500):
    listed = requests(draft)
    found = next(a for a in queries.alternatives(listed, money=money * MILLION, terms=terms) if a.key == key)
    said = queries.explained(found, listed, money=money * MILLION, terms=terms)
    return {reason.candidate.project.title: reason.sentence for reason in said}


def test_every_choice_is_explained_against_the_next_candidate(draft, request_of):
    inside = request_of("Trong", amount=300, score=80)
    rival = request_of("Ngoài", amount=300, score=70)

    assert explained(draft, "score") == {
        "Trong": f"Đề án kế tiếp vừa số tiền: {rival.code}, điểm 80 so với 70.",
        "Ngoài": f"Cần 300 triệu đồng, sau danh sách còn 200 triệu đồng. Nếu thay {inside.code}: điểm 70 so với 80.",
    }


def test_the_next_candidate_is_the_best_of_those_outside(draft, request_of):
    request_of("Trong", amount=400, score=80)
    request_of("Kém", amount=300, score=10)
    rival = request_of("Khá", amount=300, score=70)

    assert explained(draft, "score")["Trong"] == f"Đề án kế tiếp vừa số tiền: {rival.code}, điểm 80 so với 70."


def test_terms_are_the_reason_where_they_decide(draft, request_of):
    poor = request_of("Phải chọn", amount=200, score=1)
    held = request_of("Bị trần giữ", amount=150, score=70, activity=4)
    rich = request_of("Không chọn", amount=200, score=90)
    terms = (fund(poor), refuse(rich), ceiling(149 * MILLION, activity=4))

    assert explained(draft, "score", *terms) == {
        "Phải chọn": "Phải chọn: Nghị quyết của tỉnh.",
        "Không chọn": "Không chọn: Chưa có mặt bằng.",
        "Bị trần giữ": "Trần của “Sản phẩm tiêu biểu, hội chợ, thương hiệu” còn 149 triệu đồng, cần 150 triệu đồng.",
    }
    assert held.code


def test_behind_the_line_of_the_money_nothing_comes_by_rank(draft, request_of):
    request_of("Điểm", form="flagship", amount=400)
    codes = sorted(["PA1", "PA2"])
    request_of("Lớn", amount=300, code=codes[0])
    request_of("Nhỏ", amount=50, code=codes[1])

    said = explained(draft, "rank")

    assert said["Nhỏ"] == "Đứng sau vạch kinh phí: một đề án ở hạng trước không còn đủ tiền."
    assert said["Lớn"].startswith("Cần 300 triệu đồng, sau danh sách còn 100 triệu đồng.")


# ---- terms are kept ----


def keep(draft, house, *terms, by=None, seen=None):
    seen = queries.terms_of(draft).stamp if seen is None else seen
    return operations.set_terms(draft, terms=terms, seen=seen, by=by or house.appraiser)


def test_terms_are_kept_with_who_set_them_and_remembered(draft, request_of, house):
    project = request_of("Máy", amount=100)

    said = keep(draft, house, fund(project), ceiling(500 * MILLION))

    kept = queries.terms_of(draft)
    assert [(term.kind, term.by) for term in kept.now] == [("fund", house.appraiser), ("ceiling", house.appraiser)]
    assert kept.changed_by == house.appraiser and kept.before == ()
    line = Event.objects.get(action="plan.set_terms")
    assert (line.actor_id, line.subject_id, line.data["changes"]) == (house.appraiser.pk, house.plan.pk, said)
    assert said == [
        f"Đặt: {project.code} phải chọn (Nghị quyết của tỉnh)",
        "Đặt: “Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến” nhiều nhất 500 triệu đồng",
    ]


def test_what_stays_keeps_its_author_and_what_changes_gets_a_new_one(draft, request_of, house):
    project = request_of("Máy", amount=100)
    keep(draft, house, fund(project), ceiling(500 * MILLION))

    said = keep(draft, house, fund(project), ceiling(400 * MILLION), by=house.department)

    kept = queries.terms_of(draft)
    assert [(term.kind, term.amount, term.by) for term in kept.now] == [
        ("fund", None, house.appraiser),
        ("ceiling", 400 * MILLION, house.department),
    ]
    assert [(term.kind, term.amount) for term in kept.before] == [("fund", None), ("ceiling", 500 * MILLION)]
    assert len(said) == 1 and said[0].startswith("Đổi: ") and said[0].endswith("500 triệu đồng)")
    assert Term.objects.count() == 3


def test_the_same_terms_again_write_nothing(draft, house):
    keep(draft, house, ceiling(500 * MILLION))
    stamp = queries.terms_of(draft).stamp

    assert keep(draft, house, ceiling(500 * MILLION), by=house.department) == []

    assert queries.terms_of(draft).stamp == stamp
    assert Event.objects.filter(action="plan.set_terms").count() == 1


def test_two_officials_at_once_the_second_is_told_who_was_first(draft, house):
    seen = queries.terms_of(draft).stamp
    keep(draft, house, ceiling(500 * MILLION), by=house.department, seen=seen)

    with pytest.raises(NotPossible, match=f"{house.department} đã đổi điều kiện lúc"):
        keep(draft, house, ceiling(400 * MILLION), seen=seen)

    assert [term.amount for term in queries.terms_of(draft).now] == [500 * MILLION]


def test_contradictions_are_refused(draft, request_of, house):
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
            keep(draft, house, *terms)
        assert sentence in str(refusal.value)
    assert keep(draft, house, ceiling(100, **place), floor(100, **place)) != []


def test_terms_without_a_reason_or_of_nothing_are_refused(draft, request_of, house):
    with pytest.raises(Invalid, match="phải ghi lý do"):
        keep(draft, house, fund(request_of("Máy", amount=100), reason=""))
    with pytest.raises(Invalid, match="Mỗi điều kiện nói về một đề án"):
        keep(draft, house, Term(kind="ceiling", amount=5))
    with pytest.raises(Invalid, match="Mỗi điều kiện nói về một đề án"):
        keep(draft, house, ceiling(-1))

    assert not Term.objects.exists()


def test_the_database_keeps_one_term_of_a_thing(draft):
    TermFactory(decision=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermFactory(decision=draft)


def test_only_a_draft_and_only_its_drafters_set_terms(house, draft):
    with pytest.raises(NotAllowed):
        keep(draft, house, ceiling(1), by=person("accountant", place=house.province))
    with pytest.raises(NotPossible, match="chỉ sửa được dự thảo"):
        keep(DecisionFactory(plan=house.plan, ordinal=7, submitted=True), house, ceiling(1))
    with pytest.raises(NotPossible, match="không thuộc quyết định"):
        keep(operations.draft_decision(house.plan, kind="stop", by=house.appraiser), house, ceiling(1))


# ---- the page ----


def address(draft, name="alternatives"):
    return reverse(f"plans:{name}", args=[draft.pk])


def test_the_page_shows_them_and_a_person_takes_one_over(client, house, draft, request_of):
    client.force_login(house.appraiser)
    chosen = request_of("Máy", amount=250, score=70)
    request_of("Khác", amount=1_200, score=60)

    shown = client.get(address(draft)).content.decode()
    answer = client.post(address(draft, "take_alternative"), {"de-an": [chosen.code]})

    assert "Theo thứ tự của luật" in shown and "Tổng điểm cao nhất" in shown
    assert "giới hạn 3 giây" in shown and "Vạch kinh phí: 1.000 triệu đồng" in shown
    assert answer.status_code == 302
    assert [item.project for item in Item.objects.filter(decision=draft)] == [chosen]


def test_a_list_that_has_changed_meanwhile_is_not_taken(client, house, draft, request_of):
    client.force_login(house.appraiser)
    request_of("Máy", amount=250)

    client.post(address(draft, "take_alternative"), {"de-an": ["KHONG-CO"]})

    assert not Item.objects.exists()


def test_a_list_of_terms_that_somebody_has_changed_is_not_taken(client, house, draft, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250)
    keep(draft, house, ceiling(500 * MILLION), by=house.department)

    stale = client.post(address(draft, "take_alternative"), {"de-an": [project.code], "da-xem": ""}, follow=True)
    assert "đã đổi điều kiện lúc" in stale.content.decode() and not Item.objects.exists()

    client.post(address(draft, "take_alternative"), {"de-an": [project.code], "da-xem": queries.terms_of(draft).stamp})
    assert Item.objects.get().project == project


def filled(*projects, limits=(), seen=""):
    """The form as a browser sends it."""
    data = {"da-xem": seen}
    for number, (group, side, amount) in enumerate([*limits, ("", "ceiling", "")]):
        data |= {f"nhom-{number}": group, f"muc-{number}": side, f"tien-{number}": amount}
    for project, must, reason in projects:
        data |= {f"bat-{project.pk}": must, f"vi-{project.pk}": reason}
    return data


def test_terms_are_saved_on_the_page_and_are_there_for_another_official(client, house, draft, request_of):
    client.force_login(house.appraiser)
    one, other = request_of("Máy", amount=250, score=10, activity=3), request_of("Hội chợ", amount=100, activity=4)
    data = filled((one, "fund", "Đã hứa"), limits=[("activity:4", "ceiling", "50"), ("activity:3", "floor", "100,5")])

    answer = client.post(address(draft), {**data, f"tay-{other.pk}": "on"})
    client.force_login(house.department)
    shown = client.get(address(draft)).content.decode()

    assert answer.status_code == 302
    assert [(t.kind, t.amount, t.project, t.reason) for t in queries.terms_of(draft).now] == [
        ("fund", None, one, "Đã hứa"),
        ("hand", None, other, ""),
        ("ceiling", 50 * MILLION, None, ""),
        ("floor", 100_500_000, None, ""),
    ]
    assert f'{one.code} phải chọn (Đã hứa) <span class="kc-small">{house.appraiser},' in shown
    assert "Danh sách tự chọn" in shown and 'value="100,5"' in shown


def test_a_try_reckons_and_keeps_nothing(client, house, draft, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, score=10, activity=3)
    data = filled(limits=[("activity:3", "ceiling", "249,999999")])

    shown = client.post(address(draft), {**data, "_preview": "score"}).content.decode()

    assert "Tính thử" in shown and "Lấy vào dự thảo" not in shown
    assert f"Tổng điểm cao nhất</b>; không còn lập được; ra: {project.code} (250)." in shown
    assert not Term.objects.exists()


def test_a_change_of_a_setting_says_what_comes_and_what_goes(client, house, draft, request_of, running_clock):
    client.force_login(house.appraiser)
    small = request_of("Nhỏ", amount=250, score=10, activity=4)
    large = request_of("Lớn", amount=900, score=90, activity=3)
    keep(draft, house, ceiling(800 * MILLION))

    shown = client.get(address(draft)).content.decode()

    assert "Đặt: “Mô hình trình diễn" in shown
    assert f"Tổng điểm cao nhất</b>; vào: {small.code} (250); ra: {large.code} (900)." in shown


@pytest.fixture
def running_clock(monkeypatch):
    """Terms are set at the time at which the ledger is written."""
    monkeypatch.setattr("khuyencong.base.clock.now", timezone.localtime)


def test_a_change_of_the_envelope_says_what_comes_and_what_goes(client, house, draft, request_of, running_clock):
    client.force_login(house.appraiser)
    request_of("Nhỏ", amount=250, score=10)
    large = request_of("Lớn", amount=1_200, score=90)
    keep(draft, house, ceiling(5_000 * MILLION))
    EntryFactory(envelope=house.envelope, kind="allocated", amount=500 * MILLION)

    shown = client.get(address(draft)).content.decode()

    assert "Dự toán còn lại: 1.000 → 1.500 triệu đồng" in shown and "Đặt:" not in shown
    assert f"vào: {large.code} (1.200)" in shown


def test_a_second_budget_decision_moves_the_lists_without_any_terms(client, house, draft, request_of):
    client.force_login(house.appraiser)
    large = request_of("Lớn", amount=1_200, score=90)
    assert "Thay đổi làm chuyển" not in client.get(address(draft)).content.decode()
    EntryFactory(envelope=house.envelope, kind="allocated", amount=500 * MILLION)

    shown = client.get(address(draft)).content.decode()

    assert "1.000 → 1.500 triệu đồng" in shown and f"vào: {large.code} (1.200)" in shown


def test_what_cannot_be_met_is_said_and_nothing_is_lost(client, house, draft, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, score=10, activity=3)
    data = filled((project, "fund", "Đã hứa"), limits=[("activity:3", "ceiling", "200")])

    client.post(address(draft), data)
    shown = client.get(address(draft)).content.decode()

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
def test_what_is_filled_in_wrongly_comes_back_with_its_sentence(client, house, draft, request_of, change, sentence):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250, activity=3)
    change = {f"vi-{project.pk}" if name == "vi" else name: value for name, value in change.items()}

    answer = client.post(
        address(draft), filled((project, "fund", "Đã hứa"), limits=[("activity:3", "ceiling", "300")]) | change
    )

    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Term.objects.exists()


def test_who_comes_second_sees_what_the_first_has_saved_and_may_save_then(client, house, draft, request_of):
    client.force_login(house.appraiser)
    request_of("Máy", amount=250, activity=3)
    keep(draft, house, ceiling(500 * MILLION), by=house.department)
    data = filled(limits=[("activity:3", "ceiling", "300")])

    refused = client.post(address(draft), data)

    stamp = queries.terms_of(draft).stamp
    shown = refused.content.decode()
    assert refused.status_code == 422 and "đã đổi điều kiện lúc" in shown and 'value="300"' in shown
    assert "nhiều nhất 500 triệu đồng" in shown and f'name="da-xem" value="{stamp}"' in shown
    assert client.post(address(draft), {**data, "da-xem": stamp}).status_code == 302
    assert [term.amount for term in queries.terms_of(draft).now] == [300 * MILLION]


def test_terms_of_a_project_that_left_the_list_stay_until_somebody_ends_them(client, house, draft, request_of):
    client.force_login(house.appraiser)
    gone = request_of("Đã rút", amount=300)
    request_of("Còn", amount=300)
    keep(draft, house, fund(gone))
    gone.state = "withdrawn"
    gone.save()
    seen = queries.terms_of(draft).stamp

    shown = client.get(address(draft)).content.decode()
    client.post(address(draft), filled(seen=seen))
    [term] = queries.terms_of(draft).now
    client.post(address(draft), {**filled(seen=seen), f"bo-{term.pk}": "on"})

    assert "Đề án không còn trong danh sách" in shown and f"Bỏ điều kiện: {gone.code}" in shown
    assert term.project == gone and queries.terms_of(draft).now == ()


def test_the_terms_are_read_on_the_page_of_a_submitted_decision(client, house):
    decision = DecisionFactory(plan=house.plan, submitted=True)
    TermFactory(decision=decision, by=house.appraiser, at=timezone.now() - dt.timedelta(days=1))
    client.force_login(house.approver)

    shown = client.get(reverse("plans:decision", args=[decision.pk])).content.decode()

    assert (
        "Điều kiện chọn đề án" in shown
        and f'nhiều nhất 500 triệu đồng <span class="kc-small">{house.appraiser}' in shown
    )


def test_who_drafts_no_plan_finds_no_alternatives(client, house, draft):
    client.force_login(house.clerk)

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft)).status_code == 404
    assert client.post(address(draft, "take_alternative"), {"de-an": ["x"]}).status_code == 404


def test_the_page_asks_as_often_for_three_requests_and_terms_as_for_one(client, house, draft, request_of):
    client.force_login(house.appraiser)

    def asked():
        client.get(address(draft))
        with CaptureQueriesContext(connection) as queries_of:
            client.get(address(draft))
        return len(queries_of)

    project = request_of("a", amount=100, score=10, workers=5)
    keep(draft, house, fund(project), ceiling(500 * MILLION))
    one = asked()
    more = [request_of(name, amount=100, score=10, workers=5) for name in "bc"]
    places = [CommuneFactory(province=house.province) for _ in "12"]
    keep(
        draft, house, *(fund(p) for p in (project, *more)), *(ceiling(MILLION, unit=unit) for unit in places),
        ceiling(400 * MILLION), by=house.department,
    )  # fmt: skip

    assert asked() == one
