"""Files name bodies and establishments as they were called: those that come in, and those that go out."""

# ruff: noqa: F811
import datetime as dt

import pytest

from khuyencong.plans.exports.rows import grouped
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.plans import ItemFactory
from tests.factories.projects import BeneficiaryFactory
from tests.plans.given import ISSUE, UNIT, centre, check, commune, project, province  # noqa: F401

pytestmark = pytest.mark.django_db
OLD = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp Phú Yên"
DAY = dt.date(2026, 3, 2)


def renamed(establishment, name):
    establishment.former = name
    establishment.save()
    FormerNameFactory(organisation=establishment.organisation, name=name, until=DAY)


def test_a_plan_finds_its_implementer_and_beneficiary_by_their_former_names(province, commune, centre):
    FormerNameFactory(organisation=centre, name=OLD)
    helped = EstablishmentFactory(name="Công ty Cổ phần Ban Mê", commune=commune)
    renamed(helped, "Công ty TNHH Ngọc Tứ")

    row = check(province, *UNIT, ISSUE, project(1, implementer=OLD, beneficiary="Cty TNHH Ngọc Tứ")).rows[0]

    assert (row.implementer, [one.establishment for one in row.helped]) == (centre.pk, [helped.pk])


def test_a_company_that_carries_out_a_project_is_found_by_its_former_name(province, commune):
    company = OrganisationFactory(name="Công ty Cơ điện Sao Việt", place=commune)
    FormerNameFactory(organisation=company, name="Công ty Cơ khí Sao Mai")

    row = check(province, *UNIT, ISSUE, project(1, implementer="Công ty Cơ khí Sao Mai")).rows[0]

    assert row.implementer == company.pk


def test_who_bears_a_name_today_stands_before_who_bore_it(province, commune):
    bore = OrganisationFactory(kind="school", name="Trường Cao đẳng", place=province)
    FormerNameFactory(organisation=bore, name="Trường Trung cấp nghề")
    bears = OrganisationFactory(kind="school", name="Trường Trung cấp nghề", place=province)

    row = check(province, *UNIT, ISSUE, project(1, implementer="Trường Trung cấp nghề")).rows[0]

    assert row.implementer == bears.pk


@pytest.mark.parametrize(("day", "former"), [(DAY - dt.timedelta(1), True), (DAY, False)])
def test_the_annex_of_a_decision_names_all_as_on_its_day(centre, commune, day, former):
    item = ItemFactory(project__implementer=centre, project__province=centre.place, project__commune=commune)
    helped = BeneficiaryFactory(project=item.project, establishment__commune=commune).establishment
    renamed(helped, "Công ty TNHH Ngọc Tứ")
    FormerNameFactory(organisation=centre, name=OLD, until=DAY)
    item = type(item).objects.get(pk=item.pk)

    words = grouped([item], on=day)[0].rows[0].words

    told = (OLD, "Công ty TNHH Ngọc Tứ") if former else (centre.name, helped.name)
    assert (words["implementer"], words["helped"]) == told


def test_a_sheet_costs_the_same_for_one_and_three_renamed(centre, commune, django_assert_num_queries):
    FormerNameFactory(organisation=centre, name=OLD, until=DAY)
    items = []
    for more in (1, 2):
        for _n in range(more):
            item = ItemFactory(project__implementer=centre, project__province=centre.place, project__commune=commune)
            renamed(BeneficiaryFactory(project=item.project).establishment, "Công ty TNHH Ngọc Tứ")
            items.append(item)
        read = list(
            type(item).objects.filter(pk__in=[one.pk for one in items]).select_related(
                "project__implementer", "project__province", "project__commune__province"
            )
        )  # fmt: skip
        grouped(read, on=DAY)  # the register of places is in memory
        with django_assert_num_queries(4):
            grouped(read, on=DAY)
