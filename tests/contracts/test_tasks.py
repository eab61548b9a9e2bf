import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Assignment
from tests.factories.documents import RequirementFactory
from tests.factories.norms import InstrumentFactory, SelectionRuleFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import ProvinceFactory
from tests.worlds import once

from .conftest import MILLION, begin, day, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def beginning(django_db_setup, django_db_blocker):
    """No task was given yet."""
    yield from once(lambda: begin(running=False), django_db_blocker)


def acts():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


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


def test_the_task_is_not_given_before_the_result_of_its_tender(case, law):
    c = case(kind="fair", counterpart=0, national=90 * MILLION, local=0, level="national")
    SelectionRuleFactory(kind="fair", instrument=law.circular, valid_from=day(2, 10, 2014))
    facts = {"package": "Gian hàng", "winner": "Công ty Sự kiện", "value": 90 * MILLION, "by": c.people.officer}
    operations.record_tender(c.project, paper=paper("tender_result", day(3, 21)), **facts)

    with pytest.raises(Invalid, match=r"trước ngày phê duyệt kết quả lựa chọn nhà thầu \(21/03/2026\)"):
        c.assign(on=day(3, 20))

    assert c.assign(on=day(3, 21)).signed_on == day(3, 21)


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
