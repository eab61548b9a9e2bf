import uuid

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Conflict, Council, Sheet
from tests.councils.given import ABOUT, DAY, scored, settled, subject
from tests.factories.councils import (
    MemberFactory,
    SheetFactory,
)
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db


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


def test_who_declared_a_conflict_judges_the_same_project_in_no_other_council_or_seat(council, head, judge):
    about = subject()
    operations.declare_conflict(judge, subject=about, reason="Em ruột chủ cơ sở", by=judge.user)
    outsider = operations.add_member(council, name="Lê Thị Hồng", by=head)
    operations.declare_conflict(outsider, subject=about, reason="Góp vốn", by=head)
    for seat in (judge, outsider):
        operations.remove_member(seat, by=head, on=DAY)

    elsewhere = MemberFactory(user=judge.user)
    back = operations.add_member(council, name="Lê Thị Hồng", by=head)
    namesake = MemberFactory(user=None, name="Lê Thị Hồng")

    for seat, reason in ((elsewhere, "Em ruột chủ cơ sở"), (back, "Góp vốn")):
        assert [question.excuses for question in queries.questions_of(seat, subject=about)] == [True]
        with pytest.raises(NotAllowed, match=reason):
            operations.score(
                seat, subject=about, marks={}, conclusion="pass", by=seat.user or head, on=DAY, paper=PaperFactory()
            )
    assert queries.questions_of(namesake, subject=about) == []
    assert queries.questions_of(elsewhere, subject=subject()) == []


def test_what_the_secretary_of_another_council_let_pass_is_asked_again(council, near, secretary):
    about = subject(**ABOUT)
    settled(near, about, secretary.user)

    again = MemberFactory(user=near.user, tax_code=near.tax_code)

    assert [question.is_open for question in queries.questions_of(again, subject=about)] == [True]


# ---- conflicts: found and settled ----


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
