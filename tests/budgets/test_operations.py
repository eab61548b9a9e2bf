"""Money is given once, promised once, paid within its promise and followed to its end."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations import Promise
from khuyencong.budgets.rules import Balance
from tests.budgets.conftest import DAY, paper
from tests.factories.budgets import EnvelopeFactory
from tests.factories.norms import InstrumentFactory, SupportNormFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


def decide(house, **values):
    """A budget decision of 3,400 million for the department."""
    values = {
        "level": "provincial",
        "year": 2026,
        "holder": house.holder,
        "province": house.province,
        "amount": 3_400_000_000,
        "name": "Kinh phí khuyến công địa phương năm 2026",
        "chapter": "416",
        "category": "280",
        "clause": "309",
        "by": house.accountant,
        "on": DAY,
        "paper": values.pop("paper", None) or paper("budget_decision"),
    } | values
    return operations.record_budget_decision(**values)


# ---- the decision that gives ----


def test_a_budget_decision_opens_an_envelope_and_is_remembered(house):
    envelope = decide(house)

    assert queries.balance(envelope) == Balance(allocated=3_400_000_000)
    assert (envelope.level, envelope.year, envelope.holder, envelope.code) == (
        "provincial",
        2026,
        house.holder,
        "416-280-309",
    )
    [line] = Event.objects.filter(action="budget.record_decision")
    assert (line.subject, line.on, line.data["amount"]) == (envelope.name, DAY, 3_400_000_000)


def test_a_second_decision_adds_to_the_same_envelope(house):
    first, second = decide(house), decide(house, amount=600_000_000)

    assert first == second
    assert queries.available(first) == 4_000_000_000


def test_a_decision_typed_twice_is_named_and_refused(house):
    decision = paper("budget_decision", number="3187/QĐ-UBND")
    decide(house, paper=decision)

    with pytest.raises(NotPossible, match=r"3187/QĐ-UBND .* đã được ghi nhận .* 3\.400\.000\.000 đồng"):
        decide(house, paper=decision)
    with pytest.raises(NotPossible, match="3187/QĐ-UBND"):
        decide(house, paper=paper("budget_decision", number="3187/qđ- ubnd"), name="Tên khác")

    assert Entry.objects.count() == 1


def test_one_decision_may_give_several_lines_to_one_holder(house):
    decision = paper("budget_decision")

    decide(house, paper=decision)
    decide(house, paper=decision, name="Sản xuất sạch hơn", clause="338", amount=500_000_000)

    assert sorted(Entry.objects.values_list("amount", flat=True)) == [500_000_000, 3_400_000_000]


def test_only_a_budget_decision_with_a_number_opens_an_envelope(house):
    with pytest.raises(NotPossible, match="chỉ được mở bằng quyết định giao dự toán"):
        decide(house, paper=paper("plan_decision"))
    with pytest.raises(Invalid, match="số, ký hiệu"):
        decide(house, paper=paper("budget_decision", number=""))

    assert not Envelope.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"year": 20226}, "year"),
        ({"name": "  "}, "name"),
        ({"on": dt.date(2026, 11, 23)}, "on"),
        ({"chapter": "41"}, "chapter"),
    ],
)
def test_what_is_wrong_in_a_decision_is_said_at_its_field(house, values, field):
    with pytest.raises(Invalid) as refusal:
        decide(house, **values)

    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(("cut", "goes_through"), [(-400, True), (-401, False)])
def test_a_decision_may_take_money_away_that_nobody_was_promised(house, envelope, cut, goes_through):
    operations.commit(envelope, project=ProjectFactory(province=house.province), amount=600, **house.signed)

    if goes_through:
        decide(house, name=envelope.name, amount=cut)
    else:
        with pytest.raises(NotPossible, match="chỉ còn 400 đồng"):
            decide(house, name=envelope.name, amount=cut)

    assert queries.available(envelope) == (0 if goes_through else 400)


def test_the_name_of_an_envelope_stands_for_one_budget_line(house):
    decide(house)

    with pytest.raises(Invalid, match="416-280-309"):
        decide(house, clause="338")


def test_communal_money_names_its_commune_of_this_province(house):
    commune = CommuneFactory(province=house.province)

    envelope = decide(house, level="communal", commune=commune)

    assert (envelope.province, envelope.commune) == (house.province, commune)
    with pytest.raises(NotAllowed):
        decide(house, level="communal", commune=CommuneFactory())
    with pytest.raises(Invalid, match="phải có tỉnh và xã"):
        decide(house, level="communal", name="thiếu xã")


def test_the_agency_holds_national_money_for_the_country(house):
    agency = person("ministry_agency", country=True, place=None)

    envelope = decide(house, level="national", province=None, by=agency)

    assert envelope.province is None
    assert list(Envelope.objects.visible_to(agency)) == [envelope]
    assert list(Envelope.objects.visible_to(house.accountant)) == []
    with pytest.raises(NotAllowed):
        decide(house, level="national", province=None)


def test_the_clerk_records_what_another_has_signed(house):
    clerk = person("registry_clerk", place=house.province)

    decide(house, by=clerk, paper=paper("budget_decision", signer="Nguyễn Văn An"))

    assert Event.objects.get(action="budget.record_decision").signer == "Nguyễn Văn An"
    with pytest.raises(NotAllowed):
        decide(house, by=clerk, paper=paper("budget_decision"), name="không ai ký")


@pytest.mark.parametrize(
    "role", ["centre_officer", "department_director", "provincial_approver", "auditor", "administrator"]
)
def test_nobody_else_opens_an_envelope(house, role):
    with pytest.raises(NotAllowed, match="Kế toán"):
        decide(house, by=person(role, place=house.province))


def test_an_accountant_of_another_province_is_a_stranger(house):
    with pytest.raises(NotAllowed):
        decide(house, by=person("accountant", place=ProvinceFactory()))


# ---- promising ----


@pytest.mark.parametrize(("amount", "goes_through"), [(1_000, True), (1_001, False)])
def test_exactly_enough_is_promised_and_one_dong_more_is_not(house, envelope, amount, goes_through):
    project = ProjectFactory(province=house.province, code="26-00007")

    if goes_through:
        operations.commit(envelope, project=project, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible) as refusal:
            operations.commit(envelope, project=project, amount=amount, **house.signed)
        assert str(refusal.value) == (
            "Nguồn KCĐP 2026 chỉ còn 1.000 đồng; đề án 26-00007 cần 1.001 đồng, thiếu 1 đồng."
        )

    assert queries.available(envelope) == (0 if goes_through else 1_000)
    assert queries.commitments(project) == ({envelope: 1_000} if goes_through else {})


def test_all_are_promised_or_none(house, envelope):
    projects = [ProjectFactory(province=house.province) for _ in range(3)]

    with pytest.raises(NotPossible, match=projects[2].code):
        operations.commit_all([Promise(envelope, project, 400) for project in projects], **house.signed)

    assert queries.available(envelope) == 1_000


def test_money_does_not_leave_its_province_or_commune(house, envelope):
    communal = EnvelopeFactory(of_commune=True, province=house.province, given=1_000)

    with pytest.raises(NotPossible, match="khác địa bàn"):
        operations.commit(envelope, project=ProjectFactory(), amount=1, **house.signed)
    with pytest.raises(NotPossible, match="khác địa bàn"):
        operations.commit(communal, project=ProjectFactory(province=house.province), amount=1, **house.signed)
    operations.commit(
        communal, project=ProjectFactory(province=house.province, commune=communal.commune), amount=1, **house.signed
    )


def test_nothing_is_promised_before_the_money_was_given(house, envelope):
    project = ProjectFactory(province=house.province)
    day_before, the_day = dt.date(2026, 1, 4), dt.date(2026, 1, 5)

    with pytest.raises(NotPossible, match="trước ngày giao dự toán 05/01/2026"):
        operations.commit(envelope, project=project, amount=1, **house.signed | {"on": day_before})
    operations.commit(envelope, project=project, amount=1, **house.signed | {"on": the_day})
    with pytest.raises(NotPossible, match="chưa được giao dự toán"):
        operations.commit(EnvelopeFactory(province=house.province), project=project, amount=1, **house.signed)


def test_nothing_is_promised_on_a_day_to_come(house, envelope):
    with pytest.raises(Invalid, match="23/11/2026 chưa tới"):
        operations.commit(
            envelope,
            project=ProjectFactory(province=house.province),
            amount=1,
            **house.signed | {"on": dt.date(2026, 11, 23)},
        )


# ---- paying, settling, giving back ----


@pytest.fixture
def promised(house, envelope):
    """A project to which 600 of the 1,000 are promised."""
    project = ProjectFactory(province=house.province, approved=True, local=600)
    operations.commit(envelope, project=project, amount=600, **house.signed)
    return project


@pytest.mark.parametrize(("amount", "goes_through"), [(600, True), (601, False)])
def test_no_more_is_paid_than_was_promised(house, envelope, promised, amount, goes_through):
    if goes_through:
        operations.advance(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"cam kết .* 600 đồng, đã tạm ứng 0 đồng"):
            operations.advance(envelope, project=promised, amount=amount, **house.signed)

    assert queries.advanced(promised) == (600 if goes_through else 0)


def test_settling_gives_back_what_was_not_needed(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    operations.settle(envelope, project=promised, amount=550, **house.signed)

    assert queries.commitments(promised) == {envelope: 550}
    assert queries.settled(promised) == 550
    assert queries.available(envelope) == 450
    operations.advance(envelope, project=promised, amount=130, **house.signed)  # the remainder is still paid
    with pytest.raises(NotPossible):
        operations.advance(envelope, project=promised, amount=1, **house.signed)


@pytest.mark.parametrize(("amount", "goes_through"), [(600, True), (601, False)])
def test_no_more_is_settled_than_was_promised(house, envelope, promised, amount, goes_through):
    if goes_through:
        operations.settle(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"601 đồng vượt .* \(600 đồng\)"):
            operations.settle(envelope, project=promised, amount=amount, **house.signed)

    assert queries.settled(promised) == (600 if goes_through else 0)


def test_a_part_is_settled_for_one_beneficiary_of_several(house, envelope, promised):
    operations.settle(envelope, project=promised, amount=200, final=False, **house.signed)

    assert queries.commitments(promised) == {envelope: 600}

    operations.settle(envelope, project=promised, amount=300, **house.signed)

    assert (queries.settled(promised), queries.commitments(promised)) == (500, {envelope: 500})


def test_an_advance_not_used_stays_promised_until_it_is_given_back(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=400, **house.signed)

    assert queries.commitments(promised) == {envelope: 420}
    with pytest.raises(NotPossible, match="chỉ còn 20 đồng"):
        operations.return_surplus(envelope, project=promised, amount=21, **house.signed)

    operations.return_surplus(envelope, project=promised, amount=20, **house.signed)

    assert queries.position(envelope, project=promised) == Balance(
        committed=400, advanced=400, settled=400, returned=20
    )
    assert queries.balance(envelope).money == 980
    assert queries.available(envelope) == 580


def test_an_advance_taken_back_within_the_year_can_be_promised_again(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=400, **house.signed)

    operations.take_back(envelope, project=promised, amount=20, **house.signed)

    assert queries.available(envelope) == 600
    assert queries.balance(envelope).money == 1_000


@pytest.mark.parametrize(("amount", "goes_through"), [(180, True), (181, False)])
def test_a_promise_is_lowered_down_to_what_was_paid(house, envelope, promised, amount, goes_through):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    if goes_through:
        operations.release(envelope, project=promised, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match="chỉ còn 180 đồng chưa tạm ứng"):
            operations.release(envelope, project=promised, amount=amount, **house.signed)

    assert queries.available(envelope) == (580 if goes_through else 400)


def test_recovered_support_is_not_given_anew_without_a_decision(house, envelope, promised):
    operations.settle(envelope, project=promised, amount=600, **house.signed)

    operations.recover(envelope, project=promised, amount=100, **house.signed)

    assert queries.balance(envelope).recovered == 100
    assert queries.available(envelope) == 400
    with pytest.raises(NotPossible, match="chỉ còn 500 đồng"):
        operations.recover(envelope, project=promised, amount=501, **house.signed)


@pytest.mark.parametrize("act", [operations.commit, operations.advance, operations.settle, operations.release])
@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_above_zero(house, envelope, promised, act, amount):
    with pytest.raises(Invalid, match="lớn hơn 0"):
        act(envelope, project=promised, amount=amount, **house.signed)


# ---- the end of the year ----


@pytest.mark.parametrize(("amount", "goes_through"), [(400, True), (401, False)])
def test_what_nobody_was_promised_is_returned_by_the_accountant(house, envelope, promised, amount, goes_through):
    signed = house.signed | {"paper": paper("return_money")}

    if goes_through:
        operations.return_money(envelope, amount=amount, **signed)
    else:
        with pytest.raises(NotPossible, match="chỉ còn 400 đồng, thiếu 1 đồng"):
            operations.return_money(envelope, amount=amount, **signed)

    assert queries.available(envelope) == (0 if goes_through else 400)


def test_returning_asks_for_its_voucher_and_its_accountant(house, envelope):
    with pytest.raises(NotPossible, match="chứng từ nộp trả"):
        operations.return_money(envelope, amount=1, **house.signed)
    with pytest.raises(NotAllowed):
        operations.return_money(
            envelope, amount=1, by=person("centre_officer", place=house.province), on=DAY, paper=paper("return_money")
        )


@pytest.fixture
def next_year(house):
    return EnvelopeFactory(province=house.province, holder=house.holder, year=2027, name="KCĐP 2027", given=50)


def test_what_nobody_was_promised_is_carried_over_with_its_paper(house, envelope, promised, next_year):
    operations.carry_over(envelope, to=next_year, **house.signed | {"paper": paper("carry_over")})

    assert queries.balance(envelope) == Balance(allocated=1_000, committed=600, carried_out=400)
    assert queries.balance(next_year) == Balance(allocated=50, carried_in=400)
    assert list(queries.invariants()) == []


def test_an_extended_project_takes_its_promise_and_its_advance_along(house, envelope, promised, next_year):
    operations.advance(envelope, project=promised, amount=420, **house.signed)

    operations.carry_over(envelope, to=next_year, project=promised, **house.signed | {"paper": paper("carry_over")})

    assert queries.positions(promised) == {
        envelope: Balance(carried_out=600),
        next_year: Balance(committed=600, advanced=420, carried_in=600),
    }
    assert (queries.available(envelope), queries.available(next_year)) == (400, 50)
    operations.settle(next_year, project=promised, amount=600, **house.signed)
    assert list(queries.invariants()) == []


def test_nothing_is_carried_over_without_its_paper_or_into_another_holder_or_year(house, envelope, next_year):
    allowed = house.signed | {"paper": paper("carry_over")}

    with pytest.raises(NotPossible, match="nộp trả ngân sách"):
        operations.carry_over(envelope, to=next_year, **house.signed)
    for other in (
        EnvelopeFactory(province=house.province, year=2027, given=1),
        EnvelopeFactory(province=house.province, holder=house.holder, year=2028, given=1),
    ):
        with pytest.raises(NotPossible, match="năm 2027 của cùng đơn vị"):
            operations.carry_over(envelope, to=other, **allowed)
    with pytest.raises(NotPossible, match=r"chỉ còn 1\.000 đồng"):
        operations.carry_over(envelope, to=next_year, amount=1_001, **allowed)


def test_the_end_of_the_year_names_what_must_be_returned_or_carried(house, envelope, promised):
    operations.advance(envelope, project=promised, amount=420, **house.signed)
    operations.settle(envelope, project=promised, amount=100, final=False, **house.signed)

    left = queries.leftovers([envelope])

    assert [(item.project, item.amount, item.paid) for item in left] == [(None, 400, 0), (promised, 500, 320)]


# ---- management cost ----


def _of_the_province(code, percent, province):
    text = InstrumentFactory(provincial=True, province=province)
    facts = {"level": "provincial", "province": province, "instrument": text}
    SupportNormFactory(line__code=code, percent=percent, cap=None, **facts)


@pytest.mark.parametrize(("amount", "goes_through"), [(15, True), (16, False)])
def test_the_holder_spends_on_managing_what_the_norm_allows_of_the_year(house, envelope, amount, goes_through):
    _of_the_province("QL_CO_QUAN", "1.5", envelope.province)

    if goes_through:
        operations.manage(envelope, amount=amount, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"1,5% × 1\.000 = 15 đồng"):
            operations.manage(envelope, amount=amount, **house.signed)

    assert queries.available(envelope) == (985 if goes_through else 1_000)


@pytest.mark.parametrize(("amount", "goes_through"), [(15, True), (16, False)])
def test_the_implementer_spends_on_managing_what_the_norm_allows_of_the_project(
    house, envelope, promised, amount, goes_through
):
    _of_the_province("QL_DON_VI", "2.5", envelope.province)

    if goes_through:
        operations.manage(envelope, amount=amount, project=promised, **house.signed)
    else:
        with pytest.raises(NotPossible, match=r"2,5% × 600 = 15 đồng"):
            operations.manage(envelope, amount=amount, project=promised, **house.signed)

    assert queries.balance(envelope).management == (15 if goes_through else 0)


def test_national_money_without_a_norm_sets_nothing_aside_for_managing(house):
    agency = person("ministry_agency", country=True)
    envelope = EnvelopeFactory(level="national", province=None, holder=house.holder, given=1_000)

    with pytest.raises(NotPossible, match="Chưa có mức chi phí quản lý"):
        operations.manage(envelope, amount=1, **house.signed | {"by": agency})


def test_local_money_is_not_bound_by_the_national_share(house, envelope):
    """The province has said nothing that the system knows: its decision alone binds, and the journal says so."""
    SupportNormFactory(line__code="QL_CO_QUAN", percent="1.5", cap=None)

    operations.manage(envelope, amount=400, **house.signed)

    assert queries.balance(envelope).management == 400
    assert Event.objects.latest("pk").data["norm"] == "chưa có quy định của tỉnh trong hệ thống"


# ---- nothing is rewritten ----


def test_a_line_typed_wrongly_is_put_right_by_its_opposite(house):
    wrong = decide(house, amount=34_000_000_000)
    [entry] = wrong.entries.all()

    operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert queries.available(wrong) == 0
    with pytest.raises(NotPossible, match="đã được đảo"):
        operations.reverse(entry, reason="lần nữa", **house.signed)
    decide(house, paper=entry.paper)  # the same decision, now with its right amount
    assert queries.available(wrong) == 3_400_000_000


def test_management_cost_of_an_implementer_typed_wrongly_is_put_right_too(house, envelope, promised):
    entry = operations.manage(envelope, amount=15, project=promised, **house.signed)

    operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert queries.managed(envelope, project=promised) == 0
    assert queries.available(envelope) == 400


def test_a_line_is_not_put_right_before_its_day(house, envelope):
    later = house.signed | {"on": DAY + dt.timedelta(1)}
    entry = operations.manage(envelope, amount=15, **later)

    with pytest.raises(Invalid) as refusal:
        operations.reverse(entry, reason="Ghi nhầm số tiền", **house.signed)

    assert list(refusal.value.fields) == ["on"]
    assert operations.reverse(entry, reason="Ghi nhầm số tiền", **later).amount == -15


def test_nothing_left_is_not_carried_over_and_says_so(house, envelope, promised, next_year):
    with pytest.raises(NotPossible, match="chỉ còn 0 đồng"):
        operations.carry_over(
            envelope, to=next_year, project=ProjectFactory(), **house.signed | {"paper": paper("carry_over")}
        )


@pytest.mark.parametrize(("days", "goes_through"), [(0, True), (-1, False)])
def test_nothing_is_written_before_its_paper_is_signed(house, envelope, days, goes_through):
    signed = DAY + dt.timedelta(1)
    facts = {"on": signed + dt.timedelta(days)}

    for act in (
        lambda: decide(house, paper=paper("budget_decision", signed_on=signed), **facts),
        lambda: operations.return_money(
            envelope, amount=1, **house.signed | facts | {"paper": paper("return_money", signed_on=signed)}
        ),
    ):
        if goes_through:
            act()
        else:
            with pytest.raises(Invalid, match="không thể trước ngày ký văn bản") as refusal:
                act()
            assert list(refusal.value.fields) == ["on"]


def test_promised_money_cannot_be_put_right_away(house, envelope, promised):
    given = envelope.entries.get(kind="allocated")

    with pytest.raises(NotPossible, match="chỉ còn 400 đồng"):
        operations.reverse(given, reason="nhầm", **house.signed)
    with pytest.raises(NotPossible, match="không đảo trực tiếp"):
        operations.reverse(envelope.entries.get(kind="committed"), reason="nhầm", **house.signed)


def test_the_ledger_refuses_to_be_rewritten_or_erased(envelope):
    [entry] = envelope.entries.all()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        envelope.entries.update(amount=1)
    with pytest.raises(TypeError):
        entry.delete()
    for statement in ("UPDATE budgets_entry SET amount = 1", "DELETE FROM budgets_entry"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
