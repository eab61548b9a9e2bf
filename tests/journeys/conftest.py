"""A province with everybody in it, and hands to work its pages with: people read, do, and are refused.

``somebody.does(address, **what he types)`` sends a form and insists that it was accepted; ``somebody.is_refused(…, says=…)``
insists on the sentence and that not one row of any table has changed by it.
"""

import datetime as dt
import html
import re
from functools import cache, cached_property
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from khuyencong.audit.operations import seal
from khuyencong.audit.queries import verify
from khuyencong.documents.operations import load_requirements
from khuyencong.tools.management.commands.check_data import invariants
from tests.factories.establishments import EstablishmentFactory
from tests.factories.norms import InstrumentFactory, LineFactory, SupportNormFactory, law
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory

MILLION = 1_000_000
UNTOUCHED = {"django_session", "django_migrations", "sqlite_sequence"}


def words(text: str) -> str:
    """What a person reads of a page: no tags, one space between words."""
    text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def day(month: int, number: int, year: int = 2026) -> str:
    """A day as it is typed."""
    return f"{number:02}/{month:02}/{year}"


@cache
def _counting() -> str:
    """One question for the number of rows in each table and for each state."""
    tables = sorted(set(connection.introspection.table_names()) - UNTOUCHED)
    asked = [f"SELECT '{table}', 0, CAST(COUNT(*) AS TEXT) FROM \"{table}\"" for table in tables]
    for model in apps.get_models():
        if any(field.name == "state" for field in model._meta.concrete_fields):
            asked.append(f"SELECT '{model._meta.label}', id, CAST(state AS TEXT) FROM \"{model._meta.db_table}\"")
    return " UNION ALL ".join(asked)


def standing() -> list:
    """How many rows each table has, and each state: what must be the same after a refusal."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return sorted(cursor.fetchall())


class Hand:
    """One person at the pages; ``None``: somebody without an account."""

    def __init__(self, user=None):
        self.user, self.seen, self.page = user, set(), ""

    @cached_property
    def client(self) -> Client:
        """His browser; he signs in when he first opens it."""
        client = Client()
        if self.user is not None:
            client.force_login(self.user)
        return client

    def reads(self, address: str, *, status: int = 200, **query) -> str:
        """Open a page; gives its words."""
        response = self.client.get(address, query)
        assert response.status_code == status, (address, response.status_code, words(response.content.decode())[-600:])
        return words(response.content.decode())

    def does(self, address: str, **typed) -> str:
        """Send a form that is accepted; gives the address it leads to.  The first page of each kind is looked at."""
        response = self.client.post(address, typed)
        assert response.status_code == 302, (address, response.status_code, complaints(response))
        wrong = [str(one) for one in get_messages(response.wsgi_request) if one.level_tag == "error"]
        assert wrong == [], (address, wrong)
        landing = resolve(urlsplit(response.url).path).view_name
        if landing not in self.seen:
            self.seen.add(landing)
            self.page = self.reads(response.url)
        return response.url

    def is_refused(self, address: str, says: str = "", *, status: tuple[int, ...] = (422,), **typed) -> None:
        """Send a form and hear why not: beside the form (422), as a page (403, 404) or as a message."""
        client = self.client
        before = standing()
        response = client.post(address, typed, follow=True)
        said = words(response.content.decode())

        if response.redirect_chain:
            assert any(one.level_tag == "error" for one in response.context["messages"]), (address, "was accepted")
        else:
            assert response.status_code in status, (address, response.status_code, said[-600:])
        assert says in said, (address, says, complaints(response) or said)
        assert standing() == before, address

    def may_not(self, address: str, **typed) -> None:
        """This belongs to another role: refused as a page, or because nothing of it can be chosen here."""
        self.is_refused(address, status=(403, 422), **typed)

    def finds_nothing(self, *addresses: str) -> None:
        """A stranger does not even learn that it is there."""
        for address in addresses:
            assert self.client.get(address).status_code == 404, address

    def signed(self, month: int, number: int, *, no: str = "", **facts) -> dict:
        """What is on a paper signed that day."""
        return {
            "number": no or f"{number}{month:02}/VB",
            "signed_on": day(month, number),
            "signer": "Nguyễn Văn Hùng",
            "signer_title": "Giám đốc",
        } | facts


def complaints(response) -> list[str]:
    """What a form that came back says is wrong."""
    form = (response.context or {}).get("form") if response.context else None
    return [f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()] if form is not None else []


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def number_in(address: str) -> int:
    """The key at the end of an address that an act has led to."""
    return int(re.findall(r"/(\d+)/", address)[-1])


def nothing_contradicts() -> None:
    """As ``check_data``: no package finds a contradiction, and the journal is sealed and unbroken."""
    assert {name: list(check()) for name, check in invariants()} == {name: [] for name, _check in invariants()}
    seal()
    verdict = verify()
    assert verdict.sound
    assert verdict.unsealed == 0


@pytest.fixture
def land(db):
    """Đắk Lắk: two communes, the bodies, one establishment in each commune; the law, and the province's own line."""
    law()
    load_requirements()
    province = ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk", code="66")
    communes = [
        CommuneFactory(province=province, name=name, full_name=f"Xã {name}", code=code)
        for name, code in (("Ea Kly", "24514"), ("Ea Kar", "24373"))
    ]
    resolution = InstrumentFactory(
        provincial=True,
        province=province,
        code="NQ 25/2025/NQ-HĐND",
        number="25/2025/NQ-HĐND",
        body="HĐND tỉnh Đắk Lắk",
        valid_from=dt.date(2025, 10, 15),
    )
    SupportNormFactory(
        instrument=resolution,
        article="khoản 2 Điều 5",
        line=LineFactory(code="MMTB"),
        level="provincial",
        province=province,
        percent=50,
        cap=300 * MILLION,
        valid_from=dt.date(2025, 10, 15),
    )

    def body(kind, name, place=province):
        return OrganisationFactory(kind=kind, name=name, place=place)

    def maker(commune, name):
        return EstablishmentFactory(
            commune=commune, name=name, legal_form="cooperative", representative="Y Bê Niê", place_text=str(commune)
        )

    return SimpleNamespace(
        province=province,
        kly=communes[0],
        kar=communes[1],
        committee=body("province_committee", "Ủy ban nhân dân tỉnh Đắk Lắk"),
        department=body("department", "Sở Công Thương tỉnh Đắk Lắk"),
        finance=body("finance_department", "Sở Tài chính tỉnh Đắk Lắk"),
        centre=body("centre", "Trung tâm Khuyến công tỉnh Đắk Lắk"),
        agency=body("agency", "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công", None),
        kly_committee=body("commune_committee", "UBND xã Ea Kly", communes[0]),
        kar_committee=body("commune_committee", "UBND xã Ea Kar", communes[1]),
        thang=maker(communes[0], "HTX Cà phê Ea Kly Thắng Lợi"),
        xanh=maker(communes[1], "HTX Dệt thổ cẩm Ea Kar Xanh"),
    )


@pytest.fixture
def people(land):
    """One of each role where the role belongs, and a stranger: the director of another province's Centre."""
    province, country = {"place": land.province}, {"country": True}
    scopes = {
        "collaborator": {"place": land.kar},
        "commune_officer": {"place": land.kly},
        "centre_officer": {**province, "employer": land.centre},
        "centre_director": {**province, "employer": land.centre},
        "appraiser": {**province, "employer": land.department},
        "department_director": {**province, "employer": land.department},
        "finance_officer": {**province, "employer": land.finance},
        "accountant": {**province, "employer": land.centre},
        "registry_clerk": {**province, "employer": land.department},
        "provincial_approver": {**province, "employer": land.committee},
        "ministry_agency": {**country, "employer": land.agency},
        "ministry_approver": country,
        "auditor": province,
        "administrator": province,
    }
    found = {role: Hand(person(role, **scope)) for role, scope in scopes.items()}
    owner = MandateFactory(of_body=True, organisation=land.thang.organisation).user
    stranger = person("centre_director", place=ProvinceFactory(name="Kiên Giang", code="91"))
    return SimpleNamespace(**found, establishment=Hand(owner), stranger=Hand(stranger), nobody=Hand())
