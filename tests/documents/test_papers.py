"""A form says the same in Word and in PDF, whatever people are called."""

import datetime as dt
import io
import re
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import docx
import pypdfium2
import pytest
from django.utils.translation import override

from khuyencong.base.errors import Invalid
from khuyencong.documents import placeholders, typeset, word
from khuyencong.documents.papers import (
    LANDSCAPE,
    PORTRAIT,
    Break,
    Column,
    Each,
    Filled,
    Form,
    Signatures,
    Table,
    Text,
    column_widths,
    fill,
    in_lines,
    laid_out,
    names_in,
)
from khuyencong.work import papers

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy" + "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
FORM = Form(
    key="mau-thu",
    title="Dự toán kinh phí đề án khuyến công",
    article="Mẫu 1",
    of="project",
    tag="Mẫu 1",
    to="Sở Công Thương",
    receivers=("Như trên", "Lưu: VT"),
    signer=("Giám đốc", "{{ signer }}"),
    blocks=(
        Each("bases", "Căn cứ {{ row }};", italic=True),
        Text("Tên đề án: {{ project.title }}."),
        Text("Tổng kinh phí {{ total|dong }} đồng (bằng chữ: {{ total|chu }}), ký {{ day|ngay_dai }}."),
        Text("Ghi chú: {{ note }}.", when="note"),
        Table(
            "lines",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Nội dung", "{{ row.content }}", weight=1),
                Column("KCQG", "{{ row.national|trieu }}", align="right", group="Kinh phí (triệu đồng)"),
                Column("Đối ứng", "{{ row.own|trieu }}", align="right", group="Kinh phí (triệu đồng)"),
            ),
        ),
        Signatures((("Đại diện bên A", "{{ a.name }}"), ("Đại diện bên B", "{{ b.name }}"))),
    ),
)


def context(**more):
    return {
        "over": "Sở Công Thương",
        "body": "Trung tâm Khuyến công",
        "number": "12/TTKC",
        "place_day": "Đắk Lắk, ngày 22 tháng 11 năm 2026",
        "signer": "Nguyễn Văn Minh Hoạ",
        "bases": ["Nghị định số 45/2012/NĐ-CP"],
        "project": {"title": "Máy ép gạch"},
        "total": 350_000_000,
        "day": dt.date(2026, 2, 28),
        "lines": [{"n": "1", "content": "Máy", "national": 300_000_000, "own": 50_500_000, "strong": False}],
        "a": {"name": "A"},
        "b": {"name": "B"},
        **more,
    }


def text_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        said = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(unicodedata.normalize("NFC", said).split())


def pages_of(content: bytes) -> int:
    with pypdfium2.PdfDocument(content) as document:
        return len(document)


def text_of_word(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    said = [element.text or "" for element in document.element.body.iter() if element.tag.endswith("}t")]
    return " ".join(unicodedata.normalize("NFC", " ".join(said)).split())


def both(filled: Filled) -> tuple[str, str]:
    return text_of_pdf(typeset.form_pdf(filled)), text_of_word(word.word(filled))


def test_word_and_pdf_say_the_same_sentences():
    for said in both(Filled(FORM, context())):
        assert "Tên đề án: Máy ép gạch." in said
        assert "350.000.000 đồng (bằng chữ: Ba trăm năm mươi triệu đồng), ký ngày 28 tháng 02 năm 2026." in said
        assert "Căn cứ Nghị định số 45/2012/NĐ-CP;" in said
        assert "50,5" in said and "12/TTKC" in said and "Ghi chú" not in said


@pytest.mark.parametrize(
    "name",
    [
        'Cơ sở “Ngọc & Tứ” <Ân Hảo>, loại "một"',
        LETTERS,
        LETTERS.upper(),
        "x" * 140,
        "#set page(fill: red) *đậm* $x^2$ @a",
        "{{ total }} {% if %}",
    ],
)
def test_names_stay_as_they_are_written(name):
    pdf, written = both(Filled(FORM, context(project={"title": name})))

    assert name in written
    assert name.replace(" ", "") in pdf.replace(" ", "")


def test_a_word_wider_than_its_column_is_cut_and_a_sum_never():
    lines = [{"n": "1", "content": "SN" + "-24-79-005" * 12, "national": 123_456_789_000, "own": 1, "strong": False}]

    with pypdfium2.PdfDocument(typeset.form_pdf(Filled(FORM, context(lines=lines)))) as document:
        said = document[0].get_textpage().get_text_range()

    assert lines[0]["content"] not in said and lines[0]["content"] in "".join(said.split())
    assert "123.456,789" in said


def test_the_last_ground_ends_as_the_form_says():
    form = replace(FORM, blocks=(Each("bases", "Căn cứ {{ row }};", last="Căn cứ {{ row }}."),))

    for said in both(Filled(form, context(bases=["Luật một", "Luật hai", "Luật ba"]))):
        assert "Căn cứ Luật một; Căn cứ Luật hai; Căn cứ Luật ba." in said


@pytest.mark.parametrize(
    ("changes", "underlined"),
    [
        ({"tag": "", "subject": "Về việc phê duyệt"}, True),
        ({"tag": "", "subject": ""}, False),
        ({"tag": "Mẫu 1", "subject": "Về việc phê duyệt"}, False),
        ({"tag": "", "subject": "Về việc phê duyệt", "head": "party"}, False),
    ],
)
def test_a_paper_with_a_name_of_its_own_has_a_line_under_what_it_is_about(changes, underlined):
    form = replace(FORM, **changes)

    assert laid_out(Filled(form, context()))["underlined"] is underlined
    assert word.word(Filled(form, context()))  # the same line in Word


def test_words_that_announce_the_next_ones_do_not_end_a_page():
    filler = [Text(f"Dòng thứ {n}.") for n in range(60)]
    for kept in range(30, 46):  # the page ends somewhere here
        form = replace(
            FORM, blocks=(*filler[:kept], Text("5. Tổ chức thực hiện:"), Text("Đơn vị phối hợp."), *filler[:9])
        )
        with pypdfium2.PdfDocument(typeset.form_pdf(Filled(form, context()))) as document:
            pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
        assert not any(page.endswith("thực hiện:") for page in pages)

    paragraphs = docx.Document(io.BytesIO(word.word(Filled(form, context())))).paragraphs
    assert [p.paragraph_format.keep_with_next for p in paragraphs if p.text.endswith("thực hiện:")] == [True]


def test_in_word_the_signature_never_stands_alone_on_a_page():
    """The last of the words before it goes along, whatever they are; the others may end a page."""
    said = Each("bases", "- {{ row }}")
    listed = replace(FORM, blocks=(Text("Tổ chức thực hiện:"), said))
    noted = replace(FORM, blocks=(Text("Nội dung."), Text("Ghi chú: {{ note }}.", when="note")))
    facts = {**context(), "bases": ["một", "hai", "ba"], "note": "đã rà"}

    def kept(form):
        paragraphs = docx.Document(io.BytesIO(word.word(Filled(form, facts)))).paragraphs
        return [p.text for p in paragraphs if p.paragraph_format.keep_with_next]

    assert kept(listed) == ["Tổ chức thực hiện:", "- ba"]
    assert kept(noted) == ["Ghi chú: đã rà."]
    assert [one.text for one in docx.Document(io.BytesIO(word.word(Filled(listed, facts)))).paragraphs if "- " in one.text] == [
        "- một", "- hai", "- ba",
    ]  # fmt: skip


def test_receivers_end_with_a_full_stop_and_only_bodies_have_a_seal():
    form = replace(FORM, blocks=(Signatures((("Người lập", ""), ("Thủ trưởng đơn vị", ""))),))

    for said in both(Filled(form, context())):
        assert "- Như trên;" in said and "- Lưu: VT." in said
        assert (said.count("(Ký, ghi rõ họ tên)"), said.count("(Ký, ghi rõ họ tên, đóng dấu)")) == (1, 1)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Sở Công Thương tỉnh Đắk Lắk", ["Sở Công Thương", "tỉnh Đắk Lắk"]),
        ("Ủy ban nhân dân thành phố Hồ Chí Minh", ["Ủy ban nhân dân", "thành phố Hồ Chí Minh"]),
        ("UBND thành phố Hồ Chí Minh", ["UBND thành phố Hồ Chí Minh"]),
        ("Trung tâm Khuyến công", ["Trung tâm Khuyến công"]),
    ],
)
def test_the_place_of_a_body_stands_whole_in_its_line(name, lines):
    assert in_lines(name).split("\n") == lines
    for said in both(Filled(FORM, context(body=name))):
        assert " ".join(lines).upper() in said


def test_decomposed_letters_are_the_same_letters():
    pdf, written = both(Filled(FORM, context(project={"title": unicodedata.normalize("NFD", "Hoà Đậu Ướt ẫ")})))

    assert "Hoà Đậu Ướt ẫ" in written and "Hoà Đậu Ướt ẫ" in pdf


def test_what_nobody_entered_is_left_open():
    bare = {"body": "Trung tâm Khuyến công"}

    for said in both(Filled(FORM, bare)):
        assert "Tên đề án: ……" in said and "……." not in said and "…… đồng" in said and "ngày … tháng … năm …" in said


def test_an_official_paper_is_vietnamese_on_an_english_page():
    with override("en"):
        pdf, written = both(Filled(FORM, context()))

    assert "Ba trăm năm mươi triệu đồng" in pdf and "Ba trăm năm mươi triệu đồng" in written


def test_a_long_table_repeats_its_head_on_each_page():
    lines = [{"n": n, "content": f"Hạng mục {n}", "national": n * 1000, "own": None} for n in range(120)]
    content = typeset.form_pdf(Filled(FORM, context(lines=lines)))

    with pypdfium2.PdfDocument(content) as document:
        heads = [page.get_textpage().get_text_range().count("KCQG") for page in document]
    assert len(heads) >= 3 and all(heads[:-1])


def test_a_form_is_one_page_of_archival_pdf_with_its_code():
    content = typeset.form_pdf(Filled(FORM, context(), code="KC-AB12-CD34"))

    assert pages_of(content) == 1
    assert b"pdfaid" in content
    assert "KC-AB12-CD34" in text_of_pdf(content)


def test_names_of_a_form_are_listed_for_whoever_writes_a_template():
    assert names_in(FORM) == [
        "bases[]",
        "project.title",
        "total",
        "day",
        "note",
        "lines[].n",
        "lines[].content",
        "lines[].national",
        "lines[].own",
        "a.name",
        "b.name",
        "signer",
    ]


def test_placeholders_reach_nothing_but_the_context():
    assert fill("{{ project.title.__class__ }}", context()) == "……"
    assert laid_out(Filled(FORM, context()))["blocks"][0]["text"] == "Căn cứ Nghị định số 45/2012/NĐ-CP;"


# ---- templates that an administrator puts in place ----


def changed(replace: dict[str, str], content: bytes | None = None) -> bytes:
    """The house's own template with some words of its text replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content or word.own_template(FORM))) as source, zipfile.ZipFile(written, "w") as to:
        for part in source.infolist():
            data = source.read(part.filename)
            if part.filename == "word/document.xml":
                text = data.decode()
                for old, new in replace.items():
                    assert old in text
                    text = text.replace(old, new)
                data = text.encode()
            to.writestr(part, data)
    return written.getvalue()


@pytest.mark.parametrize("form", papers.forms(), ids=lambda form: form.key)
def test_a_word_file_carries_no_more_than_is_read_in_a_moment(form):
    with zipfile.ZipFile(io.BytesIO(word.own_template(form))) as parcel:
        assert sum(part.file_size for part in parcel.infolist()) < 300_000
        assert not [name for name in parcel.namelist() if "thumbnail" in name or "stylesWithEffects" in name]
        used = set(re.findall(r'<w:(?:tbl|p|r)Style w:val="([^"]+)"', parcel.read("word/document.xml").decode()))
        there = set(re.findall(r'w:styleId="([^"]+)"', parcel.read("word/styles.xml").decode()))
    assert used <= there
    assert "TableNormal" in there


def test_the_own_template_can_be_taken_changed_and_put_back():
    template = changed({"Tên đề án: ": "Đề án khuyến công: "})

    assert placeholders.faults(template, FORM, context()) == []
    assert "Đề án khuyến công: Máy ép gạch." in text_of_word(word.word(Filled(FORM, context()), template=template))


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("{{ de_an.ten }}", "de_an.ten"),
        ("{{ project.titel }}", "project.titel"),
        ("{{ khong_co.upper() }}", "khong_co"),
        ("{{ project.__class__.__mro__ }}", "project.__class__.__mro__"),
        ("{{ ''.__class__.__mro__ }}", ".__class__.__mro__"),
        ("{% for line in lines %}{{ line.contents }}{% endfor %}", "lines[].contents"),
        ("{% for base in bases %}{{ base.name }}{% endfor %}", "bases[].name"),
        ("{% if nobody %}x{% endif %}", "nobody"),
    ],
)
def test_an_unknown_placeholder_is_named(written, named):
    with pytest.raises(Invalid) as refusal:
        placeholders.check(changed({"{{ project.title }}": written}), FORM, {})

    assert refusal.value.fields == {"file": f"Chỗ điền không có trong biểu mẫu này: {named}."}


def test_rows_conditions_and_parts_of_what_is_known_are_taken():
    written = (
        "{{ project.title }}{% for n in lines %}{{ loop.index }}{{ n.content }}{% endfor %}"
        "{% set x = total %}{{ x }}{% if lines %}{{ lines[0].content }}{% endif %}"
    )

    placeholders.check(changed({"{{ project.title }}": written}), FORM, {})


def with_part(name: str, data: bytes) -> bytes:
    written = io.BytesIO(word.own_template(FORM))
    with zipfile.ZipFile(written, "a") as parcel:
        parcel.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"not a word file", "Tệp hỏng hoặc không phải tệp Word (.docx)."),
        (lambda: word.own_template(FORM)[:2000], "Tệp hỏng hoặc không phải tệp Word (.docx)."),
        (lambda: with_part("word/vbaProject.bin", b"x"), "Tệp có macro; hãy lưu lại thành .docx không có macro."),
        (lambda: changed({"</w:body>": "</w:bod>"}), "Nội dung tệp Word bị hỏng, không đọc được. Hãy mở bằng Word"),
        (
            lambda: with_part(
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship Type="http://x/attachedTemplate" TargetMode="External" Target="http://x"/>'
                b"</Relationships>",
            ),
            "Tệp lấy nội dung từ nơi khác (ảnh hoặc mẫu liên kết ngoài); hãy nhúng vào tệp.",
        ),
    ],
)
def test_a_file_that_cannot_be_a_template_is_refused_in_a_sentence(content, sentence):
    found = placeholders.faults(content(), FORM, context())

    assert len(found) == 1 and found[0].startswith(sentence)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("{{ project.title", "thiếu dấu đóng “}}”"),
        ("project.title }}", "thừa dấu đóng “}}”"),
        ("{{ project.title %}", "thiếu dấu đóng “}}”"),
        ("{{ project title }}", "không hiểu “{{ project title }}”"),
        ("{{ total|donggg }}", "không hiểu “{{ total|donggg }}”"),
        ("{% for line lines %}x{% endfor %}", "không hiểu “{% for line lines %}”"),
        ("{% lap line in lines %}", "không hiểu “{% lap line in lines %}”"),
        ("{% if total %}x", "lệnh “{% if total %}” chưa có “{% endif %}”"),
        ("x{% endfor %}", "lệnh “{% endfor %}” không có lệnh mở đứng trước"),
        ("{% if total %}x{% endfor %}", "lệnh “{% endfor %}” không có lệnh mở đứng trước"),
    ],
)
def test_what_is_miswritten_in_a_template_is_told_with_its_paragraph(written, wrong):
    found = placeholders.faults(changed({"{{ project.title }}": written}), FORM, context())

    assert found == [
        f"Đoạn “Tên đề án: {written}.” viết sai chỗ điền: {wrong}. Hãy sửa đoạn này trong Word theo mẫu gốc rồi gửi lại."
    ]


def test_a_template_that_cannot_be_filled_says_so_without_the_words_of_the_machine():
    found = placeholders.faults(changed({"{{ project.title }}": "{{ total + lines }}"}), FORM, context())

    assert found == ["Không điền thử được vào mẫu. Hãy so các chỗ điền, lệnh lặp và lệnh nếu với mẫu gốc rồi gửi lại."]


def test_a_template_reaches_no_attribute_of_python():
    template = changed({"{{ project.title }}": "{{ project.__class__.__mro__ }}"})

    written = None
    try:
        written = text_of_word(word.word(Filled(FORM, context()), template=template))
    except Exception:  # refused outright is as good
        return
    assert "class" not in written


# ---- many in one file ----


def test_forms_follow_each_other_in_one_file_each_with_its_own_pages_and_code():
    long = Filled(FORM, context(lines=[{"n": n, "content": f"Hạng mục {n}"} for n in range(60)]), code="KC-AAAA-AAAA")
    content = typeset.forms_pdf([long, Filled(FORM, context(), code="KC-BBBB-BBBB"), long])

    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range().strip() for page in document]
    assert len(pages) == 5
    assert [page.splitlines()[0].strip() for page in (pages[1], pages[4])] == ["2", "2"]
    assert [re.findall("KC-[AB]{4}-[AB]{4}", page) for page in pages] == [
        ["KC-AAAA-AAAA"],
        [],
        ["KC-BBBB-BBBB"],
        ["KC-AAAA-AAAA"],
        [],
    ]


def test_papers_printed_at_the_same_moment_are_each_its_own():
    titles = [f"Đề án số {n}" for n in range(12)]
    filled = [Filled(FORM, context(project={"title": title})) for title in titles]

    with ThreadPoolExecutor(4) as desks:
        printed = list(desks.map(lambda one: (typeset.form_pdf(one), word.word(one)), filled))

    for title, (pdf, written) in zip(titles, printed, strict=True):
        assert f"Tên đề án: {title}." in text_of_pdf(pdf)
        assert f"Tên đề án: {title}." in text_of_word(written)


def test_a_row_is_not_torn_over_two_pages():
    lines = [{"n": n, "content": f"Dòng{n} " + f"chữ{n} " * 60} for n in range(40)]
    content = typeset.form_pdf(Filled(FORM, context(lines=lines)))

    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) > 2
    for n in range(40):
        assert [page.count(f"chữ{n} ") + page.count(f"chữ{n}\r") for page in pages if f"chữ{n} " in page] == [60]


@pytest.mark.parametrize("key", [form.key for form in papers.forms()])
def test_no_amount_of_eleven_digits_is_torn_over_two_lines(key):
    form = papers.find(key)
    whole = LANDSCAPE if form.landscape else PORTRAIT
    for block in form.blocks:
        if isinstance(block, Break):
            whole = LANDSCAPE if block.landscape else PORTRAIT
        if isinstance(block, Table):
            wide = column_widths(block, whole)
            needed = block.size * 6.25 / 72 * 2.54 + 0.25  # letters and the air beside them, in cm
            assert all(w >= needed for w, c in zip(wide, block.columns, strict=True) if "|dong" in c.value)
            assert min(wide) >= 0.85 and sum(wide) <= whole + 0.01


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, "Bên A: ……"),
        ("Công ty Ánh Dương Co., Ltd.", "Bên A: Công ty Ánh Dương Co., Ltd."),
        ("Y & B", "Bên A: Y & B."),
    ],
)
def test_a_full_stop_stands_once_and_not_after_dots(given, shown):
    form = replace(FORM, to="", receivers=(), blocks=(Text("Bên A: {{ a.name }}. Hết"),))

    for said in both(Filled(form, context(a={"name": given}))):
        assert f"{shown} Hết" in said
