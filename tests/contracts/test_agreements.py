import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Assignment, SupportContract
from tests.factories.documents import RequirementFactory
from tests.factories.norms import InstrumentFactory, SelectionRuleFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db


def acts():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


# ---- the task ----


def test_the_task_is_given_with_all_that_was_granted(case):
    c = case()

    assignment = c.assign(ends_on=day(11, 30))

    assert (assignment.local, assignment.implementer, assignment.ends_on) == (300 * MILLION, c.land.centre, day(11, 30))
    assert c.fresh().state == "assigned"
    assert acts()[-2:] == ["project.assign", "contract.assign"]


def test_the_paper_of_the_task_lies_in_the_dossier_for_the_first_advance(case):
    c = case(national=300 * MILLION, local=0, level="national")
    wanted = RequirementFactory(stage="first_advance", code="contract")

    assignment = c.assign(by=c.people.agency)

    [item] = c.project.dossier.items.all()
    assert (item.requirement, item.paper) == (wanted, assignment.paper)


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "stranger", "commune"])
def test_only_department_or_agency_give_the_task(case, who):
    c = case()

    with pytest.raises(NotAllowed):
        c.assign(by=getattr(c.people, who))
    assert (c.fresh().state, Assignment.objects.count()) == ("approved", 0)


def test_a_clerk_records_the_task_signed_on_paper(case):
    c = case()

    c.assign(by=c.people.clerk, paper=paper("assignment", signer="Lê Minh", signer_title="Giám đốc Sở"))

    assert c.fresh().state == "assigned"


def test_a_task_is_given_once(case):
    c = case()
    c.assign()

    with pytest.raises(NotPossible, match="đề án đang ở trạng thái “Đã giao thực hiện”"):
        c.assign()


def test_an_implementer_cannot_give_itself_the_task(case):
    c = case()

    with pytest.raises(NotPossible, match="không thể tự giao nhiệm vụ cho mình"):
        c.assign(giver=c.land.centre)


def test_national_money_is_contracted_by_the_agency(case):
    c = case(national=300 * MILLION, local=0, level="national")

    with pytest.raises(NotPossible, match="do Cục ký hợp đồng"):
        c.assign(giver=c.land.department)


def test_local_money_is_given_by_department_or_committee(case):
    c = case()

    with pytest.raises(NotPossible, match="do Sở Công Thương hoặc Ủy ban nhân dân giao"):
        c.assign(giver=OrganisationFactory())


@pytest.mark.parametrize("kind", ["fair", "media", "cluster_infrastructure"])
def test_where_the_law_asks_for_a_tender_its_result_comes_first(case, law, kind):
    c = case(kind=kind, counterpart=0, national=90 * MILLION, local=0, level="national")
    SelectionRuleFactory(kind=kind, instrument=law.circular, article="khoản 1 Điều 3", valid_from=day(2, 10, 2014))

    with pytest.raises(NotPossible, match=r"hãy ghi kết quả trước khi ký hợp đồng \(khoản 1 Điều 3"):
        c.assign()
    operations.record_tender(
        c.project,
        package="Gian hàng",
        winner="Công ty Sự kiện",
        value=90 * MILLION,
        by=c.people.officer,
        paper=paper("tender_result"),
    )
    c.assign()

    assert c.fresh().state == "assigned"
    assert "contract.tender" in acts()


def provincial(province, **facts):
    text = InstrumentFactory(provincial=True, province=province, valid_from=day(1, 1))
    facts = {"article": "Điều 9", "level": "provincial", "province": province, "valid_from": day(3, 20)} | facts
    return SelectionRuleFactory(kind="media", instrument=text, **facts)


@pytest.mark.parametrize("level", ["provincial", "communal"])
def test_local_money_asks_for_a_tender_from_the_day_of_the_provinces_rule(case, level):
    c = case(kind="media", counterpart=0, level=level)
    provincial(c.land.province)
    before = case(kind="media", counterpart=0, level=level)

    before.assign(on=day(3, 19), paper=paper("assignment", day(3, 19)))
    with pytest.raises(NotPossible, match=r"phải lựa chọn nhà thầu: .*\(Điều 9"):
        c.assign(on=day(3, 20))
    operations.record_tender(
        c.project, package="Phóng sự", winner="Đài", value=1, by=c.people.officer, paper=paper("tender_result")
    )
    c.assign(on=day(3, 20))

    assert (before.fresh().state, c.fresh().state) == ("assigned", "assigned")


def test_another_provinces_rule_and_the_national_one_do_not_bind_local_money(case, law):
    c = case(kind="media", counterpart=0)
    provincial(ProvinceFactory())
    SelectionRuleFactory(kind="media", instrument=law.circular, valid_from=day(2, 10, 2014))

    c.assign()

    assert c.fresh().state == "assigned"


def test_what_is_known_of_a_tender_is_said_in_a_sentence(case, law):
    c = case(kind="media", counterpart=0)

    def told(project):
        return queries.selection_told(project, queries.selection_of(project, on=day(3, 20)))

    assert told(c.project) == (
        f"{c.land.province}: chưa có quy định của tỉnh trong hệ thống về đấu thầu, xét chọn cho dạng đề án này; hệ thống "
        "không chặn, việc mua sắm vẫn theo Luật Đấu thầu."
    )
    row = provincial(c.land.province)
    assert told(c.project) == (
        f"Phải có kết quả lựa chọn nhà thầu được phê duyệt trước khi ký hợp đồng (Điều 9, {row.instrument})."
    )
    national = case(kind="machinery", level="national", national=300 * MILLION, local=0)
    SelectionRuleFactory(
        kind="", method="choice", instrument=law.circular, article="khoản 2 Điều 3", valid_from=day(2, 10, 2014)
    )
    assert told(national.project) == (
        "Dạng đề án này xét chọn, không bắt buộc đấu thầu (khoản 2 Điều 3, Thông tư 36/2013/TT-BCT)."
    )


@pytest.mark.parametrize("value", [0, -1])
def test_a_tender_has_a_price(case, value):
    c = case()

    with pytest.raises(Invalid) as refusal:
        operations.record_tender(
            c.project, package="A", winner="B", value=value, by=c.people.officer, paper=paper("tender_result")
        )
    assert refusal.value.fields == {"value": "Giá trúng thầu phải lớn hơn 0."}


def test_a_winner_has_a_tax_code_whose_check_digit_is_right(case):
    c = case()

    with pytest.raises(Invalid) as refusal:
        operations.record_tender(
            c.project,
            package="A",
            winner="B",
            winner_tax_code="0100233489",
            value=1,
            by=c.people.officer,
            paper=paper("tender_result"),
        )
    assert list(refusal.value.fields) == ["winner_tax_code"]


def test_a_tender_rests_on_its_own_paper(case):
    c = case()

    with pytest.raises(NotPossible, match="phải kèm văn bản loại “Quyết định phê duyệt kết quả lựa chọn nhà thầu”"):
        operations.record_tender(
            c.project, package="A", winner="B", value=1, by=c.people.officer, paper=paper("assignment")
        )


def test_a_task_cannot_be_given_in_the_future(case):
    c = case()

    with pytest.raises(NotPossible, match="Ngày 23/11/2026 chưa tới"):
        c.assign(on=day(11, 23), paper=paper("assignment", day(11, 20)))


def test_a_task_does_not_end_before_it_was_given(case):
    c = case()

    with pytest.raises(Invalid, match="trước ngày ký") as refusal:
        c.assign(ends_on=day(3, 19))
    assert list(refusal.value.fields) == ["ends_on"]


def test_a_historical_file_takes_no_steps(case):
    c = case(historical=True)

    with pytest.raises(NotPossible, match="Hồ sơ lịch sử chỉ để xem"):
        c.assign()


# ---- beginning without beneficiaries ----


def test_a_class_begins_by_its_implementer(case):
    c = case(training=True)
    c.assign()

    operations.begin_work(c.project, by=c.people.director, on=day(4, 1))

    assert c.fresh().state == "running"


def test_a_project_with_beneficiaries_begins_by_its_first_support_contract(case):
    c = case()
    c.beneficiary()
    c.assign()

    with pytest.raises(NotPossible, match="bắt đầu khi ký hợp đồng hỗ trợ đầu tiên"):
        operations.begin_work(c.project, by=c.people.director, on=day(4, 1))


def test_a_fair_whose_establishments_are_still_to_come_does_not_begin(case):
    c = case(kind="fair_participation", activity=4, form="group")
    c.assign()

    with pytest.raises(NotPossible, match="Chưa duyệt danh sách đơn vị thụ hưởng"):
        operations.begin_work(c.project, by=c.people.director, on=day(4, 1))


@pytest.mark.parametrize("who", ["officer", "department", "stranger"])
def test_only_the_implementers_head_begins(case, who):
    c = case(training=True)
    c.assign()

    with pytest.raises(NotAllowed):
        operations.begin_work(c.project, by=getattr(c.people, who), on=day(4, 1))


def test_work_does_not_begin_before_the_task_was_given(case):
    c = case(training=True)
    c.assign()

    with pytest.raises(Invalid, match="trước ngày giao nhiệm vụ"):
        operations.begin_work(c.project, by=c.people.director, on=day(3, 19))


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

    with pytest.raises(NotPossible, match=r"chưa được Sở duyệt trước ngày ký \(Mẫu 11, khoản 3 Điều 23"):
        c.sign(beneficiary)
    assert SupportContract.objects.count() == 0


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
