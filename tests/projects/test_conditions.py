"""Conditions of support: kept, not kept with their article, or not to be told for want of a fact that is named."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.projects import queries
from khuyencong.projects.models import Project
from tests.factories.documents import DossierItemFactory, PaperFactory
from tests.factories.establishments import YearlyFactsFactory
from tests.factories.norms import ConditionFactory
from tests.factories.projects import BeneficiaryFactory, CostLineFactory, ProjectFactory
from tests.norms.conftest import law, on  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 1)
MILLION = 1_000_000


def told(project, on=DAY):
    return queries.conditions_of(Project.objects.get(pk=project.pk), on=on)


def only(project, on=DAY):
    [judgement] = told(project, on)
    return judgement


def facts(judgement):
    return [fact.what for fact in judgement.missing]


@pytest.fixture
def project():
    return ProjectFactory(state="draft", kind="machinery", year=2026)


@pytest.fixture
def helped(project):
    return BeneficiaryFactory(project=project)


@pytest.mark.parametrize(
    ("newness", "result"), [("new", "passed"), ("used", "failed"), ("", "unknown")], ids=["new", "used", "not said"]
)
def test_machines_that_the_state_pays_for_are_new(project, helped, newness, result):
    ConditionFactory(kind="new_machinery", article="điểm b khoản 4 Điều 4")
    CostLineFactory(project=project, content="Máy sấy", local=100 * MILLION, newness=newness)

    judged = only(project)
    assert judged.result == result
    assert "điểm b khoản 4 Điều 4" in judged.article
    if result == "failed":
        assert "Máy sấy" in judged.outcomes[0].sentence
    assert facts(judged) == (["máy mới hay đã qua sử dụng: Máy sấy"] if result == "unknown" else [])


def test_a_used_machine_of_the_establishments_own_money_is_its_own_affair(project, helped):
    ConditionFactory(kind="new_machinery")
    CostLineFactory(project=project, content="Máy sấy", local=100 * MILLION, newness="new")
    CostLineFactory(project=project, content="Xe nâng", local=0, national=0, counterpart=MILLION, newness="used")

    assert only(project).result == "passed"


@pytest.mark.parametrize(("before", "result"), [(0, "passed"), (1, "passed"), (2, "failed")])
def test_two_fairs_abroad_a_year_and_no_third(before, result):
    ConditionFactory(kind="foreign_fairs", number=2, kinds="fair_abroad")
    going = ProjectFactory(state="draft", kind="fair_abroad", year=2026)
    who = BeneficiaryFactory(project=going).establishment
    for _each in range(before):
        earlier = ProjectFactory(state="approved", kind="fair_abroad", year=2026)
        BeneficiaryFactory(project=earlier, establishment=who, approved=True)
    other_year = ProjectFactory(state="approved", kind="fair_abroad", year=2025)
    BeneficiaryFactory(project=other_year, establishment=who, approved=True)

    judged = only(going)
    assert judged.result == result
    assert f"lần thứ {before + 1}" in judged.outcomes[0].sentence


@pytest.mark.parametrize(
    ("kind", "figure", "result"),
    [
        ("labour_intensive", {"workers": 49}, "failed"),
        ("labour_intensive", {"workers": 50}, "passed"),
        ("local_material", {"local_material_percent": 50}, "failed"),
        ("local_material", {"local_material_percent": "50.01"}, "passed"),
    ],
)
def test_fifty_workers_are_enough_and_fifty_per_cent_of_material_are_not(project, helped, kind, figure, result):
    ConditionFactory(kind=kind, number=50)
    YearlyFactsFactory(establishment=helped.establishment, **({"workers": None, "women": None} | figure))

    assert only(project).result == result


def test_a_figure_that_nobody_recorded_is_named(project, helped):
    ConditionFactory(kind="labour_intensive", number=50)

    judged = only(project)
    assert judged.result == "unknown"
    assert facts(judged) == [f"số lao động của {helped.establishment.name}"]


@pytest.mark.parametrize(("declared", "result"), [("none", "passed"), ("received", "failed"), ("", "unknown")])
def test_no_other_money_of_the_state_for_the_same_item(project, declared, result):
    ConditionFactory(kind="no_other_support")
    more = {"other_support_told": "Sở NN, 2025"} if declared == "received" else {}
    BeneficiaryFactory(project=project, other_support=declared, **more)

    assert only(project).result == result


def test_a_counterpart_is_there_and_committed_in_writing(project, helped):
    ConditionFactory(kind="counterpart")
    assert only(project).result == "unknown"
    assert facts(only(project)) == [f"văn bản cam kết đối ứng của {helped.establishment.name}"]

    DossierItemFactory(dossier=project.dossier, requirement=None, paper=PaperFactory(kind="commitment"))
    assert only(project).result == "passed"

    Project.objects.filter(pk=project.pk).update(counterpart=0)
    assert only(project).result == "failed"


@pytest.mark.parametrize(("appraised", "asked"), [(dt.date(2026, 5, 31), 0), (dt.date(2026, 6, 1), 1), (None, 1)])
def test_a_project_keeps_the_conditions_of_the_day_of_its_appraisal(project, helped, appraised, asked):
    ConditionFactory(kind="labour_intensive", number=50, valid_from=dt.date(2026, 6, 1))
    state = "appraised" if appraised else "submitted"
    Project.objects.filter(pk=project.pk).update(rules_on=appraised, state=state)

    assert len(told(project, on=dt.date(2026, 6, 2))) == asked


def test_conditions_of_thousands_take_no_more_questions_than_those_of_one(project, helped):
    for kind in ("new_machinery", "no_other_support", "counterpart"):
        ConditionFactory(kind=kind)
    ConditionFactory(kind="labour_intensive", number=50)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            found = queries.conditions_of_many(
                Project.objects.select_related("province", "commune", "implementer"), on=DAY
            )
        return len(seen), len(found)

    one = asked()
    for _each in range(2):
        more = ProjectFactory(state="draft", kind="machinery", year=2026, province=project.province)
        CostLineFactory(project=more)
        BeneficiaryFactory(project=more)
    assert (one, asked()) == ((one[0], 1), (one[0], 3))


def test_the_command_prints_each_condition_with_its_article_and_what_is_missing(project, helped):
    row = ConditionFactory(kind="labour_intensive", number=50)
    out = StringIO()
    call_command("checklist", uid=str(project.uid), on="2026-06-01", json=True, stdout=out)

    assert json.loads(out.getvalue()) == [
        {
            "condition": row.text,
            "article": queries.conditions_of(project, on=DAY)[0].article,
            "result": "unknown",
            "missing": [f"số lao động của {helped.establishment.name}"],
        }
    ]


def test_the_command_names_a_project_that_is_not_there(db):
    with pytest.raises(CommandError, match="Không có đề án nào mang định danh"):
        call_command("checklist", uid="00000000-0000-4000-8000-000000000000", on="2026-06-01", json=True)


@pytest.mark.parametrize(
    ("day", "result", "missing", "decree"),
    [
        ("2025-10-14", "unknown", ["ngày chuyển từ xã thành phường của Phường Tam Hiệp cũ (nếu có)"], "45/2012/NĐ-CP"),
        ("2025-10-15", "passed", [], "235/2025/NĐ-CP"),
    ],
)
def test_the_checklist_asks_place_and_holder_by_the_decree_of_the_day(day, result, missing, decree, law, capsys):  # noqa: F811
    ward = on("26041", dt.date.fromisoformat(day))  # of former Biên Hòa
    project = ProjectFactory(state="draft", kind="machinery", year=2026, province=ward.province, commune=ward)
    BeneficiaryFactory(project=project, establishment__commune=ward, establishment__province=ward.province)

    call_command("checklist", "--uid", str(project.uid), "--on", day, "--json")

    place, holder, *_others = json.loads(capsys.readouterr().out)
    assert (place["condition"], place["result"], place["missing"]) == (
        "Sản xuất tại địa bàn được hỗ trợ",
        result,
        missing,
    )
    assert (holder["condition"], holder["result"]) == ("Thuộc loại hình cơ sở được hỗ trợ", "passed")
    assert decree in place["article"] and decree in holder["article"]
