"""The desk of projects through the test client: what is there for whom, and what is refused."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from khuyencong.projects.models import Project
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import NeedFactory
from tests.factories.norms import GroupRuleFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.projects import BeneficiaryFactory
from tests.projects.given import MILLION, html, norm, paper_fields

pytestmark = pytest.mark.django_db


# ---- writing ----


def draft_fields(land, **facts):
    return {
        "title": "Máy rang cà phê",
        "level": "provincial",
        "form": "single",
        "kind": "machinery",
        "year": "2027",
        "starts_on": "01/03/2027",
        "ends_on": "30/11/2027",
        "implementer": land.centre.pk,
        "province": land.province.pk,
        "commune": land.commune.pk,
    } | facts


def test_a_project_is_drafted_on_the_page(sent, land):
    answer = sent("officer", "draft", **draft_fields(land))

    project = Project.objects.get()
    assert answer.url == reverse("projects:page", args=[project.pk])
    assert (project.title, project.starts_on, project.activity) == ("Máy rang cà phê", dt.date(2027, 3, 1), 3)


def test_a_need_that_was_planned_fills_the_new_file_and_is_kept_with_it(seen, sent, land):
    need = NeedFactory(
        province=land.province,
        commune=land.commune,
        call__province=land.province,
        state="planned",
        answer=PaperFactory(kind="answer_letter"),
    )

    assert need.what in html(seen("officer", "draft", **{"nhu-cau": need.pk}))
    sent("officer", "draft", **draft_fields(land, needs=[need.pk], partners=[land.centre.pk]))

    project = Project.objects.get()
    assert (project.needs.get(), project.partners.get()) == (need, land.centre)
    assert need.name in html(seen("officer", "page", project.pk))


def ticks(page, name):
    """The boxes of a choice as they stand: key and whether it is ticked."""
    found = re.findall(rf'<input type="checkbox" name="{name}" value="(\d+)"([^>]*)>', page)
    return [(int(key), "checked" in rest) for key, rest in found]


def test_of_many_bodies_that_may_help_some_are_shown_and_the_others_found_by_name(seen, sent, land):
    many = [OrganisationFactory(name=f"Hội nghề {n:02}", kind="union", place=land.province) for n in range(40)]
    school = OrganisationFactory(name="Trường Đại học Tây Nguyên", kind="school", place=land.province)
    chosen, asked = many[7], {"partners": [many[7].pk], "tim_partners": "truong dai hoc"}

    first = html(seen("officer", "draft"))
    searched = sent("officer", "draft", **draft_fields(land, _refill="1", **asked))
    nothing = html(sent("officer", "draft", **draft_fields(land, _refill="1", tim_partners="không đâu có")))
    sent("officer", "draft", **draft_fields(land, partners=[chosen.pk, school.pk], tim_partners="truong"))

    assert (len(ticks(first, "partners")), "Còn 12 mục chưa hiện" in first) == (30, True)
    assert ticks(html(searched), "partners") == [(chosen.pk, True), (school.pk, False)]
    assert 'value="truong dai hoc"' in html(searched)
    assert (ticks(nothing, "partners"), "Không thấy “không đâu có”" in nothing) == ([], True)
    assert {*Project.objects.get().partners.all()} == {chosen, school}


def test_a_few_bodies_are_all_shown_without_a_search(seen, land):
    assert 'name="tim_partners"' not in html(seen("officer", "draft"))


def test_a_wrong_form_comes_back_filled_and_nothing_is_kept(sent, land):
    answer = sent("officer", "draft", **draft_fields(land, ends_on="01/01/2027"))

    assert answer.status_code == 422
    assert "Ngày kết thúc không được trước ngày bắt đầu" in html(answer)
    assert "Máy rang cà phê" in html(answer)
    assert not Project.objects.exists()


def test_what_the_file_says_is_changed_on_the_page(sent, project, land):
    file = project()

    assert sent("officer", "change", file.pk, **draft_fields(land, title="Máy xay")).status_code == 302

    file.refresh_from_db()
    assert file.title == "Máy xay"


def test_the_eight_parts_are_written_together_and_one_by_one(sent, client, project):
    file = project()

    sent("officer", "parts", file.pk, **{f"part_{n}": f"Phần {n}" for n in range(1, 9)})
    quiet = client.post(
        reverse("projects:save_part", args=[file.pk]), {"part_2": "Mới"}, headers={"X-Requested-With": "fetch"}
    )

    assert html(quiet) == "Đã lưu lúc 08:15"
    assert dict(file.parts.values_list("number", "text")) == {n: f"Phần {n}" for n in range(1, 9)} | {2: "Mới"}


def estimate_fields(*lines):
    data = {"dong-TOTAL_FORMS": len(lines), "dong-INITIAL_FORMS": 0}
    for number, line in enumerate(lines):
        data |= {f"dong-{number}-{name}": value for name, value in line.items()}
    return data


def test_the_estimate_is_saved_from_its_table_with_amounts_as_people_type_them(sent, project):
    file = project()
    lines = [
        {
            "content": "Máy sấy",
            "quantity": "1",
            "unit_price": "640.000.000",
            "local": "320 triệu",
            "counterpart": "320.000.000",
        },
        {"content": ""},
    ]

    answer = sent("officer", "estimate", file.pk, **estimate_fields(*lines))

    file.refresh_from_db()
    assert answer.status_code == 302
    assert (file.local, file.counterpart, file.cost_lines.count()) == (320 * MILLION, 320 * MILLION, 1)


@pytest.mark.parametrize("written", ["Tổng cộng", "CỘNG:", "Tổng số"])
def test_the_sum_at_the_foot_of_a_table_is_not_one_more_line(sent, project, written):
    file = project()
    before = file.cost_lines.count()

    answer = sent(
        "officer",
        "estimate",
        file.pk,
        **estimate_fields({"content": "Máy", "local": "7"}, {"content": written, "local": "7"}),
    )

    assert answer.status_code == 422
    assert "Dòng tổng không phải dòng chi" in html(answer)
    assert file.cost_lines.count() == before


def test_a_norm_chosen_for_a_line_outlives_the_table_that_has_no_cell_for_it(sent, project):
    file = project()
    line = file.cost_lines.first()
    line.norm_line = "MMTB"
    line.save()

    sent("officer", "estimate", file.pk, **estimate_fields({"content": line.content, "local": "320 triệu"}))

    assert [(row.content, row.norm_line) for row in file.cost_lines.all()] == [(line.content, "MMTB")]


def test_a_wrong_cell_comes_back_with_its_error_and_nothing_is_changed(sent, project):
    file = project()

    answer = sent(
        "officer",
        "estimate",
        file.pk,
        **estimate_fields({"content": "", "local": "5"}, {"content": "Máy", "local": "abc"}),
    )

    assert answer.status_code == 422
    assert ("Ghi nội dung chi" in html(answer), "Nhập số tiền" in html(answer)) == (True, True)
    assert file.cost_lines.count() == 1


def test_more_rows_come_without_losing_what_was_typed(sent, project):
    file = project()

    page = html(sent("officer", "estimate", file.pk, _more="1", **estimate_fields({"content": "Máy nghiền"})))

    assert ("Máy nghiền" in page, page.count("data-kc-row") >= 6) == (True, True)


def test_the_estimate_saves_itself_and_says_when(client, people, project):
    file = project()
    client.force_login(people.officer)

    answer = client.post(
        reverse("projects:estimate", args=[file.pk]),
        estimate_fields({"content": "Máy", "local": "7"}),
        headers={"X-Requested-With": "fetch"},
    )

    file.refresh_from_db()
    assert (html(answer), file.local) == ("Đã lưu lúc 08:15", 7)


def test_other_sources_are_named_on_the_page(sent, project):
    file = project(other=50 * MILLION)
    fields = {
        "nguon-TOTAL_FORMS": 1,
        "nguon-INITIAL_FORMS": 0,
        "nguon-0-giver": "Quỹ huyện",
        "nguon-0-amount": "50 triệu",
    }

    assert sent("officer", "other_sources", file.pk, **fields).status_code == 302
    assert file.other_sources.values_list("giver", "amount").get() == ("Quỹ huyện", 50 * MILLION)
    fields |= {"nguon-TOTAL_FORMS": 2, "nguon-1-giver": "", "nguon-1-amount": "5 triệu"}
    refused = sent("officer", "other_sources", file.pk, **fields)
    assert refused.status_code == 422
    assert refused.context["rows"][1].errors == {"giver": ["Nguồn khác thứ 2: hãy ghi bên cấp."]}
    assert file.other_sources.count() == 1


# ---- beneficiaries ----


def test_an_establishment_is_found_and_added(sent, project, land):
    file = project(form="group", machine_type="Máy")
    who = EstablishmentFactory(name="Cơ sở Ngọc Tứ", commune=land.commune, province=land.province)

    found = sent("officer", "add_beneficiary", file.pk, find="ngoc tu", _find="1")
    assert f'value="{who.pk}"' in html(found)
    done = sent(
        "officer",
        "add_beneficiary",
        file.pk,
        find="ngoc tu",
        establishment=who.pk,
        local="10 triệu",
        counterpart="12 triệu",
    )

    assert done.status_code == 302
    assert file.beneficiaries.get(establishment=who).total == 22 * MILLION


def test_a_beneficiary_is_corrected_and_taken_out_on_the_page(sent, project):
    file = project()
    who = file.beneficiaries.get()

    sent("officer", "change_beneficiary", file.pk, who.pk, content="Máy rang", local="5", counterpart="6", total="11")
    who.refresh_from_db()
    assert (who.content, who.local, who.total) == ("Máy rang", 5, 11)
    refused = sent("officer", "change_beneficiary", file.pk, who.pk, local="5", counterpart="6", total="12")
    assert refused.status_code == 422
    assert "tổng đầu tư 12 đồng khác tổng các nguồn 11 đồng" in refused.content.decode()
    sent("officer", "remove_beneficiary", file.pk, who.pk)
    assert not file.beneficiaries.exists()


def test_the_button_of_the_list_counts_whom_nothing_stands_in_the_way_of(land, seen, sent, project, day):
    norm(land, cap=100 * MILLION)
    GroupRuleFactory(kind="machinery", level="provincial")
    file = project(form="group", state="approved", norm_line="MMTB", rules_on=day)
    good = file.beneficiaries.get()
    good.local = 100 * MILLION
    good.save()
    beyond = BeneficiaryFactory(project=file, local=100 * MILLION + 1, total=400 * MILLION)

    page = html(seen("department", "approve_beneficiaries", file.pk))
    assert "Duyệt 1 đơn vị thụ hưởng, 100 triệu đồng" in page
    refused = html(
        sent("department", "approve_beneficiaries", file.pk, who=[beyond.pk], **paper_fields(number="412/SCT-QLCN"))
    )

    assert "vượt mức tối đa" in refused
    assert "Duyệt 1 đơn vị thụ hưởng, 100 triệu đồng" in refused


def test_the_department_approves_the_list_of_a_group_on_the_page(seen, sent, project):
    GroupRuleFactory(kind="fair_participation", level="provincial")
    file = project(kind="fair_participation", activity=4, form="group", state="approved")
    who = file.beneficiaries.get()

    assert "Duyệt danh sách" in html(seen("department", "beneficiaries", file.pk))
    assert "Duyệt danh sách" not in html(seen("officer", "beneficiaries", file.pk))
    assert seen("department", "approve_beneficiaries", file.pk).status_code == 200
    answer = sent("department", "approve_beneficiaries", file.pk, who=[who.pk], **paper_fields(number="412/SCT-QLCN"))

    who.refresh_from_db()
    assert (answer.status_code, who.approved_on, who.paper.number) == (302, dt.date(2026, 6, 1), "412/SCT-QLCN")
