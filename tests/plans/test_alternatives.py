"""Alternatives under the money, side by side, each explained."""

import pytest
from django.urls import reverse

from khuyencong.plans import operations, queries
from khuyencong.plans.models import Decision
from tests.factories.places import CommuneFactory, UnitFactory, UnitSuccessionFactory
from tests.factories.projects import BeneficiaryFactory
from tests.plans.comparing import by_hand, ceiling, floor, fund, refuse
from tests.plans.conftest import DAY, MILLION

pytestmark = pytest.mark.django_db


def requests(tranche):
    return queries.requests_of(tranche, items=queries.items_of(tranche), on=DAY)


def compared(tranche, *terms, money=500):
    found = queries.alternatives(requests(tranche), money=money * MILLION, terms=terms)
    return {one.key: one for one in found}


def titles(alternative):
    return [candidate.project.title for candidate in alternative.chosen]


# ---- the lists ----


def test_money_of_a_decision_on_its_way_is_not_offered_twice(client, house, tranche, request_of):
    operations.put_item(tranche, line=operations.Line(request_of("Đã gửi", amount=400)), by=house.appraiser)
    request_of("Máy", amount=500, score=70)
    client.force_login(house.appraiser)
    told = "Đã trừ 400 triệu đồng của quyết định khác đang lấy ý kiến, trình duyệt từ cùng dự toán."
    assert told not in client.get(reverse("plans:decision", args=[tranche.pk])).content.decode()  # its own

    Decision.objects.filter(pk=tranche.pk).update(state="opinion")
    second = operations.draft_decision(house.plan, kind="approve", by=house.appraiser)

    for name in ("plans:decision", "plans:alternatives"):
        shown = client.get(reverse(name, args=[second.pk])).content.decode()
        assert "dự toán còn 600 triệu đồng" in shown and told in shown


def test_three_lists_of_one_money(tranche, request_of):
    request_of("Điểm", form="flagship", amount=400, score=50, workers=5)
    request_of("Máy", amount=250, score=70, workers=10)
    request_of("Xưởng", amount=250, score=60, workers=90)

    found = compared(tranche)

    assert titles(found["rank"]) == ["Điểm"]  # flagships go first; then nothing else fits
    assert sorted(titles(found["score"])) == ["Máy", "Xưởng"] and found["score"].score == 130
    assert sorted(titles(found["workers"])) == ["Máy", "Xưởng"] and found["workers"].workers == 100
    assert found["workers"].workers_a_billion == 200
    assert [c.project.title for c in found["score"].loses] == ["Điểm"]
    assert sorted(c.project.title for c in found["score"].gains) == ["Máy", "Xưởng"]


def test_gains_and_losses_are_against_the_list_that_is_saved(house, tranche, request_of):
    kept = request_of("Đang lưu", amount=300, score=10)
    request_of("Máy", amount=500, score=70)
    operations.put_item(tranche, line=operations.Line(kept), by=house.appraiser)

    found = queries.alternatives(requests(tranche), money=500 * MILLION, standing=[kept.code])

    best = next(one for one in found if one.key == "score")
    assert [c.project.title for c in best.gains] == ["Máy"]
    assert [c.project.title for c in best.loses] == ["Đang lưu"]


def test_without_all_scores_no_best_score_is_claimed(tranche, request_of):
    project = request_of("Máy", amount=100)

    found = compared(tranche)

    assert found["score"].chosen == ()
    assert found["score"].why_not == (
        f"1 đề án chưa có phiếu chấm điểm ({project.code}); phương án này cần điểm của mọi đề án.",
    )


def test_terms_bind_every_alternative(tranche, request_of):
    poor = request_of("Ít điểm", amount=300, score=10)
    rich = request_of("Nhiều điểm", amount=300, score=90)

    found = compared(tranche, fund(poor), refuse(rich))

    assert titles(found["rank"]) == titles(found["score"]) == ["Ít điểm"]


@pytest.mark.parametrize(("limit", "chosen"), [(300 * MILLION, ["Máy"]), (300 * MILLION - 1, [])])
def test_a_ceiling_is_kept_to_the_dong(tranche, request_of, limit, chosen):
    request_of("Máy", amount=300, score=10, activity=3)

    found = compared(tranche, ceiling(limit))

    assert titles(found["score"]) == titles(found["rank"]) == chosen


def test_a_trade_is_the_one_of_the_file_else_that_of_those_helped(tranche, request_of):
    named = request_of("Gỗ", amount=100, score=10, sector="d")
    silent = request_of("Mây tre", amount=100, score=10)
    BeneficiaryFactory(project=silent, establishment__sector="đ")

    found = compared(tranche, ceiling(0, sector="đ"))

    assert titles(found["score"]) == [named.title]


def test_a_former_district_is_limited_as_a_place(tranche, request_of, house):
    district = UnitFactory(level="district", kind="district", full_name="Huyện Krông Pắc", ended=True)
    there = CommuneFactory(province=house.province)
    UnitSuccessionFactory(old=CommuneFactory(parent=district, ended=True), new=there)
    request_of("Trong huyện", amount=100, score=90, commune=there)
    request_of("Nơi khác", amount=100, score=10)

    found = compared(tranche, ceiling(99 * MILLION, unit=district))

    assert titles(found["score"]) == ["Nơi khác"]


def test_a_commune_of_two_districts_is_of_the_one_that_was_written(tranche, request_of, house):
    there = CommuneFactory(province=house.province)
    first, second = (UnitFactory(level="district", kind="district", full_name=f"Huyện {n}", ended=True) for n in "AB")
    olds = [CommuneFactory(parent=district, ended=True) for district in (first, second)]
    for old in olds:
        UnitSuccessionFactory(old=old, new=there)
    request_of("Ghi nơi cũ", amount=100, commune=there, place_unit=olds[1])
    request_of("Ghi nơi mới", amount=100, commune=there)

    groups = {c.project.title: set(c.groups.values()) for c in requests(tranche)}

    assert "Huyện B" in groups["Ghi nơi cũ"] and "Huyện A" not in groups["Ghi nơi cũ"]
    assert not groups["Ghi nơi mới"] & {"Huyện A", "Huyện B"}


def test_a_floor_for_a_commune_that_cannot_be_met_says_so(tranche, request_of, house):
    commune = CommuneFactory(province=house.province)
    request_of("Máy", amount=100, score=10, commune=commune)

    found = compared(tranche, floor(100 * MILLION + 1, unit=commune))

    assert found["score"].why_not == (
        f"Không đạt sàn của “{commune}”: cần ít nhất 100.000.001 đồng, mọi đề nghị còn lại chỉ có 100.000.000 đồng.",
    )
    assert titles(found["rank"]) == [
        "Máy"
    ]  # the order of the law knows no floors: it is shown, with what it does not keep
    assert found["rank"].broken == (f"Không đạt sàn của “{commune}”: 100 triệu đồng, ít nhất 100.",)


def test_what_must_be_funded_beyond_the_money_is_named(tranche, request_of):
    projects = [request_of("a", amount=300, score=1), request_of("b", amount=201, score=1)]

    found = compared(tranche, *(fund(project) for project in projects))

    names = ", ".join(sorted(project.code for project in projects))
    sentence = (
        f"Các đề án bắt buộc chọn ({names}) cần 501.000.000 đồng, vượt nguồn “dự toán còn lại”: 500.000.000 đồng."
    )
    assert found["score"].why_not == found["rank"].why_not == (sentence,)


def test_a_list_by_hand_beyond_the_money_is_refused(tranche, request_of):
    chosen = [request_of("a", amount=300), request_of("b", amount=201)]

    found = compared(tranche, *(by_hand(project) for project in chosen))

    assert found["hand"].why_not == ("Danh sách tự chọn cần 501.000.000 đồng, vượt dự toán còn lại: 500.000.000 đồng.",)


def test_a_list_by_hand_says_which_terms_it_does_not_keep(tranche, request_of):
    mine = request_of("a", amount=300, activity=3)
    other = request_of("b", amount=100, activity=4)

    found = compared(tranche, by_hand(mine), fund(other), ceiling(200 * MILLION))

    assert titles(found["hand"]) == ["a"]
    assert found["hand"].broken == (
        f"Thiếu đề án phải chọn: {other.code}.",
        "Vượt trần của “Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến”: 300 triệu đồng, nhiều nhất 200.",
    )


def test_a_term_of_a_project_that_left_the_list_binds_nothing(tranche, request_of):
    gone = request_of("Đã rút", amount=300, score=10)
    request_of("Còn", amount=300, score=9)
    gone.state = "withdrawn"
    gone.save()

    assert titles(compared(tranche, fund(gone))["score"]) == ["Còn"]


# ---- why ----


def explained(tranche, key, *terms, money=500):
    listed = requests(tranche)
    found = next(a for a in queries.alternatives(listed, money=money * MILLION, terms=terms) if a.key == key)
    said = queries.explained(found, listed, money=money * MILLION, terms=terms)
    return {reason.candidate.project.title: reason.sentence for reason in said}


def test_every_choice_is_explained_against_the_next_candidate(tranche, request_of):
    inside = request_of("Trong", amount=300, score=80)
    rival = request_of("Ngoài", amount=300, score=70)

    assert explained(tranche, "score") == {
        "Trong": f"Đề án kế tiếp vừa số tiền: {rival.code}, điểm 80 so với 70.",
        "Ngoài": f"Cần 300 triệu đồng, sau danh sách còn 200 triệu đồng. Nếu thay {inside.code}: điểm 70 so với 80.",
    }


def test_the_next_candidate_is_the_best_of_those_outside(tranche, request_of):
    request_of("Trong", amount=400, score=80)
    request_of("Kém", amount=300, score=10)
    rival = request_of("Khá", amount=300, score=70)

    assert explained(tranche, "score")["Trong"] == f"Đề án kế tiếp vừa số tiền: {rival.code}, điểm 80 so với 70."


def test_terms_are_the_reason_where_they_decide(tranche, request_of):
    poor = request_of("Phải chọn", amount=200, score=1)
    held = request_of("Bị trần giữ", amount=150, score=70, activity=4)
    rich = request_of("Không chọn", amount=200, score=90)
    terms = (fund(poor), refuse(rich), ceiling(149 * MILLION, activity=4))

    assert explained(tranche, "score", *terms) == {
        "Phải chọn": "Phải chọn: Nghị quyết của tỉnh.",
        "Không chọn": "Không chọn: Chưa có mặt bằng.",
        "Bị trần giữ": "Trần của “Sản phẩm tiêu biểu, hội chợ, thương hiệu” còn 149 triệu đồng, cần 150 triệu đồng.",
    }
    assert held.code


def test_behind_the_line_of_the_money_nothing_comes_by_rank(tranche, request_of):
    request_of("Điểm", form="flagship", amount=400)
    codes = sorted(["PA1", "PA2"])
    request_of("Lớn", amount=300, code=codes[0])
    request_of("Nhỏ", amount=50, code=codes[1])

    said = explained(tranche, "rank")

    assert said["Nhỏ"] == "Đứng sau vạch kinh phí: một đề án ở hạng trước không còn đủ tiền."
    assert said["Lớn"].startswith("Cần 300 triệu đồng, sau danh sách còn 100 triệu đồng.")
