"""What several files of tests of the desk of plans begin with."""

import pytest
from django.urls import reverse

from khuyencong.plans import operations
from khuyencong.plans.operations import Line
from tests.factories.budgets import EnvelopeFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import PlanFactory
from tests.factories.projects import ProjectFactory

MILLION = 1_000_000


@pytest.fixture
def province():
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def people(province):
    return {
        role: person(role, place=province)
        for role in ("appraiser", "department_director", "provincial_approver", "registry_clerk", "centre_director")
    }


@pytest.fixture
def plan(province):
    return PlanFactory(province=province)


@pytest.fixture
def envelope(province):
    return EnvelopeFactory(province=province, name="KCĐP 2026", given=1_000 * MILLION)


def appraised(province, **values):
    return ProjectFactory(**{"province": province, "state": "appraised"} | values)


@pytest.fixture
def draft(plan, people, envelope, province):
    decision = operations.draft_decision(plan, kind="approve", by=people["appraiser"])
    operations.put_item(decision, line=Line(appraised(province)), by=people["appraiser"])
    return decision


def paper(**values):
    return {
        "number": "3187/QĐ-UBND",
        "signed_on": "02/03/2026",
        "signer": "Nguyễn Văn An",
        "signer_title": "Phó Chủ tịch UBND tỉnh",
    } | values


def at(name, *args):
    return reverse(f"plans:{name}", args=args)
