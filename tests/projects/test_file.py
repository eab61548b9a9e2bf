from decimal import Decimal

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.projects import operations
from khuyencong.projects.models import CodeCounter, Project
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory
from tests.projects.given import MILLION

pytestmark = pytest.mark.django_db


def drafted(land, people, **facts):
    return operations.draft(
        **(
            {
                "title": "Máy sấy cà phê",
                "level": "provincial",
                "kind": "machinery",
                "year": 2027,
                "province": land.province,
                "commune": land.commune,
                "implementer": land.centre,
                "by": people.officer,
            }
            | facts
        )
    )


# ---- the file ----


def test_a_draft_takes_the_next_number_of_its_province_and_year(land, people):
    codes = [drafted(land, people, year=year).code for year in (2027, 2027, 2028)]

    code = land.province.code
    assert codes == [f"27-{code}-001", f"27-{code}-002", f"28-{code}-001"]
    assert Event.objects.filter(action="project.draft").count() == 3


def test_a_number_is_not_given_again_where_the_counter_stands_further_on(land, people):
    CodeCounter.objects.create(province=land.province, year=2027, last=998)

    assert [drafted(land, people).code[-4:], drafted(land, people).code[-5:]] == ["-999", "-1000"]


def test_a_draft_belongs_to_the_activity_of_its_kind_and_has_a_dossier(land, people):
    project = drafted(land, people)

    assert (project.activity, project.state, project.dossier.items.count()) == (3, "draft", 0)


def test_a_draft_is_refused_for_another_centre(land, people):
    with pytest.raises(NotAllowed):
        drafted(land, people, by=people.stranger)
    assert not Project.objects.exists()


def test_a_draft_is_refused_in_a_commune_of_another_province(land, people):
    with pytest.raises(Invalid) as refusal:
        drafted(land, people, province=ProvinceFactory())

    assert list(refusal.value.fields) == ["commune"]


def test_a_draft_without_a_kind_is_refused_on_its_field(land, people):
    with pytest.raises(Invalid) as refusal:
        drafted(land, people, kind="")

    assert list(refusal.value.fields) == ["kind"]


def test_the_file_is_rewritten_while_it_is_written_and_not_once_it_was_sent(land, people):
    project = drafted(land, people)

    changed = operations.change(project, by=people.officer, title="Máy rang  cà phê", kind="brand")

    assert (changed.title, changed.activity, changed.folded) == ("Máy rang  cà phê", 4, "may rang ca phe")
    Project.objects.filter(pk=project.pk).update(state="submitted")
    with pytest.raises(NotPossible):
        operations.change(project, by=people.officer, title="Khác")


def test_a_part_is_written_once_and_remembered_once(land, people):
    project = drafted(land, people)

    for _time in range(2):
        operations.write_part(project, number=2, text="Hao hụt 12%. ", by=people.officer)

    assert list(project.parts.values_list("number", "text")) == [(2, "Hao hụt 12%.")]
    assert Event.objects.filter(action="project.write_part").count() == 1
    with pytest.raises(Invalid):
        operations.write_part(project, number=9, text="?", by=people.officer)


def test_several_parts_are_written_all_or_none(land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid, match="tám phần"):
        operations.write_parts(project, texts={2: "Hao hụt 12%.", 9: "?"}, by=people.officer)
    assert not project.parts.exclude(text="").exists()
    assert not Event.objects.filter(action="project.write_part").exists()

    operations.write_parts(project, texts={2: "Hao hụt 12%.", 3: "Giảm còn 5%."}, by=people.officer)
    assert dict(project.parts.exclude(text="").values_list("number", "text")) == {2: "Hao hụt 12%.", 3: "Giảm còn 5%."}


def test_the_estimate_is_set_as_a_whole_and_its_sums_become_the_projects(land, people):
    project = drafted(land, people)
    operations.set_cost_lines(project, lines=[{"content": "Cũ", "local": 1}], by=people.officer)

    machine = {"content": "Máy sấy", "quantity": Decimal(2), "unit_price": 310 * MILLION}
    lines = [
        machine | {"local": 300 * MILLION, "counterpart": 320 * MILLION},
        {"content": "", "local": 0},
        {"content": "Quản lý", "local": 2_500_000, "other": 7},
    ]
    project = operations.set_cost_lines(project, lines=lines, by=people.officer)

    assert (project.national, project.local, project.counterpart, project.other) == (0, 302_500_000, 320 * MILLION, 7)
    assert list(project.cost_lines.values_list("order", "content")) == [(1, "Máy sấy"), (2, "Quản lý")]


@pytest.mark.parametrize(
    "line",
    [
        {"content": " ", "local": 1},
        {"content": " ", "quantity": Decimal(2), "unit_price": 310 * MILLION},
        {"content": "Máy", "local": -1},
        {"content": "Máy", "quantity": Decimal(-1)},
    ],
)
def test_a_wrong_line_of_the_estimate_is_named(line, land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid) as refusal:
        operations.set_cost_lines(project, lines=[{"content": "Đúng", "local": 5}, line], by=people.officer)

    assert list(refusal.value.fields) == ["line_2"]
    assert not project.cost_lines.exists()


def test_a_wrong_line_has_the_number_that_the_table_shows_with_the_empty_ones(land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid) as refusal:
        lines = [{}, {"content": "Đúng", "local": 5}, {"content": " "}, {"local": 1}]
        operations.set_cost_lines(project, lines=lines, by=people.officer)

    assert refusal.value.fields == {"line_4": "Dòng 4 chưa ghi nội dung chi."}


def test_a_line_for_somebody_who_is_not_helped_is_refused(land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid):
        operations.set_cost_lines(
            project, lines=[{"content": "Máy", "local": 1, "beneficiary": BeneficiaryFactory()}], by=people.officer
        )


def test_other_sources_need_a_giver_and_an_amount(land, people):
    project = drafted(land, people)

    operations.set_other_sources(project, sources=[{"giver": "Quỹ huyện", "amount": 5}, {}], by=people.officer)
    with pytest.raises(Invalid) as refusal:
        operations.set_other_sources(project, sources=[{"giver": "Quỹ huyện"}], by=people.officer)
    assert refusal.value.fields == {"amount": "Nguồn khác thứ 1: số tiền phải lớn hơn 0."}
    with pytest.raises(Invalid) as refusal:
        operations.set_other_sources(
            project, sources=[{"giver": "Tỉnh", "amount": 1}, {"amount": 5}], by=people.officer
        )
    assert refusal.value.fields == {"giver": "Nguồn khác thứ 2: hãy ghi bên cấp."}

    assert list(project.other_sources.values_list("giver", "amount")) == [("Quỹ huyện", 5)]
