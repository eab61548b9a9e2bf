"""Money is given by a decision and promised once."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.operations import Promise
from khuyencong.budgets.rules import Balance
from tests.budgets.conftest import DAY, paper
from tests.budgets.given import decide
from tests.factories.budgets import EnvelopeFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


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


def test_money_is_not_taken_away_before_it_was_given(house, envelope):
    opened = queries.opened_on(envelope)
    before = opened - dt.timedelta(days=1)

    with pytest.raises(NotPossible, match="trước ngày giao dự toán"):
        decide(house, name=envelope.name, amount=-1, on=before, paper=paper("budget_decision", signed_on=before))
    decide(house, name=envelope.name, amount=-1, on=opened, paper=paper("budget_decision", signed_on=opened))

    assert queries.available(envelope) == 999


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
