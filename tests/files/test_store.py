"""What comes in is known by its bytes, made harmless, and kept once."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
import xlwt
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.files import enums, operations, queries
from khuyencong.files.models import ImportRun, StoredFile
from khuyencong.files.rules import clean_name, content_of
from tests.factories.files import StoredFileFactory
from tests.factories.people import UserFactory

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
GPS = 0x8825
ORIENTATION = 0x0112


def picture(form="JPEG", size=(60, 40), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format=form, **options)
    return out.getvalue()


def workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["TT", "Tên đề án"])
    book.save(out)
    return out.getvalue()


def old_workbook():
    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("Kế hoạch").write(0, 0, "TT")
    book.save(out)
    return out.getvalue()


def package(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def kept_beside(kept):
    """The names in the drawer of `kept`; other tests may have filled it too."""
    return set(default_storage.listdir(kept.digest[:2])[1])


def document():
    return package(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<w/>"})


def old_document():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 100


KINDS = {
    "pdf": (lambda: PDF, enums.PDF),
    "jpeg": (picture, enums.JPEG),
    "png": (lambda: picture("PNG"), enums.PNG),
    "webp": (lambda: picture("WEBP"), enums.WEBP),
    "docx": (document, enums.DOCX),
    "xlsx": (workbook, enums.XLSX),
    "doc": (old_document, enums.DOC),
    "xls": (old_workbook, enums.XLS),
    "text": (lambda: "Biên bản khảo sát\nxã Ea Kly".encode(), enums.TXT),
    "text of Windows": (lambda: b"\xff\xfe" + "Biên bản".encode("utf-16-le"), enums.TXT),
    "csv": (lambda: "Tên;Địa chỉ\nCơ sở A;Ea Kly\n".encode(), enums.CSV),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_is_told_by_the_bytes(name):
    data, kind = KINDS[name]

    assert content_of(data()) == kind


REFUSED = {
    "empty": (b"", "rỗng"),
    "program of Windows": (b"MZ\x90\x00" + b"\0" * 100, "chương trình"),
    "program of Linux": (b"\x7fELF\x02\x01" + b"\0" * 100, "chương trình"),
    "script": (b"#!/bin/sh\nrm -rf /", "chương trình"),
    "page": (b"<!DOCTYPE html><script>alert(1)</script>", "không được nhận"),
    "drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không được nhận"),
    "iPhone": (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
    "archive": (package(readme="x"), "không được nhận"),
    "macros": (package(**{"[Content_Types].xml": "", "xl__workbook.xml": "", "xl__vbaProject.bin": "x"}), "macro"),
    "damaged package": (workbook()[:200], "bị hỏng"),
    "locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
        "mật khẩu",
    ),
    "noise": (bytes(range(256)) * 4, "không được nhận"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_in_one_sentence(name):
    data, words = REFUSED[name]

    with pytest.raises(Invalid) as refusal:
        operations.store(data, name="to-trinh.pdf", by=UserFactory())

    assert words in refusal.value.fields["file"]
    assert StoredFile.objects.count() == 0


def test_a_package_that_unfolds_without_measure_is_refused():
    bomb = package(
        **{"[Content_Types].xml": "", "xl__workbook.xml": "", "xl__worksheets__sheet1.xml": b"0" * 60_000_000}
    )

    with pytest.raises(Invalid, match="bất thường"):
        content_of(bomb)


@pytest.mark.django_db
def test_a_picture_of_too_many_points_is_refused_before_it_is_unfolded():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )

    with pytest.raises(Invalid, match="60 triệu"):
        operations.store(bomb, name="a.png", by=UserFactory())


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_refused(form):
    with pytest.raises(Invalid, match="bị hỏng"):
        operations.store(picture(form, size=(300, 300))[:150], name="a", by=UserFactory())


@pytest.mark.django_db
def test_a_picture_is_turned_upright_and_loses_place_and_device():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # held upright, stored lying
    exif[0x010F] = "Phone"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (12.0, 40.0, 1.0)
    sent = picture(size=(60, 40), exif=exif.tobytes())
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)

    stored = operations.store(sent, name="ảnh xưởng.jpg", by=UserFactory())

    with queries.open_file(stored) as content, Image.open(content) as kept:
        assert (kept.size, dict(kept.getexif()), "exif" in kept.info) == ((40, 60), {}, False)
    assert (stored.width, stored.height, stored.content_type) == (40, 60, "image/jpeg")
    assert stored.digest != stored.received_digest


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "kept"), [((2400, 10), (2400, 10)), ((2401, 1200), (2400, 1200)), ((10, 4800), (5, 2400))]
)
def test_a_picture_is_at_most_2400_points_wide_or_high(size, kept):
    stored = operations.store(picture("PNG", size=size), name="a.png", by=UserFactory())

    assert (stored.width, abs(stored.height - kept[1]) <= 1) == (kept[0], True)


@pytest.mark.django_db
def test_a_transparent_picture_stays_so():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, format="PNG")

    stored = operations.store(out.getvalue(), name="dau.png", by=UserFactory())

    with queries.open_file(stored) as content, Image.open(content) as kept:
        assert kept.mode == "RGBA"


@pytest.mark.django_db
def test_the_same_content_lies_in_the_store_once():
    by = UserFactory()
    one = operations.store(PDF, name="một.pdf", by=by)
    before = kept_beside(one)
    two = operations.store(SimpleUploadedFile("hai.pdf", PDF), name="hai.pdf", by=by)

    assert one.path == two.path
    assert (one.name, two.name) == ("một.pdf", "hai.pdf")
    assert one.digest in before and kept_beside(two) == before
    assert queries.open_file(two).read() == PDF
    assert (one.size, one.actor_id, one.content_type) == (len(PDF), by.pk, "application/pdf")


@pytest.mark.django_db
def test_bytes_cut_off_while_writing_are_written_again():
    one = operations.store(PDF, name="a.pdf", by=UserFactory())
    default_storage.delete(one.path)
    default_storage.save(one.path, io.BytesIO(PDF[:10]))

    two = operations.store(PDF, name="a.pdf", by=UserFactory())

    assert queries.is_whole(two)


@pytest.mark.django_db
def test_too_large_is_said_with_the_limit_of_the_kind():
    text = b"a\n" * (3 * 2**20)

    with pytest.raises(Invalid, match="tối đa 5 MB"):
        operations.store(text, name="a.txt", by=UserFactory())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Tờ trình.PDF", "Tờ trình.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\Bảng kê.xls", "Bảng kê.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("", "tep.pdf"),
        ("...", "tep.pdf"),
        ("a" * 300 + ".pdf", "a" * 195 + ".pdf"),
        ("Quyết định số 12.QĐ-UBND", "Quyết định số 12.QĐ-UBND.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.pdf"),
    ],
)
def test_names_are_safe_and_end_as_the_content_does(given, kept):
    assert clean_name(given, kind=enums.PDF) == kept


@pytest.mark.django_db
def test_a_file_without_its_bytes_says_so_and_is_found_by_the_check():
    whole, lost, changed = StoredFileFactory(), StoredFileFactory(), StoredFileFactory()
    default_storage.delete(lost.path)
    default_storage.delete(changed.path)
    default_storage.save(changed.path, io.BytesIO(b"x"))

    with pytest.raises(NotPossible, match=lost.name):
        queries.open_file(lost)

    assert queries.is_whole(whole)
    assert [str(f.pk) in s for f, s in zip([lost, changed], queries.invariants(), strict=True)] == [True, True]


@pytest.mark.django_db
def test_uploads_that_nobody_confirmed_are_forgotten_with_their_bytes(django_capture_on_commit_callbacks):
    edge = timezone.now() - dt.timedelta(days=14)
    kinds = {"old": ("checked", -1), "young": ("checked", 1), "written": ("written", -1)}
    runs = {}
    for name, (state, minutes) in kinds.items():
        run = ImportRun.objects.create(kind="project_word", file=StoredFileFactory(), state=state)
        ImportRun.objects.filter(pk=run.pk).update(changed_at=edge + dt.timedelta(minutes=minutes))
        runs[name] = run
    other = ImportRun.objects.create(kind="plan", file=StoredFileFactory(), state="checked")
    ImportRun.objects.filter(pk=other.pk).update(changed_at=edge - dt.timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        assert operations.forget_imports(kind="project_word", before=edge) == 1

    assert set(ImportRun.objects.values_list("pk", flat=True)) == {runs["young"].pk, runs["written"].pk, other.pk}
    there = [default_storage.exists(run.file.path) for run in runs.values()]
    assert there == [False, True, True]


@pytest.mark.django_db
def test_a_file_that_something_else_holds_stays_when_its_upload_is_forgotten(django_capture_on_commit_callbacks):
    file = StoredFileFactory()
    for state in ("checked", "written"):
        ImportRun.objects.create(kind="project_word", file=file, state=state)

    with django_capture_on_commit_callbacks(execute=True):
        gone = operations.forget_imports(kind="project_word", before=timezone.now() + dt.timedelta(minutes=1))

    assert (gone, default_storage.exists(file.path), StoredFile.objects.filter(pk=file.pk).exists()) == (1, True, True)
