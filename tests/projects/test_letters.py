"""What people are told on the day itself: of a file sent back, of a question to another body and of its answer."""

import datetime as dt

import pytest

from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.notices.models import Message
from khuyencong.people.models import User
from khuyencong.projects import operations
from khuyencong.work.operations import remind
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person

pytestmark = pytest.mark.django_db
D = dt.date
FRIDAY, TYPED = D(2026, 11, 20), D(2026, 12, 1)


@pytest.fixture
def culture(land):
    return OrganisationFactory(kind="other_department", name="Sở Văn hóa, Thể thao và Du lịch", place=land.province)


@pytest.fixture
def returned(project, people, paper):
    def make(*, on=FRIDAY, due_on=TYPED, by=None):
        file, letter = project(state="submitted"), paper("return", signed_on=on)
        by = by or people.appraiser
        return operations.return_(file, reason="Thiếu báo giá", by=by, on=on, paper=letter, due_on=due_on)

    return make


def told(channel="inbox"):
    return {(message.recipient, message.subject, message.link) for message in Message.objects.filter(channel=channel)}


def asked(file, body, people, **facts):
    facts = {"by": people.appraiser, "on": FRIDAY, "due_on": TYPED} | facts
    return operations.ask_opinion(file, body=body, **facts)


def left(file, state):
    type(file).objects.filter(pk=file.pk).update(state=state)


def test_who_writes_and_who_signs_a_file_are_told_once_that_it_is_sent_back(people, returned):
    people.officer, people.director, people.stranger, people.department  # noqa: B018
    file = returned()

    subject, link = f"Yêu cầu bổ sung hồ sơ: {file}", f"/de-an/{file.pk}/"
    assert told() == {(people.officer, subject, link), (people.director, subject, link)}
    assert Message.objects.filter(recipient=people.director, channel="inbox").count() == 1
    assert Message.objects.first().body == "Nộp lại chậm nhất ngày 01/12/2026. Thiếu báo giá"


def test_who_has_an_address_gets_it_by_mail_too_and_a_locked_account_nothing(people, returned):
    User.objects.filter(pk=people.officer.pk).update(email="cv@example.vn")
    User.objects.filter(pk=people.director.pk).update(is_active=False)
    returned()

    assert {message.recipient for message in Message.objects.all()} == {people.officer}
    assert {message.email for message in Message.objects.filter(channel="email")} == {"cv@example.vn"}


def test_what_is_refused_tells_nobody(people, returned):
    people.officer  # noqa: B018
    with pytest.raises(Invalid):
        returned(due_on=None)

    assert not Message.objects.exists()


def test_the_reminder_of_the_same_day_does_not_say_it_again_and_that_of_the_last_day_does(
    people, returned, monkeypatch
):
    people.officer  # noqa: B018
    today = clock.today()
    returned(on=today, due_on=today + dt.timedelta(days=3))

    assert remind() == 0
    monkeypatch.setattr(clock, "today", lambda: today + dt.timedelta(days=3))
    assert remind() == 1


def test_those_of_the_asked_body_are_told_and_nobody_else(project, people, land, culture):
    own = person("finance_officer", place=land.province, employer=culture)
    person("finance_officer", place=land.province, employer=OrganisationFactory(place=land.province))
    person("finance_officer", employer=culture)
    file = project(state="submitted")

    one = asked(file, culture, people, question="Có hợp quy hoạch không?")

    assert told() == {(own, f"Đề nghị cho ý kiến: {file}", f"/de-an/{file.pk}/y-kien/{one.pk}/")}
    body = Message.objects.get().body
    assert body == f"Đề nghị {culture} cho ý kiến chậm nhất ngày 01/12/2026. Có hợp quy hoạch không?"


@pytest.mark.parametrize(("email", "channel"), [("so@example.vn", "email"), ("", "share")])
def test_a_body_without_an_account_is_written_to_itself(email, channel, project, people, culture):
    culture.email = email
    culture.save()

    asked(project(state="submitted"), culture, people)

    [message] = Message.objects.all()
    assert (message.organisation, message.channel, message.email, message.link) == (culture, channel, email, "")


def test_the_agency_that_asked_is_told_of_an_answer_that_comes_after_it_sent_the_file_back(
    project, people, land, culture
):
    own = person("finance_officer", place=land.province, employer=culture)
    people.department, people.appraiser  # noqa: B018
    file = project(state="registered", level="national", national=300_000_000, local=0)
    one = asked(file, culture, people, by=people.agency)
    left(file, "draft")
    Message.objects.all().delete()

    operations.give_opinion(one, agreement="agrees", answer="", by=own, on=FRIDAY)

    assert {recipient for recipient, _subject, _link in told()} == {people.agency}


@pytest.mark.parametrize(
    ("by", "state", "receivers"),
    [
        ("appraiser", "draft", {"appraiser", "department"}),  # sent back by the department, which asked
        ("appraiser", "registered", {"appraiser", "department", "agency"}),  # gone on meanwhile
        ("agency", "submitted", {"appraiser", "department", "agency"}),  # come again to the department
    ],
)
def test_an_answer_goes_to_who_asked_and_to_who_judges_now(project, people, land, culture, by, state, receivers):
    own = person("finance_officer", place=land.province, employer=culture)
    everybody = {name: getattr(people, name) for name in ("appraiser", "department", "agency")}
    file = project(state="submitted" if by == "appraiser" else "registered", level="national", local=0)
    one = asked(file, culture, people, by=everybody[by])
    left(file, state)
    Message.objects.all().delete()

    operations.give_opinion(one, agreement="agrees", answer="", by=own, on=FRIDAY)

    assert {recipient for recipient, _subject, _link in told()} == {everybody[name] for name in receivers}


def test_those_who_judge_the_file_are_told_of_the_answer_but_not_who_writes_it_down(project, people, land, culture):
    own = person("finance_officer", place=land.province, employer=culture)
    file = project(state="submitted")
    one = asked(file, culture, people)
    Message.objects.all().delete()
    people.department  # noqa: B018

    operations.give_opinion(one, agreement="comments", answer="Cần thoả thuận khoảng lùi", by=own, on=FRIDAY)

    subject, link = f"{culture} đã cho ý kiến: {file}", f"/de-an/{file.pk}/#y-kien"
    assert told() == {(people.appraiser, subject, link), (people.department, subject, link)}
    assert Message.objects.first().body.endswith("ngày 20/11/2026. Cần thoả thuận khoảng lùi")
