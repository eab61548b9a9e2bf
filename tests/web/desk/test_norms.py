"""The desk of texts and norms: who sees, who may change, what the pages say."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.norms.models import Instrument, SupportNorm
from khuyencong.places.models import Unit
from khuyencong.web.desk.norms.views.words import value_of
from tests.factories.norms import (
    ConditionFactory,
    DeadlineRowFactory,
    InstrumentFactory,
    LineFactory,
    LinkFactory,
    SupportNormFactory,
)
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def reader(client, province):
    client.force_login(person("appraiser", place=province))
    return client


@pytest.fixture
def manager(client):
    client.force_login(person("administrator", country=True))
    return client


@pytest.mark.parametrize("name", ["list", "rows", "maximum", "add"])
def test_strangers_are_sent_to_sign_in(client, name):
    assert client.get(reverse(f"norms:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["list", "rows"])
def test_lists_ask_as_often_for_three_rows_as_for_one(reader, django_assert_max_num_queries, name):
    SupportNormFactory()
    with django_assert_max_num_queries(12) as one:
        reader.get(reverse(f"norms:{name}"))
    SupportNormFactory()
    SupportNormFactory()

    with django_assert_max_num_queries(12) as three:
        reader.get(reverse(f"norms:{name}"))

    assert len(three) == len(one)


def test_the_list_says_what_nobody_has_verified_and_what_rests_on_ended_texts(reader):
    base = InstrumentFactory(number="26/2014/TTLT", valid_to=dt.date(2024, 1, 1))
    LinkFactory(instrument=InstrumentFactory(number="1648/QĐ-UBND", verified="press"), target=base)

    page = reader.get(reverse("norms:list")).content.decode()

    assert "Chưa kiểm chứng" in page
    assert "Văn bản dựa trên văn bản đã hết hiệu lực" in page
    assert "hết hiệu lực từ 01/01/2024" in page


def test_texts_are_found_without_accents(reader):
    wanted = InstrumentFactory(title="Mức chi khuyến công Đắk Lắk", number="1/NQ")
    InstrumentFactory(title="Việc khác", number="2/NQ")

    page = reader.get(reverse("norms:list"), {"q": "muc chi dak"}).content.decode()

    assert str(wanted) in page
    assert "2/NQ" not in page


@pytest.mark.parametrize(("day", "found"), [("10/05/2018", "200"), ("11/05/2018", "300")])
def test_rows_of_a_day(reader, day, found):
    line = LineFactory()
    SupportNormFactory(line=line, valid_from=dt.date(2014, 4, 8), valid_to=dt.date(2018, 5, 11), cap=200_000_000)
    SupportNormFactory(line=line, valid_from=dt.date(2018, 5, 11), cap=300_000_000)

    rows = reader.get(reverse("norms:rows"), {"on": day}).context["list"].records

    assert [row.cap for row in rows] == [int(found) * 1_000_000]


def test_rows_of_a_province(reader, province):
    text = InstrumentFactory(provincial=True, province=province)
    own = SupportNormFactory(instrument=text, level="provincial", province=province)
    SupportNormFactory()

    assert reader.get(reverse("norms:rows"), {"province": province.pk}).context["list"].records == [own]


def test_a_page_shows_its_rows_and_no_buttons_to_readers(reader):
    row = SupportNormFactory(activity="Máy rang cà phê")

    page = reader.get(reverse("norms:page", args=[row.instrument_id])).content.decode()

    assert "Máy rang cà phê" in page
    assert "tối đa 50%, không quá 200 triệu đồng" in page
    assert reverse("norms:end", args=[row.instrument_id]) not in page
    assert reverse("norms:verify_row", args=["supportnorm", row.pk]) not in page


def test_a_page_asks_as_often_for_three_rows_as_for_one(manager, django_assert_max_num_queries):
    text = InstrumentFactory()
    SupportNormFactory(instrument=text)
    with django_assert_max_num_queries(25) as one:
        manager.get(reverse("norms:page", args=[text.pk]))
    SupportNormFactory(instrument=text)
    SupportNormFactory(instrument=text)

    with django_assert_max_num_queries(25) as three:
        manager.get(reverse("norms:page", args=[text.pk]))

    assert len(three) == len(one)


def test_the_pages_of_acts_are_for_who_keeps_the_law_there(reader, client, province):
    row = SupportNormFactory()
    on_text, on_row = [row.instrument_id], ["supportnorm", row.pk]
    pages = [reverse("norms:add"), reverse("norms:add_row", args=[*on_text, "supportnorm"])]
    pages += [reverse(f"norms:{name}", args=on_text) for name in ("end", "verify", "link")]
    pages += [reverse(f"norms:{name}_row", args=on_row) for name in ("end", "succeed", "verify", "correct")]

    assert {reader.get(page).status_code for page in pages} == {403}
    client.force_login(person("administrator", place=province))
    assert [client.get(page).status_code for page in pages] == [200, *[403] * 8]
    client.force_login(person("administrator", country=True))
    assert {client.get(page).status_code for page in pages} == {200}


def test_readers_change_nothing(reader):
    row = SupportNormFactory()
    for name, args in (
        ("end", [row.instrument_id]),
        ("verify", [row.instrument_id]),
        ("add_row", [row.instrument_id, "supportnorm"]),
        ("end_row", ["supportnorm", row.pk]),
    ):
        answer = reader.post(
            reverse(f"norms:{name}", args=args),
            {"valid_to": "01/01/2027", "mark": "yes", "source": "x", "line": row.line_id, "valid_from": "01/01/2028"},
        )
        assert answer.status_code in (403, 422)
    row.refresh_from_db()
    assert (row.valid_to, SupportNorm.objects.count()) == (None, 1)


def test_an_administrator_adds_a_text_and_its_row(manager, province):
    answer = manager.post(
        reverse("norms:add"),
        {
            "kind": "resolution",
            "number": "12/2026/NQ-HĐND",
            "title": "Mức chi khuyến công",
            "body": "HĐND tỉnh Đắk Lắk",
            "level": "provincial",
            "province": province.pk,
            "signed_on": "10/07/2026",
            "valid_from": "20/07/2026",
        },
    )
    text = Instrument.objects.get()
    assert answer.headers["Location"] == reverse("norms:page", args=[text.pk])

    manager.post(
        reverse("norms:add_row", args=[text.pk, "supportnorm"]),
        {
            "line": LineFactory().pk,
            "percent": "40",
            "cap": "250 triệu",
            "article": "Điều 3",
            "valid_from": "20/07/2026",
        },
    )

    row = SupportNorm.objects.get()
    assert (row.cap, row.percent, row.province, row.verified) == (250_000_000, 40, province, "no")


def test_an_overlap_comes_back_as_a_sentence_over_the_filled_form(manager):
    held = SupportNormFactory()

    answer = manager.post(
        reverse("norms:add_row", args=[held.instrument_id, "supportnorm"]),
        {
            "line": held.line_id,
            "article": "Điều 5",
            "percent": "40",
            "valid_from": "01/01/2021",
        },
    )

    assert answer.status_code == 422
    assert "Trùng thời gian hiệu lực" in answer.content.decode()
    assert SupportNorm.objects.count() == 1


@pytest.mark.parametrize(
    "kind",
    [
        "supportnorm",
        "advancenorm",
        "placerule",
        "sectorrow",
        "priorityrow",
        "deadlinerow",
        "approverrow",
        "changeauthority",
        "grouprule",
        "selectionrule",
    ],
)
def test_every_kind_of_row_has_its_form(manager, kind):
    assert manager.get(reverse("norms:add_row", args=[InstrumentFactory().pk, kind])).status_code == 200


def test_a_kind_that_does_not_exist_is_not_found(manager):
    assert manager.get(reverse("norms:add_row", args=[InstrumentFactory().pk, "line"])).status_code == 404


def test_verifying_ending_linking_and_correcting_by_form(manager):
    row, other = SupportNormFactory(verified="no", cap=35_000_000), InstrumentFactory()
    text = row.instrument

    manager.post(
        reverse("norms:correct_row", args=["supportnorm", row.pk]),
        {
            "line": row.line_id,
            "percent": "50",
            "cap": "36.000.000",
            "article": row.article,
            "valid_from": "01/01/2020",
            "reason": "đọc nhầm",
        },
    )
    manager.post(reverse("norms:verify_row", args=["supportnorm", row.pk]), {"mark": "yes", "source": "Công báo"})
    manager.post(reverse("norms:end_row", args=["supportnorm", row.pk]), {"valid_to": "01/01/2027"})
    manager.post(reverse("norms:link", args=[text.pk]), {"kind": "based_on", "target": other.pk})
    manager.post(reverse("norms:verify", args=[text.pk]), {"mark": "yes", "source": "Công báo"})
    manager.post(reverse("norms:end", args=[text.pk]), {"valid_to": "01/01/2027"})

    row.refresh_from_db()
    text.refresh_from_db()
    assert (row.cap, row.verified, row.valid_to) == (36_000_000, "yes", dt.date(2027, 1, 1))
    assert (text.valid_to, list(text.links.all())) == (dt.date(2027, 1, 1), [other])


def test_the_calculator_answers_in_a_sentence(reader):
    SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True))

    page = reader.get(
        reverse("norms:maximum"), {"line": "MMTB", "cost": "500 triệu", "on": "22/11/2026", "level": "national"}
    )

    assert page.context["answer"].maximum == 200_000_000
    assert "50% × 500 = 250; không quá 200 (" in page.content.decode()


def test_the_calculator_names_an_amendment_that_nobody_could_read(reader):
    row = SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True))
    amending = InstrumentFactory(number="64/2024/TT-BTC", verified="no", valid_from=dt.date(2024, 12, 31))
    LinkFactory(instrument=amending, target=row.instrument, kind="amends")
    asked = {"line": "MMTB", "cost": "500 triệu", "level": "national"}

    after = reader.get(reverse("norms:maximum"), asked | {"on": "22/11/2026"}).content.decode()
    before = reader.get(reverse("norms:maximum"), asked | {"on": "30/12/2024"}).content.decode()

    assert f"Thông tư 64/2024/TT-BTC sửa đổi {row.instrument}; nội dung sửa đổi chưa đọc được" in after
    assert "64/2024/TT-BTC" not in before


def test_the_calculator_names_what_is_wrong(reader):
    page = reader.get(
        reverse("norms:maximum"), {"line": "MMTB", "cost": "nhiều", "on": "22/11/2026", "level": "national"}
    )

    assert page.status_code == 422
    assert "Nhập số tiền" in page.content.decode()


def test_search_finds_texts(reader):
    InstrumentFactory(number="28/2018/TT-BTC", title="Quản lý kinh phí")

    assert "28/2018/TT-BTC" in reader.get(reverse("search"), {"q": "28/2018"}).content.decode()


def test_units_are_not_needed_to_see_the_law(reader):
    assert Unit.objects.count() == 1
    assert reader.get(reverse("norms:rows")).status_code == 200


def test_a_remark_of_many_rows_is_told_once(reader):
    text = InstrumentFactory()
    for _ in range(3):
        SupportNormFactory(instrument=text, note="Thông tư mới có sửa")

    page = reader.get(reverse("norms:page", args=[text.pk])).content.decode()

    assert page.count("Thông tư mới có sửa") == 1


def test_ended_rows_are_put_away(reader):
    text = InstrumentFactory()
    SupportNormFactory(instrument=text, valid_to=dt.date(2026, 11, 22))
    SupportNormFactory(instrument=text, valid_to=dt.date(2026, 11, 23))

    (group,) = reader.get(reverse("norms:page", args=[text.pk])).context["groups"]

    assert (len(group["now"]), len(group["past"])) == (1, 1)


def test_a_condition_tells_its_threshold_and_its_kinds_on_the_page_of_its_text(reader):
    text = InstrumentFactory()
    ConditionFactory(instrument=text, code="LD", kind="labour_intensive", number=50, kinds="machinery,demonstration")
    ConditionFactory(instrument=text, code="DB", kind="place", number=None, kinds="")

    page = reader.get(reverse("norms:page", args=[text.pk])).content.decode()

    assert "Bắt buộc, từ 50 lao động; áp dụng: Ứng dụng máy móc tiên tiến; Mô hình trình diễn kỹ thuật" in page
    assert "Bắt buộc; áp dụng: mọi dạng hỗ trợ cơ sở" in page


@pytest.mark.parametrize(("offset", "told"), [(-1, "ngày 20/6 năm trước"), (0, "ngày 20/6"), (1, "ngày 20/6 năm sau")])
def test_a_yearly_day_says_in_which_year_it_lies(offset, told):
    assert value_of(DeadlineRowFactory.build(month=6, day=20, year_offset=offset, instrument=None)) == told
