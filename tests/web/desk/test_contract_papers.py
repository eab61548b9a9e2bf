"""What the page of a contract says of the papers that a step still lacks."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.base import clock
from khuyencong.contracts.models import Acceptance, Settlement
from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.documents import RequirementFactory
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


def signed(on, **more):
    said = {"number": f"{on.month}{on.day}/VB", "signed_on": f"{on:%d/%m/%Y}", "signer": "Lê Minh"}
    return said | {"signer_title": "Giám đốc"} | more


def test_lacking_papers_are_named_with_their_article_and_the_analogy_is_told_once_beside_them(client, case, law):  # noqa: F811
    c = case()
    c.accept(c.running())
    for code, title in (("summary", "Báo cáo tổng hợp"), ("volume", "Báo cáo khối lượng")):
        RequirementFactory(stage="remainder", level="national", title=title, code=code, article="Điều 14")
    client.force_login(c.people.accountant)

    page = text_of(client.get(url("page", c.project)))

    assert "Còn thiếu 2 giấy tờ: Báo cáo tổng hợp (Điều 14); Báo cáo khối lượng (Điều 14)." in page
    assert "danh mục của kinh phí quốc gia được áp dụng tương tự" in page


def test_who_settles_with_an_invoice_lays_its_papers_down_and_settles(client, case, law):  # noqa: F811
    """The papers of Đ19.2 are asked of nobody until he says that he invoices; they can be laid down before."""
    c = case()
    c.accepted()
    c.vouch()
    facts = {"stage": "settlement", "level": "national"}
    RequirementFactory(title="Mẫu 8a", code="vouchers_8a", only_when="!invoices_agency", **facts)
    invoice = RequirementFactory(title="Hoá đơn cho Cục", code="invoice", only_when="invoices_agency", **facts)
    client.force_login(c.people.accountant)

    def offer():
        return next(one for one in client.get(url("page", c.project)).context["offers"] if one.label == "Quyết toán")

    assert "Mẫu 8a" in offer().why and not offer().url
    refused = client.post(url("settle", c.project), signed(day(7, 20), with_invoice="on"))
    assert "Thiếu: </b>Hoá đơn cho Cục" in text_of(refused)
    assert "Thiếu: </b>Mẫu 8a" not in text_of(refused)
    assert "Đơn vị thực hiện xuất hoá đơn thì hồ sơ có: Hoá đơn cho Cục; không cần: Mẫu 8a." in text_of(refused)

    put = f"{reverse('projects:put_paper', args=[c.project.pk])}?giay={invoice.pk}"
    assert f'href="{put}"' in text_of(client.get(reverse("projects:papers", args=[c.project.pk])))
    client.post(put, signed(day(7, 12)))
    assert offer().url
    client.post(url("settle", c.project), signed(day(7, 20), with_invoice="on"))

    assert c.fresh().state == "settled"
    assert Settlement.objects.get(project=c.project).with_invoice


def test_the_money_of_a_settled_project_says_what_was_settled_of_the_counterpart(client, case, law):  # noqa: F811
    c = case()
    c.accepted()
    c.vouch()
    client.force_login(c.people.accountant)
    address = reverse("projects:money", args=[c.project.pk])
    before = {row["label"]: row["settled"] for row in client.get(address).context["money"]["rows"]}
    client.post(url("settle", c.project), signed(day(7, 20)))
    settled = Settlement.objects.get(project=c.project)

    money = client.get(address).context["money"]

    assert not any(before.values())
    assert {row["label"]: row["settled"] for row in money["rows"]} == {
        "Khuyến công địa phương": settled.local,
        "Đối ứng": settled.counterpart,
    }
    assert settled.counterpart > 0
    assert money["total"]["settled"] == settled.local + settled.counterpart


def test_work_accepted_for_an_invoice_is_settled_with_one_unless_somebody_says_otherwise(client, case, law):  # noqa: F811
    c = case()
    c.accepted()
    c.vouch()
    Acceptance.objects.filter(project=c.project).update(form="5b")
    facts = {"stage": "settlement", "level": "national"}
    RequirementFactory(title="Mẫu 5a", code="acceptance_5a", only_when="!invoices_agency", **facts)
    RequirementFactory(title="Hoá đơn cho Cục", code="invoice", only_when="invoices_agency", **facts)
    client.force_login(c.people.accountant)

    offer = next(one for one in client.get(url("page", c.project)).context["offers"] if one.label == "Quyết toán")
    page = client.get(url("settle", c.project))

    assert offer.why.startswith("Thiếu giấy tờ: Hoá đơn cho Cục")
    assert page.context["form"]["with_invoice"].value() is True
    assert "Thiếu: </b>Hoá đơn cho Cục" in text_of(page) and "Thiếu: </b>Mẫu 5a" not in text_of(page)


def test_a_settlement_after_its_last_day_says_which_paper_it_needs(client, case, law, monkeypatch):  # noqa: F811
    c = case()
    c.accepted()
    c.vouch()
    RequirementFactory(stage="settlement", level="national", title="Mẫu 9", code="payment_request", only_when="overdue")
    monkeypatch.setattr(clock, "today", lambda: dt.date(2027, 2, 1))
    client.force_login(c.people.accountant)

    offer = next(one for one in client.get(url("page", c.project)).context["offers"] if one.label == "Quyết toán")

    assert "Thiếu giấy tờ: Mẫu 9" in offer.why
    assert "Thiếu: </b>Mẫu 9" in text_of(client.get(url("settle", c.project)))


@pytest.mark.parametrize(("who", "keeps"), [("accountant", True), ("agency", False)])
def test_only_who_may_add_papers_is_told_to(client, case, law, who, keeps):  # noqa: F811
    c = case(level="national", national=300 * MILLION, local=0)
    c.accepted()
    RequirementFactory(stage="settlement", level="national", title="Báo cáo khối lượng", code="volume")
    client.force_login(getattr(c.people, who))

    page = text_of(client.get(url("page", c.project)))

    assert ("Bổ sung giấy tờ vào hồ sơ đề án" in page, "Xem giấy tờ của hồ sơ đề án" in page) == (keeps, not keeps)
    if not keeps:
        assert client.get(reverse("projects:put_paper", args=[c.project.pk])).status_code == 403
