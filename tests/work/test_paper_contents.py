"""What each form tells, from a bare record to the paper before the signer."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.base import clock
from khuyencong.contracts.models import Advance
from khuyencong.councils.papers import minutes
from khuyencong.documents import typeset, word
from khuyencong.work import papers
from tests.documents.test_papers import text_of_pdf, text_of_word
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import (
    AdvanceFactory,
    AssignmentFactory,
    ContractAppendixFactory,
    ProgressReportFactory,
    SupportContractFactory,
    VoucherFactory,
)
from tests.factories.councils import (
    ConflictFactory,
    CouncilFactory,
    MemberFactory,
    SessionFactory,
    SheetFactory,
    SheetPointFactory,
    VoteFactory,
)
from tests.factories.needs import NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitSuccessionFactory
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import BeneficiaryFactory, CostLineFactory, ProjectFactory, StepTakenFactory
from tests.work.given import plain

# ---- before anything is signed ----

BARE = {
    "need": NeedFactory,
    "survey_plan": SurveyPlanFactory,
    "survey": VisitFactory,
    "council": CouncilFactory,
    "session": SessionFactory,
    "sheet": SheetFactory,
    "project": ProjectFactory,
    "beneficiary": BeneficiaryFactory,
    "plan_decision": DecisionFactory,
    "progress_report": ProgressReportFactory,
}


@pytest.mark.parametrize("kind", sorted(BARE))
def test_a_record_with_hardly_anything_entered_fills_its_forms_with_open_lines(db, kind):
    record = BARE[kind]()

    for form in papers.forms_of(kind):
        found = papers.fill(form.key, subject=record, on=clock.today())
        pdf, written = plain(text_of_pdf(typeset.form_pdf(found))), plain(text_of_word(word.word(found)))
        assert plain(form.heading or form.title).upper() in pdf.upper() or form.head == "letter"
        for never in ("None", "Undefined", "{{", "}}", "{%"):
            assert never not in pdf and never not in written, form.key


def test_a_draft_leaves_number_and_day_open(db):
    project = ProjectFactory(implementer__name="Trung tâm Khuyến công")
    found = papers.fill("cong-van-de-nghi", subject=project, on=dt.date(2026, 4, 1))

    assert (found.context["number"], found.context["signer"]) == ("……/TTKC", "")
    assert found.context["place_day"].endswith(", ngày …… tháng …… năm 2026")


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (dt.date(2026, 4, 29), "xã Trị An, tỉnh Đồng Nai"),
        (dt.date(2026, 4, 30), "xã Trị An, thành phố Đồng Nai"),
    ],
)
def test_places_bear_the_names_of_the_day(db, day, place):
    turned = dt.date(2026, 4, 30)
    old = ProvinceFactory(code="75", name="Đồng Nai", full_name="Tỉnh Đồng Nai", valid_to=turned)
    new = ProvinceFactory(code="75", name="Đồng Nai", full_name="Thành phố Đồng Nai", kind="city", valid_from=turned)
    UnitSuccessionFactory(old=old, new=new, on=turned)
    commune = CommuneFactory(province=new, name="Trị An", full_name="Xã Trị An")
    project = ProjectFactory(province=new, commune=commune)

    assert papers.fill("de-an-khuyen-cong", subject=project, on=day).context["project"]["place"] == place


def test_a_change_decision_tells_what_was_before_and_after(db):
    decision = DecisionFactory(kind="stop", tranche=None)
    ItemFactory(decision=decision, local=0, counterpart=0, before_local=300_000_000, action="stop", reason="Cơ sở rút")
    pdf, written = (
        plain(read(write(papers.fill("quyet-dinh-phe-duyet", subject=decision, on=clock.today()))))
        for read, write in ((text_of_pdf, typeset.form_pdf), (text_of_word, word.word))
    )

    sentence = plain("trước khi thay đổi 300.000.000 đồng, sau khi thay đổi 0 đồng (bằng chữ: Không đồng)")
    assert sentence in pdf and sentence in written
    assert plain("Cơ sở rút") in pdf and plain("Cơ sở rút") in written


def test_a_group_has_a_line_a_contract_and_an_estimate_for_each_of_its_beneficiaries(db):
    project = ProjectFactory(group=True, local=600_000_000, counterpart=640_000_000)
    for name in ("Cơ sở Một", "Cơ sở Hai"):
        helped = BeneficiaryFactory(project=project, establishment__name=name, approved=True)
        CostLineFactory(project=project, beneficiary=helped)
    rows = papers.fill("mau-1-du-toan", subject=project, on=clock.today()).context["lines"]

    assert [(row["n"], row["content"], row["support"]) for row in rows] == [
        ("I", "Cơ sở Một", 300_000_000),
        ("1", "Máy sấy trống quay 4 m³", 300_000_000),
        ("II", "Cơ sở Hai", 300_000_000),
        ("1", "Máy sấy trống quay 4 m³", 300_000_000),
        ("", "Tổng cộng", 600_000_000),
    ]
    plan = papers.fill("mau-11-ke-hoach-nhom", subject=project, on=clock.today()).context["beneficiaries"]
    assert [(row["name"], row["support"]) for row in plan] == [
        ("Cơ sở Một", 300_000_000),
        ("Cơ sở Hai", 300_000_000),
        ("Cộng", 600_000_000),
    ]
    contract = papers.fill("hop-dong-ho-tro", subject=helped, on=clock.today()).context
    assert [(row["content"], row["support"]) for row in contract["lines"]] == [
        ("Máy sấy trống quay 4 m³", 300_000_000),
        ("Tổng cộng", 300_000_000),
    ]


@pytest.mark.parametrize(
    "key",
    [
        "mau-1-du-toan",
        "mau-2-bieu-tong-hop",
        "mau-8b-bang-ke-chung-tu",
        "mau-10-doi-chieu-kinh-phi",
        "mau-4a-phieu-tham-dinh",
    ],
)
def test_three_rows_are_read_with_as_many_queries_as_one(db, key):
    counts = []
    for rows in (1, 3):
        kind, record = papers.find(key).of, None
        if kind == "plan_decision":
            record = DecisionFactory()
            for _row in range(rows):
                ItemFactory(decision=record)
        else:
            record = ProjectFactory(running=True)
            for _row in range(rows):
                helped = BeneficiaryFactory(project=record, approved=True)
                CostLineFactory(project=record, beneficiary=helped)
                VoucherFactory(project=record, beneficiary=helped)
                SheetFactory(subject_uid=record.uid)
                AssignmentFactory(project__implementer=record.implementer, project__running=True)
        record = type(record).objects.get(pk=record.pk)
        with CaptureQueriesContext(connection) as asked:
            papers.fill(key, subject=record, on=clock.today())
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_last_appraisal_is_the_one_that_is_told(db):
    project = ProjectFactory(state="failed")
    for day, name, target in ((1, "appraise", "appraised"), (9, "fail", "failed")):
        StepTakenFactory(project=project, name=name, source="submitted", target=target, on=dt.date(2026, 5, day))

    context = papers.fill("mau-4a-phieu-tham-dinh", subject=project, on=clock.today()).context
    assert context["conclusion"] == "Không đạt"


def test_what_several_judges_say_alike_stands_once_in_the_result_of_the_appraisal(db):
    project = ProjectFactory(state="submitted")
    for comment, on_point in (
        ("Nên làm ngay", "Phù hợp, có nhu cầu."),
        ("Nên làm ngay.", "Phù hợp,  có nhu cầu"),
        ("Rà giá", ""),
    ):
        sheet = SheetFactory(subject_uid=project.uid, comment=comment, total=False)
        SheetPointFactory(sheet=sheet, comment=on_point)
    SheetPointFactory(sheet=sheet, point=2, comment="Cần rõ hơn?")

    context = papers.fill("mau-4a-phieu-tham-dinh", subject=project, on=clock.today()).context
    assert [row["comment"] for row in context["points"][:2]] == ["Phù hợp, có nhu cầu", "Cần rõ hơn?"]
    assert context["verdict"]["comments"] == "Nên làm ngay. Rà giá."


def test_an_advance_is_asked_by_the_rules_of_the_day_with_its_arithmetic(db):
    project = ProjectFactory(running=True)
    envelope = EnvelopeFactory(province=project.province, given=1_000_000_000)
    EntryFactory(envelope=envelope, project=project, kind="committed", amount=300_000_000)
    found = AdvanceFactory(project=project, envelope=envelope, amount=200_000_000)

    context = papers.fill("de-nghi-tam-ung", subject=project, on=clock.today()).context
    assert (context["total"], context["envelopes"][0]["committed"]) == (200_000_000, 300_000_000)
    assert context["envelopes"][0]["why"]
    Advance.objects.filter(pk=found.pk).update(state="refused")
    assert papers.fill("de-nghi-tam-ung", subject=project, on=clock.today()).context["total"] != 200_000_000


def test_the_approval_of_a_group_names_those_who_wait_for_it(db):
    project = ProjectFactory(group=True, running=True)
    BeneficiaryFactory(project=project, establishment__name="Cơ sở đã duyệt", approved=True)
    BeneficiaryFactory(project=project, establishment__name="Cơ sở chờ duyệt")

    context = papers.fill("quyet-dinh-duyet-ke-hoach-nhom", subject=project, on=clock.today()).context
    assert [row["name"] for row in context["beneficiaries"]] == ["Cơ sở chờ duyệt", "Cộng"]
    assert (context["count"], context["support"], context["number"]) == ("01", 300_000_000, "……/QĐ-SCT")


def test_an_appendix_tells_what_changes_and_the_contract_is_printed_as_it_was_signed(db):
    contract = SupportContractFactory()
    helped = contract.beneficiary
    helped.local, helped.counterpart = 250_000_000, 370_000_000
    helped.save()

    draft = papers.fill("phu-luc-hop-dong-ho-tro", subject=helped, on=clock.today()).context
    assert [(row["before"], row["after"], row["difference"]) for row in draft["terms"][1:]] == [
        (300_000_000, 250_000_000, -50_000_000),
        (320_000_000, 370_000_000, 50_000_000),
        (620_000_000, 620_000_000, 0),
    ]
    ContractAppendixFactory(
        assignment=None,
        support_contract=contract,
        number=1,
        paper__number="2/PLHĐ",
        before_local=300_000_000,
        before_counterpart=320_000_000,
        local=250_000_000,
        counterpart=370_000_000,
    )
    contract.local, contract.counterpart = 250_000_000, 370_000_000
    contract.save()

    signed = papers.fill("phu-luc-hop-dong-ho-tro", subject=helped, on=clock.today()).context
    assert (signed["number"], signed["terms"][1]["difference"], signed["support"]) == (
        "2/PLHĐ",
        -50_000_000,
        250_000_000,
    )
    first = papers.fill("hop-dong-ho-tro", subject=helped, on=clock.today()).context
    assert (first["support"], first["counterpart"]) == (300_000_000, 320_000_000)


def test_an_appendix_of_the_task_tells_of_more_time_after_one_about_money(db):
    task = AssignmentFactory(ends_on=dt.date(2026, 10, 31))
    ContractAppendixFactory(assignment=task, number=1, paper__number="1/PLHĐ")
    type(task.project).objects.filter(pk=task.project_id).update(
        granted_national=task.national, granted_local=task.local, ends_on=dt.date(2026, 12, 15)
    )
    project = type(task.project).objects.get(pk=task.project_id)

    context = papers.fill("phu-luc-hop-dong-thuc-hien", subject=project, on=clock.today()).context

    assert (context["ended_on"], context["ends_on"]) == (dt.date(2026, 10, 31), dt.date(2026, 12, 15))
    assert context["number"] == "……/PLHĐ"


def test_minutes_of_a_meeting_not_yet_held_have_no_empty_heading(db):
    found = papers.fill("bien-ban-hop-hoi-dong", subject=SessionFactory(), on=clock.today())

    said = plain(text_of_pdf(typeset.form_pdf(found)))
    assert plain("từng đề án: ……") in said and plain("kết quả thẩm định: ……") in said


def test_the_annex_names_its_decision_with_its_day_and_its_year(db):
    decision = DecisionFactory()
    ItemFactory(decision=decision)

    said = plain(text_of_pdf(typeset.form_pdf(papers.fill("quyet-dinh-phe-duyet", subject=decision, on=clock.today()))))
    year = decision.plan.year
    assert plain(f"Danh mục đề án khuyến công địa phương cấp tỉnh năm {year}(Kèm theo Quyết định số") in said
    assert plain("ngày … tháng … năm … của Chủ tịch") in said


def test_a_stop_is_of_projects_and_its_letter_tells_before_and_after(db):
    decision = DecisionFactory(kind="stop", tranche=None)
    ItemFactory(decision=decision, local=0, counterpart=0, before_local=145_000_000, action="stop", reason="Cơ sở rút")

    said = plain(text_of_pdf(typeset.form_pdf(papers.fill("to-trinh", subject=decision, on=clock.today()))))
    assert plain("Về việc ngừng thực hiện đề án thuộc kế hoạch khuyến công địa phương cấp tỉnh") in said
    assert plain("máy móc tiên tiến 1 145 0") in said


def test_a_dossier_counts_only_what_is_asked_and_a_letter_asks_for_no_nought(db):
    project = ProjectFactory(running=True)
    context = papers.fill("ho-so-quyet-toan-co-hoa-don", subject=project, on=clock.today()).context
    letter = papers.fill("de-nghi-tam-ung", subject=project, on=clock.today()).context

    assert [row["state"] for row in context["papers"] if row["state"] == "Không áp dụng"] == []
    assert [row["article"] for row in context["papers"] if row["article"].startswith("TT ")] == []
    assert (context["count"], letter["total"]) == (len(context["papers"]), None)


def test_nobody_submits_to_himself(db):
    decision = DecisionFactory(kind="adjust", tranche=None)
    OrganisationFactory(department=True, place=decision.plan.province, name="Sở Công Thương tỉnh X")
    ItemFactory(decision=decision, action="partner", before_local=300_000_000)
    decision.authority_role = "department_director"

    context = papers.fill("to-trinh", subject=decision, on=clock.today()).context
    assert (context["decider"], context["proposer"], context["signer_title"]) == (
        "Giám đốc Sở Công Thương tỉnh X",
        "Phòng chuyên môn",
        "Trưởng phòng",
    )


def test_a_training_project_has_no_dots_for_whom_it_helps(db):
    project = ProjectFactory(kind="vocational_training", running=True)

    for key in ("quyet-dinh-giao-nhiem-vu", "hop-dong-thuc-hien-de-an", "bao-cao-tong-hop-ket-qua"):
        said = plain(text_of_pdf(typeset.form_pdf(papers.fill(key, subject=project, on=clock.today()))))
        assert "thụhưởng:…" not in said


def test_the_decision_on_a_task_names_its_authority(db):
    project = ProjectFactory(running=True)
    department = OrganisationFactory(department=True, place=project.province, name="Sở Công Thương tỉnh X")
    AssignmentFactory(project=project, giver=department, form="decision")

    context = papers.fill("quyet-dinh-giao-nhiem-vu", subject=project, on=clock.today()).context
    assert (context["office"], context["signer_title"]) == ("Giám đốc Sở Công Thương tỉnh X", "Giám đốc")


# ---- the paper before the signer ----


def test_who_submits_sees_the_letter_and_who_decides_the_decision_each_under_his_name(db):
    decision = DecisionFactory()
    ItemFactory(decision=decision)
    sender, decider = UserFactory(title="Giám đốc Sở"), UserFactory(title="")

    letter = papers.waiting_for(sender, decision, on=clock.today())
    assert (letter.form.key, letter.context["signer"], letter.context["signer_title"]) == (
        "to-trinh",
        str(sender),
        "Giám đốc Sở",
    )
    decision.state = "submitted"
    draft = papers.waiting_for(decider, decision, on=clock.today())
    assert (draft.form.key, draft.context["signer"], draft.context["signer_title"]) == (
        "quyet-dinh-phe-duyet",
        str(decider),
        "Chủ tịch",
    )


def test_minutes_tell_sheets_and_who_takes_no_part_by_seat_whoever_was_entered_first(db):
    held = SessionFactory()
    plain, chair = MemberFactory(council=held.council), MemberFactory(council=held.council, role="chair")
    one, two = uuid.uuid4(), uuid.uuid4()
    VoteFactory(session=held, subject_uid=two, subject_label="26-66-002 Máy rang")
    VoteFactory(session=held, subject_uid=one, subject_label="26-66-001 Máy sấy")
    for member in (plain, chair):
        SheetFactory(member=member, subject_uid=one, subject_label="26-66-001 Máy sấy", on=held.on)
        ConflictFactory(member=member, subject_uid=two, subject_label="26-66-002 Máy rang")

    told = minutes(held, on=held.on)

    assert [row["member"] for row in told["sheets"]] == [chair.name, plain.name]
    assert [row["subject"] for row in told["judged"]] == ["26-66-001 Máy sấy", "26-66-002 Máy rang"]
    assert [line.split(" không tham gia")[0] for line in told["excused"]] == [chair.name, plain.name]
