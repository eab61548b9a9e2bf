import re

import pytest

from khuyencong.places.models import Unit
from khuyencong.web.common.forms import PaperForm
from khuyencong.web.common.views import ONCE, WritesWhileReading, bind
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def acted() -> int:
    return Unit.objects.filter(code="00001").count()


def token(page) -> str:
    return re.search(rf'name="{ONCE}" value="([^"]+)"', page.content.decode())[1]


def test_a_reading_page_cannot_write(desk):
    with pytest.raises(WritesWhileReading):
        desk.get("/sai/")


def test_a_reading_page_answers_no_post(desk):
    assert desk.post("/ket-qua/").status_code == 405


def test_a_button_answers_no_get(desk):
    assert desk.get("/nut/").status_code == 405


def test_a_step_acts_and_goes_where_it_leads(desk):
    response = desk.post("/so-tien/", {"amount": "1.234"})

    assert (response.status_code, response["Location"], acted()) == (302, "/ket-qua/", 1)
    assert "Đã ghi." in desk.get("/ket-qua/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nhiều", "Nhập số tiền"),  # the form's own complaint
        ("1", "Không còn dự toán."),  # NotPossible
        ("2", "Vượt mức hỗ trợ."),  # Invalid, on its field
        ("4", "Đã có khoản này."),  # what a constraint says, on its field
        ("4", "Trái với sổ."),  # … and on a field that the form does not have
    ],
)
def test_a_refused_form_comes_back_filled_and_nothing_is_written(desk, typed, sentence):
    response = desk.post("/so-tien/", {"amount": typed, "on": "01/02/2026"})

    page = response.content.decode()
    assert (response.status_code, acted()) == (422, 0)
    assert sentence in page
    assert f'value="{typed}"' in page
    assert 'value="01/02/2026"' in page


def test_what_this_person_may_not_do_is_a_page_with_the_sentence(desk):
    response = desk.post("/so-tien/", {"amount": "3"})

    assert (response.status_code, acted()) == (403, 0)
    assert "Việc này thuộc Sở Công Thương." in response.content.decode()


def test_a_double_click_acts_once(desk):
    form = {"amount": "7", ONCE: token(desk.get("/so-tien/"))}

    first, second = desk.post("/so-tien/", form), desk.post("/so-tien/", form)

    assert (first["Location"], second["Location"], acted()) == ("/ket-qua/", "/ket-qua/", 1)
    assert "không làm lại lần nữa" in desk.get("/ket-qua/").content.decode()


def test_a_refused_form_can_be_sent_again_with_its_token(desk):
    form = {"amount": "1", ONCE: token(desk.get("/so-tien/"))}

    refused = desk.post("/so-tien/", form)

    assert token(refused) == form[ONCE]
    assert desk.post("/so-tien/", {**form, "amount": "9"}).status_code == 302
    assert acted() == 1


def test_another_form_of_the_same_page_has_another_token(desk):
    assert token(desk.get("/so-tien/")) != token(desk.get("/so-tien/"))


def test_a_button_acts_once_too(desk):
    desk.post("/nut/", {"amount": "7", ONCE: "x"})
    desk.post("/nut/", {"amount": "7", ONCE: "x"})

    assert acted() == 1


def test_a_refused_button_says_so_where_the_person_is(desk):
    response = desk.post("/nut/", {"amount": "1"}, headers={"Referer": "http://testserver/so-tien/"})

    assert (response["Location"], acted()) == ("http://testserver/so-tien/", 0)
    assert "Không còn dự toán." in desk.get("/so-tien/").content.decode()


def test_a_refused_button_never_leads_to_a_foreign_address(desk):
    response = desk.post("/nut/", {"amount": "1"}, headers={"Referer": "https://example.org/"})

    assert response["Location"] == "/"


def test_a_refusal_is_logged_once_without_its_words(desk, caplog, officer):
    with caplog.at_level("INFO", "khuyencong.web.refusal"):
        desk.post("/so-tien/", {"amount": "1"})

    assert [record.getMessage() for record in caplog.records if record.name == "khuyencong.web.refusal"] == [
        f"amount refused by NotPossible to {officer.pk}"
    ]


def test_a_form_begins_with_the_name_of_who_signs_only_where_it_needs_a_paper(rf):
    class MayHavePaper(PaperForm):
        paper_required = False

    shown, sent = rf.get("/"), rf.post("/", {"signer": "", "number": ""})
    shown.user = sent.user = person("department_director")

    assert bind(PaperForm, shown)["signer"].initial == str(shown.user)
    assert bind(MayHavePaper, shown)["signer"].initial is None
    assert bind(MayHavePaper, sent).is_valid()
