"""The desk of projects through the test client: what is there for whom, and what is refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from tests.factories.documents import DossierItemFactory, PaperFactory, RequirementFactory
from tests.factories.establishments import EstablishmentFactory, MachineFactory, SupportedItemFactory
from tests.factories.needs import NeedFactory
from tests.factories.norms import ConditionFactory, GroupRuleFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, StepTakenFactory

pytestmark = pytest.mark.django_db

MILLION = 1_000_000
TABS = ("page", "money", "papers", "beneficiaries", "history", "checks")
EDITORS = ("change", "parts", "estimate", "other_sources")


@pytest.fixture
def seen(client, people):
    """A page as somebody sees it."""

    def get(user, name, /, *args, **query):
        client.force_login(getattr(people, user))
        return client.get(reverse(f"projects:{name}", args=args), query)

    return get


@pytest.fixture
def sent(client, people):
    def post(user, name, /, *args, **data):
        client.force_login(getattr(people, user))
        return client.post(reverse(f"projects:{name}", args=args), data)

    return post


def html(answer):
    return answer.content.decode()


def paper_fields(**facts):
    return {
        "number": "12/TTr-TTKC",
        "signed_on": "01/06/2026",
        "signer": "Vũ Đình Khoa",
        "signer_title": "Giám đốc",
    } | facts


# ---- lists ----


def test_the_list_asks_as_often_for_three_rows_as_for_one(seen, project, people, client):
    project()
    seen("officer", "list")  # what is cached once a process
    with CaptureQueriesContext(connection) as one:
        assert seen("officer", "list").status_code == 200
    project(), project()
    with CaptureQueriesContext(connection) as three:
        assert seen("officer", "list").status_code == 200

    assert len(three) == len(one)
    assert len(three) - 6 <= 12  # signing in itself takes its own


def test_the_list_counts_and_sums_exactly_what_is_filtered(seen, project):
    project(title="Máy sấy cà phê", words="may say ca phe")
    project(title="Máy dệt", words="may det", local=100_500_000)

    whole, one = html(seen("officer", "list")), html(seen("officer", "list", q="Dệt"))

    assert ("2 đề án" in whole, "400,5" in whole) == (True, True)
    assert ("1 đề án" in one, "Máy sấy cà phê" in one) == (True, False)


@pytest.mark.parametrize(
    "query", [{"state": "draft"}, {"activity": "3"}, {"source": "local"}, {"level": "provincial"}, {"year": "2026"}]
)
def test_every_filter_lets_its_own_through(query, seen, project):
    file = project()

    assert file.title in html(seen("officer", "list", **query))


@pytest.mark.parametrize(
    "query",
    [{"state": "submitted"}, {"activity": "1"}, {"source": "national"}, {"level": "national"}, {"year": "2025"}],
)
def test_every_filter_keeps_the_others_out(query, seen, project):
    file = project()

    assert file.title not in html(seen("officer", "list", **query))


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({"sap": "-money_total"}, [3, 2, 1]),
        ({"sap": "money_total"}, [1, 2, 3]),
        ({"sap": "code"}, [1, 3, 2]),
        ({}, [2, 3, 1]),
    ],
)
def test_the_list_sorts_as_its_arrow_says_and_newest_first_by_itself(seen, project, query, order):
    for code, millions in (("26-66-001", 1), ("26-66-003", 2), ("26-66-002", 3)):
        project(title=f"Đề án {millions}", code=code, local=millions * MILLION, national=0, counterpart=0, other=0)

    page = html(seen("officer", "list", **query))

    assert sorted(order, key=lambda millions: page.index(f">Đề án {millions}<")) == order


def test_the_list_is_exported_as_it_is_filtered(seen, project):
    project(title="Máy sấy")
    project(title="Máy dệt", words="may det")

    answer = seen("officer", "list", q="det", xuat="csv")

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "Máy dệt" in lines[1]
    assert seen("officer", "list", xuat="xlsx").status_code == 200


def test_a_stranger_sees_no_row_and_no_page(seen, project):
    file = project()

    assert file.title not in html(seen("stranger", "list"))
    assert [seen("stranger", name, file.pk).status_code for name in (*TABS, *EDITORS)] == [404] * 10


def test_nobody_sees_anything_before_signing_in(client, project):
    file = project()

    for name in ("list", "draft"):
        assert client.get(reverse(f"projects:{name}")).status_code == 302
    assert client.get(reverse("projects:page", args=[file.pk])).status_code == 302


# ---- the record ----


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "running", "liquidated"])
def test_every_tab_opens_in_every_season_of_a_life(name, state, seen, project):
    assert seen("officer", name, project(state=state).pk).status_code == 200


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_the_record_asks_as_often_for_three_beneficiaries_as_for_one(state, seen, project):
    RequirementFactory(per_beneficiary=True)
    file = project(state=state)
    seen("officer", "page", file.pk)
    with CaptureQueriesContext(connection) as one:
        seen("officer", "page", file.pk)
    for _time in range(2):
        BeneficiaryFactory(project=file)
    with CaptureQueriesContext(connection) as three:
        seen("officer", "page", file.pk)

    assert len(three) == len(one) <= 24  # signing in takes four


def test_the_record_offers_what_is_mine_and_tells_why_the_rest_is_shut(seen, project):
    file = project(state="submitted")

    mine, other = html(seen("appraiser", "page", file.pk)), html(seen("officer", "page", file.pk))

    assert f'href="{reverse("projects:appraise", args=[file.pk])}"' in mine
    assert f'href="{reverse("projects:appraise", args=[file.pk])}"' not in other
    assert "Thuộc thẩm quyền" in other
    assert "Mở khi đề án ở trạng thái" in mine


def test_a_file_that_lacks_something_says_so_where_the_button_would_be(seen, project):
    ConditionFactory(kind="counterpart")
    file = project(counterpart=0)

    page = html(seen("director", "page", file.pk))

    assert f'href="{reverse("projects:submit", args=[file.pk])}"' not in page
    assert "Thiếu đối ứng" in page


def test_a_project_out_of_a_list_shows_the_one_line_of_the_list_and_the_file(seen, people, land):
    made = operations.record_historical(
        [
            operations.Entry(
                title=title, level="provincial", kind="machinery", year=2019, province=land.province,
                implementer=land.centre, local=200_000_000,
            )
            for title in ("Máy rang", "Máy xay")
        ],
        about=land.province, by=people.officer, source="Nhập từ Excel: so-cu.xlsx", digest="ab12",
    )  # fmt: skip

    page = html(seen("officer", "history", made[0].pk))

    assert page.count("nhập hồ sơ lịch sử") == 1
    assert "Nhập từ Excel: so-cu.xlsx" in page


def test_the_editors_are_for_the_own_centre_while_the_file_is_written(seen, project):
    draft, gone = project(), project(state="submitted")

    assert [seen("officer", name, draft.pk).status_code for name in EDITORS] == [200] * 4
    assert [seen("officer", name, gone.pk).status_code for name in EDITORS[1:]] == [403] * 3
    assert seen("appraiser", "estimate", draft.pk).status_code == 403


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
    sent("officer", "remove_beneficiary", file.pk, who.pk)
    assert not file.beneficiaries.exists()


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


# ---- steps ----


def test_the_director_signs_and_sends_with_a_new_paper(seen, sent, project):
    file = project()

    page = html(seen("director", "submit", file.pk))
    assert "Công văn đề nghị" in page
    answer = sent("director", "submit", file.pk, **paper_fields())

    file.refresh_from_db()
    taken = file.steps.get()
    assert (answer.status_code, file.state, taken.on, taken.paper.number) == (
        302,
        "submitted",
        dt.date(2026, 6, 1),
        "12/TTr-TTKC",
    )


def test_a_paper_recorded_before_serves_a_step(sent, project, land):
    file = project()
    paper = PaperFactory(kind="request_letter", province=land.province, signed_on=dt.date(2026, 6, 1), number="9/TTr")

    sent("director", "submit", file.pk, existing=paper.pk)

    assert file.steps.get().paper == paper


def test_a_step_without_its_paper_comes_back_with_a_sentence(sent, project, land):
    file = project()

    nothing = sent("director", "submit", file.pk)
    PaperFactory(kind="request_letter", province=land.province)
    neither = sent("director", "submit", file.pk)

    file.refresh_from_db()
    assert (nothing.status_code, neither.status_code, file.state) == (422, 422, "draft")
    assert "Bước này phải có văn bản" in html(neither)


def test_a_day_in_the_future_is_refused_on_its_field(sent, project):
    file = project()

    answer = sent("director", "submit", file.pk, **paper_fields(signed_on="23/11/2026"))

    assert (answer.status_code, file.steps.count()) == (422, 0)
    assert "ở tương lai" in html(answer)


def test_a_refusal_of_the_rules_is_shown_and_leaves_no_paper(sent, project):
    ConditionFactory(kind="counterpart")
    from khuyencong.documents.models import Paper

    file = project(counterpart=0)

    answer = sent("director", "submit", file.pk, **paper_fields())

    assert answer.status_code == 422
    assert "Thiếu đối ứng" in html(answer)
    assert not Paper.objects.exists()


def test_the_wrong_person_finds_a_refusal_and_no_form(seen, sent, project):
    file = project()

    assert seen("appraiser", "submit", file.pk).status_code == 403
    assert sent("appraiser", "submit", file.pk, **paper_fields()).status_code == 403
    assert seen("department", "register", file.pk).status_code == 404


def test_the_clerk_records_the_appraisal_that_another_signed(seen, sent, project):
    file = project(state="submitted")

    assert "Ghi nhận văn bản: Thẩm định cấp cơ sở: đạt" in html(seen("clerk", "page", file.pk))
    sent("clerk", "appraise", file.pk, **paper_fields(number="PTĐ-3", signer="Trần Văn Lâm"))

    file.refresh_from_db()
    assert (file.state, file.steps.get().paper.signer) == ("appraised", "Trần Văn Lâm")


@pytest.mark.parametrize(("name", "state"), [("return", "draft"), ("fail", "failed")])
def test_the_appraiser_sends_back_or_fails_with_the_reason(name, state, sent, project):
    file = project(state="submitted")

    assert sent("appraiser", name, file.pk, **paper_fields()).status_code == 422
    due = {"due_on": "20/12/2026"} if name == "return" else {}
    sent("appraiser", name, file.pk, reason="Thiếu báo giá", **due, **paper_fields(number="45/SCT"))

    file.refresh_from_db()
    assert (file.state, file.steps.get().note) == (state, "Thiếu báo giá")


def test_a_double_click_acts_once(sent, project):
    file = project()

    for _time in range(2):
        sent("director", "submit", file.pk, _once="abc", **paper_fields())

    assert file.steps.count() == 1


# ---- exceptions and the dossier ----


def test_an_exception_is_cleared_with_a_reason_on_the_page(seen, sent, project):
    ConditionFactory(kind="counterpart")
    file = project(counterpart=0)

    assert "Chấp nhận ngoại lệ" in html(seen("director", "checks", file.pk))
    assert "Chấp nhận ngoại lệ" not in html(seen("officer", "checks", file.pk))
    assert seen("director", "clear_warning", file.pk, rule="counterpart").status_code == 200
    sent("director", "clear_warning", file.pk, rule="counterpart", reason="Đối ứng bằng nhà xưởng có sẵn")

    assert file.clearances.get().reason == "Đối ứng bằng nhà xưởng có sẵn"
    assert "Đối ứng bằng nhà xưởng có sẵn" in html(seen("officer", "history", file.pk))


def test_the_page_says_that_an_exception_was_made_for_other_evidence(seen, sent, project, people):
    ConditionFactory(kind="no_other_support")
    file = project(state="appraised", rules_on=dt.date(2026, 6, 1))
    who = file.beneficiaries.get()
    facts = {"establishment": who.establishment, "item": "Máy sấy trống quay", "on": dt.date(2024, 5, 1)}
    SupportedItemFactory(**facts)
    [known] = [f for f in queries.checks(file, on=dt.date(2026, 6, 1)) if f.rule == "supported_before"]
    reason = "Máy cũ đã thanh lý sau hỏa hoạn"
    sent("director", "clear_warning", file.pk, rule=known.rule, subject=known.subject, reason=reason)

    SupportedItemFactory(**facts | {"on": dt.date(2025, 5, 1)})

    told = (
        f"Ngoại lệ do {people.director} chấp nhận ngày {file.clearances.get().on:%d/%m/%Y} là cho căn cứ khác: {reason}"
    )
    assert told in html(seen("director", "checks", file.pk))
    assert told in html(seen("director", "conditions", file.pk))


def test_the_other_establishment_is_named_on_the_page_only_to_who_may_look_at_it(seen, project, land):
    file = project()
    machine = {"item": "Máy sấy", "serial": "DS-118"}
    MachineFactory(establishment=file.beneficiaries.get().establishment, serial="DS-118")
    near = EstablishmentFactory(name="Cơ sở Gần", commune=land.commune, province=land.province)
    SupportedItemFactory(establishment=near, **machine)
    SupportedItemFactory(establishment__name="Cơ sở Xa", establishment__province=ProvinceFactory(), **machine)

    page = html(seen("director", "checks", file.pk))

    assert page.count("Số máy “DS-118” đã được Nhà nước hỗ trợ năm 2024") == 2
    assert "Cơ sở Gần, “Máy sấy”" in page
    assert "Cơ sở Xa" not in page


def test_a_paper_of_the_checklist_is_added_or_said_not_to_apply(seen, client, people, project):
    asked, other = RequirementFactory(title="Báo giá"), RequirementFactory(title="Catalogue")
    file = project()
    address = reverse("projects:put_paper", args=[file.pk])

    assert "Báo giá" in html(seen("officer", "papers", file.pk))
    client.post(f"{address}?giay={asked.pk}", {"signed_on": "01/05/2026"})
    client.post(f"{reverse('projects:waive_paper', args=[file.pk])}?giay={other.pk}", {"reason": "Máy tự chế"})

    items = {item.requirement: item for item in file.dossier.items.all()}
    assert (items[asked].paper.abstract, items[other].reason) == ("Báo giá", "Máy tự chế")


# ---- what people stumbled over ----


def offered(answer):
    """The buttons of the panel of steps, the blue one first."""
    return [offer.label for offer in answer.context["offers"] if offer.url and not offer.quiet]


def test_what_a_file_still_lacks_leads_its_writer(seen, project):
    bare = project(whole=False)

    assert offered(seen("officer", "page", bare.pk))[:3] == [
        "Ghi đơn vị thụ hưởng",
        "Lập dự toán",
        "Viết tám phần đề án",
    ]


def test_a_whole_file_is_signed_first_and_taken_back_last(seen, project):
    answer = seen("director", "page", project().pk)

    assert offered(answer)[0] == "Ký, gửi thẩm định"
    assert [offer.label for offer in answer.context["offers"] if offer.quiet and offer.url][-1] == "Rút hồ sơ"


def test_who_appraises_is_not_led_to_return_the_file(seen, project):
    assert offered(seen("appraiser", "page", project(state="submitted").pk)) == ["Thẩm định cấp cơ sở: đạt"]


def test_an_officer_is_led_from_a_running_project_to_its_contracts(seen, project):
    running = project(state="running", ends_on=dt.date(2026, 11, 20))

    answer = seen("officer", "page", running.pk)

    assert offered(answer) == ["Mở hợp đồng, tiến độ, tạm ứng"]
    assert "quá hạn 2 ngày" in html(answer)


def test_a_file_sent_back_says_why_where_its_writer_begins(seen, project, people):
    back = project()
    StepTakenFactory(
        project=back, name="return", source="submitted", target="draft", by=people.department, note="Thiếu báo giá"
    )

    assert "ngày 10/05/2026" in html(seen("officer", "page", back.pk))
    assert "Thiếu báo giá" in html(seen("officer", "page", back.pk)).split('class="kc-views"')[0]


def test_the_papers_of_a_file_stand_once_each(seen, project, people):
    whole = project(state="approved")
    paper = PaperFactory(number="512/QĐ-UBND")
    for name in ("approve", "adjust"):
        StepTakenFactory(project=whole, name=name, source="appraised", target="approved", by=people.clerk, paper=paper)

    assert html(seen("officer", "papers", whole.pk)).count("512/QĐ-UBND") == 1


@pytest.mark.parametrize(("level", "there"), [("provincial", False), ("national", True)])
def test_only_national_money_is_registered_with_the_agency(seen, project, level, there):
    RequirementFactory(stage="registration", level="national")
    money = {"national": 300 * MILLION, "local": 0} if level == "national" else {}

    page = html(seen("officer", "papers", project(level=level, **money).pk))

    assert ("Đăng ký với Cục" in page) is there


def test_a_rule_followed_by_analogy_is_said_once(seen, project):
    for number in range(3):
        RequirementFactory(stage="appraisal", level="national", title=f"Giấy tờ {number}")

    page = html(seen("officer", "page", project().pk))

    assert page.count("áp dụng tương tự") == 1


def test_the_one_whom_a_need_names_is_chosen_already(seen, project, land):
    helped = EstablishmentFactory(province=land.province, commune=land.commune)
    bare = project(whole=False)
    bare.needs.add(NeedFactory(commune=land.commune, establishment=helped, what="Máy rang", about=400 * MILLION))

    form = seen("officer", "add_beneficiary", bare.pk).context["form"]

    assert (form.initial["establishment"], form.initial["content"], form.initial["total"]) == (
        helped.pk,
        "Máy rang",
        400 * MILLION,
    )


def test_a_line_that_cannot_be_saved_by_itself_says_so(client, people, project):
    client.force_login(people.officer)
    rows = {"dong-TOTAL_FORMS": "1", "dong-INITIAL_FORMS": "0", "dong-0-content": "Máy", "dong-0-local": "ba trăm"}

    answer = client.post(reverse("projects:estimate", args=[project().pk]), rows, headers={"X-Requested-With": "fetch"})

    assert (answer.status_code, html(answer)) == (422, "Chưa lưu: còn ô ghi chưa đúng.")


def test_the_line_of_the_one_who_is_helped_keeps_his_name_though_the_table_does_not_ask(seen, project):
    page = html(seen("officer", "estimate", project().pk))

    assert "Đơn vị thụ hưởng" not in page
    assert 'type="hidden" name="dong-0-beneficiary"' in page


# ---- the whole record on one page ----


def test_the_printed_record_holds_what_its_tabs_hold_and_nothing_to_press(seen, sent, project):
    file = project(title="Máy sấy cà phê", place_text="thôn 3, xã Ea Kar")
    BeneficiaryFactory(project=file, establishment__name="HTX Thắng Lợi", content="Máy sấy")

    page = html(seen("officer", "print", file.pk))

    main = page.partition('id="noi-dung"')[2]
    for words in ("Máy sấy cà phê", "thôn 3, xã Ea Kar", "HTX Thắng Lợi", "Kinh phí theo nguồn", "Quá trình", "<svg"):
        assert words in main, words
    assert "Việc làm được bây giờ" not in main
    assert main.count("<form") == 0
    assert reverse("projects:print", args=[file.pk]) in html(seen("officer", "page", file.pk))


def test_the_printed_record_is_there_for_whoever_may_see_the_record(seen, project):
    file = project()

    assert seen("stranger", "print", file.pk).status_code == 404
    assert seen("officer", "print", file.pk).status_code == 200


def test_the_printed_record_asks_as_often_for_three_beneficiaries_as_for_one(seen, project):
    one, three = project(form="group"), project(form="group")
    BeneficiaryFactory(project=one)
    BeneficiaryFactory.create_batch(3, project=three)
    seen("officer", "print", one.pk)  # what is cached once a process
    with CaptureQueriesContext(connection) as few:
        seen("officer", "print", one.pk)
    with CaptureQueriesContext(connection) as many:
        seen("officer", "print", three.pk)

    assert len(many) == len(few)


@pytest.mark.parametrize("role", ["collaborator", "commune_officer"])
def test_who_looks_after_a_commune_is_led_only_to_papers_that_he_may_open(client, project, land, role):
    record = project(state="submitted")
    shut = PaperFactory(province=land.province, number="7/HĐ-CS")
    decided = PaperFactory(province=land.province, number="8/TTr-TTKC")
    DossierItemFactory(dossier=record.dossier, paper=shut, requirement=RequirementFactory())
    StepTakenFactory(project=record, paper=decided)
    client.force_login(person(role, place=land.commune))

    page = html(client.get(reverse("projects:papers", args=[record.pk])))
    paper_of = {one: reverse("documents:page", args=[one.pk]) for one in (shut, decided)}

    assert (str(shut) in page, f'href="{paper_of[shut]}"' in page) == (True, False)
    assert f'href="{paper_of[decided]}"' in page
    assert "Văn bản không có đường dẫn chỉ mở được ở Trung tâm, Sở; vai trò của bạn không mở được." in page
    assert [client.get(paper_of[one]).status_code for one in (shut, decided)] == [404, 200]


def test_who_may_open_all_papers_is_led_to_all_and_told_nothing_more(seen, project, land):
    record = project(state="submitted")
    paper = PaperFactory(province=land.province)
    DossierItemFactory(dossier=record.dossier, paper=paper, requirement=RequirementFactory())

    page = html(seen("officer", "papers", record.pk))

    assert f'href="{reverse("documents:page", args=[paper.pk])}"' in page
    assert "Văn bản không có đường dẫn" not in page


def test_the_papers_of_a_project_cost_the_same_for_one_and_three(seen, project, land, people, client):
    record = project(state="submitted")
    counts = []
    for more in (1, 2):
        for _number in range(more):
            paper = PaperFactory(province=land.province)
            DossierItemFactory(dossier=record.dossier, paper=paper, requirement=RequirementFactory())
            BeneficiaryFactory(project=record)
        seen("officer", "papers", record.pk)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("projects:papers", args=[record.pk]))
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 20
