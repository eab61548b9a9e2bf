"""Who settles: whom the rows of law of the day name, by level of money (TT 36/2013 Đ12.5, Đ18.2)."""

import pytest

from khuyencong.base.errors import NotAllowed
from khuyencong.contracts import operations
from khuyencong.norms.models import ApproverRow
from tests.contracts.conftest import alone, day, make_law, paper
from tests.factories.norms import ApproverRowFactory
from tests.web.desk.given_contracts import text_of, url
from tests.worlds import once, own

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


def begin():
    """A media project of national money, accepted, with its vouchers; the law names the agency from 1 May 2026."""
    law = make_law()
    ApproverRowFactory(
        instrument=law.circular,
        article="khoản 5 Điều 12, khoản 2 Điều 18",
        act="settle",
        level="national",
        role="ministry_agency",
        body="Cục Công nghiệp địa phương",
        valid_from=day(5, 1),
    )
    c = alone(local=0, national=300 * MILLION, level="national", counterpart=0, kind="media", activity=6)
    c.assign()
    operations.begin_work(c.project, by=c.people.director, on=day(4, 1))
    c.accept(None, counterpart_volume=0)
    c.vouch(c.row(source="national", number="500"))
    c.law = law
    return c


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def national(made, db):
    return own(made)


@pytest.fixture
def law(made, db):
    """That of the file: it is there already."""
    return made.law


def test_a_provinces_accountant_does_not_settle_national_money(national):
    with pytest.raises(NotAllowed) as refusal:
        national.settle()

    said = str(refusal.value)
    assert "Cục Công nghiệp địa phương" in said and "khoản 5 Điều 12, khoản 2 Điều 18" in said
    assert national.fresh().state == "accepted"


def test_the_agency_does(national):
    national.settle(by=national.people.agency)

    assert national.fresh().state == "settled"


def test_what_the_agency_contracted_is_paid_out_and_liquidated_by_the_agency(national):
    national.settle(by=national.people.agency)
    asked = national.confirm(national.request(300 * MILLION, on=day(7, 22)))
    paying = {"on": day(7, 24), "paper": paper("payment_order", day(7, 24)), "treasury_number": "KB-1"}
    with pytest.raises(NotAllowed, match="Cục Công nghiệp địa phương"):
        operations.pay_advance(asked, by=national.people.accountant, **paying)
    operations.pay_advance(asked, by=national.people.agency, **paying)

    with pytest.raises(NotAllowed, match="khoản 2 Điều 18"):
        national.liquidate()
    national.liquidate(by=national.people.agency)

    assert national.fresh().state == "liquidated"


def test_the_province_s_people_are_offered_neither_form_nor_button_for_the_agency_s_acts(client, national):
    at = {name: url(name, national.project) for name in ("settle", "liquidate", "page")}
    for who, act in (("accountant", "settle"), ("department", "liquidate")):
        client.force_login(getattr(national.people, who))
        assert client.get(at[act]).status_code == 403
        assert f'href="{at[act]}"' not in text_of(client.get(at["page"]))
    client.force_login(national.people.agency)
    assert client.get(at["settle"]).status_code == 200


def test_money_of_the_province_stays_with_its_accountant(case, made):
    ApproverRowFactory(
        instrument=made.law.money, act="settle", level="provincial", role="accountant", body="Sở Công Thương"
    )
    c = case()
    c.accepted()
    c.vouch()
    c.settle()

    assert c.fresh().state == "settled"


def test_a_province_may_give_it_to_its_department(case, made):
    ApproverRowFactory(
        instrument=made.law.money,
        act="settle",
        level="provincial",
        role="department_director",
        body="Giám đốc Sở Công Thương",
    )
    c = case()
    c.accepted()
    c.vouch()

    with pytest.raises(NotAllowed, match="Giám đốc Sở Công Thương"):
        c.settle()


def test_the_department_contracts_no_national_money_in_the_agencys_name(case, made):
    ApproverRow.objects.filter(act="settle", level="national").update(valid_from=day(1, 1))
    c = case(local=0, national=300 * MILLION, level="national")

    with pytest.raises(NotAllowed, match="do Cục ký hợp đồng với đơn vị thực hiện"):
        c.assign()
    assert c.fresh().state == "approved"
    c.assign(by=c.people.agency)

    assert c.fresh().state == "assigned"


def test_the_department_gives_local_money(case, law):
    c = case()

    c.assign()

    assert c.fresh().state == "assigned"
