"""What a contract at work waits for: machines to be written down, reports, the first purchase."""

import re

import pytest
from django.urls import reverse

from khuyencong.base import clock
from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


def test_an_acceptance_without_a_machine_is_shut_before_its_form_is_filled(client, case, law):  # noqa: F811
    c = case()
    c.assign()
    contract = c.sign(c.beneficiary())
    client.force_login(c.people.department)

    def offered():
        offers = client.get(url("page", c.project)).context["offers"]
        return next(o.why for o in offers if o.label.startswith("Lập biên bản nghiệm thu"))

    assert offered() == "Chưa ghi máy đã mua và bàn giao; đơn vị thực hiện hoặc cơ sở ghi."
    c.buy(contract)
    assert offered() == ""


def test_who_keeps_the_contract_is_offered_the_machine_that_the_acceptance_waits_for(client, case, law):  # noqa: F811
    c = case()
    c.assign()
    contract = c.sign(c.beneficiary())

    def offered(who):
        client.force_login(who)
        offers = client.get(url("page", c.project)).context["offers"]
        return [o.label.partition(":")[0] for o in offers if o.url and o.label.startswith(("Ghi máy", "Ghi bàn giao"))]

    assert (offered(c.people.officer), offered(c.people.department)) == (["Ghi máy đã mua"], [])
    c.buy(contract, delivered=None)
    assert (offered(c.people.officer), offered(c.people.department)) == (["Ghi bàn giao"], [])
    purchase = contract.purchases.get()
    purchase.delivered_on = purchase.signed_on
    purchase.save()
    assert offered(c.people.officer) == []


def test_the_home_of_who_accepts_says_what_the_acceptance_waits_for(client, case, law):  # noqa: F811
    c = case()
    c.assign()
    contract = c.sign(c.beneficiary())
    c.project.refresh_from_db()
    type(c.project).objects.filter(pk=c.project.pk).update(ends_on=clock.today())
    waits = f"{c.project.code}: chờ đơn vị thực hiện hoặc cơ sở ghi máy đã mua, bàn giao"

    client.force_login(c.people.department)

    def told():
        lines = client.get("/").context["tasks"]
        return [(line.note, line.button) for line in lines if line.url == url("page", c.project)]

    assert told() == [(waits, "Mở hợp đồng")]
    purchase = c.buy(contract, delivered=None)
    assert told() == [(waits, "Mở hợp đồng")]
    type(purchase).objects.filter(pk=purchase.pk).update(delivered_on=purchase.signed_on)
    assert told() == [(c.project.code, "Lập biên bản")]


def test_the_exception_of_force_majeure_is_never_the_first_thing_offered(client, case, law):  # noqa: F811
    c = case()
    c.assign()
    c.sign(c.beneficiary())
    client.force_login(c.people.department)

    page = client.get(url("page", c.project))

    [exception] = [offer for offer in page.context["offers"] if "bất khả kháng" in offer.label]
    assert exception.quiet
    assert re.findall(r'btn-primary"[^>]*>([^<]*)', text_of(page)) == []


def test_reports_of_one_list_are_written_one_after_the_other(client, case, law):  # noqa: F811
    both = [case(), case()]
    for c in both:
        c.running()
    keys = [c.project.pk for c in both]
    type(c.project).objects.exclude(pk__in=keys).update(historical=True)  # of the land around them
    client.force_login(c.people.officer)
    waiting, today = f"{reverse('contracts:list')}?task=report", clock.today()
    figures = {
        "month": f"{today.year}-{today.month}",
        "done": "620000000",
        "state_spent": "0",
        "counterpart_spent": "0",
    }
    figures |= {"sent_on": f"{today:%d/%m/%Y}"}

    page = text_of(client.get(waiting))
    addresses = [f"{reverse('contracts:report', args=[pk])}?task=report" for pk in keys]
    led = [client.post(address, figures)["Location"] for address in addresses]

    assert [f'href="{address}"' in page for address in addresses] == [True, True]
    assert led == [waiting, "/"]
    assert "?task=report" not in text_of(client.get(reverse("contracts:list")))


def test_the_first_purchase_begins_with_what_was_granted(client, case, law):  # noqa: F811
    c = case()
    c.assign()
    contract = c.sign(c.beneficiary(content="Máy sấy trống quay"))
    client.force_login(c.people.officer)

    first = client.get(url("purchase", c.project, contract.pk)).context["form"]["item"].value()
    c.buy(contract)
    second = client.get(url("purchase", c.project, contract.pk)).context["form"]["item"].value()

    assert (first, second) == ("Máy sấy trống quay", None)
