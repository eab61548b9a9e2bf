from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.base.money import share
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import Balance
from khuyencong.contracts import rules
from khuyencong.norms.queries import AdvanceAnswer, Authority, Basis

from .conftest import MILLION, day

CEILING = {"ceiling": Decimal("0.7"), "ceiling_basis": Basis("TTLT 26/2014", "điểm b khoản 2 Điều 8", "yes")}
D13 = {"instrument": "TT 36/2013", "article": "điểm d khoản 2 Điều 13", "verified": "yes"}


def answer(ratio="0.7", **facts):
    return AdvanceAnswer(**{**D13, **CEILING, "ratio": Decimal(ratio), **facts})


# ---- advances ----


def test_the_first_advance_is_a_share_told_as_a_sentence():
    limit = rules.first_limit(300 * MILLION, answer=answer(), source_label="KCĐP")

    assert limit == rules.Limit(
        210 * MILLION, "70% × 300 = 210 triệu đồng (KCĐP; điểm d khoản 2 Điều 13, TT 36/2013).", True
    )


def test_the_ceiling_bounds_a_larger_share():
    limit = rules.first_limit(300 * MILLION, answer=answer("0.8"), source_label="KCĐP")

    assert limit.amount == 210 * MILLION
    assert limit.sentence.endswith("Không quá 70% trước nghiệm thu (điểm b khoản 2 Điều 8, TTLT 26/2014).")


def test_without_a_rate_the_ceiling_still_holds():
    limit = rules.first_limit(300 * MILLION, answer=AdvanceAnswer(**CEILING), source_label="KCĐP")

    assert limit.amount == 210 * MILLION


def test_without_any_rule_the_answer_says_so_and_gives_no_number():
    limit = rules.first_limit(300 * MILLION, answer=AdvanceAnswer(), source_label="KCĐP")

    assert limit == rules.Limit(
        None, "Chưa có quy định về tỷ lệ tạm ứng của tỉnh trong hệ thống; theo hợp đồng.", verified=False
    )


def test_a_row_nobody_verified_says_so():
    limit = rules.first_limit(300 * MILLION, answer=answer(verified="no"), source_label="KCĐP")

    assert (limit.verified, "chưa kiểm chứng" in limit.sentence) == (False, True)


@pytest.mark.parametrize(("done", "is_open"), [(None, False), (434 * MILLION, False), (434 * MILLION + 1, True)])
def test_volume_must_exceed_seventy_percent_of_the_investment(done, is_open):
    sentence = rules.volume_missing(done, total=620 * MILLION, answer=answer(volume=Decimal("0.7")))

    assert (sentence == "") == is_open


def test_a_kind_without_proof_of_volume_asks_none():
    assert rules.volume_missing(None, total=620 * MILLION, answer=answer()) == ""


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"paid_before": False, "accepted": False}, "first"),
        ({"paid_before": True, "accepted": False}, "further"),
        ({"paid_before": True, "accepted": True}, "remainder"),
        ({"paid_before": False, "accepted": True}, "remainder"),
        ({"paid_before": False, "accepted": True, "only_after": True}, "first"),
        ({"paid_before": True, "accepted": True, "only_after": True}, "remainder"),
    ],
)
def test_which_advance_comes_next(facts, kind):
    assert rules.kind_of_next(**facts) == kind


# ---- acceptance ----


@dataclass(frozen=True)
class Seat:
    organisation_id: int
    role: str
    name: str = "Trần Văn Lâm"


DEPARTMENT, CENTRE, COMMUNE, OWNER = 1, 2, 3, 4
CHAIR = Authority(instrument="Thông tư 36/2013/TT-BCT", article="khoản 1 Điều 21", verified="no", body="Sở Công Thương")
CITED = "(khoản 1 Điều 21, Thông tư 36/2013/TT-BCT, chưa kiểm chứng)"
FULL = [Seat(DEPARTMENT, "chair"), Seat(CENTRE, "centre"), Seat(COMMUNE, "commune"), Seat(OWNER, "beneficiary")]


def wrong(seats, **facts):
    facts = {"chair": CHAIR, "chair_ids": [DEPARTMENT], "implementer_id": CENTRE, "beneficiary_id": OWNER} | facts
    return rules.seats_wrong(seats, **facts)


def test_department_centre_commune_and_beneficiary_may_accept():
    assert wrong(FULL) == ""


@pytest.mark.parametrize(
    ("seats", "sentence"),
    [
        (FULL[1:], "Biên bản nghiệm thu phải có đúng một người chủ trì."),
        ([*FULL, Seat(DEPARTMENT, "chair")], "Biên bản nghiệm thu phải có đúng một người chủ trì."),
        (
            [Seat(CENTRE, "chair"), *FULL[1:]],
            f"Đơn vị thực hiện không được chủ trì nghiệm thu đề án của mình {CITED}.",
        ),
        (
            [Seat(COMMUNE, "chair"), *FULL[1:]],
            f"Sở Công Thương chủ trì nghiệm thu cơ sở {CITED}.",
        ),
        (
            [FULL[0], FULL[3]],
            "Thiếu thành phần nghiệm thu: Trung tâm, đơn vị thực hiện, Ủy ban nhân dân cấp xã.",
        ),
        (FULL[:3], "Thiếu thành phần nghiệm thu: Đơn vị thụ hưởng."),
        ([*FULL[:3], Seat(9, "beneficiary")], "Thành phần của đơn vị thụ hưởng phải là cơ sở được nghiệm thu."),
        ([*FULL[:3], Seat(OWNER, "beneficiary", " ")], "Mỗi thành phần nghiệm thu phải có họ tên."),
    ],
)
def test_who_cannot_accept(seats, sentence):
    assert wrong(seats) == sentence


def test_a_project_without_beneficiary_needs_no_seat_for_one():
    assert wrong(FULL[:3], beneficiary_id=None) == ""


# ---- vouchers and settlement ----


@pytest.mark.parametrize(
    ("on", "years", "inside"),
    [
        (day(12, 31), {2026}, True),
        (day(1, 1, 2027), {2026}, False),
        (day(1, 1, 2027), {2026, 2027}, True),
        (day(1, 1), {2026}, True),
        (day(12, 31, 2025), {2026}, False),
    ],
)
def test_vouchers_belong_to_the_years_of_the_money(on, years, inside):
    assert (rules.outside_year(on, years=years) == "") == inside


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (("0100233488", "1C26TTN", "118"), "0100233488|1C26TTN|118"),
        (("0100 233 488", "1c26 ttn", "00000118"), "0100233488|1C26TTN|118"),
        (("0100233488-001", "", "118"), "0100233488001||118"),
        (("", "1C26TTN", "118"), ""),
        (("0100233488", "1C26TTN", ""), ""),
        (("0100233488", "1C26TTN", "000"), ""),
    ],
)
def test_an_invoice_is_known_however_it_is_typed(typed, key):
    assert rules.invoice_key(*typed) == key


def due(**facts):
    facts = {
        "granted_national": 0,
        "granted_local": 300 * MILLION,
        "granted_total": 620 * MILLION,
        "spent_local": 300 * MILLION,
        "spent_total": 620 * MILLION,
        "percent": Decimal(50),
    } | facts
    local, total = facts.pop("spent_local"), facts.pop("spent_total")
    return rules.state_due(**facts, spent=spent(local=local, counterpart=total - local))


def spent(**sources):
    return dict.fromkeys(("national", "local", "counterpart", "other"), 0) | sources


@pytest.mark.parametrize(
    ("spent", "local"),
    [
        (620 * MILLION, 300 * MILLION),  # all that was decided
        (620 * MILLION + 1, 300 * MILLION),  # one đồng beyond is not paid
        (619_999_999, 299_999_999),  # one đồng less: the share is not passed by half a đồng
        (619_999_997, 299_999_998),
        (310 * MILLION, 150 * MILLION),
        (0, 0),
    ],
)
def test_where_the_decision_gave_less_than_the_norm_its_own_share_of_the_money_spent_is_paid(spent, local):
    assert due(spent_total=spent).local == local


@pytest.mark.parametrize(
    ("percent", "local"),
    [
        (Decimal("48.38"), 241_900_000),  # below 300/620: the norm
        (Decimal("48.39"), 241_935_483),  # above it: the decision
        (None, 241_935_483),
    ],
)
def test_the_lower_of_norm_and_decision_counts(percent, local):
    assert due(spent_total=500 * MILLION, percent=percent).local == local


def test_a_norm_equal_to_the_decision_says_nothing_more():
    told = due(granted_total=600 * MILLION, spent_total=500 * MILLION)

    assert told.sentence == (
        "Theo tỷ lệ của quyết định: 500.000.000 × 300.000.000 / 600.000.000 = 250.000.000 đồng; không quá mức được duyệt "
        "300.000.000 đồng; quyết toán 250.000.000 đồng."
    )


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        (
            Decimal(50),
            "Theo tỷ lệ của quyết định: 500.000.000 × 300.000.000 / 620.000.000 = 241.935.483 đồng; không quá mức được "
            "duyệt 300.000.000 đồng; quyết toán 241.935.483 đồng. Định mức 50% cao hơn nên không dùng.",
        ),
        (
            Decimal(40),
            "Theo định mức: 40% × 500.000.000 = 200.000.000 đồng; không quá mức được duyệt 300.000.000 đồng; quyết toán "
            "200.000.000 đồng.",
        ),
        (
            None,
            "Theo tỷ lệ của quyết định: 500.000.000 × 300.000.000 / 620.000.000 = 241.935.483 đồng; không quá mức được "
            "duyệt 300.000.000 đồng; quyết toán 241.935.483 đồng. Chưa có định mức tỷ lệ trong hệ thống.",
        ),
    ],
)
def test_the_reckoning_can_be_checked_as_a_sentence(percent, sentence):
    assert due(spent_total=500 * MILLION, percent=percent).sentence == sentence


def test_where_the_state_pays_alone_each_source_pays_what_its_vouchers_prove():
    told = due(granted_total=300 * MILLION, spent_local=90 * MILLION)

    assert (told.national, told.local) == (0, 90 * MILLION)


def test_two_sources_bear_what_is_not_due_in_proportion():
    told = due(granted_national=200 * MILLION, granted_local=100 * MILLION, spent_total=310 * MILLION)

    assert (told.national, told.local) == (100 * MILLION, 50 * MILLION)


AMOUNT = st.integers(0, 10**12)


@given(
    national=AMOUNT,
    local=AMOUNT,
    others=AMOUNT,
    spent_national=AMOUNT,
    spent_local=AMOUNT,
    counterpart=AMOUNT,
    percent=st.none() | st.decimals("0.01", "100", places=2),
)
def test_settled_never_exceeds_the_grant_nor_either_share_of_the_cost(
    national, local, others, spent_national, spent_local, counterpart, percent
):
    proved, granted = spent_national + spent_local + counterpart, national + local

    told = rules.state_due(
        granted_national=national,
        granted_local=local,
        granted_total=granted + others,
        spent=spent(national=spent_national, local=spent_local, counterpart=counterpart),
        percent=percent,
    )

    assert 0 <= told.national <= national
    assert 0 <= told.local <= local
    if others and granted:
        assert told.state <= share(proved, Decimal(granted) / (granted + others))
        if percent is not None:
            assert told.state <= share(proved, percent / 100)
    else:
        assert told.state <= proved


@pytest.mark.parametrize(
    ("accepted", "local"),
    [
        (320 * MILLION, 300 * MILLION),  # all that the list says was accepted
        (320 * MILLION + 1, 300 * MILLION),
        (319_999_999, 299_999_999),  # one đồng of the list was not: the State's share of it is not paid
        (10 * MILLION, 150 * MILLION),
    ],
)
def test_counterpart_counts_no_further_than_it_was_accepted(accepted, local):
    told = due(accepted=rules.Accepted(300 * MILLION, accepted))

    assert told.local == local
    assert ("Đối ứng kê 320.000.000 đồng, chỉ tính" in told.sentence) == (accepted < 320 * MILLION)


@pytest.mark.parametrize(("volume", "local"), [(300 * MILLION, 300 * MILLION), (299_999_999, 299_999_999)])
def test_the_state_pays_no_further_than_its_own_part_was_accepted(volume, local):
    told = due(accepted=rules.Accepted(volume, 320 * MILLION, basis="khoản 6 Điều 12"))

    assert told.local == local
    assert ("đã nghiệm thu 299.999.999 đồng (khoản 6 Điều 12)" in told.sentence) == (volume < 300 * MILLION)


@pytest.mark.parametrize(
    ("amount", "asked"),
    [
        (620 * MILLION, ""),
        (620 * MILLION + 1, "lớn hơn tổng kinh phí của cả đề án (620.000.000 đồng)"),
        (1_000, ""),
        (999, "số tiền chỉ 999 đồng"),
    ],
)
def test_an_amount_that_can_hardly_be_is_asked_about(amount, asked):
    told = rules.hardly(amount, whole=620 * MILLION)

    assert (asked in told, bool(told)) == (True, bool(asked))


def test_what_is_paid_too_much_is_told_by_envelope_and_no_source_pays_for_another():
    """300 of the nation are due 200, 100 of the province nothing was paid of: 100 go back, although as much is still unpaid."""
    nation, older, newer = (
        Envelope(pk=key, level=level) for key, level in enumerate(("national", "provincial", "provincial"))
    )
    held = {
        nation: Balance(committed=300, advanced=300),
        older: Balance(committed=40),
        newer: Balance(committed=60, advanced=30),
    }

    found = rules.settled_by(held, rules.Due(national=200, local=50, sentence=""))

    assert found == [(nation, 200, 100), (older, 40, 0), (newer, 10, 20)]
