import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.documents import operations, queries
from khuyencong.documents.models import Paper, Requirement
from tests.factories.documents import DossierFactory, PaperFactory, RequirementFactory
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def clerk(province):
    return person("registry_clerk", place=province)


def recorded(clerk, province, **facts):
    return operations.record_paper(
        **(
            {
                "kind": "plan_decision",
                "number": "3187/QĐ-UBND",
                "signed_on": dt.date(2026, 11, 20),
                "signer": "Nguyễn Văn An",
                "by": clerk,
                "province": province,
            }
            | facts
        )
    )


def test_a_paper_is_recorded_as_it_was_signed_with_its_scans_and_remembered(clerk, province):
    scans = [StoredFileFactory(), StoredFileFactory()]

    paper = recorded(clerk, province, abstract=" Kế  hoạch 2027 ", files=scans)

    assert (paper.signer, paper.abstract, paper.actor_id) == ("Nguyễn Văn An", "Kế hoạch 2027", clerk.pk)
    assert [attachment.file for attachment in paper.attachments.all()] == scans
    [event] = Event.objects.all()
    assert (event.action, event.on, event.signer) == ("paper.record", dt.date(2026, 11, 20), "Nguyễn Văn An")


def test_the_province_follows_from_the_commune(clerk, province):
    commune = CommuneFactory(province=province)

    assert recorded(clerk, None, commune=commune).province == province


def test_a_paper_may_be_signed_today_and_not_tomorrow(clerk, province, today):
    recorded(clerk, province, signed_on=today)

    with pytest.raises(Invalid) as refusal:
        recorded(clerk, province, number="2", signed_on=today + dt.timedelta(days=1))
    assert list(refusal.value.fields) == ["signed_on"]


@pytest.mark.parametrize("issuer", [True, False])
def test_the_same_paper_is_not_typed_twice(issuer, clerk, province):
    body = OrganisationFactory() if issuer else None
    recorded(clerk, province, issuer=body)

    with pytest.raises(Invalid, match="3187/QĐ-UBND ngày 20/11/2026 đã được ghi nhận"):
        recorded(clerk, province, issuer=body, number=" 3187/qđ-ubnd ")
    assert Paper.objects.count() == 1


def test_another_day_issuer_province_or_kind_is_another_paper(clerk, province):
    recorded(clerk, province)
    recorded(clerk, province, signed_on=dt.date(2025, 11, 19))
    recorded(clerk, province, issuer=OrganisationFactory())
    recorded(clerk, ProvinceFactory())
    recorded(clerk, province, kind="change_decision")

    assert Paper.objects.count() == 5


@pytest.mark.parametrize("kind", ["plan_decision", "change_decision"])
def test_a_decision_has_its_number_once_a_year(clerk, province, kind):
    recorded(clerk, province, number="88/QĐ-UBND", signed_on=dt.date(2026, 1, 12))

    with pytest.raises(Invalid, match="Số 88/qđ-ubnd năm 2026 đã dùng cho quyết định ngày 12/01/2026"):
        recorded(clerk, province, number="88/qđ-ubnd", signed_on=dt.date(2026, 11, 19), kind=kind)

    recorded(clerk, province, number="88/QĐ-UBND", signed_on=dt.date(2026, 11, 19), kind="submission")
    recorded(clerk, province, number="88/QĐ-SCT", signed_on=dt.date(2026, 11, 19), kind=kind)
    recorded(clerk, province, number="88/QĐ-UBND", signed_on=dt.date(2025, 12, 31), kind=kind)
    assert Paper.objects.count() == 4


def test_private_parties_number_as_they_like(clerk, province):
    for _time in range(2):
        recorded(clerk, province, kind="purchase_contract", number="01/HĐMB")

    assert Paper.objects.count() == 2


def test_somebody_without_a_mandate_records_nothing(province):
    with pytest.raises(NotAllowed):
        recorded(UserFactory(), province)


def test_who_only_looks_records_nothing(province):
    with pytest.raises(NotAllowed, match="chỉ để xem"):
        operations.record_paper(
            kind="other", number="1", signed_on=dt.date(2026, 3, 2), by=person("auditor", place=province)
        )


def test_a_scan_is_attached_once_and_only_by_who_sees_the_paper(clerk, province):
    paper, scan = recorded(clerk, province), StoredFileFactory()

    operations.attach(paper, file=scan, by=clerk)

    with pytest.raises(NotPossible):
        operations.attach(paper, file=scan, by=clerk)
    with pytest.raises(NotAllowed):
        operations.attach(paper, file=StoredFileFactory(), by=person("registry_clerk", place=ProvinceFactory()))


# ---- dossiers ----

ASK = {"stage": "appraisal", "kind": "machinery", "level": "national", "on": dt.date(2026, 6, 1)}


def test_what_is_missing_comes_first_then_what_is_there_then_what_does_not_apply(clerk):
    there, missing, never = [RequirementFactory(order=n) for n in range(3)]
    dossier = DossierFactory()
    operations.put(dossier, requirement=there, paper=PaperFactory(), by=clerk)
    operations.waive(dossier, requirement=never, reason="Cơ sở không vay vốn", by=clerk)

    lines = queries.checklist(dossier, **ASK)

    assert [(line.requirement, line.state) for line in lines] == [
        (missing, "missing"), (there, "present"), (never, "not_applicable"),
    ]  # fmt: skip
    assert lines[2].reason == "Cơ sở không vay vốn"


def test_a_paper_of_each_beneficiary_is_asked_of_each(clerk):
    requirement = RequirementFactory(per_beneficiary=True)
    one, two = OrganisationFactory(), OrganisationFactory()
    dossier = DossierFactory()
    operations.put(dossier, requirement=requirement, paper=PaperFactory(), party=two, by=clerk)

    lines = queries.checklist(dossier, **ASK, parties=[one, two])

    assert [(line.party, line.state) for line in lines] == [(one, "missing"), (two, "present")]


@pytest.mark.parametrize(
    ("condition", "facts", "state"),
    [
        ("group", {"group"}, "missing"),
        ("group", set(), "not_applicable"),
        ("!invoices_agency", {"invoices_agency"}, "not_applicable"),
        ("!invoices_agency", set(), "missing"),
    ],
)
def test_a_line_may_depend_on_a_fact(condition, facts, state):
    RequirementFactory(only_when=condition)

    [line] = queries.checklist(None, **ASK, facts=facts)
    assert line.state == state


def test_the_rows_of_the_day_count(clerk):
    old = RequirementFactory(valid_to=dt.date(2018, 7, 10))
    new = RequirementFactory(valid_from=dt.date(2018, 7, 10), verified="part")

    [before] = queries.checklist(None, **(ASK | {"on": dt.date(2018, 7, 9)}))
    [after] = queries.checklist(None, **(ASK | {"on": dt.date(2018, 7, 10)}))

    assert (before.requirement, after.requirement) == (old, new)
    assert "chưa kiểm chứng" in after.article


def test_local_money_follows_the_national_list_by_analogy_until_it_has_its_own():
    RequirementFactory()
    [line] = queries.checklist(None, **(ASK | {"level": "provincial"}))
    assert (line.by_analogy, "áp dụng tương tự" in line.article) == (True, True)

    own = RequirementFactory(level="provincial")
    [line] = queries.checklist(None, **(ASK | {"level": "provincial"}))
    assert (line.requirement, line.by_analogy) == (own, False)


def test_the_checklist_asks_as_often_for_three_papers_as_for_one(clerk, django_assert_num_queries):
    dossier = DossierFactory()
    for _time in range(3):
        operations.put(dossier, requirement=RequirementFactory(), paper=PaperFactory(), by=clerk)

    with django_assert_num_queries(2):
        queries.checklist(dossier, **ASK)


def test_laying_the_same_paper_twice_changes_nothing(clerk):
    dossier, paper, requirement = DossierFactory(), PaperFactory(), RequirementFactory()

    items = [operations.put(dossier, requirement=requirement, paper=paper, by=clerk) for _time in range(2)]

    assert (items[0], dossier.items.count()) == (items[1], 1)


def test_a_line_that_is_there_cannot_be_waived_and_a_waiver_needs_a_reason(clerk):
    dossier, requirement = DossierFactory(), RequirementFactory()
    with pytest.raises(Invalid):
        operations.waive(dossier, requirement=requirement, reason=" ", by=clerk)
    operations.put(dossier, requirement=requirement, paper=PaperFactory(), by=clerk)

    with pytest.raises(NotPossible):
        operations.waive(dossier, requirement=requirement, reason="Không cần", by=clerk)


def test_a_wrong_paper_is_taken_out_with_a_reason_and_stays_recorded(clerk):
    dossier, paper = DossierFactory(), PaperFactory()
    item = operations.put(dossier, paper=paper, by=clerk)

    with pytest.raises(Invalid):
        operations.take_out(item, by=clerk, reason="")
    operations.take_out(item, by=clerk, reason="Nhầm hồ sơ")

    assert (dossier.items.count(), Paper.objects.filter(pk=paper.pk).count()) == (0, 1)


# ---- the law's own lists ----


def test_the_lists_of_the_law_are_loaded_once_and_again_without_change():
    first = operations.load_requirements()

    assert first == Requirement.objects.count() > 150
    assert operations.load_requirements() == 0


def test_a_corrected_line_is_brought_up_to_the_file():
    operations.load_requirements()
    Requirement.objects.filter(code="settlement_table").update(title="?")

    assert operations.load_requirements() == 1


def test_every_kind_of_project_knows_what_it_must_show_for_its_money():
    from khuyencong.norms.enums import ProjectKind

    rows = list(operations.read_requirements())
    for stage in ("first_advance", "remainder"):
        asked = {row["project_kind"] for row in rows if row["stage"] == stage}
        missing = set(ProjectKind.values) - asked
        assert missing <= {"enterprise_setup", "loan_interest"} if stage == "remainder" else not missing


def test_a_fact_that_a_line_asks_for_is_a_known_fact():
    from khuyencong.documents.enums import Fact

    asked = {row["only_when"].removeprefix("!") for row in operations.read_requirements()} - {""}
    assert asked <= set(Fact.values)
