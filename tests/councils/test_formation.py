import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import operations, queries
from khuyencong.councils.models import Council
from tests.councils.given import DAY, scored, subject
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db


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


def test_a_judge_with_an_account_works_for_the_body_of_his_mandate(council, head):
    centre = OrganisationFactory(centre=True, place=council.province)
    director = person("centre_director", place=None, organisation=centre)
    director.title = "Giám đốc Trung tâm"

    seat = operations.add_member(council, user=director, by=head)

    about = subject(organisation_id=centre.pk)
    assert [question.basis for question in queries.questions_of(seat, subject=about)] == ["employer"]
    assert (seat.title, director.title) == (director.title, "Giám đốc Trung tâm")


def test_an_outsider_who_is_sent_twice_sits_once(council, head):
    facts = {"name": "Hồ Thị Nhà", "address": "Thôn 3", "by": head}
    operations.add_member(council, **facts)

    with pytest.raises(Invalid, match="Hồ Thị Nhà đã là thành viên"):
        operations.add_member(council, **facts | {"name": "Hồ  Thị Nhà"})
    operations.add_member(council, **facts, title="Chuyên gia")  # another of the same name

    assert council.members.count() == 2


def test_a_tax_code_that_cannot_be_one_finds_nobody_and_is_refused(council, head):
    with pytest.raises(Invalid) as refusal:
        operations.add_member(council, name="Trần Văn Lâm", tax_code="12", by=head)

    assert list(refusal.value.fields) == ["tax_code"]
    assert (
        operations.add_member(council, name="Trần Văn Lâm", tax_code="0100 233 488", by=head).tax_code == "0100233488"
    )
