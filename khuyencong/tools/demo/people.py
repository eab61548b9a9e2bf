"""The demo accounts, one a role, and the invented colleagues who keep the records of the other provinces."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from khuyencong.audit.operations import record_many
from khuyencong.base import clock
from khuyencong.organisations.enums import Kind
from khuyencong.organisations.models import Area, Organisation
from khuyencong.people.models import Mandate, User
from khuyencong.people.rules import check_scope
from khuyencong.places.models import Unit
from khuyencong.tools.demo import names
from khuyencong.tools.demo.bodies import Bodies

# user name, role, family, rest of the name, title
ACCOUNTS = (
    ("congtacvien", "collaborator", "H'Nhiêm", "Niê", "Cộng tác viên khuyến công"),
    ("cbxa", "commune_officer", "Trần", "Thị Hạnh Nguyên", "Công chức Phòng Kinh tế xã"),
    ("coso", "establishment", "Y Thân", "Mlô", "Chủ cơ sở"),
    ("chuyenvien", "centre_officer", "Lê", "Thanh Trúc", "Chuyên viên Trung tâm"),
    ("gdtrungtam", "centre_director", "Nguyễn", "Quốc Thuận", "Giám đốc Trung tâm"),
    ("donvikhac", "implementer", "Bùi", "Ngọc Diễm", "Trưởng khoa, trường cao đẳng"),
    ("quanlycn", "appraiser", "Võ", "Đình Tuyến", "Chuyên viên Phòng Quản lý công nghiệp"),
    ("gdso", "department_director", "Phạm", "Hữu Phước", "Giám đốc Sở"),
    ("taichinh", "finance_officer", "Đặng", "Thị Kim Thoa", "Chuyên viên Sở Tài chính"),
    ("ketoan", "accountant", "Huỳnh", "Bảo Quyên", "Kế toán"),
    ("vanthu", "registry_clerk", "Đỗ", "Thị Mai Ly", "Văn thư"),
    ("pheduyettinh", "provincial_approver", "Hồ", "Xuân Lãm", "Phó Chủ tịch UBND tỉnh"),
    ("cuc", "ministry_agency", "Dương", "Công Trứ", "Chuyên viên Cục"),
    ("bo", "ministry_approver", "Ngô", "Anh Tuệ", "Thứ trưởng"),
    ("kiemtoan", "auditor", "Bùi", "Minh Khôi", "Thanh tra viên"),
    ("quantri", "administrator", "Lê", "Hoài Thương", "Quản trị hệ thống"),
)


@dataclass(slots=True)
class Staff:
    """Who keeps the records of one province."""

    officer: User
    director: User
    department: User
    accountant: User
    clerk: User


@dataclass(slots=True)
class People:
    """The demo accounts by role, and the staff of each province by its key."""

    by_role: dict[str, User] = field(default_factory=dict)
    staff: dict[int, Staff] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        return self.by_role[role]


def _user(username: str, family: str, rest: str, title: str, *, province: Unit | None, password: str) -> User:
    user = User(
        username=username,
        last_name=family,
        first_name=rest,
        title=title,
        province=province,
        password=password,
        invented=True,
        date_joined=clock.now(),
    )
    user.save()
    return user


def _mandate(user: User, role: str, *, since: date, **scope: Any) -> Mandate:
    mandate = Mandate(user=user, role=role, valid_from=since, **scope)
    check_scope(mandate)
    mandate.save()
    return mandate


def accounts(
    province: Unit,
    *,
    bodies: Bodies,
    school: Organisation,
    own: Organisation,
    communes: list[Unit],
    by: User,
    since: date,
) -> People:
    """The sixteen accounts of Đắk Lắk and the ministry.  ``own`` is the establishment's legal person; ``communes`` are those
    of the Centre officer's area, the collaborator's two first."""
    password = make_password(settings.DEMO_PASSWORD)  # once: each costs a third of a second
    people = People()
    centre, department = bodies.of(Kind.CENTRE, province), bodies.of(Kind.DEPARTMENT, province)
    area = Area.objects.create(organisation=centre, name="Cụm địa bàn số 1", valid_from=since)
    area.communes.set(communes)
    scopes: dict[str, list[dict[str, Any]]] = {
        "collaborator": [{"place": communes[0]}, {"place": communes[1]}],
        "commune_officer": [{"place": communes[0], "employer": bodies.of(Kind.COMMUNE_COMMITTEE, communes[0])}],
        "establishment": [{"organisation": own}],
        "centre_officer": [{"area": area, "employer": centre}],
        "centre_director": [{"place": province, "employer": centre}],
        "implementer": [{"organisation": school}],
        "appraiser": [{"place": province, "employer": department}],
        "department_director": [{"place": province, "employer": department}],
        "finance_officer": [{"place": province, "employer": bodies.of(Kind.FINANCE_DEPARTMENT, province)}],
        "accountant": [{"place": province, "employer": centre}],
        "registry_clerk": [{"place": province, "employer": department}],
        "provincial_approver": [{"place": province, "employer": bodies.of(Kind.PROVINCE_COMMITTEE, province)}],
        "ministry_agency": [{"whole_country": True, "employer": bodies.agency}],
        "ministry_approver": [{"whole_country": True, "employer": bodies.ministry}],
        "auditor": [{"place": province}],
        "administrator": [{"whole_country": True}],
    }
    for username, role, family, rest, title in ACCOUNTS:
        nationwide = "whole_country" in scopes[role][0]
        user = _user(username, family, rest, title, province=None if nationwide else province, password=password)
        for scope in scopes[role]:
            _mandate(user, role, since=since, **scope)
        people.by_role[role] = user
    leaving = _user("chuyenvien2", "Dương", "Thị Thu Sương", "Chuyên viên Trung tâm", province=province, password="!")
    _mandate(
        leaving,
        "centre_officer",
        since=since,
        place=province,
        employer=centre,
        valid_to=clock.today() + timedelta(days=20),
    )
    record_many([*people.by_role.values(), leaving], action="people.register_user", by=by, on=since)
    people.staff[province.pk] = Staff(
        officer=people["centre_officer"],
        director=people["centre_director"],
        department=people["department_director"],
        accountant=people["accountant"],
        clerk=people["registry_clerk"],
    )
    return people


_STAFF = (
    ("officer", "centre_officer", Kind.CENTRE, "Chuyên viên Trung tâm"),
    ("director", "centre_director", Kind.CENTRE, "Giám đốc Trung tâm"),
    ("department", "department_director", Kind.DEPARTMENT, "Giám đốc Sở"),
    ("accountant", "accountant", Kind.CENTRE, "Kế toán"),
    ("clerk", "registry_clerk", Kind.DEPARTMENT, "Văn thư"),
)


def staff(province: Unit, *, bodies: Bodies, by: User, since: date, rng: Any) -> Staff:
    """Five invented colleagues of another province, who cannot sign in."""
    made = {}
    for key, role, kind, title in _STAFF:
        family, rest = names.person(rng, province=province.code)
        user = _user(f"{key}.{province.code}", family, rest, title, province=province, password="!")
        _mandate(user, role, since=since, place=province, employer=bodies.of(kind, province))
        made[key] = user
    record_many(made.values(), action="people.register_user", by=by, on=since)
    return Staff(**made)


def commune_officer(commune: Unit, *, committee: Organisation, since: date, rng: Any) -> User:
    """An invented civil servant of a commune, who cannot sign in."""
    family, rest = names.person(rng, province=commune.province.code if commune.province else "")
    user = _user(f"xa.{commune.code}", family, rest, "Công chức cấp xã", province=commune.province, password="!")
    _mandate(user, "commune_officer", since=since, place=commune, employer=committee)
    return user
