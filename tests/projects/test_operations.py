import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms.models import SupportNorm
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Beneficiary, CodeCounter, Project
from khuyencong.projects.operations import Entry, Helped
from tests.factories.councils import ConflictFactory, MemberFactory
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory, SupportedItemFactory
from tests.factories.norms import (
    ApproverRowFactory,
    ConditionFactory,
    GroupRuleFactory,
    LineFactory,
    PlaceRuleFactory,
    PriorityRowFactory,
    SectorRowFactory,
    SupportNormFactory,
)
from tests.factories.people import MandateFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db

MILLION = 1_000_000


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
    [{"content": " ", "local": 1}, {"content": "Máy", "local": -1}, {"content": "Máy", "quantity": Decimal(-1)}],
)
def test_a_wrong_line_of_the_estimate_is_named(line, land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid) as refusal:
        operations.set_cost_lines(project, lines=[{"content": "Đúng", "local": 5}, line], by=people.officer)

    assert list(refusal.value.fields) == ["line_2"]
    assert not project.cost_lines.exists()


def test_a_line_for_somebody_who_is_not_helped_is_refused(land, people):
    project = drafted(land, people)

    with pytest.raises(Invalid):
        operations.set_cost_lines(
            project, lines=[{"content": "Máy", "local": 1, "beneficiary": BeneficiaryFactory()}], by=people.officer
        )


def test_other_sources_need_a_giver_and_an_amount(land, people):
    project = drafted(land, people)

    operations.set_other_sources(project, sources=[{"giver": "Quỹ huyện", "amount": 5}, {}], by=people.officer)
    with pytest.raises(Invalid):
        operations.set_other_sources(project, sources=[{"giver": "Quỹ huyện"}], by=people.officer)
    with pytest.raises(Invalid):
        operations.set_other_sources(project, sources=[{"amount": 5}], by=people.officer)

    assert list(project.other_sources.values_list("giver", "amount")) == [("Quỹ huyện", 5)]


# ---- sending and the checks ----


def test_sending_moves_the_file_and_remembers_it(project, people, paper, day):
    file = project()
    letter = paper("submit")

    operations.submit(file, by=people.director, on=day, paper=letter)

    file.refresh_from_db()
    assert file.state == "submitted"
    [taken] = file.steps.all()
    assert (taken.name, taken.source, taken.target, taken.on, taken.paper, taken.by) == (
        "submit", "draft", "submitted", day, letter, people.director,
    )  # fmt: skip
    [event] = Event.objects.all()
    assert (event.action, event.subject_id, event.actor_id, event.on) == (
        "project.submit",
        file.pk,
        people.director.pk,
        day,
    )


@pytest.mark.parametrize("who", ["officer", "appraiser", "stranger", "minister"])
def test_only_the_head_of_the_own_centre_sends(who, project, people, paper, day):
    file = project()

    with pytest.raises(NotAllowed):
        operations.submit(file, by=getattr(people, who), on=day, paper=paper("submit"))

    file.refresh_from_db()
    assert (file.state, file.steps.count(), Event.objects.count()) == ("draft", 0, 0)


def test_the_clerk_records_what_the_director_signed_and_the_journal_keeps_both(project, people, paper, day):
    letter = paper("submit", signer="Vũ Đình Khoa", signer_title="Giám đốc Trung tâm")

    operations.submit(project(), by=people.clerk, on=day, paper=letter)

    [event] = Event.objects.all()
    assert (event.actor_id, event.signer) == (people.clerk.pk, "Vũ Đình Khoa")


def test_the_clerk_takes_no_step_without_a_signer(project, people, paper, day):
    with pytest.raises(NotAllowed):
        operations.submit(project(), by=people.clerk, on=day, paper=paper("submit"))


def test_the_paper_is_of_the_kind_that_the_step_demands(project, people, day):
    with pytest.raises(NotPossible, match="Công văn đề nghị"):
        operations.submit(project(), by=people.director, on=day, paper=PaperFactory(signed_on=day))


def test_the_paper_is_not_of_another_province(project, people, paper, day):
    with pytest.raises(NotPossible, match="tỉnh khác"):
        operations.submit(project(), by=people.director, on=day, paper=paper("submit", province=ProvinceFactory()))


def test_a_step_lies_neither_in_the_future_nor_before_its_paper_nor_before_the_last_step(
    project, people, paper, day, today
):
    file = project()
    with pytest.raises(NotPossible, match="chưa tới"):
        operations.submit(file, by=people.director, on=today + dt.timedelta(days=1), paper=paper("submit"))
    with pytest.raises(NotPossible, match="ngày ký"):
        operations.submit(file, by=people.director, on=day - dt.timedelta(days=1), paper=paper("submit"))
    operations.submit(file, by=people.director, on=today, paper=paper("submit"))

    with pytest.raises(NotPossible, match="bước liền trước"):
        operations.appraise(file, by=people.appraiser, on=today - dt.timedelta(days=1), paper=paper("appraise"))


def test_an_unwritten_part_stands_in_the_way(project, people, paper, day):
    file = project()
    file.parts.filter(number=8).delete()

    with pytest.raises(NotPossible, match=r"8\. Hiệu quả"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"counterpart": 0}, "Thiếu đối ứng"),
        ({"other": 5 * MILLION}, "Nguồn khác"),
        ({"level": "national"}, "phải có kinh phí khuyến công quốc gia"),
        ({"national": 1}, "không dùng kinh phí khuyến công quốc gia"),
        ({"local": 0}, "chưa đề nghị kinh phí"),
        ({"ends_on": None}, "thời gian bắt đầu, kết thúc"),
        ({"form": "flagship"}, "từ hai nhóm hoạt động"),
        ({"form": "flagship", "also": "4", "first_year": "Máy"}, "trên một năm"),
        ({"form": "flagship", "also": "4", "ends_on": dt.date(2027, 3, 15)}, "hoạt động của năm đầu"),
        ({"form": "group", "machine_type": ""}, "không được lập theo nhóm"),
    ],
)
def test_what_the_file_lacks_is_refused_with_its_sentence(facts, sentence, project, people, paper, day):
    ConditionFactory(kind="counterpart")

    with pytest.raises(NotPossible, match=sentence):
        operations.submit(project(**facts), by=people.director, on=day, paper=paper("submit"))


def test_a_line_whose_product_is_not_its_sources_is_refused(project, people, paper, day):
    file = project()
    file.cost_lines.update(quantity=2, unit_price=310 * MILLION + 1)

    with pytest.raises(NotPossible, match="số lượng × đơn giá"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


def test_a_file_without_anybody_to_help_is_refused(project, people, paper, day):
    file = project()
    file.beneficiaries.all().delete()

    with pytest.raises(NotPossible, match="Chưa ghi đơn vị thụ hưởng"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


# ---- norms, places, earlier support ----


def norm(land, *, cap=300 * MILLION, percent=50, **facts):
    SupportNormFactory(
        line=LineFactory(code="MMTB", anywhere=True), level="provincial", province=land.province, cap=cap, percent=percent, **facts
    )  # fmt: skip


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


# ---- groups ----


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


def test_work_on_machines_does_not_begin_before_its_list_is_approved(project, people, paper, day):
    file = project(state="assigned")

    with pytest.raises(NotPossible, match="Mẫu 11"):
        operations.begin(file, by=people.director, on=day, paper=paper("begin"))


# ---- appraisal ----


def test_a_returned_file_is_open_again_with_the_reason(project, people, paper, day):
    file = project(state="submitted")

    operations.return_(file, reason="Thiếu báo giá", by=people.appraiser, on=day, paper=paper("return"), due_on=day)

    assert (operations.change(file, by=people.officer, content="Đã bổ sung").state, file.steps.get().note) == (
        "draft",
        "Thiếu báo giá",
    )


@pytest.mark.parametrize("name", ["return_", "fail", "withdraw", "stop", "ministry_return", "ministry_fail"])
def test_a_step_back_needs_its_reason(name, project, people, paper, day):
    with pytest.raises(Invalid) as refusal:
        getattr(operations, name)(project(), reason=" ", by=people.appraiser, on=day, paper=paper("return"))

    assert list(refusal.value.fields) == ["reason"]


def test_base_appraisal_keeps_the_rules_of_its_day(project, people, paper, day):
    file = operations.appraise(project(state="submitted"), by=people.appraiser, on=day, paper=paper("appraise"))

    assert file.rules_on == day


def test_who_declared_a_conflict_does_not_appraise(project, people, paper, day):
    file = project(state="submitted")
    ConflictFactory(member=MemberFactory(user=people.appraiser), subject_uid=file.uid, reason="Em ruột chủ cơ sở")

    with pytest.raises(NotAllowed, match="Em ruột chủ cơ sở"):
        operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))


def test_a_mandate_that_has_ended_opens_nothing_for_an_older_day(land, project, people, paper, day):
    former = MandateFactory(role="appraiser", place=land.province, ended=True).user

    with pytest.raises(NotAllowed):
        operations.appraise(project(state="submitted"), by=former, on=day, paper=paper("appraise"))


def test_there_is_no_ministry_step_in_a_local_project(project, people, paper, day):
    with pytest.raises(NotPossible, match="không có bước này"):
        operations.register(project(state="appraised"), by=people.department, on=day, paper=paper("register"))


# ---- approval ----


def approved(file, people, paper, day, **granted):
    return operations.approve(file, by=people.approver, on=day, paper=paper("approve"), **granted)


def test_approval_grants_what_was_asked_where_nothing_else_is_said(project, people, paper, day):
    file = approved(project(state="appraised"), people, paper, day)

    assert (file.granted_national, file.granted_local, file.granted_counterpart, file.granted_other) == (
        0, 300 * MILLION, 320 * MILLION, 0,
    )  # fmt: skip
    assert file.beneficiaries.get().approved_on == day


def test_approval_with_less_gives_the_only_beneficiary_just_that(project, people, paper, day):
    file = approved(project(state="appraised"), people, paper, day, granted_local=250 * MILLION)

    assert (file.granted, file.beneficiaries.get().local) == (250 * MILLION, 250 * MILLION)


@pytest.mark.parametrize(
    ("granted", "sentence"),
    [
        ({"granted_local": 300 * MILLION + 1}, "vượt 300.000.000 đồng đề nghị"),
        ({"granted_national": 1}, "vượt 0 đồng đề nghị"),
        ({"granted_local": 0}, "chưa có kinh phí"),
        ({"granted_counterpart": 0}, "thiếu đối ứng"),
    ],
)
def test_approval_refuses_what_cannot_be_granted(granted, sentence, project, people, paper, day):
    ConditionFactory(kind="counterpart")
    file = project(state="appraised")

    with pytest.raises(NotPossible, match=sentence):
        approved(file, people, paper, day, **granted)

    file.refresh_from_db()
    assert (file.state, file.granted) == ("appraised", None)


def test_approval_asks_the_norm_of_the_appraisal_day_on_the_money_decided(land, project, people, paper, day):
    norm(land, cap=300 * MILLION, percent=50)
    file = project(state="appraised", norm_line="MMTB", rules_on=day)

    with pytest.raises(NotPossible, match="vượt mức tối đa"):
        approved(file, people, paper, day, granted_counterpart=300 * MILLION - 2)
    assert approved(file, people, paper, day, granted_counterpart=300 * MILLION).state == "approved"


def test_a_later_norm_does_not_touch_what_was_appraised(land, project, people, paper, day):
    norm(land, cap=300 * MILLION, valid_to=day + dt.timedelta(days=1))
    norm(land, cap=100 * MILLION, valid_from=day + dt.timedelta(days=1))

    file = project(state="appraised", norm_line="MMTB", rules_on=day)
    assert approved(file, people, paper, day).state == "approved"

    late = project(state="appraised", norm_line="MMTB", rules_on=day + dt.timedelta(days=1))
    with pytest.raises(NotPossible, match=r"vượt mức tối đa 100.000.000"):
        approved(late, people, paper, day)


# ---- changes ----


def test_adjust_changes_amounts_and_people_by_decision(project, people, day):
    file = project(state="running")
    decision = PaperFactory(kind="change_decision", signed_on=day)
    old = file.beneficiaries.get()
    new = EstablishmentFactory(commune=file.commune, province=file.province)

    file = operations.adjust(
        file,
        permission=Permission.CHANGE_BY_DEPARTMENT,
        by=people.department,
        on=day,
        paper=decision,
        reason="Cơ sở cũ xin thôi",
        granted_local=200 * MILLION,
        remove=[old],
        add=[Helped(establishment=new, local=200 * MILLION, counterpart=220 * MILLION)],
    )

    assert (file.granted_local, [b.establishment for b in queries.helped(file)]) == (200 * MILLION, [new])
    assert (file.state, file.steps.get().name, file.steps.get().note) == ("running", "adjust", "Cơ sở cũ xin thôi")
    event = Event.objects.get(action="project.adjust")
    assert (event.data["before"], event.data["added"]) == ({"granted_local": 300 * MILLION}, [str(new)])


def test_adjust_refuses_the_wrong_authority_state_and_paper(project, people, day):
    decision = PaperFactory(kind="change_decision", signed_on=day)
    change = {"permission": Permission.CHANGE_BY_MINISTER, "on": day, "paper": decision, "title": "Khác"}

    with pytest.raises(NotAllowed):
        operations.adjust(project(state="running"), by=people.department, **change)
    with pytest.raises(NotPossible, match="đã phê duyệt"):
        operations.adjust(project(state="draft"), by=people.minister, **change)
    with pytest.raises(NotPossible, match="đúng loại văn bản"):
        operations.adjust(
            project(state="running"),
            by=people.minister,
            **(change | {"paper": PaperFactory(kind="minutes", signed_on=day)}),
        )


# ---- from elsewhere ----


def entry(land, **facts):
    return Entry(
        **(
            {
                "title": "Máy rang cà phê",
                "level": "provincial",
                "kind": "machinery",
                "year": 2019,
                "province": land.province,
                "implementer": land.centre,
                "local": 200 * MILLION,
                "counterpart": 210 * MILLION,
            }
            | facts
        )
    )


def test_history_lands_at_its_end_marked_and_outside_the_checks(land, people, day):
    who = EstablishmentFactory(commune=land.commune, province=land.province)

    [one, two] = operations.record_historical(
        [entry(land, helped=[Helped(establishment=who, local=200 * MILLION)], on=dt.date(2019, 12, 1)), entry(land, state="stopped")],
        about=land.province,
        by=people.officer,
        source="Sổ theo dõi 2019",
    )  # fmt: skip

    assert (one.state, one.historical, one.originals_missing, one.granted) == ("liquidated", True, True, 200 * MILLION)
    assert (two.state, one.steps.get().on, two.steps.get().on) == (
        "stopped",
        dt.date(2019, 12, 1),
        dt.date(2019, 12, 31),
    )
    with pytest.raises(NotPossible):
        operations.change(one, by=people.officer, title="Khác")


def test_history_refuses_a_state_that_is_no_end_and_names_the_row(land, people):
    with pytest.raises(Invalid) as refusal:
        operations.record_historical([entry(land), entry(land, state="draft")], about=land.province, by=people.officer)

    assert list(refusal.value.fields) == ["row_2"]


def test_an_imported_plan_lands_approved_under_its_decision(land, people, day):
    decision = PaperFactory(kind="plan_decision", signed_on=day)

    [one] = operations.record_approved(
        [entry(land, year=2026)], about=land.province, by=people.officer, on=day, paper=decision, source="ke-hoach.xlsx"
    )

    assert (one.state, one.historical, one.granted, one.steps.get().paper) == (
        "approved",
        False,
        200 * MILLION,
        decision,
    )
    assert [e.action for e in queries.journal_of([one])] == ["project.bring_in"]


def test_a_list_is_one_line_of_the_journal_and_each_of_its_projects_leads_to_it(land, people, day):
    decision = PaperFactory(kind="plan_decision", signed_on=day)
    entries = [entry(land, year=2026), entry(land, year=2026, title="Máy sấy")]

    made = operations.record_approved(
        entries, about=land.province, by=people.officer, on=day, paper=decision, source="ke-hoach.xlsx", digest="ab12"
    )
    closed = operations.record_historical(
        [entry(land), entry(land, title="Máy xát")], about=land.province, by=people.officer
    )

    approved, past = Event.objects.order_by("pk")
    assert (approved.subject_id, approved.data["count"], approved.data["digest"]) == (land.province.pk, 2, "ab12")
    assert [list(queries.journal_of([one])) for one in made] == [[approved], [approved]]
    assert [list(queries.journal_of([one])) for one in closed] == [[past], [past]]
    assert list(queries.journal_of([*made, *closed])) == [approved, past]


def test_bringing_in_needs_the_right_to_import_there_and_a_plan_decision(land, people, day):
    with pytest.raises(NotAllowed):
        operations.record_approved(
            [entry(land)], about=land.province, by=people.stranger, on=day, paper=PaperFactory(signed_on=day)
        )
    with pytest.raises(NotPossible):
        operations.record_approved(
            [entry(land)],
            about=land.province,
            by=people.officer,
            on=day,
            paper=PaperFactory(kind="minutes", signed_on=day),
        )


def test_a_row_that_cannot_be_takes_all_others_with_it(land, people, day):
    with pytest.raises(Invalid) as refusal:
        operations.record_historical([entry(land), entry(land, local=-1)], about=land.province, by=people.officer)

    assert list(refusal.value.fields) == ["row_2"]


def test_an_entry_is_known_again_by_its_folded_title(land):
    ProjectFactory(
        province=land.province, title="Máy  Rang Cà Phê", folded=queries.folded_title("Máy  Rang Cà Phê"), year=2019
    )

    found = queries.known_again(province=land.province, year=2019, level="provincial", title="MÁY RANG CÀ PHÊ")
    assert found.count() == 1


def test_base_appraisal_is_of_whom_the_row_of_the_day_names(project, people, paper, day):
    ApproverRowFactory(
        act="appraise_base",
        level="provincial",
        role="provincial_approver",
        body="Ủy ban nhân dân tỉnh",
        article="khoản 1 Điều 8",
        valid_from=day,
    )
    file = project(state="submitted")

    with pytest.raises(NotAllowed, match="Ủy ban nhân dân tỉnh.*khoản 1 Điều 8"):
        operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))

    yesterday = day - dt.timedelta(days=1)
    operations.appraise(file, by=people.appraiser, on=yesterday, paper=paper("appraise", signed_on=yesterday))
    file.refresh_from_db()
    assert file.state == "appraised"


def test_a_division_appraises_for_its_director_whom_the_law_names(project, people, paper, day):
    ApproverRowFactory(act="appraise_base", level="provincial", role="department_director", body="Giám đốc Sở")
    file = project(state="submitted")

    operations.appraise(file, by=people.appraiser, on=day, paper=paper("appraise"))

    file.refresh_from_db()
    assert file.state == "appraised"
