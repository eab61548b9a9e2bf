# ruff: noqa: B008 (days never change)
"""Thu hồi: money goes back by decision; the ledger moves when it has come."""

from types import SimpleNamespace

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets import queries as budgets
from khuyencong.contracts import operations, queries
from khuyencong.establishments.models import SupportedItem
from khuyencong.establishments.queries import given_by
from khuyencong.projects import operations as projects
from tests.worlds import once, own

from .conftest import MILLION, alone, day, make_law, paper

pytestmark = pytest.mark.django_db


def stop(c):
    """A project stopped on 1 August with 200 million on account, the rest of its promise given back."""
    c.running()
    c.advance(200 * MILLION, report=c.report())
    on = day(8, 1)
    projects.stop(c.project, reason="Cơ sở giải thể", by=c.people.department, on=on, paper=paper("change_decision", on))
    c.fresh()
    return c


def settle(c):
    """Settled on 20 July by 150 of the 210 million that were on account."""
    c.accepted(advanced=210 * MILLION)
    c.vouch(c.row(155 * MILLION), c.row(155 * MILLION, "counterpart"))
    c.settle()
    c.fresh()
    return c


def begin():
    make_law()
    return SimpleNamespace(stopped=stop(alone()), settled=settle(alone()))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def stopped(made, db):
    return own(made.stopped)


@pytest.fixture
def settled(made, db):
    return own(made.settled)


def order(c, amount, on=day(9, 1), **facts):
    facts = {
        "envelope": c.envelope,
        "ground": "stopped",
        "reason": "Cơ sở giải thể, không có khối lượng",
        "due_on": day(10, 1),
        "by": c.people.department,
        "paper": paper("recovery_decision", on),
    } | facts
    return operations.order_recovery(c.project, amount=amount, on=on, **facts)


def receive(c, recovery, amount, on=day(9, 20), **facts):
    facts = {"by": c.people.accountant, "paper": paper("return_money", on), "treasury_number": "KB-9"} | facts
    return operations.receive_recovery(recovery, amount=amount, on=on, **facts)


def standing(c):
    sums = budgets.position(c.envelope, project=c.project)
    return sums.advanced, sums.committed - sums.settled, sums.returned, sums.recovered


def test_a_decision_moves_nothing_before_the_money_comes(stopped):
    c = stopped
    before = standing(c)

    recovery = order(c, 200 * MILLION)

    assert standing(c) == before
    assert (recovery.amount, recovery.ground, recovery.due_on) == (200 * MILLION, "stopped", day(10, 1))
    assert Event.objects.order_by("pk").last().action == "contract.order_recovery"


def test_what_comes_leaves_the_envelope_and_is_counted_as_recovered(stopped):
    c = stopped
    left = budgets.available(c.envelope)
    recovery = order(c, 200 * MILLION)

    receive(c, recovery, 150 * MILLION)

    advanced, _open, returned, recovered = standing(c)
    assert (advanced, returned, recovered) == (50 * MILLION, 150 * MILLION, 150 * MILLION)
    assert budgets.available(c.envelope) == left  # no đồng of it can be promised again
    assert [row.received for row in queries.recoveries(c.project)] == [150 * MILLION]
    assert list(budgets.invariants()) == []


def test_several_payments_make_the_whole_and_not_one_dong_more(stopped):
    c = stopped
    recovery = order(c, 200 * MILLION)
    receive(c, recovery, 150 * MILLION)

    with pytest.raises(Invalid) as refusal:
        receive(c, recovery, 50 * MILLION + 1)
    assert refusal.value.fields == {"amount": "Quyết định này chỉ còn phải thu 50.000.000 đồng."}
    receive(c, recovery, 50 * MILLION)

    assert standing(c)[0] == 0
    with pytest.raises(Invalid, match="chỉ còn phải thu 0 đồng"):
        receive(c, recovery, 1)


@pytest.mark.parametrize(("amount", "fine"), [(200 * MILLION, True), (200 * MILLION + 1, False)])
def test_no_more_is_demanded_than_was_paid_out(stopped, amount, fine):
    if fine:
        assert order(stopped, amount).amount == amount
    else:
        with pytest.raises(Invalid, match=r"Chỉ còn 200\.000\.000 đồng có thể thu hồi"):
            order(stopped, amount)


def test_what_one_decision_demands_another_does_not_demand_again(stopped):
    order(stopped, 150 * MILLION)

    with pytest.raises(Invalid, match=r"Chỉ còn 50\.000\.000 đồng có thể thu hồi"):
        order(stopped, 50 * MILLION + 1)
    order(stopped, 50 * MILLION)


def test_a_surplus_that_was_not_returned_is_recovered_and_the_contract_can_end(settled):
    c = settled
    with pytest.raises(Invalid, match=r"Chỉ còn 60\.000\.000 đồng"):
        order(c, 60 * MILLION + 1, ground="surplus")
    recovery = order(c, 60 * MILLION, ground="surplus")
    with pytest.raises(NotPossible, match="tạm ứng thừa chưa nộp trả"):
        c.liquidate(on=day(10, 1))

    receive(c, recovery, 60 * MILLION)
    c.liquidate(on=day(10, 1))

    assert c.fresh().state == "liquidated"


def test_what_a_decision_demands_is_not_returned_beside_it(settled):
    c = settled
    order(c, 40 * MILLION, on=day(8, 1), ground="surplus")

    with pytest.raises(NotPossible, match=r"đang đòi 40\.000\.000 đồng ở nguồn .* ghi tiền đã nộp theo quyết định đó"):
        c.give_back(20 * MILLION + 1, on=day(8, 2))
    c.give_back(20 * MILLION, on=day(8, 2))

    assert standing(c) == (190 * MILLION, 40 * MILLION, 20 * MILLION, 0)


def test_settled_support_comes_back_after_a_violation_once(settled):
    c = settled
    c.give_back(60 * MILLION)
    c.liquidate()
    c.fresh()

    recovery = order(c, 150 * MILLION, ground="violation")
    receive(c, recovery, 150 * MILLION)

    assert standing(c) == (150 * MILLION, 0, 60 * MILLION, 150 * MILLION)
    assert list(budgets.invariants()) == []
    with pytest.raises(Invalid, match="Chỉ còn 0 đồng"):
        order(c, 1, on=day(9, 21), ground="violation")


@pytest.mark.parametrize(
    ("ground", "amounts", "withdrawn"),
    [
        ("violation", (150 * MILLION - 1,), False),
        ("violation", (150 * MILLION - 1, 1), True),
        ("recoverable", (150 * MILLION,), False),
    ],
)
def test_what_a_violation_cost_whole_is_no_earlier_support_any_more(settled, ground, amounts, withdrawn):
    c = settled
    c.give_back(60 * MILLION)
    c.liquidate()
    c.fresh()

    recovery = order(c, 150 * MILLION, ground=ground)
    for amount in amounts:
        receive(c, recovery, amount)

    item = SupportedItem.objects.get()
    assert (item.amount, item.withdrawn_on is not None) == (150 * MILLION, withdrawn)
    assert item.withdrawn_why.startswith("Thu hồi toàn bộ do sai phạm") == withdrawn
    assert given_by(c.project.uid) == ([] if withdrawn else [item])


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"amount": 0}, "amount", "Số tiền phải lớn hơn 0."),
        ({"reason": " "}, "reason", "Hãy ghi lý do thu hồi."),
        ({"ground": "?"}, "ground", "Hãy chọn căn cứ thu hồi."),
        ({"due_on": day(8, 31)}, "due_on", "Hạn nộp không được trước ngày quyết định."),
        ({"on": day(11, 23)}, "on", "Ngày 23/11/2026 chưa tới."),
        (
            {"on": day(7, 31)},
            "on",
            "Ngày 31/07/2026 trước ngày đề án ngừng, quyết toán hoặc thanh lý (01/08/2026).",
        ),
    ],
)
def test_what_a_decision_may_not_be(stopped, facts, field, sentence):
    facts = {"amount": 1, "due_on": day(12, 1)} | facts

    with pytest.raises(Invalid) as refusal:
        order(stopped, **facts)
    assert refusal.value.fields == {field: sentence}


def test_it_rests_on_its_own_paper_and_a_ground_that_fits(stopped):
    with pytest.raises(NotPossible, match="phải kèm văn bản loại “Quyết định thu hồi kinh phí”"):
        order(stopped, 1, paper=paper("other", day(9, 1)))
    with pytest.raises(NotPossible, match="Căn cứ “Sai phạm, chi sai mục đích” không khớp"):
        order(stopped, 1, ground="violation")


def test_a_running_project_is_stopped_first(case, made):
    c = case()
    c.running()

    with pytest.raises(NotPossible, match="Không thể “Quyết định thu hồi kinh phí”"):
        order(c, 1)


@pytest.mark.parametrize("who", ["officer", "director", "appraiser", "accountant", "commune", "stranger"])
def test_others_do_not_decide_it(stopped, who):
    with pytest.raises(NotAllowed):
        order(stopped, 1, by=getattr(stopped.people, who))


def test_the_clerk_records_the_decision_that_another_signed(stopped):
    signed = paper("recovery_decision", day(9, 1), signer="Lê Minh", signer_title="Giám đốc Sở")

    assert order(stopped, 1, by=stopped.people.clerk, paper=signed).by == stopped.people.clerk


@pytest.mark.parametrize("who", ["officer", "director", "department", "stranger"])
def test_others_receive_nothing(stopped, who):
    recovery = order(stopped, 1)

    with pytest.raises(NotAllowed):
        receive(stopped, recovery, 1, by=getattr(stopped.people, who))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"amount": 0}, "Số tiền phải lớn hơn 0"),
        ({"treasury_number": " "}, "Hãy ghi số chứng từ kho bạc"),
        ({"on": day(8, 31)}, "trước ngày quyết định thu hồi"),
        ({"on": day(11, 23)}, "chưa tới"),
    ],
)
def test_what_a_receipt_may_not_be(stopped, facts, sentence):
    recovery = order(stopped, 10)

    with pytest.raises(Invalid, match=sentence):
        receive(stopped, recovery, **({"amount": 1} | facts))


def test_a_receipt_rests_on_the_treasurys_paper(stopped):
    recovery = order(stopped, 10)

    with pytest.raises(NotPossible, match="Chứng từ nộp trả ngân sách"):
        receive(stopped, recovery, 1, paper=paper("other", day(9, 20)))
