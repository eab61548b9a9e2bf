"""Word files that people bring: what is read of them, and each refusal in one sentence."""

import io
import unicodedata
import zipfile

import docx
import pytest
from PIL import Image

from khuyencong.base import word
from khuyencong.base.errors import Invalid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def written(*paragraphs: str) -> docx.document.Document:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(name: str, data: bytes, *, base: bytes | None = None) -> bytes:
    out = io.BytesIO(base or saved(written("Đề án")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(name, data)
    return out.getvalue()


def retold(change) -> bytes:
    """A file whose body is another text."""
    source, out = zipfile.ZipFile(io.BytesIO(saved(written("Đề án")))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name in source.namelist():
            data = source.read(name)
            parcel.writestr(name, change(data) if name == "word/document.xml" else data)
    return out.getvalue()


def picture_only() -> bytes:
    document, picture = docx.Document(), io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    return saved(document)


def refusal(data: bytes, name: str = "de-an.docx") -> str:
    with pytest.raises(Invalid) as refused:
        word.read(data, name)
    assert list(refused.value.fields) == ["file"]
    return refused.value.fields["file"]


def test_words_come_in_their_order_each_with_its_place():
    document = written("Tên đề án: Máy rang", "", "Dự toán")
    table = document.add_table(rows=2, cols=2)
    table.cell(1, 1).text = "300"
    document.add_paragraph("Hiệu quả")

    read = word.read(saved(document), "a.docx")

    assert [(p.text, p.place.told) for p in read.paragraphs] == [
        ("Tên đề án: Máy rang", "đoạn 1"),
        ("Dự toán", "đoạn 2"),
        ("Hiệu quả", "đoạn 3"),
    ]
    assert (read.tables[0].rows[1][1].text, read.tables[0].rows[1][1].place.told) == ("300", "bảng 1, dòng 2, cột 2")


def test_a_heading_is_one_by_its_style_or_by_being_bold():
    document = written("Thường")
    document.add_heading("Mục tiêu", level=1)
    document.add_paragraph().add_run("Hiệu quả").bold = True

    assert [p.is_heading for p in word.read(saved(document), "a.docx").paragraphs] == [False, True, True]


def test_letters_written_in_pieces_come_whole():
    read = word.read(saved(written(unicodedata.normalize("NFD", "Tên đề án: Cà phê Ea Kly"))), "a.docx")

    assert read.paragraphs[0].text == "Tên đề án: Cà phê Ea Kly"


def test_text_in_an_old_font_is_read_as_it_was_meant():
    tcvn3 = ("§¬n vÞ thùc hiÖn: Trung t©m KhuyÕn c«ng", "§Þa ®iÓm thùc hiÖn", "Môc tiªu cña ®Ò ¸n", "Tæ chøc thùc hiÖn")

    read = word.read(saved(written(*tcvn3)), "a.docx")

    assert [p.text for p in read.paragraphs][:2] == [
        "Đơn vị thực hiện: Trung tâm Khuyến công",
        "Địa điểm thực hiện",
    ]
    assert read.encoding == "TCVN3"


BROKEN = "Tệp “de-an.docx” bị hỏng, không đọc được. Hãy mở bằng Word, lưu lại rồi gửi lại."
REFUSED = (
    (lambda: b"", "Tệp “de-an.docx” không có nội dung."),
    (
        lambda: OLE + "WordDocument".encode("utf-16-le"),
        "Tệp “de-an.docx” là Word đời cũ (.doc). Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại.",
    ),
    (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "Tệp “de-an.docx” đặt mật khẩu. Hãy bỏ mật khẩu trong Word rồi gửi lại.",
    ),
    (
        lambda: with_part("word/vbaProject.bin", b"x"),
        "Tệp “de-an.docx” có chứa mã lệnh (macro). Hãy lưu lại thành .docx không có macro rồi gửi lại.",
    ),
    (
        picture_only,
        "Tệp “de-an.docx” không có chữ, có thể chỉ có ảnh chụp. Hãy gửi tệp Word được gõ chữ.",
    ),
    (
        lambda: b"%PDF-1.4",
        "Tệp “de-an.docx” là PDF, không đọc được như tệp Word. Hãy gửi tệp Word (.docx).",
    ),
    (
        lambda: b"\xff\xd8\xff\xe0" + bytes(50),
        "Tệp “de-an.docx” là ảnh, không có chữ để đọc. Hãy gửi tệp Word (.docx).",
    ),
    (lambda: b"chu thuong", "Tệp “de-an.docx” không phải tệp Word. Hãy gửi tệp .docx."),
    (lambda: saved(written("Đề án"))[:3000], BROKEN),
    (lambda: retold(lambda body: body.replace(b"</w:body>", b"</w:bod>")), BROKEN),
    (lambda: retold(lambda body: b'<!DOCTYPE a [<!ENTITY b "c">]>' + body), BROKEN),
    (
        lambda: with_part("word/media/a.bin", bytes(60 * 1024**2)),
        "Tệp “de-an.docx” giải nén ra quá lớn so với một văn bản bình thường nên không được mở.",
    ),
    (
        lambda: with_part("word/comments.xml", b" " * (20 * 1024**2)),
        "Tệp “de-an.docx” giải nén ra quá lớn so với một văn bản bình thường nên không được mở.",
    ),
)


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(data, sentence):
    assert refusal(data()) == sentence


def test_a_file_over_the_limit_is_refused_before_it_is_opened():
    told = "Tệp “de-an.docx” lớn hơn 25 MB. Hãy nén ảnh trong tệp rồi gửi lại."

    assert refusal(b"PK" + bytes(word.MAX_BYTES - 1)) == told
    assert refusal(b"PK" + bytes(word.MAX_BYTES - 2)) == BROKEN
