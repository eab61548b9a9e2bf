"""Records follow their units after a merger."""

import io

import pytest
from django.core.management import call_command

from khuyencong.base.errors import NotAllowed
from khuyencong.places import operations
from khuyencong.places.models import Unit
from tests.factories.places import CommuneFactory, EditionFactory, ProvinceFactory, UnitSuccessionFactory

pytestmark = pytest.mark.django_db


class Nobody:
    pk = 1

    def may(self, permission, *, place=None, body=None):
        return False


@pytest.mark.parametrize("act", [operations.load, operations.recompute])
def test_who_may_not_keep_the_register_is_refused(act):
    with pytest.raises(NotAllowed):
        act(by=Nobody())


def test_a_unit_that_ended_leads_through_all_changes_to_today():
    first = UnitSuccessionFactory()
    Unit.objects.filter(pk=first.new_id).update(valid_to="2026-01-01")
    second = UnitSuccessionFactory(old=Unit.objects.get(pk=first.new_id), new=CommuneFactory(valid_from="2026-01-01"))

    from khuyencong.places import queries

    queries.forget()
    assert queries.today_of(first.old) == (second.new,)


def test_what_a_record_says_is_followed_to_today():
    from khuyencong.places import queries

    province, later = ProvinceFactory(), CommuneFactory()
    whole = UnitSuccessionFactory(new=CommuneFactory(province=province))
    split = UnitSuccessionFactory(new=CommuneFactory(province=province))
    UnitSuccessionFactory(old=split.old, new=CommuneFactory(province=province), kind="part")
    queries.forget()
    index = queries.gazetteer()

    assert operations._today(index, whole.old_id, None, later.province_id) == (whole.new_id, province.pk)
    assert operations._today(index, None, whole.old_id, later.province_id) == (whole.new_id, province.pk)
    assert operations._today(index, None, later.pk, later.province_id) == (later.pk, later.province_id)
    assert operations._today(index, None, None, later.province_id) == (None, later.province_id)


def test_the_command_counts_first():
    EditionFactory()
    out = io.StringIO()

    call_command("recompute_places", "--dry-run", stdout=out)

    assert out.getvalue() == "0 records would change.\n"
