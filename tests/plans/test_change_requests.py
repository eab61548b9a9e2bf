"""What a request of change says, who asks, and who confirms it (TT 36/2013 Đ11)."""

import datetime as dt

import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.notices.models import Message
from khuyencong.plans import operations
from khuyencong.plans.models import ChangeRequest
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.plans.conftest import DAY, JUNE, MILLION, ask, paper
from tests.worlds import own

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(request, built, started, db):
    """The house where the project runs for tests that ask for it, for others the one in which nothing happened yet."""
    return own(started if "running" in request.fixturenames else built)


DEPARTMENT, CHAIRMAN = "department_director", "provincial_approver"


def test_a_request_keeps_whose_decision_it_is(the_law, running, director):
    request = ask(running, director)

    assert (request.state, request.authority_role) == ("requested", CHAIRMAN)
    assert request.authority_body == "Chủ tịch Ủy ban nhân dân cấp tỉnh"
    assert "36/2013/TT-BCT" in request.authority_basis


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"kind": "add"}, "kind"),
        ({"kind": "stop_for_violation"}, "kind"),
        ({"kind": "increase_total"}, "national"),
        ({"kind": "same_or_less", "local": 300 * MILLION + 1}, "kind"),
        ({"kind": "extend_next_year", "ends_on": dt.date(2026, 12, 31)}, "ends_on"),
        ({"kind": "extend_next_year", "ends_on": dt.date(2028, 1, 1)}, "ends_on"),
        ({"kind": "time_in_year", "ends_on": dt.date(2027, 1, 1)}, "ends_on"),
        ({"kind": "stop", "ends_on": dt.date(2026, 12, 1)}, "ends_on"),
        ({"kind": "place"}, "new_commune"),
        ({"kind": "beneficiary"}, "leaving"),
        ({"kind": "partner"}, "partner"),
        ({"kind": "content"}, "content"),
        ({"kind": "other"}, "detail"),
        ({"on": dt.date(2026, 5, 19)}, "on"),
    ],
)
def test_a_request_says_what_its_kind_needs(running, director, values, field):
    with pytest.raises(Invalid) as refusal:
        ask(running, director, **values)

    assert list(refusal.value.fields) == [field]
    assert not ChangeRequest.objects.exists()


def test_nothing_is_asked_in_passing_that_somebody_higher_decides(the_law, house, running, director):
    more_time = {"kind": "time_in_year", "ends_on": dt.date(2026, 12, 20)}

    with pytest.raises(Invalid, match="“Thay đổi nội dung hoạt động” do Chủ tịch Ủy ban nhân dân cấp tỉnh") as refusal:
        ask(running, director, **more_time, content="Mua máy khác")

    assert list(refusal.value.fields) == ["content"]
    assert not ChangeRequest.objects.exists()
    assert ask(
        running, director, **more_time, new_commune=CommuneFactory(province=house.province)
    ).pk  # the same decides
    assert ask(running, director, kind="content", content="Mua máy khác", local=250 * MILLION).pk  # a lower one


def test_who_comes_is_of_the_province_and_not_helped_already(running, director):
    [helped] = running.beneficiaries.all()
    here, away = EstablishmentFactory(commune=running.commune), EstablishmentFactory()

    for values, field in (
        ({"leaving": helped, "coming": away}, "coming"),
        ({"coming": helped.establishment}, "coming"),
        ({"coming": here}, "leaving"),  # a single project helps one
        ({"leaving": BeneficiaryFactory(project=running, removed_on=DAY)}, "leaving"),
    ):
        with pytest.raises(Invalid) as refusal:
            ask(running, director, kind="beneficiary", **values)
        assert list(refusal.value.fields) == [field]

    assert ask(running, director, kind="beneficiary", leaving=helped, coming=here).pk


@pytest.mark.parametrize(("days", "goes_through"), [(0, True), (-1, False)])
def test_work_does_not_end_before_it_begins(running, director, days, goes_through):
    end = running.starts_on + dt.timedelta(days)

    if goes_through:
        assert ask(running, director, kind="time_in_year", ends_on=end).ends_on == end
    else:
        with pytest.raises(Invalid, match="trước ngày bắt đầu"):
            ask(running, director, kind="time_in_year", ends_on=end)


@pytest.mark.parametrize(("change", "goes_through"), [(0, True), (-1, False)])
def test_the_department_places_a_national_group_project_and_does_not_cut_it(the_law, house, change, goes_through):
    project = ProjectFactory(of_nation=True, state="running", form="group", province=house.province)
    head = person("centre_director", place=house.province, employer=project.implementer)
    commune, asked = CommuneFactory(province=house.province), (project.granted_national or 0) + change

    if goes_through:
        assert ask(project, head, kind="place", new_commune=commune, national=asked).authority_role == DEPARTMENT
    else:
        with pytest.raises(Invalid, match="Giữ nguyên hoặc giảm tổng mức hỗ trợ") as refusal:
            ask(project, head, kind="place", new_commune=commune, national=asked)
        assert list(refusal.value.fields) == ["national"]


def test_only_the_implementer_asks_and_only_for_what_runs(house, running, director, appraised):
    stranger = person("centre_director", place=house.province, employer=OrganisationFactory(centre=True))

    with pytest.raises(NotAllowed):
        ask(running, stranger)
    with pytest.raises(NotPossible, match="công văn đề nghị"):
        ask(running, director, paper=paper("plan_decision"))
    with pytest.raises(NotPossible, match="Đạt thẩm định"):
        ask(appraised(), director)
    ask(running, director)
    with pytest.raises(NotPossible, match="chưa được quyết định"):
        ask(running, director)


def test_the_department_confirms_or_refuses_with_a_reason(house, running, director):
    first = ask(running, director)

    for by in (
        house.appraiser,
        house.approver,
    ):  # the chairman decides changes; he does not confirm in the department's place
        with pytest.raises(NotAllowed):
            operations.confirm_request(first, by=by, on=JUNE)
    with pytest.raises(Invalid, match="lý do"):
        operations.refuse_request(first, reason=" ", by=house.department, on=JUNE)
    operations.refuse_request(first, reason="Chưa đủ căn cứ", by=house.department, on=JUNE)
    second = ask(running, director)
    later = paper("answer_letter", signed_on=JUNE + dt.timedelta(days=1))
    with pytest.raises(Invalid, match="không thể trước"):
        operations.confirm_request(second, by=house.department, on=JUNE, paper=later)
    operations.confirm_request(second, by=house.department, on=JUNE)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("refused", "confirmed")


def test_the_department_takes_back_its_word_while_no_draft_holds_the_request(house, running, director):
    confirmed = operations.confirm_request(ask(running, director), by=house.department, on=JUNE)
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)
    item = operations.put_change(decision, request=confirmed, by=house.appraiser)
    back = {"reason": "Số tiền gõ nhầm", "by": house.department, "on": JUNE}

    with pytest.raises(NotPossible, match="Ngừng lần 1.*bỏ dòng đó khỏi dự thảo"):
        operations.refuse_request(confirmed, **back)
    operations.take_out(item, by=house.appraiser)
    with pytest.raises(Invalid):
        operations.refuse_request(confirmed, **back | {"on": JUNE - dt.timedelta(days=1)})
    operations.refuse_request(confirmed, **back)

    again = ask(running, director)
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.answer, again.state) == ("refused", "Số tiền gõ nhầm", "requested")


def test_who_asked_is_told_why_the_department_refused(house, running, director):
    first = ask(running, director)

    operations.refuse_request(first, reason="Chưa đủ căn cứ", by=house.department, on=JUNE)

    told = Message.objects.get(kind="answer")
    assert (told.recipient, told.body, told.link) == (director, "Chưa đủ căn cứ", f"/ke-hoach/de-nghi/{first.pk}/")
    assert told.subject == f"Không chấp thuận đề nghị: Ngừng triển khai đề án, {running}"


def test_a_request_in_words_is_what_becomes_otherwise(running, director):
    told = ask(running, director, kind="extend_next_year", ends_on=dt.date(2027, 6, 15)).asked
    place = CommuneFactory(province=running.province, full_name="Xã Ea Kly")
    other = ask(running, director, kind="place", new_commune=place, counterpart=7 * MILLION, detail="Dời xưởng").asked

    assert told == "thời hạn đến 15/06/2027"
    assert other == "Dời xưởng; Đối ứng 7.000.000 đồng; địa điểm mới: Xã Ea Kly"
