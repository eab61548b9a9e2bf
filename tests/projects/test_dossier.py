"""The papers of a file: what the law demands of national money stands in the way, what is followed by analogy is told."""

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.projects import operations, queries
from khuyencong.projects.enums import Severity
from tests.factories.documents import PaperFactory, RequirementFactory
from tests.factories.norms import GroundRowFactory, GroupRuleFactory, InstrumentFactory
from tests.factories.projects import BeneficiaryFactory

pytestmark = pytest.mark.django_db
ARTICLE = "điểm a khoản 1 Điều 10 TT 36/2013/TT-BCT"
NATIONAL = {"level": "national", "national": 300_000_000, "local": 0}


@pytest.fixture
def letter():
    return RequirementFactory(
        code="beneficiary_letter",
        title="Văn bản đề nghị hỗ trợ của đơn vị thụ hưởng",
        article=ARTICLE,
        paper_kind="beneficiary_letter",
        per_beneficiary=True,
    )


def of_dossier(project, day):
    return [(f.severity, f.sentence) for f in queries.checks(project, on=day) if f.rule == "dossier"]


def submit(project, people, day):
    paper = PaperFactory(kind="request_letter", signed_on=day, province=project.province)
    return operations.submit(project, by=people.director, on=day, paper=paper)


@pytest.mark.parametrize("read", ["yes", "part"])
def test_a_national_file_is_not_sent_without_a_paper_that_the_law_demands(project, people, day, letter, read):
    text = InstrumentFactory(code="TT 36/2013/TT-BCT", number="36/2013/TT-BCT")
    GroundRowFactory(code="dossier_demanded", instrument=text, article="khoản 5 Điều 9")
    letter.verified = read
    letter.save()
    file = project(**NATIONAL)
    [helped] = file.beneficiaries.all()

    with pytest.raises(NotPossible) as refusal:
        submit(file, people, day)

    mark = "" if read == "yes" else " (chưa kiểm chứng)"
    assert str(refusal.value) == (
        f"Hồ sơ thiếu giấy tờ mà luật đòi: Văn bản đề nghị hỗ trợ của đơn vị thụ hưởng ({helped.establishment}), "
        f"{ARTICLE}{mark}. (khoản 5 Điều 9, Thông tư 36/2013/TT-BCT)"
    )
    operations.put_paper(file, paper=PaperFactory(kind="beneficiary_letter"), requirement=letter, by=people.officer)
    assert submit(file, people, day).state == "submitted"


def test_nor_is_it_found_good_at_the_base_when_the_paper_was_asked_for_since(project, people, day, letter):
    file = project(**NATIONAL, state="submitted")

    with pytest.raises(NotPossible, match="Hồ sơ thiếu giấy tờ mà luật đòi"):
        operations.appraise(
            file,
            by=people.department,
            on=day,
            paper=PaperFactory(kind="appraisal", signed_on=day, province=file.province),
        )


def test_a_paper_said_not_to_apply_is_not_lacking(project, people, day, letter):
    file = project(**NATIONAL)
    operations.waive_paper(file, requirement=letter, reason="Đơn vị thực hiện tự thụ hưởng", by=people.officer)

    assert submit(file, people, day).state == "submitted"


def test_local_money_follows_by_analogy_and_is_only_told(project, people, day, letter):
    file = project()

    [(severity, sentence)] = of_dossier(file, day)

    assert (severity, sentence[:24]) == (Severity.WARNING, "Còn thiếu 1 giấy tờ: Văn")
    assert submit(file, people, day).state == "submitted"


def test_a_province_that_asks_for_a_paper_itself_binds_its_money(project, people, day):
    RequirementFactory(level="provincial", title="Bản cam kết", article="Điều 5 QĐ 05/2021/QĐ-UBND")
    file = project()

    with pytest.raises(NotPossible, match="luật đòi: Bản cam kết, Điều 5 QĐ 05/2021/QĐ-UBND"):
        submit(file, people, day)


@pytest.mark.parametrize("read", ["no", "earlier_pass"])
def test_a_text_that_nobody_has_read_stands_in_nobodys_way(project, people, day, letter, read):
    letter.verified = read
    letter.save()
    file = project(**NATIONAL)

    assert [severity for severity, _sentence in of_dossier(file, day)] == [Severity.WARNING]
    assert submit(file, people, day).state == "submitted"


def test_the_letter_that_the_step_itself_brings_is_not_asked_for_before_and_lies_there_after(project, people, day):
    wanted = RequirementFactory(code="request_letter", paper_kind="request_letter", article=ARTICLE)
    file = project(**NATIONAL)
    assert of_dossier(file, day) == [(Severity.PASSED, "Đủ giấy tờ kèm theo.")]

    sent = submit(file, people, day)

    [item] = sent.dossier.items.all()
    assert (item.requirement, item.paper) == (wanted, sent.steps.get(name="submit").paper)


def test_the_eight_parts_are_the_file_itself(project, people, day):
    RequirementFactory(code="project_file", title="Đề án gồm tám phần", paper_kind="dossier", article=ARTICLE)
    file = project(**NATIONAL)

    assert of_dossier(file, day) == [(Severity.WARNING, "Còn thiếu 1 giấy tờ: Đề án gồm tám phần.")]
    assert submit(file, people, day).state == "submitted"


def test_an_open_group_brings_the_papers_of_its_members_when_they_come(project, people, day, letter):
    GroupRuleFactory(kind="brand", beneficiaries_later=True)
    file = project(**NATIONAL, kind="brand", form="group")
    file.beneficiaries.all().delete()

    assert submit(file, people, day).state == "submitted"

    BeneficiaryFactory(project=file)
    assert Severity.REFUSAL in [severity for severity, _sentence in of_dossier(file, day)]


def test_the_ministry_asks_for_the_papers_of_the_registration(project, people, day):
    RequirementFactory(
        stage="registration", code="appraisal_sheet", title="Phiếu thẩm định cấp cơ sở", paper_kind="appraisal"
    )
    file = project(**NATIONAL, state="registered")
    sheet = PaperFactory(kind="ministry_appraisal", signed_on=day)

    with pytest.raises(NotPossible, match="luật đòi: Phiếu thẩm định cấp cơ sở"):
        operations.ministry_appraise(file, by=people.agency, on=day, paper=sheet)


def test_the_sheet_of_the_base_appraisal_lies_there_for_the_ministry(project, people, day):
    wanted = RequirementFactory(stage="registration", code="appraisal_sheet", paper_kind="appraisal")
    file = project(**NATIONAL, state="submitted")
    sheet = PaperFactory(kind="appraisal", signed_on=day, province=file.province)

    appraised = operations.appraise(file, by=people.department, on=day, paper=sheet)

    assert [(item.requirement, item.paper) for item in appraised.dossier.items.all()] == [(wanted, sheet)]
