"""Recovery, appendices and force majeure at the desk: shown to who may, refused to others, and a refusal changes nothing."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from khuyencong.budgets import queries as budgets
from khuyencong.contracts.models import Acceptance, ContractAppendix, Recovery, RecoveryReceipt, SupportContract
from khuyencong.projects import operations as projects
from tests.contracts.conftest import MILLION, alone, beginning, case, day, here, land, make_law, paper, people  # noqa: F401
from tests.contracts.test_appendices import adjust
from tests.contracts.test_recoveries import order
from tests.factories.contracts import RecoveryFactory
from tests.worlds import once, own

pytestmark = pytest.mark.django_db


def url(c, name, *args):
    return reverse(f"contracts:{name}", args=[c.project.pk, *args])


def signed(on, **more):
    said = {"number": "12/VB", "signed_on": f"{on:%d/%m/%Y}", "signer": "Lê Minh", "signer_title": "Giám đốc"}
    return said | more


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def seen(client):
    """The page of an act as somebody of the case gets it."""

    def get(c, who, name, *args):
        client.force_login(getattr(c.people, who))
        return client.get(url(c, name, *args))

    return get


@pytest.fixture
def sent(client):
    def post(c, who, name, *args, **data):
        client.force_login(getattr(c.people, who))
        return client.post(url(c, name, *args), data)

    return post


def assert_opens(seen, c, statuses, name, *args):
    """Who gets the page of an act with which answer; and whoever sees the project finds a link to it exactly where it opens.
    Returns the pages of the project, by who sees it."""
    at = url(c, name, *args)

    assert {who: seen(c, who, name, *args).status_code for who in statuses} == statuses
    pages = {who: text_of(seen(c, who, "page")) for who, status in statuses.items() if status != 404}
    assert {who: f'href="{at}"' in page for who, page in pages.items()} == {who: statuses[who] == 200 for who in pages}
    return pages


def stop(c):
    """Stopped on 1 August with 200 million on account."""
    c.running()
    c.advance(200 * MILLION, report=c.report())
    on = day(8, 1)
    projects.stop(c.project, reason="Cơ sở giải thể", by=c.people.department, on=on, paper=paper("change_decision", on))
    c.fresh()
    return c


def change(c):
    """Running by a contract of 300 million; on 4 May a decision gave 350."""
    c.running()
    c.fresh()
    adjust(c, granted_local=350 * MILLION)
    return c


def order_machine(c):
    """A machine ordered and not delivered."""
    beneficiary = c.beneficiary()
    c.assign()
    c.buy(c.sign(beneficiary), delivered=None)
    c.fresh()
    return c


def begin():
    make_law()
    return SimpleNamespace(
        stopped=stop(alone()), changed=change(alone(ends_on=day(10, 30))), begun=order_machine(alone())
    )


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def law(made, db):
    """It is there: the projects of this file were made under it."""


@pytest.fixture
def stopped(made, db):
    return own(made.stopped)


@pytest.fixture
def changed(made, db):
    return own(made.changed)


@pytest.fixture
def begun(made, db):
    return own(made.begun)


# ---- a decision to recover ----


def test_a_recovery_is_written_down_by_who_decides_or_records(stopped, seen):
    allowed = dict.fromkeys(("department", "clerk"), 200)
    refused = dict.fromkeys(("accountant", "director", "commune"), 403)

    assert_opens(seen, stopped, allowed | refused | {"stranger": 404}, "order_recovery", stopped.envelope.pk)


def test_no_more_is_demanded_on_the_page_than_was_paid_out(stopped, sent):
    form = signed(day(9, 1), ground="stopped", reason="Cơ sở giải thể", due_on="01/10/2026")

    refused = sent(stopped, "department", "order_recovery", stopped.envelope.pk, **form, amount="200.000.001")

    assert refused.status_code == 422
    assert "Chỉ còn 200.000.000 đồng có thể thu hồi theo căn cứ này" in text_of(refused)
    assert "Cơ sở giải thể</textarea>" in text_of(refused)
    assert Recovery.objects.count() == 0
    assert sent(
        stopped, "department", "order_recovery", stopped.envelope.pk, **form, amount="200 triệu"
    ).status_code == (302)
    assert (Recovery.objects.get().amount, str(Recovery.objects.get().due_on)) == (200 * MILLION, "2026-10-01")


def test_what_is_demanded_already_is_not_offered_again(stopped, seen):
    order(stopped, 150 * MILLION)

    assert "Quyết định thu hồi 50.000.000 đồng" in text_of(seen(stopped, "department", "page"))
    page = text_of(seen(stopped, "department", "order_recovery", stopped.envelope.pk))
    assert "đang chờ thu hồi 150.000.000 đồng; còn có thể thu hồi 50.000.000 đồng" in page
    assert 'value="50.000.000"' in page


def test_a_source_of_another_project_is_not_found(stopped, seen):
    other = RecoveryFactory()

    assert seen(stopped, "department", "order_recovery", other.envelope_id).status_code == 404
    assert seen(stopped, "accountant", "receive_recovery", other.pk).status_code == 404


# ---- money that came ----


def test_money_that_came_is_written_down_by_the_accountant(stopped, seen):
    recovery = order(stopped, 200 * MILLION)
    refused = dict.fromkeys(("department", "officer", "commune"), 403)

    pages = assert_opens(
        seen, stopped, {"accountant": 200} | refused | {"stranger": 404}, "receive_recovery", recovery.pk
    )

    assert {who: "Thu hồi kinh phí" in page for who, page in pages.items()} == dict.fromkeys(pages, True)


def test_money_comes_in_parts_and_not_one_dong_more_than_is_owed(stopped, seen, sent):
    recovery = order(stopped, 200 * MILLION)
    form = signed(day(9, 20), treasury_number="KB-9")

    refused = sent(stopped, "accountant", "receive_recovery", recovery.pk, **form, amount="200.000.001")
    assert (refused.status_code, RecoveryReceipt.objects.count()) == (422, 0)
    assert "Quyết định này chỉ còn phải thu 200.000.000 đồng." in text_of(refused)
    assert 'value="KB-9"' in text_of(refused)

    assert sent(stopped, "accountant", "receive_recovery", recovery.pk, **form, amount="150 triệu").status_code == 302
    assert "còn 50.000.000 đồng" in text_of(seen(stopped, "accountant", "receive_recovery", recovery.pk))
    assert budgets.position(stopped.envelope, project=stopped.project).recovered == 150 * MILLION


# ---- appendices ----


def test_the_contract_of_the_task_is_amended_by_who_gave_it(changed, seen):
    allowed = dict.fromkeys(("department", "clerk"), 200)
    refused = dict.fromkeys(("accountant", "officer", "commune"), 403)

    assert_opens(seen, changed, allowed | refused | {"stranger": 404}, "amend_assignment")


def test_a_task_that_was_not_given_has_no_appendix(case, seen):  # noqa: F811
    assert seen(case(), "department", "amend_assignment").status_code == 404


def test_an_appendix_is_not_older_than_its_decision(changed, seen, sent):
    refused = sent(changed, "department", "amend_assignment", **signed(day(5, 3), note="Theo quyết định", ends_on=""))

    assert (refused.status_code, ContractAppendix.objects.count()) == (422, 0)
    assert "quyết định điều chỉnh" in text_of(refused)
    assert 'value="Theo quyết định"' in text_of(refused)

    assert sent(changed, "department", "amend_assignment", **signed(day(5, 4), note="")).status_code == 302
    appendix = ContractAppendix.objects.get()
    assert (appendix.before_local, appendix.local) == (300 * MILLION, 350 * MILLION)
    page = text_of(seen(changed, "department", "page"))
    assert ("Phụ lục hợp đồng" in page, url(changed, "amend_assignment") in page) == (True, False)


def test_a_support_contract_is_amended_by_the_centre(changed, seen):
    contract = _contract(changed.project.beneficiaries.get())
    refused = dict.fromkeys(("officer", "accountant", "department", "commune"), 403)
    statuses = {"director": 200} | refused | {"stranger": 404}

    assert {who: seen(changed, who, "amend_support", contract.pk).status_code for who in statuses} == statuses


def test_a_support_contract_gives_no_more_than_its_beneficiary_was_approved_for(changed, sent):
    contract = _contract(changed.project.beneficiaries.get())
    form = signed(day(5, 12), counterpart="320 triệu", ends_on="", note="Giảm máy phụ trợ")

    refused = sent(changed, "director", "amend_support", contract.pk, **form, local="350.000.001")
    assert (refused.status_code, ContractAppendix.objects.count()) == (422, 0)
    assert "Vượt mức đã duyệt cho đơn vị thụ hưởng: 350.000.000 đồng." in text_of(refused)
    assert "Giảm máy phụ trợ" in text_of(refused)

    assert sent(changed, "director", "amend_support", contract.pk, **form, local="299 triệu").status_code == 302
    contract.refresh_from_db()
    assert contract.local == 299 * MILLION


def _contract(beneficiary):
    return SupportContract.objects.get(beneficiary=beneficiary)


# ---- force majeure ----


def done(c, on=day(7, 10), **more):  # noqa: B008 (a day never changes)
    said = signed(on, form="5a", place="Xưởng", state_volume="120 triệu", counterpart_volume="130 triệu")
    said |= {"note": "Bão số 5 làm sập xưởng", "explanation_number": "7/GT", "explained_on": "01/07/2026"}
    said |= {"explanation_signer": "Vũ Đình Khoa", "body_chair": c.land.department.pk, "name_chair": "Lê Minh"}
    return said | {"body_commune": c.land.committee.pk, "name_commune": "Y Ban"} | more


def test_what_was_done_is_confirmed_by_the_department(begun, seen):
    refused = dict.fromkeys(("accountant", "officer", "commune"), 403)

    assert_opens(seen, begun, {"department": 200} | refused | {"stranger": 404}, "accept_done")


def test_no_more_is_confirmed_than_the_support_and_a_refusal_keeps_what_was_written(begun, sent):
    refused = sent(begun, "department", "accept_done", **done(begun, state_volume="300.000.001"))

    assert (refused.status_code, Acceptance.objects.count(), begun.fresh().state) == (422, 0, "running")
    assert "vượt mức hỗ trợ chưa nghiệm thu 300.000.000 đồng" in text_of(refused)
    assert "Bão số 5 làm sập xưởng</textarea>" in text_of(refused)
    assert 'value="7/GT"' in text_of(refused)

    assert sent(begun, "department", "accept_done", **done(begun, state_volume="300 triệu")).status_code == 302
    assert (Acceptance.objects.get().force_majeure, begun.fresh().state) == (True, "accepted")


def test_what_a_decision_demands_is_not_offered_as_surplus_again(stopped, seen):
    order(stopped, 150 * MILLION)

    page = text_of(seen(stopped, "accountant", "page"))
    assert "Nộp trả 50.000.000 đồng" in page and "Nộp trả 200.000.000 đồng" not in page
    form = text_of(seen(stopped, "accountant", "return_surplus", stopped.envelope.pk))
    assert "Trong đó 150.000.000 đồng nộp theo quyết định thu hồi" in form


def test_a_stopped_project_asks_nobody_for_what_is_over(case, law, seen):  # noqa: F811
    c = case(ends_on=day(7, 30))
    c.running()
    c.advance(200 * MILLION, report=c.report())
    c.report(month=7, confirmed=False)
    on = day(8, 1)
    projects.stop(c.project, reason="Cơ sở giải thể", by=c.people.department, on=on, paper=paper("change_decision", on))

    page = text_of(seen(c, "department", "page"))
    assert "Xác nhận khối lượng" not in page
    assert "quá hạn" not in page and "30/07/2026" in page


def test_a_page_of_money_says_that_nothing_is_owed_and_shows_no_form(seen, case, law):  # noqa: F811
    c = case()
    c.running()
    c.fresh()

    for who, name in (("accountant", "return_surplus"), ("department", "order_recovery")):
        shut = seen(c, who, name, c.envelope.pk)
        assert shut.status_code == 409
        assert "Bước này không mở ở trạng thái “Đang thực hiện”." in text_of(shut)
        assert url(c, "page") in text_of(shut)
        assert 'enctype="multipart/form-data"' not in text_of(shut)


def test_money_that_was_given_back_is_not_asked_for_again(seen, sent, stopped):
    page = seen(stopped, "accountant", "return_surplus", stopped.envelope.pk)
    assert page.status_code == 200
    sent(stopped, "accountant", "return_surplus", stopped.envelope.pk, **signed(day(8, 4), amount="200 triệu"))

    shut = seen(stopped, "accountant", "return_surplus", stopped.envelope.pk)

    assert shut.status_code == 409
    assert "phải nộp trả 0 đồng" in text_of(shut)
    assert url(stopped, "return_surplus", stopped.envelope.pk) not in text_of(seen(stopped, "accountant", "page"))


def test_the_page_that_takes_a_report_back_says_when_it_was_confirmed(seen, case, law):  # noqa: F811
    c = case()
    c.running()

    shut = seen(c, "officer", "remove_report", c.report().pk)

    assert (shut.status_code, "form" in shut.context) == (409, False)
    assert "đã được Sở xác nhận khối lượng" in text_of(shut)


def test_behind_what_was_accepted_no_page_buys_or_takes_out(seen, case, law):  # noqa: F811
    c = case(group=True)
    first, second = c.beneficiary(local=200 * MILLION), c.beneficiary(local=100 * MILLION)
    c.assign()
    contract, _other = c.sign(first), c.sign(second)
    bought = c.buy(contract)
    c.accept(first, state_volume=200 * MILLION)

    for name, key in (("remove_purchase", bought.pk), ("purchase", contract.pk)):
        shut = seen(c, "officer", name, key)
        assert (shut.status_code, "form" in shut.context) == (409, False)
        assert "đã được nghiệm thu" in text_of(shut)
