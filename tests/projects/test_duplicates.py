"""The same machine paid for twice, and one project cut in several."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.norms.models import SupportNorm
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from tests.factories.councils import ConflictFactory, MemberFactory
from tests.factories.establishments import EstablishmentFactory, MachineFactory, SupportedItemFactory
from tests.factories.norms import LineFactory, SupportNormFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db
MILLION = 1_000_000
REASON = "Đã đối chiếu hồ sơ của hai bên"


def told(file, day, rule):
    return [f for f in queries.checks(file, on=day) if f.rule == rule]


# ---- the same machine ----


@pytest.fixture
def elsewhere():
    """A machine paid for in another province, before this system."""
    return SupportedItemFactory(
        establishment__name="Cơ sở Tân Phát",
        establishment__province=ProvinceFactory(name="Lâm Đồng"),
        item="Máy sấy",
        serial="DS-0118",
        on=dt.date(2019, 5, 1),
        project_label="Hỗ trợ máy sấy cho cơ sở Tân Phát",
    )


@pytest.mark.parametrize("where", ["line", "content", "machine"])
def test_a_machine_paid_for_in_another_province_is_refused_with_narrow_facts_only(
    client, project, people, paper, day, elsewhere, where
):
    file = project()
    who = file.beneficiaries.get()
    if where == "line":
        line = file.cost_lines.first()
        line.content = "Máy sấy, số máy: ds-118"
        line.save()
    elif where == "content":
        who.content = "Máy sấy trống quay, S/N DS-0118"
        who.save()
    else:
        MachineFactory(establishment=who.establishment, serial="DS 118")

    [found] = told(file, day, "same_support")

    assert found.sentence.endswith(
        "đã được Nhà nước hỗ trợ năm 2019 ở nơi nay thuộc tỉnh Lâm Đồng: 200.000.000 đồng, chưa rõ quyết định."
    )
    assert "Tân Phát" not in found.told
    assert found.clearable
    with pytest.raises(NotPossible, match="đã được Nhà nước hỗ trợ năm 2019"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))
    operations.clear_warning(
        file, rule="same_support", subject=found.subject, reason=REASON, by=people.director, on=day
    )
    client.force_login(people.director)
    again = client.get(
        reverse("projects:clear_warning", args=[file.pk]), {"rule": found.rule, "subject": found.subject}
    )
    assert again.status_code == 409  # let pass already: told before the form
    assert operations.submit(file, by=people.director, on=day, paper=paper("submit")).state == "submitted"


def test_a_judge_with_a_conflict_lets_nothing_pass_in_that_project(project, people, day, elsewhere, client):
    file = project()
    MachineFactory(establishment=file.beneficiaries.get().establishment, serial="DS-118")
    [found] = told(file, day, "same_support")
    page = reverse("projects:checks", args=[file.pk])
    client.force_login(people.appraiser)
    assert "Chấp nhận ngoại lệ" in client.get(page).content.decode()

    ConflictFactory(member=MemberFactory(user=people.appraiser), subject_uid=file.uid, reason="Em ruột chủ cơ sở")

    with pytest.raises(NotAllowed, match="Em ruột chủ cơ sở"):
        operations.clear_warning(
            file, rule="same_support", subject=found.subject, reason=REASON, by=people.appraiser, on=day
        )
    assert not file.clearances.exists()
    assert "Chấp nhận ngoại lệ" not in client.get(page).content.decode()


def test_an_exception_for_one_machine_lets_no_other_pass(project, people, day, elsewhere):
    file = project()
    who = file.beneficiaries.get()
    MachineFactory(establishment=who.establishment, serial="DS-118")
    [found] = told(file, day, "same_support")
    operations.clear_warning(
        file, rule="same_support", subject=found.subject, reason=REASON, by=people.director, on=day
    )

    SupportedItemFactory(serial="DS-118", on=day.replace(year=2025))

    assert sorted(f.severity for f in told(file, day, "same_support")) == ["cleared", "refusal"]


def test_ones_own_machine_that_was_supported_is_no_fault_where_it_stands(project, day):
    file = project()
    who = file.beneficiaries.get().establishment
    MachineFactory(establishment=who, serial="DS-118")
    SupportedItemFactory(establishment=who, serial="DS-118")

    assert told(file, day, "same_support") == []


@pytest.mark.parametrize(("who", "seen"), [("agency", True), ("director", False)])
def test_the_other_establishment_is_told_only_to_who_may_look_at_it(people, elsewhere, who, seen):
    found = queries.visible_items(getattr(people, who), [elsewhere.pk])

    full = {elsewhere.pk: "Cơ sở Tân Phát, “Máy sấy”, Hỗ trợ máy sấy cho cơ sở Tân Phát."}
    assert found == (full if seen else {})


# ---- cut in two ----


def norm(province, *, cap, level="provincial"):
    line = LineFactory(code="MMTB", anywhere=True)
    SupportNormFactory(line=line, level=level, province=province, cap=cap, percent=None)


def other(establishment, *, local=0, national=0, **facts):
    facts = {"year": 2026, "kind": "machinery", "norm_line": "MMTB", "state": "submitted"} | facts
    made = ProjectFactory(local=local, national=national, **facts)
    BeneficiaryFactory(
        project=made, establishment=establishment, local=local, national=national, total=local + national
    )
    return made


@pytest.fixture
def first(land, project):
    """A file that is itself within the norm: 300 million where 400 are allowed."""
    norm(land.province, cap=400 * MILLION)
    file = project(norm_line="MMTB", year=2026)
    return file, file.beneficiaries.get().establishment


@pytest.mark.parametrize(("more", "refused"), [(100 * MILLION, False), (100 * MILLION + 1, True)])
def test_two_projects_of_one_year_may_reach_the_cap_and_not_one_dong_more(land, first, day, more, refused):
    file, who = first
    assert sum(b.local for b in file.beneficiaries.all()) == 300 * MILLION

    second = other(who, local=more, province=land.province)

    found = told(file, day, "split")
    assert [f.severity for f in found] == (["refusal"] if refused else [])
    if refused:
        assert (
            f"2 đề án ({file.code}: 300.000.000 đồng; {second.code}: 100.000.001 đồng), cộng 400.000.001 đồng, "
            "vượt mức tối đa 400.000.000"
        ) in found[0].sentence


def test_a_cut_by_a_norm_that_nobody_has_read_says_so(land, first, day):
    file, who = first
    other(who, local=200 * MILLION, province=land.province)
    assert "chưa kiểm chứng" not in told(file, day, "split")[0].article

    SupportNorm.objects.update(verified="no")

    assert told(file, day, "split")[0].article.endswith(", chưa kiểm chứng")


@pytest.mark.parametrize(
    "facts", [{"state": "draft"}, {"state": "withdrawn"}, {"year": 2025}, {"norm_line": "", "kind": "brand"}]
)
def test_what_was_not_sent_came_to_nothing_or_is_of_another_year_or_kind_is_not_added(land, first, day, facts):
    file, who = first

    other(who, local=300 * MILLION, province=land.province, **facts)

    assert told(file, day, "split") == []


@pytest.mark.parametrize("state", ["approved", "running", "accepted", "settled"])
def test_a_project_cut_over_two_years_is_told_while_the_first_part_is_not_settled(land, first, day, state):
    file, who = first
    before = other(who, local=200 * MILLION, province=land.province, year=2025, state=state)

    found = told(file, day, "split")

    assert [f.severity for f in found] == ([] if state == "settled" else ["warning"])
    if found:
        assert (
            f"({file.code}: 300.000.000 đồng; {before.code}: 200.000.000 đồng), cộng 500.000.000" in found[0].sentence
        )
        other(who, local=101 * MILLION, province=land.province)  # of this year: refused, as before
        assert [f.severity for f in told(file, day, "split")] == ["refusal"]


@pytest.mark.parametrize("how", ["merged", "into another", "tax_code", "historical"])
def test_a_cut_is_found_under_every_record_of_the_beneficiary(land, first, day, how):
    file, who = first
    record, facts = who, {}
    if how == "merged":
        record = EstablishmentFactory(merged_into=who)
    elif how == "into another":
        record = who.merged_into = EstablishmentFactory()
        who.save()
    elif how == "tax_code":
        who.tax_code = "0100233488"
        who.save()
        record = EstablishmentFactory(tax_code="0100233488")
    else:
        facts = {"historical": True, "state": "liquidated", "norm_line": "", "granted_local": 200 * MILLION}

    other(record, local=200 * MILLION, province=land.province, **facts)

    assert [f.severity for f in told(file, day, "split")] == ["refusal"]


def test_local_money_of_another_province_keeps_the_norm_of_that_province(first, day):
    file, who = first

    other(who, local=300 * MILLION, province=ProvinceFactory())

    assert told(file, day, "split") == []


def test_national_money_is_added_over_the_whole_country(project, day):
    norm(None, cap=400 * MILLION, level="national")
    file = project(of_nation=True, norm_line="MMTB", year=2026)
    who = file.beneficiaries.get()

    other(who.establishment, national=400 * MILLION - who.national + 1, province=ProvinceFactory(), level="national")

    assert [f.subject.split(":")[1] for f in told(file, day, "split")] == ["national"]


def test_a_cut_is_let_pass_with_a_reason_and_stands_again_when_a_third_project_comes(land, first, people, day):
    file, who = first
    other(who, local=200 * MILLION, province=land.province)
    [found] = told(file, day, "split")
    operations.clear_warning(file, rule="split", subject=found.subject, reason=REASON, by=people.director, on=day)
    assert [f.severity for f in told(file, day, "split")] == ["cleared"]

    other(who, local=50 * MILLION, province=land.province)

    [again] = told(file, day, "split")
    assert again.severity == "refusal"
    assert again.note == f"Ngoại lệ do {people.director} chấp nhận ngày {day:%d/%m/%Y} là cho căn cứ khác: {REASON}"


def test_a_cut_let_pass_in_one_project_says_so_in_the_other(land, first, people, day):
    file, who = first
    second = other(who, local=200 * MILLION, province=land.province)
    [found] = told(file, day, "split")
    operations.clear_warning(file, rule="split", subject=found.subject, reason=REASON, by=people.director, on=day)

    Project.objects.filter(pk=file.pk).update(state="submitted")

    [there] = told(second, day, "split")

    assert (there.severity, there.reason) == ("cleared", REASON)
    assert there.cleared_by == f"{people.director} (ở đề án {file.code})"


def test_the_questions_cost_the_same_for_one_other_project_and_three(land, first, day):
    file, who = first
    helped = list(queries.helped(file))

    def cost():
        with CaptureQueriesContext(connection) as seen:
            queries.split_findings(file, beneficiaries=helped, on=day)
            queries.twin_findings(file, beneficiaries=helped, lines=list(file.cost_lines.all()), on=day)
        return len(seen)

    counts = []
    for several in (1, 2):
        for _one in range(several):
            other(who, local=200 * MILLION, province=land.province)
            MachineFactory(establishment=who, serial=f"DS-{_one}{several}")
            SupportedItemFactory(serial=f"DS-{_one}{several}")
        counts.append(cost())

    assert counts[0] == counts[1]
