from dataclasses import replace

import pytest
from django.db import connection

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Voucher
from khuyencong.contracts.operations import vouchers
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import VoucherFactory
from tests.factories.projects import BeneficiaryFactory

from .conftest import MILLION, day, paper

pytestmark = pytest.mark.django_db


def fault_of(c, *rows):
    with pytest.raises(Invalid) as refusal:
        c.vouch(*rows)
    assert list(refusal.value.fields) == ["rows"]
    return refusal.value.fields["rows"]


def test_a_list_is_entered_whole_and_remembered(case):
    c = case()
    c.running()

    made = c.vouch()

    assert [(v.source, v.amount, v.key) for v in made] == [
        ("local", 300 * MILLION, "0100233488|1C26TTN|118"),
        ("counterpart", 320 * MILLION, "0100233488|1C26TTN|118"),
    ]
    [event] = Event.objects.filter(action="voucher.add")
    assert (event.data["count"], event.data["amount"]) == (2, 620 * MILLION)


def test_one_wrong_line_keeps_the_whole_list_out(case):
    c = case()
    c.running()

    assert fault_of(c, c.row(), c.row(0, number="119")) == "Dòng 2: số tiền phải lớn hơn 0."
    assert Voucher.objects.count() == 0


def test_the_same_invoice_twice_in_one_list_is_named(case):
    c = case()
    c.running()

    assert fault_of(c, c.row(), c.row(number="00118", symbol="1c26ttn")) == (
        "Dòng 2: hoá đơn 1C26TTN 00118 đã có ở Dòng 1."
    )


def test_the_same_invoice_in_another_project_is_named_with_it(case):
    c = case()
    c.running()
    other = VoucherFactory(number="118")

    assert fault_of(c, c.row(source="counterpart")) == (
        f"Dòng 1: hoá đơn 1C26TTN 118 đã có trong đề án {other.project.code}."
    )


def test_the_same_invoice_entered_again_is_named(case):
    c = case()
    c.running()
    c.vouch(c.row())

    assert fault_of(c, c.row()) == f"Dòng 1: hoá đơn 1C26TTN 118 đã có trong đề án {c.project.code}."


def test_an_invoice_taken_off_its_list_is_free_again(case):
    c = case()
    c.running()
    [voucher] = c.vouch(c.row())
    operations.remove_voucher(voucher, reason="Nhập nhầm", by=c.people.officer)

    assert c.vouch(c.row())[0].amount == 300 * MILLION


@pytest.mark.parametrize(("theirs", "mine"), [("1C26TTN", ""), ("", "1C26TTN")])
def test_an_invoice_without_its_symbol_is_asked_about_where_another_has_its_number(case, theirs, mine):
    """A list without the column of symbols shows no invoice twice by its key."""
    c = case()
    c.running()
    other = VoucherFactory(number="0118", symbol=theirs)
    asked = c.row(symbol=mine)

    assert fault_of(c, asked).startswith(
        f"Dòng 1: đề án {other.project.code} có hoá đơn cùng bên bán, cùng số {asked.number}, một bên không ghi ký hiệu"
    )
    assert c.vouch(replace(asked, sure=True))[0].symbol == mine


def test_an_invoice_of_a_branch_without_its_symbol_is_asked_about_too(case):
    c = case()
    c.running()
    branch = "0100233488-001"
    other = VoucherFactory(number="0118", symbol="1C26TTN", seller_tax_code=branch)

    told = fault_of(c, replace(c.row(symbol=""), seller_tax_code=branch))

    assert told.startswith(f"Dòng 1: đề án {other.project.code} có hoá đơn cùng bên bán, cùng số 118,")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="another database reads an empty table as it likes")
def test_invoices_without_symbol_are_compared_by_an_index(db):
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        queries.invoices_near(["0100233488||118", "0100233488001|1C26TTN|7"])
    [(sql, params)] = asked
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        told = " ".join(str(row) for row in cursor.fetchall())

    assert ("contracts_voucher_seller" in told, "SCAN contracts_voucher" in told) == (True, False)


def test_other_numbers_sellers_and_symbols_are_other_invoices(case):
    c = case()
    c.running()
    VoucherFactory(number="118", symbol="1C26TAA")
    VoucherFactory(number="119", symbol="")

    assert len(c.vouch(c.row(), c.row(symbol="", number="120"))) == 2


def test_one_list_does_not_name_an_invoice_with_and_without_its_symbol(case):
    c = case()
    c.running()

    told = fault_of(c, c.row(), c.row(source="counterpart", symbol=""))

    assert told.startswith("Dòng 2: chính bảng kê này có hoá đơn cùng bên bán, cùng số 118,")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"amount": 0}, "số tiền phải lớn hơn 0."),
        ({"amount": -1}, "số tiền phải lớn hơn 0."),
        ({"content": " "}, "thiếu nội dung."),
        ({"source": "?"}, "chưa rõ nguồn kinh phí."),
        ({"on": day(11, 23)}, "ngày 23/11/2026 chưa tới."),
        ({"on": day(12, 31, 2025)}, "chứng từ ngày 31/12/2025 ngoài năm ngân sách 2026 nên không quyết toán được."),
        ({"on": day(3, 19)}, "ngày 19/03/2026 trước ngày ký hợp đồng (20/03/2026)."),
        ({"number": ""}, "hoá đơn phải có số và mã số thuế bên bán."),
        ({"seller_tax_code": ""}, "hoá đơn phải có số và mã số thuế bên bán."),
        (
            {"seller_tax_code": "0100233489"},
            "Mã số thuế 0100233489 không đúng số kiểm tra. Hãy xem lại từng chữ số.",
        ),
        (
            {"seller_tax_code": "010023348"},
            "Mã số thuế có 9 chữ số; phải là 10 số, 13 số hoặc 12 số (số căn cước).",
        ),
        (
            {"seller_tax_code": "0100233489", "kind": "cash", "number": ""},
            "Mã số thuế 0100233489 không đúng số kiểm tra. Hãy xem lại từng chữ số.",
        ),
    ],
)
def test_what_a_line_may_not_be(case, facts, sentence):
    c = case()
    c.running()

    assert fault_of(c, replace(c.row(), **facts, where="B7")) == f"B7: {sentence}"


@pytest.mark.parametrize(("on", "fine"), [(day(12, 31, 2025), True), (day(1, 1), False)])
def test_the_last_day_of_the_year_and_the_first_of_the_next(case, on, fine):
    c = case(year=2025)
    c.assign(on=day(3, 20, 2025), paper=paper("assignment", day(3, 20, 2025)))
    beneficiary = c.beneficiary(approved_on=day(3, 12, 2025))
    c.sign(beneficiary, on=day(4, 1, 2025))

    if fine:
        assert c.vouch(c.row(on=on))[0].on == on
    else:
        assert "ngoài năm ngân sách 2025" in fault_of(c, c.row(on=on))


def test_money_carried_over_opens_its_year(case):
    c = case(year=2025)
    c.assign(on=day(3, 20, 2025), paper=paper("assignment", day(3, 20, 2025)))
    c.sign(c.beneficiary(approved_on=day(3, 12, 2025)), on=day(4, 1, 2025))
    next_year = EnvelopeFactory(province=c.land.province, year=2026)
    EntryFactory(envelope=next_year, kind="committed", amount=1, project=c.project)

    assert c.vouch(c.row(on=day(1, 1)))[0].on == day(1, 1)


def test_a_voucher_of_somebody_elses_beneficiary_is_refused(case):
    c = case()
    c.running()
    other = BeneficiaryFactory(approved=True)

    assert "không phải đơn vị thụ hưởng của đề án này" in fault_of(c, replace(c.row(), beneficiary=other))


def test_a_tax_code_is_kept_in_one_form_however_it_is_typed(case):
    c = case()
    c.running()

    [voucher] = c.vouch(c.row(seller_tax_code=" 0314409058 - 002 "))

    assert voucher.seller_tax_code == "0314409058-002"
    assert "đã có trong đề án" in fault_of(c, c.row(seller_tax_code="0314409058002"))


def test_a_receipt_list_needs_no_invoice_number(case):
    c = case()
    c.running()

    [voucher] = c.vouch(c.row(kind="receipt_list", number="", seller_tax_code=""))

    assert voucher.key == ""


def test_a_long_list_asks_as_few_questions_as_a_short_one(case, django_assert_num_queries):
    c = case()
    c.running()

    with django_assert_num_queries(4):
        vouchers.voucher_faults(c.project, rows=[c.row()])
    with django_assert_num_queries(4):
        vouchers.voucher_faults(c.project, rows=[c.row(number=str(n)) for n in range(1, 40)])


@pytest.mark.parametrize("who", ["director", "appraiser", "department", "stranger"])
def test_others_enter_no_vouchers(case, who):
    c = case()
    c.running()

    with pytest.raises(NotAllowed):
        c.vouch(by=getattr(c.people, who))


def test_a_list_without_lines_is_no_list(case):
    c = case()
    c.running()

    with pytest.raises(Invalid, match="Bảng kê chưa có dòng nào"):
        operations.add_vouchers(c.project, rows=[], by=c.people.officer)


def test_a_line_leaves_the_list_with_its_reason_once(case):
    c = case()
    c.running()
    [voucher] = c.vouch(c.row())

    with pytest.raises(Invalid, match="Hãy ghi lý do"):
        operations.remove_voucher(voucher, reason=" ", by=c.people.officer)
    operations.remove_voucher(voucher, reason="Nhập nhầm", by=c.people.officer)
    with pytest.raises(NotPossible, match="đã bỏ khỏi bảng kê"):
        operations.remove_voucher(voucher, reason="Nhập nhầm", by=c.people.officer)
    assert list(queries.vouchers(c.project)) == []


def test_an_amount_that_can_hardly_be_is_entered_only_by_who_is_sure(case):
    c = case()
    c.running()
    rows = [c.row(620 * MILLION, number="117"), c.row(620 * MILLION + 1)]

    assert fault_of(c, *rows).startswith("Dòng 2: số tiền 620.000.001 đồng lớn hơn tổng kinh phí của cả đề án")
    c.vouch(rows[0], replace(rows[1], sure=True, where="H3"))

    assert Voucher.objects.count() == 2
    assert Event.objects.get(action="voucher.add").data["sure"] == ["H3"]


def test_a_list_of_signatures_that_stands_already_is_asked_about_until_somebody_is_sure(case):
    c = case()
    c.running()
    paid = {
        "kind": "receipt_list",
        "number": "DS 01",
        "seller_tax_code": "",
        "symbol": "",
        "content": "Hỗ trợ học viên",
    }
    c.vouch(c.row(40 * MILLION, **paid))

    with pytest.raises(Invalid, match=r"DS01, ngày 25/06/2026, 40\.000\.000 đồng\) đã có trong bảng kê"):
        c.vouch(c.row(40 * MILLION, **paid | {"number": "DS01"}))
    for other in ({"number": "DS02"}, {"on": day(6, 26)}, {"source": "counterpart"}, {"sure": True}):
        c.vouch(c.row(40 * MILLION, **paid | other))
    assert Voucher.objects.count() == 5


def test_one_list_does_not_hold_the_same_line_twice_unasked(case):
    c = case()
    c.running()
    row = c.row(2 * MILLION, kind="cash", number="", seller_tax_code="", symbol="", content="Chi vận chuyển")

    with pytest.raises(Invalid, match="Dòng 2: chứng từ này"):
        c.vouch(row, row)
    assert Voucher.objects.count() == 0
