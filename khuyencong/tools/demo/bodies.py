"""The real bodies of the State that the demonstration needs, by their kind and place."""

from dataclasses import dataclass, field
from datetime import date

from khuyencong.organisations import operations as organisations
from khuyencong.organisations import rules
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.models import Organisation, Succession
from khuyencong.people.models import User
from khuyencong.places.models import REFORM, Unit
from khuyencong.places.queries import current_provinces

AGENCY = "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"
OTHER_MINISTRIES = ("Bộ Tài chính", "Bộ Nông nghiệp và Môi trường", "Bộ Khoa học và Công nghệ")  # may be asked
# Provinces whose bodies were merged into today's on 1 July 2025, by today's code.
MERGED = {
    "66": ("Phú Yên",),
    "68": ("Bình Thuận", "Đắk Nông"),
    "75": ("Bình Phước",),
    "52": ("Bình Định",),
    "79": ("Bình Dương", "Bà Rịa - Vũng Tàu"),
}


@dataclass(slots=True)
class Bodies:
    """The bodies by kind and key of the place."""

    ministry: Organisation
    agency: Organisation
    at: dict[tuple[str, int], Organisation] = field(default_factory=dict)

    def of(self, kind: str, place: Unit) -> Organisation:
        return self.at[(kind, place.pk)]


def _name(unit: Unit) -> str:
    return f"{unit.full_name[0].lower()}{unit.full_name[1:]}"


def _build(provinces: list[Unit], communes: list[Unit]) -> list[Organisation]:
    made = [rules.build(name="Bộ Công Thương", kind=Kind.MINISTRY), rules.build(name=AGENCY, kind=Kind.AGENCY)]
    made += [rules.build(name=name, kind=Kind.MINISTRY) for name in OTHER_MINISTRIES]
    for unit in provinces:
        where = _name(unit)
        made += [
            rules.build(name=f"Ủy ban nhân dân {where}", kind=Kind.PROVINCE_COMMITTEE, place=unit),
            rules.build(name=f"Sở Công Thương {where}", kind=Kind.DEPARTMENT, place=unit),
            rules.build(name=f"Sở Tài chính {where}", kind=Kind.FINANCE_DEPARTMENT, place=unit),
            rules.build(name=f"Trung tâm Khuyến công {where}", kind=Kind.CENTRE, place=unit),
        ]
    made += [
        rules.build(name=f"Ủy ban nhân dân {_name(unit)}", kind=Kind.COMMUNE_COMMITTEE, place=unit) for unit in communes
    ]
    return made


def register(*, by: User, seeded: list[Unit], communes: list[Unit]) -> Bodies:
    """Ministry, agency, the four bodies of all provinces, and the committees of the communes of ``seeded`` provinces."""
    rows = organisations.register_many(_build(list(current_provinces()), communes), by=by)
    bodies = Bodies(ministry=rows[0], agency=rows[1])
    bodies.at = {(row.kind, row.place_id): row for row in rows[2:] if row.place_id}
    _before_the_merger(bodies, seeded, by=by)
    return bodies


def _before_the_merger(bodies: Bodies, seeded: list[Unit], *, by: User) -> None:
    old, links = [], []
    for province in seeded:
        for name in MERGED.get(province.code, ()):
            for kind, words in ((Kind.DEPARTMENT, "Sở Công Thương tỉnh"), (Kind.CENTRE, "Trung tâm Khuyến công tỉnh")):
                body = rules.build(name=f"{words} {name}", kind=kind, place=province, ended_on=REFORM)
                old.append(body)
                links.append((body, bodies.of(kind, province)))
    organisations.register_many(old, by=by)
    Succession.objects.bulk_create(
        Succession(old=body, new=new, on=REFORM, basis="Sắp xếp đơn vị hành chính cấp tỉnh năm 2025")
        for body, new in links
    )


def founding(year: int) -> date:
    """A day before all the demonstration's years."""
    return date(year - 8, 1, 2)
