import datetime as dt
from types import SimpleNamespace

import pytest

from tests.factories.budgets import EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

DAY = dt.date(2026, 3, 2)


def paper(kind="plan_decision", **values):
    return PaperFactory(kind=kind, **values)


@pytest.fixture
def house():
    """A province with its department and its accountant, and what every act names."""
    province = ProvinceFactory()
    accountant = person("accountant", place=province)
    return SimpleNamespace(
        province=province,
        accountant=accountant,
        holder=OrganisationFactory(department=True, place=province),
        signed={"by": accountant, "on": DAY, "paper": paper()},
    )


@pytest.fixture
def envelope(house):
    """1,000 đồng, so that each đồng can be counted."""
    return EnvelopeFactory(province=house.province, holder=house.holder, name="KCĐP 2026", given=1_000)
