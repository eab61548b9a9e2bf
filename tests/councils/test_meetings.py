import datetime as dt

import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Vote
from tests.councils.given import ABOUT, DAY, settled, subject
from tests.factories.councils import (
    AttendanceFactory,
    MemberFactory,
    SessionFactory,
)
from tests.factories.documents import PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(council):
    return SessionFactory(council=council, on=DAY)


def attended(meeting, number=3):
    return [AttendanceFactory(session=meeting).member for _n in range(number)]


def voted(meeting, by, about=None, **facts):
    facts = {"passes": 3, "completes": 0, "fails": 0, "conclusion": "pass"} | facts
    return operations.vote(meeting, subject=about or subject(), by=by, **facts)


def test_who_was_there_is_written_down_and_the_others_were_away(meeting, secretary, judge):
    operations.attend(meeting, present=[judge], by=secretary.user)
    operations.attend(meeting, present=[judge, secretary], by=secretary.user)
    operations.attend(meeting, present=[secretary], by=secretary.user)

    told = queries.attended(meeting)
    assert ([m.pk for m in told.present], [m.pk for m in told.absent]) == ([secretary.pk], [judge.pk])


def test_attendance_is_of_members_of_that_day_written_by_the_council_s_heads(meeting, secretary, judge, council):
    with pytest.raises(Invalid, match="ít nhất một"):
        operations.attend(meeting, present=[], by=secretary.user)
    with pytest.raises(Invalid, match="không là thành viên"):
        operations.attend(meeting, present=[MemberFactory()], by=secretary.user)
    with pytest.raises(Invalid, match="không là thành viên"):
        operations.attend(meeting, present=[MemberFactory(council=council, left_on=DAY)], by=secretary.user)
    with pytest.raises(NotAllowed):
        operations.attend(meeting, present=[judge], by=judge.user)
    with pytest.raises(Invalid, match="chưa tới"):
        operations.attend(SessionFactory(council=council, on=dt.date(2026, 12, 1)), present=[judge], by=secretary.user)


def test_the_council_votes_and_may_correct_it_until_the_minutes(meeting, head, secretary):
    about = subject()
    attended(meeting)

    voted(meeting, secretary.user, about)
    voted(meeting, secretary.user, about, passes=1, fails=2, conclusion="fail", opinion="Giá máy cao")

    told = Vote.objects.get()
    assert (told.passes, told.fails, told.conclusion, told.opinion) == (1, 2, "fail", "Giá máy cao")
    operations.keep_minutes(meeting, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="", by=head)
    with pytest.raises(NotPossible, match="đã có biên bản"):
        voted(meeting, secretary.user, about)
    with pytest.raises(NotPossible, match="đã có biên bản"):
        operations.attend(meeting, present=[secretary], by=secretary.user)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"passes": 3, "fails": 1}, "passes"),
        ({"passes": 0}, "passes"),
        ({"passes": 4, "fails": -1}, "passes"),
        ({"conclusion": ""}, "conclusion"),
        ({"passes": 9, "conclusion": ""}, "passes conclusion"),
    ],
)
def test_a_vote_of_more_than_were_there_of_nobody_or_without_result_is_refused(facts, field, meeting, secretary):
    attended(meeting)

    with pytest.raises(Invalid) as refusal:
        voted(meeting, secretary.user, **facts)

    assert list(refusal.value.fields) == field.split()


def test_a_conclusion_that_fewer_voted_for_says_why(meeting, secretary):
    about = subject()
    attended(meeting)

    with pytest.raises(Invalid, match="“Đạt” ít phiếu hơn kết luận khác"):
        voted(meeting, secretary.user, about, passes=1, fails=2, conclusion="pass")
    voted(meeting, secretary.user, about, passes=1, completes=1, fails=1, conclusion="pass")
    told = voted(meeting, secretary.user, about, passes=1, fails=2, opinion="Đã sửa dự toán tại chỗ")

    assert (told.conclusion, told.opinion) == ("pass", "Đã sửa dự toán tại chỗ")


def test_a_secretary_with_a_conflict_writes_down_no_vote_on_that_subject(meeting, secretary, head):
    about = subject()
    attended(meeting)
    operations.declare_conflict(secretary, subject=about, reason="Em trai của chủ cơ sở", by=secretary.user)

    with pytest.raises(NotAllowed, match=r"không tham gia xem xét đề án này \(Em trai của chủ cơ sở\)"):
        voted(meeting, secretary.user, about)

    assert (voted(meeting, head, about).by, voted(meeting, secretary.user).by) == (head, secretary.user)


def test_nothing_is_voted_before_it_is_known_who_came_nor_by_a_judge(meeting, secretary, judge):
    with pytest.raises(NotPossible, match="thành phần dự họp"):
        voted(meeting, secretary.user)
    with pytest.raises(NotAllowed):
        voted(meeting, judge.user)


def test_nothing_is_voted_while_a_sign_waits_and_who_is_excused_has_no_vote(meeting, near, secretary):
    about = subject(**ABOUT)
    for member in (near, secretary, *attended(meeting, 1)):
        if member not in queries.attended(meeting).present:
            AttendanceFactory(session=meeting, member=member)

    with pytest.raises(NotPossible, match="xung đột lợi ích của Phạm Văn Nam chưa được"):
        voted(meeting, secretary.user, about, passes=2)
    settled(near, about, secretary.user, outcome="excused", reason="")
    with pytest.raises(Invalid, match="nhiều hơn 2 thành viên"):
        voted(meeting, secretary.user, about, passes=3)

    assert voted(meeting, secretary.user, about, passes=2).total == 2


def test_minutes_are_laid_to_their_meeting_and_are_not_older(council, head):
    session = operations.call_session(council, on=dt.date(2026, 12, 1), place="Sở", by=head)
    with pytest.raises(Invalid):
        operations.call_session(council, on=dt.date(2026, 9, 30), by=head)
    held = SessionFactory(council=council)

    with pytest.raises(NotPossible):
        operations.keep_minutes(held, paper=PaperFactory(), summary="", by=head)
    with pytest.raises(Invalid):
        operations.keep_minutes(session, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="", by=head)
    with pytest.raises(NotPossible, match="thành phần dự họp"):
        operations.keep_minutes(held, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="", by=head)
    attended(held)
    operations.keep_minutes(held, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="5/5 đạt", by=head)

    assert held.summary == "5/5 đạt"


def test_the_minutes_are_laid_in_once(meeting, secretary):
    attended(meeting)
    first, second = (PaperFactory(kind="minutes", signed_on=DAY) for _n in range(2))
    operations.keep_minutes(meeting, paper=first, summary="Đạt", by=secretary.user)

    with pytest.raises(NotPossible, match="đã có biên bản"):
        operations.keep_minutes(meeting, paper=second, summary="Không đạt", by=secretary.user)
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.summary) == (first, "Đạt")


def test_a_meeting_read_before_its_minutes_came_takes_no_vote_after_them(meeting, secretary):
    attended(meeting)
    stale = type(meeting).objects.get(pk=meeting.pk)
    operations.keep_minutes(meeting, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="", by=secretary.user)

    with pytest.raises(NotPossible, match="đã có biên bản"):
        voted(stale, secretary.user)
