"""Loads the whole demonstration, in one transaction: what the law and the maps say, then what is invented."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.documents import operations as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.norms import operations as norms
from khuyencong.norms.enums import Level
from khuyencong.organisations import operations as organisations
from khuyencong.organisations import rules
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import SYSTEM, User
from khuyencong.people.operations import system_account
from khuyencong.places import operations as places
from khuyencong.places.models import REFORM, Succession, Unit
from khuyencong.places.queries import communes_of, province_by_code
from khuyencong.projects.models import Project
from khuyencong.reporting import operations as reporting
from khuyencong.tools.demo import establishments, people
from khuyencong.tools.demo.bodies import Bodies, founding, register
from khuyencong.tools.demo.directory import tell_experts
from khuyencong.tools.demo.exceptions import leave_exceptions, let_pass_what_was_had
from khuyencong.tools.demo.living import live
from khuyencong.tools.demo.moments import Moments, day_of, told
from khuyencong.tools.demo.past import Year
from khuyencong.tools.demo.registration import register_needs
from khuyencong.tools.demo.renamings import tell_former_names
from khuyencong.tools.demo.reports import send_reports
from khuyencong.tools.demo.stage import Nation, Place

# Đắk Lắk, where the demo accounts work, first; then the others, by today's code: projects a year, establishments.
PROVINCES = (("66", 28, 90), ("75", 22, 40), ("68", 24, 40), ("52", 22, 40), ("79", 20, 40))
KEPT = 40  # establishments that the running year may help
COMMUNES = 20  # of a province in which invented records lie
MILLION = 1_000_000


def load_all() -> bool:
    """Everything or nothing; False where the demonstration is there already (then nothing is touched).

    Raises NotPossible where the database holds anything real: invented records never stand beside real ones.
    """
    with transaction.atomic():
        if User.objects.filter(invented=True).exists():
            return False
        if any(rows.exists() for rows in _real()):
            raise NotPossible(
                _("Cơ sở dữ liệu này đã có dữ liệu thật. Dữ liệu minh hoạ chỉ nạp vào một cơ sở dữ liệu còn trống.")
            )
        _law_and_maps()
        with told() as moments:
            _invented(moments)
        if (
            connection.vendor == "postgresql"
        ):  # until it has counted once, PostgreSQL takes every table for an empty one
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        return True


def _real() -> Iterator[QuerySet]:
    """What a real installation has first: people, bodies, establishments, projects."""
    yield User.objects.exclude(username=SYSTEM)
    yield Organisation.objects.all()
    yield Establishment.objects.all()
    yield Project.objects.all()


def _law_and_maps() -> None:
    places.load()
    norms.load()
    documents.load_requirements()
    reporting.load_published()


def _invented(moments: Moments) -> None:
    today = clock.today()
    years = [today.year - 2, today.year - 1, today.year]
    rng = Random(20_120_705)
    system = system_account()
    since = founding(today.year)
    moments.to(since)
    provinces = [province_by_code(code) for code, _projects, _establishments in PROVINCES]
    communes = {unit.pk: list(communes_of(unit).select_related("province")) for unit in provinces}
    bodies = register(by=system, seeded=provinces, communes=[unit for rows in communes.values() for unit in rows])
    chosen = {unit.pk: _chosen(communes[unit.pk]) for unit in provinces}
    registers = {}
    for place, (unit, (_code, _projects, number)) in enumerate(zip(provinces, PROVINCES, strict=True)):
        registers[unit.pk] = establishments.register(
            unit, communes=chosen[unit.pk], number=number, years=years, by=system, rng=rng, first=1 + place * 1_000
        )
    home = provinces[0]
    school = organisations.register_many(_schools(provinces), by=system)
    own = registers[home.pk].establishments[0]
    cast = people.accounts(
        home, bodies=bodies, school=school[0], own=own.organisation, communes=chosen[home.pk], by=system, since=since
    )
    for unit in provinces[1:]:
        cast.staff[unit.pk] = people.staff(unit, bodies=bodies, by=system, since=since, rng=rng)
    former = _former([commune for rows in chosen.values() for commune in rows])
    settled = [
        Place(
            province=unit,
            communes=chosen[unit.pk],
            former=former,
            bodies=bodies,
            staff=cast.staff[unit.pk],
            register=registers[unit.pk],
            agency=cast["ministry_agency"],
            schools=[school[place]],
            kept=KEPT if unit is home else 0,
        )
        for place, unit in enumerate(provinces)
    ]
    nations = _years(settled, years=years, today=today, cast=cast, rng=rng, moments=moments)
    register_needs(settled, cast=cast, today=today, rng=rng, moments=moments)
    live(settled[0], cast=cast, nation=nations[today.year], today=today, moments=moments)
    for place in settled:
        let_pass_what_was_had(place, moments=moments)
    leave_exceptions(settled[0], cast=cast, today=today, moments=moments)
    send_reports(settled[0], cast=cast, today=today, moments=moments)
    moments.to(today)
    tell_experts(settled[0], cast=cast)
    tell_former_names(settled[0], cast=cast, year=today.year)


def _years(
    settled: Sequence[Place], *, years: list[int], today: date, cast: people.People, rng: Random, moments: Moments
) -> dict[int, Nation]:
    nations = {}
    serial = 0
    for year in years:
        nation = nations[year] = _nation(year, bodies=settled[0].bodies, by=cast["ministry_agency"], moments=moments)
        for index, place in enumerate(settled):
            number = PROVINCES[index][1]
            one = Year(place, year=year, nation=nation, today=today, rng=rng, moments=moments, serial=serial)
            # one is stopped half-way each year; in the province of the demo accounts two of last year are late
            halts = {8: "begin"} | ({2: "settle", 6: "accept"} if index == 0 and year == years[-2] else {})
            lived = index == 0 and year == years[-1]  # ``living`` goes on with a third tranche in April
            one.tell(
                number,
                extra=3_500 * MILLION if lived else 0,
                halts=halts if year < years[-1] else {},
                days=(day_of(today, 2, 20), day_of(today, 3, 16)) if lived else (),
            )
            serial = one.serial
        amount = -(-(nation.committed * 115 // 100 + 2_000 * MILLION) // (100 * MILLION)) * 100 * MILLION
        moments.to(nation.decision.signed_on)
        Entry.objects.create(
            envelope=nation.envelope,
            kind=EntryKind.ALLOCATED,
            amount=amount,
            on=date(year - 1, 12, 10),
            paper=_given(nation, year),
            by=cast["ministry_agency"],
        )
    return nations


def _nation(year: int, *, bodies: Bodies, by: User, moments: Moments) -> Nation:
    day = date(year - 1, 12, 18)
    moments.to(day)
    envelope = Envelope.objects.create(
        level=Level.NATIONAL,
        year=year,
        holder=bodies.agency,
        name=f"Khuyến công quốc gia năm {year}",
        chapter="016",
        category="280",
        clause="309",
        invented=True,
    )
    decision = Paper.objects.create(
        kind=PaperKind.PLAN_DECISION,
        number=f"{3_400 + year % 100}/QĐ-BCT",
        signed_on=day,
        signer="Trịnh Mộc Khê",
        signer_title="Thứ trưởng",
        issuer=bodies.ministry,
        abstract=f"Phê duyệt kế hoạch khuyến công quốc gia năm {year}",
        folded=f"{3_400 + year % 100}/qd-bct phe duyet ke hoach khuyen cong quoc gia nam {year}",
        actor_id=by.pk,
    )
    return Nation(envelope, decision)


def _given(nation: Nation, year: int) -> Paper:
    return Paper.objects.create(
        kind=PaperKind.BUDGET_DECISION,
        number=f"{3_300 + year % 100}/QĐ-BCT",
        signed_on=date(year - 1, 12, 10),
        issuer=nation.decision.issuer,
        abstract=f"Giao dự toán khuyến công quốc gia năm {year}",
        folded=f"{3_300 + year % 100}/qd-bct giao du toan khuyen cong quoc gia nam {year}",
    )


def _chosen(rows: list[Unit]) -> list[Unit]:
    """Rural communes spread over the whole province: every fifth of the alphabet."""
    rural = [unit for unit in rows if unit.kind == "commune"]
    step = max(1, len(rural) // COMMUNES)
    return rural[::step][:COMMUNES]


def _schools(provinces: list[Unit]) -> list[Organisation]:
    stems = ("Ngàn Thông Reo", "Rạng Đông Rẫy", "Phố Núi Lạnh", "Chiêng Buôn Hạ", "Thuyền Thúng Nhỏ")
    return [
        rules.build(name=f"Trường Cao đẳng nghề {stem}", kind=BodyKind.SCHOOL, place=unit, invented=True)
        for unit, stem in zip(provinces, stems, strict=True)
    ]


def _former(communes: list[Unit]) -> dict[int, Unit]:
    """One unit of before the reform for each commune, to write the places of those years as they were."""
    found: dict[int, Unit] = {}
    lines = Succession.objects.filter(new__in=communes, old__valid_to=REFORM).select_related(
        "old__parent", "old__province"
    )
    for line in lines.order_by("-pk"):
        found[line.new_id] = line.old
    return found
