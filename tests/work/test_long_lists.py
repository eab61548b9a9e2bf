"""Lists that people sign, and the works of a cluster: with one line, with a page of them, with a hundred."""

import io
import re
import unicodedata

import docx
import pypdfium2
import pytest

from khuyencong.base import clock
from khuyencong.contracts.papers import lists
from khuyencong.documents import typeset, word
from khuyencong.documents.papers import Filled
from khuyencong.work import papers
from tests.documents.test_papers import text_of_pdf, text_of_word
from tests.factories.projects import BeneficiaryFactory, CostLineFactory, ProjectFactory
from tests.work.given import plain

NAMES = (
    "Nguyễn Thị Hồng Ngọc Ánh Tuyết",
    unicodedata.normalize("NFD", "Đặng Văn Ẩn Ữ Ợ ẵ"),
    "H'Nhiêm Niê Kđăm",
    'Công ty TNHH "Gốm & Sứ" <Bình Minh>',
    "Cơ sở " + "Siêudàikhôngdấucách" * 4,
)
COUNTS = (1, 30, 100)


def name(number):
    return f"{NAMES[number % len(NAMES)]} {number + 1}"


def person(number):
    """Every column that a list may have, in words as people write them."""
    texts = {
        "address": "Buôn Ea Mdróh, xã Hoà Xuân <tổ 1 & 2>, tỉnh Đắk Lắk",
        "body": "Phó chủ tịch, Hợp tác xã mây tre đan Ghềnh Sương Tím",
        "work": "Thợ đứng máy chẻ, vót nan",
        "ethnic": "Ê Đê",
        "result": "Đạt",
        "certificate": f"CN-{number + 1:04d}",
        "born": "1990",
        "woman": "x",
        "since": "01/10/2026",
        "days": "15",
    }
    money = {"meals": 450_000, "lodging": 600_000, "travel": 200_000, "total": 1_250_000, "income": 7_500_000}
    return {"name": name(number), **texts, **money}


LISTS = {
    "danh-sach-hoc-vien": lists.learners,
    "danh-sach-ky-nhan-hoc-vien": lists.receipts,
    "danh-sach-ky-nhan-dai-bieu": lists.delegate_receipts,
    "danh-sach-lao-dong-sau-dao-tao": lists.workers,
    "danh-sach-dai-bieu": lists.delegates,
}


def said_by_both(filled):
    return typeset.form_pdf(filled), word.word(filled)


def check(filled, names, *, head):
    """Each name stands whole in both files; the head of the table stands on every page that the table reaches."""
    pdf, written = said_by_both(filled)
    for told in (plain(text_of_pdf(pdf)), plain(text_of_word(written))):
        assert [one for one in names if plain(one) not in told] == []
    reached = [page for page in pages(pdf) if re.search(r"\d", page) and any(plain(one) in page for one in names)]
    assert reached and all(plain(head) in page for page in reached)
    assert "w:tblHeader" in docx.Document(io.BytesIO(written)).element.xml
    return len(pages(pdf))


def pages(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [plain(page.get_textpage().get_text_bounded()) for page in document]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("key", LISTS)
def test_a_list_of_people_is_whole_with_one_and_with_a_hundred(db, key, count):
    filled = Filled(papers.find(key), LISTS[key](ProjectFactory(), on=clock.today(), people=map(person, range(count))))

    needed = check(filled, [name(n) for n in range(count)], head="Họ và tên")

    assert needed <= 1 + count // 10


@pytest.mark.parametrize("count", COUNTS)
def test_a_list_for_a_fair_is_whole_with_one_and_with_a_hundred(db, count):
    project = ProjectFactory()
    for number in range(count):
        BeneficiaryFactory(project=project, establishment__name=name(number), total=30_000_000, local=30_000_000)

    check(
        papers.fill("danh-sach-tham-gia-hoi-cho", subject=project, on=clock.today()),
        [name(n) for n in range(count)],
        head="Cơ sở, đơn vị",
    )


@pytest.mark.parametrize("count", COUNTS)
def test_the_works_of_a_cluster_are_whole_with_one_and_with_a_hundred(db, count):
    project = ProjectFactory()
    for number in range(count):
        CostLineFactory(project=project, order=number, content=name(number), local=12_345_678_000)

    check(
        papers.fill("mau-13-ha-tang-cum", subject=project, on=clock.today()),
        [name(n) for n in range(count)],
        head="Hạng mục",
    )
