import pytest

from khuyencong.base import clock
from khuyencong.contracts import operations as contracts
from khuyencong.contracts import queries
from khuyencong.projects.models import Project
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries import tasks
from tests.contracts.conftest import MILLION, Case, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.establishments import SupportedItemFactory
from tests.factories.norms import LineFactory, SupportNormFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def early(case):  # noqa: F811
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    purchase = c.buy(c.sign(beneficiary), signed_on=day(3, 31))
    return c, beneficiary, url("clear_order", c.project, f"purchase:{purchase.pk}")


# ---- days in an order that cannot be ----


def test_an_impossible_order_shuts_the_acceptance_until_the_department_lets_it_pass(client, early):
    c, beneficiary, clear = early
    client.force_login(c.people.department)

    page = text_of(client.get(url("page", c.project)))
    assert "Hợp đồng mua “Máy sấy” ký ngày 31/03/2026 trước hợp đồng hỗ trợ ngày 01/04/2026." in page
    assert f'href="{clear}"' in page
    assert f'href="{url("accept_one", c.project, beneficiary.pk)}"' not in page

    answer = client.post(clear, {"reason": "Cơ sở mua trước để kịp mùa vụ", "on": "01/07/2026"})
    assert answer.status_code == 302

    page = text_of(client.get(url("page", c.project)))
    assert "Cơ sở mua trước để kịp mùa vụ" in page
    assert f'href="{clear}"' not in page
    assert f'href="{url("accept_one", c.project, beneficiary.pk)}"' in page
    assert client.get(clear).status_code == 404


def test_an_order_is_not_let_pass_without_a_reason(client, early):
    c, _beneficiary, clear = early
    client.force_login(c.people.appraiser)

    answer = client.post(clear, {"reason": "vội", "on": "01/07/2026"})

    assert answer.status_code == 422
    assert "Hãy ghi rõ lý do chấp nhận ngoại lệ" in text_of(answer)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("accountant", 403), ("stranger", 404)])
def test_others_see_the_order_and_no_way_past_it(client, early, who, status):
    c, _beneficiary, clear = early
    client.force_login(getattr(c.people, who))

    assert client.get(clear).status_code == status
    if status == 403:
        assert "Chờ Sở xem xét" in text_of(client.get(url("page", c.project)))


# ---- machines and invoices supported before ----


@pytest.mark.parametrize(("who", "clears"), [("appraiser", True), ("officer", False)])
def test_a_machine_supported_elsewhere_is_shown_and_let_pass_by_the_department(client, case, who, clears):  # noqa: F811
    c = case()
    c.running()
    SupportedItemFactory(
        serial="TQ-118", establishment__name="Cơ sở Tân Phát", establishment__province=ProvinceFactory()
    )
    [twin] = queries.twins_of(c.project)
    clear = url("clear_twin", c.project, twin.key)
    client.force_login(getattr(c.people, who))

    page = text_of(client.get(url("twins", c.project)))
    assert "Số máy “TQ-118” đã được Nhà nước hỗ trợ" in page and "Tân Phát" not in page
    assert (f'href="{clear}"' in page) is clears
    assert client.get(clear).status_code == (200 if clears else 403)
    if clears:
        assert client.post(clear, {"reason": "Đã đối chiếu, hãng đánh số trùng", "on": "01/07/2026"}).status_code == 302
        assert "Đã đối chiếu, hãng đánh số trùng" in text_of(client.get(url("twins", c.project)))
        assert client.get(clear).status_code == 404


def test_a_project_cut_in_two_is_shown_at_the_advance_and_let_pass_by_the_department(client, case):  # noqa: F811
    c = case(level="national", national=300 * MILLION, local=0)
    c.running()
    SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True), level="national", cap=400 * MILLION, percent=None)
    facts = {"norm_line": "MMTB", "kind": c.project.kind, "year": c.project.year}
    Project.objects.filter(pk=c.project.pk).update(**facts)
    second = ProjectFactory(level="national", national=150 * MILLION, local=0, approved=True, **facts)
    who = c.project.beneficiaries.get().establishment
    BeneficiaryFactory(project=second, establishment=who, national=150 * MILLION, local=0)
    sentence = f"{second.code}: 150.000.000 đồng), cộng 450.000.000 đồng, vượt mức tối đa 400.000.000"
    client.force_login(c.people.accountant)
    asked = url("request_advance", c.project, c.envelope.pk)
    page = text_of(client.get(asked))
    assert sentence in page and "Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được." in page

    client.force_login(c.people.appraiser)
    page = text_of(client.get(url("twins", c.project)))
    assert sentence in page
    [found] = queries.paid_twice(c.fresh(), on=clock.today())
    clear = url("clear_twin", c.project, found.key)
    assert f'href="{clear}"' in page
    assert sentence in text_of(client.get(clear))
    assert client.post(clear, {"reason": "Hai dây chuyền khác nhau", "on": "01/07/2026"}).status_code == 302

    client.force_login(c.people.accountant)
    passed = f"{c.people.appraiser} cho qua: Hai dây chuyền khác nhau"
    assert passed in text_of(client.get(asked))
    asked_for = c.request(210 * MILLION)
    client.force_login(c.people.appraiser)
    assert passed in text_of(client.get(url("confirm_advance", c.project, asked_for.pk)))
    c.confirm(asked_for)
    client.force_login(c.people.agency)
    assert passed in text_of(client.get(url("pay_advance", c.project, asked_for.pk)))


def test_an_advance_of_a_project_that_was_stopped_is_only_sent_back(client, case):  # noqa: F811
    c = case()
    c.running()
    advance = c.confirm(c.request(100 * MILLION))
    waits = [task for task in tasks(c.people.accountant) if task.kind == TaskKind.PAY_ADVANCE]
    Project.objects.filter(pk=c.project.pk).update(state="stopped")
    client.force_login(c.people.accountant)

    page = text_of(client.get(url("page", c.project)))
    paying = client.get(url("pay_advance", c.project, advance.pk))

    assert waits and not [task for task in tasks(c.people.accountant) if task.kind == TaskKind.PAY_ADVANCE]
    assert url("pay_advance", c.project, advance.pk) not in page
    assert url("refuse_advance", c.project, advance.pk) in page
    assert "Đề án đang ở trạng thái “Ngừng thực hiện” nên không chuyển tạm ứng" in text_of(paying)
    client.post(
        url("refuse_advance", c.project, advance.pk), {"reason": "Đề án đã ngừng", "on": f"{day(7, 20):%d/%m/%Y}"}
    )
    advance.refresh_from_db()
    assert advance.state == "refused"


def test_what_comes_to_light_after_the_request_is_told_with_what_it_stops_before_anything_is_typed(client, case):  # noqa: F811
    c = case()
    c.running()
    advance = c.request(100 * MILLION)
    SupportedItemFactory(serial="TQ-118", establishment__province=ProvinceFactory())
    first = "Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được."
    waits = "Kế toán chưa chuyển được tiền cho tới khi có người của Sở cho qua."

    client.force_login(c.people.appraiser)
    confirming = text_of(client.get(url("confirm_advance", c.project, advance.pk)))
    c.confirm(advance)
    client.force_login(c.people.accountant)
    paying = text_of(client.get(url("pay_advance", c.project, advance.pk)))

    assert first in confirming and waits in confirming and "Kế toán chuyển được tiền." not in confirming
    assert first in paying

    [twin] = queries.twins_of(c.project)
    contracts.clear_twin(
        c.project, key=twin.key, reason="Đã đối chiếu, hãng đánh số trùng", by=c.people.appraiser, on=clock.today()
    )
    paying = text_of(client.get(url("pay_advance", c.project, advance.pk)))
    assert first not in paying and "cho qua: Đã đối chiếu, hãng đánh số trùng" in paying


def test_where_no_norm_is_loaded_the_page_does_not_say_that_nothing_is_over_it(client, case):  # noqa: F811
    c = case(level="provincial", national=0, local=300 * MILLION)
    c.running()
    LineFactory(code="MMTB", anywhere=True)
    facts = {"norm_line": "MMTB", "kind": c.project.kind, "year": c.project.year}
    Project.objects.filter(pk=c.project.pk).update(**facts)
    client.force_login(c.people.appraiser)

    alone = text_of(client.get(url("twins", c.project)))
    assert "vượt mức tối đa" not in alone
    assert "Chưa kiểm tra được việc chia nhỏ đề án theo mức tối đa:" in alone
    assert "chưa có quy định của tỉnh trong hệ thống" in alone

    second = ProjectFactory(province=c.project.province, local=150 * MILLION, approved=True, **facts)
    who = c.project.beneficiaries.get().establishment
    BeneficiaryFactory(project=second, establishment=who, national=0, local=150 * MILLION)
    told = text_of(client.get(url("twins", c.project)))
    assert f"{second.code}: 150.000.000 đồng), cộng 450.000.000 đồng. Chưa so được với mức tối đa" in told
    assert "Chỉ để xem xét, không chặn tạm ứng" in told


def test_the_page_of_duplicates_costs_the_same_for_one_and_three(client, case, django_assert_max_num_queries):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.appraiser)
    counts = []
    for several in (1, 2):
        SupportedItemFactory.create_batch(several, serial="TQ-118")
        client.get(url("twins", c.project))
        with django_assert_max_num_queries(20) as seen:
            page = client.get(url("twins", c.project))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert len(page.context["rows"]) == 3
