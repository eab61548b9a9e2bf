import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from khuyencong.documents.models import Paper
from khuyencong.web.common.forms import PAPER_FILES, DayField, FilesField, MoneyField, NumberField, RoughMoneyField
from khuyencong.web.common.papers import GivenPaper
from tests.factories.documents import PaperFactory
from tests.factories.people import MandateFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.web.common.urls import AmountForm, PlacedForm, RecordForm


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567 đ", 1_234_567),
        ("1.234.567 đồng", 1_234_567),
        ("350 triệu", 350_000_000),
        ("350tr", 350_000_000),
        ("425,06 triệu đồng", 425_060_000),
        ("1,2 tỷ", 1_200_000_000),
        ("1.438,5 triệu", 1_438_500_000),
        ("15 nghìn", 15_000),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, amount):
    assert MoneyField().clean(typed) == amount


@pytest.mark.parametrize(("typed", "amount"), [("425,06", 425_060_000), ("1.438", 1_438_000_000), ("2 tỷ", 2 * 10**9)])
def test_in_a_column_of_million_a_bare_number_is_million(typed, amount):
    assert MoneyField(unit="million").clean(typed) == amount


@pytest.mark.parametrize("amount", [1, 499, 300_000_001, 1_234_567_890, 999_999_999_999])
def test_an_amount_in_millions_that_is_sent_back_is_the_same_dong(amount):
    field = MoneyField(unit="million")

    assert field.clean(field.prepare_value(amount)) == amount


@pytest.mark.parametrize(("typed", "amount"), [("0,000001", 1), ("300,000001", 300_000_001), ("1,5000000", 1_500_000)])
def test_six_decimals_of_a_million_are_whole_dong(typed, amount):
    assert MoneyField(unit="million").clean(typed) == amount


@pytest.mark.parametrize("typed", ["300,0000001", "0,0000005", "1,2345678 triệu", "1,5 đ"])
def test_a_part_of_one_dong_is_refused_not_rounded(typed):
    with pytest.raises(ValidationError, match="không có phần lẻ"):
        MoneyField(unit="million").clean(typed)


@pytest.mark.parametrize("typed", ["", "nhiều", "1.23", "12,5", "-5", "1.2.3", "10 tỷ tỷ", "1e9", "9" * 16])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


def test_the_largest_amount_and_one_dong_beyond():
    assert MoneyField(high=300_000_000).clean("300.000.000") == 300_000_000
    with pytest.raises(ValidationError):
        MoneyField(high=300_000_000).clean("300.000.001")


def test_an_amount_is_shown_with_dots_and_said_in_words():
    form = AmountForm({"amount": "3215000000"})

    assert form["amount"].words == "Ba tỷ hai trăm mười lăm triệu đồng"
    assert MoneyField().prepare_value(3_215_000_000) == "3.215.000.000"
    assert MoneyField(unit="million").prepare_value(425_060_000) == "425,06"


@pytest.mark.parametrize("typed", ["22/11/2026", "22-11-2026", "22.11.2026", "22112026", "2026-11-22", "22/11/26"])
def test_a_day_is_read_as_people_write_it(typed):
    assert DayField(past=True).clean(typed) == dt.date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["23/11/2026", "31/02/2026", "11/22/2026", "hôm nay", "22/11/0206"])
def test_the_future_and_days_that_are_none_are_refused(typed):
    with pytest.raises(ValidationError):
        DayField(past=True).clean(typed)


@pytest.mark.parametrize("typed", ["29/2/2026", "31-04-2026", "30.02.26", "2026-02-29"])
def test_a_day_that_no_calendar_has_is_told_from_one_written_wrongly(typed):
    with pytest.raises(ValidationError, match="không có trong lịch"):
        DayField().clean(typed)


@pytest.mark.django_db
def test_the_communes_come_in_the_list_whatever_the_form_around_it_does_with_its_own_answer(province):
    attrs = PlacedForm().fields["province"].widget.attrs

    assert (attrs["hx-swap"], attrs["hx-select"]) == ("innerHTML", "unset")


@pytest.mark.parametrize("typed", ["khoảng 350 triệu", "Tầm 350tr", "~350.000.000", "350 triệu", "ước chừng 350 triệu"])
def test_about_how_much_is_read_as_it_is_said_and_typed_with_all_keys(typed):
    field = RoughMoneyField(low=1)

    assert field.clean(typed) == 350_000_000
    assert field.widget.attrs["inputmode"] == "text"


@pytest.mark.parametrize(
    ("typed", "number"), [("1.438,5", Decimal("1438.5")), ("12,5", Decimal("12.5")), ("7", Decimal(7))]
)
def test_a_number_is_read_as_people_write_it(typed, number):
    assert NumberField().clean(typed) == number


def test_a_count_is_whole():
    assert NumberField(whole=True).clean("1.200") == 1200
    with pytest.raises(ValidationError):
        NumberField(whole=True).clean("1,5")


def test_several_files_come_as_a_list_and_none_as_an_empty_one():
    files = [SimpleUploadedFile("a.pdf", b"%PDF-1.4"), SimpleUploadedFile("b.jpg", b"\xff\xd8\xff")]

    assert FilesField().clean(files) == files
    assert FilesField(required=False).clean([]) == []
    with pytest.raises(ValidationError):
        FilesField().clean([])


@pytest.mark.parametrize(
    ("accept", "data", "sentence"),
    [
        (
            PAPER_FILES,
            b"day,amount\n1,2\n",
            "“bang.pdf” không phải PDF hay ảnh. Hãy gửi bản quét hoặc ảnh chụp văn bản.",
        ),
        (PAPER_FILES, b"PK\x03\x04", "“bang.pdf” không phải PDF hay ảnh. Hãy gửi bản quét hoặc ảnh chụp văn bản."),
        ("image/*", b"%PDF-1.4", "“bang.pdf” không phải ảnh. Hãy gửi ảnh JPG, PNG hoặc WebP."),
    ],
)
def test_what_is_no_scan_is_told_whatever_its_name_says(accept, data, sentence):
    with pytest.raises(ValidationError) as refused:
        FilesField(accept=accept).clean([SimpleUploadedFile("bang.pdf", data)])

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"])
def test_a_scan_is_taken_whole(data):
    [file] = FilesField().clean([SimpleUploadedFile("van-ban", data)])

    assert file.read() == data


def test_a_paper_may_be_left_out_but_not_half_given():
    assert RecordForm({}).is_valid()
    half = RecordForm({"number": "12/QĐ"})
    assert not half.is_valid()
    assert set(half.errors) == {"signed_on", "signer"}


def test_a_paper_comes_as_documents_names_it():
    form = RecordForm({"number": "12/QĐ", "signed_on": "02/03/2026", "signer": "Nguyễn Văn An"})

    assert form.is_valid()
    assert form.has_paper
    assert form.paper_values() == {
        "number": "12/QĐ",
        "signed_on": dt.date(2026, 3, 2),
        "signer": "Nguyễn Văn An",
        "signer_title": "",
        "kept_at": "",
    }


@pytest.mark.parametrize(("given", "said"), [({}, "(không bắt buộc)"), ({"silent": True}, "")])
def test_a_label_says_what_may_be_left_out_unless_the_page_says_so_itself(given, said):
    form = AmountForm()
    form.fields["on"].silent = given.get("silent", False)

    assert ("(không bắt buộc)" in str(form["on"].as_field_group())) is bool(said)


def test_what_a_paper_says_is_not_marked_as_if_it_could_be_left_out():
    shown = str(RecordForm())

    assert shown.count("(không bắt buộc)") == 2  # its scan, and where the original lies


def test_files_of_a_refused_form_are_named_because_a_browser_does_not_keep_them():
    form = RecordForm({"number": "12/QĐ"}, MultiValueDict({"scans": [SimpleUploadedFile("qd-12.pdf", b"%PDF-1.4")]}))

    assert not form.is_valid()
    assert "Hãy chọn lại tệp: trình duyệt không giữ qd-12.pdf." in str(form)


@pytest.mark.django_db
def test_no_choice_is_a_row_of_dashes():
    form = PlacedForm(user=None)

    assert "---------" not in str(form)


@pytest.mark.django_db
class TestChosenPaper:
    def test_a_recorded_paper_is_named_by_what_it_is_about(self):
        paper = PaperFactory(number="12/QĐ", signed_on=dt.date(2026, 3, 2), abstract="Giao dự toán năm 2026")

        form = GivenPaper(papers=Paper.objects.all())

        assert f'<option value="{paper.pk}">12/QĐ (02/03/2026): Giao dự toán năm 2026</option>' in str(form)

    def test_either_a_recorded_paper_or_a_new_one(self):
        paper = PaperFactory(signed_on=dt.date(2026, 3, 2))
        new = {"number": "13/QĐ", "signed_on": "03/03/2026", "signer": "Nguyễn Văn An"}

        def asked(**data):
            form = GivenPaper(data, papers=Paper.objects.all())
            return form if form.is_valid() else form.errors

        assert asked(existing=paper.pk).legal_day == dt.date(2026, 3, 2)
        assert asked(**new).legal_day == dt.date(2026, 3, 3)
        assert asked(**new, on="05/03/2026").legal_day == dt.date(2026, 3, 5)
        assert asked(existing=paper.pk, **new) == {
            "existing": ["Chọn văn bản đã ghi nhận, hoặc nhập văn bản mới, không làm cả hai."]
        }
        assert asked() == {"number": ["Bước này phải có văn bản: chọn văn bản đã ghi nhận hoặc nhập văn bản mới."]}

    def test_of_many_recorded_papers_the_newest_are_shown_and_the_others_found_by_their_number(self):
        papers = [
            PaperFactory(number=f"{n}/QĐ-UBND", signed_on=dt.date(2026, 1, 1) + dt.timedelta(n)) for n in range(40)
        ]
        newest_first = Paper.objects.order_by("-signed_on", "-pk")

        def shown(**data):
            return list(GivenPaper(data or None, papers=newest_first).fields["existing"].queryset)

        assert shown() == papers[:9:-1]
        assert shown(tim_existing="3/qd") == [papers[n] for n in (33, 23, 13, 3)]
        assert shown(existing=papers[0].pk, tim_existing="39/")[:2] == [papers[0], papers[39]]
        kept = GivenPaper({"existing": papers[0].pk}, papers=newest_first)
        assert kept.is_valid() and kept.cleaned_data["existing"] == papers[0]
        assert 'name="tim_existing"' not in str(GivenPaper(papers=newest_first.filter(pk__lte=papers[11].pk)))

    def test_where_nothing_is_recorded_the_new_paper_is_required(self):
        form = GivenPaper({}, papers=Paper.objects.none())

        assert set(form.errors) == {"number", "signed_on", "signer", "signer_title"}
        assert "existing" not in form.fields


@pytest.mark.django_db
class TestPlaces:
    def test_one_province_is_chosen_already(self, officer, province):
        commune = CommuneFactory(province=province, parent=province)
        CommuneFactory()

        form = PlacedForm(user=officer)

        assert [list(form.fields[name].queryset) for name in ("province", "commune")] == [[province], [commune]]

    def test_a_commune_officer_sees_his_commune_alone(self, province):
        commune = CommuneFactory(province=province, parent=province)
        CommuneFactory(province=province, parent=province)
        user = MandateFactory(role="commune_officer", place=commune).user

        form = PlacedForm(user=user)

        assert [list(form.fields[name].queryset) for name in ("province", "commune")] == [[province], [commune]]

    def test_a_commune_of_another_province_is_refused(self, officer, province):
        foreign = CommuneFactory()

        form = PlacedForm({"name": "x", "province": province.pk, "commune": foreign.pk}, user=officer)

        assert set(form.errors) == {"commune"}

    def test_without_a_script_the_communes_are_fetched_by_a_button(self, client):
        one, two = ProvinceFactory(), ProvinceFactory()
        CommuneFactory(province=one, parent=one)
        commune = CommuneFactory(province=two, parent=two, full_name="Xã Thử")
        client.force_login(MandateFactory(role="ministry_agency", country=True).user)

        response = client.post("/dia-diem/", {"name": "HTX", "province": two.pk, "_refill": "1"})

        page = response.content.decode()
        assert response.status_code == 200
        assert f'<option value="{commune.pk}">Xã Thử</option>' in page
        assert 'value="HTX"' in page
        assert "kc-error" not in page

    def test_the_communes_of_a_foreign_province_are_not_told(self, desk):
        foreign = CommuneFactory()

        page = desk.get("/dia-ban/xa/", {"province": foreign.province_id}).content.decode()

        assert foreign.full_name not in page


def test_a_form_speaks_as_a_person_would():
    class Asked(forms.Form):
        name = forms.CharField(max_length=3)
        number = forms.IntegerField(max_value=5)
        choice = forms.ChoiceField(choices=[("a", "A")])

    empty, wrong = Asked({}), Asked({"name": "abcd", "number": "x", "choice": "b"})

    assert {*empty.errors} == {"name", "number", "choice"}
    assert empty.errors["name"] == ["Mục này phải điền."]
    assert wrong.errors["name"] == ["Dài quá: tối đa 3 ký tự, đang có 4."]
    assert wrong.errors["number"] == ["Nhập một số nguyên, ví dụ 12."]
    assert wrong.errors["choice"] == ["“b” không có trong danh sách. Hãy chọn lại."]
    assert Asked({"name": "a", "number": "9", "choice": "a"}).errors["number"] == ["Không được lớn hơn 5."]
