import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations
from khuyencong.contracts.models import Acceptance
from khuyencong.contracts.papers import acceptances as papers
from khuyencong.projects.models import Project
from khuyencong.web.desk.contracts.forms import AcceptForm
from tests.factories.norms import ApproverRowFactory, InstrumentFactory
from tests.factories.projects import BeneficiaryFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db


def test_an_acceptance_keeps_seats_and_volumes_and_ends_the_work(case):
    c = case()
    beneficiary = c.running()

    acceptance = c.accept(beneficiary)

    assert (acceptance.state_volume, acceptance.counterpart_volume) == (300 * MILLION, 320 * MILLION)
    assert sorted(acceptance.seats.values_list("role", flat=True)) == ["beneficiary", "centre", "chair", "commune"]
    assert c.fresh().state == "accepted"
    written = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert written[-2:] == ["contract.accept", "project.accept"]


def test_the_implementer_never_chairs(case):
    c = case()
    beneficiary = c.running()

    with pytest.raises(NotPossible, match="Đơn vị thực hiện không được chủ trì nghiệm thu"):
        c.accept(beneficiary, seats=c.seats(beneficiary, chair=c.land.centre))
    assert (Acceptance.objects.count(), c.fresh().state) == (0, "running")


@pytest.mark.parametrize("empty", ["centre", "commune", "beneficiary"])
def test_nobody_may_be_missing(case, empty):
    c = case()
    beneficiary = c.running()

    with pytest.raises(NotPossible, match="Thiếu thành phần nghiệm thu"):
        c.accept(beneficiary, seats=c.seats(beneficiary, **{empty: None}))


@pytest.fixture
def department_chairs():
    ApproverRowFactory(
        act="chair_acceptance",
        level="provincial",
        role="department_director",
        body="Sở Công Thương",
        article="khoản 1 Điều 21",
    )


def test_the_agency_chairs_only_by_its_own_form(case, department_chairs):
    c = case()
    beneficiary = c.running()
    Project.objects.filter(pk=c.project.pk).update(level="national")
    ApproverRowFactory(act="chair_acceptance", level="national", role="department_director", body="Sở Công Thương")
    seats = c.seats(beneficiary, chair=c.land.agency)

    with pytest.raises(NotPossible, match="Sở Công Thương chủ trì"):
        c.accept(beneficiary, seats=seats)
    assert c.accept(beneficiary, seats=seats, form="5c").form == "5c"


def test_the_form_of_the_agency_is_for_the_nations_money_alone(case, department_chairs):
    c = case()
    beneficiary = c.running()

    with pytest.raises(Invalid, match="Mẫu 5c chỉ dùng khi Cục nghiệm thu"):
        c.accept(beneficiary, seats=c.seats(beneficiary, chair=c.land.agency), form="5c")
    offered = AcceptForm(project=c.project, beneficiary=beneficiary).fields["form"].choices
    assert [value for value, _label in offered] == ["5a", "5b"]
    c.project.level = "national"
    offered = AcceptForm(project=c.project, beneficiary=beneficiary).fields["form"].choices
    assert [value for value, _label in offered] == ["5a", "5b", "5c"]


def test_a_province_may_leave_acceptance_to_another_body_by_its_own_row(case, department_chairs):
    """The chair is a row of law by level and province: here the committee of the commune; the day before, the department."""
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
        article="Điều 9",
    )

    with pytest.raises(NotPossible, match=r"^Ủy ban nhân dân cấp xã chủ trì nghiệm thu cơ sở \(Điều 9, "):
        c.accept(beneficiary, seats=c.seats(beneficiary))
    assert c.accept(beneficiary, seats=c.seats(beneficiary, chair=c.land.committee)).pk


def test_a_machine_not_delivered_is_not_accepted(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    purchase = c.buy(c.sign(beneficiary), delivered=None)

    with pytest.raises(NotPossible, match="“Máy sấy” chưa được bàn giao"):
        c.accept(beneficiary)
    operations.deliver(purchase, by=c.people.officer, on=day(7, 11))
    with pytest.raises(Invalid, match="trước ngày bàn giao máy"):
        c.accept(beneficiary, on=day(7, 10))
    assert c.accept(beneficiary, on=day(7, 11)).verdict == "passed"


def test_a_machinery_project_shows_the_machine_that_was_bought(case):
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    c.sign(beneficiary)

    with pytest.raises(NotPossible, match="chưa ghi máy đã mua và bàn giao"):
        c.accept(beneficiary)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"counterpart_volume": 0}, "counterpart_volume"),
        ({"counterpart_volume": -1}, "counterpart_volume"),
        ({"state_volume": -1}, "state_volume"),
        ({"state_volume": 300 * MILLION + 1}, "state_volume"),
        ({"state_volume": 0, "counterpart_volume": 0}, "state_volume"),
        ({"on": day(3, 31), "paper": paper}, "on"),
        ({"on": day(11, 23), "paper": paper}, "on"),
        ({"beneficiary": None}, "beneficiary"),
    ],
)
def test_volumes_days_and_whom(case, facts, field):
    c = case()
    beneficiary = c.running()
    if "paper" in facts:
        facts = facts | {"paper": paper("acceptance")}

    with pytest.raises(Invalid) as refusal:
        c.accept(**{"beneficiary": beneficiary, "seats": c.seats(beneficiary)} | facts)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("who", ["officer", "director", "appraiser", "accountant", "stranger"])
def test_only_the_department_accepts(case, who):
    c = case()
    beneficiary = c.running()

    with pytest.raises(NotAllowed):
        c.accept(beneficiary, by=getattr(c.people, who))


def test_what_failed_can_be_accepted_later_and_what_passed_only_once(case):
    c = case()
    beneficiary = c.running()
    c.accept(beneficiary, verdict="failed", note="Máy chưa chạy", state_volume=0, counterpart_volume=0)
    assert c.fresh().state == "running"

    c.accept(beneficiary, on=day(8, 1))

    assert c.fresh().state == "accepted"
    with pytest.raises(NotPossible):
        c.accept(beneficiary, on=day(8, 2))


def test_a_group_is_accepted_with_its_last_beneficiary(case):
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one))

    c.accept(first, state_volume=150 * MILLION)
    assert c.fresh().state == "running"
    with pytest.raises(NotPossible, match="đã được nghiệm thu"):
        c.accept(first, state_volume=150 * MILLION, on=day(7, 11))
    c.accept(second, state_volume=150 * MILLION, on=day(7, 12))

    assert c.fresh().state == "accepted"


def test_a_group_is_accepted_on_the_day_of_its_last_acceptance_however_recorded(case):
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one))

    c.accept(first, state_volume=150 * MILLION, on=day(7, 12))
    c.accept(second, state_volume=150 * MILLION, on=day(7, 10))

    assert c.fresh().steps.get(name="accept").on == day(7, 12)


def test_who_was_never_approved_does_not_keep_a_group_open(case):
    c = case(group=True)
    beneficiary = c.running()
    BeneficiaryFactory(project=c.project)

    c.accept(beneficiary)

    assert c.fresh().state == "accepted"


def test_where_the_last_one_fell_away_the_whole_is_accepted(case):
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one))
    c.accept(first, state_volume=150 * MILLION)
    second.removed_on = day(7, 20)
    second.save()

    with pytest.raises(Invalid, match=r"vượt mức hỗ trợ 150.000.000 đồng"):  # the rest, not the whole again
        c.accept(None, on=day(7, 25), state_volume=150 * MILLION + 1, counterpart_volume=0)
    c.accept(None, on=day(7, 25), state_volume=150 * MILLION, counterpart_volume=0)

    assert c.fresh().state == "accepted"


def test_a_beneficiary_of_another_project_is_not_accepted_here(case):
    c = case()
    c.running()
    other = BeneficiaryFactory(approved=True)

    with pytest.raises(Invalid, match="không phải đơn vị thụ hưởng của đề án này"):
        c.accept(other)


def test_without_support_contract_nothing_is_accepted(case):
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    c.buy(c.sign(first))

    with pytest.raises(NotPossible, match="chưa có hợp đồng hỗ trợ"):
        c.accept(second, state_volume=150 * MILLION)


def test_a_class_is_accepted_as_a_whole(case):
    c = case(training=True)
    c.assign()
    operations.begin_work(c.project, by=c.people.director, on=day(4, 1))

    c.accept(None, state_volume=90 * MILLION, counterpart_volume=0)

    assert c.fresh().state == "accepted"


@pytest.mark.parametrize("verdict", ["passed", "partial"])
def test_less_counterpart_than_was_promised_needs_its_reason(case, verdict):
    c = case()
    beneficiary = c.running()

    with pytest.raises(
        Invalid, match=r"nghiệm thu 319\.999\.999 đồng, thiếu 1 đồng so với cam kết: hãy ghi lý do"
    ) as refusal:
        c.accept(beneficiary, counterpart_volume=320 * MILLION - 1, verdict=verdict, note=" ")
    assert list(refusal.value.fields) == ["note"]

    accepted = c.accept(beneficiary, counterpart_volume=320 * MILLION - 1, verdict=verdict, note="Máy rẻ hơn dự toán")
    assert (accepted.note, c.fresh().state) == ("Máy rẻ hơn dự toán", "accepted")


def test_what_failed_needs_no_counterpart(case):
    c = case()

    assert c.accept(c.running(), counterpart_volume=0, verdict="failed", note="Máy chưa chạy").verdict == "failed"


@pytest.mark.parametrize("verdict", ["failed", "partial"])
def test_what_is_not_all_passed_says_what_is_wrong(case, verdict):
    c = case()
    beneficiary = c.running()

    with pytest.raises(Invalid, match="ghi rõ phần chưa đạt, lý do") as refusal:
        c.accept(beneficiary, verdict=verdict, note=" ")
    assert list(refusal.value.fields) == ["note"]


def test_another_try_is_not_dated_before_the_one_that_failed(case):
    c = case()
    beneficiary = c.running()
    c.accept(beneficiary, on=day(7, 10), verdict="failed", note="Máy chưa chạy")

    with pytest.raises(Invalid, match="10/07/2026"):
        c.accept(beneficiary, on=day(7, 9))
    assert c.accept(beneficiary, on=day(7, 10)).verdict == "passed"


def test_who_was_accepted_is_told_so_for_good(case):
    c = case()
    beneficiary = c.running()
    c.accept(beneficiary, verdict="failed", note="Máy chưa chạy")
    beneficiary.refresh_from_db()
    assert beneficiary.accepted_on is None

    c.accept(beneficiary)

    beneficiary.refresh_from_db()
    assert beneficiary.accepted_on == day(7, 10)


def test_those_who_sat_sign_the_record_and_before_the_day_the_head_of_the_beneficiary(case):
    c = case()
    beneficiary = c.running()
    own = beneficiary.establishment
    own.representative = "H'Linh Byă"
    own.save()
    assert papers.at_place(beneficiary, on=day(7, 9))["signs"] == {
        "chair": "", "centre": "", "commune": "", "representative": "H'Linh Byă", "other": "",
    }  # fmt: skip

    c.accept(beneficiary)

    seats = {seat.role: seat.name for seat in c.seats(beneficiary)}
    signs = papers.at_place(beneficiary, on=day(7, 12))["signs"]
    assert {role: signs["representative" if role == "beneficiary" else role] for role in seats} == seats
