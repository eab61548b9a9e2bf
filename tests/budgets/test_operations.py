"""Money is paid within its promise and followed to its end; nothing of it is rewritten."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets import operations, queries
from khuyencong.budgets.rules import Balance
from tests.budgets.conftest import DAY, paper
from tests.budgets.given import decide
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.norms import InstrumentFactory, SupportNormFactory
from tests.factories.people import person
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


# ---- paying, settling, giving back ----


@pytest.fixture
def promised(house, envelope):
    """A project to which 600 of the 1,000 are promised."""
    project = ProjectFactory(province=house.province, approved=True, local=600)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    return project


@pytest.mark.parametrize(("amount", "goes_through"), [(600, True), (601, False)])
def test_no_more_is_paid_than_was_promised(house, envelope, promised, amount, goes_through):
    if goes_through:
        operations.advance(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"cam kết .* 600 đồng, đã tạm ứng 0 đồng"):
            operations.advance(envelope, project=promised, amount=amount, **house.signed)

    assert queries.advanced(promised) == (600 if goes_through else 0)


def test_settling_gives_back_what_was_not_needed(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    operations.settle(envelope, project=promised, amount=550, **house.signed)

    assert queries.commitments(promised) == {envelope: 550}
    assert queries.settled(promised) == 550
    assert queries.available(envelope) == 450
    operations.advance(envelope, project=promised, amount=130, **house.signed)  # the remainder is still paid
    with pytest.raises(NotPossible):
        operations.advance(envelope, project=promised, amount=1, **house.signed)


@pytest.mark.parametrize(("amount", "goes_through"), [(600, True), (601, False)])
def test_no_more_is_settled_than_was_promised(house, envelope, promised, amount, goes_through):
    if goes_through:
        operations.settle(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"601 đồng vượt .* \(600 đồng\)"):
            operations.settle(envelope, project=promised, amount=amount, **house.signed)

    assert queries.settled(promised) == (600 if goes_through else 0)


def test_a_part_is_settled_for_one_beneficiary_of_several(house, envelope, promised):
    operations.settle(envelope, project=promised, amount=200, final=False, **house.signed)

    assert queries.commitments(promised) == {envelope: 600}

    operations.settle(envelope, project=promised, amount=300, **house.signed)

    assert (queries.settled(promised), queries.commitments(promised)) == (500, {envelope: 500})


def test_an_advance_not_used_stays_promised_until_it_is_given_back(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=400, **house.signed)

    assert queries.commitments(promised) == {envelope: 420}
    with pytest.raises(NotPossible, match="chỉ còn 20 đồng"):
        operations.return_surplus(envelope, project=promised, amount=21, **house.signed)

    operations.return_surplus(envelope, project=promised, amount=20, **house.signed)

    assert queries.position(envelope, project=promised) == Balance(
        committed=400, advanced=400, settled=400, returned=20
    )
    assert queries.balance(envelope).money == 980
    assert queries.available(envelope) == 580


def test_an_advance_taken_back_within_the_year_can_be_promised_again(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=400, **house.signed)

    operations.take_back(envelope, project=promised, amount=20, **house.signed)

    assert queries.available(envelope) == 600
    assert queries.balance(envelope).money == 1_000


@pytest.mark.parametrize(("amount", "goes_through"), [(180, True), (181, False)])
def test_a_promise_is_lowered_down_to_what_was_paid(house, envelope, promised, amount, goes_through):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    if goes_through:
        operations.release(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match="chỉ còn 180 đồng chưa tạm ứng"):
            operations.release(envelope, project=promised, amount=amount, **house.signed)

    assert queries.available(envelope) == (580 if goes_through else 400)


def test_recovered_support_is_not_given_anew_without_a_decision(house, envelope, promised):
    operations.settle(envelope, project=promised, amount=600, **house.signed)

    operations.recover(envelope, project=promised, amount=100, **house.signed)

    assert queries.balance(envelope).recovered == 100
    assert queries.available(envelope) == 400
    with pytest.raises(NotPossible, match="chỉ còn 500 đồng"):
        operations.recover(envelope, project=promised, amount=501, **house.signed)


@pytest.mark.parametrize("act", [operations.commit, operations.advance, operations.settle, operations.release])
@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_above_zero(house, envelope, promised, act, amount):
    with pytest.raises(Invalid, match="lớn hơn 0"):
        act(envelope, project=promised, amount=amount, **house.signed)


# ---- the end of the year ----


@pytest.mark.parametrize(("amount", "goes_through"), [(400, True), (401, False)])
def test_what_nobody_was_promised_is_returned_by_the_accountant(house, envelope, promised, amount, goes_through):
    signed = house.signed | {"paper": paper("return_money")}

    if goes_through:
        operations.return_money(envelope, amount=amount, **signed)
    else:
        with pytest.raises(NotPossible, match="chỉ còn 400 đồng, thiếu 1 đồng"):
            operations.return_money(envelope, amount=amount, **signed)

    assert queries.available(envelope) == (0 if goes_through else 400)


def test_returning_asks_for_its_voucher_and_its_accountant(house, envelope):
    with pytest.raises(NotPossible, match="chứng từ nộp trả"):
        operations.return_money(envelope, amount=1, **house.signed)
    with pytest.raises(NotAllowed):
        operations.return_money(
            envelope, amount=1, by=person("centre_officer", place=house.province), on=DAY, paper=paper("return_money")
        )


@pytest.fixture
def next_year(house):
    return EnvelopeFactory(province=house.province, holder=house.holder, year=2027, name="KCĐP 2027", given=50)


def test_what_nobody_was_promised_is_carried_over_with_its_paper(house, envelope, promised, next_year):
    operations.carry_over(envelope, to=next_year, **house.signed | {"paper": paper("carry_over")})

    assert queries.balance(envelope) == Balance(allocated=1_000, committed=600, carried_out=400)
    assert queries.balance(next_year) == Balance(allocated=50, carried_in=400)
    assert list(queries.invariants()) == []


def test_an_extended_project_takes_its_promise_and_its_advance_along(house, envelope, promised, next_year):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    operations.carry_over(envelope, to=next_year, project=promised, **house.signed | {"paper": paper("carry_over")})

    assert queries.positions(promised) == {
        envelope: Balance(carried_out=600),
        next_year: Balance(committed=600, advanced=420, carried_in=600),
    }
    assert (queries.available(envelope), queries.available(next_year)) == (400, 50)
    operations.settle(next_year, project=promised, amount=600, **house.signed)
    assert list(queries.invariants()) == []


def test_nothing_is_carried_over_without_its_paper_or_into_another_holder_or_year(house, envelope, next_year):
    allowed = house.signed | {"paper": paper("carry_over")}

    with pytest.raises(NotPossible, match="nộp trả ngân sách"):
        operations.carry_over(envelope, to=next_year, **house.signed)
    for other in (
        EnvelopeFactory(province=house.province, year=2027, given=1),
        EnvelopeFactory(province=house.province, holder=house.holder, year=2028, given=1),
    ):
        with pytest.raises(NotPossible, match="năm 2027 của cùng đơn vị"):
            operations.carry_over(envelope, to=other, **allowed)
    with pytest.raises(NotPossible, match=r"chỉ còn 1\.000 đồng"):
        operations.carry_over(envelope, to=next_year, amount=1_001, **allowed)


@pytest.mark.parametrize("opened", ["giving", "receiving"])
def test_nothing_is_carried_over_before_both_envelopes_are_open(opened, house):
    names = {"giving": {"year": 2026, "name": "KCĐP 2026"}, "receiving": {"year": 2027, "name": "KCĐP 2027"}}
    both = {one: EnvelopeFactory(province=house.province, holder=house.holder, **facts) for one, facts in names.items()}
    for one, envelope in both.items():
        EntryFactory(envelope=envelope, amount=100, on=DAY if one == opened else DAY - dt.timedelta(days=9))
    allowed = {
        "to": both["receiving"],
        "by": house.signed["by"],
        "paper": paper("carry_over", signed_on=DAY - dt.timedelta(days=9)),
    }

    with pytest.raises(NotPossible, match="trước ngày giao dự toán"):
        operations.carry_over(both["giving"], on=DAY - dt.timedelta(days=1), **allowed)
    operations.carry_over(both["giving"], on=DAY, **allowed)

    assert queries.available(both["receiving"]) == 200


@pytest.mark.parametrize("act", ["advance", "settle"])
def test_nothing_moves_before_it_was_promised(act, house, envelope):
    project = ProjectFactory(province=house.province)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    move, before = getattr(operations, act), DAY - dt.timedelta(days=1)

    with pytest.raises(NotPossible, match="trước ngày nguồn KCĐP 2026 cam kết cho đề án"):
        move(envelope, project=project, amount=600, **house.signed | {"on": before})
    assert move(envelope, project=project, amount=600, **house.signed).on == DAY


def test_what_a_project_has_is_not_carried_over_before_it_had_it(house, envelope, promised, next_year):
    last = DAY + dt.timedelta(days=1)
    operations.advance(envelope, project=promised, amount=420, **house.signed | {"on": last})
    allowed = {"to": next_year, "project": promised, "by": house.signed["by"], "paper": paper("carry_over")}

    with pytest.raises(NotPossible, match="trước bút toán ngày"):
        operations.carry_over(envelope, on=DAY, **allowed)
    assert operations.carry_over(envelope, on=last, **allowed).amount == 600


def test_the_end_of_the_year_names_what_must_be_returned_or_carried(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=100, final=False, **house.signed)

    left = queries.leftovers([envelope])

    assert [(item.project, item.amount, item.paid) for item in left] == [(None, 400, 0), (promised, 500, 320)]


# ---- management cost ----


def _of_the_province(code, percent, province):
    text = InstrumentFactory(provincial=True, province=province)
    facts = {"level": "provincial", "province": province, "instrument": text}
    SupportNormFactory(line__code=code, percent=percent, cap=None, **facts)


@pytest.mark.parametrize(("amount", "goes_through"), [(15, True), (16, False)])
def test_the_holder_spends_on_managing_what_the_norm_allows_of_the_year(house, envelope, amount, goes_through):
    _of_the_province("QL_CO_QUAN", "1.5", envelope.province)

    if goes_through:
        operations.manage(envelope, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"1,5% × 1\.000 = 15 đồng"):
            operations.manage(envelope, amount=amount, **house.signed)

    assert queries.available(envelope) == (985 if goes_through else 1_000)


@pytest.mark.parametrize(("amount", "goes_through"), [(15, True), (16, False)])
def test_the_implementer_spends_on_managing_what_the_norm_allows_of_the_project(
    house, envelope, promised, amount, goes_through
):
    _of_the_province("QL_DON_VI", "2.5", envelope.province)

    if goes_through:
        operations.manage(envelope, amount=amount, project=promised, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"2,5% × 600 = 15 đồng"):
            operations.manage(envelope, amount=amount, project=promised, **house.signed)

    assert queries.balance(envelope).management == (15 if goes_through else 0)


def test_national_money_without_a_norm_sets_nothing_aside_for_managing(house):
    agency = person("ministry_agency", country=True)
    envelope = EnvelopeFactory(level="national", province=None, holder=house.holder, given=1_000)

    with pytest.raises(NotPossible, match="Chưa có mức chi phí quản lý"):
        operations.manage(envelope, amount=1, **house.signed | {"by": agency})


def test_local_money_is_not_bound_by_the_national_share(house, envelope):
    """The province has said nothing that the system knows: its decision alone binds, and the journal says so."""
    SupportNormFactory(line__code="QL_CO_QUAN", percent="1.5", cap=None)

    operations.manage(envelope, amount=400, **house.signed)

    assert queries.balance(envelope).management == 400
    assert Event.objects.latest("pk").data["norm"] == "chưa có quy định của tỉnh trong hệ thống"


# ---- nothing is rewritten ----


def test_a_line_typed_wrongly_is_put_right_by_its_opposite(house):
    wrong = decide(house, amount=34_000_000_000)
    [entry] = wrong.entries.all()

    operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert queries.available(wrong) == 0
    with pytest.raises(NotPossible, match="đã được đảo"):
        operations.reverse(entry, reason="lần nữa", **house.signed)
    decide(house, paper=entry.paper)  # the same decision, now with its right amount
    assert queries.available(wrong) == 3_400_000_000


def test_management_cost_of_an_implementer_typed_wrongly_is_put_right_too(house, envelope, promised):
    entry = operations.manage(envelope, amount=15, project=promised, **house.signed)

    operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert queries.managed(envelope, project=promised) == 0
    assert queries.available(envelope) == 400


def test_a_line_is_not_put_right_before_its_day(house, envelope):
    later = house.signed | {"on": DAY + dt.timedelta(1)}
    entry = operations.manage(envelope, amount=15, **later)

    with pytest.raises(Invalid) as refusal:
        operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert list(refusal.value.fields) == ["on"]
    assert operations.reverse(entry, reason="Ghi nhầm số tiền", **later).amount == -15


def test_nothing_left_is_not_carried_over_and_says_so(house, envelope, promised, next_year):
    with pytest.raises(NotPossible, match="chỉ còn 0 đồng"):
        operations.carry_over(
            envelope, to=next_year, project=ProjectFactory(), **house.signed | {"paper": paper("carry_over")}
        )


@pytest.mark.parametrize(("days", "goes_through"), [(0, True), (-1, False)])
def test_nothing_is_written_before_its_paper_is_signed(house, envelope, days, goes_through):
    signed = DAY + dt.timedelta(1)
    facts = {"on": signed + dt.timedelta(days)}

    for act in (
        lambda: decide(house, paper=paper("budget_decision", signed_on=signed), **facts),
        lambda: operations.return_money(
            envelope, amount=1, **house.signed | facts | {"paper": paper("return_money", signed_on=signed)}
        ),
    ):
        if goes_through:
            act()
        else:
            with pytest.raises(Invalid, match="không thể trước ngày ký văn bản") as refusal:
                act()
            assert list(refusal.value.fields) == ["on"]


def test_promised_money_cannot_be_put_right_away(house, envelope, promised):
    given = envelope.entries.get(kind="allocated")

    with pytest.raises(NotPossible, match="chỉ còn 400 đồng"):
        operations.reverse(given, reason="nhầm", **house.signed)
    with pytest.raises(NotPossible, match="không đảo trực tiếp"):
        operations.reverse(envelope.entries.get(kind="committed"), reason="nhầm", **house.signed)


def test_the_ledger_refuses_to_be_rewritten_or_erased(envelope):
    [entry] = envelope.entries.all()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        envelope.entries.update(amount=1)
    with pytest.raises(TypeError):
        entry.delete()
    for statement in ("UPDATE budgets_entry SET amount = 1", "DELETE FROM budgets_entry"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
