import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms.models import SupportNorm
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Beneficiary
from tests.factories.establishments import SupportedItemFactory
from tests.factories.norms import (
    ConditionFactory,
    LineFactory,
    PlaceRuleFactory,
    PriorityRowFactory,
    SectorRowFactory,
    SupportNormFactory,
)
from tests.projects.given import MILLION, norm

pytestmark = pytest.mark.django_db


def test_support_exactly_at_the_norm_is_sent_and_one_dong_above_is_refused(land, project, people, paper, day):
    norm(land, cap=300 * MILLION)
    operations.submit(project(norm_line="MMTB"), by=people.director, on=day, paper=paper("submit"))

    over = project(norm_line="MMTB", local=300 * MILLION + 1)
    with pytest.raises(NotPossible, match=r"vượt mức tối đa 300.000.000 đồng"):
        operations.submit(over, by=people.director, on=day, paper=paper("submit"))


def test_where_the_province_has_no_norm_there_is_no_maximum_and_it_is_said(land, project, people, paper, day):
    LineFactory(code="MMTB", anywhere=True)
    file = project(norm_line="MMTB", local=900 * MILLION)

    operations.submit(file, by=people.director, on=day, paper=paper("submit"))

    [told] = [f for f in queries.checks(file, on=day) if f.rule == "norm"]
    assert told.severity == "warning"


def test_a_verified_norm_cannot_be_cleared_an_unverified_one_can_with_a_reason(land, project, people, paper, day):
    norm(land, cap=200 * MILLION, verified="no")
    file = project(norm_line="MMTB")
    helped = file.beneficiaries.get()
    subject = f"{helped.uid}:provincial:{helped.local}"

    with pytest.raises(NotPossible, match="vượt"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))
    with pytest.raises(Invalid):
        operations.clear_warning(file, rule="norm", subject=subject, reason="ừ", by=people.director, on=day)
    operations.clear_warning(
        file, rule="norm", subject=subject, reason="Tỉnh đã có văn bản cho phép", by=people.director, on=day
    )

    assert operations.submit(file, by=people.director, on=day, paper=paper("submit")).state == "submitted"
    assert Event.objects.filter(action="project.clear_warning").count() == 1


@pytest.mark.parametrize(("changed", "holds"), [(-1, True), (0, True), (1, False)])
def test_an_exception_from_a_norm_holds_up_to_the_amount_that_was_accepted(
    land, project, people, paper, day, changed, holds
):
    norm(land, cap=200 * MILLION, verified="no")
    file = project(norm_line="MMTB")
    helped = file.beneficiaries.get()
    subject = f"{helped.uid}:provincial:{helped.local}"
    operations.clear_warning(
        file, rule="norm", subject=subject, reason="Tỉnh đã có văn bản cho phép", by=people.director, on=day
    )

    for row in (file, helped, *file.cost_lines.filter(local__gt=1)[:1]):
        row.local += changed
        row.counterpart -= changed
        row.save()

    [told] = [f for f in queries.checks(file, on=day) if f.rule == "norm"]
    assert told.refuses is not holds
    assert ("cho căn cứ khác: Tỉnh đã có văn bản cho phép" in told.note) is not holds


@pytest.mark.parametrize(("local", "clearable"), [(300 * MILLION, True), (300 * MILLION + 1, False)])
def test_above_a_verified_norm_only_a_priority_of_the_law_can_be_accepted(
    land, project, people, paper, day, local, clearable
):
    """200 × 1,5 = 300 million: whether it is a priority is said by a person, with his reason; beyond it nobody may."""
    norm(land, cap=200 * MILLION)
    PriorityRowFactory(code="export", kind="sector")
    factor = LineFactory(code="UU_TIEN", purpose="multiplier", anywhere=True)
    row = SupportNorm.objects.get()
    SupportNormFactory(
        line=factor,
        instrument=row.instrument,
        level=row.level,
        province=row.province,
        multiplier="1.5",
        percent=None,
        cap=None,
    )
    file = project(norm_line="MMTB", local=local)
    subject = f"{file.beneficiaries.get().uid}:provincial:{local}"

    def clear():
        operations.clear_warning(
            file, rule="norm", subject=subject, reason="Hàng xuất khẩu, có hợp đồng", by=people.director, on=day
        )

    if clearable:
        clear()
        assert operations.submit(file, by=people.director, on=day, paper=paper("submit")).state == "submitted"
    else:
        with pytest.raises(NotPossible, match="phải sửa trong hồ sơ"):
            clear()


def test_an_unwritten_part_cannot_be_cleared(project, people, day):
    file = project()
    file.parts.all().delete()

    with pytest.raises(NotPossible, match="phải sửa trong hồ sơ"):
        operations.clear_warning(file, rule="parts", reason="Không cần phải viết", by=people.director, on=day)


def test_of_local_money_the_ministry_lets_nothing_pass(land, project, people, day):
    norm(land, cap=200 * MILLION, verified="no")
    file = project(norm_line="MMTB")
    helped = file.beneficiaries.get()
    subject = f"{helped.uid}:provincial:{helped.local}"

    with pytest.raises(NotAllowed):
        operations.clear_warning(
            file, rule="norm", subject=subject, reason="Tỉnh đã có văn bản cho phép", by=people.agency, on=day
        )


def test_a_stranger_clears_nothing(project, people, day):
    file = project(counterpart=0)

    with pytest.raises(NotAllowed):
        operations.clear_warning(file, rule="counterpart", reason="Cơ sở đã góp trước rồi", by=people.stranger, on=day)


def test_production_where_no_support_is_given_is_refused_with_its_article(land, project, people, paper, day):
    ConditionFactory(kind="place")
    PlaceRuleFactory(unit_kinds="ward")

    with pytest.raises(NotPossible, match="không thuộc địa bàn"):
        operations.submit(project(), by=people.director, on=day, paper=paper("submit"))


@pytest.mark.parametrize(("mark", "clearable"), [("yes", False), ("no", True)])
def test_a_place_that_a_text_we_read_leaves_out_cannot_be_let_pass(project, people, day, mark, clearable):
    ConditionFactory(kind="place")
    PlaceRuleFactory(unit_kinds="ward", verified=mark)
    file = project()

    [told] = [f for f in queries.checks(file, on=day) if f.rule == "place"]

    assert (told.severity, told.clearable) == ("refusal", clearable)


@pytest.mark.parametrize(("letter", "severity"), [("e", "warning"), ("a", "passed")])
def test_mining_is_helped_only_in_difficult_areas_which_somebody_looks_at(project, day, letter, severity):
    """NĐ 45/2012 Đ5.1e."""
    ConditionFactory(kind="sector")
    SectorRowFactory(code="a")
    SectorRowFactory(code="e", difficult_area_only=True)

    [told] = [f for f in queries.checks(project(sector=letter), on=day) if f.rule == "sector"]

    assert told.severity == severity


def test_the_same_item_supported_two_years_ago_is_refused(project, people, paper, day):
    ConditionFactory(kind="no_other_support")
    file = project()
    who = file.beneficiaries.get()
    SupportedItemFactory(establishment=who.establishment, item="Máy sấy trống quay 4 m³", on=day.replace(year=2024))

    with pytest.raises(NotPossible, match="đã được hỗ trợ “Máy sấy trống quay"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


def test_an_exception_for_one_earlier_support_lets_no_later_evidence_pass(project, people, paper, day):
    ConditionFactory(kind="no_other_support")
    file = project()
    who = file.beneficiaries.get().establishment
    SupportedItemFactory(establishment=who, item="Máy sấy trống quay 4 m³", on=day.replace(year=2024))

    def standing():
        return [f for f in queries.checks(file, on=day) if f.rule == "supported_before" and f.refuses]

    [known] = standing()
    reason = "Máy cũ đã thanh lý, máy mới cho xưởng thứ hai"
    operations.clear_warning(file, rule=known.rule, subject=known.subject, reason=reason, by=people.director, on=day)
    assert standing() == []

    SupportedItemFactory(establishment=who, item="Máy sấy trống quay 4 m³", on=day.replace(year=2025))
    [found_later] = standing()
    assert "2025" in found_later.sentence
    with pytest.raises(NotPossible, match="2025"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


def test_an_exception_for_what_was_declared_ends_when_something_else_is_declared(project, people, day):
    ConditionFactory(kind="no_other_support")
    file = project()
    who = file.beneficiaries.get()
    Beneficiary.objects.filter(pk=who.pk).update(other_support="received", other_support_told="Sở Nông nghiệp, 2025")
    [known] = [f for f in queries.checks(file, on=day) if f.rule == "supported_before"]
    reason = "Khoản đó cho nhà xưởng, không phải máy"
    operations.clear_warning(file, rule=known.rule, subject=known.subject, reason=reason, by=people.director, on=day)

    Beneficiary.objects.filter(pk=who.pk).update(other_support_told="Quỹ khoa học công nghệ, 2026")

    [told] = [f for f in queries.checks(file, on=day) if f.rule == "supported_before"]
    assert told.refuses and "Quỹ khoa học" in told.sentence
