"""Money of a commune: its own budget decision, its own plan, decided by its own committee (NĐ 45/2012 Đ13)."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import available
from khuyencong.plans.models import Plan
from tests.factories.people import person
from tests.journeys import steps
from tests.journeys.conftest import MILLION, Hand, at, day, nothing_contradicts, number_in

pytestmark = pytest.mark.slow


def test_a_commune_helps_out_of_its_own_money(land, people):
    officer, director, appraiser = people.centre_officer, people.centre_director, people.appraiser
    chairman = Hand(person("provincial_approver", place=land.kly, employer=land.kly_committee))
    elsewhere = Hand(person("provincial_approver", place=land.kar, employer=land.kar_committee))

    project = steps.begin(officer, land, title="Hỗ trợ máy đóng gói cà phê", level="communal", norm_line="")
    money = {"local": "60 triệu", "counterpart": "100 triệu"}
    line = {"content": "Máy đóng gói", "unit": "máy", "quantity": "1", "unit_price": "160 triệu", **money}
    steps.write(
        officer,
        project,
        helped={"establishment": land.thang.pk, "content": "Máy đóng gói", "total": "160 triệu", **money},
        lines=[line],
    )
    director.does(at("projects:submit", project.pk), **director.signed(1, 20, no="14/TTKC"))
    appraiser.does(at("projects:appraise", project.pk), **appraiser.signed(2, 2, no="15/PTĐ"))

    # its plan names the commune; a plan of the province does not
    opening = {"level": "communal", "year": 2026, "province": land.province.pk}
    appraiser.is_refused(at("plans:open"), **opening)
    plan = Plan.objects.get(pk=number_in(appraiser.does(at("plans:open"), **opening, commune=land.kly.pk)))
    assert str(plan) == "Kế hoạch khuyến công địa phương cấp xã năm 2026, xã Ea Kly"

    # the province may add to it, so the officer says from which money; the commune's own must be enough
    steps.given(people.accountant, land, amount="900 triệu")
    decision = steps.drafted(appraiser, plan)
    appraiser.is_refused(at("plans:arrange", decision.pk), **steps.rank((project, {"local": "61"})))
    steps.given(
        people.accountant,
        land,
        amount="50 triệu",
        level="communal",
        commune=land.kly.pk,
        holder=land.kly_committee,
        name="Khuyến công xã Ea Kly",
        no="12/QĐ-UBND",
    )
    own = Envelope.objects.get(level="communal")
    appraiser.is_refused(at("plans:arrange", decision.pk), "hãy chọn dự toán", **steps.rank((project, {"local": "60"})))
    appraiser.does(at("plans:arrange", decision.pk), **steps.rank((project, {"local": "60"})), from_local=own.pk)
    submitting = people.department_director.signed(2, 16, no="42/TTr-SCT")
    people.department_director.is_refused(at("plans:submit", decision.pk), "thiếu", **submitting)
    steps.given(
        people.accountant,
        land,
        amount="30 triệu",
        level="communal",
        commune=land.kly.pk,
        holder=land.kly_committee,
        name="Khuyến công xã Ea Kly",
        no="19/QĐ-UBND",
        on=(2, 12),
    )
    people.department_director.does(at("plans:submit", decision.pk), **submitting)

    # decided by the commune's own chairman: not by the neighbour's, not on a day that has not come
    deciding = chairman.signed(3, 2, no="33/QĐ-UBND", total="60 triệu", signer_title="Chủ tịch UBND xã Ea Kly")
    elsewhere.finds_nothing(at("plans:approve", decision.pk))
    people.department_director.may_not(at("plans:approve", decision.pk), **deciding)
    chairman.is_refused(at("plans:approve", decision.pk), "tương lai", **deciding | {"signed_on": day(11, 25)})
    chairman.does(at("plans:approve", decision.pk), **deciding)

    project.refresh_from_db()
    assert (project.state, project.granted_local) == ("approved", 60 * MILLION)
    assert available(own) == 20 * MILLION
    assert available(Envelope.objects.get(level="provincial")) == 900 * MILLION
    assert "Hỗ trợ máy đóng gói cà phê" in people.commune_officer.reads(at("plans:page", plan.pk))
    nothing_contradicts()
