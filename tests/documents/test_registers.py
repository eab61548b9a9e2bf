"""Numbers of papers run through the year without gaps or doubles."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.documents import operations, queries
from khuyencong.documents.models import Number, Register
from khuyencong.people.models import User
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.documents import NumberFactory, PaperFactory, RegisterFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def clerk(province):
    return person("registry_clerk", place=province)


@pytest.fixture
def register(province):
    return RegisterFactory(issuer=OrganisationFactory(place=province), symbol="QĐ-TTKC")


def test_a_register_goes_on_from_the_last_number_on_paper(clerk, province):
    body = OrganisationFactory(place=province)

    register = operations.open_register(issuer=body, year=2026, symbol=" /QĐ-TTKC ", last=41, by=clerk)
    number = operations.draw(register, on=DAY, about="Giao  nhiệm vụ", by=clerk)

    assert (str(number), number.about) == ("42/QĐ-TTKC", "Giao nhiệm vụ")
    assert [event.action for event in Event.objects.order_by("pk")] == ["register.open", "register.draw"]


def test_a_register_is_opened_once_and_with_a_symbol(clerk, register):
    with pytest.raises(Invalid, match="đã mở"):
        operations.open_register(issuer=register.issuer, year=2026, symbol="QĐ-TTKC", by=clerk)
    with pytest.raises(Invalid) as refusal:
        operations.open_register(issuer=register.issuer, year=2026, symbol=" ", by=clerk)
    assert refusal.value.fields == {"symbol": "Hãy ghi ký hiệu, ví dụ QĐ-TTKC."}


def test_who_keeps_no_register_there_draws_nothing(register, province):
    stranger = person("registry_clerk", place=ProvinceFactory())
    with pytest.raises(NotAllowed):
        operations.draw(register, on=DAY, about="x", by=stranger)
    with pytest.raises(NotAllowed):
        operations.draw(register, on=DAY, about="x", by=person("collaborator", place=province))
    assert not Number.objects.exists()


def test_an_act_that_fails_has_drawn_no_number(clerk, register):
    from django.db import transaction

    with pytest.raises(NotPossible), transaction.atomic():
        operations.draw(register, on=DAY, about="x", by=clerk)
        raise NotPossible("stopped")

    assert operations.draw(register, on=DAY, about="y", by=clerk).value == 1


def test_a_cancelled_number_stays_as_cancelled_and_is_not_given_again(clerk, register):
    first = operations.draw(register, on=DAY, about="x", by=clerk)

    operations.cancel(first, reason="Ghi nhầm", by=clerk)
    second = operations.draw(register, on=DAY, about="y", by=clerk)

    assert [(n.value, n.state) for n in queries.register_lines(register)] == [(1, "cancelled"), (2, "drawn")]
    with pytest.raises(NotPossible, match="đã huỷ"):
        operations.use(first, paper=PaperFactory(), by=clerk)
    with pytest.raises(NotPossible, match="đã huỷ"):
        operations.cancel(first, reason="lại", by=clerk)
    with pytest.raises(Invalid):
        operations.cancel(second, reason=" ", by=clerk)


TWICE = ("01/QĐ-TTKC", "1/QĐ-TTKC")


@pytest.mark.parametrize(
    "facts", [{"number": "11/QĐ-TTKC"}, {"signed_on": dt.date(2025, 3, 2)}, {"province": None}], ids=str
)
def test_a_number_serves_no_paper_that_bears_another_or_lies_elsewhere(clerk, register, facts):
    number = operations.draw(register, on=DAY, about="x", by=clerk)
    facts = {"number": "01/QĐ-TTKC", "signed_on": DAY, "province": register.issuer.place} | facts

    with pytest.raises(Invalid, match="không mang số"):
        operations.use(number, paper=PaperFactory(**facts), by=clerk)


def test_a_number_serves_one_paper_and_is_then_not_cancelled(clerk, register):
    number = operations.draw(register, on=DAY, about="x", by=clerk)
    paper, twin = (PaperFactory(number=written, signed_on=DAY, province=register.issuer.place) for written in TWICE)

    operations.use(number, paper=paper, by=clerk)

    with pytest.raises(NotPossible):
        operations.use(number, paper=twin, by=clerk)
    with pytest.raises(NotPossible):
        operations.cancel(number, reason="Ghi nhầm", by=clerk)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (dt.date(2025, 12, 31), "Ngày văn bản không thuộc năm 2026 của sổ."),
        (dt.date(2026, 3, 1), "Số trước (07/QĐ-TTKC) đã ghi ngày 02/03/2026; số sau không được ghi ngày sớm hơn."),
        (dt.date(2026, 12, 31), "Ngày văn bản 31/12/2026 chưa tới."),
    ],
)
def test_days_of_numbers_run_with_them(clerk, register, day, sentence):
    NumberFactory(register=register, value=7, on=DAY)

    with pytest.raises(Invalid) as refusal:
        operations.draw(register, on=day, about="x", by=clerk)
    assert refusal.value.fields == {"on": sentence}


def test_a_gap_is_named(register):
    NumberFactory(register=register, value=1)
    NumberFactory(register=register, value=3)
    Register.objects.filter(pk=register.pk).update(last=3)

    assert queries.invariants() == [f"Sổ {register} có số bị thiếu."]


@pytest.mark.slow
@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_two_who_draw_at_once_get_two_numbers_without_a_gap(shared):
    def set_up():
        province = ProvinceFactory()
        register = RegisterFactory(issuer=OrganisationFactory(place=province), symbol="QĐ-TTKC")
        return register.pk, person("registry_clerk", place=province).pk

    register, clerk = there(set_up)

    def press():
        return operations.draw(
            Register.objects.select_related("issuer__place").get(pk=register),
            on=DAY,
            about="x",
            by=User.objects.get(pk=clerk),
        ).value

    assert sorted(together(press, press)) == [1, 2]
