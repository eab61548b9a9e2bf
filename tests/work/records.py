"""One record of each kind with everything entered, under names that are hard to print."""

import datetime as dt
import unicodedata
from decimal import Decimal

from khuyencong.organisations.enums import Kind
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import (
    AcceptanceFactory,
    AcceptanceSeatFactory,
    AdvanceFactory,
    AssignmentFactory,
    BeneficiaryUpdateFactory,
    LiquidationFactory,
    ProgressReportFactory,
    PurchaseFactory,
    SettlementFactory,
    SupportContractFactory,
    VoucherFactory,
)
from tests.factories.councils import (
    AttendanceFactory,
    CouncilFactory,
    MemberFactory,
    SessionFactory,
    SheetFactory,
    SheetPointFactory,
    VoteFactory,
)
from tests.factories.documents import PaperFactory, RequirementFactory
from tests.factories.establishments import ClusterFactory, EstablishmentFactory
from tests.factories.needs import CallFactory, NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.norms import InstrumentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import (
    BeneficiaryFactory,
    CostLineFactory,
    PartFactory,
    ProjectFactory,
    StepTakenFactory,
)

LETTERS = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"  # one word, longer than any column
NAME = f'Cơ sở “Ngọc & Tứ” <Ân Hảo>, loại "một" {LETTERS}'
TITLE = "Hỗ trợ ứng dụng máy sấy & rang cà phê <2 tấn/mẻ>"
PERSON = unicodedata.normalize("NFD", "Đặng Thị Ngọc Ẩn Ữ Ợ ẵ")  # as some keyboards send it
PARTS = {
    2: "Cơ sở sấy thủ công, hao hụt 12 %.\nCăn cứ nhu cầu đã đăng ký.",
    3: "Giảm hao hụt còn 3 %.",
    4: "Một dây chuyền 2 tấn/mẻ.",
    5: "Quý II mua máy; quý III chạy thử.",
    7: "Trung tâm chủ trì, xã phối hợp.",
    8: "Thêm 5 lao động, thu nhập 9 triệu đồng/tháng.",
}


def all_records() -> dict:
    """A running project of 300 million of the State and 320 of the establishment, settled and liquidated on paper, with
    its need, survey, council and plan."""
    # a code that the sequence of the factories never reaches: these records stay while other tests make their provinces
    province = ProvinceFactory(code="DL", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    commune = CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")
    department = OrganisationFactory(department=True, place=province, name="Sở Công Thương tỉnh Đắk Lắk")
    OrganisationFactory(kind=Kind.PROVINCE_COMMITTEE, place=province, name="Ủy ban nhân dân tỉnh Đắk Lắk")
    centre = OrganisationFactory(
        centre=True,
        place=province,
        name="Trung tâm Khuyến công & Tư vấn",
        parent=department,
        address="12 Lê Duẩn",
        tax_code="6000236780",
        phone="0262 3855 001",
    )
    for role, body in (("centre_director", centre), ("department_director", department)):
        head = UserFactory(last_name="H’Lan", first_name="Êban", title="Giám đốc")
        MandateFactory(user=head, role=role, place=province, employer=body)
    InstrumentFactory(
        kind="decree", number="45/2012/NĐ-CP", title="Về khuyến công", body="Chính phủ", signed_on=dt.date(2012, 5, 21)
    )
    establishment = EstablishmentFactory(
        name=NAME, commune=commune, representative=PERSON, tax_code="6001234567", phone="0905 123 456",
        registered_address="Thôn 3", main_product="Cà phê nhân", sector="a",
    )  # fmt: skip
    project = ProjectFactory(
        title=TITLE,
        province=province,
        commune=commune,
        implementer=centre,
        state="liquidated",
        content="Máy sấy trống quay",
    )
    project.partners.add(OrganisationFactory(name="Viện Cơ điện", place=province))
    for number, text in PARTS.items():
        PartFactory(project=project, number=number, text=text)
    beneficiary = BeneficiaryFactory(project=project, establishment=establishment, approved=True)
    CostLineFactory(
        project=project, beneficiary=beneficiary, content="Máy sấy", unit="máy", quantity=Decimal(1), unit_price=620_000_000
    )  # fmt: skip
    for name, source, target, kind in (
        ("submit", "draft", "submitted", "request_letter"),
        ("appraise", "submitted", "appraised", "appraisal"),
        ("approve", "appraised", "approved", "plan_decision"),
        ("adjust", "approved", "approved", "change_decision"),
    ):
        paper = PaperFactory(
            kind=kind, signed_on=dt.date(2026, 2, 5), number=f"7/{kind}", signer="Y Thanh Niê", signer_title="Giám đốc"
        )
        StepTakenFactory(project=project, name=name, source=source, target=target, on=dt.date(2026, 2, 5), paper=paper)
    facts = {"area_ha": Decimal("49.50"), "decision": "số 12/QĐ-UBND", "founded_on": dt.date(2020, 1, 2)}
    ClusterFactory(province=province, commune=commune, name="Ea Kly", **facts)
    return {
        "project": project,
        "beneficiary": beneficiary,
        "progress_report": _contract(project, beneficiary, department, centre),
        **_need(province, commune, establishment),
        **_council(province, project, department),
        "plan_decision": _plan(province, project, commune),
    }


def _contract(project, beneficiary, department, centre):
    department.address, department.tax_code, department.phone = "1 Nguyễn Huệ", "6000123456", "0262 3850 000"
    department.save()
    assignment = AssignmentFactory(project=project, giver=department, ends_on=dt.date(2026, 11, 30))
    contract = SupportContractFactory(assignment=assignment, beneficiary=beneficiary)
    PurchaseFactory(support_contract=contract, delivered=True)
    BeneficiaryUpdateFactory(beneficiary=beneficiary, note="Đã lắp máy")
    envelope = EnvelopeFactory(province=project.province, given=1_000_000_000)
    for kind, amount in (("committed", 300_000_000), ("advanced", 210_000_000)):
        EntryFactory(envelope=envelope, project=project, kind=kind, amount=amount)
    report = ProgressReportFactory(project=project, confirmed=True, state_spent=210_000_000, note="Đúng tiến độ.",
        counterpart_spent=224_000_000, paper=PaperFactory(kind="progress_report", signer="Y Thanh Niê"))  # fmt: skip
    AdvanceFactory(project=project, envelope=envelope, requested_on=dt.date(2026, 10, 1), paid_on=dt.date(2026, 10, 9))
    for where in (beneficiary, None):
        acceptance = AcceptanceFactory(project=project, beneficiary=where, note="Máy chạy tốt.")
        AcceptanceSeatFactory(acceptance=acceptance, organisation=department, title="Phó Giám đốc")
        AcceptanceSeatFactory(acceptance=acceptance, organisation=centre, name=PERSON, role="centre", title="Giám đốc")
    VoucherFactory(project=project, beneficiary=beneficiary)
    VoucherFactory(project=project, beneficiary=beneficiary, source="counterpart", amount=320_000_000)
    SettlementFactory(project=project, explanation="50 % × 620.000.000 = 310.000.000 đồng.")
    LiquidationFactory(project=project)
    for stage in ("remainder", "settlement"):
        RequirementFactory(stage=stage, level="", title="Biên bản nghiệm thu cơ sở")
    return report


def _need(province, commune, establishment):
    call = CallFactory(province=province)
    need = NeedFactory(
        call=call, commune=commune, establishment=establishment, name=NAME, what=TITLE, about=620_000_000,
        phone="0905 123 456", hamlet="Thôn 3",
    )  # fmt: skip
    tour = SurveyPlanFactory(call=call, route="Ea Kly – Ea Kar", partners="Đại diện UBND xã Ea Kly")
    tour.team.add(UserFactory(last_name="Y Thanh", first_name="Niê"))
    visit = VisitFactory(
        need=need, plan=tour, surveyed_on=dt.date(2026, 12, 4), findings="Có mặt bằng.\nĐủ điện 3 pha.", investment=620_000_000
    )  # fmt: skip
    return {"need": need, "survey_plan": tour, "survey": visit}


def _council(province, project, department):
    council = CouncilFactory(province=province, name="Hội đồng thẩm định đề án khuyến công năm 2026")
    council.paper.signer, council.paper.signer_title = "Trần Văn Lâm", "Giám đốc"
    council.paper.save()
    chair = MemberFactory(
        council=council, chair=True, name="Trần Văn Lâm", title="Phó Giám đốc", organisation=department
    )
    MemberFactory(council=council, secretary=True, name=PERSON, title="Chuyên viên", organisation=department)
    session = SessionFactory(
        council=council, place="Phòng họp tầng 2", agenda="Thẩm định 01 đề án.", summary="Thống nhất đề nghị phê duyệt."
    )  # fmt: skip
    AttendanceFactory(session=session, member=chair)
    VoteFactory(session=session, subject_uid=project.uid, subject_label=f"{project.code} {TITLE}", passes=1)
    sheet = SheetFactory(
        member=chair, subject_uid=project.uid, subject_label=f"{project.code} {TITLE}", comment="Cần thiết, khả thi", total=80
    )  # fmt: skip
    for point in range(1, 6):
        SheetPointFactory(sheet=sheet, point=point, comment="Phù hợp")
    return {"council": council, "session": session, "sheet": sheet}


def _plan(province, project, commune):
    decision = DecisionFactory(plan__province=province, issued=True, submitted=False)
    decision.submission = PaperFactory(kind="submission", signed_on=dt.date(2026, 2, 20), number="9/TTr-SCT")
    decision.submitted_on = dt.date(2026, 2, 20)
    decision.authority_role = "provincial_approver"
    decision.paper.signer = "Nguyễn Văn An"
    decision.paper.save()
    decision.save()
    ItemFactory(decision=decision, project=project)
    other = ProjectFactory(
        province=province, commune=commune, training=True, title="Truyền nghề dệt thổ cẩm", state="approved"
    )  # fmt: skip
    ItemFactory(decision=decision, project=other, local=90_000_000, counterpart=0)
    return decision
