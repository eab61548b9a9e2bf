"""Records follow their units after a merger."""

import io

import pytest
from django.core.management import call_command

from khuyencong.base.errors import NotAllowed
from khuyencong.places import operations, queries
from khuyencong.places.models import Unit
from tests.factories.establishments import CraftVillageFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, EditionFactory, ProvinceFactory, UnitSuccessionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", [operations.load, operations.recompute])
def test_who_may_not_keep_the_register_is_refused(act):
    with pytest.raises(NotAllowed):
        act(by=UserFactory())


def test_a_unit_that_ended_leads_through_all_changes_to_today():
    first = UnitSuccessionFactory()
    Unit.objects.filter(pk=first.new_id).update(valid_to="2026-01-01")
    second = UnitSuccessionFactory(old=Unit.objects.get(pk=first.new_id), new=CommuneFactory(valid_from="2026-01-01"))

    queries.forget()
    assert queries.today_of(first.old) == (second.new,)


def test_what_a_record_says_is_followed_to_today():
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


def test_no_test_sees_the_register_of_another():
    assert Unit.objects.count() == 0


def test_the_command_counts_first():
    EditionFactory()
    out = io.StringIO()

    call_command("recompute_places", "--dry-run", stdout=out)

    assert out.getvalue() == "0 bản ghi sẽ đổi.\n"


def test_records_follow_their_unit_once():
    merged = UnitSuccessionFactory()
    split = UnitSuccessionFactory()
    UnitSuccessionFactory(old=split.old, kind="part")
    first = CraftVillageFactory(province=merged.old.province, commune=merged.old, place_unit=merged.old)
    second = CraftVillageFactory(province=split.old.province, commune=split.old, place_unit=None)
    still = CraftVillageFactory(province=split.new.province, commune=split.new)
    queries.forget()

    counted = operations.recompute(dry_run=True)
    changed = operations.recompute()

    for village in (first, second, still):
        village.refresh_from_db()
    assert counted == changed
    assert (first.commune, first.province) == (merged.new, merged.new.province)
    assert second.commune is None
    assert still.commune == split.new
    assert operations.recompute() == {}
