import datetime as dt

import pytest

from khuyencong.contracts.models import (
    Advance,
    BeneficiaryUpdate,
    Liquidation,
    ProgressReport,
    SupportContract,
    Voucher,
)
from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.norms import ApproverRowFactory, InstrumentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import CommuneFactory
from tests.web.desk.given_contracts import LIST, signed, text_of, url

pytestmark = pytest.mark.django_db


# ---- refusals come back filled ----


def test_an_advance_beyond_the_limit_comes_back_filled(client, case, law):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.accountant)

    answer = client.post(
        url("request_advance", c.project, c.envelope.pk), signed(day(6, 28), amount="210.000.001", report="")
    )

    assert answer.status_code == 422
    assert "Chỉ được tạm ứng tối đa 210.000.000 đồng." in text_of(answer)
    assert "210.000.001" in text_of(answer)
    assert Advance.objects.count() == 0


def test_the_implementer_cannot_be_put_in_the_chair(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    client.force_login(c.people.department)
    sent = acceptance(c, beneficiary) | {"body_chair": c.land.centre.pk}

    answer = client.post(url("accept_one", c.project, beneficiary.pk), sent)

    assert answer.status_code == 422
    assert "Xưởng của cơ sở" in text_of(answer)
    assert c.fresh().state == "running"


def test_the_chair_that_the_law_of_the_province_names_is_offered(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    text = InstrumentFactory(provincial=True, province=c.land.province, valid_from=day(1, 1))
    ApproverRowFactory(
        act="chair_acceptance",
        level="provincial",
        province=c.land.province,
        instrument=text,
        valid_from=day(1, 1),
        role="commune_officer",
        body="Ủy ban nhân dân cấp xã",
    )
    client.force_login(c.people.department)
    page = url("accept_one", c.project, beneficiary.pk)

    offered = client.get(page).context["form"]
    answer = client.post(page, acceptance(c, beneficiary) | {"body_chair": c.land.committee.pk})

    assert [*offered.fields["body_chair"].queryset] == [c.land.committee]
    assert offered["body_chair"].value() == c.land.committee.pk
    assert (answer.status_code, c.fresh().state) == (302, "accepted")


def test_who_sat_at_the_failed_try_is_not_typed_again(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    at = url("accept_one", c.project, beneficiary.pk)
    client.force_login(c.people.department)
    first = client.get(at).context["form"]
    assert (first["name_chair"].initial, first["name_commune"].initial) == (str(c.people.department), None)

    c.accept(beneficiary, verdict="failed", note="Máy chưa chạy")

    again = client.get(at).context["form"]
    seats = {seat.role: seat.name for seat in c.seats(beneficiary)}
    assert {role: again[f"name_{role}"].initial for role in seats} == seats


@pytest.mark.parametrize(("level", "forms"), [("provincial", ["5a", "5b"]), ("national", ["5a", "5b", "5c"])])
def test_the_agency_s_form_is_for_national_money_and_the_own_commune_sits(client, case, law, level, forms):  # noqa: F811
    money = {"national": 300 * MILLION, "local": 0} if level == "national" else {}
    c = case(level=level, **money)
    beneficiary = c.running()
    elsewhere = OrganisationFactory(
        kind="commune_committee", name="UBND xã khác", place=CommuneFactory(province=c.land.province)
    )
    client.force_login(c.people.department)

    form = client.get(url("accept_one", c.project, beneficiary.pk)).context["form"]

    assert [value for value, _label in form.fields["form"].choices] == forms
    assert elsewhere not in form.fields["body_other1"].queryset


def test_an_assignment_in_the_future_is_refused(client, case):  # noqa: F811
    c = case()
    client.force_login(c.people.department)

    answer = client.post(
        url("assign", c.project), signed(dt.date(2026, 11, 23), form="decision", giver=c.land.department.pk)
    )

    assert answer.status_code == 422
    assert c.fresh().state == "approved"


@pytest.mark.parametrize(
    ("level", "offered"),
    [
        ("provincial", ["department", "province_committee"]),
        ("communal", ["commune_committee", "department", "province_committee"]),
        ("national", ["agency", "ministry"]),
    ],
)
def test_who_usually_gives_the_task_stands_first_and_no_commune_gives_the_province_s(client, level, offered):
    c = alone(level=level)
    OrganisationFactory(kind="province_committee", name="Ủy ban nhân dân tỉnh", place=c.land.province)
    OrganisationFactory(kind="ministry", name="Bộ Công Thương", place=None)
    client.force_login(c.people.department)

    form = client.get(url("assign", c.project)).context["form"]

    assert list(dict.fromkeys(body.kind for body in form.fields["giver"].queryset)) == offered
    assert form.initial["giver"] == form.fields["giver"].queryset[0].pk


def test_more_than_the_whole_investment_is_asked_about_once(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    client.force_login(c.people.officer)
    told = {"month": "2026-6", "done": str(beneficiary.total + 1)}

    exactly = client.get(url("tell", c.project, beneficiary.pk))
    refused = client.post(url("tell", c.project, beneficiary.pk), told)
    client.post(url("tell", c.project, beneficiary.pk), told | {"sure": "on"})

    assert "sure" not in exactly.context["form"].fields
    assert (refused.status_code, "Lớn hơn tổng đầu tư" in text_of(refused)) == (422, True)
    assert BeneficiaryUpdate.objects.get().done == beneficiary.total + 1


def test_the_whole_investment_itself_is_not_asked_about(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    client.force_login(c.people.officer)

    client.post(url("tell", c.project, beneficiary.pk), {"month": "2026-6", "done": str(beneficiary.total)})

    assert BeneficiaryUpdate.objects.get().done == beneficiary.total


# ---- the whole life, in the browser ----


def acceptance(c, beneficiary):
    sent = signed(day(7, 10), form="5a", place="Xưởng của cơ sở", verdict="passed")
    sent |= {"state_volume": "300 triệu", "counterpart_volume": "320 triệu"}
    sitting = {
        "chair": c.land.department,
        "centre": c.land.centre,
        "commune": c.land.committee,
        "beneficiary": beneficiary.establishment.organisation,
    }
    for role, body in sitting.items():
        sent |= {f"body_{role}": body.pk, f"name_{role}": f"Ông {role}"}
    return sent


def test_a_contracts_whole_life_in_the_browser(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.beneficiary()
    owner = MandateFactory(of_body=True, organisation=beneficiary.establishment.organisation).user

    def take(who, name, *args, **sent):
        client.force_login(getattr(c.people, who, None) or owner)
        assert client.get(url(name, c.project, *args)).status_code == 200
        answer = client.post(url(name, c.project, *args), sent)
        assert answer.status_code == 302, text_of(answer)[-3000:]

    def first_offer(who):
        client.force_login(getattr(c.people, who))
        return client.get(url("page", c.project)).context["offers"][0].label

    take("department", "assign", **signed(day(3, 20), form="decision", giver=c.land.department.pk))
    take("director", "sign", beneficiary.pk, **signed(day(4, 1), local="300 triệu", counterpart="320 triệu"))
    contract = SupportContract.objects.get(beneficiary=beneficiary)
    take(
        "owner",
        "purchase",
        contract.pk,
        item="Máy sấy",
        value="620 triệu",
        seller="Cơ khí",
        bought_on="10/04/2026",
        is_new="on",
    )
    take("owner", "tell", beneficiary.pk, month="2026-6", done="500 triệu", note="Đã lắp xong")
    take("owner", "deliver", contract.purchases.get().pk, on="20/06/2026", serial="TQ-118")
    take(
        "officer",
        "report",
        month="2026-6",
        done="500 triệu",
        state_spent="0",
        counterpart_spent="0",
        sent_on="24/06/2026",
    )
    report = ProgressReport.objects.get()
    take("appraiser", "confirm_volume", report.pk, **signed(day(6, 25)))
    take("accountant", "request_advance", c.envelope.pk, **signed(day(6, 28), amount="210 triệu", report=report.pk))
    advance = Advance.objects.get()
    assert first_offer("appraiser") == "Xác nhận khối lượng: tạm ứng lần một, 210 triệu đồng"
    take("appraiser", "confirm_advance", advance.pk, **signed(day(6, 29)))
    assert first_offer("accountant") == "Ghi chuyển tiền: tạm ứng lần một, 210 triệu đồng"
    take("accountant", "pay_advance", advance.pk, **signed(day(6, 30), treasury_number="KB-118"))
    take("department", "accept_one", beneficiary.pk, **acceptance(c, beneficiary))
    take("officer", "paste_vouchers", source="local", pasted=LIST, ghi="1")
    take("accountant", "settle", **signed(day(7, 20)))
    take("accountant", "request_advance", c.envelope.pk, **signed(day(7, 21), amount="90 triệu", report=""))
    rest = Advance.objects.get(number=2)
    take("appraiser", "confirm_advance", rest.pk, **signed(day(7, 22)))
    take("accountant", "pay_advance", rest.pk, **signed(day(7, 23), treasury_number="KB-119"))
    take("department", "liquidate", **signed(day(8, 10), reconciled_on="09/08/2026"))

    assert c.fresh().state == "liquidated"
    assert Liquidation.objects.get().reconciliation.signed_on == day(8, 9)
    assert BeneficiaryUpdate.objects.get().by == owner
    client.force_login(c.people.officer)
    page = text_of(client.get(url("page", c.project)))
    assert "KB-118" in page
    assert "Đã thanh lý" in page


def test_a_surplus_is_given_back_and_a_request_sent_back(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    c.advance(200 * MILLION, report=c.report())
    waiting = c.request(10 * MILLION, on=day(7, 1))
    client.force_login(c.people.appraiser)
    refused = client.post(url("refuse_advance", c.project, waiting.pk), {"reason": "Thiếu ảnh", "on": "02/07/2026"})
    assert refused.status_code == 302
    c.accept(beneficiary)
    c.vouch(c.row(100 * MILLION), c.row(100 * MILLION, "counterpart"))
    c.settle()
    client.force_login(c.people.accountant)

    page = client.get(url("return_surplus", c.project, c.envelope.pk))
    assert "Đã tạm ứng 200.000.000 − quyết toán" in text_of(page)
    surplus = page.context["form"].initial["amount"]
    answer = client.post(url("return_surplus", c.project, c.envelope.pk), signed(day(7, 25), amount=str(surplus)))

    assert answer.status_code == 302
    client.force_login(c.people.department)
    assert url("liquidate", c.project) in text_of(client.get(url("page", c.project)))


def test_a_report_beyond_the_whole_investment_is_asked_about_and_can_be_taken_back(client, case, law):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    sent = {
        "month": "2026-6",
        "done": "6200 triệu",
        "state_spent": "0",
        "counterpart_spent": "0",
        "sent_on": "24/06/2026",
    }

    asked = client.post(url("report", c.project), sent)
    assert (asked.status_code, ProgressReport.objects.count()) == (422, 0)
    assert "Lớn hơn tổng đầu tư 620.000.000 đồng" in text_of(asked)
    assert client.post(url("report", c.project), sent | {"sure": "on"}).status_code == 302

    remove = url("remove_report", c.project, ProgressReport.objects.get().pk)
    assert f'href="{remove}"' in text_of(client.get(url("page", c.project)))
    assert client.post(remove, {"reason": "Ghi thừa số 0"}).status_code == 302
    assert client.post(url("report", c.project), sent | {"done": "620 triệu"}).status_code == 302


def test_a_purchase_is_taken_out_from_its_row_until_it_is_accepted(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    contract = SupportContract.objects.get()
    extra = c.buy(contract, item="Máy nhập nhầm", delivered=None)
    remove = url("remove_purchase", c.project, extra.pk)
    client.force_login(c.people.officer)
    assert f'href="{remove}"' in text_of(client.get(url("page", c.project)))
    assert "620.000.000 đồng" in text_of(client.get(remove))

    assert client.post(remove, {"reason": ""}).status_code == 422
    assert client.post(remove, {"reason": "Nhập nhầm"}).status_code == 302

    assert contract.purchases.count() == 1
    assert client.get(remove).status_code == 404
    c.accept(beneficiary)
    page = text_of(client.get(url("page", c.project)))
    assert url("remove_purchase", c.project, contract.purchases.get().pk) not in page
    client.force_login(c.people.commune)
    assert client.get(url("remove_purchase", c.project, contract.purchases.get().pk)).status_code == 403


def test_one_voucher_is_added_and_taken_off(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    sent = {"kind": "invoice", "source": "local", "number": "118", "seller_tax_code": "0100233488", "on": "25/06/2026"}

    assert (
        client.post(url("add_voucher", c.project), sent | {"content": "Máy", "amount": "300 triệu"}).status_code == 302
    )
    again = client.post(url("add_voucher", c.project), sent | {"content": "Máy", "amount": "300 triệu"})
    assert again.status_code == 422
    assert "đã có trong đề án" in again.context["form"].errors["number"][0]
    voucher = Voucher.objects.get()
    for which in ("8a", "8b"):
        assert "300.000.000" in text_of(client.get(url("vouchers", c.project), {"bang": which}))
    assert client.post(url("remove_voucher", c.project, voucher.pk), {"reason": "Nhập nhầm"}).status_code == 302
    assert "Chưa có chứng từ nào" in text_of(client.get(url("vouchers", c.project)))


def test_a_class_begins_and_a_tender_is_recorded(client, case, law):  # noqa: F811
    c = case(training=True)
    client.force_login(c.people.officer)
    tender = {"package": "In tài liệu", "winner": "Nhà in", "value": "5 triệu"}
    assert client.post(url("tender", c.project), signed(day(3, 10), **tender)).status_code == 302
    c.assign()
    client.force_login(c.people.director)

    assert url("begin", c.project) in text_of(client.get(url("page", c.project)))
    assert client.post(url("begin", c.project), {"on": "01/04/2026"}).status_code == 302
    assert c.fresh().state == "running"


def test_a_contract_is_found_by_the_number_of_its_paper(client, case):  # noqa: F811
    from khuyencong.web.desk.contracts import search
    from tests.contracts.conftest import paper

    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    c.sign(beneficiary, paper=paper("support_contract", day(4, 1), number="17/HĐHT", folded="17/hdht"))

    [hit] = search.find(c.people.officer, "17/hdht", 8)
    assert (hit.title, hit.url) == ("Hợp đồng hỗ trợ: 17/HĐHT (01/04/2026)", url("page", c.project))
    assert search.find(c.people.stranger, "17/hdht", 8) == []
    client.force_login(person("auditor", place=None, whole_country=True))
    found = text_of(client.get("/tim/", {"q": "17/HĐHT"}))
    assert "Hợp đồng hỗ trợ: 17/HĐHT (01/04/2026)" in found
    assert url("page", c.project) in found


def test_acceptance_leads_to_the_one_that_is_left_or_to_the_choice(client, case):  # noqa: F811
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one))
    client.force_login(c.people.department)

    assert client.get(url("accept", c.project)).url == url("page", c.project)
    c.accept(first, state_volume=150 * MILLION)
    assert client.get(url("accept", c.project)).url == url("accept_one", c.project, second.pk)


def test_a_group_is_not_accepted_as_a_whole_while_a_contract_is_missing(client, case):  # noqa: F811
    c = case(group=True)
    first = c.beneficiary(local=150 * MILLION)
    c.beneficiary(local=150 * MILLION, establishment__name="Cơ sở Tám Thơm")
    c.assign()
    c.buy(c.sign(first))
    c.accept(first, state_volume=150 * MILLION)
    client.force_login(c.people.department)

    page = text_of(client.get(url("page", c.project)))

    assert "Chưa ký hợp đồng hỗ trợ: Cơ sở Tám Thơm." in page
    assert url("accept", c.project) not in page


def test_an_officer_of_another_area_of_the_centre_looks_at_the_whole_file(client, case, law):  # noqa: F811
    from tests.factories.organisations import AreaFactory

    c = case()
    c.running()
    area = AreaFactory(organisation=c.land.centre)
    client.force_login(MandateFactory(role="centre_officer", place=None, area=area, employer=c.land.centre).user)

    page = text_of(client.get(url("page", c.project)))

    assert "Kinh phí khuyến công địa phương" in page
