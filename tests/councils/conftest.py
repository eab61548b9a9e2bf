import pytest

from tests.factories.councils import CouncilFactory, MemberFactory
from tests.factories.people import person


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.fixture
def head(council):
    """Who forms councils here."""
    return person("department_director", place=council.province)


@pytest.fixture
def judge(council):
    return MemberFactory(council=council)


@pytest.fixture
def secretary(council):
    return MemberFactory(council=council, secretary=True)


@pytest.fixture
def near(council):
    """A judge who bears the tax code of what he judges."""
    return MemberFactory(council=council, tax_code="0100233488", name="Phạm Văn Nam")
