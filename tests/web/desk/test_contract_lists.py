"""Voucher lists pasted or sent as Excel: previewed, told what is wrong, then written."""

import io

import openpyxl
import pytest

from khuyencong.contracts.models import (
    Voucher,
)
from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.web.desk.given_contracts import LIST, text_of, url

pytestmark = pytest.mark.django_db


def test_a_pasted_list_is_previewed_then_written(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": LIST})
    assert (preview.status_code, Voucher.objects.count()) == (200, 0)
    assert "2 dòng chứng từ, cộng 620.000.000 đồng." in text_of(preview)
    assert 'name="ghi"' in text_of(preview)
    assert preview.context["form"]["pasted"].value() == LIST

    sent = {"source": "local", "pasted": preview.context["form"]["pasted"].value(), "ghi": "1"}
    assert client.post(url("paste_vouchers", c.project), sent).status_code == 302
    assert sorted(Voucher.objects.values_list("source", "amount")) == [
        ("counterpart", 320 * MILLION),
        ("local", 300 * MILLION),
    ]


def test_a_list_beyond_the_grant_says_so_before_it_is_written_and_afterwards(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    facts = {"source": "local", "pasted": LIST.replace("300000000", "350000000")}
    told = (
        "Khuyến công địa phương kê 350.000.000 đồng, nhiều hơn số được duyệt 300.000.000 đồng là 50.000.000 đồng; phần nhiều "
        "hơn không được quyết toán từ nguồn này."
    )

    assert told in text_of(client.post(url("paste_vouchers", c.project), facts))
    client.post(url("paste_vouchers", c.project), facts | {"ghi": "1"})
    assert told in text_of(client.get(url("vouchers", c.project)))
    within = client.post(
        url("paste_vouchers", c.project), {"source": "counterpart", "pasted": LIST.replace("118", "119")}
    )
    assert "nhiều hơn số được duyệt" in text_of(within)  # with what stands already


def test_a_faulty_list_names_its_cells_and_cannot_be_confirmed(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    faulty = LIST.replace("25/06/2026", "31/12/2025")

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty})
    assert preview.status_code == 422
    assert '<td class="kc-num">A2</td>' in text_of(preview)
    assert 'name="ghi"' not in text_of(preview)

    forced = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty, "ghi": "1"})
    assert (forced.status_code, Voucher.objects.count()) == (422, 0)


def test_the_marked_list_is_fetched_by_who_sent_it_and_nobody_else(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    faulty = LIST.replace("0100233488", "0100233489")

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty})
    marked = preview.context["marked"]

    assert f'href="{marked}"' in text_of(preview)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(marked).streaming_content))).active
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["E2"]
    for other, status in ((c.people.accountant, 404), (c.people.appraiser, 403), (c.people.stranger, 404)):
        client.force_login(other)
        assert client.get(marked).status_code == status


def test_a_list_without_a_head_says_what_it_needs(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)

    answer = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": "a\tb\n1\t2"})

    assert answer.status_code == 422
    assert "không có dòng tiêu đề với các cột" in text_of(answer)
