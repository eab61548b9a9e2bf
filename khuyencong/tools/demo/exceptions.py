"""What an auditor should find: projects of before go-live without originals, and an invoice that stands twice."""

from datetime import date, timedelta

from khuyencong.contracts import rules as contract_rules
from khuyencong.contracts.enums import VoucherKind
from khuyencong.contracts.models import Voucher
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState, Rule, Source
from khuyencong.projects.models import Project, StepTaken
from khuyencong.projects.operations import Entry, Helped
from khuyencong.projects.queries import checks
from khuyencong.tools.demo.moments import Moments
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import Place

MILLION = 1_000_000
HISTORY = 14  # projects of before go-live


def leave_exceptions(place: Place, *, cast: People, today: date, moments: Moments) -> None:
    """History brought in by the Centre officer, whose last project shows an invoice that another project settled too."""
    moments.to(today)
    entries = [_entry(place, number=number, year=today.year - 6 + number % 4) for number in range(HISTORY)]
    made = projects.record_historical(
        entries, about=place.province, by=cast["centre_officer"], source="Sổ theo dõi đề án của Trung tâm (minh hoạ)"
    )
    twice = (
        Voucher.objects.filter(project__province=place.province, source=Source.LOCAL, project__historical=False)
        .order_by("on", "pk")
        .first()
    )
    if twice is not None:
        _again(twice, made[-1], cast)


def let_pass_what_was_had(place: Place, *, moments: Moments) -> None:
    """A file that gives the same again was not appraised before a person had let that pass, with his reason."""
    for project in place.again:
        appraised = StepTaken.objects.filter(project=project, name="appraise").first()
        if appraised is None:
            continue
        on = appraised.on - timedelta(days=2)
        moments.to(on)
        for found in checks(project, on=on):
            if found.rule == Rule.SUPPORTED_BEFORE and found.refuses:
                projects.clear_warning(
                    project,
                    rule=Rule.SUPPORTED_BEFORE,
                    subject=found.subject,
                    by=place.staff.department,
                    on=on,
                    reason="Máy thứ hai cho xưởng mở rộng, đã kiểm tra tại cơ sở, không trùng máy đã hỗ trợ",
                )


def _entry(place: Place, *, number: int, year: int) -> Entry:
    establishment = place.given_to[-1 - number]
    trade = place.register.trade(establishment)
    support, total = 60 + number * 5, 150 + number * 20
    unit = place.former.get(establishment.commune_id or 0)
    return Entry(
        title=f"Hỗ trợ {trade.machine[0].lower()}{trade.machine[1:]}, {establishment.name} (năm {year})",
        level=Level.PROVINCIAL,
        kind=ProjectKind.MACHINERY,
        year=year,
        province=place.province,
        commune=establishment.commune,
        place_unit=unit,
        place_text=f"{unit.full_name}, {unit.province.full_name}" if unit and unit.province else "",
        implementer=place.body(BodyKind.CENTRE),
        local=support * MILLION,
        counterpart=(total - support) * MILLION,
        helped=[
            Helped(
                establishment=establishment,
                content=trade.name,
                total=total * MILLION,
                local=support * MILLION,
                counterpart=(total - support) * MILLION,
            )
        ],
        state=ProjectState.LIQUIDATED,
        on=date(year, 12, 20),
        invented=True,
    )


def _again(voucher: Voucher, project: Project, cast: People) -> None:
    """The same invoice under another source: what no constraint forbids and a person must look at."""
    again = Voucher(
        project=project,
        kind=VoucherKind.INVOICE,
        source=Source.COUNTERPART,
        symbol=voucher.symbol,
        number=voucher.number,
        on=voucher.on,
        seller=voucher.seller,
        seller_tax_code=voucher.seller_tax_code,
        content=voucher.content,
        amount=voucher.amount,
        by=cast["centre_officer"],
    )
    again.key = contract_rules.invoice_key(again.seller_tax_code, again.symbol, again.number)
    again.save()
