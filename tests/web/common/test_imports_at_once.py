"""Two people bring the same workbook at the same moment: its rows are written once, and the other is told."""

import threading
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from khuyencong.establishments.models import Establishment
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.places import queries as places
from khuyencong.web.common import imports
from tests.at_once import ON_POSTGRESQL, there, together
from tests.establishments.test_imports import HEAD, NGOC_TU, book
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]
WITHOUT_CODE = ([2, "Cơ sở Mây Tre Đan", "", "Xã Ea Kly"], [3, "Cơ sở Rèn Buôn Đôn", "", "Xã Ea Kly"])


def confirmed(*rows):
    """The runs of two accounts with the same bytes, each looked at and confirmed."""

    def set_up():
        places.forget()
        province = ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
        CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")
        data, keys = book(*rows, head=HEAD), []
        for _n in range(2):
            clerk = person("centre_officer", place=province)
            file = files.store(ContentFile(data), name="ds.xlsx", by=clerk)
            run = files.begin_import(file, kind="establishments", by=clerk, province_id=province.pk)
            keys.append(files.confirm_import(imports.read(run), confirmed_by=clerk.pk).pk)
        return keys

    return there(set_up)


def write(key):
    run = imports.write(ImportRun.objects.select_related("file").get(pk=key))
    return run.state, run.refusal


@pytest.mark.parametrize("rows", [(NGOC_TU,), WITHOUT_CODE], ids=["tax codes", "names alone"])
def test_the_same_workbook_of_two_accounts_is_written_once(shared, rows, monkeypatch):
    keys = confirmed(*rows)
    kind, barrier = imports.kinds()["establishments"], threading.Barrier(2)

    def check(job):
        checked = kind.check(job)
        barrier.wait(20)  # neither writes before the other has judged it
        return checked

    monkeypatch.setattr(imports, "kinds", lambda: {"establishments": replace(kind, check=check)})
    told = together(*(lambda key=key: write(key) for key in keys))

    assert sorted(state for state, _refusal in told) == ["failed", "written"], told
    [refusal] = [refusal for state, refusal in told if state == "failed"]
    assert "Trong lúc chờ" in refusal
    assert there(Establishment.objects.count) == len(rows)


def test_who_comes_later_with_the_same_workbook_writes_nothing_and_is_not_refused(shared):
    first, second = confirmed(*WITHOUT_CODE)

    assert there(write, first) == ("written", "")
    assert there(write, second) == ("written", "")
    assert there(Establishment.objects.count) == len(WITHOUT_CODE)
