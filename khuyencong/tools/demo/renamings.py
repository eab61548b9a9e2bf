"""Two invented renamings in the province of the demo accounts: papers of before print the names of their day."""

from datetime import date

from khuyencong.contracts.models import SupportContract
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.operations import record_paper
from khuyencong.establishments import operations as establishments
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import Place

MARK = "(tên minh hoạ)"  # the Centre is a real body: what is invented of it says so


def tell_former_names(place: Place, *, cast: People, year: int) -> None:
    """The Centre and one beneficiary of last year's contracts bore other names until the summer of that year."""
    day, province = date(year - 1, 7, 1), place.province
    centre, clerk = place.body(BodyKind.CENTRE), cast["administrator"]
    paper = record_paper(
        kind=PaperKind.OTHER,
        number="1207/QĐ-UBND",
        signed_on=date(year - 1, 6, 20),
        signer="Tạ Sương Lam",
        signer_title="Chủ tịch",
        issuer=place.body(BodyKind.PROVINCE_COMMITTEE),
        abstract="Đổi tên Trung tâm Khuyến công (minh hoạ)",
        province=province,
        by=clerk,
    )
    organisations.record_former_name(
        centre, name=f"Trung tâm Khuyến công và Tư vấn phát triển công nghiệp {MARK}", on=day, paper=paper, by=clerk
    )
    signed = SupportContract.objects.filter(
        assignment__project__province=province, signed_on__range=(date(year - 1, 1, 1), day)
    )
    contract = signed.select_related("beneficiary__establishment").order_by("pk").first()
    if contract is not None:
        helped = contract.beneficiary.establishment
        establishments.record_former_name(
            helped, name=f"{helped.name} Cao Nguyên {MARK}", on=day, by=cast["centre_officer"]
        )
