"""Every official form is filled from its record, the same in Word as in PDF, and by no one who may not see the record."""

import io
import json
import re
import uuid
from io import StringIO
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.documents import typeset, word
from khuyencong.documents.papers import fill as fill_text
from khuyencong.documents.papers import laid_out, names_in
from khuyencong.people.operations import system_account
from khuyencong.work import papers
from tests.documents.test_papers import text_of_pdf, text_of_word
from tests.factories.people import MandateFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory
from tests.work.given import plain
from tests.work.records import NAME, PERSON, TITLE, all_records
from tests.worlds import once

KEYS = [form.key for form in papers.forms()]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The records, made once for the tests of this module."""
    yield from once(all_records, django_db_blocker)


@pytest.fixture
def records(made, db):
    return made


WRITTEN: dict[str, tuple[str, str]] = {}  # what the two files of a form say, written once


def filled(records, key):
    return papers.fill(key, subject=records[papers.find(key).of], on=clock.today())


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
    "cong-van-yeu-cau-bo-sung": {"due", "wanted[].text"},  # nothing was asked yet: who signs writes it
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


# ---- who may see ----


def test_a_record_of_another_province_is_not_found(records):
    stranger = person("centre_officer", place=ProvinceFactory())

    for kind, record in records.items():
        with pytest.raises(NotPossible, match="Không tìm thấy hồ sơ"):
            papers.subject(kind, record.uid, stranger)


def test_whoever_looks_after_the_province_finds_each_record(records):
    officer = person("appraiser", place=records["project"].province)

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


@pytest.mark.parametrize("name", ["a.docx", "a.pdf"])
def test_the_command_writes_no_form_that_the_page_would_refuse(system, tmp_path, name):
    form, draft, out = papers.find("mau-4a-phieu-tham-dinh"), ProjectFactory(), tmp_path / name
    with pytest.raises(NotPossible) as page:
        papers.demand(form, draft)

    with pytest.raises(CommandError) as refusal:
        run("fill_form", form.key, "--uid", str(draft.uid), "--out", str(out))

    assert (refusal.value.returncode, str(refusal.value)) == (1, str(page.value))
    assert not out.exists()


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
