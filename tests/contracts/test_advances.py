import pytest
from django.db import IntegrityError

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets.queries import position
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Advance, ProgressReport
from tests.factories.contracts import AdvanceFactory, ProgressReportFactory
from tests.factories.documents import DossierItemFactory, RequirementFactory
from tests.factories.norms import AdvanceNormFactory, DeadlineRowFactory, InstrumentFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db
FIRST = 210 * MILLION  # 70 % of 300


# ---- asking ----


def test_an_advance_is_asked_confirmed_and_paid(at_work):
    advance = at_work.request(FIRST, report=at_work.proof)
    at_work.confirm(advance, day(6, 30))
    paid = at_work.pay(advance, day(7, 2))

    assert (paid.kind, paid.number, paid.state, paid.treasury_number) == ("first", 1, "paid", "KB-118")
    assert position(at_work.envelope, project=at_work.project).advanced == FIRST
    written = list(Event.objects.filter(action__startswith="advance.").order_by("pk").values_list("action", flat=True))
    assert written == ["advance.request", "advance.confirm", "advance.pay"]


def test_the_sum_that_may_be_asked_is_told_with_its_arithmetic(at_work):
    room = queries.room(at_work.project, envelope=at_work.envelope, on=day(6, 28), report=at_work.proof)

    assert (room.kind, room.amount, room.refusal) == ("first", FIRST, "")
    assert room.sentence.startswith("70% × 300 = 210 triệu đồng (")


@pytest.mark.parametrize("amount", [0, -1, FIRST + 1])
def test_one_dong_more_than_the_share_is_refused(at_work, amount):
    with pytest.raises(Invalid) as refusal:
        at_work.request(amount, report=at_work.proof)

    assert list(refusal.value.fields) == ["amount"]
    assert Advance.objects.count() == 0


@pytest.mark.parametrize(("done", "refused"), [(434 * MILLION, True), (434 * MILLION + 1, False)])
def test_the_volume_confirmed_must_exceed_seventy_percent(case, nation, done, refused):
    c = case(level="national", national=300 * MILLION, local=0)
    beneficiary = c.beneficiary(local=0)
    c.assign()
    c.sign(beneficiary)
    report = c.report(done=done)

    if refused:
        with pytest.raises(NotPossible, match=r"phải trên 70% tổng vốn đầu tư, tức trên 434\.000\.000 đồng"):
            c.request(FIRST, report=report)
    else:
        assert c.request(FIRST, report=report).amount == FIRST


def test_a_report_that_nobody_confirmed_proves_nothing(at_work):
    unconfirmed = at_work.report(month=7, done=500 * MILLION, confirmed=False)

    with pytest.raises(NotPossible, match="Sở chưa xác nhận báo cáo tháng nào"):
        at_work.request(FIRST, on=day(7, 28), report=unconfirmed)


def test_a_report_that_nobody_confirmed_is_refused_where_none_is_asked_for(case, nation):
    c = case()
    c.running()
    unconfirmed = c.report(confirmed=False)

    with pytest.raises(Invalid) as refusal:
        c.request(MILLION, report=unconfirmed)
    assert list(refusal.value.fields) == ["report"]
    assert c.request(MILLION).report is None


def test_a_report_that_was_taken_back_meanwhile_is_refused(at_work):
    proof = at_work.report(month=7, done=500 * MILLION, confirmed=False)
    chosen = ProgressReport.objects.get(pk=proof.pk)
    operations.remove_report(proof, reason="Gửi nhầm", by=at_work.people.officer)

    with pytest.raises(Invalid) as refusal:
        at_work.request(FIRST, on=day(7, 28), report=chosen)
    assert list(refusal.value.fields) == ["report"]


def test_the_report_of_another_project_proves_nothing(at_work):
    with pytest.raises(Invalid) as refusal:
        at_work.request(FIRST, report=ProgressReportFactory(confirmed=True))
    assert list(refusal.value.fields) == ["report"]


def test_a_report_confirmed_later_proves_nothing_yet(at_work):
    with pytest.raises(Invalid, match="trước ngày đề nghị"):
        at_work.request(FIRST, on=day(6, 23), report=at_work.proof)


def test_before_acceptance_no_more_than_the_ceiling_in_several_parts(at_work):
    at_work.advance(200 * MILLION, report=at_work.proof)

    with pytest.raises(Invalid, match=r"tối đa 10\.000\.000 đồng"):
        at_work.request(10 * MILLION + 1, on=day(7, 5), report=at_work.proof)
    further = at_work.advance(10 * MILLION, on=day(7, 5), report=at_work.proof)

    assert (further.kind, further.number) == ("further", 2)
    with pytest.raises(NotPossible, match="Đã tạm ứng tới mức cho phép trước nghiệm thu"):
        at_work.request(1, on=day(7, 6), report=at_work.proof)


@pytest.mark.parametrize(("several_years", "most"), [(False, 90 * MILLION), (True, 210 * MILLION)])
def test_only_a_project_of_several_years_goes_on_to_the_ceiling(case, nation, several_years, most):
    ends_on = day(6, 30, 2027) if several_years else day(11, 30)
    c = case(level="national", kind="cluster_infrastructure", national=300 * MILLION, local=0, ends_on=ends_on)
    beneficiary = c.beneficiary(local=0)
    c.assign()
    c.sign(beneficiary)
    proof = c.report()
    c.advance(90 * MILLION, report=proof)  # 30 %

    room = queries.room(c.project, envelope=c.envelope, on=day(7, 5), report=proof)

    assert room.amount == most - 90 * MILLION


def test_local_money_without_a_row_still_has_the_general_ceiling(case, nation):
    c = case()
    c.running()

    assert queries.room(c.project, envelope=c.envelope, on=day(6, 28)).amount == FIRST


def test_the_provinces_own_row_binds_local_money(case, nation):
    c = case()
    AdvanceNormFactory(
        instrument=InstrumentFactory(provincial=True, province=c.land.province),
        level="provincial",
        province=c.land.province,
        ratio="0.5",
        volume=None,
    )
    c.running()

    assert queries.room(c.project, envelope=c.envelope, on=day(6, 28)).amount == 150 * MILLION


def test_one_request_at_a_time_for_one_source(at_work):
    at_work.request(100 * MILLION, report=at_work.proof)

    with pytest.raises(NotPossible, match=r"lần 1 \(100\.000\.000 đồng\) chưa xong"):
        at_work.request(10 * MILLION, report=at_work.proof)


def test_a_refused_request_makes_way_for_the_next_number(at_work):
    first = at_work.request(FIRST, report=at_work.proof)
    operations.refuse_advance(first, reason="Thiếu ảnh", by=at_work.people.appraiser, on=day(6, 29))

    second = at_work.request(FIRST, on=day(6, 30), report=at_work.proof)

    first.refresh_from_db()
    assert (first.state, first.refusal, second.number) == ("refused", "Thiếu ảnh", 2)


def test_an_envelope_that_promised_nothing_gives_nothing(at_work):
    from tests.factories.budgets import EnvelopeFactory

    with pytest.raises(NotPossible, match="Nguồn này không cam kết kinh phí cho đề án"):
        at_work.request(1, envelope=EnvelopeFactory(), report=at_work.proof)


@pytest.mark.parametrize("who", ["appraiser", "department", "stranger", "commune"])
def test_others_do_not_ask(at_work, who):
    with pytest.raises(NotAllowed):
        at_work.request(FIRST, by=getattr(at_work.people, who), report=at_work.proof)


def test_no_advance_before_the_contract_or_in_the_future(at_work):
    with pytest.raises(Invalid, match="trước ngày ký hợp đồng thực hiện"):
        at_work.request(FIRST, on=day(3, 19), report=at_work.proof)
    with pytest.raises(Invalid, match="Ngày 23/11/2026 chưa tới"):
        at_work.request(FIRST, on=day(11, 23), report=at_work.proof)


def test_no_advance_for_a_project_that_was_only_approved(case, nation):
    c = case()

    with pytest.raises(NotPossible, match="đề án đang ở trạng thái “Đã phê duyệt”"):
        c.request(1)


def test_the_papers_of_the_first_advance_must_be_there(at_work):
    RequirementFactory(stage="first_advance", title="Kế hoạch tổ chức", code="plan", article="Đ13")

    with pytest.raises(NotPossible, match=r"Chưa đủ giấy tờ để tạm ứng lần một, thiếu: Kế hoạch tổ chức \(Đ13\)"):
        at_work.request(FIRST, report=at_work.proof)


# ---- confirming and paying ----


def test_nothing_is_paid_before_the_department_confirmed(at_work):
    advance = at_work.request(FIRST, report=at_work.proof)

    with pytest.raises(NotPossible, match="Sở chưa xác nhận khối lượng"):
        at_work.pay(advance)
    assert position(at_work.envelope, project=at_work.project).advanced == 0


@pytest.mark.parametrize("number", ["", "  "])
def test_a_payment_carries_the_number_of_the_treasury(at_work, number):
    advance = at_work.confirm(at_work.request(FIRST, report=at_work.proof))

    with pytest.raises(Invalid) as refusal:
        at_work.pay(advance, treasury_number=number)
    assert refusal.value.fields == {"treasury_number": "Hãy ghi số chứng từ kho bạc."}


def test_a_payment_is_made_once(at_work):
    advance = at_work.confirm(at_work.request(FIRST, report=at_work.proof))
    at_work.pay(advance)

    with pytest.raises(NotPossible, match="đang ở trạng thái “Đã chuyển tiền”"):
        at_work.pay(advance)
    assert position(at_work.envelope, project=at_work.project).advanced == FIRST


def test_the_implementer_confirms_and_pays_nothing(at_work):
    advance = at_work.request(FIRST, report=at_work.proof)

    with pytest.raises(NotAllowed):
        at_work.confirm(advance, by=at_work.people.director)
    at_work.confirm(advance)
    with pytest.raises(NotAllowed):
        at_work.pay(advance, by=at_work.people.officer)


def test_confirmation_and_payment_come_after_the_request(at_work):
    advance = at_work.request(FIRST, report=at_work.proof)

    with pytest.raises(Invalid, match="trước ngày đề nghị"):
        at_work.confirm(advance, day(6, 27))
    confirmed = at_work.confirm(advance, day(6, 29))
    assert (confirmed.confirmed_on, confirmed.confirmation.kind) == (day(6, 29), "volume_confirmation")
    with pytest.raises(Invalid, match=r"Ngày 28/06/2026 trước ngày Sở xác nhận khối lượng \(29/06/2026\)"):
        at_work.pay(advance, day(6, 28))
    with pytest.raises(Invalid, match="trước ngày Sở xác nhận khối lượng"):
        operations.refuse_advance(advance, reason="Thiếu", by=at_work.people.accountant, on=day(6, 28))
    with pytest.raises(Invalid, match="Ngày 23/11/2026 chưa tới"):
        at_work.pay(advance, day(11, 23))
    assert at_work.pay(advance, day(6, 29)).paid_on == day(6, 29)


def test_the_remainder_is_not_asked_for_before_the_acceptance(at_work):
    at_work.advance(FIRST, report=at_work.proof)
    at_work.accept(at_work.helped, on=day(7, 10))

    with pytest.raises(Invalid, match=r"Ngày 09/07/2026 trước ngày nghiệm thu \(10/07/2026\)"):
        at_work.request(90 * MILLION, on=day(7, 9))
    assert at_work.request(90 * MILLION, on=day(7, 10)).kind == "remainder"


@pytest.mark.parametrize(
    "days",
    [
        {"requested_on": day(6, 28), "confirmed_on": None},
        {"requested_on": day(6, 28), "confirmed_on": day(6, 27)},
        {"requested_on": day(6, 28), "confirmed_on": day(6, 29), "paid_on": day(6, 28)},
    ],
)
def test_no_advance_is_kept_that_was_paid_before_it_was_confirmed(days):
    with pytest.raises(IntegrityError):
        AdvanceFactory(state="paid", **days)


def test_a_grant_lowered_meanwhile_is_not_paid_beyond(at_work):
    from tests.factories.budgets import EntryFactory

    advance = at_work.confirm(at_work.request(FIRST, report=at_work.proof))
    EntryFactory(envelope=at_work.envelope, kind="committed", amount=-100 * MILLION, project=at_work.project)

    with pytest.raises(NotPossible, match=r"Nay chỉ còn được tạm ứng tối đa 140\.000\.000 đồng"):
        at_work.pay(advance)


def test_a_request_goes_back_with_its_reason(at_work):
    advance = at_work.request(FIRST, report=at_work.proof)

    with pytest.raises(Invalid, match="Hãy ghi lý do trả lại"):
        operations.refuse_advance(advance, reason=" ", by=at_work.people.appraiser, on=day(6, 29))
    with pytest.raises(NotAllowed):
        operations.refuse_advance(advance, reason="Thiếu", by=at_work.people.director, on=day(6, 29))


def test_wrong_papers_move_no_money(at_work):
    with pytest.raises(NotPossible, match="Đề nghị tạm ứng"):
        at_work.request(FIRST, paper=paper("other"), report=at_work.proof)
    advance = at_work.request(FIRST, report=at_work.proof)
    with pytest.raises(NotPossible, match="Xác nhận khối lượng của Sở"):
        at_work.confirm(advance, paper=paper("other"))
    at_work.confirm(advance)
    with pytest.raises(NotPossible, match="Ủy nhiệm chi"):
        at_work.pay(advance, paper=paper("other"))


# ---- after acceptance ----


def test_the_remainder_needs_every_paper_of_article_14(at_work):
    at_work.advance(FIRST, report=at_work.proof)
    at_work.accept(at_work.helped)
    line = RequirementFactory(stage="remainder", title="Báo cáo tổng hợp", code="summary", article="Điều 14")

    with pytest.raises(NotPossible, match="thiếu: Báo cáo tổng hợp"):
        at_work.request(90 * MILLION, on=day(7, 15))
    DossierItemFactory(dossier=at_work.project.dossier, requirement=line)
    remainder = at_work.advance(90 * MILLION, on=day(7, 15))

    assert (remainder.kind, remainder.number) == ("remainder", 2)
    assert position(at_work.envelope, project=at_work.project).unpaid == 0


def test_the_acceptance_itself_fills_its_line_of_the_checklist(at_work):
    RequirementFactory(stage="remainder", title="Biên bản nghiệm thu", code="acceptance")
    at_work.accept(at_work.helped)

    assert [line.state for line in queries.papers_for_remainder(at_work.project, on=day(7, 15))] == ["present"]


def test_a_kind_paid_only_after_acceptance_is_paid_whole_then(case, nation):
    c = case(level="national", kind="enterprise_setup", activity=2, national=10 * MILLION, local=0, counterpart=0)
    beneficiary = c.beneficiary(local=0, total=10 * MILLION, counterpart=0)
    c.assign()
    c.sign(beneficiary)

    with pytest.raises(NotPossible, match="chỉ tạm ứng sau nghiệm thu"):
        c.request(1)
    c.accept(beneficiary, state_volume=10 * MILLION, counterpart_volume=0)
    advance = c.advance(10 * MILLION, on=day(7, 15))

    assert advance.kind == "first"


def test_money_of_next_year_is_advanced_from_its_first_day(case, nation, monkeypatch):
    """A project of 2027, approved and assigned in 2026."""
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: day(1, 5, 2027))
    c = case(year=2027, starts_on=day(12, 1), ends_on=day(11, 30, 2027))
    c.beneficiary()
    c.assign(day(12, 15))

    with pytest.raises(NotPossible, match="là dự toán năm 2027: chỉ tạm ứng từ ngày 01/01/2027"):
        c.request(MILLION, on=day(12, 31))

    asked = c.request(MILLION, on=day(1, 1, 2027))
    assert c.pay(c.confirm(asked), day(1, 5, 2027)).state == "paid"


@pytest.mark.parametrize(
    ("on", "doubtful"), [(day(12, 31), False), (day(1, 22, 2027), False), (day(1, 23, 2027), True)]
)
def test_money_of_a_year_whose_contracts_had_to_end_is_asked_with_its_doubt(case, nation, on, doubtful):
    """The day is that of the dated row: another row, another day."""
    c = case()
    c.accepted(advanced=100 * MILLION)
    c.fresh()

    room = queries.room(c.project, envelope=c.envelope, on=on)

    said = "Dự toán năm 2026 đã qua hạn thanh lý ngày 22/01/2027 (khoản 2 Điều 18"
    assert (said in room.sentence, "điều này chưa kiểm chứng" in room.sentence) == (doubtful, doubtful)
    assert (room.refusal, room.amount) == ("", 200 * MILLION)
    if doubtful:
        assert room.verified is False
        text = InstrumentFactory(provincial=True, province=c.land.province)
        DeadlineRowFactory(level="provincial", instrument=text, province=c.land.province, month=2, day=28)
        assert "chưa kiểm chứng, hãy hỏi" not in queries.room(c.project, envelope=c.envelope, on=on).sentence
