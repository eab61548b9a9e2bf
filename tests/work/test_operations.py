import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.notices.models import Message
from khuyencong.people.models import Mandate
from khuyencong.people.queries import heirs
from khuyencong.plans import operations as plans
from khuyencong.work import operations, queries
from tests.factories.documents import PaperFactory
from tests.factories.needs import CallFactory, NeedFactory, SurveyPlanFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def province(db):
    return ProvinceFactory()


@pytest.fixture
def administrator(province):
    return person("administrator", place=province)


@pytest.fixture
def paper(province):
    return PaperFactory(kind="mandate", signed_on=DAY)


@pytest.fixture
def mandate(province):
    return MandateFactory(
        role="centre_officer", place=province, employer=OrganisationFactory(centre=True, place=province)
    )


def test_handing_over_ends_one_mandate_and_gives_the_same(province, administrator, mandate, paper):
    coming = UserFactory(province=province)
    tour = SurveyPlanFactory(call=CallFactory(province=province))
    tour.team.add(mandate.user)
    NeedFactory(call=tour.call, state="confirmed")

    given = operations.hand_over(mandate, to=coming, by=administrator, on=DAY, paper=paper)

    mandate.refresh_from_db()
    assert (mandate.valid_to, given.valid_from, given.role, given.place) == (DAY, DAY, "centre_officer", province)
    assert list(tour.team.all()) == [coming]
    mandate.user.forget_mandates()
    assert queries.tasks(mandate.user) == []
    assert [task.kind.value for task in queries.tasks(coming)] == ["plan_survey"]
    assert Event.objects.latest("pk").data["waiting"] == 1
    assert "Việc đang chờ: 1" in Message.objects.get(recipient=coming, kind="hand_over").body


def test_a_hand_over_needs_its_paper(administrator, mandate):
    with pytest.raises(NotPossible, match="biên bản bàn giao"):
        operations.hand_over(
            mandate, to=UserFactory(), by=administrator, on=DAY, paper=PaperFactory(kind="opinion", signed_on=DAY)
        )
    assert Mandate.objects.get(pk=mandate.pk).valid_to is None


def test_nobody_hands_over_to_himself(administrator, mandate, paper):
    with pytest.raises(Invalid, match="người khác"):
        operations.hand_over(mandate, to=mandate.user, by=administrator, on=DAY, paper=paper)


def test_a_locked_account_receives_nothing(administrator, mandate, paper):
    with pytest.raises(Invalid, match="đã khoá"):
        operations.hand_over(mandate, to=UserFactory(is_active=False), by=administrator, on=DAY, paper=paper)


def test_a_centre_director_hands_over_the_work_of_his_officer(province, mandate, paper):
    director = person("centre_director", place=province, employer=mandate.employer)
    coming = UserFactory(province=province)

    given = operations.hand_over(mandate, to=coming, by=director, on=DAY, paper=paper)

    assert (given.user, given.role, given.employer) == (coming, "centre_officer", mandate.employer)


@pytest.mark.parametrize("judge", ["provincial_approver", "department_director", "appraiser", "finance_officer"])
def test_who_judges_projects_does_not_take_over_their_carrying_out(province, administrator, mandate, paper, judge):
    """And is not offered: what he drew up yesterday he would approve tomorrow."""
    judging, free = person(judge, place=province, user__province=province), UserFactory(province=province)
    clerk = person("registry_clerk", place=province, user__province=province)

    assert {judging, free, clerk} & set(heirs(administrator, mandate, province=province)) == {free, clerk}
    with pytest.raises(NotPossible, match="người lập, thực hiện đề án không thẩm định, phê duyệt, nghiệm thu đề án"):
        operations.hand_over(mandate, to=judging, by=administrator, on=DAY, paper=paper)

    mandate.refresh_from_db()
    assert mandate.valid_to is None


def test_a_hand_over_that_is_refused_leaves_the_mandate_as_it_was(province, administrator, mandate, paper):
    """Somebody of another province is not in the administrator's books: nothing is ended, nothing given."""
    outside = UserFactory(province=ProvinceFactory())

    with pytest.raises(Invalid, match="không thuộc địa bàn bạn quản lý"):
        operations.hand_over(mandate, to=outside, by=administrator, on=DAY, paper=paper)

    mandate.refresh_from_db()
    assert (mandate.valid_to, Mandate.objects.filter(user=outside).count()) == (None, 0)


def test_an_officer_does_not_hand_over_his_own_mandate(mandate, paper):
    with pytest.raises(NotAllowed):
        operations.hand_over(mandate, to=UserFactory(), by=mandate.user, on=DAY, paper=paper)


def test_an_administrator_of_another_province_is_refused(mandate, paper):
    stranger = person("administrator", place=ProvinceFactory())

    with pytest.raises(NotAllowed):
        operations.hand_over(mandate, to=UserFactory(), by=stranger, on=DAY, paper=paper)


def test_a_mandate_with_open_work_ends_without_a_hand_over_only_when_that_is_said(province, administrator, mandate):
    NeedFactory(call=CallFactory(province=province), state="confirmed")

    with pytest.raises(Invalid, match="còn 1 việc đang chờ. Hãy bàn giao") as refusal:
        operations.end_mandate(mandate, by=administrator, on=DAY)
    mandate.refresh_from_db()
    assert list(refusal.value.fields) == ["leave"]
    assert mandate.valid_to is None

    assert operations.end_mandate(mandate, by=administrator, on=DAY, leave=True).valid_to == DAY


def test_a_mandate_without_open_work_ends_at_once(administrator, mandate):
    assert operations.end_mandate(mandate, by=administrator, on=DAY).valid_to == DAY


def test_whoever_may_not_end_a_mandate_is_not_told_what_waits_for_it(province, mandate):
    NeedFactory(call=CallFactory(province=province), state="confirmed")

    with pytest.raises(NotAllowed):
        operations.end_mandate(mandate, by=person("centre_officer", place=province), on=DAY)


def test_a_paper_sent_back_reaches_who_prepares_it(province):
    centre = OrganisationFactory(centre=True, place=province)
    project = ProjectFactory(province=province, implementer=centre)
    officer = person("centre_officer", place=province, employer=centre)
    director = person("centre_director", place=province, employer=centre)

    assert operations.send_back(project, comment="Thiếu báo giá", by=director) == 1

    message = Message.objects.get(recipient=officer)
    assert (message.body, message.kind) == ("Thiếu báo giá", "return")


def test_a_plan_sent_back_is_told_to_the_province_that_drafts_it_and_not_to_the_agency(province):
    drafter = person("appraiser", place=province)
    MandateFactory(role="ministry_agency", country=True)
    decision = ItemFactory(decision__plan__province=province, decision__plan__level="provincial").decision

    told = operations.send_back(decision, comment="Thiếu số", by=person("department_director", place=province))

    assert (told, [message.recipient for message in Message.objects.all()]) == (1, [drafter])


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_no_longer_waits_to_be_signed_is_not_sent_back(state, province):
    centre = OrganisationFactory(centre=True, place=province)
    project = ProjectFactory(province=province, implementer=centre, state=state)
    decision = DecisionFactory(
        plan__province=province, **{"submitted": {"submitted": True}, "approved": {"issued": True}}[state]
    )

    with pytest.raises(NotPossible, match="không còn chờ ký"):
        operations.send_back(
            project, comment="Thiếu báo giá", by=person("centre_director", place=province, employer=centre)
        )
    with pytest.raises(NotPossible, match="không còn chờ ký"):
        operations.send_back(decision, comment="Thiếu số", by=person("department_director", place=province))
    assert not Message.objects.exists()


def test_sending_back_needs_a_word_and_the_right_to_sign(province):
    project = ProjectFactory(province=province)

    with pytest.raises(NotAllowed):
        operations.send_back(project, comment="Không", by=person("accountant", place=province))
    with pytest.raises(Invalid):
        operations.send_back(project, comment=" ", by=person("centre_director", place=province))


def test_the_writer_is_reminded_of_a_file_sent_back_three_days_before_and_on_the_day_alone(province):
    officer = person("centre_officer", place=province, employer=OrganisationFactory(centre=True, place=province))
    for day in (22, 24, 25):  # today, in two days, in three
        file = ProjectFactory(province=province, implementer=officer.mandates_today[0].employer)
        StepTakenFactory(project=file, name="return", on=dt.date(2026, 11, 10), due_on=dt.date(2026, 11, day))

    assert operations.remind() == 2
    assert {m.body for m in Message.objects.filter(recipient=officer)} == {"Hạn 22/11/2026.", "Hạn 25/11/2026."}


def test_a_reminder_is_sent_once(province):
    call = CallFactory(province=province, commune_deadline=dt.date(2026, 11, 25))
    need = NeedFactory(call=call)
    officer = person("commune_officer", place=need.commune)

    assert operations.remind() == 1
    assert operations.remind() == 0
    assert Message.objects.get(recipient=officer).subject == "Sắp đến hạn: Xác nhận 1 nhu cầu"


@pytest.mark.parametrize("act", ["sign", "return", "draft", "open"])
def test_the_agency_drafts_and_signs_no_plan_of_a_province(act, province):
    agency = MandateFactory(role="ministry_agency", country=True).user
    decision = ItemFactory(decision__plan__province=province, decision__plan__level="provincial").decision
    acts = {
        "sign": lambda: plans.submit(decision, by=agency, on=DAY, paper=PaperFactory(kind="submission", signed_on=DAY)),
        "return": lambda: operations.send_back(decision, comment="Thiếu số", by=agency),
        "draft": lambda: plans.draft_decision(decision.plan, kind="approve", by=agency),
        "open": lambda: plans.open_plan(level="provincial", year=2030, province=province, by=agency),
    }

    assert queries.to_sign(agency) == []
    with pytest.raises(NotAllowed, match="Cục"):
        acts[act]()
