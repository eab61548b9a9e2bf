# ruff: noqa: B008 (days never change)
"""A contract follows a decision that changed its project by an appendix; advances follow the contract."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.projects import operations as projects
from tests.factories.budgets import EntryFactory
from tests.worlds import once, own

from .conftest import MILLION, alone, day, make_law, paper

pytestmark = pytest.mark.django_db


def adjust(c, on=day(5, 4), **values):
    """A decision of the department; the ledger moves with it, as ``plans`` does."""
    before = c.project.granted_local
    projects.adjust(
        c.project,
        permission=Permission.CHANGE_BY_DEPARTMENT,
        by=c.people.department,
        on=on,
        paper=paper("change_decision", on),
        **values,
    )
    c.fresh()
    if c.project.granted_local != before:
        EntryFactory(
            envelope=c.envelope, kind="committed", amount=c.project.granted_local - before, project=c.project, on=on
        )


def begin():
    """Given and signed for 300 million; makes case, task and support contract."""
    make_law()
    c = alone()
    beneficiary = c.beneficiary()
    assignment = c.assign(ends_on=day(10, 30))
    contract = c.sign(beneficiary)
    c.buy(contract)
    c.fresh()
    return c, assignment, contract


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def signed(made, db):
    return own(made)


def amend(c, assignment, on=day(5, 10), **facts):
    facts = {"by": c.people.department, "paper": paper("contract_appendix", on)} | facts
    return operations.amend_assignment(assignment, on=on, **facts)


def amend_support(c, contract, on=day(5, 12), **facts):
    facts = {"by": c.people.director, "paper": paper("contract_appendix", on)} | facts
    return operations.amend_support(contract, on=on, **facts)


def test_the_contract_takes_over_what_the_decision_gave_and_keeps_what_was_before(signed):
    c, assignment, _contract = signed
    adjust(c, granted_local=350 * MILLION)

    appendix = amend(c, assignment, note="Theo quyết định điều chỉnh")

    assignment.refresh_from_db()
    assert (appendix.number, appendix.before_local, appendix.local) == (1, 300 * MILLION, 350 * MILLION)
    assert assignment.local == 350 * MILLION
    assert Event.objects.order_by("pk").last().action == "contract.amend"
    assert list(queries.appendices(c.project)) == [appendix]


def test_before_the_appendix_advances_follow_the_contract_and_after_it_the_new_amount(signed):
    c, assignment, _contract = signed
    adjust(c, granted_local=350 * MILLION)
    report = c.report()

    with pytest.raises(Invalid, match=r"tối đa 210\.000\.000 đồng.*còn ghi 300\.000\.000 đồng, quyết định nay cho"):
        c.request(210 * MILLION + 1, report=report)
    amend(c, assignment)
    with pytest.raises(Invalid, match=r"tối đa 245\.000\.000 đồng"):
        c.request(245 * MILLION + 1, report=report)

    assert c.request(245 * MILLION, report=report).amount == 245 * MILLION


def test_all_that_the_old_contract_gives_being_paid_the_appendix_comes_first(signed):
    c, _assignment, _contract = signed
    adjust(c, granted_local=350 * MILLION)
    EntryFactory(envelope=c.envelope, kind="advanced", amount=300 * MILLION, project=c.project)

    room = queries.room(c.project, envelope=c.envelope, on=day(6, 28), report=c.report())

    assert room.amount == 0
    assert room.refusal.startswith("Hợp đồng thực hiện còn ghi 300.000.000 đồng, quyết định nay cho 350.000.000 đồng")


def test_less_money_binds_at_once_and_the_contract_follows(signed):
    c, assignment, _contract = signed
    adjust(c, granted_local=200 * MILLION)

    with pytest.raises(Invalid, match=r"tối đa 140\.000\.000 đồng"):
        c.request(140 * MILLION + 1, report=c.report())

    assert amend(c, assignment).local == 200 * MILLION


def test_no_contract_gives_less_than_was_paid(signed):
    c, assignment, _contract = signed
    EntryFactory(envelope=c.envelope, kind="advanced", amount=200 * MILLION + 1, project=c.project)
    c.project.granted_local = 200 * MILLION
    c.project.save()
    adjust(c, ends_on=day(11, 30))

    with pytest.raises(NotPossible, match=r"Đã tạm ứng 200\.000\.001 đồng, nhiều hơn 200\.000\.000 đồng"):
        amend(c, assignment)


def test_the_end_may_follow_the_project_and_not_go_beyond_it(signed):
    c, assignment, _contract = signed
    c.project.ends_on = day(11, 30)
    c.project.save()

    with pytest.raises(Invalid) as refusal:
        amend(c, assignment, ends_on=day(12, 1))
    assert list(refusal.value.fields) == ["ends_on"]
    appendix = amend(c, assignment, ends_on=day(11, 30))

    assert (appendix.before_ends_on, appendix.ends_on) == (day(10, 30), day(11, 30))


def test_a_new_end_is_not_before_the_appendix_and_an_old_one_may_have_passed(signed):
    c, assignment, _contract = signed
    c.project.granted_local = 200 * MILLION
    c.project.save()
    adjust(c, on=day(11, 10))

    with pytest.raises(Invalid, match="Hạn hoàn thành 10/11/2026 trước ngày ký"):
        amend(c, assignment, on=day(11, 11), ends_on=day(11, 10))
    assert amend(c, assignment, on=day(11, 11), ends_on=day(10, 30)).ends_on == day(10, 30)


def test_where_nothing_differs_there_is_no_appendix(signed):
    c, assignment, contract = signed

    with pytest.raises(NotPossible, match="không có gì để ghi phụ lục"):
        amend(c, assignment)
    with pytest.raises(NotPossible, match="không có gì để ghi phụ lục"):
        amend_support(c, contract)


def test_it_comes_after_the_decision_and_on_its_own_paper(signed):
    c, assignment, _contract = signed
    adjust(c, on=day(5, 4), granted_local=350 * MILLION)

    with pytest.raises(Invalid, match="trước ngày quyết định điều chỉnh"):
        amend(c, assignment, on=day(5, 3))
    with pytest.raises(NotPossible, match="phải kèm văn bản loại “Phụ lục hợp đồng”"):
        amend(c, assignment, paper=paper("assignment", day(5, 10)))
    with pytest.raises(Invalid, match="chưa tới"):
        amend(c, assignment, on=day(11, 23))
    assert amend(c, assignment, on=day(5, 4)).signed_on == day(5, 4)


def test_the_next_one_has_the_next_number_and_a_later_day(signed):
    c, assignment, _contract = signed
    adjust(c, granted_local=350 * MILLION)
    amend(c, assignment, on=day(5, 10))
    adjust(c, on=day(5, 20), granted_local=320 * MILLION)

    with pytest.raises(Invalid, match="trước ngày ký hợp đồng, phụ lục trước"):
        amend(c, assignment, on=day(5, 9))
    assert amend(c, assignment, on=day(5, 21)).number == 2


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "commune", "stranger"])
def test_others_do_not_amend_the_task(signed, who):
    c, assignment, _contract = signed
    adjust(c, granted_local=350 * MILLION)

    with pytest.raises(NotAllowed):
        amend(c, assignment, by=getattr(c.people, who))


def test_the_one_beneficiary_and_its_contract_follow_the_decision(signed):
    c, _assignment, contract = signed
    adjust(c, granted_local=350 * MILLION)

    appendix = amend_support(c, contract)

    contract.refresh_from_db()
    assert (appendix.before_local, contract.local) == (300 * MILLION, 350 * MILLION)


def test_a_contract_written_for_too_little_comes_up_to_what_was_approved(case, made):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary, local=30 * MILLION)

    with pytest.raises(Invalid, match=r"Vượt mức đã duyệt cho đơn vị thụ hưởng: 300\.000\.000 đồng"):
        amend_support(c, contract, local=301 * MILLION)
    appendix = amend_support(c, contract)

    contract.refresh_from_db()
    assert (appendix.before_local, contract.local) == (30 * MILLION, 300 * MILLION)


@pytest.mark.parametrize(("local", "fine"), [(350 * MILLION, True), (350 * MILLION + 1, False)])
def test_a_support_contract_stays_within_what_is_approved_for_its_beneficiary(signed, local, fine):
    c, _assignment, contract = signed
    adjust(c, granted_local=350 * MILLION)

    if fine:
        assert amend_support(c, contract, local=local).local == local
    else:
        with pytest.raises(Invalid, match="Vượt mức đã duyệt cho đơn vị thụ hưởng"):
            amend_support(c, contract, local=local)


def test_what_was_accepted_is_not_amended(signed):
    c, _assignment, contract = signed
    adjust(c, granted_local=350 * MILLION)
    c.accept(contract.beneficiary)

    with pytest.raises(NotPossible, match="Đã nghiệm thu"):
        amend_support(c, contract, on=day(7, 11))


def test_acceptance_follows_the_amended_contract(signed):
    c, _assignment, contract = signed
    adjust(c, granted_local=200 * MILLION)
    amend_support(c, contract)

    with pytest.raises(Invalid, match=r"vượt mức hỗ trợ 200\.000\.000 đồng"):
        c.accept(contract.beneficiary, state_volume=200 * MILLION + 1)
    assert c.accept(contract.beneficiary, state_volume=200 * MILLION).state_volume == 200 * MILLION


@pytest.mark.parametrize("who", ["officer", "department", "accountant", "stranger"])
def test_others_do_not_amend_a_support_contract(signed, who):
    c, _assignment, contract = signed
    adjust(c, granted_local=350 * MILLION)

    with pytest.raises(NotAllowed):
        amend_support(c, contract, by=getattr(c.people, who))


def behind(c, contract):
    contract.refresh_from_db()
    c.assignment.refresh_from_db()
    return queries.support_differs(contract, assignment=c.assignment, appendices=queries.appendices(c.project))


def test_more_time_alone_asks_for_an_appendix_that_moves_the_end_and_is_told(signed):
    c, assignment, contract = signed
    c.assignment = assignment
    assert (contract.ends_on, behind(c, contract)) == (day(10, 30), False)
    adjust(c, ends_on=day(12, 15))
    amend(c, assignment, ends_on=day(11, 30))
    assert behind(c, contract) is True

    appendix = amend_support(c, contract, ends_on=day(11, 30))

    contract.refresh_from_db()
    assert (appendix.before_ends_on, appendix.ends_on, contract.ends_on) == (day(10, 30), day(11, 30), day(11, 30))
    assert (appendix.before_local, appendix.local) == (contract.local, contract.local)
    assert behind(c, contract) is False
    told = Event.objects.filter(action="contract.amend").order_by("pk").last().data
    assert (told["before_ends_on"], told["ends_on"]) == ("2026-10-30", "2026-11-30")


def test_a_support_contract_of_a_shorter_time_of_its_own_is_left_alone(case, made):
    c = case()
    beneficiary = c.beneficiary()
    c.assignment = c.assign(ends_on=day(10, 30))
    contract = c.sign(beneficiary, ends_on=day(8, 31))
    c.fresh()
    adjust(c, ends_on=day(12, 15))
    amend(c, c.assignment, ends_on=day(11, 30))

    assert behind(c, contract) is False
