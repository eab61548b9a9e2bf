# ruff: noqa: B008 (days never change)
"""What force majeure keeps from its end is settled by the volume that was done (TT 36/2013 Đ18.4)."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.establishments.models import SupportedItem
from tests.factories.documents import DossierItemFactory, RequirementFactory
from tests.worlds import once, own

from .conftest import MILLION, alone, day, make_law, paper

pytestmark = pytest.mark.django_db


def begin():
    """A machine ordered and never delivered."""
    make_law()
    c = alone()
    beneficiary = c.beneficiary()
    c.assign()
    c.buy(c.sign(beneficiary), delivered=None)
    return c


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def undelivered(made, db):
    return own(made)


def accept_done(c, state=120 * MILLION, counterpart=130 * MILLION, on=day(7, 10), **facts):
    facts = {
        "place": "Xưởng của cơ sở",
        "seats": c.seats(centre=None),
        "note": "Bão số 5 làm sập xưởng; đã làm nền móng, lắp khung",
        "by": c.people.department,
        "paper": paper("acceptance", on),
        "explanation": paper("explanation", day(7, 1)),
    } | facts
    return operations.accept_done(c.project, state_volume=state, counterpart_volume=counterpart, on=on, **facts)


def test_department_and_commune_confirm_what_was_done_and_the_project_is_accepted(undelivered):
    c = undelivered

    acceptance = accept_done(c)

    assert (acceptance.force_majeure, acceptance.verdict, acceptance.state_volume) == (True, "partial", 120 * MILLION)
    assert c.fresh().state == "accepted"
    assert "contract.accept_done" in Event.objects.values_list("action", flat=True)


@pytest.mark.parametrize(
    ("spent", "local"),
    [
        (248 * MILLION, 120 * MILLION),  # 300/620 of it: exactly the volume
        (250 * MILLION, 120 * MILLION),  # more was spent than was accepted
        (124 * MILLION, 60 * MILLION),  # less was proved than was accepted
    ],
)
def test_settlement_pays_by_the_vouchers_and_not_one_dong_beyond_the_volume(undelivered, spent, local):
    c = undelivered
    accept_done(c)
    c.vouch(c.row(spent // 2), c.row(spent - spent // 2, "counterpart"))

    settlement = c.settle()

    assert settlement.local == local
    assert (
        "Không quá khối lượng nhà nước đã nghiệm thu 120.000.000 đồng vì bất khả kháng" in settlement.explanation
    ) == (spent > 248 * MILLION)


def test_what_the_state_pays_alone_is_bound_by_the_volume_too(case, made):
    c = case(counterpart=0, kind="vocational_training", activity=1)
    c.assign()
    operations.begin_work(c.project, by=c.people.director, on=day(4, 1))
    accept_done(c, state=100 * MILLION, counterpart=0)
    c.vouch(c.row(150 * MILLION))

    assert c.settle().local == 100 * MILLION


def test_the_letter_of_explanation_belongs_to_the_settlement(undelivered):
    c = undelivered
    wanted = RequirementFactory(
        stage="settlement", code="explanation", title="Văn bản giải trình", only_when="force_majeure"
    )
    acceptance = accept_done(c)
    c.vouch(c.row(100 * MILLION), c.row(100 * MILLION, "counterpart"))

    [item] = c.project.dossier.items.filter(requirement=wanted)
    assert item.paper == acceptance.explanation
    item.delete()
    with pytest.raises(NotPossible, match="thiếu: Văn bản giải trình"):
        c.settle()
    DossierItemFactory(dossier=c.project.dossier, requirement=wanted)
    assert c.settle().local > 0


def test_an_ordinary_settlement_asks_for_no_explanation(case, made):
    RequirementFactory(stage="settlement", code="explanation", only_when="force_majeure")
    c = case()
    c.accepted()
    c.vouch()

    assert c.settle().local == 300 * MILLION


def test_what_is_still_owed_is_paid_after_the_settlement_without_the_papers_of_article_14(undelivered):
    c = undelivered
    RequirementFactory(stage="remainder", title="Biên bản bàn giao máy")
    accept_done(c)
    c.vouch(c.row(124 * MILLION), c.row(124 * MILLION, "counterpart"))
    with pytest.raises(NotPossible, match="quyết toán theo khối lượng đã làm trước"):
        c.request(1, on=day(7, 11))

    c.settle()
    c.fresh()
    c.advance(120 * MILLION, on=day(7, 22))
    c.liquidate()

    assert c.fresh().state == "liquidated"


def test_who_was_accepted_before_keeps_what_was_accepted_of_him(case, made):
    c = case(group=True, local=300 * MILLION)
    first, second = (c.beneficiary(local=150 * MILLION, counterpart=160 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one), value=310 * MILLION)
    c.accept(first, state_volume=150 * MILLION, counterpart_volume=160 * MILLION)

    with pytest.raises(Invalid, match=r"chưa nghiệm thu 150\.000\.000 đồng"):
        accept_done(c, state=150 * MILLION + 1)
    accept_done(c, state=50 * MILLION, counterpart=60 * MILLION)
    c.vouch(c.row(210 * MILLION), c.row(210 * MILLION, "counterpart"))
    settlement = c.settle()

    assert settlement.local == 200 * MILLION
    assert sorted(SupportedItem.objects.values_list("establishment", "amount")) == sorted(
        [(first.establishment_id, 150 * MILLION), (second.establishment_id, 50 * MILLION)]
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"note": " "}, "note"),
        ({"state": -1}, "state_volume"),
        ({"counterpart": -1}, "counterpart_volume"),
        ({"state": 0, "counterpart": 0}, "state_volume"),
        ({"state": 300 * MILLION + 1}, "state_volume"),
        ({"on": day(11, 23)}, "on"),
        ({"on": day(6, 30)}, "on"),  # before the letter
    ],
)
def test_what_a_confirmation_may_not_be(undelivered, facts, field):
    with pytest.raises(Invalid) as refusal:
        accept_done(undelivered, **facts)
    assert list(refusal.value.fields) == [field]


def test_it_takes_the_letter_the_record_and_the_commune(undelivered):
    c = undelivered
    with pytest.raises(NotPossible, match="“Văn bản giải trình”"):
        accept_done(c, explanation=paper("other", day(7, 1)))
    with pytest.raises(NotPossible, match="Biên bản nghiệm thu cơ sở"):
        accept_done(c, paper=paper("other", day(7, 10)))
    with pytest.raises(NotPossible, match="Thiếu thành phần nghiệm thu: Ủy ban nhân dân cấp xã"):
        accept_done(c, seats=c.seats(commune=None))
    with pytest.raises(NotPossible, match="không được chủ trì nghiệm thu"):
        accept_done(c, seats=c.seats(chair=c.land.centre))
    assert queries.file_of(c.project).ended_by_force_majeure is False


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "commune", "stranger"])
def test_others_confirm_nothing(undelivered, who):
    with pytest.raises(NotAllowed):
        accept_done(undelivered, by=getattr(undelivered.people, who))
