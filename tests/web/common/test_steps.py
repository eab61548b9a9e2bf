"""The page of a step, and a step taken inside the record's page."""

import pytest

from khuyencong.places.models import Unit

pytestmark = pytest.mark.django_db
INSIDE = {"HX-Request": "true", "X-Kc-Panel": "so-tien"}


def text(answer) -> str:
    return answer.content.decode()


def test_a_step_is_a_page_with_its_way_up_and_its_one_button(desk):
    page = text(desk.get("/trong-trang/"))

    assert '<a href="/ket-qua/">Hồ sơ</a> / Sửa số tiền</nav>' in page
    assert "<h1>Sửa số tiền</h1>" in page
    assert page.count('type="submit">Ghi</button><a href="/ket-qua/">Để sau</a>') == 1
    assert "hx-post" not in page


def test_in_a_panel_the_same_step_is_its_form_alone(desk):
    part = text(desk.get("/trong-trang/", headers=INSIDE))

    assert part.strip().startswith('<section class="kc-sec kc-inside" id="so-tien"')
    assert "<h1" not in part
    assert '<form id="lam" method="post" action="/trong-trang/"' in part
    assert 'hx-post="/trong-trang/" hx-target="#noi-dung"' in part
    assert 'href="/ket-qua/" hx-get="/ket-qua/" hx-target="#so-tien"' in part  # the way out puts the panel back


def test_a_refusal_comes_back_into_the_panel(desk):
    answer = desk.post("/trong-trang/", {"amount": "2"}, headers=INSIDE)

    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reselect"]) == (422, "#so-tien", "#so-tien")
    assert "Vượt mức hỗ trợ." in text(answer)
    assert text(answer).strip().startswith("<section")
    assert not Unit.objects.filter(code="00001").exists()


def test_when_the_act_is_done_the_record_comes(desk):
    answer = desk.post("/trong-trang/", {"amount": "1.234"}, headers=INSIDE)

    assert (answer.status_code, answer["Location"]) == (302, "/ket-qua/")
    assert "HX-Retarget" not in answer
    assert Unit.objects.get(code="00001").name == "1234"


def test_another_panel_gets_no_part(desk):
    page = text(desk.get("/trong-trang/", headers={"HX-Request": "true", "X-Kc-Panel": "khac"}))

    assert "<h1>Sửa số tiền</h1>" in page
