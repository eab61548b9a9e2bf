"""Bodies and people."""

import datetime as dt

from benchmarks import establishments as invented
from benchmarks.data.country import Country
from benchmarks.data.rows import VIETNAM
from khuyencong.base.text import fold, sort_key

ROLES_OF_A_PROVINCE = {
    "centre_director": 1,
    "appraiser": 3,
    "department_director": 1,
    "finance_officer": 1,
    "accountant": 2,
    "registry_clerk": 1,
    "provincial_approver": 1,
    "auditor": 1,
    "administrator": 1,
}


def write_bodies(country: Country) -> None:
    country.ministry = country.body("Bộ Công Thương", "ministry", None)
    country.agency = country.body("Cục Khuyến công", "agency", None)
    for province in country.provinces:
        country.body(f"Ủy ban nhân dân {province.full_name}", "province_committee", province)
        country.body(f"Sở Tài chính {province.name}", "finance_department", province)
        country.department[province.pk] = country.body(f"Sở Công Thương {province.name}", "department", province)
        name = f"Trung tâm Khuyến công {province.name}"
        country.centre[province.pk] = country.body(name, "centre", province)
        country.names[country.centre[province.pk]] = name
    for commune in country.communes:
        country.body(f"Ủy ban nhân dân {commune.full_name}", "commune_committee", commune)
    country.flush()


def write_people(country: Country) -> None:
    """Of every role in every province, and those who look at the whole country; names say the role: ``66.appraiser.1``."""
    user = country.writer(
        "people.User",
        "username",
        "password",
        "last_name",
        "first_name",
        "folded",
        "sort_key",
        "province_id",
        "date_joined",
    )
    mandate = country.writer(
        "people.Mandate",
        *(
            "user_id",
            "role",
            "place_id",
            "area_id",
            "organisation_id",
            "whole_country",
            "employer_id",
            "valid_from",
        ),
    )
    area = country.writer("organisations.Area", "organisation_id", "name", "valid_from")
    through = country.writer("organisations.Area_communes", "area_id", "unit_id")
    since, joined = dt.date(2015, 1, 1), dt.datetime(2015, 1, 1, 8, tzinfo=VIETNAM)

    def person(username: str, province: int | None) -> int:
        last = f"{country.pick.choice(invented.FAMILY)} {country.pick.choice(invented.MIDDLE)}"
        first = country.pick.choice(invented.GIVEN)
        full = f"{last} {first}"
        return user.add(
            username, "!", last, first, fold(f"{full} {username}"), sort_key(f"{first} {last}"), province, joined
        )

    for province in country.provinces:
        at, inside = province.pk, country.inside[province.pk]
        for role, number in ROLES_OF_A_PROVINCE.items():
            employer = country.centre[at] if role.startswith("centre") else country.department[at]
            for n in range(1, number + 1):
                who = person(f"{province.code}.{role}.{n}", at)
                if role == "appraiser":
                    country.users[at] = who
                mandate.add(who, role, at, None, None, False, employer, since)
        for n, first in enumerate(range(0, len(inside), 20), start=1):
            zone = area.add(country.centre[at], f"Cụm {n}", since)
            for commune in inside[first : first + 20]:
                through.add(zone, commune.pk)
            who = person(f"{province.code}.centre_officer.{n}", at)
            mandate.add(who, "centre_officer", None, zone, None, False, country.centre[at], since)
        for n, commune in enumerate(inside[:40], start=1):
            for role in ("commune_officer", "collaborator"):
                who = person(f"{province.code}.{role}.{n}", at)
                mandate.add(who, role, commune.pk, None, None, False, None, since)
        who = person(f"{province.code}.implementer.1", at)
        mandate.add(who, "implementer", None, None, country.centre[at], False, None, since)
    for role in (
        "ministry_agency",
        "ministry_approver",
        "auditor",
        "administrator",
    ):  # loading the places made `system`
        who = person(role, None)
        mandate.add(who, role, None, None, None, True, country.agency, since)
    country.flush()
