"""“Cơ sở của tôi được hỗ trợ gì?”: the answer holds for the place and the day, and says what it does not know."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.documents.operations import load_requirements
from khuyencong.places.models import UnitFact
from khuyencong.places.queries import forget
from tests.factories.norms import law as load_law
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.norms.conftest import corner

BEFORE, AFTER, CITY = "01/10/2025", "01/11/2025", "01/06/2026"


@pytest.fixture(scope="module")
def dong_nai(django_db_setup, django_db_blocker):
    """A corner of Đồng Nai: a ward of former Biên Hòa (class 1), a ward of former Long Khánh (class 3)."""
    with django_db_blocker.unblock(), transaction.atomic():
        corner()
        load_law()
        load_requirements()
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dong_nai")]


def ask(client, **more):
    facts = {"line": "MMTB", "cost": "500", "form": "household", "sector": "b", "on": AFTER}
    return client.get(reverse("portal:support"), {**facts, "place": "phường Tam Hiệp, Đồng Nai", **more})


def told(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("place", "on", "village", "said"),
    [
        # before 15/10/2025: a ward of a class-1 city only where it was a commune less than five years ago; nobody wrote that down
        ("phường Tam Hiệp, Đồng Nai", BEFORE, "", "Tối đa 250 triệu đồng nếu đủ điều kiện"),
        ("phường Xuân An, Đồng Nai", BEFORE, "", "Tối đa 250 triệu đồng"),  # class 3
        ("phường Tam Hiệp, Đồng Nai", AFTER, "", "Tối đa 250 triệu đồng"),  # a ward of a province
        ("phường Xuân An, Đồng Nai", AFTER, "", "Tối đa 250 triệu đồng"),
        ("phường Tam Hiệp, Đồng Nai", CITY, "", "Chưa đủ điều kiện được hỗ trợ"),  # a ward of a city
        ("phường Xuân An, Đồng Nai", CITY, "", "Chưa đủ điều kiện được hỗ trợ"),
        ("phường Tam Hiệp, Đồng Nai", CITY, "on", "Tối đa 250 triệu đồng"),  # in a recognised craft village
        ("xã Định Quán, Đồng Nai", CITY, "", "Tối đa 250 triệu đồng"),
    ],
)
def test_a_machine_of_500_million_in_two_wards_of_dong_nai_on_three_days(client, place, on, village, said):
    page = told(ask(client, place=place, on=on, **({"craft_village": village} if village else {})))

    assert f'<b class="big">{said}</b>' in page
    if said.startswith("Tối đa"):
        assert "50% × 500 = 250; không quá 300" in page


def test_what_is_not_known_is_named(client):
    UnitFact.objects.filter(name="city_class").delete()

    page = told(ask(client, place="phường Xuân An, Đồng Nai", on=BEFORE))

    assert "Còn thiếu để kết luận: loại đô thị của Thành phố Long Khánh." in page
    assert "Chưa kết luận được" in page


def test_a_craft_village_ticked_for_a_day_before_it_counted_is_answered_with_the_day_from_which_it_does(client):
    facts = {"place": "phường Tam Hiệp, Đồng Nai", "craft_village": "on"}
    said = "Làng nghề là căn cứ về địa bàn chỉ từ ngày 15/10/2025 (điểm a khoản 1 Điều 1 Nghị định 235/2025/NĐ-CP)"

    before = told(ask(client, on=BEFORE, **facts))

    assert said in before
    assert "Tối đa 250 triệu đồng nếu đủ điều kiện" in before  # by the old map, as without the tick
    assert said not in told(ask(client, on=BEFORE, place="phường Tam Hiệp, Đồng Nai"))
    assert said not in told(ask(client, on=AFTER, **facts))


def test_local_money_without_a_rule_of_the_province_gives_no_figure(client):
    page = told(ask(client))

    assert "chưa có quy định của tỉnh trong hệ thống" in page


@pytest.mark.parametrize(
    ("form", "on", "said"),
    [
        ("cooperative_union", "14/10/2025", "Chưa đủ điều kiện được hỗ trợ"),
        ("cooperative_union", "15/10/2025", "Tối đa 250 triệu đồng"),
    ],
)
def test_a_union_of_cooperatives_is_helped_from_the_day_of_the_new_decree(client, form, on, said):
    page = told(ask(client, form=form, on=on, place="xã Trảng Bom, Đồng Nai"))

    assert f'<b class="big">{said}' in page


@pytest.mark.parametrize("sector", ["other", "burnt_clay_bricks"])
def test_a_trade_outside_the_list_is_refused_with_the_article(client, sector):
    page = told(ask(client, sector=sector))

    assert "không thuộc ngành nghề được hỗ trợ" in page and "Chưa đủ điều kiện được hỗ trợ" in page


def test_papers_and_days_are_told_with_their_articles(client):
    page = told(ask(client))

    assert "Giấy chứng nhận đăng ký kinh doanh của đơn vị thụ hưởng" in page
    assert "trước 20/06/2026" in page


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (
            "19/06/2026",
            "Sở gửi danh mục đăng ký đề án đến Cục (kế hoạch năm 2027)",
        ),
        ("20/06/2026", "Sở gửi danh mục đăng ký đề án đến Cục (kế hoạch năm 2028)"),
    ],
)
def test_the_day_told_is_the_next_that_is_not_past(client, on, said):
    page = told(ask(client, on=on))

    assert said in page and ("trước 20/06/2026" in page) == (on == "19/06/2026")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"cost": "0"}, None),
        ({"cost": "-5"}, None),
        ({"on": "29/02/2026"}, None),
        ({"line": "KHONG_CO"}, None),
        ({"form": ""}, None),
        ({"place": "x" * 301}, None),
    ],
)
def test_a_wrong_question_comes_back_filled(client, wrong, sentence):
    answer = ask(client, **wrong)

    assert answer.status_code == 422
    assert "kc-error" in answer.content.decode() or "aria-invalid" in answer.content.decode()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("xyz", "Không nhận ra “xyz”: hãy ghi tên xã, phường và tên tỉnh"),
        ("Đồng Nai", "Chưa rõ xã, phường, đặc khu nào của thành phố Đồng Nai: hãy ghi thêm"),
    ],
)
def test_a_place_that_cannot_be_told_is_not_guessed_and_says_what_to_write(client, place, sentence):
    page = told(ask(client, place=place))

    assert sentence in page and "Chưa kết luận được" in page


def test_the_page_on_paper_says_what_was_asked(client):
    page = told(ask(client, craft_village="on", cost="1.250"))

    assert '<p class="printed">Bạn định làm gì: Ứng dụng máy móc' in page
    assert (
        "Chi phí, triệu đồng: 1.250; Nơi sản xuất: phường Tam Hiệp, Đồng Nai; Cơ sở của bạn là: Hộ kinh doanh;" in page
    )
    assert f"Xét theo quy định ngày: {AFTER}; Trong làng nghề được UBND cấp tỉnh công nhận: có.</p>" in page


def test_a_name_of_several_provinces_asks_for_the_province(client):
    for _ in range(2):
        CommuneFactory(name="Suối Tiên", full_name="Xã Suối Tiên", province=ProvinceFactory())
    forget()

    page = told(ask(client, place="xã Suối Tiên"))
    forget()

    assert "“xã Suối Tiên” có ở 2 tỉnh, thành phố: hãy ghi thêm tên tỉnh" in page
    assert "địa điểm sản xuất (xã, phường, đặc khu)" in page


@pytest.mark.parametrize(("on", "status"), [("04/07/2012", 422), ("05/07/2012", 200)])
def test_a_day_of_no_rule_is_told_at_the_day(client, on, status):
    answer = ask(client, on=on)

    assert answer.status_code == status
    said = f"Hệ thống chưa có quy định về khuyến công của ngày {on}. Hãy chọn ngày khác."
    assert (said in answer.content.decode()) is (status == 422)
    assert "lựa chọn hợp lệ" not in answer.content.decode()


def test_who_is_shut_out_is_not_told_what_is_missing_for_an_answer(client):
    page = told(ask(client, place="xyz", sector="other"))

    assert "Chưa đủ điều kiện được hỗ trợ" in page and "Còn thiếu để kết luận" not in page
    assert "nêu lý do và điều khoản" in page and "Mức thật" not in page
    answer = page[page.index('id="tra-loi"') : page.index("Tính thế nào")]
    assert "Ngành nghề ngoài danh mục: không thuộc ngành nghề được hỗ trợ." in answer  # why, where the answer is


def test_a_phone_comes_down_to_the_answer_and_finds_first_the_papers_it_brings_itself(client):
    page = told(ask(client))

    assert f'action="{reverse("portal:support")}#tra-loi"' in page
    own, others = page.index("Cơ sở chuẩn bị"), page.index("Trung tâm Khuyến công hoặc đơn vị thực hiện lập")
    assert own < page.index("Cam kết của đơn vị thụ hưởng bảo đảm phần kinh phí đối ứng") < others
    assert others < page.index("Đề án khuyến công gồm tám phần")


def test_the_page_needs_no_account_and_writes_nothing(client):
    with CaptureQueriesContext(connection) as queries:
        ask(client)

    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(queries) <= 40


def test_an_empty_question_is_only_a_form(client):
    assert "Tính thế nào" not in told(client.get(reverse("portal:support")))


def test_the_address_of_the_public_pages_alone_leads_to_the_look_up(client):
    assert client.get("/cong-khai/", follow=True).request["PATH_INFO"] == reverse("portal:support")
