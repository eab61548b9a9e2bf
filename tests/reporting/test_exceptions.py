"""The auditor's board: what is missing, over, late, out of order, twice, open, without originals; within his mandate."""

import datetime as dt

import pytest

from khuyencong.base.errors import NotAllowed
from khuyencong.reporting.queries import exceptions
from tests.factories.audit import EventFactory
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import (
    AcceptanceFactory,
    AdvanceFactory,
    AssignmentFactory,
    PurchaseFactory,
    RecoveryFactory,
    RecoveryReceiptFactory,
    SupportContractFactory,
    VoucherFactory,
)
from tests.factories.documents import DossierItemFactory, RequirementFactory
from tests.factories.norms import DeadlineRowFactory, ExceptionalDayFactory, LineFactory, SupportNormFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ClearanceFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def auditor(province):
    return person("auditor", place=province)


@pytest.fixture
def frame(auditor):
    return exceptions.frame_for(auditor, year=2026)


def lines(frame, key):
    found = exceptions.KINDS[key].found(frame)
    told = found[:50]
    assert found.count() == len(told) == len(list(found)) == exceptions.board(frame)[key]
    return told


def test_who_has_no_mandate_to_audit_sees_no_board(province):
    for role in ("appraiser", "department_director", "accountant"):
        with pytest.raises(NotAllowed):
            exceptions.frame_for(person(role, place=province))


@pytest.mark.parametrize("key", exceptions.KINDS)
def test_an_empty_house_has_no_exceptions(key, frame):
    assert lines(frame, key) == []


# ---- papers ----


def test_a_paper_that_a_passed_stage_asks_for_is_missing_by_name(province, frame):
    RequirementFactory(title="Công văn đề nghị")
    project = ProjectFactory(province=province, level="national", state="appraised")
    ProjectFactory(province=province, level="national", state="submitted")
    ProjectFactory(province=province, level="national", state="liquidated", historical=True)

    told = lines(frame, "thieu-giay-to")

    assert [(line.project, line.sentence) for line in told] == [
        (project, "Đạt thẩm định cấp cơ sở, thiếu: Công văn đề nghị.")
    ]


def test_a_paper_that_is_there_or_does_not_apply_is_not_missing(province, frame):
    asked = RequirementFactory()
    for item in ({}, {"paper": None, "state": "not_applicable", "reason": "Máy tự chế"}):
        project = ProjectFactory(province=province, level="national", state="appraised")
        DossierItemFactory(dossier=project.dossier, requirement=asked, **item)

    assert lines(frame, "thieu-giay-to") == []


def test_what_is_asked_under_a_condition_is_not_judged_here(province, frame):
    RequirementFactory(only_when="tender")
    ProjectFactory(province=province, level="national", state="appraised")

    assert lines(frame, "thieu-giay-to") == []


def test_national_lines_are_followed_by_analogy_where_the_level_has_none(province, frame):
    RequirementFactory(title="Của quốc gia")
    ProjectFactory(province=province, level="provincial", state="appraised")
    assert len(lines(frame, "thieu-giay-to")) == 1

    RequirementFactory(title="Của tỉnh", level="provincial")

    assert [line.sentence for line in lines(frame, "thieu-giay-to")] == ["Đạt thẩm định cấp cơ sở, thiếu: Của tỉnh."]


@pytest.mark.parametrize(("day", "missing"), [(dt.date(2026, 5, 31), 1), (dt.date(2026, 6, 1), 0)])
def test_the_papers_are_those_of_the_day_whose_rules_the_project_follows(day, missing, province, frame):
    RequirementFactory(valid_to=dt.date(2026, 6, 1))
    ProjectFactory(province=province, level="national", state="appraised", rules_on=day)

    assert len(lines(frame, "thieu-giay-to")) == missing


def test_an_advance_that_was_paid_asks_for_its_papers(province, frame):
    RequirementFactory(stage="first_advance", title="Hợp đồng mua máy")
    asked = AdvanceFactory(project__province=province, project__level="national")
    assert lines(frame, "thieu-giay-to") == []

    asked.state, asked.confirmed_on = "paid", asked.requested_on
    asked.save()

    assert len(lines(frame, "thieu-giay-to")) == 1


def test_missing_papers_ask_as_often_for_three_projects_as_for_one(province, frame, django_assert_num_queries):
    RequirementFactory()
    ProjectFactory(province=province, level="national", state="appraised")
    with django_assert_num_queries(2):
        exceptions.missing_papers(frame)
    for _n in range(2):
        ProjectFactory(province=province, level="national", state="appraised")

    with django_assert_num_queries(2):
        assert len(exceptions.missing_papers(frame)) == 3


# ---- norms ----


def helped(province, *, national=0, local=0, total=1000, **facts):
    project = ProjectFactory(
        province=province,
        approved=True,
        national=national,
        local=local,
        rules_on=dt.date(2026, 3, 1),
        norm_line="MAY",
        **facts,
    )
    return BeneficiaryFactory(project=project, national=national, local=local, total=total)


@pytest.mark.parametrize(("amount", "over"), [(300, 0), (301, 1)])
def test_support_beyond_the_cap_is_over_from_one_dong_on(amount, over, province, frame):
    SupportNormFactory(line=LineFactory(code="MAY"), percent=50, cap=300, valid_from=dt.date(2020, 1, 1))
    helped(province, national=amount)

    assert len(lines(frame, "vuot-dinh-muc")) == over


@pytest.mark.parametrize(("amount", "over"), [(200, 0), (201, 1)])
def test_support_beyond_its_share_of_the_cost_is_over(amount, over, province, frame):
    SupportNormFactory(line=LineFactory(code="MAY"), percent=50, cap=300, valid_from=dt.date(2020, 1, 1))
    helped(province, national=amount, total=400)

    assert len(lines(frame, "vuot-dinh-muc")) == over


def test_local_money_is_bound_by_the_province_alone(province, frame):
    line = LineFactory(code="MAY")
    SupportNormFactory(line=line, percent=50, cap=300, valid_from=dt.date(2020, 1, 1))
    helped(province, local=900)
    assert lines(frame, "vuot-dinh-muc") == []

    SupportNormFactory(
        line=line, percent=50, cap=300, level="provincial", province=province, valid_from=dt.date(2020, 1, 1)
    )

    assert len(lines(frame, "vuot-dinh-muc")) == 1


@pytest.mark.parametrize(("level", "over"), [("communal", 1), ("provincial", 0)])
def test_money_of_a_commune_is_bound_by_the_row_for_communes(level, over, province, frame):
    line, since = LineFactory(code="MAY"), dt.date(2020, 1, 1)
    for bound, cap in (("provincial", 300), ("communal", 100)):
        SupportNormFactory(line=line, percent=None, cap=cap, level=bound, province=province, valid_from=since)
    project = helped(province, local=200).project
    project.level = level
    project.save()

    assert len(lines(frame, "vuot-dinh-muc")) == over


@pytest.mark.parametrize(("amount", "over"), [(300, 0), (301, 1)])
def test_money_of_a_commune_without_a_row_of_its_own_is_bound_by_the_provinces(amount, over, province, frame):
    line, since = LineFactory(code="MAY"), dt.date(2020, 1, 1)
    SupportNormFactory(line=line, percent=None, cap=300, level="provincial", province=province, valid_from=since)
    project = helped(province, local=amount).project
    project.level = "communal"
    project.save()

    assert len(lines(frame, "vuot-dinh-muc")) == over


def test_the_norm_is_that_of_the_day(province, frame):
    line = LineFactory(code="MAY")
    SupportNormFactory(line=line, percent=None, cap=300, valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2026, 3, 1))
    SupportNormFactory(line=line, percent=None, cap=400, valid_from=dt.date(2026, 3, 1))
    helped(province, national=400)

    assert lines(frame, "vuot-dinh-muc") == []


# ---- exceptions, late recordings ----


def test_an_exception_is_told_with_who_let_it_pass_and_why(province, frame):
    row = ClearanceFactory(project__province=province)
    ClearanceFactory()

    assert [line.sentence for line in lines(frame, "ngoai-le")] == [
        f"Đối ứng của đơn vị thụ hưởng: Thiếu đối ứng Lý do: Có văn bản cam kết riêng. Người chấp nhận: {row.by}."
    ]


# the tests' today is Sunday, 22 November 2026: five working days after Sunday the 15th end on Friday the 20th
@pytest.mark.parametrize(
    ("on", "late"), [(dt.date(2026, 11, 16), 0), (dt.date(2026, 11, 15), 1), (dt.date(2026, 10, 1), 1), (None, 0)]
)
def test_a_step_is_late_after_five_working_days(on, late, province, frame):
    EventFactory(province_id=province.pk, on=on)

    assert len(lines(frame, "ghi-muon")) == late


@pytest.mark.parametrize(("free", "late"), [(None, 1), (dt.date(2026, 11, 18), 0)])
def test_a_day_off_that_was_announced_does_not_make_a_step_late(free, late, province, frame):
    EventFactory(province_id=province.pk, on=dt.date(2026, 11, 15))
    if free:
        ExceptionalDayFactory(day=free)

    assert len(lines(frame, "ghi-muon")) == late


@pytest.mark.parametrize(("allowed", "late"), [(5, 1), (6, 0)])
def test_how_many_days_are_in_time_is_set_in_one_place(allowed, late, province, frame, settings):
    settings.LATE_RECORDING_DAYS = allowed
    EventFactory(province_id=province.pk, on=dt.date(2026, 11, 15))

    assert len(lines(frame, "ghi-muon")) == late


def test_what_was_entered_as_past_and_what_lies_elsewhere_is_not_late(province, frame):
    EventFactory(province_id=province.pk, on=dt.date(2020, 1, 1), action="project.record_historical")
    EventFactory(province_id=ProvinceFactory().pk, on=dt.date(2020, 1, 1))

    assert lines(frame, "ghi-muon") == []


# ---- orders, invoices, advances, originals ----


def test_an_invoice_before_the_contract_is_impossible(province, frame):
    given = AssignmentFactory(project__province=province)
    VoucherFactory(project=given.project, on=dt.date(2026, 3, 19))
    VoucherFactory(project=given.project, on=dt.date(2026, 3, 20))

    assert [line.project for line in lines(frame, "sai-thu-tu")] == [given.project]


def test_an_advance_before_the_contract_is_impossible(province, frame):
    given = AssignmentFactory(project__province=province)
    AdvanceFactory(project=given.project, requested_on=dt.date(2026, 3, 19))
    AdvanceFactory(project=given.project, requested_on=dt.date(2026, 3, 20))

    assert [line.project for line in lines(frame, "sai-thu-tu")] == [given.project]


@pytest.mark.parametrize(("delivered", "found"), [(None, 1), (dt.date(2026, 11, 6), 1), (dt.date(2026, 11, 5), 0)])
def test_an_acceptance_before_delivery_is_impossible(delivered, found, province, frame):
    contract = SupportContractFactory(assignment__project__province=province)
    PurchaseFactory(support_contract=contract, delivered_on=delivered)
    AcceptanceFactory(project=contract.assignment.project, beneficiary=contract.beneficiary)

    assert len(lines(frame, "sai-thu-tu")) == found


def test_an_order_let_pass_moves_from_one_list_to_the_other(province, frame):
    contract = SupportContractFactory(assignment__project__province=province)
    project = contract.assignment.project
    bought = PurchaseFactory(support_contract=contract, signed_on=dt.date(2026, 3, 31))
    assert ([line.project for line in lines(frame, "sai-thu-tu")], lines(frame, "ngoai-le")) == ([project], [])

    ClearanceFactory(project=project, rule="order", subject=f"purchase:{bought.pk}")

    assert lines(frame, "sai-thu-tu") == []
    [line] = lines(frame, "ngoai-le")
    assert line.sentence.startswith("Thứ tự ngày: ")


def test_one_invoice_in_two_projects_is_named_once(province, frame):
    one, two = (ProjectFactory(province=province, running=True) for _n in range(2))
    VoucherFactory(project=one, number="118")
    VoucherFactory(project=two, number="00118", source="counterpart")  # the ledger refuses the same source
    VoucherFactory(project=one, number="119")

    told = lines(frame, "trung-hoa-don")

    assert len(told) == 1
    assert (one.code in told[0].sentence, two.code in told[0].sentence) == (True, True)


def test_money_on_account_after_the_day_of_liquidation_is_open(auditor, province):
    DeadlineRowFactory(code="liquidation", kind="yearly", month=1, day=22, year_offset=1)
    old = EnvelopeFactory(province=province, year=2025)
    for state in ("running", "liquidated"):
        project = ProjectFactory(province=province, year=2025, state=state)
        EntryFactory(envelope=old, kind="advanced", amount=100, project=project)

    told = lines(exceptions.frame_for(auditor, year=2025), "tam-ung-qua-han")

    assert [line.sentence for line in told] == ["Năm 2025: đã tạm ứng 100 đồng, đã quyết toán 0 đồng, đang thực hiện."]


def test_money_demanded_back_that_did_not_come_in_full_is_listed(province, frame):
    facts = {"project__province": province, "paper__number": "12/QĐ-SCT", "decided_on": dt.date(2026, 9, 1)}
    late = RecoveryFactory(**facts, due_on=dt.date(2026, 10, 1))
    RecoveryReceiptFactory(recovery=late, amount=40_000_000)
    paid = RecoveryFactory(project__province=province)
    RecoveryReceiptFactory(recovery=paid, amount=paid.amount)

    [told] = lines(frame, "thu-hoi-chua-du")

    assert told.project == late.project
    assert told.sentence.endswith("phải thu 100.000.000 đồng, đã nộp 40.000.000 đồng, quá hạn 01/10/2026.")


def test_historical_dossiers_without_originals_are_listed(province, frame):
    wanted = ProjectFactory(province=province, state="liquidated", historical=True, originals_missing=True)
    ProjectFactory(province=province, state="liquidated", historical=True)

    assert [line.project for line in lines(frame, "chua-co-goc")] == [wanted]


def test_a_recovery_paid_in_parts_is_one_line(province, frame):
    for amounts in ((10_000_000, 20_000_000), (), (50_000_000, 50_000_000)):
        recovery = RecoveryFactory(project__province=province, project__year=2026)
        for amount in amounts:
            RecoveryReceiptFactory(recovery=recovery, amount=amount)

    assert len(lines(frame, "thu-hoi-chua-du")) == 2


# ---- the mandate ----


def test_nothing_beyond_the_mandate_is_told(auditor):
    elsewhere = ProvinceFactory()
    ClearanceFactory(project__province=elsewhere)
    ProjectFactory(province=elsewhere, state="liquidated", historical=True, originals_missing=True)
    frame = exceptions.frame_for(auditor, year=2026)

    assert set(exceptions.board(frame).values()) == {0}
