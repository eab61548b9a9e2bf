import datetime as dt

import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.norms import (
    GroupRuleFactory,
)
from tests.projects.given import MILLION

pytestmark = pytest.mark.django_db


def test_a_training_group_may_be_sent_without_beneficiaries(land, project, people, paper, day):
    GroupRuleFactory(kind="fair_participation", level="provincial")
    file = project(kind="fair_participation", activity=4, form="group", whole=True)
    file.beneficiaries.all().delete()

    assert operations.submit(file, by=people.director, on=day, paper=paper("submit")).state == "submitted"


@pytest.mark.parametrize("lacking", ["machine_type", "beneficiaries", "place"])
def test_a_national_machinery_group_names_place_beneficiary_and_machine_type(lacking, project, people, paper, day):
    GroupRuleFactory(kind="machinery", beneficiaries_later=False, must_name="địa điểm, đơn vị thụ hưởng, loại máy móc")
    file = project(of_nation=True, form="group", machine_type="Máy sấy")
    if lacking == "beneficiaries":
        file.beneficiaries.all().delete()
    elif lacking == "place":
        Project.objects.filter(pk=file.pk).update(commune=None)
    else:
        Project.objects.filter(pk=file.pk).update(machine_type="")
    file.refresh_from_db()

    with pytest.raises(NotPossible):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


def test_a_whole_national_machinery_group_is_sent(project, people, paper, day):
    GroupRuleFactory(kind="machinery", beneficiaries_later=False)

    file = project(of_nation=True, form="group", machine_type="Máy sấy")

    assert operations.submit(file, by=people.director, on=day, paper=paper("submit")).state == "submitted"


def open_group(project, **facts):
    file = project(kind="fair_participation", activity=4, form="group", state="approved", **facts)
    file.beneficiaries.all().delete()
    return file


def added(file, people, **facts):
    return operations.add_beneficiary(
        file,
        **(
            {
                "establishment": EstablishmentFactory(commune=file.commune, province=file.province),
                "local": 100 * MILLION,
                "counterpart": 100 * MILLION,
                "by": people.officer,
            }
            | facts
        ),
    )


def test_beneficiaries_of_an_approved_group_are_added_then_approved_by_the_department(project, people, day):
    file = open_group(project)
    two = [added(file, people), added(file, people)]
    plan = PaperFactory(kind="group_plan", signed_on=day)

    assert not queries.beneficiaries_ready(file)
    operations.approve_beneficiaries(file, beneficiaries=two, by=people.department, on=day, paper=plan)

    assert list(file.beneficiaries.values_list("approved_on", "paper")) == [(day, plan.pk)] * 2
    assert queries.beneficiaries_ready(file)
    assert file.steps.get().name == "beneficiaries"
    with pytest.raises(NotPossible, match="đã được duyệt"):
        operations.approve_beneficiaries(file, beneficiaries=two[:1], by=people.department, on=day, paper=plan)
    with pytest.raises(NotPossible, match="quyết định điều chỉnh"):
        operations.remove_beneficiary(file.beneficiaries.first(), by=people.officer)


def test_the_list_is_approved_by_the_department_and_by_its_own_kind_of_paper(project, people, day):
    file = open_group(project)
    one = [added(file, people)]

    with pytest.raises(NotAllowed):
        operations.approve_beneficiaries(
            file, beneficiaries=one, by=people.director, on=day, paper=PaperFactory(kind="group_plan", signed_on=day)
        )
    with pytest.raises(NotPossible):
        operations.approve_beneficiaries(file, beneficiaries=one, by=people.department, on=day, paper=PaperFactory())
    with pytest.raises(NotPossible, match="Hãy chọn"):
        operations.approve_beneficiaries(
            file, beneficiaries=[], by=people.department, on=day, paper=PaperFactory(kind="group_plan", signed_on=day)
        )


def test_beneficiaries_of_a_group_have_together_what_was_granted_and_not_one_dong_more(project, people):
    file = open_group(project)
    added(file, people, local=200 * MILLION)
    added(file, people, local=100 * MILLION)

    with pytest.raises(NotPossible, match=r"vượt 300.000.000"):
        added(file, people, local=1)


def test_who_has_closed_is_not_helped_any_more(project, people, day):
    file = open_group(project)
    here = {"commune": file.commune, "province": file.province}
    with pytest.raises(Invalid, match="đã ngừng hoạt động từ ngày"):
        added(file, people, establishment=EstablishmentFactory(**here, closed_on=day))
    one = added(file, people)
    closed = one.establishment
    closed.closed_on = day
    closed.save()
    approve = {"beneficiaries": [one], "by": people.department}

    before = day - dt.timedelta(days=1)
    with pytest.raises(Invalid, match="không thể là đơn vị thụ hưởng"):
        plan = PaperFactory(kind="group_plan", signed_on=day)
        operations.approve_beneficiaries(file, on=day, paper=plan, **approve)
    plan = PaperFactory(kind="group_plan", signed_on=before)

    assert operations.approve_beneficiaries(file, on=before, paper=plan, **approve) == [one]


def test_beneficiaries_of_a_single_project_are_fixed_once_it_was_sent(project, people):
    with pytest.raises(NotPossible, match="điều chỉnh"):
        added(project(state="approved"), people)


def test_an_establishment_is_helped_once_by_a_project(project, people):
    file = project()

    with pytest.raises(Invalid, match="đã là đơn vị thụ hưởng"):
        added(file, people, establishment=file.beneficiaries.get().establishment)


def test_a_beneficiary_is_corrected_and_taken_out_while_the_file_is_written(project, people):
    file = project()
    who = file.beneficiaries.get()
    file.cost_lines.update(beneficiary=who)

    operations.change_beneficiary(who, local=7, content="Máy rang", by=people.officer)
    assert file.beneficiaries.values_list("local", "content").get() == (7, "Máy rang")
    operations.remove_beneficiary(who, by=people.officer)

    assert (file.beneficiaries.count(), file.cost_lines.get().beneficiary) == (0, None)


def test_a_whole_investment_left_empty_is_the_sum_when_it_is_corrected_too(project, people):
    who = project().beneficiaries.get()

    operations.change_beneficiary(who, total=0, national=0, local=200, counterpart=300, by=people.officer)

    assert who.total == 500


@pytest.mark.parametrize("total", [499, 501])
def test_a_whole_investment_is_the_sum_of_its_sources_and_not_one_dong_beside_it(total, project, people):
    file = project(other=0)
    who = file.beneficiaries.get()

    for act in (
        lambda: operations.change_beneficiary(who, total=total, local=200, counterpart=300, by=people.officer),
        lambda: operations.add_beneficiary(
            file, establishment=EstablishmentFactory(), total=total, local=200, counterpart=300, by=people.officer
        ),
    ):
        with pytest.raises(Invalid, match=f"tổng đầu tư {total} đồng khác tổng các nguồn 500 đồng") as refusal:
            act()
        assert set(refusal.value.fields) == {"total"}
    assert file.beneficiaries.get().total == 620 * MILLION


@pytest.mark.parametrize(("total", "goes_through"), [(510, True), (511, False)])
def test_what_other_sources_give_may_stand_in_the_whole(total, goes_through, project, people):
    who = project(other=10).beneficiaries.get()
    facts = {"total": total, "local": 200, "counterpart": 300, "by": people.officer}

    if goes_through:
        assert operations.change_beneficiary(who, **facts).total == total
    else:
        with pytest.raises(Invalid, match="nguồn khác của cả đề án là 10 đồng"):
            operations.change_beneficiary(who, **facts)


@pytest.mark.parametrize(("kind", "activity"), [("machinery", 3), ("fair_participation", 4), ("showroom", 4)])
def test_work_that_helps_establishments_does_not_begin_before_its_list_is_approved(
    kind, activity, project, people, paper, day
):
    file = project(state="assigned", kind=kind, activity=activity, form="group")

    with pytest.raises(NotPossible, match="Mẫu 11"):
        operations.begin(file, by=people.director, on=day, paper=paper("begin"))
