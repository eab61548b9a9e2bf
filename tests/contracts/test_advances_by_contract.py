"""Where no row of law tells how much is advanced, the contract does."""

import pytest

from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.contracts import queries

from .conftest import MILLION, day

pytestmark = pytest.mark.django_db


def test_local_money_without_a_row_of_the_province_follows_the_contract(case):
    c = case()
    c.running()

    room = queries.room(c.project, envelope=c.envelope, on=day(6, 28))

    assert (room.amount, room.verified) == (300 * MILLION, False)
    assert room.sentence == "Chưa có quy định về tỷ lệ tạm ứng của tỉnh trong hệ thống; theo hợp đồng."


@pytest.mark.parametrize("beyond", [0, 1])
def test_after_acceptance_no_more_is_paid_than_was_accepted(case, beyond):
    """300 promised, 200 of them paid, 250 accepted: 50 are left, not 100."""
    c = case()
    helped = c.running()
    c.advance(200 * MILLION)
    c.accept(helped, state_volume=250 * MILLION, verdict="partial", note="Một máy chưa lắp")

    if beyond:
        with pytest.raises(
            Invalid, match=r"tối đa 50\.000\.000 đồng. Khối lượng nhà nước đã nghiệm thu 250\.000\.000 đồng"
        ):
            c.request(50 * MILLION + 1, on=day(7, 12))
    else:
        c.advance(50 * MILLION, on=day(7, 12))
        with pytest.raises(NotPossible, match=r"đã nghiệm thu 250\.000\.000 đồng, đã tạm ứng 250\.000\.000 đồng"):
            c.request(1, on=day(7, 13))
