import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import engines

from khuyencong.web.common import parts
from khuyencong.web.common.icons import ICONS


def draw(source: str, **values) -> str:
    return engines["django"].from_string(source).render(values)


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("{{ 1234567|dong }}", "1.234.567"),
        ("{{ 425060000|million }}", "425,06"),
        ("{{ 0.734|percent }}", "73,4%"),
        ("{{ 0.5|percent }}", "50%"),
        ("{{ 3215000000|words }}", "Ba tỷ hai trăm mười lăm triệu đồng"),
        ("{{ 1234|number }}", "1.234"),
        ("{{ none|day }}{{ none|dong }}{{ none|percent }}{{ none|number }}", "––––"),
        ("{{ 0|dong_or_dash }} {{ 1234|dong_or_dash }}", "– 1.234"),
        ("{{ '1.00'|measure }} {{ '2.50'|measure }} {{ '1200'|measure }} {{ none|measure }}", "1 2,5 1.200 –"),
        ("{% money 1234567 %}", '<span class="kc-num">1.234.567 đ</span>'),
        ("{% million 0 1 %}", '–<i class="kc-dec" aria-hidden="true">,0</i>'),
        ("{% state 'Đang thực hiện' 'run' %}", '<span class="kc-state" data-s="run">Đang thực hiện</span>'),
        ("{% fact 'Hạn' %} {% endfact %}", "<div><dt>Hạn</dt><dd>–</dd></div>"),
    ],
)
def test_values_are_written_as_on_paper(source, drawn):
    assert draw(source, none=None) == drawn


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 11, 21), '<span class="kc-late">(quá hạn 1 ngày)</span>'),
        (dt.date(2026, 11, 22), '<span class="kc-warm">(hôm nay)</span>'),
        (dt.date(2026, 11, 25), '<span class="kc-warm">(còn 3 ngày)</span>'),
        (dt.date(2026, 11, 26), '<span class="kc-2nd">(còn 4 ngày)</span>'),
    ],
)
def test_a_deadline_says_the_day_and_what_is_left(day, said):
    assert draw("{% due day %}", day=day) == f'<span class="kc-num">{day:%d/%m/%Y}</span> {said}'


def test_what_people_typed_is_escaped_in_every_block():
    drawn = draw(
        "{% head t sub=t %}{{ t }}{% endhead %}{% panel t %}{{ t }}{% endpanel %}{% crumbs t '/' t %}"
        "{% nothing t %}{{ t }}{% endnothing %}{% fact t %}{{ t }}{% endfact %}",
        t="<b>x",
    )

    assert "<b>x" not in drawn
    assert drawn.count("&lt;b&gt;x") == 11


def test_missing_papers_come_first():
    items = [parts.Check("Có rồi", "ok"), parts.Check("Còn thiếu", "missing")]

    drawn = draw("{% checks items %}", items=items)

    assert drawn.index("Còn thiếu") < drawn.index("Có rồi")
    assert "Thiếu:" in drawn


@pytest.mark.parametrize(
    ("amounts", "decimals"),
    [([720_000_000], 0), ([720_000_000, 8_931_500_000], 1), ([425_060_000], 2), ([1_234_567], 3), ([None, 0], 0)],
)
def test_a_column_has_the_decimals_that_it_needs(amounts, decimals):
    assert parts.places(amounts) == decimals


def test_a_sparkline_stays_in_its_frame():
    assert parts.spark([1, 3, 2]) == "M0.0 26.0 L44.0 2.0 L88.0 14.0"


def test_every_drawing_can_be_drawn():
    assert all("<path" in draw("{% icon name %}", name=name) for name in ICONS)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-22 08:12", "hôm nay 08:12"),
        ("2026-11-21 16:05", "hôm qua 16:05"),
        ("2026-11-20 16:42", "20/11 16:42"),
        ("2025-11-22 08:12", "22/11/2025 08:12"),
    ],
)
def test_a_moment_not_long_ago_is_told_as_people_tell_it(moment, said):
    at = dt.datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    assert draw("{{ at|recent }}", at=at) == said


def test_the_first_step_that_leads_on_is_blue_and_ways_back_stand_last(rf):
    offers = [
        parts.Offer("Rút hồ sơ", url="/rut/", quiet=True),
        parts.Offer("Ký, gửi", url="/ky/"),
        parts.Offer("Sửa", url="/sua/"),
    ]

    drawn = draw("{% steps offers %}", offers=offers, request=rf.get("/"))

    assert [drawn.index(word) for word in ("/ky/", "/sua/", "/rut/")] == sorted(
        drawn.index(w) for w in ("/ky/", "/sua/", "/rut/")
    )
    assert drawn.count("btn-primary") == 1
    assert 'btn-primary w-100 mb-2" href="/ky/"' in drawn


def test_a_table_tells_each_cell_its_column_for_a_phone():
    page = draw(
        '{% table "Máy" %}<thead><tr><th>Tên</th><th class="n">Giá, <b>triệu</b></th></tr></thead>'
        "<tbody><tr><td>Máy sấy</td><td>120</td></tr><tr><td>Máy rang</td><td>80</td></tr></tbody>{% endtable %}"
    )

    assert page.count('<td data-label="Giá, triệu">') == 2
    assert "<td>Máy sấy</td>" in page and "kc-stack" in page


def test_the_row_of_sums_spans_and_the_table_still_stands_on_a_phone():
    page = draw(
        '{% table "Dự toán" %}<thead><tr><th>Nội dung</th><th>Đơn vị</th><th class="n">KCQG</th><th class="n">Cộng</th></tr>'
        '<tr class="sum"><td colspan="2">1 dòng</td><td class="n">–</td><td class="n">120</td></tr></thead>'
        '<tbody><tr><td>Máy</td><td>–</td><td class="n">–</td><td class="n">120</td></tr></tbody>{% endtable %}'
    )

    assert "kc-stack" in page
    assert '<td colspan="2">1 dòng</td><td data-label="KCQG" class="n kc-none">–</td>' in page
    assert page.count('<td data-label="Cộng" class="n">120</td>') == 2
    # what is none of a row stays in line on a screen and is left out by a phone
    assert '<td data-label="Đơn vị" class="kc-none">–</td><td data-label="KCQG" class="n kc-none">–</td>' in page


def test_a_button_in_a_row_does_not_keep_a_table_from_standing_on_a_phone():
    page = draw(
        '{% table "Bảng" %}<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td>'
        '<td><form method="post"><input type="hidden" name="token"><button>Thôi</button></form></td></tr></tbody>{% endtable %}'
    )

    assert "kc-stack" in page and '<td data-label="B">' in page


def test_sums_over_several_columns_and_fields_stand_on_a_phone_too():
    page = draw(
        '{% table "Dự toán" %}<thead><tr><th>Nội dung</th><th>Đơn vị</th><th class="n">Số lượng</th><th class="n">Cộng</th></tr>'
        '<tr class="sum"><td colspan="3">1 dòng</td><td class="n">12</td></tr></thead>'
        '<tbody><tr><td>Máy sấy</td><td><input name="unit"></td><td class="n">1</td><td class="n">12</td></tr>'
        '<tr class="total"><td colspan="2">Cộng</td><td class="n">1</td><td class="n">12</td></tr></tbody>{% endtable %}'
    )

    assert "kc-stack" in page
    assert '<td colspan="3">1 dòng</td><td data-label="Cộng" class="n">12</td>' in page
    assert '<td data-label="Đơn vị"><input name="unit"></td>' in page
    assert (
        '<td colspan="2">Cộng</td><td data-label="Số lượng" class="n">1</td><td data-label="Cộng" class="n">12</td>'
        in page
    )


def test_a_table_whose_cells_span_rows_scrolls_instead():
    page = draw(
        '{% table "Bảng" %}<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td rowspan="2">1</td><td>2</td></tr>'
        "<tr><td>3</td></tr></tbody>{% endtable %}"
    )

    assert "kc-stack" not in page and "data-label" not in page


def test_a_row_that_names_its_own_columns_is_left_as_it_is():
    page = draw(
        '{% table "Bảng" %}<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td>'
        '<td data-label="Riêng">2</td></tr></tbody>{% endtable %}'
    )

    assert page.count("data-label") == 1 and 'data-label="Riêng"' in page
