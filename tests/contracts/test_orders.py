"""Days in an order that cannot be stand on the auditor's list until somebody who may lets them pass, with a reason."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.projects.models import Clearance, Project
from tests.factories.contracts import AssignmentFactory, VoucherFactory
from tests.worlds import once, own

from .conftest import alone, day

pytestmark = pytest.mark.django_db
TOLD = "Hợp đồng mua “Máy sấy” ký ngày 31/03/2026 trước hợp đồng hỗ trợ ngày 01/04/2026."


def begin():
    """A machine bought the day before the support contract, delivered; and its beneficiary."""
    c = alone()
    beneficiary = c.beneficiary()
    c.assign()
    purchase = c.buy(c.sign(beneficiary), signed_on=day(3, 31))
    return c, beneficiary, f"purchase:{purchase.pk}"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def early(made, db):
    return own(made)


def clear(c, key, **facts):
    facts = {"by": c.people.appraiser, "on": day(7, 1), "reason": "Cơ sở mua trước để kịp mùa vụ"} | facts
    return operations.clear_order(c.project, key=key, **facts)


def standing(c):
    return [order.sentence for order in queries.impossible_orders(Project.objects.filter(pk=c.project.pk))]


def test_a_purchase_before_the_support_contract_is_written_down_and_stands_on_the_list(early):
    c, _beneficiary, _key = early

    assert standing(c) == [TOLD]


def test_a_purchase_of_the_day_of_the_contract_is_in_order(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    c.buy(c.sign(beneficiary), signed_on=day(4, 1))

    assert standing(c) == []


def test_its_work_is_not_accepted_before_somebody_lets_it_pass(early):
    c, beneficiary, key = early

    with pytest.raises(NotPossible) as refusal:
        c.accept(beneficiary)
    assert str(refusal.value) == f"{TOLD} Phải có người của Sở cho qua, kèm lý do, rồi mới nghiệm thu được."

    clear(c, key)
    c.accept(beneficiary)
    assert c.fresh().state == "accepted"


def test_what_is_let_pass_keeps_who_and_why_and_leaves_the_list(early):
    c, _beneficiary, key = early

    clearance = clear(c, key)

    assert (clearance.sentence, clearance.reason, clearance.by) == (
        TOLD,
        "Cơ sở mua trước để kịp mùa vụ",
        c.people.appraiser,
    )
    assert standing(c) == []
    [seen] = queries.orders_of(c.project, queries.file_of(c.project))
    assert seen.cleared == clearance
    told = Event.objects.filter(data__reason="Cơ sở mua trước để kịp mùa vụ")
    assert list(told.values_list("action", flat=True)) == ["contract.clear_order"]


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "clerk", "commune", "agency", "stranger"])
def test_others_let_nothing_pass(early, who):
    c, _beneficiary, key = early

    with pytest.raises(NotAllowed):
        clear(c, key, by=getattr(c.people, who))
    assert Clearance.objects.count() == 0


def test_the_agency_lets_pass_what_is_national(case):
    c = case(national=300_000_000, local=0, level="national")
    AssignmentFactory(project=c.project)
    voucher = VoucherFactory(project=c.project, on=day(3, 19))

    assert clear(c, f"voucher:{voucher.pk}", by=c.people.agency).by == c.people.agency


@pytest.mark.parametrize(
    ("facts", "field"), [({"reason": "  vội  "}, "reason"), ({"reason": ""}, "reason"), ({"on": day(11, 23)}, "on")]
)
def test_it_takes_a_reason_and_a_day_that_has_come(early, facts, field):
    c, _beneficiary, key = early

    with pytest.raises(Invalid) as refusal:
        clear(c, key, **facts)
    assert list(refusal.value.fields) == [field]


def test_what_is_in_order_or_already_passed_cannot_be_let_pass(early):
    c, _beneficiary, key = early
    with pytest.raises(NotPossible, match="Không còn thứ tự ngày nào"):
        clear(c, "purchase:0")
    clear(c, key)

    with pytest.raises(NotPossible, match="Không còn thứ tự ngày nào"):
        clear(c, key)
