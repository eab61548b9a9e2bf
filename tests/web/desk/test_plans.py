"""The desk of plans: the chain, the working table, the steps; who sees and who may."""

# ruff: noqa: F811
import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base import clock
from khuyencong.budgets.queries import available
from khuyencong.plans import operations
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.operations import Line
from tests.factories.councils import SheetFactory
from tests.factories.documents import PaperFactory
from tests.factories.norms import ConditionFactory, GroundRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import ChangeRequestFactory, DecisionFactory, OpinionRequestFactory, PlanFactory
from tests.factories.projects import CostLineFactory, ProjectFactory
from tests.web.desk.given_plans import MILLION, appraised, at, draft, envelope, paper, people, plan, province  # noqa: F401

pytestmark = pytest.mark.django_db


SUBMITTED, DAY = dt.date(2026, 2, 20), dt.date(2026, 3, 2)


@pytest.fixture
def submitted(draft, people):
    paper = PaperFactory(kind="submission", signed_on=SUBMITTED)
    return operations.submit(draft, by=people["department_director"], on=SUBMITTED, paper=paper)


def pages(decision, asked):
    plan = decision.plan
    return [
        at("list"),
        at("requests"),
        at("open"),
        at("page", plan.pk),
        at("decision", decision.pk),
        at("request", asked.pk),
        *(at(name, decision.pk) for name in ("submit", "approve", "hand_back", "refuse", "ask_opinion")),
        *(at(name, asked.pk) for name in ("confirm_request", "refuse_request")),
    ]


def test_strangers_see_nothing(client, submitted, province):
    asked = ChangeRequestFactory(project__province=province)
    for url in pages(submitted, asked):
        assert client.get(url).status_code == 302
    for user in (person("department_director", place=ProvinceFactory()), UserFactory()):
        client.force_login(user)
        for url in pages(submitted, asked)[3:]:
            assert client.get(url).status_code == 404, url


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, people, province, django_assert_max_num_queries, count):
    for year in range(count):
        PlanFactory(province=province, year=2026 + year)
    client.force_login(people["appraiser"])

    with django_assert_max_num_queries(12) as asked:
        page = client.get(at("list")).content.decode()

    assert page.count("/ke-hoach/") >= count
    assert len(asked) <= 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_plan_page_asks_the_same_number_of_queries(
    client, people, plan, envelope, province, django_assert_max_num_queries, count
):
    decision = operations.draft_decision(plan, kind="approve", by=people["appraiser"])
    lines = [Line(appraised(province)) for _ in range(count)]
    operations.arrange(decision, lines=lines, by=people["appraiser"])
    sent = PaperFactory(kind="submission", signed_on=SUBMITTED)
    operations.submit(decision, by=people["department_director"], on=SUBMITTED, paper=sent)
    operations.approve(decision, by=people["provincial_approver"], on=DAY, paper=PaperFactory())
    client.force_login(people["appraiser"])

    with django_assert_max_num_queries(18):
        page = client.get(at("page", plan.pk)).content.decode()

    assert f"{count} đề án, ngày 22/11/2026" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_working_table_asks_the_same_number_of_queries(
    client, people, draft, province, django_assert_max_num_queries, count
):
    for _ in range(count):
        SheetFactory(subject_uid=appraised(province).uid)
    client.force_login(people["appraiser"])

    with django_assert_max_num_queries(36) as asked:
        page = client.get(at("decision", draft.pk)).content.decode()

    assert page.count("data-kc-line") == count + 1
    assert len(asked) == len(asked.captured_queries)


def test_the_score_of_the_council_stands_beside_the_order_of_the_law(client, people, draft, province):
    client.force_login(people["appraiser"])
    before = client.get(at("decision", draft.pk)).content.decode()
    SheetFactory(subject_uid=appraised(province).uid, total=84)

    page = client.get(at("decision", draft.pk)).content.decode()

    assert ("Điểm thẩm định" in before, 'colspan="7"' in before) == (False, True)
    assert ("Điểm thẩm định</th>" in page, 'colspan="8"' in page) == (True, True)
    assert ("84,0/100" in page, "1 phiếu" in page) == (True, True)


def test_the_plan_is_shown_as_of_a_day(client, people, plan, submitted):
    operations.approve(submitted, by=people["provincial_approver"], on=DAY, paper=PaperFactory())
    client.force_login(people["appraiser"])

    before = client.get(at("page", plan.pk), {"ngay": "01/03/2026"}).content.decode()
    on = client.get(at("page", plan.pk), {"ngay": "02/03/2026"}).content.decode()
    wrong = client.get(at("page", plan.pk), {"ngay": "32/13/2026"}).content.decode()

    assert "Ngày 01/03/2026 kế hoạch chưa có đề án nào." in before
    assert "1 đề án, ngày 02/03/2026" in on
    assert "Nhập ngày theo dạng ngày/tháng/năm" in wrong


def test_what_is_left_stands_as_of_the_day_too(client, people, plan, submitted):
    operations.approve(submitted, by=people["provincial_approver"], on=DAY, paper=PaperFactory())
    given = sum(item.support for item in submitted.items.all())
    client.force_login(people["appraiser"])
    left = {
        day: client.get(at("page", plan.pk), {"ngay": day}).context["reserve"] for day in ("01/03/2026", "02/03/2026")
    }

    assert left["01/03/2026"] - left["02/03/2026"] == given > 0
    assert client.get(at("page", plan.pk)).context["reserve"] == left["02/03/2026"]


def test_a_plan_is_opened_and_a_tranche_begun(client, people, province):
    client.force_login(people["appraiser"])

    client.post(at("open"), {"level": "national", "year": "2027", "province": province.pk})
    plan = Plan.objects.get()
    client.post(at("draft", plan.pk), {"kind": "approve"})

    assert (plan.level, plan.year) == ("national", 2027)
    assert Decision.objects.get().title == "Phê duyệt đợt 1"


def test_the_working_table_is_saved_as_a_whole(client, people, draft, envelope, province):
    [first] = [item.project for item in draft.items.all()]
    second, out = appraised(province), appraised(province)
    client.force_login(people["appraiser"])

    answer = client.post(
        at("arrange", draft.pk),
        {
            f"in_{first.pk}": "on",
            f"order_{first.pk}": "2",
            f"local_{first.pk}": "250",
            f"in_{second.pk}": "on",
            f"order_{second.pk}": "1",
            f"local_{second.pk}": "299,5",
            f"local_{out.pk}": "300",
        },
    )

    assert answer.status_code == 302
    kept = [(item.project, item.local) for item in draft.items.order_by("order")]
    assert kept == [(second, 299_500_000), (first, 250 * MILLION)]


def test_a_line_over_what_was_asked_comes_back_filled(client, people, draft):
    [item] = draft.items.all()
    client.force_login(people["appraiser"])

    answer = client.post(
        at("arrange", draft.pk),
        {f"in_{item.project_id}": "on", f"order_{item.project_id}": "1", f"local_{item.project_id}": "301"},
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="301"' in page
    assert "mức xếp 301.000.000 đồng vượt 300.000.000 đồng đề nghị" in page


def test_on_a_phone_the_projects_of_a_comparison_are_folded_and_unfolded_where_one_is_wrong(client, people, draft):
    project = draft.items.get().project
    client.force_login(people["appraiser"])
    folded, open_ = '<details class="kc-tuck">', '<details class="kc-tuck" open>'

    shown = client.get(at("alternatives", draft.pk)).content.decode()
    wrong = client.post(at("alternatives", draft.pk), {f"bat-{project.pk}": "fund"})

    assert f"{folded}<summary>Xem 1 đề án</summary>" in shown
    assert open_ not in shown
    assert wrong.status_code == 422
    assert f"{open_}<summary>Xem 1 đề án</summary>" in wrong.content.decode()


def test_the_department_submits_and_the_button_says_the_sum(client, people, draft):
    client.force_login(people["department_director"])

    page = client.get(at("submit", draft.pk)).content.decode()
    client.post(at("submit", draft.pk), paper(number="12/TTr-SCT", signed_on="20/02/2026"))

    draft.refresh_from_db()
    assert "Trình 1 đề án, 300 triệu đồng" in page
    assert (draft.state, draft.submission.number) == ("submitted", "12/TTr-SCT")


def test_the_clerk_records_the_decision_the_chairman_signed(client, people, submitted, envelope):
    GroundRowFactory(code="plan_approval", level="provincial", article="khoản 2 Điều 2")
    client.force_login(people["registry_clerk"])

    page = client.get(at("approve", submitted.pk)).content.decode()
    answer = client.post(at("approve", submitted.pk), paper(total="300 triệu"))

    submitted.refresh_from_db()
    assert "Ghi nhận phê duyệt 1 đề án, 300 triệu đồng" in page
    assert "KCĐP 2026: còn 1.000 − quyết định này 300 = 700 triệu đồng chưa phân bổ." in page
    assert "khoản 2 Điều 2" in page  # where the approval stands on the day
    assert '<h2 class="mt-4">Điều kiện</h2>' in page
    assert answer.status_code == 302
    assert (submitted.state, submitted.paper.signer) == ("approved", "Nguyễn Văn An")
    assert available(envelope) == 700 * MILLION


def test_the_second_of_two_clerks_is_told_that_it_was_issued_already(client, people, submitted):
    client.force_login(people["registry_clerk"])
    client.post(at("approve", submitted.pk), paper())

    late = client.post(at("approve", submitted.pk), paper())

    page = late.content.decode()
    assert late.status_code == 422
    assert "Bước này không mở ở trạng thái “Đã ban hành”." in page
    assert "không nhập lần nữa" not in page
    assert "đã ban hành theo 3187/QĐ-UBND (02/03/2026)." in page
    assert "KCĐP 2026: còn 700 triệu đồng chưa phân bổ, đã trừ quyết định này." in page
    assert "quyết định này 300" not in page  # it is subtracted once
    assert 'value="3187/QĐ-UBND"' in page


def test_the_blue_button_issues_and_never_hands_back(client, people, submitted):
    client.force_login(people["provincial_approver"])

    page = client.get(at("decision", submitted.pk)).content.decode()

    blue = page[page.index("btn-primary") :]
    assert blue.index(at("approve", submitted.pk)) < blue.index(at("hand_back", submitted.pk))
    assert page.count("btn-primary") == 1


def test_a_wrong_sum_is_said_at_its_field_and_nothing_happens(client, people, submitted, envelope):
    client.force_login(people["provincial_approver"])

    answer = client.post(at("approve", submitted.pk), paper(total="299 triệu"))

    submitted.refresh_from_db()
    assert answer.status_code == 422
    assert "danh sách cộng lại 300.000.000 đồng" in answer.content.decode()
    assert (submitted.state, available(envelope)) == ("submitted", 1_000 * MILLION)


def test_who_has_no_authority_sees_why_and_is_refused(client, people, submitted):
    client.force_login(people["centre_director"])

    page = client.get(at("decision", submitted.pk)).content.decode()

    assert "Thuộc thẩm quyền: Người phê duyệt cấp tỉnh." in page
    assert at("approve", submitted.pk) not in page
    assert client.get(at("approve", submitted.pk)).status_code == 403
    assert client.post(at("approve", submitted.pk), paper()).status_code == 403


def test_an_opinion_is_asked_and_answered_on_its_page(client, people, draft, province):
    finance = OrganisationFactory(kind="department", name="Sở Tài chính", place=province)
    client.force_login(people["appraiser"])
    client.post(at("ask_opinion", draft.pk), {"body": finance.pk, "on": "10/02/2026", "due_on": "25/02/2026"})
    [opinion] = draft.opinions.all()

    page, answer = at("decision", draft.pk), at("give_opinion", draft.pk, opinion.pk)
    client.force_login(person("finance_officer", place=province, employer=OrganisationFactory(place=province)))
    elsewhere = client.get(page).content.decode()
    client.force_login(person("finance_officer", place=province, employer=finance))
    assert (answer in elsewhere, answer in client.get(page).content.decode()) == (False, True)
    client.post(
        at("give_opinion", draft.pk, opinion.pk), {"agreement": "comments", "answer": "Đủ nguồn", "on": "12/02/2026"}
    )

    opinion.refresh_from_db()
    assert (opinion.agreement, opinion.answered_on) == ("comments", dt.date(2026, 2, 12))


def test_an_answer_without_a_paper_and_a_day_is_of_today_as_its_page_says(client, draft, province):
    opinion = OpinionRequestFactory(decision=draft)
    client.force_login(person("finance_officer", place=province, employer=opinion.body))
    address = at("give_opinion", draft.pk, opinion.pk)
    assert "không kèm văn bản thì lấy hôm nay" in client.get(address).content.decode()

    client.post(address, {"agreement": "agrees"})

    opinion.refresh_from_db()
    assert (opinion.agreement, opinion.answered_on) == ("agrees", clock.today())


def test_who_asked_gives_a_body_more_time_on_its_page(client, people, draft, province):
    opinion = OpinionRequestFactory(decision=draft)
    client.force_login(people["appraiser"])
    assert at("extend_opinion", draft.pk, opinion.pk) in client.get(at("decision", draft.pk)).content.decode()

    data = {"due_on": "25/02/2026", "reason": "Họp", "on": "20/02/2026"}
    refused = client.post(at("extend_opinion", draft.pk, opinion.pk), data).content.decode()
    assert "Hạn mới phải sau hạn đang có, ngày 25/02/2026" in refused
    client.post(at("extend_opinion", draft.pk, opinion.pk), data | {"due_on": "02/03/2026"})

    opinion.refresh_from_db()
    assert (opinion.due_on, opinion.first_due_on) == (dt.date(2026, 3, 2), dt.date(2026, 2, 25))
    assert Event.objects.filter(action="plan.extend_opinion").count() == 1
    client.force_login(person("finance_officer", place=province, employer=opinion.body))
    page = client.get(at("decision", draft.pk)).content.decode()
    assert "Đã gia hạn; hạn lúc hỏi 25/02/2026. Lý do: Họp" in page
    assert at("extend_opinion", draft.pk, opinion.pk) not in page
    client.post(at("extend_opinion", draft.pk, opinion.pk), data | {"due_on": "09/03/2026"})
    assert Event.objects.filter(action="plan.extend_opinion").count() == 1


def test_every_open_page_opens(client, people, draft, province):
    client.force_login(people["appraiser"])
    stop = operations.draft_decision(draft.plan, kind="stop", by=people["appraiser"])
    opinion = OpinionRequestFactory(decision=draft)

    for url in (
        at("list"),
        at("open"),
        at("page", draft.plan.pk),
        at("decision", draft.pk),
        at("decision", stop.pk),
        at("put_violation", stop.pk),
        at("ask_opinion", draft.pk),
        at("extend_opinion", draft.pk, opinion.pk),
        at("requests"),
    ):
        assert client.get(url).status_code == 200, url
    running = ProjectFactory(running=True, province=province)
    for url in (
        at("give_opinion", draft.pk, opinion.pk),
        at("ask_change", running.pk),
    ):  # acts of others, by their paper
        assert client.get(url).status_code == 403, url
        client.force_login(people["registry_clerk"])
        assert client.get(url).status_code == 200, url
        client.force_login(people["appraiser"])


@pytest.mark.parametrize("year", ["²", "99999999999999999999"])
def test_a_year_that_is_none_is_no_fault_of_ours(client, people, year):
    client.force_login(people["appraiser"])

    assert client.get(at("list"), {"nam": year}).status_code == 200


def test_a_draft_sent_for_opinion_is_taken_up_again_and_opens_its_page(client, people, draft):
    body = OrganisationFactory(kind="finance_department", place=draft.plan.province)
    operations.ask_opinion(
        draft, body=body, due_on=dt.date(2026, 3, 20), question="", by=people["appraiser"], on=dt.date(2026, 2, 21)
    )
    client.force_login(people["appraiser"])

    answer = client.post(at("revise", draft.pk))

    assert (answer.status_code, answer["Location"]) == (302, at("decision", draft.pk))
    assert Decision.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.parametrize("count", [1, 3])
def test_who_signs_sees_which_projects_do_not_keep_the_conditions(
    client, people, draft, province, django_assert_max_num_queries, count
):
    ConditionFactory(kind="new_machinery", level="provincial", article="điểm b khoản 4 Điều 4")
    for _each in range(count):
        used = appraised(province)
        CostLineFactory(project=used, content="Máy sấy", local=MILLION, newness="used")
        operations.put_item(draft, line=Line(used), by=people["appraiser"])
    client.force_login(people["provincial_approver"])

    assert at("conditions", draft.pk) in client.get(at("decision", draft.pk)).content.decode()
    with django_assert_max_num_queries(30):
        page = client.get(at("conditions", draft.pk)).content.decode()

    assert f"Còn {count} trong {count + 1} đề án chưa đạt" in page
    assert page.count("điểm b khoản 4 Điều 4") == count and used.title in page


def test_a_list_that_keeps_all_conditions_says_so(client, people, draft):
    client.force_login(people["provincial_approver"])

    page = client.get(at("conditions", draft.pk)).content.decode()

    assert "Không có điều kiện nào chưa đạt" in page and "Đã xét 1 đề án" in page


def test_strangers_do_not_see_the_conditions_of_a_list(client, draft):
    client.force_login(person("provincial_approver", place=ProvinceFactory()))

    assert client.get(at("conditions", draft.pk)).status_code == 404


def test_an_empty_draft_is_thrown_away_after_a_question_and_a_full_one_is_not(client, plan, people, draft):
    empty = operations.draft_decision(plan, kind="adjust", by=people["appraiser"])
    client.force_login(people["appraiser"])

    assert at("discard", empty.pk) in client.get(at("decision", empty.pk)).content.decode()
    assert at("discard", draft.pk) not in client.get(at("decision", draft.pk)).content.decode()
    assert client.post(at("discard", empty.pk)).headers["Location"] == at("page", plan.pk)
    client.post(at("discard", draft.pk))
    assert list(plan.decisions.all()) == [draft]


def test_a_decision_that_was_issued_before_is_not_offered_for_another(client, plan, people, submitted, province):
    used, free, elsewhere = (
        PaperFactory(kind="plan_decision", province=here) for here in (province, province, ProvinceFactory())
    )
    DecisionFactory(plan=plan, ordinal=9, state="approved", paper=used, on=used.signed_on)
    client.force_login(people["registry_clerk"])

    offered = client.get(at("approve", submitted.pk)).context["form"].fields["existing"].queryset

    assert list(offered) == [free]
    assert elsewhere not in offered


def test_papers_of_the_ministry_or_of_other_years_issue_no_decision_of_a_province(
    client, plan, people, submitted, province
):
    facts = {"kind": "plan_decision", "province": province}
    for year in (plan.year - 2, plan.year + 2):
        PaperFactory(**facts, signed_on=dt.date(year, 6, 1))
    PaperFactory(kind="plan_decision", province=None, signed_on=dt.date(plan.year, 1, 5))
    near = [PaperFactory(**facts, signed_on=dt.date(year, 6, 1)) for year in (plan.year + 1, plan.year, plan.year - 1)]
    client.force_login(people["registry_clerk"])

    offered = client.get(at("approve", submitted.pk)).context["form"].fields["existing"].queryset

    assert list(offered) == near


def test_a_page_of_a_request_that_was_answered_says_so(client, people, province):
    asked = {
        state: ChangeRequestFactory(project__province=province, confirmed=True, state=state)
        for state in ("confirmed", "decided", "refused")
    }
    client.force_login(people["department_director"])

    for name, state in (
        ("confirm_request", "confirmed"),  # the word may be taken back, not given twice
        ("confirm_request", "decided"),
        ("refuse_request", "decided"),
        ("confirm_request", "refused"),
        ("refuse_request", "refused"),
    ):
        shut = client.get(at(name, asked[state].pk))
        assert (shut.status_code, "Đề nghị đang ở trạng thái" in shut.content.decode()) == (409, True)
