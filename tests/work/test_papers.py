"""Every official form is filled from its record, the same in Word as in PDF, and by no one who may not see the record."""

import datetime as dt
import io
import json
import re
import unicodedata
import uuid
from io import StringIO
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.contracts.models import Advance
from khuyencong.documents import typeset, word
from khuyencong.documents.papers import fill as fill_text
from khuyencong.documents.papers import laid_out, names_in
from khuyencong.people.operations import system_account
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
from tests.factories.councils import CouncilFactory, SessionFactory, SheetFactory
from tests.factories.needs import NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitSuccessionFactory
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import BeneficiaryFactory, CostLineFactory, ProjectFactory, StepTakenFactory
from tests.work.records import NAME, PERSON, TITLE, all_records

KEYS = [form.key for form in papers.forms()]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The records, made once for the tests of this module, in a transaction around them all."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        block._from_testcase = True  # acts that must be outermost still may run inside
        found = all_records()
    yield found
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


@pytest.fixture
def records(made, db):
    return made


WRITTEN: dict[str, tuple[str, str]] = {}  # what the two files of a form say, written once


def filled(records, key):
    return papers.fill(key, subject=records[papers.find(key).of], on=clock.today())


def plain(text: str) -> str:
    """Letters without spaces and hyphens: a PDF breaks lines where Word does not."""
    return re.sub("[\\s\u0002\ufffe\u00ad-]", "", unicodedata.normalize("NFC", text))


def both(found) -> tuple[str, str]:
    key = found.form.key
    if key not in WRITTEN:
        WRITTEN[key] = plain(text_of_pdf(typeset.form_pdf(found))), plain(text_of_word(word.word(found)))
    return WRITTEN[key]


def held(context, path: str):
    """The value of a placeholder; of the first row for ``rows[].name``."""
    value = context
    for name in path.replace("[]", ".0").split("."):
        if name == "0":
            if not value:
                return ""
            value = value[0]
        else:
            value = value[name]
    return value


# ---- every form ----


@pytest.mark.parametrize("key", KEYS)
def test_a_form_is_whole_in_pdf_and_in_word(records, key):
    found = filled(records, key)
    pdf, written = both(found)

    # every sentence that stands in the one stands in the other
    for block in found.form.blocks:
        text = getattr(block, "text", "")
        if text and not getattr(block, "when", "") and "row" not in text:
            sentence = plain(fill_text(text, found.context))
            assert sentence in pdf and sentence in written


# what no record tells yet: written by hand
BY_HAND = {
    "mau-12-chuong-trinh-dao-tao": {"learners"},
    "danh-sach-ky-nhan-hoc-vien": {"total"},
    "danh-sach-ky-nhan-dai-bieu": {"total"},
}


@pytest.mark.parametrize("key", KEYS)
def test_every_placeholder_of_a_form_is_filled_by_its_context(records, key):
    found = filled(records, key)

    empty = {path for path in names_in(found.form) if held(found.context, path) is None}
    assert empty == BY_HAND.get(key, set())


@pytest.mark.parametrize("key", KEYS)
def test_names_that_are_hard_to_print_stay_right(records, key):
    found = filled(records, key)
    told = plain(json.dumps(laid_out(found), ensure_ascii=False, default=str).replace('\\"', '"'))
    pdf, written = both(found)

    for name in (NAME, TITLE, PERSON):
        if plain(name) in told:
            assert plain(name) in pdf and plain(name) in written


def test_hard_names_stand_where_they_belong(records):
    for key, name in (("hop-dong-ho-tro", NAME), ("mau-1-du-toan", TITLE), ("mau-5a-nghiem-thu", PERSON)):
        pdf, written = both(filled(records, key))

        assert plain(name) in pdf and plain(name) in written


def test_official_papers_are_vietnamese_whatever_the_page(records):
    WRITTEN.clear()
    with override("en"):
        said = [both(filled(records, key)) for key in ("mau-4b-phieu-tham-dinh", "to-trinh", "bien-ban-hop-hoi-dong")]

    assert all(plain("Phù hợp với nguyên tắc lập đề án") in text for text in said[0])
    assert all("Phêduyệt" in text or "phêduyệt" in text for text in said[1])
    assert all("Chủtịch" in text for text in said[2])


def test_estimate_contract_acceptance_and_settlement_tell_the_same_money(records):
    support, words = "300.000.000", plain("Ba trăm triệu đồng")

    for key in ("mau-1-du-toan", "hop-dong-thuc-hien-de-an", "hop-dong-ho-tro", "mau-6-thanh-ly", "mau-7-quyet-toan"):
        for text in both(filled(records, key)):
            assert support in text and words in text, key
    for text in both(filled(records, "mau-5a-nghiem-thu")):
        assert support in text and plain("Sáu trăm hai mươi triệu đồng") in text


def test_what_is_left_to_pay_is_told_from_the_ledger(records):
    context = filled(records, "mau-9-de-nghi-thanh-toan").context

    # 300 settled, 210 advanced
    assert context["state"] == {
        "granted": 300_000_000,
        "spent": 300_000_000,
        "settled": 300_000_000,
        "advanced": 210_000_000,
        "due": 90_000_000,
        "back": 0,
    }


def test_a_decision_lists_its_projects_by_activity_with_subtotals(records):
    rows = filled(records, "quyet-dinh-phe-duyet").context["rows"]

    assert [(row["n"], row["support"], row["strong"]) for row in rows] == [
        ("I", 90_000_000, True),
        ("1", 90_000_000, False),
        ("II", 300_000_000, True),
        ("1", 300_000_000, False),
        ("", 390_000_000, True),
    ]


def test_a_recorded_paper_bears_its_number_day_and_signer(records):
    for text in both(filled(records, "cong-van-de-nghi")):
        assert plain("7/request_letter") in text and plain("Đắk Lắk, ngày 05 tháng 02 năm 2026") in text
        assert plain("Y Thanh Niê") in text


def test_lists_without_people_have_lines_to_write_on(records):
    context = filled(records, "danh-sach-dai-bieu").context

    assert [row["n"] for row in context["people"]] == [str(n) for n in range(1, 16)]
    assert context["people"][0]["name"] == ""


def test_the_annex_lies_on_a_page_of_its_own(records):
    document = docx.Document(io.BytesIO(word.word(filled(records, "quyet-dinh-phe-duyet"))))

    assert [section.page_width > section.page_height for section in document.sections] == [False, True]


def test_forms_have_their_own_keys_and_articles():
    assert len(set(KEYS)) == len(KEYS) >= 35
    assert [form.key for form in papers.forms() if not (form.article and form.title and form.of)] == []


# the records in the words of the page of forms
OF = {
    "need": "nhu cầu",
    "survey_plan": "chuyến khảo sát",
    "survey": "điểm khảo sát",
    "council": "hội đồng",
    "sheet": "phiếu của thành viên",
    "session": "phiên họp",
    "project": "đề án",
    "beneficiary": "đơn vị thụ hưởng",
    "plan_decision": "quyết định của kế hoạch",
    "progress_report": "báo cáo tháng",
}

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


# ---- who may see ----


def test_a_record_of_another_province_is_not_found(records):
    stranger = person("centre_officer", place=ProvinceFactory())

    for kind, record in records.items():
        with pytest.raises(NotPossible, match="Không tìm thấy hồ sơ"):
            papers.subject(kind, record.uid, stranger)


def test_whoever_looks_after_the_province_finds_each_record(records):
    officer = person("centre_officer", place=records["project"].province)

    assert {kind: papers.subject(kind, record.uid, officer) for kind, record in records.items()} == records


def test_an_establishment_finds_its_own_part_and_not_the_whole_file(records):
    establishment = records["beneficiary"].establishment
    owner = MandateFactory(of_body=True, organisation=establishment.organisation).user

    assert papers.subject("beneficiary", records["beneficiary"].uid, owner) == records["beneficiary"]
    for kind in ("project", "progress_report", "plan_decision", "council"):
        with pytest.raises(NotPossible):
            papers.subject(kind, records[kind].uid, owner)


# ---- commands ----


def run(name, *args, **options):
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def system(db):
    MandateFactory(user=system_account(), role="system", country=True)


def test_the_command_lists_the_forms_with_key_title_article_and_record():
    told = json.loads(run("forms", "--json"))

    assert told[0] == {
        "key": "phieu-dang-ky-nhu-cau",
        "title": "Phiếu đăng ký nhu cầu hỗ trợ khuyến công",
        "article": "Điều 8 TT 46/2012/TT-BCT (trình tự do địa phương quy định)",
        "of": "need",
    }
    assert [row["key"] for row in told] == KEYS
    assert "mau-1-du-toan (project)" in run("forms")


def test_the_command_fills_a_form_as_word_and_as_pdf(records, system, tmp_path):
    for name, read in (("a.docx", text_of_word), ("a.pdf", text_of_pdf)):
        out = tmp_path / name
        run("fill_form", "mau-1-du-toan", "--uid", str(records["project"].uid), "--out", str(out))

        assert plain(TITLE) in plain(read(out.read_bytes()))


@pytest.mark.parametrize(
    ("key", "uid", "name", "sentence"),
    [
        ("khong-co", NOBODY, "a.pdf", "Không có biểu mẫu “khong-co”."),
        ("mau-1-du-toan", "12", "a.pdf", "Định danh “12” không phải UUID."),
        ("mau-1-du-toan", NOBODY, "a.txt", "Tệp ghi ra phải có đuôi .docx hoặc .pdf: a.txt."),
    ],
)
def test_wrong_use_of_the_command_ends_with_two(db, key, uid, name, sentence):
    with pytest.raises(CommandError) as refusal:
        call_command("fill_form", key, "--uid", uid, "--out", name)

    assert (refusal.value.returncode, str(refusal.value)) == (2, sentence)


@pytest.mark.parametrize("why", ["unknown", "stranger", "nobody", "folder"])
def test_a_refusal_of_the_command_ends_with_one(records, system, tmp_path, why):
    uid, out, user = records["project"].uid, tmp_path / "a.pdf", "system"
    if why == "unknown":
        uid = uuid.uuid4()
    elif why == "stranger":
        user = person("centre_officer", place=ProvinceFactory()).username
    elif why == "nobody":
        user = "khong-co-ai"
    else:
        out = tmp_path / "khong-co" / "a.pdf"
    with pytest.raises(CommandError) as refusal:
        call_command("fill_form", "mau-1-du-toan", "--uid", str(uid), "--out", str(out), "--as", user)

    assert refusal.value.returncode == 1
    assert len(str(refusal.value).splitlines()) == 1
    assert not out.exists()


def test_the_page_of_forms_lists_each_with_article_and_whose_layout_it_is():
    page = (Path(settings.BASE_DIR) / "docs/forms.md").read_text()

    listed = re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \| (.+?) \| (theo văn bản|của hệ thống) \|$", page, re.M)
    assert [tuple(row) for row in listed] == [
        (form.key, form.title, form.article, OF[form.of], "theo văn bản" if form.given else "của hệ thống")
        for form in papers.forms()
    ]


def test_an_unknown_form_is_named():
    with pytest.raises(Invalid, match="khong-co"):
        papers.find("khong-co")
