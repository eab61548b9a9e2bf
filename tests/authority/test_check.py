from types import SimpleNamespace

import pytest

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotAllowed
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
PAPER = SimpleNamespace(signer="Trần Văn An")


def test_who_holds_the_act_here_passes():
    province = ProvinceFactory()

    authorise(person("provincial_approver", place=province), Permission.PLAN_APPROVE_PROVINCIAL, place=province)


def test_a_refusal_names_who_could():
    with pytest.raises(NotAllowed, match=r"Việc này thuộc: Người phê duyệt cấp tỉnh\."):
        authorise(person("appraiser"), Permission.PLAN_APPROVE_PROVINCIAL, place=ProvinceFactory())


def refusal(person, permission, **where) -> str:
    with pytest.raises(NotAllowed) as refused:
        authorise(person, permission, **where)
    return str(refused.value)


def test_who_holds_the_act_elsewhere_is_told_so_and_who_may_there():
    approver = person("provincial_approver", place=ProvinceFactory())
    there = ProvinceFactory(full_name="Tỉnh Gia Lai")

    assert refusal(approver, Permission.PLAN_APPROVE_PROVINCIAL, place=there) == (
        "Hồ sơ này ngoài địa bàn hoặc đơn vị bạn được phân công làm việc này. "
        "Việc này thuộc: Người phê duyệt cấp tỉnh (Tỉnh Gia Lai)."
    )


def test_the_file_of_another_body_names_the_body():
    province = ProvinceFactory()
    director = person("centre_director", place=province)
    school = OrganisationFactory(name="Trường Cao đẳng nghề", short_name="", place=province)

    told = refusal(director, Permission.PROJECT_SUBMIT, place=province, body=school)

    assert told.endswith("(Trường Cao đẳng nghề).")
    assert "Giám đốc" in told


def test_what_is_done_for_the_whole_country_is_no_record_of_another_place():
    keeper = person("administrator", place=ProvinceFactory())

    told = refusal(keeper, Permission.CATALOGUE_MANAGE)

    assert told.startswith("Việc này cho cả nước, ngoài địa bàn hoặc đơn vị bạn được phân công. Việc này thuộc: ")


def test_a_clerk_records_what_somebody_else_signed_on_paper():
    province = ProvinceFactory()

    authorise(person("registry_clerk", place=province), Permission.PLAN_APPROVE_PROVINCIAL, place=province, paper=PAPER)


@pytest.mark.parametrize(
    ("permission", "paper", "here"),
    [
        (Permission.PLAN_APPROVE_PROVINCIAL, None, True),  # no paper
        (Permission.PLAN_APPROVE_PROVINCIAL, SimpleNamespace(signer=""), True),  # nobody signed
        (Permission.PLAN_APPROVE_PROVINCIAL, PAPER, False),  # another province
        (Permission.ADVANCE_PAY, PAPER, True),  # not a step that a paper decides
    ],
)
def test_a_clerk_decides_nothing_himself(permission, paper, here):
    province = ProvinceFactory()
    clerk = person("registry_clerk", place=province if here else ProvinceFactory())

    with pytest.raises(NotAllowed):
        authorise(clerk, permission, place=province, paper=paper)
