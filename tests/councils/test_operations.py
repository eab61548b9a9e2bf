import datetime as dt
import uuid
from decimal import Decimal

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Conflict, Council, Sheet, Vote
from khuyencong.councils.rules import Party, Subject
from tests.factories.councils import (
    AttendanceFactory,
    ConflictFactory,
    CouncilFactory,
    MemberFactory,
    SessionFactory,
    SheetFactory,
    VoteFactory,
)
from tests.factories.documents import PaperFactory
from tests.factories.norms import CriterionRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 18)


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.fixture
def head(council):
    """Who forms councils here."""
    return person("department_director", place=council.province)


@pytest.fixture
def judge(council):
    return MemberFactory(council=council)


@pytest.fixture
def secretary(council):
    return MemberFactory(council=council, secretary=True)


@pytest.fixture
def criteria():
    """Two criteria of sixty and forty points."""
    return [CriterionRowFactory(number=n, points=points) for n, points in ((1, 60), (2, 40))]


def subject(**party):
    return Subject(uid=uuid.uuid4(), label="26-66-001 Máy sấy", parties=(Party(name="Cơ sở Ngọc Tứ", **party),))


def marks(**other):
    return {n: {"result": "meets", "comment": "Tốt"} for n in range(1, 6)} | other


def scored(judge, about=None, **facts):
    facts = {"marks": marks(), "conclusion": "pass", "by": judge.user, "on": DAY} | facts
    return operations.score(judge, subject=about or subject(), **facts)


# ---- setting up ----


def test_a_council_is_formed_by_its_decision(today):
    province = ProvinceFactory()
    paper = PaperFactory(kind="council_decision", signed_on=DAY)

    council = operations.form(
        name="Hội đồng  thẩm định", province=province, by=person("appraiser", place=province), on=DAY, paper=paper
    )

    assert (council.name, council.paper, council.formed_on) == ("Hội đồng thẩm định", paper, DAY)
    assert Event.objects.get().action == "council.form"


@pytest.mark.parametrize(
    ("paper", "on", "refusal"),
    [
        ({"kind": "minutes"}, DAY, NotPossible),
        ({}, DAY - dt.timedelta(days=1), Invalid),
        ({}, dt.date(2026, 11, 23), Invalid),
    ],
)
def test_a_council_is_not_formed_without_its_decision_nor_before_it_nor_tomorrow(paper, on, refusal):
    province = ProvinceFactory()
    paper = PaperFactory(**({"kind": "council_decision", "signed_on": DAY} | paper))

    with pytest.raises(refusal):
        operations.form(name="A", province=province, by=person("appraiser", place=province), on=on, paper=paper)
    assert not Council.objects.exists()


def test_a_stranger_forms_no_council_and_adds_no_judge(council):
    stranger = person("appraiser", place=ProvinceFactory())

    with pytest.raises(NotAllowed):
        operations.form(
            name="A", province=council.province, by=stranger, on=DAY, paper=PaperFactory(kind="council_decision")
        )
    with pytest.raises(NotAllowed):
        operations.add_member(council, name="B", by=stranger)


def test_a_judge_has_the_name_of_his_account(council, head):
    user = UserFactory()

    assert operations.add_member(council, user=user, by=head).name == str(user)
    with pytest.raises(Invalid):
        operations.add_member(council, user=user, by=head)
    with pytest.raises(Invalid, match="họ tên"):
        operations.add_member(council, by=head)


def test_a_council_has_one_chair(council, head):
    operations.add_member(council, name="Trần Văn Lâm", role="chair", by=head)

    with pytest.raises(NotPossible, match="đã có Chủ tịch"):
        operations.add_member(council, name="Khác", role="chair", by=head)


def test_a_judge_leaves_once_and_nobody_joins_a_council_that_has_ended(council, head, judge):
    operations.remove_member(judge, by=head, on=DAY)
    with pytest.raises(NotPossible):
        operations.remove_member(judge, by=head, on=DAY)
    operations.dissolve(council, by=head, on=DAY)

    with pytest.raises(NotPossible, match="đã kết thúc"):
        operations.add_member(council, name="Muộn", by=head)
    with pytest.raises(NotPossible):
        operations.dissolve(council, by=head, on=DAY)


def test_officers_are_given_the_appraisal_by_an_assignment_and_have_no_chair(today):
    province = ProvinceFactory()
    by = person("department_director", place=province)
    facts = {"name": "Bộ phận thẩm định", "province": province, "by": by, "on": DAY, "kind": "officer"}

    with pytest.raises(NotPossible, match="quyết định phân công"):
        operations.form(**facts, paper=PaperFactory(kind="council_decision", signed_on=DAY))
    staff = operations.form(**facts, paper=PaperFactory(kind="mandate", signed_on=DAY))
    with pytest.raises(Invalid, match="không có Chủ tịch"):
        operations.add_member(staff, name="Trần Văn Lâm", role="chair", by=by)
    with pytest.raises(NotPossible, match="không họp"):
        operations.call_session(staff, on=DAY, by=by)
    officer = operations.add_member(staff, user=person("appraiser", place=province), by=by)

    assert scored(officer).member == officer


def test_a_council_of_the_ministry_has_no_province_and_is_no_department_s_to_form(council, head):
    paper = PaperFactory(kind="council_decision", signed_on=DAY)

    with pytest.raises(NotAllowed):
        operations.form(name="A", province=None, tier="ministry", by=head, on=DAY, paper=paper)
    with pytest.raises(Invalid, match="không thuộc tỉnh nào"):
        operations.form(name="A", province=council.province, tier="ministry", by=head, on=DAY, paper=paper)


def test_the_ministry_s_agency_forms_its_own_council_and_no_department_s(council):
    agency = person("ministry_agency", country=True, place=None)
    facts = {"name": "Hội đồng thẩm định cấp Bộ", "by": agency, "on": DAY}
    paper = PaperFactory(kind="council_decision", signed_on=DAY)

    made = operations.form(**facts, province=None, tier="ministry", paper=paper)

    assert (made.province, made.place, operations.add_member(made, name="Lê Nam", by=agency).council) == (
        None, None, made,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="do Sở Công Thương tổ chức"):
        operations.form(**facts, province=council.province, paper=paper)


# ---- sheets ----


def test_a_sheet_keeps_five_opinions_and_the_scores_of_the_day(judge, criteria):
    sheet = scored(
        judge,
        marks=marks() | {5: {"result": "fails", "comment": "Thiếu báo giá"}},
        scores={1: Decimal("55.5"), 2: Decimal(40)},
    )

    [told] = queries.sheets_on(sheet.subject_uid)
    assert (told.total, told.most) == (Decimal("95.5"), 100)
    assert list(sheet.points.values_list("point", "result"))[-1] == (5, "fails")
    assert list(sheet.scores.values_list("number", "most", "score")) == [(1, 60, Decimal("55.5")), (2, 40, 40)]
    assert "khoản 4 Điều 8" in sheet.criteria_basis
    assert Event.objects.get().data["total"] == "95.5"


def test_later_criteria_do_not_touch_what_was_scored(judge, criteria):
    about = subject()
    sheet = scored(judge, about, scores={1: Decimal(50), 2: Decimal(30)})
    for row in criteria:
        row.valid_to = DAY + dt.timedelta(days=1)
        row.save()
    CriterionRowFactory(number=1, points=10, valid_from=DAY + dt.timedelta(days=1))

    assert list(sheet.scores.values_list("most", flat=True)) == [60, 40]
    again = scored(judge, about, scores={1: Decimal(9)}, on=DAY + dt.timedelta(days=1))
    assert list(again.scores.values_list("most", "score")) == [(10, 9)]


def test_without_criteria_a_sheet_has_opinions_and_no_scores(judge):
    sheet = scored(judge)

    assert (sheet.scores.count(), queries.verdict_on(sheet.subject_uid).average) == (0, None)
    with pytest.raises(NotPossible, match="tiêu chí số 1"):
        scored(judge, scores={1: Decimal(5)})


def test_a_sheet_is_corrected_in_place(judge, criteria):
    about = subject()

    scored(judge, about, scores={1: Decimal(60), 2: Decimal(40)})
    scored(judge, about, scores={1: Decimal(20), 2: Decimal(30)}, conclusion="fail")

    [told] = queries.sheets_on(about.uid)
    assert (told.total, told.conclusion) == (50, "fail")
    assert [e.action for e in Event.objects.order_by("pk")] == ["council.score", "council.rescore"]


@pytest.mark.parametrize(
    ("score", "sentence"), [("-1", "từ 0 đến 60"), ("60.5", "từ 0 đến 60"), ("5.25", "một chữ số"), (None, "Hãy chấm")]
)
def test_a_score_outside_the_scale_is_refused_on_its_criterion(score, sentence, judge, criteria):
    with pytest.raises(Invalid, match=sentence) as refusal:
        scored(judge, scores={1: score and Decimal(score), 2: Decimal(40)})

    assert list(refusal.value.fields) == ["score_1"]
    assert not Sheet.objects.exists()


def test_a_missing_opinion_a_bare_no_and_a_missing_proposal_are_refused(judge):
    with pytest.raises(Invalid) as refusal:
        scored(judge, marks={n: m for n, m in marks().items() if n != 2} | {3: {"result": "fails", "comment": " "}})
    assert list(refusal.value.fields) == ["result_2", "comment_3"]
    with pytest.raises(Invalid):
        scored(judge, conclusion="")


def test_nobody_writes_the_sheet_of_another(council, judge):
    with pytest.raises(NotAllowed):
        scored(judge, by=MemberFactory(council=council).user)


def test_the_secretary_types_a_signed_sheet_and_not_an_unsigned_one(judge, secretary):
    with pytest.raises(NotPossible, match="phiếu đã ký"):
        scored(judge, by=secretary.user)
    assert scored(judge, by=secretary.user, paper=PaperFactory(kind="appraisal")).by == secretary.user


def test_a_sheet_is_given_while_the_council_works(council, judge, today):
    with pytest.raises(NotPossible):
        scored(judge, on=council.formed_on - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        scored(judge, on=today + dt.timedelta(days=1))
    Council.objects.update(dissolved_on=DAY)
    with pytest.raises(NotPossible):
        scored(judge, on=DAY + dt.timedelta(days=1))
    assert scored(judge, on=DAY).on == DAY


# ---- conflicts: declared ----


def test_a_judge_declares_his_conflict_and_his_sheet_is_taken_back(judge):
    about = subject()
    scored(judge, about)

    operations.declare_conflict(judge, subject=about, reason="Em ruột chủ cơ sở", by=judge.user)

    assert not Sheet.objects.exists()
    with pytest.raises(NotAllowed, match="Em ruột chủ cơ sở"):
        scored(judge, about)


def test_a_conflict_needs_a_reason_and_is_declared_for_oneself(council, judge):
    with pytest.raises(Invalid):
        operations.declare_conflict(judge, subject=subject(), reason=" ", by=judge.user)
    with pytest.raises(NotAllowed):
        operations.declare_conflict(judge, subject=subject(), reason="Khác", by=MemberFactory(council=council).user)


# ---- conflicts: found and settled ----


@pytest.fixture
def near(council):
    """A judge who bears the tax code of what he judges."""
    return MemberFactory(council=council, tax_code="0100233488", name="Phạm Văn Nam")


ABOUT = {"tax_code": "0100233488"}


def settled(member, about, by, **facts):
    facts = {"outcome": "dismissed", "reason": "Mã số thuế của đơn vị cũ, đã nghỉ năm 2020"} | facts
    return operations.settle_conflict(member, subject=about, basis=facts.pop("basis", "tax_code"), by=by, **facts)


def test_what_is_found_is_only_a_sign_and_waits_for_a_person(council, near):
    about = subject(**ABOUT)

    [question] = queries.questions(council, subjects=[about])[about.uid]

    assert (question.member, question.is_open, question.origin) == (near, True, "found")
    assert question.evidence.startswith("Có thể trùng: mã số thuế 0100233488")
    assert not Conflict.objects.exists()
    with pytest.raises(NotAllowed, match="dấu hiệu có thể là xung đột lợi ích của Phạm Văn Nam"):
        scored(near, about)


def test_the_secretary_says_that_it_is_no_conflict_and_the_judge_goes_on(near, secretary):
    about = subject(**ABOUT)

    conflict = settled(near, about, secretary.user)

    assert (conflict.outcome, conflict.origin) == ("dismissed", "found")
    assert "0100233488" in conflict.evidence
    event = Event.objects.get()
    assert (event.action, event.data["outcome"], event.data["reason"]) == (
        "council.settle_conflict", "dismissed", "Mã số thuế của đơn vị cũ, đã nghỉ năm 2020",
    )  # fmt: skip
    assert scored(near, about).member == near


def test_the_chair_excuses_the_judge_and_his_sheet_is_taken_back(council, near, secretary):
    about, chair = subject(**ABOUT), MemberFactory(council=council, chair=True)
    SheetFactory(member=near, subject_uid=about.uid)

    settled(near, about, chair.user, outcome="excused", reason="")

    assert not Sheet.objects.exists()
    with pytest.raises(NotAllowed, match="không được chấm đề án này"):
        scored(near, about)


def test_nobody_settles_his_own_and_nobody_but_the_chair_or_the_secretary(council, near, secretary, head, judge):
    about = subject(**ABOUT)
    own = MemberFactory(council=council, chair=True, tax_code="0100233488")

    with pytest.raises(NotAllowed, match="do người khác"):
        settled(own, about, own.user)
    with pytest.raises(NotAllowed, match="Thư ký"):
        settled(near, about, head)
    with pytest.raises(NotAllowed):
        settled(near, about, judge.user)
    assert settled(own, about, secretary.user).member == own


def test_where_no_office_has_an_account_who_forms_councils_settles(council, near, head, judge):
    MemberFactory(council=council, user=None, name="Trần Văn Lâm", chair=True)

    with pytest.raises(NotAllowed):
        settled(near, subject(**ABOUT), judge.user)
    assert settled(near, subject(**ABOUT), head).by == head


def test_a_sign_is_settled_once_with_a_reason_and_only_what_is_found(near, secretary):
    about = subject(**ABOUT)

    with pytest.raises(Invalid, match="vì sao không phải"):
        settled(near, about, secretary.user, reason="Không")
    with pytest.raises(Invalid, match="cách xử lý"):
        settled(near, about, secretary.user, outcome="")
    with pytest.raises(NotPossible):
        settled(near, about, secretary.user, basis="family")
    settled(near, about, secretary.user)
    with pytest.raises(NotPossible):
        settled(near, about, secretary.user)
    Council.objects.update(dissolved_on=DAY)
    with pytest.raises(NotPossible, match="đã kết thúc"):
        settled(
            MemberFactory(council=Council.objects.get(), secretary=True, tax_code="0100233488"), about, secretary.user
        )


def test_a_judge_who_works_for_a_party_waits(council):
    body = OrganisationFactory()
    judge = MemberFactory(council=council, organisation=body)
    about = subject(organisation_id=body.pk)

    assert [q.basis for q in queries.questions_of(judge, subject=about)] == ["employer"]
    with pytest.raises(NotAllowed):
        scored(judge, about)


def test_who_judged_the_same_body_before_is_found_under_another_seat(council):
    before, user = uuid.uuid4(), UserFactory()
    SheetFactory(member=MemberFactory(user=user), subject_uid=before, subject_label="25-66-004 Máy xay", on=DAY)
    again, other = MemberFactory(council=council, user=user), MemberFactory(council=council)
    about = subject(earlier=frozenset({before}))

    [question] = queries.questions(council, subjects=[about])[about.uid]

    assert (question.member, question.basis) == (again, "judged")
    assert question.evidence == "Đã chấm 25-66-004 Máy xay của Cơ sở Ngọc Tứ ngày 18/11/2026."
    assert queries.questions_of(other, subject=about) == []


def test_an_outsider_is_known_again_by_name_and_body(council):
    before, body = uuid.uuid4(), OrganisationFactory()
    facts = {"user": None, "name": "Kiều Thị Hải Nhi", "organisation": body}
    SheetFactory(member=MemberFactory(**facts), subject_uid=before, by=UserFactory())
    about = subject(earlier=frozenset({before}))

    same = MemberFactory(council=council, **facts)
    MemberFactory(council=council, **facts | {"organisation": None})

    assert [q.member for q in queries.questions(council, subjects=[about])[about.uid]] == [same]


def test_a_judge_lives_where_his_address_says(council, head):
    ward = CommuneFactory(province=council.province, name="Ea Kar", full_name="Xã Ea Kar")

    member = operations.add_member(
        council, name="Trần Văn Hai", address=f"Thôn 3, xã Ea Kar, {council.province.full_name}", by=head
    )

    assert member.commune == ward


def test_what_speaks_of_many_subjects_is_asked_in_three_queries(council, near, django_assert_num_queries):
    before = uuid.uuid4()
    for number in (1, 3):
        subjects = [subject(**ABOUT, earlier=frozenset({before})) for _n in range(number)]
        with django_assert_num_queries(3):
            assert len(queries.questions(council, subjects=subjects)) == number


# ---- meetings ----


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
    ],
)
def test_a_vote_of_more_than_were_there_of_nobody_or_without_result_is_refused(facts, field, meeting, secretary):
    attended(meeting)

    with pytest.raises(Invalid) as refusal:
        voted(meeting, secretary.user, **facts)

    assert list(refusal.value.fields) == [field]


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


# ---- what they say together ----


def test_the_sheets_together_say_how_many_propose_what_and_their_mean(council, django_assert_num_queries):
    uid = uuid.uuid4()
    for total, conclusion in ((80, "pass"), (75, "pass"), (60, "fail")):
        SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=total, conclusion=conclusion)
    SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=False)

    with django_assert_num_queries(2):
        told = queries.verdicts([uid, uuid.uuid4()])

    assert list(told) == [uid]
    assert (told[uid].sheets, told[uid].scored, told[uid].passes, told[uid].fails) == (4, 3, 3, 1)
    assert (str(told[uid].average), str(told[uid].most), str(told[uid].of_hundred)) == ("71.7", "100", "71.7")


def test_the_ministry_s_sheets_and_the_province_s_are_told_apart(council):
    uid = uuid.uuid4()
    SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=90)
    SheetFactory(member=MemberFactory(council=CouncilFactory(ministry=True)), subject_uid=uid, total=50)

    assert queries.verdict_on(uid, tier="base").average == 90
    assert queries.verdict_on(uid, tier="ministry").average == 50
    assert queries.verdict_on(uid).average == 70


def test_each_criterion_has_its_mean(council, judge, criteria):
    about = subject()
    scored(judge, about, scores={1: Decimal(60), 2: Decimal(30)})
    scored(MemberFactory(council=council), about, scores={1: Decimal("45.5"), 2: Decimal(30)})

    means = queries.criterion_means(about.uid, council=council)

    assert [(m.number, str(m.average), m.most, m.sheets) for m in means] == [(1, "52.8", 60, 2), (2, "30.0", 40, 2)]


def test_a_sheet_despite_a_conflict_and_a_vote_of_too_many_are_named(council):
    sheet = SheetFactory(member=MemberFactory(council=council))
    ConflictFactory(member=sheet.member, subject_uid=sheet.subject_uid)
    VoteFactory(subject_label="26-66-009 Máy ép")

    said = queries.invariants()

    assert len(said) == 2
    assert "xung đột lợi ích" in said[0] and "26-66-009 Máy ép" in said[1]
