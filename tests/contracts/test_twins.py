"""No money on account for a machine or an invoice that the State has paid for before, until somebody lets it pass."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.establishments.models import SupportedItem
from khuyencong.norms.models import SupportNorm
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Clearance, Project
from tests.factories.documents import PaperFactory
from tests.factories.establishments import SupportedItemFactory
from tests.factories.norms import LineFactory, SupportNormFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ClearanceFactory, ProjectFactory, StepTakenFactory

from .conftest import MILLION, day

pytestmark = pytest.mark.django_db
FIRST = 210 * MILLION
REASON = "Đã đối chiếu: hãng đánh số trùng"


def elsewhere(**facts):
    facts = {"establishment__province": ProvinceFactory(name="Lâm Đồng"), "on": dt.date(2019, 5, 1)} | facts
    return SupportedItemFactory(**facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"serial": "tq 118", "on": dt.date(2025, 7, 1)},  # the day on which the province became what it is
            "Số máy “TQ-118” đã được Nhà nước hỗ trợ năm 2025 tại tỉnh Lâm Đồng: ",
        ),
        ({"serial": "tq 118"}, "Số máy “TQ-118” đã được Nhà nước hỗ trợ năm 2019 ở nơi nay thuộc tỉnh Lâm Đồng: "),
        (
            {"invoice": "0100233488 1C26TTN 0118"},
            "Hoá đơn “1C26TTN 118” đã được Nhà nước hỗ trợ năm 2019 ở nơi nay thuộc tỉnh Lâm Đồng: ",
        ),
        (
            {"invoice": "1C26TTN 118"},
            "Hoá đơn “1C26TTN 118” đã được Nhà nước hỗ trợ năm 2019 ở nơi nay thuộc tỉnh Lâm Đồng: ",
        ),
    ],
)
def test_what_was_paid_for_in_another_province_stops_the_advance_until_it_is_let_pass(at_work, facts, sentence):
    c = at_work
    c.vouch(c.row(300 * MILLION, "national"))
    elsewhere(**facts)

    with pytest.raises(NotPossible) as refusal:
        c.request(FIRST, report=c.proof)
    assert str(refusal.value) == (
        f"{sentence}200.000.000 đồng, chưa rõ quyết định. Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được."
    )

    [twin] = queries.twins_of(c.project)
    clearance = operations.clear_twin(c.project, key=twin.key, reason=REASON, by=c.people.appraiser, on=day(6, 28))
    assert (clearance.rule, clearance.reason, clearance.by) == ("same_support", REASON, c.people.appraiser)
    told = Event.objects.filter(data__reason=REASON)
    assert list(told.values_list("action", flat=True)) == ["contract.clear_twin"]
    assert c.request(FIRST, report=c.proof).amount == FIRST


def test_what_comes_to_light_after_the_request_stops_the_payment(at_work):
    advance = at_work.confirm(at_work.request(FIRST, report=at_work.proof))
    elsewhere(serial="TQ-118")

    with pytest.raises(NotPossible, match="Số máy “TQ-118” đã được Nhà nước hỗ trợ"):
        at_work.pay(advance)


def test_the_decision_that_gave_it_is_named(at_work):
    before = ProjectFactory(province=ProvinceFactory(), state="liquidated")
    decision = PaperFactory(kind="plan_decision", number="12/QĐ-UBND", signed_on=dt.date(2019, 1, 5))
    StepTakenFactory(project=before, name="approve", paper=decision)
    elsewhere(serial="TQ-118", project_uid=before.uid)

    [twin] = queries.twins_of(at_work.project)

    assert twin.sentence.endswith("200.000.000 đồng, theo 12/QĐ-UBND (05/01/2019).")


def test_another_serial_another_invoice_and_what_was_withdrawn_stop_nothing(at_work):
    at_work.vouch(at_work.row(300 * MILLION, "national"))
    elsewhere(serial="TQ-119", invoice="0100233488 1C26TTN 119")
    elsewhere(serial="TQ-118", withdrawn_on=day(1, 5), withdrawn_why="Trả lại")

    assert at_work.request(FIRST, report=at_work.proof).amount == FIRST


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "stranger"])
def test_others_let_nothing_pass(at_work, who):
    elsewhere(serial="TQ-118")
    [twin] = queries.twins_of(at_work.project)

    with pytest.raises(NotAllowed):
        operations.clear_twin(
            at_work.project, key=twin.key, reason=REASON, by=getattr(at_work.people, who), on=day(6, 28)
        )
    assert not Clearance.objects.exists()


def test_nothing_is_let_pass_without_a_reason_or_twice(at_work):
    elsewhere(serial="TQ-118")
    [twin] = queries.twins_of(at_work.project)
    facts = {"key": twin.key, "by": at_work.people.agency, "on": day(6, 28)}

    with pytest.raises(Invalid, match="lý do"):
        operations.clear_twin(at_work.project, reason="vội", **facts)
    operations.clear_twin(at_work.project, reason=REASON, **facts)
    with pytest.raises(NotPossible):
        operations.clear_twin(at_work.project, reason=REASON, **facts)


# ---- one project cut in several ----


@pytest.fixture
def cut(at_work):
    """A second national project of the year for the same beneficiary: 300 and 150 million where 400 are allowed for one."""
    SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True), level="national", cap=400 * MILLION, percent=None)
    who = at_work.project.beneficiaries.get()
    Project.objects.filter(pk=at_work.project.pk).update(norm_line="MMTB")
    at_work.fresh()
    facts = {"year": at_work.project.year, "kind": "machinery", "norm_line": "MMTB", "level": "national"}

    def make(**more):
        told = {"province": at_work.land.province, "national": 150 * MILLION, "local": 0} | facts | more
        other = ProjectFactory(**told)
        BeneficiaryFactory(project=other, establishment=who.establishment, national=150 * MILLION, local=0)
        return other

    return make


def test_two_projects_that_together_pass_the_norm_stop_the_advance_until_they_are_let_pass(at_work, cut):
    c, second = at_work, cut(approved=True)

    [found] = queries.paid_twice(c.project, on=day(6, 28))
    assert (
        f"2 đề án ({c.project.code}: 300.000.000 đồng; {second.code}: 150.000.000 đồng), cộng 450.000.000 đồng, "
        "vượt mức tối đa 400.000.000 đồng của một đề án."
    ) in found.sentence
    with pytest.raises(NotPossible, match=r"vượt mức tối đa 400\.000\.000 .* cho qua, kèm lý do"):
        c.request(FIRST, report=c.proof)

    clearance = operations.clear_twin(c.project, key=found.key, reason=REASON, by=c.people.agency, on=day(6, 28))
    assert (clearance.rule, clearance.sentence) == ("split", found.sentence)
    [told] = Event.objects.filter(data__reason=REASON)
    assert (told.action, told.data["sentence"]) == ("contract.clear_split", found.sentence)
    assert c.request(FIRST, report=c.proof).amount == FIRST


def test_a_cut_let_pass_in_one_project_is_let_pass_in_the_other_until_the_evidence_changes(at_work, cut):
    c, second = at_work, cut(approved=True)
    [found] = queries.paid_twice(c.project, on=day(6, 28))
    clearance = operations.clear_twin(c.project, key=found.key, reason=REASON, by=c.people.agency, on=day(6, 28))

    [there] = queries.paid_twice(second, on=day(6, 28))
    assert there.cleared == clearance

    second.beneficiaries.update(national=150 * MILLION - 1)
    assert [found.cleared for found in queries.paid_twice(second, on=day(6, 28))] == [None]
    assert [found.cleared for found in queries.paid_twice(c.project, on=day(6, 28))] == [None]


def test_a_third_project_of_the_cut_is_asked_again_everywhere(at_work, cut):
    c, second = at_work, cut(approved=True)
    [found] = queries.paid_twice(c.project, on=day(6, 28))
    operations.clear_twin(c.project, key=found.key, reason=REASON, by=c.people.agency, on=day(6, 28))

    third = cut(approved=True)

    for project in (c.project, second, third):
        assert [found.cleared for found in queries.paid_twice(project, on=day(6, 28))] == [None]


def test_what_another_department_let_pass_is_asked_again_here(at_work, cut):
    c, there = at_work, cut(approved=True, province=ProvinceFactory())
    [found] = queries.paid_twice(there, on=day(6, 28))
    ClearanceFactory(project=there, rule="split", subject=found.key, reason=REASON)

    assert [found.cleared for found in queries.paid_twice(there, on=day(6, 28))] != [None]
    assert [found.cleared for found in queries.paid_twice(c.project, on=day(6, 28))] == [None]


def test_what_another_project_only_asks_for_holds_no_money_back(at_work, cut):
    cut(state="submitted")

    assert queries.paid_twice(at_work.project, on=day(6, 28)) == []
    assert at_work.request(FIRST, report=at_work.proof).amount == FIRST


def test_where_no_norm_is_loaded_other_projects_for_the_same_are_told_and_stop_nothing(at_work, cut):
    c, second, on = at_work, cut(approved=True), day(6, 28)
    elder = cut(approved=True, year=c.project.year - 1)
    SupportNorm.objects.all().delete()

    [found] = projects.splits_without_norm(c.project, on=on)
    assert (
        f"2 đề án ({c.project.code}: 300.000.000 đồng; {second.code}: 150.000.000 đồng), cộng 450.000.000 đồng. Chưa so được "
        "với mức tối đa: "
    ) in found.sentence
    assert elder.code not in found.sentence  # of another year: nothing says that it is the same
    assert [projects.norms_missing(c.project, on=on)] == [
        ["Chưa có định mức quốc gia cho dòng này vào ngày 28/06/2026 trong hệ thống."]
    ]
    assert queries.paid_twice(c.project, on=on) == []
    assert c.request(FIRST, report=c.proof).amount == FIRST
    helped = list(c.project.beneficiaries.all())
    [warned] = projects.split_findings(c.project, beneficiaries=helped, on=on)
    assert (warned.refuses, warned.sentence) == (False, found.sentence)


def test_where_a_norm_is_loaded_nothing_is_said_to_be_missing(at_work, cut):
    cut(approved=True)

    assert projects.norms_missing(at_work.project, on=day(6, 28)) == []
    assert projects.splits_without_norm(at_work.project, on=day(6, 28)) == []


def test_a_cut_that_comes_to_light_after_the_request_stops_the_payment(at_work, cut):
    advance = at_work.confirm(at_work.request(FIRST, report=at_work.proof))
    cut(approved=True)

    with pytest.raises(NotPossible, match="cùng nội dung có 2 đề án"):
        at_work.pay(advance)


def test_a_cut_let_pass_at_the_appraisal_is_not_asked_again_when_fewer_were_approved(at_work, cut):
    c = at_work
    cut(approved=True)
    refused = cut(state="submitted")
    helped = list(c.project.beneficiaries.all())
    [found] = projects.split_findings(c.project, beneficiaries=helped, on=day(6, 28))
    ClearanceFactory(project=c.project, rule="split", subject=found.subject, reason=REASON)
    [told] = queries.paid_twice(c.project, on=day(6, 28))

    assert refused.code not in told.sentence
    assert told.cleared.reason == REASON
    assert c.request(FIRST, report=c.proof).amount == FIRST


def test_settlement_keeps_the_invoice_with_its_seller(case, nation):
    c = case()
    c.accepted()
    c.vouch()

    c.settle()

    assert [(row.serial, row.invoice) for row in SupportedItem.objects.all()] == [("TQ-118", "0100233488 1C26TTN 118")]
    assert queries.twins_of(c.project) == []  # its own money is no other's


def test_several_invoices_of_one_seller_are_told_apart_by_what_they_name(case, nation):
    c = case()
    c.accepted()
    c.vouch(
        c.row(),
        c.row(300 * MILLION, "counterpart", number="119", content="Vận chuyển, lắp đặt"),
        c.row(20 * MILLION, "counterpart", number="120", content="Băng tải nạp liệu"),
    )

    c.settle()

    assert SupportedItem.objects.get().invoice == "0100233488 1C26TTN 118"
