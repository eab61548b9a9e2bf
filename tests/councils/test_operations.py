import datetime as dt
import uuid

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Conflict, Council, Sheet
from khuyencong.councils.rules import Party, Subject, conflict_of, family_name
from tests.factories.councils import ConflictFactory, CouncilFactory, MemberFactory, SessionFactory, SheetFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import ProvinceFactory

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


def subject(**party):
    return Subject(uid=uuid.uuid4(), label="26-66-001 Máy sấy", parties=(Party(name="Cơ sở Ngọc Tứ", **party),))


def marks(score=16, **other):
    return {n: {"result": "meets", "score": score, "comment": "Tốt"} for n in range(1, 6)} | other


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


# ---- sheets ----


def test_a_sheet_keeps_five_points_and_their_sum(judge):
    sheet = scored(judge, marks=marks(1) | {5: {"result": "fails", "score": 20}})

    assert (sheet.total, list(sheet.points.values_list("point", "score"))) == (
        24,
        [(1, 1), (2, 1), (3, 1), (4, 1), (5, 20)],
    )
    assert Event.objects.get().data["total"] == 24


def test_a_sheet_is_corrected_in_place(judge):
    about = subject()

    scored(judge, about), scored(judge, about, marks=marks(10), conclusion="fail")

    assert Sheet.objects.values_list("total", "conclusion").get() == (50, "fail")
    assert [e.action for e in Event.objects.order_by("pk")] == ["council.score", "council.rescore"]


@pytest.mark.parametrize("score", [-1, 21])
def test_a_score_outside_the_scale_is_refused_on_its_point(score, judge):
    with pytest.raises(Invalid) as refusal:
        scored(judge, marks=marks() | {3: {"result": "meets", "score": score}})

    assert list(refusal.value.fields) == ["point_3"]


def test_a_missing_point_and_a_missing_conclusion_are_refused(judge):
    with pytest.raises(Invalid) as refusal:
        scored(judge, marks={n: m for n, m in marks().items() if n != 2})
    assert list(refusal.value.fields) == ["point_2"]
    with pytest.raises(Invalid):
        scored(judge, conclusion="")


def test_nobody_writes_the_sheet_of_another(council, judge):
    with pytest.raises(NotAllowed):
        scored(judge, by=MemberFactory(council=council).user)


def test_the_secretary_types_a_signed_sheet_and_not_an_unsigned_one(council, judge):
    secretary = MemberFactory(council=council, secretary=True).user

    with pytest.raises(NotPossible, match="phiếu đã ký"):
        scored(judge, by=secretary)
    assert scored(judge, by=secretary, paper=PaperFactory(kind="appraisal")).by == secretary


def test_a_sheet_is_given_while_the_council_works(council, judge, today):
    with pytest.raises(NotPossible):
        scored(judge, on=council.formed_on - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        scored(judge, on=today + dt.timedelta(days=1))
    Council.objects.update(dissolved_on=DAY)
    with pytest.raises(NotPossible):
        scored(judge, on=DAY + dt.timedelta(days=1))
    assert scored(judge, on=DAY).on == DAY


# ---- conflicts ----


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


def test_a_judge_who_works_for_a_party_is_refused(council):
    body = OrganisationFactory()
    judge = MemberFactory(council=council, organisation=body)

    with pytest.raises(NotAllowed, match="Làm việc tại"):
        scored(judge, subject(organisation_id=body.pk))


def test_what_is_found_among_the_judges_is_kept(council, head, judge):
    near = MemberFactory(council=council, tax_code="0100233488")
    about = subject(tax_code="0100233488")

    operations.find_conflicts(council, subject=about, by=head)
    operations.find_conflicts(council, subject=about, by=head)

    assert Conflict.objects.values_list("member", "origin").get() == (near.pk, "found")


@pytest.mark.parametrize(
    ("judge", "found"),
    [
        ({}, False),
        ({"tax_code": "0100233488"}, True),
        ({"tax_code": "0100233489"}, False),
        ({"name": "Trần Thị Tứ"}, True),
        ({"name": "Trần Văn Hai", "address": "Thôn 3,  xã Ea Kar"}, True),
        ({"name": "Lê Văn Hai", "address": "thôn 3 xã ea kar"}, False),
        ({"name": "Trần Văn Hai", "address": "Thôn 4, xã Ea Kar"}, False),
        ({"name": "Trần Văn Hai"}, False),
    ],
)
def test_same_tax_code_head_or_family_and_address_is_a_conflict(judge, found):
    facts = {"name": "Lê Thị Hồng", "organisation_id": None, "tax_code": "", "address": ""} | judge
    party = Party("Cơ sở", None, "0100233488", "Trần Thị Tứ", ("Thôn 3, xã Ea Kar", ""))

    assert (conflict_of(parties=[party], **facts) is not None) == found


def test_the_family_name_comes_first_and_one_word_tells_nothing():
    assert (family_name("Trần Thị Tứ"), family_name("Tứ")) == ("tran", "")


# ---- meetings and what they say ----


def test_minutes_are_laid_to_their_meeting_and_are_not_older(council, head):
    session = operations.call_session(council, on=dt.date(2026, 12, 1), place="Sở", by=head)
    with pytest.raises(Invalid):
        operations.call_session(council, on=dt.date(2026, 9, 30), by=head)
    held = SessionFactory(council=council)

    with pytest.raises(NotPossible):
        operations.keep_minutes(held, paper=PaperFactory(), summary="", by=head)
    with pytest.raises(Invalid):
        operations.keep_minutes(session, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="", by=head)
    operations.keep_minutes(held, paper=PaperFactory(kind="minutes", signed_on=DAY), summary="5/5 đạt", by=head)

    assert held.summary == "5/5 đạt"


def test_the_sheets_together_say_how_many_propose_what_and_their_mean(council, django_assert_num_queries):
    uid = uuid.uuid4()
    for total, conclusion in ((80, "pass"), (75, "pass"), (60, "fail")):
        SheetFactory(member=MemberFactory(council=council), subject_uid=uid, total=total, conclusion=conclusion)

    with django_assert_num_queries(1):
        told = queries.verdicts([uid, uuid.uuid4()])

    assert list(told) == [uid]
    assert (told[uid].sheets, told[uid].passes, told[uid].fails, str(told[uid].average)) == (3, 2, 1, "71.7")


def test_a_sheet_despite_a_conflict_is_named(council):
    sheet = SheetFactory(member=MemberFactory(council=council))
    ConflictFactory(member=sheet.member, subject_uid=sheet.subject_uid)

    assert any("xung đột lợi ích" in sentence for sentence in queries.invariants())
