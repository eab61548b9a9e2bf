"""In the middle of the year an officer goes: her work goes on with another, and the auditor can follow all of it."""

import pytest

from khuyencong.people.models import Mandate
from tests.factories.people import UserFactory
from tests.journeys import steps
from tests.journeys.conftest import Hand, at, day, nothing_contradicts

pytestmark = pytest.mark.slow


def test_an_officer_leaves_another_goes_on_and_the_auditor_reads(land, people):
    officer, administrator, auditor = people.centre_officer, people.administrator, people.auditor
    project = steps.machine_file(people, land)
    mandate = Mandate.objects.get(user=officer.user)

    # the administrator opens the account; he decides nothing else, and nobody else opens one
    opening = {"username": "nga.lt", "last_name": "Lê Thị", "first_name": "Nga", "title": "Chuyên viên",
               "province": land.province.pk, "phone": "0905 123 456"}  # fmt: skip
    for hand in (officer, people.department_director, auditor):
        hand.may_not(at("people:register"), **opening)
    administrator.is_refused(at("people:register"), "Chỉ dùng chữ không dấu", **opening | {"username": "nga lê"})
    administrator.is_refused(at("people:register"), username=officer.user.username, **{
        name: value for name, value in opening.items() if name != "username"
    })  # fmt: skip
    administrator.does(at("people:register"), **opening)
    heir = type(officer.user).objects.get(username="nga.lt")
    heirs = Hand(heir)
    heirs.finds_nothing(at("projects:page", project.pk))  # an account alone opens nothing

    # handing over: by the administrator or a head, to another person, with the paper
    handing = {"to": heir.pk, "on": day(11, 22), **administrator.signed(11, 20, no="15/QĐ-TTKC")}
    address = at("work:hand_over", mandate.pk)
    people.stranger.finds_nothing(address)
    officer.finds_nothing(address)
    administrator.is_refused(address, **handing | {"to": officer.user.pk})
    administrator.is_refused(address, "tương lai", **handing | {"signed_on": day(11, 23)})
    administrator.is_refused(address, "Mục này phải điền.", **handing | {"number": "", "signer": ""})
    administrator.is_refused(address, **handing | {"to": UserFactory(is_active=False).pk})
    administrator.does(address, **handing)

    # from that day on the one holds what the other held
    mandate.refresh_from_db()
    assert not mandate.holds_on(mandate.valid_to)
    assert Mandate.objects.get(user=heir).role == "centre_officer"
    heirs = Hand(heir)
    heirs.does(at("projects:parts", project.pk), **steps.PARTS | {"part_1": "Người mới viết lại phần một."})
    Hand(officer.user).finds_nothing(at("projects:parts", project.pk))
    administrator.is_refused(address, status=(404, 422), **handing)  # ended already

    # neither administrator nor auditor writes; the auditor reads all, the administrator no files
    for hand in (administrator, auditor):
        hand.is_refused(at("projects:parts", project.pk), status=(403, 404), **steps.PARTS)
    administrator.is_refused(at("budgets:record_decision"), status=(403, 422), amount="1 triệu")
    for name in ("audit:list", "audit:journal", "audit:sample", "audit:envelopes", "audit:verify", "projects:list"):
        auditor.reads(at(name))
    told = auditor.reads(at("projects:history", project.pk))
    assert str(heir) in told
    assert str(officer.user) in told
    people.establishment.reads(at("audit:list"), status=403)
    nothing_contradicts()
