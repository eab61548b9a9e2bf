"""The desk of projects through the test client: what is there for whom, and what is refused."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.projects import operations
from tests.factories.documents import DossierItemFactory, PaperFactory, RequirementFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.needs import NeedFactory
from tests.factories.norms import ConditionFactory
from tests.factories.people import person
from tests.factories.projects import BeneficiaryFactory, StepTakenFactory
from tests.projects.given import EDITORS, MILLION, TABS, html

pytestmark = pytest.mark.django_db


# ---- the record ----


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "running", "liquidated"])
def test_every_tab_opens_in_every_season_of_a_life(state, seen, project):
    file = project(state=state)

    assert {name: seen("officer", name, file.pk).status_code for name in TABS} == dict.fromkeys(TABS, 200)


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


def test_a_beneficiary_finds_its_own_part_of_a_group_and_no_inner_talk(client, seen, project):
    file = project(state="submitted", form="group")
    own, _other = (
        BeneficiaryFactory(project=file, establishment__name=name) for name in ("Cơ sở Ngọc Tứ", "HTX Ea Kar")
    )
    theirs = {name: html(seen("officer", name, file.pk)) for name in ("page", "beneficiaries", "history")}
    client.force_login(person("establishment", place=None, organisation=own.establishment.organisation))

    mine = {name: html(client.get(reverse(f"projects:{name}", args=[file.pk]))) for name in theirs}

    for name in ("page", "beneficiaries"):
        assert ("Ngọc Tứ" in theirs[name], "HTX Ea Kar" in theirs[name]) == (True, True), name
        assert ("Ngọc Tứ" in mine[name], "HTX Ea Kar" in mine[name]) == (True, False), name
    assert ("Nhật ký" in theirs["history"], "Nhật ký" in mine["history"]) == (True, False)
    for name in ("checks", "print"):
        address = reverse(f"projects:{name}", args=[file.pk])
        assert (client.get(address).status_code, address in mine["page"]) == (404, False)


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
    RequirementFactory(title="Bản cam kết đối ứng")
    RequirementFactory(title="Báo cáo quyết toán", stage="settlement")  # of a step that has not come

    page = html(seen("officer", "print", file.pk))

    main = page.partition('id="noi-dung"')[2]
    for words in ("Máy sấy cà phê", "thôn 3, xã Ea Kar", "HTX Thắng Lợi", "Kinh phí theo nguồn", "Quá trình", "<svg"):
        assert words in main, words
    assert ("Bản cam kết đối ứng" in main, "Báo cáo quyết toán" in main) == (True, False)
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


def test_what_is_lacking_on_the_way_lies_open_beside_what_is_asked_now(seen, project):
    for stage in ("first_advance", "remainder", "settlement"):
        RequirementFactory(stage=stage, title=f"Giấy {stage}", level="provincial")
    file = project(state="running", approved=True)

    stages = seen("officer", "papers", file.pk).context["stages"]

    assert [(part["stage"], part["missing"], part["open"]) for part in stages] == [
        ("first_advance", 1, True),
        ("remainder", 1, True),
        ("settlement", 1, False),
    ]


def test_no_paper_is_awaited_of_a_project_that_was_stopped(seen, project):
    RequirementFactory(stage="settlement", title="Bảng kê chứng từ", level="provincial")
    told = {
        state: (page.context["missing"], "Bảng kê chứng từ" in html(page))
        for state in ("accepted", "stopped")
        for page in [seen("officer", "page", project(state=state, approved=True).pk)]
    }

    assert told == {"accepted": (1, True), "stopped": (0, False)}


def test_a_project_of_before_stands_at_its_last_figures_without_ledger_or_list_of_missing_papers(seen, project):
    RequirementFactory()
    money = {"local": 90 * MILLION, "granted_national": 0, "granted_local": 90 * MILLION, "granted_counterpart": 0}
    money |= {"granted_other": 0}
    now, before = (project(state="accepted", historical=historical, **money) for historical in (False, True))

    today, old = html(seen("officer", "page", now.pk)), html(seen("officer", "page", before.pk))

    assert ("phần đã chi theo sổ" in today, "phần đã chi theo sổ" in old) == (True, False)
    assert "số cuối cùng theo danh sách cũ, không có sổ theo dõi" in old
    assert "Giấy tờ của giai đoạn này" not in old
    assert re.findall(r'data-label="Còn lại" class="n(?: kc-none)?">([^<]*)', old)[0] == "–"


@pytest.mark.parametrize("name", ["page", "money"])
def test_a_project_of_before_shows_its_whole_where_no_source_is_known(name, seen, project):
    file = project(
        state="liquidated", historical=True, unsplit=250 * MILLION, national=0, local=0, counterpart=0,
        granted_national=0, granted_local=0, granted_counterpart=0,
    )  # fmt: skip

    page = html(seen("officer", name, file.pk))

    assert "(chưa tách nguồn)" in page
    assert "Điều kiện hỗ trợ" not in page and "Kiểm tra hồ sơ" not in page  # outside the checks
    assert "Nhà nước hỗ trợ</" not in page
    assert name != "money" or re.search(r"Chưa tách nguồn</td><td[^>]*>\s*250", page)


def test_the_address_of_the_checks_says_that_a_project_of_before_stands_outside_them(seen, project):
    file = project(state="liquidated", historical=True)

    answer = seen("officer", "checks", file.pk)

    page = html(answer)
    assert answer.status_code == 200
    assert "Hồ sơ lịch sử không qua kiểm tra" in page and "chưa đạt theo quy định" not in page
    assert re.search(rf'href="{reverse("projects:page", args=[file.pk])}">Về trang đề án</a>', page)
