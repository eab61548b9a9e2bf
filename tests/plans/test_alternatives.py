"""Alternatives under the money, side by side, each explained; a person takes one over into the draft."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.plans import operations, queries
from khuyencong.plans.models import Item
from tests.factories.councils import SheetFactory
from tests.factories.establishments import YearlyFactsFactory
from tests.factories.places import CommuneFactory
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


def compared(draft, *, money=500, **terms):
    requests = queries.requests_of(draft, items=queries.items_of(draft), on=DAY)
    found = queries.alternatives(requests, money=money * MILLION, terms=queries.Terms(**terms))
    return {one.key: one for one in found}, requests


def titles(alternative):
    return [candidate.project.title for candidate in alternative.chosen]


def test_three_lists_of_one_money(draft, request_of):
    request_of("Điểm", form="flagship", amount=400, score=50, workers=5)
    request_of("Máy", amount=250, score=70, workers=10)
    request_of("Xưởng", amount=250, score=60, workers=90)

    found, _requests = compared(draft)

    assert titles(found["rank"]) == ["Điểm"]  # flagships go first; then nothing else fits
    assert sorted(titles(found["score"])) == ["Máy", "Xưởng"] and found["score"].score == 130
    assert sorted(titles(found["workers"])) == ["Máy", "Xưởng"] and found["workers"].workers == 100
    assert [c.project.title for c in found["score"].loses] == ["Điểm"]
    assert sorted(c.project.title for c in found["score"].gains) == ["Máy", "Xưởng"]


def test_without_all_scores_no_best_score_is_claimed(draft, request_of):
    project = request_of("Máy", amount=100)

    found, _requests = compared(draft)

    assert found["score"].chosen == ()
    assert found["score"].why_not == (
        f"1 đề án chưa có phiếu chấm điểm ({project.code}); phương án này cần điểm của mọi đề án.",
    )


def test_terms_bind_every_alternative(draft, request_of):
    poor = request_of("Ít điểm", amount=300, score=10)
    rich = request_of("Nhiều điểm", amount=300, score=90)

    found, _requests = compared(draft, fund=frozenset({poor.code}), refuse=frozenset({rich.code}))

    assert titles(found["rank"]) == titles(found["score"]) == ["Ít điểm"]


def test_a_floor_for_a_commune_that_cannot_be_met_says_so(draft, request_of, house):
    commune = CommuneFactory(province=house.province)
    request_of("Máy", amount=100, score=10, commune=commune)

    found, _requests = compared(draft, floors={str(commune): 200 * MILLION})

    assert found["score"].chosen == ()
    assert "Không đạt sàn" in found["score"].why_not[0]


def test_a_list_by_hand_beyond_the_money_is_refused(draft, request_of):
    codes = frozenset({request_of("a", amount=300).code, request_of("b", amount=201).code})

    found, _requests = compared(draft, hand=codes)

    assert found["hand"].why_not == ("Danh sách tự chọn cần 501 triệu đồng, dự toán còn 500 triệu đồng.",)


def test_every_choice_is_explained_against_the_next_candidate(draft, request_of):
    request_of("Trong", amount=300, score=80)
    rival = request_of("Ngoài", amount=300, score=70)
    found, requests = compared(draft)

    reasons = queries.explained(found["score"], requests, money=500 * MILLION)

    assert [(r.candidate.project.title, r.inside) for r in reasons if r.inside] == [("Trong", True)]
    assert reasons[0].sentence == f"Đề án kế tiếp vừa số tiền: {rival.code}, điểm 80 so với 70."
    assert reasons[1].sentence == "Cần 300 triệu đồng, sau danh sách còn 200 triệu đồng."


def address(draft, name="alternatives"):
    return reverse(f"plans:{name}", args=[draft.pk])


def test_the_page_shows_them_and_a_person_takes_one_over(client, house, draft, request_of):
    client.force_login(house.appraiser)
    chosen = request_of("Máy", amount=250, score=70)
    request_of("Khác", amount=900, score=60)

    shown = client.get(address(draft)).content.decode()
    answer = client.post(address(draft, "take_alternative"), {"de-an": [chosen.code]})

    assert "Theo thứ tự của luật" in shown and "Tổng điểm cao nhất" in shown
    assert answer.status_code == 302
    assert [item.project for item in Item.objects.filter(decision=draft)] == [chosen]


def test_a_list_that_has_changed_meanwhile_is_not_taken(client, house, draft, request_of):
    client.force_login(house.appraiser)
    request_of("Máy", amount=250)

    client.post(address(draft, "take_alternative"), {"de-an": ["KHONG-CO"]})

    assert not Item.objects.exists()


def test_a_wrong_amount_comes_back_with_its_sentence(client, house, draft, request_of):
    client.force_login(house.appraiser)
    project = request_of("Máy", amount=250)

    assert client.get(address(draft), {f"tran-{project.activity}": "-5"}).status_code == 422
    assert client.get(address(draft), {f"tran-{project.activity}": "300"}).status_code == 200


def test_who_drafts_no_plan_finds_no_alternatives(client, house, draft):
    client.force_login(house.clerk)

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft, "take_alternative"), {"de-an": ["x"]}).status_code == 404


def test_the_page_asks_as_often_for_three_requests_as_for_one(client, house, draft, request_of):
    client.force_login(house.appraiser)

    def asked():
        client.get(address(draft))
        with CaptureQueriesContext(connection) as queries_of:
            client.get(address(draft))
        return len(queries_of)

    request_of("a", amount=100, score=10, workers=5)
    one = asked()
    request_of("b", amount=100, score=10, workers=5)
    request_of("c", amount=100, score=10, workers=5)

    assert asked() == one
