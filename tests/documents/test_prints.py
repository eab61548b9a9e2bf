"""A form that was printed finds its way home."""

import io
import uuid

import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image, ImageFilter

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.documents import operations, queries, scans, typeset
from khuyencong.documents.models import Print, Template
from khuyencong.files.operations import store
from tests.documents.test_papers import FORM, changed, context
from tests.factories.documents import PaperFactory, PaperFileFactory, PrintFactory, ScanFactory, TemplateFactory
from tests.factories.files import StoredFileFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db

SUBJECT = uuid.uuid4()


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def officer(province):
    return person("centre_officer", place=province)


def printed(officer, province, **more):
    return operations.record_print(
        FORM,
        context=context(**more),
        subject_kind="project",
        subject_uid=SUBJECT,
        subject="Máy ép gạch",
        by=officer,
        province=province,
    )


def photograph(content: bytes, *, turned: float = 0, quality: int = 60, wide: int = 1400, blur: float = 0) -> bytes:
    """A page as a phone would send it: turned, small, out of focus, compressed."""
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].render(scale=3).to_pil().convert("RGB")
    page = page.rotate(turned, expand=True, fillcolor="#777")
    page = page.resize((wide, int(page.height * wide / page.width)))
    page = page.filter(ImageFilter.GaussianBlur(blur))
    taken = io.BytesIO()
    page.save(taken, "JPEG", quality=quality)
    return taken.getvalue()


def test_the_same_content_keeps_its_code_and_changed_content_gets_the_next(officer, province):
    first, filled = printed(officer, province)
    again, _filled = printed(officer, province)
    changed_content, _filled = printed(officer, province, total=1)

    assert (first.pk, filled.code) == (again.pk, first.code)
    assert (changed_content.version, changed_content.code != first.code) == (2, True)
    assert scans.CODE.fullmatch(first.code)


@pytest.mark.parametrize("turned", [0, 90, 180, 4])
def test_the_code_is_read_from_a_photograph(officer, province, turned):
    one, filled = printed(officer, province)

    found = scans.read(photograph(typeset.form_pdf(filled), turned=turned), is_pdf=False)

    assert found.codes == (one.code,)


@pytest.mark.parametrize(("wide", "blur"), [(1400, 2.2), (700, 1)])
def test_the_code_is_read_from_a_photograph_out_of_focus_or_from_afar(officer, province, wide, blur):
    one, filled = printed(officer, province)

    found = scans.read(photograph(typeset.form_pdf(filled), turned=184, wide=wide, blur=blur), is_pdf=False)

    assert found.codes == (one.code,)


def test_a_scan_goes_to_its_print_and_to_the_paper_when_that_is_recorded(officer, province):
    one, filled = printed(officer, province)
    file = store(photograph(typeset.form_pdf(filled)), name="anh.jpg", by=officer)

    scan = operations.receive_scan(file, by=officer)
    paper = PaperFactory(province=province)
    operations.sign(one, paper=paper, by=officer)

    assert (scan.print, scan.province) == (one, province)
    assert [attachment.file for attachment in paper.attachments.all()] == [file]
    assert not queries.prints_waiting(officer).exists()


@pytest.mark.parametrize("why", ["signed", "not used", "not seen", "a judge's"])
def test_a_paper_takes_no_print_that_is_settled_hidden_or_a_judges(officer, province, why):
    one, filled = printed(officer, province)
    file = store(typeset.form_pdf(filled), name="quet.pdf", by=officer)
    before = PaperFactory(province=province) if why == "signed" else None
    Print.objects.filter(pk=one.pk).update(
        paper=before,
        void_reason="In thử" if why == "not used" else "",
        closed=why == "a judge's",
    )
    paper = PaperFactory(province=province)
    by = person("centre_officer", place=ProvinceFactory()) if why == "not seen" else officer

    assert operations.recognise(paper, files=[file], by=by) == []
    assert Print.objects.get(pk=one.pk).paper == before
    paper.refresh_from_db()
    assert not paper.closed


def test_a_judges_print_goes_to_a_paper_of_no_territory(officer, province):
    one, filled = printed(officer, province)
    Print.objects.filter(pk=one.pk).update(closed=True, province=None)
    file = store(typeset.form_pdf(filled), name="quet.pdf", by=officer)

    assert operations.recognise(PaperFactory(), files=[file], by=officer) == [one]


def test_a_scan_after_the_paper_is_laid_to_it_once(officer, province):
    one, filled = printed(officer, province)
    paper = PaperFactory(province=province)
    operations.sign(one, paper=paper, by=officer)
    file = store(typeset.form_pdf(filled), name="quet.pdf", by=officer)

    operations.receive_scan(file, by=officer)
    operations.receive_scan(file, by=officer)

    assert [attachment.file for attachment in paper.attachments.all()] == [file]


def test_a_signed_copy_taken_for_another_is_taken_off_with_a_reason(officer, province):
    one, filled = printed(officer, province)
    scan = store(typeset.form_pdf(filled), name="quet.pdf", by=officer)
    operations.receive_scan(scan, by=officer)
    paper = PaperFactory(province=province)
    own = PaperFileFactory(paper=paper).file
    operations.sign(one, paper=paper, by=officer)
    assert {attachment.file for attachment in paper.attachments.all()} == {own, scan}

    with pytest.raises(Invalid, match="lý do"):
        operations.unsign(one, reason="  ", by=officer)
    operations.unsign(one, reason="ghi nhầm văn bản", by=officer)

    assert list(queries.prints_waiting(officer)) == [one]
    assert [attachment.file for attachment in paper.attachments.all()] == [own]
    event = Event.objects.get(action="print.unsign")
    assert event.data["reason"] == "ghi nhầm văn bản"
    with pytest.raises(NotPossible):
        operations.unsign(one, reason="lần nữa", by=officer)
    right = PaperFactory(province=province)
    operations.sign(one, paper=right, by=officer)
    assert [attachment.file for attachment in right.attachments.all()] == [scan]


def test_the_papers_own_file_stays_though_the_same_bytes_were_dropped_as_a_scan_too(officer, province):
    one, filled = printed(officer, province)
    content = typeset.form_pdf(filled)
    operations.receive_scan(store(content, name="quet.pdf", by=officer), by=officer)
    paper, own = PaperFactory(province=province), store(content, name="ban-ky.pdf", by=officer)
    operations.attach(paper, file=own, by=officer)
    operations.sign(one, paper=paper, by=officer)

    operations.unsign(one, reason="ghi nhầm văn bản", by=officer)

    assert [attachment.file for attachment in paper.attachments.all()] == [own]


def test_the_page_of_a_print_takes_its_signed_copy_off(client, officer, province):
    one, _filled = printed(officer, province)
    operations.sign(one, paper=PaperFactory(province=province), by=officer)
    client.force_login(officer)
    address = reverse("documents:unsign", args=[one.pk])
    assert address in client.get(reverse("documents:print", args=[one.pk])).content.decode()
    assert "vẫn giữ số, ngày và tệp của nó" in client.get(address).content.decode()

    answer = client.post(address, {"reason": "ghi nhầm"}, follow=True)

    assert "Ghi nhận bản đã ký" in answer.content.decode()
    assert client.get(address).status_code == 404  # nothing is signed
    client.force_login(person("auditor", place=province))
    operations.sign(Print.objects.get(), paper=PaperFactory(province=province), by=officer)
    assert address not in client.get(reverse("documents:print", args=[one.pk])).content.decode()
    assert client.post(address, {"reason": "ghi nhầm"}).status_code == 403


def test_what_has_no_code_waits_until_a_person_says_what_it_is(officer, province):
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    file = store(blank.getvalue(), name="trang.png", by=officer)
    one, _filled = printed(officer, province)

    scan = operations.receive_scan(file, by=officer, province=province)
    assert list(queries.scans_unidentified(officer)) == [scan]
    operations.identify(scan, printed=one, by=officer)

    assert not queries.scans_unidentified(officer).exists()
    assert list(one.scans.values_list("pk", flat=True)) == [scan.pk]
    with pytest.raises(NotPossible, match="đã được nhận diện"):
        operations.identify(scan, printed=one, by=officer)


def test_a_scan_laid_to_the_wrong_print_goes_back_with_a_reason_and_then_to_its_own(officer, province):
    wrong, right = PrintFactory(province=province), PrintFactory(province=province)
    scan = ScanFactory(province=province)
    operations.identify(scan, printed=wrong, by=officer)

    with pytest.raises(Invalid, match="lý do"):
        operations.unidentify(scan, reason="  ", by=officer)
    operations.unidentify(scan, reason="chỉ nhầm  bản in", by=officer)

    assert list(queries.scans_unidentified(officer)) == [scan]
    assert not wrong.scans.exists()
    event = Event.objects.get(action="scan.unidentify")
    assert (event.data["code"], event.data["reason"]) == (wrong.code, "chỉ nhầm bản in")
    with pytest.raises(NotPossible, match="đang chờ nhận diện"):
        operations.unidentify(scan, reason="lần nữa", by=officer)
    operations.identify(scan, printed=right, by=officer)
    assert list(right.scans.all()) == [scan]


def test_a_scan_stays_with_a_signed_print_until_the_signed_copy_is_taken_off(officer, province):
    one, paper = PrintFactory(province=province), PaperFactory(province=province)
    scan = ScanFactory(province=province)
    operations.identify(scan, printed=one, by=officer)
    operations.sign(one, paper=paper, by=officer)

    with pytest.raises(NotPossible, match="gỡ bản ký trước"):
        operations.unidentify(scan, reason="chỉ nhầm", by=officer)
    assert [attachment.file for attachment in paper.attachments.all()] == [scan.file]

    operations.unsign(one, reason="ghi nhầm", by=officer)
    operations.unidentify(scan, reason="chỉ nhầm", by=officer)
    assert (paper.attachments.count(), list(queries.scans_unidentified(officer))) == (0, [scan])


def test_a_scan_laid_to_a_judges_print_by_mistake_goes_back_to_its_sender_alone(officer, province):
    judge = person("centre_officer", place=province)
    sheet = PrintFactory(province=None, closed=True, actor_id=judge.pk)
    scan = ScanFactory(province=province, actor_id=officer.pk)
    operations.identify(scan, printed=sheet, by=judge)

    operations.unidentify(scan, reason="chỉ nhầm", by=judge)

    assert list(queries.scans_unidentified(officer)) == [scan]
    assert not queries.scans_unidentified(judge).exists()


def test_the_page_of_a_print_sends_a_scan_back(client, officer, province):
    one = PrintFactory(province=province)
    scan = ScanFactory(province=province, print=one)
    page, address = reverse("documents:print", args=[one.pk]), reverse("documents:unidentify", args=[scan.pk])
    client.force_login(person("auditor", place=province))
    assert address not in client.get(page).content.decode()
    assert client.post(address, {"reason": "chỉ nhầm"}).status_code == 403
    client.force_login(person("centre_officer", place=ProvinceFactory()))
    assert client.post(address, {"reason": "chỉ nhầm"}).status_code == 404
    client.force_login(officer)
    assert address in client.get(page).content.decode()
    client.post(address, {"reason": " "})
    assert list(one.scans.all()) == [scan]

    answer = client.post(address, {"reason": "chỉ nhầm"}, follow=True).content.decode()

    assert scan.file.name in answer and reverse("documents:identify", args=[scan.pk]) in answer
    assert client.get(address).status_code == 404  # it waits already
    operations.identify(scan, printed=one, by=officer)
    operations.sign(one, paper=PaperFactory(province=province), by=officer)
    assert address not in client.get(page).content.decode()


def test_a_code_of_another_province_is_not_found(officer, province):
    _one, filled = printed(officer, province)
    stranger = person("centre_officer", place=ProvinceFactory())
    file = store(typeset.form_pdf(filled), name="quet.pdf", by=stranger)

    assert operations.receive_scan(file, by=stranger).print is None


def test_a_stranger_signs_voids_and_identifies_nothing(province):
    one, stranger = PrintFactory(province=province), person("centre_officer", place=ProvinceFactory())
    for act in (
        lambda: operations.sign(one, paper=PaperFactory(), by=stranger),
        lambda: operations.void_print(one, reason="x", by=stranger),
        lambda: operations.unsign(one, reason="x", by=stranger),
        lambda: operations.identify(ScanFactory(province=province), printed=one, by=stranger),
        lambda: operations.unidentify(ScanFactory(province=province, print=one), reason="x", by=stranger),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Event.objects.exists()


def test_who_only_looks_signs_voids_identifies_and_sends_nothing(province):
    one, auditor = PrintFactory(province=province), person("auditor", place=province)
    for act in (
        lambda: operations.sign(one, paper=PaperFactory(), by=auditor),
        lambda: operations.void_print(one, reason="x", by=auditor),
        lambda: operations.unsign(one, reason="x", by=auditor),
        lambda: operations.identify(ScanFactory(province=province), printed=one, by=auditor),
        lambda: operations.unidentify(ScanFactory(province=province, print=one), reason="x", by=auditor),
        lambda: operations.receive_scan(StoredFileFactory(), by=auditor),
        lambda: operations.attach(PaperFactory(province=province), file=StoredFileFactory(), by=auditor),
    ):
        with pytest.raises(NotAllowed, match="chỉ để xem"):
            act()
    assert not Event.objects.exists()


def test_a_workbook_is_no_scan(officer):
    file = StoredFileFactory(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

    with pytest.raises(Invalid) as refusal:
        operations.receive_scan(file, by=officer)
    assert refusal.value.fields == {"file": "Hãy gửi ảnh chụp hoặc tệp PDF."}


@pytest.mark.parametrize("content", [b"%PDF-1.4 broken", b"", b"\x00" * 50])
@pytest.mark.parametrize("is_pdf", [True, False])
def test_what_cannot_be_opened_has_neither_code_nor_page(content, is_pdf):
    assert scans.read(content, is_pdf=is_pdf) == scans.Found((), 0)


def test_printed_but_not_signed_lists_the_last_version_and_lets_one_go_with_a_reason(officer, province):
    printed(officer, province)
    last, _filled = printed(officer, province, total=1)

    assert list(queries.prints_waiting(officer)) == [last]
    with pytest.raises(Invalid):
        operations.void_print(last, reason=" ", by=officer)
    operations.void_print(last, reason="In thử", by=officer)

    assert not queries.prints_waiting(officer).exists()


def test_a_print_belongs_to_one_paper(officer, province):
    one, _filled = printed(officer, province)
    paper = PaperFactory(province=province)
    operations.sign(one, paper=paper, by=officer)

    with pytest.raises(NotPossible):
        operations.sign(one, paper=PaperFactory(), by=officer)
    with pytest.raises(NotPossible, match="đã có bản ký"):
        operations.void_print(one, reason="x", by=officer)
    assert Print.objects.get(pk=one.pk).paper == paper


# ---- templates ----


def a_template(officer, replace=None):
    return store(changed(replace or {"Tên đề án: ": "Đề án: "}), name="mau.docx", by=officer)


def test_an_administrator_replaces_a_template_and_takes_it_back(province):
    keeper = person("administrator", place=province)

    first = operations.replace_template(FORM, file=a_template(keeper), sample=context(), by=keeper, province=province)
    second = operations.replace_template(
        FORM, file=a_template(keeper, {"Tên đề án: ": "Tên: "}), sample=context(), by=keeper, province=province
    )

    assert queries.template_of(FORM.key, province=province) == second
    assert Template.objects.get(pk=first.pk).ended_at is not None
    operations.withdraw_template(second, by=keeper)
    assert queries.template_of(FORM.key, province=province) is None
    with pytest.raises(NotPossible):
        operations.withdraw_template(second, by=keeper)


def test_the_provinces_own_template_comes_before_the_one_for_all(province):
    for_all, own = TemplateFactory(), TemplateFactory(province=province)

    assert queries.template_of("du-toan", province=province) == own
    assert queries.template_of("du-toan", province=ProvinceFactory()) == for_all


def test_a_template_with_an_unknown_placeholder_is_not_put_in_place(province):
    keeper = person("administrator", place=province)
    file = a_template(keeper, {"{{ project.title }}": "{{ la.gi }}"})

    with pytest.raises(Invalid, match="la"):
        operations.replace_template(FORM, file=file, sample=context(), by=keeper, province=province)
    assert not Template.objects.exists()


def test_who_keeps_no_catalogue_replaces_no_template(officer, province):
    with pytest.raises(NotAllowed):
        operations.replace_template(FORM, file=a_template(officer), sample=context(), by=officer, province=province)
