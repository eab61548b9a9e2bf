import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets.queries import balance, position, positions
from khuyencong.contracts import operations
from khuyencong.contracts.papers import settlements as papers
from khuyencong.contracts.papers.shared import money_rows
from khuyencong.establishments.models import SupportedItem
from khuyencong.projects import operations as projects
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.documents import DossierItemFactory, RequirementFactory
from tests.factories.norms import GroundRowFactory, InstrumentFactory, LineFactory, SupportNormFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db


# ---- settlement ----


@pytest.fixture
def half(land):
    """The province pays 50 % of a machine, at most 300 million."""
    line = LineFactory(code="MMTB", anywhere=True)
    SupportNormFactory(
        instrument=InstrumentFactory(provincial=True, province=land.province),
        line=line,
        level="provincial",
        province=land.province,
        cap=300 * MILLION,
    )
    return line.code


def test_settling_follows_the_money_really_spent(case, law, half):
    c = case(norm_line=half, rules_on=day(2, 1))
    c.accepted(advanced=200 * MILLION)
    c.vouch(c.row(220 * MILLION), c.row(276 * MILLION, "counterpart"))

    settlement = c.settle()

    assert (settlement.local, settlement.counterpart, settlement.returned) == (240 * MILLION, 276 * MILLION, 0)
    assert settlement.explanation == (
        "Theo tỷ lệ của quyết định: 496.000.000 × 300.000.000 / 620.000.000 = 240.000.000 đồng; không quá mức được duyệt "
        "300.000.000 đồng; quyết toán 240.000.000 đồng. Định mức 50% cao hơn nên không dùng."
    )
    own = position(c.envelope, project=c.project)
    assert (own.committed, own.settled, own.advanced) == (240 * MILLION, 240 * MILLION, 200 * MILLION)
    assert c.fresh().state == "settled"
    assert Event.objects.filter(action="contract.settle").count() == 1


def test_where_no_norm_is_loaded_the_share_of_the_decision_counts(case, law):
    c = case()
    c.accepted()
    c.vouch(c.row(155 * MILLION), c.row(155 * MILLION, "counterpart"))  # half of what was planned

    settlement = c.settle()

    assert settlement.local == 150 * MILLION
    assert settlement.explanation.endswith("Chưa có định mức tỷ lệ trong hệ thống.")


def test_a_decision_beyond_the_norm_is_settled_by_the_norm(case, law, half):
    c = case(norm_line=half, rules_on=day(2, 1), counterpart=200 * MILLION, local=300 * MILLION)  # 60 % of 500
    c.accepted()
    c.vouch(c.row(200 * MILLION), c.row(200 * MILLION, "counterpart"))

    settlement = c.settle()

    assert settlement.local == 200 * MILLION
    assert settlement.explanation.startswith("Theo định mức: 50% × 400.000.000 = 200.000.000 đồng")


def test_an_advance_beyond_the_settlement_is_given_back_before_the_end(case, law):
    c = case()
    c.accepted(advanced=210 * MILLION)
    c.vouch(c.row(155 * MILLION), c.row(155 * MILLION, "counterpart"))
    settlement = c.settle()
    assert settlement.returned == 60 * MILLION

    with pytest.raises(NotPossible, match=r"Còn 60\.000\.000 đồng tạm ứng thừa chưa nộp trả"):
        c.liquidate()
    with pytest.raises(NotPossible, match=r"chỉ còn 60\.000\.000 đồng tạm ứng chưa quyết toán"):
        c.give_back(60 * MILLION + 1)
    c.give_back(60 * MILLION)
    c.liquidate()

    assert c.fresh().state == "liquidated"
    assert balance(c.envelope).returned == 60 * MILLION


def test_what_goes_back_and_what_ends_keeps_the_order_of_days(case, law):
    c = case()
    c.accepted(advanced=210 * MILLION)
    c.vouch(c.row(155 * MILLION), c.row(155 * MILLION, "counterpart"))
    c.settle(on=day(7, 20))

    with pytest.raises(Invalid, match=r"Ngày 19/07/2026 trước ngày quyết toán hoặc ngừng đề án \(20/07/2026\)"):
        c.give_back(60 * MILLION, on=day(7, 19))
    c.give_back(59 * MILLION, on=day(7, 20))
    c.give_back(MILLION, on=day(7, 28))
    with pytest.raises(Invalid, match=r"trước bút toán cuối của đề án trong sổ kinh phí \(28/07/2026\)"):
        c.liquidate(on=day(7, 27))
    with pytest.raises(Invalid, match="không thể trước ngày ký văn bản 29/07/2026"):
        c.liquidate(on=day(7, 28), reconciliation=paper("reconciliation", day(7, 29)))

    assert c.liquidate(on=day(7, 28), reconciliation=paper("reconciliation", day(7, 28))).on == day(7, 28)


def test_what_was_settled_is_paid_before_the_end(case, law):
    c = case()
    c.accepted(advanced=200 * MILLION)
    c.vouch()
    c.settle()

    with pytest.raises(NotPossible, match=r"Còn 100\.000\.000 đồng đã quyết toán chưa chuyển"):
        c.liquidate()
    c.advance(100 * MILLION, on=day(7, 22))
    c.liquidate()

    assert c.fresh().state == "liquidated"


def test_two_envelopes_of_one_source_pay_the_sum_once(case, law):
    c = case()
    second = EnvelopeFactory(province=c.land.province, given=10**9)
    EntryFactory(envelope=c.envelope, kind="committed", amount=-100 * MILLION, project=c.project)
    EntryFactory(envelope=second, kind="committed", amount=100 * MILLION, project=c.project)
    c.accepted()
    c.vouch(c.row(155 * MILLION), c.row(155 * MILLION, "counterpart"))

    settlement = c.settle()

    assert settlement.local == 150 * MILLION
    assert sum(own.settled for own in positions(c.project).values()) == 150 * MILLION
    assert sum(own.committed for own in positions(c.project).values()) == 150 * MILLION


def test_state_money_that_no_voucher_proves_goes_back_to_its_envelope(case, law):
    c = case(counterpart=0, kind="vocational_training", activity=1)
    c.assign()
    operations.begin_work(c.project, by=c.people.director, on=day(4, 1))
    c.accept(None, counterpart_volume=0)
    c.vouch(c.row(1 * MILLION))

    c.settle()

    assert balance(c.envelope).available == 999 * MILLION


@pytest.mark.parametrize(("on", "late"), [(day(7, 25), False), (day(7, 26), True)])
def test_the_file_is_due_fifteen_days_after_the_last_acceptance(case, law, on, late):
    c = case()
    c.accepted()
    c.vouch()

    if late:
        with pytest.raises(Invalid) as refusal:
            c.settle(on=on)
        assert refusal.value.fields["late_reason"].startswith("Hồ sơ quyết toán phải xong trước hết ngày 25/07/2026")
        settlement = c.settle(on=on, late_reason="Chờ hoá đơn")
        assert settlement.late_reason == "Chờ hoá đơn"
    else:
        settlement = c.settle(on=on)
    assert settlement.due_on == day(7, 25)


def test_what_the_state_paid_for_is_remembered_at_the_establishment(case, law):
    c = case()
    beneficiary = c.accepted()
    c.vouch()

    c.settle()

    [item] = SupportedItem.objects.all()
    assert (item.establishment, item.item, item.serial, item.amount, item.source) == (
        beneficiary.establishment,
        "Máy sấy",
        "TQ-118",
        300 * MILLION,
        "KCĐP",
    )


def test_what_several_machines_had_is_divided_without_loss(case, law):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    contract = c.sign(beneficiary)
    for name in "ABC":
        c.buy(contract, value=MILLION, item=f"Máy {name}")
    c.accept(beneficiary)
    c.vouch(c.row(1_000), c.row(1_067, "counterpart"))

    settlement = c.settle()

    assert settlement.local == 1_000
    assert list(SupportedItem.objects.order_by("pk").values_list("amount", flat=True)) == [333, 333, 334]


@pytest.mark.parametrize(
    ("accepted", "local", "told"),
    [(320 * MILLION, 300 * MILLION, False), (10 * MILLION, 150 * MILLION, True)],
)
def test_settlement_follows_the_counterpart_that_was_accepted(case, law, accepted, local, told):
    c = case()
    beneficiary = c.running()
    c.accept(beneficiary, counterpart_volume=accepted, note="Chưa lắp băng tải")
    c.vouch()

    settlement = c.settle()

    assert (settlement.local, settlement.counterpart) == (local, accepted)
    assert [row["settled"] for row in money_rows(c.project) if row["name"].startswith("Đối ứng")] == [accepted]
    assert ("chỉ tính 10.000.000 đồng đã nghiệm thu" in settlement.explanation) == told


def test_an_empty_list_settles_nothing(case, law):
    c = case()
    c.accepted()

    with pytest.raises(NotPossible, match="Bảng kê chứng từ còn trống"):
        c.settle()


def test_the_papers_of_article_19_must_be_there(case, law):
    c = case()
    c.accepted()
    c.vouch()
    wanted = RequirementFactory(stage="settlement", title="Bảng kê 8b", code="vouchers_8b", only_when="percent")
    RequirementFactory(stage="settlement", title="Mẫu 7", code="settlement_table", only_when="!invoices_agency")
    RequirementFactory(stage="settlement", title="Hoá đơn cho Cục", code="invoice", only_when="invoices_agency")
    RequirementFactory(stage="settlement", title="Mẫu 9", code="payment_request", only_when="overdue")

    GroundRowFactory(code="settlement_papers", level="provincial", instrument=law.circular, article="Điều 19")
    with pytest.raises(NotPossible, match=r"thiếu: Bảng kê 8b \(Điều 19, Thông tư 36/2013/TT-BCT\)\.$"):
        c.settle()
    with pytest.raises(NotPossible, match="Hoá đơn cho Cục"):
        c.settle(with_invoice=True)
    DossierItemFactory(dossier=c.project.dossier, requirement=wanted)
    c.settle()

    assert c.fresh().state == "settled"


@pytest.mark.parametrize("who", ["officer", "director", "department", "stranger"])
def test_only_the_accountant_settles(case, law, who):
    c = case()
    c.accepted()
    c.vouch()

    with pytest.raises(NotAllowed):
        c.settle(by=getattr(c.people, who))


def test_settling_comes_after_acceptance_by_its_paper(case, law):
    c = case()
    beneficiary = c.running()
    c.vouch()
    with pytest.raises(NotPossible, match="Đang thực hiện"):
        c.settle()
    c.accept(beneficiary)

    with pytest.raises(NotPossible, match="Biểu quyết toán"):
        c.settle(paper=paper("other"))
    with pytest.raises(Invalid, match="trước ngày nghiệm thu cuối cùng"):
        c.settle(on=day(7, 9))
    with pytest.raises(Invalid, match="chưa tới"):
        c.settle(on=day(11, 23))


# ---- liquidation ----


@pytest.mark.parametrize(("on", "late"), [(day(1, 22), False), (day(1, 23), True)])
def test_a_contract_ends_by_the_22nd_of_january(case, law, on, late):
    c = case(year=2025, local=0, national=300 * MILLION, level="national", counterpart=0, kind="media", activity=6)
    c.assign(on=day(3, 20, 2025), paper=paper("assignment", day(3, 20, 2025)))
    operations.begin_work(c.project, by=c.people.director, on=day(4, 1, 2025))
    c.accept(None, on=day(12, 20, 2025), counterpart_volume=0)
    c.vouch(c.row(source="national", on=day(12, 1, 2025)))
    c.settle(on=day(1, 4))
    c.advance(300 * MILLION, on=day(1, 10))

    if late:
        with pytest.raises(Invalid) as refusal:
            c.liquidate(on=on)
        assert refusal.value.fields["late_reason"].startswith("Thanh lý không được chậm quá ngày 22/01/2026")
        ended = c.liquidate(on=on, late_reason="Chờ Kho bạc")
        assert ended.late_reason == "Chờ Kho bạc"
    else:
        ended = c.liquidate(on=on)
    assert (ended.due_on, c.fresh().state) == (day(1, 22), "liquidated")


@pytest.mark.parametrize("who", ["officer", "director", "accountant", "stranger"])
def test_only_department_or_agency_end_a_contract(case, law, who):
    c = case()
    c.accepted()
    c.vouch()
    c.settle()
    c.advance(300 * MILLION, on=day(7, 22))

    with pytest.raises(NotAllowed):
        c.liquidate(by=getattr(c.people, who))


def test_the_reconciliation_is_a_reconciliation(case, law):
    c = case()
    c.accepted()
    c.vouch()
    c.settle()
    c.advance(300 * MILLION, on=day(7, 22))

    with pytest.raises(NotPossible, match="Bảng đối chiếu kinh phí"):
        c.liquidate(reconciliation=paper("other"))
    assert c.liquidate(reconciliation=paper("reconciliation")).reconciliation.kind == "reconciliation"


def test_what_a_stopped_project_was_advanced_goes_back(case, law):
    c = case()
    c.running()
    c.advance(200 * MILLION, report=c.report())
    projects.stop(
        c.project,
        reason="Cơ sở ngừng sản xuất",
        by=c.people.department,
        on=day(8, 3),
        paper=paper("change_decision", day(8, 3)),
    )

    with pytest.raises(NotPossible, match=r"200\.000\.000"):
        c.give_back(200 * MILLION + 1, on=day(8, 5))
    c.give_back(200 * MILLION, on=day(8, 5))

    assert position(c.envelope, project=c.project).advanced == 0


def test_the_settlement_prints_what_it_found_after_the_surplus_went_back(case, law):
    """Advanced 210, settled 150 of the vouchers: Mẫu 7 tells 60 to give back, also when they have come back; Mẫu 6 tells none."""
    c = case()
    c.accepted(advanced=210 * MILLION)
    c.vouch(c.row(150 * MILLION), c.row(160 * MILLION, "counterpart"))
    c.settle()

    def money(form):
        found = {**form(c.fresh(), on=day(8, 10))}["state"]
        return found["advanced"], found["settled"], found["back"]

    before = money(papers.settlement)
    assert before == (210 * MILLION, 150 * MILLION, 60 * MILLION)
    c.give_back(60 * MILLION, on=day(7, 20))  # on the very day

    assert money(papers.settlement) == before
    assert money(papers.liquidation) == (150 * MILLION, 150 * MILLION, 0)


def test_a_failed_try_prints_nothing_as_accepted(case, law):
    c = case()
    beneficiary = c.running()

    failed = c.accept(beneficiary, verdict="failed", note="Máy chưa chạy")

    assert (failed.state_volume, failed.counterpart_volume) == (0, 0)
