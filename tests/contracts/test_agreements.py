import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations
from khuyencong.contracts.models import SupportContract
from tests.factories.norms import GroundRowFactory
from tests.factories.projects import BeneficiaryFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db


def acts():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


# ---- support contracts ----


def test_the_first_support_contract_begins_the_work(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    contract = c.sign(beneficiary)

    assert (contract.local, contract.counterpart) == (300 * MILLION, 320 * MILLION)
    assert c.fresh().state == "running"
    assert acts()[-2:] == ["contract.sign_support", "project.begin"]


def test_a_group_list_must_be_approved_before_the_contract(case):
    c = case(group=True)
    beneficiary = c.beneficiary(approved_on=None)
    c.assign()

    GroundRowFactory(code="group_list", level="provincial", article="khoản 3 Điều 23")
    with pytest.raises(NotPossible, match=r"chưa được Sở duyệt trước ngày ký, Mẫu 11 \(khoản 3 Điều 23"):
        c.sign(beneficiary)
    assert not SupportContract.objects.filter(assignment__project=c.project).exists()


@pytest.mark.parametrize(("approved", "refused"), [(day(4, 2), True), (day(4, 1), False)])
def test_a_list_approved_after_the_contract_does_not_open_it(case, approved, refused):
    c = case(group=True)
    beneficiary = c.beneficiary(approved_on=approved)
    c.assign()

    if refused:
        with pytest.raises(NotPossible):
            c.sign(beneficiary)
    else:
        assert c.sign(beneficiary).signed_on == day(4, 1)


def test_who_still_waits_for_approval_does_not_hold_up_the_others(case):
    c = case(group=True, local=600 * MILLION)
    approved = c.beneficiary(local=300 * MILLION)
    BeneficiaryFactory(project=c.project)
    c.assign()

    c.sign(approved)

    assert c.fresh().state == "running"


def test_one_beneficiary_has_one_contract(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    c.sign(beneficiary)

    with pytest.raises(NotPossible, match="đã có hợp đồng hỗ trợ"):
        c.sign(beneficiary)


def test_a_beneficiary_taken_out_by_decision_signs_nothing(case):
    c = case()
    beneficiary = c.beneficiary(removed_on=day(3, 25))
    c.assign()

    with pytest.raises(NotPossible, match="không còn là đơn vị thụ hưởng"):
        c.sign(beneficiary)


@pytest.mark.parametrize(("local", "refused"), [(300 * MILLION, False), (300 * MILLION + 1, True), (-1, True)])
def test_a_contract_stays_within_what_was_approved(case, local, refused):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    if refused:
        with pytest.raises(Invalid) as refusal:
            c.sign(beneficiary, local=local)
        assert list(refusal.value.fields) == ["local"]
    else:
        assert c.sign(beneficiary, local=local).local == local


def test_a_support_contract_gives_support(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    with pytest.raises(Invalid, match=r"phải ghi số tiền hỗ trợ; mức đã duyệt là 300\.000\.000 đồng"):
        c.sign(beneficiary, local=0)
    assert c.fresh().state == "assigned"


@pytest.mark.parametrize(
    ("local", "counterpart", "least"),
    [(300, 320, ""), (300, 319, "320.000.000"), (150, 160, ""), (150, 159, "160.000.000"), (300, 0, "320.000.000")],
)
def test_who_gets_the_same_support_promises_no_less_of_its_own(case, local, counterpart, least):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    amounts = {"local": local * MILLION, "counterpart": counterpart * MILLION}

    if least:
        with pytest.raises(Invalid, match=least.replace(".", r"\.")) as refusal:
            c.sign(beneficiary, **amounts)
        assert list(refusal.value.fields) == ["counterpart"]
    else:
        assert c.sign(beneficiary, **amounts).counterpart == amounts["counterpart"]


def test_no_contract_while_the_shares_are_more_than_was_granted(case):
    c = case(group=True)
    first, second = c.beneficiary(local=200 * MILLION), c.beneficiary(local=100 * MILLION + 1)
    waits = c.beneficiary(local=300 * MILLION, approved=False, approved_on=None, paper=None)
    c.assign()

    with pytest.raises(NotPossible, match=r"cộng lại 300\.000\.001 đồng, vượt 300\.000\.000 đồng được duyệt"):
        c.sign(first)
    second.local = 100 * MILLION
    second.save()

    assert (c.sign(first).local, c.sign(second).local) == (200 * MILLION, 100 * MILLION)
    assert waits.approved_on is None


def test_contracts_together_promise_no_more_than_was_granted(case):
    c = case(group=True)
    first, second = c.beneficiary(local=200 * MILLION), c.beneficiary(local=100 * MILLION)
    c.assign()
    signed = c.sign(first)
    c.fresh().granted_local = 250 * MILLION
    c.project.save()
    first.local = 150 * MILLION
    first.save()

    with pytest.raises(Invalid, match=r"chỉ còn 50\.000\.000 đồng chưa ký hợp đồng hỗ trợ"):
        c.sign(second)
    on = day(4, 2)
    operations.amend_support(signed, by=c.people.director, on=on, paper=paper("contract_appendix", on))

    assert c.sign(second, day(4, 3)).local == 100 * MILLION


def test_an_appendix_that_takes_away_needs_no_room(case):
    c = case(group=True)
    first, second = c.beneficiary(local=150 * MILLION), c.beneficiary(local=150 * MILLION)
    c.assign()
    signed = [c.sign(one) for one in (first, second)]
    c.fresh().granted_local = 200 * MILLION
    c.project.save()
    for one in (first, second):
        one.local = 100 * MILLION
        one.save()

    on = day(4, 2)
    for contract in signed:
        operations.amend_support(contract, by=c.people.director, on=on, paper=paper("contract_appendix", on))

    assert [SupportContract.objects.get(pk=one.pk).local for one in signed] == [100 * MILLION] * 2


def test_what_a_removed_beneficiary_had_is_free_again(case):
    c = case(group=True)
    first = c.beneficiary()
    c.assign()
    c.sign(first)
    first.removed_on = day(4, 20)
    first.save()

    assert c.sign(c.beneficiary(), on=day(5, 1)).local == 300 * MILLION


def test_nothing_is_bought_by_who_is_no_longer_helped(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)
    beneficiary.removed_on = day(4, 5)
    beneficiary.save()

    with pytest.raises(NotPossible, match="không còn là đơn vị thụ hưởng"):
        c.buy(contract)


@pytest.mark.parametrize(("signed_on", "refused"), [(day(4, 9), False), (day(4, 10), True)])
def test_no_contract_with_an_establishment_that_has_closed(case, signed_on, refused):
    c = case()
    beneficiary = c.beneficiary()
    beneficiary.establishment.closed_on = day(4, 10)
    beneficiary.establishment.save()
    c.assign()

    if refused:
        with pytest.raises(NotPossible, match="đã ngừng hoạt động từ ngày 10/04/2026"):
            c.sign(beneficiary, on=signed_on)
    else:
        assert c.sign(beneficiary, on=signed_on).signed_on == signed_on


@pytest.mark.parametrize("who", ["officer", "department", "accountant", "stranger"])
def test_only_the_implementers_head_signs(case, who):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    with pytest.raises(NotAllowed):
        c.sign(beneficiary, by=getattr(c.people, who))


def test_a_contract_is_not_signed_before_the_task_or_in_the_future(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    with pytest.raises(Invalid, match="trước ngày giao nhiệm vụ"):
        c.sign(beneficiary, on=day(3, 19))
    with pytest.raises(Invalid, match="Ngày 23/11/2026 chưa tới"):
        c.sign(beneficiary, on=day(11, 23))


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        (day(3, 31), "trước ngày ký"),
        (day(4, 1), ""),
        (day(11, 30), ""),
        (day(12, 1), "Thời hạn của đề án là 30/11/2026"),
    ],
)
def test_a_support_contract_ends_after_it_is_signed_and_within_the_project(case, ends_on, sentence):
    c = case(ends_on=day(11, 30))
    c.assign()

    if not sentence:
        assert c.sign(c.beneficiary(), ends_on=ends_on).ends_on == ends_on
        return
    with pytest.raises(Invalid, match=sentence) as refusal:
        c.sign(c.beneficiary(), ends_on=ends_on)
    assert list(refusal.value.fields) == ["ends_on"]


def test_a_contract_cannot_rest_on_a_paper_signed_later(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()

    with pytest.raises(Invalid, match="không thể trước ngày ký văn bản 02/04/2026"):
        c.sign(beneficiary, paper=paper("support_contract", day(4, 2)))


# ---- what is bought ----


def test_the_establishment_itself_may_tell_what_it_buys(case):
    from tests.factories.people import MandateFactory

    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)
    owner = MandateFactory(of_body=True, organisation=beneficiary.establishment.organisation).user

    purchase = c.buy(contract, by=owner, delivered=None)
    operations.deliver(purchase, by=owner, on=day(6, 20), serial="TQ-118")

    purchase.refresh_from_db()
    assert (purchase.delivered_on, purchase.serial) == (day(6, 20), "TQ-118")
    assert acts()[-2:] == ["contract.purchase", "contract.deliver"]


@pytest.mark.parametrize("who", ["department", "stranger", "accountant"])
def test_others_may_not(case, who):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)

    with pytest.raises(NotAllowed, match="Chỉ đơn vị thực hiện hoặc chính cơ sở thụ hưởng"):
        c.buy(contract, by=getattr(c.people, who))


def test_a_supported_machine_must_be_new(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)

    with pytest.raises(NotPossible, match="phải là máy mới"):
        c.buy(contract, is_new=False)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"value": 0}, "value"),
        ({"signed_on": day(11, 23)}, "signed_on"),
        ({"seller_tax_code": "0100233489"}, "seller_tax_code"),
    ],
)
def test_a_purchase_costs_something_and_is_signed(case, facts, field):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)

    with pytest.raises(Invalid) as refusal:
        c.buy(contract, **facts)
    assert list(refusal.value.fields) == [field]


def test_delivery_comes_after_the_purchase_and_once(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    purchase = c.buy(c.sign(beneficiary), delivered=None)

    with pytest.raises(Invalid, match="trước ngày ký hợp đồng mua"):
        operations.deliver(purchase, by=c.people.officer, on=day(4, 9))
    operations.deliver(purchase, by=c.people.officer, on=day(4, 10))
    with pytest.raises(NotPossible, match="Đã ghi bàn giao ngày 10/04/2026"):
        operations.deliver(purchase, by=c.people.officer, on=day(4, 11))


def test_a_purchase_written_by_mistake_is_taken_out_with_its_reason(case, law):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)
    right, wrong = c.buy(contract), c.buy(contract, item="Máy sấy (nhập hai lần)", delivered=None)

    for who in ("accountant", "commune", "stranger"):
        with pytest.raises(NotAllowed):
            operations.remove_purchase(wrong, reason="Nhập hai lần", by=getattr(c.people, who))
    with pytest.raises(Invalid, match="lý do"):
        operations.remove_purchase(wrong, reason=" ", by=c.people.officer)
    operations.remove_purchase(wrong, reason="Nhập hai lần", by=c.people.officer)

    kept = Event.objects.get(action="contract.remove_purchase").data
    assert list(contract.purchases.all()) == [right]
    assert (kept["item"], kept["value"], kept["reason"]) == ("Máy sấy (nhập hai lần)", 620 * MILLION, "Nhập hai lần")
    assert c.accept(beneficiary).verdict == "passed"


def test_a_purchase_that_was_taken_out_meanwhile_is_not_delivered(case, law):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)
    bought = c.buy(contract, delivered=None)
    seen_by_another = contract.purchases.get()
    operations.remove_purchase(bought, reason="Nhập hai lần", by=c.people.officer)

    with pytest.raises(NotPossible, match="đã được bỏ"):
        operations.deliver(seen_by_another, by=c.people.officer, on=day(6, 28))


def test_nothing_is_bought_or_taken_out_behind_what_was_accepted(case, law):
    c = case(group=True)
    first, second = c.beneficiary(local=200 * MILLION), c.beneficiary(local=100 * MILLION)
    c.assign()
    contract, _other = c.sign(first), c.sign(second)
    bought = c.buy(contract)
    c.accept(first, state_volume=200 * MILLION)
    assert c.fresh().state == "running"

    with pytest.raises(NotPossible, match="đã được nghiệm thu"):
        c.buy(contract, item="Máy thứ hai")
    with pytest.raises(NotPossible, match="đã được nghiệm thu"):
        operations.remove_purchase(bought, reason="Không cần nữa", by=c.people.officer)


def test_a_purchase_reads_project_contract_and_parties_once(case):
    c = case()
    c.running()
    contract = SupportContract.objects.select_related("assignment__project").get(assignment__project=c.project)
    c.people.officer.mandates_today  # noqa: B018 (known, as in a request)

    with CaptureQueriesContext(connection) as asked:
        c.buy(contract, delivered=None)
    for table in ("projects_project", "contracts_assignment", "establishments_establishment"):
        assert sum(f'"{table}"."id"' in query["sql"] for query in asked) == 1, table
